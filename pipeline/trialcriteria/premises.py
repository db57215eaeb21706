"""Premises: numbers under which another limit holds ("if albumin > 3 g/dL"), and numbers that bind nobody."""

import re
from collections.abc import Collection, Sequence

from trialcriteria.components.condition_behind import BEGINS_A_SENTENCE
from trialcriteria.components.condition_heads import IS_KEPT_OUT
from trialcriteria.components.condition_words import LETTING_IN
from trialcriteria.components.limits import Limit
from trialcriteria.components.telling import Sought, holds_any

LEADS_A_CONDITION = re.compile(
    r"\b(?:if|when|where|(?:patients?|participants?|subjects?|those|women|men|children|adults)\s+(?:with|aged?|over|under|"
    r"whose|who are|who have|in whom))\s+(?:the\s+|an?\s+|baseline\s+|total\s+|aged?\s+|just\s+|still\s+)*$",
    re.I,
)
PEOPLE = (
    r"(?:patients|participants|subjects|individuals|people|persons|those|women|men|males|females|girls|boys|children|"
    r"adolescents|adults)"
)
FOR_AN_AGE = re.compile(
    r"\b(?:for|in|if|when)\s+(?:the\s+|all\s+|any\s+)?"
    r"(?:(?:male|female|older|younger|elderly|paediatric|pediatric|minor|adolescent|adult)\s+)?"
    rf"(?:{PEOPLE}|minors|age|ages)?\s*\(?\s*(?:who\s+are|with\s+(?:an\s+)?age|aged?|of\s+age|ages|of)?\s*$",
    re.I,
)
OF_AN_AGE = re.compile(
    rf"(?:^|[.;:(]\s*)\W*(?:(?:all|any|male|female|adult|p(?:a)?ediatric)\s+){{0,2}}(?:{PEOPLE}\s+)?(?:who\s+are\s+)?(?:aged?\s*)?$",
    re.I,
)
ALLOWED_ONLY = re.compile(
    r"\b(?:only|enroll?|enter|participate|continue|eligible|allowed|permitted|acceptable|included|enrolled|accepted|qualify|qualifies|ok|okay|fine)\s*$",
    re.I,
)
EXCEPTED = re.compile(r"\bexcept(?:ion)?s?\b[^.;)]{3,80}$", re.I)
NEEDED_OF = re.compile(r"\b(?:is|are)\s+(?:also\s+)?(?:needed|required|mandatory|indicated|performed|done)\s+$", re.I)
IN_A_BRACKET = re.compile(rf"\(\s*(?:(?:for|in)\s+)?(?:{PEOPLE}\s+)?(?:aged?\s+)?$", re.I)
LEADS_TO_A_LIMIT = re.compile(r"\s*(?:of\s+age|old)?\s*:\s*[\d<>≤≥]", re.I)
OR_IF = re.compile(r"\bor\s+if\s+$", re.I)
OF_A_PLACE = re.compile(r"\s*(?:radiation|irradiation|RT|XRT)\s+(?:of|to)\b", re.I)
CONSENT = re.compile(r"\b(?:consent|assent|authori[sz]ation)\b[^.;]*$", re.I)
DISCOVERED = Sought(
    "discovered found noted",
    rf"\b{PEOPLE}\s+(?:who\s+are\s+)?(?:discovered|found|noted)\s+to\s+have\s+(?:an?\s+)?$",
    re.I,
)
FOLLOWED_UP = re.compile(r"[^.;]{0,80}?\b(?:must|should|will)\b(?!\s+(?:not\b|be\s+exclu))", re.I)
OBLIGES = re.compile(
    r"(?:[\s,)]*(?:of\s+age|old|in\s+age)?[\s,)]*(?:and|or)\s+(?:also\s+)?(?:those|any|anyone|all|women|girls|who|whose)\b[^.;:]{0,70}?|"
    r"[^.;]{0,25}?)"
    r"\b(?<!who )(?<!that )(?<!and )(?:only\s+if|must|should|needs?|requires?|are\s+required|ha(?:ve|s|d)\s+to)\b"
    r"(?!\s+(?:not\b(?!\s+have\b)|be\s+excluded))",
    re.I,
)
ASKED_OF_THEM = re.compile(  # "For minors (12 to 17 years), the form must be signed by a parent"
    r"[^.;]{0,60}?,\s(?:[\w'’-]+\s){0,8}?(?:must|should|needs?|(?:is|are)\s+(?:also\s+)?(?:required|needed|mandatory)|"
    r"ha(?:s|ve)\s+to)\b(?!\s+(?:not\b|be\s+excluded))",
    re.I,
)
BEGINS_A_SENTENCE_OF = re.compile(rf"(?:for|in)\s+(?:[\w-]+\s+)?{PEOPLE}\b", re.I)
SET_OFF = re.compile(r"[\s)]*(?:of\s+age|old|in\s+age)?[\s)]*[:,]\s*[^\s.;]", re.I)  # "For women over 50 years: no …"
SAYS_WHEN = re.compile(r"(?:if|when|where|for|in)\b", re.I)
SENTENCE_ENDS = re.compile(r"[;.]\s")
KEEPS_OUT = re.compile(rf"(?:[^.;]|\.\d){{0,120}}?,\s*{IS_KEPT_OUT.pattern}", re.I)  # "if ALT > 3 or bilirubin > 2, …"
ARE_KEPT_OUT = re.compile(  # "for subjects with QRS ≥ 120 ms, those with QTcF ≥ 480 ms are not eligible"
    r"\s*(?:is|are|(?:will|should|must|shall)\s+be)\s+(?:excluded|ineligible|not\s+(?:eligible|allowed|permitted))\b"
    r"(?!\s+(?:if|unless|when|only))",
    re.I,
)
THEN = re.compile(r"[\s,)]*then\b", re.I)
REQUIRES = re.compile(
    r"[\s)]*(?:(?:will|would)\s+)?(?:requires?|necessitates?)\s+(?!that\b)", re.I
)  # a limit, another one
DEFINED_AS = re.compile(
    r"\s*(?:of\s+age|old)?,?\s*defined\s+as\b", re.I
)  # "and for patients < 16, defined as Lansky > 60"
MOST_APART = 60


