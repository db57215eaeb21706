"""Amounts: what one number says with its comparator, unit and reference, as a bound or as both bounds of a range."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(slots=True)
class Quantity:
    """An amount with its comparator: low and high as stated, exact; `start`-`end` from comparator to unit."""

    start: int
    end: int
    operator: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    low_inclusive: bool | None = None
    high_inclusive: bool | None = None
    unit: str | None = None
    unit_text: str | None = None
    reference: str | None = None
    number_start: int = 0  # where the digits begin and end, without comparator and unit
    number_end: int = 0
    word: bool = False  # written as a word
    pair: "Quantity | None" = None  # the second value of a printed pair: 140/90 mmHg
    decimals: int = 0
    cue: str | None = None  # lexicon id of the window words in front
    stated: bool = False  # a comparator stands in the text
    form: str = "amount"

    @property
    def value(self) -> Decimal | None:
        """The one number of a single bound."""
        return self.low if self.low is not None else self.high

    @property
    def is_minimum(self) -> bool:
        """Whether only a lower bound is stated: "> 3", "at least 3"."""
        return self.operator in (">", ">=")

    @property
    def is_maximum(self) -> bool:
        """Whether only an upper bound is stated: "< 3", "at most 3"."""
        return self.operator in ("<", "<=")


def bound(q: Quantity, sign: str, value: Decimal) -> None:
    """Set the bound that a comparator states."""
    q.operator, q.stated = sign, True
    if sign in (">", ">="):
        q.low, q.low_inclusive = value, sign == ">="
    elif sign in ("<", "<="):
        q.high, q.high_inclusive = value, sign == "<="
    else:
        q.low = q.high = value
        q.low_inclusive = q.high_inclusive = True


def rebound(q: Quantity, sign: str) -> None:
    """Make `sign` the comparator of an amount, whatever its own words state; nothing if it has no one value."""
    value = q.value
    if value is not None:
        q.low = q.high = None
        bound(q, sign, value)
