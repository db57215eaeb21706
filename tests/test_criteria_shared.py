"""The segmentation of thousands of real trials, where they are at hand."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from test_criteria_properties import check_account, check_maps, check_tree
from trialcriteria.criteria import segment

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the real trials are not beside this checkout")


def registry_table() -> Iterator[tuple[str, str]]:
    with (SHARED / "registry" / "criteria.csv").open(newline="", encoding="utf-8") as file:
        yield from ((row["nct_id"], row["eligibility_criteria"]) for row in csv.DictReader(file))


def registry_studies() -> Iterator[tuple[str, str]]:
    for study in json.loads((SHARED / "registry" / "ctg-studies.json").read_text(encoding="utf-8")):
        protocol = study["protocolSection"]
        text = protocol.get("eligibilityModule", {}).get("eligibilityCriteria", "")
        yield protocol["identificationModule"]["nctId"], text


def texts(pattern: str) -> Iterator[tuple[str, str]]:
    for path in sorted(SHARED.glob(pattern)):
        with path.open(newline="", encoding="utf-8") as file:
            yield path.stem, file.read()


SOURCES = {
    "registry/criteria.csv": registry_table,
    "registry/ctg-studies.json": registry_studies,
    "corpora/lct": lambda: texts("corpora/lct/*.txt"),
    "corpora/chia": lambda: texts("corpora/chia/*.txt"),
    "seeds": lambda: texts("seeds/*.txt"),
}


@pytest.mark.parametrize("source", SOURCES)
def test_real_trials_are_cut_without_loss(source: str) -> None:
    for name, text in SOURCES[source]():
        try:
            check_account(text)
            found = segment(text)
            check_tree(found)
            check_maps(text, found)
        except AssertionError as fault:
            raise AssertionError(f"{source}: {name}") from fault


def test_a_text_without_headings_is_inclusion_by_assumption() -> None:
    (text,) = (text for name, text in texts("seeds/*.txt") if name.startswith("004"))
    found = segment(text)
    assert [s.criterion_id for s in found] == [f"I{n}" for n in range(1, 13)]
    assert {(s.section, s.section_source, s.heading, s.parent_id) for s in found} == {
        ("inclusion", "assumed", None, None)
    }


def test_a_copied_page_has_its_numbered_criteria() -> None:
    (text,) = (text for name, text in texts("seeds/*.txt") if name.startswith("000"))
    start = text.index("Inclusion Criteria")
    found = segment(text[start : text.index("Minimum Eligible Age")])
    assert [s.criterion_id for s in found] == [f"I{n}" for n in range(1, 12)] + [f"E{n}" for n in range(1, 9)]
