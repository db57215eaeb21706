"""How fast and how large: `make bench`, which also writes BENCH.md.

The floor is spaCy's own tokenizer over our criteria strings, warm; ours is trials in memory to rows, segmentation
included, our own caches cleared, second pass. Both alternate in one process, and the best of five counts. Then
`extract` itself, end to end on one worker in a fresh process, with the peak memory of its processes, and of a file that
is worth it how much faster two workers are.
"""

import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import spacy
from growth import BAR, growth
from pages import LARGE, ROOT, SAID, SAMPLE, machine, say, write

from trialcriteria import nlp, registries, rows
from trialcriteria.criteria import segment
from trialcriteria.records import Trial

HEAD = """
Made by `{command}` on {machine}. The floor is spaCy's own tokenizer over the same
criteria, warm, in the same run on one core: ratios hold where rates move with the machine.
F1 of our own gold, as last written: {scores}.

"""
ROUNDS = 5
TRIALS = 600
KNOWLEDGE = ("trialcriteria.lexicon", "trialcriteria.tables", "trialcriteria.workers")
"""Modules whose caches hold no texts but what is loaded once."""

WORKERS, SPEEDUP = 2, 1.7
SECONDS_A_LOOK = 1.0  # at the memory, which takes time itself
"""How many times as fast so many workers must be as one."""

GOALS = {"all": (4.5, 2.5), "constraints": (1.6, 1.2)}


def main() -> None:
    """Measure the sample and, where it is there, a larger file of real trials."""
    for path in (SAMPLE, LARGE):
        if path.exists():
            measure(path)
        else:
            say(f"left out: {path.name} is not beside this checkout")
    say("## Growth")
    unit, worst = growth()[0]
    say(f"a text twice as long takes at most {worst:.2f} times as long to segment (bar {BAR}); worst unit: {unit!r}\n")
    head = HEAD.format(command="make bench", machine=machine(), scores=scores())
    write("# Speed and memory\n", head + "\n".join(SAID))


def scores() -> str:
    """The scores of the same build, as `make score` wrote them: no accuracy is paid for speed."""
    held = json.loads((ROOT / "annotations" / "scores.json").read_text(encoding="utf-8"))
    parts = []
    for half in ("dev", "test"):
        f1 = held[half]["F1"]
        parts.append(
            f"{half}: detection {f1['detection']:.3f}, requirement {f1['requirement']:.3f}, strict {f1['strict']:.3f}"
        )
    return "; ".join(parts)


def measure(path: Path) -> None:
    """Print the ratios and the end-to-end figures of one file."""
    trials = [item for item in registries.read(str(path)) if isinstance(item, Trial)]
    some = trials[:: max(1, len(trials) // TRIALS)][:TRIALS]
    say(f"## {path.name}: {len(trials):,} trials, {len(some):,} of them for the ratios")
    for name, seconds, floors in ratios(some):
        first, goal = GOALS.get(name, (0.0, 0.0))
        bar = f" (bar {first}, goal {goal})" if goal else ""
        say(f"{name:12} {seconds:7.2f} s  {floors:5.2f} floors{bar}")
    seconds, memory, megabytes = end_to_end(path)
    say(f"extract, one worker, start included: {seconds:.1f} s, {len(trials) / seconds:,.0f} trials/s,")
    say(f"{megabytes / seconds:.2f} MB/s of input, peak memory {memory:,.0f} MB")
    if len(trials) > TRIALS:  # of fewer, most of the time is the start of the processes
        together = end_to_end(path, WORKERS)[0]
        say(f"with {WORKERS} workers: {together:.1f} s, {seconds / together:.2f} times as fast (bar {SPEEDUP})")
    say("")


def ratios(trials: list[Trial]) -> list[tuple[str, float, float]]:
    """(name, seconds, floors) of the floor and of both ways of reading."""
    pipeline, tokenizer = nlp.load(), spacy.blank("en")
    texts = [piece.text for trial in trials for piece in segment(trial.eligibility_text, trial.fields)]
    passes: dict[str, Callable[[], object]] = {
        "floor": lambda: [tokenizer.make_doc(text) for text in texts],
        "all": lambda: [rows.read_trial(pipeline, trial) for trial in trials],
        "constraints": lambda: [rows.read_trial(pipeline, trial, "constraints") for trial in trials],
    }
    for run in passes.values():
        run()
    best = dict.fromkeys(passes, float("inf"))
    for _ in range(ROUNDS):
        for name, run in passes.items():
            best[name] = min(best[name], timed(run))
    return [(name, seconds, seconds / best["floor"]) for name, seconds in best.items()]


def forget() -> None:
    """Empty our caches of texts, so that no pass profits from the one before; the tokenizer's own stays warm."""
    for name, module in list(sys.modules.items()):
        if name.startswith("trialcriteria.") and not name.startswith(KNOWLEDGE):
            for thing in vars(module).values():
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()


def timed(run: Callable[[], object]) -> float:
    """Seconds that `run` takes, without the collector's pauses falling on one of the passes by chance."""
    forget()
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    run()
    seconds = time.perf_counter() - began
    gc.enable()
    return seconds


def end_to_end(path: Path, workers: int = 1) -> tuple[float, float, float]:
    """(seconds, peak megabytes, megabytes of input) of `trialcriteria extract` in a process of its own.

    The peak is that of all its processes, with what they share counted once.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "trialcriteria", "extract", str(path), "-o", folder, "--quiet"]
        began = time.perf_counter()
        process = psutil.Popen([*command, "--allow-quarantined", "1000000", "--workers", str(workers)])
        peak = 0
        while process.poll() is None:
            peak = max(peak, _shared_fairly(process))
            with suppress(psutil.TimeoutExpired):
                process.wait(timeout=SECONDS_A_LOOK)
        seconds = time.perf_counter() - began
        if process.wait() != 0:
            raise SystemExit(f"extract failed with exit code {process.returncode}")
    return seconds, peak / 1e6, path.stat().st_size / 1e6


def _shared_fairly(process: psutil.Popen) -> int:
    """Bytes of a process and its workers; of what several hold, each counts its part."""
    total = 0
    try:
        for one in (process, *process.children(recursive=True)):
            total += one.memory_full_info().pss
    except psutil.Error:  # one of them has just ended
        return 0
    return total


if __name__ == "__main__":
    main()
