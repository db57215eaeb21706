"""Limits on what the lexicon does not list: the words beside the number say what it is of, and of what kind."""

import re
from collections.abc import Sequence

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.counted import OF_OTHERS, counted_words
from trialcriteria.components.further import NO_MEASURE
from trialcriteria.components.kinds import kind_of
from trialcriteria.components.limits import Limit
from trialcriteria.components.measured_changes import changed_behind
from trialcriteria.components.nearest import EXAMPLE, OF_THE_FOLLOWING
from trialcriteria.components.subjects import behind_brackets, clause_start, words_after, words_before
from trialcriteria.components.telling import holds_any
from trialcriteria.components.terms import Term

Span = tuple[int, int]
TIMES = frozenset({"once", "twice", "thrice"})
AFTER_TIMES = re.compile(r"\s*(?:[.,;)]|$|(?:in|during|within|over|since|weekly|daily|monthly|an?|per|every)\b)", re.I)
OF_WHAT_FOLLOWS = re.compile(r"\s+of\s*(?::|$)")  # "intolerance to one or more of:"
OF_A_METHOD = re.compile(
    r"\b(?:failure[- ]rates?|rate of failure|Pearl[- ]index|(?:tests?|assay|pregnancy|hCG)\b[^.;]{0,60}\bsensitivity|"
    r"limit of detection|detection limit|slice thickness|"
    r"(?:on\s+)?(?:a|the)\s+scale\s+(?:of|from))\b(?:[^.;,]{0,25}|(?:,\s+|\s*\(\s*)(?:that\s+is|i\.?e\.?|e\.?g\.?),?\s*)$|"
    r"\bbased on\s+(?:an?\s+)?$",
    re.I,
)
OF_METHODS = frozenset("failure pearl sensitivity detection slice scale based".split())  # OF_A_METHOD needs one
OF_A_METHOD_BEHIND = re.compile(  # "less than 1 % per year failure rate", "a < 1 % rate of failure"
    r"\s*(?:(?:per|a)\s+(?:year|annum)\s+|/\s*year\s+|annual\s+)?(?:failure[- ]rate|rate of failure|pregnancy rate)\b",
    re.I,
)
OF_A_DRINK = re.compile(  # "1 unit = 360 mL of beer, 150 mL of wine or 45 mL of spirits"
    r"\s*(?:\([^()]*\)\s*)?(?:of\s+)?(?:\w+\s+)?(?:beer|wine|spirits|liquor|(?:\d+[- ]?(?:%|proof)\s+)?alcohol\b)", re.I
)
OF_A_QUOTA = re.compile(  # how many patients of a kind the trial takes
    r"\b(?:capped|cap|limited|restricted|enrol\w*|recruit\w*)\s+(?:at|to)?\s*(?:approximately\s+|about\s+)?$",
    re.I,
)
OF_THE_ENROLLED = re.compile(
    r"\s*(?:of\s+)?(?:(?:all|the|total|number|of|treated|enrolled|randomi[sz]ed|included|study|[A-Z]\d)\s+){0,4}"
    r"(?:patients|subjects|participants|population|enrol+ment|sample\s+size)\b"
)
ITS_SCALE = re.compile(r"\s*(?:point\s+)?scale\b", re.I)


def is_of_a_method(text: str, q: Quantity) -> bool:
    """What a test or a scale is like, not what a patient has.

    "Contraception with a failure rate < 1 % per year", "1 unit = 360 mL of beer",
    "a test of a sensitivity of 25 mIU/mL", "NRS ≥ 4 (0-10 scale)".
    """
    if q.operator == "between" and q.unit is None and ITS_SCALE.match(text, q.end):
        return True
    if q.unit in ("mL", "[foz_us]") and q.operator in ("=", None) and OF_A_DRINK.match(text, q.end):
        return True
    if q.unit == "%" and (OF_THE_ENROLLED.match(text, q.end) or _is_a_quota(text, q)):
        return True
    behind = q.unit is not None and q.unit.startswith("%") and OF_A_METHOD_BEHIND.match(text, q.end)
    return bool(behind) or _follows_a_method(text, q.start)


