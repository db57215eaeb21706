"""What an exception or a permission lifts: the limit or mention in front of it that it is made from.

READING's rule 12: with `permit` it lifts; what replaces another limit instead is found with the conditions.
"""

import re
from collections.abc import Sequence

from trialcriteria.components.context import Turn
from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.records import Requirement, Segment
from trialcriteria.requirements.kinship import kinship
from trialcriteria.requirements.scopes import excepts_from_a_whole


def exempted(
    text: str,
    turns: Sequence[Turn],
    start: int,
    mentions: Sequence[Said],
    limits: Sequence[Limit],
    own: int | None,
    requirements: Sequence[Requirement],
) -> int | None:
    """What an exception lifts (mentions first, then limits): what is most akin to it in front of its cue.

    Windows, and whatever else narrows a mention, go with that mention.
    """
    cue = next((turn for turn in turns if turn.category == "EXCEPTION"), None) if turns else None
    if cue is None or cue.start > start:
        return None
    n = len(mentions)
    ends = [(m.end, i) for i, m in enumerate(mentions) if i != own]
    ends += [
        (limit.quantity.end, n + i)
        for i, limit in enumerate(limits)
        if not limit.events and not limit.narrows and not limit.is_time
    ]
    before = [(end, i) for end, i in ends if end <= cue.start and requirements[i] in ("forbid", "require")]
    one = mentions[own] if own is not None and own < n else None
    return _most_akin(text, one, before, mentions, limits)


def lifted_by_permission(text: str, one: Said, mentions: Sequence[Said], demands: Sequence[Requirement]) -> int | None:
    """What a permission among reasons for exclusion lifts: the forbidden mention in front that is most akin.

    "Brain metastases or leptomeningeal disease; treated metastases are allowed".
    """
    before = [(other.end, i) for i, other in enumerate(mentions) if other.end <= one.start and demands[i] == "forbid"]
    return _most_akin(text, one, before, mentions, ())


def _most_akin(
    text: str, one: Said | None, before: Sequence[tuple[int, int]], mentions: Sequence[Said], limits: Sequence[Limit]
) -> int | None:
    """Of what ends before an exception, with its number, what is most akin to it; else the nearest."""
    if one is None or len(before) < 2:
        return max(before, key=lambda place: (place[0], -place[1]))[1] if before else None
    n = len(mentions)

    def rank(place: tuple[int, int]) -> tuple[int, int, int]:
        end, i = place
        return kinship(text, one, mentions[i] if i < n else limits[i - n]), end, -i

    return max(before, key=rank)[1]


def lifted_by_limit(
    piece: Segment,
    text: str,
    limit: Limit,
    turns: Sequence[Turn],
    mentions: Sequence[Said],
    limits: Sequence[Limit],
    number: int,
    demands: Sequence[Requirement],
) -> int | None:
    """What a limit on its own lifts: by an exception, or by a permission among reasons for exclusion.

    "HBs antigen positive (HBV DNA < 10 IU/mL is permitted)".
    """
    if any(turn.category == "EXCEPTION" for turn in turns):
        return exempted(text, turns, limit.quantity.start, mentions, limits, number, demands)
    if piece.section != "exclusion" or demands[number] != "permit" or limit.is_time:
        return None
    earlier = [i for i, m in enumerate(mentions) if m.end <= limit.first and demands[i] == "forbid"]
    return earlier[-1] if earlier else None


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
            turn.category == "PERMIT" and turn.end <= cue.start and NEED_NOT.search(turn.words) is None
            for turn in turns[whole]
        )
        if allowed and not any(turn.category == "EXCEPTION" for turn in turns[whole]):
            said = text[mentions[whole].end : cue.start]
            if len(said) < FAR and not ANOTHER_SENTENCE.search(said):
                demands[i] = "forbid"
                mention.exception_to = whole


ASIDE = re.compile(r"other than|not (?:including|counting)|exclusive|outside", re.I)  # of what kind the permitted is
NEED_NOT = re.compile(r"requir|mandatory|necessary|compulsory|need", re.I)
FAR = 60  # characters between what is permitted and the exception to it
ANOTHER_SENTENCE = re.compile(r"[;]|[.](?=\s)")


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
    wholes = []
    for index in limit.events:
        whole = mentions[index].exception_to
        other_than = any(
            turn.category == "EXCEPTION" and excepts_from_a_whole(text, turn, limit, limits) for turn in turns[index]
        )
        if whole is None or whole >= len(mentions) or not other_than:
            return
        wholes.append(whole)
    if limit.kind != "time_window" or limit.quantity.operator not in ("<", "<="):
        return
    for index in limit.events:
        mentions[index].narrowed.remove(number)
    limit.events = list(dict.fromkeys(wholes))
    for index in limit.events:
        mentions[index].narrowed.append(number)
