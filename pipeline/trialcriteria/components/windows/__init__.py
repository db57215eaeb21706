"""Time windows and durations: how far an event lies from its anchor, how long a state lasts.

A window's words stand around the amount: "within the last", "prior to", "ago". They say on which side of the anchor
the event lies; the anchor is looked for behind them, the event in front of the window or, where the window leads
("at least 4 weeks since chemotherapy"), behind it.
"""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from spacy.language import Language

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.limits import Limit
from trialcriteria.components.step import Step
from trialcriteria.components.subjects import clause_start, words_after, words_before
from trialcriteria.components.terms import Term
from trialcriteria.components.variants import find_variants, listed_beside
from trialcriteria.components.windows.alone import read_alone
from trialcriteria.components.windows.anchors import find_anchors
from trialcriteria.components.windows.cues import Entries
from trialcriteria.components.windows.listed import bracketed_next, read_beside, read_listed
from trialcriteria.components.windows.measured import AT_THE_END, CAME_BACK, STUDY_ANCHORS
from trialcriteria.components.windows.narrowed import find_narrowed
from trialcriteria.components.windows.together import (
    goes_on,
    is_next_of_a_list,
    is_variant,
    like,
    share_comparator,
)
from trialcriteria.lexicon import load

TEST_WORDS = re.compile(
    r"\b(?:tested|measured|obtained|performed|assessed|documented|determined|examined|examination|"
    r"laboratory (?:values|tests|results|parameters)|reports?|evaluated|collected|test|tests|testing|assessments?|"
    r"evaluations?|screening|done|conducted|imaging|scans?|ECGs?|EKGs?|EEG|MRI|CT|PET|MUGA|biopsy|work-?up|staging|"
    r"\w*cardiogra(?:ms?|phy)|mammogra(?:ms?|phy)|x-?rays?|radiographs?|ultrasound|\w+scopy|blood\s?work|labs|"
    r"urinalysis|dipstick|ejection\s+fraction|LVEF|organ\s+functions?)\b",
    re.I,
)
AHEAD = re.compile(
    r"\b(?:anticipated|expected|likely|going|predicted)\s+to\s+(?:require|need|receive|undergo|start|begin|have)\s+(?:[\w-]+\s+){0,3}$|"
    r"^\W*(?:planned|scheduled)\b[^.;,]{0,60}$|"
    r"\b(?:planned|planning|plans?|scheduled|anticipated|intend\w*|expected)\s+(?:[\w-]+\s+){0,3}$",
    re.I,
)
BEGUN = re.compile(r"\b(?:enroll?|enrolled|randomi[sz]ed|start|begin|initiate|present\w*)(?:\s+[\w/-]+){0,2}\s*$", re.I)
BEHIND_US = frozenset(
    "symptom_onset diagnosis event birth discharge completion_of_chemotherapy prior_therapy recurrence".split()
)
MUST_HAVE_STOPPED = re.compile(
    r"\b(?:must|should|shall|needs?\s+to|has\s+to|have\s+to)\s+(?:have\s+)?(?:be|been)\s+(?:stopped|discontinued|withheld|"
    r"held|washed\s+out|completed|finished)\s+$",
    re.I,
)
HAVE_ELAPSED = re.compile(
    r"(?:\s*\([^()]*\))?\s+(?:(?:must|should|shall|needs?\s+to|has\s+to|have\s+to)\s+(?:elapse|pass)|"
    r"(?:(?:must|should|shall|needs?\s+to|has\s+to|have\s+to)\s+)?(?:has|have|had)\s+(?:elapsed|passed))\b(?P<spaced>\s+between\b)?",
    re.I,
)
FREE_OF_IT = re.compile(  # "no evidence of disease for > 5 years after the last treatment": of that disease
    r"\b(?:no\s+(?:signs?|evidence)\s+of|free\s+of|disease[- ]free|recurrences?|relapses?|progression|progressed|"
    r"relapsed|recurred)\b[^.;]{0,60}$",
    re.I,
)
DURING_AND = re.compile(r"\bduring\s+and\s+(?:for\s+)?$", re.I)
IT_HAS_BEEN = re.compile(r"\bit\s+has\s+been\s+$", re.I)
OF_IT = re.compile(
    r"\s*(?:of|after|from|following)\s+(?:the\s+|an?\s+)?(?:(?:time|date|day|start)\s+of\s+)?(?:the\s+)?"
)
FROM_TO = re.compile(r"\bfrom\s[^.;]{3,90}?\s(?:to|until|through)\s+$", re.I)
EARLIER = re.compile(r"(?:an?\s+)?(?:previous|prior|earlier)\b", re.I)


