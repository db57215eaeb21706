"""What turns a limit round: what is asked of the permitted, what has not gone yet, denied lists, and dose rules."""

import pytest

import readings


def asked(section: str, text: str) -> list[str]:
    return [f"{row.operator} {row.requirement}" for row in readings.read(f"{section} Criteria:\n* {text}").constraints]


LIMITS = [
    # what must not be, or cannot be, greater than an amount is at most that, and asked for
    ("Exclusion", "Bilirubin must not be greater than 1.5 x ULN", ["<= require"]),
    ("Inclusion", "Creatinine should not be > 2.0 mg/dL", ["<= require"]),
    ("Exclusion", "Hemoglobin may not be less than 9 g/dL", [">= require"]),
    ("Exclusion", "BMI cannot be over 35 kg/m2", ["<= require"]),
    ("Exclusion", "For glitazones this period should not be less than 8 weeks before randomization", [">= require"]),
    ("Exclusion", "Hypertension that cannot be brought to < 140/90 mmHg", ["< require"] * 2),
    # an age says of whom something is asked, or from when a woman counts as infertile
    ("Exclusion", "Females > 13 years of age or those with menarche must have a negative test", ["> describe"]),
    ("Inclusion", "All female patients 9 years of age and older must have a negative pregnancy test", [">= describe"]),
    ("Inclusion", "Subjects under 18 years require parental consent", ["< describe"]),
    ("Inclusion", "Age 18 or older and must be a non-smoker", [">= require"]),
    ("Inclusion", "Patients over 60 years who require surgery", ["> require"]),
    ("Inclusion", "Post-menopausal (spontaneous amenorrhea, ≥ 45 years of age)", [">= describe"]),
    ("Inclusion", "Men and postmenopausal women ≥ 45 years of age", [">= require"]),
    (
        "Inclusion",
        "Karnofsky (≥ 16 years) or Lansky (< 16 years) ≥ 80 %",
        [">= describe", "< describe"] + [">= require"] * 2,
    ),
    # so much as is to be stopped is asked of nobody
    ("Inclusion", "Able to permanently discontinue aspirin at doses of > 1.3 g/day", ["> describe"]),
    # what is taken in spite of a limit says how it is meant
    ("Exclusion", "MAP less than 60 mmHg in spite of two or more inotropes", ["< forbid", ">= describe"]),
    ("Inclusion", "Filgrastim may not have been given in the preceding week", ["<= forbid"]),
    # a denial reaches the limits of a list that "or" closes, and of classes that stand together; no other list
    (
        "Inclusion",
        "No creatinine > 2 mg/dL, bilirubin > 3 mg/dL, or platelets < 50",
        ["> forbid", "> forbid", "< forbid"],
    ),
    ("Inclusion", "Not ECOG 3-4 or NYHA class III", ["in forbid", "in forbid"]),
    ("Inclusion", "No T1-2, N0, M0 disease", ["in forbid", "in forbid", "in forbid"]),
    ("Inclusion", "No QTc > 500 ms, LVEF ≥ 40 %", ["> forbid", ">= require"]),
    ("Inclusion", "No QTc > 500 ms, LVEF ≥ 40 % and heart rate ≥ 50 bpm", ["> forbid", ">= require", ">= require"]),
    # what a permission or an exception asks in return
    ("Exclusion", "Anti-HBc positive (allowed if HBV DNA < 20 IU/mL)", ["< require"]),
    ("Exclusion", "HIV infection (eligible if CD4 > 350/uL)", ["> require"]),
    ("Exclusion", "Antacids may be taken provided they are not administered within 2 hours of dosing", ["<= forbid"]),
    ("Exclusion", "Inhaled steroids may be continued if stable for 30 days", [">= require"]),
    ("Exclusion", "AFP > 20 ng/mL; 20 to 50 ng/mL allowed if HCC is ruled out", ["> forbid", "between permit"]),
    ("Exclusion", "Asthma, unless stable and no exacerbation within 6 months", ["<= permit"]),
    ("Exclusion", "Stroke within 6 months - lacunar stroke is allowed", ["<= forbid"]),
    ("Exclusion", "Patients may take inhaled steroids provided that the dose is ≤ 300 µg/day", ["<= require"]),
    ("Exclusion", "Patients may be taking estrogens if on them for at least 4 months", [">= require"]),
    (
        "Exclusion",
        "Bilirubin > 2 x ULN, except in Gilbert's syndrome provided direct bilirubin is < 30 %",
        ["> forbid", "< require"],
    ),
    (
        "Exclusion",
        "Cancer, with the exception of skin cancer as long as it has been in remission for at least 3 years",
        [">= require"],
    ),
    (
        "Exclusion",
        "Bilirubin > 2 x ULN (exception: Gilbert's syndrome, if direct bilirubin is < 30 %)",
        ["> forbid", "< require"],
    ),
    ("Exclusion", "Steroids, except if the dose is ≤ 8 mg/day of prednisone", ["<= permit"]),
    (
        "Exclusion",
        "HIV (patients on therapy with CD4 ≥ 300 and viral load < 60 copies/mL are eligible)",
        [">= require", "< require"],
    ),
    ("Inclusion", "Diabetics may enroll if HbA1c < 7.5 % and fasting glucose < 150 mg/dL", ["< require", "< require"]),
    (
        "Exclusion",
        "Bilirubin > 2 x ULN (isolated bilirubin > 2 x ULN is ok if direct bilirubin < 30 %)",
        ["> forbid", "> permit", "< require"],
    ),
    (
        "Exclusion",
        "Those in follow-up may enter if it has been 5 weeks after the last dose of the earlier drug",
        [">= require"],
    ),
    # what a permission reaches
    ("Exclusion", "Prostate cancer (Gleason < 7, PSA < 12 ng/mL) is no exclusion", ["< permit", "< permit"]),
    (
        "Exclusion",
        "Low doses (prednisone ≤ 8 mg/d, or hydrocortisone ≤ 20 mg/d) are allowed",
        ["<= permit", "<= permit"],
    ),
    ("Exclusion", "Subjects with small (≤ 8 mm), asymptomatic brain metastases can be enrolled", ["<= permit"]),
    (
        "Exclusion",
        "Hypertension (SBP ≥ 150 mmHg or DBP ≥ 95 mmHg) Antihypertensive drugs are allowed",
        [">= forbid", ">= forbid"],
    ),
    ("Exclusion", "Flu vaccines are permitted, but not within 4 days of dosing", ["<= forbid"]),
    (
        "Exclusion",
        "Neuropathy. Note: patients with grade ≤ 2 neuropathy are an exception to this criterion",
        ["in permit"],
    ),
    # what has not gone yet
    (
        "Exclusion",
        "Drug side effects not improved to the Common Terminology Criteria for Adverse Events (CTCAE) grade 1 or below",
        ["in require"],
    ),
    ("Exclusion", "Not recovered from toxicity of all earlier drugs (return to baseline or grade ≤ 1)", ["in require"]),
    ("Exclusion", "Toxicity of grade > 1 that lasts", ["in forbid"]),
    ("Exclusion", "Not recovered from adverse events due to agents given more than 5 weeks earlier", ["> describe"]),
    ("Inclusion", "Chemotherapy given more than 5 weeks earlier", ["> require"]),
    ("Exclusion", "Blood pressure not controlled to < 145/95 mmHg", ["< require", "< require"]),
    ("Exclusion", "Potassium that cannot be corrected to ≥ 3.6 mmol/L", [">= require"]),
    ("Exclusion", "Hypertension not controlled by drugs (SBP > 155 mmHg)", ["> forbid"]),
    ("Exclusion", "Cataract. Capsulotomy ≥ 2 months ago is acceptable", [">= require"]),
    ("Exclusion", "Cataract (capsulotomy ≥ 2 months ago is acceptable)", [">= permit"]),
    # denied lists
    (
        "Inclusion",
        "No heart disease: infarction within 6 months; NYHA class III heart failure; stroke within 1 year",
        ["<= forbid", "in forbid", "<= forbid"],
    ),
    (
        "Exclusion",
        "Counts not reaching 2,500/µL for white cells and 8 g/dL for hemoglobin",
        ["None require", "None require"],
    ),
    ("Exclusion", "Not meeting ANC ≥ 1.2 x 10^9/L (no G-CSF within 10 days)", [">= require", "<= forbid"]),
    ("Inclusion", "No cannabis at least 9 days before screening", [">= require"]),
    ("Inclusion", "Without statins or discontinued statins at least 2 months before screening", [">= require"]),
    ("Inclusion", "Prior chemotherapy is required, but not within the last 5 weeks", ["<= forbid"]),
    # whom something else is said of
    (
        "Exclusion",
        "Dipstick proteinuria ≥ 2+ (patients found to have ≥ 2+ proteinuria on dipstick should undergo another test)",
        ["in forbid", "in describe"],
    ),
    (
        "Inclusion",
        "For patients with creatinine clearance < 40 mL/min the starting dose of the drug must be halved",
        ["< describe"],
    ),
    ("Exclusion", "Prednisolone > 12 mg/day or dose is unstable", ["> forbid"]),
    ("Exclusion", "Pregnancy; in questionable cases of menopause FSH > 35 mIU/mL is confirmatory", ["> describe"]),
    ("Exclusion", "Pregnancy (a negative test is needed in women ≤ 52 years)", ["<= describe"]),
    (
        "Inclusion",
        "An FCBP is a sexually mature woman (of childbearing age) not postmenopausal for 20 months",
        [">= describe"],
    ),
    ("Inclusion", "FSH < 12 mIU/mL", ["< require"]),
    ("Inclusion", "Willing to abstain from caffeine for 2 weeks", [">= require"]),
    # levels beside those in front are let in, not asked for
    ("Inclusion", "ECOG 0-1, or 2 if due to lymphoma", ["in require", "in permit"]),
    ("Inclusion", "ECOG 0-2 (0-1 if older than 75 years)", ["in require", "in require", "> describe"]),
    # what is forbidden behind an exception, and what is said once more
    ("Exclusion", "Neuropathy, except grade 1 (excluded if > grade 1)", ["in permit", "in forbid"]),
    ("Inclusion", "Asthma is not eligible. CD4 < 200, BMI > 40 likewise.", ["< forbid", "> forbid"]),
    ("Inclusion", "Smokers cannot take part. The same holds for BMI > 40.", ["> forbid"]),
    ("Inclusion", "Asthma. BMI > 40 too.", ["> require"]),
    # a distance that no treatment may come into, said among reasons for exclusion
    ("Exclusion", "No prior chemotherapy for at least 5 weeks before entry", [">= require"]),
    ("Exclusion", "Patients should not have taken valproate for at least 3 weeks", [">= require"]),
    ("Inclusion", "At most 3 lines. A line of therapy is defined as 1 or more cycles.", ["<= require", ">= describe"]),
    (
        "Inclusion",
        "Women must be of non-childbearing potential (postmenopausal for at least 2 years) or use contraception",
        [">= describe"],
    ),
    ("Inclusion", "On a stable dose of steroids and seizure free for 3 months", [">= require"]),
    ("Inclusion", "For patients aged 60 years or older: no colitis", [">= describe"]),
    ("Inclusion", "Patients aged 60 years or older", [">= require"]),
    ("Inclusion", "Prednisone at most 5 mg twice daily", ["<= require"]),
    ("Inclusion", "Those who relapsed ≤ 11 months after transplantation may be enrolled", ["<= permit"]),
    ("Inclusion", "No G-CSF for 7 days (pegfilgrastim: 14 days)", ["<= forbid", "<= forbid"]),
    ("Inclusion", "Steroids must have been stopped 8 days earlier", [">= require"]),
    ("Inclusion", "No seizure-free interval longer than 21 days", ["> forbid"]),
    ("Inclusion", "Seizure-free for 6 months", [">= require"]),
    (
        "Inclusion",
        "For subjects with LVEF 40-44 % a left atrial volume index > 33 mL/m^2 is needed",
        ["between describe", "> require"],
    ),
    (
        "Inclusion",
        "Bilirubin < 2 mg/dL except in subjects with Gilbert's, who need a direct bilirubin < 0.8 mg/dL",
        ["< require", "< require"],
    ),
    (
        "Inclusion",
        "If colitis has lasted longer than 7 years: colonoscopy within 11 months",
        ["> describe", "<= require"],
    ),
    ("Inclusion", "ECOG 0-1 (patients over 70 years: 0 only)", ["in require", "> describe"]),
    ("Inclusion", "Hemoglobin ≥ 8 g/dL (transfusion is allowed up to 48 hours before)", [">= require", ">= require"]),
    ("Exclusion", "Prior therapy (sorafenib for no longer than 3 weeks is accepted)", ["<= permit"]),
    ("Exclusion", "Bilirubin > 2 x ULN unless due to Gilbert's disease, eGFR ≤ 50 mL/min", ["> forbid", "<= forbid"]),
    ("Exclusion", "A chest X-ray not older than 3 months must show no tuberculosis", ["<= describe"]),
    ("Inclusion", "A guardian must give written consent for patients < 16 years of age", ["< describe"]),
    (
        "Inclusion",
        "Myelosuppressive chemotherapy: Must not have received within 5 weeks of entry",
        ["<= forbid"],
    ),
    (
        "Inclusion",
        "RT: ≥ 3 weeks for local RT; ≥ 5 months must have elapsed if prior craniospinal RT or if ≥ 40% RT of pelvis",
        [">= require", ">= require", ">= describe"],
    ),
    ("Exclusion", "Current use of supplements (starting at 9 weeks prior to the study)", ["<= forbid"]),
    ("Exclusion", "Troponin > 1.5xupper limit of normal (ULN)", ["> forbid"]),
    ("Exclusion", "ALT > 3 x ULN; alkaline phosphatase must not exceed 4 x ULN", ["> forbid", "<= require"]),
    ("Exclusion", "Poor renal function (creatinine clearance should be > 55 mL/min)", ["> require"]),
    ("Inclusion", "No dyspnea at rest AND oxygen saturation > 93% on room air", ["> require"]),
    ("Inclusion", "At least 5-7 weeks since prior finasteride", [">= require"]),
    ("Inclusion", "Use contraceptives during and 5 months after trial exposure", ["<= describe"]),
    ("Inclusion", "Prior chemotherapy within 13 weeks is allowed", ["<= permit"]),
    ("Inclusion", "Heartburn on at least 3 days in the last 8 days", [">= require", "<= require"]),
    ("Inclusion", "Progression after only one line of endocrine therapy", ["= require"]),
    ("Exclusion", "ITP not controlled by prednisolone ≤ 22 mg", ["<= describe"]),
    (
        "Inclusion",
        "Capecitabine must be stopped 15 days before and may restart 5 weeks after",
        [">= require", "None describe"],
    ),
    ("Inclusion", "INR ≤ 1.6 (4 if receiving warfarin)", ["<= require", "<= require"]),
    ("Exclusion", "Women within 7 weeks of delivery", ["<= forbid"]),
    ("Inclusion", "Age: 19-75 years (including 19 and 75 years old)", ["between require"]),
    (
        "Inclusion",
        "Reversibility of at least 13% and 210 mL in FEV1 15-30 min after salbutamol",
        [">= require", ">= require"],
    ),
    ("Inclusion", "PSA progression: a minimum of two rising values", [">= require"]),
    (
        "Exclusion",
        "BP above 155/95 mmHg (mean of 3 readings) in spite of two or more drugs",
        ["> forbid", "> forbid", ">= describe"],
    ),
    ("Exclusion", "Less than 5 weeks from the last dose of previous targeted therapy", ["< forbid"]),
    ("Exclusion", "Heart failure (> Grade II, New York Heart Association (NYHA) criteria)", ["in forbid"]),
    ("Exclusion", "Toxicities > Common Terminology Criteria [CTCAE] grade 2", ["in forbid"]),
]


