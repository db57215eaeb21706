"""What narrows what: a class or a limit beside a condition, and whether a limit is of a mention or under one."""

import re
from collections.abc import Collection, Sequence

from trialcriteria.components import recoveries, variants
from trialcriteria.components.condition_names import id_of
from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.telling import Sought
from trialcriteria.components.terms import Term
from trialcriteria.premises import SENTENCE_ENDS
from trialcriteria.records import Requirement

BEHIND_A_CLASS = re.compile(r"[\s)]*(?:or (?:greater|higher|worse|above)\s*)?(?:of the|of)?\s*")
BEFORE_A_CLASS = re.compile(  # "neuropathy that is > grade 1"
    r"(?:\s+(?:that|which)\s+(?:is|are|was|were|has|have|(?:may|can|must|should)\s+be))?"
    r"[\s,(:-]*(?:of|with|\([A-Z]{2,6}\)|\(?defined as|classified as|by|greater than|at least)?[\s,(]*(?:a|the)?\s*"
)
TO_ITS_CLASS = re.compile(
    r"(?:\s*\([^()]{2,30}\))?[\s,(:-]*(?:functional\s+)?(?:class|grade|stage)?[\s,(:-]*(?:of\s+)?", re.I
)
OF_RESECTION = frozenset({"resection_margin", "resection_class"})