OF_A_PREDICTION = re.compile(  # "a 10-year ASCVD risk score"
    r"(?:\s+[A-Za-z][\w'’/-]*){0,4}?\s+(?:risk|mortality|probability|incidence)\b", re.I
)
OF_A_STRETCH = re.compile(r"\s+(?:run-?in|e-?diary|diary)\b", re.I)  # "over the 35-day run-in"
A_MEAN_OF = re.compile(r"[(\[]\s*(?:the\s+)?(?:mean|average|median)\s+of\b[^()\[\]]*$", re.I)


def _is_no_demand(text: str, q: Quantity) -> bool:
    """Whether a time belongs to a name, a stretch of the trial or the way a mean is made."""
    if "-" in text[q.number_start : q.end] and not q.stated:
        return any(words.match(text, q.end) for words in (OF_A_PREDICTION, OF_A_STRETCH))
    return A_MEAN_OF.search(text, 0, q.start) is not None


def find_windows(
    text: str,
    times: Sequence[Quantity],
    limits: Sequence[Limit],
    terms: Sequence[Term],
    entries: Entries,
    leading: str | None = None,
    given: Collection[str] = (),
) -> tuple[list[Limit], list[Quantity]]:
    """(windows and durations, times that are neither); `leading`: the comparator that the parent bullet says; `given`:
    the lexicon's treatments and procedures.
    """
    words = [t for t in terms if t.group == "windows"]
    anchors = [t for t in terms if t.group == "anchors"]
    out: list[Limit] = []
    rest: list[Quantity] = []
    for q in times:
        last = out[-1] if out else None
        if _is_no_demand(text, q):
            rest.append(q)
            continue
        window = read_alone(text, q, words, anchors, entries)
        if window is None or window.rule == "duration-of-state":
            window = read_listed(text, q, leading, terms) or window
        if last is not None and goes_on(text, window, last, q):
            instead = is_variant(text, window, last, q)
            listed = window is not None and window.rule == "duration-of-state" and is_next_of_a_list(text, last, q)
            window = like(last, q)
            if listed:
                window.span, window.rule = words_before(text, q.start, last.quantity.end), "listed-window"
            if instead:
                window.span = words_after(text, q.end + 4)
                window.exception_to = len(limits) + len(out) - 1
        if window is None and last is not None and (event := listed_beside(text, last, q)):
            window = like(last, q)
            window.span, window.rule = event, "listed-window"
        if last is not None and (window is None or window.span is None) and (event := bracketed_next(text, last, q)):
            window = window or Limit(q, "time_window", None, event, "window-bare", direction="before", anchor="now")
            window.span = event
        if window is None:
            window = read_beside(text, q, terms, given)
        if window is None:
            rest.append(q)
            continue
        if last is not None:
            share_comparator(text, last, window)
        if q.is_maximum and (menses := WITHOUT_MENSES.match(text, q.end)):
            window.kind, window.direction, window.anchor, window.anchor_span = (
                "time_window",
                "after",
                "last_menses",
                None,
            )
            window.span = menses.span("menses")  # "of childbearing potential (< 1 year without menstruation)"
        if window.anchor == "last_menses" and q.operator is None:
            rebound(q, ">=")  # "12 months of spontaneous amenorrhea"
            window.direction = "after"
        if window.kind == "time_window" and q.operator == "between" and q.low == 0:
            q.operator, q.low, q.low_inclusive = "<=", None, None  # "0-2 months before"
        if q.operator is None and IT_HAS_BEEN.search(text, max(0, q.start - 20), q.start):
            rebound(q, ">=")  # "as long as it has been 4 weeks after the last dose of the previous drug"
        if q.operator is None and MUST_HAVE_STOPPED.search(text, max(0, q.start - 60), q.start):
            rebound(q, ">=")  # "steroids must have been stopped 7 days earlier"
        _read_how_long_one_is_on_it(text, window)
        _read_what_has_elapsed(text, window)
        if q.operator is None and window.direction == "after" and FROM_TO.search(text, 0, q.start):
            rebound(q, "<=")  # "from consent to 4 weeks after the end of administration"
        if (
            q.operator is None
            and window.direction == "after"
            and DURING_AND.search(text, max(0, q.start - 24), q.start)
        ):
            rebound(q, "<=")  # "during and 3 months after exposure"
        if q.operator is None and window.direction == "after" and window.anchor in ("last_dose", "study_end"):
            rebound(q, "<=")  # "during the study and 6 months after the last dose"
        if window.anchor == "last_dose" and window.direction == "after" and FREE_OF_IT.search(text, 0, q.start):
            window.anchor = "prior_therapy"
        if window.anchor == "now" and FIRST_DOSE_IS.search(text, max(0, q.start - 40), q.start):
            window.anchor = "first_dose"  # "whose first dose is < 4 weeks after the end of the previous trial"
        _read_interval(text, window)
        if window.span and (of_it := OF_THE_DISEASE.search(text, max(0, q.start - 60), q.start)):
            window.span = words_before(text, of_it.start(), clause_start(text, q.start))  # "fever due to the disease"
        find_narrowed(text, window, limits, out)
        out.append(window)
    for number, (one, following) in enumerate(pairwise(out), len(limits)):
        _share_what_follows(text, one, following)
        if _is_the_period_of(text, one, following):
            following.narrows = [number]
    find_variants(text, out, len(limits))
    find_anchors(text, out, words, anchors)
    for window in out:
        _take_what_people_had(text, window)
        _turn_ahead(text, window)
    return out, rest


