"""Conditions: the words under which a limit holds ("for men", "if liver metastases are present"), and which limit
replaces which."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from spacy.language import Language

from trialcriteria.components.limits import Limit
from trialcriteria.components.step import Step
from trialcriteria.components.terms import Term
from trialcriteria.headings.arms import opening_arm

COHORT = (
    r"(?:for\s+(?:the\s+)?|in\s+(?:the\s+)?)?(?:(?:part|cohort|arm|stratum|group|phase)s?\s+[\"“]?(?:[A-Z0-9]{1,3}[a-z]?|"
    r"fit|unfit)\b[\"”]?(?:(?:\s*[/,&]\s*|\s+(?:and|or)\s+)[A-Z0-9]{1,2}\b)*|[a-z]+(?:\s[a-z]+)?\s"
    r"(?:sub-?study|cohort|stratum))(?:\s+only)?"
)
PEOPLE = r"(?:an? |any )?(?:patients?|subjects?|participants?|men|women|males?|females?|boys|girls|adults|children)"
CONDITION = re.compile(
    r"[\s,;(\[]*(?:or\s+|and\s+|but\s+)?"
    r"(?:(?:is|are|may be|will be|can be)\s+(?:also\s+)?(?:acceptable|allowed|permitted|eligible|accepted)\s+)?"
    r"(?P<words>(?:only\s+)?(?:if|in (?:the )?(?:case|cases|event) of|"
    rf"in (?:the )?(?:presence|absence) of|in those|for those|for {PEOPLE}|in {PEOPLE}|"
    r"(?:solely |only |clearly )?(?:due to|because of|caused by)|"
    r"after (?:discussion|consultation|approval|agreement|sponsor)|"
    r"with (?:the )?(?:sponsor|investigator|PI|medical monitor)\S* (?:approval|agreement)|"
    r"among|when|unless|where|while|otherwise|without|"
    r"with (?:documented |known |confirmed )?(?:liver|hepatic|bone|gilbert|tumou?r|cancer|brain|metasta)|"
    r"(?:men|women|males|females|male|female|boys|girls)\b|(?:patients|subjects|participants|those) with)"
    r"\b[^.;()\[\]]*)",
    re.I,
)
LEADING = re.compile(
    r"(?P<words>(?:if|in (?:the )?(?:case|cases|event) of|in (?:the )?presence of|for (?:patients|subjects|"
    r"participants|those|men|women|males|females|male|female|boys|girls|adults|children)|in (?:patients|"
    r"subjects|participants|those|men|women|males|females)|"
    r"unless|when|(?:patients|subjects|participants|those) with|(?:men|women|males|females|male|female|boys|"
    r"girls)\b|without|with (?:documented |known |confirmed )?(?:liver|hepatic|bone|gilbert|"
    r"metasta))[^.;()\[\]<>≤≥\d]*?)[\s,:(]*(?:then|must have|should have|must be|should be|can have|may have|"
    r"can|may|have|the|is|are|up to|be)?[\s,:(]*$",
    re.I,
)
LED = re.compile(
    r"[\s,;(\[]*(?:(?:or|and|but|acceptable|allowed|permitted|is|are)\s+)*(?P<words>(?:(?:if|in|for|with|"
    r"without|after|on|among|when|unless|while|under|where|due to|because of)\s+"
    r"(?:(?:the|a|an|patients?|subjects?|participants?|those|who|are|have|has|had|is|known|documented|"
    r"confirmed|suspected|presence|absence|case|cases|event|of|only|with|on|to|receiving|there|attributable|"
    r"secondary|history)\s+)*)?)",
    re.I,
)
TAIL = re.compile(
    r"\s+(?:is|are|was|were)\s+(?:present|known|documented|suspected|confirmed|involved)\b|\s+(?:patients|"
    r"subjects|participants)\b",
    re.I,
)
CUT = re.compile(
    r",\s+(?=(?:and|or|but|with|which|who|must|should|as|at|unless|then)\b)|\s+(?=(?:and|or)\s+(?:[<>≤≥]|"
    r"\w+\s*(?:[<>≤≥]|level|count)))|\s+(?:must|should|then|is allowed|are allowed|within|obtained|"
    r"such as|at the last)\b",
    re.I,
)


def find_conditions(text: str, limits: Sequence[Limit], terms: Sequence[Term], *, population: bool = False) -> None:
    """Give each limit the words under which it holds, and lay out which limit replaces which.

    `population`: whether the criterion opens with whom the trial is for ("Women aged 18 to 45"), which is no condition.
    """
    known = conditions_of(text, terms)
    arm = opening_arm(text)
    order = sorted({limit.quantity.start for limit in limits if limit.kind != "duration"})
    placed: dict[int, tuple[int, int]] = {}
    for limit in limits:
        if limit.is_time:
            continue
        q = limit.quantity
        if q.start in placed:
            limit.condition = placed[q.start]
        else:
            nexts = [start for start in order if start > q.start]
            end = _end_of_words(text, limit)
            following = [other.span[0] for other in limits if other.span and other.attribute and other.span[0] >= end]
            stop = min([len(text), *nexts[:1], *following])
            previous = max([other.quantity.end for other in limits if other.quantity.end <= q.start] + [0])
            until = min(q.start, limit.span[0]) if limit.span and limit.span[0] >= previous else q.start
            span = _behind_of_a_cohort(text, end) or _known_behind(text, end, stop, known) or _behind(text, end, stop)
            if span and NO_CONDITION.match(text, span[0]):
                span = None  # "unless …" lifts the limit, "without transfusion" is a demand of its own
            if (
                span
                and end > q.end
                and limit.kind in ("count", "lesion", "dose")
                and not OF_PEOPLE.match(text, span[0])
            ):
                span = None  # "at least 1 prior regimen for metastatic disease" says of what kind they were
            if span and (";" in text[end : span[0]] and BEGINS_ANEW.match(text, span[1])):
                span = None  # "< 2000 IU/mL; if HBV DNA is higher, …" goes on with something else
            if span and _leads(text, end, span, stop, bool(nexts)):
                span = None  # "male ≥ 450 ms, female ≥ 470 ms": what stands before the next limit is its condition
            span = (
                span
                or _bracketed(text, limit, limits, terms)
                or _in_front_of_a_cohort(text, until)
                or _front(text, previous, until, known)
                or _amid(text, limit, known)
                or _announced(text, until)
                or (None if limit.kind == "age" else _of_people(text, previous, until, known))
            )
            if span and not _is_everyones(text, span, limit, arm, population=population):
                placed[q.start] = limit.condition = span
    _share_cohort(text, limits)
    _by_methods(text, limits)
    settle(text, limits, known)


RESTATED = re.compile(r"\s*[(\[]\s*[<>≤≥=]*\s*(?:[a-z]+\s+){0,5}\d[\d.,]*\s*[^\s()\d<>≤≥=][^()\[\]<>≤≥=]{0,15}[)\]]")


OF_PEOPLE = re.compile(rf"(?:if|when|while)\b|(?:(?:for|in)\s+)?(?:{PEOPLE})\b|{COHORT}", re.I)
BEGINS_ANEW = re.compile(r"[^.;]{0,60},")


def _end_of_words(text: str, limit: Limit) -> int:
    """Where a condition behind a limit may begin: behind its measure, and behind what says it again in brackets."""
    end = limit.quantity.end
    if limit.span and not limit.inherited and end <= limit.span[0] < end + 30:
        end = limit.span[1]
    return restated.end() if (restated := RESTATED.match(text, end)) else end


def conditions_of(text: str, terms: Sequence[Term]) -> list[Term]:
    """The conditions that the lexicon knows; "CKD-EPI" is an equation and "transfusion-free" another word."""
    return [t for t in terms if t.group == "limit_conditions" and not HYPHENATED.match(text, t.end)]


HYPHENATED = re.compile(r"-(?:EPI\b|free\b)", re.I)


def settle(text: str, limits: Sequence[Limit], known: Sequence[Term]) -> None:
    """The lexicon's ids of the conditions, and which limit replaces which."""
    _share_in_front(text, limits)
    for limit in limits:
        if limit.condition and limit.condition_id is None:
            limit.condition_id = _named(text, limit, known)
    _replace(limits)


