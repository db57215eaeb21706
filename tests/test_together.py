"""What keeps a patient out only together with something else."""

import pytest

from readings import read


def grouped(text: str) -> list[tuple[str, str | None]]:
    return [(row.text, row.group) for row in read(f"Exclusion Criteria:\n* {text}\n").mentions]


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("Brain metastases receiving steroid therapy", "Brain metastases", "steroid therapy"),
        ("Hepatitis B on lamivudine", "Hepatitis B", "lamivudine"),
        (
            "Right bundle branch block + left anterior hemiblock",
            "Right bundle branch block",
            "left anterior hemiblock",
        ),
        ("Use of cetuximab and bupropion in combination", "cetuximab", "bupropion"),
        ("Heart block without pacemaker", "Heart block", "pacemaker"),
    ],
)
def test_two_that_keep_out_only_together_are_grouped(text: str, one: str, other: str) -> None:
    assert grouped(text) == [(one, "all1"), (other, "all1")]


@pytest.mark.parametrize(
    "text",
    ["Use of cetuximab and bupropion", "Brain metastases or steroid therapy", "Asthma, hepatitis B on lamivudine"],
)
def test_what_keeps_out_by_itself_is_not(text: str) -> None:
    assert {group for _, group in grouped(text)} == {None}
