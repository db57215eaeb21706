"""What a limit is of: forms in which the measure, the comparator or the unit stands where one would not look first."""

import pytest

from readings import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Aspartate aminotransferase (AST) (serum glutamic oxaloacetic transaminase [SGOT])/alanine "
            "aminotransferase (ALT) (serum glutamate pyruvate transaminase [SGPT]) ≤ 3 x ULN",
            ["ast <= 3 {ULN}", "alt <= 3 {ULN}"],
        ),
        (
            "Potassium, calcium (corrected for serum albumin) and sodium within normal limits",
            ["potassium in normal", "calcium in normal", "sodium in normal"],
        ),
        ("> 3 x ULN for AST, ALT or bilirubin", ["ast > 3 {ULN}", "alt > 3 {ULN}", "bilirubin > 3 {ULN}"]),
        (
            "≤ 1.5 x ULN for bilirubin, AST and ALT ≤ 3 x ULN",
            ["bilirubin <= 1.5 {ULN}", "ast <= 3 {ULN}", "alt <= 3 {ULN}"],
        ),
        (
            "≤ 2.5 x ULN (≤ 5 x ULN if liver metastases) for ALT or AST",
            ["alt <= 2.5 {ULN}", "ast <= 2.5 {ULN}", "alt <= 5 {ULN}", "ast <= 5 {ULN}"],
        ),
        ("SpO2 not falling under 80%", ["spo2 >= 80 %"]),
        ("> 2 drinks per day or > 14 drinks per week", ["alcohol > 14 {drink}/wk", "alcohol > 14 {drink}/wk"]),
        ("Heart failure > NYHA (New York Heart Association) class II", ["nyha in III,IV"]),
        ("GVHD above grade 1", ["gvhd_grade in II,III,IV"]),
        ("Cervical dysplasia, CIN up to grade 2", ["cin_grade in 1,2"]),
        ("CNS 3 disease", ["cns_status in CNS3"]),
        ("Lymphocytes not yet above 1.0 x 10^9/L", ["lymphocytes <= 1 10*9/L"]),
        ("Troponin I above the 99th percentile of the upper reference limit", ["troponin_i > 99 {percentile}"]),
        (
            "Karnofsky 50-100% (over 16) or Lansky 60-100% (16 and under)",
            ["karnofsky between 50-100 {score}", "age > 16 a", "lansky between 60-100 {score}", "age <= 16 a"],
        ),
        ("Any smoking at ≥ 35 years", ["age >= 35 a"]),
        (
            "An old stent > 5 mm from the lesion and older than 1 year",
            ["old stent > 5 mm", "disease_duration > 365.25 d"],
        ),
        ("10-year ASCVD risk score > 20%", ["cardiovascular_risk > 20 %"]),
        ("Systolic blood pressure < 140 mmHg (mean of 3 readings at least 5 min apart)", ["sbp < 140 mm[Hg]"]),
        ("Pain score ≥ 4 over the 35-day run-in", ["Pain score >= 4"]),
        (
            "≥ 2 moderate or ≥ 1 severe exacerbations",
            ["exacerbations >= 2 {exacerbation}", "exacerbations >= 1 {exacerbation}"],
        ),
        (
            "At least 2 moderate or 1 severe exacerbation",
            ["exacerbations >= 2 {exacerbation}", "exacerbations >= 1 {exacerbation}"],
        ),
        (
            "At least 6 swollen (of 66) and 6 tender (of 68) joints",
            ["swollen_joints >= 6 {joint}", "tender_joints >= 6 {joint}"],
        ),
        ("≥ 6/68 tender and ≥ 6/66 swollen joints", ["tender_joints >= 6 {joint}", "swollen_joints >= 6 {joint}"]),
        ("At least one and not more than two Gram-negative species", ["Gram-negative species between 1-2"]),
        ("Serum M-protein ≥ 0.5 g/dL or urine ≥ 200 mg/24 h", ["m_protein >= 0.5 g/dL", "urine_m_protein >= 200 mg/d"]),
        ("Pain intensity of 4 or more on a 0-10 scale", ["nrs_pain >= 4 {score}"]),
        ("Fatigue of 4 or more on a 0-10 scale", ["Fatigue >= 4"]),
        ("ECOG performance status 0 2", ["ecog in 0,1,2"]),
        ("On metformin 400 mg + RPV 600 mg", ["metformin ? 400 mg"]),
        ("FEV1/FVC (forced vital capacity) ratio < 0.70", ["fev1_fvc < 0.7 1"]),
        ("Fever > 38 °C oral, > 38.5 °C tympanic", ["temperature > 38 Cel", "temperature > 38.5 Cel"]),
        ("Pyuria (white blood cell count > 10/µL in unspun urine)", ["urine_wbc > 10 /uL"]),
        ("WBC > 3000/mm3, no infection in urine", ["wbc > 3 10*9/L"]),
        ("Smokes 5 to 10 CPD", ["smoking between 5-10 {cigarette}/d"]),
        ("Class 1 antiarrhythmic drugs", []),
        ("Bilirubin = ULN", ["bilirubin ? 1 {ULN}"]),
        ("More than 40 mg prednisone or equivalent per day", ["prednisone > 40 mg/d"]),
        ("QTc (from the mean value calculated from 3 measurements) > 450 ms", ["qtc > 450 ms"]),
        ("Vitamin D < 20 ng/mL", ["vitamin_d < 20 ng/mL"]),
        ("Menarche before 12 years of age", ["age_at_event < 12 a"]),
        ("Minors (under 18)", ["age < 18 a"]),
        ("More than 3 glasses of wine per day", ["glasses of wine > 3 /d"]),
        ("Pre-bronchodilator FEV1 (forced expiratory volume)/FVC < 70%", ["fev1_fvc < 0.7 1"]),
        ("ALT twice higher than normal; LDH 1.5-2-fold above ULN", ["alt > 2 {ULN}", "ldh between 1.5-2 {ULN}"]),
        ("Glycated haemoglobin 7.0% and 9.0% (both inclusive)", ["hba1c between 7-9 %"]),
        ("Hemoglobin 9 g/dL and platelets 100, inclusive", ["hemoglobin ? 9 g/dL", "platelets ? 100 10*9/L"]),
        (
            "M-protein ≥ 0.5 g/dL for IgG, IgA myeloma and ≥ 0.05 g/dL for IgD myeloma",
            ["m_protein >= 0.5 g/dL", "m_protein >= 0.05 g/dL"],
        ),
        ("An increase in creatinine by ≥ 0.3 mg/dL", ["increase in creatinine >= 0.3 mg/dL"]),
        ("Increase in systolic blood pressure ≥ 150 mmHg", ["sbp >= 150 mm[Hg]"]),
        ("Decline in platelet count < 25,000/uL", ["platelets < 25 10*9/L"]),
        ("Increase in creatinine to ≥ 1.5 times baseline", ["creatinine >= 1.5 {baseline}"]),
        ("Histology grades 1, 2 or 3a", ["tumor_grade in 1,2,3a"]),
        ("Skin toxicity of grade 1, 2 or, 3", ["ctcae in 1,2,3"]),
        ("Stage Ta or T1 disease (grade 2 or 3)", ["tnm_t in Ta,T1", "tumor_grade in 2,3"]),
        ("Lines (grade 2 or 3) at maximum frown, using a validated 4-point photographic scale", ["grade between 2-3"]),
        ("Endometrial cancer with stage IA or IB grade 1 or 2", ["stage in IA,IB", "tumor_grade in 1,2"]),
        ("Neuropathy of grade 2 or higher by the NCI CTC toxicity scale", ["ctcae in 2,3,4,5"]),
        ("Toxicities have resolved to grade 1 or baseline", ["ctcae in 0,1"]),
        ("Dose reduction secondary to grade 3 skin toxicity", ["ctcae in 3"]),
        ("Pruritus VAS ≥ 40 mm", ["Pruritus VAS >= 40 mm"]),
        ("VAS of 6 or more at baseline", ["vas_pain >= 6"]),
        ("Newly diagnosed AML patients who are 60 years or older", ["age >= 60 a"]),
        ("Age at diagnosis ≥ 60 years", ["age_at_diagnosis >= 60 a"]),
        ("WBC > 3, 500/mm3", ["wbc > 3.5 10*9/L"]),
        ("Albumin ≥ 28 g/dL", ["albumin >= 28 g/dL"]),
        ("HIV RNA ≥ 0.4 copies/mL", ["hiv_rna >= 0.4 {copies}/mL"]),
        ("Mobility of the tooth greater than grade II", ["grade > 2"]),
        ("Literacy by the REALM-SF > 4", ["REALM-SF > 4"]),
        ("Glogau photoaging score II or III", ["Glogau photoaging score in II,III"]),
        ("New or definitely enlarging T2/FLAIR disease, or T1 gadolinium-enhancing lesion", []),
        ("Carcinoma of stage T2 or T3", ["tnm_t in T2,T3"]),
        ("New York Heart Association (NYHA) functional class II-IV", ["nyha in II,III,IV"]),
        ("New York Heart Association grade III or grade IV", ["nyha in III,IV"]),
        ("Kellgren-Lawrence score at X-ray evaluation > 3", ["kellgren_lawrence in 4"]),
        ("Hemoglobin ≥ 11 g/dL for women; ≥ 12 g/dL for men", ["hemoglobin >= 11 g/dL", "hemoglobin >= 12 g/dL"]),
        ("Height < 4' 11\"", ["height < 149.86 cm"]),
        ("Ankle brachial index < 0•9", ["ankle_brachial_index < 0.9 1"]),
        ("IgE to Fel d 1 ≥ 0.7 kU/L", ["ige >= 0.7 [IU]/mL"]),
        ("BMI 18-30 kg/m2 (body weight [kg] / height2 [m2])", ["bmi between 18-30 kg/m2"]),
        ("Ideal body weight (BMI > 17 kg/m2)", ["bmi > 17 kg/m2"]),
        ("Oxygen saturation [by pulse oximetry] < 92%", ["spo2 < 92 %"]),
        ("Hearing thresholds no poorer than 30 dB", ["hearing_threshold <= 30 dB"]),
        ("Born between 28 0/7 and 34 0/7 weeks gestation", ["gestational_age between 28-34 wk"]),
        ("Platelets <U+2265> 100 x 10^9/L", ["platelets >= 100 10*9/L"]),
        (
            "Clinical attachment level ≥ 8 mm and at least 4 mm intrabony component",
            ["periodontal_depth >= 8 mm", "intrabony component >= 4 mm"],
        ),
        ("Stage IB-IIIA lung cancer", ["stage in IB,IC,II,IIA,IIB,IIC,IIIA"]),
        ("By the NYHA standard, grade III-IV", ["nyha in III,IV"]),
        ("Alcohol exceeding an average of 60 g/day", ["alcohol > 60 g/d"]),
        ("Lesions in at least 2 distinct areas", ["distinct areas >= 2"]),
        ("Rash ≥ National Cancer Institute CTCAE (version 5.0) grade 2", ["ctcae in 2,3,4,5"]),
        ("Creatinine > x2 upper limit of normal", ["creatinine > 2 {ULN}"]),
        ("Drinks > 3 drinks/day or 12 drinks/week", ["alcohol > 21 {drink}/wk", "alcohol > 12 {drink}/wk"]),
        ("Drinks 4 or more drinks per week", ["alcohol >= 4 {drink}/wk"]),
        ("Smokes 10 or fewer cigarettes per day", ["smoking <= 10 {cigarette}/d"]),
        (
            "At least three HIV-1 RNA measurements < 200 copies/mL",
            ["readings >= 3 {reading}", "hiv_rna < 200 {copies}/mL"],
        ),
        (
            "Lipase measured within 14 days of randomization must be ≤ 2 x ULN",
            ["time_window <= 14 d", "lipase <= 2 {ULN}"],
        ),
        (
            "Life expectancy > 3 months for Phase 1 and > 6 months for Phase 2",
            ["life_expectancy > 3 mo", "life_expectancy > 6 mo"],
        ),
        ("Grade III heart disease as defined by the New York Heart Association", ["nyha in III"]),
        ("AST < 2 x ULN (4 x ULN if the liver is involved)", ["ast < 2 {ULN}", "ast < 4 {ULN}"]),
        ("Adults from 18 years", ["age >= 18 a"]),
        ("Age ³ 18 years", ["age >= 18 a"]),
        ("Toxicity ³CTCAE Grade 3", ["ctcae in 3,4,5"]),
        ("HbA1c 7.0-9.0 % (53-75 mmol/mol)", ["hba1c between 7-9 %"]),
        ("At least 10 pack years (1 pack = 20 cigarettes)", ["smoking >= 10 {pack}.a"]),
        ("Heart rate outside the range of 50-100 bpm", ["heart_rate outside 50-100 /min"]),
        (
            "Vital signs outside of the following ranges: heart rate of 50-100 bpm, SBP 90-160 mmHg",
            ["heart_rate outside 50-100 /min", "sbp outside 90-160 mm[Hg]"],
        ),
        ("Glucose > 10 % outside the normal range (> 1.1 x ULN)", ["glucose > 1.1 {ULN}"]),
        ("AST 2-35 U/I", ["ast between 2-35 U/L"]),
        ("Aged 18 or more years", ["age >= 18 a"]),
        ("Onset of asthma after 40 years of age", ["age_at_onset > 40 a"]),
        (
            "Heart rate outside 50-100 bpm for women or 45-100 bpm for men",
            ["heart_rate outside 50-100 /min", "heart_rate outside 45-100 /min"],
        ),
        (
            "Blood pressure out of the range of 90-140 mmHg for systolic or 50-90 mmHg for diastolic",
            ["sbp outside 90-140 mm[Hg]", "dbp outside 50-90 mm[Hg]"],
        ),
        ("BMI not between 18 and 30 kg/m2", ["bmi outside 18-30 kg/m2"]),
        ("HbA1c between 7.0% (53 mmol/mol) and 10.5% (91 mmol/mol)", ["hba1c between 7-10.5 %"]),
        ("Glucose 126 mg/dL (7.0 mmol/L) to 240 mg/dL (13.3 mmol/L)", ["glucose between 126-240 mg/dL"]),
        ("ALT ≤ 3 x ULN (≤ 5 x if liver metastases)", ["alt <= 3 {ULN}", "alt <= 5 {ULN}"]),
        (
            "ALT at most three times the ULN (five times if liver involvement)",
            ["alt <= 3 {ULN}", "alt <= 5 {ULN}"],
        ),
        (
            "Alcohol intake of more than 21 units per week for men or 14 units per week for women",
            ["alcohol > 21 {drink}/wk", "alcohol > 14 {drink}/wk"],
        ),
        ("Alcohol > 14 (men) or > 7 (women) glasses weekly", ["alcohol > 14 {drink}/wk", "alcohol > 7 {drink}/wk"]),
        (
            "More than 21 units of alcohol per week in men or 14 units per week in women",
            ["alcohol > 21 {drink}/wk", "alcohol > 14 {drink}/wk"],
        ),
        ("BMI 18-35 inclusive, minimum weight 45 kg", ["bmi between 18-35 kg/m2", "weight >= 45 kg"]),
        (
            "Each lesion ≥ 10 mm when measured by CT, MRI, or caliper or ≥ 20 mm when measured by x-ray",
            ["lesion_size >= 10 mm", "lesion_size >= 20 mm"],
        ),
        ("Short-acting benzodiazepines more than twice per week", ["doses > 2 /wk"]),
        ("Secondary forms: 1. Iron deficiency anemia 2. Renal failure 3. Diabetes", []),
        ("Plasma cell leukemia (> 2.0 × 10⁹/L circulating plasma cells)", ["circulating_plasma_cells > 2 10*9/L"]),
        ("Prostate cancer < Gleason score 6", ["gleason < 6 {score}"]),
        ("Child-Pugh class A5-B7", ["child_pugh_points between 5-7 {score}"]),
        ("Child-Pugh A or B7", ["child_pugh in A", "child_pugh_points = 7 {score}"]),
        ("Child-Pugh score of B7 or better", ["child_pugh_points <= 7 {score}"]),
        ("Hepatitis B7", []),
        ("Gleason ≥ 4+4", ["gleason >= 8 {score}"]),
        ("Gleason 4+3=7 or higher", []),
        ("For patients entering dose levels 4-6, toxicity of grade 2", ["ctcae in 2"]),
        ("Hypersensitivity to polysorbate 80 containing drugs", []),
        ("If < 16 years of age at disease onset", ["age_at_onset < 16 a"]),
        ("Stage IIIB (non amenable to multimodal treatment) or IV lung cancer", ["stage in IIIB,IV"]),
        ("Hemoptysis of more than 50 ml of blood per day", ["blood_volume > 50 mL/d"]),
        ("Bilirubin within 1.5 times ULN", ["bilirubin <= 1.5 {ULN}"]),
        ("aPTT within 20 % above the normal range", ["aptt <= 1.2 {ULN}"]),
        ("Hemoglobin more than 10 % below LLN", ["hemoglobin < 0.9 {LLN}"]),
        ("ALT 2-fold above ULN", ["alt > 2 {ULN}"]),
        ("Hemoglobin > 1 g/dL above the ULN", []),
        (
            "A lesion measured in at least one dimension (longest diameter) as ≥ 20 mm with conventional techniques "
            "or as ≥ 10 mm with spiral CT",
            ["lesion_size >= 20 mm", "lesion_size >= 10 mm"],
        ),
        (
            "Esophageal cancer of stage cT1b-2N+M0 or cT3-4aN0-3M0",
            [
                "tnm_t in T1b,T2",
                "tnm_n in N1,N2,N3",
                "tnm_m in M0",
                "tnm_t in T3,T4a",
                "tnm_n in N0,N1,N2,N3",
                "tnm_m in M0",
            ],
        ),
        ("Bladder cancer of stage T2-T4a", ["tnm_t in T2,T3,T4a"]),
        ("Urothelial carcinoma (≤ T1)", ["tnm_t in Ta,Tis,T1"]),
        ("Reversibility in FEV1 of ≥ 12 % and 200 mL", ["fev1_increase >= 12 %", "fev1_increase >= 200 mL"]),
        ("Airway reversibility (FEV1 > 12 %)", ["fev1_increase > 12 %"]),
        ("AST･ALT ≦ 100 U/L; platelets ≧ 10万/μL", ["ast <= 100 U/L", "alt <= 100 U/L", "platelets >= 100 10*9/L"]),
        ("KPS ≥ 70 points", ["karnofsky >= 70 {score}"]),
        ("Aspartate or alanine transaminase > 1.5 x ULN", ["alt > 1.5 {ULN}", "ast > 1.5 {ULN}"]),
        ("Pulmonary hypertension (mPAP > 25 mmHg)", ["mpap > 25 mm[Hg]"]),
        ("ALT > 2,5 x upper normality limit", ["alt > 2.5 {ULN}"]),
        ("ALT 2.5 times or more of the upper limit of facility standard", ["alt >= 2.5 {ULN}"]),
        ("HbA1c ± 0.2 % of the cut-off", []),
        ("FVC/DLCO ratio > 1.6", ["fvc_dlco > 1.6 1"]),
        ("A composite T-score greater than 65", ["composite T-score > 65"]),
        ("A pregnancy test (minimum sensitivity 25 IU/L of HCG)", []),
        ("BMI greater than or equal (>=) to 27 kg/m2", ["bmi >= 27 kg/m2"]),
        ("PR interval greater 200 msec", ["pr_interval > 200 ms"]),
        ("Prior anti PD 1 antibody; study extension 1", []),
        ("At least 2 serum sodium assessments < 130 mmol/L", ["readings >= 2 {reading}", "sodium < 130 mmol/L"]),
        ("Weight >/ 50 kg for men and >/ 45 kg for women", ["weight >= 50 kg", "weight >= 45 kg"]),
        ("QTc ≥ 480 ms on ECGs at least 24 hours apart", ["qtc >= 480 ms", "spacing >= 1 d"]),
        ("QT interval corrected for heart rate (QTc) > 450 ms", ["qtc > 450 ms"]),
        ("QtcF > 480 ms, anc < 1000/uL", ["qtcf > 480 ms", "neutrophils < 1 10*9/L"]),
        ("The average QTc of the three ECGs must be < 480 ms", ["qtc < 480 ms"]),
        ("Gastric cancer of stageⅢ-Ⅳ", ["stage in III,IV"]),
        ("NYHA1 class III or IV", ["nyha in III,IV"]),
        ("Heart disease of class III-IV [per the New York Heart Association]", ["nyha in III,IV"]),
        ("Performance status > 80 % (Karnofsky)", ["karnofsky > 80 {score}"]),
        ("Topical steroids of class I-II, class II steroids, a device of class III", []),
        (
            "Bilirubin ≥ 1.5 x ULN (with > 35 % direct bilirubin)",
            ["bilirubin >= 1.5 {ULN}", "direct_bilirubin_fraction > 35 %"],
        ),
        ("Primary tumor over 2 cm, two 2 mm cores of tumor", ["lesion_size > 20 mm"]),
        (
            "Drinks > 14 units of alcohol a week (1 unit = 360 mL of beer or 150 mL of wine)",
            ["alcohol > 14 {drink}/wk"],
        ),
        ("A method with less than 1 % failure rate", []),
        ("Contraception of a low failure rate (i.e., less than 1 % per year)", []),
        ("PT > ULN + 4 seconds", []),
        ("PT more than 3 seconds above the control", []),
        ("Treated in study 120-14-003 as listed in 7.3", []),
        ("Stage IB-IIIA lung cancer", ["stage in IB,IC,II,IIA,IIB,IIC,IIIA"]),
        ("Arrhythmia above grade II", ["ctcae in 3,4,5"]),
        ("Disease with free thyroxine (T4) < 0.7 ng/dL", ["free_t4 < 0.7 ng/dL"]),
        ("Stage IA or IB grade 1 or 2 endometrial cancer", ["stage in IA,IB", "tumor_grade in 1,2"]),
        ("Ta or T1 disease (grade 2 or 3)", ["tnm_t in Ta,T1", "tumor_grade in 2,3"]),
        ("A-V block above grade II", ["grade > 2"]),
        ("Free T3 or T4 outside the normal range", ["free_t3 in normal", "t4 in normal"]),
        ("Prior radiation is allowed to < 25% of the marrow", ["bone_marrow_irradiated < 25 %"]),
        ("BMD T-score ≤ -2.5 in at least one of the anatomic sites", ["t_score <= -2.5 1", "anatomic sites >= 1"]),
        ("At least 3 swollen and 3 tender joints", ["swollen_joints >= 3 {joint}", "tender_joints >= 3 {joint}"]),
        ("At least 45 years of age with ≥ 12 months of amenorrhoea", ["age >= 45 a", "disease_duration >= 365.25 d"]),
        ("ALT ≤ 2.5 x ULN; ≤ 5 x ULN in the presence of liver metastases", ["alt <= 2.5 {ULN}", "alt <= 5 {ULN}"]),
        ("Hb < 12 g/dL (not iron deficient) and < 14 g/dL", ["hemoglobin < 12 g/dL", "hemoglobin < 14 g/dL"]),
        ("Creatinine > 1.5 for men and 1.4 for women", ["creatinine > 1.5 mg/dL", "creatinine > 1.4 mg/dL"]),
        ("A score of 8 or more on the WHO Alcohol Use Disorders Identification Test", ["audit >= 8 {score}"]),
        ("Score ≤ 4 or lower on the Hachinski Ischemic Scale", ["hachinski <= 4 {score}"]),
        ("LVEF ≥ 50% or above the institutional LLN", ["lvef >= 50 %", "lvef > 1 {LLN}"]),
        ("At least 4 years old (or as the law asks) and ≥ 10 kg", ["age >= 4 a", "weight >= 10 kg"]),
        ("Multiple (i.e., > 3) brain metastases", ["lesion_count > 3 {lesion}"]),
        ("More than 3 months", ["life_expectancy > 3 mo"]),
        ("Hypertension that is not controlled or is more than 145/95", ["sbp > 145 mm[Hg]", "dbp > 95 mm[Hg]"]),
        (
            "MMSE ≥ 14 and ≤ 24 at screening and ≥ 12 and ≤ 26 at baseline",
            ["mmse between 14-24 {score}", "mmse between 12-26 {score}"],
        ),
        (
            "ANC ≥ 1200/mm3; platelets; ≥ 100,000/mm3; Hb ≥ 8.5 g/dL",
            ["neutrophils >= 1.2 10*9/L", "hemoglobin >= 8.5 g/dL"],
        ),
        ("Bilirubin 1.5 times exceeding the upper limit of normal", ["bilirubin > 1.5 {ULN}"]),
        ("Creatinine clearance by ((140 - age) x weight)", []),
        ("BMI between 18 ≤ BMI ≤ 27 kg/m2", ["bmi between 18-27 kg/m2"]),
        ("90 mmHg ≤ sitting systolic blood pressure (SBP) ≤ 140 mmHg", ["sbp between 90-140 mm[Hg]"]),
        ("18 ≤ age and BMI ≤ 30", ["age >= 18 a", "bmi <= 30 kg/m2"]),
        ("HbA1c 7.0-10.0 % by the central laboratory, corresponding to 53-86 mmol/mol", ["hba1c between 7-10 %"]),
        ("ANC ≥ 1,500 uL", ["neutrophils >= 1.5 10*9/L"]),
        ("BP > 180/100 once", ["sbp > 180 mm[Hg]", "dbp > 100 mm[Hg]"]),
        ("SBP > 160 mm", ["sbp > 160 mm[Hg]"]),
        ("MADRS item 10 score > 3", ["MADRS item > 3"]),
        ("A score of 3 or higher on the HAM-D item #3", ["HAM-D item >= 3"]),
        ("HAM-D (17 items) total score ≥ 14", ["ham_d >= 14 {score}"]),
        ("CDAI ≥ 220 (range: 0 to 600)", ["cdai >= 220 {score}"]),
        ("A score ≥ 1 in each of steatosis (0-3) and ballooning (0-2)", []),
        (
            "Creatinine above 1.6 mg/dL for males; 1.4 mg/dL for females",
            ["creatinine > 1.6 mg/dL", "creatinine > 1.4 mg/dL"],
        ),
        ("Alcohol above 21 (men) / 14 (women) units a week", ["alcohol > 21 {drink}/wk", "alcohol > 14 {drink}/wk"]),
        (
            "Weekly alcohol intake > 21 units for men or > 14 units for women",
            ["alcohol > 21 {drink}/wk", "alcohol > 14 {drink}/wk"],
        ),
    ],
)
def test_a_limit_is_on_what_it_is_said_of(text: str, expected: list[str]) -> None:
    said = [row._replace(attribute_text=None) if row.kind == "time_window" else row for row in read(text).constraints]
    assert [str(row) for row in said] == expected


