"""Groups of one criterion: their names, and the rows that may be members."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.records import Requirement

NUMBER = {"two": "2", "three": "3", "four": "4"}


def kind_of(number: str | None) -> str:
    """The kind of a group that asks for so many of its members, or for one where none is said.

    >>> kind_of("Two"), kind_of("3"), kind_of(None)
    ('at_least2', 'at_least3', 'any')
    """
    return f"at_least{NUMBER.get(number.lower(), number)}" if number else "any"


class Names:
    """Names for the groups of one criterion, none given twice.

    >>> names = Names()
    >>> [names.new(kind) for kind in ("any", "all", "any", "at_least2")]
    ['any1', 'all1', 'any2', 'at_least2_1']
    """

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def new(self, kind: str) -> str:
        """The next name of a kind: any, all, at_least2."""
        self._given[kind] += 1
        return f"{kind}{'_' if kind.startswith('at_least') else ''}{self._given[kind]}"


class Member(NamedTuple):
    """A limit or mention that may be in a group: where its words begin and end, and what it asks."""

    start: int
    end: int
    row: Limit | Said
    asks: Requirement
    place: int  # among the criterion's mentions, then its limits


def members(
    mentions: Sequence[Said], limits: Sequence[Limit], demands: Sequence[Requirement], *, narrowing: bool = False
) -> Iterator[Member]:
    """What stands for itself: no window, nothing that narrows another row, in the order of the text.

    `demands` are those of the mentions, then of the limits; `narrowing`: with limits that narrow a mention, too, not
    only with those that are alternatives already ("diabetes defined by glucose ≥ 126 or HbA1c ≥ 6.5 % or on insulin").
    """
    n = len(mentions)
    said = [Member(mention.start, mention.end, mention, demands[i], i) for i, mention in enumerate(mentions)]
    said += [
        Member(limit.first, _end(limit), limit, demands[n + i], n + i)
        for i, limit in enumerate(limits)
        if not limit.is_time and not limit.narrows and (narrowing or not limit.events or _defines(limit, mentions))
    ]
    yield from sorted(said, key=lambda member: (member.start, member.end))


def _defines(limit: Limit, mentions: Sequence[Said]) -> bool:
    """Whether a limit is one of several alternatives that define a condition."""
    defining = limit.group is not None and limit.kind in ("lab", "vital")
    return defining and any(len(mentions[i].narrowed) > 1 for i in limit.events)


def _end(limit: Limit) -> int:
    own = limit.span[1] if limit.span and not limit.inherited else 0
    return max(own, limit.quantity.end)
