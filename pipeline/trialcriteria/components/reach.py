"""How far a cue reaches inside its clause: where a negation or an exception ends before the clause does.

What a verb denies is one thing ("unable to consent, evidence of retinopathy"), what a noun denies is a whole list ("no
stroke, infarction or bleeding"); what is said in brackets or of somebody else is neither.
"""

import re
from typing import Literal

WHOLE_LIST = re.compile(r"\b(?:meet|fulfil|satisf|comply|recover)", re.I)
OF_NOUNS = re.compile(
    r"(?:\S+ )*(?:no|non|without|w/o|free|absence|absent|lack|lacking|lacks|devoid|none|neither|nor|exclusion|"
    r"(?:sero)?negative)\b",
    re.I,
)
SOMETHING_ELSE = re.compile(
    r"(?-i:[.]\s+[\[(]?[A-Z])|"
    r",\s*(?:(?:and|or|but)\s+)?who\b|\bsince\b|\b(?:if|unless|whether|must|should|shall)\b|\b(?:had|needed)\s+to\b|"
    r"(?<=\w )(?:is|are|was|were|exists?)\b|"  # "no therapy is able to bring remission"
    r"\b(?:switched|changed|converted) to\b|,\s*including (?:some )?(?:patients|subjects)\b|"
    r"(?<=\w) (?:participant|patient|person|individual|relative)s? (?:with|who)\b|"  # "no relative of a patient with …"
    r"\bor (?:has|have) (?!no\b|not\b|any\b)|"  # "not eligible for surgery or has relapsed"
    r"\band\s+(?:to\s+)?be\s+(?:willing|able|prepared)\b|"
    r"\b(?:or|and)\s+(?:on|taking|receiving|using|practi[cs]ing)\s+(?:(?:an?|the|continued)\s+)?(?:highly\s+)?(?:stable|constant|"
    r"adequate|unchanged|appropriate|effective|acceptable|reliable|contracepti\w+|birth\s+control)\b|"
    r"\b(?:and|or|who|also)\s+agrees?\b|\bor\s+(?:an?\s+)?(?:history\s+of\s+)?(?:previously|adequately|stable,?)\s+(?:adequately\s+)?treated\b|"
    r"\bwill\s+(?:also\s+)?(?:be\s+required|need)\b|"
    r"\bbased on\b|\bas (?:measured|determined|assessed|documented|confirmed|defined|shown)\b|"
    r"\bto (?:relieve|treat|prevent|control|manage|reduce)\b|\(\s*to\b|\s(?:via|by means of)\s|"
    r",\s*and\s+(?:treatment|therapy)\s+with\b|"
    r",\s*(?:accompanied|complicated|characteri[sz]ed) by\b|"
    r"\b(?:window|access|space|room|capacity|donor|vein|site)s? for\b|"  # "lack of a window for drainage"
    r"^\s*(?:prior\s+)?(?:improvement|response|benefit|relief)\b[^,;]*\b(?:with|to|from|after|of)\s|"
    r",\s*[\w -]{1,25}[<>≤≥=]\s*\d[\d.,]*(?!\s*(?:d|h|w|wk|mo|day|week|month|year|hour))[^,]*$|"
    r"\bor\s+(?:(?:have|has|had|who)\s+)*(?:stopped|discontinued|ceased|progressed)\b|\bpotential\s+or\s+using\b|"
    r",\s*or\s+(?:if|of|(?:[\w-]+\s+){1,4}(?:is|are|has been|have been))\b",
    re.I,
)
ANOTHER_ITEM = re.compile(
    r",\s*(?:(?:and|or)\s+)?(?:evidence|history|presence|known|with|patients|subjects|participants|women|men|those)\b",
    re.I,
)
ANOTHER_VERB = re.compile(r",\s*(?:and\s+)?(?:have|has|be|agree|use)\b(?!.*,\s*or\s+(?:have|has|be)\b)", re.I)
OF_AN_ADJECTIVE = re.compile(r"\s*(?:\w+ly\s+)?[\w-]+[ai]ble\s*(?:,|\b(?:or|and)\b)", re.I)  # "not correctable or …"
AMENABLE = re.compile(  # "not amenable to surgery or metastatic cancer", "not in remission or known addicts"
    r"\s*(?:amenable|suitable|fit|in\s+\w+\s)[^,;]*,?\s+or\s+(?:metastatic|recurrent|relapsed|refractory|progressive|known|current|active)\b",
    re.I,
)
OR_OTHERS = re.compile(  # with and without a comma: "not able to read Subjects taking isotretinoin"
    r"\bor\s+(?:those|patients|subjects|participants)\s+(?:who|with)\b|\w\s+(?-i:Patients|Subjects|Participants|Those)\s",
    re.I,
)
OR_ANOTHER_STATE = re.compile(r"\w\s+or\s+(?:uncontrolled|untreated|unstable|symptomatic|active|progressive)\b", re.I)
OWN_VERB = re.compile(r",\s*(?:(?:and|or)\s+)?(?:have|has)\b", re.I)  # "cannot take tablets, have had a gastrectomy"
WITH = re.compile(r"\b(?:and|or|but)\s+with\b", re.I)
WITHOUT = re.compile(r"(?:without|w/o)\b", re.I)
DENIABLE = re.compile(r"(?:without|w/o|refrain|absta?in|avoid|forgo)", re.I)
STATE_OF_LACK = re.compile(r"(?:free\s+(?:of|from)|off|devoid\s+of|clear\s+of)\b", re.I)
NOT_YET = (
    r"(?:\b(?:(?:can)?not|never)|n['’]t)\s+(?:(?:yet|be|been|currently|still|completely|entirely|fully|totally)\s+)*"
)
NOT_IN_IT = re.compile(NOT_YET + "$", re.I)  # "have not been free of", "not yet off"
WORD_THEN_BRACKET = re.compile(r"\s*(?:[\w-]+\s*)?\(")
OR_WHO_HAVE = re.compile(r",\s*or\s+(?:who\s|(?:have|has)\s+(?:used|taken|received)\s)", re.I)
LAST_OTHER = re.compile(r",[^;:]*,?\s+(?:or|and)\s+(?:any\s+)?other\s[^,;:()]*$", re.I)
OF_NO_POTENTIAL = re.compile(
    r"\s*(?:(?:are|is|be)\s+)?of\s+(?:child-?\s?bearing|reproductive)\s+(?:potential|age|capacity)[^(:;]{0,20}[(:;]",
    re.I,
)
IN_BRACKETS = re.compile(r"\([^()]*\)")
ADJECTIVES = re.compile(
    r"\b(?:an?|any|the|use|using|practi[cs]e|practi[cs]ing)\s+[\w-]+,\s*(?:[\w-]+\s*)?$", re.I
)  # "an approved, effective method"
GIVES_UP = re.compile(
    r"\s*(?:to\s+)?(?:\w+ly\s+)?(?:discontinu(?:e|ing)|stop(?:ping)?|suspend|interrupt|withhold|withdraw|taper|cease|"
    r"give up|wean)\b",
    re.I,
)
UNCONTROLLED = re.compile(  # what cannot be controlled is there, and so is what it was treated with
    r"\s*(?:to\s+)?(?:\w+ly\s+)?(?:control|manage|resolve|relieve)\s", re.I
)
ABILITY = re.compile(r"(?:unable|inability|incapable|cannot|can not|not able|unwilling|refus|fail)", re.I)
GOES_ON = re.compile(r"\b(?:and|or|nor)\b", re.I)
OF_ONE_KIND = re.compile(r"(?:other than|apart from|aside from|besides|outside of|exclusive of|excluding)$", re.I)
BEHIND_THE_KIND = re.compile(
    r"\bwithin\b|\bprior to\b|\b(?:that|which)\s+(?:would|could|may|might)\b|,\s*including\b", re.I
)
OR_OTHER = re.compile(r"\bor\s+any\s+other\b", re.I)  # "lymphoma other than DLBCL or any other malignancy"
LEADING = re.compile(r"\W*(?:\w\s*[.)]\s*)?")  # what may stand in front of the first word of an item
MAIN_CLAUSE = re.compile(
    r",\s*(?:(?:all|any|no|each|every|the|other|there)\b(?!\s+(?:or|and)\b)|(?:patients?|subjects?|participants?|toxicit\w+|"
    r"prior|previous)\b(?![^,]*(?:,|\bor\b)\s*$))",
    re.I,
)
INTRANSITIVE = re.compile(  # what is unable to do this can go on with another item only: "unable to swallow, ileus"
    r"\s*(?:to\s+)?(?:\w+ly\s+)?(?:swallow|cooperate|comply|communicate|participate|consent|adhere|attend|walk|ambulate)\b"
    r"[^,;]*,",
    re.I,
)
AVOIDS = re.compile(r"avoid|prevent", re.I)
OF_THE_FOLLOWING = re.compile(r"[^,:;()]*\bfollowing\b[^:;]*:", re.I)
OF_WHOM = re.compile(  # "for subjects who were not taking X: prior intolerance to Y"
    r"(?:^|[.;]|\bor\b)\W*(?:for|in|if|among)\s+[^:.;]*$", re.I
)
OF_REASONS = re.compile(  # "may have other factors that may cause the study to be terminated"
    r"\s*(?:other\s+|any\s+)?(?:factors|conditions|problems|reasons|circumstances)\s+(?:that|which)\s+(?:may|might|could|would|will)\b",
    re.I,
)
NON, OR = re.compile(r"non-?(?:compl|adher|coop|ambul)", re.I), re.compile(r"\bor\b", re.I)
LACK = re.compile(r"lack", re.I)
AS_WELL_AS = re.compile(r"\bas well as\b", re.I)  # "lack of appetite as well as neuropathy"
OR_A_REASON = re.compile(  # "inability to tolerate MRI or contraindication to it"
    r"\bor\s+(?:an?\s+)?(?:known\s+|severe\s+)?(?:contra-?indicat|allerg|hypersensitiv|intoleran|claustrophob)", re.I
)
SUFFERED = re.compile(  # nobody is unable to have it: "inability to take drugs orally, uncontrollable nausea"
    r".*,\s*(?:uncontroll|uncorrect|intractabl|refractory|persist|recurrent|chronic|severe|active|acute)", re.I | re.S
)
STATE = re.compile(r"pregnan|lactat|nurs|breast-?\s?feed|smok|menstruat|fertile|ambulat", re.I)
ALREADY_DENIED = re.compile(
    r"(?:\b(?:not|un)\s?(?:able|willing) or (?:un)?(?:able|willing) to|\bnot|n't|\bcannot|"
    r"\bunable to|\binability to|\bincapable of|"
    r"\bunwilling to|\brefus\w+ to|\bunwillingness to)\b(?!\s+only\b)"
    r"(?:(?!\b(?:and|or|but)\b)[^,;:().]){0,40}$",
    re.I,
)


