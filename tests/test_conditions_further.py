"""Limits that go on from the limit before under a condition of their own, and limits that hold instead of another."""

import pytest

from readings import conditions, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "AST ≤ 3 x ULN (Part C: ALT ≤ 5 x ULN and weight ≥ 40 kg)",
            ["ast <= 3 {ULN}", "alt <= 5 {ULN} ? Part C !", "weight >= 40 kg ? Part C"],
        ),
        ("Second degree AV block without a pacemaker, or QTcF ≥ 500 ms", ["qtcf >= 500 ms"]),
        (
            "EDSS 0-5.5; patients with an EDSS of ≤ 2 must have hemoglobin > 9 g/dL",
            ["edss between 0-5.5 {score}", "edss <= 2 {score}", "hemoglobin > 9 g/dL ? patients with an EDSS of ≤ 2"],
        ),
        (
            "Patients who had only 1 prior line of platinum must have received at least 4 cycles",
            ["prior_lines = 1 {line}", "cycles >= 4 {cycle} ? Patients who had only 1 prior line of platinum"],
        ),
        (
            "Hemoglobin ≥ 9 g/dL (for Cohort B, ≥ 8 g/dL)",
            ["hemoglobin >= 9 g/dL", "hemoglobin >= 8 g/dL ? for Cohort B !"],
        ),
        ("Subjects in Cohort 3 must have LVEF > 50 %", ["lvef > 50 % ? Subjects in Cohort 3"]),
        ("For patients enrolled in Part 2, LVEF > 50 %", ["lvef > 50 % ? For patients enrolled in Part 2"]),
        ("In substudy 2, LVEF > 50 %", ["lvef > 50 % ? In substudy 2"]),
        (
            "ECOG 0-1 for Substudy 1, OR ECOG 0-2 for Substudy 2",
            ["ecog in 0,1 ? for Substudy 1", "ecog in 0,1,2 ? for Substudy 2"],
        ),
        ("In Part B the LVEF must be > 50 %", ["lvef > 50 % ? In Part B"]),
        ("In part B, a LVEF > 50 % is needed", ["lvef > 50 % ? In part B"]),
        (
            "Creatinine ≤ 1 mg/dL; if creatinine > 1, then GFR must be > 60 mL/min",
            ["creatinine <= 1 mg/dL", "creatinine > 1 mg/dL", "egfr > 60 mL/min ? if creatinine > 1 !"],
        ),
        (
            "ALP < 2.5 x ULN. If ALP > 2.5 x ULN, AST and ALT < 1.5 x ULN",
            [
                "alp < 2.5 {ULN}",
                "alp > 2.5 {ULN}",
                "ast < 1.5 {ULN} ? If ALP > 2.5 x ULN !",
                "alt < 1.5 {ULN} ? If ALP > 2.5 x ULN !",
            ],
        ),
        (
            "Creatinine ≤ 1.5 x ULN or, for patients with creatinine > 1.5 x ULN, a measured clearance ≥ 50 mL/min",
            [
                "creatinine <= 1.5 {ULN}",
                "creatinine > 1.5 {ULN}",
                "creatinine_clearance >= 50 mL/min ? for patients with creatinine > 1.5 x ULN !",
            ],
        ),
        (
            "Creatinine ≤ 2 mg/dL (or, if creatinine > 2 mg/dL, CrCl ≥ 40 mL/min)",
            [
                "creatinine <= 2 mg/dL",
                "creatinine > 2 mg/dL",
                "creatinine_clearance >= 40 mL/min ? if creatinine > 2 mg/dL !",
            ],
        ),
        (
            "Karnofsky ≥ 70 % or Lansky > 70 % for patients < 16 years",
            ["karnofsky >= 70 {score}", "lansky > 70 {score} ? for patients < 16 years !"],
        ),
        (
            "Karnofsky > 50 % for patients > 10 years and Lansky > 50 % for patients ≤ 10 years",
            [
                "karnofsky > 50 {score} ? for patients > 10 years",
                "lansky > 50 {score} ? for patients ≤ 10 years",
            ],
        ),
        (
            "Number of prior regimens: 1 or 2 (min. of 2 cycles) for cohort 2",
            ["prior_regimens between 1-2 {regimen} ? for cohort 2", "cycles >= 2 {cycle}"],
        ),
        ("ECOG 0-1 (Part A: 0-2)", ["ecog in 0,1", "ecog in 0,1,2 ? Part A !"]),
        ("ECOG 0 to 1 (2 if related to lymphoma)", ["ecog in 0,1", "ecog in 2 ? if related to lymphoma !"]),
        ("PS 0-1, or PS 2 due to neuropathy alone", ["ecog in 0,1", "ecog in 2 ? due to neuropathy alone !"]),
        ("ECOG 0-1; for patients over 70, 0 only", ["ecog in 0,1", "ecog in 0 ? for patients over 70 !"]),
        ("ECOG 0-1 in phase 1 and ≤ 2 in phase 2", ["ecog in 0,1 ? in phase 1", "ecog in 0,1,2 ? in phase 2"]),
        ("ECOG 2 or better (0-2)", ["ecog in 0,1,2"]),
        (
            "Weight >= 55 kilogram (kg [121 pounds]) for men and >= 45 kg for women",
            ["weight >= 55 kg ? for men", "weight >= 45 kg ? for women"],
        ),
        ("ECOG 0-1 (Part A), 0-2 (Part B)", ["ecog in 0,1 ? Part A", "ecog in 0,1,2 ? Part B"]),
        ("Zubrod 0-2 (3 allowed if due to pain)", ["ecog in 0,1,2", "ecog in 3 ? if due to pain !"]),
        (
            "Urine dipstick protein < 2+. If 2+ or more, a 24 hour urine must show < 1 g of protein",
            [
                "urine_protein_dipstick in neg,trace,1+",
                "urine_protein_dipstick in 2+,3+,4+",
                "urine_protein_24h < 1 g/d ? If 2+ or more !",
            ],
        ),
        ("Bilirubin ≤ 1.5 x ULN [≤ 3 if Gilbert]", ["bilirubin <= 1.5 {ULN}", "bilirubin <= 3 {ULN} ? if Gilbert !"]),
        (
            "Platelets ≥ 100 x 10^9/L or, in B3, ≥ 75",
            ["platelets >= 100 10*9/L", "platelets >= 75 10*9/L ? in B3 !"],
        ),
        (
            "Hemoglobin ≥ 8.5 g/dL (F) or 9.5 (M)",
            ["hemoglobin >= 8.5 g/dL ? F", "hemoglobin >= 9.5 g/dL ? M"],
        ),
        (
            "Platelets > 50,000/uL (75,000 if the whole liver is treated)",
            ["platelets > 50 10*9/L", "platelets > 75 10*9/L ? if the whole liver is treated !"],
        ),
        (
            "Hemoglobin > 11 g/dL women; > 12 g/dL men",
            ["hemoglobin > 11 g/dL ? women", "hemoglobin > 12 g/dL ? men"],
        ),
        (
            "Lansky ≥ 50 for patients ≤ 16 years; Karnofsky ≥ 50 for > 16",
            ["lansky >= 50 {score} ? for patients ≤ 16 years", "karnofsky >= 50 {score} ? for > 16"],
        ),
        ("Albumin > 3.5 g/dL (F3: > 3.6)", ["albumin > 3.5 g/dL", "albumin > 3.6 g/dL ? F3 !"]),
        ("DLCO ≥ 50 % of predicted; for MAC > 60%", ["dlco >= 0.5 {predicted}", "dlco > 0.6 {predicted} ? for MAC !"]),
        (
            "CrCl > 60 mL/min; for patients older than 60, > 50 mL/min",
            ["creatinine_clearance > 60 mL/min", "creatinine_clearance > 50 mL/min ? for patients older than 60 !"],
        ),
        (
            "Hemoglobin ≤ 9 g/dL with symptoms or ≤ 7 g/dL without symptoms",
            ["hemoglobin <= 9 g/dL ? with symptoms", "hemoglobin <= 7 g/dL ? without symptoms"],
        ),
        (
            "Central subfield thickness ≥ 300 um on Spectralis or ≥ 280 um on Cirrus",
            [
                "central_subfield_thickness >= 300 um ? on Spectralis",
                "central_subfield_thickness >= 280 um ? on Cirrus",
            ],
        ),
        (
            "CrCl ≥ 45 mL/min (adolescents: creatinine ≤ 1.5 x ULN)",
            ["creatinine_clearance >= 45 mL/min", "creatinine <= 1.5 {ULN} ? adolescents !"],
        ),
        (
            "Creatinine within normal limits; if abnormal, then a calculated creatinine clearance ≥ 50 mL/min",
            ["creatinine in normal", "creatinine_clearance >= 50 mL/min ? if abnormal !"],
        ),
        (
            "ECOG 0-1. Patients with PS 2 should have an albumin > 30 g/L",
            ["ecog in 0,1", "ecog in 2", "albumin > 3 g/dL ? Patients with PS 2"],
        ),
        (
            "Phase 1 has no such limit. Phase 2 participants must have at least 1 measurable lesion",
            ["lesion_count >= 1 {lesion} ? Phase 2 participants"],
        ),
        ("BMI < 40 kg/m2 (only applicable for Part 2)", ["bmi < 40 kg/m2 ? for Part 2"]),
        (
            "For patients with Gilbert's disease, ≤ 3 x ULN",
            ["bilirubin <= 3 {ULN} ? For patients with Gilbert's disease"],
        ),
        ("Patients with asthma or who have an eosinophil count > 600/uL", ["eosinophils > 600 /uL"]),
        (
            "HbA1c ≥ 7 and ≤ 10 % if on 2 or 3 oral antidiabetic medications",
            ["hba1c between 7-10 % ? if on 2 or 3 oral antidiabetic medications", "drugs between 2-3 {agent}"],
        ),
        (
            "CrCl ≥ 60 mL/min for subject with creatinine > 1.5 x ULN",
            ["creatinine_clearance >= 60 mL/min ? for subject with creatinine > 1.5 x ULN", "creatinine > 1.5 {ULN}"],
        ),
        (
            "ANC ≥ 0.5 x 10^9/L; patients with ANC 0.5-1.0 x 10^9/L must be free from infection",
            ["neutrophils >= 0.5 10*9/L", "neutrophils between 0.5-1 10*9/L"],
        ),
        ("Toxicities to grade 1 due to prior therapies", ["ctcae in 1"]),
        ("ALT ≤ 5 x ULN if due to liver metastases", ["alt <= 5 {ULN} ? if due to liver metastases"]),
        ("Light chain ratio abnormal (n.v.: 0.26-1.65)", ["free_light_chain_ratio between 0.26-1.65 1"]),
        ("BMI between 24 and 37 kg/m2 where: BMI = weight / height squared", ["bmi between 24-37 kg/m2"]),
        ("Patients with a diagnosis of asthma: FEV1 < 80 %", ["fev1 < 0.8 {predicted}"]),
        (
            "Karnofsky > 60, and for patients < 16 years of age, defined as Lansky > 60",
            ["karnofsky > 60 {score}", "lansky > 60 {score} ? for patients < 16 years"],
        ),
        (
            "Bilirubin < 1 mg/dL in the absence of liver disease",
            ["bilirubin < 1 mg/dL ? in the absence of liver disease"],
        ),
        ("QTc < 450 ms when calculated by Fridericia's formula", ["qtcf < 450 ms"]),
    ],
)
def test_a_further_limit_has_its_condition(text: str, expected: list[str]) -> None:
    assert conditions(text, without=("age", "time_window")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ferritin > 310 ug/L (male), or 190 ug/L (female), or iron overload",
            ["ferritin > 310 ng/mL ? male", "ferritin > 190 ng/mL ? female"],
        ),
        (
            "Drinks more than six units a day in men and five in women",
            ["alcohol > 42 {drink}/wk ? in men", "alcohol > 35 {drink}/wk ? in women"],
        ),
        ("QTc of more than 465 in females, 445 in males", ["qtc > 465 ms ? in females", "qtc > 445 ms ? in males"]),
        (
            "Hemoglobin ≥ 9 g/dL (Part A) or 8 g/dL (Part B)",
            ["hemoglobin >= 9 g/dL ? Part A", "hemoglobin >= 8 g/dL ? Part B"],
        ),
        (
            "Heart rate < 45 bpm in adults or 55 bpm in children",
            ["heart_rate < 45 /min ? in adults", "heart_rate < 55 /min ? in children"],
        ),
        (
            "eGFR < 60 mL/min in diabetics, 45 mL/min in non-diabetics",
            ["egfr < 60 mL/min ? in diabetics", "egfr < 45 mL/min ? in non-diabetics"],
        ),
        (
            "ALT > 3 x ULN without liver metastases, 6 x ULN with liver metastases",
            ["alt > 3 {ULN} ? without liver metastases", "alt > 6 {ULN} ? with liver metastases"],
        ),
        (
            "ECOG ≤ 2 at study entry in Phase 1 and ≤ 1 in Phase 2",
            ["ecog in 0,1,2 ? in Phase 1", "ecog in 0,1 ? in Phase 2"],
        ),
        ("QTcF ≥ 445 ms for men; 465 for women", ["qtcf >= 445 ms ? for men", "qtcf >= 465 ms ? for women"]),
        (
            "Platelets ≥ 100 x 10^9/L (or 75 x 10^9/L with marrow involvement)",
            ["platelets >= 100 10*9/L", "platelets >= 75 10*9/L ? with marrow involvement !"],
        ),
        (
            "Drinks > 6 units per week of alcohol for females and > 12 units per week for males",
            ["alcohol > 6 {drink}/wk ? for females", "alcohol > 12 {drink}/wk ? for males"],
        ),
        (
            "Lesion ≥ 2.5 cm with conventional techniques or as ≥ 1.5 cm with spiral CT scan",
            ["lesion_size >= 25 mm ? with conventional techniques", "lesion_size >= 15 mm ? with spiral CT scan"],
        ),
        (
            "Lesion ≥ 2 cm by CT (or 1 cm by spiral CT)",
            ["lesion_size >= 20 mm ? by CT", "lesion_size >= 10 mm ? by spiral CT"],
        ),
        ("QTc > 465 ms in men (or 20 mg of a drug in men)", ["qtc > 465 ms ? in men"]),
    ],
)
def test_a_limit_for_another_group_goes_on_with_what_was_said_once(text: str, expected: list[str]) -> None:
    assert conditions(text, without=("age", "time_window")) == expected


