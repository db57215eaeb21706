"""What is called normal, or outside normal, without a number."""

import pytest

from readings import read


def rows(text: str, section: str) -> list[str]:
    """Each limit with what it does to a patient."""
    return [f"{row} {row.requirement}" for row in read(f"{section} Criteria:\n\n- {text}").constraints]


@pytest.mark.parametrize(
    ("text", "section", "expected"),
    [
        (
            "Bilirubin normal OR direct bilirubin < 0.3 mg/dL",
            "Inclusion",
            ["bilirubin in normal require", "direct_bilirubin < 0.3 mg/dL require"],
        ),
        ("Serum calcium must be normal", "Inclusion", ["calcium in normal require"]),
        ("AST and ALT normal", "Inclusion", ["ast in normal require", "alt in normal require"]),
        ("A normal serum potassium, no oedema", "Inclusion", ["potassium in normal require"]),
        ("Normal CD4 counts", "Inclusion", ["cd4 in normal require"]),
        (
            "Normal serum calcium, sodium and potassium",
            "Inclusion",
            ["calcium in normal require", "sodium in normal require", "potassium in normal require"],
        ),
        (
            "Normal calcium and sodium > 135 mmol/L",
            "Inclusion",
            ["calcium in normal require", "sodium > 135 mmol/L require"],
        ),
        ("Magnesium outside the laboratory's normal range", "Exclusion", ["magnesium in normal require"]),
        ("Free T4 out of normal reference range", "Exclusion", ["free_t4 in normal require"]),
        ("Sodium not within normal limits", "Exclusion", ["sodium in normal require"]),
    ],
)
def test_normal_is_a_limit_of_the_measure_beside_it(text: str, section: str, expected: list[str]) -> None:
    assert rows(text, section) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Normal cardiac function",
        "FEV1 above 80 % of predicted normal for height",
        "Potassium outside the normal range that is clinically significant",
    ],
)
def test_what_is_vague_or_judged_is_not_called_normal(text: str) -> None:
    assert [row for row in rows(text, "Exclusion") if "normal" in row] == []


def test_a_number_beside_it_says_what_is_normal() -> None:
    assert rows("Normal calcium (8.5-10.5 mg/dL)", "Inclusion") == ["calcium between 8.5-10.5 mg/dL require"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Creatinine within ULN", ["creatinine <= 1 {ULN}"]),
        ("Creatinine within the institutional upper limits of normal", ["creatinine <= 1 {ULN}"]),
        ("Potassium within institutional limit of normal", ["potassium in normal"]),
        ("ALT within 2.6 x ULN", ["alt <= 2.6 {ULN}"]),
    ],
)
def test_what_lies_within_the_upper_limit_is_at_most_that(text: str, rows: list[str]) -> None:
    assert list(map(str, read(f"Inclusion Criteria:\n* {text}").constraints)) == rows
