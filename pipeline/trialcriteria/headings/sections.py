"""Section headings: "Key Inclusion Criteria", "Exclusion:", "Subjects meeting any of these criteria are excluded:"."""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from trialcriteria.headings.announcements import announced
from trialcriteria.headings.arms import ARM, is_everyone, named_arms, named_group
from trialcriteria.headings.words import LONGEST, WORDS, alternatives, bare, bare_words, one_of, trimmed
from trialcriteria.records import Section

_SECTIONS: tuple[Section, ...] = ("inclusion", "exclusion", "other")


class Heading(NamedTuple):
    """A heading found at the start of a line."""

    section: Section | None  # None: the section stays
    cohort: str | None  # None: no arm named
    stop: int  # where the rest of the line begins, its length if there is none
    kind: Literal["section", "cohort", "label", "split", "skipped"] = "section"


def _names(key: str) -> dict[str, Section]:
    return {name: section for section in _SECTIONS for name in WORDS[section][key]}


_NAMES = _names("names")
_QUALIFIED = _names("qualified")
_WHOLE = _names("whole")
_NOUN = alternatives(WORDS["nouns"]["words"])
_BOTH = re.compile(
    rf"(?:(?:[\w-]+\s+){{0,3}}inclusion\s*(?:/|&|and|or|,)\s*exclusion(?:\s+(?:{_NOUN}))?|(?:general\s+)?(?:{_NOUN}))\W*$",
    re.IGNORECASE,
)
_WHOLE_LINE = re.compile(rf"(?:key\s+|main\s+)?(?P<name>{alternatives(_WHOLE)})\s*(?:[:：]|$)", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?P<prefix>(?:[^\s:：.;]+\s+){{0,6}}?)"
    rf"(?:(?P<reversed>{alternatives(WORDS['nouns']['reversed'])})\s+)?"
    rf"(?P<name>{alternatives([*_NAMES, *_QUALIFIED])})(?:[\s_]+(?P<noun>{_NOUN}))?(?!-?\w)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ARM_FIRST = re.compile(rf"(?:{ARM.pattern})\s*(?:\([^()]*\)\s*)?[:：,.–-]\s*(?=\S)")
_FOR_WHOM = re.compile(r"\s*(?:[-–(]\s*)?(?:for|of|in)?\s+(.{3,80})")
_BRACKETED = re.compile(r"\s*[(\[][^()\[\]]{0,150}[)\]]\s*")
_CLOSED = re.compile(r"\s*(?:[:：>.]|[-–—](?=\s|\W*$))[\s:：>.*_]*")
_CLOSING = re.compile(r"[\s:：*_.>]*(?:[–-]+\s*$)?")
_BEFORE_LIST = re.compile(r"[:：]|[.](?=\s+1[.)]\s)")
_COLON = re.compile(r"[:：]")
_LISTED = re.compile(r"\s*(?:[(]?\w{1,2}[.)]\s|[-•*]\s)")
_TRANSLATED = re.compile(
    r"[\u3040-\u30ff\u4e00-\u9fff]{2,12}\s*[/|／:：(（-]?\s*(?=[A-Za-z])"
)  # "排除标准 Exclusion criteria"
_OBLIGED = re.compile(
    rf"(?:the\s+|all\s+)?(?:{alternatives(WORDS['cohorts']['people'])})\s+(?:must|should|may|shall)(?P<not>\s+not)?\s*[:：]",
    re.IGNORECASE,
)
_OPENING = "#*_=[('\"“ \t>"

_BLOCKERS = one_of("blockers")
_CONNECTORS = one_of("connectors")
_ALONE = one_of("connectors", "alone")
_INCLUDING = frozenset({"include", "includes", "including"})
_LEAD_WORDS = one_of("lead_ins")
_REFERRING = one_of("lead_ins", "refers")
_NEGATIVE = one_of("lead_ins", "exclusion")
_EXCLUDING = one_of("lead_ins", "excluding")
_LEAVING = one_of("lead_ins", "other")
_TIMES = one_of("lead_ins", "times")
_PARTIAL = one_of("lead_ins", "any")
_CUES: tuple[str, ...] = tuple(WORDS["lead_ins"]["cues"])


@lru_cache(maxsize=8192)
def section_heading(text: str, bullet: bool = False) -> Heading | None:
    """The section heading that `text` is or begins with; stricter for list items.

    >>> section_heading("Key Inclusion Criteria: age over 18")
    Heading(section='inclusion', cohort=None, stop=24, kind='section')
    >>> section_heading("Not meeting the inclusion criteria") is None
    True
    """
    head = text[:LONGEST]
    obliged = _OBLIGED.fullmatch(text.strip()) if len(text) < 60 and not bullet else None
    if obliged:
        return Heading("exclusion" if obliged["not"] else "inclusion", None, len(text))
    translated = _TRANSLATED.match(head)
    if translated:
        found = section_heading(text[translated.end() :], bullet)
        if found:
            return found._replace(stop=found.stop + translated.end())
    low = head.lower()
    if not any(cue in low for cue in _CUES):
        return None
    lead = len(head) - len(head.lstrip(_OPENING))
    arm = _ARM_FIRST.match(head, lead)
    lead = arm.end() if arm else lead
    body = head[lead:]
    if len(text) < 120 and _BOTH.match(body):
        return Heading(None, None, len(text))
    whole = _WHOLE_LINE.match(body)
    if whole and (len(text) < 40 or whole[0][-1] in ":："):
        return Heading(_WHOLE[_spaced(whole["name"])], None, _past_closing(text, lead + whole.end()))
    return _named(text, body, lead, bullet) or (None if bullet else _lead_in(text) or _lead_in_before_list(text))


