"""What must hold over long runs and bad input: `make soak`, which writes its part of BENCH.md.

Kills at random moments, fuzzed inputs, one very long criterion, memory over many trials. Each part ends with what it
found and its bar; a bar that is missed ends the program with 1. `--quick` runs all of it on a few inputs.
"""

import argparse
import csv
import itertools
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

import fuzzing
import psutil
from pages import LARGE, PAGE, SAID, SAMPLE, machine, say, write

from trialcriteria import registries, tables, workers
from trialcriteria.records import Trial, TrialTables

SECONDS_A_TEXT = 1.0
LONG_SECONDS = 10.0
LONG_MEGABYTES = 1_000
NUMBERS = "nothing but numbers, each of which is a row"
LONG_TEXTS = {"words": "Age over 18 years and platelets above 100 ", "one word": "a", NUMBERS: "18 "}
GROWTH = 0.10
EXTRACT = """
import sys
from trialcriteria import cli, tables
tables.TRIALS_PER_GROUP = int(sys.argv[1])
cli.main(sys.argv[2:])
"""
HEAD = """
Made by `make soak` on {machine}.

"""


class Sizes(NamedTuple):
    """How much of everything."""

    kills: int = 50
    trials: int = 5_000
    part: int = 100
    horizon: float = 20.0
    fuzzed: int = 100_000
    long: int = 10_000_000
    memory: int = 20_000
    workers: int = os.cpu_count() or 1
    seed: int = 1
    patience: float = SECONDS_A_TEXT


QUICK = Sizes(kills=2, trials=60, part=10, horizon=6.0, fuzzed=200, long=1_000_000, memory=300, patience=600.0)
"""Small enough for a test; a loaded machine is no fault there, so nothing is judged by its time."""


def main() -> None:
    """Run the parts that are asked for; 1 where a bar is missed."""
    options, sizes = read_options()
    held = []
    for name, part in (("kills", kills), ("fuzz", fuzz), ("long", long), ("memory", memory)):
        if name in options.parts:
            with tempfile.TemporaryDirectory() as folder:
                held.append(part(sizes, Path(folder)))
    if options.page:
        write("# Soak\n", HEAD.format(machine=machine()) + "\n".join(SAID), options.page)
    sys.exit(not all(held))


