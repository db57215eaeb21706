"""Limits: which quantity bounds which attribute.

A limit takes the measures in front of it (all of a list that shares it), else the one behind it ("≥ 2 hepatic
veins"), else those of the limit before ("≤ 2.5 x ULN, or ≤ 5 x ULN if …"), else those of the parent bullet, else the
nearest noun phrase. Units and references decide what fits.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from spacy.language import Language

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.kinds import named_by
from trialcriteria.components.limits import HARD_BREAK, Hit, Limit, by_unit, fits, fits_by_id, level_limit, limit_of
from trialcriteria.components.measure_variants import variant
from trialcriteria.components.names import Loose
from trialcriteria.components.nearest import (
    AGAIN,
    CONDITIONAL,
    COUNTS_A_NOUN,
    PRESSURES,
    around_its_unit,
    behind_it,
    counted_noun,
    hits_of,
    in_front_of_it,
    in_its_rate,
    inside_it,
    is_few_of_a_noun,
    of_age,
    sister_of,
    touching_it,
)
from trialcriteria.components.protocols import at_rest, how_measured, says_again, set_aside
from trialcriteria.components.rates import add_period
from trialcriteria.components.step import Step
from trialcriteria.components.subjects import clause_start
from trialcriteria.components.terms import Term
from trialcriteria.components.unlisted import (
    DRUGS,
    LINES,
    THERAPIES,
    WHICH,
    is_elliptic,
    is_of_a_method,
    is_same_again,
    unlisted_again,
    unlisted_limit,
)
from trialcriteria.lexicon import Attribute, load
from trialcriteria.records import Reason
from trialcriteria.units import convert, is_time


def link(
    text: str,
    quantities: Sequence[Quantity],
    terms: Sequence[Term],
    attributes: dict[str, Attribute],
    subject: Sequence[Hit] = (),
) -> tuple[list[Limit], list[Quantity]]:
    """(limits, quantities of time that no attribute took: windows and durations)."""
    if not quantities:
        return [], []
    bare = _without_conditions(text, terms)
    measures = [
        t._replace(id=attributes[t.id].sister or t.id) if attributes[t.id].levels else t
        for t in terms
        if t.group == "measure" and (not attributes[t.id].levels or attributes[t.id].sister)
    ]
    limits: list[Limit] = []
    found: list[Hit]
    times: list[Quantity] = []
    done = 0  # end of the last quantity
    chain: list[Term] = []
    used: set[int] = set()
    before: Quantity | None = None
    for q in quantities:
        if before is not None and _restates(text, q, before, limits, attributes):
            q.form = "restated"
            done = max(done, q.end)
            continue
        before = q
        fresh = [
            t._replace(id=sister_of(q, t.id, attributes))
            for t in measures
            if done <= t.start and t.end <= q.start + 1 and t.start not in used
        ]
        found, rule = around_its_unit(q, measures, attributes), "limit-in-measure"
        if not found:
            found, rule = touching_it(text, q, measures, attributes), "limit-then-measure"
        if not found:
            found, rule = counted_noun(text, q, measures, attributes), "limit-then-measure"
        if not found:
            found, rule = in_front_of_it(text, q, fresh, attributes), "measure-then-limit"
        if not found:
            found, rule = in_its_rate(q, measures, attributes), "limit-in-measure"
        if len(found) == 1 and found[0][0] == "lesion_count" and q.unit:  # "tumor within 12 cm of the anal verge"
            found = [
                hit
                for hit in behind_it(text, q, measures, attributes)
                if attributes[hit[0]].kind == "lesion" and hit[0] != "lesion_count"
            ] or found
        if q.form in ("around", "turned"):
            inside = inside_it(q, measures, attributes)
            found, rule = (inside, "limit-around-measure") if inside or q.form == "around" else (found, rule)
        if not found:
            found, rule = of_age(text, q, measures, attributes, done), "age-by-words"
        if not found:
            found, rule = behind_it(text, q, measures, attributes), "limit-then-measure"
        if not found and chain and _continues(bare, q, chain, attributes, done):
            found, rule = hits_of(chain), "further-limit"
        if not found and chain and limits and is_same_again(text, q, limits[-1].quantity, chain, attributes):
            found, rule = hits_of(chain), "further-limit"
        if not found and q.unit == "ms":  # "QTc obtained from a 12-lead ECG is > 480 ms": nothing else is told in ms
            told = [t for t in fresh if t.start >= clause_start(text, q.start)][-1:]
            found = [(t.id, (t.start, t.end)) for t in told if fits(q, attributes[t.id])]
        if found and found[0][0] == "alcohol" and q.operator is None and _defines(text, q):
            found = []
        _elided(text, q, found, limits, done)
        _led_by_extreme(text, q, found)
        found = _named_twice(text, found)
        if found:
            chain = [Term(s[0], s[1], "measure", id) for id, s in found if s is not None]
            used.update(t.start for t in chain)
            before_it = len(limits)
            found = [(variant(text, q, by_unit(q, id), span, attributes), span) for id, span in found]
            for id, span in found:
                limits += _limits(q, id, span, rule if len(found) == 1 else "limit-shared-by-list", attributes)
            _narrow_by_readings(text, limits, before_it)
        elif (
            subject
            and not text[: q.start].strip(" (:-–•*")
            and (fitting := [hit for hit in subject if fits_by_id(q, hit[0], attributes)])
            and (fitting[0][0] == "lesion_count" or not is_few_of_a_noun(text, q))
        ):
            limits += _from_parent(q, fitting, attributes)
        elif limits and (size := _size_under_count(text, q, limits) or _size_again(bare, q, limits)):
            limits.append(size)
        elif (q.unit and is_time(q.unit) and q.unit != "ms") or (q.unit == "{half_life}"):
            times.append(q)
        elif (
            subject
            and clause_start(text, q.start) == 0
            and q.stated
            and (fitting := [s for s in subject if fits(q, attributes[s[0]])])
            and (fitting[0][0] == "lesion_count" or not is_few_of_a_noun(text, q))
        ):
            limits += _from_parent(q, fitting, attributes)
        elif is_of_a_method(text, q):
            q.form = "definition"
        else:
            unlisted = unlisted_again(text, q, limits, done) or unlisted_limit(text, q, done)
            id = (named_by(q, text) if unlisted else None) or ""
            if unlisted and id in attributes:
                unlisted = limit_of(q, id, unlisted.span, "unit-names-measure", attributes)
            if unlisted:
                limits.append(unlisted)
                chain = []
        done = max(done, q.end, *(span[1] for _, span in found if span and rule == "limit-then-measure"))
    _share_reference(text, limits)
    return limits, times


EQUALS = re.compile(r"\s*(?:\w+\s+){0,3}(?:=|is\b|are\b|equals?\b|contains?\b)")
IS_EQUAL_TO = re.compile(r"(?:=|\b(?:is|are|equals?|equal to|equivalent to|contains?|containing))\s*(?:\w+\s+)?\(?$")


def _defines(text: str, q: Quantity) -> bool:
    """ "One drink is 12 g of alcohol": what a drink is, not how much somebody drinks."""
    return bool(EQUALS.match(text, q.end) or IS_EQUAL_TO.search(text, max(0, q.start - 40), q.number_start))


BARE_MULTIPLE = re.compile(r"\s?(?:x|×|times|-?fold)\s*(?=[,;)]|(?:or|and)\b)", re.I)


def _share_reference(text: str, limits: Sequence[Limit]) -> None:
    """ "ALT above 2 x, or bilirubin above 1.5 x the upper limit": a bare multiple takes the next limit's reference."""
    for limit in limits:
        q = limit.quantity
        if limit.kind != "lab" or q.unit or q.reference or not BARE_MULTIPLE.match(text, q.end):
            continue
        later = [other for other in limits if 0 < other.quantity.start - q.end < 80]
        if later and later[0].quantity.reference in ("ULN", "LLN"):
            q.reference = later[0].quantity.reference