PEOPLE_ALONE = re.compile(  # no event stands between them and the window
    r"(?:^|[,;.(]\s*|\b(?:and|or)\s+)\W*(?:(?:any|all|adult|those)\s+)*(?:patients|subjects|participants|women|men|individuals|persons|those|"
    r"females|males|children|infants|mothers)\s+(?:who\s+(?:are|were)\s+|(?:that\s+)?are\s+|still\s+)*$|^\W*$",
    re.I,
)
LAST_DOSE_OF = re.compile(  # "less than 4 weeks from the last dose of previous targeted therapy"
    r"\s*(?:from|since|after)\s+(?:the\s+)?last\s+dose\s+of\s+(?:(?:the|an?|any|other)\s+)*(?=prior|previous|earlier|other)"
    r"(?:(?:prior|previous|earlier|other)\s+)*",
    re.I,
)
PRIOR = re.compile(r"\s+prior$", re.I)  # of "prior to"
OR_ALONE = re.compile(r"(?<!during)(?<!while)(?<!\bon)(?<!after)(?<!at)(?<!upon)\s+or\s+$", re.I)
THE_LAST = re.compile(
    r"\s*(?:of|from|after|since|following)\s+(?:the\s+|an?\s+|their\s+)?(?:last|most\s+recent)\s", re.I
)
THEIR_EVENT = re.compile(r"\s*(?:of|after|following|from|since|post)\s+(?:the\s+|an?\s+|(?:any|their|last)\s+)*", re.I)


