"""Compounds: what is one mention with the word beside it.

A gene with what became of it, a test with its outcome, a treatment with what it acts on, an allergy with its like.
"""

import re
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from trialcriteria.components.openings import Found
from trialcriteria.components.telling import Sought

TEST = re.compile(
    r"(?:\b(?:tests?|testing|screens?|screening|serology|cultures?|PCR|smears?|assays?|biops(?:y|ies)|QuantiFERON\S*|"
    r"IGRA|TST)|hCG|chorionic gonadotropin)$",
    re.I,
)
OUTCOME_BEHIND = re.compile(
    r"(?:\s*\([^()]*\))?(?:\s+results?)?\s*"
    r"(?:(?:(?:must|should|shall|ha(?:s|ve) to|needs? to)\s+be|is|are|was|were|to be)?\s*"
    r"(?:negative|positive)\b(?!\s+for)|"
    r"with\s+(?:an?\s+)?(?:negative|positive)\s+(?:results?|outcomes?)\b)",
    re.I,
)
OUTCOMES = frozenset({"negative", "positive", "reactive"})
POSITIVE = re.compile(
    r"(?:\s*\([A-Z][^()]{1,14}\))?(?:\s*\(\+\)|[\s-]+(?:positive|reactive|\+ve)(?![\w-])(?!\s+for\b))", re.I
)
NEGATIVE = re.compile(r"(?:^|[,;(*•:]|\b(?:have|has|having|with|a|an|and|or|be|is|are)\s)\s*(?P<is>negative\s+)$", re.I)
OUTCOME_FRONT = re.compile(
    r"\b(?:negative|positive)\s+results?\s+(?:in|on|of|for)\s+(?:(?:an?|the)\s+)?(?:[\w-]+\s+){0,2}$|\b(?:negative|positive)\s+(?:(?!(?:for|with|patients|in|by)\b)[\w-]+\s+(?:\([\w-]{2,8}\)\s+)?){0,6}$",
    re.I,
)
ABBREVIATED = re.compile(  # "EGFR exon 20 insertion", "BRAF V600E mutation", "FLT3 (ITD) mutation"
    r"[\s-]*(?:\([\w/-]+\)\s*)?(?:(?:gene|sensiti[sz]ing|activating|driver|oncogenic|somatic|germline|exons?|kinase|domain|"
    r"point|insertion|deletion|hotspot|\d{1,2}(?:\s*(?:,|or|and|/)\s*\d{1,2})*|[A-Z]\d{1,4}[A-Z]?(?:/[A-Z])?|ITD|TKD)[\s-]+)*"
)
ALTERED = (
    "gene ",
    "mutation",
    "rearrange",
    "fusion",
    "amplif",
    "transloc",
    "alteration",
    "activating ",
    "driver ",
    "insertion",
    "deletion",
    "exon ",
    "wild type",
    "wild-type",
    "overexpress",
    "genom",
)
COMPOUND = re.compile(
    r"\)?[-–](?:specific|selective|containing|based|related|induced|associated|refractory|resistant|dependent|directed|targeted|"
    r"targeting|mediated|sensitive|positive|negative|free|naive|naïve|like|type)|"
    r"\)?\s(?:related|induced|associated|directed|targeted|targeting|sensitive|resistant|sensiti[sz]ing|refractory)(?=\s)",
    re.I,
)
SOME_TREATMENT = re.compile(
    r"(?:(?:systemic|chronic|long-term|oral|intravenous|topical|inhaled|concomitant|continuous|daily|regular|maintenance)\s+)+"
    r"(?:treatment|therapy)",
    re.I,
)
WITH = re.compile(r"\s+with\s+(?:(?:a|an|any|other|the)\s+)*", re.I)
AGAINST = Sought(
    "vaccine vaccines vaccination immune immunization hyperimmune immunoglobulin antiviral",
    r"\s+(?:virus\s+)?(?:vaccin\w+|immuni[sz]ations?|(?:hyper)?immune\s+globulins?|immunoglobulins?|antivirals?)\b",
    re.I,
)
ANTI = Sought("anti", r"\banti-\s?$", re.I)
AIMED = Sought(  # "HER2 targeted antibody", "interleukin-1 (IL-1) inhibitors": what acts on the thing is meant
    "targeted targeting directed specific blocking neutralizing inhibitors antagonists agonists antibodies antibody "
    "blockers tki tkis modulators analogs mimetics based containing",
    r"(?:[-–\s]?\d+[A-Za-z]*)?(?:\s+receptors?)?(?:\s*\([^()]*\))?(?:\s*\d+(?:/\d+)?)?(?:\s+receptors?)?[\s–-]+"
    r"(?:(?:based|containing)\s+(?:[a-z-]+\s+){0,2}?(?:therap(?:y|ies)|regimens?|treatments?|chemotherap(?:y|ies)|combinations?|doublets?)|(?:targeted|directed|specific|blocking)\s+(?:therap(?:y|ies)|treatments?|agents?|drugs?)|(?:(?:targeted|targeting|directed|specific|blocking|neutrali[sz]ing)\s+)?"
    r"(?:inhibitors?|antagonists?|agonists?|(?:monoclonal\s+)?antibod(?:y|ies)|blockers?|TKIs?|modulators?|analog(?:ue)?s?|mimetics?))(?![\w-])",
    re.I,
)
VIRUSES = frozenset({"hepatitis_b", "hepatitis_c", "hepatitis", "hiv", "covid19", "anti_hbc"})
ANTIBODIES = frozenset(
    {"anti_hbc", "anti_hbs", "anti_hcv", "hbeag", "autoantibody", "serology", "neutralizing_antibody"}
)
OF_A_VIRUS = re.compile(  # "hepatitis B surface (HBs) antigen", "hepatitis C ribonucleic acid (RNA)"
    r"(?:\s+virus)?(?:\s*[(\[][^()\[\]]{1,12}[)\]])?[\s-]+"
    r"(?:(?:surface|core|envelope|e)[\s-]+(?:[(\[][^()\[\]]{1,12}[)\]][\s-]*)?)?"
    r"(?:antigens?|antibod(?:y|ies)|[sec]?A[gb](?![a-z])|DNA|RNA|(?:d[ei]oxy)?ribo(?:se\s+)?nucleic\s+acid|viral\s+load|viremia|serology|seropositiv\w+|nucleic\s+acid)\b"
    r"(?:\s*[(\[][^()\[\]]{1,12}[)\]])?",
    re.I,
)
GIVEN = re.compile(
    r"\b(?:monoclonal|bispecific|conjugated?|therap\w+|anti-?(?:CD|PD|CTLA|EGFR|VEGF|HER|TNF|IL|IgE|RANKL))", re.I
)
SHOWN = re.compile(  # what an antibody is against that a patient has himself: a germ, or his own body
    r"virus|hepatitis|\bH[BC]V|\bHIV|\b(?:HTLV|CMV|EBV|HSV|VZV|RSV|HBs|HBc|Hb)\b|measles|rubella|mumps|varicella|syphilis|"
    r"\bcore\b|\bsurface\b|nuclear|phospholipid|cardiolipin|citrullin|\bCCP\b|acetylcholine|aquaporin|AQP4|MuSK|DNA\b|"
    r"thyroid|peroxidase|islet|\bGAD|donor|\bHLA|anti-?drug|\bauto|\bIg[GMAE]\b|smooth muscle|mitochondri|glutaminase|"
    r"endomysial|ANCA",
    re.I,
)
TESTED_FRONT = re.compile(
    r"\b(?:positive|negative|reactive|detectable|presence|titers?|titres?|tests?|serology|seropositive)\s+"
    r"(?:(?:of|for|to|the|any|serum)\s+)*$",
    re.I,
)
TESTED_BEHIND = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:positive|negative|positivity|tit[er]{2}s?|levels?|tests?|status|detect)", re.I
)
OF_A_GERM = re.compile(r"\s+(?:positive\s+|negative\s+)?for\s+(?:the\s+)?", re.I)
OF_SOMETHING = frozenset({"allergy", "contraindication"})
ALTERNATIVE = re.compile(
    r"(?:\s*[,/]\s*(?:sensitivit(?:y|ies)|reactions?|intolerances?))?\s*(?:,|/|,?\s*(?:and/or|or|and))\s*(?:(?:a|an|any|known|other|severe|history\s+of|adverse|absolute|medical)\s+)*"
)


