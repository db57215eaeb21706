"""How long ago a treatment was, said by its absence: "no transfusion for at least 7 days", "warfarin held for 5 days".

It is a distance from the treatment, which need never have been. A state of being off it ("off steroids for 2 weeks")
stays a duration; what both say is asked of the patient as it stands.
"""

import re
from collections.abc import Sequence

from trialcriteria.components.amounts import rebound
from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.terms import Term
from trialcriteria.components.windows.cues import anchor_behind

RULE = "absence"
ANY = (
    r"(?:(?:any|an?|all|the|other|systemic|prior|previous|further|(?:use|receipt|administration|consumption|intake)\s+of|"
    r"concomitant|concurrent|treatment\s+with|therapy\s+with|(?:need|requirement)\s+(?:for|of)|ongoing|chronic|oral|these|those|this|such|their|other\s+forms?\s+of|forms?\s+of)\s+)*$"
)
OFF = re.compile(rf"\boff\s+(?:of\s+)?{ANY}", re.I)
OFF_TREATMENT = re.compile(  # "off therapy for > 4 weeks", "off all study drugs for less than 6 months"
    r"\b(?P<words>off\s+(?:(?:of|any|all|the|their|study|prior|previous|systemic|active)\s+)*(?:therap(?:y|ies)|treatments?|"
    r"medications?|drugs?))\s+for\s+(?:(?:a|the|at|least|minimum|period|of)\s+)*$",
    re.I,
)
FREE = re.compile(r"[\s-]+free\b", re.I)  # "antidepressant-free for 3 weeks"
ABSENT = re.compile(
    r"\b(?:no|without|free\s+(?:of|from)|independent\s+of|absence\s+of|lack\s+of|neither|nor|"
    r"(?:can)?not\s+(?:have\s+)?(?:been\s+|be\s+)?(?:exposed\s+to|requir\w+|need\w*|receiv\w+|"
    rf"us(?:e|ed|ing)|tak(?:e|en|ing)|on|treated\s+with|undergo\w*|had))\s+(?:[\w-]+(?:ic|al|ive)\s+)?{ANY}",
    re.I,
)
STOPPED = re.compile(
    r"(?:\s+(?:therapy|treatment|use))?,?\s+(?:(?:must|should|have|has|been|was|were|be)\s+)*(?:stopped|discontinued|"
    r"withheld|held|not\s+(?:be|have\s+been)\s+(?:used|taken|given|administered|received))\s+(?:(?:for|since)\s+)?$",
    re.I,
)
TO_STOP = re.compile(  # "willing to discontinue aspirin for", "able to interrupt the intake of NSAIDs for"
    rf"\b(?:stop(?:ped)?|discontinued?|withh[eo]ld(?:ing)?|ceased?|suspend(?:ed)?|interrupt(?:ed)?|h[eo]ld|paused?|forgo|"
    rf"avoid(?:ed)?(?=\s+(?:taking|using|(?:the\s+)?use|intake|consum|excessive)))(?:\s+(?:taking|using))?\s+{ANY}",
    re.I,
)
TOKEN = re.compile(r"[\w-]+")
REFRAINS = re.compile(rf"\b(?:refrain|abstain)(?:s|ed|ing)?\s+from\s+{ANY}", re.I)
AT_LEAST = re.compile(r"least|minimum|more|[≥>]|greater|longer", re.I)
PROVISO = re.compile(r"\b(?:unless|except\w*|provided|allowed|eligible|permitted|may|if)\b", re.I)
BEFORE = re.compile(r"\s*,?\s*(?:before|prior\s+to|preceding)\s", re.I)
LASTS = frozenset({"duration", "duration-of-state", "further-window"})
TO_BE_USED = frozenset({"contraception", "contraceptive_drug"})
DONE = frozenset({"treatment", "procedure"})


