"""A run on its way: what has been read stands in finished parts, so that a run that was killed goes on where it was.

All of it lies in a folder `.partial` beside the tables to come. A part holds the rows of `tables.TRIALS_PER_GROUP`
trials and is there as a whole or not at all: it is written under another name, brought to the disk and renamed. At
the end the parts are joined, and the joined files get their names by renames that can be repeated.
"""

import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, Any, NamedTuple

from trialcriteria import contradictions, manifest, tables
from trialcriteria.contradictions import Notes
from trialcriteria.manifest import NOT_SELECTED, Counts
from trialcriteria.records import CHANGES, TABLES, Change, Fault, Skipped, TrialTables

WORK = ".partial"
SPENT = ".partial.old"
QUARANTINE = "quarantine.jsonl"
MANIFEST = "manifest.json"
_STATE, _ABOUT, _OPEN, _JOINING, _JOINED = "run.json", "about.json", "open", "joining", "joined"


class State(NamedTuple):
    """What a run that is not finished says of itself: when it began and what it was asked for."""

    began: str
    identity: dict[str, Any]


@dataclass
class Part:
    """What one part holds: how many results of the run, and what they add to its counts and lists."""

    items: int = 0
    counts: Counts = field(default_factory=Counts)
    skipped: list[Skipped] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    written: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))
    seconds: float = 0.0

    def take(self, result: TrialTables | Fault | Skipped, changes: Sequence[Change] | None) -> None:
        """Count one result."""
        self.items += 1
        self.counts.add(result, changes)
        if isinstance(result, TrialTables):
            self.notes.add(contradictions.notes(result))
        if isinstance(result, Skipped) and result.reason != NOT_SELECTED:
            self.skipped.append(result)

    def add(self, other: "Part") -> None:
        """Take in what `other` holds."""
        self.items += other.items
        self.counts.merge(other.counts)
        self.skipped += other.skipped
        self.notes.merge(other.notes)
        self.written = {table: n + other.written[table] for table, n in self.written.items()}
        self.seconds += other.seconds