IN_A_GENE = re.compile(r"\s+(?:in|of)\s+(?:(?:the|either|both)\s+)*")
GENE = re.compile(r"\s+(?:in|of)\s+(?:the\s+)?[A-Z][A-Z\d]{1,7}(?:-\d)?(?:\s+gene)?(?![\w-])")  # "mutations in XQR1"
ALTERATION = re.compile(
    r"\b(?:mutations?|rearrangements?|fusions?|amplifications?|alterations?|insertions?|deletions?)$", re.I
)


OF = re.compile(r"\s+of\s+(?:(?:the|an?|any|their|his|her|this|these|all|other|prior|previous)\s+)*", re.I)
A_CHANGE = re.compile(r"\b(?:changes?|adjustments?|modifications?|increases?|escalations?)$", re.I)
IN_IT = re.compile(r"\s+(?:in|of|to)\s+(?:(?:the|their|his|her|any)\s+)?", re.I)
SPEAKS_OF = re.compile(r"(?:free|partners?)$", re.I)
SIDE_BY_SIDE = re.compile(r"[ -]|\s\([A-Z][\w/-]{1,9}\)\s")  # "Bacillus Calmette Guerin (BCG) vaccination" too
MOST_APART = 14
BEGINS_ANEW = re.compile(r"[A-Z][a-z]|FISH\b|(?:during|influencing|predates)\b")
BECAME = re.compile(
    r"(?:(?:not|now|been|un|well|\w+ly)\s+)*(?:treated|cured|resolved|recovered|resected|excised|removed|controlled|failing|"
    r"contraindicated|na[iï]ve|under control)\b"
)
LEADS_ON = re.compile(r"\b(?:to|of|for|with|against|tumou?r)$", re.I)
WHOLE_NAME = re.compile(r"\b(?:diseases?|disorders?|hypertension|fibrosis|cardiomyopathy|h[yi]p[a-z]+emia)$", re.I)
SAYS_LITTLE = frozenset({"systemic_therapy", "medication_general", "study_drug"})
ABUSED = frozenset({"drug_abuse", "alcohol_abuse"})
COURSES = frozenset({"disease_progression", "relapse", "dementia"})
JUST_TREATMENT = re.compile(r"(?:therapy|treatment|medication)", re.I)
ONE_DRUG = re.compile(r"(?!\w+(?:s|ion|er|om|y|c|trial)$)[a-z]+$")
PHRASES = {
    ("condition", "condition"): "condition",
    ("treatment", "treatment"): "treatment",
    ("procedure", "procedure"): "procedure",
    ("treatment", "condition"): "condition",
    ("condition", "treatment"): "treatment",
    ("procedure", "treatment"): "treatment",
    ("biomarker", "treatment"): "treatment",
    ("condition", "procedure"): "procedure",
    ("treatment", "procedure"): "procedure",
}  # what two words side by side name


