"""Which cues of a clause govern a limit or a mention, and which are about something else in it.

"Do not meet …" governs a whole list, "no" only what follows at once; a permission behind is about the last limit.
"""

import itertools
import re
from collections.abc import Sequence

from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.protocols import PERFORMANCE
from trialcriteria.components.reach import closes
from trialcriteria.components.recoveries import not_gone_to
from trialcriteria.components.turns import Turn

WHOLE_LIST = re.compile(
    r"\b(?:meet|meeting|meets|fulfil|fulfill|fulfilling|satisfy|satisfying|comply|complying|none of|failure|"
    r"reach|reaching|recovered|controll\w+|lowered|reduced|maintain\w*|kept|corrected|raised|brought)\b",
    re.I,
)
NOT_POSSIBLE = re.compile(
    r"(?:(?:is|are|was|were)\s+)?(?:not\s+possible|impossible)", re.I
)  # "R0 resection is not possible"
JUST_A_NOUN = re.compile(r"\s*(?:[\w-]+\s+){0,2}")
NO_MORE = re.compile(r"no(?:t)?\b", re.I)
HAD_NO = re.compile(r".(?:(?:had|received|undergone)\s+)?not?\b(?!\s+(?:more|fewer|less|later)\s+than\b)", re.I)


def reaches(text: str, turn: Turn, limit: Limit, limits: Sequence[Limit]) -> bool:
    """Whether a cue reaches a limit: "do not meet …" reaches a whole list, "no" only what follows at once.

    A permission behind ("≤ 5 x ULN is acceptable") is about the last limit in front of it.
    """
    behind = turn.start >= limit.quantity.end
    if behind and turn.category in ("PERMIT", "PROHIBIT") and NO_MORE.match(text, limit.quantity.start):
        return False  # "no more than two prior regimens are allowed"
    if behind and turn.category == "PERMIT":
        return _permission_reaches(text, turn, limit, limits)
    if behind and turn.category == "PROHIBIT":
        return _prohibition_reaches(text, turn, limit, limits)
    if turn.category == "NEGATED" and turn.words.lower().startswith(("non-", "nonp")):
        return False  # "men and non-pregnant women, 18 to 80 years"
    if turn.category == "NEGATED" and limit.levels:
        gone = not_gone_to(text, limit)
        if gone and gone[0] <= turn.end and turn.start < gone[1]:
            return True
        if FROM_A_GRADE.fullmatch(text, turn.start, limit.first):
            return False  # "not recovered from grade 2 toxicity"
    if behind and turn.category == "NEGATED" and limit.levels and NOT_POSSIBLE.match(turn.words):
        return JUST_A_NOUN.fullmatch(text, limit.quantity.end, turn.start) is not None
    if turn.category != "NEGATED" or WHOLE_LIST.search(turn.words) or limit.is_time:
        return True
    start = limit.quantity.start
    if limit.span and not limit.inherited and turn.end <= limit.span[0]:
        start = min(start, limit.span[0])
    between = OF_WHOM_NOT.sub(" ", text[turn.end : start])
    if turn.end <= start and limit.attribute not in PERFORMANCE and _denies_all(text, turn, between):
        return True
    if turn.end <= start and len(between) < 40 and not re.search(r"(?i)[,;:.()]|\b(?:and|or|if|with|who)\b", between):
        return True
    if turn.end <= start and OF_A_LESION_WITH.fullmatch(between):
        return True  # "no PSMA-negative lesion with a short axis > 2.5 cm"
    if turn.end <= start and _is_in_denied_list(text, turn, limit, start):
        return True
    before = _before_in_list(text, limit, limits)
    return before is not None and turn.end <= before.first and reaches(text, turn, before, limits)


