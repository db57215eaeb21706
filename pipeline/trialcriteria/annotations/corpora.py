"""Corpora in brat's format whose schemes are not ours, put onto our slots: Leaf Clinical Trials and Chia.

Neither marks criteria, so a section stands as one criterion. What a scheme has no slot of ours for is counted by label
and said; what our gold refuses (two mentions on the same words, the same limit twice) is counted and said too.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from trialcriteria.annotations import chia, leaf
from trialcriteria.annotations.faults import check
from trialcriteria.annotations.imported import Imported, Named
from trialcriteria.annotations.model import GoldError, GoldTrial
from trialcriteria.annotations.standoff import Standoff, parse
from trialcriteria.annotations.ties import Tie

Convert = Callable[[str, str, Standoff], Imported]
SCHEMES: Mapping[str, tuple[frozenset[str], Convert]] = {
    "Leaf Clinical Trials": (
        frozenset({"Eq-Comparison", "Eq-Value", "Condition-Name", "Observation-Name"}),
        leaf.convert,
    ),
    "Chia": (frozenset({"Measurement", "Value", "Scope", "Qualifier", "Person"}), chia.convert),
}


class Corpus(NamedTuple):
    """An imported corpus, and what of it found no slot."""

    scheme: str
    trials: list[GoldTrial]
    unmapped: Counter[str]
    left_out: Counter[str]
    named: dict[str, tuple[Named, ...]]
    """By trial, what a negation could be about."""
    ties: dict[str, tuple[Tie, ...]]
    """By trial, how that hangs together."""

    def remarks(self) -> tuple[str, ...]:
        """What was not taken over, in words."""
        out = []
        for what, counts in (("labels without a slot", self.unmapped), ("left out", self.left_out)):
            if counts:
                listed = ", ".join(f"{label} {n:,}" for label, n in counts.most_common())
                out.append(f"{self.scheme}: {what}: {listed}")
        return tuple(out)


def is_corpus(path: Path) -> bool:
    """Whether a folder holds brat annotations."""
    return path.is_dir() and next(path.glob("*.ann"), None) is not None


def read(folder: Path) -> Corpus:
    """The trials of a folder of `.txt` and `.ann` files; raises GoldError with file, record and fault."""
    found: list[tuple[str, str, Standoff]] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.ann")):
        try:
            text = _stored(path.with_suffix(".txt"))
            found.append((path.stem, text, parse(_stored(path), text, str(path))))
        except GoldError as error:
            faults += error.faults
        except OSError as error:
            faults.append(f"{error.filename}: {error.strerror}")
    if faults:
        raise GoldError(faults)
    scheme = _scheme(folder, Counter(entity.label for _, _, standoff in found for entity in standoff.entities.values()))
    convert = SCHEMES[scheme][1]
    imported = [convert(*document) for document in found]
    if faults := [f"{folder}: {fault}" for each in imported for fault in check(each.trial)]:
        raise GoldError(faults)
    sums: list[Counter[str]] = [Counter(), Counter()]
    for each in imported:
        sums[0].update(each.unmapped)
        sums[1].update(each.left_out)
    named = {each.trial.trial_id: each.named for each in imported}
    ties = {each.trial.trial_id: each.ties for each in imported}
    return Corpus(scheme, [each.trial for each in imported], sums[0], sums[1], named, ties)


def _stored(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _scheme(folder: Path, labels: Mapping[str, Any]) -> str:
    """The scheme with most of its own labels in a corpus."""
    shares = {name: len(own & labels.keys()) / len(own) for name, (own, _) in SCHEMES.items()}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] < 0.5:
        raise GoldError([f"{folder}: brat annotations of neither {' nor '.join(SCHEMES)}; labels: {', '.join(labels)}"])
    return best
