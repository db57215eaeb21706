"""Measured changes: by how much a measure rose or fell is no limit on the measure itself.

"≥ 1 g/dL increase in hemoglobin" says nothing of how much there is. Where the lexicon has the change ("weight loss"),
it is the attribute; else the limit is on the words "increase in hemoglobin", of the kind that hemoglobin is.
"""

import re
from collections.abc import Container
from typing import NamedTuple

from trialcriteria.components.amounts import Quantity
from trialcriteria.components.limits import Limit
from trialcriteria.components.subjects import clause_start, words_after
from trialcriteria.lexicon import Attribute
from trialcriteria.units import convert

Span = tuple[int, int]
CHANGES = (
    (
        "decrease",
        re.compile(
            r"\b(?:drop(?:s|ped)?|fall(?:s|en)?|decreas\w+|decrements?|declin\w+|reduc\w+|lower(?:ed|ing))\b", re.I
        ),
    ),
    ("increase", re.compile(r"\b(?:rise|rises|rising|increas\w+|gain\w*|reversib\w+|improv\w+)\b", re.I)),
    ("change", re.compile(r"\b(?:difference|differ|change[sd]?|variation|var(?:y|ies)|fluctuat\w+)\b", re.I)),
)
NO_CHANGE = re.compile(r"\b(?:drugs?|medications?|agents?|therap\w+|treatments?|lowering)\b", re.I)
PARTICIPLE = re.compile(r"(?:increas|decreas|reduc|declin|lower)ed", re.I)
BEFORE_IT = (
    r"(?:\s|\b(?:of|in|from|for|to|the|an?|his|her|their|serum|plasma|total|mean|baseline|absolute|relative)\b)*"
)
TO_THE_MEASURE = re.compile(BEFORE_IT, re.I)
TO_THE_AMOUNT = re.compile(
    r"(?:\s|[(:,]|\b(?:of|by|from|baseline|is|was|at|the|an?|level|in|over|that|equal|to)\b)*", re.I
)
BY = re.compile(r"\b(?:of|by)\s+(?:an?\s+)?$", re.I)
FROM_BASELINE = re.compile(
    r"[^.;,]{0,20}\b(?:from|over|above|below|compared\s+(?:to|with))\s+(?:the\s+|a\s+)?(?:baseline|nadir)\b", re.I
)

CHANGE_BEHIND = re.compile(  # "≥ 25 % decrease from baseline in the HAM-D score"
    r"\s*(?:-?(?:times|fold)\s+)?(?:(?:relative|absolute|documented|further|mean|total|overall|sustained|spontaneous)\s+)*"
    r"(?P<change>(?:improvement|increase|rise|gain|decrease|reduction|decline|drop|fall|loss|worsening|deterioration|"
    r"change|variation|variability|fluctuation|difference|reversibility|response|compliance|adherence|concordance|"
    r"probability|likelihood|chance|risk|clearance)\b)(?P<of>\s+(?:from\s+(?:the\s+)?(?:pre-?\w*\s+)?(?:baseline|nadir)\s+)?"
    r"(?:of|in|for|from|with|to)\s+(?:(?:the|an?|his|her|their|baseline|ongoing)\s+)*)?",
    re.I,
)


class Change(NamedTuple):
    """A word that says that something changed: which way, and where it stands."""

    name: str
    start: int
    end: int


def change_said(text: str, q: Quantity, span: Span | None) -> Change | None:
    """The word beside an amount, in front of it or between it and its measure, that tells a change.

    "20 mmHg drop in systolic pressure", "a fall of LVEF by more than 10 %"; but "increased heart rate" is a state.
    """
    start = min(q.start, span[0]) if span else q.start
    places = [(max(clause_start(text, start), start - 40), q.start)]
    if span and span[0] > q.end:
        places.insert(0, (q.end, span[0]))
    for name, words in CHANGES:
        for place in places:
            said = list(words.finditer(text, *place))
            if said:
                rest = text[said[-1].end() : q.start] if place[1] == q.start else text[said[-1].end() : place[1]]
                state = PARTICIPLE.fullmatch(said[-1][0]) and " by " not in rest  # "increased heart rate > 100/min"
                if state or re.search(r"[,;.]", rest) or NO_CHANGE.search(rest):
                    break
                return Change(name, *said[-1].span())
    return None


def changed_behind(text: str, at: int) -> Span | None:
    """What changes by the amount that ends here, in the words behind it: "decrease in serum creatinine"."""
    said = CHANGE_BEHIND.match(text, at)
    of = words_after(text, said.end()) if said and said["of"] else None
    return (
        (said.start("change"), of[1] if of and said and of[0] == said.end() else said.end("change")) if said else None
    )


def name_of_change(id: str, words: str, known: Container[str]) -> str | None:
    """The attribute that the lexicon has for the change of a measure, if these words tell one."""
    return next((f"{id}_{name}" for name, said in CHANGES if f"{id}_{name}" in known and said.search(words)), None)


def limit_on_a_change(text: str, q: Quantity, id: str, span: Span | None, of: Attribute) -> Limit | None:
    """The limit of an amount on the change of a measure that the lexicon lists without its changes."""
    change = change_said(text, q, span) if span and q.reference is None and not q.pair else None
    if (
        change is None
        or span is None
        or text[change.start : change.end].endswith("ing")
        or id.endswith((change.name, "change", "loss"))
    ):
        return None
    if not _is_of(text, change, span, q) or not _is_no_state(text, change, q, of):
        return None
    apart = min(change.start, span[0]) < q.start < max(change.end, span[1])  # the amount stands between them
    words = span if apart else (min(change.start, span[0]), max(change.end, span[1]))
    return Limit(q, of.kind, None, words, "change-of-measure")


def _is_of(text: str, change: Change, span: Span, q: Quantity) -> bool:
    """Whether the word for the change stands right beside the measure, or beside the amount that is between them."""
    if change.start >= span[0] and change.end <= span[1]:
        return True
    if change.end <= span[0]:
        gap = (
            text[change.end : q.start] + text[q.end : span[0]]
            if change.end <= q.start <= span[0]
            else text[change.end : span[0]]
        )
        return TO_THE_MEASURE.fullmatch(gap) is not None
    return (
        span[1] <= change.start
        and len(text[span[1] : change.start].split()) <= 1
        and TO_THE_AMOUNT.fullmatch(text, change.end, q.start) is not None
    )


def _is_no_state(text: str, change: Change, q: Quantity, of: Attribute) -> bool:
    """Whether the amount is how far the measure went, and not where it arrived: "reduction of GFR < 60 mL/min"."""
    if change.start >= q.end or BY.search(text, max(0, q.start - 8), q.start) or FROM_BASELINE.match(text, q.end):
        return True
    if change.name == "increase":
        return (q.unit == "%" and "%" not in of.units) or _is_too_little(q, of)
    return change.name == "change" or not q.is_maximum


def _is_too_little(q: Quantity, of: Attribute) -> bool:
    """Whether an amount is below any sensible threshold of a measure."""
    unit = of.units[0] if of.units else None
    if of.plausible is None or q.value is None or q.unit is None or unit is None:
        return False
    worth = convert(float(q.value), q.unit, unit, molar_mass=of.molar_mass, valence=of.valence)
    return worth is not None and worth < of.plausible[0]
