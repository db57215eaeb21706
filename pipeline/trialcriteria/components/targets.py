"""Targets: which mentions the limits narrow, with a dose, a count, a window, a duration or the value of a disease."""

import re
from collections.abc import Sequence
from typing import Any

from spacy.language import Language

from trialcriteria.components.counts import link_counts, link_sizes
from trialcriteria.components.limits import HARD_BREAK, Limit, of_lesions
from trialcriteria.components.mentions import Said, may_be_dose
from trialcriteria.components.rates import add_period
from trialcriteria.components.step import Step
from trialcriteria.components.terms import Term
from trialcriteria.components.windows.absences import turn_absences
from trialcriteria.components.windows.durations import name_durations
from trialcriteria.components.windows.events import link_windows

NO_DRUG = re.compile(
    r"(?:(?:a|the|total|daily|maximum|maximal|cumulative|lifetime|stable|fixed|initial|starting|low|high|average|mean)\s+)*"
    r"(?:dose|doses|dosage|dosages|dosing|equivalents?)",
    re.I,
)
DOSE_OF_A_CLASS = re.compile(
    r"[\s,]*(?:of\s+)?(?:oral\s+)?(?:methylpredniso|predniso|dexametha|hydrocortiso|cortiso|morphine)\w*", re.I
)

STEROID_EQUIVALENT = re.compile(
    r"\s*(?:of\s+)?(?:oral\s+)?(?:methylpredniso|predniso|dexametha|hydrocortiso|cortiso)\w*[\s-]+equivalents?\b", re.I
)
UP_TO_AGE = re.compile(r"[^.;:,()]{0,45}")


def link_doses(text: str, limits: Sequence[Limit], mentions: Sequence[Said], terms: Sequence[Term]) -> None:
    """An amount of a named treatment is its dose: "aspirin > 325 mg/day".

    Where only "dose" or the drug stands beside it that a class is counted in ("corticosteroids, > 10 mg/day of
    prednisone"), the treatment in front is meant.
    """
    for number, limit in enumerate(limits):
        if limit.span is None or not may_be_dose(limit):
            continue
        index = next((i for i, m in enumerate(mentions) if m.label == "treatment" and _touch(m, limit.span)), None)
        if STEROID_EQUIVALENT.match(text, limit.quantity.end):
            index = _steroid_in_front(text, limit, mentions, index)
        if index is None and (NO_DRUG.fullmatch(text, *limit.span) or DOSE_OF_A_CLASS.match(text, limit.quantity.end)):
            index = _treatment_in_front(text, limit, mentions)
            if (
                index is not None
                and mentions[index].concept not in MEASURED_IN_ITS_DRUGS
                and (own := _own_drug(limit, terms))
            ):
                limit.kind, limit.attribute, limit.events = (
                    "dose",
                    own,
                    [index],
                )  # "immunosuppression, > 10 mg of prednisone"
                mentions[index].narrowed.append(number)
                continue
        if index is None and limit.kind == "dose" and limit.attribute is None:
            index = _drug_behind(text, limit, mentions)
        if index is not None:
            mention = mentions[index]
            limit.kind, limit.attribute, limit.span, limit.events = "dose", mention.concept, mention.core, [index]
            add_period(text, limit.quantity, "dose", limit.span)
            mention.narrowed.append(number)
        elif limit.rule == "limit-then-words" and limit.kind == "dose":
            index = _of_its_class(text, limit, mentions, terms)
            if index is not None:
                limit.events = [index]
                mentions[index].narrowed.append(number)


MEASURED_IN_ITS_DRUGS = frozenset({"corticosteroid", "opioid", "inhaled_corticosteroid", "topical_steroid", None})


def _own_drug(limit: Limit, terms: Sequence[Term]) -> str | None:
    """What the drug is that the limit's own words name."""
    start, end = limit.span or (0, 0)
    return next((t.id for t in terms if t.group == "mention" and t.start < end and start < t.end), None)


def _steroid_in_front(text: str, limit: Limit, mentions: Sequence[Said], index: int | None) -> int | None:
    """ "Glucocorticoids or diuretics with more than 5 mg dexamethasone equivalent": the steroids are dosed."""
    start = limit.quantity.start
    front = [i for i, m in enumerate(mentions) if m.concept == "corticosteroid" and m.end <= start]
    return front[-1] if front and not HARD_BREAK.search(text, mentions[front[-1]].end, start) else index


TO_ITS_DRUG = re.compile(  # from an amount: "> 20 mg/day of prednisone", "≤ 20 mg daily oral methylprednisolone"
    r"\s*(?:(?:/|per|a|every|each)\s*(?:day|week)|daily|weekly)?\s*(?:of\s+|oral\s+|systemic\s+|intravenous\s+|the\s+)*",
    re.I,
)

BRACKET = re.compile(r"\s*[(（]\s*")


