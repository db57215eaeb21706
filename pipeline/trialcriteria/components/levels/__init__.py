"""Classes and grades: "ECOG 0-1", "NYHA class II or worse", "Child-Pugh A or B", "stage IIIB/IV", "ASA I-III".

A scale's legal levels stand in the lexicon; what is read is every level that meets the statement, in their order.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from trialcriteria.components.comparators import Signs
from trialcriteria.components.levels.again import with_further
from trialcriteria.components.levels.alone import levels_alone, may_stand_alone
from trialcriteria.components.levels.beside import Levels, levels_behind, levels_in_front
from trialcriteria.components.levels.graded import Gradings, is_of_another_scale, names_a_class
from trialcriteria.components.terms import Term
from trialcriteria.lexicon import Attribute

__all__ = ["Levels", "Scales", "may_hold_levels"]

PLAIN = frozenset({"ctcae", "stage"})  # scales that a mere "grade" or "stage" names
PLAIN_NOUNS = frozenset(  # what belongs to the name of the scale in front, though it names one itself
    {"grade", "grades", "stage", "stages", "class", "score", "scores", "type", "level", "performance", "status"}
    | {"performance status", "toxicity grade", "disease stage", "functional class", "functional status"}
)
REACH = 160
NEAR = 16  # characters between a scale's name and a level that is also the name of a measure
STANDARDS = frozenset({"ctcae"})  # scales whose name may stand before the word for their levels
VERSION = re.compile(
    r"[\s(\[-]*(?:(?:NCI[\s-]?)?CTC(?:AE)?\b)?(?:,?\s*v?(?:ersion)?\.?\s*\d(?:\.\d+)?)?[)\]]?,?[\s(\[]*", re.I
)
IN_ITS_BRACKET = re.compile(r"\s*[(\[]\s*")
THE = re.compile(r"\bthe\s+$", re.I)


class Scales:
    """The scales of a lexicon whose levels have names, to be asked what a text says of them."""

    def __init__(self, attributes: Mapping[str, Attribute]) -> None:
        self.attributes = attributes
        self.gradings = Gradings(attributes)

    def read(self, text: str, terms: Sequence[Term], signs: Signs) -> list[Levels]:
        """Every statement on a scale with named levels: by the scale's name, without it, by a mere "grade II"."""
        found = list(with_further(text, list(self._named(text, terms, signs)), self.attributes, signs))
        if may_stand_alone(text):
            alone = levels_alone(text, self.attributes, _spans(found), signs)
            found += [x for x in alone if not (_hoped_for(text, x) or _says_the_stage_again(text, x))]
        if names_a_class(text):
            found += self.gradings.unlisted(text, _spans(found), signs)
            found += self.gradings.in_digits(text, _spans(found), signs)
        return found

    def _named(self, text: str, terms: Sequence[Term], signs: Signs) -> Iterator[Levels]:
        """The statements beside the name of a scale."""
        measures = [term for term in terms if term.group == "measure"]
        standards = [term for term in terms if term.group == "standards" or term.id in STANDARDS]
        done = 0
        for index, (term, attribute) in enumerate(map(self._graded, measures)):
            if not attribute.levels or term.start < done or not attribute.may_stand_in(text):
                continue
            limit = _next_measure(text, term, attribute, measures[index + 1 :])
            found = levels_behind(
                text, term, attribute, limit, signs, _front(text, term, standards, measures[:index])
            ) or levels_in_front(text, term, attribute, done, signs)
            if found and term.id in PLAIN:
                found = self.gradings.closer(text, found, limit, signs) or found
            if found and found.term.id == "ctcae" and is_of_another_scale(text, found):
                continue
            if found and text[term.start : term.end] in SOCIETIES and not _is_performance(term, found):
                continue
            if found and not (_said_of_others(text, term) or _hoped_for(text, found) or _of_the_trial(text, found)):
                done = found.end
                yield found

    def _graded(self, term: Term) -> tuple[Term, Attribute]:
        """The scale of levels that a name may stand for: "Child-Pugh score A", though the words name the points."""
        attribute = self.attributes[term.id]
        scale = attribute.graded or attribute.sister
        if scale and not attribute.levels:
            return term._replace(id=scale), self.attributes[scale]
        return term, attribute


