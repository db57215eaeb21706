"""Conditions behind a limit: "≤ 5 x ULN if liver metastases are present", "≥ 60 % in Part B", "(≥ 20 in Japan)"."""

import re
from collections.abc import Callable, Sequence

from trialcriteria.components.condition_words import COHORT, COHORTS, EVERYONES, LEADS_ITSELF, LED, PEOPLE
from trialcriteria.components.limits import Limit
from trialcriteria.components.telling import holds_any
from trialcriteria.components.terms import Term

CONDITION = re.compile(
    r"[\s,;(\[]*(?:or\s+|and\s+|but\s+)?"
    r"(?:(?:(?:is|are|may be|will be|can be)\s+(?:also\s+)?)?"
    r"(?:acceptable|allowed|permitted|eligible|accepted|tolerated|OK)\s+)?"
    r"(?P<words>(?:only\s+|solely\s+)?(?:if|in (?:the )?(?:case|cases|event) of|"
    rf"in (?:the )?(?:presence|absence|setting) of|in those|for those|for {PEOPLE}|in {PEOPLE}|"
    r"(?<=\()(?:(?:only\s+)?for\s(?=[a-z][^()\d<>≤≥]{2,40}\))|not\s+(?:on|receiving|taking|in)\b)|"
    r"(?:solely |only |clearly |not )?(?:due to|because of|caused by)|"
    r"(?:not related|unrelated|not attributable|not secondary) to|"
    r"after (?:discussion|consultation|approval|agreement|sponsor)|"
    r"with (?:the )?(?:sponsor|investigator|PI|medical monitor)\S* (?:approval|agreement)|"
    r"among|when|unless|where|while|otherwise|without|"
    r"with (?:documented |known |confirmed )?(?:liver|hepatic|bone|gilbert|tumou?r|cancer|brain|metasta)|"
    r"(?:men|women|males|females|male|female|boys|girls)\b|(?:patients|subjects|participants|those) with)"
    r"\b[^.;()\[\]]*)",
    re.I,
)
CUT = re.compile(
    r",\s+(?=(?:and|or|but|with|which|who|must|should|as|at|unless|then|minimum|maximum)\b)|\s+(?=(?:and|or)\s+(?:[<>≤≥]|"
    r"\w+\s*(?:[<>≤≥]|level|count)))|\s+(?:must|should|then|is allowed|are allowed|within|obtained|"
    r"such as|at the last)\b",
    re.I,
)
A_SENTENCE = re.compile(
    r"(?:patients|subjects|participants|those)\b.*?\b(?:is|are|was|were|may be|will be|should be|must be)\s+(?:not\s+)?"
    r"(?:eligible|allowed|permitted|acceptable|excluded|enrolled)\b",
    re.I,
)
OF_OTHERS = re.compile(
    r"(?:patients|subjects|participants|those)\s+with\b[^.;()]{2,100}?\s(?:must|should|may|can|will|are|is|were|ha(?:ve|s)\s+to)\b",
    re.I,
)
BEGINS_A_SENTENCE = re.compile(  # "> 1.5 mg/dL; if higher, clearance must be …", "(when 2+, a 24-hour test is needed)"
    r"\s*(?:[(;:.–-]|,?\s*or,)\s*(?:or,?\s+)?(?:if|when)\b(?:[^,;()]{2,90}(?:,\s*(?:then\s+)?|\s+then\s+)(?:(?:the|an?|it)\b|"
    r"(?!and\b|or\b|but\b|with\b|in\b)(?:[^,;()]{0,80}\s)?(?:must|should|will|shall|needs?|is|are|ha(?:s|ve)\s+to)\b)|"
    r"[^,;()]{2,60}\s(?:patients?|subjects?|participants?)\s+(?:must|should|will|needs?|ha(?:s|ve)\s+to)\b)",
    re.I,
)
NO_CONDITION = re.compile(
    r"where:?\s[^.;]{0,60}=|where\s+(?:up\s+to\s+)?[<>≤≥\d]|(?:when|while|in)\s+(?:in\s+)?(?:the\s+)?[\"“]?(?:on|off)[\"”]?\s*(?:state\b|$|[.;,)])|"
    r"(?:when|while)\s+(?:signing|giving|entering|enrolling)\b|"
    r"(?:due\s+to|because\s+of|caused\s+by)\s+(?:[\w/-]+\s+){0,4}?(?:\w*therap|treatment|agents?\b|surger)|"
    r"unless\b|if\s+either\b|despite\b|on\s+(?:at\s+least\s+)?(?:two|three|2|3|several|repeated)\b|(?:when|if|as)\s+(?:calculated|measured|assessed|determined|corrected|computed|estimated)\b|"
    r"(?:while |when |if |in the )?fast(?:ing|ed)\b|"
    r"while\s+(?:in\s+the|at\s+the|enrolled|engaging|wearing|being|on\s+(?:the\s+)?study)\b|"
    r"when\s+\w{3,}ing\b|in\s+(?:an?\s+(?:day|week|month|year)|[\w-]+\s+equivalents?)\b|without\s+shoes|"
    r"for\s+age\b(?!\s*(?:over|under|above|below|[<>≤≥\d]))|"
    r"(?:while\s+)?(?:on|in|breathing)\s+(?:room|ambient)\s+air|"
    r"in\s+(?:its\s+|the\s+|their\s+)?(?:\w+\s+){0,2}(?:dimension|diameter|axis|size|length|total|duration)\b|"
    r"(?:without|no)\s+(?:the\s+)?(?:use of\s+|need for\s+)?(?:\w+\s+){0,3}"
    r"(?:growth factors?|transfusions?|G-?CSF|support|product|erythropoietin|EPO)\b",
    re.I,
)
THEMSELVES_ALLOWED = re.compile(
    r"(?:patients|subjects|participants|those|individuals)\s+(?:with|who)\b[^.;()<>≤≥\d]{0,60}?\b(?:is|are|may\s+be|will\s+be)\s+"
    r"(?:also\s+)?(?:allowed|permitted|eligible|acceptable|accepted|exempt|enrolled|included|not\s+excluded)\b(?!\s+if\b)",
    re.I,
)
OF_PEOPLE = re.compile(rf"(?:if|when|while)\b|(?:(?:for|in)\s+)?(?:{PEOPLE})\b|{COHORT}", re.I)
OBLIGED = re.compile(r"\s+(?:must|should|needs?|have\s+to|has\s+to|are\s+required)\b", re.I)
BEGINS_ANEW = re.compile(r"[^.;]{0,60},")