def with_its_like(text: str, one: Found, waiting: deque[Found]) -> Found:
    """ "Allergy, hypersensitivity or contraindication to X" is one mention: neither word means anything without X."""
    while (
        waiting
        and {one.concept, waiting[0].concept} <= OF_SOMETHING
        and ALTERNATIVE.fullmatch(text, one.end, waiting[0].start)
    ):
        last = waiting.popleft()
        one = one._replace(end=last.end, head=one.head or (one.start, one.end))
    return one


A_SURGERY = re.compile(r"surgery|surgeries|operation|procedure", re.I)  # "bypass grafting (CABG) surgery"


def as_one_phrase(text: str, one: Found, waiting: deque[Found]) -> Found:
    """ "Imatinib mesylate therapy", "radiation colitis", "asthma controller drugs": what stands side by side is one."""
    if not waiting or waiting[0].start - one.end > MOST_APART or _stands_alone(text, one, waiting[0]):
        return one
    last = waiting[0]
    became = BECAME.match(text, last.start) is not None
    same = one.label == last.label == "state" and one.concept == last.concept  # "serum hCG pregnancy test"
    done = one.label == last.label == "procedure" and A_SURGERY.fullmatch(text, last.start, last.end) is not None
    abused = one.concept in ABUSED and last.label in ("state", "treatment")  # "who abuse alcohol"
    label = one.label if became or same or done or abused else PHRASES.get((one.label, last.label))
    if label is None or (one.label == "state" and not same):
        return one
    waiting.popleft()
    if last.frame == "antibody_head" and SHOWN.search(text, one.start, last.end):
        label = "biomarker"
    generic = last.concept in SAYS_LITTLE and one.concept  # "oral MTX treatment regimen"
    concept = one.concept if became or done or abused or generic else last.concept or one.concept
    return one._replace(end=last.end, label=label, concept=concept, head=(one.start, last.end))


def with_what_became(text: str, one: Found, waiting: deque[Found]) -> Found:
    """ "Skin cancer of the ear cured a year ago" is one mention, what became of the disease too."""
    if (
        not waiting
        or (one.label, waiting[0].label) != ("condition", "state")
        or text[one.end : waiting[0].start] != " "
    ):
        return one
    if BECAME.match(text, waiting[0].start) is None:
        return one
    return one._replace(end=waiting.popleft().end, head=one.head or (one.start, one.end))


def with_its_object(text: str, one: Found, waiting: deque[Found]) -> Found:
    """ "Exacerbation of asthma", "the use of anticoagulants": what it is of belongs to it, and what is changed."""
    if waiting and A_CHANGE.search(text, one.start, one.end) and IN_IT.fullmatch(text, one.end, waiting[0].start):
        return one._replace(end=waiting.popleft().end, head=one.head or (one.start, one.end))
    while waiting and waiting[0].label != "treatment" and OF.fullmatch(text, one.end, waiting[0].start):
        if SPEAKS_OF.search(text, one.start, one.end):
            return one  # "disease free of prior malignancies", "partners of pregnant women"
        one = one._replace(end=waiting.popleft().end, head=one.head or (one.start, one.end))
    return one


