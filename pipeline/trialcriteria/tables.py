"""Rows to Parquet, CSV and JSON Lines, and back.

Every column comes from `records.columns`: this module holds no column name of its own. `Folder` is what `batch.py`
writes through; `read` gives the rows of a table back, whatever its format.
"""

import csv
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import NoneType
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, get_args, get_origin

from trialcriteria.records import ALL_TABLES, SCHEMA_VERSION, TABLES, TrialTables, columns

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Format = Literal["parquet", "csv", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)
Row = tuple[Any, ...]

TRIALS_PER_GROUP = 1_000
"""Trials to a row group. All tables are cut after the same trial, so memory stays flat and bytes depend on nothing
but the order of the trials."""

PARTIAL = ".partial"
SPREADSHEET_TRIGGERS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 2**31 - 1


class Column(NamedTuple):
    """A table column as every format needs it."""

    name: str
    type: Literal["str", "int", "float", "bool", "list"]
    nullable: bool
    values: tuple[str, ...]
    meaning: str


@cache
def layout(table: str) -> tuple[Column, ...]:
    """The columns of `table`, in order.

    >>> layout("numerals")[0]
    Column(name='trial_id', type='str', nullable=False, values=(), meaning='the trial')
    """
    return tuple(_column(name, hint, meaning) for name, hint, meaning in columns(table))


def _column(name: str, hint: Any, meaning: str) -> Column:
    nullable = NoneType in get_args(hint)
    inner = next(part for part in get_args(hint) if part is not NoneType) if nullable else hint
    if get_origin(inner) is Literal:
        return Column(name, "str", nullable, get_args(inner), meaning)
    if get_origin(inner) is tuple:
        return Column(name, "list", nullable, (), meaning)
    return Column(name, inner.__name__, nullable, (), meaning)


LATER = frozenset({"plausible"})
"""Columns that the contract has gained: a run of an older version lacks them, and they are read as null."""


def file_name(table: str, format: Format) -> str:
    """The file of a table in an output folder.

    >>> file_name("constraints", "parquet")
    'constraints.parquet'
    """
    return f"{table}.{format}"


def all_files(folder: Path) -> list[Path]:
    """Every name that a table may have in `folder`."""
    return [folder / file_name(table, format) for table in ALL_TABLES for format in FORMATS]


def by_table(tables: TrialTables) -> dict[str, Sequence[Row]]:
    """The rows of one trial by the name of their table."""
    rows: tuple[Sequence[Row], ...] = ([tables.trial], *tables[1:])
    return dict(zip(TABLES, rows, strict=True))


class _Sink(Protocol):
    """One open table file."""

    def write(self, rows: Sequence[Row]) -> None: ...

    def close(self) -> None: ...


class Folder:
    """The five tables of a run, written in groups under temporary names and named at the end.

    Until `publish`, whatever an earlier run left in the folder is untouched.
    """

    def __init__(
        self, folder: Path, format: Format = "parquet", *, safe_csv: bool = False, more: Sequence[str] = ()
    ) -> None:
        """Open a temporary file for each table in `folder`, which must exist; `more` names tables beside the five."""
        names = (*TABLES, *more)
        self.counts = dict.fromkeys(names, 0)
        self._names = {table: folder / file_name(table, format) for table in names}
        self._stale = [path for path in all_files(folder) if path not in self._names.values()]
        self._waiting: dict[str, list[Row]] = {table: [] for table in names}
        self._sinks = {table: _sink(table, _partial(path), format, safe_csv) for table, path in self._names.items()}

    def add(self, tables: TrialTables, **more: Sequence[Row]) -> None:
        """Take the rows of one trial, and those of the tables beside the five."""
        for table, rows in (by_table(tables) | more).items():
            if table in self._waiting:
                self._waiting[table].extend(rows)
                self.counts[table] += len(rows)
        if len(self._waiting["trials"]) >= TRIALS_PER_GROUP:
            self._flush()

    def publish(self) -> list[Path]:
        """Write what waits, give every file its name and remove tables of an earlier run in another format."""
        self._flush()
        for sink in self._sinks.values():
            sink.close()
        for path in self._names.values():
            put(_partial(path), path)
        for path in self._stale:
            remove(path)
        return list(self._names.values())

    def discard(self) -> None:
        """Close and remove the temporary files."""
        for table, path in self._names.items():
            self._sinks[table].close()
            _partial(path).unlink(missing_ok=True)

    def _flush(self) -> None:
        for table, rows in self._waiting.items():
            if rows:
                self._sinks[table].write(rows)
                rows.clear()


