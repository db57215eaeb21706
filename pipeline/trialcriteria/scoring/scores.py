"""Scored trials to scores: every measure in all, by kind and by source layout, and what the mentions say."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from trialcriteria.records import Constraint, Mention
from trialcriteria.scoring.agreement import FIELDS, MISTAKES, Field
from trialcriteria.scoring.bounds import Bound
from trialcriteria.scoring.figures import (
    Counts,
    Difference,
    Figure,
    Mean,
    Rate,
    Weights,
    difference,
    figure,
    mean,
    rate,
    tally,
    weights,
)
from trialcriteria.scoring.matching import MentionPair, Pair, ScoredTrial


class Measure(NamedTuple):
    """One thing that is scored: which rows it is about, and the fields in which a matched pair must agree."""

    name: str
    fields: frozenset[Field]
    about: Callable[[Constraint], bool] = lambda row: True


STRICT: frozenset[Field] = frozenset(FIELDS) - {"links"}
MEASURES = (
    Measure("detection", frozenset()),
    *(Measure(name, frozenset({name})) for name in FIELDS if name != "window"),
    Measure("operator, value and attribute", frozenset({"operator", "value", "attribute"})),
    Measure("strict", STRICT),
    Measure("strict and links", frozenset(FIELDS)),
    Measure("window, of time windows", frozenset({"window"}), lambda row: row.kind == "time_window"),
    Measure("condition, where one is stated", frozenset({"condition"}), lambda row: bool(row.condition)),
    Measure("exception, where one is stated", frozenset({"condition"}), lambda row: bool(row.exception_to)),
    Measure("links, where there are any", frozenset({"links"}), lambda row: bool(row.targets or row.group)),
)
"""Strict means all but links; a window's direction and anchor belong to what it states, so they are in it."""

FLAGS: dict[str, Callable[[Mention], object]] = {
    "negation": lambda row: row.negated,
    "exception": lambda row: row.exception_to,
    "permission": lambda row: row.requirement == "permit",
}
SLOTS: dict[str, Callable[[MentionPair], bool]] = {
    "label": lambda pair: _same(pair, "label"),
    "requirement": lambda pair: _same(pair, "requirement"),
    "negated": lambda pair: _same(pair, "negated"),
    "historical": lambda pair: _same(pair, "historical"),
    "hypothetical": lambda pair: _same(pair, "hypothetical"),
    "family": lambda pair: _same(pair, "family"),
    "uncertain": lambda pair: _same(pair, "uncertain"),
    "condition": lambda pair: pair.condition_agrees,
}


class Scores(NamedTuple):
    """All figures of one run against one gold."""

    trials: int
    total: dict[str, Figure]
    macro: dict[str, Mean]  # the mean over kinds
    by_kind: dict[str, dict[str, Figure]]
    by_layout: dict[str, dict[str, Figure]]
    harmful: Rate  # of the read bounds
    mentions: dict[str, Figure]  # detection, and each flag wherever the gold or the run sets it
    flags: dict[str, Figure]  # each flag among the matched mentions
    slots: dict[str, Rate]  # matched mentions whose slot agrees
    mistakes: dict[str, int]  # bounds with each mistake
    requirements: dict[tuple[str, str], int]  # matched bounds by gold and read requirement
    operators: dict[tuple[str, str], int]  # matched bounds by gold and read operator


def score(trials: Sequence[ScoredTrial], fields: Sequence[Field] = FIELDS, rounds: int = 1000, seed: int = 0) -> Scores:
    """The scores of compared trials; `fields` are those that the gold states."""
    drawn = weights(len(trials), rounds, seed)
    measures = [measure for measure in MEASURES if measure.fields <= set(fields)]
    groups = bound_counts(trials, measures)
    said = mention_counts(trials)
    pairs = [pair for trial in trials for pair in trial.bounds]

    def part(name: str) -> dict[str, dict[str, Figure]]:
        return {
            group.removeprefix(name): _figures(groups[group], measures, drawn)
            for group in sorted(groups)
            if group.startswith(name)
        }

    kinds = [counts for group, counts in groups.items() if group.startswith("kind ")]
    return Scores(
        len(trials),
        _figures(groups["all"], measures, drawn),
        {measure.name: mean([counts[:, n] for counts in kinds], drawn) for n, measure in enumerate(measures)},
        part("kind "),
        part("layout "),
        rate(_harm(trials), drawn),
        {name: figure(said[name], drawn) for name in ("detection", *FLAGS)},
        {name: figure(said[f"matched {name}"], drawn) for name in FLAGS},
        {name: rate(said[f"slot {name}"][:, :2], drawn) for name in SLOTS},
        _mistakes(pairs),
        dict(_confusion(pairs, lambda bound: bound.row.requirement)),
        dict(_confusion(pairs, lambda bound: bound.operator or "?")),
    )


