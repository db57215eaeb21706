"""The words under which a limit holds, and which limit replaces which."""

import pytest

from readings import read


def conditions(text: str, heading: str = "Inclusion Criteria") -> list[str]:
    """Each limit of a criterion as "quote ? condition", with "!" where it replaces another one."""
    rows = read(f"{heading}:\n\n* {text}").constraints
    return [
        row.quote + (f" ? {row.condition}" if row.condition else "") + (" !" if row.exception_to else "")
        for row in rows
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Bilirubin ≤ 1.5 x ULN (Gilbert syndrome ≤ 3 x ULN)",
            ["≤ 1.5 x ULN", "≤ 3 x ULN ? Gilbert syndrome !"],
            id="a finding in front of the second limit in brackets",
        ),
        pytest.param(
            "ALT ≤ 2.5 x ULN (liver metastases: ≤ 5 x ULN)",
            ["≤ 2.5 x ULN", "≤ 5 x ULN ? liver metastases !"],
            id="a finding and a colon in brackets",
        ),
        pytest.param(
            "ALT ≤ 2.5 x ULN (≤ 5 x ULN liver mets)",
            ["≤ 2.5 x ULN", "≤ 5 x ULN ? liver mets !"],
            id="a finding behind the second limit in brackets",
        ),
        pytest.param(
            "LVEF ≥ 45 % (mild conditioning) or ≥ 50 % (full conditioning)",
            ["≥ 45 % ? mild conditioning", "≥ 50 % ? full conditioning"],
            id="two limits on one measure, each with a label in brackets",
        ),
        pytest.param(
            "Hemoglobin: Men: 12 to 17 g/dL and Women: 11 to 16 g/dL",
            ["12 to 17 g/dL ? Men", "11 to 16 g/dL ? Women"],
            id="labels of men and women joined by 'and'",
        ),
        pytest.param(
            "MMSE: illiterate <= 17, primary school <= 20, secondary school and above <= 24",
            ["<= 17 ? illiterate", "<= 20 ? primary school", "<= 24 ? secondary school and above"],
            id="a label in front of each limit on one measure",
        ),
        pytest.param(
            "Males with QTc > 450 ms, females with QTc > 470 ms",
            ["> 450 ms ? Males with", "> 470 ms ? females with"],
            id="the next patients' own limit on the same measure",
        ),
        pytest.param(
            "Male serum creatinine < 1.5 mg/dL and female serum creatinine < 1.4 mg/dL",
            ["< 1.5 mg/dL ? Male", "< 1.4 mg/dL ? female"],
            id="adjectives in front of each measure",
        ),
        pytest.param(
            "Bilirubin ≤ 1.5 x ULN (≤ 3 x ULN and direct bilirubin ≤ 1 x ULN for patients with Gilbert syndrome)",
            [
                "≤ 1.5 x ULN",
                "≤ 3 x ULN ? for patients with Gilbert syndrome !",
                "≤ 1 x ULN ? for patients with Gilbert syndrome",
            ],
            id="what 'and' joins in the brackets holds under the same condition",
        ),
        pytest.param(
            "GGT ≤ 2.5 x ULN, or ≤ 5 x ULN in case of liver metastases, bilirubin ≤ 1.5 x ULN",
            ["≤ 2.5 x ULN", "≤ 5 x ULN ? in case of liver metastases !", "≤ 1.5 x ULN"],
            id="the condition of the limit before is not taken again",
        ),
        pytest.param(
            "Cholesterol ≤ 300 mg/dL; if this level is exceeded, the patient may join after starting a statin",
            ["≤ 300 mg/dL"],
            id="a clause that says what to do instead is no condition",
        ),
        pytest.param(
            "Severe haemophilia, pretreated Cohort 1: aged 12 to 65 years; Cohort 2: aged 6 to < 12 years",
            ["12 to 65 years ? Cohort 1", "6 to < 12 years ? Cohort 2"],
            id="cohorts within a sentence",
        ),
        pytest.param(
            "Prior taxane: 1 or 2 regimens (of 2 cycles) for cohort 2",
            ["1 or 2 ? for cohort 2", "2"],
            id="a cohort behind a bracket",
        ),
        pytest.param(
            "Patients with metastatic disease who have received two prior lines of chemotherapy",
            ["two"],
            id="whom the trial is for is no condition",
        ),
        pytest.param(
            "At least 2 regimens with a platinum (Part 1); at least 1 regimen, and unfit for surgery (Part 2)",
            ["At least 2 ? Part 1", "at least 1 ? Part 2"],
            id="a part in brackets at the end of its clause",
        ),
        pytest.param(
            "Endoscopic score (SES-CD) ≥ 6. Subjects with ileitis only will require SES-CD ≥ 3",
            ["≥ 6", "≥ 3 ? Subjects with ileitis only !"],
            id="what people of one kind require",
        ),
        pytest.param(
            "BMI 19 to 31 kg/m2, inclusive, for Part A and 19 to 39 kg/m2, inclusive, for Part B",
            ["19 to 31 kg/m2 ? for Part A", "19 to 39 kg/m2 ? for Part B"],
            id="behind 'inclusive'",
        ),
        pytest.param(
            "HbA1c ≥ 8 % at screening if not on insulin", ["≥ 8 % ? if not on insulin"], id="behind when it is measured"
        ),
        pytest.param("For cohort 2 only, weight at least 20 kg", ["at least 20 kg ? For cohort 2 only"], id="a cohort"),
        pytest.param(
            "In type 2 diabetics HbA1c must be below 11 %",
            ["below 11 % ? In type 2 diabetics"],
            id="in people of a kind",
        ),
        pytest.param(
            "LDL ≥ 100 mg/dL for diabetics or ≥ 130 mg/dL for hypertensives",
            ["≥ 100 mg/dL ? for diabetics", "≥ 130 mg/dL ? for hypertensives"],
            id="'for' behind each of two limits on one measure",
        ),
        pytest.param(
            "Men over 45 or women over 55 years of age",
            ["over 45 ? Men", "over 55 years ? women"],
            id="each sex its age",
        ),
        pytest.param("Men or women ≥ 21 years", ["≥ 21 years"], id="either sex is everyone"),
        pytest.param("Patient is male and at least 30 years of age", ["at least 30 years"], id="the trial's sex"),
        pytest.param("Age 30-60 years with documented asthma", ["30-60 years"], id="what else the aged must have"),
        pytest.param("Stage IIIB without pericardial effusion", ["IIIB"], id="what else a stage must be"),
        pytest.param(
            "Platelets ≥ 90 x 10^9/L (if the spleen is enlarged, a hematologist should be consulted)",
            ["≥ 90 x 10^9/L"],
            id="a condition that begins the next sentence is not the last limit's",
        ),
        pytest.param(
            "Platelets ≥ 80 x 10^9/L (patients with lymphoma must have stopped ibrutinib)",
            ["≥ 80 x 10^9/L"],
            id="what others must have done",
        ),
        pytest.param(
            "Any prior therapy. Patients with lymphoma must have been treated with at least 2 prior regimens",
            ["at least 2 ? Patients with lymphoma"],
            id="what is asked of them is no part of the condition",
        ),
        pytest.param("Prior radiotherapy must have involved < 20 % of bone marrow", ["< 20 %"], id="not of people"),
        pytest.param(
            "Age ≥ 12 years; adolescents must weigh ≥ 35 kg",
            ["≥ 12 years", "≥ 35 kg ? adolescents"],
            id="what people of one kind must",
        ),
    ],
)
def test_a_limit_holds_under_its_own_condition(text: str, expected: list[str]) -> None:
    assert conditions(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Drink > 30 g/day (men) or > 20 g/day (women) of alcohol",
            ["> 30 g/day ? men", "> 20 g/day ? women"],
            id="a bracket between amount and measure",
        ),
        pytest.param(
            "Average weekly alcohol intake > 21 units (or an average daily intake of > 3 units) for men",
            ["> 21 units ? for men", "> 3 units ? for men"],
            id="a bracket with another amount in front of the condition",
        ),
        pytest.param("Patients with renal failure (creatinine > 3 mg/dL)", ["> 3 mg/dL"], id="a bracket that defines"),
        pytest.param("Subjects with a smoking history of ≥ 20 pack-years", ["≥ 20 pack-years"], id="whom to exclude"),
        pytest.param(
            "Subjects with diabetes, defined as HbA1c > 6.5 %", ["> 6.5 %"], id="what defines whom to exclude"
        ),
        pytest.param("GFR < 40 mL/min (not on dialysis)", ["< 40 mL/min ? not on dialysis"], id="'not on' in brackets"),
        pytest.param(
            "Subjects with a condition that may impair breathing requiring 2 or more drugs",
            ["2 or more"],
            id="'that may'",
        ),
        pytest.param("Cancer, unless the risk of relapse is < 10 %", ["< 10 % !"], id="'unless' lifts"),
        pytest.param(
            "Patients with renal impairment will be excluded if eGFR < 45 mL/min",
            ["< 45 mL/min ? Patients with renal impairment"],
            id="'excluded if' asks something of some",
        ),
    ],
)
def test_so_does_a_limit_among_reasons_for_exclusion(text: str, expected: list[str]) -> None:
    assert conditions(text, "Exclusion Criteria") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "AML in relapse; cohort A patients must be < 60 years old; cohort B patients must be ≥ 60 years old",
            ["< 60 years ? cohort A patients", "≥ 60 years ? cohort B patients"],
        ),
        ("Phase I subjects must have a measured creatinine clearance ≥ 60 ml/min", ["≥ 60 ml/min ? Phase I subjects"]),
        (
            "If diabetic, an HbA1c level > 10 % or a glucose > 250 mg/dL",
            ["> 10 % ? If diabetic", "> 250 mg/dL ? If diabetic"],
        ),
        ("All patients must have platelets > 100,000/µL", ["> 100,000/µL"]),
    ],
)
def test_a_limit_shares_the_condition_at_the_head_of_its_sentence(text: str, expected: list[str]) -> None:
    assert conditions(text) == expected


