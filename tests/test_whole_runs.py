"""Runs over real trials and over bad input: nothing is lost, and every row points at its words."""

import gzip
import json
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from trialcriteria import batch, tables
from trialcriteria.batch import Job, Output

GOOD = "Inclusion Criteria:\n\n* Age 18 years or older\n\nExclusion Criteria:\n\n* Pregnancy\n"


def run(out: Path, *inputs: Path, workers: int = 1) -> dict[str, Any]:
    """Read `inputs` into `out`; gives the manifest's counts."""
    batch.run(Job(tuple(map(str, inputs)), workers=workers), Output(out))
    counts: dict[str, Any] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["counts"]
    assert counts["records"] == counts["trials"] + counts["quarantined"] + counts["skipped"]
    return counts


def misplaced(out: Path) -> list[tuple[str, str, str]]:
    """(trial, criterion, words) of every row whose words do not stand where it says."""
    texts = {trial.trial_id: trial.eligibility_text for trial in tables.read(out / "trials.parquet")}
    found = []
    for table, words in (("constraints", "quote"), ("mentions", "text"), ("numerals", "text")):
        for row in tables.read(out / f"{table}.parquet"):
            text = texts[row.trial_id]
            if text is not None and text[row.start : row.end] != getattr(row, words):
                found.append((row.trial_id, row.criterion_id, getattr(row, words)))
    return found


def test_all_of_the_registry_runs_through(shared: Path, tmp_path: Path) -> None:
    counts = run(tmp_path, shared / "registry", workers=2)
    assert (counts["trials"], counts["quarantined"], counts["skipped"]) == (2459 + 78 + 1, 0, 0)
    assert misplaced(tmp_path) == []


@pytest.mark.parametrize("corpus", ["lct", "chia"])
def test_all_of_a_corpus_runs_through(shared: Path, tmp_path: Path, corpus: str) -> None:
    """One trial of Chia states no exclusion criteria: its file is empty."""
    files = list((shared / "corpora" / corpus).iterdir())
    texts = [path for path in files if path.suffix == ".txt"]
    blank = [path for path in texts if not path.read_text(encoding="utf-8").strip()]
    counts = run(tmp_path, shared / "corpora" / corpus, workers=2)
    expected = (len(texts) - len(blank), len(blank), len(files) - len(texts))
    assert (counts["trials"], counts["quarantined"], counts["skipped"]) == expected
    assert misplaced(tmp_path) == []


def test_the_copied_page_leaks_nobody(shared: Path, tmp_path: Path) -> None:
    counts = run(tmp_path, shared / "seeds")
    assert (counts["trials"], counts["quarantined"]) == (2, 0)
    written = "".join(
        json.dumps(row, default=str) for table in tables.TABLES for row in tables.read(tmp_path / f"{table}.parquet")
    )
    assert "@" not in written
    assert "Contact" not in written


def test_bad_input_is_set_aside_and_the_run_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    long_text = "* Age over 17 years\n" * 10_000
    contents: dict[str, bytes] = {
        "a_bom.csv": f'\ufeffnct_id,criteria\nNCT00000001,"{GOOD}"\n'.encode(),
        "b_empty.csv": b"",
        "c_no_column.csv": b"NCT Number,Title\nNCT00000002,Something\n",
        "d_truncated.zip": b"PK\x03\x04and then nothing",
        "e_truncated.json": b'{"studies": [{"protocolSection',
        "f_without.json": json.dumps({"protocolSection": {"identificationModule": {"nctId": "NCT00000003"}}}).encode(),
        "g_bomb.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><clinical_study>&a;</clinical_study>',
        "h_nul.csv": b"nct_id,criteria\nNCT00000004,Age \x00 over 17 years\nNCT00000001,Age over 17 years\n",
        "i_long_field.csv": f'nct_id,criteria\nNCT00000005,"{long_text}"\n'.encode(),
        "j_twice.json.gz": gzip.compress(b'{"nct_id": "NCT00000001", "criteria": "Age over 17 years"}\n'),
        "k_picture.png": b"\x89PNG\r\n\x1a\n",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    with zipfile.ZipFile(folder / "l_above.zip", "w") as archive:
        archive.writestr("../../NCT00000006.txt", GOOD)
    done = subprocess.run(
        [sys.executable, "-m", "trialcriteria", "extract", "in", "-o", "out"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (3, "")
    set_aside = [json.loads(line) for line in (tmp_path / "out" / "quarantine.jsonl").read_text().splitlines()]
    assert [(Path(fault["source"]).name, fault["record"]) for fault in set_aside] == [
        ("b_empty.csv", None),
        ("c_no_column.csv", None),
        ("d_truncated.zip", None),
        ("e_truncated.json", None),
        ("f_without.json", "NCT00000003"),
        ("g_bomb.xml", None),
        ("h_nul.csv:2", "NCT00000004"),
        ("NCT00000006.txt", None),
    ]
    read = [trial.trial_id for trial in tables.read(tmp_path / "out" / "trials.parquet")]
    assert read == ["NCT00000001", "NCT00000001#2", "NCT00000005", "NCT00000001#3"]
    assert misplaced(tmp_path / "out") == []
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}


def test_a_criterion_beyond_the_budget_is_unread_and_the_others_are_read(tmp_path: Path) -> None:
    """No criterion is that long or holds so many numbers: a document must not cost the run its time."""
    wordy = "platelets above 100 and so on, as was said before, "
    lines = [wordy * 380, wordy * 400, "platelets above 100 and " * 600]
    text = "Inclusion Criteria:\n" + "".join(f"* {line}\n" for line in ["Age 18 years or older", *lines])
    (tmp_path / "long.txt").write_text(text, encoding="utf-8")
    run(tmp_path / "out", tmp_path / "long.txt")
    rows = list(tables.read(tmp_path / "out" / "criteria.parquet"))
    assert [(len(row.text) > 20_000, row.status) for row in rows] == [
        (False, "read"),
        (False, "read"),
        (True, "unread"),
        (False, "unread"),
    ]
    left = Counter(row.criterion_id for row in tables.read(tmp_path / "out" / "numerals.parquet"))
    assert (left["I3"], left["I4"]) == (400, 600)
    assert misplaced(tmp_path / "out") == []
