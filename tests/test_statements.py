"""What a statement does to a patient, row by row: what only describes, how far a cue reaches, who is only named."""

import pytest

import readings

STATEMENTS = [
    # what only describes
    (
        "Inclusion",
        "Women of childbearing potential (including perimenopausal women) must use reliable contraception",
        ["reliable contraception: require"],
    ),
    (
        "Inclusion",
        "A woman is of childbearing potential if she has not had a hysterectomy",
        ["had a hysterectomy: describe"],
    ),
    (
        "Inclusion",
        "Reliable contraception. Barrier methods of contraception include diaphragm and condom",
        ["Reliable contraception: require"],
    ),
    (
        "Inclusion",
        "Major surgery is allowed (insertion of a port is not considered major surgery)",
        ["Major surgery: permit", "major surgery: describe"],
    ),
    (
        "Inclusion",
        "Prior lines of therapy: no more than 2 (transplant and maintenance are considered 1 regimen)",
        ["no more than 2: require", "transplant: describe", "maintenance: describe", "1: describe"],
    ),
    (
        "Exclusion",
        "Men who are sexually active and unwilling to use condoms",
        ["sexually active: describe", "condoms: require"],
    ),
    ("Inclusion", "Men who are sexually active must use condoms", ["sexually active: describe", "condoms: require"]),
    ("Inclusion", "Must use condoms even if he has undergone a vasectomy", ["condoms: require", "vasectomy: describe"]),
    ("Inclusion", "Radiotherapy: prior radiotherapy is allowed", ["Radiotherapy: permit", "radiotherapy: permit"]),
    ("Inclusion", "Written assent in the case of subjects under the age of 16", ["under the age of 16: describe"]),
    ("Inclusion", "No allergy to eggs (for patients receiving propofol)", ["allergy to eggs: forbid"]),
    (
        "Exclusion",
        "If the subject received radiotherapy > 2 weeks ago, the lesion must have progressed",
        ["radiotherapy: describe", "> 2 weeks: describe", "progressed: require"],
    ),
    # how far a permission, a ban and a denial reach
    (
        "Exclusion",
        "1) systemic steroids, 2) statins, 3) antihypertensives are allowed",
        ["systemic steroids: forbid", "statins: forbid", "antihypertensives: permit"],
    ),
    (
        "Exclusion",
        "Cancer within 5 years, basal cell carcinoma is allowed",
        ["Cancer: forbid", "within 5 years: forbid", "basal cell carcinoma: permit"],
    ),
    (
        "Exclusion",
        "Hepatitis C (individuals who have HCV antibody but no detectable HCV RNA are eligible)",
        ["Hepatitis C: forbid", "HCV antibody: permit", "detectable HCV RNA: permit"],
    ),
    (
        "Inclusion",
        "Patients with prior radiotherapy are eligible if they have a new lesion",
        ["radiotherapy: permit", "lesion: require"],
    ),
    (
        "Inclusion",
        "Methotrexate must not be used for at least 28 days prior to baseline",
        ["Methotrexate: permit", "at least 28 days: require"],
    ),
    (
        "Inclusion",
        "Biphosphonates must not be started within 28 days prior to baseline",
        ["Biphosphonates: forbid", "within 28 days: forbid"],
    ),
    ("Exclusion", "Participation in other trials will not be allowed", ["Participation in other trials: forbid"]),
    ("Inclusion", "Substance use will not be exclusionary", ["Substance use: permit"]),
    (
        "Inclusion",
        "Must not have had major surgery within 4 weeks or be scheduled for surgery",
        ["major surgery: forbid", "within 4 weeks: forbid", "scheduled for surgery: forbid"],
    ),
    ("Inclusion", "Not receiving statins or on a stable dose of statins", ["statins: forbid", "statins: require"]),
    (
        "Inclusion",
        "Healthy women (women must not be pregnant), and men with asthma",
        ["Healthy women: require", "pregnant: forbid", "asthma: require"],
    ),
    (
        "Inclusion",
        "No sensory or motor neuropathy > grade 1",
        ["sensory: forbid", "motor neuropathy: forbid", "> grade 1: forbid"],
    ),
    ("Inclusion", "No resting ECG with a QTc > 480 ms", ["> 480 ms: forbid"]),
    (
        "Inclusion",
        "HER2-negative breast cancer defined as a negative FISH test",
        ["HER2-negative: require", "breast cancer: require", "negative FISH test: require"],
    ),
    ("Inclusion", "Only patients who have not received chemotherapy are eligible", ["chemotherapy: forbid"]),
    (
        "Inclusion",
        "Patients with none of the following diseases that may cause emboli: mitral stenosis, endocarditis, stroke",
        ["mitral stenosis: forbid", "endocarditis: forbid", "stroke: forbid"],
    ),
    (
        "Inclusion",
        "Locally advanced NSCLC not amenable to surgery or metastatic NSCLC",
        ["Locally advanced NSCLC: require", "amenable to surgery: forbid", "metastatic NSCLC: require"],
    ),
    (
        "Inclusion",
        "Subjects who have developed interstitial lung disease must have fully recovered",
        ["interstitial lung disease: permit", "fully recovered: require"],
    ),
    (
        "Exclusion",
        "Autoimmune disease; however, the following patients are allowed to be included: vitiligo, psoriasis",
        ["Autoimmune disease: forbid", "vitiligo: permit", "psoriasis: permit"],
    ),
    (
        "Exclusion",
        "Inability to take drugs orally, uncontrollable nausea, chronic diarrhea or bowel obstruction",
        ["uncontrollable nausea: forbid", "chronic diarrhea: forbid", "bowel obstruction: forbid"],
    ),
    (
        "Exclusion",
        "For subjects who were not taking efavirenz: documented intolerance to nevirapine",
        ["efavirenz: describe", "intolerance to nevirapine: forbid"],
    ),
    (
        "Exclusion",
        "Active hepatitis B (hepatitis B virus carriers can be recruited)",
        ["Active hepatitis B: forbid", "hepatitis B virus: permit"],
    ),
    (
        "Exclusion",
        "Patients who cannot take tablets, have had a gastrectomy",
        ["take tablets: require", "gastrectomy: forbid"],
    ),
    # who is only named
    (
        "Inclusion",
        "Patients who underwent stereotactic radiosurgery must have progressed",
        ["stereotactic radiosurgery: permit", "progressed: require"],
    ),
    (
        "Inclusion",
        "Patients with suspected airway obstruction must undergo laryngoscopy",
        ["airway obstruction: permit", "laryngoscopy: require"],
    ),
    (
        "Exclusion",
        "Steroids. However, patients receiving prednisone must have been on a stable dose",
        ["Steroids: forbid", "prednisone: permit"],
    ),
    ("Inclusion", "No sequelae from prior radiotherapy", ["radiotherapy: permit"]),
    (
        "Inclusion",
        "At least 2 weeks from previous chemotherapy, surgery, or radiotherapy",
        ["At least 2 weeks: require", "chemotherapy: permit", "surgery: permit", "radiotherapy: permit"],
    ),
    (
        "Exclusion",
        "Statins that have not been stable for 8 weeks",
        ["Statins that have not been stable: permit", "8 weeks: require"],
    ),
    ("Exclusion", "No primary caregiver", ["primary caregiver: require"]),
    ("Exclusion", "No known epilepsy", ["epilepsy: forbid"]),
    ("Inclusion", "Patients with asthma will be included", ["asthma: require"]),
    ("Inclusion", "HIV positive participants will be accepted", ["HIV positive: permit"]),
    (
        "Inclusion",
        "No change in antidepressants within 4 weeks",
        ["change in antidepressants: forbid", "within 4 weeks: forbid"],
    ),
    (
        "Exclusion",
        "Toxicity that has not resolved to grade <= 1",
        ["Toxicity that has not resolved to: require", "<= 1: require"],
    ),
    # what lifts what
    (
        "Exclusion",
        "Major surgery within 4 weeks (tooth extraction excluded)",
        ["Major surgery: forbid", "within 4 weeks: forbid", "tooth extraction: permit"],
    ),
    (
        "Exclusion",
        "Autoimmune disease. Not excluded: vitiligo; eczema",
        ["Autoimmune disease: forbid", "vitiligo: permit", "eczema: permit"],
    ),
    (
        "Exclusion",
        "Chemotherapy within 4 weeks (BCG does not count if finished at least 2 weeks before)",
        ["Chemotherapy: forbid", "within 4 weeks: forbid", "BCG: permit", "at least 2 weeks: require"],
    ),
    ("Exclusion", "Other cancers (skin cancer is excepted)", ["cancers: forbid", "skin cancer: permit"]),
    (
        "Exclusion",
        "CNS leukemia. Subjects with CNS disease may enter with 2 blast-free samples",
        ["CNS leukemia: forbid", "CNS disease: permit", "2: require"],
    ),
    (  # what a criterion gives as its reason
        "Exclusion",
        "Positive breath test, as alcohol intoxication may interact unpredictably with fluoxetine",
        ["Positive breath test: forbid", "alcohol intoxication: describe", "fluoxetine: describe"],
    ),
    (
        "Inclusion",
        "Because there is an unknown risk in nursing infants, breastfeeding should be discontinued if the mother is "
        "treated with oxaliplatin",
        ["breastfeeding: forbid", "oxaliplatin: describe"],
    ),
    (
        "Exclusion",
        "Ulcer. These patients are at increased risk of bleeding when treated with aspirin",
        ["Ulcer: forbid", "increased risk of bleeding: describe", "aspirin: describe"],
    ),
    (
        "Exclusion",
        "Patients unable to tolerate a scan, e.g. those with pacemakers",
        ["pacemakers: forbid"],
    ),
    (
        "Exclusion",
        "Any bleeding. Major bleeding is defined as a fatal one",
        ["bleeding: forbid", "Major bleeding: describe"],
    ),
    (
        "Exclusion",
        "Neurologic disease other than epilepsy which could affect safety",
        ["Neurologic disease: forbid", "epilepsy: permit"],
    ),
    ("Inclusion", "HBsAg positive and HCV negative", ["HBsAg positive: require", "HCV: forbid"]),
    ("Inclusion", "Asthma and HIV negative", ["Asthma: require", "HIV: forbid"]),
    ("Inclusion", "HIV and hepatitis C negative", ["HIV: forbid", "hepatitis C: forbid"]),
    (
        "Exclusion",
        "Pregnancy, as ribavirin can cause fetal harm when administered to a pregnant woman",
        ["Pregnancy: forbid", "ribavirin: describe", "pregnant: describe"],
    ),
    (
        "Inclusion",
        "Cytoreduction is permitted; these include: hydroxyurea, vincristine",
        ["hydroxyurea: permit", "vincristine: permit"],
    ),
    (
        "Exclusion",
        "Not using adequate contraception, defined as vasectomy or condoms",
        ["adequate contraception: require", "vasectomy: describe", "condoms: describe"],
    ),
    ("Exclusion", "Those with the potential need to use opioids", ["opioids: forbid"]),
    ("Exclusion", "Urgent surgery that must be performed", ["Urgent surgery that must be performed: forbid"]),
    (
        "Exclusion",
        "Pregnant women, because cisplatin may be harmful to the fetus or nursing infant",
        ["Pregnant: forbid"],
    ),
    (
        "Inclusion",
        "Seronegative for human immunodeficiency virus (HIV) antigen (Ag), HIV 1+2 antibody (Ab), human T-lymphotropic "
        "virus (HTLV) I/II Ab, hepatitis B surface antigen (HBsAg), hepatitis B core antibody (HBcAb) and syphilis",
        [
            "human immunodeficiency virus (HIV) antigen: forbid",
            "HIV 1: forbid",
            "human T-lymphotropic virus: forbid",
            "hepatitis B surface antigen (HBsAg): forbid",
            "hepatitis B core antibody (HBcAb): forbid",
            "syphilis: forbid",
        ],
    ),
    ("Inclusion", "Naïve patients for oxycodone", ["oxycodone: forbid"]),
    ("Exclusion", "Men who have sexual intercourse with pregnant or lactating women", ["sexual intercourse: forbid"]),
    ("Exclusion", "Women who can become pregnant", ["become pregnant: forbid"]),
    ("Inclusion", "Either not on statins, or on statins", ["statins: forbid", "statins: require"]),
    ("Inclusion", "Either not on statins or fibrates", ["statins: forbid", "fibrates: forbid"]),
    ("Exclusion", "Individuals who have not tolerated metformin", ["have not tolerated metformin: forbid"]),
    (
        "Exclusion",
        "Less than 4 weeks since radiotherapy has ended",
        ["Less than 4 weeks: forbid", "radiotherapy: forbid"],
    ),
    ("Exclusion", "Unwilling or unable to be tested for pregnancy", []),
    ("Inclusion", "Has never been treated for hypertension", []),
    ("Exclusion", "Fever persisting despite infection resolution", ["Fever: forbid"]),
    ("Inclusion", "Lack of tolerance of metformin", ["Lack of tolerance of metformin: require"]),
    (
        "Exclusion",
        "Hematologic, endocrine, cardiovascular (including any rhythm disorder), renal or hepatic disease",
        [
            "Hematologic: forbid",
            "endocrine: forbid",
            "cardiovascular: forbid",
            "rhythm disorder: forbid",
            "renal: forbid",
            "hepatic disease: forbid",
        ],
    ),
    (
        "Exclusion",
        "Strong CYP3A4, CYP 1A2 or CYP2C9 substrates",
        ["Strong CYP3A4: forbid", "CYP 1A2: forbid", "CYP2C9 substrates: forbid"],
    ),
    (  # what a colon announces as excepted goes on over semicolons
        "Exclusion",
        "Steroids, except: inhaled steroids; prednisone ≤ 10 mg/day for adrenal insufficiency",
        ["Steroids: forbid", "inhaled steroids: permit", "prednisone: permit", "≤ 10 mg/day: permit"],
    ),
]


