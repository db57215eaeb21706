"""How far a run is, by the bytes of its input."""

import gzip
from pathlib import Path

import pytest

from trialcriteria import batch, registries
from trialcriteria.batch import Job, Report
from trialcriteria.manifest import Counts
from trialcriteria.pace import Pace
from trialcriteria.screen import summary


@pytest.mark.parametrize("name", ["in.csv", "in.csv.gz"])
def test_the_share_grows_with_the_reading_to_one(tmp_path: Path, name: str) -> None:
    rows = "\n".join(f'T{n},"Age over {n} years {n**40}"' for n in range(9_000))
    content = f"nct_id,criteria\n{rows}\n".encode()
    (tmp_path / "a.txt").write_text("Age over 18 years")
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    pace = Pace([str(tmp_path)])
    shares = [pace.share() for _ in registries.read(tmp_path, opened=pace.opened)]
    assert shares == sorted(shares)
    assert 0 < shares[1] < 0.5 < shares[6_000] < 1
    assert pace.share() == 1


def test_the_time_left_follows_from_the_share(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace([])
    moments = iter([(0.1, 100.0), (0.1, 101.0), (0.3, 110.0), (1.0, 200.0)])

    def step() -> float | None:
        share, now = next(moments)
        monkeypatch.setattr(pace, "share", lambda: share)
        monkeypatch.setattr("time.monotonic", lambda: now)
        return pace.seconds_left()

    assert [step() for _ in range(4)] == [None, None, pytest.approx(35.0), None]


def test_standard_input_has_no_end_in_sight() -> None:
    assert Pace([]).seconds_left() is None


def test_a_job_tells_of_the_files_it_opens(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Age over 18 years")
    told: list[int] = []
    job = Job((str(tmp_path / "a.txt"),), opened=lambda file, size: told.append(size))
    assert len(list(batch.items(job))) == 1
    assert told == [17]


def test_a_comparison_is_summed_up_in_a_line() -> None:
    report = Report(Path("out"), 1.0, Counts(kept=3), compared=True)
    assert "3 trials kept their rows; nothing changed" in map(str, summary(report))
    report.counts.changes.update({"trials added": 2, "constraints removed": 1})
    assert "3 trials kept their rows; 1 constraints removed, 2 trials added" in map(str, summary(report))
    assert not any("kept" in str(line) for line in summary(Report(Path("out"), 1.0, Counts())))
