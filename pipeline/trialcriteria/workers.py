"""Trials to rows, in this process or in others, always in the order they came.

What a worker needs is built once in it; plain rows travel back, never Docs. A record whose reading fails, or kills
its worker, becomes a `Fault` and the rest goes on.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from itertools import chain, islice
from multiprocessing.context import BaseContext
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from trialcriteria import confidence
from trialcriteria.records import Fault, Skipped, Trial, TrialTables

if TYPE_CHECKING:
    from trialcriteria.rows import Only

Item = Trial | Fault | Skipped
Result = TrialTables | Fault | Skipped
Read = Callable[[Trial], TrialTables]


class WorkersError(RuntimeError):
    """Workers that cannot start, so that nothing would be read: what to do instead."""


class Kept(Skipped):
    """Stands in the order of the items for a trial whose rows are known already."""

    __slots__ = ()


CHUNK_CHARACTERS = 50_000
"""A quarter of a second's work: with more, one worker waits for the other's last chunk at the end of a run."""
CHUNK_ITEMS = 200
CHUNKS_AHEAD = 8
"""Chunks waiting for each worker: enough to keep it busy, few enough to keep memory flat."""
FEW_CHUNKS = 4
"""As many are read sooner than another process starts."""


SELDOM = 20_000  # new things between two looks of Python's collector, which by itself comes after 700


class Settings(NamedTuple):
    """How trials are read; it travels to every worker."""

    lexicon: tuple[Path, ...] = ()
    only: "Only" = "all"
    min_confidence: float = 0.0
    keep_text: bool = True


def results(items: Iterable[Item], settings: Settings, workers: int = 1) -> Iterator[Result]:
    """Each trial of `items` read into rows; faults and skipped files pass through in their place.

    One worker is this process.
    """
    return _here(items, settings) if workers <= 1 else _pooled(chunks(items), settings, workers)


def guarded(items: Iterable[Item], settings: Settings, workers: int = 1, suspect: bool = False) -> Iterator[Result]:
    """As `results`, but one worker is a process apart too, so that a record that kills it does not end the run.

    What fits in a few chunks is read in this process, which is faster; unless it is `suspect`, as where a run ended
    before it was through. So is everything where no other process can be started.
    """
    ahead = chunks(items)
    begun = list(islice(ahead, FEW_CHUNKS + 1))
    all_chunks = chain(begun, ahead)
    if workers > 1:
        return _pooled(all_chunks, settings, workers)
    apart = _one_apart(settings) if len(begun) > FEW_CHUNKS or suspect else None
    if apart is None:
        return _here(chain.from_iterable(all_chunks), settings)
    return _pooled(all_chunks, settings, 1, apart)


def _here(items: Iterable[Item], settings: Settings) -> Iterator[Result]:
    read = reader(settings)
    return (_result(read, item) for item in items)


def _one_apart(settings: Settings) -> ProcessPoolExecutor | None:
    """A worker that is seen to work; None where there can be no other process: some sandboxes have no semaphores."""
    try:
        return _working(settings)
    except (OSError, ImportError, WorkersError):
        return None


@cache
def reader(settings: Settings) -> Read:
    """What reads one trial under `settings`; the pipeline is built at the first call in a process."""
    from trialcriteria import nlp, rows

    language = nlp.load(settings.lexicon)

    def read(trial: Trial) -> TrialTables:
        tables = rows.read_trial(language, trial, settings.only)
        if settings.min_confidence > 0:
            tables = confidence.leave_out(tables, settings.min_confidence, trial.eligibility_text)
        return tables._replace(trial=tables.trial._replace(eligibility_text=shown_text(trial, settings)))

    return read


def shown_text(trial: Trial, settings: Settings) -> str | None:
    """The text as it may stand in the table."""
    # A copied page holds people's names and numbers too, and its offsets count in all of it.
    return trial.eligibility_text if settings.keep_text and trial.registry != "page" else None


def _result(read: Read, item: Item) -> Result:
    if not isinstance(item, Trial):
        return item
    try:
        return read(item)
    except Exception as error:  # Whatever one record sets off must not end a run of half a million.
        return Fault(
            item.source,
            item.trial_id,
            "unreadable_text" if isinstance(error, UnicodeError) else "internal_error",
            f"{type(error).__name__}: {error} ({_place(error)})",
            "Read it alone with `trialcriteria explain --trial` and report what you see; the others are not affected.",
        )


def _place(error: BaseException) -> str:
    """The innermost line of this package that `error` passed through."""
    step, place = error.__traceback__, "unknown place"
    while step is not None:
        path = Path(step.tb_frame.f_code.co_filename)
        if "trialcriteria" in path.parts:
            place = f"{path.name}:{step.tb_lineno}"
        step = step.tb_next
    return place


def chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Items in lists of about equal work."""
    chunk: list[Item] = []
    characters = 0
    for item in items:
        chunk.append(item)
        characters += len(item.eligibility_text) if isinstance(item, Trial) else 0
        if characters >= CHUNK_CHARACTERS or len(chunk) >= CHUNK_ITEMS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _pooled(
    all_chunks: Iterable[list[Item]], settings: Settings, workers: int, pool: ProcessPoolExecutor | None = None
) -> Iterator[Result]:
    pool = pool or _pool(settings, workers)
    waiting: deque[tuple[list[Item], Future[list[Result]], ProcessPoolExecutor]] = deque()
    try:
        for chunk in all_chunks:
            try:
                waiting.append((chunk, _submit(pool, chunk), pool))
            except BrokenProcessPool:
                _see_off(pool)
                pool = _pool(settings, workers)
                waiting.append((chunk, _submit(pool, chunk), pool))
            if len(waiting) > CHUNKS_AHEAD * workers:
                yield from _finished(*waiting.popleft(), settings)
        while waiting:
            yield from _finished(*waiting.popleft(), settings)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _finished(
    chunk: list[Item], future: "Future[list[Result]]", pool: ProcessPoolExecutor, settings: Settings
) -> list[Result]:
    try:
        return future.result()
    except BrokenProcessPool:
        _see_off(pool)
        return list(one_by_one(chunk, settings))


