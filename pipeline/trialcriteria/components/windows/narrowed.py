"""What a window stands behind: the limit that it narrows ("at least two relapses in the past year"), else its event.

A window on a limit narrows that and those of its kind beside it. Which mention the event's words are of is said later,
in `events.py`, when the mentions are known.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

from trialcriteria.components.limits import Limit
from trialcriteria.components.subjects import clause_start, words_after, words_before
from trialcriteria.components.telling import Sought

NARROWING = re.compile(
    r"(?:\s|[,/()\[\]:-]|\b(?:measured|documented|obtained|performed|assessed|determined|tested|confirmed|as|by|"
    r"across|any|one|each|either|both|of\s+(?:them|these|which)|of\s+(?:(?:the|their|his|her|total|initial|baseline|usual|current)\s+)*(?:body\s*-?\s*)?weight|of\s+(?:the\s+)?baseline|(?<=%\s)change|average|monthly|at|on|in|is|was|were|be|must|should|within|during|screening|test|tests|result|results|level|levels|and|"
    r"the|of|done|recorded|observed|taken|occurring|based|laboratory|values?|which|that|have|has|been|must be|"
    r"collected|evaluated|averaged?|months?|weeks?|upon|CBC|differential|h(?:a)?ematology|chemistry|urinalysis|angiogra\w+|spirometry|TTE|ECHO|from|for|over|a|an|per|local|central|ECGs?|electrocardiogra\w+|echocardiogra\w+|MUGA|CT|MRI|"
    r"PET|scans?|imaging|x-?rays?|ultrasound|urine|blood|serum|bone|sample|or)\b|\([^()]*\))*$",
    re.I,
)
OF_WHAT_IS_COUNTED = re.compile(  # "no more than 2 [episodes] of severe vomiting in the …"
    r"(?:\s+(?!(?:and|or|but|with|without|who|whose|if|when|unless|except|including|for|due|requiring|despite|plus|"
    r"is|are|was|were|has|have|had|on|after|before|since|until)\b)[\w/-]+(?:\s*\([^()]{0,40}\))?){0,5}\s*"
    r"(?:\b(?:is|are|was|were|has|have|had|been|on average)\b\s*)?,?\s*$",
    re.I,
)
COUNTED_AT_LENGTH = re.compile(  # "2 exacerbations requiring systemic steroids (oral or intravenous) in the …"
    r"(?:\s+[\w-]+){0,4}?\s+(?:requiring|related\s+to|due\s+to|caused\s+by|leading\s+to|resulting\s+in|that\s+required|"
    r"treated\s+with|with|of\s+(?:\w+\s+){1,3}with)\s+(?:(?!\b(?:who|if|unless|except\w*|has|have|had|history|use|within|during|"
    r"and\s+(?:no|an?|any)|or\s+(?:an?|any|prior|history)|and/or|last)\b)(?:[^.;:()]|\([^()]*\))){1,110}$",
    re.I,
)
OF_ONE_OR_OTHER = re.compile(  # "3 or more episodes of back or neck pain in the …"
    r"\s+of(?:\s+[\w-]+){1,2}\s+or\s+(?!(?:received|history|prior|any|use|treatment|other)\b)[\w-]+(?:\s+[\w-]+)?\s*$",
    re.I,
)
OF_BLOOD = re.compile(  # "donated 450 mL (one unit) or more of his or her blood volume within 90 days"
    r"(?:\s|\([^()]*\)|\b(?:or|and|more|greater|of|his|her|their|whole|total|in|blood|plasma|platelets|volume|products?|m[lL]|millilit\w+)\b)*$",
    re.I,
)
ON_ITS_SCALE = re.compile(  # "suicidal ideation of type 4 or 5 on the C-SSRS in the past 6 months"
    r"\s+(?:on|of|per|by)\s+(?:the\s+)?(?-i:[A-Z][\w-]*[A-Z]\w*)(?:\s*\([^()]*\))?\s*$", re.I
)
OR_ELSE = re.compile(r"\)\s*or\s+$", re.I)  # "disseminated (one episode) or within 2 months"
HAVING_HAD = re.compile(
    r"[\s,]*(?:(?:the\s+)?(?:patients?|subjects?|participants?)\s+)?(?:(?:who|must|should|have|has|had|having|experienced|suffered)\s+)*",
    re.I,
)
LEADS = re.compile(r"\W*|.*\b(?:who|has|have|had|having|experienced)\s+", re.I | re.S)
MUST_BE = re.compile(r"[\s,)]*(?:(?:must|should|has\s+to|needs\s+to|is|was|be|are|were|of)\s+)*")
COMMA = re.compile(r"[\s),:]*(?:have |has |had )?")
FOR_A_PERIOD = Sought(
    "period duration time",
    r",?\s*\b(?:for|over|during|in)\s+an?\s+(?:total\s+)?(?:period|duration|time)(?:\s+of)?\s*$",
    re.I,
)
RECENT = Sought("recent", r"\s?recent\s?\(", re.I)
CLOSED = re.compile(r"\s*\)\s*(?=\w)")
IS_PRESENT = Sought("present", r"\b(?:is|are|was|were|been)\s+present$", re.I)
DURING = re.compile(r"\s*(?:(?:during|in|over|within|of|out\s+of)\s+)?(?:the\s+)?", re.I)
ON_OR_AT = re.compile(  # "complaints at the lower extremities", "work on the task": the head says what it is
    r"\s(?:at|on|in)\s+(?:the|an?|his|her|their)\s+$", re.I
)
DIGIT = re.compile(r"\d")
APART = re.compile(  # "two readings at least 4 hours apart within 28 days" are both of the readings
    r"\s*apart[\s,)]*(?:(?:and|both|all|measured|obtained|performed|taken|done|documented)\s+)*"
)
HABITS = frozenset({"alcohol", "smoking", "caffeine"})
A_HABIT = re.compile(r"alcohol|drink|smok|tobacco|cigar|caffein|coffee", re.I)
SENTENCE_ENDS = re.compile(r";|\.\s+[A-Z]|\n")
NOT_OF_A_HABIT = re.compile(
    r"\b(?:or|unable|unwilling|willing|stop\w*|refrain\w*|abstain\w*|no|not|former|subjects|patients|is\s+equal)\b|[.]\s+[A-Z]|;",
    re.I,
)
BRACKETED = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
OCCURRENCES = frozenset(
    {"episodes", "exacerbations", "relapses", "seizures", "attacks", "hospitalizations", "emergency_visits"}
)
OF_AN_EVENT = frozenset({"ctcae", "nyha", "stage", "ccs_angina", "tumor_grade"})  # classes of what happened, not tests


def find_narrowed(text: str, window: Limit, limits: Sequence[Limit], windows: Sequence[Limit]) -> None:
    """Set the limits that the window narrows, or the words of its event; `windows`: those in front of it."""
    if window.span is not None:
        return
    start = window.quantity.start
    if windows and APART.fullmatch(text, windows[-1].quantity.end, start):
        spacing = windows[-1]
        window.narrows = list(spacing.narrows)
        window.span = spacing.span or words_before(text, spacing.quantity.start, clause_start(text, start))
        return
    floor = clause_start(text, start)
    ended = max([_end(w, start) for w in windows if w.quantity.end <= start] + [floor])
    previous = [other for other in limits if floor <= other.quantity.end <= start]
    last = max(previous, key=lambda other: other.quantity.end, default=None)
    if last is not None and _is_of(text, window, last):
        window.narrows = [
            i
            for i, other in enumerate(limits)
            if other.kind == last.kind
            and (other.kind != "scale" or other.attribute == last.attribute)
            and ended <= other.quantity.start <= last.quantity.start
            and other.condition is None
        ]
        if not last.inherited:
            window.span = _words_of_days(text, last, ended) or last.span or words_before(text, start, ended)
    elif window.rule != "time-since":
        window.narrows = _limits_behind(text, window, limits)
        behind_colon = (
            window.kind == "time_window" and floor > 0 and not text[floor:start].strip() and text[floor - 1] in ":："
        )
        window.span = _words_of_recent(text, window) or _words_in_front(text, start, ended)
        window.span = window.span or _words_of_last(text, window, windows)
        window.span = window.span or (None if behind_colon else _words_behind(text, window))


def habits_of(text: str, window: Limit, limits: Sequence[Limit]) -> list[int]:
    """The amounts of a habit beside a window of no event: "regular alcohol use within 6 months: > 14 drinks a week"."""
    start, end = window.quantity.start, window.quantity.end
    habits = [i for i, other in enumerate(limits) if other.kind == "dose" and other.attribute in HABITS]
    front = [i for i in habits if limits[i].quantity.end <= start]
    behind = [i for i in habits if limits[i].quantity.start >= end]
    if behind and not NOT_OF_A_HABIT.search(text, end, limits[behind[0]].quantity.start + 1):
        out = behind
    elif front and not NOT_OF_A_HABIT.search(BRACKETED.sub("", text[limits[front[-1]].quantity.end : start])):
        out = front
    else:
        return []
    ends = [match.start() for match in SENTENCE_ENDS.finditer(text)]
    place = bisect_left(ends, start)
    out = [i for i in out if bisect_left(ends, limits[i].quantity.start) == place]
    if out and (window.span is None or not A_HABIT.search(text, *window.span)):
        window.span = limits[out[0]].span
    return out


def _limits_behind(text: str, window: Limit, limits: Sequence[Limit]) -> list[int]:
    """The limits behind a window whose measures stand in front of it: "GFR within 30 days must be ≥ 60 mL/min"."""
    start, end = window.quantity.start, max(window.quantity.end, window.anchor_span[1] if window.anchor_span else 0)
    leads = window.kind == "time_window" and window.direction == "before"
    if leads and LEADS.fullmatch(text, clause_start(text, start), start):
        counts = [i for i, other in enumerate(limits) if other.kind == "count" and other.quantity.start >= end]
        if counts and HAVING_HAD.fullmatch(text, end, limits[counts[0]].quantity.start):
            return counts[:1]  # "in the past year, at least 2 exacerbations"
    return [
        i
        for i, other in enumerate(limits)
        if other.span
        and other.span[1] <= start
        and other.quantity.start >= end
        and NARROWING.match(text, other.span[1], start)
        and MUST_BE.fullmatch(text, end, other.quantity.start)
    ]


def _words_of_days(text: str, limit: Limit, floor: int) -> tuple[int, int] | None:
    """What is there on so many days: "[heartburn] on at least 2 days a week in the past month"."""
    if limit.rule != "days-in-a-period":
        return None
    found = words_before(text, limit.quantity.start, floor)
    return found or words_after(text, limit.quantity.end)


def _words_of_recent(text: str, window: Limit) -> tuple[int, int] | None:
    """The event of a bracket behind "recent": "a recent (< 48 h) admission"."""
    start, end = window.quantity.start, window.quantity.end
    if window.anchor_span and window.anchor_span[0] >= end:
        end = window.anchor_span[1]
    led = RECENT.match(text, start) or RECENT.fullmatch(text, max(0, start - 8), start)
    closed = CLOSED.match(text, end) if led else None
    return words_after(text, closed.end()) if closed else None


def _words_of_last(text: str, window: Limit, windows: Sequence[Limit]) -> tuple[int, int] | None:
    """The event of the time in front, where nothing else stands between: "resident for 6 months in the last year"."""
    last = windows[-1] if windows and window.anchor_span else None
    if last is None or not DURING.fullmatch(text, last.quantity.end, window.quantity.start):
        return None
    return last.span


def _words_in_front(text: str, start: int, floor: int) -> tuple[int, int] | None:
    """The event's words in front of a window, down to its head."""
    said = FOR_A_PERIOD.search(text, floor, start)
    found = words_before(text, said.start() if said else start, floor)
    if found and IS_PRESENT.search(text, floor, found[1]):  # "a rash that has been present for 3 years"
        found = words_before(text, found[0], floor) or found
    place = ON_OR_AT.search(text, floor, found[0]) if found else None
    head = words_before(text, place.start(), floor) if place else None
    if head is None or found is None or place is None or head[1] != place.start() or DIGIT.search(text, *head):
        return found
    return head[0], found[1]


