"""Numbers, comparators, units and multiples: what a criterion says, before it is known of what.

Reading is digit-first: each number takes the comparator in front of it or behind it, its unit, and the reference it
is a multiple of; two numbers that bound the same thing are then joined. Digits that are no amounts (dates, versions,
names such as PD-1) are set aside with their reason.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from trialcriteria.components.levels import read_levels
from trialcriteria.components.terms import Term
from trialcriteria.lexicon import Attribute, load
from trialcriteria.records import Reason
from trialcriteria.units import convert, is_time, read_unit

DIGITS = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d{1,3}(?:[\u0020\u00a0\u2009\u202f]\d{3})+(?![\d.,])"
    r"|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d+[.,·]\d+|\.\d+|\d+"
)
SIGN = re.compile(
    r"(?:=\s?/?\s?)?[<>＜＞˂˃≤≥≦≧⩽⩾≮≯≲≳](?:\s?/?\s?=|\s?or\s?=|\s+or\s+equals?(?:\s+to)?\b|\s?/\s?equal "
    r"to)?(?:\s+to\b)?|[=＝]"
)
SIGN_OF = (
    {"<": "<", "＜": "<", "˂": "<", ">": ">", "＞": ">", "˃": ">"}
    | dict.fromkeys("≤≦⩽≯≲", "<=")
    | dict.fromkeys("≥≧⩾≮≳", ">=")
)
NOT = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
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
WORD = re.compile(
    rf"\b(?:(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(SMALL[1:10])}))?|(?:(?:one|two|three|four|five)[- ])?hundred|"
    rf"half(?!-li)|{'|'.join(SMALL)}|twice|thrice)\b",
    re.IGNORECASE,
)
IMPLIED = re.compile(
    r"\b(?:past|last|previous|preceding|prior|next)\s+(?=(?:year|month|week)\b)|\b(?:within|for|over|than|least|in|"
    r"after|past|last|of|every)\s+(?:about\s+)?(?P<one>an?)(?=\s+(?:year|month|week|day|hour)\b)",
    re.I,
)
TIMES = {"twice": 2, "thrice": 3}
JOIN = re.compile(
    r"\s*(?:-|–|—|‒|−|~|～|〜|∼|˜|﹣|－|→|to|through|until|till|up to|and up to|to about|\.{2,3}|…|--)\s*(?:the\s+)?$",
    re.I,
)
AND = re.compile(
    r"\s*[,;]?\s*(?:and|but|&|to|or|and/or|yet|and is|but is|and also|and up to|,|–|-|~|)\s*(?:is |are |be )?$", re.I
)
POWER = re.compile(
    r"\s*(?:[x×*·ⅹX]\s*10\s*\^?\s*|\^|\s?[eE](?=\d))\(?(\d{1,2})\)?(?![\d.,]*[A-Za-z/])|([⁰¹²³⁴⁵⁶⁷⁸⁹]+)(?!\w)"
)
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
BEFORE_NUMBER = re.compile(
    r"[\s:(\[]*(?:(?:of|a|an|the|about|approximately|approx\.?|around|roughly|than|age|ages|is|are|to|or|be|"
    r"only|any|=|level|score|value|least|total|aged|years|both|inclusive)\b[\s:(\[]*){0,4}[)\]]?\s*$",
    re.I,
)
MULTIPLE = re.compile(
    r"\s*[-(]?\s*(?:x|×|\*|·|ⅹ|∗|•|⋅|´|\?|times?|folds?|-\s?folds?|multiples of|multiple of)?\s*\(?\s*(?:[x×*]\s*)?"
    r"(?:(?:of|above|over|greater than|higher than|more than|the|their|its|each|local|respective|site|lab|"
    r"laboratory|laboratory's|institutional|institution's|"
    r"institution|center's|centre's|study|age-?adjusted|age-?specific|age-?appropriate|applicable|standard|"
    r"serum|reported|our|central|investigational|hospital|relevant|corresponding|specific|own)\s+)*$",
    re.I,
)
AFTER_NUMBER = re.compile(
    r"[\s,)]*(?:\(?inclusive\)?|of age|old|years|yrs|y|in age|completed|full|\([^()]{1,30}\))?[\s,]*$", re.I
)
PLUS = re.compile(r"\s?(?:\+|＋)(?![/\-\d])")
AGE_WORDS = re.compile(
    r"\b(?:years? |months? |weeks? |days? )?(?:of age|old|of life)\b|(?<=\d)-old\b|\binclusive\b", re.I
)
PLUS_MINUS = re.compile(r"(?:±|\+\s?/\s?[-–−]|\+-|＋/－)\s*$")
GENERIC_NORMAL = frozenset(
    [
        "the normal",
        "normal range",
        "normal value",
        "normal values",
        "the norm",
        "normal level",
        "normal levels",
        "normal",
        "normal limits",
        "normal limit",
        "reference range",
        "high normal",
        "upper limit",
        "upper limits",
        "lower limit",
    ]
)


@dataclass(slots=True)
class Quantity:
    """An amount with its comparator: low and high as stated, exact; `start`-`end` from comparator to unit."""

    start: int
    end: int
    operator: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    low_inclusive: bool | None = None
    high_inclusive: bool | None = None
    unit: str | None = None
    unit_text: str | None = None
    reference: str | None = None
    number_start: int = 0  # where the digits begin and end, without comparator and unit
    number_end: int = 0
    word: bool = False  # written as a word
    pair: "Quantity | None" = None  # the second value of a printed pair: 140/90 mmHg
    decimals: int = 0
    cue: str | None = None  # lexicon id of the window words in front
    stated: bool = False  # a comparator stands in the text
    form: str = "amount"

    @property
    def value(self) -> Decimal | None:
        """The one number of a single bound."""
        return self.low if self.low is not None else self.high


class Loose(NamedTuple):
    """Digits that are no amount, with the reason."""

    start: int
    end: int
    reason: Reason


class Number(NamedTuple):
    """Digits or a number word; `unit` and `second` where the digits themselves say them (20/40, 1:80, 140/90)."""

    start: int
    end: int
    value: Decimal
    word: bool
    unit: str | None = None
    second: Decimal | None = None


def to_decimal(digits: str) -> Decimal:
    """The value of printed digits: thousands and decimal signs of both worlds.

    >>> [str(to_decimal(t)) for t in ("100,000", "7,5", "1.500.000", "100 000", "0.125", ".5")]
    ['100000', '7.5', '1500000', '100000', '0.125', '0.5']
    """
    digits = digits.replace("·", ".")
    if re.fullmatch(r"\d{1,3}(?:[,\s]\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}", digits):
        if digits.count(".") > 1:
            return Decimal(digits.replace(".", ""))
        if digits[0] != "0":
            return Decimal(re.sub(r"[,\s]", "", digits))
    return Decimal(digits.replace(",", "."))


def word_value(word: str) -> Decimal:
    """The value of a number word, up to hundreds.

    >>> [int(word_value(w)) for w in ("twelve", "Twenty-four", "two hundred")]
    [12, 24, 200]
    """
    parts = re.split(r"[- ]", word.lower())
    if parts[-1] in TIMES:
        return Decimal(TIMES[parts[-1]])
    if parts[-1] == "hundred":
        return 100 * (WORD_VALUE[parts[0]] if len(parts) > 1 else Decimal(1))
    return sum((WORD_VALUE[part] for part in parts), Decimal(0))


SAYS_AN_AMOUNT = re.compile(  # a text without any of these holds nothing to be read here
    rf"\d|[<>＜＞≤≥≦≧⩽⩾=①-⑳⑴-⑽❶-❿Ⅰ-Ⅻ⁰-⁹½]|\b(?:{'|'.join(SMALL)}|{'|'.join(TENS)}|hundred|half|twice|thrice|normal\w*|limits?|range|ULN|LLN|"
    r"WNL|class\w*|stages?|grades?|score|status|type|year|month|week|day|hour|[IVABCRTNM]{1,4})\b",
    re.IGNORECASE,
)


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


MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october"
    "|november|december"
)
DATE = re.compile(
    rf"\b(?:{MONTHS})\.?,?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?\s*,?\s*)?(?:19|20)\d\d\b|\b\d{{1,2}}(?:st|nd|rd|"
    rf"th)?\s+(?:of\s+)?(?:{MONTHS})\.?,?(?:\s+(?:19|20)\d\d)?\b"
    rf"|\b(?:{MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?![\d.]*\s*(?:%|mg|years|days|weeks|months))|\b(?:19|"
    rf"20)\d\d[-/.]\d{{1,2}}(?:[-/.]\d{{1,2}})?\b|\b\d{{1,2}}([-/.])\d{{1,2}}\1(?:19|20)\d\d\b|"
    rf"\b\d{{1,2}}/\d{{1,2}}/\d\d\b"
    r"|(?<![\d.,])(?:19[4-9]\d|20[0-4]\d)(?![\d.,]*\d|\s*(?:/|×|x|mg|ml|g|kcal|iu|cells|µ|u|copies|mm|steps)\b|"
    r"\s*/|\s*%)",
    re.IGNORECASE,
)
CLOCK = re.compile(r"\b\d{1,2}:\d\d(?!\d)(?:\s*[ap]\.?m\.?)?|\b\d{1,2}\s*(?:a\.m\.|p\.m\.|am|pm|o'clock)(?![\w])", re.I)
CIRCLED = re.compile(r"[①-⑳⑴-⑽❶-❿]")
BRACKETED = re.compile(r"\(\s*(?:\d+(?:\.\d+)?\s*(?:-|–|~|to)\s*)?$")
UNIT_LATER = re.compile(
    r"\s+(?:consecutive|prior|previous|preceding|past|last|full|calendar|completed|continuous|additional|"
    r"following|complete|elapsed|or more|further|total)\b",
    re.I,
)
GLOSS = re.compile(r"\s?[(\[]([^()\[\]]{1,24})[)\]]")
CODE = re.compile(r"\b[A-Z]{2,5}[ -]?$")
A_DAY_OF_URINE = re.compile(
    r"\s?-?\s?(?:h|hr|hrs|hour|hours)\b[\s-]*(?:urin|collect|holter|ambulatory|blood pressure|ecg|recall|"
    r"proteinuria|pH)",
    re.I,
)
MARKER = re.compile(r"(?:(?<=^)|(?<=[.;:,\s(]))\(?\d{1,2}[).](?=\s+[A-Za-z])")
PERCENTILE = re.compile(r"(?:st|nd|rd|th)\s+(?:percentile|centile|percentiles)\b", re.I)
ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
WORD_LEFT = re.compile(r"([A-Za-z][A-Za-z.]*|[A-Za-z]*\d*[A-Za-z]+)\)?\s?[-–#°]?\s?$")
WORD_RIGHT = re.compile(r"\s?[-–]?\s?([A-Za-z]+)")
TITER = re.compile(r"1\s?:\s?(\d+(?:,\d{3})*)\b")
FRACTION = re.compile(r"(\d+(?:\.\d+)?)\s?/\s?(\d+(?:\.\d+)?)(?![\d/])")


class Reader:
    """Reads the quantities of one text; holds what it needs of the lexicon."""

    def __init__(self, names: Names, reference_of: dict[str, str]) -> None:
        self.names = names
        self.reference_of = reference_of

    def read(
        self, text: str, terms: Sequence[Term], taken: Sequence[tuple[int, int]] = ()
    ) -> tuple[list[Quantity], list[Loose]]:
        """Quantities in text order, and the digits that are none. `taken`: spans already read (scale levels)."""
        numbers, loose = self.numbers(text, terms, taken)
        signs = comparators(text, terms)
        references = [t for t in terms if t.group == "references"]
        singles = [q for number in numbers for q in self.amounts(text, number, signs, references)]
        singles += bare_references(text, singles, signs, references, self.reference_of)
        singles.sort(key=lambda q: q.start)
        return join_bounds(text, singles, terms), loose

    def numbers(
        self, text: str, terms: Sequence[Term], taken: Sequence[tuple[int, int]]
    ) -> tuple[list[Number], list[Loose]]:
        """Digits and number words that can be amounts; and those that cannot."""
        blocked = [(t.start, t.end) for t in terms if t.group == "measure"]
        visits = [(t.start, t.end) for t in terms if t.group == "anchors"]
        loose: list[Loose] = []
        apart: list[tuple[int, int, Reason]] = [(*m.span(), "date") for m in DATE.finditer(text)]
        apart += [(*m.span(), "clock") for m in CLOCK.finditer(text) if not TITER.match(text, m.start())]
        numbers = []
        done = 0
        for match in DIGITS.finditer(text):
            start, end = match.span()
            if start < done or any(a <= start < b for a, b in taken):
                continue
            reason: Reason | None = next((r for a, b, r in apart if a <= start < b), None)
            if reason is None and any(a <= start and end <= b for a, b in blocked):
                reason = "name"
            if reason is None and any(a <= start and end <= b for a, b in visits):
                reason = "visit"
            reason = reason or self.not_an_amount(text, start, end, terms)
            if reason:
                loose.append(Loose(start, end, reason))
                continue
            minus = MINUS.search(text, max(0, start - 3), start)
            if minus and not numbers_before(text, start):
                start = minus.start(1)
            value = to_decimal(match[0]) * (-1 if start < match.start() else 1)
            number = composed(text, start) or powered(text, Number(start, end, value, False))
            done = number.end
            numbers.append(number)
        loose += [Loose(*m.span(), "list_marker") for m in CIRCLED.finditer(text)]
        return _with_words(text, numbers, blocked, taken), loose

    def not_an_amount(self, text: str, start: int, end: int, terms: Sequence[Term]) -> Reason | None:
        """Why digits are a name, a version, a visit or a list marker; None if they may be an amount."""
        known = any(
            t.end == start or (t.end == start - 1 and text[start - 1] in "- ")
            for t in terms
            if t.group in ("measure", "comparators")
        )
        after = text[end : end + 24]
        glued_to_word = start > 0 and text[start - 1].isalpha()
        if known and glued_to_word and re.match(r"\s+[A-Za-z]{4}", after) and not read_unit(text, end):
            return "name"  # "ACR20 response"
        if text[start:end] in ("24", "48") and A_DAY_OF_URINE.match(text, end):
            return "protocol"
        if start and (text[start - 1].isalpha() or text[start - 1] == "_") and not known:
            before = WORD_LEFT.search(text, max(0, start - 24), start)
            glued = before[1].lower() if before else ""
            if glued not in (
                "than",
                "of",
                "to",
                "x",
                "and",
                "or",
                "age",
                "aged",
                "the",
                "between",
                "from",
                "least",
                "most",
                "within",
                "for",
            ):
                return self.names.before.get(glued, "name") if text[start - 1] not in "×x" else None
        unit = read_unit(text, end)
        right = WORD_RIGHT.match(after)
        if not known:
            left = WORD_LEFT.search(text, max(0, start - 28), start)
            if left:
                word = left[1]
                reason = self.names.before.get(word) or (self.names.before.get(word.lower()) if len(word) > 2 else None)
                hyphen = text[start - 1] in "-–"
                if hyphen and left.start() and text[left.start() - 1].isdigit():  # "8yr-18yrs"
                    reason, hyphen = None, False
                if (
                    reason
                    and not (unit and is_time(unit[1]) and word.lower() not in ("v", "version"))
                    and not (text[start - 1] == " " and len(word) == 1 and word.islower())
                ):
                    return reason
                if (
                    hyphen
                    and word[-1:].isalpha()
                    and not left[0].endswith(" ")
                    and text[start - 2 : start - 1].isalpha()
                ):
                    return "name"
        if ORDINAL.match(after) and not PERCENTILE.match(after):
            return "name"
        if (
            end - start >= 4
            and not known
            and text[start:end].isdigit()
            and not unit
            and CODE.search(text[max(0, start - 7) : start])
        ):
            return "name"
        if right and not unit:
            if right[1] in self.names.after and (after[:1] != " " or len(right[1]) > 2):
                return self.names.after[right[1]]
            if after[:1].isalpha() and right[1].lower() not in (
                "x",
                "times",
                "fold",
                "and",
                "or",
                "to",
                "uln",
                "uln",
                "xuln",
                "lln",
                "k",
                "unl",
                "million",
                "mill",
                "folds",
                "cm",
                "o",
                "e",
            ):
                return "name"
            if (
                after[:1] == "-"
                and after[1:2].isalpha()
                and right[1].lower() not in ("fold", "times", "to", "and", "or", "x", "point", "points", "item")
            ):
                return "name"
        marker = MARKER.match(text, start - 1 if start and text[start - 1] == "(" else start)
        if marker and not known and (start == 0 or text[start - 1] in " (;,.") and _is_marker(text, start):
            return "list_marker"
        return None

    def amounts(self, text: str, number: Number, signs: "Signs", references: Sequence[Term]) -> list[Quantity]:
        """The quantity of one number: its comparator, unit and reference."""
        unit_start = number.end
        if number.word and text[number.start : number.end].lower() == "half":  # "half a year"
            unit_start += len(re.compile(r"(?:\s+an?\b)?").match(text, number.end)[0])  # type: ignore[index]
        unit = (number.end, number.unit) if number.unit else read_unit(text, unit_start)
        percentile = PERCENTILE.match(text, number.end)
        if percentile:
            unit = percentile.end(), "{percentile}"
        q = Quantity(number.start, number.end, number_start=number.start, number_end=number.end, word=number.word)
        digits = text[number.start : number.end]
        q.decimals = len(digits.rpartition(".")[2]) if "." in digits else 0
        between = UNIT_LATER.match(text, unit_start) if unit is None else None
        if between and (later := read_unit(text, between.end())) and is_time(later[1]):  # "the 2 prior weeks"
            unit_start, unit = between.end(), later
        if (
            unit is None
            and text[number.end : number.end + 1] == ")"
            and BRACKETED.search(text, max(0, number.start - 16), number.start)
        ):
            unit_start, unit = number.end + 1, read_unit(text, number.end + 1)  # "between (16-24) weeks"
        plus = PLUS.match(text, number.end) if unit is None else None
        if plus and (beyond := read_unit(text, plus.end())):  # "18+ years"
            unit_start, unit = plus.end(), beyond
        if unit:
            q.end, q.unit = unit
            q.unit_text = text[unit_start : q.end].strip(" -")
            gloss = GLOSS.match(text, q.end)
            again = read_unit(text, gloss.start(1)) if gloss else None
            if (
                gloss and again and again[0] == gloss.end(1) and again[1] == q.unit
            ):  # "kilograms per square metre (kg/m2)"
                q.end = gloss.end()
        reference = self.reference(text, q, references)
        value = number.value
        if reference:
            q.reference, q.end = reference
            if q.unit == "%":
                pass
            elif q.unit is not None and q.reference in ("ULN", "LLN", "normal"):
                q.unit = q.unit_text = None
        sign = signs.before(text, number.start)
        after = signs.after(text, q.end) if sign is None or sign.sign == "between" else None
        if plus and unit and sign is None:
            after = Sign(plus.start(), q.end, ">=", "after")
        turned = signs.turned(text, q.end) if sign is None and after is None else None
        if after:
            q.end = after.end
        if sign is not None and sign.sign == "=" and text[sign.start] in "=＝":
            q.start, q.low, q.high, q.stated = sign.start, value, value, True  # a bare "=" often is a lost ≤ or ≥
        elif sign is not None and sign.sign != "between":
            q.start = sign.start
            bound(q, sign.sign, value)
        elif after:
            bound(q, after.sign, value)
        elif turned:
            q.end, q.form = turned.end, "turned"
            bound(q, MIRROR[turned.sign], value)
        else:
            if sign is not None:
                q.start, q.cue = sign.start, "between"
            q.low = q.high = value
        if number.unit == "{Snellen}":
            _by_sight(text, q, sign, after)
        if number.second is not None:
            q.pair = _twin(q, number.second)
        return [q]

    def reference(self, text: str, q: Quantity, references: Sequence[Term]) -> tuple[str, int] | None:
        """What the amount is a multiple or a percentage of, and where the words end."""
        for term in references:
            if term.start < q.end - 1 or term.start - q.end > 60:
                continue
            name = self.reference_of[term.id]
            gap = text[q.end : term.start]
            if not MULTIPLE.match(gap) or name == "normal":
                return None
            bare = not re.search(r"[x×*·ⅹ∗•⋅´]|times|fold|multiple|of|above", gap, re.I)
            generic = text[term.start : term.end].lower() in GENERIC_NORMAL
            if generic and bare:
                return None
            if name in ("predicted", "baseline") and q.unit not in ("%", None):
                return None
            if (
                name == "baseline"
                and q.unit is None
                and not re.match(r"\s*(?:x|×|times)", text[q.end :])
                and "times" not in text[term.start : term.end]
            ):
                return None
            if name == "predicted" and q.unit is None:
                return None
            end = term.end
            short = re.compile(
                r"\s*[(\[]\s*(?:i?ULNR?|UNL|LLN|LNL|WNL|uln)\s*[)\]]|\s+(?:of normal|range|value|values|limits)\b"
            ).match(text, end)
            return name, short.end() if short else end
        return None


WEEKS = r"(?=\s*-?(?:weeks?|wks?|w)\b)"
WEEKS_AND_DAYS = re.compile(
    rf"(\d{{1,2}})(?:\s?\+\s?([0-6])(?:\s?/\s?7)?|\s([0-6])\s?/\s?7|\s?[-–]\s?([0-6])/7){WEEKS}\s*-?(?:weeks?|wks?|w)\b"
)
PRESSURE_NEAR = re.compile(r"blood pressure|\bHTN\b|\bbp\b|hypertens|hypotens|systolic|mm\s?hg", re.I)
SIGHT = re.compile(r"visual|acuity|snellen|\bvision\b|BCVA|\bVA\b|\beye|sight|letters", re.I)


MINUS = re.compile(r"(?:(?<=[<>≤≥=])|(?<=[<>≤≥=]\s)|(?<=\bthan\s)|(?<=\bof\s))([-−–])$")


def numbers_before(text: str, start: int) -> bool:
    """Whether a dash before a number joins it to another one ("18 -65")."""
    return re.search(r"\d\s?[-−–]\s?$", text[max(0, start - 6) : start]) is not None


def composed(text: str, start: int) -> Number | None:
    """Numbers printed as two: 20/40 (Snellen), 1:80 (titre), 140/90 (pressure), 35+6 weeks, 2/3.

    >>> composed("BCVA 20/40 or better", 5)
    Number(start=5, end=10, value=Decimal('0.5'), word=False, unit='{Snellen}', second=None)
    """
    match = WEEKS_AND_DAYS.match(text, start)
    if match:
        days = 7 * int(match[1]) + int(match[2] or match[3] or match[4])
        return Number(start, match.end(), Decimal(days), False, "d")
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
    if 0 < a < b <= 10 and re.match(r"\s*(?:of|the|a)\b", text[match.end() :]):
        return Number(start, match.end(), Decimal(a) / Decimal(b), False)
    return None


def powered(text: str, number: Number) -> Number:
    """A bare power of ten belongs to the number: 10^5 is 100000; in front of a unit it belongs to the unit."""
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
    for match in WORD.finditer(text):
        start, end = match.span()
        if any(a <= start and end <= b for a, b in blocked) or any(a <= start < b for a, b in taken):
            continue
        value = word_value(match[0])
        again = re.compile(r"\s*\(\s*(?:[<>≤≥]\s*)?(\d+)\s*\)").match(text, end)
        if again and Decimal(again[1]) == value:
            out = [n for n in out if not (end <= n.start < again.end())]
            end = again.end()
        elif (
            near := next(
                (
                    n
                    for n in out
                    if n.value == value and not n.word and 0 < start - n.end <= 2 and text[n.end : start].strip() == "("
                ),
                None,
            )
        ) and text[end : end + 1] == ")":
            out[out.index(near)] = near._replace(end=end + 1)
            continue
        out.append(Number(start, end, value, True))
    for match in IMPLIED.finditer(text):  # "in the last year", "for a week"
        start, end = match.span("one") if match["one"] else (match.end(), match.end())
        if not any(a <= match.start() < b for a, b in taken):
            out.append(Number(start, end, Decimal(1), True))
    out.sort()
    return out


def _is_marker(text: str, start: int) -> bool:
    """Whether "2)" or "2." stands where a list goes on: another such marker in the text, or the very beginning."""
    return start <= 1 or len(re.findall(r"(?<![\w.,])\(?\d{1,2}[).]\s+[A-Za-z]", text)) > 1


def _by_sight(text: str, q: Quantity, sign: "Sign | None", after: "Sign | None") -> None:
    """Better sight is the larger fraction: "20/40 or better", "worse than 20/200"."""
    value = q.value or Decimal(0)
    behind = re.compile(r"[\s,)]*(?:\([^()]*\)\s*)?or\s+(better|worse)\b", re.I).match(text, q.end)
    before = text[q.start : q.number_start].lower()
    if behind and sign is None:
        q.end, q.low, q.high = behind.end(), None, None
        bound(q, ">=" if behind[1].lower() == "better" else "<=", value)
    elif "better" in before or "worse" in before:
        equal = "=" in (q.operator or "") or "equal" in before
        q.low = q.high = q.low_inclusive = q.high_inclusive = None
        bound(q, (">" if "better" in before else "<") + ("=" if equal else ""), value)


def _twin(q: Quantity, second: Decimal) -> Quantity:
    """The second value of a pair, bounded as the first."""
    twin = replace(q, pair=None)
    if twin.low is not None:
        twin.low = second
    if twin.high is not None:
        twin.high = second
    return twin


class Sign(NamedTuple):
    """A comparator: where it stands and what it says."""

    start: int
    end: int
    sign: str
    place: str


class Signs:
    """The comparators of a text, to be asked from a number's side."""

    def __init__(self, found: list[Sign]) -> None:
        self.front = sorted((s for s in found if s.place != "after"), key=lambda s: s.end)
        self.back = sorted((s for s in found if s.place != "before"), key=lambda s: s.start)
        self.front_ends = [s.end for s in self.front]

    def before(self, text: str, start: int) -> Sign | None:
        """The comparator whose number begins at `start`."""
        for index in range(bisect_right(self.front_ends, start) - 1, -1, -1):
            sign = self.front[index]
            gap = text[sign.end : start]
            if len(gap) > 24:
                return None
            if gap.strip() and not BEFORE_NUMBER.match(gap):
                continue
            longer = [s for s in self.front if s.end == sign.end and s.start < sign.start]
            sign = longer[0] if longer else sign
            if sign.sign == "=":
                earlier = next(
                    (
                        s
                        for s in self.front
                        if s.end <= sign.start
                        and text[s.end : sign.start].strip() in ("", "or", "/", "or is")
                        and s.sign in ("<", ">")
                    ),
                    None,
                )
                return earlier._replace(sign=earlier.sign + "=") if earlier else sign
            return sign
        return None

    def after(self, text: str, end: int) -> Sign | None:
        """The comparator that follows a unit which ends at `end`."""
        plus = PLUS.match(text, end)
        if plus:
            return Sign(plus.start(), plus.end(), ">=", "after")
        for sign in self.back:
            if sign.start < end or re.compile(r"\s+than\b").match(text, sign.end):
                continue
            if sign.start - end > 40:
                return None
            return sign if AFTER_NUMBER.match(text[end : sign.start]) else None
        return None

    def turned(self, text: str, end: int) -> Sign | None:
        """The comparator behind a number that stands before its subject: "18 ≤ age"."""
        for sign in self.front:
            if sign.start >= end:
                if text[end : sign.start].strip() or sign.sign not in MIRROR or not SIGN.match(text, sign.start):
                    return None
                return sign if re.compile(r"\s*[A-Za-z]").match(text, sign.end) else None
        return None


