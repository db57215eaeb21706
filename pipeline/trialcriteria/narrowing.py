"""What narrows what: a class or a limit beside a condition, and a number that only says when another one holds."""

import re
from collections.abc import Sequence

from trialcriteria.components.constraints import Limit
from trialcriteria.components.mentions import Said

LEADS_A_CONDITION = re.compile(
    r"\b(?:if|when|where|(?:patients|participants|subjects|those|women|men|children|adults)\s+(?:with|aged?|over|under|"
    r"whose|who are|who have))\s+(?:the\s+|a\s+|baseline\s+|total\s+|aged?\s+)*$",
    re.I,
)


def tells_when(text: str, number: Limit, limits: Sequence[Limit]) -> bool:
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


def link_scales(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
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


def link_beside(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
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
