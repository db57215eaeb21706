"""Conditions: the words under which a limit holds ("for men", "if liver metastases are present"), and which limit
replaces which."""

import re
from collections.abc import Sequence
from typing import Any

from spacy.language import Language

from trialcriteria.components.amounts import Quantity
from trialcriteria.components.constraints import Limit
from trialcriteria.components.step import Step
from trialcriteria.components.terms import Term

CONDITION = re.compile(
    r"[\s,;(\[]*(?:or\s+|and\s+|but\s+)?(?P<words>(?:only\s+)?(?:if|in (?:the )?(?:case|cases|event) of|"
    r"in (?:the )?presence of|in those|for those|for (?:patients|subjects|participants|men|women|males|females|"
    r"male|female|boys|girls|adults|children)|"
    r"in (?:patients|subjects|participants|men|women|males|females|male|female|boys|girls|adults|children)|"
    r"among|when|unless|where|without|with (?:documented |known |confirmed )?(?:liver|hepatic|bone|gilbert|"
    r"tumou?r|cancer|brain|metasta)|"
    r"(?:men|women|males|females|male|female|boys|girls)\b|(?:patients|subjects|participants|"
    r"those) with)\b[^.;()\[\]]*)",
    re.I,
)
LEADING = re.compile(
    r"(?P<words>(?:if|in (?:the )?(?:case|cases|event) of|in (?:the )?presence of|for (?:patients|subjects|"
    r"participants|those|men|women|males|females|male|female|boys|girls|adults|children)|in (?:patients|"
    r"subjects|participants|those|men|women|males|females)|"
    r"unless|when|(?:patients|subjects|participants|those) with|(?:men|women|males|females|male|female|boys|"
    r"girls)\b|without|with (?:documented |known |confirmed )?(?:liver|hepatic|bone|gilbert|"
    r"metasta))[^.;()\[\]<>≤≥\d]*?)[\s,:(]*(?:then|must have|should have|must be|should be|have|the|is|are|up "
    r"to|be)?[\s,:(]*$",
    re.I,
)
LED = re.compile(
    r"[\s,;(\[]*(?:(?:or|and|but|acceptable|allowed|permitted|is|are)\s+)*(?P<words>(?:(?:if|in|for|with|"
    r"without|after|on|among|when|unless|while|under|where|due to|because of)\s+"
    r"(?:(?:the|a|an|patients?|subjects?|participants?|those|who|are|have|has|had|is|known|documented|"
    r"confirmed|suspected|presence|absence|case|cases|event|of|only|with|on|to|receiving|there|attributable|"
    r"secondary|history)\s+)*)?)",
    re.I,
)
TAIL = re.compile(
    r"\s+(?:is|are|was|were)\s+(?:present|known|documented|suspected|confirmed|involved)\b|\s+(?:patients|"
    r"subjects|participants)\b",
    re.I,
)
CUT = re.compile(
    r",\s+(?=(?:and|or|but|with|which|who|must|should|as|at|unless|then)\b)|\s+(?=(?:and|or)\s+(?:[<>≤≥]|"
    r"\w+\s*(?:[<>≤≥]|level|count)))|\s+(?:must|should|then|is allowed|are allowed)\b",
    re.I,
)


