"""What a line of eligibility text is besides a criterion: section heading, arm, topic label, note, title, boilerplate.

The words stand in `lexicon/headings.toml`. All functions take plain text (unescaped, one line) and keep nothing.
"""

from trialcriteria.headings.announcements import announcements, statements
from trialcriteria.headings.arms import arm_line, opening_arm
from trialcriteria.headings.asides import (
    is_boilerplate,
    is_label,
    is_note,
    is_purpose,
    is_title,
    keeps_out,
    splitting_label,
)
from trialcriteria.headings.choices import silent_choice, stated_choice
from trialcriteria.headings.sections import Heading, section_heading
from trialcriteria.headings.words import LONGEST, WORDS, alternatives, states_limit, trimmed

__all__ = [
    "LONGEST",
    "WORDS",
    "Heading",
    "alternatives",
    "announcements",
    "arm_line",
    "is_boilerplate",
    "is_label",
    "is_note",
    "is_purpose",
    "is_title",
    "keeps_out",
    "opening_arm",
    "section_heading",
    "silent_choice",
    "splitting_label",
    "stated_choice",
    "statements",
    "states_limit",
    "trimmed",
]