def compare(
    before: Sequence[ScoredTrial],
    after: Sequence[ScoredTrial],
    fields: Sequence[Field] = FIELDS,
    rounds: int = 1000,
    seed: int = 0,
) -> dict[str, Difference]:
    """What changes in F1 from one run to another on the same trials, by a paired bootstrap."""
    if [trial.trial_id for trial in before] != [trial.trial_id for trial in after]:
        raise ValueError("two runs are compared on the same trials in the same order")
    drawn = weights(len(before), rounds, seed)
    measures = [measure for measure in MEASURES if measure.fields <= set(fields)]
    old, new = (bound_counts(trials, measures)["all"] for trials in (before, after))
    out = {measure.name: difference(old[:, n], new[:, n], drawn) for n, measure in enumerate(measures)}
    old_said, new_said = (mention_counts(trials) for trials in (before, after))
    for name in ("detection", *FLAGS):
        out[f"mentions: {name}"] = difference(old_said[name], new_said[name], drawn)
    return out


def bound_counts(trials: Sequence[ScoredTrial], measures: Sequence[Measure]) -> dict[str, Counts]:
    """(gold, read, right) per trial and measure: of all bounds, of each kind and of each layout.

    A matched bound belongs to the kind that the gold gives it.
    """

    def items(trial: ScoredTrial) -> Iterator[tuple[Sequence[str], Counts]]:
        for pair in trial.bounds:
            groups = ("all", f"kind {pair.kind}", f"layout {trial.layout}")
            yield groups, np.array([_counted(pair, measure) for measure in measures], dtype=np.int64)

    counts = tally(map(items, trials), (len(measures), 3))
    counts.setdefault("all", np.zeros((len(trials), len(measures), 3), dtype=np.int64))
    return counts


def _counted(pair: Pair, measure: Measure) -> tuple[bool, bool, bool]:
    gold = pair.gold is not None and measure.about(pair.gold.row)
    read = pair.read is not None and measure.about(pair.read.row)
    return gold, read, gold and read and measure.fields <= pair.agreed


def mention_counts(trials: Sequence[ScoredTrial]) -> dict[str, Counts]:
    """(gold, read, right) per trial of mentions and their flags; (agreeing, matched, 0) of their slots."""

    def items(trial: ScoredTrial) -> Iterator[tuple[Sequence[str], Counts]]:
        for pair in trial.mentions:
            for name, counts in _said(pair):
                yield (name,), np.array(counts, dtype=np.int64)

    out = tally(map(items, trials), (3,))
    names = ["detection", *FLAGS, *(f"matched {name}" for name in FLAGS), *(f"slot {name}" for name in SLOTS)]
    return {name: out.get(name, np.zeros((len(trials), 3), dtype=np.int64)) for name in names}


def _said(pair: MentionPair) -> Iterator[tuple[str, tuple[bool, bool, bool]]]:
    matched = pair.gold is not None and pair.read is not None
    yield "detection", (pair.gold is not None, pair.read is not None, matched)
    for name, flag in FLAGS.items():
        gold = pair.gold is not None and bool(flag(pair.gold))
        read = pair.read is not None and bool(flag(pair.read))
        yield name, (gold, read, gold and read)
        if matched:
            yield f"matched {name}", (gold, read, gold and read)
    if matched:
        yield from ((f"slot {name}", (agrees(pair), True, False)) for name, agrees in SLOTS.items())


def _same(pair: MentionPair, slot: str) -> bool:
    return bool(getattr(pair.gold, slot) == getattr(pair.read, slot))


def _figures(counts: Counts, measures: Sequence[Measure], drawn: Weights) -> dict[str, Figure]:
    return {measure.name: figure(counts[:, n], drawn) for n, measure in enumerate(measures)}


def _harm(trials: Sequence[ScoredTrial]) -> Counts:
    """(harmful, read) bounds per trial."""
    return np.array(
        [
            [sum(pair.harmful for pair in trial.bounds), sum(pair.read is not None for pair in trial.bounds)]
            for trial in trials
        ],
        dtype=np.int64,
    ).reshape(-1, 2)


def _mistakes(pairs: Sequence[Pair]) -> dict[str, int]:
    found = Counter(mistake for pair in pairs for mistake in pair.mistakes)
    return {mistake: found[mistake] for mistake in MISTAKES}


def _confusion(pairs: Sequence[Pair], named: Callable[[Bound], str]) -> Counter[tuple[str, str]]:
    return Counter((named(pair.gold), named(pair.read)) for pair in pairs if pair.gold and pair.read)
