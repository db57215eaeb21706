"""`make score`: scores everything that is here and writes SCORES.md and, for the tests to hold, scores.json.

Our own gold always; the Leaf and Chia corpora where `../shared` stands beside the checkout, with the reference scorer's
figures next to ours. Of the test part only totals are written. What stands under "Unsealed" is kept.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import baseline
import constructs

from trialcriteria import annotations, evaluation, lexicon
from trialcriteria.evaluation import LOG, LOG_EMPTY, LOG_HEADING, TITLES, Gold, Result
from trialcriteria.manifest import sha256
from trialcriteria.records import TrialTables
from trialcriteria.scoring import Figure, report

HERE = Path(__file__).resolve().parent
GOLD = HERE / "gold"
SHARED = HERE.parent.parent / "shared"
PAGE, FIGURES = HERE / LOG, HERE / "scores.json"
PEERS = "operator, value and attribute"
"""The measure by which other programs are compared, and the baseline is held down."""
BASELINE_BELOW = 0.60
CORPORA = {"lct": "lct_gold.py", "chia": "chia_gold.py"}
CLASSED = {
    "lct": "\n- What stands behind these figures, class by class: `CORPORA.md`, and `NEGATION.md` for negation.",
    "chia": "\n- What stands behind these figures, class by class: `CORPORA.md`.",
}
KINDS = {"everything": "", "age": "age", "measurements": "observation", "time": "temporal"}

HEAD = """\
# Scores

Made by `make score` at commit {commit}, trialcriteria {version}. Bounds are scored: a range is two, classes are one. A
gold and a read bound match one to one where their limits overlap, best agreement first. A field counts where both are
matched and agree in it; strict means all but links. F1 has a 95 % interval from {rounds} draws of the trials; macro is
the mean over kinds. Harmful is a read bound that says something untrue (wrong operator, value, unit, attribute or
requirement, a lost condition or exception) or that binds where the gold has nothing, as a share of all that were read.
What a row leaves open counts as missing, not as wrong.

The test gold shows totals only. Neither its errors nor its trials are looked at while rules are written. What is behind
the errors on the development gold, class by class: `ERRORS.md`.
"""
ROUNDS = 1000
STEADY = 100
"""Gold rows from which on a figure moves by less than a point for one lucky row."""


def run(rounds: int = ROUNDS) -> list[Result]:
    """Our gold, read by this program and scored."""
    gold = evaluation.read_gold(GOLD)
    return evaluation.evaluate(gold, evaluation.read_here(gold.trials), rounds=rounds)


def figures(results: Sequence[Result]) -> dict[str, Any]:
    """What the tests hold: F1 of every measure that is steady enough, harm, and which gold that was."""
    held: dict[str, Any] = {"gold": gold_digest()}
    for result in results:
        scores = result.scores
        named = scores.total | {f"mentions: {name}": figure for name, figure in scores.mentions.items()}
        kept = {name: round(figure.f1, 4) for name, figure in named.items() if figure.gold >= STEADY}
        held[result.part] = {"F1": kept, "harmful": round(scores.harmful.rate, 4)}
    return held


def gold_digest() -> dict[str, str]:
    """SHA-256 of the gold files."""
    return {path.name: sha256(path) for path in sorted(GOLD.glob("*.jsonl"))}


def baseline_results(rounds: int = ROUNDS) -> list[Result]:
    """Our gold, read by the baseline."""
    gold = evaluation.read_gold(GOLD)
    read = baseline.reader(lexicon.load())
    return evaluation.evaluate(gold, [read(trial.record()) for trial in gold.trials], rounds=rounds)


def page(results: Sequence[Result]) -> str:
    """SCORES.md."""
    head = HEAD.format(commit=commit(), version=evaluation.versions()["trialcriteria"], rounds=ROUNDS)
    parts = [head]
    for result in results:
        parts.append(f"## On {TITLES[result.part]}\n\n{report.markdown(result.tables(), 3)}")
    parts += [_baseline_part(), _constructs_part(), *_corpora_parts(), unsealed()]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def commit() -> str:
    """The commit that was scored, and whether the program had changes on top of it."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", "-C", HERE, *arguments], capture_output=True, text=True, check=False)
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--", "../pipeline")
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + (" with changes" if changed else "")


