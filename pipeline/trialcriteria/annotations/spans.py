"""Gold to and from JSON Lines of labelled spans, as Prodigy and doccano take and give them.

Prodigy keeps what stands in a span, so slots are written there. doccano keeps only what stands beside the text, and
gives entities ids of its own, so slots are listed there by place and label.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from trialcriteria.annotations.model import GoldError
from trialcriteria.annotations.offsets import aligned
from trialcriteria.annotations.regions import FACTS, Document, Link, Region

Line = dict[str, Any]
PLACE = ("start", "end", "label")


def prodigy(document: Document) -> Line:
    """A document as a Prodigy task."""
    spans = [_span(region) for region in document.regions]
    named = {span["id"]: span for span in spans}
    relations = [
        {"label": link.kind, "head_span": _ends(named[link.source]), "child_span": _ends(named[link.target])}
        for link in document.links
    ]
    meta = {"trial_id": document.trial_id, **document.facts}
    return {"text": document.text, "spans": spans, "relations": relations, "meta": meta}


def _span(region: Region) -> Line:
    return {"id": region.id, "start": region.start, "end": region.end, "label": region.label, "slots": region.slots}


def _ends(span: Line) -> Line:
    return {key: span[key] for key in ("id", *PLACE)}


def doccano(document: Document) -> Line:
    """A document as a line of doccano's sequence labelling with relations."""
    numbers = {region.id: number for number, region in enumerate(document.regions, 1)}
    entities = [
        {"id": numbers[r.id], "label": r.label, "start_offset": r.start, "end_offset": r.end} for r in document.regions
    ]
    relations = [
        {"id": n, "type": link.kind, "from_id": numbers[link.source], "to_id": numbers[link.target]}
        for n, link in enumerate(document.links, 1)
    ]
    facts = {"trial_id": document.trial_id, **document.facts, "slots": [_span(region) for region in document.regions]}
    return {"text": document.text, "entities": entities, "relations": relations, **facts}


def write(lines: Iterable[Line], path: Path) -> None:
    """Write one document a line."""
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def read(path: Path) -> list[Document]:
    """The documents of a file of either tool; raises GoldError with file, record and fault.

    Tasks that a Prodigy annotator rejected or ignored are refused by name, not dropped.
    """
    documents, faults = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                documents.append(document(json.loads(line)))
            except GoldError as error:
                faults += [f"{path}: line {number}: {fault}" for fault in error.faults]
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                faults.append(f"{path}: line {number}: not in shape: {type(error).__name__}: {error}")
    if faults:
        raise GoldError(faults)
    return documents


def document(line: Line) -> Document:
    """The document that a line of either tool holds."""
    facts = line.get("meta") if "spans" in line else line
    if not isinstance(facts, dict) or "trial_id" not in facts:
        raise GoldError(["no trial_id"])
    trial_id, text = facts["trial_id"], line["text"]
    if line.get("answer", "accept") != "accept":
        raise GoldError([f"{trial_id}: its answer is {line['answer']}; take it out, or annotate it"])
    regions = _of_prodigy(line) if "spans" in line else _of_doccano(line)
    places = aligned(text, [(((region.start, region.end),), None) for region in regions])
    if places is None:
        raise GoldError([f"{trial_id}: spans lie outside the text"])
    kept = {key: facts[key] for key in FACTS if key in facts}
    return Document(trial_id, text, kept, tuple(regions), tuple(_links(line, regions)))


def _of_prodigy(line: Line) -> list[Region]:
    spans = line["spans"]
    names = [str(span.get("id", f"span{number}")) for number, span in enumerate(spans, 1)]
    return [
        Region(name, s["label"], s["start"], s["end"], s.get("slots", {})) for name, s in zip(names, spans, strict=True)
    ]


def _of_doccano(line: Line) -> list[Region]:
    """Entities, each with the slots that were sent for its place and label, in the order of both."""
    waiting: dict[tuple[int, int, str], list[dict[str, Any]]] = {}
    for sent in line.get("slots", ()):
        waiting.setdefault((sent["start"], sent["end"], sent["label"]), []).append(sent["slots"])
    regions = []
    for entity in line["entities"]:
        start, end, label = entity["start_offset"], entity["end_offset"], entity["label"]
        here = waiting.get((start, end, label))
        regions.append(Region(str(entity["id"]), label, start, end, here.pop(0) if here else {}))
    return regions


def _links(line: Line, regions: Sequence[Region]) -> Iterator[Link]:
    for relation in line.get("relations", ()):
        if "from_id" in relation:
            yield Link(relation["type"], str(relation["from_id"]), str(relation["to_id"]))
        else:
            ends = (_region(relation[end], regions) for end in ("head_span", "child_span"))
            yield Link(relation["label"], *ends)


def _region(end: Line, regions: Sequence[Region]) -> str:
    """The id of the region at an end of a Prodigy relation, which may tell its place only."""
    if "id" in end:
        return str(end["id"])
    here = [region.id for region in regions if (region.start, region.end, region.label) == tuple(end[k] for k in PLACE)]
    if len(here) != 1:
        raise GoldError([f"a relation ends at {end['label']} {end['start']}-{end['end']}, where {len(here)} spans are"])
    return here[0]
