"""Tables: CSV, TSV and other delimited text, and Parquet, with the criteria in one column or in two.

Quoting is strict. A row whose cells do not fit the header is quarantined and not guessed at: an unquoted comma inside
the criteria would otherwise cut them short without a word. Rows are read one at a time, Parquet in small batches.
"""

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from trialcriteria.records import Fault, Trial
from trialcriteria.registries.columns import ColumnNames, Layout, layout, no_criteria_column, trial
from trialcriteria.registries.decoding import WINDOWS, is_whole, mend, text_of, text_stream
from trialcriteria.registries.sources import MAX_RECORD, Document

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

_DELIMITERS = ",\t;|"
_SUFFIXES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
_BATCH = 256  # rows of Parquet in memory at once
_BUFFER = 1 << 16
_HOW_TO_QUOTE = "Quote cells that hold the delimiter, a quote or a line end, as spreadsheets and pandas do."

Row = tuple[str, list[str]]
"""Where a row begins (`file.csv:12`) and its cells."""


def recognises(head: str, name: str, names: ColumnNames) -> bool:
    """Whether the first line is a header: by the columns it names, fewer of which will do if a suffix says table."""
    header = header_of(head, delimiter(head, names))
    known = layout(header, names)
    if is_called_a_table(name):
        return bool(known.columns)
    if any(names):
        return len(header) > 1 and known.has_criteria
    return len(known.columns) > 1 and ("id" in known.columns or known.has_criteria)


def is_called_a_table(name: str) -> bool:
    """Whether a file's name says that it is delimited text, whatever its columns."""
    return name.lower().endswith(_SUFFIXES)


def recognises_parquet(head: str, name: str, names: ColumnNames) -> bool:
    """Whether the file begins with Parquet's signature."""
    return head.startswith("PAR1")


def delimiter(head: str, names: ColumnNames) -> str:
    """The character between columns: the one that makes the most known names of the first line, or just the most.

    >>> delimiter("nct_id;conditions, all;criteria\\n", ColumnNames())
    ';'
    """

    def known(sign: str) -> tuple[int, int]:
        header = header_of(head, sign)
        return len(layout(header, names).columns), len(header)

    return max(_DELIMITERS, key=known)


def header_of(head: str, sign: str) -> list[str]:
    """The cells of the first line that is not blank."""
    lines = head.lstrip("\ufeff").splitlines(keepends=True)
    try:
        return next(filter(None, csv.reader(lines, delimiter=sign, strict=True)), [])
    except csv.Error:
        return []


def read(document: Document, names: ColumnNames) -> Iterator[Trial | Fault]:
    """One trial a row of delimited text."""
    found = rows(text_stream(document.head, document.stream), delimiter(text_of(document.head), names), document.name)
    first = next(found, None)
    if first is None or isinstance(first, Fault):
        yield from [first] if first else []
        return
    header = first[1]
    known = layout(header, names)
    if not known.has_criteria:
        yield no_criteria_column(document.name, header, known)
        return
    for row in found:
        yield row if isinstance(row, Fault) else _trial(*row, len(header), known)


def rows(lines: TextIO, sign: str, name: str) -> Iterator[Row | Fault]:
    """Every row that is not blank, and a fault for each that breaks the rules of quoting."""
    csv.field_size_limit(MAX_RECORD)  # the module's own limit of 128 KiB is a default, not a property of the format
    reader = csv.reader(lines, delimiter=sign, strict=True)
    while True:
        source = f"{name}:{reader.line_num + 1}"
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Fault(source, None, "broken_row", str(error), _HOW_TO_QUOTE)
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield source, cells


def _trial(source: str, cells: list[str], width: int, known: Layout) -> Trial | Fault:
    stated = fitted(source, cells, width, known.columns)
    return stated if isinstance(stated, Fault) else trial(*stated)


def fitted(source: str, cells: list[str], width: int, columns: dict[str, int]) -> tuple[dict[str, str], str] | Fault:
    """The cells by what they hold, and their source: a fault where they do not fit the header or are no text."""
    record = cells[columns["id"]].strip() if columns.get("id", len(cells)) < len(cells) else None
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        detail = f"{len(cells)} cells under {width} columns"
        return Fault(source, record, "wrong_number_of_cells", detail, _HOW_TO_QUOTE)
    stated = {what: cells[at] for what, at in columns.items()}
    if all(map(is_whole, stated.values())):
        return stated, source
    mended = {what: text for what, cell in stated.items() if (text := mend(cell)) is not None}
    if len(mended) < len(stated):
        known = record if record and is_whole(record) else None
        return Fault(source, known, "invalid_text", "bytes that are not UTF-8", "Save the table as UTF-8.")
    return mended, source + WINDOWS


def read_parquet(document: Document, names: ColumnNames) -> Iterator[Trial | Fault]:
    """One trial a row of Parquet; only the columns that are needed, a batch of rows at a time."""
    from pyarrow import ArrowException, parquet  # slow to import

    try:
        with document.seekable() as file:
            table = parquet.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False)
            header = table.schema_arrow.names
            known = layout(header, names)
            if not known.has_criteria:
                yield no_criteria_column(document.name, header, known)
                return
            for number, row in enumerate(_parquet_rows(table, header, known), 1):
                yield trial(row, f"{document.name}#{number}")
    except ArrowException as error:
        yield Fault(document.name, None, "damaged_file", f"not a whole Parquet file: {error}", "Write the file again.")


def _parquet_rows(table: "ParquetFile", header: list[str], known: Layout) -> Iterator[dict[str, object]]:
    wanted = {what: header[at] for what, at in known.columns.items()}
    for batch in table.iter_batches(batch_size=_BATCH, columns=list(wanted.values())):
        for row in batch.to_pylist():
            yield {what: row[name] for what, name in wanted.items()}
