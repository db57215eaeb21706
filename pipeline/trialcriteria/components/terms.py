"""Known words: every literal phrase of the lexicon that stands in a criterion.

The tokenizer splits wherever the class of character changes, so that "ECOG0-1", "≥90g/L" and "2.5xULN" fall into
words, signs and numbers, and "100,000" stays whole. Phrases are tokenised the same way.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.vocab import Vocab

from trialcriteria import lexicon
from trialcriteria.components.step import Step
from trialcriteria.lexicon import Phrase

BOUNDARY = re.compile(
    r"(?<=[^\W\d_])(?=[\W\d_])"  # after a letter
    r"|(?<=\d)(?![.,]?\d)"  # after a number, which keeps its . and ,
    r"|(?<=[\W_])(?<!\d[.,](?=\d))"  # after a sign
)
CROSSING = frozenset({"comparators", "windows"})  # "and younger than": both "and younger" and "younger than" are kept
PART_OF_NAME = re.compile(r"-(?:[A-Z]{2}|free\b|naive\b|sparing\b)")  # RT-PCR, progression-free


class Term(NamedTuple):
    """A phrase found: character span, group of the lexicon, entry."""

    start: int
    end: int
    group: str
    id: str


def tokenizer(vocab: Vocab) -> Tokenizer:
    """A tokenizer that splits at every change between letters, digits and signs.

    >>> [t.text for t in tokenizer(Vocab())("PLT≥100,000/µL, ECOG0-1")]
    ['PLT', '≥', '100,000', '/', 'µL', ',', 'ECOG', '0', '-', '1']
    """
    return Tokenizer(vocab, infix_finditer=BOUNDARY.finditer)


class Terms(Step):
    """Finds the phrases of a lexicon and leaves them in `doc.user_data["terms"]`, sorted, longest first."""

    def __init__(self, nlp: Language, phrases: Iterable[Phrase]) -> None:
        self.nlp = nlp
        self.matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        self.exact = PhraseMatcher(nlp.vocab, attr="ORTH")
        self.meaning: dict[int, tuple[str, str]] = {}
        chosen: dict[bool, dict[tuple[str, str], list[Doc]]] = {False: {}, True: {}}
        for phrase in phrases:
            chosen[phrase.exact].setdefault((phrase.group, phrase.id), []).append(nlp.make_doc(phrase.text))
        for exact, matcher in ((False, self.matcher), (True, self.exact)):
            for (group, id), docs in chosen[exact].items():
                name = f"{group}|{id}"
                matcher.add(name, docs)
                self.meaning[nlp.vocab.strings[name]] = (group, id)

    def read(self, text: str, data: dict[str, Any]) -> None:
        """The phrases of the text."""
        data["terms"] = find_terms(self.nlp.make_doc(text), self.matcher, self.exact, self.meaning)


def find_terms(
    doc: Doc, matcher: PhraseMatcher, exact: PhraseMatcher, meaning: dict[int, tuple[str, str]]
) -> list[Term]:
    """The longest phrases of each group, in text order; phrases of different groups may overlap."""
    text = doc.text
    found = []
    for match, first, last in matcher(doc) + exact(doc):
        token = doc[last - 1]
        start, end = doc[first].idx, token.idx + len(token)
        if not _cuts_a_word(text, start, end):
            group, id = meaning[match]
            part = group in ("mention", "measure") and (
                PART_OF_NAME.match(text, end) or text[max(0, start - 4) : start].lower() == "non-"
            )
            if not part:
                found.append((start, -end, group, id))
    found.sort()
    out: list[Term] = []
    reach: dict[str, tuple[int, int]] = {}
    for start, minus_end, group, id in found:
        kind = group + id.partition(" ")[2] if group in CROSSING else group  # "and below" hides no "below"
        last_start, last_end = reach.get(kind, (-1, -1))
        free = start >= last_end or (group in CROSSING and -minus_end > last_end)
        if free or (start == last_start and -minus_end == last_end):
            out.append(Term(start, -minus_end, group, id))
            reach[kind] = (start, -minus_end)
    return out


def _cuts_a_word(text: str, start: int, end: int) -> bool:
    """Whether a phrase ends inside a name of letters and digits ("T" of "T790M"); "PLT100" and "ECOG0" are fine."""
    if start and text[start - 1].isalnum() and text[start].isalnum() and not text[start - 1].isdigit():
        return True
    if end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        return not (text[end].isdigit() and end - start >= 3 and not text[end - 1].isdigit())
    return False


@Language.factory("trialcriteria_terms", assigns=["doc.user_data"], default_config={"lexicon_files": []})
def make_terms(nlp: Language, name: str, lexicon_files: list[str]) -> Terms:
    """Component `trialcriteria_terms`."""
    return Terms(nlp, lexicon.load(lexicon_files).phrases)
