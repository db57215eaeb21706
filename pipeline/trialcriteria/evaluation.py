"""Gold and a run side by side: both are read and checked against each other, scored, and the scores written.

Whatever does not fit together is refused with file, record and fault, so that nothing is scored in silence. The test
part of the gold is sealed: it gives totals, and its error list only to someone who has that logged.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from trialcriteria import annotations, lexicon, scoring, tables, workers
from trialcriteria.annotations import GoldError, GoldTrial, corpora, sha256
from trialcriteria.annotations.imported import Named
from trialcriteria.annotations.ties import Tie
from trialcriteria.manifest import versions
from trialcriteria.records import Constraint, Mention, TrialRow, TrialTables
from trialcriteria.scoring import Difference, Negation, ScoredTrial, Scores, report
from trialcriteria.scoring.errors import Disagreement, MentionDisagreement, disagreements, mention_disagreements
from trialcriteria.scoring.negation import Misread, misread, score_negation
from trialcriteria.scoring.ties import TieFigures, score_ties, tied

RUN_TABLES = ("trials", "constraints", "mentions")
SEALED = "test"
TITLES = {"dev": "the development gold", "test": "the test gold"}
IMPORTED_FIELDS: tuple[scoring.Field, ...] = ("operator", "value", "attribute")
MISSING = "is missing, and would count as overlooked; run it as well, or leave it out of the gold"
LOG = "SCORES.md"
LOG_HEADING = "## Unsealed"
LOG_EMPTY = "Nobody has opened a sealed error list."


class Gold(NamedTuple):
    """Annotated trials, and what of their rows is annotated."""

    trials: list[GoldTrial]
    scheme: str | None = None  # of an imported corpus, which has no parts of ours
    fields: tuple[scoring.Field, ...] = scoring.FIELDS
    remarks: tuple[str, ...] = ()
    named: Mapping[str, tuple[Named, ...]] = {}
    """By trial of a corpus, what a negation could be about."""
    ties: Mapping[str, tuple[Tie, ...]] = {}
    """By trial of a corpus, how that hangs together."""

    def part(self, trial: GoldTrial) -> str:
        """Where the scores of a trial are counted."""
        return self.scheme or trial.split

    def only(self, part: str) -> "Gold":
        """One part of it; raises GoldError where it has no trial of that part."""
        trials = [trial for trial in self.trials if self.part(trial) == part]
        if not trials:
            raise GoldError([f"the gold holds no trial of the {part} part"])
        return self._replace(trials=trials)

    def view(self, knowledge: lexicon.Lexicon) -> scoring.View:
        """What a comparison with it goes by."""
        return scoring.view(knowledge)._replace(fields=self.fields, imported=self.scheme is not None)


class Result(NamedTuple):
    """What came out for one part of the gold, or for an imported corpus."""

    part: str
    scores: Scores
    trials: list[ScoredTrial]
    texts: dict[str, str]
    changes: dict[str, Difference] | None = None
    negation: Negation | None = None
    """Of a corpus: its own negation."""
    negation_misread: tuple[Misread, ...] = ()
    ties: TieFigures | None = None
    """Of a corpus: how its things hang together."""

    @property
    def sealed(self) -> bool:
        """Whether only totals may be shown."""
        return self.part == SEALED

    def tables(self) -> list[report.Table]:
        """What may be shown of it."""
        shown = report.totals(self.scores)
        shown += [report.negation(self.negation)] if self.negation else []
        shown += [report.ties(self.ties)] if self.ties else []
        shown += [] if self.sealed else report.details(self.scores)
        return shown + ([report.changes(self.changes)] if self.changes is not None else [])

    def errors(self) -> Iterator[Disagreement]:
        """Its error list. Nobody who works on rules looks at a sealed one."""
        for trial in self.trials:
            yield from disagreements(trial, self.texts[trial.trial_id])

    def mention_errors(self) -> Iterator[MentionDisagreement]:
        """The mentions that differ; none of a corpus, whose scheme leaves most of what mentions say open."""
        for trial in self.trials if "requirement" in self.scores.total else ():
            yield from mention_disagreements(trial, self.texts[trial.trial_id])


def read_gold(path: Path) -> Gold:
    """Our gold of a file or folder, or a brat corpus; raises GoldError with every fault in it."""
    if corpora.is_corpus(path):
        corpus = corpora.read(path)
        return Gold(corpus.trials, corpus.scheme, IMPORTED_FIELDS, corpus.remarks(), corpus.named, corpus.ties)
    trials = annotations.read(path)
    if not trials:
        raise GoldError([f"{path}: holds no trial"])
    return Gold(trials)


def read_here(gold: Sequence[GoldTrial], lexicon_files: Sequence[Path] = ()) -> list[TrialTables]:
    """The gold's texts, read by this program."""
    read = workers.reader(workers.Settings(tuple(lexicon_files)))
    return [read(trial.record()) for trial in gold]


