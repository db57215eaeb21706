"""Ages without the word in front: "18 years or older", "adults over 18", "18-65 years, both sexes"."""

import re
from collections.abc import Sequence

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.condition_words import SEX
from trialcriteria.components.limits import Hit
from trialcriteria.components.subjects import clause_start
from trialcriteria.components.telling import Sought
from trialcriteria.components.terms import Term
from trialcriteria.units import is_time

PEOPLE = re.compile(
    r"\b(?:patients?|subjects?|participants?|adults?|males?|females?|men|man|women|woman|children|child|"
    r"volunteers?|individuals?|persons?|people|infants?|boys?|girls?|adolescents?|genders?|sex|residents?|"
    r"students?|veterans?|pediatric|paediatric|elderly|newborns?|neonates?|inpatients?|outpatients?|"
    r"caregivers?|teenagers?|youths?|mothers?|parents?|smokers|workers|healthy|toddlers?|seniors?|nurses|ages?|"
    r"aged|athletes|donors?|recipients?|employees|users|members|survivors|couples|minors?)\b",
    re.I,
)
PEOPLE_TO_AGE = re.compile(
    r"(?:\s|[,(:/\-–]|\b(?:of|both|either|any|all|who|are|is|must|be|should|aged?|between|over|and|or|gender|"
    r"sex|sexes|genders|male|female|from|the|ages|at|least|years)\b)*$",
    re.I,
)
WITH_SOMETHING = re.compile(
    r"\b(?:with|having|have|has|had|for|who (?!are|is)|receiving|on|in|whose|without|undergoing|since|score|scoring)\b",
    re.I,
)
AGE_AFTER = re.compile(
    r"[\s,\-–)]*(?:\(?inclusive\)?,?\s*)?(?:of age|old|of\s+chronological age|in age|age\b|aged)", re.I
)
THING = Sought(  # "an infarction less than 1 year old"
    "transplants grafts disease lesions fractures infarction strokes injury surgery wounds tumors tumours implants "
    "stents scar scars samples tissues biopsy scan scans mri ct images results test tests blocks specimens archival",
    r"\b(?:transplants?|grafts?|disease|lesions?|fractures?|infarct\w*|strokes?|injur\w+|surgery|wounds?|tumou?rs?|implants?|stents?|"
    r"scars?|samples?|tissues?|biops\w+|scans?|MRI|CT|images?|results?|tests?|blocks?|specimens?|archival)\s*\(?\s*"
    r"(?:(?:that|which|must|should|is|are|was|were|be|not|no)\s+)*(?:of\s+)?$",
    re.I,
)
AND_A_THING = re.compile(
    r"^\W*(?:(?:an?|any|the|prior|previous|old)\s+)*(?:stents?|grafts?|implants?|lesions?|fractures?|scars?|infarct\w*|strokes?|"
    r"transplants?)\b(?!.*\b(?:patients?|subjects?|participants?|adults?|m[ae]n|women|who)\b).*\band\s+$",
    re.I,
)
AGE_RANGE = re.compile(  # "smokers within the age range of 18-70 years"
    r"\b(?P<age>age)\s+(?:range|group|limits?|bracket)\s*(?:(?:is|of|from|between)\s+|[:(]\s*)*$", re.I
)
IF_AGED = re.compile(
    r"\bif(?:\s+(?:the\s+)?(?:patients?|subjects?|participants?)\s+(?:is|are))?\s+(?P<said>now\s+|aged?\s+)?$", re.I
)
OF_A_PERFORMANCE = re.compile(  # "Karnofsky (≥ 16 years) or Lansky (< 16 years) ≥ 80"
    r"\b(?:Karnofsky|Lansky|KPS|LPS|PPS)\b[^();,<>≤≥]{0,40}\(\s*(?:(?:for|if|in|age[sd]?)\s+)*$", re.I
)
OLDEST_CHILD = 21  # years that a bare number behind a scale of performance may be: "Karnofsky 50-100% (over 16)"
AT_AN_AGE = re.compile(r"\bsmok\w+\s+at\s+$", re.I)  # "any smoking at ≥ 35 years"
OF_A_GROUP = re.compile(  # "Stratum A from 5 through 11 years"
    r"\b(?:stratum|cohort|group|part|arm)\s+(?:[A-Z]|\d|I{1,3})\s*[:(]?\s*(?:(?:aged?|ages|from|between)\s+)*$", re.I
)
FOR_SUCH = re.compile(r"\s+for\s+(?!(?:an?|the|at|more|less|last|past|each)\b)[a-z]", re.I)
IN_A_COUNTRY = re.compile(  # "18 to 75 years; in Germany and Austria also 12 to 17 years", "or, in Korea, ≥ 19 years"
    r"(?:years|old|age|\))\s*(?:[,;(]|or\b)[\s,(]*(?:(?:or|and)[\s,]+)?(?-i:in\s+(?:the\s+)?[A-Z][A-Za-z]+(?:(?:\s|,\s|\s(?:and|or)\s)"
    r"[A-Z][A-Za-z]+){0,3})[,:]?\s+(?:also\s+|only\s+)?(?:aged?\s+)?$",
    re.I,
)
IN_A_CREATININE_TABLE = re.compile(r"\d\s*(?:mg/dL|[µμu]mol/L)\s*[(\[]\s*(?:age[d:]?\s*)?$", re.I)
CLOSES = re.compile(r"\s*[)\]]")
AGED_ENDS = re.compile(r"\s*(?:$|[).,;:]|and\b|or\b|old\b|of\s+age\b)", re.I)
NAMED_BEFORE = re.compile(  # "rituximab: ≥ 1 year" is no age, "Cohort B: ≥ 12 years" is one
    r"(?:^|[\n;.(,])\s*(?:[-*•]\s*)?(?!.*\b(?:cohorts?|parts?|arms?|groups?|stages?|phases?|ages?|aged|adults?|child\w*|"
    r"adolescents?|p(?:a)?ediatric\w*|patients?|subjects?|participants?|males?|females?|m[ae]n|women|boys?|girls?|infants?|"
    r"eligib\w+|inclusion|criteri\w+|years?|volunteers?|study|trial|demographics?|population|range|limits?|sites?|"
    r"[a-z]*land|countries|usa?|uk|japan|korea|china|europe|germany|france)\b)[A-Za-z][\w ,/+-]{3,50}:\s*$",
    re.I,
)
TAKEN = re.compile(
    r"\b(?:x-?rays?|radiograph\w*|scans?|imaging|CT|MRI|biops\w+|samples?|specimens?|tissue|blocks?|tests?|results?|ECGs?|"
    r"EKGs?|reports?|recordings?|spirometr\w+|slides?|images?|exam(?:ination)?s?|\w+scop(?:y|ies)|\w+gra(?:m|phy|phies)s?|"
    r"assessments?|evaluations?|measurements?)\b[^.;,]{0,20}$",
    re.I,
)
MENOPAUSE = re.compile(r"\b(?:post-?\s?menopaus|menopaus|amenorrh)\w*\s*\(?\s*$", re.I)
BEFORE_AN_EVENT = re.compile(r"\s*\)\s*(?:prior\s+to|before|preceding)\b", re.I)
MUST_BE = re.compile(r"[\s(,:-]*(?:(?:must|should|has to|have to)\s+be\s+|(?:is|are|be)\s+)?", re.I)
TO_YEARS = re.compile(r"(?:month|mo|week|wk|day)s?\b.*\b(?:years?|yrs?)$", re.I)  # "1 month - 17 years"
OLDER = re.compile(r"\b(?:older|younger|elder|age|ages|aged)\b", re.I)


