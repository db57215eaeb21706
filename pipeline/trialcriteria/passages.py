"""Raw eligibility text -> passages: one bullet, paragraph or heading each, still with raw offsets.

Three things happen here and nowhere else: remnants of HTML and odd line ends are overwritten by line breaks of the
same length (so every offset stays true), lines are gathered into passages (a bullet with its wrapped and hanging
lines), and a passage's text is unescaped and unwrapped with a map back (`plain`).
"""

import html
import itertools
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from trialcriteria.headings import is_note

# What stands at the start of a list item. A dash or star needs no space ("-Age"), but "-5" and "**bold**" are none.
_DOTS = "•⁃·∙⋅･◦▪▫■□☐●○◆◇▶►▸➢➤✓✔‣※\uf000-\uf0ff"
_BULLET = rf"(?:\\?[-–—−]{{1,3}}(?![-–—−\d.])|\\?\*(?![*\d])|\\?\+(?=\s)|[{_DOTS}](?!\d)|[o§»](?=[^\S\n]+[A-Z≥≤<>\d]))"
_ORDINAL = (
    r"(?:\d{1,3}\\?[.)](?![\d.)])"  # 1. 2) 3\.
    r"|\d{1,2}[．、）]"
    r"|[(\[（]\d{1,3}[)\]）]"  # (1) （1） [1]
    r"|\d{1,2}(?:\.\d{1,2}){1,3}\.?(?=[^\S\n]+[A-Z][a-z])"  # 2.1 2.1.3.
    r"|\d{1,2}[^\S\n]?[-–:](?=[^\S\n]+[A-Za-z])|\d{1,2}-(?=[A-Z][a-z])"  # 1- 1:
    r"|[(（](?:[a-zA-Z]|[ivxIVX]{2,4})[)）]"  # (a) (iv)
    r"|(?:[a-z]|[ivx]{2,4})\\?[.)）](?=[^\S\n]|[A-Z≥≤<>])"  # a. b) iv.
    r"|(?:[A-Z]|[IVX]{2,4})\\?[.)）](?=[^\S\n]+[A-Z≥≤<>\d(])"  # A. IV) but not E. coli
    r"|(?:[IE]C?|Inc|Exc|IN|EX|INC|EXC)[ -]?\d{1,2}(?:[-.]\d{1,2})?[.):](?=\s)|[IE]-\d{1,2}-\d{1,2}(?=\s)"  # I1. E-12.
    r"|(?:In|Ex)clusion(?:\s[Cc]riteri(?:a|on))?\s#?\d{1,2}[.:)](?=\s)"  # Inclusion Criterion 3.
    r"|[①-⒛⓪❶-➓㈠-㈩]|[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、．])"
)
_LINE = re.compile(
    r"((?:[^\S\n]*+\n)*+)([^\S\n]*+)"  # blank lines, indent
    rf"((?:{_BULLET}[^\S\n]*+){{0,2}})({_ORDINAL}[^\S\n]*+)?((?:[{_DOTS}](?!\d)|\\?[-–](?=[^\S\n]))[^\S\n]*+)?"
    r"([^\n]*\S)?"
)
_REMNANT = re.compile(
    r"</?(?:br|p|li|ul|ol|div|tr|td)\s{0,3}/?>|&(?:nbsp|#160|#xA0|#13|#10|#x0?D|#x0?A);", re.IGNORECASE
)
COLONS = (":", "：")
_ODD_BREAKS = ("\x0b", "\x0c", "\x85", "\u2028", "\u2029")
_MARKUP = re.compile(r"\n\s*+|\\?&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d{0,2});|\\[!-/:-@\[-`{-~]")
_LATIN = re.compile(r"\b(?:e\.g|i\.e)\.$")
_LEANING = re.compile(r"(?:\b(?:of|the|with|to|for|than|by|from|a|an|in)|[-/(])$", re.IGNORECASE)
_CONNECTOR = re.compile(r"\W*(?:and/or|and|or)\W*", re.IGNORECASE)
_WORD = re.compile(r"\S*")
_LIST_LINE = re.compile(rf"\s*(?:{_BULLET}|{_ORDINAL})")
_STARTS = (
    "no",
    "nb",
    "n.",
    "re",
    "co",
    "ex",
    "pl",
    "im",
    "cl",
    "fo",
    "or",
    "an",
    "ot",
    "ho",
    "(o",
    "(a",
    "*n",
    "*p",
    "† ",
    "‡ ",
)
_JOINING = frozenset(form for start in _STARTS for form in (start, start.upper(), start.title()))  # of notes, "or"
NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi")
_ROMAN = {numeral: value for value, numeral in enumerate(NUMERALS, 1)}
_HEADLIKE = re.compile(r"\W*(?:[\w'/,-]+\s+){0,4}(?:non-?\s?)?(?:in|ex)clusion\w*(?:\s+criteri\w+)?\W*$", re.IGNORECASE)


