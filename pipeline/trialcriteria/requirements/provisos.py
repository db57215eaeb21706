"""What must hold nevertheless: of the permitted ("allowed if stable"), and among reasons for exclusion ("must have …").

The design's row "the limit after 'provided', 'if', 'with'", which is required though what it narrows is only permitted.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from trialcriteria.components.condition_words import KEPT_OUT
from trialcriteria.components.reach import IN_BRACKETS
from trialcriteria.components.telling import Sought, holds_any
from trialcriteria.components.turns import Turn
from trialcriteria.records import Requirement, Segment
from trialcriteria.requirements.statements import effective, negations

PERMITTED_IF = re.compile(
    r"(?<!not )(?<!not be )\b(?:allowed|permitted|permissible|acceptable|accepted|eligible|OK|fine|no exclusion|"
    r"not (?:be )?excluded|not an exclusion|"
    r"(?:may|can|could) (?:also )?"
    r"(?:enter|participate|take part|join|enroll?|be (?:enrolled|included|eligible|considered)))\b"
    r"(?:[^.;]{0,60}?(?<!\bnot )\b(?:if|when|provided|as long as|after|once)\b|\s+(?:only\s+)?with\b)|"
    r"(?<!not )\b(?:may|can|could)\s+(?:be\s+"
    r"(?:used|given|taken|taking|continued|maintained|administered|receiving|on|treated)|receive|continue|take|use|have)\b"
    r"[^.;]{0,80}?(?<!\bnot )\b(?:if|provided|as long as)\b|"
    r"\b(?:not|n't)\s+count\s+(?:if|when|provided)\b",
    re.I,
)
EXCEPTED_IF = Sought(
    "except exception exceptions excepting",
    r"\bexcept(?:ion)?s?\b(?!\s+(?:if|when|that)\b)(?=[^.;]*?[a-z]{4})(?:(?!\b(?:exclu|ineligib))[^.;]){6,100}?"
    r"(?<!\bor )\b(?:if|provided|as long as)\b(?!\s+not\b)",
    re.I,
)
OBLIGED = re.compile(
    r"(?<!not )\b(?:(?<!that )must|should|(?<!potential )(?<!the )(?<!a )(?<!any )needs? to|has to|have to|"
    r"(?<!that )(?<!which )had to|required to) "
    rf"(?:(?:also|all|both|still) )?(?:agree to )?(?!{KEPT_OUT})"
    r"(?:be|have|undergo|show|use|practi[cs]e|employ|follow|comply|adhere|stop|discontinue|cease|wait|receive|complete|remain|demonstrate|exceed|"
    r"(?:judge|confirm|document)\s+(?:that|the\s+(?:patient|subject|participant)\s+(?:has|is)))\b"
    r"(?! (?:excluded|not?\b))",
    re.I,
)
ALL_DUTY = re.compile(  # "patients must have stopped buspirone for 2 weeks, and fluoxetine for 4 weeks"
    r"\W*(?:all\s+|any\s+|eligible\s+)*(?:[\w-]+\s+)?(?:patients?|subjects?|participants?|wom[ae]n|m[ae]n|individuals?)\s+"
    r"(?:[\w-]+\s+){0,6}",
    re.I,
)
SAYS_WHO = re.compile(  # "patients who must use steroids" are kept out, and asked nothing
    r"\b(?:who|(?:patients|subjects|participants|those)\s+that)\s+(?:(?:[a-z]+ly|may|will|would|might|still|also)\s+){0,2}$|"
    r"\b(?:in|for)\s+whom\b[^.;]*$",
    re.I,
)
IN_NEED = re.compile(r"(?:^|[.;:(\[]|\bor)\s*$")  # "or need to undergo surgery": whoever does is kept out
LEAD = 12  # "required to" in front of a mention that begins with its verb
PROVIDED_BEHIND = re.compile(
    r"[^.;,]{0,15}\bprovided\b\s*(?:[).;,]|$)|[^.;,]{0,30}\b(?:is|are) required\b|"
    r"[^.;,()]{0,30}\([^()]{1,30}\)[^.;,()]{0,60}\b(?:is|are) required\b|"
    r"(?:\s+(?!(?:who|which|that|if|unless|when|for|or)\b)[\w-]+){0,3}\s+(?:must|should)\s+"
    r"(?:be (?:used|in place|given)|have (?:been (?:used|given)|occurred))\b",
    re.I,
)
WHERE_NEEDED = re.compile(r"\b(?:if|when|whom|which|where)\b[^.;,:]*$", re.I)  # "excluded if CPAP is required"
SENTENCE = re.compile(  # it begins with one character, so that the search leaps to it
    r"[;.\s](?:(?<=;)|(?<=\.)(?<!\bi\.e\.)(?<!\be\.g\.)(?=\s)|(?<=\s)--?\s)", re.I
)
PERMITTING = frozenset(
    "allowed permitted permissible acceptable accepted eligible ok fine exclusion excluded may can could count".split()
)
UNDER = frozenset("if when provided as after once with".split())
OBLIGING = frozenset("must should to".split())
OBLIGED_TO = frozenset(
    "be have undergo show use practice practise employ follow comply adhere stop discontinue cease wait receive "
    "complete remain demonstrate exceed judge confirm document".split()
)
PROVIDING = frozenset("provided required must should".split())


def demanded(piece: Segment, text: str, start: int, end: int, turns: Sequence[Turn]) -> Requirement | None:
    """What must hold of the permitted, "allowed if …", and nevertheless: "must have been …", "… provided".

    Within the sentence, and within the brackets, that say so.
    """
    if piece.section == "other":
        return None
    if _first_excepted_if(text) <= start and EXCEPTED_IF.plain.search(_in_front(text, start)):
        return "require"
    rules = _rules_for(text)
    if piece.section == "inclusion" and (
        PERMITTED_IF not in rules or effective(piece, text, turns) != "permit" or negations(turns)
    ):
        return None
    if not rules and not holds_any(text, PROVIDING):
        return None
    front = _in_front(text, start)
    if piece.section == "inclusion":
        return "require" if PERMITTED_IF.search(front) else None
    said = [found for rule in rules for found in rule.finditer(front)]
    said = [found for found in said if not _says_who(front, found)]
    if any("," not in front[found.end() :] or _goes_on(front, found) for found in said):
        return "require"
    if _is_obliged(text, start, end, rules):
        return "require"
    provided = PROVIDED_BEHIND.match(text, end)
    needed = provided and provided[0].endswith("required") and WHERE_NEEDED.search(front + text[start : provided.end()])
    return "require" if provided and not needed else None


@lru_cache(maxsize=256)
def _first_excepted_if(text: str) -> int:
    """Where the first "except … if" of a text ends, behind the text if there is none; kept, as each row asks it."""
    found = EXCEPTED_IF.search(text)
    return found.end() if found else len(text) + 1


def _goes_on(front: str, found: re.Match[str]) -> bool:
    """Whether what is demanded goes on over commas: "patients must have stopped buspirone, and fluoxetine"."""
    if found.re is PERMITTED_IF:
        return True
    return not found[0].endswith("receive") and ALL_DUTY.fullmatch(front, 0, found.start()) is not None


def _says_who(text: str, found: re.Match[str]) -> bool:
    """Whether words of duty say who is kept out: "patients who must use steroids", "or need to undergo surgery"."""
    in_need = found[0][:4].lower() == "need" and IN_NEED.search(text, 0, found.start())
    return bool(in_need or SAYS_WHO.search(text, 0, found.start()))


def _is_obliged(text: str, start: int, end: int, rules: Sequence[re.Pattern[str]]) -> bool:
    """Whether a demand reaches into a mention: "[needs to] complete local therapy"."""
    own = OBLIGED.search(text, max(0, start - LEAD), end) if OBLIGED in rules else None
    if own is None or own.end() <= start or _says_who(text, own):
        return False
    return own.start() < start or not own[0].lower().startswith("need")  # "arrhythmias that need to be treated"


def _in_front(text: str, start: int) -> str:
    """The sentence of a place as far as it, without what stands in brackets that are closed."""
    sentences = _sentences(text)
    return IN_BRACKETS.sub(" ", text[sentences[bisect_right(sentences, start) - 1] : start])


@lru_cache(maxsize=256)
def _rules_for(text: str) -> list[re.Pattern[str]]:
    """The expressions of which all words stand in a text: a cheap look before the costly one."""
    told = ((PERMITTED_IF, PERMITTING, UNDER), (OBLIGED, OBLIGING, OBLIGED_TO))
    return [rule for rule, one, other in told if holds_any(text, one) and holds_any(text, other)]


@lru_cache(maxsize=256)
def _sentences(text: str) -> list[int]:
    """Where sentences begin."""
    return [0, *(found.end() for found in SENTENCE.finditer(text))]


def turned(demand: Requirement | None, turns: Sequence[Turn]) -> Requirement | None:
    """What must nevertheless hold, where it is denied: "allowed if they have no progression" forbids it."""
    return "forbid" if demand == "require" and negations(turns) % 2 else demand
