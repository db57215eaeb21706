"""What a trial says against itself or against what a measure can be, said and not settled.

The rows stay as they were read, and a note names them.

Only limits that hold for everyone are held against each other: under a condition, in a cohort, a group or a list of
alternatives, with an exception or for a certain time, a limit may well be another. So it is within one criterion, where
two limits on one thing are alternatives more often than not ("stage IIIB or IV").
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import isclose
from typing import Any, Literal, NamedTuple, get_args

from trialcriteria.records import Constraint, Criterion, TrialRow, TrialTables

NoteKind = Literal["registry_age", "excludes_everyone", "required_twice", "implausible"]
MEANINGS: dict[NoteKind, str] = {
    "registry_age": "the age in the text is not the registry's own",
    "excludes_everyone": "limits on one attribute that nobody can meet together",
    "required_twice": "the same attribute is required twice, differently",
    "implausible": "a value that such a measure does not have: perhaps another unit was meant",
}
KEPT = 1_000
"""How many notes are kept word for word; all are counted."""
COMPARED = frozenset({"age", "lab", "vital", "scale", "lesion", "life_expectancy", "count"})
YEAR = "a"
ROUNDED = 0.02
"""Numbers in different units are rounded: 1.5 mg/dL and 133 µmol/L are one limit."""


class Note(NamedTuple):
    """One contradiction or doubt, in words, with the ids of the rows that it is about."""

    trial_id: str
    kind: NoteKind
    what: str
    constraint_ids: tuple[str, ...]


@dataclass
class Notes:
    """The notes of many trials: counted by kind, and the first of them."""

    by_kind: Counter[str] = field(default_factory=Counter)
    first: list[Note] = field(default_factory=list)

    def add(self, notes: Iterable[Note]) -> None:
        """Take in the notes of the next trial."""
        for note in notes:
            self.by_kind[note.kind] += 1
            if len(self.first) < KEPT:
                self.first.append(note)

    def merge(self, other: "Notes") -> None:
        """Take in what `other` has, which comes after it."""
        self.by_kind.update(other.by_kind)
        self.first += other.first[: KEPT - len(self.first)]

    def as_data(self) -> dict[str, Any]:
        """The notes as they stand in the manifest."""
        counts = {kind: self.by_kind[kind] for kind in get_args(NoteKind)}
        return {"by_kind": counts, "first": [note._asdict() for note in self.first]}


def restored(data: dict[str, Any]) -> Notes:
    """What `as_data` gave, read back from JSON."""
    kinds = Counter({kind: n for kind, n in data["by_kind"].items() if n})
    return Notes(kinds, [Note(**{**note, "constraint_ids": tuple(note["constraint_ids"])}) for note in data["first"]])


def notes(read: TrialTables) -> list[Note]:
    """The contradictions of one trial, by kind and then in text order."""
    rows = list(_for_everyone(read))
    found = [*_registry_age(read.trial, rows)]
    for same in _by_attribute(rows):
        found += _excludes_everyone(same)
    for same in _by_attribute([row for row in rows if row.requirement == "require"]):
        found += _required_twice(same)
    found += _implausible(read.constraints)
    return [Note(read.trial.trial_id, *note) for note in found]


def _implausible(rows: Iterable[Constraint]) -> Iterator["Found"]:
    """One note for all limits of the same words."""
    doubtful: dict[str, list[str]] = {}
    for row in rows:
        if row.plausible is False:
            doubtful.setdefault(f"{row.attribute}: {row.quote.strip()}", []).append(row.constraint_id)
    for said, ids in doubtful.items():
        yield "implausible", f"{said} is no value that it has", tuple(ids)


Found = tuple[NoteKind, str, tuple[str, ...]]


def _for_everyone(read: TrialTables) -> Iterator[Constraint]:
    """The limits that every patient must meet, whatever else holds."""
    others = {row.criterion_id for row in read.criteria if row.cohort or row.section == "other"}
    others |= {row.criterion_id for row in read.criteria if _lists_alternatives(row)}
    parents = {row.criterion_id: row.parent_id for row in read.criteria}
    touched = {name for row in read.constraints for name in (*row.targets, row.exception_to)}
    touched |= {row.exception_to for row in read.mentions}
    for row in read.constraints:
        narrowed = row.condition or row.condition_id or row.group or row.exception_to or row.targets
        demanded = row.requirement in ("require", "forbid") and row.eligible_operator is not None
        if row.kind not in COMPARED or not row.attribute or not demanded or narrowed or row.constraint_id in touched:
            continue
        if not any(name in others for name in _upwards(row.criterion_id, parents)):
            yield row


def _lists_alternatives(row: Criterion) -> bool:
    """Whether the bullets below need not all be met: any of them includes, or only all together exclude."""
    return row.children is not None and row.children != ("all" if row.section == "inclusion" else "any")


def _upwards(name: str | None, parents: dict[str, str | None]) -> Iterator[str]:
    while name is not None:
        yield name
        name = parents.get(name)


def _by_attribute(rows: Sequence[Constraint]) -> list[list[Constraint]]:
    """Rows that can be compared: of one attribute, measured in one unit."""
    groups: dict[tuple[str | None, ...], list[Constraint]] = {}
    for row in rows:
        groups.setdefault((row.attribute, row.canonical_unit, row.reference), []).append(row)
    return [group for group in groups.values() if len(group) > 1]


class Bound(NamedTuple):
    """One end of what is eligible."""

    row: Constraint
    value: float
    inclusive: bool


def _bounds(rows: Iterable[Constraint], end: Literal["low", "high"]) -> list[Bound]:
    """The lower or the upper end of what is eligible, of each row that has one."""
    return [
        Bound(row, value, getattr(row, f"eligible_{end}_inclusive") is not False)
        for row in rows
        if (value := getattr(row, f"eligible_{end}")) is not None and row.eligible_operator != "outside"
    ]


def _same(one: Bound, other: Bound) -> bool:
    """Whether two numbers are one, but for rounding."""
    written_alike = one.row.unit == other.row.unit
    return isclose(one.value, other.value, rel_tol=1e-9 if written_alike else ROUNDED)


def _said(rows: Iterable[Constraint]) -> str:
    """What is eligible by each row, in words.

    >>> from trialcriteria.records import Constraint
    >>> row = Constraint(*(None,) * len(Constraint._fields))._replace(eligible_operator=">=", eligible_low=9.0,
    ...     canonical_unit="g/dL")
    >>> _said([row, row._replace(eligible_low=10.0)])
    '>= 9 g/dL and >= 10 g/dL'
    """
    return " and ".join(row.demand() for row in rows)


def _ids(rows: Iterable[Constraint]) -> tuple[str, ...]:
    return tuple(row.constraint_id for row in rows)


def _registry_age(trial: TrialRow, rows: Sequence[Constraint]) -> Iterator[Found]:
    """The registry's own ages, where the text has limits and none is theirs."""
    ages = [row for row in rows if row.attribute == "age" and row.canonical_unit == YEAR]
    for word, stated, bounds in (
        ("minimum", trial.minimum_age, _bounds(ages, "low")),
        ("maximum", trial.maximum_age, _bounds(ages, "high")),
    ):
        if stated is not None and bounds and not any(_is_age(stated, bound, word == "minimum") for bound in bounds):
            said = [bound.row for bound in bounds]
            yield "registry_age", f"{word} age {stated:.4g} in the registry, {_said(said)} in the text", _ids(said)


