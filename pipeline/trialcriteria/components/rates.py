"""Rates whose period stands apart from the amount: "4 or more days a week", "10 mg of prednisone daily".

A count or a dose is of one week or of a whole life: the period that stands behind the thing counted or given, or in
front of it ("average weekly alcohol intake > 21 units"), belongs to the unit.
"""

import re

from trialcriteria.components.amounts import Quantity
from trialcriteria.components.limits import Limit
from trialcriteria.lexicon import Attribute
from trialcriteria.units import convert

Span = tuple[int, int]
PERIODS = {"d": "d", "w": "wk", "m": "mo", "y": "a", "n": "d"}
NO_THING = "and or for within in at during over before after with on to from than but every each per a".split()
BRACKET = r"(?:\s*\([^()]{0,60}\))?"
BEHIND = re.compile(  # up to four words of what is counted or given, then the period
    rf"{BRACKET}(?:\s+(?:mild|moderate)\s+to\s+(?:moderate|severe))?(?:[\s-]+(?!(?:{'|'.join(NO_THING)})\b)[A-Za-z][\w/-]*?){{0,4}}{BRACKET}"
    r"(?:\s+or\s+(?:its\s+|an?\s+)?equivalents?)?\s*"
    r"(?:(?:/|\b(?:per|a|every|each|in (?:a|each|every)|on (?:any|one|a)(?: single| given| one)?)\b)\s?"
    r"(?P<each>day|d\b|week|wk\b|month|year|night)"
    r"|\b(?P<ly>daily|nightly|weekly|monthly|yearly)\b|\b(?P<often>[bt]id|[bt]\.\s?i\.\s?d)\b)",
    re.I,
)
OF_DRINKS = re.compile(  # "3 glasses of alcoholic beverages or distilled spirits per day"
    r"\s+(?P<in>glass(?:es)?|cups?|servings?|drinks?|units?|cans|bottles?)\s+of\s+"
    r"(?:(?!\b(?:within|during|before|after|for|if|unless|who|than|in|at|on)\b)[^.;:()\d]){2,100}?\s"
    r"(?:(?:per|a|every|each)\s(?P<each>day|week|month|night)|(?P<ly>daily|weekly))\b",
    re.I,
)
VESSELS = {"g": "{glass}", "c": "{cup}", "d": "{drink}", "u": "{drink}"}
TIMES_A_DAY = re.compile(
    r"\b(?:(?P<two>twice|two\s+times|2\s?(?:x|times))|(?:thrice|three\s+times|3\s?(?:x|times)))(?:\s+an?)?\s+(?:daily|day)$",
    re.I,
)
PER_ANOTHER = re.compile(r"[^.;,]{0,30}(?:\bper g|/\s?g\b|creatinine)", re.I)
IN_FRONT = re.compile(r"\b(daily|weekly|monthly|24[- ]?h(?:ours?|rs?)?|per day|per week|a day|a week)\b", re.I)
GIVEN = re.compile(r"(?:[munk]?g|U|\[IU\]|\{(?:unit|drink|cigarette|cup|glass|tablet|pack)\}|mL|[mk]?cal)")


def add_period(text: str, q: Quantity, kind: str, span: Span | None, attribute: Attribute | None = None) -> None:
    """Complete the unit of a count, of a dose, or of what a day's collection holds; `span`: the attribute's words."""
    if q.value is None and q.operator != "between":
        return
    if q.unit is not None and "/" in q.unit:
        return
    if kind == "dose" and q.unit is None and (drinks := OF_DRINKS.match(text, q.end)):
        q.unit = VESSELS.get(drinks["in"][0].lower())
    if kind == "count" and (q.unit is None or q.unit.startswith("{")):
        period = _behind(text, q)
        q.unit = f"/{period}" if period else q.unit
    elif kind in ("dose", "other") and q.unit and GIVEN.fullmatch(q.unit):
        period = _hours_apart(text, q) or _behind(text, q) or _in_front(text, q, span)
        q.unit += f"/{period}" if period else ""
    elif kind == "lab" and attribute and q.unit:
        reported = attribute.units[0] if attribute.units and not PER_ANOTHER.match(text, q.end) else ""
        if reported.endswith("/d") and convert(1.0, q.unit, reported[:-2]) is not None:
            q.unit += "/d"  # "24-hour urine protein > 1 g": the measure's own name holds the day


def share_period(last: Limit, limit: Limit) -> None:
    """ "Average weekly intake > 21 units for men or > 14 units for women": the period is said once."""
    q, whole = limit.quantity, last.quantity.unit or ""
    same = limit.kind == "dose" and limit.rule == "further-limit" and limit.span == last.span
    if same and q.unit and whole.startswith(f"{q.unit}/"):
        q.unit = whole


def _hours_apart(text: str, q: Quantity) -> str | None:
    """ "250 ug of fluticasone twice daily": one every 12 hours, in UCUM."""
    said = BEHIND.match(text, q.end)
    if said is None:
        return None
    if said["often"]:
        return "(12.h)" if said["often"][0] in "bB" else "(8.h)"
    often = TIMES_A_DAY.search(text, said.start(), said.end())
    return None if often is None else "(12.h)" if often["two"] else "(8.h)"


def _behind(text: str, q: Quantity) -> str | None:
    said = BEHIND.match(text, q.end)
    if said is not None and said["often"]:
        return None
    said = said or OF_DRINKS.match(text, q.end)
    return PERIODS[(said["each"] or said["ly"])[0].lower()] if said else None


def _in_front(text: str, q: Quantity, span: Span | None) -> str | None:
    start = max(0, q.start - 30)
    if span is not None and span[0] < start and q.start - span[1] <= 20:
        start = max(0, span[0] - 20)
    said = list(IN_FRONT.finditer(text, start, q.start))
    if not said or re.search(r"[;.]", text[said[-1].end() : q.start]):
        return None
    word = said[-1][1].lower()
    return "wk" if "week" in word else "mo" if "month" in word else "d"