def may_hold_levels(text: str) -> bool:
    """Whether levels can stand in a text that names no scale of the lexicon."""
    return may_stand_alone(text) or names_a_class(text)


def _front(text: str, term: Term, standards: Sequence[Term], measures: Sequence[Term]) -> int:
    """Where a scale's name begins, with the standard in front of it: the comparator of "> CTCAE v5.0 grade 1".

    The name may be said twice: "> NYHA (New York Heart Association) class II". `measures`: those in front.
    """
    start = term.start
    if measures and measures[-1].id == term.id and IN_ITS_BRACKET.fullmatch(text, measures[-1].end, start):
        start = measures[-1].start
    for standard in reversed(standards):
        if standard.end <= start and VERSION.fullmatch(text, standard.end, start):
            start = standard.start
    article = THE.search(text, max(0, start - 5), start) if start < term.start else None
    return article.start() if article else start


def _spans(found: Sequence[Levels]) -> list[tuple[int, int]]:
    return [(levels.start, levels.end) for levels in found]


def _next_measure(text: str, term: Term, attribute: Attribute, following: Sequence[Term]) -> int:
    """How far the levels of a scale may lie from its name: the next measure that is none of its own words."""
    for other in following:
        if other.start - term.end <= NEAR and text[other.start : other.end] in attribute.levels:
            continue  # "CEAP C4-C6" is about no complement
        if other.id != term.id and other.start >= term.end and text[other.start : other.end].lower() not in PLAIN_NOUNS:
            return min(other.start, term.end + REACH)
    return min(len(text), term.end + REACH)


SOCIETIES = frozenset({"WHO", "SWOG", "GOG"})  # whose name alone may stand for the scale of performance


def _is_performance(term: Term, found: Levels) -> bool:
    """ "WHO 0-1", "WHO ≤ 2": of the scales that the WHO made, performance alone begins with 0 and needs no name."""
    return found.levels[0] == "0" and 0 < found.start - term.end <= 3


OTHERS = re.compile(r"\b(?:non|other than|different from)[\s-]+(?:an?\s+|HCV\s+)?$", re.I)


def _said_of_others(text: str, term: Term) -> bool:
    """ "Non-grade 3": what is told is none of them."""
    return OTHERS.search(text, max(0, term.start - 24), term.start) is not None


IN_BRACKETS = re.compile(r"\b(?:0|I{1,3}|IV)[A-C]?\d?\s*[(\[][^()\[\]]*$")


def _says_the_stage_again(text: str, alone: Levels) -> bool:
    """ "Stage IIA (T2N0M0)": the brackets say the stage in another scale."""
    return IN_BRACKETS.search(text, max(0, alone.start - 80), alone.start) is not None


HOPED = re.compile(
    r"\b(?:for|achiev\w+|amenable to|possib\w+|feasib\w+|intend\w+|upfront|candidates?|indication|potential\w*|"
    r"expected|aim\w*|convert\w*)\s+(?:\w+\s+){0,2}$",
    re.I,
)


def _hoped_for(text: str, found: Levels) -> bool:
    """ "no indication for R0 resection": the level names what might be, not what the patient had."""
    return found.term.id == "resection_class" and HOPED.search(text, max(0, found.start - 50), found.start) is not None


CANCER = re.compile(
    r"cancer|carcinoma|tumou?r|melanoma|lymphoma|sarcoma|blastoma|neoplas|malignan|metasta|AJCC|TNM|NSCLC|SCLC|HNSCC",
    re.I,
)
OF_THE_TRIAL = re.compile(
    r"\s*(?:of\s+(?:the|this)\s+(?:study|trial|protocol)|enrol\w+|[:)]\s*$|only\b|participants?\b)", re.I
)


def _of_the_trial(text: str, found: Levels) -> bool:
    """ "Stage 2 of the study": digits are a stage of disease only where a cancer is named."""
    if found.term.id != "stage" or re.search(r"[1-4](?![A-Da-d])", text[found.start : found.end]) is None:
        return False
    return OF_THE_TRIAL.match(text, found.end) is not None or CANCER.search(text) is None
