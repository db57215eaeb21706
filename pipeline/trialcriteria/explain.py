"""How a trial was read, criterion by criterion, for a person: each row as a line with the rule that read it."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from trialcriteria import contradictions
from trialcriteria.contradictions import Note
from trialcriteria.records import Constraint, Criterion, Mention, Numeral, TrialTables
from trialcriteria.screen import grid

Row = Constraint | Mention


def blocks(tables: TrialTables) -> Iterator[RenderableType]:
    """The trial's heading, then a block for each criterion."""
    trial = tables.trial
    if trial.registry != "text":
        yield Text(" ".join(part for part in (trial.trial_id, trial.title) if part), style="bold")
    rows: list[Row] = [*tables.constraints, *tables.mentions]
    names = {_id(row): name(row) for row in rows}
    for criterion in tables.criteria:
        yield _block(criterion, tables, names)
    if found := contradictions.notes(tables):
        yield Group(
            Text("Contradictions and doubts", style="bold"), *map(_indented, map(Text, map(note_line, found))), ""
        )


def note_line(note: Note) -> str:
    """A contradiction with the rows that it is about.

    >>> note_line(Note("T1", "registry_age", "minimum age 20 in the registry, >= 18 a in the text", ("I1c1",)))
    'minimum age 20 in the registry, >= 18 a in the text (I1c1)'
    """
    return f"{note.what} ({', '.join(note.constraint_ids)})"


def _block(criterion: Criterion, tables: TrialTables, names: dict[str, str]) -> RenderableType:
    constraints = [row for row in tables.constraints if row.criterion_id == criterion.criterion_id]
    mentions = [row for row in tables.mentions if row.criterion_id == criterion.criterion_id]
    numerals = [row for row in tables.numerals if row.criterion_id == criterion.criterion_id]
    parts: list[RenderableType] = [_heading(criterion)]
    if constraints or mentions:
        table = grid()
        for constraint in constraints:
            table.add_row(*map(Text, _constraint_cells(constraint, names)))
        for mention in mentions:
            table.add_row(*map(Text, _mention_cells(mention, names)))
        parts.append(_indented(table))
    for line in (*_groups([*constraints, *mentions]), *_left(numerals)):
        parts.append(_indented(Text(line, style="dim")))
    return Group(*parts, "")


def _indented(what: RenderableType) -> Padding:
    return Padding(what, (0, 0, 0, 4), expand=False)


def _heading(criterion: Criterion) -> Text:
    how: list[str] = [criterion.section]
    how += [f"section {criterion.section_source}"] if criterion.section_source == "assumed" else []
    how += [criterion.cohort] if criterion.cohort else []
    how += [f"{criterion.children.replace(':', ' ')} of its bullets"] if criterion.children else []
    how += [criterion.status] if criterion.status != "read" else []
    return Text.assemble((criterion.criterion_id, "bold"), (f" ({', '.join(how)}) ", "dim"), criterion.text)


def _constraint_cells(row: Constraint, names: dict[str, str]) -> tuple[str, ...]:
    demanded = row.demand()
    how = [f"eligible {demanded}"] if demanded else []
    return row.constraint_id, str(row), row.requirement, "; ".join([*how, *notes(row, names)]), row.rule


def _mention_cells(row: Mention, names: dict[str, str]) -> tuple[str, ...]:
    return row.mention_id, name(row), row.requirement, "; ".join(notes(row, names)), row.rule


def notes(row: Row, names: dict[str, str]) -> Iterator[str]:
    """What bears on a row besides its words: links by the name of the other row, cues and conditions."""
    if isinstance(row, Constraint):
        if row.targets:
            yield "narrows " + ", ".join(names.get(target, target) for target in row.targets)
        if row.window_direction:
            yield f"{row.window_direction} {row.anchor_text or row.anchor}"
        if row.plausible is False:
            yield "no value that it has"
        if row.negated:
            yield f"negated by “{row.negation_cue}”"
    else:
        flags = [
            flag for flag in ("negated", "historical", "hypothetical", "family", "uncertain") if getattr(row, flag)
        ]
        if flags:
            yield ", ".join(flags) + (f" by “{row.cue}”" if row.cue else "")
    if row.condition:
        yield f"under “{row.condition}”"
    if row.exception_to:
        verb = "lifts" if row.requirement == "permit" else "replaces"
        yield f"{verb} {names.get(row.exception_to, row.exception_to)}"


def _groups(rows: list[Row]) -> Iterator[str]:
    """One line for each outermost group: "any of: (a), (b and c)"."""
    paths = {row.group.split("/")[0]: None for row in rows if row.group}
    for path in paths:
        yield _group(path, rows)


def _group(path: str, rows: list[Row]) -> str:
    """A group and the groups inside it, in text order."""
    depth = path.count("/") + 1
    members: dict[str, None] = {}
    for row in rows:
        if row.group == path:
            members[name(row)] = None
        elif row.group and row.group.startswith(path + "/"):
            inner = "/".join(row.group.split("/")[: depth + 1])
            members[f"({_group(inner, rows)})"] = None
    return f"{_group_name(path)}: {' | '.join(members)}"


def _group_name(path: str) -> str:
    """A group in words.

    >>> _group_name("any1"), _group_name("any1/all2"), _group_name("at_least2_1")
    ('any of', 'all of', 'at least 2 of')
    """
    last = path.split("/")[-1]
    if last.startswith("at_least"):
        return f"at least {last.removeprefix('at_least').split('_')[0]} of"
    return "any of" if last.startswith("any") else "all of"


def _left(numerals: Iterable[Numeral]) -> Iterator[str]:
    """The numbers that no row claims, with their reasons, on one line."""
    said = [f"{numeral.text} ({numeral.reason.replace('_', ' ')})" for numeral in numerals]
    if said:
        yield "numbers left: " + ", ".join(said)


def _id(row: Row) -> str:
    return row.constraint_id if isinstance(row, Constraint) else row.mention_id


def name(row: Row) -> str:
    return str(row) if isinstance(row, Constraint) else f"{row.label} “{row.text}”"
