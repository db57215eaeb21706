"""What is scored: bounds. A range is two, classes are one, so that `between 18-65` scores like `>= 18` and `<= 65`."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from trialcriteria.canonical import in_reporting_unit
from trialcriteria.components.amounts import Quantity
from trialcriteria.components.limits import Limit
from trialcriteria.lexicon import Lexicon
from trialcriteria.records import Constraint, Mention
from trialcriteria.units import convert

Span = tuple[int, int]
Side = Literal["low", "high"]

# Both ends of a range: the sign that each has, before the number itself is known to count or not.
ENDS: dict[str | None, tuple[str, str]] = {"between": (">", "<"), "outside": ("<", ">")}
PURE = {None, "1", "{score}"}
"""Three ways to say that a number has no unit."""
SPELLINGS = {
    "[iU]": "[IU]",
    "/24.h": "/d",
    "{log10}.[IU]": "{Log_IU}",
    "{log10}.{copies}": "{Log_copies}",
    "{mutation}/Mb": "{mut/Mb}",
}
WHOLE = {"lb": "[lb_av]", "in_i": "[in_i]"}
"""Units as annotators write them, and as the tables do."""


class Amount(NamedTuple):
    """A number in a unit; `{ULN}` and its like are units here."""

    value: float
    unit: str | None


class Bound(NamedTuple):
    """One end of a limit, with the same amount as stated and in the reporting unit."""

    row: Constraint
    operator: str | None
    amounts: tuple[Amount, ...]
    places: tuple[Span, ...]  # where the words stand that say what is bounded


def bounds(row: Constraint, places: Iterable[Span] = ()) -> list[Bound]:
    """The bounds of a row: two of a range, else one.

    >>> empty = Constraint(*(None,) * len(Constraint._fields))
    >>> row = empty._replace(operator="between", low=18.0, low_inclusive=True, high=65.0, unit="a")
    >>> [(bound.operator, *bound.amounts) for bound in bounds(row)]
    [('>=', Amount(value=18.0, unit='a')), ('<', Amount(value=65.0, unit='a'))]
    """
    known = tuple(places)
    if row.operator not in ENDS:
        side: Side = "high" if row.low is None else "low"
        return [Bound(row, row.operator, tuple(_amounts(row, side)), known)]
    low, high = ENDS[row.operator]
    return [
        Bound(row, low + "=" * bool(row.low_inclusive), tuple(_amounts(row, "low")), known),
        Bound(row, high + "=" * bool(row.high_inclusive), tuple(_amounts(row, "high")), known),
    ]


def _amounts(row: Constraint, side: Side) -> Iterator[Amount]:
    """The amount in the reporting unit, if that is known, and as stated."""
    stated, canonical = getattr(row, side), getattr(row, f"canonical_{side}")
    if canonical is not None:
        yield Amount(canonical, code(row.canonical_unit))
    if stated is not None and row.reference is None:
        yield Amount(stated, code(row.unit))
    elif stated is not None and canonical is None:
        yield Amount(stated, f"{{{row.reference}}}")


def code(unit: str | None) -> str | None:
    """A unit in one spelling; none where it says nothing.

    >>> code("[iU]/L"), code("g/24.h"), code("lb"), code("1")
    ('[IU]/L', 'g/d', '[lb_av]', None)
    """
    if unit is None or unit in PURE:
        return None
    for spelling, ours in SPELLINGS.items():
        unit = unit.replace(spelling, ours)
    return WHOLE.get(unit, unit)


def same(one: Amount, other: Amount) -> bool:
    """Whether two amounts are the same quantity, in whatever units.

    >>> same(Amount(1.5, "10*9/L"), Amount(1500, "/uL")), same(Amount(1.5, "10*9/L"), Amount(1.5, None))
    (True, False)
    """
    share = ratio(one, other)
    return share is not None and abs(share - 1) < 1e-6


def ratio(one: Amount, other: Amount) -> float | None:
    """How many times `other` is `one`; None where their units do not meet."""
    value: float | None = one.value
    if one.unit != other.unit:
        value = convert(one.value, one.unit, other.unit) if one.unit and other.unit else None
    if value is None:
        return None
    if other.value == 0:
        return 1.0 if value == 0 else float("inf")
    return value / other.value


def places(row: Constraint, rows: Mapping[str, Constraint | Mention]) -> Iterator[Span]:
    """Where the words stand that a row is about: its attribute's, and those of the rows that it narrows."""
    if row.attribute_start is not None and row.attribute_end is not None:
        yield row.attribute_start, row.attribute_end
    for target in (rows[name] for name in row.targets if name in rows):
        if isinstance(target, Mention):
            yield target.start, target.end
        elif target.attribute_start is not None and target.attribute_end is not None:
            yield target.attribute_start, target.attribute_end


def with_canonical(row: Constraint, knowledge: Lexicon) -> Constraint:
    """A gold row with its canonical columns filled by the function that fills them for read rows."""
    low, high = (None if value is None else Decimal(repr(value)) for value in (row.low, row.high))
    quantity = Quantity(row.start, row.end, row.operator, low, high, unit=code(row.unit), reference=row.reference)
    limit = Limit(quantity, row.kind, row.attribute, None, "gold", levels=row.levels)
    canonical = in_reporting_unit(limit, knowledge.attributes.get(row.attribute or ""))
    return row._replace(canonical_low=canonical[0], canonical_high=canonical[1], canonical_unit=canonical[2])
