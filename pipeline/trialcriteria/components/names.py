"""Digits that are no amounts, with the reason: dates, clock times, versions, visits, list markers, names as PD-1."""

import re
from collections.abc import Set
from itertools import islice
from typing import Any, NamedTuple

from trialcriteria.components.telling import words_in
from trialcriteria.records import Reason
from trialcriteria.units import is_time, read_unit

MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october"
    "|november|december"
)
IN_DIGITS = (
    r"\b(?:19|20)\d\d[-/.]\d{1,2}(?:[-/.]\d{1,2})?\b|\b\d{1,2}([-/.])\d{1,2}\1(?:19|20)\d\d\b|"
    r"\b\d{1,2}/\d{1,2}/\d\d\b"
    r"|(?<![\d.,])(?:19[4-9]\d|20[0-4]\d)(?![\d.,]*\d|\s*(?:/|×|x|mg|ml|g|kcal|iu|cells|µ|u|copies|mm|steps)\b|"
    r"\s*/|\s*%)"
)
DATE_IN_DIGITS = re.compile(IN_DIGITS, re.IGNORECASE)
A_MONTH = MONTHS.replace(
    "|may|", r"|may(?!\s+(?:not|only|be|have|also|enrol|enroll|enter|join|participate|take|receive|continue)\b)|"
)
DATE = re.compile(
    rf"\b(?:{MONTHS})\.?,?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?\s*,?\s*)?(?:19|20)\d\d\b|\b\d{{1,2}}(?:st|nd|rd|"
    rf"th)?\s+(?:of\s+)?(?:{A_MONTH})\.?,?(?:\s+(?:19|20)\d\d)?\b"
    rf"|\b(?:{MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?![\d.]*\s*(?:%|mg|years|days|weeks|months))|{IN_DIGITS}",
    re.IGNORECASE,
)
MONTH_WORDS = frozenset(MONTHS.split("|"))
MAY = frozenset({"may"})  # most often no month
DAY_IN_MAY = re.compile(r"\d\w{0,2}\s+(?:of\s+)?may", re.I)
MAY_THEN_DIGITS = re.compile(r"may[.,\s]+\d")
LIKE_A_DATE = re.compile(r"\d(?:\d\d\d|/\d|\d/\d)")  # no date is written in digits without
CLOCK = re.compile(  # it begins with the digit, so that the search leaps from digit to digit
    r"\d(?<!\w\d)\d?(?::\d\d(?!\d)(?:\s*[ap]\.?m\.?)?|\s*(?:a\.m\.|p\.m\.|am|pm|o'clock)(?![\w]))", re.I
)
OF_A_CLOCK = (":", "am", "pm", ".m.", "clock")  # CLOCK finds nothing without one of them
A_CODE = re.compile(r"(?<![\w.,-])\d{2,}-\d{2,}-\d{2,}(?![\w-])")
HEIGHT_SQUARED = re.compile(  # "weight (kg)/height (m)2", "Height2 [m2]"
    r"\bheight(?:\b[^.;:,<>≤≥]{0,24}?[)\]m])?\s?\^?(2)(?![\d.])(?!\s*(?:cm|m|ft|in|SD)\b)", re.I
)
CLASS_OF_DRUGS = re.compile(  # by Vaughan Williams
    r"\bclass(?:es)?\s+(\d)[A-C]?(?:\s*(?:,|/|and|or|to|-)\s*\d[A-C]?)*\s+anti-?\s?arrhythmics?\b", re.I
)
LESS_AGE = re.compile(r"\b(140)\s*[-–−]\s*\(?\s*age\b", re.I)  # of the formula by Cockcroft and Gault
ALLERGEN = re.compile(
    r"\b(?:Fel|Can|Der|Bet|Phl|Ara|Gal|Bos|Cor|Ber|Pru|Mal|Ves|Api|Alt|Amb|Cry|Ole|Par|Equ|Bla|Tri)\s[a-z]\s(\d{1,2})\b"
)
A_PLACE = re.compile(  # "as listed in 7.3"
    r"\b(?:listed|described|defined|specified|outlined|detailed|given|found|see)\s+(?:in|under)\s+(\d+(?:\.\d+)+)(?!\s?%)",
    re.I,
)
PLACED = frozenset("listed described defined specified outlined detailed given found see".split())
REFERENCES = ("uln", "upper limit", "control", "normal")
UNIT_OF_IT = r"\s*(?:s|secs?|seconds?|[mµu]?g/d?L|[mµu]?mol/L|m?Eq/L|ng/mL|ms|msec)"
AMOUNT_BEYOND = (
    rf"{UNIT_OF_IT}\.?\s+"
    r"(?:above|over|longer than|greater than|higher than|more than|beyond)\s+"
)
BEYOND_A_REFERENCE = re.compile(  # "4 s above the control", "ULN + 4 s", "within 2 s of the ULN": so much longer
    rf"(?<![\d.])(\d+(?:\.\d+)?){AMOUNT_BEYOND}"
    r"(?:the\s+)?(?:(?:institutional|(?:gender|sex|age)-specific)\s+)?(?:ULN|upper limit|control|normal)|"
    r"(?:ULN|limit of normal|control)\)?\s*\+\s*(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)\b|"
    rf"\bwithin\s+(\d+(?:\.\d+)?(?={UNIT_OF_IT})|0?\.\d+)(?:{UNIT_OF_IT})?\s+of\s+(?:the\s+)?"
    r"(?:(?:institutional|laboratory|local)\s+)?(?:ULN|upper limit|control|normal)\b",
    re.I,
)
CIRCLED = re.compile(r"[①-⑳⑴-⑽❶-❿]")
TITER = re.compile(r"1\s?:\s?(\d+(?:,\d{3})*)\b")
CODE = re.compile(r"\b[A-Z]{2,5}[ -]?$")
UNDERLINED = re.compile(r"[<>≤≥]\s?_$")  # a printed ≤ or ≥
CODE_APART = re.compile(r"\b([A-Z]{2,5})-\s$")
A_DAY_OF_URINE = re.compile(
    r"\s?-?\s?(?:h|hr|hrs|hour|hours)\b[\s-]*(?:urin|collect|holter|ambulatory|blood pressure|ecg|recall|"
    r"proteinuria|pH)",
    re.I,
)
MARKER = re.compile(r"(?:(?<=^)|(?<=[.;:,\s(]))\(?\d{1,2}[).](?=\s+[A-Za-z])")
PERCENTILE = re.compile(  # the first of two leaves the word to the second: "5th to 95th percentile", "< 5th or > 95th"
    r"(?:st|nd|rd|th)(?:\s+(?:per)?centiles?\b|(?=\s*(?:-|–|to|and|or)\s*(?:(?:above|below|over|under|(?:more|less|greater|"
    r"higher|lower)\s+than|[<>≤≥]=?)\s*)?(?:the\s+)?\d+(?:st|nd|rd|th)\s+(?:per)?centile))",
    re.I,
)
BIRTHDAY = re.compile(  # "their 18th birthday", "between their 50th and 80th birthdays"
    r"(?:st|nd|rd|th)(?:[\s-]+birthdays?\b|(?=\s*(?:-|–|to|and)\s*(?:(?:their|the)\s+)?\d+(?:st|nd|rd|th)[\s-]+birthday))",
    re.I,
)
ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
WORD_LEFT = re.compile(r"([A-Za-z][A-Za-z.]*|[A-Za-z]*\d*[A-Za-z]+)\)?\s?[-–#°]?\s?$")
WORD_RIGHT = re.compile(r"\s?[-–]?\s?([A-Za-z]+)")

