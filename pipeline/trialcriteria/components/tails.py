"""Tails: "infection requiring intravenous antibiotics" and "bleeding from the lung" are one mention each.

What a tail names says which of its kind is meant, and gives no mention of its own. The words stand in
`lexicon/tails.toml`, the parts of the body in `lexicon/frames.toml`; here is how far a tail reaches.
"""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.openings import NEVER_INSIDE, TOKEN, Found
from trialcriteria.components.telling import any_of, telling_words, words_in, words_of

FILLERS = r"(?:\s+(?:a|an|the|any|only|prior|previous|other|their|either|known))*\s+"
FILLED = re.compile(FILLERS)
ALREADY = re.compile(r"\b(?:to|of|against|for)$", re.I)
BETWEEN = re.compile(
    r"[\s/]*(?:,\s*)?(?:\b(?:and/or|and|or|nor)\b)?\s*(?:\b(?:to|any|other|the|its|a|an|with|their)\b\s*)*"
)
OF_IT = re.compile(r"\s+of\s+(?:(?:the|its|their|this|these|any)\s+)*", re.I)
JOINED = re.compile(r"\s*(?:/|\b(?:and/or|and|or)\b)\s*(?:(?:any|other|a|an|the|high risk for)\s+)*", re.I)
PLACES = NEVER_INSIDE | frozenset(
    "within at during after before until despite while if when as per but than under over since prior more less least "
    "most will should".split()
)
MOST_WORDS = 5
MOST_OF_A_CLAUSE = 10
CLAUSE_END = re.compile(
    r"[,;:(\[]|\.(?=\s|$)|\s(?:within|during|unless|except|prior|before|after|since|while|who|which|that|including|such|"
    r"if|must|should|shall|will|are|is|were|was|at|as|for|based|in the opinion)\b",
    re.I,
)
TEST = re.compile(
    r"(?:\b(?:tests?|testing|screens?|screening|serology|cultures?|PCR|smears?|assays?|biops(?:y|ies)|QuantiFERON\S*|"
    r"IGRA|TST)|hCG)$",
    re.I,
)
OUTCOME_BEHIND = re.compile(
    r"(?:\s*\([^()]*\))?\s*"
    r"(?:(?:must|should|shall|has to|needs? to)\s+be|is|are|was|were|to be|results? (?:is|are|was))?"
    r"\s*(?:negative|positive)\b(?!\s+for)",
    re.I,
)
OUTCOMES = frozenset({"negative", "positive"})
NEGATIVE = re.compile(r"(?:^|[,;(*•:]|\b(?:have|has|having|with|a|an|and|or|be|is|are)\s)\s*(?P<is>negative\s+)$", re.I)
OUTCOME_FRONT = re.compile(r"\b(?:negative|positive)\s+(?:[\w-]+\s+){0,4}$", re.I)
ABBREVIATED = re.compile(r"\s*(?:\([\w/-]+\)\s*)?(?:gene\s+|sensiti[sz]ing\s+|activating\s+)*")
ALTERED = ("gene ", "mutation", "rearrange", "fusion", "amplif", "transloc", "alteration", "activating ", "driver ")
COMPOUND = re.compile(
    r"\)?[-–](?:specific|containing|based|related|induced|associated|refractory|resistant|dependent|directed|targeted|"
    r"targeting|mediated|sensitive|positive|negative|free|naive|naïve|like|type)|"
    r"\)?\s(?:related|induced|associated|directed|targeted|targeting)(?=\s)",
    re.I,
)
ANTI = re.compile(r"\banti-\s?$", re.I)
AIMED = re.compile(  # "HER2 targeted antibody", "interleukin-1 (IL-1) inhibitors": what acts on the thing is meant
    r"(?:[-–\s]?\d+[A-Za-z]*)?(?:\s+receptors?)?(?:\s*\([^()]*\))?(?:\s+receptors?)?[\s–-]+"
    r"(?:(?:targeted|targeting|directed|specific|blocking|neutrali[sz]ing)\s+)?"
    r"(?:inhibitors?|antagonists?|agonists?|(?:monoclonal\s+)?antibod(?:y|ies)|blockers?|TKIs?|modulators?)(?![\w-])",
    re.I,
)
BRACKETED = re.compile(r"\s*\([^()]*\)(?=\s*(?:to|against)\b)")
OF_SOMETHING = frozenset({"allergy", "contraindication"})
ALTERNATIVE = re.compile(
    r"\s*(?:,|/|,?\s*(?:and/or|or|and))\s*(?:(?:a|an|any|known|other|severe|history\s+of|adverse|absolute|medical)\s+)*"
)
NEAR, LASTING = 6, 30
APART = re.compile(r"[,;]|\b(?:and|or)\b", re.I)


