"""What a window or a duration does to a patient: washouts, how long something is absent, when a test is done.

READING's rules 7, 8 and 13, and the design's row "after enrolment; dates a test", which only describes.
"""

import re
from collections.abc import Callable, Sequence

from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.reach import NOT_YET
from trialcriteria.components.telling import Sought
from trialcriteria.components.turns import Turn
from trialcriteria.components.windows import TEST_WORDS, absences
from trialcriteria.components.windows.others import AFTER_THE_TRIAL
from trialcriteria.records import Requirement
from trialcriteria.requirements.cases import Case
from trialcriteria.requirements.let_in import JOIN
from trialcriteria.requirements.statements import OF_SECTION, negations


def of_time(case: Case) -> Requirement | None:
    """The requirement of a window or duration by the first of the rules that says one, if it is one at all."""
    if not case.limit.is_time:
        return None
    for rule in RULES:
        demand = rule(case)
        if demand is not None:
            return demand
    return None


def _is_distance(limit: Limit) -> bool:
    """Whether a window says how far away, not how near: "more than 4 weeks before"."""
    return limit.kind == "time_window" and limit.quantity.is_minimum


def _after_enrolment(case: Case) -> Requirement | None:
    start, end = case.limit.quantity.start, case.limit.quantity.end
    if case.events and NEGATIVE_TESTS.search(case.text, max(0, start - 120), start):
        return "describe"  # "negative hepatitis B and HIV testing within 3 months": when it was tested
    if TO_BE_REPEATED.search(case.text, max(0, start - 80), start):
        return "describe"  # "it is necessary to review the stool routine within 1 week"
    if OF_THE_HISTORY.search(case.text, max(0, start - 40), start):
        return "describe"  # "based on medical history of the last 3 months"
    if NOT_RECOVERED.search(case.text, max(0, start - 120), start):
        return "describe"  # "not fully recovered from surgery within 2 weeks": when it was
    ahead = case.limit.direction == "after" and OF_THE_STUDY.match(case.text, end)
    if ahead or _only_goes_on(case):
        return "describe"
    return "describe" if case.limit.anchor == "last_menses" or lies_after_treatment(case.text, case.limit) else None


def _only_goes_on(case: Case) -> bool:
    """ "Available for 12 months from the start of treatment": what is of no event, and lies in the trial."""
    limit = case.limit
    if limit.direction != "after" or case.events or case.narrowed:
        return False
    if WILLING_TO_BE_SEEN.search(case.text, max(0, limit.quantity.start - 120), limit.quantity.start):
        return True  # "willing to accept monitoring for 2 years after surgery"
    return limit.anchor in IN_THE_TRIAL and not limit.quantity.is_minimum


NEGATIVE_TESTS = re.compile(
    r"\bnegative\s+(?:hepatitis|hep|HBV|HCV|HIV|tuberculosis|TB)\b[^.;:()]{0,60}?\b(?:testing|tests?|serolog(?:y|ies)|screening)"
    r"\b[^.;:()]{0,40}$",
    re.I,
)
WILLING_TO_BE_SEEN = Sought(
    "willing willingness agree agrees accept accepts able available",
    r"\b(?:willing\w*|agrees?|accepts?|able|available)\b[^.;]*\b(?:monitoring|follow-?\s?up|visits?|assessments?|examinations?)\b[^.;]*$",
    re.I,
)
TO_BE_REPEATED = re.compile(
    r"\b(?:necessary|needed|required)\s+to\s+(?:be\s+)?(?:review|repeat|recheck|re-?test|re-?examin|re-?assess)\w*\b[^.;]*$",
    re.I,
)
OF_THE_HISTORY = re.compile(r"\bbased\s+on\s+(?:the\s+)?(?:medical\s+)?(?:history|records?)\s+(?:of\s+)?$", re.I)
NOT_RECOVERED = re.compile(r"\bnot\s+(?:yet\s+)?(?:\w+ly\s+)?recovered\s+from\s[^.;,:]*$", re.I)
OF_THE_STUDY = re.compile(
    r"\s+of\s+(?:the\s+|this\s+)?(?:study|trial)(?:\s+(?:treatment|period))?\b(?!\s+(?:entry|start|drug))", re.I
)
IN_THE_TRIAL = frozenset({"first_dose", "enrolment", "randomization", "study_start"})