def link_scales(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """A class or grade beside a condition, or around it, narrows it: "class III heart failure as defined by NYHA"."""
    for number, limit in enumerate(limits):
        if limit.events:
            continue
        if limit.attribute in OF_RESECTION:
            before = [i for i, mention in enumerate(mentions) if _is_resection(text, mention, limit)]
            limit.events = before[-1:]
        elif limit.kind == "scale" and limit.levels:
            beside = _graded(text, limit, mentions)
            limit.events = [] if beside is None else [beside]
        for i in limit.events:
            mentions[i].narrowed.append(number)


def _graded(text: str, limit: Limit, mentions: Sequence[Said]) -> int | None:
    """What is of a class or grade: what it stands in front of, or behind, rather than beyond a comma."""
    beside = [i for i, mention in enumerate(mentions) if _is_beside(text, mention, limit)]
    if len(beside) > 1 and text[mentions[beside[0]].end : limit.first].strip() == ",":
        beside = beside[1:]  # "infarction, grade 2 heart failure"
    if limit.attribute != "ctcae":
        return beside[0] if beside else None
    suffered = [i for i in beside if mentions[i].label != "treatment"]
    return suffered[0] if suffered else recoveries.toxicity_of(text, limit, mentions)


def _is_resection(text: str, mention: Said, limit: Limit) -> bool:
    return mention.end <= limit.quantity.start and "resect" in text[mention.start : mention.end].lower()


def _is_beside(text: str, mention: Said, limit: Limit) -> bool:
    """Whether a mention stands right behind a class, right before it, or between it and the name of its scale."""
    if limit.span and limit.quantity.end <= mention.start and mention.end <= limit.span[0]:
        return True
    if limit.span and limit.span[0] < mention.end <= limit.span[1]:
        return True  # "grade II-IV acute GVHD", where the disease names the scale
    if limit.span and limit.span[1] <= mention.start and mention.end <= limit.quantity.start:
        return (  # "NYHA congestive heart failure (CHF) class III-IV"
            not text[limit.span[1] : mention.start].strip(" ()")
            and TO_ITS_CLASS.fullmatch(text, mention.end, limit.quantity.start) is not None
        )
    end = max(limit.quantity.end, limit.span[1] if limit.span else 0)
    if mention.start >= end:
        return BEHIND_A_CLASS.fullmatch(text, end, mention.start) is not None
    return mention.end <= limit.first and BEFORE_A_CLASS.fullmatch(text, mention.end, limit.first) is not None


def choose_between_target_and_condition(
    text: str, limits: Sequence[Limit], mentions: Sequence[Said], permitted: Sequence[bool]
) -> None:
    """What a condition names is no target too: "in patients with liver metastases: AST ≤ 5 x ULN".

    But an event with a distance of its own is the target, and so are what is allowed and what is forbidden with the
    limit: "(6 weeks for nitrosoureas)", "subjects with HIV are allowed if the viral load is < 50", "patients with renal
    failure of stage 4". A target's own condition need not be said again.
    """
    for number, limit in enumerate(limits):
        variants.name_who(text, limit, [(mention.start, mention.end) for mention in mentions])
        if limit.condition is None or not limit.events:
            continue
        named = [i for i in limit.events if _meet(mentions[i], limit.condition)]
        if not named:
            if all((own := mentions[i].condition) and _overlap(own, limit.condition) for i in limit.events):
                _lay_condition_bare(limit)
            continue
        set_off = SETS_OFF.match(text, limit.condition[0]) or text[limit.condition[1] :].lstrip().startswith(":")
        if limit.is_time or all(permitted[i] for i in named) or not set_off:
            _lay_condition_bare(limit)
            continue
        limit.events = [i for i in limit.events if i not in named]
        for i in named:
            mentions[i].narrowed.remove(number)


SETS_OFF = re.compile(r"(?:for|in|if|among|when|unless)\b", re.I)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _meet(mention: Said, span: tuple[int, int]) -> bool:
    return _overlap((mention.start, mention.end), span)


def _lay_condition_bare(limit: Limit) -> None:
    limit.condition = limit.condition_id = None


SAME_EXCEPTION = re.compile(r"[\s,(:-]*(?:(?!(?:and|or|but|unless|except|which|then)\b)[\w'-]+[\s,(]+){0,4}", re.I)


def link_to_excepted(text: str, limits: Sequence[Limit], mentions: Sequence[Said], permitted: Sequence[bool]) -> None:
    """A number within an exception narrows what is excepted: "except skin cancer (up to 3 lesions)".

    `permitted`: whether a limit is.
    """
    for number, limit in enumerate(limits):
        if not permitted[number] or limit.is_time or limit.events or limit.narrows or limit.exception_to is not None:
            continue
        excepted = [i for i, m in enumerate(mentions) if m.exception_to is not None and m.end <= limit.first]
        if excepted and SAME_EXCEPTION.fullmatch(text, mentions[excepted[-1]].end, limit.first):
            limit.events = [excepted[-1]]
            mentions[excepted[-1]].narrowed.append(number)


def link_to_permitted(
    text: str, limits: Sequence[Limit], mentions: Sequence[Said], asked: Collection[int], permitted: Sequence[bool]
) -> None:
    """What a permission asks is asked of whom it lets in: "Gilbert's syndrome is allowed if direct bilirubin < 35 %".

    `asked` are the limits that are; `permitted`: whether a mention is.
    """
    for number in asked:
        limit = limits[number]
        if limit.events or limit.narrows or limit.exception_to is not None:
            continue
        before = [
            i
            for i, mention in enumerate(mentions)
            if permitted[i]
            and mention.end <= limit.first
            and IN_RETURN.search(text, mention.end, limit.first)
            and not SENTENCE_ENDS.search(text, mention.end, limit.first)
        ]
        if before:
            limit.events = [before[0]]
            mentions[before[0]].narrowed.append(number)


def link_to_let_in(text: str, limits: Sequence[Limit], mentions: Sequence[Said], permitted: Sequence[bool]) -> None:
    """ "Subjects with HIV are allowed if CD4 is ≥ 200 and HIV RNA < 50": both are asked of whom they let in.

    `permitted`: whether a mention is.
    """
    for led in LETS_IN.finditer(text) if any(permitted) else ():
        let_in = [i for i, mention in enumerate(mentions) if permitted[i] and mention.end <= led.start()]
        if not let_in or SENTENCE_ENDS.search(text, mentions[let_in[0]].end, led.start()):
            continue
        reach, asked_at = led.end(), -1
        for number, limit in enumerate(limits):
            if limit.quantity.start != asked_at:  # of a pair, or of what a list shares, each is asked
                if limit.first < reach:
                    continue
                if not ASKS_ON.fullmatch(text, reach, limit.first):
                    break
            reach, asked_at = limit.quantity.end, limit.quantity.start
            if limit.is_time or limit.events or limit.narrows or limit.exception_to is not None:
                continue
            limit.events = [let_in[0]]
            mentions[let_in[0]].narrowed.append(number)
            if limit.condition and limit.condition[0] < led.start():
                _lay_condition_bare(limit)  # "Patients with HIV": whom it is asked of


def hold_for_the_let_in(
    text: str, mentions: Sequence[Said], demands: Sequence[Requirement], known: Sequence[Term]
) -> None:
    """ "Patients with hepatitis B are eligible if on antiviral therapy": the therapy is asked of these alone."""
    for led in LETS_IN.finditer(text):
        let_in = [
            mention
            for mention, demand in zip(mentions, demands, strict=True)
            if demand == "permit"
            and mention.end <= led.start()
            and not SENTENCE_ENDS.search(text, mention.end, led.start())
        ]
        if not let_in:
            continue
        whom = _whom(text, let_in, led.start())
        ends = PROVISO_ENDS.search(text, led.end())
        until = ends.start() if ends else len(text)
        for mention, demand in zip(mentions, demands, strict=True):
            asked = demand in ("require", "forbid") and led.end() <= mention.start < until
            if asked and mention.condition is None and mention.exception_to is None:
                mention.condition, mention.condition_id = whom, id_of(text, whom, known, further=False)


def _whom(text: str, let_in: Sequence[Said], end: int) -> tuple[int, int]:
    """The words for those whom a sentence lets in, from its beginning to its verb."""
    subject = SUBJECT.search(text, 0, end)
    start, stop = subject.span("whom") if subject else (0, 0)
    if start <= let_in[0].start and let_in[-1].end <= stop:
        return start, stop
    return let_in[0].start, let_in[-1].end


SUBJECT = re.compile(  # of "patients with HIV are eligible", in front of what lets them in
    r"(?:^|[;:(]|\.\s|\s[-–]\s|\)\.)\W*(?:note:?\s+|however,?\s+)?(?P<whom>(?:[^;:().]|\.(?!\s)|\([^()]*\)){3,200}?)\s+"
    r"(?:(?:is|are|was|were|may|can|could|will|would|also|still|be|being|considered|only)\s+)*$",
    re.I,
)
PROVISO_ENDS = re.compile(r"[;)]|\.(?=\s)|\.$|,\s+but\b")
LETS_IN = Sought(
    "eligible allowed permitted acceptable accepted participate enrolled included qualify enter join excluded",
    r"\b(?:eligible|allowed|permitted|acceptable|accepted|participate|enrolled|included|qualify|"
    r"not\s+(?:be\s+)?excluded|(?:eligible\s+to\s+)?(?:enter|join)\s+(?:the|this)\s+(?:trial|study))\s*,?\s+(?:only\s+)?"
    r"(?:if|when|provided(?:\s+that)?|as\s+long\s+as)\s|"
    r"\bonly\s+(?:be\s+)?(?:eligible|allowed|permitted|enrolled|included)\s+(?:after|once|following)\s",
    re.I,
)
ASKS_ON = re.compile(
    r"[\s),]*(?:(?:and|or|with)\s+)?(?:(?!(?:and|or|but|unless|except|which|then|for)\b)[\w'’+/-]+[\s(]+){0,8}", re.I
)
IN_RETURN = re.compile(r"\b(?:if|provided|as\s+long\s+as|when|once|after|with)\b", re.I)
BESIDE = re.compile(
    r"\s*(?:[(（](?:\s*(?:(?-i:[A-Z][A-Za-z-]{1,7})|i\.e\.,?|e\.g\.,?|defined as|with|a|an))?\s*|"
    r"[:：](?!\s*[(（]\d)\s*(?:an?\s+)?"
    r"(?:(?:fall|drop|rise|increase|decrease) (?:of|in)\s*)?|,?\s*"
    r"(?:(?:as )?(?:defined|evidenced|indicated|demonstrated|documented|shown|measured|determined|assessed) (?:as|by)|"
    r"i\.e\.,?|e\.g\.,?|of at least|with|of|whose|"
    r"(?:patients?|subjects?|participants?|individuals?|persons?|people|(?:wo)?men|adults|children)\s+"
    r"(?:with|whose|(?:who\s+)?(?:have|has|having)))\s+(?:an?\s+|the\s+)?)",
    re.I,
)
APPOSED = re.compile(r"\s*[,，]\s*|\s+despite\s+(?:[\w-]+\s+){1,4}?[(（]\s*", re.I)
WHOSE = re.compile(r"\b(?:if|for|in|when)\b[^.;,:]*$", re.I)
OPENS = re.compile(r"[(（]")
QUALIFIED = re.compile(  # what may stand between that and the limit: "sustained BP > 150 mmHg systolic"
    r"(?:(?:sustained|repeated|repeatedly|documented|confirmed|persistent|persistently|reduced|decreased|low|elevated|preserved|impaired|"
    r"increased|raised|high|resting|sitting|seated|mean|any|fasting|current|elevations?\s+(?:of|in)|systolic|diastolic|"
    r"blood\s+pressure|BP|an?|the|either)\s+)*",
    re.I,
)
DEFINES = re.compile(r"[:：(（]|\b(?:\w+ed (?:as|by)|shown by|i\.e\.|e\.g\.)", re.I)
SHARED = re.compile(
    r"[\s,)]*(?:\s(?:and/or|and|or|together with)|/)\s+[(\s]*(?:in\s+|to\s+)?" + QUALIFIED.pattern, re.I
)
PRESSURE, SUGAR, IRON = {"sbp", "dbp"}, {"hba1c", "fasting_glucose", "glucose"}, {"ferritin", "transferrin_saturation"}
OF_HIV, OF_THE_HEART = {"cd4", "hiv_rna"}, {"qt", "qtc", "qtcf", "qtcb"}
MEASURES_OF = {
    "hypertension": PRESSURE,
    "hypotension": PRESSURE | {"sbp_decrease", "dbp_decrease"},
    "diabetes": SUGAR,
    "diabetes_type_1": SUGAR,
    "diabetes_type_2": SUGAR,
    "hiv": OF_HIV,
    "hiv_test": OF_HIV,
    "hepatitis_b": {"hbv_dna"},
    "iron_deficiency": IRON,
    "anemia": {"hemoglobin", "hematocrit"},
    "thrombocytopenia": {"platelets"},
    "neutropenia": {"neutrophils"},
    "leukopenia": {"wbc"},
    "obesity": {"bmi"},
    "long_qt": OF_THE_HEART,
    "proteinuria": {"albumin", "urine_protein_24h"},
}
"""The measures by which a condition is told: "hypertension, SBP ≥ 160", "HIV with CD4 < 200 or HIV RNA > 400"."""
LIFTED = re.compile(r"\b(?:permitted|allowed|acceptable|eligible)\b", re.I)
ORGAN_LEADS = Sought(
    "function haematology hematology laboratory value values test tests",
    r"\b(?:function|haematolog\w*|hematolog\w*|laborator\w*|values?|tests?)\W*$",
    re.I,
)


def link_beside(text: str, limits: Sequence[Limit], mentions: Sequence[Said], *, excluding: bool) -> None:
    """A limit right behind a condition or treatment narrows it: "hypertension (SBP ≥ 180)", "HIV with CD4 < 350".

    So do the limits that share the brackets with it, and those that go on with it: "hypertension: SBP ≥ 180 or DBP ≥
    100". Organ functions are no conditions: their limits stand alone.
    """
    if not limits:
        return
    for index, mention in enumerate(mentions):
        if ORGAN_LEADS.search(text, mention.start, mention.end):
            continue
        measures = MEASURES_OF.get(mention.concept or "", set())
        joint = BESIDE.match(text, mention.end) or (
            APPOSED.match(text, mention.end) if excluding and measures else None
        )
        if not joint:
            continue
        apposed = joint.re is APPOSED
        if apposed and WHOSE.search(text, 0, mention.start):
            continue  # "if type 2 diabetic, an HbA1c > 10 %"
        stop = len(text)
        if OPENS.search(joint[0]):
            closes = [at for at in (text.find(")", joint.end()), text.find("）", joint.end())) if at >= 0]
            stop = min(closes, default=stop)
            if mention.label == "biomarker" and LIFTED.search(text, joint.end(), stop):
                continue  # "HBs antigen positive (HBV DNA < 20 IU/mL is permitted)"
        first = joint.end()
        last: Limit | None = None
        for number, limit in enumerate(limits):
            begin = limit.first
            if (
                limit.is_time
                or limit.kind in ("age", "life_expectancy")
                or limit.inherited
                or limit.quantity.start < first
            ):
                continue
            if begin < first and limit.condition:  # "unless the liver is involved (≤ 5 x ULN)", of what stands in front
                continue
            if any(first <= other.start < begin for other in mentions):
                continue
            if apposed and limit.attribute not in measures:
                continue
            inside = stop < len(text) and limit.quantity.end <= stop and begin - first <= MOST_INSIDE
            right_behind = begin - first <= (0 if apposed else CLOSE) or QUALIFIED.fullmatch(text, first, begin)
            shared = last is not None and limit.quantity.start == last.quantity.start  # "ALT or AST > 2 x ULN"
            goes_on = last is not None and begin < stop and _goes_on(text, joint[0], last, limit, measures)
            if not (inside or right_behind or shared or goes_on):
                continue
            if not limit.events and not limit.narrows:
                limit.events = [index]
                mention.narrowed.append(number)
            if index in limit.events:
                last = limit


MOST_INSIDE, CLOSE = 60, 3  # characters to a limit within brackets, and to one right behind


def _goes_on(text: str, joint: str, last: Limit, limit: Limit, measures: Collection[str]) -> bool:
    """Whether a limit goes on with what the last one says of a disease, which is told by `measures`."""
    end = max(last.quantity.end, last.span[1] if last.span else 0)
    if not SHARED.fullmatch(text, end, limit.first):
        return False
    return DEFINES.search(joint) is not None or {last.attribute, limit.attribute} <= {*measures}
