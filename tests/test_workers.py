"""One process or several: the same results in the same order, and no record ends a run."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import fakes
from trialcriteria import workers
from trialcriteria.records import Fault, Skipped, Trial, TrialTables
from trialcriteria.workers import Item, Result, Settings

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "registry.json"


@pytest.fixture(autouse=True)
def fake_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process and its workers read as `fakes.read` does."""
    monkeypatch.setattr(workers, "reader", lambda settings: fakes.read)
    monkeypatch.setattr(workers, "_prepare", fakes.prepare)


def trial(name: str, text: str = "fine") -> Trial:
    return Trial(name, "csv", "a.csv", text)


def outcome(result: Result) -> str:
    """A result in a word or two."""
    if isinstance(result, TrialTables):
        return result.trial.trial_id
    return f"{result.record} {result.reason}" if isinstance(result, Fault) else result.reason


MIXED: list[Item] = [
    trial("T1"),
    Fault("a.csv", "T2", "no_criteria", "the field is empty", "Look at the record."),
    trial("T3"),
    Skipped("b.png", "of no known kind"),
    trial("T4", "fail"),
    trial("T5"),
]
OUTCOMES = ["T1", "T2 no_criteria", "T3", "of no known kind", "T4 internal_error", "T5"]


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_the_order_of_the_items(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CHUNK_ITEMS", 2)
    assert [outcome(result) for result in workers.results(MIXED, Settings(), count)] == OUTCOMES


def test_a_fault_of_ours_names_the_record_and_what_went_wrong() -> None:
    (fault,) = workers.results([trial("T4", "fail")], Settings())
    assert isinstance(fault, Fault)
    assert (fault.source, fault.record, fault.reason) == ("a.csv", "T4", "internal_error")
    assert "RuntimeError: this text cannot be read" in fault.detail


def test_text_that_is_no_unicode_is_called_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "reader", lambda settings: lambda trial: trial.eligibility_text.encode())
    (fault,) = workers.results([trial("T1", "half a pair: \ud83d")], Settings())
    assert outcome(fault) == "T1 unreadable_text"


def test_only_the_trial_that_kills_its_worker_is_quarantined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CHUNK_ITEMS", 3)
    items = [trial(f"T{n}", "die" if n in (1, 7) else "fine") for n in range(10)]
    expected = [f"T{n} killed_worker" if n in (1, 7) else f"T{n}" for n in range(10)]
    assert [outcome(result) for result in workers.results(items, Settings(), 2)] == expected


KILLED = """
import fakes
from trialcriteria import workers
from trialcriteria.records import Trial

workers._prepare = fakes.never_start
for _ in range(4):
    try:
        list(workers.results([Trial("T1", "csv", "a.csv", "fine")] * 3, workers.Settings(), 2))
    except workers.WorkersError:
        print("error")
"""


def test_a_process_whose_workers_were_killed_ends() -> None:
    """In Python 3.12 a broken pool that nobody holds any more keeps it from ending."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=Path(__file__).resolve().parent,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["error"] * 4)


@pytest.mark.parametrize(("chunk", "suspect"), [(3, False), (100, True)], ids=["many", "few, in a run that ended"])
def test_one_worker_is_guarded_too(chunk: int, suspect: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CHUNK_ITEMS", chunk)
    monkeypatch.setattr(workers, "FEW_CHUNKS", 1)
    items = [trial(f"T{n}", "die" if n in (1, 7) else "fine") for n in range(10)]
    expected = [f"T{n} killed_worker" if n in (1, 7) else f"T{n}" for n in range(10)]
    assert [outcome(result) for result in workers.guarded(items, Settings(), suspect=suspect)] == expected


def test_one_worker_reads_here_what_is_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_prepare", fakes.never_start)
    monkeypatch.setattr(workers, "_one_apart", None)  # nobody asks for it
    assert [outcome(result) for result in workers.guarded(MIXED, Settings())] == OUTCOMES


def test_one_worker_reads_here_where_no_process_can_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CHUNK_ITEMS", 2)
    monkeypatch.setattr(workers, "FEW_CHUNKS", 1)
    monkeypatch.setattr(workers, "_prepare", fakes.never_start)
    assert [outcome(result) for result in workers.guarded(MIXED, Settings())] == OUTCOMES


def test_no_record_is_blamed_for_workers_that_never_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_prepare", fakes.never_start)
    with pytest.raises(workers.WorkersError, match="--workers 1"):
        list(workers.results(MIXED, Settings(), 2))


def test_a_script_needs_no_main_guard_and_no_file() -> None:
    script = f"import trialcriteria\nprint(len(trialcriteria.extract({str(SAMPLE)!r}, workers=2).constraints))"
    done = subprocess.run([sys.executable, "-"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 100


def test_reading_ahead_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CHUNK_ITEMS", 1)
    taken = 0

    def endless() -> Iterator[Item]:
        nonlocal taken
        while True:
            taken += 1
            yield trial(f"T{taken}")

    results = workers.results(endless(), Settings(), 2)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert taken <= 2 * workers.CHUNKS_AHEAD + 2


def test_chunks_end_at_a_number_of_items_or_of_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CHUNK_ITEMS", 3)
    monkeypatch.setattr(workers, "CHUNK_CHARACTERS", 100)
    items: list[Item] = [trial(f"T{n}", "x" * size) for n, size in enumerate((1, 1, 1, 1, 200, 1))]
    assert [len(chunk) for chunk in workers.chunks(items)] == [3, 2, 1]
