"""What a line of eligibility text is besides a criterion: section heading, arm, topic label, note, title, boilerplate.

The words stand in `lexicon/headings.toml`. All functions take plain text (unescaped, one line) and keep nothing.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from trialcriteria.records import Section

WORDS: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "lexicon" / "headings.toml").read_text(encoding="utf-8")
)
LONGEST = 300  # nothing longer is a heading

_SECTIONS: tuple[Section, ...] = ("inclusion", "exclusion", "other")


class Heading(NamedTuple):
    """A heading found at the start of a line."""

    section: Section | None  # None: the section stays
    cohort: str | None  # None: no arm named
    stop: int  # where the rest of the line begins, its length if there is none
    everyone: bool = False  # names all arms: the cohort ends
    kind: str = "section"  # section, cohort, label


def alternatives(words: Iterable[str]) -> str:
    """Words as one branch of an expression, the longest first, any white space between them."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


def _one_of(entry: str, key: str = "words") -> frozenset[str]:
    return frozenset(WORDS[entry][key])


_NAMES = {name: section for section in _SECTIONS for name in WORDS[section]["names"]}
_QUALIFIED = {name: section for section in _SECTIONS for name in WORDS[section]["qualified"]}
_WHOLE = {name: section for section in _SECTIONS for name in WORDS[section]["whole"]}
_NOUN = alternatives(WORDS["nouns"]["words"])
_TRIM = re.compile(r"^[\s#*_=\[\]'\"“”‘’>(-]+|[\s#*_=\[\]'\"“”‘’>:：.;,-]+$")
_BOTH = re.compile(
    rf"(?:[\w-]+\s+){{0,3}}inclusion\s*(?:/|&|and|or|,)\s*exclusion(?:\s+(?:{_NOUN}))?\W*$|(?:general\s+)?(?:{_NOUN})\W*$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?P<prefix>(?:[^\s:：.;]+\s+){{0,6}}?)"
    rf"(?:(?P<reversed>{alternatives(WORDS['nouns']['reversed'])})\s+)?"
    rf"(?P<name>{alternatives([*_NAMES, *_QUALIFIED])})(?:[\s_]+(?P<noun>{_NOUN}))?(?![\w-]*[\w])(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WHOLE_LINE = re.compile(rf"(?:key\s+|main\s+)?(?P<name>{alternatives(_WHOLE)})\s*(?:[:：]|$)", re.IGNORECASE)
_CLOSED = re.compile(r"\s*(?:[:：>.]|[-–—](?=\s|\W*$))[\s:：>.*_]*")
_CLOSING = re.compile(r"[\s:：*_.>]*(?:[–-]+\s*$)?")
_BRACKET = re.compile(r"\s*[(\[][^()\[\]]{0,150}[)\]]\s*")
_EDGE = re.compile(r"^\W+|\W+$")
_COLON = re.compile(r"[:：]")
_LISTED = re.compile(r"\s*(?:[(]?\w{1,2}[.)]\s|[-•*]\s)")
_LIMIT = re.compile(WORDS["limits"]["pattern"], re.IGNORECASE)
_KIND = alternatives(WORDS["cohorts"]["kinds"])
_ID = r"(?:[IVX]{1,4}[a-zA-Z]?|[A-Z]{1,2}\d{0,2}[a-z]?|\d{1,2}[a-zA-Z]?\d?)"
_COHORT = re.compile(
    rf"\b(?i:{_KIND})\s+{_ID}\b(?:\s*(?:,\s*and|,|&|\band\b|\bor\b|\bto\b|/|-|–|\+)\s*(?:(?i:{_KIND})\s+)?{_ID}\b(?!\s*:\s*\S+\s+\S))*"
    rf"|\b(?i:{alternatives(WORDS['cohorts']['named'])})\s+(?i:{alternatives(WORDS['cohorts']['named_kinds'])})s?\b"
)
_ARM_FIRST = re.compile(rf"(?:{_COHORT.pattern})\s*(?:\([^()]*\)\s*)?[:：,.–-]\s*(?=\S)")
_FOR = re.compile(r"(?:additional(?:ly)?[,:]?\s+)?(?:for|in)\s+(?:the\s+)?|additional(?:ly)?[,:]?\s+", re.IGNORECASE)
_ONLY = re.compile(r"[\s,]*\b(?:only|specific)$", re.IGNORECASE)
_PEOPLE = re.compile(
    rf"(?:[\w'’/&().,-]+\s+){{0,5}}?(?:{alternatives(WORDS['cohorts']['people'])})\b(?P<tail>.*)", re.IGNORECASE
)
_NOTE = re.compile(
    rf"[†‡]|\W{{0,3}}(?:{alternatives(WORDS['notes']['starts'])})(?:\s+\d{{1,2}})?(?:\s*[:：,–-]|\s+that\b|\s*\()",
    re.IGNORECASE,
)
_PURPOSE = re.compile(rf"\W*(?:{alternatives(WORDS['purposes']['starts'])})\b", re.IGNORECASE)
_SPLITTING = re.compile(rf"\W*(?:{alternatives(WORDS['topics']['splitting'])})\s*[:：]\s*", re.IGNORECASE)
_LABEL_LINE = re.compile(rf"\W*(?:{alternatives(WORDS['topics']['labels'])})\W*", re.IGNORECASE)


@lru_cache(maxsize=8192)
def section_heading(text: str, bullet: bool = False) -> Heading | None:
    """The section heading that `text` is or begins with; stricter for list items.

    >>> section_heading("Key Inclusion Criteria: age over 18")
    Heading(section='inclusion', cohort=None, stop=24, everyone=False, kind='section')
    >>> section_heading("Not meeting the inclusion criteria") is None
    True
    """
    head = text[:LONGEST]
    low = head.lower()
    if not any(cue in low for cue in _CUES):
        return None
    lead = len(head) - len(head.lstrip("#*_=[('\"“ \t>"))
    arm = _ARM_FIRST.match(head, lead)
    lead = arm.end() if arm else lead
    body = head[lead:]
    if len(text) < 120 and _BOTH.match(body):
        return Heading(None, None, len(text))
    found = _WHOLE_LINE.match(body) if len(text) < 40 or ":" in body[:40] or "：" in body[:40] else None
    if found and (len(text) < 40 or body[found.end() - 1] in ":："):
        return Heading(_WHOLE[_spaced(found["name"])], None, _skip(text, lead + found.end()))
    return _named(text, body, lead, bullet) or (None if bullet else _lead_in(text) or _lead_in_before_list(text))


def _spaced(name: str) -> str:
    return " ".join(name.lower().split())


def _skip(text: str, position: int) -> int:
    """Past the colons and emphasis that close a heading, and a dash that nothing follows."""
    rest = _CLOSING.match(text, position)
    return rest.end() if rest else position


def _named(text: str, body: str, lead: int, bullet: bool) -> Heading | None:
    match = _NAMED.match(body)
    if not match:
        return None
    name = _spaced(match["name"])
    noun, prefix, rest = match["noun"] or match["reversed"], match["prefix"], match["rest"]
    section = _NAMES.get(name) or _QUALIFIED[name]
    words = [_EDGE.sub("", word).lower() for word in prefix.split()]
    if (name in _QUALIFIED and not noun) or any(word in _BLOCKERS for word in words):
        return None
    if name.endswith("nary") and not noun:
        whole = not bullet and len(text) < 90 and not prefix
        return Heading(section, None, len(text)) if whole else None
    stop = _heading_end(rest, bool(noun) or name.endswith("sions"), bullet, prefix)
    if stop is None:
        return None
    end = lead + match.start("rest") + stop
    end = _skip(text, end) if end < len(text) else len(text)
    return Heading(section, cohort_name(text[:end]), end)


def _heading_end(rest: str, noun: bool, bullet: bool, prefix: str) -> int | None:
    """How much of what follows the section's name is still heading; None if the line is no heading."""
    bracket = _BRACKET.match(rest)
    after = bracket.end() if bracket else 0
    tail = rest[after:]
    if not tail.strip(" \t*_#'\"”)]"):
        return len(rest) if noun or (not bullet and len(prefix.split()) < 4) else None
    closed = _CLOSED.match(tail)
    if closed and (noun or len(prefix.split()) < 3):
        return after + closed.end()
    if tail[:1] in "/,;" or not (noun or not bullet):
        return None
    words = [_EDGE.sub("", word).lower() for word in tail.split()[:24]]
    colon = _COLON.search(tail)
    if words[0] in (_CONNECTORS if noun else _ALONE):
        if (
            colon
            and len(tail[: colon.start()].split()) <= 22
            and not {"include", "includes", "including"} & set(words[2:-1])
        ):
            return after + colon.end()
        return None if bullet or len(tail.split()) > 12 or tail.rstrip()[-1] in ".;," else len(rest)
    if bracket and colon and not tail[: colon.start()].strip():
        return after + colon.end()
    named = noun and not bullet and not prefix and tail.lstrip()[:1].isupper()
    values = noun and not colon and len(tail.split()) <= 8 and tail.rstrip()[-1] not in ".;,"
    return after if named else len(rest) if values and not bullet else None


_BLOCKERS = _one_of("blockers")
_CONNECTORS = _one_of("connectors")
_ALONE = _one_of("connectors", "alone")
_REFERRING = _one_of("lead_ins", "refers")
_LEAD_WORDS = _one_of("lead_ins")
_NEGATIVE = _one_of("lead_ins", "exclusion")
_PARTIAL = _one_of("lead_ins", "any")
_CUES: tuple[str, ...] = tuple(WORDS["lead_ins"]["cues"])


def _lead_in(text: str) -> Heading | None:
    """A sentence of nothing but structural words, such as "Subjects meeting any of these criteria are excluded:"."""
    if len(text) > LONGEST:
        return None
    words = []
    for word in text.lower().split():
        word = word if word in _LEAD_WORDS else _EDGE.sub("", word)
        if word and word not in _LEAD_WORDS and not word.isdecimal():
            return None
        words.append(word)
    if len(words) < 4 or not (text[-1] in ":：" or _REFERRING.intersection(words)):
        return None
    if not any(word.startswith(_CUES) for word in words):
        return None
    section: Section = "exclusion" if any(word in _NEGATIVE for word in words) else "inclusion"
    if section == "inclusion" and any(word in _PARTIAL for word in words):
        return None
    return Heading(section, cohort_name(text), len(text))


def _lead_in_before_list(text: str) -> Heading | None:
    """The same with the list behind it on one line: "… are eligible: 1. adults"."""
    colon = _COLON.search(text, 0, LONGEST)
    if not colon or not _LISTED.match(text, colon.end()):
        return None
    found = _lead_in(text[: colon.end()])
    return found and found._replace(stop=_skip(text, colon.end()))


def cohort_name(text: str) -> str | None:
    """The arm, part or group that a heading names.

    >>> cohort_name("Inclusion criteria for Part 1, Cohort B only:")
    'Part 1, Cohort B'
    """
    outside = _BRACKET.sub(" ", text[:LONGEST])
    found = _COHORT.findall(outside) or _COHORT.findall(text[:LONGEST])
    if found:
        return ", ".join({name.lower(): name for name in reversed(found)}.values())
    around = _NAMED.match(text.lstrip("#*_[( "))
    if not around or not around["noun"]:
        return None
    after = re.match(r"\s*(?:[-–(]\s*)?(?:for|of|in)?\s+(.{3,80})", around["rest"])
    for part in (around["prefix"], after[1] if after else ""):
        name = _group(_trim(part))
        if name and not _is_everyone(name) and len(name.split()) > 1:
            return name
    return None


def _trim(text: str) -> str:
    text = _TRIM.sub("", text.strip())
    if text.count(")") > text.count("("):
        text = text.rstrip(")")
    return text


def _group(text: str) -> str | None:
    """A group of people named without a verb: "healthy participants", "Participants with T2DM (Part C)"."""
    words = [_EDGE.sub("", word).lower() for word in text.split()]
    if not words or len(words) > 12 or any(word in _VERBS for word in words) or _LIMIT.search(text):
        return None
    match = _PEOPLE.match(text)
    if not match or words[-1] in _ENDING:
        return text if words[-1] in _GROUPS and len(words) > 1 else None
    tail = match["tail"].strip()
    return text if not tail or re.match(r"(?:with|in|of|from|only|\(|-)", tail, re.IGNORECASE) else None


_VERBS = _one_of("cohorts", "verbs")
_EVERYONE = _one_of("cohorts", "everyone")
_PEOPLE_WORDS = _one_of("cohorts", "people")
_TAILS = _one_of("cohorts", "tails")
_GROUPS = _one_of("cohorts", "groups")
_ENDING = _one_of("topics", "ending")
_GENERIC = _one_of("cohorts", "nobody") | _EVERYONE


def _is_everyone(name: str) -> bool:
    words = [_EDGE.sub("", word).lower() for word in name.split()]
    return bool(words) and (words[0] in _EVERYONE or all(word in _GENERIC for word in words))


@lru_cache(maxsize=8192)
def cohort_heading(text: str, below: str, bullet: bool = False) -> Heading | None:
    """A whole line that names an arm or group. Without a colon only if `below` it stand "items" or a "section".

    >>> cohort_heading("For healthy participants:", "").cohort
    'healthy participants'
    """
    closed = text.endswith((":", "：", "**"))
    if len(text) > 120 or not (closed or below):
        return None
    trimmed = _trim(text)
    words = [_EDGE.sub("", word).lower() for word in trimmed.split()]
    if not 0 < len(words) <= 16:
        return None
    name = _ONLY.sub("", _FOR.sub("", trimmed, count=1)) if _FOR.match(trimmed) else _ONLY.sub("", trimmed)
    if (words[0] in _EVERYONE and len(words) < 4) or (words[0] == "for" and words[1:2] and words[1] in _EVERYONE):
        return Heading(None, None, len(text), True, "cohort") if _group(name) or len(words) == 1 else None
    match = _COHORT.match(name)
    tail = _EDGE.sub("", name[match.end() :].split(None, 1)[0]).lower() if match and name[match.end() :].strip() else ""
    if tail and not closed and name[match.end() :].lstrip()[0] not in "(:,-–" and tail not in _TAILS:  # type: ignore[union-attr]
        match = None
    if (
        match
        and not any(word in _VERBS for word in words)
        and not _LIMIT.search(name[match.end() :])
        and len(words) <= 12
    ):
        return Heading(None, name, len(text), False, "cohort")
    short = below == "items" and len(words) < 4 and words[-1] in _PEOPLE_WORDS
    certain = words[0] in ("for", "healthy") or (not bullet and (closed or short or " with" in name))
    certain = certain and (closed or below == "items")
    if certain and _group(name):
        everyone = _is_everyone(name)
        return Heading(None, None if everyone else name, len(text), everyone, "cohort")
    return None


@lru_cache(maxsize=8192)
def is_label(text: str) -> bool:
    """A short line above items that names a topic and states nothing.

    >>> is_label("Hematopoietic"), is_label("Adequate liver function:")
    (True, False)
    """
    if len(text) > 90:
        return False
    if _LABEL_LINE.fullmatch(text):
        return True
    words = [_EDGE.sub("", word).lower() for word in text.split()]
    if (
        not 0 < len(words) <= 9
        or words[-1] in _ENDING
        or any(word in _GOVERNING for word in words)
        or _LIMIT.search(text)
    ):
        return False
    if text.lstrip("[(*_")[:1].islower() and text[-1] not in ":：])":
        return False
    return text.rstrip()[-1] not in ".;,?" and not re.search(r"\d\s*-\s*\d", text)


_GOVERNING = _one_of("topics", "governing")
_BOILERPLATE = tuple(WORDS["boilerplate"]["contains"])
_HINTS = ("protocol", "apply", "applied", "refer", "contain", "criteria can be")  # each entry holds one of them
_TITLE = _one_of("purposes", "title_words")


def splitting_label(text: str) -> int:
    """Length of a heading such as "PATIENT CHARACTERISTICS:" that opens a paragraph of several labels, else 0."""
    match = _SPLITTING.match(text)
    return match.end() if match else 0


def is_note(text: str) -> bool:
    """Whether a paragraph comments on the one above it."""
    return bool(_NOTE.match(text))


def is_boilerplate(text: str) -> bool:
    """Whether a paragraph says nothing about patients ("Other protocol-defined criteria may apply")."""
    if len(text) > WORDS["boilerplate"]["longest"]:
        return False
    low = text.lower()
    if not any(hint in low for hint in _HINTS) or not any(words in low for words in _BOILERPLATE):
        return False
    return not any(f" {word} " in low for word in WORDS["boilerplate"]["unless"])


def is_purpose(text: str) -> bool:
    """Whether a paragraph tells what the study is for."""
    return bool(_PURPOSE.match(text))


def is_title(text: str) -> bool:
    """Whether a line reads like the title of a study.

    >>> is_title("Effect of Yoga on Sleep: A Randomized Trial"), is_title("Adults with asthma")
    (True, False)
    """
    words = text.split()
    if not 3 <= len(words) <= 60 or text.rstrip()[-1] in ".;:":
        return False
    capitals = sum(word[0].isupper() for word in words if len(word) > 3)
    long = sum(len(word) > 3 for word in words)
    return any(_EDGE.sub("", word).lower() in _TITLE for word in words) and capitals >= 0.6 * long


_QUANTIFIERS = WORDS["quantifiers"]
_NUMBER = alternatives(_QUANTIFIERS["numbers"])
_GOVERNS = r"(?:\s+(?:of|following|the\s+following|these|criteri\w+)\b|(?:\s+[\w-]+){0,3}\s*[:：]\s*$)"
_SAYS_ANY = alternatives(_QUANTIFIERS["any"])
_SAYS_ALL = alternatives(_QUANTIFIERS["all"])
_AT_LEAST = "|".join(re.escape(words).replace("N", f"(?:{_NUMBER})") for words in _QUANTIFIERS["at_least"])
_EXACTLY = "|".join(re.escape(words).replace("N", f"(?:{_NUMBER})") for words in _QUANTIFIERS["exactly"])
_QUANTIFIED = re.compile(
    rf"(?<![\w.-])(?:(?P<n>(?:{_AT_LEAST})(?!\.?\d){_GOVERNS}|(?:{_EXACTLY})\b)|(?P<any>(?:{_SAYS_ANY}){_GOVERNS}|either\b|such\s+as\b)"
    rf"|(?P<all>(?:{_SAYS_ALL}){_GOVERNS}))",
    re.IGNORECASE,
)


def quantifier(text: str) -> str | None:
    """How many of the items below `text` must hold: any, all, at_least:n; None if it does not say.

    >>> quantifier("At least two of the following:"), quantifier("Either of these:"), quantifier("Defined as:")
    ('at_least:2', 'any', None)
    """
    found = list(_QUANTIFIED.finditer(text[-200:]))
    if not found:
        return None
    if found[-1]["n"]:
        number = re.search(_NUMBER, found[-1]["n"], re.IGNORECASE)
        return f"at_least:{_QUANTIFIERS['numbers'][number[0].lower()] if number else 2}"
    return "any" if found[-1]["any"] else "all"


_DENYING = re.compile(rf"(?<!\w)(?:{alternatives(_QUANTIFIERS['denying'])})(?!\w)", re.IGNORECASE)
_FAILING = re.compile(rf"(?<!\w)(?:{alternatives(_QUANTIFIERS['failing'])})(?!\w)", re.IGNORECASE)


def default_quantifier(text: str, section: Section) -> str:
    """What a list means whose lead-in does not say how many of its items must hold.

    Requirements hold together, reasons for exclusion one by one; a denial turns that.

    >>> default_quantifier("Liver function:", "inclusion"), default_quantifier("No liver disease:", "inclusion")
    ('all', 'any')
    """
    if section == "inclusion":
        return "any" if _DENYING.search(text[-200:]) else "all"
    return "all" if _FAILING.search(text[-200:]) else "any"


def states_limit(text: str) -> bool:
    """Whether a heading holds a limit, so that it is a criterion as well."""
    return bool(_LIMIT.search(text))


def trimmed(text: str) -> str:
    """A heading without its colon and emphasis.

    >>> trimmed("**Key Inclusion Criteria:**")
    'Key Inclusion Criteria'
    """
    return _TRIM.sub("", text)
