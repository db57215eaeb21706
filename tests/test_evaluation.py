"""`trialcriteria evaluate`: gold and run are checked against each other, the test part stays sealed, scores last."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from test_annotations import compiled
from test_corpora import LEAF, LEAF_LINES, LEAF_TEXT, corpus
from trialcriteria import annotations, evaluation, tables
from trialcriteria.annotations import GoldError, GoldTrial, sha256
from trialcriteria.cli import app
from trialcriteria.records import Constraint, TrialTables

TEXT = "* ALT ≤ 3 x ULN\n* No stroke within 6 months\n* Blood sugar index of 7"
ROWS = (
    "= inclusion assumed\nI1 | ALT\nc1 lab:alt <= 3 [ULN] | ALT | ≤ 3 x ULN\nI2 | No\nm1 condition negated | stroke\n"
    "c1 time_window <= 6 mo before now @m1 | stroke | within 6 months\nI3 | Blood\nc1 other ? 7 | - | 7"
)
DEV, TEST = "TEST0001", "TEST0006"


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A gold file with a trial of each part."""
    path = tmp_path / "gold" / "all.jsonl"
    path.parent.mkdir()
    annotations.write([compiled(TEXT, ROWS, name) for name in (DEV, TEST)], path)
    return path


def call(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `trialcriteria evaluate`."""
    done = CliRunner().invoke(app, ["evaluate", *map(str, arguments), "--rounds", "20"])
    return done.exit_code, done.stdout, done.stderr


def test_the_development_part_is_shown_in_detail_and_the_test_part_in_total(gold: Path) -> None:
    code, shown, _ = call(gold)
    development, test = shown.split("Scores on the test gold")
    assert code == 0
    assert development.startswith("Scores on the development gold")
    for part in (development, test):
        assert "detection" in part and "harmful errors" in part
    for title in ("F1 by kind", "F1 by source layout", "Mistakes"):
        assert title in development and title not in test


def test_errors_of_the_test_part_are_refused(gold: Path) -> None:
    code, shown, said = call(gold, "--split", "test", "--errors", 5)
    assert (code, shown) == (2, "")
    assert "the errors of this part are sealed" in said


def test_errors_are_those_of_the_development_part(gold: Path) -> None:
    _, shown, _ = call(gold, "--errors", 99)
    assert f"{DEV} I" in shown and TEST not in shown


def test_unsealing_is_logged_beside_the_gold(gold: Path) -> None:
    page = gold.parent.parent / "SCORES.md"
    page.write_text(f"# Scores\n\n{evaluation.LOG_HEADING}\n{evaluation.LOG_EMPTY}\n", encoding="utf-8")
    code, shown, said = call(gold, "--split", "test", "--errors", 99, "--unseal")
    assert code == 0 and f"{TEST} I" in shown and f"logged in {page}" in said
    head, log = page.read_text(encoding="utf-8").split(f"{evaluation.LOG_HEADING}\n")
    assert head == "# Scores\n\n"
    assert log.endswith(" UTC: the sealed errors of the gold in `all.jsonl` was opened\n") and log.count("\n") == 1


def test_written_scores_keep_the_test_part_sealed(gold: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert call(gold, "-o", out)[0] == 0
    scores = json.loads((out / "scores.json").read_text(encoding="utf-8"))
    assert {"by_kind", "mistakes", "by_layout"} <= scores["dev"]["scores"].keys()
    assert scores["test"]["scores"].keys() == {"trials", "total", "macro", "harmful", "mentions", "flags", "slots"}
    for name in ("errors.jsonl", "mention_errors.jsonl"):
        lines = (out / name).read_text(encoding="utf-8").splitlines() if (out / name).exists() else []
        assert {json.loads(line)["trial_id"] for line in lines} <= {DEV}
    assert "# Scores on the test gold" in (out / "scores.md").read_text(encoding="utf-8")


def test_a_kept_run_scores_as_it_did_and_does_not_differ_from_itself(gold: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    call(gold, "-o", first)
    code, shown, _ = call(gold, "--run", first / "run", "--compare", first / "run", "-o", second)
    assert code == 0
    assert "Change in F1" in shown
    one, two = (json.loads((out / "scores.json").read_text(encoding="utf-8")) for out in (first, second))
    for part in ("dev", "test"):
        changes = two[part].pop("changes")
        assert {change["change"] for change in changes.values()} == {0.0}
    assert one == two


def test_the_same_call_gives_the_same_figures(gold: Path) -> None:
    assert call(gold, "--seed", 3) == call(gold, "--seed", 3)


def test_a_corpus_of_another_scheme_is_gold_too(tmp_path: Path) -> None:
    code, shown, said = call(corpus(tmp_path, "NCT1", LEAF_TEXT, LEAF, LEAF_LINES))
    assert code == 0
    assert shown.startswith("Scores on Leaf Clinical Trials")
    assert "labels without a slot: Life-Stage-And-Gender 1" in said


Change = Callable[[list[TrialTables]], object]


def _other_row(**changes: object) -> Change:
    def change(run: list[TrialTables]) -> None:
        run[0].constraints[0] = run[0].constraints[0]._replace(**changes)  # type: ignore[arg-type]

    return change


def _as_trial(name: str) -> Change:
    def change(run: list[TrialTables]) -> None:
        row: Constraint = run[0].constraints[0]._replace(trial_id=name)
        run[0] = TrialTables(run[0].trial._replace(trial_id=name), [], [row], [], [])

    return change


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (
            _as_trial("NCT9"),
            {
                "trials.parquet: NCT9: is not in the gold; score a run of the gold's texts",
                f"trials.parquet: {DEV}: is missing, and would count as overlooked; run it as well, or leave it out of"
                " the gold",
                "constraints.parquet: NCT9: I1c1: the trial is not in the gold",
            },
        ),
        (
            lambda run: run.append(run[1]._replace(constraints=[], mentions=[])),
            {f"trials.parquet: {TEST}: stands there 2 times"},
        ),
        (
            lambda run: run.__setitem__(1, run[1]._replace(trial=run[1].trial._replace(text_sha256=sha256("")))),
            {f"trials.parquet: {TEST}: was read from another text than the gold's"},
        ),
        (
            _other_row(start=5, end=9),
            {f"constraints.parquet: {DEV}: I1c1: '≤ 3 x ULN' does not stand at 5-9 of the text"},
        ),
        (
            lambda run: run[0].constraints.append(run[0].constraints[0]),
            {f"constraints.parquet: {DEV}: I1c1: the id is used twice"},
        ),
    ],
    ids=["unknown trial", "trial twice", "other text", "other place", "id twice"],
)
def test_a_run_that_does_not_fit_the_gold_is_refused(
    change: Change, faults: set[str], gold: Path, tmp_path: Path
) -> None:
    run = evaluation.read_here(annotations.read(gold))
    change(run)
    folder = tables.Folder(tmp_path)
    for rows in run:
        folder.add(rows)
    folder.publish()
    with pytest.raises(GoldError) as raised:
        evaluation.read_run(tmp_path, annotations.read(gold))
    assert set(raised.value.faults) == {f"{tmp_path}/{fault}" for fault in faults}


def test_a_folder_that_is_no_run_is_refused(gold: Path, tmp_path: Path) -> None:
    code, _, said = call(gold, "--run", tmp_path / "gold")
    assert code == 2
    assert said.strip().endswith("gold: no table trials, constraints, mentions; a run is a folder that `extract` wrote")


def _spoilt(trial: GoldTrial, **row: object) -> dict[str, object]:
    record = annotations.stated(trial)
    record["constraints"][0] |= row
    return record


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"start": 7}, f"{DEV}: I1c1: text at 7-15 is ' 3 x ULN', not '≤ 3 x ULN'"),
        ({"sources": 1}, f"{DEV}: I1c1: unknown slot 'sources'"),
        ({"targets": ["I1m9"]}, f"{DEV}: I1c1: points at I1m9, which is not there"),
        ({"operator": "≤"}, f"{DEV}: I1c1: operator: Input should be"),
    ],
)
def test_gold_that_contradicts_itself_is_refused(row: dict[str, object], fault: str, gold: Path) -> None:
    gold.write_text(json.dumps(_spoilt(compiled(TEXT, ROWS), **row)) + "\n", encoding="utf-8")
    code, shown, said = call(gold)
    assert (code, shown) == (2, "")
    assert f"{gold}: {fault}" in said


def test_the_same_limit_annotated_twice_is_refused(gold: Path) -> None:
    record = annotations.stated(compiled(TEXT, ROWS))
    record["constraints"].insert(1, {**record["constraints"][0], "constraint_id": "I1c2"})
    gold.write_text(json.dumps(record), encoding="utf-8")
    assert f"{DEV}: I1c2: the same limit on the same attribute as I1c1" in call(gold)[2]


def test_a_half_without_trials_is_refused(gold: Path) -> None:
    annotations.write([compiled(TEXT, ROWS, DEV)], gold)
    assert call(gold, "--split", "test")[2] == "trialcriteria: the gold holds no trial of the test part\n"


def test_a_run_of_gold_that_its_registry_stores_encoded_can_be_scored(tmp_path: Path) -> None:
    limit, mention = "c1 lab:alt <= 3 [ULN] | ALT | ≤ 3 x~ULN", "m1 condition negated | stroke"
    rows = f"= inclusion | Inclusion:\nI1 | ALT\n{limit}\nI2 | No\n{mention}"
    trial = compiled("Inclusion:~* ALT ≤ 3 x~ULN~* No stroke", rows)._replace(layout="aact")
    annotations.write([trial], tmp_path / "gold.jsonl")
    assert call(tmp_path / "gold.jsonl", "-o", tmp_path / "out")[0] == 0
    assert call(tmp_path / "gold.jsonl", "--run", tmp_path / "out" / "run")[0] == 0


def test_one_half_of_a_run_can_be_scored(gold: Path, tmp_path: Path) -> None:
    call(gold, "-o", tmp_path / "out")
    code, shown, _ = call(gold, "--run", tmp_path / "out" / "run", "--split", "dev")
    assert code == 0 and "Scores on the test gold" not in shown


# How far our figures may lie from the reference's. Ages are annotated and counted alike by both. Over everything the
# reference counts a window once for each of its events, and compares numbers without their units.
TOLERANCE = {"age": 0.01, "": 0.03}


@pytest.mark.parametrize("kind", list(TOLERANCE))
def test_our_figures_on_leaf_trials_are_those_of_the_reference_scorer(
    kind: str, shared: Path, leaf: tuple[Path, evaluation.Result]
) -> None:
    run, result = leaf
    scorer = shared / "scorer"

    def lines(script: str, argument: Path, name: str) -> Path:
        made = subprocess.run([sys.executable, scorer / script, argument], capture_output=True, check=True, text=True)
        (run / name).write_text(made.stdout, encoding="utf-8")
        return run / name

    gold = lines("lct_gold.py", shared / "corpora" / "lct", "gold.jsonl")
    read = lines("from_tables.py", run, "read.jsonl")
    command = [sys.executable, scorer / "score.py", gold, read, "--kind", kind, "--rounds", "1", "--json"]
    reference = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    pairs = [pair for trial in result.trials for pair in trial.bounds if kind in ("", pair.kind)]
    for level, fields in (("L0", {"value"}), ("L1", {"value", "operator"})):
        right = sum(1 for pair in pairs if pair.gold and pair.read and fields <= pair.agreed)
        sides = sum(1 for pair in pairs for bound in (pair.gold, pair.read) if bound)
        assert abs(2 * right / sides - reference[level]["F1"]) < TOLERANCE[kind], level


@pytest.fixture(scope="session")
def leaf(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, evaluation.Result]:
    """Our run over the Leaf development part, and its scores."""
    gold = evaluation.read_gold(shared / "corpora" / "lct")
    read = evaluation.read_here(gold.trials)
    [result] = evaluation.evaluate(gold, read, rounds=1)
    out = tmp_path_factory.mktemp("leaf")
    evaluation.write([result], read, out)
    return out / "run", result
