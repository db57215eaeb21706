"""How likely a row is right: weights that `make train` learned from annotated trials, added up.

What speaks for or against a row is told from its slots and its criterion, never from which words they hold, so that
nothing of a trial is learned by heart. Signs that `--only constraints` would change are not used: the same limit has
the same confidence with and without mentions. `certainty.toml` holds the weights; a sign without one weighs nothing.
"""

import math
import re
import tomllib
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from trialcriteria.lexicon import Attribute
from trialcriteria.records import Constraint, Criterion

FILE = "certainty.toml"
SIGNS = {
    "rule": "which rule read the row",
    "kind": "of the limit",
    "name": "kind, and whether the lexicon lists the attribute, or only its words are known, or nothing",
    "words": "of an attribute that the lexicon does not list",
    "distance": "characters between the attribute and its limit, and which comes first",
    "between": "whether a comma, colon or bracket stands between them",
    "place": "which limit of the criterion it is",
    "again": "rows of the criterion with the same attribute",
    "operator": "operator, if any",
    "unit": "stated and convertible, stated and not, assumed, a reference, levels, none",
    "value": "whether such a measure has such values",
    "direction": "of a time window",
    "anchor": "of a time window: now, another known one, only its words, none",
    "requirement": "section and requirement",
    "negated": "whether a negation was read",
    "condition": "listed, in words, none",
    "exception": "whether it replaces or lifts another limit",
    "group": "any, all, at least so many, none",
    "section": "how the section is known",
    "length": "characters of the criterion",
    "limits": "rows of the criterion",
}
"""What is looked at, and what it means; in this order everywhere."""
CRITERION = attrgetter("criterion_id")
CLAUSE = re.compile(r"[,;:()]")

NOTHING = (0.0,) * len(SIGNS)  # what a value without a weight adds

Signs = tuple[str, ...]  # a value for each of SIGNS; empty where a sign does not apply


class Weights(NamedTuple):
    """Log odds: where the sum begins, and what each value of each sign adds."""

    start: float
    signs: dict[str, dict[str, float]]


class Steps(NamedTuple):
    """Numbers told apart only as far as they fall between bounds."""

    bounds: tuple[int, ...]
    names: tuple[str, ...]

    def name(self, n: int) -> str:
        """The step that `n` falls in."""
        return self.names[bisect(self.bounds, n)]


def steps(*bounds: int) -> Steps:
    """Steps that begin at `bounds`.

    >>> steps(2, 5, 6).names
    ('below 2', '2 to 4', '5', '6 or more')
    """
    between = (str(low) if high == low + 1 else f"{low} to {high - 1}" for low, high in pairwise(bounds))
    return Steps(bounds, (f"below {bounds[0]}", *between, f"{bounds[-1]} or more"))


BEFORE, BEHIND = (
    of._replace(names=tuple(f"{side}, {name}" for name in of.names))
    for side, of in (("before", steps(1, 4, 10, 25, 60)), ("behind", steps(1, 4, 10, 25, 60)))
)
LENGTH, LIMITS = steps(40, 90, 160, 300, 600), steps(2, 3, 5, 9)
PLACE, AGAIN, WORDS = steps(2, 3, 4), steps(2, 3), steps(2, 4, 7)


@cache
def weights() -> Weights:
    """The weights that come with the program."""
    data = tomllib.loads(files("trialcriteria").joinpath(FILE).read_text(encoding="utf-8"))
    return Weights(data["start"], {name: data["signs"][name] for name in SIGNS})


def rate(
    rows: Sequence[Constraint], criteria: Sequence[Criterion], raw: str, attributes: Mapping[str, Attribute]
) -> list[Constraint]:
    """The limits of a trial with eligibility text `raw`, each with its confidence."""
    known = weights()
    signs = signs_of(rows, criteria, raw, attributes)
    # The confidence is the last slot; `_replace` takes twice as long.
    return [Constraint._make((*row[:-1], likelihood(told, known))) for row, told in zip(rows, signs, strict=True)]


