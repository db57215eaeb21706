"""What a gold trial is, and which part of the gold it belongs to."""

import hashlib
from typing import Literal, NamedTuple

from trialcriteria.records import Constraint, Field, Mention, Numeral, Section, SectionSource, Trial
from trialcriteria.registries.aact import decoded

Split = Literal["dev", "test"]

LATER = frozenset(f"TEST{number:04d}" for number in (*range(111, 127), *range(149, 185)))
"""Trials that were added to the development gold when most rules stood."""

SECTIONS: dict[str, Section] = {"I": "inclusion", "E": "exclusion", "O": "other"}

# operator -> (low filled, high filled, low_inclusive, high_inclusive); None: either flag, the annotator decides
BOUNDS: dict[str | None, tuple[bool, bool, tuple[bool | None, ...], tuple[bool | None, ...]]] = {
    "<": (False, True, (None,), (False,)),
    "<=": (False, True, (None,), (True,)),
    ">": (True, False, (False,), (None,)),
    ">=": (True, False, (True,), (None,)),
    "=": (True, True, (True,), (True,)),
    "between": (True, True, (True, False), (True, False)),
    "outside": (True, True, (True, False), (True, False)),
    "in": (False, False, (None,), (None,)),
    None: (True, True, (None,), (None,)),
}


class GoldError(ValueError):
    """Gold that cannot be trusted; `faults` lists every reason as `file: trial: row: fault`."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class GoldCriterion(NamedTuple):
    """One criterion as the annotator cut it: from its first to its last own character, without its children."""

    criterion_id: str
    section: Section
    section_source: SectionSource
    start: int
    end: int
    parent_id: str | None = None
    heading: str | None = None
    cohort: str | None = None
    children: str | None = None


class GoldTrial(NamedTuple):
    """One annotated trial. Derived columns of its rows are null, their rule is `gold`."""

    trial_id: str
    layout: str
    domain: str
    text: str
    text_sha256: str
    annotator: str
    guideline_version: int
    split: Split
    fields: tuple[Field, ...] = ()
    criteria: tuple[GoldCriterion, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    mentions: tuple[Mention, ...] = ()
    numerals: tuple[Numeral, ...] = ()

    def record(self, source: str = "gold") -> Trial:
        """The trial as a registry reader would yield it, to be read by the program under test."""
        text = decoded(self.text) if self.layout == "aact" else self.text  # as the reader does: offsets stay
        return Trial(self.trial_id, self.layout, source, text, fields=self.fields)


def split_of(trial_id: str) -> Split:
    """Which part of the gold a trial belongs to, fixed by its id alone: 60 % development and 40 % test.

    What was added later is for development.

    >>> split_of("TEST0001"), split_of("TEST0006")
    ('dev', 'test')
    """
    if trial_id in LATER:
        return "dev"
    return "dev" if int(hashlib.sha1(trial_id.encode()).hexdigest()[:8], 16) % 5 < 3 else "test"


def sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8, as the tables carry it."""
    return hashlib.sha256(text.encode()).hexdigest()
