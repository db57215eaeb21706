"""The negation of brat corpora: what their schemes negate, and the rows that are held against it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fakes import trial_tables
from test_corpora import CHIA, CHIA_LINES, CHIA_TEXT, LEAF, LEAF_LINES, LEAF_TEXT, corpus
from trialcriteria import evaluation
from trialcriteria.annotations import corpora, leaf
from trialcriteria.annotations.imported import Named
from trialcriteria.annotations.standoff import parse
from trialcriteria.cli import app
from trialcriteria.records import TrialTables
from trialcriteria.scoring.negation import misread, of_named, of_rows, score_negation

WARY = "Adults\nNo asthma, no known use of vitamins, denies gout\nwithout scars or tattoos, but piercings\n"
WARY_LEAF = [
    ("T1", "Age", "Adults"),
    ("T2", "Negation", "No"),
    ("T3", "Condition", "asthma"),
    ("T4", "Negation", "no"),
    ("T5", "Assertion", "known"),
    ("T7", "Drug", "vitamins"),
    ("T8", "Negation", "denies"),
    ("T9", "Modifier", "gout"),
    ("T10", "Condition-Name", "scars"),
    ("T11", "Eq-Comparison", "but"),
    ("T12", "Observation", "tattoos"),
]
WARY_LINES = """E1	Age:T1
E2	Negation:T2 Negates:E3
E3	Condition:T3
E4	Negation:T4 Negates:E5
E5	Assertion:T5 Asserted:E7
E7	Drug:T7
E8	Negation:T8 Negates:E9
E9	Modifier:T9 Modifies:E12
E12	Observation:T12
"""
WARY_CHIA = [
    ("T1", "Person", "Adults"),
    ("T2", "Condition", "asthma"),
    ("T3", "Negation", "without"),
    ("T4", "Scope", "scars or tattoos"),
    ("T5", "Condition", "scars"),
    ("T6", "Observation", "tattoos"),
    ("T7", "Condition", "piercings"),
    ("T8", "Qualifier", "piercings"),
]
WARY_CHIA_LINES = "R1\tHas_negation Arg1:T4 Arg2:T3\nR2\tHas_qualifier Arg1:T7 Arg2:T8\n"


def named(folder: Path, text: str, entities: list[tuple[str, str, str]], lines: str) -> dict[str, bool]:
    """The words that a corpus names, and whether it negates them."""
    [found] = corpora.read(corpus(folder, "NCT1", text, entities, lines)).named.values()
    return {" ".join(text[start:end] for start, end in one.pieces): one.negated for one in found}


def test_leaf_negates_events_also_through_assertions_but_not_what_a_negated_modifier_is_of(tmp_path: Path) -> None:
    assert named(tmp_path, WARY, WARY_LEAF, WARY_LINES) == {
        "Adults": False, "asthma": True, "vitamins": True, "tattoos": False,
    }  # fmt: skip


def test_leaf_joins_the_parts_of_a_denied_list_to_its_first() -> None:
    text = "No asthma or gout, such as podagra; non smoker or vaper"
    words = {"Negation": ("No", "non"), "Condition": ("asthma", "gout", "podagra", "smoker", "vaper")}
    places = [(label, word, text.index(word)) for label, each in words.items() for word in each]
    entities = [f"T{n}\t{label} {at} {at + len(word)}\t{word}" for n, (label, word, at) in enumerate(places, 1)]
    events = [
        "E1\tNegation:T1 Negates:E3",
        "E2\tNegation:T2 Negates:E6",
        *(f"E{n}\tCondition:T{n}" for n in range(3, 8)),
    ]
    links = ["R1\tOr Arg1:E3 Arg2:E4", "R2\tExample-Of Arg1:E5 Arg2:E4", "R3\tOr Arg1:E6 Arg2:E7"]
    found = leaf.convert("NCT1", text, parse("\n".join([*entities, *events, *links]), text, "here")).named
    assert [(one.negated, one.listed) for one in found] == [
        (True, False), (False, True), (False, True), (True, False), (False, False),
    ]  # fmt: skip


def test_chia_negates_all_that_stands_in_a_negated_scope(tmp_path: Path) -> None:
    assert named(tmp_path, WARY, WARY_CHIA, WARY_CHIA_LINES) == {
        "Adults": False, "asthma": False, "scars": True, "tattoos": True, "piercings": False,
    }  # fmt: skip


def test_chia_negates_a_single_entity(tmp_path: Path) -> None:
    assert [words for words, negated in named(tmp_path, CHIA_TEXT, CHIA, CHIA_LINES).items() if negated] == ["stroke"]


def test_events_that_negate_each_other_in_a_ring_are_read(tmp_path: Path) -> None:
    ring = "E1\tAssertion:T5 Asserted:E2\nE2\tAssertion:T4 Asserted:E1\nE3\tCondition:T3\n"
    found = named(tmp_path, WARY, [*WARY_LEAF, ("T13", "Eq-Value", "No"), ("T14", "Condition-Name", "gout")], ring)
    assert found == {"asthma": False}


#       0123456789012345678901234567890
TEXT = "no stroke; asthma; no gout, CRP"


def rows(*spans: tuple[int, int, bool], limit: tuple[int, int, str, bool] | None = None) -> TrialTables:
    """Mentions at these places, negated or not, and one limit of a kind."""
    read = trial_tables()
    mentions = [
        read.mentions[0]._replace(mention_id=f"I1m{n}", start=start, end=end, text=TEXT[start:end], negated=negated)
        for n, (start, end, negated) in enumerate(spans, 1)
    ]
    place = limit or (None, None, "lab", False)
    words = {"attribute_start": place[0], "attribute_end": place[1], "kind": place[2], "negated": place[3]}
    return read._replace(mentions=mentions, constraints=[read.constraints[0]._replace(**words)])  # type: ignore[arg-type]


GOLD = (Named(((3, 9),), True), Named(((11, 17),), False), Named(((22, 26),), True), Named(((28, 31),), False))


def test_a_row_is_held_against_what_shares_most_of_its_words() -> None:
    wide = (Named(((0, 4),), False), *GOLD)
    assert [found.named for found in of_rows(wide, rows((3, 9, True)))] == [GOLD[0]]
    assert [found.row and found.row.negated for found in of_named(GOLD, rows((3, 9, True), (0, 4, False)))] == [
        True, None, None, None,
    ]  # fmt: skip


def test_a_row_between_the_pieces_of_a_name_is_not_on_it() -> None:
    assert of_rows([Named(((3, 9), (22, 26)), True)], rows((11, 17, False))) == []


@pytest.mark.parametrize(("kind", "stands"), [("lab", 1), ("time_window", 0), ("duration", 0)])
def test_a_limit_stands_on_its_attribute_and_a_window_on_nothing(kind: str, stands: int) -> None:
    assert len(of_rows(GOLD, rows(limit=(28, 31, kind, False)))) == stands


def test_the_flag_is_counted_over_rows_and_over_names() -> None:
    read = rows((3, 9, True), (11, 14, True), (14, 17, False), limit=(28, 31, "lab", False))
    found = score_negation({"T1": GOLD}, [read], rounds=10)
    counted = {name: (figure.gold, figure.read, figure.right) for name, figure in found.figures.items()}
    assert (found.rows, found.named) == (4, 4)
    assert counted == {
        "rows on something named": (1, 2, 1),
        "mentions among them": (1, 2, 1),
        "limits among them": (0, 0, 0),
        "all that is named": (2, 2, 1),
        "rows, exceptions as negated": (1, 2, 1),
        "rows, denied lists as one": (1, 2, 1),
    }
    assert found.found[:2] == (1, 2)


def test_an_exception_counts_as_negated_in_the_figure_for_schemes_that_annotate_it_so() -> None:
    read = rows((3, 9, False), (11, 17, False))
    read = read._replace(mentions=[row._replace(exception_to="I1c1") for row in read.mentions])
    found = score_negation({"T1": GOLD}, [read], rounds=10).figures
    assert found["rows on something named"][:3] == (1, 0, 0)
    assert found["rows, exceptions as negated"][:3] == (1, 2, 1)


def test_every_wrong_flag_is_listed_with_its_words() -> None:
    read = rows((3, 9, False), (11, 17, True))
    assert [(one.mistake, one.row_id, one.text) for one in misread(GOLD, read, TEXT)] == [
        ("negation missed", "I1m1", "no [stroke]; asthma; no gout, CRP"),
        ("negation added", "I1m2", "no stroke; [asthma]; no gout, CRP"),
        ("negated, but not read", None, "no stroke; asthma; no [gout], CRP"),
    ]


def test_a_run_that_reads_as_the_corpus_says_has_no_mistake() -> None:
    read = rows(*((start, end, one.negated) for one in GOLD for start, end in one.pieces))
    found = score_negation({"T1": GOLD}, [read], rounds=10)
    assert list(misread(GOLD, read, TEXT)) == []
    assert {figure.f1 for name, figure in found.figures.items() if figure.gold} == {1.0}


def test_evaluate_shows_and_writes_the_negation_of_a_corpus(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    corpus(folder, "NCT1", LEAF_TEXT, LEAF, LEAF_LINES)
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["evaluate", str(folder), "-o", str(out), "--rounds", "5"])
    assert done.exit_code == 0, done.output
    assert "\nNegation\n" in done.stdout and "all that is named" in done.stdout
    scores = json.loads((out / "scores.json").read_text(encoding="utf-8"))["Leaf Clinical Trials"]
    assert scores["negation"]["figures"]["all that is named"]["gold"] == 1
    assert "## Negation" in (out / "scores.md").read_text(encoding="utf-8")


def test_our_own_gold_has_no_such_table(tmp_path: Path) -> None:
    gold = Path(__file__).parents[1] / "annotations" / "gold"
    found = evaluation.read_gold(gold)
    assert not found.named


def test_nearly_all_that_leaf_negates_is_compared(shared: Path) -> None:
    found = corpora.read(shared / "corpora" / "lct")
    negated = [one for names in found.named.values() for one in names if one.negated]
    assert 300 < len(negated) < 500
