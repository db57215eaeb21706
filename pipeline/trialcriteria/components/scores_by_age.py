"""Scores by age: one amount for two scores with their ages in brackets: "Karnofsky (≥ 16 years) or Lansky (…) ≥ 50"."""

import re
from collections.abc import Sequence
from itertools import pairwise

from trialcriteria.components.telling import Sought
from trialcriteria.components.terms import Term

AGED = Sought(  # "(KPS for > 16 yrs of age)", "(KPS) (for patients ≥ 16 years)", "(≥ 16 years)"
    "year years yr yrs",
    r"(?:\s+(?:performance|status|scale|score|index|PS))*(?:\s*\([A-Z]{2,4}\))?\s*\(\s*(?:[A-Z]{2,4}\s+)?"
    r"(?P<words>(?:(?:for|in|if|age[sd]?|of|patients|participants|subjects|children|those|who\s+are)\s+)*"
    r"(?:[<>≤≥=]|over\b|under\b|above\b|below\b|older\b|younger\b|at\s+least\b)[^()]*?\b(?:years?|yrs?)\b[^()]*)\)",
    re.I,
)
OR = re.compile(r"[\s,;/]*(?:or|and)?\s*(?:the\s+)?", re.I)
ON_TO_THE_AMOUNT = re.compile(r"[^.;<>≤≥()]{0,90}")


def scores_by_age(text: str, amount: int, measures: Sequence[Term]) -> list[tuple[Term, tuple[int, int]]]:
    """The scores that an amount behind both is for, each with the words of its bracket."""
    if not AGED.may_stand_in(text):
        return []
    aged = [(term, said) for term in measures if term.end <= amount and (said := AGED.match(text, term.end, amount))]
    found = [
        [(one, a.span("words")), (other, b.span("words"))]
        for (one, a), (other, b) in pairwise(aged)
        if one.id != other.id
        and OR.fullmatch(text, a.end(), other.start)
        and ON_TO_THE_AMOUNT.fullmatch(text, b.end(), amount)
    ]
    return found[-1] if found else []
