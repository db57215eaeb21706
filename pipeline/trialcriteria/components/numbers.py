"""Digits and number words that may be amounts: "100,000", "10^5", "twenty-four", "three (3)", 20/40, 1:80, 140/90."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from trialcriteria.components.names import CIRCLED, TITER, Loose, Names, not_an_amount, set_apart
from trialcriteria.components.telling import Sought, holds_any, words_in
from trialcriteria.components.terms import Term
from trialcriteria.records import Reason
from trialcriteria.units import read_unit

DIGITS = re.compile(  # it begins with one character, so that the search leaps to it
    r"[\d.](?:(?<=\d)(?:\d{0,2}, (?:000(?![\d,.])|\d{3}(?=\s*(?:cells\b|per\s|/\s?(?:mm|cu|[uµμm]?[lL]\b))))"
    r"|\d{0,2}(?:,\d{3})+(?:\.\d+)?(?![\d,])"
    r"|\d{0,2}(?:[\u0020\u00a0\u2009\u202f](?!10[69]\s?/\s?[lL]\b)\d{3})+(?![\d.,])|\d{0,2}(?:\.\d{3}){2,}(?!\d)"
    r"|\d*[.,·•]\d+|\d*)|(?<=\.)\d+)"
)
SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
WORD_VALUE: dict[str, Decimal] = {
    word: Decimal(value)
    for word, value in [
        *((word, str(value)) for value, word in enumerate(SMALL)),
        *((w, str(n)) for w, n in TENS.items()),
        ("hundred", "100"),
        ("half", "0.5"),
    ]
}
PARTS = {"third": 3, "half": 2, "quarter": 4, "fourth": 4, "fifth": 5}
PART = re.compile(r"(?P<many>one|two|three|four)[- ](?P<part>third|half|quarter|fourth|fifth)s?", re.IGNORECASE)
WORD = re.compile(
    rf"\b(?:(?:one|two|three|four)[- ](?:{'|'.join(PARTS)})s?|"
    rf"(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(SMALL[1:10])}))?|(?:(?:one|two|three|four|five)[- ])?hundred|"
    rf"half(?!-li)|{'|'.join(SMALL)}|twice|thrice|(?<=more\sthan\s)once)\b",
    re.IGNORECASE,
)
IMPLIED = re.compile(
    r"\b(?:past|last|previous|preceding|prior|next)\s+(?=(?:year|month|week)\b)|"
    r"\b(?:in|during|over|within|from)\s+the\s+(?=(?:year|month|week)\s+(?:before|prior|preceding)\b)|"
    r"(?<!once\s)(?<!twice\s)(?<!times\s)(?<!hours\s)(?<!days\s)(?<!between\s)\b(?P<whole>an?)(?=\s+(?:year|month|week)\s+(?:before|prior\s+to|preceding)\b)|"
    r"\b(?:within|for|over|than|least|in|"
    r"after|past|last|of|every)\s+(?:about\s+)?(?P<one>an?)(?=\s+(?:year|month|week|day|hour)\b)",
    re.I,
)
TIMES = {"once": 1, "twice": 2, "thrice": 3}
NUMBER_WORDS = frozenset({*SMALL, *TENS, *TIMES, "hundred", "half"})  # WORD finds nothing without one of them
SPANS = frozenset("year month week day hour".split())  # nor IMPLIED
SAYING_NUMBERS = NUMBER_WORDS | SPANS
DIGIT = re.compile(r"[\d①-⑳⑴-⑽❶-❿]")
POWER = re.compile(
    r"\s*(?:[x×*·ⅹX]\s*10\s*\^?\s*|\^|\s?[eE](?=\d))\(?(\d{1,2})\)?(?![\d.,]*[A-Za-z/])|"
    r"\s?([⁰¹²³⁴⁵⁶⁷⁸⁹]+)(?!\w)"
)
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
FRACTION = re.compile(r"(\d+(?:\.\d+)?)\s?/\s?(\d+(?:\.\d+)?)(?![\d/])")
WEEKS = (
    r"(?=\s*-?(?:(?:to|and|until|–|-)\s*\d{1,2}(?:\s?\+\s?|\s|\s?[-–]\s?)[0-6](?:\s?/\s?7)?\s*-?)?(?:weeks?|wks?|w)\b)"
)
WEEKS_AND_DAYS = re.compile(
    rf"(\d{{1,2}})(?:\s?\+\s?([0-6])(?:\s?/\s?7)?|\s([0-6])\s?/\s?7|\s?[-–]\s?([0-6])/7){WEEKS}(?:\s*-?(?:weeks?|wks?|w)\b(?!['’]?\s+(?:of\s+)?gestation))?"
)
FEET_AND_INCHES = re.compile(  # 5' 4", 5 ft 4 in
    r"(\d)\s?(?:['’′]|(?:feet|foot|ft)\b\.?)\s?(\d{1,2})\s?(?:[\"”″]|''|’’|(?:inch(?:es)?|in)\b)", re.I
)
PRESSURE_NEAR = re.compile(
    r"blood pressure|\bRR\s*(?:[<>≤≥]=?|of|above|over|below)|\bHTN\b|\bbp\b|hypertens|hypotens|systolic|mm\s?hg", re.I
)
SIGHT = re.compile(r"visual|acuity|snellen|\bvision\b|BCVA|\bVA\b|\beye|sight|letters", re.I)
MINUS = re.compile(
    r"(?:[<>≤≥=]\s?|\b(?:than|of|below|above|under|over|least|most|between|and|to|from|exceeding|is|"
    r"scores?|refraction|errors?|sphere|equivalent|myopia|hyperopia|cylinder|excess|SE)\s)([-−–])$",
    re.I,
)
DASHES = frozenset("-−–")
JOINING_DASH = re.compile(r"\d\s?[-−–]\s?$")  # "18 -65"
REPEATED = re.compile(r"\s*\(\s*(?:[<>≤≥]\s*)?(\d+)\s*\)")
TEN_THOUSAND = re.compile("万|萬")
OF_A_WHOLE = re.compile(r"\s*(?:of|the|a|teaspoons?|tablespoons?|cups?|maxim\w+)\b")
THOUSANDS = re.compile(r"\d{1,3}(?:, \d{3}|(?:[,\s]\d{3})+)(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}")


class Number(NamedTuple):
    """Digits or a number word; `unit` and `second` where the digits themselves say them (20/40, 1:80, 140/90)."""

    start: int
    end: int
    value: Decimal
    word: bool
    unit: str | None = None
    second: Decimal | None = None


@lru_cache(maxsize=256)
def may_hold_numbers(text: str) -> bool:
    """Whether digits or number words stand in a text, or words that imply a number: a cheap look before reading it."""
    return DIGIT.search(text) is not None or holds_any(text, SAYING_NUMBERS)


def read_numbers(
    text: str, terms: Sequence[Term], taken: Sequence[tuple[int, int]], names: Names
) -> tuple[list[Number], list[Loose]]:
    """Digits and number words that can be amounts; and those that cannot."""
    blocked = [(t.start, t.end) for t in terms if t.group == "measure"]
    visits = [(t.start, t.end) for t in terms if t.group == "anchors"]
    written = list(DIGITS.finditer(text))
    apart = set_apart(text) if written else []
    leading = {t.end for t in terms if t.group in ("measure", "comparators")}
    loose: list[Loose] = []
    numbers: list[Number] = []
    done = 0
    for match in written:
        start, end = match.span()
        if start < done or any(a <= start < b for a, b in taken):
            continue
        reason: Reason | None = next((r for a, b, r in apart if a <= start < b), None)
        if reason is None and any(a <= start and end <= b for a, b in blocked):
            reason = "name"
        if reason is None and any(a <= start and end <= b for a, b in visits):
            reason = "visit"
        if points := points_of_a_score(text, start):
            if isinstance(points, Loose):
                loose.append(points)
            else:
                numbers.append(points)
            done = points.end
            continue
        if reason is None and text[start] == "." and loose and loose[-1].end == start:
            reason = loose[-1].reason  # "v.1.1"
        reason = reason or not_an_amount(text, start, end, leading, names)
        if reason:
            loose.append(Loose(start, end, reason))
            continue
        numbers.append(_number(text, match))
        done = numbers[-1].end
    if not text.isascii():
        loose += [Loose(*m.span(), "list_marker") for m in CIRCLED.finditer(text)]
    return _with_words(text, numbers, blocked, taken), loose


def _number(text: str, digits: re.Match[str]) -> Number:
    """The number that begins with these digits, with its minus, its second half or its power of ten."""
    start, end = digits.span()
    value = to_decimal(digits[0])
    minus = MINUS.search(text, max(0, start - 12), start) if text[start - 1 : start] in DASHES else None
    if minus and not JOINING_DASH.search(text, max(0, start - 6), start):
        start, value = minus.start(1), -value
    return composed(text, start) or powered(text, Number(start, end, value, False))


def composed(text: str, start: int) -> Number | None:
    """Numbers printed as two: 20/40 (Snellen), 1:80 (titre), 140/90 (pressure), 35+6 weeks, 2/3.

    >>> composed("BCVA 20/40 or better", 5)
    Number(start=5, end=10, value=Decimal('0.5'), word=False, unit='{Snellen}', second=None)
    """
    match = WEEKS_AND_DAYS.match(text, start)
    if match:
        days = 7 * int(match[1]) + int(match[2] or match[3] or match[4])
        return Number(start, match.end(), Decimal(days), False, "d")
    match = FEET_AND_INCHES.match(text, start)
    if match:
        return Number(start, match.end(), Decimal(12 * int(match[1]) + int(match[2])), False, "[in_i]")
    match = TITER.match(text, start)
    if match:
        return Number(start, match.end(), to_decimal(match[1]), False, "{titer}")
    match = FRACTION.match(text, start)
    if not match or not (match[1].isdigit() and match[2].isdigit()):
        return None
    a, b = int(match[1]), int(match[2])
    if (a in (20, 6) and 3 <= b <= 1200 and SIGHT.search(text)) or (
        a == 20 and b % 5 == 0 and b >= 10 and not PRESSURE_NEAR.search(text)
    ):
        return Number(start, match.end(), Decimal(a) / Decimal(b), False, "{Snellen}")
    near = text[max(0, start - 90) : match.end() + 12]
    if 60 <= a <= 300 and 30 <= b <= 200 and a > b and PRESSURE_NEAR.search(near):
        return Number(start, match.end(), Decimal(a), False, None, Decimal(b))
    if 0 < a < b <= 10 and OF_A_WHOLE.match(text, match.end()):
        return Number(start, match.end(), Decimal(a) / Decimal(b), False)
    return None


OF_CHILD_AND_PUGH = Sought(  # "Child-Pugh class A or B7", "CTP A5-B7"
    "child childs pugh ctp cps",
    r"(?:\bChild\b|\bChild[’']?s\b|\bPugh\b|\bCTP\b|\bCPS?\b)[^.;:\d]{0,40}(?:\b[ABC]\s?\d{1,2}\b[^.;:\d]{0,12})?$",
    re.I,
)
LETTER = re.compile(r"(?<![A-Za-z\d])[ABC]\s?$")
POINTS_OF = {"A": range(5, 7), "B": range(7, 10), "C": range(10, 16)}  # Pugh 1973
GLEASON = Sought(
    "gleason",
    r"\bGleason\b[^.;:\d]{0,40}(?P<sum>\d{1,2}\s*\()?(?:[1-5]\s?\+\s?[1-5](?:\s?=\s?\d{1,2})?\s*(?:,|or|and|/|to|-)*\s*)*$",
    re.I,
)
A_SUM = re.compile(r"([1-5])\s?\+\s?([1-5])(?:\s?=\s?(\d{1,2}))?(?![\d.])")


def points_of_a_score(text: str, start: int) -> Number | Loose | None:
    """Points printed with the class or the parts that they make: "Child-Pugh B7" is 7, "Gleason 3+4" is 7.

    "4+3" is worse than "3+4", which the sum does not say: such is left unread.

    >>> points_of_a_score("Child-Pugh A or B7", 17), points_of_a_score("Gleason 3+4", 8)
    (Number(start=16, end=18, value=Decimal('7'), word=False, unit='{score}', second=None), \
Number(start=8, end=11, value=Decimal('7'), word=False, unit='{score}', second=None))
    >>> points_of_a_score("Gleason score 7 (3+4)", 17)
    Loose(start=17, end=20, reason='restated')
    """
    letter = LETTER.search(text, max(0, start - 3), start)
    if letter and (digits := DIGITS.match(text, start)) and digits[0].isdigit():
        points = int(digits[0]) in POINTS_OF[letter[0][0]]
        if points and OF_CHILD_AND_PUGH.search(text, max(0, start - 80), letter.start()):
            return Number(letter.start(), digits.end(), Decimal(digits[0]), False, "{score}")
    parts = A_SUM.match(text, start) if text[start] in "12345" else None
    said = GLEASON.search(text, max(0, start - 80), start) if parts else None
    if parts is None or said is None:
        return None
    one, other = int(parts[1]), int(parts[2])
    if said["sum"]:
        return Loose(start, parts.end(), "restated")
    if (one, other) == (4, 3) or (parts[3] and int(parts[3]) != one + other):
        return Loose(start, parts.end(), "unread")
    return Number(start, parts.end(), Decimal(one + other), False, "{score}")


def powered(text: str, number: Number) -> Number:
    """A bare power of ten belongs to the number: 10^5 is 100000; in front of a unit it belongs to the unit."""
    if TEN_THOUSAND.match(text, number.end):  # "10万/μL"
        return number._replace(end=number.end + 1, value=number.value * 10_000)
    power = POWER.match(text, number.end)
    if not power or read_unit(text, number.end):
        return number
    exponent = int((power[1] or power[2]).translate(SUPERSCRIPTS))
    if exponent > 15 or (power[2] and number.value != 10) or (power[0].startswith("^") and number.value != 10):
        return number
    base = Decimal(1) if number.value == 10 and not re.match(r"\s*[x×*·]", power[0]) else number.value
    return number._replace(end=power.end(), value=base * 10**exponent)


def _with_words(
    text: str, numbers: list[Number], blocked: Sequence[tuple[int, int]], taken: Sequence[tuple[int, int]]
) -> list[Number]:
    """Number words join the digits; "three (3)" is one number."""
    out = list(numbers)
    words = words_in(text)
    for match in WORD.finditer(text) if not NUMBER_WORDS.isdisjoint(words) else ():
        start, end = match.span()
        if any(a <= start and end <= b for a, b in blocked) or any(a <= start < b for a, b in taken):
            continue
        value = word_value(match[0])
        again = REPEATED.match(text, end)
        if again and Decimal(again[1]) == value:
            out = [n for n in out if not (end <= n.start < again.end())]
            end = again.end()
        elif (near := _said_in_digits(text, start, end, value, out)) is not None:
            out[out.index(near)] = near._replace(end=end + 1)
            continue
        out.append(Number(start, end, value, True))
    for match in IMPLIED.finditer(text) if not SPANS.isdisjoint(words) else ():  # "in the last year", "for a week"
        article = next((name for name in ("one", "whole") if match[name]), None)
        start, end = match.span(article) if article else (match.end(), match.end())
        if not any(a <= match.start() < b for a, b in taken):
            out.append(Number(start, end, Decimal(1), True))
    out.sort()
    return out


def _said_in_digits(text: str, start: int, end: int, value: Decimal, digits: Sequence[Number]) -> Number | None:
    """The number in digits that a word in brackets says again: "3 (three)"."""
    if text[end : end + 1] != ")" or text[start - 1 : start] not in ("(", " "):
        return None  # a cheap look: it is asked of every number word
    alike = (n for n in digits if n.value == value and not n.word)
    return next((n for n in alike if 0 < start - n.end <= 2 and text[n.end : start].strip() == "("), None)


EARLIER_MARK = re.compile(r"[.,](?=.*[.,])")


def to_decimal(digits: str) -> Decimal:
    """The value of printed digits: thousands and decimal signs of both worlds.

    >>> [str(to_decimal(t)) for t in ("100,000", "7,5", "1.500.000", "100 000", "0.125", ".5", "0 139")]
    ['100000', '7.5', '1500000', '100000', '0.125', '0.5', '0']
    >>> to_decimal("0,100,000")
    Decimal('100.000')
    """
    digits = digits.replace("·", ".").replace("•", ".")
    if THOUSANDS.fullmatch(digits):
        if digits.count(".") > 1:
            return Decimal(digits.replace(".", ""))
        if digits[0] != "0":
            return Decimal(re.sub(r"[,\s]", "", digits))
    first = EARLIER_MARK.sub("", digits.split()[0])  # "0,100,000" is no number, but must not end a run
    return Decimal(first.replace(",", "."))


def word_value(word: str) -> Decimal:
    """The value of a number word, up to hundreds.

    >>> [int(word_value(w)) for w in ("twelve", "Twenty-four", "two hundred")]
    [12, 24, 200]
    >>> word_value("three-quarters")
    Decimal('0.75')
    """
    if part := PART.fullmatch(word):
        return Decimal(SMALL.index(part["many"].lower())) / Decimal(PARTS[part["part"].lower()])
    parts = re.split(r"[- ]", word.lower())
    if parts[-1] in TIMES:
        return Decimal(TIMES[parts[-1]])
    if parts[-1] == "hundred":
        return 100 * (WORD_VALUE[parts[0]] if len(parts) > 1 else Decimal(1))
    return sum((WORD_VALUE[part] for part in parts), Decimal(0))
