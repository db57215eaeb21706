"""Batches for annotators: written in the format of their tool, and taken back as gold once they are corrected."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from trialcriteria.annotations import brat, label_studio, spans
from trialcriteria.annotations.model import GoldError, GoldTrial
from trialcriteria.annotations.proposals import PROGRAM
from trialcriteria.annotations.regions import Document, document, gold

Tool = Literal["label-studio", "brat", "prodigy", "doccano"]
TOOLS: tuple[Tool, ...] = get_args(Tool)
BATCH = {"label-studio": "tasks.json", "prodigy": "prodigy.jsonl", "doccano": "doccano.jsonl"}
INTERFACE = "interface.xml"


class Taken(NamedTuple):
    """Corrected trials, and what is worth saying about the batch they came from."""

    trials: list[GoldTrial]
    remarks: tuple[str, ...]


def write(trials: Iterable[GoldTrial], folder: Path, tool: Tool, version: str) -> list[Path]:
    """Write a batch into a folder, for one of the tools."""
    documents = [document(trial) for trial in trials]
    folder.mkdir(parents=True, exist_ok=True)
    if tool == "brat":
        brat.write(documents, folder)
        return [folder]
    batch = folder / BATCH[tool]
    if tool == "label-studio":
        label_studio.write(documents, batch, version)
        (folder / INTERFACE).write_text(label_studio.interface(), encoding="utf-8")
        return [batch, folder / INTERFACE]
    line = spans.prodigy if tool == "prodigy" else spans.doccano
    spans.write(map(line, documents), batch)
    return [batch]


def take(path: Path, annotator: str | None = None) -> Taken:
    """The gold in a corrected batch: a brat folder, or what another tool exported.

    Raises GoldError with every fault, and where nobody is named who corrected it: a proposal is no gold.
    """
    documents, remarks = _documents(path)
    trials, faults = [], []
    for found in documents:
        by = annotator or str(found.facts.get("annotator", PROGRAM))
        if by == PROGRAM:
            faults.append(f"{found.trial_id}: nobody is named who corrected it; name the annotator")
            continue
        try:
            trials.append(gold(found._replace(facts={**found.facts, "annotator": by})))
        except GoldError as error:
            faults += error.faults
    if faults:
        raise GoldError([f"{path}: {fault}" for fault in faults])
    if not trials:
        raise GoldError([f"{path}: holds no annotated trial", *remarks])
    return Taken(trials, remarks)


def _documents(path: Path) -> tuple[list[Document], tuple[str, ...]]:
    if path.is_dir():
        if not (path / brat.DOCUMENTS).is_file():
            raise GoldError([f"{path}: a folder without {brat.DOCUMENTS} is no brat batch of ours"])
        return brat.read(path), ()
    if path.suffix == ".json":
        found = label_studio.read(path)
        left = f"{path}: left out, because nobody has annotated them: {', '.join(found.untouched)}"
        return found.documents, (left,) if found.untouched else ()
    return spans.read(path), ()
