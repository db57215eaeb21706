"""Verdicts: a grid of words that let a patient in or keep one out, whoever wrote them, read as what they say.

A list of phrases once met knows only those: each form is put together here from its parts, so that none is left out.
"""

from itertools import product

import pytest

from readings import read

BE = "is are was were".split()
MAY_BE = ("will be", "would be", "should be", "may be", "can be")
AUXILIARIES = ("will", "would", "should", "may")

EXCLUDING = (
    "exclusionary", "excluded", "an exclusion", "an exclusion criterion", "exclusion criteria",
    "a reason for exclusion", "reasons for exclusion", "grounds for exclusion", "cause for exclusion",
    "a reason to exclude", "disqualifying",
    "prohibited", "forbidden", "disallowed", "considered exclusionary", "considered an exclusion",
    "considered a reason for exclusion", "necessarily excluded", "specifically excluded", "a barrier to participation",
)  # fmt: skip
NO_REASON = ("reason for exclusion", "reasons for exclusion", "grounds for exclusion", "exclusion criterion",
             "contraindication", "reason to exclude", "bar", "barrier", "obstacle")  # fmt: skip
LETTING_IN = ("allowed", "permitted", "acceptable", "permissible", "allowable", "eligible", "considered eligible",
              "deemed acceptable", "generally allowed", "exempt")  # fmt: skip
HINDERING = ("preclude participation", "preclude enrollment", "exclude the patient", "exclude participation", "exclude",
             "disqualify", "disqualify a patient", "prevent participation", "lead to exclusion", "result in exclusion",
             "constitute an exclusion", "make a patient ineligible")  # fmt: skip

LETS_IN = [
    *(f"{be} not {words}" for be, words in product(BE, EXCLUDING)),
    *(f"{be} no {words}" for be, words in product(BE, NO_REASON)),
    *(f"{be} {words}" for be, words in product((*BE[:2], *MAY_BE), LETTING_IN)),
    *(f"{does} not {words}" for does, words in product(("do", "does", *AUXILIARIES), HINDERING)),
    *(f"{will} not be {words}" for will, words in product(AUXILIARIES, EXCLUDING[:-1])),
]

NOT_LET_IN = ("allowed", "permitted", "acceptable", "eligible", "considered eligible", "eligible to participate")
TAKEN = ("included", "enrolled", "admitted", "recruited", "entered", "randomized", "registered")
KEEPING_OUT = ("prohibited", "forbidden", "disallowed", "ineligible", "exclusionary", "barred", "considered ineligible",
               "considered an exclusion", "deemed ineligible")  # fmt: skip
KEEPS_OUT = [
    *(f"{be} not {words}" for be, words in product(BE, NOT_LET_IN)),
    *(f"{will} not be {words}" for will, words in product((*AUXILIARIES, "must", "can"), (*NOT_LET_IN[:5], *TAKEN))),
    *(f"{will} be {words}" for will, words in product(("should", "must"), KEEPING_OUT)),
    *(f"{will} not {words}" for will, words in product(("should", "must", "would", "may"), ("participate", "enroll",
      "enter the study", "take part", "qualify"))),
    *(f"{will} be excluded" for will in ("will", "should", "must")),
    "are exclusion criteria", "are grounds for exclusion", "do not qualify", "cannot participate", "cannot be enrolled",
]  # fmt: skip

EXCEPTS = (
    "except", "except for", "excepting", "with the exception of", "with exception of", "other than", "apart from",
    "aside from", "excluding", "but not", "not including", "unless", "save for", "barring", "exclusive of",
    "but excluding",
    "except in the case of", "except patients with", "excluding patients with", "not counting", "exempting",
)  # fmt: skip


def contracted(verdict: str) -> str:
    """As it is said: "isn't", "won't", "can't"; unchanged where nothing can be drawn together."""
    for said, short in (("will not", "won't"), ("can not", "can't"), ("cannot", "can't")):
        verdict = verdict.replace(said, short)
    return verdict if "may" in verdict else verdict.replace(" not ", "n't ")


def requirement(section: str, sentence: str, named: str) -> str | None:
    """What is asked of the mention whose words hold `named`, in a criterion of that section."""
    tables = read(f"{section} Criteria:\n* {sentence}\n")
    return next((row.requirement for row in tables.mentions if named in row.text), None)