def stated_behind(text: str, start: int, stop: int) -> tuple[int, int] | None:
    match = CONDITION.match(text, start, stop)
    if not match:
        return None
    a, b = match.span("words")
    cut = CUT.search(text, a + 3, b)
    b = cut.start() if cut else b
    if A_SENTENCE.match(text, a, b) or OF_OTHERS.match(text, a) or BEGINS_A_SENTENCE.match(text, start):
        return None  # "(patients with lower counts are eligible if stable)" says something of others
    if b == stop and BREAKS_OFF.search(text, a, b):
        rest = REST.match(text, a)  # "if on 2 or 3 drugs": the number is of the condition
        b = rest.end() if rest else b
        if OBLIGED.search(text, a, b):
            return None  # "; patients with ANC 0.5-1.0 must be free from infection"
    words = text[a:b].rstrip(" ,:-")
    words = re.sub(r"(?:\s+(?:and|or|but|then|is|are|of|an?|the|,))+$", "", words)
    return (a, a + len(words)) if len(words) > 2 else None


BREAKS_OFF = re.compile(r"\b(?:on|with|in|whom|of|presence|absence|taking|receiving|than|is|was)\s+$", re.I)
REST = re.compile(r"(?:[^,;.()]|\.(?=\d)){0,90}")
TAIL = re.compile(
    r"\s+(?:is|are|was|were)\s+(?:present|known|documented|suspected|confirmed|involved)\b|"
    r"\s+(?:is|are|was|were|ha(?:s|ve)\s+been)\s+(?:ruled\s+out|excluded|absent|not\s+present)\b|\s+(?:patients|"
    r"subjects|participants)\b",
    re.I,
)
ALTERNATIVE = re.compile(r"[\s,;]*or\s+(?:with|in|on)\b", re.I)


