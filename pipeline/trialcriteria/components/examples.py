"""Examples: where a criterion lists what a mention in front means, and how far such a list goes on."""

import re
from collections.abc import Iterator, Sequence

from trialcriteria.components.limits import Limit, same_clause
from trialcriteria.components.openings import Found

SIBLINGS = re.compile(
    r"(?:\s|[,/&]|\b(?:and|or|and/or|as well as|nor|other|any|a|an|the|history of|known|etc\.?)(?!\w)|\([^()\d]*\))*"
)
EXAMPLE = re.compile(r"(?:\bsuch as|\be\.?g\.?|\bfor (?:example|instance)|\bincluding)[^.;()]{0,60}$", re.I)
SUCH_AS = re.compile(r"(?:\bsuch as|\be\.?g\.?|\bfor (?:example|instance))[^.;()]{0,60}$", re.I)
OPENS_EXAMPLES = re.compile(
    r"(?P<bracket>[(\[])?\s*(?:\bsuch as\b|\be\.\s?g\b\.?|\beg\b[.,]|\bfor (?:example|instance)\b|\bnamely\b|"
    r"(?<=[(\[])i\.?\s?e\b[.,]?|(?<=[(\[,])\s*including\b|(?<!\bnot )\bincluding,? but not limited to\b|"
    r"(?P<plain>(?<!\bnot )\bincluding\b))\s*:?",
    re.I,
)
BEGINS_A_CUE = re.compile(r"\b(?:such as|e\.\s?g|eg|for (?:ex|in)|namely|i\.?\s?e|including)", re.I)
EXAMPLE_WORDS = frozenset(("such", "e", "eg", "example", "instance", "namely", "including", "i", "ie"))
EXAMPLES_END = re.compile(
    r"[;:\n)\]]|\.(?=\s+[A-Z(]|\s*$)|\s(?:within|which|that|who|is|are|was|were|will|may|might|can|could|should|must|"
    r"unless|except|excluding|during|before|after|prior to|in the (?:past|last|previous)|and/or (?:any|other)|"
    r"(?:and|or) (?:any|other|history|a history|patients|subjects|who|is|are|has|have|had|requir\w+|receiv\w+))\b",
    re.I,
)
VERB = (
    r"(?:who|has|have|had|is|are|was|were|must|should|may|within|during|before|after|prior|use|any|other|requiring)\b"
)
MORE_EXAMPLES = re.compile(  # "such as bleeding of the gut, gastric ulcer, or vasculitis"
    rf"\)?(?:\s+(?!{VERB})[a-z-]+){{0,4}}(?:\s*\([^()\d]*\))?\s*(?:,\s*(?:and|or)?|/|\b(?:and/or|and|or)\b)"
    rf"(?:\s*(?!{VERB})[a-z-]+){{0,3}}\s*",
    re.I,
)
CLASS = re.compile(
    r"(?<!regimen)(?<!therapie)(?<!treatment)(?<!line)(?<!course)(?<!combination)s$|"
    r"\b(?:inhibitor|antagonist|agonist|blocker|antibody|agent|drug|medication|vaccine|antibiotic)$|"
    r"\b(?:inhibitors|inducers|substrates)\s+of\b",
    re.I,
)
ANY_AT_ALL = re.compile(
    r"(?:(?:any|other|pre-?planned|planned|scheduled|concomitant|prohibited|certain|additional)\s+)*"
    r"(?:treatments?|therap(?:y|ies)|medications?|drugs?|agents?|procedures?|interventions?)",
    re.I,
)
APART = re.compile(r"[,;:()\[\]]|\.\s")
BRACKET = re.compile(r"[()\[\]]")


