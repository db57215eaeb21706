"""Comparators, as signs ("≥", "=<", "≤/=") and in words, and which of them belongs to a number."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from trialcriteria.components.terms import Term

SIGN = re.compile(
    r"(?:=\s?/?\s?)?[<>＜＞˂˃≤≥≦≧⩽⩾≮≯≲≳](?:\s?/?\s?=|(?<=[<>])_|(?<=[<>])/(?=\s?\d)|\s?or\s?=|\s+or\s+equals?(?:\s+to)?\b|"
    r"\s?/\s?equal to)?(?:\s+to\b)?|[=＝]"
)
BEGINS_A_SIGN = re.compile("[<>＜＞˂˃≤≥≦≧⩽⩾≮≯≲≳=＝]")
SIGN_OF = (
    {"<": "<", "＜": "<", "˂": "<", ">": ">", "＞": ">", "˃": ">"}
    | dict.fromkeys("≤≦⩽≯≲", "<=")
    | dict.fromkeys("≥≧⩾≮≳", ">=")
)
NOT = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
BEFORE_NUMBER = re.compile(
    r"[\s:(\[)\]]*(?:(?:of|a|an|the|their|about|average|mean|approximately|approx\.?|around|roughly|than|age|ages|is|are|to|or|be|"
    r"only|any|=|level|score|value|normal|least|total|aged|years|both|inclusive)\b[\s:(\[]*){0,4}[)\]]?\s*(?:[x×]\s?|_)?$",
    re.I,
)
AFTER_NUMBER = re.compile(
    r"[\s,)]*(?:\(?inclusive\)?|-?of[ -]age|-?years?-old|-?old|years|yrs|y|in age|completed|full|"
    r"\([^()]{1,30}\))?[\s,]*$",
    re.I,
)
PLUS = re.compile(r"\s?(?:\+|＋)(?![/\-\d]|\s[A-Z]\w)")  # not of "400 mg + metformin"
EQUAL = re.compile(r"=|equal|_|/$")
AND_EQUAL = frozenset({"", "or", "/", "or is"})
OVER_A_PERIOD = (  # "12 seizures over a 12-week period", "at least 1 episode over the 72 h period"
    (
        re.compile(r"over\s+an?\s+", re.I),
        re.compile(r"\w+(?:[\s-]+consecutive)?[\s-]+(?:hour|day|week|month|year|hr|wk)", re.I),
    ),
    (
        re.compile(r"over\s+(?:the\s+)?", re.I),
        re.compile(r"\d+\s?-?\s?(?:days?|hr|hours?|h|weeks?)\s+(?:period|diary|diaries|interval|run-?in)\b", re.I),
    ),
)
THAN = re.compile(r"\s+than\b")
NEGATED = re.compile(r"(?:not|no)\b", re.I)  # what a turned comparator begins with
NEGATION = re.compile(r"\b(?:not|no)\s+$")
NOT_BE = re.compile(  # "must not be", "not falling", "did not drop", "not yet"
    r"(?:\b(?:can)?not|n['’]t|\bnever)\s+(?:yet\s+$|(?:yet\s+)?(?:have\s+)?(?:been|be|become|get|fall(?:en|ing)?|"
    r"drop(?:ped|ping)?|go(?:ne|ing)?|ris(?:e|en|ing)|declin(?:e|ed|ing)|decreas(?:e|ed|ing)|increas(?:e|ed|ing))\s+$)",
    re.I,
)
WORD_NEXT = re.compile(r"\s*[A-Za-z]")


class Sign(NamedTuple):
    """A comparator: where it stands and what it says."""

    start: int
    end: int
    sign: str
    place: str


OF_THE_NEXT = re.compile(r"\.?\s*\d")
NOT_BEHIND = re.compile(  # "within 30 days or greater than (>) 499 mL", "in the last year at least 2 relapses"
    r"-\w|(?:(?<=least)|(?<=minimum))\s+(?:\(?\d|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b)|"
    r"(?<=minimum)\s+(?:age|weight|height|BMI|body\s+\w+)\b|"
    r"(?<=over)\s+(?:the\s+)?(?:past|last|previous)\b|(?<=than)(?<!older than)\s*(?:\(\s*[<>≤≥]=?\s*\)\s*)?\d",
    re.I,
)
IN_MASS = re.compile(r"[\d.,]+\s?(?:mg|mcg|[µμu]g|g|grams?|milligrams?)\b(?!\s?/\s?d?L)", re.I)
FARTHEST_DOSE = 70  # characters between a comparator and its amount
A_DRUG = r"[a-z]{4,}(?:one|ine|in|ol|am|ane|ide)\s+(?:of\s+)?"
A_DOSE = re.compile(  # "in excess of prednisone | 20 mg", "exceeding a total daily dose of morphine | 60 mg"
    r"\s*(?:(?:an?|the|approximately|about|total|daily|cumulative|lifetime|average|mean|maximum|maximal|equivalents?|doses?|dosage|of|to|oral|"
    rf"stable)\s+){{0,7}}(?:{A_DRUG}|(?<=of\s))",
    re.I,
)


class Signs:
    """The comparators of a text, to be asked from a number's side."""

    def __init__(self, found: list[Sign]) -> None:
        self.front = sorted((s for s in found if s.place != "after"), key=lambda s: s.end)
        self.back = sorted((s for s in found if s.place != "before"), key=lambda s: s.start)
        self.front_ends = [s.end for s in self.front]
        self.back_starts = [s.start for s in self.back]

    def before(self, text: str, start: int) -> Sign | None:
        """The comparator whose number begins at `start`."""
        for index in range(bisect_right(self.front_ends, start) - 1, -1, -1):
            sign = self.front[index]
            gap = text[sign.end : start]
            if len(gap) > 24:
                break
            if gap.strip() and not BEFORE_NUMBER.match(gap):
                continue
            if any(
                over.fullmatch(text, sign.start, start) and period.match(text, start) for over, period in OVER_A_PERIOD
            ):
                return None
            same = self.front[bisect_left(self.front_ends, sign.end) : bisect_right(self.front_ends, sign.end)]
            sign = next((s for s in same if s.start < sign.start), sign)
            return self._completed(text, sign) if sign.sign == "=" else sign
        return self._of_a_dose(text, start) if IN_MASS.match(text, start) else None

    def _of_a_dose(self, text: str, start: int) -> Sign | None:
        """The comparator in front of "a total daily dose of morphine" or "the equivalent of", before an amount."""
        for sign in reversed(self.front[: bisect_right(self.front_ends, start)]):
            if start - sign.end > FARTHEST_DOSE:
                return None
            if sign.sign in MIRROR and A_DOSE.fullmatch(text, sign.end, start):
                return min((s for s in self.front if s.end == sign.end and s.sign in MIRROR), key=lambda s: s.start)
        return None

    def over(self, at: int) -> Sign | None:
        """The comparator that begins at `at`, or before it and goes on there; one that has a direction."""
        signs = (s for s in self.front if s.start <= at < s.end and s.sign in MIRROR)
        return max(signs, key=lambda s: s.end, default=None)

    def ending(self, text: str, at: int) -> Sign | None:
        """The comparator that ends right before `at`."""
        for sign in reversed(self.front[: bisect_right(self.front_ends, at)]):
            if text[sign.end : at].strip():
                return None
            if sign.sign in MIRROR:
                return min((s for s in self.front if s.end == sign.end and s.sign in MIRROR), key=lambda s: s.start)
        return None

    def behind(self, text: str, at: int) -> Sign | None:
        """The comparator that begins right behind `at`, in a bracket or not."""
        plus = PLUS.match(text, at)
        if plus:
            return Sign(plus.start(), plus.end(), ">=", "after")
        for sign in self.back[bisect_left(self.back_starts, at) :]:
            if text[at : sign.start].strip(" ("):
                return None
            if not THAN.match(text, sign.end) and sign.sign in MIRROR:
                return sign
        return None

    def _completed(self, text: str, equal: Sign) -> Sign:
        """An equal sign may end another comparator: "> or = 18", "at least = 15"."""
        for sign in self.front:
            if sign.end <= equal.start and sign.sign in MIRROR and text[sign.end : equal.start].strip() in AND_EQUAL:
                return sign._replace(sign=sign.sign[0] + "=")
        return equal

    def after(self, text: str, end: int) -> Sign | None:
        """The comparator that follows a unit which ends at `end`."""
        plus = PLUS.match(text, end)
        if plus:
            return Sign(plus.start(), plus.end(), ">=", "after")
        for sign in self.back[bisect_left(self.back_starts, end) :]:
            if THAN.match(text, sign.end) or (OF_THE_NEXT.match(text, sign.end) and "," in text[end : sign.start]):
                continue  # "0.9 mg/kg, max. 90 mg"
            if NOT_BEHIND.match(text, sign.end):
                continue
            if sign.start - end > 40:
                return None
            return sign if AFTER_NUMBER.match(text[end : sign.start]) else None
        return None

    def turned(self, text: str, end: int) -> Sign | None:
        """The comparator behind a number that stands before its subject: "18 ≤ age"."""
        for sign in self.front[bisect_right(self.front_ends, end) :]:
            if sign.start >= end:
                if text[end : sign.start].strip() or sign.sign not in MIRROR or not SIGN.match(text, sign.start):
                    return None
                return sign if WORD_NEXT.match(text, sign.end) else None
        return None