def _take_what_people_had(text: str, window: Limit) -> None:
    """ "Women within 6 weeks of delivery", "patients within 3 months after a stroke": what the time is counted from is
    the event, and it was so long ago.
    """
    q = window.quantity
    if window.rule == "window-after" and (dose := LAST_DOSE_OF.match(text, q.end)):
        if PEOPLE_ALONE.search(text, max(0, q.start - 60), q.start):
            window.span, window.direction, window.rule = words_after(text, dose.end()), "before", "time-since"
            window.anchor, window.anchor_span = "now", None
        return
    if window.rule != "window-within" or (window.anchor in STUDY_ANCHORS and window.anchor != "now"):
        return
    if window.anchor == "now" and window.anchor_span is None:
        return
    behind = THEIR_EVENT.match(text, q.end)
    if behind is None:
        return
    alone = PEOPLE_ALONE.search(text, max(0, q.start - 60), q.start)
    if alone is None and not (OR_ALONE.search(text, 0, q.start) and THE_LAST.match(text, q.end)):
        return
    said = window.anchor_span
    event = said if said and said[0] >= behind.end() else words_after(text, behind.end())
    if event is None or event[0] != behind.end():
        return
    event = event[0], event[0] + len(PRIOR.sub("", text[slice(*event)]))
    window.span, window.direction = event, "before"
    window.anchor, window.anchor_span = "now", None


def _read_how_long_one_is_on_it(text: str, window: Limit) -> None:
    """ "Has been on metformin for the past 3 months": a treatment that goes on has lasted so long."""
    q = window.quantity
    if window.kind != "time_window" or not q.is_maximum or not FOR_THE_PAST.match(text, q.start):
        return
    if BEEN_ON.search(text, max(0, q.start - 100), q.start):
        window.kind, window.direction, window.anchor, window.rule = "duration", None, None, "duration"
        q.operator = None
        rebound(q, ">=")


FOR_THE_PAST = re.compile(r"for\s+(?:at\s+least\s+)?(?:the\s+)?(?:past|last|previous|prior|preceding)\b", re.I)
BEEN_ON = re.compile(  # no denial in front
    r"(?<!not )(?<!never )\b(?:has|have|had)\s+been\s+(?:on|taking|receiving|using|treated\s+with|stable\s+on)\b"
    r"(?:(?!\b(?:no|not|or|if|unless)\b)[^.;,()])*$",
    re.I,
)


def _read_what_has_elapsed(text: str, window: Limit) -> None:
    """ "Until 3 weeks have elapsed" is at least so long, and a time since, unless it lies "between" two events."""
    q = window.quantity
    elapsed = HAVE_ELAPSED.match(text, q.end)
    if elapsed is None:
        return
    if q.operator is None:
        rebound(q, ">=")
    if window.kind == "duration" and not elapsed["spaced"]:
        window.kind, window.direction, window.anchor = "time_window", "before", "now"
        window.rule, window.attribute = "window-bare", None


def _is_the_period_of(text: str, one: Limit, following: Limit) -> bool:
    """ "Treated for more than 4 weeks during the previous 2 months": in which time it lasted so long."""
    past = following.rule in ("window-past", "window-in", "window-within") and following.direction == "before"
    lasted = one.kind == "duration" and one.rule == "duration" and one.quantity.is_minimum
    return past and lasted and not text[one.quantity.end : following.quantity.start].strip(" ,(")


PLUS = re.compile(r"\s*(?:plus|\+)\s*", re.I)


def _share_what_follows(text: str, one: Limit, following: Limit) -> None:
    """ "For 120 days plus 30 days after the last dose": both are counted from there."""
    if following.kind == "time_window" and PLUS.fullmatch(text, one.quantity.end, following.quantity.start):
        one.kind, one.attribute, one.rule = following.kind, following.attribute, following.rule
        one.direction, one.anchor, one.anchor_span = following.direction, following.anchor, following.anchor_span


