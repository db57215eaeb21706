"""Limits: which quantity bounds which attribute.

A limit takes the measures in front of it (all of a list that shares it), else the one behind it ("≥ 2 hepatic
veins"), else those of the limit before ("≤ 2.5 x ULN, or ≤ 5 x ULN if …"), else those of the parent bullet, else the
nearest noun phrase. Units and references decide what fits.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from spacy.language import Language

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.kinds import kind_of, named_by
from trialcriteria.components.levels import Levels
from trialcriteria.components.measure_variants import variant
from trialcriteria.components.names import Loose
from trialcriteria.components.rates import add_period
from trialcriteria.components.step import Step
from trialcriteria.components.subjects import clause_start, words_after, words_before
from trialcriteria.components.terms import Term
from trialcriteria.lexicon import Attribute, load
from trialcriteria.units import convert, is_time

HARD_BREAK = re.compile(r"[;\n]|[.](?=\s+[A-Z(])|[.]\s*$|(?<=\s)[•*](?=\s)")
TIGHT = re.compile(
    r"(?:\s|[:,=()\[\]\"'’*]|[-–—](?=\s|\D)|\b(?:of|is|was|are|be|must|should|shall|level|levels|count|counts|"
    r"value|values|concentration|concentrations|score|scores|result|results|the|a|an|"
    r"at|to|with|in|has|have|had|having|range|ranging|between|total|measured|by|if|that|which|greater|and|or|"
    r"than|equal|both|only|remains?|remaining|currently|since|least|either|known|"
    r"activity|time|test|ratio|rate|index|baseline|screening|defined|as|recent|result|more|there|being|been|"
    r"absolute|serum|plasma|blood|blood test|on|from|over|history)\b|\([^()]{0,40}\))*$",
    re.I,
)
LIST = re.compile(
    r"(?:\s|[,/&+]|\b(?:and|or|and/or|the|a|an|of|serum|plasma|total|both|either|as well as|plus|absolute|"
    r"blood|level|levels|count|counts|value|values|activity|activities|concentration|concentrations|also|"
    r"their)\b|\([^()]{0,60}\)|[()])*$",
    re.I,
)
JOINED = re.compile(r"[,/&+()]|\b(?:and|or|plus|as well as)\b", re.I)
ABBREVIATION = re.compile(r"\s*[,:]?\s*[(\[]\s*(?:also |known as |or |i\.e\.,? |= ?)?$")
AGAIN = re.compile(
    r"(?:\s|[,(\[\])/]|\b(?:or|and|but|to|if|for|in|unless|then|the|a|an|case|is|are|be|must|may|should|can|"
    r"with|without|patients?|subjects?|participants?|those|who|whose|have|has|elevations?|presence|of|present|"
    r"documented|known|liver|hepatic|bone|metastas[ei]s|metasta\w+|involvement|tumou?rs?|cancer|disease|due|"
    r"gilbert\S*|syndrome|hemolysis|males?|females?|men|women|boys|girls|acceptable|allowed|permitted|except|up|"
    r"note|however|exception|below|above|either|also|by|at|as|adults?|children|years?|age|old|not|more|both|"
    r"when|only|where|inclusive|respectively|upper|limit|normal|ULN)\b|\((?-i:[MF])\)|[’.\-–—:'])*$",
    re.I,
)
CONDITIONAL = re.compile(
    r"^[\s,;.(\[]*(?:(?:or|and|but)\s+)?(?:if|unless|in|for|with|without|when|except|where|among|"
    r"(?:patients|subjects|participants|those) with)\b.*?(?:,|"
    r"\b(?:then|is|are|must be|should be|be|may be|to|of|up to|have|has|a|allowed|acceptable|permitted)|:|\(|"
    r"metasta\w+|involvement|disease|syndrome|women|men|females?|males?|or|and|but|"
    r"in which case(?:\s+(?:it|they|this|these|levels?)\s+(?:must|may|should|can)\s+be)?)\s*$",
    re.I,
)
PEOPLE = re.compile(
    r"\b(?:patients?|subjects?|participants?|adults?|males?|females?|men|man|women|woman|children|child|"
    r"volunteers?|individuals?|persons?|people|infants?|boys?|girls?|adolescents?|genders?|sex|residents?|"
    r"students?|veterans?|pediatric|paediatric|elderly|newborns?|neonates?|inpatients?|outpatients?|"
    r"caregivers?|teenagers?|youths?|mothers?|parents?|smokers|workers|healthy|toddlers?|seniors?|nurses|ages?|"
    r"aged|athletes|donors?|recipients?|employees|users|members|survivors|couples)\b",
    re.I,
)
OF_THE_FOLLOWING = re.compile(
    r"(?:\s+or\s+more)?\s+(?:\w+\s+)?of\s+(?:(?:the|these|those|any)\s+)*(?:\w+\s+){0,2}(?:following|below|"
    r"criteria|conditions|above|these|those|items|features|listed|signs|symptoms|two|three|four|five|six)\b",
    re.I,
)
EXAMPLE = re.compile(r"\b(?:e\.g\.?|eg|for example|for instance|such as|i\.e\.)[^()]*$", re.I)
PEOPLE_TO_AGE = re.compile(
    r"(?:\s|[,(:/\-–]|\b(?:of|both|either|any|all|who|are|is|must|be|should|aged?|between|over|and|or|gender|"
    r"sex|sexes|genders|male|female|from|the|ages|at|least|years)\b)*$",
    re.I,
)
WITH_SOMETHING = re.compile(
    r"\b(?:with|having|have|has|had|for|who (?!are)|receiving|on|in|whose|without|undergoing|since|score|scoring)\b",
    re.I,
)
AGE_AFTER = re.compile(
    r"[\s,\-–)]*(?:\(?inclusive\)?,?\s*)?(?:of age|old|of\s+chronological age|in age|age\b|aged)", re.I
)
OLDER = re.compile(r"\b(?:older|younger|elder|age|ages|aged)\b", re.I)


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


def fits(q: Quantity, attribute: Attribute) -> bool:
    """Whether the quantity's unit or reference can belong to the attribute."""
    if attribute.levels:
        return False
    if q.reference in ("ULN", "LLN", "normal"):
        return attribute.kind in ("lab", "vital")
    if q.reference == "predicted":
        return attribute.kind in ("vital", "lab")
    if q.unit is None:
        if attribute.kind == "age":
            return q.value is not None and (attribute.plausible is None or q.value <= attribute.plausible[1])
        if attribute.kind in ("lesion", "count") and attribute.units and attribute.units[0].startswith("{"):
            return all(x is None or x == int(x) for x in (q.low, q.high))
        return attribute.kind not in ("life_expectancy",)
    if q.reference == "baseline":
        return True
    if attribute.range is not None and attribute.units == (
        "{score}",
    ):  # points: a value that the scale does not have belongs to something else
        low, high = attribute.range
        return q.unit in (None, "{score}") and all(x is None or low <= x <= high for x in (q.low, q.high))
    if q.unit == "{score}":
        return not attribute.units
    if q.unit in CALENDAR and attribute.units and attribute.units[0] in CLOCK:
        return False  # "drugs that prolong the QT interval within 14 days"
    if attribute.kind == "count":
        return q.unit.startswith("{")
    return not attribute.units or any(
        unit == q.unit
        or convert(1.0, q.unit, unit, molar_mass=attribute.molar_mass, valence=attribute.valence) is not None
        for unit in attribute.units
    )


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
            t._replace(id=_sister(q, t.id, attributes))
            for t in measures
            if done <= t.start and t.end <= q.start + 1 and t.start not in used
        ]
        found, rule = _around_unit(q, measures, attributes), "limit-in-measure"
        if not found:
            found, rule = _touching(text, q, measures, attributes), "limit-then-measure"
        if not found:
            found, rule = _counted(text, q, measures, attributes), "limit-then-measure"
        if not found:
            found, rule = _in_front(text, q, fresh, attributes), "measure-then-limit"
        if not found:
            found, rule = _in_rate(q, measures, attributes), "limit-in-measure"
        if len(found) == 1 and found[0][0] == "lesion_count" and q.unit:  # "tumor within 12 cm of the anal verge"
            found = [
                hit
                for hit in _behind(text, q, measures, attributes)
                if attributes[hit[0]].kind == "lesion" and hit[0] != "lesion_count"
            ] or found
        if q.form in ("around", "turned"):
            inside = _inside(q, measures, attributes)
            found, rule = (inside, "limit-around-measure") if inside or q.form == "around" else (found, rule)
        if not found:
            found, rule = _age(text, q, measures, attributes, done), "age-by-words"
        if not found:
            found, rule = _behind(text, q, measures, attributes), "limit-then-measure"
        if not found and chain and _continues(bare, q, chain, attributes, done):
            found, rule = _hits(chain), "further-limit"
        if not found and chain and limits and _same_again(text, q, limits[-1].quantity, chain, attributes):
            found, rule = _hits(chain), "further-limit"
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
            found = [(variant(text, q, _by_unit(q, id), span, attributes), span) for id, span in found]
            for id, span in found:
                limits += _limits(q, id, span, rule if len(found) == 1 else "limit-shared-by-list", attributes)
            _narrow_by_readings(text, limits, before_it)
        elif (
            subject
            and not text[: q.start].strip(" (:-–•*")
            and (fitting := [hit for hit in subject if _fits(q, hit[0], attributes)])
            and not (attributes[fitting[0][0]].kind == "count" and COUNTS_A_NOUN.match(text, q.end))
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
            and not (attributes[fitting[0][0]].kind == "count" and COUNTS_A_NOUN.match(text, q.end))
        ):
            limits += _from_parent(q, fitting, attributes)
        else:
            unlisted = _unlisted_again(text, q, limits, done) or _unlisted(text, q, done)
            id = (named_by(q, text) if unlisted else None) or ""
            if unlisted and id in attributes:
                unlisted = _limit(q, id, unlisted.span, "unit-names-measure", attributes)
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
    return bool(EQUALS.match(text, q.end) or IS_EQUAL_TO.search(text, max(0, q.start - 40), q.start))


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


