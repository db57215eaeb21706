"""Time windows and durations: what they say, and what they are of."""

import pytest

import readings
from trialcriteria.records import Constraint, TrialTables


def read(section: str, text: str) -> TrialTables:
    return readings.read(f"{section} Criteria:\n\n- {text}")


def told(tables: TrialTables) -> dict[str, list[str]]:
    """The targets of each window and duration, in words, by its quote."""
    words = {mention.mention_id: mention.text for mention in tables.mentions}
    words |= {row.constraint_id: row.quote for row in tables.constraints}
    return {row.quote: [words[id] for id in row.targets] for row in times(tables)}


def times(tables: TrialTables) -> list[Constraint]:
    return [row for row in tables.constraints if row.kind in ("time_window", "duration")]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("At least 2 relapses during the previous two years", {"during the previous two years": ["At least 2"]}),
        (
            "Major surgery or donated ≥ 450 mL of blood within 4 weeks",
            {"within 4 weeks": ["≥ 450 mL", "Major surgery"]},
        ),
        ("Seizure clusters (3 or more seizures in 24 hours)", {"in 24 hours": ["3 or more"]}),
        ("In the past year, at least 2 exacerbations", {"In the past year": ["at least 2"]}),
        ("Who have had within the last month at least 1 episode of dyspnea", {"within the last month": ["at least 1"]}),
        ("No more than 3 episodes of severe gout in the past year", {"in the past year": ["No more than 3"]}),
        ("3 or more episodes of back or neck pain in the past year", {"in the past year": ["3 or more"]}),
        (
            "More than 1 hospitalization related to hyperglycaemia or ketoacidosis within 6 months",
            {"within 6 months": ["More than 1"]},
        ),
        (
            "More than 2 relapses treated with steroids or any stroke within 6 months",
            {"within 6 months": ["steroids", "stroke"]},
        ),
        ("Weight loss > 10 % of body weight in the last 6 months", {"in the last 6 months": ["> 10 %"]}),
        (
            "Not more than 5 % weight change over the 3 months before screening",
            {"over the 3 months": ["Not more than 5 %"]},
        ),
        (
            "Asthma diagnosed at least 12 months prior to screening and treated with inhaled corticosteroids",
            {"at least 12 months": ["Asthma"]},
        ),
        (
            "Must have a negative pregnancy test and use two forms of contraception for 6 months after the last dose",
            {"6 months": ["forms of contraception"]},
        ),
        ("Serum sodium < 130 mmol/L on two samples taken at least 24 hours apart", {"at least 24 hours": ["two"]}),
    ],
)
def test_a_window_behind_a_count_narrows_the_count(text: str, targets: dict[str, list[str]]) -> None:
    assert told(read("Inclusion", text)) == targets


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("Prednisone > 10 mg/day for more than 2 weeks", {"more than 2 weeks": ["Prednisone"]}),
        ("Pain on more than 15 days per month for at least 3 months", {"at least 3 months": ["Pain"]}),
        ("Two methods of contraception for at least 4 weeks", {"at least 4 weeks": ["methods of contraception"]}),
        (
            "Suicidal ideation (C-SSRS type 4 or 5) in the past 6 months",
            {"in the past 6 months": ["Suicidal ideation"]},
        ),
    ],
)
def test_a_window_behind_a_dose_or_a_grade_is_of_what_has_it(text: str, targets: dict[str, list[str]]) -> None:
    assert told(read("Exclusion", text)) == targets


