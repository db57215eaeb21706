"""How many of the items below a line must hold."""

import re

from trialcriteria.headings.words import WORDS, alternatives
from trialcriteria.records import Section

_WORDS = WORDS["quantifiers"]
_TAIL = 200  # characters at the end of the line that are looked at
_NUMBER = alternatives(_WORDS["numbers"])
_GOVERNS = r"(?:\s+(?:of|following|the\s+following|these|criteri\w+)\b|(?:\s+[\w-]+){0,3}\s*[:：]\s*$)"


def _counted(key: str) -> str:
    return "|".join(re.escape(words).replace("N", f"(?:{_NUMBER})") for words in _WORDS[key])


_SAID = re.compile(
    rf"(?<![\w.-])(?:(?P<n>(?:{_counted('at_least')})(?!\.?\d){_GOVERNS}|(?:{_counted('exactly')})\b)"
    rf"|(?P<any>(?:{alternatives(_WORDS['any'])}){_GOVERNS}|either\b|such\s+as\b)"
    rf"|(?P<all>(?:{alternatives(_WORDS['all'])}){_GOVERNS}))",
    re.IGNORECASE,
)
_HINTS = ("any", "one", "1", "either", "least", "such as", "all", "each", "both", "every", "more", " of ", "≥", ">=")
_DENYING = re.compile(rf"(?<!\w)(?:{alternatives(_WORDS['denying'])})(?!\w)", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)")
_FAILING = re.compile(rf"(?<!\w)(?:{alternatives(_WORDS['failing'])})(?!\w)", re.IGNORECASE)


def stated_choice(text: str) -> str | None:
    """How many of the items below `text` must hold: any, all, at_least:n; None if it does not say.

    >>> stated_choice("At least two of the following:"), stated_choice("Either of these:"), stated_choice("Defined as:")
    ('at_least:2', 'any', None)
    """
    tail = text[-_TAIL:]
    low = tail.lower()
    if not any(hint in low for hint in _HINTS):
        return None
    found = list(_SAID.finditer(tail))
    if not found:
        return None
    if found[-1]["n"]:
        number = re.search(_NUMBER, found[-1]["n"], re.IGNORECASE)
        return f"at_least:{_WORDS['numbers'][number[0].lower()] if number else 2}"
    return "any" if found[-1]["any"] else "all"


_ONLY_IF_MET = re.compile(  # "CNS metastases. Patients with treated metastases may participate if:"
    r"\b(?:eligible|allowed|permitted|acceptable|accepted|participate|enrol(?:l|led)?|included|enter|join)\b[^.;:]{0,40}?\b"
    r"(?:if|when|provided|providing|as\s+long\s+as)\b(?:\s+that\b)?"
    r"(?:\s*,?\s*(?:(?:they|the\s+patients?|the\s+subjects?)\s+)?(?:(?:meets?|met|fulfil(?:l|ls)?|satisf(?:y|ies)|ha(?:s|ve)|are|is|true|"
    r"all|both|each|every|of|the|these|following|below|criteria|conditions|requirements|apply|applies)\s*)+)?\s*[:,]?\s*$",
    re.I,
)


_DENIED_ENTRY = re.compile(  # in front: "will not be", "cannot", "are ineligible to", "no patient may"
    r"(?:(?:\b(?:not|never|unable|ineligible|excluded)|\bcannot|n['’]t)"
    r"(?:\s+(?:be|being|been|to|from|for|currently|considered|deemed|yet|otherwise|able|allowed|permitted|eligible))*|"
    r"(?:^|[.;]\s+)\W*(?:no|none|nobody|neither)\b[^.;]*)\s*$",
    re.I,
)


def lets_in(text: str) -> bool:
    """Whether a line ends in whom it lets in, so that what stands below it is asked of them.

    >>> lets_in("CNS metastases. Patients with treated metastases may participate if:")
    True
    >>> lets_in("Patients are not allowed to enter the study if:"), lets_in("Patients will not be enrolled if:")
    (False, False)
    """
    said = _ONLY_IF_MET.search(text)
    return said is not None and _DENIED_ENTRY.search(text, 0, said.start()) is None


_KINDS_OF_CANCER = re.compile(  # "solid tumors, including:", "lymphoma, including the following subtypes:"
    r"\b(?:tumou?rs?|cancers?|carcinomas?|lymphomas?|leuka?emias?|sarcomas?|malignanc(?:y|ies)|neoplasms?)\b[^.;:]{0,20}?,?\s+including\b[^.;:]*:\s*$",
    re.I,
)


def silent_choice(text: str, section: Section) -> str:
    """What a list means whose lead-in does not say how many of its items must hold.

    Requirements hold together, reasons for exclusion one by one; a denial turns that, and so does whom one lets in.

    >>> silent_choice("Liver function:", "inclusion"), silent_choice("No liver disease:", "inclusion")
    ('all', 'any')
    >>> silent_choice("Lymphoma, including the following subtypes:", "inclusion")
    'any'
    """
    if section == "inclusion":
        said = _BRACKETS.sub("", text[-_TAIL:])  # "laboratory values (without transfusion):"
        return "any" if _DENYING.search(said) or _KINDS_OF_CANCER.search(said) else "all"
    return "all" if _FAILING.search(text[-_TAIL:]) or lets_in(text[-_TAIL:]) else "any"
