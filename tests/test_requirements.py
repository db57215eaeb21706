"""What a statement does to a patient: conditions, permissions, absences and dated tests, form by form."""

from functools import cache

import pytest
from spacy.language import Language

from trialcriteria import nlp
from trialcriteria.records import Trial, TrialTables
from trialcriteria.rows import read_trial


@cache
def pipeline() -> Language:
    return nlp.load()


def read(section: str, text: str) -> TrialTables:
    return read_trial(pipeline(), Trial("TEST", "text", "example", f"{section} Criteria:\n* {text}"))


LIMITS = [
    # a number that only says for whom another one holds
    ("Inclusion", "ECOG 0-1; for patients over 75 years, 0 only", ["in require", "> describe"]),
    ("Inclusion", "No more than 2 prior regimens are allowed", ["<= require"]),
    ("Inclusion", "Lansky ≥ 60 for patients ≤ 16 years", [">= require", "<= describe"]),
    ("Inclusion", "Participants aged under 21 must be of Tanner stage 5", ["< describe", "in require"]),
    ("Inclusion", "Patients aged > 75 are eligible only if G8 score is above 12", ["> describe", "> require"]),
    (
        "Exclusion",
        "eGFR ≤ 50 mL/min (≤ 45 mL/min for subjects aged 6 to 11 years)",
        ["<= forbid"] * 2 + ["between describe"],
    ),
    ("Inclusion", "Patients aged 18 to 75 years with ECOG 0-1", ["between require", "in require"]),
    # a comparator in front of the standard's name
    ("Exclusion", "Neuropathy >/= Common Terminology Criteria for Adverse Events (CTCAE) Grade 3", ["in forbid"]),
    # what must hold nevertheless
    ("Exclusion", "Stroke. Patients with old strokes may enter if stable for 8 weeks or longer", [">= require"]),
    ("Exclusion", "Skin lesions must be stable for at least one month", [">= require"]),
    ("Exclusion", "Palliative radiotherapy permitted if ended > 10 days prior", ["> require"]),
    # how long something is absent, and how long a treatment lasts
    ("Inclusion", "No menses for at least 12 months", [">= require"]),
    ("Inclusion", "No immunosuppressive therapy for ≥ 14 days", [">= forbid"]),
    # when tests were done
    ("Inclusion", "Laboratory tests within 7 days before enrolment: ANC ≥ 1.5 x 10^9/L", ["<= require", ">= require"]),
]


@pytest.mark.parametrize(("section", "text", "expected"), LIMITS, ids=[text for _, text, _ in LIMITS])
def test_a_limit_has_the_requirement_of_its_form(section: str, text: str, expected: list[str]) -> None:
    assert [f"{row.operator} {row.requirement}" for row in read(section, text).constraints] == expected