def turn_absences(text: str, limits: Sequence[Limit], mentions: Sequence[Said], terms: Sequence[Term]) -> None:
    """Make windows of the durations that say how long a treatment is absent."""
    latest: Limit | None = None
    recent: set[int] = set()  # the durations within which a treatment was absent
    for limit in limits:
        latest, before = limit, latest
        whole = limits[limit.exception_to] if limit.exception_to is not None else None
        if limit.kind == "duration" and whole is not None and whole.rule == RULE and whole.kind == "time_window":
            limit.kind, limit.direction, limit.rule = whole.kind, whole.direction, RULE  # "(6 weeks for mitomycin)"
            limit.anchor, limit.anchor_span = whole.anchor, whole.anchor_span
            continue
        if limit.rule == "variant-window" and limit.kind == "duration" and whole is not None and id(whole) in recent:
            limit.kind, limit.direction = (
                "time_window",
                whole.direction,
            )  # "no G-CSF for 7 days (pegfilgrastim: 14 days)"
            limit.anchor, limit.anchor_span = whole.anchor, whole.anchor_span
            limit.attribute = None
            rebound(limit.quantity, "<=")
            continue
        if limit.kind != "duration" or limit.rule not in LASTS:
            continue
        if not limit.events:
            off = OFF_TREATMENT.search(text, max(0, limit.quantity.start - 80), limit.quantity.start)
            if off:
                limit.span, limit.rule = off.span("words"), RULE
            continue
        if not limit.quantity.is_minimum or any(mentions[i].label not in DONE for i in limit.events):
            continue
        first, last = mentions[limit.events[0]], mentions[limit.events[-1]]
        front = max(0, first.core[0] - 60)
        if OFF.search(text, front, first.core[0]) or FREE.match(text, last.end):
            limit.rule = RULE
        elif before is not None and _goes_on(text, before, limit, first):
            rebound(limit.quantity, before.quantity.operator or "<=")
            _measure(text, limit, terms)
            limit.rule = before.rule
        elif absent := ABSENT.search(text, front, first.core[0]):
            if first.concept in TO_BE_USED and absent[0].lower().startswith(("not", "cannot")):
                continue  # "not on birth control for at least one month": it is its use that lasts
            sure = absent[0].lower().startswith("independent") or PROVISO.search(text, 0, first.start)
            if sure or AT_LEAST.search(text, limit.quantity.start, limit.quantity.end):
                limit.rule = RULE
            else:
                rebound(limit.quantity, "<=")  # "without transfusion for a week": none was within it
                recent.add(id(limit))
            _measure(text, limit, terms)
        elif _is_stopped(text, limit, first, last):
            limit.rule = RULE
            _measure(text, limit, terms)


AND_THEN = re.compile(r"\s*,?\s*(?:and|or)\s+(?:[\w-]+\s+(?:or|and)\s+)?(?:[\w-]+\s+)?")


def _goes_on(text: str, before: Limit, limit: Limit, first: Said) -> bool:
    """ "No oral hormones for 8 weeks and patches for 4 weeks": the second time is of what is absent too."""
    absent = before.kind == "time_window" and before.rule in (RULE, *LASTS) and before.anchor_span is None
    told = absent and ABSENT.search(text, 0, before.span[0] if before.span else before.quantity.start) is not None
    return told and AND_THEN.fullmatch(text, before.quantity.end, first.start) is not None


def _is_stopped(text: str, limit: Limit, first: Said, last: Said) -> bool:
    """ "Warfarin held for 5 days", "to stop aspirin for 7 days", "abstain from grapefruit for 2 weeks before"."""
    q, front = limit.quantity, max(0, first.core[0] - 60)
    if STOPPED.fullmatch(text, last.end, q.start) or _says_to_stop(text, front, first):
        return True
    return BEFORE.match(text, q.end) is not None and REFRAINS.search(text, front, first.core[0]) is not None


def _says_to_stop(text: str, front: int, first: Said) -> bool:
    """Whether "discontinue" and its kin stand in front of a treatment, or begin its own name."""
    own = TOKEN.search(text, *first.core)
    after = own.end() + 1 if own else first.core[0]
    return any(TO_STOP.search(text, front, end) is not None for end in (first.core[0], after))


def _measure(text: str, limit: Limit, terms: Sequence[Term]) -> None:
    """Make a window of the duration, from what stands behind it or else from now."""
    limit.kind, limit.direction, limit.anchor = "time_window", "before", "now"
    before = BEFORE.match(text, limit.quantity.end)
    found = anchor_behind(text, before.end(), [t for t in terms if t.group == "anchors"]) if before else None
    if found:
        limit.anchor, limit.anchor_span = found
