"""Counted: the whole noun phrase that a bare number counts, also where its head stands behind a coordination.

The noun phrase right behind "at least two" in "at least two moderate or severe symptoms" ends at "or", and says
nothing of what is counted. So a phrase that ends in an adjective, or in the singular where several are counted, goes
on over "or", "and", commas and brackets to the noun that it is of.
"""

import re

from trialcriteria.components.subjects import words_after

Span = tuple[int, int]
AND_OR = re.compile(
    r"(?:\s*\([^()]*\))?(?:\s*,\s*(?:(?:and|or|and/or)\s+)?|\s*/\s*|\s+(?:and/or|and|or)\s+|\s+(?=\d/\d\s)|(?<=-)\s+)|"
    r"\s*\([^()]*\)\s+(?=[a-z])",
    re.I,
)
SAID_OF_IT = re.compile(r"[a-z]{3,}(?:ed|ing|able|ible)", re.I)
SAID_OF_ONE = re.compile(r"[a-z]{3,}(?:ed|able|ible)|according|administered", re.I)
NUMBERS = re.compile(r"\d+(?:/\d+)+\s+")  # "CDK 4/6 inhibitor"
QUALITY = re.compile(
    r"(?:[a-z]+-)*(?:[a-z]{3,}(?:al|ic|ive|able|ible|ous|ary|ory|ular|oid|ed)|mild|moderate|severe|acute|intact|major|"
    r"minor|target|prior|previous|liquid|loose|hard|soft|highly|risk|platinum|taxane|non)-?",
    re.I,
)
NOUNS = frozenset(
    "trial animal hospital interval signal individual proposal arrival meal antibiotic antiepileptic antidiabetic "
    "antipsychotic biologic clinic topic relative alternative capillary ovary artery category need "
    "bed seed breed speed approval withdrawal criterion additive contraceptive sedative".split()
)
MANY = frozenset(
    "children teeth feet people criteria media foci loci nuclei data bacteria stimuli phenomena ova".split()
)
OF_OTHERS = re.compile(  # "4 out of 7 days", "two of the six categories"; points of a scale are not counted
    r"\s+(?:out\s+)?of\s+(?:(?:the|any|all|every|these|those|a\s+(?:total|maximum|possible)|total|possible)\s+)*(?:of\s+)?"
    r"(?:(?:last|past|previous|preceding|prior|first|most\s+recent)\s+)?"
    r"(?P<all>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen)\s+"
    r"(?!(?:on|in|for|at|with|and|or|is|are|points?|scale|following|above|below|listed|these|those)\b)(?=[a-z])",
    re.I,
)
OUT_OF = re.compile(r"\s+(?:out\s+)?of\s+(?:a\s+possible\s+)?\d", re.I)


def counted_words(text: str, at: int, several: bool) -> Span | None:
    """The words that say what is counted behind `at`; `several`: so many that the noun must be in the plural.

    >>> t = "At least 3 moderate or severe symptoms of the list"
    >>> t[slice(*counted_words(t, 10, True))]
    'moderate or severe symptoms'
    """
    others = OF_OTHERS.match(text, at)
    if others:
        return _to_its_plural(text, words_after(text, others.end()))
    if OUT_OF.match(text, at):
        return None
    span = _without_the_verb(text, words_after(text, at), several)
    for _ in range(3):
        if span is None or not _goes_on(text, span, several):
            break
        span = _further(text, at, span, several) or span
    return _without_the_verb(text, span, several)


def _to_its_plural(text: str, span: Span | None) -> Span | None:
    """ "4 of the 7 days preceding the visit": nothing behind the noun says what there are 7 of."""
    for word in re.finditer(r"\S+", text[slice(*span)]) if span else ():
        if span and _is_plural(word[0]):
            return span[0], span[0] + word.end()
    return span


def _without_the_verb(text: str, span: Span | None, several: bool) -> Span | None:
    """The phrase without what is said of it: "symptoms included", "vertebrae evaluable", "episode associated"."""
    while span and " " in text[slice(*span)]:
        front, last = text[slice(*span)].rsplit(None, 1)
        noun = front.split()[-1]
        if not ((several and SAID_OF_IT.fullmatch(last) and _is_plural(noun)) or _is_said_of_one(noun, last)):
            break
        span = span[0], span[0] + len(front)
    return span


def _is_said_of_one(noun: str, last: str) -> bool:
    return SAID_OF_ONE.fullmatch(last) is not None and not _is_quality(noun) and not noun.endswith("ly")


def _goes_on(text: str, span: Span, several: bool) -> bool:
    """Whether the phrase is no whole one: its last word is no noun, or one in the singular where several are meant."""
    last = text[slice(*span)].split()[-1]
    return _is_quality(last) or (several and not _is_plural(last)) or NUMBERS.match(text, span[1] + 1) is not None


def _further(text: str, at: int, span: Span, several: bool) -> Span | None:
    """The phrase with the words behind it, or behind its comma or "or"; None where those do not end it."""
    longer = words_after(text, at, most=6)
    joint = AND_OR.match(text, span[1])
    if longer and longer[1] > span[1]:
        rest: Span | None = longer
    elif joint:
        numbers = NUMBERS.match(text, joint.end())
        begin = numbers.end() if numbers else joint.end()
        rest = words_after(text, begin, most=6)
        rest = rest if rest and rest[0] == begin else None
    else:
        return None
    if rest is None:
        return None
    last = text[slice(*rest)].split()[-1]
    said = several and " of " not in text[slice(*span)]  # "methods of highly effective": the plural stands in front
    ends = _is_plural(last) if said else not _is_quality(last)
    return (span[0], rest[1]) if ends or joint else None


def _is_quality(word: str) -> bool:
    return word.endswith("-") or (QUALITY.fullmatch(word) is not None and word.lower() not in NOUNS)


def _is_plural(word: str) -> bool:
    """Whether a noun is in the plural.

    >>> [_is_plural(word) for word in ("lesions", "virus", "abscess", "teeth")]
    [True, False, False, True]
    """
    low = word.lower()
    return low in MANY or (low.endswith(("s", "ae")) and not low.endswith(("ss", "us", "is")))