SETTLED = (
    r"(?:(?:(?:(?!in|un|poor|partial)\w+ly\s+)?(?:stable|treated|controlled|resected)|asymptomatic|inactive|resolved|cured)\s*,?\s+"
    r"(?:and\s+)?)+"
)
OR_THE_SAME_SETTLED = re.compile(
    rf"\b(?P<x>[a-z]{{4,}})\b[^.;:]*?\b(?P<or>or)\s+(?:with\s+)?{SETTLED}(?:[\w-]+\s+){{0,2}}(?P=x)\b", re.I
)
OR_THE_SAME = re.compile(r"\b(?P<x>[a-z]{4,})\b[^.;:]*?\b(?P<or>or)\s+(?:[\w-]+\s+){0,3}(?P=x)\b", re.I)
EITHER = re.compile(r"\beither\s+(?:(?:have|has|with)\s+)?$", re.I)


UNABLE = re.compile(r"(?:cannot|can\s+not|unable|not\s+able)\b", re.I)
ANOTHER_CLAUSE = re.compile(
    r"\b(?:or|and|but)\s+(?:who|that|which)\b", re.I
)  # "who have no diabetes or who have asthma"
OF_PEOPLE = re.compile(  # "no patients with diabetes or who have asthma"
    r"\s*(?:patients?|subjects?|participants?|individuals?|women|men|persons?|one|those|lesions?)\b", re.I
)


