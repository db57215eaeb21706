"""Joining: which measure each quantity is on.

A quantity takes the measures in front of it (all of a list that shares it), else the one behind it ("≥ 2 hepatic
veins"), else those of the limit before ("≤ 2.5 x ULN, or ≤ 5 x ULN if …"), else those of the parent bullet, else the
nearest noun phrase. Units and references decide what fits.
"""

import re
from collections.abc import Mapping, Sequence

from trialcriteria.components.ages import compare_with_age, compare_with_birthday, of_a_case, of_age, of_gestation
from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.elided import (
    from_here_on,
    led_by_extreme,
    led_by_sign,
    or_better,
    share_reference,
    take_comparator,
    take_dose_comparator,
    take_reference,
    take_unit,
)
from trialcriteria.components.further import (
    continues,
    goes_on_unnamed,
    is_same_again,
    narrow_by_readings,
    restates,
    size_again,
    size_under_count,
    unlisted_again,
)
from trialcriteria.components.kinds import named_by
from trialcriteria.components.limits import HARD_BREAK, Hit, Limit, by_unit, fits, fits_by_id, limit_of
from trialcriteria.components.measure_variants import OF_FVC, of_another_symptom, variant
from trialcriteria.components.measured_changes import limit_on_a_change, name_of_change
from trialcriteria.components.named_only import MEASURED_OUT, is_of_a_drink, is_only_named, says_what_is_equal
from trialcriteria.components.named_together import as_named
from trialcriteria.components.nearest import (
    PRESSURES,
    around_its_unit,
    at_another_site,
    behind_it,
    counted_noun,
    hits_of,
    in_front_of_it,
    in_its_rate,
    inside_it,
    is_few_of_a_noun,
    of_urine,
    on_zero_to_ten,
    sister_of,
    touching_it,
)
from trialcriteria.components.normals import called_so
from trialcriteria.components.other_groups import of_another_group
from trialcriteria.components.parts_of_scales import part_of_a_scale
from trialcriteria.components.protocols import normally
from trialcriteria.components.scores_by_age import scores_by_age
from trialcriteria.components.subjects import clause_start
from trialcriteria.components.telling import Sought
from trialcriteria.components.terms import Term
from trialcriteria.components.unlisted import dose_of_a_drug, is_of_a_method, unlisted_limit
from trialcriteria.lexicon import Attribute
from trialcriteria.units import is_time

HALF_LIFE = re.compile(r"\b(half[-\s]li(?:fe|ves))\s*(?:of|is|being)?[\s(]*$", re.I)  # "drugs with a half-life > 24 h"
APART = Sought("apart", r"\s*(?:or\s+more\s+)?apart\b", re.I)
OF_PEOPLE_AGED = re.compile(  # "for patients older than 60, > 50 mL/min"
    r"\b(?:for|in)\s+(?:the\s+)?(?:patients|subjects|participants|those|children|adults|men|women)?\s*(?:who\s+are\s+)?(?:aged?\s+)?$",
    re.I,
)
Found = tuple[list[Hit], str]  # the measures of a quantity, and the rule that found them
GIVE_OR_TAKE = re.compile(r"(?:±|\+\s?/\s?[-–−]|\+-)\s*$")  # "HbA1c ± 0.2 %" limits no HbA1c
STABLE = re.compile(r"\bstab(?:le|ility)\b[^;.]*$", re.I)
FOR = re.compile(r"\b(?:for|in|if)\s+(?:aged?\s+)?$", re.I)
WHICH = re.compile(r"\s[A-Z0-9]{1,3}\b(?:(?:\s*[/,&]\s*|\s(?:and|or)\s)[A-Z0-9]{1,2}\b)*")
OF_THE_FERTILE = re.compile(r"(?:bearing|reproductive|fertile)\s$", re.I)  # "of childbearing age": not bounded


def link(
    text: str,
    quantities: Sequence[Quantity],
    terms: Sequence[Term],
    attributes: dict[str, Attribute],
    subject: Sequence[Hit] = (),
    labels: Mapping[str, str] | None = None,
) -> tuple[list[Limit], list[Quantity]]:
    """(limits, times that no attribute took: windows and durations); `labels`: those of the entries of mentions."""
    if not quantities:
        return [], []
    joining = Joining(text, terms, attributes, subject)
    joining.drugs = [t for t in terms if t.group == "mention" and (labels or {}).get(t.id) == "treatment"]
    for q in quantities:
        joining.take(q)
    share_reference(text, joining.limits)
    return _respectively(text, joining.limits), joining.times


