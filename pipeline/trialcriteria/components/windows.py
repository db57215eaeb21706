"""Time windows and durations: how far an event lies from its anchor, how long a state lasts.

A window's words stand around the amount: "within the last", "prior to", "ago". They say on which side of the anchor
the event lies; the anchor is looked for behind them, the event in front of the window or, where the window leads
("at least 4 weeks since chemotherapy"), behind it.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from spacy.language import Language

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.step import Step
from trialcriteria.components.subjects import clause_start, words_after, words_before
from trialcriteria.components.terms import Term
from trialcriteria.components.variants import find_variants
from trialcriteria.lexicon import load

GAP_BEFORE = re.compile(
    r"[\s(]*(?:the|a|an|about|approximately|at|of|than|least|most|past|last|previous|preceding|prior|minimum|"
    r"maximum|period of|:)?\s*$",
    re.I,
)
GAP_AFTER = re.compile(
    r"[\s,)]*(?:\([^()]{1,25}\)\s*)?(?:period|time|or more|or less|immediately|interval|duration|at least|"
    r"window|time frame|timeframe|just|directly|have elapsed|has elapsed|must have elapsed|should have elapsed|"
    r"elapsed|have passed|must have passed|has passed|passed|inclusive|shortly|later|or longer|full|,)?[\s,)]*$",
    re.I,
)
TO_ANCHOR = re.compile(
    r"[\s(\"']*(?:(?:the|a|an|their|his/her|this|your|any|each|first|study|planned|scheduled|expected|"
    r"anticipated|initial|date of|day of|time of|of|to|start of|signing|beginning of|on|at|being|be|entering|"
    r"in|into|receiving|completion of|completing|end of|undergoing|performing|current|treatment)\s+)*$",
    re.I,
)
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
STUDY_ANCHORS = frozenset(
    (
        "screening enrolment registration randomization baseline informed_consent first_dose last_dose visit "
        "study_end study_start run_in now treatment_start"
    ).split()
)
OF_AN_EVENT = frozenset({"ctcae", "nyha", "stage", "ccs_angina", "tumor_grade"})  # classes of what happened, not tests
HAPPENED = (
    frozenset(  # anchors that are events of the patient's own: "at least 4 weeks since surgery" is about the surgery
        (
            "surgery procedure chemotherapy radiotherapy transplant vaccination diagnosis prior_therapy recurrence "
            "progression admission discharge delivery imaging scan biopsy completion_of_chemotherapy "
            "metastasis_diagnosis event"
        ).split()
    )
)
LASTING = re.compile(
    r"\b(?:duration|history|lasting|persist\w*|stable|unchanged|symptoms?|diagnos\w+|since|disease|course|pain|"
    r"experience|resid\w+|living|therapy|treatment|use)\b",
    re.I,
)


class Cue(NamedTuple):
    """Window words beside an amount."""

    id: str
    start: int
    end: int
    operator: str | None
    direction: str | None
    role: str


def find_windows(
    text: str,
    times: Sequence[Quantity],
    limits: Sequence[Limit],
    terms: Sequence[Term],
    entries: dict[str, dict[str, str]],
    leading: str | None = None,
) -> tuple[list[Limit], list[Quantity]]:
    """(windows and durations, times that are neither); `leading`: the comparator that the parent bullet says."""
    words = [t for t in terms if t.group == "windows"]
    anchors = [t for t in terms if t.group == "anchors"]
    out: list[Limit] = []
    rest: list[Quantity] = []
    last: Limit | None = None
    for q in times:
        window = place(text, q, words, anchors, entries)
        if window and last and window.rule == "duration-of-state" and q.stated and _same_window(text, last, q):
            window = _like(last, q)
        if window and last and window.kind == "duration" and q.unit == "{half_life}" and last.kind == "time_window":
            window = _like(last, q)  # "(or 5 half-lives of the drug)" is a distance, nothing lasts so long
        if window is None and last is not None and (_same_window(text, last, q) or _variant(text, last, q)):
            window = _like(last, q)
            if _variant(text, last, q):
                window.span = words_after(text, q.end + 4)
                window.exception_to = len(limits) + out.index(last)
        if window is None and leading:
            window = _under_parent(text, q, leading)
        if window is None:
            rest.append(q)
            continue
        if last is not None and window.quantity.operator is None:
            if window.rule == last.rule == "time-since" and last.quantity.operator and _next_part(text, last, q):
                rebound(window.quantity, last.quantity.operator)
            elif _same_window(text, last, q):
                _share(last, window)
        if (
            window.quantity.operator is None
            and window.direction == "after"
            and window.anchor in ("last_dose", "study_end")
        ):
            rebound(window.quantity, "<=")  # "during the study and 6 months after the last dose"
        _subject(text, window, limits, [*out], anchors)
        out.append(window)
        last = window
    find_variants(text, out, len(limits))
    _share_anchors(text, out)
    for window in out:
        _turn_ahead(text, window)
    return out, rest


def _share_anchors(text: str, windows: Sequence[Limit]) -> None:
    """ "Radiotherapy within 2 weeks, surgery within 4 weeks before randomization": one anchor for all of them.

    A window that says none takes that of the next one in its sentence, else that of the one in front of it.
    """
    bare = [window for window in windows if _needs_anchor(window)]
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


def _needs_anchor(window: Limit) -> bool:
    return (
        window.kind == "time_window"
        and window.direction == "before"
        and window.anchor == "now"
        and window.anchor_span is None
        and window.rule in ("window-within", "window-bare", "further-window")
    )


def _may_lend(window: Limit) -> bool:
    return window.kind == "time_window" and window.direction == "before" and window.anchor in STUDY_ANCHORS


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


ENDS = re.compile(r"[.](?=\s+[A-Z(])|\n")
AHEAD = re.compile(
    r"\b(?:planned|planning|plans?|scheduled|anticipated|intend\w*|expected)\s+(?:[\w-]+\s+){0,3}$", re.I
)
OF_IT = re.compile(r"^\s*(?:of|after)\s+(?:the\s+|an?\s+)?$")


PARENT_SAYS = (
    (">=", re.compile(r"wash-?\s?out|stopped|discontinu|off treatment|elapsed|free of|interval since", re.I)),
    ("<=", re.compile(r"\bwithin\b|in the (?:following|specified|stated)|prior to|before|received", re.I)),
)


def parent_comparator(text: str) -> str | None:
    """What a parent bullet says of the bare times below it: "Washout before day 1:" asks for at least so long."""
    return next((sign for sign, words in PARENT_SAYS if words.search(text)), None)


def _under_parent(text: str, q: Quantity, leading: str) -> Limit | None:
    """ "Infliximab, abatacept: ≥ 12 weeks" below "Washout of previous biologics"."""
    if not re.search(r"[:\-–]\s*(?:[<>≤≥]=?\s*)?$", text[: q.number_start]):
        return None
    if q.operator is None:
        rebound(q, leading)
    return Limit(
        q, "time_window", None, words_before(text, q.start), "time-under-parent", direction="before", anchor="now"
    )


def _same_window(text: str, last: Limit, q: Quantity) -> bool:
    """ "within 30 days or 5 half-lives", "> 2 months and < 5 years": the second amount shares the first one's words."""
    gap = text[last.quantity.end : q.start]
    joined = r"\b(?:or|and|but)\b|^[\s,]*$" if q.stated else r"\bor\b"
    return len(gap) < 60 and bool(re.search(joined, gap)) and not HARD_BREAK.search(gap)


