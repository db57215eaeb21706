"""Levels as they are written: one, a range or a list, with the words behind them: "II-IV", "A or B", "2 or worse"."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from trialcriteria.components.comparators import Sign, Signs
from trialcriteria.lexicon import Attribute

ROMAN = "I II III IV V VI VII VIII IX X".split()
ROMAN_SIGNS = dict(zip(ROMAN, "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ", strict=True))
TOWARDS_AN_END = re.compile(  # which way this goes depends on which end of the scale is the worse
    r"\s*(?:\([^)]{0,30}\)\s*)?(?:or|and)\s+(?:(?P<worse>worse|poorer|severer|more severe|more advanced)|"
    r"better|less severe|milder)\b",
    re.I,
)
RANGE = re.compile(r"\s*(?:-|–|—|−|－|~|～|∼|to|through|until|→|\.\.\.?)\s*", re.I)
AND = re.compile(r"\s*and\s*")
LOST_DASH = re.compile(
    r"[ \u00a0](?=1\s+or\s+2\b|[1-5](?:\s*(?:$|[.,;)])|\s+(?:on|at|by|according|within|as|and|or\s+better)\b))"
)  # "ECOG 0 2"
BARE_DIGIT = re.compile(r"[0-4][a-d]?(?!\.?\d|[A-LO-Za-z_])")
LIST = re.compile(
    r"(?:[\])]|-(?=\s*,|\s+(?:and|or)\b))?\s*"  # "1-, 2- or 3"
    r"(?:,?\s*(?:and/or|or|and|&|vs\.?),?(?:\s+|(?=\d))(?:class|type|score|a score of|level|status|of)?\s*\[?|"
    r"[,/、]\s*(?:or|and)?\s*(?:class)?\s*)",
    re.I,
)


GLOSS = re.compile(
    r"\s*\((?:[A-Z]\w{1,3}|(?!(?:part|cohort|arm|phase|group|stratum|for|if|in|with|when|only|patients|subjects|or|and)\b)"
    r"[^()\d<>≤≥]{2,70})\)|\s+(?:bulky|disease)\b(?=\s*,)",
    re.I,
)
LETTER = re.compile(r"(?:[A-D]|(?<=[/-])[b-d]|(?<= or )[b-d])(?![\w.]|\s+[a-z]+\s+(?:of|to)\b)")
LETTER_APART = re.compile(r"\s?\(?([A-D])(?=\s*(?:[,;/)-]|$|or\b|and\b))(?:\)(?!\w))?")
OR_GRADE = re.compile(r"\s*,?\s*(?:or|and)\s+(?:on\s+)?(?:grade|item|question)\s+", re.I)


IF = re.compile(r"\s+(?:only\s+)?(?:if|when|due to|provided|in case|because)\b", re.I)
WITH_PAIN = re.compile(r"\s+(?:(?:peripheral|sensory)\s+)?(?:neuropathy\s+)?with\s+(?:neuropathic\s+)?pain\b", re.I)
RANGE_OR = re.compile(r"\w\s*(?:[-–—−~]|\bto\b|\bor\s+better\b)\s*\w*,?\s*or\s+\S{1,5}$", re.I)


class Run(NamedTuple):
    """Levels that were written out, in the scale's order, and where they end."""

    levels: tuple[str, ...]
    end: int
    of_last: bool = False  # these are parts of the level before, and stand for it


