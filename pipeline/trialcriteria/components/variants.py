"""Windows that hold instead of another one: "(6 weeks for nitrosoureas)", "(oxaliplatin: 1 year)", "or 1 month if …".

What stands in the brackets is another event, or the condition under which the other distance holds; which of them it
is shows when the mentions are known.
"""

import re
from collections.abc import Sequence

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.limits import Limit
from trialcriteria.components.subjects import words_after

NO_EVENT = (
    r"i\.?e|e\.?g|a|an|the|total|about|approximately|approx|or|at|within|up|minimum|maximum|equivalent|that|which|including|but|not|no|"
    r"except|unless|if|when|for|in|from|prior|before|after|since|stable|last|also"
)
WHO = (
    rf"(?P<who>(?!(?:{NO_EVENT})\b)[A-Za-z](?:(?!\b(?:must|is|are|was|were|be|been|have|has|had|occurred|should|may)\b)"
    r"[^():;,<>≤≥\d]){2,40}?)(?<!\bfor)(?<!\bof)(?<!\bin)(?<!\bwith)"
)
OPENS_FOR_ANOTHER = re.compile(rf"\s*\(\s*{WHO}\s*:?\s*$")
OPENS_FOR_A_DRUG = re.compile(  # "3 half-lives since the last antibody (blinatumomab 7 days, …)"
    rf"[^().;]{{1,80}}?\s\(\s*(?P<who>(?!(?:{NO_EVENT}|day|week|visit|cycle)\b)[A-Za-z][\w-]{{3,30}})\s*:?\s*$"
)
GOES_ON = re.compile(rf"\s*,\s*(?:and\s+|or\s+)?{WHO}\s*:?\s*$")
OPENS = re.compile(r"[^().;]{0,80}\(\s*(?:or\s+)?$|\s*,?\s*or\s+$")
LISTED = re.compile(
    rf"\s*(?:preceding|before|prior|ago|earlier|previously)?\s*[;,–-]\s*(?:and\s+|or\s+)?{WHO}\s*[:,(\[]?\s*$", re.I
)
LIST_GOES_ON = re.compile(r"\s*(?:[;,.)\]]|$)")
IN_FRONT = re.compile(rf"[(,]\s*(?:and\s+|or\s+)?{WHO}\s*:?\s*$")
FOR_WHOM = re.compile(
    r"\s*(?:(?:is\s+|are\s+)?(?:required|needed)\s+)?"
    r"(?P<words>(?:for|in\s+(?:the\s+)?(?:cases?|event)\s+of|in|from|since)\s"
    r"(?P<who>(?!(?:total|duration|length|at least|the last|the past)\b)[^.;()]{2,60}?))\s*\)"
)
OR = re.compile(r"\s*,?\s*or\s+")
NEXT_FOR = re.compile(
    r"[\s)]*(?:(?:\([^()]*\)|,?\s*whichever\s[^;()]{1,30})?\s*;|for\s[^;()]{2,60}?\)?\s*[;,])\s*(?:and\s+|or\s+)?"
)
FOR_WHAT = re.compile(
    r"\s*(?P<words>for\s(?P<who>(?!(?:at least|the last|the past|more)\b)[^.;,()]{2,60}?))\s*(?=[;.,)]|$)"
)
IF = re.compile(r"\s*(?P<if>(?:if|when|in\s+(?:the\s+)?(?:cases?|event)\s+of)\s[^.;()]{3,80})", re.I)
CLOSES = re.compile(
    r"\s*(?:[,)]|(?:before|prior|of|from|since)\b)(?![^()]{0,40}\b(?:allowed|permitted|acceptable|eligible)\b)", re.I
)
RULE = "variant-window"


def find_variants(text: str, windows: Sequence[Limit], offset: int) -> None:
    """Let a window that varies the one in front of it replace that; `offset`: how many limits stand before them all."""
    for i in range(1, len(windows)):
        last, window = windows[i - 1], windows[i]
        own = window.anchor_span
        said = _variant(text, last, window.quantity, own if own and own[0] >= window.quantity.end else None)
        if said is None:
            continue
        if window.exception_to is None:
            window.exception_to = (
                last.exception_to if last.exception_to is not None else offset + _first(windows, i - 1)
            )
        _be_like(window, last)
        if said.re is IF:
            window.condition = said.span("if")
        else:
            leads = said.re in (FOR_WHOM, FOR_WHAT)
            window.span = words_after(text, said.start("who")) if leads else said.span("who")


