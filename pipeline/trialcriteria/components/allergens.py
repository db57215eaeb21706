"""Allergens: what an allergy goes on to name, be it with words between that no list holds.

"Hypersensitivity to bovine products, mannitol or any component of the medication" forbids none of them as a treatment.
"""

import re
from collections.abc import Sequence

from trialcriteria.components.limits import Limit
from trialcriteria.components.openings import Found
from trialcriteria.components.reach import closes
from trialcriteria.components.telling import Sought

ALLERGY = re.compile(
    r"allerg|sensitiv|intoleran|anaphyla|contra-?indicat|\btolerated?\b|\bresistan(?:ce|t)\s+to\b", re.I
)
ANOTHER_TOPIC = re.compile(  # "allergy to denosumab or a poor candidate for it", "… and previously withdrawn from it"
    r"\.\s(?!These\s+include\b|This\s+includes\b)|[;:]|\b(?:who|whom|history|unwilling\w*|inability|unable|candidates?|previous(?:ly)?|prior|current(?:ly)?|"
    r"recent(?:ly)?|ongoing|use of|using|treatment|therapy|receiv\w+|taking|requir\w+|need\w*|participa\w+|within|"
    r"except\w*|excluding|unless|if|withdraw\w*|must|should|will|are|is|was|were|not|no|without|because|due|that|which|"
    r"may|can|cannot|in conjunction|concomitant\w*|concurrent\w*|planned|controlled|treated|managed|based|"
    r"during|than)\b",
    re.I,
)
REACTION_TO = re.compile(r"reactions?\s+to\b", re.I)  # "infusion reactions to cetuximab"
THERAPY = re.compile(r"\b(?:therap(?:y|ies)|treatments?|regimens?|use|trials?)$", re.I)
TO = re.compile(r"\bto\s", re.I)
FARTHEST, NEAR = 100, 40


def with_allergens(text: str, found: Sequence[Found], limits: Sequence[Limit]) -> list[Found]:
    """`found` in text order, where a drug that an allergy goes on to name is one that the patient does not bear."""
    out: list[Found] = []
    allergy: Found | None = None
    last: Found | None = None  # the last of its allergens
    for one in found:
        if allergy and last is allergy and COMPONENTS_OF.fullmatch(text, allergy.end - 4, one.start):
            out[-1] = allergy = last = allergy._replace(end=one.end)  # "to certain components of trastuzumab"
            continue
        if one.label == "treatment" and (untolerated := _untolerated(text, one)):
            one = one._replace(start=untolerated.start(), label="condition", concept="allergy", head=None)
        floor = max(out[-1].end if out else 0, one.start - 60)
        if one.label == "treatment" and (reaction := A_REACTION.search(text, floor, one.start)):
            one = allergy = one._replace(start=reaction.start(), label="condition", concept="drug_reaction", head=None)
            last = one
            out.append(one)
            continue
        if one.label == "treatment" and (resists := RESISTANCE.search(text, max(0, one.start - 90), one.start)):
            start = resists.start()
            while out and out[-1].end > start:
                start = min(start, out.pop().start)  # "primary viral resistance" of "… to protease inhibitors"
            one = one._replace(start=start, label="condition", concept="refractory_disease", head=None)
        if allergy and last and one.label == "treatment" and _goes_on(text, allergy, last, one, limits):
            one = one._replace(label="condition", concept=allergy.concept)
        if _is_allergy(text, one):
            one = allergy = _with_its_product(text, one, found)
        last = one if allergy and one.concept == allergy.concept else None
        out.append(one)
    return out


RESISTANCE = Sought(  # "primary viral resistance to any of the protease inhibitors"
    "resistance resistant",
    r"\b(?:(?:primary|secondary|acquired|viral|genotypic|drug|full|partial|HIV-1)\s+){0,3}(?:resistance|resistant)\s+(?:to|against)\s+"
    r"(?:(?:the|an?|any|one|two|or|more|of|at|least|either|other|each|weekly|ongoing|prior|[<>≥]?\s?\d+|classes|class|drugs?|agents?)\s+){0,6}$",
    re.I,
)
UNTOLERATED = Sought(  # "unable to tolerate metformin" is an intolerance of it
    "tolerate tolerated tolerance",
    r"\b(?:lack\s+of\s+tolerance\s+(?:of|to|for)|(?:(?:unable|not\s+able|inability|fail(?:ed|ure))\s+to|can\s?not|could\s+not|(?:do|does|did)\s+not)\s+tolerate|"
    r"(?:have|has|had)\s+not\s+tolerated|(?<!have )(?<!has )(?<!had )not\s+tolerated)\s+"
    r"(?:(?:the|an?|any|prior|previous|standard|oral|one|either|at\s+least\s+one)\s+){0,2}$",
    re.I,
)


A_REACTION = Sought(  # "previous reaction to IV immunoglobulin or blood products"
    "reaction reactions",
    r"\b(?:(?:adverse|severe|serious|previous|prior|known|significant)\s+)*reactions?\s+to\s+(?:(?:the|an?|any|prior|previous|other)\s+)*$",
    re.I,
)


def _untolerated(text: str, one: Found) -> re.Match[str] | None:
    verb = one.start + len("tolerate ") if text[one.start : one.start + 9].lower() == "tolerate " else one.start
    return UNTOLERATED.search(text, max(0, one.start - 50), verb)


COMPONENTS_OF = re.compile(r"ents\s+(?:of|in)\s+(?:the\s+)?")
PRODUCT = re.compile(  # behind components, constituents or ingredients
    r"(?<=ents)(?:\s+(?:of|in)\s+(?:the\s+)?[A-Z][\w-]*\d[\w-]*)"
)


def _with_its_product(text: str, allergy: Found, found: Sequence[Found]) -> Found:
    """ "Allergic reactions to certain components of RC108": the code of the product they are of."""
    product = PRODUCT.match(text, allergy.end)
    if product is None or any(product.start() < one.end and one.start < product.end() for one in found):
        return allergy
    return allergy._replace(end=product.end())


def _is_allergy(text: str, one: Found) -> bool:
    if one.label != "condition":
        return False
    return (
        ALLERGY.search(text, one.start, one.end) is not None
        or REACTION_TO.search(text, max(0, one.end - 9), one.end + 4) is not None
    )


def _goes_on(text: str, allergy: Found, last: Found, one: Found, limits: Sequence[Limit]) -> bool:
    """Whether a drug stands among the allergens: no other topic begins, and it has no limit."""
    if one.start - last.end > FARTHEST or closes(text, allergy.start, one.start) is not None:
        return False
    if ANOTHER_TOPIC.search(text, last.end, one.start):
        return False
    if THERAPY.search(text, one.start, one.end) and TO.search(text, last.end, one.start) is None:
        return False
    return not any(one.start <= limit.quantity.start < one.end + NEAR for limit in limits)
