"""Mentions: which words of a criterion are one, which share a head, and which only stand beside it."""

import pytest

from readings import read
from trialcriteria.records import Mention


def mentions(text: str) -> list[Mention]:
    return read(text).mentions


def words(text: str) -> list[str]:
    return [mention.text for mention in mentions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rapidly progressive acute renal failure", ["Rapidly progressive acute renal failure"]),
        (
            "Patients with mentally disabled relatives, chronically infected",
            ["mentally disabled", "chronically infected"],
        ),
        ("Hemodynamically significant arrhythmias", ["Hemodynamically significant arrhythmias"]),
        ("Currently suicidal", ["suicidal"]),
        ("Hepatic, renal or neurologic disease", ["Hepatic", "renal", "neurologic disease"]),
        ("Severe haemophilia A or B", ["Severe haemophilia A", "B"]),
        ("Hepatitis B (DNA above 2000 IU/mL) or C", ["Hepatitis B", "C"]),
        ("Basal or squamous cell skin cancer", ["Basal", "squamous cell skin cancer"]),
        ("Guttate or pustular psoriasis", ["pustular psoriasis"]),
        ("Medical or psychiatric illness", ["psychiatric illness"]),
        ("Family history, renal failure", ["renal failure"]),
        (
            "Hypertrophic, restrictive or infiltrative cardiomyopathy",
            ["Hypertrophic", "restrictive", "infiltrative cardiomyopathy"],
        ),
        ("Guttate, erythrodermic or pustular psoriasis", ["Guttate", "erythrodermic", "pustular psoriasis"]),
        ("Diffuse or infiltrative HCC", ["Diffuse", "infiltrative HCC"]),
        ("Active, obstructive uropathy", ["Active, obstructive uropathy"]),
        ("Uncontrolled hypo- or hyperthyroidism", ["Uncontrolled hypo-", "hyperthyroidism"]),
        ("Low- or high-grade glioma", ["high-grade glioma"]),
        ("Clinically significant hepatic or renal impairment", ["Clinically significant hepatic", "renal impairment"]),
        ("GI or urinary bleeding", ["GI", "urinary bleeding"]),
        ("Alcohol or other substance abuse", ["Alcohol", "other substance abuse"]),
        ("History of drug and/or alcohol dependence", ["drug", "alcohol dependence"]),
        ("Moderate CYP2C8 or strong CYP3A4 inhibitor", ["Moderate CYP2C8", "strong CYP3A4 inhibitor"]),
        ("Serious liver, kidney or heart disease", ["Serious liver", "kidney", "heart disease"]),
        ("Chest or abdominal surgery", ["Chest", "abdominal surgery"]),
        ("Arthroplasty of the index joint, or joint surgery", ["Arthroplasty", "joint surgery"]),
        ("EGFR, ALK or ROS1 mutations", ["EGFR", "ALK", "ROS1 mutations"]),
        ("Type 1 or type 2 diabetes", ["Type 1", "type 2 diabetes"]),
        ("Carcinoma in situ of the cervix or bladder", ["Carcinoma in situ of the cervix", "bladder"]),
        ("Uncontrolled or poorly controlled asthma", ["Uncontrolled or poorly controlled asthma"]),
        ("Tumor necrosis factor-α (TNF-α) blockers", ["Tumor necrosis factor-α (TNF-α) blockers"]),
        ("Use of intravenous (IV) corticosteroids within 2 weeks of screening", ["intravenous (IV) corticosteroids"]),
        ("ER(-) PR(-) and HER-2(-)", ["ER(-)", "PR(-)", "HER-2(-)"]),
        ("Inadequate contraception", ["Inadequate contraception"]),
        ("Receiving CYP3A4 and 5 inhibitors and inducers", ["CYP3A4 and 5 inhibitors and inducers"]),
        ("Use of a strong cytochrome P450 (CYP)3A4/5 inhibitor", ["strong cytochrome P450 (CYP)3A4/5 inhibitor"]),
        ("Organ transplant other than a kidney", ["Organ transplant other than a kidney"]),
        ("Malignancy other than basal cell carcinoma", ["Malignancy", "basal cell carcinoma"]),
        ("Disease requiring re-resection", ["re-resection"]),
        ("Serious, non-healing wound or ulcer", ["Serious, non-healing wound", "ulcer"]),
        ("Asthma that is uncontrolled, or seizures", ["Asthma that is uncontrolled", "seizures"]),
        ("Asthma that is uncontrolled and/or a history of cancer", ["Asthma that is uncontrolled", "cancer"]),
        ("Allergy to any of the drugs or components used", ["Allergy to any of the drugs or components"]),
        (
            "Hypersensitivity to any of the active ingredients of ZYT1 formulation.",
            ["Hypersensitivity to any of the active ingredients of ZYT1 formulation"],
        ),
        ("Unscheduled ER or clinic visits", []),
        ("3rd degree AV block or bradycardia", ["3rd degree AV block", "bradycardia"]),
        ("Second- or third-degree atrioventricular block", ["Second- or third-degree atrioventricular block"]),
        ("Active, uncontrolled, serious infections", ["Active, uncontrolled, serious infections"]),
        ("Anaplastic or medullary carcinoma", ["Anaplastic", "medullary carcinoma"]),
        ("Sensitizing mutations in EGFR", ["mutations in EGFR"]),
        ("Anlotinib hydrochloride treatment", ["Anlotinib hydrochloride treatment"]),
        ("Allergic to test drug ingredients", ["Allergic to test drug ingredients"]),
        ("Hypersensitivity to components of paclitaxel", ["Hypersensitivity to components of paclitaxel"]),
        ("Arrhythmias need to be treated", ["Arrhythmias need to be treated"]),
        ("Moderate to severe chronic plaque psoriasis", ["Moderate to severe chronic plaque psoriasis"]),
        ("Untreated moderate or severe depression", ["Untreated moderate or severe depression"]),
        (
            "Pneumonia requiring steroids, antifungals, or antivirals",
            ["Pneumonia requiring steroids, antifungals, or antivirals"],
        ),
        (
            "Pain requiring opioids, steroids within a week, or surgery",
            ["Pain requiring opioids", "steroids", "surgery"],
        ),
        (
            "Allergy/sensitivity or any hypersensitivity to eggs",
            ["Allergy/sensitivity or any hypersensitivity to eggs"],
        ),
        ("Positive urine screen for alcohol or cocaine", ["Positive urine screen for alcohol or cocaine"]),
        ("Positive drug/alcohol screen", ["Positive drug/alcohol screen"]),
        ("Human immunodeficiency virus (HIV) positive", ["Human immunodeficiency virus (HIV) positive"]),
        ("Medication overuse", ["Medication overuse"]),
        ("Serious active ongoing infection", ["Serious active ongoing infection"]),
        ("Unstable/uncontrolled asthma", ["Unstable/uncontrolled asthma"]),
        ("Unresectable locally advanced/metastatic NSCLC", ["Unresectable locally advanced/metastatic NSCLC"]),
        ("Rituximab-containing therapy", ["Rituximab-containing therapy"]),
        ("Hepatitis B or C infection", ["Hepatitis B", "C infection"]),
        ("Hepatitis B and C co-infection", ["Hepatitis B", "C co-infection"]),
        ("Wild-type EGFR/ALK", ["Wild-type EGFR/ALK"]),
        ("Negative serum hCG pregnancy test", ["Negative serum hCG pregnancy test"]),
        ("Adverse events of prior chemotherapy resolved", ["Adverse events of prior chemotherapy resolved"]),
        # what stands in front makes another thing of it
        ("Other conditions causing neuropathic pain", ["Other conditions causing neuropathic pain"]),
        ("AV-block II or III", ["AV-block"]),
        (
            "Renal cell carcinoma (RCC), locally advanced or metastatic",
            ["Renal cell carcinoma", "locally advanced", "metastatic"],
        ),
        ("Breast cancer, metastatic disease", ["Breast cancer", "metastatic disease"]),
        ("Atrial fibrillation, paroxysmal or persistent", ["Atrial fibrillation", "paroxysmal", "persistent"]),
        ("Liver disease, recurrent infections or asthma", ["Liver disease", "recurrent infections", "asthma"]),
        (
            "NSCLC that is locally advanced, recurrent or metastatic",
            ["NSCLC that is locally advanced, recurrent or metastatic"],
        ),
        ("Strong CYP3A4 inhibitors or inducers", ["Strong CYP3A4 inhibitors", "inducers"]),
        ("Singleton or twin pregnancy", ["Singleton", "twin pregnancy"]),
        ("Negative urine and/or serum pregnancy test", ["Negative urine and/or serum pregnancy test"]),
        ("Active infection, including HIV or hepatitis B", ["Active infection", "HIV", "hepatitis B"]),
        ("Heart disease, including valve disease", ["Heart disease"]),
        ("Oral steroids, topical antibiotics", ["Oral steroids", "topical antibiotics"]),
        ("Untreated CNS (central nervous system) metastasis", ["Untreated CNS (central nervous system) metastasis"]),
        ("Limited-stage or extensive-stage SCLC", ["Limited-stage", "extensive-stage SCLC"]),
        ("Head and neck malignancy", ["Head and neck malignancy"]),
        ("Posterior subcapsular cataract", ["Posterior subcapsular cataract"]),
        ("Therapy-related AML", ["Therapy-related AML"]),
        ("Severe tense ascites", ["Severe tense ascites"]),
        ("Asparaginase-induced symptomatic pancreatitis", ["symptomatic pancreatitis"]),
        ("Herpes zoster more than once", ["Herpes zoster"]),
        ("Secondary causes of hypertension", ["Secondary causes of hypertension"]),
        ("Emphysema as the cause of dyspnea", ["dyspnea"]),
        ("Prior failure of methotrexate", ["failure of methotrexate"]),
        ("Treatment failure on adalimumab", ["Treatment failure on adalimumab"]),
        ("Unstable dose of donepezil", ["Unstable dose of donepezil"]),
        ("Intends to alter physical therapy", ["alter physical therapy"]),
        ("Women for whom raloxifene is contraindicated", ["raloxifene is contraindicated"]),
        ("Lymph nodes as the only site of metastases", ["Lymph nodes as the only site of metastases"]),
        ("Findings inconsistent with a diagnosis of asthma", ["inconsistent with a diagnosis of asthma"]),
        ("Abnormality in bile acid", ["Abnormality in bile acid"]),
        ("Patients who abuse alcohol", ["abuse alcohol"]),
        ("Monogenic diabetes", ["Monogenic diabetes"]),
        ("Factors that may increase the risk of pneumonia", ["Factors that may increase the risk of pneumonia"]),
        ("Insufficient response to ≥ 2 biologics", ["Insufficient response to ≥ 2 biologics"]),
        ("A positive result in a serum pregnancy test", ["positive result in a serum pregnancy test"]),
        ("GI procedures for the purpose of weight loss", ["GI procedures for the purpose of weight loss"]),
        ("Agents for treating hot flashes", ["Agents for treating hot flashes"]),
        ("Exacerbation requiring a change in asthma therapy", ["Exacerbation requiring a change in asthma therapy"]),
        ("Participated in a clinical study with AVE-901", ["Participated in a clinical study with AVE-901"]),
        ("No M3 AML", ["M3 AML"]),
        ("Non-SSRI antidepressants", ["Non-SSRI antidepressants"]),
        ("Known impairment of immunological functions", ["impairment of immunological functions"]),
        ("Infection by the human immunodeficiency virus", ["Infection by the human immunodeficiency virus"]),
        ("Cardiomyopathy from prior treatment", ["Cardiomyopathy from prior treatment"]),
        ("Desensitisation treatment for grass pollen", ["Desensitisation treatment for grass pollen"]),
        ("Reaction to immunoglobulin or vaccines", ["Reaction to immunoglobulin", "vaccines"]),
        ("Considered unsuitable for treatment with MTX", ["unsuitable for treatment with MTX"]),
        ("Excessive amounts of caffeine", ["Excessive amounts of caffeine"]),
        ("Dose of statins changed within 4 weeks", ["Dose of statins changed"]),
        ("Other respiratory disorders: lung cancer", ["lung cancer"]),
        ("Medications prior to spirometry: no albuterol", ["albuterol"]),
        ("Ribavirin for acute or chronic hepatitis", ["Ribavirin for acute or chronic hepatitis"]),
    ],
)
def test_words_that_share_a_head_are_mentions_of_their_own(text: str, expected: list[str]) -> None:
    assert words(text)[-len(expected) :] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Systemic corticosteroids (> 10 mg/day of prednisone or equivalent)", ["Systemic corticosteroids"]),
        ("Prednisone > 10 mg/day", ["Prednisone"]),
        ("Prior therapy with rituximab", ["rituximab"]),
        ("Venous thrombosis (deep vein thrombosis, pulmonary embolism)", ["Venous thrombosis"]),
        ("Skin cancer (melanoma is not allowed)", ["Skin cancer", "melanoma"]),
        ("AST ≤ 5 x ULN in patients with liver metastases", []),
        ("Subjects with HIV are eligible if CD4 > 350/µL", ["HIV"]),
        ("Preventive vaccine or attenuated vaccine", ["Preventive vaccine", "attenuated vaccine"]),
        ("Cured skin cancer", ["Cured skin cancer"]),
        ("Curable cancers, such as basal or squamous cell skin cancer", ["Curable cancers"]),
        ("Brain metastases, unless treated", ["Brain metastases", "treated"]),
        ("Hyperkalemia > 5.5 mmol/L", ["Hyperkalemia"]),
        ("Adequate organ function: platelets ≥ 100 x 10^9/L", []),
        ("Alcohol: more than 14 drinks per week", []),
    ],
)
def test_what_only_stands_beside_a_mention_is_none(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Severe or uncontrolled hypertension", ["Severe or uncontrolled hypertension"]),
        ("Active, known or suspected sarcoidosis", ["Active, known or suspected sarcoidosis"]),
        ("Acute or chronic viral or bacterial infection", ["Acute or chronic viral", "bacterial infection"]),
        ("Locally advanced or metastatic melanoma", ["Locally advanced", "metastatic melanoma"]),
        (
            "Adequately treated basal or squamous cell skin cancer",
            ["Adequately treated basal", "squamous cell skin cancer"],
        ),
        ("Ulcers which have not healed", ["Ulcers which have not healed"]),
        ("Infection for which drugs are being taken", ["Infection for which drugs are being taken"]),
        ("A dose of digoxin that the patient tolerates", ["digoxin"]),
        ("Hepatitis B surface (HBs) antigen", ["Hepatitis B surface (HBs) antigen"]),
        ("Hepatitis C virus (HCV) infection", ["Hepatitis C virus (HCV) infection"]),
        ("Clinically relevant cardiac abnormality", ["Clinically relevant cardiac abnormality"]),
        ("Inhibitors or strong inducers of CYP2C8", ["Inhibitors or strong inducers of CYP2C8"]),
        ("Systemic treatment with corticosteroids", ["Systemic treatment with corticosteroids"]),
        ("Cell therapies targeting BCMA", ["Cell therapies targeting BCMA"]),
        ("Platinum sensitive ovarian cancer", ["Platinum sensitive ovarian cancer"]),
        ("Tumour liver metastasis", ["liver metastasis"]),
        ("Obesity of endocrine origin", ["Obesity of endocrine origin"]),
        ("CML in chronic, accelerated or blast phase", ["CML", "chronic, accelerated or blast phase"]),
        ("Items of the Insomnia Diagnostic Interview", []),
        ("Stroke at migraine onset", ["Stroke"]),
        ("Ph-positive leukemia", ["Ph-positive", "leukemia"]),
        ("Dementia by the National Institute of Neurological Disorders and Stroke", ["Dementia"]),
        ("Heart failure New York Heart Association class III", ["Heart failure"]),
        (
            "Heart disease, including unstable angina, heart failure, or infarction within 3 months",
            ["Heart disease", "unstable angina", "heart failure", "infarction"],
        ),
        ("Central nervous system (CNS) or epidural tumor", ["Central nervous system (CNS)", "epidural tumor"]),
        ("Renal, central nervous system, or hepatic disease", ["Renal", "central nervous system", "hepatic disease"]),
        ("Cardiac, renal & hepatic disease", ["Cardiac", "renal", "hepatic disease"]),
        ("Non-responders to metformin or insulin", ["Non-responders to metformin or insulin"]),
        ("Severe chronic liver or kidney disease", ["Severe chronic liver", "kidney disease"]),
        ("Complication or history of heart failure", ["heart failure"]),
        ("Known alcohol or drug abusers", ["alcohol", "drug abusers"]),
        ("PI3K, mTOR or AKT inhibitors", ["PI3K", "mTOR", "AKT inhibitors"]),
        (
            "Allergy to any component of the product or to other antibiotics",
            ["Allergy to any component of the product", "other antibiotics"],
        ),
    ],
)
def test_a_mention_keeps_what_says_which_is_meant(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Heart disease (e.g. angina, arrhythmia) or cirrhosis", ["Heart disease", "cirrhosis"]),
        ("Thrombosis, such as stroke (including lacunar stroke, brain infarction) and embolism", ["Thrombosis"]),
        ("Live vaccine, including measles", ["Live vaccine"]),
        ("Ventricular tachycardia [VTach]", ["Ventricular tachycardia"]),
        ("Heart disease including angina and arrhythmia", ["Heart disease"]),
        ("Strong inhibitors of CYP3A4 including ritonavir", ["Strong inhibitors of CYP3A4"]),
        ("Two regimens including bortezomib", ["bortezomib"]),
        ("Uncontrolled illness including, but not limited to: active infection, angina", ["Uncontrolled illness"]),
        ("Severe heart disease, such as infarction within 6 months", ["Severe heart disease", "infarction"]),
        ("Unstable diseases, including heart failure and stroke", ["Unstable diseases"]),
        ("Sarcoidosis under therapy (i.e., methotrexate, infliximab)", ["Sarcoidosis"]),
        ("Liver disease, not including steatosis", ["Liver disease", "steatosis"]),
        ("Any of the following infectious diseases: malaria or cholera", ["malaria", "cholera"]),
    ],
)
def test_examples_and_short_forms_are_no_mentions(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Written informed consent", []),
        ("Able to comply with all study procedures", []),
        ("Before any trial-related procedures", []),
        ("Adequate renal function", []),
        ("Cannot give informed consent", ["informed consent"]),
        ("Able to speak English, affiliated to social security", []),
    ],
)
def test_what_every_trial_asks_for_is_a_mention_only_where_it_is_denied(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_limit_that_is_told_of_a_disease_narrows_it() -> None:
    for text, disease in [("Fever > 38 °C", "Fever"), ("Hypokalemia (potassium < 3.1 mmol/L)", "Hypokalemia")]:
        tables = read(text)
        assert [one.text for one in tables.mentions] == [disease]
        assert [row.targets for row in tables.constraints] == [tuple(one.mention_id for one in tables.mentions)]


def test_whom_a_demand_is_for_is_its_condition() -> None:
    (mention,) = mentions("Women of childbearing potential must use contraception")
    assert (mention.text, mention.condition, mention.condition_id) == (
        "contraception",
        "Women of childbearing potential",
        "childbearing",
    )


def demands(text: str) -> list[str]:
    return [f"{mention.text}: {mention.requirement}" for mention in mentions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Inclusion Criteria: At least 4 weeks since prior chemotherapy", ["chemotherapy: permit"]),
        ("Inclusion Criteria: Chemotherapy within 4 weeks before enrollment", ["Chemotherapy: require"]),
        ("Inclusion Criteria: Prednisone stable for at least 4 weeks", ["Prednisone: permit"]),
        ("Inclusion Criteria: Receiving prednisone, dose stable for at least 4 weeks", ["prednisone: require"]),
        ("Exclusion Criteria: Chemotherapy within 4 weeks before enrollment", ["Chemotherapy: forbid"]),
    ],
)
def test_a_treatment_of_which_only_the_distance_counts_is_permitted(text: str, expected: list[str]) -> None:
    assert demands(text) == expected


