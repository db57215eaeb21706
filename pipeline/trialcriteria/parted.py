"""Cases that an inclusion criterion parts by "OR" in capitals, or by a clause begun again: "who have A or who have B".

Each case is one of several, and what "and" joins within one is needed together (`any1/all1`). Where a case begins in
front of the first "OR" decides everything, so no group is made where the words leave that open.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from trialcriteria.components.limits import Limit
from trialcriteria.groups import Member, Names

CUT = re.compile(r"[\s,;.]*(?<![\w/])(?:AND/)?OR(?![\w/])[\s,:–-]*(?:[-*•]\s)?")
AGAIN = re.compile(  # "who have asthma, or who have COPD": what is joined begins like what it is joined to
    r"\s*[,;]?\s+(?:and/)?or\s+(?=(?P<word>has|have|had|is|are|on|with|who|whose|history|treated|receiving|at\s+least|evidence|"
    r"documented|currently|previously|known|diagnos\w+)\s)",
    re.I,
)
SENTENCE_ENDS = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)[.](?=\s+(?!OR\b)[A-Z(])|;(?!\s*(?:and\s+)?or\b)", re.I)
JOINS = re.compile(r"\b(?<!and/)(?:and(?!/or)|with|plus|while|as\s+well\s+as)\b|[+&]", re.I)
BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
OR_LISTED = re.compile(r",\s+or\s", re.I)
SHARED_TAIL = re.compile(r",\s+(?:with|and|who|as)\b", re.I)
EITHER = re.compile(r"\b(?:either|whether)\b", re.I)
LABEL = re.compile(r":(?=\s)")
FOR_WHOM = re.compile(
    r"\b(?:for|in)\s+(?:the\s+)?(?:[\w-]+\s+)?(?:patients?|subjects?|participants?|(?:wo)?men|those|cohorts?|arms?|groups?)\b",
    re.I,
)
AN_AMOUNT = re.compile(r"[<>≥≤=]|\d|(?:at\s+(?:least|most)|(?:less|more|greater|fewer)\s+than|up\s+to)\b", re.I)
FIRST = re.compile(r"(?:(?:an?|the|they|he|she|are|is|be)\s+)?(?P<word>[A-Za-z][\w-]*)", re.I)
CAPITAL = re.compile(r"[A-Z][a-z]{2,}")
LONGEST = 160
NEAR = 12  # characters from where a case begins to the condition that it begins with
ANY = re.compile(r"any\d+")
START = re.compile(r"\W*(?:AND\s+)?(?:(?:an?|the)\s+)?", re.I)
GENERAL = frozenset("of to in for by from or and the a an".split())  # words that say nothing of where a case begins


def group_parted(text: str, found: Sequence[Member], names: Names) -> None:
    """Name the groups of the cases of each sentence that "OR" in capitals, or a clause begun again, parts."""
    capital = "OR" in text and not text.isupper()
    if len(found) < 2 or not (capital or AGAIN.search(text)):
        return
    for start, end in _sentences(text):
        cuts = [cut for cut in CUT.finditer(text, start, end) if _is_outside(text, start, cut.start())]
        cuts = cuts if capital and cuts else _begun_again(text, start, end)
        if cuts:
            spans = _cases(text, found, (start, end), cuts)
            cases = [_inside(found, *span) for span in spans]
            if len(cases) > 1 and all(cases) and not _are_apart(text, spans, cases):
                _name(cases, names, listed=_is_listed(text, *spans[0]))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for stop in SENTENCE_ENDS.finditer(text):
        if _is_outside(text, begin, stop.start()):
            yield begin, stop.start()
            begin = stop.end()
    yield begin, len(text)


def _begun_again(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The words "or" behind which a clause begins with a word that one in front of them began with."""
    found = [cut for cut in AGAIN.finditer(text, start, end) if _is_outside(text, start, cut.start())]
    if len({cut["word"].lower() for cut in found}) != 1 or OR_LISTED.search(text, found[-1].end(), end):
        return []
    return found if _said_last(text, start, found[0].start(), found[0]["word"]) else []


def _is_outside(text: str, start: int, at: int) -> bool:
    """Whether no bracket that opens behind `start` is still open at `at`."""
    return text.count("(", start, at) <= text.count(")", start, at)


