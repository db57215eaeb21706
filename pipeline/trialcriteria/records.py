"""What passes between the steps, and every table column declared once.

A column's type and meaning stand in its annotation: `Annotated[float | None, "meaning"]`. The Parquet schema
(`tables.py`), `trialcriteria schema`, the README's tables and the CSV headers are all derived from here.
Rows are NamedTuples because hundreds of millions of them are made: 0.6 µs each, a frozen dataclass costs 4.1.
"""

from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple, get_type_hints

SCHEMA_VERSION = 1

Section = Literal["inclusion", "exclusion", "other"]
SectionSource = Literal["heading", "field", "assumed"]
Status = Literal["read", "partial", "unread", "unsupported_language"]
Kind = Literal[
    "age",
    "lab",
    "vital",
    "scale",
    "lesion",
    "life_expectancy",
    "time_window",
    "duration",
    "count",
    "dose",
    "other",
]
Operator = Literal["<", "<=", "=", ">=", ">", "between", "outside", "in"]
Reference = Literal["ULN", "LLN", "normal", "baseline", "predicted"]
Direction = Literal["before", "after", "around"]
Requirement = Literal["require", "forbid", "permit", "describe"]
Label = Literal["condition", "treatment", "procedure", "biomarker", "state"]
Reason = Literal[
    "date",
    "clock",
    "version",
    "list_marker",
    "identifier",
    "name",
    "visit",
    "restated",
    "definition",
    "protocol",
    "unread",
]

Altered = Literal["added", "removed", "altered"]
Whole = Literal["trial", "constraint"]


class Field(NamedTuple):
    """A stretch of the eligibility text whose section the registry itself states (EUCTR, ICTRP, split CSV columns)."""

    start: int
    end: int
    section: Section


class Trial(NamedTuple):
    """One registry record as a reader yields it: raw eligibility text, nothing unescaped or unwrapped."""

    trial_id: str
    registry: str
    source: str
    eligibility_text: str
    title: str | None = None
    conditions: tuple[str, ...] = ()
    phase: str | None = None
    status: str | None = None
    sex: str | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    healthy_volunteers: bool | None = None
    fields: tuple[Field, ...] = ()


class Fault(NamedTuple):
    """A record (or a whole file) that cannot be read: it is quarantined with its reason and the run goes on."""

    source: str
    record: str | None
    reason: str
    detail: str
    way_out: str


class Skipped(NamedTuple):
    """A file in a directory or archive that is of no known kind; listed in the manifest."""

    source: str
    reason: str


class Segment(NamedTuple):
    """One criterion cut from a trial's text, before it is read.

    `text` is unescaped, unwrapped and without its children. `pieces` maps it back: pairs (position in `text`,
    offset in the raw text), ascending; between two pairs both advance by one (see `criteria.raw_offset`).
    """

    criterion_id: str
    parent_id: str | None
    section: Section
    section_source: SectionSource
    heading: str | None
    cohort: str | None
    children: str | None
    text: str
    start: int
    end: int
    pieces: tuple[tuple[int, int], ...]
    language: str = "en"


class TrialRow(NamedTuple):
    """Table `trials`: one row a record."""

    trial_id: Annotated[str, "registry id; else the file's stem, stem#n for several; a repeated id is id#2"]
    registry: Annotated[str, "which registry or layout the record came from"]
    source: Annotated[str, "the file (and member or line) it was read from"]
    title: Annotated[str | None, "brief title"]
    conditions: Annotated[tuple[str, ...], "conditions the registry lists"]
    phase: Annotated[str | None, "as the registry states it"]
    status: Annotated[str | None, "recruitment status as the registry states it"]
    sex: Annotated[str | None, "eligible sex, from the registry's own field"]
    minimum_age: Annotated[float | None, "years, from the registry's own field"]
    maximum_age: Annotated[float | None, "years, from the registry's own field"]
    healthy_volunteers: Annotated[bool | None, "whether healthy volunteers may join"]
    eligibility_text: Annotated[str | None, "the raw text all offsets count in; absent with --no-text"]
    text_sha256: Annotated[str, "SHA-256 of the raw text in UTF-8"]
    n_criteria: Annotated[int, "criteria cut from the text"]
    n_constraints: Annotated[int, "constraint rows read from it"]


class Criterion(NamedTuple):
    """Table `criteria`: one row a criterion."""

    trial_id: Annotated[str, "the trial"]
    criterion_id: Annotated[str, "I3, E7.2: position in text order within a section, not the printed label"]
    parent_id: Annotated[str | None, "criterion_id of the bullet above"]
    section: Annotated[Section, "inclusion, exclusion, or other (withdrawal, re-treatment)"]
    section_source: Annotated[SectionSource, "how the section is known: heading, field, assumed"]
    heading: Annotated[str | None, "the nearest heading above"]
    cohort: Annotated[str | None, "arm, part or group that the criterion is for"]
    children: Annotated[str | None, "how many child bullets must hold: all, any, at_least:n"]
    text: Annotated[str, "unescaped, unwrapped, without its children"]
    start: Annotated[int, "offset into the raw text"]
    end: Annotated[int, "offset into the raw text"]
    status: Annotated[Status, "read, partial, unread, unsupported_language"]


