"""brat's standoff format: what the lines of an `.ann` file say, and where that stands in the text.

Offsets count code points of the text with its line breaks as stored; a corpus whose offsets take CRLF for one character
is recognised and put right. A span in several pieces keeps them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trialcriteria.annotations.model import GoldError
from trialcriteria.annotations.offsets import Fragments, aligned, stands


class Entity(NamedTuple):
    """A `T` line."""

    id: str
    label: str
    fragments: Fragments
    text: str

    @property
    def start(self) -> int:
        """Where its first piece begins."""
        return min(start for start, _ in self.fragments)

    @property
    def end(self) -> int:
        """Where its last piece ends."""
        return max(end for _, end in self.fragments)


class Event(NamedTuple):
    """An `E` line: a trigger and its arguments as (role, id), the role without its number."""

    id: str
    label: str
    trigger: str
    arguments: tuple[tuple[str, str], ...]


class Relation(NamedTuple):
    """An `R` line."""

    id: str
    label: str
    source: str
    target: str


class Standoff(NamedTuple):
    """One `.ann` file."""

    entities: dict[str, Entity]
    events: dict[str, Event]
    relations: list[Relation]
    attributes: dict[str, dict[str, str]]  # id -> name -> value; of a flag, ""
    notes: dict[str, str]
    alike: list[tuple[str, ...]]  # `*` lines: the label and the ids that it joins


def parse(lines: str, text: str, where: str) -> Standoff:
    """What an `.ann` file says of `text`; raises GoldError naming `where`, the line and what is wrong with it."""
    found = Standoff({}, {}, [], {}, {}, [])
    faults = []
    for number, line in _whole(lines):
        try:
            _take(found, line)
        except (ValueError, IndexError):
            faults.append(f"{where}: line {number}: not understood: {line!r}")
    faults += [f"{where}: {fault}" for fault in _dangling(found)]
    if faults:
        raise GoldError(faults)
    entities = _placed(list(found.entities.values()), text, where)
    return found._replace(entities={entity.id: entity for entity in entities})


def _whole(lines: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; words that hold a line break, which brat would not write, are one line again."""
    number, held = 0, ""
    for n, line in enumerate(lines.replace("\r\n", "\n").split("\n"), 1):
        if not held or re.match(r"[TREAMN#*]\d*\t", line):
            if held.strip():
                yield number, held
            number, held = n, line
        elif line.strip():
            held += f" {line}"
    if held.strip():
        yield number, held


def _take(found: Standoff, line: str) -> None:
    name, said, *rest = line.split("\t", 2)
    if name[0] == "T":
        label, _, places = said.partition(" ")
        fragments = tuple((int(a), int(b)) for a, b in (place.split(" ") for place in places.split(";")))
        found.entities[name] = Entity(name, label, fragments, rest[0])
    elif name[0] == "E":
        (label, trigger), *arguments = (part.split(":") for part in said.split())
        roles = tuple((role.rstrip("0123456789"), target) for role, target in arguments)
        found.events[name] = Event(name, label, trigger, roles)
    elif name[0] == "R":
        label, one, two = said.split()[:3]
        found.relations.append(Relation(name, label, one.split(":")[1], two.split(":")[1]))
    elif name[0] in "AM":
        kind, target, *value = said.split(" ", 2)
        found.attributes.setdefault(target, {})[kind] = value[0] if value else ""
    elif name[0] == "#":
        found.notes[said.split()[1]] = rest[0] if rest else ""
    elif name[0] == "*":
        found.alike.append(tuple(said.split()))
    elif name[0] != "N":  # N lines point into knowledge bases, which our rows do not
        raise ValueError(name)


def _dangling(found: Standoff) -> Iterator[str]:
    known = found.entities.keys() | found.events.keys()
    for event in found.events.values():
        pointed = (event.trigger, *(target for _, target in event.arguments))
        yield from (f"{event.id}: points at {name}, which is not there" for name in pointed if name not in known)
    for relation in found.relations:
        pointed = (relation.source, relation.target)
        yield from (f"{relation.id}: points at {name}, which is not there" for name in pointed if name not in known)


def _placed(entities: Sequence[Entity], text: str, where: str) -> list[Entity]:
    """The entities with offsets into the text as stored; their words must stand there."""
    places = aligned(text, [(entity.fragments, entity.text) for entity in entities])
    if places is None:
        raise GoldError([f"{where}: {fault}" for fault in _misplaced(entities, text)])
    return [entity._replace(fragments=place) for entity, place in zip(entities, places, strict=True)]


def _misplaced(entities: Sequence[Entity], text: str) -> Iterator[str]:
    for entity in entities:
        if not stands(text, entity.fragments, entity.text):
            places = ";".join(f"{a}-{b}" for a, b in entity.fragments)
            yield f"{entity.id}: {entity.text!r} does not stand at {places} of the text"
