"""Items that are set deeper than they stand: all of a section but its first, as if they were below it."""

import itertools
import re

from trialcriteria.headings import is_label, states_limit
from trialcriteria.passages import Passage, plain
from trialcriteria.unnamed import Part

_LEAST_BELOW = 3
_LEADS = re.compile(
    r"\b(?:follow(?:ing|s)|below|these|criteria|conditions|questions|such as|(?:any|all|one|each|either) of)\b|"
    r"\b(?:must|not|have|has|be|is|are|with|or|and|of|for|includ\w+)\W*$|[:：,]$",
    re.IGNORECASE,
)


def levelled(scan: str, found: list[Part]) -> list[Part]:
    """The parts with the first item of a section set beside the others, where these are set below it by mistake.

    "- Adults with asthma", and one level deeper "- FEV1 > 60 %", "- Written consent" and all the rest.
    """
    turns = [n for n, (_, heading) in enumerate(found) if heading and heading.kind == "section"]
    for start, end in itertools.pairwise([-1, *turns, len(found)]):
        items = [passage for passage, _ in found[start + 1 : end]]
        if any(heading for _, heading in found[start + 1 : end]) or len(items) == 0:
            continue
        first, below = items[0], items[1:]
        if _all_deeper(first, below) and not _leads(plain(scan, first.start, first.end)[0]):
            first.indent, first.content = below[0].indent, below[0].content
    return found


def _all_deeper(first: Passage, below: list[Passage]) -> bool:
    if first.bare or first.more or not below or below[0].shape != first.shape:
        return False
    level = below[0].indent
    alike = sum(1 + len(item.more) for item in below if item.indent == level)
    return level > first.indent + 1 and alike >= _LEAST_BELOW and all(item.indent >= level for item in below)


def _leads(text: str) -> bool:
    """Whether an item may well stand above all others: "All of the following questions …", "Organ function"."""
    return _LEADS.search(text) is not None or (len(text.split()) < 3 and is_label(text) and not states_limit(text))
