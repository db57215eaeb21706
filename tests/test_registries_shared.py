"""Real records, where they are at hand: nothing of them stands here, only what must hold of reading them."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from trialcriteria.records import Fault, Field, Skipped, Trial
from trialcriteria.registries import read

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder ../shared with real records is not there")


def tally(path: Path) -> Counter[str]:
    """How many records of each registry, faults of each reason and skipped files an input gives."""
    return Counter(
        record.registry if isinstance(record, Trial) else record.reason if isinstance(record, Fault) else "skipped"
        for record in read(path)
    )


def test_every_study_of_the_api_dump_comes_out_as_the_dump_states_it() -> None:
    path = SHARED / "registry" / "ctg-studies.json"
    sections = [study["protocolSection"] for study in json.loads(path.read_text(encoding="utf-8"))]
    stated = [
        (
            section["identificationModule"]["nctId"],
            section["eligibilityModule"]["eligibilityCriteria"],
            section["identificationModule"]["briefTitle"],
            tuple(section["conditionsModule"]["conditions"]),
            section["eligibilityModule"].get("healthyVolunteers"),
            "minimumAge" in section["eligibilityModule"],
            "maximumAge" in section["eligibilityModule"],
        )
        for section in sections
    ]
    found = [
        (
            trial.trial_id,
            trial.eligibility_text,
            trial.title,
            trial.conditions,
            trial.healthy_volunteers,
            trial.minimum_age is not None,
            trial.maximum_age is not None,
        )
        for trial in read(path)
        if isinstance(trial, Trial)
    ]
    assert found == stated
    assert len(found) == 78


def test_every_row_of_the_csv_comes_out_with_its_own_text() -> None:
    path = SHARED / "registry" / "criteria.csv"
    csv.field_size_limit(1 << 30)
    with path.open(newline="", encoding="utf-8") as file:
        stated = [(row["nct_id"], row["eligibility_criteria"], row["phase"]) for row in csv.DictReader(file)]
    found = [(t.trial_id, t.eligibility_text, t.phase) for t in read(path) if isinstance(t, Trial)]
    assert found == stated
    assert len(found) == 2459


def test_the_legacy_record_is_read_with_its_fields() -> None:
    (trial,) = read(SHARED / "registry" / "NCT00000378.xml")
    assert isinstance(trial, Trial)
    assert (trial.trial_id, trial.phase, trial.sex, trial.minimum_age, trial.maximum_age) == (
        "NCT00000378",
        "Phase 4",
        "ALL",
        60.0,
        95.0,
    )
    assert trial.eligibility_text.count("\r\n") == trial.eligibility_text.count("\n") - 1


@pytest.mark.parametrize("corpus", ["lct", "chia"])
def test_every_text_of_the_corpora_is_one_trial_or_one_fault(corpus: str) -> None:
    folder = SHARED / "corpora" / corpus
    files = [path for path in sorted(folder.iterdir()) if path.suffix == ".txt"]
    blank = [path for path in files if not path.read_bytes().strip()]
    assert (
        tally(folder)
        == Counter(
            text=len(files) - len(blank),
            no_eligibility_text=len(blank),
            skipped=len(list(folder.iterdir())) - len(files),
        )
        - Counter()
    )
    sections = Counter(trial.fields[0].section for trial in read(folder) if isinstance(trial, Trial) and trial.fields)
    halves = Counter(
        {"_inc": "inclusion", "_exc": "exclusion"}[path.stem[-4:]]
        for path in set(files) - set(blank)
        if path.stem.endswith(("_inc", "_exc"))
    )
    assert sections == halves


def test_counts_over_all_real_records_add_up() -> None:
    assert tally(SHARED / "registry") == Counter(ctgov=79, table=2459)


def test_the_first_seed_is_a_page_of_which_only_the_criteria_are_given() -> None:
    (path,) = (SHARED / "seeds").glob("000_*.txt")
    (page,) = read(path)
    assert isinstance(page, Trial)
    text = path.read_bytes().decode()
    inclusion, exclusion = (text.index(f"\n{name} Criteria\n") + 1 for name in ("Inclusion", "Exclusion"))
    end = text.index("\nMinimum Eligible Age")
    assert page == Trial(
        trial_id="NCT06120127",
        registry="page",
        source=str(path),
        eligibility_text=text,
        title=text.partition("\n")[0],
        conditions=("Radiotherapy Immunotherapy Liver Metastases Colorectal Cancer",),
        phase="PHASE2",
        status="RECRUITING",
        sex="ALL",
        minimum_age=18.0,
        healthy_volunteers=False,
        fields=(Field(inclusion, exclusion - 2, "inclusion"), Field(exclusion, end, "exclusion")),
    )


def test_the_second_seed_is_plain_text_called_by_its_stem() -> None:
    (path,) = (SHARED / "seeds").glob("004_*.txt")
    assert list(read(path)) == [Trial(path.stem, "text", str(path), path.read_bytes().decode())]


def test_a_folder_of_everything_lists_what_it_does_not_read() -> None:
    found = list(read(SHARED))
    skipped = {Path(record.source).suffix for record in found if isinstance(record, Skipped)}
    reasons = {record.reason for record in found if isinstance(record, Fault)}
    assert skipped >= {".md", ".ann", ".py"}
    assert reasons == {"no_eligibility_text"}
