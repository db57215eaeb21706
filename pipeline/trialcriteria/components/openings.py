"""Mentions that no list holds: found by their frame ("history of X"), their head ("X carcinoma") or their ending.

The words stand in `lexicon/frames.toml`; here is how far an open X reaches: to the next bound, comma or bracket.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from typing import Any, NamedTuple

from trialcriteria.components.findings import findings
from trialcriteria.components.telling import Sought, any_of, words_in
from trialcriteria.components.terms import Term

TOKEN = re.compile(r"[^\W_][\w'’+.]*(?:[-/][\w'’+]+)*|[^\s\w]")
ONE_WORD = re.compile(r"(?<![\w-])[A-Za-z]{5,}(?!\w)")
NEVER_INSIDE = frozenset(
    (
        "the a an their his her this that these those any all other no not non without with free of or and in on "
        "to by for from has have having had who is are was were be been must may needing requiring receiving "
        "taking using undergoing refusing except excepting excluding including w/o unless also off don't doesn't "
        "didn't isn't aren't wasn't hasn't haven't can't won't cannot neither nor none"
    ).split()
)
UNTOLD = frozenset(
    (
        "known previous prior past history evidence current recent new ongoing documented confirmed planned "
        "scheduled suspected concurrent"
    ).split()
)  # flags or nothing: not part of who is meant
MOST_LEFT, MOST_RIGHT = 4, 5
GRADE = re.compile(r"(?<=low )grade |(?<=high )grade ", re.I)  # two words that the mention is widened by later
CLOSING = frozenset(")]")
FOR_A_TIME = re.compile(
    r"(?<=\bfor)\s+(?:(?:a|the|at|least|minimum|maximum|period|of|up|to|more|less|longer|shorter|than|last|past)\s+|[≥≤<>]\s*)*\d",
    re.I,
)
LONG_FORM = re.compile(  # what an abbreviation in front of a head means: "CNS (central nervous system) metastasis"
    r"(?<![\w-])[A-Z]{2,6}\s*\([a-z][a-z\s-]{3,50}\)\s+$"
)
SHORT_FORM = re.compile(r"\s*[(\[][A-Z][\w/-]{0,9}[)\]]\s+$")  # "dipeptidyl peptidase 4 (DPP-4) inhibitors"


def tokens_before(text: str, floor: int, at: int, most: int) -> list[re.Match[str]]:
    """The last tokens in front of `at`, none before `floor`: at least `most` of them, if so many stand there."""
    words = text[floor:at].rsplit(None, most)
    return list(TOKEN.finditer(text, floor + len(words[0]) if len(words) > most else floor, at))


def first_words(phrase: str) -> list[str]:
    """The words that a phrase begins with, its adverbs among them.

    >>> first_words("reliably perform study assessments")
    ['reliably', 'perform']
    """
    words = phrase.split()
    return words[: next((i for i, word in enumerate(words, 1) if not word.endswith("ly")), 1)]


class Found(NamedTuple):
    """An open mention: span, label, concept if the frame has one, the frame's id, the words without their tail."""

    start: int
    end: int
    label: str
    concept: str | None
    frame: str
    head: tuple[int, int] | None = None


class Frame(NamedTuple):
    """One entry of frames.toml."""

    id: str
    kind: str
    label: str
    concept: str | None
    alone: bool
    side: str
    inclusive: bool
    stop: frozenset[str]  # words that a lead's X does not begin with


class Kinds(NamedTuple):
    """Words that tell one of a kind from another: those that widen a mention, parts of the body, and how bad it is."""

    words: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    degrees: frozenset[str] = frozenset()


OF_A_VERB = frozenset(("potentially", "adversely", "seriously"))  # "potentially compromise safety"


