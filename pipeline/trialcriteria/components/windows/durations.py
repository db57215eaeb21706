"""What lasts: a stable dose, a treatment, symptoms, a remission; the spacing of events."""

import re
from collections.abc import Sequence

from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.windows.narrowed import HABITS

LASTING_STATES = (
    (
        "stable_dose",
        re.compile(  # "8 weeks at an adequate dose" says how long something was given, not that its dose was the same
            r"\bstable\b(?!.{0,20}disease)|unchanged|unaltered|\b(?:constant|fixed|same|tolerated)\s+(?:[\w-]+\s+)?(?:dos|regimen)|"
            r"\bdos(?:es?|age|ing)\s+(?:adjust|change|modif|increase|escalat)|\bcontinuous\s+dose|"
            r"\bdos(?:e|age|ing)s?\s+(?:has|have)\s+(?:been|remained)\s+the\s+same",
            re.I,
        ),
    ),
    (
        "remission",
        re.compile(
            r"remission|(?:disease|cancer|tumou?r|recurrence)[- ]free|"
            r"free of (?:(?:the|any|this|all|that|prior) )*(?:disease|cancer|recurrence|malignan\w+|tumou?r)|"
            r"(?:no|without)(?: evidence of)? (?:recurren\w+|disease)",
            re.I,
        ),
    ),
    ("seizure_freedom", re.compile(r"seizure[- ]free|free of seizures", re.I)),
    (
        "abstinence",
        re.compile(
            r"abstin|abstain|refrain|sober|quit|stopped smoking|stop(?:ping)?\s+(?:alcohol|drinking|tobacco)", re.I
        ),
    ),
    (
        "remission",
        re.compile(r"\b(?:response|remission)\s+duration|duration\s+of\s+(?:\w+\s+)?(?:response|remission)\b", re.I),
    ),
    ("symptom_duration", re.compile(r"\bsymptoms?\b|\bpain\b|\bsigns?\b|\bache|cough|fever|\bitch|pruritus", re.I)),
    ("disease_duration", re.compile(r"diagnos|disease duration|duration of (?:the )?disease|history of", re.I)),
)


OF_WHAT_IS_THERE = frozenset({None, "symptom_duration", "disease_duration"})
IS_FREE = re.compile(r"[\s-]free$|^free\s+(?:of|from)\b", re.I)