def test_what_is_allowed_after_what_is_forbidden_is_an_exception_to_it() -> None:
    first, second = mentions("Exclusion Criteria: Malignancy within 5 years; basal cell carcinoma is allowed")
    assert (first.requirement, second.requirement, second.exception_to) == ("forbid", "permit", first.mention_id)


@pytest.mark.parametrize("colon", [":", "："])
def test_a_line_that_announces_exceptions_governs_the_lines_below_it(colon: str) -> None:
    text = f"Exclusion Criteria:\n\n* Autoimmune disease, with these exceptions{colon}\n\n  * Vitiligo\n  * Psoriasis\n"
    assert demands(text) == ["Autoimmune disease: forbid", "Vitiligo: permit", "Psoriasis: permit"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Oral corticosteroids at a dose above 10 mg/day prednisone equivalent", "Oral corticosteroids"),
        ("Aspirin > 325 mg/day", "Aspirin"),
    ],
)
def test_a_dose_is_one_of_the_treatment_that_it_is_counted_for(text: str, words: str) -> None:
    tables = read(text)
    (limit,), (mention,) = tables.constraints, tables.mentions
    assert (limit.kind, limit.attribute_text, limit.targets) == ("dose", words, (mention.mention_id,))


def test_a_window_behind_brackets_is_about_what_stands_in_front_of_them() -> None:
    tables = read("Major surgery (e.g. nephrectomy) within 4 weeks before enrollment")
    (window,) = tables.constraints
    assert window.attribute_text == "Major surgery"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Herpes keratitis", ["condition: Herpes keratitis"]),
        ("Radiation colitis", ["condition: Radiation colitis"]),
        ("Sunitinib contraindications", ["condition: Sunitinib contraindications"]),
        ("Asthma controller medication", ["treatment: Asthma controller medication"]),
        ("HIV seropositivity", ["biomarker: HIV seropositivity"]),
        ("Cancer curatively treated", ["condition: Cancer curatively treated"]),
        ("Allergy to povidone iodine", ["condition: Allergy to povidone iodine"]),
        ("Dasatinib resistance", ["condition: Dasatinib resistance"]),
        ("HER2-negative breast cancer", ["biomarker: HER2-negative", "condition: breast cancer"]),
        ("Lurasidone crizotinib", ["treatment: Lurasidone", "treatment: crizotinib"]),
        ("Thyroid disease asthma", ["condition: Thyroid disease", "condition: asthma"]),
    ],
)
def test_words_side_by_side_are_one_mention(text: str, expected: list[str]) -> None:
    assert [f"{mention.label}: {mention.text}" for mention in mentions(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Enrolled in another drug or vaccine trial", ["Enrolled in another drug or vaccine trial"]),
        ("Participation in a study of lisdexamfetamine", ["Participation in a study of lisdexamfetamine"]),
        ("Participation in this study", []),
        (
            "Participation in any drug or device clinical investigation within 30 days before entry into this study",
            ["Participation in any drug or device clinical investigation"],
        ),
        ("Participation in sports to the end of this trial", []),
        ("Told to subjects, and for subjects participating in clinical trials", []),
    ],
)
def test_taking_part_in_another_trial_is_one_treatment(text: str, expected: list[str]) -> None:
    assert [mention.text for mention in mentions(text) if mention.label == "treatment"] == expected