PRESSURES = ("sbp", "dbp")
OWN_LIMIT = re.compile(
    r"\s*(?:\([^()]*\))?\s*(?:of|is|:|must be|should be)?\s*(?:[<>≤≥=\d]|(?:at|less|more|greater|above|below|"
    r"over|under|not|no)\b)"
)


def _limits(
    q: Quantity, id: str, span: tuple[int, int] | None, rule: str, attributes: dict[str, Attribute]
) -> list[Limit]:
    """The limit of one measure; a printed pair is two, on systolic and diastolic pressure."""
    if q.pair is None:
        return [_limit(q, id, span, rule, attributes)]
    if not set(PRESSURES) <= attributes.keys():
        return []
    return [
        _limit(half, name, span, "pressure-pair", attributes) for half, name in zip((q, q.pair), PRESSURES, strict=True)
    ]


def _limit(q: Quantity, id: str, span: tuple[int, int] | None, rule: str, attributes: dict[str, Attribute]) -> Limit:
    id = _by_unit(q, id)
    kind = attributes[id].kind
    if id == "alcohol" and q.unit and q.unit.startswith("{unit}"):  # a unit of alcohol, not of just anything
        q.unit = q.unit.replace("{unit}", "{drink}")
    if q.operator is None and not q.stated and (kind == "count" or id == "lesion_count"):
        rebound(q, "=")  # a bare count is exact
    return Limit(q, kind, id, span, rule)