def test_sizes_below_a_counted_lesion_are_its_sizes() -> None:
    tables = read(
        "Inclusion Criteria:\n\n- At least 1 target lesion\n  - ≥ 20 mm by X-ray OR\n  - ≥ 10 mm by spiral CT\n"
    )
    assert [str(row) for row in tables.constraints] == [
        "lesion_count >= 1 {lesion}",
        "lesion_size >= 20 mm",
        "lesion_size >= 10 mm",
    ]


def test_a_limit_in_brackets_narrows_what_stands_in_front_of_them() -> None:
    read_rows = read("Exclusion Criteria:\n- Hypertension (systolic > 140 mmHg or diastolic > 90 mmHg)")
    (mention,) = read_rows.mentions
    assert [row.targets for row in read_rows.constraints] == [(mention.mention_id,)] * 2


def test_a_condition_ends_with_a_whole_word() -> None:
    assert {row.condition for row in read("If there is liver metastasis, ALT ≤ 5 x ULN").constraints} == {
        "If there is liver metastasis"
    }


def test_a_condition_begins_with_a_whole_word() -> None:
    (row,) = read("Significant renal disease (eGFR < 50 mL/min)").constraints
    assert row.condition is None


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("Distant disease excluded: M0 cancer", ["tnm_m in M0"]),
        ("Rectal cancer cT3N0M0", ["tnm_t in T3", "tnm_n in N0", "tnm_m in M0"]),
        ("Breast cancer of stage IIA (T2N0M0)", ["stage in IIA"]),
        ("PASI ≥ 12, IGA score of 3 or greater", ["pasi >= 12 {score}", "iga in 3,4"]),
        ("ALAT or ASAT > 5N, or bilirubin > 2N", ["alt > 5 {ULN}", "ast > 5 {ULN}", "bilirubin > 2 {ULN}"]),
        (
            "Serum urate by age: 1 to < 4 years ≤ 5 mg/dL, 4 to < 9 years ≤ 6 mg/dL",
            ["age between 1-4 a", "uric_acid <= 5 mg/dL", "age between 4-9 a", "uric_acid <= 6 mg/dL"],
        ),
        (
            "Systolic drop of 20 mmHg or more, or a 10 mmHg drop in diastolic pressure",
            ["sbp_decrease >= 20 mm[Hg]", "dbp_decrease ? 10 mm[Hg]"],
        ),
        ("QTc > 470 ms (Fridericia); QTc > 480 ms by Bazett's formula", ["qtcf > 470 ms", "qtcb > 480 ms"]),
        (
            "Weight of at least 60 kg (132 lbs) for men and 50 kg (110 lbs) for women",
            ["weight >= 60 kg", "weight >= 50 kg"],
        ),
        ("Refractive error -1.00 to -6.00 D", ["refraction between -6--1 [diop]"]),
        ("T-score -2.5 to -1.0 at the hip", ["t_score between -2.5--1 1"]),
        ("At least 1 episode of incontinence over the 72 h period", ["episodes >= 1 {episode}"]),
        ("QTcF ≤ 450/470 ms for males/females", ["qtcf <= 450 ms", "qtcf <= 470 ms"]),
        ("Haemoglobin ≥ 13 (12 for females) g/dL", ["hemoglobin >= 13 g/dL", "hemoglobin >= 12 g/dL"]),
        ("Alcohol ≤ 21 units a week (women ≤ 14)", ["alcohol <= 21 {drink}/wk", "alcohol <= 14"]),
        ("IOP ≥ 22 mmHg at 8 AM and 18-34 mmHg at 10 AM", ["iop >= 22 mm[Hg]", "iop between 18-34 mm[Hg]"]),
        ("PT within 2 seconds of the ULN", []),
        ("ALT within 20 % of the ULN", ["alt <= 1.2 {ULN}"]),
        (
            "AST ≤ 2.5 x ULN, unless liver metastases are present in which case they must be ≤ 5 x ULN",
            ["ast <= 2.5 {ULN}", "ast <= 5 {ULN}"],
        ),
        ("At least 50 moderate to severe hot flushes per week", ["hot_flashes >= 50 /wk"]),
        ("SBP or DBP > 180 mmHg or > 95 mmHg, respectively", ["sbp > 180 mm[Hg]", "dbp > 95 mm[Hg]"]),
        ("ALT and AST < 3 and < 5 x ULN, respectively", ["alt < 3 {ULN}", "ast < 5 {ULN}"]),
        ("ALT or AST > 3 x ULN, or symptoms treated respectively", ["alt > 3 {ULN}", "ast > 3 {ULN}"]),
        ("Abnormal blood chemistry (≥ 2 x ULN in the levels of AST, ALT)", ["ast >= 2 {ULN}", "alt >= 2 {ULN}"]),
        ("Zorbin motion index ≤ 1.2 determined by MRI", ["Zorbin motion index <= 1.2"]),
        ("Total zorbin score of at least 7", ["Total zorbin score >= 7"]),
        (
            "Conjunctival staining ≥ 3, corneal staining ≥ 2",
            ["conjunctival_staining >= 3 {score}", "corneal_staining >= 2 {score}"],
        ),
        ("Mitotic rate > 5/50 HPF", ["mitotic_rate > 5 /(50.[HPF])"]),
        ("Oral MTX treatment regimen (15-25 mg/week)", ["methotrexate between 15-25 mg/wk"]),
        ("Adults > 60 years of age with complex (≥ 3) cytogenetics", ["age > 60 a", "complex >= 3"]),
        ("ACR global functional status class 1-3", ["acr_functional_class in I,II,III"]),
        ("Relapsed after a complete response duration of < 6 months", ["remission < 182.625 d"]),
        ("Alcohol > 3 glasses per day", ["alcohol > 21 {drink}/wk"]),
    ],
)
def test_each_limit_has_its_own_measure(text: str, limits: list[str]) -> None:
    assert [str(row) for row in read(text).constraints] == limits


def test_a_table_by_age_below_a_measure_holds_its_values() -> None:
    table = "Clearance ≥ 70 mL/min or a serum creatinine based on age/gender as follows:"
    items = ["0.5 mg/dL (6 months to < 1 year of age)", "13 to < 16 years: 1.5 (male), 1.4 (female)"]
    tables = read(f"Inclusion Criteria:\n- {table}\n  - {items[0]}\n  - {items[1]}\n")
    below = [(str(c), c.requirement, c.condition) for c in tables.constraints if c.criterion_id != "I1"]
    assert below == [
        ("creatinine ? 0.5 mg/dL", "require", "6 months to < 1 year"),
        ("age between 0.5-1 a", "describe", None),
        ("age between 13-16 a", "describe", None),
        ("creatinine ? 1.5 mg/dL", "require", "male"),
        ("creatinine ? 1.4 mg/dL", "require", "female"),
    ]
