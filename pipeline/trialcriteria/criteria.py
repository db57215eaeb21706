"""Eligibility text -> criteria: sections, bullets, parents, arms, each with offsets into the raw text.

The story: the text is gathered into passages (`passages.py`); each is a heading, a title or a criterion, and those that
hold several criteria are cut (`layouts.py`, `headings.py`, `runons.py`); here they become the tree. Nothing is lost on
the way: `account` says for every stretch of the text what it became.

A bare label ("Hematopoietic", "Age:") is the `heading` of what follows; a label that is a bullet, or a line that
governs items ("Patients must have:"), is their parent. So the subject of "≥ 18" is in its parent or in its heading.
"""

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from trialcriteria import headings, languages
from trialcriteria.headings import Heading
from trialcriteria.layouts import parts
from trialcriteria.passages import COLONS, Passage, plain, prepare
from trialcriteria.records import Field, Section, SectionSource, Segment
from trialcriteria.unnamed import Part, exclusion_begins

_LETTER = {"inclusion": "I", "exclusion": "E", "other": "O"}
_DEEPEST = 8  # below this level items are siblings
MOST_ALTERNATIVES = 6
_ENDS_OR = re.compile(r"(?:\b|[;,]\s*)or\W{0,2}$", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:[;,；，]|\b(?:and|or)\W{0,2})$", re.IGNORECASE)
_MARKER = re.compile(r"\W*(?:(?:\w{1,4}|(?:In|Ex)clusion|[Cc]riteri(?:a|on))\W+){0,4}")


class Stretch(NamedTuple):
    """What a stretch of the text became."""

    start: int
    end: int
    kind: Literal["criterion", "heading", "marker", "skipped", "outside", "lost"]


def segment(text: str, fields: Sequence[Field] = ()) -> list[Segment]:
    """The criteria of one trial in text order, parents before their children.

    With `fields` only these stretches are eligibility text, and they name its section.

    >>> text = "Inclusion Criteria:\\n* Age \\\\>= 18\\n* Any of:\\n  * asthma\\n  * COPD\\nExclusion:\\n* Pregnancy"
    >>> for s in segment(text):
    ...     print(s.criterion_id, s.parent_id, s.children, s.text)
    I1 None None Age >= 18
    I2 None any Any of:
    I2.1 I2 None asthma
    I2.2 I2 None COPD
    E1 None None Pregnancy
    """
    return languages.marked(_Outline(text, fields).read(), text)


def raw_span(segment: Segment, start: int, end: int) -> tuple[int, int]:
    """Raw offsets of segment.text[start:end].

    An escaped character covers its backslash, an entity all of its letters, a space the line break it stands for.

    >>> s = segment("- ANC \\\\>= 1\\n  x")[0]
    >>> s.text, raw_span(s, 4, 6)
    ('ANC >= 1 x', (6, 9))
    """
    if len(segment.pieces) == 1:  # by far the most
        at, offset = segment.pieces[0]
        shift = offset - at
        return start + shift, segment.end if end >= len(segment.text) else max(start, end) + shift
    first = raw_offset(segment, start)
    return first, segment.end if end >= len(segment.text) else max(first, raw_offset(segment, end))


def raw_offset(segment: Segment, position: int) -> int:
    """Raw offset of the character at `position` of segment.text."""
    pieces = segment.pieces
    at, offset = pieces[bisect_right(pieces, (position, 1 << 62)) - 1]
    return offset + position - at


def account(text: str, fields: Sequence[Field] = ()) -> list[Stretch]:
    """Every stretch of `text` that is not blank, in order, with what it became; "lost" must never occur.

    >>> [(s.kind, s.start, s.end) for s in account("Inclusion:\\n- Age over 18")]
    [('heading', 0, 10), ('marker', 11, 12), ('criterion', 13, 24)]
    """
    outline = _Outline(text, fields)
    known = [Stretch(s.start, s.end, "criterion") for s in outline.read()] + outline.others
    return sorted(
        [*known, *_gaps(text, outline.scan, sorted(known), [(start, end) for start, end, *_ in outline.stretches])]
    )


def _gaps(text: str, scan: str, known: list[Stretch], inside: list[tuple[int, int]]) -> Iterator[Stretch]:
    """List markers and tags, text outside of the fields, and what should not be there."""
    edges = {0, len(text), *(edge for pair in inside for edge in pair), *(edge for s in known for edge in s[:2])}
    taken = {s.start for s in known}
    for start, end in itertools.pairwise(sorted(edges)):
        gap = text[start:end]
        if start in taken or not gap.strip():
            continue
        kind: Literal["marker", "outside", "lost"] = "outside"
        if any(a <= start < b for a, b in inside):
            kind = "marker" if all(_MARKER.fullmatch(line + " ") for line in scan[start:end].split("\n")) else "lost"
        yield Stretch(start + len(gap) - len(gap.lstrip()), start + len(gap.rstrip()), kind)


