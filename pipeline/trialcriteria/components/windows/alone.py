"""One time by its own words: a window from an event to its anchor, a washout, a spacing, or how long a state lasts."""

import re
from collections.abc import Sequence

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.limits import Limit
from trialcriteria.components.subjects import behind_brackets, clause_start, words_after, words_before
from trialcriteria.components.telling import Sought
from trialcriteria.components.terms import Term
from trialcriteria.components.windows.cues import (
    Around,
    Cue,
    Entries,
    anchor_behind,
    cue_before,
    cue_behind,
    is_whose_half_life,
)
from trialcriteria.components.windows.measured import (
    LAST,
    STUDY_ANCHORS,
    direction_of,
    measure,
    says_no_event,
    what_ends,
)

LASTING = re.compile(
    r"\b(?:duration|history|lasting|persist\w*|stable|unchanged|symptoms?|diagnos\w+|since|disease|course|pain|"
    r"experience|resid\w+|living|therapy|treatment|use|time|interval|period|stay|length)\b",
    re.I,
)
NEW_OR_DONE = re.compile(  # "newly diagnosed (< 3 months)", "resected, ≥ 1 year"
    r"\b(?:(?:newly|recently|recent|new)[\s-]+(?:diagnosed|onset)|(?P<done>resected|repaired|corrected|operated|implanted|removed|excised|discontinued|"
    r"completed|finished|inserted|transplanted|vaccinated))\s*,?\s*\(?\s*$",
    re.I,
)
IN_THE_LAST = re.compile(r"\s*,?\s*(?:with)?in\s+the\s+(?:last|past|previous|preceding|prior)\b", re.I)
MOMENTARY = re.compile(  # "major surgery ≥ 4 weeks" is that long ago, whatever is asked of it
    r"(?<!duration of )(?<!length of )(?<!course of )\b(?:surger(?:y|ies)|operations?|"
    r"(?:surgical|minor|major|invasive)\s+procedures?|biops(?:y|ies)|transfusions?|vaccinations?|vaccines?|transplant(?:ation)?s?|radio(?:therapy|surgery)|irradiation|"
    r"(?:XRT|RT|radiation)(?:\s+therapy)?|resections?|colostomy)\s*[:,]?\s*\(?\s*$",
    re.I,
)
OF_A_DAY = frozenset({"h", "min", "s"})
LAST_ONE = re.compile(  # "last dose administered ≥ 4 weeks" is that long ago
    r"\b(?:last|most\s+recent|final)\s+(?:doses?|treatment|administration|injection|infusion|therapy|exposure|intake|"
    r"vaccination|transfusion|chemotherapy|surgery|radiotherapy)\b[^.;,:]{0,30}$",
    re.I,
)
STEADY = re.compile(r"\b(?:stable|unchanged|constant|steady|no (?:\w+ )?changes?|without changes?)\b", re.I)
STABLE = re.compile(r"\bstable\b[^.;,\d]*\bfor\s+(?:at\s+least\s+|a\s+minimum\s+of\s+)?$", re.I)
STEADY_IN = re.compile(
    r"\b(?:stable|unchanged|constant|fixed)\s+(?:[\w-]+\s+){0,3}?(?:(?:doses?|dosages?|dosing|regimens?|treatment|therapy)\s+)?$",
    re.I,
)
KEPT_STEADY = re.compile(  # "on a stable dose at least 3 months before screening" lasts that long
    r"\b(?:stable|unchanged|constant)\s+(?!disease|CNS|brain|metasta)(?:(?!(?:who|which|that|occurred|started|begun|diagnosed|made|undergone|"
    r"performed|completed|discontinued|stopped|ended|last|or)\b)[\w/-]+(?:\s*\([^()]*\))?\s+){0,7}$",
    re.I,
)
AT_LEAST_THE = re.compile(r"\b(?:for|since|over)\s+(?:at\s+least|a\s+minimum\s+of)\s+$", re.I)
A_COURSE = re.compile(r"\b(?:duration|history|course)\b[^.;:,()]{0,60}$", re.I)
WASHED_OUT = re.compile(r"\bwash(?:ed)?[- ]?out\b[^.;:()]*$", re.I)
HISTORY = re.compile(
    r"\s*(?:\(\s*or\s+(?:more|longer)\s*\)\s*|or\s+(?:more|longer|greater)\s+)?(?:documented\s+|clinical\s+|known\s+)?"
    r"history\s+of\s+",
    re.I,
)
LASTS = re.compile(r"\s*(?=post-?\s?menopausal\b)", re.I)  # "two years post-menopausal"
STARTS = (
    Sought(  # "contraception starting 2 weeks prior to the first dose", "unwilling to abstain from 48 hours before"
        "contraception contraceptive birth abstain abstinence refrain",
        r"\b(?:contracepti\w+|birth\s+control|abstain\w*|abstinence|refrain\w*)\b[^.;]{0,80}?"
        r"\b(?:from|starting|beginning|commencing)\s+(?:(?:at|approximately|about)\s+)?$",
        re.I,
    )
)
USED_FROM = Sought(  # "use of supplements (from 1 week prior to the study)" is use within that week
    "use using uses usage taking intake received receipt",
    r"(?<!\bno )(?<!\bstop )\b(?:use|using|uses|usage|taking|intake|received|receipt)\b"
    r"(?:(?!\b(?:stable|same|washout|free)\b)[^.;]){0,180}?"
    r"[\s(](?:(?:starting|beginning)\s+(?:(?:at|from|approximately|about)\s+)*|from\s+)$",
    re.I,
)
FOLLOWING = Sought(  # "within the following time period prior to the first dosing day: 30 days or 5 half-lives"
    "following",
    r"\bwithin\s+the\s+following\s+(?:time\s+)?(?:periods?|intervals?|windows?|time\s?frames?)\s+"
    r"(?P<before>prior\s+to|before|preceding)\s[^:.;]{3,80}:\s*$",
    re.I,
)
GOES_ON_UNTIL = re.compile(
    r"\b(?:(?:is|are|may|can|will)\s+(?:be\s+)?(?:allowed|permitted|given|used|continued|taken)|continued)\s+(?:for\s+)?"
    r"(?:up\s+(?:to|until)|until)\s+$",
    re.I,
)
ELAPSED_IF = re.compile(  # "≥ 3 months must have elapsed if prior craniospinal irradiation"
    r"\s+(?:must|should|shall|needs?\s+to)\s+have\s+(?:elapsed|passed)\s+(?:if|in\s+(?:the\s+)?case\s+of|for)\s+"
    r"(?:(?:there\s+(?:is|was)|(?:the\s+)?patients?\s+(?:has|have|had)|the\s+subject\s+(?:has|had))\s+(?:received\s+)?)?"
    r"(?=prior|previous|other|substantial|treated|received)(?:(?:prior|previous|received|other|substantial)\s+)*",
    re.I,
)
OF_THE_DRUG = re.compile(
    rf"\s+of\s+(?:the\s+)?(?:[\w-]+\s+)?(?:antibody|drug|agent|medication|treatment)\s+(?:from|since|after)\s+{LAST}"
    r"(?:dose\s*(?:of\s+(?:an?\s+|the\s+)?)?)?",
    re.I,
)
FOR_LOCAL = re.compile(
    r"\s+for\s+(?=(?:local|focal|palliative|small|limited)\b)", re.I
)  # "≥ 2 weeks for local palliative RT"
ELAPSED_SOMEWHERE = re.compile(r"\bmust\s+have\s+elapsed\b", re.I)
BETWEEN = re.compile(
    rf"(?:\s*\([^()]*\))?[^.;:]{{0,30}}?\bbetween\s+{LAST}(?P<event>[^.;:]{{3,90}}?)\s+and\s+(?:the\s+)?", re.I
)
SINCE = re.compile(rf"\s*(?:\([^()]{{1,25}}\)\s*)?(?:interval\s+)?(?:from|since|after)\s+{LAST}", re.I)
INTERVAL_OF = re.compile(r"(?<!-free )(?<!free )\binterval\s+(?:of\s+)?$", re.I)
FREE = re.compile(r"\bfree[- ](?:of\s+treatment\s+)?(?:an?\s+)?$", re.I)
WITHIN_AT_LEAST = re.compile(r"within\b[^.;,]{0,12}\b(?:least|minimum)\b", re.I)
IN_THE = re.compile(
    r"\b(?:in|during|over|for|from|throughout|across)\s+(?:the|a)\s+(?:first\s+)?(?:period\s+of\s+)?$", re.I
)
DURING = re.compile(r"^(?!.*\b(?:abstain|abstinen|refrain|stable)).*\b(?:during|throughout)\s+$", re.I | re.S)
EARLIER = re.compile(r"(?P<not>\bnot?\s+)?\b(?:earlier|sooner)\s+than\s*$", re.I)
NAMES_A_TEST = re.compile(  # "in 24-hour urine", "in 6-minute walks"
    r"[\d\w]-(?!\w+\s+(?:period|window|interval|time\s?frame)\b)|\b(?:urine|collections?|samples?|recordings?|walk\w*|recalls?|survival|old|olds)\b",
    re.I,
)
WITH_WHAT = re.compile(  # "treated for at least 3 months prior to visit 1 with metformin"
    r"(?:\s+(?:prior\s+to|before)\s+(?:(?!(?:with|and|or)\b)[\w-]+\s*){1,4}?)?\s+with\s+(?!(?:the\s+)?exception)(?:an?\s+|the\s+)?",
    re.I,
)
TREATED_WITH = re.compile(
    r"\b(?:diagnosed|treated|treatment|presenting|presented|infected|vaccinated|hospitali[sz]ed)\s+$", re.I
)
BEGUN = re.compile(r"first|start|begin|initiat", re.I)


