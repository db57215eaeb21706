"""What a statement does to a patient: conditions, permissions, absences and dated tests, form by form."""

import pytest

import readings
from trialcriteria.records import Trial, TrialTables
from trialcriteria.rows import read_trial


def read(section: str, text: str) -> TrialTables:
    return readings.read(f"{section} Criteria:\n* {text}")


LIMITS = [
    # a number that only says for whom another one holds
    ("Inclusion", "ECOG 0-1; for patients over 75 years, 0 only", ["in require", "> describe", "in require"]),
    ("Inclusion", "No more than 2 prior regimens are allowed", ["<= require"]),
    (
        "Inclusion",
        "At least 3 seizures in the past 3 months, but none in the last week",
        [">= require", "<= require", "<= forbid"],
    ),
    ("Inclusion", "Lansky ≥ 60 for patients ≤ 16 years", [">= require", "<= describe"]),
    ("Inclusion", "Participants aged under 21 must be of Tanner stage 5", ["< describe", "in require"]),
    ("Inclusion", "Patients aged > 75 are eligible only if G8 score is above 12", ["> describe", "> require"]),
    (
        "Exclusion",
        "eGFR ≤ 50 mL/min (≤ 45 mL/min for subjects aged 6 to 11 years)",
        ["<= forbid"] * 2 + ["between describe"],
    ),
    ("Inclusion", "Patients aged 18 to 75 years with ECOG 0-1", ["between require", "in require"]),
    # a time for which somebody is to do without
    (
        "Exclusion",
        "Unable to refrain from red wine, grapefruit or grapefruit juice from 7 days prior to the first dose",
        [">= require"],
    ),
    ("Inclusion", "Neither antibiotics nor steroids for at least 6 weeks prior to screening", [">= require"]),
    ("Inclusion", "Cannot have been exposed to chemotherapy for at least 3 years prior to entry", [">= require"]),
    ("Inclusion", "No neurotoxic antiretroviral for at least 8 weeks prior to screening", [">= require"]),
    ("Inclusion", "Test negative for pregnancy, have used birth control for 6 weeks before enrolment", [">= require"]),
    (
        "Inclusion",
        "No oral hormone therapy for 8 weeks and vaginal hormone therapy for 4 weeks prior to the study",
        ["<= forbid", "<= forbid"],
    ),
    ("Inclusion", "Either no chemotherapy or chemotherapy completed > 6 months ago", ["> require"]),
    ("Inclusion", "Off any therapy for 6 months", [">= require"]),
    ("Exclusion", "Off treatment for less than 4 weeks", ["< forbid"]),
    ("Inclusion", "Off all psoriasis-directed therapy for 4 weeks", [">= require"]),
    ("Inclusion", "Abstinent from alcohol for at least 30 days", [">= require"]),
    ("Inclusion", "Patients must refrain from smoking for 2 weeks", [">= require"]),
    ("Exclusion", "Not abstinent from alcohol for 6 months", [">= require"]),
    ("Exclusion", "Cannot be off oxygen for 1 hour", [">= require"]),
    ("Exclusion", "Off oxygen for 1 hour", [">= forbid"]),
    ("Exclusion", "Unable to discontinue tobacco use at least 3 months prior to admission", [">= require"]),
    ("Exclusion", "Tobacco use at least 3 months prior to admission", [">= forbid"]),
    (
        "Inclusion",
        "Willing to refrain from alcohol and caffeine intake starting 48 hours prior to hospitalization",
        [">= require"],
    ),
    ("Exclusion", "At least 14 days since prior surgery", [">= require"]),
    ("Exclusion", "More than 12 hours since the onset of symptoms", ["> forbid"]),
    ("Inclusion", "Must not have lived outside of Japan for more than 5 years", ["> forbid"]),
    ("Inclusion", "Lived outside of Japan for no more than 10 years", ["<= require"]),
    # what "No" denies as a list, and who is kept out if a number holds
    ("Inclusion", "No arrhythmia, atrial fibrillation, or QTc interval ≥ 500 ms", [">= forbid"]),
    ("Inclusion", "No fever, QTc > 480 ms on the first ECG, or family history of long QT", ["> forbid"]),
    ("Inclusion", "No evidence of anemia, platelets > 100,000/µL", ["> require"]),
    ("Inclusion", "No ascites, and albumin > 3 g/dL", ["> require"]),
    ("Inclusion", "If creatinine > 2 mg/dL, the patient is not eligible", ["> forbid"]),
    ("Inclusion", "If AST > 1.5 x ULN or bilirubin > 2.5 x ULN, patients cannot be enrolled", ["> forbid"] * 2),
    ("Inclusion", "ALT ≤ 2 x ULN. Note: If ALT > ULN, hepatitis must be ruled out", ["<= require", "> describe"]),
    ("Inclusion", "Creatinine > 1.5 mg/dL requires a creatinine clearance ≥ 60 mL/min", ["> describe", ">= require"]),
    (
        "Inclusion",
        "Clearance > 60 mL/min; if just below 60 mL/min, then GFR > 50 mL/min",
        ["> require", "< describe", "> require"],
    ),
    # a comparator in front of the standard's name
    ("Exclusion", "Neuropathy >/= Common Terminology Criteria for Adverse Events (CTCAE) Grade 3", ["in forbid"]),
    # what must hold nevertheless
    ("Exclusion", "Stroke. Patients with old strokes may enter if stable for 8 weeks or longer", [">= require"]),
    ("Exclusion", "Skin lesions must be stable for at least one month", [">= require"]),
    ("Exclusion", "Palliative radiotherapy permitted if ended > 10 days prior", ["> require"]),
    (
        "Exclusion",
        "Metastases. Patients may participate provided that they are stable, i.e. without progression for 5 weeks",
        [">= require"],
    ),
    # what an exception, a permission or a prohibition reaches
    ("Exclusion", "Fibrates other than bezafibrate within 4 weeks, niacin > 400 mg per day", ["<= forbid", "> forbid"]),
    ("Exclusion", "Malignancy except skin cancer within 3 years before enrolment", ["<= forbid"]),
    ("Exclusion", "Steroids within 2 weeks, with the exception of prednisone ≤ 5 mg/day", ["<= forbid", "<= permit"]),
    ("Inclusion", "Platelets ≥ 80,000/µL; Hb ≥ 9 g/dL, transfusion permitted", [">= require"] * 2),
    ("Inclusion", "Up to 2 lung nodules, each smaller than 8 mm, are acceptable", ["<= permit", "< permit"]),
    ("Exclusion", "Patients must not have had a stroke within 3 months", ["<= forbid"]),
    ("Exclusion", "Contraceptives that have not been stopped at least 3 weeks before baseline", [">= require"]),
    ("Exclusion", "Unwilling to abstain from alcohol 24 hours before visits", ["None describe"]),
    ("Inclusion", "No more than three prior regimens are allowed", ["<= require"]),
    ("Exclusion", "Surgery planned during the 26-week treatment period", []),
    ("Exclusion", "Surgery planned during the 26 weeks of the study", []),
    ("Exclusion", "Hypertension that is not well controlled (SBP ≤ 150 mmHg)", ["<= require"]),
    ("Exclusion", "Uncontrolled hypertension (SBP > 150 mmHg)", ["> forbid"]),
    ("Inclusion", "Available for 14 months from the start of treatment", ["<= describe"]),
    ("Exclusion", "Transfusion during the 5 months prior to the trial", ["<= forbid"]),
    ("Inclusion", "Adequate liver function within 9 days before the first dose", ["<= describe"]),
    ("Inclusion", "A woman is considered of childbearing potential unless she is aged ≥ 55 years", [">= describe"]),
    ("Exclusion", "Prescription drugs within 10 days unless deemed acceptable by the sponsor", ["<= forbid"]),
    (
        "Exclusion",
        "Platelets < 70,000/mm3 (patients with platelets of 40,000/mm3 are eligible if stable)",
        ["< forbid", "< permit"],
    ),
    ("Exclusion", "Patients on herbal drugs must stop them at least 5 days before baseline", [">= require"]),
    ("Inclusion", "At least 5 weeks since the last dose of bevacizumab", [">= require"]),
    (
        "Exclusion",
        "Investigational agents within 3 weeks (or 5 half-lives of the agent) of screening",
        ["<= forbid"] * 2,
    ),
    ("Exclusion", "Surgery, excluding catheters or biopsies within 12 days", ["<= forbid"]),
    ("Inclusion", "No regular menses, or with no bleeding for at least 1 year", [">= require"]),
    (
        "Inclusion",
        "Prior radiotherapy is permissible, provided at least 5 weeks have elapsed since the last dose",
        [">= require"],
    ),
    ("Inclusion", "Brain metastases are eligible if stable for at least 7 weeks after surgery", [">= require"]),
    ("Exclusion", "Prior malignancy, unless free of the disease for 4 years", [">= permit"]),
    ("Exclusion", "Glucose lowering drugs in a period of 80 days before screening", ["<= forbid"]),
    ("Exclusion", "SBP > 170 mmHg or drugs needed to reach acceptable levels", ["> forbid"]),
    ("Inclusion", "No heart failure (NYHA class III or IV)", ["in forbid"]),
    ("Inclusion", "Men irradiated to ≥ 30 % of the pelvis are not eligible for the study", [">= forbid"]),
    ("Inclusion", "Subjects with AST > 2 x ULN together with ALP > 3 x ULN are not eligible", ["> forbid"] * 2),
    (
        "Exclusion",
        "Bilirubin > ULN (Gilbert's with direct bilirubin < 0.6 mg/dL is allowed)",
        ["> forbid", "< require"],
    ),
    ("Inclusion", "No change of antihypertensive drugs within 3 weeks", ["<= forbid"]),
    # what defines a mention
    ("Inclusion", "No severe anemia, defined as hemoglobin < 9 g/dL", ["< forbid"]),
    ("Inclusion", "Fit patients without comorbidity, defined as CIRS ≤ 5", ["<= require"]),
    ("Inclusion", "No alcoholism (more than 3 drinks a day for 2 years or longer)", ["> forbid", ">= forbid"]),
    ("Inclusion", "For patients with T4 or N2 or M1, measurable disease", ["in describe"] * 3),
    ("Inclusion", "Consent of the parents, and assent over 9 years", ["> describe"]),
    ("Inclusion", "Subjects with AST > 2.5 x ULN together with ALP > 3 x ULN are not eligible", ["> forbid"] * 2),
    ("Inclusion", "No patients with more than one malignancy", ["> forbid"]),
    (
        "Inclusion",
        "Women of childbearing potential (i.e. not postmenopausal for ≥ 2 years) must use contraception",
        [">= describe"],
    ),
    ("Inclusion", "Of non-childbearing potential, defined as postmenopausal for ≥ 2 years", [">= require"]),
    # how long something is absent, and how long a treatment lasts
    ("Inclusion", "No menses for at least 12 months", [">= require"]),
    ("Inclusion", "No immunosuppressive therapy for ≥ 14 days", [">= require"]),
    ("Inclusion", "Off steroids for at least 12 days", [">= require"]),
    ("Inclusion", "Has not been treated with interferon for at least 2 years", [">= require"]),
    ("Inclusion", "Not on a stable dose of statins for at least 5 weeks", [">= forbid"]),
    # what binds nobody: terms, purposes, what follows, what lies after the trial's treatment
    ("Inclusion", "Shock needing dopamine to keep MAP ≥ 60 mmHg", [">= describe"]),
    ("Inclusion", "Able to maintain an oxygen saturation ≥ 90 %", [">= require"]),
    ("Inclusion", "Body weight ≥ 25 kg (< 35 kg will receive the lower dose)", [">= require", "< describe"]),
    ("Inclusion", "Micrometastasis of up to 2 mm counts as node negative", ["<= describe"]),
    ("Exclusion", "Women > 55 years of age are considered of non-childbearing potential", ["> describe"]),
    ("Exclusion", "Radiotherapy. If within 3 weeks, lesions must lie outside of the field", ["<= describe"]),
    (
        "Inclusion",
        "Creatinine ≤ 1.2 mg/dL (or ≤ 2 if on stable diuretics for 6 weeks)",
        ["<= require"] * 2 + [">= describe"],
    ),
    ("Inclusion", "Willing to use contraception during the study and for 60 days after discharge", ["<= describe"]),
    ("Exclusion", "Contraception not used until 4 months after the drug", ["<= describe"]),
    ("Inclusion", "Progression within 4 months after the last dose of platinum", ["<= require"]),
    # what a permission asks for
    ("Inclusion", "Rescue paracetamol up to 2 g/day permitted", ["<= require"]),
    (
        "Inclusion",
        "Brain metastases are eligible if the dose of steroids is stable for at least 5 days",
        [">= require"],
    ),
    ("Inclusion", "Men and non-pregnant women, 20 - 70 years", ["between require"]),
    # when tests were done
    (
        "Inclusion",
        "For minor patients (ages 12 to 17 years), the form must be signed by a parent",
        ["between describe"],
    ),
    ("Inclusion", "For subjects aged 12 to 17 years, assent is required", ["between describe"]),
    ("Exclusion", "Females > 13 years of age or those who have periods must have a negative test", ["> describe"]),
    ("Exclusion", "Infarction within 1 year (a window of less than 1 year) before dosing", ["<= forbid", "< forbid"]),
    (
        "Inclusion",
        "Male and female patients aged 18-75 years with arthritis may participate in this trial",
        ["between require"],
    ),
    ("Inclusion", "Patients over 18 years are eligible if PS 0-1", ["> permit", "in require"]),
    ("Inclusion", "5-HIAA measured within the last 6 weeks", ["<= describe"]),
    ("Exclusion", "QTcF > 480 ms per ECG within 14 days before randomization", ["> forbid", "<= forbid"]),
    ("Exclusion", "Endoscopy within 4 months prior to the first dose need not be repeated", ["<= describe"]),
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
    ("Inclusion", "HBsAg(-) and anti-HCV(-)", "HBsAg", "forbid"),
    ("Inclusion", "No longer requiring corticosteroids", "corticosteroids", "forbid"),
    ("Inclusion", "Not pregnant, and on effective birth control", "effective birth control", "require"),
    ("Inclusion", "Patients with brain metastases can only be included if treated", "brain metastases", "permit"),
    ("Inclusion", "Patients could have had hormonal therapy", "hormonal therapy", "permit"),
    ("Exclusion", "Women of childbearing potential had to use contraception", "contraception", "require"),
    ("Inclusion", "Nonchildbearing potential was defined as surgical sterility", "surgical sterility", "describe"),
    ("Inclusion", "Pregnancy test must be negative", "Pregnancy test must be negative", "require"),
    ("Inclusion", "EGFR-negative lung cancer", "EGFR-negative lung cancer", "require"),
    ("Inclusion", "Lung cancer, not eligible for curative surgery", "curative surgery", "forbid"),
    ("Exclusion", "Not fully recovered from major surgery", "fully recovered from major surgery", "require"),
    ("Inclusion", "Not amenable to curative surgery", "amenable to curative surgery", "forbid"),
    ("Exclusion", "Patients cannot be pregnant", "pregnant", "forbid"),
    ("Exclusion", "Patients who cannot be treated with aspirin", "aspirin", "require"),
    ("Exclusion", "Lactating. Confirmation that the subject is not pregnant must be established", "pregnant", "forbid"),
    ("Inclusion", "Pregnant women are therefore not eligible", "Pregnant", "forbid"),
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
    ("Exclusion", "Anaemia which is not treated, thalassaemia", "thalassaemia", "forbid"),
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
    ("Inclusion", "Off steroids for 2 weeks", "steroids", "permit"),
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
    ("Inclusion", "Corticosteroid doses must remain stable until the first visit", "Corticosteroid", "permit"),
    ("Exclusion", "Unable to stop aspirin", "aspirin", "forbid"),
    ("Exclusion", "Failure to control seizures despite two drugs", "seizures", "forbid"),
    ("Inclusion", "Unable to control asthma with inhaled steroids", "inhaled steroids", "require"),
    ("Exclusion", "Unable to undergo surgery via tracheostomy", "tracheostomy", "forbid"),
    ("Exclusion", "Lack of an acoustic window for drainage", "drainage", "forbid"),
    ("Inclusion", "Absence of any other disease, accompanied by pelvic pain", "pelvic pain", "require"),
    (
        "Exclusion",
        "Radiotherapy. A washout of 1 week is allowed for palliative irradiation",
        "palliative irradiation",
        "permit",
    ),
    ("Inclusion", "Agree to refrain from blood donation", "blood donation", "forbid"),
    ("Exclusion", "Unwilling to refrain from blood donation", "blood donation", "forbid"),
    ("Inclusion", "Willing to abstain from clopidogrel", "clopidogrel", "forbid"),
    ("Exclusion", "Unwillingness to abstain from clopidogrel", "clopidogrel", "forbid"),
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
    ("Inclusion", "No syncope, QTc > 500 ms, or history of long QT syndrome", "long QT syndrome", "forbid"),
    ("Inclusion", "No other treatment of prostate cancer", "other treatment of prostate cancer", "forbid"),
    ("Inclusion", "Imatinib-naïve", "Imatinib", "forbid"),
    ("Inclusion", "No indication for dialysis", "No indication for dialysis", "require"),
    ("Exclusion", "Subjects with hypertension must have been stable for 4 weeks", "hypertension", "permit"),
    ("Exclusion", "Subjects with brain metastases should be excluded", "brain metastases", "forbid"),
    ("Inclusion", "No non-small cell lung cancer", "non-small cell lung cancer", "forbid"),
    ("Inclusion", "Platelets > 50 x 10^9/L without administration of a growth factor", "growth factor", "forbid"),
    ("Inclusion", "Neither undergone nor scheduled to undergo angioplasty", "angioplasty", "forbid"),
    ("Inclusion", "Must not be pregnant, have a normal colonoscopy and use contraception", "colonoscopy", "require"),
    # cues that end inside what they would govern, and kinds that look denied
    ("Exclusion", "Asthma that is not well controlled", "Asthma that is not well controlled", "forbid"),
    ("Inclusion", "Stable disease without evidence of progression", "evidence of progression", "forbid"),
    ("Exclusion", "Non selective beta blockers", "Non selective beta blockers", "forbid"),
    ("Inclusion", "Non pregnant women", "pregnant", "forbid"),
    ("Inclusion", "Non-lactating women", "lactating", "forbid"),
    ("Exclusion", "Unable to swallow tablets and patients with colitis", "colitis", "forbid"),
    ("Inclusion", "Not pregnant or have any other contraindication to MRI", "other contraindication to MRI", "forbid"),
    (
        "Exclusion",
        "A beta blocker that cannot be switched to carvedilol",
        "beta blocker that cannot be switched to carvedilol",
        "forbid",
    ),
    ("Exclusion", "Cannot be switched to carvedilol", "carvedilol", "forbid"),
    ("Inclusion", "Curative resection is not possible", "Curative resection", "forbid"),
    ("Inclusion", "Patients may be on antibiotics", "antibiotics", "permit"),
    ("Exclusion", "Stroke. Patients with migraine were eligible", "migraine", "permit"),
    (
        "Exclusion",
        "Patients must have recovered, not need oxygen, and not have had pneumonitis",
        "pneumonitis",
        "forbid",
    ),
    ("Inclusion", "No patients with epilepsy", "epilepsy", "forbid"),
    ("Inclusion", "Patients may receive no concurrent chemotherapy", "chemotherapy", "forbid"),
    ("Inclusion", "Patients may receive hydroxyurea", "hydroxyurea", "permit"),
    ("Exclusion", "Patients who may receive hydroxyurea", "hydroxyurea", "forbid"),
    ("Inclusion", "Measurable disease is not mandated", "Measurable disease", "permit"),
    ("Inclusion", "Participants who received docetaxel must have progressed", "docetaxel", "permit"),
    ("Exclusion", "Stroke. Surgery must have taken place > 2 years before enrolment", "Surgery", "permit"),
    ("Exclusion", "Pregnant; lactating women must agree not to breast feed", "breast feed", "forbid"),
    # whom the trial does not take, and what treatment does not come into question
    ("Inclusion", "Patients who are not eligible for curative surgery", "curative surgery", "forbid"),
    ("Inclusion", "Subjects with previous irradiation are not eligible for this study", "irradiation", "forbid"),
    ("Inclusion", "Not eligible for transplantation or has relapsed", "relapsed", "require"),
    ("Inclusion", "Sarcoma no longer suitable for resection", "resection", "forbid"),
    ("Inclusion", "Sarcoma that is not fit for resection", "resection", "forbid"),
    ("Exclusion", "Diabetes that does not require insulin, and eczema", "eczema", "forbid"),
    ("Exclusion", "Insulin-treated diabetes", "Insulin-treated diabetes", "forbid"),
    ("Exclusion", "Dependence on opioids", "Dependence on opioids", "forbid"),
    ("Inclusion", "Must be cetuximab-resistant", "cetuximab-resistant", "require"),
    ("Inclusion", "Induction chemotherapy, if given, was based on platinum", "Induction chemotherapy", "permit"),
    ("Inclusion", "Healthy, hepatitis C negative", "Healthy", "require"),
    ("Exclusion", "Lack of response to lithium", "Lack of response to lithium", "forbid"),
    ("Exclusion", "Risk factors for pneumonia", "Risk factors for pneumonia", "forbid"),
    ("Inclusion", "Stage IV (includes M1a or recurrent disease) melanoma", "recurrent disease", "describe"),
    (
        "Inclusion",
        "Bipolar disorder without psychosis by interview, with a current depressive episode",
        "depressive episode",
        "require",
    ),
    ("Exclusion", "Carcinoma prior to liver transplant", "liver transplant", "describe"),
    ("Inclusion", "At least 20 subjects will have cirrhosis", "cirrhosis", "describe"),
    ("Inclusion", "At least one lesion that has not been irradiated", "irradiated", "describe"),
    (
        "Exclusion",
        "Previous treatment with HER2 targeted antibody",
        "HER2 targeted antibody",
        "forbid",
    ),
    ("Inclusion", "Newly diagnosed and chemotherapy-naïve", "chemotherapy", "forbid"),
    ("Exclusion", "Suicidal ideation, which may be considered as evidence of suicide risk", "suicide risk", "forbid"),
    ("Inclusion", "Negative hepatitis B, hepatitis C and HIV testing", "hepatitis C", "forbid"),
    ("Inclusion", "Taxane given up for lack of resolution of toxicity", "toxicity", "require"),
    ("Inclusion", "Trastuzumab is required for patients who have bone metastases", "bone metastases", "describe"),
    ("Inclusion", "At least 6 months since prior treatment with tacrolimus", "tacrolimus", "permit"),
    ("Exclusion", "Steroids (prednisone is permitted as supportive care)", "supportive care", "permit"),
    (
        "Exclusion",
        "Has had chemotherapy, tyrosine kinase inhibitors besides gefitinib, or radiotherapy",
        "radiotherapy",
        "forbid",
    ),
    ("Exclusion", "Any symptoms attributed to brain metastases must be stable", "brain metastases", "permit"),
    (
        "Inclusion",
        "Surgery completed at least 6 months before the diagnosis of recurrent sarcoma",
        "recurrent sarcoma",
        "describe",
    ),
    ("Inclusion", "Negative screening for tuberculosis", "tuberculosis", "forbid"),
    # an exception in front ends where the sentence begins
    ("Inclusion", "Except for alopecia, all adverse events have resolved", "adverse events", "require"),
    ("Inclusion", "Except for alopecia, all adverse events have resolved", "alopecia", "permit"),
    ("Exclusion", "Cancer; this exception does not include melanoma", "melanoma", "forbid"),
    ("Exclusion", "Unable to swallow tablets, ileus or vomiting", "vomiting", "forbid"),
    (
        "Exclusion",
        "Lupus. Hormone replacement is not considered a form of systemic treatment",
        "Hormone replacement",
        "permit",
    ),
    ("Inclusion", "Cetuximab ± radiotherapy", "radiotherapy", "permit"),
    ("Exclusion", "Pelvic irradiation in the past. No dementia", "dementia", "forbid"),
    # what is excepted from a permission, and an exception that has its own
    ("Inclusion", "Prior chemotherapy is allowed, except for doxorubicin", "doxorubicin", "forbid"),
    ("Exclusion", "Hepatitis C, except for patients with cirrhosis, who can be included", "Hepatitis C", "forbid"),
    ("Exclusion", "Hepatitis C, except for patients with cirrhosis, who can be included", "cirrhosis", "permit"),
    # what a permission denies
    (
        "Exclusion",
        "Steroids. Inhaled steroids are permitted in the absence of autoimmune disease",
        "autoimmune disease",
        "forbid",
    ),
    ("Exclusion", "Metastases; treated ones are allowed if they have no progression", "progression", "forbid"),
    ("Exclusion", "Men who are not willing to use contraception", "contraception", "require"),
    # who lacks something is kept out
    ("Exclusion", "Patients who do not use contraception will be excluded", "contraception", "require"),
    ("Inclusion", "Patients without measurable disease are not eligible", "measurable disease", "require"),
    ("Inclusion", "No asthma (epilepsy within 3 months is excluded)", "epilepsy", "forbid"),
    # what was not achieved is denied, whatever "failed to" else says
    ("Exclusion", "Failure to achieve remission", "remission", "require"),
    ("Inclusion", "Failure to achieve remission after 2 cycles of induction", "remission", "forbid"),
    ("Inclusion", "Failure to have responded to a trial of erythropoietin", "erythropoietin", "require"),
    ("Inclusion", "Failed to achieve control with 2 antiepileptic drugs", "antiepileptic drugs", "require"),
    # a list that is denied goes on over its semicolons up to "or", and over its commas up to what must be
    ("Inclusion", "No prior doxorubicin; epirubicin; or idarubicin", "epirubicin", "forbid"),
    ("Inclusion", "No active infection; HIV; hepatitis B or C; or tuberculosis", "tuberculosis", "forbid"),
    ("Inclusion", "Not pregnant; or using contraception", "contraception", "require"),
    ("Inclusion", "No prior chemotherapy; asthma must be controlled; or COPD", "COPD", "require"),
    ("Exclusion", "No health insurance; pregnancy; or breastfeeding", "pregnancy", "forbid"),
    ("Inclusion", "Must not have dyspnea at rest, epilepsy, and must have asthma", "epilepsy", "forbid"),
    ("Inclusion", "Must not have dyspnea at rest, epilepsy, and must have asthma", "asthma", "require"),
    # what is listed as permitted is
    ("Exclusion", "Permitted antihypertensive medications include: amlodipine, atenolol", "atenolol", "permit"),
    (
        "Exclusion",
        "Major surgery. The following are not considered to be major surgery: thoracentesis, biopsy",
        "thoracentesis",
        "permit",
    ),
    ("Exclusion", "Acceptable treatments are statins and metformin", "metformin", "permit"),
    ("Exclusion", "Herbal medicine will not be considered as contraindications", "Herbal medicine", "permit"),
    ("Exclusion", "Passive suicidal ideation is not necessarily excluded", "Passive suicidal ideation", "permit"),
    # under which treatment a measure keeps out, that treatment does not
    ("Exclusion", "BP > 140/90 mmHg on more than 2 antihypertensive drugs", "antihypertensive drugs", "describe"),
    ("Exclusion", "QTc > 450 ms or on amiodarone", "amiodarone", "forbid"),
    ("Inclusion", "LDL ≥ 100 mg/dL on statins", "statins", "require"),
    # who a limit is for is asked to be so by nothing
    ("Inclusion", "Patients with documented liver metastases: AST ≤ 5 x ULN", "liver metastases", "describe"),
    ("Exclusion", "Subjects with renal impairment: creatinine clearance < 30 mL/min", "renal impairment", "forbid"),
    # a list that is the subject of a permission is permitted, its first item as well
    ("Exclusion", "Anticoagulants. Low-dose aspirin, and heparin flushes are allowed", "Low-dose aspirin", "permit"),
    (
        "Exclusion",
        "Anticoagulation. Aspirin ≤ 325 mg/day and low-dose heparin (e.g. DVT prophylaxis) are allowed",
        "Aspirin",
        "permit",
    ),
    ("Exclusion", "Asthma. Patients must not have epilepsy, and statins are allowed", "epilepsy", "forbid"),
    # who needs something is kept out; what is needed of all is asked for
    ("Exclusion", "Patients are excluded if oxygen therapy is required", "oxygen therapy", "forbid"),
    ("Exclusion", "COPD in which oxygen therapy is required", "COPD", "forbid"),
    ("Exclusion", "Women of childbearing potential. Contraception is required", "Contraception", "require"),
]


