"""Conditions in front of a limit: "if liver metastases are present: ≤ 5 x ULN", "QTc in men ≤ 450 ms", "Men: …"."""

import re
from collections.abc import Sequence
from functools import lru_cache

from trialcriteria.components.condition_words import COHORT, COHORTS, EVERYONES, LEADS_ITSELF, LED, PEOPLE
from trialcriteria.components.limits import Limit
from trialcriteria.components.telling import Sought, holds_any
from trialcriteria.components.terms import Term

LEADING = re.compile(
    r"(?<!\w)(?P<words>(?:if|in (?:the )?(?:case|cases|event) of|in (?:the )?(?:presence|absence) of|"
    r"for (?:patients|subjects|"
    r"participants|those|men|women|males|females|male|female|boys|girls|adults|children)|in (?:patients|"
    r"subjects|participants|those|men|women|males|females)|"
    r"(?:for|in) (?:[\w+-]+ ){1,3}(?:patients|subjects|participants)|"
    r"(?:for|in) (?:[\w+-]+ ){0,3}(?:diabetics|smokers|cirrhotics)|"
    r"unless|when|(?:patients|subjects|participants|those) with|(?:men|women|males|females|male|female|boys|"
    r"girls)\b|without|with (?:documented |known |confirmed )?(?:liver|hepatic|bone|gilbert|"
    r"metasta))(?:[^.;()\[\]<>≤≥\d]|(?<=[A-Za-z-])(?<!FEV)(?<!CD)\d)*?)[\s,:(]*"
    r"(?:\b(?:then|where|in whom|for whom|must have|should have|must be|should be|can have|may have|"
    r"can|may|have|the|is|are|up to|be))?[\s,:(]*(?:(?:the|an?|their|calculated|measured|estimated|serum|plasma|total|"
    r"24[- ]hour(?:\s+urine)?)\s+){0,4}$",
    re.I,
)
WILL_BE = re.compile(
    r"\s+(?:will|must|should|are|is|may)\s+(?:be\s+)?(?:excluded|ineligible|not\s+eligible|eligible)\b.*$", re.I | re.S
)
OR_WHO = re.compile(r"\bor\s+(?:who|with|whose)\b", re.I)
LIST_GOES_ON = re.compile(r",\s*(?:or|and)$", re.I)  # "AV block without a pacemaker, or | QTcF ≥ 500 ms"
OF_SOME_WITH = re.compile(
    r"(?:for|in) (?:patients|subjects|participants|those) (?:with|who|on|receiving|taking)\b", re.I
)
STATED = re.compile(
    rf"(?:(?:if|when|in (?:the )?(?:case|cases|event|presence|absence))\b|{OF_SOME_WITH.pattern}).{{3}}", re.I
)


def in_front(text: str, start: int, end: int, known: Sequence[Term], *, measured: bool) -> tuple[int, int] | None:
    """The condition in front of a limit: one that the lexicon knows, or that "if" and its kin announce.

    `measured`: whether the limit's own measure follows.
    """
    match = LEADING.search(text, start, end)
    if not match:
        return None
    a, b = match.span("words")
    words = WILL_BE.sub("", text[a:b]).rstrip(" ,:-")
    if OF_SOME_WITH.match(words) and "," in words:
        words = words[: words.index(",")]
    if OR_WHO.search(words) or LIST_GOES_ON.search(words):
        return None  # "patients with asthma or who have eosinophils > 600": the one or the other
    words = words[: cut.start()].rstrip(" ,") if (cut := GOES_ON.search(words, 3)) else words
    if _is_of_the_trial(words, text[a:end], measured=measured):
        return None
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


WHOM = re.compile(r"(?:patients|subjects|participants|those)\s+with\b", re.I)
OBLIGED_TO = re.compile(
    r":|\b(?:excluded\s+if|must|should|(?<!that )(?:may|can)|needs?|ha(?:s|ve)\s+to|required|allowed)\b|"
    r"(?<!not )\beligible\b",
    re.I,
)
DEFINED = re.compile(r"\b(?:defined|following)\b|^\w+\s+with\s+(?:\w+\s+){0,2}diagnosis\b", re.I)
UNLESS = re.compile(r"unless\b", re.I)
INSTEAD = re.compile(r"\bin\s+which\s+case\b|\bthen\b|\bwhere\b|\b(?:in|for)\s+whom\b", re.I)
OPENS_BRACKET = re.compile(r"\(\s*(?:\w+\s+){0,3}$")
SAYS_WHO = re.compile(r"\b(?:with|who|whose|whom|is|are|was|has|have|receiving|on)\b", re.I)
GOES_ON = re.compile(
    r":|,?\s+in\s+which\b|,\s*(?:they|he|she|it|s/he)$|\s+(?:must|should|may|can|cannot|needs?|ha(?:s|ve)\s+to|(?:is|are)\s+required|agree)\b",
    re.I,
)


