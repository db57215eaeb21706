"""Agreement of two annotators: the page in the repository is what the script makes, and it counts what differs."""

import importlib.util
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from trialcriteria import annotations

FOLDER = Path(__file__).resolve().parents[1] / "annotations"


@pytest.fixture(scope="module")
def agreement() -> Any:
    spec = importlib.util.spec_from_file_location("agreement", FOLDER / "agreement.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_agreement_is_what_the_script_makes(agreement: Any) -> None:
    assert (FOLDER / "AGREEMENT.md").read_text(encoding="utf-8") == agreement.page(agreement.compare(*agreement.read()))


def test_both_annotations_are_of_the_trials_that_have_a_second_file(agreement: Any) -> None:
    names = sorted(path.stem for path in (FOLDER / "second").glob("*.rows"))
    assert [[trial.trial_id for trial in part] for part in agreement.read()] == [names, names]


def test_an_annotation_agrees_with_itself_and_one_other_id_is_one_difference(agreement: Any) -> None:
    first = agreement.read()[0][:1]
    assert not list(agreement.differences(agreement.compare(first, first)[0], first[0].text))
    rows = list(first[0].constraints)
    changed = [first[0]._replace(constraints=(rows[0]._replace(attribute="another"), *rows[1:]))]
    compared = agreement.compare(first, changed)
    assert [pair.mistakes for pair in compared[0].bounds if pair.mistakes] == [("wrong attribute",)]
    assert len(list(agreement.differences(compared[0], first[0].text))) == 2


def test_annotations_of_different_texts_are_refused(agreement: Any, tmp_path: Path) -> None:
    (tmp_path / "agreement").mkdir()
    first, second = agreement.read()
    annotations.write(first, tmp_path / "agreement" / "first.jsonl")
    annotations.write(second[1:], tmp_path / "agreement" / "second.jsonl")
    with pytest.raises(ValueError, match="not about the same texts"):
        agreement.read(tmp_path)


def test_the_data_card_counts_the_gold_and_names_the_trials_annotated_twice() -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    gold = annotations.read(FOLDER / "gold")
    splits = {"development": "dev", "test": "test"}
    for name in (*splits, "all"):
        part = [trial for trial in gold if name == "all" or trial.split == splits[name]]
        tables = ("criteria", "constraints", "mentions", "numerals")
        counts = [sum(len(getattr(trial, table)) for trial in part) for table in tables]
        assert f"| {name} | {len(part)} | " + " | ".join(f"{n:,}" for n in counts) + " |" in card
    rows = Counter(trial.layout for trial in gold) + Counter(row.kind for trial in gold for row in trial.constraints)
    rows += Counter(said.label for trial in gold for said in trial.mentions)
    assert [name for name, n in rows.items() if not re.search(rf"\| `?{name}`? \| {n:,} \|", card)] == []
    listed = card[card.index("Adjudicated:") : card.index("Batches H and K were")]
    assert re.findall(r"TEST\d{4}", listed) == sorted(path.stem for path in (FOLDER / "second").glob("*.rows"))


def test_the_data_card_tells_the_agreement_that_was_measured() -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    page = (FOLDER / "AGREEMENT.md").read_text(encoding="utf-8")
    told = re.findall(
        r"(?m)^\| (detection|operator|value|attribute|requirement|condition|links|strict) \| (\.\d+) \|$", card
    )
    assert len(told) == 8
    limits = page[: page.index("## Mentions")]
    assert [
        (name, f1)
        for name, f1 in told
        if not re.search(rf"(?m)^\| {name} \|(?: \S+ \|){{4}} {re.escape(f1)} \|", limits)
    ] == []


def test_kappa_is_agreement_beyond_chance(agreement: Any) -> None:
    assert agreement.kappa({("a", "a"): 20, ("a", "b"): 5, ("b", "a"): 10, ("b", "b"): 15}) == pytest.approx(0.4)
    assert agreement.kappa({("a", "a"): 5, ("b", "b"): 5}) == 1
    assert agreement.kappa({("a", "a"): 1, ("a", "b"): 1, ("b", "a"): 1, ("b", "b"): 1}) == 0


def test_the_data_card_tells_the_kappa_that_was_measured() -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    page = (FOLDER / "AGREEMENT.md").read_text(encoding="utf-8")
    told = re.findall(r"(?m)^\| kappa of (operator|requirement), of matched bounds \| (\.\d+) \|$", card)
    assert len(told) == 2
    part = page[page.index("## Kappa") :]
    assert [(name, k) for name, k in told if not re.search(rf"(?m)^\| {name} \| \d+ \| {re.escape(k)} \|", part)] == []