def comparators(text: str, terms: Sequence[Term]) -> Signs:
    """Every comparator of the text, as a sign or in words."""
    found = []
    for match in SIGN.finditer(text):
        said = match[0]
        sign = next((SIGN_OF[c] for c in said if c in SIGN_OF), "=")
        if len(sign) == 1 and sign != "=" and re.search(r"=|equal", said):
            sign += "="
        start = match.start()
        negation = re.compile(r"\b(?:not|no)\s+$").search(text, max(0, start - 5), start)
        if negation and sign in NOT:
            start, sign = negation.start(), NOT[sign]
        found.append(Sign(start, match.end(), sign, "before"))
    for term in terms:
        if term.group == "comparators":
            sign, place = term.id.split()
            found.append(Sign(term.start, term.end, sign, place))
    return Signs(found)


def bound(q: Quantity, sign: str, value: Decimal) -> None:
    """Set the bound that a comparator states."""
    q.operator, q.stated = sign, True
    if sign in (">", ">="):
        q.low, q.low_inclusive = value, sign == ">="
    elif sign in ("<", "<="):
        q.high, q.high_inclusive = value, sign == "<="
    else:
        q.low = q.high = value
        q.low_inclusive = q.high_inclusive = True


def rebound(q: Quantity, sign: str) -> None:
    """Make `sign` the comparator of an amount, whatever its own words state; nothing if it has no one value."""
    value = q.value
    if value is not None:
        q.low = q.high = None
        bound(q, sign, value)