MARKERS = re.compile(r"(?<![\w.,])\(?\d{1,2}[).]\s+[A-Za-z]")
FOUR_LETTERS = re.compile(r"\s+[A-Za-z]{4}")
LEADS_TO_AMOUNT = frozenset("than of to x and or age aged the between from least most within for".split())
GLUED_BEHIND = frozenset("x times fold and or to uln xuln xupper lln n k unl million mill folds cm o e".split())
HYPHENATED_BEHIND = frozenset("fold times to and or x point points item".split())


OF_A_VERSION = frozenset({"v", "v.", "version"})  # "version 5 days" is no time, and "v 3.0" no variable


class Loose(NamedTuple):
    """Digits that are no amount, with the reason."""

    start: int
    end: int
    reason: Reason


class Names(NamedTuple):
    """Words in front of or behind digits that make them something else than an amount."""

    before: dict[str, Reason]
    after: dict[str, Reason]

    @classmethod
    def of(cls, entries: dict[str, dict[str, Any]]) -> "Names":
        """The words of lexicon file `names.toml`."""
        before: dict[str, Reason] = {}
        after: dict[str, Reason] = {}
        for entry in entries.values():
            before.update(dict.fromkeys(entry.get("before", ()), entry["reason"]))
            after.update(dict.fromkeys(entry.get("after", ()), entry["reason"]))
        for table in (before, after):
            table.update({word.lower(): reason for word, reason in table.items() if len(word) > 2})
        return cls(before, after)


