"""Lines that are neither criterion nor section: topic labels, notes, titles, purposes, boilerplate."""

import re
from functools import lru_cache

from trialcriteria.headings.words import WORDS, alternatives, bare, bare_words, one_of, states_limit

_NOTE = re.compile(
    rf"[†‡]|\W{{0,3}}(?:{alternatives(WORDS['notes']['starts'])})(?:\s+\d{{1,2}})?(?:\s*[:：,–-]|\s+that\b|\s*\()",
    re.IGNORECASE,
)
_PURPOSE = re.compile(rf"\W*(?:{alternatives(WORDS['purposes']['starts'])})\b", re.IGNORECASE)
_SPLITTING = re.compile(rf"\W*(?:{alternatives(WORDS['topics']['splitting'])})\s*[:：]\s*", re.IGNORECASE)
_LABEL = re.compile(rf"\W*(?:{alternatives(WORDS['topics']['labels'])})\W*", re.IGNORECASE)
_RANGE = re.compile(r"\d\s*-\s*\d")

_DENIES = re.compile(rf"\W*(?:{'|'.join(WORDS['unheaded']['denies'])})\b", re.IGNORECASE)
_STARTS_OUT = re.compile(rf"\W*(?:{'|'.join(WORDS['unheaded']['starts'])})", re.IGNORECASE)
_SAYS_OUT = re.compile("|".join(WORDS["unheaded"]["says"]), re.IGNORECASE)
_GOVERNING = one_of("topics", "governing")
_ENDING = one_of("topics", "ending")
_TITLE = one_of("purposes", "title_words")
_BOILERPLATE = tuple(WORDS["boilerplate"]["contains"])
_HINTS = tuple(WORDS["boilerplate"]["hints"])
_UNLESS = tuple(f" {word} " for word in WORDS["boilerplate"]["unless"])
_LONGEST_BOILERPLATE = int(WORDS["boilerplate"]["longest"])


@lru_cache(maxsize=8192)
def is_label(text: str) -> bool:
    """Whether a short line above items names a topic and states nothing.

    >>> is_label("Hematopoietic"), is_label("Adequate liver function:")
    (True, False)
    """
    if len(text) > 90:
        return False
    if _LABEL.fullmatch(text):
        return True
    words = bare_words(text)
    if not 0 < len(words) <= 9 or words[-1] in _ENDING or not _GOVERNING.isdisjoint(words):
        return False
    if text.lstrip("[(*_")[:1].islower() and text[-1] not in ":：])":
        return False
    return text[-1] not in ".,?" and ";" not in text and not states_limit(text) and not _RANGE.search(text)


def splitting_label(text: str) -> int:
    """Length of a heading such as "PATIENT CHARACTERISTICS:" that opens a paragraph of several labels, else 0."""
    match = _SPLITTING.match(text)
    return match.end() if match else 0


def is_note(text: str) -> bool:
    """Whether a paragraph comments on the one above it.

    >>> is_note("Note: local values count."), is_note("Notable weight loss")
    (True, False)
    """
    return bool(_NOTE.match(text))


@lru_cache(maxsize=8192)
def is_boilerplate(text: str) -> bool:
    """Whether a paragraph says nothing about patients ("Other protocol-defined criteria may apply")."""
    if len(text) > _LONGEST_BOILERPLATE:
        return False
    low = text.lower()
    if not any(hint in low for hint in _HINTS) or not any(words in low for words in _BOILERPLATE):
        return False
    return not any(word in low for word in _UNLESS)


def keeps_out(text: str) -> bool:
    """Whether an item without a heading reads like a reason for exclusion.

    >>> keeps_out("Pregnant or breastfeeding"), keeps_out("Not pregnant")
    (True, False)
    """
    if _DENIES.match(text):
        return False
    return _STARTS_OUT.match(text) is not None or _SAYS_OUT.search(text) is not None


def is_purpose(text: str) -> bool:
    """Whether a paragraph tells what the study is for."""
    return bool(_PURPOSE.match(text))


def is_title(text: str) -> bool:
    """Whether a line reads like the title of a study.

    >>> is_title("Effect of Yoga on Sleep: A Randomized Trial"), is_title("Adults with asthma")
    (True, False)
    """
    words = text.split()
    if not 3 <= len(words) <= 60 or text[-1] in ".;:":
        return False
    long = [word for word in words if len(word) > 3]
    capitals = sum(word[0].isupper() for word in long)
    return any(bare(word) in _TITLE for word in words) and capitals >= 0.6 * len(long)
