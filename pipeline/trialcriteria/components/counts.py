"""Counts: whose they are. Of places and drugs that a limit holds for, of what is given or suffered so often."""

import re
from collections.abc import Sequence

from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.mentions import COUNTED_MENTIONS, Said
from trialcriteria.components.subjects import clause_start, words_before
from trialcriteria.components.windows.others import COMMA
from trialcriteria.components.windows.siblings import with_those_behind, with_those_in_front

FOR_WHICH = re.compile(  # what leads from a limit to the places, drugs or visits for which it holds
    r"[\s,(]*(?:in|at|across|in\s+spite\s+of|despite(?:\s+(?:the\s+)?(?:use|treatment|therapy)(?:\s+(?:of|with))?)?|refractory\s+to|"
    r"(?:(?:even\s+)?(?:while|though|although)\s+|despite\s+(?:being\s+)?)?(?:on|taking|receiving))\s+"
    r"(?:(?:the|a|stable|maxim\w+|tolerated|full|use\s+of|treatment\s+with|doses?\s+of)\s+)*"
)
HELD = frozenset({"lab", "vital", "scale", "lesion", "count", "other"})
GIVEN = frozenset({"doses", "injections", "infusions", "nights"})
GIVEN_OF = frozenset({"doses", "injections", "infusions", "cycles", "prior_cycles", "courses"})
OF = re.compile(r"\s*(?:[\w-]+\s+){0,2}?of\s+(?:(?:the|an?|any|prior|previous)\s+)*")
IN_BRACKETS = re.compile(r"[\w\s]{0,20}\(\s*(?:(?:a\s+)?total\s+(?:of\s+)?)?")
NEAR = 60  # characters between what is given and how often