def _is_a_quota(text: str, q: Quantity) -> bool:
    """ "Patients with cirrhosis will be capped at 40 %": the comparator may be the word itself."""
    return OF_A_QUOTA.search(text, max(0, q.number_start - 60), q.number_start) is not None


def _follows_a_method(text: str, start: int) -> bool:
    return holds_any(text, OF_METHODS) and OF_A_METHOD.search(text, max(0, start - 100), start) is not None


FOR_EXAMPLE = re.compile(
    r"\([^()]*\be\.\s?g\.,?\s[^();<>≤≥]{0,60}\(\s*$"
)  # "(…, e.g. walking short distances (20-100 m))"
MERELY_A_SCALE = re.compile(r"(?:(?:point|rating|score)\s+)?scales?", re.I)
NAMES_NOTHING = re.compile(  # a wrong attribute is worse than none
    r"(?:(?:daily|weekly|normal|clinically|radiologically|reference|average|period|range|the)\s*)+", re.I
)


def unlisted_limit(text: str, q: Quantity, done: int) -> Limit | None:
    """A limit on something the lexicon does not list: its words are the attribute."""
    if q.pair is not None:
        return None
    if q.form in ("normal",) or (q.form == "reference" and not q.stated):
        return None
    if not q.stated and not (q.unit and q.operator):
        return _at_the_least(text, q) or _methods(text, q) or _prior_treatments(text, q)
    if q.operator == "between" and not q.cue and EXAMPLE.search(text, max(0, q.start - 120), q.start):
        return None
    floor = max(clause_start(text, q.start), done)
    before = _words_in_front(text, q.start, floor)
    if before and NAMES_NOTHING.fullmatch(text, *before):
        before = None  # "a daily average of more than 100 mL of alcohol"
    several = bool(q.value and q.value > 1) or text[q.start : q.end].endswith("more")
    after = counted_words(text, q.end, several) if q.unit is None and q.reference is None else words_after(text, q.end)
    if not before and not after and (q.unit or q.reference):
        before = _label_in_front(text, q.start)
    if before and after and FOUND_BY.match(text, *after):
        after = None  # "wall motion index ≤ 1.2 determined by echocardiography"
    if OF_THE_FOLLOWING.match(text, q.end) or OF_WHAT_FOLLOWS.match(text, q.end) or OF_WHICH.match(text, q.end):
        return None
    if q.word and text[q.number_start : q.number_end].lower() in TIMES and not q.unit:
        if not (before and q.stated and AFTER_TIMES.match(text, q.end)):
            return None
        return Limit(q, "count", None, before, "words-then-limit")  # "paracentesis more than once in 2 weeks"
    days = DAYS.search(text, q.number_end, q.end) if (q.unit or "").startswith(("{day}/", "{time}/")) else None
    if days:
        return Limit(q, "count", None, days.span(), "days-in-a-period")
    scored = before and q.stated and SCORED.search(text, before[0], q.start)
    if q.operator in ("=", None) and q.low == q.high and not (q.unit or q.reference or scored):
        return None
    told = _told_by(text, q, before, after)
    if told is None:
        return None
    span, rule, kind = told
    if FOR_EXAMPLE.search(text, max(0, q.start - 220), q.start):
        return None
    if NO_MEASURE.fullmatch(text, *span) or NAMES_NOTHING.fullmatch(text, *span):
        return None
    if rule == "count-of-words" and OF.match(text, q.end) and LISTS.search(text, *span):
        return None  # "one or more of asthma, rhinitis and eczema" are alternatives
    if rule == "count-of-words" and OF_A_NUMBER.match(text, span[1]) and text[slice(*span)].lower() in NUMBERED:
        return None  # "at least one of type 2 diabetes and hypertension"
    if rule == "count-of-words" and (NOT_COUNTED.match(text, *span) or text[slice(*span)].lower().endswith(" age")):
        return None
    if kind == "count" and (q.value is None or q.value != int(q.value)):
        kind = "other"
    if kind in ("count", "other") and POINTS.search(text, *span):
        kind = "scale"
    return Limit(q, kind, None, span, rule)


