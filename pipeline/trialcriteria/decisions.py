"""What each limit and mention of one criterion asks of a patient, and what it lifts, narrows and stands beside.

Step by step, each building on the one before: what is asked, what narrows what, which rows form a group, what need
not be, what is excepted from what, and at last what each limit asks in view of what it narrows.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from trialcriteria import narrowing, premises
from trialcriteria.alternatives import group_alternatives, group_cancers, group_classes, group_one_of
from trialcriteria.components.condition_heads import condition_mentions
from trialcriteria.components.conditions import settle
from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.normals import denial
from trialcriteria.components.telling import holds_any
from trialcriteria.components.terms import Term
from trialcriteria.components.turns import Turn, is_excepted
from trialcriteria.conjunctions import (
    group_forbidden,
    group_lacking,
    group_lifting,
    group_of_whom,
    group_painful,
)
from trialcriteria.groups import Member, Names, members
from trialcriteria.logic import group_enumerated, group_listed, group_side_by_side, group_values, group_windows
from trialcriteria.parted import group_parted
from trialcriteria.records import Requirement, Segment
from trialcriteria.requirements import descriptions, exceptions, let_in, permissions, provisos
from trialcriteria.requirements.cases import Case
from trialcriteria.requirements.limits import bind_as_what_they_define, of_limit
from trialcriteria.requirements.named_beside import named_beside
from trialcriteria.requirements.statements import OF_SECTION, effective
from trialcriteria.requirements.times import lasts_without, lay_attribute_bare
from trialcriteria.requirements.wholes import Wholes

OBLIGING = frozenset(("must", "should", "agree"))
NEAR = 25  # characters between a negation and the limit that it turns in spite of a permission


class Found(NamedTuple):
    """What was found in one criterion; `turns` are those of the mentions, then of the limits."""

    segment: Segment
    text: str
    mentions: list[Said]
    limits: list[Limit]
    turns: list[list[Turn]]
    conditions: list[Term]  # that the lexicon knows

    @property
    def first_limit(self) -> int:
        """Where the limits begin in lists of mentions, then limits."""
        return len(self.mentions)


class Decided(NamedTuple):
    """What was decided of one criterion. Groups, targets and conditions are on its limits and mentions themselves."""

    of_mentions: list[Requirement]
    of_limits: list[Requirement]
    lifted: list[int | None]  # by limit: the mention, or limit behind all mentions, that it replaces or lifts


def decide(criteria: Iterable[Found]) -> list[Decided]:
    """Decide about every limit and mention of some criteria, all of which take a step before the next one."""
    cases = [_Criterion(found) for found in criteria]
    for step in STEPS:
        for case in cases:
            step(case)
    return [Decided(case.demands[: case.found.first_limit], case.of_limits, case.lifted) for case in cases]


class _Criterion:
    """A criterion that is being decided about. Lists of both hold the mentions, then the limits."""

    def __init__(self, found: Found) -> None:
        if found.segment.section == "exclusion" and "excluded)" in found.text:
            found = found._replace(turns=[[_in_brackets(found.text, turn) for turn in those] for those in found.turns])
        self.found = found
        self.piece, self.text, self.mentions, self.limits, self.turns, _ = found
        self.asked, self.demands = _demands(found)
        if self.piece.section == "inclusion":
            _forbid_further(found, self.demands)
        self.names = Names()
        self.wholes = Wholes(self.piece, self.text, self.mentions, self.limits, self.demands)
        self.lifted: list[int | None] = []  # by limit, as in `Decided`
        self.of_limits: list[Requirement] = []  # what each asks in view of what it narrows

    def turn_what_tells_when(self) -> None:
        """Numbers that only say when another limit holds, or whom a proviso lets in, bind nobody."""
        if not self.limits:
            return
        text, limits, demands, n = self.text, self.limits, self.demands, self.found.first_limit
        telling: set[int] = set()  # where amounts begin that only say when: a list that shares one shares that
        for i, limit in enumerate(limits):
            if not limit.is_time and (limit.quantity.start in telling or premises.tells_when(text, limit, limits)):
                telling.add(limit.quantity.start)
                demands[n + i] = "describe"
            elif demands[n + i] == OF_SECTION[self.piece.section] and premises.is_itself_permitted(text, limit):
                demands[n + i] = "permit"
        included = self.piece.section == "inclusion"
        conditions = {limit.condition for limit in limits if limit.condition}
        for i, limit in enumerate(limits):
            if demands[n + i] != "permit" and premises.only_describes(text, limit, conditions, included=included):
                demands[n + i] = "describe"

    def link(self) -> None:
        """What narrows what, and under which condition a limit holds."""
        if self.limits:
            self._link_limits()
        self._describe_what_stands_in([*descriptions.described(self.text, self.mentions), *named_beside(self.text)])
        self._describe_what_stands_in(list(named_beside(self.text, lifting=True)), also="permit")
        self._describe_what_stands_in(descriptions.who_is_fertile(self.text), also="permit")
        if self.piece.section == "inclusion" and self.piece.children is not None:
            self._describe_what_stands_in(list(descriptions.label_alone(self.text, self.mentions)))
        if self.piece.section == "exclusion":
            self._describe_what_stands_in(list(descriptions.after_what(self.text)))
            self._describe_what_stands_in(list(descriptions.when_it_was(self.text, self.mentions)))
            under = descriptions.under_which_it_was(self.text, self.limits, self.mentions)
            self._describe_what_stands_in(list(under))
        else:  # "patients with liver metastases: AST ≤ 5 x ULN" asks nobody to have them
            self._describe_what_stands_in([limit.condition for limit in self.limits if limit.condition])

    def _link_limits(self) -> None:
        text, limits, mentions, n = self.text, self.limits, self.mentions, self.found.first_limit
        of_limits = self.demands[n:]
        let_in.link_provisos(text, limits, of_limits)
        self.demands[n:] = of_limits
        settle(text, limits, self.found.conditions)
        narrowing.link_scales(text, limits, mentions)
        narrowing.link_beside(text, limits, mentions, excluding=self.piece.section == "exclusion")
        bind_as_what_they_define(text, limits, mentions, self.demands)
        permitted = [demand == "permit" for demand in self.demands[:n]]
        narrowing.choose_between_target_and_condition(text, limits, mentions, permitted)

    def group(self) -> None:
        """Groups of limits, and of what one line lists behind a colon."""
        forbidden = [demand == "forbid" for demand in self.demands[self.found.first_limit :]]
        alike = [self.piece.section == "exclusion" and denial(self.text, x.quantity) is not None for x in self.limits]
        together = [i for i, denied in enumerate(alike) if not denied]  # "A or B not normal" asks for both
        group_side_by_side(self.text, [self.limits[i] for i in together], [forbidden[i] for i in together], self.names)
        group_windows(self.text, self.limits, forbidden, self.names)
        if self.piece.children is None:
            excluding = self.piece.section == "exclusion"
            group_listed(self.text, self.members(), self.names, excluding=excluding)

    def permit(self) -> None:
        """What a patient may have had, not must."""
        text, limits, mentions, demands = self.text, self.limits, self.mentions, self.demands
        permissions.permit_what_need_not_be(text, limits, mentions, demands)
        permissions.permit_what_it_was_with(text, mentions, demands)
        permissions.permit_what_is_said_again(text, mentions, demands)
        permissions.permit_what_lists_the_permitted(text, mentions, demands)
        permissions.describe_what_comes_later(text, mentions, demands)
        if self.piece.section == "inclusion":
            permissions.permit_what_may_remain(text, limits, mentions, demands)
            permissions.permit_the_optional(text, mentions, demands)
            permissions.permit_what_may_be_done(text, mentions, demands)
            permissions.permit_what_is_headed_as_permitted(text, mentions, demands)
            permissions.permit_one_of_the_methods(text, mentions, demands)
            permissions.permit_who_is_let_in_too(text, mentions, demands)
        else:
            permissions.permit_what_tells_of_the_permitted(text, limits, mentions, demands)
            permissions.permit_who_has_a_duty(text, mentions, demands)
            permissions.permit_what_is_only_unsteady(text, limits, mentions, demands)
            permissions.permit_what_is_not_yet_dosed(text, mentions, demands)
        permissions.permit_what_left_something(text, mentions, demands)
        permissions.permit_all_that_may_have_been(text, mentions, demands)

    def lift(self) -> None:
        """What is excepted from what."""
        text, limits, mentions, demands, turns = self.text, self.limits, self.mentions, self.demands, self.turns
        for i, mention in enumerate(mentions):
            mention.exception_to = self.wholes.of_mention(i, turns[i])
        exceptions.turn_back(text, mentions, turns, demands)
        permissions.permit_what_is_to_be_stopped(text, limits, mentions, demands)  # this lifts nothing
        permissions.permit_what_has_gone(text, mentions, demands)
        exceptions.lift_earlier(limits, mentions, demands)
        n = self.found.first_limit
        for i, limit in enumerate(limits):
            if limit.is_time and not is_excepted(turns[n + i]):
                exceptions.aim_at_the_whole(text, i, limits, mentions, turns)
        asked = [i for i in range(len(limits)) if self.asked[n + i]]
        permitted = [demand == "permit" for demand in demands[:n]]
        narrowing.link_to_permitted(text, limits, mentions, asked, permitted)
        if self.piece.section == "inclusion":
            narrowing.link_to_let_in(text, limits, mentions, permitted)
        narrowing.hold_for_the_let_in(text, mentions, demands[:n], self.found.conditions)
        narrowing.link_to_excepted(text, limits, mentions, [demand == "permit" for demand in demands[n:]])
        self.lifted = [_lifted(self.found, i, self.wholes) for i in range(len(limits))]

    def group_further(self) -> None:
        """Groups of what a patient needs only one of; of what keeps a patient out, or in again, only together."""
        standing = list(self.members(narrowing=True)) if len(self.demands) > 1 else []
        group_painful(self.text, standing, self.names)
        if self.piece.section == "inclusion":
            self._group_alternatives()
            permissions.permit_one_of_two_cases(self.text, self.mentions, self.demands)
            permissions.permit_what_some_are_unfit_for(self.text, self.mentions, self.demands)
        elif len(self.demands) > 1:
            group_forbidden(self.text, standing, self.names)
            group_of_whom(self.text, standing, self.names)
            group_lacking(self.text, list(self.members()), self.names)
            if holds_any(self.text, OBLIGING) and holds_any(self.text, {"or"}):
                # "women must be sterile or postmenopausal"
                obliged = [member for member in self.members() if member.asks == "require"]
                group_alternatives(self.text, obliged, self.limits, self.names)
            lifted = [*(mention.exception_to for mention in self.mentions), *self.lifted]
            group_lifting(self.text, standing, lifted, self.names)

    def _group_alternatives(self) -> None:
        required = [demand == "require" for demand in self.demands[self.found.first_limit :]]
        group_classes(self.text, self.limits, required, self.names)
        group_cancers(self.text, list(self.members()), self.names)
        if holds_any(self.text, {"of"}):
            group_one_of(self.text, list(self.members()), self.names)
        said_or = holds_any(self.text, {"or"})
        if said_or:
            group_values(self.text, list(self.members()), self.names)
        if said_or or "/" in self.text:
            group_alternatives(self.text, list(self.members()), self.limits, self.names)
        if self.piece.children is None:
            group_enumerated(self.text, self.members(), self.names)
            group_parted(self.text, list(self.members()), self.names)

    def members(self, *, narrowing: bool = False) -> Iterator[Member]:
        """What may be in a group."""
        return members(self.mentions, self.limits, self.demands, narrowing=narrowing)

    def bind(self) -> None:
        """What each limit asks in view of what it narrows; a condition asks nothing."""
        heads = condition_mentions(self.text, self.mentions, self.limits, self.found.conditions)
        self._describe_what_stands_in(heads, instead="permit")
        permissions.permit_what_is_said_with_if(self.text, self.mentions, self.demands)
        found, demands, n = self.found, self.demands, self.found.first_limit
        self.of_limits = [
            _of_limit(found, i, demands, asked=self.asked[n + i] is not None) for i in range(len(self.limits))
        ]
        self._ask_further()

    def _ask_further(self) -> None:
        """ "Patients with CD4 > 350/µL and viral load < 50 are eligible": both are asked, if the first one is."""
        demands, n = self.of_limits, self.found.first_limit
        for i, (before, limit) in enumerate(pairwise(self.limits)):
            goes_on = demands[i : i + 2] == ["require", "permit"] and self.demands[n + i] == "permit"
            if goes_on and not limit.is_time and AND.fullmatch(self.text, before.quantity.end, limit.first):
                demands[i + 1], self.lifted[i + 1] = "require", None
                limit.events = limit.events or list(before.events)

    def _describe_what_stands_in(
        self,
        places: Sequence[tuple[int, int]],
        also: Requirement = "require",
        instead: Requirement | None = None,
    ) -> None:
        """ "Participants with HIV must be on therapy" asks nobody to have HIV: some words only say whom or when.

        `instead`: what is made of the required that a limit narrows which is still asked: "if she has asthma, it must
        be stable for 4 weeks".
        """
        if not places:
            return
        limits, demands, n = self.limits, self.demands, self.found.first_limit
        asking = ("require", "forbid", also)
        inside = [any(a <= limit.first and limit.quantity.end <= b for a, b in places) for limit in limits]
        for i, mention in enumerate(self.mentions):
            only_said = any(a <= mention.start and mention.end <= b for a, b in places)
            if only_said and demands[i] in asking and all(inside[k] for k in mention.narrowed):
                demands[i] = "describe"
            elif only_said and instead and demands[i] == "require" and self.piece.section == "inclusion":
                demands[i] = instead
        for i in range(len(limits)):
            if inside[i] and demands[n + i] in asking:
                demands[n + i] = "describe"


STEPS = (
    _Criterion.turn_what_tells_when,
    _Criterion.link,
    _Criterion.group,
    _Criterion.permit,
    _Criterion.lift,
    _Criterion.group_further,
    _Criterion.bind,
)


def _in_brackets(text: str, turn: Turn) -> Turn:
    """A cue that means another thing in brackets: "major surgery (tooth extraction excluded)" excepts."""
    excepts = turn.category == "PROHIBIT" and turn.words.lower() == "excluded" and text.startswith(")", turn.end)
    return turn._replace(category="EXCEPTION") if excepts else turn


def _demands(found: Found) -> tuple[list[Requirement | None], list[Requirement]]:
    """What must hold nevertheless ("allowed if …"), and what is asked by section and cues; mentions, then limits."""
    piece, text, n = found.segment, found.text, found.first_limit
    spans = [(mention.start, mention.end) for mention in found.mentions]
    spans += [(limit.quantity.start, limit.quantity.end) for limit in found.limits]
    asked = [
        provisos.demanded(piece, text, start, end, turns)
        for (start, end), turns in zip(spans, found.turns, strict=True)
    ]
    demands = [
        (provisos.turned(demand, turns) if i < n or not found.limits[i - n].is_time else demand)
        or effective(piece, text, turns)
        for i, (demand, turns) in enumerate(zip(asked, found.turns, strict=True))
    ]
    for i, turns in enumerate(found.turns):
        if any(turn.category == descriptions.DEFINES for turn in turns):
            demands[i] = "describe"  # "childbearing potential is defined as:"
    descriptions.describe_who_needs_contraception(piece, text, found.mentions, found.turns, demands)
    return asked, demands


AND = re.compile(r"\s*(?:,|,?\s*(?:and|with))\s+(?:(?:an?|the)\s+)?", re.I)
GOES_ON = re.compile(r"\s*,?\s*or\s+(?:(?:grade|stage|class)\s+)?", re.I)


def _forbid_further(found: Found, demands: list[Requirement]) -> None:
    """ "No neuropathy of grade 3, or grade 2 with pain": a denial goes on with the same measure."""
    n = found.first_limit
    for i, (before, limit) in enumerate(pairwise(found.limits)):
        same = before.attribute is not None and before.attribute == limit.attribute and not limit.is_time
        denied = demands[n + i] == "forbid" and any(turn.category == "NEGATED" for turn in found.turns[n + i])
        goes_on = same and denied and GOES_ON.fullmatch(found.text, before.quantity.end, limit.quantity.start)
        if goes_on and demands[n + i + 1] == "require":
            demands[n + i + 1] = "forbid"


def _of_limit(found: Found, i: int, demands: Sequence[Requirement], *, asked: bool) -> Requirement:
    """What a limit asks in view of what it narrows; `asked`: whether it must hold nevertheless."""
    limit, mentions, n = found.limits[i], found.mentions, found.first_limit
    turns = found.turns[n + i]
    lasts = lasts_without(found.text, limit, turns, mentions, included=found.segment.section == "inclusion")
    if lasts:
        lay_attribute_bare(found.text, limit)
    case = Case(
        found.segment,
        found.text,
        limit,
        demands[n + i],
        [demands[m] for m in limit.events],
        [demands[n + k] for k in limit.narrows],
        asked=asked,
        lasts=lasts,
        announced=any(turn.category == "PERMIT" and turn.end <= limit.first for turn in turns),
        excepted=is_excepted(turns)
        or any(mentions[m].exception_to is not None and is_excepted(found.turns[m]) for m in limit.events),
        negated=any(turn.category == "NEGATED" and 0 <= limit.quantity.start - turn.end < NEAR for turn in turns),
        beyond=limit.exception_to is not None and _points_back(limit, found.limits[limit.exception_to]),
    )
    return of_limit(case)


def _points_back(limit: Limit, other: Limit) -> bool:
    """Whether one of two limits is a floor and the other one a ceiling, or is on other levels of a scale."""
    if limit.levels and other.levels:
        return set(limit.levels).isdisjoint(other.levels)
    signs = {(one.quantity.operator or "")[:1] for one in (limit, other)}
    return signs == {"<", ">"}


def _lifts_its_own(found: Found, i: int, wholes: Wholes) -> bool:
    """ "Steroids unless started > 6 months before": the limit lifts what it narrows."""
    whole = wholes.of_limit(i, found.turns[found.first_limit + i])
    return whole in found.limits[i].events and is_excepted(found.turns[found.first_limit + i])


def _lifted(found: Found, i: int, wholes: Wholes) -> int | None:
    """What a limit replaces or lifts."""
    limit, n = found.limits[i], found.first_limit
    if wholes.describes(n + i):
        return None
    if limit.exception_to is not None:
        return n + limit.exception_to
    if limit.narrows or (limit.events and not _lifts_its_own(found, i, wholes)):
        return None
    return wholes.of_limit(i, found.turns[n + i])
