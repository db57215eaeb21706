"""Items of lists that nothing names but the list."""

import pytest

from readings import read


def mentions(text: str, section: str = "Exclusion") -> list[str]:
    return [f"{row.label}: {row.text}" for row in read(f"{section} Criteria:\n* {text}\n").mentions]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Has head lice or scabies", ["condition: head lice", "condition: scabies"]),
        (
            "Cystic fibrosis, asthma or airway hyper-responsiveness",
            ["condition: Cystic fibrosis", "condition: asthma", "condition: airway hyper-responsiveness"],
        ),
        (
            "Prior irinotecan, cetuximab or SU011248",
            ["treatment: irinotecan", "treatment: cetuximab", "treatment: SU011248"],
        ),
        (
            "Use of blablazole, rifampin or rifabutin",
            ["treatment: blablazole", "treatment: rifampin", "treatment: rifabutin"],
        ),
        ("Proven allergy to paclitaxel or BIBF 1120", ["condition: allergy to paclitaxel", "condition: BIBF 1120"]),
    ],
)
def test_an_item_beside_a_mention_is_one_of_its_kind(text: str, named: list[str]) -> None:
    assert mentions(text) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Asthma or require oxygen", "require oxygen"),
        ("Asthma or other", "other"),
        ("Epilepsy, whichever is longer", "whichever"),
        ("Epilepsy, in the opinion of the investigator", "opinion"),
        ("Treatment with rifampin, starting on day 1", "starting"),
        ("Allergy to cetuximab, poor motivation", "motivation"),
        ("Diabetes or patients", "patients"),
        ("Psoriasis, MRI", "MRI"),
    ],
)
def test_what_is_no_name_is_no_item(text: str, named: str) -> None:
    assert not [one for one in mentions(text) if one.endswith(named)]


def test_short_forms_on_both_sides_of_a_stroke_are_one_thing() -> None:
    assert "treatment: EFV" not in mentions("Use of EFV/TDF")


def test_an_item_is_turned_by_the_cue_of_its_list() -> None:
    rows = read("Inclusion Criteria:\n* No head lice, scabies or ringworm\n").mentions
    assert [(row.text, row.requirement, row.rule) for row in rows] == [
        ("head lice", "forbid", "listed"),
        ("scabies", "forbid", "lexicon"),
        ("ringworm", "forbid", "listed"),
    ]


def test_alternatives_are_grouped_with_one_that_only_the_list_names() -> None:
    rows = read("Inclusion Criteria:\n* Ringworm, head lice or scabies\n").mentions
    assert {row.group for row in rows} == {"any1"}
    assert len(rows) == 3