def _told_by(text: str, q: Quantity, before: Span | None, after: Span | None) -> tuple[Span, str, str] | None:
    """(words, rule, kind): which of the words in front of an amount and behind it say what it is of."""
    changes = changed_behind(text, q.end) if q.unit or FOLD.match(text, q.end) else None
    if changes:
        return changes, "limit-then-words", kind_of(q, text[slice(*changes)])
    if after and before and HOW_MANY_TIMES.fullmatch(text, *after):
        return before, "words-then-limit", "count"
    if after and q.unit is None and q.stated and OF_OTHERS.match(text, q.end):
        return after, "count-of-words", "count"
    on_scale = ON_SCALE.match(text, q.end) if q.unit in (None, "{score}") else None
    if on_scale and (said := _scale_behind(text, on_scale.end())):
        if before and MERELY_A_SCALE.fullmatch(text, *said):
            return before, "words-then-limit", "scale"  # "fatigue of 4 or more on a 0-10 scale"
        return said, "limit-then-words", "scale"
    if q.unit is None and q.reference is None and after and (q.word or not before or after[0] - q.end <= 1):
        return after, "count-of-words", "count"
    if before and (noun := behind_brackets(text, before, q.start, q.end)):
        return noun, "limit-then-words", "count" if _is_how_often(q) else kind_of(q, text[slice(*noun)])
    if before and is_done(text, before) and (thing := done_with(text, q.end)):
        return thing, "limit-then-words", kind_of(q, text[slice(*thing)])
    if before and after and q.unit and OF_A_DRUG.match(text, q.end) and kind_of(q, text[slice(*after)]) == "dose":
        return after, "limit-then-words", "dose"
    if before and len(BRACKET.sub("", text[before[1] : q.start])) < 40:
        beside = BRACKET.sub("", text[before[1] : q.end])
        return before, "words-then-limit", kind_of(q, text[slice(*before)], beside)
    return (after, "limit-then-words", kind_of(q, text[slice(*after)])) if after else None


def _scale_behind(text: str, at: int) -> Span | None:
    item = ITEM.match(text, at)
    return item.span() if item else words_after(text, at, most=6)


def is_done(text: str, span: Span) -> bool:
    """Whether words only tell what somebody does or what is said: "experiencing", "as determined by", "donate".

    What is done says less than what it is done with: "donate at least 10 mL of blood".
    """
    said = text[slice(*span)]
    return DOING.fullmatch(said) is not None or (DONE.fullmatch(said) is not None and said.lower() not in IN_ING)


def _is_how_often(q: Quantity) -> bool:
    whole = q.value is not None and q.value == int(q.value)
    return whole if q.unit is None else q.unit.startswith("/")


RIGHT_BEHIND = re.compile(r'\s*(?:of\s+)?(?:(?:the|an?|consecutive|different|separate|more|previous)\s+)*"?')


def done_with(text: str, at: int) -> Span | None:
    """What something is done with, right behind an amount: "experiencing 2 hours of "off" time"."""
    gap = RIGHT_BEHIND.match(text, at)
    said = words_after(text, gap.end()) if gap else None
    return said if gap and said and said[0] == gap.end() and not is_done(text, said) else None


def _words_in_front(text: str, at: int, floor: int) -> Span | None:
    """What the limit is on, not that it is there: "pain (score ≥ 3) present on ≥ 14 days/month"."""
    before = words_before(text, at, floor)
    if before and text[slice(*before)].lower() == "present":
        at = before[0]
        before = words_before(text, at, floor)
    if before is None and text.count(")", floor, at) > text.count("(", floor, at):
        return words_before(text, at, clause_start(text, at))
    if before and (aside := ASIDE.search(text, floor, before[0])):
        before = words_before(text, aside.start(), floor) or before
    return _with_its_head(text, before, floor) if before else None