def read_alone(
    text: str, q: Quantity, words: Sequence[Term], anchors: Sequence[Term], entries: Entries
) -> Limit | None:
    """The time as a window or a duration; None where no words say so."""
    around = _look_around(text, q, words, anchors, entries)
    front = around.front
    history = LASTS.match(text, q.end) or (HISTORY.match(text, q.end) if around.back is None else None)
    if history:
        return _history(text, q, history.end())
    if (said := ELAPSED_IF.match(text, q.end)) and (event := words_after(text, said.end())):
        _compare(q, around.operator or ">=")
        return Limit(q, "time_window", None, event, "time-since", direction="before", anchor="now")
    if q.unit == "{half_life}" and front is None and (since := OF_THE_DRUG.match(text, q.end)):
        _compare(q, around.operator)  # "at least 3 half-lives of the antibody after the last dose of it"
        event = words_after(text, since.end())
        return Limit(q, "time_window", None, event, "time-since", direction="before", anchor="now")
    if (said := FOR_LOCAL.match(text, q.end)) and q.is_minimum and ELAPSED_SOMEWHERE.search(text):
        return Limit(
            q, "time_window", None, words_after(text, said.end()), "time-since", direction="before", anchor="now"
        )
    if front is None and around.back is None and (said := FOLLOWING.search(text, max(0, q.start - 150), q.start)):
        return _of_following(text, q, said, anchors)
    if front is None and around.back is None and not q.stated:
        return None
    if front and front.role == "spacing" and not q.stated:
        return None
    limit = _by_role(text, q, around, anchors)
    if limit is None:
        return None
    begun = min(front.start, q.start) if front else q.start
    if (said := WITH_WHAT.match(text, q.end)) and TREATED_WITH.search(text, max(0, begun - 30), begun):
        limit.span = words_after(text, said.end())
    looks_back = limit.kind == "time_window" and limit.direction == "before"
    if looks_back and q.operator is None and DURING.search(text, max(0, q.start - 80), q.number_start):
        rebound(q, "<=")  # "use of disulfiram during 2 weeks prior to screening"
    if looks_back and q.operator in (None, ">") and IN_THE.search(text, max(0, q.start - 16), q.number_start):
        rebound(q, "<=")  # "in the 6 months before", "over the 8 weeks before"
    if limit.rule == "window-before" and q.operator == "<=" and GOES_ON_UNTIL.search(text, 0, q.number_start):
        rebound(q, ">=")  # "transfusion is allowed up to 72 hours before the test"
    if limit.rule in ("window-before", "window-ago") and (
        turned := EARLIER.search(text, max(0, q.start - 4), q.number_start)
    ):
        rebound(q, "<=" if turned["not"] else ">")  # backwards, what is earlier is further away
    if front and front.role in ("window", "washout"):
        q.start = front.start
    return limit