class Frames:
    """The frames of a lexicon, ready to be asked."""

    def __init__(self, entries: dict[str, dict[str, Any]]) -> None:
        self.of = {
            id: Frame(
                id,
                e["kind"],
                e.get("label", "none"),
                e.get("concept"),
                e.get("alone", False),
                e.get("side", "left"),
                e.get("inclusive", False),
                frozenset(e.get("stop", ())),
            )
            for id, e in entries.items()
        }
        self.bounds = NEVER_INSIDE | frozenset(
            word
            for e in entries.values()
            if e["kind"] == "bound" and e.get("label") != "none" and "side" not in e
            for word in e["aliases"]
            if " " not in word
        )
        self.before_heads = self.bounds | frozenset(
            word for e in entries.values() if e["kind"] == "bound" and "side" in e for word in e["aliases"]
        )
        self.nothing = frozenset(
            word for e in entries.values() if e["kind"] == "bound" and e.get("label") == "none" for word in e["aliases"]
        )
        self.modifiers = frozenset(
            word
            for id, e in entries.items()
            if e["kind"] == "modifier" and self.of[id].side == "left"
            for word in e["aliases"]
        )
        right = {word for id, e in entries.items() if self.of[id].side == "right" for word in e["aliases"]}
        self.right = re.compile(rf"\s+(?:{any_of(right)})(?![\w-])", re.I) if right else None
        sites = frozenset(word for e in entries.values() if e["kind"] == "site" for word in e["aliases"])
        degrees = frozenset(word for e in entries.values() if e.get("degree") for word in e["aliases"])
        self.kinds = Kinds(self.modifiers, sites, degrees)
        natures = frozenset(word for e in entries.values() if e.get("content") is True for word in e["aliases"])
        self.natures = {  # the words of which one is enough for a head
            id: natures | {word for e in entries.values() if id in (e.get("content_of") or ()) for word in e["aliases"]}
            for id, head in entries.items()
            if head["kind"] == "head"
        }
        self.last_of_modifiers = frozenset(words.rpartition(" ")[2] for words in self.modifiers)
        self.head_labels = {  # "known blue mud therapy" is no condition
            word: e["label"]
            for e in entries.values()
            if e["kind"] == "head" and e["label"] in ("treatment", "procedure")
            for word in e["aliases"]
        }
        self.head_ids = {word: id for id, e in entries.items() if e["kind"] == "head" for word in e["aliases"]}
        self.endings, self.stops = _endings(entries)
        self.by_tail: dict[str, list[str]] = {}  # by their last three letters, the longest first
        for ending in sorted(self.endings, key=len, reverse=True):
            self.by_tail.setdefault(ending[-3:], []).append(ending)
        prefixes = {p: id for id, e in entries.items() if e["kind"] == "ending" for p in e.get("prefixes", ())}
        self.prefixes = prefixes
        self.least = min(map(len, prefixes), default=0)
        self.beginnings = frozenset(prefix[: self.least] for prefix in prefixes)
        self.prefix_words = (
            re.compile(rf"(?<![\w-])(?:{'|'.join(prefixes)})[a-z]{{4,}}(?![\w])", re.I) if prefixes else None
        )

    def find(
        self, text: str, terms: Sequence[Term], known: Sequence[tuple[int, int]], closed: Sequence[tuple[int, int]]
    ) -> list[Found]:
        """Open mentions beside the `known` ones; nothing that touches a `closed` span (limits, attributes, anchors)."""
        frames = [self._lasting(text, t) for t in terms if t.group == "frames"]
        out = [*self._by_head(text, frames, known, closed), *self._by_ending(text)]
        taken = [*known, *((f.start, f.end) for f in out)]
        out += [
            Found(start, end, label, concept, "finding_whole" if concept else "finding")
            for start, end, label, concept in findings(text)
            if concept or not any(a < end and start < b for a, b in taken)  # "another vaccine trial" is no vaccine
        ]
        taken = [*known, *((f.start, f.end) for f in out)]
        out += self._by_lead(text, frames, taken)
        out += _by_exception(text, [*taken, *((f.start, f.end) for f in out)])
        closed = [*closed, *((t.start, t.end) for t in terms if t.group == "standards")]
        return [f for f in out if not any(a < f.end and f.start < b for a, b in closed)]

    def _lasting(self, text: str, term: Term) -> Term:
        """ "Psoriasis therapy for 4 weeks": no lead "therapy for", as a time follows, but the head of what lasts."""
        if self.of[term.id].kind != "lead" or FOR_A_TIME.match(text, term.end) is None:
            return term
        first = text[term.start : term.end].lower().partition(" ")[0]
        return term._replace(end=term.start + len(first), id=self.head_ids.get(first, term.id))

    def _by_head(
        self, text: str, frames: Sequence[Term], known: Sequence[tuple[int, int]], closed: Sequence[tuple[int, int]]
    ) -> Iterator[Found]:
        """ "parathyroid cancer": the noun phrase that ends in a head."""
        heads = [term for term in frames if self.of[term.id].kind == "head"]
        fences = sorted(b for _, b in closed) if heads else []
        ends = sorted(b for _, b in known) if heads else []
        for term in heads:
            frame = self.of[term.id]
            inside = next((a for a, b in known if a <= term.start and term.end <= b), None)
            floor = max(_last(fences, term.start), _last(ends, term.start, text))
            start, content = self._left(text, term.start, floor, self.natures[term.id])
            if inside is not None and start >= inside:
                continue
            start = next((a for a, b in known if a < start < b), start)  # "Kirsten rat sarcoma viral oncogene" whole
            if content or frame.alone:
                yield Found(start, term.end, frame.label, frame.concept, frame.id)

    def _left(self, text: str, at: int, floor: int, natures: Set[str]) -> tuple[int, bool]:
        """How far a head's phrase reaches to the left, and whether a word of substance is in it."""
        start, content = at, False
        bracketed = text[max(floor, at - 14) : at].rstrip()[-1:] in CLOSING
        short = SHORT_FORM.search(text, max(floor, at - 14), at) if bracketed else None
        last = short.start() if short else at
        tokens = tokens_before(text, max(floor, last - 70), last, MOST_LEFT + 1)
        for count, token in enumerate(reversed(tokens)):
            word = token[0].lower()
            gap = text[token.end() : last]
            if (
                count >= MOST_LEFT
                or gap.strip()
                or not (word[0].isalpha() or (short and not count and word.isdigit()))
                or word in self.before_heads
                or (word in self.nothing and word not in natures)
                or word.endswith(".")
            ):
                break
            start = last = token.start()
            told = word not in self.modifiers and word not in OF_A_VERB
            content = content or (len(word) > 1 and (told or word in natures))
        if text[start : start + 5].lower() == "situ " and text[max(0, start - 3) : start].lower() == "in ":
            start -= 3
        elif start < at and text[start : start + 6].lower() == "grade " and (grade := GRADE.match(text, start)):
            start = grade.end()
        while start < at and (first := TOKEN.match(text, start)) and self._is_added_later(first[0].lower()):
            start = first.end() + 1
        return min(start, at), content

    def _is_added_later(self, word: str) -> bool:
        """Severity and the like, which every mention alike is widened by, and what sets only a flag ("suspected")."""
        return word in self.modifiers or word in UNTOLD

    def _by_ending(self, text: str) -> Iterator[Found]:
        words = words_in(text)
        ended = {word: frame for word in words if word[-3:] in self.by_tail and (frame := self._ended(word))}
        for match in ONE_WORD.finditer(text) if ended else ():
            if frame := ended.get(match[0].lower()):
                yield Found(*match.span(), frame.label, frame.concept, frame.id)
        if self.prefix_words is None or self.beginnings.isdisjoint([word[: self.least] for word in words]):
            return
        for match in self.prefix_words.finditer(text):
            if match[0].lower() not in self.stops:
                frame = self.of[next(id for p, id in self.prefixes.items() if match[0].lower().startswith(p))]
                yield Found(*match.span(), frame.label, frame.concept, frame.id)

    def _ended(self, word: str) -> Frame | None:
        """The frame of a word's ending, the longest that it has."""
        ending = next(filter(word.endswith, self.by_tail[word[-3:]]), None)
        if ending is None or word in self.stops or len(word) < len(ending) + self.endings[ending][1]:
            return None
        return self.of[self.endings[ending][0]]

    def _by_lead(self, text: str, frames: Sequence[Term], taken: Sequence[tuple[int, int]]) -> Iterator[Found]:
        """ "history of stiff person syndrome": what follows a lead, unless it holds a mention already."""
        for term in frames:
            frame = self.of[term.id]
            if frame.kind != "lead":
                continue
            start = end = None
            words = 0
            for token in TOKEN.finditer(text, term.end, min(len(text), term.end + 90)):
                word = token[0].lower()
                if start is None and word in (
                    "the",
                    "a",
                    "an",
                    "any",
                    "other",
                    "all",
                    "another",
                    "known",
                    "either",
                    "such",
                ):
                    continue
                if (
                    (not word[0].isalpha() and not (start is not None and word[0].isdigit()))
                    or word in self.bounds
                    or words >= MOST_RIGHT
                    or "." in word.rstrip(".")
                ):
                    break
                start = token.start() if start is None else start
                end, words = token.start() + len(token[0].rstrip(".")), words + 1
                if token[0].endswith("."):
                    break
            if start is None or end is None or any(a < end + 25 and start - 2 < b for a, b in taken):
                continue
            phrase = text[start:end].lower()
            if (
                phrase in self.nothing
                or all(word in self.modifiers or word in self.nothing or word.endswith("ly") for word in phrase.split())
                or len(phrase) < 3
                or not frame.stop.isdisjoint(first_words(phrase))
            ):
                continue
            label = self.head_labels.get(phrase.rpartition(" ")[2], frame.label)
            yield Found(term.start if frame.inclusive else start, end, label, frame.concept, frame.id)


