"""Levels beside the name of their scale: behind it ("NYHA class II-IV", "> grade 1") or in front ("class III NYHA")."""

import re
from typing import NamedTuple

from trialcriteria.components.comparators import Signs
from trialcriteria.components.levels.runs import meeting, read_run, spelling
from trialcriteria.components.terms import Term
from trialcriteria.lexicon import Attribute
from trialcriteria.units import read_unit

NOUNS = (
    r"(?:functional|performance|standard|status|class(?:ification)?|classes|grades?|score|scores|scale|stages?|"
    r"categor(?:y|ies)|type|types|level|levels|group|ps|index|physical|"
    r"system|criteria|rating|value|values|points?|function|liver|cirrhosis|disease|toxicity|severity|of|is|was|"
    r"are|be|must|should|have|has|having|(?-i:a)|an|the|with|at(?!\s+(?:least|most)\b)|in|being|between|from|either|only|"
    r"defined|as|by|to|within|cancer|tumou?r|patients?|heart|failure|cardiac|hepatic|impairment|insufficiency|dysfunction|capacity|congestive|determined|global|overall|composite|mean|"
    r"average|sum|clinical|ranging|range|according|graded|equal(?!\s+(?:to\s+)?or\b)|currently|all|any|physiological|physiologic|"
    r"symptoms?|test|standards?|"
    r"adverse|events?|v(?:ersion)?\s?\.?\d(?:\.\d+)?|risk|anesthesia|anaesthesia|skin|i\.e\.|score of|baseline|"
    r"x-?rays?|radiographs?|radiography|evaluation|screening|documented|current|total|dyspn(?:o)?ea|breathlessness|encephalopathy|expression|over-?expression|staining|"
    r"intensity|positiv(?:e|ity))"
)
OF_WHAT_IS_GRADED = "|".join(
    rf"(?<={noun}\s)" for noun in "failure disease impairment insufficiency dysfunction".split()
)
SHORT_FORM = rf"(?:{OF_WHAT_IS_GRADED})\([A-Z]{{2,6}}\)"  # "NYHA congestive heart failure (CHF) class II"
FILLER = re.compile(
    rf"(?:\s|{SHORT_FORM}|[:,(\[=\]\")]|[-–](?!\d)|\b{NOUNS}(?:\b|(?=[Ⅰ-ⅿ]))|\((?:[A-Za-z][\w \-/]{{0,40}})\))*", re.I
)
FOOTNOTE = re.compile(r"\d(?=\s+(?:functional\s+)?(?:class|grade|stage)\b)", re.I)  # "NYHA1 class III or IV"
SPANNING = re.compile(r"\b(?:between|from|ranging)\b", re.I)
SIGN_AGAIN = re.compile(  # "less than or equal to (<=) 2", "< less than 1+"
    r"\s*(?:[(\[]\s?[<>≤≥]\s?/?\s?=?\s?[)\]]\s*|(?:less|lower|greater|more|higher)\s+than\s+)?", re.I
)


CUT_OFF = re.compile(r"[-–]\d[a-d](?!\w)")  # "grade 1-3a" on a scale that has no 3a


class Levels(NamedTuple):
    """A statement on a scale: limit span, levels in the scale's order, the scale's term."""

    start: int
    end: int
    levels: tuple[str, ...]
    term: Term
    further: bool = False  # whether they go on from other levels of the scale
    sign: str | None = None  # of one level of a scale whose levels are not known: "> grade II"


def levels_behind(
    text: str, term: Term, attribute: Attribute, limit: int, signs: Signs, front: int | None = None
) -> Levels | None:
    """The levels behind the scale's name, no further than `limit`, with the comparator before them or before it.

    `front`: where the name begins with what stands before it, as the standard of "CTCAE v5 grade".
    """
    footnote = FOOTNOTE.match(text, term.end)
    at = footnote.end() if footnote else term.end
    for _ in range(2):  # the name may be said twice: "ECOG (Eastern Cooperative Oncology Group) performance status"
        gap = FILLER.match(text, at, limit)
        spanning = bool(gap and SPANNING.search(gap[0]))
        at = start = gap.end() if gap else at
        sign = signs.over(at)
        if sign is not None and term.end <= sign.start and sign.end < limit:
            start, at = sign.start, _past_sign(text, sign.end, limit)
        else:  # "> grade 1"
            sign = signs.ending(text, term.start if front is None else front)
            start = sign.start if sign else at
        if run := read_run(text, at, limit, attribute, sign, signs, spanning):
            unit = read_unit(text, run.end)
            if (unit and unit[1] != "{score}") or CUT_OFF.match(text, run.end):
                return None
            levels = run.levels
            if sign is None and term.id == "ctcae" and len(levels) == 1 and IMPROVED_TO.search(text, 0, term.start):
                levels = meeting(attribute.levels, levels, "<=")  # who has recovered to grade 1 may have none left
            return Levels(start, run.end, levels, term)
        if sign:
            return None
    return None


