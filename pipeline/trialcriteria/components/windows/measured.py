"""What a window is measured from and on which side of it the event lies, by the cue behind its time.

What is counted "since" or "after" is an anchor of the trial, or it is the event itself: "4 weeks since chemotherapy".
"""

import re

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.limits import Limit
from trialcriteria.components.subjects import clause_start, words_after, words_before
from trialcriteria.components.windows.cues import GIVEN, Anchor, Around, Cue

STUDY_ANCHORS = frozenset(
    (
        "screening enrolment registration randomization baseline informed_consent first_dose last_dose visit "
        "study_end study_start run_in now treatment_start leukapheresis"
    ).split()
)
CAME_BACK = re.compile(r"\b(?:progress\w*|recur\w*|relaps\w*|refractory)(?:\s+[\w/-]+){0,2}\s*$", re.I)
AT_THE_END = frozenset({"last_dose", "treatment_end", "study_end"})
HAPPENED = (
    frozenset(  # anchors that are events of the patient's own: "at least 4 weeks since surgery" is about the surgery
        (
            "surgery procedure chemotherapy radiotherapy transplant vaccination diagnosis prior_therapy recurrence "
            "progression admission discharge delivery imaging scan biopsy completion_of_chemotherapy "
            "metastasis_diagnosis event"
        ).split()
    )
)
IT = re.compile(r"\s*(?:it|this|that|then)\b(?!\s+\w)", re.I)
AFTERWARDS = re.compile(r"(?:thereafter|afterwards?)\b", re.I)
NEW_PART = re.compile(r"[,;(]\s*(?:and\s+|or\s+)?$", re.I)
AND_SINCE = re.compile(r"\b(?:and|or)\s+$", re.I)
NOTHING = re.compile(r"\s*(?:[.,;)]|$)")
WHAT_ENDS = re.compile(  # what "and 60 days thereafter" is counted from, if it is the trial's own
    r"\b(?:(?P<last_dose>treatment|therapy|doses?|dosing|medications?|drugs?|infusions?|injections?|product)|"
    r"(?P<study_end>study|trial|participation))\b",
    re.I,
)
LAST = (
    r"(?:(?:the|their|his|her|any|last|prior|previous|most\s+recent|final|completion\s+of|end\s+of|dose\s+of|"
    r"exposure\s+to)\s+)*"
)
LAST_ONES = re.compile(  # "since prior and no other concurrent chemotherapy"
    rf"\s*{LAST}(?:(?:administration|use)\s+of\s+)?(?:and\s+no\s+(?:other\s+|planned\s+)?concurrent\s+)?", re.I
)
OCCURRED = re.compile(  # an event and its verb, in front of a distance that is counted from something else
    r"\w\s+(?:(?:is|was|were|are|has|have|must|should|be|been)\s+){0,3}(?:occurr(?:ed|ing)|required|performed|obtained|"
    r"taken|done|diagnosed|developed|developing|starting|started|beginning)\s+$",
    re.I,
)
OF_WHAT = re.compile(r"\s+(?:of|with)\s+")
TREATED = frozenset(  # anchors whose own words are as often what lasts
    "first_dose treatment_start admission procedure chemotherapy radiotherapy prior_therapy".split()
)


def measure(text: str, limit: Limit, around: Around, back: Cue) -> None:
    """Where a window is measured from, by the cue behind its time; its event for "at least 4 weeks since surgery"."""
    front, anchor = around.front, around.anchor
    if back.id == "ago":
        limit.direction, limit.anchor = "before", "now"
    elif back.id == "after" and anchor and _lies_behind_us(text, back, anchor[0]):
        of_what = OF_WHAT.match(text, anchor[1][1])  # "at least 4 weeks since the last dose of chemotherapy"
        _since(limit, (words_after(text, of_what.end()) if of_what else None) or anchor[1])
    elif back.id == "after" and (front is None or front.id != "past") and says_no_event(text, back):
        limit.anchor = what_ends(text, limit.quantity)
    elif front and front.role == "window" and _leads_on(text, limit.quantity, back, anchor):
        limit.span = words_after(text, back.end)
    elif front is None and _says_how_long(text, limit.quantity, back, anchor):
        limit.kind, limit.direction, limit.rule = "duration", None, "duration-of"
        limit.span = words_after(text, back.end) if text[back.start : back.end].lower() == "of" else None
    elif anchor and (back.id != "after" or front or _is_anchor(text, limit.quantity, back, anchor[0])):
        limit.anchor, limit.anchor_span = anchor
    elif back.id == "after" and not (front and front.id in ("within", "next", "until")):
        if _follows(text, limit.quantity):
            limit.anchor_span = words_after(text, back.end)
        else:
            _since(limit, anchor[1] if anchor else _words_of_last(text, back.end))
            if _opens(text, limit.quantity):
                rebound(limit.quantity, ">=")
    elif not IT.match(text, back.end):
        limit.anchor_span = words_after(text, back.end)


