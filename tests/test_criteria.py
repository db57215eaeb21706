"""How eligibility text is cut into criteria: one example a layout, all texts our own."""

import itertools
from collections.abc import Sequence

import pytest

from trialcriteria.criteria import account, raw_span, segment
from trialcriteria.records import Field


def cut(text: str, fields: Sequence[Field] = ()) -> list[str]:
    """One line a criterion: id, what must hold of its children, text."""
    return [
        f"{s.criterion_id}{f' <{s.children}>' if s.children else ''} {s.text}".rstrip() for s in segment(text, fields)
    ]


MARKDOWN = """Inclusion Criteria:

* Age \\>= 18 and \\<75
* Adequate organ function:

  * ANC \\>= 1.5 x 10\\^9/L
  * ALT \\<= 2.5 x ULN \\[5 x with liver metastases\\]
* Written consent

Exclusion Criteria:

1. Pregnancy
2. Any of the following:

   1. stroke
   2. asthma
"""

HARD_WRAPPED = """
        Inclusion Criteria:

          -  1. Adults with asthma that was confirmed by a lung function test at any time in the five
             years before enrolment

          -  2. Written consent

        Exclusion Criteria:

          -  Heart disease of any kind:

               -  stroke

               -  NYHA class III or
                  worse

          -  Pregnancy
      """

PDQ = """
        DISEASE CHARACTERISTICS:

          -  Proven sarcoma

               -  Stage II

        PATIENT CHARACTERISTICS:

        Age:

          -  18 and over

        Hematopoietic

          -  Platelet count at least 100,000/mm^3

        PRIOR CONCURRENT THERAPY:

          -  No prior radiotherapy
      """

