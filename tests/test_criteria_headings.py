"""Every example in `lexicon/headings.toml` is read as the entry says."""

import pytest

from trialcriteria import headings
from trialcriteria.headings import WORDS
from trialcriteria.languages import language


def examples(*entries: str) -> list[tuple[str, str | None]]:
    """(text, what is read) of each example of some entries; None stands for `nothing`."""
    return [
        (text, None if expected == "nothing" else expected)
        for entry in entries
        for expected, texts in WORDS[entry]["examples"].items()
        for text in texts
    ]


@pytest.mark.parametrize("text, expected", examples("inclusion", "exclusion", "other", "lead_ins"))
def test_a_section_heading(text: str, expected: str | None) -> None:
    found = headings.section_heading(text)
    assert (found and found.section) == expected


@pytest.mark.parametrize("text, expected", examples("announcements"))
def test_an_announcement(text: str, expected: str | None) -> None:
    assert [found.section for found in headings.announcements(f"{text} x")] == [expected] * (expected is not None)


@pytest.mark.parametrize("text, expected", examples("cohorts"))
def test_an_arm(text: str, expected: str | None) -> None:
    section, arm = headings.section_heading(text), headings.arm_line(text, "items")
    assert (section.cohort if section else arm and arm[0]) == expected


ASIDES = {
    "topics": headings.is_label,
    "notes": headings.is_note,
    "boilerplate": headings.is_boilerplate,
    "unheaded": headings.keeps_out,
    "purposes": headings.is_purpose,
}


@pytest.mark.parametrize("entry, text, expected", [(e, *example) for e in ASIDES for example in examples(e)])
def test_a_line_that_is_no_criterion(entry: str, text: str, expected: str | None) -> None:
    assert ASIDES[entry](text) == (expected is not None)


@pytest.mark.parametrize("text, expected", examples("quantifiers"))
def test_how_many_items_must_hold(text: str, expected: str | None) -> None:
    assert headings.stated_choice(text) == expected


@pytest.mark.parametrize("text, expected", examples("languages"))
def test_the_language_of_a_criterion(text: str, expected: str | None) -> None:
    assert language(text) == expected


def test_no_word_means_two_sections() -> None:
    names = [name for section in ("inclusion", "exclusion", "other") for name in WORDS[section]["names"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("entry", [entry for entry, table in WORDS.items() if "examples" in table])
def test_an_entry_shows_what_it_must_not_match(entry: str) -> None:
    assert WORDS[entry]["examples"].get("nothing")
