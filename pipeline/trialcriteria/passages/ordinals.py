"""What stands at the start of a list item: bullets, and numbers and letters with their value."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# A dash or star needs no space behind it ("-Age"), but "-5" and "**bold**" are no bullets.
DOTS = "•⁃·∙⋅･◦▪▫■□☐●○◆◇▶►▸➢➤✓✔‣※\uf000-\uf0ff"
BULLET = rf"(?:\\?[-–—−]{{1,3}}(?![-–—−\d.])|\\?\*(?![*\d])|\\?\+(?=\s)|[{DOTS}](?!\d)|[o§»](?=[^\S\n]+[A-Z≥≤<>\d]))"
ORDINAL = (
    r"(?:\d{1,3}\\?[.)](?![\d.)])"  # 1. 2) 3\.
    r"|\d{1,2}[．、）]"
    r"|[(\[（]\d{1,3}[)\]）]"  # (1) （1） [1]
    r"|\d{1,2}(?:\.\d{1,2}){1,3}\.?(?=[^\S\n]+[A-Z][a-z])"  # 2.1 2.1.3.
    r"|\d{1,2}[^\S\n]?[-–:](?=[^\S\n]+[A-Za-z])|\d{1,2}-(?=[A-Z][a-z])"  # 1- 1:
    r"|[(（](?:[a-zA-Z]|[ivxIVX]{2,4})[)）]"  # (a) (iv)
    r"|(?:[a-z]|[ivx]{2,4})\\?[.)）](?=[^\S\n]|[A-Z≥≤<>])"  # a. b) iv.
    r"|(?:[A-Z]|[IVX]{2,4})\\?[.)）](?=[^\S\n]+[A-Z≥≤<>\d(])"  # A. IV) but not E. coli
    r"|(?:[IE]C?|Inc|Exc|IN|EX|INC|EXC)[ -]?\d{1,2}(?:[-.]\d{1,2})?[.):](?=\s)|[IE]-\d{1,2}-\d{1,2}(?=\s)"  # I1. E-12.
    r"|(?:In|Ex)clusion(?:\s[Cc]riteri(?:a|on))?\s#?\d{1,2}[.:)](?=\s)"  # Inclusion Criterion 3.
    r"|[①-⒛⓪❶-➓㈠-㈩]|[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、．])"
)
NUMERALS = tuple("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi".split(" "))
ROMAN = {numeral: value for value, numeral in enumerate(NUMERALS, 1)}


class Rank(NamedTuple):
    """What a printed ordinal says."""

    shape: str  # "1." "(a)" "①": one for each way to number a list
    value: int
    doubtful: bool = False  # could also be a word: "IV." "5-"
    roman: int = 0  # its value if it is a Roman numeral


@lru_cache(maxsize=4096)
def rank(ordinal: str) -> Rank:
    """Shape and value of a printed ordinal; a single letter counts as a letter, "i." may be Roman all the same.

    >>> [rank(ordinal)[:3] for ordinal in ("12.", "(c)", "iv.", "③", "2.10")]
    [('1.', 12, False), ('(a)', 3, False), ('i.', 4, True), ('①', 3, False), ('1.1', 10, False)]
    """
    plain = ordinal.replace("\\", "")
    core = re.sub(r"\W", "", plain)
    if core.isdecimal():
        value = int(re.findall(r"\d+", plain)[-1])
        return Rank(re.sub(r"\d+", "1", plain).replace(" ", ""), value, plain[-1] in "-–:")
    letters = re.match(r"[A-Za-z]*", core)
    if not letters or not letters[0]:
        return _enumerated(core or plain)
    if letters.end() < len(core):
        return Rank(letters[0], int(re.findall(r"\d+", plain)[-1]))
    roman = ROMAN.get(core.lower(), 0)
    value = roman if roman and len(core) > 1 else ord(core[0].lower()) - 96
    sample = "i" if len(core) > 1 else "a"
    doubtful = plain[0] not in "(（" and (core.isupper() or plain[-1] == ".")
    return Rank(plain.replace(core, sample if core.islower() else sample.upper()), value, doubtful, roman)


def _enumerated(sign: str) -> Rank:
    """Circled and bracketed numbers are one character; Chinese numerals count by their first."""
    number = unicodedata.normalize("NFKC", sign[0]).strip("().")
    value = int(number) if number.isdecimal() else "一二三四五六七八九十".find(number[:1]) + 1
    return Rank("一" if "一" <= sign[0] <= "龥" else "①", value)
