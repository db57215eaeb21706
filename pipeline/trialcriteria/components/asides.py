"""Asides: sentences that tell the staff what to do, say why, or describe lesions and samples.

"Caution should be taken in patients on heparin" keeps nobody out. What they begin with or hold stands in
`lexicon/asides.toml`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, TypeVar

from trialcriteria.components.telling import Told, any_of, telling_words, words_in

BEGINS = re.compile(
    r"[\s*•–-]*(?:for\s+th(?:is|ese)\s+reasons?\s+and\s*)?", re.I
)  # a reason that a sentence begins with
SENTENCE = re.compile(r"(?:[^.;]++|\.(?!\s+(?:\\?[-–*•]\s*)?[A-Z(]|\s*$))+")


class Named(Protocol):
    """A mention, as far as it matters here."""

    @property
    def start(self) -> int: ...
    @property
    def concept(self) -> str | None: ...


Item = TypeVar("Item", bound=Named)


class Phrases(NamedTuple):
    """Phrases, and the expression of where they stand; a text in lower case without any of them needs no search."""

    said: Sequence[str]
    form: re.Pattern[str]

    def are_in(self, low: str) -> bool:
        """Whether one of them stands in a text in lower case."""
        return any(map(low.__contains__, self.said))


class Aside(NamedTuple):
    """One entry of asides.toml."""

    opens: Phrases | None
    holds: Phrases | None
    rest: Phrases | None
    both: bool
    concepts: frozenset[str]
    words: frozenset[str]
    """One of each of its phrases: a text without any of them holds none."""


def read_asides(entries: dict[str, dict[str, Any]]) -> Told[Aside]:
    """The entries of asides.toml, ready to be searched for."""
    out = []
    for entry in entries.values():
        opens, holds, rest = (entry.get(key, ()) for key in ("opens", "holds", "rest"))
        but_not = rf"(?!\s+(?:{any_of(entry['but_not'])})\b)" if "but_not" in entry else ""
        out.append(
            Aside(
                _phrases(opens, r"\W*(?:note\W+)?(?:{})(?!\w)"),
                _phrases(holds, r"(?<!\w)(?:{})(?!\w)"),
                _phrases(rest, r"(?<!\w)(?:{})(?!\w)" + but_not),
                entry.get("both", False),
                frozenset(entry.get("concepts", ())),
                telling_words([*opens, *holds, *rest]),
            )
        )
    return Told(out, lambda aside: aside.words)


def _phrases(said: Sequence[str], form: str) -> Phrases | None:
    """Phrases that stand in a form; None where there are none."""
    lower = [phrase.lower() for phrase in said]
    return Phrases(lower, re.compile(form.replace("{}", any_of(said)), re.I)) if said else None


def without_asides(text: str, found: Sequence[Item], asides: Told[Aside]) -> list[Item]:
    """The mentions in `found` that stand in no aside of the text."""
    near = asides.by(words_in(text)) if found else []
    if not near:
        return list(found)
    low = text.lower()
    places = [(*place, aside.concepts) for aside in near for place in _places(text, low, aside)]
    return [
        one
        for one in found
        if not any(start <= one.start < end and (not of or one.concept in of) for start, end, of in places)
    ]


def _places(text: str, low: str, aside: Aside) -> Iterator[tuple[int, int]]:
    opens, holds, rests = (
        part.form if part and part.are_in(low) else None for part in (aside.opens, aside.holds, aside.rest)
    )
    if not (rests if aside.rest else opens and holds if aside.both else opens or holds):
        return
    for start, end in _sentences(text):
        if rests:
            if rest := rests.search(text, start, end):
                comma = text.find(",", rest.end(), end)  # "Due to the risk of relapse, smokers are excluded"
                begins = BEGINS.fullmatch(text, start, rest.start()) is not None
                yield rest.start(), comma if begins and comma > 0 else end
            continue
        opened = opens is not None and opens.match(text, start, end) is not None
        if opened is aside.both:
            opened = holds is not None and holds.search(text, start, end) is not None
        if opened:
            yield start, end


@lru_cache(maxsize=256)
def _sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text stand."""
    return [sentence.span() for sentence in SENTENCE.finditer(text)]
