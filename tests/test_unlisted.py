"""Limits on measures that the lexicon lacks: wherever their name stands, it is what the limit is on."""

import pytest

from readings import read


def limits(text: str) -> list[tuple[str | None, str]]:
    """Each limit as the words that it is on and its line."""
    rows = read(f"Inclusion Criteria:\n* {text}\n").constraints
    return [(row.attribute_text, str(row).removeprefix(f"{row.attribute_text} ")) for row in rows]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Serum blorpin ≥ 5 ng/mL", ">= 5 ng/mL"),
        ("Serum blorpin: ≥ 5 ng/mL", ">= 5 ng/mL"),
        ("Serum blorpin - ≥ 5 ng/mL", ">= 5 ng/mL"),
        ("Serum blorpin of at least 5 ng/mL", ">= 5 ng/mL"),
        ("A minimum serum blorpin of 5 ng/mL", ">= 5 ng/mL"),
        ("Maximum serum blorpin of 5 ng/mL", "<= 5 ng/mL"),
        ("Serum blorpin as measured by MRI of ≥ 5 ng/mL", ">= 5 ng/mL"),
        ("≥ 5 ng/mL of serum blorpin", ">= 5 ng/mL"),
    ],
)
def test_the_name_is_what_the_limit_is_on(text: str, line: str) -> None:
    [(name, said)] = limits(text)
    assert (name or "").lower() == "serum blorpin"
    assert said == line


@pytest.mark.parametrize(
    "text", ["Cohort B: ≥ 5 ng/mL", "Laboratory values: ≥ 5 ng/mL", "Expressed in g/day: > 30 g/day"]
)
def test_a_label_that_names_no_measure_is_none(text: str) -> None:
    assert {name for name, _ in limits(text)} <= {None}