def test_a_limit_that_points_the_other_way_lifts_the_first() -> None:
    text = "Bilirubin < 2 mg/dL, ALT < 2 x ULN. Bilirubin > 2 mg/dL is acceptable in the setting of Gilbert's syndrome"
    rows = read(f"Inclusion Criteria:\n\n* {text}").constraints
    assert [row.requirement for row in rows] == ["require", "require", "permit"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Men must use condoms", ["condoms require ? Men"]),
        ("Proven glioma for the Phase I component", ["glioma require ? for the Phase I component"]),
        ("Patients for Group 1 must have asthma", ["asthma require ? Patients for Group 1"]),
        ("For women: postmenopausal", ["postmenopausal require ? For women"]),
        ("If on insulin, must not be taking metformin", ["insulin describe", "metformin forbid ? If on insulin"]),
        (
            "HBsAg positive patients must receive antiviral therapy",
            ["HBsAg positive describe", "antiviral therapy require ? HBsAg positive patients"],
        ),
        ("All patients with melanoma must have a tumor biopsy", ["melanoma require", "tumor biopsy require"]),
        (
            "Patients on anticoagulants must be on warfarin",
            ["anticoagulants permit", "warfarin require ? Patients on anticoagulants"],
        ),
        (
            "Subjects with a history of seizures will be required to use antiepileptics",
            ["seizures permit", "antiepileptics require ? Subjects with a history of seizures"],
        ),
        ("If HIV positive, the patient is excluded", ["HIV positive forbid"]),
        (
            "Surgery allowed. Note: If a stent is needed, heparin must be given",
            ["Surgery permit", "stent describe", "heparin require ? If a stent is needed"],
        ),
        ("Part B: prior platinum therapy", ["platinum therapy require"]),
        (
            "Negative pregnancy test within 7 days, for women of childbearing potential only",
            ["Negative pregnancy test require ? for women of childbearing potential only"],
        ),
        (
            "Negative pregnancy test (females of childbearing potential)",
            ["Negative pregnancy test require ? females of childbearing potential"],
        ),
        ("No prior irinotecan (phase II)", ["irinotecan forbid ? phase II"]),
        # what a permission asks
        (
            "Patients with brain metastases are eligible, provided there is no edema",
            ["brain metastases permit", "edema forbid ? Patients with brain metastases"],
        ),
        (
            "Patients with brain metastases will only be eligible after resection",
            ["brain metastases permit", "resection require ? Patients with brain metastases"],
        ),
        (
            "Patients with hepatitis B are eligible if they are on antiviral therapy",
            ["hepatitis B permit", "antiviral therapy require ? Patients with hepatitis B"],
        ),
        (
            "Measurable disease. Brain metastases are permitted if treated and stable",
            [
                "Measurable disease require",
                "Brain metastases permit",
                "treated require ? Brain metastases",
                "stable require ? Brain metastases",
            ],
        ),
        (
            "Prior adjuvant chemotherapy (e.g., FOLFOX) is allowed provided there is evidence of progression",
            [
                "adjuvant chemotherapy permit",
                "evidence of progression require ? Prior adjuvant chemotherapy (e.g., FOLFOX)",
            ],
        ),
        ("Patients are eligible if they have measurable disease", ["measurable disease require"]),
        (
            "Stage IV. Patients with neurological symptoms must undergo a brain biopsy",
            ["neurological symptoms describe", "brain biopsy require ? Patients with neurological symptoms"],
        ),
        ("Patients with lung cancer must have brain lesions", ["lung cancer require", "brain lesions require"]),
        (
            "Subjects with hepatitis B can enter the trial if clinically stable",
            ["hepatitis B permit", "clinically stable require ? Subjects with hepatitis B"],
        ),
    ],
)  # fmt: skip
def test_mentions_share_the_condition_at_the_head_of_their_sentence(text: str, expected: list[str]) -> None:
    rows = read(f"Inclusion Criteria:\n\n* {text}").mentions
    said = [f" ? {row.condition}" if row.condition else "" for row in rows]
    assert [f"{row.text} {row.requirement}{words}" for row, words in zip(rows, said, strict=True)] == expected