class _Outline:
    """One trial being read: where we are (section, heading, arm, open parents) and what was found."""

    def __init__(self, text: str, fields: Sequence[Field]) -> None:
        self.scan = prepare(text)
        self.stretches: list[tuple[int, int, Section, SectionSource]] = [
            (max(0, field.start), min(len(text), field.end), field.section, "field") for field in sorted(fields)
        ] or [(0, len(text), "inclusion", "assumed")]
        self.segments: list[Segment] = []
        self.others: list[Stretch] = []
        self.counts = {"inclusion": 0, "exclusion": 0, "other": 0}
        self.families: dict[int, int] = {}  # index of a parent -> number of its children
        self.choices: dict[int, str] = {}
        self.unsaid: int | None = None  # the parent whose words do not say how many of its children must hold

    def read(self) -> list[Segment]:
        """Walk through all stretches; afterwards `segments` and `others` account for the whole text."""
        for start, end, section, source in self.stretches:
            self.default, self.named = section, source
            self._begin(section, source)
            found = parts(self.scan, start, end)
            turn = exclusion_begins(self.scan, found) if source == "assumed" else None
            for n, (passage, heading) in enumerate(found):
                if n == turn:
                    self._begin("exclusion", source)
                if heading is None:
                    self._add(passage, found, n)
                elif heading.kind == "skipped":
                    self.others.append(Stretch(passage.start, passage.end, "skipped"))
                else:
                    self._enter(passage, heading)
                    if heading.kind == "section" and headings.states_limit(self.heading or ""):
                        self._add(passage, found, n)
                    elif heading.kind == "label" and self._heads_alternatives(found, n):
                        self._add(passage, found, n)
                        self.open[:] = [passage]
                    else:
                        self.others.append(Stretch(passage.start, passage.end, "heading"))
        for index, choice in self.choices.items():
            self.segments[index] = self.segments[index]._replace(children=choice)
        return self.segments

    def _begin(self, section: Section, source: SectionSource) -> None:
        self.section: Section = section
        self.source: SectionSource = source
        self.heading: str | None = None
        self.cohort: str | None = None
        self.cohort_indent: int | None = None  # of a bulleted arm: it ends with its list
        self.arm_waits = False  # an arm was named and no criterion came yet
        self.arm_spans = False  # it stood above a section heading, so it holds for the sections below
        self.open: list[Passage] = []

    def _enter(self, passage: Passage, heading: Heading) -> None:
        """Go into the section, arm or topic that a heading opens."""
        self.heading = headings.trimmed(plain(self.scan, passage.start, passage.end)[0])
        self.open = []
        if heading.kind == "cohort":
            self.cohort, self.arm_waits, self.arm_spans = heading.cohort, heading.cohort is not None, False
            self.cohort_indent = None if passage.bare else passage.indent
        elif heading.kind == "section":
            if heading.section:
                stated = self.named == "field" and heading.section == self.default
                self.section, self.source = heading.section, "field" if stated else "heading"
            self.arm_spans = not heading.cohort and (self.arm_spans or self.arm_waits)
            self.arm_waits = False
            if not self.arm_spans:
                self.cohort, self.cohort_indent = heading.cohort, None

    def _add(self, passage: Passage, found: list[Part], n: int) -> None:
        """One criterion, below its parent."""
        if self.cohort_indent is not None and not passage.bare and passage.indent <= self.cohort_indent:
            self.cohort, self.cohort_indent = None, None
        start, end, section, segments = passage.start, passage.end, self.section, self.segments
        text, pieces = plain(self.scan, start, end)
        parent = self._parent(passage, text) if self.open else None
        passage.index = len(segments)
        if parent is None:
            number = self.counts[section] = self.counts[section] + 1
            criterion_id, parent_id = f"{_LETTER[section]}{number}", None
        else:
            parent_id = segments[parent].criterion_id
            number = self.families[parent] = self.families.get(parent, 0) + 1
            criterion_id = f"{parent_id}.{number}"
            self._choose(parent, text)
        segments.append(
            Segment(criterion_id, parent_id, section, self.source, self.heading, self._arm(text, parent), None,
                    text, start, end, pieces)
        )  # fmt: skip
        self.arm_waits = False
        if not passage.bare or self._governs(text, passage, found, n):
            self.open.append(passage)
        if passage.more:
            if self._is_flat(passage):
                for item in passage.spread():
                    self._add(item, found, n)
            else:
                self._add_alike(passage, parent, parent_id)

    def _arm(self, text: str, parent: int | None) -> str | None:
        """The arm that a criterion is for: the one it opens with, else its parent's, else that of the heading."""
        opening = headings.opening_arm(text) if ":" in text or "：" in text else None
        return opening[0] if opening else self.cohort if parent is None else self.segments[parent].cohort

    def _add_alike(self, passage: Passage, parent: int | None, parent_id: str | None) -> None:
        """The plain items below `passage`: its siblings, leaves all of them."""
        scan, segments = self.scan, self.segments
        section, source, heading = self.section, self.source, self.heading
        if parent is None:
            prefix, number = _LETTER[section], self.counts[section]
            self.counts[section] += len(passage.more)
        else:
            prefix, number = f"{parent_id}.", self.families[parent]
            self.families[parent] += len(passage.more)
        for start, end in passage.more:
            number += 1
            text, pieces = plain(scan, start, end)
            segments.append(
                Segment(
                    f"{prefix}{number}",
                    parent_id,
                    section,
                    source,
                    heading,
                    self._arm(text, parent),
                    None,
                    text,
                    start,
                    end,
                    pieces,
                )
            )
            if parent is not None and parent == self.unsaid:
                self._choose(parent, text)
        passage.index = len(segments) - 1

    def _governs(self, text: str, passage: Passage, found: list[Part], n: int) -> bool:
        """Whether a paragraph announces the bullets below it."""
        if not text.endswith(COLONS) or n + 1 == len(found) or found[n + 1][1]:
            return False
        below = found[n + 1][0]
        return below.indent >= passage.indent and (not below.bare or below.indent > passage.indent + 1)

    def _heads_alternatives(self, found: list[Part], n: int) -> bool:
        """Whether a label stands above alternatives alone: "Performance status", "ECOG 0-2 OR", "Karnofsky ≥ 60"."""
        items: list[tuple[int, int]] = []
        for passage, heading in found[n + 1 :]:
            if heading is not None:
                break
            if passage.bare or len(items) + len(passage.more) >= MOST_ALTERNATIVES:
                return False
            items += [(passage.start, passage.end), *passage.more]
        if len(items) < 2:
            return False
        joined = [_ENDS_OR.search(self.scan[max(start, end - 8) : end].rstrip()) is not None for start, end in items]
        return all(joined[:-1]) and not joined[-1]

    def _parent(self, passage: Passage, text: str) -> int | None:
        """Index of the criterion that this one stands below; closes those that it ends."""
        stack = self.open
        top = stack[-1]
        alike = len(stack) == 1 and passage.shape == top.shape and passage.indent == top.indent and not passage.bare
        if alike and self.segments[-1].text[-1] not in COLONS:  # by far the most: an item below its sibling
            stack.clear()
            return None
        while stack:
            top = stack[-1]
            if len(stack) > _DEEPEST:
                stack.pop()
            elif passage.indent > top.indent + 1 and (top.bare or passage.bare or passage.content > top.content):
                break
            elif passage.bare and not top.bare and self._announced(top):
                break  # a bullet "… any of the following:", its list printed as a paragraph further left
            elif passage.bare or (passage.indent < top.indent - 1 and passage.content != top.content):
                stack.pop()
            elif top.bare or self._nests(passage, text, top):
                break
            else:
                stack.pop()
                if top.shape == passage.shape:
                    self._close_flat(passage, top)
                    break
                if not any(up.shape == passage.shape and not up.bare and self._level(up, passage) for up in stack):
                    break
        return stack[-1].index if stack else None

    def _announced(self, top: Passage) -> bool:
        """Whether the open bullet came just before and ends in a colon."""
        return top.index == len(self.segments) - 1 and self.segments[-1].text.endswith(COLONS)

    def _is_flat(self, passage: Passage) -> bool:
        """Whether the last open passage below which `passage` stands is printed on its own level."""
        above = [up for up in self.open[-2:] if up is not passage]
        return (
            bool(above) and not above[-1].bare and above[-1].shape == passage.shape and self._level(above[-1], passage)
        )

    def _close_flat(self, passage: Passage, sibling: Passage) -> None:
        """End a list printed on the level of its lead-in with the item that no comma, "or" or "and" follows."""
        if self._is_flat(passage) and not _GOES_ON.search(self.segments[sibling.index].text[-8:]):
            self.open.pop()

    def _level(self, up: Passage, passage: Passage) -> bool:
        return abs(up.indent - passage.indent) <= 1 or up.content == passage.content

    def _nests(self, passage: Passage, text: str, top: Passage) -> bool:
        """Whether an item set as deep as the one above stands below it all the same: "2. Any of: a. … b. …"."""
        shape = passage.shape
        if shape == top.shape:
            return self._announced(top) and bool(_GOES_ON.search(text[-8:])) and not self._goes_on_anyway(top)
        if any(up.shape == shape and self._level(up, passage) for up in self.open):
            return False
        announced = self.segments[top.index].text.endswith(COLONS)
        if not passage.ordinal or shape.isalpha():  # "I1." "E1."
            return announced
        return passage.first == 1 and (announced or any(c.isalnum() for c in top.shape))

    def _goes_on_anyway(self, top: Passage) -> bool:
        """Whether the item before the lead-in ends in a semicolon too, as all items of some lists do."""
        before = self.segments[top.index - 1] if top.index else None
        return before is not None and before.text[-1] in ";,；"

    def _choose(self, parent: int, text: str) -> None:
        """Say how many children must hold: the parent's words decide, then an "or" between them, then the section."""
        if parent not in self.choices:
            above = self.segments[parent]
            said = headings.stated_choice(above.text)
            self.choices[parent] = said or headings.silent_choice(above.text, above.section)
            self.unsaid = None if said else parent
        if self.unsaid == parent and _ENDS_OR.search(text, max(0, len(text) - 8)):
            self.choices[parent] = "any"
