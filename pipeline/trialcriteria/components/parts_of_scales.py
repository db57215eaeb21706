"""Parts of scales: a limit on an item or a subscale is none on the score of the whole.

"MADRS item 10 score > 3", "item 3 of the HAM-D", "PANSS negative subscale > 20".
"""

import re

from trialcriteria.components.limits import Hit
from trialcriteria.lexicon import Attribute

PART = r"(?:items?|questions?|sub-?scales?|sub-?scores?|domains?)\b"
NAMES_A_PART = re.compile(PART, re.I)
PART_BETWEEN = re.compile(rf"(?:[^.;,<>≤≥]|\([^()]*\)){{0,40}}?\b(?<!\d-){PART}", re.I)
PART_IN_FRONT = re.compile(rf"\b{PART}[^.;,<>≤≥]{{0,40}}\b(?:of|on|from|in)\s+(?:the\s+)?$", re.I)
PART_BEHIND = re.compile(rf"\s*(?:\([^()]*\)\s*)?(?:(?:for|on)\s+)?(?:[a-z-]+\s+){{0,2}}{PART}", re.I)


def part_of_a_scale(
    text: str, start: int, found: list[Hit], attributes: dict[str, Attribute]
) -> tuple[int, int] | None:
    """The words of the part that a limit beginning at `start` bounds; None if it is on the whole of what was found."""
    if len(found) != 1 or found[0][1] is None or attributes[found[0][0]].kind != "scale":
        return None
    span = found[0][1]
    if NAMES_A_PART.search(text, *span):
        return None
    if span[1] > start:
        said = PART_BEHIND.match(text, span[1])
        return (span[0], said.end()) if said else None
    if said := PART_BETWEEN.match(text, span[1], start):
        return span[0], said.end()
    said = PART_IN_FRONT.search(text, max(0, span[0] - 60), span[0])
    return (said.start(), span[1]) if said else None
