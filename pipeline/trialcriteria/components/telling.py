"""Telling words: a cheap look whether any of many phrases can stand in a text, before the costly search for them.

Where none of the words stands that an expression needs, it is not searched for: that takes a twentieth of the time.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Set
from functools import lru_cache
from typing import Generic, TypeVar

WORD = re.compile(r"\w+")
COMMON = {  # how telling the words are that criteria hold most often: the commonest comes first, and tells least
    word: place
    for place, word in enumerate(
        "or of the to and with a for prior study in within at patients any history have disease be treatment as is "
        "must other not that months screening than by days therapy are has who least no use weeks on years patient an "
        "subjects drug including from active during investigator significant subject known dose if e g s cancer "
        "consent following medical clinically normal more clinical informed before potential age this last current "
        "after diagnosis infection one criteria test may female pregnant day positive women trial will chronic severe "
        "chemotherapy cell medication first time surgery received participants drugs pregnancy blood condition status "
        "function protocol limit can it they do does was were been would should could also need all".split()
    )
}
BEGINNING = 5  # letters of a word that tell of it

Entry = TypeVar("Entry")


def telling_words(phrases: Iterable[str]) -> frozenset[str]:
    """A word of each phrase that a text must hold for the phrase to stand in it, the least common one it has.

    >>> sorted(telling_words(["with the exception of", "is allowed", "not"]))
    ['allowed', 'exception', 'not']
    """
    return frozenset(max(words_of(phrase), key=_how_telling) for phrase in phrases)


def _how_telling(word: str) -> tuple[int, int]:
    return COMMON.get(word, len(COMMON)), len(word)


def any_of(phrases: Iterable[str]) -> str:
    """An expression for any of the phrases, of which the longest that fits is taken.

    >>> any_of(["if", "if on"])
    'if\\\\ on|if'
    """
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, as `telling_words` are."""
    return WORD.findall(text.lower())


@lru_cache(maxsize=256)
def words_in(text: str) -> frozenset[str]:
    """The words of a text as a set; kept for a while, as many steps ask it of the same criterion."""
    return frozenset(words_of(text))


@lru_cache(maxsize=256)
def beginnings_in(text: str) -> frozenset[str]:
    """What the words of a text begin with: a stem is found among them as a word is."""
    return frozenset([word[:BEGINNING] for word in words_in(text)])


def holds_any(text: str, words: Set[str]) -> bool:
    """Whether one of the words stands in a text.

    >>> holds_any("Asthma is allowed", {"permitted", "allowed"})
    True
    """
    return not words_in(text).isdisjoint(words)


class Sought:
    r"""An expression and its telling words: in a text where none of their beginnings stands it is not searched for.

    >>> RECOVERS = Sought("recovers recovered recovery", r"\brecover\w*", re.I)
    >>> RECOVERS.may_stand_in("Recovery from surgery"), RECOVERS.search("Recent surgery")
    (True, None)
    >>> Sought("hasn't", r"\bhasn['’]t\b").may_stand_in("Hasn’t smoked")
    True
    """

    __slots__ = ("beginnings", "plain")

    def __init__(self, words: str, expression: str, flags: int = 0) -> None:
        self.plain = re.compile(expression, flags)
        self.beginnings = frozenset(word[:BEGINNING] for word in words_of(words))

    def may_stand_in(self, text: str) -> bool:
        """Whether one of its telling words may stand in a text."""
        return not beginnings_in(text).isdisjoint(self.beginnings)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Where it stands first between two places."""
        if beginnings_in(text).isdisjoint(self.beginnings):
            return None
        return self.plain.search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Whether it stands right at the first of two places."""
        if beginnings_in(text).isdisjoint(self.beginnings):
            return None
        return self.plain.match(text, start, end)

    def fullmatch(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Whether it is all that stands between two places."""
        if beginnings_in(text).isdisjoint(self.beginnings):
            return None
        return self.plain.fullmatch(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Everywhere it stands between two places."""
        if beginnings_in(text).isdisjoint(self.beginnings):
            return iter(())
        return self.plain.finditer(text, start, end)


class Told(Generic[Entry]):
    """Entries by their telling words: those that can matter to a text are found at once, and no other is looked at.

    >>> told = Told(["with the exception of", "is allowed", "not"], lambda phrase: telling_words([phrase]))
    >>> told.by(words_in("Asthma is allowed, epilepsy not"))
    ['is allowed', 'not']
    """

    def __init__(self, entries: Iterable[Entry], words: Callable[[Entry], Set[str]]) -> None:
        self.entries = list(entries)
        self.places: dict[str, list[int]] = {}
        for place, entry in enumerate(self.entries):
            for word in words(entry):
                self.places.setdefault(word, []).append(place)
        self.words = frozenset(self.places)

    def by(self, words: Set[str]) -> list[Entry]:
        """The entries of which a telling word is among `words`, in their order."""
        told = self.words & words
        if not told:
            return []
        places = {place for word in told for place in self.places[word]}
        return [self.entries[place] for place in sorted(places)]