def unsealed() -> str:
    """The log of looks at sealed parts, as it stands in SCORES.md."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    log = text.partition(f"{LOG_HEADING}\n")[2].strip()
    return f"{LOG_HEADING}\n{log or LOG_EMPTY}\n"


def _baseline_part() -> str:
    rows = []
    for result in baseline_results():
        total = result.scores.total
        shown = [_f1(total[name]) for name in ("detection", PEERS, "strict")]
        rows.append((TITLES[result.part].removeprefix("the "), *shown, f"{result.scores.harmful.rate:.3f}"))
    headings = ("gold", "detection", PEERS, "strict", "harmful")
    table = report.Table("The baseline", headings, tuple(rows))
    words = (
        "F1 of `baseline.py`: every number is a limit on the nearest word that the lexicon lists. On the test gold, "
        f"by operator, value and attribute together, it must stay under {BASELINE_BELOW:.2f}."
    )
    return _section(table, words)


def _f1(figure: Figure) -> str:
    return f"{figure.f1:.3f} ({figure.low:.3f}-{figure.high:.3f})"


def _section(table: report.Table, words: str) -> str:
    head, _, rest = report.markdown([table], 2).partition("\n\n")
    return f"{head}\n\n{words}\n\n{rest.rpartition(chr(10) * 2)[0]}\n"


def _constructs_part() -> str:
    """How often the gold and the registry use what readers get wrong."""
    columns = {"our gold": constructs.shares(trial.text for trial in annotations.read(GOLD))}
    records = SHARED / "registry" / "ctg-studies.json"
    if records.is_file():
        columns["registry"] = constructs.shares(constructs.registry_texts(records))
    rows = [
        (name, *(cell for column in columns.values() for cell in (f"{column[name][0]:.0%}", f"{column[name][1]:.1f}")))
        for name in columns["our gold"]
    ]
    headings = ("construct", *(f"{name}: {what}" for name in columns for what in ("trials", "uses a trial")))
    words = (
        "Trials that use a construct, by the same rough expressions in our texts and in 78 records of "
        "ClinicalTrials.gov; only the columns beside each other mean anything."
    )
    return _section(report.Table("How hard the gold is", headings, tuple(rows)), words)


def _corpora_parts() -> Iterator[str]:
    for name, converter in CORPORA.items():
        folder = SHARED / "corpora" / name
        if folder.is_dir():
            gold = evaluation.read_gold(folder)
            read = evaluation.read_here(gold.trials)
            [result] = evaluation.evaluate(gold, read, rounds=ROUNDS)
            shown = report.markdown(result.tables()[:5], 3)
            remarks = "\n".join(f"- {remark}" for remark in gold.remarks)
            reference = report.markdown([_reference(gold, read, folder, converter)], 3).rpartition("\n\n")[0]
            remarks += CLASSED.get(name, "")
            yield f"## On the development half of {gold.scheme}\n\n{shown}\n{reference}\n\n{remarks}\n"


def _reference(gold: Gold, read: Sequence[TrialTables], folder: Path, converter: str) -> report.Table:
    """The figures of the reference scorer, unmodified, on the same run."""
    scorer = SHARED / "scorer"
    rows = []
    with tempfile.TemporaryDirectory() as made:
        out = Path(made)
        evaluation.write([], read, out)
        for script, argument, name in ((converter, folder, "gold"), ("from_tables.py", out / "run", "read")):
            (out / name).write_bytes(_output(scorer / script, argument))
        for shown, kind in KINDS.items():
            found = json.loads(_output(scorer / "score.py", out / "gold", out / "read", "--kind", kind, "--json"))
            levels = (f"{level['P']:.3f} / {level['R']:.3f} / {level['F1']:.3f}" for level in found.values())
            rows.append((shown, str(found["L0"]["gold"]), *levels))
    headings = ("P / R / F1", "gold", "L0 value", "L1 operator", "L2 attribute", "L3 unit")
    return report.Table(f"The same run by the reference scorer on {gold.scheme}", headings, tuple(rows))


def _output(script: Path, *arguments: Path | str) -> bytes:
    return subprocess.run([sys.executable, script, *arguments], capture_output=True, check=True).stdout


def main() -> None:
    """Score and write."""
    results = run()
    PAGE.write_text(page(results), encoding="utf-8")
    FIGURES.write_text(json.dumps(figures(results), indent=1) + "\n", encoding="utf-8")
    for result in results:
        total = result.scores.total
        shown = ", ".join(f"{name} {total[name].f1:.3f}" for name in ("detection", PEERS, "strict"))
        sys.stdout.write(f"{TITLES[result.part]}: {shown}, harmful {result.scores.harmful.rate:.3f}\n")
    sys.stdout.write(f"wrote {PAGE.relative_to(HERE.parent)} and {FIGURES.relative_to(HERE.parent)}\n")


if __name__ == "__main__":
    main()
