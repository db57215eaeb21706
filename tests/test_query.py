"""SQL over a run: what the ready views fold, what they leave to be looked at, and that a query can do no harm."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import fakes
from trialcriteria import changes, cli, query, tables
from trialcriteria.batch import CallError
from trialcriteria.records import Constraint, Criterion, Mention, TrialTables

pytestmark = pytest.mark.needs("duckdb")

(LIMIT,) = fakes.trial_tables().constraints
(MENTION,) = fakes.trial_tables().mentions
(CRITERION,) = fakes.trial_tables().criteria


def limit(name: str, operator: str | None, *bounds: float, **other: Any) -> Constraint:
    """An eligible limit of platelets, unless said otherwise: `limit("I1c1", ">=", 100)`."""
    low = bounds[0] if operator in (">", ">=", "=", "between", "outside") else None
    high = bounds[-1] if operator in ("<", "<=", "=", "between", "outside") else None
    return LIMIT._replace(
        criterion_id=name.split("c")[0],
        constraint_id=name,
        eligible_operator=operator,
        eligible_low=low,
        eligible_high=high,
        eligible_low_inclusive=None if low is None else operator != ">",
        eligible_high_inclusive=None if high is None else operator != "<",
        eligible_levels=None,
    )._replace(**other)


def levels(name: str, *eligible: str, **other: Any) -> Constraint:
    return limit(name, "in", attribute="ecog", canonical_unit=None, eligible_levels=eligible, **other)


def criterion(name: str, **other: Any) -> Criterion:
    section = {"I": "inclusion", "E": "exclusion"}[name[0]]
    parent = name.rpartition(".")[0] or None
    return CRITERION._replace(criterion_id=name, section=section, parent_id=parent, **other)


@pytest.fixture
def asked(tmp_path: Path) -> Callable[..., list[tuple[Any, ...]]]:
    """What a query gives on a run of one trial with the limits, criteria and mentions that the test names."""

    def ask(
        sql: str,
        limits: Sequence[Constraint],
        criteria: Sequence[Criterion] = (),
        mentions: Sequence[Mention] = (),
    ) -> list[tuple[Any, ...]]:
        known = {one.criterion_id: one for one in (*map(criterion, (row.criterion_id for row in limits)), *criteria)}
        write(tmp_path, TrialTables(fakes.trial_tables().trial, [*known.values()], [*limits], [*mentions], []))
        return list(query.select(tmp_path, sql).rows)

    return ask


def write(folder: Path, *trials: TrialTables, format: tables.Format = "parquet") -> None:
    folder.mkdir(exist_ok=True)
    written = tables.Folder(folder, format)
    for trial in trials:
        written.add(trial)
    written.publish()
    (folder / "quarantine.jsonl").touch()


BOUNDS = """
select operator, low, low_inclusive, high, high_inclusive, unit, contradiction, constraint_ids, other_ids
from eligible_limits order by unit
"""


@pytest.mark.parametrize(
    ("limits", "folded"),
    [
        # Inclusion: platelets >= 100. Exclusion: platelets < 75, so that at least 75 are eligible.
        (
            [limit("I1c1", ">=", 100), limit("E1c1", ">=", 75)],
            (">=", 100, True, None, None, "10*9/L", False, ["E1c1", "I1c1"], []),
        ),
        # Inclusion: at least 18 years. Exclusion: above 65 years. Inclusion: up to 60 years.
        (
            [limit("I1c1", ">=", 18), limit("E1c1", "<=", 65), limit("I2c1", "<=", 60)],
            ("between", 18, True, 60, True, "10*9/L", False, ["E1c1", "I1c1", "I2c1"], []),
        ),
        # Of two equal bounds, the one without the number itself.
        (
            [limit("I1c1", ">=", 100), limit("I2c1", ">", 100)],
            (">", 100, False, None, None, "10*9/L", False, ["I1c1", "I2c1"], []),
        ),
        (
            [limit("I1c1", "<", 5), limit("I2c1", "<=", 5)],
            ("<", None, None, 5, False, "10*9/L", False, ["I1c1", "I2c1"], []),
        ),
        # A range, and a limit inside it.
        (
            [limit("I1c1", "between", 10, 20), limit("I2c1", ">", 12)],
            ("between", 12, False, 20, True, "10*9/L", False, ["I1c1", "I2c1"], []),
        ),
        (
            [limit("I1c1", ">=", 7), limit("I2c1", "<=", 7)],
            ("=", 7, True, 7, True, "10*9/L", False, ["I1c1", "I2c1"], []),
        ),
        # Nobody meets both.
        (
            [limit("I1c1", ">=", 100), limit("E1c1", "<", 100)],
            ("between", 100, True, 100, False, "10*9/L", True, ["E1c1", "I1c1"], []),
        ),
        # "Below 10 or above 20" is no range, so it is left to be looked at.
        (
            [limit("I1c1", ">=", 5), limit("E1c1", "outside", 10, 20)],
            (">=", 5, True, None, None, "10*9/L", False, ["I1c1"], ["E1c1"]),
        ),
    ],
)
def test_limits_are_folded_to_the_tightest(asked: Any, limits: list[Constraint], folded: tuple[Any, ...]) -> None:
    assert asked(BOUNDS, limits) == [folded]


def test_limits_in_different_units_are_rows_of_their_own(asked: Any) -> None:
    in_uln = limit("E1c1", "<=", 3, canonical_unit="{ULN}")
    assert [row[:6] for row in asked(BOUNDS, [limit("I1c1", "<=", 90), in_uln])] == [
        ("<=", None, None, 90, True, "10*9/L"),
        ("<=", None, None, 3, True, "{ULN}"),
    ]


def test_levels_are_those_that_meet_every_limit(asked: Any) -> None:
    sql = "select operator, levels, contradiction, constraint_ids from eligible_limits"
    assert asked(sql, [levels("I1c1", "0", "1", "2"), levels("I2c1", "1", "0")]) == [
        ("in", ["0", "1"], False, ["I1c1", "I2c1"])
    ]
    assert asked(sql, [levels("I1c1", "0", "1"), levels("E1c1", "3")]) == [("in", [], True, ["E1c1", "I1c1"])]


@pytest.mark.parametrize(
    "other",
    [
        limit("I2c1", ">=", 150, condition="if the liver is affected"),
        limit("I2c1", ">=", 150, condition_id="liver_metastases"),
        limit("I2c1", ">=", 150, group="any1"),
        limit("I2c1", ">=", 150, exception_to="I9c9"),
        limit("I2c1", ">=", 150, targets=("I2m1",)),
        limit("I2c1", None, requirement="permit"),
        limit("I2c1", None),
        limit("I2c1", ">=", 150_000, plausible=False),
    ],
    ids=["condition", "known condition", "group", "exception", "target", "permission", "no comparator", "implausible"],
)
def test_a_limit_that_does_not_bind_everybody_is_named_and_not_folded(asked: Any, other: Constraint) -> None:
    (row,) = asked(BOUNDS, [limit("I1c1", ">=", 100), other])
    assert row == (">=", 100, True, None, None, "10*9/L", False, ["I1c1"], ["I2c1"])


def test_an_attribute_of_which_no_limit_binds_is_listed_all_the_same(asked: Any) -> None:
    assert asked(BOUNDS, [limit("I1c1", ">=", 100, condition="if male")]) == [
        (None, None, None, None, None, None, False, [], ["I1c1"])
    ]


def test_what_binds_nobody_is_not_listed(asked: Any) -> None:
    assert asked(BOUNDS, [limit("I1c1", None, requirement="describe")]) == []


def test_a_limit_of_one_cohort_is_not_folded(asked: Any) -> None:
    rows = asked(BOUNDS, [limit("I1c1", ">=", 100), limit("I2c1", ">=", 150)], [criterion("I2", cohort="Cohort 2")])
    assert [row[-2:] for row in rows] == [(["I1c1"], ["I2c1"])]


@pytest.mark.parametrize(
    ("parent", "children", "binds"),
    [
        ("I2", "any", False),
        ("I2", "at_least:2", False),
        ("I2", "all", True),
        ("I2", None, True),
        ("E2", "any", True),
        ("E2", "all", False),
        ("E2", "at_least:2", False),
    ],
)
def test_bullets_bind_where_each_of_them_counts(asked: Any, parent: str, children: str | None, binds: bool) -> None:
    bullets = [criterion(parent, children=children), criterion(f"{parent}.1"), criterion(f"{parent}.1.1")]
    sql = "select constraint_id, binds from binding order by 1"
    assert asked(sql, [limit(f"{parent}.1c1", ">=", 1), limit(f"{parent}.1.1c1", ">=", 2)], bullets) == [
        (f"{parent}.1.1c1", binds),
        (f"{parent}.1c1", binds),
    ]


def test_what_lifts_a_limit_is_named_beside_it(asked: Any) -> None:
    lifting = MENTION._replace(mention_id="I1m1", exception_to="I1c1")
    unrelated = MENTION._replace(mention_id="I1m2", exception_to="I1m1")
    (row,) = asked(BOUNDS, [limit("I1c1", ">=", 100)], mentions=[lifting, unrelated])
    assert row[-2:] == (["I1c1"], ["I1m1"])


def test_wide_has_a_column_an_attribute_and_a_row_a_trial(tmp_path: Path) -> None:
    limits = [
        limit("I1c1", ">=", 100),
        limit("I2c1", ">=", 150, condition="if male"),
        limit("I3c1", "between", 18, 65.5, attribute="age", canonical_unit="a"),
        limit("I4c1", "<=", 3, attribute="alt", canonical_unit="{ULN}"),
        limit("I4c2", "<", 200, attribute="alt", canonical_unit="U/L"),
        limit("I5c1", ">=", 2, attribute="bmi", group="any1"),
        levels("I6c1", "0", "1"),
    ]
    bare = fakes.trial_tables("T2")._replace(constraints=[], mentions=[])
    write(tmp_path, TrialTables(fakes.trial_tables().trial, [], limits, [], []), bare)
    found = query.select(tmp_path, "select * from wide order by trial_id")
    assert found.columns == ["trial_id", "age", "alt", "bmi", "ecog", "platelets"]
    assert list(found.rows) == [
        ("T1", ">= 18 and <= 65.5 a", "< 200 U/L and <= 3 {ULN}", "(+1)", "in 0,1", ">= 100 10*9/L (+1)"),
        ("T2", None, None, None, None, None),
    ]


def test_a_run_without_limits_can_be_asked(tmp_path: Path) -> None:
    write(tmp_path)
    for view in ("eligible_limits", "wide", "constraints", "quarantine"):
        assert list(query.select(tmp_path, f"from {view}").rows) == []


@pytest.mark.parametrize("format", tables.FORMATS)
@pytest.mark.parametrize("table", ["trials", "criteria", "constraints", "mentions", "numerals"])
def test_every_format_gives_the_rows_that_were_written(tmp_path: Path, format: tables.Format, table: str) -> None:
    trials = [fakes.trial_tables("T1"), fakes.trial_tables("T2")]
    trials[1] = trials[1]._replace(trial=trials[1].trial._replace(source="", conditions=(), eligibility_text=None))
    write(tmp_path, *trials, format=format)
    written = [tuple(row) for trial in trials for row in tables.by_table(trial)[table]]
    found = query.select(tmp_path, f"from {table}")
    assert found.columns == [column.name for column in tables.layout(table)]
    assert [tuple(tuple(x) if isinstance(x, list) else x for x in row) for row in found.rows] == written


@pytest.mark.parametrize("format", tables.FORMATS)
def test_a_run_of_an_older_version_lacks_a_column_and_can_be_asked(tmp_path: Path, format: tables.Format) -> None:
    write(tmp_path, fakes.trial_tables(), format=format)
    fakes.age(tmp_path / tables.file_name("constraints", format))
    sql = "select count(*), count(plausible), (select count(*) from eligible_limits) from constraints"
    assert list(query.select(tmp_path, sql).rows) == [(1, 0, 1)]


def test_csv_made_for_spreadsheets_can_be_asked_too(tmp_path: Path) -> None:
    written = tables.Folder(tmp_path, "csv", safe_csv=True)
    written.add(fakes.trial_tables("T1"))
    written.publish()
    (tmp_path / "quarantine.jsonl").touch()
    assert list(query.select(tmp_path, "select trial_id from constraints").rows) == [("T1",)]


def test_a_trial_of_ten_megabytes_is_one_row(tmp_path: Path) -> None:
    trial = fakes.trial_tables()
    long = trial._replace(trial=trial.trial._replace(eligibility_text='"x"\r\n' * 2_000_000))
    for format in tables.FORMATS:
        write(tmp_path / format, long, format=format)
        assert list(query.select(tmp_path / format, "select length(eligibility_text) from trials").rows) == [
            (10_000_000,)
        ]


def test_tables_of_several_files_are_one_table(tmp_path: Path) -> None:
    write(tmp_path, fakes.trial_tables("T1"))
    write(tmp_path / "more", fakes.trial_tables("T2"))
    whole = tmp_path / "constraints.parquet"
    parts = (whole.rename(tmp_path / "one"), tmp_path / "more" / "constraints.parquet")
    whole.mkdir()
    for number, part in enumerate(parts):
        part.rename(whole / f"part-{number}.parquet")
    (whole / "_SUCCESS").touch()
    assert list(query.select(tmp_path, "select trial_id from constraints order by 1").rows) == [("T1",), ("T2",)]


def test_quarantined_records_can_be_asked_for(tmp_path: Path) -> None:
    write(tmp_path)
    fault = {"source": "a.csv:3", "record": None, "reason": "broken_row", "detail": 'a "quote"', "way_out": "Quote."}
    (tmp_path / "quarantine.jsonl").write_text(json.dumps(fault) + "\n")
    found = query.select(tmp_path, "from quarantine")
    assert [dict(zip(found.columns, row, strict=True)) for row in found.rows] == [fault]


@pytest.mark.parametrize(
    "harm",
    [
        "copy (select 1) to '{folder}/new.csv'",
        "copy (select 1) to '{folder}/trials.parquet' (format parquet)",
        "with a as (copy (select 1) to '{folder}/trials.parquet' (format parquet)) select * from a",
        "explain analyze copy (select 1) to '{folder}/new.csv'",
        "export database '{folder}/new'",
        "attach '{folder}/new.db'",
        "select * from read_text('{folder}/manifest.json')",
        "select * from '{folder}/trials.parquet'",
        "select * from glob('{folder}/*')",
        "select * from 'https://example.org/a.parquet'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set temp_directory = '{folder}'",
        "select 1; copy (select 1) to '{folder}/new.csv'",
    ],
)
def test_a_query_reads_and_writes_nothing_but_the_tables(tmp_path: Path, harm: str) -> None:
    write(tmp_path, fakes.trial_tables())
    (tmp_path / "manifest.json").write_text("{}")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(CallError):
        list(query.select(tmp_path, harm.format(folder=tmp_path)).rows)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select * from eligible_limit", 'Did you mean "eligible_limits"?; `trialcriteria query OUT` without a query'),
        ("selec 1", 'syntax error at or near "selec"; `trialcriteria query OUT` without'),
        ("select 1; select 2", "2 queries where one is expected"),
        ("", "0 queries where one is expected"),
        ("select cast(quote as int) from constraints", "Conversion Error"),
    ],
)
def test_a_wrong_query_is_explained_in_one_line(tmp_path: Path, sql: str, message: str) -> None:
    write(tmp_path, fakes.trial_tables())
    with pytest.raises(CallError) as caught:
        list(query.select(tmp_path, sql).rows)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="holds no table of trials; name the folder that `trialcriteria extract` wrote"):
        query.connect(tmp_path)


def test_without_duckdb_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(CallError, match=r"pip install 'trialcriteria\[query\]'"):
        query.connect(tmp_path)


def test_a_frame_of_ones_own_can_be_joined(tmp_path: Path) -> None:
    import pyarrow as pa

    write(tmp_path, fakes.trial_tables("T1"), fakes.trial_tables("T2"))
    connection = query.connect(tmp_path)
    connection.register("mine", pa.table({"trial_id": ["T2"], "site": ["Basel"]}))
    assert connection.sql(
        "select trial_id, site, attribute from constraints join mine using (trial_id)"
    ).fetchall() == [("T2", "Basel", "platelets")]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as end:
        cli.main(["query", *arguments])
    assert not end.value.code
    return capsys.readouterr().out


def test_the_command_prints_a_table_csv_or_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, fakes.trial_tables())
    ask = (str(tmp_path), "select trial_id, low, eligible_levels l, negated, null n, 0.5 d from constraints")
    assert [line.split() for line in printed(capsys, *ask).splitlines()] == [
        ["trial_id", "low", "l", "negated", "n", "d"],
        ["T1", "100000.0", '["I",', '"II"]', "false", "0.5"],
    ]
    assert printed(capsys, *ask, "--format", "csv") == (
        'trial_id,low,l,negated,n,d\nT1,100000.0,"[""I"", ""II""]",false,,0.5\n'
    )
    assert json.loads(printed(capsys, *ask, "--format", "json")) == [
        {"trial_id": "T1", "low": 100000.0, "l": ["I", "II"], "negated": False, "n": None, "d": 0.5}
    ]
    nothing = (str(tmp_path), "from trials where false", "--format", "json")
    assert json.loads(printed(capsys, *nothing)) == []


def test_a_table_says_that_there_are_more_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, *(fakes.trial_tables(f"T{n}") for n in range(101)))
    lines = printed(capsys, str(tmp_path), "select trial_id from trials").splitlines()
    assert (len(lines), lines[-1].startswith("… these are the first 100 rows")) == (102, True)
    assert len(printed(capsys, str(tmp_path), "select trial_id from trials limit 100").splitlines()) == 101
    assert len(json.loads(printed(capsys, str(tmp_path), "from trials", "--format", "json"))) == 101


def test_without_a_query_the_tables_and_views_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, fakes.trial_tables())
    listed = {row["name"]: row for row in json.loads(printed(capsys, str(tmp_path), "--format", "json"))}
    assert list(listed) == [*query.TABLES, "quarantine", "binding", "eligible_limits", "wide"]
    assert listed["eligible_limits"]["meaning"].startswith("one row a trial and attribute")
    assert listed["numerals"]["columns"] == "trial_id, criterion_id, text, start, end, reason"


@pytest.mark.parametrize("format", tables.FORMATS)
def test_what_changed_since_an_earlier_run_can_be_asked(
    format: tables.Format, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, fakes.trial_tables(), format=format)
    tables.join("changes", [], tmp_path / tables.file_name("changes", format), format, last=[changes.removed("T0")])
    ask = (str(tmp_path), "select trial_id, what, change, low_before from changes", "--format", "json")
    assert json.loads(printed(capsys, *ask)) == [
        {"trial_id": "T0", "what": "trial", "change": "removed", "low_before": None}
    ]
    listed = [row["name"] for row in json.loads(printed(capsys, str(tmp_path), "--format", "json"))]
    assert listed[:6] == [*query.TABLES, "changes"]
