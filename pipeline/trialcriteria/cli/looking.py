"""`explain`, `review`, `query`, `schema` and `doctor`: what was read, what can be asked, what is installed."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trialcriteria.cli.options import AnswerFormat, InputFormat, Lexicons, SchemaFormat
from trialcriteria.cli.terminal import NOTHING_READ, fail, show, trouble

if TYPE_CHECKING:
    from trialcriteria.records import Trial


def explain(
    what: Annotated[str, typer.Argument(metavar="TEXT|FILE", help="Criteria as text, or a file; - is standard input.")],
    trial: Annotated[str | None, typer.Option(metavar="ID", help="Which trial of the file.")] = None,
    input_format: InputFormat = None,
    lexicon: Lexicons = None,
) -> None:
    """Show how each criterion was read, with the rule behind each row."""
    from trialcriteria import explain as explaining
    from trialcriteria.workers import Settings, reader

    with trouble():
        chosen = _chosen(what, trial, input_format, tuple(lexicon or ()))
        tables = reader(Settings(tuple(lexicon or ())))(chosen)
        show(*explaining.blocks(tables))


def review(
    run: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of tables that `extract` wrote.")],
    gold: Annotated[Path | None, typer.Option(metavar="FILE", help="Annotations of its trials, to compare.")] = None,
    page: Annotated[Path, typer.Option("--page", "--out", "-o", metavar="FILE", help="The page.")] = Path(
        "review.html"
    ),
    limit: Annotated[int, typer.Option(min=1, help="Show the first so many trials.")] = 2_000,
) -> None:
    """Write a page that shows each trial's text beside its rows, for a browser; it needs no network."""
    from trialcriteria import review as reviewing

    with trouble():
        found = reviewing.write(run, page, gold, limit)
        typer.echo(f"{page}: {found.trials:,} trials, {found.rows:,} rows")
        if gold:
            typer.echo(f"{found.annotated:,} of them annotated in {gold}")
        if found.sealed:
            typer.echo(f"{found.sealed:,} are of the test gold, whose errors stay sealed", err=True)
        if found.not_in_run:
            typer.echo(f"annotated, but not in this run: {', '.join(found.not_in_run)}", err=True)
        if found.left_out:
            typer.echo(f"{found.left_out:,} more trials are left out; --limit shows more", err=True)


def query(
    run: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of tables that `extract` wrote.")],
    sql: Annotated[
        str | None, typer.Argument(metavar="SQL", help="The query; without one, what can be asked is listed.")
    ] = None,
    format: Annotated[AnswerFormat, typer.Option(help="A table to look at, or all rows as CSV or JSON.")] = (
        AnswerFormat.table
    ),
) -> None:
    """Ask the tables of a run in SQL (DuckDB). Nothing is written and no network is used.

    There is each table by its name, eligible_limits (the tightest limits of each trial and attribute) and wide (a
    column for each attribute). Needs the extra: pip install 'trialcriteria[query]'.
    """
    from trialcriteria import query as querying
    from trialcriteria import screen

    with trouble():
        found = querying.select(run, sql) if sql is not None else querying.contents(run)
        if format is AnswerFormat.table:
            show(*screen.answer(found))
            return
        for line in screen.csv_lines(found) if format is AnswerFormat.csv else screen.json_lines(found):
            typer.echo(line)


def schema(
    table: Annotated[str | None, typer.Option(help="Only this table.")] = None,
    format: Annotated[SchemaFormat, typer.Option(help="Markdown or JSON.")] = SchemaFormat.md,
) -> None:
    """Print the columns of the tables: type and meaning."""
    import json

    from trialcriteria import tables
    from trialcriteria.records import ALL_TABLES, SCHEMA_VERSION

    with trouble():
        if table is not None and table not in ALL_TABLES:
            fail(f"{table}: no such table; the tables are {', '.join(ALL_TABLES)}")
        names = [table] if table else list(ALL_TABLES)
        if format is SchemaFormat.md:
            typer.echo("\n\n".join(tables.markdown(name) for name in names))
        else:
            columns = {name: tables.describe(name) for name in names}
            typer.echo(json.dumps({"schema_version": SCHEMA_VERSION, "tables": columns}, indent=2, ensure_ascii=False))


def doctor() -> None:
    """Show what is installed, what is missing and how to get it."""
    from trialcriteria import doctor as checking
    from trialcriteria import screen

    found = list(checking.findings())
    show(screen.findings(found))
    raise typer.Exit(NOTHING_READ if any(finding.state == "broken" for finding in found) else 0)


def _chosen(what: str, trial: str | None, input_format: str | None, lexicon: tuple[Path, ...]) -> "Trial":
    """The trial to explain: `what` itself if it is text, else the one asked for, or the first, of the file."""
    from trialcriteria import batch, screen
    from trialcriteria.manifest import STANDARD_INPUT
    from trialcriteria.records import Fault, Trial
    from trialcriteria.workers import Settings

    if what != STANDARD_INPUT and not _is_path(what):
        return Trial("text", "text", "text", what)
    job = batch.Job((what,), input_format, settings=Settings(lexicon))
    batch.check(job)
    faults = []
    for item in batch.items(job):
        if isinstance(item, Trial) and trial in (None, item.trial_id):
            return item
        if isinstance(item, Fault) and trial in (None, item.record):
            faults.append(screen.fault_line(item))
    fail("\n".join(faults) or f"{what}: holds no trial" + (f" {trial}" if trial else ""))


def _is_path(what: str) -> bool:
    """Whether `what` names a file: it is there, or it looks like a name rather than like a sentence."""
    try:
        there = Path(what).exists()
    except (OSError, ValueError):  # a text may be too long for a name
        return False
    return there or (len(what.split()) == 1 and (os.sep in what or Path(what).suffix.lower() in _SUFFIXES))


_SUFFIXES = {".json", ".ndjson", ".jsonl", ".gz", ".zip", ".xml", ".csv", ".tsv", ".txt", ".parquet"}
