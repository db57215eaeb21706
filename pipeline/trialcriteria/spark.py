"""Spark: a frame of trials, or the files of a run, read into the five tables on one machine or a cluster.

`extract` is for use inside a job, `run` is what `trialcriteria extract --engine spark` does. Both read each trial once,
into one row of results with the rows of the five tables nested in it, which is kept while the tables are taken from
it. Every Python worker builds the pipeline once; texts pass between workers and never through the driver.
"""

import json
import os
import pickle
import re
import shutil
import sys
import time
import warnings
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from trialcriteria import batch, contradictions, manifest, registries, shards, tables, workers
from trialcriteria.batch import FIRST_FAULTS, MANIFEST, QUARANTINE, CallError, Job, Output, Report
from trialcriteria.contradictions import Notes
from trialcriteria.manifest import NOT_SELECTED, STANDARD_INPUT, Counts
from trialcriteria.records import (
    TABLES,
    Constraint,
    Criterion,
    Fault,
    Mention,
    Skipped,
    Status,
    Trial,
    TrialRow,
    TrialTables,
)
from trialcriteria.registries import ColumnNames, Part, columns
from trialcriteria.workers import Item, Result, Settings

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

Batches = Iterator["pa.RecordBatch"]
Place = tuple[int, int]
"""Which file of the inputs, and which record of it: the order of the records."""

INSTALL = "Spark is not installed: pip install 'trialcriteria[spark]'"
INSTALL_JAVA = (
    "Spark needs Java 17, and none is found: apt-get install openjdk-17-jre-headless, or brew install openjdk@17; "
    "where it is elsewhere, set JAVA_HOME"
)
LOCAL = "local[*]"
ATTEMPTS = 4
"""How often a part is tried on a local master; on the second attempt the record that killed the first is found."""

TASKS_A_CORE, LEAST_BYTES, MOST_BYTES = 4, 50_000, 1_000_000
"""How many tasks read: a few for each core, so that none waits long for another, of 10 to 200 trials or so; what a
killed worker had read is read again, so they are no larger."""

FILE_TASKS = 1_000
"""How many tasks open files, at most."""

LONGEST_REASON = 600
RESULTS_AT_ONCE = 100
RECORDS_PER_PART = 20_000
"""Records to a part file. Tables are cut where the inputs say, so what a part holds does not depend on the cluster."""

STAGING = ".spark" + tables.PARTIAL
STATUSES: tuple[Status, ...] = get_args(Status)


class Tables(NamedTuple):
    """A Spark frame for each table and for what could not be read; `results.unpersist()` when they are done with."""

    trials: "DataFrame"
    criteria: "DataFrame"
    constraints: "DataFrame"
    mentions: "DataFrame"
    numerals: "DataFrame"
    quarantine: "DataFrame"
    results: "DataFrame"


def extract(
    frame: "DataFrame",
    *,
    id_column: str | None = None,
    criteria_column: str | None = None,
    inclusion_column: str | None = None,
    exclusion_column: str | None = None,
    settings: Settings | None = None,
) -> Tables:
    """The tables of a Spark frame with a trial a row; nothing is read before one of them is asked for.

    Columns are found by the names that a CSV may have (`registries.columns.ACCEPTED`), or named here; `settings` are
    the `workers.Settings` of other runs. A repeated id becomes `id#2`, in the order in which Spark has the rows; a row
    without an id is quarantined. On a local master, a record that kills its worker ends the job unless failed tasks
    are tried again: `local[4,4]`, not `local[4]`.

        found = extract(spark.read.parquet("s3a://trials/"), criteria_column="eligibility")
        found.constraints.write.parquet("s3a://tables/constraints")
    """
    _need()
    from pyspark.sql import functions as F

    names = ColumnNames(id_column, criteria_column, inclusion_column, exclusion_column)
    known = columns.layout(frame.columns, names)
    if not known.has_criteria or "id" not in known.columns:
        what = ", ".join(known.missing) or ("trial ids" if known.has_criteria else "criteria")
        raise CallError(
            f"the frame has no column of {what}; it has {', '.join(frame.columns)}. "
            "Name columns of it: id_column=…, criteria_column=…, or inclusion_column=… and exclusion_column=…"
        )
    quoted = {what: "`" + frame.columns[at].replace("`", "``") + "`" for what, at in known.columns.items()}
    cells = [F.col(name).alias(what) for what, name in quoted.items()]
    rows = frame.select(F.monotonically_increasing_id().alias("at"), *cells)
    results = _results(rows, _frame_items, settings or Settings())
    told_apart = _told_apart(results, _own_ids(results))
    trials, criteria, constraints, mentions, numerals = (_table(told_apart, table) for table in TABLES)
    quarantine = _faults(told_apart).select(*Fault._fields)
    return Tables(trials, criteria, constraints, mentions, numerals, quarantine, results)