def test_a_window_that_holds_for_some_drugs_has_its_condition() -> None:
    text = "No drugs within 9 days (or 16 days if the drug is an enzyme inducer) before the first dose"
    assert conditions(text, without=()) == ["drugs <= 9 d", "drugs <= 16 d ? if the drug is an enzyme inducer !"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Age 18 to 70 years; in Germany 13 to 17 years",
            ["age between 18-70 a", "age between 13-17 a ? in Germany !"],
        ),
        ("Donor: creatinine < 1.6 mg/dL", ["creatinine < 1.6 mg/dL ? Donor"]),
        (
            "Creatinine no greater than 1.6 mg/dL (male) or 1.3 mg/dL (female) (≥ 13 years of age)",
            ["creatinine <= 1.6 mg/dL ? male", "creatinine <= 1.3 mg/dL ? female", "age >= 13 a"],
        ),
        (
            "More than 22 units of alcohol per week for females and 29 units of alcohol per week for males",
            ["alcohol > 22 {drink}/wk ? for females", "alcohol > 29 {drink}/wk ? for males"],
        ),
        (
            "Bilirubin ≤ 1.6 x ULN; or total bilirubin ≤ 4 x ULN with direct bilirubin WNL in patients with Gilbert's",
            [
                "bilirubin <= 1.6 {ULN}",
                "bilirubin <= 4 {ULN} ? in patients with Gilbert's !",
                "direct_bilirubin in normal ? in patients with Gilbert's",
            ],
        ),
    ],
)
def test_whom_a_limit_is_for_is_its_condition(text: str, expected: list[str]) -> None:
    assert conditions(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No prior surgery. Platelets > 60 x 10^9/L (cohort 1)", ["platelets > 60 10*9/L ? cohort 1"]),
        (
            "In the phase II portion of this study patients must have at most 3 prior lines",
            ["prior_lines <= 3 {line} ? In the phase II portion of this study"],
        ),
        ("Infarction with troponin > 1 ng/mL (phase 1b) or CRP > 9 mg/L (phase 2)", None),
        ("Stage IIIB patients must have N3 disease", ["stage in IIIB", "tnm_n in N3 ? Stage IIIB patients"]),
    ],
)
def test_the_part_of_a_trial_that_a_criterion_is_for_is_its_condition(text: str, expected: list[str] | None) -> None:
    found = conditions(text)
    assert found == expected if expected else "troponin > 1 ng/mL ? phase 2" not in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Creatinine ≤ 3 mg/dL if not on dialysis", None),
        ("HbA1c < 8 % in patients not taking insulin", None),
        ("INR ≤ 1.6 (if not taking anticoagulant therapy)", "no_anticoagulation"),
        ("AST ≤ 2.5 x ULN in patients who do not have liver metastases", "no_liver_metastases"),
        ("NT-proBNP ≥ 600 pg/mL in sinus rhythm", "sinus_rhythm"),
    ],
)
def test_what_does_not_hold_is_not_the_condition(text: str, expected: str | None) -> None:
    (row,) = read(f"Inclusion Criteria:\n\n* {text}").constraints
    assert row.condition is not None
    assert row.condition_id == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "ST-segment elevation of ≥ 2 mm in precordial leads V1-V4, or ≥ 1 mm in limb leads",
            ["st_elevation >= 2 mm", "st_elevation >= 1 mm"],
        ),
        (
            "Patients with CD4 of 50 to 99/µL in whom the count has since been > 350/µL",
            ["cd4 between 50-99 /uL", "cd4 > 350 /uL"],
        ),
        (
            "Estimated lung dose of > 30 Gy in one session or > 50 Gy cumulative",
            ["lung dose > 30 Gy", "lung dose > 50 Gy"],
        ),
        ("Hemoglobin ≥ 9 g/dL, serum xylitol ≥ 3 g/dL", ["hemoglobin >= 9 g/dL", "serum xylitol >= 3 g/dL"]),
        ("Hemoglobin ≥ 9 g/dL. At baseline, ≥ 3 g/dL of xylitol", ["hemoglobin >= 9 g/dL", "xylitol >= 3 g/dL"]),
    ],
)
def test_an_amount_in_the_same_unit_without_words_of_its_own_is_of_what_was_measured(
    text: str, expected: list[str]
) -> None:
    assert conditions(text) == expected
