"""What `explain` shows for rows: links, cues and groups in words."""

from collections.abc import Iterator

import pytest
from rich.console import Console

from fakes import trial_tables
from trialcriteria import explain
from trialcriteria.records import Constraint, Mention, Numeral


def limit(name: str, **more: object) -> Constraint:
    return trial_tables().constraints[0]._replace(constraint_id=name, **more)  # type: ignore[arg-type]


def mention(name: str, **more: object) -> Mention:
    blank = trial_tables().mentions[0]._replace(narrowed=())
    return blank._replace(mention_id=name, **more)  # type: ignore[arg-type]


def shown(*rows: Constraint | Mention, numerals: tuple[Numeral, ...] = ()) -> list[str]:
    """The lines under the criterion's own, with single spaces."""
    tables = trial_tables()._replace(
        constraints=[row for row in rows if isinstance(row, Constraint)],
        mentions=[row for row in rows if isinstance(row, Mention)],
        numerals=list(numerals),
    )
    return list(_lines(explain.blocks(tables)))[2:-1]


def _lines(blocks: Iterator[object]) -> Iterator[str]:
    console = Console(width=300, highlight=False)
    with console.capture() as capture:
        for block in blocks:
            console.print(block)
    yield from (" ".join(line.split()) for line in capture.get().splitlines())


def test_a_row_shows_reading_requirement_what_is_eligible_and_its_rule() -> None:
    row = limit(
        "E1c1", operator="<", low=None, high=100000.0, canonical_low=None, canonical_high=100.0, requirement="forbid",
        eligible_operator=">=", eligible_low=100.0, eligible_levels=None,
    )  # fmt: skip
    assert shown(row) == ["E1c1 platelets < 100 10*9/L forbid eligible >= 100 10*9/L lab-then-limit"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (limit("c2", targets=("m1",), requirement="describe"), "narrows state “March”"),
        (limit("c2", negated=True, negation_cue="do not meet"), "negated by “do not meet”"),
        (limit("c2", condition="if liver metastases"), "under “if liver metastases”"),
        (limit("c2", exception_to="m1"), "replaces state “March”"),
        (limit("c2", exception_to="m1", requirement="permit"), "lifts state “March”"),
        (limit("c2", window_direction="before", anchor="screening"), "before screening"),
        (mention("c2", negated=True, historical=True, cue="no prior"), "negated, historical by “no prior”"),
    ],
)
def test_what_bears_on_a_row_is_said_in_words(row: Constraint | Mention, words: str) -> None:
    lines = shown(row, mention("m1"))
    assert [line for line in lines if line.startswith("c2") and words in line]


def test_a_group_with_groups_inside_stands_on_one_line() -> None:
    rows = (
        limit("c1", group="any1"),
        limit("c2", group="any1/all1", attribute="alt"),
        limit("c3", group="any1/all1", attribute="ast"),
    )
    platelets, alt, ast = (f"{name} >= 100 10*9/L" for name in ("platelets", "alt", "ast"))
    assert shown(*rows)[-1] == f"any of: {platelets} | (all of: {alt} | {ast})"


def test_numbers_that_no_row_claims_are_shown_with_their_reason() -> None:
    numerals = (Numeral("T1", "I1", "12", 48, 50, "date"), Numeral("T1", "I1", "1", 52, 53, "list_marker"))
    assert shown(numerals=numerals) == ["numbers left: 12 (date), 1 (list marker)"]
