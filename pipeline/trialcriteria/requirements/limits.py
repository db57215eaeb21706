"""What a limit does to a patient: what it says itself, and what it takes from the mentions and limits that it narrows.

A definition binds as what it defines (READING's rule 15); a bound beside a permission is asked of the permitted.
"""

import re
from collections.abc import Sequence

from trialcriteria.components.denials import is_good_class
from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.normals import denial
from trialcriteria.components.protocols import PERFORMANCE
from trialcriteria.components.recoveries import not_kept
from trialcriteria.components.telling import Sought, words_in
from trialcriteria.records import Requirement
from trialcriteria.requirements.cases import Case
from trialcriteria.requirements.times import of_time

WITH_CONSENT = re.compile(
    r"(?:only\s+)?(?:after|with|upon)\s[^.;()]{0,30}\b(?:discussion|consultation|approval|agreement)\b", re.I
)
ONLY_IF = re.compile(r"(?:only\s+)?(?:if|when|provided|in|for|due|because|after|with|upon)\b", re.I)
OF_WHOM = re.compile(r"\b(?:with|whose|and|if|provided|when)\s+(?:[\w/+-]+\s+){0,4}$", re.I)
ALLOWED_WITH = re.compile(r"[(;.][^;.]*\bwith\s+(?:an?\s+|the\s+)?$", re.I)


def of_limit(case: Case) -> Requirement:
    """The requirement of a limit, in its surroundings."""
    if case.own == "describe" or case.limit.rule == "age-of-a-case" or _tells_of_menopause(case) or _in_spite_of(case):
        return "describe"
    if case.limit.kind in ("count", "dose") and case.limit.attribute != "contraceptive_methods" and _agreed_to(case):
        return "describe"
    if _dose_of_the_permitted(case):
        return "permit"
    if _says_who_is_eligible(case) or _must_be(case):
        return "require"
    case = _asked_of_the_permitted(case)
    return (
        _instead_of_another(case)
        or _of_the_excepted(case)
        or _bound_of_the_permitted(case)
        or of_time(case)
        or _of_the_forbidden(case)
        or case.own
    )


ARE_PERMITTED = re.compile(r"[^.;:]{0,160}?(?<!not )\b(?:allowed|permitted|acceptable)\b", re.I)


def _dose_of_the_permitted(case: Case) -> bool:
    """ "Low dose warfarin (1 mg/day) or tPA (2 mg) is permitted": an amount without a sign is asked of nobody."""
    q = case.limit.quantity
    bare = case.limit.kind == "dose" and q.operator is None and set(case.events) == {"permit"}
    return bare and ARE_PERMITTED.match(case.text, q.end) is not None


IN_SPITE_OF = Sought(
    "despite spite notwithstanding though although",
    r"\b(?:despite|in\s+spite\s+of|notwithstanding|though|although)\s+(?:[\w-]+\s+){0,6}$",
    re.I,
)


def _in_spite_of(case: Case) -> bool:
    """ "SBP > 140 mmHg in spite of three or more drugs": how many drugs are taken says how the pressure is meant."""
    counted = case.limit.kind == "count" and (case.limit.narrows or case.limit.attribute == "drugs")
    return bool(counted) and IN_SPITE_OF.search(case.text, 0, case.limit.quantity.start) is not None


MUST_BE = Sought(
    "must shall should needs",
    r"(?<!if )(?<!which )(?<!that )\b(?:must|shall|should|needs?\s+to)\s+(?:also\s+|always\s+)?"
    r"(?:(?:be|remain|have\s+been)\s+(?!not\b)(?:\w+\s+){0,2}?|not\s+exceed\s+)"
    r"(?:[<>≤≥=]+\s*|at\s+(?:least|most)\s+|between\s+)?$",
    re.I,
)
NOT_BE = Sought("not cannot", r"\b(?:(?:must|shall|should|may|can)\s+not|cannot)\s+be\b", re.I)
MUST_HAVE_ELAPSED = re.compile(r"\s+(?:must|should)\s+(?:have\s+)?(?:elapse|pass)(?:d|ed)?\b", re.I)
MEASURED = frozenset({"lab", "vital", "age", "scale", "life_expectancy"})


