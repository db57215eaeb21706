"""The command `trialcriteria`; the only place that prints.

Everything slow is imported inside the commands, so that `--help` is instant. Exit codes: 0 clean, 2 the call is wrong
or nothing could be read, 3 more records were quarantined than allowed, 130 stopped from the keyboard
or by a request to end.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from trialcriteria.batch import Job, Report
    from trialcriteria.manifest import Counts
    from trialcriteria.records import Fault, Trial

app = typer.Typer(
    help="Reads the eligibility criteria of clinical trials into tables.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
lexicon_app = typer.Typer(help="What trials say, as data: list, show and check lexicon entries.", no_args_is_help=True)
app.add_typer(lexicon_app, name="lexicon")

NOTHING_READ = 2
TOO_MANY_QUARANTINED = 3
STOPPED = 130
UNWRAPPED = 10_000


class Format(StrEnum):
    """Formats of the output tables."""

    parquet = "parquet"
    csv = "csv"
    jsonl = "jsonl"


class Only(StrEnum):
    """What is read."""

    all = "all"
    constraints = "constraints"


class Engine(StrEnum):
    """What runs an extraction."""

    local = "local"
    spark = "spark"


class Split(StrEnum):
    """Halves of the gold."""

    dev = "dev"
    test = "test"


class Tool(StrEnum):
    """Annotation tools."""

    label_studio = "label-studio"
    brat = "brat"
    prodigy = "prodigy"
    doccano = "doccano"


class AnswerFormat(StrEnum):
    """Formats of what a query gives."""

    table = "table"
    csv = "csv"
    json = "json"


class SchemaFormat(StrEnum):
    """Formats of the schema page."""

    md = "md"
    json = "json"


Lexicons = Annotated[
    list[Path] | None,
    typer.Option("--lexicon", metavar="FILE", help="Extend the lexicon with a TOML file of your own; repeatable."),
]


def _known(name: str | None) -> str | None:
    """The format of the inputs; what is none is a wrong call, and not the fault of a file."""
    if name is None:
        return None
    from trialcriteria.registries import FORMATS

    if name not in FORMATS:
        raise typer.BadParameter(f"{name} is no format of inputs; there are: {', '.join(FORMATS)}")
    return name


InputFormat = Annotated[
    str | None,
    typer.Option(
        metavar="FORMAT",
        callback=_known,
        help="Format of the inputs, where they are not to be recognised by content: ctgov-json, ctgov-xml, ictrp, "
        "aact, delimited (CSV, TSV), parquet, page or text.",
    ),
]


@app.command(epilog="Example: trialcriteria extract studies.json -o tables --workers 2")
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
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Read the criteria of files or folders into a folder of tables.

    What is read is kept as the run goes; one that was stopped or killed goes on with the same command and --resume.
    """
    from itertools import islice

    from trialcriteria import batch, screen, tables
    from trialcriteria.workers import Settings

    with _trouble():
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
            _fail("--master is Spark's; add --engine spark")
        if log_json and engine is Engine.spark:
            _fail("--log-json tells of a run in this process; Spark has logs of its own")
        try:
            if engine is Engine.spark:
                from trialcriteria import spark

                report = spark.run(job, output, master)
            else:
                with _stopping(), _log(job) if log_json else _progress(job, quiet) as (job, on_progress, on_fault):
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
        typer.echo(screen.log_line("end", **screen.log_counts(report.counts), seconds=report.seconds), err=True)
    if not quiet:
        _print(*screen.summary(report))
        if head:
            rows = tables.read(out / tables.file_name("constraints", format.value))
            _print("", screen.first_rows(islice(rows, head)))
    raise typer.Exit(_exit_code(report, allow_quarantined))


@app.command(epilog='Example: trialcriteria explain "ANC ≥ 1.5 x 10^9/L"')
def explain(
    what: Annotated[str, typer.Argument(metavar="TEXT|FILE", help="Criteria as text, or a file; - is standard input.")],
    trial: Annotated[str | None, typer.Option(metavar="ID", help="Which trial of the file.")] = None,
    input_format: InputFormat = None,
    lexicon: Lexicons = None,
) -> None:
    """Show how each criterion was read, with the rule behind each row."""
    from trialcriteria import explain as explaining
    from trialcriteria.workers import Settings, reader

    with _trouble():
        chosen = _chosen(what, trial, input_format, tuple(lexicon or ()))
        tables = reader(Settings(tuple(lexicon or ())))(chosen)
        _print(*explaining.blocks(tables))