@lru_cache(maxsize=512)
def spelling(levels: tuple[str, ...], written: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """The expression that finds one level of a scale, and what each spelling means."""
    meaning = {**{level.lower(): level for level in levels}, **{key.lower(): level for key, level in written}}
    meaning |= {
        ROMAN_SIGNS[word.upper()].lower(): level for word, level in list(meaning.items()) if word.upper() in ROMAN_SIGNS
    }
    words = sorted(meaning, key=len, reverse=True)
    body = "|".join(re.escape(word) for word in words)
    tnm = any(level in meaning for level in ("tx", "nx", "m0"))  # "T3N0M0": one begins where the other ends
    front, edge = (r"(?<!\.)", r"[\da-lo-z]") if tnm else (r"(?<![\d.])", r"\w")
    if tnm:
        edge = rf"{edge}|n\dI"  # "T3N2IIIB" is one stage, of which T3 alone is not said
    return re.compile(rf"{front}(?:{body})(?!{edge}|\.\d|\s?%|\s?[x×]\s?\d|\.\s?e\.)", re.I), meaning


def read_run(
    text: str, at: int, limit: int, attribute: Attribute, sign: Sign | None, signs: Signs, spanning: bool = False
) -> Run | None:
    """The levels of a scale that are written at `at` and meet the comparator in front of them or behind.

    `spanning`: a "between" or "from" stands in front, so that "and" joins the ends of a range.
    """
    pattern, meaning = spelling(attribute.levels, attribute.written)
    match = pattern.match(text, at, limit)
    if not match or (match[0] == "a" and attribute.levels[0] == "A"):
        return None
    chosen, end = [meaning[match[0].lower()]], match.end()
    while further := (
        _up_to(text, end, attribute, chosen, spanning)
        or _up_to_a_digit(text, end, attribute, chosen)
        or _up_to_a_letter(text, end, attribute, chosen)
        or _listed(text, end, attribute, again=sign is None)
        or _its_part(text, end, attribute, chosen)
    ):
        if IF.match(text, further.end) and RANGE_OR.search(text, at, further.end):
            break  # "0-1, or 2 if due to lymphoma": of the last one alone
        if WITH_PAIN.match(text, further.end) and OR_GRADE.match(text, end):
            break  # "grade 3-4, or grade 2 with pain"
        if further.of_last:
            chosen.pop()
        chosen += further.levels
        end = further.end
    said = sign or towards(text, end, attribute.worse == "high", signs)
    end = said.end if said and said is not sign else end
    return Run(meeting(attribute.levels, chosen, said.sign if said else None), end)


def _up_to(text: str, end: int, attribute: Attribute, chosen: Sequence[str], spanning: bool) -> Run | None:
    """The rest of a range whose other end follows: "-IV", "to B", "through IIIA"."""
    pattern, meaning = spelling(attribute.levels, attribute.written)
    span = (AND.match(text, end) if spanning else None) or RANGE.match(text, _past_gloss(text, end))
    if span is None and list(chosen) == ["0"]:
        span = LOST_DASH.match(text, end)
    last = pattern.match(text, span.end()) if span else None
    if last is None:
        return None
    levels = _between(attribute.levels, chosen, meaning[last[0].lower()])
    return Run(tuple(level for level in levels if level not in chosen), last.end())


def _between(order: tuple[str, ...], chosen: Sequence[str], last: str) -> Iterable[str]:
    """The levels of a range that stand on the footing of its ends: "T1b-T2a" holds T1c, not the whole of T2.

    What lies between two ends that are parts is listed with its parts: "IB-IIIA" holds IIA.
    """
    low, high = sorted((order.index(chosen[-1]), order.index(last)))
    bottom, top = order[low], order[high]
    ends = (_whole(bottom, order), _whole(top, order))
    parts = bottom != ends[0] and top != ends[1]
    for level in order[low : high + 1]:
        whole = _whole(level, order)
        inner = whole == level or (whole in ends and whole not in (bottom, top)) or (parts and whole not in ends)
        if level == top or (level != ends[1] and _same_depth(level, order, [*chosen, top]) and inner):
            yield level


def _up_to_a_digit(text: str, end: int, attribute: Attribute, chosen: Sequence[str]) -> Run | None:
    """The rest of a range whose other end leaves out the letter: "T3-4"."""
    _, meaning = spelling(attribute.levels, attribute.written)
    span = RANGE.match(text, end) if attribute.standalone else None
    bare = BARE_DIGIT.match(text, span.end()) if span else None
    last = meaning.get((chosen[0][0] + bare[0]).lower()) if bare else None
    if bare is None or last is None:
        return None
    if len(last) > 2:
        return Run((last,), bare.end())
    order = attribute.levels
    low, high = sorted((order.index(chosen[-1]), order.index(last)))
    levels = (level for level in order[low : high + 1] if level not in chosen and len(level) == 2)
    return Run(tuple(levels), bare.end())


def _past_gloss(text: str, end: int) -> int:
    """Behind what a bracket or a word says of a level: "IIB (T3) to IVA", "II bulky, III or IV"."""
    gloss = GLOSS.match(text, end)
    return gloss.end() if gloss else end


def _up_to_a_letter(text: str, end: int, attribute: Attribute, chosen: Sequence[str]) -> Run | None:
    """What goes on with the letter alone: "IIIB/C", "IIIA or B", "IIA-C"."""
    _, meaning = spelling(attribute.levels, attribute.written)
    whole = _whole(chosen[-1], attribute.levels)
    if whole == chosen[-1]:
        return None
    span = RANGE.match(text, end)
    joint = span or LIST.match(text, end)
    letter = LETTER.match(text, joint.end()) if joint else None
    last = meaning.get((whole + letter[0]).lower()) if letter else None
    if letter is None or last is None or last in chosen:
        return None
    levels = _between(attribute.levels, chosen, last) if span else (last,)
    return Run(tuple(level for level in levels if level not in chosen), letter.end())


def _its_part(text: str, end: int, attribute: Attribute, chosen: Sequence[str]) -> Run | None:
    """A part of the level before, its letter apart: "III B", "III (A or B)"."""
    _, meaning = spelling(attribute.levels, attribute.written)
    apart = LETTER_APART.match(text, end)
    part = meaning.get((chosen[-1] + apart[1]).lower()) if apart else None
    return Run((part,), apart.end(), of_last=True) if apart and part else None


def _listed(text: str, end: int, attribute: Attribute, *, again: bool) -> Run | None:
    """The next level of a list: "or B", "/IV"; `again`: also "grade III or grade IV", no comparator being said."""
    pattern, meaning = spelling(attribute.levels, attribute.written)
    joint = (OR_GRADE.match(text, end) if again else None) or LIST.match(text, end)
    joint = joint or LIST.match(text, _past_gloss(text, end))
    level = pattern.match(text, joint.end()) if joint and joint.end() > end else None
    return Run((meaning[level[0].lower()],), level.end()) if level and level[0] != "a" else None


def towards(text: str, end: int, high_is_worse: bool, signs: Signs) -> Sign | None:
    """The comparator behind levels: "or higher", "or worse"."""
    said = TOWARDS_AN_END.match(text, end)
    if said:
        return Sign(*said.span(), ">=" if (said["worse"] is not None) == high_is_worse else "<=", "after")
    return signs.behind(text, end)


def meeting(order: tuple[str, ...], chosen: Sequence[str], sign: str | None) -> tuple[str, ...]:
    """The levels of a scale that a statement allows."""
    if sign is None:
        return tuple(level for level in order if level in chosen)
    places = [order.index(level) for level in chosen]
    low, high = min(places), max(places)
    found = {
        ">=": order[low:],
        ">": order[high + 1 :],
        "<=": order[: high + 1],
        "<": order[:low],
    }[sign]
    return tuple(
        level
        for level in found
        if level in chosen or (_same_depth(level, order, chosen) and level not in ("TX", "T0", "NX"))
    )


def _same_depth(level: str, order: tuple[str, ...], chosen: Sequence[str]) -> bool:
    """Whether a level stands on the same footing as those said: "stage II or higher" lists III and IV, not IIIA."""
    return _depth(level, order) <= max(_depth(x, order) for x in chosen)


PART = re.compile(r"(.*?[IVX0-9])(?:[A-DSa-d](\d)?|[AB]?E|X|i+(\d)?|mi)")


def _whole(level: str, order: tuple[str, ...]) -> str:
    """The level that this one narrows: T1 of T1c; itself where it narrows none."""
    part = PART.fullmatch(level)
    return part[1] if part and part[1] in order else level


def _depth(level: str, order: tuple[str, ...]) -> int:
    """How fine a level is: III 0, IIIA 1, IIIA2 2."""
    part = PART.fullmatch(level)
    if part is None or part[1] not in order:
        return 0
    return 2 if part[2] or part[3] else 1
