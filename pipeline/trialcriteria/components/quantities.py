"""Numbers, comparators, units and multiples: what a criterion says, before it is known of what.

Reading is digit-first: each number takes the comparator in front of it or behind it, its unit, and the reference it
is a multiple of; two numbers that bound the same thing are then joined. Digits that are no amounts (dates, versions,
names such as PD-1) are set aside with their reason.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from spacy.language import Language

from trialcriteria.components.amounts import Quantity, bound, rebound
from trialcriteria.components.comparators import MIRROR, NOT, PLUS, Sign, Signs, comparators
from trialcriteria.components.condition_words import FOR_EACH_SEX
from trialcriteria.components.levels import Scales, may_hold_levels
from trialcriteria.components.names import BIRTHDAY, PERCENTILE, Loose, Names
from trialcriteria.components.normals import normals
from trialcriteria.components.numbers import Number, may_hold_numbers, read_numbers
from trialcriteria.components.ranges import join_bounds
from trialcriteria.components.references import GENERIC, bare_references, multiple_of, say_of_the_whole
from trialcriteria.components.step import Step
from trialcriteria.components.terms import Term, phrases_in, tree
from trialcriteria.lexicon import Attribute, Phrase, load
from trialcriteria.units import is_time, read_unit

BRACKETED = re.compile(r"\(\s*(?:\d+(?:\.\d+)?\s*(?:-|–|~|to)\s*)?$")
UNIT_LATER = re.compile(
    r"\s+(?:consecutive|prior|previous|preceding|past|last|full|calendar|completed|continuous|additional|"
    r"following|complete|elapsed|or more|further|total)\b",
    re.I,
)
OR_MORE = re.compile(r"\s+or\s+(?:(?P<more>more|greater)|fewer|less)\b", re.I)
GLOSS = re.compile(r"\s?[(\[]([^()\[\]]{1,24})[)\]]")
GROUPED = re.compile(r"[1-9]\d{0,2}\.\d{3}")
COUNTED_PER = frozenset(
    ("/mm3", "/uL", "mm3", "/mL", "{copies}/mL", "[IU]/mL", "{copies}/uL", "{cells}/mm3", "{cells}/uL", "{cells}/mL")
)
HIGHER = re.compile(r"\b(?:above|over|higher|greater|more|exceed(?:s|ing)?)\b", re.I)
HALF_A = re.compile(r"(?:\s+an?\b)?")
NOT_SO = re.compile(r"(?:no|not)\b")
SIGHT_BEHIND = re.compile(  # "20/200 Snellen or better", "+1.0 logMAR or worse"
    r"[\s,)]*(?:snellen(?:\s+(?:equivalent|acuity))?\s*)?(?:\([^()]*\)\s*)?or\s+(better|worse)\b", re.I
)

BETTER_SIGHT = {"{Snellen}": ">", "{letter}": ">", "{logMAR}": "<"}

OF_THE_HEART = frozenset({"lvef", "ejection_fraction", "qtc", "qtcf", "bp", "heart_rate"})


def read_quantities(
    text: str,
    terms: Sequence[Term],
    signs: Signs,
    taken: Sequence[tuple[int, int]],
    names: Names,
    reference_of: Mapping[str, str],
    told_by_normal: Set[str] = frozenset(),
) -> tuple[list[Quantity], list[Loose]]:
    """Quantities in text order, and the digits that are none. `taken`: spans already read (scale levels)."""
    numbers, loose = read_numbers(text, terms, taken, names)
    references = [t for t in terms if t.group == "references"]
    singles: list[Quantity] = []
    for number in numbers:
        if not singles or number.start >= singles[-1].end:  # else it is a part of the unit before: "2.0 x 10^9/L"
            singles.append(_amount(text, number, signs, references, reference_of))
            _take_unit_behind(text, singles[-1])
    singles += bare_references(text, singles, signs, references, reference_of)
    free = [t for t in references if not any(q.start <= t.start < q.end for q in singles)]
    singles += normals(text, free, [t for t in terms if t.id in told_by_normal], GENERIC)
    singles.sort(key=lambda q: q.start)
    _share_between_sexes(text, singles)
    quantities = join_bounds(text, singles, terms)
    for q in quantities:
        if q.operator is None and q.reference and HIGHER.search(text, q.number_end, q.end):
            said = "or more" in text[q.number_end : q.end].lower()
            rebound(q, ">=" if said else ">")  # "twice higher than normal", "2.5 times or more of the upper limit"
    return quantities, loose


def _amount(
    text: str, number: Number, signs: Signs, references: Sequence[Term], reference_of: Mapping[str, str]
) -> Quantity:
    """The quantity of one number: its comparator, unit and reference."""
    digits = text[number.start : number.end]
    q = Quantity(number.start, number.end, number_start=number.start, number_end=number.end, word=number.word)
    q.decimals = len(digits.rpartition(".")[2]) if "." in digits else 0
    unit = _unit(text, number)
    if unit:
        q.end, q.unit = unit.end, unit.code
        q.unit_text = text[unit.start : q.end].strip(" -")
        q.end = _past_gloss(text, q.end, unit.code)
    value = _with_thousands(digits, number.value, q.unit)
    if reference := multiple_of(text, q, references, reference_of):
        q.reference, q.end = reference
        if q.unit != "%" and q.reference in ("ULN", "LLN"):
            q.unit = q.unit_text = None
    sign = signs.before(text, number.start)
    inside = Sign(unit.plus, q.end, unit.sign, "after") if unit and unit.plus is not None else None
    _compare(text, q, value, sign, signs, inside)
    say_of_the_whole(text, q, unit.end if unit else q.number_end)
    if q.unit in BETTER_SIGHT:
        _by_sight(text, q, sign, BETTER_SIGHT[q.unit])
    if number.second is not None:
        q.pair = _twin(q, number.second)
    return q


A_SEX = r"\s*\((?:(?:for|in|if)\s+)?(?:fe)?(?:males?|(?:wo)?men)\b[^()]{0,12}\)"
SEXES = re.compile(
    r"\s*\(\d+(?:\.\d+)?\s+(?:for|in)\s+(?:(?:fe)?males?|(?:wo)?men)\)|"
    rf"{A_SEX}(?:\s*(?:/|,|or|and)\s*(?:more than\s+|over\s+|[<>≤≥]\s*)?\d+{A_SEX})?",
    re.I,
)


def _take_unit_behind(text: str, q: Quantity) -> None:
    """ "More than 21 (men) or 14 (women) units a week", "21 (14 for women) units": the unit stands behind the sexes."""
    sexes = SEXES.match(text, q.end) if q.unit is None and q.reference is None and "(" in text else None
    if sexes and (found := read_unit(text, sexes.end())):
        q.unit, q.unit_text = found[1], text[sexes.end() : found[0]].strip()


def _share_between_sexes(text: str, singles: Sequence[Quantity]) -> None:
    """ "QTc > 450/470 ms for males/females": two limits of one unit and comparator, each of its sex."""
    for a, b in pairwise(singles):
        two = a.unit is None and b.unit is not None and a.reference is None and a.operator and b.operator is None
        if two and text[a.end : b.start].strip() == "/" and FOR_EACH_SEX.match(text, b.end):
            a.unit, a.unit_text = b.unit, b.unit_text
            rebound(b, a.operator or "=")


def _with_thousands(digits: str, value: Decimal, unit: str | None) -> Decimal:
    """The value of "100.000/mm3": in a count of cells or copies a dot before three digits marks thousands.

    >>> _with_thousands("1.500", Decimal("1.500"), "/uL"), _with_thousands("1.500", Decimal("1.500"), "mg/dL")
    (Decimal('1500'), Decimal('1.500'))
    """
    thousands = unit in COUNTED_PER or (unit is None and digits.endswith(".000"))
    return value.scaleb(3).to_integral_value() if thousands and GROUPED.fullmatch(digits) else value


class Unit(NamedTuple):
    """A unit behind a number; `plus` is where a comparator between them stands ("18+ years"), which means `sign`."""

    start: int
    end: int
    code: str
    plus: int | None = None
    sign: str = ">="


def _unit(text: str, number: Number) -> Unit | None:
    """The unit of a number, right behind it or behind one of a few words."""
    end = number.end
    percentile = PERCENTILE.match(text, end)
    if percentile:
        return Unit(end, percentile.end(), "{percentile}")
    birthday = BIRTHDAY.match(text, end)
    if birthday:
        return Unit(end, birthday.end(), "a")
    if number.unit:
        return Unit(end, end, number.unit)
    half = HALF_A.match(text, end) if number.word and text[number.start : end].lower() == "half" else None
    start = half.end() if half else end  # "half a year"
    if found := read_unit(text, start):
        more = OR_MORE_PER.match(text, found[0]) if found[1] == "d" else None
        if more:  # "15 days or more per month"
            return Unit(start, more.end(), f"{{day}}/{'wk' if more['per'] == 'week' else 'mo'}", found[0])
        return Unit(start, *found)
    more = OR_MORE.match(text, end)
    if more and (found := read_unit(text, more.end())) and ("/" in found[1] or is_time(found[1])):
        # "10 or more cigarettes per day", "5 or more years ago"
        return Unit(more.end(), *found, more.start(), ">=" if more["more"] else "<=")
    words = UNIT_LATER.match(text, start)
    if words and (found := read_unit(text, words.end())) and is_time(found[1]):  # "the 2 prior weeks"
        return Unit(words.end(), *found)
    if text[end : end + 1] == ")" and BRACKETED.search(text, max(0, number.start - 16), number.start):
        if found := read_unit(text, end + 1):  # "between (16-24) weeks"
            return Unit(end + 1, *found)
        return None
    plus = PLUS.match(text, end)
    if plus and (found := read_unit(text, plus.end())):  # "18+ years"
        return Unit(plus.end(), *found, plus.start())
    return None


OR_MORE_PER = re.compile(r"\s+or\s+more\s*(?:per|a|each|every|/)\s*(?P<per>week|month)\b")


def _past_gloss(text: str, end: int, code: str) -> int:
    """Where a unit said twice ends: "kilograms per square metre (kg/m2)"."""
    gloss = GLOSS.match(text, end)
    again = read_unit(text, gloss.start(1)) if gloss else None
    return gloss.end() if gloss and again == (gloss.end(1), code) else end


def _compare(text: str, q: Quantity, value: Decimal, sign: Sign | None, signs: Signs, inside: Sign | None) -> None:
    """Bound the amount by the comparator in front of it, behind it, or between it and its subject ("18 ≤ age")."""
    after = signs.after(text, q.end) if sign is None or sign.sign == "between" else None
    if inside is not None and sign is None:
        after = inside
    turned = signs.turned(text, q.end) if (sign is None or sign.sign == "between") and after is None else None
    if after:
        q.end = after.end
    if sign is not None and sign.sign == "=" and text[sign.start] in "=＝":
        q.start, q.low, q.high, q.stated = sign.start, value, value, True  # a bare "=" often is a lost ≤ or ≥
    elif sign is not None and sign.sign != "between":
        glossed = (
            GLOSSED.search(text, max(0, sign.start - 30), sign.start) if text[sign.end : sign.end + 1] == ")" else None
        )
        q.start = glossed.start() if glossed else sign.start
        bound(q, sign.sign, value)
        if again := SAID_AGAIN.match(text, q.end):
            q.end = again.end()  # "≤ 4 or lower"
    elif after:
        bound(q, after.sign, value)
    elif turned:
        q.end, q.form = turned.end, "turned"
        bound(q, MIRROR[turned.sign], value)
    else:
        q.low = q.high = value
        if sign is not None:
            q.start, q.cue = sign.start, "between"


SAID_AGAIN = re.compile(
    r"\s+or\s+(?:lower|less|fewer|greater|more|higher|above|below|older)"
    r"(?=\s*(?:$|[,.;:)\]])|\s+(?:on|in|at|for|of|by|with|and|or|using|prior|within|per)\b)",
    re.I,
)
GLOSSED = re.compile(
    r"\b(?:greater|more|less|fewer|lower)\s+than(?:\s+or\s+equal\s+to)?\s*\($", re.I
)  # "less than (<) 5"


def _by_sight(text: str, q: Quantity, sign: Sign | None, better: str) -> None:
    """Better sight is the larger fraction: "20/40 or better", "worse than 20/200", "no worse than 20/200"."""
    value = q.value or Decimal(0)
    behind = SIGHT_BEHIND.match(text, q.end)
    before = text[q.start : q.number_start].lower()
    if behind and sign is None:
        q.end, q.low, q.high = behind.end(), None, None
        bound(q, (better if behind[1].lower() == "better" else MIRROR[better]) + "=", value)
    elif "better" in before or "worse" in before or "poorer" in before:
        turned = NOT_SO.match(before) is not None
        said = better if "better" in before else MIRROR[better]
        said += "=" if "equal" in before or ("=" in (q.operator or "") and not turned) else ""
        q.low = q.high = q.low_inclusive = q.high_inclusive = None
        bound(q, NOT[said] if turned else said, value)


def _twin(q: Quantity, second: Decimal) -> Quantity:
    """The second value of a pair, bounded as the first."""
    twin = replace(q, pair=None)
    if twin.low is not None:
        twin.low = second
    if twin.high is not None:
        twin.high = second
    return twin


class Quantities(Step):
    """Leaves levels of scales, quantities and set-aside digits in `doc.user_data`: "levels", "quantities", "loose"."""

    def __init__(
        self,
        names: Names,
        reference_of: dict[str, str],
        attributes: dict[str, Attribute],
        phrases: Iterable[Phrase],
    ) -> None:
        self.names = names
        self.reference_of = reference_of
        self.attributes = attributes
        self.scales = Scales(attributes)
        self.told_by_normal = frozenset(id for id, a in attributes.items() if a.kind == "lab") | OF_THE_HEART
        self.without_number = tree(phrase for phrase in phrases if self._says_without_number(phrase))

    def _says_without_number(self, phrase: Phrase) -> bool:
        """Whether a limit may consist of a phrase and no number: "> ULN", "Child-Pugh A"."""
        scale = self.attributes.get(phrase.id) if phrase.group == "measure" else None
        return phrase.group == "references" or bool(scale and (scale.levels or scale.graded or scale.sister))

    def may_find(self, text: str) -> bool:
        """Whether anything can be read here: a cheap look before known words are looked for."""
        return may_hold_numbers(text) or may_hold_levels(text) or bool(phrases_in(text, self.without_number))

    def read(self, text: str, data: dict[str, Any]) -> None:
        """Levels first: their digits are no quantities."""
        terms = data.get("terms", ())
        groups = {t.group for t in terms}
        amounts = may_hold_numbers(text) or "references" in groups
        if not (amounts or may_hold_levels(text) or "measure" in groups):
            data["levels"], data["quantities"], data["loose"] = [], [], []
            return
        signs = comparators(text, terms)
        data["levels"] = self.scales.read(text, terms, signs)
        if not amounts:
            data["quantities"], data["loose"] = [], []
            return
        taken = [(found.start, found.end) for found in data["levels"]]
        data["quantities"], data["loose"] = read_quantities(
            text, terms, signs, taken, self.names, self.reference_of, self.told_by_normal
        )


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
    return Quantities(Names.of(entries["names"]), references, knowledge.attributes, knowledge.phrases)