def _stands_alone(text: str, one: Found, last: Found) -> bool:
    """Whether what stands right behind `one` is no part of it: a list without line breaks, or what it is aimed at."""
    if SIDE_BY_SIDE.fullmatch(text, one.end, last.start) is None:
        return True
    if BEGINS_ANEW.match(text, last.start) or text.startswith(" to ", last.end):
        return True
    if LEADS_ON.search(text, one.start, one.end) or ANTI.search(text, max(0, one.start - 8), one.start):
        return True  # "allergy to", "tumour liver metastasis", "anti-cancer"
    if (one.label, last.label) == ("treatment", "condition") and JUST_TREATMENT.fullmatch(text, one.start, one.end):
        return True  # "requiring therapy brain metastases", a participle in front of them
    if one.label == last.label:
        words = text[last.start : last.end]
        named = one.label == "treatment" and last.frame == "lexicon" and ONE_DRUG.fullmatch(words) is not None
        return named or (WHOLE_NAME.search(text, one.start, one.end) is not None and last.concept not in COURSES)
    return one.label == "treatment" and last.label == "condition" and text[last.start].isupper()


def with_its_gene(text: str, one: Found, waiting: deque[Found]) -> Found:
    """ "Sensitizing mutations in EGFR" is one biomarker: what became of which gene."""
    if one.label != "biomarker" or not ALTERATION.search(text, one.start, one.end):
        return one
    gene = waiting[0] if waiting else None
    if gene is None or gene.label != "biomarker" or IN_A_GENE.fullmatch(text, one.end, gene.start) is None:
        named = GENE.match(text, one.end)
        apart = named is None or (gene is not None and gene.start < named.end())
        return one if named is None or apart else one._replace(end=named.end(), head=one.head or (one.start, one.end))
    waiting.popleft()
    return one._replace(end=gene.end, concept=gene.concept, head=one.head or (one.start, one.end))


def as_a_finding(text: str, one: Found) -> Found:
    """ "Hepatitis B core antibody" is a biomarker: an antibody that a patient has himself, and is not given."""
    if one.frame != "antibody_head" or GIVEN.search(text, one.start, one.end):
        return one
    shown = SHOWN.search(text, one.start, one.end) or TESTED_BEHIND.match(text, one.end)
    if not shown and not TESTED_FRONT.search(text, max(0, one.start - 30), one.start):
        return one
    return one._replace(label="biomarker", concept=None)


def with_its_germ(text: str, one: Found, waiting: deque[Found]) -> Found:
    """ "Antibody positive for hepatitis C virus" is one biomarker: what was found, and of which germ."""
    if one.label != "biomarker" or not waiting or waiting[0].label != "condition":
        return one
    if OF_A_GERM.fullmatch(text, one.end, waiting[0].start) is None:
        return one
    germ = waiting.popleft()
    return one._replace(end=germ.end, head=one.head or (one.start, one.end))


def with_alteration(text: str, gene: Found, waiting: deque[Found]) -> Found:
    """ "Epidermal growth factor receptor (EGFR) gene mutation" is one biomarker: the gene, and what became of it."""
    number = int(len(waiting) > 1 and _in_brackets(text, gene, waiting[0]))
    if number >= len(waiting) or {gene.label, waiting[number].label} != {"biomarker"}:
        return gene
    other = waiting[number]
    if ABBREVIATED.fullmatch(text, gene.end, other.start) is None:
        return gene
    if not text[other.start : other.end].lower().startswith(ALTERED):
        return gene
    for _ in range(number + 1):
        waiting.popleft()
    return gene._replace(end=other.end)


VARIANT = re.compile(r"\b[A-Z]\d{2,4}[A-Z*]?(?:/[A-Z])?\s+$")


def with_its_variant(text: str, one: Found, before: Sequence[Found]) -> Found:
    """ "G719X mutation" is one biomarker: which mutation."""
    if one.concept != "mutation" or one.label != "biomarker":
        return one
    floor = before[-1].end if before else 0
    variant = VARIANT.search(text, max(floor, one.start - 10), one.start)
    return one._replace(start=variant.start(), head=(variant.start(), one.end)) if variant else one


def with_its_marker(text: str, virus: Found, waiting: deque[Found], closed: Sequence[tuple[int, int]]) -> Found:
    """ "Hepatitis B surface (HBs) antigen" is a biomarker and no hepatitis; "anti-HBc antibody" is one too."""
    if virus.concept not in VIRUSES:
        return virus
    marker = OF_A_VIRUS.match(text, virus.end) or POSITIVE.match(text, virus.end)
    if marker is None:
        return virus
    if any(a < marker.end() and virus.end < b for a, b in closed):
        return virus
    while waiting and waiting[0].start < marker.end():
        waiting.popleft()
    return virus._replace(end=marker.end(), label="biomarker", concept=None, head=(virus.start, marker.end()))


