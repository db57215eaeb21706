"""Many trials: from the inputs of a run to its folder of tables, with what could not be read set aside.

`run` writes a folder, `results` gives the rows of each trial as they come. Neither prints.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from trialcriteria import earlier, lexicon, manifest, registries, shards, tables, workers
from trialcriteria.contradictions import Notes
from trialcriteria.earlier import Earlier
from trialcriteria.manifest import NOT_SELECTED, STANDARD_INPUT, Counts
from trialcriteria.records import CHANGES, Change, Fault, Skipped, Trial
from trialcriteria.registries.sources import Opened, nobody
from trialcriteria.shards import MANIFEST, QUARANTINE
from trialcriteria.workers import Item, Result, Settings

__all__ = ["MANIFEST", "QUARANTINE"]


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
    since: Path | None = None
    """Folder of an earlier run: trials whose text is the same keep its rows, and what changed is said."""
    opened: Opened = nobody
    """Told of each input file as it is opened."""


@dataclass(frozen=True)
class Output:
    """Where the tables go and in which form."""

    folder: Path
    format: tables.Format = "parquet"
    safe_csv: bool = False
    overwrite: bool = False
    resume: bool = False
    """Go on with a run that is not finished, if there is one."""


@dataclass
class Report:
    """How a run went."""

    folder: Path
    seconds: float
    counts: Counts
    quarantined: list[Fault] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    """Files of a folder or an archive that are of no kind that is read here."""
    ids_not_found: list[str] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    """What trials say against themselves."""
    resumed: int = 0
    """Trials that had been read before the run was gone on with."""
    compared: bool = False
    """Whether it was held against an earlier run."""
    complete: bool = False
    """There was nothing left to do."""


FIRST_FAULTS = 5
"""How many faults a report carries; all of them stand in the quarantine file."""


def run(
    job: Job,
    output: Output,
    on_progress: Callable[[Counts], None] = lambda counts: None,
    on_fault: Callable[[Fault], None] = lambda fault: None,
) -> Report:
    """Read the inputs of `job` into the folder of `output`; `on_progress` is called after each record.

    Tables appear under their names only when the run is through. What is read is kept in finished parts until then, so
    that a run that was stopped or killed can be gone on with (`Output.resume`) and gives the same bytes.
    """
    check(job, output)
    _make(output.folder)
    with alone_in(output.folder):
        shards.sweep(output.folder)
        identity, inputs = identify(job, output)
        if output.resume and _is_complete(output.folder, identity):
            return Report(output.folder, 0.0, Counts(), complete=True)
        _begin(job, output, identity)
        try:
            report = _read(job, output, identity, inputs, on_progress, on_fault)
            shards.publish(output.folder)
        except BaseException:
            if not is_resumable(job, output.folder):
                shards.discard(output.folder)
            raise
    return report


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other runs out of `folder`; raise `CallError` where one is writing there."""
    with shards.alone(folder) as alone:
        if not alone:
            raise CallError(f"{folder}: another run is writing there; wait for it, or name another folder")
        yield


def is_resumable(job: Job, folder: Path) -> bool:
    """Whether anything is kept of a run that was stopped, so that going on saves time."""
    return shards.is_joined(folder) or (STANDARD_INPUT not in job.inputs and shards.holds_parts(folder))


