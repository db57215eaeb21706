"""What must hold of the segmentation of any text."""

import html
import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialcriteria.criteria import account, raw_span, segment
from trialcriteria.passages import lines
from trialcriteria.records import Segment

WORDS = [
    "adults",
    "Age over 18",
    "ALT \\<= 2.5",
    "no asthma",
    "e.g.",
    "1.5 x 10^9/L",
    "Note: x",
    "OR",
    "stage 3.",
    "(a; b; c)",
    "&lt;",
    "of:",
]
MARKERS = ["", "- ", "* ", "1. ", "2. ", "3) ", "a. ", "b) ", "ii. ", "• ", "-  1. ", "① ", "（1）", "E. ", "\\- "]
HEADS = [
    "Inclusion Criteria:",
    "Exclusion Criteria",
    "Cohort 2:",
    "Part A",
    "Withdrawal criteria:",
    "Hepatic",
    "Any of the following:",
    "Not to be enrolled:",
]
BREAKS = ["\n", "\n\n", " ", "\r\n", "\n\n\n", " \n", "<br>"]

line = st.builds(
    lambda indent, marker, words, end: " " * indent + marker + " ".join(words) + end,
    st.integers(0, 9),
    st.sampled_from(MARKERS),
    st.lists(st.sampled_from(WORDS + HEADS), max_size=5),
    st.sampled_from(BREAKS),
)
texts = st.lists(line, max_size=25).map("".join) | st.text(max_size=200)


def plainly(raw: str) -> str:
    """Unwrapped and unescaped the slow way, with a blank for a wide gap."""
    unwrapped = re.sub(r"\s*(?:[\n\r\x0b\x0c\x85\u2028\u2029]|<br>)(?:\s|<br>)*", " ", raw)
    unwrapped = re.sub(r"\s{8,}", " ", unwrapped)
    written = re.sub(r"<U\+([0-9A-F]{4,5})>", lambda found: chr(int(found[1], 16)), unwrapped)
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written))


def check_maps(text: str, found: list[Segment]) -> None:
    """Every criterion's text is its raw stretch, unescaped and unwrapped, and so is every part of it."""
    for s in found:
        assert plainly(text[s.start : s.end]) == s.text
        third = len(s.text) // 3
        for start, end in ((0, len(s.text)), (0, 1), (third, 2 * third + 1), (len(s.text) - 1, len(s.text))):
            first, last = raw_span(s, start, end)
            assert s.start <= first < last <= s.end
            assert plainly(text[first:last]) == s.text[start:end]


def check_tree(found: list[Segment]) -> None:
    """Ids are unique and count up; parents come before their children and say how many must hold."""
    seen: dict[str, Segment] = {}
    for s in found:
        assert s.criterion_id not in seen
        assert s.criterion_id[0] == {"inclusion": "I", "exclusion": "E", "other": "O"}[s.section]
        number = int(re.split(r"[.IEO]", s.criterion_id)[-1])
        before = f"{s.parent_id}.{number - 1}" if s.parent_id else f"{s.criterion_id[0]}{number - 1}"
        assert number == 1 or before in seen
        assert s.parent_id is None or seen[s.parent_id].children is not None
        seen[s.criterion_id] = s
    parents = {s.parent_id for s in found}
    assert [s.criterion_id for s in found if (s.children is None) == (s.criterion_id in parents)] == []
    assert all(above.end <= below.start for above, below in itertools.pairwise(found))


def check_account(text: str) -> None:
    """Every character that is not blank is in exactly one stretch, and none is lost."""
    stretches = account(text)
    assert {s.kind for s in stretches} <= {"criterion", "heading", "marker", "skipped"}
    position = 0
    for s in stretches:
        assert s.start >= position
        assert not text[position : s.start].strip()
        position = s.end
    assert not text[position:].strip()


@settings(max_examples=300)
@given(texts)
def test_any_text_is_cut_into_a_tree_that_maps_back(text: str) -> None:
    found = segment(text)
    check_tree(found)
    check_maps(text, found)
    assert segment(text) == found


@settings(max_examples=200)
@given(st.lists(line, max_size=25).map("".join))
def test_nothing_of_any_list_is_lost(text: str) -> None:
    check_account(text)


@settings(max_examples=200)
@given(st.lists(line, max_size=25).map("".join))
def test_the_short_way_for_plain_items_gives_the_same(text: str) -> None:
    short = segment(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_is_plain", lambda item, signs: False)
        assert segment(text) == short