def _named_twice(text: str, found: list[Hit]) -> list[Hit]:
    """ "Transaminases (ALT, AST)", "PT/INR": what only sums up or comes with the others is no measure of its own."""
    named = {id for id, _ in found}
    if "transaminases" in named and named & {"alt", "ast"}:
        return [hit for hit in found if hit[0] != "transaminases"]
    if "transaminases" in named:
        return [part for hit in found for part in _both_transaminases(text, hit)]
    spans = {id: span for id, span in found if span}
    if {"pt", "inr"} <= spans.keys() and re.search(r"(?i)\bPT\s?/\s?INR|INR\s?/\s?PT|PT[- ]INR|PT\s?\(INR\)", text):
        return [hit for hit in found if hit[0] != "pt"]
    return found


def _both_transaminases(text: str, hit: Hit) -> list[Hit]:
    """ "Transaminases ≤ 3 x ULN" is a limit on ALT and one on AST; "liver enzymes" may be more than these."""
    id, span = hit
    if (
        id != "transaminases"
        or span is None
        or "transferases" not in text[slice(*span)].lower().replace("transaminase", "transferase")
    ):
        return [hit]
    return [("alt", span), ("ast", span)]


def _limits(
    q: Quantity, id: str, span: tuple[int, int] | None, rule: str, attributes: dict[str, Attribute]
) -> list[Limit]:
    """The limit of one measure; a printed pair is two, on systolic and diastolic pressure."""
    if q.pair is None:
        return [limit_of(q, id, span, rule, attributes)]
    if not set(PRESSURES) <= attributes.keys():
        return []
    return [
        limit_of(half, name, span, "pressure-pair", attributes)
        for half, name in zip((q, q.pair), PRESSURES, strict=True)
    ]