def _read(
    job: Job,
    output: Output,
    identity: dict[str, Any],
    inputs: dict[str, dict[str, object]],
    on_progress: Callable[[Counts], None],
    on_fault: Callable[[Fault], None],
) -> Report:
    """Read what is not read yet, and join all of it."""
    state = shards.state(output.folder)
    more = [CHANGES] if job.since else []
    parts = shards.Shards(output.folder, output.format, output.safe_csv, more)
    report = Report(output.folder, 0.0, Counts(), resumed=parts.total.counts.trials, compared=bool(job.since))
    counts = report.counts
    counts.merge(parts.total.counts)
    report.quarantined += islice(parts.quarantined(), FIRST_FAULTS)
    with ExitStack() as stack:
        stack.callback(parts.close)
        heard = stack.enter_context(manifest.heard_input()) if STANDARD_INPUT in job.inputs else dict
        before = None
        if job.since:
            before = stack.enter_context(closing(Earlier(job.since, output.folder / shards.WORK / "earlier.sqlite")))
        new = islice(items(job, report), parts.total.items, None)
        for result, changed in _results(new, job, before, output.resume):
            if isinstance(result, Fault):
                report.quarantined += [result] if len(report.quarantined) < FIRST_FAULTS else []
                on_fault(result)
            parts.add(result, changed)
            counts.add(result, changed)
            on_progress(counts)
        parts.finish()
        inputs[STANDARD_INPUT] = heard()
        try:
            counts.check(parts.total.written)
        except ValueError:  # what was kept is wrong, so nobody shall go on with it
            parts.close()
            shards.discard(output.folder)
            raise
        gone = before.gone(parts.trial_ids()) if before else []
        counts.changes.update(f"{change.what}s {change.change}" for change in gone)
        written = parts.join(gone)
    report.seconds, report.notes, report.skipped = parts.total.seconds, parts.total.notes, parts.total.skipped
    began = state.began if state else ""
    whole = finished(identity, job, report, inputs, written, began)
    shards.commit(output.folder, whole)
    return report


def _results(
    new: Iterator[Item], job: Job, before: Earlier | None, resumed: bool
) -> Iterator[tuple[Result, Sequence[Change] | None]]:
    """What comes of each item, and what changed; `resumed`: one of them may have ended an earlier attempt."""
    read = partial(workers.guarded, settings=job.settings, workers=job.workers, suspect=resumed)
    if before:
        return before.results(new, job.settings, read)
    return ((result, ()) for result in read(new))


def identify(job: Job, output: Output) -> tuple[dict[str, Any], dict[str, dict[str, object]]]:
    """What the bytes of a run depend on, as plain data, and the fingerprint of each input."""
    inputs = {source: manifest.fingerprint(Path(source)) for source in job.inputs if source != STANDARD_INPUT}
    settings = job.settings
    identity: dict[str, Any] = {
        "versions": manifest.versions(),
        "code_sha256": manifest.code_sha256(),
        "options": {
            "input_format": job.input_format,
            **vars(job.columns),
            "ids": None if job.ids is None else len(job.ids),
            "ids_sha256": None if job.ids is None else manifest.sha256_of(sorted(job.ids)),
            "limit": job.limit,
            "only": settings.only,
            "min_confidence": settings.min_confidence,
            "text": settings.keep_text,
            "format": output.format,
            "safe_csv": output.safe_csv,
        },
        "inputs": [inputs.get(source, {"path": source}) for source in job.inputs],
        "lexicon": {
            "sha256": lexicon.fingerprint(settings.lexicon),
            "own_files": [manifest.fingerprint(path) for path in settings.lexicon],
        },
        "since": None,
    }
    if job.since:
        identity["since"] = manifest.fingerprint(job.since / MANIFEST)
        before = json.loads((job.since / MANIFEST).read_text(encoding="utf-8"))
        if refused := earlier.refusals(job.since, before, identity):
            raise CallError(
                f"{job.since}: its rows are not what would be read today, so none can be kept: {'; '.join(refused)}."
                " Run without --since, and name that run the next time"
            )
    return identity, inputs


def _is_complete(folder: Path, identity: dict[str, Any]) -> bool:
    """Whether the run that is asked for is whole in `folder`; raises `CallError` where another run is there."""
    state = shards.state(folder)
    path = folder / MANIFEST
    if state is None and not path.is_file():
        return False
    before = state.identity if state else json.loads(path.read_text(encoding="utf-8"))
    known: dict[str, Any] = {name: before.get(name) for name in identity}
    known["options"] = {name: value for name, value in before["options"].items() if name not in ("workers", "engine")}
    if changed := manifest.differences(known, identity):
        raise CallError(
            f"{folder}: holds another run, which cannot be gone on with: {'; '.join(changed)}."
            " Undo that, add --overwrite in place of --resume to start afresh, or name another folder"
        )
    if shards.is_joined(folder):
        shards.publish(folder)
    return shards.state(folder) is None


