"""SQL over the tables of a run: DuckDB with each table by its name, and the ready views of `views.sql`.

`connect` is for Python; `select` is what `trialcriteria query` runs. Neither can write a file or reach the network:
Parquet is handed over as Arrow data sets, CSV and JSON Lines are read into memory, and DuckDB itself opens nothing.
"""

import csv
from collections.abc import Iterator
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from trialcriteria import tables
from trialcriteria.batch import QUARANTINE, CallError
from trialcriteria.records import ALL_TABLES, CHANGES, TABLES, Fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = tuple[Any, ...]

INSTALL = "DuckDB is not installed, which queries need: pip install 'trialcriteria[query]'"
LIST_THEM = "`trialcriteria query OUT` without a query lists what can be asked"
ROWS_AT_ONCE = 10_000
TYPES = {"str": "VARCHAR", "int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN", "list": "VARCHAR[]"}
LONGEST_LINE = 64 * 2**20
"""Bytes of the longest row of CSV or JSON Lines: a whole trial with its text is one row."""


class Answer(NamedTuple):
    """What a query gave: the names of its columns, and its rows as they come."""

    columns: list[str]
    rows: Iterator[Row]


def connect(folder: Path | str) -> "DuckDBPyConnection":
    """A DuckDB connection with the tables and views of the run in `folder`.

    It opens no file and no address by itself. `connection.register(name, frame)` adds a frame of your own.
    """
    try:
        import duckdb
    except ImportError as error:
        raise CallError(INSTALL) from error
    found = _files(Path(folder))
    connection = duckdb.connect(config={"temp_directory": "", "autoinstall_known_extensions": "false"})
    for table, path in found.items():
        _bind(connection, table, path)
    connection.execute("SET enable_external_access = false; SET lock_configuration = true")
    connection.execute(files(__package__).joinpath("views.sql").read_text(encoding="utf-8"))
    return connection


def select(folder: Path | str, sql: str) -> Answer:
    """The rows that one `sql` query over the run in `folder` gives; `CallError` says in one line what is wrong."""
    connection = connect(folder)
    import duckdb

    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1:
            raise CallError(f"{len(statements)} queries where one is expected; {LIST_THEM}")
        cursor = connection.execute(statements[0])
        columns = [column[0] for column in cursor.description or ()]
        first = cursor.fetchmany(ROWS_AT_ONCE)  # much goes wrong only when the first rows are asked for
    except duckdb.Error as error:
        raise _fault(error) from error
    return Answer(columns, chain(first, _more(cursor)))


def _more(cursor: "DuckDBPyConnection") -> Iterator[Row]:
    import duckdb

    try:
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows
    except duckdb.Error as error:
        raise _fault(error) from error


def contents(folder: Path | str) -> Answer:
    """Every table and view of the run in `folder`: what one row of it is, and its columns."""
    connection = connect(folder)
    views = dict(
        connection.execute("SELECT view_name, comment FROM duckdb_views() WHERE comment IS NOT NULL").fetchall()
    )
    there = {table: row for table, row in ALL_TABLES.items() if table in TABLES or table in _files(Path(folder))}
    about = {table: str(row.__doc__).partition(": ")[2].rstrip(".") for table, row in there.items()}
    about |= {"quarantine": "one row a record that could not be read"} | views
    rows = ((name, meaning, _columns(connection, name)) for name, meaning in about.items())
    return Answer(["name", "meaning", "columns"], rows)


def _columns(connection: "DuckDBPyConnection", name: str) -> str:
    return "trial_id, and each attribute" if name == "wide" else ", ".join(connection.table(name).columns)


def _files(folder: Path) -> dict[str, Path]:
    """The file or, where a cluster wrote it, the folder of files that holds each table."""
    found = {}
    for table in ALL_TABLES:
        paths = [folder / tables.file_name(table, format) for format in tables.FORMATS]
        path = next((path for path in paths if path.exists()), None)
        if path is None and table == CHANGES:
            continue  # only a run beside an earlier one has it
        if path is None:
            raise CallError(f"{folder}: holds no table of {table}; name the folder that `trialcriteria extract` wrote")
        found[table] = path
    if not (folder / QUARANTINE).is_file():
        raise CallError(f"{folder}: holds no {QUARANTINE}; the run is not whole, so extract it again")
    return {**found, "quarantine": folder / QUARANTINE}


def _bind(connection: "DuckDBPyConnection", table: str, path: Path) -> None:
    """Give DuckDB the table at `path` under its name; null where an older version wrote it without a column."""
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.dataset

        found = pyarrow.dataset.dataset(path, format="parquet")
        lacking = tables.LATER.difference(found.schema.names)
        later = [column for column in tables.schema(table) if column.name in lacking]
        if later:
            found = found.replace_schema(pa.schema([*found.schema, *later]))
        connection.register(table, found)
        return
    columns = {column.name: column.type for column in tables.layout(table)} if table in ALL_TABLES else _FAULT
    if path.suffix == ".csv":
        # Lists are JSON text there. A column that is never null holds "" where nothing stands.
        with path.open(encoding="utf-8-sig", newline="") as file:
            lacking = tables.LATER.difference(next(csv.reader(file), []))
        later = [f'NULL::{TYPES[kind]} AS "{name}"' for name, kind in columns.items() if name in lacking]
        columns = {name: kind for name, kind in columns.items() if name not in lacking}
        types = {name: "VARCHAR" if kind == "list" else TYPES[kind] for name, kind in columns.items()}
        cells = [f"""from_json("{name}", '["VARCHAR"]') AS "{name}\"""" for name in columns if columns[name] == "list"]
        cells += [
            f"""coalesce("{column.name}", '') AS "{column.name}\""""
            for column in tables.layout(table)
            if column.name in columns and column.type == "str" and not column.nullable
        ]
        source = """read_csv(?, columns = ?, header = true, auto_detect = false, delim = ',', quote = '"',
            escape = '"', max_line_size = ?)"""
    else:
        types, cells, later = {name: TYPES[kind] for name, kind in columns.items()}, [], []
        source = "read_json(?, columns = ?, format = 'newline_delimited', maximum_object_size = ?)"
    replaced = f"* REPLACE ({', '.join(cells)})" if cells else "*"
    chosen = ", ".join([replaced, *later])
    connection.execute(f'CREATE TABLE "{table}" AS SELECT {chosen} FROM {source}', [str(path), types, LONGEST_LINE])


_FAULT = dict.fromkeys(Fault._fields, "str")


def _fault(error: Exception) -> CallError:
    """DuckDB's message in one line, without the drawing of where in the query it was."""
    lines = (line.strip() for line in str(error).split("\nLINE ")[0].splitlines())
    return CallError(f"{' '.join(line for line in lines if line).rstrip('.')}; {LIST_THEM}")
