"""Two runs side by side: whose text is the same keeps its rows, and of the others it is said what changed."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import trial_tables
from trialcriteria import batch, changes, tables, workers
from trialcriteria.batch import CallError, Job, Output
from trialcriteria.earlier import fits
from trialcriteria.records import TABLES, Change, Constraint, Criterion, Field, Trial, TrialTables
from trialcriteria.workers import Settings

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "registry.json"
(LIMIT,) = trial_tables().constraints


def limit(**slots: Any) -> Constraint:
    return LIMIT._replace(**slots)


def told(found: list[Change]) -> list[tuple[str, str | None, str | None]]:
    return [(change.change, change.before, change.after) for change in found]


def test_another_bound_is_an_altered_limit() -> None:
    (change,) = changes.of_limits([limit()], [limit(low=75000.0, canonical_low=75.0, constraint_id="I2c1")])
    assert change == Change(
        trial_id="T1",
        what="constraint",
        change="altered",
        section="inclusion",
        kind="lab",
        attribute="platelets",
        before="platelets >= 100 10*9/L",
        after="platelets >= 75 10*9/L",
        operator_before=">=",
        operator_after=">=",
        low_before=100000.0,
        low_after=75000.0,
        high_before=None,
        high_after=None,
        unit_before="/uL",
        unit_after="/uL",
        requirement_before="require",
        requirement_after="require",
        constraint_id_before="I1c1",
        constraint_id_after="I2c1",
    )


def test_a_limit_that_only_moved_is_the_same() -> None:
    moved = limit(criterion_id="I9", constraint_id="I9c1", start=400, end=412, quote=">=100000/µL", confidence=0.5)
    assert changes.of_limits([limit()], [moved]) == []


def test_the_pair_that_agrees_in_most_is_taken_first() -> None:
    before = [limit(low=1.0, canonical_low=1.0), limit(low=2.0, canonical_low=2.0, reference="ULN")]
    after = [limit(low=3.0, canonical_low=3.0, reference="ULN"), limit(low=1.0, canonical_low=1.0)]
    assert told(changes.of_limits(before, after)) == [
        ("altered", "platelets >= 2 10*9/L", "platelets >= 3 10*9/L"),
    ]


def test_limits_of_other_things_are_added_and_removed() -> None:
    before = [limit(), limit(attribute=None, attribute_text="blasts")]
    after = [limit(section="exclusion"), limit(attribute=None, attribute_text="neopterin")]
    assert told(changes.of_limits(before, after)) == [
        ("added", None, "platelets >= 100 10*9/L"),
        ("added", None, "neopterin >= 100 10*9/L"),
        ("removed", "platelets >= 100 10*9/L", None),
        ("removed", "blasts >= 100 10*9/L", None),
    ]


def test_thousands_of_limits_on_one_thing_take_no_time() -> None:
    before = [limit(low=float(n), canonical_low=float(n)) for n in range(3_000)]
    after = [limit(low=n + 0.5, canonical_low=n + 0.5) for n in range(3_000)]
    assert Counter(change.change for change in changes.of_limits(before, after)) == {"altered": 3_000}


ROWS = st.lists(
    st.builds(
        limit,
        section=st.sampled_from(["inclusion", "exclusion"]),
        attribute=st.sampled_from(["platelets", "alt", None]),
        attribute_text=st.sampled_from(["platelets", "Platelets", None]),
        low=st.sampled_from([1.0, 2.0, None]),
        operator=st.sampled_from(["<", ">=", None]),
        requirement=st.sampled_from(["require", "forbid"]),
    ),
    max_size=12,
).map(lambda rows: [row._replace(constraint_id=f"I{n}c1") for n, row in enumerate(rows)])


@given(ROWS)
def test_nothing_changed_between_a_trial_and_itself(rows: list[Constraint]) -> None:
    assert changes.of_limits(rows, rows) == []
    assert changes.of_limits(rows, rows[::-1]) == []


@given(ROWS, ROWS)
def test_changes_account_for_every_limit_once(before: list[Constraint], after: list[Constraint]) -> None:
    found = changes.of_limits(before, after)
    n = Counter(change.change for change in found)
    assert len(before) - n["removed"] == len(after) - n["added"]
    for ids, rows in (
        ([change.constraint_id_before for change in found], before),
        ([change.constraint_id_after for change in found], after),
    ):
        known = [name for name in ids if name]
        assert len(set(known)) == len(known)
        assert set(known) <= {row.constraint_id for row in rows}


@given(ROWS, ROWS)
def test_what_is_added_one_way_is_removed_the_other_way(before: list[Constraint], after: list[Constraint]) -> None:
    def ids(found: list[Change], change: str, column: str) -> int:
        return sum(row.change == change and getattr(row, column) is not None for row in found)

    there, back = changes.of_limits(before, after), changes.of_limits(after, before)
    assert ids(there, "added", "constraint_id_after") == ids(back, "removed", "constraint_id_before")
    assert ids(there, "altered", "constraint_id_after") == ids(back, "altered", "constraint_id_before")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the sample as it was and, in new.json, as it is: one trial altered, one gone, one new."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tables, "TRIALS_PER_GROUP", 4)
    shutil.copy(SAMPLE, "old.json")
    data = json.loads(SAMPLE.read_text(encoding="utf-8"))
    studies = data["studies"]
    module = studies[0]["protocolSection"]["eligibilityModule"]
    assert "1.5 x 10\\^9/L" in module["eligibilityCriteria"]
    module["eligibilityCriteria"] = module["eligibilityCriteria"].replace("1.5 x 10\\^9/L", "1.0 x 10\\^9/L")
    studies[1]["protocolSection"]["identificationModule"]["briefTitle"] = "Another title, the same criteria"
    studies[2]["protocolSection"]["identificationModule"]["nctId"] = "TEST9999"
    studies.append(studies.pop(4))
    Path("new.json").write_text(json.dumps(data), encoding="utf-8")


def run(source: str, out: str, on_progress: Callable[[Any], None] = lambda counts: None, **options: Any) -> Any:
    output = {name: options.pop(name) for name in ("format", "resume", "safe_csv") if name in options}
    return batch.run(Job((source,), **options), Output(Path(out), **output), on_progress)


@pytest.mark.parametrize("format", tables.FORMATS)
def test_tables_beside_an_earlier_run_are_those_of_a_fresh_one(
    folder: None, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("old.json", "old", format=format)
    run("new.json", "fresh", format=format)
    read: list[str] = []
    monkeypatch.setattr(workers, "reader", spied(workers.reader, read))
    report = run("new.json", "new", format=format, since=Path("old"))
    assert read == ["TEST0001", "TEST9999"]
    for table in TABLES:
        name = tables.file_name(table, format)
        assert Path("new", name).read_bytes() == Path("fresh", name).read_bytes()
    found = list(tables.read(Path("new", tables.file_name("changes", format))))
    assert [(row.trial_id, row.what, row.change, row.before, row.after) for row in found] == [
        ("TEST0001", "trial", "altered", None, None),
        ("TEST0001", "constraint", "altered", "neutrophils >= 1.5 10*9/L", "neutrophils >= 1 10*9/L"),
        ("TEST9999", "trial", "added", None, None),
        ("TEST0003", "trial", "removed", None, None),
    ]
    assert (report.counts.kept, report.counts.trials) == (10, 12)
    assert json.loads(Path("new/manifest.json").read_text())["counts"]["changes"] == {
        "constraints altered": 1,
        "trials added": 1,
        "trials altered": 1,
        "trials removed": 1,
    }


def spied(reader: Any, read: list[str]) -> Any:
    def instead(settings: Settings) -> workers.Read:
        reads = reader(settings)

        def spy(trial: Trial) -> TrialTables:
            read.append(trial.trial_id)
            result: TrialTables = reads(trial)
            return result

        return spy

    return instead


@pytest.mark.parametrize("after", [3, 5, 9, 12])
def test_a_comparison_that_was_stopped_goes_on(folder: None, after: int) -> None:
    def stop(counts: Any) -> None:
        if counts.trials == after:
            raise KeyboardInterrupt

    run("old.json", "old")
    run("new.json", "whole", since=Path("old"))
    with pytest.raises(KeyboardInterrupt):
        run("new.json", "new", stop, since=Path("old"))
    run("new.json", "new", since=Path("old"), resume=True)
    for path in Path("whole").iterdir():
        if path.name != "manifest.json":
            assert path.read_bytes() == Path("new", path.name).read_bytes()
    assert not Path("new/.partial").exists()


def test_several_workers_keep_the_same_rows(folder: None) -> None:
    run("old.json", "old")
    run("new.json", "one", since=Path("old"))
    run("new.json", "two", since=Path("old"), workers=2)
    for path in Path("one").iterdir():
        if path.name != "manifest.json":
            assert path.read_bytes() == Path("two", path.name).read_bytes()


def test_a_later_run_without_comparison_leaves_no_old_changes(folder: None) -> None:
    run("old.json", "old")
    run("new.json", "new", since=Path("old"))
    batch.run(Job(("new.json",)), Output(Path("new"), overwrite=True))
    assert not Path("new/changes.parquet").exists()


def test_rows_that_would_be_read_otherwise_today_are_not_kept(folder: None) -> None:
    run("old.json", "old")
    Path("my.toml").write_text('[labs.unobtainium]\naliases = ["unobtainium"]\nunits = ["mg/dL"]\n')
    with pytest.raises(CallError, match=r"old: its rows are not what would be read today, .*: lexicon sha256 was"):
        run("new.json", "new", since=Path("old"), settings=Settings((Path("my.toml"),)))
    with pytest.raises(CallError, match=r"options min_confidence was 0\.0 and is 0\.5"):
        run("new.json", "new", since=Path("old"), settings=Settings(min_confidence=0.5))
    with pytest.raises(CallError, match='options format was "parquet" and is "csv"'):
        run("new.json", "new", since=Path("old"), format="csv")
    written = json.loads(Path("old/manifest.json").read_text())
    Path("old/manifest.json").write_text(json.dumps({**written, "code_sha256": "0f"}))
    with pytest.raises(CallError, match='code_sha256 was "0f" and is'):
        run("new.json", "new", since=Path("old"))
    Path("old/manifest.json").write_text(json.dumps(written))
    with Path("old/constraints.parquet").open("ab") as file:
        file.write(b"edited")
    with pytest.raises(CallError, match=r"old/constraints\.parquet is not what that run wrote"):
        run("new.json", "new", since=Path("old"))


def test_csv_for_spreadsheets_is_no_earlier_run(folder: None) -> None:
    run("old.json", "old", format="csv", safe_csv=True)
    with pytest.raises(CallError, match="changed for spreadsheets"):
        run("new.json", "new", format="csv", safe_csv=True, since=Path("old"))


def test_an_earlier_run_must_be_whole_and_elsewhere(folder: None) -> None:
    with pytest.raises(CallError, match="nowhere: no finished run is there"):
        run("new.json", "new", since=Path("nowhere"))
    run("old.json", "old")
    with pytest.raises(CallError, match="old: is the output as well"):
        run("new.json", "old", since=Path("old"))


def criterion(start: int, end: int, section: str, source: str) -> Criterion:
    return trial_tables().criteria[0]._replace(start=start, end=end, section=section, section_source=source)


@pytest.mark.parametrize(
    ("fields", "row", "expected"),
    [
        ([], criterion(0, 5, "inclusion", "heading"), True),
        ([], criterion(0, 5, "inclusion", "field"), False),
        ([Field(0, 9, "inclusion")], criterion(0, 5, "inclusion", "field"), True),
        ([Field(0, 9, "exclusion")], criterion(0, 5, "inclusion", "field"), False),
        ([Field(0, 9, "exclusion")], criterion(0, 5, "inclusion", "heading"), True),
        ([Field(0, 9, "exclusion")], criterion(0, 5, "inclusion", "assumed"), False),
        ([Field(0, 3, "inclusion")], criterion(0, 5, "inclusion", "field"), False),
    ],
)
def test_criteria_of_other_fields_of_the_registry_are_read_again(
    fields: list[Field], row: Criterion, expected: bool
) -> None:
    assert fits(fields, [row]) is expected