class Passage:
    """One bullet, paragraph or heading: the raw stretch of its content and how it stood on the page."""

    __slots__ = ("bare", "content", "end", "head", "indent", "index", "inline", "marker", "ordinal", "shape", "start")

    def __init__(self, head: int, start: int, end: int, indent: int, content: int, marker: str, ordinal: str) -> None:
        self.head = head  # where its list marker starts
        self.start = start
        self.end = end
        self.indent = indent
        self.content = content  # column of the first word
        self.inline = 0  # how many headings stood before it on its line
        self.index = -1  # of its criterion, once it is one
        self.mark(marker, ordinal)

    def mark(self, marker: str, ordinal: str = "") -> None:
        """Say by which bullet and number it is listed ("" for none)."""
        self.marker = marker
        self.ordinal = ordinal
        self.bare = not (marker or ordinal)
        self.shape = rank(ordinal).shape if ordinal else marker[:1]

    def __repr__(self) -> str:
        return f"Passage({self.head}, {self.start}, {self.end}, {self.indent}, {self.marker + self.ordinal!r})"


def prepare(text: str) -> str:
    """`text` with `<br>`, `&#x0D;`, lone carriage returns and their like as line breaks, every offset unchanged.

    >>> prepare("a<br/>b<li>c&nbsp;d")
    'a    \\nb\\n•  c      d'
    """
    if "<" in text or "&" in text:
        text = _REMNANT.sub(_overwrite, text)
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        text = re.sub(r"\r(?!\n)", "\n", text)
    for odd in _ODD_BREAKS:
        if odd in text:
            text = text.replace(odd, "\n")
    return text


def _overwrite(match: re.Match[str]) -> str:
    found = match[0]
    name = found.strip("</ >&;").lower()
    if name == "li" and found[1] != "/":
        return "\n•".ljust(len(found))
    blank = name in ("nbsp", "#160", "#xa0", "td", "li")
    return " " * len(found) if blank else "\n".rjust(len(found))


def passages(scan: str, start: int, end: int) -> list[Passage]:
    """The passages of scan[start:end] in order; wrapped lines, hanging paragraphs and notes belong to their bullet.

    >>> scan = "- Age over\\n  18\\n- ECOG 0-1"
    >>> [scan[p.start:p.end] for p in passages(scan, 0, len(scan))]
    ['Age over\\n  18', 'ECOG 0-1']
    """
    end -= len(scan[start:end]) - len(scan[start:end].rstrip())
    page = _Page(scan, start, end)
    found: list[Passage] = []
    above: Passage | None = None
    for match in _LINE.finditer(scan, start, end):
        _, (gap, margin), (_, head), (_, dots), (mark, _), _, (first, last) = match.regs
        blank = margin - gap > 1 and scan.count("\n", gap, margin) > 1
        if above and not blank and mark < 0 and dots == head and page.wraps(above, first, last, head - margin):
            above.end = last
            continue
        line = page.line(match.regs)
        if line is None:
            break
        if above and page.continues(above, line, blank):
            above.start = line.start if above.start == above.end else above.start
            above.end = line.end
        else:
            found.append(line)
            above = line
    return _joined(scan, found)


