"""What a patient needs only one of is a group; what each patient needs, or each is kept out by, is none."""

import pytest

import trialcriteria

GROUPS = [
    ("Inclusion", "On a stable dose of losartan or valsartan", {"any1": ["losartan", "valsartan"]}),
    ("Inclusion", "At least 3 relapses in 2 years or at least 2 in 1 year", {"any1": ["At least 3", "at least 2"]}),
    (
        "Inclusion",
        "At least 2 exacerbations in the past year, or at least 1 hospitalization",
        {"any1": ["At least 2", "at least 1"]},
    ),
    ("Exclusion", "≥ 2 exacerbations in the past year or ≥ 1 hospitalization", {}),
    (
        "Inclusion",
        "Fever > 38 °C oral, > 38.5 °C tympanic or > 39 °C rectal",
        {"any1": ["> 38 °C", "> 38.5 °C", "> 39 °C"]},
    ),
    (
        "Inclusion",
        "Epithelial ovarian, fallopian tube and peritoneal cancer",
        {"any1": ["Epithelial ovarian", "fallopian tube", "peritoneal cancer"]},
    ),
    ("Inclusion", "Relapsed and refractory myeloma", {}),
    ("Inclusion", "Hepatic and renal impairment", {}),
    (
        "Inclusion",
        "Prostate cancer, clinically refractory or resistant to hormone therapy",
        {"any1": ["clinically refractory", "resistant to hormone therapy"]},
    ),
    ("Inclusion", "Asthma and/or COPD", {"any1": ["Asthma", "COPD"]}),
    # what closes a list may be nothing that is read
    ("Inclusion", "Cough, sore throat, or nasal symptoms", {"any1": ["Cough", "sore throat"]}),
    ("Inclusion", "Asthma, COPD, with or without nasal symptoms", {}),
    ("Inclusion", "Asthma, COPD, or neither", {}),
    (
        "Inclusion",
        "Urine protein ≤ 30 mg/dL in urinalysis or ≤ 1+ on dipstick",
        {"any1": ["≤ 30 mg/dL", "≤ 1+"]},
    ),
    ("Inclusion", "ER and/or PgR positive breast cancer", {"any1": ["ER", "PgR positive"]}),
    ("Inclusion", "Healthy male and/or female subjects of non-childbearing potential", {}),
    ("Inclusion", "Relapsed or refractory disease", {"any1": ["Relapsed", "refractory disease"]}),
    ("Inclusion", "Osteoporosis or T-score below -2.5", {"any1": ["Osteoporosis", "below -2.5"]}),
    ("Inclusion", "One or more of: diabetes; gout; prior stroke", {"any1": ["diabetes", "gout", "stroke"]}),
    (
        "Inclusion",
        "At least one of following signs, as the case definition of the protocol describes them below: cough, fever",
        {"any1": ["cough", "fever"]},
    ),
    ("Inclusion", "Stage IIIB not amenable to resection, or stage IV", {"any1": ["IIIB", "IV"]}),
    ("Inclusion", "Unresectable stage III or stage IV melanoma", {"any1": ["III", "IV"]}),
    ("Inclusion", "Locally advanced (stage IIIC) and metastatic (stage IV) disease", {"any1": ["IIIC", "IV"]}),
    (
        "Inclusion",
        "No brain metastases or stable brain metastases",
        {"any1": ["brain metastases", "stable brain metastases"]},
    ),
    ("Inclusion", "Steroid naive or steroid responsive", {"any1": ["Steroid", "steroid"]}),
    (
        "Inclusion",
        "One of: BMI ≥ 30 kg/m2, diabetes, ALT > 1.5 x ULN",
        {"any1": ["≥ 30 kg/m2", "diabetes", "> 1.5 x ULN"]},
    ),
    (
        "Inclusion",
        "Creatinine ≤ 1.5 x ULN, or calculated creatinine clearance ≥ 60 mL/min, or measured 24-hour urine creatinine "
        "clearance ≥ 60 mL/min",
        {"any1": ["≤ 1.5 x ULN", "≥ 60 mL/min", "≥ 60 mL/min"]},
    ),
    (
        "Inclusion",
        "Either (1) recurrent disease, (2) stage IIIB disease and not a candidate for surgery, or (3) stage IV disease",
        {"any1": ["recurrent disease", "IV"], "any1/all1": ["IIIB", "candidate for surgery"]},
    ),
    ("Inclusion", "Diagnosis of a) gout; b) lupus; or c) psoriasis", {"any1": ["gout", "lupus", "psoriasis"]}),
    ("Inclusion", "a) gout; b) lupus; and c) psoriasis", {}),
    # two choices of one criterion
    (
        "Inclusion",
        "Psoriasis or eczema, and asthma or rhinitis",
        {"any1": ["Psoriasis", "eczema"], "any2": ["asthma", "rhinitis"]},
    ),
    # one of several is enough beside what must be there as well
    (
        "Exclusion",
        "AST or ALT > 3 x ULN combined with bilirubin > 2 x ULN",
        {"all1/any1": ["> 3 x ULN", "> 3 x ULN"], "all1": ["> 2 x ULN"]},
    ),
    ("Exclusion", "HBsAg positive and HBV DNA > 500 IU/mL", {"all1": ["HBsAg positive", "> 500 IU/mL"]}),
    (
        "Exclusion",
        "Hepatitis B (HBV DNA > 500 IU/mL and abnormal liver function)",
        {"all1": ["> 500 IU/mL", "abnormal liver function"]},
    ),
    ("Exclusion", "Significant neuropathy (Grades 3-4, or Grade 2 with pain)", {"all1": ["2", "pain"]}),
    ("Exclusion", "Neuropathy of grade 3 or higher, or grade 2 with pain", {"all1": ["2", "pain"]}),
    ("Inclusion", "No neuropathy of grade 3 or higher, or grade 2 with pain", {"all1": ["2", "pain"]}),
    ("Exclusion", "Anti-HCV positive with HCV RNA positive", {"all1": ["Anti-HCV positive", "HCV RNA positive"]}),
    (
        "Exclusion",
        "Hepatitis B and elevated ALT or AST > 2 x ULN",
        {"all1": ["Hepatitis B"], "all1/any1": ["> 2 x ULN", "> 2 x ULN"]},
    ),
    ("Exclusion", "HIV with CD4 < 200/µL", {}),
    ("Exclusion", "Gout, diabetes and LDL > 190 mg/dL", {}),
    # an exception of which all must be true, and two of which each is one
    (
        "Exclusion",
        "Patients with brain metastases who have leptomeningeal disease",
        {"all1": ["brain metastases", "leptomeningeal disease"]},
    ),
    (
        "Exclusion",
        "Subjects with HIV infection who have a CD4 count < 200 cells/mm3",
        {"all1": ["HIV infection", "< 200 cells/mm3"]},
    ),
    ("Exclusion", "Women with diabetes or who have hypertension", {}),
    ("Exclusion", "Brain metastases unless treated and off steroids", {"all1": ["treated", "steroids"]}),
    ("Exclusion", "Malignancy except basal cell carcinoma and cervical carcinoma in situ", {}),
    # the lower or the higher of two limits is the limit
    ("Inclusion", "LVEF ≥ LLN or 50%, whichever is lower", {"any1": ["≥ LLN", "50%"]}),
    ("Inclusion", "LVEF ≥ 50% or ≥ LLN, whichever is higher", {}),
    ("Inclusion", "Bilirubin ≤ 1.5 x ULN or 2 mg/dL, whichever is greater", {"any1": ["≤ 1.5 x ULN", "2 mg/dL"]}),
    ("Exclusion", "AST > 3 x ULN or 120 U/L, whichever is lower", {}),
    ("Exclusion", "AST > 3 x ULN or > 120 U/L, whichever is higher", {"all1": ["> 3 x ULN", "> 120 U/L"]}),
    # all of it is needed
    ("Inclusion", "Diabetes and hypertension", {}),
    # each of it keeps a patient out
    ("Exclusion", "Diabetes or hypertension", {}),
    ("Exclusion", "Any of the following: diabetes; hypertension", {}),
    ("Inclusion", "No diabetes or hypertension", {}),
    ("Exclusion", "BUN or creatinine outside the normal range", {}),
    ("Inclusion", "Total or direct bilirubin ≤ 2 x ULN", {"any1": ["≤ 2 x ULN", "≤ 2 x ULN"]}),
    # how it was confirmed
    ("Inclusion", "Breast cancer confirmed by core needle or incisional biopsy", {}),
    # a stroke inside a name
    ("Inclusion", "Lupus nephritis of ISN/RPS class III", {}),
]  # fmt: skip