def _of_a_case(case: Case) -> Requirement | None:
    """ "If radiotherapy was given > 1 week before, …" and "of childbearing potential (< 2 years since menses)"."""
    start, end = case.limit.quantity.start, case.limit.quantity.end
    if IN_CASE.search(case.text, 0, start) and TO_COMMA.match(case.text, end):
        return "describe"
    fertile = FERTILE.search(case.text, max(0, start - 160), start)
    return "describe" if fertile and MENSES.search(case.text, fertile.start(), end + 40) else None


def _nevertheless(case: Case) -> Requirement | None:
    if not case.asked or case.narrowed:
        return None
    start = case.limit.quantity.start
    recent = "forbid" in case.events and case.limit.quantity.is_maximum
    denied = recent and DENIED.search(case.text, max(0, start - 100), start)
    denied = denied or (case.limit.quantity.is_maximum and NOT_DONE.search(case.text, max(0, start - 60), start))
    return "forbid" if denied else case.own  # "allowed if no steroids were used within 4 weeks"


def _of_an_absence(case: Case) -> Requirement | None:
    return OF_SECTION[case.piece.section] if case.lasts and case.own != "permit" and not case.narrowed else None


def _of_an_exception_s_own(case: Case) -> Requirement | None:
    """ "No chemotherapy within 4 weeks, except paclitaxel within 2 weeks": that near it is forbidden too."""
    limit = case.limit
    near = case.included and limit.exception_to is not None and limit.quantity.is_maximum
    start = limit.quantity.start
    excepted = near and set(case.events) == {"permit"} and EXCEPT_IT.search(case.text, max(0, start - 90), start)
    return "forbid" if excepted and DENIED_IN_FRONT.search(case.text, 0, start) else None


def _of_a_denied_absence(case: Case) -> Requirement | None:
    """ "Has not been off steroids for at least 4 weeks", "not seizure-free for 6 months": so long it must be."""
    if case.own == "permit" or case.narrowed or not case.limit.quantity.is_minimum:
        return None
    start = case.limit.quantity.start
    if NOT_WITHOUT.search(case.text, max(0, start - 120), start) is None:
        return None
    return "forbid" if case.included else "require"


def _of_a_denied_change(case: Case) -> Requirement | None:
    """ "No change of antihypertensives within 4 weeks": a change then is forbidden, though the drugs are not."""
    start = case.limit.quantity.start
    recent = case.included and case.own == "require" and case.limit.quantity.is_maximum
    return "forbid" if recent and NO_CHANGE.search(case.text, max(0, start - 80), start) else None


def _of_a_denial_of_the_permitted(case: Case) -> Requirement | None:
    """ "Permitted (or required), but not within 72 h of dosing": that near it is forbidden, in whichever section."""
    start = case.limit.quantity.start
    near = not {"permit", "require"}.isdisjoint(case.events) and case.limit.quantity.is_maximum
    return "forbid" if near and BUT_NOT.search(case.text, max(0, start - 40), start) else None


ALLOWED_UNTIL = re.compile(
    r"\b(?:is|are|may|can|will)\s+(?:also\s+|be\s+)*(?:allowed|permitted|acceptable|accepted|used|given|administered)\s+$",
    re.I,
)


def _of_what_may_be_past(case: Case) -> Requirement | None:
    """ "Capsulotomy ≥ 2 months ago is acceptable", "allowed up to 1 week before", among reasons for exclusion."""
    limit, start = case.limit, case.limit.quantity.start
    long_ago = _is_distance(limit) and limit.direction == "before"
    allowed = case.own == "permit" or ALLOWED_UNTIL.search(case.text, max(0, start - 40), start)
    permitted = long_ago and allowed and set(case.events) == {"permit"} and not case.excepted
    in_brackets = case.text.rfind("(", 0, start) > case.text.rfind(")", 0, start)
    return "require" if permitted and not case.included and not in_brackets else None


