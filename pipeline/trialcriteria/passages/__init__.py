"""Raw eligibility text -> passages: one bullet, paragraph or heading each, still with raw offsets.

`prepare` overwrites what only looks like text, `passages` gathers lines (a bullet with its wrapped and hanging lines,
a note with what it comments on), `plain` gives a passage's unescaped, unwrapped text with a map back.
"""

from trialcriteria.passages.lines import COLONS, passages, remainder
from trialcriteria.passages.ordinals import NUMERALS, Rank
from trialcriteria.passages.passage import Passage
from trialcriteria.passages.unwrapping import plain, prepare

__all__ = ["COLONS", "NUMERALS", "Passage", "Rank", "passages", "plain", "prepare", "remainder"]