LAYOUTS = {
    "markdown of API v2 is unescaped and nested by its indent": (
        MARKDOWN,
        [
            "I1 Age >= 18 and <75",
            "I2 <all> Adequate organ function:",
            "I2.1 ANC >= 1.5 x 10^9/L",
            "I2.2 ALT <= 2.5 x ULN [5 x with liver metastases]",
            "I3 Written consent",
            "E1 Pregnancy",
            "E2 <any> Any of the following:",
            "E2.1 stroke",
            "E2.2 asthma",
        ],
    ),
    "hard-wrapped lines become one and doubled markers are one": (
        HARD_WRAPPED,
        [
            "I1 Adults with asthma that was confirmed by a lung function test at any time in the five"
            " years before enrolment",
            "I2 Written consent",
            "E1 <any> Heart disease of any kind:",
            "E1.1 stroke",
            "E1.2 NYHA class III or worse",
            "E2 Pregnancy",
        ],
    ),
    "NCI PDQ labels are headings": (
        PDQ,
        [
            "I1 <all> Proven sarcoma",
            "I1.1 Stage II",
            "I2 18 and over",
            "I3 Platelet count at least 100,000/mm^3",
            "I4 No prior radiotherapy",
        ],
    ),
    "a label above alternatives alone is their parent, above others a heading": (
        "PATIENT CHARACTERISTICS:\n\nPerformance status\n\n  - ECOG 0-2 OR\n\n  - Karnofsky 60-100%\n\n"
        "Renal\n\n  - Creatinine normal OR\n\n  - Clearance > 60 mL/min\n\n  - No stones",
        [
            "I1 <any> Performance status",
            "I1.1 ECOG 0-2 OR",
            "I1.2 Karnofsky 60-100%",
            "I2 Creatinine normal OR",
            "I3 Clearance > 60 mL/min",
            "I4 No stones",
        ],
    ),
    "a collapsed PDQ paragraph is cut at its labels and keeps them": (
        "PATIENT CHARACTERISTICS: Age: 18 and over Performance status: ECOG 0-2 Other: No other cancer Not pregnant",
        ["I1 Age: 18 and over", "I2 Performance status: ECOG 0-2", "I3 Other: No other cancer", "I4 Not pregnant"],
    ),
    "everything on one line, with dashes": (
        "Inclusion Criteria: - adults - ECOG 0-1 Exclusion Criteria: - asthma - pregnancy",
        ["I1 adults", "I2 ECOG 0-1", "E1 asthma", "E2 pregnancy"],
    ),
    "everything on one line, with numbers": (
        "Inclusion Criteria: 1. Aged 18-75 years; 2. ECOG 0-1; 3. Consent. Exclusion Criteria: 1) Pregnancy 2) HIV",
        ["I1 Aged 18-75 years;", "I2 ECOG 0-1;", "I3 Consent.", "E1 Pregnancy", "E2 HIV"],
    ),
    "numbers that went on inside an item are items": (
        "* 1. Adults 2. ECOG PS 0 or 1 3. Consent\n* 4. Stage 3. Any histology",
        ["I1 Adults", "I2 ECOG PS 0 or 1", "I3 Consent", "I4 Stage 3. Any histology"],
    ),
    "prose without bullets is cut into its sentences": (
        "Age over 18. ECOG 0-1. No prior chemotherapy, e.g. cisplatin. Platelets at least 100.5 x 10^9/L."
        " This includes patients with one transfusion.",
        [
            "I1 Age over 18.",
            "I2 ECOG 0-1.",
            "I3 No prior chemotherapy, e.g. cisplatin.",
            "I4 Platelets at least 100.5 x 10^9/L. This includes patients with one transfusion.",
        ],
    ),
    "prose is cut at semicolons, but not inside brackets": (
        "Exclusion: asthma (mild; moderate; severe); COPD; pregnancy",
        ["E1 asthma (mild; moderate; severe);", "E2 COPD;", "E3 pregnancy"],
    ),
    "a bullet keeps its sentences and its inline list": (
        "- Adults. Children may not join.\n- One of a) asthma b) COPD\n- unresectable (① both lobes; ② three veins)",
        [
            "I1 Adults. Children may not join.",
            "I2 One of a) asthma b) COPD",
            "I3 unresectable (① both lobes; ② three veins)",
        ],
    ),
    "letters and Roman numerals at line starts nest below numbers": (
        "1. Adults\n2. Any of the following:\na. asthma\nb. one of:\ni. COPD\nii. cough\nc. fever\n3. Consent",
        [
            "I1 Adults",
            "I2 <any> Any of the following:",
            "I2.1 asthma",
            "I2.2 <any> one of:",
            "I2.2.1 COPD",
            "I2.2.2 cough",
            "I2.3 fever",
            "I3 Consent",
        ],
    ),
    "all kinds of bullets": (
        "• asthma\n⁃ COPD\n– cough\n▪ fever\n● chills\n○ rash\n* ache\no Burns\n-Scars\n-5 mmHg or more",
        [
            "I1 asthma",
            "I2 COPD",
            "I3 cough",
            "I4 fever",
            "I5 chills",
            "I6 rash",
            "I7 ache",
            "I8 Burns",
            "I9 Scars",
            "I10 -5 mmHg or more",
        ],
    ),
    "full-width, circled and bracketed numbers, and numbers with dashes": (
        "１．Adults\n２．Consent\n\nExclusion\n① asthma\n② COPD\n\nWithdrawal criteria:\n（1）fever\n（2）rash\n",
        ["I1 Adults", "I2 Consent", "E1 asthma", "E2 COPD", "O1 fever", "O2 rash"],
    ),
    "printed labels do not count": (
        "Inclusion:\nI3. Adults\nI7. Consent\nExclusion:\n2. Asthma\n12. COPD",
        ["I1 Adults", "I2 Consent", "E1 Asthma", "E2 COPD"],
    ),
    "a species is no list item": (
        "- Infection with\n  E. coli or\n  S. aureus\n- Fever",
        ["I1 Infection with E. coli or S. aureus", "I2 Fever"],
    ),
    "HTML remnants are line breaks and characters": (
        "<p>Inclusion</p><ul><li>Adults</li><li>ALT &lt;= 2.5 x ULN</li></ul>"
        "Exclusion:<br>- Asthma &amp; COPD&#x0D;\n- p<0.05",
        ["I1 Adults", "I2 ALT <= 2.5 x ULN", "E1 Asthma & COPD", "E2 p<0.05"],
    ),
    "code points that a program wrote out are characters": (
        "- Aged <U+2265> 18\n- <U+03B2>-blockers",
        ["I1 Aged ≥ 18", "I2 β-blockers"],
    ),
    "CRLF": (
        "Inclusion Criteria:\r\n\r\n* Adults\r\n  with asthma\r\n* ECOG 0\r\nExclusion Criteria:\r\n* COPD\r\n",
        ["I1 Adults with asthma", "I2 ECOG 0", "E1 COPD"],
    ),
    "lines without bullets are criteria": (
        "Adults with asthma\nECOG 0-1\nfever of the\nlungs\nknown allergy (e.g.\nto nuts)",
        ["I1 Adults with asthma", "I2 ECOG 0-1", "I3 fever of the lungs", "I4 known allergy (e.g. to nuts)"],
    ),
    "paragraphs wrapped by hand": (
        "Inclusion Criteria:\n\nA text that is long and was wrapped by hand at about the sixtieth\n"
        "column, as mail programs used to do, and it goes on here for a\nwhile.\n\n"
        "Another one that was wrapped by hand at about the sixtieth\ncolumn.",
        [
            "I1 A text that is long and was wrapped by hand at about the sixtieth column, as mail programs used to do,"
            " and it goes on here for a while.",
            "I2 Another one that was wrapped by hand at about the sixtieth column.",
        ],
    ),
    "notes and a lone OR belong to the bullet above": (
        "- Diabetes\n- HbA1c > 7 %\n\nNote: local values count.\n\n"
        "- BMI < 40\n\nOR\n\n- waist > 100 cm\n- NOTE: measured twice",
        [
            "I1 Diabetes",
            "I2 HbA1c > 7 % Note: local values count.",
            "I3 BMI < 40 OR",
            "I4 waist > 100 cm - NOTE: measured twice",
        ],
    ),
    "a paragraph governs the bullets below it": (
        "Inclusion Criteria:\n\nPatients must have:\n\n* ANC > 1.5\n* PLT > 100\n\nConsent is needed",
        ["I1 <all> Patients must have:", "I1.1 ANC > 1.5", "I1.2 PLT > 100", "I2 Consent is needed"],
    ),
    "a bullet governs a paragraph that its colon announces": (
        "          -  Bleeding risk, including any of the following:\n\n        Ulcer; varices\n\n          -  Asthma",
        ["I1 <any> Bleeding risk, including any of the following:", "I1.1 Ulcer; varices", "I2 Asthma"],
    ),
    "a flat list ends with the item that nothing joins to the next": (
        "- Asthma\n- Heart disease:\n- stroke, or\n- angina, or\n- NYHA III\n- Pregnancy",
        ["I1 Asthma", "I2 <any> Heart disease:", "I2.1 stroke, or", "I2.2 angina, or", "I2.3 NYHA III", "I3 Pregnancy"],
    ),
    "a label is a parent in bullets and a heading as a bare line": (
        "* Performance status:\n  * ECOG 0-2\n\nPerformance status:\n\n* ECOG 0-1",
        ["I1 <all> Performance status:", "I1.1 ECOG 0-2", "I2 ECOG 0-1"],
    ),
    "a heading that holds a limit is a criterion": (
        "Inclusion criteria for subjects with bilirubin > ULN:\n- stable for a month",
        ["I1 <all> Inclusion criteria for subjects with bilirubin > ULN:", "I1.1 stable for a month"],
    ),
    "title and purpose in front of the first bullet are no criteria": (
        "Walking After Surgery: A Randomized Trial\nTo explore whether walking helps.\n• Adults\n• Consent",
        ["I1 Adults", "I2 Consent"],
    ),
    "boilerplate is no criterion": (
        "- Adults\n\nOther protocol-defined inclusion/exclusion criteria may apply.",
        ["I1 Adults"],
    ),
    "a heading that ends an item": (
        "Exclusion Criteria:\n- No asthma. Mild asthma is allowed. Additional exclusion criteria for Part 2:\n- COPD",
        ["E1 No asthma. Mild asthma is allowed.", "E2 COPD"],
    ),
    "lines about criteria are items": (
        "Exclusion Criteria\n\nNot meeting inclusion criteria\n\n- Exclusion of differential diagnoses\n",
        ["E1 Not meeting inclusion criteria", "E2 Exclusion of differential diagnoses"],
    ),
    "a lead-in and the list on its line": (
        "Subjects who meet any of the following criteria are excluded: 1. asthma 2. COPD",
        ["E1 asthma", "E2 COPD"],
    ),
    "a section's heading in the middle of a list": (
        "- Adults\n- Asthma\nExclusion criteria\n- COPD\nInclusion criteria\n- Consent",
        ["I1 Adults", "I2 Asthma", "E1 COPD", "I3 Consent"],
    ),
    "a heading that a wrap breaks at the end of an item": (
        "Inclusion Criteria\n\n  -  Adults who gave written consent Exclusion\n     Criteria\n\n  -  Asthma\n",
        ["I1 Adults who gave written consent", "E1 Asthma"],
    ),
    "a heading that begins a line of a paragraph with dashes": (
        "\n        Inclusion Criteria: - Adults of any sex with asthma that has been treated for a year - Consent of\n"
        "        the patient in writing before any procedure of the study is done at the first visit\n"
        "        Exclusion Criteria: - Pregnancy or a wish to become pregnant within a year - Gout\n",
        [
            "I1 Adults of any sex with asthma that has been treated for a year",
            "I2 Consent of the patient in writing before any procedure of the study is done at the first visit",
            "E1 Pregnancy or a wish to become pregnant within a year",
            "E2 Gout",
        ],
    ),
    "a dash alone below a heading": (
        "\n        Inclusion Criteria:\n\n        -\n\n        Adults must have:\n\n"
        "        Chronic asthma that was diagnosed by a specialist for respiratory diseases, with or\n"
        "        without eczema.\n",
        [
            "I1 <all> Adults must have:",
            "I1.1 Chronic asthma that was diagnosed by a specialist for respiratory diseases, with or without eczema.",
        ],
    ),
    "a heading that ends a wrapped item": (
        "\n        Inclusion Criteria:\n\n"
        "          -  Asthma that is under control by medication at the time of the screening visit.\n"
        "             Exclusion Criteria\n\n          -  COPD\n\n          -  HIV",
        ["I1 Asthma that is under control by medication at the time of the screening visit.", "E1 COPD", "E2 HIV"],
    ),
    "reasons for exclusion behind a blank line, without headings": (
        "Adults with asthma\nAble to walk\n\nPregnant women\nWeight under 45 kg\nLatex allergy\nAnother trial",
        [
            "I1 Adults with asthma",
            "I2 Able to walk",
            "E1 Pregnant women",
            "E2 Weight under 45 kg",
            "E3 Latex allergy",
            "E4 Another trial",
        ],
    ),
    "denials behind a blank line, without headings": (
        "Adults with asthma\n\nNo pregnancy\nNot allergic to latex\nNo other trial",
        ["I1 Adults with asthma", "I2 No pregnancy", "I3 Not allergic to latex", "I4 No other trial"],
    ),
    "reasons for exclusion announced in the last paragraph": (
        "Adults with asthma, FEV1 > 60 %. Not to be enrolled: pregnant women; smokers.",
        ["I1 Adults with asthma, FEV1 > 60 %.", "E1 pregnant women; smokers."],
    ),
    "reasons for exclusion announced inside a numbered list on one line": (
        "1. Adults with asthma 2. FEV1 over 60 % They cannot take part if: 3. Pregnant 4. Smokers",
        ["I1 Adults with asthma", "I2 FEV1 over 60 %", "E1 Pregnant", "E2 Smokers"],
    ),
    "reasons for exclusion announced at the end of a paragraph": (
        "Adults with asthma. We do not enrol:\n- smokers\n- drinkers",
        ["I1 Adults with asthma.", "E1 smokers", "E2 drinkers"],
    ),
    "who is left out of one of many items": (
        "Inclusion:\n- Lung cancer. Not eligible: carcinoid\n- ECOG 0-1\n- Excluded: sarcoma",
        ["I1 Lung cancer. Not eligible: carcinoid", "I2 ECOG 0-1", "I3 Excluded: sarcoma"],
    ),
    "who is left out of one of several paragraphs": (
        "Lung cancer. Not eligible: carcinoid.\n\nECOG 0-1.",
        ["I1 Lung cancer.", "I2 Not eligible: carcinoid.", "I3 ECOG 0-1."],
    ),
    "a list on one line behind a heading, wrapped in front of some of its bullets": (
        "\n        Inclusion Criteria: - Adults - COPD Exclusion Criteria: - Smokers - Gout\n        - Latex allergy",
        ["I1 Adults", "I2 COPD", "E1 Smokers", "E2 Gout", "E3 Latex allergy"],
    ),
    "a section's name parted from its noun by a wrapped line": (
        "\n        Inclusion criteria: - Adults with asthma that is under control and who gave consent. Exclusion\n"
        "        Criteria: - Any drug that was taken for its effect on the airways in the four weeks before it\n"
        "        begins",
        [
            "I1 Adults with asthma that is under control and who gave consent.",
            "E1 Any drug that was taken for its effect on the airways in the four weeks before it begins",
        ],
    ),
    "all items but the first set one level deeper": (
        "Inclusion:\n- Adults with asthma\n  - FEV1 > 60 %\n  - Written consent\n  - Able to walk",
        ["I1 Adults with asthma", "I2 FEV1 > 60 %", "I3 Written consent", "I4 Able to walk"],
    ),
    "all items below the one that announces them": (
        "Exclusion:\n- Patients who must not\n  - be pregnant\n  - smoke\n  - be under 18 years",
        ["E1 <any> Patients who must not", "E1.1 be pregnant", "E1.2 smoke", "E1.3 be under 18 years"],
    ),
    "nothing": ("", []),
    "white space": (" \n\n\t ", []),
    "a marker alone": ("-\n*\n1.", []),
}


