"""A limit in its surroundings: what its own words say, and what holds of the rows that it narrows."""

from collections.abc import Sequence
from typing import NamedTuple

from trialcriteria.components.limits import Limit
from trialcriteria.records import Requirement, Segment


class Case(NamedTuple):
    """All that the requirement of a limit is decided from."""

    piece: Segment
    text: str
    limit: Limit
    own: Requirement  # what its own words say, by the table
    events: Sequence[Requirement]  # of the mentions that it narrows
    narrowed: Sequence[Requirement]  # of the limits that it narrows
    asked: bool = False  # whether it must hold nevertheless: "allowed if …"
    lasts: bool = False  # whether it says how long something is absent
    announced: bool = False  # whether a permission in front of it announced a list
    excepted: bool = False  # whether an exception holds it or what it narrows
    negated: bool = False  # whether a negation governs it
    beyond: bool = False  # whether it points the other way than the limit that it stands against

    @property
    def included(self) -> bool:
        """Whether it stands among reasons for inclusion."""
        return self.piece.section == "inclusion"