MENTIONS = [
    ("Inclusion", "Recovered to grade ≤ 1 from toxicity of prior therapy", "toxicity of prior therapy", "permit"),
    ("Inclusion", "Peripheral neuropathy of CTCAE grade 1 or less", "Peripheral neuropathy", "permit"),
    ("Exclusion", "Peripheral neuropathy of CTCAE grade 2 or more", "Peripheral neuropathy", "forbid"),
    ("Exclusion", "Other malignancy, exceptions: skin cancer, cervical CIS; breast DCIS", "DCIS", "permit"),
    ("Exclusion", "Other malignancy: allowed are skin cancer and cervical cancer", "cervical cancer", "permit"),
    ("Inclusion", "HIV, hepatitis B and hepatitis C negative", "HIV", "forbid"),
    ("Exclusion", "HBsAg negative", "HBsAg", "require"),
    ("Inclusion", "Pregnancy test must be negative", "Pregnancy test must be negative", "require"),
    ("Inclusion", "EGFR-negative lung cancer", "EGFR-negative lung cancer", "require"),
    ("Inclusion", "Lung cancer, not eligible for curative surgery", "curative surgery", "forbid"),
    ("Exclusion", "Not fully recovered from major surgery", "fully recovered from major surgery", "require"),
    ("Inclusion", "Not amenable to curative surgery", "amenable to curative surgery", "forbid"),
    # a permission or a prohibition behind is about all of what is in front of it
    ("Exclusion", "Chemotherapy prior to enrolment is permitted", "Chemotherapy", "permit"),
    ("Exclusion", "Stroke; patients with asthma who are on stable treatment are eligible", "asthma", "permit"),
    ("Inclusion", "Patients with HIV infection before study entry are not eligible", "HIV infection", "forbid"),
    ("Inclusion", "Patients with asthma will not be included", "asthma", "forbid"),
    ("Exclusion", "Subjects will not be enrolled if they have asthma", "asthma", "forbid"),
    ("Exclusion", "Prior transplantation is allowed but not if the patient has asthma", "asthma", "forbid"),
    # among reasons for exclusion, what a patient must not be
    ("Exclusion", "Patients must not have received chemotherapy", "chemotherapy", "forbid"),
    ("Exclusion", "Participants may not be receiving chemotherapy", "chemotherapy", "forbid"),
    ("Exclusion", "There must be no evidence of brain metastases", "brain metastases", "forbid"),
    ("Exclusion", "Patients who have not received chemotherapy", "chemotherapy", "require"),
    # how far a negation reaches
    ("Exclusion", "Unable to give consent because of dementia", "dementia", "forbid"),
    ("Exclusion", "Unable to give consent, evidence of dementia", "dementia", "forbid"),
    ("Exclusion", "Anaemia which is not treated (thalassaemia)", "thalassaemia", "forbid"),
    ("Exclusion", "Do not speak English, dementia", "dementia", "forbid"),
    ("Exclusion", "Do not use condoms, diaphragm or pills", "diaphragm", "require"),
    ("Exclusion", "Women not using an acceptable form of contraception", "acceptable form of contraception", "require"),
    (
        "Exclusion",
        "Not willing to use an approved, effective means of contraception",
        "effective means of contraception",
        "require",
    ),
    ("Inclusion", "No contraindication to aspirin", "contraindication to aspirin", "forbid"),
    ("Inclusion", "No response to methotrexate", "methotrexate", "require"),
    ("Inclusion", "Stable without therapy or with hydroxyurea", "hydroxyurea", "require"),
    ("Inclusion", "Prior chemotherapy: none", "chemotherapy", "forbid"),
    ("Inclusion", "Off steroids for 2 weeks", "steroids", "forbid"),
    ("Inclusion", "Off-label use of rituximab", "rituximab", "require"),
    # what is denied twice
    ("Exclusion", "Pregnancy was not ruled out", "Pregnancy", "forbid"),
    ("Exclusion", "Cannot walk without a cane", "cane", "forbid"),
    ("Exclusion", "Not able to walk", "able to walk", "require"),
    # of what kind a thing is not
    ("Exclusion", "Fibrates other than fenofibrate within 6 weeks, niacin or ezetimibe", "niacin", "forbid"),
    ("Exclusion", "Fibrates other than fenofibrate", "fenofibrate", "permit"),
    # what need not be
    ("Inclusion", "Measurable disease is not required", "Measurable disease", "permit"),
    ("Inclusion", "Patients are not required to have measurable disease", "measurable disease", "permit"),
    ("Inclusion", "No known asthma (a CT (or MRI) is not required)", "asthma", "forbid"),
    ("Inclusion", "Willing to discontinue aspirin", "aspirin", "permit"),
    ("Inclusion", "Methotrexate must have been stopped", "Methotrexate", "permit"),
    ("Inclusion", "If on statins, the dose must be unchanged", "statins", "permit"),
    ("Inclusion", "Patients receiving bisphosphonates must be on a stable dose", "bisphosphonates", "permit"),
    ("Exclusion", "Unable to stop aspirin", "aspirin", "forbid"),
    (
        "Exclusion",
        "Radiotherapy. A washout of 1 week is allowed for palliative irradiation",
        "palliative irradiation",
        "permit",
    ),
    ("Inclusion", "Agree to refrain from blood donation", "blood donation", "forbid"),
    ("Exclusion", "Unwilling to refrain from blood donation", "blood donation", "forbid"),
    ("Exclusion", "Cancer. Skin cancer is permitted; also cervical cancer", "cervical cancer", "permit"),
    ("Exclusion", "Cancer (no exclusion: skin cancer)", "skin cancer", "permit"),
    # "no … is allowed" prohibits
    ("Exclusion", "No other prior malignancy is allowed", "malignancy", "forbid"),
    ("Inclusion", "Neither radiotherapy nor chemotherapy is allowed", "radiotherapy", "forbid"),
    ("Inclusion", "No seizures within 3 months, anticonvulsants acceptable", "anticonvulsants", "permit"),
    ("Inclusion", "No seizures within 3 months, anticonvulsants acceptable", "seizures", "forbid"),
    ("Inclusion", "No radiotherapy (palliative irradiation allowed)", "palliative irradiation", "permit"),
    ("Inclusion", "Stroke patients are eligible, but not those with epilepsy", "epilepsy", "forbid"),
    # of what only the distance counts
    ("Inclusion", "Antiepileptic drugs for 4 weeks (12 weeks for phenobarbital)", "phenobarbital", "permit"),
    ("Inclusion", "Rituximab: ≥ 6 months", "Rituximab", "permit"),
    ("Exclusion", "Toxicity of prior therapy that has not resolved", "Toxicity of prior therapy", "require"),
]


@pytest.mark.parametrize(("section", "text", "mention", "expected"), MENTIONS, ids=[row[1] for row in MENTIONS])
def test_a_mention_has_the_requirement_of_its_form(section: str, text: str, mention: str, expected: str) -> None:
    assert {row.text: row.requirement for row in read(section, text).mentions}[mention] == expected


def test_a_comparator_in_front_of_a_standard_opens_its_levels() -> None:
    (row,) = read(
        "Exclusion", "Neuropathy >/= Common Terminology Criteria for Adverse Events (CTCAE) Grade 3"
    ).constraints
    assert row.levels == ("3", "4", "5")


def test_a_window_that_dates_tests_targets_the_limits_below_it() -> None:
    tables = read(
        "Inclusion", "Organ function, tests done within 14 days before day 1:\n  * ANC ≥ 1.5\n  * Platelets ≥ 100"
    )
    window = next(row for row in tables.constraints if row.kind == "time_window")
    assert window.targets == tuple(row.constraint_id for row in tables.constraints if row.kind == "lab")
    assert (window.requirement, window.eligible_operator) == ("require", None)


def test_a_window_with_an_event_targets_the_same_limits_when_mentions_are_left_out() -> None:
    text = "Exclusion Criteria:\n* Pregnancy test obtained within 7 days before enrolment: hCG < 5 mIU/mL"
    trial = Trial("TEST", "text", "example", text)
    whole, limits = (read_trial(pipeline(), trial, only) for only in ("all", "constraints"))
    of_limits = [tuple(name for name in row.targets if "c" in name) for row in whole.constraints]
    assert [row.targets for row in limits.constraints] == of_limits
    assert [row.requirement for row in limits.constraints] == [row.requirement for row in whole.constraints]


def test_a_condition_is_laid_out_with_the_limit_that_it_is_for() -> None:
    rows = read("Inclusion", "Lansky ≥ 60 for patients ≤ 16 years").constraints
    assert [row.condition for row in rows] == ["for patients ≤ 16 years", None]
