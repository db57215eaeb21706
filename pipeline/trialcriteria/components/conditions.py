"""Conditions: the words under which a limit holds ("for men", "if liver metastases are present"), and which limit
replaces which."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from spacy.language import Language

from trialcriteria.components import condition_behind, condition_front
from trialcriteria.components.condition_contrasts import tell_apart
from trialcriteria.components.condition_lists import (
    replace,
    replace_beside,
    share_behind,
    share_cohort,
    share_in_brackets,
    share_in_front,
    share_parts,
)
from trialcriteria.components.condition_names import conditions_of, id_of
from trialcriteria.components.limits import Limit
from trialcriteria.components.step import Step
from trialcriteria.components.terms import Term
from trialcriteria.headings.arms import opening_arm

Span = tuple[int, int]


def find_conditions(text: str, limits: Sequence[Limit], terms: Sequence[Term], *, population: bool = False) -> None:
    """Give each limit the words under which it holds, and lay out which limit replaces which.

    `population`: whether the criterion opens with whom the trial is for ("Women aged 18 to 45"), which is no condition.
    """
    known = conditions_of(text, terms)
    arm = opening_arm(text)
    neighbours = _Neighbours(text, limits)
    placed: dict[int, Span] = {}  # by amount: a list that shares one shares its condition
    taken = 0  # how far the words behind the last limit reach that are its condition
    for limit in limits:
        start = limit.quantity.start
        if limit.is_time:
            continue
        if start in placed:
            limit.condition = placed[start]
            continue
        behind = _behind(text, limit, known, neighbours)
        if behind and _are_the_next(text, limit, limits, behind):
            behind = None
        words = behind or _elsewhere(text, limit, known, terms, neighbours, taken)
        if words and not condition_front.is_everyones(text, words, limit, arm, population=population):
            placed[start] = limit.condition = words
            taken = words[1] if behind else taken
    share_cohort(text, limits)
    share_parts(text, limits)
    tell_apart(text, limits)
    share_in_brackets(text, limits)
    share_behind(text, limits)
    settle(text, limits, known)


def settle(text: str, limits: Sequence[Limit], known: Sequence[Term]) -> None:
    """The lexicon's ids of the conditions, and which limit replaces which."""
    share_in_front(text, limits)
    for limit in limits:
        if limit.condition and limit.condition_id is None:
            limit.condition_id = id_of(text, limit.condition, known, further=limit.rule == "further-limit")
    replace(limits)
    replace_beside(text, limits)


OF_WHOM = re.compile(r"\s*(?:with|having|who\s+have|whose)\s+(?:an?\s+)?(?:baseline\s+|screening\s+)?", re.I)


def _are_the_next(text: str, limit: Limit, limits: Sequence[Limit], words: Span) -> bool:
    """Whether words behind a limit begin the next one: "males with QTc > 450 ms, females with QTc > 470 ms"."""
    return any(
        words[0] <= other.quantity.start < words[1] or OF_WHOM.fullmatch(text, words[1], other.span[0]) is not None
        for other in limits
        if other is not limit and other.span and other.attribute and other.attribute == limit.attribute
    )


class _Neighbours:
    """What stands around a limit, so that its condition is not sought beyond the next limit or the last one."""

    def __init__(self, text: str, limits: Sequence[Limit]) -> None:
        self._end_of_text = len(text)
        self._starts = sorted({limit.quantity.start for limit in limits if limit.kind != "duration"})
        self._measures = sorted(limit.span[0] for limit in limits if limit.span and limit.attribute)
        self._ends = sorted(limit.quantity.end for limit in limits)

    def next_amount(self, limit: Limit) -> int | None:
        """Where the next amount begins."""
        i = bisect_right(self._starts, limit.quantity.start)
        return self._starts[i] if i < len(self._starts) else None

    def stop(self, amount: int, measure: int) -> int:
        """Where the next limit begins: with its amount, behind the place `amount`, or with its measure."""
        i, k = bisect_right(self._starts, amount), bisect_left(self._measures, measure)
        return min(
            self._starts[i] if i < len(self._starts) else self._end_of_text,
            self._measures[k] if k < len(self._measures) else self._end_of_text,
        )

    def last_end(self, limit: Limit) -> int:
        """Where the last amount in front ends."""
        i = bisect_right(self._ends, limit.quantity.start)
        return self._ends[i - 1] if i else 0

    def has_one_before(self, place: int) -> bool:
        """Whether an amount ends in front of a place."""
        return bool(self._ends) and self._ends[0] <= place


