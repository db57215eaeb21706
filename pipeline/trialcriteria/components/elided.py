"""What a limit takes from elsewhere: a comparator, unit or reference that is said once, or in front of the measure.

"> 7 drinks a week (14 for men)", "≤ 3 x ULN (≤ 5 x if …)", "minimum life expectancy of 12 weeks", "< Gleason score 6".
"""

import re
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.further import WHICHEVER
from trialcriteria.components.limits import Hit, Limit, by_unit
from trialcriteria.components.other_groups import of_another_group
from trialcriteria.lexicon import Attribute
from trialcriteria.units import is_time


def take_comparator(text: str, q: Quantity, found: Sequence[Hit], limits: Sequence[Limit]) -> None:
    """ "More than 7 drinks per week (women) or 14 drinks per week (men)": the comparator is said once."""
    last = limits[-1].quantity if limits else None
    if q.operator is not None or last is None or not found or last.operator not in ("<", "<=", ">", ">="):
        return
    if (
        limits[-1].attribute == "fev1_increase"
        and found[0][0] in ("fev1", "fev1_increase")
        and last.unit == "%"
        and q.unit in ("mL", "L")
    ):
        rebound(q, last.operator)  # "≥ 12 % and 200 mL"
        return
    if (
        (
            not _alike(last, q)
            and not (last.reference and WHICHEVER.match(text, q.end))
            and not (found[0][0] == limits[-1].attribute == "alcohol" and of_another_group(text, q, last))
        )
        or not _goes_on_with(text, q, limits[-1], {by_unit(q, id) for id, _ in found})
        or not (re.search(r"\bor\b|\band\b|[(\[]", text[last.end : q.start]) or of_another_group(text, q, last))
        or len(text[last.end : q.start]) > 60
    ):
        return
    for half in (q, q.pair):
        if half is not None:
            rebound(half, last.operator)


SECOND_PRESSURE = re.compile(r"[\s(]*(?:in\s+)?(?:the\s+)?systolic\)?\s*(?:or|and|and/or)\s*", re.I)


OF_JOINTS = frozenset({"tender_joints", "swollen_joints"})
TENDER_OR_SWOLLEN = re.compile(
    r"(?:\s*(?:/|of)\s*\d\d)?\s+(?:tender|painful|swollen)\s+(?:joints?\s+)?(?:\((?:out\s+)?of\s+\d\d\)\s+)?(?:and|or)\s+",
    re.I,
)


def _goes_on_with(text: str, q: Quantity, last: Limit, found: Set[str]) -> bool:
    """Whether an amount is on the measure of the limit before, or on its other half.

    "20 systolic or 10 diastolic", "at least 3 tender and 3 swollen joints".
    """
    if last.attribute in found or (q.pair is not None and last.rule == "pressure-pair"):
        return True
    if last.attribute in OF_JOINTS and found & OF_JOINTS:
        return TENDER_OR_SWOLLEN.fullmatch(text, last.quantity.end, q.start) is not None
    return (
        "dbp" in found
        and (last.attribute or "").startswith("sbp")
        and SECOND_PRESSURE.fullmatch(text, last.quantity.end, q.start) is not None
    )


OF_ONE_SIZE = Decimal(10)  # a bare amount in brackets is one of the limit in front if it is not so many times as much


def take_unit(text: str, q: Quantity, limits: Sequence[Limit]) -> None:
    """ "Platelets > 50,000/uL (75,000 if the whole liver is treated)": the unit is said once."""
    last = limits[-1].quantity if limits else None
    if last is None or not (last.unit or last.reference) or q.unit or q.reference:
        return
    if limits[-1].attribute == "age" and IN_A_COUNTRY.fullmatch(text, last.end, q.start):
        q.unit = last.unit
        return
    if not (last.value and q.value) or (last.unit and last.unit != "ms" and is_time(last.unit)):
        return
    if q.pair is not None:
        if limits[-1].rule == "pressure-pair":  # "140/90 mmHg (130/80 for diabetics)"
            q.unit = q.pair.unit = last.unit
        return
    bracketed = IN_ITS_BRACKET.fullmatch(text, last.end, q.start) and WHEN.match(text, q.end)
    for_some = OR_FOR.fullmatch(text, last.end, q.start) and q.stated
    alike = (bracketed or for_some) and not q.word
    if (alike or of_another_group(text, q, last)) and 1 / OF_ONE_SIZE < q.value / last.value < OF_ONE_SIZE:
        q.unit, q.reference = last.unit, last.reference


IN_ITS_BRACKET = re.compile(r"[^()\[\];]{0,60}[(\[]\s*(?:or\s+)?")


OR_FOR = re.compile(r"\s*[,;]?\s*(?:or|and)?,?\s*(?:for|in)\s+[^.;,<>≤≥]{1,40},\s*", re.I)


IN_A_COUNTRY = re.compile(
    r"[^()\[\];]{0,25}[(\[]\s*(?:in\s+)?[A-Z][A-Za-z]+(?:\s[A-Z][a-z]+)?\s?:\s*"
)  # "(Korea: 19 to 75)"
WHEN = re.compile(r"\s*(?:if|when|in|for|with)\s+[a-z]", re.I)


def take_dose_comparator(text: str, q: Quantity, limits: Sequence[Limit]) -> None:
    """ "More than 300 mg/m² of doxorubicin or 450 mg/m² of epirubicin": the comparator is said once."""
    last = limits[-1] if limits else None
    if last is None or q.operator is not None or last.kind != "dose" or last.quantity.unit != q.unit:
        return
    sign = last.quantity.operator
    if (
        sign in ("<", "<=", ">", ">=")
        and ANOTHER_DRUG.fullmatch(text, last.quantity.end, q.start)
        and (OF.match(text, q.end) or A_DRUG.match(text, q.end))
    ):
        rebound(q, sign)