def _from_parent(q: Quantity, subject: Sequence[Hit], attributes: dict[str, Attribute]) -> list[Limit]:
    """The limits of a bare amount on the measures that the parent bullet names."""
    limits = [limit_of(q, id, span, "subject-from-parent", attributes) for id, span in subject]
    for limit in limits:
        limit.inherited = True
    return limits


RESTATED = re.compile(
    r"\s*[(\[]\s*(?:or|=|≈|~|equivalent to|equals|i\.e\.,?|approximately|approx\.?|about|corresponding to|"
    r"that is)?\s*$|\s*,?\s*(?:or|i\.e\.,?)\s*$",
    re.I,
)


OF_ANOTHER = re.compile(r"\s+for\s+(?!(?:the|at|a|total)\b)")  # "within 3 months (90 days for biologics)"


def _restates(
    text: str, q: Quantity, last: Quantity, limits: Sequence[Limit], attributes: dict[str, Attribute]
) -> bool:
    """ "8 g/dL (80 g/L)": the same limit in other words, not a second one."""
    if not RESTATED.match(text[last.end : q.start]) or (
        q.operator and last.operator and q.operator[0] != last.operator[0]
    ):
        return False
    if OF_ANOTHER.match(text, q.end):
        return False
    known = next((limit for limit in reversed(limits) if limit.quantity is last), None)
    attribute = attributes.get(known.attribute or "") if known else None
    mass, valence = (attribute.molar_mass, attribute.valence) if attribute else (None, 1)
    if q.unit == last.unit and re.match(r"\s*,?\s*or\b", text[last.end : q.start], re.I):
        return False
    if last.value is None or q.value is None or not q.unit or not last.unit or q.unit == last.unit:
        return q.value is not None and q.value == last.value and q.unit == last.unit
    same = convert(float(last.value), last.unit, q.unit, molar_mass=mass, valence=valence)
    return same is not None and abs(same - float(q.value)) <= 0.08 * max(abs(same), 1e-9)


def _elided(text: str, q: Quantity, found: Sequence[Hit], limits: Sequence[Limit], done: int) -> None:
    """ "More than 7 drinks per week (women) or 14 drinks per week (men)": the comparator is said once."""
    last = limits[-1].quantity if limits else None
    if (
        q.operator is not None
        or last is None
        or not found
        or last.operator not in ("<", "<=", ">", ">=")
        or last.unit != q.unit
    ):
        return
    if (
        limits[-1].attribute != found[0][0]
        or not re.search(r"\bor\b|\band\b|[(\[]", text[last.end : q.start])
        or len(text[last.end : q.start]) > 60
    ):
        return
    rebound(q, last.operator)


def _narrow_by_readings(text: str, limits: list[Limit], first: int) -> None:
    """ "SBP ≥ 140 mmHg on two occasions": how often it was measured narrows the limits before."""
    for limit in limits[first:]:
        if limit.attribute != "readings" or first == 0:
            continue
        last = limits[first - 1]
        gap = text[last.quantity.end : limit.quantity.start]
        if len(gap) < 50 and not HARD_BREAK.search(gap) and last.kind in ("lab", "vital", "other"):
            same = [
                i
                for i in range(first)
                if limits[i].kind == last.kind and last.quantity.start - limits[i].quantity.end < 60
            ]
            limit.narrows = [i for i in same if i >= first - 2]


EXTREME = re.compile(r"\b(minimum|minimal|min\.?|lowest|maximum|maximal|max\.?|highest)\s+(?:\w+\s+)?$", re.I)


