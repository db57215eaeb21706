"""Where reasons for exclusion begin that have no heading of their own: inside a paragraph, or behind a blank line."""

import itertools
import re

from trialcriteria import headings
from trialcriteria.headings import Heading
from trialcriteria.passages import Passage, plain

Part = tuple[Passage, Heading | None]  # no heading: a criterion

_LISTED = re.compile(r"[(]?(\d{1,2})[.)]\s|[-•*]\s")


def announced_exclusion(scan: str, found: list[Part]) -> tuple[int, int, int] | None:
    """The part in which words announce all reasons for exclusion, where they begin, and how long they are.

    One of many items that says whom it leaves out ("Lung cancer. Not eligible: carcinoid") is none of these: a list
    follows, or the paragraph is the last.
    """
    for n, (passage, heading) in enumerate(found):
        if heading or (":" not in (inside := scan[passage.start : passage.end]) and "- " not in inside):
            continue
        text, pairs = plain(scan, passage.start, passage.end)
        for start, end, section in headings.announcements(text):
            if section == "exclusion" and _opens(passage, text, start, end, [p for p, h in found[n + 1 :] if not h]):
                at, offset = next(pair for pair in reversed(pairs) if pair[0] <= start)
                return n, offset + start - at, end - start
    return None


def _opens(passage: Passage, text: str, start: int, end: int, later: list[Passage]) -> bool:
    """Whether what is announced from `start` to `end` goes on to the end of the section."""
    if text[:start].count("(") > text[:start].count(")"):
        return False
    if end == len(text):
        return bool(later) and (passage.bare or later[0].indent <= passage.indent)
    listed = _LISTED.match(text, end) or _LISTED.match(text, end + 1)
    goes_on = listed is not None and bool(passage.ordinal) and listed[1] not in (None, "1")
    return goes_on or (passage.bare and (listed is not None or not later))


_LEAST_ITEMS = 3  # of a block that is judged by what its items say
_SHARE_OUT = 0.35  # of its items that read like reasons for exclusion


def exclusion_begins(scan: str, found: list[Part]) -> int | None:
    """In a text without headings, the part with which the reasons for exclusion begin behind a blank line."""
    if any(heading for _, heading in found):
        return None
    blocks = [0] + [n for n in range(1, len(found)) if "\n\n" in _between(scan, found[n - 1], found[n])]
    for first, last in itertools.pairwise([*blocks, len(found)]):
        out = sum(headings.keeps_out(plain(scan, p.start, p.end)[0]) for p, _ in found[first:last])
        if first and last - first >= _LEAST_ITEMS and out > 1 and out >= _SHARE_OUT * (last - first):
            return first
    return None


def _between(scan: str, before: Part, part: Part) -> str:
    """What stands between two parts, without the white space of its lines."""
    return re.sub(r"[^\S\n]+", "", scan[before[0].end : part[0].head])
