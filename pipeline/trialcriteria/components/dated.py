"""Dated: what no list and no frame names, and is an event as a window dates it: "dry heaves within 24 hours".

The window must be all that the statement says of it: nothing but what leads to an event stands in front of its words.
"""

import re
from collections.abc import Iterator, Sequence

from trialcriteria.components.limits import Limit
from trialcriteria.components.openings import Found
from trialcriteria.components.subjects import clause_start

RULE = "dated"
GIVEN = (
    r"(?:use|usage|used|using|taken|taking|takes?|receiv\w+|receipt|treatments?\s+with|treated\s+with|"
    r"therap(?:y|ies)\s+with|administration|administered|intake|ingest\w+|consum\w+|expos(?:ed|ure)(?:\s+to)?|injections?)"
)
UNDERGONE = r"(?:undergone|underwent|undergoing|undergo)"
LEADS = re.compile(  # what may stand between the beginning of a statement, or the event in front, and an event
    r"(?:[\W\d_]|\b(?:(?P<treatment>" + GIVEN + r")|(?P<procedure>" + UNDERGONE + r")|(?P<denied>no|not|without|nor)|"
    r"has|have|had|having|been|was|were|any|an?|the|one|other|another|of|who|that|with|either|"
    r"patients?|subjects?|participants?|individuals?|volunteers?|persons?|those|history|histories|experienc(?:e|ed|es|ing)|"
    r"suffered|developed|diagnos(?:is|ed)|evidence|presence|occurrences?|episodes?|events?|recent|recently|prior|previous|"
    r"previously|current|currently|known|documented|multiple|and/or|or|and|more|least|at|from|to|did|does|do|must|should|"
    r"regular|frequent|chronic|significant|clinically)\b)*",
    re.I,
)
JOINS = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:[,/]|\b(?:and|or|and/or|nor)\b)", re.I)
TO_WINDOW = re.compile(  # from an event to its window
    r"[\s,]*(?:\([^()]*\)[\s,]*)?\(?\s*(?:\b(?:that\s+)?(?:has\s+|have\s+|was\s+|were\s+)?"
    r"(?:occurr?(?:ed|ing)|taken|used|given|received|administered|completed|started|ended|stopped)\s+)?"
    r"(?:\b(?:during|in|over|for|within|of)\s+)?(?:the\s+)?$",
    re.I,
)
WHAT_PEOPLE_HAD = re.compile(
    r"\s*(?:of|after|following|from|since|post)\s+(?:(?:the|an?|any|their|last)\s+)*"
)  # "women within 6 weeks of delivery"
NO_EVENT = re.compile(  # what is measured, tells when or how, or is the trial's own
    r"\b(?:tests?|testing|tested|labs?|laborator\w+|values?|levels?|counts?|results?|measure\w*|assess\w*|evaluat\w*|"
    r"examin\w*|imaging|scans?|MRI|CT|PET|ECGs?|EKG|EEG|MUGA|\w*cardiogra\w+|\w+gra(?:m|phy)s?|x-?rays?|radiographs?|"
    r"screen\w*|samples?|specimens?|biops\w+|blood|plasma|serum|urine|consent|visits?|baseline|enrol\w*|random\w*|"
    r"registration|eligib\w+|criteri\w+|study|studies|trials?|protocol|period|phase|interval|times?|days?|hours?|weeks?|"
    r"months?|years?|age|dates?|doses?|dosages?|dosing|cycles?|courses?|average|mean|total|standard|normal|stable|units?|"
    r"mg|mL|kg|scores?|questionnaires?|scales?|grades?|class|status|weight|height|menses|menstru\w+|pregnan\w+|birth|"
    r"notes?|parts?|occasions?|responses?|report\w*|record\w*|previous|higher|lower|present\w*|others?|same|they|them|"
    r"lesions?|diseases?|progress\w*|investigator\w*|physician\w*|opinion|stop\w*|unwilling|willing|agree\w*|plan\w*|"
    r"intention|intend\w*|fail\w*|diagnos\w+|concurrent|emergenc\w+|etc|thereof|yet|care|control|wit?h?i[tn]\w*|ultrasound|"
    r"abuse|dependenc[ey]|addiction|acting|washout|wash-out|discontinu\w*|last|first|second|third|once|twice)\b",
    re.I,
)
EMPTY = re.compile(  # what says nothing of which one is meant
    r"(?:(?:other|any|such|new|newly|additional|further|therapeutic|concomitant|applied|the|this|these|following|of)\s+)*"
    r"(?:drugs?|medications?|medicines?|agents?|therap(?:y|ies)|treatments?|regimens?|products?|substances?|procedures?|"
    r"events?|episodes?|conditions?|symptoms?|signs?|changes?|history|interventions?|participation|past|onset|"
    r"exposure|administration|improvement|decline|oral|one|symptom.onset|[a-z]+(?<!vomit)(?<!faint)(?<!collaps)ed|[a-z]+ly|[a-z]+(?:ive|al|ic|ous))"
    r"(?:\s+(?:made|done|diagnosed|obtained|completed))?",
    re.I,
)
OF_A_TREATMENT = re.compile(
    r"(?:therap(?:y|ies)|treatments?|drugs?|agents?|blockers?|inhibitors?|\w+ics|\w+ists)$", re.I
)
OF_A_PROCEDURE = re.compile(r"(?:surger(?:y|ies)|\w+ectomy|\w+plasty|procedures?|\w+i[sz]ation|operations?)$", re.I)


