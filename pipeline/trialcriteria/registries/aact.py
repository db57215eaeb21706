"""AACT's pipe-delimited files: `eligibilities.txt`, with `studies.txt` and `conditions.txt` of the same folder or zip.

AACT writes every line end as `~`, so the text is decoded here, before offsets are counted; a `~` and a line end are
one character each, so offsets count in the file's own cell too. `decoded` says which `~` is a line end. Lost in AACT's
export and nowhere to be had back: quotation marks, every second blank line, the first blank of each indentation.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import PurePath
from typing import IO

from trialcriteria.records import Fault, Trial
from trialcriteria.registries.columns import ColumnNames, layout, no_criteria_column
from trialcriteria.registries.decoding import text_stream
from trialcriteria.registries.delimited import fitted, header_of, rows
from trialcriteria.registries.sources import DAMAGED, Document, damaged
from trialcriteria.registries.stated import sex, words, words_of, years, yes_or_no

_SIGN = "|"
_OWN_COLUMNS = {"nct_id", "criteria", "gender", "healthy_volunteers"}
_NO_CRITERIA = "a table of AACT without criteria; titles and conditions are read along with eligibilities.txt"

_BULLET = re.compile(r"(?:\\?[*•·◦▪●○⁃–—+-](?!\d))|[①-⑳]")
_NUMBER = re.compile(r"\(?(?:(\d{1,2})|[A-Za-z]|[ivxIVX]{1,5})(?:\\?[.):]|\.\d{1,2}\.?)\s")
_HEADING = re.compile(r"(?i)\W*(?:\w+\s){0,3}(?:inclusion|exclusion|criteria)|[a-z]{3}[^~]*:\s*(?:~|$)")
_CAPITAL = re.compile(r"[A-Z][a-z]|(?![IVX]+\b)[A-Z]{2}|[A-Z]\s[a-z]")
_WORDS = re.compile(r"(?<!\bmild)(?<!\bmoderate)(?<=[a-z]{3})~(?:[a-z]{3}|\()")
_SENTENCE_END = tuple(".;:!?,)")
_LIST_NUMBER = re.compile(r"(?:^|~\s*)\(?(\d{1,2})[.)]")
_AHEAD, _BEHIND = 200, 2000  # how far one decision looks, so that a text of 10 MB takes no longer than its length


def recognises(head: str, name: str, names: ColumnNames) -> bool:
    """Whether the header is that of `eligibilities.txt`."""
    return set(header_of(head, _SIGN)) >= _OWN_COLUMNS


def not_read_alone(head: str) -> tuple[str, str] | None:
    """What another table of AACT is and what to do with it, if that is what the file is."""
    header = header_of(head, _SIGN)
    if len(header) < 2 or "nct_id" not in header or "criteria" in header:
        return None
    return _NO_CRITERIA, "Name eligibilities.txt, or the folder or zip that holds it."


def read(document: Document, names: ColumnNames) -> Iterator[Trial | Fault]:
    """One trial a row of `eligibilities.txt`, with title, phase, status and conditions where those files are there."""
    found = rows(text_stream(document.head, document.stream), _SIGN, document.name)
    first = next(found, None)
    if first is None or isinstance(first, Fault):
        yield from [first] if first else []
        return
    header = first[1]
    known = layout(header, ColumnNames())
    if not known.has_criteria:
        yield no_criteria_column(document.name, header, known)
        return
    with closing(sqlite3.connect("")) as beside:  # on disk while it is open: a million titles are not held in memory
        yield from _companion(document, beside, "studies.txt", ("brief_title", "phase", "overall_status"))
        yield from _companion(document, beside, "conditions.txt", ("name",))
        for row in found:
            stated = row if isinstance(row, Fault) else fitted(*row, len(header), known.columns)
            yield stated if isinstance(stated, Fault) else _trial(*stated, beside)


def _trial(stated: dict[str, str], source: str, beside: sqlite3.Connection) -> Trial:
    record = stated.get("id", "").strip()
    study = beside.execute('SELECT * FROM "studies.txt" WHERE nct_id = ?', (record,)).fetchone()
    listed = beside.execute('SELECT * FROM "conditions.txt" WHERE nct_id = ?', (record,)).fetchall()
    _, title, phase, status = study or (None, None, None, None)
    return Trial(
        trial_id=record,
        registry="aact",
        source=source,
        eligibility_text=decoded(stated.get("criteria", "")),
        title=words(title),
        conditions=words_of(name for _, name in listed),
        phase=words(phase),
        status=words(status),
        sex=sex(stated.get("sex")),
        minimum_age=years(stated.get("minimum_age")),
        maximum_age=years(stated.get("maximum_age")),
        healthy_volunteers=yes_or_no(stated.get("healthy_volunteers")),
    )


def _companion(document: Document, beside: sqlite3.Connection, name: str, wanted: tuple[str, ...]) -> Iterator[Fault]:
    """Keep some columns of another table of AACT at hand, by trial; an absent file leaves them null."""
    columns = ("nct_id", *wanted)
    source = str(PurePath(document.name).with_name(name))
    beside.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
    try:
        for row in _columns(document.sibling(name), source, columns):
            if isinstance(row, Fault):
                yield row
            else:
                beside.execute(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(row))})', row)
    except DAMAGED as error:
        yield damaged(source, error)
    beside.execute(f'CREATE INDEX "by trial in {name}" ON "{name}" (nct_id)')


def _columns(file: IO[bytes] | None, source: str, columns: tuple[str, ...]) -> Iterator[list[str] | Fault]:
    if file is None:
        return
    with file:
        found = rows(text_stream(b"", file), _SIGN, source)
        first = next(found, None)
        if first is None or isinstance(first, Fault) or not set(columns) <= set(first[1]):
            yield Fault(source, None, "no_records", f"no header with {', '.join(columns)}", "Download the file again.")
            return
        places = {column: first[1].index(column) for column in columns}
        for row in found:
            stated = row if isinstance(row, Fault) else fitted(*row, len(first[1]), places)
            yield stated if isinstance(stated, Fault) else [stated[0][column] for column in columns]


def decoded(text: str) -> str:
    """The text with its line ends back; a `~` that is a range or says "about" stays.

    >>> decoded("Inclusion Criteria:~* ECOG 0~2~* Weight ~50 kg~Exclusion Criteria:~* Grade III~IV toxicity")
    'Inclusion Criteria:\\n* ECOG 0~2\\n* Weight ~50 kg\\nExclusion Criteria:\\n* Grade III~IV toxicity'
    """
    signs = list(text)
    for tilde in re.finditer("~", text):
        if _is_line_end(text, tilde.start()):
            signs[tilde.start()] = "\n"
    return "".join(signs)


def _is_line_end(text: str, at: int) -> bool:
    """Measured on 2,537 registry texts put through AACT's export: all line ends found, all 18 true tildes kept."""
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 1 + _AHEAD]
    line = after.lstrip()
    if not line or line[0] == "~" or len(after) - len(line) > 1:  # the end, a blank line, an indented or wrapped line
        return True
    if before == "\\":  # Markdown's own way to write a tilde
        return False
    if number := _NUMBER.match(line):
        return not (before.isdigit() and number[1]) or _continues_list(text, at, int(number[1]))
    if before in _SENTENCE_END or _BULLET.match(line) or _HEADING.match(line):
        return True
    return bool(_CAPITAL.match(after) or _WORDS.match(text, at))


def _continues_list(text: str, at: int, number: int) -> bool:
    """Whether `number` is next in the list, and so no upper end of a range ("ECOG 0~2. …" within item 5)."""
    before = _LIST_NUMBER.findall(text, max(0, at - _BEHIND), at)
    return number == (int(before[-1]) + 1 if before else 1)
