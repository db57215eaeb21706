"""Levels of which only "grade", "class" or "stage" is said: what is graded tells the scale, or it stays unlisted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from trialcriteria.components.comparators import Signs
from trialcriteria.components.levels.beside import Levels, levels_behind
from trialcriteria.components.levels.runs import ROMAN, ROMAN_SIGNS, meeting, towards
from trialcriteria.components.subjects import clause_start, words_before
from trialcriteria.components.terms import Term
from trialcriteria.lexicon import Attribute

BARE = frozenset({"grade", "grades", "gr", "gr."})
SINGULAR = {"grades": "grade", "stages": "stage", "classes": "class"}
WORDS = ("grade", "stage", "class", "degree", "score", "type")  # in lower case, what ANY_CLASS and DIGIT_CLASS hold
ONE = r"(?:VIII|VII|VI|IV|V|III|II|I|[ⅠⅡⅢⅣⅤ])(?:[a-cA-C])?"
ANY_CLASS = re.compile(
    rf"\b(?P<word>[Gg]rades?|[Ss]tages?|[Cc]lass(?:es)?|[Dd]egree|score|(?:skin|"
    rf"photo)\s?type)\s*(?P<levels>{ONE}(?:\s*(?:[-–~－/,]|to|or|and|,\s*or|,\s*and)\s*,?\s*(?:grade|stage|class|"
    rf"type)?\s*{ONE})*)(?![\w])"
)
BETWEEN_LEVELS = re.compile(r"\s*(?:[-–~－/,]|\b(?:to|or|and|grade|stage|class|type)\b)\s*")
A_RANGE = re.compile(r"[-–~－]|\bto\b")
DIGIT_CLASS = re.compile(
    r"\b(?P<word>stages?|grades?|class|degree|category)\s(?:[<>≤≥]=?\s?)?(?=(?:[1-6][ab]?|(?-i:[A-E]))\b)", re.I
)
DIGITS = re.compile(r"(?:\d[abAB]?|[A-E])(?:\s*(?:[-–/,]|to|or|and)\s*(?:stage|grade|class)?\s*(?:\d[abAB]?|[A-E])\b)*")
CLASS_OF_DRUGS = re.compile(
    r"[\s,]*(?:(?:and|or)\s+)?(?:anti-?arr?hythmics?|drugs?|agents?|devices?|HDAC|HLA|MHC|evidence|recommend\w*|lasers?|alleles?|"
    r"antigens?|molecules?|antivirals?|obstetric|(?:topical\s+|gluco)?(?:cortico)?steroids?)\b",
    re.I,
)
OF_THINGS = re.compile(
    r"\b(?:devices?|drugs?|anti-?arr?hythmics?|steroids?|HLA|MHC|lasers?|panel)\s+(?:of\s+|in\s+|except\s+)?$", re.I
)
TOXIC = (
    r"(?:toxicit|adverse|side[- ]effect|CTC|neuropath|alopecia|mucositis|diarrh|nausea|hypersensitiv|allergic|"
    r"pneumonitis|colitis|ha?emorrhage|bleeding|arr?h?ythmia|isch(?:a)?emia|laboratory)"
)
TOXIC_BEHIND = re.compile(rf"[^;.()]{{0,40}}?\b(?:myo|extra\w*\s)?{TOXIC}", re.I)
TOXIC_IN_FRONT = re.compile(rf"\b{TOXIC}[^;.,()]{{0,30}}[\s(,]*$", re.I)
BEHIND = re.compile(r"(?:\s+\(?or\s+(?:higher|worse|greater|above|more))?[\s)]*(?:[a-z-]+\s+){0,2}?")
IN_FRONT = re.compile(
    r"[\s,(:]+(?:(?:of|in|at|(?:that|which)\s+(?:is|are|was|were))\s+)?"
    r"(?:[<>≤≥=]{1,2}\s*|(?:(?:no\s+)?(?:less|greater|more|higher|lower|worse)\s+(?:than\s+)?(?:or\s+equal\s+to\s+)?|at\s+least\s+|"
    r"above\s+|over\s+|below\s+|up\s+to\s+|exceeding\s+))?"
)
NOT_THAT = re.compile(r"\s*(?:pain|lysis|therapy|treatments?|flare|markers?|related|associated)\b", re.I)
ENDS_THERE = re.compile(r"\s*(?:[,.;:)\]/]|$|(?:or|and|with|who|in|by|at|as|according|on|within|using|per|based)\b)")


PARTED = re.compile(r"\s*(?:[-–,/]|\b(?:to|or|and)\b|\s)+(?:grades?\s*)?3[ab]\b", re.I)  # no toxicity is of grade 3a


A_STAGE = (
    r"\b(?:[pc]?T(?:a|is|[0-4][a-d]?)|"
    r"(?:[Ss]tage|FIGO)\s+(?:(?:0|I{1,3}|IV)[A-Ca-c]?\d?(?:\s*(?:or|to|and|[-/,])\s*)?)+)"
)
A_TUMOUR = r"\b(?:carcinomas?(?:\s+in\s+situ)?|tumou?rs?|cancers?|sarcomas?|gliomas?|lymphomas?|neoplasms?|DCIS|NETs?)"
OF_A_TUMOUR = re.compile(  # "stage IA or IB grade 1", "Ta or T1 disease (grade 2 or 3)", "NET (G-NET), grade 2"
    rf"{A_STAGE}(?:\s+(?:disease|cancer|tumou?rs?|lesions?|carcinoma))?[\s,(]*$|"
    rf"(?:{A_STAGE}|{A_TUMOUR})(?:\s*[(\[]\s*(?:[\w'’]+\s+){{0,2}}|\s*(?:\([^()]{{2,20}}\))?\s*,\s*)$"
)
FARTHEST_TUMOUR = 60  # characters from its name to the end of what stands in front of its grade
OF_TOXICITY = re.compile(r"CTC|toxic|advers|common|NCI|AIDS|WHO|World", re.I)
ON_A_SCALE = re.compile(  # "grade 3 or 4 on the Patient Perception of Intensity of Urgency Scale"
    r"[\s)]*(?:or\s+(?:more|higher|worse|above)\s+)?(?:on|according\s+to|as\s+per|per|by|using)\s+(?:the\s+)?"
    r"(?P<name>[A-Z][^.;:()\[\]]{2,70}?\b(?:scale|score|index|classification|system|criteria)\b)",
    re.I,
)
OF_A_SCALE = re.compile(  # "Meiboscale grade ≥ 2"
    r"(?P<name>\b[\w-]+\s*(?:scale|score|index|classification|questionnaire))\s+$", re.I
)
ASSESSED_ON = re.compile(  # "(grade 2 or 3) lines at maximum frown, using a validated 4-point photographic scale"
    r"[^.;]{0,110}\b(?P<name>(?:using|by|on|per)\s+[^.;()<>≤≥]{0,50}?\b(?:questionnaire|\d-?point\b[^.;()<>≤≥]{0,40}?scale|"
    r"level\s+of\s+satisfaction))\b",
    re.I,
)


OF_ANOTHER_ORGAN = re.compile(  # stages of fibrosis are those of the liver
    r"\b(?:pulmonary|lung|interstitial|renal|kidney|marrow|reticulin|skin|cutaneous|subcutaneous|cardiac|myocardial|"
    r"radiation|cystic|oral|soft\s+tissue)\s+fibrosis$",
    re.I,
)


class Nouns(NamedTuple):
    """What has a grade (a class, a stage) on a scale of its own: the expression that finds it, the scale of each."""

    expression: re.Pattern[str]
    scale_of: dict[str, str]


class Gradings:
    """The scales of a lexicon by what is graded on them: "grade encephalopathy", "stage chronic kidney disease"."""

    def __init__(self, attributes: Mapping[str, Attribute]) -> None:
        self.attributes = attributes
        by_word: dict[str, dict[str, str]] = {}
        for attribute in attributes.values():
            for said in attribute.of:
                word, _, noun = said.partition(" ")
                by_word.setdefault(word, {})[noun.lower()] = attribute.id
        self.nouns = {word: Nouns(_any_of(scale_of), scale_of) for word, scale_of in by_word.items()}

    def closer(self, text: str, found: Levels, limit: int, signs: Signs) -> Levels | None:
        """The same statement on the scale of what is graded: "grade III encephalopathy", "lymphoma, grade 3"."""
        word = text[found.term.start : found.term.end].lower()
        nouns = self.nouns.get(SINGULAR.get(word, word))
        if word in BARE and "tumor_grade" in self.attributes and _is_of_a_tumour(text, found):
            id = "tumor_grade"
        else:
            graded = _graded(text, found, nouns.expression) if nouns else None
            if nouns is None or graded is None or NOT_THAT.match(text, graded.end()):
                return None
            if OF_ANOTHER_ORGAN.search(text, max(0, graded.start() - 30), graded.end()):
                return None
            id = nouns.scale_of[graded[0].lower()]
        return levels_behind(text, found.term._replace(id=id), self.attributes[id], limit, signs)

    def unlisted(self, text: str, read: Sequence[tuple[int, int]], signs: Signs) -> Iterator[Levels]:
        """Classes in Roman numerals: "grade II or III osteoarthritis". `read`: where levels have been read."""
        for match in ANY_CLASS.finditer(text):
            start, end = match.span("levels")
            things = OF_THINGS.search(text, max(0, match.start() - 24), match.start())
            if things or CLASS_OF_DRUGS.match(text, end) or any(a < end and match.start() < b for a, b in read):
                continue
            found = Levels(start, end, _roman(match["levels"]), Term(*_name(text, match), "measure", ""))
            signed = _with_sign(text, found, signs)
            yield self.closer(text, found, len(text), signs) or self._of_toxicity(text, signed) or signed

    def _of_toxicity(self, text: str, found: Levels) -> Levels | None:
        """ "Grade II or above arrhythmia", "≥ Grade III per CTCAE": grades of toxicity, in Roman numerals."""
        scale = self.attributes.get("ctcae")
        start = min(found.start, found.term.start)
        word = text[found.term.start : found.term.end].lower()
        if scale is None or not word.startswith("grade"):
            return None
        if not (TOXIC_BEHIND.match(text, found.end) or TOXIC_IN_FRONT.search(text, max(0, start - 50), start)):
            return None
        if not all(level in ROMAN[:5] for level in found.levels):
            return None
        digits = [str(1 + ROMAN.index(level)) for level in found.levels]
        levels = meeting(scale.levels, digits, found.sign)
        return Levels(found.start, found.end, levels, found.term._replace(id=scale.id))

    def in_digits(self, text: str, read: Sequence[tuple[int, int]], signs: Signs) -> Iterator[Levels]:
        """Classes in digits, which are one only beside what is classed: "stage 3 chronic kidney disease"."""
        for match in DIGIT_CLASS.finditer(text):
            digits = DIGITS.match(text, match.end())
            if digits is None or any(a <= match.end() < b for a, b in read):
                continue
            bare = Levels(*digits.span(), (), Term(*match.span("word"), "measure", ""))
            if found := self.closer(text, bare, len(text), signs):
                yield found


def _name(text: str, found: re.Match[str]) -> tuple[int, int]:
    """The words that name a scale: "Glogau photoaging score", of which "score" alone says nothing."""
    start, end = found.span("word")
    said = words_before(text, start, clause_start(text, start), most=4) if found["word"] == "score" else None
    return (said[0], end) if said and not text[said[1] : start].strip() else (start, end)


def _is_of_a_tumour(text: str, found: Levels) -> bool:
    """Whether a mere "grade" is one of a tumour, by its parts or by what stands in front of it."""
    start = found.term.start
    in_front = OF_A_TUMOUR.search(text, max(0, start - FARTHEST_TUMOUR), start)
    return in_front is not None or PARTED.match(text, found.end) is not None


def is_of_another_scale(text: str, found: Levels) -> bool:
    """Whether a mere "grade" is one of a scale that is named beside it, not of toxicity: "Meiboscale grade ≥ 2"."""
    if text[found.term.start : found.term.end].lower() not in BARE:
        return False
    front = OF_A_SCALE.search(text, max(0, found.term.start - 40), found.term.start)
    named = front or ON_A_SCALE.match(text, found.end) or ASSESSED_ON.match(text, found.end)
    return named is not None and OF_TOXICITY.search(named["name"]) is None and not TOXIC_BEHIND.match(text, found.end)


def names_a_class(text: str) -> bool:
    """Whether a word stands in a text that a class without the name of its scale begins with."""
    low = text.lower()
    return any(map(low.__contains__, WORDS))


def _any_of(nouns: Mapping[str, str]) -> re.Pattern[str]:
    names = "|".join(re.escape(noun) for noun in sorted(nouns, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{names})(?![\w-])", re.I)


def _graded(text: str, found: Levels, nouns: re.Pattern[str]) -> re.Match[str] | None:
    """What a level is of: the noun right behind, else the one right in front if nothing follows the level."""
    for noun in nouns.finditer(text, found.end, found.end + 45):
        if BEHIND.fullmatch(text, found.end, noun.start()):
            return noun
    if ENDS_THERE.match(text, found.end) is None:
        return None
    start = found.term.start
    before = [
        noun for noun in nouns.finditer(text, max(0, start - 40), start) if IN_FRONT.fullmatch(text, noun.end(), start)
    ]
    return before[-1] if before else None


def _with_sign(text: str, found: Levels, signs: Signs) -> Levels:
    """One level of a scale that the lexicon does not list, with the comparator in front of it or behind."""
    front, behind = signs.ending(text, found.term.start), towards(text, found.end, True, signs)
    if len(found.levels) > 1 or found.levels[0] not in ROMAN or not (front or behind):
        return found
    if front:
        return found._replace(start=front.start, sign=front.sign)
    return found._replace(end=behind.end, sign=behind.sign) if behind else found


def _roman(written: str) -> tuple[str, ...]:
    """Levels in Roman numerals, a range filled up.

    >>> _roman("II-Ⅳ")
    ('II', 'III', 'IV')
    """
    plain = {sign: letters for letters, sign in ROMAN_SIGNS.items()}
    said = tuple(plain.get(level, level) for level in BETWEEN_LEVELS.split(written) if level)
    if len(said) == 2 and A_RANGE.search(written) and all(level in ROMAN for level in said):
        low, high = sorted(ROMAN.index(level) for level in said)
        return tuple(ROMAN[low : high + 1])
    return said
