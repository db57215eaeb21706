"""The words of `lexicon/headings.toml`, and how they become expressions."""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

WORDS: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "lexicon" / "headings.toml").read_text(encoding="utf-8")
)
LONGEST = 300  # nothing longer is a heading

_EDGE = re.compile(r"^\W+|\W+$")
_TRIM = re.compile(r"^[\s#*_=\[\]'\"“”‘’>(-]+|[\s#*_=\[\]'\"“”‘’>:：.;,-]+$")
_LIMIT = re.compile(WORDS["limits"]["pattern"], re.IGNORECASE)


def alternatives(words: Iterable[str]) -> str:
    """Words as one branch of an expression, the longest first, any white space between them.

    >>> alternatives(["age", "life expectancy"])
    'life\\\\s+expectancy|age'
    """
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


def one_of(entry: str, key: str = "words") -> frozenset[str]:
    """A list of the lexicon to look words up in."""
    return frozenset(WORDS[entry][key])


def bare(word: str) -> str:
    """A word in small letters without the punctuation around it.

    >>> bare("(Patients,")
    'patients'
    """
    return _EDGE.sub("", word).lower()


def bare_words(text: str) -> list[str]:
    """All words of `text`, each as `bare` gives it."""
    return [bare(word) for word in text.split()]


@lru_cache(maxsize=4096)
def trimmed(text: str) -> str:
    """A heading without its colon and emphasis.

    >>> trimmed("**Key Inclusion Criteria:**")
    'Key Inclusion Criteria'
    """
    text = _TRIM.sub("", text)
    return text.rstrip(")") if text.count(")") > text.count("(") else text


@lru_cache(maxsize=4096)
def states_limit(text: str) -> bool:
    """Whether a line holds a limit, so that it is a criterion whatever else it is.

    >>> states_limit("Age over 18 years"), states_limit("Cohort 2")
    (True, False)
    """
    return bool(_LIMIT.search(text))