def _drug_behind(text: str, limit: Limit, mentions: Sequence[Said]) -> int | None:
    """The drug right behind an amount that nothing in front names: "administration of > 20 mg/day of prednisone"."""
    end = limit.quantity.end
    start, number = limit.quantity.start, limit.quantity.number_start
    inside = [i for i, m in enumerate(mentions) if start < m.start and m.end <= number and m.label == "treatment"]
    if inside:
        return inside[-1]  # "not exceeding a total daily dose of morphine 60 mg/day"
    if limit.span and BRACKET.fullmatch(text, limit.span[1], limit.quantity.start):
        return None  # "hormones (> 10 mg/day prednisone)"
    behind = (i for i, m in enumerate(mentions) if m.start >= end and m.label == "treatment")
    return next((i for i in behind if TO_ITS_DRUG.fullmatch(text, end, mentions[i].start)), None)


def _of_its_class(text: str, limit: Limit, mentions: Sequence[Said], terms: Sequence[Term]) -> int | None:
    """The treatment in front of which a drug behind the amount is one: "anthracyclines > 300 mg/m² of doxorubicin"."""
    named = [
        t.id for t in terms if t.group == "mention" and limit.span and t.start < limit.span[1] and limit.span[0] < t.end
    ]
    if not named:
        return None
    limit.attribute = named[0]
    return _treatment_in_front(text, limit, mentions)


def _touch(mention: Said, span: tuple[int, int]) -> bool:
    return mention.start < span[1] and span[0] < mention.end


def _treatment_in_front(text: str, limit: Limit, mentions: Sequence[Said]) -> int | None:
    start = limit.quantity.start
    before = [i for i, mention in enumerate(mentions) if mention.end <= start]
    if not before or mentions[before[-1]].label != "treatment":
        return None
    end = mentions[before[-1]].end
    return before[-1] if start - end < 60 and not HARD_BREAK.search(text, end, start) else None


def link_treatments(limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """How much of a treatment is given narrows it: "oxygen therapy > 4 L/min"."""
    for number, limit in enumerate(limits):
        if limit.is_time or limit.events or limit.span is None or limit.kind == "count":
            continue
        if limit.attribute not in (None, "bone_marrow_irradiated"):
            continue
        own = next((i for i, m in enumerate(mentions) if m.core == limit.span), None)
        if own is not None and mentions[own].label in ("treatment", "procedure"):
            limit.events = [own]
            mentions[own].narrowed.append(number)


def link_diseases(limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """A limit that is told of a disease narrows it: "hyperkalaemia > 5.5 mmol/L" is a hyperkalaemia of that height."""
    for number, limit in enumerate(limits):
        if limit.kind not in ("lab", "vital", "lesion", "other") or limit.events or limit.span is None:
            continue
        own = next((i for i, said in enumerate(mentions) if _is_told_of(limit, limit.span, said.core)), None)
        if own is not None and mentions[own].label == "condition":
            limit.events = [own]
            mentions[own].narrowed.append(number)
            if limit.kind == "lesion" and limit.attribute is None and limit.quantity.unit:
                limit.attribute = of_lesions(limit.quantity.unit)


def _is_told_of(limit: Limit, span: tuple[int, int], core: tuple[int, int]) -> bool:
    """Whether a measure's words begin with a disease ("hyperkalaemia (potassium"), or end one ("ovarian cyst")."""
    if limit.kind == "lesion":
        return core[0] <= span[0] and core[1] == span[1]
    return core[0] == span[0] and core[1] <= span[1]


def link_ages(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """The age at which something happened narrows that: "sudden death under 40 years of age"."""
    for number, limit in enumerate(limits):
        if limit.kind != "age" or limit.events or not (limit.attribute or "").startswith("age_at_"):
            continue
        before = [i for i, mention in enumerate(mentions) if mention.end <= limit.first]
        if before and UP_TO_AGE.fullmatch(text, mentions[before[-1]].end, limit.first):
            limit.events = [before[-1]]
            mentions[before[-1]].narrowed.append(number)


class Targets(Step):
    """Links the limits in `doc.user_data["limits"]` to the mentions."""

    def read(self, text: str, data: dict[str, Any]) -> None:
        """Which mentions the limits narrow."""
        limits, mentions = data.get("limits", ()), data.get("mentions", ())
        if not limits:
            return
        link_doses(text, limits, mentions, data.get("terms", ()))
        link_counts(text, limits, mentions)
        link_sizes(text, limits)
        link_windows(text, limits, mentions)
        link_diseases(limits, mentions)
        link_ages(text, limits, mentions)
        link_treatments(limits, mentions)
        turn_absences(text, limits, mentions, data.get("terms", ()))
        name_durations(text, limits, mentions)


@Language.factory("trialcriteria_targets", assigns=["doc.user_data"], requires=["doc.user_data"])
def make_targets(nlp: Language, name: str) -> Targets:
    """Component `trialcriteria_targets`."""
    return Targets()
