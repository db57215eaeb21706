"""Which limits narrow a condition, or the number of lesions, that stands beside them."""

import pytest

from readings import read


def narrowed(text: str, section: str) -> dict[str, list[str]]:
    """What each limit but times narrows, in words, by its quote."""
    tables = read(f"{section} Criteria:\n\n- {text}")
    words = {mention.mention_id: mention.text for mention in tables.mentions}
    words |= {row.constraint_id: row.quote for row in tables.constraints}
    times = ("time_window", "duration")
    return {row.quote: [words[id] for id in row.targets] for row in tables.constraints if row.kind not in times}


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (
            "Subjects with HIV are allowed if viral load is < 50 copies/mL and CD4+ count is 200 cells/uL or higher",
            {"< 50 copies/mL": ["HIV"], "200 cells/uL or higher": ["HIV"]},
        ),
        (
            "HIV-infected patients are eligible provided that the CD4 count is >= 350 cells/µL",
            {">= 350 cells/µL": ["HIV-infected"]},
        ),
        ("Renal cell carcinoma < 4 cm", {"< 4 cm": ["Renal cell carcinoma"]}),
        ("An ovarian cyst > 5 cm is followed up", {"> 5 cm": ["ovarian cyst"]}),
        ("Liver metastases > 3 cm", {"> 3 cm": []}),
        ("Recovered from grade II-IV acute GVHD", {"II-IV": ["acute GVHD"]}),
        ("Suicidal ideation of type 4 or 5 on the C-SSRS", {"4 or 5": ["Suicidal ideation"]}),
        ("Peripheral neuropathy that is > grade 1", {"> grade 1": ["Peripheral neuropathy"]}),
        ("Patients with hypertension qualify if BP < 150/90 mmHg", {"< 150/90 mmHg": ["hypertension"]}),
        (
            "Prior radiotherapy is allowed if < 30% of the marrow was irradiated. Platelets ≥ 100,000/mm3",
            {"< 30%": ["radiotherapy"], "≥ 100,000/mm3": []},
        ),
        ("At least 1 measurable lesion ≥ 2.0 cm", {"At least 1": [], "≥ 2.0 cm": ["At least 1"]}),
        (
            "At least one measurable lesion (≥ 10 mm in long axis, or ≥ 15 mm in short axis for lymph nodes)",
            {"At least one": [], "≥ 10 mm": ["At least one"], "≥ 15 mm": ["At least one"]},
        ),
        (
            "Up to 3 tumors, the maximum diameter of a single tumor ≤ 5 cm, or the sum of diameters < 10 cm",
            {"Up to 3": [], "≤ 5 cm": [], "< 10 cm": []},
        ),
        ("Type 1 or type 2 diabetes, HbA1c < 12 %", {"< 12 %": []}),
    ],
)
def test_a_limit_among_reasons_for_inclusion_narrows_what_it_is_said_of(
    text: str, targets: dict[str, list[str]]
) -> None:
    assert narrowed(text, "Inclusion") == targets


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (
            "Known HIV with CD4+ count < 350 cells/uL or a viral load above 400 copies/mL",
            {"< 350 cells/uL": ["HIV"], "above 400 copies/mL": ["HIV"]},
        ),
        ("HIV-infected patients with a CD4 count < 200 cells/mm3", {"< 200 cells/mm3": ["HIV-infected"]}),
        ("Patients with diabetes whose HbA1c is > 10%", {"> 10%": ["diabetes"]}),
        (
            "Uncontrolled hypertension: SBP >=180 mm Hg or DBP >=100 mm Hg",
            {">=180 mm Hg": ["Uncontrolled hypertension"], ">=100 mm Hg": ["Uncontrolled hypertension"]},
        ),
        (
            "Uncontrolled hypertension, systolic ≥ 150 mmHg and/or diastolic ≥ 90 mmHg",
            {"≥ 150 mmHg": ["Uncontrolled hypertension"], "≥ 90 mmHg": ["Uncontrolled hypertension"]},
        ),
        (
            "Hypertension, defined as sustained BP >150 mm Hg systolic or >90 mm Hg diastolic",
            {">150 mm Hg": ["Hypertension"], ">90 mm Hg": ["Hypertension"]},
        ),
        (
            "Uncontrolled hypertension with SBP > 160 or QTc > 480 ms",
            {"> 160": ["Uncontrolled hypertension"], "> 480 ms": []},
        ),
        (
            "Hepatic impairment (bile acids ≥ 40 μmol/L) or ALT > 3 x ULN",
            {"≥ 40 μmol/L": ["Hepatic impairment"], "> 3 x ULN": []},
        ),
        ("Liver disease with ALT or AST > 2 x ULN", {"> 2 x ULN": ["Liver disease"]}),
        ("Type 2 diabetes on insulin, or HbA1c above 9 %", {"above 9 %": []}),
        ("If type 2 diabetic, HbA1c > 10 %", {"> 10 %": []}),
        ("Cardiac symptoms：（1）NYHA class II or above", {"II or above": []}),
        ("More than 3 brain metastases or any lesion > 4 cm", {"More than 3": [], "> 4 cm": []}),
        ("Smoker (more than 10 cigarettes per day)", {"more than 10 cigarettes per day": ["Smoker"]}),
    ],
)
def test_a_limit_among_reasons_for_exclusion_narrows_what_it_is_said_of(
    text: str, targets: dict[str, list[str]]
) -> None:
    assert narrowed(text, "Exclusion") == targets


def test_what_a_permission_asks_is_asked_of_nobody_else() -> None:
    (limit,) = read("Inclusion Criteria:\n\n- Patients with HIV are eligible if CD4 is ≥ 200 cells/uL").constraints
    assert (limit.requirement, limit.condition, len(limit.targets)) == ("require", None, 1)


def test_alternatives_that_define_a_condition_go_on_with_a_treatment() -> None:
    text = "Type 2 diabetes defined by fasting glucose ≥ 126 mg/dl or HbA1c ≥ 6.5% or on glucose lowering medication"
    tables = read(f"Inclusion Criteria:\n\n- {text}")
    assert [row.group for row in (*tables.constraints, *tables.mentions)] == ["any1", "any1", None, "any1"]


def test_a_number_of_lesions_behind_a_bracket_begins_anew() -> None:
    text = "At least one nodal lesion (>1.5 cm in its largest dimension) or at least one extranodal lesion (>1.0 cm)"
    tables = read(f"Inclusion Criteria:\n\n- {text}")
    assert [str(row) for row in tables.constraints][1:3] == ["lymph_node_size > 15 mm", "lesion_count >= 1 {lesion}"]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("Infection or fever > 38.5 C within 7 days", ["Infection", "fever"]),
        ("Body temperature > 38.5 C within 7 days", ["> 38.5 C"]),
        ("Ascites that needed paracentesis more than once in 2 weeks", ["more than once"]),
        ("Insulin for more than 7 days in the past year", ["more than 7 days"]),
    ],
)
def test_a_window_is_of_what_happened_or_of_how_often(text: str, targets: list[str]) -> None:
    tables = read(f"Exclusion Criteria:\n\n- {text}")
    words = {mention.mention_id: mention.text for mention in tables.mentions}
    words |= {row.constraint_id: row.quote for row in tables.constraints}
    (window,) = (row for row in tables.constraints if row.kind == "time_window")
    assert [words[id] for id in window.targets] == targets
