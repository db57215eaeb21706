"""Alternatives: what a patient needs only one of, such as "adenocarcinoma of the colon or rectum".

Mentions, and limits between them, that stand side by side with "or" in front of the last one are a group `any` where
they are required. Of a forbidden "or" list each is forbidden by itself, so that it needs no group.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said

NOT_LIGHT = (
    r"(?:or|and|but|nor|plus|with|without|not|no|who|whom|that|which|must|should|if|unless|except|after|before|prior|"
    r"following|than)\b"
)
WORDS = rf"(?:\s+(?!{NOT_LIGHT})[\w'’/%+-]+)"
JOINT = re.compile(
    rf"\s*/\s*(?P<stroke>)|(?:\s*\([^()]*\))?{WORDS}{{0,4}}(?:\s*\([^()]*\))?\s*"
    rf"(?:,\s*(?:and/)?(?P<late>or)\b|[,;]|(?:and/)?(?P<or>\bor\b))(?:\s*\(\w{{1,3}}\))?{WORDS}{{0,4}}\s*\(?\s*",
    re.I,
)
LONGEST = 70
OR = re.compile(r"\bor\b", re.I)
APART = re.compile(r"[;:]|[.](?=\s)|\band\b", re.I)


class _Item(NamedTuple):
    start: int
    end: int
    row: Limit | Said


def group_alternatives(text: str, limits: Sequence[Limit], mentions: Sequence[Said], required: Sequence[bool]) -> None:
    """Name the groups of a criterion; `required` says it of the mentions, then of the limits."""
    _group_classes(text, limits, required[len(mentions) :])
    items = sorted(_items(limits, mentions, required), key=lambda item: (item.start, item.end))
    rows: list[Limit | Said] = [*limits, *mentions]
    number = len({row.group for row in rows if row.group})
    for chain in _chains(text, items):
        known = next((item.row.group for item in chain if item.row.group), None)
        if known is None:
            number += 1
        name = known or f"any{number}"
        for item in chain:
            item.row.group = item.row.group or name


def _group_classes(text: str, limits: Sequence[Limit], required: Sequence[bool]) -> None:
    """ "Stage IIIB not amenable to surgery, or stage IV": nobody has two classes of one scale at once."""
    plain = [
        limit
        for limit, binds in zip(limits, required, strict=True)
        if binds and limit.levels and limit.attribute and limit.condition is None and limit.exception_to is None
    ]
    number = len({limit.group for limit in limits if limit.group})
    for before, behind in pairwise(plain):
        between = text[before.quantity.end : behind.quantity.start]
        if before.attribute != behind.attribute or set(before.levels or ()) & set(behind.levels or ()):
            continue
        if behind.group or OR.search(between) is None or APART.search(between):
            continue
        if before.group is None:
            number += 1
            before.group = f"any{number}"
        behind.group = before.group


def _items(limits: Sequence[Limit], mentions: Sequence[Said], required: Sequence[bool]) -> Iterator[_Item]:
    n = len(mentions)
    for i, mention in enumerate(mentions):
        if required[i] and mention.exception_to is None and mention.condition is None:
            yield _Item(mention.start, mention.end, mention)
    for i, limit in enumerate(limits):
        if not required[n + i] or limit.is_time or limit.events or limit.narrows or limit.condition or limit.inherited:
            continue
        if limit.kind in ("age", "dose", "count") or limit.exception_to is not None:
            continue
        start, end = limit.span or (limit.quantity.start, limit.quantity.end)
        yield _Item(min(start, limit.quantity.start), max(end, limit.quantity.end), limit)


def _chains(text: str, items: Sequence[_Item]) -> Iterator[list[_Item]]:
    """Items in a row, with "or" in front of the last; only mentions start a group, limits have their own rules."""
    chain = list(items[:1])
    closed = False
    for before, item in pairwise(items):
        joint = _joint(text, before, item)
        said_or = joint is not None and joint.lastgroup is not None
        if joint is None or (closed and not said_or):
            if closed and _has_mention(chain):
                yield chain
            chain, closed = [item], False
            continue
        chain.append(item)
        closed = closed or said_or
    if closed and _has_mention(chain):
        yield chain


def _has_mention(chain: Sequence[_Item]) -> bool:
    return any(isinstance(item.row, Said) for item in chain)


def _joint(text: str, before: _Item, item: _Item) -> re.Match[str] | None:
    if not 0 < item.start - before.end <= LONGEST:
        return None
    return JOINT.fullmatch(text, before.end, item.start)