def remainder(scan: str, start: int, end: int) -> Passage | None:
    """What is left of a passage after its heading, as one passage; None if nothing is."""
    match = _LINE.match(scan, start, end)
    rest = _Page(scan, start, end).line(match.regs) if match else None
    if rest is None or rest.start == rest.end:
        return None
    rest.end = end
    return rest


class _Page:
    """How the text is set: its wrapping width, and the ordinals seen so far."""

    def __init__(self, scan: str, start: int, end: int) -> None:
        self.scan = scan
        self.tabs = scan.find("\t", start, end) >= 0
        self._span = (start, end)
        self._width: int | None = None
        self._seen: dict[str, int] = {}

    def line(self, regs: tuple[tuple[int, int], ...]) -> Passage | None:
        """The passage that a line begins if it begins one; None at the end of the text."""
        (begin, stop), (_, margin), (_, head), (_, dots), (mark, after), (_, last_dot), (first, last) = regs
        if begin == stop:
            return None
        scan = self.scan
        ordinal = scan[mark:after].rstrip() if mark >= 0 else ""
        if ordinal and not self._expects(ordinal, scan[first] if first >= 0 else ""):
            ordinal, first = "", mark
        if first < 0:
            first = last = max(dots, after, last_dot)
        indent, content = head - margin, first - margin
        if self.tabs:
            indent = len(scan[margin:head].expandtabs(4))
            content = len(scan[margin:first].expandtabs(4))
        return Passage(head, first, last, indent, content, scan[head:dots], ordinal)

    def _expects(self, ordinal: str, first: str) -> bool:
        """Doubtful ordinals ("IV." "5-", "c." before a small letter) count only as the first or next of their list."""
        shape, value, doubtful, roman = rank(ordinal)
        seen = self._seen
        if roman and (roman == 1 or seen.get("i") == roman - 1):
            seen["i"] = roman
        elif doubtful and value != 1 and seen.get(shape) != value - 1:  # noqa: SIM102  # two questions
            if ordinal[-1] not in ".)" or ordinal[0].isupper() or first.islower():
                return False
        seen[shape] = value
        return True

    def wraps(self, above: Passage, first: int, last: int, indent: int) -> bool:
        """Whether a bare line right below is a hanging line of the list item above."""
        if above.bare or indent <= above.indent or above.start == above.end or self.scan[above.end - 1] in COLONS:
            return False
        return not (self.scan[first].isupper() and _headlike(self.scan, first, last))

    def continues(self, last: Passage, line: Passage, blank: bool) -> bool:
        """Whether `line` goes on with the passage above it instead of starting one."""
        if last.start == last.end:
            return line.bare
        if not line.bare:
            return not blank and line.indent == last.content and line.indent > last.indent and self._full(last, line)
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
        return self.scan.count("(", last.start, last.end) > self.scan.count(")", last.start, last.end)

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


def _headlike(scan: str, start: int, end: int) -> bool:
    """A short line that can only be a section heading, wherever it stands."""
    if end - start > 90 or not (scan[start].isupper() or scan[start] in "*#_["):
        return False
    return scan[end - 1] not in ".)" and bool(_HEADLIKE.match(scan[start:end]))


def _joined(scan: str, found: list[Passage]) -> list[Passage]:
    """Without empty markers, and with notes and a lone "OR" joined to the passage above."""
    joined: list[Passage] = []
    for passage in found:
        if passage.start == passage.end:
            continue
        if scan[passage.start : passage.start + 2] in _JOINING and joined and _belongs(scan, joined[-1], passage):
            joined[-1].end = passage.end
        else:
            joined.append(passage)
    return joined


