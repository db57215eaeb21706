"""A run of many trials: nothing lost, nothing half written, and a manifest that says what happened."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import fakes
from trialcriteria import batch, registries, tables, workers
from trialcriteria.batch import CallError, Job, Output, Report
from trialcriteria.records import TABLES, Fault, Skipped, Trial
from trialcriteria.workers import Item, Settings

FILES: dict[str, list[Item]] = {
    "a.csv": [
        Trial("T1", "csv", "a.csv:2", "fine"),
        Fault("a.csv:3", "T2", "no_criteria", "the field is empty", "Look at the record."),
        Trial("T1", "csv", "a.csv:4", "fine"),
        Trial("T3", "csv", "a.csv:5", "fail"),
    ],
    "b": [
        Skipped("b/picture.png", "of no known kind"),
        Trial("T1", "page", "b/t1.txt", "fine"),
        Trial("T5", "csv", "b/t5.csv:2", "fine"),
    ],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, whose files give what FILES says and are read as `fakes.read` does."""

    def read(source: str, **options: object) -> Iterator[Item]:
        yield from FILES[source]
        if source == "b" and options["format"] == "broken":
            raise EOFError("the archive ends early")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(registries, "read", read)
    monkeypatch.setattr(workers, "reader", lambda settings: fakes.read)
    Path("a.csv").write_text("id,criteria\n")
    Path("b").mkdir()
    Path("b/t1.txt").write_text("a page")
    return tmp_path


def job(*inputs: str, **options: Any) -> Job:
    return Job(inputs or ("a.csv", "b"), **options)


def run(the_job: Job, **options: Any) -> tuple[Report, dict[str, Any]]:
    report = batch.run(the_job, Output(Path("out"), **options))
    return report, json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))


def trial_ids(format: str = "parquet") -> list[str]:
    return [row.trial_id for row in tables.read(Path(f"out/trials.{format}"))]


def test_every_record_ends_as_a_trial_quarantined_or_skipped(folder: Path) -> None:
    _, manifest = run(job())
    assert manifest["counts"] == {
        "records": 7,
        "trials": 4,
        "quarantined": 2,
        "skipped": 1,
        "repeated_ids": 2,
        "criteria": 4,
        "constraints": 4,
        "mentions": 4,
        "numerals": 4,
        "criteria_by_status": {"read": 4},
        "unread_numerals": 0,
        "quarantined_by_reason": {"internal_error": 1, "no_criteria": 1},
    }
    assert manifest["skipped"] == [{"source": "b/picture.png", "reason": "of no known kind"}]


def test_repeated_ids_are_told_apart(folder: Path) -> None:
    run(job())
    assert trial_ids() == ["T1", "T1#2", "T1#3", "T5"]


def test_an_id_that_looks_like_a_repeat_is_not_given_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("T1", "T1#2", "T1", "T1#2", "T1")
    monkeypatch.setitem(FILES, "a.csv", [Trial(name, "csv", "a.csv", "fine") for name in names])
    run(job("a.csv"))
    assert trial_ids() == ["T1", "T1#2", "T1#3", "T1#2#2", "T1#4"]