OF_A_LESION_WITH = re.compile(
    r"\s*(?:[\w-]+\s+){0,4}(?:lesions?|nodes?|metastas[ie]s|tumou?rs?|mass(?:es)?)\s+with\s+(?:an?\s+|the\s+)?(?:[\w-]+\s+){0,3}",
    re.I,
)
TNM = frozenset({"tnm_t", "tnm_n", "tnm_m"})
GOES_ON = re.compile(  # "… > 3 mg/dL or", "… C cirrhosis, or", "T1-2, N0,"
    r"(?:\s+(?!(?:and|but|if|unless|except|with|who|must|should|may|is|are|was|were)\b)[\w-]+){0,3}\s*"
    r"(?:,\s*(?P<last>(?:or|nor)\s+)?|(?P<or>\b(?:or|nor)\s+))(?:any\s+|an?\s+)?",
    re.I,
)


def _before_in_list(text: str, limit: Limit, limits: Sequence[Limit]) -> Limit | None:
    """The limit in front of this one in a list that "or" closes ("no A > 2, B > 3 or C > 4") or of TNM classes."""
    row = sorted((other for other in limits if not other.is_time), key=lambda other: other.first)
    at = next((n for n, other in enumerate(row) if other is limit), 0)
    if not at:
        return None
    joint = GOES_ON.fullmatch(text, row[at - 1].quantity.end, limit.first)
    closed = joint is not None and (
        joint["last"] or joint["or"] or _is_closed(text, row[at:]) or _are_tnm(row[at - 1], limit)
    )
    return row[at - 1] if closed else None


def _is_closed(text: str, row: Sequence[Limit]) -> bool:
    """Whether the list that begins here goes on to an "or"."""
    for limit, following in itertools.pairwise(row):
        joint = GOES_ON.fullmatch(text, limit.quantity.end, following.first)
        if joint is None or joint["last"] or joint["or"]:
            return joint is not None
    return False


def _are_tnm(*limits: Limit) -> bool:
    return all(limit.attribute in TNM for limit in limits)


FROM_A_GRADE = re.compile(r"(?:\w+\s+){0,4}recovered\s+from\s+(?:an?\s+|any\s+)?", re.I)
OF_WHOM_NOT = re.compile(
    r"^\s*(?:patients|subjects|participants)\s+(?:with|who have|having)\b", re.I
)  # "No patients with"
OPENS = re.compile(r"(?:^|[.;•*]\s*)\W*$")
SOMETHING_ELSE = re.compile(
    r"[,;:.()]|\b(?:and|but|if|unless|except|must|should|shall|may|allowed|permitted|is|are|was|were|who)\b", re.I
)
FARTHEST = 110


def _denies_all(text: str, turn: Turn, between: str) -> bool:
    """ "No resting ECG with a QTc > 480 ms": what begins with "No" denies all of its clause."""
    return _opens_with_no(text, turn) and len(between) < FARTHEST and SOMETHING_ELSE.search(between) is None


def _opens_with_no(text: str, turn: Turn) -> bool:
    no = turn.words.lower() == "no" or turn.words.startswith("No ")
    return no and OPENS.search(text, max(0, turn.start - 6), turn.start) is not None


def without_said_twice(text: str, mine: Sequence[Turn], above: Sequence[Turn]) -> list[Turn]:
    """The cues above without "None of the following:" where an item says it once more: "- No arrhythmia"."""
    if not any(turn.category == "NEGATED" and _opens_with_no(text, turn) for turn in mine):
        return list(above)
    return [turn for turn in above if turn.category != "NEGATED" or not turn.words.lower().startswith("none of")]


ANOTHER_CLAUSE = re.compile(
    r"[;:.]|\b(?:and|but|if|unless|except|must|should|shall|may|allowed|permitted|is|are|was|were|has|have|who|than|to|then)\b|"
    r"[<>≤≥=]",
    re.I,
)
GRADED = re.compile(r"\bgrades?\s*[<>≤≥=]{1,2}|[<>≤≥=]{1,2}\s*(?=grade\b)", re.I)
LAST_OF_LIST = re.compile(r"(?:,|\w)\s+or\s+(?:[\w-]+\s+){0,3}$", re.I)
ONE_OF_LIST = re.compile(r",\s*(?:[\w-]+\s+){0,3}$")
LIST_CLOSES = re.compile(r"[^.;:<>≤≥]{0,60}?,?\s+or\s", re.I)