def _next_part(text: str, last: Limit, q: Quantity) -> bool:
    """ "At least 4 weeks since chemotherapy, 2 weeks since radiotherapy": the comparator stands with the first."""
    gap = text[last.quantity.end : q.start]
    return len(gap) < 80 and re.search(r"(?:,|\band|\bor)\s*$", gap) is not None and not HARD_BREAK.search(gap)


NEW_PART = re.compile(r"[,;]\s*(?:and\s+|or\s+)?$", re.I)
IN_THE = re.compile(r"\b(?:in|during|over|for|throughout)\s+(?:the|a)\s+(?:first\s+)?(?:period\s+of\s+)?$", re.I)
VARIANT = re.compile(r"[^()]{0,60}\(\s*(?:or\s+)?$")


def _variant(text: str, last: Limit, q: Quantity) -> bool:
    """ "≥ 4 weeks since prior therapy (6 weeks for nitrosoureas)": a bracket names what has its own distance."""
    return bool(VARIANT.fullmatch(text[last.quantity.end : q.start]) and re.match(r"\s*for\s", text[q.end :]))


def _share(last: Limit, window: Limit) -> None:
    """ "within 90 days or 5 half-lives before baseline": one comparator and one anchor for both."""
    if last.quantity.operator in ("<", "<=", ">", ">="):
        rebound(window.quantity, last.quantity.operator)
    if last.anchor == "now" and last.anchor_span is None:
        last.anchor, last.anchor_span, last.direction = window.anchor, window.anchor_span, window.direction
    window.span = last.span


