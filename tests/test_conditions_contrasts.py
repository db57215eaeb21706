"""Two amounts of one measure, and what tells them apart."""

import pytest

from readings import conditions, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Total bilirubin ≤ 1.5 x ULN; known Gilbert: ≤ 3 x ULN",
            ["bilirubin <= 1.5 {ULN}", "bilirubin <= 3 {ULN} ? known Gilbert !"],
        ),
        ("INR ≤ 1.5 - while on heparin: INR 2 to 3", ["inr <= 1.5 1", "inr between 2-3 1 ? while on heparin !"]),
        (
            "AST ≤ 2.5 x ULN, liver metastases: ≤ 5 x ULN",
            ["ast <= 2.5 {ULN}", "ast <= 5 {ULN} ? liver metastases !"],
        ),
        (
            "CrCl: during Stage 1, > 80 mL/min and during Stage 2, > 60 mL/min",
            ["creatinine_clearance > 80 mL/min ? during Stage 1", "creatinine_clearance > 60 mL/min ? during Stage 2"],
        ),
        ("Age ≥ 18 years. For Korea: both sexes, age ≥ 19 years", ["age >= 18 a", "age >= 19 a ? For Korea !"]),
        (
            "Fasting glucose ≤ 125 mg/dL. Subjects in the insulin cohort must have a fasting glucose ≤ 150 mg/dL",
            ["fasting_glucose <= 125 mg/dL", "fasting_glucose <= 150 mg/dL ? Subjects in the insulin cohort !"],
        ),
        (
            "Patients in Part 1 must have LVEF ≥ 45 %. Patients in Part 2 must have LVEF ≥ 50 %",
            ["lvef >= 45 % ? Patients in Part 1", "lvef >= 50 % ? Patients in Part 2"],
        ),
    ],
)
def test_words_in_front_of_the_second_amount_say_whom_it_is_for(text: str, expected: list[str]) -> None:
    assert conditions(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "HBV DNA ≥ 20,000 IU/mL (HBeAg-positive participants) and ≥ 2,000 IU/mL (HBeAg-negative participants)",
            [
                "hbv_dna >= 20000 [IU]/mL ? HBeAg-positive participants",
                "hbv_dna >= 2000 [IU]/mL ? HBeAg-negative participants",
            ],
        ),
        (
            "Age 18-55 years of age for HV and 18-65 years of age for subjects with CHC",
            ["age between 18-55 a ? for HV", "age between 18-65 a ? for subjects with CHC"],
        ),
        (
            "Age 2-18 years in stage 1 and 1-18 years in stage 2",
            ["age between 2-18 a ? in stage 1", "age between 1-18 a ? in stage 2"],
        ),
        (
            "LDL ≥ 100 mg/dL on statins or ≥ 130 mg/dL off statins",
            ["ldl >= 100 mg/dL ? on statins", "ldl >= 130 mg/dL ? off statins"],
        ),
        (
            "LVEF < 40 % by Multigated Acquisition Scan (MUGA) scan or < 50 % by echocardiogram",
            ["lvef < 40 % ? by Multigated Acquisition Scan", "lvef < 50 % ? by echocardiogram"],
        ),
        (
            "More than 14 drinks containing alcohol per week (females) or more than 21 drinks per week (males)",
            ["alcohol > 14 {drink}/wk ? females", "alcohol > 21 {drink}/wk ? males"],
        ),
        (
            "Hemoglobin ≥ 13 and ≥ 12 g/dL in men and women, respectively",
            ["hemoglobin >= 13 g/dL ? men", "hemoglobin >= 12 g/dL ? women"],
        ),
        (
            "Male and female volunteers weighing 50-75 kg and 45-75 kg respectively",
            ["weight between 50-75 kg ? Male", "weight between 45-75 kg ? female"],
        ),
    ],
)
def test_words_behind_two_amounts_say_whom_each_is_for(text: str, expected: list[str]) -> None:
    assert conditions(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "MoCA < 22, or < 21 with little schooling",
            ["moca < 22 {score}", "moca < 21 {score} ? with little schooling !"],
        ),
        ("LVEF ≥ 45 % (≥ 50 %) after anthracyclines", ["lvef >= 45 %", "lvef >= 50 % ? after anthracyclines !"]),
        (
            "ALT ≤ 3 x ULN and bilirubin ≤ 1 x ULN if no liver lesion; ALT ≤ 5 x ULN and bilirubin ≤ 2 x ULN if any",
            [
                "alt <= 3 {ULN} ? if no liver lesion",
                "bilirubin <= 1 {ULN} ? if no liver lesion",
                "alt <= 5 {ULN} ? if any",
                "bilirubin <= 2 {ULN} ? if any",
            ],
        ),
    ],
)
def test_words_behind_the_second_amount_or_behind_a_list_hold_for_what_they_close(
    text: str, expected: list[str]
) -> None:
    assert conditions(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Creatinine ≤ 1.5 mg/dL, 2.0 mg/dL in patients with a single kidney",
            ["creatinine <= 1.5 mg/dL", "creatinine <= 2 mg/dL ? in patients with a single kidney !"],
        ),
        ("ALT ≤ 3 x ULN, 6 x ULN if liver metastases", ["alt <= 3 {ULN}", "alt <= 6 {ULN} ? if liver metastases !"]),
        (
            "BP ≤ 145/90 without diabetes or 135/80 with diabetes",
            [
                "sbp <= 145 mm[Hg] ? without diabetes",
                "dbp <= 90 mm[Hg] ? without diabetes",
                "sbp <= 135 mm[Hg] ? with diabetes",
                "dbp <= 80 mm[Hg] ? with diabetes",
            ],
        ),
        (
            "BP ≤ 145/90 mmHg (135/80 for diabetics)",
            [
                "sbp <= 145 mm[Hg]",
                "dbp <= 90 mm[Hg]",
                "sbp <= 135 mm[Hg] ? for diabetics !",
                "dbp <= 80 mm[Hg] ? for diabetics !",
            ],
        ),
        (
            "Neutrophils ≥ 1500/µL, for patients of African descent ≥ 1200/µL",
            ["neutrophils >= 1.5 10*9/L", "neutrophils >= 1.2 10*9/L ? for patients of African descent !"],
        ),
        (
            "Platelets ≥ 100 x 10^9/L. With marrow involvement, ≥ 60 x 10^9/L.",
            ["platelets >= 100 10*9/L", "platelets >= 60 10*9/L ? With marrow involvement !"],
        ),
        (
            "Bilirubin ≤ 1.5 x ULN. Higher values up to 3 x ULN are acceptable in Gilbert's syndrome.",
            ["bilirubin <= 1.5 {ULN}", "bilirubin <= 3 {ULN} ? in Gilbert's syndrome !"],
        ),
        (
            "Bilirubin ≤ 1.5 x ULN unless Gilbert's disease, where ≤ 3 x ULN",
            ["bilirubin <= 1.5 {ULN}", "bilirubin <= 3 {ULN} ? unless Gilbert's disease !"],
        ),
        ("If T2DM, HbA1c ≤ 9.5 %", ["hba1c <= 9.5 % ? If T2DM"]),
        ("In diabetics, HbA1c ≤ 9.5 %", ["hba1c <= 9.5 % ? In diabetics"]),
        (
            "Bilirubin ≤ 1.5 x ULN (≤ 2 x ULN and no other abnormality in patients with Gilbert's)",
            ["bilirubin <= 1.5 {ULN}", "bilirubin <= 2 {ULN} ? in patients with Gilbert's !"],
        ),
        (
            "ALT within normal limits for healthy subjects and ALT < 2 x ULN for FH subjects",
            ["alt in normal ? for healthy subjects", "alt < 2 {ULN} ? for FH subjects"],
        ),
        (
            "At most 1 line of chemotherapy for metastatic disease (Part 2 only)",
            ["prior_lines <= 1 {line} ? Part 2 only"],
        ),
        (
            "Weight ≥ 50 kg and for subjects in Part B ≥ 45 kg",
            ["weight >= 50 kg", "weight >= 45 kg ? for subjects in Part B !"],
        ),
        (
            "ALT: 4-fold ULN at most (6-fold with hepatic metastases)",
            ["alt <= 4 {ULN}", "alt <= 6 {ULN} ? with hepatic metastases !"],
        ),
        ("HbA1c 7-11 % (7-9 % if on insulin)", ["hba1c between 7-11 %", "hba1c between 7-9 % ? if on insulin !"]),
        ("HbA1c 7-11 % (7-11 %)", ["hba1c between 7-11 %"]),
        (
            "Bilirubin ≤ 2 x ULN; isolated bilirubin up to 3 x ULN may be accepted in Gilbert syndrome",
            ["bilirubin <= 2 {ULN}", "bilirubin <= 3 {ULN} ? in Gilbert syndrome !"],
        ),
        (
            "In the absence of liver metastases, AST < 3 x ULN. If the patient has liver metastases, AST < 6 x ULN",
            [
                "ast < 3 {ULN} ? In the absence of liver metastases",
                "ast < 6 {ULN} ? If the patient has liver metastases",
            ],
        ),
        ("MELD ≤ 15 (only for cirrhotics)", ["meld <= 15 {score} ? only for cirrhotics"]),
        (
            "If FEV1, FVC or DLCO < 50 % of predicted",
            ["fev1 < 0.5 {predicted}", "fvc < 0.5 {predicted}", "dlco < 0.5 {predicted}"],
        ),
    ],
)
def test_a_bare_amount_for_some_goes_on_with_comparator_and_measure(text: str, expected: list[str]) -> None:
    assert conditions(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Age 18-75 years (older than 75 only with ECOG 0)",
            [("age between 18-75 a", "require"), ("age > 75 a !", "permit"), ("ecog in 0 @", "require")],
        ),
        (
            "Age 18 to 75 years; patients > 75 years may be included with a G8 score > 14",
            [("age between 18-75 a", "require"), ("age > 75 a !", "permit"), ("g8 > 14 {score} @", "require")],
        ),
        (
            "LVEF ≥ 50 %. LVEF 45-50 % only after cardiology review",
            [("lvef >= 50 %", "require"), ("lvef between 45-50 % !", "permit")],
        ),
        (
            "Age 18 to 75 years; adolescents of 16 or 17 years whose parents agree may be enrolled",
            [("age between 18-75 a", "require"), ("age between 16-17 a !", "permit")],
        ),
        ("Age ≥ 65 years only with ECOG 0", [("age >= 65 a", "require"), ("ecog in 0", "require")]),
    ],
)
def test_who_lies_beyond_a_limit_is_let_in_under_a_proviso(text: str, expected: list[tuple[str, str]]) -> None:
    rows = read(f"Inclusion Criteria:\n\n* {text}").constraints
    said = [(f"{row}{' !' if row.exception_to else ''}{' @' if row.targets else ''}", row.requirement) for row in rows]
    assert said == expected