class Shards:
    """The parts of the run in `folder`: those that are finished, and the one that is being written."""

    def __init__(self, folder: Path, format: tables.Format, safe_csv: bool, more: Sequence[str] = ()) -> None:
        """Go on behind the parts that are there; `more` names tables beside the five."""
        self.folder = folder / WORK
        self._format, self._safe_csv, self._more = format, safe_csv, tuple(more)
        self.finished = sorted(self.folder.glob("part-*"))
        self.total = Part()
        for part in self.finished:
            self.total.add(_read_about(part / _ABOUT))
        self._open = self.folder / _OPEN
        self._part, self._since, self._tables, self._quarantine = self._begin()

    def add(self, result: TrialTables | Fault | Skipped, changes: Sequence[Change] | None = ()) -> None:
        """Take one result of the run, in order, with what changed in its trial; None: its rows were kept."""
        self._part.take(result, changes)
        if isinstance(result, TrialTables):
            self._tables.add(result, changes=changes or ())
            if self._part.counts.trials >= tables.TRIALS_PER_GROUP:
                self.finish()
        elif isinstance(result, Fault):
            self._quarantine.write(json.dumps(result._asdict(), ensure_ascii=True) + "\n")

    def finish(self) -> None:
        """Bring the part that is being written to the disk, under its name, and begin another."""
        part = self._part
        self._tables.publish()
        self._quarantine.close()
        if part.items:
            now = time.perf_counter()
            part.seconds, self._since = now - self._since, now
            part.written = {table: self._tables.counts[table] for table in TABLES}
            about = {**vars(part), "counts": vars(part.counts), "notes": part.notes.as_data()}
            (self._open / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
            name = self.folder / f"part-{len(self.finished):06}"
            _settle_folder(self._open)
            self._open.replace(name)
            _settle(self.folder)
            self.finished.append(name)
            self.total.add(part)
        self._part, self._since, self._tables, self._quarantine = self._begin()

    def quarantined(self) -> Iterator[Fault]:
        """The faults of the finished parts."""
        for part in self.finished:
            with (part / QUARANTINE).open(encoding="utf-8") as lines:
                yield from (Fault(**json.loads(line)) for line in lines)

    def trial_ids(self) -> Iterator[str]:
        """The ids of the trials of the finished parts."""
        for part in self.finished:
            yield from (row.trial_id for row in tables.read(part / tables.file_name("trials", self._format)))

    def join(self, gone: Sequence[Change] = ()) -> list[Path]:
        """Write the joined files, the rows of `gone` at the end of the changes; they are not yet in their place."""
        self.close()
        folder = _fresh(self.folder / _JOINING)
        paths = []
        for table in (*TABLES, *self._more):
            path = folder / tables.file_name(table, self._format)
            parts = [part / path.name for part in self.finished]
            tables.join(
                table, parts, path, self._format, safe_csv=self._safe_csv, last=gone if table == CHANGES else ()
            )
            paths.append(path)
        paths.append(folder / QUARANTINE)
        with paths[-1].open("wb") as file:
            for part in self.finished:
                with (part / QUARANTINE).open("rb") as lines:
                    shutil.copyfileobj(lines, file)
        return paths

    def close(self) -> None:
        """Let go of the part that is being written; the finished ones stay."""
        self._tables.discard()
        self._quarantine.close()
        shutil.rmtree(self._open, ignore_errors=True)

    def _begin(self) -> tuple[Part, float, tables.Folder, IO[str]]:
        _fresh(self._open)
        written = tables.Folder(self._open, self._format, safe_csv=self._safe_csv, more=self._more)
        quarantine = (self._open / QUARANTINE).open("w", encoding="utf-8", newline="\n")
        return Part(), time.perf_counter(), written, quarantine


def begin(folder: Path, state: State) -> None:
    """Make the place for the parts of a new run, and put down what it is."""
    (folder / WORK).mkdir()
    manifest.write(folder / WORK / _STATE, state._asdict())
    _settle(folder / WORK)
    _settle(folder)


def state(folder: Path) -> State | None:
    """What the run that is not finished in `folder` says of itself, if there is one."""
    path = folder / WORK / _STATE
    return State(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def holds_parts(folder: Path) -> bool:
    """Whether something of a run that is not finished is kept in `folder`."""
    return any((folder / WORK).glob("part-*")) or is_joined(folder)


def commit(folder: Path, data: dict[str, object]) -> None:
    """With its manifest of `data`, the joined run is whole: from here on it is only put in its place."""
    joining = folder / WORK / _JOINING
    manifest.write(joining / MANIFEST, data)
    _settle_folder(joining)
    joining.replace(folder / WORK / _JOINED)
    _settle(folder / WORK)


def is_joined(folder: Path) -> bool:
    """Whether the run in `folder` is whole and only its files are not all in their place yet."""
    return (folder / WORK / _JOINED).is_dir()


def publish(folder: Path) -> None:
    """Put the joined files in their place, the manifest last; where this was cut off, it can be done again."""
    joined = folder / WORK / _JOINED
    if (joined / MANIFEST).is_file():
        (folder / MANIFEST).unlink(missing_ok=True)  # from here on, an earlier run's would be untrue
        names = {item["name"] for item in json.loads((joined / MANIFEST).read_text(encoding="utf-8"))["outputs"]}
        for path in sorted(joined.iterdir(), key=lambda path: path.name == MANIFEST):
            if path.name == MANIFEST:
                for stale in tables.all_files(folder):
                    if stale.name not in names:
                        tables.remove(stale)
                _settle(folder)
            tables.put(path, folder / path.name)
        _settle(folder)
    discard(folder)


def discard(folder: Path) -> None:
    """Remove what is kept of a run: out of its place at once, since removing is no single step."""
    spent = folder / SPENT
    shutil.rmtree(spent, ignore_errors=True)
    if (folder / WORK).exists():
        (folder / WORK).replace(spent)
        shutil.rmtree(spent, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what is left of runs that were cut off while they began or ended."""
    shutil.rmtree(folder / SPENT, ignore_errors=True)
    if (folder / WORK).is_dir() and state(folder) is None:
        discard(folder)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether no other run writes to `folder`, and none does meanwhile; the lock ends with its process."""
    try:
        import fcntl
    except ImportError:  # Windows, where a folder cannot be locked
        yield True
        return
    place = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(place)


def _read_about(path: Path) -> Part:
    data = json.loads(path.read_text(encoding="utf-8"))
    counts = data["counts"]
    for name in ("statuses", "reasons", "changes"):
        counts[name] = Counter(counts[name])
    skipped = [Skipped(*item) for item in data["skipped"]]
    notes = contradictions.restored(data["notes"])
    return Part(data["items"], Counts(**counts), skipped, notes, data["written"], data["seconds"])


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _settle_folder(folder: Path) -> None:
    """Bring a folder and its files to the disk."""
    for path in chain(folder.iterdir(), [folder]):
        _settle(path)


def _settle(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    file = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
