"""Rows of the table contract: every slot of a trial, a criterion, a limit, a mention and a digit that is left over."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from trialcriteria import canonical, leftovers
from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.names import Loose
from trialcriteria.components.numbers import DIGIT
from trialcriteria.components.turns import Turn
from trialcriteria.criteria import raw_span
from trialcriteria.lexicon import Attribute
from trialcriteria.records import (
    Constraint,
    Criterion,
    Mention,
    Numeral,
    Reason,
    Requirement,
    Segment,
    Status,
    Trial,
    TrialRow,
)
from trialcriteria.requirements.statements import negations

DIGITS = re.compile(r"\d+|[①-⑳⑴-⑽❶-❿]")
PLANNED = "planning_pregnancy"  # "wishing to conceive" holds its own cue
SUSPECTED = re.compile(r"suspect", re.I)
PAST = re.compile(r"(?:previous|prior|past|former)\b", re.I)  # it begins with one of two letters


class Place(NamedTuple):
    """Where rows stand: in which criterion of which trial, below which line, and in which raw text."""

    trial_id: str
    piece: Segment
    parent: Segment | None
    raw: str

    def span(self, words: tuple[int, int] | None) -> tuple[int, int] | None:
        """Where words of the criterion stand in the raw text."""
        return raw_span(self.piece, *words) if words else None

    def quote(self, words: tuple[int, int] | None) -> str | None:
        """Words of the criterion as the raw text has them."""
        return self.raw[slice(*raw_span(self.piece, *words))] if words else None


class Ids(NamedTuple):
    """What the mentions and limits of a criterion are called: "E7.2m1", "E7.2c1"."""

    of_mentions: Sequence[str | None]  # None where mentions get no rows
    of_limits: Sequence[str]

    def of(self, index: int | None) -> str | None:
        """The id of a mention, or of a limit; limits are counted behind the mentions."""
        if index is None:
            return None
        n = len(self.of_mentions)
        return self.of_mentions[index] if index < n else self.of_limits[index - n]


def trial_row(trial: Trial, criteria: int, constraints: int) -> TrialRow:
    """The trial as its record has it, with how much was read from it."""
    return TrialRow(
        trial_id=trial.trial_id,
        registry=trial.registry,
        source=trial.source,
        title=trial.title,
        conditions=trial.conditions,
        phase=trial.phase,
        status=trial.status,
        sex=trial.sex,
        minimum_age=trial.minimum_age,
        maximum_age=trial.maximum_age,
        healthy_volunteers=trial.healthy_volunteers,
        eligibility_text=trial.eligibility_text,
        text_sha256=hashlib.sha256(trial.eligibility_text.encode()).hexdigest(),
        n_criteria=criteria,
        n_constraints=constraints,
    )


def criterion_row(trial_id: str, piece: Segment, status: Status) -> Criterion:
    """A criterion, with how much of it was read."""
    return Criterion(
        trial_id,
        piece.criterion_id,
        piece.parent_id,
        piece.section,
        piece.section_source,
        piece.heading,
        piece.cohort,
        piece.children,
        piece.text,
        piece.start,
        piece.end,
        status,
    )


def constraint_row(
    place: Place,
    limits: Sequence[Limit],
    index: int,
    turns: Sequence[Turn],
    requirement: Requirement,
    exception_to: int | None,
    ids: Ids,
    attributes: Mapping[str, Attribute],
) -> Constraint:
    """The limit at `index` among those of its criterion; its confidence is known when the whole trial has been read."""
    limit, piece, raw = limits[index], place.piece, place.raw
    q = limit.quantity
    targets = (*(ids.of_limits[k] for k in limit.narrows), *(id for m in limit.events if (id := ids.of_mentions[m])))
    attribute = attributes.get(limit.attribute or "")
    start, end = raw_span(piece, q.start, q.end)
    words = _attribute_words(place, limit)
    low, high = canonical.number(q.low), canonical.number(q.high)
    reported = canonical.in_reporting_unit(limit, attribute)
    eligible = canonical.eligible(limit, attribute, requirement, reported, targets)
    negation = next((turn for turn in turns if turn.category == "NEGATED"), None)
    return Constraint(
        trial_id=place.trial_id,
        criterion_id=piece.criterion_id,
        constraint_id=ids.of_limits[index],
        section=piece.section,
        kind=limit.kind,  # type: ignore[arg-type]
        attribute=limit.attribute,
        attribute_text=raw[slice(*words)] if words else None,
        attribute_start=words[0] if words else None,
        attribute_end=words[1] if words else None,
        loinc=attribute.loinc if attribute else None,
        operator=q.operator,  # type: ignore[arg-type]
        low=low,
        high=high,
        low_inclusive=q.low_inclusive if low is not None and q.operator else None,
        high_inclusive=q.high_inclusive if high is not None and q.operator else None,
        levels=limit.levels,
        unit_text=q.unit_text,
        unit=q.unit,
        canonical_low=reported[0],
        canonical_high=reported[1],
        canonical_unit=reported[2],
        reference=q.reference,  # type: ignore[arg-type]
        window_direction=limit.direction,  # type: ignore[arg-type]
        anchor=limit.anchor,
        anchor_text=place.quote(limit.anchor_span),
        targets=targets,
        condition=place.quote(limit.condition),
        condition_id=limit.condition_id,
        exception_to=ids.of(exception_to),
        group=limit.group,
        negated=negations(turns) % 2 == 1,
        negation_cue=negation.words if negation else None,
        requirement=requirement,
        eligible_operator=eligible[0],
        eligible_low=eligible[1],
        eligible_high=eligible[2],
        eligible_low_inclusive=eligible[3],
        eligible_high_inclusive=eligible[4],
        eligible_levels=eligible[5],
        quote=raw[start:end],
        start=start,
        end=end,
        plausible=canonical.is_plausible(reported, q.reference, attribute),
        rule=limit.rule,
        confidence=0.0,
    )


def _attribute_words(place: Place, limit: Limit) -> tuple[int, int] | None:
    """Where the measure of a limit is named in the raw text: in its criterion, or in the line above."""
    if limit.span is None or not limit.inherited:
        return place.span(limit.span)
    return raw_span(place.parent, *limit.span) if place.parent is not None else None


def mention_row(
    place: Place, mentions: Sequence[Said], index: int, turns: Sequence[Turn], requirement: Requirement, ids: Ids
) -> Mention:
    """The mention at `index` among those of its criterion."""
    mention = mentions[index]
    start, end = raw_span(place.piece, mention.start, mention.end)
    categories = {turn.category for turn in turns}
    own = place.piece.text[mention.start : mention.end]
    return Mention(
        trial_id=place.trial_id,
        criterion_id=place.piece.criterion_id,
        mention_id=ids.of_mentions[index] or "",
        label=mention.label,  # type: ignore[arg-type]
        text=place.raw[start:end],
        start=start,
        end=end,
        concept=mention.concept,
        negated=negations(turns) % 2 == 1,
        historical="HISTORICAL" in categories or (own[:1] in "PpFf" and PAST.match(own) is not None),
        hypothetical="HYPOTHETICAL" in categories or (mention.concept == PLANNED and SUSPECTED.match(own) is None),
        family="FAMILY" in categories,
        uncertain="UNCERTAIN" in categories,
        cue="; ".join(turn.words for turn in turns) or None,
        condition=place.quote(mention.condition),
        condition_id=mention.condition_id,
        exception_to=ids.of(mention.exception_to),
        group=mention.group,
        narrowed=tuple(ids.of_limits[i] for i in mention.narrowed),
        requirement=requirement,
        rule=mention.rule,
    )


def _needed(piece: Segment, rows: Sequence[Constraint | Mention]) -> set[str]:
    """How many of its bullets, or of what it lists, a criterion asks for; of what keeps out, one is enough."""
    chosen = [piece.children or "", *(row.group or "" for row in rows)]
    needed = {number.group() for said in chosen if said.startswith("at_least") and (number := DIGITS.search(said))}
    one = any(said.startswith("any") for said in chosen) or any(row.requirement == "forbid" for row in rows)
    return needed | {"1"} if one else needed


def numeral_rows(
    place: Place, constraints: Sequence[Constraint], mentions: Sequence[Mention], loose: Sequence[Loose] = ()
) -> list[Numeral]:
    """The digits of a criterion that no constraint, attribute or mention covers, each with its reason."""
    piece, raw = place.piece, place.raw
    if DIGIT.search(piece.text) is None:
        return []
    covered = [(row.start, row.end) for row in constraints] + [(m.start, m.end) for m in mentions]
    covered += [
        (row.attribute_start, row.attribute_end)
        for row in constraints
        if row.attribute_start is not None and row.attribute_end is not None
    ]
    covered.sort(reverse=True)
    apart = {at: loose_one.reason for loose_one in reversed(loose) for at in range(loose_one.start, loose_one.end)}
    free: list[tuple[int, int, Reason]] = []
    reach = 0  # the furthest end of what begins before the digits: one walk, however many rows there are
    for match in DIGITS.finditer(piece.text):
        start, end = raw_span(piece, *match.span())
        while covered and covered[-1][0] <= start:
            reach = max(reach, covered.pop()[1])
        if end > reach:
            free.append((*match.span(), apart.get(match.start(), "unread")))
    out: list[Numeral] = []
    if not free:
        return out
    needed = _needed(piece, [*constraints, *mentions])
    for (first, last, _), reason in zip(free, leftovers.reasons(piece.text, iter(free), needed), strict=True):
        start, end = raw_span(piece, first, last)
        out.append(Numeral(place.trial_id, piece.criterion_id, raw[start:end], start, end, reason))
    return out
