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


def conditions(text: str, without: tuple[str, ...] = ("time_window", "duration")) -> list[str]:
    """Each limit of a criterion as its line and its condition, with "!" where it holds instead of another one.

    Limits of the kinds `without` are left out.
    """
    return [
        str(row) + (f" ? {row.condition}" if row.condition else "") + (" !" if row.exception_to else "")
        for row in read(f"Inclusion Criteria:\n\n* {text}").constraints
        if row.kind not in without
    ]
