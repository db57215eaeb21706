"""Changes of a measure: how far it rose or fell is no limit on the measure itself."""

import pytest

from readings import read


def limits(text: str) -> list[tuple[str, str | None, str | None]]:
    rows = read(f"Inclusion Criteria:\n\n- {text}").constraints
    return [(row.kind, row.attribute, row.attribute_text) for row in rows]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("≥ 1 g/dL increase in hemoglobin", ("lab", None, "increase in hemoglobin")),
        ("A decrease in hemoglobin of ≥ 2 g/dL", ("lab", None, "decrease in hemoglobin")),
        ("PSA increase of > 2 ng/mL", ("lab", None, "PSA increase")),
        ("Fall in LVEF > 10 %", ("vital", None, "Fall in LVEF")),
        ("≥ 20% reduction in ABPI after exercise", ("vital", None, "reduction in ABPI")),
        ("> 30% reduction in serum creatinine", ("lab", None, "reduction in serum creatinine")),
        (
            "Reversible as verified by a 15% or greater increase in baseline FEV1",
            ("vital", "fev1_increase", "increase in baseline FEV1"),
        ),
        ("No response (< 50% improvement)", ("other", None, "improvement")),
        ("Injury with > 1.5 times increase in creatinine", ("other", None, "increase in creatinine")),
        ("Malignancy with a ≥ 30% probability of death", ("other", "mortality_risk", "probability of death")),
    ],
)
def test_a_change_is_told_with_what_changes(text: str, row: tuple[str, str | None, str | None]) -> None:
    assert limits(text) == [row]


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        ("Increased heart rate > 100/min", "heart_rate"),
        ("Reduction of GFR < 60 mL/min", "egfr"),
        ("Increase in bilirubin > 1.5 x ULN", "bilirubin"),
        ("Rising PSA values of at least 2 ng/mL", "psa"),
        ("Drop in systolic pressure ≥ 20 mmHg", "sbp_decrease"),
    ],
)
def test_a_state_is_no_change_and_a_listed_change_keeps_its_name(text: str, attribute: str) -> None:
    assert [name for _, name, _ in limits(text)] == [attribute]
