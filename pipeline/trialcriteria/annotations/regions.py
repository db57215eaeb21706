"""Gold as annotation tools see it: labelled regions of a text, each with slots, and links between them.

Every exchange format (brat, Label Studio, Prodigy and doccano) is this, written differently. Limits are labelled with
their kind, mentions with their label; criteria, numerals and the words of attributes are regions too. A slot is a
column of the tables under its own name, so that the formats' configurations follow from the columns.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, get_args

from trialcriteria.annotations.files import parse, stated
from trialcriteria.annotations.model import GoldError, GoldTrial, sha256, split_of
from trialcriteria.records import Kind, Label

ATTRIBUTE, CRITERION, NUMERAL = "attribute", "criterion", "numeral"
KINDS: tuple[str, ...] = get_args(Kind)
MENTIONS: tuple[str, ...] = get_args(Label)
LABELS: tuple[str, ...] = (*KINDS, *MENTIONS, ATTRIBUTE, CRITERION, NUMERAL)
LINKS = (ATTRIBUTE, "targets", "exception_to")
FACTS = ("layout", "domain", "annotator", "guideline_version", "fields")

# What a region says with its label, its place or a link, and not in a slot.
PLACED = {"kind", "label", "start", "end", "quote", "text", "targets", "exception_to"}
PLACED |= {"attribute_text", "attribute_start", "attribute_end"}
TABLE = dict.fromkeys(KINDS, "constraints") | dict.fromkeys(MENTIONS, "mentions")
TABLE |= {CRITERION: "criteria", NUMERAL: "numerals"}
_ID = {"constraints": "constraint_id", "mentions": "mention_id", "criteria": "criterion_id"}
_LETTER = {"constraints": "c", "mentions": "m"}


class Region(NamedTuple):
    """A stretch of the text with its label and what is said of it; `id` is unique in its document."""

    id: str
    label: str
    start: int
    end: int
    slots: dict[str, Any]


class Link(NamedTuple):
    """From a limit or mention to its attribute's words, to what it narrows, or to what it is an exception to."""

    kind: str
    source: str
    target: str


class Document(NamedTuple):
    """One annotated text."""

    trial_id: str
    text: str
    facts: dict[str, Any]
    regions: tuple[Region, ...]
    links: tuple[Link, ...]


def document(trial: GoldTrial) -> Document:
    """A gold trial as regions and links."""
    record = stated(trial)
    regions: list[Region] = []
    links: list[Link] = []
    words: dict[tuple[int, int], str] = {}
    for label, table in ((CRITERION, "criteria"), (NUMERAL, "numerals"), ("", "constraints"), ("", "mentions")):
        for number, row in enumerate(record[table], 1):
            name = row[_ID[table]] if table in _ID else f"{table}{number}"
            slots = {key: list(x) if isinstance(x, tuple) else x for key, x in row.items() if key not in PLACED}
            shown = label or row["kind" if table == "constraints" else "label"]
            regions.append(Region(name, shown, row["start"], row["end"], slots))
            if row.get("attribute_text") is not None:
                place = (row["attribute_start"], row["attribute_end"])
                links.append(Link(ATTRIBUTE, name, words.setdefault(place, f"words{len(words) + 1}")))
            links += [Link("targets", name, target) for target in row.get("targets", ())]
            links += [Link("exception_to", name, row["exception_to"])] if "exception_to" in row else []
    regions += [Region(name, ATTRIBUTE, start, end, {}) for (start, end), name in words.items()]
    facts = {key: record[key] for key in FACTS}
    return Document(trial.trial_id, trial.text, facts, tuple(regions), tuple(links))


