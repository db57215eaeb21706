"""A condition that several limits share, and limits that replace another one under theirs."""

import heapq
import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, product

from trialcriteria.components.condition_behind import COHORT_BEHIND, FURTHER_IN_BRACKETS
from trialcriteria.components.condition_words import COHORT, COHORTS
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


IN_ITS_BRACKET = re.compile(r"[^()\[\];.]{0,20}[(\[][^()\[\]]*$")
IF_IT_IS_NOT_MET = re.compile(
    r"(?:if|when|for|in|where)\b[^;.<>≤≥]{0,40}?\b"
    r"(?:higher|abnormal|elevated|above|exceed\w*|lower|not met|otherwise)\b",
    re.I,
)


def replace_beside(text: str, limits: Sequence[Limit]) -> None:
    """A limit on another measure that holds instead of the one right in front of it.

    It stands in brackets with its condition: "CrCl ≥ 45 mL/min (adolescents: creatinine ≤ 1.5 x ULN)", or is asked for
    where the first is missed: "creatinine normal; if abnormal, CrCl ≥ 50 mL/min". "Karnofsky ≥ 70 or Lansky ≥ 70 for
    those under 16" are two scales for the same state.
    """
    replace_beyond(text, limits)
    for a, b in pairwise(limits):
        if b.condition is None or b.exception_to is not None or a.condition or a.is_time or b.is_time:
            continue
        if a.kind != b.kind or a.attribute == b.attribute or a.quantity.end > b.condition[0]:
            continue
        bracketed = IN_ITS_BRACKET.fullmatch(text, a.quantity.end, b.first) is not None
        instead = b.condition[0] - a.quantity.end < 12 and IF_IT_IS_NOT_MET.match(text, *b.condition)
        of_a_state = {a.attribute, b.attribute} <= STATES and OR.fullmatch(text, a.quantity.end, b.first)
        if bracketed or instead or of_a_state:
            b.exception_to = next(i for i, other in enumerate(limits) if other.quantity is a.quantity)


STATES = frozenset({"karnofsky", "lansky", "ecog"})
OR = re.compile(r"\s*,?\s*or\s+(?:an?\s+)?(?:[\w'-]+\s+){0,2}", re.I)
MISSES = {"<": ">", "<=": ">", ">": "<", ">=": "<"}
TO_THE_LIMIT = 200  # characters from a limit to the condition that it is missed


def replace_beyond(text: str, limits: Sequence[Limit]) -> None:
    """What is asked of those who miss a limit replaces it: "creatinine ≤ 1; if creatinine > 1, CrCl must be > 60".

    Their condition says the same amount the other way round. Only one that binds everybody can be missed so.
    """
    conditions = [limit.condition for limit in limits if limit.condition]
    if not conditions:
        return
    binding = [
        (i, a)
        for i, a in enumerate(limits)
        if a.condition is None and a.kind != "age" and not any(x <= a.quantity.start < y for x, y in conditions)
    ]
    for b in limits:
        if b.condition is None or b.exception_to is not None or b.is_time:
            continue
        told = next((d for d in limits if d is not b and b.condition[0] <= d.quantity.start < b.condition[1]), None)
        if told is None or told.attribute in (None, b.attribute) or CLAUSE_OF_WHOM.match(text, b.condition[0]) is None:
            continue
        b.exception_to = next((i for i, a in binding if _is_missed(a, told, b.condition[0])), None)


CLAUSE_OF_WHOM = re.compile(r"(?:if|when|where|in\s+case|for|in)\b", re.I)


def _is_missed(a: Limit, told: Limit, start: int) -> bool:
    """Whether what a condition tells is that a limit in front of it is missed."""
    p, q = a.quantity, told.quantity
    if a.attribute != told.attribute or not 0 <= start - p.end < TO_THE_LIMIT:
        return False
    turned = q.operator is not None and MISSES.get(p.operator or "") == q.operator[:1]
    bare = q.reference is None and q.unit is None  # "ALP ≤ 2.5 x ULN. If ALP > 2.5, …"
    return turned and p.value == q.value and (bare or (p.reference, p.unit) == (q.reference, q.unit))


