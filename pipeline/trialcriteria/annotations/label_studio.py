"""Gold to and from Label Studio: tasks with pre-annotations out, the JSON export of corrected ones in.

Closed sets are choices, numbers number fields, all else text fields, each for the region it belongs to; the labelling
interface is made from the same slots.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from trialcriteria.annotations.model import GoldError
from trialcriteria.annotations.offsets import aligned, stands
from trialcriteria.annotations.regions import FACTS, LABELS, LINKS, Document, Link, Region
from trialcriteria.annotations.slots import Slot, slots_of

FIELD = {"choices": "choices", "number": "number", "textarea": "text"}
"""Where the value of each kind of control stands."""


class Corrected(NamedTuple):
    """The documents of an export, and the trials in it that nobody has annotated."""

    documents: list[Document]
    untouched: list[str]


def tasks(documents: Iterable[Document], version: str) -> list[dict[str, Any]]:
    """Tasks to import: texts with a pre-annotation each."""
    return [
        {
            "data": {"trial_id": document.trial_id, "text": document.text, **document.facts},
            "predictions": [{"model_version": version, "result": list(_results(document))}],
        }
        for document in documents
    ]


def write(documents: Iterable[Document], path: Path, version: str) -> None:
    """Write the tasks of a batch."""
    path.write_text(json.dumps(tasks(documents, version), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _results(document: Document) -> Iterator[dict[str, Any]]:
    for region in document.regions:
        place = {"start": region.start, "end": region.end}
        words = {"text": document.text[region.start : region.end], "labels": [region.label]}
        yield _result(region.id, "label", "labels", {**place, **words})
        slots = {slot.name: slot for slot in slots_of(region.label)}
        for name, value in region.slots.items():
            control = _control(slots[name])
            yield _result(region.id, name, control, {**place, FIELD[control]: _shown(value)})
    for link in document.links:
        ends = {"from_id": link.source, "to_id": link.target}
        yield {"type": "relation", **ends, "direction": "right", "labels": [link.kind]}


def _result(id: str, name: str, type: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": id, "from_name": name, "to_name": "text", "type": type, "value": value}


def _control(slot: Slot) -> str:
    if slot.values:
        return "choices"
    return "number" if slot.type in ("int", "float") else "textarea"


def _shown(value: Any) -> Any:
    """A value as its control holds it: numbers bare, everything else in a list.

    >>> _shown(True), _shown(1.5), _shown(["II", "III"])
    (['true'], 1.5, ['II', 'III'])
    """
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, int | float):
        return value
    return value if isinstance(value, list) else [value]


def read(path: Path) -> Corrected:
    """The corrected documents of an export; of several annotations of a task the newest counts.

    Raises GoldError with file, trial and fault.
    """
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise GoldError([f"{path}: not JSON: {error}"]) from error
    documents, untouched, faults = [], [], []
    for number, task in enumerate(listed if isinstance(listed, list) else [listed], 1):
        try:
            found = _document(task)
        except GoldError as error:
            faults += [f"{path}: {fault}" for fault in error.faults]
        except (KeyError, TypeError, AttributeError) as error:
            faults.append(f"{path}: task {number}: not in the shape of a task: {type(error).__name__}: {error}")
        else:
            documents += [found] if found else []
            untouched += [] if found else [str(task["data"]["trial_id"])]
    if faults:
        raise GoldError(faults)
    return Corrected(documents, untouched)


def _document(task: dict[str, Any]) -> Document | None:
    data = task["data"]
    done = [annotation for annotation in task.get("annotations", ()) if not annotation.get("was_cancelled")]
    if not done:
        return None
    results = max(done, key=lambda annotation: str(annotation.get("updated_at") or ""))["result"]
    labelled = [result for result in results if result["type"] == "labels"]
    spans = [((result["value"]["start"], result["value"]["end"]),) for result in labelled]
    words = [result["value"].get("text") for result in labelled]
    places = aligned(data["text"], list(zip(spans, words, strict=True)))
    if places is None:
        raise GoldError([f"{data['trial_id']}: {fault}" for fault in _misplaced(data["text"], labelled)])
    slots = _slots(results)
    regions = tuple(
        Region(result["id"], result["value"]["labels"][0], *place[0], slots.get(result["id"], {}))
        for result, place in zip(labelled, places, strict=True)
    )
    facts = {key: data[key] for key in FACTS if key in data}
    return Document(data["trial_id"], data["text"], facts, regions, tuple(_links(data["trial_id"], results)))


def _misplaced(text: str, labelled: Sequence[dict[str, Any]]) -> Iterator[str]:
    for result in labelled:
        value = result["value"]
        if not stands(text, ((value["start"], value["end"]),), value.get("text")):
            yield f"{result['id']}: {value.get('text')!r} does not stand at {value['start']}-{value['end']} of the text"


def _slots(results: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """region -> slot -> value."""
    labels = {r["id"]: r["value"]["labels"][0] for r in results if r["type"] == "labels"}
    found: dict[str, dict[str, Any]] = {}
    for result in results:
        if result["type"] in FIELD:
            kinds = {slot.name: slot for slot in slots_of(labels.get(result["id"], ""))}
            value = result["value"][FIELD[result["type"]]]
            name = result["from_name"]
            found.setdefault(result["id"], {})[name] = _value(value, kinds.get(name))
    return found


def _value(value: Any, slot: Slot | None) -> Any:
    if not isinstance(value, list):
        return float(value) if slot is not None and slot.type == "float" else value
    if slot is None or slot.type == "list":
        return value
    single = value[-1] if value else None
    return single == "true" if slot.type == "bool" else single


def _links(trial_id: str, results: Sequence[dict[str, Any]]) -> Iterator[Link]:
    for result in results:
        if result["type"] == "relation":
            labels = result.get("labels") or [None]
            if len(labels) != 1 or labels[0] not in LINKS:
                ends = f"{result['from_id']} to {result['to_id']}"
                raise GoldError([f"{trial_id}: the relation from {ends} is labelled {labels}, not one of {LINKS}"])
            yield Link(labels[0], result["from_id"], result["to_id"])


def interface() -> str:
    """The labelling interface, to be pasted into a project's settings."""
    lines = ["<View>", '  <Labels name="label" toName="text">']
    lines += [f"    <Label value={quoteattr(label)}/>" for label in LABELS]
    lines += ["  </Labels>", '  <Text name="text" value="$text"/>', "  <Relations>"]
    lines += [f"    <Relation value={quoteattr(link)}/>" for link in LINKS]
    lines.append("  </Relations>")
    for slot, labels in _controls():
        lines += [f"  {line}" for line in _tag(slot, labels)]
    return "\n".join([*lines, "</View>"]) + "\n"


def _controls() -> Iterator[tuple[Slot, list[str]]]:
    found: dict[str, tuple[Slot, list[str]]] = {}
    for label in LABELS:
        for slot in slots_of(label):
            found.setdefault(slot.name, (slot, []))[1].append(label)
    yield from found.values()


def _tag(slot: Slot, labels: Sequence[str]) -> Iterator[str]:
    """One control, shown while a region that has the slot is selected."""
    yield f'<View visibleWhen="region-selected" whenTagName="label" whenLabelValue="{",".join(labels)}">'
    yield f'  <Header value={quoteattr(f"{slot.name}: {slot.meaning}")} size="6"/>'
    common = f'name="{slot.name}" toName="text" perRegion="true"'
    control = _control(slot)
    if control == "choices":
        values = slot.values if slot.nullable or slot.type != "bool" else (True,)
        yield f'  <Choices {common} choice="single" showInline="true">'
        yield from (f"    <Choice value={quoteattr(_shown(value)[0])}/>" for value in values)
        yield "  </Choices>"
    elif control == "number":
        yield f"  <Number {common}/>"
    else:
        yield f'  <TextArea {common} editable="true" maxSubmissions="{20 if slot.type == "list" else 1}"/>'
    yield "</View>"