class Tail(NamedTuple):
    """One entry of tails.toml."""

    joint: re.Pattern[str]
    words: frozenset[str]
    of: frozenset[str]
    concepts: frozenset[str]
    takes: frozenset[str]
    open: bool
    clause: bool
    lists: str | None
    timed: bool


class Tails:
    """The tails of a lexicon and the parts of the body, ready to be asked."""

    def __init__(self, entries: dict[str, dict[str, Any]], frames: dict[str, dict[str, Any]]) -> None:
        self.tails = [_tail(entry) for entry in entries.values()]
        sites = {word for entry in frames.values() if entry["kind"] == "site" for word in entry["aliases"]}
        self.site = re.compile(
            r"\s+(?:of|to|in|from|involving)\s+(?:the\s+|both\s+|either\s+|one\s+)?"
            rf"(?:[a-z]+(?:al|ic|ar|ary|y|er)\s+|left\s+|right\s+|main\s+)*(?:{_spaced(sites)})\b(?!-)",
            re.I,
        )

    def join(
        self, text: str, found: Sequence[Found], limits: Sequence[Limit], closed: Sequence[tuple[int, int]]
    ) -> list[Found]:
        """`found` in text order, each with its tail; what a tail names is left out."""
        waiting, out = deque(found), list[Found]()
        words = words_in(text)
        tails = [tail for tail in self.tails if tail.concepts or not tail.words.isdisjoint(words)]
        has_outcome = not OUTCOMES.isdisjoint(words)
        while waiting:
            one = self._with_site(text, _with_its_like(text, waiting.popleft(), waiting), closed)
            if has_outcome:
                one = _with_outcome(text, one, out)
            one = _aimed_at(text, _with_alteration(text, one, waiting), waiting)
            if (start := _compounds(text, one, waiting)) is not None:
                last = waiting.popleft()
                waiting.appendleft(last._replace(start=start, head=last.head or (last.start, last.end)))
                continue
            out += self._with_tail(text, one, waiting, limits, closed, tails)
        return out

    def _with_tail(
        self,
        text: str,
        one: Found,
        waiting: deque[Found],
        limits: Sequence[Limit],
        closed: Sequence[tuple[int, int]],
        tails: Sequence[Tail],
    ) -> list[Found]:
        """`one` with its tail, and parts of a list that are mentions like it; what the tail names stops waiting."""
        words: Sequence[str] | None = None
        for tail in tails:
            if one.label not in tail.of or (tail.concepts and one.concept not in tail.concepts):
                continue
            words = words_of(text[one.end : one.end + 90]) if words is None else words
            if not tail.concepts and tail.words.isdisjoint(words):
                continue
            later = list(waiting)
            taken = self._tail(text, one, later, limits, closed, tail)
            if taken is None and tail.lists == "each" and (aside := BRACKETED.match(text, one.end)):
                return self._objects_behind(text, one, aside.end(), waiting, limits, closed, tail)
            if taken is None:
                continue
            end, named = taken
            shared = later[named : named + _shared(text, later, named, end, tail)]
            if tail.lists == "whole" and shared:
                end = shared[-1].end
            for _ in range(named + (len(shared) if tail.lists else 0)):
                waiting.popleft()
            like = [part._replace(label=one.label, concept=one.concept) for part in shared if tail.lists == "each"]
            return [one._replace(end=end, head=one.head or (one.start, one.end)), *like]
        return [one]

    def _objects_behind(
        self,
        text: str,
        one: Found,
        at: int,
        waiting: deque[Found],
        limits: Sequence[Limit],
        closed: Sequence[tuple[int, int]],
        tail: Tail,
    ) -> list[Found]:
        """ "Hypersensitivity (grade 3 or more) to paclitaxel": what stands behind the brackets is of the same kind."""
        later = [found for found in waiting if found.start >= at]
        open_now = [(a, b) for a, b in closed if a >= at]
        taken = self._tail(text, one._replace(end=at), later, limits, open_now, tail)
        if taken is None or not taken[1]:
            return [one]
        named = taken[1] + _shared(text, later, taken[1], taken[0], tail)
        while waiting and waiting[0].start <= later[named - 1].start:
            waiting.popleft()
        return [one, *(part._replace(label=one.label, concept=one.concept) for part in later[:named])]

    def _with_site(self, text: str, one: Found, closed: Sequence[tuple[int, int]]) -> Found:
        if one.label != "condition":
            return one
        site = self.site.match(text, one.end)
        if site is None or any(a < site.end() and one.end < b for a, b in closed):
            return one
        return one._replace(end=site.end(), head=one.head or (one.start, one.end))

    def _tail(
        self,
        text: str,
        one: Found,
        later: Sequence[Found],
        limits: Sequence[Limit],
        closed: Sequence[tuple[int, int]],
        tail: Tail,
    ) -> tuple[int, int] | None:
        """Where the tail ends and how many of the mentions in `later` it names; None where there is none."""
        joint = tail.joint.match(text, one.end)
        at = joint.end() if joint else None
        if at is None and tail.concepts and ALREADY.search(text, one.start, one.end):
            filler = FILLED.match(text, one.end)
            at = filler.end() if filler else None
        if at is None:
            return None
        fence = min((a for a, _ in closed if a >= one.end), default=len(text))
        inside = sum(one.end <= other.start and other.end <= at for other in later)  # "refractory" of "refractory to"
        later = later[inside:]
        if tail.clause:
            end = min(_clause_end(text, at), fence)
            end = at + len(text[at:end].rstrip())
            taken = sum(other.start < end for other in later)
            return (end, inside + taken) if end > at and not (taken and later[taken - 1].end > end) else None
        if later and later[0].start - at < 60 and not _walls(text[at : later[0].start]) and later[0].start < fence:
            inner = later[0]
            if (tail.takes and inner.label not in tail.takes) or _has_its_own(text, inner, one, limits, tail):
                return None
            count = 1
            while count < len(later) and OF_IT.fullmatch(text, later[count - 1].end, later[count].start):
                count += 1  # "any component of the study drug"
            return later[count - 1].end, inside + count
        if not tail.open:
            return None
        end = _open_end(text, at, min(fence, later[0].start if later else fence))
        return (end, inside) if end > at else None