def _frame_items(batches: Batches) -> Iterator[tuple[Place, Item]]:
    for row in _rows(batches):
        at = row.pop("at")
        item: Item = registries.row(row, "frame")
        if isinstance(item, Trial) and not item.trial_id:
            detail, way_out = "the row has no trial id", "Give each row an id; rows of a Spark frame have no number."
            item = Fault("frame", None, "no_id", detail, way_out)
        yield (0, at), item


def run(job: Job, output: Output, master: str | None = None) -> Report:
    """Read the inputs of `job` into the folder of `output`, each table a folder of Parquet parts.

    Rows, ids, quarantine and counts are those of `batch.run`, and the parts in the order of their names hold the rows
    in its order. On a cluster, inputs and output must have the same path on every machine.
    """
    _check(job, output)
    batch.check(job, output)
    _need()
    _need_java()
    batch.prepare(output)
    with batch.alone_in(output.folder):
        shards.discard(output.folder)  # what is kept of a run that --overwrite gives up
        return _run(job, output, master)


def _run(job: Job, output: Output, master: str | None) -> Report:
    began, started = datetime.now(UTC), time.perf_counter()
    identity, inputs = batch.identify(job, output)
    staging = output.folder / STAGING
    with _session(master) as spark, _refusals():
        results = _results(_records(spark, job, inputs), _file_items, job.settings)
        try:
            files = _files_read(results)
            told_apart = _told_apart(results, _here(_own_ids(results)))
            report = Report(output.folder, 0.0, _counts(told_apart, sum(files.values())))
            _write(told_apart, files, staging)
            report.counts.check({table: _rows_in(staging / table) for table in TABLES})
            skipped = _set_aside(told_apart, staging / QUARANTINE, report)
            report.ids_not_found = _not_found(results, job)
            report.notes = _notes(told_apart)
            written = _publish(staging, output.folder)
        finally:
            results.unpersist()
            shutil.rmtree(staging, ignore_errors=True)
        engine = f"spark {spark.version}"
    report.seconds = time.perf_counter() - started
    began_at = began.isoformat(timespec="seconds")
    manifest.write(
        output.folder / MANIFEST,
        batch.finished(identity, job, report, inputs, skipped, written, began_at, engine),
    )
    return report


def _check(job: Job, output: Output) -> None:
    """Raise `CallError` for what is said of a run in one process and means nothing here."""
    if STANDARD_INPUT in job.inputs:
        raise CallError("Spark cannot read standard input, which is on one machine; name a file or a folder")
    if job.limit is not None:
        raise CallError("--limit is for a first look, which needs no Spark; leave --engine spark or --limit out")
    if job.workers != 1:
        raise CallError("--workers means nothing to Spark; --master 'local[4]' reads in four processes")
    if output.resume:
        raise CallError("--resume is for a run in one process; a Spark job that failed starts afresh")
    if job.since:
        raise CallError("--since compares in one process; leave --engine spark or --since out")
    if output.format != "parquet":
        raise CallError(f"Spark writes Parquet, not {output.format}; leave --format or --engine spark out")
    for source in job.inputs:
        if "://" in source:
            way_out = "read it with Spark and hand the frame to trialcriteria.spark.extract"
            raise CallError(f"{source}: an address, and the command reads files and folders; {way_out}")


def _need() -> None:
    """Raise `CallError` where Spark is missing."""
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise CallError(INSTALL) from error


def _need_java() -> None:
    """Raise `CallError` where Spark would have to run here and there is no Java for it."""
    from pyspark.sql import SparkSession

    if SparkSession.getActiveSession() is None and not shutil.which("java") and "JAVA_HOME" not in os.environ:
        raise CallError(INSTALL_JAVA)


