"""Stages behind a disease: "renal cell carcinoma, locally advanced or metastatic", "atrial fibrillation, persistent".

What is said of a disease behind a comma narrows it no less than in front of it, where it would be part of the mention.
"""

import re
from collections.abc import Iterator, Sequence

from trialcriteria.components.openings import Found
from trialcriteria.components.telling import holds_any

RULE = "staged"
STAGE = (
    r"(?:locally[\s-]+(?:advanced|recurrent)|(?:non-?)?metastatic|recurrent|relapsed|refractory|unresectable|inoperable|"
    r"persistent|permanent|paroxysmal|progressive|advanced|castration-?\s?resistant|hormone-?\s?refractory)"
)
ONE = re.compile(STAGE, re.I)
JOINT = r"\s*(?:\([^()]*\)\s*)?(?:,\s*(?:and/or\b|or\b|and\b)?|/|\b(?:and/or|or|and)\b)\s*"
ENDS = (  # what may follow a list of stages: no noun, of which they would be said
    r"(?=\s*(?:[.;:,()\[\]]|$|\b(?:not|to|with|who|that|which|at|for|after|despite|documented|diagnosed|confirmed|proven|"
    r"on|by|as|requiring|in|based)\b))"
)
BEHIND = re.compile(rf"\s*(?:\([A-Z][\w-]*\)\s*)?,\s*(?:either\s+)?(?P<list>{STAGE}(?:{JOINT}{STAGE})*){ENDS}", re.I)
THAT_IS = re.compile(rf"\b(?:that|which)\s+(?:is|are|has\s+been)\s+(?:either\s+)?{STAGE}$", re.I)
GOES_ON = re.compile(rf"(?:{JOINT}{STAGE})+{ENDS}", re.I)
STAGES = frozenset(
    "locally metastatic nonmetastatic non recurrent relapsed refractory unresectable inoperable persistent permanent "
    "paroxysmal progressive advanced castration hormone".split()
)
"""One of these stands in every list of stages."""


def staged(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """The stages that stand behind the diseases `found`, each a mention of its own."""
    for one in found if holds_any(text, STAGES) else ():
        behind = BEHIND.match(text, one.end) if one.label == "condition" and not ONE.fullmatch(text, *one[:2]) else None
        for stage in ONE.finditer(text, *behind.span("list")) if behind else ():
            if not any(other.start < stage.end() and stage.start() < other.end for other in found):
                yield Found(*stage.span(), "condition", None, RULE)


def with_all_stages(text: str, start: int, end: int) -> int:
    """Where a disease ends of which more stages are said: "carcinoma that is persistent[, recurrent or metastatic]"."""
    goes_on = GOES_ON.match(text, end) if THAT_IS.search(text, start, end) else None
    return goes_on.end() if goes_on else end
