"""Gold to and from a brat folder: `ID.txt` and `ID.ann` for each trial, brat's configuration, and `documents.jsonl`.

Closed sets of slots are brat attributes, which an annotator picks from a menu; everything else of a row stands as JSON
in its note. What brat has no place for (layout, annotator, registry fields) stands in `documents.jsonl`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from trialcriteria.annotations.model import GoldError
from trialcriteria.annotations.regions import ATTRIBUTE, KINDS, LABELS, LINKS, MENTIONS, Document, Link, Region
from trialcriteria.annotations.slots import Slot, slots_of
from trialcriteria.annotations.standoff import Standoff, parse

DOCUMENTS = "documents.jsonl"
CONFIGURATION = "annotation.conf"
SIGNS = {"<": "LT", "<=": "LTEQ", "=": "EQ", ">=": "GTEQ", ">": "GT"}
"""Operators have names in brat, whose configuration takes the signs for its own."""
_SIGN = {name: sign for sign, name in SIGNS.items()}
LINE_BREAKS = re.compile(r"[\r\n]+")


def write(documents: Iterable[Document], folder: Path) -> None:
    """Write a folder that brat can open; raises GoldError for a region that brat cannot hold."""
    folder.mkdir(parents=True, exist_ok=True)
    listed: list[dict[str, Any]] = []
    for number, document in enumerate(documents, 1):
        name = re.sub(r"[^\w.-]", "_", document.trial_id)
        name = f"{name}-{number}" if any(facts["document"] == name for facts in listed) else name
        _save(folder / f"{name}.txt", document.text)
        _save(folder / f"{name}.ann", "".join(f"{line}\n" for line in _lines(document)))
        listed.append({"document": name, "trial_id": document.trial_id, **document.facts})
    _save(folder / DOCUMENTS, "".join(json.dumps(facts, ensure_ascii=False) + "\n" for facts in listed))
    _save(folder / CONFIGURATION, configuration())


def read(folder: Path) -> list[Document]:
    """The documents of a folder that `write` made and annotators worked on."""
    documents = []
    for facts in map(json.loads, filter(None, _stored(folder / DOCUMENTS).split("\n"))):
        name, trial_id = facts.pop("document"), facts.pop("trial_id")
        text, lines = (_stored(folder / f"{name}.{end}") for end in ("txt", "ann"))
        documents.append(_document(parse(lines, text, f"{folder / name}.ann"), trial_id, text, facts))
    return documents


def _save(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:  # CRLF of a text stays CRLF
        file.write(text)


def _stored(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _lines(document: Document) -> Iterator[str]:
    names = {region.id: f"T{number}" for number, region in enumerate(document.regions, 1)}
    attribute = note = 0
    for region in document.regions:
        name = names[region.id]
        fragments = list(_fragments(document, region))
        places = ";".join(f"{a} {b}" for a, b in fragments)
        yield f"{name}\t{region.label} {places}\t{' '.join(_words(document.text[a:b]) for a, b in fragments)}"
        closed = {slot.name: slot for slot in slots_of(region.label) if slot.values}
        for slot in (closed[key] for key in region.slots if key in closed):
            attribute += 1
            yield f"A{attribute}\t{slot.name} {name} {_shown(region.slots[slot.name])}".rstrip()
        if said := {key: value for key, value in region.slots.items() if key not in closed}:
            note += 1
            yield f"#{note}\tAnnotatorNotes {name}\t{json.dumps(said, ensure_ascii=False)}"
    for number, link in enumerate(document.links, 1):
        yield f"R{number}\t{link.kind} Arg1:{names[link.source]} Arg2:{names[link.target]}"


def _fragments(document: Document, region: Region) -> Iterator[tuple[int, int]]:
    """brat draws no span over a line break: one piece a line."""
    words = document.text[region.start : region.end]
    if words[0] in "\r\n" or words[-1] in "\r\n":
        raise GoldError([f"{document.trial_id}: {region.id}: begins or ends with a line break, which brat cannot hold"])
    start = 0
    for gap in (*LINE_BREAKS.finditer(words), None):
        yield region.start + start, region.start + (gap.start() if gap else len(words))
        start = gap.end() if gap else 0


def _words(text: str) -> str:
    return text.replace("\t", " ")


def _shown(value: Any) -> str:
    return SIGNS.get(value, str(value).lower() if isinstance(value, bool) else value)


def _document(found: Standoff, trial_id: str, text: str, facts: dict[str, Any]) -> Document:
    regions = []
    for entity in found.entities.values():
        slots = _noted(found.notes.get(entity.id, ""), f"{trial_id}: {entity.id}")
        closed = {slot.name: slot for slot in slots_of(entity.label)}
        for name, value in found.attributes.get(entity.id, {}).items():
            slots[name] = _value(value, closed.get(name))
        regions.append(Region(entity.id, entity.label, entity.start, entity.end, slots))
    links = [Link(relation.label, relation.source, relation.target) for relation in found.relations]
    return Document(trial_id, text, facts, tuple(regions), tuple(links))


def _noted(note: str, where: str) -> dict[str, Any]:
    """The slots in a note; a note in plain words is refused, so that nothing an annotator wrote is dropped."""
    try:
        slots = json.loads(note or "{}")
    except json.JSONDecodeError:
        slots = None
    if not isinstance(slots, dict):
        raise GoldError([f"{where}: the note is no JSON object of slots: {note!r}"])
    return slots


def _value(text: str, slot: Slot | None) -> object:
    if slot is not None and slot.type == "bool":
        return text != "false"
    return _SIGN.get(text, text)


def configuration() -> str:
    """`annotation.conf` for brat: labels, links and the slots with closed sets of values."""
    lines = ["[entities]", *LABELS, "", "[relations]"]
    rows = "|".join((*KINDS, *MENTIONS))
    lines += [f"{link}\tArg1:{rows}, Arg2:{ATTRIBUTE if link == ATTRIBUTE else rows}" for link in LINKS]
    lines += ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>", "", "[events]", "", "[attributes]"]
    for name, labels, values in _menus():
        lines.append(f"{name}\tArg:{'|'.join(labels)}" + (f", Value:{'|'.join(values)}" if values else ""))
    return "\n".join(lines) + "\n"


def _menus() -> Iterator[tuple[str, list[str], list[str]]]:
    """(slot, labels that have it, values) of each slot with a closed set; a plain flag has no values."""
    menus: dict[str, tuple[list[str], Slot]] = {}
    for label in LABELS:
        for slot in slots_of(label):
            if slot.values:
                menus.setdefault(slot.name, ([], slot))[0].append(label)
    for name, (labels, slot) in menus.items():
        flag = slot.type == "bool" and not slot.nullable
        yield name, labels, [] if flag else [_shown(value) for value in slot.values]
