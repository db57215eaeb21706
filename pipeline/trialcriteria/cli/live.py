"""A run while it lasts: a line or a log that says how far it is, and requests to end it."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from trialcriteria.cli.terminal import console

if TYPE_CHECKING:
    from trialcriteria.batch import Job
    from trialcriteria.manifest import Counts
    from trialcriteria.records import Fault

ENOUGH_TRIALS = 50
"""Trials after which the pace says something of the time that is left."""

Watched = tuple["Job", Callable[["Counts"], None], Callable[["Fault"], None]]
"""A job, and whom to tell of its counts and of its faults."""


@contextmanager
def progress(job: "Job", quiet: bool) -> Iterator[Watched]:
    """A line on standard error that says how far the run is, where that is a terminal."""
    terminal = console(stderr=True)
    if quiet or not terminal.is_terminal:
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
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=terminal, transient=True
    ) as bar:
        line = bar.add_task("starting", total=job.limit)

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
                bar.update(line, description=screen.progress(counts, rate, left))

        yield replace(job, opened=pace.opened), show, lambda fault: None


LOG_EVERY = 1_000
"""Trials between two lines of the log that say how far the run is."""


@contextmanager
def log(job: "Job") -> Iterator[Watched]:
    """Lines of JSON on standard error: start, how far the run is, and each record that is quarantined."""
    from trialcriteria import screen

    began = time.monotonic()
    logged = 0

    def say(event: str, **facts: object) -> None:
        typer.echo(screen.log_line(event, **facts), err=True)

    def show(counts: "Counts") -> None:
        nonlocal logged
        if counts.trials >= logged + LOG_EVERY:
            logged = counts.trials
            say("progress", **screen.log_counts(counts), seconds=round(time.monotonic() - began, 3))

    def set_aside(fault: "Fault") -> None:
        say("quarantined", source=fault.source, record=fault.record, reason=fault.reason)

    say("start", inputs=len(job.inputs), workers=job.workers)
    yield job, show, set_aside


@contextmanager
def stopping() -> Iterator[None]:
    """Let a request to end (SIGTERM, as schedulers and containers send it) stop a run as Ctrl-C does."""

    def stop(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
