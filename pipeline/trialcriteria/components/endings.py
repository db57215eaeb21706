"""Ends of names that no list holds: what acts on a mention's words, what is left out of them, a prefix in front.

"CYP3A4 and 5 inhibitors" is not the enzyme, "a transplant other than a kidney" no kidney, "re-resection" no first one.
"""

import re
from collections.abc import Sequence

from trialcriteria.components.limits import Limit
from trialcriteria.components.openings import Found

ACTING = r"(?:inhibitors?|inducers?|antagonists?|agonists?|blockers?|substrates?)"
ACTS_ON_IT = re.compile(  # "cytochrome P450 | (CYP)3A4/5 inhibitor", "IL-2 | receptor inhibitor monoclonal antibodies"
    r"(?:\s*\([A-Z]{2,5}\)\s?[\dA-Z/]{1,8})?(?:\s*(?:/|,|\band\b|\bor\b)\s*\d[A-Z\d]*)*(?:[\s-]+receptors?)?"
    rf"\s+{ACTING}\b(?:\s*(?:/|\band/or\b|\band\b|\bor\b)\s*{ACTING}\b)*(?:\s+monoclonal\s+antibod(?:y|ies))?"
)
LEFT_OUT = re.compile(  # "other than" what is no mention itself
    r"\s+other\s+than\s+(?:an?\s+|the\s+)?(?!(?:those|that|as|what|the)\b)(?:[a-z-]+\s+){0,2}[a-z-]+(?=\s*(?:[.;,)]|$))",
    re.I,
)
ONCE_MORE = re.compile(r"\bre-$", re.I)
LABELS = frozenset({"treatment", "biomarker", "condition"})


def with_ends(text: str, found: Sequence[Found], limits: Sequence[Limit]) -> list[Found]:
    """The mentions in text order, each with its end; one that lies in the end of another is none of its own."""
    out: list[Found] = []
    for index, one in enumerate(found):
        if out and one.start < out[-1].end:
            continue
        following = found[index + 1].start if index + 1 < len(found) else len(text)
        end = _end(text, one, following, limits)
        start = one.start - 3 if ONCE_MORE.search(text, max(0, one.start - 3), one.start) else one.start
        out.append(one if (start, end) == (one.start, one.end) else one._replace(start=start, end=end))
    return out


def _end(text: str, one: Found, following: int, limits: Sequence[Limit]) -> int:
    acts = ACTS_ON_IT.match(text, one.end) if one.label in LABELS else None
    if acts and not _holds_one(limits, one.end, acts.end()):
        return acts.end()
    out = LEFT_OUT.match(text, one.end)
    return out.end() if out and out.end() <= following and not _holds_one(limits, one.end, out.end()) else one.end


def _holds_one(limits: Sequence[Limit], start: int, end: int) -> bool:
    return any(start <= limit.quantity.start < end for limit in limits)
