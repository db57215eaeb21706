"""A condition that several limits share, and limits that replace another one under theirs."""

import heapq
import re
from collections.abc import Sequence
from itertools import pairwise

from trialcriteria.components.condition_behind import COHORT_BEHIND, FURTHER_IN_BRACKETS
from trialcriteria.components.condition_words import COHORT, COHORTS
from trialcriteria.components.further import has_label
from trialcriteria.components.limits import CLAUSE_ENDS, Limit
from trialcriteria.components.telling import holds_any

ABOVE_LIMIT = {"creatinine_above_limit": "creatinine", "bilirubin_above_limit": "bilirubin"}


def replace(limits: Sequence[Limit]) -> None:
    """A conditional limit replaces the unconditional one on the same measure; two conditions exclude each other.

    So does one on another measure for those who miss the first: "CrCl ≥ 60 for patients with creatinine above …".
    """
    plain: dict[tuple[str, str | None], list[int]] = {}  # by kind and measure: the limits without a condition
    for index, limit in enumerate(limits):
        if limit.condition is None:
            plain.setdefault((limit.kind, limit.attribute), []).append(index)
            continue
        if limit.attribute is None or limit.exception_to is not None:
            continue
        measures = {limit.attribute, ABOVE_LIMIT.get(limit.condition_id or "", limit.attribute)}
        earlier = heapq.merge(*(plain.get((limit.kind, measure), ()) for measure in measures))
        limit.exception_to = next((i for i in earlier if _stands_before(limits[i], limit)), None)


def _stands_before(other: Limit, limit: Limit) -> bool:
    """Whether a limit stands in front of the condition of another one, with an amount of its own."""
    in_front = limit.condition is not None and other.quantity.end <= limit.condition[0]
    return in_front and other.quantity.start != limit.quantity.start


SEXES = {"m": "male", "f": "female", "w": "female"}
SEX = re.compile(r"(?:(?:fe)?males?|(?:wo)?m[ae]n)", re.I)


def give_sexes(text: str, limits: Sequence[Limit]) -> None:
    """ "Males ≥ 65 years or females ≥ 70 years": whom each age is for."""
    aged = [limit for limit in limits if limit.attribute == "age" and limit.span and limit.condition is None]
    sexed = [(limit, limit.span) for limit in aged if limit.span and SEX.fullmatch(text, *limit.span)]
    if len({SEXES[text[span[0]].lower()] for _, span in sexed}) == 2:
        for limit, span in sexed:
            limit.condition, limit.condition_id = span, SEXES[text[span[0]].lower()]


IN_ITS_BRACKET = re.compile(r"[^()\[\];.]{0,20}[(\[][^()\[\]]*$")
IF_IT_IS_NOT_MET = re.compile(
    r"(?:if|when|for|in|where)\b[^;.<>≤≥]{0,40}?\b"
    r"(?:higher|abnormal|elevated|above|exceed\w*|lower|not met|otherwise)\b",
    re.I,
)


def replace_beside(text: str, limits: Sequence[Limit]) -> None:
    """A limit on another measure that holds instead of the one right in front of it.

    It stands in brackets with its condition: "CrCl ≥ 45 mL/min (adolescents: creatinine ≤ 1.5 x ULN)", or is asked for
    where the first is missed: "creatinine normal; if abnormal, CrCl ≥ 50 mL/min".
    """
    for a, b in pairwise(limits):
        if b.condition is None or b.exception_to is not None or a.condition or a.is_time or b.is_time:
            continue
        if a.kind != b.kind or a.attribute == b.attribute or a.quantity.end > b.condition[0]:
            continue
        bracketed = IN_ITS_BRACKET.fullmatch(text, a.quantity.end, b.first) is not None
        instead = b.condition[0] - a.quantity.end < 12 and IF_IT_IS_NOT_MET.match(text, *b.condition)
        if bracketed or instead:
            b.exception_to = next(i for i, other in enumerate(limits) if other.quantity is a.quantity)