@contextmanager
def _session(master: str | None) -> Iterator["SparkSession"]:
    """The session that is running, or one of our own, which ends with the run."""
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    if running := SparkSession.getActiveSession():
        yield running
        return
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("trialcriteria")
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", str(RESULTS_AT_ONCE))
    builder = builder.config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
    master = master or (None if "PYSPARK_GATEWAY_PORT" in os.environ else LOCAL)  # spark-submit has its own
    if master:
        builder = builder.master(patient(master))
    if master and master.startswith("local"):
        for name, value in {
            "ui.enabled": "false",
            "driver.bindAddress": "127.0.0.1",
            "driver.host": "127.0.0.1",
        }.items():
            builder = builder.config(f"spark.{name}", value)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")  # of pandas, which we do not use
        try:
            spark = builder.getOrCreate()
        except PySparkRuntimeError as error:
            raise CallError(f"Spark does not start ({error}); {INSTALL_JAVA}") from error
        if master and master.startswith("local"):
            spark.sparkContext.setLogLevel("ERROR")
        try:
            yield spark
        finally:
            spark.stop()


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn a job that Spark gave up into `CallError`, with what Spark says of it in a line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise CallError(f"Spark gave up: {' '.join(str(error).split())[:LONGEST_REASON]}") from error


def patient(master: str) -> str:
    """A local master that tries a failed task again, as clusters do.

    >>> [patient(master) for master in ("local", "local[2]", "local[*]", "local[2,1]", "spark://host:7077")]
    ['local[1,4]', 'local[2,4]', 'local[*,4]', 'local[2,1]', 'spark://host:7077']
    """
    if master == "local":
        return f"local[1,{ATTEMPTS}]"
    return re.sub(r"^local\[([\d*]+)\]$", rf"local[\1,{ATTEMPTS}]", master)


# From files to results


def _records(spark: "SparkSession", job: Job, inputs: dict[str, dict[str, object]]) -> "DataFrame":
    """The records of the inputs, each file read by one task and dealt out for reading: place, and record pickled."""
    parts = [part for source in job.inputs for part in registries.parts(source)]
    cores = spark.sparkContext.defaultParallelism
    size = sum(int(str(fact["bytes"])) for fact in inputs.values())
    tasks = size // min(max(size // (TASKS_A_CORE * cores), LEAST_BYTES), MOST_BYTES) + 1
    listed = [(number, pickle.dumps(part)) for number, part in enumerate(parts)]
    slices = min(len(listed), max(TASKS_A_CORE * cores, FILE_TASKS)) or 1
    files = spark.createDataFrame(spark.sparkContext.parallelize(listed, slices), "file int, part binary")
    read = _reading(replace(job, settings=Settings()), Path.cwd())
    records = files.mapInArrow(read, "file int, at bigint, item binary")
    return records.repartition(tasks, "file", "at")


def _reading(job: Job, home: Path) -> Callable[[Batches], Batches]:
    """What runs in a task that reads files; `home` is where names of files begin that do not begin at the root."""

    def read(batches: Batches) -> Batches:
        import pyarrow as pa

        schema = pa.schema({"file": pa.int32(), "at": pa.int64(), "item": pa.binary()})
        for row in _rows(batches):
            items = enumerate(_part_items(pickle.loads(row["part"]), job, home))
            while some := list(islice(items, RESULTS_AT_ONCE)):
                rows = [{"file": row["file"], "at": at, "item": pickle.dumps(item)} for at, item in some]
                yield pa.RecordBatch.from_pylist(rows, schema)

    return read


def _part_items(part: Part | Fault | Skipped, job: Job, home: Path) -> Iterator[Item]:
    """What a file holds, reduced to the ids asked for; sources are called as the user called them."""
    if not isinstance(part, Part):
        yield part
        return
    prefix = "" if part.path.is_absolute() else f"{home / '_'}"[:-1]
    try:
        for read in registries.read(Part(home / part.path, part.named), format=job.input_format, **vars(job.columns)):
            item = read._replace(source=read.source.removeprefix(prefix))
            name = batch.record_name(item)
            chosen = job.ids is None or name is None or name in job.ids
            yield item if chosen else Skipped(item.source, NOT_SELECTED)
    except Exception as error:  # A reader that fails on one file must not take the other files with it.
        yield batch.unreadable(str(part.path), error)


def _file_items(batches: Batches) -> Iterator[tuple[Place, Item]]:
    for row in _rows(batches):
        yield (row["file"], row["at"]), pickle.loads(row["item"])


def _rows(batches: Batches) -> Iterator[dict[str, Any]]:
    for found in batches:
        yield from found.to_pylist()


# From records to results


