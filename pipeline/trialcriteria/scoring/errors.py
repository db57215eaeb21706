"""The error lists: every limit and every mention that was read differently, typed, with both readings as lines."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from trialcriteria.records import Constraint, Mention
from trialcriteria.scoring.agreement import Mistake
from trialcriteria.scoring.matching import MentionPair, Pair, ScoredTrial
from trialcriteria.scoring.scores import FLAGS, SLOTS

AROUND = 60
"""Characters of the text that are shown on either side of a row."""
SAID_OF = ("negated", "historical", "hypothetical", "family", "uncertain")


class Disagreement(NamedTuple):
    """A gold row and a read row that differ, or either of them alone; both bounds of a range if both differ alike."""

    trial_id: str
    layout: str
    kind: str
    mistakes: tuple[Mistake, ...]
    harmful: bool
    gold_id: str | None
    gold: str | None
    read_id: str | None
    read: str | None
    rule: str | None
    start: int
    end: int
    text: str


class MentionDisagreement(NamedTuple):
    """A gold mention and a read one that differ, or either of them alone."""

    trial_id: str
    layout: str
    label: str
    mistakes: tuple[str, ...]
    """`missed`, `spurious`, or `wrong` with what differs: a slot, or `exception` where one of the two is none."""
    gold_id: str | None
    gold: str | None
    read_id: str | None
    read: str | None
    rule: str | None
    start: int
    end: int
    text: str


def disagreements(trial: ScoredTrial, text: str) -> Iterator[Disagreement]:
    """The error list of one trial, in text order."""
    wrong = sorted((pair for pair in trial.bounds if pair.mistakes), key=_place)
    for _, alike in groupby(wrong, key=_rows):
        yield _disagreement(trial, next(alike), text)


def mention_disagreements(trial: ScoredTrial, text: str) -> Iterator[MentionDisagreement]:
    """The mentions of one trial that differ, in text order."""
    listed = [(pair, mistakes) for pair in trial.mentions if (mistakes := mention_mistakes(pair))]
    for pair, mistakes in sorted(listed, key=lambda one: (_mention(one[0]).start, _mention(one[0]).end)):
        gold, read, row = pair.gold, pair.read, _mention(pair)
        yield MentionDisagreement(
            trial.trial_id,
            trial.layout,
            row.label,
            mistakes,
            gold and gold.mention_id,
            gold and mention_line(gold),
            read and read.mention_id,
            read and mention_line(read),
            read and read.rule,
            row.start,
            row.end,
            _shown(text, row.start, row.end, row.text),
        )


def mention_mistakes(pair: MentionPair) -> tuple[str, ...]:
    """What is wrong about a read mention; empty where all that is scored agrees."""
    if pair.read is None:
        return ("missed",)
    if pair.gold is None:
        return ("spurious",)
    excepted = FLAGS["exception"]
    wrong = [name for name, agrees in SLOTS.items() if not agrees(pair)]
    wrong += ["exception"] if bool(excepted(pair.gold)) != bool(excepted(pair.read)) else []
    return tuple(f"wrong {name}" for name in wrong)


def _mention(pair: MentionPair) -> Mention:
    row = pair.gold or pair.read
    assert row is not None
    return row


def _place(pair: Pair) -> tuple[int, str]:
    row = _row(pair)
    return row.start, row.constraint_id


def _rows(pair: Pair) -> tuple[object, ...]:
    gold, read = (bound.row.constraint_id if bound else None for bound in (pair.gold, pair.read))
    return gold, read, pair.mistakes


def _row(pair: Pair) -> Constraint:
    bound = pair.gold or pair.read
    assert bound is not None
    return bound.row


def _disagreement(trial: ScoredTrial, pair: Pair, text: str) -> Disagreement:
    gold, read = pair.gold and pair.gold.row, pair.read and pair.read.row
    row = _row(pair)
    return Disagreement(
        trial.trial_id,
        trial.layout,
        pair.kind,
        pair.mistakes,
        pair.harmful,
        gold and gold.constraint_id,
        gold and line(gold),
        read and read.constraint_id,
        read and line(read),
        read and read.rule,
        row.start,
        row.end,
        _shown(text, row.start, row.end, row.quote),
    )


def _shown(text: str, start: int, end: int, quote: str) -> str:
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return " ".join(f"{before}⟦{quote}⟧{after}".split())


def line(row: Constraint) -> str:
    """A row as one line: its canonical line and everything that a mistake can be in.

    >>> empty = Constraint(*(None,) * len(Constraint._fields))._replace(kind="time_window", targets=("E1m1",))
    >>> line(empty._replace(attribute_text="stroke", operator="<=", high=6.0, unit="mo", requirement="forbid",
    ...     window_direction="before", anchor="now"))
    'stroke <= 6 mo before now @E1m1 -> forbid'
    """
    parts = [str(row)]
    if row.kind == "time_window":
        parts.append(f"{row.window_direction} {row.anchor}")
    parts += [f"@{','.join(row.targets)}"] if row.targets else []
    parts += _qualified(row)
    parts += [f"#{row.group}"] if row.group else []
    return " ".join([*parts, f"-> {row.requirement}"])


def mention_line(row: Mention) -> str:
    """A mention as one line: its words and everything that a mistake can be in.

    >>> empty = Mention(*(None,) * len(Mention._fields))._replace(label="condition", text="tumour", negated=True)
    >>> mention_line(empty._replace(concept="cancer", exception_to="E1m1", requirement="permit"))
    'condition: tumour (cancer), negated !E1m1 -> permit'
    """
    named = f"{row.label}: {' '.join(row.text.split())}" + (f" ({row.concept})" if row.concept else "")
    parts = [", ".join([named, *(name for name in SAID_OF if getattr(row, name))])]
    parts += _qualified(row)
    return " ".join([*parts, f"-> {row.requirement}"])


def _qualified(row: Constraint | Mention) -> list[str]:
    """The condition that a row holds under, and what it is an exception to, as far as it has them."""
    parts = [f"?{row.condition_id or ''} ({' '.join(row.condition.split())})"] if row.condition else []
    return parts + ([f"!{row.exception_to}"] if row.exception_to else [])