def _label_in_front(text: str, at: int) -> Span | None:
    """ "Serum blorpin: ≥ 5 ng/mL": what a label names that stands alone in front of an amount."""
    label = LABEL.search(text, 0, at)
    named = words_before(text, label.start("sign"), label.start("label")) if label else None
    return named if named and "/" not in text[slice(*named)] and not NO_LABEL.search(text, *named) else None


LABEL = re.compile(  # "Serum blorpin: ≥ 5 ng/mL", "Limb circumference - ≥ 5 cm"
    r"(?:^|[.;\n])[\W\d_]*(?P<label>[A-Za-z][^.;:\n]{2,60}?)(?P<sign>\s*:\s*|\s+[-–—]\s+)$"
)
NO_LABEL = re.compile(
    r"\b(?:part|cohort|arm|group|phase|stage|stratum|m[ae]n|wom[ae]n|(?:fe)?males?|adults?|children|patients?|subjects?|participants?|"
    r"notes?|criteri\w+|inclusion|exclusion|following|defined|requirements?|functions?|parameters?|values?|results?|tests?|labs?|"
    r"laborator\w+|characteristics|history|therapy|treatment|disease|hemat\w+|haemat\w+|hepatic|renal|cardi\w+|pulmonary)\b",
    re.I,
)
ASIDE = re.compile(  # how or when it was measured: "as measured by MRI", "within 28 days of enrolment"
    r"\s*,?\s*(?:(?:as\s+)?(?:measured|determined|assessed|evaluated|documented|demonstrated|confirmed|estimated|calculated)\s+"
    r"(?:by|on|with|using|via|from|in)\s+(?:(?:an?|the)\s+)?|"
    r"(?:with)?in\s+(?:the\s+)?(?:(?:last|past|previous)\s+)?\d+\s+(?:days?|weeks?|months?|hours?|years?)\s+"
    r"(?:of|before|prior\s+to|from|preceding)\s+(?:(?:an?|the)\s+)?)$",
    re.I,
)
MINIMUM_OF = re.compile(
    r"(?<![\w-])(?:an?\s+)?(?P<word>minim(?:um|al)|maxim(?:um|al))\s+(?P<name>[A-Za-z][\w-]*(?:\s+[\w-]+){0,4}?)\s+(?:of|is)\s*$",
    re.I,
)


def _at_the_least(text: str, q: Quantity) -> Limit | None:
    """ "A minimum serum blorpin of 5 ng/mL": the comparator stands in front of the name."""
    said = MINIMUM_OF.search(text, max(0, q.start - 70), q.start) if q.unit and q.operator is None else None
    if said is None or NAMES_NOTHING.fullmatch(text, *said.span("name")) or DOSE_OR_TIME.search(said["name"]):
        return None
    span = said.span("name")
    rebound(q, ">=" if said["word"].lower().startswith("min") else "<=")
    return Limit(q, kind_of(q, text[slice(*span)]), None, span, "words-then-limit")


DOSE_OR_TIME = re.compile(
    r"\b(?:dos(?:es?|age)|interval|period|duration|time|number|score|follow-?up|wash-?out)\b", re.I
)


WHERE = re.compile(r"\s(?:in|on|at|during)\s+(?:(?:the|an?|any|each|either|his|her|their)\s+)?$")
NO_HEAD = re.compile(r"\b(?:(?:with|and|or|no|not|is|are|be|however|then|thus)\b|\d)", re.I)
A_DOSE = re.compile(r"(?:\w+\s+){0,2}(?:dos(?:es?|ages?)|equivalent)", re.I)


def _with_its_head(text: str, span: Span, floor: int) -> Span:
    """The words with what stands in front of their "in the": "extent of disease in the lung"; the drug of a "dose"."""
    where = WHERE.search(text, max(floor, span[0] - 16), span[0])
    head = words_before(text, where.start(), floor) if where else None
    if where is None or head is None or head[1] != where.start() or is_done(text, head) or NO_HEAD.search(text, *head):
        return span
    if A_DOSE.fullmatch(text, *span):
        return head if text[slice(*span)].lower().startswith("dos") and " " not in text[slice(*span)] else span
    return head[0], span[1]