def _is_in_denied_list(text: str, turn: Turn, limit: Limit, start: int) -> bool:
    """ "No arrhythmia, fibrillation, or QTc > 500 ms": a measure that "or" joins to what is denied is denied too.

    `start`: where the measure's name begins. A comma alone joins nothing: "no anaemia, platelets > 100,000".
    """
    if limit.kind not in ("lab", "vital") or not _opens_with_no(text, turn):
        return False
    between = GRADED.sub("", text[turn.end : start])
    if len(between) > 2 * FARTHEST or ANOTHER_CLAUSE.search(between) or between.count("(") > between.count(")"):
        return False
    if LAST_OF_LIST.search(between):
        return True
    return ONE_OF_LIST.search(between) is not None and LIST_CLOSES.match(text, limit.quantity.end) is not None


OF_WHOM = re.compile(
    r"\b(?:(?:patients|subjects|participants|individuals|those|women|men)\s+(?:with|who\s+have|having)|if)\b[^;]{0,60}$",
    re.I,
)
THE_PATIENT = re.compile(
    r",\s*(?:then\s+)?(?:the\s+|these\s+|such\s+)?(?:(?:patient|subject|participant|individual)s?|they)\s*$", re.I
)
OF_OTHERS = re.compile(r"[;,]|[.](?!\d)|\b(?:patients|subjects|participants|individuals|those|women|men|but)\b", re.I)


def _prohibition_reaches(text: str, turn: Turn, limit: Limit, limits: Sequence[Limit]) -> bool:
    """Whether a prohibition behind is about a limit: the last one in front, and all that say who is meant.

    "Patients with ALT > 2 x ULN together with bilirubin > 2 x ULN are not eligible."
    """
    end = limit.quantity.end
    if not any(
        end <= other.quantity.start and other.quantity.end <= turn.start for other in limits if not other.is_time
    ):
        return True
    whom = OF_WHOM.search(text, max(0, limit.first - 90), limit.first) is not None
    return whom and OF_OTHERS.search(THE_PATIENT.sub("", text[end : turn.start])) is None


OTHERS_OWN = re.compile(  # "Hb ≥ 9 g/dL, transfusion permitted"
    r"\s*[,;]\s*(?!(?:if|in|for|on|when|with|who|which|that|provided|unless|and|or|but|also|each|none|all|these|this|is|are)\b)"
    r"[A-Za-z][\w\s/-]*",
)
BEHIND_BRACKETS = re.compile(r"\)\s+[A-Z][a-z]+\s")
JOINED = re.compile(r"\s*(?:,?\s*and)\s+(?:[\w-]+\s+){0,3}", re.I)
LISTED = re.compile(r"\s*(?:,\s*|,?\s*\b(?:and/or|and|or)\s+)(?:[\w-]+\s+){0,2}", re.I)  # "stage II, stage III or IV"
BEGINS = re.compile(r"(?:.*[.;]\s)?\W*(?:\d{1,2}[.)]\s*)?", re.S)


