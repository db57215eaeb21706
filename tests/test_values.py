"""Two limits on one measure in one criterion: alternatives, sexes and countries, and what is said again."""

import pytest

import readings


def said(text: str) -> list[str]:
    """Each row of a criterion for inclusion with its group and condition, in the order of the text."""
    read = readings.read(f"Inclusion Criteria:\n* {text}")
    rows = sorted([*read.constraints, *read.mentions], key=lambda row: row.start)
    names = [row.text if hasattr(row, "label") else str(row) for row in rows]
    return [
        " ".join(filter(None, (name, row.group and f"#{row.group}", row.condition and f"?{row.condition}")))
        for name, row in zip(names, rows, strict=True)
    ]


VALUES = [
    (
        "Age ≥ 70 years with WHO performance status 0-2, or age 50 to 69 with WHO performance status 2",
        [
            "age >= 70 a #any1/all1",
            "ecog in 0,1,2 #any1/all1",
            "age between 50-69 a #any1/all2",
            "ecog in 2 #any1/all2",
        ],
    ),
    (
        "Aged 18-45 years (young subjects) OR ≥ 65 years (elderly subjects)",
        ["age between 18-45 a #any1", "age >= 65 a #any1"],
    ),
    (
        "LDL ≥ 120 mg/dL for primary prevention or LDL ≥ 90 mg/dL for secondary prevention",
        ["ldl >= 120 mg/dL ?for primary prevention", "ldl >= 90 mg/dL ?for secondary prevention"],
    ),
    ("Age above or equal to 18 years and age below 60 years", ["age >= 18 a", "age < 60 a"]),
    ("Stage Ta or T1 disease (grade 2 or 3)", ["tnm_t in Ta,T1", "tumor_grade in 2,3"]),
    (
        "Neuroendocrine tumor (NET), Grade 2 or 3",
        ["Neuroendocrine tumor", "tumor_grade in 2,3"],
    ),
    ("FIGO stage I (grade 3)", ["figo in I", "tumor_grade in 3"]),
    ("Weight loss 15% or more past 6 months", ["weight_loss >= 15 %", "Weight loss <= 182.625 d"]),
    ("Not younger than 18 years or older than 75 years", ["age between 18-75 a"]),
    ("BMI not < 18 or > 35 kg/m2", ["bmi between 18-35 kg/m2"]),
    ("Males ≥ 60 years or females ≥ 65 years", ["age >= 60 a ?Males", "age >= 65 a ?females"]),
    ("Aged 18 years or older. For Korea only: aged 19 years or older", ["age >= 18 a", "age >= 19 a ?For Korea only"]),
    ("Must be ≥ 18 years at the time of signing the consent form", ["age >= 18 a"]),
    ("Is a man or woman who is ≥ 21 years at the time of screening", ["age >= 21 a"]),
    ("PD-L1 expression in ≥ 50 % of tumour cells (TPS ≥ 50 %)", ["pd_l1_tps >= 50 %"]),
    ("HbA1c below 7.0 % (53 mmol/mol)", ["hba1c < 7 %"]),
]


@pytest.mark.parametrize(("text", "expected"), VALUES, ids=[text for text, _ in VALUES])
def test_two_limits_on_one_measure_are_told_apart(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_a_disease_that_an_amount_is_told_of_is_a_mention() -> None:
    read = readings.read("Exclusion Criteria:\n* Haemoptysis (> 5 mL of blood) within 3 weeks before the first dose")
    assert [mention.text for mention in read.mentions] == ["Haemoptysis"]
    assert [limit.targets for limit in read.constraints] == [("E1m1",), ("E1c1",)]


def test_what_is_related_to_a_measure_is_not_that_measure() -> None:
    read = readings.read(
        "Inclusion Criteria:\n* BMI ≥ 28 kg/m2 with greater than or equal to 2 obesity-related diseases"
    )
    assert [limit.attribute for limit in read.constraints] == ["bmi", None]


def test_what_holds_instead_of_the_limit_in_front_is_said_by_unless() -> None:
    read = readings.read(
        "Inclusion Criteria:\n* ALT ≤ 2.5 x ULN unless liver metastases are present, in which case it must be ≤ 5 x ULN"
    )
    assert [limit.condition_id for limit in read.constraints] == [None, "liver_metastases"]


def test_a_denial_in_brackets_makes_no_alternatives() -> None:
    lead = "Blood counts (no transfusion within 14 days):"
    read = readings.read(f"Inclusion Criteria:\n* {lead}\n  * Hemoglobin ≥ 9 g/dL\n  * Platelets ≥ 80 x 10^9/L")
    assert read.criteria[0].children == "all"
