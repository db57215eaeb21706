"""Treatments that a patient may have had, not must, because what is asked is that they stop, or something else of them.

"Willing to stop aspirin", "biologics must have been discontinued", "if on statins, the dose must be stable": whoever
never took one meets it too; so does whoever never had a toxicity that may remain up to grade 1 (READING's rule 13).
"""

import re
from collections.abc import Sequence

from trialcriteria.components.condition_words import KEPT_OUT
from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import OF_TREATMENT, Said
from trialcriteria.components.reach import IN_BRACKETS
from trialcriteria.components.telling import Sought, holds_any
from trialcriteria.components.windows import absences
from trialcriteria.premises import SENTENCE_ENDS
from trialcriteria.records import Requirement
from trialcriteria.requirements.times import NOT_STOPPED, STEADY

STOPPED = (
    r"(?:discontinu(?:ed|e|ing)|stop(?:ped|ping)?|ceased?|withdrawn|withdraw|withheld|suspend(?:ed)?|"
    r"interrupt(?:ed)?|taper(?:ed)?|(?:switched|turned)\s+off|(?:in|de)activated)"
)
ASKED = r"(?:willing|willingness|able|ability|agrees?|prepared|must|should|shall|has|have|had|needs?)"
OF_IT = (
    r"(?:(?:the|their|any|all|certain|use of|treatment with|therapy with|other|prior|previous|current|with|from|of|"
    r"systemic|oral|taking|using)\s+)*"
)
LISTED = (
    r"(?:[\w-]+(?:\s*,\s*(?:or\s+|and\s+)?|\s*/\s*|\s+(?:or|and)\s+)){0,5}"  # "washout for erlotinib, gefitinib or"
)
TO_STOP = re.compile(
    rf"\b(?:{ASKED}\s+(?:to\s+)?(?:have\s+)?(?:be\s+)?(?:\w+ly\s+)?{STOPPED}|"
    rf"wash-?\s?out\b[^.;]{{0,40}}?\b(?:of|for|from|after))\s+{OF_IT}{LISTED}$",
    re.I,
)
TO_BE_STOPPED = Sought(
    "must should shall has have need needs",
    r"(?:\s+such\s+as\s[^.;]{3,120}?)?[^.;,()]{0,30}?\s(?:must|should|shall|has to|have to|needs? to)\s+(?:have\s+)?"
    r"(?:be|been|remain(?:ed)?|stay)\s+"
    rf"(?:\w+ly\s+)?(?:{STOPPED}|stable|unchanged|constant|consistent)\b",
    re.I,
)
LONG_AGO = r"[^.;,()]{0,30}?(?:at least|more than|>|≥|>=)\s*\d"
TO_BE_OVER = Sought(  # "the operation must have taken place at least 5 years before"
    "completed finished ended terminated taken occurred concluded",
    r"[^.;,()]{0,60}?\s(?:must|should|shall|has to|have to|needs? to)\s+(?:have\s+)?(?:be(?:en)?\s+)?"
    rf"(?:completed|finished|ended|terminated|taken\s+place|occurred|concluded){LONG_AGO}",
    re.I,
)
TIME = r"(?:at least\s+|[≥>]=?\s*)?\d+\s*-?\s*(?:d|days?|w|wks?|weeks?|mo|months?|y|years?|half-lives)\b"
OTHER_DISTANCE = re.compile(  # "(12 weeks for X or Y)", "at least 42 days prior to enrolment for X or Y"
    rf"(?:\(\s*{TIME}\s+(?:for|if|since|from|after)|{TIME}\s+(?:prior\s+to|before)\s+(?:[\w-]+\s+){{1,4}}for)\s+"
    r"(?:[\w-]+\s*(?:,|\bor\b|\band\b)\s*){0,4}(?:\w+\s+)?$",
    re.I,
)
DISTANCE_BEHIND = re.compile(rf"\s*[:：]\s*{TIME}", re.I)
INTERVAL = re.compile(
    rf"\b(?:interval of\s+{TIME}\s+(?:from|since|after|between)|at least\s+{TIME}\s+(?:away\s+)?from)\s+"
    r"(?:(?:the|last|any|prior|previous|end of)\s+)*(?:[\w-]+\s*(?:,|\bor\b|\band\b)[\s,]*(?:or\s+|and\s+)?){0,4}$",
    re.I,
)
PEOPLE = (
    r"(?:^|[.;:(]\s*)\W*(?:however,?\s+|in\s+addition,?\s+|also,?\s+)?(?:\w+\s+)?"
    r"(?:patients?|subjects?|participants?|those|wom[ae]n|m[ae]n|individuals?)\s+"
    r"(?:(?:enrolling|enrolled|entering|participating)\s+(?:[\w-]+\s+){1,10}?(?=who\s))?"
)
NO_VERB_YET = r"(?:(?!\b(?:must|should|shall|may|can|will|needs?|is|are|was|were)\b)[^.;:()]){0,120}$"
GIVEN_THAT = re.compile(
    rf"(?:{PEOPLE}(?:currently\s+|previously\s+|chronically\s+)*(?:who\s+(?:are|were)\s+(?:\w+ly\s+)?)?(?:on|taking|receiving|using|treated\s+with|"
    r"who\s+(?:have\s+|had\s+)?(?:\w+ly\s+)?(?:received?|take|undergo(?:ne)?|underwent|been\s+treated\s+with))|"
    r"(?:^|[.;:(]\s*)\W*if\s+(?:(?:currently|previously|patients|subjects|they|are|is|the|a|patient|subject|chronically)\s+)*"
    rf"(?:on|taking|receiving|using|treated\s+with))\s+{NO_VERB_YET}",
    re.I,
)
IF_TAKEN = re.compile(  # "if on metformin, statins or insulin, stable doses for 4 weeks"
    r"(?:^|[.;:(,]\s*)\W*(?:if|when)\s+(?:(?:currently|already|previously|the|an?|patients?|subjects?|participants?|they|are|is|was|"
    r"were|chronically)\s+)*(?:on|taking|receiving|using|treated\s+with)\s+(?:[\w()/-]+\s+){0,3}"
    r"(?:[\w()-]+(?:\s+[\w()-]+){0,4}\s*(?:,|/|\b(?:and/or|and|or)\b)\s*(?:(?:and|or)\s+)?){0,6}$",
    re.I,
)
IF = Sought("if when provided", r"\b(?:if|when|provided)\b", re.I)
FARTHEST = 160
WHO_HAVE = re.compile(rf"{PEOPLE}(?:with|who\s+(?:have|had))\s+{NO_VERB_YET}", re.I)
WHO_HAD = re.compile(  # "patients with a history of cardiac disease or mediastinal radiation should undergo …"
    rf"{PEOPLE}(?:with|who\s+(?:have|had))\s+(?:[\w-]+\s+){{0,3}}?(?:history|prior|previous|undergone|developed|experienced)\s+{NO_VERB_YET}",
    re.I,
)
EARLIER = re.compile(r"\b(?:prior|previous)\b[\w-]*(?:\s|$)", re.I)
LEAD = 10  # "previous " in front of a mention
JUST_ONE = re.compile(r"(?:single|solitary|isolated)\b", re.I)
HARDLY_ASKED = re.compile(
    r"\b(?:history\s+of|evidence\s+of|suspicion\s+of|suspected|signs(?:\s+(?:and|or|and/or)\s+symptoms)?\s+(?:of|suggestive\s+of)|known|"
    r"who\s+(?:have\s+|had\s+)?(?:developed|experienced|suffered\s+from))\s+(?:[\w-]+\s+){0,3}$",
    re.I,
)
DUTY = Sought(
    "must should need needs has have required will undergo",
    r"(?:(?!,\s*(?:as|because|since)\b)[^.;:()]){0,60}?"  # not "with a mutation, as they should be offered X"
    r"\b(?<!who )(?<!which )(?<!that )"  # "diabetes who must use insulin" says who
    r"(?:must|should|needs? to|has to|have to|(?:is|are|will be)(?: also)? required|will undergo|undergo|"
    r"will (?:need to )?(?:be (?:tested|assessed|evaluated|screened)|have))\b"
    rf"(?!\s+(?:not\b|be\s+(?:considered|confirmed)\b|{KEPT_OUT}))",
    re.I,
)
DIGIT = re.compile(r"\d")
STOPS = ("stop", "discontinu", "ceas", "withdraw", "withhe", "suspend", "interrupt", "taper", "wash")
HINTS = (*STOPS, "withho", "must", "should", "need", "has to", "have to", "required")