@pytest.mark.parametrize(("section", "text", "mention", "expected"), MENTIONS, ids=[row[1] for row in MENTIONS])
def test_a_mention_has_the_requirement_of_its_form(section: str, text: str, mention: str, expected: str) -> None:
    assert {row.text: row.requirement for row in read(section, text).mentions}[mention] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("No other serious illness including, but not limited to, any of the following:", "forbid"),
        ("No condition that would preclude compliance, including the following:", "forbid"),
        ("A serious illness including one of the following:", "require"),
        ("No more than two prior drugs including the following:", "require"),
    ],
)
def test_what_a_denied_kind_includes_is_denied_below_it(line: str, expected: str) -> None:
    tables = readings.read(f"Inclusion Criteria:\n* {line}\n  * Unstable angina\n  * Active infection")
    below = [row.requirement for row in tables.mentions if row.criterion_id.startswith("I1.")]
    assert below == [expected] * 2


def test_a_list_of_denials_may_deny_each_item_once_more() -> None:
    text = "Inclusion Criteria:\n* None of the following:\n  * No stroke\n  * Unstable angina\n  * No QTc > 500 ms"
    tables = readings.read(text)
    assert [row.requirement for row in (*tables.mentions, *tables.constraints)] == ["forbid"] * 3


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
    whole, limits = (read_trial(readings.pipeline(), trial, only) for only in ("all", "constraints"))
    of_limits = [tuple(name for name in row.targets if "c" in name) for row in whole.constraints]
    assert [row.targets for row in limits.constraints] == of_limits
    assert [row.requirement for row in limits.constraints] == [row.requirement for row in whole.constraints]


