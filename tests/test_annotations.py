"""Gold: what is written by hand is compiled exactly, and refused with file, record and fault where it is wrong."""

import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from trialcriteria import annotations
from trialcriteria.annotations import GoldError, GoldTrial

FOLDER = Path(__file__).resolve().parents[1] / "annotations"


def _load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


notation = _load("notation")
compiler = _load("compiler")
build = _load("build")
HEADER = "layout: api_v2\ndomain: example\nannotator: X\nguideline: 1\n"


def compiled(text: str, rows: str, trial_id: str = "TEST0001") -> GoldTrial:
    trial: GoldTrial = compiler.Compiler(trial_id, text, notation.vocabulary()).run(HEADER + rows)
    return trial


def faults(text: str, rows: str) -> list[str]:
    with pytest.raises(GoldError) as raised:
        compiled(text, rows)
    return raised.value.faults


def guideline_examples() -> Iterator[Any]:
    guideline = (FOLDER / "GUIDELINE.md").read_text(encoding="utf-8")
    for block in re.findall(r"```example\n(.*?)```", guideline, re.DOTALL):
        first, rows = block.split("\n", 1)
        yield pytest.param(first[0], first[3:], rows, id=first[3:50])


@pytest.mark.parametrize(("letter", "text", "rows"), list(guideline_examples()))
def test_every_example_of_the_guideline_compiles(letter: str, text: str, rows: str) -> None:
    section = {"I": "inclusion", "E": "exclusion"}[letter]
    words = " ".join(text.split()[:2])
    trial = compiled(text, f"= {section} assumed\n{letter}1 | {words}\n{rows}")
    assert len(trial.constraints) + len(trial.mentions) == len(re.findall(r"(?m)^[cm]\d", rows))


def test_the_gold_in_the_folder_is_what_its_sources_compile_to() -> None:
    trials = compiler.compile_all(sorted((FOLDER / "source").glob("*.rows")), FOLDER / "source")
    assert sorted(annotations.read(FOLDER / "gold")) == sorted(trials)


def test_every_text_has_rows() -> None:
    texts = {path.stem for path in (FOLDER / "source").glob("*.txt")}
    assert texts == {path.stem for path in (FOLDER / "source").glob("*.rows")}


def test_a_row_gets_offsets_flags_and_the_requirement_of_its_section() -> None:
    rows = "= exclusion | Exclusion\nE1 | Hb\nc1 lab:hemoglobin < 9 g/dL | Hb | \\< 9 g/dL"
    trial = compiled("Exclusion Criteria:\n\n* Hb \\< 9 g/dL", rows)
    assert annotations.stated(trial)["constraints"] == [
        {
            "criterion_id": "E1",
            "constraint_id": "E1c1",
            "kind": "lab",
            "attribute": "hemoglobin",
            "attribute_text": "Hb",
            "attribute_start": 23,
            "attribute_end": 25,
            "operator": "<",
            "high": 9.0,
            "high_inclusive": False,
            "unit_text": "g/dL",
            "unit": "g/dL",
            "requirement": "forbid",
            "quote": "\\< 9 g/dL",
            "start": 26,
            "end": 35,
        }
    ]


def test_a_negated_statement_under_exclusion_is_required() -> None:
    trial = compiled("not Hb > 9", "= exclusion assumed\nE1 | not\nc1 lab:hemoglobin > 9 negated | Hb | > 9 | cue: not")
    assert trial.constraints[0].requirement == "require"


def test_a_row_that_narrows_a_constraint_takes_its_requirement() -> None:
    rows = "= exclusion assumed\nE1 | Hb\nc1 lab:hemoglobin < 9 -> describe | Hb | < 9\n"
    trial = compiled("Hb < 9 in 7 days", rows + "c2 time_window <= 7 d before now @c1 | Hb | in 7 days")
    assert [row.requirement for row in trial.constraints] == ["describe", "describe"]


def test_a_quote_spans_a_wrapped_line_and_keeps_its_line_break() -> None:
    trial = compiled(
        "Hb below\r\n   9 g/dL", "= inclusion assumed\nI1 | Hb\nc1 lab:hemoglobin < 9 g/dL | Hb | below 9 g/dL"
    )
    assert trial.constraints[0].quote == "below\r\n   9 g/dL"


def test_a_criterion_ends_before_the_marker_of_the_next_one() -> None:
    rows = "= inclusion assumed\nI1 | Asthma\nI2 | Adults"
    trial = compiled("1. Asthma, mild.\n2. Adults", rows)
    assert [trial.text[c.start : c.end] for c in trial.criteria] == ["Asthma, mild.", "Adults"]
    assert [(n.text, n.start, n.reason) for n in trial.numerals] == [("1", 0, "list_marker"), ("2", 17, "list_marker")]


