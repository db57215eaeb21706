"""From what was found in a criterion to rows: ids, raw offsets, links, and every slot of the table contract."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, cast

from spacy.language import Language

from trialcriteria import canonical, certainty, narrowing
from trialcriteria.alternatives import group_alternatives
from trialcriteria.components.abbreviations import may_define
from trialcriteria.components.conditions import conditions_of, settle
from trialcriteria.components.constraints import Constraints
from trialcriteria.components.context import Context, Turn, statement
from trialcriteria.components.limits import Hit, Limit
from trialcriteria.components.names import Loose
from trialcriteria.components.numbers import DIGIT
from trialcriteria.components.quantities import Quantities
from trialcriteria.components.said import Said
from trialcriteria.components.step import Step
from trialcriteria.components.subjects import clause_bounds
from trialcriteria.components.terms import Term
from trialcriteria.components.windows.together import parent_comparator
from trialcriteria.criteria import raw_span, segment
from trialcriteria.datings import date_tests
from trialcriteria.lexicon import Attribute
from trialcriteria.logic import find_groups, group_listed, group_windows
from trialcriteria.nlp import AFTER_LIMITS, STEPS
from trialcriteria.records import (
    Constraint,
    Criterion,
    Mention,
    Numeral,
    Requirement,
    Segment,
    Status,
    Trial,
    TrialRow,
    TrialTables,
)
from trialcriteria.requirements import exceptions, permissions, provisos, scopes
from trialcriteria.requirements.cases import Case
from trialcriteria.requirements.limits import bind_as_what_they_define, of_limit
from trialcriteria.requirements.statements import OF_SECTION, effective, negations
from trialcriteria.requirements.times import lasts_without

Only = Literal["all", "constraints"]
DIGITS = re.compile(r"\d+|[①-⑳⑴-⑽❶-❿]")
PLAIN_SIGNS = str.maketrans(  # full-width signs read as plain ones; one for one, so that offsets stay
    "（）［］：，；、．。～＜＞＝≧≦％＋－／　“”’‘０１２３４５６７８９"
    "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ\xa0\u2009\u202f",
    "()[]:,;,..~<>=≥≤%+-/ \"\"''0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ   ",
)
PLAIN_SIGNS |= str.maketrans("İıſ\u212a", "IisK")  # letters that match plain ones in any case, and fold to others
MOST_CHARACTERS = 20_000  # of one criterion: a longer one is no criterion but a document without structure
MOST_NUMBERS = 500  # of one criterion: what holds more is a table of data; 38 is the most that 2,500 real trials hold
NEAR = 25  # characters between a negation and the limit that it turns in spite of a permission
BELOW = "items"  # what stands below is what the cues of a line that leads would govern next
LEADS = re.compile(r"\b(?:following|any of|one of|these|criteria|conditions)\b", re.I)
OWN_OBJECT = re.compile(  # "not pregnant, and at least one of the following applies", "not amenable to surgery of …"
    r"\b(?:and|plus|but)\s+(?:at least|one|any|meets?|has|have|with|the)\b|\bto achieve\b|\bfollowing at least\b|"
    r"\b(?:amenable|suitable|eligible)\s+(?:to|for)\s+(?!(?:any|one|either|the following)\b)",
    re.I,
)


class Parsed(NamedTuple):
    """What the components found in one criterion: `text` is as long as the segment's, with plain signs."""

    segment: Segment
    text: str
    data: dict[str, Any]


class Read(NamedTuple):
    """One criterion as read, with its mentions and limits."""

    segment: Segment
    text: str
    limits: list[Limit]
    mentions: list[Said]
    turns: list[list[Turn]]
    conditions: list[Term]  # that the lexicon knows


