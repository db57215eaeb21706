"""Purposes: "therapy for cancer" is a treatment, and no cancer, though "therapy" says nothing alone.

A treatment that is named, as in "radiotherapy for cancer", has its purpose as a tail; see `lexicon/tails.toml`.
"""

import re
from collections.abc import Iterator, Sequence

from trialcriteria.components.openings import Found
from trialcriteria.components.telling import Sought

BARE = Sought(
    "treatment treatments therapy therapies medication medications medicine medicines drug drugs agent agents",
    r"(?<![\w-])(?<!\blines of )(?<!\bline of )(?<!\bcourses of )(?<!\bcourse of )(?<!\bregimens of )"
    r"(?<!\bdiagnosis or )(?<!\bdiagnosis and )"
    r"(?P<it>(?:(?:[a-z]+(?:al|ic|ive|ary)|bulking|conditioning|lowering|bridging|ongoing|existing|continuing)\s+)?"
    r"(?:treatments?|therap(?:y|ies)|medications?|medicines?|drugs?|agents?))\s+"
    r"(?:(?:intended|used|given|prescribed|indicated|approved)\s+)?"
    r"(?:(?:for|in|to)\s+(?:the\s+)?(?:purpose\s+of\s+)?treat(?:ment\s+of|ing)?|for|of|against|"
    r"(?:directed|aimed)\s+(?:at|against|towards?))\s+"
    r"(?:(?!(?:at|in|with|within|by|to|for|of|who|which|that|are|is|was|were|if|than)\b)[\w-]+\s+){0,4}$",
    re.I,
)
MEANT_FOR = re.compile(r"[^.;:]*\b(?:for|to|in)\s+(?:the\s+)?(?:purpose\s+of\s+)?", re.I)
FARTHEST = 90
RULE = "treatment-for"


def with_bare_treatments(text: str, found: Sequence[Found], closed: Sequence[tuple[int, int]]) -> list[Found]:
    """`found` in text order, and the "therapy" of "therapy for cancer", which no list holds."""
    bare = [one for one in _bare(text, found) if not any(a < one.end and one.start < b for a, b in closed)]
    return sorted([*found, *bare], key=lambda one: one.start)


def is_bare(one: Found) -> bool:
    """Whether a mention is a "therapy" that its purpose has not been joined to."""
    return one.frame == RULE and one.head is None


def _bare(text: str, found: Sequence[Found]) -> Iterator[Found]:
    before: Found | None = None
    for one in found:
        floor = before.end if before else 0
        bare = BARE.search(text, max(floor, one.start - FARTHEST), one.start) if one.label == "condition" else None
        if bare and not (before and _is_of_another(text, before, bare.start("it"))):
            yield Found(*bare.span("it"), "treatment", None, RULE)
        before = one


def _is_of_another(text: str, before: Found, at: int) -> bool:
    """Whether another one is for the "treatment" at `at`: "vedolizumab at a dose approved for treatment of UC"."""
    return before.label in ("treatment", "procedure") and MEANT_FOR.fullmatch(text, before.end, at) is not None
