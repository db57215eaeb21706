"""Levels that name their scale themselves: "R1/R2 resection", "T3-4 N0", "CNS3"."""

import re
from collections.abc import Iterator, Mapping, Sequence

from trialcriteria.components.comparators import Signs
from trialcriteria.components.levels.beside import Levels
from trialcriteria.components.levels.runs import read_run
from trialcriteria.components.terms import Term
from trialcriteria.lexicon import Attribute

ALONE = re.compile(  # "cT1b-2N+M0": each begins where the one before ends
    r"(?:(?<![\w-])|(?<=[TN][0-4X])|(?<=[TN]\d[a-d])|(?<=[-–~～]\d)|(?<=[-–~～]\d[a-d])|(?<=N\+)|(?<=any))"
    r"(?:[cpy]{0,2}(?:[TNM][0-4X]|Ta|Tis)|[cp]?N\+|R[0-2]|"
    r"CNS[ -]?[1-3](?!\s*(?:,|/|-|\b(?:or|and|to)\b)\s*(?:or\s+)?\d))"  # not of "CNS 1, 2 or 3"
    r"[a-d]?(?:mi)?(?=\W|[NM]|$)"
)
POSITIVE = ("N1", "N2", "N3")  # N+
LIKE_ALONE = re.compile("[TNMR][0-4Xai]|CNS[ -]?[1-3]")  # what stands alone begins so, or follows on what begins so
SCALE_OF = {"R": "resection_class", "T": "tnm_t", "N": "tnm_n", "M": "tnm_m", "C": "cns_status"}
ALONE_CONTEXT = {
    "R": re.compile(r"resect|margin|surg", re.I),
    "C": re.compile(r"status|disease|leuka?emi|CSF|blasts|involvement", re.I),
    "T": re.compile(
        r"stage|tumou?r|tnm|node|nodal|cancer|carcinoma|clinical|patholog|disease|AJCC|UICC|\b[cp]?N[0-3X]|"
        r"melanoma|\bor\b.*\bT[1-4]",
        re.I,
    ),
}

HORMONES = re.compile(
    r"\b(?:free|total|serum|f)[ -]?T[34]\b|\bTSH\b|\bT[34] levels?\b|thyroxin|thyronin|thyroid-stim", re.I
)  # thyroxine is no tumour


OF_AN_IMAGE_BEHIND = re.compile(  # "T2 hyperintense lesions", "T1 gadolinium-enhancing": how an image is weighted
    r"[\s/-]*(?:FLAIR|weighted|gadolinium|Gd\b|hyper-?intens|hypo-?intens|enhanc|contrast|signal|images?\b|sequences?\b)",
    re.I,
)
OF_AN_IMAGE_IN_FRONT = re.compile(r"\b(?:enlarging|enhancing|gadolinium)\s+$", re.I)


def may_stand_alone(text: str) -> bool:
    """Whether a text holds anything that a level without its scale's name begins with: a cheap look."""
    return LIKE_ALONE.search(text) is not None


def levels_alone(
    text: str, attributes: Mapping[str, Attribute], read: Sequence[tuple[int, int]], signs: Signs
) -> Iterator[Levels]:
    """Levels that name their scale themselves. `read`: where levels have been read already."""
    done = 0
    for match in ALONE.finditer(text):
        if match.start() < done or any(a <= match.start() < b for a, b in read):
            continue
        letter = match[0].lstrip("cpy")[0]
        attribute = attributes.get(SCALE_OF[letter])
        context = ALONE_CONTEXT.get(letter, ALONE_CONTEXT["T"])
        if attribute is None or not attribute.standalone or not context.search(text):
            continue
        if match[0] in ("T3", "T4") and HORMONES.search(text):
            continue
        if match[0] in ("T1", "T2") and _of_an_image(text, match):
            continue
        if match[0].endswith("+"):
            done = match.end()
            yield Levels(match.start(), done, POSITIVE, Term(match.start(), done, "measure", attribute.id))
            continue
        sign = signs.ending(text, match.start())
        start = sign.start if sign else match.start()
        if run := read_run(text, match.start(), len(text), attribute, sign, signs):
            done = run.end
            yield Levels(start, run.end, run.levels, Term(start, run.end, "measure", attribute.id))


def _of_an_image(text: str, level: re.Match[str]) -> bool:
    """Whether T1 or T2 is no tumour but a sequence of magnetic resonance."""
    front = OF_AN_IMAGE_IN_FRONT.search(text, max(0, level.start() - 12), level.start())
    return front is not None or OF_AN_IMAGE_BEHIND.match(text, level.end()) is not None
