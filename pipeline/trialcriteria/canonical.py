"""Stated limits in the attribute's reporting unit, and what a patient must satisfy.

`eligible_*` is the stated limit where it is required and its complement where it is forbidden.
"""

from decimal import Decimal

from trialcriteria.components.limits import Limit
from trialcriteria.lexicon import Attribute
from trialcriteria.records import Operator, Requirement
from trialcriteria.units import convert

DAY = "d"
FLIP: dict[str, Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "between": "outside", "outside": "between"}


def number(value: Decimal | None) -> float | None:
    """A number read exactly, as it enters a table."""
    return None if value is None else float(value)


Canonical = tuple[float | None, float | None, str | None]


def in_reporting_unit(limit: Limit, attribute: Attribute | None) -> Canonical:
    """Both bounds in the attribute's reporting unit; (None, None, None) where the unit is not known.

    A stated unit of another dimension stays ("alcohol > 60 g/day" in drinks, eGFR in plain mL/min): no number turns the
    one into the other.
    """
    q = limit.quantity
    low, high = number(q.low), number(q.high)
    if limit.levels is not None or (low is None and high is None):
        return None, None, None
    if q.reference in ("ULN", "LLN", "baseline", "predicted"):
        scale = 0.01 if q.unit == "%" else 1.0
        return _scaled(low, scale), _scaled(high, scale), f"{{{q.reference}}}"
    if limit.is_time:
        to = DAY if q.unit != "{half_life}" else "{half_life}"
        return _converted(low, high, q.unit, to, None)
    per_time = attribute is not None and attribute.kind == "count" and q.unit is not None and "/" in q.unit
    if attribute is None or not attribute.units or per_time:  # "15 days per month" is no number of days
        return (low, high, q.unit) if q.unit else (None, None, None)
    if attribute.range is not None and q.unit == "%":  # "Karnofsky ≥ 70 %" means points
        return low, high, "{score}"
    unit = q.unit or _assumed_unit(attribute, low if low is not None else high)
    if unit is None:
        return None, None, None
    return _converted(low, high, unit, attribute.units[0], attribute)


def is_plausible(reported: Canonical, reference: str | None, attribute: Attribute | None) -> bool | None:
    """Whether all bounds are values that such a measure has; None where the lexicon or the limit does not tell.

    Haemoglobin of 10 mg/dL is kept as stated, and this says that another unit was probably meant.
    """
    ends = [end for end in reported[:2] if end is not None]
    if attribute is None or attribute.plausible is None or reference or not ends:
        return None
    if reported[2] not in attribute.units[:1]:
        return None  # of another dimension
    return attribute.can_be(*ends)


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else round(value * factor, 10)


def _converted(
    low: float | None, high: float | None, unit: str | None, to: str, attribute: Attribute | None
) -> Canonical:
    if unit is None:
        return None, None, None
    mass, valence = (attribute.molar_mass, attribute.valence) if attribute else (None, 1)
    ends = [None if x is None else convert(x, unit, to, molar_mass=mass, valence=valence) for x in (low, high)]
    if all(end is None for end in ends):
        return low, high, unit
    return *(None if end is None else float(f"{end:.12g}") for end in ends), to  # type: ignore[return-value]


def _assumed_unit(attribute: Attribute, value: float | None) -> str | None:
    """The one unit in which a bare number is plausible."""
    if value is None:
        return None
    if attribute.range is not None or (len(attribute.assumed) == 1 and attribute.plausible is None):
        return attribute.assumed[0] if attribute.assumed else None
    if attribute.kind in ("count", "lesion") and attribute.units[0].startswith("{"):
        return attribute.units[0]
    if attribute.plausible is None:
        return None
    fitting: dict[float, str] = {}
    for unit in attribute.assumed:
        there = convert(value, unit, attribute.units[0], molar_mass=attribute.molar_mass, valence=attribute.valence)
        if there is not None and attribute.can_be(there):
            fitting.setdefault(round(there, 6), unit)
    return next(iter(fitting.values())) if len(fitting) == 1 else None


Eligible = tuple[Operator | None, float | None, float | None, bool | None, bool | None, tuple[str, ...] | None]
NOTHING: Eligible = (None, None, None, None, None, None)


def eligible(
    limit: Limit, attribute: Attribute | None, requirement: Requirement, canonical: Canonical, targets: tuple[str, ...]
) -> Eligible:
    """What a patient must satisfy; nothing for rows that do not bind by themselves."""
    q = limit.quantity
    if requirement in ("permit", "describe") or q.operator is None or limit.narrows:
        return NOTHING
    if limit.kind == "time_window" and not targets:
        return NOTHING
    if limit.levels is not None:
        if requirement == "require":
            return "in", None, None, None, None, limit.levels
        if attribute is None or not attribute.closed:
            return NOTHING
        return "in", None, None, None, None, tuple(x for x in attribute.levels if x not in limit.levels)
    low, high, _ = canonical
    if q.operator == "in" or (low is None and high is None):
        return NOTHING
    if requirement == "require":
        return (
            q.operator,
            low,
            high,
            q.low_inclusive if low is not None else None,
            q.high_inclusive if high is not None else None,
            None,
        )  # type: ignore[return-value]
    return complement(q.operator, low, high, q.low_inclusive, q.high_inclusive)


def complement(
    operator: str, low: float | None, high: float | None, low_in: bool | None, high_in: bool | None
) -> Eligible:
    """What is left when a limit is forbidden.

    >>> complement("<", None, 1.0, None, False)
    ('>=', 1.0, None, True, None, None)
    >>> complement("between", 1.0, 2.0, True, False)
    ('outside', 1.0, 2.0, False, True, None)
    """
    if operator in ("<", "<="):
        return FLIP[operator], high, None, operator == "<", None, None
    if operator in (">", ">="):
        return FLIP[operator], None, low, None, operator == ">", None
    if operator == "=":
        return "outside", low, high, False, False, None
    return FLIP[operator], low, high, not low_in, not high_in, None