def begins_another(text: str, one: Found, waiting: deque[Found]) -> int | None:
    """Where a mention begins whose name begins with another one: "CLL-specific therapy" is a therapy, no disease."""
    if not waiting:
        return None
    following = waiting[0]
    bound = COMPOUND.match(text, one.end)
    if bound and "target" in bound[0] and (one.label, following.label) == ("treatment", "biomarker"):
        return None  # "cell therapies targeting DLL3" are therapies
    if bound and one.end <= following.start <= bound.end() + 1 and following.end > bound.end():
        return one.start
    if (
        one.label == following.label == "treatment"
        and SOME_TREATMENT.fullmatch(text, one.start, one.end)
        and WITH.fullmatch(text, one.end, following.start)
    ):
        return one.start  # "systemic treatment with corticosteroids"
    if one.label == "condition" and AGAINST.match(text, one.end) and following.start < one.end + 12:
        return one.start  # "influenza virus vaccines"
    anti = ANTI.search(text, max(0, one.start - 8), one.start)  # "anti-SARS-CoV-2 antibodies"
    if anti and following.label == "treatment" and text[one.end : following.start] == " ":
        return anti.start()
    return None


def aimed_at(text: str, one: Found, waiting: deque[Found]) -> Found:
    """The treatment that acts on `one`, where a word for it follows."""
    if one.label not in ("biomarker", "treatment") or one.concept in ANTIBODIES:
        return one
    aimed = AIMED.match(text, one.end)
    if aimed is None:
        return one
    while waiting and waiting[0].start < aimed.end():
        last = waiting.popleft()
        if last.end > aimed.end():  # "IL-1 antagonist anakinra"
            waiting.appendleft(last)
            return one
    return one._replace(end=aimed.end(), label="treatment", concept=None, head=(one.start, aimed.end()))


CONTRAINDICATED = re.compile(
    r"\s+(?:(?:is|are|was|were|would\s+be|may\s+be)\s+)?(?:medically\s+)?contra-?indicated\b", re.I
)
RESISTANT = re.compile(
    r"(?:[-–](?:resistant|refractory)|[-–\s](?:susceptible|sensitive))(?=\s*(?:[.,;:)]|$|\s(?:by|as|and|or|to|in|with|defined|within|after)\b))",
    re.I,
)


def resisted(text: str, one: Found) -> Found:
    """ "Must be cetuximab-resistant" is said of the disease, "for whom cetuximab is contraindicated" of the patient."""
    if one.label not in ("treatment", "procedure"):
        return one
    concept = "refractory_disease" if one.label == "treatment" else None
    found = RESISTANT.match(text, one.end) if concept else None
    if found is None:
        found, concept = CONTRAINDICATED.match(text, one.end), "contraindication"
    if found is None:
        return one
    return one._replace(end=found.end(), label="condition", concept=concept, head=(one.start, found.end()))


OF_A_FORM = Sought(  # "non-plaque forms of psoriasis", "progressive types of multiple sclerosis"
    "form forms type types variant variants subtype subtypes",
    r"(?<![\w-])(?!(?:other|all|any|some|certain|both|either|these|those|the|following|various|different|several|such|many|more|"
    r"most|severe|no|and|or|of|for|with|known)\b)[a-z][\w-]+\s+(?:forms?|types?|variants?|subtypes?)\s+of\s+$",
    re.I,
)


ONLY_SITE = Sought(  # "lymph nodes as the only site of metastases" are not just any
    "site sites",
    r"(?:^|[.;:,(\s])(?P<words>(?:(?:\w+|\([^()]*\))\s+){1,4}?as\s+(?:the\s+|their\s+)?(?:only|sole)\s+sites?\s+of\s+)$",
    re.I,
)
AT_RISK = Sought(  # "a high risk of tumour lysis" is no tumour lysis
    "risk",
    r"\b(?:(?:(?:low|intermediate|moderate|medium|average)\s*(?:,|or|to|/|and)\s*){0,2}(?:very\s+)?(?:intermediate|moderate|high|higher|increased|elevated|significant|substantial|negligible|minimal|bleeding)\s+)?risk\s+"
    r"(?:of|for)\s+(?:(?:developing|an?|the|major|serious|recurrent|future|having)\s+)*$",
    re.I,
)


RAISES_IT = re.compile(
    r"(?:\b(?:increas|rais|elevat|reduc|lower|decreas|minimi[sz])\w*|\b(?:due\s+to|because\s+of|or|and|low|expected|estimated|anticipated|predicted))\s+(?:(?:the|an?|their)\s+)?$",
    re.I,
)


ORIGIN = Sought(
    "origin etiology aetiology",
    r"\s+of\s+(?:an?\s+|any\s+)?(?!(?:an?|any|the|this)\s+(?:origin|a?etiology))(?:[\w/-]+\s+){1,3}(?:origin|a?etiology)\b",
    re.I,
)


