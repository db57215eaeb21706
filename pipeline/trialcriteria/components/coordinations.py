"""Coordinations: "hepatic, renal or neurologic disease" names three diseases, "hepatitis B or C" two.

The head stands once; each of the words that share it is a mention of its own, in its own words.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trialcriteria.components.openings import NEVER_INSIDE, UNTOLD

KIND = (
    r"(?:[A-Za-z][a-z]+-)*[A-Za-z][a-z]*(?:ic|al|ous|ary|ar|ative|itive|oid|yl|ine|ent|ant|iac|tory|sory|able|"
    r"ible)"
)
JOINT = r"\s*(?:,|/|(?:,\s*)?\b(?:and/or|or|and)\b)\s*"
JOINTS = (",", "/", "or", "and")  # how JOINT ends
WORDS = re.compile(rf"(?<![\w-])(?P<words>(?:[A-Za-z][\w-]*\s+)?(?P<last>[A-Za-z][\w-]*)){JOINT}$", re.I)
ADJECTIVE = re.compile(KIND + r"\Z", re.I)
NAMED_BY_LETTER = r"\b(?:hepatitis|hep|influenza|haemophilia|hemophilia|vitamin)"
LETTERED = re.compile(NAMED_BY_LETTER + r"\s+[A-E]\Z", re.I)
UNLETTERED = re.compile(NAMED_BY_LETTER + r"\Z", re.I)
LETTER = re.compile(r"\s[A-E](?![\w-])")
LETTERS = re.compile(r"(?:\s*[(][^()]*[)])?" + JOINT + r"(?P<letter>[A-E])(?![\w-])")
FIRST_WORD = re.compile(r"[A-Za-z][\w-]*")
UNTOLD_FRONT = re.compile(r"(?<![\w-])(?P<word>[A-Za-z]+)\s+$")
ONE_OF_A_LIST = re.compile(rf"(?<![\w-])(?P<word>(?:[a-z]+ly\s+)?[A-Za-z][A-Za-z-]*){JOINT}$", re.I)
CELL = re.compile(r"\w+[ -]cell\b", re.I)
COMMON = frozenset(
    (
        "medical clinical potential local general several individual eligible total final initial available possible "
        "different recent current concurrent concomitant additional historical previous prior experimental "
        "investigational important significant relevant normal abnormal equivalent male female adolescent "
        "history memory hospital trial patient parent consent diuretic antibiotic laboratory clinic negative positive"
    ).split()
)  # they end like kinds of a disease and are none
MOST = 9


NEAR = 60  # characters in front of a mention that a coordination reaches over


class Shared(NamedTuple):
    """The words that share a head with a mention."""

    start: int
    end: int


def may_be_coordinated(text: str, floor: int, start: int) -> bool:
    """Whether anything that joins stands in front of a mention at `start`: a cheap look before reading it."""
    front = text[max(floor, start - NEAR) : start].lower()
    return any(sign in front for sign in JOINTS)


def before(text: str, start: int, floor: int, kinds: frozenset[str]) -> Iterator[Shared]:
    """The words in front of a mention at `start` that share its head, from right to left, none before `floor`.

    >>> text = "Hepatic, renal or neurologic disease"
    >>> [text[a:b] for a, b in before(text, 18, 0, frozenset())]
    ['renal', 'Hepatic']
    """
    at = start
    for _ in range(MOST):
        if not text[max(floor, at - NEAR) : at].rstrip()[-3:].lower().endswith(JOINTS):
            return
        found = WORDS.search(text, max(floor, at - NEAR), at)
        if found is None:
            return
        if found["last"].lower() == "cell" and CELL.match(text, start):  # "basal cell or squamous cell carcinoma"
            yield Shared(found.start("words"), found.end("last"))
            return
        if not _shares(found["last"], kinds):
            return
        first = found.start("last")
        lead = text[found.start("words") : first].strip()
        whole = lead and (_shares(lead, kinds) or f"{lead} {found['last']}".lower() in kinds)  # "locally advanced"
        begin = found.start("words") if whole and found.start("words") >= floor else first
        yield Shared(begin, found.end("last"))
        at = begin


def with_degrees(text: str, parts: Sequence[Shared], floor: int, degrees: frozenset[str]) -> list[Shared]:
    """`parts` of a coordination, those that only say how bad something is taken into what they are said of.

    >>> text = "Active, chronic or recurrent bacterial or viral infection"
    >>> found = [Shared(0, 6), Shared(8, 15), Shared(19, 38), Shared(42, 57)]
    >>> [text[a:b] for a, b in with_degrees(text, found, 0, frozenset({"active", "chronic", "recurrent"}))]
    ['Active, chronic or recurrent bacterial', 'viral infection']
    """
    out: list[Shared] = []
    for part in reversed(parts):
        if out and text[part.start : part.end].lower() in degrees and _begins_with(text, out[-1], degrees):
            out[-1] = Shared(part.start, out[-1].end)
        else:
            out.append(part)
    front = text[max(floor, out[-1].start - 40) : out[-1].start]
    if any(sign in front for sign in JOINTS):
        out[-1] = Shared(_first_degree(text, out[-1], floor, degrees), out[-1].end)
    return out[::-1]


def _begins_with(text: str, part: Shared, degrees: frozenset[str]) -> bool:
    first = FIRST_WORD.match(text, *part)
    return first is not None and (first[0].lower() in degrees or first[0].lower() in UNTOLD)


def _first_degree(text: str, part: Shared, floor: int, degrees: frozenset[str]) -> int:
    """Where the first degree of a part begins, past words that only set a flag: "active or known asthma"."""
    start = at = part.start
    if _begins_with(text, part, degrees) is False and (untold := UNTOLD_FRONT.search(text, max(floor, at - 20), at)):
        at = untold.start("word") if untold["word"].lower() in UNTOLD else at
    if at == start and not _begins_with(text, part, degrees):
        return start
    while found := ONE_OF_A_LIST.search(text, max(floor, at - 40), at):
        word = found["word"].lower()
        if word in degrees or word.rpartition(" ")[2] in degrees:  # "clinically significant"
            start = found.start("word")
        elif word not in UNTOLD:
            break
        at = found.start("word")
    return start


def with_letter(text: str, start: int, end: int) -> int:
    """Where a mention ends whose letter the lexicon leaves out: "haemophilia A"."""
    letter = LETTER.match(text, end)
    return letter.end() if letter and UNLETTERED.search(text[start:end]) else end


def letters_behind(text: str, start: int, end: int) -> Iterator[Shared]:
    """The letters behind a lettered mention: "C" of "hepatitis B or C".

    >>> list(letters_behind("hepatitis B or C", 0, 11))
    [Shared(start=15, end=16)]
    """
    if not text[end - 2 : end - 1].isspace() or LETTERED.search(text[start:end]) is None:
        return
    at = end
    while found := LETTERS.match(text, at):
        yield Shared(*found.span("letter"))
        at = found.end()


def _shares(word: str, kinds: frozenset[str]) -> bool:
    low = word.lower()
    if low in NEVER_INSIDE or low in COMMON or low in UNTOLD:
        return False
    return low in kinds or ADJECTIVE.match(low) is not None
