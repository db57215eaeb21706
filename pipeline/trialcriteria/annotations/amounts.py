"""Amounts in the words of annotators: numbers, and the comparator and unit of corpora that annotate only a text span.

This is no part of how criteria are read: gold that the reader itself had made would agree with it too well.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from trialcriteria import lexicon
from trialcriteria.records import Reference
from trialcriteria.units import read_unit

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
WORDS: dict[str, float] = {word: value for value, word in enumerate(_ONES)}
WORDS |= {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "half": 0.5, "½": 0.5, "single": 1}
WORDS |= {"once": 1, "twice": 2, "double": 2, "first": 1, "second": 2, "third": 3, "fourth": 4, "a": 1, "an": 1}
ROMAN: dict[str, float] = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "ⅰ": 1, "ⅱ": 2, "ⅲ": 3, "ⅳ": 4}

_DIGITS = r"\d{1,3}(?:[,. ]\d{3})+(?!\d)|\d+[.,]\d+|\.\d+|\d+"
_POWER = r"\s*[x×*]\s*10\s*\^?\s*(?P<power>[1-9]\d?)(?![\d.,])"
_NUMBER = re.compile(rf"(?P<digits>{_DIGITS})(?:{_POWER})?|\b(?:(?i:{'|'.join(_ONES[1:13])})|IV|VI{{0,3}}|I{{1,3}})\b")
_SIGNS = re.compile(r"[<>≤≥⩽⩾]\s*(?:/|or)?\s*[=_]?|=\s*[<>]")
_REFERENCES: tuple[tuple[Reference, re.Pattern[str]], ...] = (
    ("ULN", re.compile(r"(?i)\bi?(?:uln|unl)\b|\bupper (?:limit|normal)|\bupper\b.*\bnormal\b")),
    ("LLN", re.compile(r"(?i)\blln\b|\blower (?:limit|normal)")),
    ("predicted", re.compile(r"(?i)\bpredicted\b")),
    ("normal", re.compile(r"(?i)\bnormal (?:range|limit)")),
)
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


class Amount(NamedTuple):
    """What a span such as `greater than 2x ULN` says; `bounds` are (operator or None, number)."""

    bounds: tuple[tuple[str | None, float], ...]
    unit: str | None
    reference: Reference | None


def number(text: str) -> float | None:
    """A number as annotators mark it: digits, a word, a Roman numeral; None for anything else (dates, letters).

    >>> number("1,500"), number("7,8"), number("three"), number("IV"), number("January 2015")
    (1500.0, 7.8, 3, 4, None)
    """
    if text.strip() == "A":
        return None  # the class, not the article
    plain = text.strip(" ()[]+~").lower()
    if plain in WORDS or plain in ROMAN:
        return WORDS.get(plain, ROMAN.get(plain, 0.0))
    found = re.fullmatch(rf"(-?)({_DIGITS})(?:st|nd|rd|th|g)?", plain)
    return digits(found[2]) * (-1 if found[1] else 1) if found else None


def digits(text: str) -> float:
    """Digits with their thousands marks and decimal sign.

    >>> digits("100.000"), digits("39,99"), digits("0.5")
    (100000.0, 39.99, 0.5)
    """
    if re.fullmatch(r"[1-9]\d{0,2}([,. ]\d{3})+", text):
        return float(re.sub(r"[,. ]", "", text))
    return float(text.replace(",", "."))


def unit(text: str) -> tuple[str | None, Reference | None]:
    """The UCUM code and the reference that a unit's words stand for.

    >>> unit("mg/dl"), unit("x ULN"), unit("% predicted"), unit("on a diary")
    (('mg/dL', None), (None, 'ULN'), ('%', 'predicted'), (None, None))
    """
    reference = next((name for name, pattern in _REFERENCES if pattern.search(text)), None)
    found = read_unit(f"1 {text.strip()}", 1)
    return (found[1] if found and reference not in ("ULN", "LLN") else None), reference


def amount(text: str) -> Amount:
    """Comparators, numbers and unit of a span that a corpus annotates as a whole.

    >>> amount("between 18 and 65 years"), amount("2.5 x ULN or less").bounds
    (Amount(bounds=(('>=', 18.0), ('<=', 65.0)), unit='a', reference=None), (('<=', 2.5),))
    """
    plain = re.sub(r"(?<=[A-Za-z])\s*\(\d+\)", "", text)  # three (3) months
    found = [hit for hit in _NUMBER.finditer(plain) if not re.match(r"[.,]73\b|73\s?m", plain[hit.end() :])]
    found = [hit for hit in found if not re.search(r"[/^A-Za-z]$", plain[: hit.start()])]
    if not found or re.search(r"\b20/\d", plain):  # Snellen fractions are no pair of numbers
        return Amount((), *unit(text))
    values = [_value(hit) for hit in found][:2]
    signs = [_sign_before(plain[(found[n - 1].end() if n else 0) : hit.start()]) for n, hit in enumerate(found[:2])]
    rest = plain[found[len(values) - 1].end() :]
    behind = _sign_behind(rest)
    if len(values) == 2 and _is_range(plain, found, signs):
        values, signs = sorted(values), [">=", "<="]
    elif behind and signs[-1] is None:
        signs[-1] = behind
    shown = f"x10^{found[len(values) - 1]['power']}{rest}" if found[len(values) - 1]["power"] else rest
    return Amount(tuple(zip(signs, values, strict=True)), *unit(shown))


def _value(hit: re.Match[str]) -> float:
    return digits(hit["digits"]) if hit["digits"] else number(hit[0]) or 0.0


def _is_range(text: str, found: list[re.Match[str]], signs: list[str | None]) -> bool:
    gap = text[found[0].end() : found[1].start()]
    joined = re.fullmatch(r"[\w\s]{0,12}?(?:-|–|—|~|\bto\b|\buntil\b)[\s\w]{0,6}", gap.strip(), re.I) is not None
    ahead = re.search(r"(?i)\b(?:between|from|range)", text[: found[0].start()])
    return signs[1] is None and (joined or bool(ahead and re.search(r"(?i)\band\b", gap)))


@cache
def _words() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """(sign, its words in front of a number, its words behind one), as the lexicon has them."""
    table = lexicon.load().entries["comparators"]
    return tuple(
        (sign, _any(entry.get("before", ())), _any(entry.get("after", ())))
        for sign, entry in table.items()
        if sign in _FLIPPED
    )


def _any(phrases: Sequence[str]) -> re.Pattern[str]:
    longest = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b" if longest else r"(?!)", re.I)


def _sign_before(text: str) -> str | None:
    """The last comparator in front of a number: a sign, else the longest words; a lone `=` states nothing."""
    if signs := _SIGNS.findall(text):
        sign = signs[-1].replace("≤", "<=").replace("⩽", "<=").replace("≥", ">=").replace("⩾", ">=")
        return f"{'<' if '<' in sign else '>'}{'=' * any(char in sign for char in '=_')}"
    found = [(hit.end(), len(hit[0]), sign) for sign, before, _ in _words() for hit in before.finditer(text)]
    return max(found)[2] if found else None


def _sign_behind(text: str) -> str | None:
    found = [(-hit.start(), len(hit[0]), sign) for sign, _, after in _words() for hit in after.finditer(text[:30])]
    return max(found)[2] if found else None