def of_its_form(text: str, one: Found) -> Found:
    """A disease with the form or the origin of it that is meant ("obesity of endocrine origin"), or the risk of it."""
    if one.label != "condition":
        return one
    if origin := ORIGIN.match(text, one.end):
        one = one._replace(end=origin.end(), head=one.head or (one.start, one.end))
    if form := OF_A_FORM.search(text, max(0, one.start - 40), one.start):
        return one._replace(start=form.start())
    if site := ONLY_SITE.search(text, max(0, one.start - 70), one.start):
        return one._replace(start=site.start("words"))
    risk = AT_RISK.search(text, max(0, one.start - 60), one.start)
    if risk and RAISES_IT.search(text, max(0, risk.start() - 30), risk.start()):
        return one  # "a drug that increases the risk of myopathy": about the drug; "active or risk for necrosis"
    return one._replace(start=risk.start(), concept=None) if risk else one


SIGNED = re.compile(r"(?<=-)(?:positive|negative)\b", re.I)


def with_its_sign(text: str, one: Found) -> Found:
    """ "Ph-positive": its hyphen is no minus."""
    said = SIGNED.match(text, one.end) if one.label == "biomarker" else None
    return one._replace(end=said.end()) if said else one


EXCEPTED = Sought(
    "other except excepting apart excluding",
    r"\b(?:other\s+than|except(?:ing)?(?:\s+for)?|apart\s+from|excluding)\s+(?:(?:an?|the|any)\s+)*$",
    re.I,
)
OF_THE_WHOLE = re.compile(  # not "basal cell carcinoma that has been excised"
    r"\s+(?:that|which|who)\s+(?:would|could|may|might|will|can|was|were|is|are|has|have|in)\b"
    r"(?!\s+(?:been\s+|being\s+|not\s+)?(?:\w+ly\s+|well[\s-])?(?:\w+ed\b|cured|stable|in\s+remission|inactive))",
    re.I,
)


def without_clause_of_the_whole(text: str, one: Found) -> Found:
    """ "Any disease other than asthma which could affect safety": the clause is of the disease, not of the asthma."""
    if one.label != "condition" or not EXCEPTED.search(text, max(0, one.start - 24), one.start):
        return one
    clause = OF_THE_WHOLE.search(text, one.start, one.end)
    if clause is None:
        return one
    head = one.head and (one.head[0], min(one.head[1], clause.start()))
    return one._replace(end=clause.start(), head=head)


ADJECTIVES = re.compile(r",\s(?:[a-z]+(?:-[a-z]+)*\s+){0,2}")
RESECTED = re.compile(r"resected|excised|treated", re.I)


def joined_with_its_removal(text: str, waiting: deque[Found]) -> Found:
    """The next mention, with what was done about it in front: "resected, non-invasive carcinoma"."""
    first = waiting.popleft()
    if not waiting or RESECTED.fullmatch(text, first.start, first.end) is None:
        return first
    second = waiting[0]
    if second.label != "condition" or ADJECTIVES.fullmatch(text, first.end, second.start) is None:
        return first
    return waiting.popleft()._replace(start=first.start, head=second.head or (second.start, second.end))


EITHER_SEX = re.compile(r"healthy(?=\s+(?:fe)?males?\s*(?:and|or|/|and/or)\s*(?:[\w-]+\s+)?(?:fe)?males?\b)", re.I)


def of_either_sex(text: str, one: Found) -> Found:
    """ "Healthy male and female subjects" are healthy."""
    said = EITHER_SEX.match(text, one.start) if one.label == "state" else None
    return one._replace(end=said.end(), head=(one.start, said.end())) if said else one


CODED = re.compile(
    r"(?:medications?|treatments?|therapy|administration|stud(?:y|ies)|trials?)\s+(?:of|with)\s+[A-Z]{2,}[A-Z-]*\d{3,}[\w-]*"
)


def with_its_code(text: str, one: Found) -> Found:
    """ "Medication of AZD9291": the code of a product that no list holds."""
    at = text.rfind(" ", one.start, one.end) + 1 or one.start
    coded = CODED.match(text, at) if one.label == "treatment" else None
    return one._replace(end=coded.end(), head=(one.start, coded.end())) if coded and coded.end() > one.end else one


TREATED = re.compile(r"-treated\s+(?:or\s+)?(?:[\w-]+\s+)?")


def treated_with_it(text: str, one: Found, waiting: deque[Found]) -> Found:
    """ "Insulin-treated diabetes": a disease, and no treatment of its own."""
    treated = TREATED.match(text, one.end) if one.label == "treatment" and waiting else None
    if treated is None or waiting[0].label != "condition":
        return one
    if not treated.start() < waiting[0].start <= treated.end():
        return one
    return waiting.popleft()._replace(start=one.start)


