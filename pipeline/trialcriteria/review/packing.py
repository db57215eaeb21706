"""The data of the review page, kept small: one JSON block that `page.js` unpacks.

Words that repeat (kinds, rules, mistakes) stand once in `names` and are numbers elsewhere, and records are lists.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_args

from trialcriteria import contradictions
from trialcriteria.batch import CallError
from trialcriteria.evaluation import is_of
from trialcriteria.explain import Row, name, notes
from trialcriteria.records import Constraint, Criterion, Kind, Label, Mention, Numeral, Requirement, TrialTables
from trialcriteria.review.judging import MISTAKES, Judge, Judged

UNREAD, NUMBER = "unread number", "number"
REQUIREMENTS: tuple[str, ...] = get_args(Requirement)
LABELS: tuple[str, ...] = get_args(Label)
KINDS: tuple[str, ...] = (*get_args(Kind), *LABELS, UNREAD, NUMBER)
ERRORS: tuple[str, ...] = ("harmful", *MISTAKES, "right")

NO_TEXT = (
    "The eligibility text is not in these tables (--no-text, or a copied page), "
    "so rows stand beside the criteria as they were cut, and no words are highlighted."
)
NOT_ANNOTATED = "This trial is not in the gold: its rows are shown as they were read."
SEALED_TRIAL = "This trial is of a part of the gold whose errors stay sealed: its rows are shown as they were read."


Packed = list[Any]


class Packer:
    """Packs trial by trial, and knows at the end which rules there were."""

    def __init__(self, judge: Judge | None) -> None:
        self.rows = 0
        self._judge = judge
        self._rules: dict[str, int] = {}

    def names(self) -> dict[str, Sequence[str]]:
        """The words that stand as numbers in the data."""
        rules = list(self._rules)
        return {"kind": KINDS, "mentions": LABELS, "requirement": REQUIREMENTS, "rule": rules, "error": ERRORS}

    def trial(self, read: TrialTables) -> Packed:
        """One trial: its text, criteria and rows."""
        trial, text, remarks = read.trial, read.trial.eligibility_text, list[str]()
        rows = [*(Judged(None, row) for row in read.constraints), *(Judged(None, row) for row in read.mentions)]
        gold = self._judge and self._judge.open.get(trial.trial_id)
        if self._judge and gold:
            if not is_of(gold, trial):
                raise CallError(f"{trial.trial_id}: the gold is of another text than the run; extract that text first")
            rows, text = list(self._judge.rows(gold, read)), gold.text
        elif self._judge:
            remarks.append(SEALED_TRIAL if trial.trial_id in self._judge.sealed else NOT_ANNOTATED)
        remarks += [NO_TEXT] if text is None else []
        items = [*self._items(rows), *map(self._number, read.numerals)]
        self.rows += len(items)
        criteria = [_criterion(row, text is None) for row in read.criteria]
        facts = " · ".join(_about(read))
        against = [[note.what, note.constraint_ids] for note in contradictions.notes(read)]
        return [trial.trial_id, trial.title, facts, text, remarks, bool(gold), criteria, items, against]

    def _items(self, rows: Sequence[Judged]) -> Iterator[Packed]:
        """Kind, rule, confidence, mistakes, harmful, and both sides of each row."""
        read_names, gold_names = (_row_names(getattr(row, side) for row in rows) for side in ("read", "gold"))
        for row in rows:
            shown = row.gold or row.read
            assert shown is not None
            kind = shown.kind if isinstance(shown, Constraint) else shown.label
            rule = self._rules.setdefault(row.read.rule, len(self._rules)) if row.read else None
            sure = round(row.read.confidence, 3) if isinstance(row.read, Constraint) else None
            mistakes = [ERRORS.index(mistake) for mistake in row.mistakes]
            sides = _side(row.read, read_names), _side(row.gold, gold_names)
            yield [KINDS.index(kind), rule, sure, mistakes, int(row.harmful), *sides]

    def _number(self, row: Numeral) -> Packed:
        kind = KINDS.index(UNREAD if row.reason == "unread" else NUMBER)
        side = ["", row.text, None, [row.reason.replace("_", " ")], row.start, row.end, None, None]
        return [kind, None, None, [], 0, side, None]


def _row_names(rows: Iterable[Row | None]) -> dict[str, str]:
    return {_id(row): name(row) for row in rows if row}


def _id(row: Row) -> str:
    return row.constraint_id if isinstance(row, Constraint) else row.mention_id


def _side(row: Row | None, names: dict[str, str]) -> Packed | None:
    """A row as its line, requirement, what bears on it, and where its words and those of its attribute stand."""
    if row is None:
        return None
    said = list(notes(row, names))
    attribute: tuple[int | None, int | None] = (None, None)
    if isinstance(row, Constraint):
        attribute = row.attribute_start, row.attribute_end
        said = [f"eligible {row.demand()}", *said] if row.demand() else said
    said += [f"in group {row.group}"] if row.group else []
    line = row.text if isinstance(row, Mention) else str(row)
    return [_id(row), line, REQUIREMENTS.index(row.requirement), said, row.start, row.end, *attribute]


def _criterion(row: Criterion, textless: bool) -> Packed:
    """Where a criterion stands, how deep, and what is said of it; its words only where the text is not there."""
    about = [f"section {row.section_source}"] if row.section_source == "assumed" else []
    about += [row.cohort] if row.cohort else []
    about += [f"{row.children.replace(':', ' ')} of its bullets"] if row.children else []
    about += [row.status.replace("_", " ")] if row.status != "read" else []
    words = [row.heading, row.text] if textless else []
    return [row.criterion_id, row.criterion_id.count("."), row.start, row.end, ", ".join(about), *words]


def _about(read: TrialTables) -> Iterator[str]:
    """What the registry states of a trial, and what was read from it."""
    trial = read.trial
    yield trial.registry
    yield from (value for value in (trial.phase, trial.status, ", ".join(trial.conditions)) if value)
    ages = ((trial.minimum_age, "from"), (trial.maximum_age, "to"))
    if any(age is not None for age, _ in ages):
        yield "age " + " ".join(f"{word} {age:g}" for age, word in ages if age is not None)
    if trial.sex:
        yield f"sex {trial.sex}"
    yield f"{len(read.criteria)} criteria, {len(read.constraints)} limits, {len(read.mentions)} mentions"