@app.command(epilog="Example: trialcriteria review tables -o review.html")
def review(
    run: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of tables that `extract` wrote.")],
    gold: Annotated[Path | None, typer.Option(metavar="FILE", help="Annotations of its trials, to compare.")] = None,
    page: Annotated[Path, typer.Option("--page", "-o", metavar="FILE", help="The page.")] = Path("review.html"),
    limit: Annotated[int, typer.Option(min=1, help="Show the first so many trials.")] = 2_000,
) -> None:
    """Write a page that shows each trial's text beside its rows, for a browser; it needs no network."""
    from trialcriteria import review as reviewing

    with _trouble():
        found = reviewing.write(run, page, gold, limit)
        typer.echo(f"{page}: {found.trials:,} trials, {found.rows:,} rows")
        if gold:
            typer.echo(f"{found.annotated:,} of them annotated in {gold}")
        if found.sealed:
            typer.echo(f"{found.sealed:,} are of the test half, whose errors stay sealed", err=True)
        if found.not_in_run:
            typer.echo(f"annotated, but not in this run: {', '.join(found.not_in_run)}", err=True)
        if found.left_out:
            typer.echo(f"{found.left_out:,} more trials are left out; --limit shows more", err=True)


@app.command(epilog="Example: trialcriteria evaluate annotations/gold --split dev --errors 20")
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Annotated trials: a file, a folder, a brat corpus.")],
    run: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Score this folder of tables; else the texts are read now.")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Show what changed since this run, which `-o` kept.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT", help="Write scores, errors and the run there.")
    ] = None,
    split: Annotated[Split | None, typer.Option(help="Only one half of the gold.")] = None,
    errors: Annotated[int, typer.Option(min=0, help="Show the first so many errors.")] = 0,
    unseal: Annotated[bool, typer.Option("--unseal", help="Open the errors of the test half; it is logged.")] = False,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of the bootstrap over trials.")] = 1_000,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 0,
    lexicon: Lexicons = None,
) -> None:
    """Score readings against annotated trials: by field, kind and layout, with intervals and an error list."""
    from itertools import chain, islice

    from trialcriteria import evaluation, screen

    with _trouble():
        whole = evaluation.read_gold(gold)
        chosen = whole.only(split.value) if split else whole
        read, before = (
            evaluation.read_run(folder, chosen.trials, whole.trials) if folder else None for folder in (run, compare)
        )
        if read is None:
            read = evaluation.read_here(chosen.trials, lexicon or ())
        results = evaluation.evaluate(chosen, read, before, rounds, seed)
        sealed = any(result.sealed for result in results)
        if unseal and sealed:
            typer.echo(f"logged in {evaluation.log_unsealing(gold)}", err=True)
        opened = [result for result in results if unseal or not result.sealed]
        if errors and not opened:
            _fail("the errors of the test half are sealed, so that rules are not fitted to them; --unseal logs a look")
        for remark in chosen.remarks:
            typer.echo(remark, err=True)
        for result in results:
            _print(*screen.scores(result))
        if errors:
            listed = chain.from_iterable(result.errors() for result in opened)
            _print("", *(screen.error_lines(error) for error in islice(listed, errors)))
        if out:
            evaluation.write(results, read, out, unseal)
            typer.echo(f"written to {out}", err=True)


@app.command(epilog="Example: trialcriteria annotate studies.json -o batch --tool brat")
def annotate(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT", help="Registry files; with --gold, corrected batches.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT", help="Write a batch there, pre-annotated.")
    ] = None,
    gold: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Take a corrected batch, or a brat corpus, back as this gold.")
    ] = None,
    tool: Annotated[Tool, typer.Option(help="Annotation tool that the batch is for.")] = Tool.label_studio,
    annotator: Annotated[str | None, typer.Option(metavar="NAME", help="Who corrected the batch.")] = None,
    input_format: InputFormat = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after so many trials.")] = None,
    lexicon: Lexicons = None,
) -> None:
    """Make a pre-annotated batch for an annotation tool, or take the corrected one back as gold."""
    from trialcriteria import annotations, batch, screen
    from trialcriteria.annotations import batches, exchange
    from trialcriteria.manifest import versions
    from trialcriteria.workers import Settings

    with _trouble():
        if (out is None) == (gold is None):
            _fail("say either -o OUT, to make a batch, or --gold FILE, to take one back")
        if out:
            job = batch.Job(tuple(inputs), input_format, limit=limit, settings=Settings(tuple(lexicon or ())))
            batch.prepare(batch.Output(out))
            found = batches.propose(job)
            for fault in found.faults:
                typer.echo(f"not in the batch: {screen.fault_line(fault)}", err=True)
            if not found.trials:
                _fail("nothing could be read")
            paths = exchange.write(found.trials, out, tool.value, versions()["trialcriteria"])
            typer.echo(f"{len(found.trials):,} trials, pre-annotated: {', '.join(map(str, paths))}")
        elif gold:
            if gold.exists():
                _fail(f"{gold}: is there already, and gold is not overwritten; name a new file")
            taken = exchange.take([Path(source) for source in inputs], annotator)
            for remark in taken.remarks:
                typer.echo(remark, err=True)
            annotations.write(taken.trials, gold)
            rows = sum(len(trial.constraints) + len(trial.mentions) for trial in taken.trials)
            typer.echo(f"{gold}: {len(taken.trials):,} trials, {rows:,} rows")