def test_what_an_allergy_is_to_is_named_part_by_part() -> None:
    found = mentions("Hypersensitivity to the study drug(s) or mannitol solution, or any of the stated ingredients")
    assert [(one.label, one.text) for one in found] == [
        ("condition", "Hypersensitivity to the study drug"),
        ("condition", "mannitol"),
        ("condition", "ingredients"),
    ]


@pytest.mark.parametrize(
    ("text", "allergens"),
    [
        ("Hypersensitivity to boron, mannitol or sulphites", ["Hypersensitivity to boron", "mannitol", "sulphites"]),
        (
            "Allergy to products of hamster cells or any component of rituximab",
            ["Allergy to products", "any component of rituximab"],
        ),
        ("Allergy to aspirin, current use of warfarin", ["Allergy to aspirin"]),
        ("Intolerant to aspirin but may take heparin", ["Intolerant to aspirin"]),
    ],
)
def test_what_an_allergy_goes_on_to_name_is_no_treatment(text: str, allergens: list[str]) -> None:
    assert [one.text for one in mentions(text) if one.label == "condition"] == allergens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Exacerbation of asthma requiring steroids", ["Exacerbation of asthma requiring steroids"]),
        ("Disease free of prior malignancies", ["Disease free", "malignancies"]),
        ("Infection requiring treatment with antibiotics", ["Infection requiring treatment with antibiotics"]),
        ("Concurrent therapy for cancer", ["therapy for cancer"]),
        ("No more than two lines of therapy for cancer", []),
        ("Therapy for arrhythmia, or myocardial infarction", ["Therapy for arrhythmia", "myocardial infarction"]),
        ("Prior therapy of arthritis with abatacept", ["abatacept"]),
        (
            "Cancer that is not curable by surgery, radiotherapy, or chemotherapy",
            ["Cancer that is not curable by surgery, radiotherapy, or chemotherapy"],
        ),
        (
            "Exacerbation requiring steroids or hospitalization or transfusion",
            ["Exacerbation requiring steroids or hospitalization or transfusion"],
        ),
    ],
)
def test_what_a_mention_is_of_or_for_belongs_to_it(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_an_abrupt_end_of_a_treatment_is_what_is_forbidden() -> None:
    assert words("Abrupt discontinuation of sedatives") == ["Abrupt discontinuation of sedatives"]


@pytest.mark.parametrize(
    "text",
    ["Post-bronchodilator FEV1", "Seizure control", "A male partner", "The Headache Classification Committee"],
)
def test_what_only_says_when_how_well_or_of_whom_is_no_mention(text: str) -> None:
    assert words(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HIV infection, as documented by Western blot, HIV antigen, or plasma HIV RNA", ["HIV infection"]),
        ("Colitis as evidenced by a flexible sigmoidoscopy", ["Colitis"]),
        ("Carcinoma, documented by histology, ER-positive", ["Carcinoma", "ER-positive"]),
        ("Melanoma confirmed by histology with BRAF mutation", ["Melanoma", "BRAF mutation"]),
    ],
)
def test_how_something_was_shown_is_no_mention(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Remission (defined as the absence of plasmacytosis in a biopsy)", ["Remission"]),
        ("Hepatitis B (defined as HBsAg positive)", ["Hepatitis B", "HBsAg positive"]),
        ("Warfarin (or other coumarins)", ["Warfarin", "other coumarins"]),
        ("COPD stability: Subjects with pneumonia", ["pneumonia"]),
        ("Pregnant NOTE: Patients who are breastfeeding", ["Pregnant", "breastfeeding"]),
        ("Trastuzumab (or T-DM1)", ["Trastuzumab"]),
        ("More than three anti-myeloma regimens", []),
        (
            "Prior treatment with a cyclin-dependent kinase (CDK) 4/6 inhibitor",
            ["cyclin-dependent kinase (CDK) 4/6 inhibitor"],
        ),
        ("Moderate to very severe COPD", ["Moderate to very severe COPD"]),
        (
            "Lymphoma treated with prior therapy for lymphoid malignancy",
            ["Lymphoma treated with prior therapy for lymphoid malignancy"],
        ),
    ],
)
def test_what_defines_a_mention_is_none_and_what_goes_on_with_it_is_one(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_what_shows_a_state_is_no_mention() -> None:
    assert words("Pregnant, as confirmed by a positive serum pregnancy test") == ["Pregnant"]


def test_a_label_of_which_nothing_is_specified_asks_nothing() -> None:
    tables = read("Inclusion Criteria:\n\n- Surgery: Not specified\n- No prior irinotecan")
    assert [mention.text for mention in tables.mentions] == ["irinotecan"]


def test_stages_behind_a_disease_are_alternatives_without_it() -> None:
    tables = read(
        "Inclusion Criteria:\n\n- Renal cell carcinoma, locally advanced or metastatic, treated within a year"
    )
    assert [mention.group for mention in tables.mentions[:3]] == [None, "any1", "any1"]


@pytest.mark.parametrize(
    ("text", "planned"),
    [
        ("Pregnant, nursing, or intending to conceive within 5 months", [False, False, True]),
        ("Planning to become pregnant", [True]),
        ("Suspected pregnancy", [False]),
    ],
)
def test_a_planned_pregnancy_is_hypothetical(text: str, planned: list[bool]) -> None:
    assert [row.hypothetical for row in read(f"Exclusion Criteria:\n\n- {text}").mentions] == planned