def _must_be(case: Case) -> bool:
    """Among reasons for exclusion: "creatinine must not exceed 2 mg/dL" says what is asked, not what is forbidden."""
    if case.included or case.own != "forbid" or case.negated:
        return False
    q = case.limit.quantity
    if NOT_BE.search(case.text, max(0, q.start - 7), q.end):  # the comparator has its "not" from here
        return True
    if case.limit.kind == "duration" and MUST_HAVE_ELAPSED.match(case.text, q.end):
        return True  # "at least 24 hours must have elapsed between …"
    return case.limit.kind in MEASURED and MUST_BE.search(case.text, 0, q.number_start) is not None


AGREES_TO = Sought("agree agrees agreeing willing", r"\b(?:agree(?:s|ing)?|willing)\s+to\b[^.;]*$", re.I)
THROUGHOUT = re.compile(r"[^.;]{0,50}?\b(?:throughout|for\s+the\s+duration\s+of)\s+(?:the\s+)?(?:study|trial)\b", re.I)


def _agreed_to(case: Case) -> bool:
    """ "Agree to use at least 1 emollient throughout the study": what lies after enrolment."""
    q = case.limit.quantity
    agreed = case.included and AGREES_TO.search(case.text, max(0, q.start - 90), q.start) is not None
    return agreed and THROUGHOUT.match(case.text, q.end) is not None


WHO = re.compile(
    r"\W*(?:(?:all|only|adult|healthy|male|female|(?:fe)?males?\s+(?:and|or)\s+(?:fe)?males?|eligible)\s+)*"
    r"(?:patients|subjects|participants|volunteers|adults|individuals|persons|people|men|women)\b[^.;:]*$",
    re.I,
)
ARE_ELIGIBLE = re.compile(
    r"[^.;:]*?\b(?:will\s+be|are|may|can)\s+(?:be\s+)?(?:eligible|included|enrolled|participate|recruited)\b"
    r"(?!\s+(?:if|provided|only|when|as\s+long|but|after|unless|with|who|regardless))",
    re.I,
)
YOUNGEST_ADULT = 21


def _says_who_is_eligible(case: Case) -> bool:
    """ "Patients over 18 scheduled for surgery will be eligible": the sentence says whom the trial is for."""
    q = case.limit.quantity
    if case.limit.kind != "age" or case.own != "permit" or not case.included or case.excepted:
        return False
    adults = q.low is not None and q.unit in ("a", None) and q.low <= YOUNGEST_ADULT
    return adults and WHO.match(case.text, 0, q.start) is not None and ARE_ELIGIBLE.match(case.text, q.end) is not None


OF_OVARIES = frozenset({"fsh", "estradiol"})
MENOPAUSE = re.compile(r"menopaus|amenorrh|menses|menstrua", re.I)
CESSATION = Sought(  # "(12 months of amenorrhea and ≥ 45 years of age)", "> 55 years and without menses for 1 year"
    "amenorrhea amenorrhoea amenorrheic amenorrhoeic menses menstruation menstrual menstruated menstruating "
    "postmenopausal menopausal menopause",
    r"amenorrh|\bmenses\b|\bmenstrua|\byears?\s+post-?\s?menopausal|\bnatural(?:ly)?\s+(?:post-?\s?)?menopaus",
    re.I,
)
MENOPAUSAL_AGES = range(40, 66)
NEAR = 100  # characters between an age and the end of the periods
OF_FERTILITY = re.compile(
    r"questionable|confirm|contracep|child-?\s?bearing|reproductive|pregnan|steril|hysterectomy|oophorectomy", re.I
)


