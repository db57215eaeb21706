"""Tails: "infection requiring intravenous antibiotics" and "bleeding from the lung" are one mention each.

What a tail names says which of its kind is meant, and gives no mention of its own. The words stand in
`lexicon/tails.toml`, the parts of the body in `lexicon/frames.toml`; here is how far a tail reaches.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from trialcriteria.components.allergens import with_allergens
from trialcriteria.components.compounds import (
    AIMED,
    OUTCOMES,
    aimed_at,
    as_a_finding,
    as_one_phrase,
    as_what_it_stands_for,
    begins_another,
    joined_with_its_removal,
    of_either_sex,
    of_its_form,
    resisted,
    treated_with_it,
    what_stands_for,
    with_alteration,
    with_change,
    with_its_code,
    with_its_gene,
    with_its_germ,
    with_its_like,
    with_its_marker,
    with_its_object,
    with_its_sign,
    with_its_variant,
    with_outcome,
    with_what_became,
    without_clause_of_the_whole,
)
from trialcriteria.components.coordinations import KIND, STAGES
from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.openings import NEVER_INSIDE, TOKEN, Found
from trialcriteria.components.purposes import is_bare, with_bare_treatments
from trialcriteria.components.telling import Told, any_of, telling_words, words_in, words_of

FILLERS = r"(?:\s+(?:a|an|the|any|only|prior|previous|other|their|either|known|this|these|his|her|all))*\s+"
FILLED = re.compile(
    r"(?:\s+(?:any|one|either|some|all)\s+of|(?:\s+(?:any|one|either|some|all|other|the|of|certain|inactive|active)){0,3}"
    rf"\s+(?:components?|ingredients?|excipients?|constituents?)\s+(?:of|in))?{FILLERS}"
)
ALREADY = re.compile(r"\b(?:to|of|against|for)$", re.I)
BETWEEN = re.compile(  # "any constituents of the product or to other monoclonal antibodies"
    r"(?:\s+(?:of|in)\s+(?:(?:the|this|its|any|each|study)\s+)*[\w-]+"
    r"(?:\s+(?:drugs?|products?|medications?|treatments?|formulations?|agents?))?(?=[\s,/]))?(?:\(e?s\))?"
    r"(?:\s+(?:solutions?|tablets?|capsules?|injections?|preparations?|itself))?(?:\s*\([^()]*\))?"
    r"[\s/]*(?:,\s*)?(?:\b(?:and/or|and|or|nor)\b)?\s*"
    r"(?:\b(?:to|any|other|the|its|a|an|with|their|of|one|either|stated|known|similar|some|all)\b\s*)*"
)
OF_IT = re.compile(r"\s+of\s+(?:(?:the|its|their|this|these|any)\s+)*", re.I)
JOINED = re.compile(
    r"\s*(?:/|\b(?:and/or|and|or)\b)\s*(?:(?:treatment with|therapy with|use of|any|other|a|an|the|high risk for|"
    r"clinically|significant|systemic|intravenous|oral|parenteral|medical|surgical|major)\s+)*",
    re.I,
)
ONE_OF_SOME = re.compile(  # "antibiotics (other than topical), antifungals, or antivirals"
    r"(?:\s*\([^()]*\))?(?:\s*,\s*|\s+(?=and\b|or\b))(?P<last>(?:and/or|and|or)\s+)?(?:(?:systemic|intravenous|oral|parenteral|any|other)\s+)*(?:[a-z-]+/)?",
    re.I,
)
PLACES = NEVER_INSIDE | frozenset(
    "within at during after before until despite while if when as per but than under over since prior more less least "
    "most will should due because".split()
)
MOST_WORDS = 5
MOST_FURTHER = 2
DONE = frozenset({"treatment", "procedure"})
GIVEN = re.compile(r"(?:treatments?|therap(?:y|ies)|medications?)$", re.I)
MOST_OF_A_CLAUSE = 14
CLAUSE_END = re.compile(
    r"[,;:()\[\]]|\.(?=\s|$)|\s(?:within|during|unless|except|prior|before|after|since|while|who|which|that|including|such|"
    r"if|must|should|shall|will|are|is|were|was|at(?!\s+(?:an?\s+)?(?:increased|high(?:er)?|greater)\s+risk\b)|as|for|"
    r"based|in the (?:opinion|judge?ment)|"
    r"in (?:the |his |her |an? )?(?:investigator|physician|doctor)\S*|(?:any|one|all) of the following)\b|"
    r"\s(?<!\bor\s)(?<!\band\s)(?:may|can|cannot)\b|"
    r"\s(?:and/or|and|or)\s(?=(?:an?\s+)?(?:(?:previous|prior|past|known|personal|recent|family)\s+)?history\s+of\b)",
    re.I,
)
WHOSE_CLAUSE = re.compile(
    r"\s*(?:that|which)\s+(?:(?:the|this|these|those|an?|s?he|it|they|patients?|subjects?)\b|"
    r"in\b[^.;]{0,40}(?:opinion|judge?ment)\b)",
    re.I,
)
FOR_WHICH = re.compile(r"\s+for\s+which\s+(?:[\w-]+\s+){1,6}?(?:is|are|was|were)\b", re.I)
OPINION = re.compile(
    r"in\b[^.;]{0,40}(?:opinion|judge?ment)\b(?:\s+of\s+(?:the\s+)?[\w-]+)?,?\s*(?:(?:will|would|could|may|might)\s+)?",
    re.I,
)
NO_END = NEVER_INSIDE | frozenset(
    "and/or would could might may can will should shall that which need needs likely".split()
)
BRACKETED = re.compile(r"\s*\([^()]*\)(?=\s*(?:to|against)\b)")
GOES_ON = re.compile(
    r"-|\s+(?!(?:and|or|is|are|was|were|that|which|who|in|on|at|by|for|with|within|during|etc)\b)[a-z]", re.I
)
PLACING = re.compile(r"\s(?:of|to|in|from|involving)\s", re.I)  # a cheap look before the costly one
NEAR, LASTING = 6, 30
SHORT_FORM = (  # "purpura (AIHA, ITP) requiring", "diseases (including mental diseases) requiring"
    r"(?:\(e?s\))?"
    r"(?:\s*\((?:[A-Z][\w/-]{1,9}(?:[,;] ?[A-Z][\w/-]{1,9})?|(?:including|e\.g\.,?|such as)\s[^()]{1,80})\))?"
)
APART = re.compile(r"[,;]|\b(?:and|or|diagnosed)\b", re.I)
SHARING = re.compile(  # "for locoregionally recurrent or metastatic cancer"
    rf"(?:\w+ly\s+)?(?:{KIND}(?:\s+cell)?|{STAGES}|acute|severe|mild|active|early|late)(?:\s+(?:and/or|and|or)\s+|\s*/\s*)",
    re.I,
)


class Tail(NamedTuple):
    """One entry of tails.toml."""

    joint: re.Pattern[str]
    words: frozenset[str]
    of: frozenset[str]
    concepts: frozenset[str]
    ends: tuple[str, ...]
    takes: frozenset[str]
    open: bool
    clause: bool
    lists: str | None
    timed: bool


CHANGES = frozenset(
    "change changes adjustment adjustments modification modifications alteration alterations abrupt sudden "
    "changed altered adjusted modified increasing escalating decreasing alter change modify adjust "
    "unstable non-stable un-stable".split()
)


class Tails:
    """The tails of a lexicon and the parts of the body, ready to be asked."""

    def __init__(self, entries: dict[str, dict[str, Any]], frames: dict[str, dict[str, Any]]) -> None:
        self.tails = Told(map(_tail, entries.values()), lambda tail: tail.concepts or tail.words)
        sites = _spaced({word for entry in frames.values() if entry["kind"] == "site" for word in entry["aliases"]})
        site = (
            r"(?:the\s+|both\s+|either\s+|one\s+)?"
            rf"(?:[a-z]+(?:al|ic|ar|ary|y|er)\s+|left\s+|right\s+|main\s+|small\s+(?:or\s+large\s+)?|whole\s+)*(?:{sites})\b(?!-)"
        )
        systems = r"(?:the\s+)?(?:[a-z]+(?:\s*,)?\s+(?:(?:or|and)\s+)?){1,6}?systems?\b"
        self.site = re.compile(rf"\s+(?:of|to|in|from|involving)\s+(?:{site}|{systems})", re.I)
        self.on_site = re.compile(rf"{self.site.pattern}$", re.I)
        self.next_site = re.compile(rf"(?:\s*,)?\s*(?:,|\band/or\b|\bor\b|\band\b)\s*(?P<site>{site})", re.I)
        self.further_sites = re.compile(rf"(?:\s*(?:,|/|\band/or\b|\bor\b|\band\b)\s*{site})+", re.I)

    def join(
        self, text: str, found: Sequence[Found], limits: Sequence[Limit], closed: Sequence[tuple[int, int]]
    ) -> list[Found]:
        """`found` in text order, each with its tail; what a tail names is left out."""
        if not found:
            return []
        waiting, out = deque(with_bare_treatments(text, found, closed)), list[Found]()
        words = words_in(text)
        tails = self.tails.by(words.union(one.concept for one in found if one.concept))
        standing = what_stands_for(text)
        has_outcome = not OUTCOMES.isdisjoint(words) or "(+)" in text or "+ve" in text
        while waiting:
            one = of_its_form(text, with_its_sign(text, joined_with_its_removal(text, waiting)))
            one = with_its_like(text, as_a_finding(text, of_either_sex(text, one)), waiting)
            one = as_one_phrase(text, with_its_marker(text, one, waiting, closed), waiting)
            one = self._with_site(text, one, waiting, closed)
            one = treated_with_it(text, resisted(text, with_its_code(text, with_its_variant(text, one, out))), waiting)
            if has_outcome:
                one = with_outcome(text, one, out)
            if not CHANGES.isdisjoint(words):
                one = with_change(text, one, out)
            if standing:
                one = as_what_it_stands_for(text, one, out, waiting, standing)
            one = with_its_germ(
                text,
                aimed_at(text, with_its_gene(text, with_alteration(text, one, waiting), waiting), waiting),
                waiting,
            )
            if (start := begins_another(text, one, waiting)) is not None:
                last = waiting.popleft()
                waiting.appendleft(last._replace(start=start, head=last.head or (last.start, last.end)))
                continue
            own = self._with_tail(text, one, waiting, limits, closed, tails)
            if is_bare(own[0]):
                continue
            own[-1] = with_its_object(text, with_what_became(text, own[-1], waiting), waiting)
            if own[-1].end > one.end:
                own[-1] = self._with_further(text, own[-1], waiting, limits, closed, tails)
            own[-1] = without_clause_of_the_whole(text, own[-1])
            fence = min((a for a, _ in closed if a >= own[-1].end), default=len(text))
            out += [*own, *self._on_sites(text, own[-1], waiting[0].start if waiting else fence, fence)]
        return with_allergens(text, out, limits)

    def _with_further(
        self,
        text: str,
        one: Found,
        waiting: deque[Found],
        limits: Sequence[Limit],
        closed: Sequence[tuple[int, int]],
        tails: Sequence[Tail],
    ) -> Found:
        """ "Infection requiring treatment with antibiotics": a tail may have a tail that names something too."""
        tails = [tail for tail in tails if not tail.clause and tail.lists != "each"]
        for _ in range(MOST_FURTHER):
            named = len(waiting)
            longer = self._with_tail(text, one, waiting, limits, closed, tails)[-1]
            if len(waiting) == named and one.label == "condition" and GIVEN.search(text, one.start, one.end):
                given = one._replace(label="treatment")  # "treated with prior treatment" for lymphoma
                longer = self._with_tail(text, given, waiting, limits, closed, tails)[-1]._replace(label=one.label)
            if len(waiting) == named:
                break
            one = longer
        return one

    def _on_sites(self, text: str, one: Found, following: int, fence: int) -> Iterator[Found]:
        """ "Carcinoma of the cervix or bladder": each further part of the body has a disease of its own."""
        if one.label != "condition" or PLACING.search(text, one.start, one.end) is None:
            return
        if self.on_site.search(text, max(one.start, one.end - 40), one.end) is None:
            return
        stop = min(following, fence)
        site = self.next_site.match(text, one.end, stop)
        while site and not GOES_ON.match(text, site.end()):
            yield Found(*site.span("site"), one.label, None, "shares-head")
            site = self.next_site.match(text, site.end(), stop)

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
            if tail.ends and not text[one.start : one.end].lower().endswith(tail.ends):
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
            if tail.clause and named and later[named - 1].end == end and later[named - 1].label in DONE:
                further = _of_commas(text, later, named, end)  # "not curable by surgery, radiotherapy, or chemotherapy"
                end = later[named + further - 1].end
                named += further
            if tail.lists == "whole" and shared:
                if _has_its_own(text, shared[-1], one, limits, tail):
                    continue  # "treated with losartan or ramipril for 3 months"
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

    def _with_site(self, text: str, one: Found, waiting: Sequence[Found], closed: Sequence[tuple[int, int]]) -> Found:
        """ "Metastasis of the lung"; what is done to several parts is one mention: "resection of stomach or bowel"."""
        done = one.label == "procedure" or one.concept == "radiotherapy"
        if one.label != "condition" and not done:
            return one
        if done and one.frame == "operation_on":
            end = one.end
        elif site := self.site.match(text, one.end):
            end = site.end()
        else:
            return one
        if done and (further := self.further_sites.match(text, end)):
            end = further.end()
        if end == one.end or any(a < end and one.end < b for a, b in closed):
            return one
        if any(other.start < end < other.end for other in waiting):
            return one  # "resection of breast cancer"
        return one._replace(end=end, head=one.head or (one.start, one.end))

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
            if WHOSE_CLAUSE.match(text, one.end) and one.concept != "medical_condition":
                return None  # "the dose that the patient will receive" says nothing of which dose
            end = _without_bare_verb(text, at, min(_clause_end(text, at), fence))
            taken = sum(other.start < end for other in later)
            return (end, inside + taken) if end > at and not (taken and later[taken - 1].end > end) else None
        if (
            later
            and later[0].start - at < 60
            and not _walls(SHARING.sub("", text[at : later[0].start]))
            and later[0].start < fence
        ):
            inner, marked = later[0], 0
            if inner.label == "biomarker" and inner.label not in tail.takes and len(later) > 1:
                marked = int(text[inner.end : later[1].start] == " ")  # "therapy for ALK+ NSCLC"
                inner = later[marked]
            if tail.concepts and inner.label == "biomarker" and AIMED.match(text, inner.end):
                return None  # "treatment with HER2-targeted antibodies" is no treatment with HER2
            if (tail.takes and inner.label not in tail.takes) or inner.concept == "measurable_disease":
                return None
            if _has_its_own(text, inner, one, limits, tail):
                return None
            count = 1 + marked
            while count < len(later) and _goes_on_as_one(text, later[count - 1], later[count]):
                count += 1
            return later[count - 1].end, inside + count
        if not tail.open or (tail.concepts and NAMES_NOTHING.match(text, at)):
            return None
        end = _open_end(text, at, min(fence, later[0].start if later else fence))
        return (end, inside) if end > at else None


PARTICIPLES = ("related ", "induced ", "associated ")
STAGE = re.compile(rf"(?:{STAGES})(?:\s+(?:{STAGES}))*", re.I)
OR_STAGE = re.compile(rf"(?:[\s,/]+|(?:and/or|and|or|{STAGES})\b)+", re.I)


def _goes_on_as_one(text: str, part: Found, following: Found) -> bool:
    """ "Any component of the study drug", "povidone iodine", "CF lung disease": both are named by one tail."""
    between = text[part.end : following.start]
    if between == " " or (between == "-" and text.startswith(PARTICIPLES, following.start)):
        if text.startswith(PARTICIPLES, following.start):
            return True  # "recovered from any therapy related toxicity"
        return following.concept == "excipient" or part.label == following.label in ("treatment", "condition")
    if STAGE.fullmatch(text, part.start, part.end) and OR_STAGE.fullmatch(text, part.end, following.start):
        return part.label == following.label  # "for unresectable or metastatic NSCLC"
    return OF_IT.fullmatch(text, part.end, following.start) is not None


def _tail(entry: dict[str, Any]) -> Tail:
    comma = "" if entry.get("clause") else ",?"  # "arrhythmia, that would …" is about all that is listed
    joint = rf"{SHORT_FORM}\s*{comma}\s*(?:{_spaced(entry['words'])})(?!\w){FILLERS}"
    return Tail(
        re.compile(joint, re.I),
        telling_words(entry["words"]),
        frozenset(entry["of"]),
        frozenset(entry.get("concepts", ())),
        tuple(entry.get("ends", ())),
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
        if limit.kind == "count" and limit.rule == "words-then-limit" and start >= inner.end:
            continue  # "ascites needing paracentesis more than once"
        if one.end <= start < inner.start or inner.start <= start < inner.end:
            return True
        reach = LASTING if limit.is_time and not tail.timed else 0 if limit.is_time else NEAR
        if 0 <= start - inner.end < reach and not APART.search(text, inner.end, start):
            return True
        if one.end <= end <= inner.start:
            return True
    return False


LOCANT = re.compile(r"\d+-[a-z]{4}")  # "4-aminoquinoline"
NAMES_NOTHING = re.compile(
    r"(?:drugs|agents|medications?|treatments?|exception|intent|aim|same|such|levels?|grades?|baseline|normal)\b|"
    r"[\w-]+(?:ive|al|ic|ory)\s*(?:,|/|\bor\b|\band\b)",  # "immunosuppressive or immunomodulatory agents"
    re.I,
)


def _open_end(text: str, at: int, fence: int) -> int:
    """The end of the words from `at` that name something, at most five and none behind a comma or a bracket."""
    end = at
    for count, token in enumerate(TOKEN.finditer(text, at, min(len(text), at + 80))):
        word = token[0].lower()
        named = word[0].isalpha() or (count == 0 and LOCANT.match(word))
        if count >= MOST_WORDS or not named or word in PLACES or token.end() > fence:
            break
        end = token.start() + len(token[0].rstrip("."))
        if token[0].endswith("."):
            break
    return end


BARE_VERB = re.compile(  # what a limit goes on: "neuropathy that is" of "that is > grade 1", "which may be"
    r"\s*(?:\b(?:is|are|was|were|has|have|had|may|might|can|could|must|should|shall|will|be|been|of)\s*)+"
)


def _without_bare_verb(text: str, at: int, end: int) -> int:
    """Where a clause from `at` ends, which is `at` where it holds no more than a verb."""
    return at if BARE_VERB.fullmatch(text, at, end) else at + len(text[at:end].rstrip())


OR_NEED = re.compile(r",\s*or\s+(?:that\s+|which\s+)?requir(?:e|es|ed|ing)\s", re.I)
NEED_ENDS = re.compile(r"[.;:()\n]|\s(?:within|during|in\s+the\s+(?:last|past)|for\s+(?:more|at|\d))\b|\d", re.I)


def _clause_end(text: str, at: int) -> int:
    """Where the clause from `at` ends, at most fourteen words on."""
    opinion = OPINION.match(text, at)
    at = opinion.end() if opinion else at
    subject = FOR_WHICH.match(text, text.rfind(" for ", 0, at)) if text.endswith("which ", 0, at) else None
    stop = CLAUSE_END.search(text, subject.end() if subject else at)
    end = stop.start() if stop else len(text)
    if needs := OR_NEED.match(text, end):  # "that are symptomatic, or require radiation, surgery or steroids"
        last = NEED_ENDS.search(text, needs.end())
        end = last.start() if last else len(text)
    words = list(TOKEN.finditer(text, at, end))[:MOST_OF_A_CLAUSE]
    while words and words[-1][0].lower() in NO_END:
        words.pop()
    return words[-1].end() if words else at


def _shared(text: str, found: Sequence[Found], first: int, end: int, tail: Tail) -> int:
    """How many of the mentions from `first` on are further parts of the list that the tail names."""
    count = _of_commas(text, found, first, end) if tail.lists == "whole" else 0
    if count:
        return count
    while first + count < len(found):
        part = found[first + count]
        if tail.lists == "whole":
            kind = not tail.takes or part.label in tail.takes or (part.label in DONE and tail.takes <= DONE)
            joined = kind and JOINED.fullmatch(text, end, part.start)
        else:
            kind = part.label in ("treatment", "procedure", "state")
            joined = kind and BETWEEN.fullmatch(text, end, part.start)
        if not joined or HARD_BREAK.search(text, end, part.start):
            break
        end, count = part.end, count + 1
    return count


def _of_commas(text: str, found: Sequence[Found], first: int, end: int) -> int:
    """How many go on a list of one kind that commas join, up to "or" or "and"; 0 where none ends it."""
    for count, part in enumerate(found[first:], 1):
        joined = ONE_OF_SOME.fullmatch(text, end, part.start)
        before = found[first - 1].label
        if joined is None or not (part.label == before or {part.label, before} <= DONE):
            return 0
        if joined["last"]:
            alone = count == 1 and "other" not in joined[0]
            return 0 if alone else count  # "therapy for arrhythmia, or infarction" goes on with another item
        end = part.end
    return 0
