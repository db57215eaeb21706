"""Batches for annotators: written in the format of their tool, and taken back as gold once they are corrected."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from trialcriteria.annotations import brat, corpora, label_studio, spans
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


def take(paths: Sequence[Path], annotator: str | None = None) -> Taken:
    """The gold in corrected batches: brat folders, what other tools exported, or corpora in schemes that we know.

    Raises GoldError with every fault, and where nobody is named who corrected a batch: a proposal is no gold.
    """
    trials: list[GoldTrial] = []
    remarks: list[str] = []
    faults: list[str] = []
    for path in paths:
        try:
            found = _corpus(path) if _is_foreign(path) else _corrected(path, annotator)
        except GoldError as error:
            faults += error.faults
        else:
            trials += found.trials
            remarks += found.remarks
    repeated = [name for name, n in Counter(trial.trial_id for trial in trials).items() if n > 1]
    faults += [f"{name}: stands in the batch more than once" for name in repeated]
    if faults or not trials:
        raise GoldError(faults or [f"{', '.join(map(str, paths))}: no annotated trial there", *remarks])
    return Taken(trials, tuple(remarks))


def _is_foreign(path: Path) -> bool:
    return corpora.is_corpus(path) and not (path / brat.DOCUMENTS).is_file()


def _corpus(path: Path) -> Taken:
    corpus = corpora.read(path)
    return Taken(corpus.trials, corpus.remarks())


def _corrected(path: Path, annotator: str | None) -> Taken:
    documents, remarks = _documents(path)
    if annotator:
        documents = [found._replace(facts={**found.facts, "annotator": annotator}) for found in documents]
    if unnamed := [found.trial_id for found in documents if found.facts.get("annotator", PROGRAM) == PROGRAM]:
        raise GoldError([f"{path}: {', '.join(unnamed)}: nobody is named who corrected them; name the annotator"])
    trials, faults = [], []
    for found in documents:
        try:
            trials.append(gold(found))
        except GoldError as error:
            faults += [f"{path}: {fault}" for fault in error.faults]
    if faults:
        raise GoldError(faults)
    return Taken(trials, remarks)


def _documents(path: Path) -> tuple[list[Document], tuple[str, ...]]:
    if path.is_dir():
        if not (path / brat.DOCUMENTS).is_file():
            raise GoldError([f"{path}: a folder without {brat.DOCUMENTS} is no batch for brat of ours"])
        return brat.read(path), ()
    if path.suffix == ".json":
        found = label_studio.read(path)
        left = f"{path}: left out, because nobody has annotated them: {', '.join(found.untouched)}"
        return found.documents, (left,) if found.untouched else ()
    return spans.read(path), ()
