"""Spark: a frame of trials, or the files of a run, read into the five tables on one machine or a cluster.

`extract` is for use inside a job, `run` is what `trialcriteria extract --engine spark` does. Both read each trial once,
into one row of results with the rows of the five tables nested in it, which is kept while the tables are taken from
it. Every Python worker builds the pipeline once; texts pass between workers and never through the driver.
"""

import shutil
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from trialcriteria import batch, manifest, shards, tables
from trialcriteria.batch import MANIFEST, QUARANTINE, CallError, Job, Output, Report
from trialcriteria.manifest import STANDARD_INPUT
from trialcriteria.records import TABLES, Fault
from trialcriteria.registries import ColumnNames, columns
from trialcriteria.spark import outputs, sessions, sources
from trialcriteria.spark.results import results_of
from trialcriteria.workers import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

STAGING = ".spark" + tables.PARTIAL


class Tables(NamedTuple):
    """A Spark frame for each table and for what could not be read; `results.unpersist()` when they are done with."""

    trials: "DataFrame"
    criteria: "DataFrame"
    constraints: "DataFrame"
    mentions: "DataFrame"
    numerals: "DataFrame"
    quarantine: "DataFrame"
    results: "DataFrame"


def extract(
    frame: "DataFrame",
    *,
    id_column: str | None = None,
    criteria_column: str | None = None,
    inclusion_column: str | None = None,
    exclusion_column: str | None = None,
    settings: Settings | None = None,
) -> Tables:
    """The tables of a Spark frame with a trial a row; nothing is read before one of them is asked for.

    Columns are found by the names that a CSV may have (`registries.columns.ACCEPTED`), or named here; `settings` are
    the `workers.Settings` of other runs. A repeated id becomes `id#2`, in the order in which Spark has the rows; a row
    without an id is quarantined. On a local master, a record that kills its worker ends the job unless failed tasks
    are tried again: `local[4,4]`, not `local[4]`.

        found = extract(spark.read.parquet("s3a://trials/"), criteria_column="eligibility")
        found.constraints.write.parquet("s3a://tables/constraints")
    """
    sessions.need()
    from pyspark.sql import functions as F

    names = ColumnNames(id_column, criteria_column, inclusion_column, exclusion_column)
    known = columns.layout(frame.columns, names)
    if not known.has_criteria or "id" not in known.columns:
        what = ", ".join(known.missing) or ("trial ids" if known.has_criteria else "criteria")
        raise CallError(
            f"the frame has no column of {what}; it has {', '.join(frame.columns)}. "
            "Name columns of it: id_column=…, criteria_column=…, or inclusion_column=… and exclusion_column=…"
        )
    quoted = {what: "`" + frame.columns[at].replace("`", "``") + "`" for what, at in known.columns.items()}
    cells = [F.col(name).alias(what) for what, name in quoted.items()]
    rows = frame.select(F.monotonically_increasing_id().alias("at"), *cells)
    results = results_of(rows, sources.frame_items, settings or Settings())
    told_apart = outputs.told_apart(results, outputs.own_ids(results))
    trials, criteria, constraints, mentions, numerals = (outputs.table_of(told_apart, table) for table in TABLES)
    quarantine = outputs.faults(told_apart).select(*Fault._fields)
    return Tables(trials, criteria, constraints, mentions, numerals, quarantine, results)


def run(job: Job, output: Output, master: str | None = None) -> Report:
    """Read the inputs of `job` into the folder of `output`, each table a folder of Parquet parts.

    Rows, ids, quarantine and counts are those of `batch.run`, and the parts in the order of their names hold the rows
    in its order. On a cluster, inputs and output must have the same path on every machine.
    """
    _check(job, output)
    batch.check(job, output)
    sessions.need()
    sessions.need_java()
    batch.prepare(output)
    with batch.alone_in(output.folder):
        shards.discard(output.folder)  # what is kept of a run that --overwrite gives up
        return _run(job, output, master)


def _run(job: Job, output: Output, master: str | None) -> Report:
    began, started = datetime.now(UTC), time.perf_counter()
    identity, inputs = batch.identify(job, output)
    staging = output.folder / STAGING
    with sessions.session(master) as spark, sessions.refusals():
        results = results_of(sources.records(spark, job, inputs), sources.file_items, job.settings)
        try:
            files = outputs.files_read(results)
            told_apart = outputs.told_apart(results, outputs.here(outputs.own_ids(results)))
            report = Report(output.folder, 0.0, outputs.counts(told_apart, sum(files.values())))
            outputs.write(told_apart, files, staging)
            report.counts.check({table: outputs.rows_in(staging / table) for table in TABLES})
            report.skipped = outputs.set_aside(told_apart, staging / QUARANTINE, report)
            report.ids_not_found = outputs.not_found(results, job)
            report.notes = outputs.notes(told_apart)
            written = outputs.publish(staging, output.folder)
        finally:
            results.unpersist()
            shutil.rmtree(staging, ignore_errors=True)
        engine = f"spark {spark.version}"
    report.seconds = time.perf_counter() - started
    began_at = began.isoformat(timespec="seconds")
    manifest.write(
        output.folder / MANIFEST,
        batch.finished(identity, job, report, inputs, written, began_at, engine),
    )
    return report


def _check(job: Job, output: Output) -> None:
    """Raise `CallError` for what is said of a run in one process and means nothing here."""
    if STANDARD_INPUT in job.inputs:
        raise CallError("Spark cannot read standard input, which is on one machine; name a file or a folder")
    if job.limit is not None:
        raise CallError("--limit is for a first look, which needs no Spark; leave --engine spark or --limit out")
    if job.workers != 1:
        raise CallError("--workers means nothing to Spark; --master 'local[4]' reads in four processes")
    if output.resume:
        raise CallError("--resume is for a run in one process; a Spark job that failed starts afresh")
    if job.since:
        raise CallError("--since compares in one process; leave --engine spark or --since out")
    if output.format != "parquet":
        raise CallError(f"Spark writes Parquet, not {output.format}; leave --format or --engine spark out")
    for source in job.inputs:
        if "://" in source:
            way_out = "read it with Spark and hand the frame to trialcriteria.spark.extract"
            raise CallError(f"{source}: an address, and the command reads files and folders; {way_out}")