def read_trial(nlp: Language, trial: Trial, only: Only = "all") -> TrialTables:
    """Everything that `trial` says, as rows of the five tables.

    `only="constraints"` leaves the mentions out, and with them what they target.
    """
    attributes = cast(Constraints, nlp.get_pipe("trialcriteria_constraints")).attributes
    quantities = cast(Quantities, nlp.get_pipe("trialcriteria_quantities"))
    raw = trial.eligibility_text
    criteria: list[Criterion] = []
    constraints: list[Constraint] = []
    mentions: list[Mention] = []
    numerals: list[Numeral] = []
    limiting, further = (
        [cast(Step, nlp.get_pipe(name)) for name in STEPS if (name in AFTER_LIMITS) == after] for after in (False, True)
    )
    before: dict[str, Parsed] = {}
    defined: dict[str, tuple[str, str]] = {}
    inherited: dict[str, list[Turn]] = {}
    aimed: set[str] = set()
    named: dict[str | None, list[Hit]] = {}  # by heading: many criteria stand below one
    pieces = segment(raw, trial.fields)
    parents = {piece.parent_id for piece in pieces}
    for piece in pieces:
        if piece.language != "en" or _is_over_budget(piece.text):
            too_long: Status = "unread" if piece.language == "en" else "unsupported_language"
            criteria.append(_criterion(trial, piece, too_long))
            numerals += _left_digits(trial, piece, raw, [], [])
            continue
        text = piece.text if piece.text.isascii() else piece.text.translate(PLAIN_SIGNS)
        parent = before.get(piece.parent_id or "")
        if piece.heading not in named:
            named[piece.heading] = _heading_subject(nlp, piece.heading, attributes)
        needed = only == "all" or piece.criterion_id in parents or quantities.may_find(text) or may_define(text)
        if not needed:  # nothing here is a limit, nor would another criterion need it
            criteria.append(_criterion(trial, piece, "unread"))
            continue
        data: dict[str, Any] = {
            "defined": defined,
            "subject": _subject(parent, attributes) or named[piece.heading],
            "leading": parent_comparator(parent.text) if parent is not None else None,
            "population": piece.section == "inclusion" and piece.parent_id is None,
        }
        for step in limiting:
            step.read(text, data)
        if only == "all" or data["limits"]:  # else no row would come of what the further steps find
            for step in further:
                step.read(text, data)
        before[piece.criterion_id] = Parsed(piece, text, data)
        said, limits, turns = statement(data)
        above = inherited.get(piece.parent_id or "", [])
        if piece.criterion_id in parents:
            inherited[piece.criterion_id] = above + _lead(text, piece, nlp)
        n = len(said)
        own = [
            [turn for turn in turns[i] if not scopes.goes_beyond(text, turn, mention.start, limits)]
            for i, mention in enumerate(said)
        ] + [
            [
                turn
                for turn in turns[n + i]
                if scopes.reaches(text, turn, limit, limits)
                and not scopes.goes_beyond(text, turn, limit.quantity.start, limits)
            ]
            for i, limit in enumerate(limits)
        ]
        rows: list[Constraint] = []
        ments: list[Mention] = []
        if said or limits:
            known = conditions_of(text, data["terms"])
            found = Read(piece, text, limits, said, [mine + above for mine in own], known)
            rows, ments, narrowing_mentions = _rows(trial, found, attributes, raw, before, only)
            aimed |= narrowing_mentions
            constraints += rows
            mentions += ments
        left = _left_digits(trial, piece, raw, rows, ments, data["loose"])
        numerals += left
        status: Status = "read" if rows or ments else "unread"
        if any(n.reason == "unread" for n in left):
            status = "partial" if rows or ments else "unread"
        criteria.append(_criterion(trial, piece, status))
    constraints = certainty.rate(date_tests(constraints, criteria, raw, aimed), criteria, raw, attributes)
    row = TrialRow(
        trial.trial_id,
        trial.registry,
        trial.source,
        trial.title,
        trial.conditions,
        trial.phase,
        trial.status,
        trial.sex,
        trial.minimum_age,
        trial.maximum_age,
        trial.healthy_volunteers,
        raw,
        hashlib.sha256(raw.encode()).hexdigest(),
        len(criteria),
        len(constraints),
    )
    return TrialTables(row, criteria, constraints, mentions, numerals)


def _is_over_budget(text: str) -> bool:
    """Whether a criterion is left unread for its size, so that no text can hold up a run."""
    return len(text) > MOST_CHARACTERS or (len(text) > MOST_NUMBERS and len(DIGITS.findall(text)) > MOST_NUMBERS)


