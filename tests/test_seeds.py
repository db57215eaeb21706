"""The two documents that the project was born from give exactly their constraints and at least their mentions."""

from functools import cache
from pathlib import Path

import pytest

from readings import pipeline
from trialcriteria import registries
from trialcriteria.records import Constraint, Mention, Trial, TrialTables
from trialcriteria.rows import read_trial

SEEDS = Path(__file__).resolve().parents[1].parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="needs the seed documents in ../shared/seeds")

PAGE, TEXT = "000_5793e93079318b5d.txt", "004_870c10358750b7c3.txt"

CONSTRAINTS = {
    PAGE: [
        "I1 age:age >= 18 a -> require",
        "I3 lesion:lesion_count <= 5 {lesion} -> require",
        "I6 lesion:resection_margin < 5 mm -> require any1 @resection",
        "I6 scale:resection_class in R1,R2 -> require any1 @resection",
        "I7 scale:karnofsky >= 70 {score} -> require",
        "E2 time_window <= 1826.25 d before now -> forbid @other malignancies",
        "E4 scale:nyha in II,III,IV -> forbid @congestive heart failure",
        "E4 time_window <= 365.25 d before now -> forbid @myocardial infarction",
        "E7 lab:neutrophils >= 1.5 10*9/L negated -> require",
        "E7 lab:hemoglobin >= 9 g/dL negated -> require",
        "E7 lab:platelets >= 100 10*9/L negated -> require",
        "E7 lab:alt <= 2.5 {ULN} negated -> require",
        "E7 lab:ast <= 2.5 {ULN} negated -> require",
        "E7 lab:creatinine <= 1 {ULN} negated -> require",
    ],
    TEXT: [
        "I3 age:age between 18-75 a -> require",
        "I4 count:hepatic_veins >= 2 {vein} -> require any1",
        "I5 lesion:lesion_size <= 60 mm -> require",
        "I6 lesion:liver_volume >= 700 cm3 -> require",
        "I7 time_window >= 14 d before now -> require @hepatectomy"
        "|systemic chemotherapy|local ablation therapy|hepatic arterial infusion pump chemotherapy",
        "I8 scale:child_pugh in A -> require",
        "I9 scale:ecog in 0,1 -> require",
        "I10 time_window <= 15 d before first_dose -> describe",
        "I11 time_window <= 182.625 d after last_dose -> describe @effective contraception",
        "I12 life_expectancy:life_expectancy >= 6 mo -> require",
    ],
}
MENTIONS = {
    PAGE: [
        "I5 extra-hepatic diseases negated -> forbid",
        "I9 antitumoral immunotherapy negated historical -> forbid",
        "E1 Pregnancy -> forbid",
        "E1 breast-feeding -> forbid",
        "E2 other malignancies historical -> forbid",
        "E2 cured skin cancer historical -> permit !other malignancies",
        "E2 cervical cancer in situ historical -> permit !other malignancies",
        "E4 congestive heart failure -> forbid",
        "E4 myocardial infarction historical -> forbid",
        "E8 Allergic to any component of the therapy -> forbid",
    ],
    TEXT: [
        "I6 radiotherapy for liver metastases negated historical -> forbid",
        "I7 hepatectomy historical -> permit",
        "I7 systemic chemotherapy historical -> permit",
        "I7 local ablation therapy historical -> permit",
        "I7 hepatic arterial infusion pump chemotherapy historical -> permit",
        "I11 other malignancies negated -> forbid",
        "I11 pregnant negated -> forbid",
        "I11 breastfeeding negated -> forbid",
        "I11 effective contraception -> require",
    ],
}


@cache
def read(name: str) -> TrialTables:
    trials = [item for item in registries.read(SEEDS / name) if isinstance(item, Trial)]
    assert len(trials) == 1
    return read_trial(pipeline(), trials[0])


def words(tables: TrialTables) -> dict[str, str]:
    return {mention.mention_id: mention.text for mention in tables.mentions}


def constraint_line(row: Constraint, said: dict[str, str]) -> str:
    what = f"{row.kind}:{row}"
    if row.kind == "time_window":
        amount = row.canonical_low if row.canonical_low is not None else row.canonical_high
        what = f"time_window {row.operator} {amount:g} d {row.window_direction} {row.anchor}"
    flags = [what, "negated" if row.negated else "", f"-> {row.requirement}", row.group or ""]
    targets = "|".join(said[id] for id in row.targets)
    return " ".join([row.criterion_id, *filter(None, flags), *([f"@{targets}"] if targets else [])])


def mention_line(row: Mention, said: dict[str, str]) -> str:
    negated, historical = "negated" if row.negated else "", "historical" if row.historical else ""
    flags = [row.text, negated, historical, f"-> {row.requirement}"]
    lifted = [f"!{said[row.exception_to]}"] if row.exception_to else []
    return " ".join([row.criterion_id, *filter(None, flags), *lifted])


@pytest.mark.parametrize("name", [PAGE, TEXT])
def test_a_seed_gives_exactly_its_constraints(name: str) -> None:
    tables = read(name)
    assert [constraint_line(row, words(tables)) for row in tables.constraints] == CONSTRAINTS[name]


@pytest.mark.parametrize("name", [PAGE, TEXT])
def test_a_seed_gives_at_least_its_mentions(name: str) -> None:
    tables = read(name)
    lines = {mention_line(row, words(tables)) for row in tables.mentions}
    assert [line for line in MENTIONS[name] if line not in lines] == []


def test_the_page_keeps_contacts_and_other_parts_out_of_every_row() -> None:
    tables = read(PAGE)
    quotes = [row.quote for row in tables.constraints] + [row.text for row in tables.mentions]
    quotes += [row.text for row in tables.criteria]
    assert not [quote for quote in quotes if "13564676623" in quote or "Minimum Eligible Age" in quote]


def test_the_text_without_headings_is_assumed_to_include() -> None:
    assert {(row.section, row.section_source) for row in read(TEXT).criteria} == {("inclusion", "assumed")}
