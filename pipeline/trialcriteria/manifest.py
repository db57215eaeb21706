"""What a run was made from and what came out of it: versions, inputs with their SHA-256, counts that add up."""

import hashlib
import io
import json
import os
import platform
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, TYPE_CHECKING

from trialcriteria.records import SCHEMA_VERSION, TABLES, Change, Fault, Skipped, TrialTables
from trialcriteria.tables import by_table

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STANDARD_INPUT = "-"
PACKAGES = ("trialcriteria", "spacy", "medspacy", "scispacy", "numpy", "pandas", "pyarrow")
NOT_SELECTED = "not among the ids asked for"


@dataclass
class Counts:
    """What a run has met so far. Every record that was met ends as a trial, quarantined or skipped."""

    records: int = 0
    trials: int = 0
    quarantined: int = 0
    skipped: int = 0
    repeated_ids: int = 0
    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))
    statuses: Counter[str] = field(default_factory=Counter)
    unread_numerals: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    """Trials whose rows were taken over from an earlier run."""
    changes: Counter[str] = field(default_factory=Counter)

    def add(self, result: TrialTables | Fault | Skipped, changes: Iterable[Change] | None = ()) -> None:
        """Count one result, and what changed in it since an earlier run; None: its rows were kept."""
        self.kept += changes is None
        self.changes.update(f"{change.what}s {change.change}" for change in changes or ())
        if isinstance(result, TrialTables):
            self._add_trial(result)
        elif isinstance(result, Fault):
            self.quarantined += 1
            self.reasons[result.reason] += 1
        else:
            self.skipped += 1

    def _add_trial(self, tables: TrialTables) -> None:
        self.trials += 1
        for table, rows in by_table(tables).items():
            self.rows[table] += len(rows)
        self.statuses.update(row.status for row in tables.criteria)
        self.unread_numerals += sum(numeral.reason == "unread" for numeral in tables.numerals)

    def merge(self, other: "Counts") -> None:
        """Add what `other` has counted."""
        for name, n in vars(other).items():
            mine = getattr(self, name)
            if isinstance(mine, Counter):
                mine.update(n)
            elif isinstance(mine, dict):
                mine.update({key: mine[key] + more for key, more in n.items()})
            else:
                setattr(self, name, mine + n)

    def check(self, written: dict[str, int]) -> None:
        """Raise `ValueError` unless the counts add up and every counted row was `written`."""
        if self.records != self.trials + self.quarantined + self.skipped:
            raise ValueError(f"{self.records} records in, {self.trials + self.quarantined + self.skipped} out")
        if written != self.rows:
            raise ValueError(f"{self.rows} rows read, {written} written")

    def as_data(self, compared: bool = False) -> dict[str, object]:
        """The counts as they stand in the manifest; with those of the comparison, where there was one."""
        return {
            "records": self.records,
            "trials": self.trials,
            "quarantined": self.quarantined,
            "skipped": self.skipped,
            "repeated_ids": self.repeated_ids,
            **{table: n for table, n in self.rows.items() if table != "trials"},
            "criteria_by_status": dict(sorted(self.statuses.items())),
            "unread_numerals": self.unread_numerals,
            "quarantined_by_reason": dict(sorted(self.reasons.items())),
            **({"kept": self.kept, "changes": dict(sorted(self.changes.items()))} if compared else {}),
        }


@cache
def versions() -> dict[str, str]:
    """The versions that a result depends on."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return {**found, "schema": str(SCHEMA_VERSION)}


@cache
def code_sha256() -> str:
    """The SHA-256 over this package's own files: code and lexicon, whatever the version says."""
    digest = hashlib.sha256()
    home = Path(__file__).parent
    for path in sorted(path for path in home.rglob("*") if path.suffix in (".py", ".toml", ".sql")):
        digest.update(f"{path.relative_to(home).as_posix()}\0{sha256(path)}\n".encode())
    return digest.hexdigest()


def differences(before: object, now: object, name: str = "") -> list[str]:
    """What is not the same in two pieces of plain data, a line each.

    >>> differences({"limit": None, "inputs": [{"path": "a.csv", "sha256": "0f"}]},
    ...     {"limit": 5, "inputs": [{"path": "a.csv", "sha256": "1e"}]})
    ['limit was null and is 5', 'inputs a.csv sha256 was "0f" and is "1e"']
    """
    if isinstance(before, dict) and isinstance(now, dict):
        keys = dict.fromkeys([*before, *now])
        return [line for key in keys for line in differences(before.get(key), now.get(key), f"{name} {key}".strip())]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return [
            line
            for one, other in zip(before, now, strict=True)
            for line in differences(one, other, f"{name} {_called(one)}".strip())
        ]
    return [] if before == now else [f"{name} was {json.dumps(before)} and is {json.dumps(now)}"]


def _called(item: object) -> str:
    return str(item["path"]) if isinstance(item, dict) and "path" in item else ""


def fingerprint(path: Path) -> dict[str, object]:
    """Path, size and SHA-256 of a file; of a directory, the SHA-256 over the names and hashes of its files."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        lines = (f"{sha256(file)}  {file.relative_to(path).as_posix()}\n" for file in files)
        digest = hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
        return {"path": str(path), "files": len(files), "bytes": _size(files), "sha256": digest}
    return {"path": str(path), "bytes": path.stat().st_size, "sha256": sha256(path)}


class _Heard(io.RawIOBase):
    """A stream whose SHA-256 is taken while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.bytes = 0
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        read = self._source.read(len(view))
        view[: len(read)] = read
        self.bytes += len(read)
        self.digest.update(read)
        return len(read)


@contextmanager
def heard_input() -> Iterator[Callable[[], dict[str, object]]]:
    """Listen to standard input; what is given back tells its size and SHA-256, as far as it was read."""
    before, heard = sys.stdin, _Heard(sys.stdin.buffer)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(heard))
    try:
        yield lambda: {"path": STANDARD_INPUT, "bytes": heard.bytes, "sha256": heard.digest.hexdigest()}
    finally:
        sys.stdin = before


def outputs(paths: Iterable[Path]) -> list[dict[str, object]]:
    """Name, size and SHA-256 of the files of a run, or of the folders of part files where Spark wrote them."""
    return [
        {"name": path.name, **{name: fact for name, fact in fingerprint(path).items() if name != "path"}}
        for path in paths
    ]


def sha256(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of(words: Iterable[str]) -> str:
    """The SHA-256 of a list of words."""
    return hashlib.sha256(json.dumps(list(words)).encode()).hexdigest()


def write(path: Path, data: dict[str, object]) -> None:
    """Write the manifest under a temporary name and rename it: a manifest that is there belongs to a whole run."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _size(files: Iterable[Path]) -> int:
    return sum(file.stat().st_size for file in files)