WITHOUT_MENSES = re.compile(r"\s+without\s+(?P<menses>menses|menstruation|(?:menstrual\s+)?periods?)\b", re.I)
OF_THE_DISEASE = re.compile(
    r"\s(?:attributable|attributed|due|related|secondary)\s+to\s+(?:the|this|their)\s+(?:disease|illness|condition)\s+$",
    re.I,
)
FIRST_DOSE_IS = re.compile(r"\bfirst\s+dose\s+(?:is|was|will\s+be)\s+$", re.I)
INTERVAL = re.compile(  # "from the end of treatment to recurrence > 6 months"
    r"\bfrom\s+(?:the\s+)?(?:end|last|completion|stop|discontinuation|lost\s+dose)[^.;]{0,90}?\sto\s+(?:the\s+)?"
    r"(?P<event>[^.;,]{3,60}?)\s*(?:(?:is|was|of|must\s+be|should\s+be)\s*)?$",
    re.I,
)


def _read_interval(text: str, window: Limit) -> None:
    """The distance of an event from the treatment before it, which is no time that the treatment lasts."""
    if window.kind != "duration" or not window.quantity.stated:
        return
    said = INTERVAL.search(text, max(0, window.quantity.start - 180), window.quantity.start)
    if said:
        window.kind, window.direction, window.anchor = "time_window", "after", "prior_therapy"
        window.span, window.rule = said.span("event"), "interval"


def _measure_as_the_parent(windows: Sequence[Limit], anchor: str) -> None:
    """Windows that say no anchor are counted from that of the line above: "before the first dose: chemotherapy …"."""
    for window in windows:
        bare = window.anchor == "now" and window.anchor_span is None
        if window.kind == "time_window" and window.direction == "before" and bare:
            window.anchor = anchor


def _turn_ahead(text: str, window: Limit) -> None:
    """Windows that look ahead: "surgery planned within 24 weeks", "progression within 6 months of chemotherapy"."""
    if window.kind != "time_window" or window.direction != "before":
        return
    q = window.quantity
    if window.anchor_span is None:
        near = window.anchor == "now" and window.rule in ("window-within", "window-next")
        ahead = near and AHEAD.search(text, clause_start(text, q.start), q.start) is not None
    else:
        front = max(0, q.start - 40)  # "relapse within 6 months of chemotherapy", "enrolled within 2 days of surgery"
        follows = window.anchor in BEHIND_US or CAME_BACK.search(text, front, q.start) is not None
        if window.anchor not in STUDY_ANCHORS:
            follows = follows or BEGUN.search(text, front, q.start) is not None
        follows = follows or (window.anchor == "vaccination" and EARLIER.match(text, window.anchor_span[0]) is not None)
        of_it = window.rule == "window-within" and OF_IT.fullmatch(text, q.end, window.anchor_span[0]) is not None
        follows = follows or AHEAD.search(text, clause_start(text, q.start), q.start) is not None
        ahead = of_it and (follows or window.anchor in AT_THE_END)
    if ahead:
        window.direction = "after"


class Windows(Step):
    """Turns the times left by the constraints into windows and durations and adds them to `doc.user_data["limits"]`."""

    def __init__(self, entries: Entries, given: Collection[str] = ()) -> None:
        self.entries = entries
        self.given = given

    def read(self, text: str, data: dict[str, Any]) -> None:
        """Windows and durations join the limits."""
        limits = data.get("limits", [])
        if not data.get("times"):
            return
        windows, data["times"] = find_windows(
            text, data.get("times", ()), limits, data.get("terms", ()), self.entries, data.get("leading"), self.given
        )
        if data.get("leading_anchor"):
            _measure_as_the_parent(windows, data["leading_anchor"])
        data["limits"] = limits + windows


@Language.factory(
    "trialcriteria_windows", assigns=["doc.user_data"], requires=["doc.user_data"], default_config={"lexicon_files": []}
)
def make_windows(nlp: Language, name: str, lexicon_files: list[str]) -> Windows:
    """Component `trialcriteria_windows`."""
    lexicon = load(lexicon_files)
    given = frozenset(id for id, label in lexicon.labels.items() if label in ("treatment", "procedure"))
    return Windows(lexicon.entries["windows"], given)
