"""What is left out of a kind that is asked for, and what only lies in the words that say of which kind it is."""

import pytest

from readings import read


def asked(text: str, section: str = "Inclusion") -> list[tuple[str, str, bool]]:
    """Each mention as its words, its requirement and whether it is negated."""
    rows = read(f"{section} Criteria:\n* {text}\n").mentions
    return [(row.text, row.requirement, row.negated) for row in rows]


@pytest.mark.parametrize(
    ("text", "kind", "left_out"),
    [
        ("Diagnosis of AML (excluding APL)", "AML", ["APL"]),
        ("AML other than acute promyelocytic leukemia", "AML", ["acute promyelocytic leukemia"]),
        ("Lymphoma, except Burkitt lymphoma", "Lymphoma", ["Burkitt lymphoma"]),
        ("Solid tumors with the exception of melanoma or sarcoma", "Solid tumors", ["melanoma", "sarcoma"]),
        ("HIV infection, excluding patients with hepatitis B", "HIV infection", ["hepatitis B"]),
    ],
)
def test_what_is_left_out_of_the_kind_that_is_asked_for_is_forbidden(text: str, kind: str, left_out: list[str]) -> None:
    assert asked(text) == [(kind, "require", False), *((name, "forbid", True) for name in left_out)]


@pytest.mark.parametrize(
    ("text", "excepted"),
    [
        ("No prior malignancy except basal cell carcinoma", "basal cell carcinoma"),
        ("Recovered from toxicities except alopecia", "alopecia"),
        ("AST < 3 x ULN except in patients with liver metastases", "liver metastases"),
        ("Any prior chemotherapy except taxanes", "taxanes"),
        ("Failed standard therapy except for patients with mesothelioma", "mesothelioma"),
    ],
)
def test_what_is_excepted_from_anything_else_is_lifted(text: str, excepted: str) -> None:
    assert [requirement for words, requirement, _ in asked(text) if words == excepted] == ["permit"]


@pytest.mark.parametrize("text", ["Excluding patients with brain metastases", "Exclude patients with brain metastases"])
def test_a_reason_for_inclusion_may_begin_with_what_it_excludes(text: str) -> None:
    assert [row[:2] for row in asked(text)] == [("brain metastases", "forbid")]


def test_what_is_left_out_ends_with_the_list_of_it() -> None:
    rows = asked("AML other than acute promyelocytic leukemia, that is relapsed")
    assert [(words, requirement) for words, requirement, _ in rows][-1] == ("relapsed", "require")


@pytest.mark.parametrize(
    "text",
    [
        "Solid tumour for which standard therapy is not available",
        "Solid tumour for which standard therapy does not exist",
        "Solid tumour for which there is no standard therapy available",
    ],
)
def test_what_a_disease_lacks_does_not_deny_the_disease(text: str) -> None:
    assert asked(text) == [(text, "require", False)]


@pytest.mark.parametrize(
    "text",
    [
        "Negative history of brain metastases",
        "Unaffected by brain metastases",
        "Brain metastases must be ruled out",
        "Must exclude brain metastases",
    ],
)
def test_further_ways_to_say_that_something_is_not_there(text: str) -> None:
    assert [requirement for _, requirement, _ in asked(text)] == ["forbid"]


@pytest.mark.parametrize(
    "text", ["Patients for whom radiotherapy is not indicated", "Patients for whom radiotherapy is not planned"]
)
def test_what_is_not_to_come_is_denied(text: str) -> None:
    assert asked(text) == [("radiotherapy", "forbid", True)]


def test_what_is_excepted_from_something_prior_is_not_prior() -> None:
    rows = read("Exclusion Criteria:\n* Prior chemotherapy except methotrexate\n").mentions
    assert [(row.text, row.historical) for row in rows] == [("chemotherapy", True), ("methotrexate", False)]
