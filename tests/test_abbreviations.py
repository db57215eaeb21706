"""A short form means what its document says."""

from trialcriteria import nlp
from trialcriteria.records import Trial
from trialcriteria.rows import read_trial

TEXT = "Inclusion Criteria:\n\n* Serum ferritin (SFER) is measured\n* SFER of at least 30 ng/mL\n"


def test_a_short_form_that_the_document_defines_holds_in_its_other_criteria() -> None:
    tables = read_trial(nlp.load(), Trial("TEST", "text", "example", TEXT))
    assert [str(row) for row in tables.constraints] == ["ferritin >= 30 ng/mL"]


def test_a_definition_does_not_reach_into_another_trial() -> None:
    pipeline = nlp.load()
    read_trial(pipeline, Trial("TEST", "text", "example", TEXT))
    other = read_trial(pipeline, Trial("TEST", "text", "example", "SFER of at least 30 ng/mL"))
    assert [row.attribute for row in other.constraints] == [None]


def test_the_documents_meaning_wins_over_the_lexicons() -> None:
    text = "Inclusion Criteria:\n\n* Resting energy in magnesium (Hb) studies\n* Hb of at least 9 g/dL\n"
    tables = read_trial(nlp.load(), Trial("TEST", "text", "example", text))
    assert [str(row) for row in tables.constraints] == ["hemoglobin >= 9 g/dL"]  # "Hb" is not short for those words