@pytest.mark.parametrize(
    "text",
    [
        "Karnofsky (KPS for > 16 years of age) or Lansky score (LPS for ≤ 16 years) assessed at entry must be ≥ 60",
        "Karnofsky (> 16 years) or Lansky (≤ 16 years) ≥ 60",
    ],
)
def test_one_amount_for_two_scores_is_for_the_ages_in_their_brackets(text: str) -> None:
    assert [line.replace("for ", "").replace(" of age", "") for line in conditions(text) if "score" in line] == [
        "karnofsky >= 60 {score} ? > 16 years",
        "lansky >= 60 {score} ? ≤ 16 years",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "HIV-1 RNA < 50 c/mL; subjects with a viral load of 50 to 200 c/mL can be retested once",
        "AST and ALT ≤ 2 x ULN. If AST and/or ALT > ULN, serologic testing for hepatitis B and C must be performed",
        "At most 6 metastases; patients with more than 6 metastases should be discussed with the sponsor",
    ],
)
def test_what_only_says_what_follows_asks_nothing(text: str) -> None:
    first, *others = read(f"Inclusion Criteria:\n\n* {text}").constraints
    assert first.requirement == "require"
    assert {row.requirement for row in others if str(row) != "alt <= 2 {ULN}"} == {"describe"}