def _permission_reaches(text: str, turn: Turn, limit: Limit, limits: Sequence[Limit]) -> bool:
    """Whether a permission behind is about a limit: the last one in front of it, and those joined to it by "and".

    A sentence that begins with the limit is about it whatever else it says of size and number.
    """
    end = limit.quantity.end
    if BEHIND_BRACKETS.search(text, end, turn.start):
        return False  # "Hypertension (> 160 mmHg) Antihypertensive drugs are allowed"
    bracket = closes(text, end, turn.start)  # "(prednisone ≤ 10 mg or hydrocortisone ≤ 20 mg) is allowed"
    closed = end if bracket is None else bracket + 1
    between = [
        other
        for other in limits
        if not other.is_time and closed <= other.quantity.start and other.quantity.end <= turn.start
    ]
    if not between and bracket is not None and OF_WHOM.search(text, max(0, limit.first - 90), limit.first):
        return True
    if not between:
        return OTHERS_OWN.fullmatch(text, closed, turn.start) is None
    if limit.kind == "lesion" and all(other.kind == "lesion" for other in between):
        return BEGINS.fullmatch(text, max(0, limit.first - 12), limit.first) is not None
    first = min(between, key=lambda other: other.quantity.start)
    begin = first.first if first.first >= end else first.quantity.start
    alike = limit.levels and first.attribute == limit.attribute
    joint = (LISTED if alike else JOINED).fullmatch(text, end, begin)
    return joint is not None and _permission_reaches(text, turn, first, limits)


OF_WHAT_KIND = re.compile(
    r"\s+(?!(?:if|in|for|provided|when|as|only|at|with|after|unless|and|or|but|to|under|once|while|on|by|per)\b)[a-z]"
)
WHICH_ONE = re.compile(r"\b(?:an?|the|any|all|each|every|using|taking|on)\s+$", re.I)
OF_SOMEBODY = re.compile(r"\b(?:who|that|which)\s+$", re.I)
FOR_WHICH = re.compile(r"\b(?:for|in)\s+which\s+(?:the\s+)?(?:patients?|subjects?|participants?|they)\s+$", re.I)
NO_PERMISSION = re.compile(  # "unless deemed acceptable by the sponsor", "a protocol-allowed drug"
    r"-$|\b(?:unless|until|whether)\s+(?:[\w-]+\s+){0,4}$|"
    r"(?P<found>\b(?:deemed|considered|judged|found|medically|clinically|locally)\s+$)",
    re.I,
)


def goes_beyond(text: str, turn: Turn, start: int, limits: Sequence[Limit]) -> bool:
    """Whether a cue is none for what stands at `start`: "other than fenofibrate within 6 weeks, niacin" excepts one.

    Such a window is that of what the exception is made from; a comma or "or" behind it goes on with the list. What
    somebody would have to find acceptable is not permitted.
    """
    if turn.category == "PERMIT":
        if turn.words.lower() == "acceptable" and OF_WHAT_KIND.match(text, turn.end):
            return True  # "to reach acceptable levels"
        if turn.words.lower() in ("eligible", "allowed", "permitted") and WHICH_ONE.search(text, 0, turn.start):
            return True  # "an eligible second drug"
        if HAD_NO.match(text, turn.end):
            return True  # "patients may receive no chemotherapy", "may have had no chemotherapy"
        if OF_SOMEBODY.search(text, max(0, turn.start - 8), turn.start) and turn.words.lower().startswith("may"):
            return True  # "patients who may receive a transplant"
        if FOR_WHICH.search(text, max(0, turn.start - 40), turn.start):
            return True  # "a trial for which the patient is eligible"
        if start < turn.start and _is_dated_apart(text, turn, start, limits):
            return True
        refused = NO_PERMISSION.search(text, max(0, turn.start - 40), turn.start)
        return refused is not None and (refused["found"] is None or turn.words.lower() == "acceptable")
    if turn.category == "NEGATED" and UNABLE.match(turn.words) and FOR_EXAMPLE.search(text, turn.end, start):
        return True  # "unable to tolerate MRI, e.g. those with pacemakers"
    if turn.category == "NEGATED" and (again := AFRESH.search(text, turn.end, start)):
        return turn.words.lower().endswith(again["how"].lower())  # "not on therapy, or on monotherapy"
    return turn.category == "EXCEPTION" and any(
        limit.kind == "time_window"
        and limit.quantity.is_maximum
        and turn.end <= limit.quantity.start <= start
        and (limit.quantity.start == start or LIST_GOES_ON.match(text, _end_of(limit)))
        and excepts_from_a_whole(text, turn, limit, limits)
        for limit in limits
    )


