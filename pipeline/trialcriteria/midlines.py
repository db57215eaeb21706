"""Section headings in the middle of a line: "- adults Exclusion Criteria: - asthma"."""

import re
from collections.abc import Iterator

from trialcriteria import headings

_INLINE = re.compile(r"clusion(?:(?:\s{1,40}[Cc]riteria)?\s?[:：]|\s{1,40}Criteria(?=\s*+$|[^\S\n]*+\n\s*?\n))")
_INLINE_CAPITALS = re.compile(r"CLUSION(?: CRITERIA)?\s?[:：]")
_INLINE_LABEL = re.compile(
    rf"(?:{headings.alternatives(label.upper() for label in headings.WORDS['topics']['splitting'])})\s?:"
)
_LIST_BEHIND = re.compile(r"[\w \t]{5,40}[:：][^\S\n]+-\s")  # on the same line
_INLINE_NAME = re.compile(r"(?:\b(?:Key|Main|Major|Other|Primary|KEY|MAIN|MAJOR)\s+)?\b(?:[Nn]on-?)?(?:In|Ex|IN|EX)$")
_REFERS = re.compile(
    r"(?:\b(?:the|these|those|of|any|all|and|or|meets?|meeting|following|see|per|in|from|under|following)\s+|/\s*)$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_PREFIXES = frozenset(headings.WORDS["nouns"]["prefixes"])


def inline_headings(scan: str, start: int, end: int) -> Iterator[int]:
    """Starts of section headings in the middle of a line, as in "- adults Exclusion Criteria: - asthma"."""
    last = start
    for name in sorted(_names(scan, start, end)):
        before = scan[max(last, name - 120) : name]
        line = before[before.rfind("\n") + 1 :]
        hangs = line.isspace()  # below a wrapped line, without a blank one between
        hangs = hangs and (len(line) > 8 or _LIST_BEHIND.match(scan, name, end) is not None)
        if hangs or (_WORDS.search(line) and _is_over(line)):
            last = name
            yield last


def _is_over(line: str) -> bool:
    """Whether the words in front of a section's name are no part of the heading and do not refer to the section."""
    if line[-1:].isalnum() or _REFERS.search(line):
        return False
    words = _WORDS.findall(line.lower())
    return len(line) > 40 or any(sign in line for sign in ".;:：)") or (len(words) > 2 and _PREFIXES.isdisjoint(words))


def _names(scan: str, start: int, end: int) -> Iterator[int]:
    """Starts of what looks like the name of a section, anywhere."""
    for pattern in (_INLINE, _INLINE_CAPITALS):
        for match in pattern.finditer(scan, start, end):
            before = scan[max(start, match.start() - 16) : match.start() - 2]
            if not before or (before.isspace() and "\n\n" in before):  # a paragraph of its own
                continue
            name = _INLINE_NAME.search(scan, max(start, match.start() - 30), match.start())
            if name:
                yield name.start()
    if "CHARACTERISTICS:" in scan:
        yield from (match.start() for match in _INLINE_LABEL.finditer(scan, start, end))