def find_conditions(text: str, limits: Sequence[Limit], terms: Sequence[Term]) -> None:
    """Give each limit the words under which it holds, and lay out which limit replaces which."""
    known = [t for t in terms if t.group == "limit_conditions"]
    order = sorted({limit.quantity.start for limit in limits})
    placed: dict[int, tuple[int, int]] = {}
    for limit in limits:
        if limit.is_time:
            continue
        q = limit.quantity
        if q.start in placed:
            limit.condition = placed[q.start]
        else:
            nexts = [start for start in order if start > q.start]
            following = [other.span[0] for other in limits if other.span and other.attribute and other.span[0] >= q.end]
            stop = min([len(text), *nexts[:1], *following])
            previous = max([other.quantity.end for other in limits if other.quantity.end <= q.start] + [0])
            until = min(q.start, limit.span[0]) if limit.span and limit.span[0] >= previous else q.start
            span = _known_behind(text, q.end, stop, known) or _behind(text, q.end, stop)
            if span and NO_CONDITION.match(text, span[0]):
                span = None  # "unless …" lifts the limit, "without transfusion" is a demand of its own
            if span and _leads(text, q.end, span, stop, bool(nexts)):
                span = None  # "male ≥ 450 ms, female ≥ 470 ms": what stands before the next limit is its condition
            span = (
                span
                or _bracketed(text, limit, limits, terms)
                or _of_a_cohort(text, q, until)
                or _front(text, previous, until, known)
                or _amid(text, limit, known)
                or _announced(text, until)
            )
            if span:
                placed[q.start] = limit.condition = span
        if limit.condition and text[slice(*limit.condition)] in SEX:
            limit.condition_id = SEX[text[slice(*limit.condition)]]
        elif limit.condition:
            a, b = limit.condition
            if text[a:b].lower().startswith("unless") and limit.rule == "further-limit":
                a += len("unless")
            inside = [t for t in known if a <= t.start and t.end <= b] or [
                Term(a, b, t.group, t.id.removeprefix("no_"))
                for t in known
                if t.start < a < t.end <= b and t.id.startswith("no_")
            ]
            if inside:
                limit.condition_id = max(inside, key=lambda t: t.end - t.start).id
    _replace(text, limits)


COHORT = r"(?:for\s+|in\s+)?(?:part|cohort|arm|stratum|group|phase)s?\s+[\"“]?(?:[A-Z0-9]{1,3}[a-z]?|fit|unfit)\b[\"”]?"
COHORT_BEHIND = re.compile(rf"\s*(?:\([^()]*\)\s*)?\(\s*(?P<words>{COHORT}|(?-i:[MF]))\s*\)", re.I)
SEX = {"M": "male", "F": "female"}
COHORT_FRONT = re.compile(rf"(?:^|[;,.(]\s*|\b(?:or|and)\s+)(?P<words>{COHORT})\s*[:,(]\s*(?:aged?\s*)?$", re.I)
TAIL_OF_BRACKET = re.compile(r"\s*(?P<words>(?:in|for|with|if|when|among|on)\s+[^\d<>≤≥]{2,60}?)\s*$", re.I)
HEAD_OF_BRACKET = re.compile(r"\s*(?P<words>[^:;,<>≤≥=\d]{3,50}?)\s*:\s*$")
ANNOUNCED = re.compile(r"\W*(?P<words>(?:for|if|in)\s[^:;.<>≤≥]{2,70}?)\s*:", re.I)


def _bracketed(text: str, limit: Limit, limits: Sequence[Limit], terms: Sequence[Term]) -> tuple[int, int] | None:
    """What else a bracket around a second limit says: "(≥ 20 in Japan)", "(Asian: > 23)"."""
    q = limit.quantity
    opening, close = text.rfind("(", 0, q.start), text.find(")", q.end)
    if opening < 0 or close < 0 or ")" in text[opening : q.start] or not any(x.quantity.end <= opening for x in limits):
        return None
    if text[opening + 1 : q.start].strip() in ("", "or"):
        tail = TAIL_OF_BRACKET.match(text, q.end, close)
        if tail and tail.end() == close:
            return tail.span("words")
    start = min(q.start, limit.span[0]) if limit.span and limit.span[0] > opening else q.start
    head = HEAD_OF_BRACKET.match(text, opening + 1, start)
    if (
        head
        and head.end() == start
        and not any(t.group == "measure" and head.start("words") <= t.start < start for t in terms)
    ):
        return head.span("words")
    return None


def _of_a_cohort(text: str, q: Quantity, start: int) -> tuple[int, int] | None:
    """ "≤ 48 h (Stratum A)", "Cohort 1: aged 12 to 65"."""
    behind = COHORT_BEHIND.match(text, q.end)
    if behind:
        return behind.span("words")
    front = COHORT_FRONT.search(text, max(0, start - 40), start)
    return front.span("words") if front else None


def _announced(text: str, start: int) -> tuple[int, int] | None:
    """ "For lung SABR: FEV1 ≥ 0.8 L, DLCO ≥ 30 %": a criterion that opens with whom it is for."""
    opening = ANNOUNCED.match(text)
    if not opening or opening.end() > start or re.search(r";|\.\s", text[opening.end() : start]):
        return None
    return opening.span("words")


