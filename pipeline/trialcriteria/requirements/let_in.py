"""Who is let in though an earlier limit keeps them out, and what is asked of them: "older than 75 only with ECOG 0"."""

import re
from collections.abc import Sequence

from trialcriteria.components.condition_words import LETTING_IN
from trialcriteria.components.limits import Limit
from trialcriteria.components.telling import holds_any
from trialcriteria.records import Requirement

PROVISO = re.compile(
    r"[^.;()]{0,12}?\)?\s*(?:(?:(?:is|are|was|will\s+be|may\s+be|can\s+be)\s+)?(?:considered\s+)?"
    r"(?:acceptable|allowed|permitted|eligible|accepted|permissible|tolerated|included|enrolled)\s+(?:only\s+)?"
    r"(?:if|provided(?:\s+that)?|as\s+long\s+as|when|with)|only\s+(?:if|with|when))\s+"
    r"(?:[\w-]+\s+){0,6}",
    re.I,
)
JOIN = r"\b(?:may|can)\s+(?:also\s+)?(?:be\s+(?:enrolled|included|eligible|considered)|enter|enroll?|participate)\b"
PROVIDING = LETTING_IN | {"only", "tolerated"}


def link_provisos(text: str, limits: Sequence[Limit], demands: list[Requirement]) -> None:
    """ "Isolated bilirubin > 1.5 x ULN is acceptable if direct bilirubin < 35 %": the second is asked of the first.

    `demands`: the limits' requirements.
    """
    for i, limit in enumerate(limits if holds_any(text, PROVIDING) else ()):
        if limit.is_time:
            continue
        if (beyond := _beyond(limits, i)) is not None and ONLY.match(text, limit.quantity.end):
            limit.exception_to, demands[i] = beyond, "permit"
        if beyond is not None and limit.kind == "age" and WHO_MAY_JOIN.match(text, limit.quantity.end):
            limit.exception_to, demands[i] = beyond, "permit"
            continue
        if PROVISO.match(text, limit.quantity.end) is None:
            continue
        if limit.kind == "age" and (beyond is None or ONLY_IF.match(text, limit.quantity.end)):
            continue
        for k, asked in enumerate(limits):
            if asked.first <= limit.quantity.end or asked.is_time:
                continue
            if asked.narrows or asked.events:
                continue
            if PROVISO.fullmatch(text, limit.quantity.end, asked.first):
                asked.lay_bare()
                limit.condition = limit.condition_id = None
                asked.narrows = [i]
                demands[i], demands[k] = "permit", "require"
                if limit.kind == "age":
                    limit.exception_to = beyond


WHO_MAY_JOIN = re.compile(  # "18 to 75 years; adolescents of 16 or 17 years who weigh ≥ 40 kg may be enrolled"
    rf"\s*(?:of\s+age\s*|old\s*)?,?\s*(?:who|with|whose)\s[^.;:]{{3,80}}?{JOIN}",
    re.I,
)
ONLY_IF = re.compile(  # "patients > 75 are eligible only if G8 > 14": whom it asks
    r"[^.;()]{0,30}?\b[a-z]+\s+only\s+if\b", re.I
)
ONLY = re.compile(r"[^.;()]{0,12}?\s*,?\s*only\s+(?:if|with|when|after|in|for|upon)\b", re.I)


def _beyond(limits: Sequence[Limit], i: int) -> int | None:
    """The earlier limit that nobody meets who meets this one: "18 to 75 years (older than 75 only with ECOG 0)"."""
    return next((k for k, earlier in enumerate(limits[:i]) if exclude_each_other(earlier, limits[i])), None)


def exclude_each_other(one: Limit, other: Limit) -> bool:
    """Whether no value of a measure meets both limits on it."""
    if one.attribute is None or one.attribute != other.attribute or one.is_time:
        return False
    if one.levels and other.levels:
        return set(one.levels).isdisjoint(other.levels)
    p, q = one.quantity, other.quantity
    if p.reference != q.reference or (p.unit != q.unit and None not in (p.unit, q.unit)):
        return False
    return any(low is not None and high is not None and low >= high for low, high in ((p.low, q.high), (q.low, p.high)))
