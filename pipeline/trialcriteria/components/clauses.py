"""Clauses: what medspaCy is asked about, in tokens: where a clause ends, and the targets in it that cues may govern."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple


class Target(NamedTuple):
    """Tokens that cues may govern, as medspaCy asks for them."""

    start: int
    end: int
    label_: str = "TARGET"


@dataclass(slots=True)
class Clause:
    """The tokens of a clause, in place of a Doc of one sentence: all that medspaCy asks of it is where it ends."""

    start: int
    end: int

    def __getitem__(self, token: int) -> "Clause":
        return self

    @property
    def sent(self) -> "Clause":
        """The sentence of any of its tokens."""
        return self


class Places:
    """The targets of a clause in order, to be asked from a cue's side: it takes no longer where there are many.

    >>> places = Places([Target(4, 6), Target(1, 2)])
    >>> places.hold(5, 6), places.begin_inside(3, 6), places.near(0, 3)
    (True, True, [Target(start=1, end=2, label_='TARGET')])
    """

    def __init__(self, targets: Iterable[Target]) -> None:
        self.all = sorted(set(targets))
        self.starts = [target.start for target in self.all]
        self.farthest = list(accumulate((target.end for target in self.all), max))
        self.longest = max(target.end - target.start for target in self.all)

    def hold(self, first: int, last: int) -> bool:
        """Whether one of them holds the tokens from `first` to `last`: "no" of "no non-small cell lung cancer"."""
        at = bisect_right(self.starts, first)
        return at > 0 and self.farthest[at - 1] >= last

    def begin_inside(self, first: int, last: int) -> bool:
        """Whether one of them begins within a cue: "without | evidence of progression"."""
        at = bisect_right(self.starts, first)
        return at < len(self.starts) and self.starts[at] < last

    def near(self, start: int, end: int) -> Sequence[Target]:
        """Those that may reach into a scope."""
        return self.all[bisect_left(self.starts, start - self.longest) : bisect_right(self.starts, end)]
