"""The words around a time that place it: "within the last", "prior to", "ago", and the event that they lead to."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from trialcriteria.components.amounts import Quantity
from trialcriteria.components.terms import Term

Entries = Mapping[str, Mapping[str, str]]
Anchor = tuple[str, tuple[int, int]]  # an event of the lexicon, and where its words stand

GAP_BEFORE = re.compile(
    r"[\s(]*(?:the|a|an|about|approximately|at|of|than|least|most|past|last|previous|preceding|prior|minimum|"
    r"is|was|must\s+be|should\s+be|maximum|entire|whole|full|period of|:)?\s*$",
    re.I,
)
GAP_BEHIND = re.compile(
    r"[\s,)]*(?:\([^()]{1,25}\)\s*)?(?:period|time|or more|or less|immediately|interval|duration|at least|"
    r"window|time frame|timeframe|just|directly|have elapsed|has elapsed|must have elapsed|should have elapsed|"
    r"elapsed|have passed|must have passed|has passed|passed|inclusive|shortly|later|or longer|full|,)?[\s,)]*$",
    re.I,
)
PAST_WHAT = re.compile(
    r"\s+(?:\d|(?:one|two|three|four|five|six|seven|ten|twelve)?\s*(?:day|week|month|year|decade)s?\b)", re.I
)
SETS_ASIDE = re.compile(r"with\s+(?:the\s+)?(?:exceptions?|exclusion)\b", re.I)
TO_ANCHOR = re.compile(
    r"[\s(\"',-]*(?:(?:the|a|an|their|his/her|this|your|any|each|first|study|planned|scheduled|expected|intended|"
    r"(?:and/or|and|or)\s+(?:again\s+)?(?:during|throughout|within|while\s+on|after|at)|\(?for|"
    r"(?:the\s+)?(?:patient|participant|subject)(?:'s|s')?|taking|starting|initiating|beginning|"
    r"anticipated|initial|date of|day of|time of|of|to|start of|signing|beginning of|on|at|being|be|entering|"
    r"during|throughout|in|into|receiving|completion of|completing|end of|undergoing|performing|current|"
    r"treatment)\s+)*$",
    re.I,
)


class Cue(NamedTuple):
    """Window words beside an amount."""

    id: str
    start: int
    end: int
    operator: str | None
    direction: str | None
    role: str


class Around(NamedTuple):
    """What stands around a time: cues in front of it and behind it, and the event that the one behind leads to."""

    front: Cue | None
    back: Cue | None
    anchor: Anchor | None

    @property
    def operator(self) -> str | None:
        """What the cues say of the distance."""
        said = self.front.operator if self.front else None
        return said or (self.back.operator if self.back else None)

    @property
    def role(self) -> str:
        """What the cues make of the time; without any it is how long a state lasts."""
        cue = self.front or self.back
        return cue.role if cue else "state"


def cue_before(text: str, q: Quantity, words: Sequence[Term], entries: Entries) -> Cue | None:
    """The cue right in front of a time; of two that end alike the longer one."""
    best = None
    for term in words:
        if term.end > q.number_start or q.start - term.end > 24 or not term.id.endswith(" before"):
            continue
        if term.end <= q.start and not GAP_BEFORE.match(text[term.end : q.start]):
            continue
        if term.start < q.start < term.end and q.cue != "between" and term.end < q.number_start:
            continue
        if best is None or term.end > best.end or (term.end == best.end and term.start < best.start):
            best = term
    return _cue(best, entries) if best else None


def cue_behind(text: str, q: Quantity, words: Sequence[Term], entries: Entries) -> Cue | None:
    """The cue right behind a time; of two that begin alike the longer one."""
    best = None
    for term in words:
        if term.start < q.number_end or term.end <= q.end or term.start - q.end > 40 or not term.id.endswith(" after"):
            continue  # "4 weeks [or more prior to]" begins inside the amount
        if not GAP_BEHIND.match(text[q.end : term.start]):
            continue
        if SETS_ASIDE.match(text, term.start) or (term.id.startswith("ago ") and PAST_WHAT.match(text, term.end)):
            continue
        if best is None or term.start < best.start or (term.start == best.start and term.end > best.end):
            best = term
    return _cue(best, entries) if best else None


def _cue(term: Term, entries: Entries) -> Cue:
    id = term.id.split()[0]
    entry = entries[id]
    return Cue(id, term.start, term.end, entry.get("operator"), entry.get("direction"), entry["role"])


def anchor_behind(text: str, at: int, anchors: Sequence[Term]) -> Anchor | None:
    """The event that a cue ending `at` leads to: "before [the first dose of] study drug"."""
    for term in anchors:
        if term.start < at or term.start - at > 50:
            continue
        if text[at] == "-" and term.id in ("first_dose", "treatment_start"):
            continue  # "12 months post-treatment" is after its end
        if TO_ANCHOR.match(text[at : term.start]):
            longest = max((t for t in anchors if t.start == term.start), key=lambda t: t.end)
            return longest.id, (longest.start, longest.end)
    return None


GIVEN = re.compile(r"first|initial|start|begin|initiat|dos|administ|day|cycle", re.I)


def is_whose_half_life(text: str, q: Quantity, anchor: Anchor) -> bool:
    """Whether what a half-life is said to be "of" is no anchor but the drug: "5 half-lives of the study drug"."""
    return (
        q.unit == "{half_life}"
        and anchor[0] in ("first_dose", "sampling")
        and GIVEN.search(text[slice(*anchor[1])]) is None
    )