def _history(text: str, q: Quantity, end: int) -> Limit:
    """ "At least a 2-year history of migraine"; `end`: where "history of" ends. Also "2 years post-menopausal"."""
    _compare(q, ">=")
    return Limit(q, "duration", None, words_after(text, end), "history-of")


def _of_following(text: str, q: Quantity, said: re.Match[str], anchors: Sequence[Term]) -> Limit:
    """A time that a colon announces as the window of what stands in front of it."""
    _compare(q, "<=")
    anchor, span = anchor_behind(text, said.end("before"), anchors) or ("now", None)
    event = words_before(text, said.start(), clause_start(text, said.start()))
    return Limit(q, "time_window", None, event, "window-within", direction="before", anchor=anchor, anchor_span=span)


def _look_around(text: str, q: Quantity, words: Sequence[Term], anchors: Sequence[Term], entries: Entries) -> Around:
    front, back = cue_before(text, q, words, entries), cue_behind(text, q, words, entries)
    if back and back.id == "of" and text[back.start : back.end].lower() == "with":
        back = None  # "diagnosed within 8 weeks with a carcinoma"
    if front and front.id == "in" and (q.stated or NAMES_A_TEST.search(text, q.number_start, q.end + 15)):
        front = None
    if back and back.id == "ago" and text[back.start : back.end].lower() == "prior":
        led = anchor_behind(text, back.end, anchors)
        if led and led[0] in STUDY_ANCHORS and led[1][0] - back.end < 20:
            back = back._replace(id="before")  # "4 weeks prior enrolment"
    if front and back and front.role == "duration" and _tells_when(text, q, front, back):
        front = None  # "radiotherapy during the 4 weeks before randomization", "diagnosed over 1 year ago"
    anchor = anchor_behind(text, back.end, anchors) if back and back.direction else None
    if anchor and is_whose_half_life(text, q, anchor):
        return Around(front, None, None)
    return Around(front, back, anchor)