def test_a_condition_is_laid_out_with_the_limit_that_it_is_for() -> None:
    rows = read("Inclusion", "Lansky ≥ 60 for patients ≤ 16 years").constraints
    assert [row.condition for row in rows] == ["for patients ≤ 16 years", None]


CONDITIONS = [
    # whom the trial is for is no condition
    ("Inclusion", "Women aged 20 to 40 years", [None]),
    ("Inclusion", "Aged 20 to 60 years, male or female", [None]),
    ("Inclusion", "Men and non-pregnant women, 20 - 70 years", [None]),
    ("Inclusion", "Hemoglobin: men > 12 g/dL, women > 11 g/dL", ["men", "women"]),
    # the arm that a criterion opens with is its cohort; other arms are conditions
    ("Inclusion", "Part A: 7 through 10 years of age", [None]),
    (
        "Inclusion",
        "FEV1 40 to 80 % predicted for age and height in Part A, or ≥ 60 % in Part B",
        ["in Part A", "in Part B"],
    ),
    ("Exclusion", "Calcium above ULN, or ferritin < 10 ng/mL (Cohorts A and B).", ["Cohorts A and B"] * 2),
    (
        "Exclusion",
        "Creatinine ≥ 1.6 mg/dL (141 µmol/L) for men and ≥ 1.3 mg/dL (115 µmol/L) for women",
        ["for men", "for women"],
    ),
    (
        "Inclusion",
        "ALT ≤ 3 x ULN unless due to liver metastases in which case ≤ 6 x ULN",
        [None, "unless due to liver metastases"],
    ),
    ("Inclusion", "≥ 1 lesion ≥ 20 mm by x-ray or ≥ 10 mm by spiral CT", [None, "by x-ray", "by spiral CT"]),
    (
        "Inclusion",
        "Bilirubin ≤ ULN (subjects with Gilbert's can have bilirubin up to 2 x ULN)",
        [None, "subjects with Gilbert's"],
    ),
    (
        "Inclusion",
        "Creatinine ≤ 1.4 mg/dL or, if greater than 1.4 mg/dL, CrCl ≥ 45 mL/min",
        [None, None, "if greater than 1.4 mg/dL"],
    ),
    ("Exclusion", "More than 5 units per week of alcohol while on methotrexate", ["while on methotrexate"]),
    ("Inclusion", "At least 1 prior regimen for metastatic disease", [None]),
    (
        "Inclusion",
        "CrCl > 45 mL/min per Cockcroft-Gault (adults) or GFR ≥ 70 mL/min (children)",
        ["adults", "children"],
    ),
    (
        "Inclusion",
        "ECOG 0-1; ECOG 2 is acceptable only if caused by the tumour",
        [None, "only if caused by the tumour"],
    ),
    (
        "Inclusion",
        "For patients over 65, CrCl > 45 mL/min and creatinine < 1.3 mg/dL",
        [None] + ["For patients over 65"] * 2,
    ),
    ("Inclusion", "HBV DNA < 1000 IU/mL; if HBV DNA is higher, antiviral drugs", [None]),
    ("Exclusion", "CRP > ULN [in case of Japan: ≥ 11 mg/L]", [None, "in case of Japan"]),
    ("Inclusion", "Karnofsky ≥ 60 (patients > 16 years of age)", ["patients > 16 years", None]),
    # "unless" lifts, "fasting" qualifies
    ("Exclusion", "HIV infection, unless CD4 ≥ 400/µL", [None]),
    ("Exclusion", "Triglycerides > 400 mg/dL while fasting", [None]),
    ("Inclusion", "Oxygen saturation > 90 % on room air", [None]),
    # for whom a limit holds
    ("Exclusion", "INR > 1.8 in a patient who takes no warfarin", ["in a patient who takes no warfarin"]),
    ("Exclusion", "INR above 3 on warfarin", ["on warfarin"]),
    ("Exclusion", "Life expectancy of less than 2 years due to another illness", ["due to another illness"]),
    ("Inclusion", "Adequate function. HIV-positive patients must have a CD4 count ≥ 300/µL", ["HIV-positive patients"]),
    (
        "Inclusion",
        "Treated before. Previously treated patients: at least 2 injections",
        ["Previously treated patients"],
    ),
    ("Inclusion", "Pregnancy test when done in ≥ 2 laboratories", [None]),
]


