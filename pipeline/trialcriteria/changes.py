"""What changed in a trial between two runs: which limits were added, removed or altered.

Limits of the same section, kind and attribute may be the same limit; where the lexicon does not list the attribute, its
words stand for it. What reads the same is the same, wherever it now stands. Of the rest, the pair that agrees in most
is taken first, and what finds no partner is added or removed. Ids, offsets and links to other rows are not compared.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import product

from trialcriteria.records import Altered, Change, Constraint, TrialTables

MEANING = (
    "operator",
    "low",
    "high",
    "low_inclusive",
    "high_inclusive",
    "levels",
    "unit",
    "reference",
    "window_direction",
    "anchor",
    "condition",
    "condition_id",
    "negated",
    "requirement",
    "eligible_operator",
    "eligible_low",
    "eligible_high",
    "eligible_levels",
)
"""The columns that say what a limit is; two limits that agree in all of them are one."""

MOST_PAIRS = 100_000
"""Beyond so many possible pairs of one attribute in one trial, limits are paired in text order."""

_PLACES = [Constraint._fields.index(name) for name in MEANING]


def of_trial(before: TrialTables, after: TrialTables) -> list[Change]:
    """The rows of a trial whose text is another: one for the trial, then one for each limit that is not what it was."""
    return [_trial(after, "altered"), *of_limits(before.constraints, after.constraints)]


def added(trial: TrialTables) -> Change:
    """The row of a trial that the earlier run did not hold; its limits stand in its tables."""
    return _trial(trial, "added")


def removed(trial_id: str) -> Change:
    """The row of a trial that only the earlier run held."""
    return _blank._replace(trial_id=trial_id, what="trial", change="removed")


def of_limits(before: Sequence[Constraint], after: Sequence[Constraint]) -> list[Change]:
    """The rows for `before` and `after`, limits of one trial: altered and added in the order of `after`, then removed.

    >>> of_limits([], [])
    []
    """
    partners = _partners(before, after)
    taken = set(partners.values())
    changes = []
    for i, row in enumerate(after):
        if i not in partners:
            changes.append(_change(_absent, row))
        elif _meaning(before[partners[i]]) != _meaning(row):
            changes.append(_change(before[partners[i]], row))
    return changes + [_change(row, _absent) for i, row in enumerate(before) if i not in taken]


def _partners(before: Sequence[Constraint], after: Sequence[Constraint]) -> dict[int, int]:
    """The place in `before` of what each place in `after` was, where it was there."""
    found: dict[int, int] = {}
    old, new = _by_subject(before), _by_subject(after)
    for subject in new:
        same = _same(old[subject], new[subject], before, after)
        found |= same
        was = [i for i in old[subject] if i not in same.values()]
        now = [i for i in new[subject] if i not in same]
        found |= _nearest(was, now, before, after)
    return found


def _by_subject(rows: Sequence[Constraint]) -> defaultdict[Hashable, list[int]]:
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        words = (row.attribute_text or "").casefold() if row.attribute is None else ""
        places[row.section, row.kind, row.attribute, words].append(i)
    return places


def _same(was: list[int], now: list[int], before: Sequence[Constraint], after: Sequence[Constraint]) -> dict[int, int]:
    """Pairs that read the same, in text order."""
    waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
    for i in reversed(was):
        waiting[_meaning(before[i])].append(i)
    return {i: waiting[_meaning(after[i])].pop() for i in now if waiting[_meaning(after[i])]}


def _nearest(
    was: list[int], now: list[int], before: Sequence[Constraint], after: Sequence[Constraint]
) -> dict[int, int]:
    """Pairs of what reads differently, the best agreement first; the first in the text, where several agree as well."""
    if len(was) * len(now) > MOST_PAIRS:
        return dict(zip(now, was, strict=False))
    pairs = sorted(product(now, was), key=lambda pair: (-_agreement(before[pair[1]], after[pair[0]]), pair))
    found: dict[int, int] = {}
    taken: set[int] = set()
    for i, j in pairs:
        if i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def _agreement(one: Constraint, other: Constraint) -> int:
    return sum(a == b for a, b in zip(_meaning(one), _meaning(other), strict=True)) + (one.quote == other.quote)


def _meaning(row: Constraint) -> tuple[Hashable, ...]:
    return tuple(row[place] for place in _PLACES)


_blank = Change("", "constraint", "altered", *(None,) * (len(Change._fields) - 3))


def _trial(trial: TrialTables, change: Altered) -> Change:
    return _blank._replace(trial_id=trial.trial.trial_id, what="trial", change=change)


def _change(was: Constraint, now: Constraint) -> Change:
    known = was if now is _absent else now
    return Change(
        trial_id=known.trial_id,
        what="constraint",
        change="added" if was is _absent else "removed" if now is _absent else "altered",
        section=known.section,
        kind=known.kind,
        attribute=known.attribute,
        before=None if was is _absent else str(was),
        after=None if now is _absent else str(now),
        operator_before=was.operator,
        operator_after=now.operator,
        low_before=was.low,
        low_after=now.low,
        high_before=was.high,
        high_after=now.high,
        unit_before=was.unit,
        unit_after=now.unit,
        requirement_before=was.requirement,
        requirement_after=now.requirement,
        constraint_id_before=was.constraint_id,
        constraint_id_after=now.constraint_id,
    )


_absent = Constraint(*(None,) * len(Constraint._fields))  # type: ignore[arg-type]
