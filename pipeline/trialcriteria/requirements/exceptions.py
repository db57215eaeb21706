"""Exceptions that turn: what is permitted and lifts, what an exception to a permission forbids, and whose window it is.

READING's rule 12: with `permit` it lifts; what replaces another limit instead is found with the conditions.
"""

import re
from collections.abc import Sequence

from trialcriteria.components.limits import CLAUSE_ENDS, Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.turns import Turn
from trialcriteria.records import Requirement
from trialcriteria.requirements.scopes import excepts_from_a_whole


def turn_back(text: str, mentions: Sequence[Said], turns: Sequence[Sequence[Turn]], demands: list[Requirement]) -> None:
    """ "Killed vaccines are allowed, except that against influenza": an exception to what is permitted is forbidden.

    `demands` holds the mentions' requirements first.
    """
    for i, mention in enumerate(mentions):
        cue = next((turn for turn in turns[i] if turn.category == "EXCEPTION"), None)
        if cue is None or demands[i] != "permit" or cue.start > mention.start or ASIDE.match(cue.words):
            continue
        before = [j for j in range(i) if mentions[j].end <= cue.start]
        if not before or demands[before[-1]] != "permit":
            continue
        whole = before[-1]
        allowed = any(
            turn.category == "PERMIT"
            and (turn.end <= cue.start or ")" in text[mention.end : turn.start])
            and NEED_NOT.search(turn.words) is None
            for turn in turns[whole]
        )
        if allowed and not any(turn.category == "EXCEPTION" for turn in turns[whole]):
            said = text[mentions[whole].end : cue.start]
            if len(said) < FAR and not CLAUSE_ENDS.search(said):
                demands[i] = "forbid"
                mention.exception_to = whole


ASIDE = re.compile(r"other than|not (?:including|counting)|exclusive|outside", re.I)  # of what kind the permitted is
NEED_NOT = re.compile(r"requir|mandatory|necessary|compulsory|need", re.I)
FAR = 60  # characters between what is permitted and the exception to it


def lift_earlier(limits: Sequence[Limit], mentions: Sequence[Said], demands: Sequence[Requirement]) -> None:
    """ "> 1.5 x ULN (isolated > 1.5 x ULN is acceptable …)": what is permitted lifts the limit on the same measure.

    Of "grade 2 neuropathy is acceptable" the neuropathy does. `demands` holds the mentions' requirements first.
    """
    n = len(mentions)
    binding: dict[str | None, int] = {}  # by attribute: the first limit that binds
    for i, limit in enumerate(limits):
        if demands[n + i] in ("require", "forbid"):
            binding.setdefault(limit.attribute, i)
        if demands[n + i] != "permit" or limit.exception_to is not None or limit.attribute is None:
            continue
        earlier = binding.get(limit.attribute)
        if earlier is None:
            continue
        if not limit.events:
            limit.exception_to = earlier
        for index in limit.events:
            if demands[index] == "permit" and mentions[index].exception_to is None:
                mentions[index].exception_to = n + earlier


def aim_at_the_whole(
    text: str,
    number: int,
    limits: Sequence[Limit],
    mentions: Sequence[Said],
    turns: Sequence[Sequence[Turn]],
) -> None:
    """ "Fibrates other than fenofibrate within 6 weeks": the window is that of the fibrates."""
    limit = limits[number]
    if limit.exception_to is not None:
        return  # "except fenofibrate within 2 weeks" has a window of its own
    wholes = []
    for index in limit.events:
        whole = mentions[index].exception_to
        other_than = any(
            turn.category == "EXCEPTION" and excepts_from_a_whole(text, turn, limit, limits) for turn in turns[index]
        )
        if whole is None or whole >= len(mentions) or not other_than:
            return
        wholes.append(whole)
    if limit.kind != "time_window" or not limit.quantity.is_maximum:
        return
    for index in limit.events:
        mentions[index].narrowed.remove(number)
    limit.events = list(dict.fromkeys(wholes))
    for index in limit.events:
        mentions[index].narrowed.append(number)
    if limit.events:
        last = mentions[limit.events[-1]]
        limit.span = (last.start, last.end)
