"""Counts and figures: precision, recall and F1 with intervals from a seeded bootstrap over trials.

Trials are drawn, not bounds, because the bounds of one trial stand or fall together. All figures of a run, and both
runs of a comparison, are drawn with the same weights.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]  # trial x measure x (gold, read, right)
Weights = NDArray[np.int64]  # round x trial: how often the trial was drawn
FEW = 30
"""Below so many gold rows a figure is marked: it says little."""


class Figure(NamedTuple):
    """Precision, recall and F1 of what was found, with the 95 % interval of F1."""

    gold: int
    read: int
    right: int
    precision: float
    recall: float
    f1: float
    low: float
    high: float

    @property
    def few(self) -> bool:
        """Whether it stands on too few gold rows to be leant on."""
        return self.gold < FEW


class Rate(NamedTuple):
    """A share of a whole, with its 95 % interval."""

    part: int
    whole: int
    rate: float
    low: float
    high: float

    @property
    def few(self) -> bool:
        """Whether the whole is too small to be leant on."""
        return self.whole < FEW


class Mean(NamedTuple):
    """The mean of the F1 of several groups, each counting alike."""

    groups: int
    f1: float
    low: float
    high: float


class Difference(NamedTuple):
    """How much higher a figure is in the second of two runs on the same trials."""

    before: float
    after: float
    change: float
    low: float
    high: float
    chance: float  # share of rounds in which the change goes the other way or vanishes, doubled: a two-sided p


def weights(trials: int, rounds: int = 1000, seed: int = 0) -> Weights:
    """How often each trial is drawn in each round."""
    if not trials:
        return np.zeros((rounds, 0), dtype=np.int64)
    return np.random.default_rng(seed).multinomial(trials, np.full(trials, 1 / trials), size=rounds)


def figure(counts: Counts, drawn: Weights) -> Figure:
    """The figure of one measure, from its (gold, read, right) per trial.

    >>> one_trial = np.array([[4, 5, 3]])
    >>> figure(one_trial, weights(1, rounds=10))[:5]
    (4, 5, 3, 0.6, 0.75)
    """
    gold, read, right = (int(n) for n in counts.sum(axis=0))
    low, high = interval(f1(drawn @ counts))
    total = float(f1(np.array([[gold, read, right]]))[0])
    return Figure(gold, read, right, right / read if read else 0.0, right / gold if gold else 0.0, total, low, high)


def rate(counts: Counts, drawn: Weights) -> Rate:
    """A share, from its (part, whole) per trial."""
    part, whole = (int(n) for n in counts.sum(axis=0))
    draws = drawn @ counts
    low, high = interval(_ratio(draws[:, 0], draws[:, 1]))
    return Rate(part, whole, part / whole if whole else 0.0, low, high)


def mean(groups: Sequence[Counts], drawn: Weights) -> Mean:
    """The mean F1 of groups that the gold has rows of."""
    held = [counts for counts in groups if counts[:, 0].sum()]
    if not held:
        return Mean(0, 0.0, 0.0, 0.0)
    low, high = interval(np.mean([f1(drawn @ counts) for counts in held], axis=0))
    return Mean(len(held), float(np.mean([f1(counts.sum(axis=0)[None])[0] for counts in held])), low, high)


def difference(before: Counts, after: Counts, drawn: Weights) -> Difference:
    """The change in F1 from one run to the other, each round drawing the same trials for both."""
    old, new = (float(f1(counts.sum(axis=0)[None])[0]) for counts in (before, after))
    changes = f1(drawn @ after) - f1(drawn @ before)
    low, high = interval(changes)
    away = min((changes <= 0).mean(), (changes >= 0).mean()) if len(changes) else 1.0
    return Difference(old, new, new - old, low, high, min(1.0, 2 * float(away)))


def f1(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """F1 of rows of (gold, read, right); 0 where there is nothing."""
    return _ratio(2 * counts[:, 2], counts[:, 0] + counts[:, 1])


def _ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def interval(draws: NDArray[np.float64]) -> tuple[float, float]:
    """The middle 95 %."""
    low, high = np.percentile(draws, [2.5, 97.5])
    return float(low), float(high)


def tally(
    trials: Iterable[Iterable[tuple[Sequence[str], NDArray[np.int64]]]], shape: tuple[int, ...]
) -> dict[str, Counts]:
    """Counts by group: for each trial its items, each with the groups it belongs to and what it counts."""
    listed = [list(items) for items in trials]
    out: dict[str, Counts] = {}
    for trial, items in enumerate(listed):
        for groups, counts in items:
            for group in groups:
                if group not in out:
                    out[group] = np.zeros((len(listed), *shape), dtype=np.int64)
                out[group][trial] += counts
    return out