NONE = Signs([])


def comparators(text: str, terms: Sequence[Term]) -> Signs:
    """Every comparator of the text, as a sign or in words."""
    found = []
    for match in SIGN.finditer(text) if BEGINS_A_SIGN.search(text) else ():
        said = match[0]
        sign = next((SIGN_OF[c] for c in said if c in SIGN_OF), "=")
        if len(sign) == 1 and sign != "=" and EQUAL.search(said):
            sign += "="
        start = match.start()
        negation = NEGATION.search(text, max(0, start - 5), start) or NOT_BE.search(text, max(0, start - 20), start)
        if negation and sign in NOT:
            start, sign = negation.start(), NOT[sign]
        found.append(Sign(start, match.end(), sign, "before"))
    for term in terms:
        if term.group == "comparators":
            sign, place = term.id.split()
            start = term.start
            if place == "before" and sign in NOT and (not_be := NOT_BE.search(text, max(0, start - 20), start)):
                start, sign = not_be.start(), NOT[sign]  # "must not be greater than"
            found.append(Sign(start, term.end, sign, place))
    return Signs(_denied_together(text, found)) if found else NONE


OR_ALSO = re.compile(r"\s*(?:[\d.,]*\d|[a-z]+(?=\s))(?:\s?[^\s,;()]+){0,3}?\s*,?\s+n?or\s+", re.I)  # "18 years or"
FARTHEST_OTHER = 40  # characters from a comparator to the other one that its denial reaches


def _denied_together(text: str, found: list[Sign]) -> list[Sign]:
    """The comparators, with the second one turned where "not" denies both: "not < 18 or > 35".

    The first is turned already, so both would point one way, which nobody says.
    """
    denied = [sign for sign in found if NEGATED.match(text, sign.start) and sign.sign in NOT]
    for first in denied:
        for n, other in enumerate(found):
            near = first.end < other.start <= first.end + FARTHEST_OTHER and other.place != "after"
            if near and other.sign[0] == first.sign[0] and OR_ALSO.fullmatch(text, first.end, other.start):
                found[n] = other._replace(sign=NOT[other.sign])
    return found