@pytest.mark.parametrize(("section", "text", "rows"), STATEMENTS, ids=[case[1] for case in STATEMENTS])
def test_each_row_has_the_requirement_that_a_nurse_would_give_it(section: str, text: str, rows: list[str]) -> None:
    read = readings.read(f"{section} Criteria:\n* {text}")
    found = sorted([*read.mentions, *read.constraints], key=lambda row: (row.start, row.end))
    assert [f"{getattr(row, 'quote', None) or row.text}: {row.requirement}" for row in found] == rows


GROUPS = [
    ("Inclusion", "Post-menopausal for 12 months prior to entry, or surgically sterile", ["any1", "any1"]),
    ("Inclusion", "MoCA ≥ 24 at screening or MMSE ≥ 26", ["any1", "any1"]),
    ("Inclusion", "Estrogen receptor- and/or progesterone receptor-positive tumor", ["any1", "any1"]),
    ("Inclusion", "On an ACE inhibitor (and/or an ARB)", ["any1", "any1"]),
    ("Exclusion", "Uric acid > 10 mg/dL with LDH > 2 x ULN", ["all1", "all1"]),
    ("Exclusion", "AV block without pacemaker", ["all1", "all1"]),
    ("Exclusion", "HIV-positive patients on antiretroviral therapy are ineligible", ["all1", "all1"]),
    ("Exclusion", "Women must be sterilized or post-menopausal or use contraception", ["any1", "any1", "any1"]),
    ("Exclusion", "Diabetic patients with retinopathy", ["all1", "all1"]),
    ("Exclusion", "NSAIDs in patients with ulcers", ["all1", "all1"]),
    ("Exclusion", "HBsAg or HCV positive subjects with elevated LFTs", ["all1/any1", "all1/any1", "all1"]),
    ("Exclusion", "Diabetic patients taking insulin or metformin", ["all1", "all1/any1", "all1/any1"]),
    ("Exclusion", "HIV-positive patients or patients on antiretroviral therapy", [None, None]),
]