JOINED_TO_LAST = re.compile(r"\s*,?\s*(?:and|or)\s+(?:[\w-]+\s+){0,3}", re.I)


def share_in_front(text: str, limits: Sequence[Limit]) -> None:
    """ "For patients over 60, CrCl > 50 mL/min and creatinine < 1.5 mg/dL": what "and" joins holds under it too."""
    for a, b in pairwise(limits):
        in_front = a.condition is not None and a.condition[1] <= a.first
        if not in_front or b.condition is not None or a.is_time or b.is_time or b.kind != a.kind:
            continue
        end = max(a.quantity.end, a.span[1] if a.span else 0)
        if end <= b.first and JOINED_TO_LAST.fullmatch(text, end, b.first):
            b.condition = a.condition


CLOSED = re.compile(r"\s*(?:[;.]|$)")


def share_cohort(text: str, limits: Sequence[Limit]) -> None:
    """ "Vitamin D < 10 ng/ml or calcium > ULN (Part B only).": a bracket that ends a list holds for all of it."""
    for index, limit in enumerate(limits):
        bracket = COHORT_BEHIND.match(text, limit.quantity.end)
        if not bracket or limit.rule == "further-limit" or limit.condition != bracket.span("words"):
            continue
        if not CLOSED.match(text, bracket.end()):
            continue
        for other in reversed(limits[:index]):
            if other.condition or CLAUSE_ENDS.search(text, other.quantity.end, limit.first):
                break
            if not other.is_time:
                other.condition = limit.condition


PART = re.compile(rf"\(\s*(?P<words>{COHORT})\s*\)(?=\s*(?:[;.,]|or\b|and\b|$))", re.I)


def share_parts(text: str, limits: Sequence[Limit]) -> None:
    """ "≥ 2 regimens with platinum (Part 1); ≥ 1 regimen and unfit (Part 2)": each bracket holds for what it ends."""
    brackets = list(PART.finditer(text)) if holds_any(text, COHORTS) else []
    if len({bracket["words"].lower() for bracket in brackets}) < 2:
        return
    for limit in limits:
        bracket = next((one for one in brackets if one.start() >= limit.quantity.end), None)
        if bracket is None or limit.condition or limit.is_time:
            continue
        if not CLAUSE_ENDS.search(text, limit.quantity.end, bracket.start()):
            limit.condition = bracket.span("words")


METHOD = re.compile(
    r"\s*(?P<words>(?:by|with|on|using)\s+(?:the\s+)?(?:a\s+)?(?:spiral|helical|conventional|chest|CT|MRI|x-?ray|physical|"
    r"clinical|multi\w*|calipers?|other)\b[^,;.()<>≤≥\d]{0,30}?)(?=\s*(?:[,;.(){}\[\]]|\bor\b|\band\b|$))",
    re.I,
)


def give_methods(text: str, limits: Sequence[Limit]) -> None:
    """ "≥ 20 mm by chest x-ray or ≥ 10 mm by spiral CT": two sizes, each under its method."""
    for a, b in pairwise(limits):
        if a.attribute != b.attribute or a.kind != "lesion" or b.quantity.start - a.quantity.end >= 60:
            continue
        one, other = METHOD.match(text, a.quantity.end), METHOD.match(text, b.quantity.end)
        if one and other and a.condition in (None, b.condition, one.span("words")):
            a.condition = a.condition or one.span("words")
            b.condition, b.exception_to = other.span("words"), None


WAY = re.compile(
    r"\s*(?P<words>(?P<how>on|by|with|using|via|for)\s+(?:the\s+)?[^\s,;.()<>≤≥\d][^,;.()<>≤≥]{1,30}?(?:\s\([^()]*\))?)"
    r"(?=\s*(?:[,;.)]|\bor\b|\band\b|$))",
    re.I,
)
WITHOUT = re.compile(r"without\b", re.I)