def _is_one_of_two_cases(text: str, begin: int, end: int, target: int) -> bool:
    """ "No metastases or stable metastases", "either no chemotherapy or chemotherapy > 6 months ago"."""
    if "or" not in text[end:target]:
        return False
    rule = OR_THE_SAME if EITHER.search(text, max(0, begin - 40), begin) else OR_THE_SAME_SETTLED
    found = rule.search(text, end, target + 80)
    return found is not None and found.start("or") < target


FARTHEST_REACH = 1200  # characters: no list that a person writes is denied at such length, and each item is searched


def ends_before(text: str, category: str, words: str, end: int, target: int) -> bool:
    """Whether a cue that ends at `end` is over before `target`, though both stand in one clause.

    >>> text = "Unable to give consent, evidence of retinopathy"
    >>> ends_before(text, "NEGATED", "Unable to", 9, 36)
    True
    >>> ends_before("No stroke, infarction or bleeding", "NEGATED", "No", 2, 25)
    False
    """
    if target - end > FARTHEST_REACH:
        return True
    between = IN_BRACKETS.sub(" ", text[end:target])
    if category == "EXCEPTION":
        if "," in between and LEADING.fullmatch(text, 0, end - len(words)) and MAIN_CLAUSE.search(between):
            return True  # "Except for alopecia, all toxicities have resolved"
        if OR_WHO_HAVE.search(between):
            return True  # "unless approved by the investigator, or who have used …"
        if "," in between and words.lower() == "other than" and LAST_OTHER.search(text, 0, end - len(words)):
            return True  # "thalassemia, or other causes of anemia other than CKD, hemosiderosis": the list goes on
        if OF_ONE_KIND.match(words) is None:
            return False
        if words.lower() == "other than" and OR_OTHER.search(between + text[target : target + 6]):
            return True
        return BEHIND_THE_KIND.search(between) is not None
    if category == "PERMIT" and words.lower().endswith("may have") and OF_REASONS.match(between):
        return True
    if category != "NEGATED":
        return False
    if words.lower() == "non":  # "non selective" says which kind it is
        return STATE.match(text, target) is None
    if not between.strip() or WHOLE_LIST.search(words):
        return False
    if ":" in between and AVOIDS.match(words) and not OF_THE_FOLLOWING.match(between):
        return True  # "contraception to avoid pregnancy: complete abstinence, …"
    if ":" in between and OF_WHOM.search(text, 0, end - len(words)):
        return True
    if OF_NO_POTENTIAL.match(text, end, target):
        return True  # "not of reproductive potential (surgically sterile)": the brackets say why
    if _is_one_of_two_cases(text, end - len(words), end, target):
        return True
    if ANOTHER_CLAUSE.search(between) and not OF_PEOPLE.match(between):
        return True
    if SOMETHING_ELSE.search(between) or (WITHOUT.match(words) and WITH.search(between)):
        return True
    if UNABLE.match(text, target) and OR.search(between):
        return True  # "refuse or cannot tolerate chemotherapy"
    if NON.match(text, target) and OR.search(between):
        return True  # "not competent or non-compliant"
    if LACK.match(words) and AS_WELL_AS.search(between):
        return True
    if ":" in between and OF_THE_FOLLOWING.match(between):
        return False
    if GIVES_UP.match(between):  # who cannot stop a drug takes it
        return True
    if ABILITY.match(words) and UNCONTROLLED.match(between):
        return True
    return OF_NOUNS.match(words) is None and _verb_is_over(text, words, between, target)