def _cases(
    text: str, found: Sequence[Member], sentence: tuple[int, int], cuts: Sequence[re.Match[str]]
) -> list[tuple[int, int]]:
    """Where the cases of a sentence stand; none where it is open where the first one begins."""
    start, end = sentence
    begins = [cut.end() for cut in cuts]
    first = _first_case(text, found, start, cuts[0])
    if first is None:
        return []
    ends = [cut.start() for cut in cuts]
    tail = SHARED_TAIL.search(text, begins[-1], end)
    if tail and not SHARED_TAIL.search(text, first, ends[0]) and _is_outside(text, begins[-1], tail.start()):
        end = tail.start()
    return list(zip([first, *begins], [*ends, end], strict=True))


def _first_case(text: str, found: Sequence[Member], start: int, cut: re.Match[str]) -> int | None:
    """Where the case in front of the first "OR" begins, told by what begins the one behind it."""
    stop, behind = cut.span()
    if either := [match.end() for match in EITHER.finditer(text, start, stop)]:
        return either[-1]
    if AN_AMOUNT.match(text, behind):
        amounts = [member.start for member in found if start <= member.start < stop and isinstance(member.row, Limit)]
        restated = not any(
            behind <= member.start <= behind + NEAR for member in found
        )  # "≤ 300 mg/dL OR ≤ 7.75 mmol/L"
        return None if restated or not amounts else amounts[-1]
    first = FIRST.match(text, behind)
    again = first and first["word"].lower() not in GENERAL and _said_last(text, start, stop, first["word"])
    if _joins_neighbours(found, stop, behind) and not AGAIN.match(text, stop):
        return again.start() if again and START.fullmatch(text, start, again.start()) else None
    if again:
        return again.start()
    label = [match.end() for match in LABEL.finditer(text, start, stop)]
    if label:
        return label[-1]
    return start if CAPITAL.match(text, behind) and text[start:stop].lstrip()[:1].isupper() else None


def _said_last(text: str, start: int, stop: int, word: str) -> re.Match[str] | None:
    said = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])", re.I)
    return next(reversed(list(said.finditer(text, start, stop))), None)


def _joins_neighbours(found: Sequence[Member], stop: int, behind: int) -> bool:
    """Whether the rows on both sides are alternatives already, of whatever stands around them."""
    before = [member.row.group for member in found if member.start < stop][-1:]
    after = [member.row.group for member in found if member.start >= behind][:1]
    return bool(before and before == after and before[0])


def _inside(found: Sequence[Member], start: int, end: int) -> list[Member]:
    return [member for member in found if start <= member.start < end and member.asks in ("require", "forbid")]


def _are_apart(text: str, spans: Sequence[tuple[int, int]], cases: Sequence[Sequence[Member]]) -> bool:
    """Whether the cases are told apart already: by a group, as an exception, by whom one is for ("for those with")."""
    every = [member.row for case in cases for member in case]
    if any(row.exception_to is not None for row in every):
        return True
    for (start, end), case in zip(spans, cases, strict=True):
        opening = text[start : start + LONGEST].lower()
        said = [text[slice(*member.row.condition)].lower() for member in case if member.row.condition]
        if FOR_WHOM.search(text, start, end) or not all(-1 < opening.find(words) <= NEAR for words in said):
            return True
    if all(member.asks == "forbid" for case in cases for member in case):
        return True
    return all(row.group for row in every) and len({(row.group or "").split("/")[0] for row in every}) == 1


def _is_listed(text: str, start: int, end: int) -> bool:
    """Whether only commas join what the first case says: "on A, B, or on C" names three."""
    said = BRACKETED.sub("", text[start:end])
    return "," in said and JOINS.search(said) is None


def _name(cases: Sequence[Sequence[Member]], names: Names, listed: bool) -> None:
    """Name the groups of cases; where the first one is only `listed`, each thing in it is a case of its own."""
    spanning = {
        group
        for one, other in pairwise(cases)
        for group in {member.row.group for member in one} & {member.row.group for member in other}
        if group
    }
    known = (group for group in sorted(spanning) if "/" not in group and group.startswith("any"))
    name, inner = next(known, None) or names.new("any"), Names()
    for number, case in enumerate(cases):
        of_one = {member.row.group or "" for member in case}
        alike = not of_one & spanning and [*of_one] == [x for x in of_one if ANY.fullmatch(x)][:1]
        alternatives = len(case) == 1 or alike or (number == 0 and listed)
        path = name if alternatives else f"{name}/{inner.new('all')}"
        for member in case:
            within = None if alternatives or len(of_one) == 1 or member.row.group in spanning else member.row.group
            member.row.group = f"{path}/{within}" if within else path