@pytest.mark.parametrize("text, expected", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_layout_is_cut_as_people_would(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize("text", [text for text, _ in LAYOUTS.values()], ids=LAYOUTS.keys())
def test_nothing_of_a_text_is_lost(text: str) -> None:
    stretches = account(text)
    assert [s for s in stretches if s.kind in ("lost", "outside")] == []
    assert all(above.end <= below.start for above, below in itertools.pairwise(stretches))
    covered = {at for s in stretches for at in range(s.start, s.end)}
    assert [char for at, char in enumerate(text) if not char.isspace() and at not in covered] == []


def test_sections_and_their_source() -> None:
    text = "Adults\n\nExclusion Criteria:\n* asthma\n\nDiscontinuation criteria\n* fever"
    assert [(s.criterion_id, s.section, s.section_source, s.heading) for s in segment(text)] == [
        ("I1", "inclusion", "assumed", None),
        ("E1", "exclusion", "heading", "Exclusion Criteria"),
        ("O1", "other", "heading", "Discontinuation criteria"),
    ]


def test_fields_state_the_section_and_headings_inside_may_switch_it() -> None:
    text = "ignored\n\nInclusion:\nAge > 18\n\nExclusion Criteria:\n1. HIV\n\nNo epilepsy\n\nignored too"
    first, second = text.index("Inclusion"), text.index("No epi")
    fields = [Field(second, second + 11, "exclusion"), Field(first, second - 2, "inclusion")]
    assert [(s.criterion_id, s.section_source, s.text) for s in segment(text, fields)] == [
        ("I1", "field", "Age > 18"),
        ("E1", "heading", "HIV"),
        ("E2", "field", "No epilepsy"),
    ]
    assert [text[s.start : s.end] for s in account(text, fields) if s.kind == "outside"] == ["ignored", "ignored too"]


COHORTS = {
    "an arm below a section ends with the section": (
        "Inclusion Criteria\n\nCohort 2:\n* infants\n\nCohort 1:\n* adults\n\nExclusion Criteria\n* asthma",
        ["Cohort 2", "Cohort 1", None],
    ),
    "an arm above its sections spans them": (
        "**Part A**\n\n**Inclusion Criteria**\n* men\n\n**Exclusion Criteria**\n* asthma\n\n"
        "**Part B**\n\n**Inclusion Criteria**\n* women",
        ["Part A", "Part A", "Part B"],
    ),
    "an arm in the section's heading": (
        "Inclusion Criteria for Part 1 only:\n- men\n\n"
        "Part 2 - Exclusion Criteria\n- asthma\n\nExclusion criteria:\n- HIV",
        ["Part 1", "Part 2", None],
    ),
    "phases and groups of people": (
        "For the dose-expansion phase:\n- NSCLC\n\nGroup 1 (healthy volunteers)\n- men\n\n"
        "For patients with asthma:\n- women",
        ["dose-expansion phase", "Group 1 (healthy volunteers)", "patients with asthma"],
    ),
    "all participants are no arm": (
        "Cohort 1:\n- men\n\nAll participants:\n- adults",
        ["Cohort 1", None],
    ),
    "an arm that is a bullet holds for the list below it": (
        "- Cohort 1:\n  - men\n  - adults\n- consent",
        ["Cohort 1", "Cohort 1", None],
    ),
}


@pytest.mark.parametrize("text, expected", COHORTS.values(), ids=COHORTS.keys())
def test_a_criterion_knows_its_arm(text: str, expected: list[str | None]) -> None:
    assert [s.cohort for s in segment(text)] == expected


def test_criteria_in_other_languages_say_so_and_lab_lines_stay_english() -> None:
    text = "- Pacientes mayores de 18 años con asma\n- Consentimiento de los padres\n- Embarazo\n- ALT <= 2.5 ULN"
    assert [s.language for s in segment(text)] == ["es", "es", "es", "en"]
    assert [s.language for s in segment("1. 年龄18-75岁\n2. ECOG 0-1\n3. Adults with asthma")] == ["zh", "en", "en"]
    assert {s.language for s in segment(MARKDOWN + "\n- Sjögren's syndrome or α-thalassaemia")} == {"en"}


def test_a_span_maps_back_through_escapes_entities_and_line_breaks() -> None:
    text = "* x\n* ANC \\>= 1.5,\n  ALT &lt;= 2 x\r\n  ULN; R\\&D"
    last = segment(text)[-1]
    assert last.text == "ANC >= 1.5, ALT <= 2 x ULN; R&D"

    def raw(words: str) -> str:
        at = last.text.index(words)
        start, end = raw_span(last, at, at + len(words))
        return text[start:end]

    assert raw("ANC") == "ANC"
    assert raw(">=") == "\\>="
    assert raw("1.5, ALT") == "1.5,\n  ALT"
    assert raw("<= 2") == "&lt;= 2"
    assert raw("x ULN") == "x\r\n  ULN"
    assert raw("R&D") == "R\\&D"
    assert raw(last.text) == text[last.start : last.end]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("- No heart disease, including:\n  - stroke\n  - angina", "any"),
        ("- Liver function:\n  - ALT < 5\n  - AST < 5", "all"),
        ("Exclusion:\n- Heart disease:\n  - stroke\n  - angina", "any"),
        ("Exclusion:\n- Does not meet these values:\n  - ANC > 1\n  - PLT > 100", "all"),
        ("- Risk factors:\n  - asthma; or\n  - COPD", "any"),
        ("- At least two of the following:\n  - asthma; or\n  - COPD", "at_least:2"),
    ],
)
def test_a_parent_says_how_many_of_its_children_must_hold(text: str, expected: str) -> None:
    assert next(s.children for s in segment(text)) == expected


def test_ten_megabytes_on_one_line_are_one_criterion() -> None:
    (only,) = segment("words and " * 1_000_000)
    assert len(only.text) == 9_999_999