def _verb_is_over(text: str, words: str, between: str, target: int) -> bool:
    """ "Unable to swim (epilepsy)", "does not speak English, deafness": what a verb no longer denies."""
    if ABILITY.match(words) and OWN_VERB.search(between):
        return True
    if words.lower().endswith(("been", " be")) and OR_ANOTHER_STATE.search(between):
        return True
    if OR_OTHERS.search(between) or AMENABLE.match(between + text[target : target + 12]):
        return True
    if OF_AN_ADJECTIVE.match(between) or (ABILITY.match(words) and INTRANSITIVE.match(between)):
        return True
    if ABILITY.match(words) and OR_A_REASON.search(between + text[target : target + 15]):
        return True
    if "," in between and ABILITY.match(words) and SUFFERED.match(between + text[target : target + 12]):
        return True
    comma = between.find(",")
    if comma >= 0 and not ADJECTIVES.search(between):
        upto = re.split(r"[;.](?=\s)", text[target : target + 150], maxsplit=1)[0]
        if (
            ANOTHER_ITEM.search(between)
            or _has_another_verb(between, upto)
            or not GOES_ON.search(between[comma:] + upto)
        ):
            return True
    bracket = between.rfind("(")
    return bracket >= 0 and (ABILITY.match(words) is not None or WORD_THEN_BRACKET.fullmatch(between) is not None)