def _first(windows: Sequence[Limit], i: int) -> int:
    """The first of the windows that share their words: "within 28 days or 5 half-lives"."""
    while i > 0 and windows[i].rule == "further-window":
        i -= 1
    return i


def varies(text: str, last: Limit, q: Quantity) -> bool:
    """Whether a time is told for what its brackets name, instead of the `last` window: "(TIA: 3 days)"."""
    return _variant(text, last, q, None) is not None


def listed_beside(text: str, last: Limit, q: Quantity) -> tuple[int, int] | None:
    """The event of a time that goes on a list of windows: "rituximab within 14 weeks; alkylators 8 weeks"."""
    if last.kind != "time_window" or last.quantity.operator is None or q.start - _end_of(last, q) > 80:
        return None
    said = LISTED.fullmatch(text, _end_of(last, q), q.start)
    return said.span("who") if said and LIST_GOES_ON.match(text, q.end) else None


def name_who(text: str, window: Limit, named: Sequence[tuple[int, int]]) -> None:
    """Whom a variant is for is its condition where no mention names it: "(12 months for early relapses)".

    `named`: where the mentions stand.
    """
    if window.rule != RULE or window.condition is not None:
        return
    start = window.quantity.start
    end = window.quantity.end
    said = FOR_WHOM.match(text, end) or FOR_WHAT.match(text, end) or IN_FRONT.search(text, max(0, start - 60), start)
    if said is None or any(a < said.end("who") and said.start("who") < b for a, b in named):
        return
    begin = said.start("who") if said.re is IN_FRONT else said.start("words")
    window.condition = (begin, said.end("who"))


def _variant(text: str, last: Limit, q: Quantity, anchor: tuple[int, int] | None) -> re.Match[str] | None:
    """What the time `q` is for; `anchor`: where words behind it say what it is measured from."""
    if last.kind not in ("time_window", "duration") or q.start < last.quantity.end:
        return None
    if q.start - last.quantity.end > 110:
        return None
    end = _end_of(last, q)
    said = OPENS_FOR_ANOTHER.match(text, end, q.start) or OPENS_FOR_A_DRUG.match(text, end, q.start)
    if said is None and last.exception_to is not None:
        said = GOES_ON.match(text, end, q.start)
    if said is not None:
        return said if CLOSES.match(text, q.end) else None
    if NEXT_FOR.fullmatch(text, end, q.start):
        return FOR_WHAT.match(text, q.end)  # "within 28 days (or 5 half-lives); 14 days for kinase inhibitors"
    if not OPENS.fullmatch(text, end, q.start):
        return None
    if OR.fullmatch(text, end, q.start) and (said := FOR_WHAT.match(text, q.end)):
        return said  # "stroke within 180 days, or 90 days for unstable angina"
    return FOR_WHOM.match(text, q.end) or IF.match(text, q.end) or (IF.match(text, anchor[1]) if anchor else None)


def _end_of(window: Limit, q: Quantity) -> int:
    """Where a window ends before the time `q`, its anchor included."""
    end = window.quantity.end
    behind = window.anchor_span is not None and end <= window.anchor_span[0] and window.anchor_span[1] <= q.start
    return window.anchor_span[1] if behind and window.anchor_span else end


def _be_like(window: Limit, last: Limit) -> None:
    """A bare amount is what the window in front of it is; one with words of its own keeps its own comparator."""
    if window.rule in ("duration-of-state", "duration-of", "window-bare", "further-window"):
        window.kind, window.direction, window.attribute = last.kind, last.direction, last.attribute
        window.anchor, window.anchor_span = last.anchor, last.anchor_span
    elif window.anchor_span is None:
        window.anchor, window.anchor_span = last.anchor, last.anchor_span
    window.rule, window.narrows = RULE, []
    if window.quantity.operator is None and last.quantity.operator in ("<", "<=", ">", ">="):
        rebound(window.quantity, last.quantity.operator)
