"""A copied registry page, as text: the layout of the first seed, and ClinicalTrials.gov's own, today's and the classic.

Offsets count in the file's own text, so `eligibility_text` is the whole page and `fields` are the stretches of it that
are eligibility criteria: only those are to be read. The page also holds names and telephone numbers, so its text must
not be written to any table: whoever writes one leaves out the text of a trial whose `registry` is "page".
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from trialcriteria.records import Fault, Field, Section, Trial
from trialcriteria.registries.columns import ColumnNames
from trialcriteria.registries.sources import Document
from trialcriteria.registries.stated import sex, years, yes_or_no
from trialcriteria.registries.text import whole_text

_BEGINS = ("criteria", "description", "eligibility", "eligibility criteria", "participation criteria")
_IDENTIFIERS = ("nct id", "nct number", "clinicaltrials.gov id", "clinicaltrials.gov identifier", "trial id")
_TITLES = ("brief title", "official title", "public title")
_CONDITIONS = ("conditions", "condition", "condition or disease", "conditions or diseases")
_PHASES = ("clinical phase", "phase", "study phase")
_STATUSES = ("recruitment status", "overall status", "study status")
_MINIMUM_AGES = ("minimum eligible age", "minimum age")
_MAXIMUM_AGES = ("maximum eligible age", "maximum age")
_AGES = ("ages eligible for study",)
_SEXES = ("eligible sex", "sexes eligible for study", "genders eligible for study")
_VOLUNTEERS = ("accepts healthy volunteers",)
_ENDS = (
    *(*_MINIMUM_AGES, *_MAXIMUM_AGES, *_AGES, *_SEXES, *_VOLUNTEERS, "sampling method", "study population"),
    *("sponsors", "sponsor", "responsible party", "principal investigators", "collaborators and investigators"),
    *("locations", "countries", "contacts", "contacts and locations", "central contacts", "study contact"),
    *(
        "facility contacts",
        "study plan",
        "other identifiers",
        "publications",
        "more information",
        "more related trials",
    ),
)
_LABELS = {*_IDENTIFIERS, *_TITLES, *_CONDITIONS, *_PHASES, *_STATUSES, *_ENDS}
_ENOUGH_LABELS = 3
_WORDS_OF_A_TITLE = 4

_LINE = re.compile(r"[^\r\n]*\S")
_ID = re.compile(r"\bNCT\d{8}\b")
_HEADING = re.compile(
    r"\W*(?:(?:key|main|major|general|patient|subject|participant) )*"
    r"(inclusion|exclusion|non-inclusion) criteria(?: (?:for\b|\().{0,40})?"
)
_CONTACT = re.compile(r"(?i)[\w.+-]+@[\w-]+\.\w|\W*(?:contact|phone|telephone|e-?mail)\b[^:]{0,20}:")
_AGE_RANGE = re.compile(r"(?i)(?:up to (\d+ \w+)|(\d+ \w+)(?: to (\d+ \w+)| and older))")
_EXPLAINS = (
    "check the participation requirements",
    "researchers look for people",
    "for general information about clinical research",
    "choosing to participate in a study",
    "information from the national library of medicine",
    "see the medical conditions",
)
"""How the sentences begin that a page itself puts under its labels."""


class _Line(NamedTuple):
    start: int
    end: int
    plain: str
    """In lower case, without the colon at its end."""


def recognises(head: str, name: str, names: ColumnNames) -> bool:
    """Whether the text has the labels of a registry page, each on a line of its own."""
    labels = {label for line in _lines(head) if (label := _label(line)) in _LABELS}
    return len(labels) >= _ENOUGH_LABELS


def read(document: Document, names: ColumnNames) -> Iterator[Trial | Fault]:
    """The one trial of a page."""
    found = whole_text(document)
    yield found if isinstance(found, Fault) else _trial(*found, document.stem)


def _trial(text: str, source: str, stem: str) -> Trial | Fault:
    lines = _lines(text)
    fields = tuple(_fields(text, lines))
    identifier = _ID.search(_value(text, lines, _IDENTIFIERS) or "") or _ID.search(text)
    record = identifier.group() if identifier else stem
    if not fields:
        detail = "a registry page without a stretch of eligibility criteria"
        return Fault(source, record, "no_eligibility_text", detail, "Copy the page with its eligibility section.")
    ages = _AGE_RANGE.match(_value(text, lines, _AGES) or "")
    up_to, lowest, highest = ages.groups() if ages else (None, None, None)
    conditions = _value(text, lines, _CONDITIONS)
    return Trial(
        trial_id=record,
        registry="page",
        source=source,
        eligibility_text=text,
        title=_value(text, lines, _TITLES) or _first_line(text, lines),
        conditions=(conditions,) if conditions else (),
        phase=_value(text, lines, _PHASES),
        status=_value(text, lines, _STATUSES),
        sex=sex(_value(text, lines, _SEXES)),
        minimum_age=years(_value(text, lines, _MINIMUM_AGES) or lowest),
        maximum_age=years(_value(text, lines, _MAXIMUM_AGES) or highest or up_to),
        healthy_volunteers=yes_or_no(_value(text, lines, _VOLUNTEERS)),
        fields=fields,
    )


def _first_line(text: str, lines: list[_Line]) -> str | None:
    """The first line, if it can be a title and is no "Home" or "Search results" of the site around the page."""
    first = text[lines[0].start : lines[0].end].strip()
    return first if len(first.split()) >= _WORDS_OF_A_TITLE else None


def _lines(text: str) -> list[_Line]:
    return [_Line(line.start(), line.end(), line.group().strip().rstrip(":").lower()) for line in _LINE.finditer(text)]


def _label(line: _Line) -> str:
    """What stands before the colon of "NCT ID: …", or the whole line."""
    return line.plain.partition(":")[0].strip()


def _value(text: str, lines: list[_Line], labels: tuple[str, ...]) -> str | None:
    """What a label says: after its colon, or on the next line that is no explanation."""
    for at, line in enumerate(lines):
        if _label(line) not in labels:
            continue
        if stated := text[line.start : line.end].partition(":")[2].strip():
            return stated
        below = next((other for other in lines[at + 1 :] if not other.plain.startswith(_EXPLAINS)), None)
        return text[below.start : below.end].strip() if below and _label(below) not in _LABELS else None
    return None


def _fields(text: str, lines: list[_Line]) -> Iterator[Field]:
    """The stretch of each section, from its heading to the next; a page without headings has one stretch."""
    region = _region(lines)
    headings = [(line, found) for line in region if (found := _HEADING.fullmatch(line.plain))]
    if not region:
        return
    sections: list[tuple[int, Section]] = [
        (line.start, "inclusion" if found[1] == "inclusion" else "exclusion") for line, found in headings
    ]
    first: Section = sections[0][1] if sections else "inclusion"
    sections = [(region[0].start, first), *sections[1:]]
    ends = [start for start, _ in sections[1:]] + [region[-1].end]
    for (start, section), end in zip(sections, ends, strict=True):
        yield Field(start, start + len(text[start:end].rstrip()), section)


def _region(lines: list[_Line]) -> list[_Line]:
    """The lines between the label of the criteria and whatever follows them on the page."""
    first_heading = next((at for at, line in enumerate(lines) if _HEADING.fullmatch(line.plain)), len(lines))
    begin = max(
        (at + 1 for at, line in enumerate(lines[:first_heading]) if line.plain in _BEGINS), default=first_heading
    )
    below = lines[begin:]
    end = next((at for at, line in enumerate(below) if _label(line) in _ENDS or _CONTACT.match(line.plain)), len(below))
    return [line for line in below[:end] if not line.plain.startswith(_EXPLAINS)]