def _spaced(name: str) -> str:
    return " ".join(name.lower().split())


def _past_closing(text: str, position: int) -> int:
    """Past the colons and emphasis that close a heading, and a dash that nothing follows."""
    closing = _CLOSING.match(text, position)
    return closing.end() if closing else position


def _named(text: str, body: str, lead: int, bullet: bool) -> Heading | None:
    """A heading by the name of a section, with a few words before it and, for most, a noun behind it."""
    match = _NAMED.match(body)
    if not match:
        return None
    name, noun = _spaced(match["name"]), match["noun"] or match["reversed"]
    section = _NAMES.get(name) or _QUALIFIED[name]
    if (name in _QUALIFIED and not noun) or not _BLOCKERS.isdisjoint(bare_words(match["prefix"])):
        return None
    if name.endswith("nary") and not noun:  # "Exclusionary laboratory values"
        whole = not bullet and len(text) < 90 and not match["prefix"]
        return Heading(section, None, len(text)) if whole else None
    before = len(match["prefix"].split())
    stop = _heading_end(match["rest"], bool(noun) or name.endswith("sions"), bullet, before)
    if stop is None:
        return None
    end = lead + match.start("rest") + stop
    end = _past_closing(text, end) if end < len(text) else end
    return Heading(section, named_arms(text[:end]) or (_group(match["prefix"], match["rest"]) if noun else None), end)


def _group(prefix: str, rest: str) -> str | None:
    """The people that "Psoriasis Patient Inclusion Criteria", "… criteria for healthy controls" are for."""
    after = _FOR_WHOM.match(rest)
    for part in (prefix, after[1] if after else ""):
        name = named_group(trimmed(part))
        if name and not is_everyone(name) and len(name.split()) > 1:
            return name
    return None


def _heading_end(rest: str, noun: bool, bullet: bool, before: int) -> int | None:
    """How much of what follows the section's name is still heading; None if the line is no heading.

    `noun`: "criteria" or the like stands with the name. `before`: how many words stand in front of it.
    """
    bracket = _BRACKETED.match(rest)
    after = bracket.end() if bracket else 0
    tail = rest[after:]
    if not tail.strip(" \t*_#'\"”)]"):
        return len(rest) if noun or (not bullet and before < 4) else None
    closed = _CLOSED.match(tail)
    if closed and (noun or before < 3):
        return after + closed.end()
    if tail[0] in "/,;" or (bullet and not noun):
        return None
    words = bare_words(tail)
    colon = _COLON.search(tail)
    if words[0] in (_CONNECTORS if noun else _ALONE):
        return _connected_end(rest, after, words, colon, bullet)
    if not noun or bullet:
        return None
    if not before and tail.lstrip()[:1].isupper():  # "Inclusion Criteria Patients must …"
        return after
    return len(rest) if not colon and len(words) <= 8 and not _is_sentence(tail) else None


def _connected_end(rest: str, after: int, words: list[str], colon: re.Match[str] | None, bullet: bool) -> int | None:
    """The same for "… criteria for adults:", "… criteria related to surgery"."""
    if colon:
        count = len(rest[after : after + colon.start()].split())
        if count <= 22 and _INCLUDING.isdisjoint(words[2 : count - 1]):
            return after + colon.end()
    return None if bullet or len(words) > 12 or _is_sentence(rest) else len(rest)


def _is_sentence(text: str) -> bool:
    return text.rstrip()[-1] in ".;,"


def _lead_in(text: str) -> Heading | None:
    """A sentence of nothing but structural words, such as "Subjects meeting any of these criteria are excluded:"."""
    if len(text) > LONGEST:
        return None
    if text[-1] in ":：" and announced(text) == "exclusion":
        return Heading("exclusion", named_arms(text), len(text))
    words = []
    for written in text.lower().split():
        word = written if written in _LEAD_WORDS else bare(written)
        if word and word not in _LEAD_WORDS and not word.isdecimal():
            return None
        words.append(word)
    if len(words) < 4 or not (text[-1] in ":：" or _REFERRING.intersection(words)):
        return None
    if not any(word.startswith(_CUES) for word in words) or _TIMES.issuperset(word for word in words if word.isalpha()):
        return None
    if "not" in words and not _EXCLUDING.isdisjoint(words):  # "… will not be excluded:" lists what is allowed
        return None
    section: Section = "exclusion" if _NEGATIVE.intersection(words) else "inclusion"
    section = "other" if _LEAVING.intersection(words) else section
    if section == "inclusion" and _PARTIAL.intersection(words):
        return None
    return Heading(section, named_arms(text), len(text))


def _lead_in_before_list(text: str) -> Heading | None:
    """The same with the list behind it on one line: "… are eligible: 1. adults"."""
    colon = _BEFORE_LIST.search(text, 0, LONGEST)
    if not colon or not _LISTED.match(text, colon.end()):
        return None
    found = _lead_in(text[: colon.end()])
    return found and found._replace(stop=_past_closing(text, colon.end()))
