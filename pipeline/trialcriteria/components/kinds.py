"""What kind of thing a limit is on when the lexicon does not list it: its unit says so, else its own words.

An amount in ng/mL was measured on a specimen, one in mm[Hg] on the body; milligrams are taken, centimetres are those
of a lesion; a bare number beside "index" or "questionnaire" is a score. Where neither tells, the kind is `other`.
"""

import re
from functools import lru_cache

from trialcriteria.components.amounts import Quantity

VOLUME = r"(?:[munpfd]?L|m?m3|cm3|\{HPF\}|\{Mb\})"
BY_UNIT = (  # the first that matches the whole code
    ("scale", r"\{score\}"),
    ("vital", r"\{(?:Snellen|logMAR|letter|line|diop|predicted)\}|\[diop\]|\[wood'U\]|\[MET\]|MET|.*\[(?:H2O|Hg)\].*"),
    ("dose", r"\{(?:drink|cigarette|pack|cup|puff|tablet|capsule|morphine_equivalent)\}.*|.*Gy|.*Ci|.*Bq"),
    ("dose", r"\{unit\}/d"),
    ("count", r"(?:d|\{[^{}]+\})?/(?:\(?\d*\.?)?(?:d|wk|mo|a|h)\)?|\{(?:time|episode|day|night|dose|cell)\}"),
    ("vital", r"L/min/m2|m?L/m2|m?L/min.*|/min|m?s/.*|ms|[km]?m/.*|m|kg|kg/m2|Cel|\[degF\]|[km]?Pa|dB.*|deg"),
    ("vital", r"[km]?W|[km]?Hz|um|L|m2|m?V"),
    ("lab", rf"(?:10\*\d+|.*[gUl]|.*mol|.*eq|\{{[^{{}}]+\}}|.*\[IU\]|\[[^\]]+\])?/{VOLUME}"),
    ("lab", r".*/(?:mmol|mol|[mu]?g|kg\{Hb\})|\{titer\}|\{log10\}.*|.*\{Log_.*"),
    ("dose", r"[munk]?g(?:/(?:kg|m2|d|wk|mo|h|\(.*\)).*)?|.*\[IU\](?:/(?:kg|m2|d|wk).*)?|U(?:/(?:kg|d).*)?"),
    ("dose", r"mL/kg.*|\{unit\}(?:/.*)?|k?cal/.*|k?cal"),
    ("lesion", r"[cm]m[23]?|\{lesion\}|\{disc_area\}|\[in_i\]"),
)
KINDS = tuple((kind, re.compile(code)) for kind, code in BY_UNIT)
PART_OF_A_LESION = re.compile(
    r"\b(?:lesions?|tumou?rs?|liver volume|liver remnant|remnant|hepatic|metasta\w+|atroph\w+|fibrosis|necrosis|CNV|"
    r"drusen|disc area|plaques?|ulcers?|wounds?|liver (?:involvement|replacement))\b",
    re.I,
)
PART_OF_A_SPECIMEN = re.compile(
    r"\b(?:cells?|blasts?|sideroblasts?|cellularity|cytes|\w+cytes|expression|positiv\w*|staining|immuno\w+|precursors|chimerism|"
    r"saturation|hemoglobin|h(?:a)?emoglobin \w|HbS|HbF|lymph\w+|marrow|activity|VAF|allele|TPS|CPS|Ki-?67)\b",
    re.I,
)
SCORE = re.compile(
    r"\b(?:scores?|subscores?|scales?|subscales?|ind(?:ex|ices)|questionnaire|inventory|checklist|NRS|VAS|severity|"
    r"intensity|ratings?|grades?|interview|assessment|T-scores?)\b",
    re.I,
)
SCORED_IN_MM = re.compile(r"\b(?:pain|symptoms?|itch|pruritus|fatigue|discomfort|VAS)\b|\b(?:scores?|scales?)$", re.I)
EXPECTED = re.compile(r"(?:probability|likelihood|chance|risk|response|compliance|adherence|concordance)\b", re.I)
CLASSED = re.compile(r"\b(?:class|stage|grade)$", re.I)
SHORT_FORM = re.compile(r"(?:[A-Z][A-Za-z]*[A-Z0-9][A-Za-z0-9]*|[A-Z]{2,})(?:[-/ ]?+[A-Z0-9]++[a-z]?+)*+")
OF_THE_BODY = re.compile(  # a length or an area that is no lesion's
    r"\b(?:ST|T[- ]wave|leads?|vessels?|arter(?:y|ies)|aort\w+|side branch|length|annulus|wall|septal|thickness|girth|"
    r"circumference|protrusion|AFI|fluid|pupils?|opening|body|mouth|uterine|cervi\w+|ventric\w+|VAS|analog\w*|depression|"
    r"elevation|effusion|height|axial|skin ?fold|bowel|limb|leg|follicles?)\b",
    re.I,
)
GIVEN = re.compile(r"\b(?:oxygen|O2|fluids?|infusion|flow rate|supplement\w*)\b", re.I)
TAKEN_BY = {"lesion": (OF_THE_BODY, "vital"), "vital": (GIVEN, "dose")}