@pytest.mark.parametrize(("section", "text", "expected"), CONDITIONS, ids=[text for _, text, _ in CONDITIONS])
def test_a_limit_holds_under_the_condition_that_is_said(section: str, text: str, expected: list[str | None]) -> None:
    assert [row.condition for row in read(section, text).constraints] == expected


def test_a_limit_for_those_above_another_one_replaces_that_one() -> None:
    text = "Creatinine ≤ 1.5 x ULN, or creatinine clearance ≥ 50 mL/min for patients with creatinine levels > 1.5 x ULN"
    first, second, said = read("Inclusion", text).constraints
    assert second.condition == "for patients with creatinine levels > 1.5 x ULN"
    assert (second.condition_id, second.exception_to) == ("creatinine_above_limit", first.constraint_id)
    assert said.requirement == "describe"


def test_the_arm_that_a_criterion_opens_with_is_its_cohort() -> None:
    tables = read("Inclusion", "Part A: ECOG 0-1")
    assert [criterion.cohort for criterion in tables.criteria] == ["Part A"]


def test_a_window_behind_an_exception_is_that_of_the_whole() -> None:
    tables = read("Exclusion", "Malignancy other than skin cancer within 3 years")
    (window,), (whole, part) = tables.constraints, tables.mentions
    assert window.targets == (whole.mention_id,)
    assert (part.text, part.exception_to) == ("skin cancer", whole.mention_id)


