"""The scores that are written down are those of the gold that is here, and no score falls by more than a point."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from test_annotations import FOLDER, _load

_load("baseline")
_load("constructs")
score = _load("score")
POINT = 0.01


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    """The figures as they were last written down."""
    found: dict[str, Any] = json.loads(score.FIGURES.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def now() -> dict[str, Any]:
    """The figures of this program."""
    found: dict[str, Any] = score.figures(score.run(rounds=1))
    return found


def test_the_written_scores_are_of_the_gold_that_is_here(written: dict[str, Any]) -> None:
    assert written["gold"] == score.gold_digest(), "the gold has changed: run `make score`"


@pytest.mark.parametrize("part", ["dev", "test"])
def test_no_score_falls_by_more_than_a_point(part: str, written: dict[str, Any], now: dict[str, Any]) -> None:
    before, after = written[part]["F1"], now[part]["F1"]
    fallen = {name: (f1, after[name]) for name, f1 in before.items() if after[name] < f1 - POINT}
    assert fallen == {}


@pytest.mark.parametrize("part", ["dev", "test"])
def test_harm_does_not_rise_by_more_than_a_point(part: str, written: dict[str, Any], now: dict[str, Any]) -> None:
    assert now[part]["harmful"] <= written[part]["harmful"] + POINT


def test_the_headline_figures_are_held(written: dict[str, Any]) -> None:
    names = {"detection", "operator", "value", "attribute", "requirement", "strict", "mentions: detection", score.PEERS}
    for part in ("dev", "test"):
        assert names <= written[part]["F1"].keys()


def test_the_gold_is_too_hard_for_the_baseline() -> None:
    results = {result.part: result.scores.total for result in score.baseline_results(rounds=1)}
    assert results["test"]["detection"].recall > 0.8, "the baseline does not even find the numbers: it proves nothing"
    assert results["test"][score.PEERS].f1 < score.BASELINE_BELOW


def test_the_page_tells_no_more_of_the_test_part_than_totals() -> None:
    page = score.PAGE.read_text(encoding="utf-8")
    test = re.split(r"(?m)^## ", page.partition("## On the test gold")[2])[0]
    assert re.findall(r"(?m)^### (.*)", test) == ["Limits of 54 trials", "Mentions"]
    assert "TEST0" not in page


def test_the_log_of_unsealed_looks_survives_a_new_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "SCORES.md"
    monkeypatch.setattr(score, "PAGE", page)
    assert score.unsealed() == "## Unsealed\nNobody has opened a sealed error list.\n"
    page.write_text("# Scores\n\n## Unsealed\n- 2026-11-21: looked\n", encoding="utf-8")
    assert score.unsealed() == "## Unsealed\n- 2026-11-21: looked\n"


def test_constructs_are_counted_in_every_text_of_the_gold() -> None:
    assert len(list((FOLDER / "source").glob("*.txt"))) == 184
    part = score._constructs_part()
    assert "| ULN multiple |" in part and "| limit under a condition |" in part