FROM_AGE = re.compile(
    r"\b(?:(?P<from>(?:at|on)\s+or\s+after|from)|(?P<to>(?:at|on)\s+or\s+before|by)|(?P<after>after)|(?P<before>before|prior\s+to))"
    r"\s+(?:the\s+age\s+of\s+|age\s+|(?:their|the|his|her)\s+)?$",
    re.I,
)
REACHED = re.compile(  # a birthday: "have passed their 18th", "not yet reached the 16th"
    r"(?P<not>\bnot\s+(?:yet\s+)?(?:have\s+)?(?:yet\s+)?)?\b(?:reached|passed|attained|celebrated|completed)\s+"
    r"(?:(?:their|the|his|her|his\s+or\s+her|his/her)\s+)?$",
    re.I,
)
FARTHEST = 80  # characters from "not have" to a birthday, over the end of a line
SIGNS_OF_AGES = {"from": ">=", "to": "<=", "by": "<=", "after": ">", "before": "<"}


def compare_with_age(text: str, q: Quantity) -> None:
    """ "Onset after 40 years of age", "diagnosed at or before 18 years of age": the word in front is the comparator."""
    said = FROM_AGE.search(text, max(0, q.start - 40), q.start)
    if said and said.lastgroup:
        rebound(q, SIGNS_OF_AGES[said.lastgroup])


def compare_with_birthday(text: str, q: Quantity) -> None:
    """ "Have passed their 18th birthday", "not yet reached their 16th birthday", "before the 12th birthday"."""
    if q.operator is not None or "birthday" not in (q.unit_text or "").lower():
        return
    reached = REACHED.search(text, max(0, q.start - FARTHEST), q.start)
    if reached:
        rebound(q, "<" if reached["not"] else ">=")
        q.start = reached.start()
    else:
        compare_with_age(text, q)


