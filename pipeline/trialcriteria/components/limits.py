"""What a limit is, and which attributes its quantity can be about: by unit, by reference, by legal values."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from trialcriteria.components.amounts import Quantity, bound, rebound
from trialcriteria.components.levels import Levels
from trialcriteria.components.levels.runs import ROMAN
from trialcriteria.lexicon import Attribute
from trialcriteria.units import convert, is_time

HARD_BREAK = re.compile(  # it begins with one character, so that the search leaps to it
    r"[;\n.•*](?:(?<=[;\n])|(?<=\.)(?=\s+[A-Z(])|(?<=\.)(?<!\bi\.e\.)(?<!\be\.g\.)\s*$|(?<=\s[•*])(?=\s))"
)
CLAUSE_ENDS = re.compile(r"[;]|[.](?=\s)")


def same_clause(text: str, start: int, end: int) -> bool:
    """Whether two places are so near that what stands at the one can be said of what stands at the other."""
    return end - start < 120 and HARD_BREAK.search(text, start, end) is None


Hit = tuple[str, tuple[int, int] | None]  # an attribute and where its words stand


@dataclass(slots=True)
class Limit:
    """One limit on one attribute, in text positions of its criterion."""

    quantity: Quantity
    kind: str
    attribute: str | None
    span: tuple[int, int] | None  # of the attribute's words
    rule: str
    levels: tuple[str, ...] | None = None
    inherited: bool = False  # the attribute stands in the parent bullet
    direction: str | None = None
    anchor: str | None = None
    anchor_span: tuple[int, int] | None = None
    events: list[int] = field(default_factory=list)  # indexes of mentions it narrows
    narrows: list[int] = field(default_factory=list)  # indexes of limits it narrows
    condition: tuple[int, int] | None = None
    condition_id: str | None = None
    exception_to: int | None = None
    group: str | None = None

    def lay_bare(self) -> None:
        """Leave nothing of the condition under which it holds."""
        self.condition = self.condition_id = self.exception_to = None

    @property
    def is_time(self) -> bool:
        """Whether it says when, or how long, and so narrows something else."""
        return self.kind in ("time_window", "duration")

    @property
    def first(self) -> int:
        """Where it begins in the criterion: at its amount, or at the attribute's words in front of that."""
        own = self.span if not self.inherited else None
        return min(self.quantity.start, own[0]) if own else self.quantity.start


CALENDAR, CLOCK = frozenset({"d", "wk", "mo", "a"}), frozenset({"ms", "s", "min"})
OF_A_BEAT = frozenset({"min", "h"})  # no interval of the heart is told in these


def fits(q: Quantity, attribute: Attribute) -> bool:
    """Whether the quantity's unit or reference can belong to the attribute."""
    if attribute.levels:
        return False
    if q.pair is not None and attribute.units[:1] != ("mm[Hg]",):
        return False
    if q.unit == "mm" and attribute.units[:1] == ("mm[Hg]",):
        return True  # "SBP > 160 mm"
    if q.unit == "g/L" and "/mm3" in attribute.units:
        return True  # "platelets > 100 g/L": a count in giga per litre
    if q.reference in ("ULN", "LLN", "normal"):
        lost = attribute.units == ("mL",)  # of what is lost or given nothing is normal
        return attribute.kind in ("lab", "vital") and not lost
    if q.reference == "predicted":
        return attribute.kind in ("vital", "lab")
    if q.unit is None:
        if attribute.kind == "age":
            return q.value is not None and (attribute.plausible is None or q.value <= attribute.plausible[1])
        if attribute.kind in ("lesion", "count") and attribute.units and attribute.units[0].startswith("{"):
            return all(x is None or x == int(x) for x in (q.low, q.high))
        if attribute.units[:1] == ("1",) and not attribute.can_be(q.low, q.high):
            return False  # a T-score of 65 is none of bone
        return attribute.kind not in ("life_expectancy",)
    if q.reference == "baseline":
        return True
    if attribute.range is not None and attribute.units == (
        "{score}",
    ):  # points: a value that the scale does not have belongs to something else
        low, high = attribute.range
        return q.unit in (None, "{score}") and all(x is None or low <= x <= high for x in (q.low, q.high))
    if q.unit == "{score}":
        return not attribute.units or attribute.range is not None
    if q.unit == "{unit}" and attribute.kind == "other" and not q.stated:
        return False  # "donated one unit of blood" names what was done
    if q.unit in CALENDAR and attribute.units and attribute.units[0] in CLOCK:
        return False  # "drugs that prolong the QT interval within 14 days"
    if q.unit in OF_A_BEAT and attribute.units and attribute.units[0] == "ms":
        return False  # "QTc ≥ 480 ms in ECGs at least 24 hours apart"
    if attribute.kind == "count":
        what, _, period = q.unit.partition("/")  # "< 50 copies/mL" counts no measurements
        return what.startswith("{") and what != "{percentile}" and (not period or is_time(period))
    return not attribute.units or any(
        unit == q.unit
        or convert(1.0, q.unit, unit, molar_mass=attribute.molar_mass, valence=attribute.valence) is not None
        for unit in attribute.units
    )