@pytest.mark.parametrize(
    ("line", "whom"),
    [
        ("If on warfarin, the following must be met:", "If on warfarin"),
        ("Subjects on a stable ART regimen must have the following:", "Subjects on a stable ART regimen"),
        ("Patients with a history of stroke will be eligible if:", "Patients with a history of stroke"),
        ("For females of childbearing potential: one of the following", "For females of childbearing potential"),
        ("Women of childbearing potential who:", "Women of childbearing potential"),
        ("In addition, patients must have the following:", None),
        ("In either eye:", None),
        ("Patients must meet the following:", None),
    ],
)
def test_a_condition_holds_for_all_that_stands_below_its_line(line: str, whom: str | None) -> None:
    rows = read(f"Inclusion Criteria:\n* Adults\n* {line}\n  * INR < 3\n  * No active bleeding")
    below = [row for row in (*rows.constraints, *rows.mentions) if row.criterion_id.startswith("I2.")]
    assert [row.condition for row in below] == [whom, whom]


@pytest.mark.parametrize(
    "text",
    [
        "(Part B only) LDL ≥ 130 mg/dL, no insulin",
        "Additionally, for Part B only, LDL ≥ 130 mg/dL and no insulin",
        "Part B only - LDL ≥ 130 mg/dL, no insulin",
    ],
)
def test_what_one_part_only_asks_has_it_as_its_condition(text: str) -> None:
    rows = read(f"Inclusion Criteria:\n* Adults\n* {text}")
    assert [(x.condition or "").removeprefix("for ") for x in (*rows.constraints, *rows.mentions)] == [
        "Part B only"
    ] * 2


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("Males, or non-smoking females who are postmenopausal", "females"),
        ("Men and women of non-childbearing potential", "women"),
        ("Women who are postmenopausal", None),
    ],
)
def test_what_is_asked_of_women_among_men_has_them_as_its_condition(text: str, whom: str | None) -> None:
    assert read(f"Inclusion Criteria:\n* {text}").mentions[-1].condition == whom