ITSELF_PERMITTED = re.compile(
    r"[^.;()]{0,40}?\b(?:is|are|may\s+be|will\s+be|can\s+be)\s+(?:also\s+)?(?:eligible|allowed|permitted|acceptable|enrolled|included)"
    r"\b(?!\s+only\b)",
    re.I,
)


PATIENTS_WITH = re.compile(rf"\b{PEOPLE}\s+(?:with|having|whose|who\s+have)\b", re.I)
CONFIRMED = re.compile(rf"\band\s+(?:\w+ly\s+)?(?:confirmed|proven|documented|diagnosed)\s+{PEOPLE}\b", re.I)
OR_ELSE = re.compile(r"\bor\b[\s,]*(?:if|when|for|in)\s", re.I)
OR_SET_OFF = re.compile(r"\bor\s*,\s*(?:if|when|for|in)\s", re.I)  # "or, if creatinine > 1.5 x ULN, CrCl ≥ 40"
ONLY_IF = re.compile(r"\s*,?\s*(?:if|provided|as\s+long\s+as|when|once)\b", re.I)


def is_itself_permitted(text: str, limit: Limit) -> bool:
    """Whether those whom a limit names are let in under a proviso: "(platelets of 50,000 are eligible if stable)"."""
    if limit.is_time or not holds_any(text, LETTING_IN):
        return False
    said = ITSELF_PERMITTED.match(text, limit.quantity.end)
    return said is not None and ONLY_IF.match(text, said.end()) is not None


