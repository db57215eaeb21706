"""ClinicalTrials.gov's API v2 JSON, and flat JSON records with the column names of tables.

One study, a bare array, `{"studies": [...]}` (several pages in a row too) and one study a line are all a row of JSON
objects with separators between them; so that is how they are read, one object in memory at a time. After an object
that is broken, reading goes on at the next place where a record plainly begins.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, TextIO

from trialcriteria.records import Fault, Trial
from trialcriteria.registries.columns import ColumnNames, Layout, layout, no_criteria_column, trial
from trialcriteria.registries.decoding import text_stream
from trialcriteria.registries.sources import HEAD, MAX_RECORD, Document
from trialcriteria.registries.stated import sex, words, words_of, years, yes_or_no

_STUDY = "protocolSection"
_PAGE_KEYS = r'"(?:nextPageToken|totalCount)"\s*:\s*(?:\d+|"[^"]*"|null)'
_PAGE = re.compile(rf'\{{\s*(?:{_PAGE_KEYS}\s*,\s*)*"studies"\s*:\s*\[')
_BETWEEN = re.compile(rf"(?>[\s,\[]+|\](?>\s*,\s*{_PAGE_KEYS})*(?:\s*\}})?|{_PAGE.pattern})*+")
_OBJECT_LINE = re.compile(r"(?<=\n)\{")
_KEY = re.compile(r'"([^"\\]{1,80})"\s*:')
_MARGIN = 4096  # more than a separator, or the beginning or end of a page, may take
_DECODER = json.JSONDecoder()


class _Broken(NamedTuple):
    """What stands where an object should."""

    detail: str


def recognises(head: str, name: str, names: ColumnNames) -> bool:
    """Whether the text is JSON with a study in it, or with an object that has a criteria column."""
    start = head.lstrip("\ufeff \t\r\n")
    if not start.startswith(("{", "[")):
        return False
    return f'"{_STUDY}"' in start or bool(_PAGE.match(start)) or _layout(tuple(_KEY.findall(start)), names).has_criteria


def read(document: Document, names: ColumnNames) -> Iterator[Trial | Fault]:
    """One trial an object."""
    objects = _Objects(text_stream(document.head, document.stream))
    for number, (found, last) in enumerate(objects, 1):
        source = document.name if number == 1 and last else f"{document.name}#{number}"
        yield _record(found, source, names)


def _record(found: object, source: str, names: ColumnNames) -> Trial | Fault:
    if isinstance(found, _Broken):
        return Fault(source, None, "broken_record", found.detail, "Download this record again.")
    if not isinstance(found, dict):
        return Fault(source, None, "not_a_record", f"{type(found).__name__}, not an object", "Name a file of studies.")
    if isinstance(found.get(_STUDY), dict):
        return _study(found[_STUDY], source)
    header = tuple(found)
    known = _layout(header, names)
    if known.has_criteria:
        return trial({what: found[header[at]] for what, at in known.columns.items()}, source)
    return no_criteria_column(source, header, known)


@lru_cache
def _layout(keys: tuple[str, ...], names: ColumnNames) -> Layout:
    return layout(keys, names)


def _study(section: dict[str, object], source: str) -> Trial | Fault:
    def stated(module: str, field: str) -> object:
        fields = section.get(f"{module}Module")
        return fields.get(field) if isinstance(fields, dict) else None

    record = words(stated("identification", "nctId"))
    criteria = stated("eligibility", "eligibilityCriteria")
    if not isinstance(criteria, str):
        way_out = "Download the record whole, or with the field EligibilityCriteria."
        return Fault(source, record, "no_eligibility_text", "the record has no eligibilityCriteria", way_out)
    return Trial(
        trial_id=record or "",
        registry="ctgov",
        source=source,
        eligibility_text=criteria,
        title=words(stated("identification", "briefTitle")) or words(stated("identification", "officialTitle")),
        conditions=words_of(stated("conditions", "conditions")),
        phase="|".join(words_of(stated("design", "phases"))) or None,
        status=words(stated("status", "overallStatus")),
        sex=sex(stated("eligibility", "sex")),
        minimum_age=years(stated("eligibility", "minimumAge")),
        maximum_age=years(stated("eligibility", "maximumAge")),
        healthy_volunteers=yes_or_no(stated("eligibility", "healthyVolunteers")),
    )


class _Objects:
    """The JSON values of a stream, each with whether it is the last, and a `_Broken` for each that cannot be read."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = ""
        self._at = 0
        self._first_key = _STUDY

    def __iter__(self) -> Iterator[tuple[object, bool]]:
        more = self._skip_separators()
        while more:
            found = self._decode()
            more = self._skip_separators()
            yield found, not more

    def _read(self) -> bool:
        """Read on, as much again as is waiting, so that a long record is not tried over and over."""
        rest = self._text[self._at :]
        more = self._stream.read(max(HEAD, len(rest)))
        self._text, self._at = rest + more, 0
        return bool(more)

    def _skip_separators(self) -> bool:
        """Move to the next value; whether there is one."""
        while True:
            if len(self._text) - self._at < _MARGIN:
                self._read()
            between = _BETWEEN.match(self._text, self._at)
            if not between or between.end() == self._at:
                return self._at < len(self._text)
            self._at = between.end()

    def _decode(self) -> object:
        while True:
            try:
                found, self._at = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._is_cut(error) and len(self._text) - self._at < MAX_RECORD and self._read():
                    continue
                return self._skip_broken(f"not JSON: {error.msg}", error.pos)
            except (ValueError, RecursionError) as error:  # a number of thousands of digits; nesting without end
                return self._skip_broken(str(error), self._at)
            if isinstance(found, dict):
                self._first_key = next(iter(found), self._first_key)
            return found

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether the value may only go on in what has not been read yet."""
        return error.msg.startswith("Unterminated string") or error.pos > len(self._text) - 16

    def _skip_broken(self, detail: str, position: int) -> _Broken:
        """Go on at the next object that begins as those before it did, or at the next line that is an object."""
        alike = re.compile(rf'\{{\s*"{re.escape(self._first_key)}"\s*:')
        self._at += 1
        position = max(position, self._at)
        while True:
            found = filter(None, (alike.search(self._text, self._at), _OBJECT_LINE.search(self._text, position)))
            begin = min((match.start() for match in found), default=None)
            if begin is not None:
                self._at = begin
                return _Broken(detail)
            self._at = max(self._at, len(self._text) - _MARGIN)
            position = 0
            if not self._read():
                self._at = len(self._text)
                return _Broken(f"{detail}; no record after it can be told")