def said(section: str, text: str) -> list[str]:
    """Each window and duration of a criterion, with its event, its anchor and its requirement."""
    out = []
    for row in times(read(section, text)):
        where = f" {row.window_direction} {row.anchor or row.anchor_text}" if row.kind == "time_window" else ""
        name = row.attribute or row.attribute_text
        amount = str(row).removeprefix(row.attribute or row.attribute_text or row.kind)
        out.append(f"{name}{amount}{where}: {row.requirement}")
    return out


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Carpal tunnel syndrome in 6 months", ["Carpal tunnel syndrome <= 182.625 d before now: forbid"]),
        ("Stroke in the year prior to randomization", ["Stroke <= 365.25 d before randomization: forbid"]),
        ("Two falls in the 28-day period before visit 1", ["falls <= 28 d before visit: forbid"]),
        ("Protein > 1 g in 24-hour urine", []),
        ("Fewer than 300 m in 6-minute walks", []),
        ("Stroke during 4 weeks prior to screening", ["Stroke <= 28 d before screening: forbid"]),
        ("Stroke within 0-2 months before screening", ["Stroke <= 60.875 d before screening: forbid"]),
        ("Stroke within 4 weeks prior enrolment", ["Stroke <= 28 d before enrolment: forbid"]),
        ("Pregnancy within 6 months of completing the trial", ["Pregnancy <= 182.625 d after study_end: describe"]),
    ],
)
def test_in_so_many_weeks_is_a_window(text: str, rows: list[str]) -> None:
    assert said("Exclusion", text) == rows


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        (
            "Any trial drug within 30 days or 5 half-lives, whichever is longer, before the first dose",
            ["first_dose"] * 2,
        ),
        ("A biologic within 8 weeks (or 5 half-lives of the study drug) of screening", ["screening"] * 2),
        ("Chemotherapy within 3 weeks (6 weeks for nitrosoureas) prior to entering the study", ["enrolment"] * 2),
        ("A biologic within 12 weeks or 5 half-lives of the study drug", ["now"] * 2),
        ("Fever in the 3 days before or during hospital admission", ["admission"]),
        ("Natalizumab in the past 4 weeks or 5 half-lives prior to randomization", ["randomization"] * 2),
        ("Steroids with a one-week washout before baseline", ["baseline"]),
        (
            "A biologic within 30 days, 5 half-lives or twice the duration of the biological effect of the study drug "
            "(whichever is longer) before dosing",
            ["first_dose"] * 2,
        ),
        ("Vaccination within the following time period prior to screening: 4 weeks or 5 half-lives", ["screening"] * 2),
    ],
)
def test_the_anchor_of_a_window_may_stand_behind_remarks_and_other_windows(text: str, anchors: list[str]) -> None:
    assert [row.anchor for row in times(read("Exclusion", text))] == anchors


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Stroke within the past 14 days (TIA: 3 days)",
            ["Stroke <= 14 d before now: forbid", "TIA <= 3 d before now: forbid"],
        ),
        (
            "Rituximab within 14 weeks; alkylators 8 weeks",
            ["Rituximab <= 98 d before now: forbid", "alkylators <= 56 d before now: forbid"],
        ),
        (
            "An investigational drug within 3 months (90 days for biologics)",
            ["investigational drug <= 91.3125 d before now: forbid", "biologics <= 90 d before now: forbid"],
        ),
    ],
)
def test_a_bare_time_on_a_list_of_windows_is_one_too(text: str, rows: list[str]) -> None:
    assert said("Exclusion", text) == rows


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("Surgery, radiotherapy or chemotherapy within 4 weeks", ["Surgery", "radiotherapy", "chemotherapy"]),
        (
            "Prednisone > 10 mg/day or other immunosuppressants within 7 days",
            ["Prednisone", "other immunosuppressants"],
        ),
        ("Gastric ulcer, or stroke within 3 months", ["stroke"]),
        ("Pregnant or planning pregnancy within 6 months", ["planning pregnancy"]),
        ("Angina pectoris or recent stroke within 3 months", ["stroke"]),
        ("Adjuvant chemotherapy, from the end of treatment to recurrence > 6 months", ["recurrence"]),
        ("Radiotherapy to more than 30% of the bone marrow within 4 weeks", ["Radiotherapy"]),
        ("At least 4 weeks from any major surgery prior to registration", ["major surgery"]),
        ("Immunosuppressants for psoriasis within 4 weeks", ["Immunosuppressants for psoriasis"]),
        (
            "Medication prescribed for the indication of psoriasis within 4 weeks",
            ["Medication prescribed for the indication of psoriasis"],
        ),
        ("Chemotherapy or any other form of radiotherapy within 4 weeks", ["Chemotherapy", "radiotherapy"]),
        ("Malignancy other than melanoma within 3 years", ["Malignancy"]),
        ("Thrombosis within 12 months including stroke", ["Thrombosis", "stroke"]),
        ("Current or recent (within 10 days) use of aspirin or clopidogrel", ["aspirin", "clopidogrel"]),
        ("In the past 3 years any malignancy", ["malignancy"]),
        ("History, within 3 years, of malignancy", ["malignancy"]),
        ("Taking, or has taken in the last 7 days, a CYP3A4 inhibitor", ["CYP3A4 inhibitor"]),
        ("Hepatitis, malignancy within the past 5 years, or HIV", ["malignancy"]),
        ("Bacterial, viral, fungal infection within 2 weeks, or HIV", ["Bacterial", "viral", "fungal infection"]),
        (
            "Hospitalized for heart failure, angina or another cardiac indication within 6 weeks",
            ["Hospitalized for heart failure"],
        ),
        ("If diabetic, a stroke in the past 3 months", ["stroke"]),
        ("Planning to conceive or a childbirth in the past 2 months", ["childbirth"]),
        ("Malignancy within 5 years, with the exception of skin cancer", ["Malignancy"]),
        ("Oral iron supplementation, taken to treat anaemia, within 4 weeks", ["Oral iron supplementation"]),
        ("Any other drugs to treat hyperglycaemia within 4 weeks", ["other drugs to treat hyperglycaemia"]),
        ("Rituximab during pregnancy in the past 2 years", ["Rituximab"]),
        ("Unstable angina, new angina (began within the last 3 months) or heart failure", ["angina"]),
        ("Neuropathy (grade 3, or grade 2 with pain) within 14 days", ["Neuropathy"]),
        ("Heart failure (NYHA III), stroke or infarction within 6 months", ["stroke", "infarction"]),
        ("Diagnosis (within 1 year of screening) of sarcoidosis", ["sarcoidosis"]),
        ("Prior allogeneic transplant: within 6 months, active GVHD", ["allogeneic transplant"]),
        ("Immunotherapy for current lung cancer or within the past 5 years", ["Immunotherapy for current lung cancer"]),
        ("Received no transfusion and no G-CSF within 14 days", ["transfusion", "G-CSF"]),
        ("No history of steroids and no chemotherapy within 14 days", ["chemotherapy"]),
        ("An ulcer with a high risk of perforation within 6 months", []),
        ("Less than 4 weeks since radiotherapy and not recovered", ["radiotherapy"]),
    ],
)
def test_a_window_is_of_all_events_that_stand_together(text: str, events: list[str]) -> None:
    (targets,) = told(read("Exclusion", text)).values()
    assert targets == events


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("No transfusion for at least 7 days before screening", ["transfusion >= 7 d before screening: require"]),
        ("Without transfusion for one week", ["transfusion <= 7 d before now: forbid"]),
        ("Independent of transfusion for one week", ["Independent of transfusion >= 7 d before now: require"]),
        ("Off steroids for at least 7 days", ["Off steroids >= 7 d: require"]),
        ("Willing to discontinue aspirin for 7 days", ["discontinue aspirin >= 7 d before now: require"]),
        ("Leflunomide has been stopped for 12 weeks", ["Leflunomide >= 84 d before now: require"]),
        ("No menses for at least 12 months", ["menses >= 365.25 d: require"]),
    ],
)
def test_how_long_a_treatment_is_absent_says_how_long_ago_it_was(text: str, rows: list[str]) -> None:
    assert said("Inclusion", text) == rows
    assert {mention.requirement for mention in read("Inclusion", text).mentions} <= {"permit", "forbid"}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Relapse within 6 months of the last dose of rituximab", ["Relapse <= 182.625 d after last_dose: require"]),
        ("A live vaccine within 12 weeks of the last dose", ["live vaccine <= 84 d after last_dose: describe"]),
        ("Enrolled within 63 days of surgery", ["Enrolled <= 63 d after surgery: require"]),
        ("Aspirin within 7 days of surgery", ["Aspirin <= 7 d before surgery: require"]),
        ("Paralysis within 6 weeks of a previous influenza vaccine", ["Paralysis <= 42 d after vaccination: require"]),
        ("Heart failure within 28 days of registration", ["Heart failure <= 28 d before registration: require"]),
    ],
)
def test_what_follows_what_it_is_told_of_lies_after_it(text: str, rows: list[str]) -> None:
    assert said("Inclusion", text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("At least a 2-year history of migraine", ["disease_duration >= 730.5 d: require"]),
        ("3-month history of insomnia", ["disease_duration >= 91.3125 d: require"]),
    ],
)
def test_a_history_of_so_many_years_is_a_duration(text: str, rows: list[str]) -> None:
    assert said("Inclusion", text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Two years post-menopausal or surgically sterile", ["post-menopausal >= 730.5 d: require"]),
        ("Postmenopausal: no menses for at least 12 months", ["Postmenopausal >= 365.25 d: require"]),
    ],
)
def test_how_long_a_state_lasts_may_stand_in_front_of_it_or_in_its_definition(text: str, rows: list[str]) -> None:
    assert said("Inclusion", text) == rows


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "Use of contraception during the study and 3 months afterwards",
            "contraception <= 91.3125 d after study_end: describe",
        ),
        (
            "Use of contraception throughout treatment and 60 days thereafter",
            "contraception <= 60 d after last_dose: describe",
        ),
        (
            "Use of contraception throughout treatment and for 60 days thereafter",
            "contraception <= 60 d after last_dose: describe",
        ),
        ("Use of contraception for 4 weeks after study treatment", "contraception <= 28 d after last_dose: describe"),
    ],
)
def test_what_a_time_thereafter_is_counted_from_stands_in_front(text: str, row: str) -> None:
    assert said("Inclusion", text) == [row]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (
            "Contraception from screening on, throughout the study period and for 90 days after the last dose",
            ["Contraception"],
        ),
        (
            "Two methods of birth control at the same time, at least 28 days before she starts",
            ["methods of birth control"],
        ),
    ],
)
def test_what_is_asked_for_until_after_the_trial_may_stand_far_in_front(text: str, targets: list[str]) -> None:
    (said_of,) = told(read("Inclusion", text)).values()
    assert said_of == targets


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("If radiotherapy was given > 1 week before screening, another lesion is chosen", "describe"),
        ("Women of childbearing potential (last menses within 1 year) must use contraception", "describe"),
        ("Last menses more than 1 year ago", "require"),
        ("Natalizumab may be given (if < 2 years on drug)", "describe"),
    ],
)
def test_a_window_of_a_case_or_of_the_childbearing_only_describes(text: str, row: str) -> None:
    assert [time.requirement for time in times(read("Inclusion", text))] == [row]