def bare_references(
    text: str, singles: Sequence[Quantity], signs: Signs, references: Sequence[Term], reference_of: dict[str, str]
) -> list[Quantity]:
    """Limits without a number: "> ULN", "below the lower limit of normal", "within normal limits"."""
    out = []
    for term in references:
        if any(q.start <= term.start < q.end for q in singles):
            continue
        name = reference_of[term.id]
        if name == "normal":
            out.append(
                Quantity(
                    term.start,
                    term.end,
                    "in",
                    reference="normal",
                    form="normal",
                    stated=True,
                    number_start=term.start,
                    number_end=term.end,
                )
            )
            continue
        times = re.compile(r"\s*(?:\(\s*[A-Z]{3,4}\s*\))?\s*(?:x|×|\*|times)\s*$", re.I)
        follower = next(
            (
                q
                for q in singles
                if 0 <= q.number_start - term.end <= 20 and times.match(text[term.end : q.number_start])
            ),
            None,
        )
        sign = signs.before(text, term.start)
        if follower is not None and follower.reference is None:
            follower.reference, follower.unit = name, None
            follower.start = term.start
            if sign and sign.sign in NOT:
                value = follower.value
                follower.low = follower.high = None
                follower.start = sign.start
                bound(follower, sign.sign, value or Decimal(0))
            continue
        if sign is None or sign.sign not in NOT or name not in ("ULN", "LLN"):
            continue
        words = text[term.start : term.end].lower()
        if words in GENERIC_NORMAL and not words.startswith(("upper", "lower")):
            name = "ULN" if sign.sign in (">", ">=", "<=") else "LLN"
            if sign.sign in ("<=", ">="):
                continue
        q = Quantity(
            sign.start, term.end, reference=name, form="reference", number_start=term.start, number_end=term.end
        )
        bound(q, sign.sign, Decimal(1))
        out.append(q)
    return out


