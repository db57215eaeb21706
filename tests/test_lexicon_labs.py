"""The labs of the lexicon are complete and mean one thing each (how they read: `test_lexicon_examples`)."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from trialcriteria import lexicon
from trialcriteria.ucum import convert, dimension

FILE = Path(lexicon.HERE / "labs.toml")
LABS: dict[str, dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
MEASURED = {id: lab for id, lab in LABS.items() if "units" in lab}
GUESSED = {id: lab for id, lab in MEASURED.items() if lab.get("assumed", lab["units"])}
CODED = {id: lab["loinc"] for id, lab in LABS.items() if "loinc" in lab}
# fmt: off
PROMISED = [  # users filter tables by these ids: none may vanish or be renamed
    "neutrophils", "platelets", "hemoglobin", "wbc", "lymphocytes", "eosinophils", "reticulocytes", "hematocrit",
    "blasts", "alt", "ast", "alp", "ggt", "bilirubin", "direct_bilirubin", "indirect_bilirubin",
    "direct_bilirubin_fraction", "creatinine", "creatinine_clearance", "egfr", "bun", "urea", "uric_acid", "albumin",
    "total_protein", "proteinuria", "urine_protein_creatinine_ratio", "urine_albumin_creatinine_ratio", "inr", "pt",
    "aptt", "fibrinogen", "d_dimer", "hba1c", "glucose", "fasting_glucose", "fasting_insulin", "c_peptide", "ldl",
    "hdl", "total_cholesterol", "triglycerides", "apob", "lpa", "psa", "testosterone", "estradiol", "fsh", "lh",
    "tsh", "free_t4", "cortisol", "igf1", "pth", "afp", "cea", "ca125", "ca19_9", "beta_hcg", "cd4", "cd19",
    "hiv_rna", "hbv_dna", "hcv_rna", "cmv_dna", "ldh", "crp", "hs_crp", "esr", "procalcitonin", "potassium",
    "sodium", "calcium", "corrected_calcium", "ionized_calcium", "magnesium", "phosphate", "bicarbonate", "lactate",
    "ferritin", "transferrin_saturation", "iron", "vitamin_d", "vitamin_b12", "folate", "troponin", "bnp",
    "nt_probnp", "ck", "ck_mb", "lipase", "amylase", "ammonia", "ph", "pao2", "paco2", "pao2_fio2", "ige", "igg",
    "urine_protein_24h", "icg_r15", "fecal_calprotectin", "ana_titer", "rheumatoid_factor", "anti_ccp",
    "complement_c3", "factor_viii", "factor_ix", "pd_l1_tps", "pd_l1_cps", "ki67", "er_expression", "pr_expression",
    "tumor_cell_content", "m_protein", "free_light_chain", "free_light_chain_ratio", "plasma_cells",
    "htt_cag_repeats", "sperm_concentration", "amh", "antibody_titer", "bacteriuria",
]
BARE = {  # what a number without a unit means, where trials write such numbers
    ("neutrophils", 1500): (1.5, "10*9/L"), ("neutrophils", 1.5): (1.5, "10*9/L"),
    ("platelets", 100): (100, "10*9/L"), ("platelets", 100_000): (100, "10*9/L"),
    ("wbc", 3000): (3, "10*9/L"), ("hemoglobin", 9): (9, "g/dL"), ("hemoglobin", 90): (9, "g/dL"),
    ("creatinine", 1.5): (1.5, "mg/dL"), ("bilirubin", 1.5): (1.5, "mg/dL"), ("albumin", 30): (3, "g/dL"),
    ("glucose", 126): (126, "mg/dL"), ("ldl", 100): (100, "mg/dL"), ("inr", 1.5): (1.5, "1"), ("hba1c", 7): (7, "%"),
    ("potassium", 3.5): (3.5, "mmol/L"), ("cd4", 200): (200, "/uL"), ("hiv_rna", 50): (50, "{copies}/mL"),
}
UNDECIDED = [  # two units are likely, so none is taken
    ("bilirubin", 10), ("magnesium", 1.2), ("phosphate", 2.5), ("hbv_dna", 2000), ("troponin", 14), ("vitamin_d", 20),
]
EVERYDAY = [  # short forms that are words, other units or other names in small letters
    "alt", "ast", "pt", "cr", "hb", "na", "ca", "mg", "k", "tb", "bun", "fib", "lip", "fit", "er", "pr", "ar", "lac",
    "bal", "ph", "il", "hct", "cre", "ne", "ly", "mono", "baso", "tc", "tg", "bg", "sf", "ld", "ap", "cc", "e2",
]
# fmt: on


def folded(words: str) -> str:
    return words.lower().replace("-", " ")


def shown(lab: dict[str, Any]) -> list[tuple[str, str]]:
    """(canonical line, text) of each example that gives a row."""
    return [(line, text) for line, texts in lab["examples"].items() if line != "nothing" for text in texts]


def fitting(id: str, value: float) -> set[float]:
    """`value` in the reporting unit, for each assumed unit in which it is plausible."""
    lab = LABS[id]
    low, high = lab.get("plausible", (0, 0))
    amounts = {
        convert(value, unit, lab["units"][0], molar_mass=lab.get("molar_mass"), valence=lab.get("valence", 1))
        for unit in lab.get("assumed", lab["units"])
    }
    return {amount for amount in amounts if amount is not None and low <= amount <= high}


def test_every_promised_lab_is_there() -> None:
    assert [id for id in PROMISED if id not in LABS] == []
    assert len(LABS) >= 200


@pytest.mark.parametrize("id", LABS)
def test_a_lab_states_what_a_reader_needs(id: str) -> None:
    lab = LABS[id]
    assert re.fullmatch(r"[a-z][a-z0-9_]*", id)
    assert ("units" in lab) != ("range" in lab)
    assert lab.get("aliases", []) + lab.get("abbreviations", [])
    assert len(shown(lab)) >= 2
    assert any(line.startswith(f"{id} ") for line, _ in shown(lab))


@pytest.mark.parametrize("id", MEASURED)
def test_every_unit_is_a_known_code_and_is_listed_once(id: str) -> None:
    units = MEASURED[id]["units"]
    assert [unit for unit in units if dimension(unit) is None] == []
    assert len(set(units)) == len(units)
    assert set(MEASURED[id].get("assumed", units)) <= set(units)


@pytest.mark.parametrize("id", GUESSED)
def test_a_unit_is_guessed_only_within_plausible_thresholds(id: str) -> None:
    low, high = GUESSED[id]["plausible"]
    assert 0 <= low < high


@pytest.mark.parametrize("id", GUESSED)
def test_assumed_units_convert_into_the_reporting_unit(id: str) -> None:
    lab = GUESSED[id]
    mass, valence = lab.get("molar_mass"), lab.get("valence", 1)
    unable = [
        unit
        for unit in lab.get("assumed", lab["units"])
        if convert(1, unit, lab["units"][0], molar_mass=mass, valence=valence) is None
    ]
    assert unable == []


@pytest.mark.parametrize("id", [id for id, lab in LABS.items() if "molar_mass" in lab])
def test_a_molar_mass_joins_two_units_that_do_not_meet_without_it(id: str) -> None:
    first, *others = LABS[id]["units"]
    mass = LABS[id]["molar_mass"]
    joined = [
        u
        for u in others
        if convert(1, u, first) is None and convert(1, u, first, molar_mass=mass, valence=2) is not None
    ]
    assert joined


@pytest.mark.parametrize(("case", "expected"), BARE.items())
def test_a_bare_number_is_read_in_its_one_plausible_unit(case: tuple[str, float], expected: tuple[float, str]) -> None:
    id, value = case
    assert (fitting(id, value), LABS[id]["units"][0]) == ({expected[0]}, expected[1])


@pytest.mark.parametrize(("id", "value"), UNDECIDED)
def test_a_bare_number_that_two_units_fit_stays_without_one(id: str, value: float) -> None:
    assert len(fitting(id, value)) != 1


@pytest.mark.parametrize("id", [id for id, lab in LABS.items() if "sister" in lab])
def test_a_sister_has_the_units_that_its_lab_lacks(id: str) -> None:
    own, other = LABS[id]["units"], LABS[LABS[id]["sister"]]["units"]
    assert [unit for unit in other if unit in own] == []


@pytest.mark.parametrize(("id", "line", "text"), [(id, *example) for id, lab in LABS.items() for example in shown(lab)])
def test_an_example_is_stated_in_the_reporting_unit_and_names_its_lab(id: str, line: str, text: str) -> None:
    found = re.fullmatch(r"(\w+) (?:<=?|>=?|=|\?|between|outside) [\d.e+]+(?:-[\d.]+)? (\S+)", line)
    assert found, line
    assert found[1] in (id, LABS[id].get("sister"))
    assert found[2] in {"{ULN}", "{LLN}", *reported(LABS[found[1]])}
    names = [lab for other, lab in LABS.items() if other == id or lab.get("sister") == id]
    words = [_pattern(word, re.I) for lab in names for word in lab.get("aliases", ())]
    words += [_pattern(word, re.NOFLAG) for lab in names for word in lab.get("abbreviations", ())]
    assert any(word.search(text) for word in words)


def reported(lab: dict[str, Any]) -> list[str]:
    """The reporting unit and those that no factor joins with it ("Lp(a) in nmol/L"), which stay as stated."""
    first, *others = lab.get("units", ["{score}"])
    mass, valence = lab.get("molar_mass"), lab.get("valence", 1)
    return [first] + [unit for unit in others if convert(1, unit, first, molar_mass=mass, valence=valence) is None]


def _pattern(words: str, flags: re.RegexFlag) -> re.Pattern[str]:
    body = r"[\s-]".join(re.escape(part) for part in re.split(r"[\s-]", words))
    return re.compile(rf"(?<![^\W\d_]){body}(?![^\W\d_])", flags)


def test_no_two_measures_claim_a_lab_s_words() -> None:
    attributes = lexicon.load().attributes
    claimed: dict[str, set[str]] = {}
    for id, attribute in attributes.items():
        for alias in attribute.aliases:
            claimed.setdefault(folded(alias), set()).add(id)
        for short in attribute.abbreviations:
            claimed.setdefault(f"={short}", set()).add(id)
    assert {words: ids for words, ids in claimed.items() if len(ids) > 1 and ids & set(LABS)} == {}


def test_no_lab_lists_a_form_twice() -> None:
    twice = {
        id: [words for words, times in Counter(map(str.lower, lab.get("aliases", ()))).items() if times > 1]
        + [short for short in lab.get("abbreviations", ()) if short.lower() in map(str.lower, lab.get("aliases", ()))]
        for id, lab in LABS.items()
    }
    assert {id: words for id, words in twice.items() if words} == {}


def test_no_lab_has_the_id_of_another_measure() -> None:
    entries = lexicon.load().entries
    others = {id for file in lexicon.MEASURES if file != "labs" for id in entries.get(file, {})}
    assert others & set(LABS) == set()


def test_short_forms_that_are_words_otherwise_are_matched_in_exactly_their_case() -> None:
    free = {alias.lower() for lab in LABS.values() for alias in lab.get("aliases", ())}
    assert [word for word in EVERYDAY if word in free] == []


@pytest.mark.parametrize(("id", "code"), CODED.items())
def test_a_loinc_code_has_its_check_digit(id: str, code: str) -> None:
    number, _, check = code.partition("-")
    assert number.isdigit() and 3 <= len(number) <= 5
    assert check == _mod_10(number)


def _mod_10(number: str) -> str:
    """Luhn's check digit, from the right: every other digit counts twice.

    >>> _mod_10("777")
    '3'
    """
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(number))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def test_no_two_labs_share_a_loinc_code() -> None:
    assert [code for code, times in Counter(CODED.values()).items() if times > 1] == []


def test_a_neighbouring_digit_would_be_caught() -> None:
    assert (_mod_10("777"), _mod_10("718"), _mod_10("2160"), _mod_10("33914")) == ("3", "7", "0", "3")


def test_the_loader_takes_every_lab() -> None:
    attributes = lexicon.load().attributes
    assert {id for id in LABS if id not in attributes} == set()
    assert attributes["pd_l1_cps"].units == ("{score}",)
    assert attributes["hbv_dna"].assumed == ()
    assert (attributes["calcium"].molar_mass, attributes["calcium"].valence) == (40.078, 2)