def _with_its_like(text: str, one: Found, waiting: deque[Found]) -> Found:
    """ "Allergy, hypersensitivity or contraindication to X" is one mention: neither word means anything without X."""
    while (
        waiting
        and {one.concept, waiting[0].concept} <= OF_SOMETHING
        and ALTERNATIVE.fullmatch(text, one.end, waiting[0].start)
    ):
        last = waiting.popleft()
        one = one._replace(end=last.end, head=one.head or (one.start, one.end))
    return one


def _with_alteration(text: str, gene: Found, waiting: deque[Found]) -> Found:
    """ "Epidermal growth factor receptor (EGFR) gene mutation" is one biomarker: the gene, and what became of it."""
    number = int(len(waiting) > 1 and _in_brackets(text, gene, waiting[0]))
    if number >= len(waiting) or {gene.label, waiting[number].label} != {"biomarker"}:
        return gene
    other = waiting[number]
    if ABBREVIATED.fullmatch(text, gene.end, other.start) is None:
        return gene
    if not text[other.start : other.end].lower().startswith(ALTERED):
        return gene
    for _ in range(number + 1):
        waiting.popleft()
    return gene._replace(end=other.end)


def _compounds(text: str, one: Found, waiting: deque[Found]) -> int | None:
    """Where a mention begins whose name begins with another one: "CLL-specific therapy" is a therapy, no disease."""
    if not waiting:
        return None
    following = waiting[0]
    bound = COMPOUND.match(text, one.end)
    if bound and one.end <= following.start <= bound.end() + 1 and following.end > bound.end():
        return one.start
    anti = ANTI.search(text, max(0, one.start - 8), one.start)  # "anti-SARS-CoV-2 antibodies"
    if anti and following.label == "treatment" and text[one.end : following.start] == " ":
        return anti.start()
    return None


def _aimed_at(text: str, one: Found, waiting: deque[Found]) -> Found:
    """The treatment that acts on `one`, where a word for it follows."""
    if one.label not in ("biomarker", "treatment"):
        return one
    aimed = AIMED.match(text, one.end)
    if aimed is None:
        return one
    while waiting and waiting[0].start < aimed.end():
        last = waiting.popleft()
        if last.end > aimed.end():  # "IL-1 antagonist anakinra"
            waiting.appendleft(last)
            return one
    return one._replace(end=aimed.end(), label="treatment", concept=None, head=(one.start, aimed.end()))