def _last(ends: Sequence[int], at: int, text: str | None = None) -> int:
    """The last of `ends`, in order, in front of `at`, or 0; with `text`, the last that a word stands behind."""
    for end in reversed(ends[: bisect_right(ends, at)]):
        if text is None or text[end:at].strip(" -"):
            return end
    return 0


A_STATE = (
    r"(?P<state>(?:[a-z]+ly\s+)?(?:treated|resolved|controlled|cured|stable|asymptomatic|eradicated|resected|corrected|"
    r"prophylactic|inactive|healed|removed|repaired|replaced|stented|irradiated|pleurodesed|surgically sterile))\b"
    r"(?!\s+(?:with|by)\b)"
)
IT_IS = (
    r"(?:(?:it|they|this|these|the|patient|subject|participant|disease|lesion|lesions|previously|already|"
    r"has|have|had|been|is|are|was|were)\s+)*"
)
UNLESS = Sought(
    "unless eligible allowed permitted acceptable included enrolled",
    r"\b(?:unless|(?:eligible|allowed|permitted|acceptable|included|enrolled)\s+(?:only\s+)?"
    rf"(?:if|when|provided(?:\s+that)?|as\s+long\s+as))\s+{IT_IS}{A_STATE}(?!\s+for\s+[a-z])",
    re.I,
)
ALSO = re.compile(  # further on in the list: "unless treated, asymptomatic and neurologically stable"
    rf"(?:,|\b(?:and|or)\b)\s+(?:(?:and|or)\s+)?{IT_IS}{A_STATE}(?=\s*(?:[,.;)]|$|(?:and|or|for|at|on|off|without|not)\b))"
    r"(?!\s+for\s+[a-z])",
    re.I,
)
CLAUSE_ENDS = re.compile(r"[;.()]")


def _by_exception(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """ "Brain metastases, unless treated and stable": what lifts a reason for exclusion is said by its state alone."""
    for match in UNLESS.finditer(text):
        ends = CLAUSE_ENDS.search(text, match.end())
        for one in (match, *ALSO.finditer(text, match.end(), ends.start() if ends else len(text))):
            start, end = one.span("state")
            if not any(a < end and start < b for a, b in taken):
                yield Found(start, end, "state", None, "unless_state")


def _endings(entries: dict[str, dict[str, Any]]) -> tuple[dict[str, tuple[str, int]], frozenset[str]]:
    endings, stops = {}, set()
    for id, entry in entries.items():
        if entry["kind"] == "ending":
            endings.update({e: (id, entry.get("least", 0)) for e in entry.get("endings", ()) if " " not in e})
            stops |= set(entry.get("stop", ()))
    return endings, frozenset(stops)