IN_MASS = re.compile(r"(?:m|u)?g(?:/(?:kg|m2|d|wk|kg/d))?")
DRUG_IN_FRONT = re.compile(r"\s*[(,:]?\s*(?:at\s+)?")
DRUG_BEHIND = re.compile(r"\s+(?:of\s+)?(?:oral\s+)?")
IN_THE_CLAUSE = 60  # characters from a drug to its dose, other words between them


def dose_of_a_drug(text: str, q: Quantity, drugs: Sequence[Term]) -> Limit | None:
    """An amount right beside a drug, with or without a comparator; a bounded one takes the drug before in its clause.

    "Dexamethasone 40 mg/day", "20 mg prednisone", "methotrexate at a stable dose (10-25 mg per week)".
    """
    if q.unit is None or not IN_MASS.fullmatch(q.unit):
        return None
    front = next((t for t in reversed(drugs) if t.end <= q.start), None)
    behind = next((t for t in drugs if t.start >= q.end), None)
    if front and (DRUG_IN_FRONT.fullmatch(text, front.end, q.start) or (q.operator and _in_one_clause(text, front, q))):
        return Limit(q, "dose", None, (front.start, front.end), "drug-then-dose")
    if behind and DRUG_BEHIND.fullmatch(text, q.end, behind.start):
        return Limit(q, "dose", None, (behind.start, behind.end), "dose-then-drug")
    return None


def _in_one_clause(text: str, drug: Term, q: Quantity) -> bool:
    return q.start - drug.end <= IN_THE_CLAUSE and clause_start(text, q.start) <= drug.start


ON_SCALE = re.compile(  # "≥ 5 out of 10 on the NRS", "3 or 4 on item 3 of the HAM-D scale"
    r"\s*(?:(?:out\s+of|/)\s*\d+\s+)?(?:points?\s+)?(?:on|in|using)\s+(?:(?:the|a|an)\s+(?!same\b)(?:\d+\s*-\s*\d+\s+)?|"
    r"(?=(?:items?|questions?)\s+\d))"
)
ITEM = re.compile(  # of a scale
    r"(?:items?|questions?)\s+#?\d+[a-z]?(?:\s+(?:of|on|from)\s+(?:the\s+)?(?:[\w-]+\s+){0,5}?(?:scale|questionnaire|[A-Z][\w-]*[A-Z\d][\w-]*))?"
)
DONE = re.compile(r"[a-z]{3,}(?:ed|ing)", re.I)
DOING = re.compile(
    r"(?:provid|donat|consum|drink|giv|agree|us|do|perform|complet|collect|receiv|tak|need|requir|exhibit|show|"
    r"demonstrat|present|measur|contain|express|fulfil|achiev|meet|experienc|reach)(?:es?|s|ing|ed)?",
    re.I,
)
IN_ING = frozenset(  # nouns that end as what is done does
    "bleeding staining swelling smoking drinking breathing opening thickening narrowing walking reading screening "
    "standing bearing feeding sleeping spotting staging vomiting itching snoring scarring bed need speed seed".split()
)
FOLD = re.compile(r"[\s-]*(?:times|fold)\b", re.I)
BRACKET = re.compile(r"\([^()]*\)")
OF_A_DRUG = re.compile(
    r"\s+of\s+(?!(?:the|this|that|these|a|an|each|any|body|fluids?|blood|methylpred\w+|predniso\w+|dexameth\w+|morphine)\b)[A-Za-z]",
    re.I,
)
DAYS = re.compile(r"\b(?:days?|nights?|times?|once|twice)\b", re.I)
OF_WHICH = re.compile(r"\s+of\s+(?:which|whom)\b", re.I)
NOT_COUNTED = re.compile(
    r"(?:NYHA|ECOG|ASA|CTCAE|WHO)\b|[A-Za-z]{1,4}/[A-Za-z]|dimensions?\b"
)  # "> 2 NYHA", "≤ 25 N/cm2"
OF = re.compile(r"\s+of\s+", re.I)
LISTS = re.compile(r",\s|\b(?:and|or)\b", re.I)
OF_A_NUMBER = re.compile(r"\s+(?:\d|I{1,3}V?\b)")
NUMBERED = frozenset("type stage grade class phase".split())
FOUND_BY = re.compile(r"(?:determined|assessed|evaluated|measured|calculated)\b", re.I)
SCORED = re.compile(r"\b(?:scores?|index|scale)\b[^,;.]{0,12}$", re.I)
LINES = re.compile(r"(?:(?:prior|previous)\s+(?:(?!of\b)[\w-]+\s+){0,3})?lines?\b", re.I)
DRUGS = re.compile(
    r"\b(?:agents?|drugs?|medications?|medicines?|inhibitors?|blockers?|antagonists?|agonists?|biologics?)$", re.I
)
CLASSES_OF = re.compile(r"\b(?:class(?:es)?|types?|kinds?|groups?) of\b", re.I)
LESIONS = re.compile(r"\b(?:lesions?|tumou?rs?|metastas[ei]s|nodules?|sites? of (?:[a-z/-]+ ){0,4}disease)$", re.I)
THERAPIES = re.compile(r"\b(?:therap(?:y|ies)|treatments?|regimens?|chemotherap(?:y|ies))\b", re.I)
HOW_MANY_TIMES = re.compile(r"(?:times|occasions)\b.*", re.I)
POINTS = re.compile(r"\b(?<!time )(?:points?|scores?)$", re.I)
METHODS = re.compile(
    r"\s(?:(?!(?:of|or|and)\b)[a-z-]+\s){0,3}"
    r"((?:methods?|forms?|types?|means) of (?:\w+ ){0,3}(?:contraception|birth control)|contraceptives?(?: methods?)?|"
    r"barrier methods)\b",
    re.I,
)