def join_bounds(text: str, singles: list[Quantity], terms: Sequence[Term]) -> list[Quantity]:
    """Two amounts that bound one thing become one quantity: "18-75 years", "≥ 18 and ≤ 75", "< 60 or > 90"."""
    between = [t for t in terms if t.group == "measure"]
    whole: list[Quantity] = []
    for q in singles:
        one = _compound(whole[-1], q, text[whole[-1].end : q.start]) if whole and q.end > whole[-1].end else None
        if one is not None:
            whole[-1] = one
        else:
            whole.append(q)
    out: list[Quantity] = []
    for q in whole:
        last = out[-1] if out else None
        joined = _join(text, last, q, between) if last is not None else None
        if joined is not None:
            out[-1] = joined
        else:
            out.append(q)
    for q in out:
        within = q.cue == "between" and q.operator is None and text[q.start : q.start + 6].lower() == "within"
        if within and q.unit and not is_time(q.unit):  # "within 12 cm of the anal verge"
            rebound(q, "<=")
    return out


def _join(text: str, a: Quantity, b: Quantity, between: Sequence[Term]) -> Quantity | None:
    gap = text[a.end : b.start]
    if (
        a.form == "turned"
        and b.stated
        and b.form == "amount"
        and len(gap) < 30
        and not re.search(r"[;,.]", gap)
        and {a.operator, b.operator} & {">", ">="}
        and {a.operator, b.operator} & {"<", "<="}
    ):
        low, high = (a, b) if a.low is not None else (b, a)
        return replace(
            a,
            end=b.end,
            operator="between",
            low=low.low,
            high=high.high,
            low_inclusive=low.low_inclusive,
            high_inclusive=high.high_inclusive,
            unit=b.unit or a.unit,
            unit_text=b.unit_text or a.unit_text,
            reference=b.reference or a.reference,
            number_end=b.number_end,
            form="around",
        )
    if (
        len(gap) > 30
        or a.form != "amount"
        or b.form != "amount"
        or a.operator in ("between", "outside")
        or (a.low is None and a.high is None)
    ):
        return None
    if any(a.end <= t.start and t.end <= b.start and t.id != "age" for t in between):
        return None
    if (a.pair is None) != (b.pair is None):
        return None
    if a.pair is not None and b.pair is not None:
        first, second = (
            _join(text, replace(a, pair=None), replace(b, pair=None), between),
            _join(text, a.pair, b.pair, between),
        )
        return replace(first, pair=second) if first and second else None
    gap = AGE_WORDS.sub(" ", gap)
    aligned = _one_unit(a, b)
    if aligned is None:
        return None
    a, b = aligned
    x, y = a.value, b.value
    if (
        x is None
        or y is None
        or (a.unit and b.unit and a.unit != b.unit and not (is_time(a.unit) and is_time(b.unit)))
        or (a.reference and b.reference and a.reference != b.reference)
    ):
        return None
    if a.unit and is_time(a.unit) != bool(b.unit and is_time(b.unit)) and b.unit:
        return None
    if a.stated and a.operator is None and not b.stated and JOIN.match(gap) and gap.strip():  # "BMI = 18.5-29.9"
        a = replace(a, stated=False)
    if (plain := not a.stated and not b.stated) and PLUS_MINUS.search(gap):
        if a.unit and b.unit and a.unit != b.unit:
            return None
        return replace(
            a,
            end=b.end,
            operator="between",
            low=x - y,
            high=x + y,
            low_inclusive=True,
            high_inclusive=True,
            unit=b.unit or a.unit,
            unit_text=b.unit_text or a.unit_text,
            stated=True,
            number_end=b.number_end,
        )
    sides = {s[0] for s in (a.operator, b.operator) if s and s[0] in "<>"}
    same_word = a.word == b.word or a.stated or b.stated
    if plain and re.fullmatch(r"\s*or\s*", gap) and y == x + 1 and a.unit is None:  # "1 or 2 cycles"
        return replace(
            a,
            end=b.end,
            operator="between",
            high=y,
            low_inclusive=True,
            high_inclusive=True,
            unit=b.unit,
            unit_text=b.unit_text,
            stated=True,
            number_end=b.number_end,
        )
    up_to = (
        not gap.strip() and b.operator == "<=" and re.match(r"(?:and )?up ?to\b", text[b.start : b.number_start], re.I)
    )
    if (
        (plain or (b.stated and not a.stated and b.operator in ("<=", "<", ">=")))
        and same_word
        and (up_to or JOIN.match(gap) or (a.cue == "between" and AND.match(gap) and gap.strip()))
    ):
        if x == y or re.search(r"\bor\b", gap):
            return None
        if x > y:  # "between day -28 and day -42", Snellen 20/40 to 20/320
            x, y = y, x
        after = b.operator if b.stated else None
        high_inclusive = after != "<"
        if after == ">=":
            return None
        return replace(
            a,
            end=b.end,
            operator="between",
            low=x,
            high=y,
            low_inclusive=True,
            high_inclusive=high_inclusive,
            unit=b.unit or a.unit,
            unit_text=b.unit_text or a.unit_text,
            reference=b.reference or a.reference,
            stated=True,
            number_end=b.number_end,
            decimals=max(a.decimals, b.decimals),
        )
    if (
        a.stated
        and not b.stated
        and a.operator in (">=", ">", "<=", "<")
        and JOIN.match(gap)
        and gap.strip()
        and x < y
        and a.operator in (">=", ">")
    ):
        return replace(
            a,
            end=b.end,
            operator="between",
            high=y,
            high_inclusive=True,
            unit=b.unit or a.unit,
            unit_text=b.unit_text or a.unit_text,
            reference=b.reference or a.reference,
            number_end=b.number_end,
        )
    if len(sides) == 2 and (AND.match(gap) or JOIN.match(gap)):
        low, high = (a, b) if a.operator and a.operator[0] == ">" else (b, a)
        if low.low is None or high.high is None:
            return None
        lo, hi, lo_in, hi_in = low.low, high.high, low.low_inclusive, high.high_inclusive
        inside = lo <= hi
        if not inside:
            lo, hi, lo_in, hi_in = hi, lo, hi_in, lo_in
        if inside and re.search(r"\bor\b", gap) and a.operator and a.operator[0] == ">":
            return None
        return replace(
            a,
            end=b.end,
            operator="between" if inside else "outside",
            low=lo,
            high=hi,
            low_inclusive=lo_in,
            high_inclusive=hi_in,
            unit=b.unit or a.unit,
            unit_text=b.unit_text or a.unit_text,
            reference=b.reference or a.reference,
            number_end=b.number_end,
            stated=True,
        )
    return None


