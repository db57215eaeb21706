"""Two amounts that bound one thing: "18-75 years", "≥ 18 and ≤ 75", "< 60 or > 90", "5 ± 2", "35 weeks 6 days"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.comparators import NEGATED
from trialcriteria.components.terms import Term
from trialcriteria.units import convert, is_time

JOIN = re.compile(
    r"\s*(?:-|–|—|‒|−|~|～|〜|∼|˜|﹣|－|→|to|through|until|till|up to|and up to|to about|\.{2,3}|…|--)\s*(?:the\s+)?$",
    re.I,
)
AND = re.compile(
    r"\s*[,;]?\s*(?:and|but|\(but|&|to|or|and/or|yet|and is|but is|and also|and up to|,|–|-|~|)\s*(?:is |are |be )?$",
    re.I,
)
AGE_WORDS = re.compile(
    r"\b(?:years? |months? |weeks? |days? )?(?:of age|old|of life)\b|(?<=\d)-old\b|\binclusive\b", re.I
)
PRIOR = re.compile(r"^\s*(?:prior|previous)\b", re.I)
ITS_NOUN = re.compile(r"\s+(?!(?:years?|yrs?|and|or|at|of|with|inclusive)\b)[a-z]{3}")
PLUS_MINUS = re.compile(r"(?:±|\+\s?/\s?[-–−]|\+-|＋/－)\s*$")
OR = re.compile(r"\bor\b")
ONLY_OR = re.compile(r"\s*or\s*")
ONLY_AND = re.compile(r"\s*and\s*")
INCLUSIVE = re.compile(r"[\s,(]*(?:of age|old)?[\s,(]*(?:both\s+)?(?:(?:values?|limits?)\s+)?inclusive\b", re.I)
UP_TO = re.compile(r"(?:and )?up ?to\b", re.I)
PAUSE = re.compile(r"[;,.]")
PLUS_WORDS = re.compile(r"[\s,+]*(?:and|plus|\+)?\s*")
OUTSIDE = re.compile(  # "outside the range of 90-140 mmHg", "not between 18 and 30"
    r"\b(?:outside(?:\s+of)?|out\s+of|not\s+(?:be\s+|being\s+|fall(?:ing)?\s+)?(?:with)?in|not\s+(?=between\b))\s*"
    r"(?:(?:the|an?|its|their)\s+)?(?:(?:normal|reference|allowed|allowable|acceptable|following|laboratory|institutional|"
    r"target|specified|local|healthy)\s+){0,3}(?:ranges?|limits?|values?|intervals?)?\s*(?:of|from|between|:)?\s*[(\[]?\s*$",
    re.I,
)
OUTSIDE_LISTED = re.compile(  # "vital signs outside of the following ranges: pulse 50-105/min, SBP 90-160 mmHg"
    r"\b(?:outside(?:\s+of)?|out\s+of|not\s+within)\s+(?:any\s+of\s+)?(?:(?:the|these|their)\s+)?(?:[\w-]+\s+){0,3}?"
    r"(?:ranges?|limits?|parameters|values|following)\b[^.;:\d]{0,60}:(?:[^.]|\.\d)*$",
    re.I,
)
GOES_ON = re.compile(r"[^;.\d<>≤≥=]{0,60}\b(?:or|and)\s(?:[^;.\d<>≤≥=]{0,40}\s)?")
IN_OTHER_UNITS = re.compile(r"\s*[(\[]\s*(?:or|=|≈|~|approximately|approx\.?|about)?\s*$")
CLOSES = re.compile(r"\s*[)\]]")
LOW, HIGH = (">", ">="), ("<", "<=")


def join_bounds(text: str, singles: list[Quantity], terms: Sequence[Term]) -> list[Quantity]:
    """Two amounts that bound one thing become one quantity: "18-75 years", "≥ 18 and ≤ 75", "< 60 or > 90"."""
    between = [t for t in terms if t.group == "measure"]
    whole: list[Quantity] = []
    for q in singles:
        one = _compound(whole[-1], q, text[whole[-1].end : q.start]) if whole and q.end > whole[-1].end else None
        if one is not None:
            whole[-1] = one
        else:
            whole.append(q)
    out: list[Quantity] = []
    for q in whole:
        last = out[-1] if out else None
        joined = _join(text, last, q, between) if last is not None else None
        if last is not None and joined is None and len(out) > 1:
            joined = _join_over(text, out[-2], last, q, between)
            if joined is not None:
                out.pop()
        if joined is not None:
            out[-1] = joined
        elif last is not None and last.operator == "between" and _in_other_units(text, last, q):
            out.append(replace(q, form="restated"))
        else:
            out.append(q)
    for q in out:
        within = q.cue == "between" and q.operator is None and text[q.start : q.start + 6].lower() == "within"
        if within and (q.reference or (q.unit and not is_time(q.unit))):  # "within 12 cm of the anal verge"
            rebound(q, "<=")
    _turn_outside(text, out)
    return out


def _turn_outside(text: str, quantities: Sequence[Quantity]) -> None:
    """ "Outside the range of 50-100/min for women or 45-100/min for men": the word holds for each of the ranges."""
    last: Quantity | None = None
    for q in quantities:
        if q.operator != "between":
            last = None
            continue
        said = OUTSIDE.search(text, max(0, q.number_start - 60), q.number_start)
        goes_on = last is not None and q.start == q.number_start and GOES_ON.fullmatch(text, last.end, q.start)
        last = q if said or goes_on else None
        if last is not None or ("out" in text and OUTSIDE_LISTED.search(text, 0, q.number_start)):
            q.operator, q.start = "outside", min(q.start, said.start()) if said else q.start
            q.low_inclusive = q.high_inclusive = False


OF_TWO = re.compile(r"\b(?:and|or)\s+[a-z]", re.I)
NAME = 60  # characters that the name of a measure may take between its bounds


def _join(text: str, a: Quantity, b: Quantity, between: Sequence[Term]) -> Quantity | None:
    """The range that two neighbours make, if they do."""
    if b.start - a.end > (NAME if a.form == "turned" else 30) or b.form != "amount":
        return None
    gap = text[a.end : b.start]
    if a.form == "turned":
        return _turned(a, b, gap)
    if a.form != "amount" or a.operator in ("between", "outside") or a.value is None:
        return None
    if any(a.end <= t.start and t.end <= b.start and t.id != "age" for t in between):
        return None
    if a.pair is not None and b.pair is not None:
        first = _join(text, replace(a, pair=None), replace(b, pair=None), between)
        second = _join(text, a.pair, b.pair, between)
        return replace(first, pair=second) if first and second else None
    if a.pair is not None or b.pair is not None or b.value is None:
        return None
    aligned = _one_unit(a, b)
    if aligned is None or (a.reference and b.reference and a.reference != b.reference):
        return None
    if any(
        x.reference in ("ULN", "LLN") and y.unit not in (None, "%") and not y.reference for x, y in ((a, b), (b, a))
    ):
        return None  # "creatinine or its clearance: ≤ 1.5 x ULN or ≥ 60 mL/min"
    a, b = aligned
    gap = AGE_WORDS.sub(" ", gap)
    if a.unit is None:
        gap = PRIOR.sub(" ", gap)  # "at least one prior, but no more than 3 prior regimens"
    if a.stated and a.operator is None and not b.stated and _joins(gap):  # "BMI = 18.5-29.9"
        a = replace(a, stated=False)
    joined = (
        _plus_minus(a, b, gap)
        or _one_or_two(a, b, gap)
        or _from_to(text, a, b, gap)
        or _open_end(text, a, b, gap)
        or _two_sided(text, a, b, gap)
    )
    if joined and "(" in gap and text[joined.end : joined.end + 1] == ")":
        joined.end += 1  # "≥ 5 % (but < 15 %)"
    return joined


def _join_over(text: str, a: Quantity, again: Quantity, b: Quantity, between: Sequence[Term]) -> Quantity | None:
    """The range around a first end that is said again: "126 mg/dL (7.0 mmol/L) to 240 mg/dL (13.3 mmol/L)"."""
    closed = _in_other_units(text, a, again)
    return _join(text, replace(a, end=closed), b, between) if closed and a.unit == b.unit else None


def _in_other_units(text: str, q: Quantity, again: Quantity) -> int | None:
    """Where the bracket ends that says one amount again in other units: "150 mg/dL (1.7 mmol/L)"."""
    if not (q.unit and again.unit) or q.unit == again.unit or again.operator is not None or again.value is None:
        return None
    closing = CLOSES.match(text, again.end)
    return closing.end() if closing and IN_OTHER_UNITS.fullmatch(text, q.end, again.start) else None


def _joins(gap: str) -> bool:
    """Whether the words between two numbers say "to"."""
    return bool(gap.strip() and JOIN.match(gap))


def _turned(a: Quantity, b: Quantity, gap: str) -> Quantity | None:
    """Bounds on both sides of their subject: "18 ≤ age ≤ 75", "0.3 ≤ thyroid-stimulating hormone (TSH) ≤ 4"."""
    operators = {a.operator, b.operator}
    if not b.stated or PAUSE.search(gap) or operators.isdisjoint(LOW) or operators.isdisjoint(HIGH):
        return None
    low, high = (a, b) if a.low is not None else (b, a)
    if OF_TWO.search(gap) or (low.low is not None and high.high is not None and low.low > high.high):
        return None  # "18 ≤ age and BMI ≤ 30"
    joined = _range(a, b, low.low, high.high, low.low_inclusive, high.high_inclusive)
    joined.form = "around"
    return joined


def _plus_minus(a: Quantity, b: Quantity, gap: str) -> Quantity | None:
    """ "5 ± 2 days"."""
    if a.stated or b.stated or not PLUS_MINUS.search(gap):
        return None
    x, y = _values(a, b)
    return _range(a, b, x - y, x + y)


def _one_or_two(a: Quantity, b: Quantity, gap: str) -> Quantity | None:
    """ "1 or 2 cycles"."""
    x, y = _values(a, b)
    if a.stated or b.stated or a.unit is not None or y != x + 1 or not ONLY_OR.fullmatch(gap):
        return None
    return _range(a, b, x, y)


def _from_to(text: str, a: Quantity, b: Quantity, gap: str) -> Quantity | None:
    """ "18-75 years", "between 18 and 75", "18 to < 75", "18 years up to 75"."""
    if a.stated or (b.stated and b.operator not in HIGH) or (a.word != b.word and not b.stated):
        return None
    both = ONLY_AND.fullmatch(gap) and INCLUSIVE.match(text, b.end)  # "7.0 % and 9.0 % (both inclusive)"
    up_to = not gap.strip() and b.operator == "<=" and UP_TO.match(text, b.start, b.number_start)
    if not (both or up_to or JOIN.match(gap) or (a.cue == "between" and gap.strip() and AND.match(gap))):
        return None
    x, y = _values(a, b)
    if x == y or OR.search(gap):
        return None
    if x > y:  # "between day -28 and day -42", Snellen 20/40 to 20/320
        x, y = y, x
    joined = _range(a, b, x, y, True, b.operator != "<")
    joined.decimals = max(a.decimals, b.decimals)
    return joined


AT_LEAST = re.compile(r"(?:at\s+least|(?:a\s+)?minimum(?:\s+of)?|no\s+less\s+than)\b", re.I)


def _open_end(text: str, a: Quantity, b: Quantity, gap: str) -> Quantity | None:
    """A comparator in front of the first number only: "≥ 18 to 75"; "at least 4-6 weeks" are at least four."""
    x, y = _values(a, b)
    if a.operator not in LOW or b.stated or x >= y or not _joins(gap):
        return None
    joined = _range(a, b, a.low, y, a.low_inclusive)
    if b.unit in ("d", "wk", "mo") and AT_LEAST.match(text, a.start):
        joined.operator, joined.high, joined.high_inclusive = a.operator, None, None
    return joined


def _two_sided(text: str, a: Quantity, b: Quantity, gap: str) -> Quantity | None:
    """A comparator in front of each: "≥ 18 and ≤ 75"; "< 60 or > 90" is what lies outside of the range."""
    low, high = (b, a) if a.operator in HIGH else (a, b)
    if low.operator not in LOW or high.operator not in HIGH or not (AND.match(gap) or JOIN.match(gap)):
        return None
    assert low.low is not None and high.high is not None
    if low.low > high.high:
        outside = _range(a, b, high.high, low.low, high.high_inclusive, low.low_inclusive)
        outside.operator = "outside"
        return outside
    either = OR.search(gap) and not NEGATED.match(text, a.start)  # "not < 18 or > 75" is both
    if either or (a.unit and not b.unit and gap.strip() == "," and ITS_NOUN.match(text, b.end)):
        return None  # "below 6 months of age, minimum 1 seizure"
    return _range(a, b, low.low, high.high, low.low_inclusive, high.high_inclusive)


def _values(a: Quantity, b: Quantity) -> tuple[Decimal, Decimal]:
    """The numbers of two amounts that each have one."""
    assert a.value is not None and b.value is not None
    return a.value, b.value


def _range(
    a: Quantity,
    b: Quantity,
    low: Decimal | None,
    high: Decimal | None,
    low_inclusive: bool | None = True,
    high_inclusive: bool | None = True,
) -> Quantity:
    """Both as one range, in the unit and of the reference that the second states, else of the first's."""
    return replace(
        a,
        end=b.end,
        operator="between",
        low=low,
        high=high,
        low_inclusive=low_inclusive,
        high_inclusive=high_inclusive,
        unit=b.unit or a.unit,
        unit_text=b.unit_text or a.unit_text,
        reference=b.reference or a.reference,
        number_end=b.number_end,
        stated=True,
    )