def set_apart(text: str) -> list[tuple[int, int, Reason]]:
    """Where dates, clock times, codes and numbers of sections stand."""
    found: list[tuple[int, int, Reason]] = []
    words, low = words_in(text), text.lower()
    months = MONTH_WORDS & words
    if months and (months != MAY or DAY_IN_MAY.search(text) or MAY_THEN_DIGITS.search(low)):
        found += [(*m.span(), "date") for m in DATE.finditer(text)]
    elif LIKE_A_DATE.search(text):
        found += [(*m.span(), "date") for m in DATE_IN_DIGITS.finditer(text)]
    if text.count("-") > 1:
        found += [(*m.span(), "identifier") for m in A_CODE.finditer(text)]
    if "height" in text.lower():
        found += [(*m.span(1), "definition") for m in HEIGHT_SQUARED.finditer(text)]
    if "140" in text:
        found += [(*m.span(1), "definition") for m in LESS_AGE.finditer(text)]
    if "arrhythmic" in low:
        found += [(*m.span(1), "name") for m in CLASS_OF_DRUGS.finditer(text)]
    if "IgE" in text or "allerg" in text:
        found += [(*m.span(1), "name") for m in ALLERGEN.finditer(text)]
    if (
        "sec" in text
        or "+" in text
        or "above" in text
        or " s " in text
        or ("within" in low and any(word in low for word in REFERENCES))
    ):
        found += [(*m.span(m.lastindex or 0), "unread") for m in BEYOND_A_REFERENCE.finditer(text)]
    if not PLACED.isdisjoint(words):
        found += [(*m.span(1), "name") for m in A_PLACE.finditer(text)]
    if any(map(low.__contains__, OF_A_CLOCK)):
        found += [(*m.span(), "clock") for m in CLOCK.finditer(text) if not TITER.match(text, m.start())]
    return found


MOST_OF_A_CODE = 6  # letters in front of the hyphen of a name such as "study-101"


def not_an_amount(text: str, start: int, end: int, leading: Set[int], names: Names) -> Reason | None:
    """Why digits are a name, a version, a visit or a list marker; None if they may be an amount.

    `leading`: where measures and comparators end.
    """
    known = start in leading or (start - 1 in leading and text[start - 1] in "- ")
    glued = start > 0 and text[start - 1].isalpha()
    if known and glued and FOUR_LETTERS.match(text, end) and not read_unit(text, end):
        return "name"  # "ACR20 response"
    if text[start:end] in ("24", "48") and A_DAY_OF_URINE.match(text, end):
        return "protocol"
    underlined = UNDERLINED.search(text, max(0, start - 3), start) is not None
    if not known and not underlined and (glued or text[start - 1 : start] == "_"):
        left = WORD_LEFT.search(text, max(0, start - 24), start)
        word = left[1].lower() if left else ""
        if word not in LEADS_TO_AMOUNT:
            return names.before.get(word, "name") if text[start - 1] not in "×x" else None
    if PERCENTILE.match(text, end) or BIRTHDAY.match(text, end):
        return None
    unit = read_unit(text, end)
    reason = _by_word_before(text, start, unit, names)
    if known and not (reason == "version" and "." in text[start:end]):  # "CTCAE 4.03": no scale has such a level
        reason = None
    if reason is None and ORDINAL.match(text, end):
        reason = "name"
    if reason is None and not unit:
        reason = _by_code(text, start, end, known) or _by_word_after(text, end, names)
    if reason is None and _is_marker(text, start) and (not known or _counts_on(text, start, end)):
        reason = "list_marker"
    return reason


