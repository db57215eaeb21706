"""What only describes: who is of childbearing potential, which contraception counts, what is considered what.

READING's rule 15: definitions bind as what they define, but those of units, conditions and childbearing potential
describe; so does what says how something is counted, and who of the patients a demand for contraception is about.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.telling import Sought, words_in
from trialcriteria.components.turns import Turn
from trialcriteria.records import Requirement, Segment
from trialcriteria.requirements.statements import negations

DEFINES = "DEFINES"  # the category of a turn by a line whose items only say what it means
FERTILE = r"(?:child-?\s?bearing|reproductive)\s+(?:potential|age|capacity)[\"”')]*\s*(?:\([A-Z]+\)[,\s]*)?"
DEFINING = (
    r"(?:is|are|was|were|means|refers to|will be)\s+(?:defined|indicated\s+by|considered|understood|any|"
    r"an?\s+(?:sexually|wom[ae]n|female)|"
    r"those\s+who|women\s+who|females\s+who|one\s+who)\b|includes?\s+(?:those|wom[ae]n|females?|patients|subjects|any)\b"
)
NO_DUTY = (  # what is asked is no definition
    r"(?:(?!\b(?:must|should|shall|agrees?)\b|[.]\s+(?-i:[A-Z])|(?<=[a-z])[.](?-i:[A-Z])|\bor,?\s+if\b)"
)
OF_CHILDBEARING = re.compile(
    r"(?<!non)(?<!non[ -])(?<!not )(?<!not of )\b"
    + FERTILE
    + r"(?:[(,]\s*(?:i\.?e\b\.?|that is\b|defined as\b|meaning\b|which is\b|including\s+(?:peri|those|women))|"
    r"\(\s*(?:women|females|those|any)\b)" + NO_DUTY + r"[^();])*",
    re.I,
)
DEFINED = re.compile(
    rf"(?:\b(?:(?:wom[ae]n|females?|patients?|subjects?|participants?)\s+(?:of|with)\s+)?(?:non-?\s?)?{FERTILE}|\b(?:F|WO|FO)CBPs?\s+|\b(?:post-?\s?menopaus\w+|menopause)(?:\s+(?:status|state|wom[ae]n|females?))?\s+)"
    rf"(?:{DEFINING}|if\s+she\b|=|means\s+(?:no|without|having|at\s+least)\b)" + NO_DUTY + r".){0,600}",
    re.I | re.S,
)
TAKEN_FOR_FERTILE = re.compile(  # "women > 60 years are considered to be of non-childbearing potential"
    r"(?:^|(?<=[.;:(])\s?|(?<=[.;:]\s\s))(?:(?!\b(?:must|should|shall|agrees?)\b|[.;:]\s)[^()]){0,200}?"
    r"\b(?:considered|regarded|deemed)\s+(?:to\s+be\s+|as\s+)?(?:still\s+)?(?:women\s+)?(?:(?:of|being\s+of)\s+(?:non-?\s?)?"
    rf"(?:child-?\s?bearing|reproductive)|post-?\s?menopausal){NO_DUTY}.){{0,300}}",
    re.I,
)
ALSO_FERTILE = re.compile(
    r"\b(?:this|that|the)\s+(?:category|group|definition)\s+(?:also\s+)?includes\b[^.]{0,300}", re.I
)
WHO_MUST = re.compile(  # "sexually active women of childbearing potential must use contraception"
    r"(?:^|(?<=[.;:]\s))\W*(?:all\s+)?sexually\s+active\s+(?:(?:fertile|heterosexual)\s+)?(?:wom[ae]n|m[ae]n|(?:fe)?males?|subjects|"
    r"patients|participants)\b(?=[^.;]{0,100}?\b(?:must|should|needs?|agree|are\s+required|will)\b)",
    re.I,
)
COUNTED_AS_CONTRACEPTION = re.compile(
    r"(?:(?:(?:adequate|acceptable|effective|highly|reliable|medically|approved)\s+){0,3}"
    r"(?:contracepti\w+|birth\s+control|barrier\s+methods?)\b[^.;:()]{0,60}?|"
    r"\b(?:(?<!use a )(?<!using a )(?<!practice a )(?<!use )(?:highly|medically)\s+)?"
    r"(?:acceptable|adequate|effective|reliable|approved|appropriate|accepted)\s+(?:methods?|forms?|means|measures)\b[^.;:()]{0,60}?)"
    r"(?:\b(?:also\s+)?(?:includes?|consists?\s+of|comprises?|(?:is|are|was|were)\s+defined\s+as|"
    r"(?<!by )means(?!\s+of))\b|"
    r"\bare(?:\s+as\s+follows)?\s*:|"
    r"(?:(?<=methods )|(?<=control )|(?<=ception )|(?<=measures ))are\b(?!\s+(?:not|required|allowed|permitted|used|"
    r"acceptable|recommended|mandatory|to|being|unwilling|willing|unable|eligible|excluded)\b))"
    + NO_DUTY
    + r".){0,500}",
    re.I | re.S,
)
COUNTS = re.compile(
    r"\b(?:(?:is|are|be|was|were|isn't|aren't)\s+(?:not\s+)?(?:considered|regarded|counted|classified)\s+(?:as\s+|to\s+be\s+)?(?:an?\s+|the\s+)?|"
    r"(?:does|do|will|would)\s+(?:not\s+)?count\b|(?:is|are|be)\s+(?:not\s+)?counted\b)",
    re.I,
)
IN_CASE = re.compile(
    r"\bin\s+(?:the\s+)?case\s+of\s+(?:an?\s+|the\s+)?(?:subjects?|patients?|participants?|minors?|child(?:ren)?)\b[^.;,()]{0,60}|"
    r"(?:^|(?<=[.;]\s))\W*in\s+(?:the\s+)?case\s+of\s+[^.;,()]{3,80}(?=,)",  # "In case of contact lens wear, …"
    re.I,
)
EXCLUDED_IF = re.compile(  # "patients with diabetes are excluded if HbA1c > 9 %"
    r"(?:^|(?<=[.;:]\s))\W*(?:[A-Za-z]+\s+){0,2}(?:patients|subjects|participants|individuals|those|women|men)\b,?\s+"
    r"(?P<whom>(?:who\s+(?:are|have|had|were)|with|who|on|having|taking|receiving|selected|treated)\b"
    r"(?:(?!\b(?:must|should|are|is|will|were|unless|except)\b)[^.;:]){1,120}?),?\s+(?:are|will\s+be|should\s+be)\s+"
    r"(?:also\s+)?(?:excluded|ineligible|not\s+eligible)\s+(?:only\s+)?(?:if|when)\b",
    re.I,
)
AFTER_WHAT = Sought(  # "other mutations after progression on a prior inhibitor" keep out, not the inhibitor
    "progression receiving received prior previous",
    r"\b(?:after|following|upon)\s+(?:(?:disease\s+)?progression\s+(?:on|with|under|during|after)|(?:having\s+)?receiv(?:ing|ed)|"
    r"(?:prior|previous)(?=\s+(?:[\w-]+\s+){0,2}(?:therapy|treatment|chemotherapy|radiotherapy|surgery)))\s"
    r"(?:(?!\bor\s+(?:within|who|with)\b)[^.;,()])*",
    re.I,
)
TREATED_FOR = Sought(  # "more than one prior regimen for the treatment of gastric cancer" keeps out, not the cancer
    "treatment therapy",
    r"\b(?:chemotherap\w+|therap(?:y|ies)|regimens?|treatments?|agents?|drugs?|medications?|radiotherapy|surgery)\s+for\s+(?:the\s+)?"
    r"(?P<words>(?:treatment|therapy)\s+of\s+(?:(?!\b(?:is|are|was|were|will|who|within|during|if|unless|except)\b)[^.;:,()]){3,50})",
    re.I,
)
HOW_OFTEN_FOR = Sought(  # "more than one hospitalization for heart failure" keeps out, not the heart failure
    "hospitalization hospitalizations hospitalisation hospitalisations hospital admission admissions visit visits",
    r"(?:\b(?:more\s+than|at\s+least|over)|[<>≥≤]=?)\s*(?:\d{1,2}|one|two|three|four)\s+(?:[\w-]+\s+){0,2}?"
    r"(?:hospitali[sz]ations?|hospital\s+stays?|admissions?|visits?)\s+(?:for|due\s+to|because\s+of)\s+"
    r"(?P<words>(?:(?!\b(?:who|within|during|in\s+the|if|unless|except)\b)[^.;:,()]){3,60})",
    re.I,
)
ANCHORED = re.compile(  # what a time is counted from: "6 months before the diagnosis of metastatic NSCLC"
    r"\b(?:days?|weeks?|months?|years?)\s+(?:(?:before|prior\s+to)\s+(?:the\s+)?(?:initial\s+|first\s+)?diagnosis\s+of|"
    r"(?:after|since)\s+(?:the\s+)?(?:[\w-]+\s+)?(?:recurrence|relapse|progression)\s+or)\s+(?P<words>[^.;,()]{1,80})",
    re.I,
)
UNTIL = re.compile(  # "contraception until definitive hysterectomy", not "until cimetidine is discontinued"
    r"\buntil\s+(?:after\s+)?(?![^.;]*\b(?:elapsed|discontinued|stopped|withdrawn)\b)(?P<words>[^.;,()]{3,60})", re.I
)
QUOTA = re.compile(  # whom a trial wants among its patients: "at least 20 subjects will have compensated cirrhosis"
    r"\b(?:at\s+least|approximately|about|up\s+to|a\s+minimum\s+of)\s+\d+\s*%?\s*(?:of\s+)?(?:the\s+|all\s+)?"
    r"(?:subjects|patients|participants)\s+(?:will|should|must)\s+(?:have|be)\b[^.;]*",
    re.I,
)
INTERVAL = re.compile(r"\binterval\s+from\s+(?P<words>[^.;]{3,140}?)\s+(?:is|was|must|of)\b", re.I)
STAGE_INCLUDES = re.compile(  # "stage IV (includes M1a)"
    r"\bstages?\s+[IV]+[A-C]?(?:\s*(?:,|-|to|or|and)\s*[IV]+[A-C]?)*(?:\s+disease)?\s*\((?P<words>includes[^()]*)\)",
    re.I,
)
NOT_STERILE = re.compile(  # "women who were not surgically sterilized had to undergo a pregnancy test"
    r"\b(?:patients|subjects|participants|wom[ae]n|(?:fe)?males?)\s+who\s+(?:are|were|have|had)\s+not\s+(?:been\s+)?"
    r"(?P<words>(?:surgically\s+)?(?:steril\w+|post-?menopausal)[^.;,]{0,40}?)\s+(?:must|should|need(?:ed)?|had|have|are\s+required)\b",
    re.I,
)
OF_A_LESION = re.compile(  # "at least one lesion that is not irradiated": others may have been
    r"\blesions?\s+(?:(?:that|which)\s+)?(?:is|are|has|have|was|were)\s+(?:not|never)\s+(?:been\s+)?(?:previously\s+)?"
    r"(?P<state>(?:irradiated|treated|subjected\s+to|exposed\s+to)[^.;,()]{0,80})|"
    r"\blesions?\s*:\s*no\s+(?:previous|prior)\s+(?P<history>local\s+(?:treatment|therapy)[^.;,()]{0,60})",
    re.I,
)
STAGED_THEN = re.compile(  # "relapse after chemoradiotherapy for stage I-III NSCLC": the stage that it was then
    r"\b(?:relapse|progression|recurrence|relapsed|progressed|recurred)\b[^.;]*?\b(?:after|following)\b[^.;]*?"
    r"(?:therapy|treatment|surgery|resection)\s+for\s+(?P<words>stage\s+[IV]+[^.;,()]*)",
    re.I,
)
AS_AMBULATORY = re.compile(  # "patients who are up in a wheelchair will be considered ambulatory for the score"
    r"(?:^|(?<=[.;:(]\s)|(?<=[.;:]\s\s))[^.;]{0,160}?\b(?:considered|deemed|regarded|counted)\s+(?:as\s+|to\s+be\s+)?ambulatory\b[^.;]*",
    re.I,
)
SHOULD_BE_DEFINED = re.compile(  # "stable liver disease should generally be defined by the absence of ascites, …"
    r"(?:(?<=^)|(?<=[;.(]\s)|(?<=[;.(]))[^;.()]{0,80}?\bshould\s+(?:generally\s+)?be\s+defined\s+(?:by|as)\b[^;.]*",
    re.I,
)
CONTRACEPTION_DEFINED = re.compile(  # "adequate contraception, defined as vasectomy, condoms, or pills"
    r"\bcontracepti\w+[^.;:()]{0,30}?,?\s*\(?defined\s+as\b(?P<words>[^.;]*)", re.I
)
WOMEN_WHO = re.compile(  # "Female patients of childbearing potential who:": what stands below is asked of them
    r"\W*(?P<whom>(?:(?:fe)?males?|women|men)\b[^.;:,]{0,80}?)\s+who(?:\s+(?:are|have|meet|meets))?"
    r"(?:\s+(?:either|any|one|all)(?:\s+of)?(?:\s+the\s+following)?)?\s*:\s*",
    re.I,
)
DEFINED_BEHIND = re.compile(  # "No major bleeding. Major bleeding is defined as …": said again, to say what it is
    r"(?<=[.;])\s+\W*(?P<words>[A-Za-z](?:(?!\b(?:must|should|may|have|has|had|who|that|which)\b)[^.;:()]){3,60}?)\s+(?:is|are|was|will\s+be)\s+"
    r"(?:being\s+|here\s+)?defined\s+(?:as|by)\b",
    re.I,
)
WITH_CAUTION = re.compile(  # not "conditions in which it is contraindicated or must be used with caution"
    r"(?:^|(?<=[.;]\s)|(?<=\s-\s))(?:(?!\b(?:in|for)\s+which\b|contraindicat)[^.;]){0,120}?"
    r"\b(?:should|must)\s+be\s+(?:used|administered|given)\s+with\s+caution\b[^.;]*",
    re.I,
)
CAUSE_OF = re.compile(  # "other known cause of infertility", "antitrypsin deficiency as the underlying cause of COPD"
    r"\b(?:(?:(?:other|another|alternative|alternate|competing|different|additional|secondary)\s+(?:[\w-]+\s+){0,2}?|"
    r"as\s+(?:an?|the)\s+(?:[\w-]+\s+)?)causes?|cardio-?\s?embolic\s+(?:pathology|sources?|causes?|origin))\s+(?:of|for)\s+"
    r"(?:(?:the|their|his|her)\s+)?"
    r"(?P<words>(?:(?!\b(?:including|such|other|than|with|who|and|or|e\.g)\b)[^.;:,()]){3,60})",
    re.I,
)
UNTESTED = re.compile(  # "Patients without prior HIV testing will not be required to be tested"
    r"(?:^|(?<=[.;(]\s))[^.;]{3,120}?\bnot\s+(?:be\s+)?(?:required|necessary|needed)\s+to\s+(?:be\s+(?:re-?)?tested|"
    r"(?:undergo|have)\s+(?:[\w-]+\s+){0,2}(?:re-?)?(?:test|tests|testing|screening))\b[^.;]*",
    re.I,
)
ANTICIPATED = re.compile(r"\b(?:we|it\s+is|sponsor)\s+(?:anticipate|expect|estimate)[sd]?\b[^.;]*", re.I)
EVEN_IF = re.compile(r"\beven\s+(?:if|though|when|after)\b[^.;,()]*", re.I)
LABEL = re.compile(r"\W*(?P<words>[A-Z][\w-]*(?:\s[\w-]+){0,3})(?:\s*\([^()]*\))?:\s+(?=[\w<>≤≥])")
A_LABEL_ALONE = re.compile(r"\W*(?P<words>[A-Z][\w-]*(?:\s[\w/-]+){0,4})(?:\s*\([^()]*\))?\s*:\s*")
ONE_LINE = re.compile(
    r"(?:as\s+)?(?:one|1|a single|\d)\s+(?:(?:prior|previous)\s+)?"
    r"(?:lines?|regimens?|courses?|treatments?|therap(?:y|ies))\b",
    re.I,
)
THIS = re.compile(r"\b(?:this|these|that)\s+$", re.I)
OPENS = re.compile(r"[.;:(](?:\s|(?<=\())|^")
OF_PATIENTS = re.compile(
    r"\b(?:who|which|that|patients?|subjects?|participants?|wom[ae]n|m[ae]n|females?|males?|individuals?|volunteers?|"
    r"persons?|they|if|investigator\w*|history)\b",
    re.I,
)


IF_A_PARTNER = re.compile(  # behind a duty: "use condoms if their partner does not use contraception"
    r"\bif\s+(?:the(?:ir)?|his|her|a|any|an?)\s+(?:(?:fe)?male\s+|sexual\s+)?partners?\b[^.;()]*", re.I
)


NO_POTENTIAL = re.compile(  # "women of non-childbearing potential (post-menopausal for at least 1 year or sterile)"
    rf"(?:\bnon-?\s?|\bnot\s+of\s+){FERTILE}(?:\([^()]*\)\s*)?"
    r"(?P<words>\((?!\w{2,8}\)|if\b)[^()]*|,?\s*(?:i\.?e\b\.?|that is\b|defined as\b|meaning\b|which is\b)"
    + NO_DUTY
    + r"[^();])*)",
    re.I,
)
BECAUSE = re.compile(  # "HIV positive patients are excluded because of confounding effects from infections"
    r"\b(?:excluded|in-?eligible|not\s+(?:be\s+)?(?:eligible|allowed|permitted|included|enrolled))\b[^.;]{0,80}?\b(?:because|"
    r"based\s+on\s+(?:the\s+)?(?:known|potential|possible)|"
    r"due\s+to\s+(?:the\s+)?(?:increased\s+)?(?:potential|possib\w+|risks?)|given\s+(?:the\s+)?(?:potential|possib\w+|known|risks?)|"
    r"(?<!long )(?<!soon )as\s+(?:they|it|this|these|there))\b(?P<words>[^.;]*)|"
    r",?\s(?<!such )(?<!well )(?<!long )(?<!soon )(?<!same )as\s+"
    r"(?P<may>(?:(?:concomitant|concurrent|the)\s+)?(?:use\s+(?:of|with)\s+)?"
    r"(?-i:[A-Z])[\w-]+(?:\s+[\w-]+){0,3}\s+(?:may|can|could|might)\s+(?:cause|increase|decrease|reduce|worsen|induce|lead|result|interfere|affect)\b[^.;]*)|"
    r",?\s(?:because|since)\s+(?P<why>(?:it|they|this|these|those|the\s+drugs?)\s+(?:may|can|could|might)\s+"
    r"(?:cause|increase|decrease|reduce|worsen|induce|lead|result|interfere|affect)\b[^.;]*)",
    re.I,
)
REASON = re.compile(  # "because belinostat is an HDAC inhibitor with the potential for teratogenic effects"
    r"(?:\bbecause\b|(?:,|\w\))?\ssince\b|[,(]\s?as\b)(?P<words>\s+(?!(?:of|the\s+(?:first|last)|they|he|she|(?:the\s+)?(?:patients?|"
    r"subjects?|participants?)|long|well|judged|defined|assessed|determined)\b)(?:(?!\b(?:must|should|who|if|unless|except|"
    r"prior|last)\b)[^.;:()]){3,90}?\s(?:"
    r"(?:may|can|could|might)\s(?!be\s+(?:\w+ed|included|eligible)\b)|will\s+likely\s|(?:is|are|remains?)\s+(?:un-?known|not\s+known|known\s+to|an?\s|"
    r"(?:all\s+)?(?:potentially\s+)?(?:teratogenic|contra-?indicated|metaboli[sz]ed)|the\s+(?:current\s+|present\s+)?standard)|"
    r"(?:has|have)\s+(?:been\s+shown|the\s+potential|(?:an?\s+)?(?:unknown|known)|potential))"
    r"(?:(?!,\s[^.;]*\b(?:must|should|will)\b)[^.;])*)|"
    r"\bif\s+(?:the\s+)?mother\s+is\s+(?:being\s+)?treated\s+with\b(?P<mother>[^.;,]*)",
    re.I,
)
IN_THE_TRIAL = re.compile(  # "women will undergo a pregnancy test", "any arrhythmia will be discussed with the sponsor"
    r"(?:^|(?<=[.;:(]\s)|(?<=\())[^.;()]{3,120}?(?<!who\s)(?<!that\s)\bwill\s+(?:undergo\b(?:[^.;()]|\([^()]{1,12}\)){2,70}?"
    r"\b(?:tests?|testing|collections?|assessments?|screening|examinations?|evaluations?)\b|be\s+discussed\s+with\b)[^.;()]*|"
    r"\bfor\s+agents\s+that\s+have\s+known\s+adverse\s+events\s+occurring\s+beyond\b[^.;]*|"
    r"\bappropriate\s+studies\s+will\s+be\s+undertaken\b[^.;]*|"
    r"(?:(?!\b(?:because|since|as|must|excluded)\b)[^.;,])*\b(?:can|may|could|might)\s+(?:be\s+harmful\s+to|cause\s+(?:fetal|foetal)\s+harm)\b[^.;]*|"
    r"\bshould\s+(?:a|any|the)\s+(?:woman|female|patient|participant|subject)\s+becomes?\s+pregnant\b[^.;]*|"
    r"\b(?:these|such)\s+(?:patients|subjects|participants|individuals)\s+are\s+at\s+(?:an?\s+)?(?:increased|higher|greater|high)\s+risk\b[^.;]*",
    re.I,
)
UNIT_DEFINED = re.compile(  # "a line of therapy is defined as 1 or more cycles of a planned program"
    r"\b(?:lines?\s+of\s+(?:\w+\s+)?(?:therapy|treatment)|regimens?|cycles?|courses?|(?:progression|disease|treatment|platinum)[\s-]free"
    r"\s+interval|adequate\s+trial|standard\s+drink|drinks?|washout)\s+(?:is|are|was|were|will\s+be)\s+(?:defined|considered)\b[^.;]*",
    re.I,
)


def described(text: str, mentions: Sequence[Said]) -> Iterator[tuple[int, int]]:
    """The places of a text that only describe.

    >>> text = "Women of childbearing potential (i.e. not postmenopausal for 1 year) must use contraception"
    >>> [text[a:b][-40:] for a, b in described(text, [])]
    ['tial (i.e. not postmenopausal for 1 year']
    """
    words, low = words_in(text), text.lower()
    if text.rstrip().endswith(":") and (whom := WOMEN_WHO.fullmatch(text)):
        yield whom.span("whom")
    if "even" in words:
        yield from (found.span() for found in EVEN_IF.finditer(text))
    if "case" in words:
        yield from (found.span() for found in IN_CASE.finditer(text))
    if ":" in text and (label := LABEL.match(text)) and _is_said_again(text, label, mentions):
        yield label.span("words")
    if "bearing" in low or "reproductive" in words or "contracept" in low:
        rules = (COUNTED_AS_CONTRACEPTION, NO_METHOD)
        yield from (found.span() for rule in rules for found in rule.finditer(text))
    if not words.isdisjoint(("diagnosis", "recurrence", "relapse")):
        yield from (found.span("words") for found in ANCHORED.finditer(text))
    if "if" in words and not words.isdisjoint(("partner", "partners")):
        yield from (found.span() for found in IF_A_PARTNER.finditer(text))
    if "steril" in low or "menopausal" in low:
        yield from (found.span("words") for found in NOT_STERILE.finditer(text))
    if "sexually" in words:
        yield from (found.span() for found in WHO_MUST.finditer(text))
    if "until" in words:
        yield from (found.span("words") for found in UNTIL.finditer(text))
    if not words.isdisjoint(("subjects", "patients", "participants")):
        yield from (found.span() for found in QUOTA.finditer(text))
    if "includes" in words:
        yield from (found.span("words") for found in STAGE_INCLUDES.finditer(text))
    if "interval" in words:
        yield from (found.span("words") for found in INTERVAL.finditer(text))
    if "lesion" in words or "lesions" in words:
        for found in OF_A_LESION.finditer(text):
            yield found.span("state" if found["state"] else "history")
    if "stage" in words and not words.isdisjoint(("after", "following")):
        yield from (found.span("words") for found in STAGED_THEN.finditer(text))
    if "if" in words and not words.isdisjoint(("excluded", "ineligible", "eligible")):
        yield from (found.span("whom") for found in EXCLUDED_IF.finditer(text))
    if not words.isdisjoint(("discussed", "undergo", "beyond", "undertaken", "risk", "harm", "harmful", "become")):
        yield from (found.span() for found in IN_THE_TRIAL.finditer(text))
    if not words.isdisjoint(("because", "as", "due", "given", "since")):
        for found in BECAUSE.finditer(text):
            yield found.span("may" if found["may"] else "why" if found["why"] else "words")
        for found in REASON.finditer(text):
            yield found.span("mother" if found["mother"] else "words")
    if not words.isdisjoint(("cause", "causes", "cardioembolic", "embolic")):
        yield from (found.span("words") for found in CAUSE_OF.finditer(text))
    if not words.isdisjoint(("tested", "test", "tests", "testing", "screening", "retested", "retesting")):
        yield from (found.span() for found in UNTESTED.finditer(text))
    if "caution" in words:
        yield from (found.span() for found in WITH_CAUTION.finditer(text))
    if "defined" in words and "should" in words:
        yield from (found.span() for found in SHOULD_BE_DEFINED.finditer(text))
    if "ambulatory" in words:
        yield from (found.span() for found in AS_AMBULATORY.finditer(text))
    if not words.isdisjoint(("anticipate", "anticipated", "expect", "expected", "estimate", "estimated")):
        yield from (found.span() for found in ANTICIPATED.finditer(text))
    if "defined" in words:
        for rule in (DEFINED_BEHIND, CONTRACEPTION_DEFINED):
            yield from (found.span("words") for found in rule.finditer(text))
    if "defined" in words or "considered" in words:
        yield from (found.span() for found in UNIT_DEFINED.finditer(text))
    yield from who_is_fertile(text)
    if not words.isdisjoint(("considered", "regarded", "counted", "classified", "count")):
        yield from _counted(text, mentions)


def label_alone(text: str, mentions: Sequence[Said]) -> Iterator[tuple[int, int]]:
    """ "Myelosuppressive chemotherapy:" above the washouts of it asks nobody to have had it."""
    label = A_LABEL_ALONE.fullmatch(text)
    if label and len(mentions) == 1 and mentions[0].label in ("treatment", "procedure"):
        own = (mentions[0].start, mentions[0].end)
        if own == label.span("words"):
            yield own


def after_what(text: str) -> Iterator[tuple[int, int]]:
    """Where a text says after which treatment something came, or for what: such reasons for exclusion keep out none."""
    yield from (found.span("words") for rule in (TREATED_FOR, HOW_OFTEN_FOR) for found in rule.finditer(text))
    yield from (found.span() for found in AFTER_WHAT.finditer(text) if text[: found.start()].strip(" *•-–"))


WHEN = re.compile(
    r"\s*,?\s*(?:at\s+any\s+time\s+(?:point\s+)?)?(?:prior\s+to|before|after|following|at\s+the\s+time\s+of)\s+"
    r"(?:(?:the|an?|their|his|her|prior|previous|any|initial|first|last|or\s+during)\s+)*",
    re.I,
)


def when_it_was(text: str, mentions: Sequence[Said]) -> Iterator[tuple[int, int]]:
    """The treatments that only say when a condition was: "hepatocellular carcinoma prior to liver transplant"."""
    for one, following in pairwise(mentions):
        told = one.label == "condition" and following.label in ("treatment", "procedure") and not following.narrowed
        if told and WHEN.fullmatch(text, one.end, following.start):
            yield following.start, following.end


@lru_cache(maxsize=256)
def who_is_fertile(text: str) -> Sequence[tuple[int, int]]:
    """The places that say who is of childbearing potential, and who is not: exceptions among them lift nothing.

    Kept for a while, as more than one decision asks it of the same criterion.
    """
    low = text.lower()
    if not ("bearing" in low or "reproductive" in low or "menopaus" in low):
        return ()
    rules = [OF_CHILDBEARING, DEFINED, TAKEN_FOR_FERTILE, ALSO_FERTILE]
    if "contracep" in low or "birth control" in low or "pregnan" in low:
        rules.append(NO_POTENTIAL)  # by itself it is asked of everybody
    return tuple(
        found.span("words" if "words" in rule.groupindex else 0) for rule in rules for found in rule.finditer(text)
    )


UNDER_WHICH = re.compile(  # "BP > 160/100 on more than 2 drugs", "HIV RNA > 200 at or after 6 months of therapy"
    r"\s*(?:\([^()]*\)\s*)?,?\s*(?:while\s+)?(?:on|despite|under|receiving|taking|whil(?:e|st)\s+on|(?:at\s+or\s+)?after\s+[^,;.()]{1,30}?\sof)\s+"
    r"(?:(?:at\s+least|more\s+than|[≥>]\s?=?|\d+|two|three|four|or|more|maximal|maximum|optimal|optimum|stable|adequate|an?|the|any|"
    r"doses?|of|current|concurrent|treatment\s+with|therapy\s+with)\s*)*",
    re.I,
)


def under_which_it_was(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> Iterator[tuple[int, int]]:
    """The treatment under which a measure keeps a patient out: of itself it does not."""
    measured = [limit for limit in limits if limit.kind in ("lab", "vital")]
    for mention in mentions if measured else ():
        before = max((x.quantity.end for x in measured if x.quantity.end <= mention.start), default=None)
        if mention.label == "treatment" and before and UNDER_WHICH.fullmatch(text, before, mention.start):
            yield mention.start, mention.end


def _is_said_again(text: str, label: re.Match[str], mentions: Sequence[Said]) -> bool:
    """ "Radiotherapy: prior radiotherapy is allowed": a label that only names what the sentence behind is about."""
    named = next((m for m in mentions if m.start >= label.start("words") and m.end == label.end("words")), None)
    if named is None:
        return False
    said = text[named.start : named.end].lower().rstrip("s")
    return any(
        m.start >= label.end()
        and (
            said in text[m.start : m.end].lower()
            or _names_its_end(said, text[m.start : m.end])
            or (m.concept is not None and m.concept == named.concept)
        )
        for m in mentions
    )


def _names_its_end(label: str, said: str) -> bool:
    """Whether a label is named again by its last word: "Stem cell transplant: … since transplant"."""
    return len(said) > 5 and label.endswith(f" {said.lower().rstrip('s')}")


def _counted(text: str, mentions: Sequence[Said]) -> Iterator[tuple[int, int]]:
    """ "Insertion of a port is not considered major surgery", "radiosensitizers do not count"."""
    for found in COUNTS.finditer(text):
        start = max((opening.end() for opening in OPENS.finditer(text, 0, found.start())), default=0)
        this = THIS.search(text, 0, found.start()) and ONE_LINE.match(text, found.end())
        if this is None and OF_PATIENTS.search(text, start, found.start()):
            continue
        if "count" in found[0].lower():
            yield start, found.end()
        if counted := ONE_LINE.match(text, found.end()):
            yield start, counted.end()
        named = next((m for m in mentions if found.end() <= m.start <= found.end() + 12), None)
        if named is not None and (named.label in ("treatment", "procedure") or " not " in found[0]):
            yield start, named.end


NO_METHOD = re.compile(  # "periodic abstinence and withdrawal are not acceptable methods of contraception"
    r"(?:^|(?<=[.;:]\s))(?:(?![.;]\s).){0,200}?\b(?:is|are)\s+not\s+(?:considered\s+)?(?:an?\s+)?"
    r"(?:acceptable|reliable|effective|adequate|sufficient|valid|appropriate)\s+(?:and\s+\w+\s+)?(?:methods?|forms?|means|measures|contracepti\w+)\b[^.;]*",
    re.I,
)
CONTRACEPTION = frozenset({"contraception", "contraceptive_drug", "abstinence"})
CONTRACEPTIVES = ("contracep", "birth control", "condom", "abstinen")
CONTRACEPTIVE = re.compile("|".join(CONTRACEPTIVES), re.I)
ACTIVE = re.compile(r"sexual(?!ly transmitted)|\bconceiv|\bimpregnat|\bfather(?:ing)? a child", re.I)
DURING = re.compile(
    r"\b(?:from|during|when\s+having|while\s+having|of|(?:if|when|while)(?:\s+(?:they|he|she)\s+(?:is|are))?)\s+(?:[\w-]+\s+)?$",
    re.I,
)
PURPOSE = re.compile(r"(?:avoid|prevent)\w*\s+pregnancy", re.I)
STERILE = re.compile(r"steril|menopaus|hysterectom|oophorectom|ligation|vasectom", re.I)


def describe_who_needs_contraception(
    piece: Segment,
    text: str,
    mentions: Sequence[Said],
    turns: Sequence[Sequence[Turn]],
    demands: list[Requirement],
) -> None:
    """ "Sexually active men unwilling to use condoms" keeps no man out for being sexually active.

    Nor is that asked of anyone by "men who are sexually active must use condoms". `demands` holds the mentions' first.
    """
    low = text.lower()
    if not (any(map(low.__contains__, CONTRACEPTIVES)) or any(one.concept in CONTRACEPTION for one in mentions)):
        return
    for i, mention in enumerate(mentions):
        given_up = mention.concept in CONTRACEPTION and demands[i] == "forbid" and piece.section == "exclusion"
        if given_up and GIVES_UP.search(text, max(0, mention.start - 40), mention.start):
            demands[i] = "require"  # "planning to discontinue contraception"
    for i, (one, following) in enumerate(pairwise(mentions)):
        if demands[i : i + 2] == ["require", "forbid"] and _is_said_with(text, one, following):
            demands[i + 1] = "require"
    asked = [
        i
        for i, mention in enumerate(mentions)
        if (mention.concept in CONTRACEPTION or CONTRACEPTIVE.search(text, mention.start, mention.end))
        and _is_wanted(piece, turns[i])
    ]
    if not asked:
        return
    for i, mention in enumerate(mentions):
        during = i not in asked and DURING.search(text, max(0, mention.start - 30), mention.start)
        if i > asked[0] and PURPOSE.match(text, mention.start) and demands[i] in ("require", "forbid"):
            demands[i] = "describe"  # "a method of contraception to avoid pregnancy"
        if during and ACTIVE.search(text, mention.start, mention.end) and demands[i] == "require":
            demands[i] = "describe"
    for i in range(asked[-1]):
        said = text[mentions[i].start : mentions[i].end]
        denied = negations(turns[i]) % 2 == 1
        whom = ACTIVE.search(said) is not None and not denied and mentions[i].concept not in CONTRACEPTION
        whom = whom or (denied and STERILE.search(said) is not None)
        if (
            whom
            and demands[i] in ("require", "forbid")
            and ". " not in text[mentions[i].end : mentions[asked[-1]].start]
        ):
            demands[i] = "describe"


def _is_said_with(text: str, one: Said, following: Said) -> bool:
    """Whether contraception is named once more: "agree to use a contraceptive method, contraception until 3 months"."""
    same = one.concept in CONTRACEPTION and following.concept in CONTRACEPTION
    return same and ONCE_MORE.fullmatch(text, one.end, following.start) is not None


GIVES_UP = re.compile(r"(?<!\bor\s)\b(?:discontinu|stop|ceas|interrupt)\w*\s+(?:[\w-]+\s+){0,2}$", re.I)
ONCE_MORE = re.compile(r"\s*,\s*(?:[\w-]+\s+){0,2}")


def _is_wanted(piece: Segment, turns: Sequence[Turn]) -> bool:
    """Whether contraception is asked for: among reasons for exclusion its lack is said."""
    return piece.section == "inclusion" or any(turn.category == "NEGATED" for turn in turns)
