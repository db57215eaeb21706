"""The Leaf Clinical Trials scheme onto our slots: comparisons become limits, named things mentions.

An `Eq-Comparison` is a limit of what its parent names: `Age`, an `Observation`'s `Numeric-Filter`, a `Condition`'s
`Stage`; as `Temporality` of an event it is a window that targets the event. Classes are numbers there (NYHA II is 2).
"""

import re
from collections.abc import Iterator
from typing import Any

from trialcriteria.annotations import ties
from trialcriteria.annotations.amounts import number, unit
from trialcriteria.annotations.imported import Imported, Named, Rows, bounds
from trialcriteria.annotations.standoff import Entity, Event, Standoff
from trialcriteria.records import Section

SCHEME = "Leaf Clinical Trials"
LABELS = {
    "Condition": "condition",
    "Allergy": "condition",
    "Drug": "treatment",
    "Immunization": "treatment",
    "Procedure": "procedure",
    "Organism": "biomarker",
}
OPERATORS = {"EQ": "=", "LT": "<", "LTEQ": "<=", "GT": ">", "GTEQ": ">=", "BETWEEN": "between"}
OBSERVATIONS = {
    "lab": "lab",
    "vital": "vital",
    "measurement": "vital",
    "clinical-score": "scale",
    "survey-or-questionnaire": "scale",
    "social-habit": "dose",
}
ROLES = {
    "Temporality": "time_window",
    "Duration": "duration",
    "Minimum-Count": "count",
    "Min-Value": "count",
    "Max-Value": "count",
    "Dose": "dose",
    "Stage": "scale",
    "Class": "scale",
}
TIMES = {"second": "s", "minute": "min", "hour": "h", "day": "d", "week": "wk", "month": "mo", "year": "a"}
REFERENCES = {"ref-range-high": "ULN", "ref-range-low": "LLN", "ref-range-normal": "normal"}
FLAGS = {"possible": "uncertain", "hypothetical": "hypothetical", "intention": "hypothetical"}
MAPPED = frozenset({*LABELS, "Age", "Observation", "Eq-Comparison", "Negation", "Exception", "Assertion", "Risk"})
MAPPED |= {"Family-Member", "Abbrev-Of", "Equivalent-To"}
NAMING = frozenset({*LABELS, "Age", "Observation", "Encounter", "Study", "Life-Stage-And-Gender", "Risk", "Death"})
NAMING |= {"Birth", "Contraindication", "Indication"}
PASSED_ON = frozenset({("Negation", "Negates"), ("Assertion", "Asserted")})
"""What an event hands down to what it is about: that it is negated."""
HEADING = re.compile(
    r"(?im)^[^\n:]{0,40}?\b(?P<word>(?:non-?)?inclusion|exclusion|excluded)\b(?: criteria)?[^\n:]{0,30}(?::|$)"
)


def convert(name: str, text: str, found: Standoff) -> Imported:
    """One annotated text as a gold trial."""
    rows = Rows(name, text, SCHEME, _sections(text))
    flags = _flags(found)
    parents = _parents(found)
    numeric = {role[1] for event in found.events.values() for role in event.arguments if role[0] == "Numeric-Filter"}
    for key, event in found.events.items():
        entity = found.entities[event.trigger]
        rows.used |= {target for _, target in event.arguments}
        if event.label in LABELS:
            rows.mention(key, LABELS[event.label], entity.start, entity.end, **flags.get(key, {}))
        elif event.label == "Observation" and not numeric & {target for _, target in event.arguments}:
            label = "biomarker" if _attribute(found, key, "Observation-Type-Value") == "lab" else "state"
            rows.mention(key, label, entity.start, entity.end, **flags.get(key, {}))
        elif event.label == "Eq-Comparison":
            _limits(rows, found, event, parents.get(key, []), flags)
    return rows.trial(found, MAPPED)._replace(named=tuple(_named(found)), ties=ties.of_leaf(found, NAMING))


def _named(found: Standoff) -> Iterator[Named]:
    """The triggers of the events that name something."""
    parents = _parents(found)
    joined = _joined(found, {key for key in found.events if _negations(key, parents, ()) > 0}, parents)
    for event in found.events.values():
        if event.label in NAMING:
            negated = _negations(event.id, parents, ()) > 0
            yield Named(found.entities[event.trigger].fragments, negated, not negated and event.id in joined)


