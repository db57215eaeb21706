"""Further limits: what goes on from the limit before, with the same measures, comparator or reference.

"≤ 2.5 x ULN, or ≤ 5 x ULN if …", "> 7 drinks a week (14 for men)", "8 g/dL (80 g/L)", "1 lesion ≥ 20 mm".
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from trialcriteria.components.amounts import Quantity
from trialcriteria.components.limits import HARD_BREAK, Limit, fits_by_id
from trialcriteria.components.nearest import AGAIN, CONDITIONAL, COUNTS_A_NOUN, is_few_of_a_noun
from trialcriteria.components.subjects import words_before
from trialcriteria.components.terms import Term
from trialcriteria.lexicon import Attribute
from trialcriteria.units import convert, is_time

ANOTHER_MEASURE = re.compile(
    r"\b(?!total|that|the|this|same)\w+\s+(?:score|subscore|index|scale|ratio|thickness|length|diameter)\s+(?:of|is)?\s*$",
    re.I,
)


FOR_SOME = re.compile(  # "≥ 11 g/dL for women; ≥ 12 g/dL for men"
    r"\s*(?:(?:for|in|if|subjects|patients|participants)\b[\w\s-]{0,30}|\([^()]{0,20}\))?\s*;\s*", re.I
)
GOES_ON = re.compile(r"\s*[;.]?\s*(?:or|if|unless|for|in|except|however|patients?|subjects?)\b", re.I)
OPENS_A_WINDOW = re.compile(  # "> 3 months for phase 1 and > 6 months for phase 2" is no window
    r"\b(?:within|for(?!\s+(?:(?:phase|part|cohort|arm|group|stage|stratum)\s+\w{1,3}|and|or)\b)|prior|last|past|during|"
    r"every|after|since|recent|acute|new)\b",
    re.I,
)
ONLY_AND = re.compile(r"\s*,?\s*and\s+", re.I)
NOUNS_BEHIND = re.compile(
    r"\s+(?!(?:in|of|on|at|by|for|or|and|with|without|if|as|to|per|is|are|was|were|from|after|before|within|during|when|who|"
    r"prior|unless|but|inclusive|respectively|for|since|over|despite|while|using|not)\b)[a-z]{4,}\s+[a-z]{5,}"
)
IN_BRACKET = re.compile(  # "… at screening (or", "… (Part 2:", "… (Asian:"
    r"^[^()\[\]]*[(\[]\s*(?:or|and|but)?\s*(?:(?:(?:in|for)\s+)?(?:part|cohort|arm|stratum|group|phase)\s+\w{1,3}\s*[:,]?|[^\d:()]{3,40}:|"
    r"[A-Z]\d:)?\s*$",
    re.I,
)


OF_A_STATE = re.compile(r"\s+(?:of|since|without)\s+(?!age\b|life\b|gestation)[a-z]", re.I)


def continues(text: str, q: Quantity, chain: list[Term], attributes: dict[str, Attribute], done: int) -> bool:
    """Whether a further limit is on the same measures: "≤ 2.5 x ULN or ≤ 5 x ULN with liver metastases"."""
    gap = text[done : q.start]
    kind = attributes[chain[0].id].kind
    bracketed = len(gap) <= 80 and IN_BRACKET.search(gap) is not None
    if len(gap) > 120 or (HARD_BREAK.search(gap) and not bracketed and gap.strip(" ;,(") and not GOES_ON.match(gap)):
        return False
    if not (q.stated or q.unit or q.reference or q.pair or _is_bare_in_brackets(text, q, gap)) or not all(
        fits_by_id(q, t.id, attributes) for t in chain
    ):
        return False
    if q.unit and is_time(q.unit) and not _measured_in_time(chain, attributes, gap):
        return False
    if kind == "age" and OF_A_STATE.match(text, q.end):
        return False  # "at least 45 years of age with ≥ 12 months of amenorrhoea"
    if chain[-1].id == "fev1_increase" and q.unit in ("mL", "L") and OF_REVERSIBILITY.fullmatch(gap):
        return True  # "reversibility of ≥ 12 % and 200 mL"
    if is_few_of_a_noun(text, q) or (kind == "lesion" and not q.unit and COUNTS_A_NOUN.match(text, q.end)):
        return False  # "anti-CCP > ULN, or at least one erosion"
    if ANOTHER_MEASURE.search(gap) or not (kind in ("lab", "vital", "age", "scale") or len(gap) < 30):
        return False
    if _of_a_noun_behind(text, q, gap):
        return False
    if not gap.strip(" ;,") and ";" in gap and q.stated:
        for_some = ALLOWED.match(text, q.end) or FOR_A_CASE.match(text, q.end)
        return for_some is not None or len(gap.strip()) < len(gap) - 3  # "women; < 12 g/dL men"
    joined = bool(AGAIN.match(gap) or CONDITIONAL.match(gap) or (bracketed and kind in ("lab", "vital")))
    for_others = FOR_SOME.fullmatch(gap) and OF_WHOM.match(text, q.end)
    return bool(joined or for_others) and (q.stated or q.reference is not None or is_elliptic(text, q, gap))


def _of_a_noun_behind(text: str, q: Quantity, gap: str) -> bool:
    """ "Attachment level ≥ 8 mm and at least 4 mm intrabony component": the second is on the noun behind it."""
    return bool(q.unit and q.stated and ONLY_AND.fullmatch(gap) and NOUNS_BEHIND.match(text, q.end))


def _measured_in_time(chain: Sequence[Term], attributes: dict[str, Attribute], gap: str) -> bool:
    """Whether a time goes on with measures that are times themselves, and is no window."""
    if not all(attributes[t.id].units and is_time(attributes[t.id].units[0]) for t in chain):
        return False
    return attributes[chain[0].id].kind in ("vital", "lab") or OPENS_A_WINDOW.search(gap) is None


OR_ELSE = re.compile(r"\b(?:or|and/or)\s*(?:(?:as|[a-z]+ly)\s+)?[\[(]?\s*$", re.I)
OF_WHICH = re.compile(r"[\s,]*(?:\([^()]*\)\s*)?(?:,\s*)?(?:of which|including)\s*$", re.I)
NO_MEASURE = re.compile(
    r"(?:in\s+)?(?:(?:part|cohort|arm|group|stratum|phase|stage)\s+\w{1,3}|none|others?|(?:higher|lower|greater)(?:\s+(?:value|level|count)s?)?|those|case|allowed|acceptable|randomi[sz]ation|"
    r"screening|visits?|baseline|study entry|apart|"
    r"old|age|(?:fe)?males?|(?:wo)?men|girls|boys|adults?|children|patients?|.*\b(?:ULN|LLN|upper limit|"
    r"normal range|lower limit)\b.*)",
    re.I,
)


A_LABEL = r"(?P<words>(?!(?:and|or|if|in|for|with|is|of|at|the)\b)[a-z][a-z-]+(?:\s+(?:and\s+)?[a-z-]+){0,3})\s*:?\s*"
FIRST_LABEL = re.compile(rf"\s*[:：]\s*{A_LABEL}(?=[<>≤≥=]|$)", re.I)
NEXT_LABEL = re.compile(rf"\s*[,;]\s*(?:and\s+|or\s+)?{A_LABEL}", re.I)


def has_label(text: str, q: Quantity, begin: int, measure: int) -> re.Match[str] | None:
    """The label of a limit in a list of them: "MMSE: illiterate ≤ 17, primary school ≤ 20".

    `begin`: where the measure, or the limit before it, ends; `measure`: where the measure does.
    """
    return (FIRST_LABEL if begin == measure else NEXT_LABEL).fullmatch(text, begin, q.start)


def is_same_again(
    text: str, q: Quantity, last: Quantity, chain: Sequence[Term], attributes: dict[str, Attribute]
) -> bool:
    """Whether a limit in the unit of the last one is on the same measures, whatever stands between them.

    "Thickness ≥ 300 um on Spectralis or ≥ 280 um on Cirrus", "≥ 10 g/dL; none ≥ 16 g/dL": no other measure is named.
    """
    gap = text[last.end : q.start]
    if not 0 < len(gap) < 100 or not all(fits_by_id(q, t.id, attributes) for t in chain):
        return False
    labelled = q.stated and FIRST_LABEL.match(text, chain[-1].end) and has_label(text, q, last.end, chain[-1].end)
    if labelled:
        return (q.unit, q.reference) == (last.unit, last.reference)
    if q.unit is None and q.reference is None:
        return q.stated and attributes[chain[0].id].kind == "count" and OF_WHICH.fullmatch(gap) is not None
    if q.unit != last.unit or q.reference not in (last.reference, None) or not q.stated:
        return False
    if q.reference != last.reference and last.reference != "predicted":
        return False
    if q.unit and is_time(q.unit) and q.unit != "ms":
        return False
    if OR_ELSE.search(gap):
        return HARD_BREAK.search(gap) is None
    if AT_ANOTHER_TIME.fullmatch(gap):
        return True
    words = words_before(text, q.start, last.end)
    if words is None:
        return False
    return (
        NO_MEASURE.fullmatch(text, *words) is not None
        or FOR_WHOM.fullmatch(text, last.end, words[0]) is not None
        or (WITH_WHAT.fullmatch(text, last.end, words[0]) is not None and text[words[1]] in ",:")
    )


AT_ANOTHER_TIME = re.compile(  # "≥ 40 mm at the start of the run-in period (Visit 1), and ≥ 50 mm at Visit 2"
    r"\s*(?:at|during)\s+(?:the\s+)?(?:(?:start|end|beginning|time|day)\s+of\s+[^.;,<>≤≥()]{3,50}|screening|baseline|visit\s\w{1,3}|"
    r"\d{1,2}(?::\d\d)?\s*[ap]\.?m\b\.?)\s*(?:\([^()]{1,30}\))?\s*,?\s+(?:and|but)\s*",
    re.I,
)
FOR_WHOM = re.compile(
    r"[^.;,]{0,20}[;,(]\s*(?:for|in|if)\s+(?:the\s+)?"
    r"(?:(?:patients|subjects|participants|those)\s+(?:with|on|of|receiving|taking|who\s+(?:are|have))\s+)?",
    re.I,
)  # "≥ 50 %; for MAC > 60 %"
WITH_WHAT = re.compile(r"[^.;,]{0,20}[;,.(]\s*(?:with|on|in|for|if)\s+", re.I)  # "≥ 100 G/L. With HCC, ≥ 60 G/L"
ALLOWED = re.compile(r"\s*(?:is|are|may be)?\s*(?:allowed|acceptable|permitted)\b", re.I)
FOR_A_CASE = re.compile(
    r"\s*(?:in\s+the\s+(?:presence|case)|in\s+(?:patients|subjects|participants|case)|for|if|with)\b", re.I
)
OF_REVERSIBILITY = re.compile(
    r"\s*(?:and|or|and/or|&)\s*(?:(?:by|of|at\s+least|an?|absolute|value|increase|change)\s+)*", re.I
)
ELLIPSIS = re.compile(r"[(\[][\s,]*$|(?:^|[\s(\[])(?:or|and)\s*$")
OF_WHOM = re.compile(  # a known condition is blanked out
    r"\s*(?:\([^()]*\)\s*)?(?:(?:if|for|in|with|when|on|during)\b|\s{4}|\([MF]\))", re.I
)

WHICHEVER = re.compile(r"[\s,;(]*whichever\b", re.I)


ONLY_A_BRACKET = re.compile(r"\s*[(\[]\s*(?:or\s+)?")
IF = re.compile(r"\s+if\s")


def is_elliptic(text: str, q: Quantity, gap: str) -> bool:
    """ "at least 1,000/mm³ (500/mm³ if the marrow is involved)", "140/90 or 130/80 in diabetics": bare, but for some.

    Or weighed against the one before: "≥ LLN or 50 %, whichever is lower".
    """
    joined = ELLIPSIS.search(gap) is not None
    whom = OF_WHOM.match(text, q.end) or WHICHEVER.match(text, q.end)
    amount = q.unit is not None or q.pair is not None
    return _is_bare_in_brackets(text, q, gap) or (amount and joined and whom is not None)


def _is_bare_in_brackets(text: str, q: Quantity, gap: str) -> bool:
    """ "INR ≤ 1.5 (3 if on warfarin)": a number of what has no unit."""
    return q.unit is None and ONLY_A_BRACKET.fullmatch(gap) is not None and IF.match(text, q.end) is not None


AT_TWO_VISITS = re.compile(r"\s+(?:at|on|in|during)\s+(?:[\w-]+\s+){1,4}and\s+", re.I)
ANOTHER_SENTENCE = re.compile(r"[.](?=\s+[A-Z])|\n|[•*]\s")


def goes_on_unnamed(
    text: str, q: Quantity, last: Quantity, chain: Sequence[Term], attributes: dict[str, Attribute], done: int
) -> bool:
    """Whether a stated limit that no words name is on the measures before it in its sentence, being in their unit.

    "Hb < 12 g/dL for women and < 14 g/dL for men", "HBV DNA ≥ 20,000 IU/mL (HBeAg positive) and ≥ 2,000 IU/mL (…)".
    """
    gap = text[done : q.start]
    if not chain or not q.stated or q.word or len(gap) > 100:
        return False
    if (q.unit, q.reference) == (None, None):  # "MMSE ≥ 14 at screening and ≥ 12 at baseline"
        kinds = {attributes[t.id].kind for t in chain}
        return kinds == {"scale"} and AT_TWO_VISITS.fullmatch(gap) is not None
    if (q.unit, q.reference) != (last.unit, last.reference) and last.form != "reference":
        return False
    if ANOTHER_SENTENCE.search(gap) or (q.unit and is_time(q.unit) and q.unit != "ms"):
        return False
    return all(fits_by_id(q, t.id, attributes) for t in chain)


def unlisted_again(text: str, q: Quantity, limits: Sequence[Limit], done: int) -> Limit | None:
    """A further limit in the same unit on words that the lexicon does not list."""
    last = limits[-1] if limits else None
    if last is None or last.attribute or last.quantity.end != done or last.kind == "count" or not q.stated:
        return None
    gap = text[done : q.start]
    same = (q.unit, q.reference) == (last.quantity.unit, last.quantity.reference)
    if not same or len(gap) > 100 or not (AGAIN.match(gap) or CONDITIONAL.match(gap)):
        return None
    return Limit(q, last.kind, None, last.span, "further-limit")


RESTATED = re.compile(
    r"\s*[(\[]\s*(?:or|=|≈|~|equivalent to|equals|i\.e\.,?|approximately|approx\.?|about|corresponding to|"
    r"that is)?\s*$|\s*,?\s*(?:or|i\.e\.,?)\s*$",
    re.I,
)


INCLUDING = re.compile(
    r"[(（,，]\s*(?:both\s+)?(?:including|inclusive(?:\s+of)?|includes?|both(?:\s+ages)?)\s+(?:both\s+)?(?:(?:the\s+)?ages?\s+(?:of\s+)?)?"
    r"(?:\d+(?:\s*years?(?:\s+old)?)?\s*(?:and|&|,|to|-)\s*)?$",
    re.I,
)
CORRESPONDS = re.compile(r"\b(?:corresponding|equivalent)\s+to\s*\(?$", re.I)
FARTHEST = 160  # characters between a limit and itself in another unit
IFCC = (Decimal("0.09148"), Decimal("2.152"))
"""HbA1c in % (NGSP) is so many times its mmol/mol (IFCC), plus so much: the master equation of the NGSP network."""

OF_ANOTHER = re.compile(r"\s+for\s+(?!(?:the|at|a|total)\b)")  # "within 3 months (90 days for biologics)"


ROUNDED = 0.1  # of an amount, by which one in another unit may differ: 0.9 mg/dL of magnesium are printed as 0.4 mmol/L


def restates(
    text: str,
    q: Quantity,
    last: Quantity,
    limits: Sequence[Limit],
    attributes: dict[str, Attribute],
    chain: Sequence[Term] = (),
) -> bool:
    """ "8 g/dL (80 g/L)": the same limit in other words, not a second one. `chain`: the measures of the last limit."""
    gap = text[last.end : q.start]
    again = RESTATED.match(gap) or (len(gap) < FARTHEST and (CORRESPONDS.search(gap) or INCLUDING.search(gap)))
    if not again or (q.operator and last.operator and last.operator != "outside" and q.operator[0] != last.operator[0]):
        return False
    if OF_ANOTHER.match(text, q.end):
        return False
    if last.operator == "between" and q.operator is None and q.value in (last.low, last.high):
        return INCLUDING.search(gap) is not None  # "18-75 years (including 18 and 75 years old)"
    ranges = last.operator == q.operator == "between" and is_time(last.unit or "") and is_time(q.unit or "")
    if ranges and last.unit != q.unit and text[q.end : q.end + 1] == ")":
        return True  # "between 1 and 6 months (28-182 days)"
    known = next((limit for limit in reversed(limits) if limit.quantity is last), None)
    named = known.attribute or (chain[-1].id if chain else None) if known else None
    attribute = attributes.get(named or "")
    if known is not None and known.attribute == "hba1c" and {q.unit, last.unit} == {"%", "mmol/mol"}:
        return _is_same_hba1c(*((last, q) if last.unit == "%" else (q, last)))
    mass, valence = (attribute.molar_mass, attribute.valence) if attribute else (None, 1)
    rates = all("/" in (unit or "") and (unit or "").startswith("{") for unit in (q.unit, last.unit))
    if (rates or q.unit == last.unit) and re.match(r"\s*,?\s*or\b", text[last.end : q.start], re.I):
        return False  # "more than 2 drinks per day or more than 14 drinks per week": each is enough
    value = last.value if last.operator != "outside" else last.high if q.operator in (">", ">=") else None
    if value is None or q.value is None or not q.unit or not last.unit or q.unit == last.unit:
        ranged = q.operator == last.operator == "between"  # "7-10 % (7-9 % on insulin)" begin alike
        alike = (q.low, q.high) == (last.low, last.high) if ranged else q.value is not None and q.value == last.value
        return alike and q.unit == last.unit
    same = convert(float(value), last.unit, q.unit, molar_mass=mass, valence=valence)
    return same is not None and abs(same - float(q.value)) <= ROUNDED * max(abs(same), 1e-9)


def _is_same_hba1c(percent: Quantity, molar: Quantity) -> bool:
    """Whether both are one HbA1c: 7.0 % is 53 mmol/mol, as printed, in whole ones."""
    slope, offset = IFCC
    one = "between" not in (percent.operator, molar.operator)
    bounds = [(percent.value, molar.value)] if one else [(percent.low, molar.low), (percent.high, molar.high)]
    return all(
        a is not None and b is not None and abs(slope * b + offset - a) <= Decimal("0.1")
        for a, b in bounds
        if a is not None or b is not None
    )


def size_under_count(text: str, q: Quantity, limits: Sequence[Limit]) -> Limit | None:
    """ "at least 1 lesion larger than 4 cm": the size narrows the count."""
    last = limits[-1]
    gap = text[max(last.quantity.end, last.span[1] if last.span else 0) : q.start]
    if (
        last.attribute != "lesion_count"
        or not q.unit
        or convert(1.0, q.unit, "mm") is None
        or len(gap) > 40
        or HARD_BREAK.search(gap)
    ):
        return None
    return Limit(q, "lesion", "lesion_size", last.span, "size-under-count", narrows=[len(limits) - 1])


def size_again(text: str, q: Quantity, limits: Sequence[Limit]) -> Limit | None:
    """ "≥ 1 lesion ≥ 20 mm by x-ray or ≥ 10 mm by CT": a second size of the same lesion."""
    last = limits[-1]
    gap = text[last.quantity.end : q.start]
    size = last.attribute == "lesion_size" and q.unit is not None and convert(1.0, q.unit, "mm") is not None
    if not size or not q.stated or len(gap) > 150 or not ANOTHER_SIZE.fullmatch(gap):
        return None
    return Limit(q, "lesion", "lesion_size", last.span, "further-limit", narrows=list(last.narrows))


ANOTHER_SIZE = re.compile(
    r"(?:\s+when\s+(?:measured|assessed)\s+(?:by|with|on)\b[^;.()<>≤≥\d]*?|\s+(?:by|with|on|using)\b[^,;.()<>≤≥\d]*?)?[\s,(]*(?:\bor\b|\band\b)?[\s(]*(?:\bas\s+)?",
    re.I,
)


def narrow_by_readings(text: str, limits: list[Limit], first: int) -> None:
    """ "SBP ≥ 140 mmHg on two occasions": how often it was measured narrows the limits before."""
    for limit in limits[first:]:
        if limit.attribute != "readings" or first == 0:
            continue
        last = limits[first - 1]
        gap = text[last.quantity.end : limit.quantity.start]
        if len(gap) < 50 and not HARD_BREAK.search(gap) and last.kind in ("lab", "vital", "other"):
            same = [
                i
                for i in range(first)
                if limits[i].kind == last.kind and last.quantity.start - limits[i].quantity.end < 60
            ]
            limit.narrows = [i for i in same if i >= first - 2]