DONE_OR_HAD = frozenset({"treatment", "procedure", "condition"})


def permit_what_is_to_be_stopped(
    text: str, limits: Sequence[Limit], mentions: Sequence[Said], demands: list[Requirement]
) -> None:
    """Permit the treatments that are only named to be stopped, or for whose takers something else is asked.

    So much of one as is to be stopped is asked of nobody. `demands` holds the mentions' requirements first.
    """
    named = [
        index
        for index, mention in enumerate(mentions)
        if mention.label in DONE_OR_HAD and demands[index] in ("require", "forbid")
    ]
    if not named or not (DIGIT.search(text) or any(map(text.lower().__contains__, HINTS))):
        return
    for index in named:
        mention = mentions[index]
        if mention.label == "condition":
            if demands[index] == "require" and _only_has_a_history(text, mention):
                demands[index] = "permit"
        elif _to_be_stopped(text, mention):
            demands[index] = "permit"
            for number, limit in enumerate(limits, len(mentions)):
                too_much = limit.kind == "dose" and limit.quantity.is_minimum and index in limit.events
                if too_much and demands[number] == "require":
                    demands[number] = "describe"
        elif _only_said_of_whom(text, mention):
            demands[index] = "permit"
            if mention.concept is not None:
                _permit_it_again(mentions, index, demands)
        elif demands[index] == "require" and _only_its_distance_counts(text, mention):
            demands[index] = "permit"


def _permit_it_again(mentions: Sequence[Said], index: int, demands: list[Requirement]) -> None:
    """ "Who received docetaxel must meet: … at most 6 cycles of docetaxel": nobody is asked for that either."""
    for other in range(index + 1, len(mentions)):
        if mentions[other].concept == mentions[index].concept and demands[other] == "require":
            demands[other] = "permit"