RESPECTIVELY = Sought("respectively", r"\brespectively\b", re.I)
CLOSE_BEHIND = 30


def _respectively(text: str, limits: list[Limit]) -> list[Limit]:
    """ "SBP or DBP > 180 or > 95 mmHg, respectively": of two amounts that a list shares each is of its own measure."""
    for said in RESPECTIVELY.finditer(text):
        amounts: list[list[Limit]] = []  # the limits of each amount in front, in text order
        for limit in limits:
            if limit.rule != "limit-shared-by-list" or limit.quantity.end > said.start():
                continue
            if amounts and amounts[-1][0].quantity is limit.quantity:
                amounts[-1].append(limit)
            else:
                amounts.append([limit])
        asked = amounts[-1] if amounts else []
        amounts = amounts[-len(asked) :]
        measures = [limit.attribute for limit in asked]
        near = bool(asked) and said.start() - asked[0].quantity.end < CLOSE_BEHIND
        if (
            not near
            or not 1 < len(asked) == len(amounts)
            or any([x.attribute for x in shared] != measures for shared in amounts)
        ):
            continue
        last = asked[0].quantity
        kept = [shared[i] for i, shared in enumerate(amounts)]
        for limit in kept:
            if not (limit.quantity.unit or limit.quantity.reference):
                limit.quantity.unit, limit.quantity.reference = last.unit, last.reference  # "> 3 and 5 x ULN"
        gone = [id(limit) for shared in amounts for limit in shared if not any(limit is own for own in kept)]
        limits = [limit for limit in limits if id(limit) not in gone]
    return limits


SAYS_NOTHING = re.compile(r"(?:\bor|,|\bbeen|\bmeasur(?:es?|ed|ing))\s*\(?\s*$", re.I)
ENDS_THERE = re.compile(r"\s*(?:[,;.()]|$|(?:by|in|on|for|if|with|or|and|at|cumulative|total)\b)", re.I)
ANOTHER_SENTENCE = re.compile(r"[;:]|[.](?=\s+[A-Z])")
MOST_APART = 120


