"""The lexicon's ids of conditions: "if Gilbert's syndrome is known" is `gilbert`, "patients over 65" are `elderly`."""

import re
from collections.abc import Sequence

from trialcriteria.components.terms import Term

HYPHENATED = re.compile(r"-(?:EPI\b|free\b)", re.I)


def conditions_of(text: str, terms: Sequence[Term]) -> list[Term]:
    """The conditions that the lexicon knows; "CKD-EPI" is an equation and "transfusion-free" another word."""
    return [
        t
        for t in terms
        if t.group == "limit_conditions" and not (text[t.end : t.end + 1] == "-" and HYPHENATED.match(text, t.end))
    ]


RULED_OUT = re.compile(r"\b(?:ruled\s+out|excluded|absent|not\s+present)$", re.I)  # "if hepatocellular carcinoma is …"
ABSENT = re.compile(r"(?:if\s+)?(?:in\s+)?(?:the\s+)?(?:absence\s+of|without)\b[^,;]*$", re.I)
DENIED = re.compile(r"\b(?:not|no|never|off|nor|cannot)\b(?!\s+(?:only|limited))[^,;]*$", re.I)
SEX = {"M": "male", "F": "female"}


def id_of(text: str, condition: tuple[int, int], known: Sequence[Term], *, further: bool) -> str | None:
    """The lexicon's id of a condition: that of the longest known words in it; `further`: whether of a second limit."""
    a, b = condition
    if text[a:b] in SEX:
        return SEX[text[a:b]]
    if text[a:b].lower().startswith("unless"):  # "unless X, in which case …" is said of those with X
        a += len("unless")
    if (aged := _age_group(text[a:b])) is not None:
        return aged
    if RULED_OUT.search(text, a, b):
        return None
    absent = ABSENT.match(text, a, b)
    inside = [t for t in known if a <= t.start and t.end <= b] or [
        Term(a, b, t.group, t.id.removeprefix("no_"))
        for t in known
        if t.start < a < t.end <= b and t.id.startswith("no_")
    ]
    named = max(inside, key=lambda t: t.end - t.start) if inside else None
    if named is None or named.id.startswith("no_"):
        return named.id if named else None
    denied = absent or DENIED.search(text, a, named.start)  # "in the absence of liver metastases", "if not on dialysis"
    return None if denied else named.id


OLD = re.compile(
    r"\b(?:over|above|older than|>|≥|>=|aged)\s*=?\s*(?P<years>\d\d)\b(?!\s*(?:months|weeks|days|to|-))", re.I
)
YOUNG = re.compile(
    r"\b(?:under|below|younger than|<|≤|<=|to|-)\s*=?\s*(?P<years>\d\d?)\s*(?:years|yrs|months)?\b|"
    r"(?P<old>\d\d?)\s*(?:years\s+)?(?:of age\s+)?(?:or|and)\s+younger",
    re.I,
)
AGED = re.compile(r"\b(?:years?|yrs|aged?|ages|older|younger|months of age)\b", re.I)


def _age_group(words: str) -> str | None:
    """ "For patients over 60 years" is said of the elderly, "for subjects aged 6 to 11 years" of children."""
    if not AGED.search(words) and not re.match(
        r"(?:in|for)?\s*(?:patients|subjects|participants)\s*[<>≤≥]", words, re.I
    ):
        return None
    if (old := OLD.search(words)) and int(old["years"]) >= 60:
        return "elderly"
    young = YOUNG.search(words)
    if young and int(young["years"] or young["old"]) <= 18:
        return "child"
    return None
