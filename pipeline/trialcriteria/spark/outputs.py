"""From results to tables: ids told apart, counts, notes, and the parts of each table in the order of the inputs."""

import json
import pickle
from collections import Counter
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from trialcriteria import batch, contradictions, tables
from trialcriteria.batch import FIRST_FAULTS, MANIFEST, QUARANTINE, Job, Report
from trialcriteria.contradictions import Notes
from trialcriteria.manifest import NOT_SELECTED, Counts
from trialcriteria.records import (
    TABLES,
    Constraint,
    Criterion,
    Fault,
    Mention,
    Skipped,
    Status,
    TrialRow,
    TrialTables,
)
from trialcriteria.spark.sources import Batches, rows_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

RECORDS_PER_PART = 20_000
"""Records to a part file. Tables are cut where the inputs say, so what a part holds does not depend on the cluster."""

STATUSES: tuple[Status, ...] = get_args(Status)


def files_read(results: "DataFrame") -> dict[int, int]:
    """How many records each file gave; here everything is read."""
    from pyspark.sql import functions as F

    return {
        row["file"]: row["records"] for row in results.groupBy("file").agg((F.max("at") + 1).alias("records")).collect()
    }


def told_apart(results: "DataFrame", own_ids: "DataFrame") -> "DataFrame":
    """The results with the `own_id` of each trial whose id was met before."""
    from pyspark.sql import functions as F

    return results.join(F.broadcast(own_ids), ["file", "at"], "left")


def own_ids(results: "DataFrame") -> "DataFrame":
    """What trials whose id was met before are called, by the rule of `batch.own_id`.

    Only ids that differ in nothing but an ending `#2`, `#3#2` … can meet, so each family of them is settled alone.
    """
    from pyspark.sql import functions as F

    families = (
        results.where("trial_id is not null")
        .groupBy(F.regexp_replace("trial_id", "(#[0-9]+)+$", "").alias("family"))
        .agg(F.sort_array(F.collect_list(F.struct("file", "at", "trial_id"))).alias("met"))
        .where(F.size("met") > F.size(F.array_distinct("met.trial_id")))
        .select("met")
    )
    return families.mapInArrow(_settled, "file int, at bigint, own_id string")


def here(frame: "DataFrame") -> "DataFrame":
    """A small frame, computed and held by the driver."""
    return frame.sparkSession.createDataFrame(frame.collect(), frame.schema)


def _settled(batches: Batches) -> Batches:
    """The new ids of families in which an id is met twice."""
    import pyarrow as pa

    schema = pa.schema({"file": pa.int32(), "at": pa.int64(), "own_id": pa.string()})
    for family in rows_of(batches):
        used: dict[str, int] = {}
        rows = [{**row, "own_id": batch.own_id(row["trial_id"], used)} for row in family["met"]]
        yield pa.RecordBatch.from_pylist([row for row in rows if row["own_id"] != row["trial_id"]], schema)


def table_of(told_apart: "DataFrame", table: str, *beside: str) -> "DataFrame":
    """The rows of `table`, with the columns `beside` them and `position`, where there are any."""
    from pyspark.sql import functions as F

    cells = {column: F.col(f"row.{column.name}") for column in tables.layout(table)}
    own = {column: F.coalesce("own_id", cell) for column, cell in cells.items() if column.name == "trial_id"}
    named = (cell.alias(column.name, metadata={"comment": column.meaning}) for column, cell in (cells | own).items())
    rows = told_apart.select(*beside, "own_id", F.posexplode(table).alias("position", "row"))
    return rows.select(*beside, *(["position"] if beside else []), *named)


def faults(told_apart: "DataFrame") -> "DataFrame":
    """What could not be read, with its place."""
    from pyspark.sql import functions as F

    record = F.coalesce("own_id", "fault.record").alias("record")
    cells = (record if name == "record" else F.col(f"fault.{name}") for name in Fault._fields)
    return told_apart.where("fault is not null").select("file", "at", *cells)


def counts(told_apart: "DataFrame", records: int) -> Counts:
    """What the run has met."""
    from pyspark.sql import functions as F

    sums = {table: F.sum(F.size(table)) for table in TABLES}
    sums |= {status: F.sum(F.expr(f"size(filter(criteria, row -> row.status = '{status}'))")) for status in STATUSES}
    sums |= {
        "quarantined": F.count("fault"),
        "skipped": F.count("skipped"),
        "repeated_ids": F.count("own_id"),
        "unread_numerals": F.sum(F.expr("size(filter(numerals, row -> row.reason = 'unread'))")),
    }
    found = told_apart.agg(*(total.alias(name) for name, total in sums.items())).first()
    counted: dict[str, int] = {name: n or 0 for name, n in (found.asDict() if found else {}).items()}
    reasons = told_apart.where("fault is not null").groupBy("fault.reason").count().collect()
    return Counts(
        records=records,
        rows={table: counted[table] for table in TABLES},
        statuses=Counter({status: counted[status] for status in STATUSES if counted[status]}),
        reasons=Counter({row["reason"]: row["count"] for row in reasons}),
        trials=counted["trials"],
        quarantined=counted["quarantined"],
        skipped=counted["skipped"],
        repeated_ids=counted["repeated_ids"],
        unread_numerals=counted["unread_numerals"],
    )


