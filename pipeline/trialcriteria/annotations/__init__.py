"""Hand annotations: gold rows in the contract's slots, read strictly, refused with every fault in them."""

from trialcriteria.annotations.faults import check
from trialcriteria.annotations.files import parse, read, stated, write
from trialcriteria.annotations.model import (
    BOUNDS,
    SECTIONS,
    GoldCriterion,
    GoldError,
    GoldTrial,
    Split,
    sha256,
    split_of,
)

__all__ = [
    "BOUNDS",
    "SECTIONS",
    "GoldCriterion",
    "GoldError",
    "GoldTrial",
    "Split",
    "check",
    "parse",
    "read",
    "sha256",
    "split_of",
    "stated",
    "write",
]