def _is_of_the_trial(words: str, said: str, *, measured: bool) -> bool:
    """Whether words only say whom the trial is for, what a bracket behind them says in numbers, or what lifts a limit.

    "Patients with renal failure (creatinine > 2 mg/dL)", "subjects with a history of smoking of ≥ 10 pack-years",
    "unless she is at least 50 years old". `said`: the words, and what stands between them and the limit.
    """
    bracket = OPENS_BRACKET.search(said, len(words))
    if UNLESS.match(words):
        return INSTEAD.search(said) is None and (measured or bracket is None)
    if OBLIGED_TO.search(said):
        return DEFINED.search(words) is not None
    if bracket:
        return measured and SAYS_WHO.search(words) is not None
    return (DEFINED.search(said) or WHOM.match(words)) is not None


LABEL_ENDS = re.compile(r"\s*[:\-–]\s*")


def between_measure_and_amount(text: str, limit: Limit, known: Sequence[Term]) -> tuple[int, int] | None:
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


ANNOUNCED = re.compile(rf"\W*(?P<words>(?:for|in)\s+{COHORT}|(?:for|if|in)\s[^:;.<>≤≥]{{2,70}}?(?=\s*:))\s*[:,]", re.I)
SAID_OF = re.compile(
    rf"[;.]\s*(?P<arm>{COHORT})\s*(?:\([^()]*\)\s*)?:|[;.]\s*(?P<place>(?:for|in)\s+(?:[A-Za-z-]+\s+){{1,4}}?only)\s*:|"
    r"(?:^|[;.]\s)\W*(?P<words>(?!(?:all|both|study|eligible|enrolled|healthy|main|for|in|adult)\b)"
    r"(?:[A-Za-z][\w+/-]*\s){1,4}?"
    r"(?:patients|subjects|participants|lesions|metastases|women|men|adults|children)|HIV[\s-](?:co-?)?infected)"
    r"\s*(?:\([^()]*\)\s*)?:",
    re.I,
)


@lru_cache(maxsize=8)
def _announcements(text: str) -> tuple[re.Match[str], ...]:
    """Whom a text and its sentences are for, the last first; kept, as each limit of a text asks for it."""
    if ":" not in text and not holds_any(text, COHORTS):
        return ()
    opening = ANNOUNCED.match(text)
    return (*reversed(list(SAID_OF.finditer(text))), *([opening] if opening else []))


def announced(text: str, start: int) -> tuple[int, int] | None:
    """ "For lung SABR: FEV1 ≥ 0.8 L, DLCO ≥ 30 %": a criterion that opens with whom it is for.

    So may a sentence: "Previously treated patients: at least 3 injections".
    """
    for opening in _announcements(text):
        if opening.end() <= start:
            whom = opening.lastgroup or 0
            elsewhere = DEFINED.search(opening[whom]) or re.search(r";|\.\s", text[opening.end() : start])
            return None if elsewhere else opening.span(whom)
    return None


OBLIGED = Sought(
    "must should need needs have has required require",
    r"(?:^|[;.(]\s*)\W*(?P<words>(?:patients|subjects|participants|those|individuals|men|women)\s+(?:with|who|on|receiving|taking|na[iï]ve)"
    r"(?:\s[\w+/-]++|\s\([\w-]{2,12}\)){1,10}?|[^\W\d][\w+/-]*(?:\s[\w+/-]+){0,3}?)\s+"
    r"(?:must|should|needs?|have\s+to|has\s+to|are\s+required|(?:will\s+)?require)\b[^;.<>≤≥\d]*$",
    re.I,
)


def of_people(text: str, start: int, end: int, known: Sequence[Term]) -> tuple[int, int] | None:
    """ "HIV-positive patients must have a viral load < 50 copies/mL": a sentence on patients of one kind."""
    said = OBLIGED.search(text, start, end)
    if not said:
        return None
    a, b = said.span("words")
    if said.start() and (OF_SOME.match(text, a, b) or OF_A_COHORT.fullmatch(text, a, b)):
        return a, b  # not the first sentence of a criterion, which says whom the trial is for
    if TREATED.match(text, a, b):
        return a, b
    named = any(a <= t.start and t.end <= b and t.id not in EVERYONES for t in known)
    return (a, b) if named and PERSONS.search(text, a, b) else None


PERSONS = re.compile(rf"\b(?:{PEOPLE}\b|\w+(?:ics|ers)$|(?-i:[A-Z]{{3,}})$)", re.I)
OF_SOME = re.compile(
    r"(?:patients|subjects|participants|those|men|women|children|adults)\s+(?:with|who|on|receiving)\b", re.I
)
TREATED = re.compile(  # "Subjects on a stable regimen must have …" are some, be it in the first sentence
    r"(?:patients|subjects|participants|those)\s+(?:(?:who\s+are\s+)?(?:currently\s+)?(?:on|receiving|taking)\s|(?:who\s+are\s+)?na[iï]ve\s+to\s)",
    re.I,
)
OF_A_COHORT = re.compile(rf"{COHORT}\s+(?:patients|subjects|participants)", re.I)
COHORT_FRONT = re.compile(
    rf"(?:^|[;,.(]\s*|\b(?:or|and)\s+|\s(?=\w+\s\w+\s*:))(?P<words>{COHORT})\s*[:,(]?\s*(?:aged?\s*)?$", re.I
)