def _from_parent(q: Quantity, subject: Sequence[Hit], attributes: dict[str, Attribute]) -> list[Limit]:
    """The limits of a bare amount on the measures that the parent bullet names."""
    limits = [_limit(q, id, span, "subject-from-parent", attributes) for id, span in subject]
    for limit in limits:
        limit.inherited = True
    return limits


def _by_unit(q: Quantity, id: str) -> str:
    return (_of_lesions(q.unit) or id) if id == "lesion_count" and q.unit else id


def _of_lesions(unit: str) -> str | None:
    """What an amount with a unit says of lesions: their size, their volume, or nothing."""
    to = {"mm": "lesion_size", "cm3": "tumor_volume"}
    return next((id for size, id in to.items() if convert(1.0, unit, size) is not None), None)


SIZED = frozenset({"lesion_count", "lymph_nodes"})  # counted when bare, measured in millimetres


def _fits(q: Quantity, id: str, attributes: dict[str, Attribute]) -> bool:
    if id in SIZED and q.unit:
        return _of_lesions(q.unit) is not None
    return fits(q, attributes[id])


def _in_front(text: str, q: Quantity, fresh: list[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """The measure before the limit, with the others of its list."""
    for index in range(len(fresh) - 1, -1, -1):
        term = fresh[index]
        gap = text[term.end : q.start]
        if len(gap) > 90 or HARD_BREAK.search(gap):
            return []
        if not _fits(q, term.id, attributes):
            continue
        if attributes[term.id].kind == "count" and ((q.unit and term.id not in SIZED) or not TIGHT.match(gap)):
            continue
        if not (q.unit or q.reference) and _counts_another(text, q, attributes[term.id]):
            continue
        if not TIGHT.match(gap) and _loose_is_wrong(q, gap, attributes[term.id]):
            continue
        chain = [term]
        for other in reversed(fresh[:index]):
            between = text[other.end : chain[0].start]
            if ABBREVIATION.search(between) and len(between) < 12:
                if other.id == chain[0].id:
                    close = chain[0].end + (text[chain[0].end : chain[0].end + 1] in ")]")
                    chain[0] = other._replace(end=close)
                    continue
                if not LIST.match(between):
                    break
            if (
                not LIST.match(between)
                or not JOINED.search(between)
                or not _fits(q, other.id, attributes)
                or attributes[other.id].kind != attributes[term.id].kind
            ):
                break
            if other.id in {t.id for t in chain}:
                chain = [other if t.id == other.id else t for t in chain]
                continue
            chain.insert(0, other)
        if any(t.id in PRESSURES for t in chain):  # "hypertension (systolic blood pressure > 140 mmHg)"
            chain = [t for t in chain if t.id != "bp"]
        return [(t.id, (t.start, t.end)) for t in chain]
    return []


def _counts_another(text: str, q: Quantity, attribute: Attribute) -> bool:
    """Whether a bare number in a measure's reach is of what stands behind it: "ST depression in 2 or more leads"."""
    if attribute.kind in ("lab", "vital") and q.word and not q.stated:
        return True  # "sweat chloride ≥ 60 mmol/L, or two mutations"
    if attribute.stated and not q.stated:
        return True
    physical = (
        attribute.kind in ("lab", "vital") and attribute.plausible is None and attribute.units[:1] not in ((), ("1",))
    )
    return (physical or attribute.kind == "count") and COUNTS_A_NOUN.match(text, q.end) is not None


RESTATED = re.compile(
    r"\s*[(\[]\s*(?:or|=|≈|~|equivalent to|equals|i\.e\.,?|approximately|approx\.?|about|corresponding to|"
    r"that is)?\s*$|\s*,?\s*(?:or|i\.e\.,?)\s*$",
    re.I,
)


def _restates(
    text: str, q: Quantity, last: Quantity, limits: Sequence[Limit], attributes: dict[str, Attribute]
) -> bool:
    """ "8 g/dL (80 g/L)": the same limit in other words, not a second one."""
    if not RESTATED.match(text[last.end : q.start]) or (
        q.operator and last.operator and q.operator[0] != last.operator[0]
    ):
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


def _sister(q: Quantity, id: str, attributes: dict[str, Attribute]) -> str:
    """The attribute of the same words that the unit asks for: "direct bilirubin < 35 %" is the fraction."""
    sister = attributes[id].sister
    return sister if sister and not _fits(q, id, attributes) and _fits(q, sister, attributes) else id


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


def _hits(terms: Sequence[Term]) -> list[Hit]:
    return [(t.id, (t.start, t.end)) for t in terms]


def _inside(q: Quantity, measures: Sequence[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """The measure between two bounds: "18 ≤ age < 75"."""
    inner = [t for t in measures if q.start <= t.start and t.end <= q.end]
    inner = inner or [t for t in measures if t.start >= q.end][:1]
    hits: list[Hit] = [(t.id, (t.start, t.end)) for t in inner if _fits(q, t.id, attributes)]
    return hits[:1]


def _around_unit(q: Quantity, measures: Sequence[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """The measure that holds the unit: "37 weeks of gestation", "10 pack-years"; ages wait for a word in front."""
    for term in measures:
        if q.number_end <= term.start < q.end <= term.end and term.id != "age" and _fits(q, term.id, attributes):
            return [(term.id, (term.start, term.end))]
    return []


SEVERAL_OF_A_MEASURE = re.compile(r"\s*(?:values|measurements|readings|determinations|results)\b", re.I)


RIGHT_BEHIND = re.compile(r"\s(?:(?!(?:in|on|with|for|or|and|during|within|at|per|by|to)\b)[a-z][a-z-]+\s){0,3}")


def _counted(text: str, q: Quantity, measures: Sequence[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """What a bare whole number counts, if that stands right behind: "at least PR, with ≤ 3 prior regimens".

    It wins over a measure in front; several values of a measure are readings: "at least 2 INR values".
    """
    if q.unit or q.reference or q.pair or q.value is None or q.value != int(q.value):
        return []
    if q.value > 20:
        return []
    for term in measures:
        if term.start >= q.end:
            near = RIGHT_BEHIND.fullmatch(text, q.end, term.start)
            kind = attributes[term.id].kind
            if near and kind == "count" and q.stated:
                return _hits([term])
            values = near and kind in ("lab", "vital") and SEVERAL_OF_A_MEASURE.match(text, term.end)
            if values and "readings" in attributes:
                return [("readings", (term.start, values.end()))]
            return []
    return []


def _in_rate(q: Quantity, measures: Sequence[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """The measure that the rate counts: "2 episodes a week"."""
    if q.unit is None or not q.unit.startswith("{") or "/" not in q.unit:
        return []
    inside = [t for t in measures if q.number_end <= t.start and t.end <= q.end and _fits(q, t.id, attributes)]
    return _hits(inside[:1])


def _touching(text: str, q: Quantity, measures: Sequence[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """ "≥ 140 mmHg systolic and/or ≥ 90 mmHg diastolic": the measure right behind, if no limit of its own follows."""
    if not q.stated:
        return []
    for term in measures:
        if (
            0 <= term.start - q.end <= 2
            and not text[q.end : term.start].strip(" (")
            and term.id in PRESSURES
            and _fits(q, term.id, attributes)
        ):
            return [] if OWN_LIMIT.match(text, term.end) else [(term.id, (term.start, term.end))]
    return []


def _loose_is_wrong(q: Quantity, gap: str, attribute: Attribute) -> bool:
    """Words between measure and limit that make the limit about something else."""
    if attribute.kind in ("count", "dose") or (attribute.kind == "lesion" and not q.unit):
        return True
    if q.unit and is_time(q.unit):
        return (
            bool(
                re.search(
                    r"\b(?:within|prior|before|after|last|past|previous|for|since|during|every|following)\b|[,;]",
                    gap,
                    re.I,
                )
            )
            or len(gap) > 40
        )
    if not q.stated and not q.unit and not q.reference:
        return True
    if not q.unit and not q.reference and re.search(r"\bfor\b", gap):
        return True
    return not q.unit and not q.reference and len(gap) > 45


def _age(text: str, q: Quantity, measures: Sequence[Term], attributes: dict[str, Attribute], done: int) -> list[Hit]:
    """Ages without the word in front: "18 years or older", "adults over 18", "18-65 years, both sexes"."""
    if q.reference or (q.unit and not is_time(q.unit)) or q.value is None or q.value > 1200:
        return []
    inside = text[q.start : q.end]
    behind = next(
        (t for t in measures if t.id == "age" and 0 <= t.start - q.end <= 14 and AGE_AFTER.match(text, q.end)), None
    )
    glued = next(
        (t for t in measures if t.id == "age" and q.start <= t.start < q.end + 1 and t.end >= q.number_end), None
    )
    term = behind or glued
    if term is not None:
        return [("age", (term.start, term.end))]
    older = OLDER.search(inside)
    if older and q.stated:
        return [("age", (q.start + older.start(), q.start + older.end()))]
    if q.cue in (None, "between") and q.unit in ("a", None):
        start = clause_start(text, q.start)
        before = text[max(start, done) : q.start]
        after = text[q.end : q.end + 40]
        if len(before) > 70 or re.search(
            r"\b(?:for(?!\s+(?:\w+\s+)?(?:patients|subjects|participants|those|men|women|males|females|adults|children|people|"
            r"individuals|persons)\b)|within|in the|during|since|every|history|after|before|prior|last|past|diagnos\w+|"
            r"than \w+ years of|lasting|duration|minimum of|menopaus\w+|months?|weeks?|regimens?|lines?|"
            r"disease|symptoms?|scores?)\b",
            before,
            re.I,
        ):
            return []
        if re.match(
            r"\s*(?:prior|before|after|ago|since|without (?:mens|a? ?period)|from|post|following|of (?!age)|duration|"
            r"earlier|history|experience|survival|in duration|or more (?:of|since|after|before)|"
            r"post-?menopausal|menopaus|amenorrh)",
            after,
            re.I,
        ):
            return []
        if q.unit is None and (
            not q.stated
            or (
                re.match(r"\s*[-–]?\s*[A-Za-z(%/]", after)
                and not re.match(r"\s*(?:and|or|at|who|with|male|female|,|\(|inclusive)", after, re.I)
            )
        ):
            return []
        named = list(PEOPLE.finditer(text, max(start, done), q.start))
        people = named or (PEOPLE.match(after.lstrip(" ,.-(")) if q.unit else None)
        if named:
            between = text[named[-1].end() : q.start]
            near = (
                PEOPLE_TO_AGE.match(between)
                if q.unit is None
                else len(between) < 40 and not WITH_SOMETHING.search(between)
            )
            return [("age", named[-1].span())] if near else []
        if (
            q.unit
            and (people or not before.strip(" (,:-"))
            and (q.operator == "between" or q.stated)
            and (
                not after.strip(" ).,;")
                or people
                or re.match(r"\s*[,;.)]|\s*\(|\s+(?:at|and|with|both|inclusive)", after)
            )
        ):
            return [("age", None)]
    return []


def _behind(text: str, q: Quantity, measures: Sequence[Term], attributes: dict[str, Attribute]) -> list[Hit]:
    """The measure after the limit: "at least 2 exacerbations", "> 40 mL/min creatinine clearance"."""
    for term in measures:
        if term.start < q.end:
            continue
        gap = re.sub(r"\([^()]*\)", "", text[q.end : term.start])
        if len(gap) > 45 or re.search(r"[,;:.)]", gap):
            return []
        if re.search(
            r"\b(?:and|or|with|if|in|for|who|within|prior|before|after|but|than|on|by|at|to|during|from|per)\b",
            gap,
            re.I,
        ) and not re.fullmatch(r"\s*(?:of|in|for|on)?\s*(?:the|a|an)?\s*", gap, re.I):
            return []
        kind = attributes[term.id].kind
        if not _fits(q, term.id, attributes) or (attributes[term.id].stated and not q.stated and not q.unit):
            return []
        if kind in ("lab", "vital", "age", "life_expectancy", "scale") and not re.fullmatch(
            r"\s*(?:of|in|for|on)?\s*(?:the|a|an|total|serum)?\s*", gap, re.I
        ):
            return []
        if kind in ("lab", "vital", "scale") and not (q.unit or q.reference or q.stated):
            return []
        if (
            kind == "age"
            and (q.unit is None or not re.match(r"\s*(?:of\s+)?(?:age|gestation|old|post)", text[q.end :], re.I))
            and term.id == "age"
        ):
            return []
        later = re.compile(r"\s*(?:\([^()]*\))?\s*(?:of|is|:|=|level|count)?\s*[<>≤≥=]").match(text, term.end)
        if later and kind in ("lab", "vital", "scale"):
            return []
        if (kind == "life_expectancy" and not q.stated) or (q.word and not q.stated and text[q.end : q.end + 1] == "-"):
            return []
        if kind in ("count", "lesion") and not q.stated and not q.word and not q.unit and q.value != int(q.value or 0):
            return []
        return [(term.id, (term.start, term.end))]
    return []


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
    if not all(_fits(q, t.id, attributes) for t in chain):
        return False
    kind = attributes[chain[0].id].kind
    few = q.word or kind == "lesion" or (q.value is not None and q.value <= 20 and q.value == int(q.value))
    if not q.unit and not q.reference and few and COUNTS_A_NOUN.match(text, q.end):
        return False  # "anti-CCP > ULN, or at least one erosion"
    if ANOTHER_MEASURE.search(gap):
        return False
    return (
        bool(AGAIN.match(gap) or CONDITIONAL.match(gap) or (bracketed and kind in ("lab", "vital")))
        and (kind in ("lab", "vital", "age", "scale") or len(gap) < 30)
        and (q.stated or q.reference is not None or _elliptic(text, q, gap))
    )


COUNTS_A_NOUN = re.compile(r"\s+(?!(?:if|for|in|with|or|and|when|on|at|unless|to|but|of|as|is|are)\b)[a-z]")
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


WHICH = re.compile(r"\s[A-Z0-9]{1,3}\b(?:(?:\s*[/,&]\s*|\s(?:and|or)\s)[A-Z0-9]{1,2}\b)*")


OR_ELSE = re.compile(r"\b(?:or|and/or)\s*[\[(]?\s*$", re.I)
OF_WHICH = re.compile(r"[\s,]*(?:\([^()]*\)\s*)?(?:,\s*)?(?:of which|including)\s*$", re.I)
NO_MEASURE = re.compile(
    r"(?:in\s+)?(?:(?:part|cohort|arm|group|stratum|phase|stage)\s+\w{1,3}|none|others?|those|case|allowed|acceptable|randomi[sz]ation|"
    r"screening|visits?|baseline|study entry|apart|"
    r"(?:fe)?males?|(?:wo)?men|girls|boys|adults?|children|patients?|.*\b(?:ULN|LLN|upper limit|"
    r"normal range|lower limit)\b.*)",
    re.I,
)


def _same_again(
    text: str, q: Quantity, last: Quantity, chain: Sequence[Term], attributes: dict[str, Attribute]
) -> bool:
    """Whether a limit in the unit of the last one is on the same measures, whatever stands between them.

    "Thickness ≥ 300 um on Spectralis or ≥ 280 um on Cirrus", "≥ 10 g/dL; none ≥ 16 g/dL": no other measure is named.
    """
    gap = text[last.end : q.start]
    if not 0 < len(gap) < 100 or not all(_fits(q, t.id, attributes) for t in chain):
        return False
    if q.unit is None and q.reference is None:
        return q.stated and attributes[chain[0].id].kind == "count" and OF_WHICH.fullmatch(gap) is not None
    if (q.unit, q.reference) != (last.unit, last.reference) or (q.unit and is_time(q.unit)) or not q.stated:
        return False
    if OR_ELSE.search(gap):
        return HARD_BREAK.search(gap) is None
    words = words_before(text, q.start, last.end)
    return words is not None and NO_MEASURE.fullmatch(text, *words) is not None


def _elliptic(text: str, q: Quantity, gap: str) -> bool:
    """ "at least 1,000/mm³ (500/mm³ if the marrow is involved)": a bare amount, but with its own condition."""
    variant = re.match(r"\s*(?:if|for|in|with|when|on|during)\b", text[q.end :], re.I)
    return q.unit is not None and gap.strip(" ,") in ("(", "or", "and", "[") and variant is not None


def _unlisted_again(text: str, q: Quantity, limits: Sequence[Limit], done: int) -> Limit | None:
    """A further limit in the same unit on words that the lexicon does not list."""
    last = limits[-1] if limits else None
    if last is None or last.attribute or last.quantity.end != done or last.kind == "count" or not q.stated:
        return None
    gap = text[done : q.start]
    same = (q.unit, q.reference) == (last.quantity.unit, last.quantity.reference)
    if not same or len(gap) > 100 or not (AGAIN.match(gap) or CONDITIONAL.match(gap)):
        return None
    return Limit(q, last.kind, None, last.span, "further-limit")


def _unlisted(text: str, q: Quantity, done: int) -> Limit | None:
    """A limit on something the lexicon does not list: its words are the attribute."""
    if q.pair is not None:
        return None
    if q.form in ("normal",) or (q.form == "reference" and not q.stated):
        return None
    if not q.stated and not (q.unit and q.operator):
        return _methods(text, q)
    if q.operator in ("=", None) and q.low == q.high and not q.unit and not q.reference:
        return None
    if q.operator == "between" and not q.cue and EXAMPLE.search(text, max(0, q.start - 120), q.start):
        return None
    floor = max(clause_start(text, q.start), done)
    before = words_before(text, q.start, floor)
    after = words_after(text, q.end)
    if OF_THE_FOLLOWING.match(text, q.end):
        return None
    if after and before and HOW_MANY_TIMES.fullmatch(text, *after):
        return Limit(q, "count", None, before, "words-then-limit")
    on_scale = re.compile(r"\s*(?:points?\s+)?(?:on|in)\s+(?:the|a|an)\s+(?:\d+\s*-\s*\d+\s+)?").match(text, q.end)
    if on_scale and q.unit in (None, "{score}") and (said := words_after(text, on_scale.end(), most=6)):
        span, rule, kind = said, "limit-then-words", "scale"
    elif q.unit is None and q.reference is None and after and (q.word or not before or after[0] - q.end <= 1):
        span, rule, kind = after, "count-of-words", "count"
    elif before and (q.start - before[1] < 40):
        span, rule, kind = before, "words-then-limit", kind_of(q, text[slice(*before)])
    elif after:
        span, rule, kind = after, "limit-then-words", kind_of(q, text[slice(*after)])
    else:
        return None
    if kind == "count" and (q.value is None or q.value != int(q.value)):
        kind = "other"
    if kind in ("count", "other") and POINTS.search(text, *span):
        kind = "scale"
    return Limit(q, kind, None, span, rule)


DRUGS = re.compile(r"\b(?:agents?|drugs?|medications?|medicines?|inhibitors?|antagonists?|agonists?|biologics?)$", re.I)
THERAPIES = re.compile(r"\b(?:therap(?:y|ies)|treatments?|regimens?|chemotherap(?:y|ies))\b", re.I)
HOW_MANY_TIMES = re.compile(r"(?:times|occasions)\b.*", re.I)
POINTS = re.compile(r"\b(?:points?|scores?)$", re.I)


METHODS = re.compile(
    r"\s(?:(?!(?:of|or|and)\b)[a-z-]+\s){0,3}"
    r"((?:methods?|forms?|types?|means) of (?:\w+ )?(?:contraception|birth control)|contraceptives?(?: methods?)?|"
    r"barrier methods)\b",
    re.I,
)


def _methods(text: str, q: Quantity) -> Limit | None:
    """ "Two forms of contraception": so many are asked for, though nothing says "at least"."""
    said = METHODS.match(text, q.end) if q.value == 2 and q.operator is None and not q.unit else None
    if said is None or re.search(r"\b(?:one or|the)\s*$", text[: q.start]):
        return None
    rebound(q, "=")
    return Limit(q, "count", "contraceptive_methods", said.span(1), "count-of-words")


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
        limits, times = link(
            text, data.get("quantities", ()), data.get("terms", ()), self.attributes, data.get("subject", ())
        )
        for limit in limits:
            if limit.kind == "count" and limit.attribute is None:
                limit.attribute = self.given(text, limit, data.get("terms", ()))
            add_period(text, limit.quantity, limit.kind, limit.span, self.attributes.get(limit.attribute or ""))
        limits += [level_limit(found, self.attributes) for found in data.get("levels", ())]
        data["loose"] = data.get("loose", []) + [
            Loose(q.start, q.end, "restated") for q in data.get("quantities", ()) if q.form == "restated"
        ]
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
        named = any(self.labels.get(t.id) == "treatment" for t in inside)
        if not named and not DRUGS.search(text, start, end):
            return None
        return "prior_regimens" if THERAPIES.search(text, start, end) else "drugs"


def level_limit(found: Levels, attributes: dict[str, Attribute]) -> Limit:
    """A statement on a scale as a limit."""
    q = Quantity(
        found.start, found.end, "in", stated=True, number_start=found.start, number_end=found.end, form="levels"
    )
    term = found.term
    alone = (found.start, found.end) == (term.start, term.end)  # the level itself names the scale
    if not term.id:
        return Limit(q, "scale", None, (term.start, term.end), "levels-of-unlisted-scale", levels=found.levels)
    rule = "levels-alone" if alone else "scale-then-levels" if term.end <= found.end else "levels-then-scale"
    return Limit(
        q, attributes[term.id].kind, term.id, None if alone else (term.start, term.end), rule, levels=found.levels
    )


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
