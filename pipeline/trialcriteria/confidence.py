"""Leaving out what was read with too little confidence, without changing what the rest says.

A limit without its exception, or a ban without its time window, would be wrong. So a row that falls below the
minimum takes along every row that is linked with it, and their digits stay visible as `unread` numerals.
"""

import re
from collections.abc import Iterator

from trialcriteria.records import Constraint, Mention, Numeral, TrialTables

Id = str
Row = Constraint | Mention


def leave_out(tables: TrialTables, minimum: float, text: str) -> TrialTables:
    """`tables` of a trial with eligibility text `text`, without rows below `minimum` and the rows linked with them."""
    low = {row.constraint_id for row in tables.constraints if row.confidence < minimum}
    if not low:
        return tables
    gone = _linked(tables, low)
    constraints = [row for row in tables.constraints if row.constraint_id not in gone]
    mentions = [row for row in tables.mentions if row.mention_id not in gone]
    lost = [row for row in _rows(tables) if _id(row) in gone]
    claiming: list[Row | Numeral] = [*constraints, *mentions, *tables.numerals]
    kept = [span for row in claiming for span in _spans(row)]
    numerals = sorted([*tables.numerals, *_unclaimed(lost, kept, text)], key=lambda numeral: numeral.start)
    touched = {row.criterion_id for row in lost}
    return TrialTables(
        tables.trial._replace(n_constraints=len(constraints)),
        [
            row._replace(status="partial") if row.criterion_id in touched and row.status == "read" else row
            for row in tables.criteria
        ],
        constraints,
        mentions,
        numerals,
    )


def _linked(tables: TrialTables, low: set[Id]) -> set[Id]:
    """All rows that a chain of targets, exceptions or groups joins to one of `low`."""
    neighbours: dict[Id, set[Id]] = {}
    for one, other in _links(tables):
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    found, waiting = set(low), list(low)
    while waiting:
        fresh = neighbours.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return found


def _links(tables: TrialTables) -> Iterator[tuple[Id, Id]]:
    """Pairs of linked ids; a group links its rows through a name of its own."""
    for row in _rows(tables):
        others = row.targets if isinstance(row, Constraint) else row.narrowed
        for other in (*others, row.exception_to):
            if other is not None:
                yield _id(row), other
        if row.group is not None:
            yield _id(row), f"{row.criterion_id} {row.group.split('/')[0]}"


def _rows(tables: TrialTables) -> list[Row]:
    return [*tables.constraints, *tables.mentions]


def _id(row: Row) -> Id:
    return row.constraint_id if isinstance(row, Constraint) else row.mention_id


def _spans(row: Row | Numeral) -> Iterator[tuple[int, int]]:
    yield row.start, row.end
    if isinstance(row, Constraint) and row.attribute_start is not None and row.attribute_end is not None:
        yield row.attribute_start, row.attribute_end


def _unclaimed(lost: list[Row], kept: list[tuple[int, int]], text: str) -> list[Numeral]:
    """A numeral for each run of digits that only rows now left out had claimed."""
    numerals: dict[int, Numeral] = {}
    for row in lost:
        for start, end in _spans(row):
            for digits in re.finditer(r"\d+", text[start:end]):
                at, until = start + digits.start(), start + digits.end()
                if not any(first < until and at < last for first, last in kept):
                    numerals[at] = Numeral(row.trial_id, row.criterion_id, digits.group(), at, until, "unread")
    return list(numerals.values())