def test_registry_fields_carry_their_section_into_the_record() -> None:
    trial = compiled("Asthma\n\nCOPD", "= inclusion field\nI1 | Asthma\n= exclusion field\nE1 | COPD")
    record = trial.record()
    assert [(record.eligibility_text[f.start : f.end], f.section) for f in record.fields] == [
        ("Asthma", "inclusion"),
        ("COPD", "exclusion"),
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (
            "c1 lab:alt > 3 [ULN] | ALT | > 4 x ULN",
            "line 7: c1: '> 4 x ULN' does not stand in the criterion or above it",
        ),
        (
            "c1 lab:alt > 3 [ULN] | ALT | ULN",
            "line 7: c1: 'ULN' stands there 2 times: write ~n after it, or {} around it in context",
        ),
        (
            "c1 lab:alt > 3 [UNL] | ALT | > 3 x ULN",
            "line 7: c1: '[UNL]' is no agreed unit id; declare it: new: unit:[UNL]",
        ),
        (
            "c1 lab:alat > 3 [ULN] | ALT | > 3 x ULN",
            "line 7: c1: 'alat' is no agreed lab id; did you mean 'alt'? else declare it: new: lab:alat",
        ),
        ("c1 lap:alt > 3 [ULN] | ALT | > 3 x ULN", "line 7: c1: no kind 'lap'"),
        ("c1 lab:alt > x [ULN] | ALT | > 3 x ULN", "line 7: c1: '>' without a number after it"),
        (
            "c1 lab:alt > 3 > 4 | ALT | > 3 x ULN",
            "line 7: c1: '> 3.0 > 4.0': two bounds are written > < (between) or < > (outside)",
        ),
        (
            "c1 lab:alt > 3 [ULN] !m1 | ALT | > 3 x ULN",
            "line 7: c1: an exception says its requirement: -> permit lifts, -> require or forbid replaces",
        ),
        ("c1 lab:alt > 3 [ULN] | > 3 x ULN", "line 7: c1: a constraint is `notation | attribute's words or - | limit`"),
        ("m1 illness | ALT", "line 7: m1: a mention is one of condition, treatment, procedure, biomarker, state"),
        ("c1 lab:alt > 3 -> maybe | ALT | > 3 x ULN", "line 7: c1: 'maybe' is no requirement"),
        ("m1 state | ALT\nm1 state | AST", "line 8: m1: the id is used twice in the criterion"),
        ("x1 lab:alt", "line 7: x1: no criterion, row, heading or header line"),
    ],
)
def test_a_faulty_line_is_refused_with_its_number(row: str, fault: str) -> None:
    found = faults("ALT > 3 x ULN or AST > 3.5 x ULN", f"= inclusion assumed\nI1 | ALT\n{row}")
    assert fault in found


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("c1 lab:alt | ALT | > 3 x ULN", "I1c1: operator None with low None and high None"),
        ("c1 lab:alt > 3 | ALT | > 3", "I1: digits '3.5' belong to no row (… > 3 x ULN or AST > 3.5 x ULN …)"),
        ("c1 lab:alt < 3 > 2 | ALT | > 3 x ULN", "I1c1: operator outside with bounds 3.0 and 2.0"),
        ("c1 lab:alt > 3 @c9 -> require | ALT | > 3", "I1c1: points at I1c9, which is not there"),
        ("c1 lab:alt > 3 @c1 -> require | ALT | > 3", "I1c1: its links lead back to itself"),
        ("c1 lab:alt > 3 #any1 | ALT | > 3", "I1: group any1 has one member"),
        ("c1 lab:alt > 3 #or1 | ALT | > 3", "I1c1: group 'or1' is no path of any1, all1, at_least2_1"),
        (
            "c1 lab:alt > 3 | ALT | > 3\nc2 lab:alt > 3 [ULN] | ALT | > 3 x ULN",
            "I1c2: the same limit on the same attribute as I1c1",
        ),
        ("m1 condition | x ULN or AST\nm2 condition | or AST", "I1m2: overlaps I1m1"),
        (
            "c1 lab:alt > 3 before now | ALT | > 3",
            "I1c1: a time window, and nothing else, has a direction and an anchor",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_refused(rows: str, fault: str) -> None:
    text = "ALT > 3 x ULN or AST > 3.5 x ULN"
    rows = f"= inclusion assumed\nI1 | ALT\n{rows}"
    rows += "" if "digits" in fault else "\nn unread | 3.5"
    found = faults(text, rows)
    assert f"TEST0001: {fault}" in found


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """A sound gold record with one thing spoilt."""
    rows = "= inclusion assumed\nI1 | ALT\nc1 lab:alt > 3 [ULN] | ALT | > 3 x ULN\nm1 condition | HIV"
    record = json.loads(json.dumps(annotations.stated(compiled("ALT > 3 x ULN; HIV", rows))))
    change(record)
    return dict(record)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda r: r.update(text="ALT > 4 x ULN; HIV"), "TEST0001: text_sha256 is not that of the text"),
        (lambda r: r.update(split="test"), "TEST0001: split is dev by the id, not test"),
        (lambda r: r["constraints"][0].update(start=5), "TEST0001: I1c1: text at 5-13 is ' 3 x ULN', not '> 3 x ULN'"),
        (lambda r: r["constraints"][0].update(lowe=3), "TEST0001: I1c1: unknown slot 'lowe'; did you mean 'low'?"),
        (lambda r: r["constraints"][0].update(canonical_low=3), "TEST0001: I1c1: unknown slot 'canonical_low'"),
        (lambda r: r["constraints"][0].update(low="3"), "TEST0001: I1c1: low: Input should be a valid number"),
        (
            lambda r: r["constraints"][0].update(operator=">="),
            "TEST0001: I1c1: operator >= with inclusive flags False, None",
        ),
        (lambda r: r["constraints"][0].update(operator="<"), "TEST0001: I1c1: operator < with low 3.0 and high None"),
        (lambda r: r["constraints"][0].update(levels=["II"]), "TEST0001: I1c1: levels and operator `in` go together"),
        (lambda r: r["constraints"][0].update(criterion_id="I2"), "TEST0001: I1c1: not an id of criterion I2"),
        (
            lambda r: r["mentions"][0].update(condition_id="male"),
            "TEST0001: I1m1: condition_id without the condition's words",
        ),
        (lambda r: r["mentions"].append(r["mentions"][0]), "TEST0001: I1m1: the id is used twice"),
        (lambda r: r["criteria"][0].update(criterion_id="I7"), "TEST0001: I7: ids count in text order, expected I1"),
    ],
)
def test_spoilt_gold_is_refused_with_trial_row_and_fault(
    change: Callable[[dict[str, Any]], object], fault: str
) -> None:
    with pytest.raises(GoldError) as raised:
        annotations.parse(changed(change))
    assert any(found.startswith(fault) for found in raised.value.faults), raised.value.faults


