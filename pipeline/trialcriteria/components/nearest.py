"""Where the measure of a quantity stands: in front of it, behind it, around it or inside its unit.

Each function looks in one place and gives the attributes that stand there, or nothing.
"""

import re
from collections.abc import Sequence

from trialcriteria.components.amounts import Quantity
from trialcriteria.components.limits import HARD_BREAK, SIZED, Hit, fits_by_id
from trialcriteria.components.terms import Term
from trialcriteria.lexicon import Attribute
from trialcriteria.units import is_time

TIGHT = re.compile(
    r"(?:\s|[:,=()\[\]\"'’*]|[-–—](?=\s|\D)|\b(?:of|is|was|are|be|must|should|shall|level|levels|count|counts|"
    r"value|values|concentration|concentrations|score|scores|result|results|the|a|an|"
    r"at|to|with|in|has|have|had|having|range|ranging|between|total|measured|by|if|that|which|greater|and|or|"
    r"than|equal|both|only|remains?|remaining|currently|since|least|either|known|"
    r"activity|time|test|ratio|rate|index|baseline|screening|defined|as|recent|result|more|there|being|been|"
    r"absolute|serum|plasma|blood|blood test|on|from|over|history)\b|\([^()]{0,40}\))*$",
    re.I,
)
LIST = re.compile(
    r"(?:\s|[,/&+･・]|\b(?:and|or|and/or|the|a|an|of|serum|plasma|total|both|either|as well as|plus|absolute|"
    r"blood|level|levels|count|counts|value|values|activity|activities|concentration|concentrations|also|"
    r"their)\b|\([^()]{0,60}\)|[()\[\]])*$",
    re.I,
)
JOINED = re.compile(r"[,/&+()･・]|\b(?:and|or|plus|as well as)\b", re.I)
ABBREVIATION = re.compile(r"\s*[,:]?\s*[(\[]\s*(?:also |known as |or |i\.e\.,? |= ?)?$")
AGAIN = re.compile(
    r"(?:\s|[,(\[\])/]|\b(?:or|and|but|to|if|for|in|unless|then|the|a|an|case|is|are|be|must|may|should|can|"
    r"with|without|patients?|subjects?|participants?|those|who|whose|have|has|elevations?|presence|of|present|"
    r"documented|known|liver|hepatic|bone|metastas[ei]s|metasta\w+|involvement|tumou?rs?|cancer|disease|due|"
    r"gilbert\S*|syndrome|hemolysis|males?|females?|men|women|boys|girls|acceptable|allowed|permitted|except|up|"
    r"note|however|exception|below|above|either|also|by|at|as|adults?|children|years?|age|old|not|more|both|"
    r"when|only|where|inclusive|respectively|upper|limit|normal|ULN)\b|\((?-i:[MF])\)|[’.\-–—:'])*$",
    re.I,
)
CONDITIONAL = re.compile(
    r"^[\s,;.(\[]*(?:(?:or|and|but)\s+)?(?:if|unless|in|for|with|without|when|except|where|among|"
    r"(?:patients?|subjects?|participants?|those) with)\b.*?(?:,|(?<=\bwith)\s{6,}|"  # with its words blanked
    r"\b(?:then|is|are|must be|should be|be|may be|to|of|up to|have|has|a|allowed|acceptable|permitted)|:|\(|"
    r"metasta\w+|involvement|disease|syndrome|women|men|females?|males?|or|and|but|"
    r"in which case(?:\s+(?:it|they|this|these|levels?)\s+(?:must|may|should|can)\s+be)?)\s*$",
    re.I,
)
OF_THE_FOLLOWING = re.compile(
    r"(?:\s+or\s+more)?\s+(?:\w+\s+)?of\s+(?:(?:the|these|those|any)\s+)*(?:\w+\s+){0,2}(?:following|below|"
    r"criteria|conditions|above|these|those|items|features|listed|signs|symptoms|two|three|four|five|six)\b",
    re.I,
)
EXAMPLE = re.compile(r"\b(?:e\.g\.?|eg|for example|for instance|such as|i\.e\.)[^()]*$", re.I)
PRESSURES = ("sbp", "dbp")
OWN_LIMIT = re.compile(
    r"\s*(?:\([^()]*\))?\s*(?:of|is|:|must be|should be)?\s*(?:[<>≤≥=\d]|(?:at|less|more|greater|above|below|"
    r"over|under|not|no)\b)"
)


