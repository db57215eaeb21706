"""Alternatives: what a patient needs only one of, such as "adenocarcinoma of the colon or rectum".

Mentions, and limits between them, that stand side by side with "or" in front of the last one are a group `any` where
they are required. Of a forbidden "or" list each is forbidden by itself, so that it needs no group; but a forbidden one
may stand beside a required one: "never treated, or treated with interferon".
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from trialcriteria.components import staged
from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.groups import Member, Names, kind_of

NOT_LIGHT = (
    r"(?:or|and|but|nor|plus|with|without|not|no|who|whom|that|which|must|should|if|unless|except|after|before|prior|"
    r"following|than|for)\b"
)
WORDS = rf"(?:\s+(?!{NOT_LIGHT})[\w'’/%+-]+)"
OF_ITSELF = rf"(?:(?!\s+(?:from|by|via|using|containing|including)\b){WORDS})"  # "cancer by core or incisional biopsy"
COMPARED = r"(?:\s+(?:greater|more|higher|worse|better|less|lower|later|above|below|equal)\b)"
OR = rf"or\b(?!{COMPARED})(?:,?\s+(?:alternatively|else|otherwise),?(?=\s))?(?:\s+with\b)?"
JOINT = re.compile(
    rf"\s*/\s*(?P<stroke>)|\s*\(\s*(?:and/)?(?P<bracket>{OR}){WORDS}{{0,3}}\s+|(?:\s*\([^()]*\))?(?:-(?=\s*(?:,|or|and/or)))?{OF_ITSELF}{{0,4}}(?:\s+(?:from|to|on)(?=\s*,))?(?:\s*\([^()]*\))?\s*"
    rf"(?:[,;]\s*(?:and/)?(?P<late>{OR})|[,;]|(?:(?:after|to|on|from|with)\s+)?(?:and/)?(?P<or>\b{OR}))"
    rf"(?:\s*\(\w{{1,3}}\))?(?:\s+(?:must|should|be|been|have|has|had|are|is))*{WORDS}{{0,5}}\s*\(?\s*",
    re.I,
)
PREDICATIVE = re.compile(
    r"(?:[a-z]+ly\s+)?(?:refractory|resistant|intolerant|unresponsive|sensitive|relapsed|recurrent|persistent|progressive|"
    r"metastatic|unresectable|inoperable|locally[\s-]+advanced)(?!\s+(?!(?:to|or|and|after|with|despite)\b)[a-z])",
    re.I,
)
OF_BOTH_SEXES = re.compile(r"\b(?:male|female|men|women)s?\s+(?:and/)?or\s+(?:male|female|men|women)s?\b", re.I)
LONGEST = 70
APART = re.compile(r"[;:]|[.](?=\s)|\band\b", re.I)
CLAUSE_ENDS = re.compile(r"[;:]|[.](?=\s)")
TOGETHER = re.compile(r"[\s-]*co-?\s?infect", re.I)  # "HIV/HBV co-infected"
SAID_OR = re.compile(r"\bor\b", re.I)
ONE_AT_A_TIME = re.compile(r"stage|tnm|figo|ajcc", re.I)


def group_alternatives(text: str, found: Sequence[Member], limits: Sequence[Limit], names: Names) -> None:
    """Name the groups of alternatives of an inclusion criterion.

    `limits` are all of its limits, also those that narrow something: a class between two rows keeps them apart.
    """
    classes = sorted(limit.quantity.start for limit in limits if limit.levels)
    for chain in _chains(
        _without_times(text, limits), [member for member in found if _may_be_one_of_several(member)], classes
    ):
        known = next((member.row.group for member in chain if member.row.group), None)
        name = known.split("/")[0] if known else names.new("any")
        for member in chain:
            member.row.group = member.row.group or name


CANCER = re.compile(
    r"(?:cancers?|carcinomas?|sarcomas?|lymphomas?|leuka?emias?|melanomas?|tumou?rs?|malignanc(?:y|ies))$", re.I
)
LISTED_AND = re.compile(r"\s*(?:,\s*(?:and\s+)?|and\s+)(?:primary\s+)?", re.I)


def group_cancers(text: str, found: Sequence[Member], names: Names) -> None:
    """ "Ovarian, fallopian tube and peritoneal cancer" are alternatives, "relapsed and refractory myeloma" are not."""
    chain: list[Member] = []
    for member in found:
        row = member.row
        if not isinstance(row, Said) or row.label != "condition" or member.asks != "require" or row.group:
            chain = []
            continue
        goes_on = bool(chain) and LISTED_AND.fullmatch(text, chain[-1].end, member.start) is not None
        chain = [*chain, member] if goes_on else [member]
        if row.rule == "shares-head" and not staged.ONE.fullmatch(text, member.start, member.end):
            continue  # the head is still to come
        if len(chain) > 1 and CANCER.search(text, member.start, member.end):
            name = names.new("any")
            for one in chain:
                one.row.group = name
        chain = []


TRAILS = re.compile(
    r"\s+(?:prior\s+to|before|preceding)\s+(?:(?:the|study|first|start|of|initial)\s+)*[\w-]+(?:\s+\d+)?", re.I
)
LEADS = re.compile(r"\s(?:for|since|within|at|in)\s+(?:the\s+)?$", re.I)


def _without_times(text: str, limits: Sequence[Limit]) -> str:
    """The text with blanks for its windows: "postmenopausal for 12 months prior to entry, or sterile"."""
    for limit in limits:
        if limit.is_time:
            start, end = limit.quantity.start, limit.quantity.end
            lead = LEADS.search(text, 0, start)
            start = lead.start() if lead else start
            end = max(end, limit.anchor_span[1] if limit.anchor_span else 0)
            trail = TRAILS.match(text, end)
            end = trail.end() if trail else end
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def group_classes(text: str, limits: Sequence[Limit], required: Sequence[bool], names: Names) -> None:
    """ "Stage IIIB not amenable to surgery, or stage IV": nobody has two classes of one scale at once.

    A patient has one stage, whatever joins two of them ("locally advanced (stage III) and metastatic (stage IV)").
    """
    plain = [
        limit
        for limit, binds in zip(limits, required, strict=True)
        if binds and limit.levels and limit.attribute and limit.condition is None and limit.exception_to is None
    ]
    for before, behind in pairwise(plain):
        if before.attribute != behind.attribute or set(before.levels or ()) & set(behind.levels or ()):
            continue
        between = text[before.quantity.end : behind.quantity.start]
        one_stage = ONE_AT_A_TIME.search(before.attribute or "") is not None
        if behind.group or (not one_stage and (SAID_OR.search(between) is None or APART.search(between))):
            continue
        before.group = before.group or names.new("any")
        behind.group = before.group


def _may_be_one_of_several(member: Member) -> bool:
    row = member.row
    if row.exception_to is not None:
        return False
    if isinstance(row, Said):
        return member.asks in ("require", "forbid")
    free = row.condition is None and not row.inherited
    return member.asks == "require" and free and row.kind not in ("age", "dose", "count")


def _chains(text: str, found: Sequence[Member], classes: Sequence[int]) -> Iterator[list[Member]]:
    """Rows in a row, with "or" in front of the last; only mentions start a group, limits have their own rules."""
    chain = list(found[:1])
    closed = False
    for i, (before, member) in enumerate(pairwise(found)):
        joint = _joint(text, before, member, classes)
        if joint and before.asks == "forbid" and not _opens(text, found[i - 1].end if i else 0, before.start):
            joint = None  # "stage IIIB not amenable to surgery, or stage IV"
        said_or = joint is not None and joint.lastgroup is not None
        if joint is None or (closed and not said_or):
            if _is_list(text, chain, closed, member.start):
                yield chain
            chain, closed = [member], False
            continue
        chain.append(member)
        closed = closed or said_or
    if _is_list(text, chain, closed, len(text)):
        yield chain


def _is_list(text: str, chain: Sequence[Member], closed: bool, until: int) -> bool:
    """Whether "or" stands in front of the last row of a chain, or behind it and in front of what was not read."""
    return _has_mention(chain) if closed else _closes_unread(text, chain, until)


OR_UNREAD = re.compile(
    rf"(?:\s*\([^()]*\))?\s*,?\s*(?:and/)?or\b(?!{COMPARED}|\s+(?:both|none|neither|until)\b){WORDS}{{1,5}}(?=\s*(?:[.;,)]|$))",
    re.I,
)


def _closes_unread(text: str, chain: Sequence[Member], until: int) -> bool:
    """Whether a list ends with "or" and something that was not read: "cough, sore throat, or nasal symptoms".

    Those that were read are alternatives all the same; all of them at once are asked of nobody.
    """
    rows = [member.row for member in chain if member.asks == "require"]
    if len(rows) < 2 or len(rows) < len(chain) or not all(isinstance(row, Said) for row in rows):
        return False
    if len({row.label for row in rows if isinstance(row, Said)}) > 1:
        return False
    unread = OR_UNREAD.match(text, chain[-1].end)
    return unread is not None and unread.end() <= until


def _opens(text: str, end: int, start: int) -> bool:
    """Whether a row is the first of its clause; `end` is where the one in front ends, 0 where there is none."""
    return end == 0 or CLAUSE_ENDS.search(text, end, start) is not None


def _has_mention(chain: Sequence[Member]) -> bool:
    return any(isinstance(member.row, Said) for member in chain)


def _joint(text: str, before: Member, member: Member, classes: Sequence[int]) -> re.Match[str] | None:
    between = text[before.end : member.start]
    if not 0 < len(between) - between.count("  ") <= LONGEST or "forbid" == before.asks == member.asks:
        return None
    if member.row.rule == staged.RULE != before.row.rule:
        return None  # "renal cell carcinoma, locally advanced or metastatic": the carcinoma is no alternative
    if before.row.condition != member.row.condition:  # "if HIV positive, on therapy or with CD4 > 350" share one
        return None
    if OF_BOTH_SEXES.search(text, before.end, member.start):
        return None  # "healthy male and/or female subjects of non-childbearing potential"
    joint = JOINT.fullmatch(text, before.end, member.start)
    if joint and joint.lastgroup == "stroke" and not (_are_ill(before, member) or SAID_OR.search(text)):
        return None  # "trastuzumab/pertuzumab" may be given together
    if joint and joint.lastgroup == "stroke" and TOGETHER.match(text, member.end):
        return None
    if joint and joint["bracket"] and not _are_alike(before, member):
        return None  # "two therapies for advanced breast cancer (or one prior therapy, if …)"
    ill = isinstance(before.row, Said) and before.row.label == "condition" and not PREDICATIVE.match(text, before.start)
    if joint and joint.lastgroup is None and ill and PREDICATIVE.match(text, member.start):
        return None  # "prostate cancer, clinically refractory or resistant to hormone therapy"
    if joint is None or (before.asks != member.asks and not (joint["or"] or joint["late"])):
        return None
    return None if _class_between(text, before.end, member.start, classes) else joint


def _are_ill(*members: Member) -> bool:
    """Whether all rows are conditions."""
    return all(isinstance(member.row, Said) and member.row.label == "condition" for member in members)


ONE_OF = re.compile(
    r"\b(?:(?:at\s+least\s+(?:one|1)|any(?:\s+one)?|one\s+or\s+more|1\s+or\s+more|either|one)|"
    r"(?:at\s+least\s+)?(?P<n>two|three|four|[2-4])(?:\s+or\s+more)?)\s+(?:out\s+)?of\s+(?:(?:the|these)\s+)?",
    re.I,
)
IN_BRACKETS = re.compile(
    r"(?:(?:\d|three|four|five|six)\s+)?(?:[\w-]+\s+){1,4}\(\s*"
)  # "2 of 3 cardinal signs (tremor, …"
LISTED_AND_OR = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:[,;]\s*(?:(?:and/or|and|or)\s+)?|/|\b(?:and/or|and|or)\s+)(?:(?:an?|the)\s+)?", re.I
)


def group_one_of(text: str, found: Sequence[Member], names: Names) -> None:
    """ "At least one of diabetes, hypertension and dyslipidaemia": "and" lists what one of is enough."""
    for said in ONE_OF.finditer(text):
        chain: list[Member] = []
        for member in found:
            end = chain[-1].end if chain else said.end()
            if member.start < end:
                continue
            first = member.start == end or IN_BRACKETS.fullmatch(text, end, member.start) is not None
            joined = LISTED_AND_OR.fullmatch(text, end, member.start) if chain else first
            if not joined or member.asks != "require" or member.row.group or member.row.exception_to is not None:
                break
            chain.append(member)
        if len(chain) > 1:
            name = names.new(kind_of(said["n"]))
            for member in chain:
                member.row.group = name


def _are_alike(one: Member, other: Member) -> bool:
    """Whether two rows are not mentions of different kinds."""
    if isinstance(one.row, Said) and isinstance(other.row, Said):
        return one.row.label == other.row.label
    return True


def _class_between(text: str, start: int, end: int, classes: Sequence[int]) -> bool:
    """Whether a class outside of brackets stands between: "unresectable stage III or stage IV melanoma"."""
    i = bisect_left(classes, start)
    if i == len(classes) or classes[i] >= end:
        return False
    return text.rfind("(", start, classes[i]) <= text.rfind(")", start, classes[i])
