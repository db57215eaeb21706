"""Findings: what neither a list nor a head names, but a form of words: "impaired cardiac function".

Each form is looked for only where one of its words stands in the criterion.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from trialcriteria.components.telling import words_in

NOT_WELL = (
    r"impaired|inadequate|insufficient|poor|abnormal|altered|reduced|decreased|diminished|compromised|deranged|"
    r"disturbed"
)
PARTS = r"(?:[a-z]+[a-z-]*(?:\s*(?:,|/|\band/or\b|\bor\b|\band\b))?\s+){1,6}?"
END = (
    r"(?!(?:and|or|that|which|who|within|at|in|on|is|are|was|were|will|would|may|might|could|can|by|with|for|from|to|as|"
    r"during|before|after|if|unless|except|excluding|including|such|other|requiring|due|because|under|prior|per|not|"
    r"history|this|these|your|his|her|their|interest|note|concern|less|more|patients?|subjects?|any|study)\b)"
)
WORD = rf"{END}[a-z][a-z-]+"
WHOLE = rf"(?:the\s+|its\s+)?{WORD}(?:\s+{WORD}){{0,3}}(?:\s+or\s+(?:the\s+)?{WORD}\s+{WORD})?"

NOT_THIS = r"(?!(?:the|this|that|these|such|our|your|current|present|study|trial)\b)"
TO_THE_TRIAL = (  # "participation in [another clinical] trial", and none of its words leads away from it
    r"(?:(?!(?:the|this|to|of|at|for|with|before|during|within|prior|if|unless|who|that|which|than)\b)[\w/-]+'?,?\s+){0,8}?"
)

SUBSTANCE = (
    r"(?:(?:any|the|illicit|illegal|use|of|other|certain|prohibited|prescription)\s+)*(?:drugs?(?:\s+of\s+(?:abuse|addiction)|\s+(?:ab)?use)?|"
    r"substances?(?:\s+of\s+abuse)?|alcohol|ethanol|nicotine|cotinine|narcotics?|(?:meth)?amphetamines?|opiates?|opioids?|"
    r"cocaine|cannabi\w+|marijuana|barbiturates?|benzodiazepines?|phencyclidine|PCP|MDMA|ecstasy|methadone|THC)"
)

BLOOD = r"(?:blood|plasma|platelets)"


class Form(NamedTuple):
    """One form: the words of which one must stand there, the expression, label and concept of what it finds."""

    words: frozenset[str]
    form: re.Pattern[str]
    label: str
    concept: str | None


def _form(words: str, form: str, label: str, concept: str | None = None) -> Form:
    return Form(frozenset(words.split()), re.compile(rf"(?<![\w-]){form}", re.I), label, concept)


FORMS = (
    _form(
        "function functions",
        rf"(?:(?:{NOT_WELL})\s+|(?:reduction|decrease|decline|loss)\s+(?:in|of)\s+){PARTS}functions?(?![\w-])(?!\s+tests?\b)",
        "condition",
    ),
    _form(
        "positive",
        r"positive\s+(?:(?!(?:for|and|or|results?)\b)[\w/-]+\s+){1,4}?"
        r"(?:tests?|assays?|screens?|cultures?|smears?|examinations?)(?![\w-])(?!\s+(?:must|should|will|is|are)\b)",
        "biomarker",
    ),
    _form(
        "drug drugs agent agents substance substances medication medications",
        r"(?<!study )(?<!trial )(?<!test )(?:(?:drugs?|agents?|substances?)(?:\(s\))?|"
        r"medications?(?=\s+for\s+(?:the\s+)?(?:indication|treatment)\s+of\b))"
        r"(?=\s+(?:(?:that|which)\s+(?!ha(?:s|ve)\s+not\b|will\s+be\b)|known\s+to\s|likely\s+to\s|with\s+known\s|affecting\s|"
        r"causing\s|targeting\s|to\s+(?:treat|prevent)\s|for\s+(?:the\s+)?(?:indication|treatment)\s+of\s))",
        "treatment",
    ),
    _form(
        "disease diseases disorder disorders abnormality abnormalities disturbance disturbances pathology",
        r"(?:diseases?|disorders?|abnormalit(?:y|ies)|disturbances?|pathology)\s+"
        rf"(?:of|affecting|involving)\s+{WHOLE}",
        "condition",
    ),
    _form(
        "positive",
        rf"(?:positive\s+(?:[\w/-]+\s+){{0,5}}?(?:tests?|screens?|screening|toxicology|results?)(?:\s*\([A-Z]+\))?\s+for\s+"
        rf"{SUBSTANCE}(?:(?:\s*,|\s*/)?\s*(?:and/or\s|or\s|and\s)?\s*{SUBSTANCE})*(?![\w-])|"
        r"positive\s+(?:[\w/-]+\s+){0,4}?(?:drugs?|alcohol|ethanol|substances?|cotinine|nicotine)"
        r"(?:/[a-z]+|\s+of\s+abuse|\s+(?:and/or|or|and)\s+\w+)*\s+(?:\w+\s+)?(?:tests?|screens?|screening)(?![\w-]))",
        "biomarker",
        "drug_test",
    ),
    _form(
        "pregnancy",  # "have a negative urine or serum pregnancy", the test left out
        r"negative\s+(?:(?:serum|urine|blood)(?:\s+or\s+|\s+and\s+|\s+and/or\s+|\s*/\s*|\s+))*pregnancy(?!\s+\w*test)(?![\w-])",
        "state",
        "pregnancy_test",
    ),
    _form(
        "blood plasma platelets",
        r"(?<!blood )(?<!plasma )(?:donat(?:ions?|ed|ing|e)|loss|lost|giv(?:e|en|ing))"
        r"(?:\s+(?:and/or|or|and)\s+(?:loss|lost|donat\w+|sold))?\s+"
        r"(?:(?:of|any|an?|the|one|pints?|units?(?:\s*\([^()]{1,25}\))?|whole|excessive|significant|more|amounts?|large|volumes?|his|her|their|"
        rf"or|and|plasma|platelets)\s+){{0,6}}?{BLOOD}(?:\s+products?)?(?:\s+(?:and|or|and/or)\s+{BLOOD}(?!\s+products?))?"
        r"(?![\w-])(?!\s+(?:pressure|cells?|counts?)\b)",
        "procedure",
        "blood_donation",
    ),
    _form(
        "participation participated participating enroled enrolled enrolment enrollment enrolling part",
        r"(?<!for subjects )(?<!for patients )(?<!for participants )"
        r"(?:participat(?:ion|ed|ing)|enrol(?:l?ed|l?ment|ling)|tak(?:en|ing)\s+part|took\s+part)"
        r"(?:\s+(?:as\s+an?\s+(?:\w+\s+)?(?:subject|participant|volunteer|patient)|or\s+enrol(?:l?ed|l?ment)))?"
        rf"\s+(?:(?:in|into|on)\s+|(?=(?:an)?other\s)){NOT_THIS}{TO_THE_TRIAL}"
        r"(?:trials?|stud(?:y|ies)|clinical\s+(?:investigations?|research(?!\s+(?:stud|trial))|tests?)|(?:research|experimental|investigational|treatment)\s+protocols?)"
        r"(?![\w-])(?!\s+(?:procedures?|visits?|drugs?|medications?|treatments?|activities|sites?)\b)",
        "treatment",
        "other_trial",
    ),
)


def findings(text: str) -> Iterator[tuple[int, int, str, str | None]]:
    """Where each finding stands, its label, and its concept if the form has one.

    >>> text = "Impaired hepatic or renal function; drugs known to prolong QTc"
    >>> [(text[a:b], label) for a, b, label, _ in findings(text)]
    [('Impaired hepatic or renal function', 'condition'), ('drugs', 'treatment')]
    """
    words = words_in(text)
    for form in FORMS:
        if not form.words.isdisjoint(words):
            for match in form.form.finditer(text):
                yield *match.span(), form.label, form.concept