def _of_whom_a_permission_is(case: Case) -> Requirement | None:
    """ "Those who relapsed ≤ 12 months after it may be enrolled": it tells who is let in, and is asked of nobody."""
    near = case.limit.kind == "time_window" and case.limit.quantity.is_maximum and set(case.events) == {"permit"}
    let_in = near and case.included and case.own == "require" and not case.excepted
    return "permit" if let_in and MAY_JOIN.match(case.text, case.limit.quantity.end) else None


def _permitted_by_itself(case: Case) -> Requirement | None:
    by_itself = case.limit.exception_to is None and not case.narrowed and "permit" not in case.events
    return "permit" if case.own == "permit" and by_itself else None


def _as_the_limit_it_narrows(case: Case) -> Requirement | None:
    return case.narrowed[0] if case.narrowed else None


def _of_a_state_that_does_not_last(case: Case) -> Requirement | None:
    """ "Not stable for at least 4 weeks" among reasons for exclusion."""
    return "require" if case.limit.kind == "duration" and case.own == "require" and not case.included else None


def _of_a_washout(case: Case) -> Requirement | None:
    """Required even among reasons for exclusion: "washouts not respected: anti-TNF: 12 weeks"."""
    limit = case.limit
    if limit.rule == "washout" and case.own == "permit":
        return "require"
    listed = limit.rule in ("washout", "time-under-parent", "listed-window")
    return "require" if listed and limit.quantity.is_minimum else None


def _of_an_earlier_treatment(case: Case) -> Requirement | None:
    """ "Not recovered from events due to agents given > 4 weeks earlier": the time tells which agents are meant."""
    limit = case.limit
    lasting = case.piece.section == "exclusion" or case.negated or "forbid" in case.events
    long_ago = _is_distance(limit) and limit.direction == "before"
    start = limit.quantity.start
    if not lasting or not long_ago or LEFT_BY.search(case.text, max(0, start - 160), start) is None:
        return None
    return "describe"


def _of_an_absent_treatment(case: Case) -> Requirement | None:
    """ "No transfusion for at least 7 days" asks for that distance, whatever was before it."""
    if not case.included:  # "must not have taken X for at least 2 weeks", "No therapy for at least 4 weeks" (rule 14)
        absent = case.limit.rule == absences.RULE and case.own == "forbid" and set(case.events) == {"permit"}
        return "require" if absent and NOT_TO_HAVE.search(case.text, 0, case.limit.quantity.start) else None
    denied = _is_distance(case.limit) and case.own == "forbid"
    start = case.limit.quantity.start
    away = denied and set(case.events) == {"forbid"} and NONE.search(case.text, max(0, start - 60), start)
    return "require" if case.limit.rule == absences.RULE or away else None


def _of_what_is_past_and_not_to_go_on(case: Case) -> Requirement | None:
    """ "At least 4 weeks since prior and no concurrent chemotherapy" asks for the distance too."""
    kept = case.included and case.limit.rule == "time-since" and case.limit.quantity.is_minimum
    concurrent = kept and AND_NO_CONCURRENT.match(case.text, case.limit.quantity.end)
    return "require" if concurrent else None


def _of_what_is_abstained_from(case: Case) -> Requirement | None:
    """ "Willing to abstain from alcohol from 14 days prior to day 1" asks for that distance."""
    limit = case.limit
    if not case.included or not _is_distance(limit) or limit.direction != "before" or set(case.events) != {"forbid"}:
        return None
    return "require" if ABSTAINS.search(case.text, 0, limit.quantity.start) else None


def _of_a_misplaced_washout(case: Case) -> Requirement | None:
    """ "At least 14 days since prior surgery" among reasons for exclusion: nobody is kept out for having waited.

    READING's rule 21: of a contradictory text the reading that is clinically possible.
    """
    limit = case.limit
    kept = case.piece.section == "exclusion" and limit.rule == "time-since" and limit.quantity.is_minimum
    opens = kept and not case.text[: limit.quantity.start].strip(" -*•")
    return "require" if opens and SINCE_PRIOR.match(case.text, limit.quantity.end) else None


def _of_what_was_not_stopped(case: Case) -> Requirement | None:
    """ "Contraceptives that have not been stopped at least 2 weeks before"."""
    denied = case.piece.section == "exclusion" and case.own != "permit"
    kept = denied and not case.limit.quantity.is_maximum
    return "require" if kept and NOT_STOPPED.search(case.text, 0, case.limit.quantity.start) else None


