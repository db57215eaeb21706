"""Units are read as trials write them, and converted as UCUM says (pint with ucumvert is the oracle)."""

import itertools
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ucumvert import PintUcumRegistry

import readings
from trialcriteria.ucum import convert, dimension, is_time
from trialcriteria.units import read_unit

LEXICON = Path(__file__).resolve().parents[1] / "pipeline" / "trialcriteria" / "lexicon" / "units.toml"
DATA: dict[str, Any] = tomllib.loads(LEXICON.read_text(encoding="utf-8"))
EXAMPLES: dict[str, list[str]] = dict(DATA["examples"])
NOTHING = EXAMPLES.pop("nothing")
WRITTEN = [(code, text) for code, texts in EXAMPLES.items() for text in texts]


def _number(code: str) -> str:
    return "101.5" if code == "[degF]" else "38.5"


@pytest.mark.parametrize(("code", "text"), WRITTEN, ids=[f"{code} as{text}" for code, text in WRITTEN])
@pytest.mark.parametrize("after", ["", " or more", ", or", ") at screening", ". The"])
def test_a_unit_is_read_to_its_last_character_whatever_follows(code: str, text: str, after: str) -> None:
    number = _number(code)
    assert read_unit(f"{number}{text}{after}", len(number)) == (len(number) + len(text), code)


@pytest.mark.parametrize("text", NOTHING)
def test_what_only_looks_like_a_unit_is_none(text: str) -> None:
    assert read_unit(f"3{text}", 1) is None


@pytest.mark.parametrize(
    ("text", "at", "rest", "code"),
    [
        ("aged 18-year-old", 7, "-old", "a"),
        ("for 6 months' duration", 5, "' duration", "mo"),
        ("over 20%of normal", 7, "of normal", "%"),
        ("BMI 25 kg/m2or less", 6, "or less", "kg/m2"),
        ("BMI (in 25 kg/m2) of", 10, ") of", "kg/m2"),
        ("GFR 60 mL/min per 24-hour urine", 6, " per 24-hour urine", "mL/min"),
        ("2.5 mg/tablet", 3, "/tablet", "mg"),
        ("5 weeks/5 half-lives", 1, "/5 half-lives", "wk"),
        ("100 mg daily dose", 3, " dose", "mg/d"),
        ("5 mEq (mEq)/L", 1, "", "meq/L"),
        ("1.5 × 10⁹ neutrophils", 3, " neutrophils", "10*9"),
        ("bent by 30° of flexion", 10, " of flexion", "deg"),
    ],
)
def test_reading_stops_where_the_unit_ends(text: str, at: int, rest: str, code: str) -> None:
    assert read_unit(text, at) == (len(text) - len(rest), code)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("in the 1990s", 11),
        ("in their 60s", 11),
        ("stage 3 C", 7),
        ("type 2 F", 6),
        ("planned in 3D", 12),
        ("a 2° cause", 3),
        ("15 K", 2),
        ("200 c", 3),
        ("18 G needle", 2),
    ],
)
def test_a_letter_after_a_number_is_not_always_a_unit(text: str, at: int) -> None:
    assert read_unit(text, at) is None


@pytest.mark.parametrize("text", ["38.5 C", "38,5 C", "37 C"])
def test_a_bare_c_after_a_body_temperature_is_celsius(text: str) -> None:
    assert read_unit(text, len(text) - 2) == (len(text), "Cel")


def test_case_tells_millimolar_from_millimetre_and_giga_from_gram() -> None:
    written = [" mM", " mm", " G/L", " g/L", " G/DL", " MIU", " mIU/mL", " Mg/dL"]
    codes = ["mmol/L", "mm", "10*9/L", "g/L", "g/dL", "10*6.[IU]", "m[IU]/mL", "mg/dL"]
    assert [read_unit("5" + text, 1) for text in written] == [
        (len(text) + 1, code) for text, code in zip(written, codes, strict=True)
    ]


@given(st.text(alphabet=" -x×*10^9eE/.,()gkmMuµLlhdsyC°²³%perdayIUcopisnt", max_size=24), st.integers(0, 24))
def test_whatever_is_read_ends_inside_the_text_and_has_a_known_dimension(text: str, at: int) -> None:
    found = read_unit(text, min(at, len(text)))
    assert found is None or (at < found[0] <= len(text) and dimension(found[1]) is not None)


# ---- converting ------------------------------------------------------------------------------------------------------

