"""How the things of other schemes hang together, against our groups, conditions, exceptions and targets.

A corpus ties what it names; we tie rows. A tie is held against the rows on its two ends, where both are read:

- `or` of what is required must be a group of alternatives; of what is forbidden each part counts by itself anyway.
- `and` of what is forbidden must be a group of which only all together count; of what is required it needs none.
- `if-then` must be a condition, on either side: annotators do not agree which one it is ("if female: pregnant").
- `exception`: the row on what is excepted must be one, and be made from the row on the other end.
- `scope`: a time must have the rows of all that its scope holds as targets.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from trialcriteria.annotations.imported import Named
from trialcriteria.annotations.offsets import Fragments
from trialcriteria.annotations.ties import Tie
from trialcriteria.records import Constraint, Requirement, TrialTables
from trialcriteria.scoring.figures import Figure, figure, weights
from trialcriteria.scoring.standing import Row, placed, row_on, windows

Pair = tuple[str, str]
Sides = tuple[set[Pair], set[Pair]]  # what a corpus ties, and what we tie


class TieFigures(NamedTuple):
    """How well the ties of a corpus were read."""

    ties: int
    figures: dict[str, Figure]


class Tied(NamedTuple):
    """One trial of a corpus: its ties, and the rows that stand on their ends."""

    text: str
    ties: Sequence[Tie]
    on: Mapping[Fragments, Row]  # of all that is named and read
    timed: Mapping[Fragments, Row]  # of the times that have a scope

    def of(self, kind: str) -> Iterator[tuple[Row, Row]]:
        """The rows on both ends of the ties of a kind, where both are read and not the same."""
        for tie in self.ties:
            one, other = self.on.get(tie.one), self.on.get(tie.other)
            if tie.kind == kind and one and other and id_of(one) != id_of(other):
                yield one, other

    @property
    def rows(self) -> list[Row]:
        """The rows that stand on something named, each once."""
        return list({id_of(row): row for row in self.on.values()}.values())


def id_of(row: Row) -> str:
    """The id of a row of either table."""
    return row.constraint_id if isinstance(row, Constraint) else row.mention_id


def tied(text: str, ties: Sequence[Tie], named: Sequence[Named], read: TrialTables) -> Tied:
    """One trial of a corpus beside what was read from it."""
    rows, times = placed(read), windows(read)
    on = {one.pieces: row for one in named if (row := row_on(one.pieces, rows))}
    timed = {tie.one: row for tie in ties if tie.kind == "scope" and (row := row_on(tie.one, times))}
    return Tied(text, ties, on, timed)


def score_ties(trials: Sequence[Tied], rounds: int = 1000, seed: int = 0) -> TieFigures:
    """The figures of a run; what a corpus does not annotate has none."""
    drawn = weights(len(trials), rounds, seed)
    figures = {}
    for name, (kind, measure) in MEASURES.items():
        if any(tie.kind == kind for trial in trials for tie in trial.ties):
            sides = [measure(trial) for trial in trials]
            counts = [(len(gold), len(read), len(gold & read)) for gold, read in sides]
            figures[name] = figure(np.array(counts, dtype=np.int64).reshape(-1, 3), drawn)
    return TieFigures(sum(len(trial.ties) for trial in trials), figures)


def _grouped(trial: Tied, kind: str, word: str, requirement: Requirement) -> Sides:
    """Pairs of rows that ask the same, tied by the corpus, and those that share a group of that word."""
    bound = [row for row in trial.rows if row.requirement == requirement]
    names = {id_of(row) for row in bound}
    gold = {_pair(*ends) for ends in trial.of(kind) if {id_of(end) for end in ends} <= names}
    return gold, {_pair(*ends) for ends in combinations(bound, 2) if innermost(*ends) == word}


def _pair(one: Row, other: Row) -> Pair:
    first, second = sorted((id_of(one), id_of(other)))
    return first, second


def innermost(one: Row, other: Row) -> str | None:
    """The word of the innermost group that two rows share.

    >>> from trialcriteria.records import Mention
    >>> row = Mention(*("",) * len(Mention._fields))._replace(group="any1/all1")
    >>> innermost(row, row), innermost(row, row._replace(group="any1/all2")), innermost(row, row._replace(group="all2"))
    ('all', 'any', None)
    """
    if one.criterion_id != other.criterion_id or not one.group or not other.group:
        return None
    shared = [a for a, b in zip(one.group.split("/"), other.group.split("/"), strict=False) if a == b]
    return shared[-1].rstrip("0123456789_") if shared else None


def _alternatives(trial: Tied) -> Sides:
    return _grouped(trial, "or", "any", "require")


def _only_together(trial: Tied) -> Sides:
    return _grouped(trial, "and", "all", "forbid")


def _excepted(trial: Tied) -> Sides:
    gold = {(id_of(row), "") for tie in trial.ties if tie.kind == "exception" and (row := trial.on.get(tie.other))}
    return gold, {(id_of(row), "") for row in trial.rows if row.exception_to}


def _excepted_from(trial: Tied) -> Sides:
    gold = {(id_of(whole), id_of(part)) for whole, part in trial.of("exception")}
    return gold, {(row.exception_to, id_of(row)) for row in trial.rows if row.exception_to}


def _conditional(trial: Tied) -> Sides:
    """Pairs by the words of both ends, so that a condition that is no row counts too."""
    gold, read = set[Pair](), {(id_of(row), "") for row in trial.rows if row.condition}
    for tie in trial.ties:
        ends = [(trial.on.get(end), _words(trial.text, other)) for end, other in (tie[1:], tie[:0:-1])]
        if tie.kind == "if-then" and any(row for row, _ in ends):
            pair = (str(tie.one), str(tie.other))
            gold.add(pair)
            for row, words in ends:
                if row and row.condition and words in " ".join(row.condition.lower().split()):
                    read = read - {(id_of(row), "")} | {pair}
    return gold, read


def _words(text: str, pieces: Fragments) -> str:
    return " ".join(" ".join(text[start:end] for start, end in pieces).lower().split())


def _in_scope(trial: Tied) -> Sides:
    scopes = [(trial.timed.get(tie.one), trial.on.get(tie.other)) for tie in trial.ties if tie.kind == "scope"]
    gold = {(id_of(time), id_of(row)) for time, row in scopes if time and row}
    read = {
        (id_of(time), target)
        for time in trial.timed.values()
        if isinstance(time, Constraint)
        for target in time.targets
    }
    return gold, read


MEASURES: Mapping[str, tuple[str, Callable[[Tied], Sides]]] = {
    "or: alternatives, of what is required": ("or", _alternatives),
    "and: only together, of what is forbidden": ("and", _only_together),
    "if-then: a condition": ("if-then", _conditional),
    "exception: what is excepted": ("exception", _excepted),
    "exception: and from what": ("exception", _excepted_from),
    "scope: what a time holds for": ("scope", _in_scope),
}
