"""Windows that date tests: "laboratory values within 14 days before enrolment:" holds for the limits that follow.

Such a window narrows those limits, below it or behind it, and takes their requirement; a row of the contract that
targets a constraint has no `eligible_*` of its own.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from trialcriteria.records import Constraint, Criterion

DATED = re.compile(
    r"\b(?:tests?|testing|tested|laborator\w+|labs?|values?|functions?|ha?ematolog\w*|biochemi\w*|chemistr\w+|"
    r"parameters|criteri\w+|requirements|indicators|assessments?|obtained|performed|measured|counts|results?|showing|RHC|echocardiogra\w+)\b",
    re.I,
)
ORGANS = re.compile(r"\b(?:functions?|reserve|requirements|indicators|laboratory|lab|values)\b", re.I)
ANNOUNCES = re.compile(r"[:：]\s*$")
BEHIND = re.compile(r"[^:：;.<>≤≥]{0,60}[:：]")
MEASURED = frozenset({"lab", "vital", "scale", "lesion", "other", "count"})


def date_tests(
    constraints: Sequence[Constraint], criteria: Sequence[Criterion], raw: str, aimed: Collection[str]
) -> list[Constraint]:
    """`constraints` with the targets of windows that date tests: in the criterion behind a colon, else all below it.

    `aimed`: the ids of rows that narrow a mention, be it kept or left out; these date no tests.
    """
    text_of = {criterion.criterion_id: criterion.text for criterion in criteria}
    below = children(criteria)
    by_criterion: dict[str, list[Constraint]] = {}
    for row in constraints:
        by_criterion.setdefault(row.criterion_id, []).append(row)
    return [
        row if row.constraint_id in aimed else _dated(row, text_of, below, by_criterion, raw) for row in constraints
    ]


def children(criteria: Sequence[Criterion]) -> dict[str, list[str]]:
    """The ids of the criteria right below each one that has some."""
    below: dict[str, list[str]] = {}
    for criterion in criteria:
        if criterion.parent_id is not None:
            below.setdefault(criterion.parent_id, []).append(criterion.criterion_id)
    return below


@lru_cache(maxsize=256)
def _speaks_of_tests(text: str) -> bool:
    """Whether a text is about tests; the windows of one criterion ask it of the same text."""
    return DATED.search(text) is not None


def _dated(
    row: Constraint,
    text_of: dict[str, str],
    below: dict[str, list[str]],
    by_criterion: dict[str, list[Constraint]],
    raw: str,
) -> Constraint:
    if row.kind != "time_window" or row.targets or row.requirement == "permit":
        return row
    if not _speaks_of_tests(row.attribute_text or text_of[row.criterion_id]):
        return row
    own = by_criterion[row.criterion_id]
    targets: Iterable[Constraint] = ()
    if BEHIND.match(raw, row.end):
        targets = [other for other in own if other.start > row.end]
    if not targets and row.criterion_id in below and (ANNOUNCES.search(text_of[row.criterion_id]) or own == [row]):
        targets = _under(row.criterion_id, below, by_criterion)
    measured = [other for other in targets if other.kind in MEASURED]
    requirements = {other.requirement for other in measured} - {"permit", "describe"}
    if len(requirements) != 1:
        asked = row.requirement == "require" and row.attribute_text is not None
        return row._replace(requirement="describe") if asked and ORGANS.search(row.attribute_text or "") else row
    return row._replace(
        targets=tuple(other.constraint_id for other in measured),
        requirement=requirements.pop(),
        eligible_operator=None,
        eligible_low=None,
        eligible_high=None,
        eligible_low_inclusive=None,
        eligible_high_inclusive=None,
        eligible_levels=None,
    )


def _under(id: str, below: dict[str, list[str]], by_criterion: dict[str, list[Constraint]]) -> Iterable[Constraint]:
    for child in below.get(id, ()):
        yield from by_criterion.get(child, ())
        yield from _under(child, below, by_criterion)