class Joining:
    """The quantities of a criterion taken one after another, each beside what those before it have taken."""

    def __init__(
        self, text: str, terms: Sequence[Term], attributes: dict[str, Attribute], subject: Sequence[Hit]
    ) -> None:
        self.text = text
        self.bare = _without_conditions(text, terms)
        self.attributes = attributes
        self.subject = subject
        self.measures = [
            t._replace(id=attributes[t.id].sister or t.id) if attributes[t.id].levels else t
            for t in terms
            if t.group == "measure"
            and not (t.id == "age" and OF_THE_FERTILE.search(text, max(0, t.start - 14), t.start))
            and (not attributes[t.id].levels or attributes[t.id].sister)
            and not is_only_named(text, t)
            and attributes[t.id].may_stand_in(text)
        ]
        self.drugs: list[Term] = []
        self.limits: list[Limit] = []
        self.times: list[Quantity] = []
        self.before: Quantity | None = None
        self.done = 0  # where the last quantity, or its measure behind it, ends
        self.taken = (
            0  # the same of the last limit: a measure may stand in front of a window, or of what counts something else
        )
        self.chain: list[Term] = []  # the measures of the last limit
        self.by_age: list[Term] = []  # the measures of the last limit that was on no age: "creatinine by age: …"
        self.ages: list[Term] = []  # the words of the last age
        self.used: set[int] = set()  # where the measures start that have a limit

    def take(self, q: Quantity) -> None:
        """Make limits of a quantity, set it aside as a time, or leave it."""
        if q.form == "restated" or (
            self.before is not None and restates(self.text, q, self.before, self.limits, self.attributes, self.chain)
        ):
            q.form = "restated"
            self.done = max(self.done, q.end)
            return
        if self.limits:
            take_reference(self.text, q, self.limits[-1].quantity)
        if normally(self.text, q) == "outside":
            q.operator, q.low_inclusive, q.high_inclusive = "outside", False, False
        self.before = q
        if q.word and HOW_OFTEN.fullmatch(self.text, q.number_start, q.number_end) and not (q.unit or q.reference):
            self._limit_without_measure(q)  # "vomiting more than once in 24 hours"
            self.done = max(self.done, q.end)
            return
        take_unit(self.text, q, self.limits)
        by_age = scores_by_age(self.text, q.start, self.measures) if q.stated and not is_time(q.unit or "") else []
        found, rule = self._measured(q)
        if by_age:
            found, rule = hits_of([term for term, _ in by_age]), "limit-shared-by-list"
        part = part_of_a_scale(self.text, q.start, found, self.attributes)
        if part and self.limits and part[0] < self.limits[-1].quantity.start < part[1]:
            found = []  # "Mayo score of 6 to 12 with an endoscopic subscore ≥ 2"
        elif part:
            self.limits.append(Limit(q, "scale", None, part, "part-of-scale"))
            self.chain, self.taken = [], max(q.end, part[1])
            self.done = max(self.done, self.taken)
            return
        if q.operator in (None, "between") and GIVE_OR_TAKE.search(self.text, 0, q.start):
            found, rule = self._give_or_take(q, found), rule or "measure-then-limit"
        if q.operator in (None, "=") and says_what_is_equal(self.text, q):
            found = [] if found and found[0][0] in MEASURED_OUT else found
            if not found and is_of_a_drink(self.text, q):
                q.form = "definition"
                return
        compare_with_birthday(self.text, q)
        take_comparator(self.text, q, found, self.limits)
        take_dose_comparator(self.text, q, self.limits)
        led_by_extreme(self.text, q, found)
        or_better(self.text, q, found, self.attributes)
        led_by_sign(self.text, q, found)
        from_here_on(self.text, q, found)
        if q.operator is None and q.unit == "{score}" and self.text[q.number_start].isalpha():
            rebound(q, "=")  # "Child-Pugh B7"
        found = as_named(self.text, found)
        known = len(self.limits)
        if found:
            self._limit(q, found, rule)
        else:
            self._limit_without_measure(q)
        for limit, (_, words) in zip(self.limits[known:], by_age, strict=False):
            limit.condition = words
        if self.times[-1:] == [q] and APART.match(self.text, q.end):
            return  # "prolactin, twice at least a week apart, > 30 ng/mL": the measure in front is still to be had
        behind = (span[1] for id, span in found if span and rule == "limit-then-measure" and id != "readings")
        self.done = max(self.done, q.end, *behind)
        if len(self.limits) > known:
            self.taken = self.done

    def _measured(self, q: Quantity) -> Found:
        """The measures of a quantity, from the closest place to the farthest."""
        text, measures, attributes = self.text, self.measures, self.attributes
        if q.unit == "{half_life}":
            return [], ""  # "5 drug half-lives" are no drugs
        is_amount = q.reference is not None or (q.unit is not None and (not is_time(q.unit) or q.unit == "ms"))
        floor = self.taken if is_amount else self.done
        fresh = [
            t._replace(id=sister_of(q, t.id, attributes))
            for t in measures
            if floor <= t.start and t.end <= q.start + 1 and t.start not in self.used
        ]
        if not fresh and self._is_for_another_group(q):
            return hits_of(self.chain), "further-limit"
        found, rule = self._close_by(q, fresh)
        if len(found) == 1 and found[0][0] == "lesion_count" and q.unit:  # "tumor within 12 cm of the anal verge"
            behind = behind_it(text, q, measures, attributes)
            behind = [h for h in behind if attributes[h[0]].kind == "lesion" and h[0] != "lesion_count"]
            found = [h for h in behind if not _is_another_ones(text, q, h)] or found
        if q.form in ("around", "turned"):
            inside = inside_it(q, measures, attributes)
            if inside or q.form == "around":
                found, rule = inside or found, "limit-around-measure" if inside else rule
        if found:
            return found, rule
        if self._of_an_age_said(q):
            return [("age", None)], "age-by-words"
        if found := of_a_case(text, q):
            return found, "age-of-a-case"
        if found := of_age(text, q, measures, self.done) or of_gestation(text, q):
            return found, "age-by-words"
        if found := on_zero_to_ten(text, q, attributes):
            return found, "measure-then-limit"
        if found := at_another_site(text, q, self.chain, self.done):
            return found, "further-limit"
        if found := of_urine(text, q, self.chain, attributes, self.done):
            return found, "further-limit"
        if found := behind_it(text, q, measures, attributes):
            return found, "limit-then-measure"
        if self._goes_on(q):
            return hits_of(self.chain), "further-limit"
        if self._of_this_age(q):
            return hits_of(self.by_age), "limit-by-age"
        if self._next_age(q):
            return hits_of(self.ages), "further-limit"
        return self._only_in_its_unit(q, fresh), "limit-then-measure"

    def _give_or_take(self, q: Quantity, found: Sequence[Hit]) -> list[Hit]:
        """What "± 5 %" behind measures is on: their change, which it bounds where they are called stable."""
        near = [t for t in self.measures if self.done <= t.start and t.end <= q.start <= t.end + 40]
        measures = found or (hits_of(near[-1:]) if q.unit and not is_time(q.unit) else [])
        changes = [(id if id.endswith("_change") else f"{id}_change", span) for id, span in measures]
        changes = [hit for hit in changes if hit[0] in self.attributes]
        if changes and q.operator is None and STABLE.search(self.text, max(0, q.start - 60), q.start):
            rebound(q, "<=")
        return changes

    def _close_by(self, q: Quantity, fresh: list[Term]) -> Found:
        text, measures, attributes = self.text, self.measures, self.attributes
        if found := around_its_unit(text, q, measures, attributes):
            return found, "limit-in-measure"
        if q.form == "normal" and (found := hits_of(called_so(text, q, measures))):
            return found, "limit-then-measure"
        if found := touching_it(text, q, measures, attributes) or counted_noun(text, q, measures, attributes):
            return found, "limit-then-measure"
        if found := in_front_of_it(text, q, fresh, attributes):
            return found, "measure-then-limit"
        return in_its_rate(q, measures, attributes), "limit-in-measure"

    def _of_an_age_said(self, q: Quantity) -> bool:
        """ "Lansky ≥ 50 for patients ≤ 16 years; Karnofsky ≥ 50 for > 16": a bare number that was an age before."""
        if q.unit or q.reference or not q.stated or not FOR.search(self.text, max(0, q.start - 12), q.start):
            return False
        return any(limit.attribute == "age" and limit.quantity.value == q.value for limit in self.limits)

    def _is_for_another_group(self, q: Quantity) -> bool:
        """Whether a quantity is on the measures of the limit before, for whom that one is not."""
        last = self.limits[-1].quantity if self.limits and self.chain else None
        if last is None or not (q.unit or not (last.unit or last.reference)):
            return False
        return of_another_group(self.text, q, last) and all(fits_by_id(q, t.id, self.attributes) for t in self.chain)

    def _goes_on(self, q: Quantity) -> bool:
        """Whether a quantity is on the measures of the limit before."""
        if not self.chain or self._of_this_age(q):
            return False
        small = q.unit is None and q.value is not None and q.value < LEAST_OF_AGES
        if small and any(t.id == "age" for t in self.chain) and self.text[q.start - 1 : q.start] == "(":
            return False  # "adults > 60 with poor-risk features such as complex (≥ 3) cytogenetics"
        if continues(self.bare, q, self.chain, self.attributes, self.done) or self._is_for_another_group(q):
            return True
        return bool(self.limits) and is_same_again(self.text, q, self.limits[-1].quantity, self.chain, self.attributes)

    def _goes_on_unnamed(self, q: Quantity) -> bool:
        """Whether a quantity that no words name is on the measures before it, no other standing between."""
        between = [t for t in self.measures if self.done <= t.start and t.end <= q.start]
        if not self.limits or any(fits_by_id(q, t.id, self.attributes) for t in between):
            return False
        return goes_on_unnamed(self.text, q, self.limits[-1].quantity, self.chain, self.attributes, self.done)

    def _next_age(self, q: Quantity) -> bool:
        """Whether a time is the next age of a list that says a bound for each."""
        by_age = self.ages and self.limits and self.limits[-1].rule == "limit-by-age"
        return bool(
            by_age and q.unit in ("a", "mo") and self.text[self.done : q.start].strip() in (",", ";", "and", "or")
        )

    def _told_by_age(self, q: Quantity) -> list[Term]:
        """The measure right in front of an age, which no limit has taken yet: "creatinine by age: 1 to < 2 years …"."""
        near = (t for t in self.measures if q.start - 40 <= t.start and t.end <= q.start and t.start not in self.used)
        return [t for t in near if t.id != "age" and not HARD_BREAK.search(self.text, t.end, q.start)][-1:]

    def _of_this_age(self, q: Quantity) -> bool:
        """Whether a bound stands right behind an age that it is for: "creatinine: 1 to < 2 years ≤ 0.6, 2 to …"."""
        if not (self.by_age and q.stated and self.limits[-1].attribute == "age"):
            return False
        gap = self.text[self.done : q.start]
        return not gap.strip(" :=,") and all(fits_by_id(q, t.id, self.attributes) for t in self.by_age)

    def _only_in_its_unit(self, q: Quantity, fresh: Sequence[Term]) -> list[Hit]:
        """ "QTc obtained from a 12-lead ECG is > 480 ms": nothing else is told in ms."""
        if q.unit != "ms":
            return []
        start = clause_start(self.text, q.start)
        return hits_of([t for t in fresh if t.start >= start and fits(q, self.attributes[t.id])][-1:])

    def _limit(self, q: Quantity, found: Sequence[Hit], rule: str) -> None:
        """The limits of a quantity on the measures found."""
        meant = [(variant(self.text, q, by_unit(q, id), span, self.attributes), span) for id, span in found]
        if q.operator is None and any(new.startswith("age_at_") for new, _ in meant):
            compare_with_age(self.text, q)
        self.chain = [
            Term(*span, "measure", new if new == "fev1_increase" else id)
            for (id, span), (new, _) in zip(found, meant, strict=True)
            if span is not None
        ]
        self.used.update(t.start for t in self.chain if t.id != "readings")  # what was read may have a limit itself
        first = len(self.limits)
        one = len(found) == 1 or rule == "limit-by-age"
        for id, span in dict(meant).items():  # "reversibility (FEV1 > 12 %)" is one
            changed = limit_on_a_change(self.text, q, id, span, self.attributes[id])
            if of_another := of_another_symptom(self.text, q, id, span):
                changed = Limit(q, self.attributes[id].kind, None, of_another, "variant-of-measure")
            shared = rule if one else "limit-shared-by-list"
            self.limits += [changed] if changed else _limits(q, id, span, shared, self.attributes)
        if any(limit.attribute == "fev1_fvc" for limit in self.limits[first:]) and (
            whole := OF_FVC.match(self.text, q.end)
        ):
            q.end = whole.end()  # "FEV1 < 70 % of FVC": the FVC is not limited
        narrow_by_readings(self.text, self.limits, first)
        if rule == "limit-by-age":
            age = self.limits[first - 1].quantity
            led = OF_PEOPLE_AGED.search(self.text, max(0, age.start - 40), age.start)
            for limit in self.limits[first:]:
                limit.condition = (led.start() if led else age.start), age.end
        if any(id == "age" for id, _ in found):
            self.ages = self.chain
            self.by_age = self.by_age or self._told_by_age(q)
        else:
            self.by_age = self.chain

    def _measured_again(self, q: Quantity) -> Limit | None:
        """ "ST elevation ≥ 2 mm in leads V1-V4, or ≥ 1 mm in limb leads": the same unit, and no words of its own."""
        if not q.stated or q.unit in (None, "1") or is_time(q.unit or ""):
            return None
        if not (SAYS_NOTHING.search(self.text, max(0, q.start - 20), q.start) and ENDS_THERE.match(self.text, q.end)):
            return None
        for last in reversed(self.limits):
            start = last.quantity.end
            if q.start - start > MOST_APART or ANOTHER_SENTENCE.search(self.text, start, q.start):
                return None
            if last.is_time or last.quantity.unit != q.unit:
                continue
            p = last.quantity
            if p.operator != "between" and (p.is_minimum, p.is_maximum) != (q.is_minimum, q.is_maximum):
                return None
            if last.attribute in self.attributes:
                return limit_of(q, last.attribute or "", None, "further-limit", self.attributes)
            own = last.span if last.rule == "words-then-limit" else None
            return Limit(q, last.kind, None, own, last.rule) if own else None
        return None

    def _limit_without_measure(self, q: Quantity) -> None:
        """What is known of a quantity beside which no measure of the lexicon stands."""
        if (
            q.stated
            and q.unit
            and is_time(q.unit)
            and (said := HALF_LIFE.search(self.text, max(0, q.start - 30), q.start))
        ):
            self.limits.append(Limit(q, "other", None, said.span(1), "words-then-limit"))
            return
        opens = not self.text[: q.start].strip(" (:-–•*")
        if opens and self._heads_a_row(q):
            self.limits.append(limit_of(q, "age", None, "age-of-a-case", self.attributes))
            return
        last = self.limits[-1] if self.limits else None
        again = last and last.inherited and of_another_group(self.text, q, last.quantity)
        if again and last and q.unit == last.quantity.unit and (fitting := self._of_parent(q)):
            if q.operator is None and last.quantity.operator in ("<", "<=", ">", ">="):
                rebound(q, last.quantity.operator)  # "no greater than 1.5 mg/dL (male) or 1.4 mg/dL (female)"
            self.limits += _from_parent(q, fitting, self.attributes)
            return
        if self.limits and self.limits[0].rule == "age-of-a-case" and (fitting := self._of_parent(q)):
            case = self.limits[0].quantity
            self.limits += _from_parent(q, fitting, self.attributes)
            for limit in self.limits[-len(fitting) :]:
                limit.condition = None if OF_A_SEX.match(self.text, q.end) else (case.start, case.end)
            return
        if opens and (fitting := self._of_parent(q)):
            self.limits += _from_parent(q, fitting, self.attributes)
        elif size := self._size(q):
            self.limits.append(size)
        elif q.unit in ("wk", "mo") and ALONE.fullmatch(self.text) and "life_expectancy" in self.attributes:
            self.limits.append(limit_of(q, "life_expectancy", None, "time-alone", self.attributes))
        elif (q.unit and is_time(q.unit) and q.unit != "ms") or q.unit == "{half_life}":
            if q.unit == "d" and DAYS_OF.match(self.text, q.end):
                q.unit = q.unit_text = None  # "on 5 or more days out of the 7 days before"
                if "more" in self.text[q.number_end : q.end]:
                    rebound(q, ">=")
                self.limits.append(Limit(q, "count", None, (q.end - 4, q.end), "days-in-a-period"))
                return
            self.times.append(q)
        elif q.stated and self.subject and clause_start(self.text, q.start) == 0 and (fitting := self._of_parent(q)):
            self.limits += _from_parent(q, fitting, self.attributes)
        elif is_of_a_method(self.text, q):
            q.form = "definition"
        elif same := self._measured_again(q):
            self.limits.append(same)
        elif unlisted := self._unlisted(q):
            self.limits.append(unlisted)
            named = unlisted.span if unlisted.rule == "unit-names-measure" else None
            self.chain = [Term(*named, "measure", unlisted.attribute)] if named and unlisted.attribute else []
        elif self._goes_on_unnamed(q):
            self._limit(q, hits_of(self.chain), "further-limit")
        elif dose := dose_of_a_drug(self.text, q, self.drugs):
            self.limits.append(dose)
            self.chain = []
        elif q.stated and q.unit in ("kg", "[lb_av]") and "weight" in self.attributes:  # "≥ 4 years old and ≥ 10 kg"
            self.limits.append(limit_of(q, "weight", None, "unit-names-measure", self.attributes))
        elif (
            q.pair is not None and q.stated and PRESSURE.search(self.text)
        ):  # "hypertension that is not … above 145/95"
            self.limits += _limits(q, "bp", None, "pressure-pair", self.attributes)

    def _heads_a_row(self, q: Quantity) -> bool:
        """ "2 to < 6 years: 0.8 (male), 0.7 (female)": an age, behind which values of the line above are said."""
        of_age = self.subject and q.unit in ("a", "mo") and "age" in self.attributes
        return bool(of_age and VALUE_OF_AN_AGE.match(self.text, q.end))

    def _of_parent(self, q: Quantity) -> list[Hit]:
        """The measures of the parent bullet that a quantity may be on."""
        fitting = [
            hit
            for hit in self.subject
            if fits_by_id(q, hit[0], self.attributes) and (q.stated or not self.attributes[hit[0]].stated)
        ]
        if fitting and fitting[0][0] != "lesion_count" and is_few_of_a_noun(self.text, q):
            return []
        return fitting

    def _size(self, q: Quantity) -> Limit | None:
        """The size of the lesions that the limit before counts or measures."""
        if not self.limits:
            return None
        return size_under_count(self.text, q, self.limits) or size_again(self.bare, q, self.limits)

    def _unlisted(self, q: Quantity) -> Limit | None:
        """A limit on what the lexicon does not list, or what its unit alone names."""
        limit = (
            self._if_present(q)
            or unlisted_again(self.text, q, self.limits, self.done)
            or unlisted_limit(self.text, q, self.done)
        )
        id = named_by(q, self.text, self.text[slice(*limit.span)] if limit.span else "") if limit else None
        if limit is None or id not in self.attributes:
            return self._of_its_kind(limit)
        span = None if id == "bilirubin" else limit.span  # for whom it holds
        return limit_of(q, id, span, "unit-names-measure", self.attributes)

    def _if_present(self, q: Quantity) -> Limit | None:
        """ "Platelets > 50 x 10^9/L; if hypersplenism is present > 30 x 10^9/L": the measure is said once."""
        last = self.limits[-1] if self.limits else None
        if last is None or last.attribute is None or last.is_time or not (q.stated and q.unit == last.quantity.unit):
            return None
        if IF_PRESENT.fullmatch(self.text, last.quantity.end, q.start) is None:
            return None
        return Limit(q, last.kind, last.attribute, last.span, "further-limit")

    def _of_its_kind(self, limit: Limit | None) -> Limit | None:
        """A share is of the kind of the measure in its words, or is its change: "30 % decrease in creatinine"."""
        if limit is None or limit.span is None or limit.quantity.unit != "%":
            return limit
        inside = [t.id for t in self.measures if limit.span[0] <= t.start and t.end <= limit.span[1]]
        changes = {name_of_change(id, self.text[slice(*limit.span)], self.attributes) for id in inside} - {None}
        if len(changes) == 1:
            limit.attribute = changes.pop()
        kinds = [self.attributes[id].kind for id in [limit.attribute, *inside] if id]
        if limit.attribute or limit.kind == "other":
            limit.kind = next((kind for kind in kinds if kind in ("lab", "vital", "scale")), limit.kind)
        return limit


