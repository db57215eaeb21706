"""Many trials: from the inputs of a run to its folder of tables, with what could not be read set aside.

`run` writes a folder, `results` gives the rows of each trial as they come. Neither prints.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from trialcriteria import lexicon, manifest, registries, tables, workers
from trialcriteria.manifest import NOT_SELECTED, STANDARD_INPUT, Counts
from trialcriteria.records import Fault, Skipped, Trial
from trialcriteria.workers import Item, Result, Settings

QUARANTINE = "quarantine.jsonl"
MANIFEST = "manifest.json"


class CallError(Exception):
    """A run that cannot start: what is wrong and the way out, for the person who asked for it."""


@dataclass(frozen=True)
class Columns:
    """Column names of a table of trials, where the usual ones are not used."""

    id_column: str | None = None
    criteria_column: str | None = None
    inclusion_column: str | None = None
    exclusion_column: str | None = None


@dataclass(frozen=True)
class Job:
    """What to read and how."""

    inputs: tuple[str, ...]
    input_format: str | None = None
    columns: Columns = Columns()
    ids: frozenset[str] | None = None
    limit: int | None = None
    settings: Settings = field(default_factory=Settings)
    workers: int = 1


@dataclass(frozen=True)
class Output:
    """Where the tables go and in which form."""

    folder: Path
    format: tables.Format = "parquet"
    safe_csv: bool = False
    overwrite: bool = False


@dataclass
class Report:
    """How a run went."""

    folder: Path
    seconds: float
    counts: Counts
    quarantined: list[Fault] = field(default_factory=list)
    ids_not_found: list[str] = field(default_factory=list)


FIRST_FAULTS = 5
"""How many faults a report carries; all of them stand in the quarantine file."""


def run(job: Job, output: Output, on_progress: Callable[[Counts], None] = lambda counts: None) -> Report:
    """Read the inputs of `job` into the folder of `output`; `on_progress` is called after each record.

    Tables appear under their names only when the run is through; a run that is stopped leaves the folder as it was.
    """
    check(job)
    prepare(output)
    began, started = datetime.now(UTC), time.perf_counter()
    inputs = {source: manifest.fingerprint(Path(source)) for source in job.inputs if source != STANDARD_INPUT}
    report = Report(output.folder, 0.0, Counts())
    skipped: list[Skipped] = []
    folder = tables.Folder(output.folder, output.format, safe_csv=output.safe_csv)
    partial = output.folder / (QUARANTINE + tables.PARTIAL)
    try:
        listening = manifest.heard_input() if STANDARD_INPUT in job.inputs else nullcontext(dict)
        with partial.open("w", encoding="utf-8", newline="\n") as quarantine, listening as heard:
            for result in results(job, report):
                if isinstance(result, Fault):
                    quarantine.write(json.dumps(result._asdict(), ensure_ascii=True) + "\n")
                    report.quarantined += [result] if len(report.quarantined) < FIRST_FAULTS else []
                elif isinstance(result, Skipped):
                    skipped += [result] if result.reason != NOT_SELECTED else []
                else:
                    folder.add(result)
                report.counts.add(result)
                on_progress(report.counts)
            inputs[STANDARD_INPUT] = heard()
        report.counts.check(folder.counts)
        (output.folder / MANIFEST).unlink(missing_ok=True)  # from here on, an earlier run's would be untrue
        written = [*folder.publish(), partial.replace(output.folder / QUARANTINE)]
    except BaseException:
        folder.discard()
        partial.unlink(missing_ok=True)
        raise
    report.seconds = time.perf_counter() - started
    write_manifest(job, output, report, inputs, skipped, written, began)
    return report


def results(job: Job, report: Report | None = None) -> Iterator[Result]:
    """The rows of each trial of `job`, its faults and skipped files, in the order of the inputs."""
    return workers.results(items(job, report), job.settings, job.workers)


def check(job: Job) -> None:
    """Raise `CallError` where an input is missing or a lexicon is at fault."""
    for source in job.inputs:
        if source != STANDARD_INPUT and not Path(source).exists():
            raise CallError(f"{source}: no such file or folder; name an existing one, or - for standard input")
    for path in job.settings.lexicon:
        if not path.is_file():
            raise CallError(f"{path}: no such lexicon file")
        if faults := lexicon.check(path):
            raise CallError("\n".join(faults))


def prepare(output: Output) -> None:
    """Make the output folder; raise `CallError` where it holds something and `overwrite` is not said."""
    folder = output.folder
    if folder.exists() and not folder.is_dir():
        raise CallError(f"{folder}: is a file; the output is a folder of tables, so name a folder")
    if folder.is_dir() and any(folder.iterdir()) and not output.overwrite:
        raise CallError(
            f"{folder}: the folder is not empty; name another one, or add --overwrite to replace its tables"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CallError(f"{folder}: cannot be made ({error.strerror}); name a folder that you may write to") from error


def read_ids(path: Path) -> frozenset[str]:
    """Trial ids from a file, one a line; blank lines and lines that begin with # do not count."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CallError(f"{path}: the list of ids cannot be read ({error}); it holds one trial id a line") from error
    ids = frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    if not ids:
        raise CallError(f"{path}: the list of ids is empty; it holds one trial id a line")
    return ids


