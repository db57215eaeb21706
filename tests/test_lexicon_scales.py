"""The scales of the lexicon are complete and mean one thing each (how they read: `test_lexicon_examples`)."""

import re
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from trialcriteria import lexicon
from trialcriteria.ucum import convert, dimension

FILE = Path(lexicon.HERE / "scales.toml")
SCALES: dict[str, dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
LABS: dict[str, dict[str, Any]] = tomllib.loads((lexicon.HERE / "labs.toml").read_text(encoding="utf-8"))
CLASSES = {id: scale for id, scale in SCALES.items() if "levels" in scale}
POINTS = {id: scale for id, scale in SCALES.items() if "range" in scale}
# fmt: off
PROMISED = [  # users filter tables by these ids: none may vanish or be renamed
    "ecog", "karnofsky", "lansky", "nyha", "ccs_angina", "killip", "child_pugh", "child_pugh_points", "meld",
    "bclc", "asa", "ctcae", "tumor_grade", "stage", "tnm_t", "tnm_n", "tnm_m", "figo", "ann_arbor", "dukes",
    "gleason", "isup_grade_group", "bi_rads", "pi_rads", "resection_class", "fitzpatrick", "mrs", "nihss", "mmse",
    "moca", "cdr", "phq9", "gad7", "ham_d", "madrs", "ham_a", "panss", "ymrs", "bprs", "cgi_s", "c_ssrs", "bdi",
    "hads", "gaf", "sofa", "qsofa", "apache_ii", "gcs", "isi", "psqi", "ess_epworth", "aims", "updrs",
    "hoehn_yahr", "edss", "alsfrs_r", "adas_cog", "pasi", "easi", "iga", "dlqi", "scorad", "das28", "cdai",
    "harvey_bradshaw", "mayo_score", "cdai_ra", "basdai", "asdas", "sledai", "haq_di", "womac", "koos", "oks",
    "hhs", "vas_pain", "nrs_pain", "bpi", "odi", "rass", "braden", "barthel", "katz_adl", "lawton_iadl",
    "clinical_frailty_scale", "gds_depression", "audit", "cage", "ftnd", "ciwa_ar", "cows", "ases", "constant",
    "dash", "mallampati", "bisap", "ranson", "forrest", "rockall", "blatchford", "wfns", "hunt_hess", "fisher",
    "spetzler_martin", "tici", "aspects", "ipss", "ipss_mds", "iief_ef", "ipi", "rai", "binet", "iss_myeloma",
    "apgar", "bishop", "tanner", "pucai", "gmfcs", "macs", "mmrc", "cat_copd", "gold_stage", "act_asthma", "acq",
    "sgrq", "kellgren_lawrence", "ckd_stage", "fibrosis_stage", "west_haven", "hurley", "lund_mackay", "snot22",
    "tnss", "house_brackmann", "norwood", "ludwig", "menopause_rating",
]
# fmt: on
# fmt: off
EVERYDAY = [
    "act", "aims", "aspects", "asia", "audit", "cage", "cam", "cat", "cows", "dash", "ess", "gold", "ice",
    "iss", "meld", "news", "pews", "pga", "ps", "sofa", "stop",
]
# fmt: on


def shown(scale: dict[str, Any]) -> list[tuple[str, str]]:
    """(canonical line, text) of each example that gives a row."""
    return [(line, text) for line, texts in scale["examples"].items() if line != "nothing" for text in texts]


def words_of(scale: dict[str, Any]) -> list[str]:
    return [*scale.get("aliases", ()), *scale.get("abbreviations", ())]


def test_every_promised_scale_is_there() -> None:
    assert [id for id in PROMISED if id not in SCALES] == []


@pytest.mark.parametrize("id", SCALES)
def test_a_scale_states_what_a_reader_needs(id: str) -> None:
    scale = SCALES[id]
    assert scale["kind"] == "scale"
    assert ("levels" in scale) != ("range" in scale)
    assert scale["worse"] in ("high", "low")
    assert re.search(r"\d", scale["source"])  # a year or an edition
    assert words_of(scale)
    assert len(shown(scale)) >= 2


@pytest.mark.parametrize("id", CLASSES)
def test_levels_are_distinct_and_every_other_spelling_leads_to_one(id: str) -> None:
    levels, written = CLASSES[id]["levels"], CLASSES[id].get("written", {})
    assert len(set(map(str.lower, levels))) == len(levels) > 1
    assert {level for level in written.values() if level not in levels} == set()
    assert {spelling for spelling in written if spelling in levels} == set()


@pytest.mark.parametrize("id", CLASSES)
def test_levels_stand_in_the_order_of_their_names(id: str) -> None:
    """Arabic, Roman and letter levels ascend, and a narrower level follows the one that it narrows."""
    levels = CLASSES[id]["levels"]
    ranks = [_rank(level, lettered="A" in levels) for level in levels]
    if None not in ranks:
        assert ranks == sorted(ranks, key=float)
    narrower = [(a, b) for a in levels for b in levels if a != b and re.fullmatch(re.escape(a) + r"[A-Za-z]\d?", b)]
    assert [(a, b) for a, b in narrower if levels.index(a) > levels.index(b) and not _is_numeral(b)] == []


ROMAN = ["0", "I", "II", "III", "IV", "V", "VI", "VII"]


def _is_numeral(level: str) -> bool:
    return level in ROMAN


def _rank(level: str, lettered: bool) -> float | None:
    """The number that a level's name begins with; None for names such as `low` and for TNM's X, is and a."""
    if lettered and level[0] in "ABCDE":
        return float(ord(level[0]))
    if found := re.match(r"[FCRTNM]?(\d(?:\.5)?)(?![A-Z])", level):
        return float(found[1])
    if found := re.match(r"(0|VII|VI|V|IV|III|II|I)(?=$|[A-Ea-eSX])", level):
        return float(ROMAN.index(found[1]))
    return None


@pytest.mark.parametrize("id", POINTS)
def test_points_ascend_are_whole_steps_and_are_reported_as_points(id: str) -> None:
    scale = POINTS[id]
    low, high = scale["range"]
    steps = (high - low) / scale.get("step", 1)
    assert low < high
    assert steps == pytest.approx(round(steps))
    assert all(dimension(unit) is not None for unit in scale.get("units", ()))


@pytest.mark.parametrize(
    ("id", "line", "text"), [(id, line, text) for id, scale in SCALES.items() for line, text in shown(scale)]
)
def test_an_example_is_a_legal_statement_that_names_its_scale(id: str, line: str, text: str) -> None:
    scale = SCALES[id]
    found = re.fullmatch(rf"{id} (?:in (.+)|(?:<=?|>=?|=|\?|between|outside) (-?[\d.]+)(?:-([\d.]+))? (\S+))", line)
    assert found, line
    if found[1]:
        chosen = found[1].split(",")
        places = [scale["levels"].index(level) for level in chosen]
        assert all(a < b for a, b in pairwise(places))
    else:
        low, high = scale["range"]
        assert all(low <= float(number) <= high for number in (found[2], found[3]) if number)
        assert found[4] == scale.get("units", ["{score}"])[0]
    graded = [word for lab in LABS.values() if lab.get("graded") == id for word in lab["aliases"]]
    classed = [said.partition(" ")[2] for said in scale.get("of", ())]
    assert any(_is_said(word, text, exact=False) for word in [*scale.get("aliases", ()), *graded, *classed]) or any(
        _is_said(word, text, exact=True) for word in scale.get("abbreviations", ())
    )


def _is_said(word: str, text: str, exact: bool) -> bool:
    pattern = r"[\s-]".join(re.escape(part) for part in re.split(r"[\s-]", word))
    return bool(re.search(rf"(?<![^\W\d_]){pattern}(?![^\W\d_])", text, re.NOFLAG if exact else re.I))


def test_no_two_scales_claim_the_same_words() -> None:
    claimed = Counter(
        spelling for scale in SCALES.values() for spelling in {_folded(alias) for alias in scale.get("aliases", ())}
    )
    assert [words for words, times in claimed.items() if times > 1] == []
    short = Counter(word for scale in SCALES.values() for word in set(scale.get("abbreviations", ())))
    assert [word for word, times in short.items() if times > 1] == []


def _folded(alias: str) -> str:
    return alias.lower().replace("-", " ")


def test_no_other_measure_claims_a_scale_s_words() -> None:
    ours = {_folded(alias) for scale in SCALES.values() for alias in scale.get("aliases", ())}
    others = {
        (id, alias)
        for id, attribute in lexicon.load().attributes.items()
        if id not in SCALES
        for alias in attribute.aliases
        if _folded(alias) in ours
    }
    assert others == set()


def test_short_forms_that_are_words_otherwise_are_matched_in_capitals_only() -> None:
    free = {alias.lower() for scale in SCALES.values() for alias in scale.get("aliases", ())}
    assert [word for word in EVERYDAY if word in free] == []


def test_short_forms_are_short_and_carry_a_capital() -> None:
    short = [word for scale in SCALES.values() for word in scale.get("abbreviations", ())]
    assert [word for word in short if word == word.lower() or len(word) > 14] == []


def test_a_line_of_a_hundred_millimetres_is_no_score() -> None:
    """A bare "VAS ≥ 4" may be of 10 or of 100: no unit is assumed for it."""
    assert (SCALES["vas_pain"]["units"], SCALES["vas_pain"]["assumed"]) == (["mm"], [])
    assert convert(4, "cm", "mm") == 40


def test_the_loader_takes_every_scale() -> None:
    attributes = lexicon.load().attributes
    assert {id for id, attribute in attributes.items() if attribute.kind == "scale" and id in SCALES} == set(SCALES)
    assert attributes["ecog"].levels == ("0", "1", "2", "3", "4", "5")
    assert attributes["mmse"].units == ("{score}",)
    assert (attributes["stage"].closed, attributes["nyha"].closed) == (False, True)
