"""Bystanders: what a criterion names without turning on it.

"Radiotherapy for cervical cancer" turns on the radiotherapy, "arrhythmia (e.g. atrial fibrillation)" on the arrhythmia,
"> 10 mg/day of prednisone or equivalent" on the corticosteroids in front. The words that say so stand in
`lexicon/bystanders.toml`; here are the forms that no word list can tell.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from trialcriteria.components.compounds import VIRUSES
from trialcriteria.components.coordinations import KIND, STAGES
from trialcriteria.components.examples import (
    ANY_AT_ALL,
    EXAMPLE,
    EXAMPLE_WORDS,
    MORE_EXAMPLES,
    OPENS_EXAMPLES,
    SIBLINGS,
    SUCH_AS,
    examples_in,
    goes_on,
    is_right_behind,
)
from trialcriteria.components.limits import HARD_BREAK, Limit, same_clause
from trialcriteria.components.openings import Found
from trialcriteria.components.telling import Sought, Told, any_of, telling_words, words_in, words_of

TIGHT_FILLERS = r"(?:\s|\b(?:a|an|the|any|prior|previous|either|other)\b)*"
FILLERS = (
    r"(?:\s|[(\[,:]|\b(?:a|an|the|any|known|documented|confirmed|prior|previous|their|his|her|either|other|active|"
    r"suspected|presence\s+of)\b)*"
)
SHARING = rf"(?:(?:{KIND}(?:\s+cell)?|{STAGES})\s+(?:or|and)\s+)?"  # "such as basal or squamous cell carcinoma"
OF_A_KIND = re.compile(
    r"(?:(?:prior|previous|earlier|any|current|concomitant|concurrent|ongoing|recent|past|other|further|systemic|chronic|anti-?tumou?r|anti-?cancer|antineoplastic)\s+)*"
    r"(?:therap(?:y|ies)|treatments?|medications?|drugs?|exposure|regimens?|vaccinations?|immuni[sz]ations?|infusions?|"
    r"(?:previously\s+)?treated)",
    re.I,
)
BY_WHAT = re.compile(
    r"\s+(?:with|using|by|of|on|to|containing)\s+(?:(?:a|an|any|the|other|prior|either|one|more|both|"
    r"commercial|commercially available|such|strong|potent|moderate|(?:forms?|types?|kinds?)\s+of)\s+)*",
    re.I,
)
SHOWN_BY = Sought(
    "confirmed documented evidenced demonstrated shown measured assessed verified established proven detected",
    r"\w\S*\s+(?:as\s+)?(?:confirmed|documented|evidenced|demonstrated|shown|measured|assessed|verified|established|proven|"
    r"detected)\s+(?:by|using|via|on|with|through)\s"
    r"(?:\([^()]*\)|(?!\b(?:prior|previous|history|who|which|that|must|should|no|not|received?|receiving|treatment|treated|"
    r"unless|within|if|after|before|are|is|with)\b)[^.;:()])*$",
    re.I,
)
FAR = 120
JUST_AND = re.compile(r",?\s*(?:and|or|and/or)\s+")
RESULT_OF = re.compile(r"\bresults?\s+of\s+(?:the\s+|an?\s+)?$", re.I)
IS_NEGATIVE = re.compile(r"[^.;()]{0,80}?\b(?:is|are|be|was|were)\s+(?:all\s+)?negative\b", re.I)
THE = re.compile(r"\bthe\s+$", re.I)
THE_SAME = frozenset(
    {
        "lesion",
        "malignancy",
        "solid_tumor",
        "biopsy",
        "measurable_disease",
        "resection",
        "surgery",
        "infection",
        "disease_progression",
        "indication",
        "toxicity",
    }
)
ENHANCED = re.compile(r"[-\s](?:positive\s+)?enhanc(?:ed|ing)\b", re.I)
OF_AN_INSTRUMENT = re.compile(
    r"\s+(?:[A-Z][\w-]*\s+){0,3}(?:Interview|Inventory|Scale|Questionnaire|Index|Diary|Checklist|Schedule|Survey|Battery)\b"
)
WHO_CAN_BE = re.compile(
    r"\bwho\s+(?:can|could|may|might|(?:is|are)\s+able\s+to)\s+(?:become|get)\s+$|\bpotential\s+for\s+$", re.I
)
WITH_WHOM = re.compile(  # "sexual contact with a female who can become pregnant", "sex with a pregnant woman"
    r"\b(?:sexual\s+(?:contact|intercourse|relations|activity)|sex|intercourse)\s+with\s+(?:any\s+|an?\s+)?"
    r"(?:(?:wom[ae]n|(?:fe)?males?|partners?)\s+)?"
    r"(?:who\s+(?:is|are|(?:is|are)\s+able\s+to|can|could|may|might)\s+)?(?:pregnant,?\s+(?:and/)?(?:or|and)\s+)?$",
    re.I,
)
OF_WOMEN = ("pregnancy", "planning_pregnancy", "breastfeeding")
INSTITUTIONS = ("nstitute", "ssociation", "ociety")  # without these no institution is looked for
INSTITUTION = re.compile(  # "National Institute of Neurological Disorders and Stroke"
    r"\b(?:Institutes?|Society|Association|College|Federation|League)\s+(?:of|for|on|against)\s+"
    r"(?:[A-Z][\w'’-]*,?\s+|and\s+|of\s+|the\s+)*$"
)
OF_THEIRS = re.compile(  # "American Diabetes Association"; no heart failure of the New York Heart Association
    r"\s+(?!New\b|NY\b|American\b|European\b|National\b|Canadian\b)(?:(?:and|[A-Z][\w'’-]*)\s+){0,3}"
    r"(?:Association|Society|Foundation|Institute|Federation|League)\b"
)
OR_IN_HISTORY = re.compile(r"complications?\s+(?:or|and/or)\s+(?:(?:an?|the|previous|past)\s+)?histor(?:y|ies)\b", re.I)
PARTNER = re.compile(r"(?:(?:(?:fe)?male|sexual|sex)\s+)?partners?(?:\s+capable)?", re.I)
OF_THE_TRIAL = frozenset({"informed_consent", "mental_capacity", "language", "insurance"})
UNABLE = re.compile(
    r"\b(?:un(?:able|willing|likely|fit)|inab\w+|incap\w+|refus\w+|no|not|cannot|can't|don't|lack\w*|without|absen\w+|"
    r"fail\w*|neither)\b[^.;,]{0,40}$",
    re.I,
)
NOT_GIVEN = re.compile(
    r"\s+(?:(?:is|was|has|have|could|can)\s?)?(?:not\s+|n't\s+)(?:be(?:en)?\s+)?(?:obtain|giv|provid|sign|available|possible)",
    re.I,
)
STUDY_DRUG_BEFORE = re.compile(  # "sensitivity to any of the study drugs", "has received the study drug"
    r"\b(?:received|\w*sensitiv\w*|allerg\w+|intoleran\w+|contra-?indicat\w+|reactions?|previous(?:ly)?|prior(?!\s+to\b)|"
    r"components?|ingredients?|excipients?|similar|chemically related|unable|inability|expos\w+|other than|another|"
    r"discontinu\w+)\b[^.;:]{0,40}$",
    re.I,
)
DENIED = re.compile(
    r"\b(?:un(?:able|willing|likely|fit)|inab\w+|incap\w+|impair\w*|limit\w*|refus\w+|not|cannot|can't|lack\w*|without|absen\w+|withdr\w+|declin\w+|"
    r"fail\w*|poor|difficult\w*|compromise\w*|preclud\w+|prevent\w*|interfer\w+|hinder\w*|hamper\w*)\b[^.;,]{0,40}$",
    re.I,
)
CONSENT = re.compile(r"\b(?:consent|assent|sign)", re.I)
TO_PREVENT = re.compile(r"\bto\s+(?:prevent|avoid)\s+pregnancy$", re.I)
STUDY_PROCEDURE = Sought(
    "study trial protocol",
    r"(?<!\w)(?:study|trial|protocol)"
    r"(?:[- ](?:site[- ])?(?:specific|related|specified|mandated|required|defined|directed))?\s+"
    r"(?:procedures?|interventions?|assessments?|visits?)$",
    re.I,
)
TUMOR = Sought("tumor tumors tumour tumours", r"tumou?rs?", re.I)
DOSED = re.compile(
    r"\d\s*(?:mg|g|µg|mcg|ug|units?|IU|U)(?:\s?/\s?(?:kg|m2|m²|m\^2|day|d|week|wk)|\s+per\s+day|\s+daily|\s+a\s+day)*"
    r"\s*(?:\(?(?:of|oral|systemic)\)?\s+)*$",
    re.I,
)
PROVEN = Sought(
    "proven confirmed documented verified diagnosed guided defined assessed",
    r"[-–](?:proven|confirmed|documented|verified|diagnosed|guided|defined|assessed)\b",
    re.I,
)
PROVEN_BY = Sought(
    "proven confirmed verified documented",
    r"\s(?:proven|confirmed|verified|documented)\s+(?!by\b|with\b|as\b|to\b|on\b|in\b)",
    re.I,
)
CODE_OF_THE_STUDY = re.compile(  # "120 days after the last dose of MK-3475 (pembrolizumab)"
    r"\b(?:(?:dose|administration|infusion|injection|discontinuation|start|initiation)s?\s+of|receiving)\s+(?:the\s+)?"
    r"[A-Z]{2,5}-?\d{2,7}\w*\s*\($",
)
DOSE_OF = re.compile(  # "within 14 days before the first dose of their assigned investigational product"
    r"\b(?:first|last|initial|final|each|next)\s+(?:dose|administration|infusion|injection|intake)s?\s+of\s+"
    r"(?:(?:the|their|any|an|one|of|assigned|this|study)\s+)*$",
    re.I,
)
AFTER_IT = re.compile(  # "for 6 months after discontinuation of the investigational medicinal product (IMP)"
    r"\b(?:after|before|until|prior\s+to|following)\s+(?:the\s+)?(?:(?:last\s+dose|discontinuation|start|initiation)\s+of\s+)?"
    r"(?:the\s+)?(?:investigational\s+(?:medicinal\s+)?(?:product|drug)\s*\(?)?$",
    re.I,
)
FOLLOWING = re.compile(r"\bfollowing\s+(?:[\w-]+\s+){0,4}$", re.I)
TO_THE_COLON = re.compile(r"[^.;:()]{0,60}[:：]")
GRADED = re.compile(  # "Decompensated liver disease: ascites" says who is meant, "Liver disease:" only what is listed
    r"(?:clinically|significant|serious|severe|uncontrolled|decompensated|active|other|unstable|symptomatic|major|progressive)\b",
    re.I,
)
PURPOSE = re.compile(r"(?:\s*\([^()]*\))?\s+(?:for|to treat|against)\b", re.I)
OR_ANOTHER = re.compile(r"[^.;:]{0,120}\b(?:or|and)\s+(?:any\s+|an)?other\b", re.I)
OR_MORE = re.compile(  # "warfarin (or other coumarins)" names more, "trastuzumab (or T-DM1)" what may stand for it
    r"and/or\b|or\s+(?:any\s+)?(?:other|similar|related|closely|already|participated|have|has|are|is)\b", re.I
)
OR_THIS_ONE = re.compile(r"or\s+(?:an?\s+|any\s+)?", re.I)  # "epilepsy (or migraine)"
SEROLOGY = re.compile(r"hepatitis|\bhep\b|HB[sceV]|HCV|HIV|anti-", re.I)
HEAD = re.compile(r"(?:co-?)?infections?|diseases?|disorders?|syndrome|metastas[ie]s|cancer|carcinoma", re.I)
DEFINED = re.compile(r"\s*(?:as\s+)?defined\s+(?:as|by|here\s+as)\b", re.I)
TOPIC = re.compile(  # what the criterion is about, in front of whom it means
    r"\W*(?P<words>[A-Z][\w-]*(?:[ /-](?!NOTE|Note)[\w-]+){1,4}?\s*:)\s+"
    r"(?:Subjects|Patients|Participants|Individuals)\s+(?:with|who|having|on|receiving|taking)\b"
)
LABEL = re.compile(r"\s*[:：]")
COUNTED_IN = frozenset(("prednisone", "methylprednisolone", "dexamethasone", "hydrocortisone"))
EQUIVALENT = re.compile(r"[\s-]*\(?(?:or\s+(?:its\s+)?)?equivalents?\b", re.I)
JOINED = re.compile(r"\b(?:and|or)\b|[;,]", re.I)
JOINED_OR_APART = re.compile(r"[,;(]|\b(?:and|or)\b")
GLOSS = re.compile(r"\s*\([A-Z][\w/-]*\)")  # "kinase inhibitor (EGFR-TKI) for T790M"
OPENS = re.compile(r"\s*\(")
LIFTS = re.compile(
    r"\b(?:except\w*|unless|(?:other|apart|aside)\s+(?:than|from)|besides|barring|exclusive of|exempting|"
    r"save for|excluding|not|no|without|allowed|permitted|acceptable|ok|eligible|if|"
    r"(?:can|may|could|will)\s+(?:also\s+|still\s+)?(?:be\s+(?:\w+ed|eligible)|participate|enter|join|enrol+))\b",
    re.I,
)
OPENS_WITH_WHOM = re.compile(
    r"\W*(?:(?:male|female|adult|known)\s+)*(?:patients|subjects|participants|individuals|people|men|women)\s+(?:with|who)\b",
    re.I,
)
WITHOUT = re.compile(r"\b(?:without|w/o|no|unless|except)\s+(?:any\s+|the\s+|if\s+|clearly\s+)?$", re.I)
LINES = ("prior_lines", "prior_regimens", "cycles")
MOST_ACROSS_BRACKETS = 70
HABITS = {"alcohol_use": "alcohol", "smoking": "smoking", "former_smoker": "smoking"}


class Cues(NamedTuple):
    """One entry of bystanders.toml: the words in front or behind, what must stand before, and what it is about."""

    front: re.Pattern[str] | None
    behind: re.Pattern[str] | None
    words: frozenset[str]  # one of each phrase: without any of them none stands there
    after: str | None
    labels: frozenset[str]
    only: frozenset[str]
    last: bool  # whether it is left out after all others, which may be what it leads on to


def read_cues(entries: dict[str, dict[str, Any]]) -> Told[Cues]:
    """The entries of `bystanders.toml` as expressions that end where a mention begins, or begin where it ends."""
    out = []
    for entry in entries.values():
        labels, only = frozenset(entry.get("labels", ())), frozenset(entry.get("only", ()))
        last = entry.get("last", False)
        if "behind" in entry:
            behind = re.compile(rf"[\s-]+(?:{any_of(entry['behind'])})(?![\w-])", re.I)
            out.append(Cues(None, behind, telling_words(entry["behind"]), None, labels, only, last))
            continue
        if "front" not in entry:
            out.append(Cues(None, None, telling_words(entry["only"]), None, labels, only, last))
            continue
        site = "(?:[a-z]+ )?" if "test" in labels else ""  # "on chest radiography"
        site = r"(?:[\w/-]+ ){0,6}" if entry.get("far") else site
        fillers = TIGHT_FILLERS if entry.get("tight") else FILLERS
        front = rf"(?:(?<=^)|(?<=[\s,(\[;/])|(?=[,(]))(?:{any_of(entry['front'])})(?!\w){fillers}{site}{SHARING}$"
        words, after = telling_words(entry["front"]), entry.get("after")
        out.append(Cues(re.compile(front, re.I), None, words, after, labels, only, last))
    return Told(out, lambda cue: cue.words)


TESTS = tuple(
    "graphy graphies scopy scopies gram scan mri ct fish pcr ihc ngs hybridization hybridisation sequencing biopsy "
    "biopsies cytometry histology cytology".split()
)


def without_bystanders(text: str, found: Sequence[Found], limits: Sequence[Limit], cues: Told[Cues]) -> list[Found]:
    """The mentions in `found`, in text order, that the criterion turns on."""
    if not found:
        return []
    words = words_in(text)
    every = cues.by(words)
    near = [cue for cue in every if not cue.last]
    shown = [] if EXAMPLE_WORDS.isdisjoint(words) else list(examples_in(text, found, limits))
    examples = [(a, b) for a, b, meant in shown if not meant]
    dated = [(a, b) for a, b, meant in shown if meant and "including" in text[a - 12 : a].lower()]
    out: list[Found] = []
    last: Found | None = None  # the bystander right before, or what a treatment is for: its siblings are bystanders too
    siblings = SIBLINGS
    for index, one in enumerate(found):
        following = found[index + 1] if index + 1 < len(found) else None
        if _is_tumor_of(text, one, following) or _is_prefixed(text, one) or _is_head_behind_brackets(text, one, out):
            continue
        if ANY_AT_ALL.fullmatch(text, one.start, one.end) and (
            OPENS_EXAMPLES.match(text, one.end) or f"{text[one.start : one.end]}:" == text.strip()
        ):
            continue  # "a preplanned treatment such as cardioversion": its examples are meant, or the list behind it
        if _is_of_another_name(text, one) or _is_another_persons(text, one):
            continue
        if text.startswith(" onset", one.end) and text.endswith("at ", 0, one.start):
            continue  # "older than 50 years of age at migraine onset"
        if OR_IN_HISTORY.match(text, one.start):
            continue  # "complication or history of heart failure"
        if PARTNER.fullmatch(text, one.start, one.end):
            continue  # "and their female partners"
        if one.concept == "site_staff" and text.startswith(" history", one.end):
            continue  # "immediate family history of schizophrenia"
        again = last is not None and siblings is MORE_EXAMPLES and text.startswith("other ", one.start)
        again = again and last is not None and JUST_AND.fullmatch(text, last.end, one.start) is not None
        if again and out and one.concept is not None and out[-1].concept == one.concept:
            continue  # "EGFR mutations including exon 19 deletions or other EGFR mutations": the class once more
        with_last = last is not None and (
            one.start < last.end  # "such as tuberculosis (TB) infection"
            or (
                goes_on(text, last, one, siblings)
                and (one.label == "condition" or not _is_purpose(last, out))
                and (last.concept != "childbearing_potential" or one.concept == "sexually_active")
                and not (last.concept in ("compliance", *OF_THE_TRIAL) and one.label in ("condition", "procedure"))
            )
            or (last.label == one.label and _glossed(text, last, one, limits))
        )
        if one.label == "condition" and any(a <= one.start < b for a, b in dated):
            last, siblings = None, SIBLINGS
            out.append(one)
            continue
        if any(a <= one.start < b for a, b in examples) and not _is_more(text, one, limits):
            last, siblings = one, MORE_EXAMPLES
            continue
        if with_last or (_is_bystander(text, one, following, out, limits, near) and not _is_more(text, one, limits)):
            if not with_last:
                example = EXAMPLE.search(text, max(0, one.start - 60), one.start)
                siblings = MORE_EXAMPLES if example else SIBLINGS
            last = one
            continue
        last = _purpose(text, one)
        siblings = SIBLINGS
        out.append(one)
    at_last = [cue for cue in every if cue.last]
    return [one for one in out if not any(_fits(text, one, None, limits, cue) for cue in at_last)]


def _purpose(text: str, one: Found) -> Found | None:
    """What a treatment is for: "angina" of "hospitalized for angina, infarction or another disease of the heart"."""
    if one.label not in ("treatment", "procedure") or one.head is None or one.head[1] == one.end:
        return None
    named = PURPOSE.match(text, one.head[1]) and OR_ANOTHER.match(text, one.end)
    return one._replace(label="condition") if named else None


def _is_purpose(last: Found, out: Sequence[Found]) -> bool:
    return bool(out) and out[-1].start == last.start


def _is_more(text: str, one: Found, limits: Sequence[Limit]) -> bool:
    """ "Heart disease, such as infarction within 6 months": an example with a limit of its own is meant."""
    if one.concept in SCREENED_FOR and INCLUDING.search(text, max(0, one.start - 90), one.start):
        return True  # "active infection, including HIV or hepatitis B": these keep out by themselves
    if not any(is_right_behind(text, one.end, limit) for limit in limits):
        return False
    cue = EXAMPLE if one.label == "condition" else SUCH_AS  # "inhibitors including X within a week": all of them
    return cue.search(text, max(0, one.start - 60), one.start) is not None


SCREENED_FOR = frozenset({"hiv", "hiv_test", "hepatitis_b", "hepatitis_c", "hbsag"})
INCLUDING = re.compile(r"\bincluding\b[^.;]*$", re.I)
DANGLING = re.compile(r"(?:intoleran\w+|refractory|resistant|sensitive|allergic|unresponsive)\s+(?:to|of)", re.I)
OBJECT_LATER = re.compile(r"\s*(?:/|,\s*(?:and|or)\b|(?:and|or)\b)", re.I)
EVIDENCE = re.compile(r"(?:positive\s+(?:\w+\s+)?(?:tests?|serology|screen(?:ing)?)|serologic(?:al)?\s+evidence)", re.I)
NOT_SPECIFIED = re.compile(r"\s*:\s*not\s+specified\b", re.I)  # "Radiotherapy: Not specified"
COLLABORATION = re.compile(r"\s?[-–]\s?Epidemiology\s+Collaboration\b", re.I)  # of an equation's name, with a dash
EVIDENCE_OF = re.compile(r"\s+(?:of|for)\s+(?:(?:the|an?|any|active|current)\s+)*", re.I)


def _is_of_another_name(text: str, one: Found) -> bool:
    """Whether it is part of a name: "gadolinium-enhanced lesions", "Insomnia Diagnostic Interview"."""
    if one.label == "treatment" and ENHANCED.match(text, one.end):
        return True
    if not text[one.start].isupper():
        return False
    if one.label in ("condition", "state") and OF_AN_INSTRUMENT.match(text, one.end):
        return True
    if not any(map(text.__contains__, INSTITUTIONS)):
        return False
    named = INSTITUTION.search(text, max(0, one.start - 90), one.start) or OF_THEIRS.match(text, one.end)
    return named is not None


def _is_another_persons(text: str, one: Found) -> bool:
    """Whether it is said of a woman who is no patient: "a female who can become pregnant"."""
    if one.concept == "pregnancy" and WHO_CAN_BE.search(text, max(0, one.start - 24), one.start):
        return True
    return one.concept in OF_WOMEN and WITH_WHOM.search(text, max(0, one.start - 80), one.start) is not None


def _names_nothing(text: str, one: Found, following: Found | None) -> bool:
    """Words that name nothing without their object: "intolerant of or resistant to …", "positive test for HBsAg"."""
    if COLLABORATION.match(text, one.end) or NOT_SPECIFIED.match(text, one.end):
        return True
    if DANGLING.fullmatch(text, one.start, one.end):
        return OBJECT_LATER.match(text, one.end) is not None
    if following is None or EVIDENCE.fullmatch(text, one.start, one.end) is None:
        return False
    return EVIDENCE_OF.fullmatch(text, one.end, following.start) is not None


def _is_bystander(
    text: str,
    one: Found,
    following: Found | None,
    before: Sequence[Found],
    limits: Sequence[Limit],
    cues: Sequence[Cues],
) -> bool:
    if limits and any(limit.rule == "time-since" and limit.span and _meets(one, limit.span) for limit in limits):
        return False  # "at least 4 weeks since the last dose of bevacizumab"
    if limits and any(_tells_when(text, one, limit) for limit in limits):
        return True
    if _is_label(text, one, following, before, limits):
        return True
    topic = TOPIC.match(text)
    if topic and one.end < topic.end("words"):
        return True  # "COPD stability: Subjects with pneumonia"
    if following:
        by = BY_WHAT.fullmatch(text, one.end, following.start)
        if by and OF_A_KIND.fullmatch(text, *(one.head or (one.start, one.end))):
            return True
    if _names_nothing(text, one, following):
        return True
    if one.concept == "compliance":
        return True  # "unable to comply with the protocol"
    if one.concept == "guardianship" and CONSENT.search(text, max(0, one.start - 90), one.end + 110):
        return True  # "informed consent of the patient or a legal representative"
    if before and before[-1].concept == one.concept and TO_PREVENT.search(text, max(0, one.start - 12), one.end):
        return True  # "use contraception to avoid pregnancy"
    if one.concept in OF_THE_TRIAL and not (
        UNABLE.search(text, max(0, one.start - 50), one.start + 10) or NOT_GIVEN.match(text, one.end)
    ):
        return True  # "written informed consent" is asked of everybody
    if one.concept == "adequate_organ_function" and not DENIED.search(text, max(0, one.start - 50), one.start + 10):
        return True  # "adequate renal function" is asked of everybody, and no limit
    if one.concept == "investigational_drug" and DOSE_OF.search(text, max(0, one.start - 60), one.start):
        return True
    if one.concept == "investigational_drug" and AFTER_IT.search(text, max(0, one.start - 90), one.start):
        return True
    if one.label == "treatment" and CODE_OF_THE_STUDY.search(text, max(0, one.start - 60), one.start):
        return True
    if one.concept == "study_drug" and not STUDY_DRUG_BEFORE.search(text, max(0, one.start - 70), one.start):
        return True  # "before the first dose of study drug", "the effects of the study treatment"
    if STUDY_PROCEDURE.search(text, max(0, one.start - 10), one.end):
        return True
    if limits and any(_only_has_its_limit(text, one, limit) for limit in limits):
        return True
    if RESULT_OF.search(text, max(0, one.start - 30), one.start) and IS_NEGATIVE.match(text, one.end):
        return True  # "the result of the test is negative" asks for more than the test
    nearest = before[-1] if before else None
    if nearest and one.concept in THE_SAME and THE.search(text, max(0, one.start - 6), one.start):
        return True
    if nearest and one.label == nearest.label == "treatment" and same_clause(text, nearest.end, one.start):
        dosed = DOSED.search(text, max(nearest.end, one.start - 40), one.start)
        if EQUIVALENT.match(text, one.end) or (dosed and not JOINED.search(text, nearest.end, dosed.start())):
            return True
    if limits and _is_condition_in_brackets(text, one, limits):
        return True
    if one.label == "biomarker" and any(
        limit.quantity.unit == "%" and text[limit.quantity.end : one.start] == " of " for limit in limits
    ):
        return True  # "PD-L1 positive (≥ 1 % of TPS)"
    if nearest and "(" in text and (_glossed(text, nearest, one, limits) or _defines(text, before, one, limits)):
        return True
    if _is_how_shown(text, one) or _does_not_matter(text, one, limits):
        return True
    if one.label == "biomarker" and _is_to_be_told(text, one):
        return True
    if (
        one.concept == "systemic_therapy"
        and GENERALLY.fullmatch(text, one.start, one.end)
        and WITHIN_WITH.match(text, one.end)
    ):
        return True
    if PROVEN.match(text, one.end) or _only_doses(text, one, before, limits):
        return True
    if (
        one.label == "procedure"
        and PROVEN_BY.match(text, one.end)
        and text[one.start : one.end].lower().endswith(TESTS)
    ):
        return True  # "biopsy proven melanoma"
    cues = [cue for cue in cues if not cue.labels or one.label in cue.labels or "test" in cue.labels]
    words = frozenset(words_of(text[max(0, one.start - 60) : one.end + 20])) if cues else frozenset()
    return any(not cue.words.isdisjoint(words) and _fits(text, one, nearest, limits, cue) for cue in cues)


def _is_how_shown(text: str, one: Found) -> bool:
    """ "HIV infection, as documented by Western blot, HIV antigen or plasma HIV RNA": it says how."""
    words = text[one.start : one.end].lower()
    if one.label != "biomarker" and not words.endswith((*TESTS, " test")):
        return False
    shown = SHOWN_BY.search(text, max(0, one.start - FAR), one.start)
    return shown is not None and not ("," in shown[0] and words.endswith(("positive", "negative")))


GENERALLY = re.compile(r"(?:(?:prior|previous|any|earlier|recent)\s+)+(?:treatments?|therap(?:y|ies))", re.I)
WITHIN_WITH = re.compile(r"\s+within\s[^.;,()]{3,80}?\swith\s+(?=\w)", re.I)  # "treatment within 4 weeks … with X"
STATUS = re.compile(  # "slides for PD-L1 expression testing", "a confirmed EGFR mutation status"
    r"(?:/[\w-]+)?[\s-]+(?:(?:gene|mutation(?:al)?|expression|immunohistochemistry|IHC)\s+)*"
    r"(?:status|testing|slides|detection|genotyping|analysis|assessment|evaluation|profiling)\b"
    r"(?!\s+(?:(?:is|are|was|must\s+(?:not\s+)?be|should\s+(?:not\s+)?be|of)\s+)?(?:positive|negative|mutant|mutated|wild))",
    re.I,
)
OUTCOME = re.compile(r"positiv|negativ|mutant|wild|deficien|\+", re.I)


INDEPENDENT = re.compile(r"\bindependent(?:ly)?\s+(?:of|from)\s+(?:[\w-]+\s+(?:(?:or|and|and/or)\s+)?){0,3}$", re.I)
FAR_BEHIND = 60


def _does_not_matter(text: str, one: Found, limits: Sequence[Limit]) -> bool:
    """ "Platelets < 50 independent of transfusion support", but not "independent of transfusions for 7 days"."""
    if not INDEPENDENT.search(text, max(0, one.start - 60), one.start):
        return False
    return not any(limit.is_time and one.end < limit.quantity.start < one.end + FAR_BEHIND for limit in limits)


def _is_to_be_told(text: str, one: Found) -> bool:
    """Whether a biomarker is only to be told, whatever it is: "HER2 mutation status must be known"."""
    return STATUS.match(text, one.end) is not None and OUTCOME.search(text, one.start, one.end) is None


def _is_prefixed(text: str, one: Found) -> bool:
    """ "Post-bronchodilator FEV1", "pre-dialysis potassium": it says when something is measured."""
    if text.startswith("-like", one.end):
        return True  # "COVID-19-like symptoms"
    front = text[max(0, one.start - 5) : one.start].lower()
    if one.label == "condition" and front == "anti-" and text[one.start : one.end].isalpha():
        return one.concept not in VIRUSES  # "anti-myeloma regimens"
    return one.label in ("treatment", "procedure") and front.endswith(("pre-", "post-", "peri-"))


def _is_tumor_of(text: str, one: Found, following: Found | None) -> bool:
    """ "Tumour PD-L1 expression", "anti-tumour effect": the word stands for where or against what, and is not meant."""
    if TUMOR.fullmatch(text, one.start, one.end) is None:
        return False
    near = following is not None and text[one.end : following.start] == " "
    return near or text[max(0, one.start - 5) : one.start].lower() == "anti-"


def _meets(one: Found, span: tuple[int, int]) -> bool:
    return one.start < span[1] and span[0] < one.end


LEADS_TO = re.compile(r"intoleran\w+\s(?:to|of)", re.I)
WHAT_WAS_DONE = re.compile(r"(?:transplanted|resected|removed|treated|irradiated|operated)", re.I)
SIZE_OF = re.compile(r"\s+(?:need(?:s|ed)?\s+to|must|should|ha(?:s|ve)\s+to)\s+(?:be|have|measure)\s+$", re.I)


def _only_has_its_limit(text: str, one: Found, limit: Limit) -> bool:
    """ "Lymph node lesions need to be ≥ 15 mm" asks for none, "intolerance to at least two drugs" is of these."""
    if limit.attribute == "lymph_node_size":
        return one.concept == "lesion" and SIZE_OF.fullmatch(text, one.end, limit.quantity.start) is not None
    if limit.kind != "count":
        return False
    if (
        limit.attribute is None
        and limit.span
        and limit.span[1] + 1 == one.start
        and WHAT_WAS_DONE.fullmatch(text, one.start, one.end)
    ):
        return True  # "more than one organ transplanted"
    counted = limit.quantity.start == one.end + 1
    return counted and LEADS_TO.fullmatch(text, one.start, one.end) is not None


def _tells_when(text: str, one: Found, limit: Limit) -> bool:
    """ "≤ 5 x ULN in patients with liver metastases": it stands in the limit's condition.

    "Subjects with HIV are eligible if CD4 > 350" is about them: such an opening is no mere condition.
    """
    if limit.condition is None or not (limit.condition[0] <= one.start and one.end <= limit.condition[1]):
        return False
    return not OPENS_WITH_WHOM.match(text, 0, one.start) and not text[limit.condition[0] : one.start].startswith(
        "unless"
    )


def _is_label(text: str, one: Found, following: Found | None, before: Sequence[Found], limits: Sequence[Limit]) -> bool:
    """Whether words only head the limits or demands that follow: "Adequate liver function:", "Alcohol > 2 drinks"."""
    if one.concept == "childbearing_potential":
        return bool(limits or before or following)
    if ":" in text or "：" in text:
        labels = one.label == "condition" and one.concept != "measurable_disease" and not GRADED.match(text, one.start)
        if _is_head_of_drugs(text, one):
            return True
        if labels and LABEL.match(text, one.end) and not OTHER.sub("", text[: one.start]).strip(" *•-–"):
            if following is None or following.label != "condition":
                return not text[one.end :].strip(" :：")
            return following.start - one.end < 25 and LIFTS.search(text, one.end, following.start) is None
        if FOLLOWING.search(text, max(0, one.start - 60), one.start) and TO_THE_COLON.match(text, one.end):
            return True  # "any of the following infectious diseases: hepatitis, …"
    measured = HABITS.get(one.concept or "")
    named = measured is not None and not text[one.start : one.end].lower().endswith(("smoker", "smokers"))
    return named and any(limit.attribute == measured for limit in limits)


OTHER = re.compile(r"\b(?:any\s+)?other\b", re.I)
OF_DRUGS = re.compile(
    r"\W*(?:concomitant\s+|prohibited\s+|other\s+)?(?:medications?|treatments?|therap(?:y|ies)|drugs?)", re.I
)
WHEN = re.compile(r"\s+(?:prior\s+to|before|during)\s+[\w\s-]{3,40}[:：]", re.I)


def _is_head_of_drugs(text: str, one: Found) -> bool:
    """ "Medications prior to spirometry: …" is the name of a section."""
    return OF_DRUGS.fullmatch(text, 0, one.end) is not None and WHEN.match(text, one.end) is not None


def _only_doses(text: str, one: Found, before: Sequence[Found], limits: Sequence[Limit]) -> bool:
    """ "Corticosteroids for at most 5 days and not above 20 mg prednisolone": it counts the dose of its class.

    Not where it is allowed by itself: "except prednisone ≤ 10 mg/day", "(dexamethasone up to 2 mg may continue)".
    """
    if one.concept not in COUNTED_IN or not any(
        other.concept in ("corticosteroid", "immunosuppressant")
        and HARD_BREAK.search(text, other.end, one.start) is None
        for other in before
    ):
        return False
    amounts = [limit.quantity for limit in limits if not limit.is_time]
    behind = [] if EXCEPT.search(text, 0, one.start) else [q for q in amounts if 0 <= q.start - one.end < 4]
    return any(0 <= one.start - q.end < 12 for q in amounts) or any(not MAY_GO_ON.match(text, q.end) for q in behind)


EXCEPT = re.compile(
    r"\b(?:except(?:ing|\s+for)?|other\s+than|apart\s+from|with\s+the\s+exception\s+of)\s+(?:(?:low|stable)[\s-]+(?:doses?\s+)?(?:of\s+)?)?"
    r"(?:(?:an?|oral|systemic)\s+)*$",
    re.I,
)
MAY_GO_ON = re.compile(
    r"(?:\s*(?:/|per|a|each)\s*(?:day|d)|\s+daily)?(?:\s+or\s+(?:its\s+)?equivalent)?\s+(?:(?:is|are|may|can|will|be)\s+)+"
    r"(?:continued?|allowed|permitted|acceptable|accepted|given|ok)\b",
    re.I,
)


def _is_condition_in_brackets(text: str, one: Found, limits: Sequence[Limit]) -> bool:
    """ "ALT ≤ 3 x ULN (liver metastasis ≤ 5 x ULN)": in whom the further limit holds."""
    if one.label != "condition" or text[one.start - 1 : one.start] not in ("(", "（"):
        return False
    own = next((limit for limit in limits if 0 <= limit.quantity.start - one.end < 5), None)
    return (
        own is not None
        and own.quantity.reference == "ULN"
        and any(0 <= one.start - limit.quantity.end < 5 for limit in limits)
    )


def _glossed(text: str, nearest: Found, one: Found, limits: Sequence[Limit]) -> bool:
    """ "venous thrombosis (DVT, PE)": brackets right behind a mention that only list examples or other names of it."""
    opening = OPENS.match(text, nearest.end)
    if opening is None or one.label == "biomarker" or OR_MORE.match(text, opening.end()):
        return False
    if one.label == "condition" and OR_THIS_ONE.fullmatch(text, opening.end(), one.start):
        return False
    close = text.find(")", opening.end())
    if not opening.end() <= one.start < close:
        return False
    return not LIFTS.search(text, opening.end(), close) and not any(
        opening.end() <= limit.quantity.start < close for limit in limits
    )


def _is_head_behind_brackets(text: str, one: Found, before: Sequence[Found]) -> bool:
    """ "Hepatitis C virus (HCV, defined as …) infection": the head of what stands in front of the brackets."""
    if not text.endswith((") ", "] "), 0, one.start) or HEAD.fullmatch(text, one.start, one.end) is None:
        return False
    depth = 0
    for at in range(one.start - 2, -1, -1):
        depth += (text[at] in ")]") - (text[at] in "([")
        if depth == 0:
            return any(other.label == one.label and not text[other.end : at].strip() for other in before)
    return False


def _defines(text: str, before: Sequence[Found], one: Found, limits: Sequence[Limit]) -> bool:
    """ "Complete remission (defined as the absence of plasmacytosis in a biopsy)": what it means, without a limit."""
    opened = max(text.rfind("(", 0, one.start), text.rfind("[", 0, one.start))
    if opened < 0 or text.find(")", opened, one.start) >= 0 or DEFINED.match(text, opened + 1) is None:
        return False
    close = text.find(")", one.end)
    if any(opened < limit.quantity.start < close for limit in limits):
        return False
    if one.label == "biomarker" and SEROLOGY.search(text, one.start, one.end):
        return False
    return any(one.end <= opened and not text[one.end : opened].strip() for one in before)


def _is_near(text: str, one: Found, limit: Limit) -> bool:
    """Whether no sentence ends between a mention and a limit, and no bracket opens or closes far from it."""
    between = text[slice(*sorted((one.end, limit.quantity.start)))]
    apart = len(between) > MOST_ACROSS_BRACKETS and between.count("(") != between.count(")")
    return not apart and HARD_BREAK.search(between) is None


def _fits(text: str, one: Found, nearest: Found | None, limits: Sequence[Limit], cue: Cues) -> bool:
    words = text[one.start : one.end].lower()
    if cue.labels and one.label not in cue.labels and not ("test" in cue.labels and words.endswith(TESTS)):
        return False
    if cue.only and words not in cue.only:
        return False
    if cue.behind:
        return cue.behind.match(text, one.end) is not None
    if cue.front is None:  # "any medical condition": nothing is said, but "on medication for 4 weeks" is
        return not any(limit.is_time and _is_near(text, one, limit) for limit in limits)
    match = cue.front.search(text, max(0, one.start - 60), one.start) if cue.front else None
    if match is None:
        return False
    if cue.after is None:
        return True
    start = match.start()
    if cue.after == "limit" and WITHOUT.search(text, max(0, start - 20), start):
        return False  # "unless due to warfarin", "≥ 50 x 10^9/L without a growth factor" turn on it
    front = nearest if nearest and nearest.end <= start and same_clause(text, nearest.end, start) else None
    if cue.after == "mention":
        return front is not None
    if cue.after == "biomarker":
        return front is not None and front.label == "biomarker"
    if cue.after == "treatment":
        if front is None or front.label not in ("treatment", "procedure"):
            return False
        return JOINED_OR_APART.search(GLOSS.sub("", text[front.end : start])) is None
    behind = max((limit.quantity.end for limit in limits if limit.quantity.end <= start), default=None)
    if cue.after == "lines":
        last = next((limit for limit in limits if limit.quantity.end == behind), None)
        if last is None or last.attribute not in LINES:
            return False
    bounded = behind is not None and same_clause(text, behind, start)
    if cue.after in ("limit", "lines"):
        return bounded and not (front and behind is not None and front.end > behind)
    return front is not None or bounded
