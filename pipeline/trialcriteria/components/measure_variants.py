"""Measures that the words around them turn into another one: a fall of blood pressure, the age at onset, a distance.

"Systolic blood pressure" is `sbp`, its drop on standing `sbp_decrease`; a length beside a lymph node is the node's
size, and one that is followed by "from the dura" is a distance. A variant is used where the lexicon has it.
"""

import re
from collections.abc import Container

from trialcriteria.components.amounts import Quantity
from trialcriteria.components.measured_changes import change_said
from trialcriteria.components.subjects import clause_start

Span = tuple[int, int]
AT_ONSET = re.compile(r"\b(?:onset|began|started|begin\w*|manifest\w+)\b(?:[^,;.]{0,25})$", re.I)
AT_DIAGNOSIS = re.compile(r"\bdiagnos(?:is|ed)\b(?:[^,;.]{0,25})$", re.I)
OF_DIAGNOSED = re.compile(  # "newly diagnosed AML patients who are 60 years or older" are so old now
    r"diagnosed\b.*\b(?:patients?|subjects?|participants?|individuals|persons|people|adults?|children|wom[ae]n|m[ae]n|females?|"
    r"males?|with|who)\b",
    re.I,
)
DIAGNOSED_AT = re.compile(r"\bdiagnosed\b[^,;.]{0,40}\b(?:at|before|after|by)\s+(?:the\s+|an\s+)?$", re.I)
AT_DEATH = re.compile(r"\b(?:deaths?|die[sd]?|dying|deceased)\b[^,;.]{0,40}$", re.I)
OF_A_DONOR = re.compile(  # "donor age < 10 years", "kidneys from donors < 6 years of age", "Donor: age ≤ 60"
    r"\bdonors?['’]?s?[\s:,(]*(?:(?:is|are|was|were|must\s+be|should\s+be|who|aged?|of)[\s:(]+)*"
    r"(?:(?:younger|older|less|more|greater|at)\s+(?:than|least)\s+|(?:under|over|above|below)\s+|[<>≤≥=/]+\s*)?$",
    re.I,
)
BEHIND_AN_AGE = re.compile(  # "< 16 years of age at disease onset"
    r"[\s-]*(?:of age|old)?\s+(?:at|when|upon)\s+(?:the\s+)?(?:time\s+of\s+)?(?:[\w-]+\s+){0,2}?(?:onset|diagnosis)\b",
    re.I,
)
WHEN = re.compile(r"(?:before|after|prior to)\b", re.I)
AT_EVENT = re.compile(  # "menarche before 12 years of age", but "children before 12 years of age"
    r"\b(?!(?:children|subjects|patients|participants|boys|girls|people|individuals|infants|adolescents)\b)[a-z]{4,}\s+"
    r"(?:before|after|prior\s+to)\s+$",
    re.I,
)
PYURIA = re.compile(r"\bpyuria\b", re.I)
IN_URINE = re.compile(r"[\s)]*(?:in|of)\s+(?:[\w-]+\s+){0,4}(?:urine|MSU)\b", re.I)
LIVER = re.compile(r"\b(?:liver|hepat\w+)\b(?!.*\bspl)", re.I)
NODE = re.compile(
    r"(?<!non-)(?<!non )(?<!not )\b(?:lymph[- ]?nodes?|(?<!lymph )(?<!lymph-)nodes?|nodal|lymphadenopathy)\b", re.I
)
OF_FVC = re.compile(r"\s*(?:of\s+)?(?:(?:the|their|total)\s+)*(?:forced\s+vital\s+capacity|F?VC)\b", re.I)
FORMULA = re.compile(r"\b(frid|bazett)", re.I)
TUMOUR = re.compile(
    r"\b(?:tumou?r|metasta\w+)\b[^.;,]{0,40}$|\b(?:burden|replacement|replaced|infiltration|involvement|involv\w+)\b[^.;,]{0,25}$",
    re.I,
)
DONATED = re.compile(r"\b(?:donat\w*|gave|given|giving)\b", re.I)
AWAY = re.compile(r"\s*(?:away\s+)?(?:from|between)\b", re.I)
CLOSE_TO = re.compile(r"\s*(?:of|to|from)\s+(?:the|an?|any|other|critical)\b", re.I)


