"""`make train`: learns from the development gold how likely a row is right, and measures it on the test gold.

The rules are written with the development gold in view and fit it better than other texts, so what it teaches alone is
too sure. First readings stand beside it (`first_reading.csv`): 64 trials that were written when most rules stood and
were read before anyone looked at them, with the log odds that the development gold of then gave each row.

Writes the weights (`certainty.toml` in the package), the model card and the checksums. The same gold and the same
program give the same bytes. The test part only measures: nothing is chosen by it.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import PredefinedSplit, cross_val_predict

from trialcriteria import certainty, evaluation, lexicon
from trialcriteria.certainty import Signs, Weights
from trialcriteria.manifest import sha256
from trialcriteria.records import TrialTables
from trialcriteria.scoring.reliability import Bin, auc, bins, gap, judge

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
GOLD = ROOT / "annotations" / "gold"
WEIGHTS = ROOT / "pipeline" / "trialcriteria" / certainty.FILE
FIRST_READING = HERE / "first_reading.csv"
CARD, CHECKSUMS = HERE / "MODEL_CARD.md", HERE / "checksums.txt"

FOLDS = 10
SHRINKAGE = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Strengths that are tried: the smaller, the nearer all weights are to nothing."""
FEWEST = 10
"""Rows that a value of a sign must have to get a weight: what is rarer says nothing."""
DIGITS = 3
"""Of the weights: what linear algebra differs in from machine to machine lies far behind them."""
GAP_BELOW, AUC_ABOVE = 0.05, 0.75
MET = {True: "met", False: "not met"}


class Case(NamedTuple):
    """A row that was read from a gold text: what speaks for it, what it says of itself, and whether it is right."""

    trial_id: str
    signs: Signs
    said: float
    right: bool


class Learned(NamedTuple):
    """Weights, and how they were chosen."""

    weights: Weights
    shrinkage: float
    factor: float
    shift: float
    """What the first readings made of the log odds."""


class Unseen(NamedTuple):
    """Rows of texts that no rule had met."""

    odds: NDArray[np.float64]
    right: NDArray[np.bool_]


class Figures(NamedTuple):
    """How true the confidence is on one part of the gold."""

    trials: int
    rows: int
    right: int
    gap: float
    auc: float
    bins: list[Bin]


def cases() -> dict[str, list[Case]]:
    """Every row that the program reads from the gold texts, by part."""
    gold = evaluation.read_gold(GOLD)
    read = evaluation.read_here(gold.trials)
    told = {name: signs for tables in read for name, signs in _told(tables)}
    return {
        result.part: [
            Case(row.trial_id, told[row.trial_id, row.constraint_id], row.confidence, right)
            for row, right in judge(result.trials)
        ]
        for result in evaluation.evaluate(gold, read, rounds=1)
    }


def _told(tables: TrialTables) -> Iterator[tuple[tuple[str, str], Signs]]:
    raw = tables.trial.eligibility_text or ""
    signs = certainty.signs_of(tables.constraints, tables.criteria, raw, lexicon.load().attributes)
    names = ((row.trial_id, row.constraint_id) for row in tables.constraints)
    return zip(names, signs, strict=True)


def said_by(signs: Signs) -> Iterator[tuple[str, str]]:
    """Each sign that applies, with its value."""
    return ((name, value) for name, value in zip(certainty.SIGNS, signs, strict=True) if value)


def learn(known: Sequence[Case], unseen: Unseen) -> Learned:
    """By ridge-penalised logistic regression on `known`, its strength by trials left out, its level by `unseen`."""
    often = Counter(pair for case in known for pair in said_by(case.signs))
    vectorizer = DictVectorizer(sparse=False)
    x = vectorizer.fit_transform(
        [{"\t".join(pair): 1.0 for pair in said_by(case.signs) if often[pair] >= FEWEST} for case in known]
    )
    y = np.array([case.right for case in known])
    order = list(dict.fromkeys(case.trial_id for case in known))
    split = PredefinedSplit([order.index(case.trial_id) % FOLDS for case in known])
    tried = {
        c: cross_val_predict(_model(c), x, y, cv=split, method="decision_function").astype(float) for c in SHRINKAGE
    }
    losses = {c: log_loss(y, 1 / (1 + np.exp(-scores))) for c, scores in tried.items()}
    best = min(losses, key=lambda c: (round(losses[c], 6), c))
    fitted = _model(best).fit(x, y)
    # Only trials that no rule had met say by how much the fit is too sure (Platt): the rules know those left out too.
    level = LogisticRegression(C=1e6, tol=1e-10).fit(unseen.odds[:, None], unseen.right)
    factor, shift = float(level.coef_[0, 0]), float(level.intercept_[0])
    signs: dict[str, dict[str, float]] = {name: {} for name in certainty.SIGNS}
    for column, weight in zip(vectorizer.get_feature_names_out(), fitted.coef_[0], strict=True):
        name, value = column.split("\t")
        signs[name][value] = _rounded(float(weight) * factor)
    start = _rounded(float(fitted.intercept_[0]) * factor + shift)
    return Learned(Weights(start, signs), best, factor, shift)


