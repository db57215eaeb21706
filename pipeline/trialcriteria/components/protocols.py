"""Numbers that bind nobody, though they look like limits: how something is measured, and a class said again.

"Slice thickness ≤ 5 mm", "after 5 minutes of rest", "on a scale of 0 to 10" say how; of
"ECOG 0-1 (Karnofsky ≥ 70 %)" and "Child-Pugh class A (5-6 points)" the brackets say the same in another scale.
"""

import re
from collections.abc import Callable, Sequence

from trialcriteria.components.amounts import Quantity
from trialcriteria.components.names import Loose
from trialcriteria.components.subjects import clause_start
from trialcriteria.components.telling import Sought
from trialcriteria.records import Reason

PERFORMANCE = frozenset({"ecog", "karnofsky", "lansky"})
OPENS_AGAIN = re.compile(
    r"[^(),;.]{0,14}\(\s*(?:i\.e\.,?\s*|equivalent\s+to\s+|equals\s+|=\s*|corresponding\s+to\s+)?", re.I
)
OPENS_POINTS = re.compile(
    r"[^(),;.]{0,14}[(\[]\s*(?:(?:child[- ]?pugh\s+)?(?:total\s+)?scores?\s*(?:of\s+)?:?\s*)?", re.I
)
CLOSES = re.compile(r"[^(),;<>≤≥\d]{0,24}[)\]]")
HOW = Sought(
    "slices slice thickness",
    r"\b(?:(?:slice|section|cut|scan|layer)\s+thickness|thickness\s+of\s+(?:the\s+)?slices|slices)\b(?:\s*(?:\([^()]*\)|of|is|was|must\s+be|should\s+be|with|than|a|an|at\s+least|"
    r"the|minimum|reconstruction|interval|no|not|≤|≥|<|>|=|:|greater|less|more))*\s*$",
    re.I,
)
HOW_BEHIND = Sought(
    "thick slices slice punch cuts", r"\s*(?:thick\s+)?(?:slices?\b|punch\b|cuts\b|slice\s+thickness)", re.I
)
OF_A_TEST = Sought("sensitivity", r"\bsensitivity\s*(?:(?:of|is|:|level|at\s+least)\s*)*$", re.I)
FROM_A_CHART = re.compile(
    r"\b(?:letters?|ETDRS|acuity|chart)\b[^.;]{0,60}\bat\s+(?:an?\s+)?(?:[a-z]+\s+){0,3}(?:of\s+)?$", re.I
)
ROUNDED = Sought("rounded", r"\s*(?:(?:may|can|will)\s+be\s+)?rounded\b", re.I)  # "89.5 % may be rounded up to 90 %"
ROUNDED_TO = Sought("rounded", r"\brounded\s+(?:(?:up|down|off)\s+)?to\s+$", re.I)
DIMENSIONS = re.compile(r"\s*(?:or\s+more\s+|perpendicular\s+)?dimensions?\b", re.I)
A_SCALE = re.compile(r"\bscale\s*(?:\([^()]*\)\s*)?(?:of|or|from|ranging\s+from|range|range\s+of|[:,])?\s*:?\s*$", re.I)
RANGE_OF_IT = re.compile(  # "CDAI ≥ 220 (range: 0 to 600)", "BASDAI ≥ 4 (0-10)"
    r"[(\[]\s*(?:possible\s+|score\s+)?ranges?\s*(?:of|:|from)?\s*$|"
    r"(?:[<>≤≥]|\b(?:least|than|above|over)|\d\s+to)\s*\d+(?:\.\d+)?\s*[(\[]\s*$",
    re.I,
)
RANGES = re.compile(r"\(0\s?[-–]\s?\d{1,2}\)")  # "steatosis (0-3), ballooning (0-2)"
A_SCALE_BEHIND = re.compile(r"\s*(?:-?\s*point\s+)?(?:rating\s+)?scale\b", re.I)
ARTICLE = re.compile(r"\ban?\s+$", re.I)
KIND_OF_SCALE = re.compile(r"\s+(?:[A-Za-z-]+\s+){1,4}scale\b")  # "on a 0-10 pain intensity numeric scale"
LETTERS_SAID = re.compile(r"\bletters?\b[^.;]*[(\[][^()\[\]]*$", re.I)
IN_SNELLEN = re.compile(r"\s*snellen(?:\s+(?:equivalent|chart))?|\s+equivalent", re.I)
SNELLEN_OF = re.compile(
    r"\bsnellen(?:\s+(?:equivalent|chart|acuity|visual|fraction))*[\s:,]*(?:(?:of|to|is|about|approximately)\s+)*$",
    re.I,
)
AT_REST = Sought(
    "rest resting rested sitting sat seated supine lying recumbent semi semirecumbent semisupine",
    r"\b(?:rest(?:ing|ed)?|sitting|sat|seated|supine|lying|recumbent|semi-?recumbent|semi-?supine)\b(?:[^.;()\d]{0,30}\bfor\s+|\s*\(\s*)"
    r"(?:at\s+least\s+|about\s+|approximately\s+|a\s+minimum\s+of\s+)?$",
    re.I,
)
A_PACK_YEAR = Sought(  # "10 pack-years (e.g. 20 cigarettes per day for 10 years)"
    "day", r"\b(?:cigarettes?|cigs?|packs?)\b[^.;,()]{0,25}?(?:per|/|a|each)\s?day\s+(?:for|x)\s+$", re.I
)
A_DAY = frozenset({"{cigarette}/d", "{pack}/d"})
AMOUNTS_TO = re.compile(r"(?:is|are)\s+(?:equal|equivalent)\s+to\s+(?:approximately|about|roughly)\b", re.I)
FOR_YEARS = re.compile(r"\s+(?:for|x)\s+\d+\s+years?\b", re.I)
PACK_YEARS = Sought("pack packs", r"\bpacks?[- ]?years?\b", re.I)
STUDY_PERIOD = Sought(  # "during the 26-week treatment period", "during the 26 weeks of the study"
    "period periods phase phases part portion study trial participation duration",
    r"[-\s]+(?:of\s+(?:the\s+|this\s+|our\s+)?)?(?:(?!(?:prior|before|after|of|to|in|at|from|the|since|until|following|"
    r"preceding|immediately|post)\b)[a-z-]+\s+){0,2}?"
    r"(?:(?:treatment|study|trial|intervention|observation|follow-?up|run-?in|dosing|maintenance|induction|double-?blind|"
    r"open-?label|placebo-controlled|extension|screening|baseline|randomi[sz]ed|main)[-\s]+(?:period|phase|part|portion|"
    r"participation|duration)s?|study|trial|duration\s+of\s+the\s+(?:study|trial))\b(?!\s+(?:drug|medication|treatment))",
    re.I,
)
OF_THE_STUDY = Sought(
    "during throughout over through for in of or and",
    r"\b(?:during|throughout|over|through|for|in|of|or|and)\s+(?:(?:the|this|a|an|our|entire|whole|full)\s+)+$",
    re.I,
)
OF_REST = re.compile(
    r"\s*(?:of\s+|in\s+(?:a\s+|the\s+)?)?(?:(?:supine|quiet|seated|sitting|semi-?supine|semi-?recumbent|recumbent)\s+)*"
    r"(?:rest|resting|supine|seated|sitting|recumbent)\b",
    re.I,
)


