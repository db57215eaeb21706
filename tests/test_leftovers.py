"""Why digits that no limit claims are none, and which of them stay unread."""

import pytest

from readings import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Efficacy evaluations at Weeks 12 and 24", {"12": "visit", "24": "visit"}),
        ("Cohorts 4, 5 and 6", {"4": "visit", "5": "visit", "6": "visit"}),
        ("Type 1 or 2 disorders", {"1": "name", "2": "name"}),
        ("Metabolism through CYP3A4/5 only", {"3": "name", "4": "name", "5": "name"}),
        ("Adverse cytogenetics: t(6;9), -7/del(7q)", {"6": "name", "9": "name", "7": "name"}),
        ("Use of 5-AR inhibition", {"5": "name"}),
        ("Measurable disease by RECIST criteria v. 1.1", {"1": "version"}),
        ("Toxicity by CTC v 3.0", {"3": "version", "0": "version"}),
        ("Measurable disease per RECIST v.1.1", {"1": "version"}),
        ("Dyspnea according to CTCAE 4.03", {"4": "version", "03": "version"}),
        ("DSM-5 diagnostic codes 317 and 318", {"5": "version", "317": "name", "318": "name"}),
        ("Fluticasone propionate 0.05% cream", {"0": "name", "05": "name"}),
        (
            "CrCl = (140 - age) x weight x 0.85 / 72 x creatinine",
            {"140": "definition", "0": "definition", "85": "definition", "72": "definition"},
        ),
        (
            "No alcohol abuse (1 unit = 360 mL of beer, 150 mL of wine)",
            {"1": "definition", "360": "definition", "150": "definition"},
        ),
    ],
)
def test_what_stands_beside_them_tells_why(text: str, expected: dict[str, str]) -> None:
    assert {row.text: row.reason for row in read(f"Inclusion Criteria:\n- {text}").numerals} == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Meets 1 of the following criteria:\n  - diabetes\n  - hypertension", "definition"),
        ("Diagnosis of 1 of the following: myeloma or leukemia", "definition"),
        ("At least 2 of the following signs of infection:\n  - fever\n  - cough\n  - chills", "definition"),
        ("Has had 1 or more of the symptoms of a cold", "unread"),
    ],
)
def test_how_many_of_a_list_is_lost_only_where_no_row_says_it(text: str, reason: str) -> None:
    (found,) = read(f"Inclusion Criteria:\n- {text}").numerals
    assert found.reason == reason


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("Type 2, 3 prior courses of it", "3"),  # a count, which was not read
        ("Beer of 500 mL", "500"),  # nothing says what a drink is
        ("Extension of 24 months core", "24"),
    ],
)
def test_what_may_be_a_lost_limit_stays_unread(text: str, digits: str) -> None:
    found = read(f"Inclusion Criteria:\n- {text}")
    told = {row.text: row.reason for row in found.numerals}
    assert told.get(digits, "unread") == "unread"