def dated(
    text: str, limits: Sequence[Limit], known: Sequence[Found], away: Sequence[tuple[int, int]], *, included: bool
) -> Iterator[Found]:
    """The events of windows that are none of the `known` ones; among reasons for inclusion only those that are denied.

    A test or a state that is asked for within some time is no event.
    """
    taken = [*away, *((one.start, one.end) for one in known)]
    for limit in limits:
        if limit.kind != "time_window" or limit.direction != "before" or limit.narrows or limit.span is None:
            continue
        start, end = limit.span
        of_people = limit.rule == "window-within" and limit.anchor == "now" and limit.quantity.end < start
        behind = WHAT_PEOPLE_HAD.fullmatch(text, limit.quantity.end, start) if of_people else None
        if behind and not included and not (NO_EVENT.search(text, start, end) or EMPTY.fullmatch(text, start, end)):
            if not any(a < end and start < b for a, b in taken):
                yield Found(start, end, _own_label(text[start:end]), None, RULE)
            continue
        if end > limit.quantity.start or any(a < limit.quantity.start and start < b for a, b in taken):
            continue
        sibling = _joined(text, start, known)
        led = LEADS.fullmatch(text, sibling.end if sibling else clause_start(text, start), start)
        if led is None or (included and not led["denied"]) or not TO_WINDOW.fullmatch(text, end, limit.quantity.start):
            continue
        if NO_EVENT.search(text, start, end) or EMPTY.fullmatch(text, start, end):
            continue
        yield Found(start, end, _label(text[start:end], led, sibling), None, RULE)


def _joined(text: str, start: int, known: Sequence[Found]) -> Found | None:
    """The event in front that another one is joined to: "investigational drugs or [devices] within 4 weeks"."""
    front = [one for one in known if one.end <= start and JOINS.match(text, one.end, start)]
    return max(front, key=lambda one: one.end, default=None)


def _label(event: str, led: re.Match[str], sibling: Found | None) -> str:
    """What an event is: by its own last word, by the words that lead to it, or as the one that it is joined to."""
    own = _own_label(event)
    if own == "procedure" or led["procedure"]:
        return "procedure"
    if own == "treatment" or led["treatment"]:
        return "treatment"
    return sibling.label if sibling else own


def _own_label(event: str) -> str:
    if OF_A_PROCEDURE.search(event):
        return "procedure"
    return "treatment" if OF_A_TREATMENT.search(event) else "condition"