NORMALLY = re.compile(
    r"[(\[]\s*(?:the\s+)?(?:(?:institutional|local|laboratory|lab)\s+)?(?:normal|reference|ref\.?)"
    r"(?:\s+(?:reference|laboratory))?(?:\s+(?:ranges?|values?|limits?|levels?|intervals?))?\s*(?:[:=,]|is|of|being|are)?\s*$",
    re.I,
)
ABNORMAL = re.compile(r"\babnormal\b[^;.()]{0,60}$", re.I)
COMPARED = re.compile(r"[<>≤≥=]\s*\d|\b(?:than|least|most|above|below|over|exceed\w*|elevated|normal)\b", re.I)
AVERAGE_OF = Sought(
    "average mean median",
    r"\b(?:average|mean|median)\s+(?:(?:values?|results?)\s+)?(?:(?:calculated|obtained|derived)\s+)?(?:of|from)\s+(?:the\s+|all\s+)?(?:last\s+)?(?:\d+\s+of\s+)?$",
    re.I,
)
READINGS = re.compile(
    r"\s+(?:of\s+\d+\s+)?(?:[a-z-]+\s+){0,2}(?:readings|measurements|values|ECGs|recordings|determinations|assessments|samples|tests)\b",
    re.I,
)
RISK = re.compile(r"(?:\brisk|\bp?[TN]\d[a-c]?)\s*\($")  # "intermediate risk (1-2 factors)", "pN2 (4-9 nodes)"
OCCASION = re.compile(r"\s+(?:single\s+)?(?:occasion|reading|measurement)\b", re.I)
JOINT_COUNT = re.compile(r"\s*-?\s*(?:tender\s+|swollen\s+)?joint\s+(?:counts?|assessment|evaluation|score)\b", re.I)
ALL_JOINTS = frozenset({28, 44, 66, 68, 76, 78})  # that are looked at: "6/68 tender joints", "based on 28 joints"
OF_THEM_ALL = re.compile(r"(?:/\s*|\bof\s+(?:the\s+)?|\bbased\s+on\s+(?:an?\s+|the\s+)?)$", re.I)
OF_JOINTS = re.compile(
    r"\s+(?:[a-z-]+\s+){0,3}joints?\b|\s+(?:tender|swollen|painful)\s*(?:,|and|or|&)\s*[≥>]?\s*\d", re.I
)  # or "≥ 6/68 tender and ≥ 6/66 swollen joints"


