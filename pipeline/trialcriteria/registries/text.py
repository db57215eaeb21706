"""Plain text: one trial a file, called by the file's stem. Offsets count in the file's text, without a byte order mark.

Which part of the text is criteria is for segmentation to say. Only the section is known here in one case: the Chia
corpus keeps the two sections of a trial in files that end in `_inc` and `_exc`, without headings.
"""

import re
from collections.abc import Iterator

from trialcriteria.records import Fault, Field, Section, Trial
from trialcriteria.registries.columns import ColumnNames
from trialcriteria.registries.decoding import WINDOWS, is_whole, mend, text_stream
from trialcriteria.registries.sources import MAX_RECORD, Document

_MARKUP = re.compile(r"\s*(?:<[A-Za-z!?]|\[\s*[\[{\"\]]|\{\s*[\"}])")
_NOT_TEXT = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_OTHER_SUFFIXES = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".json", ".jsonl", ".ndjson", ".json.gz", ".xml", ".xml.gz")
_SECTIONS: dict[str, Section] = {"_inc": "inclusion", "_exc": "exclusion"}


def recognises(head: str, name: str, names: ColumnNames) -> bool:
    """Whether it can be plain text at all: no markup, no JSON, no control characters but NUL (a fault)."""
    if name.lower().endswith(_OTHER_SUFFIXES):
        return False
    return not _MARKUP.match(head.lstrip("\ufeff")) and not _NOT_TEXT.search(head)


def read(document: Document, names: ColumnNames) -> Iterator[Trial | Fault]:
    """The one trial of a text."""
    found = whole_text(document)
    if isinstance(found, Fault):
        yield found
        return
    text, source = found
    section = _SECTIONS.get(document.stem[-4:])
    fields = (Field(0, len(text), section),) if section else ()
    yield Trial(document.stem, "text", source, text, fields=fields)


def whole_text(document: Document) -> tuple[str, str] | Fault:
    """All of a document's text, and how its source is to be called."""
    text = text_stream(document.head, document.stream).read(MAX_RECORD + 1)
    if len(text) > MAX_RECORD:
        detail = f"over {MAX_RECORD} characters"
        return Fault(document.name, None, "record_too_large", detail, "Name one trial's text a file.")
    if is_whole(text):
        return text, document.name
    mended = mend(text)
    if mended is None:
        return Fault(document.name, None, "invalid_text", "bytes that are not UTF-8", "Save the file as UTF-8.")
    return mended, document.name + WINDOWS