def name_durations(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """What lasts: a stable dose, a treatment, symptoms, a remission; the spacing of events."""
    for number, limit in enumerate(limits):
        if limit.kind != "duration" or limit.attribute or limit.rule == "absence":
            continue
        q = limit.quantity
        if limit.rule == "spacing":
            limit.attribute = "spacing"
            continue
        _stable_after_treatment(text, number, limit, mentions)
        front = max(0, q.start - 200)
        since = STABLE_SINCE.search(text, front, q.start) or STABLE_GLOSSED.search(text, front, q.start)
        if since:
            _aim_at_the_state(number, limit, mentions, since.span("state"))
            continue
        if (in_spite := DESPITE.search(text, front, q.start)) and not STABLE.search(in_spite["words"]):
            _leave(number, limit, mentions, in_spite.start())
            limit.attribute, limit.span = "treatment_duration", limit.span if limit.events else in_spite.span("words")
            continue
        events = limit.events or [i for k in limit.narrows for i in limits[k].events]
        around = _around(text, limit, events, mentions)
        named = next((id for id, words in LASTING_STATES if words.search(around)), None)
        if named in OF_WHAT_IS_THERE and limit.span and IS_FREE.search(text, *limit.span):
            continue  # "symptom-free for 4 weeks" tells how long the symptoms are gone
        if _follows_stable(text, events, mentions):
            named = "stable_dose"
        behind = text[q.end : q.end + 50] if text[q.end : q.end + 1] == ")" else ""  # "stable (≥ 3 months) therapy"
        if named == "stable_dose" and not (TREATED.search(behind) or _is_given(around, events, mentions)):
            stable = STABLE.search(text, max(0, q.start - 80), q.start)
            if stable:  # "brain metastases, stable for 4 weeks"
                limit.span = stable.span()
                continue
            named = None
        if (
            named in ("disease_duration", "symptom_duration")
            and events
            and all(mentions[i].label == "treatment" for i in events)
        ):
            named = "treatment_duration"  # "history of using a dopamine antagonist for 3 months"
        if GIVEN.search(text, max(0, q.start - 60), q.start):
            named = named or "treatment_duration"
        if OF_TREATMENT.match(text, q.end):
            named = named or "treatment_duration"
        label = mentions[events[0]].label if events else None
        if label is None and _of_a_dose(text, limit, limits):
            label = "treatment"
        replaced = limits[limit.exception_to] if limit.exception_to is not None else None
        if replaced and replaced.kind == "duration":
            named = replaced.attribute  # "a stable dose for 4 weeks (12 weeks for phenobarbital)"
        if named is None and MEASURED.search(text, max(0, q.start - 40), q.start):
            continue  # "a cold ischaemia time of less than 30 hours"
        limit.attribute = named or {"treatment": "treatment_duration", "condition": "disease_duration"}.get(label or "")


def _leave(number: int, limit: Limit, mentions: Sequence[Said], place: int) -> None:
    """What lies in front of a place does not last that long: "active arthritis | despite methotrexate for 12 weeks"."""
    for i in [i for i in limit.events if mentions[i].end <= place]:
        mentions[i].narrowed.remove(number)
        limit.events.remove(i)


def _follows_stable(text: str, events: Sequence[int], mentions: Sequence[Said]) -> bool:
    """Whether what lasts is said to be stable in front of its name: "a stable daily dose of injected insulin"."""
    if not events:
        return False
    first = mentions[min(events)].start
    return STABLE_DOSE_OF.search(text, max(0, first - 60), first) is not None


def _stable_after_treatment(text: str, number: int, limit: Limit, mentions: Sequence[Said]) -> None:
    """ "Brain metastases, unless treated with radiotherapy and stable for 4 weeks": not the radiotherapy is stable."""
    stable = TREATED_AND_STABLE.search(text, max(0, limit.quantity.start - 200), limit.quantity.start)
    if stable is None or not limit.events or any(mentions[i].label not in GIVEN_TO for i in limit.events):
        return
    front = [i for i, m in enumerate(mentions) if m.end <= stable.start("state") and m.label not in GIVEN_TO]
    if not front or DOSES.search(text, mentions[limit.events[-1]].end, stable.start("state")):
        return
    for i in limit.events:
        mentions[i].narrowed.remove(number)
    limit.events, limit.span = front[-1:], stable.span("state")
    mentions[front[-1]].narrowed.append(number)


def _aim_at_the_state(number: int, limit: Limit, mentions: Sequence[Said], state: tuple[int, int]) -> None:
    """ "Stable neurologic status following local therapy for 2 weeks": not the therapy lasts."""
    for i in limit.events:
        mentions[i].narrowed.remove(number)
    limit.events, limit.span = [], state


def _is_given(around: str, events: Sequence[int], mentions: Sequence[Said]) -> bool:
    """Whether what is stable is a treatment, or its dose."""
    if STABLE_ITSELF.search(around):
        return False
    if not events or any(mentions[i].label in ("treatment", "procedure") for i in events):
        return True
    return TREATED.search(around) is not None


def _around(text: str, limit: Limit, events: Sequence[int], mentions: Sequence[Said]) -> str:
    """The words that tell what lasts: from in front of what they name to behind the time."""
    q = limit.quantity
    starts = [q.start, *(mentions[i].start for i in events)]
    if limit.span:
        starts.append(limit.span[0])
    front = text[max(0, min(starts) - 25) : q.end]
    measured = bool(limit.narrows) and not events  # "HIV RNA < 50 for ≥ 8 weeks on stable ART"
    return front if measured else front + NEXT_STATE.split(text[q.end : q.end + 25], maxsplit=1)[0]


STABLE_GLOSSED = re.compile(  # "neurologically stable (with no increasing dose of corticosteroids) for 7 days"
    r"\b(?P<state>(?:clinically|neurologically|radiologically|radiographically)\s+stable)\s*\([^()]*\)\s*"
    r"for\s+(?:at\s+least\s+)?$",
    re.I,
)
STABLE_ITSELF = re.compile(  # "the disease has been stable for 4 weeks", "stable (at least 6 months) psoriasis"
    r"\b(?:diseases?|tumou?rs?|metastas[ei]s|lesions?|condition|symptoms?|status|function|weight|BMI|INR)\s+"
    r"(?:(?:has|have|had|is|are|was|were|must|be|been|remained|clinically)\s+)*stable\b|\bstable\s*\(\s*(?:at\s+least|for|[≥>])?[^()]*$|"
    r"\b(?:they|who|patients?|subjects?|participants?|he|she|and\s+(?:has|have))\s+(?:(?:has|have|had|is|are|was|were|must|should|be|"
    r"been|remained)\s+)*stable\s+(?:for|since|over|[≥>])|\b(?:clinically|neurologically|radiologically|radiographically)\s+stable\b",
    re.I,
)
STABLE_DOSE_OF = re.compile(
    r"\bstable\s+(?:(?!(?:and|or|as|following|that|after)\b)[\w≥≤<>.%,-]+\s+){0,4}?(?:dos(?:es?|age|ing)|regimens?|treatment|therapy)\s+"
    r"(?:(?!(?:and|or|as|following|that|after|for)\b)[^.;\s]+\s+){0,6}$",
    re.I,
)
GIVEN_TO = frozenset({"treatment", "procedure"})
DOSES = re.compile(r"\b(?:dos(?:es?|age|ing)|regimens?|medications?|drugs?)\b", re.I)
TREATED_AND_STABLE = re.compile(
    r"\b(?:treated|treatment|therapy|resected|irradiated|after|following)\b[^.;]*?\band\s+"
    r"(?:(?:is|are|be|been|have|has|must|clinically|neurologically|radio\w+|currently|remain\w*)\s+)*"
    r"(?P<state>stable)\s+(?:after\s+\w+\s+)?(?:for\s+)?(?:at\s+least\s+|a\s+minimum\s+of\s+)?$",
    re.I,
)
STABLE_SINCE = re.compile(
    r"\b(?P<state>stable)\s+(?!dos|regimen)(?:[\w-]+\s+){0,3}?(?:following|after)\s+(?:[^.;,()]|\([^()]*\)){0,90}?\bfor\s+"
    r"(?:(?:at\s+least|a\s+minimum\s+of|more\s+than|[≥>]=?)\s*)?$",
    re.I,
)
TREATED = re.compile(r"\b(?:dos(?:es?|age|ing)|regimens?|treatments?|therap(?:y|ies)|medications?|drugs?)\b", re.I)
STABLE = re.compile(r"\b(?:stable|unchanged)\b(?!.*\b(?:stable|unchanged)\b)", re.I | re.S)
MEASURED = re.compile(
    r"\b(?:time|interval|period|stay|length)\s*(?:\([^()]*\)\s*)?(?:(?:of|is|was|must\s+be|should\s+be|:)\s*)?$", re.I
)
DESPITE = re.compile(
    r"\b(?:despite|in\s+spite\s+of)\s+(?P<words>[^.;:,()]{3,70}?)\s+for\s+(?:(?:a|at|the|least|minimum|period|of|more|than|over)\s+)*$",
    re.I,
)
OF_TREATMENT = re.compile(  # "requiring more than 14 days IV treatment"
    r"\s+(?:of\s+)?(?:(?:i\.?v\.?|intravenous|oral|parenteral|systemic|antibiotic|antimicrobial|continuous|daily)\s+){0,3}"
    r"(?:treatment|therapy|antibiotics)\b",
    re.I,
)
GIVEN = re.compile(
    r"\b(?:(?:treat(?:ment|ed)|therapy)\s+with\s+(?:[\w-]+\s+){0,5}?for|"
    r"(?:treat(?:ment|ed)|therapy|antibiotics?|medications?|steroids)\s+(?:[\w-]+\s+){0,2}?(?:for)?)\s*"
    r"(?:(?:a|the|at|least|period|of|longer|greater|more|than|up|to)\s+)*$",
    re.I,
)
NEXT_STATE = re.compile(r"[,;()]|\b(?:and|before|prior|preceding|until)\b")


def _of_a_dose(text: str, limit: Limit, limits: Sequence[Limit]) -> bool:
    """ "> 10 mg/day of prednisone for 2 weeks or longer": how long the dose was taken."""
    start = limit.quantity.start
    given = (other for other in limits if other.kind == "dose" and other.attribute not in HABITS)
    doses = [other.quantity.end for other in given if other.quantity.end <= start]
    return bool(doses) and start - max(doses) < 40 and not HARD_BREAK.search(text, max(doses), start)