def _of_what_must_have_passed(case: Case) -> Requirement | None:
    """ "More than four weeks must have elapsed since any prior therapy", wherever it stands."""
    limit = case.limit
    start = limit.quantity.start
    stopped = _is_distance(limit) and MUST_HAVE_STOPPED.search(case.text, max(0, start - 60), start)
    passed = (
        stopped or MUST_PASS.match(case.text, limit.quantity.end) or IS_REQUIRED.match(case.text, limit.quantity.end)
    )
    return "require" if passed and _is_distance(limit) else None


def _of_what_cannot_stop(case: Case) -> Requirement | None:
    """ "Anticoagulants that cannot be discontinued for 10 days": the time for which they ought to be.

    Who is "unable to withhold inhalers for 6 hours" or "from 7 days prior" is to be that far from them.
    """
    if case.included or case.own == "permit" or case.narrowed:
        return None
    start, distance = case.limit.quantity.start, _is_distance(case.limit)
    lasts = case.limit.rule == absences.RULE or case.limit.attribute == "abstinence"
    if (distance or lasts) and UNABLE_TO_STOP.search(case.text, 0, start):
        return "require"
    if distance:
        return None  # "cannot be stopped ≥ 4 weeks before visit 1": a washout that is missed
    return "forbid" if CANNOT_STOP.search(case.text, max(0, start - 60), start) else None


def _of_a_test(case: Case) -> Requirement | None:
    untold = case.limit.kind == "time_window" and not case.events
    return "describe" if untold and _dates_a_test(case.text, case.limit) else None


def _of_what_is_permitted_to_have_lasted(case: Case) -> Requirement | None:
    """ "(sorafenib for no longer than 2 weeks is accepted)" among reasons for exclusion."""
    lasted = case.limit.kind == "duration" and case.limit.rule == "duration" and case.own == "forbid"
    short = lasted and not case.included and not case.negated and case.limit.quantity.is_maximum
    return "permit" if short and set(case.events) == {"permit"} else None


def _as_the_event(case: Case) -> Requirement | None:
    if not case.events:
        return None
    event = case.events[0]
    if event != case.own and "permit" not in case.events:
        return event
    if case.limit.rule != "washout":
        return None
    return "require" if event == "permit" else event


HAS_PASSED = re.compile(
    r"\s+(?:must\s+|should\s+)?(?:have|has)\s+(?:elapsed|passed)\s+(?:since|from|after|between)\b", re.I
)


def _of_what_has_passed(case: Case) -> Requirement | None:
    """ "New lesions not treated by radiosurgery and ≥ 4 weeks have passed since radiation": the time is asked for."""
    kept = case.included and _is_distance(case.limit) and not case.excepted
    return "require" if kept and HAS_PASSED.match(case.text, case.limit.quantity.end) else None