class Constraint(NamedTuple):
    """Table `constraints`: one row a limit on one attribute, both bounds."""

    trial_id: Annotated[str, "the trial"]
    criterion_id: Annotated[str, "the criterion"]
    constraint_id: Annotated[str, "E7.2c1"]
    section: Annotated[Section, "of the criterion"]
    kind: Annotated[Kind, "age, lab, vital, scale, lesion, life_expectancy, time_window, duration, count, dose, other"]
    attribute: Annotated[str | None, "lexicon id; null where the lexicon does not list it"]
    attribute_text: Annotated[str | None, "the attribute's words; for a window, the event's"]
    attribute_start: Annotated[int | None, "offset into the raw text"]
    attribute_end: Annotated[int | None, "offset into the raw text"]
    loinc: Annotated[str | None, "code, where the lexicon has a verified one"]
    operator: Annotated[Operator | None, "< <= = >= > between outside in; null: not stated"]
    low: Annotated[float | None, "lower bound as stated, in `unit`"]
    high: Annotated[float | None, "upper bound as stated, in `unit`"]
    low_inclusive: Annotated[bool | None, "the lower number itself meets the statement"]
    high_inclusive: Annotated[bool | None, "the upper number itself meets the statement"]
    levels: Annotated[tuple[str, ...] | None, "for classes: every level that meets the statement"]
    unit_text: Annotated[str | None, "unit as written"]
    unit: Annotated[str | None, "UCUM code"]
    canonical_low: Annotated[float | None, "in `canonical_unit`"]
    canonical_high: Annotated[float | None, "in `canonical_unit`"]
    canonical_unit: Annotated[
        str | None,
        "the attribute's reporting unit, or the stated one of another dimension; {ULN}, {predicted} … are fractions",
    ]
    reference: Annotated[Reference | None, "ULN, LLN, normal, baseline, predicted: low and high count in it"]
    window_direction: Annotated[Direction | None, "before, after or around the anchor"]
    anchor: Annotated[str | None, "lexicon id of the anchoring event; now when none is said"]
    anchor_text: Annotated[str | None, "the anchor's words"]
    targets: Annotated[tuple[str, ...], "ids of the mentions or constraints that this row narrows"]
    condition: Annotated[str | None, "words of the condition under which the limit holds"]
    condition_id: Annotated[str | None, "lexicon id of the condition"]
    exception_to: Annotated[str | None, "id of the row this replaces (require, forbid) or lifts (permit)"]
    group: Annotated[str | None, "path such as any1, any1/all2; only where it changes who may join"]
    negated: Annotated[bool, "the statement is negated (a negated comparator is an operator)"]
    negation_cue: Annotated[str | None, "the words that negate"]
    requirement: Annotated[Requirement, "require, forbid, permit, describe"]
    eligible_operator: Annotated[Operator | None, "what a patient must satisfy"]
    eligible_low: Annotated[float | None, "in `canonical_unit`"]
    eligible_high: Annotated[float | None, "in `canonical_unit`"]
    eligible_low_inclusive: Annotated[bool | None, "the lower number itself is eligible"]
    eligible_high_inclusive: Annotated[bool | None, "the upper number itself is eligible"]
    eligible_levels: Annotated[tuple[str, ...] | None, "levels that are eligible"]
    quote: Annotated[str, "raw text of the limit, from comparator to unit or reference"]
    start: Annotated[int, "offset into the raw text"]
    end: Annotated[int, "offset into the raw text"]
    plausible: Annotated[bool | None, "whether such a measure has such values; null where the lexicon does not say"]
    rule: Annotated[str, "which rule read it"]
    confidence: Annotated[float, "0 to 1"]

    def __str__(self) -> str:
        """The canonical line: attribute, operator, bounds and reporting unit.

        >>> row = Constraint(*("",) * len(Constraint._fields))._replace(kind="lab", attribute="alt", operator="<=",
        ...     low=None, high=2.5, levels=None, canonical_low=None, canonical_high=2.5, canonical_unit="{ULN}")
        >>> str(row)
        'alt <= 2.5 {ULN}'
        """
        name = self.attribute or self.attribute_text or self.kind
        if self.operator == "in":
            return f"{name} in {','.join(self.levels)}" if self.levels else f"{name} in {self.reference}"
        canonical = self.canonical_low is not None or self.canonical_high is not None
        low, high, unit = (
            (self.canonical_low, self.canonical_high, self.canonical_unit)
            if canonical
            else (self.low, self.high, self.unit)
        )
        sign = self.operator or "?"
        amount = "-".join(f"{x:.6g}" for x in dict.fromkeys((low, high)) if x is not None)
        return " ".join(part for part in (name, sign, amount, unit) if part)

    def demand(self) -> str:
        """What a patient must satisfy, as a canonical line without the attribute; empty where nothing is demanded."""
        if self.eligible_operator is None:
            return ""
        demanded = self._replace(
            attribute="",
            attribute_text="eligible",
            operator=self.eligible_operator,
            canonical_low=self.eligible_low,
            canonical_high=self.eligible_high,
            levels=self.eligible_levels,
            unit=self.canonical_unit,
        )
        return str(demanded).removeprefix("eligible ")


