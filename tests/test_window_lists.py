"""Times in lists: what stands in front of the list, or in the window before, tells what a bare time is."""

import pytest

import readings
from trialcriteria.records import Constraint


def windows(text: str, section: str = "Exclusion") -> list[str]:
    """Each window of a criterion with its anchor, its targets and what it asks."""
    tables = readings.read(f"{section} Criteria:\n\n- {text}")
    words = {mention.mention_id: mention.text for mention in tables.mentions}
    return [_line(row, words) for row in tables.constraints if row.kind == "time_window"]


def _line(row: Constraint, words: dict[str, str]) -> str:
    of = ", ".join(words[id] for id in row.targets)
    amount = str(row).removeprefix(f"{row.attribute_text} ")
    instead = f" instead of {row.exception_to}" if row.exception_to else ""
    return f"{of}: {amount} before {row.anchor}{instead}, {row.requirement}"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Use of the following within the specified time prior to visit 1: theophylline (48 hours); oral "
            "prednisone- 6 weeks; tiotropium 7 days",
            [
                "theophylline: <= 2 d before visit, forbid",
                "oral prednisone: <= 42 d before visit, forbid",
                "tiotropium: <= 7 d before visit, forbid",
            ],
        ),
        (
            "The following drugs, not washed out before the first dose - infliximab 8 weeks, golimumab or "
            "abatacept 12 weeks, rituximab ≥ 1 year",
            [
                "infliximab: >= 56 d before first_dose, require",
                "golimumab, abatacept: >= 84 d before first_dose, require",
                "rituximab: >= 365.25 d before first_dose, require",
            ],
        ),
        (
            "Medication (exclusion period prior to visit 2):\n  - Theophylline (48 hours)",
            ["Theophylline: <= 2 d before visit, forbid"],
        ),
    ],
)
def test_what_leads_to_a_list_compares_its_times(text: str, rows: list[str]) -> None:
    assert windows(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Major surgery: 4 weeks", ["Major surgery: ? 28 d before now, forbid"]),
        (
            "Major surgery 4 weeks or minor surgery 1 week prior",
            ["Major surgery: ? 28 d before now, forbid", "minor surgery: ? 7 d before now, forbid"],
        ),
        ("Chemotherapy for 4 weeks", []),
        ("Duration of surgery: 4 hours", []),
        ("Chemotherapy (6 weeks in the case of nitrosoureas)", []),
        ("Radiation: less than 3 weeks", ["Radiation: < 21 d before now, forbid"]),
        (
            "Small molecules: under 14 days or 5 half-lives",
            ["Small molecules: < 14 d before now, forbid", "Small molecules: < 5 {half_life} before now, forbid"],
        ),
    ],
)
def test_a_time_alone_beside_a_treatment_leaves_open_how_it_compares(text: str, rows: list[str]) -> None:
    assert windows(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Chemotherapy within 28 days or 5 half-lives (whichever is shorter); 14 days for BRAF inhibitors; "
            "6 weeks for nitrosoureas",
            [
                "Chemotherapy: <= 28 d before now, forbid",
                "Chemotherapy: <= 5 {half_life} before now, forbid",
                "BRAF inhibitors: <= 14 d before now instead of E1c1, forbid",
                "nitrosoureas: <= 42 d before now instead of E1c1, forbid",
            ],
        ),
        (
            "Infarction or TIA within 180 days, or 90 days for unstable angina",
            [
                "Infarction, TIA: <= 180 d before now, forbid",
                "unstable angina: <= 90 d before now instead of E1c1, forbid",
            ],
        ),
        (
            "Chemotherapy, radiotherapy or other targeted therapy within 4 weeks (6 weeks in cases of nitrosoureas)",
            [
                "Chemotherapy, radiotherapy, other targeted therapy: <= 28 d before now, forbid",
                "Chemotherapy, radiotherapy, other targeted therapy: <= 42 d before now instead of E1c1, forbid",
            ],
        ),
        (
            "Radiotherapy within 2 weeks (4 weeks required for stereotactic radiosurgery) of the first dose",
            [
                "Radiotherapy: <= 14 d before first_dose, forbid",
                "stereotactic radiosurgery: <= 28 d before first_dose instead of E1c1, forbid",
            ],
        ),
        (
            "Use of rituximab (within 6 months), methotrexate (4 weeks), or etanercept (2 weeks) before baseline",
            [
                "rituximab: <= 182.625 d before baseline, forbid",
                "methotrexate: <= 28 d before baseline, forbid",
                "etanercept: <= 14 d before baseline, forbid",
            ],
        ),
        (
            "Chemotherapy within 4 weeks, except for weekly paclitaxel within 2 weeks",
            [
                "Chemotherapy: <= 28 d before now, forbid",
                "paclitaxel: <= 14 d before now instead of E1c1, forbid",
            ],
        ),
        (
            "Radiotherapy (2 weeks), xanomab (8 weeks) or antibodies (12 weeks) before enrollment",
            [
                "Radiotherapy: ? 14 d before enrolment, forbid",
                "xanomab: ? 56 d before enrolment, forbid",
                ": ? 84 d before enrolment, forbid",  # of no mention
            ],
        ),
        ("Breastfeeding or within 6 weeks postpartum", ["postpartum: <= 42 d before now, forbid"]),
        (
            "Corticosteroids: systemic within 4 weeks, inhaled within 2 weeks",
            ["Corticosteroids: <= 28 d before now, forbid", "Corticosteroids: <= 14 d before now, forbid"],
        ),
        (
            "Diuretics that cannot be stopped ≥ 4 weeks before visit 1 - potassium supplements (2 weeks)",
            [
                "Diuretics that cannot be stopped: >= 28 d before visit, require",
                "potassium supplements: >= 14 d before visit, require",
            ],
        ),
    ],
)
def test_a_list_of_windows_goes_on_with_bare_times(text: str, rows: list[str]) -> None:
    assert windows(text) == rows


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Treatment within 28 days of the first dose with a biologic", "biologic: <= 28 d before first_dose"),
        (
            "Currently enrolled in, or discontinued within the last 30 days from, a clinical trial of an unapproved "
            "investigational drug",
            "unapproved investigational drug: <= 30 d before now",
        ),
        (
            "Any of the following in the previous 6 months: stroke, heart failure or angina",
            "stroke, heart failure, angina: <= 182.625 d before now",
        ),
        ("A history in the last year or current diagnosis of epilepsy", "epilepsy: <= 365.25 d before now"),
        ("Exposure during the 4 weeks before baseline to any biologic", "biologic: <= 28 d before baseline"),
        ("Newly diagnosed (within 3 months) asthma", "asthma: <= 91.3125 d before now"),
    ],
)
def test_a_window_in_front_of_its_event(text: str, row: str) -> None:
    assert windows(text) == [f"{row}, forbid"]