def _like(last: Limit, q: Quantity) -> Limit:
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


def place(
    text: str, q: Quantity, words: Sequence[Term], anchors: Sequence[Term], entries: dict[str, dict[str, str]]
) -> Limit | None:
    """The amount as a window or a duration; None where no words say so."""
    front = _front(text, q, words, entries)
    back = _back(text, q, words, entries)
    if front is None and back is None and not q.stated:
        return None
    if front and back and front.role == "duration" and _tells_when(text, q, front, back):
        front = None  # "radiotherapy during the 4 weeks before randomization", "diagnosed over 1 year ago"
    if front and front.role == "spacing" and not q.stated:
        return None
    span: tuple[int, int] | None = None
    anchor: str | None = None
    anchor_span: tuple[int, int] | None = None
    direction: str | None = None
    kind, rule = "time_window", "window"
    start = q.start
    if front and front.role in ("window", "washout"):
        start = front.start
    operator = front.operator if front and front.operator else (back.operator if back else None)
    after_anchor = _anchor(text, back.end, anchors) if back and back.direction else None
    study = after_anchor is not None and after_anchor[0] in STUDY_ANCHORS
    role = front.role if front else back.role if back else "state"
    if role == "spacing" or (back and back.role == "spacing"):
        kind, rule, direction = "duration", "spacing", None
    elif role == "washout" or (back and back.role == "washout"):
        operator, direction, anchor, rule = operator or ">=", "before", "now", "washout"
        if after_anchor:
            anchor, anchor_span = after_anchor
    elif role == "window":
        assert front or back
        cue = front or back
        assert cue
        direction = cue.direction
        if back and back.role == "window":
            direction = back.direction if back.id != "of" else direction or "before"
            if front and front.id == "next":
                direction = "after"
            if (
                after_anchor
                and study
                and text[back.start : back.end].lower() == "from"
                and after_anchor[0] not in ("last_dose", "treatment_end", "study_end")
            ):
                direction = "before"  # "within 5 years from study entry"
        rule = "window-" + cue.id
        if back and back.id == "ago":
            direction, anchor = "before", "now"
        elif back and back.id == "after" and after_anchor and _lies_behind_us(text, back, after_anchor[0]):
            direction, anchor, rule = "before", "now", "time-since"  # "at least 4 weeks since the last dose of chemo"
            of_what = OF_WHAT.match(text, after_anchor[1][1])
            span = (words_after(text, of_what.end()) if of_what else None) or after_anchor[1]
        elif back and back.id in ("before", "after", "of"):
            led = words_before(text, front.start if front else q.start, clause_start(text, q.start)) is not None
            led = led and (front is not None or NEW_PART.search(text, 0, q.start) is None)
            if after_anchor and (study or front or back.id != "after" or led or after_anchor[0] not in HAPPENED):
                anchor, anchor_span = after_anchor
            elif back.id == "after" and not (front and front.id in ("within", "next", "until")):
                direction, anchor, span, rule = "before", "now", words_after(text, back.end), "time-since"
                if after_anchor:
                    span = after_anchor[1]
            elif back.id == "of" and not after_anchor:
                span = (
                    words_after(text, back.end) if text[back.start : back.end].lower() == "of" and not front else None
                )
                if front:
                    said = words_after(text, back.end)
                    anchor, anchor_span = (None, said) if said else ("now", None)
                else:
                    kind, direction, rule = "duration", None, "duration-of"
            else:
                said = words_after(text, back.end)
                anchor, anchor_span = (None, said) if said else ("now", None)
        if direction is None and kind == "time_window":
            direction = "before"
        if kind == "time_window" and anchor is None and anchor_span is None:
            anchor = "now"
    elif role == "duration":
        kind, rule = "duration", "duration"
        if back and back.id == "after":
            kind, rule, direction = "time_window", "window-after", "after"
            operator = "<="
            if after_anchor:
                anchor, anchor_span = after_anchor
            else:
                anchor_span = words_after(text, back.end)
        else:
            operator = ">="
    else:
        if back is None:
            before = words_before(text, q.start, clause_start(text, q.start))
            after = words_after(text, q.end)
            if before is None and after is None:
                return None
            kind, rule = "duration", "duration-of-state"
            words_said = text[slice(*before)] if before and not after else ""
            if words_said and q.operator in ("<", "<=") and not LASTING.search(words_said):
                kind, rule = "time_window", "window-bare"  # "chemotherapy ≤ 21 days"
                direction, anchor = "before", "now"
    if q.operator is None and operator:
        rebound(q, operator)
    within_the = IN_THE.search(text, max(0, q.start - 16), q.number_start)
    if kind == "time_window" and direction == "before" and within_the and q.operator in (None, ">"):
        rebound(q, "<=")  # "in the 6 months before", "over the 8 weeks before"
    if rule == "window-until" and anchor in ("first_dose", "treatment_start") and anchor_span:
        begun = re.search(r"first|start|begin|initiat", text[slice(*anchor_span)], re.I)
        anchor = anchor if begun else "last_dose"  # "until 6 months post treatment"
    q.start = start
    limit = Limit(q, kind, None, span, rule, direction=direction, anchor=anchor, anchor_span=anchor_span)
    return limit