OF_DOSING = re.compile(r"\bdose[\s-]levels?\s+(?:\d\s*(?:-|to|and|or)\s*)?$", re.I)


def _by_word_before(text: str, start: int, unit: tuple[int, str] | None, names: Names) -> Reason | None:
    """What the word in front says: "version 5", "PD-1"; an amount of time is none of it ("cycle 28 days")."""
    begin = max(0, start - 28)
    if not text[begin:start].rstrip().rstrip("-–#°").rstrip().rstrip(").")[-1:].isalpha():
        return None  # most often a comparator stands there
    if OF_DOSING.search(text, begin, start):
        return "visit"  # "for patients entering dose levels 4-6"
    words = text[begin:start].rsplit(None, 2)
    left = WORD_LEFT.search(text, begin + len(words[0]) if len(words) > 2 else begin, start)
    if not left:
        return None
    word = left[1]
    reason = names.before.get(word) or (names.before.get(word.lower()) if len(word) > 2 else None)
    hyphen = text[start - 1] in "-–"
    if hyphen and (word[0].isdigit() or (left.start() and text[left.start() - 1].isdigit())):  # "8yr-18yrs"
        return None
    if (
        reason
        and not (unit and is_time(unit[1]) and word.lower() not in OF_A_VERSION)
        and not (text[start - 1] == " " and len(word) == 1 and word.islower() and word not in OF_A_VERSION)
    ):
        return reason
    joined = hyphen and word[-1:].isalpha() and not left[0].endswith(" ") and text[start - 2 : start - 1].isalpha()
    if joined and unit and is_time(unit[1]) and len(word) > MOST_OF_A_CODE and word[1:].islower():
        return None  # "depot corticosteroids-12 weeks"
    return "name" if joined else None


def _by_code(text: str, start: int, end: int, known: bool) -> Reason | None:
    """Four and more digits behind capitals are an identifier's: "ISO 15189"."""
    if (apart := CODE_APART.search(text, max(0, start - 8), start)) and f"{apart[1]}-" in text.replace(apart[0], ""):
        return "name"  # "ABT-493 and/or ABT- 530"
    long = end - start >= 4 and not known and text[start:end].isdigit()
    return "name" if long and CODE.search(text, max(0, start - 7), start) else None


def _by_word_after(text: str, end: int, names: Names) -> Reason | None:
    """What the word behind says, where it is no unit: "3D", "2-dimensional"."""
    right = WORD_RIGHT.match(text, end, end + 24)
    if not right:
        return None
    word, first = right[1], text[end]
    if word in names.after and (first != " " or len(word) > 2):
        return names.after[word]
    if first.isalpha():
        return None if word.lower() in GLUED_BEHIND else "name"
    hyphenated = first == "-" and text[end + 1].isalpha()
    return "name" if hyphenated and word.lower() not in HYPHENATED_BEHIND else None


def _is_marker(text: str, start: int) -> bool:
    """Whether "2)" or "2." stands where a list goes on: another such marker in the text, or the very beginning."""
    if start and text[start - 1] not in " (;,.":
        return False
    if not MARKER.match(text, start - 1 if start and text[start - 1] == "(" else start):
        return False
    return start <= 1 or len(list(islice(MARKERS.finditer(text), 2))) > 1


def _counts_on(text: str, start: int, end: int) -> bool:
    """Whether the marker of the item before stands in front: "1. Iron deficiency anemia 2. Renal failure"."""
    before = f"{int(text[start:end]) - 1}{text[end]} "
    at = text.find(before, 0, start)
    return at >= 0 and (at == 0 or not text[at - 1].isalnum())
