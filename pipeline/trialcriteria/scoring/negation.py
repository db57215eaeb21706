"""The negation of other schemes against ours: each row beside what the corpus names on the same words.

A row may have other bounds than the corpus gives the thing, and a corpus names much that we have no row for. So the
flag is compared over our rows, and once more over what the corpus names, where what has no row counts as not negated.
Chia has no exceptions and annotates them as negation; one figure counts ours so. Leaf marks the first part of a denied
list alone ("no A or B") and joins the others to it; one figure reads its lists as one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from trialcriteria.annotations.imported import Named
from trialcriteria.records import Constraint, Mention, TrialTables
from trialcriteria.scoring.figures import Counts, Figure, Rate, figure, rate, weights
from trialcriteria.scoring.standing import overlap, place_of, placed, row_on


class Flagged(NamedTuple):
    """Something that a corpus names, with the row on its words."""

    named: Named
    row: Constraint | Mention | None
    excepted: bool = False
    """Whether the row is an exception and that is to count as negated."""

    @property
    def read(self) -> bool:
        """Whether we read it as negated."""
        return (self.row is not None and self.row.negated) or self.excepted

    @property
    def mistake(self) -> str | None:
        """What is wrong, in a few words."""
        if self.named.negated == self.read:
            return None
        return "negation added" if self.read else "negation missed" if self.row else "negated, but not read"


class Negation(NamedTuple):
    """How well negation was read in a corpus."""

    rows: int  # that stand on something named
    named: int
    figures: dict[str, Figure]
    found: Rate  # of what the corpus negates, what a row stands on


def of_rows(named: Sequence[Named], read: TrialTables) -> list[Flagged]:
    """The rows of a trial in text order, each beside what is named on most of its words; others are left out.

    >>> from trialcriteria.records import TrialRow
    >>> blank = Mention(*("",) * len(Mention._fields))
    >>> stroke = blank._replace(start=3, end=9, negated=True)
    >>> trial = TrialTables(TrialRow(*("",) * len(TrialRow._fields)), [], [], [stroke], [])
    >>> [found.mistake for found in of_rows([Named(((0, 9),), negated=False)], trial)]
    ['negation added']
    """
    out = []
    for place, row in placed(read):
        best = max(named, key=lambda one: overlap(one.pieces, place), default=None)
        if best and overlap(best.pieces, place):
            out.append(Flagged(best, row))
    return out


def of_named(named: Sequence[Named], read: TrialTables) -> list[Flagged]:
    """What is named in a trial, each beside the row that stands on most of its words, if any does."""
    rows = placed(read)
    return [Flagged(one, row_on(one.pieces, rows)) for one in named]


def score_negation(
    named: Mapping[str, Sequence[Named]], read: Sequence[TrialTables], rounds: int = 1000, seed: int = 0
) -> Negation:
    """The figures of a run; `named` has an item for each of its trials."""
    pairs = [(named[tables.trial.trial_id], tables) for tables in read]
    by_row, by_name = ([side(*pair) for pair in pairs] for side in (of_rows, of_named))
    drawn = weights(len(read), rounds, seed)
    parts = {
        "rows on something named": by_row,
        "mentions among them": [[one for one in trial if isinstance(one.row, Mention)] for trial in by_row],
        "limits among them": [[one for one in trial if isinstance(one.row, Constraint)] for trial in by_row],
        "all that is named": by_name,
    }
    figures = {name: figure(_counts(trials), drawn) for name, trials in parts.items()}
    lifting = [[one._replace(excepted=_is_exception(one.row)) for one in trial] for trial in by_row]
    figures["rows, exceptions as negated"] = figure(_counts(lifting), drawn)
    whole = [[one._replace(named=_of_its_list(one.named)) for one in trial] for trial in by_row]
    figures["rows, denied lists as one"] = figure(_counts(whole), drawn)
    return Negation(sum(map(len, by_row)), sum(map(len, by_name)), figures, rate(_found(by_name), drawn))


def _of_its_list(named: Named) -> Named:
    """What a corpus names, negated where the list is that it is a part of."""
    return named._replace(negated=named.negated or named.listed)


def _is_exception(row: Constraint | Mention | None) -> bool:
    return row is not None and row.exception_to is not None


def _counts(trials: Sequence[Sequence[Flagged]]) -> Counts:
    """(negated in the corpus, read as negated, both) by trial."""
    sides = [[(one.named.negated, one.read, one.named.negated and one.read) for one in trial] for trial in trials]
    return np.array([np.array(trial, dtype=np.int64).reshape(-1, 3).sum(axis=0) for trial in sides]).reshape(-1, 3)


def _found(trials: Sequence[Sequence[Flagged]]) -> Counts:
    """(with a row, all) of what is negated in the corpus, by trial."""
    negated = [[one for one in trial if one.named.negated] for trial in trials]
    return np.array(
        [(sum(one.row is not None for one in trial), len(trial)) for trial in negated], dtype=np.int64
    ).reshape(-1, 2)


class Misread(NamedTuple):
    """A negation that the corpus and we see otherwise, for the list of errors."""

    trial_id: str
    mistake: str
    row_id: str | None
    reading: str | None
    cue: str | None
    text: str


def misread(named: Sequence[Named], read: TrialTables, text: str) -> Iterator[Misread]:
    """What is wrong in one trial: rows with another flag, then negated things that no row stands on."""
    unread = (one for one in of_named(named, read) if one.row is None)
    for one in (*of_rows(named, read), *unread):
        if one.mistake:
            yield Misread(read.trial.trial_id, one.mistake, *_row(one.row), _marked(one, text))


def _row(row: Constraint | Mention | None) -> tuple[str | None, str | None, str | None]:
    if row is None:
        return None, None, None
    if isinstance(row, Mention):
        return row.mention_id, f"{row.label} {row.text}", row.cue
    return row.constraint_id, str(row), row.negation_cue


AROUND = 80


def _marked(one: Flagged, text: str) -> str:
    """The words between brackets, with what stands around them."""
    start, end = (one.row and place_of(one.row)) or (one.named.pieces[0][0], one.named.pieces[-1][1])
    parts = text[max(0, start - AROUND) : start], text[start:end], text[end : end + AROUND]
    return " ".join("{}[{}]{}".format(*parts).split())