OF_A_SEX = re.compile(r"\s*\(\s*(?:fe)?males?\b", re.I)  # which the bracket says is closer than the age
VALUE_OF_AN_AGE = re.compile(
    r"\s*(?:of age|old)?\s*[:=-]\s*(?:(?:fe)?males?\s*:?\s*)?[<>≤≥=]*\s*\d+(?:\.\d+)?(?!\s*(?:-|to\b))", re.I
)
DAYS_OF = re.compile(
    r"\s+(?:(?:out\s+)?of|during|in|within|over)\s+(?:(?:the|any)\s+)?(?:(?:last|past|previous|preceding|prior)\s+)?\d+\s+"
    r"(?:consecutive\s+)?(?:days|nights)\b",
    re.I,
)
ALONE = re.compile(  # an item that is a bare time, its label lost, says how long patients are expected to live
    r"\W*(?:(?:more|greater|less) than|at least|over|minimum of|[<>≤≥]=?)\s*\d+\s*(?:weeks?|months?)\W*", re.I
)
PRESSURE = re.compile(r"hypertens|blood pressure|\bBP\b|\bRR\s*[<>≤≥]", re.I)  # RR is also said by Riva-Rocci


LEAST_OF_AGES = 10  # a smaller number in brackets behind an age, without a unit, is of something else
HOW_OFTEN = re.compile(r"(?:once|twice|thrice)(?!\s+the\b)", re.I)
IF_PRESENT = re.compile(r"\s*[;,.(]\s*(?:or\s+)?(?:if|in\s+(?:the\s+)?case\s+of)\s+[^.;,()<>≤≥\d]{3,50}?,?\s*", re.I)
A_BRACKET_WITH_ANOTHER = re.compile(r"\s*\([^()]*\d[^()]*\)")


def _is_another_ones(text: str, q: Quantity, hit: Hit) -> bool:
    """Whether a measure behind is that of a limit in brackets: "≥ 10 mm (short axis of a node ≥ 15 mm)"."""
    bracket = A_BRACKET_WITH_ANOTHER.match(text, q.end)
    return bracket is not None and hit[1] is not None and hit[1][1] <= bracket.end()


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


def _without_conditions(text: str, terms: Sequence[Term]) -> str:
    """The text with known conditions blanked out, so that "Part C ≥ 60" goes on with the measure before."""
    for term in terms:
        if term.group == "limit_conditions":
            which = WHICH.match(text, term.end) if term.id == "cohort_part" else None
            end = which.end() if which else term.end
            text = text[: term.start] + " " * (end - term.start) + text[end:]
    return text