def test_washouts_are_required_even_among_reasons_for_exclusion() -> None:
    text = "Exclusion Criteria:\n* Washouts not respected:\n  1. Ustekinumab: 10 weeks\n  2. Ciclosporin: 5 weeks"
    rows = readings.read(text).constraints
    assert [(row.operator, row.requirement) for row in rows] == [(">=", "require")] * 2


VARIANTS = [
    ("Exclusion", "Chemotherapy within 3 weeks (bevacizumab within 5 weeks) before randomization", "bevacizumab", None),
    ("Exclusion", "Chemotherapy within 3 weeks (5 weeks for nitrosoureas) before randomization", "nitrosoureas", None),
    (
        "Inclusion",
        "Oxaliplatin stopped at least 6 months (bevacizumab: ≥ 8 months) before relapse",
        "bevacizumab",
        None,
    ),
    ("Exclusion", "Surgery within 6 months (10 months for the elderly)", "Surgery", "for the elderly"),
    (
        "Exclusion",
        "Rituximab within 12 months, or 6 months if B cells are normal",
        "Rituximab",
        "if B cells are normal",
    ),
]


@pytest.mark.parametrize(("section", "text", "event", "condition"), VARIANTS, ids=[text for _, text, *_ in VARIANTS])
def test_a_distance_in_brackets_replaces_that_in_front(
    section: str, text: str, event: str, condition: str | None
) -> None:
    tables = read(section, text)
    first, second = tables.constraints
    aimed = [mention.text for mention in tables.mentions if mention.mention_id in second.targets]
    assert (aimed, second.condition, second.exception_to) == ([event], condition, first.constraint_id)
    assert (second.kind, second.operator) == ("time_window", first.operator)


