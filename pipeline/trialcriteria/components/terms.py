"""Known words: every literal phrase of the lexicon that stands in a criterion.

A text falls into words, numbers and single signs wherever the class of character changes, so that "ECOG0-1", "≥90g/L"
and "2.5xULN" fall apart, and "100,000" stays whole. Phrases fall apart the same way and become one tree of tokens,
which is walked once a text: this costs a sixth of a Doc and two matchers over it.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, compress
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

from trialcriteria import lexicon
from trialcriteria.components.step import Step
from trialcriteria.lexicon import Phrase

BOUNDARY = re.compile(
    r"(?<=[^\W\d_Ⅰ-ⅿ①-⓿･])(?=[\W\d_Ⅰ-ⅿ①-⓿･])|(?<=[Ⅰ-ⅿ①-⓿･])"  # after a letter, or a sign like one
    r"|(?<=\d)(?![.,]?\d)"  # after a number, which keeps its . and ,
    r"|(?<=[\W_])(?<!\d[.,](?=\d))"  # after a sign
)
TOKEN = re.compile(
    r"(?:[^\W\d_Ⅰ-ⅿ①-⓿･]+|\d+(?:[.,]\d+)*|[\W_Ⅰ-ⅿ①-⓿･]) ?"
)  # as BOUNDARY; with its blank, so that lengths add up
CROSSING = frozenset({"comparators", "windows"})  # "and younger than": both "and younger" and "younger than" are kept
PART_OF_NAME = re.compile(r"-(?:[A-Z]{2}|free\b|naive\b|sparing\b)")  # RT-PCR, progression-free
MAY_BE_PART = frozenset({"mention", "measure"})
SIMPLY_DENIED = frozenset({"pregnancy", "breastfeeding"})  # "non-pregnant" says that she is not, and names nothing else
BLANK = frozenset({" ", ""})


LIKE_LETTERS = frozenset("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ･")  # signs that a word may end before: "StageⅣ", "AST･ALT"
HIDDEN_IN_A_NAME = frozenset({"measure", "mention", "frames"})


class Term(NamedTuple):
    """A phrase found: character span, group of the lexicon, entry."""

    start: int
    end: int
    group: str
    id: str


class Meaning(NamedTuple):
    """What a phrase stands for. Of meanings of one kind that overlap, the first and longest is kept."""

    group: str
    id: str
    kind: str


class Node:
    """A place in the tree of phrases: where the next token leads, and what the tokens so far mean."""

    __slots__ = ("after", "exact", "meanings", "means")

    def __init__(self) -> None:
        self.after: dict[str, Node] = {}
        self.means = False  # whether a phrase ends here
        self.meanings: tuple[Meaning, ...] = ()
        self.exact: dict[str, tuple[Meaning, ...]] = {}  # by the letters that must stand there


def tokenizer(vocab: Vocab) -> Tokenizer:
    """A tokenizer that splits at every change between letters, digits and signs.

    >>> [t.text for t in tokenizer(Vocab())("PLT≥100,000/µL, ECOG0-1")]
    ['PLT', '≥', '100,000', '/', 'µL', ',', 'ECOG', '0', '-', '1']
    """
    return Tokenizer(vocab, infix_finditer=BOUNDARY.finditer)


def tree(phrases: Iterable[Phrase]) -> dict[str, Node]:
    """All phrases as one tree, by their first tokens. A token leads on with and without the blank behind it."""
    root = Node()
    for phrase in phrases:
        node = root
        for token in _drawn_apart(TOKEN.findall(lowered(phrase.text))):
            word = token.rstrip(" ")
            if not word:
                continue
            if word not in node.after:
                node.after[word] = node.after[word + " "] = Node()
            node = node.after[word]
        kind = phrase.group + phrase.id.partition(" ")[2] if phrase.group in CROSSING else phrase.group
        node.means = True
        meaning = Meaning(phrase.group, phrase.id, kind)  # "and below" hides no "below": they are of two kinds
        if phrase.exact:
            spelled = phrase.text.replace(" ", "")
            node.exact[spelled] = _with(node.exact.get(spelled, ()), meaning)
        else:
            node.meanings = _with(node.meanings, meaning)
    return root.after


def _with(meanings: tuple[Meaning, ...], meaning: Meaning) -> tuple[Meaning, ...]:
    return tuple(sorted({*meanings, meaning}))


class Terms(Step):
    """Finds the phrases of a lexicon and leaves them in `doc.user_data["terms"]`, sorted, longest first."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.tree = tree(phrases)

    def read(self, text: str, data: dict[str, Any]) -> None:
        """The phrases of the text."""
        data["terms"] = find_terms(text, self.tree)