def _behind(text: str, limit: Limit, known: Sequence[Term], neighbours: _Neighbours) -> Span | None:
    """The condition behind a limit, where the words there are one, and this limit's rather than the next one's."""
    end = condition_behind.end_of_words(text, limit)
    stop = neighbours.stop(limit.quantity.start, end)
    words = (
        condition_behind.cohort_behind(text, end)
        or condition_behind.known_behind(text, end, stop, known)
        or condition_behind.stated_behind(text, end, stop)
    )
    if words is None and (bracket := condition_behind.FURTHER_IN_BRACKETS.match(text, end)):
        end = bracket.end()
        stop = neighbours.stop(end, end)
        words = condition_behind.known_behind(text, end, stop, known)
    if words is None or not condition_behind.is_condition(text, limit, end, words):
        return None
    holds_an_amount = words[0] <= stop < words[1]  # "or, for patients with creatinine > 1.5 x ULN, a clearance ≥ 50"
    if holds_an_amount:
        stop = neighbours.stop(words[1], words[1])
    if neighbours.next_amount(limit) is not None and condition_behind.leads_the_next(text, end, words, stop):
        return None
    return words


def _elsewhere(
    text: str, limit: Limit, known: Sequence[Term], terms: Sequence[Term], neighbours: _Neighbours, taken: int
) -> Span | None:
    """The condition around a limit, in front of it, between measure and amount, or at the head of the sentence.

    `taken`: up to where words in front are the condition of the limit before.
    """
    start = limit.quantity.start
    previous = max(neighbours.last_end(limit), taken if taken <= start else 0)
    until = min(start, limit.span[0]) if limit.span and limit.span[0] >= previous else start
    return (
        condition_behind.around_in_brackets(text, limit, terms, known, neighbours.has_one_before)
        or condition_front.cohort_in_front(text, until)
        or condition_front.in_front(
            text, previous, until, known, measured=limit.kind == "age" or bool(limit.span and limit.span[0] >= until)
        )
        or condition_front.between_measure_and_amount(text, limit, known)
        or condition_front.announced(text, until)
        or condition_front.of_a_further_one(text, limit, previous)
        or _named_alone(text, limit, previous, until, start)
        or _of_people(text, limit, previous, until, known, neighbours)
    )


def _of_people(
    text: str, limit: Limit, previous: int, until: int, known: Sequence[Term], neighbours: _Neighbours
) -> Span | None:
    """Of whom a sentence is; the first age of a criterion says whom the trial is for, but in a cohort of it."""
    whom = condition_front.of_people(text, previous, until, known)
    if whom and limit.kind == "age" and not neighbours.has_one_before(until):
        return whom if condition_front.OF_A_COHORT.fullmatch(text, *whom) else None
    return whom


def _named_alone(text: str, limit: Limit, previous: int, until: int, start: int) -> Span | None:
    """In whom a limit on the upper limit of normal holds, in front of its measure or of those it shares it with."""
    if limit.quantity.reference != "ULN":
        return None
    return condition_front.named_alone(text, previous, until) or condition_front.named_alone(text, previous, start)


class Conditions(Step):
    """Gives the limits in `doc.user_data["limits"]` the conditions under which they hold."""

    def read(self, text: str, data: dict[str, Any]) -> None:
        """The limits learn their conditions."""
        limits = data.get("limits", ())
        if limits:
            find_conditions(text, limits, data.get("terms", ()), population=data.get("population", False))


@Language.factory("trialcriteria_conditions", assigns=["doc.user_data"], requires=["doc.user_data"])
def make_conditions(nlp: Language, name: str) -> Conditions:
    """Component `trialcriteria_conditions`."""
    return Conditions()