ITS_BRACKETS = re.compile(r"\s*\((?P<words>[^()]+)\)")
SAYS_OTHERWISE = re.compile(r"\b(?:not?|none|never|without|except|unless|excluded|prohibited|must|if|provided)\b", re.I)


def permit_what_tells_of_the_permitted(
    text: str, limits: Sequence[Limit], mentions: Sequence[Said], demands: list[Requirement]
) -> None:
    """Among reasons for exclusion: "palliative radiation (≤ 2 weeks of radiotherapy)" is permitted, brackets and all.

    `demands` holds the mentions' requirements first.
    """
    spans = [(mention.start, mention.end) for mention in mentions]
    spans += [(x.first, x.quantity.end) if x.is_time or x.kind in ("dose", "count") else (0, 0) for x in limits]
    for index, mention in enumerate(mentions if "permit" in demands else ()):
        inside = ITS_BRACKETS.match(text, mention.end) if demands[index] == "permit" else None
        if inside is None or SAYS_OTHERWISE.search(inside["words"]):
            continue
        for other, (start, end) in enumerate(spans):
            if inside.start() < start and end < inside.end() and demands[other] == "forbid":
                demands[other] = "permit"


ALLOWED = Sought(  # "other allowed prior treatments: …", "permitted concomitant medications include …"
    "allowed permitted permissible allowable",
    r"(?:^|(?<=[.;]\s))\W*(?:other\s+)?(?:allowed|permitted|permissible|allowable)\s+(?:(?:prior|previous|concomitant|concurrent|"
    r"adjunctive|background|and|or|and/or)\s+)*(?:treatments?|therap(?:y|ies)|medications?|drugs?)\b"
    r"(?=[^.;:]*(?::|\ba\))|\s+(?:are|is|include)\b)|"
    r"\b(?:permitted|allowed|permissible|allowable)\s*[;.,]\s*(?:these|this|which)\s+includes?\b",
    re.I,
)