def test_a_window_behind_a_measure_narrows_the_limit_behind_it() -> None:
    told_of = told(read("Inclusion", "HbA1c within two weeks of enrolment must be > 7%"))
    assert told_of == {"within two weeks": ["> 7%"]}


def below(parent: str, child: str) -> list[str]:
    """The windows of a bullet below another one."""
    tables = readings.read(f"Exclusion Criteria:\n\n- {parent}\n  - {child}")
    return [f"{row.attribute_text} {row.operator} {row.anchor}: {row.requirement}" for row in times(tables)]


@pytest.mark.parametrize(
    ("parent", "child", "rows"),
    [
        ("Any of these before the first dose:", "Chemotherapy within 3 weeks", ["Chemotherapy <= first_dose: forbid"]),
        ("Washout before randomization:", "etanercept 4 weeks", ["etanercept >= randomization: require"]),
        ("Washout before randomization:", "4 weeks for etanercept", ["etanercept >= randomization: require"]),
        ("Function within 7 days of screening:", "No transfusion within 2 days", ["transfusion <= now: forbid"]),
    ],
)
def test_times_below_a_line_are_counted_from_what_it_says(parent: str, child: str, rows: list[str]) -> None:
    assert below(parent, child)[-1:] == rows


def test_two_windows_with_nothing_but_or_between_them_are_of_the_same() -> None:
    tables = read("Exclusion", "Other biologics: within 5 half-lives (if known) or 16 weeks before baseline")
    assert list(told(tables).values()) == [["biologics"]] * 2


