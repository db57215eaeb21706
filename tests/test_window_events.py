"""Which event a window is of: where no list names it, where it stands behind, or where much stands between."""

import pytest

import readings


def events(section: str, text: str) -> list[list[str]]:
    """The targets of each window and duration of a criterion, in words."""
    tables = readings.read(f"{section} Criteria:\n\n- {text}")
    words = {mention.mention_id: mention.text for mention in tables.mentions}
    words |= {row.constraint_id: row.quote for row in tables.constraints}
    rows = [row for row in tables.constraints if row.kind in ("time_window", "duration")]
    return [[words[id] for id in row.targets] for row in rows]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("Dry heaves within 24 hours before the first dose", [["Dry heaves"]]),
        ("Any illness during the 4 weeks before this study", [["illness"]]),
        ("Used investigational drugs or surfing boards within 4 weeks", [["investigational drugs", "surfing boards"]]),
        ("Excessive marathons (within one week prior to dosing)", [["Excessive marathons"]]),
        ("Electrocardiogram within 4 weeks", [[]]),
        ("Diagnosed within 4 weeks", [[]]),
        ("Treatment within 4 weeks", [[]]),
        ("Change from the last visit within 4 weeks", [[]]),
        ("Unwilling to stop exercise 48 hours prior to dosing", [[]]),
    ],
)
def test_what_a_window_dates_is_an_event_though_no_list_names_it(text: str, targets: list[list[str]]) -> None:
    assert events("Exclusion", text) == targets


def test_among_reasons_for_inclusion_only_a_denied_event_is_named_by_its_window() -> None:
    assert events("Inclusion", "No dry heaves within 24 hours before dosing") == [["dry heaves"]]
    assert events("Inclusion", "Organ function within 7 days before dosing") == [[]]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("History within the past 6 months or current evidence of psychosis", [["psychosis"]]),
        ("Patients who, within the past year, met criteria for depression", [["depression"]]),
        ("Use in the past 90 days of any topically applied steroids", [["steroids"]]),
        ("Received the following within 30 days or plans to receive: warfarin, heparin", [["warfarin", "heparin"]]),
        ("Less than 21 days since prior nonapproved or investigational drugs", [["investigational drugs"]]),
        ("At least 14 days must have elapsed since any previous chemotherapy", [["chemotherapy"]]),
        ("Constipation in the past year; asthma", [["Constipation"]]),
        ("In the past year if there was no response to steroids", [[]]),
        ("2 years or more since the last menstrual period, or surgical menopause", [[]]),
    ],
)
def test_a_window_that_leads_is_of_the_event_behind_it(text: str, targets: list[list[str]]) -> None:
    assert events("Exclusion", text) == targets


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("Treatment for asthma in the previous 12 months", [["Treatment for asthma"]]),
        ("Diagnosis or treatment of another malignancy within 2 years", [["another malignancy"]]),
        ("Any change in treatment for asthma within 4 weeks", [["change in treatment for asthma"]]),
        (
            "Insulin, or other treatments for diabetes (e.g. diets), 2 weeks before day 1",
            [["Insulin", "other treatments for diabetes"]],
        ),
    ],
)
def test_what_was_treated_within_some_time_is_the_event_where_no_treatment_is_named(
    text: str, targets: list[list[str]]
) -> None:
    assert events("Exclusion", text) == targets


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (
            "Treatment with any drugs for the indication of obesity other than stated in the inclusion criteria in a "
            "period of 90 days before screening",
            [["drugs for the indication of obesity"]],
        ),
        (
            "Depression by Diagnostic and Statistical Manual of Mental Disorders Fourth Edition (DSM-IV) criteria "
            "within 7 days of visit 1",
            [["Depression"]],
        ),
        (
            "Asthma that may, in the opinion of the investigator, influence the outcome of the trial in the 4 weeks "
            "before baseline",
            [["Asthma"]],
        ),
        ("Asthma with a functional status that is not yet known to the doctor or in the last 6 months", [[]]),
        ("Sarcoma according to the guideline and assessed by CT scan performed within 14 days", [[]]),
    ],
)
def test_what_an_event_is_or_does_may_stand_between_it_and_its_window(text: str, targets: list[list[str]]) -> None:
    assert events("Exclusion", text) == targets


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Treatment for depression within 4 weeks", "Treatment for depression"),
        ("Alcohol or drug abuse in the past year", "drug abuse"),
        ("Another malignancy within 5 years", "Another malignancy"),
        ("Active autoimmune disease that required systemic treatment in the past 2 years", "Active autoimmune disease"),
        ("Ascites requiring paracentesis within 28 days", "Ascites"),
        ("Prior chemotherapy within 28 days", "chemotherapy"),
    ],
)
def test_the_words_of_an_event_are_those_of_its_mention(text: str, words: str) -> None:
    (window,) = readings.read(f"Exclusion Criteria:\n\n- {text}").constraints
    assert window.attribute_text == words