AMOUNT_FOR_A_SEX = re.compile(rf"\s*\((?:(?:for|in)\s+)?{SEX}\s*:?\s*", re.I)
YEARS_BEHIND = re.compile(r"\)?\s*(?:years?|yrs?|y/?o)\b", re.I)


def of_age(text: str, q: Quantity, measures: Sequence[Term], done: int) -> list[Hit]:
    """Ages without the word in front: "18 years or older", "adults over 18", "18-65 years, both sexes"."""
    if q.reference or (q.unit and not is_time(q.unit)) or q.value is None or q.value > 1200:
        return []
    inside = text[q.start : q.end]
    behind = next(
        (t for t in measures if t.id == "age" and 0 <= t.start - q.end <= 14 and AGE_AFTER.match(text, q.end)), None
    )
    glued = next(
        (t for t in measures if t.id == "age" and q.start <= t.start < q.end + 1 and t.end >= q.number_end), None
    )
    if THING.search(text, max(0, q.start - 60), q.start):
        return []
    ranged = AGE_RANGE.search(text, max(0, q.number_start - 40), q.number_start)
    if ranged:
        return [("age", ranged.span("age"))]
    term = behind or glued
    if term is not None:
        return [("age", (term.start, term.end))]
    older = OLDER.search(inside)
    if older and TAKEN.search(text, max(0, q.start - 40), q.start):
        return []  # "a chest X-ray not older than 3 months"
    if older and AND_A_THING.search(text, clause_start(text, q.start), q.start):
        return []  # "a prior stent > 5 mm from the lesion and older than 1 year"
    if older and q.stated:
        return [("age", (q.start + older.start(), q.start + older.end()))]
    if (
        q.unit == "a"
        and IN_A_CREATININE_TABLE.search(text, max(0, q.start - 20), q.start)
        and CLOSES.match(text, q.end)
    ):
        return [("age", None)]  # "no greater than 0.6 mg/dL (1 year)"
    if q.unit == "a" and q.operator and IN_A_COUNTRY.search(text, max(0, q.start - 60), q.start):
        return _said_again(q, measures)
    goes_on = q.unit == "a" and q.operator in ("<", "<=") and GOES_ON.fullmatch(text, done, q.start)
    if goes_on and not OF_A_STATE.match(text, q.end):
        again = _said_again(q, measures)
        if again[0][1] and done - again[0][1][1] < 40:
            return again  # "age of at least 18 years at screening and no greater than 60 years at vaccination"
    of_a_sex = q.unit is None and done and AMOUNT_FOR_A_SEX.fullmatch(text, done, q.start)
    if of_a_sex and not YEARS_BEHIND.match(text, q.end):
        return []  # "alcohol > 21 (women > 14) units a week"
    if q.operator != "between" and inside[:6].lower() == "within":
        return []  # "women planning pregnancy within 1 year"
    spans_years = q.operator == "between" and TO_YEARS.search(inside) is not None
    if q.cue in (None, "between") and (q.unit in ("a", None) or spans_years):
        start = clause_start(text, q.start)
        before = text[max(start, done) : q.start]
        after = text[q.end : q.end + 40]
        if MENOPAUSE.search(text, max(0, q.start - 20), q.start):
            return []  # "postmenopausal (> 1 year)"
        if not before.strip(" (") and NAMED_BEFORE.search(text, max(0, start - 60), start):
            return []
        if len(before) > 70 or re.search(
            r"\b(?:for(?!\s+(?:\w+\s+)?(?:patients|subjects|participants|those|men|women|males|females|adults|children|people|"
            r"individuals|persons)\b)|within|in the|during|since|every|history|after|before|prior|last|past|diagnos\w+|"
            r"than \w+ years of|lasting|duration|minimum of|menopaus\w+|months?|weeks?|regimens?|lines?|"
            r"disease|symptoms?|scores?)\b",
            before,
            re.I,
        ):
            return []
        if re.match(
            r"\s*(?:prior|before|after|ago|since|without (?:mens|a? ?period)|from|post|following|"
            r"of (?!age|(?:either|both|any) (?:sex|gender))|duration|"
            r"earlier|history|experience|survival|in duration|or more (?:of|since|after|before)|"
            r"post-?menopausal|menopaus|amenorrh)",
            after,
            re.I,
        ):
            return []
        if q.unit is None and (
            not q.stated
            or (
                re.match(r"\s*[-–]?\s*[A-Za-z(%/]", after)
                and not re.match(r"\s*(?:and|or|at|who|with|male|female|,|\(|inclusive)", after, re.I)
            )
        ):
            return []
        if BEFORE_AN_EVENT.match(after) and not PEOPLE.search(before):
            return []  # "(within a window of up to 18 days less than 1 year) before the first dose"
        named = list(PEOPLE.finditer(text, max(start, done), q.start))
        people = named or (PEOPLE.match(after.lstrip(" ,.-(")) if q.unit else None)
        if named:
            between = text[named[-1].end() : q.start]
            near = (
                PEOPLE_TO_AGE.match(between)
                if q.unit is None
                else len(between) < 40 and not WITH_SOMETHING.search(between)
            )
            return [("age", named[-1].span())] if near else []
        if (
            q.unit
            and q.operator == "between"
            and (OF_A_GROUP.search(before) or (not before.strip() and FOR_SUCH.match(after)))
        ):
            return [("age", None)]
        if (
            q.unit
            and (people or MUST_BE.fullmatch(before))
            and (q.operator == "between" or q.stated)
            and (
                not after.strip(" ).,;")
                or people
                or re.match(r"\s*[,;.)]|\s*\(|\s+(?:at|and|with|both|inclusive|of (?:either|both|any))\b", after)
            )
        ):
            return [("age", None)]
    return []