def _tells_of_menopause(case: Case) -> bool:
    """ "In questionable cases FSH > 40 mIU/mL is confirmatory": who need not use contraception.

    So does the age from which women without periods count as infertile.
    """
    limit, text = case.limit, case.text
    if limit.attribute in OF_OVARIES:
        return bool(MENOPAUSE.search(text) and OF_FERTILITY.search(text))
    q = limit.quantity
    from_an_age = limit.kind == "age" and q.is_minimum and q.unit == "a" and q.value in MENOPAUSAL_AGES
    around = text[max(0, limit.first - NEAR) : q.end + NEAR] if from_an_age else ""
    return CESSATION.search(around) is not None


def _asked_of_the_permitted(case: Case) -> Case:
    """ "Rescue paracetamol up to 3 g/day permitted, not within 24 h before a visit": the drug may, its limit must.

    Also among reasons for exclusion: "(Gilbert's syndrome with direct bilirubin < 0.5 mg/dL is allowed)".
    """
    limit = case.limit
    permitted = case.own == "permit" and "permit" in case.events and not case.excepted
    if not permitted or limit.kind in ("lesion", "scale") or limit.exception_to is not None:
        return case
    if limit.is_time and limit.quantity.is_maximum and IS_ALLOWED.match(case.text, limit.quantity.end):
        return case  # "prior chemotherapy within 12 weeks is allowed"
    if limit.attribute == "contraceptive_methods" and case.announced:
        return case  # "may use another method or two barrier methods"
    if limit.kind in ("lab", "vital", "age") and (
        limit.quantity.operator == "between" or OF_WHOM.search(case.text, 0, limit.first) is None
    ):
        return case  # "hyponatraemia of 125-129 mmol/L is allowed"
    if not case.included and (case.announced or ALLOWED_WITH.search(case.text, 0, limit.first) is None):
        return case
    return case._replace(own="forbid" if case.negated and not case.lasts else "require")


IS_ALLOWED = re.compile(
    r"(?:\s+(?:of|before|prior\s+to|from)\s+(?:[\w-]+\s+){0,4}?[\w-]+)?\s*,?\s+(?:(?:is|are|was|were|will\s+be|may\s+be)\s+)?"
    r"(?:allowed|permitted|acceptable|eligible|permissible)\b",
    re.I,
)
WHO_NEED = re.compile(r"\bwho\s+(?:must|should|need|have\s+to|are\s+required\s+to)\b[^.;]{0,40}$", re.I)


def _of_the_excepted(case: Case) -> Requirement | None:
    """ "< 2 mg/dL except in Gilbert's syndrome, who need < 0.8 mg/dL": it replaces the limit, and is asked."""
    replaces = case.included and case.own == "permit" and case.limit.condition is not None
    return "require" if replaces and WHO_NEED.search(case.text, 0, case.limit.first) else None


def _instead_of_another(case: Case) -> Requirement | None:
    """ "≤ 5 x ULN is acceptable if …" replaces the limit in front; "(PS 2 if …)" behind "PS 0-1" only lifts it."""
    limit = case.limit
    if limit.exception_to is None or not limit.condition or not case.included:
        return None
    if case.own == "permit" and not limit.levels:
        return "permit" if case.beyond else "require"  # "> 2 is acceptable in case of …" lifts "< 2"
    lifts = ONLY_IF if case.beyond else WITH_CONSENT
    return "permit" if limit.levels and lifts.match(case.text, limit.condition[0]) else None


def _bound_of_the_permitted(case: Case) -> Requirement | None:
    """ "No more than two prior regimens are allowed": more are not."""
    limit = case.limit
    if case.own != "permit" or not case.included or case.excepted or limit.kind not in ("count", "lab", "vital"):
        return None
    bounded = limit.quantity.is_maximum and limit.exception_to is None and not limit.events
    return "require" if bounded else "permit"


