"""In what a read bound agrees with the gold bound that it was matched to, and what is wrong where it does not."""

import math
import re
from collections.abc import Container, Iterator
from typing import Literal, NamedTuple

from trialcriteria.lexicon import Lexicon
from trialcriteria.records import Constraint, Mention
from trialcriteria.scoring.bounds import Bound, Span, ratio, same

Field = Literal["operator", "value", "attribute", "window", "requirement", "condition", "links"]
FIELDS: tuple[Field, ...] = ("operator", "value", "attribute", "window", "requirement", "condition", "links")

Mistake = Literal[
    "missed",
    "spurious",
    "wrong operator",
    "wrong value",
    "wrong scale",
    "wrong unit",
    "wrong attribute",
    "wrong window",
    "wrong requirement",
    "lost condition",
    "lost exception",
    "added condition",
    "added exception",
    "wrong links",
]
MISTAKES: tuple[Mistake, ...] = Mistake.__args__  # type: ignore[attr-defined]
HARMFUL: frozenset[Mistake] = frozenset(
    {
        "wrong operator",
        "wrong value",
        "wrong scale",
        "wrong unit",
        "wrong attribute",
        "wrong requirement",
        "lost condition",
        "lost exception",
    }
)

FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and any are as at be been by case cases documented event for from had has have having if in is known not "
        "of on only or participant participants patient patients presence present subject subjects that the their then "
        "this those to unless was when where whether which who whose with",
    )
)


class View(NamedTuple):
    """What a comparison goes by: the ids that the lexicon has, and what the gold says at all.

    Gold of another scheme (`imported`) leaves slots out: only `fields` are compared. What it does not state is unknown
    to it, while our own gold says so that no operator is written; its kinds are coarse, and its classes are numbers.
    """

    attributes: Container[str]
    anchors: Container[str]
    conditions: Container[str]
    fields: tuple[Field, ...] = FIELDS
    imported: bool = False


def view(knowledge: Lexicon) -> View:
    """A view on gold that states every slot."""
    entries = knowledge.entries
    return View(knowledge.attributes, entries.get("anchors", {}), entries.get("limit_conditions", {}))


def agreed(gold: Bound, read: Bound, by: View) -> frozenset[Field]:
    """The fields in which two bounds agree, but for the links, which need the whole trial."""
    g, r = gold.row, read.row
    found: dict[Field, bool] = {
        "operator": gold.operator == read.operator or (by.imported and gold.operator is None),
        "value": same_value(gold, read),
        "attribute": same_attribute(gold, read, by),
        "window": same_window(g, r, by),
        "requirement": g.requirement == r.requirement,
        "condition": same_condition(g, r, by) and bool(g.exception_to) == bool(r.exception_to),
    }
    return frozenset(field for field, right in found.items() if right)


def same_value(gold: Bound, read: Bound) -> bool:
    """The same quantity, in whatever units; for classes the same levels."""
    if not gold.amounts or not read.amounts:
        levels = set(gold.row.levels or ()) == set(read.row.levels or ())
        return levels and gold.row.reference == read.row.reference and gold.amounts == read.amounts
    return any(same(one, other) for one in gold.amounts for other in read.amounts)


def same_attribute(gold: Bound, read: Bound, by: View) -> bool:
    """The same lexicon id. Where the lexicon lacks the gold's id (windows never have one): the same kind, and words
    that overlap; for a window with several events, the words of any of them."""
    g, r = gold.row, read.row
    if g.attribute in by.attributes and g.attribute is not None:
        return g.attribute == r.attribute
    return (by.imported or g.kind == r.kind) and (not gold.places or overlap(gold.places, read.places))


def overlap(some: tuple[Span, ...], others: tuple[Span, ...]) -> bool:
    """Whether any of some stretches of text overlaps any of others."""
    return any(a < d and c < b for a, b in some for c, d in others)


def same_window(gold: Constraint, read: Constraint, by: View) -> bool:
    """Both are windows in one direction from one anchor, or neither is a window."""
    if gold.kind != "time_window" or read.kind != "time_window":
        return (gold.kind == "time_window") == (read.kind == "time_window")
    if gold.window_direction != read.window_direction:
        return False
    if gold.anchor in by.anchors:
        return gold.anchor == read.anchor
    return bool(words(gold.anchor_text) & words(read.anchor_text))


def same_condition(gold: Constraint | Mention, read: Constraint | Mention, by: View) -> bool:
    """The same condition: by id where both have one that the lexicon knows, else by a word that both hold."""
    if not gold.condition or not read.condition:
        return not gold.condition and not read.condition
    if gold.condition_id in by.conditions and read.condition_id:
        return gold.condition_id == read.condition_id
    return bool(words(gold.condition) & words(read.condition))


def words(text: str | None) -> frozenset[str]:
    """The words of a text that carry meaning; all of them if none does.

    >>> sorted(words("in patients with liver metastases"))
    ['liver', 'metastases']
    """
    every = frozenset(re.findall(r"\w+", (text or "").lower()))
    return every - FUNCTION_WORDS or every


def mistakes(gold: Bound, read: Bound, right: frozenset[Field], by: View) -> Iterator[Mistake]:
    """What is wrong with a matched bound, by name."""
    wrong = [field for field in by.fields if field not in right]
    for field in wrong:
        if field == "value":
            yield _wrong_value(gold, read)
        elif field == "condition":
            yield from _wrong_condition(gold.row, read.row, by)
        elif field == "links":
            yield "wrong links"
        elif field != "attribute" or "window" not in wrong or gold.row.kind == read.row.kind:
            yield _NAMED[field]


_NAMED: dict[Field, Mistake] = {
    "operator": "wrong operator",
    "attribute": "wrong attribute",
    "window": "wrong window",
    "requirement": "wrong requirement",
}


def _wrong_value(gold: Bound, read: Bound) -> Mistake:
    """By a power of ten, in the unit alone, or in the number."""
    shares = [ratio(one, other) for one in gold.amounts for other in read.amounts]
    if any(share and share > 0 and _is_power_of_ten(share) for share in shares):
        return "wrong scale"
    numbers = {amount.value for amount in gold.amounts} & {amount.value for amount in read.amounts}
    return "wrong unit" if numbers else "wrong value"


def _is_power_of_ten(share: float) -> bool:
    power = math.log10(share) if math.isfinite(share) else 0.5
    return abs(power) > 0.5 and abs(power - round(power)) < 1e-6


def _wrong_condition(gold: Constraint, read: Constraint, by: View) -> Iterator[Mistake]:
    if not same_condition(gold, read, by):
        yield "lost condition" if gold.condition else "added condition"
    if gold.exception_to and not read.exception_to:
        yield "lost exception"
    elif read.exception_to and not gold.exception_to:
        yield "added exception"


def is_harmful(gold: Bound, read: Bound, wrong: frozenset[Mistake]) -> bool:
    """Whether a matched bound says something untrue.

    What a row leaves open (no operator, no lexicon id beside the right words, no unit that a value could be converted
    from) is missing, not wrong: it misleads nobody, and it counts against recall.
    """
    left_open: set[Mistake] = set()
    if read.operator is None:
        left_open.add("wrong operator")
    if read.row.attribute is None and overlap(gold.places, read.places):
        left_open.add("wrong attribute")
    if read.row.canonical_unit is None and read.row.unit is None:
        left_open.add("wrong unit")
    return bool(wrong & HARMFUL - left_open)
