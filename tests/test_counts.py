"""Counts: what they narrow, and which numbers count nothing that a patient has."""

import pytest

from readings import read


def counts(text: str) -> dict[str, list[str]]:
    """The targets of each count, in words, by its quote."""
    tables = read(f"Exclusion Criteria:\n\n- {text}")
    words = {mention.mention_id: mention.text for mention in tables.mentions}
    words |= {row.constraint_id: row.quote for row in tables.constraints}
    return {row.quote: [words[id] for id in row.targets] for row in tables.constraints if row.kind == "count"}


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("ST elevation of ≥ 2 mm in two or more contiguous leads", {"two or more": ["≥ 2 mm"]}),
        ("Hypertension (≥ 140/90 mmHg on ≥ 2 agents)", {"≥ 2": ["≥ 140/90 mmHg"] * 2}),
        ("SBP > 140 mmHg or DBP > 90 mmHg despite 3 drugs", {"3": ["> 140 mmHg", "> 90 mmHg"]}),
        ("At least 1 dose of antenatal steroids", {"At least 1": ["antenatal steroids"]}),
        ("Prior surfactant (more than one dose)", {"more than one": ["surfactant"]}),
        ("At least 4 cycles of azacitidine", {"At least 4": ["azacitidine"]}),
        ("Steroids more than 3 times in the past year", {"more than 3": ["Steroids"]}),
        ("Hypnotics on more than 4 nights per week", {"more than 4": ["Hypnotics"]}),
        (
            "Triptans or ergots ≥ 10 days/month, simple analgesics 15 days or more per month",
            {"≥ 10 days/month": ["Triptans", "ergots"], "15 days or more per month": ["analgesics"]},
        ),
        ("Epilepsy, migraine (more than 1 attack every two months)", {"more than 1": ["migraine"]}),
        ("Frequent (> 2/year) urinary tract infections", {"> 2/year": ["urinary tract infections"]}),
        ("More than 1 severe hypoglycemic episode", {"More than 1": ["severe hypoglycemic episode"]}),
        ("Pain ≥ 4 on at least 4 of the last 7 days", {"at least 4": ["≥ 4"]}),
        ("Pain ≥ 4 on 5 or more days out of 7 days", {"5 or more days": ["≥ 4"]}),
    ],
)
def test_a_count_is_of_the_limit_or_of_what_is_given_so_often(text: str, targets: dict[str, list[str]]) -> None:
    assert counts(text) == targets


@pytest.mark.parametrize(
    "text",
    [
        "Intermediate risk (1-2 factors)",
        "pN2 (4-9 involved nodes)",
        "Alcohol ≥ 5 drinks on one occasion",
        "SBP > 140 mmHg (average of 3 readings)",
        "Methods, at least one of which is a barrier",
        "Dyspnoea > 2 NYHA",
        "Allergy to one of the study drugs",
        "The lower of the two LVEF values",
        "SBP < 100 mmHg (mean of the last 2 of 3 measurements)",
    ],
)
def test_what_only_defines_or_says_how_counts_nothing(text: str) -> None:
    assert counts(text) == {}


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("0 or 1 prior lines of therapy", "prior_lines <= 1 {line}"),
        ("Insomnia at least 3 times per week", "episodes >= 3 {time}/wk"),
        ("At least one prior, but no more than 3 prior regimens", "prior_regimens between 1-3 {regimen}"),
        ("Aged below 6 months, minimum 1 seizure", "seizures >= 1 {seizure}"),
    ],
)
def test_two_bounds_of_a_count_are_one_row_and_none_is_below_zero(text: str, row: str) -> None:
    rows = [str(row) for row in read(f"Inclusion Criteria:\n\n- {text}").constraints if row.kind == "count"]
    assert rows == [row]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("At least 3 moderate or severe symptoms in the list", "moderate or severe symptoms"),
        (
            "Two or more intact (undissected) axillary and/or inguinal basins",
            "intact (undissected) axillary and/or inguinal basins",
        ),
        ("Zorbing in at least 1 out of every 4 bowel movements", "bowel movements"),
        ("At least 2 of 3 cardinal characteristics (tremor, rigidity)", "cardinal characteristics"),
        ("More than one CDK 4/6 inhibitor", "CDK 4/6 inhibitor"),
        ("At least 16 rows applying", "rows"),
        ("More than 2 servings of fish per week", "servings of fish"),
        ("At least one prior platinum- and taxane-based regimen", "prior platinum- and taxane-based regimen"),
        ("Use of opioids on at least 12 occasions", "occasions"),
    ],
)
def test_a_count_is_told_by_its_whole_noun(text: str, words: str) -> None:
    rows = read(f"Inclusion Criteria:\n\n- {text}").constraints
    assert [row.attribute_text for row in rows if row.kind == "count"] == [words]


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        ("At least one target or non-target lesion", "lesion_count"),
        ("At least 2 biologic DMARDs", "drugs"),
        ("Resistance to more than 2 classes of antiretrovirals", "drugs"),
        ("At least one placebo-controlled trial", None),
        ("More than six caffeinated beverages per day", None),
        ("Misoprostol more than twice a month", "doses"),
    ],
)
def test_only_what_is_counted_itself_gives_a_count_its_attribute(text: str, attribute: str | None) -> None:
    rows = read(f"Exclusion Criteria:\n\n- {text}").constraints
    assert [row.attribute for row in rows] == [attribute]


@pytest.mark.parametrize(
    ("text", "operator", "value"),
    [
        ("One measurable lesion or more", ">=", 1),
        ("Two prior lines or fewer", "<=", 2),
        ("One measurable lesion", "=", 1),
        ("Ascites needing paracentesis more than once in 2 weeks", ">", 1),
    ],
)
def test_what_is_counted_may_stand_between_a_number_and_how_it_compares(text: str, operator: str, value: float) -> None:
    row = read(f"Inclusion Criteria:\n* {text}").constraints[0]
    low = row.high if operator == "<=" else row.low
    assert (row.kind in ("count", "lesion"), row.operator, low) == (True, operator, value)
