"""The Python surface: `load()`, `extract()` and the frames it gives."""

from pathlib import Path

import pandas as pd
import pytest

import trialcriteria
from trialcriteria.batch import CallError
from trialcriteria.records import TABLES, columns

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "registry.json"
TEXT = "Inclusion Criteria:\n* Age 18 years or older\n\nExclusion Criteria:\n* Pregnancy\n"


def test_a_text_gives_a_frame_for_every_table() -> None:
    frames = trialcriteria.extract(text=TEXT)
    for table in TABLES:
        assert list(getattr(frames, table).columns) == [name for name, _, _ in columns(table)]
    limits = frames.constraints[["criterion_id", "attribute", "operator", "low", "requirement"]]
    assert limits.values.tolist() == [["I1", "age", ">=", 18.0, "require"]]
    mentions = frames.mentions[["criterion_id", "label", "requirement"]]
    assert mentions.values.tolist() == [["E1", "state", "forbid"]]
    assert (len(frames.quarantine), len(frames.skipped)) == (0, 0)


def test_the_frames_are_the_tables_of_the_command(tmp_path: Path) -> None:
    from trialcriteria.batch import Job, Output, run

    run(Job((str(SAMPLE),)), Output(tmp_path))
    frames = trialcriteria.extract(SAMPLE)
    for table in TABLES:
        written = pd.read_parquet(tmp_path / f"{table}.parquet")
        frame = getattr(frames, table)
        assert list(written.columns) == list(frame.columns)
        assert written.isna().sum().to_dict() == frame.isna().sum().to_dict()
        assert written["trial_id"].tolist() == frame["trial_id"].tolist()


def test_what_cannot_be_read_stands_in_a_frame_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("nct_id,criteria\nT1,Age over 17 years\nT2,\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    frames = trialcriteria.extract(tmp_path)
    assert frames.trials.trial_id.tolist() == ["T1"]
    assert frames.quarantine.record.tolist() == ["T2"]
    assert [Path(source).name for source in frames.skipped.source] == ["picture.png"]


def test_ids_and_limit_choose_trials() -> None:
    frames = trialcriteria.extract(SAMPLE, ids=["TEST0002", "TEST0003"], limit=1)
    assert frames.trials.trial_id.tolist() == ["TEST0002"]


def test_a_missing_input_is_named() -> None:
    with pytest.raises(CallError, match=r"none\.json: no such file"):
        trialcriteria.extract("none.json")


def test_load_gives_a_pipeline_that_any_text_can_go_through() -> None:
    nlp = trialcriteria.load()
    assert nlp("Platelets of at least 100").text == "Platelets of at least 100"
    assert all(name.startswith("trialcriteria_") for name in nlp.pipe_names)


def test_the_package_has_no_other_public_names() -> None:
    assert trialcriteria.__all__ == ["__version__", "extract", "load"]
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        _ = trialcriteria.lod  # type: ignore[attr-defined]


def test_every_digit_of_a_limit_that_is_said_twice_is_restated() -> None:
    numerals = trialcriteria.extract(text="Inclusion Criteria: WBC ≥ 3000/mm3 (≥ 3.0 x 10^9/L)").numerals
    assert numerals[["text", "reason"]].values.tolist() == [[digits, "restated"] for digits in ("3", "0", "10", "9")]