def read_run(folder: Path, gold: Sequence[GoldTrial], whole: Sequence[GoldTrial] = ()) -> list[TrialTables]:
    """The rows of a run of `extract` or `evaluate`, one item for each gold trial, in the gold's order.

    The run may hold more trials of the `whole` gold, of which `gold` is a part.

    Raises GoldError where the run and the gold are not about the same texts, or a row contradicts its text.
    """
    files = {table: table_file(folder, table) for table in RUN_TABLES}
    if missing := [table for table, path in files.items() if path is None]:
        raise GoldError([f"{folder}: no table {', '.join(missing)}; a run is a folder that `extract` wrote"])
    trials, constraints, mentions = (list(tables.read(path)) for path in files.values() if path)
    texts = {trial.trial_id: trial for trial in (*whole, *gold)}
    faults = [f"{files['trials']}: {fault}" for fault in _trial_faults(trials, texts)]
    read_ids = {trial.trial_id for trial in trials}
    faults += [f"{files['trials']}: {trial.trial_id}: {MISSING}" for trial in gold if trial.trial_id not in read_ids]
    faults += [f"{files['constraints']}: {fault}" for fault in _row_faults(constraints, texts)]
    faults += [f"{files['mentions']}: {fault}" for fault in _row_faults(mentions, texts)]
    if faults:
        raise GoldError(faults)
    rows = {trial.trial_id: TrialTables(trial, [], [], [], []) for trial in trials}
    for row in constraints:
        rows[row.trial_id].constraints.append(row)
    for row in mentions:
        rows[row.trial_id].mentions.append(row)
    return [rows[trial.trial_id] for trial in gold]


def table_file(folder: Path, table: str) -> Path | None:
    """The file, or folder of parts, of a table in the folder of a run, in whichever format it is."""
    paths = (folder / tables.file_name(table, format) for format in tables.FORMATS)
    return next((path for path in paths if path.exists()), None)


def _trial_faults(run: Sequence[TrialRow], gold: dict[str, GoldTrial]) -> Iterator[str]:
    for name, n in Counter(trial.trial_id for trial in run).items():
        if n > 1:
            yield f"{name}: stands there {n} times"
        if name not in gold:
            yield f"{name}: is not in the gold; score a run of the gold's texts"
    for row in run:
        if row.trial_id in gold and not is_of(gold[row.trial_id], row):
            yield f"{row.trial_id}: was read from another text than the gold's"


def is_of(gold: GoldTrial, read: TrialRow) -> bool:
    """Whether a trial was read from the gold's text, as it is stored or as a registry's reader decodes it."""
    return read.text_sha256 in {sha256(text) for text in _texts(gold)}


def _texts(gold: GoldTrial) -> tuple[str, str]:
    return gold.text, gold.record().eligibility_text


def _row_faults(run: Sequence[Constraint] | Sequence[Mention], gold: dict[str, GoldTrial]) -> Iterator[str]:
    seen = set[tuple[str, str]]()
    for row in run:
        name = row.constraint_id if isinstance(row, Constraint) else row.mention_id
        said = row.quote if isinstance(row, Constraint) else row.text
        if (row.trial_id, name) in seen:
            yield f"{row.trial_id}: {name}: the id is used twice"
        seen.add((row.trial_id, name))
        if row.trial_id not in gold:
            yield f"{row.trial_id}: {name}: the trial is not in the gold"
        elif not said or said not in {text[row.start : row.end] for text in _texts(gold[row.trial_id])}:
            yield f"{row.trial_id}: {name}: {said!r} does not stand at {row.start}-{row.end} of the text"