def test_contraception_until_after_an_unlisted_drug_is_counted_from_its_last_dose() -> None:
    rows = ["Contraception <= 547.875 d after last_dose: describe"]
    assert said("Inclusion", "Contraception until 18 months after zorbinumab") == rows


def test_contraception_from_two_weeks_before_is_at_least_so_long_before() -> None:
    rows = ["Contraception starting >= 14 d before first_dose: require"]
    assert said("Inclusion", "Contraception starting 2 weeks prior to the first dose") == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "At least 4 weeks since chemotherapy and 2 weeks since radiotherapy",
            ["chemotherapy >= 28 d before now: require", "radiotherapy >= 14 d before now: require"],
        ),
        ("A minimum of 28 days since any prior chemotherapy", ["chemotherapy >= 28 d before now: require"]),
        ("3 weeks since prior chemotherapy", ["chemotherapy >= 21 d before now: require"]),
        (
            "Progression more than 12 months from completion of chemotherapy",
            ["Progression > 365.25 d after completion_of_chemotherapy: require"],
        ),
    ],
)
def test_what_so_long_since_is_counted_from(text: str, rows: list[str]) -> None:
    assert said("Inclusion", text) == rows


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "At least four weeks must have elapsed since any prior radiotherapy",
            "radiotherapy >= 28 d before now: require",
        ),
        ("Less than four weeks since prior radiotherapy", "radiotherapy < 28 d before now: forbid"),
        (
            "Anticoagulants that cannot be discontinued for 10 days",
            "treatment_duration >= 10 d: forbid",
        ),
    ],
)
def test_a_distance_that_must_be_kept_is_required_among_reasons_for_exclusion_too(text: str, row: str) -> None:
    assert said("Exclusion", text) == [row]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("A stable dose of a beta blocker and a statin for at least 4 weeks", ["stable_dose >= 28 d: require"]),
        ("Metformin at a stable dose during the last 4 weeks", ["stable_dose >= 28 d: require"]),
        ("On a stable (at least 3 months) antiretroviral therapy", ["stable_dose >= 91.3125 d: require"]),
        ("Metastases treated with radiotherapy, the disease has been stable for 4 weeks", ["stable >= 28 d: require"]),
        ("History of using a dopamine antagonist for 3 months", ["treatment_duration >= 91.3125 d: require"]),
        ("Contraceptives for 14 days prior to the first dose", ["treatment_duration >= 14 d: require"]),
        ("Infections that require treatment for at least 14 days", ["treatment_duration >= 14 d: require"]),
        ("A cold ischaemia time < 30 hours", ["cold_ischemia_time < 1.25 d: require"]),
        ("HIV RNA < 50 copies/mL for at least 8 weeks on stable ART", ["HIV RNA >= 56 d: require"]),
        ("Last dose administered more than 4 weeks", ["dose administered > 28 d before now: require"]),
        ("Brain metastases stable on MRI for at least 4 weeks after surgery", ["stable >= 28 d: require"]),
        ("Alcohol > 3 units/day, for at least 3 months", ["Alcohol >= 91.3125 d: require"]),
        (
            "Stable dose of antiepileptics for 4 weeks or longer (12 weeks for phenobarbital)",
            ["stable_dose >= 28 d: require", "stable_dose >= 84 d: require"],
        ),
        ("Newly diagnosed (< 3 months) asthma", ["asthma < 91.3125 d before now: require"]),
        ("A defibrillator implanted ≥ 6 months", ["defibrillator implanted >= 182.625 d before now: require"]),
        ("A platinum-free interval of ≥ 90 days", ["platinum_free_interval >= 90 d: require"]),
        (
            "Insulin for more than 7 days in the past year",
            ["treatment_duration > 7 d: require", "Insulin <= 365.25 d before now: require"],
        ),
        (
            "Steroids ≤ 7 days within the last month",
            ["treatment_duration <= 7 d: require", "Steroids <= 30.4375 d before now: require"],
        ),
        (
            "Stable, scans 4 weeks apart and off steroids ≥ 2 weeks",
            ["spacing ? 28 d: require", "off steroids >= 14 d: require"],
        ),
        ("Diabetes for at least 1 year with stable metformin", ["disease_duration >= 365.25 d: require"]),
        ("Disease that required treatment with steroids for at least 2 weeks", ["treatment_duration >= 14 d: require"]),
        ("Need of chronic (> 3 months) NSAID therapy", ["treatment_duration > 91.3125 d: require"]),
        ("An SSRI at an adequate dose for at least 6 weeks", ["treatment_duration >= 42 d: require"]),
        ("Cancer free of the disease for at least 3 years", ["remission >= 1095.75 d: require"]),
        ("Brain metastases treated, if they have been stable for 4 weeks", ["stable >= 28 d: require"]),
        ("A kidney with a cold ischemia time (CIT) < 30 hours", ["cold_ischemia_time < 1.25 d: require"]),
    ],
)
def test_what_lasts_is_told_by_the_words_in_front_of_it(text: str, rows: list[str]) -> None:
    assert said("Inclusion", text) == rows


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Rituximab: ≥ 1 year", []),
        ("Cohort B: ≥ 12 years", ["age"]),
        ("Tissue (no older than 2 years)", ["time_window"]),
    ],
)
def test_years_behind_the_name_of_a_thing_are_no_age(text: str, kinds: list[str]) -> None:
    assert [row.kind for row in read("Inclusion", text).constraints] == kinds


