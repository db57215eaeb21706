"""Routes that stand for what is given by them: "systemic steroids (inhaled or topical use is allowed)".

Behind a drug, words for a route alone name the same drug given that way, where they are let in or taken out.
"""

import re
from collections.abc import Iterator, Sequence

from trialcriteria.components.openings import Found
from trialcriteria.components.telling import holds_any

RULE = "route"
ROUTE = (
    r"(?:inhal(?:ed|ation)|topical(?:ly)?|intra-?nasal|nasal|ophthalmic|ocular|otic|oral|intra-?articular|intra-?lesional|"
    r"intra-?venous|rectal|vaginal|transdermal|sub-?cutaneous|injectable)"
)
FORMS = r"(?:\s+(?:use|forms?|formulations?|preparations?|administration|application|routes?|ones?))?"
LIST = rf"{ROUTE}(?:\s*(?:,\s*(?:and/or|or|and)?|/|\b(?:and/or|or|and)\b)\s*{ROUTE})*{FORMS}"
LET_IN = (
    r"\s+(?:(?:is|are|may\s+be|will\s+be)\s+)?(?:allowed|permitted|acceptable|accepted|excepted|excluded|OK|okay|"
    r"exempt(?:ed)?|fine)\b"
)
TAKEN_OUT = r"\b(?:except(?:ing)?(?:\s+for)?|excluding|other\s+than|unless|apart\s+from|but\s+not)\s+"
STANDS_ALONE = re.compile(
    rf"(?:(?<=[(.;:,])|(?<=^))\s*(?:note:\s*)?(?P<let>{LIST})(?={LET_IN})|{TAKEN_OUT}(?P<out>{LIST})(?=\s*(?:[.;,)\]]|$|{LET_IN}))",
    re.I,
)
ONE = re.compile(ROUTE, re.I)
ROUTES = frozenset(
    "inhaled inhalation topical topically intranasal intra nasal ophthalmic ocular otic oral intraarticular "
    "intralesional intravenous rectal vaginal transdermal subcutaneous sub injectable".split()
)
"""One of these stands in every list of routes."""


def routes(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """The routes that stand behind a treatment among `found`, each a mention of its own."""
    if not holds_any(text, ROUTES):
        return
    first = min((one.end for one in found if one.label == "treatment"), default=len(text))
    for said in STANDS_ALONE.finditer(text, first):
        start, end = said.span("let" if said["let"] else "out")
        if any(one.start < end and start < one.end for one in found):
            continue
        each = [route.span() for route in ONE.finditer(text, start, end)]
        each[-1] = (each[-1][0], end)  # with its noun
        yield from (Found(*span, "treatment", None, RULE) for span in each)
