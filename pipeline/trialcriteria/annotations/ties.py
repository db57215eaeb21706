"""What other schemes say of how named things hang together: or, and, if-then, exceptions, and the scope of a time.

Each is a pair of things, to be held against the groups, conditions, exceptions and targets of rows.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from trialcriteria.annotations.offsets import Fragments
from trialcriteria.annotations.standoff import Event, Standoff

Kind = Literal["or", "and", "if-then", "exception", "scope"]
OF_RELATIONS: dict[str, Kind] = {"Or": "or", "And": "and", "If-Then": "if-then"}
ARGUMENTS = frozenset({"Negates", "Asserted"})
"""Roles by which an event stands for the thing that it denies or asserts."""


class Tie(NamedTuple):
    """Two things that a corpus ties to each other.

    Of an exception the first is what it is made from; of a scope the first is the time, the other what it holds for.
    """

    kind: Kind
    one: Fragments
    other: Fragments


def of_leaf(found: Standoff, naming: frozenset[str]) -> tuple[Tie, ...]:
    """The ties of Leaf Clinical Trials: its relations `Or`, `And` and `If-Then`, and its `Exception` events.

    `naming` are the labels of the events that name something.
    """
    by_trigger = {event.trigger: event for event in found.events.values()}
    out = []
    for relation in found.relations:
        kind = OF_RELATIONS.get(relation.label)
        ends = [_thing(found, by_trigger, end, naming) for end in (relation.source, relation.target)]
        if kind and ends[0] and ends[1] and ends[0] != ends[1]:
            out.append(Tie(kind, ends[0], ends[1]))
    for event in found.events.values():
        if event.label == "Exception":
            out += _excepted(found, by_trigger, event, naming)
    return (*_whole_lists(out, "or"), *_whole_lists(out, "and"), *(tie for tie in out if tie.kind not in ("or", "and")))


def _excepted(found: Standoff, by_trigger: dict[str, Event], exception: Event, naming: frozenset[str]) -> Iterator[Tie]:
    sides: dict[str, list[Fragments]] = {"From": [], "Except": []}
    for role, target in exception.arguments:
        thing = _thing(found, by_trigger, target, naming)
        if role in sides and thing:
            sides[role].append(thing)
    yield from (Tie("exception", whole, part) for whole in sides["From"] for part in sides["Except"])


def _thing(
    found: Standoff, by_trigger: dict[str, Event], key: str, naming: frozenset[str], depth: int = 3
) -> Fragments | None:
    """The words of what an annotation names, be it through a negation or an assertion."""
    event = found.events.get(key) or by_trigger.get(key)
    if event is None or depth == 0:
        return None
    if event.label in naming:
        return found.entities[event.trigger].fragments
    below = (_thing(found, by_trigger, to, naming, depth - 1) for role, to in event.arguments if role in ARGUMENTS)
    return next((thing for thing in below if thing), None)


def of_lists(kind: Kind, lists: Sequence[Sequence[Fragments]]) -> Iterator[Tie]:
    """A list of things as ties: each with each.

    >>> [(tie.one[0][0], tie.other[0][0]) for tie in of_lists("or", [[((0, 2),), ((5, 9),), ((12, 15),)]])]
    [(0, 5), (0, 12), (5, 12)]
    """
    for things in lists:
        ordered = sorted(set(things))
        yield from (Tie(kind, one, two) for n, one in enumerate(ordered) for two in ordered[n + 1 :])


def _whole_lists(ties: Sequence[Tie], kind: Kind) -> Iterator[Tie]:
    """ "A, B or C" is two relations, and all three are tied to each other."""
    lists: list[set[Fragments]] = []
    for tie in ties:
        if tie.kind == kind:
            met = [those for those in lists if tie.one in those or tie.other in those]
            lists = [those for those in lists if those not in met] + [set().union({tie.one, tie.other}, *met)]
    yield from of_lists(kind, [list(those) for those in lists])


def of_chia(found: Standoff, naming: frozenset[str]) -> tuple[Tie, ...]:
    """The ties of Chia: its `OR` lists, its `AND` relations, and the times that hold for a whole `Scope`."""
    named = {key: entity for key, entity in found.entities.items() if entity.label in naming}
    ors = [[named[key].fragments for key in ids if key in named] for label, *ids in found.alike if label == "OR"]
    out = [*of_lists("or", ors)]
    for relation in found.relations:
        ends = [named.get(relation.source), named.get(relation.target)]
        if relation.label == "AND" and ends[0] and ends[1]:
            out.append(Tie("and", ends[0].fragments, ends[1].fragments))
        scope, time = found.entities.get(relation.source), found.entities.get(relation.target)
        timed = relation.label == "Has_temporal" and scope and scope.label == "Scope"
        if timed and scope and time and time.label == "Temporal":
            inside = (one for one in named.values() if scope.start <= one.start and one.end <= scope.end)
            out += [Tie("scope", time.fragments, one.fragments) for one in inside]
    return tuple(out)
