"""The Chia scheme onto our slots: values of measurements become limits, times of events windows.

A value is annotated as words, so operator, numbers and unit are read from these by `amounts.py`. Chia's text has lost
many a ≥ and ≤, and a bare `=` states no operator. A file is one section: `NCT…_inc` or `NCT…_exc`.
"""

import re
from collections.abc import Iterator
from typing import Any

from trialcriteria.annotations import ties
from trialcriteria.annotations.amounts import Amount, amount
from trialcriteria.annotations.imported import Imported, Named, Rows, bounds
from trialcriteria.annotations.standoff import Entity, Relation, Standoff

SCHEME = "Chia"
LABELS = {"Condition": "condition", "Drug": "treatment", "Procedure": "procedure", "Device": "procedure"}
LABELS |= {"Observation": "state"}
LIMITS = {"has_value": "Value", "has_temporal": "Temporal", "has_multiplier": "Multiplier"}
MAPPED = frozenset({*LABELS, "Measurement", "Person", "Value", "Temporal", "Multiplier", "Negation"})
MAPPED |= {"Has_value", "Has_temporal", "Has_multiplier", "Has_negation"}
NAMING = frozenset({*LABELS, "Measurement", "Person", "Visit"})
AGE = re.compile(r"(?i)\b(?:age[ds]?|old|older|years?|yrs?|young\w*)\b")
WITHIN = re.compile(r"(?i)\b(?:within|in the|last|past|previous|preceding|prior|during|less than)\b")
OPPOSITE = {">": "<", ">=": "<", "<": ">", "<=": ">"}


def convert(name: str, text: str, found: Standoff) -> Imported:
    """One annotated section as a gold trial."""
    rows = Rows(name, text, SCHEME, lambda offset: "exclusion" if name.endswith("_exc") else "inclusion")
    negated = _negated(found)
    limited = {relation.source for relation in found.relations if relation.label == "Has_value"}
    for key, entity in found.entities.items():
        if entity.label in LABELS and not (entity.label == "Observation" and key in limited):
            flags = {"negated": True} if key in negated else {}
            rows.mention(key, LABELS[entity.label], entity.start, entity.end, **flags)
    for value in found.entities.values():
        heads = [relation for relation in found.relations if relation.target == value.id]
        heads = [relation for relation in heads if LIMITS.get(relation.label.lower()) == value.label]
        if heads:
            _limits(rows, found, value, heads, negated)
        elif value.label in LIMITS.values():
            rows.left_out[f"{value.label} of nothing"] += 1
    return rows.trial(found, MAPPED)._replace(named=tuple(_named(found)), ties=ties.of_chia(found, NAMING))


def _named(found: Standoff) -> Iterator[Named]:
    """The entities that name something: negated themselves, or inside a scope that is."""
    negated = [found.entities[key] for key in sorted(_negated(found))]
    scopes = [entity for entity in negated if entity.label == "Scope"]
    for key, entity in found.entities.items():
        if entity.label in NAMING:
            inside = any(scope.start <= entity.start and entity.end <= scope.end for scope in scopes)
            yield Named(entity.fragments, inside or key in {each.id for each in negated})


def _negated(found: Standoff) -> set[str]:
    return {relation.source for relation in found.relations if relation.label == "Has_negation"}


def _limits(rows: Rows, found: Standoff, value: Entity, heads: list[Relation], negated: set[str]) -> None:
    """The rows of a value: one for each thing that has it, but one window for all its events."""
    said = amount(value.text)
    if not said.bounds:
        rows.left_out[f"{value.label} with no number"] += 1
        return
    window = value.label == "Temporal"
    for head in heads[:1] if window else heads:
        owner = found.entities[head.source]
        kind = _kind(owner, value)
        slots: dict[str, Any] = {"attribute": "age"} if kind == "age" else {}
        if window or owner.label in LABELS:
            slots["targets"] = [each.source for each in heads] if window else [head.source]
        slots |= {"negated": True} if head.source in negated else {}
        for number, limit in enumerate(_bounds(said, value.text if window else "")):
            measured = {"unit": said.unit, "reference": said.reference}
            key = f"{value.id} {number} {head.source}"
            place = (value.start, value.end)
            rows.limit(key, kind, place, {**limit, **measured}, words=(owner.start, owner.end), **slots)


def _kind(owner: Entity, value: Entity) -> str:
    if value.label == "Temporal":
        return "time_window"
    if value.label == "Multiplier":
        return "dose" if owner.label == "Drug" else "count"
    if owner.label == "Person" and AGE.search(f"{owner.text} {value.text}"):
        return "age"
    return "lab" if owner.label == "Measurement" else "other"


def _bounds(said: Amount, window: str) -> list[dict[str, Any]]:
    """One row for one number or a range; a list of bare numbers is a row with the first."""
    signs, values = [sign for sign, _ in said.bounds], [value for _, value in said.bounds]
    if len(values) == 2 and signs[0] and signs[1] and signs[1][0] == OPPOSITE[signs[0]] and values[0] < values[1]:
        operator = "between" if signs[0][0] == ">" else "outside"
        found = bounds(operator, values)
        flags = {f"{end}_inclusive": "=" in sign for end, sign in zip(("low", "high"), signs, strict=True) if sign}
        return [found | flags]
    sign = signs[0] or ("<=" if window and WITHIN.search(window) else None)
    return [bounds(sign, values[:1])]
