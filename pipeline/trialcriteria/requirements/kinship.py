"""How akin two things are that a criterion names: an exception is made from what it is a kind of.

"Brain metastases or leptomeningeal disease, unless the metastases are treated": the words in common tell.
"Malignancy or stroke, except skin cancer": a tumour is excepted from tumours. Else a drug is from drugs, a disease from
diseases.
"""

import re

from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import OF_TREATMENT, Said
from trialcriteria.components.turns import TUMOUR

WORD = re.compile(r"[A-Z]{2,}-?\d+|[A-Za-z]{3,}")
STEM = 5  # letters that words must share: "metastasis" and "metastases", "steroid" and "steroids"
SAYS_NOTHING = frozenset(
    "activ treat untre prior previ concu curre histo known adequ stabl contr uncon sympt asymp other sever acute "
    "chron disea disor condi thera treat medic drug drugs diagn syndr patie clini signi requi recei evide local"
    " low-d low high use using any with and the for not non".split()
)
OF_MEASURES = {"gilbert": ("bilirubin",), "warfarin": ("inr",), "anticoag": ("inr", "aptt", "pt")}
REMAINS = re.compile(r"alopecia|neuropath|vitiligo|fatigue|hair|endocrin|hypothyr|pigment|lymphopen|an[ae]?emia", re.I)


def kinship(text: str, one: Said, other: Said | Limit) -> int:
    """How akin what is excepted is to what it may be excepted from; 0 where nothing tells."""
    said = text[one.start : one.end]
    if isinstance(other, Limit):
        return _to_a_measure(said, other)
    of = text[other.start : other.end]
    if stems(said) & stems(of) or (one.concept is not None and one.concept == other.concept):
        return 3
    if other.concept in OF_TREATMENT and REMAINS.search(said):
        return 3
    if TUMOUR.search(said) and TUMOUR.search(of):
        return 2
    return int(one.label == other.label)


def _to_a_measure(said: str, limit: Limit) -> int:
    attribute = limit.attribute or ""
    for words, measures in OF_MEASURES.items():
        if words in said.lower():
            return 3 if attribute.startswith(measures) else 0
    return 2 if attribute == "ctcae" and REMAINS.search(said) else 0


def stems(said: str) -> set[str]:
    """What its words begin with, without those that stand with anything.

    >>> sorted(stems("previously treated brain metastases"))
    ['brain', 'metas']
    """
    return {word[:STEM].lower() for word in WORD.findall(said)} - SAYS_NOTHING