NO_NOUN = re.compile(r"\s+no\s+(?:evidence|signs?|symptoms?)\b", re.I)
OUT_OF_RANGE = re.compile(
    r"\s*(?:outside|out\s+of|beyond)\s+(?:of\s+)?(?:the\s+|their\s+)?(?:\w+\s+){0,3}?(?:ranges?|limits?)\b", re.I
)
SAMPLES = re.compile(  # of tissue: in "walking 2 blocks" it is a distance
    r"\s*(?:(?:freshly|cut|serial|unstained|stained|FFPE|formalin-fixed|paraffin-embedded|paraffin|tissue|tumou?r|additional|"
    r"positively|charged|core|blank|glass|consecutive|archival|new)[\s,/-]+){0,6}"
    r"(?:slides?|sections|pieces|(?<=(?:in|ue|PE|ed|or|ur)\s)blocks?|tubes|vials|specimens)\b",
    re.I,
)


def how_measured(text: str, q: Quantity) -> Reason | None:
    """The reason why an amount is none that a patient is compared with."""
    front = text[max(0, q.start - 80) : q.start]
    before = max(0, q.start - 80), q.start
    how = HOW.search(text, *before) if q.unit else None
    if how or (q.unit and HOW_BEHIND.match(text, q.end)):
        return "protocol"
    if q.unit and OF_A_TEST.search(text, *before):
        return "definition"  # "a pregnancy test with a minimum sensitivity of 25 IU/L"
    if q.unit == "%" and (
        ROUNDED.match(text, q.end) or ROUNDED_TO.search(text, max(0, q.number_start - 20), q.number_start)
    ):
        return "protocol"
    if q.unit in ("ug", "mg") and OF_A_RELIEVER.match(text, q.end) and OF_THE_LUNG.search(text):
        return "protocol"  # "FEV1/FVC < 70 % after 400 µg of salbutamol": how it is measured
    if OF_A_FORMULA.match(text, q.number_end) or (
        IN_A_FORMULA.search(text, max(0, q.number_start - 40), q.number_start) and COEFFICIENTS.search(text)
    ):
        return "definition"  # "predicted (L) = 4.30 x height (m) - 0.029 x age (years) - 2.49"
    if q.unit == "%" and OUT_OF_RANGE.match(text, q.end):
        return "unread"  # "> 10 % outside the normal range": neither 10 % of it nor an amount of its own
    if q.unit == "m" and FROM_A_CHART.search(front):
        return "protocol"  # "ETDRS letters at a distance of 4 meters"
    if reference := normally(text, q):
        return None if reference == "outside" else "definition"
    if q.unit in A_DAY and FOR_YEARS.match(text, q.end) and PACK_YEARS.search(text):
        return "definition"  # of a pack-year: "20 cigarettes per day for 10 years"
    if q.unit and AMOUNTS_TO.match(text, q.start):
        return "definition"  # "300 mg of caffeine is equal to approximately 3 cups"
    if q.unit == "{pack}.a" and text.startswith("equal", q.start):
        return "definition"  # "both equal 10 pack-years"
    if q.unit is None and NO_NOUN.match(text, q.end):
        return "unread"  # "confirmed at least 4 no evidence of progression": its unit has been left out
    if q.unit is None and SAMPLES.match(text, q.end):
        return "protocol"  # "10-15 unstained slides": of the patient's tissue, not of the patient
    if q.unit is None and DIMENSIONS.match(text, q.end):
        return "protocol"  # "a lesion that can be measured in at least one dimension"
    if q.unit is None and not q.stated and _is_of_all_joints(text, q, front):
        return "definition"
    if q.unit is None and AVERAGE_OF.search(text, before[0], q.number_start) and READINGS.match(text, q.end):
        return "protocol"
    if q.unit is None and (RISK.search(front) or (q.low == 1 and not q.stated and OCCASION.match(text, q.end))):
        return "definition"
    spans = q.operator == "between" and q.low in (0, 1) and q.unit in (None, "{score}")
    if spans and (A_SCALE.search(front) or A_SCALE_BEHIND.match(text, q.end)):
        return "definition"
    if spans and ARTICLE.search(front) and KIND_OF_SCALE.match(text, q.end):
        return "definition"
    if spans and text[q.end : q.end + 1] in (")", "]") and _is_range_of_a_scale(text, front):
        return "definition"
    if (
        q.unit == "{Snellen}"
        and LETTERS_SAID.search(front)
        and (IN_SNELLEN.match(text, q.end) or SNELLEN_OF.search(front))
    ):
        return "restated"  # "between 24 and 70 letters (Snellen equivalent of 20/40 to 20/320)"
    return None