def test_the_quarantine_names_source_record_reason_and_way_out(folder: Path) -> None:
    run(job())
    lines = [json.loads(line) for line in Path("out/quarantine.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines[0] == FILES["a.csv"][1]._asdict()
    assert [(line["record"], line["reason"]) for line in lines] == [("T2", "no_criteria"), ("T3", "internal_error")]


def test_the_manifest_names_inputs_versions_and_outputs_by_hash(folder: Path) -> None:
    _, manifest = run(job())
    (file, directory) = manifest["inputs"]
    assert file == {"path": "a.csv", "bytes": 12, "sha256": hashlib.sha256(b"id,criteria\n").hexdigest()}
    listing = f"{hashlib.sha256(b'a page').hexdigest()}  t1.txt\n".encode()
    assert directory == {"path": "b", "files": 1, "bytes": 6, "sha256": hashlib.sha256(listing).hexdigest()}
    assert manifest["outputs"] == [
        {"name": path.name, "bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in (*(Path(f"out/{table}.parquet") for table in TABLES), Path("out/quarantine.jsonl"))
    ]
    assert {"trialcriteria", "python", "spacy", "medspacy", "schema"} <= set(manifest["versions"])


def test_only_the_ids_asked_for_are_read(folder: Path) -> None:
    report, manifest = run(job(ids=frozenset({"T5", "T2", "T9"})))
    assert trial_ids() == ["T5"]
    assert report.ids_not_found == manifest["ids_not_found"] == ["T9"]
    counts = manifest["counts"]
    assert (counts["records"], counts["trials"], counts["quarantined"], counts["skipped"]) == (7, 1, 1, 5)


def test_a_limit_ends_the_run_after_so_many_trials(folder: Path) -> None:
    _, manifest = run(job(limit=2))
    assert (trial_ids(), manifest["counts"]["records"]) == (["T1", "T1#2"], 3)


def test_a_reader_that_fails_ends_its_input_only(folder: Path) -> None:
    report, _ = run(job("b", "a.csv", input_format="broken"))
    assert report.quarantined[0] == Fault(
        "b",
        None,
        "unreadable_file",
        "EOFError: the archive ends early",
        "See that the file is whole; other inputs are read.",
    )
    assert trial_ids() == ["T1", "T5", "T1#2", "T1#3"]


def test_the_same_job_gives_the_same_bytes(folder: Path) -> None:
    _, first = run(job())
    _, second = run(job(), overwrite=True)
    assert first["outputs"] == second["outputs"]


def test_a_folder_in_use_is_refused(folder: Path) -> None:
    Path("out").mkdir()
    Path("out/thesis.txt").write_text("mine")
    with pytest.raises(CallError, match=r"out: the folder is not empty; .* --overwrite"):
        run(job())
    run(job(), overwrite=True)
    assert Path("out/thesis.txt").read_text() == "mine"


def test_a_run_that_is_stopped_leaves_the_folder_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(job("b"))
    before = {path.name: path.read_bytes() for path in Path("out").iterdir()}

    def stop(counts: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.run(job(), Output(Path("out"), "csv", overwrite=True), stop)
    assert {path.name: path.read_bytes() for path in Path("out").iterdir()} == before


def test_rows_that_went_astray_are_noticed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables.Folder, "add", lambda self, trial, **more: None)
    with pytest.raises(ValueError, match="rows read"):
        run(job())
    assert list(Path("out").iterdir()) == []


def test_progress_is_told_after_every_record(folder: Path) -> None:
    told: list[int] = []
    batch.run(
        job(), Output(Path("out")), lambda counts: told.append(counts.trials + counts.quarantined + counts.skipped)
    )
    assert told == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (job("c.csv"), "c.csv: no such file or folder"),
        (job("a.csv", settings=Settings((Path("my.toml"),))), "my.toml: no such lexicon file"),
        (job("a.csv", settings=Settings((Path("a.csv"),))), "a.csv: not readable as TOML"),
    ],
    ids=["input", "lexicon", "lexicon that is none"],
)
def test_a_wrong_call_is_refused_before_anything_is_written(folder: Path, wrong: Job, message: str) -> None:
    with pytest.raises(CallError, match=message):
        run(wrong)
    assert not Path("out").exists()


def test_an_output_that_is_a_file_is_refused(folder: Path) -> None:
    Path("out").write_text("mine")
    with pytest.raises(CallError, match="out: is a file"):
        run(job())


def test_ids_are_read_one_a_line(folder: Path) -> None:
    Path("ids.txt").write_text("\ufeffT1\n\n# a remark\n  T2  \r\n", encoding="utf-8")
    assert batch.read_ids(Path("ids.txt")) == {"T1", "T2"}


@pytest.mark.parametrize(("content", "message"), [(b"\n# none\n", "is empty"), (b"\xff\xfe", "cannot be read")])
def test_a_list_of_ids_that_holds_none_is_refused(folder: Path, content: bytes, message: str) -> None:
    Path("ids.txt").write_bytes(content)
    with pytest.raises(CallError, match=message):
        batch.read_ids(Path("ids.txt"))
