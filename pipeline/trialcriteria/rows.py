"""From what was found in a criterion to rows: ids, raw offsets, canonical values, what a patient must satisfy.

The effective requirement follows section, negation, permission and exception (the table in the reading rules);
`eligible_*` is the stated limit where it is required and its complement where it is forbidden.
"""

import hashlib
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal, NamedTuple, cast

from spacy.language import Language

from trialcriteria import lexicon as lexicons
from trialcriteria.components.constraints import Hit, Limit
from trialcriteria.components.context import Context, Turn, find_turns, statement
from trialcriteria.components.mentions import Said
from trialcriteria.components.names import Loose
from trialcriteria.components.step import Step
from trialcriteria.components.windows import TEST_WORDS, parent_comparator
from trialcriteria.criteria import raw_span, segment
from trialcriteria.lexicon import Attribute, Lexicon
from trialcriteria.logic import find_groups, group_listed, group_windows
from trialcriteria.nlp import STEPS
from trialcriteria.records import (
    Constraint,
    Criterion,
    Mention,
    Numeral,
    Operator,
    Reason,
    Requirement,
    Segment,
    Status,
    Trial,
    TrialRow,
    TrialTables,
)
from trialcriteria.units import convert

Only = Literal["all", "constraints"]
DIGITS = re.compile(r"\d+|[①-⑳⑴-⑽❶-❿]")
PLAIN_SIGNS = str.maketrans(  # full-width signs read as plain ones; one for one, so that offsets stay
    "（）［］：，；、．。～＜＞＝≧≦％＋－／　“”’‘０１２３４５６７８９"
    "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ\xa0\u2009\u202f",
    "()[]:,;,..~<>=≥≤%+-/ \"\"''0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ   ",
)
DAY = "d"
MOST_CHARACTERS = 20_000  # of one criterion: a longer one is no criterion but a document without structure
FLIP: dict[str, Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "between": "outside", "outside": "between"}
TURNED: dict[Requirement, Requirement] = {
    "require": "forbid",
    "forbid": "require",
    "permit": "permit",
    "describe": "describe",
}
AFTER_ANCHORS = frozenset({"last_dose", "study_end", "treatment_end"})
LEADS = re.compile(r"\b(?:following|any of|one of|these|criteria|conditions)\b|^\s*$", re.I)
WHOLE_LIST = re.compile(
    r"\b(?:meet|meeting|meets|fulfil|fulfill|fulfilling|satisfy|satisfying|comply|complying|none of|failure|"
    r"recovered)\b",
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


def read_trial(nlp: Language, trial: Trial, only: Only = "all") -> TrialTables:
    """Everything that `trial` says, as rows of the five tables.

    `only="constraints"` leaves the mentions out, and with them what they target.
    """
    knowledge = _knowledge(nlp)
    raw = trial.eligibility_text
    criteria: list[Criterion] = []
    constraints: list[Constraint] = []
    mentions: list[Mention] = []
    numerals: list[Numeral] = []
    steps = [cast(Step, nlp.get_pipe(name)) for name in STEPS]
    before: dict[str, Parsed] = {}
    defined: dict[str, tuple[str, str]] = {}
    inherited: dict[str, list[Turn]] = {}
    named: dict[str | None, list[Hit]] = {}  # by heading: many criteria stand below one
    for piece in segment(raw, trial.fields):
        if piece.language != "en" or len(piece.text) > MOST_CHARACTERS:
            too_long: Status = "unread" if piece.language == "en" else "unsupported_language"
            criteria.append(_criterion(trial, piece, too_long))
            numerals += _left_digits(trial, piece, raw, [], [])
            continue
        text = piece.text.translate(PLAIN_SIGNS)
        parent = before.get(piece.parent_id or "")
        if piece.heading not in named:
            named[piece.heading] = _heading_subject(nlp, piece.heading, knowledge)
        data: dict[str, Any] = {
            "defined": defined,
            "subject": _subject(parent, knowledge) or named[piece.heading],
            "leading": parent_comparator(parent.text) if parent is not None else None,
        }
        for step in steps:
            step.read(text, data)
        before[piece.criterion_id] = Parsed(piece, text, data)
        said, limits, turns = statement(data)
        above = inherited.get(piece.parent_id or "", [])
        inherited[piece.criterion_id] = above + _lead(text, piece, nlp)
        n = len(said)
        own = turns[:n] + [
            [turn for turn in turns[n + i] if _turns_limit(text, turn, limit, limits)] for i, limit in enumerate(limits)
        ]
        found = Read(piece, text, limits, said, [mine + above for mine in own])
        rows, ments = _rows(trial, found, knowledge, raw, before, only)
        constraints += rows
        mentions += ments
        left = _left_digits(trial, piece, raw, rows, ments, data["loose"])
        numerals += left
        status: Status = "read" if rows or ments else "unread"
        if any(n.reason == "unread" for n in left):
            status = "partial" if rows or ments else "unread"
        criteria.append(_criterion(trial, piece, status))
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


def _knowledge(nlp: Language) -> Lexicon:
    files = nlp.meta.get("lexicon_files", [])
    return lexicons.load(files)


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


def _subject(parent: Parsed | None, knowledge: Lexicon) -> list[Hit]:
    """The measures of the parent bullet that its children's bare limits are about: those it names without a limit."""
    if parent is None:
        return []
    data = parent.data
    if data.get("limits"):
        return []
    own: list[Hit] = [
        (t.id, (t.start, t.end))
        for t in data["terms"]
        if t.group == "measure" and not knowledge.attributes[t.id].levels
    ]
    return own[-4:] or list(data.get("subject", []))


def _turns_limit(text: str, turn: Turn, limit: Limit, limits: Sequence[Limit]) -> bool:
    """Whether a cue reaches a limit: "do not meet …" reaches a whole list, "no" only what follows at once.

    A permission behind ("≤ 5 x ULN is acceptable") is about the last limit in front of it.
    """
    if turn.category in ("PERMIT", "PROHIBIT") and turn.start >= limit.quantity.end:
        return not any(
            limit.quantity.end <= other.quantity.start and other.quantity.end <= turn.start
            for other in limits
            if not other.is_time
        )
    if turn.category != "NEGATED" or WHOLE_LIST.search(turn.words) or limit.is_time:
        return True
    start = limit.quantity.start
    if limit.span and not limit.inherited and turn.end <= limit.span[0]:
        start = min(start, limit.span[0])
    between = text[turn.end : start]
    return turn.end <= start and len(between) < 40 and not re.search(r"[,;:.()]|\b(?:and|or|if|with|who)\b", between)


def _heading_subject(nlp: Language, heading: str | None, knowledge: Lexicon) -> list[Hit]:
    """The measure that a label names for the bare limits below it ("Life expectancy:", then "More than 6 months")."""
    if heading is None or len(heading) > 40:
        return []
    data: dict[str, Any] = {}
    cast(Step, nlp.get_pipe("trialcriteria_terms")).read(heading, data)
    ids = dict.fromkeys(t.id for t in data["terms"] if t.group == "measure")
    named: list[Hit] = [(id, None) for id in ids if not knowledge.attributes[id].levels]
    return named[:1]


def _lead(read: str, piece: Segment, nlp: Language) -> list[Turn]:
    """The cues of a parent bullet that govern its children ("do not meet any of the following:")."""
    if piece.children is None:
        return []
    text = piece.text.rstrip(" :")
    if not text:
        return []
    context = cast(Context, nlp.get_pipe("trialcriteria_context"))
    last = re.search(r"\S+$", text)
    if last is None or not context.gate.search(text):
        return []
    turns = find_turns(nlp.make_doc(read), [last.span()], context.context)[0]
    return [
        turn for turn in turns if turn.category in ("NEGATED", "EXCEPTION", "FAMILY") and LEADS.search(text, turn.end)
    ]


def _rows(
    trial: Trial, found: Read, knowledge: Lexicon, raw: str, before: dict[str, Parsed], only: Only
) -> tuple[list[Constraint], list[Mention]]:
    piece, limits, mentions = found.segment, found.limits, found.mentions
    text = found.text
    n = len(mentions)
    starts = [mention.start for mention in mentions] + [limit.first for limit in limits]
    ends = [mention.end for mention in mentions] + [limit.quantity.end for limit in limits]
    requirements = [
        _demanded(piece, text, start, end) or _requirement(piece, text, turns)
        for turns, start, end in zip(found.turns, starts, ends, strict=True)
    ]
    for i, limit in enumerate(limits):
        if not limit.is_time and _tells_when(text, limit, limits):
            requirements[n + i] = "describe"
    _link_scales(text, limits, mentions)
    _link_beside(text, limits, mentions)
    forbidden = [requirements[n + i] == "forbid" for i in range(len(limits))]
    find_groups(text, limits, forbidden)
    group_windows(text, limits, forbidden)
    if piece.children is None:
        group_listed(text, limits, mentions, forbidden)
    order = sorted(range(len(limits)), key=lambda i: (limits[i].quantity.start, limits[i].span or (0, 0)))
    ids = {i: f"{piece.criterion_id}c{place}" for place, i in enumerate(order, 1)}
    names = {i: f"{piece.criterion_id}m{place}" for place, i in enumerate(range(n), 1)}
    _lift_earlier(limits, requirements[n:])
    for i, mention in enumerate(mentions):
        mention.exception_to = _exempted(found.turns[i], mention.start, found, i, requirements)
    row_ids = [names[i] if only == "all" else None for i in range(n)] + [ids[i] for i in range(len(limits))]
    rows = []
    for i in order:
        limit = limits[i]
        requirement = _limit_requirement(
            piece,
            limit,
            requirements[n + i],
            [requirements[m] for m in limit.events],
            [requirements[n + k] for k in limit.narrows],
            text,
        )
        targets = tuple(ids[k] for k in limit.narrows) + tuple(names[m] for m in limit.events if only == "all")
        exception = ids[limit.exception_to] if limit.exception_to is not None else None
        if exception is None and not limit.events and any(t.category == "EXCEPTION" for t in found.turns[n + i]):
            lifted = _exempted(found.turns[n + i], limit.quantity.start, found, n + i, requirements)
            exception = row_ids[lifted] if lifted is not None else None
        rows.append(
            _constraint(
                trial, piece, limit, ids[i], targets, exception, requirement, found.turns[n + i], knowledge, raw, before
            )
        )
    said = [
        _mention(trial, piece, mention, row_ids, i, found, requirements[i], raw)
        for i, mention in enumerate(mentions)
        if only == "all"
    ]
    return rows, said


LEADS_A_CONDITION = re.compile(
    r"\b(?:if|when|where|(?:patients|participants|subjects|those|women|men|children|adults)\s+(?:with|aged?|over|under|"
    r"whose|who are|who have))\s+(?:the\s+|a\s+|baseline\s+|total\s+|aged?\s+)*$",
    re.I,
)


def _tells_when(text: str, number: Limit, limits: Sequence[Limit]) -> bool:
    """Whether a limit only says when another one holds ("< 70 % if albumin > 3 g/dL"); then the condition is laid out.

    The condition of the limit in front holds the number that tells when, and the number has none of its own.
    """
    led = LEADS_A_CONDITION.search(text, max(0, number.first - 60), number.first)
    if led is None:
        return False
    before = [other for other in limits if other.quantity.end <= led.start()]
    if not before:
        after = any(other.quantity.start >= number.quantity.end for other in limits)
        if not after or re.match(r"(?:if|when|where)", led[0], re.I) is None:
            return False
        number.condition = number.condition_id = number.exception_to = None
        return True
    last = max(before, key=lambda other: other.quantity.end)
    if re.search(r"[;.]\s", text[last.quantity.end : led.start()]) or led.start() - last.quantity.end >= 60:
        return False
    number.condition = number.condition_id = number.exception_to = None
    opening = OPENS_A_CONDITION.search(text, max(0, led.start() - 8), led.start())
    for other in limits:
        if other.quantity.start == last.quantity.start:
            other.condition = (opening.start() if opening else led.start(), number.quantity.end)
    return True


OPENS_A_CONDITION = re.compile(r"(?:for|in|of)\s+(?:the\s+)?$")


def _lift_earlier(limits: Sequence[Limit], requirements: Sequence[Requirement]) -> None:
    """ "> 1.5 x ULN (isolated > 1.5 x ULN is acceptable …)": what is permitted lifts the limit on the same measure."""
    for i, limit in enumerate(limits):
        if requirements[i] != "permit" or limit.exception_to is not None or limit.attribute is None:
            continue
        earlier = [
            k for k in range(i) if limits[k].attribute == limit.attribute and requirements[k] in ("require", "forbid")
        ]
        if earlier:
            limit.exception_to = earlier[0]


PERMITTED_IF = re.compile(
    r"(?<!not )(?<!not be )\b(?:allowed|permitted|acceptable|accepted|eligible|OK|fine|no exclusion|"
    r"not (?:be )?excluded|not an exclusion|"
    r"(?:may|can) (?:enter|participate|join|enroll|be (?:enrolled|included|eligible)))\b[^.;]{0,60}?"
    r"\b(?:if|when|provided|as long as)\b",
    re.I,
)
OBLIGED = re.compile(
    r"\b(?:must|should|needs? to|has to|have to) (?:be|have been|have had|have a|undergo|show)\b(?! (?:excluded|no\b))",
    re.I,
)
PROVIDED_BEHIND = re.compile(r"[^.;,]{0,15}\bprovided\b\s*(?:[).;,]|$)|[^.;,]{0,30}\b(?:is|are) required\b", re.I)
SENTENCE = re.compile(r"[;]|[.](?=\s)|\s--?\s")


def _demanded(piece: Segment, text: str, start: int, end: int) -> Requirement | None:
    """Among reasons for exclusion, what must nevertheless hold: "allowed if …", "must have been …", "… provided".

    Within the sentence, and within the brackets, that say so.
    """
    if piece.section != "exclusion":
        return None
    begin = max((found.end() for found in SENTENCE.finditer(text, 0, start)), default=0)
    front = re.sub(r"\([^()]*\)", " ", text[begin:start])
    said = [found for rule in (PERMITTED_IF, OBLIGED) for found in rule.finditer(front)]
    if any("," not in front[found.end() :] or found.re is PERMITTED_IF for found in said):
        return "require"
    return "require" if PROVIDED_BEHIND.match(text, end) else None


def _requirement(piece: Segment, text: str, turns: Sequence[Turn]) -> Requirement:
    """Require, forbid, permit or describe: from the section and the cues that govern a statement."""
    base: Requirement = {"inclusion": "require", "exclusion": "forbid", "other": "describe"}[piece.section]  # type: ignore[assignment]
    if base == "describe":
        return base
    categories = [turn.category for turn in turns]
    negations = _negations(turns)
    if "EXCEPTION" in categories or "PERMIT" in categories:
        return "permit"
    if "PROHIBIT" in categories:
        return "forbid"
    if negations % 2:
        if piece.section == "exclusion" and re.match(r"\W*no\b", text, re.I) and turns[0].start <= 3:
            return "forbid"
        return TURNED[base]
    return base


def _negations(turns: Sequence[Turn]) -> int:
    return sum(turn.category == "NEGATED" for turn in turns)


def _exempted(
    turns: Sequence[Turn], start: int, found: Read, own: int | None, requirements: Sequence[Requirement]
) -> int | None:
    """What an exception lifts: the nearest mention or limit in front of its cue (mentions first, then limits).

    Windows, and whatever else narrows a mention, go with that mention.
    """
    cue = next((turn for turn in turns if turn.category == "EXCEPTION"), None)
    if cue is None or cue.start > start:
        return None
    n = len(found.mentions)
    ends = [(m.end, i) for i, m in enumerate(found.mentions) if i != own]
    ends += [
        (limit.quantity.end, n + i)
        for i, limit in enumerate(found.limits)
        if not limit.events and not limit.narrows and not limit.is_time
    ]
    before = [(end, -i) for end, i in ends if end <= cue.start and requirements[i] in ("forbid", "require")]
    return -max(before)[1] if before else None


def _limit_requirement(
    piece: Segment,
    limit: Limit,
    own: Requirement,
    events: Sequence[Requirement],
    narrowed: Sequence[Requirement],
    text: str,
) -> Requirement:
    if own == "permit" and limit.exception_to is not None and limit.condition and piece.section == "inclusion":
        return "require"  # "≤ 5 x ULN is acceptable if …" replaces the limit before
    if limit.is_time:
        if (limit.anchor in AFTER_ANCHORS and limit.direction == "after") or limit.anchor == "last_menses":
            return "describe"
        if own == "permit" and limit.exception_to is None and not narrowed and "permit" not in events:
            return own
        if narrowed:
            return narrowed[0]
        if limit.kind == "duration" and own == "require" and piece.section == "exclusion":
            return own  # "not stable for at least 4 weeks"
        if limit.rule == "washout" and own == "permit":
            return "require"
        if not events and limit.span and TEST_WORDS.search(text, *limit.span):
            return "describe"
        if events and events[0] != own and "permit" not in events:
            return events[0]
        if events and limit.rule == "washout":
            return "require" if events[0] == "permit" else events[0]
    return own


def _link_scales(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """A class or grade beside a condition narrows it: "NYHA class II or worse congestive heart failure"."""
    for number, limit in enumerate(limits):
        if limit.kind == "scale" and limit.levels and limit.attribute != "resection_class" and not limit.events:
            start = limit.first
            end = max(limit.quantity.end, limit.span[1] if limit.span else 0)
            for i, mention in enumerate(mentions):
                behind, front = text[end : mention.start], text[mention.end : start]
                if (
                    mention.start >= end
                    and re.fullmatch(r"[\s)]*(?:or (?:greater|higher|worse|above)\s*)?(?:of the|of)?\s*", behind)
                ) or (
                    mention.end <= start
                    and re.fullmatch(
                        r"[\s,(:-]*(?:of|with|\([A-Z]{2,6}\)|\(?defined as|classified as|by|greater than|at "
                        r"least)?[\s,(]*(?:a|the)?\s*",
                        front,
                    )
                ):
                    limit.events = [i]
                    mention.narrowed.append(number)
                    break
        elif limit.attribute in ("resection_margin", "resection_class") and not limit.events:
            near = [
                i
                for i, m in enumerate(mentions)
                if "resect" in text[m.start : m.end].lower() and m.end <= limit.quantity.start
            ]
            if near:
                limit.events = [near[-1]]
                mentions[near[-1]].narrowed.append(number)


BESIDE = re.compile(
    r"\s*(?:\((?:\s*(?:[A-Z][A-Za-z-]{1,7}|i\.e\.,?|e\.g\.,?|defined as|with|a|an))?\s*|:\s*(?:an?\s+)?"
    r"(?:(?:fall|drop|rise|increase|decrease) (?:of|in)\s*)?|,?\s*"
    r"(?:(?:as )?defined (?:as|by)|i\.e\.,?|of at least|with|of)\s+(?:an?\s+|the\s+)?)",
    re.I,
)
ORGAN_LEADS = re.compile(r"\b(?:function|haematolog\w*|hematolog\w*|laborator\w*|values?|tests?)\W*$", re.I)


def _link_beside(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """A limit right behind a condition or treatment narrows it: "hypertension (SBP ≥ 180)", "HIV with CD4 < 350".

    So do the limits that share the brackets with it. Organ functions are no conditions: their limits stand alone.
    """
    for index, mention in enumerate(mentions):
        if ORGAN_LEADS.search(text[mention.start : mention.end]):
            continue
        joint = BESIDE.match(text, mention.end)
        if not joint:
            continue
        stop = len(text)
        if joint[0].lstrip().startswith("("):
            stop = text.find(")", joint.end())
            stop = len(text) if stop < 0 else stop
        first = joint.end()
        for number, limit in enumerate(limits):
            begin = limit.first
            if limit.is_time or limit.kind in ("age", "life_expectancy") or limit.inherited or begin < first:
                continue
            inside = stop < len(text) and limit.quantity.end <= stop
            if begin - first > (60 if inside else 3) or any(first <= other.start < begin for other in mentions):
                continue
            if not limit.events and not limit.narrows:
                limit.events = [index]
                mention.narrowed.append(number)


def _constraint(
    trial: Trial,
    piece: Segment,
    limit: Limit,
    id: str,
    targets: tuple[str, ...],
    exception: str | None,
    requirement: Requirement,
    turns: Sequence[Turn],
    knowledge: Lexicon,
    raw: str,
    before: dict[str, Parsed],
) -> Constraint:
    q = limit.quantity
    attribute = knowledge.attributes.get(limit.attribute or "")
    start, end = raw_span(piece, q.start, q.end)
    words: tuple[int, int] | None = None
    if limit.span and not limit.inherited:
        words = raw_span(piece, *limit.span)
    elif limit.span:
        words = _parent_span(before, piece, limit.span)
    low, high = _number(q.low), _number(q.high)
    canonical = in_reporting_unit(limit, attribute)
    eligible = _eligible(limit, attribute, requirement, canonical, targets)
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
        canonical_low=canonical[0],
        canonical_high=canonical[1],
        canonical_unit=canonical[2],
        reference=q.reference,  # type: ignore[arg-type]
        window_direction=limit.direction,  # type: ignore[arg-type]
        anchor=limit.anchor,
        anchor_text=raw[slice(*anchor)] if anchor else None,
        targets=targets,
        condition=raw[slice(*condition)] if condition else None,
        condition_id=limit.condition_id,
        exception_to=exception,
        group=limit.group,
        negated=_negations(turns) % 2 == 1,
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
        confidence=_confidence(limit),
    )


def _parent_span(before: dict[str, Parsed], piece: Segment, span: tuple[int, int]) -> tuple[int, int] | None:
    parent = before.get(piece.parent_id or "")
    return raw_span(parent.segment, *span) if parent is not None else None


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


Canonical = tuple[float | None, float | None, str | None]


def in_reporting_unit(limit: Limit, attribute: Attribute | None) -> Canonical:
    """Both bounds in the attribute's reporting unit; (None, None, None) where the unit is not known."""
    q = limit.quantity
    low, high = _number(q.low), _number(q.high)
    if limit.levels is not None or (low is None and high is None):
        return None, None, None
    if q.reference in ("ULN", "LLN", "baseline", "predicted"):
        scale = 0.01 if q.unit == "%" else 1.0
        return _scaled(low, scale), _scaled(high, scale), f"{{{q.reference}}}"
    if limit.is_time:
        to = DAY if q.unit != "{half_life}" else "{half_life}"
        return _converted(low, high, q.unit, to, None)
    if attribute is None or not attribute.units:
        return (low, high, q.unit) if q.unit else (None, None, None)
    if attribute.range is not None and q.unit == "%":  # "Karnofsky ≥ 70 %" means points
        return low, high, "{score}"
    unit = q.unit or _assumed_unit(attribute, low if low is not None else high)
    if unit is None:
        return None, None, None
    return _converted(low, high, unit, attribute.units[0], attribute)


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else round(value * factor, 10)


def _converted(
    low: float | None, high: float | None, unit: str | None, to: str, attribute: Attribute | None
) -> Canonical:
    if unit is None:
        return None, None, None
    mass, valence = (attribute.molar_mass, attribute.valence) if attribute else (None, 1)
    ends = [None if x is None else convert(x, unit, to, molar_mass=mass, valence=valence) for x in (low, high)]
    if all(end is None for end in ends):
        return (low, high, unit) if attribute is None else (None, None, None)
    return *(None if end is None else float(f"{end:.12g}") for end in ends), to  # type: ignore[return-value]


def _assumed_unit(attribute: Attribute, value: float | None) -> str | None:
    """The one unit in which a bare number is plausible."""
    if value is None:
        return None
    if attribute.range is not None or (len(attribute.assumed) == 1 and attribute.plausible is None):
        return attribute.assumed[0] if attribute.assumed else None
    if attribute.kind in ("count", "lesion") and attribute.units[0].startswith("{"):
        return attribute.units[0]
    if attribute.plausible is None:
        return None
    fitting: dict[float, str] = {}
    for unit in attribute.assumed:
        there = convert(value, unit, attribute.units[0], molar_mass=attribute.molar_mass, valence=attribute.valence)
        if there is not None and attribute.plausible[0] <= there <= attribute.plausible[1]:
            fitting.setdefault(round(there, 6), unit)
    return next(iter(fitting.values())) if len(fitting) == 1 else None


Eligible = tuple[Operator | None, float | None, float | None, bool | None, bool | None, tuple[str, ...] | None]
NOTHING: Eligible = (None, None, None, None, None, None)


def _eligible(
    limit: Limit, attribute: Attribute | None, requirement: Requirement, canonical: Canonical, targets: tuple[str, ...]
) -> Eligible:
    """What a patient must satisfy; nothing for rows that do not bind by themselves."""
    q = limit.quantity
    if requirement in ("permit", "describe") or q.operator is None or limit.narrows:
        return NOTHING
    if limit.kind == "time_window" and not targets:
        return NOTHING
    if limit.levels is not None:
        if requirement == "require":
            return "in", None, None, None, None, limit.levels
        if attribute is None or not attribute.closed:
            return NOTHING
        return "in", None, None, None, None, tuple(x for x in attribute.levels if x not in limit.levels)
    low, high, _ = canonical
    if q.operator == "in" or (low is None and high is None):
        return NOTHING
    if requirement == "require":
        return (
            q.operator,
            low,
            high,
            q.low_inclusive if low is not None else None,
            q.high_inclusive if high is not None else None,
            None,
        )  # type: ignore[return-value]
    return complement(q.operator, low, high, q.low_inclusive, q.high_inclusive)


def complement(
    operator: str, low: float | None, high: float | None, low_in: bool | None, high_in: bool | None
) -> Eligible:
    """What is left when a limit is forbidden.

    >>> complement("<", None, 1.0, None, False)
    ('>=', 1.0, None, True, None, None)
    >>> complement("between", 1.0, 2.0, True, False)
    ('outside', 1.0, 2.0, False, True, None)
    """
    if operator in ("<", "<="):
        return FLIP[operator], high, None, operator == "<", None, None
    if operator in (">", ">="):
        return FLIP[operator], None, low, None, operator == ">", None
    if operator == "=":
        return "outside", low, high, False, False, None
    return FLIP[operator], low, high, not low_in, not high_in, None


CONFIDENCE = {
    "measure-then-limit": 0.95,
    "limit-shared-by-list": 0.93,
    "scale-then-levels": 0.95,
    "levels-then-scale": 0.85,
    "age-by-words": 0.93,
    "limit-then-measure": 0.85,
    "further-limit": 0.85,
    "subject-from-parent": 0.85,
    "words-then-limit": 0.6,
    "limit-then-words": 0.55,
    "count-of-words": 0.6,
}


def _confidence(limit: Limit) -> float:
    base = CONFIDENCE.get(limit.rule, 0.8)
    return round(base - min(0.2, limit.distance / 400) - (0.15 if limit.quantity.operator is None else 0.0), 3)


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
        negated=_negations(turns) % 2 == 1,
        historical="HISTORICAL" in categories or bool(re.match(r"(?:previous|prior|past|former)\b", own, re.I)),
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
    covered = [(row.start, row.end) for row in rows] + [(m.start, m.end) for m in mentions]
    covered += [
        (row.attribute_start, row.attribute_end)
        for row in rows
        if row.attribute_start is not None and row.attribute_end is not None
    ]
    out = []
    for match in DIGITS.finditer(piece.text):
        start, end = raw_span(piece, *match.span())
        if any(a <= start and end <= b for a, b in covered):
            continue
        reason: Reason = next((apart.reason for apart in loose if apart.start <= match.start() < apart.end), "unread")
        out.append(Numeral(trial.trial_id, piece.criterion_id, raw[start:end], start, end, reason))
    return out
