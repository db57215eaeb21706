"""The error list: every limit that was read differently, typed, with both readings as lines and the words around."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from trialcriteria.records import Constraint
from trialcriteria.scoring.agreement import Mistake
from trialcriteria.scoring.matching import Pair, ScoredTrial

AROUND = 60
"""Characters of the text that are shown on either side of a limit."""


class Disagreement(NamedTuple):
    """A gold row and a read row that differ, or either of them alone; both bounds of a range if both differ alike."""

    trial_id: str
    layout: str
    kind: str
    mistakes: tuple[Mistake, ...]
    harmful: bool
    gold_id: str | None
    gold: str | None
    read_id: str | None
    read: str | None
    rule: str | None
    start: int
    end: int
    text: str


def disagreements(trial: ScoredTrial, text: str) -> Iterator[Disagreement]:
    """The error list of one trial, in text order."""
    wrong = sorted((pair for pair in trial.bounds if pair.mistakes), key=_place)
    for _, alike in groupby(wrong, key=_rows):
        yield _disagreement(trial, next(alike), text)


def _place(pair: Pair) -> tuple[int, str]:
    row = _row(pair)
    return row.start, row.constraint_id


def _rows(pair: Pair) -> tuple[object, ...]:
    gold, read = (bound.row.constraint_id if bound else None for bound in (pair.gold, pair.read))
    return gold, read, pair.mistakes


def _row(pair: Pair) -> Constraint:
    bound = pair.gold or pair.read
    assert bound is not None
    return bound.row


def _disagreement(trial: ScoredTrial, pair: Pair, text: str) -> Disagreement:
    gold, read = pair.gold and pair.gold.row, pair.read and pair.read.row
    row = _row(pair)
    before, after = text[max(0, row.start - AROUND) : row.start], text[row.end : row.end + AROUND]
    return Disagreement(
        trial.trial_id,
        trial.layout,
        pair.kind,
        pair.mistakes,
        pair.harmful,
        gold and gold.constraint_id,
        gold and line(gold),
        read and read.constraint_id,
        read and line(read),
        read and read.rule,
        row.start,
        row.end,
        " ".join(f"{before}⟦{row.quote}⟧{after}".split()),
    )


def line(row: Constraint) -> str:
    """A row as one line: its canonical line and everything that a mistake can be in.

    >>> empty = Constraint(*(None,) * len(Constraint._fields))._replace(kind="time_window", targets=("E1m1",))
    >>> line(empty._replace(attribute_text="stroke", operator="<=", high=6.0, unit="mo", requirement="forbid",
    ...     window_direction="before", anchor="now"))
    'stroke <= 6 mo before now @E1m1 -> forbid'
    """
    parts = [str(row)]
    if row.kind == "time_window":
        parts.append(f"{row.window_direction} {row.anchor}")
    parts += [f"@{','.join(row.targets)}"] if row.targets else []
    parts += [f"?{row.condition_id or ''} ({' '.join(row.condition.split())})"] if row.condition else []
    parts += [f"!{row.exception_to}"] if row.exception_to else []
    parts += [f"#{row.group}"] if row.group else []
    return " ".join([*parts, f"-> {row.requirement}"])
