"""What stands in the lexicon of mentions, anchors, conditions on limits and frames, without running the pipeline.

A phrase is looked for as the pipeline does it: literally, token by token, the longest at a place wins, none overlap.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

LEXICON = Path(__file__).resolve().parents[1] / "pipeline" / "trialcriteria" / "lexicon"
MENTIONS = ("conditions", "treatments", "procedures", "biomarkers", "states")
GROUPS = {"mentions": MENTIONS, "anchors": ("anchors",), "limit_conditions": ("limit_conditions",)}
PLAIN = ("terms", "tests")
LABELS = {"condition", "treatment", "procedure", "biomarker", "state"}
KINDS = {"lead", "head", "modifier", "site", "bound"}
FRAME_KEYS = {
    "kind",
    "label",
    "concept",
    "alone",
    "side",
    "degree",
    "content",
    "content_of",
    "inclusive",
    "stop",
    "aliases",
    "examples",
}
ENDING_KEYS = {"label", "concept", "ends", "starts", "words", "stop"}
TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")

Phrase = tuple[str, ...]


class Entry(NamedTuple):
    file: str
    id: str
    aliases: list[str]
    abbreviations: list[str]
    examples: dict[str, list[str]]


class Example(NamedTuple):
    group: str
    id: str
    expected: str
    text: str


@cache
def table(file: str) -> dict[str, Any]:
    return tomllib.loads((LEXICON / f"{file}.toml").read_text(encoding="utf-8"))


def entries(file: str) -> Iterator[Entry]:
    for id, entry in table(file).items():
        if id in PLAIN:
            for term, forms in entry.items():
                short = [form for form in forms if form != form.lower()]
                yield Entry(file, term, [form for form in forms if form not in short], short, {})
        else:
            yield Entry(file, id, entry["aliases"], entry.get("abbreviations", []), entry["examples"])


def of(group: str) -> list[Entry]:
    return [entry for file in GROUPS[group] for entry in entries(file)]


def examples(group: str) -> list[Example]:
    return [
        Example(group, entry.id, expected, text)
        for entry in of(group)
        for expected, texts in entry.examples.items()
        for text in texts
    ]


def frames(*kinds: str) -> dict[str, dict[str, Any]]:
    return {id: entry for id, entry in table("frames").items() if id != "endings" and entry["kind"] in kinds}


def frame_examples(*kinds: str) -> list[tuple[str, str, str]]:
    """(frame, "label: X" or "nothing", text)"""
    return [
        (id, expected, text)
        for id, entry in frames(*kinds).items()
        for expected, texts in entry["examples"].items()
        for text in texts
    ]


def words(text: str) -> Phrase:
    return tuple(TOKEN.findall(text))


def forms(alias: str) -> set[Phrase]:
    """A hyphen may be written or not."""
    return {words(alias), words(alias.replace("-", " "))}


@cache
def phrases(group: str) -> tuple[dict[Phrase, str], dict[Phrase, str], int]:
    """(aliases, abbreviations, length of the longest) of a group, each with its id."""
    lower = {form: entry.id for entry in of(group) for alias in entry.aliases for form in forms(alias)}
    exact = {words(short): entry.id for entry in of(group) for short in entry.abbreviations}
    return lower, exact, max(map(len, [*lower, *exact]))


def found(group: str, text: str) -> set[str]:
    """Ids of the phrases of a group in a text, the longest first, from left to right."""
    lower, exact, longest = phrases(group)
    tokens = words(text)
    out: set[str] = set()
    at = 0
    while at < len(tokens):
        for length in range(min(longest, len(tokens) - at), 0, -1):
            piece = tokens[at : at + length]
            id = exact.get(piece) or lower.get(tuple(token.lower() for token in piece))
            if id:
                out.add(id)
                at += length - 1
                break
        at += 1
    return out


def ending(word: str) -> str | None:
    """The family of a single word: the one with the longest ending that fits."""
    fits: list[tuple[int, str]] = []
    for id, entry in table("frames")["endings"].items():
        if word in entry.get("stop", ()):
            continue
        ends = [end for end in entry.get("ends", ()) if word.endswith(end)]
        starts = [start for start in entry.get("starts", ()) if word.startswith(start)]
        fits += [(len(part), id) for part in ends + starts if len(word) >= len(part) + 2]
    return max(fits)[1] if fits else None


def within(phrase: str, text: str) -> bool:
    """Whether the words of a phrase stand in a text.

    >>> within("history of", "Past history of falls")
    True
    """
    part, whole = words(phrase.lower()), words(text.lower())
    return any(whole[at : at + len(part)] == part for at in range(len(whole)))


def repeated(pairs: Iterable[tuple[Phrase | str, str]]) -> dict[Phrase | str, list[str]]:
    """What belongs to more than one id."""
    owners: dict[Phrase | str, set[str]] = defaultdict(set)
    for key, owner in pairs:
        owners[key].add(owner)
    return {key: sorted(ids) for key, ids in owners.items() if len(ids) > 1}


@pytest.mark.parametrize("group", GROUPS)
def test_ids_are_snake_case_and_stand_once(group: str) -> None:
    ids = [entry.id for entry in of(group)]
    assert [id for id in ids if not re.fullmatch(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", id)] == []
    assert sorted({id for id in ids if ids.count(id) > 1}) == []


@pytest.mark.parametrize("group", GROUPS)
def test_no_phrase_belongs_to_two_entries(group: str) -> None:
    aliases = ((form, entry.id) for entry in of(group) for alias in entry.aliases for form in forms(alias))
    assert repeated(aliases) == {}
    assert repeated((short, entry.id) for entry in of(group) for short in entry.abbreviations) == {}


@pytest.mark.parametrize("group", GROUPS)
def test_aliases_are_lower_case_and_abbreviations_are_not(group: str) -> None:
    written = [alias for entry in of(group) for alias in entry.aliases]
    assert [alias for alias in written if alias != alias.lower() or alias != " ".join(alias.split())] == []
    assert [short for entry in of(group) for short in entry.abbreviations if short == short.lower()] == []


def test_a_phrase_stands_once_in_its_entry() -> None:
    twice = {
        (entry.id, form)
        for group in GROUPS
        for entry in of(group)
        for form in entry.aliases + entry.abbreviations
        if (entry.aliases + entry.abbreviations).count(form) > 1
    }
    assert twice == set()


def test_there_are_three_thousand_terms_to_mention() -> None:
    terms = {form for entry in of("mentions") for form in entry.aliases + entry.abbreviations}
    assert len(terms) >= 3000


def test_a_state_is_named_without_the_cue_that_negates_it() -> None:
    cue = re.compile(r"(?:unable|inability|unwilling|unwillingness|cannot|refusal|lack|without) (?:to|of|a|any)\b")
    assert [alias for entry in of("mentions") for alias in entry.aliases if cue.match(alias)] == []


def test_conditions_on_limits_have_the_ids_of_the_reading_rules() -> None:
    ids = {entry.id for entry in of("limit_conditions")}
    assert {"gilbert", "liver_metastases", "no_liver_metastases", "female", "male", "childbearing"} - ids == set()


def test_anchors_have_the_ids_of_the_reading_rules() -> None:
    ids = {entry.id for entry in of("anchors")}
    rules = {"now", "screening", "registration", "enrolment", "baseline", "first_dose", "last_dose", "last_menses"}
    assert rules - ids == set()


def test_each_negated_condition_is_named_after_the_one_that_it_negates() -> None:
    ids = {entry.id for entry in of("limit_conditions")}
    negated = {id.removeprefix("no_") for id in ids if id.startswith("no_")}
    assert negated - ids - {"medication"} == set()  # its twin is on_medication


@pytest.mark.parametrize("example", [e for group in GROUPS for e in examples(group)], ids=lambda e: f"{e.id}: {e.text}")
def test_an_example_holds_its_phrase(example: Example) -> None:
    if example.expected == "nothing":
        assert example.id not in found(example.group, example.text)
    else:
        assert example.expected == example.id
        assert example.id in found(example.group, example.text)


@pytest.mark.parametrize("group", GROUPS)
def test_each_entry_that_is_more_than_a_list_shows_examples_of_both_kinds(group: str) -> None:
    shown = [(entry.id, set(entry.examples)) for entry in of(group) if entry.examples]
    allowed_alone = {"herpes_labialis", "heat_stroke", "diabetes_insipidus", "respiratory_depression", "common_cold"}
    assert [id for id, keys in shown if id not in keys] == []
    assert [id for id, keys in shown if group != "mentions" and "nothing" not in keys and id not in allowed_alone] == []


def test_frames_know_their_keys_kinds_labels_and_concepts() -> None:
    ids = {entry.id for entry in of("mentions")}
    content = {id: entry for id, entry in table("frames").items() if id != "endings"}
    assert {id: set(entry) - FRAME_KEYS for id, entry in content.items() if set(entry) - FRAME_KEYS} == {}
    assert {entry["kind"] for entry in content.values()} == KINDS
    assert {entry["label"] for entry in content.values() if "label" in entry} == LABELS | {"none"}
    assert {id for id, entry in content.items() if "concept" in entry and entry["concept"] not in ids} == set()


def test_endings_know_their_keys_labels_and_concepts() -> None:
    ids = {entry.id for entry in of("mentions")}
    families = table("frames")["endings"]
    assert {id: set(entry) - ENDING_KEYS for id, entry in families.items() if set(entry) - ENDING_KEYS} == {}
    assert {entry["label"] for entry in families.values()} <= LABELS
    assert {id for id, entry in families.items() if "concept" in entry and entry["concept"] not in ids} == set()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_words_frame_in_two_ways(kind: str) -> None:
    same = ((alias, id) for id, entry in frames(kind).items() for alias in entry["aliases"])
    sides = {
        "severity_words",
        "degree_words",
        "burden_words",
        "course_words",
        "nature_words",
        "kind_words",
        "agent_words",
        "therapy_words",
        "procedure_words",
        "state_words",
    }
    uses = {"x_begins", "x_is_none"}  # where a phrase begins, and what it is never all of
    assert {alias: ids for alias, ids in repeated(same).items() if not (set(ids) <= sides or set(ids) <= uses)} == {}


def test_an_ending_belongs_to_one_family() -> None:
    same = (
        (part, id)
        for id, entry in table("frames")["endings"].items()
        for part in entry.get("ends", []) + entry.get("starts", [])
    )
    assert repeated(same) == {}


@pytest.mark.parametrize(
    ("family", "word"),
    [(id, word) for id, entry in table("frames")["endings"].items() for word in entry["words"]],
)
def test_a_word_is_of_the_family_whose_ending_it_has(family: str, word: str) -> None:
    assert ending(word) == family


@pytest.mark.parametrize(
    ("family", "word"),
    [(id, word) for id, entry in table("frames")["endings"].items() for word in entry.get("stop", ())],
)
def test_a_stop_word_is_not_of_the_family(family: str, word: str) -> None:
    assert (
        word.endswith(tuple(table("frames")["endings"][family].get("ends", ())))
        or "starts" in table("frames")["endings"][family]
    )
    assert ending(word) != family


@pytest.mark.parametrize(("frame", "expected", "text"), frame_examples("lead", "head", "modifier", "site"))
def test_a_frame_holds_the_x_of_its_example(frame: str, expected: str, text: str) -> None:
    entry = table("frames")[frame]
    if expected == "nothing":
        return
    label, x = expected.split(": ", 1)
    assert label in LABELS
    assert within(x, text)
    if entry["kind"] == "lead" and not entry.get("inclusive"):
        assert any(within(f"{alias} {x}", text) for alias in entry["aliases"])
    else:
        assert any(within(alias, x) for alias in entry["aliases"])


@pytest.mark.parametrize(("frame", "expected", "text"), frame_examples("head"))
def test_the_x_of_a_head_ends_in_it_and_other_words_do_not_hold_it(frame: str, expected: str, text: str) -> None:
    heads = [words(alias) for alias in table("frames")[frame]["aliases"]]
    if expected == "nothing":
        assert not any(within(" ".join(head), text) for head in heads) or frame in BARE_HEADS
    else:
        x = words(expected.split(": ", 1)[1].lower())
        assert any(x[-len(head) :] == head and len(x) > len(head) for head in heads)


BARE_HEADS = {id for id, entry in frames("head").items() if not entry.get("alone")}


def test_no_site_is_a_mention_by_itself() -> None:
    mentions, _, _ = phrases("mentions")
    sites = {alias for entry in frames("site").values() for alias in entry["aliases"]}
    assert sorted(site for site in sites if words(site) in mentions) == []
