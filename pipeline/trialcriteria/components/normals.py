"""What is called normal, or outside normal, without a number: "creatinine normal", "outside the normal range"."""

import re
from collections.abc import Iterator, Sequence

from trialcriteria.components.amounts import Quantity
from trialcriteria.components.terms import Term

NAMED_IN_FRONT = re.compile(
    r"\s*(?:(?:levels?|values?|counts?)\s*)?(?:\([^()]{1,30}\)\s*)?"
    r"(?:[:=–-]\s*|(?:(?:must|should|has to|have to|needs? to)\s+be|is|are)\s+)?"
)
SAID_OF_IT = re.compile(r"\s*(?:$|[.;,()\[]|(?:and|or|by|at|in|for|with|within|provided|except|unless|prior)\b)", re.I)
NAMED_BEHIND = re.compile(r"\s+(?:(?:serum|plasma|total|fasting|baseline|screening|resting)\s+){0,2}", re.I)
LISTED = re.compile(
    r"\s*(?:\([A-Za-z][^()\d<>≤≥]{0,20}\)\s*)?(?:levels?|values?|counts?)?\s*(?:,\s*(?:and|or)?|/|\band|\bor)\s*"
    r"(?:(?:serum|plasma|total|fasting|baseline|screening|resting|normal)\s+){0,2}",
    re.I,
)
OF_ANOTHER = re.compile(r"(?:(?<![A-Za-z])\d|[%<>≤≥=×-]|\b(?:x|of|than|to|from|times|predicted|upper|lower))\s*$", re.I)
OWN_LIMIT = re.compile(  # "normal calcium (8.5-10.5 mg/dL)": the number says what is normal
    r"\s*(?:\([A-Za-z][^()\d<>≤≥]{0,20}\)\s*)?(?:levels?|counts?|function)?\s*[(\[,:]?\s*"
    r"(?:i\.?e\.?,?|defined as|definition|of|is|with)?\s*(?:[A-Z]{2,5}\s*)?"
    r"(?:[<>≤≥=\d]|(?:less|more|greater|above|below|between|within\s+(?:the\s+)?(?:\w+\s+)?(?:normal|limits|reference))\b)"
)
OUTSIDE = re.compile(
    r"\bout(?:side)?\s+(?:of\s+)?(?:the\s+)?"
    r"(?:(?:local|central|study|site|testing|age-appropriate|laboratory(?:'s)?|lab|institution(?:al|'s)?)\s+){0,3}$",
    re.I,
)
OUT = re.compile(r"out(?:side)?\b", re.I)
NOT = re.compile(r"\bnot(?=\s+$)", re.I)
RANGE = re.compile(r"(?:\s+(?:reference|laboratory))?\s+(?:ranges?|limits?|values?|intervals?)\b", re.I)
AS_JUDGED = re.compile(r"[^.;]{0,60}\bclinically\s+(?:significant|relevant|meaningful)", re.I)
VAGUE = re.compile(r"function|tests?\b|^blood$", re.I)  # "normal cardiac function" is more than one measure


def normals(
    text: str, references: Sequence[Term], measures: Sequence[Term], generic: frozenset[str]
) -> Iterator[Quantity]:
    """Every measure that is called normal, or outside normal, as a limit."""
    for term in references:
        words = text[term.start : term.end].lower()
        if words not in generic:
            continue
        out = OUTSIDE.search(text, max(0, term.start - 60), term.start)
        if out:
            if not (OF_ANOTHER.search(text, max(0, out.start() - 12), out.start()) or AS_JUDGED.match(text, term.end)):
                yield _normal(term, out.start(), RANGE.match(text, term.end))
        elif words == "normal" and _is_said_of(text, term, measures):
            yield _normal(term, term.start)


def _is_said_of(text: str, term: Term, measures: Sequence[Term]) -> bool:
    """Whether "normal" is all that is said of the measure right in front of it, or right behind."""
    named = [t for t in measures if not VAGUE.search(text[t.start : t.end])]
    if SAID_OF_IT.match(text, term.end):
        return any(t.end <= term.start and NAMED_IN_FRONT.fullmatch(text, t.end, term.start) for t in named)
    if OF_ANOTHER.search(text, max(0, term.start - 12), term.start):
        return False
    return any(not OWN_LIMIT.match(text, t.end) for t in called_so(text, _normal(term, term.start), named))


def called_so(text: str, q: Quantity, measures: Sequence[Term]) -> list[Term]:
    """The measures right behind the word "normal": "normal CD4 counts", "normal creatinine, AST and ALT"."""
    if text[q.start : q.end].lower() != "normal":
        return []
    found: list[Term] = []
    for term in measures:
        joint = LISTED if found else NAMED_BEHIND
        after = found[-1].end if found else q.end
        if term.start <= after or (
            found and (OWN_LIMIT.match(text, term.end) or VAGUE.search(text, term.start, term.end))
        ):
            continue
        if joint.fullmatch(text, after, term.start) is None:
            break
        found.append(term)
    return found


def _normal(term: Term, start: int, range_: re.Match[str] | None = None) -> Quantity:
    return Quantity(
        start,
        range_.end() if range_ else term.end,
        operator="in",
        reference="normal",
        form="normal",
        stated=True,
        number_start=term.start,
        number_end=term.end,
    )


def denial(text: str, q: Quantity) -> tuple[int, int] | None:
    """Where the words stand that say of a measure that it is not normal: "outside the normal range", "not WNL"."""
    if q.form != "normal":
        return None
    if OUT.match(text, q.start):
        return q.start, q.start
    said = NOT.search(text, max(0, q.start - 8), q.start)
    return said.span() if said else None