def _one_unit(a: Quantity, b: Quantity) -> tuple[Quantity, Quantity] | None:
    """Both in the second's unit where that loses nothing ("18 months to 5 years"); None where it would."""
    if not (a.unit and b.unit) or a.unit == b.unit:
        return a, b
    factor = convert(1.0, a.unit, b.unit)
    if factor is None:
        return None
    ends = [None if x is None else Decimal(str(round(float(x) * factor, 9))) for x in (a.low, a.high)]
    if any(x is not None and x != round(x, 4) for x in ends):
        return None
    return replace(a, low=ends[0], high=ends[1], unit=b.unit, unit_text=b.unit_text), b


def _compound(a: Quantity, b: Quantity, gap: str) -> Quantity | None:
    """One time in two units: "35 weeks 6 days", "1 year and 6 months"."""
    if b.stated or not (a.unit and b.unit) or a.unit == b.unit or not (is_time(a.unit) and is_time(b.unit)):
        return None
    if not re.fullmatch(r"[\s,+]*(?:and|plus|\+)?\s*", gap) or a.operator in ("between", "outside"):
        return None
    whole = convert(1.0, a.unit, b.unit)
    if whole is None or whole <= 1 or b.value is None or b.value >= Decimal(str(whole)):
        return None
    factor = Decimal(str(round(whole, 6)))
    low = None if a.low is None else a.low * factor + b.value
    high = None if a.high is None else a.high * factor + b.value
    return replace(a, end=b.end, low=low, high=high, unit=b.unit, unit_text=b.unit_text, number_end=b.number_end)