def _of_the_forbidden(case: Case) -> Requirement | None:
    """ "No peripheral or sensory neuropathy > grade 1": what says of which degree something must not be."""
    plain = case.included and case.own == "require" and case.limit.exception_to is None and not case.asked
    if is_good_class(case.limit):
        return None  # "no encephalopathy (Child-Pugh A)"
    if not plain or case.limit.attribute in PERFORMANCE or DEFINED.search(case.text, 0, case.limit.first):
        return None  # performance is a patient's, not a disease's; what is defined has its own rule
    if case.limit.quantity.operator == "between" and LISTED_BEHIND.search(case.text, 0, case.limit.first):
        return None  # "no abnormality: PR 120-220 ms, …"
    return "forbid" if set(case.events) == {"forbid"} else None


LISTED_BEHIND = re.compile(r":\s*$")
IN_ITS_BRACKETS = re.compile(  # not "anti-HBc positive (allowed if HBV DNA < 20 IU/mL)"
    r"\s*[(\[](?:(?!\b(?:allowed|permitted|acceptable|accepted|eligible|ok|unless|except|provided|not\s+excluded)\b)[^()\[\]]){0,30}",
    re.I,
)
DEFINED = Sought("defined", r"\bdefined (?:as|by)\b", re.I)
DEFINES = re.compile(r"[^.;()]{0,40}(?:[(]\s*)?[^.;()]{0,20}\bdefined (?:as|by)\b[^;)]{0,160}", re.I)
WHOLE_STATE = re.compile(r"\b(?:without|free (?:of|from))\s+(?:[\w-]+\s+){0,2}$", re.I)  # is what is defined then


def bind_as_what_they_define(
    text: str, limits: Sequence[Limit], mentions: Sequence[Said], demands: list[Requirement]
) -> None:
    """ "No alcoholism (more than 3 drinks a day)": what defines a mention is required or forbidden with it.

    `demands` holds the mentions' requirements first.
    """
    n, defined = len(mentions), "defined" in words_in(text) and DEFINED.search(text) is not None
    for i, limit in enumerate(limits):
        if limit.is_time or demands[n + i] not in ("require", "forbid"):
            continue
        if not_kept(text, limit) or denial(text, limit.quantity) is not None:
            continue  # "not well controlled (SBP ≤ 150 mmHg)" says what control is; "outside normal" has its own sense
        index = _beside(text, limit, mentions)
        if index is None and defined:
            index = _defined_by(text, limit, mentions)
        if index is not None and demands[index] in ("require", "forbid"):
            demands[n + i] = demands[index]


def _beside(text: str, limit: Limit, mentions: Sequence[Said]) -> int | None:
    """The mention in whose brackets a limit stands that narrows it alone, or that says how much is too much.

    A dose in front of its drug goes with the drug.
    """
    too_much = limit.kind in ("dose", "count") and limit.quantity.is_minimum
    narrowed = limit.events or (range(len(mentions)) if too_much and not limit.narrows else ())
    if len(limit.events) > 1 or is_good_class(limit):
        return None  # "no encephalopathy (Child-Pugh A)"
    if limit.kind == "dose" and limit.events and 0 < mentions[limit.events[0]].start - limit.quantity.end < 5:
        return limit.events[0]  # "no more than 300 mg/m² of doxorubicin or 450 mg/m² of epirubicin"
    return next(
        (
            i
            for i in narrowed
            if mentions[i].end <= limit.first and IN_ITS_BRACKETS.fullmatch(text, mentions[i].end, limit.first)
        ),
        None,
    )


def _defined_by(text: str, limit: Limit, mentions: Sequence[Said]) -> int | None:
    """ "No uncontrolled hypertension, defined as SBP > 150 mmHg or DBP > 90 mmHg": the mention, of both limits."""
    before = [i for i, mention in enumerate(mentions) if mention.end <= limit.first]
    if not before or DEFINES.fullmatch(text, mentions[before[-1]].end, limit.first) is None:
        return None
    return None if WHOLE_STATE.search(text, 0, mentions[before[-1]].start) else before[-1]