def _methods(text: str, q: Quantity) -> Limit | None:
    """ "Two forms of contraception": so many are asked for, though nothing says "at least"."""
    said = METHODS.match(text, q.end) if q.value == 2 and q.operator is None and not q.unit else None
    if said is None or re.search(r"\b(?:one or|the)\s*$", text[: q.start]):
        return None
    rebound(q, "=")
    return Limit(q, "count", "contraceptive_methods", said.span(1), "count-of-words")


PRIOR_TREATMENTS = re.compile(
    r"\s((?:prior|previous)\s+(?!of\b)(?:(?!(?:and|or|of|to|in|for|with|which|that|whose)\b)[\w/-]+\s+){0,4}"
    r"(?:regimens?|lines?|courses?|treatments?|therap(?:y|ies)|trials?\s+of)(?:\s+of\s+(?:[\w-]+\s+)?"
    r"(?:chemotherapy|therapy|treatment))?)\b(?!\s+(?:with(?:in)?|during)\s+(?:the\s+)?(?:last|past|previous)|[\s-]+(?:failure|arm|day|period))",
    re.I,
)
ONLY = re.compile(r"\b(?:only|exactly|just)\s+$", re.I)
ONE_LINE_OF = re.compile(r"\s(lines?\s+of\s+(?:[\w-]+\s+){0,3}?(?:chemotherapy|therapy|treatment))\b", re.I)
COUNTED_AS = re.compile(r"\b(?:as|than|for|or|the|these|those|any|every|each)\s+$", re.I)


def _prior_treatments(text: str, q: Quantity) -> Limit | None:
    """ "One prior chemotherapy regimen": so many a patient has had, though no comparator stands there."""
    small = q.value is not None and 1 <= q.value <= 9 and q.operator is None and not (q.unit or q.reference)
    said = PRIOR_TREATMENTS.match(text, q.end) if small else None
    if small and said is None and ONLY.search(text, max(0, q.start - 8), q.start):
        said = ONE_LINE_OF.match(text, q.end)  # "after only one line of endocrine therapy"
    if said is None or COUNTED_AS.search(text, max(0, q.start - 8), q.start):
        return None
    rebound(q, "=")
    return Limit(q, "count", None, said.span(1), "count-of-words")