def variant(text: str, q: Quantity, id: str, span: Span | None, known: Container[str]) -> str:
    """The id of the variant that the words speak of, else the measure's own."""
    if id in ("lesion_size", "lymph_nodes"):
        return _of_lesions(text, q, id, span, known)
    start = min(q.start, span[0]) if span else q.start
    before = text[max(clause_start(text, start), start - 40) : start]
    if id == "qtc":
        return _of_correction(text, span[0] if span else q.start, q.end, known)
    if id == "liver_volume" and "tumor_liver_fraction" in known and TUMOUR.search(before):
        return "tumor_liver_fraction"
    if id == "wbc" and "urine_wbc" in known and q.reference is None and q.unit in ("/uL", "/mm3", "/[HPF]"):
        return "urine_wbc" if PYURIA.search(before) or IN_URINE.match(text, q.end) else id
    if id == "spleen_below_costal_margin" and "liver_below_costal_margin" in known and LIVER.search(before):
        return "liver_below_costal_margin"
    if id == "fev1" and q.reference is None and q.unit in ("%", None) and OF_FVC.match(text, q.end):
        return "fev1_fvc" if "fev1_fvc" in known else id  # "FEV1 < 70 % of FVC"
    if id == "fev1" and q.unit == "%" and q.reference is None and q.is_minimum and (q.value or 99) <= 20:
        change = change_said(text, q, span)  # "FEV1 ≥ 12 %": of what it was before
        changed = "fev1_decrease" if change and change.name == "decrease" else "fev1_increase"
        return changed if changed in known else id
    if id == "blood_loss":
        donated = DONATED.search(before) or DONATED.search(text, start, max(q.end, span[1] if span else 0))
        return "blood_donation" if donated and "blood_donation" in known else id
    if id == "age":
        behind = BEHIND_AN_AGE.match(text, q.end)
        return _of_age(
            before, behind[0] if behind else text[start : q.number_start], text[q.start : q.number_start], known
        )
    if q.unit is None and not q.stated:
        return id
    change = change_said(text, q, span)
    return f"{id}_{change.name}" if change and f"{id}_{change.name}" in known else id


OF_PAIN = re.compile(r"pain|ache|dysmenorr|huskisson|womac|sore|arthr|discomfort|analges|morphine|opioid", re.I)
OF_A_SYMPTOM = re.compile(
    r"\b(?:cough|prurit\w+|itch\w*|fatigue|dyspn\w+|breathless\w*|anxiety|sleep\w*|stiffness|nasal|rhinitis|urgency|"
    r"health|EQ-?5D\w*|mood|craving|satisfaction|nausea|burning|dry\w*|hunger|appetite|global|asthma|depress\w+|bother\w*|"
    r"tinnitus|dizziness|cosmetic|flush\w*|sadness|stress|alertness|energy|redness|congestion)\b[^.;]{0,60}$",
    re.I,
)


def of_another_symptom(text: str, q: Quantity, id: str, span: Span | None) -> Span | None:
    """Where the name of a visual analogue scale stands that is of something else than pain: "pruritus VAS"."""
    if id != "vas_pain" or span is None or OF_PAIN.search(text):
        return None
    start = min(span[0], q.start)
    said = OF_A_SYMPTOM.search(text, max(clause_start(text, start), start - 60), span[0])
    apart = said and (q.end <= said.start() or span[0] <= q.start)
    return (said.start() if said and apart else span[0], span[1]) if said else None


def _of_age(before: str, inside: str, said: str, known: Container[str]) -> str:
    """At which event somebody was so old; "before age 9" is never the patient's age now."""
    at = "age"
    if AT_ONSET.search(before) or AT_ONSET.search(inside):
        at = "age_at_onset"
    elif (
        (said_at := AT_DIAGNOSIS.search(before + inside)) and not OF_DIAGNOSED.search(said_at[0])
    ) or DIAGNOSED_AT.search(before):
        at = "age_at_diagnosis"
    elif AT_DEATH.search(before):
        at = "age_at_death"
    elif OF_A_DONOR.search(before) or OF_A_DONOR.search(before + inside):
        at = "donor_age"
    elif WHEN.match(said) or AT_EVENT.search(before):
        at = "age_at_event"
    return at if at in known else "age"


def _of_correction(text: str, start: int, end: int, known: Container[str]) -> str:
    """By which formula QT is corrected, if one is said: "QTc > 470 ms (Fridericia)"."""
    stop = text.find(";", end, end + 40)
    said = {word.lower() for word in FORMULA.findall(text, start, stop if stop >= 0 else end + 40)}
    id = {"frid": "qtcf", "bazett": "qtcb"}[said.pop()] if len(said) == 1 else "qtc"
    return id if id in known else "qtc"


def _of_lesions(text: str, q: Quantity, id: str, span: Span | None, known: Container[str]) -> str:
    if q.unit is None:
        return id
    said = text[q.start : q.number_start].lower()
    apart = CLOSE_TO.match(text, q.end) if "within" in said else AWAY.match(text, q.end)
    if apart and "tumor_distance" in known:
        return "tumor_distance"
    if span and NODE.search(text, max(0, span[0] - 12), span[1]) and "lymph_node_size" in known:
        return "lymph_node_size"
    return "lesion_size" if id == "lymph_nodes" else id