def _end(window: Limit, most: int) -> int:
    """Where a window ends that may have its anchor behind it, before another one that begins at `most`."""
    anchor = window.anchor_span[1] if window.anchor_span else 0
    return max(window.quantity.end, anchor if anchor <= most else 0)


HALF_LIFE = re.compile(r"(?:\w+\s+)?half-?\s?li(?:fe|ves)\b", re.I)
FOR_WHAT = re.compile(r"\s+(?:(?:stays?|admissions?|visits?)\s+)?(?:for|with)\s+(?:[\w-]+\s+){1,4}$", re.I)


def _is_of(text: str, window: Limit, limit: Limit) -> bool:
    """Whether only words that say how, or what is counted, stand between a limit and the window behind it."""
    if limit.kind == "other" and limit.span and HALF_LIFE.match(text, limit.span[0]):
        return False  # "drugs with a half-life > 24 h within one month"
    if limit.kind in ("age", "life_expectancy") or limit.attribute in (*OF_AN_EVENT, "bone_marrow_irradiated"):
        return False
    start, end = window.quantity.start, limit.quantity.end
    own = limit.span if not limit.inherited else None
    if own and end <= own[0] and own[1] <= start:
        end = own[1]
    if NARROWING.match(text, end, start):
        return OR_ELSE.search(text, end, start) is None
    if limit.attribute in ("blood_donation", "blood_loss") and OF_BLOOD.match(text, end, start):
        return True
    if limit.kind == "scale" and ON_ITS_SCALE.match(text, end, start):
        return True
    counted = OF_WHAT_IS_COUNTED.match(text, end, start) or OF_ONE_OR_OTHER.match(text, end, start)
    if limit.kind == "count" and limit.attribute in OCCURRENCES and window.kind == "time_window":
        counted = counted or COUNTED_AT_LENGTH.match(text, end, start)
        if limit.attribute in ("hospitalizations", "emergency_visits"):
            counted = counted or FOR_WHAT.match(text, end, start)
    return limit.kind == "count" and counted is not None


def _words_behind(text: str, window: Limit) -> tuple[int, int] | None:
    """The event's words where the window leads: "In the past year a stroke"."""
    if window.anchor_span is None:
        return words_after(text, window.quantity.end)
    comma = COMMA.match(text, max(window.quantity.end, window.anchor_span[1]))
    return words_after(text, comma.end()) if comma else None