NAMED = {  # units that are used of one measure only
    "{drink}": "alcohol",
    "{cigarette}": "smoking",
    "{pack}": "smoking",
    "[wood'U]": "pvr",
    "{letter}": "etdrs",
    "{Snellen}": "visual_acuity",
    "kg/m2": "bmi",
    "mL/min/{1.73_m2}": "egfr",
    "[diop]": "refraction",
    "dB/m": "cap",
}
OF_THE_MARROW = re.compile(r"\s*of\s+(?:[\w'’-]+\s+){0,5}?(?:bone[\s-]?)?marrow\b", re.I)
AWAY = re.compile(r"\b(?:distance|edge|border|verge|margins?)\b[^;.,]*$", re.I)
GILBERT = re.compile(r"\bgilbert", re.I)  # "for patients with Gilbert's disease, ≤ 2.5 x ULN"
OF_WEIGHT = re.compile(r"\s*of\s+(?:[\w'’-]+\s+){0,3}?(?:body\s?)?weight\b", re.I)
LOST = re.compile(r"\b(?:lost|loss|lose|losing)\b", re.I)
RADIATION = re.compile(r"radi|\bX?RT\b", re.I)
A_TUMOUR = re.compile(r"\b(?<!of )(?:tumou?rs?|lesions?|mass|masses|nodules?|metastas[ei]s|plasmacytomas?)$", re.I)
ALCOHOL = re.compile(r"alcohol|ethanol|drink|\bwine\b|\bbeer\b", re.I)


def named_by(q: Quantity, text: str, words: str) -> str | None:
    """The one measure that is told in this unit; a "unit" is one of alcohol where the text speaks of that.

    Millimetres of what ends in "tumor" are its size ("primary tumor over 2 cm"), a share of the marrow is what
    radiation reached, and one of the weight what was lost.
    """
    if q.unit == "%" and OF_THE_MARROW.match(text, q.end) and RADIATION.search(text):
        return "bone_marrow_irradiated"
    if q.unit == "%" and OF_WEIGHT.match(text, q.end) and LOST.search(text, max(0, q.start - 40), q.start):
        return "weight_loss"
    apart = AWAY.search(text, max(0, q.start - 60), q.start)
    if q.stated and q.unit in ("mm", "cm") and A_TUMOUR.search(words) and not apart:
        return "lesion_size"
    if q.reference == "ULN" and GILBERT.search(words):
        return "bilirubin"
    head = (q.unit or "").split("/")[0]
    if head in ("{unit}", "{glass}") and ALCOHOL.search(text, max(0, q.start - 250), q.end + 120):
        return "alcohol"
    return NAMED.get(q.unit or "") or (NAMED.get(head) if head.startswith("{") else None)


def kind_of(q: Quantity, words: str, beside: str = "") -> str:
    """The kind of a limit on these words; `beside`: what stands between them and the amount.

    >>> from decimal import Decimal
    >>> kind_of(Quantity(0, 1, ">", unit="ng/mL"), "some factor"), kind_of(Quantity(0, 1, ">"), "ABC-16")
    ('lab', 'scale')
    """
    if q.reference in ("ULN", "LLN", "normal"):
        return "lab"
    if q.reference == "predicted":
        return "vital"
    if q.unit is None:
        scored = SCORE.search(words) or SCORE.search(beside) or CLASSED.search(words)
        return "scale" if scored or SHORT_FORM.fullmatch(words) else "other"
    if q.unit == "%" and EXPECTED.match(words):
        return "other"
    if q.unit == "%":
        return "lesion" if PART_OF_A_LESION.search(words) else "lab" if PART_OF_A_SPECIMEN.search(words) else "other"
    if q.unit in ("mm", "cm") and SCORED_IN_MM.search(words):
        return "scale"  # "a pain scale of ≥ 40 mm": a visual analogue scale
    kind = _of_unit(q.unit)
    other, instead = TAKEN_BY.get(kind, (None, kind))
    return instead if other and other.search(words) else kind


@lru_cache(maxsize=512)
def _of_unit(unit: str) -> str:
    return next((kind for kind, code in KINDS if code.fullmatch(unit)), "other")
