"""Corpora of other schemes on our slots: small annotations worked out by hand, and the real ones if they are here."""

from pathlib import Path

import pytest

from trialcriteria.annotations import GoldError, corpora
from trialcriteria.annotations.amounts import amount, number
from trialcriteria.annotations.standoff import parse

LEAF_TEXT = (
    "Inclusion Criteria:\r\n- Women aged 18 to 45\r\n- NYHA II or III; ALT < 2.5 x ULN\r\n"
    "Exclusion Criteria:\r\n- no stroke or angina within 6 months, except silent stroke\r\n"
)
LEAF = [
    ("T1", "Life-Stage-And-Gender", "Women"),
    ("T2", "Age", "aged"),
    ("T3", "Eq-Comparison", "18 to 45"),
    ("T4", "Eq-Value", "18"),
    ("T5", "Eq-Operator", "to"),
    ("T6", "Eq-Value", "45"),
    ("T7", "Observation", "NYHA"),
    ("T8", "Eq-Comparison", "II or III"),
    ("T9", "Eq-Value", "II"),
    ("T10", "Eq-Value", "III"),
    ("T11", "Observation", "ALT"),
    ("T12", "Eq-Comparison", "< 2.5 x ULN"),
    ("T13", "Eq-Operator", "<"),
    ("T14", "Eq-Value", "2.5"),
    ("T15", "Eq-Unit", "x ULN"),
    ("T16", "Negation", "no"),
    ("T17", "Condition", "stroke"),
    ("T18", "Condition", "angina"),
    ("T19", "Eq-Comparison", "within 6 months"),
    ("T20", "Eq-Operator", "within"),
    ("T21", "Eq-Value", "6"),
    ("T22", "Eq-Temporal-Unit", "months"),
    ("T23", "Condition", "silent stroke"),
    ("T24", "Exception", "except"),
    ("T25", "Condition-Name", "angina"),
    ("T26", "Observation-Name", "ALT"),
]
LEAF_LINES = """E1	Age:T2 Numeric-Filter:E2
E2	Eq-Comparison:T3 Value:T4 Operator:T5 Value2:T6
E3	Observation:T7 Numeric-Filter:E4
E4	Eq-Comparison:T8 Value:T9 Value2:T10
E5	Observation:T11 Name:T26 Numeric-Filter:E6
E6	Eq-Comparison:T12 Operator:T13 Value:T14 Unit:T15
E7	Negation:T16 Negates:E8
E8	Condition:T17 Temporality:E10
E9	Condition:T18 Name:T25 Temporality:E10
E10	Eq-Comparison:T19 Operator:T20 Value:T21 Temporal-Unit:T22
E11	Condition:T23
E12	Exception:T24 From:E8 Except:E11
E13	Life-Stage-And-Gender:T1
A1	Eq-Operator-Value T5 BETWEEN
A2	Eq-Operator-Value T13 LT
A3	Eq-Operator-Value T20 LTEQ
A4	Eq-Temporal-Unit-Value T22 month
A5	Observation-Type-Value E3 clinical-score
A6	Observation-Type-Value E5 lab
A7	Eq-Unit-Value T15 ref-range-high
R1	Or Arg1:E8 Arg2:E9
"""
CHIA_TEXT = (
    "Adults over 65 years of age\nPlatelets and leukocytes greater\n(as counted) than 100 G/L\nno prior stroke\n"
)
GREATER, THAN = CHIA_TEXT.index("greater"), CHIA_TEXT.index("than")
CHIA = [
    ("T1", "Person", "Adults"),
    ("T2", "Value", "over 65 years of age"),
    ("T3", "Measurement", "Platelets"),
    ("T4", "Measurement", "leukocytes"),
    ("T6", "Negation", "no"),
    ("T7", "Condition", "stroke"),
    ("T8", "Scope", "Platelets and leukocytes"),
    ("T9", "Qualifier", "prior"),
]
CHIA_LINES = f"""T5	Value {GREATER} {GREATER + 7};{THAN} {THAN + 12}	greater than 100 G/L
R1	Has_value Arg1:T1 Arg2:T2
R2	Has_value Arg1:T3 Arg2:T5
R3	Has_value Arg1:T4 Arg2:T5
R4	Has_negation Arg1:T7 Arg2:T6
*	OR T3 T4
"""