def first_reading() -> Unseen:
    """The rows of trials that were read before anyone looked at them: log odds, and whether they were right."""
    rows = np.loadtxt(FIRST_READING, delimiter=",", skiprows=1, usecols=(1, 2))
    return Unseen(rows[:, 0], rows[:, 1] == 1)


def _model(c: float) -> LogisticRegression:
    return LogisticRegression(C=c, solver="newton-cholesky", tol=1e-10, max_iter=1000)


def _rounded(weight: float) -> float:
    return round(weight, DIGITS) + 0.0  # no -0.0


def figures(some: Sequence[Case], said: Sequence[float]) -> Figures:
    """How true `said` is of `some`."""
    right = [case.right for case in some]
    found = bins(said, right)
    return Figures(len({case.trial_id for case in some}), len(some), sum(right), gap(found), auc(said, right), found)


def toml(weights: Weights) -> str:
    """`certainty.toml`."""
    lines = [
        "# How much each sign speaks for a row (above 0) or against it, in log odds; `certainty.py` adds them up.",
        "# Made by `make train` from the development gold, see models/MODEL_CARD.md; not to be edited by hand.",
        f"start = {weights.start}",
    ]
    for name, values in weights.signs.items():
        lines += ["", f"[signs.{name}]  # {certainty.SIGNS[name]}"]
        lines += [f'"{value}" = {weight}' for value, weight in sorted(values.items())]
    return "\n".join(lines) + "\n"


CARD_TEXT = """\
# Model card: the confidence of a row

Made by `make train`, which also writes the weights; not to be edited by hand.

## What it is
A logistic regression without words: {n_signs} signs with {n_weights} weights, added up and put between 0 and 1. The
weights are plain text (`pipeline/trialcriteria/certainty.toml`, in the package), and `certainty.py` adds them up
without scikit-learn, which only learns them.

**Intended use.** To sort rows for review and to leave out the doubtful ones (`--min-confidence`). A row of confidence
0.8 is meant to be right four times in five, where right means that all of its bounds agree with the gold in operator,
value, attribute, window, requirement and condition (`strict` in `annotations/SCORES.md`; links are not asked for).
**Not intended** as the risk of a decision about a patient: a row of 0.97 is still wrong three times in a hundred.

## Data
Rows that this program reads from the gold (`annotations/README.md`): {dev_trials} trials for development teach,
{test_trials} for test only measure. The texts are fictional, so that figures on real registries may differ.

The rules were written with the development gold in view and fit it. By how much that flatters was measured on 64
trials that were written when most rules stood: `first_reading.csv` holds their {first_rows} rows as they were first
read, with the log odds that the other development trials gave each of them. {first_right:.1%} were right. Afterwards
those of them that are for development joined that gold.

| gold | trials | rows read | right |
|---|---:|---:|---:|
| development | {dev_trials} | {dev_rows} | {dev_right:.1%} |
| test | {test_trials} | {test_rows} | {test_right:.1%} |

## Learning
Ridge penalty {shrinkage} (the smallest log loss of {n_tried} strengths, {folds} folds by trial); then a factor of
{factor:.2f} and a shift of {shift:+.2f} of the log odds, fitted on the first readings alone (Platt) and folded into the
weights. Values of a sign with fewer than {fewest} rows get no weight, so that a
new or a rare rule stands where the other signs put it.

| sign | what it tells |
|---|---|
{signs}

## Figures
Bars on the test gold: a gap of at most {gap_bar} ({gap_met}) and an area of at least {auc_bar} ({auc_met}). The gap is
the distance between what ten bins of equally many rows say and the share that is right, weighted by rows; the area is
that under the ROC curve of right against wrong.

| gold | gap | area |
|---|---:|---:|
| development, which taught the weights | {dev_gap:.3f} | {dev_auc:.3f} |
| test | {test_gap:.3f} | {test_auc:.3f} |

On the test gold, bin by bin:

| rows | confidence | right |
|---:|---:|---:|
{bins}

## Limits
- It knows rows that were read, and nothing of limits that were overlooked; links (targets, groups) are not judged.
- A change of rules changes what is right: run `make train` after it. The tests say when the figures no longer hold.
- The first reading is small ({first_rows} rows) and dense with hard constructs, so it may say too little of plain
  texts, as the development gold says too much. It ages as the rules improve.
- On real registry text it tells less. Of 823 rows of 76 trials that strict readers (language models, no clinicians)
  held against their texts, 84.6% were right; the area was 0.71. Of those of 0.8 or more 90% were right (said 92%), of
  those of 0.9 or more 92% (said 95%), of those below 0.8 65%. This is of an earlier build and not refreshed by
  `make train`.
- It sees forms, not meaning: an unusual text in a usual form gets a usual confidence.

## Files
`checksums.txt` holds the SHA-256 of the weights, this card and the gold: `cd models && sha256sum -c checksums.txt`.
"""