def _led_by_extreme(text: str, q: Quantity, found: Sequence[Hit]) -> None:
    """ "minimum life expectancy of 12 weeks": the comparator stands in front of the measure."""
    if q.operator is not None or not found or found[0][1] is None:
        return
    said = EXTREME.search(text, max(0, found[0][1][0] - 24), found[0][1][0])
    if said and found[0][1][1] <= q.start:
        rebound(q, ">=" if said[1].lower()[:3] in ("min", "low") else "<=")


def _size_under_count(text: str, q: Quantity, limits: Sequence[Limit]) -> Limit | None:
    """ "at least 1 lesion larger than 4 cm": the size narrows the count."""
    last = limits[-1]
    gap = text[max(last.quantity.end, last.span[1] if last.span else 0) : q.start]
    if (
        last.attribute != "lesion_count"
        or not q.unit
        or convert(1.0, q.unit, "mm") is None
        or len(gap) > 40
        or HARD_BREAK.search(gap)
    ):
        return None
    return Limit(q, "lesion", "lesion_size", last.span, "size-under-count", narrows=[len(limits) - 1])


def _size_again(text: str, q: Quantity, limits: Sequence[Limit]) -> Limit | None:
    """ "≥ 1 lesion ≥ 20 mm by x-ray or ≥ 10 mm by CT": a second size of the same lesion."""
    last = limits[-1]
    gap = text[last.quantity.end : q.start]
    size = last.attribute == "lesion_size" and q.unit is not None and convert(1.0, q.unit, "mm") is not None
    if not size or not q.stated or len(gap) > 60 or not ANOTHER_SIZE.fullmatch(gap):
        return None
    return Limit(q, "lesion", "lesion_size", last.span, "further-limit", narrows=list(last.narrows))


ANOTHER_SIZE = re.compile(r"(?:\s+(?:by|with|on|using)\b[^,;.()<>≤≥\d]*?)?[\s,(]*(?:\bor\b|\band\b)?[\s(]*", re.I)


def _continues(text: str, q: Quantity, chain: list[Term], attributes: dict[str, Attribute], done: int) -> bool:
    """Whether a further limit is on the same measures: "≤ 2.5 x ULN or ≤ 5 x ULN with liver metastases"."""
    gap = text[done : q.start]
    bracketed = len(gap) <= 80 and IN_BRACKET.search(gap) is not None
    if len(gap) > 120 or (
        HARD_BREAK.search(gap)
        and not bracketed
        and gap.strip(" ;,(")
        and not re.match(r"\s*[;.]?\s*(?:or|if|unless|for|in|except|however|patients|subjects)\b", gap, re.I)
    ):
        return False
    if (
        q.unit
        and is_time(q.unit)
        and not all(attributes[t.id].units and is_time(attributes[t.id].units[0]) for t in chain)
    ):
        return False
    if (
        q.unit
        and is_time(q.unit)
        and attributes[chain[0].id].kind not in ("vital", "lab")
        and re.search(r"\b(?:within|for|prior|last|past|during|every|after|since)\b", gap, re.I)
    ):
        return False
    if not (q.stated or q.unit or q.reference):
        return False
    if not all(fits_by_id(q, t.id, attributes) for t in chain):
        return False
    kind = attributes[chain[0].id].kind
    if is_few_of_a_noun(text, q) or (kind == "lesion" and not q.unit and COUNTS_A_NOUN.match(text, q.end)):
        return False  # "anti-CCP > ULN, or at least one erosion"
    if ANOTHER_MEASURE.search(gap):
        return False
    return (
        bool(AGAIN.match(gap) or CONDITIONAL.match(gap) or (bracketed and kind in ("lab", "vital")))
        and (kind in ("lab", "vital", "age", "scale") or len(gap) < 30)
        and (q.stated or q.reference is not None or is_elliptic(text, q, gap))
    )


ANOTHER_MEASURE = re.compile(
    r"\b(?!total|that|the|this|same)\w+\s+(?:score|subscore|index|scale|ratio|thickness|length|diameter)\s+(?:of|is)?\s*$",
    re.I,
)
IN_BRACKET = re.compile(  # "… at screening (or", "… (Part 2:", "… (Asian:"
    r"^[^()\[\]]*[(\[]\s*(?:or|and|but)?\s*(?:(?:(?:in|for)\s+)?(?:part|cohort|arm|stratum|group|phase)\s+\w{1,3}\s*[:,]?|[^\d:()]{3,40}:)?\s*$",
    re.I,
)


