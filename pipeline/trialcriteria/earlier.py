"""An earlier run beside a new one: whose text is the same keeps its rows, and of the others it is said what changed.

The rows of the earlier run lie in a file that can be asked by trial id, so that memory stays flat and the trials may
come in another order.
"""

import hashlib
import pickle
import sqlite3
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from trialcriteria import changes, manifest, tables, workers
from trialcriteria.records import TABLES, Change, Criterion, Field, Trial, TrialRow, TrialTables
from trialcriteria.workers import Item, Kept, Result, Settings

READING = ("python", "trialcriteria", "spacy", "medspacy", "scispacy", "schema")
"""Versions that decide how a text is read."""
READING_OPTIONS = ("only", "min_confidence", "text", "format", "safe_csv")
STATED = [name for name in TrialRow._fields if name in Trial._fields and name != "eligibility_text"]
"""Columns that come from the registry's own fields."""


def refusals(folder: Path, run: dict[str, Any], identity: dict[str, Any]) -> list[str]:
    """Why rows of the earlier `run` in `folder` (its manifest) are none of a run that is asked for as `identity`."""
    found = manifest.differences(reading(run), reading(identity))
    if run["options"].get("safe_csv"):
        found.append("its CSV is changed for spreadsheets (--safe-csv)")
    for output in run["outputs"]:
        path = folder / output["name"]
        if path.stem in TABLES and (not path.is_file() or manifest.sha256(path) != output["sha256"]):
            found.append(f"{path} is not what that run wrote")
    return found


def reading(run: dict[str, Any]) -> dict[str, Any]:
    """What decides how a text is read, of a manifest or what a run is asked for."""
    return {
        "versions": {name: run["versions"].get(name) for name in READING},
        "lexicon sha256": run["lexicon"]["sha256"],
        "code_sha256": run.get("code_sha256"),
        "options": {name: run["options"].get(name) for name in READING_OPTIONS},
    }


class Earlier:
    """The trials of an earlier run, by id."""

    def __init__(self, run: Path, place: Path) -> None:
        """Put the tables of `run` into the file `place`."""
        place.unlink(missing_ok=True)
        self._database = sqlite3.connect(place)
        ask = self._database.execute
        ask("PRAGMA journal_mode = OFF")
        ask("PRAGMA synchronous = OFF")
        ask("CREATE TABLE trials (place INTEGER PRIMARY KEY, id TEXT UNIQUE, rows BLOB, met INTEGER DEFAULT 0)")
        self._database.executemany("INSERT INTO trials (id, rows) VALUES (?, ?)", map(_stored, read_run(run)))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def results(
        self, items: Iterable[Item], settings: Settings, read: Callable[[Iterable[Item]], Iterator[Result]]
    ) -> Iterator[tuple[Result, Sequence[Change] | None]]:
        """The results of `items`, each with what changed; None: its rows were kept. All others are left to `read`."""
        waiting: deque[TrialTables] = deque()

        def spared() -> Iterator[Item]:
            for item in items:
                kept = self._kept(item, settings) if isinstance(item, Trial) else None
                if kept is None:
                    yield item
                else:
                    waiting.append(kept)
                    yield Kept(kept.trial.source, "its rows are known")

        for result in read(spared()):
            if isinstance(result, Kept):
                yield waiting.popleft(), None
            elif isinstance(result, TrialTables):
                yield result, self._changes(result)
            else:
                yield result, ()

    def gone(self, met: Iterable[str]) -> list[Change]:
        """A row for each trial that is not among `met`, in the order of the earlier run."""
        self._database.executemany("UPDATE trials SET met = 1 WHERE id = ?", ((name,) for name in met))
        found = self._database.execute("SELECT id FROM trials WHERE met = 0 ORDER BY place")
        return [changes.removed(name) for (name,) in found]

    def _changes(self, trial: TrialTables) -> list[Change]:
        before = self._find(trial.trial.trial_id)
        if before is None:
            return [changes.added(trial)]
        if before.trial.text_sha256 == trial.trial.text_sha256:
            return changes.of_limits(before.constraints, trial.constraints)
        return changes.of_trial(before, trial)

    def _kept(self, trial: Trial, settings: Settings) -> TrialTables | None:
        """The rows of `trial`, if the earlier run has read the same text; what the registry says is of today."""
        before = self._find(trial.trial_id)
        if before is None or before.trial.text_sha256 != _sha256(trial) or not fits(trial.fields, before.criteria):
            return None
        stated = {name: getattr(trial, name) for name in STATED}
        text = workers.shown_text(trial, settings)
        return before._replace(trial=before.trial._replace(**stated, eligibility_text=text))

    def _find(self, trial_id: str) -> TrialTables | None:
        found = self._database.execute("SELECT rows FROM trials WHERE id = ?", (trial_id,)).fetchone()
        return _restored(found[0]) if found else None


def _sha256(trial: Trial) -> str:
    return hashlib.sha256(trial.eligibility_text.encode()).hexdigest()


def _stored(trial: TrialTables) -> tuple[str, bytes]:
    row = trial.trial._replace(eligibility_text=None)
    plain = [[tuple(row) for row in rows] for rows in tables.by_table(trial._replace(trial=row)).values()]
    return row.trial_id, zlib.compress(pickle.dumps(plain), level=1)


def _restored(stored: bytes) -> TrialTables:
    (trial,), *rest = pickle.loads(zlib.decompress(stored))  # written by `_stored` of this very process
    rows = ([kind(*row) for row in rows] for kind, rows in zip(list(TABLES.values())[1:], rest, strict=True))
    return TrialTables(TrialRow(*trial), *rows)


def fits(fields: Sequence[Field], criteria: Sequence[Criterion]) -> bool:
    """Whether criteria of the same text can have been cut from it with the same `fields` of the registry."""
    for row in criteria:
        around = next((field for field in fields if field.start <= row.start < field.end), None)
        if around is None:
            if row.section_source == "field":
                return False
        elif row.end > around.end or row.section_source == "assumed":
            return False
        if around and row.section_source == "field" and row.section != around.section:
            return False
    return True


def read_run(folder: Path) -> Iterator[TrialTables]:
    """The trials of a run, in order; all of its tables are in that order."""
    format = next(format for format in tables.FORMATS if (folder / tables.file_name("trials", format)).is_file())
    rest = [_Ahead(tables.read(folder / tables.file_name(table, format))) for table in list(TABLES)[1:]]
    for row in tables.read(folder / tables.file_name("trials", format)):
        yield TrialTables(row, *(rows.of(row.trial_id) for rows in rest))


class _Ahead:
    """Rows of one table, given out trial by trial."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, trial_id: str) -> list[Any]:
        found = []
        while self._next is not None and self._next.trial_id == trial_id:
            found.append(self._next)
            self._next = next(self._rows, None)
        return found