def tells_when(text: str, number: Limit, limits: Sequence[Limit]) -> bool:
    """Whether a limit only says when another one holds ("< 70 % if albumin > 3 g/dL"); then the condition is laid out.

    The condition of the limit that it is said of, in front or behind, holds the number that tells when, and the number
    has none of its own.
    """
    if number.kind != "age" and holds_any(text, LETTING_IN) and ITSELF_PERMITTED.match(text, number.quantity.end):
        return False
    start = number.quantity.start
    found = DISCOVERED.search(text, max(0, start - MOST_APART), start)
    if found and FOLLOWED_UP.match(text, number.quantity.end):
        number.lay_bare()
        return True  # "patients discovered to have proteinuria ≥ 2+ should undergo …"
    of_classes = number.levels and FOR_CLASSES.search(text, max(0, number.first - MOST_APART), number.first)
    if of_classes and ASKS_FOR.match(text, number.quantity.end):
        number.lay_bare()
        return True
    if number.kind in ("lab", "vital") and (required := _required_by(text, number, limits)):
        _hold_under(number, required, limits, (number.first, number.quantity.end))
        return True
    led = LEADS_A_CONDITION.search(text, max(0, number.first - MOST_APART), number.first)
    if led is None and number.rule == "further-limit":
        start = number.quantity.start
        led = LEADS_A_CONDITION.search(text, max(0, start - MOST_APART), start)
    if number.kind == "age":
        led = led or FOR_AN_AGE.search(text, max(0, number.first - MOST_APART), number.first)
    elif number.kind == "count":
        led = led or _is_of_some(text, number)
    if led and (KEEPS_OUT.match(text, number.quantity.end) or ARE_KEPT_OUT.match(text, number.quantity.end)):
        return False
    if led and CONFIRMED.search(text, max(0, led.start() - 40), led.end()) and PATIENTS_WITH.search(led[0]):
        return False  # "R0 resection and confirmed patients with stage II" names two things that are asked for
    if led and led[0].lower().startswith("where") and number.condition and number.condition[1] <= led.start() + 2:
        return False  # "unless Gilbert's disease, where ≤ 3 x ULN" is a limit of its own
    if led and number.kind == "age" and NEEDED_OF.search(text, max(0, led.start() - 30), led.start()):
        number.lay_bare()
        return True  # "a pregnancy test is needed in women ≤ 50 years"
    if (
        number.kind == "age"
        and IN_A_BRACKET.search(text, 0, number.first)
        and LEADS_TO_A_LIMIT.match(text, number.quantity.end)
    ):
        number.lay_bare()
        return True  # "ECOG 0-1 (patients over 75 years: 0 only)"
    if OR_IF.search(text, max(0, start - 12), start) and OF_A_PLACE.match(text, number.quantity.end):
        number.lay_bare()
        return True  # "6 months if prior craniospinal radiation or if ≥ 50 % radiation of the pelvis"
    if led and number.kind == "age" and CONSENT.search(text, max(0, led.start() - 60), led.start()):
        number.lay_bare()
        return True  # "a guardian must give consent for patients < 18 years of age"
    if led and (
        ALLOWED_ONLY.search(text, max(0, led.start() - 20), led.start()) or EXCEPTED.search(text, 0, led.start())
    ):
        return False  # "eligible only if ANC > 1" demands it, and so does "except in Gilbert's syndrome if …"
    end = number.quantity.end
    before = [] if THEN.match(text, end) else [other for other in limits if led and other.quantity.end <= led.start()]
    instead = led is not None and OR_ELSE.search(text, max(0, led.start() - 12), led.end()) is not None
    if instead and led and number.rule != "further-limit":
        instead = OR_SET_OFF.search(text, max(0, led.start() - 12), led.end()) is not None
    if led and before and not instead and not DEFINED_AS.match(text, end):
        last = max(before, key=lambda other: other.quantity.end)
        apart = text[last.quantity.end : led.start()]
        anew = BEGINS_A_SENTENCE.match(text, last.quantity.end)
        if SENTENCE_ENDS.search(apart) is None and len(apart) < MOST_APART and anew is None:
            opening = OPENS_A_CONDITION.search(text, max(0, led.start() - 8), led.start())
            alike = last.attribute is not None and last.attribute == number.attribute
            if alike and opening is None and PATIENTS_WITH.search(led[0]):
                return False  # "women with hemoglobin < 11 g/dL or men with hemoglobin < 12 g/dL"
            _hold_under(number, last, limits, (opening.start() if opening else led.start(), number.quantity.end))
            return True
    if number.kind == "age" and (held := _bracketed_behind(text, number, limits)):
        _hold_under(number, held, limits, (text.rindex("(", 0, number.first + 1) + 1, number.quantity.end))
        return True
    if led is None and number.kind == "age":
        led = OF_AN_AGE.search(text, max(0, number.first - MOST_APART), number.first)
    obliges = OBLIGES.match(text, number.quantity.end) is not None
    if number.kind == "age" and led and SAYS_WHEN.match(led[0]):
        obliges = obliges or ASKED_OF_THEM.match(text, number.quantity.end) is not None
        opens = BEGINS_A_SENTENCE_OF.match(text, led.start()) if not text[: led.start()].strip(" *•-–") else None
        obliges = obliges or (opens is not None and SET_OFF.match(text, number.quantity.end) is not None)
    if led is None or not (obliges or instead or SAYS_WHEN.match(led[0]) or _is_of_whom(text, led, number, limits)):
        return False
    opened = led.start() + len(led[0]) - len(led[0].lstrip(" .;(*"))
    opening = OPENS_A_CONDITION.search(text, max(0, opened - 8), opened) if instead else None
    behind = [
        other
        for other in limits
        if other.quantity.start >= number.quantity.end
        and not SENTENCE_ENDS.search(text, number.quantity.end, other.first)
        and other.first - number.quantity.end < 2 * MOST_APART
    ]
    if behind:
        first = min(behind, key=lambda other: other.quantity.start)
        obliged = OF_WHAT_IS_COUNTED.match(text, number.quantity.end) if number.kind == "count" else None
        end = obliged.end("words") if obliged else number.quantity.end
        if instead and before and first.exception_to is None:
            first.exception_to = next(i for i, other in enumerate(limits) if other is before[-1])
        if number.levels and number.rule == "further-limit" and first.exception_to is None:
            same = (i for i, other in enumerate(limits) if other.attribute == number.attribute and other is not number)
            first.exception_to = next(same, None)  # "dipstick < 2+; if 2+ or more, < 1 g of protein in 24 h"
        _hold_under(number, first, limits, (opening.start() if opening else opened, end))
        return True
    if obliges or (number.kind == "age" and before):
        number.lay_bare()
        return True
    return False