def known_behind(text: str, start: int, stop: int, known: Sequence[Term]) -> tuple[int, int] | None:
    """A condition that the lexicon knows, right behind the limit: "with growth factor support", "in smokers"."""
    for term in known:
        if term.start < start or term.end > stop or term.start - start > 60:
            continue
        led = LED.fullmatch(text[start : term.start])
        own = LEADS_ITSELF.match(text, term.start) is not None
        if led and (led["words"] or own):
            if term.id == "cohort_part" and OF_WHAT_FOLLOWS.match(text, term.end):
                return None  # "≥ 9 g/dL (for Cohort B, ≥ 8 g/dL)"
            if ALTERNATIVE.match(text, start) and stop == len(text):
                return None  # "infants under 3 months or with pregnant women": another case, no condition
            begin = start + led.start("words") if led["words"] else term.start
            tail = TAIL.match(text, term.end, stop)
            return begin, tail.end() if tail else term.end
    return None


OF_WHAT_FOLLOWS = re.compile(r"\s+(?-i:[A-Z0-9]{1,3}[a-z]?)\s*,\s*(?:[\w-]+\s+){0,4}?[<>≤≥=\d]", re.I)
COHORT_BEHIND = re.compile(
    rf"\s*(?:\([^()]*\)\s*)?(?:(?:at|by|per|before|using|for|of|in)\s+(?:(?!(?:patients|subjects|participants|those)\b)[\w-]+\s+){{1,6}})?"
    r"\(\s*(?:only\s+)?(?:applicable\s+(?:only\s+)?(?:to\s+)?)?"
    rf"(?P<words>{COHORT}|(?-i:[MF])|"
    r"(?:(?:for|in)\s+)?(?:adults?|children|adolescents|(?:non-?)?diabetics)\b[^()<>≤≥]{0,30})\s*\)|"
    r"(?:\s+of\s+age)?(?:,\s*inclusive,)?\s*(?:\([^()]*\)\s*)?(?:(?:for|and|,\s\w+,?\s\w+)\s[^.;()\d]{3,40}(?:\([^()]*\)\s*)?)?(?P<bare>\b(?:for|in)\s+(?:part|cohort|arm|stratum|sub-?study)s?\s+[A-Z0-9]{1,3}\b)"
    r"(?!\s*:|\s*,?\s*(?:[<>≤≥=]|must\b|should\b|at\s+least\b))",
    re.I,
)


def cohort_behind(text: str, end: int) -> tuple[int, int] | None:
    """ "≤ 48 h (Stratum A)", "≥ 60 % in Part B"."""
    behind = COHORT_BEHIND.match(text, end) if "(" in text or holds_any(text, COHORTS) else None
    return behind.span("words" if behind["words"] else "bare") if behind else None


RESTATED = re.compile(  # "(110 lbs)", "(110 pounds [lbs])", "(kg [110 pounds])"
    r"\s*[(\[]\s*(?:[A-Za-z]{1,5}\s*\[\s*)?[<>≤≥=]*\s*(?:[a-z]+\s+){0,5}\d[\d.,]*\s*[^\s()\d<>≤≥=]"
    r"[^()\[\]<>≤≥=]{0,15}(?:\[[^()\[\]<>≤≥=]{0,15}\]\s*)?[)\]]{1,2}"
)


