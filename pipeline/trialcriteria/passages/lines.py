"""Lines -> passages: which lines belong together, and how each passage stood on the page."""

import itertools
import re
from collections.abc import Sequence

from trialcriteria.headings import WORDS, is_note
from trialcriteria.passages.ordinals import BULLET, DOTS, ORDINAL, Rank, rank
from trialcriteria.passages.passage import Passage

COLONS = (":", "：")
_START = (
    r"((?:[^\S\n]*+\n)*+)([^\S\n]*+)"  # blank lines, indent
    rf"((?:{BULLET}[^\S\n]*+){{0,2}})(?:({ORDINAL})[^\S\n]*+(?:(?:[{DOTS}](?!\d)|\\?[-–](?=[^\S\n]))[^\S\n]*+)?)?"
)
_LINE = re.compile(_START + r"([^\n]*\S)?")
_BLOCK = re.compile(_START + r"(\S[^\n]*+(?:\n[^\S\n]*+\S[^\n]*+)*+)?")  # up to a blank line
_PLAIN_START = re.compile(r"(?!o |[IE]-\d|[IiEe][nx]clusion)[A-Za-z][^.):\n]{5}")  # no ordinal, no second bullet
_LATIN = re.compile(r"\b(?:e\.g|i\.e)\.$")
_LEANING = re.compile(r"(?:\b(?:of|the|with|to|for|than|by|from|a|an|in)|[-/(])$", re.IGNORECASE)
_CONNECTOR = re.compile(r"\W*(?:and/or|and|or)\W*", re.IGNORECASE)
_WORD = re.compile(r"\S*")
_LIST_LINE = re.compile(rf"\s*(?:{BULLET}|{ORDINAL})")
_HEADLIKE = re.compile(r"\W*(?:[\w'/,-]+\s+){0,4}(?:non-?\s?)?(?:in|ex)clusion\w*(?:\s+criteri\w+)?\W*$", re.IGNORECASE)
# How notes and a lone "or" start, so that most passages need no closer look.
_STARTS = [
    *(start[:3] for start in WORDS["notes"]["starts"]),
    "or",
    "or ",
    "or,",
    "or:",
    "and",
    "(or",
    "(an",
    "(no",
    "†",
    "‡",
]
_JOINING = frozenset(form for start in _STARTS for form in (start, start.upper(), start.title()))


def passages(
    scan: str, start: int, end: int, signs: Sequence[str] = (), page: tuple[int, int] | None = None
) -> list[Passage]:
    """The passages of scan[start:end] in order; wrapped lines, hanging paragraphs and notes belong to their bullet.

    A bullet takes in the plain items below it as `more`: most items of most trials are alike, and need no closer look
    unless one of `signs` stands in them. `page` is what they are a part of, which shows how the text is wrapped.

    >>> scan = "- Age over\\n  18\\n- ECOG 0-1"
    >>> [scan[p.start:p.end] for p in passages(scan, 0, len(scan))]
    ['Age over\\n  18', 'ECOG 0-1']
    """
    while end > start and scan[end - 1].isspace():
        end -= 1
    legacy = _is_legacy(scan, start, end)
    pattern, gap = (_BLOCK, "\n\n") if legacy else (_LINE, "\n")
    on = _Page(scan, start, end, page)
    bullet = ""  # from the margin to the first word of the item above, where plain items may follow
    blank = True
    position = start
    for chunk in scan[start:end].split(gap):
        here = position
        position += len(chunk) + len(gap)
        if bullet and on.above and chunk.startswith(bullet):
            item = chunk[len(bullet) :].rstrip()
            if _is_plain(item, signs):
                on.above.more.append((here + len(bullet), here + len(bullet) + len(item)))
                bullet = on.above.next_start(scan) if on.above.ordinal else bullet
                blank = legacy
                continue
        match = pattern.match(scan, here, here + len(chunk))
        line = on.line(match.regs) if match else None
        if line:
            on.add(line, blank)
            bullet = line.next_start(scan) if on.above is line and on.takes(line) else ""
        blank = legacy or not line
    return on.finish()


def _is_plain(item: str, signs: Sequence[str]) -> bool:
    """Whether the words of a list item are sure to be one leaf criterion."""
    if not _PLAIN_START.match(item) or item[-1] in COLONS or item[:3] in _JOINING:
        return False
    if len(item) <= 90 and ("lusion" in item or "LUSION" in item):
        return False
    for sign in signs:  # noqa: SIM110  # a generator would double the time of this function
        if sign in item:
            return False
    return True