def _named(text: str, limit: Limit, known: Sequence[Term]) -> str | None:
    """The lexicon's id of a limit's condition: that of the longest known words in it."""
    assert limit.condition
    a, b = limit.condition
    if text[a:b] in SEX:
        return SEX[text[a:b]]
    if text[a:b].lower().startswith("unless") and limit.rule == "further-limit":
        a += len("unless")
    if (aged := _age_group(text[a:b])) is not None:
        return aged
    inside = [t for t in known if a <= t.start and t.end <= b] or [
        Term(a, b, t.group, t.id.removeprefix("no_"))
        for t in known
        if t.start < a < t.end <= b and t.id.startswith("no_")
    ]
    return max(inside, key=lambda t: t.end - t.start).id if inside else None


OLD = re.compile(
    r"\b(?:over|above|older than|>|≥|>=|aged)\s*=?\s*(?P<years>\d\d)\b(?!\s*(?:months|weeks|days|to|-))", re.I
)
YOUNG = re.compile(
    r"\b(?:under|below|younger than|<|≤|<=|to|-)\s*=?\s*(?P<years>\d\d?)\s*(?:years|yrs|months)?\b|"
    r"(?P<old>\d\d?)\s*(?:years\s+)?(?:of age\s+)?(?:or|and)\s+younger",
    re.I,
)
AGED = re.compile(r"\b(?:years?|yrs|aged?|ages|older|younger|months of age)\b", re.I)