OF_WHAT_A_TIME = re.compile(
    r"\s+(?:of\s+(?:pure\s+)?(?:alcohol|ethanol)\s+)?(?:per|a|each|every)\s+(?:day|week|month)\b", re.I
)
INCLUSIVE_OR_DATED = re.compile(
    r"(?:\s+of\s+alcohol\b)?(?:\s*,?\s*\(?inclusive\b\)?,?)?(?:\s+(?:at|on|during)\s+(?:the\s+)?(?:screening|baseline|study\s+entry|enrol+ment|"
    r"randomi[sz]ation|visit\s+\w+)(?:\s+visit)?(?:\s*\([^()]{1,20}\))?(?=,?\s+(?:if|for|in)\b))?",
    re.I,
)
FURTHER_IN_BRACKETS = re.compile(r"\s*\((?:or|i\.?e\.?,?|equal to)\s[^()]*\d[^()]*\)\s*", re.I)
BRACKET = re.compile(r"\s*\([^()]*\)\s*(?:of\s+)?$")


def end_of_words(text: str, limit: Limit) -> int:
    """Where a condition behind a limit may begin: behind its measure, and behind what says it again in brackets."""
    end = limit.quantity.end
    if limit.span and not limit.inherited and end <= limit.span[0] < end + 30:
        if BRACKET.match(text, end, limit.span[0]):
            return end  # "> 20 g/day (women) of alcohol"
        end = limit.span[1]
    elif limit.span and limit.kind == "dose" and limit.span[0] < end < limit.span[1]:
        end = limit.span[1]  # "21 units of alcohol per week"
    end = its_rate.end() if (its_rate := OF_WHAT_A_TIME.match(text, end)) else end
    end = restated.end() if (restated := RESTATED.match(text, end)) else end
    return dated.end() if (dated := INCLUSIVE_OR_DATED.match(text, end)) else end


def is_condition(text: str, limit: Limit, end: int, span: tuple[int, int]) -> bool:
    """Whether the words behind a limit are a condition of it; `end`: where what is behind it begins."""
    if NO_CONDITION.match(text, span[0]):
        return False  # "unless …" lifts the limit, "without transfusion" is a demand of its own
    if limit.kind == "age" and NOT_OF_AGE.match(text, span[0]):
        return False  # "18 years or older with HIV", "due to lack of experience in children"
    if limit.kind in WITHOUT_COMPANY and WITH.match(text, span[0]):
        return False  # "stage IIIB without effusion" says more of it
    if THEMSELVES_ALLOWED.match(text, span[0]):
        return False  # "(patients with Gilbert syndrome are allowed)" lets in whom the limit keeps out
    counted = end > limit.quantity.end and limit.kind in ("count", "lesion", "dose")
    if counted and not OF_PEOPLE.match(text, span[0]):
        return False  # "at least 1 prior regimen for metastatic disease" says of what kind they were
    goes_on = ";" in text[end : span[0]] and (
        "," in text[slice(*span)] or BEGINS_ANEW.match(text, span[1]) or OBLIGED.match(text, span[1])
    )
    return not goes_on  # "< 2000 IU/mL; if HBV DNA is higher, …" goes on with something else


NOT_OF_AGE = re.compile(r"(?:with|without|due\s+to|because\s+of)\b", re.I)
WITH = re.compile(
    r"(?:with|without)\b(?!\s+(?:\w+\s+)?(?:conventional|spiral|helical|CT|calipers?|computed|chest|x-?rays?|MRI|magnetic)\b)",
    re.I,
)
WITHOUT_COMPANY = frozenset(("scale", "lesion", "count"))


SET_OFF = re.compile(r"\s*[,;.(\[]")
LEADS_ON = re.compile(r"[\s,:]*(?:then)?[\s,:]*(?:is|are|must be|should be|an?(?: higher| lower)?)?\s*", re.I)
FOR_OTHERS = re.compile(r"(?:for|in)\s", re.I)
JOINED = re.compile(r"\s*,?\s*(?:and|or),?\s+(?:for\s+|in\s+)?", re.I)
LABELS = re.compile(r"\s*(?:of age)?,?\s*:?\s*(?:defined as\s+)?(?:an?\s+)?", re.I)


