"""What a limit is on, where several stand in one criterion."""

import pytest

from test_lexicon_examples import read


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("Rectal cancer cT3N0M0", ["tnm_t in T3", "tnm_n in N0", "tnm_m in M0"]),
        ("Breast cancer of stage IIA (T2N0M0)", ["stage in IIA"]),
        ("PASI ≥ 12, IGA score of 3 or greater", ["pasi >= 12 {score}", "iga in 3,4"]),
        ("ALAT or ASAT > 5N, or bilirubin > 2N", ["alt > 5 {ULN}", "ast > 5 {ULN}", "bilirubin > 2 {ULN}"]),
        (
            "Serum urate by age: 1 to < 4 years ≤ 5 mg/dL, 4 to < 9 years ≤ 6 mg/dL",
            ["age between 1-4 a", "uric_acid <= 5 mg/dL", "age between 4-9 a", "uric_acid <= 6 mg/dL"],
        ),
        (
            "Systolic drop of 20 mmHg or more, or a 10 mmHg drop in diastolic pressure",
            ["sbp_decrease >= 20 mm[Hg]", "dbp_decrease ? 10 mm[Hg]"],
        ),
        ("QTc > 470 ms (Fridericia); QTc > 480 ms by Bazett's formula", ["qtcf > 470 ms", "qtcb > 480 ms"]),
        (
            "Weight of at least 60 kg (132 lbs) for men and 50 kg (110 lbs) for women",
            ["weight >= 60 kg", "weight >= 50 kg"],
        ),
    ],
)
def test_each_limit_has_its_own_measure(text: str, limits: list[str]) -> None:
    assert [str(row) for row in read(text).constraints] == limits