def _is_legacy(scan: str, start: int, end: int) -> bool:
    """The layout of ClinicalTrials.gov's older files: all lines set in by eight spaces, blank lines between items."""
    if not scan.startswith("\n        ", start):
        return False
    lines, blanks = scan.count("\n", start, end), scan.count("\n\n", start, end)
    return lines == blanks + scan.count("\n        ", start, end) and 12 * blanks >= lines


def remainder(scan: str, start: int, end: int) -> Passage | None:
    """What is left of a passage after its heading, as one passage; None if nothing is."""
    match = _LINE.match(scan, start, end)
    rest = _Page(scan, start, end).line(match.regs) if match else None
    if rest is None:
        return None
    if rest.start == rest.end:  # a marker and a line break
        rest.start = end - len(scan[rest.end : end].lstrip())
    rest.end = end
    return rest if rest.start < end else None


class _Page:
    """Lines becoming passages: what was found, how the text is wrapped, and the ordinals seen so far."""

    def __init__(self, scan: str, start: int, end: int, page: tuple[int, int] | None = None) -> None:
        self.scan = scan
        self.tabs = scan.find("\t", start, end) >= 0
        self.found: list[Passage] = []
        self.above: Passage | None = None
        self._span = page or (start, end)
        self._width: int | None = None
        self._seen: dict[str, int] = {}

    def line(self, regs: tuple[tuple[int, int], ...]) -> Passage | None:
        """The passage that a line begins if it begins one; None if it is blank."""
        (_, stop), (_, margin), (_, head), (_, dots), (mark, after), (first, last) = regs
        if stop == head:
            return None
        scan = self.scan
        if first < 0:
            first = last = head + len(scan[head:stop].rstrip())
        while last > first and scan[last - 1].isspace():
            last -= 1
        ordinal = scan[mark:after] if mark >= 0 else ""
        said = self._read(ordinal, scan[first : first + 1]) if ordinal else None
        if ordinal and not said:
            ordinal, first = "", mark
        indent, content = head - margin, first - margin
        if self.tabs:
            indent = len(scan[margin:head].expandtabs(4))
            content = len(scan[margin:first].expandtabs(4))
        line = Passage(head, first, last, indent, content, scan[head:dots])
        if said:
            line.number(ordinal, said)
        return line

    def _read(self, ordinal: str, first: str) -> Rank | None:
        """What an ordinal says here; None if it is none.

        "i." is Roman unless it follows "h."; doubtful ordinals ("IV." "5-", "c." before a small letter) count only as
        the first or next of their list.
        """
        said = rank(ordinal)
        seen = self._seen
        if said.roman and seen.get(said.shape) != said.value - 1:
            shape = said.shape.replace("a", "i").replace("A", "I")
            if said.roman == 1 or seen.get(shape) == said.roman - 1:
                seen[shape] = said.roman
                return Rank(shape, said.roman)
        wordlike = said.doubtful and (ordinal[-1] not in ".)" or ordinal[0].isupper() or first.islower())
        if wordlike and said.value != 1 and seen.get(said.shape) != said.value - 1:
            return None
        seen[said.shape] = said.value
        return said

    def add(self, line: Passage, blank: bool) -> None:
        """One more line: it goes on with the passage above, or ends it and starts one. `blank`: no line right above."""
        above = self.above
        if above and above.more and (line.bare or above.ordinal or self.scan[line.start : line.start + 3] in _JOINING):
            above = self.above = above.split_last()
            self.found.append(above)
        if above and (line.bare or not blank or above.start == above.end) and self._continues(above, line, blank):
            above.start = line.start if above.start == above.end else above.start
            above.end = line.end
        else:
            self._end()
            self.found.append(line)
            self.above = line

    def finish(self) -> list[Passage]:
        """All passages, the last one ended."""
        self._end()
        if self.above and self.above.more and self.above.ordinal:
            self.found.append(self.above.split_last())
        return self.found

    def _end(self) -> None:
        """Drop the passage above if it is an empty marker, or join it to the one before if it belongs there."""
        above = self.above
        if above and not above.more and (above.start == above.end or self._joins(above)):
            self.found.pop()

    def _joins(self, last: Passage) -> bool:
        """Whether `last` is a note or a lone "OR" that belongs to the passage above it, which then takes it in."""
        scan, found = self.scan, self.found
        if scan[last.start : min(last.start + 3, last.end)] not in _JOINING or len(found) == 1:
            return False
        above, text = found[-2], scan[last.start : last.end]
        if scan[above.end - 1] in COLONS or _headlike(scan, above.start, above.end):
            return False
        if above.more:
            above = above.split_last()
            found.insert(-1, above)
        belongs = bool(_CONNECTOR.fullmatch(text)) or (is_note(text) and text[-1] not in COLONS)
        above.end = last.end if belongs else above.end
        return belongs

    def takes(self, line: Passage) -> bool:
        """Whether plain items may be added to `line` as `more`: it is a bullet, announces nothing and is no note."""
        if line.bare or self.tabs or line.start == line.end or self.scan[line.end - 1] in COLONS:
            return False
        return self.scan[line.start : line.start + 3] not in _JOINING

    def _continues(self, last: Passage, line: Passage, blank: bool) -> bool:
        """Whether `line` goes on with the passage above it instead of starting one."""
        if last.start == last.end:
            return line.bare
        if not line.bare:
            return not blank and line.indent == last.content and line.indent > last.indent and self._full(last, line)
        if not blank and _is_broken_name(self.scan, last, line):
            return True
        if _headlike(self.scan, line.start, line.end):
            return False
        if blank:
            return self._hangs(last, line)
        if last.bare:
            return self._full(last, line) if self._wrapped_at else self._leans(last, line)
        if line.indent > last.indent:
            return self.scan[last.end - 1] not in COLONS or self._full(last, line)
        return self._full(last, line) or self._broken(last, line)

    def _hangs(self, last: Passage, line: Passage) -> bool:
        """A paragraph below a bullet, indented as its text, is part of it, unless the bullet announces it."""
        if last.bare or self.scan[last.end - 1] in COLONS:
            return False
        return (line.indent > last.indent and line.indent >= last.content - 1) or self._broken(last, line)

    def _leans(self, last: Passage, line: Passage) -> bool:
        """A line that ends in a preposition, or whose bracket the next line closes."""
        if _LEANING.search(self.scan, max(last.start, last.end - 6), last.end):
            return True
        close = self.scan.find(")", line.start, line.end)
        if close < 0 or self.scan.find("(", line.start, close) >= 0:
            return False
        first = max(last.start, last.end - 400)
        return self.scan.count("(", first, last.end) > self.scan.count(")", first, last.end)

    def _broken(self, last: Passage, line: Passage) -> bool:
        """A bare line in small letters after a bullet that did not end: a line break that should not be there."""
        if not self.scan[line.start].islower():
            return False
        return self.scan[last.end - 1] not in ".:;!?" or bool(_LATIN.search(self.scan, last.end - 5, last.end))

    def _full(self, last: Passage, line: Passage) -> bool:
        """Whether the first word of `line` had no room on the line above, so that the text was wrapped there."""
        width = self._wrapped_at
        if not width:
            return False
        word = _WORD.match(self.scan, line.head)
        margin = self.scan.rfind("\n", 0, last.end) + 1
        return word is not None and last.end - margin + 1 + len(word[0]) >= width

    @property
    def _wrapped_at(self) -> int:
        """The column at which the text is hard-wrapped, 0 if it is not."""
        if self._width is None:
            self._width = _wrapping(self.scan[slice(*self._span)])
        return self._width


def _wrapping(text: str) -> int:
    lines = [line.rstrip() for line in text.split("\n")]
    longest = max(map(len, lines))
    if not 40 <= longest <= 130:
        return 0
    breaks = [
        len(above) + 1 + len(below.split(None, 1)[0]) > longest
        for above, below in itertools.pairwise(lines)
        if above and below and not _LIST_LINE.match(below)
    ]
    legacy = text.startswith(("\n      ", "      "))
    return longest if breaks and (legacy or sum(breaks) >= max(2, 0.6 * len(breaks))) else 0


def _is_broken_name(scan: str, last: Passage, line: Passage) -> bool:
    """Whether a line break parts a section's name from its noun: "Exclusion", and below it "Criteria: - asthma"."""
    return scan.startswith(("Criteri", "criteri"), line.start) and scan.endswith("clusion", last.start, last.end)


def _headlike(scan: str, start: int, end: int) -> bool:
    """A short line that can only be a section heading, wherever it stands."""
    if end - start > 90 or not (scan[start].isupper() or scan[start] in "*#_["):
        return False
    return scan[end - 1] not in ".)" and bool(_HEADLIKE.match(scan[start:end]))