def cohort_in_front(text: str, start: int) -> tuple[int, int] | None:
    """ "Cohort 1: aged 12 to 65", where the criterion has a part for another cohort too."""
    front = COHORT_FRONT.search(text, max(0, start - 40), start) if holds_any(text, COHORTS) else None
    return front.span("words") if front else None


OF_WHOM_ALONE = Sought(  # "AST and ALT ≤ 2.5 x ULN; liver metastases, AST and ALT ≤ 5 x ULN"
    "liver hepatic bone gilbert gilberts",
    r"(?:^|[;.,]\s*)(?:such\s+as\s+)?(?P<words>(?:(?:for|in|with)\s+|(?:(?:for\s+|in\s+)?(?:patients?|subjects?|participants?|those)\s+with\s+))?"
    r"(?:(?:known|documented)\s+)?(?:(?:liver|hepatic|bone)\s+(?:metastas[ie]s|involvement|cancer)|gilbert['’]?s?\s+(?:syndrome|disease)))"
    r"\s*(?:,\s*[^;,]{1,60}(?:,\s*and\s[^;,]{1,50})?)?$",
    re.I,
)


def named_alone(text: str, start: int, until: int) -> tuple[int, int] | None:
    """The words in front of a measure that only say in whom its limit on the upper limit of normal holds."""
    said = OF_WHOM_ALONE.search(text, start, until)
    return said.span("words") if said else None


FOR_WHOM = re.compile(r"[;,(]\s*(?P<words>(?:for|in)\s+[^,;.:()<>≤≥]{2,40}?)[,:]?\s*$", re.I)


def of_a_further_one(text: str, limit: Limit, start: int) -> tuple[int, int] | None:
    """ "DLCO ≥ 50 %; for MAC > 60 %": for whom a limit holds that has its measure in front of the last one."""
    if limit.span is None or limit.span[1] > start:
        return None
    said = FOR_WHOM.search(text, start, limit.quantity.start)
    return said.span("words") if said else None


MALE, FEMALE = r"\b(?:men|man|males?|boys?)\b", r"\b(?:women|woman|females?|girls?)\b"
JOINED = r"\s*(?:patients|subjects|participants)?\s*(?:and/or|and|or|/|,|&)\s*(?:[^\W\d][\w-]*\s+(?!(?:in|for)\b)){0,2}"
EITHER_SEX = re.compile(rf"(?:{MALE}{JOINED}{FEMALE}|{FEMALE}{JOINED}{MALE})", re.I)
FOLLOWS_AN_AMOUNT = re.compile(r"\d[^.;:,]{0,25}$")
OBLIGES = re.compile(r"[:=]|(?<!\bwho )\b(?:must|should|need|needs|have|has|had|are|is)\b", re.I)
OPENING = re.compile(r"\W*(?:(?:healthy|adult|eligible|all|any|study|chinese|japanese)\s+)*", re.I)


def is_everyones(
    text: str, span: tuple[int, int], limit: Limit, arm: tuple[str, int] | None, *, population: bool
) -> bool:
    """Whether words before a limit only say whom the criterion is for: "Women aged 18 to 45", "Part A: 6 to 11 years".

    The arm that a criterion opens with is the criterion's own `cohort`; men and women are everybody.
    """
    if (arm and span[0] < arm[1]) or _is_either_sex(text, span, limit):
        return True
    if not population or WITHIN.match(text, span[0]) or OBLIGES.search(text, *sorted((span[0], limit.first))):
        return False
    opens = OPENING_OF_AGE if limit.kind == "age" and not STATED.match(text, span[0]) else OPENING
    if opens.fullmatch(text, 0, span[0]) is None or (re.search(MALE, text, re.I) and re.search(FEMALE, text, re.I)):
        return False
    sexed = re.search(rf"{MALE}|{FEMALE}", text[slice(*span)], re.I) is not None
    return sexed or "," not in text[span[1] : limit.first]


WITHIN = re.compile(r"(?:in|if)\b", re.I)
OPENING_OF_AGE = re.compile(r"[^\d:;.()]{0,40}")


def _is_either_sex(text: str, span: tuple[int, int], limit: Limit) -> bool:
    """ "Men or women ≥ 18 years"; but in "> 450 ms male or female > 470 ms" each sex has a limit."""
    said = EITHER_SEX.search(text, span[0], span[1] + 30)
    if said is None or said.start() >= span[1]:
        return False
    in_front = said.end() <= limit.quantity.start
    return not in_front or limit.kind == "age" or FOLLOWS_AN_AMOUNT.search(text, 0, said.start()) is None