FOR_OR_IN = re.compile(r"\b(?:for|in)\s+$", re.I)


def _is_of_whom(text: str, led: re.Match[str], number: Limit, limits: Sequence[Limit]) -> bool:
    """ "For subjects with LVEF 40-44 % a volume index > 34 mL/m² is needed": a measure follows at once."""
    if not FOR_OR_IN.search(text, max(0, led.start() - 5), led.start()):
        return False
    behind = [other for other in limits if other.first >= number.quantity.end]
    first = min(behind, key=lambda other: other.first, default=None)
    free = first is not None and first.condition is None
    return (
        first is not None
        and free
        and re.search(r"[,;.()]|\b(?:and|or|who|with)\b", text[number.quantity.end : first.first]) is None
    )


OF_SOME = re.compile(  # "Patients who had only 1 prior line", "…. Patients who had 2 or 3 lines"
    r"(?:^|(?P<further>[.;]\s+))\W*(?:patients|subjects|participants|those)\s+who\s+(?:have\s+)?(?:had|received)\s+(?P<only>only\s+)?$",
    re.I,
)


OF_WHAT_IS_COUNTED = re.compile(
    r"(?P<words>(?:\s[\w-]+){1,8}?)\s(?:must|should|needs?|requires?|are\s+required|ha(?:ve|s|d)\s+to)\b", re.I
)


def _is_of_some(text: str, number: Limit) -> re.Match[str] | None:
    """The words in front of a count that tell of which patients a sentence is, and not for whom the trial is."""
    said = OF_SOME.search(text, 0, number.quantity.number_start)
    return said if said and (said["further"] or said["only"]) else None


def _required_by(text: str, number: Limit, limits: Sequence[Limit]) -> Limit | None:
    """The limit that another one asks for: "creatinine > 1.5 mg/dL requires a clearance of ≥ 60 mL/min"."""
    asks = REQUIRES.match(text, number.quantity.end)
    behind = [
        other for other in limits if asks and asks.end() <= other.first < asks.end() + MOST_APART and not other.is_time
    ]
    first = min(behind, key=lambda other: other.quantity.start, default=None)
    return None if first is None or asks is None or SENTENCE_ENDS.search(text, asks.end(), first.first) else first


OPENS_AGES = re.compile(
    rf"[^.;()]{{0,40}}(?:\([^()]*\)\s*)?\(\s*(?:(?:for|in)\s+)?(?:{PEOPLE}\s*)?(?:who\s+are\s+|aged?\s+)?", re.I
)
CLOSES_AGES = re.compile(r"[^().;,<>≤≥\d]{0,20}\)")


def _bracketed_behind(text: str, number: Limit, limits: Sequence[Limit]) -> Limit | None:
    """The limit that holds for an age in the bracket behind it: "≥ 200 mL (patients age 18 and older)"."""
    before = [x for x in limits if x.quantity.end <= number.first and x.kind in ("lab", "vital", "scale", "other")]
    last = max(before, key=lambda x: x.quantity.end, default=None)
    if last is None or not OPENS_AGES.fullmatch(text, last.quantity.end, number.first):
        return None
    return last if CLOSES_AGES.match(text, number.quantity.end) else None