CODES = sorted(EXAMPLES)
LINEAR = [code for code in CODES if code not in ("Cel", "[degF]")]
# UCUM drops what stands in braces, counts [CFU] and international units as numbers, and takes equivalents, osmoles and
# enzyme units for moles. For a patient these differ, so we keep them apart.
KEPT_APART = (
    "{",
    "[IU]",
    "[CFU]",
    "[HPF]",
    "[MET]",
    "diop]",
    "U",
    "mol",
    "eq",
    "osm",
    "Sv",
    "Hz",
    "Bq",
    "Ci",
    "deg",
    "dB",
)


@cache
def _registry() -> Any:
    return PintUcumRegistry()


@cache
def _oracle(code: str) -> tuple[float, dict[str, float]] | None:
    """Magnitude and dimensions that pint gives the code; None where ucumvert cannot read it ({half_life} alone)."""
    quantity = _registry().from_ucum(code)
    if not hasattr(quantity, "to_base_units"):
        return None
    base = quantity.to_base_units()
    return base.magnitude, dict(base.dimensionality)


def test_the_oracle_knows_nearly_every_code_we_read() -> None:
    assert [code for code in CODES if _oracle(code) is None and not code.startswith("{")] == []


def test_every_factor_agrees_with_the_oracle() -> None:
    wrong = []
    for unit, to in itertools.permutations(LINEAR, 2):
        ours, here, there = convert(1, unit, to), _oracle(unit), _oracle(to)
        if ours is None or here is None or there is None or "U/L" in _enzymes(unit, to):
            continue
        if here[1] != there[1] or ours != pytest.approx(here[0] / there[0], rel=1e-9):
            wrong.append((unit, to, ours))
    assert wrong == []


def test_what_we_do_not_convert_cannot_be_converted_or_is_kept_apart_on_purpose() -> None:
    missed = []
    for unit, to in itertools.permutations(LINEAR, 2):
        here, there = _oracle(unit), _oracle(to)
        if here and there and here[1] == there[1] and convert(1, unit, to) is None:
            missed.append((unit, to))
    assert [pair for pair in missed if not any(mark in "".join(pair) for mark in KEPT_APART)] == []


def _enzymes(unit: str, to: str) -> set[str]:
    """Names "U/L" for the one pair that we join and UCUM does not: activity per volume in U and in IU."""
    return {"U/L"} if ("[IU]" in unit) != ("[IU]" in to) else set()


def test_activity_per_volume_is_the_same_in_u_and_iu_and_nowhere_else() -> None:
    assert convert(40, "[IU]/L", "U/L") == 40
    assert convert(4.2, "m[IU]/L", "u[IU]/mL") == 4.2
    assert convert(4.2, "mU/L", "u[IU]/mL") == 4.2
    assert [convert(1, "[IU]", "U"), convert(1, "[IU]/kg", "U/kg"), convert(1, "U/g", "[IU]/g")] == [None, None, None]


@pytest.mark.parametrize("celsius", [-40.0, 0.0, 36.6, 38.0, 100.0])
def test_temperatures_convert_with_their_offset(celsius: float) -> None:
    expected = _registry().Quantity(celsius, "degC").to("degF").magnitude
    assert convert(celsius, "Cel", "[degF]") == pytest.approx(expected, abs=1e-9)
    assert convert(expected, "[degF]", "Cel") == pytest.approx(celsius, abs=1e-9)
    assert convert(celsius, "Cel", "mg/dL") is None


@given(st.floats(1e-6, 1e9), st.sampled_from(LINEAR), st.sampled_from(LINEAR))
def test_there_and_back_is_where_we_started(value: float, unit: str, to: str) -> None:
    there = convert(value, unit, to)
    back = None if there is None else convert(there, to, unit)
    assert (there is None) == (convert(value, to, unit) is None)
    assert there is None or back == pytest.approx(value, rel=1e-10)


TRIPLES = [
    (a, b, c)
    for a, b, c in itertools.permutations(LINEAR, 3)
    if dimension(a) == dimension(b) == dimension(c) and "{" not in a + b + c
]