def _has_another_verb(between: str, upto: str) -> bool:
    """ "Must not be pregnant, have a normal ECG and …": not where the list of verbs goes on to an "or have"."""
    found = ANOTHER_VERB.search(between + upto)
    return found is not None and found.start() < len(between)


def of_no_and_allowed(text: str, no: int, target: int, allowed: int) -> Literal["denied", "permitted", "both"]:
    """What a target between a "no" that ends at `no` and an "allowed" that begins at `allowed` is governed by.

    "No prior therapy is allowed" says both at once, "no seizures, aspirin allowed" one of each.

    >>> of_no_and_allowed("No seizures, aspirin allowed", 2, 3, 21), of_no_and_allowed("No therapy allowed", 2, 3, 11)
    ('denied', 'both')
    """
    if text.rfind("(", no, target) > text.rfind(")", no, target):  # "no radiotherapy (palliative irradiation allowed)"
        return "permitted"
    comma = text.rfind(",", no, allowed)
    if comma < 0 or GOES_ON.search(text, comma, allowed):
        return "both"
    return "denied" if target < comma else "permitted"


def denied_before(text: str, start: int) -> tuple[int, int] | None:
    """Where a "without" at `start` is itself denied: "cannot walk without" says that something is needed."""
    found = ALREADY_DENIED.search(text, max(0, start - 60), start) if DENIABLE.match(text, start) else None
    if found is None and STATE_OF_LACK.match(text, start):
        found = NOT_IN_IT.search(text, max(0, start - 60), start)
    return (found.start(), found.end()) if found else None


SIGN_OR_MARK = re.compile(r"(?<![\w(/])(?:\d{1,2}|[a-h]|i{1,3}|iv)\)|[()\[\]]")


def closes(text: str, start: int, end: int) -> int | None:
    """Where a bracket closes between two places that was opened in front of both: "not pregnant), and men".

    >>> closes("(women must not be pregnant), men of any age", 11, 30), closes("other than 1) asthma, 2) COPD", 10, 28)
    (27, None)
    """
    if text.find(")", start, end) < 0 and text.find("]", start, end) < 0:
        return None
    opened = 0
    for sign in SIGN_OR_MARK.finditer(text, start, end):
        opened += (sign[0] in "([") - (sign[0] in ")]")
        if opened < 0:
            return sign.start()
    return None
