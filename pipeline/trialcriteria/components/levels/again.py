"""Further levels of the scale in front: "ECOG 0-1 (Part A: 0-2)", "PS 0-1, or 2 if related to lymphoma".

They are read where words beside them say for whom they hold; levels in brackets that are those in front once more
("2 or better (0-2)") belong to them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from trialcriteria.components.comparators import Signs
from trialcriteria.components.levels.beside import Levels
from trialcriteria.components.levels.runs import Run, read_run
from trialcriteria.lexicon import Attribute

NAME = r"(?:(?:ECOG(?:\s+PS)?|PS|WHO|performance status|class|score)\s*(?:of\s+|:\s*)?)?"
PART = r"(?:in|for)\s+(?:phase|part|cohort|arm|group|stage)\s+\w{1,3}\b"
BARE_PART = r"(?:phase|part|cohort|arm|group|stage)\s+\w{1,3}\b"
AT_A_VISIT = r"(?:\s+at\s+(?:(?:the|study)\s+)?(?:entry|screening|baseline|enrol+ment))?"
FOR_WHOM = r"\s+(?:only\s+)?(?:if|for|in|when|due|with|is|are|may|allowed|acceptable|permitted|only)\b"
OPENINGS = (  # what stands between the levels in front and further ones, and what must follow these
    (re.compile(rf"\s*[(\[]\s*(?:or\s+|up to\s+)?{NAME}", re.I), re.compile(FOR_WHOM, re.I)),
    (
        re.compile(rf"\s*[(\[]\s*(?:or\s+)?(?:(?:if|for|in)\s+)?[A-Za-z][^()\[\]:;<>≤≥]{{1,40}}:\s*{NAME}", re.I),
        re.compile(r"\s*[)\],;]"),
    ),
    (
        re.compile(rf"{AT_A_VISIT}\s*{PART}\s*[,;]?\s*(?:and|or)?\s*{NAME}", re.I),
        re.compile(rf"\s+{PART}", re.I),
    ),
    (
        re.compile(rf"\s*(?:\([^()]{{1,30}}\))?,?\s*(?:or|and|but)\s+(?:\([^()]{{1,30}}\)\s*)?{NAME}", re.I),
        re.compile(FOR_WHOM, re.I),
    ),
    (
        re.compile(rf"\s*\((?:{BARE_PART})\)\s*[,;]?\s*(?:and|or)?\s*{NAME}", re.I),
        re.compile(rf"\s*\({BARE_PART}", re.I),
    ),
    (
        re.compile(
            r"[^.;]{0,40}[.;,]\s*(?:if|(?:patients|subjects|those)\s+with)\s+(?:urine\s+)?(?:protein\w*\s+)?(?:is\s+)?",
            re.I,
        ),
        re.compile(r"\s*,|\s+(?:[a-z]+\s+){0,6}?(?:must|should|need|undergo)\b"),
    ),
    (
        re.compile(rf"\s*[;,]\s*(?:for|in|if)\s+[^.,;:()<>≤≥]{{3,50}},\s+{NAME}", re.I),
        re.compile(r"\s+(?:only|is|are|allowed|acceptable|permitted)\b|\s*(?:$|[.;])", re.I),
    ),
)
OPENS = re.compile(r"\s*[(\[]\s*(?:i\.e\.,?\s*|=\s*)?")
CLOSES = re.compile(r"\s*[)\]]")


def with_further(
    text: str, found: Sequence[Levels], attributes: Mapping[str, Attribute], signs: Signs
) -> Iterator[Levels]:
    """The levels found, each with what goes on from it."""
    for index, levels in enumerate(found):
        attribute = attributes.get(levels.term.id)
        if attribute is None or levels.sign or not levels.levels:
            yield levels
            continue
        stop = min(
            (other.term.start for other in found[index + 1 :] if other.term.start >= levels.end), default=len(text)
        )
        levels = _closed(text, levels, stop, attribute, signs)
        yield levels
        if further := _further(text, levels, stop, attribute, signs):
            yield further


def _closed(text: str, levels: Levels, stop: int, attribute: Attribute, signs: Signs) -> Levels:
    """The levels with the brackets that say them once more."""
    opening = OPENS.match(text, levels.end, stop)
    run = read_run(text, opening.end(), stop, attribute, None, signs) if opening else None
    close = CLOSES.match(text, run.end) if run and run.levels == levels.levels else None
    return levels._replace(end=close.end()) if close else levels


def _further(text: str, levels: Levels, stop: int, attribute: Attribute, signs: Signs) -> Levels | None:
    """What goes on from some levels, in the first way that is one."""
    for opening, behind in OPENINGS:
        match = opening.match(text, levels.end, stop)
        if match is None:
            continue
        sign = signs.over(match.end())
        start = sign.end if sign else match.end()
        start += len(text[start:stop]) - len(text[start:stop].lstrip())
        run: Run | None = read_run(text, start, stop, attribute, sign, signs)
        if run and behind.match(text, run.end):
            return Levels(match.end(), run.end, run.levels, levels.term, further=True)
    return None