CHANGE = re.compile(
    r"\b(?:(?:dose|dosage|recent|significant|major|planned)\s+)*(?:changes?|adjustments?|modifications?|alterations?|"
    r"(?:abrupt|sudden)\s+(?:discontinuation|cessation|withdrawal|interruption))\s+"
    r"(?:in|of|to)\s+(?:(?:the|their|any|these|this|dose|dosage|doses|type|of|or|frequency|stable|background|maintenance|asthma|permitted|allowed|prescribed|current|baseline|concomitant)\s+)*$|"
    r"\b(?:increasing|escalating|decreasing)\s+doses?\s+of\s+$|"
    r"\b(?:un-?|non-?)stable\s+(?:doses?|dosages?|regimens?)\s+of\s+(?:(?:an?|any|the|their|other)\s+)*$|"
    r"\b(?:to|not|or|and|will|may)\s+(?P<verb>(?:alter|change|modify|adjust))\s+(?:(?:the|their|his|her|any|an?|these|this|dose|doses|of|current|background|concomitant|existing)\s+)*$|"
    r"\b(?:changed|altered|adjusted|modified)\s+(?:(?:the|their|his|her|any|these|this|dose|doses|dosage|regimens?|of|or|and)\s+)*$",
    re.I,
)


FURTHER = r"(?:(?:any|other|another|the|their|an?|prior|previous)\s+)*$"


class StandsFor(NamedTuple):
    """What in front of a name makes another thing of it: of names of which labels, and what that is; None: the same."""

    front: Sought
    of: tuple[str, ...]
    label: str | None = None
    concept: str | None = None
    both: bool = False  # whether it is said of what "or" joins too


STANDS_FOR = (
    StandsFor(
        Sought(  # "excessive amounts of caffeine" are not any
            "excessive large heavy",
            r"\b(?:excessive|large|heavy)\s+(?:amounts?|quantity|quantities|consumption|intake|use|doses?)\s+of\s+"
            rf"{FURTHER}",
            re.I,
        ),
        ("treatment", "state"),
    ),
    StandsFor(
        Sought(
            "dependence dependency dependent addiction addicted",
            rf"\b(?:dependence|dependency|dependent|addiction|addicted)\s+(?:on|to|upon)\s+{FURTHER}",
            re.I,
        ),
        ("treatment", "state"),
        "condition",
        "drug_abuse",
    ),
    StandsFor(
        Sought(
            "risk predisposition susceptibility",
            rf"\b(?:risk\s+factors?\s+for|predisposition\s+to|susceptibility\s+to)\s+{FURTHER}",
            re.I,
        ),
        ("treatment", "condition"),
        "condition",
    ),
    StandsFor(
        Sought(  # "any other conditions causing neuropathic pain", "secondary causes of hypertension"
            "cause causes reason reasons causing mimic lead leads leading predispose increase",
            r"\b(?:(?:other|another|some|potential|possible|secondary|reversible|treatable|identifiable|known|specific|plausible|"
            r"additional|alternative|non-?\s?\w+)\s+)*"
            r"(?:(?:causes?|reasons?)\s+(?:of|for)|(?:conditions?|diseases?|disorders?|illness(?:es)?|factors?)\s+"
            r"(?:(?:that|which|what)\s+)?(?:(?:may|can|could|might|would)\s+)?(?:(?:known|likely|thought)\s+to\s+)?"
            rf"(?:caus(?:e|es|ing)|mimic(?:s|king)?|lead(?:s|ing)?\s+to|predispos(?:e|es|ing)\s+to|"
            rf"increas(?:e|es|ing)\s+(?:(?:the|their|his|a)\s+)*risks?\s+(?:of|for)))\s+{FURTHER}",
            re.I,
        ),
        ("condition", "biomarker"),
        "condition",
        both=True,
    ),
    StandsFor(
        Sought(
            "lack nonresponse non-response unresponsiveness",
            rf"\b(?:lack\s+of\s+(?:response|efficacy)|non-?response|unresponsiveness)\s+(?:to|of|with)\s+{FURTHER}",
            re.I,
        ),
        ("treatment", "procedure"),
        "condition",
        "refractory_disease",
    ),
    StandsFor(
        Sought(  # "insufficient response to ≥ 2 biologics"
            "response",
            r"\b(?:inadequate|insufficient|incomplete|poor|suboptimal)\s+responses?\s+(?:to|with)\s+"
            rf"(?:(?:[≥>]=?\s*|at\s+least\s+)?(?:\d|one|two|three)\s+(?:or\s+more\s+)?)?{FURTHER}",
            re.I,
        ),
        ("treatment", "procedure"),
        "condition",
        "refractory_disease",
    ),
    StandsFor(
        Sought(
            "inappropriate unsuitable unfit",
            rf"\b(?:inappropriate|unsuitable|unfit)\s+for\s+(?:(?:treatment|therapy)\s+with\s+)?{FURTHER}",
            re.I,
        ),
        ("treatment", "procedure"),
        "condition",
        "contraindication",
    ),
    StandsFor(
        Sought(
            "inconsistent",
            rf"\binconsistent\s+with\s+(?:(?:a|the)\s+)?(?:diagnosis\s+of\s+)?{FURTHER}",
            re.I,
        ),
        ("condition",),
        "condition",
    ),
    StandsFor(
        Sought(  # "abnormality in bile acid secretion"
            "abnormality disorder deficiency defect disturbance",
            rf"\b(?:abnormalit(?:y|ies)|disorders?|deficienc(?:y|ies)|defects?|disturbances?)\s+(?:in|of)\s+{FURTHER}",
            re.I,
        ),
        ("treatment",),
        "condition",
    ),
    StandsFor(
        Sought(  # "prior failure of methotrexate" is no methotrexate
            "failure failures",
            rf"\b(?:(?:treatment|therapy|therapeutic|virologic(?:al)?)\s+)?failures?\s+(?:of|to|with|on)\s+{FURTHER}",
            re.I,
        ),
        ("treatment",),
        "treatment",
    ),
)
AS_ITS_CAUSE = re.compile(  # "alpha-1 antitrypsin deficiency as the underlying cause of COPD"
    r"\b(?:as|is|are|be|being)\s+(?:(?:the|an?)\s+)?(?:\w+\s+)?$", re.I
)


