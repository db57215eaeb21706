"""Events: which mentions the windows, doses and counts of a criterion are about, and what it is that lasts."""

import re
from collections.abc import Sequence

from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.rates import add_period
from trialcriteria.components.said import Said
from trialcriteria.components.subjects import clause_bounds

LASTING_STATES = (
    ("stable_dose", re.compile(r"\bstable\b(?!.{0,20}disease)|unchanged|\bdose\b", re.I)),
    (
        "remission",
        re.compile(
            r"remission|(?:disease|cancer|tumou?r|recurrence)[- ]free|"
            r"free of (?:disease|cancer|recurrence|malignan\w+)|"
            r"(?:no|without)(?: evidence of)? (?:recurren\w+|disease)",
            re.I,
        ),
    ),
    ("seizure_freedom", re.compile(r"seizure[- ]free|free of seizures", re.I)),
    ("abstinence", re.compile(r"abstin|abstain|sober|quit|stopped smoking", re.I)),
    ("symptom_duration", re.compile(r"\bsymptoms?\b|\bpain\b|\bsigns?\b|\bache|cough|fever|\bitch|pruritus", re.I)),
    ("disease_duration", re.compile(r"diagnos|disease duration|duration of (?:the )?disease|history of", re.I)),
)
SIBLING = re.compile(
    r"(?:\s|[,/&]|\b(?:and|or|and/or|as well as|nor|including|other|any|any other|prior|previous|the|a|an|of|"
    r"use of|systemic|local|hepatic|arterial|pump)\b|\([^()]*\))*$",
    re.I,
)
COUNTED_MENTIONS = frozenset({"drugs", "contraceptive_methods"})
OR_AFTER_A_VERB = re.compile(  # "major surgery or experienced a fracture", "A, an unlisted B, or C"
    r"[\s,]*(?:\([^()]*\)\s*)?(?:,\s*[\w-]+(?:\s+[\w-]+){0,2}\s*)?,?\s*(?:and/or|and\s+or|or)\s+"
    r"(?:(?:who|has|have|been|experienced|received|receiving|undergone|underwent|used|using|taken|taking|suffered|"
    r"treated|treatment|participated|in|with|from|of|a|an|any|the|prior|previous)\s+)*$",
    re.I,
)
EXAMPLES_BEHIND = re.compile(r"[\s,]*\(?\s*(?:such as|e\.?g\b|for (?:example|instance)|including)", re.I)
DOSE = re.compile(r"(?:[mknup]?g|ug|\[?IU\]?|U|mmol|mL|Gy|cGy|\{[a-z]+\})(?:$|[/.])")
LISTED = re.compile(r"\s*[:：]\s*(?:for\s+|a\s+)?$", re.I)
TO_WINDOW = re.compile(r"[;:]|[.](?=\s)")


