"""Leftovers: why digits that no rule has read are no limit, as told by what stands beside them.

"Weeks 12 and 24" are two visits, though the word stands once; so are the parts of a translocation, of a formula, of
the drink that a unit of alcohol is. What is told by none of this stays unread.
"""

import re
from collections.abc import Container, Iterator

from trialcriteria.records import Reason
from trialcriteria.units import read_unit

PASSED_ON: frozenset[Reason] = frozenset({"name", "visit", "version", "identifier"})
JOINS = re.compile(r"\s*(?:[,/&–-]|(?:,\s*)?(?:and/or|and|or|to|through|vs\.?)|\.(?=\d))\s*", re.I)
COUNTS = re.compile(r"\s*(?:or\s+more|prior|previous|of\s+the|lines?|times|%|x\b)", re.I)
CHROMOSOMES = re.compile(  # "t(9;22)", "inv(16)(p13q22)", "-7/del(7q)", "del(17p)"
    r"(?:\b(?:t|inv|del|dup|ins|der|add|i)\s?\(\s?[\dXYv?;,pq. -]{1,16}\)(?:\s?\([pq\d;., -]{1,20}\))?)"
    r"|(?<![\w.])[-–+]\d{1,2}(?=\s?/\s?(?:del|inv|t|\d))|\b(?:mono|tri)somy\s+\d{1,2}(?:\s*(?:,|/|or|and)\s*\d{1,2})*"
)
STEROIDS = re.compile(r"\b5[\s-]?(?:α|alpha|a)[\s-]?(?=reductase|AR\b)", re.I)
COUNTED_OFF = re.compile(
    r"#\s?\d+|\b\d+(?:\.\d+){2,}|(?:(?<=^)|(?<=\n))\s*\d+\.[a-z]\b", re.M
)  # "(#4)", "4.1.2.1", "2.a"
CODES = re.compile(r"\bcodes?\s+\d[\d.]*(?:\s*(?:,|and|or|,\s*and)\s*\d[\d.]*)*", re.I)
OF_A_PRODUCT = re.compile(
    r"\b\d+(?:\.\d+)?\s?%(?=\s+(?:[a-z]+\s+){0,2}?(?:cream|ointment|gel|lotion|emulsion|solution|suspension|drops|foam|shampoo|"
    r"mouthwash|saline|dextrose|alcohol by volume)\b)"
    r"|(?<=\bpropionate\s)\d+(?:\.\d+)?\s?%|(?<=\bemulsion\s)\d+(?:\.\d+)?\s?%",
    re.I,
)
NAMES = (CHROMOSOMES, STEROIDS, COUNTED_OFF, CODES, OF_A_PRODUCT)
A_DRINK = re.compile(
    r"\b(?:1|one|an?|each|standard)\s+(?:standard\s+)?(?:alcoholic\s+)?(?:unit|drink|serving|pack[\s-]year)s?\b"
    r"(?:\s+of\s+alcohol)?[^.;\d]{0,24}(?:=|\b(?:is|equals?|contains?|defined|equivalent|corresponds?)\b)",
    re.I,
)
OF_A_DRINK = re.compile(
    r"(?:\.\d+)?\s*-?(?:%|oz|ounces?|fluid|fl|m[lL]\b|millilit|c[lL]\b|g\b|grams?|pints?|glass|measure|shot|gill|can\b|cigarettes)"
    r"|/\d\s*(?:gill|pint)",
    re.I,
)
OF_A_FORMULA = re.compile(  # by Cockcroft and Gault, MDRD, Schwartz, of the predicted FEV1
    r"\b140\s*[-–−]\s*(?:the\s+)?\(?\s*(?:patient'?s?\s+)?age|\b(?:175|186(?:\.\d+)?)\s*[x×*]|"
    r"[x×*]\s*\(?\s*(?:age|height|weight|serum|body|mass)\b|\b(?:age|height|weight)\b[^.;]{0,16}[x×*]\s*\d",
    re.I,
)
CALCULATES = re.compile(
    r"[x×*/=+^]\s*[(\[（]?\s*[-–−]?$|[)\]）]\s*[-–−]\s*$|\b(?:multipl\w+|result)\s+by\s+$|[(\[]\s*$", re.I
)
IS_CALCULATED = re.compile(
    r"(?:\.\d+)?\s*(?:[x×*/^]|[-–−]\s*\(?(?:age|\d)|\(?(?:for|if)\s+(?:fe)?male|for\s+women|\()", re.I
)
OF_A_LIST = re.compile(  # "1 or more of the following", "at least 2 (two) of:"
    r"\s*(?:\(\w+\)\s*)?(?:or\s+more\s+|or\s+both\s+)?(?:of\s+(?:the\s+(?:following|below|above|\w+\s+(?:below|listed))|these|those)\b"
    r"|of\s*:|(?:following|below)\b)",
    re.I,
)


def reasons(text: str, digits: Iterator[tuple[int, int, Reason]], needed: Container[str] = ()) -> Iterator[Reason]:
    """The reason of each run of digits in its turn, those that are not read explained where the text explains them.

    `needed`: how many of a list must be met, where the rows say so: "1 of the following" is not lost then.
    """
    told: dict[int, Reason] | None = None
    last_end, last = 0, "unread"
    for start, end, reason in digits:
        if reason == "unread":
            told = _told(text) if told is None else told
            on = last in PASSED_ON and JOINS.fullmatch(text, last_end, start) and not COUNTS.match(text, end)
            on = on and not read_unit(text, end)
            reason = last if on else told.get(start, "unread")  # type: ignore[assignment]
            if reason == "unread" and text[start:end] in needed and OF_A_LIST.match(text, end):
                reason = "definition"
        last_end, last = end, reason
        yield reason


def _told(text: str) -> dict[int, Reason]:
    """The reasons that a text gives, by where the digits begin."""
    found: dict[int, Reason] = {}
    for expression in NAMES:
        for match in expression.finditer(text):
            found.update(dict.fromkeys(range(*match.span()), "name"))
    if drink := A_DRINK.search(text):
        for match in re.finditer(r"\d+", text[drink.start() :]):
            start, end = drink.start() + match.start(), drink.start() + match.end()
            if OF_A_DRINK.match(text, end) or end <= drink.end() or text[start - 1] == ".":
                found[start] = "definition"
    if OF_A_FORMULA.search(text):
        for match in re.finditer(r"\d+(?:\.\d+)?", text):
            calculated = CALCULATES.search(text, 0, match.start()) or IS_CALCULATED.match(text, match.end())
            if calculated:
                found.update(dict.fromkeys(range(*match.span()), "definition"))
    return found