JOINED_TO_LAST = re.compile(
    r"\s*,?\s*\(?(?:and|or)\s+(?:[\w-]+\s+){0,5}|\s*/\s*", re.I
)  # "<150 systolic/<100 diastolic"


def share_in_front(text: str, limits: Sequence[Limit]) -> None:
    """ "For patients over 60, CrCl > 50 mL/min and creatinine < 1.5 mg/dL": what "and" joins holds under it too."""
    for a, b in pairwise(limits):
        in_front = a.condition is not None and a.condition[1] <= a.first
        if not in_front or b.condition is not None or a.is_time or b.is_time:
            continue
        if b.kind != a.kind and not _in_its_bracket(text, a, b):
            continue
        end = max(a.quantity.end, a.span[1] if a.span else 0)
        joined = end <= b.first and JOINED_TO_LAST.fullmatch(text, end, b.first)
        if joined or (b.kind == a.kind and b.attribute != a.attribute and HAVING.fullmatch(text, end, b.first)):
            b.condition = a.condition


HAVING = re.compile(r"\s*,?\s*with\s+(?:(?:an?|the)\s+)?", re.I)  # "bilirubin ≤ 3 x ULN, with direct bilirubin ≤ ULN"
OF_OTHERS = re.compile(r"\b(?:for|in|if|with)\b", re.I)


def _in_its_bracket(text: str, a: Limit, b: Limit) -> bool:
    """Whether the bracket that the condition of a limit opens holds another one: "(Part C: ≥ 12 years and ≥ 40 kg)"."""
    start = a.condition[0] if a.condition else 0
    opened = text.rfind("(", 0, start) > text.rfind(")", 0, start)
    return opened and text.find(")", start, b.quantity.end) < 0 and not OF_OTHERS.search(text, a.quantity.end, b.first)


def share_behind(text: str, limits: Sequence[Limit]) -> None:
    """ "ALT ≤ 2.5 and bilirubin ≤ 1.5 x ULN without, ALT ≤ 5 and bilirubin ≤ 2 x ULN with liver metastases".

    What "and" joins to each of two conditions holds under them where both sentences are alike.
    """
    joined: dict[tuple[str | None, str | None], list[tuple[Limit, Limit]]] = {}
    for a, b in _neighbours(limits):
        behind = b.condition is not None and b.condition[0] >= b.quantity.end
        if not behind or a.is_time or b.is_time or a.condition not in (None, b.condition):
            continue
        if a.quantity.end <= b.first and JOINED_TO_LAST.fullmatch(text, a.quantity.end, b.first):
            joined.setdefault((a.attribute, b.attribute), []).append((a, b))
    for pairs in joined.values():
        if len({b.condition for _, b in pairs}) > 1:
            for a, b in pairs:
                a.condition = b.condition


def _neighbours(limits: Sequence[Limit]) -> Iterator[tuple[Limit, Limit]]:
    """Each limit with those of the next amount: a list that shares an amount is one."""
    last: list[Limit] = []
    for _, same in groupby(limits, key=lambda limit: limit.quantity.start):
        here = list(same)
        yield from product(last, here)
        last = here


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


JOINED_IN_BRACKETS = re.compile(r"\s*,?\s*and\s+(?:[\w-]+\s+){0,3}", re.I)


WITH = re.compile(r"\s*,?\s*(?:with|and)\s+(?:an?\s+|the\s+)?", re.I)


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
        direct = b.attribute in ("direct_bilirubin", "direct_bilirubin_fraction") and replaced < a.quantity.start
        if direct and WITH.fullmatch(text, a.quantity.end, b.first):
            a.condition = (
                b.condition
            )  # "; or total bilirubin ≤ 3 x ULN with direct bilirubin WNL in Gilbert's syndrome"
