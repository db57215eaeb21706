"""Times that share their words: "within 30 days or 5 half-lives" and one anchor for a list."""

import re

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.variants import varies

JOINED_ANEW = re.compile(r"\b(?:or|and|but)\s+(?:(?:for|within|in|of|at|still|again|then|also)\s+)*$|^[\s,/]*$")
JOINED_BARE = re.compile(  # no name of its own: "4 weeks or 5 half-lives", not "4 weeks or minor surgery 1 week"
    r"\bor\s+(?:(?:within|in|for|at|last|least|most|the|a|an|of|than|up|to|more|less|about|approximately|approx\.?|after|"
    r"over|during|past|previous|prior|period|time|equivalent|until|every|another|additional|even|only|if|longer|fewer|"
    r"shorter|by|is|[\W\d]+)\s*)*$|^\s*/\s*$"
)
VARIANT = re.compile(r"[^()]{0,60}\(\s*(?:or\s+)?$")


def goes_on(text: str, window: Limit | None, last: Limit, q: Quantity) -> bool:
    """Whether a time is more of the window in front of it, `last`, whatever its own words make of it: `window`."""
    if window is None:
        return same_words(text, last, q) or is_in_brackets_for(text, last, q) or varies(text, last, q)
    if (
        window.kind == "duration"
        and q.unit == "{half_life}"
        and (last.kind == "time_window" or same_words(text, last, q))
    ):
        return True  # "(or 5 half-lives of the drug)" is a distance, nothing lasts so long
    if is_variant(text, window, last, q):
        return True
    if window.rule == "duration-of-state" and is_next_of_a_list(text, last, q):
        return True
    lasts = window.rule == "duration-of-state" or (window.rule == "window-bare" and last.kind == "duration")
    return lasts and q.stated and same_words(text, last, q)


NEXT_OF_A_LIST = re.compile(r"\s*[,;]\s*(?:(?:and|or)\s+)?(?:[A-Za-z-]+\s+){1,3}$", re.I)


def is_next_of_a_list(text: str, last: Limit, q: Quantity) -> bool:
    """ "Chemotherapy completed ≥ 3 weeks, major surgery ≥ 2 weeks, and radiation ≥ 4 weeks prior to enrolment"."""
    alike = last.kind == "time_window" and last.direction == "before" and q.operator == last.quantity.operator
    bare = alike and last.quantity.stated and q.stated and last.anchor_span is None
    return bare and NEXT_OF_A_LIST.fullmatch(text, last.quantity.end, q.start) is not None


def same_words(text: str, last: Limit, q: Quantity) -> bool:
    """ "within 30 days or 5 half-lives", "> 2 months and < 5 years": the second amount shares the first one's words."""
    gap = text[last.quantity.end : q.start]
    if q.unit == "{half_life}" and gap.strip() == ",":
        return True  # "30 days, 5 half-lives or twice the duration of its effect"
    joined = JOINED_ANEW if q.stated else JOINED_BARE
    return len(gap) < 60 and bool(joined.search(gap)) and not HARD_BREAK.search(gap)


def is_in_brackets_for(text: str, last: Limit, q: Quantity) -> bool:
    """ "≥ 4 weeks since prior therapy (6 weeks for nitrosoureas)": a bracket names what has its own distance."""
    return bool(VARIANT.fullmatch(text[last.quantity.end : q.start]) and re.match(r"\s*for\s", text[q.end :]))


def is_variant(text: str, window: Limit | None, last: Limit, q: Quantity) -> bool:
    """Whether a bracket has its own distance for what it names, whatever a comparator alone would make of it."""
    bare = window is None or (window.rule == "duration-of-state" and last.kind == "time_window")
    return bare and is_in_brackets_for(text, last, q)


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
    elif _each_in_brackets(text, last, window):
        rebound(window.quantity, last.quantity.operator or "<=")
        window.anchor, window.anchor_span = last.anchor, last.anchor_span
    elif same_words(text, last, window.quantity):
        _share_all(last, window)


NEXT_NAMES = re.compile(r"\)\s*(?:[,;]\s*(?:(?:and|or)\s+)?|(?:and|or)\s+)[^().;:]{2,60}\($", re.I)


def _each_in_brackets(text: str, last: Limit, window: Limit) -> bool:
    """ "Rituximab (within 6 months), methotrexate (4 weeks)": the comparator stands in the first bracket."""
    alike = window.direction == last.direction == "before" and last.quantity.is_maximum
    first = last.quantity
    between = first.end < window.quantity.start and text[first.end : window.quantity.start]
    return bool(alike and between and text[first.start - 1] == "(" and NEXT_NAMES.fullmatch(between))


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
