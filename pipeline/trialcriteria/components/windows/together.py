"""Times that share their words: "within 30 days or 5 half-lives", one anchor for a list, a parent's "washout"."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.subjects import words_after, words_before
from trialcriteria.components.terms import Term
from trialcriteria.components.variants import varies
from trialcriteria.components.windows.alone import STUDY_ANCHORS
from trialcriteria.components.windows.cues import anchor_behind

VARIANT = re.compile(r"[^()]{0,60}\(\s*(?:or\s+)?$")
BELOW_A_PARENT = re.compile(r"[:\-–]\s*(?:[<>≤≥]=?\s*)?$")
FOR_WHAT = re.compile(r"[^.;]{0,60}?\bfor\s+")
BARE_LIST = re.compile(  # nothing but names in front of a time
    r"[\s•*-]*(?:(?!(?:for|within|since|every|of|on|in|with|after|before|until|has|have|is|are|be|been|must|may|last|than|least|"
    r"dose|dosed|cycles?)\b)[A-Za-z][\w-]*+[\s,/・()]*+){1,10}",
    re.I,
)
PARENT_SAYS = (
    (
        ">=",
        re.compile(
            r"wash-?\s?out|stopped|discontinu|off treatment|elapsed|free of|interval (?:since|from|between)", re.I
        ),
    ),
    ("<=", re.compile(r"\bwithin\b|in the (?:following|specified|stated)|prior to|before|received", re.I)),
)


@lru_cache(maxsize=64)
def parent_comparator(text: str) -> str | None:
    """What a parent bullet says of the bare times below it: "Washout before day 1:" asks for at least so long."""
    return next((sign for sign, words in PARENT_SAYS if words.search(text)), None)


def parent_anchor(text: str, data: Mapping[str, Any]) -> str | None:
    """What a parent bullet counts the times below it from: "Any of the following before the first dose:".

    Not where it dates tests itself: "Adequate function within 7 days before the first dose:".
    """
    if not text.rstrip().endswith(":") or any(limit.is_time for limit in data.get("limits", ())):
        return None
    terms: Sequence[Term] = data.get("terms", ())
    anchors = [t for t in terms if t.group == "anchors"]
    for cue in terms:
        if cue.id not in ("before after", "of after"):
            continue
        found = anchor_behind(text, cue.end, anchors)
        if found and found[0] in STUDY_ANCHORS and not text[found[1][1] :].strip(" :()"):
            return found[0]
    return None


def under_parent(text: str, q: Quantity, leading: str) -> Limit | None:
    """ "Infliximab, abatacept: ≥ 12 weeks", "12 weeks for CAR-T", "etanercept 4 weeks" below "Washout of biologics"."""
    span = None
    if BELOW_A_PARENT.search(text[: q.number_start]):
        span = words_before(text, q.start)
    elif leading == ">=" and not text[: q.start].strip(" -•*"):
        what = FOR_WHAT.match(text, q.end)
        span = words_after(text, what.end()) if what else None
    elif leading == ">=" and q.start == q.number_start and BARE_LIST.fullmatch(text, 0, q.start):
        span = words_before(text, q.start)
    if span is None:
        return None
    if q.operator is None:
        rebound(q, leading)
    return Limit(q, "time_window", None, span, "time-under-parent", direction="before", anchor="now")


def goes_on(text: str, window: Limit | None, last: Limit, q: Quantity) -> bool:
    """Whether a time is more of the window in front of it, `last`, whatever its own words make of it: `window`."""
    if window is None:
        return same_words(text, last, q) or is_in_brackets_for(text, last, q) or varies(text, last, q)
    if window.kind == "duration" and q.unit == "{half_life}" and last.kind == "time_window":
        return True  # "(or 5 half-lives of the drug)" is a distance, nothing lasts so long
    lasts = window.rule == "duration-of-state" or (window.rule == "window-bare" and last.kind == "duration")
    return lasts and q.stated and same_words(text, last, q)


def same_words(text: str, last: Limit, q: Quantity) -> bool:
    """ "within 30 days or 5 half-lives", "> 2 months and < 5 years": the second amount shares the first one's words."""
    gap = text[last.quantity.end : q.start]
    joined = (
        r"\b(?:or|and|but)\s+(?:(?:for|within|in|of|at|still|again|then|also)\s+)*$|^[\s,/]*$"
        if q.stated
        else r"\bor\b|^\s*/\s*$"
    )
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
        last.rule if last.rule == "time-under-parent" else "further-window",
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