@given(st.floats(1e-6, 1e9), st.sampled_from(TRIPLES))
def test_a_stop_on_the_way_changes_nothing(value: float, route: tuple[str, str, str]) -> None:
    start, stop, end = route
    middle = convert(value, start, stop)
    assert middle is not None
    assert convert(middle, stop, end) == pytest.approx(convert(value, start, end), rel=1e-10)


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (100_000, "/mm3", "10*9/L", 100),
        (1500, "/uL", "10*9/L", 1.5),
        (0.07, "g/L", "mg/dL", 7),
        (80, "g/L", "g/dL", 8),
        (1.1, "10*3/uL", "/uL", 1100),
        (35, "wk", "d", 245),
        (6, "mo", "d", 182.625),
        (5, "a", "d", 1826.25),
        (12, "mo", "a", 1),
        (60, "h", "a", 0.00684462696783),
        (6, "cm", "mm", 60),
        (16, "kPa", "mm[Hg]", 120.009852135),
        (60, "{beats}/min", "/min", 60),
        (50, "/mL", "{copies}/mL", 50),
        (14, "{drink}/wk", "{drink}/d", 2),
        (30, "%", "1", 0.3),
        (1.2, "ukat/L", "U/L", 72),
        (3, "[wood'U]", "dyn.s/cm5", 239.980297347),
    ],
)
def test_amounts_arrive_without_floating_dust(value: float, unit: str, to: str, expected: float) -> None:
    assert convert(value, unit, to) == expected


def test_molar_mass_and_valence_join_mass_moles_and_equivalents() -> None:
    assert convert(1.5, "mg/dL", "umol/L", molar_mass=113.12) == pytest.approx(132.602545969)
    assert convert(132.602545969, "umol/L", "mg/dL", molar_mass=113.12) == pytest.approx(1.5)
    assert convert(300, "mg/g", "mg/mmol", molar_mass=113.12) == pytest.approx(33.936)
    assert convert(5, "meq/L", "mmol/L", valence=2) == 2.5
    assert convert(8, "mg/dL", "meq/L", molar_mass=40.078, valence=2) == pytest.approx(3.99221518)
    assert convert(1.5, "mg/dL", "umol/L") is None
    assert convert(1.5, "[IU]/mL", "g/L", molar_mass=100) is None


@pytest.mark.parametrize(
    ("unit", "to"),
    [
        ("mmol/mol", "%"),
        ("mL/min", "mL/min/{1.73_m2}"),
        ("{score}", "{letter}"),
        ("{half_life}", "d"),
        ("{pack}.a", "a"),
        ("{ULN}", "1"),
        ("{beats}/min", "{breaths}/min"),
        ("Cel", "deg"),
        ("mg", "mL"),
        ("furlong", "m"),
        ("", "mg"),
    ],
)
def test_different_things_do_not_convert(unit: str, to: str) -> None:
    assert (convert(1, unit, to), convert(1, to, unit)) == (None, None)


def test_every_unit_of_time_and_nothing_else_is_a_time() -> None:
    assert [code for code in CODES if is_time(code)] == ["a", "d", "h", "min", "mo", "ms", "s", "wk"]


# ---- the lexicon -----------------------------------------------------------------------------------------------------


def test_every_spelling_in_the_lexicon_reads_as_its_own_code() -> None:
    """Two entries that claim one spelling, or a spelling the reader cannot reach, show here."""
    wrong = []
    for code, atom in DATA["atoms"].items():
        for text in (*atom.get("words", ()), *atom.get("signs", ()), *atom.get("phrases", ())):
            tail = "/d" if atom.get("compound") else ""
            number = "101" if code.startswith("[degF]") else "38"
            if read_unit(f"{number} {text}{tail}", len(number)) != (
                len(f"{number} {text}{tail}"),
                code.partition("#")[0] + tail,
            ):
                wrong.append((code, text))
    assert wrong == []


def test_every_further_spelling_reads_as_the_code_it_is_listed_under() -> None:
    listed = [(code, text) for code, texts in DATA["spellings"].items() for text in texts]
    assert [pair for pair in listed if read_unit(f"5 {pair[1]}", 1) != (len(pair[1]) + 2, pair[0])] == []


def test_every_atom_has_an_example() -> None:
    bare = {code.partition("#")[0] for code in DATA["atoms"]}
    assert sorted(code for code in bare if not any(code in example for example in EXAMPLES)) == []


def test_a_power_of_ten_may_have_lost_all_its_signs() -> None:
    rows = readings.read("Inclusion Criteria:\n* Neutrophils ≥ 1.6 109/L and platelets ≥ 110 109/L").constraints
    assert list(map(str, rows)) == ["neutrophils >= 1.6 10*9/L", "platelets >= 110 10*9/L"]