def lowered(text: str) -> str:
    """The text in lower case, as long as it was: "İ" stays, whose lower case has two characters."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


@lru_cache(maxsize=256)
def tokenized(text: str) -> tuple[list[str], list[int]]:
    """The tokens of a text in lower case, each with the blank behind it, and where they start.

    The last is empty and stands at the text's end: no phrase goes on there. Kept for a while, as known words and cues
    are both looked for among them.
    """
    tokens = [*TOKEN.findall(lowered(text)), ""]
    starts = list(accumulate(map(len, tokens), initial=0))
    if "'" in text or "’" in text:
        apart = _drawn_apart(tokens)
        if len(apart) < len(tokens):
            drawn = {at for at, token in enumerate(tokens) if _is_drawn(tokens, at)}
            starts = [start - (at in drawn) for at, start in enumerate(starts) if at - 1 not in drawn]
            return apart, starts
    return tokens, starts


APOSTROPHES = frozenset("'’")
FULL = {"wo": "will", "ca": "can", "sha": "shall"}  # what stands in front of "n't", where it is no word


def _is_drawn(tokens: Sequence[str], at: int) -> bool:
    """Whether the sign at `at` is the one of "isn't"."""
    if tokens[at] not in APOSTROPHES or not 0 < at < len(tokens) - 1:
        return False
    return tokens[at - 1][-1] == "n" and tokens[at + 1] in ("t", "t ")


def _drawn_apart(tokens: list[str]) -> list[str]:
    """The tokens with "isn", "'" and "t" as "is" and "not", so that a known "is not" is found in either spelling."""
    if "'" not in tokens and "’" not in tokens:
        return tokens
    apart: list[str] = []
    at = 0
    while at < len(tokens):
        if _is_drawn(tokens, at):
            word = apart[-1][:-1]
            apart[-1] = FULL.get(word, word)
            apart.append("not" + tokens[at + 1][1:])
            at += 1
        else:
            apart.append(tokens[at])
        at += 1
    return apart


def phrases_in(text: str, first: dict[str, Node]) -> list[tuple[int, int, Node]]:
    """First token, last token and place in the tree of every phrase that stands in a text; of each start the longest
    comes first."""
    tokens, _ = tokenized(text)
    found: list[tuple[int, int, Node]] = []
    # Most tokens begin no phrase: they are passed over without a turn of the loop.
    for index in compress(range(len(tokens)), map(first.__contains__, tokens)):
        node = first[tokens[index]]
        if tokens[index + 1] not in node.after:  # by far the most
            if node.means:
                found.append((index, index, node))
            continue
        last, before = index, len(found)
        place: Node | None = node
        while place is not None:
            if place.means:
                found.append((index, last, place))
            last += 1
            place = place.after.get(tokens[last])
        if len(found) - before > 1:
            found[before:] = reversed(found[before:])
    return found


def end_of(last: int, tokens: Sequence[str], starts: Sequence[int]) -> int:
    """Where a phrase ends, whose last token is known: the blank behind it is none of it."""
    return starts[last + 1] - (tokens[last][-1] == " ")


def find_terms(text: str, first: dict[str, Node]) -> list[Term]:
    """The longest phrases of each kind, in text order; phrases of different kinds may overlap."""
    tokens, starts = tokenized(text)
    out: list[Term] = []
    reach: dict[str, tuple[int, int]] = {}
    for index, last, place in phrases_in(text, first):
        blank = tokens[last][-1] == " "
        start, end = starts[index], starts[last + 1] - blank
        meanings = place.meanings
        if place.exact and (exact := place.exact.get(text[start:end].replace(" ", ""))):
            meanings = tuple(sorted({*meanings, *exact}))
        part = False
        if not blank or (index and tokens[index - 1][-1] != " "):  # something stands right beside it
            front, behind = text[start - 1 : start], text[end : end + 1]
            if (front.isalnum() or behind.isalnum()) and _cuts_a_word(text, start, end):
                continue
            part = "-" in (front, behind) and _is_part_of_a_name(text, start, end)
        for group, id, kind in meanings:
            if part and group in MAY_BE_PART and not (id in SIMPLY_DENIED and text[:start].lower().endswith("non-")):
                continue
            known = reach.get(kind)
            if (
                known is None
                or start >= known[1]
                or (group in CROSSING and end > known[1])
                or (start == known[0] and end == known[1])
            ):
                out.append(Term(start, end, group, id))
                reach[kind] = start, end
    if "(" in text:
        out = _over_abbreviations(text, out, first)
    return _outside_standards(out)


ABBREVIATED = re.compile(  # "tumor necrosis factor-α (TNF-α) blockers", "atrioventricular (AV) block"
    r"(?<=[^\W\d_])\s\((?=[^()]*[A-Z])[\w/&-]{1,10}\)(?=\s[^\W\d_])"
)
AROUND = 60  # characters that a name may take on either side of its abbreviation


def _over_abbreviations(text: str, terms: list[Term], first: dict[str, Node]) -> list[Term]:
    """With the names that go on behind an abbreviation of their first words, in place of the parts of them."""
    for said in ABBREVIATED.finditer(text):
        begin = max(0, said.start() - AROUND)
        gap, left = said.end() - said.start(), said.start() - begin
        bare = text[begin : said.start()] + text[said.end() : said.end() + AROUND]
        tokens, starts = tokenized(bare)
        for index, last, place in phrases_in(bare, first):
            start, end = starts[index], end_of(last, tokens, starts)
            if start >= left or end <= left + 1 or _cuts_a_word(bare, start, end):
                continue
            for group, id, _ in place.meanings:
                if group in MAY_BE_PART:
                    whole = Term(begin + start, begin + end + gap, group, id)
                    terms = _with_whole(terms, whole)
    return terms


def _with_whole(terms: list[Term], whole: Term) -> list[Term]:
    """The terms with one that takes in what of its group lies within it; not where it only reaches into another one.

    "Lung cancer (NSCLC) stage" holds no "cancer stage": it would begin inside a name. A measure that is found in the
    words behind is read from there.
    """
    alike = [t for t in terms if t.group == whole.group and t.start < whole.end and whole.start < t.end]
    if any(t.start < whole.start or whole.end < t.end for t in alike):
        return terms
    if whole.group == "measure" and any((t.id, t.end) == (whole.id, whole.end) for t in alike):
        return terms
    if any(t.group in MAY_BE_PART and t.start < whole.start < t.end < whole.end for t in terms):
        return terms
    return sorted([t for t in terms if t not in alike] + [whole])


def _outside_standards(terms: list[Term]) -> list[Term]:
    """Without the words inside the name of a standard: "solid tumours" of RECIST is no disease of the patient.

    What the whole name means stays: the Common Terminology Criteria for Adverse Events are a scale.
    """
    names = [(term.start, term.end) for term in terms if term.group == "standards"]
    if not names:
        return terms
    return [term for term in terms if term.group not in HIDDEN_IN_A_NAME or not _inside(term, names)]


def _inside(term: Term, names: list[tuple[int, int]]) -> bool:
    return any(a <= term.start and term.end <= b and term.end - term.start < b - a for a, b in names)


def _is_part_of_a_name(text: str, start: int, end: int) -> bool:
    """Whether a hyphen makes a phrase part of another name: "RT-PCR", "non-HDL", "low-dose", "REALM-SF"."""
    before = text[max(0, start - 4) : start]
    short = end - start <= 2 and before[-1:] == "-" and before[:-1].isalpha()
    dosed = before.lower() in ("low-", "igh-") and text[start:end].lower() in ("dose", "doses")
    return short or dosed or before.lower() == "non-" or PART_OF_NAME.match(text, end) is not None


def _cuts_a_word(text: str, start: int, end: int) -> bool:
    """Whether a phrase ends inside a name of letters and digits ("T" of "T790M"); "PLT100" and "ECOG0" are fine."""
    before = text[start - 1] if start else " "
    if before.isalnum() and text[start].isalnum() and not before.isdigit() and before != "･":
        return True
    if end < len(text) and text[end].isalnum() and text[end - 1].isalnum() and text[end] not in LIKE_LETTERS:
        return not (text[end].isdigit() and end - start >= 3 and not text[end - 1].isdigit())
    return False


@Language.factory("trialcriteria_terms", assigns=["doc.user_data"], default_config={"lexicon_files": []})
def make_terms(nlp: Language, name: str, lexicon_files: list[str]) -> Terms:
    """Component `trialcriteria_terms`."""
    return Terms(lexicon.load(lexicon_files).phrases)
