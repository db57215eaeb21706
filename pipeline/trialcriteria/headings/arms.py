"""Arms, parts and groups: which one a heading names."""

import re
from functools import lru_cache
from typing import Literal

from trialcriteria.headings.words import LONGEST, WORDS, alternatives, bare, bare_words, one_of, states_limit, trimmed

Below = Literal["items", "near", "section", ""]  # list items; items one line further; a section heading; anything else

_WORDS = WORDS["cohorts"]
_KIND = alternatives(_WORDS["kinds"])
_ID = r"(?:[IVX]{1,4}[a-zA-Z]?|[A-Z]{1,2}\d{0,2}[a-z]?|\d{1,2}[a-zA-Z]?\d?)"
_AND = r"\s*(?:,\s*and|,|&|\band\b|\bor\b|\bto\b|/|-|–|\+)\s*"
ARM = re.compile(
    rf"\b(?i:{_KIND})\s+{_ID}\b(?:{_AND}(?:(?i:{_KIND})\s+)?{_ID}\b(?!\s*:\s*\S+\s+\S))*"
    rf"|\b(?i:{alternatives(_WORDS['named'])})\s+(?i:{alternatives(_WORDS['named_kinds'])})s?\b"
)
_STEP = r"(?i:(?:dose|cohort)[\s-]+(?:escalation|expansion|finding|confirmation|optimi[sz]ation)|safety\s+run-?\s?in)"
_STEPS = re.compile(rf"\b{_STEP}\b")
_BRACKETED = re.compile(r"\s*[(\[][^()\[\]]{0,150}[)\]]\s*")
_FOR = re.compile(
    r"(?:additional(?:ly)?[,:]?\s+)?(?:for|in|specific\s+to)\s+(?:the\s+)?|additional(?:ly)?[,:]?\s+", re.IGNORECASE
)
_ONLY = re.compile(r"[\s,]*\b(?:only|specific)$", re.IGNORECASE)
_PEOPLE = re.compile(
    rf"(?:[\w'’/&().,-]+\s+){{0,5}}?(?:{alternatives(_WORDS['people'])})\b\s*(?P<tail>.*)", re.IGNORECASE
)
_NARROWED = re.compile(r"(?:with|in|of|from|only|\(|-)", re.IGNORECASE)

_VERBS = one_of("cohorts", "verbs")
_EVERYONE = one_of("cohorts", "everyone")
_GENERIC = one_of("cohorts", "nobody") | _EVERYONE
_PEOPLE_WORDS = one_of("cohorts", "people")
_GROUPS = one_of("cohorts", "groups")
_TAILS = one_of("cohorts", "tails")
_ENDING = one_of("topics", "ending")


def named_arms(text: str) -> str | None:
    """The numbered or named arms that a heading speaks of, those outside of brackets first.

    >>> named_arms("Inclusion criteria for Part 1, Cohort B only:")
    'Part 1, Cohort B'
    """
    found = ARM.findall(_BRACKETED.sub(" ", text[:LONGEST])) or ARM.findall(text[:LONGEST])
    return ", ".join({name.lower(): name for name in reversed(found)}.values()) or None


def named_group(text: str) -> str | None:
    """A group of people named without a verb: "healthy participants", "Participants with T2DM (Part C)"."""
    words = bare_words(text)
    if not 0 < len(words) <= 12 or not _VERBS.isdisjoint(words) or states_limit(text):
        return None
    match = _PEOPLE.match(text)
    if not match or words[-1] in _ENDING:
        return text if words[-1] in _GROUPS and len(words) > 1 else None
    return text if not match["tail"] or _NARROWED.match(match["tail"]) else None


def is_everyone(name: str) -> bool:
    """Whether a group's name is that of all participants.

    >>> is_everyone("all subjects"), is_everyone("healthy subjects")
    (True, False)
    """
    words = bare_words(name)
    return bool(words) and (words[0] in _EVERYONE or _GENERIC.issuperset(words))


