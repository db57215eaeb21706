"""Coordinations: "hepatic, renal or neurologic disease" names three diseases, "hepatitis B or C" two.

The head stands once; each of the words that share it is a mention of its own, in its own words.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from trialcriteria.components.openings import NEVER_INSIDE, UNTOLD, Kinds
from trialcriteria.components.telling import Sought

KIND = (
    r"(?:[A-Za-z][a-z]+-)*[A-Za-z][a-z]*(?:ic|al|ous|ary|ar|arian|(?<!\bact)(?<=[a-z]{3})ive|oid|yl|ine|ent|ant|iac|tory|sory|able|"
    r"ible)"
)
STAGES = r"(?:locally[\s-]+)?advanced|recurrent|relapsed|refractory|unresectable|metastatic"
JOINT = r"\s*(?:,|/|(?<=\s)&(?=\s)|(?:,\s*)?\b(?:and/or|or|and)\b)\s*"
JOINTS = (",", "/", "&", "or", "and")  # how JOINT ends
WORDS = re.compile(  # with a short form: "central nervous system (CNS) or epidural tumor"
    rf"(?<![\w-])(?P<words>(?:[A-Za-z][\w-]*\s+)?(?P<last>[A-Za-z][\w-]*))(?P<short>\s*\((?-i:[A-Z][\w-]{{1,5}})\))?(?P<aside>\s*\([^()]{{2,70}}\))?{JOINT}$",
    re.I,
)
ADJECTIVE = re.compile(KIND + r"\Z", re.I)
NAMED_BY_LETTER = r"\b(?:hepatitis|hep|influenza|haemophilia|hemophilia|vitamin)"
LETTERED = re.compile(NAMED_BY_LETTER + r"\s+[A-E]\Z", re.I)
UNLETTERED = re.compile(NAMED_BY_LETTER + r"\Z", re.I)
LETTER = re.compile(r"\s[A-E](?![\w-])")
THREE_WORDS = re.compile(r"(?<![\w-])[A-Za-z]+\s[A-Za-z]+\s[A-Za-z]+$")
LETTERS = re.compile(r"(?:\s*[(][^()]*[)])?" + JOINT + r"(?P<letter>[A-E])(?![\w-])")
OWN_KIND = re.compile(rf"(?<![\w-])(?P<one>[A-Za-z]+){JOINT}(?P<own>[a-z]+) $")
FIRST_WORD = re.compile(r"[A-Za-z][\w-]*")
FIRST_WORDS = re.compile(r"(?P<first>[A-Za-z][\w-]*)(?: [\w-]+)?")  # "poorly controlled"
UNTOLD_FRONT = re.compile(r"(?<![\w-])(?P<word>[A-Za-z]+)\s+$")
ONE_OF_A_LIST = re.compile(rf"(?<![\w-])(?P<word>(?:[a-z]+ly\s+)?[A-Za-z][A-Za-z-]*){JOINT}$", re.I)
ONE_DEGREE = re.compile(r"(?<![\w-])(?P<word>(?:[A-Za-z]+ly\s)?(?P<last>[A-Za-z]+))\s$")
CELL = re.compile(r"\w+[ -]cell\b", re.I)
COMMON = frozenset(
    (
        "medical clinical potential local general several individual eligible total final initial available possible "
        "different recent current concurrent concomitant additional historical previous prior experimental "
        "investigational important significant relevant normal abnormal equivalent male female adolescent "
        "accepted acceptable adequate appropriate approved reliable effective "
        "history memory hospital trial patient parent consent diuretic antibiotic laboratory clinic negative positive "
        "baseline routine treatment enrollment enrolment assessment unable able suitable public basic specific "
        "alternative regular irregular daily weekly monthly receive survive native objective national international"
    ).split()
)  # they end like kinds of a disease and are none
STATES = frozenset(  # say nothing by themselves, whatever stands beside them: "unstable or progressing metastases"
    "serious stable unstable sustained untreated symptomatic uncontrolled".split()
)
DEGREES_CUT = frozenset("low intermediate high short long first second third once twice one two single double".split())
_NEW_CLAUSE = re.compile(r"\s*,\s*(?:or|and)\b", re.I)  # "that is uncontrolled, or seizures"
MOST = 9


NEAR = 60  # characters in front of a mention that a coordination reaches over
NAME = re.compile(
    r"(?:[Aa]nti-)?(?P<name>CYP\s?\d[A-Z]\d{0,2}|(?:[A-Z]|m(?=TOR\b)|c-?(?=MET\b))[A-Za-z\d-]{1,9})(?![\w-])"
)
POTENCY = r"(?:(?:[Ss]trong|[Mm]oderate|[Ww]eak|[Pp]otent)\s+)?"
OWN_NAME = re.compile(POTENCY + NAME.pattern)
NAMED = re.compile(rf"(?<![\w/-])(?P<whole>{POTENCY}{NAME.pattern})\s*(?:,|(?:,\s*)?\b(?:and/or|or|and|OR|AND)\b)\s*$")
NO_NAME = frozenset("AND OR NOT NO IF ALL ANY CT MRI PET ECG US II III IV VI VII VIII IX".split())
NUMBERED = r"type\s+(?:\d|I{1,3})"
ORDINAL = r"(?:first|second|third|1st|2nd|3rd)"
TYPED = Sought(
    "type first second third 1st 2nd 3rd",
    rf"(?<![\w-])(?:(?P<type>{NUMBERED}){JOINT}{NUMBERED}|(?P<ordinal>{ORDINAL}){JOINT}{ORDINAL})(?![\w-])",
    re.I,
)
PLACED = re.compile(
    r"\s*(?:of|in|to|into|from|at|on|for|near|involving|affecting)\s+(?:(?!and\b|or\b)[\w-]+\s+){0,2}", re.I
)


SITES_IN_SHORT = frozenset({"gi", "gu", "cns"})
SUBSTANCES = frozenset(
    "alcohol drug drugs substance substances narcotic opioid opiate tobacco nicotine cannabis medication".split()
)
ABUSE = re.compile(  # "alcohol or drug abuse" are two
    rf"(?:other\s+)?(?:illicit\s+|illegal\s+|recreational\s+)?(?:(?:{'|'.join(sorted(SUBSTANCES))})\s+){{1,2}}"
    r"(?:abuse(?:rs?)?|dependenc[ey]|misuse|addict(?:ion|s)?|overuse|users?|use\s+disorders?)\b",
    re.I,
)


FOETUSES = frozenset("singleton twin triplet multiple intrauterine ectopic".split())
PREGNANCY = re.compile(rf"(?:{'|'.join(sorted(FOETUSES))})\s+(?:pregnanc(?:y|ies)|gestations?)\b", re.I)


class Shared(NamedTuple):
    """The words that share a head with a mention."""

    start: int
    end: int


def of_a_substance(text: str, word: Shared, head: Shared) -> str | None:
    """The concept of a word that shares the head of an abuse: "alcohol" of "alcohol or drug abuse"."""
    if ABUSE.match(text, *head) is None or not AND_OR.fullmatch(text, word.end, head.start):
        return None
    said = text[word.start : word.end].lower()
    return None if said not in SUBSTANCES else "alcohol_abuse" if said == "alcohol" else "drug_abuse"


HEAD_AND = re.compile(r"\bhead\s*(?:and|&|/)\s*$", re.I)
AND_OR = re.compile(JOINT + r"(?:other\s+)?", re.I)


def may_be_coordinated(text: str, floor: int, start: int) -> bool:
    """Whether anything that joins stands in front of a mention at `start`: a cheap look before reading it."""
    front = text[max(floor, start - NEAR) : start].lower()
    return any(map(front.__contains__, JOINTS))


def sharing(text: str, head: Shared, label: str, floor: int, kinds: Kinds) -> tuple[list[Shared], int]:
    """What stands in front of a mention and shares its head, in text order, and where the mention itself begins."""
    if not may_be_coordinated(text, floor, head.start):
        return [], head.start
    if text[head.start : head.start + 4].lower() == "neck" and (whole := HEAD_AND.search(text, floor, head.start)):
        return [], whole.start()
    named = list(names_before(text, head, floor)) if label in ("biomarker", "treatment") else []
    pregnant = label == "state" and PREGNANCY.match(text, *head) is not None
    if named or not (pregnant or label in ("condition", "treatment", "procedure")):
        return named[::-1], head.start
    if label == "condition":
        head = _with_its_kind(text, head, floor, kinds)
    front = list(before(text, head, floor, kinds)) or list(type_before(text, head, floor))
    parts = [*front[::-1], head]
    *shared, own = with_degrees(text, parts, floor, kinds.degrees)
    apart = len(shared) == 1 and text[shared[0].end : own.start].strip() == ","
    if apart and not ADJECTIVE.search(text, shared[0].start, shared[0].end):
        return [], shared[0].start  # "localized, non-melanoma skin cancer" is one thing, "hepatic, renal disease" two
    return shared, own.start


def _with_its_kind(text: str, head: Shared, floor: int, kinds: Kinds) -> Shared:
    """A mention with the adjective in front of it, where another one is joined: "anaplastic or medullary carcinoma"."""
    found = OWN_KIND.search(text, max(floor, head.start - 60), head.start)
    if found is None or not all(_is_kind(found[name], kinds) for name in ("one", "own")):
        return head
    return Shared(found.start("own"), head.end)


def _is_kind(word: str, kinds: Kinds) -> bool:
    low = word.lower()  # "measurable or evaluable" is said of the lesion, not of which disease it is
    return low not in kinds.degrees and not low.endswith("able") and _shares(low, frozenset())


def before(text: str, head: Shared, floor: int, kinds: Kinds) -> Iterator[Shared]:
    """The words in front of a mention that share its head, from right to left, none before `floor`.

    >>> text = "Hepatic, renal or neurologic disease"
    >>> [text[a:b] for a, b in before(text, Shared(18, 36), 0, Kinds())]
    ['renal', 'Hepatic']
    >>> text = "liver, kidney or heart disease"
    >>> [text[a:b] for a, b in before(text, Shared(17, 30), 0, Kinds(sites=frozenset({"liver", "kidney", "heart"})))]
    ['kidney', 'liver']
    """
    start = at = head.start
    sites = kinds.sites | SITES_IN_SHORT if _is_of_a_site(text, head, kinds) else frozenset[str]()
    sites = SUBSTANCES if ABUSE.match(text, *head) else FOETUSES if PREGNANCY.match(text, *head) else sites
    for _ in range(MOST):
        if not text[max(floor, at - NEAR) : at].rstrip()[-3:].lower().endswith(JOINTS):
            return
        aside = ")" in text[max(floor, at - 6) : at]
        found = WORDS.search(text, max(floor, at - (3 if aside else 1) * NEAR), at)
        if found is None or (found["aside"] and not ADJECTIVE.search(found["last"])):
            return
        if found["last"].lower() == "cell" and CELL.match(text, start):  # "basal cell or squamous cell carcinoma"
            yield Shared(found.start("words"), found.end("last"))
            return
        first = found.start("last")
        both, lead = found["words"].lower(), text[found.start("words") : first].strip()
        end = found.end("last")
        three = THREE_WORDS.search(text, max(floor, end - 60), end) if sites else None
        if three and three[0].lower() in sites:
            begin = three.start()  # "central nervous system"
        elif both in sites or found["last"].lower() in sites:
            begin = found.start("words") if both in sites else first  # "bone marrow"
            if floor and PLACED.fullmatch(text, floor, begin):
                return  # "pain in the neck or abdominal surgery"
        elif found["short"] and not ADJECTIVE.search(text, first, end):
            return  # "cerebrovascular accident (CVA), unstable angina"
        elif _shares(found["last"], kinds.words):
            whole = lead and (_shares(lead, kinds.words) or both in kinds.words)  # "locally advanced"
            begin = found.start("words") if whole and found.start("words") >= floor else first
        elif at < head.start and _opens(text, first, found["last"], kinds):
            begin = first
        else:
            return
        yield Shared(begin, found.end("short") if found["short"] else end)
        at = begin


LEADS_A_LIST = re.compile(r"(?:^|[:;(])\W*(?:(?:no|any|known)\s+){0,2}$", re.I)


A_THING = re.compile(r"(?:ion|ance|ence|ment|ity|ness|sis|itis|oma|emia|ia|y|s)$")


def _opens(text: str, first: int, word: str, kinds: Kinds) -> bool:
    """Whether a word opens a list of adjectives, so that it is one: "Guttate, erythrodermic or pustular psoriasis"."""
    low = word.lower()
    none = (NEVER_INSIDE, COMMON, UNTOLD, kinds.degrees)
    return (
        low.isalpha()
        and not A_THING.search(low)
        and not any(low in words for words in none)
        and LEADS_A_LIST.search(text, 0, first) is not None
    )


def _is_of_a_site(text: str, head: Shared, kinds: Kinds) -> bool:
    """Whether a mention names a part of the body before its head: "abdominal surgery", "blood disease"."""
    words = [word.lower() for word in FIRST_WORD.findall(text, head.start, head.end)][:-1]
    return any(
        word in kinds.sites
        or f"{word} {behind}" in kinds.sites
        or (word not in kinds.degrees and word not in COMMON and word not in UNTOLD and ADJECTIVE.match(word))
        for word, behind in zip_longest(words, words[1:])
    )


def names_before(text: str, head: Shared, floor: int) -> Iterator[Shared]:
    """The names in front of a mention that share what is said of its own, from right to left.

    >>> text = "EGFR, ALK and ROS1 mutations"
    >>> [text[a:b] for a, b in names_before(text, Shared(14, 28), 0)]
    ['ALK', 'EGFR']
    """
    own = OWN_NAME.match(text, head.start)
    if own is None or own.end() >= head.end or not _is_name(own["name"]):
        return
    at = head.start
    for _ in range(MOST):
        found = NAMED.search(text, max(floor, at - 30), at)
        if found is None or not _is_name(found["name"]):
            return
        at = found.start("whole")
        yield Shared(*found.span("whole"))


def _is_name(word: str) -> bool:
    return sum(sign.isupper() or sign.isdigit() for sign in word) > 1 and word not in NO_NAME


def type_before(text: str, head: Shared, floor: int) -> Iterator[Shared]:
    """ "Type 1 or type 2 diabetes", "first or second relapse": the type in front of a mention that begins with one."""
    for found in TYPED.finditer(text, max(floor, head.start - 20), min(head.end, head.start + 9)):
        if found.start() < head.start < found.end():
            yield Shared(*found.span(found.lastgroup or 0))


MOST_DEGREES = 3
SPREAD = frozenset({"metastatic", "disseminated"})


def with_degrees(text: str, parts: Sequence[Shared], floor: int, degrees: frozenset[str]) -> list[Shared]:
    """`parts` of a coordination, those that only say how bad something is taken into what they are said of.

    >>> text = "Active, chronic or recurrent bacterial or viral infection"
    >>> found = [Shared(0, 6), Shared(8, 15), Shared(19, 38), Shared(42, 57)]
    >>> [text[a:b] for a, b in with_degrees(text, found, 0, frozenset({"active", "chronic", "recurrent"}))]
    ['Active, chronic or recurrent bacterial', 'viral infection']
    """
    out: list[Shared] = []
    for part in reversed(parts):
        words = text[part.start : part.end].lower()
        if out and (
            (words in STATES and not _NEW_CLAUSE.match(text, part.end))
            or (_is_degree(words, degrees) and _begins_with(text, out[-1], degrees))
        ):
            out[-1] = Shared(part.start, out[-1].end)
        else:
            out.append(part)
    for _ in range(MOST_DEGREES if len(out) > 1 else 0):  # "severe chronic liver or kidney disease"
        severe = ONE_DEGREE.search(text, max(floor, out[-1].start - 32), out[-1].start)
        if severe is None or severe["last"].lower() not in (degrees | SPREAD) - UNTOLD - {"concomitant"}:
            break
        out[-1] = Shared(severe.start("word"), out[-1].end)
    front = text[max(floor, out[-1].start - 40) : out[-1].start]
    if any(map(front.__contains__, JOINTS)):
        out[-1] = Shared(_first_degree(text, out[-1], floor, degrees), out[-1].end)
    return out[::-1]


def _is_degree(words: str, degrees: frozenset[str]) -> bool:
    every = words.split()  # "untreated moderate", but "primary progressive" is a kind
    return words in degrees or (every[0] not in ("primary", "secondary") and degrees.issuperset(every))


def _begins_with(text: str, part: Shared, degrees: frozenset[str]) -> bool:
    words = FIRST_WORDS.match(text, *part)
    first = words["first"].lower() if words else ""
    return words is not None and (first in degrees or first in UNTOLD or words[0].lower() in degrees)


def _first_degree(text: str, part: Shared, floor: int, degrees: frozenset[str]) -> int:
    """Where the first degree of a part begins, past words that only set a flag: "active or known asthma"."""
    start = at = part.start
    if _begins_with(text, part, degrees) is False and (untold := UNTOLD_FRONT.search(text, max(floor, at - 20), at)):
        at = untold.start("word") if untold["word"].lower() in UNTOLD else at
    if at == start and not _begins_with(text, part, degrees):
        return start
    while found := ONE_OF_A_LIST.search(text, max(floor, at - 40), at):
        word = found["word"].lower()
        if word in degrees or word.rpartition(" ")[2] in degrees:  # "clinically significant"
            start = found.start("word")
        elif word not in UNTOLD:
            break
        at = found.start("word")
    return start


def with_letter(text: str, start: int, end: int) -> int:
    """Where a mention ends whose letter the lexicon leaves out: "haemophilia A"."""
    letter = LETTER.match(text, end)
    return letter.end() if letter and UNLETTERED.search(text[start:end]) else end


def acts_behind(text: str, start: int, end: int) -> Iterator[Shared]:
    """What else acts on the same enzyme: "inducers" of "strong CYP3A4 inhibitors or inducers".

    >>> list(acts_behind("CYP3A4 inhibitors or strong inducers", 0, 17))
    [Shared(start=21, end=36)]
    """
    behind = ACTS_TOO.match(text, end) if ACTS.search(text, start, end) else None
    if behind:
        yield Shared(*behind.span("act"))


ACTS = re.compile(r"(?:inhibitors?|inducers?|substrates?)$", re.I)
ACTS_TOO = re.compile(
    JOINT + r"(?P<act>(?:(?:strong|moderate|weak|potent)\s+)?(?:inhibitors?|inducers?|substrates?))(?!\s+of\b|[\w-])",
    re.I,
)


def letters_behind(text: str, start: int, end: int) -> Iterator[Shared]:
    """The letters behind a lettered mention: "C" of "hepatitis B or C".

    >>> list(letters_behind("hepatitis B or C", 0, 11))
    [Shared(start=15, end=16)]
    """
    if not text[end - 2 : end - 1].isspace() or LETTERED.search(text[start:end]) is None:
        return
    at = end
    while found := LETTERS.match(text, at):
        yield Shared(*found.span("letter"))
        at = found.end()


def _shares(word: str, kinds: frozenset[str]) -> bool:
    low = word.lower()
    if low.endswith(("-stage", "-type")):
        return True
    if low.endswith("-"):
        return low[:-1] not in DEGREES_CUT  # "cryo- or radiofrequency ablation"
    if low in NEVER_INSIDE or low in COMMON or low in UNTOLD:
        return False
    return low in kinds or ADJECTIVE.match(low) is not None