def _joined(found: Standoff, negated: set[str], parents: dict[str, list[tuple[Event, str]]]) -> set[str]:
    """The events that `Or`, `And` and `Example-Of` join to a negated one: "no A or B" marks A alone as negated.

    Not where a prefix negates one word ("non-smoker or former smoker"), and from left to right only.
    """
    out = {key for key in negated if not _by_prefix(found, parents.get(key, []))}
    links = [
        (source, target) if relation.label == "Or" or relation.label == "And" else (target, source)
        for relation in found.relations
        if relation.label in ("Or", "And", "Example-Of")
        for source, target in [(relation.source, relation.target)]
    ]
    grown = True
    while grown:
        new = {target for source, target in links if source in out} - out
        out |= new
        grown = bool(new)
    return out


def _by_prefix(found: Standoff, above: list[tuple[Event, str]]) -> bool:
    """Whether what negates an event is a prefix, "non-"."""
    triggers = [found.entities[event.trigger].text for event, role in above if (event.label, role) in PASSED_ON]
    return any(trigger.lower().startswith("non") for trigger in triggers)


def _negations(key: str, parents: dict[str, list[tuple[Event, str]]], below: tuple[str, ...]) -> int:
    """How many negations stand above an event, also above an assertion about it."""
    above = [event for event, role in parents.get(key, []) if (event.label, role) in PASSED_ON]
    return sum(
        (event.label == "Negation") + _negations(event.id, parents, (*below, key))
        for event in above
        if event.id not in below
    )


def _attribute(found: Standoff, key: str, name: str) -> str | None:
    return found.attributes.get(key, {}).get(name)


def _parents(found: Standoff) -> dict[str, list[tuple[Event, str]]]:
    """comparison -> the events that it is an argument of, with the role."""
    parents: dict[str, list[tuple[Event, str]]] = {}
    for event in found.events.values():
        for role, target in event.arguments:
            parents.setdefault(target, []).append((event, role))
    return parents


def _flags(found: Standoff) -> dict[str, dict[str, Any]]:
    """event -> flags that other events set on it: negation, doubt, family, history, exceptions."""
    flags: dict[str, dict[str, Any]] = {}
    for event in found.events.values():
        for role, target in event.arguments:
            slots = flags.setdefault(target, {})
            if (event.label, role) == ("Negation", "Negates"):
                slots["negated"] = True
            elif (event.label, role) == ("Assertion", "Asserted"):
                kind = _attribute(found, event.trigger, "Assertion-Type-Value") or ""
                slots |= {FLAGS[kind]: True} if kind in FLAGS else {}
            elif event.label == "Risk":
                slots["hypothetical"] = True
            elif (event.label, role) == ("Family-Member", "Has"):
                slots["family"] = True
            elif (event.label, role) == ("Exception", "Except"):
                lifted = next((to for other, to in event.arguments if other == "From"), None)
                slots |= {"exception_to": lifted} if lifted else {}
            if role == "Temporality" and target in found.events and _is_past(found, found.events[target]):
                flags.setdefault(event.id, {})["historical"] = True
    return flags


def _is_past(found: Standoff, comparison: Event) -> bool:
    periods = (target for role, target in comparison.arguments if role == "Temporal-Period")
    values = any(role == "Value" for role, _ in comparison.arguments)
    return not values and any(_attribute(found, key, "Eq-Temporal-Period-Value") == "past" for key in periods)


def _parts(found: Standoff, event: Event, *roles: str) -> list[Entity]:
    """The spans of an event's arguments in these roles, in text order."""
    targets = [target for role, target in event.arguments if role in roles]
    spans = [found.entities[found.events[t].trigger if t in found.events else t] for t in targets]
    return sorted(spans, key=lambda span: span.start)


def _limits(
    rows: Rows, found: Standoff, event: Event, parents: list[tuple[Event, str]], flags: dict[str, dict[str, Any]]
) -> None:
    """The rows of a comparison: one for each thing that it limits, but one window for all its events."""
    spans = [found.entities[event.trigger], *_parts(found, event, "Operator", "Value", "Unit", "Temporal-Unit", "Per")]
    place = (min(span.start for span in spans), max(span.end for span in spans))
    amounts = list(_amounts(rows.text, found, event))
    if not amounts and _parts(found, event, "Value"):
        rows.left_out["comparisons with no number"] += 1
    windows = [parent for parent in parents if ROLES.get(parent[1]) in ("time_window", "duration")]
    others = [parent for parent in parents if parent not in windows]
    for nth, slots in enumerate(amounts):
        own = slots.pop("place", place)
        limited: list[tuple[Event | None, str]] = [*others, *windows[:1]]
        for parent, role in limited or [(None, "")]:
            kind = _kind(found, parent, role, event)
            words = _words(rows.text, found, parent) if parent else None
            extra: dict[str, Any] = {"attribute": "age"} if kind == "age" else {}
            if windows and (parent, role) == windows[0]:
                extra["targets"] = [each.id for each, _ in windows]
            negated = {"negated": True} if parent and flags.get(parent.id, {}).get("negated") else {}
            rows.limit(f"{event.id} {nth} {parent and parent.id}", kind, own, slots, words=words, **extra, **negated)


