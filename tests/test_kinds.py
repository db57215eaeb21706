"""What kind of thing a limit is on that the lexicon does not list."""

import pytest

import trialcriteria


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Plasma zorbin above 40 ng/mL", "lab"),
        ("Zorbin > 2 x ULN", "lab"),
        ("Foveal zorbin tension of at least 12 mmHg", "vital"),
        ("Length of the left zygote artery less than 20 mm", "vital"),
        ("Zorbin questionnaire > 12", "scale"),
        ("ZRB-16 ≥ 12", "scale"),
        ("Zorbination of the ileum > 3 cm", "lesion"),
        ("Zorbination present more than 4 days per week", "count"),
        ("Dose to the zorbine nerve > 30 Gy", "dose"),
        ("Zorbin cells in the marrow > 5%", "lab"),
        ("Diary compliance of at least 80%", "other"),
    ],
)
def test_an_unlisted_measure_has_the_kind_that_its_unit_or_its_words_say(text: str, kind: str) -> None:
    rows = trialcriteria.extract(text=f"Inclusion Criteria:\n\n- {text}").constraints
    assert list(rows.kind) == [kind]
    assert rows.attribute.isna().all()


@pytest.mark.parametrize(
    "text",
    [
        "Contraception with a failure rate of less than 1% per year",
        "A negative pregnancy test with a sensitivity of at least 25 mIU/mL",
        "Active arthritis (based on 66 joint counts)",
    ],
)
def test_what_a_method_is_like_is_no_limit_on_a_patient(text: str) -> None:
    read = trialcriteria.extract(text=f"Inclusion Criteria:\n\n- {text}")
    assert read.constraints.empty
    assert list(read.numerals.reason) == ["definition"]


def test_transaminases_are_alt_and_ast() -> None:
    rows = trialcriteria.extract(text="Inclusion Criteria:\n\n- Transaminases no more than 3 x ULN").constraints
    assert list(rows.attribute) == ["alt", "ast"]
