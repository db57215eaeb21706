"""Announcements: words that only say whom a trial takes or keeps out, and a colon: "We exclude:", "Not eligible:"."""

import re
from typing import NamedTuple

from trialcriteria.headings.words import WORDS, bare, one_of
from trialcriteria.records import Section

_MOST_WORDS = 25
_ENDS = re.compile(
    rf"\b(?:{'|'.join(WORDS['announcements']['stems'])})\w*[^.:;：\n]{{0,60}}?(?:[:：]|(?<=s)\s[–—-]\s)", re.IGNORECASE
)
_SAYS = re.compile(
    rf"\b(?:{'|'.join(WORDS['announcements']['stems'])})\w*[^.:;：\n]{{0,60}}?"
    rf"\b(?:if|when|are|were|(?:{'|'.join(WORDS['cohorts']['people'])}|those|people)\s+(?:with|who))\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\S+")
_BEGINS = re.compile(r"(?:^|[.;!?)\n(\[]|[:：])[\s\"'*•-]*$")
_WORDS = one_of("lead_ins") | one_of("announcements")
_STEM = re.compile("|".join(stem.partition("\\")[0] for stem in WORDS["announcements"]["stems"]))
ACTS = frozenset(filter(_STEM.match, _WORDS))
"""Words of which every announcement holds one: a text without any needs no search."""
_KEEPS_OUT = re.compile("|".join(WORDS["announcements"]["keeps_out"]))
_LETS_IN = re.compile("|".join(WORDS["announcements"]["lets_in"]))
_ENTRY = one_of("announcements", "entry")
_DATES = one_of("announcements", "dates")
_LISTS = one_of("announcements", "lists")
_DENIES = one_of("announcements", "denies")
_OBSTACLES = one_of("announcements", "obstacles")


class Announcement(NamedTuple):
    """Words that announce who is kept out or let in, up to their colon."""

    start: int
    end: int
    section: Section


def announcements(text: str) -> list[Announcement]:
    """Every announcement in a text, wherever its sentence stands.

    >>> announcements("Adults with asthma. Not to be enrolled: smokers")
    [Announcement(start=20, end=39, section='exclusion')]
    >>> announcements("These conditions include: asthma")
    []
    """
    return _kept(text, _ENDS)


def statements(text: str) -> list[Announcement]:
    """The same where no colon follows, but a sentence that says of whom it holds.

    >>> statements("We do not enrol patients with asthma")
    [Announcement(start=0, end=29, section='exclusion')]
    """
    return _kept(text, _SAYS)


def _kept(text: str, ends: re.Pattern[str]) -> list[Announcement]:
    found = []
    for match in ends.finditer(text):
        start = _start(text, match.end())
        section = announced(text[start : match.end()]) if start is not None else None
        if start is not None and section:
            found.append(Announcement(start, match.end(), section))
    return found


def announced(text: str) -> Section | None:
    """The section that the words of an announcement speak of; None if they announce something else."""
    words = {word for word in map(_spoken, text.split()) if word and not word.isdecimal()}
    if not _WORDS.issuperset(words):
        return None
    denied = not _DENIES.isdisjoint(words)
    if any(map(_KEEPS_OUT.fullmatch, words)):
        return None if denied else "exclusion"  # "will not be excluded:" lists what is allowed
    acts = {word for word in words if _LETS_IN.fullmatch(word)}
    if not acts and (_ENTRY.isdisjoint(words) or not _DATES.isdisjoint(words)):
        return None
    if not _OBSTACLES.isdisjoint(words):
        return None if denied else "exclusion"
    if denied:
        return "exclusion"
    return "inclusion" if acts - _LISTS or (acts and "we" in words) else None


def _spoken(written: str) -> str:
    word = written.lower()
    return word if word in _WORDS else bare(word)


def _start(text: str, end: int) -> int | None:
    """Where the words that end at a colon begin: at a sentence, else at a capital behind lost punctuation."""
    first = max(0, end - 200)
    start = None
    for match in reversed(list(_WORD.finditer(text, first, end))[-_MOST_WORDS:]):
        word = _spoken(match[0])
        if word and word not in _WORDS and not word.isdecimal():
            break
        opens = match[0][0] in "([" or _BEGINS.search(text, max(0, match.start() - 6), match.start()) is not None
        if opens or match[0][:1].isupper():
            start = match.start() + len(match[0]) - len(match[0].lstrip("([*"))
        if opens:
            break
    return start