def _age_group(words: str) -> str | None:
    """ "For patients over 60 years" is said of the elderly, "for subjects aged 6 to 11 years" of children."""
    if not AGED.search(words) and not re.match(
        r"(?:in|for)?\s*(?:patients|subjects|participants)\s*[<>≤≥]", words, re.I
    ):
        return None
    if (old := OLD.search(words)) and int(old["years"]) >= 60:
        return "elderly"
    young = YOUNG.search(words)
    if young and int(young["years"] or young["old"]) <= 18:
        return "child"
    return None


COHORT_BEHIND = re.compile(
    rf"\s*(?:\([^()]*\)\s*)?(?:(?:at|by|per|before|using)\s+[\w-]+\s*)?\(\s*(?P<words>{COHORT}|(?-i:[MF])|"
    r"(?:(?:for|in)\s+)?(?:adults?|children|adolescents|(?:non-?)?diabetics)\b[^()<>≤≥]{0,30})\s*\)|"
    r"\s*(?:\([^()]*\)\s*)?(?:(?:for|and)\s[^.;()\d]{3,40}(?:\([^()]*\)\s*)?)?(?P<bare>\b(?:for|in)\s+(?:part|cohort|arm|stratum)s?\s+[A-Z0-9]{1,3}\b)",
    re.I,
)
SEX = {"M": "male", "F": "female"}
COHORT_FRONT = re.compile(rf"(?:^|[;,.(]\s*|\b(?:or|and)\s+)(?P<words>{COHORT})\s*[:,(]?\s*(?:aged?\s*)?$", re.I)
TAIL_OF_BRACKET = re.compile(r"\s*(?P<words>(?:in|for|with|if|when|among|on)\s+[^\d<>≤≥]{2,60}?)\s*$", re.I)
HEAD_OF_BRACKET = re.compile(r"\s*(?P<words>[^:;,<>≤≥=\d]{3,50}?)\s*:\s*$")
ANNOUNCED = re.compile(r"\W*(?P<words>(?:for|if|in)\s[^:;.<>≤≥]{2,70}?)\s*:", re.I)


def _bracketed(text: str, limit: Limit, limits: Sequence[Limit], terms: Sequence[Term]) -> tuple[int, int] | None:
    """What else a bracket around a second limit says: "(≥ 20 in Japan)", "(Asian: > 23)"."""
    q = limit.quantity
    opening, close = text.rfind("(", 0, q.start), text.find(")", q.end)
    if opening < 0 or close < 0 or ")" in text[opening : q.start] or not any(x.quantity.end <= opening for x in limits):
        return None
    if text[opening + 1 : q.start].strip() in ("", "or"):
        tail = TAIL_OF_BRACKET.match(text, q.end, close)
        if tail and tail.end() == close:
            return tail.span("words")
    start = min(q.start, limit.span[0]) if limit.span and limit.span[0] > opening else q.start
    head = HEAD_OF_BRACKET.match(text, opening + 1, start)
    if (
        head
        and head.end() == start
        and not any(t.group == "measure" and head.start("words") <= t.start < start for t in terms)
    ):
        return head.span("words")
    return None


def _behind_of_a_cohort(text: str, end: int) -> tuple[int, int] | None:
    """ "≤ 48 h (Stratum A)", "≥ 60 % in Part B"."""
    behind = COHORT_BEHIND.match(text, end)
    return behind.span("words" if behind["words"] else "bare") if behind else None


