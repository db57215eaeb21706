"""Unlisted wordings get the entry of the lexicon that they are a variant of, and no other."""

import pytest

from readings import pipeline
from trialcriteria.components.linking import linker


@pytest.mark.parametrize(
    ("wording", "label", "entry"),
    [
        ("bronchial obstructions", "condition", "airway_obstruction"),
        ("invasion of a major blood vessel", "condition", None),  # "a" is a word of it: not the same name
        ("major blood vessel invasion", "condition", "vascular_invasion"),
        ("Janus kinase (JAK) inhibitor", "treatment", "jak_inhibitor"),
        ("Brugada's syndrome", "condition", "long_qt"),
        ("atlectasis", "condition", "atelectasis"),
        ("diabetic ketoacidsosis", "condition", "ketoacidosis"),
    ],
)
def test_order_number_brackets_and_one_wrong_letter_are_variants(wording: str, label: str, entry: str | None) -> None:
    assert linker("mention").entry(wording, label) == entry


@pytest.mark.parametrize(
    ("wording", "label"),
    [
        ("beta-adrenergic antagonist agonists", "treatment"),
        ("adalimumaf", "treatment"),  # a drug's name with a wrong letter may be another drug's
        ("hypotensoin", "condition"),  # two letters: might as well be meant for hypertension
        ("histamine receptor antagonists", "treatment"),  # of which type is not said
        ("atelectasis", "treatment"),  # a condition, not a treatment
        ("xylitol", "condition"),
        ("", "condition"),
    ],
)
def test_what_is_only_near_stays_unlisted(wording: str, label: str) -> None:
    assert linker("mention").entry(wording, label) is None


def test_a_mention_of_a_frame_gets_the_concept_of_its_variant() -> None:
    doc = pipeline()("Known history of grid/focal laser or overlap syndromes.")
    assert [(m.label, m.concept) for m in doc.user_data["mentions"]][-1] == ("condition", "connective_tissue_disease")


def test_a_limit_on_a_variant_gets_its_attribute_if_the_amount_fits() -> None:
    read = pipeline()
    (limit,) = read("Clearance of creatinine in urine and so on; ejection fractions > 50 %").user_data["limits"][-1:]
    assert (limit.attribute, limit.rule) == ("lvef", "linked")
    (limit,) = read("Ejection fractions > 50 mmol/L").user_data["limits"]
    assert limit.attribute is None


def test_the_answers_do_not_depend_on_the_order_of_questions() -> None:
    wordings = ["thrombembolic events", "overlap syndromes", "Atlectasis", "nervous system diseases"]
    ask = linker.__wrapped__("mention")  # one that has not answered anything yet
    assert [ask.entry(w, "condition") for w in wordings] == [
        linker("mention").entry(w, "condition") for w in reversed(wordings)
    ][::-1]
