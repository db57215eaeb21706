"""Classes as the numbers that other corpora write for them: `NYHA II or worse` is `>= 2` there."""

from collections.abc import Iterator, Sequence

from trialcriteria.records import Constraint
from trialcriteria.scoring.bounds import Bound, bounds, same

_ROMAN = {"I": 1.0, "II": 2.0, "III": 3.0, "IV": 4.0, "V": 5.0, "VI": 6.0}


def as_numbers(row: Constraint, gold: Sequence[Bound]) -> Constraint:
    """A row of classes as the statement about numbers that it equals; of several, that of the gold bounds around it.

    >>> empty = Constraint(*(None,) * len(Constraint._fields))
    >>> read = as_numbers(empty._replace(operator="in", levels=("0", "1", "2"), start=0, end=3), [])
    >>> read.operator, read.low, read.high
    ('between', 0.0, 2.0)
    """
    numbers = [number for level in row.levels or () if (number := _number(level)) is not None]
    if not numbers or len(numbers) != len(row.levels or ()):
        return row
    near = [bound for bound in gold if bound.row.start < row.end and row.start < bound.row.end]
    return max(_readings(row, min(numbers), max(numbers)), key=lambda reading: _fit(reading, near))


def _number(level: str) -> float | None:
    try:
        return _ROMAN.get(level) or float(level)
    except ValueError:
        return None


def _readings(row: Constraint, low: float, high: float) -> Iterator[Constraint]:
    plain = row._replace(levels=None)
    if low == high:
        yield plain._replace(operator="=", low=low, high=low, low_inclusive=True, high_inclusive=True)
    yield plain._replace(operator="between", low=low, high=high, low_inclusive=True, high_inclusive=True)
    yield plain._replace(operator=">=", low=low, low_inclusive=True)
    yield plain._replace(operator="<=", high=high, high_inclusive=True)
    yield plain._replace(operator=">", low=low - 1, low_inclusive=False)
    yield plain._replace(operator="<", high=high + 1, high_inclusive=False)


def _fit(reading: Constraint, near: Sequence[Bound]) -> float:
    """The share of its bounds that some gold bound agrees with."""
    own = bounds(reading)
    agreeing = [bound for bound in own if any(_agrees(bound, other) for other in near)]
    return len(agreeing) / len(own)


def _agrees(one: Bound, other: Bound) -> bool:
    values = any(same(a, b) for a in one.amounts for b in other.amounts)
    return values and other.operator in (one.operator, None)
