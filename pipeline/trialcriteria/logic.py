"""Groups of limits side by side, and groups that words announce: "at least two of", "whichever is shorter"."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.telling import words_in
from trialcriteria.groups import Member, Names, kind_of

SHORTER = re.compile(
    r"whichever\s+(?:is|comes|occurs|was|period is)?\s*(?:the\s+)?(?:shorter|shortest|earlier|first|less|"
    r"sooner|smaller)",
    re.I,
)
NEAR = 60


def group_windows(text: str, limits: Sequence[Limit], forbidden: Sequence[bool], names: Names) -> None:
    """ "30 days or 5 half-lives, whichever is shorter": all of them if forbidden, any if required."""
    if len(limits) < 2 or "whichever" not in words_in(text) or not SHORTER.search(text):
        return
    windows = [i for i, limit in enumerate(limits) if limit.kind == "time_window" and not limit.narrows]
    for a, b in pairwise(windows):
        of_another = limits[a].exception_to != limits[b].exception_to or limits[b].rule == "listed-window"
        if of_another or limits[a].group is not None:
            continue
        if limits[b].quantity.start - limits[a].quantity.end < NEAR:
            limits[a].group = limits[b].group = names.new("all" if forbidden[a] else "any")


LISTED = re.compile(
    r"\b(?:(?P<any>one or more|any(?: one)?(?: or more)?|at least (?:one|1)|either|≥\s?1|1 or more|one|1)|(?:at "
    r"least|≥|minimum of)?\s*(?P<n>two|three|four|2|3|4)(?: or more)?)\s+(?:of\s*(?::|(?:the\s+|these\s+)?"
    r"(?:\w+\s+){0,3}(?:following|criteria|conditions|factors|below|these)[^:.]{0,200}:))",
    re.I,
)
NEW_SENTENCE = re.compile(
    r"[.]\s+(?=Note\b|(?:All\s+)?(?:Patients|Subjects|Participants|Women|Men)\s[^.;:]*\b(?:must|should|will|may)\b)"
)


def group_listed(text: str, found: Iterable[Member], names: Names, *, excluding: bool) -> None:
    """ "one or more of the following: ① … ② …" inside a criterion: what is listed is one group (any, at least n).

    `excluding`: whether this is an exclusion criterion, where one of them is enough without a group.
    """
    match = LISTED.search(text) if ":" in text and "of" in words_in(text) else None
    if not match:
        return
    stop = _end_of_list(text, match)
    listed = [
        member
        for member in found
        if match.end() <= member.start < stop
        and member.asks in ("require", "forbid")
        and (isinstance(member.row, Limit) or not member.row.exception_to)
    ]
    forbids = [member.asks == "forbid" for member in listed]
    each_forbids = all(forbids) or (excluding and any(forbids))
    if len(listed) < 2 or (match["any"] and each_forbids):
        return
    name = names.new(kind_of(match["n"]))
    for member in listed:
        member.row.group = member.row.group or name


def _end_of_list(text: str, opening: re.Match[str]) -> int:
    """Where a list ends: with the brackets around it, or with its sentence."""
    bracket = text.rfind("(", 0, opening.start())
    inside = bracket > text.rfind(")", 0, opening.start())
    close = text.find(")", opening.end()) if inside else -1
    if close >= 0:
        return close
    sentence = NEW_SENTENCE.search(text, opening.end())
    return sentence.start() if sentence else len(text)


MARK = re.compile(r"(?<![\w.)])\(?(?P<mark>\d|[a-h]|i{1,3}|iv)\)\s*|(?P<circled>[①-⑨])\s*", re.I)
FIRST_MARKS = {"1": "123456789", "a": "abcdefgh", "①": "①②③④⑤⑥⑦⑧⑨"}
ROMAN = ("i", "ii", "iii", "iv")
OR_LAST = re.compile(r"\bor\s*[:,]?\s*$", re.I)
TOGETHER = re.compile(r"\b(?:and|with|plus)\b|[+&]", re.I)
SENTENCE_ENDS = re.compile(r"[.;](?=\s|$)|\]")


def group_enumerated(text: str, found: Iterable[Member], names: Names) -> None:
    """ "(1) stage IV, (2) stage III and not a candidate for surgery, or (3) recurrence": one of them is enough.

    Several rows of one item that "and" joins are needed together.
    """
    starts = _marks(text) if "or" in words_in(text) else []
    if len(starts) < 2 or not OR_LAST.search(text, 0, starts[-1][0]):
        return
    end = SENTENCE_ENDS.search(text, starts[-1][1])
    bounds = [begin for begin, _ in starts] + [end.start() if end else len(text)]
    items: list[list[Member]] = [[] for _ in starts]
    for member in found:
        place = bisect_right(bounds, member.start) - 1
        if 0 <= place < len(items) and member.asks in ("require", "forbid") and member.row.exception_to is None:
            items[place].append(member)
    told = [item for item in items if item]
    if len(told) < 2 or all(member.asks == "forbid" for item in told for member in item):
        return
    spanning = _spanning(told)
    if any(group.startswith("at_least") for group in spanning):
        return
    name = next((group for group in sorted(spanning) if "/" not in group and group.startswith("any")), None)
    name = name or names.new("any")
    inner = Names()
    for item in told:
        needed = len(item) > 1 and TOGETHER.search(text, item[0].end, item[-1].start) is not None
        outer = f"{name}/{inner.new('all')}" if needed else name
        for member in item:
            within = member.row.group if needed and member.row.group not in spanning else None
            member.row.group = f"{outer}/{within}" if within else outer


def _spanning(items: Sequence[Sequence[Member]]) -> set[str]:
    """The groups that have members in more than one item."""
    seen = Counter(group for item in items for group in {member.row.group for member in item} if group)
    return {group for group, times in seen.items() if times > 1}


def _marks(text: str) -> list[tuple[int, int]]:
    """Where the marks of an enumeration within the text stand: "(1) … (2) …", "a) … b) …", "i) … ii) …"."""
    if text.count(")") < 2 and "①" not in text:
        return []
    series: Sequence[str] = ()
    found: list[tuple[int, int]] = []
    for match in MARK.finditer(text):
        mark = (match["mark"] or match["circled"]).lower()
        if not found:
            series = ROMAN if mark == "i" else FIRST_MARKS.get(mark, ())
        if len(found) < len(series) and mark == series[len(found)]:
            found.append(match.span())
    return found


JOINED = re.compile(
    r"(?:\s+(?:at|on|by|per|in)\s+[\w-]+(?:\s+(?!(?:or|and|with)\b)[\w-]+){0,2})?"  # "… at screening or MMSE ≥ 26"
    r"[\s,;)(]*(?:\([^()]*\)\s*)?(?:(?P<any>and/or|or)|(?P<all>and|plus|with|(?:combined|together|along|in combination|"
    r"concomitant(?:ly)?|concurrent(?:ly)?) with|accompanied by))\b(?:\s|\b(?:either|a|an|the|with|has|have|"
    r"serum|calculated|measured|estimated|alternatively|(?:24|12)[\s-]?(?:hour|hr|h)|urine|concurrent|concomitant)\b)*",
    re.I,
)
THE_LOWER_OR_HIGHER = re.compile(  # above "3 x ULN or 120 U/L, whichever is lower" is above either of them
    r"[\s,;(]*whichever\s+(?:value\s+)?(?:is\s+|was\s+)?(?:the\s+)?"
    r"(?:(?P<lower>lower|lowest|less|lesser|smaller|smallest)|higher|highest|greater|greatest|larger|largest|more)\b",
    re.I,
)
APART = frozenset({"time_window", "duration", "age", "dose"})


def group_side_by_side(text: str, limits: Sequence[Limit], forbidden: Sequence[bool], names: Names) -> None:
    """A required "or" and a forbidden "and" between limits that stand side by side make a group."""
    by_amount: dict[int, list[Limit]] = {}  # a list that shares an amount is one side
    for limit in limits:
        by_amount.setdefault(limit.quantity.start, []).append(limit)
    _group_sharing(text, limits, forbidden, names)
    for index, (a, b) in enumerate(pairwise(limits)):
        if not _may_join(a, b) or forbidden[index] != forbidden[index + 1]:
            continue
        kind = _joint(text, a, b, forbids=forbidden[index])
        if kind is None:
            continue
        name = a.group or names.new(kind)
        for side in (by_amount[a.quantity.start], by_amount[b.quantity.start]):
            inner = f"/{'all' if kind == 'any' else 'any'}1" if _is_list_of_another_kind(text, side, kind) else ""
            for limit in side:
                limit.group = limit.group or name + inner
    for a, b in reversed(list(pairwise(limits))):  # "> 38 °C oral, > 38.5 °C tympanic or > 39 °C rectal"
        alike = a.attribute == b.attribute and b.rule == "further-limit" and a.group is None and _may_join(a, b)
        listed = alike and (b.group or "").startswith("any")
        if listed and SITE_AND_COMMA.fullmatch(text, a.quantity.end, b.quantity.start):
            a.group = b.group


SITE_AND_COMMA = re.compile(r"\s*[a-z]+\s*,\s*", re.I)


def _is_list_of_another_kind(text: str, side: Sequence[Limit], kind: str) -> bool:
    """ "AST or ALT > 3 x ULN and bilirubin > 2 x ULN": of those that share an amount one is enough."""
    spans = sorted({limit.span for limit in side if limit.span})
    if len(spans) < 2:
        return False
    said = re.search(r"(?<![\w/])(or|and)(?![\w/])|/", text[spans[-2][1] : spans[-1][0]], re.I)
    return said is not None and said[0].lower() != ("or" if kind == "any" else "and")


def _may_join(a: Limit, b: Limit) -> bool:
    if a.quantity.start == b.quantity.start or a.inherited != b.inherited:
        return False
    if a.narrows or b.narrows or a.condition or b.condition or b.exception_to is not None:
        return False
    return a.kind not in APART and b.kind not in APART


def _joint(text: str, a: Limit, b: Limit, *, forbids: bool) -> str | None:
    """What joins two limits to a group: a required "or" (any), a forbidden "and" (all)."""
    left = a.quantity.end if not (a.span and a.span[0] > a.quantity.start) else a.span[1]
    right = min(b.quantity.start, b.span[0]) if b.span and not b.inherited and b.span[0] > left else b.quantity.start
    if not 0 <= right - left <= NEAR:
        return None
    joined = JOINED.fullmatch(text, left, right)
    if joined is None:
        return None
    either = bool(joined["any"])
    if either and (weighed := THE_LOWER_OR_HIGHER.match(text, b.quantity.end)):
        either = (weighed["lower"] is not None) == (b.quantity.is_minimum)
    elif not either and a.attribute == b.attribute:
        return None
    if forbids:
        return None if either else "all"
    return "any" if either else None


def _group_sharing(text: str, limits: Sequence[Limit], forbidden: Sequence[bool], names: Names) -> None:
    """ "INR or PT ≤ 1.5 x ULN" required: any of them; "AST and ALT > 3 x ULN" forbidden: all."""
    sharing: dict[int, list[int]] = {}  # by the place of the amount that is shared
    for index, limit in enumerate(limits):
        if limit.rule == "limit-shared-by-list" and limit.span:
            sharing.setdefault(limit.quantity.start, []).append(index)
    for together in sharing.values():
        forbids = forbidden[together[0]]
        if limits[together[0]].group or len(together) < 2 or len({limits[k].condition for k in together}) > 1:
            continue
        spans = sorted({limits[k].span or (0, 0) for k in together})
        gaps = [text[a[1] : b[0]] for a, b in pairwise(spans)]
        if not gaps or any(len(gap) > 40 for gap in gaps):
            continue
        word = re.search(r"(?<![\w/])(or|and)(?![\w/])", gaps[-1], re.I)
        if word and (word[1].lower() == "and") == forbids:
            name = names.new("all" if forbids else "any")
            for k in together:
                limits[k].group = name


ITEM_ENDS = re.compile(r"[;:]|[.](?=\s)")
AN_OR = re.compile(r"\bor\b", re.I)
OR_ELSE = re.compile(r"\bor\b(?!\s+equal)\s*:?\s*(?:(?!and\b)[\w-]+\s+){0,4}\(?$", re.I)


OCCURRENCES = dict.fromkeys(  # of which one may stand for another: "2 exacerbations or 1 hospitalization"
    ("exacerbations", "relapses", "hospitalizations", "emergency_visits", "attacks", "episodes"), "occurrences"
)


def group_values(text: str, found: Sequence[Member], names: Names) -> None:
    """ "Age ≥ 70 with PS 0-2, or age 50 to 69 with PS 2": one measure has two limits, and each has company."""
    asked = [member for member in found if member.asks == "require" and member.row.group is None]
    of_one: dict[str, list[Limit]] = {}
    for member in asked:
        if (
            isinstance(member.row, Limit)
            and member.row.kind in ("age", "lab", "vital", "count")
            and member.row.attribute
        ):
            of_one.setdefault(OCCURRENCES.get(member.row.attribute, member.row.attribute), []).append(member.row)
    for a, b in (pair for limits in of_one.values() for pair in pairwise(limits)):
        start, end = a.quantity.end, b.quantity.start
        joint = OR_ELSE.search(text, start, end) if start < end else None
        if joint is None or a.condition or b.condition or a.group or b.group or ITEM_ENDS.search(text, start, end):
            continue
        if THE_LOWER_OR_HIGHER.match(text, b.quantity.end):
            continue
        stop = ITEM_ENDS.search(text, b.quantity.end)
        name, inner = names.new("any"), Names()
        for begin, until in ((a.quantity.start, joint.start()), (joint.start(), stop.start() if stop else len(text))):
            side = [member.row for member in asked if begin <= _place(member.row) < until]
            together = len(side) > 1 and AN_OR.search(text, _place(side[0]), _place(side[-1])) is None
            path = f"{name}/{inner.new('all')}" if together else name
            for row in side:
                row.group = path


def _place(row: Limit | Said) -> int:
    return row.start if isinstance(row, Said) else row.quantity.start