def _is_told_as_cause(text: str, found: re.Match[str]) -> bool:
    said = "cause" in found[0].lower() or "reason" in found[0].lower()
    return said and AS_ITS_CAUSE.search(text, max(0, found.start() - 30), found.start()) is not None


def what_stands_for(text: str) -> list[StandsFor]:
    """Which of them may stand in a text."""
    return [rule for rule in STANDS_FOR if rule.front.may_stand_in(text)]


OR = re.compile(r"\s+or\s+")


def as_what_it_stands_for(
    text: str, one: Found, before: Sequence[Found], waiting: deque[Found], rules: Sequence[StandsFor]
) -> Found:
    """ "Dependence on opioids" is a disease and no use of them, "risk factors for pneumonia" are no pneumonia.

    "Diseases that may cause diarrhea or bleeding" are one mention, and neither the one nor the other.
    """
    floor = max(before[-1].end if before else 0, one.start - 80)
    for rule in rules:
        found = rule.front.plain.search(text, floor, one.start) if one.label in rule.of else None
        if found and not _is_told_as_cause(text, found):
            if rule.both and waiting and waiting[0].label in rule.of and OR.fullmatch(text, one.end, waiting[0].start):
                one = one._replace(end=waiting.popleft().end)
            head = found.start(), one.end
            one = one._replace(start=found.start(), head=head)
            return one._replace(label=rule.label, concept=rule.concept) if rule.label else one
    return one


DOSE_OF = re.compile(r"\b(?:doses?|dosages?)\s+of\s+(?:(?:an?|any|the|their|other)\s+)*$", re.I)
CHANGED = re.compile(
    r"\s+(?:(?:is|was|were|are|has\s+been|have\s+been)\s+)?(?:changed|altered|modified|adjusted)\b", re.I
)


def with_change(text: str, one: Found, before: Sequence[Found]) -> Found:
    """ "No change of antihypertensives": what is denied is the change, not the drug."""
    if one.label not in ("treatment", "state"):
        return one
    floor = before[-1].end if before else 0
    changed = CHANGED.match(text, one.end)
    if changed and (dose := DOSE_OF.search(text, max(floor, one.start - 30), one.start)):
        return one._replace(start=dose.start(), end=changed.end(), head=(dose.start(), changed.end()))
    change = CHANGE.search(text, max(floor, one.start - 70), one.start)
    if change is None:
        return one
    start = change.start("verb") if change["verb"] else change.start()
    return one._replace(start=start, head=(start, one.end))


def _in_brackets(text: str, one: Found, short: Found) -> bool:
    """Whether `short` stands in brackets right behind `one`, as its abbreviation does."""
    return text[one.end : short.start].strip() == "(" and text[short.end : short.end + 1] == ")"


def with_outcome(text: str, one: Found, before: Sequence[Found]) -> Found:
    """ "Pregnancy test must be negative": the outcome of a test belongs to it, and turns nothing."""
    if TEST.search(text, one.start, one.end) is None:
        positive = POSITIVE.match(text, one.end) if one.label == "biomarker" else None
        if positive:
            return one._replace(end=positive.end(), head=one.head or (one.start, one.end))
        front = NEGATIVE.search(text, max(0, one.start - 20), one.start) if one.label == "biomarker" else None
        start = front.start("is") if front else one.start
        return one._replace(start=start, head=(start, one.end)) if front else one
    behind = OUTCOME_BEHIND.match(text, one.end)
    floor = before[-1].end if before else 0
    front = OUTCOME_FRONT.search(text, max(floor, one.start - 70), one.start)
    start, end = front.start() if front else one.start, behind.end() if behind else one.end
    return one._replace(start=start, end=end, head=(start, end)) if behind or front else one
