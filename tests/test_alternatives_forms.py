"""Forms in which alternatives are written: each makes one group of what is required, whoever wrote it."""

from itertools import product

import pytest

from readings import read

OF_THREE = (
    "{}, {} or {}", "{}, {}, or {}", "{} or {} or {}", "either {}, {} or {}", "one of the following: {}, {}, {}",
    "any of the following: {}; {}; {}", "at least one of the following: {}, {}, or {}",
    "1 of the following: {}, {}, {}", "at least 1 of these: {}, {}, {}", "at least one of {}, {}, and {}",
    "any of {}, {}, and {}", "one or more of {}, {} and {}", "{}, {} and/or {}", "(1) {}, (2) {} or (3) {}",
    "{}; {}; or {}",
)  # fmt: skip
OF_TWO = (
    "{} or {}", "either {} or {}", "{} and/or {}", "{}, or {}", "{} or, alternatively, {}", "{} or else {}", "{}/{}",
    "{} / {}", "{} (or {})", "at least one of {} or {}",
)  # fmt: skip
TOGETHER = ("{}, {} and {}", "{} and {} and {}", "all of the following: {}, {}, {}", "{}, {} plus {}")
LED_BY = ("Diagnosis of {}", "Patients with {}", "{}")
DISEASES = (
    ("rheumatoid arthritis", "psoriatic arthritis", "ankylosing spondylitis"),
    ("type 2 diabetes", "hypertension", "dyslipidemia"),
    ("epilepsy", "migraine", "blorpitis"),  # the last is known to nobody
)


def groups(form: str, led: str, diseases: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """What is asked of each mention, and its group."""
    said = led.format(form.format(*diseases))
    rows = read(f"Inclusion Criteria:\n* {said[0].upper()}{said[1:]}\n").mentions
    assert [row.text.lower().removeprefix("diagnosis of ") for row in rows] == list(diseases)
    return [(row.requirement, row.group) for row in rows]


@pytest.mark.parametrize(("form", "led", "diseases"), list(product(OF_THREE, LED_BY, DISEASES)))
def test_of_three_alternatives_one_is_enough(form: str, led: str, diseases: tuple[str, ...]) -> None:
    assert groups(form, led, diseases) == [("require", "any1")] * 3


@pytest.mark.parametrize(("form", "led", "diseases"), list(product(OF_TWO, LED_BY, DISEASES)))
def test_of_two_alternatives_one_is_enough(form: str, led: str, diseases: tuple[str, ...]) -> None:
    assert groups(form, led, diseases[:2]) == [("require", "any1")] * 2


@pytest.mark.parametrize(("form", "led", "diseases"), list(product(TOGETHER, LED_BY, DISEASES)))
def test_what_is_asked_for_together_is_no_group(form: str, led: str, diseases: tuple[str, ...]) -> None:
    assert {asked for asked, _ in groups(form, led, diseases)} == {"require"}
    assert not {group for _, group in groups(form, led, diseases) if group and group.startswith("any")}


def test_drugs_on_both_sides_of_a_stroke_may_be_given_together() -> None:
    rows = read("Inclusion Criteria:\n* Prior treatment with methotrexate/sulfasalazine\n").mentions
    assert {row.group for row in rows} == {None}


def test_both_infections_of_the_co_infected_are_asked_for() -> None:
    rows = read("Inclusion Criteria:\n* HIV/HBV co-infected adults\n").mentions
    assert {row.group for row in rows} == {None}


@pytest.mark.parametrize(
    "said",
    [
        "At least two of asthma, migraine and epilepsy",
        "At least 2 of the following: asthma, migraine, epilepsy",
        "Two out of asthma, migraine or epilepsy",
        "At least 2 of 3 typical illnesses (asthma, migraine, epilepsy)",
    ],
)
def test_of_several_so_many_are_asked_for(said: str) -> None:
    rows = read(f"Inclusion Criteria:\n* {said}\n").mentions
    assert [(row.text, row.group) for row in rows] == [
        ("asthma", "at_least2_1"),
        ("migraine", "at_least2_1"),
        ("epilepsy", "at_least2_1"),
    ]
