"""Compile the hand-written rows into gold: `python annotations/build.py` (all), `… TEST0007` (one), `--show TEST0007`.

`source/TEST0007.txt` is the text exactly as a registry stores it (one final newline is not part of it) and
`source/TEST0007.rows` its annotation, in the notation that GUIDELINE.md uses and HOWTO.md explains. Quotes are found in
the text, so nobody counts characters; a quote that is missing or stands there twice is refused, as is everything that
`trialcriteria.annotations.check` finds. Nothing is written while a fault is left.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from compiler import compile_all

from trialcriteria.annotations import GoldError, GoldTrial, Split, write

HERE = Path(__file__).resolve().parent


def show(trial: GoldTrial) -> str:
    """The trial as it was understood: each criterion with its rows."""
    out = [f"{trial.trial_id} {trial.layout} · {trial.domain} · {trial.split}"]
    for criterion in trial.criteria:
        own = " ".join(trial.text[criterion.start : criterion.end].split())
        out.append(f"\n{criterion.criterion_id} [{criterion.children or ''}] {own}")
        for row in trial.constraints:
            if row.criterion_id == criterion.criterion_id:
                sign = f"{row} | {row.attribute_text} | {' '.join(row.quote.split())} | unit_text {row.unit_text}"
                out.append(f"    {row.constraint_id} {row.kind} {sign} [{row.reference or ''}] -> {row.requirement}")
        for said in trial.mentions:
            if said.criterion_id == criterion.criterion_id:
                out.append(f"    {said.mention_id} {said.label} {said.text} -> {said.requirement}")
    return "\n".join(out)


def build(folder: Path = HERE) -> list[GoldTrial]:
    """Compile `source/` into `gold/`, and both independent annotations of a trial into `agreement/`."""
    trials = compile_all(sorted((folder / "source").glob("*.rows")), folder / "source")
    passes = {name: sorted((folder / name).glob("*.rows")) for name in ("first", "second")}
    agreement = {name: compile_all(files, folder / "source") for name, files in passes.items() if files}
    for split in get_args(Split):
        _write([trial for trial in trials if trial.split == split], folder / "gold" / f"{split}.jsonl")
    for name, annotated in agreement.items():
        _write(annotated, folder / "agreement" / f"{name}.jsonl")
    return trials


def _write(trials: list[GoldTrial], path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    write(trials, path)


def say(text: str) -> None:
    """Write a line to the terminal."""
    sys.stdout.write(text + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Build all, or check the named trials only."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trials", nargs="*", help="ids to check; without any, everything is built")
    parser.add_argument("--show", action="store_true", help="print each criterion with its rows")
    parser.add_argument("--rows", type=Path, default=HERE / "source", help="folder of the .rows files (source)")
    options = parser.parse_args(arguments)
    try:
        if options.trials:
            trials = compile_all([options.rows / f"{name}.rows" for name in options.trials], HERE / "source")
        else:
            trials = build()
    except GoldError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for trial in trials if options.show else ():
        say(show(trial) + "\n")
    counts = {table: sum(len(getattr(t, table)) for t in trials) for table in ("constraints", "mentions", "numerals")}
    say(f"{len(trials)} trials: " + ", ".join(f"{n} {table}" for table, n in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
