"""The confidence is the sum of the weights that are written down, and it is as true as the model card says."""

import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria import certainty, workers
from trialcriteria.certainty import SIGNS, Weights, likelihood
from trialcriteria.manifest import sha256
from trialcriteria.records import Trial

MODELS = Path(__file__).resolve().parents[1] / "models"
POINT = 0.01
TEXT = """Inclusion Criteria:
- Platelets ≥ 100 x 10^9/L
- ALT ≤ 2.5 x ULN, or ≤ 5 x ULN with liver metastases
- At least 3 widgets of the left kind
Exclusion Criteria:
- Stroke within 6 months before enrolment"""


def _train() -> Any:
    spec = importlib.util.spec_from_file_location("train", MODELS / "train.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["train"] = module
    spec.loader.exec_module(module)
    return module


train = _train()
VALUES = sorted({value for values in certainty.weights().signs.values() for value in values})


@pytest.fixture(scope="module")
def cases() -> dict[str, list[Any]]:
    """Every row read from the gold, with what speaks for it."""
    found: dict[str, list[Any]] = train.cases()
    return found


def confidences(text: str, **settings: Any) -> list[tuple[str, float]]:
    tables = workers.reader(workers.Settings(**settings))(Trial("T1", "", "here", text))
    return [(row.quote, row.confidence) for row in tables.constraints]


def test_the_weights_have_exactly_the_signs_that_the_code_looks_at() -> None:
    stored = tomllib.loads(train.WEIGHTS.read_text(encoding="utf-8"))["signs"]
    assert list(stored) == list(certainty.weights().signs) == list(SIGNS)
    assert [name for name, values in certainty.weights().signs.items() if not values] == []


def test_every_sign_of_a_gold_row_is_one_that_is_known_and_every_weight_is_used(cases: dict[str, list[Any]]) -> None:
    told = {item for case in cases["dev"] for item in train.said_by(case.signs)}
    assert {name for name, _ in told} == SIGNS.keys()
    weighed = {(name, value) for name, values in certainty.weights().signs.items() for value in values}
    assert weighed - told == set(), "a weight that no row can have: run `make train`"


@given(st.lists(st.sampled_from(VALUES) | st.text(max_size=5), min_size=len(SIGNS), max_size=len(SIGNS)))
def test_a_confidence_lies_between_0_and_1_whatever_is_said(signs: list[str]) -> None:
    assert 0 <= likelihood(tuple(signs), certainty.weights()) <= 1


def test_what_speaks_for_a_row_makes_it_surer_and_what_is_not_known_changes_nothing() -> None:
    known = Weights(0.0, {"unit": {"fits": 1.0, "none": -1.0}})
    said = [likelihood((value,), known) for value in ("none", "a new one", "fits")]
    assert said == [0.269, 0.5, 0.731]


def test_no_sign_holds_words_of_the_text(cases: dict[str, list[Any]]) -> None:
    """What a sign can say is a closed list of a few values, but for the names of rules."""
    said = [case.signs for part in cases.values() for case in part]
    values = dict(zip(SIGNS, map(set, zip(*said, strict=True)), strict=True))
    assert max(len(found) for name, found in values.items() if name != "rule") <= 40
    assert not any(re.search(r"\d{4}|platelet|stroke", value) for value in set.union(*values.values()))


def test_the_same_text_has_the_same_confidence_with_and_without_its_mentions() -> None:
    first = confidences(TEXT)
    assert first == confidences(TEXT) == confidences(TEXT, only="constraints")
    assert len(first) == 5


def test_a_plain_lab_limit_is_surer_than_a_number_of_an_unknown_thing() -> None:
    sure = dict(confidences(TEXT))
    assert sure["≥ 100 x 10^9/L"] > 0.9
    assert sure["≥ 100 x 10^9/L"] - sure["At least 3"] > 0.1


def test_a_lexicon_of_ones_own_is_known_here_too(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[labs.neopterin]\naliases = ["neopterin"]\nunits = ["nmol/L"]\n', encoding="utf-8")
    text = "Inclusion Criteria:\n- Neopterin of at least 10 nmol/L"
    [(_, without)], [(_, having)] = confidences(text), confidences(text, lexicon=(own,))
    assert having > without


def test_the_confidence_in_the_tables_is_that_of_the_weights(cases: dict[str, list[Any]]) -> None:
    some = [case for part in cases.values() for case in part]
    assert [case.said for case in some] == [likelihood(case.signs, certainty.weights()) for case in some]


def test_confidence_tells_right_from_wrong_on_the_test_gold(cases: dict[str, list[Any]]) -> None:
    found = train.figures(cases["test"], [case.said for case in cases["test"]])
    assert found.gap <= train.GAP_BELOW
    assert found.auc >= train.AUC_ABOVE
    assert len(found.bins) == 10
    assert max(one.rows for one in found.bins) - min(one.rows for one in found.bins) <= 1


def test_the_figures_of_the_model_card_are_those_of_the_weights_on_the_gold(cases: dict[str, list[Any]]) -> None:
    page = train.CARD.read_text(encoding="utf-8")
    written = re.search(r"(?m)^\| test \| (0\.\d+) \| (0\.\d+) \|$", page)
    assert written
    found = train.figures(cases["test"], [case.said for case in cases["test"]])
    now = pytest.approx([found.gap, found.auc], abs=POINT)
    assert [float(figure) for figure in written.groups()] == now, "the rules have changed: run `make train`"


def test_the_checksums_are_those_of_the_weights_the_card_and_the_gold() -> None:
    lines = [line.split("  ") for line in train.CHECKSUMS.read_text(encoding="utf-8").splitlines()]
    paths = [(MODELS / name).resolve() for _, name in lines]
    assert paths == [train.WEIGHTS, train.CARD, train.FIRST_READING, *sorted(train.GOLD.glob("*.jsonl"))]
    assert [sha256(path) for path in paths] == [sum for sum, _ in lines], "run `make train`"


def test_learning_twice_gives_the_same_bytes(cases: dict[str, list[Any]]) -> None:
    some = cases["dev"][:400]
    assert train.toml(train.learn(some, train.first_reading()).weights) == train.toml(
        train.learn(list(some), train.first_reading()).weights
    )


def test_reading_does_without_scikit_learn() -> None:
    """It adds up weights; nothing that was trained is unpickled."""
    assert "sklearn" not in Path(certainty.__file__).read_text(encoding="utf-8")
    assert {path.suffix for path in MODELS.iterdir() if path.is_file()} <= {".md", ".txt", ".py", ".csv"}