PREGNANCY = re.compile(  # "a twin pregnancy between 16 and 24 weeks", "delivery before 34 weeks"
    r"\b(?:(?P<words>pregnan(?:t|cy|cies)(?:\s+(?:women|woman|females|mothers|patients))?|f(?:o)?etus(?:es)?|gestating)"
    r"[\s,(]*(?:(?:at|of|is|was|are|who|aged|that|with)\s+)*|"
    r"(?P<end>deliver(?:y|ed|ies)|born|births?)\s+(?:(?:at|of)\s+|(?=before|after)))(?P<sign>before\s+|after\s+|by\s+)?$",
    re.I,
)
COUNTED_OTHERWISE = re.compile(
    r"[\s)]*(?:ago|before|prior|after|since|post|of\s+age|old|following|apart|from|preceding|earlier|of\s+(?:treatment|therapy|the\s+study))\b",
    re.I,
)
NEAR = re.compile(r"\b(?:within|last|past|next|for)\b", re.I)
LONGEST_PREGNANCY = 45


def of_gestation(text: str, q: Quantity) -> list[Hit]:
    """How far a pregnancy is: "singleton pregnancy ≥ 24 weeks", "delivery at 37 weeks or later"."""
    weeks = q.high if q.operator == "between" else q.value
    if q.unit != "wk" or q.reference or weeks is None or not 4 <= weeks <= LONGEST_PREGNANCY:
        return []
    said = PREGNANCY.search(text, max(0, q.start - 60), q.start)
    if said is None or COUNTED_OTHERWISE.match(text, q.end) or NEAR.search(text, q.start, q.number_start):
        return []
    if said["sign"]:
        rebound(q, SIGNS_OF_AGES[said["sign"].strip().lower()])
    return [("gestational_age", said.span("end" if said["end"] else "words"))]


OF_A_STATE = re.compile(r"\s+(?:of(?!\s+age)|since|after|before)\s", re.I)
GOES_ON = re.compile(r"\s+(?:at|on|by)\s+[^.;:,()\d]{3,40}\s+and\s+", re.I)


def _said_again(q: Quantity, measures: Sequence[Term]) -> list[Hit]:
    """An age that goes on from one whose word stands in front."""
    said = next((t for t in reversed(measures) if t.id == "age" and t.end <= q.start), None)
    return [("age", (said.start, said.end) if said else None)]


def of_a_case(text: str, q: Quantity) -> list[Hit]:
    """The age of those for whom something else holds: "ECOG 0-2 if under 75 years"."""
    bare = q.unit is None and q.value is not None and q.value <= OLDEST_CHILD
    if not q.stated or not (bare or q.unit in ("a", "mo")):
        return []
    if text[q.end : q.end + 1] == ")" and OF_A_PERFORMANCE.search(text, max(0, q.start - 60), q.start):
        return [("age", None)]
    if bare:
        return []
    if q.unit == "a" and AT_AN_AGE.search(text, max(0, q.start - 40), q.start) and AGED_ENDS.match(text, q.end):
        return [("age", None)]
    aged = IF_AGED.search(text, max(0, q.start - 40), q.start)
    if aged is None or not AGED_ENDS.match(text, q.end):
        return []
    return [("age", None)] if q.unit == "a" or aged["said"] else []  # "if < 6 months" may be since when