def _criterion(trial: Trial, piece: Segment, status: Status) -> Criterion:
    return Criterion(
        trial.trial_id,
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


def _subject(parent: Parsed | None, attributes: Mapping[str, Attribute]) -> list[Hit]:
    """The measures of the parent bullet that its children's bare limits are about: those it names without a limit."""
    if parent is None:
        return []
    data = parent.data
    if data.get("limits"):
        return []
    own: list[Hit] = [
        (t.id, (t.start, t.end)) for t in data["terms"] if t.group == "measure" and not attributes[t.id].levels
    ]
    return own[-4:] or list(data.get("subject", []))


def _heading_subject(nlp: Language, heading: str | None, attributes: Mapping[str, Attribute]) -> list[Hit]:
    """The measure that a label names for the bare limits below it ("Life expectancy:", then "More than 6 months")."""
    if heading is None or len(heading) > 40:
        return []
    data: dict[str, Any] = {}
    cast(Step, nlp.get_pipe("trialcriteria_terms")).read(heading, data)
    ids = dict.fromkeys(t.id for t in data["terms"] if t.group == "measure")
    named: list[Hit] = [(id, None) for id in ids if not attributes[id].levels]
    return named[:1]


ALLOWS = re.compile(r"allowed|permitted|acceptable|not exclu|exempt|not apply", re.I)


def _lead(read: str, piece: Segment, nlp: Language) -> list[Turn]:
    """The cues of a parent bullet that govern its children ("do not meet any of the following:")."""
    if piece.children is None and not read.rstrip().endswith(":"):
        return []
    text = read.rstrip(" :")
    if not text:
        return []
    context = cast(Context, nlp.get_pipe("trialcriteria_context"))
    text = text[max([0, *clause_bounds(text)]) :]
    said = f"{text} {BELOW}"
    cues = context.cues(said)
    if not cues:
        return []
    turns = context.govern(said, 0, len(said), [(len(text) + 1, len(said))], cues)[0]
    leads = [turn for turn in turns if LEADS.search(text, turn.end) or not text[turn.end :].strip()]
    return [
        turn
        for turn in leads
        if (turn.category == "NEGATED" and not OWN_OBJECT.search(text, turn.end))
        or turn.category in ("EXCEPTION", "FAMILY")
        or (turn.category == "PERMIT" and ALLOWS.search(turn.words))
    ]


def _rows(
    trial: Trial, found: Read, attributes: Mapping[str, Attribute], raw: str, before: dict[str, Parsed], only: Only
) -> tuple[list[Constraint], list[Mention], set[str]]:
    """The limits and mentions of a criterion, and the ids of the limits that narrow a mention, be it kept or not."""
    piece, limits, mentions = found.segment, found.limits, found.mentions
    text = found.text
    n = len(mentions)
    starts = [mention.start for mention in mentions]
    starts += [limit.quantity.start if limit.is_time else limit.first for limit in limits]
    ends = [mention.end for mention in mentions] + [limit.quantity.end for limit in limits]
    asked = [
        provisos.demanded(piece, text, start, end, turns)
        for start, end, turns in zip(starts, ends, found.turns, strict=True)
    ]
    demands = [
        (provisos.turned(demand, turns) if i < n else demand) or effective(piece, text, turns)
        for i, (demand, turns) in enumerate(zip(asked, found.turns, strict=True))
    ]
    for i, limit in enumerate(limits):
        if not limit.is_time and narrowing.tells_when(text, limit, limits):
            demands[n + i] = "describe"
        elif demands[n + i] == OF_SECTION[piece.section] and narrowing.is_itself_permitted(text, limit):
            demands[n + i] = "permit"
    for i, limit in enumerate(limits):
        if demands[n + i] != "permit" and narrowing.only_describes(
            text, limit, limits, included=piece.section == "inclusion"
        ):
            demands[n + i] = "describe"
    of_limits = demands[n:]
    narrowing.link_provisos(text, limits, of_limits)
    demands[n:] = of_limits
    settle(text, limits, found.conditions)
    narrowing.link_scales(text, limits, mentions)
    narrowing.link_beside(text, limits, mentions)
    bind_as_what_they_define(text, limits, mentions, demands)
    narrowing.choose_between_target_and_condition(
        text, limits, mentions, [demand == "permit" for demand in demands[:n]]
    )
    forbidden = [demands[n + i] == "forbid" for i in range(len(limits))]
    find_groups(text, limits, forbidden)
    group_windows(text, limits, forbidden)
    if piece.children is None:
        group_listed(text, limits, mentions, [demand == "forbid" for demand in demands], piece.section == "exclusion")
    order = sorted(range(len(limits)), key=lambda i: (limits[i].quantity.start, limits[i].span or (0, 0)))
    ids = {i: f"{piece.criterion_id}c{place}" for place, i in enumerate(order, 1)}
    names = {i: f"{piece.criterion_id}m{place}" for place, i in enumerate(range(n), 1)}
    permissions.permit_what_need_not_be(text, limits, mentions, demands)
    if piece.section == "inclusion":
        permissions.permit_what_may_remain(text, limits, mentions, demands)
    else:
        permissions.permit_who_has_a_duty(text, mentions, demands)
    for i, mention in enumerate(mentions):
        mention.exception_to = exceptions.exempted(found.turns[i], mention.start, mentions, limits, i, demands)
        if mention.exception_to is None and demands[i] == "permit" and piece.section == "exclusion":
            mention.exception_to = exceptions.lifted_by_permission(mention, mentions, demands)
    permissions.permit_what_is_to_be_stopped(text, mentions, demands)  # this lifts nothing
    exceptions.lift_earlier(limits, mentions, demands)
    for i, limit in enumerate(limits):
        if limit.is_time and not any(turn.category == "EXCEPTION" for turn in found.turns[n + i]):
            exceptions.aim_at_the_whole(text, i, limits, mentions, found.turns)
    narrowing.link_to_excepted(text, limits, mentions, [demand == "permit" for demand in demands[n:]])
    if piece.section == "inclusion" and " or " in text:
        group_alternatives(text, limits, mentions, [demand == "require" for demand in demands])
    row_ids = [names[i] if only == "all" else None for i in range(n)] + [ids[i] for i in range(len(limits))]
    rows = []
    for i in order:
        limit, turns = limits[i], found.turns[n + i]
        case = Case(
            piece,
            text,
            limit,
            demands[n + i],
            [demands[m] for m in limit.events],
            [demands[n + k] for k in limit.narrows],
            asked=asked[n + i] is not None,
            lasts=lasts_without(limit, turns, mentions),
            excepted=any(turn.category == "EXCEPTION" for turn in turns)
            or any(mentions[m].exception_to is not None for m in limit.events),
            negated=any(turn.category == "NEGATED" and 0 <= limit.quantity.start - turn.end < NEAR for turn in turns),
        )
        requirement = of_limit(case)
        targets = tuple(ids[k] for k in limit.narrows) + tuple(names[m] for m in limit.events if only == "all")
        exception = ids[limit.exception_to] if limit.exception_to is not None else None
        if exception is None and not limit.events and not limit.narrows:
            lifted = exceptions.lifted_by_limit(piece, limit, turns, mentions, limits, n + i, demands)
            exception = row_ids[lifted] if lifted is not None else None
        rows.append(
            _constraint(
                trial,
                piece,
                limit,
                ids[i],
                targets,
                exception,
                requirement,
                turns,
                attributes,
                raw,
                before,
            )
        )
    said = [
        _mention(trial, piece, mention, row_ids, i, found, demands[i], raw)
        for i, mention in enumerate(mentions)
        if only == "all"
    ]
    return rows, said, {ids[i] for i, limit in enumerate(limits) if limit.events}


def _constraint(
    trial: Trial,
    piece: Segment,
    limit: Limit,
    id: str,
    targets: tuple[str, ...],
    exception: str | None,
    requirement: Requirement,
    turns: Sequence[Turn],
    attributes: Mapping[str, Attribute],
    raw: str,
    before: dict[str, Parsed],
) -> Constraint:
    q = limit.quantity
    attribute = attributes.get(limit.attribute or "")
    start, end = raw_span(piece, q.start, q.end)
    words: tuple[int, int] | None = None
    if limit.span and not limit.inherited:
        words = raw_span(piece, *limit.span)
    elif limit.span:
        words = _parent_span(before, piece, limit.span)
    low, high = canonical.number(q.low), canonical.number(q.high)
    reported = canonical.in_reporting_unit(limit, attribute)
    eligible = canonical.eligible(limit, attribute, requirement, reported, targets)
    anchor = raw_span(piece, *limit.anchor_span) if limit.anchor_span else None
    condition = raw_span(piece, *limit.condition) if limit.condition else None
    negation = next((turn for turn in turns if turn.category == "NEGATED"), None)
    cue = negation.words if negation else None
    return Constraint(
        trial_id=trial.trial_id,
        criterion_id=piece.criterion_id,
        constraint_id=id,
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
        anchor_text=raw[slice(*anchor)] if anchor else None,
        targets=targets,
        condition=raw[slice(*condition)] if condition else None,
        condition_id=limit.condition_id,
        exception_to=exception,
        group=limit.group,
        negated=negations(turns) % 2 == 1,
        negation_cue=cue,
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
        rule=limit.rule,
        confidence=0.0,  # known when the whole trial has been read
    )


def _parent_span(before: dict[str, Parsed], piece: Segment, span: tuple[int, int]) -> tuple[int, int] | None:
    parent = before.get(piece.parent_id or "")
    return raw_span(parent.segment, *span) if parent is not None else None


PAST = re.compile(r"(?:previous|prior|past|former)\b", re.I)


def _mention(
    trial: Trial,
    piece: Segment,
    mention: Said,
    row_ids: Sequence[str | None],
    index: int,
    found: Read,
    requirement: Requirement,
    raw: str,
) -> Mention:
    start, end = raw_span(piece, mention.start, mention.end)
    turns = found.turns[index]
    categories = {turn.category for turn in turns}
    cues = [turn.words for turn in turns]
    own = piece.text[mention.start : mention.end]
    condition = raw_span(piece, *mention.condition) if mention.condition else None
    return Mention(
        trial_id=trial.trial_id,
        criterion_id=piece.criterion_id,
        mention_id=row_ids[index] or "",
        label=mention.label,  # type: ignore[arg-type]
        text=raw[start:end],
        start=start,
        end=end,
        concept=mention.concept,
        negated=negations(turns) % 2 == 1,
        historical="HISTORICAL" in categories or PAST.match(own) is not None,
        hypothetical="HYPOTHETICAL" in categories,
        family="FAMILY" in categories,
        uncertain="UNCERTAIN" in categories,
        cue="; ".join(cues) or None,
        condition=raw[slice(*condition)] if condition else None,
        condition_id=mention.condition_id,
        exception_to=row_ids[mention.exception_to] if mention.exception_to is not None else None,
        group=mention.group,
        narrowed=tuple(id for i in mention.narrowed if (id := row_ids[len(found.mentions) + i])),
        requirement=requirement,
        rule=mention.rule,
    )


def _left_digits(
    trial: Trial,
    piece: Segment,
    raw: str,
    rows: Sequence[Constraint],
    mentions: Sequence[Mention],
    loose: Sequence[Loose] = (),
) -> list[Numeral]:
    """The digits of a criterion that no constraint, attribute or mention covers, each with its reason."""
    if DIGIT.search(piece.text) is None:
        return []
    covered = [(row.start, row.end) for row in rows] + [(m.start, m.end) for m in mentions]
    covered += [
        (row.attribute_start, row.attribute_end)
        for row in rows
        if row.attribute_start is not None and row.attribute_end is not None
    ]
    covered.sort(reverse=True)
    reasons = {at: apart.reason for apart in reversed(loose) for at in range(apart.start, apart.end)}
    out = []
    reach = 0  # the furthest end of what begins before the digits: one walk, however many rows there are
    for match in DIGITS.finditer(piece.text):
        start, end = raw_span(piece, *match.span())
        while covered and covered[-1][0] <= start:
            reach = max(reach, covered.pop()[1])
        if end > reach:
            reason = reasons.get(match.start(), "unread")
            out.append(Numeral(trial.trial_id, piece.criterion_id, raw[start:end], start, end, reason))
    return out