def corpus(folder: Path, name: str, text: str, entities: list[tuple[str, str, str]], lines: str) -> Path:
    """A corpus of one text, the entities found in it from the start on."""
    place, placed = 0, []
    for key, label, words in entities:
        place = text.find(words, place) if text.find(words, place) >= 0 else text.index(words)
        placed.append(f"{key}\t{label} {place} {place + len(words)}\t{words}")
    (folder / f"{name}.txt").write_bytes(text.encode())
    (folder / f"{name}.ann").write_text("\n".join([*placed, lines]), encoding="utf-8")
    return folder


def lines(found: corpora.Corpus) -> list[str]:
    rows = []
    for row in found.trials[0].constraints:
        target = f" @{','.join(row.targets)}" if row.targets else ""
        reference = f" [{row.reference}]" if row.reference else ""
        negated = " negated" if row.negated else ""
        rows.append(f"{row.constraint_id} {row.kind}: {row}{reference}{target}{negated} -> {row.requirement}")
    for said in found.trials[0].mentions:
        flags = " negated" * said.negated + (f" !{said.exception_to}" if said.exception_to else "")
        rows.append(f"{said.mention_id} {said.label}: {said.text}{flags} -> {said.requirement}")
    return rows


def test_leaf_comparisons_become_limits_windows_and_classes_in_numbers(tmp_path: Path) -> None:
    found = corpora.read(corpus(tmp_path, "NCT1", LEAF_TEXT, LEAF, LEAF_LINES))
    assert found.scheme == "Leaf Clinical Trials"
    assert lines(found) == [
        "I1c1 age: age between 18-45 -> require",
        "I1c2 scale: NYHA between 2-3 -> require",
        "I1c3 lab: ALT < 2.5 [ULN] -> require",
        "E1c1 time_window: stroke <= 6 mo @E1m1,E1m2 negated -> require",
        "E1m1 condition: stroke negated -> require",
        "E1m2 condition: angina -> forbid",
        "E1m3 condition: silent stroke !E1m1 -> permit",
    ]


def test_labels_without_a_slot_are_counted_and_said(tmp_path: Path) -> None:
    found = corpora.read(corpus(tmp_path, "NCT1", LEAF_TEXT, LEAF, LEAF_LINES))
    assert found.unmapped == {"Life-Stage-And-Gender": 1, "Or": 1}
    assert found.remarks() == ("Leaf Clinical Trials: labels without a slot: Life-Stage-And-Gender 1, Or 1",)


def test_chia_values_become_limits_also_in_pieces(tmp_path: Path) -> None:
    found = corpora.read(corpus(tmp_path, "NCT1_exc", CHIA_TEXT, CHIA, CHIA_LINES))
    assert lines(found) == [
        "E1c1 age: age > 65 a -> forbid",
        "E1c2 lab: Platelets > 100 10*9/L -> forbid",
        "E1c3 lab: leukocytes > 100 10*9/L -> forbid",
        "E1m1 condition: stroke negated -> require",
    ]
    assert found.trials[0].constraints[1].quote == "greater\n(as counted) than 100 G/L"
    assert found.unmapped == {"Scope": 1, "Qualifier": 1, "OR": 1}


def test_rows_that_our_gold_cannot_hold_are_left_out_and_said(tmp_path: Path) -> None:
    entities = [*CHIA, ("T10", "Condition", "stroke"), ("T11", "Value", "as counted")]
    found = corpora.read(
        corpus(tmp_path, "NCT1_inc", CHIA_TEXT, entities, CHIA_LINES + "R5\tHas_value Arg1:T3 Arg2:T11\n")
    )
    assert found.left_out == {"mentions that overlap another": 1, "Value with no number": 1}
    assert found.remarks()[1] == "Chia: left out: mentions that overlap another 1, Value with no number 1"


