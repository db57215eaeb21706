"""Levels beside the name of their scale: behind it ("NYHA class II-IV", "> grade 1") or in front ("class III NYHA")."""

import re
from typing import NamedTuple

from trialcriteria.components.levels.runs import read_run, spelling
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
SPANNING = re.compile(r"\b(?:between|from|ranging)\b", re.I)
SIGN_AGAIN = re.compile(r"[(\[]\s?[<>≤≥]\s?=?\s?[)\]]\s*")  # "less than or equal to (<=) 2"


class Levels(NamedTuple):
    """A statement on a scale: limit span, levels in the scale's order, the scale's term."""

    start: int
    end: int
    levels: tuple[str, ...]
    term: Term


def levels_behind(text: str, term: Term, attribute: Attribute, limit: int) -> Levels | None:
    """The levels behind the scale's name, no further than `limit`, with the comparator before them or before it."""
    at = term.end
    for _ in range(2):  # the name may be said twice: "ECOG (Eastern Cooperative Oncology Group) performance status"
        gap = FILLER.match(text, at, limit)
        spanning = bool(gap and SPANNING.search(gap[0]))
        at = gap.end() if gap else at
        sign, start, at = _sign(text, at, limit)
        if sign is None:  # "> grade 1"
            sign, start = sign_in_front(text, term.start, at)
        if run := read_run(text, at, limit, attribute, sign, spanning):
            unit = read_unit(text, run.end)
            if unit and unit[1] != "{score}":
                return None
            return Levels(start if sign else min(start, at), run.end, run.levels, term)
        if sign:
            return None
    return None


STANDARD = re.compile(
    r"(?:\b(?:the\s+)?(?:NCI[- ]?)?(?:CTCAE|CTC|Common (?:Terminology|Toxicity) Criteria(?: for Adverse Events)?"
    r"(?:\s*\(\s*(?:NCI[- ])?CTCAE\s*\))?)(?:,?\s*(?:v|version)?\.?\s*\d(?:\.\d+)?)?,?(?:\s+|\s*\(\s*$))+$",
    re.I,
)


def sign_in_front(text: str, start: int, at: int) -> tuple[str | None, int]:
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


JOINS_THE_NAME = re.compile(
    r"\s*(?:\(|of the|of|on the|on|by the|by|according to the|according to|as per|per|in the|based on the)?\s*\(?\s*",
    re.I,
)
CALLED_A_CLASS = re.compile(r"class|grade|stage|score|type|level|status", re.I)
A_STOP = re.compile(r"[.;]")


def levels_in_front(text: str, term: Term, attribute: Attribute, floor: int) -> Levels | None:
    """The levels in front of the scale's name: "class III-IV NYHA", "II or III on the ASA scale", "R1/R2 resection"."""
    pattern, _ = spelling(attribute.levels, attribute.written)
    window = max(floor, term.start - 40)
    hits = [
        hit
        for hit in pattern.finditer(text, window, term.start)
        if hit[0] not in ("a", "i") and not text[hit.start() - 1 : hit.start()].isalpha()
    ]
    if not hits or not (attribute.standalone or CALLED_A_CLASS.search(text, window, term.start)):
        return None
    begin = next((hit.start() for hit in hits if not A_STOP.search(text, hit.end(), term.start)), hits[0].start())
    sign, start = sign_in_front(text, begin, begin)
    run = read_run(text, begin, term.start, attribute, sign)
    if run is None:
        return None
    tail = FILLER.match(text, run.end, term.start)
    if not JOINS_THE_NAME.fullmatch(text, tail.end() if tail else run.end, term.start):
        return None
    return Levels(start, run.end, run.levels, term)
