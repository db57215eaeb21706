"""`extract`: files or folders into a folder of tables."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trialcriteria.cli.live import log, progress, stopping
from trialcriteria.cli.options import Engine, Format, InputFormat, Lexicons, Only
from trialcriteria.cli.terminal import NOTHING_READ, STOPPED, TOO_MANY_QUARANTINED, fail, show, trouble

if TYPE_CHECKING:
    from trialcriteria.batch import Report


def extract(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="Files or folders; - reads standard input.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Folder for the tables.")],
    format: Annotated[Format, typer.Option(help="Format of the tables.")] = Format.parquet,
    input_format: InputFormat = None,
    id_column: Annotated[str | None, typer.Option(metavar="NAME", help="Column that holds the trial id.")] = None,
    criteria_column: Annotated[str | None, typer.Option(metavar="NAME", help="Column that holds the criteria.")] = None,
    inclusion_column: Annotated[
        str | None, typer.Option(metavar="NAME", help="Column that holds the inclusion criteria alone.")
    ] = None,
    exclusion_column: Annotated[
        str | None, typer.Option(metavar="NAME", help="Column that holds the exclusion criteria alone.")
    ] = None,
    ids: Annotated[Path | None, typer.Option(metavar="FILE", help="Read only these trials: one id a line.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after so many trials.")] = None,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Leave out limits below this confidence, and what is linked to them.")
    ] = 0.0,
    only: Annotated[Only, typer.Option(help="Leave mentions out, and the links to them.")] = Only.all,
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave the eligibility text out of the table.")] = False,
    workers: Annotated[int, typer.Option(min=0, help="Processes that read; 0 is one for each core.")] = 1,
    engine: Annotated[
        Engine, typer.Option(help="Spark reads on a cluster, or all cores, and writes each table as a folder of parts.")
    ] = Engine.local,
    master: Annotated[
        str | None, typer.Option(metavar="URL", help="Spark's master: local[4], spark://host:7077, yarn, k8s://…")
    ] = None,
    lexicon: Lexicons = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the tables in a folder in use.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was stopped or killed.")] = False,
    since: Annotated[
        Path | None,
        typer.Option(metavar="OLD", help="Keep the rows of trials whose text this earlier run read; write changes."),
    ] = None,
    allow_quarantined: Annotated[int, typer.Option(min=0, help="Quarantined records that still are a success.")] = 0,
    safe_csv: Annotated[bool, typer.Option("--safe-csv", help="CSV no spreadsheet takes for formulas.")] = False,
    head: Annotated[int, typer.Option(min=0, help="Show the first so many constraints at the end.")] = 0,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Log to standard error as JSON lines, without a word of any text.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print only errors: what could not be read, and why.")
    ] = False,
) -> None:
    """Read the criteria of files or folders into a folder of tables.

    What is read is kept as the run goes; one that was stopped or killed goes on with the same command and --resume.
    """
    from itertools import islice

    from trialcriteria import batch, screen, tables
    from trialcriteria.workers import Settings

    with trouble():
        job = batch.Job(
            tuple(inputs),
            input_format,
            batch.Columns(id_column, criteria_column, inclusion_column, exclusion_column),
            batch.read_ids(ids) if ids else None,
            limit,
            Settings(tuple(lexicon or ()), only.value, min_confidence, keep_text=not no_text),
            workers or os.cpu_count() or 1,
            since,
        )
        output = batch.Output(out, format.value, safe_csv, overwrite, resume)
        if master and engine is not Engine.spark:
            fail("--master is Spark's; add --engine spark")
        if log_json and engine is Engine.spark:
            fail("--log-json tells of a run in this process; Spark has logs of its own")
        try:
            if engine is Engine.spark:
                from trialcriteria import spark

                report = spark.run(job, output, master)
            else:
                with stopping(), log(job) if log_json else progress(job, quiet) as (job, on_progress, on_fault):
                    report = batch.run(job, output, on_progress, on_fault)
        except KeyboardInterrupt:
            kept = batch.is_resumable(job, out)
            if log_json:
                typer.echo(screen.log_line("stopped", resumable=kept), err=True)
            elif kept:
                instead = " in place of --overwrite" if overwrite else ""
                typer.echo(
                    f"Stopped. What was read is kept in {out}; the same command with --resume{instead} goes on.",
                    err=True,
                )
            else:
                typer.echo(f"Stopped. {out} is as it was; the same command starts again.", err=True)
            raise typer.Exit(STOPPED) from None
    if report.complete:
        if not quiet:
            typer.echo(f"{out}: this run is complete already; there is nothing left to do")
        return
    if log_json:
        for item in report.skipped:
            typer.echo(screen.log_line("skipped", source=item.source, reason=item.reason), err=True)
        typer.echo(screen.log_line("end", **screen.log_counts(report.counts), seconds=report.seconds), err=True)
    if quiet:
        if not log_json:
            for line in screen.set_aside(report):
                typer.echo(line, err=True)
    else:
        show(*screen.summary(report))
        if head:
            rows = tables.read(out / tables.file_name("constraints", format.value))
            show("", screen.first_rows(islice(rows, head)))
    raise typer.Exit(_exit_code(report, allow_quarantined))


def _exit_code(report: "Report", allowed: int) -> int:
    if not report.counts.trials:
        return NOTHING_READ
    return TOO_MANY_QUARANTINED if report.counts.quarantined > allowed else 0
