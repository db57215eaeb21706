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
        ("Zorbin attendance of at least 80%", "other"),
        ("Global zorbin symptom score ≥ 40 mm", "scale"),
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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('Must be experiencing a minimum of 2 hours/day of "off" time', "off"),
        ("Suicidality, as determined by a score of 3 or 4 on item 3 of the HAM-D scale", "item 3 of the HAM-D"),
        ("Zorbin inventory (Smith, 2001) (Appendix 3) score less than 26", "Zorbin inventory"),
        ("Willing to provide at least 250 mL of whole zorb", "whole zorb"),
    ],
)
def test_what_is_done_says_less_than_what_it_is_done_with(text: str, words: str) -> None:
    rows = trialcriteria.extract(text=f"Inclusion Criteria:\n\n- {text}").constraints
    assert list(rows.attribute_text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "Patients with cirrhosis will be capped at 40%",
        "Up to 20% of the enrolled patients may have zorbosis",
        "Values of 49.50-49.99% may be rounded up to 50%",
    ],
)
def test_how_many_patients_a_trial_takes_is_no_limit_on_one(text: str) -> None:
    assert trialcriteria.extract(text=f"Inclusion Criteria:\n\n- {text}").constraints.empty


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Extent of fibrotic zorb in the lung >= 10%", "Extent of fibrotic zorb in the lung"),
        ("Zorbatinib at a dose > 50 mg/day", "Zorbatinib"),
        ("Enrolled in the zorb group > 3", "zorb group"),
        ("Frequent (> 2/year) zorb infections", "zorb infections"),
        ("Bulky (> 5 cm) zorb", "zorb"),
    ],
)
def test_where_a_measure_is_taken_does_not_hide_it(text: str, words: str) -> None:
    rows = trialcriteria.extract(text=f"Inclusion Criteria:\n\n- {text}").constraints
    assert list(rows.attribute_text) == [words]
