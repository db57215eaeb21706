"""What a trial says against itself: small tables with one limit changed, and what must hold of any limits."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fakes
from fakes import trial_tables
from trialcriteria import batch, contradictions, nlp, rows, shards, workers
from trialcriteria.contradictions import KEPT, Note, Notes, notes
from trialcriteria.records import Constraint, Criterion, Trial, TrialTables

TABLES = trial_tables()
UNITS = {"age": "a", "platelets": "10*9/L", "creatinine": "mg/dL", "ecog": None}
SIGNS = {">=": ("low", True), ">": ("low", False), "<=": ("high", True), "<": ("high", False)}


def limit(name: str, said: str, **changes: Any) -> Constraint:
    """A limit by its criterion and what is eligible: `limit("I1", "age >= 18")`; classes: `"ecog in 0,1"`."""
    attribute, sign, number = said.split()
    slots: dict[str, Any] = dict.fromkeys(field for field in Constraint._fields if field.startswith("eligible_"))
    slots |= {"eligible_operator": sign, "kind": "age" if attribute == "age" else "lab", "attribute": attribute}
    slots |= {"canonical_unit": UNITS[attribute], "unit": UNITS[attribute], "reference": None}
    if sign == "in":
        slots["eligible_levels"] = tuple(number.split(","))
    elif sign == "between":
        low, high = map(float, number.split("-"))
        slots |= {"eligible_low": low, "eligible_high": high}
        slots |= {"eligible_low_inclusive": True, "eligible_high_inclusive": True}
    else:
        side, inclusive = SIGNS[sign]
        slots |= {f"eligible_{side}": float(number), f"eligible_{side}_inclusive": inclusive}
    section = "inclusion" if name.startswith("I") else "exclusion"
    place = {"criterion_id": name, "constraint_id": f"{name}c1", "section": section}
    requirement = "require" if section == "inclusion" else "forbid"
    row = TABLES.constraints[0]._replace(**place, requirement=requirement, **slots)  # type: ignore[arg-type]
    return row._replace(**changes)


def trial(*rows: Constraint, criteria: list[Criterion] | None = None, **stated: Any) -> TrialTables:
    facts = {"minimum_age": None, "maximum_age": None, **stated}
    return TABLES._replace(
        trial=TABLES.trial._replace(**facts), constraints=list(rows), mentions=[], criteria=criteria or []
    )


def criterion(name: str, **changes: Any) -> Criterion:
    row = TABLES.criteria[0]._replace(criterion_id=name, section="inclusion" if name[0] == "I" else "exclusion")
    return row._replace(**changes)


def said(read: TrialTables) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(note.kind, note.what, note.constraint_ids) for note in notes(read)]


# ---- the age of the registry


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("age >= 18", {"minimum_age": 18.0}),
        ("age > 17", {"minimum_age": 18.0}),
        ("age > 18", {"minimum_age": 18.0}),
        ("age < 66", {"maximum_age": 65.0}),
        ("age < 66", {"maximum_age": 66.0}),
        ("age between 18-65", {"minimum_age": 18.0, "maximum_age": 65.0}),
        ("age >= 18", {"maximum_age": 65.0}),
        ("age >= 18", {}),
        ("age >= 0.5", {"minimum_age": 0.4998}),
        ("platelets >= 100", {"minimum_age": 18.0}),
    ],
)
def test_an_age_that_is_the_registrys_or_that_only_one_of_both_says_is_no_contradiction(
    text: str, stated: dict[str, float]
) -> None:
    assert said(trial(limit("I1", text), **stated)) == []


@pytest.mark.parametrize(
    ("text", "stated", "what"),
    [
        ("age >= 18", {"minimum_age": 20.0}, "minimum age 20 in the registry, >= 18 a in the text"),
        ("age > 18", {"minimum_age": 20.0}, "minimum age 20 in the registry, > 18 a in the text"),
        ("age > 18", {"minimum_age": 17.0}, "minimum age 17 in the registry, > 18 a in the text"),
        ("age <= 65", {"maximum_age": 66.0}, "maximum age 66 in the registry, <= 65 a in the text"),
        ("age < 50", {"maximum_age": 80.0}, "maximum age 80 in the registry, < 50 a in the text"),
    ],
)
def test_another_age_than_the_registrys_is_said(text: str, stated: dict[str, float], what: str) -> None:
    assert said(trial(limit("I1", text), **stated)) == [("registry_age", what, ("I1c1",))]


def test_one_of_several_ages_may_be_the_registrys() -> None:
    read = trial(limit("I1", "age >= 18"), limit("E2", "age >= 20"), minimum_age=20.0)
    assert said(read) == []


# ---- limits that nobody can meet


@pytest.mark.parametrize(
    ("one", "other", "nobody"),
    [
        ("age >= 18", "age < 18", True),
        ("age >= 18", "age <= 18", False),
        ("age > 18", "age <= 18", True),
        ("age between 18-40", "age <= 15", True),
        ("age between 18-40", "age <= 40", False),
        ("ecog in 0,1", "ecog in 2", True),
        ("ecog in 0,1", "ecog in 1,2", False),
        ("age >= 90", "platelets < 50", False),
    ],
)
def test_limits_that_do_not_meet_exclude_everyone(one: str, other: str, nobody: bool) -> None:
    found = [note for note in said(trial(limit("I1", one), limit("E1", other))) if note[0] == "excludes_everyone"]
    assert [ids for _, _, ids in found] == ([("I1c1", "E1c1")] if nobody else [])


def test_the_strictest_of_the_limits_are_named() -> None:
    rows = [limit("I1", "age >= 18"), limit("E1", "age >= 70"), limit("E2", "age <= 65"), limit("E3", "age <= 69")]
    assert said(trial(*rows)) == [("excludes_everyone", "age: nobody is >= 70 a and <= 65 a", ("E1c1", "E2c1"))]


# ---- required twice


def test_two_different_limits_on_one_side_are_said_in_text_order() -> None:
    rows = [limit("I1", "platelets >= 100"), limit("I5", "platelets >= 75"), limit("I7", "platelets >= 100")]
    what = "platelets: required >= 100 10*9/L and >= 75 10*9/L"
    assert said(trial(*rows)) == [("required_twice", what, ("I1c1", "I5c1"))]


@pytest.mark.parametrize(
    "other",
    [
        limit("I5", "platelets >= 100"),
        limit("I5", "platelets <= 400"),
        limit("E5", "platelets >= 75"),
        limit("I5", "platelets >= 75", canonical_unit="{LLN}"),
        limit("I5", "platelets >= 99", unit="G/L"),
    ],
    ids=["the same", "the other side", "forbidden", "another unit", "rounded in another unit"],
)
def test_what_is_no_second_requirement(other: Constraint) -> None:
    assert said(trial(limit("I1", "platelets >= 100"), other)) == []


def test_other_classes_are_said_once() -> None:
    rows = [limit("I1", "ecog in 0,1"), limit("I2", "ecog in 0,1,2"), limit("I3", "ecog in 0,1")]
    assert [ids for _, _, ids in said(trial(*rows))] == [("I1c1", "I2c1")]


# ---- limits that are not for everyone

CONTRARY = (limit("I1", "age >= 18"), limit("I2", "age <= 12"), limit("I3", "age >= 16"))


def test_the_contrary_limits_are_contrary() -> None:
    kinds = [kind for kind, _, _ in said(trial(*CONTRARY, minimum_age=30.0))]
    assert kinds == ["registry_age", "excludes_everyone", "required_twice"]


@pytest.mark.parametrize(
    "changes",
    [
        {"condition": "in children"},
        {"condition_id": "children"},
        {"group": "any1"},
        {"exception_to": "I9c1"},
        {"targets": ("I9m1",)},
        {"requirement": "describe"},
        {"requirement": "permit"},
        {"attribute": None},
        {"kind": "time_window"},
        {"eligible_operator": None},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_limits_with_something_beside_them_are_not_compared(changes: dict[str, Any]) -> None:
    assert said(trial(*(row._replace(**changes) for row in CONTRARY), minimum_age=30.0)) == []


@pytest.mark.parametrize(
    "criteria",
    [
        [criterion(name, cohort="Part B") for name in ("I1", "I2", "I3")],
        [criterion(name, section="other") for name in ("I1", "I2", "I3")],
        [criterion("I0", children="any"), *(criterion(name, parent_id="I0") for name in ("I1", "I2", "I3"))],
        [criterion("I0", children="at_least:2"), *(criterion(name, parent_id="I0") for name in ("I1", "I2", "I3"))],
        [criterion("I0", cohort="Part B"), *(criterion(name, parent_id="I0") for name in ("I1", "I2", "I3"))],
    ],
    ids=["cohort", "other section", "any of a list", "two of a list", "a list in a cohort"],
)
def test_limits_of_some_patients_are_not_compared(criteria: list[Criterion]) -> None:
    assert said(trial(*CONTRARY, criteria=criteria, minimum_age=30.0)) == []


def test_the_bullets_of_a_list_that_all_hold_are_compared() -> None:
    criteria = [criterion("I0", children="all"), *(criterion(name, parent_id="I0") for name in ("I1", "I2", "I3"))]
    assert len(said(trial(*CONTRARY, criteria=criteria))) == 2


def test_a_limit_that_another_row_narrows_or_replaces_is_not_compared() -> None:
    window = limit("I9", "platelets >= 1", targets=("I1c1", "I2c1"), exception_to="I3c1")
    assert said(trial(*CONTRARY, window)) == []


def test_what_one_criterion_says_is_taken_for_alternatives() -> None:
    rows = [row._replace(criterion_id="I1") for row in CONTRARY]
    assert said(trial(*rows)) == []
    classes = [limit("I1", "ecog in 0"), limit("I1", "ecog in 1"), limit("I2", "ecog in 1")]
    assert said(trial(*classes)) == []


# ---- of any limits

PLACES = st.integers(0, 9)
LIMITS = st.lists(st.tuples(st.sampled_from(["I", "E"]), st.sampled_from([*SIGNS]), PLACES), max_size=6)


def rows_of(drawn: list[tuple[str, str, int]]) -> list[Constraint]:
    return [limit(f"{letter}{n}", f"age {sign} {number}") for n, (letter, sign, number) in enumerate(drawn)]


@given(LIMITS)
def test_everyone_is_excluded_exactly_where_no_age_meets_all(drawn: list[tuple[str, str, int]]) -> None:
    meets = {">=": lambda x, y: x >= y, ">": lambda x, y: x > y, "<=": lambda x, y: x <= y, "<": lambda x, y: x < y}
    ages = [n / 2 for n in range(-2, 22)]
    possible = any(all(meets[sign](age, number) for _, sign, number in drawn) for age in ages)
    found = [note for note in notes(trial(*rows_of(drawn))) if note.kind == "excludes_everyone"]
    assert len(found) == (not possible)


@given(LIMITS)
def test_limits_that_are_said_twice_add_no_note(drawn: list[tuple[str, str, int]]) -> None:
    rows = rows_of(drawn)
    again = [
        row._replace(criterion_id=f"{row.criterion_id}.1", constraint_id=f"{row.criterion_id}.1c1") for row in rows
    ]
    assert notes(trial(*rows, *again)) == notes(trial(*rows))


@given(LIMITS, st.sampled_from([None, 3.0]))
def test_a_note_names_rows_that_are_there_and_the_same_table_gives_the_same_notes(
    drawn: list[tuple[str, str, int]], age: float | None
) -> None:
    read = trial(*rows_of(drawn), minimum_age=age)
    found = notes(read)
    ids = {row.constraint_id for row in read.constraints}
    assert all(note.constraint_ids and set(note.constraint_ids) <= ids for note in found)
    assert found == notes(read)


# ---- many trials


def many(n: int, first: int = 0) -> list[Note]:
    return [Note(f"T{k}", "required_twice", "twice", ("I1c1", "I2c1")) for k in range(first, first + n)]


def test_all_notes_are_counted_and_the_first_kept() -> None:
    found = Notes()
    found.add(many(KEPT + 5))
    assert (found.by_kind["required_twice"], found.first) == (KEPT + 5, many(KEPT))


@given(st.integers(0, 5), st.integers(0, 5))
def test_notes_in_parts_are_the_notes_of_the_whole(one: int, other: int) -> None:
    whole, part, rest = Notes(), Notes(), Notes()
    whole.add([*many(one), *many(other, one)])
    part.add(many(one))
    rest.add(many(other, one))
    part.merge(contradictions.restored(json.loads(json.dumps(rest.as_data()))))
    assert part == whole


TWICE = "Inclusion Criteria:\n* Platelets >= 100 x 10^9/L\n* Written consent\n* Platelets >= 75 x 10^9/L"


@pytest.fixture
def job(tmp_path: Path) -> batch.Job:
    """Five trials that require two numbers of platelets."""
    lines = [json.dumps({"id": f"T{n}", "criteria": TWICE}) for n in range(5)]
    (tmp_path / "trials.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return batch.Job((str(tmp_path / "trials.jsonl"),))


def test_notes_of_a_run_stand_in_its_manifest(job: batch.Job, tmp_path: Path) -> None:
    report = batch.run(job, batch.Output(tmp_path / "out"))
    written = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["notes"]
    assert written["by_kind"]["required_twice"] == report.notes.by_kind["required_twice"] == 5
    twice = [note for note in written["first"] if note["kind"] == "required_twice"]
    assert [note["trial_id"] for note in twice] == [f"T{n}" for n in range(5)]
    assert twice[0] == {
        "trial_id": "T0",
        "kind": "required_twice",
        "what": "platelets: required >= 100 10*9/L and >= 75 10*9/L",
        "constraint_ids": ["I1c1", "I3c1"],
    }


def test_notes_survive_a_run_that_was_stopped(job: batch.Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards.tables, "TRIALS_PER_GROUP", 2)
    batch.run(job, batch.Output(tmp_path / "whole"))

    def stop(counts: Any) -> None:
        if counts.trials == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.run(job, batch.Output(tmp_path / "out"), stop)
    report = batch.run(job, batch.Output(tmp_path / "out", resume=True))
    one, other = (json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("whole", "out"))
    assert report.resumed == 2
    assert one["notes"] == other["notes"] and one["notes"]["by_kind"]["required_twice"] == 5


def test_a_trial_that_says_one_thing_has_no_note() -> None:
    assert notes(workers.reader(workers.Settings())(Trial("T1", "text", "-", fakes.TEXT))) == []


# ---- values that a measure does not have


@pytest.mark.parametrize(
    ("text", "plausible"),
    [
        ("Haemoglobin at least 10 mg/dL", False),
        ("Haemoglobin at least 10 g/dL", True),
        ("Platelets >= 100,000/mL", False),
        ("Platelets >= 100,000/µL", True),
        ("Bilirubin at most 1.5 x ULN", None),
        ("Serum xylitol < 3 mg/dL", None),
    ],
)
def test_a_value_that_no_such_measure_has_is_kept_as_stated_and_noted(text: str, plausible: bool | None) -> None:
    read = rows.read_trial(nlp.load(), Trial("T1", "text", "a.txt", f"Inclusion Criteria:\n- {text}"))
    (row,) = read.constraints
    assert row.plausible is plausible
    assert [note.kind for note in notes(read)] == ["implausible"] * (plausible is False)


def test_limits_of_the_same_words_share_one_note() -> None:
    odd = limit("I1", "platelets >= 0.0001", plausible=False, quote="> 100/L")
    fine = limit("I5", "ecog in 0,1", plausible=True)
    read = trial(odd, odd._replace(constraint_id="I4c1"), fine)
    assert said(read) == [("implausible", "platelets: > 100/L is no value that it has", ("I1c1", "I4c1"))]