def test_a_number_within_an_exception_narrows_what_is_excepted() -> None:
    tables = read("Exclusion", "Malignancy other than excised skin cancer (up to 2 lesions)")
    (count,), (whole, part) = tables.constraints, tables.mentions
    assert (count.targets, count.exception_to, count.requirement) == ((part.mention_id,), None, "permit")
    assert part.exception_to == whole.mention_id


KIN = [
    ("Brain metastases or leptomeningeal disease, unless the brain metastases are treated", "Brain metastases"),
    ("Malignancy or organ transplantation, except skin cancer", "Malignancy"),
    ("Oral steroids or another immunosuppressant; inhaled steroids are allowed", "Oral steroids"),
    ("Autoimmune disease or asthma, except vitiligo", "asthma"),  # nothing tells: the nearest of its kind
    ("Stroke or anticoagulants, except epilepsy", "Stroke"),
    # "unless" and a permission are of all that is listed, where what they name is akin to none of it
    (
        "Ventricular fibrillation, Torsade de Pointes, or stroke unless a pacemaker is in place",
        "Ventricular fibrillation",
    ),
    ("Pulmonary embolism or stroke within 3 months unless on a stable anticoagulant", "Pulmonary embolism"),
    ("Prednisone > 10 mg/d or other immunosuppressants (topical ones are allowed)", "Prednisone"),
    ("Chemotherapy, immunotherapy, or investigational therapy. Bisphosphonates are permitted", "Chemotherapy"),
    ("Active tuberculosis, or a positive QuantiFERON unless isoniazid was taken", "positive QuantiFERON"),
]


