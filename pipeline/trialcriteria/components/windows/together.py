"""Times that share their words: "within 30 days or 5 half-lives", one anchor for a list, a parent's "washout"."""

import re
from functools import lru_cache

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.subjects import words_before
from trialcriteria.components.variants import varies

VARIANT = re.compile(r"[^()]{0,60}\(\s*(?:or\s+)?$")
BELOW_A_PARENT = re.compile(r"[:\-–]\s*(?:[<>≤≥]=?\s*)?$")
PARENT_SAYS = (
    (">=", re.compile(r"wash-?\s?out|stopped|discontinu|off treatment|elapsed|free of|interval since", re.I)),
    ("<=", re.compile(r"\bwithin\b|in the (?:following|specified|stated)|prior to|before|received", re.I)),
)


@lru_cache(maxsize=64)
def parent_comparator(text: str) -> str | None:
    """What a parent bullet says of the bare times below it: "Washout before day 1:" asks for at least so long."""
    return next((sign for sign, words in PARENT_SAYS if words.search(text)), None)


def under_parent(text: str, q: Quantity, leading: str) -> Limit | None:
    """ "Infliximab, abatacept: ≥ 12 weeks" below "Washout of previous biologics"."""
    if not BELOW_A_PARENT.search(text[: q.number_start]):
        return None
    if q.operator is None:
        rebound(q, leading)
    return Limit(
        q, "time_window", None, words_before(text, q.start), "time-under-parent", direction="before", anchor="now"
    )


def goes_on(text: str, window: Limit | None, last: Limit, q: Quantity) -> bool:
    """Whether a time is more of the window in front of it, `last`, whatever its own words make of it: `window`."""
    if window is None:
        return same_words(text, last, q) or is_in_brackets_for(text, last, q) or varies(text, last, q)
    if window.kind == "duration" and q.unit == "{half_life}" and last.kind == "time_window":
        return True  # "(or 5 half-lives of the drug)" is a distance, nothing lasts so long
    return window.rule == "duration-of-state" and q.stated and same_words(text, last, q)


def same_words(text: str, last: Limit, q: Quantity) -> bool:
    """ "within 30 days or 5 half-lives", "> 2 months and < 5 years": the second amount shares the first one's words."""
    gap = text[last.quantity.end : q.start]
    joined = r"\b(?:or|and|but)\b|^[\s,/]*$" if q.stated else r"\bor\b|^\s*/\s*$"
    return len(gap) < 60 and bool(re.search(joined, gap)) and not HARD_BREAK.search(gap)


def is_in_brackets_for(text: str, last: Limit, q: Quantity) -> bool:
    """ "≥ 4 weeks since prior therapy (6 weeks for nitrosoureas)": a bracket names what has its own distance."""
    return bool(VARIANT.fullmatch(text[last.quantity.end : q.start]) and re.match(r"\s*for\s", text[q.end :]))


def like(last: Limit, q: Quantity) -> Limit:
    """A time that shares the words of the window in front of it."""
    if q.operator is None and last.quantity.operator in ("<=", "<", ">=", ">"):
        rebound(q, last.quantity.operator)
    return Limit(
        q,
        last.kind,
        None,
        last.span,
        "further-window",
        direction=last.direction,
        anchor=last.anchor,
        anchor_span=last.anchor_span,
    )


def share_comparator(text: str, last: Limit, window: Limit) -> None:
    """A window without a comparator takes that of the one in front where both are parts of one statement."""
    if window.quantity.operator is not None:
        return
    since = window.rule == last.rule == "time-since"
    if since and last.quantity.operator and _next_part(text, last, window.quantity):
        rebound(window.quantity, last.quantity.operator)
    elif same_words(text, last, window.quantity):
        _share_all(last, window)


def _next_part(text: str, last: Limit, q: Quantity) -> bool:
    """ "At least 4 weeks since chemotherapy, 2 weeks since radiotherapy": the comparator stands with the first."""
    gap = text[last.quantity.end : q.start]
    return len(gap) < 80 and re.search(r"(?:,|\band|\bor)\s*$", gap) is not None and not HARD_BREAK.search(gap)


def _share_all(last: Limit, window: Limit) -> None:
    """ "within 90 days or 5 half-lives before baseline": one comparator and one anchor for both."""
    if last.quantity.operator in ("<", "<=", ">", ">="):
        rebound(window.quantity, last.quantity.operator)
    if last.anchor == "now" and last.anchor_span is None:
        last.anchor, last.anchor_span, last.direction = window.anchor, window.anchor_span, window.direction
    window.span = last.span
