"""From records to results: one row a record, with the rows of the five tables nested in it, or why there are none."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from trialcriteria import tables, workers
from trialcriteria.records import TABLES, Fault, Skipped, Trial, TrialTables
from trialcriteria.spark.sessions import RESULTS_AT_ONCE
from trialcriteria.spark.sources import Batches, Place
from trialcriteria.workers import Item, Result, Settings

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType


def results_of(
    records: "DataFrame", items: Callable[[Batches], Iterator[tuple[Place, Item]]], settings: Settings
) -> "DataFrame":
    """One row a record: its place, the trial's id, the rows of the five tables, or why there are none; kept."""
    from pyspark import StorageLevel

    def read(batches: Batches) -> Batches:
        from pyspark import TaskContext

        context = TaskContext.get()
        again = context is not None and context.attemptNumber() > 0
        yield from _packed(_read(items(batches), settings, again))

    settings = settings._replace(lexicon=tuple(path.resolve() for path in settings.lexicon))
    return records.mapInArrow(read, _results_schema()).persist(StorageLevel.MEMORY_AND_DISK)


def _read(
    placed: Iterable[tuple[Place, Item]], settings: Settings, again: bool
) -> Iterator[tuple[Place, Item, Result]]:
    """Each record read. Where an earlier attempt ended its worker, `again`, each is read alone."""
    waiting: deque[tuple[Place, Item]] = deque()

    def items() -> Iterator[Item]:
        for place, item in placed:
            waiting.append((place, item))
            yield item

    results = workers.one_by_one(items(), settings) if again else workers.results(items(), settings)
    for result in results:
        yield *waiting.popleft(), result


def _packed(results: Iterator[tuple[Place, Item, Result]]) -> Batches:
    """Results as Arrow, some at a time."""
    import pyarrow as pa

    schema = _arrow_schema()
    while some := list(islice(results, RESULTS_AT_ONCE)):
        cells = zip(*(_cells(*result) for result in some), strict=True)
        yield pa.RecordBatch.from_arrays(
            [pa.array(list(values), field.type) for values, field in zip(cells, schema, strict=True)], schema=schema
        )


def _cells(place: Place, item: Item, result: Result) -> tuple[Any, ...]:
    rows = tables.by_table(result).values() if isinstance(result, TrialTables) else [()] * len(TABLES)
    fault = _printable(result) if isinstance(result, Fault) else None
    skipped = _printable(result) if isinstance(result, Skipped) else None
    return *place, item.trial_id if isinstance(item, Trial) else None, *rows, fault, skipped


def _printable(result: Fault | Skipped) -> tuple[str | None, ...]:
    """Its words; what of a file's name or a damaged text is no Unicode is written out."""
    return tuple(word and word.encode("utf-8", "backslashreplace").decode() for word in result)


def _arrow_schema() -> "pa.Schema":
    import pyarrow as pa

    def words(names: tuple[str, ...]) -> pa.StructType:
        return pa.struct([(name, pa.string()) for name in names])

    return pa.schema(
        [
            pa.field("file", pa.int32(), False),
            pa.field("at", pa.int64(), False),
            pa.field("trial_id", pa.string()),
            *(pa.field(table, pa.list_(_element(pa.struct(list(tables.schema(table))))), False) for table in TABLES),
            pa.field("fault", words(Fault._fields)),
            pa.field("skipped", words(Skipped._fields)),
        ]
    )


def _element(struct: "pa.StructType") -> "pa.Field":
    import pyarrow as pa

    return pa.field("element", struct, False)


def _results_schema() -> "StructType":
    from pyspark.sql import types as T

    def words(names: tuple[str, ...]) -> T.StructType:
        return T.StructType([T.StructField(name, T.StringType()) for name in names])

    return T.StructType(
        [
            T.StructField("file", T.IntegerType(), False),
            T.StructField("at", T.LongType(), False),
            T.StructField("trial_id", T.StringType()),
            *(T.StructField(table, T.ArrayType(schema(table), False), False) for table in TABLES),
            T.StructField("fault", words(Fault._fields)),
            T.StructField("skipped", words(Skipped._fields)),
        ]
    )


def schema(table: str) -> "StructType":
    """The Spark schema of `table`: types, what may be null, and each column's meaning as its comment."""
    from pyspark.sql import types as T

    kinds: dict[str, T.DataType] = {
        "str": T.StringType(),
        "int": T.LongType(),
        "float": T.DoubleType(),
        "bool": T.BooleanType(),
        "list": T.ArrayType(T.StringType()),
    }
    return T.StructType(
        [
            T.StructField(column.name, kinds[column.type], column.nullable, {"comment": column.meaning})
            for column in tables.layout(table)
        ]
    )