@pytest.mark.parametrize(("section", "text", "expected"), LIMITS)
def test_a_limit_is_turned_by_what_is_said_around_it(section: str, text: str, expected: list[str]) -> None:
    assert asked(section, text) == expected


MENTIONS = [
    (
        "Inclusion",
        "Insulin for up to 9 days is allowed, as well as metformin for diabetes",
        "metformin for diabetes",
        "permit",
    ),
    ("Inclusion", "If on statins or insulin, stable doses for 4 weeks", "insulin", "permit"),
    ("Inclusion", "Treated with statins, if tolerated", "statins", "require"),
    ("Inclusion", "Must abstain from the use of aspirin, steroids or sedatives", "sedatives", "forbid"),
    ("Exclusion", "Subjects must abstain from prescription drugs", "prescription drugs", "forbid"),
    ("Exclusion", "Not able or willing to refrain from smoking", "smoking", "forbid"),
    ("Exclusion", "Lymphoma other than DLBCL or any other malignancy", "other malignancy", "forbid"),
    ("Inclusion", "There is no restriction on prior chemotherapy", "chemotherapy", "permit"),
    ("Exclusion", "Inability to tolerate sedation, perforation or other diseases", "perforation", "forbid"),
    ("Exclusion", "Any non cardiovascular illness", "non cardiovascular illness", "forbid"),
    ("Inclusion", "HIV, HTLV (HTLV-I) negative", "HTLV", "forbid"),
    ("Inclusion", "HIV or HTLV (types I and II) must be negative", "HIV", "forbid"),
    ("Exclusion", "Treated glaucoma is not a criterion for exclusion", "Treated glaucoma", "permit"),
    ("Inclusion", "No heart disease: stroke; angina", "angina", "forbid"),
    ("Exclusion", "Malignancy, except for carcinoma in situ; basal cell carcinoma", "basal cell carcinoma", "permit"),
    ("Exclusion", "Malignancy, except for carcinoma in situ; hepatitis; lung cancer", "lung cancer", "forbid"),
    ("Exclusion", "Cancer except: a) if it is basal cell carcinoma", "basal cell carcinoma", "permit"),
    ("Inclusion", "No more than two of these: angina; asthma", "asthma", "require"),
    ("Inclusion", "Lung cancer. Not eligible: hepatitis; asthma", "asthma", "forbid"),
    ("Inclusion", "Lung cancer. Not eligible: hepatitis; asthma", "Lung cancer", "require"),
    ("Inclusion", "Lung cancer. Not eligible: hepatitis. Asthma is needed.", "Asthma", "require"),
    ("Inclusion", "Reasons not to enrol: asthma", "asthma", "forbid"),
    ("Inclusion", "Patients may not participate if they have asthma", "asthma", "forbid"),
    ("Inclusion", "We do not enrol patients with asthma", "asthma", "forbid"),
    ("Inclusion", "Patients with asthma must not take part", "asthma", "forbid"),
    ("Inclusion", "Patients must not be eligible for chemotherapy", "chemotherapy", "forbid"),
    ("Inclusion", "Cancer not eligible for curative treatment", "Cancer", "require"),
    ("Inclusion", "Not to be enrolled:\n  - asthma", "asthma", "forbid"),
    ("Exclusion", "To participate, a subject must NOT\n  - have asthma", "asthma", "forbid"),
    ("Exclusion", "No history of heart disease, including any of these:\n  - angina", "angina", "forbid"),
    ("Inclusion", "Abstinent from cocaine for 2 weeks", "cocaine", "forbid"),
    ("Exclusion", "Not abstinent from cocaine", "cocaine", "forbid"),
    ("Inclusion", "Brain metastases are allowed if the brain metastases are stable", "Brain metastases", "permit"),
    ("Inclusion", "Brain metastases are allowed if the brain metastases are stable", "brain metastases", "permit"),
    ("Inclusion", "Asthma is allowed. Hepatitis, if the asthma is mild", "asthma", "require"),
    (
        "Inclusion",
        "A positive pregnancy test is acceptable if a second pregnancy test is negative",
        "second pregnancy test is negative",
        "require",
    ),
    ("Inclusion", "No brain metastases or stable brain metastases", "stable brain metastases", "require"),
    ("Inclusion", "No brain metastases or stable brain metastases", "brain metastases", "forbid"),
    ("Inclusion", "Treated asthma or no asthma", "Treated asthma", "permit"),
    ("Inclusion", "Without asthma, or patients with treated asthma", "treated asthma", "permit"),
    ("Inclusion", "No asthma or inadequately treated asthma", "inadequately treated asthma", "forbid"),
    (
        "Inclusion",
        "Core or excisional biopsies are appropriate, while aspirates are not",
        "excisional biopsies",
        "permit",
    ),
    ("Inclusion", "Treatments that are appropriate for asthma", "asthma", "require"),
    ("Inclusion", "No stable angina or treated hypertension", "treated hypertension", "forbid"),
    ("Inclusion", "No chemotherapy for asthma or adjuvant chemotherapy", "adjuvant chemotherapy", "forbid"),
    ("Inclusion", "If the patient has asthma, it must be stable for 4 weeks", "asthma", "permit"),
    ("Exclusion", "Not having any of the following:\n  - measurable disease", "measurable disease", "require"),
    (
        "Inclusion",
        "No uncontrolled illness including, but not limited to, infection, stroke within 6 months, arrhythmia",
        "arrhythmia",
        "forbid",
    ),
    ("Inclusion", "Unfit for cisplatin, e.g. hearing loss within 6 months", "hearing loss", "require"),
    ("Exclusion", "HBsAg must be confirmed negative", "HBsAg", "forbid"),
    ("Exclusion", "ALT > 2 times upper normal limit (unless due to gout)", "gout", "permit"),
    ("Exclusion", "Asthma at any time prior to transplant", "transplant", "describe"),
    ("Exclusion", "Any history of arrhythmia will be discussed with the sponsor", "arrhythmia", "describe"),
    ("Exclusion", "Women will undergo a pregnancy test at visit 1", "pregnancy test", "describe"),
    ("Exclusion", "Patients who will undergo surgery", "surgery", "forbid"),
    ("Inclusion", "Radiation therapy (RT): at least 9 days since local RT", "Radiation therapy", "describe"),
    (
        "Inclusion",
        "Myelosuppressive chemotherapy:\n  - At least 3 weeks since it",
        "Myelosuppressive chemotherapy",
        "describe",
    ),
    ("Exclusion", "Patients with HIV are excluded because of the danger of sepsis", "sepsis", "describe"),
    ("Exclusion", "Platelets < 50 independent of transfusions for 7 days", "transfusions", "permit"),
    ("Inclusion", "Adjuvant therapy is permitted (chemotherapy, radiotherapy)", "radiotherapy", "permit"),
    (
        "Exclusion",
        "Vitamins, unless approved by the sponsor, or who have used St. John's wort",
        "St. John's wort",
        "forbid",
    ),
    ("Exclusion", "Thalassemia, or other causes of anemia other than CKD, hemosiderosis", "hemosiderosis", "forbid"),
    (
        "Inclusion",
        "Women not of reproductive potential (surgically sterile or postmenopausal)",
        "surgically sterile",
        "require",
    ),
    ("Exclusion", "G6PD deficiency, as Plaquenil may cause hemolytic anemia", "hemolytic anemia", "describe"),
    ("Inclusion", "Seronegative for HIV, human T-lymphotropic virus (HTLV) and syphilis", "syphilis", "forbid"),
    (
        "Exclusion",
        "Use of steroids to treat gout is not considered an exclusion criterion",
        "steroids to treat gout",
        "permit",
    ),
    ("Inclusion", "Prior therapy is allowed: surgery, radiotherapy", "radiotherapy", "permit"),
    ("Exclusion", "Acute illness, or need to undergo surgery", "surgery", "forbid"),
    ("Exclusion", "Patients with diabetes who need to use insulin", "diabetes", "forbid"),
    ("Exclusion", "Patients with diabetes need to use insulin", "diabetes", "permit"),
    ("Exclusion", "Other known causes of infertility", "infertility", "describe"),
    ("Exclusion", "Grapefruit, since it may cause hypotension", "hypotension", "describe"),
    ("Inclusion", "Patients without prior HIV testing will not be required to be tested", "HIV", "describe"),
    ("Inclusion", "Platelets ≥ 100 x 10^9/L (may be achieved by transfusion)", "transfusion", "permit"),
    ("Inclusion", "A negative urine test for opioids", "opioids", "forbid"),
    ("Exclusion", "Current smoker and a negative breath test", "smoker", "forbid"),
    (
        "Exclusion",
        "Stable liver disease should be defined by the absence of ascites or jaundice",
        "ascites",
        "describe",
    ),
    ("Exclusion", "The product must be used with caution in patients with gout", "gout", "describe"),
    ("Inclusion", "May be using metformin or acarbose", "acarbose", "permit"),
    ("Inclusion", "Must no longer be receiving steroids", "steroids", "forbid"),
    ("Exclusion", "Men who refused to use a condom", "condom", "require"),
    ("Inclusion", "A negative UDS for any illicit drug", "illicit drug", "forbid"),
    ("Inclusion", "Effective contraception (combined pill; intrauterine device (IUD); condoms)", "condoms", "permit"),
    ("Inclusion", "Women use contraception; male patients must use condoms", "condoms", "require"),
    ("Inclusion", "Bone biopsy before beginning the hormonal therapy", "Bone biopsy", "require"),
    ("Inclusion", "Nursing must be stopped before idelalisib is administered", "idelalisib", "describe"),
    ("Exclusion", "Tumour progression prior to initiation of vaccination", "vaccination", "describe"),
    ("Inclusion", "Patients up in a wheelchair will be considered ambulatory for the score", "wheelchair", "describe"),
    (
        "Inclusion",
        "Not pregnant, not lactating, and at least one of the following conditions applies: hysterectomy, menopause",
        "hysterectomy",
        "require",
    ),
    (
        "Inclusion",
        "Not pregnant and at least one of the following conditions applies: hysterectomy, menopause",
        "hysterectomy",
        "require",
    ),
]


@pytest.mark.parametrize(("section", "text", "mention", "expected"), MENTIONS)
def test_a_mention_is_turned_by_what_is_said_around_it(section: str, text: str, mention: str, expected: str) -> None:
    found = readings.read(f"{section} Criteria:\n* {text}").mentions
    assert [row.requirement for row in found if row.text == mention] == [expected]


def test_what_a_permission_asks_narrows_what_it_lets_in() -> None:
    tables = readings.read("Exclusion Criteria:\n* Bilirubin > 2 x ULN, except Gilbert's if direct bilirubin is < 30 %")
    assert [row.targets for row in tables.constraints] == [(), ("E1m1",)]