def test_an_age_for_which_something_else_holds_only_describes() -> None:
    rows = read("Inclusion", "ECOG 0-2 if under 75 years").constraints
    assert [(row.kind, row.requirement) for row in rows] == [("scale", "require"), ("age", "describe")]


def test_a_range_of_time_said_again_in_brackets_is_no_second_one() -> None:
    rows = ["Relapse between 30.4375-182.625 d after transplant: require"]
    assert said("Inclusion", "Relapse between 1 and 6 months (28-182 days) after transplantation") == rows


def test_an_age_to_bear_children_is_not_bounded_by_a_window() -> None:
    tables = read("Inclusion", "Women of childbearing age must have a negative pregnancy test within 7 days")
    assert [row.kind for row in tables.constraints] == ["time_window"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Echocardiogram no earlier than 28 days prior to randomization", "<= 28.0 d"),
        ("Infarction not earlier than 5 years ago", "<= 5.0 a"),
        ("Infarction earlier than 6 weeks before inclusion", "> 6.0 wk"),
        ("Dialysis no earlier than 3 months after bypass surgery", ">= 3.0 mo"),
    ],
)
def test_what_is_earlier_lies_further_back(text: str, said: str) -> None:
    (row,) = times(read("Inclusion", text))
    number = row.high if row.low is None else row.low
    assert f"{row.operator} {number} {row.unit}" == said