def _in_brackets(text: str, one: Found, short: Found) -> bool:
    """Whether `short` stands in brackets right behind `one`, as its abbreviation does."""
    return text[one.end : short.start].strip() == "(" and text[short.end : short.end + 1] == ")"


def _with_outcome(text: str, one: Found, before: Sequence[Found]) -> Found:
    """ "Pregnancy test must be negative": the outcome of a test belongs to it, and turns nothing."""
    if TEST.search(text, one.start, one.end) is None:
        front = NEGATIVE.search(text, max(0, one.start - 20), one.start) if one.label == "biomarker" else None
        start = front.start("is") if front else one.start
        return one._replace(start=start, head=(start, one.end)) if front else one
    behind = OUTCOME_BEHIND.match(text, one.end)
    floor = before[-1].end if before else 0
    front = OUTCOME_FRONT.search(text, max(floor, one.start - 40), one.start)
    start, end = front.start() if front else one.start, behind.end() if behind else one.end
    return one._replace(start=start, end=end, head=(start, end)) if behind or front else one


def _tail(entry: dict[str, Any]) -> Tail:
    comma = "" if entry.get("clause") else ",?"  # "arrhythmia, that would …" is about all that is listed
    joint = rf"\s*{comma}\s*(?:{_spaced(entry['words'])})(?!\w){FILLERS}"
    return Tail(
        re.compile(joint, re.I),
        telling_words(entry["words"]),
        frozenset(entry["of"]),
        frozenset(entry.get("concepts", ())),
        frozenset(entry.get("takes", ())),
        entry.get("open", False),
        entry.get("clause", False),
        entry.get("lists"),
        entry.get("timed", False),
    )


def _spaced(words: Iterable[str]) -> str:
    return any_of(words).replace(r"\ ", r"\s+")


def _walls(between: str) -> bool:
    """Whether the words up to what a tail names are more than its own adjectives."""
    words = TOKEN.findall(between)
    return len(words) > 4 or any(not word[0].isalpha() or word.lower() in PLACES for word in words)


def _has_its_own(text: str, inner: Found, one: Found, limits: Sequence[Limit], tail: Tail) -> bool:
    """Whether a limit stands right at what the tail names: then this is compared, and a mention of its own."""
    for limit in limits:
        start, end = limit.quantity.start, limit.quantity.end
        if one.end <= start < inner.start or inner.start <= start < inner.end:
            return True
        reach = LASTING if limit.is_time and not tail.timed else 0 if limit.is_time else NEAR
        if 0 <= start - inner.end < reach and not APART.search(text, inner.end, start):
            return True
        if one.end <= end <= inner.start:
            return True
    return False


def _open_end(text: str, at: int, fence: int) -> int:
    """The end of the words from `at` that name something, at most five and none behind a comma or a bracket."""
    end = at
    for count, token in enumerate(TOKEN.finditer(text, at, min(len(text), at + 80))):
        word = token[0].lower()
        if count >= MOST_WORDS or not word[0].isalpha() or word in PLACES or token.end() > fence:
            break
        end = token.start() + len(token[0].rstrip("."))
        if token[0].endswith("."):
            break
    return end


def _clause_end(text: str, at: int) -> int:
    """Where the clause from `at` ends, at most ten words on."""
    stop = CLAUSE_END.search(text, at)
    end = stop.start() if stop else len(text)
    words = list(TOKEN.finditer(text, at, end))[:MOST_OF_A_CLAUSE]
    while words and words[-1][0].lower() in NEVER_INSIDE:
        words.pop()
    return words[-1].end() if words else at


def _shared(text: str, found: Sequence[Found], first: int, end: int, tail: Tail) -> int:
    """How many of the mentions from `first` on are further parts of the list that the tail names."""
    count = 0
    while first + count < len(found):
        part = found[first + count]
        if tail.lists == "whole":
            kind = not tail.takes or part.label in tail.takes
            joined = kind and JOINED.fullmatch(text, end, part.start)
        else:
            kind = part.label in ("treatment", "procedure", "state")
            joined = kind and BETWEEN.fullmatch(text, end, part.start)
        if not joined or HARD_BREAK.search(text, end, part.start):
            break
        end, count = part.end, count + 1
    return count