def test_what_lies_back_and_must_not_go_on_is_asked_to_lie_back() -> None:
    text = "Inclusion Criteria:\n\n- At least 4 weeks since prior and no other concurrent chemotherapy"
    (window,) = readings.read(text).constraints
    assert (window.attribute_text, window.requirement) == ("chemotherapy", "require")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Vaccines are permitted, but not within 72 h of dosing", "Vaccines: <= 3 d before first_dose, forbid"),
        ("Vitiligo is permitted if no steroids were used within 1 year", "steroids: <= 365.25 d before now, forbid"),
        ("Vitiligo is permitted if steroids were used within 1 year", "steroids: <= 365.25 d before now, require"),
    ],
)
def test_what_a_permission_denies_is_forbidden(text: str, row: str) -> None:
    assert windows(text) == [row]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("No use of an erythropoietin for at least 5 weeks", "erythropoietin >= 35 d"),
        ("Without the requirement of a transfusion for at least 14 days", "transfusion >= 14 d"),
        (
            "To refrain from the consumption of grapefruit for 2 weeks before baseline",
            "consumption of grapefruit >= 14 d",
        ),
    ],
)
def test_how_long_something_is_absent_is_a_distance(text: str, row: str) -> None:
    (window,) = readings.read(f"Inclusion Criteria:\n\n- {text}").constraints
    assert (window.kind, str(window), window.requirement) == ("time_window", row, "require")


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("CRP > 5 mg/L on two occasions at least 1 week apart, within the 28 days before baseline", "two"),
        ("Toe pressure > 50 mmHg (any one, in the last 60 days)", "> 50 mmHg"),
        ("4 to 14 migraine days per month, on average, across the 3 months before screening", "4 to 14"),
    ],
)
def test_a_window_narrows_the_limit_in_front_of_words_that_name_nothing(text: str, limit: str) -> None:
    rows = readings.read(f"Inclusion Criteria:\n\n- {text}").constraints
    quotes = {row.constraint_id: row.quote for row in rows}
    assert [quotes[id] for row in rows if row.kind == "time_window" for id in row.targets] == [limit]


