"""Events that stand coordinated, and so share a window: "surgery, radiotherapy or chemotherapy within 4 weeks"."""

import re
from collections.abc import Sequence

from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.subjects import clause_bounds

SIBLING = re.compile(
    r"(?:\s|[,/&\]]|\b(?:and|or|and/or|as well as|nor|including|other|any|any other|prior|previous|the|a|an|of|"
    r"use of|(?<=-)containing|(?:forms?|types?|kinds?) of|or to|systemic|local|hepatic|arterial|pump)\b|\([^()]*\))*$",
    re.I,
)
OR_AFTER_A_VERB = re.compile(  # "major surgery or experienced a fracture", "A, an unlisted B, or C"
    r"[\s,]*(?:\([^()]*\)\s*)?(?:,\s*[\w-]+(?:\s+[\w-]+){0,2}\s*)?,?\s*(?:and/or|and\s+or|or)\s+"
    r"(?:(?:who|has|have|been|experienced|received|receiving|undergone|underwent|used|using|taken|taking|suffered|exposed|to|live|"
    r"treated|treatment|participated|in|with|from|of|a|an|any|the|prior|previous)\s+)*$",
    re.I,
)
JOINED = re.compile(  # "radiotherapy, or other significant surgery"
    r"\s*(?:\([^()]*\)\s*|\]\s*|including\s[^.;:()]{3,60}?(?=,\s*(?:and|or)\s))?(?:,|/|&|(?:,\s*)?\b(?:and/or|and|or|nor|as\s+well\s+as)\b)\s*"
    r"(?:(?!(?:for|on|due|to|requiring|within|in|at|who|which|that|unless|except|without|not|no|but|if|when|planned|"
    r"planning|is|are|was|were|be|has|have|had|should|must|may|will|other|excluding|excludes|excepting|current|currently|ongoing|recent|recently|history|evidence|defined|"
    r"subjects?|patients?|participants?)\b)"
    r"[\w/®™-]+\s+){0,4}[(\[]?$",
    re.I,
)
AND_NO = re.compile(r"\s*,?\s*(?:and|or)\s+no\s+(?:other\s+)?", re.I)  # "no transfusion and no G-CSF within 14 days"
NO_SUCH = re.compile(r"\bno\s+(?!(?:prior|previous|history)\b)(?:[\w-]+\s+){0,2}$", re.I)  # "no prior" has no window
SET_OFF = re.compile(r"\s*,\s*(?:and|or)\b", re.I)
AHEAD = re.compile(r"(?:planning|intending|plans?|intends?|desir\w+|wish\w*)\b", re.I)
RECOVERED = re.compile(r"(?:fully\s+)?recover", re.I)
EVER = re.compile(
    r"[\s,(]*(?:ever\b|(?:in\s+(?:a|the|their)\s+)?lifetime\b|at\s+any\s+time\b(?!\s+(?:during|within|since)))", re.I
)
ENDURED = re.compile(r"\b(?:experienced|suffered)\b", re.I)
VARIANTS = frozenset({"variant-window", "further-window"})
DONE = ("treatment", "procedure")


def with_those_in_front(text: str, last: int, mentions: Sequence[Said], limits: Sequence[Limit]) -> list[int]:
    """The mentions coordinated with one of them, `last`, that stand in front of it, and that one."""
    out = [last]
    bounds = clause_bounds(text)
    while out[0] > 0:
        other = mentions[out[0]]
        i = _outside_brackets(text, mentions, out[0] - 1, other.start)
        if i is None or not _are_joined(text, mentions[i], other, limits):
            break
        aside = BRACKET.search(text, mentions[i].end, other.start)
        within = aside.span() if aside else (0, 0)
        if any(mentions[i].end < x <= other.start and not within[0] <= x <= within[1] for x in bounds):
            break
        out.insert(0, i)
    if len(out) > 1 and _stands_alone(text, mentions, out):
        return [last]
    return out


LONGEST_BRACKET = 400
BRACKET = re.compile(r"\([^()]*\)")


