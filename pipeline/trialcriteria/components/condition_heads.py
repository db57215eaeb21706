"""Conditions that head a sentence and hold for what it names: "If HIV-positive: on stable therapy", "Men must use …".

Limits find theirs beside themselves; the mentions of a sentence share the one at its head.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trialcriteria.components.condition_names import id_of
from trialcriteria.components.condition_words import COHORT, COHORTS, KEPT_OUT
from trialcriteria.components.limits import CLAUSE_ENDS, Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.reach import closes
from trialcriteria.components.telling import Sought, holds_any, words_in
from trialcriteria.components.terms import Term
from trialcriteria.headings.arms import opening_arm

NOTE = r"(?:(?:please\s+)?note\b(?:\s+that\b)?\W*)?"
OPENING = re.compile(rf"\W*{NOTE}(?:(?:additionally|in\s+addition),?\s+)?", re.I)
SENTENCE = re.compile(rf"\s(?<=[.;]\s)\W*{NOTE}", re.I)  # behind the first
LABEL = re.compile(
    r"(?P<words>(?:for\s+|in\s+)?(?:women|females?)(?:\s+(?:subjects|patients|participants))?\s+(?:who\s+are\s+)?(?:not\s+)?of\s+(?:non-?\s?)?"
    r"(?:child-?\s?bearing|reproductive)\s+(?:potential|age)|"
    rf"(?:for\s+|in\s+)?(?:women|men|(?:fe)?males?|(?:fe)?male\s+(?:subjects|patients|participants|partners)|donors?|{COHORT})|"
    r"(?:for|in)\s+(?:women|men|patients|subjects|participants)\s+(?:who|with|of)\b(?:[^:;.()]|\([^()]{0,80}\)){2,200}?|"
    rf"(?:[\w./+-]+\s){{0,4}}\(?{COHORT}\)?(?:\s[\w-]+){{0,3}}?\s+only|"
    r"(?!in\s+(?:addition|order|general|particular|summary|short|this|the\s+(?:study|trial)|(?:either|both|one|the\s+study)\s+eyes?)\b|"
    r"for\s+(?:example|instance|this|inclusion|the\s+(?:study|trial|purposes?))\b)"
    r"(?:for|in|if)\s(?:[^:;.<>≤≥\d]|(?<=\b[a-z])\.(?=[a-z\s])){2,60}?)\s*:\s",
    re.I,
)
OF_WHOM = (
    r"(?:for|in)\s+(?:patients|subjects|participants|those|individuals|women|men)\s+"
    r"(?:with|who|on|receiving|taking|treated|adherent|exposed)"
)
FOR_SOME = (  # "for controlled CNS metastases, patients should have been off steroids"
    r"for\s+(?:[\w-]+\s){1,6}?[\w-]+,\s*(?:the\s+)?(?:patients?|subjects?|participants?)\s+(?:should|must|needs?|have\s+to|may)\b"
)
IF = re.compile(
    rf"(?P<words>(?:(?:if|{OF_WHOM})\s|(?:for|in)\s+(?:patients|subjects|participants|those)\s+(?={COHORT})|(?=(?:in|for)\s+{COHORT}(?:\s+only)?\s*,)|(?=for\s+(?:(?:wo)?men|(?:fe)?males?)\s*,)|(?={FOR_SOME})|for\s+(?=[\w-]+[\s-]na[iï]ve))(?:(?!\bthen\b)(?:[^:;.,()]|[.,]\d)){{2,110}}?)\s*,\s*(?!and\b|or\b)",
    re.I,
)
PART_ONLY = re.compile(  # "(Part B only) LDL ≥ 130 mg/dL"
    rf"(?P<words>{COHORT}\s+only)\s*(?:\)|\s[-–]\s|,)\s*(?=\S)", re.I
)
IS_KEPT_OUT = re.compile(  # "If HIV-positive, the patient is excluded": what is said at the head is forbidden
    r"(?:then\s+)?(?:(?:the|this|that|such|these|those|a|any)\s+)?"
    r"(?:(?:patients?|subjects?|participants?|individuals?|persons?|they|he|she|he/she|s/he|you)\s+)?"
    r"(?:(?:is|are|will\s+be|would\s+be|must\s+be|should\s+be)\s+(?:considered\s+|deemed\s+)?(?:excluded|ineligible|not\s+eligible)|"
    r"(?:cannot|can\s+not|may\s+not|must\s+not|should\s+not|will\s+not)\s+(?:be\s+)?(?:enrol|enter|participat|includ|eligible|take\s+part))",
    re.I,
)
OBLIGED = re.compile(
    r"(?P<words>(?:(?:in|for)\s+)?(?:[A-Za-z][\w+/-]*+\s){0,3}?(?:women|men|males|females|patients|subjects|participants|those)"
    r"(?:\s(?:with|on|receiving|taking|who\s+(?:have|had|are|were))(?:\s[\w+/-]++){1,6}?)?)\s*,?\s*"
    r"(?:must|should|need(?:ed)?\s+to|ha(?:ve|d)\s+to|(?:(?:are|were)|will\s+be)\s+required\s+to)\b"
    rf"(?!\s+{KEPT_OUT})",
    re.I,
)
OF_A_STAGE = re.compile(  # "Stage IIIB patients must have N3 or T4 status"
    r"(?P<words>(?:patients\s+with\s+)?stage\s+(?:IV|I{1,3})\s?[A-C]?\d?\s+(?:disease|patients|subjects|participants))\s+"
    r"(?=must|should|need|have\s+to)",
    re.I,
)
OBLIGES = re.compile(r"\b(?:must|should|need(?:ed)?|have|had|are|were|will)\b", re.I)
FARTHEST = 160  # characters from a sentence's head to what it is obliged to
ALL = re.compile(r"\s*(?:all|any|both|eligible|study)\b", re.I)
OBLIGING = frozenset("must should need needed have had required".split())
OF_SOME = frozenset(
    (
        "male female hbv_positive hcv_positive hiv_positive brain_metastases gilbert cohort_part childbearing histology"
    ).split()
)
SOME_OF_THEM = re.compile(
    r"(?:in\s+|for\s+)?(?:patients|subjects|participants|those|individuals)\s+"
    r"(?:with|on|receiving|taking|who\s+(?:have|had|are|were))\s",
    re.I,
)
HISTORY = re.compile(r"\bwith\s+(?:a\s+)?(?:known\s+|prior\s+|previous\s+)?history\s+of\b", re.I)
ON_DRUGS = re.compile(r"\b(?:on|receiving|taking)\s", re.I)  # "patients taking steroids must be on a stable dose"
BOTH_SEXES = re.compile(r"\b(?:wo)?m[ae]n\b.*\b(?:wo)?m[ae]n\b|\b(?:fe)?males?\b.*\b(?:fe)?males?\b", re.I)


class Head(NamedTuple):
    """A condition at the head of a sentence, and where the sentence ends."""

    start: int
    end: int
    until: int


WHOM = "patients subjects participants individuals those women men"
IF_BETWEEN = Sought(  # it begins with a blank, so that the search leaps to it
    f"if {WHOM}",
    rf"\s(?:(?<=,\s)|(?<=\band\s)|(?<=\bor\s)|(?<=\bbut\s)|(?<=\bthen\s))\s*(?={IF.pattern})",
    re.I,
)
OF_SOME_ONLY = Sought(  # "(for patients receiving sorafenib)", "(≤ 2 x ULN and stable in patients with Gilbert's)"
    f"{WHOM} males females children",
    r"\((?:[^()]*\s)?(?P<words>(?:for|in|if)\s+(?:(?:those|the|all|any|only)\s+)?(?:(?:\w+\s+)?(?:patients|subjects|participants|"
    r"individuals|women|men|those|males|females|children)\s+)(?:receiving|on|taking|treated\s+with|with|without|having|"
    r"who\s+(?:are|have|had|receive|take|undergo))\s"
    r"(?:(?!\b(?:must|should|may|will|shall|can|are)\b)[^()])*)\)",
    re.I,
)


def condition_mentions(
    text: str, mentions: Sequence[Said], limits: Sequence[Limit], known: Sequence[Term]
) -> list[tuple[int, int]]:
    """Give what a sentence names the condition at its head; the places of all words that only say whom or when."""
    if holds_any(text, COHORTS):
        _give_their_cohort(text, mentions, limits)
    _give_test_to_women(text, mentions, known)
    _give_to_women_among_men(text, mentions)
    words = words_in(text)
    led = text[:4].lower() == "for " or "(" in text or ":" in text or not words.isdisjoint(("if", "only"))
    if not (led or holds_any(text, OBLIGING)):
        return []
    places = [found.span("words") for found in IF_BETWEEN.finditer(text)]
    if "(" in text:
        places += [_only_whom(text, found.span("words"), limits) for found in OF_SOME_ONLY.finditer(text)]
    for found in FOR_WHOM.finditer(text):
        places.append(found.span("words"))
        id = id_of(text, found.span("words"), known, further=False)
        for mention in mentions:
            if found.start() <= mention.start < found.start("words") and mention.condition is None:
                mention.condition, mention.condition_id = found.span("words"), id
    for head in heads(text, known):
        id = id_of(text, (head.start, head.end), known, further=False)
        places.append((head.start, head.end))
        for mention in mentions:
            if head.end <= mention.start < head.until and mention.condition is None:
                mention.condition, mention.condition_id = (head.start, head.end), id
        lists_measures = any(x.span and head.start <= x.span[0] < head.end <= x.quantity.start for x in limits)
        for limit in () if lists_measures else limits:  # "If FEV1, FVC or DLCO < 50 %"
            if head.end <= limit.first < head.until and limit.condition is None and _stands_alone(text, head, limit):
                limit.condition, limit.condition_id = (head.start, head.end), id
    women: Said | None = None  # the last mention that is asked of women
    for mention in mentions:
        if mention.condition_id in OF_WOMEN:
            women = mention
        elif women and mention.concept == "pregnancy_test" and mention.condition is None:
            mention.condition, mention.condition_id = women.condition, women.condition_id  # "…; tests are negative"
    return places


def _only_whom(text: str, words: tuple[int, int], limits: Sequence[Limit]) -> tuple[int, int]:
    """Whom a bracket is for, without the limit that it has for them: "(in patients with Gilbert's, bilirubin ≤ 3)"."""
    start, end = words
    own = (x.condition for x in limits if start <= x.first < end and x.condition and x.condition[1] <= x.first)
    set_off = (said[1] for said in own if start <= said[0] and text[said[1] :].lstrip().startswith((",", ":")))
    return start, min(set_off, default=end)


OF_WOMEN = frozenset({"female", "childbearing"})
WOMEN = (
    r"(?:(?:all|any|only|pre-?menopausal|fertile|female)\s+)*(?:wom[ae]n|females?|WOCBP|FOCBP|FCBP)\b"
    r"(?:\s+(?:patients|subjects|participants))?(?:\s+(?:of|with)\s+(?:child-?\s?bearing|reproductive)\s+"
    r"(?:potential|age|capacity))?(?:\s+only)?"
)
TESTED_WOMEN = re.compile(  # "negative pregnancy test within 7 days, for women of childbearing potential only"
    rf"[^.;:()]{{0,120}}?\s(?P<words>(?:for|in|if)\s+{WOMEN})|[^.;:()]{{0,80}}?\((?P<bracketed>(?:(?:for|in|if)\s+)?{WOMEN}|"
    r"(?:if|for\s+those|in\s+those)\s+(?:of|with)\s+(?:child-?\s?bearing|reproductive)\s+(?:potential|age|capacity))\)",
    re.I,
)


AMONG_MEN = Sought(  # "males, or non-lactating females who are postmenopausal"
    "women female females",
    r"\b(?:men|males?)(?:\s+(?:subjects|patients|participants|volunteers))?\s*[;,]?\s*(?:and/or|and|or|&)\s*(?:[\w-]+,?\s+){0,3}?"
    r"(?P<words>(?:women|females?)(?:\s+(?:subjects|patients|participants|volunteers))?)\s+(?=who\s|that\s|of\s)",
    re.I,
)
OF_WOMEN_ALONE = frozenset({"no_childbearing_potential", "sterilization", "hysterectomy", "oophorectomy"})


def _give_to_women_among_men(text: str, mentions: Sequence[Said]) -> None:
    """What a criterion for both sexes asks of the women."""
    said = AMONG_MEN.search(text)
    if said is None:
        return
    for mention in mentions:
        theirs = mention.concept in OF_WOMEN_ALONE and said.start("words") <= mention.start
        if theirs and mention.condition is None and CLAUSE_ENDS.search(text, said.end(), mention.start) is None:
            mention.condition, mention.condition_id = said.span("words"), "female"


def _give_test_to_women(text: str, mentions: Sequence[Said], known: Sequence[Term]) -> None:
    """The women that a pregnancy test is asked of, where they are said behind it."""
    for mention in mentions:
        asked = mention.concept == "pregnancy_test" and mention.condition is None
        said = TESTED_WOMEN.match(text, mention.end) if asked else None
        if said:
            mention.condition = said.span("words" if said["words"] else "bracketed")
            mention.condition_id = id_of(text, mention.condition, known, further=False)


FOR_WHOM = Sought(  # "prior trastuzumab is required for patients who have HER2-positive tumours"
    "patients subjects participants",
    r"(?:^|(?<=[.;]\s))[^.;]{3,150}?\b(?:is|are|must\s+be)\s+(?:required|needed|mandatory|obtained|performed)\s+"
    r"(?P<words>(?:for|in)\s+(?:patients|subjects|participants|those)\s+(?:who\s+(?:have|are|had|take)|with|taking|receiving)\s"
    r"[^.;()]{2,80})",
    re.I,
)
COHORT_NUMBER = r"(?:[IV]{1,3}|\d|[A-F])(?:\s*(?:/|and|or|&)\s*(?:[IV]{1,3}|\d|[A-F]))?(?:\s+only)?"
OF_THE_COHORT = re.compile(  # behind: "is inadmissible to Cohort 2 and Cohort 4", "(… at screening for Arm A)"
    r"[^.;]{0,60}?\b(?:inadmissible|ineligible|excluded|prohibited|not\s+(?:allowed|permitted|eligible))\s+(?:to|for|from|in)\s+"
    rf"(?P<words>{COHORT})|(?:[^.;()]|\([^()]*\)){{0,140}}?[\s(]"
    rf"(?P<bracketed>(?:for|in)\s+(?:the\s+)?{COHORT}(?:\s+(?:part|portion))?|(?<=\()(?=[^()]*\b(?:only|part|portion)\s*\)){COHORT}(?:\s+(?:part|portion))?(?:\s+only)?)\s*\)|"
    rf"\s*\((?P<alone>(?:phase|part|cohort|arm)s?\s+{COHORT_NUMBER})\)",
    re.I,
)
FOR_THE_COHORT = re.compile(  # in front: "non-enrolment in Cohort 2 for hypersensitivity to …"
    rf"\b(?:non-?enrol+ment|exclusion|excluded|ineligible)\s+(?:in|from|for)\s+(?P<words>{COHORT})\s+(?:for|if|due\s+to)\s[^.;]{{0,120}}$",
    re.I,
)


OF_ALL_OF_IT = re.compile(  # what a criterion ends with: "No prior chemotherapy. … (cohort 1)"
    rf"\(\s*(?P<words>(?:for\s+)?(?:phase|part|cohort|arm|stratum|group)s?\s+{COHORT_NUMBER})\s*\)[\s.;]*$", re.I
)
IN_BRACKETS = re.compile(r"\(\s*(?:for\s+)?(?:phase|part|cohort|arm|stratum|group)s?\s", re.I)
PORTION = Sought(  # "in the phase II portion of this study", "excluded during the phase II portion"
    "phase",
    r"(?P<words>\b(?:(?:for|in|during)\s+(?:the\s+)?)phase\s+(?:[1-3]|I{1,3})[ab]?\s+(?:portion|part|component)(?:\s+of\s+(?:this|the)\s+(?:study|trial))?"
    r"(?:\s+only)?)\b",
    re.I,
)
OF_THOSE_IN_IT = Sought(  # "Subjects in Cohort 3 must have …", "For patients in Part 2, …", "In Part B the AST …"
    " ".join(sorted(COHORTS)),
    r"(?:^|(?<=[.;]\s))\W*(?P<words>(?:(?:for|in)\s+)?(?:(?:the|all)\s+)?(?:patients|subjects|participants|individuals|those)\s+"
    r"(?:(?:who\s+(?:are\s+)?)?(?:enrol\w*|enter\w*|participat\w+|randomi[sz]ed|assigned)\s+)?(?=in\s|for\s|(?:on|in)?to\s|from\s)"
    rf"(?:(?:(?:on|in)?to|from)\s+(?:the\s+)?)?{COHORT}|(?:for|in)\s+{COHORT}(?=\s+(?:the|an?)\b))"
    r"(?=\s+(?:must|should|shall|will|need|are\s+required|have\s+to|the|an?)\b|\s*,)",
    re.I,
)
SENTENCE_END = re.compile(r"[.;](?=\s|$)")


def _give_their_portion(text: str, mentions: Sequence[Said], limits: Sequence[Limit]) -> None:
    """The part of the trial that a criterion, or one of its sentences, is for."""
    said = OF_ALL_OF_IT.search(text) if len(IN_BRACKETS.findall(text)) == 1 else None  # each of several is for its own
    spans = [(0, said.start(), said.span("words"))] if said else []
    for found in (*PORTION.finditer(text), *OF_THOSE_IN_IT.finditer(text)):
        begin = max((end.end() for end in SENTENCE_END.finditer(text, 0, found.start())), default=0)
        stop = SENTENCE_END.search(text, found.end())
        spans.append((begin, stop.start() if stop else len(text), found.span("words")))
    for begin, end, words in spans:
        placed: list[tuple[int, Limit | Said]] = [(one.first, one) for one in limits]
        placed += [(one.start, one) for one in mentions]
        for place, one in placed:
            if begin <= place < end and one.condition is None:
                one.condition, one.condition_id = words, "cohort_part"


def _give_their_cohort(text: str, mentions: Sequence[Said], limits: Sequence[Limit]) -> None:
    """The cohort that what is said of a mention or a limit is restricted to."""
    _give_their_portion(text, mentions, limits)
    for limit in limits:
        if limit.condition is None and (said := OF_THE_COHORT.match(text, limit.quantity.end)):
            limit.condition = _group(said)
            limit.condition_id = "cohort_part"
    for mention in mentions:
        if mention.condition is not None:
            continue
        said = FOR_THE_COHORT.search(text, 0, mention.start) or OF_THE_COHORT.match(text, mention.end)
        if said:
            mention.condition = _group(said)
            mention.condition_id = "cohort_part"


def _group(said: re.Match[str]) -> tuple[int, int]:
    """The words of the group of an expression that stood there."""
    return said.span(said.lastgroup or 0)


def _stands_alone(text: str, head: Head, limit: Limit) -> bool:
    """Whether a limit needs the head of its sentence said: what it narrows has it already, and so has a bracket's."""
    open_brackets = text.count("(", head.end, limit.first) > text.count(")", head.end, limit.first)
    return not (limit.events or limit.narrows or open_brackets)


