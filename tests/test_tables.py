"""Rows go to every format and come back as they were."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fakes import TEXT, age, trial_tables
from trialcriteria import tables
from trialcriteria.records import TABLES, Constraint, TrialTables, columns


def write(folder: Path, format: tables.Format, *trials: TrialTables, safe_csv: bool = False) -> tables.Folder:
    written = tables.Folder(folder, format, safe_csv=safe_csv)
    for trial in trials:
        written.add(trial)
    written.publish()
    return written


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("format", tables.FORMATS)
def test_rows_come_back_from_every_format_as_they_were(tmp_path: Path, table: str, format: tables.Format) -> None:
    trial = trial_tables()
    write(tmp_path, format, trial)
    assert list(tables.read(tmp_path / f"{table}.{format}")) == list(tables.by_table(trial)[table])


@pytest.mark.parametrize("table", TABLES)
def test_the_parquet_schema_says_what_records_declares(tmp_path: Path, table: str) -> None:
    write(tmp_path, "parquet", trial_tables())
    schema = pq.read_schema(tmp_path / f"{table}.parquet")
    declared = [(name, meaning, hint == hint | None) for name, hint, meaning in columns(table)]  # type: ignore[operator]
    found = [(field.name, field.metadata[b"description"].decode(), field.nullable) for field in schema]
    assert found == declared
    assert schema.metadata[b"trialcriteria.schema_version"] == b"1"


def test_types_follow_the_declaration() -> None:
    types = {field.name: field.type for field in tables.schema("constraints")}
    assert (types["low"], types["start"], types["negated"], types["targets"], types["kind"]) == (
        pa.float64(),
        pa.int64(),
        pa.bool_(),
        pa.list_(pa.string()),
        pa.string(),
    )


def test_parquet_is_written_in_groups_cut_after_the_same_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "TRIALS_PER_GROUP", 2)
    write(tmp_path, "parquet", *(trial_tables(f"T{n}") for n in range(5)))
    for table in TABLES:
        file = pq.ParquetFile(tmp_path / f"{table}.parquet")
        groups = [file.read_row_group(n).column("trial_id").to_pylist() for n in range(file.num_row_groups)]
        assert groups == [["T0", "T1"], ["T2", "T3"], ["T4"]]


@pytest.mark.parametrize("format", tables.FORMATS)
def test_a_table_of_an_older_version_lacks_a_column_and_can_be_read(tmp_path: Path, format: tables.Format) -> None:
    trial = trial_tables()
    write(tmp_path, format, trial)
    age(tmp_path / f"constraints.{format}")
    assert list(tables.read(tmp_path / f"constraints.{format}")) == [
        row._replace(plausible=None) for row in trial.constraints
    ]


def test_nothing_has_its_name_before_the_run_is_through(tmp_path: Path) -> None:
    written = tables.Folder(tmp_path, "csv")
    written.add(trial_tables())
    assert {path.name for path in tmp_path.iterdir()} == {f"{table}.csv.partial" for table in TABLES}
    written.publish()
    assert {path.name for path in tmp_path.iterdir()} == {f"{table}.csv" for table in TABLES}


def test_a_run_in_another_format_leaves_no_tables_of_the_earlier_one(tmp_path: Path) -> None:
    write(tmp_path, "csv", trial_tables())
    write(tmp_path, "jsonl", trial_tables())
    assert {path.name for path in tmp_path.iterdir()} == {f"{table}.jsonl" for table in TABLES}


def test_a_folder_of_parts_is_read_in_the_order_of_their_names_and_replaced_by_a_file(tmp_path: Path) -> None:
    for table in TABLES:
        (tmp_path / f"{table}.parquet").mkdir()
        for number in (1, 0):
            rows = tables.by_table(trial_tables(f"T{number}"))[table]
            pq.write_table(tables.arrow(table, rows), tmp_path / f"{table}.parquet" / f"part-{number:05}.parquet")
    assert [row.trial_id for row in tables.read(tmp_path / "trials.parquet")] == ["T0", "T1"]
    write(tmp_path, "parquet", trial_tables("T2"))
    assert [row.trial_id for row in tables.read(tmp_path / "trials.parquet")] == ["T2"]


def test_a_discarded_run_leaves_the_earlier_tables(tmp_path: Path) -> None:
    write(tmp_path, "jsonl", trial_tables("before"))
    written = tables.Folder(tmp_path, "jsonl")
    written.add(trial_tables("after"))
    written.discard()
    assert [row.trial_id for row in tables.read(tmp_path / "trials.jsonl")] == ["before"]
    assert {path.name for path in tmp_path.iterdir()} == {f"{table}.jsonl" for table in TABLES}


def test_csv_holds_lists_as_json_and_nothing_for_what_is_absent(tmp_path: Path) -> None:
    write(tmp_path, "csv", trial_tables())
    header, row = (tmp_path / "mentions.csv").read_text(encoding="utf-8").splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert (cells["narrowed"], cells["concept"], cells["negated"]) == ('"[""I1c1""]"', "", "false")


def test_jsonl_holds_null_for_what_is_absent(tmp_path: Path) -> None:
    write(tmp_path, "jsonl", trial_tables())
    row = json.loads((tmp_path / "trials.jsonl").read_text(encoding="utf-8"))
    assert (row["phase"], row["conditions"], row["eligibility_text"]) == (None, ["one", "two"], TEXT)


def test_safe_csv_disarms_formulas_and_leaves_operators_and_numbers(tmp_path: Path) -> None:
    trial = trial_tables()
    equal = trial.constraints[0]._replace(operator="=", low=-1.0)
    write(tmp_path, "csv", trial._replace(constraints=[equal]), safe_csv=True)
    (row,) = tables.read(tmp_path / "constraints.csv")
    assert (row.operator, row.low) == ("=", -1.0)
    (row,) = tables.read(tmp_path / "trials.csv")
    assert row.title == "'=1+1"
    assert (tmp_path / "trials.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("trials", [[], [trial_tables()]], ids=["no rows", "one row"])
def test_frames_have_the_same_types_whether_or_not_there_are_rows(trials: list[TrialTables]) -> None:
    frame = tables.frame("constraints", [row for trial in trials for row in trial.constraints])
    dtypes = frame.dtypes.astype(str)
    assert list(frame.columns) == list(Constraint._fields)
    assert dict(dtypes[["low", "start", "negated", "quote"]]) == {
        "low": "float64",
        "start": "Int64",
        "negated": "boolean",
        "quote": "string",
    }


def test_the_schema_page_names_every_column() -> None:
    for table in TABLES:
        names = [name for name, _, _ in columns(table)]
        page = tables.markdown(table).splitlines()[4:]
        assert [line.split("`")[1] for line in page] == names
        assert [column["name"] for column in tables.describe(table)] == names