@pytest.mark.parametrize(("section", "text", "groups"), GROUPS, ids=[case[1] for case in GROUPS])
def test_what_stands_together_is_a_group(section: str, text: str, groups: list[str | None]) -> None:
    read = readings.read(f"{section} Criteria:\n* {text}")
    standing = [row for row in read.constraints if row.kind not in ("time_window", "duration")]
    rows = sorted([*read.mentions, *standing], key=lambda row: row.start)
    assert [row.group for row in rows] == groups


def test_items_below_a_definition_only_describe() -> None:
    read = readings.read(
        "Inclusion Criteria:\n* Women of childbearing potential are defined as follows:\n"
        "  * no hysterectomy\n  * not postmenopausal for 24 months"
    )
    assert {row.requirement for row in (*read.mentions, *read.constraints)} == {"describe"}


def test_a_sentence_before_a_numbered_list_begins_the_reasons_for_exclusion() -> None:
    read = readings.read("Adults with oedema.\n\nThey are not eligible if any of these holds. 1. Stroke 2. Asthma")
    assert [(row.text, row.requirement) for row in read.mentions if row.text != "oedema"] == [
        ("Stroke", "forbid"),
        ("Asthma", "forbid"),
    ]


def test_what_stands_below_the_allowed_treatments_may_be_taken() -> None:
    read = readings.read(
        "Inclusion Criteria:\n* Adults\n* Allowed treatment drugs are:\n  * tenofovir\n  * CD4 > 200/µL"
    )
    assert [row.requirement for row in (*read.mentions, *read.constraints)] == ["permit", "require"]
