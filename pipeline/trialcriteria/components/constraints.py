"""Limits: what a criterion bounds, from its quantities and levels."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from spacy.language import Language

from trialcriteria.components.amounts import rebound
from trialcriteria.components.joining import link
from trialcriteria.components.limits import Limit, level_limit
from trialcriteria.components.names import Loose
from trialcriteria.components.protocols import at_rest, how_measured, says_again, set_aside
from trialcriteria.components.rates import add_period, share_period
from trialcriteria.components.step import Step
from trialcriteria.components.terms import Term
from trialcriteria.components.unlisted import CLASSES_OF, DRUGS, LESIONS, LINES, THERAPIES
from trialcriteria.lexicon import Attribute, load
from trialcriteria.records import Reason


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
        limits, times = link(
            text, quantities, data.get("terms", ()), self.attributes, data.get("subject", ()), self.labels
        )
        for limit in limits:
            add_period(text, limit.quantity, limit.kind, limit.span, self.attributes.get(limit.attribute or ""))
            _open_towards(text, limit)
            if limit.kind == "count" and limit.attribute is None:
                limit.attribute = self.given(text, limit, data.get("terms", ()))
                limit.kind = "lesion" if limit.attribute == "lesion_count" else "count"
        for last, limit in pairwise(limits):
            share_period(last, limit)
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
        """What is counted of a known kind: "at least two NSAIDs" are drugs, "prior therapies" regimens.

        A treatment that is not the noun itself is not counted: "two servings of fish", "one placebo-controlled trial".
        """
        if limit.span is None:
            return None
        start, end = limit.span
        inside = [t for t in terms if start < t.end and t.start < end]
        if any(t.id == "contraception" for t in inside):
            return "contraceptive_methods"
        if LINES.match(text, start, end):
            return "prior_lines"
        if limit.rule == "limit-then-words" and any(self.labels.get(t.id) == "condition" for t in inside):
            return "episodes"  # "frequent (> 2/year) urinary tract infections"
        if "lesion_count" in self.attributes and LESIONS.search(text, start, end):
            return "lesion_count"
        named = [t for t in inside if self.labels.get(t.id) == "treatment"]
        if named and THERAPIES.search(text, start, end):
            return "prior_regimens"
        whole = CLASSES_OF.search(text, start, end) or not OF.search(text, start, end)
        drugs = any(t.end >= end for t in named) and whole
        if drugs and TIMES.match(text, limit.quantity.end):
            return None  # "steroids more than 3 times in the past year"
        if drugs and limit.quantity.unit:
            return "doses" if limit.rule == "words-then-limit" else None  # "misoprostol > twice a month"
        return "drugs" if drugs or DRUGS.search(text, start, end) else None


TIMES = re.compile(r"\s*(?:or\s+more\s+)?times\b", re.I)
OR_MORE = re.compile(r"\s+or\s+(?:(?P<more>more|greater)|less|fewer)\b", re.I)


def _open_towards(text: str, limit: Limit) -> None:
    """ "One measurable lesion or more": what is counted stands between the number and how it compares."""
    q = limit.quantity
    bare = q.operator in ("=", None) and q.start == q.number_start and limit.kind in ("count", "lesion")
    said = OR_MORE.match(text, limit.span[1]) if bare and limit.span and limit.span[0] >= q.end else None
    if said:
        rebound(q, ">=" if said["more"] else "<=")


def _leave_out_what_is_said_again(text: str, limits: list[Limit]) -> list[Loose]:
    """ "ECOG 0-1 (Karnofsky ≥ 70 %)": the digits of a class in brackets that is the one in front in another scale.

    So are those of a limit in brackets that is the one in front: "PD-L1 expression ≥ 1 % (TPS ≥ 1 %)".
    """
    scales = sorted((x for x in limits if x.kind == "scale"), key=lambda x: x.quantity.start)
    again = [
        b
        for a, b in pairwise(scales)
        if says_again(text, (a.attribute, _end(a)), b.attribute, _begin(b, _end(a)), b.quantity.end)
    ]
    limits.sort(key=lambda x: x.quantity.start)
    again += [b for a, b in pairwise(limits) if b.kind != "scale" and _is_same_in_brackets(text, a, b)]
    for limit in again:
        place = limits.index(limit)
        if any(place in other.narrows for other in limits):
            continue
        del limits[place]
        for other in limits:
            other.narrows = [k - (k > place) for k in other.narrows]
    return [Loose(limit.first, limit.quantity.end, "restated") for limit in again if limit not in limits]


OF = re.compile(r"\sof\s", re.I)
IN_BRACKETS = re.compile(r"[^();.,]{0,25}\(\s*(?:i\.?e\.?,?\s*)?")


def _is_same_in_brackets(text: str, a: Limit, b: Limit) -> bool:
    one, other = a.quantity, b.quantity
    return (
        a.attribute is not None
        and a.attribute == b.attribute
        and (one.operator, one.low, one.high, one.unit, one.reference)
        == (other.operator, other.low, other.high, other.unit, other.reference)
        and IN_BRACKETS.fullmatch(text, _end(a), _begin(b, _end(a))) is not None
        and text[_end(b) :].lstrip().startswith(")")
    )


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