NO_CONDITION = re.compile(
    r"unless\b|(?:without|no)\s+(?:the\s+)?(?:use of\s+|need for\s+)?(?:\w+\s+){0,3}(?:growth factors?|transfusions?|"
    r"G-?CSF|support|product|erythropoietin|EPO)\b",
    re.I,
)


def _leads(text: str, end: int, span: tuple[int, int], stop: int, more: bool) -> bool:
    """Whether a condition behind a limit, set off by a comma, runs right up to the next limit."""
    if not more or not re.match(r"\s*[,;.(]", text[end : span[0]]):
        return False
    return (
        re.fullmatch(r"[\s,:]*(?:then)?[\s,:]*(?:is|are|must be|should be)?\s*", text[span[1] : stop], re.I) is not None
    )


def _amid(text: str, limit: Limit, known: Sequence[Term]) -> tuple[int, int] | None:
    """A condition between measure and limit: "QTc interval in men ≤ 450 ms"."""
    if limit.span is None or limit.inherited or limit.span[1] > limit.quantity.start or limit.rule == "further-limit":
        return None
    for term in known:
        if limit.span[1] <= term.start and term.end <= limit.quantity.start:
            led = LED.fullmatch(text[limit.span[1] : term.start])
            return (limit.span[1] + led.start("words") if led and led["words"] else term.start), term.end
    return None


def _known_behind(text: str, start: int, stop: int, known: Sequence[Term]) -> tuple[int, int] | None:
    """A condition that the lexicon knows, right behind the limit: "with growth factor support", "in smokers"."""
    for term in known:
        if term.start < start or term.end > stop or term.start - start > 60:
            continue
        led = LED.fullmatch(text[start : term.start])
        own = text[term.start : term.end].split()[0].lower() in (
            "without",
            "with",
            "if",
            "no",
            "in",
            "for",
            "men",
            "women",
            "males",
            "females",
            "male",
            "female",
        )
        if led and (led["words"] or own):
            begin = start + led.start("words") if led["words"] else term.start
            tail = TAIL.match(text, term.end, stop)
            return begin, tail.end() if tail else term.end
    return None


def _behind(text: str, start: int, stop: int) -> tuple[int, int] | None:
    match = CONDITION.match(text, start, stop)
    if not match:
        return None
    a, b = match.span("words")
    cut = CUT.search(text, a + 3, b)
    b = cut.start() if cut else b
    words = text[a:b].rstrip(" ,:-")
    words = re.sub(r"\s+(?:and|or|but|then|is|are|of|,)$", "", words)
    return (a, a + len(words)) if len(words) > 2 else None


def _front(text: str, start: int, end: int, known: Sequence[Term]) -> tuple[int, int] | None:
    """The condition in front of a limit: one that the lexicon knows, or that "if" and its kin announce."""
    match = LEADING.search(text, start, end)
    if not match:
        return None
    a, b = match.span("words")
    words = text[a:b].rstrip(" ,:-")
    stated = re.match(r"(?:if|unless|when|in (?:the )?(?:case|cases|event|presence))\b", words, re.I) is not None
    if re.search(
        r"\b(?:fe)?males?\b.*\b(?:fe)?males?\b|\b(?:wo)?men\b.*\b(?:wo)?men\b", words, re.I
    ):  # "male or female": both
        return None
    if len(words) < 3 or not (stated or any(a <= t.start and t.end <= b for t in known)):
        return None
    return a, a + len(words)


def _replace(text: str, limits: Sequence[Limit]) -> None:
    """A conditional limit replaces the unconditional one on the same measure; two conditions exclude each other."""
    for index, limit in enumerate(limits):
        if limit.condition is None or limit.attribute is None:
            continue
        for earlier in range(index):
            other = limits[earlier]
            if (
                other.attribute == limit.attribute
                and other.condition is None
                and other.kind == limit.kind
                and other.quantity.start != limit.quantity.start
            ):
                limit.exception_to = earlier
                break


class Conditions(Step):
    """Gives the limits in `doc.user_data["limits"]` the conditions under which they hold."""

    def read(self, text: str, data: dict[str, Any]) -> None:
        """The limits learn their conditions."""
        find_conditions(text, data.get("limits", ()), data.get("terms", ()))


@Language.factory("trialcriteria_conditions", assigns=["doc.user_data"], requires=["doc.user_data"])
def make_conditions(nlp: Language, name: str) -> Conditions:
    """Component `trialcriteria_conditions`."""
    return Conditions()