@pytest.mark.parametrize(("text", "whole"), KIN, ids=[text for text, _ in KIN])
def test_an_exception_is_made_from_what_is_most_akin_to_it(text: str, whole: str) -> None:
    *others, last = read("Exclusion", text).mentions
    said = {row.mention_id: row.text for row in others}
    assert said[next(row.exception_to for row in (last, *others) if row.exception_to) or ""] == whole


def test_exceptions_below_a_line_are_made_from_what_it_asks() -> None:
    text = "Exclusion Criteria:\n* Lupus (the following exceptions are permitted):\n  * Vitiligo\n  * Gout\n* Stroke"
    rows = readings.read(text).mentions
    assert [row.exception_to for row in rows] == [None, "E1m1", "E1m1", None]


def test_what_stands_below_allowed_is_excepted_from_what_stands_in_front() -> None:
    text = (
        "Exclusion Criteria:\n* Systemic steroids. Allowed:\n  * prednisone ≤ 10 mg/day\n  * inhaled steroids\n* Stroke"
    )
    tables = readings.read(text)
    assert [row.requirement for row in tables.constraints] == ["permit"]
    assert [(row.requirement, row.exception_to) for row in tables.mentions] == [
        ("forbid", None),
        ("permit", "E1m1"),
        ("permit", "E1m1"),
        ("forbid", None),
    ]


@pytest.mark.parametrize(
    "whom",
    [
        "Patients with treated metastases may participate if:",
        "Patients with treated metastases are eligible, provided they meet all of the following criteria:",
        "Subjects with treated metastases are allowed if all of the following are met:",
    ],
)
def test_whom_an_exclusion_lets_in_has_to_meet_what_stands_below(whom: str) -> None:
    below = "  * LVEF > 50 %\n  * no lesion > 2 cm\n  * No seizures"
    text = f"Exclusion Criteria:\n* CNS metastases. {whom}\n{below}\n* ALT > 90 U/L"
    tables = readings.read(text)
    assert [(row.section, row.requirement) for row in tables.constraints] == [
        ("exclusion", "require"),
        ("exclusion", "forbid"),
        ("exclusion", "forbid"),
    ]
    assert [row.requirement for row in tables.mentions] == ["forbid", "permit", "forbid"]
    assert [row.children for row in tables.criteria] == ["all", None, None, None, None]


@pytest.mark.parametrize(
    "whom",
    [
        "will be ineligible if:",
        "are not allowed to enter the study if:",
        "are excluded if:",
        "will not be enrolled if:",
        "may not be included in the study if:",
        "cannot participate if:",
        "can't be enrolled if:",
        "are ineligible for enrollment if:",
        "are unable to participate when:",
    ],
)
def test_whom_an_exclusion_keeps_out_meets_what_stands_below(whom: str) -> None:
    text = f"Exclusion Criteria:\n* Patients with metastases {whom}\n  * LVEF < 50 %\n  * ALT > 90 U/L"
    assert [row.requirement for row in readings.read(text).constraints] == ["forbid", "forbid"]


def test_gilberts_syndrome_is_excepted_from_bilirubin() -> None:
    tables = read(
        "Exclusion", "Creatinine > 2 mg/dL, bilirubin > 2 mg/dL or ALT > 90 U/L, except in Gilbert's syndrome"
    )
    assert tables.mentions[-1].exception_to == tables.constraints[1].constraint_id


def test_a_permitted_number_lifts_what_is_forbidden_in_front_of_it() -> None:
    tables = read("Exclusion", "HBs antigen positive (HBV DNA < 20 IU/mL is permitted)")
    (load,), (positive,) = tables.constraints, tables.mentions
    assert (load.requirement, load.exception_to) == ("permit", positive.mention_id)


def test_what_time_is_counted_since_is_the_event() -> None:
    tables = read("Inclusion", "At least 5 weeks since the last dose of bevacizumab")
    (window,), (drug,) = tables.constraints, tables.mentions
    assert (window.targets, window.window_direction, window.anchor) == ((drug.mention_id,), "before", "now")
    assert drug.requirement == "permit"