def _in_front_of_a_cohort(text: str, start: int) -> tuple[int, int] | None:
    """ "Cohort 1: aged 12 to 65", where the criterion has a part for another cohort too."""
    front = COHORT_FRONT.search(text, max(0, start - 40), start)
    return front.span("words") if front else None


def _announced(text: str, start: int) -> tuple[int, int] | None:
    """ "For lung SABR: FEV1 ≥ 0.8 L, DLCO ≥ 30 %": a criterion that opens with whom it is for.

    So may a sentence: "Previously treated patients: at least 3 injections".
    """
    said = [ANNOUNCED.match(text), *SAID_OF.finditer(text, 0, start)]
    for opening in reversed(said):
        if opening and opening.end() <= start:
            whom = "words" if opening["words"] else "arm"
            return None if re.search(r";|\.\s", text[opening.end() : start]) else opening.span(whom)
    return None


SAID_OF = re.compile(
    rf"[;.]\s*(?P<arm>{COHORT})\s*(?:\([^()]*\)\s*)?:|"
    r"(?:^|[;.]\s)\W*(?P<words>(?!(?:all|both|study|eligible|enrolled|healthy|main|for|in|adult)\b)"
    r"(?:[A-Za-z][\w+/-]*\s){1,4}?"
    r"(?:patients|subjects|participants|lesions|metastases|women|men|adults|children)|HIV[\s-](?:co-?)?infected)"
    r"\s*(?:\([^()]*\)\s*)?:",
    re.I,
)
OBLIGED = re.compile(
    r"(?:^|[;.(]\s*)\W*(?P<words>[^\W\d][\w+/-]*(?:\s[^\W\d][\w+/-]*){0,3}?)\s+"
    r"(?:must|should|needs?|have\s+to|has\s+to|are\s+required)\b[^;.<>≤≥\d]*$",
    re.I,
)
EVERYONES = frozenset({"adult", "cancer", "solid_tumor", "healthy_volunteers", "age_group", "cohort_part"})


def _of_people(text: str, start: int, end: int, known: Sequence[Term]) -> tuple[int, int] | None:
    """ "HIV-positive patients must have a viral load < 50 copies/mL": a sentence on patients of one kind."""
    said = OBLIGED.search(text, start, end)
    if not said:
        return None
    a, b = said.span("words")
    return (a, b) if any(a <= t.start and t.end <= b and t.id not in EVERYONES for t in known) else None


MALE, FEMALE = r"\b(?:men|man|males?|boys?)\b", r"\b(?:women|woman|females?|girls?)\b"
JOINED = r"\s*(?:patients|subjects|participants)?\s*(?:and/or|and|or|/|,|&)\s*(?:[\w-]+\s+){0,2}"
EITHER_SEX = re.compile(rf"(?:(?:for|in)\s+)?(?:{MALE}{JOINED}{FEMALE}|{FEMALE}{JOINED}{MALE})(?!\s*[(:<>≤≥\d])", re.I)
OBLIGES = re.compile(r"[:=]|\b(?:must|should|need|needs|have|has|had|are|is)\b", re.I)


def _is_everyones(
    text: str, span: tuple[int, int], limit: Limit, arm: tuple[str, int] | None, *, population: bool
) -> bool:
    """Whether words before a limit only say whom the criterion is for: "Women aged 18 to 45", "Part A: 6 to 11 years".

    The arm that a criterion opens with is the criterion's own `cohort`; men and women are everybody.
    """
    if (arm and span[0] < arm[1]) or EITHER_SEX.match(text, span[0]):
        return True
    if (
        not population
        or OPENING.fullmatch(text, 0, span[0]) is None
        or OBLIGES.search(text, *sorted((span[0], limit.first)))
    ):
        return False
    if re.search(MALE, text, re.I) and re.search(FEMALE, text, re.I):
        return False
    sexed = re.search(rf"{MALE}|{FEMALE}", text[slice(*span)], re.I) is not None
    return sexed or "," not in text[span[1] : limit.first]


OPENING = re.compile(r"\W*(?:(?:healthy|adult|eligible|all|any|study|chinese|japanese)\s+)*", re.I)


