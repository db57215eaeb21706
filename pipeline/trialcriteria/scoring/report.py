"""Scores as tables for people and as plain data for programs."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from trialcriteria.scoring.figures import FEW, Difference, Figure, Mean, Rate
from trialcriteria.scoring.negation import Negation
from trialcriteria.scoring.scores import Scores
from trialcriteria.scoring.ties import TieFigures

KIND_MEASURES = ("detection", "operator", "value", "attribute", "requirement", "condition", "links", "strict")
FEW_NOTE = f"* fewer than {FEW} gold rows: the figure says little."


class Table(NamedTuple):
    """A table as text, for the terminal and for Markdown."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def totals(scores: Scores) -> list[Table]:
    """What may be shown of sealed gold as well: nothing that points at a trial, a kind or an error."""
    return [_limits(scores), _mentions(scores)]


def details(scores: Scores) -> list[Table]:
    """By kind, by layout, mistakes and confusions."""
    return [
        _grouped("F1 by kind", scores.by_kind),
        _grouped("F1 by source layout", scores.by_layout),
        Table("Mistakes", ("mistake", "bounds"), tuple((name, str(n)) for name, n in scores.mistakes.items())),
        *([_confusion("Requirements of matched bounds", scores.requirements)] if "requirement" in scores.total else []),
        _confusion("Operators of matched bounds", scores.operators),
    ]


def _limits(scores: Scores) -> Table:
    rows = [
        (name, str(f.gold), str(f.read), *_prf(f), _interval(f), _share(scores.macro[name].f1))
        for name, f in scores.total.items()
    ]
    harm = scores.harmful
    if "requirement" in scores.total:  # without requirements, harm cannot be told
        rows.append(("harmful errors", "", str(harm.whole), "", "", _share(harm.rate), _interval(harm), ""))
    headings = ("limits, bound by bound", "gold", "read", "P", "R", "F1", "95 %", "macro F1")
    return Table(f"Limits of {scores.trials} trials", headings, tuple(rows))


def _mentions(scores: Scores) -> Table:
    """Detection and flags; of an imported scheme, which has no requirements, detection and negation only."""
    whole = "requirement" in scores.total
    rows = [
        (name, str(f.gold), str(f.read), *_prf(f), _interval(f))
        for name, f in scores.mentions.items()
        if whole or name in ("detection", "negation")
    ]
    headings = ("mentions", "gold", "read", "P", "R", "F1 or share", "95 %")
    if not whole:
        return Table("Mentions", headings, tuple(rows))
    rows += [
        (f"{name}, of matched", str(f.gold), str(f.read), *_prf(f), _interval(f)) for name, f in scores.flags.items()
    ]
    rows += [
        (f"{name} agrees, of matched", str(r.whole), "", "", "", _share(r.rate, r.few), _interval(r))
        for name, r in scores.slots.items()
    ]
    return Table("Mentions", headings, tuple(rows))


def negation(found: Negation) -> Table:
    """Precision, recall and F1 of the negation of a corpus, and how much of what it negates was read at all."""
    rows = [(name, str(f.gold), str(f.read), *_prf(f), _interval(f)) for name, f in found.figures.items()]
    part = found.found
    share = (_share(part.rate, part.few), "", _interval(part))
    rows.append(("negated, and a row stands on it", str(part.whole), str(part.part), "", *share))
    headings = (f"negated, of {found.rows:,} rows on {found.named:,} names", "gold", "read", "P", "R", "F1", "95 %")
    return Table("Negation", headings, tuple(rows))


def ties(found: TieFigures) -> Table:
    """Precision, recall and F1 of how the things of a corpus hang together, where rows stand on both ends."""
    rows = [(name, str(f.gold), str(f.read), *_prf(f), _interval(f)) for name, f in found.figures.items()]
    headings = (f"tied, of {found.ties:,} ties", "gold", "read", "P", "R", "F1", "95 %")
    return Table("Or, and, if-then, exceptions and scopes", headings, tuple(rows))


def _grouped(title: str, groups: Mapping[str, Mapping[str, Figure]]) -> Table:
    measures = [name for name in KIND_MEASURES if any(name in figures for figures in groups.values())]
    rows = []
    for name, figures in groups.items():
        shown = [_share(found.f1, found.few) if (found := figures[measure]).gold else "-" for measure in measures]
        rows.append((name, str(figures["detection"].gold), *shown))
    return Table(title, (title.split()[-1], "gold", *measures), tuple(rows))


def _confusion(title: str, counts: Mapping[tuple[str, str], int]) -> Table:
    names = sorted({name for pair in counts for name in pair})
    rows = [(gold, *(str(counts.get((gold, read), "")) for read in names)) for gold in names]
    return Table(title, ("gold \\ read", *names), tuple(rows))


def changes(found: Mapping[str, Difference]) -> Table:
    """What a comparison of two runs found."""
    rows = [
        (
            name,
            _share(d.before),
            _share(d.after),
            f"{d.change:+.3f}",
            f"{d.low:+.3f} to {d.high:+.3f}",
            f"{d.chance:.3f}",
        )
        for name, d in found.items()
    ]
    return Table("Change in F1", ("measure", "before", "after", "change", "95 %", "p"), tuple(rows))


def _prf(f: Figure) -> tuple[str, str, str]:
    return _share(f.precision), _share(f.recall), _share(f.f1, f.few)


def _share(value: float, few: bool = False) -> str:
    """Three digits without the zero in front, as scores are read; marked where it stands on little.

    >>> _share(0.5), _share(1, few=True)
    ('.500', '1.000*')
    """
    return f"{value:.3f}".removeprefix("0") + "*" * few


def _interval(figure: Figure | Rate) -> str:
    return f"{_share(figure.low)}-{_share(figure.high)}"


def markdown(tables: Sequence[Table], level: int = 2) -> str:
    """Tables as Markdown, with the meaning of the mark under them."""
    out = []
    for table in tables:
        head = [table.headings, ("---",) + ("---:",) * (len(table.headings) - 1)]
        lines = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in (*head, *table.rows)]
        out.append("\n".join([f"{'#' * level} {table.title}", "", *lines]))
    return "\n\n".join([*out, _cell(FEW_NOTE)]) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "\\<").replace(">", "\\>")


def as_data(value: Any) -> Any:
    """Scores, figures and differences as plain data.

    >>> as_data({("<", ">"): Rate(1, 2, 0.5, 0.0, 1.0)})
    {'< -> >': {'part': 1, 'whole': 2, 'rate': 0.5, 'low': 0.0, 'high': 1.0}}
    """
    if isinstance(value, Scores | Figure | Rate | Mean | Difference | Negation | TieFigures):
        return {name: as_data(item) for name, item in value._asdict().items()}
    if isinstance(value, Mapping):
        return {" -> ".join(key) if isinstance(key, tuple) else key: as_data(item) for key, item in value.items()}
    return round(value, 6) if isinstance(value, float) else value
