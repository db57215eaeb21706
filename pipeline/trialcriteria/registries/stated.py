"""What registries state in fields of their own: ages, sex, healthy volunteers, and separate criteria texts."""

import math
import re
from collections.abc import Iterable

from trialcriteria.records import Field

_YEARS = {
    "year": 1.0,
    "month": 30.4375 / 365.25,
    "week": 7 / 365.25,
    "day": 1 / 365.25,
    "hour": 1 / 24 / 365.25,
    "minute": 1 / 1440 / 365.25,
}
_AGE = re.compile(r"[<>=≥≤\s]*(\d+(?:\.\d+)?)\s*-?\s*([a-z]*)(?:\(s\))?[\s.-]*(?:old)?\s*")
_UNIT = {"": "year", "y": "year", "yr": "year", "yrs": "year", "m": "month", "mo": "month", "w": "week", "d": "day"}
_SEXES = {
    "all": "ALL",
    "both": "ALL",
    "both males and females": "ALL",
    "male and female": "ALL",
    "male/female": "ALL",
    "f": "FEMALE",
    "female": "FEMALE",
    "females": "FEMALE",
    "m": "MALE",
    "male": "MALE",
    "males": "MALE",
}
_YES = {"yes", "y", "true", "t", "1", "accepts healthy volunteers"}
_NO = {"no", "n", "false", "f", "0", "does not accept healthy volunteers"}
_BETWEEN = "\n\n"
_EXCLUSION_HEADING = re.compile(r"(?i)\b(?:exclusion|excluding|non-inclusion|rejection)\s+criteri|\bexclusions?\s*:")


def years(age: object) -> float | None:
    """An age as a registry writes it, in years; None for "N/A", "No limit" and whatever is not plainly one age.

    >>> years("18 Years"), years("6 Months"), years("65Y"), years("21 Day(s)") == 21 / 365.25
    (18.0, 0.5, 65.0, True)
    >>> years("N/A"), years("No limit"), years("18 to 65 Years")
    (None, None, None)
    """
    stated = _AGE.fullmatch(str(age).strip().lower()) if age is not None else None
    if not stated:
        return None
    amount, unit = stated.groups()
    unit = _UNIT.get(unit, unit.removesuffix("s"))
    return float(amount) * _YEARS[unit] if unit in _YEARS else None


def sex(stated: object) -> str | None:
    """Eligible sex as ClinicalTrials.gov spells it now (ALL, FEMALE, MALE); other words are kept as they are.

    >>> sex("Both"), sex("Female"), sex(""), sex("Intersex")
    ('ALL', 'FEMALE', None, 'Intersex')
    """
    said = words(stated)
    return said and _SEXES.get(said.lower(), said)


def yes_or_no(stated: object) -> bool | None:
    """Whether healthy volunteers may join.

    >>> yes_or_no("Accepts Healthy Volunteers"), yes_or_no("f"), yes_or_no(True), yes_or_no("")
    (True, False, True, None)
    """
    said = (words(stated) or "").lower()
    return True if said in _YES else False if said in _NO else None


def words(stated: object) -> str | None:
    """A short field without the white space around it; None when nothing is stated.

    >>> words(" Phase 2\\n"), words("  "), words(float("nan")), words(7.0), words(["a"])
    ('Phase 2', None, None, '7', None)
    """
    if isinstance(stated, float):
        stated = None if math.isnan(stated) else int(stated) if stated.is_integer() else stated
    if isinstance(stated, (str, int, float)):
        return str(stated).strip() or None
    return None


def words_of(stated: object) -> tuple[str, ...]:
    """A list of short fields, such as conditions.

    >>> words_of(["Asthma", None, " COPD "])
    ('Asthma', 'COPD')
    """
    return tuple(filter(None, map(words, stated))) if isinstance(stated, Iterable) else ()


def joined(inclusion: str, exclusion: str) -> tuple[str, tuple[Field, ...]]:
    """Separate texts as one, with the stretch and section of each.

    Where there is no exclusion text, but the inclusion text goes on to it under a heading (half of the ICTRP's
    trials), the field says nothing about sections: no stretches are given, so that the headings decide.

    >>> joined("Adults", "Pregnancy")
    ('Adults\\n\\nPregnancy', (Field(start=0, end=6, section='inclusion'), Field(start=8, end=17, section='exclusion')))
    >>> joined("Adults. Exclusion criteria: pregnancy", "")
    ('Adults. Exclusion criteria: pregnancy', ())
    """
    if not exclusion.strip() and _EXCLUSION_HEADING.search(inclusion):
        return inclusion, ()
    if not exclusion.strip():
        return inclusion, (Field(0, len(inclusion), "inclusion"),)
    if not inclusion.strip():
        return exclusion, (Field(0, len(exclusion), "exclusion"),)
    text = inclusion + _BETWEEN + exclusion
    start = len(inclusion) + len(_BETWEEN)
    return text, (Field(0, len(inclusion), "inclusion"), Field(start, len(text), "exclusion"))
