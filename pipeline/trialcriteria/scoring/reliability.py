"""Whether the confidence is true: rows beside whether they are right, in bins, and how well it tells them apart."""

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from trialcriteria.records import Constraint
from trialcriteria.scoring.matching import ScoredTrial
from trialcriteria.scoring.scores import STRICT

BINS = 10


class Judged(NamedTuple):
    """A row that was read, and whether all of its bounds are strictly right; one that matches no gold is wrong."""

    row: Constraint
    right: bool


class Bin(NamedTuple):
    """Rows of about the same confidence: how sure they are on average, and the share that is right."""

    rows: int
    said: float
    was: float


def judge(trials: Iterable[ScoredTrial]) -> list[Judged]:
    """Every row that was read from compared trials, in text order."""
    judged: dict[tuple[str, str], Judged] = {}
    for trial in trials:
        for pair in trial.bounds:
            if pair.read is None:
                continue
            name = trial.trial_id, pair.read.row.constraint_id
            right = pair.gold is not None and pair.agreed >= STRICT
            before = judged.get(name)
            judged[name] = Judged(pair.read.row, right and (before is None or before.right))
    return sorted(judged.values(), key=lambda one: (one.row.trial_id, one.row.start, one.row.constraint_id))


def bins(said: Sequence[float], right: Sequence[bool], count: int = BINS) -> list[Bin]:
    """Bins that hold equally many rows, from the least sure on.

    >>> bins([0.9, 0.2, 0.8, 0.4], [True, False, False, True], 2)
    [Bin(rows=2, said=0.30000000000000004, was=0.5), Bin(rows=2, said=0.8500000000000001, was=0.5)]
    """
    order = sorted(range(len(said)), key=lambda n: said[n])
    cuts = [len(order) * n // count for n in range(count + 1)]
    parts = [order[low:high] for low, high in pairwise(cuts) if low < high]
    return [
        Bin(len(part), sum(said[n] for n in part) / len(part), sum(right[n] for n in part) / len(part))
        for part in parts
    ]


def gap(of: Sequence[Bin]) -> float:
    """How far what bins say is from what was, weighted by their rows.

    >>> gap([Bin(30, 0.5, 0.6), Bin(10, 0.9, 0.7)])
    0.125
    """
    return sum(one.rows * abs(one.said - one.was) for one in of) / sum(one.rows for one in of)


def auc(said: Sequence[float], right: Sequence[bool]) -> float:
    """How often a right row is surer than a wrong one: the area under the ROC curve, a tie counting half.

    >>> auc([0.9, 0.8, 0.8, 0.1], [True, True, False, False])
    0.875
    """
    total, seen, wrong = 0.0, 0, 0
    pairs = sorted(zip(said, right, strict=True))
    for _, tied in groupby(pairs, lambda pair: pair[0]):
        answers = [answer for _, answer in tied]
        false = answers.count(False)
        total += answers.count(True) * (wrong + false / 2)
        wrong, seen = wrong + false, seen + len(answers)
    return total / (wrong * (seen - wrong))