GROUPS += [  # cases that "OR" in capitals parts
    (
        "Inclusion",
        "PO2 ≥ 70 mm Hg AND DLCO ≥ 70% of predicted OR PO2 ≥ 80 mm Hg AND DLCO ≥ 60% of predicted",
        {
            "any1/all1": ["≥ 70 mm Hg", "≥ 70% of predicted"],
            "any1/all2": ["≥ 80 mm Hg", "≥ 60% of predicted"],
        },
    ),
    (
        "Inclusion",
        "Multiple (i.e., > 3) brain metastases OR < 3 metastases with at least 1 metastasis > 4.0 cm",
        {"any1": ["> 3"], "any1/all1": ["< 3", "at least 1"]},
    ),
    (
        "Inclusion",
        "Patients with asthma and a positive skin test OR patients with COPD and chronic bronchitis",
        {"any1/all1": ["asthma", "positive skin test"], "any1/all2": ["COPD", "chronic bronchitis"]},
    ),
    (
        "Inclusion",
        "Must have either CD4 < 15% and viral load > 10,000 copies/ml OR viral load > 30,000 copies/ml",
        {"any1/all1": ["< 15%", "> 10,000 copies/ml"], "any1": ["> 30,000 copies/ml"]},
    ),
    (
        "Inclusion",
        "Renal: BUN less than 30 mg/dL Creatinine no greater than 1.5 mg/dL OR Creatinine clearance at least 70 mL/min",
        {"any1": ["no greater than 1.5 mg/dL", "at least 70 mL/min"]},
    ),
    (
        "Inclusion",
        "Patients must have diabetes and obesity or have had an orchiectomy",
        {"any1/all1": ["diabetes", "obesity"], "any1": ["orchiectomy"]},
    ),
    (
        "Inclusion",
        "Patients on low-dose inhaled corticosteroids, leukotriene modifiers, or on β2-agonists alone",
        {"any1": ["low-dose inhaled corticosteroids", "leukotriene modifiers", "β2-agonists"]},
    ),
    (
        "Inclusion",
        "Women who are menopausal, or who had a hysterectomy",
        {"any1": ["menopausal", "had a hysterectomy"]},
    ),
    ("Inclusion", "AST OR ALT ≤ 3 x ULN and bilirubin ≤ 1.5 x ULN", {"any1": ["≤ 3 x ULN", "≤ 3 x ULN"]}),
    ("Inclusion", "Fasting cholesterol ≤ 300 mg/dL OR ≤ 7.75 mmol/L AND fasting triglycerides ≤ 2.5 x ULN", {}),
    (  # whom one is for tells them apart
        "Inclusion",
        "Creatinine within normal limits OR creatinine clearance ≥ 60 mL/min for patients with creatinine above normal",
        {},
    ),
]


@pytest.mark.parametrize(("section", "text", "expected"), GROUPS, ids=[text for _, text, _ in GROUPS])
def test_alternatives_are_a_group(section: str, text: str, expected: dict[str, list[str]]) -> None:
    frames = trialcriteria.extract(text=f"{section} Criteria:\n* {text}")
    rows = [(row.start, row.group, row.text) for row in frames.mentions.itertuples()]
    rows += [(row.start, row.group, row.quote) for row in frames.constraints.itertuples()]
    found: dict[str, list[str]] = {}
    for _, group, words in sorted(row for row in rows if isinstance(row[1], str)):
        found.setdefault(group, []).append(words)
    assert found == expected