IMPROVED_TO = re.compile(
    r"\b(?<!un)(?:resol\w+|recover\w*|improv\w+|alleviat\w+|return\w*|decreased|reduction\s+(?:of|in)|subsid\w+|reversed)\b"
    r"[^.;<>≤≥()\d]{0,70}?(?<!due )(?<!secondary )(?<!related )(?<!owing )\b(?:to|at)\s+"
    r"(?:(?:an?|the|either|least|CTCAE|NCI|CTC|toxicity|baseline|normal|stable|status|levels?|or|\(?or|less|than)"
    r"[\s-]+){0,5}(?:to\s+)?$",
    re.I,
)


def _past_sign(text: str, end: int, limit: int) -> int:
    """Where the levels behind a comparator begin: it may be said again as a sign."""
    again = SIGN_AGAIN.match(text, end, limit)
    gap = FILLER.match(text, again.end() if again else end, limit)
    return gap.end() if gap else end


JOINS_THE_NAME = re.compile(
    r"\s*(?:[(\[]|of the|of|on the|on|by the|by|according to the|according to|as per the|as per|per the|per|in the|"
    r"based on the|using)?\s*[(\[]?\s*",
    re.I,
)
BY_DEFINITION = re.compile(  # "class III or IV heart disease as defined by the New York Heart Association"
    r"(?:[)\]]|(?:\s+[a-z][a-z-]*){0,5}),?\s+\(?(?:as\s+)?(?:defined|classified|assessed|graded|determined|specified)\s+"
    r"(?:by|according to|per|using)\s+(?:the\s+)?",
    re.I,
)
CALLED_A_CLASS = re.compile(r"class|condition|grade|stage|score|type|level|status", re.I)
CALLED_AN_ITEM = re.compile(r"\b(?:items?|questions?)\s", re.I)
DEFINED = re.compile(r"\b(?:defined|classified|assessed|graded|determined|specified)\s", re.I)
ITS_NOUN = re.compile(r"\b(?:class|grade|stage|level|type)\s+$", re.I)
NAMED_BEHIND = re.compile(  # "(> Grade II, New York Heart Association (NYHA) criteria)"
    r"\s*(?:\([A-Z]{2,6}\)\s*)?(?:(?:criteria|class(?:ification)?|scale|system)\s*)*[)\].;]"
)
A_STOP = re.compile(r"[.;]")


def levels_in_front(text: str, term: Term, attribute: Attribute, floor: int, signs: Signs) -> Levels | None:
    """The levels in front of the scale's name: "class III-IV NYHA", "II or III on the ASA scale", "R1/R2 resection"."""
    pattern, _ = spelling(attribute.levels, attribute.written)
    defined = DEFINED.search(text, max(floor, term.start - 24), term.start) is not None
    window = max(floor, term.start - (90 if defined else 40))
    hits = [
        hit
        for hit in pattern.finditer(text, window, term.start)
        if hit[0] not in ("a", "i") and not text[hit.start() - 1 : hit.start()].isalpha()
    ]
    plus = all(hit[0].endswith("+") for hit in hits)  # "> 1+ proteinuria"
    called = CALLED_A_CLASS.search(text, window, term.start) or (
        attribute.items and CALLED_AN_ITEM.search(text, window, term.start)
    )
    if not hits or not (attribute.standalone or plus or called):
        return None
    begin = next((hit.start() for hit in hits if not A_STOP.search(text, hit.end(), term.start)), hits[0].start())
    noun = ITS_NOUN.search(text, max(0, begin - 12), begin)
    sign = signs.ending(text, begin) or (signs.ending(text, noun.start()) if noun else None)
    run = read_run(text, begin, term.start, attribute, sign, signs)
    if run is None:
        return None
    if "," in text[run.end : term.start]:
        named = noun and NAMED_BEHIND.match(text, term.end)  # not "PASI ≥ 2, IGA ≥ 3"
        if not named or text[run.end : term.start].strip() != ",":
            return None
        return Levels(sign.start if sign else begin, run.end, run.levels, term)
    if sign is None and term.id == "ctcae" and len(run.levels) == 1 and IMPROVED_TO.search(text, 0, begin):
        run = run._replace(levels=meeting(attribute.levels, run.levels, "<="))
    tail = FILLER.match(text, run.end, term.start)
    joins = BY_DEFINITION if defined else JOINS_THE_NAME
    if not joins.fullmatch(text, run.end if defined or not tail else tail.end(), term.start):
        return None
    return Levels(sign.start if sign else begin, run.end, run.levels, term)