def put(new: Path, path: Path) -> None:
    """Give a finished table its name; an earlier run may have left a file or a folder of parts under it."""
    if path.is_dir() or new.is_dir():
        remove(path)
    new.replace(path)


def remove(path: Path) -> None:
    """Remove a table, be it a file, a folder of parts or nothing."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def join(
    table: str, parts: Sequence[Path], path: Path, format: Format, *, safe_csv: bool = False, last: Sequence[Row] = ()
) -> None:
    """Write `parts` of a table, each made by a `Folder`, to `path` one after another; rows of `last` are the end.

    Parquet keeps a row group for each part, so that memory stays flat and it is the file of one `Folder`.
    """
    if format == "parquet":
        _join_parquet(table, parts, path, last)
        return
    end = _partial(path)
    sink = _sink(table, end, format, safe_csv)
    sink.write(last)
    sink.close()
    with path.open("wb") as file:
        for number, part in enumerate([*parts, end]):
            with part.open("rb") as rows:
                if format == "csv" and number:
                    rows.readline()  # the heading, which the first part has written
                shutil.copyfileobj(rows, file)
    end.unlink()


def _join_parquet(table: str, parts: Sequence[Path], path: Path, last: Sequence[Row]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetWriter(path, schema(table), compression="zstd") as writer:
        for part in parts:
            with pq.ParquetFile(part) as file:
                rows = file.read()
            if rows.num_rows:
                rows = pa.Table.from_arrays(rows.columns, schema=schema(table))
                writer.write_table(rows, row_group_size=rows.num_rows)
        if last:
            writer.write_table(arrow(table, last), row_group_size=len(last))


def _partial(path: Path) -> Path:
    return path.with_name(path.name + PARTIAL)


def _sink(table: str, path: Path, format: Format, safe_csv: bool) -> _Sink:
    if format == "parquet":
        return _ParquetSink(table, path)
    return _CsvSink(table, path, safe_csv) if format == "csv" else _JsonlSink(table, path)


class _ParquetSink:
    def __init__(self, table: str, path: Path) -> None:
        import pyarrow.parquet as pq

        self._table = table
        self._writer = pq.ParquetWriter(path, schema(table), compression="zstd")

    def write(self, rows: Sequence[Row]) -> None:
        self._writer.write_table(arrow(self._table, rows), row_group_size=len(rows))

    def close(self) -> None:
        self._writer.close()


class _CsvSink:
    def __init__(self, table: str, path: Path, safe: bool) -> None:
        # The mark at the front is how a spreadsheet program learns that the file is UTF-8.
        self._file = path.open("w", encoding="utf-8-sig" if safe else "utf-8", newline="")
        self._cells = [_safe_cell if safe and _is_free_text(column) else cell for column in layout(table)]
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow([column.name for column in layout(table)])

    def write(self, rows: Sequence[Row]) -> None:
        cells = self._cells
        self._writer.writerows([write(value) for write, value in zip(cells, row, strict=True)] for row in rows)

    def close(self) -> None:
        self._file.close()


class _JsonlSink:
    def __init__(self, table: str, path: Path) -> None:
        self._file: IO[str] = path.open("w", encoding="utf-8", newline="\n")
        self._names = [column.name for column in layout(table)]

    def write(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._file.write(json.dumps(dict(zip(self._names, row, strict=True)), ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._file.close()


def _is_free_text(column: Column) -> bool:
    """Whether a spreadsheet might take a cell for a formula; our own closed sets (`=` is an operator) are none."""
    return column.type == "str" and not column.values


def cell(value: object) -> object:
    """A CSV cell: absent is empty, lists are JSON text, truth is true or false.

    >>> [cell(x) for x in (None, 1.5, True, ("R1", "R2"))]
    ['', 1.5, 'true', '["R1", "R2"]']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else value


def _safe_cell(value: object) -> object:
    """A text cell that no spreadsheet runs as a formula.

    >>> _safe_cell("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    """
    plain = cell(value)
    return f"'{plain}" if isinstance(plain, str) and plain.startswith(SPREADSHEET_TRIGGERS) else plain