def evaluate(
    gold: Gold,
    read: Sequence[TrialTables],
    before: Sequence[TrialTables] | None = None,
    rounds: int = 1000,
    seed: int = 0,
) -> list[Result]:
    """The scores of a run, part by part; with a run from before, also what changed."""
    knowledge = lexicon.load()
    by = gold.view(knowledge)
    results = []
    for part in dict.fromkeys(map(gold.part, gold.trials)):
        chosen = [n for n, trial in enumerate(gold.trials) if gold.part(trial) == part]
        now = [scoring.score_trial(gold.trials[n], read[n], knowledge, by) for n in chosen]
        changes = None
        if before is not None:
            then = [scoring.score_trial(gold.trials[n], before[n], knowledge, by) for n in chosen]
            changes = scoring.compare(then, now, gold.fields, rounds, seed)
        texts = {gold.trials[n].trial_id: gold.trials[n].text for n in chosen}
        result = Result(part, scoring.score(now, gold.fields, rounds, seed), now, texts, changes)
        if gold.named:
            result = _with_negation(result, gold.named, [read[n] for n in chosen], rounds, seed)
            result = _with_ties(result, gold, [read[n] for n in chosen], rounds, seed)
        results.append(result)
    return results


def _with_negation(
    result: Result, named: Mapping[str, tuple[Named, ...]], read: Sequence[TrialTables], rounds: int, seed: int
) -> Result:
    wrong = (
        one
        for tables in read
        for one in misread(named[tables.trial.trial_id], tables, result.texts[tables.trial.trial_id])
    )
    found = score_negation(named, read, rounds, seed)
    return result._replace(negation=found, negation_misread=tuple(wrong))


def _with_ties(result: Result, gold: Gold, read: Sequence[TrialTables], rounds: int, seed: int) -> Result:
    names = [each.trial.trial_id for each in read]
    trials = [
        tied(result.texts[name], gold.ties[name], gold.named[name], each)
        for name, each in zip(names, read, strict=True)
    ]
    return result._replace(ties=score_ties(trials, rounds, seed))


def write(results: Sequence[Result], read: Sequence[TrialTables], folder: Path, unseal: bool = False) -> list[Path]:
    """Write `scores.json`, `scores.md`, the lists of what differs and, for comparisons, the run.

    `errors.jsonl` lists limits, `mention_errors.jsonl` mentions, `negation.jsonl` the negation of a corpus.
    """
    run = folder / "run"
    run.mkdir(parents=True, exist_ok=True)
    saved = tables.Folder(run)
    for rows in read:
        saved.add(rows)
    paths = [folder / "scores.json", folder / "scores.md", folder / "errors.jsonl", *saved.publish()]
    scores = {result.part: report.as_data(_shown(result)) for result in results}
    paths[0].write_text(json.dumps({"versions": versions(), **scores}, indent=1) + "\n", encoding="utf-8")
    paths[1].write_text(markdown(results), encoding="utf-8")
    opened = [result for result in results if unseal or not result.sealed]
    _write_list(paths[2], (error for result in opened for error in result.errors()))
    others: dict[str, list[Any]] = {
        "mention_errors.jsonl": [one for result in opened for one in result.mention_errors()],
        "negation.jsonl": [one for result in results for one in result.negation_misread],
    }
    for name, listed in others.items():
        if listed:
            paths.append(folder / name)
            _write_list(paths[-1], listed)
    return paths


def _write_list(path: Path, items: Iterable[Any]) -> None:
    """Named tuples as JSON lines."""
    lines = [json.dumps(item._asdict(), ensure_ascii=False) + "\n" for item in items]
    path.write_text("".join(lines), encoding="utf-8")


def _shown(result: Result) -> dict[str, object]:
    """The scores of a result as a mapping, without what is sealed."""
    data: dict[str, object] = {"scores": result.scores}
    if result.sealed:
        kept = ("trials", "total", "macro", "harmful", "mentions", "flags", "slots")
        data = {"scores": {name: getattr(result.scores, name) for name in kept}}
    data |= {"negation": result.negation} if result.negation else {}
    data |= {"ties": result.ties} if result.ties else {}
    return data | ({"changes": result.changes} if result.changes is not None else {})


def markdown(results: Sequence[Result]) -> str:
    """The scores as a Markdown page."""
    parts = [
        f"# Scores on {TITLES.get(result.part, result.part)}\n\n{report.markdown(result.tables())}"
        for result in results
    ]
    return "\n".join(parts)


def log_unsealing(gold: Path) -> Path:
    """Log in `SCORES.md` beside the gold that its sealed error list was opened, and say where."""
    folder = gold if gold.is_dir() else gold.parent
    path = next((place / LOG for place in (folder, folder.parent) if (place / LOG).is_file()), folder / LOG)
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    if LOG_HEADING not in page:
        page = f"{page.rstrip()}\n\n{LOG_HEADING}\n".lstrip()
    page = page.replace(LOG_EMPTY + "\n", "")
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    page = f"{page.rstrip()}\n- {now}: the sealed errors of the gold in `{gold.name}` was opened\n"
    path.write_text(page, encoding="utf-8")
    return path