RULES: tuple[Callable[[Case], Requirement | None], ...] = (
    _after_enrolment,
    _of_what_has_passed,
    _of_a_case,
    _nevertheless,
    _of_what_cannot_stop,
    _of_an_exception_s_own,
    _of_a_denied_absence,
    _of_an_absence,
    _of_a_denied_change,
    _of_a_washout,
    _of_what_must_have_passed,
    _of_a_denial_of_the_permitted,
    _of_an_earlier_treatment,
    _of_what_may_be_past,
    _of_whom_a_permission_is,
    _permitted_by_itself,
    _as_the_limit_it_narrows,
    _of_a_state_that_does_not_last,
    _of_an_absent_treatment,
    _of_what_is_past_and_not_to_go_on,
    _of_what_was_not_stopped,
    _of_what_is_abstained_from,
    _of_a_misplaced_washout,
    _of_a_test,
    _of_what_is_permitted_to_have_lasted,
    _as_the_event,
)
EXCEPT_IT = re.compile(r"\b(?:except\w*|apart\s+from)\b[^.;,]*$", re.I)
DENIED_IN_FRONT = re.compile(r"(?:^|[.;]\s|\b)(?:no|not|without|never|none)\b[^.;]*$", re.I)
NOT_WITHOUT = Sought(
    "not cannot never haven't hasn't isn't aren't wasn't weren't",
    NOT_YET + r"(?:off|free\s+(?:of|from)|[a-z]+[\s-]free)\b[^.;:,()]*?\b(?:for|since)\s+"
    r"(?:the\s+(?:last|past|previous)\s+)?$",
    re.I,
)
NO_CHANGE = Sought(
    "changes changed adjustments modifications alterations",
    r"\bno\s+(?:(?:recent|dose|significant|other|major)\s+)*(?:changes?|adjustments?|modifications?|alterations?)\b[^.;]*$",
    re.I,
)
OF_AN_EARLIER_ONE = re.compile(
    r"[^.;,]{0,20}\bof\s+(?:(?:the|any|a|an)\s+)?(?:previous|prior|earlier|preceding)\b", re.I
)
MUST_HAVE_STOPPED = re.compile(
    r"\b(?:must|should|shall|needs?\s+to|has\s+to|have\s+to)\s+(?:have\s+)?(?:be|been)\s+(?:stopped|discontinued|withheld|"
    r"held|washed\s+out|completed|finished)\s+(?:at\s+least\s+)?$",
    re.I,
)
MAY_JOIN = re.compile(
    rf"[^.;,()]{{0,60}}?{JOIN}"
    r"(?!\s+(?:if|provided|only|when|after))",
    re.I,
)
NONE = Sought("no", r"(?:^|[.;(]\s*|\band\s+)\W*no\s+(?:[\w-]+\s+){1,5}(?:for\s+)?$", re.I)
NOT_TO_HAVE = Sought(
    "no not",
    r"^\W*no\s+(?:[\w-]+\s+){1,6}(?:at\s+least\s+)?$|\b(?:must|should|shall|may)\s+not\s+(?:have|be)\b[^.;]*$",
    re.I,
)
LEFT_BY = Sought(
    "administered given received",
    r"\b(?:events?|reactions?|AEs?|toxicit(?:y|ies)|effects?|complications?)(?:\([^()]*\))?\s+(?:[\w-]+\s+){0,3}?"
    r"(?:due\s+to|from|of|caused\s+by|(?:relat|attribut)\w+\s+to)\s[^.;]{0,80}?\b(?:administered|given|received)\s+$",
    re.I,
)
IN_CASE = Sought("if", r"(?:^|[.;:]\s)\W{0,8}if\b[^.;,]*$|\(\s*if\b[^()]*$", re.I)
TO_COMMA = re.compile(r"[^.;,]*[,):]")
FERTILE = Sought(
    "child childbearing",
    r"(?<!non-)(?<!non)(?<!non )(?<!not of )child-?\s?bearing\s+potential\s*[(\[][^()\[\]]*$",
    re.I,
)
MENSES = re.compile(r"\bmens(?:es|tru\w+|is)\b|menopaus|amenorrh", re.I)
MUST_PASS = Sought(
    "must should need needs has have shall",
    r"\s*\)?(?:\s*\([^()]*\)|[^().;:]{0,60}\))?\s*(?:must|should|needs?\s+to|has\s+to|have\s+to|shall)\s+"
    r"(?:have\s+(?:elapsed|passed)|elapse|pass)\b",
    re.I,
)
IS_REQUIRED = Sought("required", r"\s*\)?[^.;:()]{0,140}\b(?:is|are|will\s+be)\s+required\b(?!\s+to\b)", re.I)
CANNOT_STOP = re.compile(
    r"\b(?:can\s?not|can't|could\s+not|unable\s+to|(?:un|not\s+)willing\s+to|inability\s+to|not\s+able\s+to)\s+(?:be\s+)?"
    r"(?:safely\s+)?(?:stop\w*|discontinu\w*|withh\w+|suspend\w*|interrupt\w*|held|hold|paused?)\b[^.;,]*$",
    re.I,
)
UNABLE_TO_STOP = Sought(
    "unable inability unwilling unwillingness cannot not refuse refuses refusal",
    r"\b(?:can\s?not|un(?:able|willing)\s+to|inability\s+to|unwillingness\s+to|refus(?:es?|al)\s+to|not\s+(?:able|willing)\s+to)\s+(?:\w+ly\s+)?"
    r"(?:stop|discontinue|withhold|cease|suspend|interrupt|hold|pause|forgo|avoid|refrain\s+from|abstain\s+from|"
    r"be\s+(?:(?:withdrawn|weaned|tapered)(?:\s+off)?\s+from|off|without))\b[^.;]*$|"
    r"\bnot\s+(?:be(?:en)?\s+|currently\s+)*abstinent\s+from\b[^.;]*$",
    re.I,
)
DENIED = re.compile(r"\b(?:no|not|without|none|never)\b[^.;]*$", re.I)
NOT_DONE = re.compile(  # "may be taken provided that they are not administered within 2 hours"
    r"\bnot\s+(?:be(?:en)?\s+)?(?:taken|given|administered|used|received|changed|started|applied)\s+$", re.I
)
BUT_NOT = re.compile(
    r"(?:\b(?:but|and|if)|[,;(])\s+(?:not|none|never)\s+(?:(?:given|administered|used|taken)\s+)?$", re.I
)
AND_NO_CONCURRENT = re.compile(
    r"\s+(?:since|from|after)\s+(?:any\s+)?prior\s+[^.;,]{0,30}?\band\s+no\s+(?:other\s+|planned\s+)?concurrent\b", re.I
)
ABSTAINS = Sought(
    "abstain abstaining refrain refraining",
    r"(?<!unable to )(?<!unwilling to )\b(?:abstain(?:ing)?|refrain(?:ing)?)\s+from\b[^.;]*$",
    re.I,
)
SINCE_PRIOR = re.compile(r"\s+since\s+(?:any\s+|the\s+)?(?:prior|previous|last)\b", re.I)
NOT_STOPPED = re.compile(
    r"\b(?:can)?not\s+(?:be(?:en)?\s+)?(?:stopped|discontinued|ceased|halted|withdrawn|washed\s+out|resolved|recovered|healed|ended|"
    r"completed|finished|concluded|terminated|performed|given|administered|started|begun|initiated)"
    r"\s+(?:[\w-]+\s+){0,3}$",
    re.I,
)
CAME_BACK = re.compile(
    r"\b(?:progress\w*|recur\w*|relaps\w*|refract\w*|resol\w*|respon\w*|recover\w*|return\w*|metasta\w*|fail\w*)\b",
    re.I,
)
GOES_ON = re.compile(
    r"\b(?:and|until|through|to|plus|nor|or(?=\s+for\s))\s+(?:planned\s+)?(?:for\s+)?(?:at\s+least\s+|up\s+to\s+|another\s+)?$",
    re.I,
)
FROM = re.compile(r"\bfrom\s+$", re.I)
IS_TO_ABSTAIN = Sought(
    "abstain refrain", r"\b(?:willing|unwilling|agrees?|able|unable|cannot)\b[^.;]*\b(?:abstain|refrain)\b[^.;]*$", re.I
)