NO_CONDITION = re.compile(
    r"unless\b|if\s+either\b|(?:while |when |if |in the )?fast(?:ing|ed)\b|"
    r"for\s+age\b(?!\s*(?:over|under|above|below|[<>≤≥\d]))|"
    r"(?:while\s+)?(?:on|in|breathing)\s+(?:room|ambient)\s+air|"
    r"in\s+(?:its\s+|the\s+|their\s+)?(?:\w+\s+){0,2}(?:dimension|diameter|axis|size|length|total|duration)\b|"
    r"(?:without|no)\s+(?:the\s+)?(?:use of\s+|need for\s+)?(?:\w+\s+){0,3}"
    r"(?:growth factors?|transfusions?|G-?CSF|support|product|erythropoietin|EPO)\b",
    re.I,
)


def _leads(text: str, end: int, span: tuple[int, int], stop: int, more: bool) -> bool:
    """Whether a condition behind a limit, set off by a comma, runs right up to the next limit."""
    if not more or not re.match(r"\s*[,;.(]", text[end : span[0]]):
        return False
    return (
        re.fullmatch(r"[\s,:]*(?:then)?[\s,:]*(?:is|are|must be|should be)?\s*", text[span[1] : stop], re.I) is not None
    )


def _amid(text: str, limit: Limit, known: Sequence[Term]) -> tuple[int, int] | None:
    """A condition between measure and limit: "QTc interval in men ≤ 450 ms"."""
    if limit.span is None or limit.inherited or limit.span[1] > limit.quantity.start or limit.rule == "further-limit":
        return None
    for term in known:
        if limit.span[1] <= term.start and term.end <= limit.quantity.start:
            begin = LABEL_ENDS.match(text, limit.span[1], term.start)
            begin_at = begin.end() if begin else limit.span[1]
            led = LED.fullmatch(text[begin_at : term.start])
            if led is None or not (led["words"] or LEADS_ITSELF.match(text, term.start)):
                return None
            return (begin_at + led.start("words") if led["words"] else term.start), term.end
    return None


LABEL_ENDS = re.compile(r"\s*[:\-–]\s*")
LEADS_ITSELF = re.compile(
    r"(?:without|with|if|no|not|in|for|on|off|under|due|secondary|absence|presence|adults?|children|adolescents|diabetics|"
    r"(?:fe)?males?|(?:wo)?men)\b",
    re.I,
)


def _known_behind(text: str, start: int, stop: int, known: Sequence[Term]) -> tuple[int, int] | None:
    """A condition that the lexicon knows, right behind the limit: "with growth factor support", "in smokers"."""
    for term in known:
        if term.start < start or term.end > stop or term.start - start > 60:
            continue
        led = LED.fullmatch(text[start : term.start])
        own = LEADS_ITSELF.match(text, term.start) is not None
        if led and (led["words"] or own):
            if ALTERNATIVE.match(text, start) and stop == len(text):
                return None  # "infants under 3 months or with pregnant women": another case, no condition
            begin = start + led.start("words") if led["words"] else term.start
            tail = TAIL.match(text, term.end, stop)
            return begin, tail.end() if tail else term.end
    return None


def _behind(text: str, start: int, stop: int) -> tuple[int, int] | None:
    match = CONDITION.match(text, start, stop)
    if not match:
        return None
    a, b = match.span("words")
    cut = CUT.search(text, a + 3, b)
    b = cut.start() if cut else b
    if A_SENTENCE.match(text, a, b):
        return None  # "(patients with lower counts are eligible if stable)" says something of others
    words = text[a:b].rstrip(" ,:-")
    words = re.sub(r"\s+(?:and|or|but|then|is|are|of|,)$", "", words)
    return (a, a + len(words)) if len(words) > 2 else None


A_SENTENCE = re.compile(
    r"(?:patients|subjects|participants|those)\b.*?\b(?:is|are|was|were|may be|will be|should be|must be)\s+(?:not\s+)?"
    r"(?:eligible|allowed|permitted|acceptable|excluded|enrolled)\b",
    re.I,
)


def _front(text: str, start: int, end: int, known: Sequence[Term]) -> tuple[int, int] | None:
    """The condition in front of a limit: one that the lexicon knows, or that "if" and its kin announce."""
    match = LEADING.search(text, start, end)
    if not match:
        return None
    a, b = match.span("words")
    words = text[a:b].rstrip(" ,:-")
    stated = STATED.match(words) is not None and re.search(
        r"[,:(]|\b(?:then|must|should)\b", text[a + len(words) : end]
    )
    if re.search(
        r"\b(?:fe)?males?\b.*\b(?:fe)?males?\b|\b(?:wo)?men\b.*\b(?:wo)?men\b", words, re.I
    ):  # "male or female": both
        return None
    if len(words) < 3 or not (stated or any(a <= t.start and t.end <= b for t in known)):
        return None
    return a, a + len(words)


