"""Times in a list whose words stand in front of it: "Washout before day 1: etanercept (4 weeks)".

The words are those of the parent bullet or of the sentence's own beginning; where there are none, a bare time beside
a treatment is how long ago that was, and whether at least or at most is left open.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from trialcriteria.components.amounts import Quantity, rebound
from trialcriteria.components.limits import Limit
from trialcriteria.components.subjects import words_after, words_before
from trialcriteria.components.terms import Term
from trialcriteria.components.windows.cues import Anchor, anchor_behind
from trialcriteria.components.windows.measured import STUDY_ANCHORS

RULE = "time-under-parent"
BELOW_A_PARENT = re.compile(r"[:\-–]\s*(?:[<>≤≥]=?\s*)?$")
FOR_WHAT = re.compile(r"[^.;]{0,60}?\bfor\s+")
BARE_LIST = re.compile(  # nothing but names in front of a time
    r"[\s•*-]*(?:(?!(?:for|within|since|every|of|on|in|with|after|before|until|has|have|is|are|be|been|must|may|last|than|least|"
    r"dose|dosed|cycles?)\b)[A-Za-z][\w-]*+[\s,/・()]*+){1,10}",
    re.I,
)
PARENT_SAYS = (
    (
        ">=",
        re.compile(
            r"wash(?:ed)?-?\s?out|stopped|discontinu|off treatment|elapsed|free of|interval (?:since|from|between)",
            re.I,
        ),
    ),
    ("<=", re.compile(r"\bwithin\b|in the (?:following|specified|stated)|prior to|before|received", re.I)),
)
WASHES_OUT = re.compile(r"\bwash(?:ed)?[- ]?outs?\b", re.I)
COUNTED_FROM = re.compile(
    r"\b(?:counted|counting|calculated|measured)\s+(?:back(?:wards)?\s+)?from\s+(?:the\s+)?", re.I
)
AT_ITS_END = re.compile(
    r"[\s:()]*(?:(?:was\s+|were\s+|is\s+)?not\s+(?:respected|met|completed|observed|kept)[\s:()]*)?"
)
LIST_OPENS = re.compile(r":\s|\s[-–]\s")
LEADS = re.compile(  # "the following medications within the stated time prior to visit 1: A (12 weeks); B (6 weeks)"
    r"\b(?:following|these|listed|below|specified|stated|defined|periods?|intervals?|wash(?:ed)?[- ]?outs?)\b", re.I
)
SENTENCE_ENDS = re.compile(r"\.\s+[A-Z]")
BRACKETED = re.compile(r"\([^()]*\)\s*[.;,]?\s*$")
SET_OFF = re.compile(r"\s*[(\[:–-]?\s*")
ENDS = re.compile(r"\s*(?:[)\];,.]|$|(?:or|and|before|prior)\b|\((?:unless|except|if)\b)")
COLON = re.compile(r":\s*$")
LASTS = re.compile(r"\b(?:duration|length|time|course|period)\s+(?:of\s+)?(?:the\s+)?$", re.I)
BESIDE = re.compile(r"\s*(?:(?:therap(?:y|ies)|treatments?|inhibitors?|drugs?|agents?|products?|use)\s*)?[(\[:–-]?\s*")

NEXT_BRACKETED = re.compile(  # of "nitrosoureas (6 weeks) or antibodies (12 weeks)", what stands between the times
    r"\s*\)\s*[,;]?\s*(?:(?:and/or|or|and)\s+)?(?P<who>(?:(?!(?:for|within|since|every|of|on|in|with|after|before|until|if|has|have|is|"
    r"are|be|must|may|or|and|unless|except|last|than|dose)\b)[A-Za-z][\w/-]*\s+){1,5})\(\s*",
    re.I,
)


@lru_cache(maxsize=64)
def parent_comparator(text: str) -> str | None:
    """What a parent bullet says of the bare times below it: "Washout before day 1:" asks for at least so long."""
    return next((sign for sign, words in PARENT_SAYS if words.search(text)), None)


def parent_anchor(text: str, data: Mapping[str, Any]) -> str | None:
    """What a parent bullet counts the times below it from: "Any of the following before the first dose:".

    Not where it dates tests itself: "Adequate function within 7 days before the first dose:".
    """
    terms = data.get("terms", ())
    washout = WASHES_OUT.search(text)
    if not (washout or text.rstrip().endswith(":")) or any(limit.is_time for limit in data.get("limits", ())):
        return None
    if counted := COUNTED_FROM.search(text):
        found = anchor_behind(text, counted.end(), [t for t in terms if t.group == "anchors"])
        return found[0] if found else None
    known = None if washout else STUDY_ANCHORS
    return next((id for id, span in _anchors(terms, text, known) if AT_ITS_END.fullmatch(text, span[1])), None)


def _anchors(terms: Sequence[Term], text: str, known: Collection[str] | None = STUDY_ANCHORS) -> Iterator[Anchor]:
    """The events of the trial that something is said to be before; `known`: none but these."""
    anchors = [t for t in terms if t.group == "anchors"]
    for cue in terms:
        found = anchor_behind(text, cue.end, anchors) if cue.id in ("before after", "of after") else None
        if found and (known is None or found[0] in known):
            yield found


def read_listed(text: str, q: Quantity, leading: str | None, terms: Sequence[Term]) -> Limit | None:
    """A time that only names stand beside, in a list that the parent bullet or the sentence leads to."""
    if leading and (window := _below_a_parent(text, q, leading)):
        return window
    return _below_a_lead(text, q, terms) if ENDS.match(text, q.end) else None


def _window(q: Quantity, span: tuple[int, int], sign: str | None, rule: str = RULE) -> Limit:
    if q.operator is None and sign:
        rebound(q, sign)
    return Limit(q, "time_window", None, span, rule, direction="before", anchor="now")


def _below_a_parent(text: str, q: Quantity, leading: str) -> Limit | None:
    """ "Infliximab, abatacept: ≥ 12 weeks", "12 weeks for CAR-T", "etanercept 4 weeks" below "Washout of biologics"."""
    span = None
    begun = text.rfind(",", 0, q.start) + 1
    least = leading == ">=" and q.is_minimum
    if BELOW_A_PARENT.search(text[: q.number_start]) or (least and COLON.search(text, 0, q.start)):
        span = words_before(text, q.start)
    elif leading == ">=" and not text[: q.start].strip(" -•*"):
        what = FOR_WHAT.match(text, q.end)
        span = words_after(text, what.end()) if what else None
    elif least and BARE_LIST.fullmatch(text, begun, q.start):
        span = words_before(text, q.start, begun)  # "Fludarabine ≥ 8 weeks, bendamustine ≥ 6 months"
    elif (
        q.start == q.number_start
        and (leading == ">=" or BRACKETED.match(text, q.start - 1))
        and BARE_LIST.fullmatch(text, 0, q.start)
    ):
        span = words_before(text, q.start)
    return _window(q, span, leading) if span else None


def _below_a_lead(text: str, q: Quantity, terms: Sequence[Term]) -> Limit | None:
    """The same where the sentence itself leads to the list."""
    said, begun = None, 0
    for opening in LIST_OPENS.finditer(text, 0, q.start):
        words = text[begun : opening.start()]
        begun = opening.end()
        if said is None and LEADS.search(words) and (sign := parent_comparator(words)):
            said = sign, opening.start(), begun
    if said is None or SENTENCE_ENDS.search(text, said[2], q.start):
        return None
    sign, end, first = said
    span = words_before(text, q.start, first)
    if span is None or not SET_OFF.fullmatch(text, span[1], q.start):
        return None
    window = _window(q, (span[0], span[0] + len(text[slice(*span)].rstrip("-–"))), sign)
    window.anchor, window.anchor_span = next((a for a in _anchors(terms, text) if a[1][1] <= end), ("now", None))
    return window


def read_beside(text: str, q: Quantity, terms: Sequence[Term], given: Collection[str]) -> Limit | None:
    """A time that stands alone beside a treatment: "Major surgery: 4 weeks", "Radiation: less than 3 weeks".

    `given`: what the lexicon has of these.
    """
    short = q.is_maximum and COLON.search(text, 0, q.start) is not None
    if (q.stated and not short) or ENDS.match(text, q.end) is None:
        return None
    for term in terms:
        beside = term.group == "mention" and term.id in given and BESIDE.fullmatch(text, term.end, q.start)
        if beside and not LASTS.search(text, max(0, term.start - 20), term.start):
            return _window(q, (term.start, term.end), None, "window-bare")
    return None


def bracketed_next(text: str, last: Limit, q: Quantity) -> tuple[int, int] | None:
    """The words that a time in brackets stands behind, where the time in front of them stands in brackets too."""
    end = last.quantity.end
    if last.kind != "time_window" or q.start != q.number_start or not text.startswith(")", q.end) or q.start - end > 90:
        return None
    said = NEXT_BRACKETED.fullmatch(text, end, q.start)
    return (said.start("who"), said.start("who") + len(said["who"].rstrip())) if said else None