def test_words_with_a_line_break_in_them_are_one_annotation() -> None:
    found = parse("T1\tScope 0 16\tno stroke\nat all\nT2\tCondition 3 9\tstroke\n", "no stroke at all", "a.ann")
    assert [entity.text for entity in found.entities.values()] == ["no stroke at all", "stroke"]


@pytest.mark.parametrize(
    ("lines_", "fault"),
    [
        ("T1\tCondition 0 6\tangina", "a.ann: T1: 'angina' does not stand at 0-6 of the text"),
        ("T1\tCondition 0 x\tstroke", "a.ann: line 1: not understood: 'T1\\tCondition 0 x\\tstroke'"),
        ("T1\tCondition 0 6\tstroke\nR1\tOR Arg1:T1 Arg2:T9", "a.ann: R1: points at T9, which is not there"),
        ("E1\tCondition:T4", "a.ann: E1: points at T4, which is not there"),
    ],
)
def test_annotations_that_contradict_their_text_are_refused(lines_: str, fault: str) -> None:
    with pytest.raises(GoldError) as raised:
        parse(lines_, "stroke", "a.ann")
    assert raised.value.faults == [fault]


def test_a_scheme_that_we_do_not_know_is_refused(tmp_path: Path) -> None:
    folder = corpus(tmp_path, "a", "stroke", [("T1", "Disease", "stroke")], "")
    with pytest.raises(GoldError, match="of neither Leaf Clinical Trials nor Chia; labels: Disease"):
        corpora.read(folder)


def test_annotations_without_their_text_are_refused(tmp_path: Path) -> None:
    folder = corpus(tmp_path, "a", "stroke", [("T1", "Condition", "stroke")], "")
    (folder / "a.txt").unlink()
    with pytest.raises(GoldError, match=r"a\.txt: No such file"):
        corpora.read(folder)


@pytest.mark.parametrize(
    ("text", "bounds", "unit", "reference"),
    [
        ("under the age of 21", [("<", 21)], None, None),
        ("18 years or older", [(">=", 18)], "a", None),
        ("between 10-19 yrs", [(">=", 10), ("<=", 19)], "a", None),
        ("< 45 or > 55 years", [("<", 45), (">", 55)], "a", None),
        (">_3500/mm3", [(">=", 3500)], "/mm3", None),
        ("<or=6", [("<=", 6)], None, None),
        ("=3 times ULN", [(None, 3)], None, "ULN"),
        ("> 1.5 x 10^9/L", [(">", 1.5)], "10*9/L", None),
        ("at least three (3) months", [(">=", 3)], "mo", None),
        ("worse than 20/200", [], None, None),
        ("positive", [], None, None),
    ],
)
def test_the_words_of_a_value_say_its_comparator_number_and_unit(
    text: str, bounds: list[tuple[str | None, float]], unit: str | None, reference: str | None
) -> None:
    found = amount(text)
    assert (list(found.bounds), found.unit, found.reference) == (bounds, unit, reference)


def test_numbers_are_digits_words_or_roman() -> None:
    texts = ["1,500", "100.000", "-20", "7th", "twelve", "III", "½", "A", "April 30, 2019"]
    assert [number(text) for text in texts] == [1500, 100000, -20, 7, 12, 3, 0.5, None, None]


@pytest.mark.parametrize(("name", "trials", "limits"), [("lct", 477, 1400), ("chia", 954, 2200)])
def test_the_real_corpora_are_taken_over_whole(name: str, trials: int, limits: int, shared: Path) -> None:
    found = corpora.read(shared / "corpora" / name)
    assert len(found.trials) == trials
    assert sum(len(trial.constraints) for trial in found.trials) > limits