@pytest.mark.parametrize("verdict", dict.fromkeys([*LETS_IN, *map(contracted, LETS_IN)]))
def test_what_is_no_reason_for_exclusion_is_permitted(verdict: str) -> None:
    sentence = f"Head injury. Childhood febrile seizures {verdict}"
    assert requirement("Exclusion", sentence, "febrile seizures") == "permit"


@pytest.mark.parametrize(
    ("section", "verdict"),
    list(product(("Inclusion", "Exclusion"), dict.fromkeys([*KEEPS_OUT, *map(contracted, KEEPS_OUT)]))),
)
def test_who_is_kept_out_is_forbidden_in_whichever_section(section: str, verdict: str) -> None:
    front = "" if section == "Inclusion" else "Heart failure. "
    assert requirement(section, f"{front}Patients with chronic hepatitis {verdict}", "hepatitis") == "forbid"


@pytest.mark.parametrize("verdict", ["should be avoided", "must be avoided", "are to be avoided"])
@pytest.mark.parametrize("section", ["Inclusion", "Exclusion"])
def test_what_is_to_be_avoided_is_forbidden(section: str, verdict: str) -> None:
    assert requirement(section, f"Strong inhibitors of CYP3A4 {verdict} during the study", "CYP3A4") == "forbid"


@pytest.mark.parametrize("verdict", ["should be avoided", "must be deferred"])
def test_who_is_to_be_avoided_has_no_duty(verdict: str) -> None:
    assert requirement("Exclusion", f"Heart failure. Patients with hepatitis {verdict}", "hepatitis") == "forbid"


@pytest.mark.parametrize(
    ("words", "form"),
    list(product(EXCEPTS, ("{} basal cell carcinoma", ", {} basal cell carcinoma", " ({} basal cell carcinoma)"))),
)
def test_what_is_excepted_is_permitted_also_in_brackets(words: str, form: str) -> None:
    sentence = f"Active malignancy {form.format(words)}".replace(" ,", ",").replace("  ", " ")
    assert requirement("Exclusion", sentence, "basal cell") == "permit"


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients must be deemed ineligible for stem cell transplantation",
        "Patients must not be eligible for stem cell transplantation",
        "Patients should be considered ineligible for stem cell transplantation",
    ],
)
def test_who_is_unfit_for_a_treatment_is_not_kept_out_of_the_trial(sentence: str) -> None:
    rows = read(f"Inclusion Criteria:\n* Relapsed myeloma. {sentence}\n").mentions
    assert [(row.requirement, row.negated) for row in rows if "transplantation" in row.text] == [("forbid", True)]
    assert [row.requirement for row in rows if "myeloma" in row.text] == ["require"]


@pytest.mark.parametrize(
    "sentence",
    [
        "No other severe underlying disease that would preclude participation",
        "No severe hepatic disease that could preclude study entry",
        "Toxicity that is unacceptable to the patient",
    ],
)
def test_a_clause_that_says_of_which_kind_something_is_gives_no_verdict(sentence: str) -> None:
    asked = {row.requirement for row in read(f"Inclusion Criteria:\n* {sentence}\n").mentions}
    assert asked == ({"forbid"} if sentence.startswith("No ") else {"require"})


@pytest.mark.parametrize(
    "sentence",
    [
        "Currently on at most two IOP-lowering drugs",
        "No more than 1 prior treatment with IOP-lowering drugs",
        "No more than one prior regimen with a taxane or IOP-lowering drugs",
        "No more than 72 hours of IOP-lowering drugs in the 7 days before enrolment",
        "BP < 140/90 with no more than one of the IOP-lowering drugs",
        "Haemoglobin > 9 g/dL (may transfuse or use IOP-lowering drugs)",
    ],
)
def test_what_may_be_had_so_often_at_most_is_asked_of_nobody(sentence: str) -> None:
    assert requirement("Inclusion", sentence, "IOP-lowering drugs") == "permit"


@pytest.mark.parametrize(
    "sentence",
    [
        "Treated with diet alone or with up to two IOP-lowering drugs",
        "One to three IOP-lowering drugs",
        "At least one of the IOP-lowering drugs",
    ],
)
def test_of_what_is_asked_at_least_once_or_else_something_is_required(sentence: str) -> None:
    assert requirement("Inclusion", sentence, "IOP-lowering drugs") == "require"


def test_who_may_be_given_something_need_not_be() -> None:
    sentence = "Haemoglobin > 9 g/dL (may be transfused or use erythropoietin to reach this)"
    assert requirement("Inclusion", sentence, "transfused") == "permit"
    assert requirement("Inclusion", sentence, "erythropoietin") == "permit"
