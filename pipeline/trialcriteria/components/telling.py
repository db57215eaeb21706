"""Telling words: a cheap look whether any of many phrases can stand in a text, before the costly search for them."""

import re
from collections.abc import Iterable
from functools import lru_cache

WORD = re.compile(r"\w+")
EVERYWHERE = frozenset(
    "a an the in of is are be to with for will not no on or have has had may can who it they patients do does by at "
    "was were been would should must could also need any all as".split()
)


def telling_words(phrases: Iterable[str]) -> frozenset[str]:
    """A word of each phrase that a text must hold for the phrase to stand in it, the least common one it has.

    >>> sorted(telling_words(["with the exception of", "is allowed", "not"]))
    ['allowed', 'exception', 'not']
    """
    return frozenset(max(words_of(phrase), key=lambda word: (word not in EVERYWHERE, len(word))) for phrase in phrases)


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
    """The words of a text as a set; kept for a while, as many steps ask it of the same criterion.

    Where none of the words stands that an expression needs, it is not searched for: that is a hundred times cheaper.
    """
    return frozenset(words_of(text))