def _belongs(scan: str, above: Passage, passage: Passage) -> bool:
    if scan[above.end - 1] in COLONS or _headlike(scan, above.start, above.end):
        return False
    text = scan[passage.start : passage.end]
    return bool(_CONNECTOR.fullmatch(text)) or (is_note(text) and text[-1] not in COLONS)


class Rank(NamedTuple):
    """What a printed ordinal says."""

    shape: str  # "1." "(a)" "①": one for each way to number a list
    value: int
    doubtful: bool = False  # could also be a word: "IV." "5-"
    roman: int = 0  # its value if it is a Roman numeral


@lru_cache(maxsize=4096)
def rank(ordinal: str) -> Rank:
    """Shape and value of a printed ordinal; a single letter counts as a letter, "i." may be Roman all the same.

    >>> [rank(ordinal)[:3] for ordinal in ("12.", "(c)", "iv.", "③", "2.10")]
    [('1.', 12, False), ('(a)', 3, False), ('i.', 4, True), ('①', 3, False), ('1.1', 10, False)]
    """
    plain = ordinal.replace("\\", "")
    core = re.sub(r"\W", "", plain)
    if core.isdecimal():
        value = int(re.findall(r"\d+", plain)[-1])
        return Rank(re.sub(r"\d+", "1", plain).replace(" ", ""), value, plain[-1] in "-–:")
    letters = re.match(r"[A-Za-z]*", core)
    if not letters or not letters[0]:
        return _enumerated(core or plain)
    if letters.end() < len(core):
        return Rank(letters[0], int(re.findall(r"\d+", plain)[-1]))
    roman = _ROMAN.get(core.lower(), 0)
    value = roman if roman and len(core) > 1 else ord(core[0].lower()) - 96
    sample = "i" if len(core) > 1 else "a"
    doubtful = plain[0] not in "(（" and (core.isupper() or plain[-1] == ".")
    return Rank(plain.replace(core, sample if core.islower() else sample.upper()), value, doubtful, roman)


def _enumerated(sign: str) -> Rank:
    """Circled and bracketed numbers are one character; Chinese numerals count by their first."""
    number = unicodedata.normalize("NFKC", sign[0]).strip("().")
    value = int(number) if number.isdecimal() else "一二三四五六七八九十".find(number[:1]) + 1
    return Rank("一" if "一" <= sign[0] <= "龥" else "①", value)


def plain(scan: str, start: int, end: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Unescaped, unwrapped text of scan[start:end], and the pairs (position in it, raw offset) that map it back.

    >>> plain("ANC \\\\>= 1\\n   x", 0, 14)
    ('ANC >= 1 x', ((0, 0), (5, 6), (9, 13)))
    """
    text = scan[start:end]
    if "\\" not in text and "&" not in text:
        return _unwrapped(text, start) if "\n" in text else (text, ((0, start),))
    parts: list[str] = []
    pairs = [(0, start)]
    length, last = 0, start
    for match in _MARKUP.finditer(scan, start, end):
        stop = match.start()
        sign = scan[stop]
        if sign == "\n":
            part, sign = scan[last:stop].rstrip(), " "
        else:  # an escaped character, or an entity that may itself be escaped
            part, sign = scan[last:stop], html.unescape(match[0].lstrip("\\") or "\\")
            if len(sign) != 1 and scan[stop] == "&":
                continue
        parts += (part, sign[0])
        length += len(part) + 1
        last = match.end() if len(sign) == 1 else stop + 2
        pairs.append((length, last))
    parts.append(scan[last:end])
    return "".join(parts), tuple(pairs)


def _unwrapped(text: str, start: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The same for text that holds line breaks and nothing to unescape."""
    parts: list[str] = []
    pairs: list[tuple[int, int]] = []
    length = 0
    for line in text.split("\n"):
        words = line.strip()
        if words:
            pairs.append((length, start + line.index(words[0])))
            parts.append(words)
            length += len(words) + 1
        start += len(line) + 1
    return " ".join(parts), tuple(pairs)
