"""Windows of announced lists: "any of the following within 6 months:" holds for each event that stands below it."""

import re
from collections.abc import Collection, Mapping, Sequence

from trialcriteria.canonical import Eligible, complement
from trialcriteria.datings import ANNOUNCES, children
from trialcriteria.records import Constraint, Criterion, Mention

LISTED_BELOW = re.compile(r"\b(?:following|these|below)\b(?!\s+(?:[\w-]+\s+)?criteri)", re.I)
GIVEN = re.compile(
    r"\b(?:treat\w+|therap\w+|medications?|medicines?|drugs?|agents?|received|vaccines?|procedures?)\b", re.I
)


def date_events(
    constraints: list[Constraint], mentions: list[Mention], criteria: Sequence[Criterion], aimed: Collection[str]
) -> tuple[list[Constraint], list[Mention]]:
    """Both with the windows of announced lists given to what stands below.

    `aimed`: the ids of rows that narrow a mention, be it kept or left out.
    """
    below = children(criteria)
    announcing = {criterion.criterion_id: criterion.text for criterion in criteria if _announces(criterion, below)}
    windows = [row for row in constraints if row.criterion_id in announcing and _waits(row, aimed)]
    if not windows:
        return constraints, mentions
    free = _undated(constraints, mentions)
    targets: dict[str, tuple[str, ...]] = {}
    for row in windows:
        text = announcing[row.criterion_id]
        listed = (mention for child in below[row.criterion_id] for mention in free.get(child, ()))
        targets[row.constraint_id] = tuple(m.mention_id for m in listed if _is_meant(m, row, text))
    return (
        [_bound(row, targets[row.constraint_id]) if targets.get(row.constraint_id) else row for row in constraints],
        [m._replace(narrowed=(*m.narrowed, *(id for id in targets if m.mention_id in targets[id]))) for m in mentions],
    )


def _announces(criterion: Criterion, below: Mapping[str, Sequence[str]]) -> bool:
    text = criterion.text
    return criterion.criterion_id in below and ANNOUNCES.search(text) is not None and bool(LISTED_BELOW.search(text))


def _undated(constraints: Sequence[Constraint], mentions: Sequence[Mention]) -> dict[str, list[Mention]]:
    """The mentions of each criterion that have no window of their own and lift nothing."""
    dated = {id for row in constraints if row.kind == "time_window" for id in row.targets}
    free: dict[str, list[Mention]] = {}
    for mention in mentions:
        if mention.mention_id not in dated and mention.exception_to is None:
            free.setdefault(mention.criterion_id, []).append(mention)
    return free


def _waits(row: Constraint, aimed: Collection[str]) -> bool:
    """Whether a window is of nothing in its own line, though it would bind."""
    if row.kind != "time_window" or row.targets or row.constraint_id in aimed or row.operator is None:
        return False
    return row.requirement in ("require", "forbid") and row.window_direction == "before"


def _bound(window: Constraint, targets: tuple[str, ...]) -> Constraint:
    """The window with what it is of, and so with what a patient must satisfy."""
    assert window.operator is not None
    stated = window.canonical_low, window.canonical_high, window.low_inclusive, window.high_inclusive
    eligible: Eligible = (window.operator, *stated, None)
    if window.requirement == "forbid":
        eligible = complement(window.operator, *stated)
    operator, low, high, low_in, high_in, _ = eligible
    return window._replace(
        targets=targets,
        eligible_operator=operator,
        eligible_low=low,
        eligible_high=high,
        eligible_low_inclusive=low_in,
        eligible_high_inclusive=high_in,
    )


def _is_meant(mention: Mention, window: Constraint, text: str) -> bool:
    """Whether a mention below is one of the things that the line above announces."""
    given = mention.label in ("treatment", "procedure") or GIVEN.search(text) is None
    return given and mention.requirement == window.requirement
