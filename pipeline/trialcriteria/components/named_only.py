"""Measures that are named and not limited: what a value is corrected for, what a drug prolongs, what a drink holds."""

import re

from trialcriteria.components.amounts import Quantity
from trialcriteria.components.telling import Sought
from trialcriteria.components.terms import Term

SET_BESIDE = Sought(  # "calcium (corrected for serum albumin)": what a value is set beside is not limited
    "adjusted corrected standardised normalised",
    r"\b(?:adjusted|corrected|standardi[sz]ed|normali[sz]ed)[\s-]+(?:to|for|by)[\s-]+(?:serum\s+|an?\s+)?$",
    re.I,
)
PROLONGED = re.compile(r"\b(?:improv|prolong|extend|increas)\w*\s+(?:overall\s+)?$", re.I)  # what a drug does
FOR_AGE = re.compile(  # the score is a child's beside others of its age; it is no limit on age
    r"\b(?:normal|percentiles?|height|weight|length|BMI|scores?)[\s-]+(?:to|for|by)[\s-]+$", re.I
)
IMMUNOGLOBULINS = frozenset({"igg", "serum_iga", "serum_igm", "ige"})
OF_THESE_MYELOMAS = re.compile(  # "M-protein ≥ 0.5 g/dL for IgG, IgA myeloma and ≥ 0.05 g/dL for IgD myeloma"
    r"(?:\s*(?:,|/|or|and)\s*Ig[AGMDE])*\s+(?:multiple\s+)?(?:myeloma|M[\s-]?protein|paraprotein|type|disease|MM)\b",
    re.I,
)
PART_OF_A_WORD = re.compile(r"-(?:related|induced|associated|dependent|lowering)\b", re.I)  # "obesity-related"


def is_only_named(text: str, term: Term) -> bool:
    """Whether the words of a measure are part of others, or only say what the value of another one is set beside."""
    if PART_OF_A_WORD.match(text, term.end):
        return True
    before = max(0, term.start - 30), term.start
    if term.id == "life_expectancy" and PROLONGED.search(text, *before):
        return True
    if term.id in IMMUNOGLOBULINS and OF_THESE_MYELOMAS.match(text, term.end):
        return True
    return bool(SET_BESIDE.search(text, *before) or (term.id == "age" and FOR_AGE.search(text, *before)))


MEASURED_OUT = frozenset({"alcohol", "smoking"})  # in drinks and packs, which texts define
OF_A_DRINK = re.compile(
    r"\b(?:one|1|a|each|standard)\s+(?:[\w-]+\s+)?(?:unit|drink|pack|serving|cup|glass)s?\b[^.;]*$", re.I
)
EQUALS = re.compile(r"\s*(?:\w+\s+){0,3}(?:=|is\b|are\b|equals?\b|contains?\b)")
IS_EQUAL_TO = re.compile(
    r"(?:=|\b(?:is|are|equals?|equal to|equivalent to|defined as|contains?|containing))\s*(?:\w+\s+)?\(?$"
)


def says_what_is_equal(text: str, q: Quantity) -> bool:
    """ "One drink is 12 g of alcohol", "1 pack = 20 cigarettes": what a drink is, not how much somebody drinks."""
    return bool(EQUALS.match(text, q.end) or IS_EQUAL_TO.search(text, max(0, q.start - 40), q.number_start))


def is_of_a_drink(text: str, q: Quantity) -> bool:
    """Whether an amount is that of one drink or pack: "a standard drink contains 14 g"."""
    return OF_A_DRINK.search(text, max(0, q.start - 60), q.number_start) is not None
