"""Every example of every lexicon entry is read by the whole pipeline, one test a sentence."""

from collections import Counter

import pytest

from readings import read
from trialcriteria import lexicon
from trialcriteria.lexicon import MEASURES, MENTIONS, Example

EXAMPLES = lexicon.load().examples


def name(example: Example) -> str:
    return f"{example.file}.{example.entry}: {example.text} = {example.expected}"


def of(*files: str) -> list[Example]:
    return [example for example in EXAMPLES if example.file in files]


@pytest.mark.parametrize("example", of(*MEASURES, "comparators", "references"), ids=name)
def test_a_measure_is_read_as_its_example_says(example: Example) -> None:
    times = {"time_window"} if example.file == "durations" else {"time_window", "duration"}
    rows = [row for row in read(example.text).constraints if row.kind not in times]
    if example.expected == "nothing":
        assert [str(row) for row in rows if row.attribute == example.entry] == []
    else:
        assert [str(row) for row in rows] == [example.expected]


@pytest.mark.parametrize("example", of(*MENTIONS), ids=name)
def test_a_mention_is_found_as_its_example_says(example: Example) -> None:
    concepts = {mention.concept for mention in read(example.text).mentions}
    if example.expected == "nothing":
        assert example.entry not in concepts
    else:
        assert example.expected in concepts


@pytest.mark.parametrize("example", of("standards"), ids=name)
def test_the_name_of_a_standard_holds_neither_a_limit_nor_a_mention(example: Example) -> None:
    tables = read(example.text)
    assert example.expected == "nothing"
    assert (tables.constraints, tables.mentions) == ([], [])


@pytest.mark.parametrize("example", [*of("asides"), *of("bystanders")], ids=name)
def test_what_a_criterion_does_not_turn_on_gives_no_mention(example: Example) -> None:
    found = [f"{mention.label}: {mention.text}".lower() for mention in read(example.text).mentions]
    assert found == ([] if example.expected == "nothing" else [example.expected.lower()])


@pytest.mark.parametrize("example", of("tails"), ids=name)
def test_a_tail_belongs_to_its_mention(example: Example) -> None:
    found = [f"{mention.label}: {mention.text}".lower() for mention in read(example.text).mentions]
    assert " + ".join(found) == example.expected


@pytest.mark.parametrize("example", of("names"), ids=name)
def test_digits_that_are_no_limit_are_set_aside_with_their_reason(example: Example) -> None:
    tables = read(example.text)
    digits, reason = example.expected.split()
    assert tables.constraints == []
    assert "".join(numeral.text for numeral in tables.numerals) == digits.replace(".", "")
    assert {numeral.reason for numeral in tables.numerals} == {reason}


@pytest.mark.parametrize("example", of("context"), ids=name)
def test_a_cue_turns_the_mention_that_it_governs(example: Example) -> None:
    mentions = read(example.text).mentions
    assert mentions
    assert all(getattr(mention, example.expected) for mention in mentions)


def test_a_cue_stands_in_one_entry_only() -> None:
    cues = [cue.lower() for entry in lexicon.load().entries["context"].values() for cue in entry["cues"]]
    assert [cue for cue, times in Counter(cues).items() if times > 1] == []


@pytest.mark.parametrize("example", of("frames"), ids=name)
def test_a_frame_finds_its_open_mention(example: Example) -> None:
    found = {f"{mention.label}: {mention.text}".lower() for mention in read(example.text).mentions}
    if example.expected == "nothing":
        assert not [mention for mention in read(example.text).mentions if mention.rule == example.entry]
    else:
        assert any(example.expected.lower() in one or one in example.expected.lower() for one in found), found


@pytest.mark.parametrize("example", of("anchors"), ids=name)
def test_a_window_has_the_anchor_its_example_says(example: Example) -> None:
    anchors = {row.anchor for row in read(example.text).constraints if row.kind == "time_window"}
    if example.expected == "nothing":
        assert example.entry not in anchors
    else:
        assert anchors == {example.expected}


@pytest.mark.parametrize("example", of("limit_conditions"), ids=name)
def test_a_limit_holds_under_the_condition_its_example_says(example: Example) -> None:
    conditions = {row.condition_id for row in read(example.text).constraints}
    if example.expected == "nothing":
        assert example.entry not in conditions
    else:
        assert example.expected in conditions