def gold(found: Document) -> GoldTrial:
    """The gold trial that regions and links say; raises GoldError with every fault in them.

    A region that an annotator added has no id yet: it gets the next one of the criterion that it stands in.
    """
    faults = list(_faults(found))
    if faults:
        raise GoldError([f"{found.trial_id}: {fault}" for fault in faults])
    names = _names(found)
    places = {region.id: region for region in found.regions}
    record: dict[str, Any] = {table: [] for table in ("criteria", "constraints", "mentions", "numerals")}
    for region in found.regions:
        if region.label == ATTRIBUTE:
            continue
        table = TABLE[region.label]
        row = {**region.slots, "start": region.start, "end": region.end}
        if table in _ID:
            row[_ID[table]] = names[region.id]
        if table != "criteria":
            row.setdefault("criterion_id", _criterion(found, region, names))
            said = "quote" if table == "constraints" else "text"
            row[said] = found.text[region.start : region.end]
        if table in _LETTER:
            row["kind" if table == "constraints" else "label"] = region.label
            row |= _linked(found, region, names, places)
        record[table].append(row)
    facts = {key: value for key, value in found.facts.items() if key in FACTS}
    whole = {"trial_id": found.trial_id, "text": found.text, "text_sha256": sha256(found.text)}
    return parse({**whole, "split": split_of(found.trial_id), **facts, **record})


def _linked(found: Document, region: Region, names: dict[str, str], places: dict[str, Region]) -> dict[str, Any]:
    """The slots of a row that links say."""
    row: dict[str, Any] = {}
    for link in found.links:
        if link.source != region.id:
            continue
        target = places[link.target]
        if link.kind == ATTRIBUTE:
            row["attribute_start"], row["attribute_end"] = target.start, target.end
            row["attribute_text"] = found.text[target.start : target.end]
        elif link.kind == "targets":
            row.setdefault("targets", []).append(names[target.id])
        else:
            row[link.kind] = names[target.id]
    return row


def _faults(found: Document) -> Iterator[str]:
    """What keeps regions and links from being rows."""
    for name, n in Counter(region.id for region in found.regions).items():
        if n > 1:
            yield f"{name}: the id is used {n} times"
    labels = {region.id: region.label for region in found.regions}
    for region in found.regions:
        if region.label not in LABELS:
            yield f"{region.id}: no label '{region.label}'; they are {', '.join(LABELS)}"
        if not 0 <= region.start < region.end <= len(found.text):
            yield f"{region.id}: {region.start}-{region.end} is outside the text of {len(found.text)} characters"
    for link in found.links:
        where = f"{link.source}: {link.kind}"
        if link.kind not in LINKS:
            yield f"{where}: no such link; they are {', '.join(LINKS)}"
        elif link.source not in labels or link.target not in labels:
            yield f"{where}: {link.target if link.source in labels else link.source} is not there"
        elif (link.kind == ATTRIBUTE) != (labels[link.target] == ATTRIBUTE):
            yield f"{where}: {link.target} is labelled {labels[link.target]}"
    yield from _repeated(found.links)


def _repeated(links: Sequence[Link]) -> Iterator[str]:
    for (kind, source), n in Counter((link.kind, link.source) for link in links).items():
        if n > 1 and kind != "targets":
            yield f"{source}: {n} links {kind}, where one is the most"


def _names(found: Document) -> dict[str, str]:
    """The row id of each region: its own slot, else the next free one."""
    own = {
        region.id: str(region.slots[_id_slot(region)]) for region in found.regions if _id_slot(region) in region.slots
    }
    names, taken = dict(own), set(own.values())
    for region in found.regions:
        letter = _LETTER.get(TABLE.get(region.label, ""))
        if region.id in names or letter is None:
            continue
        criterion = region.slots.get("criterion_id") or _criterion(found, region, names)
        number = 1
        while f"{criterion}{letter}{number}" in taken:
            number += 1
        names[region.id] = f"{criterion}{letter}{number}"
        taken.add(names[region.id])
    return names | {region.id: region.id for region in found.regions if region.id not in names}


def _id_slot(region: Region) -> str:
    return _ID.get(TABLE.get(region.label, ""), "")


def _criterion(found: Document, region: Region, names: dict[str, str]) -> str:
    """The innermost criterion around a region; `?` where there is none, which the check of the rows will name."""
    around = [
        other
        for other in found.regions
        if other.label == CRITERION and other.start <= region.start and region.end <= other.end
    ]
    inner = min(around, key=lambda other: other.end - other.start, default=None)
    return names.get(inner.id, inner.id) if inner else "?"
