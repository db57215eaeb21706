"""Linking: the entry of the lexicon that an unlisted wording is a variant of.

scispaCy's candidate generator finds the nearest aliases by the characters they share (TF-IDF over
trigrams, as in its linkers of UMLS and MeSH, with the lexicon in place of those). Near is not the same: "adrenergic
antagonists" lies next to "adrenergic agonists". So a candidate is only taken if one letter of one word differs, in a
word that the lexicon does not know; what is in doubt stays unlisted.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import Any, Protocol

from spacy.language import Language
from spacy.matcher.levenshtein import levenshtein

from trialcriteria.components.limits import Limit, fits_by_id
from trialcriteria.components.mentions import Said
from trialcriteria.components.step import Step
from trialcriteria.lexicon import Attribute, Phrase, load

CANDIDATES = 8  # aliases looked at for one wording
MOST_WORDS = 7  # of a wording: a longer one is a clause
LEAST_MISSPELT = 7  # letters of a word that may have one wrong: shorter ones are too often words of their own
LEAST_ABBREVIATED = 3  # letters of an abbreviation that may be written in another case
REMEMBERED = 20_000  # wordings whose answer is kept
MISSPELT = frozenset({"condition", "state"})  # the names of drugs and tests lie too near each other
MEASURED = frozenset({"lab", "vital", "scale", "other"})  # kinds of limits whose words name a measure
IN_BRACKETS = re.compile(r"\s*\([^()]*\)")
WORD = re.compile(r"[^\W_]+")
POSSESSIVE = re.compile(r"['’]s\b")
JOINTS = frozenset({"of", "the", "and", "or", "in"})  # what changes with the order of the words


Shape = tuple[str, str, tuple[str, ...], int]


class Vectors(Protocol):
    """What is used of a matrix of scipy."""

    shape: tuple[int, int]

    def __matmul__(self, other: Any) -> Any: ...


class Neighbours:
    """The aliases nearest to each of some vectors, by an exact search: always the same ones, in the same order.

    Stands where scispaCy has an approximate index of nmslib, whose answers depend on how it was built.
    """

    def __init__(self, aliases: Vectors) -> None:
        self.aliases = aliases

    def knnQueryBatch(self, vectors: Vectors, k: int) -> list[tuple[Any, Any]]:
        """For each row the places of the `k` nearest aliases and their distances, nearest first."""
        import numpy as np

        scores = (vectors @ self.aliases).tocsr()
        out = []
        for row in range(vectors.shape[0]):
            own = slice(scores.indptr[row], scores.indptr[row + 1])
            places, near = scores.indices[own], scores.data[own]
            order = np.lexsort((places, -near))[:k]
            out.append((places[order], 1 - near[order]))
        return out


class Linker:
    """Links wordings to the entries of one group of the lexicon ("measure" or "mention")."""

    def __init__(self, phrases: Iterable[Phrase], labels: dict[str, str]) -> None:
        self.labels = labels
        self.aliases: defaultdict[str, set[str]] = defaultdict(set)  # by entry
        self.of_words: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)  # entries by their sorted words
        self.of_letters: defaultdict[str, set[str]] = defaultdict(set)  # entries by their abbreviations, in any case
        for phrase in phrases:
            if phrase.exact:  # what is matched in its case alone is an abbreviation
                self.of_letters[phrase.text.lower()].add(phrase.id)
            else:
                self.aliases[phrase.id].add(phrase.text.lower())
                if phrase.text[-1] != "-":  # "ER-" is not what "ER" is a variant of
                    self.of_words[sorted_words(phrase.text)].add(phrase.id)
        self.known = frozenset(chain.from_iterable(self.of_words))
        self.entry = lru_cache(REMEMBERED)(self._entry)
        self._generator: Any = None

    @cached_property
    def by_shape(self) -> dict[Shape, set[str]]:
        """The words of all names by their shape in these."""
        found: defaultdict[Shape, set[str]] = defaultdict(set)
        for words in self.of_words:
            for word in words:
                found[shape(word, words)].add(word)
        return dict(found)

    def _entry(self, wording: str, label: str | None) -> str | None:
        """The entry that `wording` is a variant of, with `label` ("condition", "treatment" …); None where in doubt."""
        said = sorted_words(wording)
        found = self.of_words.get(said) or self._misspelt(wording, said, label)
        return only([id for id in found if self.labels.get(id) == label])

    def abbreviated(self, wording: str) -> str | None:
        """The entry whose abbreviation is `wording` in other letters: "QtcF", "anc"; short ones are too often words."""
        return only([*self.of_letters.get(wording.lower(), ())]) if len(wording) >= LEAST_ABBREVIATED else None

    def _misspelt(self, wording: str, said: tuple[str, ...], label: str | None) -> set[str]:
        """The entries whose name is `wording` but for one letter of a word that the lexicon does not know."""
        strange = only([word for word in said if word not in self.known])
        if strange is None or label not in MISSPELT or len(said) > MOST_WORDS:
            return set()
        if len(strange) < LEAST_MISSPELT or not strange.isalpha():
            return set()
        alike = self.by_shape.get(shape(strange, said), ())  # a cheap look before the costly one
        if not any(levenshtein(strange, meant, 1) <= 1 for meant in alike):
            return set()
        (candidates,) = self._candidates()([" ".join(IN_BRACKETS.sub("", wording.lower()).split())], CANDIDATES)
        return {
            candidate.concept_id
            for candidate in candidates
            if any(is_misspelt(strange, said, sorted_words(alias)) for alias in candidate.aliases)
        }

    def _candidates(self) -> Any:
        """scispaCy's generator over the lexicon, made when first needed: importing it takes a second."""
        if self._generator is None:
            from scispacy.candidate_generation import CandidateGenerator
            from scispacy.linking_utils import Entity, KnowledgeBase
            from sklearn.feature_extraction.text import TfidfVectorizer

            base = KnowledgeBase([Entity(id, id, sorted(aliases)) for id, aliases in sorted(self.aliases.items())])
            aliases = sorted(base.alias_to_cuis)
            trigrams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3))
            vectors = trigrams.fit_transform(aliases)
            self._generator = CandidateGenerator(Neighbours(vectors.T.tocsr()), trigrams, aliases, base)
        return self._generator