def give_ways(text: str, limits: Sequence[Limit]) -> None:
    """ "≥ 300 um on Spectralis or ≥ 280 um on Cirrus", "≤ 9 g/dL with symptoms or ≤ 7 g/dL without": each its own."""
    for a, b in pairwise(limits):
        if a.attribute != b.attribute or a.is_time or a.levels or b.quantity.start - a.quantity.end > 60:
            continue
        one, other = WAY.match(text, a.quantity.end), WAY.match(text, b.quantity.end)
        if (
            one is None
            or a.condition not in (None, one.span("words"))
            or not ON_TO_THE_NEXT.fullmatch(text, one.end(), b.quantity.start)
        ):
            continue
        if b.condition and WITHOUT.match(text, b.condition[0]) and one["how"].lower() == "with":
            a.condition = one.span("words")
        elif b.condition is None and other and one["how"].lower() == other["how"].lower():
            a.condition, b.condition = one.span("words"), other.span("words")


LABEL = re.compile(r"\s*\((?P<words>[A-Za-z][A-Za-z -]{1,24})\)")
ON_TO_THE_NEXT = re.compile(r"\s*(?:,|;|/|\bor\b|\band\b)*\s*")


def give_labels(text: str, limits: Sequence[Limit]) -> None:
    """ "LVEF ≥ 45 % (mild conditioning) or ≥ 50 % (full conditioning)": each under the label in its brackets."""
    for a, b in pairwise(limits):
        if a.attribute != b.attribute or a.is_time or a.levels or (a.condition and b.condition):
            continue
        one, other = LABEL.match(text, a.quantity.end), LABEL.match(text, b.quantity.end)
        if not one or not other or one["words"].lower() == other["words"].lower():
            continue
        if ON_TO_THE_NEXT.fullmatch(text, one.end(), b.quantity.start):
            a.condition, b.condition = a.condition or one.span("words"), b.condition or other.span("words")


def give_labels_in_front(text: str, limits: Sequence[Limit]) -> None:
    """ "MMSE: illiterate ≤ 17, primary school ≤ 20": each under the label in front of it."""
    for a, b in pairwise(limits):
        if a.attribute is None or a.attribute != b.attribute or a.span is None or a.span != b.span or a.is_time:
            continue
        one = has_label(text, a.quantity, a.span[1], a.span[1])
        other = has_label(text, b.quantity, a.quantity.end, a.span[1])
        if other and (one or a.condition):
            a.condition = a.condition or (one.span("words") if one else None)
            b.condition = b.condition or other.span("words")


JOINED_IN_BRACKETS = re.compile(r"\s*,?\s*and\s+(?:[\w-]+\s+){0,3}", re.I)


def share_in_brackets(text: str, limits: Sequence[Limit]) -> None:
    """ "(≤ 4 x ULN and direct bilirubin ≤ 1.5 x ULN for Gilbert's disease)": what "and" joins holds under it too.

    So does what stands in brackets in front of it: "> 3 drinks a day (or > 21 drinks a week) for men".
    """
    said: dict[str | None, int] = {}  # by measure: where its first amount ends
    for a, b in pairwise(limits):
        replaced = said.setdefault(a.attribute, a.quantity.end)
        bracket = FURTHER_IN_BRACKETS.match(text, a.quantity.end) if a.condition and not b.condition else None
        if bracket and a.condition and b.quantity.end < bracket.end() <= a.condition[0] and not b.is_time:
            b.condition = a.condition
        behind = b.condition is not None and b.condition[0] >= b.quantity.end
        if not behind or a.condition is not None or a.is_time or b.is_time or not a.quantity.end <= b.first:
            continue
        opening = text.rfind("(", 0, a.quantity.start)
        if replaced <= opening > text.rfind(")", 0, b.quantity.start) and JOINED_IN_BRACKETS.fullmatch(
            text, a.quantity.end, b.first
        ):
            a.condition = b.condition
