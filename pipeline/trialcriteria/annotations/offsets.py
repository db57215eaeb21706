"""Offsets of other tools as offsets of ours, which count code points with CRLF kept.

Browsers count UTF-16 units, where a character beyond the basic plane is two, and many tools take CRLF for one
character. Which of these a file means is found by trying: its words must stand where its offsets say.
"""

from collections.abc import Sequence
from itertools import product

Span = tuple[int, int]
Fragments = tuple[Span, ...]
Placed = tuple[Fragments, str | None]  # pieces of a region and the words that the tool saw there


def aligned(text: str, regions: Sequence[Placed]) -> list[Fragments] | None:
    """The regions' pieces in our offsets; None where no way of counting puts all words in their place.

    >>> aligned("a\\r\\nb 😀 c", [(((2, 3),), "b"), (((7, 8),), "c")])
    [((3, 4),), ((7, 8),)]
    >>> aligned("a\\r\\nb 😀 c", [(((2, 3),), "b"), (((7, 8),), "a")]) is None
    True
    """
    for returns, wide in product((False, True), repeat=2):
        places = _places(text, returns, wide)
        if all(b < len(places) for fragments, _ in regions for _, b in fragments):
            moved = [tuple((places[a], places[b]) for a, b in fragments) for fragments, _ in regions]
            if all(stands(text, there, words) for there, (_, words) in zip(moved, regions, strict=True)):
                return moved
    return None


def _places(text: str, returns: bool, wide: bool) -> list[int]:
    """For each offset of a tool, the offset that we count; `returns`: CRLF is one, `wide`: UTF-16 units."""
    places = []
    for place, char in enumerate(text):
        if returns and char == "\n" and text[place - 1 : place] == "\r":
            continue
        places += [place] * (2 if wide and ord(char) > 0xFFFF else 1)
    return [*places, len(text)]


def stands(text: str, fragments: Fragments, words: str | None) -> bool:
    """Whether the words stand there; tools differ in the blanks that they keep, so these do not count."""
    there = " ".join(text[a:b] for a, b in fragments)
    return bool(there.strip()) and (words is None or there.split() == words.split())