def test_a_window_of_an_announced_list_is_of_each_event_below_it() -> None:
    tables = readings.read(
        "Exclusion Criteria:\n\n- History of any of the following within the past 6 months:\n"
        "  - Myocardial infarction\n  - Stroke (within 3 months)\n  - Unstable angina\n"
        "- Use of any of the following drugs within 7 days:\n"
        "  - Antidepressants for depression\n"
    )
    words = {mention.mention_id: mention.text for mention in tables.mentions}
    assert [([words[id] for id in row.targets], row.eligible_low) for row in tables.constraints] == [
        (["Myocardial infarction", "Unstable angina"], 182.625),
        (["Stroke"], 91.3125),
        (["Antidepressants for depression"], 7.0),
    ]
    assert {mention.text: mention.narrowed for mention in tables.mentions} == {
        "Myocardial infarction": ("E1c1",),
        "Stroke": ("E1.2c1",),
        "Unstable angina": ("E1c1",),
        "Antidepressants for depression": ("E2c1",),
    }


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("Oral steroids for more than 14 consecutive days in the past 3 months", "treatment_duration > 14 d"),
        ("Three or more courses of systemic antibiotics within the 3 months before screening", "cycles >= 3 {cycle}"),
        ("Two or more hospitalizations for heart failure within 12 months", "hospitalizations >= 2 {hospitalization}"),
    ],
)
def test_the_period_in_which_a_limit_holds_binds_nobody_by_itself(text: str, limit: str) -> None:
    limited, window = readings.read(f"Exclusion Criteria:\n\n- {text}").constraints
    assert (str(limited), window.kind) == (limit, "time_window")
    assert (window.targets, window.eligible_operator) == ((limited.constraint_id,), None)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Radiotherapy (other than palliative radiotherapy for bone pain), or immunotherapy within 28 days",
            ["Radiotherapy, immunotherapy: <= 28 d before now, forbid"],
        ),
        (
            "Immunosuppressants (eg cyclosporine, methotrexate), phototherapy including PUVA and UVB, or systemic "
            "corticosteroids within 4 weeks",
            ["Immunosuppressants, phototherapy, PUVA, UVB, systemic corticosteroids: <= 28 d before now, forbid"],
        ),
        (
            "Vaccinated or exposed to a live vaccine ≤ 6 weeks before baseline",
            ["Vaccinated, live vaccine: <= 42 d before baseline, forbid"],
        ),
        (
            "Angina (begun within 3 months) or stroke within 6 months",
            ["Angina: <= 91.3125 d before now, forbid", "stroke: <= 182.625 d before now, forbid"],
        ),
    ],
)
def test_a_window_is_of_all_that_is_listed_in_front_whatever_brackets_stand_between(text: str, rows: list[str]) -> None:
    assert windows(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "At least 4 weeks from prior chemotherapy (6 weeks from nitrosoureas)",
            [
                "chemotherapy: >= 28 d before now, require",
                "nitrosoureas: >= 42 d before now instead of I1c1, require",
            ],
        ),
        (
            "A minimum time period of 4 weeks (6 weeks for nitrosoureas) should elapse between completion of "
            "chemotherapy and enrollment",
            [
                "chemotherapy: >= 28 d before enrolment, require",
                "nitrosoureas: >= 42 d before enrolment instead of I1c1, require",
            ],
        ),
        (
            "At least 3 weeks since prior monoclonal antibody (blinatumomab 7 days, inotuzumab 60 days)",
            [
                "monoclonal antibody: >= 21 d before now, require",
                "blinatumomab: >= 7 d before now instead of I1c1, require",
                "inotuzumab: >= 60 d before now instead of I1c1, require",
            ],
        ),
        ("Interval of at least 2 weeks since radiotherapy", ["radiotherapy: >= 14 d before now, require"]),
        (
            "Radiotherapy 4 weeks or more, surgery 4 weeks or more (colostomy 2 weeks)",
            [
                "Radiotherapy: >= 28 d before now, require",
                "surgery: >= 28 d before now, require",
                "colostomy: >= 14 d before now instead of I1c2, require",
            ],
        ),
        ("Major surgery ≥ 4 weeks", ["Major surgery: >= 28 d before now, require"]),
        ("Duration of surgery ≥ 2 hours", []),
        ("Steroids ≥ 4 weeks", []),
    ],
)
def test_what_has_to_have_passed_is_a_distance(text: str, rows: list[str]) -> None:
    assert windows(text, "Inclusion") == rows