SCORE_OF = re.compile(
    r"\b(?:scores?|scale|rating|index)\s+(?:\([^()]*\)\s*)?(?:of|for|in|at)\s+(?:the\s+|each\s+)?$", re.I
)


def in_front_of_it(text: str, q: Quantity, fresh: list[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """The measure before the limit, with the others of its list."""
    for index in range(len(fresh) - 1, -1, -1):
        term = fresh[index]
        gap = text[term.end : q.start]
        if HARD_BREAK.search(gap):
            gap = _without_brackets(gap)
            if CLOSES.search(gap):
                continue  # the bracket that the term stands in is closed
        if len(gap) > 90 or HARD_BREAK.search(gap):
            return []
        if not fits_by_id(q, term.id, attributes):
            continue
        if attributes[term.id].kind == "count" and ((q.unit and term.id not in SIZED) or not TIGHT.match(gap)):
            continue
        if not (q.unit or q.reference) and _counts_another(text, q, attributes[term.id]):
            continue
        if (
            attributes[term.id].kind == "lesion"
            and not q.unit
            and IN_PLACES.search(gap)
            and COUNTS_A_NOUN.match(text, q.end)
        ):
            continue  # "lesions in at least 2 anatomic areas"
        if not TIGHT.match(gap) and _loose_is_wrong(q, gap, attributes[term.id]):
            continue
        if attributes[term.id].kind == "lesion" and not q.unit and ANOTHER_BEGINS.match(gap):
            continue  # "(> 15 mm in its largest dimension) or at least one extranodal lesion"
        if attributes[term.id].kind == "lesion" and not q.unit and SCORE_OF.search(text, 0, term.start):
            continue  # "total score of the target lesion of at least 4"
        if _is_a_window(text, q) and attributes[term.id].kind == "vital":
            continue  # "within the current menstrual cycle and within 7 days"
        chain = [term]
        for other in reversed(fresh[:index]):
            between = text[other.end : chain[0].start]
            if BY_MEANS.fullmatch(between) and other.id == chain[0].id:
                chain[0] = other  # "oxygen saturation [by pulse oximetry] < 92%"
                continue
            if other.id != chain[0].id and OPENS.search(between) and not CLOSES.search(text, chain[0].end, q.start):
                break  # "ideal body weight (BMI < 28 kg/m2)"
            if ABBREVIATION.search(between) and len(between) < 12:
                if other.id == chain[0].id:
                    close = chain[0].end + (text[chain[0].end : chain[0].end + 1] in ")]")
                    chain[0] = other._replace(end=close)
                    continue
                if not LIST.match(between):
                    break
            if not between.strip() and other.id == chain[0].id:  # "(AST SGOT)"
                chain[0] = other._replace(end=chain[0].end)
                continue
            if (
                not LIST.match(between)
                or not JOINED.search(between)
                or not fits_by_id(q, other.id, attributes)
                or attributes[other.id].kind != attributes[term.id].kind
            ):
                break
            if other.id in {t.id for t in chain}:
                chain = [other if t.id == other.id else t for t in chain]
                continue
            chain.insert(0, other)
        if len(chain) == 2 and text[chain[0].end : chain[1].start] == "/" and A_RATIO.match(gap):
            return []  # "FVC/DLCO ratio > 1.6" is on neither
        if any(t.id in PRESSURES for t in chain):  # "hypertension (systolic blood pressure > 140 mmHg)"
            chain = [t for t in chain if t.id != "bp"]
        return [(t.id, (t.start, t.end)) for t in chain]
    return []


ANOTHER_BEGINS = re.compile(r"\s*[)\]]\s*,?\s*(?:and|or)\b", re.I)
INNERMOST = re.compile(r"[(\[][^()\[\]]*[)\]]")
BY_MEANS = re.compile(r"\s*[(\[]\s*(?:measured\s+)?(?:by|via|using|on)\s+", re.I)
OPENS = re.compile(r"[(\[]\s*$")
CLOSES = re.compile(r"[)\]]")


def _without_brackets(gap: str) -> str:
    """What stands between a measure and its limit but for a formula: "BMI (weight [kg]; height [m (m)]) above 18"."""
    for _ in range(3):
        gap = INNERMOST.sub("", gap)
    return gap


def _is_a_window(text: str, q: Quantity) -> bool:
    """Whether a time is said by "within"; milliseconds are none."""
    in_time = q.unit is not None and q.unit != "ms" and is_time(q.unit)
    return in_time and text[q.start : q.start + 6].lower() == "within"


A_RATIO = re.compile(r"\s*ratio\b", re.I)
IN_PLACES = re.compile(r"\b(?:in|on|at|across|from)\s+$", re.I)
OF_THOSE = re.compile(
    r"\s+of\s*(?::|$|(?:the|these|those|his|her|their)\s+(?!time|day|last|past|previous|most)[a-z])"
)  # "at least 3 of:"
LAST = r"(?:the\s+|any\s+)?(?:(?:last|past|previous|preceding|prior)\s+)?"
FEW = r"(?:\d{1,2}|two|three|four|five|six|seven)"
KNOWN = re.compile(
    rf"\b(?:the|these|those|this|{FEW}\s+(?:or\s+more\s+)?(?:out\s+)?of\s+{LAST}(?<=\s))\s*$", re.I
)  # "2 of the last 3 tests"
ONE_OF_THE = re.compile(r"\s+of\s+(?:the|these|those)\b")
ONLY = re.compile(r"\b(?:only|exactly|just)\s+$", re.I)


def _is_of_a_list(text: str, q: Quantity) -> bool:
    """Whether a number says how many items of a list: "at least 3 of:", "one or more of the following"."""
    return (OF_THOSE.match(text, q.end) or OF_THE_FOLLOWING.match(text, q.end)) is not None


def _counts_known_ones(text: str, q: Quantity) -> bool:
    """ "The lower of the two values", "allergic to one of the drugs": how many there are is known, not asked."""
    if q.stated or q.unit or q.reference:
        return False
    if ONE_OF_THE.match(text, q.end) and q.value == 1:
        return not ONLY.search(text, max(0, q.start - 10), q.start)
    return KNOWN.search(text, max(0, q.start - 30), q.start) is not None


def is_few_of_a_noun(text: str, q: Quantity) -> bool:
    """Whether a small bare number counts the noun behind it: "in 2 or more leads"."""
    if q.unit or q.reference or q.value is None:
        return False
    few = q.word or (q.value <= 20 and q.value == int(q.value))
    if _is_of_a_list(text, q):
        return True
    return bool(few) and COUNTS_A_NOUN.match(text, q.end) is not None


COUNTS_VALUES = re.compile(
    r"\s+(?:(?:consecutive|rising|separate|increasing|successive|sequential|abnormal|elevated|rises?|further)\s+)*"
    r"(?:values|levels|rises|increases|measurements|determinations|readings|elevations)\b",
    re.I,
)


def _counts_another(text: str, q: Quantity, attribute: Attribute) -> bool:
    """Whether a bare number in a measure's reach is of what stands behind it: "ST depression in 2 or more leads"."""
    if attribute.kind in ("lab", "vital") and q.word and (not q.stated or COUNTS_VALUES.match(text, q.end)):
        return True  # "sweat chloride ≥ 60 mmol/L, or two mutations", "PSA: a minimum of two rising values"
    if (attribute.stated and not q.stated) or _is_of_a_list(text, q):
        return True
    unitless = attribute.units[:1] in ((), ("1",), ("{score}",))
    low = attribute.plausible[0] if attribute.plausible else None
    impossible = low is None or (
        (attribute.kind == "vital" or len(attribute.assumed) == 1) and q.value is not None and q.value < low
    )
    physical = attribute.kind in ("lab", "vital") and impossible and not unitless
    return (physical or attribute.kind == "count") and COUNTS_A_NOUN.match(text, q.end) is not None


def sister_of(q: Quantity, id: str, attributes: dict[str, Attribute]) -> str:
    """The attribute of the same words that the unit asks for: "direct bilirubin < 35 %" is the fraction."""
    sister = attributes[id].sister
    return sister if sister and not fits_by_id(q, id, attributes) and fits_by_id(q, sister, attributes) else id


PAIN = re.compile(r"\b(?P<words>pain(?:\s+(?:intensity|severity|levels?|scores?|ratings?))?)\b[^.;:,()\d]{0,40}$", re.I)
ZERO_TO_TEN = re.compile(
    r"\s*/\s*10\b|\s*(?:points?\s*)?\(?\s*(?:(?:on|in|using|by|out\s+of)\s+)?(?:(?:an?|the)\s+)?(?:scale\s+(?:of|from)\s+)?"
    r"0\s*(?:-|–|to)\s*10\b(?:[\s-]*point)?(?P<scale>\s+(?:\w+\s+){0,2}?scale)?",
    re.I,
)


def on_zero_to_ten(text: str, q: Quantity, attributes: dict[str, Attribute]) -> list[Hit]:
    """Pain told in words and rated from 0 to 10: "pain intensity of 4 or more on a 0-10 scale"."""
    if (
        q.unit not in (None, "{score}")
        or q.reference
        or q.value is None
        or q.value > 10
        or "nrs_pain" not in attributes
    ):
        return []
    rated = ZERO_TO_TEN.match(text, q.end)
    said = (
        PAIN.search(text, max(0, q.start - 70), q.start)
        if rated and (rated["scale"] or "scale" in rated[0] or "/" in rated[0])
        else None
    )
    return [("nrs_pain", said.span("words"))] if said else []


SITE = r"(?:oral(?:ly)?|tympanic|rectal(?:ly)?|axillary|core|temporal|forehead|ear|sublingual|aural)"
AFTER_A_SITE = re.compile(rf"\s*(?:\([^()]*\)\s*)?{SITE}\s*(?:,|/|or|and|,\s*(?:or|and))\s*", re.I)
SITE_BEHIND = re.compile(rf"\s*(?P<site>{SITE})\b", re.I)


def at_another_site(text: str, q: Quantity, chain: Sequence[Term], done: int) -> list[Hit]:
    """ "Fever > 38 °C oral, > 38.5 °C tympanic": where each temperature is taken stands behind it."""
    warm = chain and chain[-1].id == "temperature" and q.unit in ("Cel", "[degF]")
    site = SITE_BEHIND.match(text, q.end) if warm and AFTER_A_SITE.fullmatch(text, done, q.start) else None
    return [("temperature", site.span("site"))] if site else []


IN_URINE = re.compile(
    r"[^.;:\d]{0,30}\b(?:and|or|and/or|/)\s*(?:(?:in|the|a)\s+)*(?P<urine>urin(?:e|ary))\s*(?:\(\s*)?", re.I
)


def of_urine(text: str, q: Quantity, chain: Sequence[Term], attributes: dict[str, Attribute], done: int) -> list[Hit]:
    """ "Serum M-protein ≥ 0.5 g/dL or urine ≥ 200 mg/24 h": the same protein, which is not named again."""
    said = IN_URINE.fullmatch(text, done, q.start) if chain and q.unit else None
    if said is None:
        return []
    sister = sister_of(q, chain[-1].id, attributes)
    return [(sister, said.span("urine"))] if sister != chain[-1].id else []


def hits_of(terms: Sequence[Term]) -> list[Hit]:
    """Terms as attributes with the places of their words."""
    return [(t.id, (t.start, t.end)) for t in terms]


def inside_it(q: Quantity, measures: Sequence[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """The measure between two bounds: "18 ≤ age < 75"."""
    inner = [t for t in measures if q.start <= t.start and t.end <= q.end]
    inner = inner or [t for t in measures if t.start >= q.end][:1]
    hits: list[Hit] = [(t.id, (t.start, t.end)) for t in inner if fits_by_id(q, t.id, attributes)]
    return hits[:1]


def around_its_unit(text: str, q: Quantity, measures: Sequence[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """The measure that holds the unit: "37 weeks of gestation", "10 pack-years"; ages wait for a word in front."""
    for term in measures:
        if q.number_end <= term.start < q.end <= term.end and term.id != "age" and fits_by_id(q, term.id, attributes):
            said = [t for t in measures if t.id == term.id and 0 <= q.start - t.end < 40]
            again = said and attributes[term.id].kind == "vital" and TIGHT.fullmatch(text, said[-1].end, q.start)
            named = said[-1] if again else term  # "hearing thresholds > 30 dB HL"
            return [(named.id, (named.start, named.end))]
    return []


SEVERAL_OF_A_MEASURE = re.compile(
    r"\s*(?:values|measurements?|measures|readings|determinations|results|assessments|samples)\b", re.I
)
MODERATE = re.compile(r"\s(?:mild|moderate)\s+to\s")  # "at least 50 moderate to severe hot flushes"
RIGHT_BEHIND = re.compile(
    r"\s(?:(?:mild|moderate)\s+to\s+(?:moderate|severe)\s)?"
    r"(?:(?!(?:in|on|with|for|or|and|during|within|at|per|by|to)\b)[a-z][a-z-]+\s){0,3}"
)


DEGREE = r"(?:very\s+)?(?:mild|moderate|severe|serious|major|minor|life-threatening|hospitali[sz]ed)"
TO_ONE_NOUN = re.compile(  # "at least 2 moderate or 1 severe exacerbation"
    rf"\s(?P<degree>{DEGREE})\s*(?:\([^()]*\)\s*)?,?\s*(?:or|and|and/or)\s+(?:[<>≤≥]\s*|at\s+least\s+|more\s+than\s+)?"
    rf"(?:\d{{1,2}}|one|two|three|four|five)\s+(?:or\s+more\s+)?(?:{DEGREE}\s+)?(?:[a-z-]+\s+){{0,2}}?",
    re.I,
)


def counted_noun(text: str, q: Quantity, measures: Sequence[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """What a bare whole number counts, if that stands right behind: "at least PR, with ≤ 3 prior regimens".

    It wins over a measure in front; several values of a measure are readings: "at least 2 INR values".
    """
    if q.unit or q.reference or q.pair or q.value is None or q.value != int(q.value):
        return []
    if q.value > (100 if MODERATE.match(text, q.end) else 20) or _counts_known_ones(text, q):
        return []
    for term in measures:
        if term.start >= q.end:
            near = RIGHT_BEHIND.fullmatch(text, q.end, term.start)
            kind = attributes[term.id].kind
            if near and kind == "count" and q.stated:
                return hits_of([term])
            if kind == "count" and q.stated and (shared := TO_ONE_NOUN.fullmatch(text, q.end, term.start)):
                return [(term.id, shared.span("degree"))]
            values = near and kind in ("lab", "vital") and SEVERAL_OF_A_MEASURE.match(text, term.end)
            if values and "readings" in attributes:
                return [("readings", (term.start, values.end()))]
            return []
    return []


def in_its_rate(q: Quantity, measures: Sequence[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """The measure that the rate counts: "2 episodes a week"."""
    if q.unit is None or not q.unit.startswith("{") or "/" not in q.unit:
        return []
    inside = [t for t in measures if q.number_end <= t.start and t.end <= q.end and fits_by_id(q, t.id, attributes)]
    return hits_of(inside[:1])


def touching_it(text: str, q: Quantity, measures: Sequence[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """ "≥ 140 mmHg systolic and/or ≥ 90 mmHg diastolic": the measure right behind, if no limit of its own follows."""
    if not q.stated:
        return []
    for term in measures:
        if (
            0 <= term.start - q.end <= 5
            and text[q.end : term.start].strip(" (") in ("", "for", "in", "of")
            and term.id in PRESSURES
            and fits_by_id(q, term.id, attributes)
        ):
            return [] if OWN_LIMIT.match(text, term.end) else [(term.id, (term.start, term.end))]
    return []


def _loose_is_wrong(q: Quantity, gap: str, attribute: Attribute) -> bool:
    """Words between measure and limit that make the limit about something else."""
    if attribute.kind in ("count", "dose") or (attribute.kind == "lesion" and not q.unit):
        return True
    if q.unit and is_time(q.unit):
        return (
            bool(
                re.search(
                    r"\b(?:within|prior|before|after|last|past|previous|for|since|during|every|following)\b|[,;]",
                    gap,
                    re.I,
                )
            )
            or len(gap) > 40
        )
    if not q.stated and not q.unit and not q.reference:
        return True
    if not q.unit and not q.reference and re.search(r"\bfor\b", gap):
        return True
    return not q.unit and not q.reference and len(gap) > 45


OF_IT = re.compile(  # "20 mmHg drop in systolic pressure"
    r"\s*(?:(?:drop|fall|rise|increase|decrease|reduction|change|difference)\s+)?"
    r"(?:of|in|for|on)?\s*(?:the|a|an|total|serum)?\s*(?:levels?\s+of\s+)?",
    re.I,
)
BRACKET = re.compile(r"\([^()]*\)")
IN_BRACKETS = re.compile(r"\(\s*(?:(?:i\.?e|e\.?g)\.?,?\s*)?$")
WHEN_ELSE = re.compile(  # "≤ 2.5 x ULN (≤ 5 x ULN if liver metastases) for ALT"
    r"\s*\((?:[^()]*\s)?(?:if|unless|in|with|for|when|except)\s[^()]*\)(?=\s+(?:for|of|in)\b)", re.I
)
OF_KNOWN_ONES = re.compile(  # "6/68 tender joints", "4 of the past 6 cycles"
    rf"\s*(?:/\s*(?:28|44|66|68|76|78)|(?:out\s+)?of\s+{LAST}{FEW})\b", re.I
)
ON_A_SCALE = re.compile(  # "≥ 28 using the Adult ADHD-RS", "≥ 8 on the WHO AUDIT"
    r"\s*(?:on|in|by|using|per)\s+(?:the|a|an)\s+(?:(?!following|same|last|past)[A-Za-z][\w'’-]*\s+){0,3}"
)
IN_A_BRACKET = re.compile(r"\s*\(\s*")  # "performance status > 80 % (Karnofsky)"


def behind_it(text: str, q: Quantity, measures: Sequence[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """The measure after the limit: "at least 2 exacerbations", "> 40 mL/min creatinine clearance"."""
    aside = WHEN_ELSE.match(text, q.end)
    for term in measures:
        if term.start < (aside.end() if aside and attributes[term.id].kind in ("lesion", "count") else q.end):
            continue
        term = term._replace(id=sister_of(q, term.id, attributes))
        gap = BRACKET.sub("", text[q.end : term.start])
        if (
            gap.startswith(")")
            and attributes[term.id].kind in ("count", "lesion")
            and IN_BRACKETS.search(text, max(0, q.start - 10), q.start)
        ):
            gap = gap[1:]  # "multiple (i.e., > 3) brain metastases"
        if known := OF_KNOWN_ONES.match(gap):
            gap = gap[known.end() :]
            if "(" in gap:
                return []
        if len(gap) > 45 or re.search(r"[,;:.)\d]", gap):
            return []
        of_it = OF_IT.fullmatch(gap) or (attributes[term.id].kind == "scale" and ON_A_SCALE.fullmatch(gap))
        if not of_it and re.search(
            r"\b(?:and|or|with|if|in|for|who|within|prior|before|after|but|than|on|by|at|to|during|from|per|"
            r"when|unless|while|where|despite)\b",
            gap,
            re.I,
        ):
            return []
        kind = attributes[term.id].kind
        if (known and kind != "count") or (kind == "count" and _counts_known_ones(text, q)):
            return []
        if not fits_by_id(q, term.id, attributes) or (attributes[term.id].stated and not q.stated and not q.unit):
            return []
        named = kind == "scale" and IN_A_BRACKET.fullmatch(gap)
        if kind in ("lab", "vital", "age", "life_expectancy", "scale") and not (named or of_it):
            return []
        if kind in ("lab", "vital", "scale") and not (q.unit or q.reference or (q.stated and not q.word)):
            return []
        if (
            kind == "age"
            and (q.unit is None or not re.match(r"\s*(?:of\s+)?(?:age|gestation|old|post)", text[q.end :], re.I))
            and term.id == "age"
        ):
            return []
        later = re.compile(r"\s*(?:\([^()]*\))?\s*(?:of|is|:|=|level|count)?\s*[<>≤≥=]").match(text, term.end)
        if later and kind in ("lab", "vital", "scale"):
            return []
        if (kind == "life_expectancy" and not q.stated) or (q.word and not q.stated and text[q.end : q.end + 1] == "-"):
            return []
        if kind in ("count", "lesion") and not q.stated and not q.word and not q.unit and q.value != int(q.value or 0):
            return []
        if kind == "lab" and of_it and (q.reference or gap.strip()):
            return hits_of(_with_its_list(text, q, term, measures, attributes))
        return [(term.id, (term.start, term.end))]
    return []


AND_OR = re.compile(r"\b(?:and|or)\b|[/&]", re.I)


def _with_its_list(
    text: str, q: Quantity, first: Term, measures: Sequence[Term], attributes: dict[str, Attribute]
) -> list[Term]:
    """The measures that a limit in front of them is on: "> 3 x ULN for AST, ALT or bilirubin".

    Not where the last has a limit of its own: "≤ 1.5 x ULN for bilirubin, AST and ALT ≤ 3 x ULN".
    """
    chain, end, told = [first], first.end, 0
    closed = False  # by "and" or "or": a comma behind it begins another list
    for term in measures:
        if term.start < end:
            continue
        id = sister_of(q, term.id, attributes)
        between = text[end : term.start]
        if not LIST.match(between) or attributes[id].kind != "lab" or not fits_by_id(q, id, attributes):
            break
        if id not in {t.id for t in chain}:
            if not JOINED.search(INNERMOST.sub("", between)):
                break
            if closed and not told and not AND_OR.search(between):
                told = len(chain)
            closed = closed or bool(AND_OR.search(between))
            chain.append(term._replace(id=id))
        end = term.end
    if end < len(text) and text[end] == ")" and "(" in text[chain[-1].end : end]:
        end += 1
    return chain[: told or 1] if OWN_LIMIT.match(text, end) else chain


COUNTS_A_NOUN = re.compile(
    r"\s+(?!(?:x|times|fold|if|for|in|with|or|and|when|on|at|unless|to|but|of|as|is|are|by|per|using|according|from|after|"
    r"without|off|among|under|otherwise|though|although|not|only|before|within|during|via|was|were|has|have|must|should|that|which|who|where|while|despite|once|twice|"
    r"allowed|acceptable|permitted)\b)[a-z]"
)