def normally(text: str, q: Quantity) -> str | None:
    """Whether brackets say what is normal of what has been limited in front of them, "outside" where that is abnormal.

    "AFP > 50 ng/mL (normal < 9 ng/mL)" limits AFP once; "abnormal kappa/lambda ratio (reference 0.26-1.65)" is outside.
    """
    opening = NORMALLY.search(text, max(0, q.start - 40), q.start)
    if opening is None:
        return None
    said = text[max(clause_start(text, opening.start()), opening.start() - 80) : opening.start()]
    if q.operator == "between" and ABNORMAL.search(said):
        return "outside"
    return "definition" if COMPARED.search(said) else None


def _is_of_all_joints(text: str, q: Quantity, front: str) -> bool:
    """ "68 joint count", "at least 6/68 tender joints": how many joints are looked at."""
    if JOINT_COUNT.match(text, q.end):
        return True
    return q.value in ALL_JOINTS and bool(OF_THEM_ALL.search(front) and OF_JOINTS.match(text, q.end))


def _is_range_of_a_scale(text: str, front: str) -> bool:
    """Whether brackets that hold a range say what values there are."""
    return RANGE_OF_IT.search(front) is not None or (front.endswith("(") and len(RANGES.findall(text)) > 1)


RELIEVERS = r"(?:salbutamol|albuterol|levalbuterol|ipratropium|bronchodilat\w+|SABA|inhalation|inhaler|puffs?)"
OF_A_FORMULA = re.compile(r"\s*[x×*]\s*[(\[]?\s*(?:height|age|weight|ht)\b", re.I)
IN_A_FORMULA = re.compile(r"\b(?:height|age|weight|ht)\b[^;<>≤≥=]{0,24}[-–−+]\s*$", re.I)
COEFFICIENTS = re.compile(r"\d\s*[x×*]\s*[(\[]?\s*(?:height|age|weight|ht)\b", re.I)
OF_A_RELIEVER = re.compile(r"\s*(?:of\s+|inhaled\s+)*(?:salbutamol|albuterol|levalbuterol|ipratropium)\b", re.I)
OF_THE_LUNG = re.compile(r"\bFEV|\bFVC|revers|spirom|bronchodilator\s+(?:test|response)", re.I)
AFTER_INHALING = re.compile(
    r"\s*(?:\([^()]{1,20}\)\s*)?(?:after|post|following)\s+(?:the\s+)?(?:(?:\d+|two|four)\s+(?:puffs?|inhalations?)\s+of\s+|"
    r"(?:inhalation|inhaling|administration|use|dosing)\s+(?:of\s+)?|(?:up\s+to\s+)?\d+\s*(?:µg|μg|mcg|ug|mg)\s+(?:of\s+)?)?"
    rf"(?:(?:an?|inhaled|nebuli[sz]ed|short-acting)\s+){{0,2}}(?:\d+\s*(?:µg|μg|mcg|ug|mg)\s+(?:of\s+)?)?{RELIEVERS}\b",
    re.I,
)


