"""Stand-ins for what a test does not want to read: rows that were never written in any trial."""

import itertools
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from trialcriteria import tables, workers
from trialcriteria.records import Constraint, Criterion, Mention, Numeral, Trial, TrialRow, TrialTables

PREPARE = workers._prepare
TEXT = "Key criteria:\r\n* Platelets ≥ 100,000/µL, not on 12 March"


def trial_tables(trial_id: str = "T1") -> TrialTables:
    """One small trial with a row in every table."""
    blank: dict[str, object] = dict.fromkeys(Constraint._fields)
    constraint = Constraint(
        **{
            **blank,
            "trial_id": trial_id,
            "criterion_id": "I1",
            "constraint_id": "I1c1",
            "section": "inclusion",
            "kind": "lab",
            "attribute": "platelets",
            "operator": ">=",
            "low": 100000.0,
            "low_inclusive": True,
            "unit": "/uL",
            "canonical_low": 100.0,
            "canonical_unit": "10*9/L",
            "targets": (),
            "negated": False,
            "requirement": "require",
            "eligible_levels": ("I", "II"),
            "quote": "≥ 100,000/µL",
            "start": 27,
            "end": 39,
            "rule": "lab-then-limit",
            "confidence": 0.9,
        }
    )
    return TrialTables(
        TrialRow(
            trial_id, "csv", "a.csv:2", "=1+1", ("one", "two"), None, None, "ALL", 18.0, None, True, TEXT, "0f", 1, 1
        ),
        [Criterion(trial_id, "I1", None, "inclusion", "heading", "Key", None, None, TEXT[17:], 17, 58, "read")],
        [constraint],
        [
            Mention(
                trial_id, "I1", "I1m1", "state", "March", 50, 55, None, *(False,) * 5, None, None, None, None, None,
                ("I1c1",), "forbid", "term",
            )
        ],
        [Numeral(trial_id, "I1", "12", 48, 50, "date")],
    )  # fmt: skip


def age(path: Path) -> None:
    """Make a table as a version wrote it that had not yet the columns that came later."""
    later = list(tables.LATER)
    if path.suffix == ".parquet":
        pq.write_table(pq.read_table(path).drop_columns(later), path)
    elif path.suffix == ".csv":
        pd.read_csv(path, dtype=str, keep_default_na=False).drop(columns=later).to_csv(path, index=False)
    else:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        kept = [{name: cell for name, cell in row.items() if name not in later} for row in rows]
        path.write_text("".join(f"{json.dumps(row)}\n" for row in kept), "utf-8")


def read(trial: Trial) -> TrialTables:
    """Do as the text of `trial` says: "fail" raises, "die" ends the process; any other gives a row in every table."""
    if trial.eligibility_text == "fail":
        raise RuntimeError("this text cannot be read")
    if trial.eligibility_text == "die":
        os._exit(1)
    return trial_tables(trial.trial_id)


def prepare(settings: workers.Settings) -> None:
    """Make a new worker read as `read` does, and end with its parent."""
    workers.reader = lambda settings: read  # type: ignore[assignment]
    PREPARE(settings)


def never_start(settings: workers.Settings) -> None:
    """End a new worker before it reads anything."""
    os._exit(1)


_reader, _prepare = workers.reader, workers._prepare


def troubled_reader(settings: workers.Settings) -> workers.Read:
    """What reads as always, but for texts that `read` makes trouble of."""
    really = _reader(settings)
    return lambda trial: (read if trial.eligibility_text in ("fail", "die") else really)(trial)


def make_trouble(settings: workers.Settings | None = None) -> None:
    """Make this process, and the workers that it starts, read as `troubled_reader` says."""
    if settings is not None:
        _prepare(settings)
    workers.reader = troubled_reader  # type: ignore[assignment]
    workers._prepare = make_trouble


def wait(module: Any) -> None:
    """Keep two workers busy for ever, after a line that says that they are; for a process that is to be killed."""
    module._prepare = prepare
    module.CHUNK_ITEMS = 1
    names = (f"T{n}" for n in itertools.count())
    for _ in module.results((Trial(name, "csv", "a.csv", "fine") for name in names), workers.Settings(), 2):
        sys.stdout.write("waiting\n")
        sys.stdout.flush()
        time.sleep(60)