def lies_after_treatment(text: str, limit: Limit) -> bool:
    """Whether a window lies after the treatment of the trial: "during the study and for 6 months after it"."""
    if IS_TO_ABSTAIN.search(text, max(0, limit.quantity.start - 60), limit.quantity.start):
        atleast = limit.quantity.is_minimum and not FROM.search(text, 0, limit.quantity.number_start)
        return limit.kind == "time_window" and not atleast
    if limit.kind != "time_window" or limit.direction != "after":
        return limit.anchor in AFTER_THE_TRIAL and limit.rule == "window-until"
    if limit.anchor_span and OF_AN_EARLIER_ONE.match(text, limit.anchor_span[1]):
        return False  # "4 weeks after the last dose of the previous agent"
    start = limit.quantity.start
    if CAME_BACK.search(text, max(0, start - 50), start):
        return False  # "progression within 3 months after the last dose" is a past treatment's
    if limit.anchor in AFTER_THE_TRIAL or limit.rule == "window-until":
        return True
    return GOES_ON.search(text, max(0, start - 30), limit.quantity.number_start) is not None


AND_FURTHER = re.compile(r"\s+(?:and|or|&)\s+[\w-]+\s+[\w-]+", re.I)
OUTCOME = re.compile(r"\b(?:positive|negative|abnormal)\b", re.I)