def _tells_when(text: str, q: Quantity, front: Cue, back: Cue) -> bool:
    """Whether an amount between "during"/"over" and "before"/"ago" says when something was, not how long it lasts."""
    if back.id == "ago":
        return True
    led = text[max(0, front.start - 6) : front.end]  # "in a period of 90 days before"
    if back.id != "before" or not re.search(r"\b(?:during|over|across|in)\b", led, re.I):
        return False
    return STEADY.search(text, clause_start(text, q.start), front.start) is None


def _by_role(text: str, q: Quantity, around: Around, anchors: Sequence[Term]) -> Limit | None:
    role, role_behind = around.role, around.back.role if around.back else None
    front = around.front
    if front and front.role == "spacing" and FREE.search(text, 0, front.start):
        _compare(q, around.operator)  # "a platinum-free interval of at least 90 days"
        return Limit(q, "duration", None, words_before(text, q.start, clause_start(text, q.start)), "duration-of-state")
    if ELAPSED.match(text, q.end) and (since := _between(text, q, around, anchors)):
        return since  # "a period of 4 weeks should elapse between chemotherapy and enrolment"
    if INTERVAL_OF.search(text, max(0, q.start - 20), q.start) and (since := _interval(text, q, around, anchors)):
        return since
    if "spacing" in (role, role_behind):
        return _between(text, q, around, anchors) or _interval(text, q, around, anchors) or _spacing(q, around)
    if "washout" in (role, role_behind):
        return _washout(q, around)
    if role == "window" and _lasts_until(text, q, around):
        return Limit(q, "duration", None, None, "duration")
    if role == "window":
        if front and front.id == "past" and _has_lasted(text, front):
            _compare(q, ">=")  # "at a stable dose during the last 4 weeks", "for at least the past 6 months"
            return Limit(q, "duration", None, None, "duration")
        return _window(text, q, around)
    return _duration(text, q, around) if role == "duration" else _state(text, q)