def _outside_brackets(text: str, mentions: Sequence[Said], i: int, start: int) -> int | None:
    """The last mention as far as `i` in no bracket that closes before `start`: "drugs (except oral ones), or …"."""
    while i >= 0 and start - mentions[i].end < LONGEST_BRACKET:
        between = text[mentions[i].end : start]
        if ")" not in between.partition("(")[0]:
            return i
        i -= 1
    return None


def _stands_alone(text: str, mentions: Sequence[Said], line: Sequence[int]) -> bool:
    """Whether the last of a line is set off: "gastric ulcer, or stroke within", "pregnant or planning it within"."""
    one, other = mentions[line[-2]], mentions[line[-1]]
    if AHEAD.match(text, other.start):
        return True
    if len(line) > 2 or "treatment" in (one.label, other.label):
        return False
    return SET_OFF.match(text, one.end) is not None and text[other.end : other.end + 1] != ","


def with_those_behind(text: str, first: int, mentions: Sequence[Said], limits: Sequence[Limit]) -> list[int]:
    """One of the mentions, `first`, and those coordinated with it that stand behind it."""
    out = [first]
    announced = text[: mentions[first].start].rstrip().endswith(":")
    while out[-1] + 1 < len(mentions):
        one, other = mentions[out[-1]], mentions[out[-1] + 1]
        listed = announced and one.label == other.label and SEMICOLON.fullmatch(text, one.end, other.start)
        if not listed and not _are_joined(text, one, other, limits):
            break
        out.append(out[-1] + 1)
    return out


SEMICOLON = re.compile(r"\s*;\s*(?:(?:and/or|and|or)\s+)?")  # of a list behind a colon


def _are_joined(text: str, one: Said, other: Said, limits: Sequence[Limit]) -> bool:
    between = _without_limits(text, one.end, other.start, limits)
    if RECOVERED.match(text, other.start):
        return False  # "4 weeks since chemotherapy, and recovered"
    if EVER.match(text, one.end):
        return False  # "suicide attempt ever, or suicidal ideation in the last year"
    if _has_its_window(one, other, limits):
        return False
    if SIBLING.match(between):
        return True
    if AND_NO.fullmatch(between) and one.label in DONE and other.label in DONE:
        return NO_SUCH.search(text, max(0, one.start - 30), one.start) is not None
    if _has_a_time(text, one.end, other.start, limits):
        return False
    return _are_alike(between, one, other) and bool(OR_AFTER_A_VERB.match(between) or JOINED.match(between))


def _has_its_window(one: Said, other: Said, limits: Sequence[Limit]) -> bool:
    """Whether a window is of the first of two alone: "angina (begun within 3 months) or stroke within 6 months"."""
    between = (x for x in limits if x.kind == "time_window" and one.end <= x.quantity.start)
    return any(x.quantity.end <= other.start and x.events and x.rule not in VARIANTS for x in between)


def _has_a_time(text: str, start: int, end: int, limits: Sequence[Limit]) -> bool:
    """Whether a window stands between two mentions: "4 weeks since chemotherapy and 2 weeks since radiotherapy"."""
    times = [x.quantity for x in limits if x.is_time and start <= x.quantity.start and x.quantity.end <= end]
    return any(text.count("(", start, q.start) == text.count(")", start, q.start) for q in times)


def _without_limits(text: str, start: int, end: int, limits: Sequence[Limit]) -> str:
    """What stands between two mentions but for their doses and counts: "prednisone > 10 mg/d or other steroids"."""
    between = text[start:end]
    if not any(character.isdigit() for character in between):
        return between
    for limit in reversed(limits):
        q = limit.quantity
        if not limit.is_time and start <= q.start and q.end <= end:
            between = between[: q.start - start] + between[q.end - start :]
    return between


def _are_alike(between: str, one: Said, other: Said) -> bool:
    """Whether both are things done to a patient, or things that happen: "HIV or received steroids" are not."""
    return one.label == other.label or (one.label in DONE and other.label in DONE) or bool(ENDURED.search(between))
