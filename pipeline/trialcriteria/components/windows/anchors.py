"""Anchors that stand apart from their window: behind a bracket or a remark, or beside another window of the sentence.

"Within 30 days or 5 half-lives of the drug, whichever is longer, before the first dose": both are measured from it.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest

from trialcriteria.components.limits import Limit
from trialcriteria.components.terms import Term
from trialcriteria.components.windows.cues import anchor_behind, is_whose_half_life
from trialcriteria.components.windows.measured import STUDY_ANCHORS

ENDS = re.compile(r"[.](?=\s+[A-Z(])|\n")
BARE = frozenset(
    {"window-within", "window-bare", "window-in", "further-window", "variant-window", "listed-window"}
    | {"window-before", "washout"}
)
DRUG = r"(?:drugs?|agents?|compounds?|products?|medications?|medicines?|treatments?|substances?|antibod(?:y|ies)|IMP)"
LONGER = r"(?:long|short|great|lat|less)(?:er|est)?"
REMARK = re.compile(  # what may stand between a window and the cue of its anchor
    rf"(?:[\s,)]+|\([^()]*\)|;\s*(?=whichever)|(?:\(\s*)?whichever\s+(?:[\w-]+\s+){{0,4}}?{LONGER}\b|"
    r"\b(?:of|for)\s+(?:the|such|that|its|each|this|any|these|all|other|others)?\s*(?:[\w-]+\s+){0,4}?"
    rf"{DRUG}\b|\bfor\s+(?:all\s+)?(?:other|others|[\w-]+)(?:\s*(?:/|\bor\b|\band\b)\s*[\w-]+(?:\s[A-Z]\b)?)?|"
    r"\bor\s+twice\s+the\s+duration\s+of\s+the\s+biological\s+effects?\b|"
    r"\bif\s+known\b|wash[- ]?out(?:\s+(?:period|interval|phase))?)*"
)
FARTHEST_IN_FRONT = 40  # characters between an anchor and the bracket behind it
MOST_APART = 150  # characters between a window and the cue of its anchor


def find_anchors(text: str, windows: Sequence[Limit], words: Sequence[Term], anchors: Sequence[Term]) -> None:
    """Complete the windows that no anchor stands beside: by one further on, else by that of another window."""
    for window in windows:
        if window.quantity.unit == "{half_life}" and window.direction == "before" and window.anchor is None:
            window.anchor = "now"  # "within 5 half-lives of the compound"
        if _needs_anchor(window):
            _seek_behind(text, window, words, anchors)
        if _needs_anchor(window):
            _seek_in_front(text, window, anchors)
        if window.rule == "time-since" and window.anchor == "now" and window.anchor_span is None:
            _seek_behind_the_event(text, window, anchors)
    _share(text, windows)


def _seek_behind(text: str, window: Limit, words: Sequence[Term], anchors: Sequence[Term]) -> None:
    """The anchor behind remarks and brackets."""
    end = window.quantity.end
    for cue in words:
        if not end <= cue.start <= end + MOST_APART or cue.id not in ("before after", "of after"):
            continue
        if not REMARK.fullmatch(text, end, cue.start):
            continue
        found = anchor_behind(text, cue.end, anchors)
        if found and found[0] in STUDY_ANCHORS and not is_whose_half_life(text, window.quantity, found):
            window.anchor, window.anchor_span = found
            return


def _seek_behind_the_event(text: str, window: Limit, anchors: Sequence[Term]) -> None:
    """ "At least 4 weeks from any major surgery prior to registration": what the time ends with stands last."""
    end = window.quantity.end
    for anchor in anchors:
        if anchor.id in STUDY_ANCHORS and 0 < anchor.start - end < MOST_BETWEEN:
            if UP_TO_IT.fullmatch(text, end, anchor.start):
                window.anchor, window.anchor_span = anchor.id, (anchor.start, anchor.end)
            return


MOST_BETWEEN = 110
UP_TO_IT = re.compile(r"[^.;:()\d]{5,100}?\b(?:prior\s+to|before)\s+(?:(?:the|study|their)\s+)?", re.I)
PRIOR_TO = re.compile(r"\b(?:prior\s+to|before|preceding)\s+(?:(?:the|their|his|her)\s+)?$", re.I)
OPENS_BRACKET = re.compile(r"(?:\s+(?:of|with)\s+(?:[\w-]+\s*){1,4})?\s*\(\s*$")


def _seek_in_front(text: str, window: Limit, anchors: Sequence[Term]) -> None:
    """ "A negative test prior to the first dose of study drug (within 72 hours)": a bracket behind its anchor."""
    start = window.quantity.start
    for anchor in reversed(anchors):
        near = anchor.id in STUDY_ANCHORS and 0 < start - anchor.end < FARTHEST_IN_FRONT
        if near and OPENS_BRACKET.fullmatch(text, anchor.end, start) and PRIOR_TO.search(text, 0, anchor.start):
            window.anchor, window.anchor_span = anchor.id, (anchor.start, anchor.end)
            return


def _share(text: str, windows: Sequence[Limit]) -> None:
    """ "Radiotherapy within 2 weeks, surgery within 4 weeks before randomization": one anchor for all of them.

    A window that says none takes that of the next one in its sentence, else that of the one in front of it.
    """
    bare = [
        window
        for window, behind in zip_longest(windows, windows[1:])
        if _needs_anchor(window, and_past=behind is not None and behind.rule == "further-window")
    ]
    said = [window for window in windows if window.anchor_span and _may_lend(window)]
    for window in bare:
        start, end = window.quantity.start, window.quantity.end
        behind = [
            other for other in said if other.quantity.start >= end and not ENDS.search(text, end, other.quantity.start)
        ]
        front = [other for other in said if other.quantity.end <= start]
        lender = min(behind, key=lambda other: other.quantity.start, default=None)
        lender = lender or max(front, key=lambda other: other.quantity.end, default=None)
        if lender is not None:
            window.anchor, window.anchor_span = lender.anchor, lender.anchor_span


def _needs_anchor(window: Limit, *, and_past: bool = False) -> bool:
    """Whether no anchor stands beside a window; `and_past`: "in the last 4 weeks" needs one too, as more is to come."""
    return (
        window.kind == "time_window"
        and window.direction == "before"
        and window.anchor == "now"
        and window.anchor_span is None
        and (window.rule in BARE or (and_past and window.rule == "window-past"))
    )


def _may_lend(window: Limit) -> bool:
    return window.kind == "time_window" and window.direction == "before" and window.anchor in STUDY_ANCHORS