class Mention(NamedTuple):
    """Table `mentions`: one row a condition, treatment, procedure, biomarker or patient state."""

    trial_id: Annotated[str, "the trial"]
    criterion_id: Annotated[str, "the criterion"]
    mention_id: Annotated[str, "E4m2"]
    label: Annotated[Label, "condition, treatment, procedure, biomarker, state"]
    text: Annotated[str, "raw text"]
    start: Annotated[int, "offset into the raw text"]
    end: Annotated[int, "offset into the raw text"]
    concept: Annotated[str | None, "lexicon id"]
    negated: Annotated[bool, "the statement is negated"]
    historical: Annotated[bool, "about the patient's past"]
    hypothetical: Annotated[bool, "about what might be or is planned"]
    family: Annotated[bool, "about relatives"]
    uncertain: Annotated[bool, "suspected, possible"]
    cue: Annotated[str | None, "the words that set the flags"]
    condition: Annotated[str | None, "words of the condition under which it counts"]
    condition_id: Annotated[str | None, "lexicon id of the condition"]
    exception_to: Annotated[str | None, "id of the row that it lifts or replaces"]
    group: Annotated[str | None, "path such as any1, any1/all2"]
    narrowed: Annotated[tuple[str, ...], "ids of the constraints that target it"]
    requirement: Annotated[Requirement, "require, forbid, permit, describe"]
    rule: Annotated[str, "which rule read it"]


class Numeral(NamedTuple):
    """Table `numerals`: a run of digits that no constraint claims, with the reason."""

    trial_id: Annotated[str, "the trial"]
    criterion_id: Annotated[str, "the criterion"]
    text: Annotated[str, "raw text"]
    start: Annotated[int, "offset into the raw text"]
    end: Annotated[int, "offset into the raw text"]
    reason: Annotated[
        Reason,
        "date, clock, version, list_marker, identifier, name, visit, restated, definition, protocol, unread",
    ]


class Change(NamedTuple):
    """Table `changes`: one row a trial or constraint that is not what it was in the run before (`--since`)."""

    trial_id: Annotated[str, "the trial"]
    what: Annotated[Whole, "trial: new, gone, or its text is another; constraint: one of its limits"]
    change: Annotated[Altered, "added, removed, altered"]
    section: Annotated[Section | None, "of the limit's criterion"]
    kind: Annotated[Kind | None, "of the limit"]
    attribute: Annotated[str | None, "of the limit: lexicon id; null where the lexicon does not list it"]
    before: Annotated[str | None, "the limit as it was, in a line"]
    after: Annotated[str | None, "the limit as it is, in a line"]
    operator_before: Annotated[Operator | None, "operator as it was"]
    operator_after: Annotated[Operator | None, "operator as it is"]
    low_before: Annotated[float | None, "lower bound as it was stated, in `unit_before`"]
    low_after: Annotated[float | None, "lower bound as it is stated, in `unit_after`"]
    high_before: Annotated[float | None, "upper bound as it was stated, in `unit_before`"]
    high_after: Annotated[float | None, "upper bound as it is stated, in `unit_after`"]
    unit_before: Annotated[str | None, "UCUM code as it was"]
    unit_after: Annotated[str | None, "UCUM code as it is"]
    requirement_before: Annotated[Requirement | None, "requirement as it was"]
    requirement_after: Annotated[Requirement | None, "requirement as it is"]
    constraint_id_before: Annotated[str | None, "constraint_id in the run before"]
    constraint_id_after: Annotated[str | None, "constraint_id in this run"]


class TrialTables(NamedTuple):
    """Everything read from one trial."""

    trial: TrialRow
    criteria: list[Criterion]
    constraints: list[Constraint]
    mentions: list[Mention]
    numerals: list[Numeral]


TABLES: dict[str, type] = {
    "trials": TrialRow,
    "criteria": Criterion,
    "constraints": Constraint,
    "mentions": Mention,
    "numerals": Numeral,
}
"""What every run writes."""

CHANGES = "changes"
ALL_TABLES: dict[str, type] = {**TABLES, CHANGES: Change}
"""What a run may write: `changes` only beside an earlier run."""


def columns(table: str) -> Iterator[tuple[str, object, str]]:
    """(name, Python type, meaning) of each column of `table`, in order."""
    for name, hint in get_type_hints(ALL_TABLES[table], include_extras=True).items():
        yield name, hint.__origin__, hint.__metadata__[0]