@cache
def schema(table: str) -> "pa.Schema":
    """The Arrow schema of `table`, each column with its meaning and the contract's version in the metadata."""
    import pyarrow as pa

    types = {
        "str": pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "list": pa.list_(pa.string()),
    }
    fields = [
        pa.field(column.name, types[column.type], column.nullable, {"description": column.meaning})
        for column in layout(table)
    ]
    return pa.schema(fields, {"trialcriteria.table": table, "trialcriteria.schema_version": str(SCHEMA_VERSION)})


def arrow(table: str, rows: Sequence[Row]) -> "pa.Table":
    """Rows of `table` as an Arrow table."""
    import pyarrow as pa

    fields = schema(table)
    values = zip(*rows, strict=True) if rows else ((),) * len(fields)
    arrays = [pa.array(list(column), field.type) for column, field in zip(values, fields, strict=True)]
    return pa.Table.from_arrays(arrays, schema=fields)


def frame(table: str, rows: Sequence[Row]) -> "pd.DataFrame":
    """Rows of `table` as a pandas frame; absent values are `pd.NA` (numbers: NaN), lists are tuples."""
    import pandas as pd

    dtypes = {"str": "string", "int": "Int64", "float": "float64", "bool": "boolean", "list": "object"}
    values: Iterable[tuple[Any, ...]] = zip(*rows, strict=True) if rows else ((),) * len(layout(table))
    return pd.DataFrame(
        {
            column.name: pd.Series(list(cells), dtype=dtypes[column.type])
            for column, cells in zip(layout(table), values, strict=True)
        }
    )


def read(path: Path, table: str | None = None) -> Iterator[Any]:
    """The rows of a table, in order, as the NamedTuples of `records`; the table is known by the stem of `path`.

    `path` is a file, or a folder of Parquet parts, as Spark writes them.
    """
    table = table or path.stem
    reader = {".parquet": _read_parquet, ".csv": _read_csv, ".jsonl": _read_jsonl}[path.suffix]
    row = ALL_TABLES[table]
    return (row(*values) for values in reader(path, table))


def _read_parquet(path: Path, table: str) -> Iterator[Row]:
    import pyarrow.parquet as pq

    names = [column.name for column in layout(table)]
    for part in sorted(path.glob("*.parquet")) if path.is_dir() else [path]:
        with pq.ParquetFile(part) as file:
            there = [name for name in names if name in file.schema_arrow.names or name not in LATER]
            for batch in file.iter_batches(columns=there):
                none = [None] * batch.num_rows
                cells = (_tuples(batch.column(name).to_pylist()) if name in there else none for name in names)
                yield from zip(*cells, strict=True)


def _tuples(cells: list[Any]) -> list[Any]:
    return [tuple(cell) if isinstance(cell, list) else cell for cell in cells]


def _read_csv(path: Path, table: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for record in csv.DictReader(file):
            yield tuple(_value(_cell(record, column.name), column) for column in layout(table))


def _read_jsonl(path: Path, table: str) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            record = json.loads(line)
            yield tuple(_tuples([_cell(record, column.name) for column in layout(table)]))


def _cell(record: dict[str, Any], name: str) -> Any:
    return record.get(name) if name in LATER else record[name]


_PARSE: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": "true".__eq__,
    "list": lambda cell: tuple(json.loads(cell)),
}


def _value(cell: str | None, column: Column) -> object:
    return None if cell is None or (column.nullable and not cell) else _PARSE[column.type](cell)


def describe(table: str) -> list[dict[str, object]]:
    """The columns of `table` as plain data, for `trialcriteria schema --format json`."""
    return [
        {
            "name": column.name,
            "type": column.type,
            "nullable": column.nullable,
            **({"values": list(column.values)} if column.values else {}),
            "meaning": column.meaning,
        }
        for column in layout(table)
    ]


def markdown(table: str) -> str:
    """The columns of `table` as a Markdown table."""
    lines = [f"## {table}", "", "| column | type | meaning |", "|---|---|---|"]
    for column in layout(table):
        kind = "list of str" if column.type == "list" else column.type
        lines.append(f"| `{column.name}` | {kind}{' or null' if column.nullable else ''} | {column.meaning} |")
    return "\n".join(lines)