def test_within_at_least_so_many_days_is_within_them() -> None:
    text = "An investigational drug within a minimum of 30 days"
    assert said("Exclusion", text) == ["investigational drug <= 30 d before now: forbid"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "At least 28 days must have elapsed between major surgery and the first dose",
            ["major surgery >= 28 d before first_dose: require"],
        ),
        ("An interval of ≥ 21 days from the last chemotherapy", ["chemotherapy >= 21 d before now: require"]),
        ("Chemotherapy is permitted if ≥ 3 weeks have elapsed", ["Chemotherapy >= 21 d before now: require"]),
        ("Two ECGs at least 5 minutes apart", ["spacing >= 0.00347222 d: require"]),
    ],
)
def test_an_interval_from_an_event_is_a_window_and_one_between_repeats_a_spacing(text: str, rows: list[str]) -> None:
    assert said("Inclusion", text) == rows


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("Foot ulcer below the ankle, of Wagner grade 1 or 2, present for 4 weeks", ["Foot ulcer"]),
        (
            "Willing not to donate sperm starting at screening and throughout the study and for 90 days",
            ["donate sperm"],
        ),
    ],
)
def test_a_window_that_names_no_event_is_of_the_only_one_in_front_of_it(text: str, targets: list[str]) -> None:
    (said_of,) = told(read("Inclusion", text)).values()
    assert said_of == targets


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Minimum of 3 hours of haemodialysis per session", ["haemodialysis >= 0.125 d: require"]),
        ("At least 24 weeks of treatment with rituximab", ["treatment_duration >= 168 d: require"]),
        ("Stroke ≤ 7 days of randomization", ["Stroke <= 7 d before randomization: require"]),
        ("A stroke occurred more than 30 days after the transfer", ["stroke occurred > 30 d after transfer: require"]),
        ("12 seizures over a 12-week period", ["seizures >= 84 d: require"]),
    ],
)
def test_how_long_something_lasts_is_no_distance_from_it(text: str, rows: list[str]) -> None:
    assert said("Inclusion", text) == rows


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (
            "Taking medications or agents known to affect plasticity within the past 2 months",
            ["medications", "agents known to affect plasticity"],
        ),
        ("At least 6 weeks elapsed since exposure to nitrosoureas or mitomycin C", ["nitrosoureas", "mitomycin C"]),
        ("Prior gastric surgery or recent (within 3 months) history of colitis", ["colitis"]),
        ("Women who are pregnant or within 2 weeks post-partum", []),
        ("Intake of drugs with a long half-life (> 24 hours) within 30 days", ["drugs"]),
        ("Ablation following systemic therapy or within 28 days before day 1", ["Ablation"]),
        ("Investigational agents from a previous regimen within 14 days", ["Investigational agents"]),
        ("Supplements to relieve heartburn in the last 3 months", ["Supplements to relieve heartburn"]),
        (
            "Participation in a study involving the use of hypnotics within 3 months",
            ["Participation in a study involving the use of hypnotics"],
        ),
        ("Diagnosed within 8 weeks with pancreatic cancer", ["pancreatic cancer"]),
        ("Active suicidal ideation or plan, or past attempt within 1 year", []),
        ("Endometriosis, determined at laparoscopy performed within 3 years before baseline", []),
        ("Spinal anesthesia for surgeries lasting less than one hour", ["surgeries"]),
        ("Unable to walk without assistive devices for at least 20 minutes", ["walk"]),
        ("Unstable angina, stroke within the past 6 months, asthma", ["stroke"]),
        ("Unstable angina, stroke (within the past 6 months)", ["stroke"]),
        ("Unstable angina or stroke within the past 6 months, asthma", ["Unstable angina", "stroke"]),
        (
            "Insulin, statins, and antihypertensives should be unchanged for 3 months",
            ["Insulin", "statins", "antihypertensives"],
        ),
        ("Mitral stenosis, recent (< 4 weeks) myocardial infarction", ["myocardial infarction"]),
        ("Heart disease including angina or stroke within 6 months, and asthma", ["angina", "stroke"]),
        ("Steroids including prednisone within 6 weeks", ["Steroids"]),
    ],
)
def test_a_window_is_of_no_more_than_its_own_events(text: str, targets: list[str]) -> None:
    (said_of,) = told(read("Exclusion", text)).values()
    assert said_of == targets


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Complaints at the lower extremities in the last two weeks", "Complaints at the lower extremities"),
        ("Walking ten kilometres, for a period of 24 weeks", "Walking ten kilometres"),
        ("Recent (≤ 3 months) change of address", "change of address"),
        ("Reading books at least 2 days a week during the past 3 months", "Reading books"),
        ("A recent (within 1 month of screening) change of address", "change of address"),
        ("Resident here for 6 months during the year before enrolment, and literate", "Resident here"),
    ],
)
def test_the_words_of_an_event_that_is_no_mention(text: str, event: str) -> None:
    assert {row.attribute_text for row in times(read("Inclusion", text))} == {event}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tobacco free for at least six weeks", ("require", None, "Tobacco free")),
        ("Has been on metformin for the past 3 months", ("require", "treatment_duration", "metformin")),
        ("Symptom-free for ≥ 4 weeks", ("require", None, "Symptom-free")),
        ("Disease-free for ≥ 5 years", ("require", "remission", "Disease-free")),
    ],
)
def test_how_long_something_is_gone_is_no_time_of_it(text: str, expected: tuple[str, str | None, str]) -> None:
    (row,) = readings.read(f"Inclusion Criteria:\n\n- {text}").constraints
    assert (row.requirement, row.attribute, row.attribute_text) == expected


