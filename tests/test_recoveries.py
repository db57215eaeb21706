"""What a toxicity must have gone back to: which grade is denied, and which toxicity it is of."""

import pytest

import readings


def said(section: str, text: str) -> list[str]:
    """Each limit with its requirement and the words of what it narrows."""
    read = readings.read(f"{section} Criteria:\n* {text}")
    words = {mention.mention_id: mention.text for mention in read.mentions}
    return [
        f"{limit} {limit.requirement} @{','.join(words.get(row, row) for row in limit.targets)}"
        for limit in read.constraints
    ]


RECOVERIES = [
    (
        "Exclusion",
        "Patient has not recovered from toxicity due to earlier therapy to Grade ≤ 1 or to baseline",
        ["ctcae in 0,1 require @recovered from toxicity"],
    ),
    (
        "Exclusion",
        "Side effects of earlier drugs not yet improved to CTCAE grade 1 or below",
        ["ctcae in 0,1 require @Side effects of earlier drugs"],
    ),
    (
        "Exclusion",
        "Has not recovered (i.e., ≤ grade 1 or at baseline) from adverse events of an earlier agent",
        ["ctcae in 0,1 require @adverse events of an earlier agent"],
    ),
    (
        "Exclusion",
        "Not recovered from grade 2 or higher toxicity of surgery",
        ["ctcae in 2,3,4,5 forbid @toxicity of surgery"],
    ),
    (
        "Exclusion",
        "Any toxicity (except hair loss) from any earlier therapy of grade > 1",
        ["ctcae in 2,3,4,5 forbid @toxicity"],
    ),
    (
        "Inclusion",
        "All toxic effects of earlier therapy must have resolved to ≤ grade 1",
        ["ctcae in 0,1 require @toxic effects of earlier therapy"],
    ),
    (
        "Inclusion",
        "Recovered to grade 1 or better from side effects of radiation",
        ["ctcae in 0,1 require @side effects of radiation"],
    ),
    (
        "Exclusion",
        "Myocardial infarction, grade ≥ 2 heart failure",
        ["ctcae in 2,3,4,5 forbid @heart failure"],
    ),
]


@pytest.mark.parametrize(("section", "text", "expected"), RECOVERIES, ids=[text for _, text, _ in RECOVERIES])
def test_a_grade_is_of_the_toxicity_that_goes_back_to_it(section: str, text: str, expected: list[str]) -> None:
    assert said(section, text) == expected


def test_an_exception_is_made_from_the_grade_of_a_toxicity_that_need_not_be_there() -> None:
    read = readings.read(
        "Inclusion Criteria:\n* Resolution of toxicities of prior chemotherapy to grade ≤ 1 (except alopecia)"
    )
    assert [mention.exception_to for mention in read.mentions if mention.text == "alopecia"] == ["I1c1"]


def test_the_age_at_which_something_happened_narrows_that() -> None:
    assert said("Exclusion", "Unexplained sudden death under 40 years of age in a sibling") == [
        "age_at_death < 40 a forbid @Unexplained sudden death"
    ]
    assert said("Inclusion", "Diagnosed with type 1 diabetes at age 30 or older") == [
        "age_at_diagnosis >= 30 a require @type 1 diabetes"
    ]


def test_items_below_a_line_on_childbearing_potential_only_describe() -> None:
    lead = (
        "Use of contraception, or evidence of non-childbearing potential by fulfilling one of the following criteria:"
    )
    read = readings.read(f"Inclusion Criteria:\n* {lead}\n  * Aged more than 55 years\n  * Amenorrhoea for 2 years")
    assert [limit.requirement for limit in read.constraints] == ["describe", "describe"]