SAYS_WHAT_FOLLOWS = Sought(  # "(< 40 kg) will receive the lower dose", "women > 60 are considered infertile"
    "will undergo considered regarded deemed advised discussed monitored retested rescreened repeated re",
    r"[\s)]*(?:of age\s+)?(?:[\w-]+\s+){0,4}?(?:"
    r"will\s+(?:receive|get|be\s+(?:treated|stratified|assigned|randomi[sz]ed|given|dosed))|undergo\b|"
    r"(?:can|may|should)\s+be\s+(?:re-?\s?(?:tested|screened)|repeated|advised|discussed|monitored)\b|"
    r"(?:is|are|will\s+be)\s+(?:considered|regarded|deemed)\s+(?:to\s+be\s+|as\s+)?(?:of\s+|an?\s+)?"
    r"(?:non|post|pre|in(?!elig)|child|evaluable|measurable|negative|positive|equivalent|normal|abnormal))",
    re.I,
)
FOR_SOME = re.compile(r"(?:^|[.;(]\s*)\W*(?:for|in|if)\s[^.;]{0,90}$", re.I)
DOSE_FOLLOWS = Sought(  # "in patients with clearance < 50 mL/min the starting dose must be reduced"
    "dose dosage dosing",
    r"[\s),]*(?:[\w-]+\s+){0,5}?dos(?:e|age|ing)\s+(?:[\w-]+\s+){0,3}?(?:will|should|must|may|is|has|can)\b",
    re.I,
)
TIME_REQUIREMENT = Sought("requirement requirements", r"\btime\s+requirements?\b[^.;]*$", re.I)
NEED_NOT = Sought(
    "need does do did mandatory",
    r"[\s)]*(?:[\w-]+\s+){0,6}?(?:need\s+not|(?:does|do|did)\s+not\s+(?:(?:need|have)\s+to|require))\b|[\s,(]*not\s+mandatory\b",
    re.I,
)
NEEDING = frozenset("need necessary required needed".split())
NO_NEED = re.compile(r"\b(?:no\s+need|need\s+not|not\s+(?:necessary|required|needed))\b[^.;,()]{0,50}$", re.I)
COUNTS_AS = Sought("count counts counted", r"[\s)]*(?:[\w-]+\s+){0,4}?(?:counts?|(?:is|are|be)\s+counted)\s+as\b", re.I)
MAY_TRY_AGAIN = Sought(  # "(may be re-screened one week after treatment)"
    "re rescreened rescreening retested retesting",
    r"\b(?:may|can|could|might|will)\s+be\s+(?:considered\s+for\s+)?re-?\s?(?:screen|test)(?:ed|ing)\b[^.;)]{0,40}$",
    re.I,
)
TRIED_AGAIN = Sought(  # "may be re-screened if constipation has decreased to grade ≤ 1"
    "re rescreened rescreening retested retesting",
    r"\bre-?\s?(?:screen(?:ed|ing)|test(?:ed|ing))\b[^.;]{0,60}?\b(?:if|once|when|provided|after)\b[^.;]{0,80}$",
    re.I,
)
MAY_GO_ON = Sought(  # "must be stopped 14 days before and may restart 4 weeks after"
    "restart restarted resume resumed reinitiate reinitiated",
    r"\b(?:may|can|could|will)\s+(?:be\s+)?(?:restart(?:ed)?|resumed?|re-?initiated?)\s+(?:at\s+least\s+|[≥>]=?\s*)?$",
    re.I,
)
IN_SPITE_OF_IT = Sought(  # "thrombocytopenia not controlled by prednisolone ≤ 20 mg": what did not help
    "controlled uncontrolled despite refractory",
    r"\b(?:not\s+(?:\w+ly\s+)?controlled\s+(?:by|with|on)|uncontrolled\s+(?:by|with|on|despite)|despite|refractory\s+to)\s+"
    r"(?:(?!\b(?:and|or|who|which|that)\b)[^.;:,()]){0,40}$",
    re.I,
)
COUNTED_AS = Sought("count counts counted", r"\b(?:counts?|counted)\s+as\b[^.;]*$", re.I)
FOR_A_PURPOSE = Sought(
    "keep maintain achieve reach attain obtain bring sustain",
    r"(?<!able )(?<!ability )(?<!failure )(?<!failed )(?<!fails )\bto\s+(?:keep|maintain|achieve|reach|attain|obtain|"
    r"bring|sustain)\s+(?:(?!and\b)[\w-]+\s+){0,4}$",
    re.I,
)
ASSENT = Sought("assent", r"\bassent\b[^.;,]{0,40}$", re.I)
BEGINS_WITH_IF = Sought("if", r"(?:^|[.;(]\s*)\W*if\s*$", re.I)
THEN_DEMANDS = re.compile(
    r"[^.;]{0,40}?,\s*(?:\w+\s+){0,4}?(?:must|should|need|needs|has to|have to|is required|are required)\b", re.I
)