def _without_conditions(text: str, terms: Sequence[Term]) -> str:
    """The text with known conditions blanked out, so that "Part C ≥ 60" goes on with the measure before."""
    for term in terms:
        if term.group == "limit_conditions":
            which = WHICH.match(text, term.end) if term.id == "cohort_part" else None
            end = which.end() if which else term.end
            text = text[: term.start] + " " * (end - term.start) + text[end:]
    return text


class Constraints(Step):
    """Joins levels, quantities and measures into limits: `doc.user_data["limits"]`; leaves times in `["times"]`."""

    def __init__(self, attributes: dict[str, Attribute], labels: dict[str, str]) -> None:
        self.attributes = attributes
        self.labels = labels

    def read(self, text: str, data: dict[str, Any]) -> None:
        """Levels and quantities become limits, times wait for their anchors."""
        if not data.get("quantities") and not data.get("levels"):
            data["limits"], data["times"] = [], []
            return
        quantities, loose = set_aside(text, data.get("quantities", ()), how_measured)
        limits, times = link(text, quantities, data.get("terms", ()), self.attributes, data.get("subject", ()))
        for limit in limits:
            if limit.kind == "count" and limit.attribute is None:
                limit.attribute = self.given(text, limit, data.get("terms", ()))
            add_period(text, limit.quantity, limit.kind, limit.span, self.attributes.get(limit.attribute or ""))
        limits += [level_limit(found, self.attributes) for found in data.get("levels", ())]
        times, rests = set_aside(text, times, at_rest)
        loose += rests
        forms: tuple[Reason, ...] = ("restated", "definition")
        loose += [Loose(q.start, q.end, form) for q in quantities for form in forms if q.form == form]
        loose += _leave_out_what_is_said_again(text, limits)
        data["loose"] = data.get("loose", []) + loose
        limits.sort(key=lambda limit: (limit.quantity.start, limit.span or (0, 0)))
        data["limits"], data["times"] = limits, times

    def given(self, text: str, limit: Limit, terms: Sequence[Term]) -> str | None:
        """What is counted of a class of treatments: "at least two NSAIDs" are drugs, "prior therapies" regimens."""
        if limit.span is None:
            return None
        start, end = limit.span
        inside = [t for t in terms if start < t.end and t.start < end]
        if any(t.id == "contraception" for t in inside):
            return "contraceptive_methods"
        if LINES.match(text, start, end):
            return "prior_lines"
        named = any(self.labels.get(t.id) == "treatment" for t in inside)
        if not named and not DRUGS.search(text, start, end):
            return None
        return "prior_regimens" if THERAPIES.search(text, start, end) else "drugs"


def _leave_out_what_is_said_again(text: str, limits: list[Limit]) -> list[Loose]:
    """ "ECOG 0-1 (Karnofsky ≥ 70 %)": the digits of a class in brackets that is the one in front in another scale."""
    scales = sorted((x for x in limits if x.kind == "scale"), key=lambda x: x.quantity.start)
    again = [
        b
        for a, b in pairwise(scales)
        if says_again(text, (a.attribute, _end(a)), b.attribute, _begin(b, _end(a)), b.quantity.end)
    ]
    for limit in again:
        place = limits.index(limit)
        if any(place in other.narrows for other in limits):
            continue
        del limits[place]
        for other in limits:
            other.narrows = [k - (k > place) for k in other.narrows]
    return [Loose(limit.quantity.start, limit.quantity.end, "restated") for limit in again if limit not in limits]


def _begin(limit: Limit, floor: int) -> int:
    """Where a limit begins behind `floor`: what it shares its words with may stand in front."""
    return limit.first if limit.first >= floor else limit.quantity.start


def _end(limit: Limit) -> int:
    own = limit.span if limit.span and not limit.inherited else None
    return max(limit.quantity.end, own[1]) if own else limit.quantity.end


@Language.factory(
    "trialcriteria_constraints",
    assigns=["doc.user_data"],
    requires=["doc.user_data"],
    default_config={"lexicon_files": []},
)
def make_constraints(nlp: Language, name: str, lexicon_files: list[str]) -> Constraints:
    """Component `trialcriteria_constraints`."""
    knowledge = load(lexicon_files)
    return Constraints(knowledge.attributes, knowledge.labels)