def _begin(job: Job, output: Output, identity: dict[str, Any]) -> None:
    """Make the place for the parts, unless a run is gone on with."""
    if output.resume and shards.state(output.folder):
        return
    if shards.state(output.folder) and not output.overwrite:
        raise CallError(
            f"{output.folder}: holds a run that is not finished; add --resume to go on with it, or --overwrite to start"
            " afresh"
        )
    prepare(output)
    shards.discard(output.folder)
    shards.begin(output.folder, shards.State(datetime.now(UTC).isoformat(timespec="seconds"), identity))


def results(job: Job, report: Report | None = None) -> Iterator[Result]:
    """The rows of each trial of `job`, its faults and skipped files, in the order of the inputs."""
    return workers.results(items(job, report), job.settings, job.workers)


def check(job: Job, output: Output | None = None) -> None:
    """Raise `CallError` where an input is missing, a lexicon is at fault or options contradict each other."""
    for source in job.inputs:
        if source != STANDARD_INPUT and not Path(source).exists():
            raise CallError(f"{source}: no such file or folder; name an existing one, or - for standard input")
    for path in job.settings.lexicon:
        if not path.is_file():
            raise CallError(f"{path}: no such lexicon file")
        if faults := lexicon.check(path):
            raise CallError("\n".join(faults))
    if output and output.resume and output.overwrite:
        raise CallError("--resume goes on with a run and --overwrite starts afresh; say one of them")
    if output and output.resume and STANDARD_INPUT in job.inputs:
        raise CallError("standard input cannot be read a second time, so --resume has no use; save it to a file first")
    if job.since and not (job.since / MANIFEST).is_file():
        raise CallError(f"{job.since}: no finished run is there; name the folder of tables of an earlier one")
    if output and job.since and job.since.resolve() == output.folder.resolve():
        raise CallError(f"{job.since}: is the output as well; name another folder for the new tables")


def prepare(output: Output) -> None:
    """Make the output folder; raise `CallError` where it holds something and `overwrite` is not said."""
    folder = output.folder
    _make(folder)
    if any(folder.iterdir()) and not output.overwrite:
        raise CallError(
            f"{folder}: the folder is not empty; name another one, or add --overwrite to replace its tables"
        )


def _make(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise CallError(f"{folder}: is a file; the output is a folder of tables, so name a folder")
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
        name = record_name(item)
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


def record_name(item: Item) -> str | None:
    """The id that `--ids` may ask for; skipped files have none."""
    return item.record if isinstance(item, Fault) else item.trial_id if isinstance(item, Trial) else None


def _read_all(job: Job) -> Iterator[Item]:
    columns = vars(job.columns)
    for source in job.inputs:
        try:
            yield from registries.read(source, format=job.input_format, opened=job.opened, **columns)
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


def finished(
    identity: dict[str, Any],
    job: Job,
    report: Report,
    inputs: dict[str, dict[str, object]],
    written: Sequence[Path],
    began: str,
    engine: str = "local",
) -> dict[str, Any]:
    """What the manifest of a run that is through says: what it was made from and what came out of it."""
    return {
        **identity,
        "started": began,
        "seconds": round(report.seconds, 3),
        "options": {**identity["options"], "workers": job.workers, "engine": engine},
        "inputs": [inputs[source] for source in job.inputs],
        "counts": report.counts.as_data(report.compared),
        "notes": report.notes.as_data(),
        "ids_not_found": report.ids_not_found,
        "skipped": [item._asdict() for item in report.skipped],
        "outputs": manifest.outputs(written),
    }