def write(told_apart: "DataFrame", files: dict[int, int], staging: Path) -> None:
    """Each table in parts, cut after so many records of the inputs and in their order."""
    from pyspark.sql import functions as F

    before = list(accumulate((files[file] for file in sorted(files)), initial=0))
    parts = -(-before[-1] // RECORDS_PER_PART)
    firsts = told_apart.sparkSession.createDataFrame(
        list(zip(sorted(files), before, strict=False)), "file int, before bigint"
    )
    part = F.floor((F.col("before") + F.col("at")) / RECORDS_PER_PART).cast("int")
    numbered = told_apart.join(F.broadcast(firsts), "file").withColumn("part", part)
    for table in TABLES:
        rows = table_of(numbered, table, "part", "file", "at").repartitionByRange(parts, "part")
        ordered = rows.sortWithinPartitions("part", "file", "at", "position").drop("file", "at", "position")
        written = ordered.write.option("compression", "zstd").partitionBy("part")
        written.parquet((staging / table).resolve().as_uri())


def _parts(folder: Path) -> list[Path]:
    """The files that Spark wrote of a table, in order: one to a folder `part=7`."""
    return sorted(folder.glob("part=*/*.parquet"), key=lambda path: int(path.parent.name.partition("=")[2]))


def rows_in(folder: Path) -> int:
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(path).num_rows for path in _parts(folder))


def set_aside(told_apart: "DataFrame", quarantine: Path, report: Report) -> list[Skipped]:
    """Write what could not be read, in order; gives what was skipped."""
    from pyspark.sql import functions as F

    with quarantine.open("w", encoding="utf-8", newline="\n") as file:
        for row in faults(told_apart).orderBy("file", "at").toLocalIterator():
            fault = Fault(*row[2:])
            file.write(json.dumps(fault._asdict(), ensure_ascii=True) + "\n")
            report.quarantined += [fault] if len(report.quarantined) < FIRST_FAULTS else []
    skipped = told_apart.where("skipped is not null").where(F.col("skipped.reason") != NOT_SELECTED)
    return [Skipped(*row) for row in skipped.orderBy("file", "at").select("skipped.*").collect()]


def notes(told_apart: "DataFrame") -> Notes:
    """What trials say against themselves: all counted, and the first in order."""
    from pyspark.sql import functions as F

    tables_of = ("trials", "criteria", "constraints", "mentions")
    read = told_apart.where(F.size("trials") > 0).select("file", "at", "own_id", *tables_of)
    noted = read.mapInArrow(_noted, "file int, at bigint, position int, kind string, note binary").persist()
    counts = {row["kind"]: row["count"] for row in noted.groupBy("kind").count().collect()}
    first = noted.orderBy("file", "at", "position").limit(contradictions.KEPT).collect()
    noted.unpersist()
    return Notes(Counter(counts), [pickle.loads(row["note"]) for row in first])


def _noted(batches: Batches) -> Batches:
    """The notes of each trial, under its own id."""
    import pyarrow as pa

    names = {"file": pa.int32(), "at": pa.int64(), "position": pa.int32(), "kind": pa.string(), "note": pa.binary()}
    for row in rows_of(batches):
        read = TrialTables(
            TrialRow(**row["trials"][0]),
            [Criterion(**cells) for cells in row["criteria"]],
            [Constraint(**cells) for cells in row["constraints"]],
            [Mention(**cells) for cells in row["mentions"]],
            [],
        )
        name = row["own_id"] or read.trial.trial_id
        found = contradictions.notes(read)
        notes = [(note.kind, pickle.dumps(note._replace(trial_id=name))) for note in found]
        lines = [
            {"file": row["file"], "at": row["at"], "position": position, "kind": kind, "note": note}
            for position, (kind, note) in enumerate(notes)
        ]
        yield pa.RecordBatch.from_pylist(lines, pa.schema(names))


def not_found(results: "DataFrame", job: Job) -> list[str]:
    from pyspark.sql import functions as F

    if job.ids is None:
        return []
    found = results.select(F.coalesce("trial_id", "fault.record").alias("name")).distinct().collect()
    return sorted(job.ids - {row["name"] for row in found})


def publish(staging: Path, folder: Path) -> list[Path]:
    """Give every table its name, and remove those of an earlier run."""
    import pyarrow.parquet as pq

    (folder / MANIFEST).unlink(missing_ok=True)  # from here on, an earlier run's would be untrue
    for table in TABLES:
        path = staging / tables.file_name(table, "parquet")
        path.mkdir()
        for number, part in enumerate(_parts(staging / table)):
            part.replace(path / f"part-{number:05}.parquet")
        if not any(path.iterdir()):
            pq.write_table(tables.arrow(table, ()), path / "part-00000.parquet", compression="zstd")
    for earlier in tables.all_files(folder):
        tables.remove(earlier)
    for table in TABLES:
        path = staging / tables.file_name(table, "parquet")
        path.replace(folder / path.name)
    quarantine = (staging / QUARANTINE).replace(folder / QUARANTINE)
    return [*(folder / tables.file_name(table, "parquet") for table in TABLES), quarantine]