@pytest.mark.parametrize("section", ["Inclusion", "Exclusion"])
def test_a_proviso_is_asked_of_what_is_acceptable(section: str) -> None:
    text = "Bilirubin {} 1.5 x ULN (isolated bilirubin > 1.5 x ULN is acceptable if direct bilirubin < 35 %)"
    first, lifted, proviso = read(section, text.format("≤" if section == "Inclusion" else ">")).constraints
    assert (lifted.requirement, lifted.exception_to, lifted.condition) == ("permit", first.constraint_id, None)
    assert (proviso.requirement, proviso.targets, proviso.condition) == ("require", (lifted.constraint_id,), None)


def test_age_groups_are_named_by_their_years() -> None:
    tables = read("Inclusion", "HCT-CI ≤ 4 (≤ 2 for patients over 65 years)")
    assert [row.condition_id for row in tables.constraints] == [None, "elderly", None]
    tables = read("Exclusion", "eGFR ≤ 50 mL/min (≤ 40 mL/min for subjects aged 5 to 11 years)")
    assert [row.condition_id for row in tables.constraints] == [None, "child", None]


def test_a_class_that_somebody_must_agree_to_is_permitted() -> None:
    first, second = read("Inclusion", "ECOG PS 0-1 (PS 2 after discussion with the sponsor)").constraints
    assert (second.requirement, second.exception_to) == ("permit", first.constraint_id)


BIND_NOBODY = [
    ("ECOG performance status ≤ 1 (Karnofsky ≥ 70%)", ["ecog"], [("70", "restated")]),
    ("Calcium < 7 or > 12.5 mg/dL (> 3.1 mmol/L)", ["calcium"], [("3", "restated"), ("1", "restated")]),
    ("Child-Pugh class A (5-6 points)", ["child_pugh"], [("5", "restated"), ("6", "restated")]),
    ("ECOG 0-1 or Karnofsky ≥ 70", ["ecog", "karnofsky"], []),
    ("SBP 95-135 mmHg after 5 minutes of rest", ["sbp"], [("5", "protocol")]),
    ("Heart rate ≤ 90 bpm after resting supine for at least 10 minutes", ["heart_rate"], [("10", "protocol")]),
    ("Lesion ≥ 10 mm by CT (slice thickness no greater than 5 mm)", ["lesion_size"], [("5", "protocol")]),
]


@pytest.mark.parametrize(("text", "attributes", "numerals"), BIND_NOBODY, ids=[text for text, *_ in BIND_NOBODY])
def test_numbers_that_bind_nobody_are_numerals(
    text: str, attributes: list[str], numerals: list[tuple[str, str]]
) -> None:
    tables = read("Inclusion", text)
    assert [row.attribute for row in tables.constraints] == attributes
    assert [(row.text, row.reason) for row in tables.numerals] == numerals


BELOW = [
    ("Does not have any of the following:", "Diabetes", "forbid"),
    ("Is not pregnant, and at least one of the following applies:", "Surgically sterile", "require"),
    ("Disease not amenable to surgery of one of the following types:", "Thymoma", "require"),
    ("Patients with any of the following are not eligible for the study:", "Diabetes", "forbid"),
    ("Any of these conditions will be exclusionary for study participation:", "Diabetes", "forbid"),
    ("Measurable lesions, without which a patient is not eligible, are the following:", "Lung metastases", "require"),
]


@pytest.mark.parametrize(("lead", "item", "expected"), BELOW, ids=[lead for lead, _, _ in BELOW])
def test_a_negation_above_reaches_what_it_announces_and_nothing_else(lead: str, item: str, expected: str) -> None:
    found = read("Inclusion", f"{lead}\n    * {item}").mentions
    assert [mention.requirement for mention in found if mention.criterion_id == "I1.1"] == [expected]


def test_methods_of_contraception_below_a_duty_are_no_reasons_for_exclusion() -> None:
    lead = "Women of childbearing potential must agree to use one of the following methods of contraception:"
    found = read("Exclusion", f"{lead}\n    * Condom").mentions
    assert [mention.requirement for mention in found if mention.criterion_id == "E1.1"] == ["describe"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Prednisone ≤ 5 mg twice daily", "mg/(12.h)"),
        ("Prednisone ≤ 5 mg tid", "mg/(8.h)"),
        ("Prednisone ≤ 5 mg daily", "mg/d"),
    ],
)
def test_how_often_a_dose_is_given_is_in_its_unit(text: str, unit: str) -> None:
    assert [row.unit for row in read("Inclusion", text).constraints] == [unit]


def test_all_that_a_patient_may_have_had_is_permitted() -> None:
    tables = read(
        "Inclusion",
        "Subjects may have received cytokine therapy (e.g. interleukin-2) or checkpoint inhibitor therapy "
        "(e.g. anti-PD1) or mTOR inhibitor therapy",
    )
    assert [mention.requirement for mention in tables.mentions] == ["permit"] * 3


@pytest.mark.parametrize(
    ("text", "requirement"),
    [
        ("Any patient taking gabapentin must be on a stable dose for 30 days", "permit"),
        ("Any patient must take gabapentin, on a stable dose for 30 days", "require"),
    ],
)
def test_what_one_patient_takes_is_asked_of_nobody_else(text: str, requirement: str) -> None:
    assert [mention.requirement for mention in read("Inclusion", text).mentions] == [requirement]


@pytest.mark.parametrize(
    "line",
    [
        "Another malignant tumor (excluding the tumors below), unless free of disease for 5 years",
        "Another malignant tumor (except for those listed below)",
        "Another malignant tumor, other than those mentioned below:",
    ],
)
def test_what_is_excepted_below_a_line_is_permitted(line: str) -> None:
    listed = "Exclusion Criteria:\n\n- " + line + "\n  - Basal cell carcinoma\n  - Cervical carcinoma in situ\n- Asthma"
    found = {mention.text: mention.requirement for mention in readings.read(listed).mentions}
    assert found["Basal cell carcinoma"] == found["Cervical carcinoma in situ"] == "permit"
    assert found["Asthma"] == "forbid"


@pytest.mark.parametrize(
    ("text", "requirements"),
    [
        ("At least 28 days since prior significant traumatic injury", ["permit"]),
        ("At least 28 days since major surgery or significant traumatic injury", ["permit", "permit"]),
        ("More than 12 months since stroke", ["require"]),  # it may be what the trial is about
    ],
)
def test_what_may_have_befallen_a_patient_long_ago_is_permitted(text: str, requirements: list[str]) -> None:
    assert [mention.requirement for mention in read("Inclusion", text).mentions] == requirements