FARTHEST_UNITS = 10_000  # hours and years may bound one time; "under 1 year, > 0.18 s" are two


def _one_unit(a: Quantity, b: Quantity) -> tuple[Quantity, Quantity] | None:
    """Both in the unit of one of them, the second's if it can be, where that loses nothing ("1 month to 21 years").

    Times that have no such unit are counted in days: "6 weeks to 5 years".
    """
    if not (a.unit and b.unit) or a.unit == b.unit:
        return a, b
    if b.unit.startswith(f"{a.unit}/") and not a.stated:
        return replace(a, unit=b.unit, unit_text=b.unit_text), b  # "8 mg to 25 mg per week"
    if (first := _in_unit(a, b.unit)) is not None:
        return replace(first, unit_text=b.unit_text), b
    if (second := _in_unit(b, a.unit)) is not None:
        return a, replace(second, unit_text=a.unit_text)
    if not (is_time(a.unit) and is_time(b.unit)):
        return None
    first, second = _in_unit(a, "d"), _in_unit(b, "d")
    return (first, second) if first and second else None


def _in_unit(one: Quantity, unit: str) -> Quantity | None:
    assert one.unit
    factor = convert(1.0, one.unit, unit)
    if factor is None or not 1 / FARTHEST_UNITS < factor < FARTHEST_UNITS:
        return None
    ends = [None if x is None else Decimal(str(round(float(x) * factor, 9))) for x in (one.low, one.high)]
    if any(x is not None and x != round(x, 4) for x in ends):
        return None
    return replace(one, low=ends[0], high=ends[1], unit=unit)


def _compound(a: Quantity, b: Quantity, gap: str) -> Quantity | None:
    """One time in two units: "35 weeks 6 days", "1 year and 6 months"."""
    if b.stated or not (a.unit and b.unit) or a.unit == b.unit or not (is_time(a.unit) and is_time(b.unit)):
        return None
    if not PLUS_WORDS.fullmatch(gap) or a.operator in ("between", "outside"):
        return None
    whole = convert(1.0, a.unit, b.unit)
    if whole is None or whole <= 1 or b.value is None or b.value >= Decimal(str(whole)):
        return None
    factor = Decimal(str(round(whole, 6)))
    low = None if a.low is None else a.low * factor + b.value
    high = None if a.high is None else a.high * factor + b.value
    return replace(a, end=b.end, low=low, high=high, unit=b.unit, unit_text=b.unit_text, number_end=b.number_end)
