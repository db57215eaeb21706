"""The rows of a run, trial by trial, and each beside the gold row that it was matched to."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from trialcriteria import evaluation, lexicon, scoring, tables
from trialcriteria.annotations import GoldTrial
from trialcriteria.batch import CallError
from trialcriteria.evaluation import SEALED, Gold
from trialcriteria.explain import Row
from trialcriteria.records import TABLES, TrialTables
from trialcriteria.scoring.scores import SLOTS

MISTAKES: tuple[str, ...] = (*scoring.MISTAKES, "wrong label", "wrong flag")
"""What can be wrong with a row; the last two with mentions alone."""


class Judged(NamedTuple):
    """A gold row with the row that it was matched to, or either of them alone."""

    gold: Row | None
    read: Row | None
    mistakes: tuple[str, ...] = ()
    harmful: bool = False


def runs(folder: Path) -> Iterator[TrialTables]:
    """The rows of a run, trial by trial, from its folder of tables in any format."""
    groups = {table: _by_trial(table, folder) for table in list(TABLES)[1:]}
    for trial in tables.read(_file(folder, "trials")):
        yield TrialTables(trial, *(group(trial.trial_id) for group in groups.values()))
    for group in groups.values():
        group(None)


def _by_trial(table: str, folder: Path) -> Callable[[str | None], list[Any]]:
    """What gives the next trial's rows of a table; every table has its trials in the same order."""
    groups = groupby(tables.read(_file(folder, table)), attrgetter("trial_id"))
    ahead = next(groups, None)

    def rows_of(trial_id: str | None) -> list[Any]:
        nonlocal ahead
        if trial_id is None and ahead is not None:
            raise CallError(f"{folder}: the {table} of {ahead[0]} do not follow the table of trials; extract it again")
        if ahead is None or ahead[0] != trial_id:
            return []
        rows = list(ahead[1])
        ahead = next(groups, None)
        return rows

    return rows_of


def _file(folder: Path, table: str) -> Path:
    path = evaluation.table_file(folder, table)
    if path is None:
        raise CallError(f"{folder}: holds no table of {table}; name the folder that `trialcriteria extract` wrote")
    return path


class Judge:
    """What compares read rows with the gold. Of the test part it says nothing: that is only ever counted."""

    def __init__(self, gold: Gold) -> None:
        self.open = {trial.trial_id: trial for trial in gold.trials if gold.part(trial) != SEALED}
        self.sealed = {trial.trial_id for trial in gold.trials} - self.open.keys()
        self._knowledge = lexicon.load()
        self._view = gold.view(self._knowledge)

    def rows(self, gold: GoldTrial, read: TrialTables) -> Iterator[Judged]:
        """The rows of one trial, each beside its gold. The two bounds of a range are one row again."""
        scored = scoring.score_trial(gold, read, self._knowledge, self._view)
        yield from _whole_rows(scored.bounds)
        for said in scored.mentions:
            yield Judged(said.gold, said.read, tuple(_mention_mistakes(said)))


def _whole_rows(pairs: Sequence[scoring.Pair]) -> Iterable[Judged]:
    """Pairs of bounds as pairs of rows, with the mistakes of both bounds; a bound alone joins the rest of its row."""
    whole = {_ids(pair): pair for pair in pairs if pair.gold and pair.read}
    of_gold, of_read = ({key[side]: key for key in whole} for side in (0, 1))
    found: dict[tuple[str | None, str | None], Judged] = {}
    for pair in pairs:
        gold, read = _ids(pair)
        key = (gold, read) if gold and read else of_gold.get(gold) or of_read.get(read) or (gold, read)
        rows = whole.get(key, pair)
        so_far = found.get(key, Judged(rows.gold and rows.gold.row, rows.read and rows.read.row))
        mistakes = dict.fromkeys((*so_far.mistakes, *pair.mistakes))
        found[key] = so_far._replace(mistakes=tuple(mistakes), harmful=so_far.harmful or pair.harmful)
    return found.values()


def _ids(pair: scoring.Pair) -> tuple[str | None, str | None]:
    return pair.gold and pair.gold.row.constraint_id, pair.read and pair.read.row.constraint_id


def _mention_mistakes(pair: scoring.MentionPair) -> Iterator[str]:
    if pair.gold is None or pair.read is None:
        yield "missed" if pair.gold else "spurious"
        return
    wrong = [slot for slot, agrees in SLOTS.items() if not agrees(pair)]
    yield from (f"wrong {slot}" for slot in ("label", "requirement") if slot in wrong)
    if "condition" in wrong:
        yield "lost condition" if pair.gold.condition else "added condition"
    if set(wrong) - {"label", "requirement", "condition"}:
        yield "wrong flag"