def card(learned: Learned, first: Unseen, dev: Figures, test: Figures) -> str:
    """MODEL_CARD.md."""
    signs = learned.weights.signs
    return CARD_TEXT.format(
        n_signs=len(signs),
        n_weights=sum(map(len, signs.values())),
        **_named("dev", dev),
        **_named("test", test),
        first_rows=len(first.right),
        first_right=first.right.mean(),
        shrinkage=learned.shrinkage,
        factor=learned.factor,
        shift=learned.shift,
        n_tried=len(SHRINKAGE),
        folds=FOLDS,
        fewest=FEWEST,
        signs="\n".join(f"| {name} | {meaning} |" for name, meaning in certainty.SIGNS.items()),
        gap_bar=GAP_BELOW,
        gap_met=MET[test.gap <= GAP_BELOW],
        auc_bar=AUC_ABOVE,
        auc_met=MET[test.auc >= AUC_ABOVE],
        bins="\n".join(f"| {one.rows} | {one.said:.3f} | {one.was:.3f} |" for one in test.bins),
    )


def _named(part: str, of: Figures) -> Mapping[str, float]:
    values = {"trials": of.trials, "rows": of.rows, "right": of.right / of.rows, "gap": of.gap, "auc": of.auc}
    return {f"{part}_{name}": value for name, value in values.items()}


def checksums() -> str:
    """checksums.txt, as `sha256sum -c` reads it in this folder."""
    paths = [WEIGHTS, CARD, FIRST_READING, *sorted(GOLD.glob("*.jsonl"))]
    lines = (f"{sha256(path)}  {_beside(path)}" for path in paths)
    return "\n".join(lines) + "\n"


def _beside(path: Path) -> str:
    return path.name if path.parent == HERE else f"../{path.relative_to(ROOT).as_posix()}"


def main() -> None:
    """Learn, measure and write."""
    read = cases()
    first = first_reading()
    learned = learn(read["dev"], first)
    found = {
        part: figures(some, [certainty.likelihood(case.signs, learned.weights) for case in some])
        for part, some in read.items()
    }
    WEIGHTS.write_text(toml(learned.weights), encoding="utf-8")
    CARD.write_text(card(learned, first, found["dev"], found["test"]), encoding="utf-8")
    CHECKSUMS.write_text(checksums(), encoding="utf-8")
    for part, of in found.items():
        sys.stdout.write(f"{part}: gap {of.gap:.3f}, area {of.auc:.3f} of {of.rows} rows\n")
    for one in found["test"].bins:
        sys.stdout.write(f"  {one.rows} rows: said {one.said:.3f}, was {one.was:.3f}\n")
    sys.stdout.write("".join(f"wrote {path.relative_to(ROOT)}\n" for path in (WEIGHTS, CARD, CHECKSUMS)))


if __name__ == "__main__":
    main()