def direction_of(text: str, around: Around, back: Cue) -> str | None:
    """On which side of the anchor the event lies, by the cue behind the time."""
    front, anchor = around.front, around.anchor
    from_it = text[back.start : back.end].lower() == "from"
    if from_it and anchor and anchor[0] in STUDY_ANCHORS and anchor[0] not in AT_THE_END:
        return "before"  # "within 5 years from study entry"
    if front and front.id == "next":
        return "after"
    if back.id == "of":
        return (front or back).direction or "before"
    return back.direction


def says_no_event(text: str, back: Cue) -> bool:
    """Whether nothing follows that a time is after: "during the study and 3 months afterwards"."""
    return AFTERWARDS.match(text, back.start) is not None or NOTHING.match(text, back.end) is not None


def what_ends(text: str, q: Quantity) -> str | None:
    """What "thereafter" is counted from: "during the study and 3 months afterwards" is after the end of the study."""
    ends = [found.lastgroup for found in WHAT_ENDS.finditer(text, clause_start(text, q.start), q.start)]
    return ends[-1] if ends else None


def _says_how_long(text: str, q: Quantity, back: Cue, anchor: Anchor | None) -> bool:
    """Whether a time is how long what stands behind it lasts: "at least 3 hours of dialysis", not "of screening"."""
    if back.id != "of":
        return False
    if anchor is None:
        return True
    stated_at_most = q.operator in ("<", "<=") and not text[: q.start].rstrip().endswith("(")
    if text[back.start : back.end].lower() != "of" or stated_at_most:
        return False  # "(≤ 2 weeks of radiotherapy)" says how long it lasted
    return anchor[0] in TREATED and GIVEN.search(text[slice(*anchor[1])]) is None


def _follows(text: str, q: Quantity) -> bool:
    """Whether what a distance is counted "after" is its anchor: "a stroke occurred > 30 days after the move"."""
    back = max(0, q.start - 40)
    return CAME_BACK.search(text, back, q.start) is not None or OCCURRED.search(text, back, q.start) is not None


def _leads_on(text: str, q: Quantity, back: Cue, anchor: Anchor | None) -> bool:
    """Whether "of" leads not to the anchor but back to the event: "history, within 3 years, of drug abuse"."""
    if text[back.start : back.end].lower() != "of" or (anchor and anchor[0] in STUDY_ANCHORS):
        return False
    return re.search(r"[,)]", text[q.end : back.start]) is not None


def _opens(text: str, q: Quantity) -> bool:
    """Whether a criterion begins with a time: "3 weeks since prior chemotherapy" are at least so many."""
    return not text[: q.start].strip(" -–•*") and q.operator is None


def _words_of_last(text: str, at: int) -> tuple[int, int] | None:
    """The event's words behind "since": "[any prior] chemotherapy"."""
    skipped = LAST_ONES.match(text, at)
    return words_after(text, skipped.end() if skipped else at)


def _since(limit: Limit, event: tuple[int, int] | None) -> None:
    """The window reaches from an event to now."""
    limit.direction, limit.anchor, limit.span, limit.rule = "before", "now", event, "time-since"


def _lies_behind_us(text: str, back: Cue, anchor: str) -> bool:
    """Whether what a distance is counted "since" is past: it never is the end of the trial's own treatment."""
    return text[back.start : back.end].lower() == "since" and anchor in AT_THE_END


def _is_anchor(text: str, q: Quantity, back: Cue, id: str) -> bool:
    """Whether what a bare distance is counted "after" is its anchor, not its event: another event stands in front."""
    if id in STUDY_ANCHORS or id not in HAPPENED:
        return True
    if _is_next_since(text, q, back):
        return False
    led = words_before(text, q.start, clause_start(text, q.start)) is not None
    return led and NEW_PART.search(text, 0, q.start) is None


def _is_next_since(text: str, q: Quantity, back: Cue) -> bool:
    """ "4 weeks since chemotherapy and 2 weeks since radiotherapy": a statement of its own, about the radiotherapy."""
    return text[back.start : back.end].lower() == "since" and AND_SINCE.search(text, 0, q.start) is not None
