"""Time windows and durations: how far an event lies from its anchor, how long a state lasts.

A window's words stand around the amount: "within the last", "prior to", "ago". They say on which side of the anchor
the event lies; the anchor is looked for behind them, the event in front of the window or, where the window leads
("at least 4 weeks since chemotherapy"), behind it.
"""

import re
from collections.abc import Sequence
from typing import Any

from spacy.language import Language

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.limits import Limit
from trialcriteria.components.step import Step
from trialcriteria.components.subjects import clause_start, words_after, words_before
from trialcriteria.components.terms import Term
from trialcriteria.components.variants import find_variants
from trialcriteria.components.windows.alone import STUDY_ANCHORS, read_alone
from trialcriteria.components.windows.cues import Entries
from trialcriteria.components.windows.together import (
    goes_on,
    is_in_brackets_for,
    like,
    share_anchors,
    share_comparator,
    under_parent,
)
from trialcriteria.lexicon import load

NARROWING = re.compile(
    r"(?:\s|[,()\[\]:-]|\b(?:measured|documented|obtained|performed|assessed|determined|tested|confirmed|as|by|"
    r"at|on|in|is|was|were|be|must|should|within|during|screening|test|tests|result|results|level|levels|and|"
    r"the|of|done|recorded|observed|taken|occurring|based|laboratory|values?|which|that|have|has|been|must be|"
    r"collected|evaluated|from|for|over|a|an|per|local|central|ECGs?|electrocardiogra\w+|echocardiogra\w+|MUGA|CT|MRI|"
    r"PET|scans?|imaging|x-?rays?|ultrasound|urine|blood|serum|bone|sample|or)\b|\([^()]*\))*$",
    re.I,
)
TEST_WORDS = re.compile(
    r"\b(?:tested|measured|obtained|performed|assessed|documented|determined|examined|examination|"
    r"laboratory (?:values|tests|results|parameters)|evaluated|collected|test|tests|testing|assessments?|"
    r"imaging|scan|ECG|MRI|CT|biopsy|work-?up|staging)\b",
    re.I,
)
OF_AN_EVENT = frozenset({"ctcae", "nyha", "stage", "ccs_angina", "tumor_grade"})  # classes of what happened, not tests
AHEAD = re.compile(
    r"\b(?:planned|planning|plans?|scheduled|anticipated|intend\w*|expected)\s+(?:[\w-]+\s+){0,3}$", re.I
)
OF_IT = re.compile(r"^\s*(?:of|after)\s+(?:the\s+|an?\s+)?$")


def find_windows(
    text: str,
    times: Sequence[Quantity],
    limits: Sequence[Limit],
    terms: Sequence[Term],
    entries: Entries,
    leading: str | None = None,
) -> tuple[list[Limit], list[Quantity]]:
    """(windows and durations, times that are neither); `leading`: the comparator that the parent bullet says."""
    words = [t for t in terms if t.group == "windows"]
    anchors = [t for t in terms if t.group == "anchors"]
    out: list[Limit] = []
    rest: list[Quantity] = []
    for q in times:
        last = out[-1] if out else None
        window = read_alone(text, q, words, anchors, entries)
        if last is not None and goes_on(text, window, last, q):
            instead = window is None and is_in_brackets_for(text, last, q)
            window = like(last, q)
            if instead:
                window.span = words_after(text, q.end + 4)
                window.exception_to = len(limits) + len(out) - 1
        if window is None and leading:
            window = under_parent(text, q, leading)
        if window is None:
            rest.append(q)
            continue
        if last is not None:
            share_comparator(text, last, window)
        if q.operator is None and window.direction == "after" and window.anchor in ("last_dose", "study_end"):
            rebound(q, "<=")  # "during the study and 6 months after the last dose"
        _find_subject(text, window, limits, out)
        out.append(window)
    find_variants(text, out, len(limits))
    share_anchors(text, out)
    for window in out:
        _turn_ahead(text, window)
    return out, rest


def _turn_ahead(text: str, window: Limit) -> None:
    """Windows that look ahead: "surgery planned within 24 weeks", "progression within 6 months of chemotherapy"."""
    if window.kind != "time_window" or window.direction != "before":
        return
    q = window.quantity
    if window.anchor_span is None:
        near = window.anchor == "now" and window.rule in ("window-within", "window-next")
        ahead = near and AHEAD.search(text, clause_start(text, q.start), q.start) is not None
    else:
        own_event = window.rule == "window-within" and window.anchor not in STUDY_ANCHORS
        ahead = own_event and OF_IT.search(text, q.end, window.anchor_span[0]) is not None
    if ahead:
        window.direction = "after"


def _find_subject(text: str, window: Limit, limits: Sequence[Limit], windows: Sequence[Limit]) -> None:
    """What the window narrows: the limit right in front of it, else the words of its event."""
    q = window.quantity
    floor = clause_start(text, q.start)
    previous = [other for other in limits if other.quantity.end <= q.start and other.quantity.end >= floor]
    if previous and window.span is None:
        last = max(previous, key=lambda other: other.quantity.end)
        gap = text[last.quantity.end : q.start]
        if NARROWING.match(gap) and last.kind not in ("age", "life_expectancy") and last.attribute not in OF_AN_EVENT:
            since = max([w.quantity.end for w in windows if w.quantity.end <= q.start] + [floor])
            window.narrows = [
                i
                for i, other in enumerate(limits)
                if other.kind == last.kind
                and since <= other.quantity.start <= last.quantity.start
                and other.condition is None
            ]
            window.span = last.span if not last.inherited else None
            return
    ended = max([w.quantity.end for w in windows if w.quantity.end <= q.start] + [floor])
    if window.span is None and window.rule != "time-since":
        window.span = words_before(text, q.start, ended)
    if window.span is None and window.rule != "time-since":
        end = max(q.end, window.anchor_span[1] if window.anchor_span else 0)
        span = words_after(text, end) if window.anchor_span is None else None
        if span is None and window.anchor_span is not None:
            comma = re.compile(r"[\s),:]*(?:have |has |had )?").match(text, end)
            span = words_after(text, comma.end() if comma else end)
        window.span = span


class Windows(Step):
    """Turns the times left by the constraints into windows and durations and adds them to `doc.user_data["limits"]`."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries

    def read(self, text: str, data: dict[str, Any]) -> None:
        """Windows and durations join the limits."""
        limits = data.get("limits", [])
        if not data.get("times"):
            return
        windows, data["times"] = find_windows(
            text, data.get("times", ()), limits, data.get("terms", ()), self.entries, data.get("leading")
        )
        data["limits"] = limits + windows


@Language.factory(
    "trialcriteria_windows", assigns=["doc.user_data"], requires=["doc.user_data"], default_config={"lexicon_files": []}
)
def make_windows(nlp: Language, name: str, lexicon_files: list[str]) -> Windows:
    """Component `trialcriteria_windows`."""
    return Windows(load(lexicon_files).entries["windows"])