@app.command(
    epilog="Example: trialcriteria query tables "
    "\"select trial_id, operator, low, unit from eligible_limits where attribute = 'platelets'\""
)
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

    with _trouble():
        found = querying.select(run, sql) if sql is not None else querying.contents(run)
        if format is AnswerFormat.table:
            _print(*screen.answer(found))
            return
        for line in screen.csv_lines(found) if format is AnswerFormat.csv else screen.json_lines(found):
            typer.echo(line)


@app.command(epilog="Example: trialcriteria schema --table constraints")
def schema(
    table: Annotated[str | None, typer.Option(help="Only this table.")] = None,
    format: Annotated[SchemaFormat, typer.Option(help="Markdown or JSON.")] = SchemaFormat.md,
) -> None:
    """Print the columns of the tables: type and meaning."""
    import json

    from trialcriteria import tables
    from trialcriteria.records import ALL_TABLES, SCHEMA_VERSION

    with _trouble():
        if table is not None and table not in ALL_TABLES:
            _fail(f"{table}: no such table; the tables are {', '.join(ALL_TABLES)}")
        names = [table] if table else list(ALL_TABLES)
        if format is SchemaFormat.md:
            typer.echo("\n\n".join(tables.markdown(name) for name in names))
        else:
            columns = {name: tables.describe(name) for name in names}
            typer.echo(json.dumps({"schema_version": SCHEMA_VERSION, "tables": columns}, indent=2, ensure_ascii=False))


@app.command()
def doctor() -> None:
    """Show what is installed, what is missing and how to get it."""
    from trialcriteria import doctor as checking
    from trialcriteria import screen

    found = list(checking.findings())
    _print(screen.findings(found))
    raise typer.Exit(NOTHING_READ if any(finding.state == "broken" for finding in found) else 0)


@lexicon_app.command("list")
def lexicon_list(
    file: Annotated[str | None, typer.Argument(metavar="[KIND]", help="Only this kind, such as labs.")] = None,
    lexicon: Lexicons = None,
) -> None:
    """List the entries of the lexicon, a line for each kind."""
    from trialcriteria import lexicon as lexicons

    with _trouble():
        entries = lexicons.load(lexicon or ()).entries
        if file is not None and file not in entries:
            _fail(f"{file}: no such kind of entry; the kinds are {', '.join(entries)}")
        for name in [file] if file else entries:
            typer.echo(f"{name} ({len(entries[name])}): {', '.join(entries[name])}")


@lexicon_app.command("show")
def lexicon_show(
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="An id, such as platelets.")],
    lexicon: Lexicons = None,
) -> None:
    """Show an entry as it stands in the lexicon, with its examples."""
    import difflib
    import json

    from trialcriteria import lexicon as lexicons

    with _trouble():
        entries = lexicons.load(lexicon or ()).entries
        found = [(kind, table[entry]) for kind, table in entries.items() if entry in table]
        if not found:
            near = difflib.get_close_matches(entry, [name for table in entries.values() for name in table], 3)
            _fail(f"{entry}: no such entry; " + (f"near it: {', '.join(near)}" if near else "see `lexicon list`"))
        for kind, content in found:
            typer.echo(f"[{kind}.{entry}]")
            for key, value in content.items():
                typer.echo(f"{key} = {json.dumps(value, ensure_ascii=False)}")