def read_options() -> tuple[argparse.Namespace, Sizes]:
    """The options of the call, and the sizes that they give."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few inputs, in seconds; nothing is written")
    parser.add_argument("--parts", nargs="+", default=["kills", "fuzz", "long", "memory"], help="only these")
    parser.add_argument("--page", type=Path, help="the page to write (BENCH.md, but for --quick)")
    for name, kind in Sizes.__annotations__.items():
        parser.add_argument(f"--{name}", type=kind)
    options = parser.parse_args()
    if options.page is None and not options.quick:
        options.page = PAGE
    usual = QUICK if options.quick else Sizes()
    given = {name: getattr(options, name) for name in Sizes._fields if getattr(options, name) is not None}
    return options, usual._replace(**given)


def real_texts() -> list[str]:
    """Eligibility texts to start from: the large file where it is beside the checkout, else our own samples."""
    source = LARGE if LARGE.exists() else SAMPLE
    return [item.eligibility_text for item in registries.read(str(source)) if isinstance(item, Trial)]


def write_input(path: Path, number: int) -> None:
    """A table of so many trials: real texts again and again, each under an id of its own."""
    texts = itertools.islice(itertools.cycle(real_texts()), number)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["nct_id", "criteria"])
        writer.writerows([f"TEST{n:07}", text] for n, text in enumerate(texts))


def start(folder: Path, out: str, sizes: Sizes, *more: str) -> "psutil.Popen":
    """`trialcriteria extract` over the input of `folder`."""
    call = ["extract", "in.csv", "-o", out, "-q", "--workers", str(sizes.workers), *more]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}  # what a killed run leaves to its helper to clean up
    return psutil.Popen([sys.executable, "-c", EXTRACT, str(sizes.part), *call], cwd=folder, env=environment)


def kills(sizes: Sizes, folder: Path) -> bool:
    """Kill a run again and again, each time going on with it, and compare with one that nobody disturbed."""
    say(f"## {sizes.kills} kills over {sizes.trials:,} trials, {sizes.part:,} in a part")
    write_input(folder / "in.csv", sizes.trials)
    if start(folder, "whole", sizes).wait():
        raise SystemExit("the run that nobody disturbed failed")
    chance = random.Random(sizes.seed)
    killed = whole = orphans = 0
    differing: list[str] = []
    while killed < sizes.kills:
        process = start(folder, "out", sizes, "--resume")
        try:
            process.wait(chance.uniform(0, sizes.horizon))
        except psutil.TimeoutExpired:
            family = process.children(recursive=True)
            process.kill()
            process.wait()
            killed += 1
            orphans += len(psutil.wait_procs(family, timeout=30)[1])
        else:  # it was through before its time came
            whole += 1
            differing += compare(folder)
            shutil.rmtree(folder / "out")
    start(folder, "out", sizes, "--resume").wait()
    differing += compare(folder)
    lost, doubled = astray(folder / "out", sizes.trials)
    say(f"{killed} kills, {whole + 1} runs carried to their end: {lost} trials lost, {doubled} doubled")
    say(f"files that differ from the run that nobody disturbed: {len(differing)}; workers left behind: {orphans}\n")
    return not (lost or doubled or differing or orphans)


def compare(folder: Path) -> list[str]:
    """The files of the two runs, but for their manifests, that are not the same."""
    one, other = (
        {path.name: path.read_bytes() for path in (folder / name).iterdir() if path.name != "manifest.json"}
        for name in ("whole", "out")
    )
    return [name for name in one | other if one.get(name) != other.get(name)]


def astray(out: Path, number: int) -> tuple[int, int]:
    """How many trials are lost and how many stand there more than once; those set aside count as there."""
    ids = [row.trial_id for row in tables.read(out / "trials.parquet")]
    aside = len((out / "quarantine.jsonl").read_text(encoding="utf-8").splitlines())
    return number - aside - len(set(ids)), len(ids) - len(set(ids))


class Finding(NamedTuple):
    """What was wrong with one fuzzed input."""

    number: int
    kind: str
    fault: str


KINDS = ("raised", "slow", "astray")


def fuzz(sizes: Sizes, folder: Path) -> bool:
    """Read fuzzed texts and damaged files: nothing may raise, take long or point at other words."""
    say(f"## {sizes.fuzzed:,} fuzzed inputs of at most {fuzzing.LONGEST:,} characters")
    first = sizes.seed * 1_000_000_000
    step = max(1, min(500, sizes.fuzzed // sizes.workers))
    ranges = [range(n, min(n + step, first + sizes.fuzzed)) for n in range(first, first + sizes.fuzzed, step)]
    findings: list[Finding] = []
    slowest = 0.0
    rows = 0
    with ProcessPoolExecutor(sizes.workers) as pool:
        for found, seconds, read in pool.map(fuzz_some, ranges, itertools.repeat(sizes.patience)):
            findings += found
            slowest = max(slowest, seconds)
            rows += read
    for finding in findings[:20]:
        say(f"input {finding.number}: {finding.fault}")
    raised, slow, astray = (sum(finding.kind == kind for finding in findings) for kind in KINDS)
    say(f"{len(findings)} faults: {raised} raised, {slow} took over {sizes.patience:g} s, {astray} rows at other words")
    say(f"{rows:,} rows were read; the slowest input took {slowest:.2f} s\n")
    return not findings


def fuzz_some(numbers: range, patience: float) -> tuple[list[Finding], float, int]:
    """The findings, the slowest time and the number of rows of these inputs."""
    read = workers.reader(workers.Settings())
    read(Trial("T", "text", "text", "Age over 18 years"))
    findings: list[Finding] = []
    slowest, rows = 0.0, 0
    for number in numbers:
        try:
            for trial in trials(number):
                began = time.process_time()
                found = read(trial)
                seconds = time.process_time() - began
                slowest = max(slowest, seconds)
                rows += len(found.constraints) + len(found.mentions) + len(found.numerals)
                if seconds > patience and len(trial.eligibility_text) <= fuzzing.LONGEST:
                    findings.append(Finding(number, "slow", f"took {seconds:.2f} s"))
                findings += [Finding(number, "astray", fault) for fault in misplaced(trial.eligibility_text, found)]
        except Exception as error:  # whatever is raised is what this looks for
            findings.append(Finding(number, "raised", f"{type(error).__name__}: {error}"))
    return findings, slowest, rows


@cache
def start_from() -> tuple[list[str], bytes]:
    """The real texts, and a small file of records."""
    return real_texts(), SAMPLE.read_bytes()


def trials(number: int) -> Iterator[Trial]:
    """The trials of one fuzzed input; every twentieth is a damaged file, as its reader gives it."""
    texts, content = start_from()
    if number % 20:
        yield Trial("T", "text", "text", fuzzing.text(number, texts))
        return
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(fuzzing.damaged(number, content))
        file.flush()
        yield from (item for item in registries.read(file.name) if isinstance(item, Trial))


def misplaced(text: str, found: TrialTables) -> Iterator[str]:
    """Rows whose words do not stand where they say."""
    spans = [(row.quote, row.start, row.end) for row in found.constraints]
    spans += [(row.text, row.start, row.end) for row in (*found.mentions, *found.numerals)]
    for words, start, end in spans:
        if text[start:end] != words:
            yield f"{words!r} does not stand at {start}-{end}"
    for row in found.criteria:
        if not 0 <= row.start <= row.end <= len(text):
            yield f"{row.criterion_id} lies outside the text, at {row.start}-{row.end}"


def long(sizes: Sizes, folder: Path) -> bool:
    """One criterion that is no criterion but a whole file."""
    say(f"## One criterion of {sizes.long / 1e6:g} MB")
    held = True
    for name, unit in LONG_TEXTS.items():
        (folder / "long.txt").write_text((unit * (sizes.long // len(unit) + 1))[: sizes.long], encoding="utf-8")
        call = ["extract", "long.txt", "-o", "out", "-q", "--overwrite"]
        process = subprocess.Popen([sys.executable, "-m", "trialcriteria", *call], cwd=folder)
        _, status, used = os.wait4(process.pid, 0)
        seconds, megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1_000
        bar = "no bar" if name == NUMBERS else f"bar {LONG_SECONDS:g} s, {LONG_MEGABYTES:,} MB"
        say(f"{name}: {seconds:.1f} s of processor time, start included, {megabytes:,.0f} MB ({bar})")
        within = seconds <= LONG_SECONDS and megabytes <= LONG_MEGABYTES
        held &= status == 0 and (within or name == NUMBERS)
    say("")
    return held


def memory(sizes: Sizes, folder: Path) -> bool:
    """The memory of all processes of a long run, at its beginning and at its end."""
    say(f"## Memory over {sizes.memory:,} trials, {sizes.workers} workers")
    write_input(folder / "in.csv", sizes.memory)
    process = start(folder, "out", sizes)
    samples: list[float] = []
    while process.poll() is None:
        if (folder / "out" / ".partial" / "part-000000").exists():  # all is loaded, and caches are warm
            samples.append(megabytes([process, *children(process)]))
        time.sleep(0.2 if sizes.memory < 1_000 else 1)
    tenth = max(1, len(samples) // 10)
    if process.returncode or not samples:
        say(f"the run ended with {process.returncode}, {len(samples)} measurements\n")
        return process.returncode == 0
    first, last = statistics.mean(samples[:tenth]), statistics.mean(samples[-tenth:])
    say(f"first tenth {first:,.0f} MB, last tenth {last:,.0f} MB, most {max(samples):,.0f} MB (PSS of all processes)")
    enough = sizes.memory >= 10 * sizes.part and len(samples) >= 100
    say(f"growth {last / first - 1:+.1%} of {GROWTH:.0%}{'' if enough else '; too short a run to judge'}\n")
    return not enough or last <= first * (1 + GROWTH)


def children(process: "psutil.Popen") -> Sequence[psutil.Process]:
    """The workers of a run, while it is there."""
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return ()


def megabytes(processes: Sequence[psutil.Process]) -> float:
    """The memory of `processes`, with what they share counted once."""
    total = 0
    for process in processes:
        try:
            lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1_000


if __name__ == "__main__":
    main()
