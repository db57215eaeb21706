"""Spark reads what the local engine reads, and its tables are as the schema says."""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import fakes
from fakes import trial_tables
from test_readme import README
from trialcriteria import batch, cli, spark, tables, workers
from trialcriteria.batch import CallError, Job, Output
from trialcriteria.records import TABLES

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TYPES = {"str": "string", "int": "bigint", "float": "double", "bool": "boolean", "list": "array<string>"}
ROOT = Path(__file__).resolve().parents[1]
NEEDS_SPARK = pytest.mark.needs("java", "spark")
AGES = '"Inclusion Criteria:\n* Age 65 years or older\nExclusion Criteria:\n* Age 60 years or older"'
"""Nobody is as old."""
TEXT = '"Inclusion Criteria: Age > {} years; no chemotherapy within {} weeks, platelets at least 100,000/µL"'


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator["SparkSession"]:
    """One session for all; in its workers, the texts "fail" and "die" do what they say."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(spark.sessions.patient("local[2]"))
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.python.daemon.module": "spark_daemon",
    }.items():
        builder = builder.config(name, value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT / "tests"))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        yield session
        session.stop()


def rows(frame: "DataFrame") -> list[tuple[Any, ...]]:
    return [tuple(tuple(x) if isinstance(x, list) else x for x in row) for row in frame.collect()]


@NEEDS_SPARK
def test_spark_reads_every_table_with_the_types_and_rows_it_was_written_with(
    tmp_path: Path, session: "SparkSession"
) -> None:
    written = tables.Folder(tmp_path, "parquet")
    written.add(trial_tables())
    written.publish()
    for table, expected in tables.by_table(trial_tables()).items():
        frame = session.read.parquet(str(tmp_path / f"{table}.parquet"))
        assert frame.dtypes == [(column.name, TYPES[column.type]) for column in tables.layout(table)]
        assert rows(frame) == [tuple(row) for row in expected]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Samples, a folder with files of all sorts, and records that make trouble; ids repeat across the files."""
    folder = tmp_path_factory.mktemp("inputs")
    shutil.copy(ROOT / "samples" / "registry.csv", folder)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    (folder / ".hidden.csv").write_text("nct_id,criteria\n")
    (folder / "trial.txt").write_text("Inclusion Criteria:\n* ECOG 0-1\n", encoding="utf-8")
    (folder / "no_ids.csv").write_text(f"criteria\n{TEXT.format(18, 2)}\n{TEXT.format(21, 3)}\n", encoding="utf-8")
    more = [f"T{n % 4},{text}" for n, text in enumerate([*(TEXT.format(n, n) for n in range(20, 30)), "fail", "die"])]
    more += [
        f"T1#2,{TEXT.format(12, 2)}",
        "T2,",
        "T3,one,cell,too many",
        f"T5,{TEXT.format(5, 5)}",
        *(f"T{n},{AGES}" for n in (6, 7, 8)),
    ]
    (folder / "more.csv").write_text("\n".join(["nct_id,criteria", *more]) + "\n", encoding="utf-8")
    return (str(ROOT / "samples" / "registry.json"), str(folder))


