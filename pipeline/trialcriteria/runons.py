"""One paragraph that holds several criteria: lists whose line breaks were lost, and criteria written as prose.

A bullet is never cut into sentences, and "a) … b) …" inside a sentence stays one criterion. What is cut: numbers that
go on counting from the bullet's own ("7. … 8. …"), a bullet sign in the middle of a line, the labels of a collapsed
NCI PDQ paragraph, and, where a section has no bullets at all, sentences and lists separated by semicolons.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from trialcriteria.headings import WORDS, alternatives
from trialcriteria.passages import NUMERALS, Passage, Rank

_DOT = re.compile(r"(?:\s+[•●▪■◦⁃‣]\s*|[•●▪■◦⁃‣]\s+)(?=[A-Za-z≥≤<>(])")
_DASH = re.compile(r"(?<=[^\d\s])\s+[-–]\s+(?=[A-Za-z≥≤<>(])|(?<=\d)\s+[-–]\s+(?=[A-Z][a-z])")
_STOPPED_DASH = re.compile(r"(?<=[.;])\s+-\s+(?=[A-Z≥≤<>])(?!Notes?\b|NOTE)")
_DASHES = frozenset("-–—−")
_COUNTED = re.compile(  # what a number that ends a sentence follows: "stage 3. Patients", "at least 2. No"
    r"(?:\b(?:grades?|stages?|types?|class|phase|day|visit|cohort|part|arm|group|version|no|number|of|than|to|and|or|least|most|score|by|is|was"
    r"|criterion|criteria|section|appendix|table|v|under|over|below|above|level|category|step|cycle|week|month)|[<>=≤≥,–-])\s*\(?$",
    re.IGNORECASE,
)
_LABEL = re.compile(rf"(?<=\s)(?:{alternatives(WORDS['topics']['labels'])})(?=:\s)", re.IGNORECASE)
_POLARITY = re.compile(rf"(?<=[\w)%])\s+(?=(?:{alternatives(WORDS['topics']['polarity'])})\s+[\w(<>≤≥])")
_SENTENCE = re.compile(r"[.!?][\"'”)\]]?\s+(?=[A-Z(≥≤<>“\"])")
_OR = re.compile(r"\s+(?:and/)?or\s", re.IGNORECASE)  # "surgically sterile; or postmenopausal" is one criterion
_SPACE = re.compile(r"\s*")
_LAST_WORD = re.compile(r"[\w.]+$")
_ABBREVIATIONS = frozenset(WORDS["sentences"]["abbreviations"])
_DEPENDENT = re.compile(rf"\W*(?:{alternatives(WORDS['sentences']['dependent'])})\b|[(\[]", re.IGNORECASE)


def counted(scan: str, passage: Passage, item: Passage, last: int) -> list[Passage]:
    """`passage` cut where the numbering of `item` goes on inside it, up to `last`: "1. Adults 2. ECOG 0-1"."""
    value = item.last + 1
    cuts = list(_counted_cuts(scan, passage, item.shape, value, last))
    pieces = _cut(scan, passage, [(stop, start) for stop, start, _ in cuts])
    for n, (piece, (_, _, ordinal)) in enumerate(zip(pieces[1:], cuts, strict=True)):
        piece.indent, piece.content, piece.marker = item.indent, item.content, item.marker
        piece.number(ordinal, Rank(item.shape, value + n))
    return pieces


def _counted_cuts(scan: str, passage: Passage, shape: str, value: int, last: int) -> Iterator[tuple[int, int, str]]:
    """(end of the words before, start of the words behind, ordinal) of each next item printed inside `passage`."""
    pattern = _items(shape)
    sign = _numeral(shape, value)
    if pattern is None or not sign or value > last or scan.find(sign, passage.start + 1, passage.end) < 0:
        return
    for match in pattern.finditer(scan, passage.start + 1, passage.end):
        if match[2] != sign or _COUNTED.search(scan, max(passage.start, match.start() - 14), match.start()):
            continue
        if match.end() == match.end(1) and scan[match.end()].islower():  # "2.mg"
            continue
        yield match.start(), match.end(), match[1]
        value += 1
        sign = _numeral(shape, value)
        if value > last or not sign:
            return


@lru_cache(maxsize=64)
def _items(shape: str) -> re.Pattern[str] | None:
    """Printed ordinals of one shape and what an item starts with; a "." or ")" may be escaped, as API v2 does."""
    form = re.fullmatch(r"(\W*)([1aAi①])(\W*)", shape)
    if not form:
        return None
    before, sample, after = form.groups()
    number = {"1": r"\d{1,3}", "a": "[a-z]", "A": "[A-Z]", "i": "[ivx]{1,5}", "①": "[①-⑳]"}[sample]
    closing = "".join(rf"\\?{re.escape(char)}" for char in after.replace(" ", ""))
    space = r"\s*" if after else r"\s+"
    return re.compile(
        rf"(?<=[\s;.,；。，])({re.escape(before)}({number}){closing}){space}"
        r"(?=[A-Za-z≥≤<>(\"'\u3040-\u9fff])(?![a-z]\.)"
    )


def _numeral(shape: str, value: int) -> str | None:
    """How a list of this shape prints `value`."""
    if "1" in shape:
        return str(value)
    if "i" in shape:
        return NUMERALS[value - 1] if value <= len(NUMERALS) else None
    for first, count in (("①", 20), ("a", 26), ("A", 26)):
        if first in shape and value <= count:
            return chr(ord(first) + value - 1)
    return None


def dotted(scan: str, passage: Passage) -> list[Passage]:
    """`passage` cut at bullet signs inside it, and at dashes: all in a list set on one line, else after a full stop."""
    cuts = [(m.start(), m.end()) for m in _DOT.finditer(scan, passage.start, passage.end)]
    dashed = passage.marker[:1] in _DASHES
    if not cuts and (dashed or passage.bare):
        after_stop = _STOPPED_DASH.finditer(scan, passage.start, passage.end)
        dashes = list(_DASH.finditer(scan, passage.start, passage.end)) if dashed else []
        whole = passage.inline or len([m for m in dashes if scan[m.end()].isupper()]) > 2
        cuts = [(m.start(), m.end()) for m in (dashes if whole else after_stop)]
    pieces = _cut(scan, passage, cuts)
    below = scan[pieces[0].end - 1] in ":："
    for piece in pieces[1:]:
        piece.bullet("•" if below else passage.marker or "•")
        if below:
            piece.indent, piece.content = passage.indent + 2, passage.content + 2
    return pieces


def labelled(scan: str, passage: Passage) -> list[Passage]:
    """A collapsed PDQ paragraph cut before its labels ("Age:") and before "No …", "At least …"."""
    starts = sorted(
        {m.start() for m in _LABEL.finditer(scan, passage.start, passage.end)}
        | {m.end() for m in _POLARITY.finditer(scan, passage.start, passage.end)}
    )
    return _cut(scan, passage, [(start, start) for start in starts])


def sentences(scan: str, passage: Passage, least: int, longest: float) -> list[Passage]:
    """`passage` cut into sentences that stand alone, else at semicolons; whole if there are fewer than `least`
    or if they are longer than `longest` characters on average."""
    cuts: list[tuple[int, int]] = []
    begin = passage.start
    for match in _SENTENCE.finditer(scan, passage.start, passage.end):
        stop = match.start() + 1
        if _ends(scan, begin, match.start()) and not _DEPENDENT.match(scan, match.end(), passage.end):
            cuts.append((match.end(), match.end()))
            begin = stop
    if not cuts:
        cuts = [(at, at) for at in _semicolons(scan, passage)]
        cuts = cuts if len(cuts) > 1 else []
    short = (passage.end - passage.start) / (len(cuts) + 1) <= longest
    return _cut(scan, passage, cuts) if cuts and len(cuts) + 1 >= least and short else [passage]


def _ends(scan: str, begin: int, dot: int) -> bool:
    """Whether the full stop at `dot` ends a sentence and no abbreviation, initial or numbering."""
    if scan[dot] != ".":
        return True
    word = _LAST_WORD.search(scan, max(begin, dot - 12), dot)
    if not word:
        return True
    last = word[0].lower()
    if last.isdecimal() and _is_listed(scan, begin, word.start(), int(last)):
        return False
    return last not in _ABBREVIATIONS and not (len(last) == 1 and last.isalpha()) and dot - begin > 8


def _is_listed(scan: str, begin: int, at: int, value: int) -> bool:
    """Whether a number before a full stop opens an item of a list: "any of: 1. Gout 2. Lupus"."""
    if value == 1:
        return scan[begin:at].rstrip().endswith((":", "："))
    return re.search(rf"(?<![\w.]){value - 1}\.\s", scan[begin:at]) is not None


def _semicolons(scan: str, passage: Passage) -> Iterator[int]:
    depth = 0
    for match in re.compile(r"[;()\[\]]").finditer(scan, passage.start, passage.end - 1):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(match[0], 0)
        if match[0] == ";" and depth <= 0 and scan[match.end()].isspace() and not _OR.match(scan, match.end()):
            yield match.end()


def _cut(scan: str, passage: Passage, cuts: list[tuple[int, int]]) -> list[Passage]:
    """Pieces of `passage`: each cut is (end of the piece before it, start of the words after it)."""
    end = passage.end
    pieces = [passage]
    for stop, start in cuts:
        last = pieces[-1]
        if stop <= last.start:
            continue
        begin = _SPACE.match(scan, start).end()  # type: ignore[union-attr]  # always matches
        last.end = last.start + len(scan[last.start : stop].rstrip())
        pieces.append(Passage(stop, begin, end, passage.indent, passage.content, ""))
    return pieces