def one_by_one(items: Iterable[Item], settings: Settings) -> Iterator[Result]:
    """As `results`, each read alone in a process apart: where one of them kills its worker, the right one is blamed."""
    pool = _working(settings)
    try:
        for item in items:
            try:
                yield from _submit(pool, [item]).result()
            except BrokenProcessPool:
                _see_off(pool)
                pool = _working(settings)
                yield _killer(item)
    finally:
        pool.shutdown()


def _working(settings: Settings) -> ProcessPoolExecutor:
    """A pool of one that is seen to work, so that no record is blamed for a process that never started."""
    pool = _pool(settings, 1)
    try:
        _submit(pool, []).result()
    except BrokenProcessPool as error:
        _see_off(pool)
        raise WorkersError(
            "the worker processes end before they read anything; read with one worker (--workers 1), "
            "and look at what they wrote above for the reason"
        ) from error
    return pool


def _see_off(broken: ProcessPoolExecutor) -> None:
    """Wait for the thread of a broken pool to end before the pool is let go.

    In Python 3.12 that thread hangs where the last reference to its pool goes while it cleans up, and with it the
    process at its end.
    """
    broken.shutdown()


def _submit(pool: ProcessPoolExecutor, chunk: list[Item]) -> "Future[list[Result]]":
    with _no_main():
        return pool.submit(_read_chunk, chunk)


@contextmanager
def _no_main() -> Iterator[None]:
    """Hide the user's script from workers that start now.

    multiprocessing has each worker run it again, which a script without a `__main__` guard does not bear and one that
    came by standard input cannot. Workers need nothing of it: all they get is of this package.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _killer(item: Item) -> Fault:
    name = item.trial_id if isinstance(item, Trial) else None
    return Fault(item.source, name, "killed_worker", "the process that read it died", "See whether memory ran out.")


_settings = Settings()


def _pool(settings: Settings, workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=_context(), initializer=_prepare, initargs=(settings,))


def _context() -> BaseContext:
    """Workers forked from a clean server that has the slow imports behind it; where there is no fork, spawned."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["trialcriteria.nlp", "trialcriteria.rows"])
    return context


def _prepare(settings: Settings) -> None:
    """Runs in each new worker. Ctrl-C is for the parent, which ends its workers itself."""
    global _settings
    _settings = settings
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that was killed cannot end its workers, which would wait for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


@cache
def _lasting_reader(settings: Settings) -> Read:
    """A worker's reader. Python's collector leaves its pipeline alone and comes seldom: that saves a tenth of the time.

    Only a process that does nothing else may be told so. Rows hold no cycles, so that hardly anything waits for it.
    """
    read = reader(settings)
    gc.freeze()
    gc.set_threshold(SELDOM)
    return read


def _read_chunk(chunk: list[Item]) -> list[Result]:
    read = _lasting_reader(_settings)
    return [_result(read, item) for item in chunk]