def link_counts(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """Give each count the limit or the mentions that it narrows; none where that is in doubt."""
    _drop_zero(limits)
    for number, limit in enumerate(limits):
        if limit.kind != "count" or limit.events or limit.narrows:
            continue
        limit.narrows = _limits_in_front(text, number, limits)
        if limit.attribute == "cycles" and any(limits[i].kind in ("lab", "vital") for i in limit.narrows):
            limit.attribute = "readings"  # "SBP > 180 mmHg at 2 or more of the last 3 sessions"
        if not limit.narrows:
            limit.events = _used_on(text, limit, limits, mentions) or _counted(text, limit, limits, mentions)
        for index in limit.events:
            mentions[index].narrowed.append(number)
        if (limit.quantity.unit or "").startswith("{time}/") and limit.rule == "days-in-a-period":
            _name_times(text, limit, mentions)


SIZES = frozenset({"lesion_size", "lymph_node_size", "nodule_size"})
OF_THOSE = re.compile(  # between a number of lesions and how large each is
    r"(?:(?!\b(?:or|and|if|unless|no|not|without|any|single|sum|total)\b)[^.;:])*", re.I
)
EITHER_SIZE = re.compile(r"(?:(?!\b(?:no|not|any|one|lesions?|sum|total)\b)[^.;:()])*\b(?:or|and)\b[^.;:()]*", re.I)


def link_sizes(text: str, limits: Sequence[Limit]) -> None:
    """How large the lesions are that are counted narrows their number: "at least 1 lesion (≥ 10 mm)"."""
    count: int | None = None
    last: Limit | None = None  # a size that narrows the count
    for number, limit in enumerate(limits):
        if limit.attribute in ("lesion_count", "lymph_nodes") and limit.kind in ("lesion", "count"):
            count, last = number, None
        if count is None or limit.attribute not in SIZES or limit.is_time or limit.events or limit.inherited:
            continue
        if last is None:
            of_those = OF_THOSE.fullmatch(text, limits[count].quantity.end, limit.quantity.start)
        else:
            of_those = EITHER_SIZE.fullmatch(text, last.quantity.end, limit.quantity.start)
        if of_those and (not limit.narrows or limit.narrows == [count]) and limit.condition is None:
            limit.narrows, last = [count], limit


def _drop_zero(limits: Sequence[Limit]) -> None:
    """ "0 or 1 prior lines": nothing is counted below 0."""
    for limit in limits:
        q = limit.quantity
        if limit.kind == "count" and q.operator == "between" and q.low == 0:
            q.operator, q.low, q.low_inclusive = "<=" if q.high_inclusive else "<", None, None


def _name_times(text: str, limit: Limit, mentions: Sequence[Said]) -> None:
    """What happens "at least 3 times a week": episodes of a disease, doses of a drug, else what stands in front."""
    start = limit.quantity.start
    beside = [m for m in mentions if 0 <= start - m.end <= 2]
    label = beside[0].label if beside else None
    limit.attribute = {"condition": "episodes", "treatment": "doses"}.get(label or "")
    if limit.attribute is None:
        limit.span = words_before(text, start, clause_start(text, start)) or limit.span


def _limits_in_front(text: str, number: int, limits: Sequence[Limit]) -> list[int]:
    """ "ST elevation ≥ 2 mm in two or more leads", "SBP > 140 or DBP > 90 mmHg despite three drugs"."""
    last = limits[number - 1] if number else None
    if last is None or last.kind not in HELD or last.inherited:
        return []
    start, end = limits[number].quantity.start, last.quantity.end
    own = last.span[1] if last.span and end <= last.span[0] and last.span[1] <= start else end
    if not FOR_WHICH.fullmatch(text, own, start):
        return []
    first = number - 1
    while first > 0 and limits[first - 1].kind == last.kind and _are_one(text, limits[first - 1], limits[first]):
        first -= 1
    return list(range(first, number))


OCCASIONS = re.compile(r"(?:\w+\s+)?occasions?", re.I)
ON = re.compile(r"[^.;:,]{0,30}\son\s+$", re.I)


def _used_on(text: str, limit: Limit, limits: Sequence[Limit], mentions: Sequence[Said]) -> list[int]:
    """ "Use of opioids on at least 10 occasions": not how often something was measured."""
    measured = any(x.kind in ("lab", "vital", "other", "scale") for x in limits)
    if measured or limit.attribute != "readings" or not (limit.span and OCCASIONS.fullmatch(text, *limit.span)):
        return []
    last = next((i for i in range(len(mentions) - 1, -1, -1) if mentions[i].end <= limit.quantity.start), None)
    if last is None or not ON.fullmatch(text, mentions[last].end, limit.quantity.start):
        return []
    limit.attribute = None
    return [last]


def _are_one(text: str, one: Limit, other: Limit) -> bool:
    """Whether two limits stand coordinated, so that what is said behind them is said of both."""
    gap = text[one.quantity.end : other.quantity.start]
    return len(gap) < 40 and not HARD_BREAK.search(gap)


def _counted(text: str, limit: Limit, limits: Sequence[Limit], mentions: Sequence[Said]) -> list[int]:
    """The mentions that a count is of: the words counted, what they are doses of, or what is counted in front."""
    q = limit.quantity
    inside = [i for i, m in enumerate(mentions) if limit.span and m.start < limit.span[1] and limit.span[0] < m.end]
    if inside or limit.attribute in COUNTED_MENTIONS:
        return inside[:1]
    end = limit.span[1] if limit.span and limit.span[0] >= q.start else q.end
    behind = next((i for i, m in enumerate(mentions) if m.start >= end), None)
    if limit.attribute in GIVEN_OF and behind is not None and OF.fullmatch(text, end, mentions[behind].start):
        alone = limit.attribute == "doses"
        return [behind] if alone else with_those_behind(text, behind, mentions, limits)
    last = next((i for i in range(len(mentions) - 1, -1, -1) if mentions[i].end <= q.start), None)
    if last is None:
        return []
    gap = text[mentions[last].end : q.start]
    by_day = limit.rule == "days-in-a-period"
    near = len(gap) < NEAR and not HARD_BREAK.search(gap)
    if IN_BRACKETS.fullmatch(gap) or (
        near and (by_day or (limit.attribute in GIVEN and mentions[last].label == "treatment"))
    ):
        floor = max((x.quantity.end for x in limits if x.kind == "count" and x.quantity.end <= q.start), default=0)
        line = with_those_in_front(text, last, mentions, limits)
        listed = len(line) > 1 and COMMA.fullmatch(text, mentions[line[-2]].end, mentions[last].start)
        return [last] if listed else [i for i in line if mentions[i].start >= floor]
    return []
