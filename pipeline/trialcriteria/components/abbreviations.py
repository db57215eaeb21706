"""Short forms that a document defines itself: "epirubicin and cyclophosphamide (EC)", then "EC" everywhere.

scispaCy's algorithm (Schwartz and Hearst 2003) finds what a short form in brackets stands for. If the long form is
known to the lexicon, the short form means the same in the whole trial, and nothing else that the lexicon may hold.
"""

import re
from bisect import bisect_left
from collections.abc import MutableMapping, Sequence
from typing import Any, NamedTuple

from spacy.language import Language

from trialcriteria.components.step import Step
from trialcriteria.components.terms import Term, end_of, tokenized

SHORT = re.compile(r"\(\s?([A-Z][A-Za-z0-9]{0,8}[A-Z0-9][A-Za-z0-9]{0,3}s?)\s?[),;]")
GROUPS = frozenset({"measure", "mention"})

Defined = MutableMapping[str, tuple[str, str]]  # short form -> group and entry of the lexicon


class Word(NamedTuple):
    """A token of a text, as scispaCy asks for it."""

    text: str
    text_with_ws: str
    start: int


class Abbreviations(Step):
    """Learns the short forms of a document and marks them in `doc.user_data["terms"]`.

    `doc.user_data["defined"]`, if given, is shared by the criteria of one trial.
    """

    def read(self, text: str, data: dict[str, Any]) -> None:
        """Learn what the text defines, then mark what the document has defined."""
        defined: Defined = data.setdefault("defined", {})
        terms = data.get("terms", ())
        if "(" in text:
            defined.update(definitions(text, terms))
        if defined:
            data["terms"] = meant(text, terms, defined)


def may_define(text: str) -> bool:
    """Whether a text can define a short form."""
    return "(" in text and SHORT.search(text) is not None


def definitions(text: str, terms: Sequence[Term]) -> dict[str, tuple[str, str]]:
    """The short forms that a criterion defines, with what the lexicon knows of their long forms."""
    found = {}
    ends = {t.end for t in terms if t.group in GROUPS}
    for match in SHORT.finditer(text):
        end = len(text[: match.start()].rstrip())
        if end not in ends:  # a cheap look before the costly one
            continue
        start = _long_form(text, *match.span(1))
        inside = [t for t in terms if t.group in GROUPS and start is not None and start <= t.start and t.end == end]
        if inside:
            longest = min(inside, key=lambda t: t.start)
            found[match[1]] = (longest.group, longest.id)
    return found


def _long_form(text: str, start: int, end: int) -> int | None:
    """Where the long form of the short form in brackets begins, if it has one."""
    from scispacy.abbreviation import find_abbreviation  # only here: importing it takes half a second

    tokens, starts = tokenized(text)
    first, last = bisect_left(starts, start), bisect_left(starts, end) - 1
    if first < 2 or starts[first] != start or end_of(last, tokens, starts) != end:
        return None
    most = min(end - start + 5, 2 * (end - start))
    begin = max(0, first - most - 1)
    words = [Word(tokens[i].rstrip(" "), tokens[i], starts[i]) for i in range(begin, last + 1)]
    _, long = find_abbreviation(words[: first - 1 - begin], words[first - begin :])
    return long[0].start if long else None


def meant(text: str, terms: Sequence[Term], defined: Defined) -> list[Term]:
    """`terms` with the document's own short forms in place of what the lexicon would read in them."""
    out = list(terms)
    for short, (group, id) in defined.items():
        if short not in text:
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(short)}(?!\w)", text):
            start, end = match.span()
            covering = [t for t in out if t.group in GROUPS and t.start <= start and end <= t.end]
            if any((t.group, t.id) == (group, id) or t.end - t.start > end - start for t in covering):
                continue
            out = [t for t in out if t not in covering]
            out.append(Term(start, end, group, id))
    return sorted(out)


@Language.factory("trialcriteria_abbreviations", assigns=["doc.user_data"], requires=["doc.user_data"])
def make_abbreviations(nlp: Language, name: str) -> Abbreviations:
    """Component `trialcriteria_abbreviations`."""
    return Abbreviations()