OF_WHOM = re.compile(rf"\W*(?:{PEOPLE})\s+(?:(?:who\s+are\s+)?(?:aged?|of)?\s*)?", re.I)
WITH_WHAT = re.compile(
    r"\s*(?:of\s+age|old)?\s*(?:with|who\s+(?:have|has)|having)\s+(?!(?:an?\s+)?(?:ECOG|WHO|performance|BMI|body|weight))",
    re.I,
)


def only_describes(text: str, limit: Limit, conditions: Collection[tuple[int, int]], *, included: bool) -> bool:
    """Whether a limit binds nobody: it defines a term, says what follows or what something is for, or tells when.

    "Noradrenaline to keep MAP ≥ 65 mmHg", "(< 40 kg) will receive the lower dose", "assent if over 8 years". A number
    within the condition of another limit, which is one of `conditions`, only says when that one holds. What `counts as`
    a reason for exclusion binds.
    """
    start, end = limit.first, limit.quantity.end
    said = limit.quantity.start
    if limit.kind == "age" and not included and OF_WHOM.fullmatch(text, 0, said) and WITH_WHAT.match(text, end):
        return True  # "patients aged ≥ 20 years with an allergy to oseltamivir"
    if limit.kind == "age" and ASSENT.search(text, max(0, said - 60), said):
        return True
    if (
        SAYS_WHAT_FOLLOWS.match(text, end)
        or NEED_NOT.match(text, end)
        or (holds_any(text, NEEDING) and NO_NEED.search(text, max(0, start - 70), start))
    ):
        return True
    if not limit.is_time and DOSE_FOLLOWS.match(text, end) and FOR_SOME.search(text, max(0, start - 100), start):
        return True
    if included and (COUNTS_AS.match(text, end) or COUNTED_AS.search(text, max(0, start - 100), start)):
        return True
    if limit.is_time and TIME_REQUIREMENT.search(text, max(0, start - 80), start):
        return True  # "the time requirement of 3 years does not apply to …"
    if limit.is_time and MAY_TRY_AGAIN.search(text, max(0, said - 80), said):
        return True
    if limit.is_time and MAY_GO_ON.search(text, max(0, said - 50), said):
        return True
    if limit.kind == "dose" and IN_SPITE_OF_IT.search(text, max(0, start - 80), start):
        return True
    if not limit.is_time and TRIED_AGAIN.search(text, max(0, start - 160), start):
        return True
    if not limit.is_time and limit.kind != "dose" and FOR_A_PURPOSE.search(text, max(0, start - 70), start):
        return True
    if BEGINS_WITH_IF.search(text, max(0, limit.quantity.start - 8), limit.quantity.start):
        return THEN_DEMANDS.match(text, end) is not None
    return any(a <= limit.quantity.number_start < b for a, b in conditions if (a, b) != limit.condition)


def _hold_under(number: Limit, other: Limit, limits: Sequence[Limit], words: tuple[int, int]) -> None:
    """`other` holds under the `words` that the `number` is of."""
    number.lay_bare()
    for limit in limits:
        sexed = limit.condition_id in ("male", "female") and limit.condition is not None
        if sexed and limit.condition[1] <= words[0]:  # type: ignore[index]
            continue  # "1.4 mg/dL (female) (≥ 13 years of age)"
        if limit.quantity.start == other.quantity.start:
            limit.condition, limit.condition_id = words, None


FOR_CLASSES = re.compile(  # "for patients with T4 or N3 or M1, measurable disease"
    rf"\bfor\s+{PEOPLE}\s+with\s+(?:[A-Za-z]*\d\w*\s*(?:,|/|\bor\b|\band\b)\s*)*$", re.I
)
ASKS_FOR = re.compile(r"[^.;,<>≤≥]{0,40},\s+[a-z]")
OPENS_A_CONDITION = re.compile(r"(?:for|in|of)\s+(?:the\s+)?$")