def _results(
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


# From results to tables


def _files_read(results: "DataFrame") -> dict[int, int]:
    """How many records each file gave; here everything is read."""
    from pyspark.sql import functions as F

    return {
        row["file"]: row["records"] for row in results.groupBy("file").agg((F.max("at") + 1).alias("records")).collect()
    }


def _told_apart(results: "DataFrame", own_ids: "DataFrame") -> "DataFrame":
    """The results with the `own_id` of each trial whose id was met before."""
    from pyspark.sql import functions as F

    return results.join(F.broadcast(own_ids), ["file", "at"], "left")


def _own_ids(results: "DataFrame") -> "DataFrame":
    """What trials whose id was met before are called, by the rule of `batch.own_id`.

    Only ids that differ in nothing but an ending `#2`, `#3#2` … can meet, so each family of them is settled alone.
    """
    from pyspark.sql import functions as F

    families = (
        results.where("trial_id is not null")
        .groupBy(F.regexp_replace("trial_id", "(#[0-9]+)+$", "").alias("family"))
        .agg(F.sort_array(F.collect_list(F.struct("file", "at", "trial_id"))).alias("met"))
        .where(F.size("met") > F.size(F.array_distinct("met.trial_id")))
        .select("met")
    )
    return families.mapInArrow(_settled, "file int, at bigint, own_id string")


def _here(frame: "DataFrame") -> "DataFrame":
    """A small frame, computed and held by the driver."""
    return frame.sparkSession.createDataFrame(frame.collect(), frame.schema)


def _settled(batches: Batches) -> Batches:
    """The new ids of families in which an id is met twice."""
    import pyarrow as pa

    schema = pa.schema({"file": pa.int32(), "at": pa.int64(), "own_id": pa.string()})
    for family in _rows(batches):
        used: dict[str, int] = {}
        rows = [{**row, "own_id": batch.own_id(row["trial_id"], used)} for row in family["met"]]
        yield pa.RecordBatch.from_pylist([row for row in rows if row["own_id"] != row["trial_id"]], schema)


def _table(told_apart: "DataFrame", table: str, *beside: str) -> "DataFrame":
    """The rows of `table`, with the columns `beside` them and `position`, where there are any."""
    from pyspark.sql import functions as F

    cells = {column: F.col(f"row.{column.name}") for column in tables.layout(table)}
    own = {column: F.coalesce("own_id", cell) for column, cell in cells.items() if column.name == "trial_id"}
    named = (cell.alias(column.name, metadata={"comment": column.meaning}) for column, cell in (cells | own).items())
    rows = told_apart.select(*beside, "own_id", F.posexplode(table).alias("position", "row"))
    return rows.select(*beside, *(["position"] if beside else []), *named)


def _faults(told_apart: "DataFrame") -> "DataFrame":
    """What could not be read, with its place."""
    from pyspark.sql import functions as F

    record = F.coalesce("own_id", "fault.record").alias("record")
    cells = (record if name == "record" else F.col(f"fault.{name}") for name in Fault._fields)
    return told_apart.where("fault is not null").select("file", "at", *cells)


def _counts(told_apart: "DataFrame", records: int) -> Counts:
    """What the run has met."""
    from pyspark.sql import functions as F

    sums = {table: F.sum(F.size(table)) for table in TABLES}
    sums |= {status: F.sum(F.expr(f"size(filter(criteria, row -> row.status = '{status}'))")) for status in STATUSES}
    sums |= {
        "quarantined": F.count("fault"),
        "skipped": F.count("skipped"),
        "repeated_ids": F.count("own_id"),
        "unread_numerals": F.sum(F.expr("size(filter(numerals, row -> row.reason = 'unread'))")),
    }
    found = told_apart.agg(*(total.alias(name) for name, total in sums.items())).first()
    counted: dict[str, int] = {name: n or 0 for name, n in (found.asDict() if found else {}).items()}
    reasons = told_apart.where("fault is not null").groupBy("fault.reason").count().collect()
    return Counts(
        records=records,
        rows={table: counted[table] for table in TABLES},
        statuses=Counter({status: counted[status] for status in STATUSES if counted[status]}),
        reasons=Counter({row["reason"]: row["count"] for row in reasons}),
        trials=counted["trials"],
        quarantined=counted["quarantined"],
        skipped=counted["skipped"],
        repeated_ids=counted["repeated_ids"],
        unread_numerals=counted["unread_numerals"],
    )


def _write(told_apart: "DataFrame", files: dict[int, int], staging: Path) -> None:
    """Each table in parts, cut after so many records of the inputs and in their order."""
    from pyspark.sql import functions as F

    before = list(accumulate((files[file] for file in sorted(files)), initial=0))
    parts = -(-before[-1] // RECORDS_PER_PART)
    firsts = told_apart.sparkSession.createDataFrame(
        list(zip(sorted(files), before, strict=False)), "file int, before bigint"
    )
    part = F.floor((F.col("before") + F.col("at")) / RECORDS_PER_PART).cast("int")
    numbered = told_apart.join(F.broadcast(firsts), "file").withColumn("part", part)
    for table in TABLES:
        rows = _table(numbered, table, "part", "file", "at").repartitionByRange(parts, "part")
        ordered = rows.sortWithinPartitions("part", "file", "at", "position").drop("file", "at", "position")
        written = ordered.write.option("compression", "zstd").partitionBy("part")
        written.parquet((staging / table).resolve().as_uri())


def _parts(folder: Path) -> list[Path]:
    """The files that Spark wrote of a table, in order: one to a folder `part=7`."""
    return sorted(folder.glob("part=*/*.parquet"), key=lambda path: int(path.parent.name.partition("=")[2]))


def _rows_in(folder: Path) -> int:
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(path).num_rows for path in _parts(folder))


def _set_aside(told_apart: "DataFrame", quarantine: Path, report: Report) -> list[Skipped]:
    """Write what could not be read, in order; gives what was skipped."""
    from pyspark.sql import functions as F

    with quarantine.open("w", encoding="utf-8", newline="\n") as file:
        for row in _faults(told_apart).orderBy("file", "at").toLocalIterator():
            fault = Fault(*row[2:])
            file.write(json.dumps(fault._asdict(), ensure_ascii=True) + "\n")
            report.quarantined += [fault] if len(report.quarantined) < FIRST_FAULTS else []
    skipped = told_apart.where("skipped is not null").where(F.col("skipped.reason") != NOT_SELECTED)
    return [Skipped(*row) for row in skipped.orderBy("file", "at").select("skipped.*").collect()]


def _notes(told_apart: "DataFrame") -> Notes:
    """What trials say against themselves: all counted, and the first in order."""
    from pyspark.sql import functions as F

    tables_of = ("trials", "criteria", "constraints", "mentions")
    read = told_apart.where(F.size("trials") > 0).select("file", "at", "own_id", *tables_of)
    noted = read.mapInArrow(_noted, "file int, at bigint, position int, kind string, note binary").persist()
    counts = {row["kind"]: row["count"] for row in noted.groupBy("kind").count().collect()}
    first = noted.orderBy("file", "at", "position").limit(contradictions.KEPT).collect()
    noted.unpersist()
    return Notes(Counter(counts), [pickle.loads(row["note"]) for row in first])


def _noted(batches: Batches) -> Batches:
    """The notes of each trial, under its own id."""
    import pyarrow as pa

    names = {"file": pa.int32(), "at": pa.int64(), "position": pa.int32(), "kind": pa.string(), "note": pa.binary()}
    for row in _rows(batches):
        read = TrialTables(
            TrialRow(**row["trials"][0]),
            [Criterion(**cells) for cells in row["criteria"]],
            [Constraint(**cells) for cells in row["constraints"]],
            [Mention(**cells) for cells in row["mentions"]],
            [],
        )
        name = row["own_id"] or read.trial.trial_id
        found = contradictions.notes(read)
        notes = [(note.kind, pickle.dumps(note._replace(trial_id=name))) for note in found]
        lines = [
            {"file": row["file"], "at": row["at"], "position": position, "kind": kind, "note": note}
            for position, (kind, note) in enumerate(notes)
        ]
        yield pa.RecordBatch.from_pylist(lines, pa.schema(names))


def _not_found(results: "DataFrame", job: Job) -> list[str]:
    from pyspark.sql import functions as F

    if job.ids is None:
        return []
    found = results.select(F.coalesce("trial_id", "fault.record").alias("name")).distinct().collect()
    return sorted(job.ids - {row["name"] for row in found})


def _publish(staging: Path, folder: Path) -> list[Path]:
    """Give every table its name, and remove those of an earlier run."""
    import pyarrow.parquet as pq

    (folder / MANIFEST).unlink(missing_ok=True)  # from here on, an earlier run's would be untrue
    for table in TABLES:
        path = staging / tables.file_name(table, "parquet")
        path.mkdir()
        for number, part in enumerate(_parts(staging / table)):
            part.replace(path / f"part-{number:05}.parquet")
        if not any(path.iterdir()):
            pq.write_table(tables.arrow(table, ()), path / "part-00000.parquet", compression="zstd")
    for earlier in tables.all_files(folder):
        tables.remove(earlier)
    for table in TABLES:
        path = staging / tables.file_name(table, "parquet")
        path.replace(folder / path.name)
    quarantine = (staging / QUARANTINE).replace(folder / QUARANTINE)
    return [*(folder / tables.file_name(table, "parquet") for table in TABLES), quarantine]