def leads_the_next(text: str, end: int, span: tuple[int, int], stop: int) -> bool:
    """Whether a condition behind a limit is the next one's: "male ≥ 450 ms, female ≥ 470 ms", "and women: 10 to 16".

    Set off by a comma, or behind "and", it runs right up to that limit.
    """
    if stop < span[1]:
        return False
    if SET_OFF.match(text, end, span[0]) and not JOINED.fullmatch(text, end, span[0]):
        return LEADS_ON.fullmatch(text, span[1], stop) is not None
    if JOINED.fullmatch(text, end, span[0]) is None:
        return False
    return FOR_OTHERS.match(text, span[0]) is not None or LABELS.fullmatch(text, span[1], stop) is not None


CLOSES = re.compile(r"[)\]]")
TAIL_OF_BRACKET = re.compile(
    r"\s*(?P<words>(?:in|for|with|if|when|among|on|after|under|during)\s+[^\d<>≤≥]{2,60}?)\s*$", re.I
)
OF_WHOM_AT_ITS_END = re.compile(  # "(≤ 2 x ULN and no other abnormality in patients with Gilbert's syndrome)"
    rf"[^\d<>≤≥;]{{3,70}}\s(?P<words>(?:in|for)\s+(?:{PEOPLE}|those)\s+(?:with|on|who|receiving|taking)\s[^\d<>≤≥]{{2,60}}?)\s*$",
    re.I,
)
REST_OF_BRACKET = re.compile(r"[\s,:]*(?P<words>[^\d<>≤≥:;]{3,50}?)\s*$")
HEAD_OF_BRACKET = re.compile(r"\s*(?P<words>[^:;,<>≤≥=\d]{3,50}?|[A-Z]\d)\s*:\s*$")
NO_LABEL = re.compile(r"(?:notes?|n\.?\s?b|i\.?e|e\.?g|n\.?\s?v|normal|reference|range|see|defined)\b", re.I)
BARE_HEAD_OF_BRACKET = re.compile(r"\s*(?:or\s+)?(?P<words>[^:;,<>≤≥=\d]{3,50}?)\s*[:,=]?\s*$")


def around_in_brackets(
    text: str, limit: Limit, terms: Sequence[Term], known: Sequence[Term], has_one_before: Callable[[int], bool]
) -> tuple[int, int] | None:
    """What else a bracket around a second limit says: "(≥ 20 in Japan)", "(Asian: > 23)", "(liver metastases ≤ 5)"."""
    q = limit.quantity
    opening = max(text.rfind("(", 0, q.start), text.rfind("[", 0, q.start))
    close = text.find(")" if text[opening : opening + 1] == "(" else "]", q.end)
    if opening < 0 or close < 0 or CLOSES.search(text, opening, q.start) or not has_one_before(opening):
        return None
    if text[opening + 1 : q.start].strip() in ("", "or"):
        tail = TAIL_OF_BRACKET.match(text, q.end, close)
        tail = tail or OF_WHOM_AT_ITS_END.match(text, q.end, close)
        if tail is None and (tail := REST_OF_BRACKET.match(text, q.end, close)) and not names_one(tail, known):
            return None
        if tail and tail.re is REST_OF_BRACKET and _measures(terms, tail.start("words"), tail.end("words")):
            return None  # "(> 35 % direct bilirubin)"
        if tail and not NO_CONDITION.match(text, tail.start("words")):
            return tail.span("words")
    own = limit.span is not None and limit.span[0] > opening
    start = min(q.start, limit.span[0]) if limit.span and own else q.start
    head = HEAD_OF_BRACKET.match(text, opening + 1, start)
    if head and not NO_LABEL.match(text, head.start("words")) and not _measures(terms, head.start("words"), start):
        return head.span("words")
    head = None if own else BARE_HEAD_OF_BRACKET.match(text, opening + 1, start)
    return head.span("words") if head and names_one(head, known) else None


def _measures(terms: Sequence[Term], start: int, end: int) -> bool:
    """Whether words name a measure."""
    return any(t.group == "measure" and start <= t.start < end for t in terms)


def names_one(said: re.Match[str], known: Sequence[Term]) -> bool:
    """Whether `words` of a match name a condition that not everyone has."""
    a, b = said.span("words")
    return any(a <= t.start and t.end <= b and t.id not in EVERYONES for t in known)