def _dates_a_test(text: str, limit: Limit) -> bool:
    """Whether a window without an event says when a test is done; a test whose result is said is an event itself."""
    start = limit.quantity.start
    if limit.span is None:
        return False
    joined = limit.span[1] <= start and not re.search(r"[,;()]", text[limit.span[1] : start])
    said = (limit.span[0], start) if joined else limit.span
    if further := AND_FURTHER.match(text, said[1]):
        said = (said[0], further.end())  # "biochemical and haematological assessment"
    if OUTCOME.search(text, max(0, min(said[0], start) - 50), said[1]):
        return False
    return TEST_WORDS.search(text, *said) is not None


OFF = frozenset({"off", "free of", "free from"})
OFF_FOR = re.compile(r"(?:not|(?:has|have|had|did|does|do|is|are|was|were) not|without|w/o)\b", re.I)
STEADY = re.compile(r"\b(?:stable|unchanged|constant|steady|fixed)\b", re.I)
ABSENCE = frozenset(
    {"no", "without", "w/o", "with no", "had no", "have no", "has no", "having no", "without any", "absence of"}
    | {"free of", "free from"}
)


def lasts_without(text: str, limit: Limit, turns: Sequence[Turn], mentions: Sequence[Said], *, included: bool) -> bool:
    """Whether a duration says how long something is absent: "no menses for ≥ 12 months", "without recurrence for …".

    "No steroids for ≥ 14 days" may mean short courses, "off steroids for ≥ 14 days" does not.
    """
    if limit.kind != "duration":
        return False
    if limit.rule == absences.RULE and not limit.events:
        return negations(turns) == 1  # "off treatment for less than 4 weeks": "off" is in its name
    if limit.attribute == "remission" and _is_of_freedom(text, limit, turns):
        return True  # "cancer-free for less than 5 years": it is the freedom that lasts
    if not limit.quantity.is_minimum:
        return False
    if not turns and (limit.attribute == "seizure_freedom" or FREE_FOR.search(text, 0, limit.quantity.start)):
        return True  # "tobacco free for at least six weeks"
    if negations(turns) != 1 or limit.attribute == "seizure_freedom":
        return False  # "no seizure-free interval longer than 21 days"
    cue = next(turn for turn in turns if turn.category == "NEGATED")
    start, words = limit.quantity.start, cue.words.lower()
    if cue.start >= start:
        return False
    if limit.attribute == "abstinence" and words.startswith(("abst", "refrain")):
        return True  # what lasts is the abstaining itself
    if CHANGE.search(text, cue.end, start):
        return True  # "there has been no dose increase for at least a week"
    if not any(mentions[i].label in ("treatment", "procedure") for i in limit.events):
        return words in ABSENCE
    if words in OFF:
        return True
    return included and OFF_FOR.match(words) is not None and STEADY.search(text, cue.end, start) is None


CHANGE = re.compile(r"\b(?:changes?|increases?|adjustments?|modifications?|escalations?|alterations?)\b", re.I)
FREE_FOR = re.compile(r"[\s-]free\s+(?:for|since)\s+[^.;,]{0,30}$", re.I)


def _is_of_freedom(text: str, limit: Limit, turns: Sequence[Turn]) -> bool:
    """Whether a time is denied by nothing but its own freedom: "cancer-free for 5 years", "free of cancer for …"."""
    if denials := negations(turns):
        return denials == 1 and any("free" in turn.words.lower() for turn in turns)
    start = limit.quantity.start
    return FREE_FOR.search(text, max(0, start - 50), start) is not None


OF_WHAT_IS_THERE = frozenset({"treatment_duration", "stable_dose", "disease_duration"})
FOR = re.compile(r"\bfor\s+(?:(?:a|an|the|at|least|minimum|period|of|more|than|over|last|past|≥|>)\s*)*$", re.I)


def lay_attribute_bare(text: str, limit: Limit) -> None:
    """The time for which something is absent is the duration of nothing that is there."""
    start = limit.quantity.start
    if limit.attribute == "stable_dose" and CHANGE.search(text, max(0, start - 40), start):
        return  # "no dose increase for a week"
    if limit.attribute in OF_WHAT_IS_THERE and FOR.search(text, 0, limit.quantity.number_start):
        limit.attribute = None
