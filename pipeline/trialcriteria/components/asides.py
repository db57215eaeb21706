"""Asides: sentences that tell the staff what to do, say why, or describe lesions and samples.

"Caution should be taken in patients on heparin" keeps nobody out. What they begin with or hold stands in
`lexicon/asides.toml`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from trialcriteria.components.telling import Told, any_of, telling_words, words_in

BEGINS = re.compile(
    r"[\s*•–-]*(?:for\s+th(?:is|ese)\s+reasons?\s+and\s*)?", re.I
)  # a reason that a sentence begins with
SENTENCE = re.compile(r"(?:[^.;]++|\.(?!\s+[A-Z(]|\s*$))+")


class Named(Protocol):
    """A mention, as far as it matters here."""

    @property
    def start(self) -> int: ...
    @property
    def concept(self) -> str | None: ...


Item = TypeVar("Item", bound=Named)


class Aside(NamedTuple):
    """One entry of asides.toml."""

    opens: re.Pattern[str] | None
    holds: re.Pattern[str] | None
    rest: re.Pattern[str] | None
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
                re.compile(rf"\W*(?:note\W+)?(?:{any_of(opens)})(?!\w)", re.I) if opens else None,
                re.compile(rf"(?<!\w)(?:{any_of(holds)})(?!\w)", re.I) if holds else None,
                re.compile(rf"(?<!\w)(?:{any_of(rest)})(?!\w){but_not}", re.I) if rest else None,
                entry.get("both", False),
                frozenset(entry.get("concepts", ())),
                telling_words([*opens, *holds, *rest]),
            )
        )
    return Told(out, lambda aside: aside.words)


def without_asides(text: str, found: Sequence[Item], asides: Told[Aside]) -> list[Item]:
    """The mentions in `found` that stand in no aside of the text."""
    near = asides.by(words_in(text)) if found else []
    if not near:
        return list(found)
    sentences = [sentence.span() for sentence in SENTENCE.finditer(text)]
    places = [(*place, aside.concepts) for aside in near for place in _places(text, sentences, aside)]
    return [
        one
        for one in found
        if not any(start <= one.start < end and (not of or one.concept in of) for start, end, of in places)
    ]


def _places(text: str, sentences: Sequence[tuple[int, int]], aside: Aside) -> Iterator[tuple[int, int]]:
    for start, end in sentences:
        if aside.rest:
            if rest := aside.rest.search(text, start, end):
                comma = text.find(",", rest.end(), end)  # "Due to the risk of relapse, smokers are excluded"
                begins = BEGINS.fullmatch(text, start, rest.start()) is not None
                yield rest.start(), comma if begins and comma > 0 else end
            continue
        opened = aside.opens is not None and aside.opens.match(text, start, end) is not None
        held = aside.holds is not None and aside.holds.search(text, start, end) is not None
        if (opened and held) if aside.both else (opened or held):
            yield start, end
