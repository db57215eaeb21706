"""A run that was stopped or killed goes on where it was, and gives the bytes of one that was not."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

import fakes
from trialcriteria import batch, registries, shards, tables, workers
from trialcriteria.batch import CallError, Job, Output
from trialcriteria.manifest import Counts
from trialcriteria.records import TABLES, Fault, Skipped, Trial
from trialcriteria.workers import Item, Settings

_one_apart = workers._one_apart
ITEMS: list[Item] = [
    Skipped("in/picture.png", "of no known kind"),
    Trial("T1", "csv", "in.csv:2", "fine"),
    Trial("T1", "csv", "in.csv:3", "fine"),
    Fault("in.csv:4", "T2", "no_criteria", "the field is empty", "Look at the record."),
    Trial("T3", "csv", "in.csv:5", "fail"),
    Trial("T1", "csv", "in.csv:6", "fine"),
    Trial("T4", "csv", "in.csv:7", "fine"),
    Skipped("in/other.png", "of no known kind"),
    Trial("T5", "csv", "in.csv:8", "fine"),
    Fault("in.csv:9", "T6", "no_criteria", "the field is empty", "Look at the record."),
]
OUT = Path("out")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder whose input gives ITEMS, read as `fakes.read` does, with two trials in a part."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(registries, "read", lambda source, **options: iter(ITEMS))
    monkeypatch.setattr(workers, "reader", lambda settings: fakes.read)
    monkeypatch.setattr(workers, "_one_apart", lambda settings: None)  # a process for each run would take minutes
    monkeypatch.setattr(tables, "TRIALS_PER_GROUP", 2)
    Path("in.csv").write_text("as ITEMS says")


def run(folder: Path = OUT, stop_after: int | None = None, job: Job | None = None, **options: Any) -> batch.Report:
    def count(counts: Counts) -> None:
        if counts.trials + counts.quarantined + counts.skipped == stop_after:
            raise KeyboardInterrupt

    return batch.run(job or Job(("in.csv",)), Output(folder, **options), count)


def content(folder: Path = OUT) -> dict[str, object]:
    """Everything in a folder; of the manifest, all but the times."""
    found: dict[str, object] = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found["manifest.json"] = {name: value for name, value in manifest.items() if name not in ("started", "seconds")}
    assert [path for path in folder.iterdir() if path.is_dir()] == []
    return found


@pytest.mark.parametrize("format", tables.FORMATS)
@pytest.mark.parametrize("after", range(1, len(ITEMS) + 1))
def test_a_stopped_run_goes_on_to_the_same_bytes(after: int, format: tables.Format) -> None:
    run(Path("whole"), format=format)
    with pytest.raises(KeyboardInterrupt):
        run(stop_after=after, format=format)
    run(resume=True, format=format)
    assert content() == content(Path("whole"))


def test_a_run_may_be_stopped_again_and_again() -> None:
    run(Path("whole"))
    for after in (4, 5, 8, 9):
        with pytest.raises(KeyboardInterrupt):
            run(stop_after=after, resume=True)
    assert run(resume=True).resumed == 4
    assert content() == content(Path("whole"))


def test_a_run_that_goes_on_sets_the_trial_aside_that_killed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(stop_after=2)  # stands for the death of the process that read the next trial
    deadly = [item._replace(eligibility_text="die") if item in ITEMS[5:6] else item for item in ITEMS]  # type: ignore[union-attr]
    monkeypatch.setattr(registries, "read", lambda source, **options: iter(deadly))
    monkeypatch.setattr(workers, "_one_apart", _one_apart)
    monkeypatch.setattr(workers, "_prepare", fakes.prepare)
    report = run(resume=True)
    assert [fault.record for fault in report.quarantined if fault.reason == "killed_worker"] == ["T1#3"]
    assert report.counts.trials == 4


@pytest.mark.parametrize("format", tables.FORMATS)
def test_joined_parts_are_the_tables_that_one_writer_makes(format: tables.Format) -> None:
    run(format=format)
    Path("alone").mkdir()
    alone = tables.Folder(Path("alone"), format)
    for name in ("T1", "T1#2", "T1#3", "T4", "T5"):
        alone.add(fakes.trial_tables(name))
    for path in alone.publish():
        assert path.read_bytes() == (OUT / path.name).read_bytes()


def test_a_run_killed_at_any_step_on_the_disk_goes_on_to_the_same_bytes() -> None:
    """Before each rename, each removal and each flush, the process ends as if by SIGKILL."""
    run(Path("whole"), format="csv")
    step = 0
    while killed(step, lambda: run(format="csv", overwrite=True)):
        if not (OUT / "manifest.json").exists() or shards.state(OUT):
            run(format="csv", resume=True)
            assert content() == content(Path("whole"))
        step += 1
    assert step > 60
    assert content() == content(Path("whole"))


def test_a_run_killed_while_it_goes_on_can_be_gone_on_with() -> None:
    run(Path("whole"), format="csv")
    step = 0
    done = False
    while not done:
        killed(45, lambda: run(format="csv", overwrite=True))
        done = not killed(step, lambda: run(format="csv", resume=True))
        run(format="csv", resume=True)
        assert content() == content(Path("whole"))
        step += 3
    assert step > 40


def killed(step: int, act: Callable[[], object]) -> bool:
    """Whether a copy of this process, doing `act`, came to its step number `step` on the disk, where it was killed."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    left = step

    def dying(call: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            if left == 0:
                os._exit(9)
            left -= 1
            return call(*arguments, **options)

        return instead

    for owner, name in ((Path, "replace"), (Path, "unlink"), (os, "fsync"), (os, "unlink"), (os, "rmdir")):
        setattr(owner, name, dying(getattr(owner, name)))
    try:
        act()
    finally:
        os._exit(0)


def test_what_is_changed_is_named_and_the_run_is_refused() -> None:
    with pytest.raises(KeyboardInterrupt):
        run(stop_after=5)
    with pytest.raises(CallError, match=r"options min_confidence was 0.0 and is 0.5\. Undo that, add --overwrite"):
        run(resume=True, job=Job(("in.csv",), settings=Settings(min_confidence=0.5)))
    Path("my.toml").write_text('[labs.unobtainium]\naliases = ["unobtainium"]\nunits = ["mg/dL"]\n')
    with pytest.raises(CallError, match="lexicon sha256 was"):
        run(resume=True, job=Job(("in.csv",), settings=Settings((Path("my.toml"),))))
    Path("in.csv").write_text("something else")
    with pytest.raises(
        CallError, match=r"holds another run, .*: inputs in.csv bytes was 13 and is 14; inputs in.csv sh"
    ):
        run(resume=True)


def test_another_number_of_workers_is_no_change() -> None:
    with pytest.raises(KeyboardInterrupt):
        run(stop_after=5)
    run(resume=True, job=Job(("in.csv",), workers=2))
    assert json.loads((OUT / "manifest.json").read_text())["options"]["workers"] == 2


def test_a_run_that_is_not_finished_is_not_written_over() -> None:
    with pytest.raises(KeyboardInterrupt):
        run(stop_after=5)
    with pytest.raises(CallError, match=r"holds a run that is not finished; add --resume to go on .* or --overwrite"):
        run()
    run(overwrite=True)
    assert len(list(tables.read(OUT / "trials.parquet"))) == 5


def test_a_finished_run_is_complete() -> None:
    run(resume=True)
    before = content()
    assert run(resume=True).complete
    assert content() == before
    with pytest.raises(CallError, match="options limit was null and is 1"):
        run(resume=True, job=Job(("in.csv",), limit=1))


def test_the_tables_of_an_earlier_run_stay_until_the_new_ones_are_whole() -> None:
    run(job=Job(("in.csv",), limit=1))
    before = (OUT / "trials.parquet").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        run(stop_after=5, overwrite=True, format="csv")
    assert (OUT / "trials.parquet").read_bytes() == before
    run(resume=True, format="csv")
    run(Path("whole"), format="csv")
    assert content() == content(Path("whole"))


def test_a_folder_with_something_else_in_it_is_refused() -> None:
    OUT.mkdir()
    (OUT / "thesis.txt").write_text("mine")
    with pytest.raises(CallError, match="the folder is not empty"):
        run(resume=True)


@pytest.mark.parametrize(
    ("job", "options", "message"),
    [
        (Job(("-",)), {"resume": True}, "standard input cannot be read a second time"),
        (Job(("in.csv",)), {"resume": True, "overwrite": True}, "say one of them"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(job: Job, options: dict[str, Any], message: str) -> None:
    with pytest.raises(CallError, match=message):
        run(job=job, **options)


def test_two_runs_do_not_write_to_one_folder() -> None:
    OUT.mkdir()
    with shards.alone(OUT), pytest.raises(CallError, match="another run is writing there"):
        run()


SLOW = """
import sys, time
import fakes
from trialcriteria import cli, tables, workers
def read(trial):
    if "slow" in sys.argv and trial.trial_id == "T5":
        print("reading T5", flush=True)
        time.sleep(60)
    return fakes.trial_tables(trial.trial_id)
workers.reader = lambda settings: read
tables.TRIALS_PER_GROUP = 2
cli.main([argument for argument in sys.argv[1:] if argument != "slow"])
"""


def command(*arguments: str, **options: Any) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", SLOW, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        **options,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_what_was_read_and_says_how_to_go_on(number: signal.Signals) -> None:
    Path("in.csv").write_text("nct_id,criteria\n" + "".join(f"T{n},fine\n" for n in range(9)))
    process = command("extract", "in.csv", "-o", "out", "slow")
    assert process.stdout is not None
    assert process.stdout.readline() == "reading T5\n"
    time.sleep(0.1)
    process.send_signal(number)
    _, err = process.communicate(timeout=120)
    told = "Stopped. What was read is kept in out; the same command with --resume goes on.\n"
    assert (process.returncode, err) == (130, told)
    process = command("extract", "in.csv", "-o", "out", "--resume")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    assert "4 of the trials had been read before this run was gone on with" in out
    assert [row.trial_id for row in tables.read(OUT / "trials.parquet")] == [f"T{n}" for n in range(9)]
    out, err = command("extract", "in.csv", "-o", "out", "--resume").communicate(timeout=120)
    assert (out, err) == ("out: this run is complete already; there is nothing left to do\n", "")


def test_workers_end_with_a_parent_that_is_killed() -> None:
    code = "import sys, fakes\nfrom trialcriteria import workers\nfakes.wait(workers)\n"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) >= 2
    process.kill()
    process.wait()
    assert psutil.wait_procs(family, timeout=120)[1] == []


def test_the_log_is_json_without_a_word_of_the_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("in.csv").write_text("nct_id,criteria\nT1,fine\nT2,\nT3,fine\n")
    process = command("extract", "in.csv", "-o", "out", "--log-json", "-q")
    _, err = process.communicate(timeout=120)
    lines = [json.loads(line) for line in err.splitlines()]
    assert all(line.pop("time").endswith("+00:00") for line in lines)
    assert lines[-1].pop("seconds") > 0
    assert lines == [
        {"event": "start", "inputs": 1, "workers": 1},
        {"event": "quarantined", "source": "in.csv:3", "record": "T2", "reason": "no_eligibility_text"},
        {"event": "end", "trials": 2, "rows": 10, "quarantined": 1, "skipped": 0},
    ]
    assert process.returncode == 3


def test_the_rows_of_every_table_are_there() -> None:
    run()
    for table in TABLES:
        assert len(list(tables.read(OUT / f"{table}.parquet"))) == 5