IN_A_DIARY = re.compile(r"\s+(?:[a-z]+\s+)?diar(?:y|ies)\b", re.I)
OF_A_PERIOD = re.compile(r"\s*-?\s*(?:period|interval)\b", re.I)
COUNTED_OVER = re.compile(  # "at least 1 episode of incontinence over the 72 h period"
    r"\b(?:episodes?|seizures?|attacks?|times|incidents|voids|urinations|bowel\s+movements)\b[^.;,]{0,60}\bover\s+(?:the\s+|an?\s+)?$",
    re.I,
)


def at_rest(text: str, q: Quantity) -> Reason | None:
    """The reason why a time is none: how long the study or a rest before a measurement lasts, what a pack-year is."""
    if IN_A_DIARY.match(text, q.end):
        return "protocol"  # "at least 1 episode a day over a 3-day diary"
    if (
        q.unit in ("h", "d")
        and OF_A_PERIOD.match(text, q.end)
        and COUNTED_OVER.search(text, max(0, q.start - 100), q.start)
    ):
        return "protocol"
    if STUDY_PERIOD.match(text, q.end) and OF_THE_STUDY.search(text, max(0, q.start - 40), q.start):
        return "protocol"
    if q.unit == "a" and A_PACK_YEAR.search(text, max(0, q.start - 60), q.start) and PACK_YEARS.search(text):
        return "definition"
    if q.unit != "min":
        return None
    if AFTER_INHALING.match(text, q.end):
        return "protocol"  # "reversibility 15-30 min after 4 puffs of salbutamol": how it is measured
    return "protocol" if AT_REST.search(text, max(0, q.start - 80), q.start) or OF_REST.match(text, q.end) else None


def says_again(text: str, before: tuple[str | None, int], attribute: str | None, first: int, end: int) -> bool:
    """Whether a class in brackets is the one `before` it, (attribute, end), in another scale."""
    other, at = before
    if other == "child_pugh" and attribute == "child_pugh_points":
        opening = OPENS_POINTS
    elif other in PERFORMANCE and attribute in PERFORMANCE and other != attribute:
        opening = OPENS_AGAIN
    else:
        return False
    return opening.fullmatch(text, at, first) is not None and CLOSES.match(text, end) is not None


def set_aside(
    text: str, quantities: Sequence[Quantity], why: Callable[[str, Quantity], Reason | None]
) -> tuple[list[Quantity], list[Loose]]:
    """(amounts that may bind, the others with the reasons that `why` gives)."""
    kept: list[Quantity] = []
    loose: list[Loose] = []
    for q in quantities:
        reason = why(text, q)
        if reason is None:
            kept.append(q)
        else:
            loose.append(Loose(q.start, q.end, reason))
    return kept, loose