@pytest.mark.parametrize(
    "text",
    [
        "Hemoglobin ≥ 9 g/dL at screening and ≥ 8 g/dL at baseline",
        "Hemoglobin ≥ 9 g/dL. Note: hemoglobin ≥ 8 g/dL on day 1 is needed",
        "PSA groups: low: PSA < 10 ng/mL; high: PSA < 20 ng/mL",
        "Ferritin < 30 ng/mL or < 100 ng/mL with transferrin saturation < 20 %",
        "Weight ≥ 40 kg. Patients must have a weight ≥ 45 kg at visit 2",
        "HbA1c ≥ 7 % in the last 3 months or ≥ 8 % in the past year",
        "IOP ≥ 22 mmHg in the first reading or ≥ 20 mmHg in the second reading",
    ],
)
def test_when_and_how_often_something_is_measured_is_no_condition(text: str) -> None:
    assert not any("?" in line or "!" in line for line in conditions(text))


@pytest.mark.parametrize(
    "text",
    [
        "Grade 3 constipation. Patients can be re-screened if constipation decreases to ≤ grade 1",
        "SBP > 160 mmHg. Rescreening is possible once SBP is < 150 mmHg",
        "Infection within 2 weeks (subjects can be re-screened 2 weeks after recovery)",
    ],
)
def test_when_somebody_may_be_tried_again_keeps_nobody_out(text: str) -> None:
    rows = read(f"Exclusion Criteria:\n\n* {text}").constraints
    assert [row.requirement for row in rows] == ["forbid", "describe"]


def test_a_limit_that_a_bracket_has_for_some_is_asked_of_them() -> None:
    text = (
        "Bilirubin ≤ 1.5 x ULN (in patients with Gilbert syndrome, bilirubin ≤ 3.0 x ULN, with direct bilirubin ≤ ULN)"
    )
    rows = read(f"Inclusion Criteria:\n\n* {text}").constraints
    assert [(row.requirement, row.condition) for row in rows] == [
        ("require", None),
        ("require", "in patients with Gilbert syndrome"),
        ("require", "in patients with Gilbert syndrome"),
    ]
    (bmi,) = read("Exclusion Criteria:\n\n* ECG (in women with BMI ≥ 35 kg/m2) with findings").constraints
    assert bmi.requirement == "describe"


def test_whom_a_sentence_keeps_out_is_no_condition_of_another_limit() -> None:
    text = "For subjects with a QRS interval ≥ 120 ms, those with QTcF ≥ 480 ms are not eligible"
    rows = read(f"Inclusion Criteria:\n\n* {text}").constraints
    assert [(row.attribute, row.requirement, row.condition) for row in rows] == [
        ("qrs", "describe", None),
        ("qtcf", "forbid", "For subjects with a QRS interval ≥ 120 ms"),
    ]
