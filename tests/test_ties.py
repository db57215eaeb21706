"""How the things of brat corpora hang together, and the groups, conditions, exceptions and targets held against it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fakes import trial_tables
from test_corpora import corpus
from trialcriteria import evaluation
from trialcriteria.annotations import corpora
from trialcriteria.annotations.imported import Named
from trialcriteria.annotations.ties import Kind, Tie
from trialcriteria.cli import app
from trialcriteria.records import Mention, TrialTables
from trialcriteria.scoring.ties import score_ties, tied

SAID = "Asthma, gout or known scurvy; rickets and no mumps; cancer except melanoma or keratoma; women: croup\n"
LEAF = [
    ("T1", "Condition", "Asthma"),
    ("T2", "Condition", "gout"),
    ("T3", "Assertion", "known"),
    ("T4", "Condition", "scurvy"),
    ("T5", "Condition", "rickets"),
    ("T6", "Negation", "no"),
    ("T7", "Condition", "mumps"),
    ("T8", "Condition", "cancer"),
    ("T9", "Exception", "except"),
    ("T10", "Condition", "melanoma"),
    ("T11", "Condition", "keratoma"),
    ("T12", "Life-Stage-And-Gender", "women"),
    ("T13", "Condition", "croup"),
    ("T14", "Eq-Comparison", "Asthma"),
    ("T15", "Eq-Value", "Asthma"),
    ("T16", "Condition-Name", "Asthma"),
    ("T17", "Observation-Name", "Asthma"),
]
LEAF_LINES = """E1	Condition:T1
E2	Condition:T2
E3	Assertion:T3 Asserted:E4
E4	Condition:T4
E5	Condition:T5
E6	Negation:T6 Negates:E7
E7	Condition:T7
E8	Condition:T8
E9	Exception:T9 From:E8 Except:E10 Except2:E11
E10	Condition:T10
E11	Condition:T11
E13	Condition:T13
R1	Or Arg1:E1 Arg2:E2
R2	Or Arg1:E2 Arg2:E3
R3	And Arg1:E5 Arg2:E6
R4	If-Then Arg1:T12 Arg2:E13
R5	If-Then Arg1:E8 Arg2:E13
"""
CHIA_SAID = "Asthma, gout or scurvy with rickets; mumps or croup within 3 weeks\n"
CHIA = [
    ("T1", "Condition", "Asthma"),
    ("T2", "Condition", "gout"),
    ("T3", "Condition", "scurvy"),
    ("T4", "Condition", "rickets"),
    ("T5", "Scope", "mumps or croup"),
    ("T6", "Condition", "mumps"),
    ("T7", "Condition", "croup"),
    ("T8", "Temporal", "within 3 weeks"),
    ("T9", "Qualifier", "weeks"),
    ("T10", "Value", "3"),
    ("T11", "Person", "Asthma"),
    ("T12", "Measurement", "Asthma"),
]
CHIA_LINES = """*	OR T1 T2 T3
R1	AND Arg1:T3 Arg2:T4
R2	Has_temporal Arg1:T5 Arg2:T8
"""


def ties(folder: Path, said: str, entities: list[tuple[str, str, str]], lines: str) -> list[tuple[str, ...]]:
    """The ties of a corpus of one text, in its words."""
    [found] = corpora.read(corpus(folder, "NCT1", said, entities, lines)).ties.values()
    return sorted((tie.kind, *(said[slice(*end[0])] for end in tie[1:])) for tie in found)


def test_leaf_ties_whole_lists_through_assertions_and_negations_and_exceptions_part_by_part(tmp_path: Path) -> None:
    assert ties(tmp_path, SAID, LEAF, LEAF_LINES) == [
        ("and", "rickets", "mumps"),
        ("exception", "cancer", "keratoma"),
        ("exception", "cancer", "melanoma"),
        ("if-then", "cancer", "croup"),
        ("or", "Asthma", "gout"),
        ("or", "Asthma", "scurvy"),
        ("or", "gout", "scurvy"),
    ]


def test_chia_ties_lists_and_what_stands_in_the_scope_of_a_time(tmp_path: Path) -> None:
    assert ties(tmp_path, CHIA_SAID, CHIA, CHIA_LINES) == [
        ("and", "scurvy", "rickets"),
        ("or", "Asthma", "gout"),
        ("or", "Asthma", "scurvy"),
        ("or", "gout", "scurvy"),
        ("scope", "within 3 weeks", "croup"),
        ("scope", "within 3 weeks", "mumps"),
    ]


#       0123456789012345678901234567890
TEXT = "asthma, gout, mumps in 3 weeks"
PLACES = {"asthma": (0, 6), "gout": (8, 12), "mumps": (14, 19), "in 3 weeks": (20, 30)}
NAMED = [Named((place,), negated=False) for words, place in PLACES.items() if words != "in 3 weeks"]


def rows(**slots: str) -> TrialTables:
    """Three required mentions with these slots, all alike, and a window of the last one."""
    read = trial_tables()
    said = [
        read.mentions[0]._replace(
            mention_id=f"I1m{n}", start=start, end=end, text=TEXT[start:end], requirement="require"
        )._replace(**slots)  # type: ignore[arg-type]
        for n, (start, end) in enumerate(list(PLACES.values())[:3], 1)
    ]  # fmt: skip
    window = read.constraints[0]._replace(kind="time_window", start=20, end=30, targets=("I1m3",))
    return read._replace(mentions=said, constraints=[window])


def scored(read: TrialTables, *found: tuple[Kind, str, str]) -> dict[str, tuple[int, int, int]]:
    """(tied by the corpus, tied by us, both) by measure."""
    said = [Tie(kind, (PLACES[one],), (PLACES[other],)) for kind, one, other in found]
    figures = score_ties([tied(TEXT, said, NAMED, read)], rounds=5).figures
    return {name.split(":")[0]: (figure.gold, figure.read, figure.right) for name, figure in figures.items()}


def lifting(read: TrialTables, lifted: str) -> TrialTables:
    """The same rows, of which the last one is an exception to another."""
    *others, last = read.mentions
    return read._replace(mentions=[*others, last._replace(exception_to=lifted, requirement="permit")])


@pytest.mark.parametrize(
    ("group", "counted"),
    [("", (1, 0, 0)), ("any1", (1, 3, 1)), ("any1/all1", (1, 0, 0))],
    ids=["not grouped", "all three are alternatives", "only together"],
)
def test_a_required_or_is_a_group_of_alternatives(group: str, counted: tuple[int, int, int]) -> None:
    assert scored(rows(group=group), ("or", "asthma", "gout")) == {"or": counted}


def test_an_or_of_what_is_forbidden_needs_no_group_and_an_and_one_of_its_own() -> None:
    assert scored(rows(requirement="forbid"), ("or", "asthma", "gout")) == {"or": (0, 0, 0)}
    assert scored(rows(requirement="forbid", group="all1"), ("and", "asthma", "gout")) == {"and": (1, 3, 1)}
    assert scored(rows(), ("and", "asthma", "gout")) == {"and": (0, 0, 0)}


def test_an_exception_is_counted_by_itself_and_with_what_it_is_made_from() -> None:
    said: tuple[Kind, str, str] = ("exception", "asthma", "mumps")
    right, wrong, none = (lifting(rows(), "I1m1"), lifting(rows(), "I1m2"), rows())
    both = [score_ties([tied(TEXT, [Tie(said[0], (PLACES[said[1]],), (PLACES[said[2]],))], NAMED, read)], rounds=5)
            for read in (right, wrong, none)]  # fmt: skip
    assert [[figure[:3] for figure in each.figures.values()] for each in both] == [
        [(1, 1, 1), (1, 1, 1)],
        [(1, 1, 1), (1, 1, 0)],
        [(1, 0, 0), (1, 0, 0)],
    ]


def test_a_condition_counts_on_either_side_where_it_has_the_words_of_the_other() -> None:
    read = rows()
    with_condition = [read.mentions[0]._replace(condition="if  Mumps is present"), *read.mentions[1:]]
    read = read._replace(mentions=with_condition)
    assert scored(read, ("if-then", "asthma", "mumps")) == {"if-then": (1, 1, 1)}
    assert scored(read, ("if-then", "mumps", "asthma")) == {"if-then": (1, 1, 1)}
    assert scored(read, ("if-then", "gout", "mumps")) == {"if-then": (1, 1, 0)}


def test_a_time_has_all_in_its_scope_as_targets() -> None:
    found: tuple[tuple[Kind, str, str], ...] = (("scope", "in 3 weeks", "gout"), ("scope", "in 3 weeks", "mumps"))
    assert scored(rows(), *found) == {"scope": (2, 1, 1)}


def test_a_tie_to_what_no_row_stands_on_is_not_counted() -> None:
    read = rows(group="any1")
    read = read._replace(mentions=read.mentions[1:])
    assert scored(read, ("or", "asthma", "gout")) == {"or": (0, 1, 0)}


def test_evaluate_shows_and_writes_how_a_corpus_hangs_together(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    corpus(folder, "NCT1", SAID, LEAF, LEAF_LINES)
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["evaluate", str(folder), "-o", str(out), "--rounds", "5"])
    assert done.exit_code == 0, done.output
    assert "exception: and from what" in done.stdout
    scores = json.loads((out / "scores.json").read_text(encoding="utf-8"))["Leaf Clinical Trials"]
    assert scores["ties"]["ties"] == 7
    assert scores["ties"]["figures"]["exception: what is excepted"]["gold"] == 2
    assert "## Or, and, if-then" in (out / "scores.md").read_text(encoding="utf-8")


def test_what_a_corpus_does_not_annotate_has_no_figure() -> None:
    assert set(scored(rows(), ("or", "asthma", "gout"))) == {"or"}


def test_our_own_gold_is_not_scored_so() -> None:
    found = evaluation.read_gold(Path(__file__).parents[1] / "annotations" / "gold")
    assert not found.ties


def test_every_kind_of_tie_is_met_in_the_corpora(shared: Path) -> None:
    kinds = {
        name: {tie.kind for found in corpora.read(shared / "corpora" / name).ties.values() for tie in found}
        for name in ("lct", "chia")
    }
    assert kinds == {"lct": {"or", "and", "if-then", "exception"}, "chia": {"or", "and", "scope"}}


def test_a_mention_stands_for_itself_in_no_pair() -> None:
    said: list[Mention] = rows(group="any1").mentions[:1]
    read = rows()._replace(mentions=said)
    assert scored(read, ("or", "asthma", "asthma")) == {"or": (0, 0, 0)}
