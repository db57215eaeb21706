"""Inputs that nobody wrote: real texts changed at random, and texts put together at random; each from its number."""

import random
from collections.abc import Sequence

LONGEST = 20_000
"""Characters of one fuzzed text."""

PIECES = (
    "Inclusion Criteria:", "Exclusion Criteria:", "\n", "\r\n", "\n\n", "\n* ", "\n   - ", "\n1. ", "\n a) ", "•",
    "\t", "Age", "age ≥ 18 years", "18-75 years", "platelets", "ANC", "ALT", "AST and ALT", "bilirubin",
    "creatinine clearance", "≥", "≤", ">", "<", "=", "<=", ">/=", "\\>", "\\<", "&lt;", "&gt;", "&amp;lt;",
    "less than", "no more than", "between", "at least", "within", "prior to", "before enrolment", "since", "days",
    "4 weeks", "6 months", "x ULN", "× ULN", "ULN", "of predicted", "%", "/µL", "/uL", "10^9/L", "10\\^9/L",
    "x 10*9/L", "mg/dL", "g/dL", "mmHg", "kg/m2", "U/L", "IU/L", "1.5", "100,000", "1,5", "0", "00", "1e9", "10",
    "-5", "2.5.1", "1/2", "139/89", "①", "٣", "²", "½", "１８", "IV", "II", "ECOG 0-1", "NYHA class III",
    "stage IIIB", "grade ≥ 2", "Child-Pugh A", "one", "three (3)", "twenty-four", "no", "not", "without", "except",
    "unless", "if", "provided", "either", "or", "and", "any of the following:", "history of", "pregnant",
    "breast cancer", "HIV", "chemotherapy", "hepatitis B or C", "known", "must", "must not", "are excluded", "(",
    ")", "((((", "))))", "[", "]", "{", "}", "\"", "'", "’", "“", "”", ",", ";", ":", ".", "…", "/", "\\", "|",
    "~", "*", "<br>", "<p>", "</ul>", "<script>", "\u200b", "\u200f", "\ufeff", "\u202e", "\xa0", "\x07",
    "\x1b[31m", "é", "e\u0301", "年龄", "血小板", "возраст", "العمر", "😀", "👩‍⚕️", "İ", "ß", "ﬁ", "=HYPERLINK(1)",
    "nan", "inf", "None", "NULL",
)  # fmt: skip


def text(number: int, real: Sequence[str]) -> str:
    """The fuzzed text of this number: three of four are real ones changed, the others put together."""
    chance = random.Random(number)
    made = _put_together(chance) if number % 4 == 0 else _changed(chance, real)
    return (made.encode("utf-8", "replace").decode() or "-")[:LONGEST]


def damaged(number: int, content: bytes) -> bytes:
    """A file with some of its bytes changed, lost or doubled."""
    chance = random.Random(number)
    found = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(found) + 1)
        to = min(len(found), at + chance.randint(0, 30))
        found[at:to] = chance.choice([b"", found[at:to] * 2, chance.randbytes(chance.randint(1, 9)), b'"', b"{", b"\0"])
    return bytes(found)


def _put_together(chance: random.Random) -> str:
    if chance.random() < 0.2:  # one piece or two, over and over: what expressions choke on
        unit = "".join(chance.choices(PIECES, k=chance.randint(1, 3)))
        return unit * min(LONGEST // len(unit) + 1, chance.choice([50, 500, 20_000]))
    join = chance.choice(["", " ", " ", " "])
    return join.join(chance.choices(PIECES, k=chance.choice([3, 30, 300, 1_500])))


def _changed(chance: random.Random, real: Sequence[str]) -> str:
    found = chance.choice(real)[:LONGEST]
    for _ in range(chance.choice([1, 2, 5, 20])):
        at = chance.randrange(len(found) + 1)
        to = min(len(found), at + chance.choice([1, 5, 40, 400]))
        found = found[:at] + _instead(chance, found[at:to], real) + found[to:]
    return found


def _instead(chance: random.Random, words: str, real: Sequence[str]) -> str:
    kind = chance.randrange(9)
    if kind == 0:
        return ""
    if kind == 1:
        return words * chance.choice([2, 2, 10])
    if kind == 2:
        return words + chance.choice(PIECES)
    if kind == 3:
        return "".join(chance.sample(words, len(words)))
    if kind == 4:
        return words.swapcase()
    if kind == 5:
        return "".join(str(chance.randrange(10)) if sign.isdigit() else sign for sign in words)
    if kind == 6:
        return chance.choice([" ", "\n", "\r\n", ""]).join(words.split())
    if kind == 7:
        other = chance.choice(real)
        at = chance.randrange(len(other) + 1)
        return other[at : at + 200]
    return chr(chance.choice([chance.randrange(32, 0x250), chance.randrange(0x2000, 0x2FFF), 0x1F600])) + words