def test_a_gold_file_is_refused_with_its_name_and_all_its_faults(tmp_path: Path) -> None:
    good = changed(lambda record: None)
    lines = [json.dumps(good), json.dumps(good), "{", json.dumps(good | {"trial_id": "TEST0002", "split": "test"})]
    (tmp_path / "gold.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(GoldError) as raised:
        annotations.read(tmp_path)
    assert [
        re.sub(r"^.*gold\.jsonl", "gold.jsonl", fault).split(str(tmp_path))[-1] for fault in raised.value.faults
    ] == [
        "gold.jsonl: line 3: not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        "gold.jsonl: TEST0002: split is dev by the id, not test",
        ": TEST0001: annotated more than once",
    ]


def test_gold_survives_writing_and_reading(tmp_path: Path) -> None:
    trial = compiled(
        "CRLF\r\nHb > 0 g/dL", "= inclusion assumed\nI1 | CRLF\nI2 | Hb\nc1 lab:hemoglobin > 0 g/dL | Hb | > 0 g/dL"
    )
    annotations.write([trial], tmp_path / "gold.jsonl")
    assert annotations.read(tmp_path / "gold.jsonl") == [trial]


def test_three_fifths_of_the_first_trials_and_all_later_ones_are_for_development() -> None:
    splits = Counter(annotations.split_of(f"TEST{n:04d}") for n in range(1, 127))
    assert splits == {"dev": 82, "test": 44}


def test_the_plan_names_each_trial_once_with_its_split() -> None:
    plan = (FOLDER / "PLAN.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (TEST\d{4}) \|.*\| (dev|test) \|", plan)
    assert rows == [(f"TEST{n:04d}", annotations.split_of(f"TEST{n:04d}")) for n in range(1, 185)]


def test_fifty_four_trials_are_annotated_twice() -> None:
    assert (FOLDER / "PLAN.md").read_text(encoding="utf-8").count("| twice |") == 54


def test_building_writes_each_split_and_both_independent_annotations(tmp_path: Path) -> None:
    for name, label in (("source", "asthma"), ("first", "asthma"), ("second", "mild asthma")):
        (tmp_path / name).mkdir()
        rows = f"{HEADER}= inclusion assumed\nI1 | mild\nm1 condition | {label}\n"
        (tmp_path / name / "TEST0006.rows").write_text(rows, encoding="utf-8")
    (tmp_path / "source" / "TEST0006.txt").write_text("mild asthma\n", encoding="utf-8")
    build.build(tmp_path)
    found = {path.parent.name + "/" + path.name: annotations.read(path) for path in sorted(tmp_path.glob("*/*.jsonl"))}
    assert {name: [trial.mentions[0].text for trial in trials] for name, trials in found.items()} == {
        "agreement/first.jsonl": ["asthma"],
        "agreement/second.jsonl": ["mild asthma"],
        "gold/dev.jsonl": [],
        "gold/test.jsonl": ["asthma"],
    }
