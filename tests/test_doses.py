"""Doses: which drug an amount is of, and what only says how much a drink is."""

import pytest

from readings import read


def doses(text: str) -> list[tuple[str, str | None, list[str], str]]:
    """Quote, attribute, what it narrows and requirement of each dose."""
    tables = read(f"Exclusion Criteria:\n\n- {text}")
    words = {mention.mention_id: mention.text for mention in tables.mentions}
    return [
        (row.quote, row.attribute, [words[id] for id in row.targets], row.requirement)
        for row in tables.constraints
        if row.kind == "dose"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "A cumulative dose of > 300 mg/m² of doxorubicin or 450 mg/m² of epirubicin",
            [
                ("> 300 mg/m²", "doxorubicin", ["doxorubicin"], "forbid"),
                ("450 mg/m²", "epirubicin", ["epirubicin"], "forbid"),
            ],
        ),
        ("Hydroxyurea (max. 5 g per day)", [("max. 5 g per day", "hydroxyurea", ["Hydroxyurea"], "forbid")]),
        (
            "Anthracyclines more than 300 mg/m² of doxorubicin",
            [("more than 300 mg/m²", "doxorubicin", ["Anthracyclines"], "forbid")],
        ),
        (
            "Corticosteroids > 10 mg/day of prednisone",
            [("> 10 mg/day", "corticosteroid", ["Corticosteroids"], "forbid")],
        ),
        ("Hydrocortisone > 20 mg/day", [("> 20 mg/day", "hydrocortisone", ["Hydrocortisone"], "forbid")]),
        ("Administration of > 20 mg/day of prednisone", [("> 20 mg/day", "prednisone", ["prednisone"], "forbid")]),
        ("Dexamethasone 40 mg/day", [("40 mg/day", "dexamethasone", ["Dexamethasone"], "forbid")]),
        ("Taking 20 mg prednisone", [("20 mg", "prednisone", ["prednisone"], "forbid")]),
        (
            "Steroids in excess of prednisone 20 mg/day",
            [("in excess of prednisone 20 mg/day", "corticosteroid", ["Steroids"], "forbid")],
        ),
        (
            "Methotrexate for at least 12 weeks, 15-25 mg/week",
            [("15-25 mg/week", "methotrexate", ["Methotrexate"], "forbid")],
        ),
        ("Insulin > 40 units/day", [("> 40 units/day", "insulin", ["Insulin"], "forbid")]),
    ],
)
def test_an_amount_of_a_drug_is_its_dose(text: str, expected: list[tuple[str, str | None, list[str], str]]) -> None:
    assert doses(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Heavy drinking (1 unit = 10 g of alcohol)",
        "Heavy smoking (1 pack-year is equal to 20 cigarettes per day)",
        "Heavy drinking (one serving = 12 oz of beer)",
        "A history in pack-years (e.g. 20 cigarettes per day for 10 years, or 1 pack/day for 20 years)",
        "Pack-years (20 cigarettes/day for 10 years and 10 cigarettes/day for 20 years both equal 10 pack-years)",
    ],
)
def test_what_a_drink_or_a_pack_is_bounds_nobody(text: str) -> None:
    assert read(f"Exclusion Criteria:\n\n- {text}").constraints == []
