"""Classes and grades: "ECOG 0-1", "NYHA class II or worse", "Child-Pugh A or B", "stage IIIB/IV", "ASA I-III".

A scale's legal levels stand in the lexicon; what is read is every level that meets the statement, in their order.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from trialcriteria.components.terms import Term
from trialcriteria.lexicon import Attribute
from trialcriteria.units import read_unit

NOUNS = (
    r"(?:functional|performance|status|class(?:ification)?|classes|grades?|score|scores|scale|stages?|"
    r"categor(?:y|ies)|type|types|level|levels|group|ps|index|physical|"
    r"system|criteria|rating|value|values|points?|function|liver|cirrhosis|disease|toxicity|severity|of|is|was|"
    r"are|be|must|should|have|has|having|(?-i:a)|an|the|with|at(?!\s+(?:least|most)\b)|in|being|between|from|either|only|"
    r"defined|as|by|to|within|cancer|tumou?r|patients?|heart failure|determined|global|overall|composite|mean|"
    r"average|sum|clinical|ranging|range|according|graded|equal(?!\s+(?:to\s+)?or\b)|currently|all|any|physiological|physiologic|"
    r"symptoms?|"
    r"adverse|events?|v(?:ersion)?\s?\.?\d(?:\.\d+)?|risk|anesthesia|anaesthesia|skin|i\.e\.|score of|baseline|"
    r"screening|documented|current|total|dyspn(?:o)?ea|breathlessness|encephalopathy)"
)
FILLER = re.compile(rf"(?:\s|[:,(\[=\]\")]|[-–](?!\d)|\b{NOUNS}\b|\((?:[A-Za-z][\w \-/]{{0,40}})\))*", re.I)
BEFORE = [
    (
        ">=",
        re.compile(
            r"(?:≥|≧|⩾|>\s?/?\s?=|=\s?/?\s?>|at least|greater than or equal to|no less than|not less than|"
            r"minimum(?: of)?|equal to or greater than|higher than or equal to|more than or equal to|equal or "
            r"greater than|not lower than|greater than\s?/\s?equal to|from)\s*",
            re.I,
        ),
    ),
    (
        "<=",
        re.compile(
            r"(?:≤|≦|⩽|<\s?/?\s?=|=\s?/?\s?<|less than or equal to|no more than|not more than|no greater than|"
            r"not greater than|no worse than|not worse than|no higher than|not higher than|maximum(?: of)?|at "
            r"most|up to|equal to or less than|lower than or equal to|equal or less than|not exceeding|not "
            r"exceed|no greater|less or equal to|max\.?|lower or equal to|smaller than or equal to|better "
            r"than or equal(?: to)?|below or equal to|less than equals? to|less than\s?/\s?equal to)\s*",
            re.I,
        ),
    ),
    (
        ">",
        re.compile(
            r"(?:>|＞|greater than|more than|higher than|above|over|exceeding|worse than|beyond|larger than|exceed"
            r"s)\s*",
            re.I,
        ),
    ),
    ("<", re.compile(r"(?:<|＜|less than|lower than|below|under|better than|fewer than|smaller than)\s*", re.I)),
]
SIGN_AGAIN = re.compile(r"[(\[]\s?[<>≤≥]\s?=?\s?[)\]]\s*")  # "less than or equal to (<=) 2"
AFTER = [
    (
        "worse",
        re.compile(r"\s*(?:\([^)]{0,30}\)\s*)?(?:or|and)\s+(?:worse|poorer|severer|more severe|more advanced)\b", re.I),
    ),
    ("better", re.compile(r"\s*(?:\([^)]{0,30}\)\s*)?(?:or|and)\s+(?:better|less severe|milder)\b", re.I)),
    (
        ">=",
        re.compile(
            r"\s*\(?(?:or|and)\s+(?:greater|higher|above|more|over|up|later|beyond)\b(?!\s+than\s+\d)|\s*\+(?!\s?[/\d])",
            re.I,
        ),
    ),
    ("<=", re.compile(r"\s*(?:or|and)\s+(?:lower|less|below|under|fewer|earlier)\b", re.I)),
]
RANGE = re.compile(r"\s*(?:-|–|—|−|－|~|～|∼|to|through|until|→|\.\.\.?)\s*", re.I)
LIST = re.compile(
    r"\s*(?:,?\s*(?:and/or|or|and|&|vs\.?)\s+(?:class|type|score|a score of|level|status|of)?\s*|"
    r"[,/、]\s*(?:or|and)?\s*(?:class)?\s*)",
    re.I,
)
PLAIN_NOUNS = frozenset(
    "grade grades stage stages class score scores type level performance status|performance status".replace(
        "|", " "
    ).split()
) | {"performance status", "toxicity grade", "disease stage"}


class Levels(NamedTuple):
    """A statement on a scale: limit span, levels in the scale's order, the scale's term."""

    start: int
    end: int
    levels: tuple[str, ...]
    term: Term
    open_end: bool  # "stage III or higher" of a scale without a closed list


@lru_cache(maxsize=512)
def spelling(levels: tuple[str, ...], written: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """The expression that finds one level of a scale, and what each spelling means."""
    meaning = {**{level.lower(): level for level in levels}, **{key.lower(): level for key, level in written}}
    meaning |= {
        ROMAN_SIGNS[word.upper()].lower(): level for word, level in list(meaning.items()) if word.upper() in ROMAN_SIGNS
    }
    words = sorted(meaning, key=len, reverse=True)
    body = "|".join(re.escape(word) for word in words)
    edge = r"[\da-ln-zA-LO-Z]" if levels[0] in ("TX", "NX") else r"\w"  # "T3N0M0"
    return re.compile(rf"(?<![\d.])(?:{body})(?!{edge}|\.\d|\s?%|\s?[x×]\s?\d|\.\s?e\.)", re.I), meaning


def read_levels(text: str, terms: Sequence[Term], attributes: dict[str, Attribute]) -> Iterator[Levels]:
    """Every statement on a scale with named levels."""
    done = 0
    read: list[tuple[int, int]] = []
    measures = [t for t in terms if t.group == "measure"]
    for index, term in enumerate(measures):
        attribute = attributes[term.id]
        scale = attribute.graded or attribute.sister
        if scale and not attribute.levels:  # "Child-Pugh score A": a class, though the words name the points
            attribute = attributes[scale]
            term = term._replace(id=attribute.id)
        if not attribute.levels or term.start < done:
            continue
        following = [
            t.start
            for t in measures[index + 1 :]
            if t.id != term.id and t.start >= term.end and text[t.start : t.end].lower() not in PLAIN_NOUNS
        ]
        limit = min(following[0] if following else len(text), term.end + 160)
        found = _right(text, term, attribute, limit) or _left(text, term, attribute, done)
        if found and term.id in PLAIN and (closer := _of_what(text, found, limit, attributes)):
            found = closer
        said_of_others = OTHERS.search(text, max(0, term.start - 24), term.start) is not None
        if found and not (said_of_others or _hoped_for(text, found) or _of_the_trial(text, found)):
            done = found.end
            read.append((found.start, found.end))
            yield found
    alone = list(_standing_alone(text, attributes, read)) if LIKE_ALONE.search(text) else []
    yield from alone
    read += [(found.start, found.end) for found in alone]
    if _names_a_class(text):
        for found in _unlisted(text, read):
            closer = _of_what(text, found, len(text), attributes) or found
            read.append((closer.start, closer.end))
            yield closer
    yield from _in_digits(text, read, attributes)


def may_hold_levels(text: str) -> bool:
    """Whether levels can stand in a text that names no scale of the lexicon."""
    return LIKE_ALONE.search(text) is not None or _names_a_class(text)


def _names_a_class(text: str) -> bool:
    """Whether a word stands in a text that ANY_CLASS begins with."""
    low = text.lower()
    return any(word in low for word in ("grade", "stage", "class", "degree", "score", "type"))


OTHERS = re.compile(
    r"\b(?:non|other than|different from)[\s-]+(?:an?\s+|HCV\s+)?$", re.I
)  # what is told is none of them
PLAIN = frozenset({"ctcae", "stage"})  # scales that a mere "grade" or "stage" names
BEHIND = r"(?:\s+\(?or\s+(?:higher|worse|greater|above|more))?[\s)]*(?:[a-z-]+\s+){0,2}?"
IN_FRONT = r"[\s,(]+(?:of\s+)?"
CLASS_OF_DRUGS = re.compile(
    r"[\s,]*(?:(?:and|or)\s+)?(?:anti-?arr?hythmics?|drugs?|agents?|devices?|HDAC|HLA|MHC|evidence|recommend\w*|lasers?|alleles?|"
    r"antigens?|molecules?|antivirals?|obstetric)\b",
    re.I,
)
SINGULAR = {"grades": "grade", "stages": "stage", "classes": "class"}
NOT_THAT = re.compile(r"\s*(?:pain|lysis|therapy|treatments?|flare|markers?|related|associated)\b", re.I)


ENDS_THERE = re.compile(r"\s*(?:[,.;:)\]/]|$|(?:or|and|with|who|in|by|at|as|according|on|within|using|per|based)\b)")


def _fills(pattern: str, text: str, start: int, end: int) -> bool:
    return re.fullmatch(pattern, text[start:end]) is not None


@lru_cache(maxsize=8)
def _nouns(
    classed: tuple[tuple[str, tuple[str, ...]], ...], word: str
) -> tuple[re.Pattern[str], dict[str, str]] | None:
    """What has a grade, a class or a stage (by that word) on a scale of its own, and which."""
    scales = {said.partition(" ")[2].lower(): id for id, of in classed for said in of if said.partition(" ")[0] == word}
    if not scales:
        return None
    names = "|".join(re.escape(name) for name in sorted(scales, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{names})(?![\w-])", re.I), scales


def _of_what(text: str, found: Levels, limit: int, attributes: dict[str, Attribute]) -> Levels | None:
    """The statement on the scale of what is graded: "grade III encephalopathy", "follicular lymphoma, grade 3".

    Only "grade", "class" or "stage" was said in it.
    """
    word = text[found.term.start : found.term.end].lower()
    word = SINGULAR.get(word, word)
    classed = tuple((id, a.of) for id, a in attributes.items() if a.of)
    known = _nouns(classed, word)
    if known is None:
        return None
    nouns, scales = known
    behind = [m for m in nouns.finditer(text, found.end, found.end + 45) if _fills(BEHIND, text, found.end, m.start())]
    ends = ENDS_THERE.match(text, found.end) is not None
    front = max(0, found.term.start - 40)
    before = [
        m for m in nouns.finditer(text, front, found.term.start) if _fills(IN_FRONT, text, m.end(), found.term.start)
    ]
    at = behind[:1] or (before[-1:] if ends else [])
    if not at or NOT_THAT.match(text, at[0].end()):
        return None
    id = scales[at[0][0].lower()]
    return _right(text, found.term._replace(id=id), attributes[id], limit)


DIGIT_CLASS = re.compile(r"\b(?P<word>stage|grade|class|degree|category)\s(?=[1-6]\b)", re.I)


def _in_digits(text: str, read: Sequence[tuple[int, int]], attributes: dict[str, Attribute]) -> Iterator[Levels]:
    """Classes in digits, which are one only beside what is classed: "stage 3 chronic kidney disease"."""
    for match in DIGIT_CLASS.finditer(text):
        if any(a <= match.end() < b for a, b in read):
            continue
        term = Term(*match.span("word"), "measure", "")
        bare = Levels(match.end(), match.end() + 1, (), term, False)
        reach = re.compile(r"\d(?:\s*(?:[-–/,]|to|or|and)\s*(?:stage|grade|class)?\s*\d)*").match(text, match.end())
        found = _of_what(text, bare._replace(end=reach.end()), len(text), attributes) if reach else None
        if found:
            yield found


def _unlisted(text: str, read: Sequence[tuple[int, int]]) -> Iterator[Levels]:
    """Classes of a scale that the lexicon does not list: "grade II or III osteoarthritis"."""
    for match in ANY_CLASS.finditer(text):
        start, end = match.span("levels")
        if CLASS_OF_DRUGS.match(text, end) or any(a < end and match.start() < b for a, b in read):
            continue
        said = [
            x for x in re.split(r"\s*(?:[-–~－/,]|\b(?:to|or|and|grade|stage|class|type)\b)\s*", match["levels"]) if x
        ]
        plain = [{v: k for k, v in ROMAN_SIGNS.items()}.get(x, x) for x in said]
        if len(plain) == 2 and re.search(r"[-–~－]|\bto\b", match["levels"]) and all(x in ROMAN_ORDER for x in plain):
            low, high = sorted(ROMAN_ORDER.index(x) for x in plain)
            plain = ROMAN_ORDER[low : high + 1]
        yield Levels(start, end, tuple(plain), Term(*match.span("word"), "measure", ""), False)


ROMAN_SIGNS = dict(zip("I II III IV V VI VII VIII IX X".split(), "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ", strict=True))
ROMAN = r"(?:VIII|VII|VI|IV|V|III|II|I|[ⅠⅡⅢⅣⅤ])(?:[a-cA-C])?"
ANY_CLASS = re.compile(
    rf"\b(?P<word>[Gg]rades?|[Ss]tages?|[Cc]lass(?:es)?|[Dd]egree|score|(?:skin|"
    rf"photo)\s?type)\s*(?P<levels>{ROMAN}(?:\s*(?:[-–~－/,]|to|or|and|,\s*or|,\s*and)\s*(?:grade|stage|class|"
    rf"type)?\s*{ROMAN})*)(?![\w])"
)
ROMAN_ORDER = "I II III IV V VI VII VIII".split()
ALONE = re.compile(
    r"(?:(?<![\w-])|(?<=[TN][0-4X]))(?:[cpy]{0,2}(?:[TNM][0-4X]|Ta|Tis)|R[0-2])[a-d]?(?:mi)?(?=[^\w]|[NM-])"
)
LIKE_ALONE = re.compile("[TNMR][0-4Xai]")  # what stands alone begins so, or follows on what begins so
ALONE_CONTEXT = {
    "R": re.compile(r"resect|margin|surg", re.I),
    "T": re.compile(
        r"stage|tumou?r|tnm|node|nodal|cancer|carcinoma|clinical|patholog|disease|AJCC|UICC|\b[cp]?N[0-3X]|"
        r"melanoma|\bor\b.*\bT[1-4]",
        re.I,
    ),
}


HOPED = re.compile(
    r"\b(?:for|achiev\w+|amenable to|possib\w+|feasib\w+|intend\w+|upfront|candidates?|indication|potential\w*|"
    r"expected|aim\w*|convert\w*)\s+(?:\w+\s+){0,2}$",
    re.I,
)


def _hoped_for(text: str, found: Levels) -> bool:
    """ "no indication for R0 resection": the level names what might be, not what the patient had."""
    return found.term.id == "resection_class" and HOPED.search(text, max(0, found.start - 50), found.start) is not None


CANCER = re.compile(
    r"cancer|carcinoma|tumou?r|melanoma|lymphoma|sarcoma|blastoma|neoplas|malignan|metasta|AJCC|TNM|NSCLC|SCLC|HNSCC",
    re.I,
)
OF_THE_TRIAL = re.compile(
    r"\s*(?:of\s+(?:the|this)\s+(?:study|trial|protocol)|enrol\w+|[:)]\s*$|only\b|participants?\b)", re.I
)


def _of_the_trial(text: str, found: Levels) -> bool:
    """ "Stage 2 of the study": digits are a stage of disease only where a cancer is named."""
    if found.term.id != "stage" or re.search(r"[1-4](?![A-Da-d])", text[found.start : found.end]) is None:
        return False
    return OF_THE_TRIAL.match(text, found.end) is not None or CANCER.search(text) is None


def _standing_alone(text: str, attributes: dict[str, Attribute], read: Sequence[tuple[int, int]]) -> Iterator[Levels]:
    """Levels that name their scale themselves: "R1/R2 resection", "T3-4 N0"."""
    done = 0
    for match in ALONE.finditer(text):
        if match.start() < done or any(a <= match.start() < b for a, b in read):
            continue
        letter = match[0].lstrip("cpy")[0]
        if not ALONE_CONTEXT["R" if letter == "R" else "T"].search(text):
            continue
        id = {"R": "resection_class", "T": "tnm_t", "N": "tnm_n", "M": "tnm_m"}[letter]
        attribute = attributes.get(id)
        if attribute is None or not attribute.standalone:
            continue
        sign, start = _sign_in_front(text, match.start(), match.start())
        found = _statement(text, match.start(), len(text), attribute, sign, start)
        if found:
            levels, end, open_end = found
            done = end
            alone = Levels(start, end, levels, Term(start, end, "measure", id), open_end)
            if not _hoped_for(text, alone):
                yield alone


def _right(text: str, term: Term, attribute: Attribute, limit: int) -> Levels | None:
    at = term.end
    for _ in range(2):
        gap = FILLER.match(text, at, limit)
        spanning = bool(gap and re.search(r"\b(?:between|from|ranging)\b", gap[0], re.I))
        at = gap.end() if gap else at
        sign, start, at = _sign(text, at, limit)
        if sign is None:  # "> grade 1"
            sign, start = _sign_in_front(text, term.start, at)
        found = _statement(text, at, limit, attribute, sign, start, spanning)
        if found:
            levels, end, open_end = found
            unit = read_unit(text, end)
            if unit and unit[1] != "{score}":
                return None
            return Levels(start if sign else min(start, at), end, levels, term, open_end)
        if sign:
            return None
        # the scale's name said twice ("ECOG (Eastern Cooperative Oncology Group) performance status")
    return None


STANDARD = re.compile(
    r"(?:\b(?:the\s+)?(?:NCI[- ]?)?(?:CTCAE|CTC|Common (?:Terminology|Toxicity) Criteria(?: for Adverse Events)?"
    r"(?:\s*\(\s*(?:NCI[- ])?CTCAE\s*\))?)(?:,?\s*(?:v|version)?\.?\s*\d(?:\.\d+)?)?,?(?:\s+|\s*\(\s*$))+$",
    re.I,
)


def _sign_in_front(text: str, start: int, at: int) -> tuple[str | None, int]:
    """The comparator that ends right before the scale's name, or the standard's in front of it, and where it begins."""
    standard = STANDARD.search(text, max(0, start - 90), start)
    start = standard.start() if standard else start
    for name, expression in BEFORE:
        for match in expression.finditer(text, max(0, start - 30), start):
            if match.end() == start:
                return name, match.start()
    return None, at


def _sign(text: str, at: int, limit: int) -> tuple[str | None, int, int]:
    for sign, pattern in BEFORE:
        match = pattern.match(text, at, limit)
        if match:
            again = SIGN_AGAIN.match(text, match.end(), limit)
            end = again.end() if again else match.end()
            gap = FILLER.match(text, end, limit)
            return sign, at, gap.end() if gap else end
    return None, at, at


def _statement(
    text: str, at: int, limit: int, attribute: Attribute, sign: str | None, start: int, spanning: bool = False
) -> tuple[tuple[str, ...], int, bool] | None:
    pattern, meaning = spelling(attribute.levels, attribute.written)
    match = pattern.match(text, at, limit)
    if not match or (match[0] == "a" and attribute.levels[0] == "A"):
        return None
    order = attribute.levels
    first = meaning[match[0].lower()]
    chosen, end = [first], match.end()
    while True:
        span = (re.compile(r"\s*and\s*").match(text, end) if spanning else None) or RANGE.match(text, end)
        follower = pattern.match(text, span.end()) if span else None
        if (
            span
            and not follower
            and attribute.standalone
            and (bare := re.compile(r"[0-4][a-d]?(?![\w.])").match(text, span.end()))
        ):
            spoken = meaning.get(chosen[0][0].lower() + bare[0].lower())  # "T3-4"
            if spoken:
                low, high = sorted((order.index(chosen[-1]), order.index(spoken)))
                chosen += (
                    [x for x in order[low : high + 1] if x not in chosen and len(x) == 2]
                    if len(spoken) == 2
                    else [spoken]
                )
                end = bare.end()
                continue
        if span and follower:
            low, high = sorted((order.index(chosen[-1]), order.index(meaning[follower[0].lower()])))
            top = order[high]  # "T1b-T2a" holds T1c, not the whole of T2
            chosen += [
                level
                for level in order[low : high + 1]
                if level not in chosen
                and (level == top or not top.startswith(level) or top[len(level) :].isupper())
                and (level == top or _same_depth(level, order, [*chosen, top]))
                and (level == top or _whole(level, order) in (level, _whole(chosen[-1], order), _whole(top, order)))
            ]
            end = follower.end()
            continue
        listed = LIST.match(text, end)
        follower = pattern.match(text, listed.end()) if listed and listed.end() > end else None
        if listed and follower and follower[0] != "a":
            chosen.append(meaning[follower[0].lower()])
            end = follower.end()
            continue
        break
    if sign is None:
        for after, expression in AFTER:
            match = expression.match(text, end)
            if match:
                sign, end = after, match.end()
                break
    return _meeting(attribute, chosen, sign), end, not attribute.closed and sign is not None


def _meeting(attribute: Attribute, chosen: list[str], sign: str | None) -> tuple[str, ...]:
    order = attribute.levels
    places = [order.index(level) for level in chosen]
    if sign == "worse":
        sign = ">=" if attribute.worse == "high" else "<="
    elif sign == "better":
        sign = "<=" if attribute.worse == "high" else ">="
    if sign is None:
        return tuple(level for level in order if level in chosen)
    low, high = min(places), max(places)
    found = {
        ">=": order[low:],
        ">": order[high + 1 :],
        "<=": order[: high + 1],
        "<": order[:low],
    }[sign]
    return tuple(level for level in found if level in chosen or _same_depth(level, order, chosen))


def _same_depth(level: str, order: tuple[str, ...], chosen: Sequence[str]) -> bool:
    """Whether a level stands on the same footing as those said: "stage II or higher" lists III and IV, not IIIA."""
    return _depth(level, order) <= max(_depth(x, order) for x in chosen)


PART = re.compile(r"(.*?[IVX0-9])(?:[A-DSa-d](\d)?|[AB]?E|X|i+(\d)?|mi)")


def _whole(level: str, order: tuple[str, ...]) -> str:
    """The level that this one narrows: T1 of T1c; itself where it narrows none."""
    part = PART.fullmatch(level)
    return part[1] if part and part[1] in order else level


def _depth(level: str, order: tuple[str, ...]) -> int:
    """How fine a level is: III 0, IIIA 1, IIIA2 2."""
    whole = PART.fullmatch(level)
    if whole is None or whole[1] not in order:
        return 0
    return 2 if whole[2] or whole[3] else 1


LEFT = re.compile(
    r"\s*(?:\(|of the|of|on the|on|by the|by|according to the|according to|as per|per|in the|based on the)?\s*\(?\s*$",
    re.I,
)


def _left(text: str, term: Term, attribute: Attribute, floor: int) -> Levels | None:
    """The level in front of the scale's name: "class III-IV NYHA", "II or III on the ASA scale", "R1/R2 resection"."""
    pattern, _ = spelling(attribute.levels, attribute.written)
    window = max(floor, term.start - 40)
    hits = [
        m
        for m in pattern.finditer(text, window, term.start)
        if m[0] not in ("a", "i") and not text[m.start() - 1 : m.start()].isalpha()
    ]
    if not hits or not (
        attribute.standalone or re.search(r"class|grade|stage|score|type|level|status", text[window : term.start], re.I)
    ):
        return None
    begin = hits[0]
    for hit in hits:
        between = text[hit.end() : term.start]
        if re.search(r"[.;]", between):
            continue
        begin = hit
        break
    sign, start = _sign_in_front(text, begin.start(), begin.start())
    found = _statement(text, begin.start(), term.start, attribute, sign, start)
    if not found:
        return None
    levels, end, open_end = found
    tail = FILLER.match(text, end, term.start)
    rest = text[(tail.end() if tail else end) : term.start]
    if not LEFT.match(rest):
        return None
    return Levels(start, end, levels, term, open_end)
