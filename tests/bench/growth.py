"""How time grows with length: segmentation of texts twice as long, over the forms that expressions could choke on."""

import gc
import time

from trialcriteria.criteria import segment

GROWING = [
    "a ", " ", "\n", "(", "- a\n", "1. a ", "a. ", "; ", "a; ", "Abc def. ", "• a ", "&lt;", "\\>", "<br>", "\t",
    "of\n", "\n\na", "a (\n", "\n* a:", "\n 1) a:\n\n   b", "Inclusion Criteria: a ", "Excluded: ",
    "PATIENT CHARACTERISTICS: ",
    "Part A: a ", "any of the following ", "Age: No a ", "note: a\n\n", "or\n\n", "\n- a or", "\n" + " " * 40 + "- a",
    "clusion criteria", "the ", "年龄", "é", "i. ",
]  # fmt: skip
BAR = 2.5
"""Times as long for a text twice as long."""


PASSES = 5


def growth(size: int = 80_000) -> list[tuple[str, float]]:
    """(unit that a text repeats, time of twice the length over time of `size` characters), the worst first.

    The best of several passes counts for each length, both in turn: a pause of the machine must not look like growth.
    """
    found = []
    for unit in GROWING:
        texts = [(unit * (length // len(unit) + 1))[:length] for length in (size, 2 * size)]
        passes = [[seconds(text) for text in texts] for _ in range(PASSES)]
        once, twice = map(min, zip(*passes, strict=True))
        found.append((unit, twice / once))
    return sorted(found, key=lambda pair: -pair[1])


def seconds(text: str) -> float:
    """Processor time of one segmentation, without the collector's pauses."""
    gc.collect()
    gc.disable()
    start = time.process_time()
    segment(text)
    spent = time.process_time() - start
    gc.enable()
    return spent