@pytest.fixture(scope="module")
def both(
    inputs: tuple[str, ...], session: "SparkSession", tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The folders that the local engine and Spark make of the same inputs."""
    folder = tmp_path_factory.mktemp("outputs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spark.outputs, "RECORDS_PER_PART", 10)
        spark.run(Job(inputs), Output(folder / "spark"))
        patch.setattr(workers, "reader", fakes.troubled_reader)
        patch.setattr(workers, "_prepare", fakes.make_trouble)
        batch.run(Job(inputs, workers=2), Output(folder / "local"))
    return folder / "local", folder / "spark"


@NEEDS_SPARK
@pytest.mark.parametrize("table", TABLES)
def test_the_parts_hold_the_rows_of_the_local_engine_in_its_order(both: tuple[Path, Path], table: str) -> None:
    local, by_spark = (list(tables.read(folder / f"{table}.parquet")) for folder in both)
    assert by_spark == local
    assert len(local) > 20


@NEEDS_SPARK
def test_what_could_not_be_read_is_what_the_local_engine_could_not_read(both: tuple[Path, Path]) -> None:
    local, by_spark = ((folder / "quarantine.jsonl").read_text() for folder in both)
    assert by_spark == local
    found = [(fault["record"], fault["reason"]) for fault in map(json.loads, local.splitlines())]
    assert found == [
        ("T2#3", "internal_error"),
        ("T3#3", "killed_worker"),
        ("T2", "no_eligibility_text"),
        ("T3", "wrong_number_of_cells"),
    ]


@NEEDS_SPARK
def test_the_manifest_says_what_the_local_one_says(both: tuple[Path, Path]) -> None:
    local, by_spark = (json.loads((folder / "manifest.json").read_text()) for folder in both)
    for fact in ("versions", "inputs", "lexicon", "counts", "notes", "ids_not_found", "skipped"):
        assert by_spark[fact] == local[fact]
    assert local["notes"]["by_kind"]["excludes_everyone"] >= 3
    assert local["counts"]["repeated_ids"] and local["skipped"]
    assert by_spark["options"]["engine"].startswith("spark ")
    assert [output["name"] for output in by_spark["outputs"]] == [output["name"] for output in local["outputs"]]


@NEEDS_SPARK
def test_parts_are_cut_where_the_inputs_say_and_nothing_else_is_left(both: tuple[Path, Path]) -> None:
    folder = both[1]
    parts = [path.name for path in sorted((folder / "trials.parquet").iterdir())]
    assert parts == [f"part-{number:05}.parquet" for number in range(len(parts))]
    ids = [[row.trial_id for row in tables.read(folder / "trials.parquet" / part, "trials")] for part in parts]
    assert len(ids) > 2 and max(map(len, ids)) == 10
    assert {path.name for path in folder.iterdir()} == {
        *(f"{table}.parquet" for table in TABLES),
        "quarantine.jsonl",
        "manifest.json",
    }


@NEEDS_SPARK
@pytest.mark.parametrize("table", TABLES)
def test_what_is_written_keeps_types_comments_and_what_may_be_null(both: tuple[Path, Path], table: str) -> None:
    import pyarrow.parquet as pq

    path = next((both[1] / f"{table}.parquet").iterdir())
    schema = pq.read_schema(path)
    fields = [(field.name, field.nullable, str(field.type).replace("element", "item")) for field in schema]
    expected = [
        (field.name, field.nullable, str(field.type).replace("element", "item")) for field in tables.schema(table)
    ]
    assert fields == expected
    comments = json.loads(schema.metadata[b"org.apache.spark.sql.parquet.row.metadata"])["fields"]
    assert [field["metadata"]["comment"] for field in comments] == [column.meaning for column in tables.layout(table)]


@NEEDS_SPARK
def test_only_the_ids_asked_for_are_read(inputs: tuple[str, ...], session: "SparkSession", tmp_path: Path) -> None:
    asked = frozenset({"T0", "T5", "TEST0001", "T99"})
    report = spark.run(Job((f"{inputs[1]}/more.csv",), ids=asked), Output(tmp_path / "out"))
    assert [row.trial_id for row in tables.read(tmp_path / "out" / "trials.parquet")] == ["T0", "T0#2", "T0#3", "T5"]
    counts = report.counts
    assert (counts.records, counts.trials, counts.quarantined, counts.skipped) == (19, 4, 0, 15)
    assert report.ids_not_found == ["T99", "TEST0001"]


@NEEDS_SPARK
def test_a_frame_is_read_inside_a_job(session: "SparkSession") -> None:
    texts = ["Platelets > 75 x 10^9/L", "fail", "die", " ", "ECOG 0-1", "ECOG 0-2"]
    given = list(zip(["A", "B", "C", "D", "A", None], texts, range(6), strict=True))
    found = spark.extract(session.createDataFrame(given, "`NCT Number` string, `criteria.text` string, other int"))
    for table in TABLES:
        assert getattr(found, table).schema == spark.results.schema(table)
    assert [row.trial_id for row in found.trials.collect()] == ["A", "A#2"]
    assert [(row.trial_id, row.attribute) for row in found.constraints.collect()] == [
        ("A", "platelets"),
        ("A#2", "ecog"),
    ]
    assert [(row.record, row.reason) for row in found.quarantine.collect()] == [
        ("B", "internal_error"),
        ("C", "killed_worker"),
        ("D", "no_eligibility_text"),
        (None, "no_id"),
    ]
    found.results.unpersist()


@NEEDS_SPARK
def test_a_frame_without_the_columns_is_refused(session: "SparkSession") -> None:
    frame = session.createDataFrame([("A", "ECOG 0-1")], "id string, words string")
    with pytest.raises(CallError, match=r"no column of criteria; it has id, words\. .* criteria_column=…"):
        spark.extract(frame)
    with pytest.raises(CallError, match="no column of trial ids"):
        spark.extract(frame.select("words"), criteria_column="words")
    with pytest.raises(CallError, match="no column of wording"):
        spark.extract(frame, criteria_column="wording")


@pytest.mark.needs("java", "spark", "duckdb")
def test_the_command_replaces_a_local_run_and_the_others_read_what_it_wrote(
    session: "SparkSession", tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as end:
            cli.main(arguments)
        return int(end.value.code or 0), capsys.readouterr().out

    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text(f"nct_id,criteria\nT1,{TEXT.format(18, 2)}\nT2,Adults\n", encoding="utf-8")
    assert run("extract", "in.csv", "-o", "out", "--format", "csv", "-q") == (0, "")
    assert run("extract", "in.csv", "-o", "out", "--engine", "spark", "--overwrite", "-q") == (0, "")
    assert run("query", "out", "select count(*) as n from constraints", "--format", "csv") == (0, "n\n3\n")
    assert run("query", "out", "select count(*) as n from numerals", "--format", "csv") == (0, "n\n0\n")
    assert [row.source for row in tables.read(Path("out/trials.parquet"))] == ["in.csv:2", "in.csv:3"]
    assert run("review", "out") == (0, "review.html: 2 trials, 4 rows\n")
    assert run("extract", "in.csv", "-o", "out", "--format", "csv", "--overwrite", "-q") == (0, "")
    assert {path.suffix for path in Path("out").iterdir()} == {".csv", ".json", ".jsonl"}


@NEEDS_SPARK
def test_the_readme_shows_a_job_that_runs(session: "SparkSession", tmp_path: Path) -> None:
    trials, limits = (tmp_path / name for name in ("trials.parquet", "limits.parquet"))
    session.createDataFrame([("A", "ECOG 0-1")], "nct_id string, criteria string").write.parquet(str(trials))
    (code,) = re.findall(r"```python spark\n(.*?)```", README, re.S)
    code = code.replace(trials.name, str(trials)).replace(limits.name, str(limits))
    exec(compile(code, "README.md", "exec"), {"session": session})
    assert session.read.parquet(str(limits)).count() == 1


@NEEDS_SPARK
def test_a_job_that_spark_gives_up_leaves_the_folder_as_it_was(
    session: "SparkSession", inputs: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(results: "DataFrame") -> None:
        session.sql("select raise_error('no memory is left')").collect()

    monkeypatch.setattr(spark.outputs, "files_read", fails)
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CallError, match=r"Spark gave up: .*no memory is left"):
        spark.run(Job(inputs), Output(tmp_path, overwrite=True))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("job", "output", "message"),
    [
        (Job(("-",)), {}, "Spark cannot read standard input"),
        (Job(("a.csv",), limit=3), {}, "--limit is for a first look"),
        (Job(("a.csv",), workers=2), {}, r"--master 'local\[4\]'"),
        (Job(("a.csv",)), {"format": "csv"}, "Spark writes Parquet, not csv"),
        (Job(("s3a://trials/a.csv",)), {}, "trialcriteria.spark.extract"),
    ],
)
def test_what_means_nothing_to_spark_is_refused(job: Job, output: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(CallError, match=message):
        spark.run(job, Output(tmp_path / "out", **output))
    assert not (tmp_path / "out").exists()


def test_without_spark_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(CallError, match=r"pip install 'trialcriteria\[spark\]'"):
        spark.run(Job((str(tmp_path),)), Output(tmp_path / "out"))


@pytest.mark.needs("spark")
def test_without_java_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from pyspark.sql import SparkSession

    monkeypatch.setattr(SparkSession, "getActiveSession", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda command: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(CallError, match=r"Spark needs Java 17.*openjdk-17-jre-headless"):
        spark.run(Job((str(tmp_path),)), Output(tmp_path / "out"))
    assert not (tmp_path / "out").exists()
