"""From what an exception is made."""

import pytest

from readings import read


def lifted(text: str, heading: str) -> dict[str, str]:
    """By the words of each row that lifts another one: the words of that."""
    tables = read(f"{heading} Criteria:\n\n{text}")
    words = {row.mention_id: row.text for row in tables.mentions}
    words |= {row.constraint_id: row.quote for row in tables.constraints}
    rows = [(words[row.mention_id], row.exception_to) for row in tables.mentions]
    rows += [(words[row.constraint_id], row.exception_to) for row in tables.constraints]
    return {own: words[whole] for own, whole in rows if whole is not None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "* Congenital or acquired coagulation disorders other than haemophilia A",
            {"haemophilia A": "Congenital"},
            id="the first of a list that shares its head",
        ),
        pytest.param(
            "* Systemic corticosteroids, except prednisone ≤ 10 mg/day",
            {"prednisone": "Systemic corticosteroids"},
            id="a drug with its dose, of its class",
        ),
        pytest.param(
            "* NSAIDs on more than 3 days per week (low-dose aspirin <= 325 mg daily is accepted)",
            {"low-dose aspirin": "NSAIDs"},
            id="a drug of a low dose",
        ),
        pytest.param(
            "* Hypertension, diabetes or malignancy except basal cell carcinoma",
            {"basal cell carcinoma": "malignancy"},
            id="the last of a list of different things",
        ),
        pytest.param(
            "* Hepatitis C or hepatitis B infection, with the exception of chronic hepatitis C",
            {"chronic hepatitis C": "Hepatitis C"},
            id="the one of the same kind",
        ),
        pytest.param(
            "* Pelvic surgery (excluding hernia repair), pelvic radiation",
            {"hernia repair": "Pelvic surgery"},
            id="the one in front of the brackets",
        ),
        pytest.param(
            "* Steroids unless started > 6 months before enrolment",
            {"> 6 months": "Steroids"},
            id="a window of what it lifts",
        ),
        (
            "CNS metastases unless treated, asymptomatic, neurologically stable and off steroids",
            dict.fromkeys(("treated", "asymptomatic", "neurologically stable", "steroids"), "CNS metastases"),
        ),
        (
            "Systemic steroids within 14 days (inhaled or topical use allowed)",
            {"inhaled": "Systemic steroids", "topical use": "Systemic steroids"},
        ),
        ("Corticosteroids (excluding topical or nasal)", {"topical": "Corticosteroids", "nasal": "Corticosteroids"}),
    ],
)
def test_an_exception_lifts_what_it_is_made_from(text: str, expected: dict[str, str]) -> None:
    assert lifted(text, "Exclusion") == expected


def test_a_permission_behind_a_limit_lifts_it() -> None:
    text = "* Bilirubin < 1.5 mg/dL (subjects with documented Gilbert's disease are allowed)"
    assert lifted(text, "Inclusion") == {"Gilbert's disease": "< 1.5 mg/dL"}
    assert lifted("* Stage IV; melanoma is allowed", "Inclusion") == {}


def test_an_exception_in_front_lifts_the_main_clause() -> None:
    assert lifted("* Except for alopecia, all toxicities must have resolved", "Inclusion") == {"alopecia": "toxicities"}


def test_items_below_a_line_of_exceptions_lift_what_the_line_is_made_from() -> None:
    text = "* Autoimmune disease, with the following exceptions:\n  * Vitiligo\n  * Hypothyroidism\n* Gout"
    assert lifted(text, "Exclusion") == {"Vitiligo": "Autoimmune disease", "Hypothyroidism": "Autoimmune disease"}