def _kind(found: Standoff, parent: Event | None, role: str, event: Event) -> str:
    if parent is None:
        return "time_window" if _parts(found, event, "Temporal-Unit") else "other"
    if parent.label == "Age" and role == "Numeric-Filter":
        return "age"
    if role == "Numeric-Filter":
        return OBSERVATIONS.get(_attribute(found, parent.id, "Observation-Type-Value") or "", "other")
    return ROLES.get(role, "other")


def _words(text: str, found: Standoff, parent: Event) -> tuple[int, int]:
    """The words that name what is limited, with an abbreviation right behind them."""
    entity = found.entities[parent.trigger]
    start, end = entity.start, entity.end
    for relation in found.relations:
        if relation.label in ("Abbrev-Of", "Equivalent-To") and parent.id in (relation.source, relation.target):
            other = relation.target if relation.source == parent.id else relation.source
            trigger = found.entities[found.events[other].trigger if other in found.events else other]
            if not text[min(end, trigger.end) : max(start, trigger.start)].strip(" (-"):
                start, end = min(start, trigger.start), max(end, trigger.end)
    return start, end


def _amounts(text: str, found: Standoff, event: Event) -> Iterator[dict[str, Any]]:
    """Operator, bounds, unit and reference: once, or for each number of a list without an operator."""
    signs = [
        found.attributes.get(span.id, {}).get("Eq-Operator-Value", "") for span in _parts(found, event, "Operator")
    ]
    said = [span for span in _parts(found, event, "Value") if not _is_power(text, span)]
    values = [(value, span) for span in said if (value := number(span.text)) is not None]
    units = _unit(text, found, event, values[-1][1].end if values else 0)
    if not values:
        return
    numbers = [value for value, _ in values]
    operators = [OPERATORS[sign] for sign in signs if sign in OPERATORS]
    opposite = len(numbers) == len(operators) == 2 and {sign[0] for sign in operators} == {"<", ">"}
    if opposite and operators[0][0] == "<" and numbers[0] < numbers[1]:
        yield {**bounds("outside", numbers), **units}
    elif len(numbers) > 1 and numbers[0] != numbers[-1] and ("between" in operators or opposite or _is_run(numbers)):
        yield {**bounds("between", sorted(numbers)), **units}
    elif operators and operators[0] not in ("between", "="):
        yield {**bounds(operators[0], numbers[:1]), **units}
    else:
        operator = operators[0] if operators and operators[0] == "=" else None
        for value, span in values:
            place = {"place": (span.start, span.end)} if len(values) > 1 else {}
            yield {**bounds(operator, [value]), **units, **place}


def _is_run(numbers: list[float]) -> bool:
    return max(numbers) - min(numbers) == len(numbers) - 1


def _is_power(text: str, span: Entity) -> bool:
    """The 10^9 of `1.5 x 10^9/L`, which is marked as a value of its own."""
    before = text[max(0, span.start - 3) : span.start].rstrip()
    return bool(re.fullmatch(r"10\^?\d{1,2}", span.text)) and before[-1:] in ("x", "×", "*", "·")


def _unit(text: str, found: Standoff, event: Event, last: int) -> dict[str, Any]:
    temporal = _parts(found, event, "Temporal-Unit")
    units = _parts(found, event, "Unit", "Per")
    if temporal and not _parts(found, event, "Unit"):
        name = _attribute(found, temporal[0].id, "Eq-Temporal-Unit-Value")
        return {"unit": TIMES.get(name or ""), "unit_text": temporal[0].text}
    units = [span for span in units if span.start >= last] or units
    powers = [span for span in _parts(found, event, "Value") if _is_power(text, span)]
    spans = powers[-1:] + units
    if not spans:
        return {}
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    marked = next((REFERENCES[value] for value in _marks(found, units) if value in REFERENCES), None)
    code, reference = unit(("x " if powers else "") + text[start:end])
    return {"unit": code, "unit_text": text[start:end], "reference": marked or reference}


def _marks(found: Standoff, spans: list[Entity]) -> Iterator[str]:
    yield from (_attribute(found, span.id, "Eq-Unit-Value") or "" for span in spans)


def _sections(text: str) -> Any:
    """Offset -> section, by headings; what stands before any is inclusion."""
    heads = [
        (found.start(), "inclusion" if found["word"].lower() == "inclusion" else "exclusion")
        for found in HEADING.finditer(text)
    ]

    def section(offset: int) -> Section:
        above: list[Any] = [name for start, name in heads if start <= offset]
        return above[-1] if above else "inclusion"

    return section