def limit_of(q: Quantity, id: str, span: tuple[int, int] | None, rule: str, attributes: dict[str, Attribute]) -> Limit:
    """The limit of a quantity on an attribute, whose words stand at `span`."""
    id = by_unit(q, id)
    kind = attributes[id].kind
    if q.word and q.unit is None and q.value and q.value < 1 and "%" in attributes[id].units:
        q.unit = "1"  # "more than one third of the liver"
    if q.unit == "mm" and attributes[id].units[:1] == ("mm[Hg]",):
        q.unit = "mm[Hg]"
    if q.unit == "g/L" and "/mm3" in attributes[id].units:
        q.unit = "10*9/L"
    if q.unit == "mm3" and "/mm3" in attributes[id].units:
        q.unit = "/mm3"  # "CD4 < 200 mm3": a count, whose stroke was left out
    if q.unit == "uL" and "/mm3" in attributes[id].units:
        q.unit = "/uL"
    predicted = attributes[id].predicted
    if predicted is not None and q.unit == "%" and q.reference in (None, "ULN") and (q.value or 0) >= predicted:
        q.reference = "predicted"  # "DLCO ≥ 40 %", "of normal": of what is predicted
    if id == "alcohol" and q.unit and q.unit.startswith(("{unit}", "{glass}")):  # not of just anything
        q.unit = q.unit.replace("{unit}", "{drink}").replace("{glass}", "{drink}")
    if q.operator is None and not q.stated and (kind == "count" or id == "lesion_count"):
        rebound(q, "=")  # a bare count is exact
    return Limit(q, kind, id, span, rule)


def by_unit(q: Quantity, id: str) -> str:
    """The attribute of lesions that the unit tells: three of them are counted, three centimetres measured."""
    return (of_lesions(q.unit) or id) if id == "lesion_count" and q.unit else id


def of_lesions(unit: str) -> str | None:
    """What an amount with a unit says of lesions: their size, their volume, or nothing."""
    to = {"mm": "lesion_size", "cm3": "tumor_volume"}
    return next((id for size, id in to.items() if convert(1.0, unit, size) is not None), None)


SIZED = frozenset({"lesion_count", "lymph_nodes"})  # counted when bare, measured in millimetres


def fits_by_id(q: Quantity, id: str, attributes: dict[str, Attribute]) -> bool:
    """As `fits`, for what is counted when bare and measured with a unit as well."""
    if id in SIZED and q.unit:
        return of_lesions(q.unit) is not None
    return fits(q, attributes[id])


def level_limit(found: Levels, attributes: dict[str, Attribute]) -> Limit:
    """A statement on a scale as a limit."""
    q = Quantity(
        found.start, found.end, "in", stated=True, number_start=found.start, number_end=found.end, form="levels"
    )
    term = found.term
    alone = (found.start, found.end) == (term.start, term.end)  # the level itself names the scale
    if found.sign:
        q.operator = None
        bound(q, found.sign, Decimal(1 + ROMAN.index(found.levels[0])))
        return Limit(q, "scale", None, (term.start, term.end), "levels-of-unlisted-scale")
    if not term.id:
        return Limit(q, "scale", None, (term.start, term.end), "levels-of-unlisted-scale", levels=found.levels)
    rule = (
        "further-limit"
        if found.further
        else "levels-alone"
        if alone
        else "scale-then-levels"
        if term.end <= found.end
        else "levels-then-scale"
    )
    return Limit(
        q, attributes[term.id].kind, term.id, None if alone else (term.start, term.end), rule, levels=found.levels
    )