def examples_in(text: str, found: Sequence[Found], limits: Sequence[Limit]) -> Iterator[tuple[int, int, bool]]:
    """Where examples of a mention in front stand: up to the end of the clause or of their brackets.

    And whether they are meant themselves, as where a limit stands among them or right behind: "heart disease, such as
    angina or infarction within 6 months".
    """
    for cue in _cues(text):
        front = next((one for one in reversed(found) if one.end <= cue.start()), None)
        if front is None or not same_clause(text, front.end, cue.start()):
            continue
        if ANY_AT_ALL.fullmatch(text, front.start, front.end) and OPENS_EXAMPLES.match(text, front.end):
            continue
        if cue["plain"] and (cue.start() - front.end > 2 or not _is_general(text, front, limits)):
            continue  # "two regimens including bortezomib": which must be among them
        end = _closing(text, cue.end()) if cue["bracket"] else _end_of_examples(text, cue.end())
        inside = any(cue.end() <= limit.quantity.start < end + 1 for limit in limits)
        behind = front.label == "condition" and any(
            limit.is_time and is_right_behind(text, end, limit) for limit in limits
        )
        yield cue.end(), end, inside or behind


def examples_behind(text: str, end: int) -> tuple[int, int] | None:
    """Where the examples of what ends at `end` stand, if it is followed by any."""
    cue = OPENS_EXAMPLES.match(text, end + (text[end : end + 1] == ","))
    if cue is None:
        return None
    return cue.end(), _closing(text, cue.end()) if cue["bracket"] else _end_of_examples(text, cue.end())


def is_right_behind(text: str, end: int, limit: Limit) -> bool:
    """Whether a limit stands right behind what ends at `end`: "such as infarction within 6 months"."""
    at = limit.quantity.start
    return end < at < end + 30 and APART.search(text, end - 1, at) is None


def _is_general(text: str, front: Found, limits: Sequence[Limit]) -> bool:
    """Whether what stands in front of "including" is a disease or a class: "strong inhibitors", not "two regimens"."""
    if front.label == "condition" or " for " in text[front.start : front.end]:
        return True  # "systemic therapy for NSCLC, including immunotherapy"
    counted = any(limit.kind == "count" and same_clause(text, limit.quantity.end, front.start) for limit in limits)
    return not counted and CLASS.search(text, front.start, front.end) is not None


def _cues(text: str) -> Iterator[re.Match[str]]:
    """The words that open examples, with the bracket in front of them; they are looked for by their letters."""
    done = 0
    for begin in BEGINS_A_CUE.finditer(text):
        front = text[done : begin.start()].rstrip()
        at = done + len(front) - front.endswith(("(", "["))
        if begin.start() >= done and (cue := OPENS_EXAMPLES.match(text, at)):
            done = cue.end()
            yield cue


def _end_of_examples(text: str, at: int) -> int:
    """Where examples from `at` on end that are in no brackets; what stands in brackets among them does not end them."""
    for stop in EXAMPLES_END.finditer(text, at):
        if text.count("(", at, stop.start()) <= text.count(")", at, stop.start()):
            return stop.start()
    return len(text)


def _closing(text: str, at: int) -> int:
    """Where the bracket closes that is open at `at`, or the text ends."""
    depth = 1
    for sign in BRACKET.finditer(text, at):
        depth += 1 if sign[0] in "([" else -1
        if not depth:
            return sign.start()
    return len(text)


def goes_on(text: str, last: Found, one: Found, siblings: re.Pattern[str]) -> bool:
    """Whether `one` is a further part of the list that the bystander `last` is in.

    A bracket that closes between them ends a list of examples, unless the bracket is itself among examples.
    """
    if text[last.end : last.end + 1] == ")":
        opening = text.rfind("(", 0, last.start)
        if opening < 0 or EXAMPLE.search(text, max(0, opening - 80), opening) is None:
            return False
    if siblings is MORE_EXAMPLES and text.startswith(("other ", "another "), one.start):
        return False  # "such as tamoxifen or other modulators": what the examples are of
    return siblings.fullmatch(text, last.end, one.start) is not None