def _has_lasted(text: str, front: Cue) -> bool:
    if AT_LEAST_THE.search(text, max(0, front.start - 30), front.start) or STEADY_IN.search(text, 0, front.start):
        return True
    all_of_it = text[front.start : front.start + 4].lower() == "for "
    return all_of_it and KEPT_STEADY.search(text, clause_start(text, front.start), front.start) is not None


def _compare(q: Quantity, operator: str | None) -> None:
    """The words around a time say how it compares, where its own do not."""
    if q.operator is None and operator:
        rebound(q, operator)


def _between(text: str, q: Quantity, around: Around, anchors: Sequence[Term]) -> Limit | None:
    """ "At least 4 weeks must have elapsed between the last chemotherapy and enrolment": a distance from its anchor."""
    said = BETWEEN.match(text, q.end)
    anchor = anchor_behind(text, said.end(), anchors) if said else None
    if said is None or anchor is None or anchor[0] not in STUDY_ANCHORS:
        return None
    _compare(q, around.operator)
    limit = Limit(q, "time_window", None, said.span("event"), "time-since", direction="before")
    limit.anchor, limit.anchor_span = anchor
    return limit


ELAPSED = re.compile(
    r"(?:\s*\([^()]*\))?\s+(?:must|should|have to|need to)\s+(?:have\s+)?(?:elapsed?|pass(?:ed)?)\b", re.I
)


UNTIL = re.compile(
    r"[^.;:,()]{0,40}?\s(?:to|until|and)\s+(?:the\s+)?(?=(?:study|enrol|registr|randomi|treatment|start|first|day)\w*)",
    re.I,
)


def _interval(text: str, q: Quantity, around: Around, anchors: Sequence[Term]) -> Limit | None:
    """ "An interval of at least 3 weeks from the last chemotherapy"."""
    since = SINCE.match(text, q.end)
    event = words_after(text, since.end()) if since else None
    if since is None or event is None or FREE.search(text, 0, around.front.start if around.front else q.start):
        return None
    _compare(q, around.operator or (">=" if ELAPSED.match(text, q.end) else None))
    until = UNTIL.match(text, event[1])
    anchor, span = (anchor_behind(text, until.end(), anchors) if until else None) or ("now", None)
    return Limit(q, "time_window", None, event, "time-since", direction="before", anchor=anchor, anchor_span=span)


def _spacing(q: Quantity, around: Around) -> Limit:
    _compare(q, around.operator)
    return Limit(q, "duration", None, None, "spacing")


def _washout(q: Quantity, around: Around) -> Limit:
    _compare(q, around.operator or ">=")
    anchor, span = around.anchor or ("now", None)
    return Limit(q, "time_window", None, None, "washout", direction="before", anchor=anchor, anchor_span=span)