def _is_age(stated: float, bound: Bound, minimum: bool) -> bool:
    """Whether a registry's age is the text's: "under 66" is 65 or 66 there, since it has no strict limits."""
    near = isclose(stated, bound.value, abs_tol=ROUNDED)
    inside = stated - bound.value if minimum else bound.value - stated
    return near or (not bound.inclusive and 0 <= inside <= 1 + ROUNDED)


def _excludes_everyone(rows: Sequence[Constraint]) -> Iterator[Found]:
    """The strictest lower and upper limit of one attribute between which nothing lies, or classes that do not meet."""
    lows = sorted(_bounds(rows, "low"), key=lambda bound: (-bound.value, bound.inclusive))
    highs = sorted(_bounds(rows, "high"), key=lambda bound: (bound.value, bound.inclusive))
    apart = ([low.row, high.row] for low, high in product(lows, highs) if _are_apart(low, high))
    classes = [row for row in rows if row.eligible_levels]
    for found in (next(apart, []), classes if _share_no_class(classes) else []):
        if found:
            yield "excludes_everyone", f"{rows[0].attribute}: nobody is {_said(found)}", _ids(found)


def _are_apart(low: Bound, high: Bound) -> bool:
    if low.row.criterion_id == high.row.criterion_id:
        return False
    if _same(low, high):
        return low.value == high.value and not (low.inclusive and high.inclusive)
    return low.value > high.value


def _share_no_class(rows: Sequence[Constraint]) -> bool:
    """Whether no class is eligible by all criteria; those that one criterion names are alternatives."""
    named: dict[str, set[str]] = {}
    for row in rows:
        named.setdefault(row.criterion_id, set()).update(row.eligible_levels or ())
    return len(named) > 1 and not set.intersection(*named.values())


def _required_twice(rows: Sequence[Constraint]) -> Iterator[Found]:
    """Rows that require another limit on the same side, or other classes; what is said again alike is no matter."""
    seen = set[tuple[str, ...]]()
    for different in (_different(_bounds(rows, "low")), _different(_bounds(rows, "high")), _other_classes(rows)):
        if len({row.criterion_id for row in different}) > 1 and _ids(different) not in seen:
            seen.add(_ids(different))
            yield "required_twice", f"{rows[0].attribute}: required {_said(different)}", _ids(different)


def _different(bounds: Sequence[Bound]) -> list[Constraint]:
    """The first row with each limit."""
    kept: list[Bound] = []
    for bound in bounds:
        if not any(_same(bound, other) and bound.inclusive == other.inclusive for other in kept):
            kept.append(bound)
    return [bound.row for bound in kept]


def _other_classes(rows: Sequence[Constraint]) -> list[Constraint]:
    """The first row with each set of classes."""
    kept: dict[frozenset[str], Constraint] = {}
    for row in rows:
        if row.eligible_levels:
            kept.setdefault(frozenset(row.eligible_levels), row)
    return list(kept.values())
