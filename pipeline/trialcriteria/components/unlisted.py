"""Limits on what the lexicon does not list: the words beside the number say what it is of, and of what kind."""

import re
from collections.abc import Sequence

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.kinds import kind_of
from trialcriteria.components.limits import HARD_BREAK, Limit, fits_by_id
from trialcriteria.components.nearest import AGAIN, CONDITIONAL, EXAMPLE, OF_THE_FOLLOWING
from trialcriteria.components.subjects import clause_start, words_after, words_before
from trialcriteria.components.terms import Term
from trialcriteria.lexicon import Attribute
from trialcriteria.units import is_time

WHICH = re.compile(r"\s[A-Z0-9]{1,3}\b(?:(?:\s*[/,&]\s*|\s(?:and|or)\s)[A-Z0-9]{1,2}\b)*")
OR_ELSE = re.compile(r"\b(?:or|and/or)\s*[\[(]?\s*$", re.I)
OF_WHICH = re.compile(r"[\s,]*(?:\([^()]*\)\s*)?(?:,\s*)?(?:of which|including)\s*$", re.I)
NO_MEASURE = re.compile(
    r"(?:in\s+)?(?:(?:part|cohort|arm|group|stratum|phase|stage)\s+\w{1,3}|none|others?|those|case|allowed|acceptable|randomi[sz]ation|"
    r"screening|visits?|baseline|study entry|apart|"
    r"(?:fe)?males?|(?:wo)?men|girls|boys|adults?|children|patients?|.*\b(?:ULN|LLN|upper limit|"
    r"normal range|lower limit)\b.*)",
    re.I,
)


def is_same_again(
    text: str, q: Quantity, last: Quantity, chain: Sequence[Term], attributes: dict[str, Attribute]
) -> bool:
    """Whether a limit in the unit of the last one is on the same measures, whatever stands between them.

    "Thickness ≥ 300 um on Spectralis or ≥ 280 um on Cirrus", "≥ 10 g/dL; none ≥ 16 g/dL": no other measure is named.
    """
    gap = text[last.end : q.start]
    if not 0 < len(gap) < 100 or not all(fits_by_id(q, t.id, attributes) for t in chain):
        return False
    if q.unit is None and q.reference is None:
        return q.stated and attributes[chain[0].id].kind == "count" and OF_WHICH.fullmatch(gap) is not None
    if (q.unit, q.reference) != (last.unit, last.reference) or (q.unit and is_time(q.unit)) or not q.stated:
        return False
    if OR_ELSE.search(gap):
        return HARD_BREAK.search(gap) is None
    words = words_before(text, q.start, last.end)
    return words is not None and NO_MEASURE.fullmatch(text, *words) is not None


def is_elliptic(text: str, q: Quantity, gap: str) -> bool:
    """ "at least 1,000/mm³ (500/mm³ if the marrow is involved)": a bare amount, but with its own condition."""
    variant = re.match(r"\s*(?:if|for|in|with|when|on|during)\b", text[q.end :], re.I)
    return q.unit is not None and gap.strip(" ,") in ("(", "or", "and", "[") and variant is not None


OF_A_METHOD = re.compile(
    r"\b(?:failure[- ]rates?|rate of failure|Pearl[- ]index|(?:tests?|assay|pregnancy|hCG)\b[^.;]{0,60}\bsensitivity|"
    r"limit of detection|detection limit|slice thickness|"
    r"(?:on\s+)?(?:a|the)\s+scale\s+(?:of|from))\b[^.;,]{0,25}$",
    re.I,
)
ITS_SCALE = re.compile(r"\s*(?:point\s+)?scale\b", re.I)


def is_of_a_method(text: str, q: Quantity) -> bool:
    """What a test or a scale is like, not what a patient has.

    "Contraception with a failure rate < 1 % per year", "a test of a sensitivity of 25 mIU/mL", "NRS ≥ 4 (0-10 scale)".
    """
    if q.operator == "between" and q.unit is None and ITS_SCALE.match(text, q.end):
        return True
    return OF_A_METHOD.search(text, max(0, q.start - 100), q.start) is not None


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


def unlisted_limit(text: str, q: Quantity, done: int) -> Limit | None:
    """A limit on something the lexicon does not list: its words are the attribute."""
    if q.pair is not None:
        return None
    if q.form in ("normal",) or (q.form == "reference" and not q.stated):
        return None
    if not q.stated and not (q.unit and q.operator):
        return _methods(text, q)
    if q.operator in ("=", None) and q.low == q.high and not q.unit and not q.reference:
        return None
    if q.operator == "between" and not q.cue and EXAMPLE.search(text, max(0, q.start - 120), q.start):
        return None
    floor = max(clause_start(text, q.start), done)
    before = words_before(text, q.start, floor)
    after = words_after(text, q.end)
    if OF_THE_FOLLOWING.match(text, q.end):
        return None
    if after and before and HOW_MANY_TIMES.fullmatch(text, *after):
        return Limit(q, "count", None, before, "words-then-limit")
    on_scale = re.compile(r"\s*(?:points?\s+)?(?:on|in)\s+(?:the|a|an)\s+(?:\d+\s*-\s*\d+\s+)?").match(text, q.end)
    if on_scale and q.unit in (None, "{score}") and (said := words_after(text, on_scale.end(), most=6)):
        span, rule, kind = said, "limit-then-words", "scale"
    elif q.unit is None and q.reference is None and after and (q.word or not before or after[0] - q.end <= 1):
        span, rule, kind = after, "count-of-words", "count"
    elif before and (q.start - before[1] < 40):
        span, rule, kind = before, "words-then-limit", kind_of(q, text[slice(*before)])
    elif after:
        span, rule, kind = after, "limit-then-words", kind_of(q, text[slice(*after)])
    else:
        return None
    if kind == "count" and (q.value is None or q.value != int(q.value)):
        kind = "other"
    if kind in ("count", "other") and POINTS.search(text, *span):
        kind = "scale"
    return Limit(q, kind, None, span, rule)


LINES = re.compile(r"(?:prior |previous )?lines?\b", re.I)
DRUGS = re.compile(r"\b(?:agents?|drugs?|medications?|medicines?|inhibitors?|antagonists?|agonists?|biologics?)$", re.I)
THERAPIES = re.compile(r"\b(?:therap(?:y|ies)|treatments?|regimens?|chemotherap(?:y|ies))\b", re.I)
HOW_MANY_TIMES = re.compile(r"(?:times|occasions)\b.*", re.I)
POINTS = re.compile(r"\b(?<!time )(?:points?|scores?)$", re.I)
METHODS = re.compile(
    r"\s(?:(?!(?:of|or|and)\b)[a-z-]+\s){0,3}"
    r"((?:methods?|forms?|types?|means) of (?:\w+ )?(?:contraception|birth control)|contraceptives?(?: methods?)?|"
    r"barrier methods)\b",
    re.I,
)


def _methods(text: str, q: Quantity) -> Limit | None:
    """ "Two forms of contraception": so many are asked for, though nothing says "at least"."""
    said = METHODS.match(text, q.end) if q.value == 2 and q.operator is None and not q.unit else None
    if said is None or re.search(r"\b(?:one or|the)\s*$", text[: q.start]):
        return None
    rebound(q, "=")
    return Limit(q, "count", "contraceptive_methods", said.span(1), "count-of-words")