_APPLIES = re.compile(  # "For subjects with rheumatoid arthritis (RA) the following additional criteria applies:"
    r"\W*(?i:for|in)\s+(?:the\s+)?(?P<name>[^:.]{3,70}?),?\s+(?:(?:the\s+following|these)\b[^:.]{0,50}\bappl(?:y|ies))\s*[:：]",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def arm_line(text: str, below: Below, bullet: bool = False) -> tuple[str | None] | None:
    """(name of the arm, None for everyone) that a whole line names; None if the line names none.

    Without a colon it does so only if items or a section heading stand below it. List items must be numbered arms.

    >>> arm_line("For healthy participants:", ""), arm_line("Cohort 2", "items"), arm_line("All subjects", "items")
    (('healthy participants',), ('Cohort 2',), (None,))
    """
    closed = text.endswith((":", "：", "**"))
    if len(text) > 120 or not (closed or below):
        return None
    if closed and (applies := _APPLIES.fullmatch(text)):
        return (None if is_everyone(applies["name"]) else applies["name"],)
    line = trimmed(text)
    words = bare_words(line)
    if not 0 < len(words) <= 16:
        return None
    name = _ONLY.sub("", _FOR.sub("", line, count=1) if _FOR.match(line) else line)
    if _names_everyone(words):
        return (None,) if named_group(name) or len(words) == 1 else None
    if len(words) <= 12 and _VERBS.isdisjoint(words) and _is_numbered(name, closed):
        return (name,)
    if (closed or below == "items") and _STEPS.fullmatch(name):
        return (name,)
    if not (closed or below == "items") or not named_group(name) or not _is_certain(name, words, closed, bullet):
        return None
    return (None if is_everyone(name) else name,)


_OPENS = re.compile(
    rf"\W*(?:(?i:for|in)\s+(?:the\s+)?)?"
    rf"(?P<name>(?:(?i:expansion|escalation|{_STEP})\s+)?(?:{ARM.pattern})(?:[\s-]+(?i:run[\s-]?in|(?:dose[\s-]+)?(?:expansion|escalation)))?(?=\s*[:：(])|{_STEP}|"
    rf"(?:{ARM.pattern})(?:(?:,|\s+and|\s*&)\s+(?:{ARM.pattern}))?(?:,?\s+[A-Za-z]+-[a-z]+)?"
    r"(?:\s+(?i:patients|subjects|participants|infants|children|adults))?|"
    r"(?:[\w-]+\s){1,2}(?i:cohort|sub-?study|stratum))"
    r"(?:\s+only)?\s*(?:\([^()]{0,40}\))?\s*[:：]\s*(?=\S)"
)


@lru_cache(maxsize=1024)
def opening_arm(text: str) -> tuple[str, int] | None:
    """(name, end of the label) of the arm that a criterion opens with; None if it has a part for another arm too.

    >>> opening_arm("Part A: 6 through 11 years of age"), opening_arm("Part A: ECOG 0-1; Part B: ECOG 0-2")
    (('Part A', 8), None)
    >>> opening_arm("Cohort 1 and Cohort 2 RAL-naive: aged 48 hours or less")
    ('Cohort 1 and Cohort 2 RAL-naive', 33)
    >>> opening_arm("Dose escalation: solid tumours"), opening_arm("Dose escalation: tumours. Dose expansion: melanoma")
    (('Dose escalation', 17), None)
    """
    front = text[:LONGEST]
    found = _OPENS.match(front) if ":" in front or "：" in front else None
    if not found or ARM.search(text, found.end()) or _STEPS.search(text, found.end()):
        return None
    return found["name"], found.end()


def _names_everyone(words: list[str]) -> bool:
    if words[0] == "for":
        return len(words) > 1 and words[1] in _EVERYONE
    return words[0] in _EVERYONE and len(words) < 4


def _is_numbered(name: str, closed: bool) -> bool:
    """Whether `name` starts with "Cohort 2", "Part A and B" … and goes on like a name."""
    match = ARM.match(name)
    if not match:
        return False
    tail = name[match.end() :].split(None, 1)
    fits = not tail or closed or tail[0][0] in "(:,-–" or bare(tail[0]) in _TAILS
    return fits and not states_limit(name[match.end() :])


def _is_certain(name: str, words: list[str], closed: bool, bullet: bool) -> bool:
    """Whether words for people are a group's heading and no criterion, such as "Pregnant women"."""
    if words[0] in ("for", "healthy"):
        return True
    return not bullet and (closed or " with" in name or (len(words) < 4 and words[-1] in _PEOPLE_WORDS))
