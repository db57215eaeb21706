"""Which events a window dates, and which states a duration is of: the mentions that it narrows.

A window is of all events that stand coordinated in front of it: "surgery, radiotherapy or chemotherapy within 4 weeks".
Where it is in doubt what it dates, it has no target, and binds nobody.
"""

import re
from collections.abc import Sequence

from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.subjects import clause_bounds

SIBLING = re.compile(
    r"(?:\s|[,/&]|\b(?:and|or|and/or|as well as|nor|including|other|any|any other|prior|previous|the|a|an|of|"
    r"use of|systemic|local|hepatic|arterial|pump)\b|\([^()]*\))*$",
    re.I,
)
OR_AFTER_A_VERB = re.compile(  # "major surgery or experienced a fracture", "A, an unlisted B, or C"
    r"[\s,]*(?:\([^()]*\)\s*)?(?:,\s*[\w-]+(?:\s+[\w-]+){0,2}\s*)?,?\s*(?:and/or|and\s+or|or)\s+"
    r"(?:(?:who|has|have|been|experienced|received|receiving|undergone|underwent|used|using|taken|taking|suffered|"
    r"treated|treatment|participated|in|with|from|of|a|an|any|the|prior|previous)\s+)*$",
    re.I,
)
EXAMPLES_BEHIND = re.compile(r"[\s,]*\(?\s*(?:such as|e\.?g\b|for (?:example|instance)|including)", re.I)
LISTED = re.compile(r"\s*[:：]\s*(?:for\s+|a\s+)?$", re.I)
TO_WINDOW = re.compile(r"[;:]|[.](?=\s)")


def link_windows(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """Give each window and duration the mentions that it narrows; none where that is in doubt."""
    for number, limit in enumerate(limits):
        if not limit.is_time:
            continue
        found = _of_narrowed(text, limit, limits, mentions) if limit.narrows else _event(text, limit, mentions)
        if limit.narrows and not found:
            continue
        limit.narrows = []
        limit.events = found
        if found and not any(
            limit.span and m.start < limit.span[1] and limit.span[0] < m.end for m in (mentions[i] for i in found)
        ):
            limit.span = mentions[found[0]].core  # the event's words, not those beside the window
        for index in found:
            mentions[index].narrowed.append(number)


def _of_narrowed(text: str, window: Limit, limits: Sequence[Limit], mentions: Sequence[Said]) -> list[int]:
    """The mentions that the narrowed limits are of, where the window is rather of these.

    So it is of a drug with its dose ("prednisone > 10 mg/day for 2 weeks") and of what a bracket grades ("suicidal
    ideation (C-SSRS 4 or 5) in the past year"), not of what is counted ("at least 2 relapses in the past year").
    """
    narrowed = [limits[i] for i in window.narrows]
    if all(limit.kind == "dose" or limit.attribute == "contraceptive_methods" for limit in narrowed):
        return sorted({i for limit in narrowed for i in limit.events})
    bracket = GRADED.match(text, narrowed[0].first - 1)
    if bracket is None or bracket.end() > window.quantity.start or narrowed[-1].quantity.end >= bracket.end():
        return []
    graded = [i for i, m in enumerate(mentions) if 0 <= bracket.start() - m.end <= 1]
    return _with_siblings(text, graded[-1], mentions) if graded else []


GRADED = re.compile(r"\([^()]*\)")
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