def items(job: Job, report: Report | None = None) -> Iterator[Item]:
    """What the readers give, reduced to the ids and the number asked for, with repeated ids told apart."""
    report = report or Report(Path(), 0.0, Counts())
    counts, taken, found, used = report.counts, 0, set[str](), dict[str, int]()
    for item in _read_all(job):
        name = item.record if isinstance(item, Fault) else item.trial_id if isinstance(item, Trial) else None
        if isinstance(item, Trial) and taken == job.limit:
            return
        counts.records += 1
        if job.ids is not None and name is not None:
            if name not in job.ids:
                yield Skipped(item.source, NOT_SELECTED)
                continue
            found.add(name)
        if isinstance(item, Trial):
            taken += 1
            item = _with_own_id(item, used, counts)
        yield item
    if job.ids is not None:
        report.ids_not_found = sorted(job.ids - found)


def _read_all(job: Job) -> Iterator[Item]:
    columns = vars(job.columns)
    for source in job.inputs:
        try:
            yield from registries.read(source, format=job.input_format, **columns)
        except Exception as error:  # A reader that fails on one input must not take the other inputs with it.
            yield unreadable(source, error)


def unreadable(source: str, error: Exception) -> Fault:
    """The fault for an input whose reader failed."""
    detail = f"{type(error).__name__}: {error}"
    return Fault(source, None, "unreadable_file", detail, "See that the file is whole; other inputs are read.")


def _with_own_id(trial: Trial, used: dict[str, int], counts: Counts) -> Trial:
    """`trial`, under `id#2`, `id#3` … where its id was met before."""
    name = own_id(trial.trial_id, used)
    if name == trial.trial_id:
        return trial
    counts.repeated_ids += 1
    return trial._replace(trial_id=name)


def own_id(name: str, used: dict[str, int]) -> str:
    """`name`, or `name#2`, `name#3` … where it was met before, which `used` remembers.

    >>> used = {}
    >>> [own_id(name, used) for name in ("T1", "T1#2", "T1")]
    ['T1', 'T1#2', 'T1#3']
    """
    if name not in used:
        used[name] = 1
        return name
    while (fresh := f"{name}#{used[name] + 1}") in used:
        used[name] += 1
    used[name] += 1
    used[fresh] = 1
    return fresh


def write_manifest(
    job: Job,
    output: Output,
    report: Report,
    inputs: dict[str, dict[str, object]],
    skipped: list[Skipped],
    written: list[Path],
    began: datetime,
    engine: str = "local",
) -> None:
    """Write down what a run that is through was made from and what came out of it."""
    settings = job.settings
    manifest.write(
        output.folder / MANIFEST,
        {
            "versions": manifest.versions(),
            "started": began.isoformat(timespec="seconds"),
            "seconds": round(report.seconds, 3),
            "options": {
                "input_format": job.input_format,
                **vars(job.columns),
                "ids": None if job.ids is None else len(job.ids),
                "limit": job.limit,
                "only": settings.only,
                "min_confidence": settings.min_confidence,
                "text": settings.keep_text,
                "format": output.format,
                "safe_csv": output.safe_csv,
                "workers": job.workers,
                "engine": engine,
            },
            "inputs": [inputs[source] for source in job.inputs],
            "lexicon": {
                "sha256": lexicon.load(settings.lexicon).sha256,
                "own_files": [manifest.fingerprint(path) for path in settings.lexicon],
            },
            "counts": report.counts.as_data(),
            "ids_not_found": report.ids_not_found,
            "skipped": [item._asdict() for item in skipped],
            "outputs": manifest.outputs(written),
        },
    )
