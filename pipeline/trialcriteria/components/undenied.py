"""What denials and exceptions do not reach, though it stands in their scope: other women, other kinds, what is held."""

import re
from collections.abc import Sequence
from itertools import pairwise

from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.telling import holds_any
from trialcriteria.components.turns import Turn


def lift_cues(text: str, mentions: Sequence[Said], limits: Sequence[Limit], turns: list[list[Turn]]) -> None:
    """Take away, or turn into permissions, the cues that do not govern a mention or a limit, `turns` of both."""
    _allow_the_received(text, turns)
    _keep_what_is_untreated(text, mentions, limits, turns)
    _count_once(text, turns)
    _let_in_what_is_held(text, mentions, turns)
    _keep_the_pregnant(text, mentions, turns)
    _end_what_is_not_meant(text, mentions, turns)
    _keep_progressed(text, mentions, turns)


RECEIVED_OR = re.compile(r"\b(?:received|had|undergone|underwent)\s+(?:and/)?or\s+(?:(?:are|is|were)\s+)?$", re.I)


def _allow_the_received(text: str, turns: Sequence[list[Turn]]) -> None:
    """ "Received or ineligible for stem cell transplantation": whoever had one is meant as well."""
    for own in turns if holds_any(text, {"or"}) else ():
        for k, turn in enumerate(own):
            if turn.category == "NEGATED" and RECEIVED_OR.search(text, max(0, turn.start - 40), turn.start):
                own[k] = turn._replace(category="PERMIT")


OR_UNWILLING = re.compile(r"\s*,?\s*(?:and/or|and|or)\s+(?:(?:to|who|are|is)\s+)*", re.I)


def _count_once(text: str, turns: Sequence[list[Turn]]) -> None:
    """ "Ineligible for or refuse chemotherapy" denies it once."""
    for own in turns:
        denials = [turn for turn in own if turn.category == "NEGATED"]
        for one, other in pairwise(denials):
            if OR_UNWILLING.fullmatch(text, one.end, other.start):
                own.remove(one)


NAIVE_FOR = re.compile(r"-na[iï]ve\s+for(?:\s+(?:treatment|therapy)\s+with)?", re.I)


def _keep_what_is_untreated(
    text: str, mentions: Sequence[Said], limits: Sequence[Limit], turns: list[list[Turn]]
) -> None:
    """ "Chemotherapy-naive for stage IV colorectal cancer": the cancer and its stage are there.

    And "treatment-naive for cancer and osimertinib-naive" denies osimertinib once.
    """
    n = len(mentions)
    for i, own in enumerate(turns if "aive for" in text or "aïve for" in text else ()):
        treated = (i >= n and not limits[i - n].levels) or (i < n and mentions[i].label != "condition")
        itself = NAIVE_FOR.match(text, mentions[i].end) if i < n and mentions[i].label == "treatment" else None
        if itself or not treated:
            own[:] = [turn for turn in own if not NAIVE_FOR.fullmatch(text, turn.start - 1, turn.end)]
        if itself:
            own.append(Turn("NEGATED", itself.start() + 1, itself.end(), itself[0][1:]))


HELD = re.compile(
    r"(?:only\s+)?(?:(?:previously|adequately|definitively|curatively|clinically|radiologically|neurologically|well|locally)[\s-]+)*"
    r"(?:treated|stable|controlled|asymptomatic|inactive|irradiated|resected)\b",
    re.I,
)
OR_SO = re.compile(r"\s+or\s+(?:only\s+)?", re.I)
OR_HAS = re.compile(r"\s*,?\s*or\s+(?:(?:with|only|have|has|had|an?|prior|past|history\s+of)\s+)*", re.I)


def _let_in_what_is_held(text: str, mentions: Sequence[Said], turns: Sequence[list[Turn]]) -> None:
    """ "No brain metastases or previously treated brain metastases", "no or stable brain metastases": those may be."""
    for j, own in enumerate(turns[: len(mentions)] if holds_any(text, {"or"}) else ()):
        mention = mentions[j]
        denial = next((turn for turn in own if turn.category == "NEGATED"), None)
        if denial is None or HELD.match(text, mention.start) is None:
            continue
        before = mentions[j - 1] if j else None
        again = before is not None and before.concept == mention.concept and HELD.match(text, before.start) is None
        both = again and denial in turns[j - 1] and before is not None
        if OR_SO.fullmatch(text, denial.end, mention.start) or (
            both and before is not None and OR_HAS.fullmatch(text, before.end, mention.start)
        ):
            own[own.index(denial)] = denial._replace(category="PERMIT")


def _keep_the_pregnant(text: str, mentions: Sequence[Said], turns: Sequence[list[Turn]]) -> None:
    """ "Women without contraception, pregnant or lactating women": these are other women."""
    for mention, own in zip(mentions, turns, strict=False):
        if mention.concept in ("pregnancy", "breastfeeding"):
            own[:] = [
                turn
                for turn in own
                if not (turn.words.lower() == "without" and "," in text[turn.end : max(turn.end, mention.start)])
            ]


NO_RESPONSE = re.compile(r"\s*(?:yet\s+)?respond(?:ed)?\b[^.;,()]{0,40}\bor\s+(?:(?:have|has|had|who)\s+)*$", re.I)


def _keep_progressed(text: str, mentions: Sequence[Said], turns: Sequence[list[Turn]]) -> None:
    """ "Not responded or progressed within 6 months": the progression is there."""
    places = [m.start if m.concept == "disease_progression" else -1 for m in mentions]
    for start, own in zip(places, turns, strict=False):
        if start >= 0:
            own[:] = [turn for turn in own if not NO_RESPONSE.fullmatch(text, turn.end, max(start, turn.end))]


OR_ARE = re.compile(r",\s*or\s+(?:are|is|have|has|were)\b", re.I)


def _end_what_is_not_meant(text: str, mentions: Sequence[Said], turns: Sequence[list[Turn]]) -> None:
    """ "A drug other than the study drug, or are enrolled in …" excepts the study drug alone.

    "Focal seizures without loss of consciousness, focal seizures with it" deny nothing of the second.
    """
    for mention, own in zip(mentions, turns, strict=False):
        for turn in [turn for turn in own if turn.end <= mention.start]:
            between = text[turn.end : mention.start]
            if (turn.category == "EXCEPTION" and turn.words.lower() == "other than" and OR_ARE.search(between)) or (
                turn.words.lower() == "without" and "," in between and _is_said_anew(mentions, mention, turn)
            ):
                own.remove(turn)


def _is_said_anew(mentions: Sequence[Said], mention: Said, turn: Turn) -> bool:
    """Whether what stood right in front of "without" is named again, up to a mention."""
    head = next((m for m in reversed(mentions) if 0 <= turn.start - m.end <= 1), None)
    if head is None or head.concept is None:
        return False
    return any(turn.end <= m.start <= mention.start and m.concept == head.concept for m in mentions)