def permit_what_is_headed_as_permitted(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """Among reasons for inclusion: "allowed prior treatments: radiation, surgery" asks nobody for either."""
    heads = list(ALLOWED.finditer(text))
    for index, mention in enumerate(mentions if heads else ()):
        done = mention.label in ("treatment", "procedure") and demands[index] == "require"
        if done and any(head.start() <= mention.start for head in heads):
            demands[index] = "permit"


METHODS = frozenset("contraception iud sterilization vasectomy abstinence contraceptive_drug".split())
A_METHOD = re.compile(
    r"condom|diaphragm|\bIUD|\bIUS|intra-?\s?uterine|\bpill|\boral|implant|inject|vasectom|steril|abstinen|abstain|barrier|\bring|"
    r"patch|spermicid|\bcap\b|hormonal|ligation|sponge|progest|estrogen|estradiol|gestrel|percutaneous",
    re.I,
)
COMBINED = re.compile(r"\s+(?:combined\s+with|with|plus)\s+(?:an?\s+|the\s+)?(?:[\w-]+\s+){0,2}", re.I)
ONE_OF_A_LIST = re.compile(r"[(:;]|\b(?:e\.?g|such\s+as|including|include|be\s+it|either)\b|,.*,", re.I | re.S)
AND_ALSO = re.compile(
    r"\b(?:and|plus|with|combined\s+with|in\s+addition\s+to)\s+(?:an?\s+|the\s+)?(?:[\w-]+\s+){0,2}$", re.I
)
ANOTHER_DUTY = re.compile(  # "…; male patients must use condoms" is no choice among what women may use
    r"\b(?:wom[ae]n|m[ae]n|(?:fe)?males?|partners?)\b[^.;:]*\b(?:must|should|agrees?|need|required|practicing|using|use)\b",
    re.I,
)


def permit_one_of_the_methods(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """ "Effective contraception (pill; diaphragm; condoms)": which method it is, is for the patient to choose."""
    asked: Said | None = None
    let: Said | None = None  # the method that has been permitted last
    for index, mention in enumerate(mentions):
        method = A_METHOD.search(text, mention.start, mention.end) is not None
        other = asked is not None and method and mention.concept != "study_drug"  # "injectable progestogen"
        if not (mention.concept in METHODS or other) or demands[index] != "require":
            continue
        if asked is None or not method or ANOTHER_DUTY.search(text, asked.end, mention.start):
            asked, let = (mention if mention.concept == "contraception" else None), None
        elif ONE_OF_A_LIST.search(text, asked.end, mention.start) and (
            not AND_ALSO.search(text, asked.end, mention.start)
            or (let and COMBINED.fullmatch(text, let.end, mention.start))
        ):
            demands[index], let = "permit", mention


COMES_LATER = re.compile(  # "bone scan before any hormonal therapy", "stable for 4 weeks prior to the planned surgery"
    r"\b(?:before|prior\s+to|preceding)\s+(?:(?:the|any|an?|their|first|planned|scheduled|study|protocol|beginning|starting|initiating|receiving|"
    r"undergoing|start|beginning|initiation|commencement|administration|dose|time|day|morning|evening|each|of|on|date)\s+){0,6}$",
    re.I,
)


def describe_what_comes_later(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """ "Bone scan before any hormonal therapy", "antibiotics prior to colonoscopy": only says when the first is."""
    for index, mention in enumerate(mentions):
        asked = demands[index] == "require" or (demands[index] == "forbid" and index)
        given = mention.label in ("treatment", "procedure") and asked
        if given and COMES_LATER.search(text, max(0, mention.start - 70), mention.start):
            demands[index] = "describe"


LISTS_BEHIND = re.compile(  # "adjuvant therapy is permitted (chemotherapy, radiotherapy)", "is allowed: chemotherapy"
    r"[^.;:()]{0,40}?\b(?:permitted|allowed|acceptable)\s*(?:\((?P<inside>[^()]+)\)|"
    r"(?:[;.,]?\s*(?:these|this|which)\s+includes?\s*)?:\s*(?P<behind>[^.;:()]+)(?=[.;:(]|$))",
    re.I,
)


def permit_what_lists_the_permitted(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """ "Adjuvant therapy is permitted (chemotherapy, radiotherapy)": what is listed behind is permitted with it."""
    for index, mention in enumerate(mentions if "permit" in demands else ()):
        listed = LISTS_BEHIND.match(text, mention.end) if demands[index] == "permit" else None
        group = "inside" if listed and listed["inside"] else "behind"
        if listed is None or SAYS_OTHERWISE.search(listed[0]):
            continue
        for other, further in enumerate(mentions):
            if listed.start(group) <= further.start < listed.end(group) and demands[other] in ("require", "forbid"):
                demands[other] = "permit"


INCLUDED_TOO = re.compile(  # behind the first sentence: "Nasopharyngeal carcinoma will be included"
    r"(?<=\.\s)\s*(?P<whom>[A-Z](?:[^.;:]|\.(?=\d)){2,120}?),?\s(?:will|can|may)\s+(?:also\s+)?be\s+(?:included|eligible|enrolled|accepted|considered)"
    r"(?=\s*(?:\.|;|$))"
)
ONLY = re.compile(r"\b(?:only|all|must|not?)\b", re.I)


def permit_who_is_let_in_too(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """Among reasons for inclusion: who is included as well, by a sentence behind the first, need not be so."""
    if " be " not in text:
        return
    for found in INCLUDED_TOO.finditer(text):
        if ONLY.search(found["whom"]):
            continue
        for index, mention in enumerate(mentions):
            if found.start("whom") <= mention.start < found.end("whom") and demands[index] == "require":
                demands[index] = "permit"


OR_UNFIT = re.compile(
    r"\bor\s+(?:who\s+)?(?:(?:is|are|was|were|has\s+been|have\s+been)\s+)?(?:deemed\s+|considered\s+)?"
    r"(?:not\s+(?:appropriate|suitable|eligible|amenable|indicated|(?:a\s+)?candidates?)|unsuitable|ineligible|inappropriate|unfit)\s+(?:for|to)\s+"
    r"(?:\w+\s+){0,2}$",
    re.I,
)


MAY_HAVE_HAD = re.compile(
    r"\bmay\s+(?:also\s+)?have\s+(?:received|had|been\s+treated|undergone)\b(?:[^.;]|\.(?!\s+[A-Z]))*$"
)
LISTED_ON = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:,\s*(?:and/or|or|and)?|/|\b(?:and/or|or)\b)\s*", re.I)


def permit_all_that_may_have_been(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """ "May have received A (e.g. X) or B (e.g. Y) or C" permits each of the list, over its examples."""
    for i in range(1, len(mentions) if holds_any(text, {"may"}) else 0):
        before, mention = mentions[i - 1], mentions[i]
        alike = demands[i] == "require" and demands[i - 1] == "permit" and before.label == mention.label
        listed = alike and LISTED_ON.fullmatch(text, before.end, mention.start)
        if listed and MAY_HAVE_HAD.search(text, max(0, before.start - 200), before.start):
            demands[i] = "permit"


def permit_what_some_are_unfit_for(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """Among reasons for inclusion: "has progressed or is not suitable for standard therapy" forbids no such therapy."""
    for index, mention in enumerate(mentions if holds_any(text, {"or"}) else ()):
        done = mention.label in ("treatment", "procedure") and demands[index] == "forbid"
        if done and OR_UNFIT.search(text, max(0, mention.start - 90), mention.start):
            demands[index] = "permit"


SYMPTOMS_OF = re.compile(  # "any symptoms attributed to brain metastases must be stable"
    r"\b(?:any|all)\s+symptoms\s+(?:attributed|attributable|related|due|secondary)\s+to\s+(?:[\w-]+\s+)?$", re.I
)
OF_THAT_KIND = re.compile(r"\s+(?:patients|subjects|participants|individuals|wom[ae]n|m[ae]n|(?:fe)?males?)\b", re.I)
BEGINS = re.compile(r"(?:^|[.;:]\s)\W*(?:(?:all|any|sexually|active|male|female|adult)\s+)*$", re.I)


def permit_who_has_a_duty(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """Among reasons for exclusion: "patients with hypertension must be on stable doses" keeps none of them out.

    Nor does "vasectomized men must use condoms".
    """
    for index, mention in enumerate(mentions if DUTY.may_stand_in(text) else ()):
        if demands[index] != "forbid":
            continue
        kind = mention.concept == "childbearing_potential" or OF_THAT_KIND.match(text, mention.end)
        kind = kind and BEGINS.search(text, 0, mention.start)
        start = _clause_start(text, mention)
        whom = kind or WHO_HAVE.search(text, start, mention.start) or SYMPTOMS_OF.search(text, start, mention.start)
        if whom and _has_a_duty(text, mention):
            demands[index] = "permit"


ALLOWED_IF_ON = re.compile(  # "anticoagulation is allowed if on a stable dose of warfarin or of heparin"
    r"\b(?:is|are|will\s+be)\s+(?:allowed|permitted|acceptable)\s+(?:if|provided|when)\b(?:[^.;]|\.(?=\d)){0,80}?\bon\s+an?\s+stable\s+doses?\s+of\s+"
    r"(?:[\w-]+\s+(?:or\s+)?(?:on\s+)?(?:an?\s+)?(?:stable\s+doses?\s+of\s+)?){0,6}?$",
    re.I,
)


MAY_BE_DONE = re.compile(  # "(may be transfused)", "may transfuse or use erythropoietin"
    r"\b(?:may|can|could)\s+(?:(?:also\s+)?be\s+|(?:[\w-]+\s+(?:or|and)\s+)(?:use|receive|take|undergo|have|be\s+given)\s+)$",
    re.I,
)
DONE = re.compile(r"\w+ed\b", re.I)
OR_DONE = re.compile(r"\s*(?:,|\b(?:and/)?or\b)\s*(?:(?:may\s+)?(?:use|receive|take|be\s+given)\s+)?", re.I)


def permit_what_may_be_done(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """Among reasons for inclusion "haemoglobin > 9 g/dL (may be transfused)" asks nobody to be."""
    done: int | None = None  # the end of what may be done last
    for index, mention in enumerate(mentions):
        asked = demands[index] == "require" and mention.label in ("treatment", "procedure")
        led = MAY_BE_DONE.search(text, max(0, mention.start - 50), mention.start) if asked else None
        may = led and (not led[0].rstrip().endswith("be") or DONE.match(text, mention.start))
        if may or (asked and done is not None and OR_DONE.fullmatch(text, done, mention.start)):
            demands[index], done = "permit", mention.end


def permit_what_is_said_with_if(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """Among reasons for inclusion: "if taking statins or insulin, stable doses" asks nobody to take them."""
    for index, mention in enumerate(mentions if IF.may_stand_in(text) else ()):
        taken = mention.label == "treatment" and demands[index] == "require"
        begin = max(0, mention.start - FARTHEST)
        if taken and (IF_TAKEN.search(text, begin, mention.start) or ALLOWED_IF_ON.search(text, begin, mention.start)):
            demands[index] = "permit"


DOSE_OF = re.compile(r"\bstable\s+(?:and\s+\w+\s+)?doses?\s+of\s+(?:[\w-]+\s+){0,3}$", re.I)
NOT_REACHED = Sought(
    "achieved reached attained established found",
    r"[^.;,()]{0,25}?\s(?:not|never)\s+(?:yet\s+)?(?:been\s+)?(?:achieved|reached|attained|established|found)\b",
    re.I,
)


def permit_what_is_not_yet_dosed(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """Among reasons for exclusion: "stable doses of painkillers were not achieved" forbids no painkiller."""
    for index, mention in enumerate(mentions if NOT_REACHED.may_stand_in(text) else ()):
        taken = mention.label == "treatment" and demands[index] == "forbid" and NOT_REACHED.match(text, mention.end)
        if taken and DOSE_OF.search(text, max(0, mention.start - 60), mention.start):
            demands[index] = "permit"


OPTIONAL = re.compile(r"(?:±|\+/-)\s*$")


def permit_the_optional(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """Among reasons for inclusion: "checkpoint inhibitor ± chemotherapy" is met without the second."""
    if "±" not in text and "+/-" not in text:
        return
    for index, mention in enumerate(mentions):
        if demands[index] == "require" and OPTIONAL.search(text, max(0, mention.start - 5), mention.start):
            demands[index] = "permit"


def _has_a_duty(text: str, mention: Said) -> bool:
    return DUTY.plain.match(IN_BRACKETS.sub("", text[mention.end : mention.end + 160])) is not None


def _to_be_stopped(text: str, mention: Said) -> bool:
    start, end = mention.start, mention.end
    if TO_BE_STOPPED.match(text, end) or TO_BE_OVER.match(text, end):
        return True
    begin = max(0, start - 90)
    front = text[begin:start].lower()
    return any(map(front.__contains__, STOPS)) and TO_STOP.search(text, begin, start) is not None


def _only_its_distance_counts(text: str, mention: Said) -> bool:
    """ "Rituximab: ≥ 1 year", "(12 weeks for phenobarbital)": how long ago, if ever."""
    fronts = (OTHER_DISTANCE, INTERVAL)
    front = any(rule.search(text, max(0, mention.start - 90), mention.start) for rule in fronts)
    return front or DISTANCE_BEHIND.match(text, mention.end) is not None


def _only_said_of_whom(text: str, mention: Said) -> bool:
    """ "Patients on statins must …": what is asked is asked of those who take it."""
    if not DUTY.may_stand_in(text):
        return False
    start = _clause_start(text, mention)
    front = GIVEN_THAT.search(text, start, mention.start) or WHO_HAD.search(text, start, mention.start)
    if front is None and EARLIER.search(text, max(0, mention.start - LEAD), mention.start + LEAD):
        front = WHO_HAVE.search(text, start, mention.start)  # "patients with prior brachytherapy must have …"
    return front is not None and (_has_a_duty(text, mention) or NOT_SO_LATE.match(text, mention.end) is not None)


NOT_SO_LATE = re.compile(  # "patients treated with rituximab must not have received such antibodies for 4 weeks"
    r"[^.;()]{0,60}?\b(?:must|should)\s+not\s+have\s+(?:received|taken|used|had)\b[^.;]*?\b(?:such|these|those|this|them|it)\b",
    re.I,
)


def _only_has_a_history(text: str, mention: Said) -> bool:
    """ "Patients with suspected airway obstruction must undergo laryngoscopy"."""
    if not DUTY.may_stand_in(text):
        return False
    if not (
        HARDLY_ASKED.search(text, max(0, mention.start - 60), mention.start) or JUST_ONE.match(text, mention.start)
    ):
        return False
    return WHO_HAVE.search(text, _clause_start(text, mention), mention.start) is not None and _has_a_duty(text, mention)


def _clause_start(text: str, mention: Said) -> int:
    """Where the sentence of a mention begins, be it far away: with the sign in front, if there is one."""
    start = max(text.rfind(sign, 0, mention.start) for sign in (". ", "; ", ": ", "("))
    return max(start, mention.start - 160, 0)


DEMANDED = re.compile(
    r"\b(?:on|receiv\w+|treated with|taking|treatment with|therapy with|using|optimal|optimi[sz]ed|background|"
    r"standard|as part of|must|need\w*|requir\w+|at least)\b",
    re.I,
)


def permit_what_need_not_be(
    text: str, limits: Sequence[Limit], mentions: Sequence[Said], demands: list[Requirement]
) -> None:
    """Treatments that a patient may have had, not must: "≥ 4 weeks since chemotherapy", "at most two lines of taxanes".

    Only how long ago or how much is demanded; whoever never had one meets it too. `demands` holds the mentions'
    requirements first.
    """
    for limit in limits:
        q = limit.quantity
        if limit.attribute in LINES and q.is_maximum and not OR_ELSE.search(text, max(0, q.start - 90), q.start):
            _permit_of_what_lines_are(text, q.end, mentions, demands)
        if limit.narrows or not limit.events:
            continue
        apart = limit.kind == "time_window" and limit.direction == "before" and q.is_minimum
        apart = apart and not text.startswith(("from ", "since "), q.start)  # "treated from at least 6 weeks before"
        apart = apart or (limit.rule == "time-since" and limit.direction == "before" and q.operator is None)
        under_parent = limit.rule == "time-under-parent" and q.is_minimum
        few = q.is_maximum and (limit.kind == "count" or limit.attribute == "treatment_duration")  # "at most two drugs"
        few = few and OR_ELSE.search(text, max(0, q.start - 90), q.start) is None
        dosed = (limit.kind == "dose" or (limit.kind == "count" and "/" in (q.unit or ""))) and q.is_maximum
        steady = limit.kind == "duration" and STEADY.search(text, max(0, q.start - 40), q.end) is not None
        if apart and _is_of_transplanted(text, limit, mentions):
            continue
        for index in limit.events:
            mention = mentions[index]
            if mention.label not in ("treatment", "procedure") and not (
                apart and _befell(text, limit, mentions, index)
            ):
                continue
            asked = DEMANDED.search(text, max(0, mention.start - 30), mention.end) or any(
                _demands_it(limits[k]) for k in mention.narrowed
            )
            free = apart or under_parent or few or ((dosed or steady) and not asked)
            absent = limit.rule == absences.RULE
            if limit.rule == "washout":  # "washout of 4 weeks for X", "without X", not "X (a washout is necessary)"
                absent = q.end <= mention.start or WITHOUT.search(text, 0, mention.start) is not None
            if (free or absent) and (
                demands[index] == "require" or ((under_parent or absent) and demands[index] == "forbid")
            ):
                demands[index] = "permit"


OR_ELSE = re.compile(r"\b(?:or|either)\b[^.;:]*$", re.I)  # "diet alone or up to two drugs": one of both is asked
LINES = frozenset({"prior_lines", "prior_regimens", "prior_cycles"})
LINES_OF = re.compile(
    r"\s*(?:(?:prior|previous|earlier|systemic)\s+)*(?:lines?|regimens?|courses?|treatments?|therap(?:y|ies))\s+(?:of|with|containing)\s+"
    r"(?:(?:an?|any|prior|previous|systemic)\s+)*",
    re.I,
)


def _permit_of_what_lines_are(text: str, at: int, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """ "No more than one prior treatment with a biologic or an alkylating agent" is met without any."""
    led = LINES_OF
    for index, mention in enumerate(mentions):
        if mention.start < at or demands[index] != "require" or mention.label not in ("treatment", "procedure"):
            continue
        if led.fullmatch(text, at, mention.start) is None:
            return
        demands[index], at, led = "permit", mention.end, OR_WITH_A


OR_WITH_A = re.compile(r"\s*(?:,|/|,?\s*\b(?:or|and/or|and)\b)\s*(?:with\s+)?(?:(?:an?|any)\s+)?", re.I)
SINCE_ANY = re.compile(  # "at least 28 days since prior significant traumatic injury"
    r"\b(?:since|from|after)\s+(?:any\s+|prior\s+|previous\s+)+(?:[\w-]+\s+){0,2}$", re.I
)


def _befell(text: str, limit: Limit, mentions: Sequence[Said], index: int) -> bool:
    """Whether a condition is an event that a patient may have had: "any" of it, or one beside an operation."""
    mention = mentions[index]
    if mention.label != "condition" or limit.quantity.end > mention.start:
        return False
    beside = any(mentions[k].label in ("treatment", "procedure") and k < index for k in limit.events)
    return beside or SINCE_ANY.search(text, limit.quantity.end, mention.start) is not None


WITHOUT = re.compile(r"\b(?:without|free\s+of|no)\s+(?:any\s+)?$", re.I)
GENERIC = re.compile(r"(?:(?:prior|previous|any|last|earlier)\s+)*(?:treatments?|therap(?:y|ies))", re.I)
GIVEN_WITH = re.compile(r"\s+with\s+(?:(?:any|an?|other|the|either)\s+)*")
OR_WITH = re.compile(r"\s*(?:,|/|,?\s*\b(?:or|and/or|and)\b)\s*")


def permit_what_it_was_with(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """ "≥ 6 months since prior treatment with tacrolimus or ciclosporin": neither is asked for either."""
    given: int | None = None  # the end of what has been permitted last
    for index, mention in enumerate(mentions):
        if demands[index] == "permit" and GENERIC.fullmatch(text, mention.start, mention.end):
            given = mention.end if GIVEN_WITH.match(text, mention.end) else None
        elif given is not None and mention.label == "treatment" and demands[index] == "require":
            if not (GIVEN_WITH.fullmatch(text, given, mention.start) or OR_WITH.fullmatch(text, given, mention.start)):
                given = None
                continue
            demands[index], given = "permit", mention.end
        else:
            given = None


PROVISO = re.compile(r"\b(?:if|provided|as\s+long\s+as|when|conditions?)\b", re.I)
OUTCOME = re.compile(r"\b(?:positive|negative|normal|abnormal)\b", re.I)


def permit_what_is_said_again(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """ "Prior chemotherapy is permitted if the last dose of chemotherapy was …": the proviso asks nobody for it."""
    if "permit" not in demands or PROVISO.search(text) is None:
        return
    allowed: dict[str, Said] = {}
    for index, mention in enumerate(mentions):
        named = mention.concept or text[mention.start : mention.end].lower()
        if demands[index] == "permit":
            allowed[named] = mention
        elif demands[index] == "require" and named in allowed and not OUTCOME.search(text, mention.start, mention.end):
            end = allowed[named].end
            if PROVISO.search(text, end, mention.start) and not SENTENCE_ENDS.search(text, end, mention.start):
                demands[index] = "permit"


OR_BETWEEN = re.compile(r"[^.;:()\[\]]{0,30}\bor\s[^.;:()\[\]]{0,30}", re.I)


def permit_one_of_two_cases(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """Among reasons for inclusion: "without CNS metastases or asymptomatic patients with brain metastases".

    The second asks nobody to have some. Where both are in a group, that says it already.
    """
    if "forbid" not in demands or "require" not in demands:
        return
    absent = [i for i, demand in enumerate(demands[: len(mentions)]) if demand == "forbid" and mentions[i].concept]
    for index, mention in enumerate(mentions):
        if demands[index] != "require" or mention.group:
            continue
        for other in (mentions[i] for i in absent if mentions[i].concept == mention.concept):
            first, last = sorted((mention, other), key=lambda said: said.start)
            if OR_BETWEEN.fullmatch(text, first.end, last.start):
                demands[index] = "permit"


HAS_RECEIVED = re.compile(r"\b(?:ha(?:s|ve)\s+(?:received|undergone|had)|underwent|recipients?)\b[^.;]*$", re.I)


def _is_of_transplanted(text: str, limit: Limit, mentions: Sequence[Said]) -> bool:
    """ "Who has received a renal transplant > 12 months before": whoever never had one is not meant."""
    named = any("transplant" in text[mentions[i].start : mentions[i].end].lower() for i in limit.events)
    return named and HAS_RECEIVED.search(text, 0, mentions[limit.events[0]].start) is not None


def _demands_it(limit: Limit) -> bool:
    """Whether a limit on a treatment says that it is needed: so much of it, for so long, or so recently."""
    q = limit.quantity
    if limit.kind == "dose":
        return q.is_minimum or q.operator == "between"
    if limit.kind == "duration":
        return limit.attribute == "treatment_duration" and q.is_minimum
    return False


UNSTEADY = re.compile(
    r"\b(?:not|without|never)\s+(?:been\s+|be\s+)?(?:\w+ly\s+)?(?:on\s+|at\s+|receiving\s+|taking\s+)?(?:an?\s+)?"
    r"(?:stable|unchanged|constant|steady|fixed)\b|\bunstable\s+dos",
    re.I,
)


def permit_what_is_only_unsteady(
    text: str, limits: Sequence[Limit], mentions: Sequence[Said], demands: list[Requirement]
) -> None:
    """Among reasons for exclusion: "statins that have not been stable for 8 weeks" keeps out who takes them unsteadily.

    `demands` holds the mentions' requirements first.
    """
    for limit in limits:
        if not (limit.is_time or limit.kind == "dose") or not limit.events or not limit.quantity.is_minimum:
            continue
        first = min(limit.quantity.start, mentions[limit.events[0]].start)
        unsteady = UNSTEADY.search(text, max(0, first - 40), limit.quantity.start)
        if unsteady or NOT_STOPPED.search(text, first, limit.quantity.start):
            for index in limit.events:
                if mentions[index].label in ("treatment", "procedure") and demands[index] in ("require", "forbid"):
                    demands[index] = "permit"


LEFT_BEHIND = Sought(
    "sequelae complications toxicity toxic effects adverse damage hypersensitivity reactions neuropathy",
    r"\b(?:sequelae|complications?|toxicit(?:y|ies)|side[ -]effects?|"
    r"(?:adverse|toxic|late|residual|acute|lasting|from\s+(?:the|all|any))\s+effects?|adverse\s+(?:events?|reactions?)|damage|"
    r"neuropath(?:y|ies)|hypersensitivity(?:\s+reactions?)?|(?:allergic|anaphylactic|infusion(?:-related)?)\s+reactions?)\s+"
    r"(?:(?:of\s+)?(?:(?:greater|more|higher|worse)\s+than\s+|above\s+|over\s+|[<>≤≥]=?\s*)?(?:(?:NCI|CTCAE|CTC)[\s-]+){0,2}"
    r"grade\s*(?:[<>≤≥]=?\s*)?\d(?:\s+CTC(?:AE)?)?(?:\s+or\s+\w+)?\s+)?"
    r"(?:from|of|due\s+to|related\s+to|associated\s+with|caused\s+by|following|after|secondary\s+to|in|during|with|on|"
    r"after\s+(?:the\s+)?(?:use|administration|infusion|injection)\s+of)\s+(?:[\w-]+[\s,/]+){0,6}$",
    re.I,
)


def permit_what_left_something(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """ "No sequelae from any prior surgery or radiotherapy": neither is forbidden. `demands`: the mentions' first."""
    for index, mention in enumerate(mentions if LEFT_BEHIND.may_stand_in(text) else ()):
        done = mention.label in ("treatment", "procedure") and demands[index] in ("require", "forbid")
        if done and LEFT_BEHIND.plain.search(IN_BRACKETS.sub("", text[max(0, mention.start - 200) : mention.start])):
            demands[index] = "permit"


HAS_GONE = Sought(
    "returned resolved subsided disappeared",
    r"\s+(?:(?:must|should|have|has|had|are|is|were|been|be|fully|completely)\s+){1,4}(?:returned|resolved|subsided|disappeared)\b",
    re.I,
)


TO_BE_HELD = Sought(
    "must should",
    r"\s+(?:must|should)\s+(?:be|have\s+been)\s+(?:(?:clinically|neurologically|previously|adequately|definitively|well)[\s-]+)*"
    r"(?:stable|controlled|treated|asymptomatic|inactive)\b",
    re.I,
)
SELDOM_ASKED = frozenset("brain_metastases hypertension infection arrhythmia angina seizure".split())


def permit_what_has_gone(text: str, mentions: Sequence[Said], demands: list[Requirement]) -> None:
    """ "All neurological symptoms have returned to baseline": whoever never had any meets it.

    Of toxicities the recovery itself is asked (READING's example 23). So it is where "brain metastases must be stable",
    of what trials seldom ask for.

    `demands` holds the mentions' requirements first.
    """
    told = HAS_GONE.may_stand_in(text) or TO_BE_HELD.may_stand_in(text)
    for index, mention in enumerate(mentions if told else ()):
        if mention.label != "condition" or demands[index] != "require":
            continue
        gone = mention.concept != "toxicity" and HAS_GONE.match(text, mention.end)
        if gone or (mention.concept in SELDOM_ASKED and TO_BE_HELD.match(text, mention.end)):
            demands[index] = "permit"


RECOVERED = re.compile(r"\b(?:recover\w*|resol\w+|return\w*|improve\w*|reduced)\b", re.I)


def permit_what_may_remain(
    text: str, limits: Sequence[Limit], mentions: Sequence[Said], demands: list[Requirement]
) -> None:
    """Conditions that a patient may have up to a grade, not must: "neuropathy of grade ≤ 1", "recovered to grade 1".

    A grade that includes 0 is met by whoever never had one. `demands` holds the mentions' requirements first.
    """
    for limit in limits:
        if limit.attribute != "ctcae" or "0" not in (limit.levels or ()):
            continue
        targets = set(limit.events)
        if not targets and RECOVERED.search(text):
            targets = {i for i, mention in enumerate(mentions) if mention.concept in OF_TREATMENT}
        for index in targets:
            if mentions[index].label == "condition" and demands[index] == "require":
                demands[index] = "permit"
