"""Multiples: "2.5 x ULN", "80% of predicted"; and limits of normal that no number multiplies: "> ULN", "WNL"."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from trialcriteria.components.amounts import Quantity, bound
from trialcriteria.components.comparators import MIRROR, NOT, Sign, Signs
from trialcriteria.components.names import AMOUNT_BEYOND
from trialcriteria.components.terms import Term

MULTIPLE = re.compile(
    r"\s*[-(]?\s*(?:x|×|\*|·|ⅹ|∗|•|⋅|´|\?|times?|folds?|-\s?folds?|multiples of|multiple of)?\s*\(?\s*(?:[x×*]\s*)?"
    r"(?:(?:of|above|over|greater than|higher than|more than|beyond|exceeding|below|under|lower than|less than|"
    r"the|their|its|each|local|respective|site|lab|"
    r"laboratory|laboratory's|institutional|institution's|"
    r"institution|center's|centre's|study|age-?adjusted|age-?specific|age-?appropriate|applicable|standard|"
    r"serum|reported|our|central|investigational|hospital|relevant|corresponding|specific|own)\s+)*$",
    re.I,
)
BEYOND_BY = re.compile(  # "20 % above the ULN" is 120 % of it
    r"\b(?:(?P<above>above|over|higher|greater|more|beyond|exceed\w*)|(?P<below>below|under|lower|less))\b", re.I
)
TIMES_BETWEEN = re.compile(r"[x×*·ⅹ∗•⋅´]|times|fold|multiple|of|above", re.I)
TIMES_BEHIND = re.compile(r"\s*(?:x|×|\*|times)")
TIMES_BEFORE_NUMBER = re.compile(r"\s*(?:\(\s*[A-Z]{3,4}\s*\))?\s*(?:x|×|\*|times)\s*$", re.I)
TIMES_N = re.compile(r"\s?(?:[x×]\s?)?N\b(?![./\w+-])")  # "ALT > 5N": five times normal
TIMES_SOME_UPPER_LIMIT = re.compile(  # "3 x the upper limit of our facility standard"
    r"\s*(?:[x×]|times|-?fold)\s+(?:[\w’'-]+\s+){0,5}?"
    r"upper\s+(?:[\w’'-]+\s+){0,5}?(?:limits?|normal\w*|range|standards?)\b"
    r"(?:\s+limits?\b)?(?:\s+(?:of|for)\s+(?:[\w’'-]+\s+){0,3}?(?:normal\w*|standards?|range|reference)\b)?",
    re.I,
)
SHORT_FORM = re.compile(
    r"\s*[(\[]\s*(?:i?ULNR?|UNL|LLN|LNL|WNL|uln)\s*[)\]]|\s+(?:of normal|range|value|values|limits)\b"
)
OF_AN_ASSAY = re.compile(  # "HIV RNA below the lower limit of quantification" is no limit of normal
    r"\s+of\s+(?:the\s+)?(?:assay|quanti\w+|detect\w+)", re.I
)
PLUS_AN_AMOUNT = re.compile(r"\s*(?:range|value)?\s*[+±]\s*\d")  # "> ULN + 4 s" is no multiple of it
BEYOND = re.compile(rf"\d{AMOUNT_BEYOND}(?:\w+\s+)?$", re.I)
GENERIC = frozenset(
    {
        "the normal",
        "normal range",
        "normal value",
        "normal values",
        "the norm",
        "normal level",
        "normal levels",
        "normal",
        "normal limits",
        "normal limit",
        "reference range",
        "normal ranges",
        "normal reference range",
        "normal reference ranges",
        "reference ranges",
        "high normal",
        "upper limit",
        "upper limits",
        "lower limit",
    }
)


def multiple_of(
    text: str, q: Quantity, references: Sequence[Term], reference_of: Mapping[str, str]
) -> tuple[str, int] | None:
    """What the amount is a multiple or a percentage of, and where the words end."""
    term = next((t for t in references if q.end - 1 <= t.start <= q.end + 60), None)
    if normal := TIMES_N.match(text, q.end):
        return "ULN", normal.end()
    if term is None:
        return _some_upper_limit(text, q)
    name = reference_of[term.id]
    if name == "normal" or not MULTIPLE.match(text, q.end, term.start):
        return _some_upper_limit(text, q)
    words = text[term.start : term.end]
    twice = q.word and text[q.number_start : q.number_end].lower() in ("twice", "thrice")
    if words.lower() in GENERIC and not (twice or TIMES_BETWEEN.search(text, q.end, term.start)):
        return None
    if q.unit != "%" and (said := BEYOND_BY.search(text, q.end, term.start)) and said["below"]:
        return None
    if q.unit == "{percentile}":
        return None  # "above the 99th percentile of the URL": the limit itself, not a multiple of it
    if name == "predicted" and q.unit != "%":
        return None
    if name == "baseline" and q.unit != "%":
        times = TIMES_BEHIND.match(text, q.end) or "times" in words
        if q.unit is not None or not times:
            return None
    short = SHORT_FORM.match(text, term.end)
    return name, short.end() if short else term.end


def _some_upper_limit(text: str, q: Quantity) -> tuple[str, int] | None:
    """A multiple of an upper limit in words that are not listed."""
    upper = TIMES_SOME_UPPER_LIMIT.match(text, q.end) if q.unit is None else None
    return ("ULN", upper.end()) if upper else None


def say_of_the_whole(text: str, q: Quantity, unit_end: int) -> None:
    """ "> 20 % above the ULN" is > 120 % of it, "within 20 % of the ULN" ≤ 120 %, "> 10 % below the LLN" < 90 %."""
    value = q.value
    if q.unit != "%" or q.reference not in ("ULN", "LLN") or value is None or value >= 100:
        return
    said = BEYOND_BY.search(text, unit_end, q.end)
    within = text[q.start : q.number_start].lower().startswith("within")
    if said is None and not within:
        return
    below = said["below"] is not None if said else q.reference == "LLN"
    sign = "<=" if within else q.operator
    q.low = q.high = 100 - value if below else 100 + value
    if sign in MIRROR:
        q.low = q.high = None
        bound(q, MIRROR[sign] if below else sign, 100 - value if below else 100 + value)


def bare_references(
    text: str, singles: Sequence[Quantity], signs: Signs, references: Sequence[Term], reference_of: Mapping[str, str]
) -> list[Quantity]:
    """Limits without a number: "> ULN", "below the lower limit of normal", "within normal limits".

    A reference in front of its number ("ULN x 2.5") becomes that number's.
    """
    out = []
    for term in references:
        if any(q.start <= term.start < q.end for q in singles):
            continue
        name = reference_of[term.id]
        if (
            OF_AN_ASSAY.match(text, term.end)
            or PLUS_AN_AMOUNT.match(text, term.end)
            or BEYOND.search(text, max(0, term.start - 40), term.start)
        ):
            continue
        if name == "normal":
            out.append(_reference(term, term.start, name, "normal"))
            out[-1].operator, out[-1].stated = "in", True
            continue
        sign = signs.before(text, term.start)
        follower = _number_behind(text, term, singles)
        if follower is not None and follower.reference is None:
            _multiply(follower, term, name, sign)
        elif (
            (sign is None or sign.sign == "between")
            and name == "ULN"
            and (within := WITHIN_IT.search(text, max(0, term.start - 40), term.start))
        ):
            if words_are_the_upper_limit(text, term):
                out.append(_reference(term, within.start(), name, "reference"))
                bound(out[-1], "<=", Decimal(1))
        elif sign is not None and sign.sign in NOT and (limit := _limit_of_normal(text, term, name, sign.sign)):
            out.append(_reference(term, sign.start, limit, "reference"))
            bound(out[-1], sign.sign, Decimal(1))
        elif sign is not None and text[sign.start : term.start].strip() == "=" and name in ("ULN", "LLN"):
            out.append(_reference(term, sign.start, name, "reference"))  # most often of a lost ≤: "bilirubin = ULN"
            out[-1].low = out[-1].high = Decimal(1)
            out[-1].stated = True
    return out


WITHIN_IT = re.compile(  # "creatinine within the institutional upper limit of normal"
    r"(?<!not )\bwithin\s+(?:(?:the|their|its|local|laboratory|institutional|institution's|age-?adjusted)\s+)*$", re.I
)


def words_are_the_upper_limit(text: str, term: Term) -> bool:
    """Whether a reference says which of the limits it is: "ULN", "upper limits of normal", not "normal range"."""
    words = text[term.start : term.end].lower()
    return words not in GENERIC or words.startswith("upper")


def _reference(term: Term, start: int, name: str, form: str) -> Quantity:
    return Quantity(start, term.end, reference=name, form=form, number_start=term.start, number_end=term.end)


def _number_behind(text: str, term: Term, singles: Sequence[Quantity]) -> Quantity | None:
    """The amount that a reference in front of it is multiplied by: "ULN x 2.5"."""
    for q in singles:
        if 0 <= q.number_start - term.end <= 20 and TIMES_BEFORE_NUMBER.match(text, term.end, q.number_start):
            return q
    return None


def _multiply(q: Quantity, term: Term, name: str, sign: Sign | None) -> None:
    """Make the amount a multiple of the reference in front of it."""
    q.reference, q.unit = name, None
    q.start = term.start
    if sign and sign.sign in NOT:
        value = q.value
        q.low = q.high = None
        q.start = sign.start
        bound(q, sign.sign, value or Decimal(0))


def _limit_of_normal(text: str, term: Term, name: str, sign: str) -> str | None:
    """Which limit of normal a comparator means: above "normal" is above its upper limit, below it below the lower."""
    if name not in ("ULN", "LLN"):
        return None
    words = text[term.start : term.end].lower()
    if words not in GENERIC or words.startswith(("upper", "lower")):
        return name
    return {">": "ULN", "<": "LLN"}.get(sign)
