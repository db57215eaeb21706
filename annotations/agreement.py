"""How far two annotators agree: `python annotations/agreement.py` prints it and writes AGREEMENT.md.

The trials annotated twice are read from `agreement/first.jsonl` and `agreement/second.jsonl`, which build.py makes. The
second annotation is scored against the first as if it were a run of the program. No lexicon takes part: ids must be the
same and numbers are compared as stated, so that the figures do not move when the program learns something.
`--differences TEST0007` lists what two annotations of a trial disagree in, for whoever adjudicates.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from trialcriteria import annotations, scoring
from trialcriteria.annotations import GoldTrial
from trialcriteria.lexicon import Lexicon
from trialcriteria.records import TrialRow, TrialTables
from trialcriteria.scoring import MentionPair, ScoredTrial, View, report
from trialcriteria.scoring.bounds import with_canonical
from trialcriteria.scoring.errors import disagreements

HERE = Path(__file__).resolve().parent
NO_LEXICON = Lexicon({}, {}, (), {}, (), "")
NO_TRIAL = TrialRow(*(None,) * len(TrialRow._fields))  # type: ignore[arg-type]
SHOWN = ("Mentions", "F1 by kind", "Requirements of matched bounds", "Operators of matched bounds")
INTRODUCTION = """\
# Agreement of two annotators

{trials} trials were annotated twice, each time from the guideline and the text alone. Here the second annotation is set
against the first: "gold" and "R" stand on the first, "read" and "P" on the second, and F1 is the same both ways.
Neither is the adjudicated gold. A range counts as two bounds. Ids have to be the same: an attribute with another id
counts as different even where the words are the same, and a unit where only its code differs. Strict: every field
agrees but the links. Kappa is agreement beyond chance. Made by `python annotations/agreement.py` from `first/` and
`second/`.

"""


def read(folder: Path = HERE) -> tuple[list[GoldTrial], list[GoldTrial]]:
    """The first and the second annotation of the same trials, in the same order."""
    first, second = (annotations.read(folder / "agreement" / f"{name}.jsonl") for name in ("first", "second"))
    if [(t.trial_id, t.text_sha256) for t in first] != [(t.trial_id, t.text_sha256) for t in second]:
        raise ValueError("agreement/first.jsonl and agreement/second.jsonl are not about the same texts; run build.py")
    return first, second


def compare(first: Sequence[GoldTrial], second: Sequence[GoldTrial]) -> list[ScoredTrial]:
    """Each trial's two annotations, matched row by row."""
    by = known_ids([*first, *second])
    pairs = zip(first, map(as_read, second), strict=True)
    return [scoring.score_trial(one, two, NO_LEXICON, by) for one, two in pairs]


def as_read(trial: GoldTrial) -> TrialTables:
    """The rows of an annotation in the shape of a run, which knows that 70 % of predicted is 0.7 of it."""
    limits = [with_canonical(row, NO_LEXICON) for row in trial.constraints]
    return TrialTables(NO_TRIAL, [], limits, list(trial.mentions), [])


def known_ids(trials: Sequence[GoldTrial]) -> View:
    """Every id that either annotator wrote, so that ids are compared and not words."""
    rows = [row for trial in trials for row in trial.constraints]
    conditions = {row.condition_id for row in rows}
    conditions |= {row.condition_id for trial in trials for row in trial.mentions}
    return View(
        {row.attribute for row in rows if row.attribute},
        {row.anchor for row in rows if row.anchor},
        {name for name in conditions if name},
    )


def page(compared: Sequence[ScoredTrial]) -> str:
    """The figures as a Markdown page."""
    scores = scoring.score(compared)
    limits = report.totals(scores)[0]
    limits = limits._replace(rows=tuple(row for row in limits.rows if row[0] != "harmful errors"))
    chance = report.Table(
        "Kappa of matched bounds",
        ("field", "matched bounds", "kappa"),
        tuple(
            (name, str(sum(counts.values())), f"{kappa(counts):.3f}".lstrip("0"))
            for name, counts in (("operator", scores.operators), ("requirement", scores.requirements))
        ),
    )
    others = [table for table in report.totals(scores) + report.details(scores) if table.title in SHOWN]
    return INTRODUCTION.format(trials=len(compared)) + report.markdown([limits, chance, *others])


def kappa(counts: Mapping[tuple[str, str], int]) -> float:
    """Cohen's kappa (Cohen 1960) of two annotators, from how often one wrote the first and the other the second.

    >>> round(kappa({("a", "a"): 20, ("a", "b"): 5, ("b", "a"): 10, ("b", "b"): 15}), 3)
    0.4
    """
    whole = sum(counts.values())
    names = {name for pair in counts for name in pair}
    agreed = sum(counts.get((name, name), 0) for name in names) / whole
    shares = [[sum(n for pair, n in counts.items() if pair[side] == name) / whole for side in (0, 1)] for name in names]
    by_chance = sum(one * other for one, other in shares)
    return (agreed - by_chance) / (1 - by_chance)


def differences(compared: ScoredTrial, text: str) -> Iterator[str]:
    """What two annotations of one trial disagree in: limits, then mentions, in text order."""
    for item in disagreements(compared, text):
        yield f"{item.kind}: {', '.join(item.mistakes)}\n  1 {item.gold_id} {item.gold}\n  2 {item.read_id} {item.read}"
        yield f"    {item.text}"
    for pair in compared.mentions:
        if not (pair.gold and pair.read and mention(pair, "gold")[1:] == mention(pair, "read")[1:]):
            yield f"mention:\n  1 {mention(pair, 'gold')}\n  2 {mention(pair, 'read')}"


def mention(pair: MentionPair, side: str) -> tuple[str | bool | None, ...]:
    """What a mention says of its patient, its words first."""
    row = getattr(pair, side)
    return (f"{row.mention_id} {row.text}", row.label, row.requirement, bool(row.exception_to)) if row else ()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or list the differences of the named trials."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--differences", nargs="+", metavar="TRIAL", help="list what differs in these trials instead")
    options = parser.parse_args(arguments)
    first, second = read()
    compared = compare(first, second)
    if options.differences:
        texts = {trial.trial_id: trial.text for trial in first}
        chosen = [trial for trial in compared if trial.trial_id in options.differences]
        lines = [f"\n== {trial.trial_id}\n" + "\n".join(differences(trial, texts[trial.trial_id])) for trial in chosen]
        sys.stdout.write("\n".join(lines) + "\n")
        return 0
    written = page(compared)
    (HERE / "AGREEMENT.md").write_text(written, encoding="utf-8")
    sys.stdout.write(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
