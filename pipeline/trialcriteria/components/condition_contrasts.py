"""Contrasts: two amounts of one measure, and what tells each from the other: "≤ 17 if illiterate, ≤ 20 otherwise".

What is too vague to be a condition of a limit alone ("on treatment", "twins:") is one beside another amount.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from trialcriteria.components.condition_behind import NO_CONDITION
from trialcriteria.components.condition_words import COHORT, FOR_EACH_SEX, SEX
from trialcriteria.components.further import has_label
from trialcriteria.components.limits import CLAUSE_ENDS, Limit
from trialcriteria.components.telling import Sought

Span = tuple[int, int]
FARTHEST = 250  # characters between two amounts


def tell_apart(text: str, limits: Sequence[Limit]) -> None:
    """Give two amounts of one measure the words that tell them apart, where these stand beside both or the second."""
    give_slashed(text, limits)
    give_sexes(text, limits)
    give_methods(text, limits)
    for a, b in _contrasts(limits):
        _behind_each(text, a, b)
        _labels_in_front(text, a, b)
        _in_front(text, limits, a, b)
        _behind_the_second(text, limits, a, b)
        _respectively(text, a, b)


def _contrasts(limits: Sequence[Limit]) -> Iterator[tuple[Limit, Limit]]:
    """Each limit with the next one on its measure, where that bounds the same side elsewhere."""
    last: dict[str, Limit] = {}
    for b in limits:
        if b.attribute is None or b.is_time:
            continue
        a = last.get(b.attribute)
        last[b.attribute] = b
        if a is None or (a.condition and b.condition) or not 0 < b.quantity.start - a.quantity.end < FARTHEST:
            continue
        within = a.condition and a.condition[0] <= b.quantity.start < a.condition[1]
        if not within and _are_alike(a, b) and _amount(a) != _amount(b):
            yield a, b


def _begin(a: Limit, b: Limit) -> int:
    """Where the second begins: with its own measure, where it names it again, else with its amount."""
    return b.span[0] if b.span and a.quantity.end <= b.span[0] < b.quantity.start else b.quantity.start


SIDES = {"<": "most", "<=": "most", ">": "least", ">=": "least"}


def _are_alike(a: Limit, b: Limit) -> bool:
    """Whether two limits bound the same side, in the same unit, so that both together would say one of them in vain."""
    p, q = a.quantity, b.quantity
    one, other = (SIDES.get(x.operator or "", x.operator) for x in (p, q))
    if p.reference == "normal" and q.reference == "ULN":
        return other == "most"
    alike = p.reference == q.reference and (p.unit == q.unit or None in (p.unit, q.unit))
    return alike and (one == other or "between" in (one, other))


def _amount(limit: Limit) -> tuple[object, ...]:
    q = limit.quantity
    return q.value, q.low, q.high, q.pair, limit.levels


SEXES = {"m": "male", "f": "female", "w": "female"}
A_SEX = re.compile(SEX, re.I)


def give_slashed(text: str, limits: Sequence[Limit]) -> None:
    """ "≤ 450/470 ms (males/females)": whom each of two amounts is for."""
    for a, b in pairwise(limits):
        one = (a.attribute, a.quantity.operator) == (b.attribute, b.quantity.operator)
        if not one or text[a.quantity.end : b.quantity.start].strip() != "/":
            continue
        if groups := FOR_EACH_SEX.match(text, b.quantity.end):
            a.condition, b.condition = groups.span("one"), groups.span("other")
            a.condition_id, b.condition_id = (SEXES[groups[of][0].lower()] for of in ("one", "other"))
            a.exception_to = b.exception_to = None


def give_sexes(text: str, limits: Sequence[Limit]) -> None:
    """ "Males ≥ 65 years or females ≥ 70 years": whom each age is for."""
    aged = [(limit, limit.condition or limit.span) for limit in limits if limit.attribute == "age"]
    sexed = [(limit, said) for limit, said in aged if said and A_SEX.fullmatch(text, *said)]
    if len({SEXES[text[said[0]].lower()] for _, said in sexed}) == 2:
        for limit, said in sexed:
            limit.condition, limit.condition_id = said, SEXES[text[said[0]].lower()]


METHOD = re.compile(
    r"\s*(?P<words>(?:by|with|on|using)\s+(?:the\s+)?(?:a\s+)?(?:spiral|helical|conventional|chest|CT|MRI|x-?ray|physical|"
    r"clinical|multi\w*|calipers?|other)\b[^,;.()<>≤≥\d]{0,30}?)(?=\s*(?:[,;.(){}\[\]]|\bor\b|\band\b|$))",
    re.I,
)


def give_methods(text: str, limits: Sequence[Limit]) -> None:
    """ "≥ 20 mm by chest x-ray or ≥ 10 mm by spiral CT": two sizes, each under its method."""
    for a, b in pairwise(limits):
        if a.attribute != b.attribute or a.kind != "lesion" or b.quantity.start - a.quantity.end >= 60:
            continue
        one, other = METHOD.match(text, a.quantity.end), METHOD.match(text, b.quantity.end)
        if one and other and a.condition in (None, b.condition, one.span("words")):
            a.condition = a.condition or one.span("words")
            b.condition, b.exception_to = other.span("words"), None


SAME_FOR_BOTH = (  # "at", "in the last year", "on two occasions", "in long axis": when and how, not for whom
    r"(?:(?:the|an?|any|each|every|at\s+least|their|his|her|its)\s+)*(?:\d+\s|last|past|previous|prior|preceding|first|next|same|one\b|two|three|four|"
    r"screen|baseline|visit|random|enrol|entry|study\b(?!\s+stage)|trial\b|day|week|month|year|hour|minute|total|both|either|all\b|any\b|each|every|"
    r"addition|combination|accordance|fast|blood|serum|plasma|urine|bone\s+marrow|duration|dimension|diameter|size|length|width|depth|axis|"
    r"age\b|life|gestation|repeat|separate|consecutive|average|area|sum\b|more\b|less\b|least|time\b|period|cycle|dos|spite|room\s+air|"
    r"dipstick|urinalysis|reference|institution|local|central|investigator|adequate|inclusi|"
    r"long(?:est)?\s|short(?:est)?\s|greatest|largest)"
)
PREPOSITIONS = "on|off|by|with|without|using|via|for|in|among|under|after|during|if|when|while|where"
SAID_ON = r"(?:\s+(?:of|per|an?|containing|in)\s+(?:age\b|alcohol\b|day\b|week\b|diameter\b|thickness\b))*"
MARK = re.compile(
    rf"{SAID_ON}(?:\s*,?\s*(?P<words>(?P<how>{PREPOSITIONS})\s+(?!{SAME_FOR_BOTH})"
    r"(?:[^\s,;.()<>≤≥]|(?<=\d)\.(?=\d))(?:[^,;()<>≤≥.]|(?<=\d)\.(?=\d)){1,60}?)(?:\s\([^()<>≤≥]*\)(?:\s[a-z]+)?)?(?=\s*(?:[,;)]|\.(?!\d)|\bor\b(?!\s+(?:fewer|more|less|younger|older|over|above|below|higher|lower))|\band\b|$))|"
    r"\s*\((?P<label>(?!(?:i\.?e|e\.?g|see|as|or|and|per|mean|normal|equivalent|approx\w*|about|inclusive|corresponding|ULN|LLN)\b)"
    r"[A-Za-z][\w +/’'-]{1,50})\))",
    re.I,
)
ON_TO_THE_NEXT = re.compile(r"\s*(?:,|;|/|\bor\b|\band\b)*\s*(?:as\s+)?")
OPPOSITES = {"with": "without", "without": "with", "on": "off", "off": "on"}


def _mark(text: str, limit: Limit) -> re.Match[str] | None:
    """What stands right behind a limit and may tell it from another one: "with diabetes", "(primary school)"."""
    mark = MARK.match(text, limit.quantity.end)
    return None if mark is None or NO_CONDITION.match(text, _words(mark)[0]) else mark


def _words(mark: re.Match[str]) -> Span:
    return mark.span("label") if mark["label"] else mark.span("words")


def _behind_each(text: str, a: Limit, b: Limit) -> None:
    """ "≥ 300 um on Spectralis or ≥ 280 um on Cirrus", "≥ 45 % (mild) or ≥ 50 % (full)": each under its own words."""
    one, other = _mark(text, a), _mark(text, b)
    if one is None or a.levels or a.condition not in (None, _words(one)):
        return
    if not any(ON_TO_THE_NEXT.fullmatch(text, one.end(), place) for place in (_begin(a, b), b.quantity.start)):
        return
    how = (one["how"] or "").lower()
    if b.condition and not (other and b.condition == _words(other)):
        if OPPOSITES.get(how, " ") == text[slice(*b.condition)].partition(" ")[0].lower():
            a.condition = _words(one)
    elif other and (other["how"] or "").lower() in (how, OPPOSITES.get(how)):
        words = [text[slice(*_words(mark))].lower() for mark in (one, other)]
        if words[0] != words[1]:
            a.condition, b.condition = a.condition or _words(one), _words(other)


def _labels_in_front(text: str, a: Limit, b: Limit) -> None:
    """ "MMSE: illiterate ≤ 17, primary school ≤ 20": each under the label in front of it."""
    if a.span is None or a.span != b.span:
        return
    one = has_label(text, a.quantity, a.span[1], a.span[1])
    other = has_label(text, b.quantity, a.quantity.end, a.span[1])
    if other and (one or a.condition):
        a.condition = a.condition or (one.span("words") if one else None)
        b.condition = b.condition or other.span("words")


LABEL = re.compile(
    r"(?:[;,.]\s+|\s[–—-]\s+|\(|\b(?:or|and)\s+)(?P<words>(?!(?:notes?|n\.?b|i\.?e|e\.?g|normal|range|see|defined|or|and|but|"
    rf"(?:very\s+)?(?:low|high|intermediate|standard|average|good|poor)|at\b|{SAME_FOR_BOTH})\b)[A-Za-z][^;:.,()<>≤≥=]{{1,60}}?)\s*[:：]\s*(?:(?:the|total|serum|an?)\s+)*$",
    re.I,
)
OF_WHOM = re.compile(
    rf"(?:[;,.(:]\s*|\b(?:and|or|but)\s+)(?P<words>(?:for|in|if|during|among|when|with|without|on)\s+(?!{SAME_FOR_BOTH})"
    r"[^;:.,()<>≤≥=]{2,90}?)\s*[,:]\s*(?:(?:the|total|serum|an?|must|be)\s+)*$",
    re.I,
)
SENTENCE_ON = re.compile(
    r"(?:^|[.;]\s+|\(\s*)(?P<words>(?:for|in)\s+[^;:.,()<>≤≥=]{2,60}?)\s*:(?!.*[.;:]\s)|"
    rf"(?:^|[.;]\s+|,\s+(?:and|but|while|whereas)\s+)(?P<subject>(?:(?:all\s+)?other|{COHORT}|(?!(?:all|the|these|such|eligible|study)\b)[\w-]+)\s+"
    r"(?:patients|subjects|participants)|"
    r"(?:patients|subjects|participants|those|individuals|women|men|adults|adolescents|children|countries|sites)"
    r"(?:\s+(?:in|included|treated|enrolled|enrolling|newly|randomi[sz]ed|with|without|who|on|receiving|taking|of|from|aged|requiring)\b[^;:.<>≤≥=]{2,120}?))"
    r"\s+(?:must|should|will|needs?|ha(?:s|ve)\s+to|(?:is|are)\s+required\s+to)\b(?!.*[.;]\s|[^(]*\))",
    re.I | re.S,
)


def _in_front(text: str, limits: Sequence[Limit], a: Limit, b: Limit) -> None:
    """ "≤ 1.5 x ULN; known Gilbert: ≤ 3 x ULN", "… Patients in Part 2 must have stage 3": whom the second is for."""
    if b.condition:
        return
    between = a.quantity.end, _begin(a, b)
    mark = LABEL.search(text, *between) or OF_WHOM.search(text, *between) or SENTENCE_ON.search(text, *between)
    if mark is None or (mark.re is OF_WHOM and _names_a_measure(mark, limits)):
        return  # "if FEV1, FVC or DLCO < 50 %" is itself a condition
    b.condition = mark.span("subject") if mark.re is SENTENCE_ON and mark["subject"] else mark.span("words")
    if a.condition is None:
        a.condition = _of_the_first(text, a, mark.re)


def _names_a_measure(mark: re.Match[str], limits: Sequence[Limit]) -> bool:
    """Whether `words` of a match name the measure of a limit, which is none of how old somebody is."""
    start, end = mark.span("words")
    return any(limit.kind != "age" and limit.span is not None and start <= limit.span[0] < end for limit in limits)


def _of_the_first(text: str, a: Limit, said: re.Pattern[str]) -> Span | None:
    """Whom the first amount is for, said as of the second: "Subjects in Part 1 must …", "during stage 1, …"."""
    if said is LABEL:
        return None
    start = 0 if said is SENTENCE_ON else a.span[1] if a.span and a.span[1] <= a.quantity.start else a.quantity.start
    mark = said.search(text, start, a.first if said is SENTENCE_ON else a.quantity.start)
    if mark is None or (said is SENTENCE_ON and not mark["subject"]):
        return None
    return mark.span("subject") if said is SENTENCE_ON else mark.span("words")


DIRECTLY = re.compile(
    r"\s*(?:\((?:[a-z]+\s+)?[\d.,]+\s*[^\s()]+\))?\s*(?:[,;/]\s*(?:or\s+)?|\(\s*(?:or\s+)?|\bor\s+)(?:(?:an?|the|of)\s+)*",
    re.I,
)
TELLING = re.compile(
    rf"{SAID_ON}\s*,?\s*(?P<words>(?:on|off|with|without|for|in|among|under|after|if|when|where)\s+(?!{SAME_FOR_BOTH})"
    r"(?:[^,;().]|(?<=\d)\.(?=\d)){2,80}?)(?=\s*(?:[,;()]|\.(?!\d)|$))",
    re.I,
)


WITH = re.compile(r"with(?:out)?\b", re.I)


def _behind_the_second(text: str, limits: Sequence[Limit], a: Limit, b: Limit) -> None:
    """ "≥ 30 % (≥ 40 %) after chemotherapy", "< 22, or < 21 with little schooling": when the second takes over."""
    if a.condition or b.condition or a.levels or DIRECTLY.fullmatch(text, a.quantity.end, _begin(a, b)) is None:
        return
    end = b.quantity.end
    if text[end : end + 1] == ")" and text[b.quantity.start - 1] == "(":
        end += 1
    mark = TELLING.match(text, end)
    if mark is None or NO_CONDITION.match(text, mark.start("words")):
        return
    measured = WITH.match(text, mark.start("words")) and _names_a_measure(mark, limits)
    if not measured:  # "or ferritin < 100 ng/mL with transferrin saturation < 20 %" asks for both
        b.condition = mark.span("words")


RESPECTIVELY = Sought("respectively", r"[^.;]{0,60}\brespectively\b", re.I)
TWO_GROUPS = re.compile(
    rf"\b(?P<one>(?:fe)?males?|(?:wo)?men|boys|girls|adults|adolescents|children|{COHORT})\s+(?:(?:patients|subjects|participants)\s+)?"
    r"(?:and|or|/)\s+(?P<other>(?:fe)?males?|(?:wo)?men|boys|girls|adults|adolescents|children|[A-Z0-9]{1,3}\b)",
    re.I,
)


def _respectively(text: str, a: Limit, b: Limit) -> None:
    """ "≥ 13 and ≥ 12 g/dL in men and women, respectively": whom each of two amounts is for."""
    if a.condition or b.condition or not RESPECTIVELY.match(text, b.quantity.end):
        return
    until = CLAUSE_ENDS.search(text, b.quantity.end)
    groups = TWO_GROUPS.search(text, b.quantity.end, until.start() if until else len(text))
    groups = groups or TWO_GROUPS.search(text, max(0, a.first - 80), a.quantity.start)
    if groups:
        a.condition, b.condition = groups.span("one"), groups.span("other")
        a.condition_id, b.condition_id = (SEXES.get(groups[of][:1].lower()) for of in ("one", "other"))