OF = re.compile(r"\s+of\s")


A_DRUG = re.compile(r"\s+[a-z][\w-]*(?:ine?|ol|ide?|mab|tinib|cin|one|ate)\b", re.I)  # "720 mg/m² epirubicin"
ANOTHER_DRUG = re.compile(r"\s+(?:of\s+)?[\w-]+(?:\s+[\w-]+){0,2}?\s*(?:,\s*)?(?:(?:and/or|or|and)\s+)?")


def _alike(one: Quantity, other: Quantity) -> bool:
    """Whether two units are one, as written or as understood, or two rates of the same: drinks a day and a week."""
    if one.unit is None or other.unit is None or one.unit_text == other.unit_text or "/" not in one.unit:
        return one.unit == other.unit or (one.unit_text is not None and one.unit_text == other.unit_text)
    return one.unit.partition("/")[0] == other.unit.partition("/")[0]


BARE_MULTIPLE = re.compile(r"\s?(?:x|×|times|-?fold)\s*(?=[,;)]|(?:or|and)\b)", re.I)


def share_reference(text: str, limits: Sequence[Limit]) -> None:
    """ "ALT above 2 x, or bilirubin above 1.5 x the upper limit": a bare multiple takes the next limit's reference."""
    for limit in limits:
        q = limit.quantity
        if limit.kind != "lab" or q.unit or q.reference or not BARE_MULTIPLE.match(text, q.end):
            continue
        later = [other for other in limits if 0 < other.quantity.start - q.end < 80]
        if later and later[0].quantity.reference in ("ULN", "LLN"):
            q.reference = later[0].quantity.reference


SAME_MULTIPLE = re.compile(
    r"\s?(?:x|×|times|-?\s?fold)(?=\s*(?:[,;)\]]|$|(?:or|and|if|in|for|with|when|unless|only|are|is|allowed|permitted)\b))",
    re.I,
)


def take_reference(text: str, q: Quantity, last: Quantity) -> None:
    """ "≤ 3 x ULN (≤ 5 x if liver metastases)": a bare multiple is one of what the limit before is a multiple of."""
    if q.unit or q.reference or last.reference not in ("ULN", "LLN") or not 0 < q.number_start - last.number_end < 80:
        return
    q.start = q.number_start if q.start < last.end else q.start  # "3-fold ULN at most (5-fold if …)"
    if times := SAME_MULTIPLE.match(text, q.end):
        q.reference, q.end = last.reference, times.end()


EXTREME = re.compile(r"\b(minimum|minimal|min\.?|lowest|maximum|maximal|max\.?|highest)\s+(?:\w+\s+)?$", re.I)


def led_by_extreme(text: str, q: Quantity, found: Sequence[Hit]) -> None:
    """ "minimum life expectancy of 12 weeks": the comparator stands in front of the measure."""
    if q.operator is not None or not found or found[0][1] is None:
        return
    said = EXTREME.search(text, max(0, found[0][1][0] - 24), found[0][1][0])
    if said and found[0][1][1] <= q.start:
        rebound(q, ">=" if said[1].lower()[:3] in ("min", "low") else "<=")


OR_BETTER = re.compile(r"\s*(?:points?\s+)?(?:or|and)\s+(?:(?P<worse>worse|poorer)|better)\b(?!\s+than)", re.I)


def or_better(text: str, q: Quantity, found: Sequence[Hit], attributes: Mapping[str, Attribute]) -> None:
    """ "Karnofsky 60 or better", "hemoglobin 8 g/dL or better": which way that is depends on the measure."""
    if q.operator is not None or len({attributes[id].worse for id, _ in found}) != 1:
        return
    if said := OR_BETTER.match(text, q.end):
        rebound(q, ">=" if (attributes[found[0][0]].worse == "high") == (said["worse"] is not None) else "<=")
        q.end = said.end()


SIGN_BEFORE = re.compile(r"(?:([<＜])|([>＞])|([≤≦⩽]|<\s?=|=\s?<)|([≥≧⩾]|>\s?=|=\s?>))\s?$")


ONLY_OF = re.compile(r"\s*(?:score|sum|grade|value|level)?\s*(?:of|is|:)?\s*", re.I)


def led_by_sign(text: str, q: Quantity, found: Sequence[Hit]) -> None:
    """ "< Gleason score 6": the sign stands in front of the measure."""
    if q.operator is not None or len(found) != 1 or found[0][1] is None:
        return
    start, end = found[0][1]
    sign = SIGN_BEFORE.search(text, max(0, start - 4), start)
    if sign and end <= q.start and ONLY_OF.fullmatch(text, end, q.start):
        rebound(q, ("<", ">", "<=", ">=")[(sign.lastindex or 1) - 1])
        q.start = sign.start()


FROM = re.compile(r"from\s+", re.I)


def from_here_on(text: str, q: Quantity, found: Sequence[Hit]) -> None:
    """ "Adults from 18 years", "platelets from 100,000/uL": without an end, "from" is where a measure begins."""
    if q.cue != "between" or q.operator is not None or not found or not FROM.match(text, q.start):
        return
    span = found[-1][1] if q.unit or q.reference else None
    if found[0][0] == "age" or (span and span[1] <= q.start and not text[span[1] : q.start].strip(" :(-–")):
        rebound(q, ">=")
