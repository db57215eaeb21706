"""What a patient needs only one of is a group; what each patient needs, or each is kept out by, is none."""

import pytest

import trialcriteria

GROUPS = [
    ("Inclusion", "On a stable dose of losartan or valsartan", {"any1": ["losartan", "valsartan"]}),
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
    # all of it is needed
    ("Inclusion", "Diabetes and hypertension", {}),
    # each of it keeps a patient out
    ("Exclusion", "Diabetes or hypertension", {}),
    ("Exclusion", "Any of the following: diabetes; hypertension", {}),
    ("Inclusion", "No diabetes or hypertension", {}),
    # how it was confirmed
    ("Inclusion", "Breast cancer confirmed by core needle or incisional biopsy", {}),
    # a stroke inside a name
    ("Inclusion", "Lupus nephritis of ISN/RPS class III", {}),
]  # fmt: skip


@pytest.mark.parametrize(("section", "text", "expected"), GROUPS, ids=[text for _, text, _ in GROUPS])
def test_alternatives_are_a_group(section: str, text: str, expected: dict[str, list[str]]) -> None:
    frames = trialcriteria.extract(text=f"{section} Criteria:\n* {text}")
    rows = [(row.start, row.group, row.text) for row in frames.mentions.itertuples()]
    rows += [(row.start, row.group, row.quote) for row in frames.constraints.itertuples()]
    found: dict[str, list[str]] = {}
    for _, group, words in sorted(row for row in rows if isinstance(row[1], str)):
        found.setdefault(group, []).append(words)
    assert found == expected