class Quantities:
    """Leaves levels of scales, quantities and set-aside digits in `doc.user_data`: "levels", "quantities", "loose"."""

    def __init__(self, reader: Reader, attributes: dict[str, Attribute]) -> None:
        self.reader = reader
        self.attributes = attributes

    def __call__(self, doc: Doc) -> Doc:
        data, text = doc.user_data, doc.text
        terms = data.get("terms", ())
        scales = any(t.group == "measure" and self.attributes[t.id].levels for t in terms)
        if not scales and not SAYS_AN_AMOUNT.search(text):
            data["levels"], data["quantities"], data["loose"] = [], [], []
            return doc
        data["levels"] = list(read_levels(text, terms, self.attributes))
        taken = [(found.start, found.end) for found in data["levels"]]
        data["quantities"], data["loose"] = self.reader.read(text, terms, taken)
        return doc


@Language.factory(
    "trialcriteria_quantities",
    assigns=["doc.user_data"],
    requires=["doc.user_data"],
    default_config={"lexicon_files": []},
)
def make_quantities(nlp: Language, name: str, lexicon_files: list[str]) -> Quantities:
    """Component `trialcriteria_quantities`."""
    knowledge = load(lexicon_files)
    entries = knowledge.entries
    references = {id: entry["reference"] for id, entry in entries["references"].items()}
    return Quantities(Reader(Names.of(entries["names"]), references), knowledge.attributes)
