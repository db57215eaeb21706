"""Readers of what registries publish and people copy: each a stream of trials, faults and skipped files.

A format is recognised by its content; a file's name only says of what may be plain text or a table without known
columns whether it is that. A new format is a module with `recognises` and `read`, and a line in `_READERS`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from trialcriteria.records import Fault, Skipped, Trial
from trialcriteria.registries import aact, columns, ctgov_json, ctgov_xml, delimited, ictrp, page, text
from trialcriteria.registries.columns import ColumnNames
from trialcriteria.registries.decoding import is_whole, text_of
from trialcriteria.registries.sources import (
    DAMAGED,
    Document,
    Opened,
    Part,
    Source,
    damaged,
    documents,
    nobody,
    parts,
    unread,
)

__all__ = ["FORMATS", "ColumnNames", "Part", "Record", "parts", "read", "recognise", "row"]

Record = Trial | Fault | Skipped

_USUAL = ColumnNames()
_Recognises = Callable[[str, str, ColumnNames], bool]
_Reads = Callable[[Document, ColumnNames], Iterator[Trial | Fault]]


class _Reader(NamedTuple):
    recognises: _Recognises
    read: _Reads


_READERS: dict[str, _Reader] = {  # in the order in which they are asked
    "ctgov-json": _Reader(ctgov_json.recognises, ctgov_json.read),
    "ctgov-xml": _Reader(ctgov_xml.recognises, ctgov_xml.read),
    "ictrp": _Reader(ictrp.recognises, ictrp.read),
    "parquet": _Reader(delimited.recognises_parquet, delimited.read_parquet),
    "aact": _Reader(aact.recognises, aact.read),
    "delimited": _Reader(delimited.recognises, delimited.read),
    "page": _Reader(page.recognises, page.read),
    "text": _Reader(text.recognises, text.read),
}
FORMATS = tuple(_READERS)
"""What `format` may be."""

_OTHERS = (
    (rb"%PDF", "a PDF", "Convert it to text (`pdftotext -layout`) and name the .txt."),
    (rb"\{\\rtf", "a rich text document", "Save it as plain text (.txt)."),
    (rb"\xd0\xcf\x11\xe0", "an old Office document", "Save it as plain text (.txt), or a sheet as CSV."),
    (rb"\s*<(?i:!doctype html|html)\b", "a web page", "Copy its text into a .txt file."),
    (rb"BZh\d", "compressed with bzip2", "Unpack it first."),
    (rb"\xfd7zXZ", "compressed with xz", "Unpack it first."),
    (rb"\x28\xb5\x2f\xfd", "compressed with zstd", "Unpack it first."),
    (rb"7z\xbc\xaf", "a 7-Zip archive", "Unpack it first."),
    (rb"(?s:.{257})ustar", "a tar archive", "Unpack it first."),
    (rb"PK\x03\x04", "an archive inside an archive", "Unpack the outer one first."),
    (rb"\x1f\x8b", "compressed twice", "Unpack it first."),
)
"""What files begin with that are known and not read, as expressions."""
_NO_FORMAT = "not a format that is read here"
_SAY_THE_FORMAT = f"Say which with --input-format: {', '.join(FORMATS)}."


def read(
    source: Source,
    *,
    format: str | None = None,
    id_column: str | None = None,
    criteria_column: str | None = None,
    inclusion_column: str | None = None,
    exclusion_column: str | None = None,
    opened: Opened = nobody,
) -> Iterator[Record]:
    """Every record of a file, a directory, one of its `parts`, an archive or `-` (standard input), one at a time.

    Whatever cannot be read is a `Fault` or a `Skipped`; no input raises, but for a `format` that does not exist.
    `opened` is told of each file and its size as it is opened.
    """
    if format is not None and format not in _READERS:
        raise ValueError(f"no format {format!r}; there are: {', '.join(FORMATS)}")
    names = ColumnNames(id_column, criteria_column, inclusion_column, exclusion_column)
    return _records(source, format, names, opened)


def row(stated: Mapping[str, object], source: str) -> Trial | Fault:
    """One row of a table that another program has open; `stated` maps what a cell holds (`columns.ACCEPTED`) to it.

    >>> row({"id": "T1", "criteria": " "}, "frame").detail
    'the record has no eligibility text'
    """
    return _vetted(columns.trial(stated, source))


def recognise(head: bytes, name: str = "", names: ColumnNames = _USUAL) -> str | None:
    """The format of a file that begins with `head`.

    >>> recognise(b'{"protocolSection": {}}'), recognise(b"nct_id,criteria\\n"), recognise(b"\\x89PNG\\r\\n\\x1a\\n\\0")
    ('ctgov-json', 'delimited', None)
    """
    begins = text_of(head)
    for format, reader in _READERS.items():
        if reader.recognises(begins, name, names):
            return format
    return None


def _records(source: Source, format: str | None, names: ColumnNames, opened: Opened) -> Iterator[Record]:
    for found in documents(source, opened):
        if not isinstance(found, Document):
            yield found
        elif format is None and (other := _known_but_not_read(found)):
            yield unread(found.name, found.named, *other)
        elif reader := _READERS.get(format or _format(found, names) or ""):
            yield from _identified(found.stem, map(_vetted, _whole(found, reader.read(found, names))))
        else:
            yield unread(found.name, found.named, _NO_FORMAT, _SAY_THE_FORMAT)


def _known_but_not_read(document: Document) -> tuple[str, str] | None:
    """What a file is, and what to do with it, where we know that and still cannot read it."""
    for signature, what, way_out in _OTHERS:
        if re.match(signature, document.head):
            return what, way_out
    return aact.not_read_alone(text_of(document.head))


def _format(document: Document, names: ColumnNames) -> str | None:
    found = recognise(document.head, document.name, names)
    if found == "text" and not document.named and not document.name.lower().endswith((".txt", ".txt.gz")):
        return None
    meant_as_table = document.named and (any(names) or delimited.is_called_a_table(document.name))
    if found in (None, "text") and meant_as_table:
        return "delimited"  # to say which columns it lacks
    return found


def _whole(document: Document, records: Iterator[Trial | Fault]) -> Iterator[Trial | Fault]:
    """The records of a document, with a fault where it breaks off or holds none: for all formats in one place."""
    empty = True
    try:
        for record in records:
            empty = False
            yield record
    except DAMAGED as error:
        yield damaged(document.name, error)
        return
    if empty:
        yield Fault(document.name, None, "no_records", "there is no record in the file", "Download or copy it again.")


def _vetted(record: Trial | Fault) -> Trial | Fault:
    """The trial, if it holds a text that can be read and written again."""
    if isinstance(record, Fault):
        return record
    name = record.trial_id or None
    if not record.eligibility_text.strip():
        way_out = "Look the record up at its registry: it may state no criteria, or not in this download."
        return Fault(record.source, name, "no_eligibility_text", "the record has no eligibility text", way_out)
    stated = "".join((*(cell for cell in record if isinstance(cell, str)), *record.conditions))
    if "\0" in stated:
        detail = "NUL characters: damaged, or UTF-16 without a byte order mark"
        return Fault(record.source, name, "nul_characters", detail, "Save the file as UTF-8.")
    if not is_whole(stated):
        detail = "bytes that are not UTF-8, or halves of characters"
        record_id = name if name and is_whole(name) else None
        return Fault(record.source, record_id, "invalid_text", detail, "Save the file as UTF-8.")
    return record


def _identified(stem: str, records: Iterable[Trial | Fault]) -> Iterator[Trial | Fault]:
    """Records without an id are called by the file's stem: `stem` if there is one, `stem#1`, `stem#2` … if several."""
    first: Trial | None = None
    number = 1
    for record in records:
        if isinstance(record, Fault) or record.trial_id:
            yield record
        elif first is None and number == 1:
            first = record  # held back until it is known whether it is the only one
        else:
            if first:
                yield first._replace(trial_id=f"{stem}#1")
                first = None
            number += 1
            yield record._replace(trial_id=f"{stem}#{number}")
    if first:
        yield first._replace(trial_id=stem)