def likelihood(signs: Signs, known: Weights) -> float:
    """The confidence that signs add up to.

    >>> likelihood(("fits", "none"), Weights(1.0, {"unit": {"fits": 0.5}, "operator": {"none": -1.5}}))
    0.5
    """
    total = sum(map(dict.get, known.signs.values(), signs, NOTHING), known.start)
    return round(1 / (1 + math.exp(-total)), 3)


def signs_of(
    rows: Sequence[Constraint], criteria: Sequence[Criterion], raw: str, attributes: Mapping[str, Attribute]
) -> Iterator[Signs]:
    """What speaks for or against each limit of a trial; the limits of a criterion stand together."""
    by_id = {criterion.criterion_id: criterion for criterion in criteria}
    for criterion_id, group in groupby(rows, CRITERION):
        criterion, own = by_id[criterion_id], list(group)
        named = [row.attribute for row in own]
        shared = criterion.section_source, LENGTH.name(len(criterion.text)), LIMITS.name(len(own))
        for n, row in enumerate(own, 1):
            attribute = attributes.get(row.attribute or "")
            yield (
                *_of_name(row, attribute),
                *_of_place(row, criterion, raw),
                PLACE.name(n),
                AGAIN.name(named.count(row.attribute)),
                *_of_slots(row, attribute),
                *shared,
            )


def _of_name(row: Constraint, attribute: Attribute | None) -> Signs:
    """Rule, kind, name, words."""
    kind = row.kind
    if attribute is not None:
        return row.rule, kind, f"{kind} listed", ""
    named = "id" if row.attribute else "words" if row.attribute_text else "nothing"
    return row.rule, kind, f"{kind} {named}", WORDS.name(len((row.attribute_text or "").split()))


def _of_place(row: Constraint, criterion: Criterion, raw: str) -> Signs:
    """Distance, between: how far the attribute's words are from the limit, and what lies there."""
    start, end = row.attribute_start, row.attribute_end
    if start is None or end is None:
        return "no words", ""
    if not criterion.start <= start < criterion.end:
        return "in the criterion above", ""
    side, begin, stop = (BEFORE, end, row.start) if end <= row.start else (BEHIND, row.end, start)
    return side.name(stop - begin), "clause" if CLAUSE.search(raw, begin, max(begin, stop)) else "words"


def _of_slots(row: Constraint, attribute: Attribute | None) -> Signs:
    """Operator, unit, value, direction, anchor, requirement, negated, condition, exception, group."""
    direction = anchor = ""
    if row.kind == "time_window":
        direction = row.window_direction or "none"
        anchor = "now" if row.anchor == "now" else "listed" if row.anchor else "words" if row.anchor_text else "none"
    return (
        row.operator or "none",
        _unit(row, attribute),
        _value(row, attribute),
        direction,
        anchor,
        f"{row.section} {row.requirement}",
        "yes" if row.negated else "no",
        "listed" if row.condition_id else "words" if row.condition else "none",
        "limit" if row.exception_to and "m" not in row.exception_to else "none",  # mentions may be left out
        row.group.partition("/")[0].rstrip("0123456789") if row.group else "none",
    )


def _unit(row: Constraint, attribute: Attribute | None) -> str:
    if row.reference:
        return "reference"
    if row.levels is not None:
        return "levels"
    if row.unit is None:
        return "assumed" if row.canonical_unit else "none"
    listed = attribute.units[:1] if attribute is not None and row.kind != "count" else ()
    return "unfit" if listed and row.canonical_unit not in listed else "fits"  # of another dimension, as stated


def _value(row: Constraint, attribute: Attribute | None) -> str:
    if row.plausible is not None:
        return "plausible" if row.plausible else "implausible"
    return "open" if attribute is None or attribute.plausible is None or row.reference else "not convertible"