@pytest.mark.parametrize(
    ("parent", "anchor"),
    [
        ("Interval since earlier treatment (counted back from the first dose):", "first_dose"),
        ("Washout of hormones before the run-in", "run_in"),
        ("Prior therapy, washout before the baseline MRI not respected:", "baseline"),
    ],
)
def test_what_a_parent_counts_from_holds_for_the_times_below_it(parent: str, anchor: str) -> None:
    tables = readings.read(f"Inclusion Criteria:\n\n* {parent}\n  * at least 4 weeks since chemotherapy")
    assert [row.anchor for row in times(tables)] == [anchor]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (
            "Suicide attempt ever, or suicidal ideation (C-SSRS type 4 or 5) in the last year",
            {"in the last year": ["suicidal ideation"]},
        ),
        (
            "PHQ-9 ≥ 15, suicide attempt ever, or suicidal ideation of type 4 or 5 on the C-SSRS in the past 6 months",
            {"in the past 6 months": ["4 or 5"]},
        ),
        ("Metastases stable on 2 scans at least 4 weeks apart", {"at least 4 weeks": ["2"]}),
    ],
)
def test_a_window_stays_with_the_event_beside_it(text: str, targets: dict[str, list[str]]) -> None:
    assert told(read("Exclusion", text)) == targets