def link_events(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """Give each limit the mentions that it narrows, and name what lasts."""
    link_doses(text, limits, mentions)
    link_counts(limits, mentions)
    link_windows(text, limits, mentions)
    link_diseases(limits, mentions)
    name_durations(text, limits, mentions)


def may_be_dose(limit: Limit) -> bool:
    """Whether an amount may be the dose of a treatment, which then is a mention and no mere attribute."""
    q = limit.quantity
    if limit.attribute or limit.kind == "count":
        return False
    return q.unit is not None and q.reference is None and DOSE.match(q.unit) is not None


def link_diseases(limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """A limit that is told of a disease narrows it: "hyperkalaemia > 5.5 mmol/L" is a hyperkalaemia of that height."""
    for number, limit in enumerate(limits):
        if limit.kind not in ("lab", "vital") or limit.events:
            continue
        own = next((i for i, mention in enumerate(mentions) if mention.core == limit.span), None)
        if own is not None and mentions[own].label == "condition":
            limit.events = [own]
            mentions[own].narrowed.append(number)


def name_durations(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """What lasts: a stable dose, a treatment, symptoms, a remission; the spacing of events."""
    for limit in limits:
        if limit.kind != "duration" or limit.attribute:
            continue
        q = limit.quantity
        behind = NEXT_STATE.split(text[q.end : q.end + 25], maxsplit=1)[0]
        around = text[max(0, (limit.span or (q.start, 0))[0] - 25) : q.end] + behind
        if limit.rule == "spacing":
            limit.attribute = "spacing"
            continue
        named = next((id for id, words in LASTING_STATES if words.search(around)), None)
        label = mentions[limit.events[0]].label if limit.events else None
        if label is None and _of_a_dose(text, limit, limits):
            label = "treatment"
        limit.attribute = named or {"treatment": "treatment_duration", "condition": "disease_duration"}.get(label or "")


NEXT_STATE = re.compile(r"[,;()]|\band\b")


def _of_a_dose(text: str, limit: Limit, limits: Sequence[Limit]) -> bool:
    """ "> 10 mg/day of prednisone for 2 weeks or longer": how long the dose was taken."""
    start = limit.quantity.start
    doses = [other.quantity.end for other in limits if other.kind == "dose" and other.quantity.end <= start]
    return bool(doses) and start - max(doses) < 40 and not HARD_BREAK.search(text, max(doses), start)


NO_DRUG = re.compile(
    r"(?:(?:a|the|total|daily|maximum|maximal|cumulative|lifetime|stable|average|mean)\s+)*"
    r"(?:dose|doses|dosage|dosages|dosing|equivalents?)",
    re.I,
)
DOSE_OF_A_CLASS = re.compile(
    r"[\s,]*(?:of\s+)?(?:oral\s+)?(?:methylpredniso|predniso|dexametha|hydrocortiso|cortiso|morphine)\w*", re.I
)


def link_doses(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """An amount of a named treatment is its dose: "aspirin > 325 mg/day".

    Where only "dose" or the drug stands beside it that a class is counted in ("corticosteroids, > 10 mg/day of
    prednisone"), the treatment in front is meant.
    """
    for number, limit in enumerate(limits):
        if limit.span is None or not may_be_dose(limit):
            continue
        index = next((i for i, m in enumerate(mentions) if m.label == "treatment" and _touch(m, limit.span)), None)
        if index is None and (NO_DRUG.fullmatch(text, *limit.span) or DOSE_OF_A_CLASS.match(text, limit.quantity.end)):
            index = _treatment_in_front(text, limit, mentions)
        if index is not None:
            mention = mentions[index]
            limit.kind, limit.attribute, limit.span, limit.events = "dose", mention.concept, mention.core, [index]
            add_period(text, limit.quantity, "dose", limit.span)
            mention.narrowed.append(number)


def link_counts(limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """What is counted and is a mention itself, is narrowed by the count: "at least two NSAIDs"."""
    for number, limit in enumerate(limits):
        if limit.attribute in COUNTED_MENTIONS and limit.span and not limit.events:
            limit.events = [i for i, m in enumerate(mentions) if _touch(m, limit.span)][:1]
            for index in limit.events:
                mentions[index].narrowed.append(number)


def _touch(mention: Said, span: tuple[int, int]) -> bool:
    return mention.start < span[1] and span[0] < mention.end


def _treatment_in_front(text: str, limit: Limit, mentions: Sequence[Said]) -> int | None:
    start = limit.quantity.start
    before = [i for i, mention in enumerate(mentions) if mention.end <= start]
    if not before or mentions[before[-1]].label != "treatment":
        return None
    end = mentions[before[-1]].end
    return before[-1] if start - end < 60 and not HARD_BREAK.search(text, end, start) else None


def link_windows(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """Give each window and duration the mentions that it narrows; none where that is in doubt."""
    for number, limit in enumerate(limits):
        if not limit.is_time or limit.narrows:
            continue
        found = _event(text, limit, mentions)
        limit.events = found
        if found and not any(
            limit.span and m.start < limit.span[1] and limit.span[0] < m.end for m in (mentions[i] for i in found)
        ):
            limit.span = mentions[found[0]].core  # the event's words, not those beside the window
        for index in found:
            mentions[index].narrowed.append(number)


BEHIND_A_BRACKET = re.compile(r"\([^()]*\)[\s,]*$")


def _event(text: str, limit: Limit, mentions: Sequence[Said]) -> list[int]:
    q = limit.quantity
    aside = BEHIND_A_BRACKET.search(text, 0, q.start)
    if aside and limit.span and aside.start() <= limit.span[0] < q.start:
        limit.span = None
    elif limit.span:
        a, b = limit.span
        inside = [i for i, m in enumerate(mentions) if m.start < b and a < m.end]
        if inside:
            if a >= q.end:
                return _with_siblings_after(text, inside[-1], mentions)
            return _with_siblings(text, inside[-1], mentions)
    end = aside.start() if aside else q.start  # "surgery (e.g. nephrectomy) within 4 weeks" is about the surgery
    before = [i for i, m in enumerate(mentions) if m.end <= end]
    if before and limit.rule != "time-since":
        last = before[-1]
        gap = text[mentions[last].end : end]
        if LISTED.match(gap) and not text[: mentions[_with_siblings(text, last, mentions)[0]].start].strip(" *•-–"):
            return _with_siblings(text, last, mentions)  # "Etanercept: at least 4 weeks prior to day 1"
        if len(gap) < 240 and EXAMPLES_BEHIND.match(gap) and not re.search(r"[;:]|\.\s+[A-Z]", gap):
            return _with_siblings(text, last, mentions)  # "thrombosis, such as a stroke, within 6 months"
        if len(gap) < 60 and not TO_WINDOW.search(gap) and not HARD_BREAK.search(gap):
            return _with_siblings(text, last, mentions)
    if limit.rule == "time-since" and limit.span is None:
        after = [i for i, m in enumerate(mentions) if 0 <= m.start - q.end < 30]
        return after[:1]
    return []


def _with_siblings(text: str, last: int, mentions: Sequence[Said]) -> list[int]:
    out = [last]
    bounds = clause_bounds(text)
    while out[0] > 0:
        before, after = mentions[out[0] - 1].end, mentions[out[0]].start
        joined = SIBLING.match(text[before:after]) or (
            OR_AFTER_A_VERB.match(text[before:after])
            and _alike(text[before:after], mentions[out[0] - 1], mentions[out[0]])
        )
        if not joined or any(before < bound <= after for bound in bounds):
            break
        out.insert(0, out[0] - 1)
    return out


ENDURED = re.compile(r"\b(?:experienced|suffered)\b", re.I)


def _alike(between: str, one: Said, other: Said) -> bool:
    """Whether both are things done to a patient, or things that happen: "HIV or received steroids" are not."""
    done = ("treatment", "procedure")
    return one.label == other.label or (one.label in done and other.label in done) or bool(ENDURED.search(between))


def _with_siblings_after(text: str, first: int, mentions: Sequence[Said]) -> list[int]:
    out = [first]
    while out[-1] + 1 < len(mentions) and SIBLING.match(text[mentions[out[-1]].end : mentions[out[-1] + 1].start]):
        out.append(out[-1] + 1)
    return out
