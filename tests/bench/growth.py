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


def growth(size: int = 40_000) -> list[tuple[str, float]]:
    """(unit that a text repeats, time of twice the length over time of `size` characters), the worst first."""
    found = [(unit, seconds(unit, 2 * size) / max(seconds(unit, size), 1e-4)) for unit in GROWING]
    return sorted(found, key=lambda pair: -pair[1])


def seconds(unit: str, size: int) -> float:
    """The best of three passes over a text that repeats `unit`."""
    text = (unit * (size // len(unit) + 1))[:size]
    best = float("inf")
    for _ in range(3):
        gc.collect()
        gc.disable()
        start = time.process_time()
        segment(text)
        best = min(best, time.process_time() - start)
        gc.enable()
    return best
