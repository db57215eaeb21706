"""Rows of little confidence are left out together with what they are linked to."""

from fakes import trial_tables
from trialcriteria.confidence import leave_out
from trialcriteria.records import Constraint, Mention, Numeral, TrialTables

#       0         1         2         3         4
TEXT = "ALT <= 3, or <= 5 if CA 19-9 > 37; age >= 18"


def limit(name: str, start: int, end: int, confidence: float = 1.0, **more: object) -> Constraint:
    row = trial_tables().constraints[0]
    return row._replace(constraint_id=name, start=start, end=end, confidence=confidence, **more)  # type: ignore[arg-type]


def mention(name: str, **more: object) -> Mention:
    blank = trial_tables().mentions[0]._replace(start=0, end=3, narrowed=())
    return blank._replace(mention_id=name, **more)  # type: ignore[arg-type]


def trial(*rows: Constraint | Mention) -> TrialTables:
    constraints = [row for row in rows if isinstance(row, Constraint)]
    mentions = [row for row in rows if isinstance(row, Mention)]
    return trial_tables()._replace(constraints=constraints, mentions=mentions, numerals=[])


def ids(tables: TrialTables) -> list[str]:
    return [*(row.constraint_id for row in tables.constraints), *(row.mention_id for row in tables.mentions)]


def test_a_trial_read_with_confidence_stays_as_it_is() -> None:
    tables = trial(limit("c1", 4, 8), mention("m1"))
    assert leave_out(tables, 0.5, TEXT) is tables


def test_a_row_below_the_minimum_goes_and_its_digits_become_unread_numerals() -> None:
    tables = trial(limit("c1", 4, 8), limit("c2", 29, 33, 0.4, attribute_start=21, attribute_end=28))
    left = leave_out(tables, 0.5, TEXT)
    assert ids(left) == ["c1"]
    assert left.numerals == [
        Numeral("T1", "I1", "19", 24, 26, "unread"),
        Numeral("T1", "I1", "9", 27, 28, "unread"),
        Numeral("T1", "I1", "37", 31, 33, "unread"),
    ]
    assert [row.status for row in left.criteria] == ["partial"]
    assert left.trial.n_constraints == 1


def test_a_limit_does_not_outlive_its_exception() -> None:
    tables = trial(limit("c1", 4, 8), limit("c2", 13, 17, 0.4, exception_to="c1"), limit("c3", 39, 44))
    assert ids(leave_out(tables, 0.5, TEXT)) == ["c3"]


def test_a_mention_does_not_outlive_its_window() -> None:
    tables = trial(limit("c1", 4, 8, 0.4, targets=("m1",)), mention("m1", narrowed=("c1",)), mention("m2"))
    assert ids(leave_out(tables, 0.5, TEXT)) == ["m2"]


def test_a_group_goes_as_a_whole() -> None:
    tables = trial(limit("c1", 4, 8, group="any1"), limit("c2", 13, 17, 0.4, group="any1/all2"), limit("c3", 39, 44))
    assert ids(leave_out(tables, 0.5, TEXT)) == ["c3"]


def test_digits_that_a_kept_row_claims_too_make_no_numeral() -> None:
    tables = trial(limit("c1", 4, 8, 0.4), limit("c2", 4, 8))
    left = leave_out(tables, 0.5, TEXT)
    assert (ids(left), left.numerals) == (["c2"], [])
