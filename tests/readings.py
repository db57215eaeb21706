"""How tests read a criterion: with one pipeline for all of them, as loading it takes seconds."""

from functools import cache

from spacy.language import Language

from trialcriteria import nlp
from trialcriteria.records import Trial, TrialTables
from trialcriteria.rows import read_trial


@cache
def pipeline() -> Language:
    return nlp.load()


def read(text: str) -> TrialTables:
    return read_trial(pipeline(), Trial("TEST", "text", "example", text))