@lexicon_app.command("check")
def lexicon_check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Lexicon files of yours.")],
) -> None:
    """Check lexicon files: entry, fault and the nearest right word."""
    from trialcriteria import lexicon as lexicons

    with _trouble():
        faults = [fault for path in files for fault in lexicons.check(path)]
        if faults:
            _fail("\n".join(faults))
        typer.echo(f"{', '.join(map(str, files))}: no fault found")


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        import trialcriteria

        typer.echo(trialcriteria.__version__)
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command with `arguments` (those of the process if none are given)."""
    app(args=arguments, prog_name="trialcriteria")


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
    _fail("\n".join(faults) or f"{what}: holds no trial" + (f" {trial}" if trial else ""))


def _is_path(what: str) -> bool:
    """Whether `what` names a file: it is there, or it looks like a name rather than like a sentence."""
    try:
        there = Path(what).exists()
    except (OSError, ValueError):  # a text may be too long for a name
        return False
    return there or (len(what.split()) == 1 and (os.sep in what or Path(what).suffix.lower() in _SUFFIXES))


_SUFFIXES = {".json", ".ndjson", ".jsonl", ".gz", ".zip", ".xml", ".csv", ".tsv", ".txt", ".parquet"}


@contextmanager
def _trouble() -> Iterator[None]:
    """Turn what goes wrong into a message and an exit code; a traceback only where TRIALCRITERIA_DEBUG is set."""
    from trialcriteria.annotations import GoldError
    from trialcriteria.batch import CallError
    from trialcriteria.lexicon import LexiconError
    from trialcriteria.workers import WorkersError

    try:
        yield
    except (CallError, GoldError, LexiconError, WorkersError) as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename or 'a file'}: {error.strerror or error}")
    except Exception as error:
        if "TRIALCRITERIA_DEBUG" in os.environ or isinstance(error, typer.Exit | typer.Abort):
            raise
        _fail(f"{type(error).__name__}: {error}. This is a fault of ours; TRIALCRITERIA_DEBUG=1 shows where.")


def _fail(message: str) -> NoReturn:
    typer.echo(f"trialcriteria: {message}", err=True)
    raise typer.Exit(NOTHING_READ)


def _console(stderr: bool = False) -> "Console":
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False)


def _print(*what: "RenderableType") -> None:
    """Print to standard output: a terminal gets lines that fit it, a pipe or a file gets them whole."""
    console = _console()
    if console.is_terminal:
        console.print(*what, sep="\n")
        return
    console.width = UNWRAPPED
    with console.capture() as capture:
        console.print(*what, sep="\n")
    typer.echo("\n".join(line.rstrip() for line in capture.get().splitlines()).rstrip("\n"))


ENOUGH_TRIALS = 50
"""Trials after which the pace says something of the time that is left."""

Watched = tuple["Job", Callable[["Counts"], None], Callable[["Fault"], None]]
"""A job, and whom to tell of its counts and of its faults."""


@contextmanager
def _progress(job: "Job", quiet: bool) -> Iterator[Watched]:
    """A line on standard error that says how far the run is, where that is a terminal."""
    console = _console(stderr=True)
    if quiet or not console.is_terminal:
        yield job, lambda counts: None, lambda fault: None
        return
    from dataclasses import replace

    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from trialcriteria import screen
    from trialcriteria.manifest import STANDARD_INPUT
    from trialcriteria.pace import Pace

    began = shown = time.monotonic()
    before: int | None = None
    pace = Pace(source for source in job.inputs if source != STANDARD_INPUT)
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True
    ) as progress:
        line = progress.add_task("starting", total=job.limit)

        def show(counts: "Counts") -> None:
            nonlocal shown, before
            before = counts.trials - 1 if before is None else before
            now = time.monotonic()
            if now - shown > 0.2:
                shown = now
                rate = (counts.trials - before) / (now - began)
                by_limit = (job.limit - counts.trials) / rate if job.limit and rate else None
                by_bytes = pace.seconds_left()
                known = [seconds for seconds in (by_limit, by_bytes) if seconds is not None]
                left = min(known, default=None) if counts.trials - before >= ENOUGH_TRIALS else None
                progress.update(line, description=screen.progress(counts, rate, left))

        yield replace(job, opened=pace.opened), show, lambda fault: None


LOG_EVERY = 1_000
"""Trials between two lines of the log that say how far the run is."""


@contextmanager
def _log(job: "Job") -> Iterator[Watched]:
    """Lines of JSON on standard error: start, how far the run is, and each record that is quarantined."""
    from trialcriteria import screen

    began = time.monotonic()
    logged = 0

    def log(event: str, **facts: object) -> None:
        typer.echo(screen.log_line(event, **facts), err=True)

    def show(counts: "Counts") -> None:
        nonlocal logged
        if counts.trials >= logged + LOG_EVERY:
            logged = counts.trials
            log("progress", **screen.log_counts(counts), seconds=round(time.monotonic() - began, 3))

    def set_aside(fault: "Fault") -> None:
        log("quarantined", source=fault.source, record=fault.record, reason=fault.reason)

    log("start", inputs=len(job.inputs), workers=job.workers)
    yield job, show, set_aside


@contextmanager
def _stopping() -> Iterator[None]:
    """Let a request to end (SIGTERM, as schedulers and containers send it) stop a run as Ctrl-C does."""

    def stop(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _exit_code(report: "Report", allowed: int) -> int:
    if not report.counts.trials:
        return NOTHING_READ
    return TOO_MANY_QUARANTINED if report.counts.quarantined > allowed else 0