@pytest.mark.parametrize(
    "text",
    [
        "Donation or loss of > 400 mL of blood and plasma within the previous 3 months",
        "Has donated 400 mL (a bag) or more of his or her blood volume within 90 days before screening",
    ],
)
def test_a_window_behind_donated_blood_narrows_its_volume(text: str) -> None:
    volume, window = readings.read(f"Exclusion Criteria:\n\n- {text}").constraints
    assert (volume.attribute, window.targets) == ("blood_donation", (volume.constraint_id,))


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("Participation as a subject in any clinical study", "Participation as a subject in any clinical study"),
        ("Taken part in an experimental protocol", "Taken part in an experimental protocol"),
        ("Has donated a unit of blood", "donated a unit of blood"),
        ("Loss of plasma or blood", "Loss of plasma or blood"),
        ("Have donated one unit (a bag) of blood", "donated one unit (a bag) of blood"),
    ],
)
def test_other_trials_and_donations_are_named_in_many_words(text: str, mention: str) -> None:
    tables = readings.read(f"Exclusion Criteria:\n\n- {text}")
    assert [row.text for row in tables.mentions] == [mention]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (
            "Unstable angina or new onset angina (began within the last 3 months) or a stroke within the past 6 months",
            [["new onset angina"], ["stroke"]],
        ),
        ("Asthma or stroke (within 6 months)", [["Asthma", "stroke"]]),
        (
            "Asthma treated for at least 3 months prior to visit 1 with montelukast",
            [["montelukast"]],
        ),
        (
            "Brain metastases, unless adequately treated with radiotherapy and stable for at least 4 weeks",
            [["adequately treated"]],
        ),
        ("In situ keratomileusis [LASIK], or keratectomy, within 6 months", [["LASIK", "keratectomy"]]),
        (
            "Any of the following in the past 90 days: chest pain that requires treatment, heart attack; heart surgery",
            [["chest pain that requires treatment", "heart attack", "heart surgery"]],
        ),
        ("Any of these within 4 weeks: warfarin, heparin, except aspirin", [["warfarin", "heparin"]]),
        (
            "If an otherwise healthy smoker, any major illness or injury in the past month",
            [["major illness", "injury"]],
        ),
    ],
)
def test_how_far_a_list_of_events_goes(text: str, targets: list[list[str]]) -> None:
    assert events("Exclusion", text) == targets


def said(section: str, text: str) -> list[str]:
    """Each window and duration of a criterion, with its requirement."""
    rows = readings.read(f"{section} Criteria:\n\n- {text}").constraints
    times = [row for row in rows if row.kind in ("time_window", "duration")]
    return [f"{row.attribute or row.kind} {row.operator} {row.low or row.high:g}: {row.requirement}" for row in times]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (
            "Regular alcohol consumption within 6 months, defined as an intake of > 14 drinks per week for men or "
            "> 7 drinks per week for women",
            [["> 14 drinks per week", "> 7 drinks per week"]],
        ),
        (
            "Alcohol intake > 7 units per week (one unit is 10 g alcohol) within 3 months of screening",
            [["> 7 units per week"]],
        ),
        ("Exceeds 14 drinks per week, or unwilling to stop alcohol 48 hours before dosing", [[]]),
    ],
)
def test_a_window_of_a_habit_narrows_its_amounts(text: str, targets: list[list[str]]) -> None:
    assert events("Exclusion", text) == targets


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Prescription drugs within 7 days and over-the-counter drugs within 3 days",
            ["time_window <= 7: forbid", "time_window <= 3: forbid"],
        ),
        (
            "Donated blood in the past month or more than 500 mL within 3 months",
            ["time_window <= 1: forbid", "time_window <= 3: forbid"],
        ),
        (
            "Smoked during the past year and over the past month",
            ["time_window <= 1: forbid", "time_window <= 1: forbid"],
        ),
        ("Surgery is planned within 9 weeks from the time of consent", ["time_window <= 9: forbid"]),
        ("Unable to withhold salbutamol for the 6-hour period before spirometry", ["time_window >= 6: require"]),
    ],
)
def test_what_a_reason_for_exclusion_says_of_a_time(text: str, rows: list[str]) -> None:
    assert said("Exclusion", text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Stable dose of donepezil at least 3 months before screening", ["stable_dose >= 3: require"]),
        ("Stable insulin treatment 3 months or longer prior to visit 1", ["stable_dose >= 3: require"]),
        ("History of migraine of at least 1 year prior to screening", ["disease_duration >= 1: require"]),
        (
            "Stable angina, and coronary stents placed at least 3 months prior to screening",
            ["time_window >= 3: require"],
        ),
        (
            "At least 21 days from previous systemic therapy (at least 6 weeks for prior bevacizumab)",
            ["time_window >= 21: require", "time_window >= 6: require"],
        ),
        ("For a prior BRAF inhibitor, the washout period is 7 days", ["time_window >= 7: require"]),
        ("Washout from the last anticancer therapy > 3 weeks", ["time_window > 3: require"]),
        ("Able to interrupt NSAIDs for at least 5 days before surgery", ["time_window >= 5: require"]),
        ("Patients must have an electrocardiogram within 3 months before entry", ["time_window <= 3: describe"]),
        ("Migraine for at least the past 12 months", ["disease_duration >= 12: require"]),
        ("On a stable antiretroviral regimen for the preceding 6 months", ["stable_dose >= 6: require"]),
        ("No radiotherapy for the past 4 weeks", ["time_window <= 4: forbid"]),
        ("Insulin at a dose of 10 U/day for at least 3 months", ["treatment_duration >= 3: require"]),
        ("A stable mean dose of 20 IU insulin daily for at least 8 weeks", ["stable_dose >= 8: require"]),
        ("At least 6 months away from the last chemotherapy", ["time_window >= 6: require"]),
        (
            "Must have discontinued chemotherapy for at least 3 weeks before the first dose (6 weeks for mitomycin C)",
            ["time_window >= 3: require", "time_window >= 6: require"],
        ),
        ("A minimum of 4 weeks between radiotherapy and registration is required", ["time_window >= 4: require"]),
    ],
)
def test_how_long_a_state_lasts_and_how_long_ago_a_treatment_was(text: str, rows: list[str]) -> None:
    assert said("Inclusion", text) == rows