def _beginnings(text: str) -> Iterator[int]:
    """Where sentences begin, with their first word."""
    opening = OPENING.match(text)
    begin = opening.end() if opening else 0
    yield begin
    yield from (later.end() for later in SENTENCE.finditer(text, begin))


def heads(text: str, known: Sequence[Term]) -> Iterator[Head]:
    """The conditions at the heads of the sentences of `text`, and how far each of them holds."""
    arm = opening_arm(text)  # the criterion's own cohort is no condition within it
    obliges, labelled = holds_any(text, OBLIGING), ":" in text
    if not (obliges or labelled or "," in text or "only" in text.lower()):
        return
    for sentence, begin in enumerate(_beginnings(text)):
        if arm and begin < arm[1]:
            continue
        said = (labelled and LABEL.match(text, begin)) or IF.match(text, begin)
        said = said or OF_A_STAGE.match(text, begin) or PART_ONLY.match(text, begin)
        if not said and obliges and OBLIGES.search(text, begin, begin + FARTHEST):
            said = OBLIGED.match(text, begin)
        if said and said.re is IF and IS_KEPT_OUT.match(text, said.end()):
            continue
        if not said or ALL.match(text, begin) or BOTH_SEXES.search(said["words"]):
            continue
        a, b = said.span("words")
        ids = {term.id for term in known if a <= term.start and term.end <= b}
        later = sentence > 0 and SOME_OF_THEM.match(text, a, b) is not None
        some = HISTORY.search(said["words"]) or ON_DRUGS.search(said["words"])
        if said.re is OBLIGED and ids.isdisjoint(OF_SOME) and not some and not later:
            continue  # "patients with lung cancer must have …" are all of the trial, where it is the first sentence
        end = CLAUSE_ENDS.search(text, said.end())
        until = end.start() if end else len(text)
        yield Head(a, b, closes(text, said.end(), until) or until)