def _duration(text: str, q: Quantity, around: Around) -> Limit:
    back = around.back
    led = text[clause_start(text, q.start) : q.start]
    if back is None or back.id != "after" or STABLE.search(led):
        _compare(q, ">=")
        return Limit(q, "duration", None, None, "duration")
    _compare(q, "<=")
    limit = Limit(q, "time_window", None, None, "window-after", direction="after")
    limit.anchor, limit.anchor_span = around.anchor or (None, words_after(text, back.end))
    if around.anchor is None and says_no_event(text, back):
        limit.anchor = what_ends(text, q)
    return limit


def _state(text: str, q: Quantity) -> Limit | None:
    """A comparator alone: "symptoms ≥ 6 weeks" last, "chemotherapy ≤ 21 days" is that long ago."""
    before = words_before(text, q.start, clause_start(text, q.start))
    after = words_after(text, q.end) if text[q.end : q.end + 1] != "." else None
    if before is None and after is None:
        return None
    if before and (noun := behind_brackets(text, before, q.start, q.end)):
        return Limit(q, "duration", None, noun, "duration-of-state")  # "chronic (> 3 months) NSAID therapy"
    if WASHED_OUT.search(text, clause_start(text, q.start), q.start):
        return Limit(q, "time_window", None, before, "washout", direction="before", anchor="now")
    event = NEW_OR_DONE.search(text, max(0, q.start - 40), q.start)
    if event and (event["done"] is None or q.is_minimum):
        return Limit(q, "time_window", None, before, "window-bare", direction="before", anchor="now")
    begin = max(clause_start(text, q.start), q.start - 60)
    momentary = q.is_minimum and q.unit not in OF_A_DAY and MOMENTARY.search(text, begin, q.start)
    if momentary or LAST_ONE.search(text, begin, q.start):
        return Limit(q, "time_window", None, before, "window-bare", direction="before", anchor="now")
    said = text[slice(*before)] if before and not after else ""
    if said and q.is_maximum and not LASTING.search(said) and not IN_THE_LAST.match(text, q.end):
        return Limit(q, "time_window", None, None, "window-bare", direction="before", anchor="now")
    return Limit(q, "duration", None, None, "duration-of-state")


def _lasts_until(text: str, q: Quantity, around: Around) -> bool:
    """Whether a time before something is how long a state has lasted by then: "a stable dose 3 months before"."""
    if around.front or around.back is None or around.back.id != "before" or not q.is_minimum:
        return False
    if text[q.start : q.start + 3].lower() == "of " and A_COURSE.search(text, 0, q.start):
        return True
    return KEPT_STEADY.search(text, clause_start(text, q.start), q.start) is not None


def _window(text: str, q: Quantity, around: Around) -> Limit:
    _compare(q, around.operator)
    cue = around.front or around.back
    assert cue
    if cue.id == "within" and q.operator == ">=" and WITHIN_AT_LEAST.match(text, cue.start):
        rebound(q, "<=")  # "within a minimum of 30 days"
    limit = Limit(q, "time_window", None, None, f"window-{cue.id}", direction=cue.direction)
    back = around.back
    if back and back.role == "window":
        limit.direction = direction_of(text, around, back)
        measure(text, limit, around, back)
    if limit.kind == "time_window":
        limit.direction = limit.direction or "before"
        if limit.anchor is None and limit.anchor_span is None:
            limit.anchor = "now"
        if limit.direction == "before" and STARTS.search(text, max(0, q.start - 120), q.number_start):
            _compare(q, ">=")
        elif (
            limit.direction == "before"
            and q.operator != "between"
            and USED_FROM.search(text, max(0, q.start - 220), q.number_start)
        ):
            rebound(q, "<=")
    begins = limit.anchor_span if limit.anchor in ("first_dose", "treatment_start") else None
    if limit.rule == "window-until" and begins and not BEGUN.search(text[slice(*begins)]):
        limit.anchor = "last_dose"  # "until 6 months post treatment"
    return limit