OF_WHAT = re.compile(r"\s+(?:of|with)\s+")


def _lies_behind_us(text: str, back: Cue, anchor: str) -> bool:
    """Whether what a distance is counted "since" is past: it never is the end of the trial's own treatment."""
    return text[back.start : back.end].lower() == "since" and anchor in ("last_dose", "treatment_end", "study_end")


def _tells_when(text: str, q: Quantity, front: Cue, back: Cue) -> bool:
    """Whether an amount between "during"/"over" and "before"/"ago" says when something was, not how long it lasts."""
    if back.id == "ago":
        return True
    led = text[max(0, front.start - 6) : front.end]  # "in a period of 90 days before"
    if back.id != "before" or not re.search(r"\b(?:during|over|in)\b", led, re.I):
        return False
    return STEADY.search(text, clause_start(text, q.start), front.start) is None


STEADY = re.compile(
    r"\b(?:stable|unchanged|constant|steady|no (?:\w+ )?changes?|without changes?|average\w*|mean)\b", re.I
)


def _front(text: str, q: Quantity, words: Sequence[Term], entries: dict[str, dict[str, str]]) -> Cue | None:
    best = None
    for term in words:
        if term.end > q.number_start or q.start - term.end > 24 or not term.id.endswith(" before"):
            continue
        if term.end <= q.start and not GAP_BEFORE.match(text[term.end : q.start]):
            continue
        if term.start < q.start < term.end and q.cue != "between" and term.end < q.number_start:
            continue
        if best is None or term.end > best.end or (term.end == best.end and term.start < best.start):
            best = term
    return _cue(best, entries) if best else None


def _back(text: str, q: Quantity, words: Sequence[Term], entries: dict[str, dict[str, str]]) -> Cue | None:
    best = None
    for term in words:
        if term.start < q.end or term.start - q.end > 40 or not term.id.endswith(" after"):
            continue
        if not GAP_AFTER.match(text[q.end : term.start]):
            continue
        if best is None or term.start < best.start or (term.start == best.start and term.end > best.end):
            best = term
    return _cue(best, entries) if best else None


def _cue(term: Term, entries: dict[str, dict[str, str]]) -> Cue:
    id = term.id.split()[0]
    entry = entries[id]
    return Cue(id, term.start, term.end, entry.get("operator"), entry.get("direction"), entry["role"])


def _anchor(text: str, at: int, anchors: Sequence[Term]) -> tuple[str, tuple[int, int]] | None:
    for term in anchors:
        if term.start < at or term.start - at > 50:
            continue
        if TO_ANCHOR.match(text[at : term.start]):
            longest = max((t for t in anchors if t.start == term.start), key=lambda t: t.end)
            return longest.id, (longest.start, longest.end)
    return None


def _subject(
    text: str, window: Limit, limits: Sequence[Limit], windows: Sequence[Limit], anchors: Sequence[Term]
) -> None:
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

    def __init__(self, entries: dict[str, dict[str, str]]) -> None:
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