FURTHER_NAME = re.compile(r"(?:,|\b(?:and|or|with))\s+(?-i:[A-Z])[\w-]*\s*$", re.I)
A_RESULT = re.compile(r"(?:must\s+be\s+|is\s+)?(?:(?:sero)?negative|undetectable|non-?\s?reactive|not\s+detect)", re.I)
TESTED = re.compile(  # what has a result by itself
    r"hepatitis|\bhep\b|HB[sceV]|HCV|HIV|anti-|HTLV|CMV|EBV|virus|antibod|antigen|syphilis|tubercul|test|screen|cultur|receptor|"
    r"\b(?:ER|PR|PgR|HER2|ALK|EGFR|Ph)\b",
    re.I,
)
POSITIVE = re.compile(r"positiv|\bdetectable|reactive|\+|elevated", re.I)


def is_result_of_another(text: str, turn: Turn, index: int, mentions: Sequence[Said]) -> bool:
    """Whether a result behind a mention is that of one further on: "asthma, HCV negative"."""
    one = mentions[index]
    if turn.category != "NEGATED" or turn.start < one.end or A_RESULT.match(turn.words) is None:
        return False
    if POSITIVE.search(text, one.start, one.end):
        return True
    nearer = any(one.end <= other.start and other.end <= turn.start for other in mentions[index + 1 :])
    nearer = nearer or FURTHER_NAME.search(text, one.end, turn.start) is not None  # "gliomas and Rb1 negative tumors"
    return nearer and one.label != "biomarker" and not TESTED.search(text, one.start, one.end)


UNABLE = re.compile(r"un(?:able|fit)|inab|cannot|can\s+not|not\s+able", re.I)
FOR_EXAMPLE = re.compile(
    r"\be\.?g\b|\bsuch\s+as\s+(?:those|patients|subjects)\b|\b(?:those|patients|subjects)\s+with\b", re.I
)
AFRESH = re.compile(r",?\s+or\s+(?P<how>on|receiving|taking|using)\s+(?:(?:an?|the|any|stable)\s+)*$", re.I)
ANOTHER_ONE = re.compile(r"\s*(?:\([^()]*\)\s*)?[,;]\s*(?!(?:which|who|that|if|provided|and|or|but)\b)\w")


def _is_dated_apart(text: str, turn: Turn, start: int, limits: Sequence[Limit]) -> bool:
    """ "Malignancy within 5 years, skin cancer is allowed": whose window ends in front of the next thing stays out."""
    return any(
        limit.kind == "time_window"
        and limit.quantity.is_maximum
        and start < limit.quantity.start
        and ANOTHER_ONE.match(text, _end_of(limit), turn.start)
        for limit in limits
    )


OTHER_THAN = re.compile(r"except(?: for)?|with (?:the )?exception of|apart from|aside from|excluding", re.I)
LIST_GOES_ON = re.compile(r"\s*(?:,|\bor\b|\band\b|;)", re.I)


def excepts_from_a_whole(text: str, turn: Turn, limit: Limit, limits: Sequence[Limit]) -> bool:
    """Whether an exception stands between a whole and its window: "malignancy except skin cancer within 5 years".

    The only window of a criterion is that of the whole behind a list too: "surgery except biopsies, within 2 weeks".
    """
    if turn.words.lower() == "other than":
        return True
    between = re.sub(r"\([^()]*\)", "", text[turn.end : limit.quantity.start])
    alone = sum(other.is_time for other in limits) == 1
    ends = r"[;:()]" if alone else r"[,;:()]"
    return OTHER_THAN.fullmatch(turn.words) is not None and re.search(ends, between) is None


def _end_of(limit: Limit) -> int:
    return max(limit.quantity.end, limit.anchor_span[1] if limit.anchor_span else 0)