STATED = re.compile(r"(?:if|when|in (?:the )?(?:case|cases|event|presence))\b.{3}", re.I)
ALTERNATIVE = re.compile(r"[\s,;]*or\s+(?:with|in|on)\b", re.I)


ABOVE_LIMIT = {"creatinine_above_limit": "creatinine", "bilirubin_above_limit": "bilirubin"}


def _replace(limits: Sequence[Limit]) -> None:
    """A conditional limit replaces the unconditional one on the same measure; two conditions exclude each other.

    So does one on another measure for those who miss the first: "CrCl ≥ 60 for patients with creatinine above …".
    """
    for index, limit in enumerate(limits):
        if limit.condition is None or limit.attribute is None or limit.exception_to is not None:
            continue
        for earlier in range(index):
            other = limits[earlier]
            if (
                other.attribute in (limit.attribute, ABOVE_LIMIT.get(limit.condition_id or ""))
                and other.condition is None
                and other.kind == limit.kind
                and other.quantity.end <= limit.condition[0]
                and other.quantity.start != limit.quantity.start
            ):
                limit.exception_to = earlier
                break


METHOD = re.compile(
    r"\s*(?P<words>(?:by|with|on|using)\s+(?:the\s+)?(?:a\s+)?(?:spiral|helical|conventional|chest|CT|MRI|x-?ray|physical|"
    r"clinical|multi\w*|calipers?|other)\b[^,;.()<>≤≥\d]{0,30}?)(?=\s*(?:[,;.(){}\[\]]|\bor\b|\band\b|$))",
    re.I,
)


JOINED_TO_LAST = re.compile(r"\s*,?\s*(?:and|or)\s+(?:[\w-]+\s+){0,3}", re.I)


def _share_in_front(text: str, limits: Sequence[Limit]) -> None:
    """ "For patients over 60, CrCl > 50 mL/min and creatinine < 1.5 mg/dL": what "and" joins holds under it too."""
    for a, b in pairwise(limits):
        in_front = a.condition is not None and a.condition[1] <= a.first
        if not in_front or b.condition is not None or a.is_time or b.is_time or b.kind != a.kind:
            continue
        if a.quantity.end <= b.first and JOINED_TO_LAST.fullmatch(text, a.quantity.end, b.first):
            b.condition = a.condition


def _by_methods(text: str, limits: Sequence[Limit]) -> None:
    """ "≥ 20 mm by chest x-ray or ≥ 10 mm by spiral CT": two sizes, each under its method."""
    for a, b in pairwise(limits):
        if a.attribute != b.attribute or a.kind != "lesion" or a.condition not in (None, b.condition):
            continue
        one, other = METHOD.match(text, a.quantity.end), METHOD.match(text, b.quantity.end)
        if one and other and b.quantity.start - a.quantity.end < 60:
            a.condition = a.condition or one.span("words")
            b.condition, b.exception_to = other.span("words"), None


def _share_cohort(text: str, limits: Sequence[Limit]) -> None:
    """ "Vitamin D < 10 ng/ml or calcium > ULN (Part B only).": a bracket that ends a list holds for all of it."""
    for index, limit in enumerate(limits):
        bracket = COHORT_BEHIND.match(text, limit.quantity.end)
        if not bracket or limit.rule == "further-limit" or limit.condition != bracket.span("words"):
            continue
        if not CLOSED.match(text, bracket.end()):
            continue
        for other in reversed(limits[:index]):
            if other.condition or LIST_ENDS.search(text, other.quantity.end, limit.first):
                break
            if not other.is_time:
                other.condition = limit.condition


CLOSED = re.compile(r"\s*(?:[;.]|$)")
LIST_ENDS = re.compile(r"[;]|[.](?=\s)")


class Conditions(Step):
    """Gives the limits in `doc.user_data["limits"]` the conditions under which they hold."""

    def read(self, text: str, data: dict[str, Any]) -> None:
        """The limits learn their conditions."""
        limits = data.get("limits", ())
        if limits:
            find_conditions(text, limits, data.get("terms", ()), population=data.get("population", False))


@Language.factory("trialcriteria_conditions", assigns=["doc.user_data"], requires=["doc.user_data"])
def make_conditions(nlp: Language, name: str) -> Conditions:
    """Component `trialcriteria_conditions`."""
    return Conditions()