def sorted_words(wording: str) -> tuple[str, ...]:
    """The words that make a name, in the singular and in an order that does not depend on theirs.

    >>> sorted_words("Diseases of the Central Nervous System (CNS)")
    ('central', 'disease', 'nervous', 'system')
    """
    plain = POSSESSIVE.sub("", IN_BRACKETS.sub("", wording.lower()))
    return tuple(sorted(singular(word) for word in WORD.findall(plain) if word not in JOINTS))


def shape(word: str, words: tuple[str, ...]) -> Shape:
    """What the word of a name has in common with the same word misspelt: its ends, and the words beside it.

    >>> shape("atlectasis", ("atlectasis", "lung")) == shape("atelectasis", ("atelectasis", "lung"))
    True
    """
    return word[:1], word[-2:], tuple(dict.fromkeys(other for other in words if other != word)), len(words)


def singular(word: str) -> str:
    """A word without its ending of the plural.

    >>> [singular(word) for word in ("therapies", "disorders", "abscess", "status", "cirrhosis")]
    ['therapy', 'disorder', 'abscess', 'status', 'cirrhosis']
    """
    if len(word) <= 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word.removesuffix("s")


def is_misspelt(strange: str, said: tuple[str, ...], listed: tuple[str, ...]) -> bool:
    """Whether two names differ in one letter of the strange word alone: one too many, too few or wrong, inside it.

    The ends of a word tell it from the other words of its family.

    >>> is_misspelt("atlectasis", ("atlectasis", "lung"), ("atelectasis", "lung"))
    True
    >>> is_misspelt("paranoid", ("paranoid",), ("paranoia",))
    False
    """
    (meant,) = set(listed) - set(said) if len(set(listed) - set(said)) == 1 else ("",)
    if len(said) != len(listed) or (meant[:1], meant[-2:]) != (strange[0], strange[-2:]):
        return False
    return set(said) - set(listed) == {strange} and levenshtein(strange, meant, 1) <= 1


def only(found: Sequence[str]) -> str | None:
    """The one there is; none where there are several, or none."""
    return found[0] if len(found) == 1 else None


def link_limits(text: str, limits: Sequence[Limit], linker: Linker, attributes: dict[str, Attribute]) -> None:
    """Give limits on unlisted words the attribute that those are a variant of, if the amount can be one of it."""
    for limit in limits:
        if limit.attribute is not None or limit.span is None or limit.kind not in MEASURED or limit.levels:
            continue
        wording = text[slice(*limit.span)]
        id = linker.entry(wording, None) or linker.abbreviated(wording)
        if id is None or wording.lower() in linker.aliases[id]:  # a listed one was seen before, and did not fit
            continue
        if fits_by_id(limit.quantity, id, attributes):
            limit.attribute, limit.kind, limit.rule = id, attributes[id].kind, "linked"


def link_mentions(text: str, mentions: Sequence[Said], linker: Linker) -> None:
    """Give mentions that only their frame found ("treatment with …") the concept that they are a variant of."""
    for mention in mentions:
        if mention.concept is None:
            spans = ((mention.start, mention.end), mention.core)
            mention.concept = next(filter(None, (linker.entry(text[a:b], mention.label) for a, b in spans)), None)


class LimitLinking(Step):
    """Links the limits in `doc.user_data["limits"]`."""

    def __init__(self, linker: Linker, attributes: dict[str, Attribute]) -> None:
        self.linker = linker
        self.attributes = attributes

    def read(self, text: str, data: dict[str, Any]) -> None:
        """Attributes for unlisted words."""
        link_limits(text, data.get("limits", ()), self.linker, self.attributes)


class MentionLinking(Step):
    """Links the mentions in `doc.user_data["mentions"]`."""

    def __init__(self, linker: Linker) -> None:
        self.linker = linker

    def read(self, text: str, data: dict[str, Any]) -> None:
        """Concepts for unlisted words."""
        link_mentions(text, data.get("mentions", ()), self.linker)


@cache
def linker(group: str, lexicon_files: tuple[str, ...] = ()) -> Linker:
    """The linker of a group of the lexicon."""
    knowledge = load(lexicon_files)
    return Linker((phrase for phrase in knowledge.phrases if phrase.group == group), knowledge.labels)


@Language.factory(
    "trialcriteria_limit_linking",
    assigns=["doc.user_data"],
    requires=["doc.user_data"],
    default_config={"lexicon_files": []},
)
def make_limit_linking(nlp: Language, name: str, lexicon_files: list[str]) -> LimitLinking:
    """Component `trialcriteria_limit_linking`."""
    return LimitLinking(linker("measure", tuple(lexicon_files)), load(lexicon_files).attributes)


@Language.factory(
    "trialcriteria_mention_linking",
    assigns=["doc.user_data"],
    requires=["doc.user_data"],
    default_config={"lexicon_files": []},
)
def make_mention_linking(nlp: Language, name: str, lexicon_files: list[str]) -> MentionLinking:
    """Component `trialcriteria_mention_linking`."""
    return MentionLinking(linker("mention", tuple(lexicon_files)))
