"""Groups between the limits and mentions of one criterion: "either … or", "at least two of", "whichever is shorter"."""

import re
from collections.abc import Sequence
from itertools import pairwise

from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.telling import words_in

SHORTER = re.compile(
    r"whichever\s+(?:is|comes|occurs|was|period is)?\s*(?:the\s+)?(?:shorter|shortest|earlier|first|less|"
    r"sooner|smaller)",
    re.I,
)


def group_windows(text: str, limits: Sequence[Limit], forbidden: Sequence[bool]) -> None:
    """ "30 days or 5 half-lives, whichever is shorter": all of them if forbidden, any if required."""
    if len(limits) < 2 or "whichever" not in words_in(text) or not SHORTER.search(text):
        return
    windows = [i for i, limit in enumerate(limits) if limit.kind == "time_window" and not limit.narrows]
    for a, b in pairwise(windows):
        if limits[b].quantity.start - limits[a].quantity.end < 60 and limits[a].group is None:
            limits[a].group = limits[b].group = "all1" if forbidden[a] else "any1"


LISTED = re.compile(
    r"\b(?:(?P<any>one or more|any(?: one)?(?: or more)?|at least (?:one|1)|either|≥\s?1|1 or more)|(?:at "
    r"least|≥|minimum of)?\s*(?P<n>two|three|four|2|3|4)(?: or more)?)\s+of\s*(?::|(?:the\s+|these\s+)?"
    r"(?:\w+\s+){0,3}(?:following|criteria|conditions|factors|below)[^:.]{0,200}:)",
    re.I,
)
NUMBER = {"two": "2", "three": "3", "four": "4"}


def group_listed(
    text: str, limits: Sequence[Limit], mentions: Sequence[Said], forbidden: Sequence[bool], excluding: bool
) -> None:
    """ "one or more of the following: ① … ② …" inside a criterion: what is listed is one group (any, at least n).

    `forbidden` says it of the mentions, then of the limits; `excluding`, whether this is an exclusion criterion.
    """
    match = LISTED.search(text) if ":" in text else None
    if not match:
        return
    opening = text.rfind("(", 0, match.start())
    stop = text.find(")", match.end()) if opening > text.rfind(")", 0, match.start()) else -1
    stop = len(text) if stop < 0 or stop < match.end() else stop
    name = "any1" if match["any"] else f"at_least{NUMBER.get(match['n'].lower(), match['n'])}_1"
    inside = [i for i, limit in enumerate(limits) if match.end() <= limit.quantity.start < stop and not limit.narrows]
    said = [i for i, mention in enumerate(mentions) if match.end() <= mention.start < stop and not mention.exception_to]
    binding = [*(forbidden[len(mentions) + i] for i in inside), *(forbidden[i] for i in said)]
    each_forbids = all(binding) or (excluding and any(binding))
    if len(binding) < 2 or (name == "any1" and each_forbids):
        return
    for i in inside:
        limits[i].group = limits[i].group or name
    for i in said:
        mentions[i].group = mentions[i].group or name


def _group_sharing(text: str, limits: Sequence[Limit], forbidden: Sequence[bool]) -> int:
    """ "INR or PT ≤ 1.5 x ULN" required: any of them; "AST and ALT > 3 x ULN" forbidden: all. How many groups."""
    number = 0
    sharing: dict[int, list[int]] = {}  # by the place of the amount that is shared
    for index, limit in enumerate(limits):
        if limit.rule == "limit-shared-by-list" and limit.span:
            sharing.setdefault(limit.quantity.start, []).append(index)
    for together in sharing.values():
        index = together[0]
        if limits[index].group or len(together) < 2:
            continue
        spans = sorted({limits[k].span or (0, 0) for k in together})
        gaps = [text[a[1] : b[0]] for a, b in pairwise(spans)]
        if not gaps or any(len(gap) > 40 for gap in gaps):
            continue
        word = re.search(r"(?<![\w/])(or|and)(?![\w/])", gaps[-1], re.I)
        if word and (word[1].lower() == "and") == forbidden[index]:
            number += 1
            for k in together:
                limits[k].group = f"{'all' if forbidden[index] else 'any'}{number}"
    return number


def find_groups(text: str, limits: Sequence[Limit], forbidden: Sequence[bool]) -> None:
    """A required "or" and a forbidden "and" between limits that stand side by side make a group."""
    number = _group_sharing(text, limits, forbidden)
    for index in range(1, len(limits)):
        a, b = limits[index - 1], limits[index]
        if (
            a.quantity.start == b.quantity.start
            or a.narrows
            or b.narrows
            or a.condition
            or b.condition
            or b.inherited != a.inherited
        ):
            continue
        if {a.kind, b.kind} & {"time_window", "duration", "age", "dose"} or b.exception_to is not None:
            continue
        left = a.quantity.end if not (a.span and a.span[0] > a.quantity.start) else a.span[1]
        right = (
            min(b.quantity.start, b.span[0]) if b.span and not b.inherited and b.span[0] > left else b.quantity.start
        )
        gap = text[left:right]
        if len(gap) > 60 or right < left:
            continue
        joined = re.fullmatch(
            r"[\s,;)(]*(?:\([^()]*\)\s*)?(?P<word>and/or|or|and)\b(?:\s|\b(?:either|a|an|the|with|has|have|"
            r"serum|calculated|measured|estimated|alternatively)\b)*",
            gap,
            re.I,
        )
        if not joined:
            continue
        word = joined["word"].lower()
        if word in ("or", "and/or") and not forbidden[index] and not forbidden[index - 1]:
            kind = "any"
        elif word == "and" and forbidden[index] and forbidden[index - 1] and a.attribute != b.attribute:
            kind = "all"
        else:
            continue
        if a.group is None:
            number += 1
            a.group = f"{kind}{number}"
            for other in limits:
                if other.quantity.start == a.quantity.start:
                    other.group = a.group
        b.group = a.group
        for other in limits:
            if other.quantity.start == b.quantity.start:
                other.group = b.group
