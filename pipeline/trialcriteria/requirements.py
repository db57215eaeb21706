"""The effective requirement: what a statement does to a patient for whom its words hold.

From section, negation, permission, prohibition and exception, as the table in the reading rules says.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from trialcriteria.components.context import Turn
from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.reach import IN_BRACKETS
from trialcriteria.components.telling import words_in
from trialcriteria.components.windows import TEST_WORDS
from trialcriteria.records import Requirement, Segment

TURNED: dict[Requirement, Requirement] = {
    "require": "forbid",
    "forbid": "require",
    "permit": "permit",
    "describe": "describe",
}
OF_SECTION: dict[str, Requirement] = {"inclusion": "require", "exclusion": "forbid", "other": "describe"}
AFTER_ANCHORS = frozenset({"last_dose", "study_end", "treatment_end"})
WHOLE_LIST = re.compile(
    r"\b(?:meet|meeting|meets|fulfil|fulfill|fulfilling|satisfy|satisfying|comply|complying|none of|failure|"
    r"recovered)\b",
    re.I,
)


NO_MORE = re.compile(r"no(?:t)?\b", re.I)


def goes_beyond(text: str, turn: Turn, start: int, limits: Sequence[Limit]) -> bool:
    """Whether a cue is none for what stands at `start`: "other than fenofibrate within 6 weeks, niacin" excepts one.

    Such a window is that of what the exception is made from; a comma or "or" behind it goes on with the list. What
    somebody would have to find acceptable is not permitted.
    """
    if turn.category == "PERMIT":
        if turn.words.lower() == "acceptable" and OF_WHAT_KIND.match(text, turn.end):
            return True  # "to reach acceptable levels"
        refused = NO_PERMISSION.search(text, max(0, turn.start - 40), turn.start)
        return refused is not None and (refused["found"] is None or turn.words.lower() == "acceptable")
    return turn.category == "EXCEPTION" and any(
        limit.kind == "time_window"
        and limit.quantity.operator in ("<", "<=")
        and turn.end <= limit.quantity.start <= start
        and (limit.quantity.start == start or LIST_GOES_ON.match(text, _end_of(limit)))
        and _excepts_from_a_whole(text, turn, limit, limits)
        for limit in limits
    )


OF_WHAT_KIND = re.compile(
    r"\s+(?!(?:if|in|for|provided|when|as|only|at|with|after|unless|and|or|but|to|under|once|while|on|by|per)\b)[a-z]"
)
NO_PERMISSION = re.compile(  # "unless deemed acceptable by the sponsor", "a protocol-allowed drug"
    r"-$|\b(?:unless|until|whether)\s+(?:[\w-]+\s+){0,4}$|"
    r"(?P<found>\b(?:deemed|considered|judged|found|medically|clinically|locally)\s+$)",
    re.I,
)


def _excepts_from_a_whole(text: str, turn: Turn, limit: Limit, limits: Sequence[Limit]) -> bool:
    """Whether an exception stands between a whole and its window: "malignancy except skin cancer within 5 years".

    The only window of a criterion is that of the whole behind a list too: "surgery except biopsies, within 2 weeks".
    """
    if turn.words.lower() == "other than":
        return True
    between = re.sub(r"\([^()]*\)", "", text[turn.end : limit.quantity.start])
    alone = sum(other.is_time for other in limits) == 1
    ends = r"[;:()]" if alone else r"[,;:()]"
    return OTHER_THAN.fullmatch(turn.words) is not None and re.search(ends, between) is None


OTHER_THAN = re.compile(r"except(?: for)?|with (?:the )?exception of|apart from|aside from|excluding", re.I)
LIST_GOES_ON = re.compile(r"\s*(?:,|\bor\b|\band\b|;)", re.I)


def _end_of(limit: Limit) -> int:
    return max(limit.quantity.end, limit.anchor_span[1] if limit.anchor_span else 0)


OTHERS_OWN = re.compile(  # "Hb ≥ 9 g/dL, transfusion permitted"
    r"\s*[,;]\s*(?!(?:if|in|for|on|when|with|who|which|that|provided|unless|and|or|but|also|each|none|all|these|this|is|are)\b)"
    r"[A-Za-z][\w\s/-]*",
)
JOINED = re.compile(r"\s*(?:,?\s*and)\s+(?:[\w-]+\s+){0,3}", re.I)


def _permission_reaches(text: str, turn: Turn, limit: Limit, limits: Sequence[Limit]) -> bool:
    """Whether a permission behind is about a limit: the last one in front of it, and those joined to it by "and".

    A sentence that begins with the limit is about it whatever else it says of size and number.
    """
    end = limit.quantity.end
    between = [
        other
        for other in limits
        if not other.is_time and end <= other.quantity.start and other.quantity.end <= turn.start
    ]
    if not between:
        return OTHERS_OWN.fullmatch(text, end, turn.start) is None
    if limit.kind == "lesion" and all(other.kind == "lesion" for other in between):
        return BEGINS.fullmatch(text, max(0, limit.first - 12), limit.first) is not None
    first = min(between, key=lambda other: other.quantity.start)
    return JOINED.fullmatch(text, end, first.first) is not None and _permission_reaches(text, turn, first, limits)


BEGINS = re.compile(r"(?:.*[.;]\s)?\W*(?:\d{1,2}[.)]\s*)?", re.S)


def reaches(text: str, turn: Turn, limit: Limit, limits: Sequence[Limit]) -> bool:
    """Whether a cue reaches a limit: "do not meet …" reaches a whole list, "no" only what follows at once.

    A permission behind ("≤ 5 x ULN is acceptable") is about the last limit in front of it.
    """
    behind = turn.start >= limit.quantity.end
    if behind and turn.category in ("PERMIT", "PROHIBIT") and NO_MORE.match(text, limit.quantity.start):
        return False  # "no more than two prior regimens are allowed"
    if behind and turn.category == "PERMIT":
        return _permission_reaches(text, turn, limit, limits)
    if behind and turn.category == "PROHIBIT":
        return not any(
            limit.quantity.end <= other.quantity.start and other.quantity.end <= turn.start
            for other in limits
            if not other.is_time
        )
    if turn.category == "NEGATED" and turn.words.lower().startswith(("non-", "nonp")):
        return False  # "men and non-pregnant women, 18 to 80 years"
    if turn.category != "NEGATED" or WHOLE_LIST.search(turn.words) or limit.is_time:
        return True
    start = limit.quantity.start
    if limit.span and not limit.inherited and turn.end <= limit.span[0]:
        start = min(start, limit.span[0])
    between = text[turn.end : start]
    return turn.end <= start and len(between) < 40 and not re.search(r"[,;:.()]|\b(?:and|or|if|with|who)\b", between)


def lift_earlier(limits: Sequence[Limit], mentions: Sequence[Said], demands: Sequence[Requirement]) -> None:
    """ "> 1.5 x ULN (isolated > 1.5 x ULN is acceptable …)": what is permitted lifts the limit on the same measure.

    Of "grade 2 neuropathy is acceptable" the neuropathy does. `demands` holds the mentions' requirements first.
    """
    n = len(mentions)
    binding: dict[str | None, int] = {}  # by attribute: the first limit that binds
    for i, limit in enumerate(limits):
        if demands[n + i] in ("require", "forbid"):
            binding.setdefault(limit.attribute, i)
        if demands[n + i] != "permit" or limit.exception_to is not None or limit.attribute is None:
            continue
        earlier = binding.get(limit.attribute)
        if earlier is None:
            continue
        if not limit.events:
            limit.exception_to = earlier
        for index in limit.events:
            if demands[index] == "permit" and mentions[index].exception_to is None:
                mentions[index].exception_to = n + earlier


PERMITTED_IF = re.compile(
    r"(?<!not )(?<!not be )\b(?:allowed|permitted|permissible|acceptable|accepted|eligible|OK|fine|no exclusion|"
    r"not (?:be )?excluded|not an exclusion|"
    r"(?:may|can) (?:enter|participate|join|enroll|be (?:enrolled|included|eligible)))\b[^.;]{0,60}?"
    r"(?<!\bnot )\b(?:if|when|provided|as long as|after|once)\b",
    re.I,
)
OBLIGED = re.compile(
    r"(?<!not )\b(?:must|should|needs? to|has to|have to|required to|willing to) (?:agree to )?"
    r"(?:be|have|undergo|show|use|practi[cs]e|employ|stop|discontinue|cease|wait)\b(?! (?:excluded|not?\b))",
    re.I,
)
PROVIDED_BEHIND = re.compile(
    r"[^.;,]{0,15}\bprovided\b\s*(?:[).;,]|$)|[^.;,]{0,30}\b(?:is|are) required\b|\s+(?:must|should) be used\b", re.I
)
SENTENCE = re.compile(r"[;]|[.](?=\s)|\s--?\s")
PERMITTING = frozenset(
    "allowed permitted permissible acceptable accepted eligible ok fine exclusion excluded may can".split()
)
UNDER = frozenset("if when provided as after once".split())
OBLIGING = frozenset("must should to".split())
OBLIGED_TO = frozenset("be have undergo show use practice practise employ stop discontinue cease wait".split())
PROVIDING = frozenset("provided required must should".split())


def _may_demand(text: str) -> bool:
    """Whether the words stand in `text` without which nothing is demanded: a cheap look before the costly one."""
    words = words_in(text)
    return (
        not PROVIDING.isdisjoint(words)
        or (not PERMITTING.isdisjoint(words) and not UNDER.isdisjoint(words))
        or (not OBLIGING.isdisjoint(words) and not OBLIGED_TO.isdisjoint(words))
    )


@lru_cache(maxsize=64)
def _sentences(text: str) -> list[int]:
    """Where sentences begin."""
    return [0, *(found.end() for found in SENTENCE.finditer(text))]


def demanded(piece: Segment, text: str, start: int, end: int, turns: Sequence[Turn]) -> Requirement | None:
    """What must hold of the permitted, "allowed if …", and nevertheless: "must have been …", "… provided".

    Within the sentence, and within the brackets, that say so.
    """
    if piece.section == "other" or not _may_demand(text):
        return None
    sentences = _sentences(text)
    front = IN_BRACKETS.sub(" ", text[sentences[bisect_right(sentences, start) - 1] : start])
    if piece.section == "inclusion":
        permitted = PERMITTED_IF.search(front) is not None and effective(piece, text, turns) == "permit"
        return "require" if permitted and not negations(turns) else None
    said = [found for rule in (PERMITTED_IF, OBLIGED) for found in rule.finditer(front)]
    if any("," not in front[found.end() :] or found.re is PERMITTED_IF for found in said):
        return "require"
    return "require" if OBLIGED.search(text, start, end) or PROVIDED_BEHIND.match(text, end) else None


def turned(demand: Requirement | None, turns: Sequence[Turn]) -> Requirement | None:
    """What must nevertheless hold, where it is denied: "allowed if they have no progression" forbids it."""
    return "forbid" if demand == "require" and negations(turns) % 2 else demand


def effective(piece: Segment, text: str, turns: Sequence[Turn]) -> Requirement:
    """Require, forbid, permit or describe: from the section and the cues that govern a statement."""
    base = OF_SECTION[piece.section]
    if base == "describe" or not turns:
        return base
    categories = [turn.category for turn in turns]
    if "EXCEPTION" in categories or "PERMIT" in categories:
        return "permit"
    if "PROHIBIT" in categories:
        return "require" if _keeps_out_who_lacks_it(text, turns) else "forbid"
    if negations(turns) % 2:
        if piece.section == "exclusion" and re.match(r"\W*no\b", text, re.I) and turns[0].start <= 3:
            return "forbid"
        if piece.section == "exclusion" and any(_is_ban(text, turn) for turn in turns):
            return "forbid"
        if piece.section == "exclusion" and PERMITTED.search(text, 0, turns[-1].start):
            return "forbid"  # "inhaled steroids are permitted in the absence of autoimmune disease"
        return TURNED[base]
    return base


ALLOWED = re.compile(
    r"(?:(?!not\b|in|pro).)*\b(?:allowed|permitted|acceptable|accepted|eligible|enrolled|included)$", re.I
)


def _keeps_out_who_lacks_it(text: str, turns: Sequence[Turn]) -> bool:
    """ "Patients who have not recovered are ineligible" asks for it; "no prior therapy is allowed" does not."""
    if negations(turns) % 2 == 0 or any(_is_ban(text, turn) for turn in turns):
        return False
    denial = next(turn for turn in turns if turn.category == "NEGATED")
    ban = next(turn for turn in turns if turn.category == "PROHIBIT")
    apart = text.rfind("(", denial.end, ban.start) > text.rfind(")", denial.end, ban.start)
    return not apart and ALLOWED.match(ban.words) is None


PERMITTED = re.compile(
    r"(?<!not )(?<!not be )\b(?:is|are|be|may|can|will be|also)\s+(?:also\s+)?(?:allowed|permitted|acceptable|eligible|"
    r"enrolled|included|enroll|participate|continue)\b[^.;]*$",
    re.I,
)
BAN = re.compile(
    r"(?<!\bwho )(?<!\bthat )\b(?:(?:must|should|shall)\s+(?:be\s+|have\s+)?"
    r"(?:not?|free|without|negative|undetectable|absent|non)\b|may not\b(?! be able)|can ?not have\b)",
    re.I,
)
LONGEST_BAN = 40


def _is_ban(text: str, turn: Turn) -> bool:
    """Whether a negation says what a patient must not be, also among reasons for exclusion: "must not have had"."""
    if turn.category != "NEGATED":
        return False
    ban = BAN.search(text, max(0, turn.start - 10), turn.end + LONGEST_BAN)
    return ban is not None and ban.start() < turn.end


STEADY = re.compile(r"\b(?:stable|unchanged|constant|steady|fixed)\b", re.I)
DEMANDED = re.compile(
    r"\b(?:on|receiv\w+|treated with|taking|treatment with|therapy with|using|optimal|optimi[sz]ed|background|"
    r"standard|must|need\w*|requir\w+|at least)\b",
    re.I,
)


def permit_what_need_not_be(
    text: str, limits: Sequence[Limit], mentions: Sequence[Said], demands: list[Requirement]
) -> None:
    """Treatments that a patient may have had, not must: "≥ 4 weeks since chemotherapy", "steroids ≤ 10 mg, stable".

    Only how long ago or how much is demanded; whoever never had one meets it too. `demands` holds the mentions'
    requirements first.
    """
    for limit in limits:
        if limit.narrows or not limit.events:
            continue
        q = limit.quantity
        apart = limit.kind == "time_window" and limit.direction == "before" and q.operator in (">", ">=")
        under_parent = limit.rule == "time-under-parent" and q.operator in (">", ">=")
        dosed = limit.kind == "dose" and q.operator in ("<", "<=")
        steady = limit.kind == "duration" and STEADY.search(text, max(0, q.start - 40), q.end) is not None
        for index in limit.events:
            mention = mentions[index]
            if mention.label not in ("treatment", "procedure"):
                continue
            asked = DEMANDED.search(text, max(0, mention.start - 30), mention.end)
            free = apart or under_parent or ((dosed or steady) and not asked)
            if free and (demands[index] == "require" or (under_parent and demands[index] == "forbid")):
                demands[index] = "permit"


IN_ITS_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{0,30}")


def bind_as_what_they_define(
    text: str, limits: Sequence[Limit], mentions: Sequence[Said], demands: list[Requirement]
) -> None:
    """ "No alcoholism (more than 3 drinks a day)": what stands in the brackets of a mention is forbidden with it.

    `demands` holds the mentions' requirements first.
    """
    n = len(mentions)
    for i, limit in enumerate(limits):
        if limit.is_time or len(limit.events) != 1 or demands[n + i] not in ("require", "forbid"):
            continue
        mention, demand = mentions[limit.events[0]], demands[limit.events[0]]
        beside = mention.end <= limit.first and IN_ITS_BRACKETS.fullmatch(text, mention.end, limit.first)
        if beside and demand in ("require", "forbid"):
            demands[n + i] = demand


RECOVERED = re.compile(r"\b(?:recover\w*|resol\w+|return\w*|improve\w*|reduced)\b", re.I)
OF_TREATMENT = frozenset({"toxicity", "adverse_event", "complication", "treatment_effect"})


def permit_what_may_remain(
    text: str, limits: Sequence[Limit], mentions: Sequence[Said], demands: list[Requirement]
) -> None:
    """Conditions that a patient may have up to a grade, not must: "neuropathy of grade ≤ 1", "recovered to grade 1".

    A grade that includes 0 is met by whoever never had one. `demands` holds the mentions' requirements first.
    """
    for limit in limits:
        if limit.attribute != "ctcae" or "0" not in (limit.levels or ()):
            continue
        targets = set(limit.events)
        if not targets and RECOVERED.search(text):
            targets = {i for i, mention in enumerate(mentions) if mention.concept in OF_TREATMENT}
        for index in targets:
            if mentions[index].label == "condition" and demands[index] == "require":
                demands[index] = "permit"


def negations(turns: Sequence[Turn]) -> int:
    """How many negations govern a statement: an even number leaves it as it is."""
    return sum(turn.category == "NEGATED" for turn in turns)


def exempted(
    turns: Sequence[Turn],
    start: int,
    mentions: Sequence[Said],
    limits: Sequence[Limit],
    own: int | None,
    requirements: Sequence[Requirement],
) -> int | None:
    """What an exception lifts: the nearest mention or limit in front of its cue (mentions first, then limits).

    Windows, and whatever else narrows a mention, go with that mention.
    """
    cue = next((turn for turn in turns if turn.category == "EXCEPTION"), None) if turns else None
    if cue is None or cue.start > start:
        return None
    n = len(mentions)
    ends = [(m.end, i) for i, m in enumerate(mentions) if i != own]
    ends += [
        (limit.quantity.end, n + i)
        for i, limit in enumerate(limits)
        if not limit.events and not limit.narrows and not limit.is_time
    ]
    before = [(end, -i) for end, i in ends if end <= cue.start and requirements[i] in ("forbid", "require")]
    return -max(before)[1] if before else None


def aim_at_the_whole(
    text: str,
    number: int,
    limits: Sequence[Limit],
    mentions: Sequence[Said],
    turns: Sequence[Sequence[Turn]],
) -> None:
    """ "Fibrates other than fenofibrate within 6 weeks": the window is that of the fibrates."""
    limit = limits[number]
    wholes = []
    for index in limit.events:
        whole = mentions[index].exception_to
        other_than = any(
            turn.category == "EXCEPTION" and _excepts_from_a_whole(text, turn, limit, limits) for turn in turns[index]
        )
        if whole is None or whole >= len(mentions) or not other_than:
            return
        wholes.append(whole)
    if limit.kind != "time_window" or limit.quantity.operator not in ("<", "<="):
        return
    for index in limit.events:
        mentions[index].narrowed.remove(number)
    limit.events = list(dict.fromkeys(wholes))
    for index in limit.events:
        mentions[index].narrowed.append(number)


def lifted_by_permission(one: Said, mentions: Sequence[Said], demands: Sequence[Requirement]) -> int | None:
    """What a permission among reasons for exclusion lifts: the nearest forbidden mention in front.

    "Brain metastases; treated ones are allowed".
    """
    earlier = [i for i, other in enumerate(mentions) if other.end <= one.start and demands[i] == "forbid"]
    return earlier[-1] if earlier else None


def lifted_by_limit(
    piece: Segment,
    limit: Limit,
    turns: Sequence[Turn],
    mentions: Sequence[Said],
    limits: Sequence[Limit],
    number: int,
    demands: Sequence[Requirement],
) -> int | None:
    """What a limit on its own lifts: by an exception, or by a permission among reasons for exclusion.

    "HBs antigen positive (HBV DNA < 10 IU/mL is permitted)".
    """
    if any(turn.category == "EXCEPTION" for turn in turns):
        return exempted(turns, limit.quantity.start, mentions, limits, number, demands)
    if piece.section != "exclusion" or demands[number] != "permit" or limit.is_time:
        return None
    earlier = [i for i, m in enumerate(mentions) if m.end <= limit.first and demands[i] == "forbid"]
    return earlier[-1] if earlier else None


def lasts_without(limit: Limit, turns: Sequence[Turn], mentions: Sequence[Said]) -> bool:
    """Whether a duration says how long something is absent: "no menses for ≥ 12 months", "without recurrence for …".

    The absence of a treatment is not meant: who never had one meets "no steroids for ≥ 14 days" too.
    """
    if limit.kind != "duration" or limit.quantity.operator not in (">", ">="):
        return False
    if limit.attribute == "seizure_freedom" and not turns:
        return True
    if negations(turns) != 1:
        return False
    if any(mentions[i].label in ("treatment", "procedure") for i in limit.events):
        return False
    cue = next(turn for turn in turns if turn.category == "NEGATED")
    return cue.start < limit.quantity.start and cue.words.lower() in ABSENCE


ABSENCE = frozenset(
    {
        "with no",
        "had no",
        "having no",
        "no",
        "without",
        "w/o",
        "free of",
        "free from",
        "absence of",
        "without any",
        "have no",
        "has no",
    }
)


NOT_STOPPED = re.compile(
    r"\bnot\s+(?:been\s+)?(?:stopped|discontinued|ceased|halted|withdrawn|washed\s+out)\s+(?:[\w-]+\s+){0,3}$", re.I
)
CAME_BACK = re.compile(
    r"\b(?:progress\w*|recur\w*|relaps\w*|refract\w*|resol\w*|respon\w*|recover\w*|return\w*|metasta\w*|fail\w*)\b",
    re.I,
)
GOES_ON = re.compile(
    r"\b(?:and|until|through|to|plus|nor)\s+(?:planned\s+)?(?:for\s+)?(?:at\s+least\s+|up\s+to\s+|another\s+)?$", re.I
)


ABSTAINS = re.compile(r"\b(?:willing|unwilling|agrees?|able|unable|cannot)\b[^.;]*\b(?:abstain|refrain)\b[^.;]*$", re.I)


def _after_enrolment(text: str, limit: Limit) -> bool:
    """Whether a window lies after the treatment of the trial: "during the study and for 6 months after it"."""
    if ABSTAINS.search(text, max(0, limit.quantity.start - 60), limit.quantity.start):
        return limit.kind == "time_window" and limit.quantity.operator not in (">", ">=")
    if limit.kind != "time_window" or limit.direction != "after":
        return limit.anchor in AFTER_ANCHORS and limit.rule == "window-until"
    start = limit.quantity.start
    if CAME_BACK.search(text, max(0, start - 50), start):
        return False  # "progression within 3 months after the last dose" is a past treatment's
    if limit.anchor in AFTER_ANCHORS or limit.rule == "window-until":
        return True
    return GOES_ON.search(text, max(0, start - 30), limit.quantity.number_start) is not None


OUTCOME = re.compile(r"\b(?:positive|negative|abnormal)\b", re.I)


def _dates_a_test(text: str, limit: Limit) -> bool:
    """Whether a window without an event says when a test is done; a test whose result is said is an event itself."""
    start = limit.quantity.start
    if limit.span is None:
        return False
    joined = limit.span[1] <= start and not re.search(r"[,;()]", text[limit.span[1] : start])
    said = (limit.span[0], start) if joined else limit.span
    if OUTCOME.search(text, max(0, min(said[0], start) - 50), said[1]):
        return False
    return TEST_WORDS.search(text, *said) is not None


WITH_CONSENT = re.compile(
    r"(?:only\s+)?(?:after|with|upon)\s[^.;()]{0,30}\b(?:discussion|consultation|approval|agreement)\b", re.I
)


def of_limit(
    piece: Segment,
    limit: Limit,
    own: Requirement,
    events: Sequence[Requirement],
    narrowed: Sequence[Requirement],
    text: str,
    *,
    asked: bool = False,
    lasts: bool = False,
    excepted: bool = False,
    negated: bool = False,
) -> Requirement:
    """The requirement of a limit, from its own words (`own`) and from what it narrows: events, and other limits.

    `asked`: whether it must hold nevertheless ("allowed if …"); `lasts`: whether it says how long something is absent;
    `excepted`: whether an exception holds it or what it narrows; `negated`: whether a negation governs it.
    """
    if own == "describe":
        return own
    demanded_of_permitted = piece.section == "inclusion" and "permit" in events and not excepted
    if own == "permit" and demanded_of_permitted and limit.kind != "lesion" and limit.exception_to is None:
        own = "forbid" if negated else "require"  # "rescue paracetamol up to 3 g/day permitted, not within 24 h before"
    if limit.exception_to is not None and limit.condition and piece.section == "inclusion":
        if own == "permit" and not limit.levels:
            return "require"  # "≤ 5 x ULN is acceptable if …" replaces the limit before
        if limit.levels and WITH_CONSENT.match(text, limit.condition[0]):
            return "permit"  # "(PS 2 after discussion with the sponsor)"
    if own == "permit" and piece.section == "inclusion" and not excepted and limit.kind in ("count", "lab", "vital"):
        bounded = limit.quantity.operator in ("<", "<=") and limit.exception_to is None and not limit.events
        return "require" if bounded else own  # "no more than two prior regimens are allowed"
    if limit.is_time:
        if limit.anchor == "last_menses" or _after_enrolment(text, limit):
            return "describe"
        if asked and not narrowed:
            return own
        if lasts and own != "permit":
            return OF_SECTION[piece.section]
        if own == "permit" and limit.exception_to is None and not narrowed and "permit" not in events:
            return own
        if narrowed:
            return narrowed[0]
        if limit.kind == "duration" and own == "require" and piece.section == "exclusion":
            return own  # "not stable for at least 4 weeks"
        if limit.rule == "washout" and own == "permit":
            return "require"
        if limit.rule in ("washout", "time-under-parent") and limit.quantity.operator in (">", ">="):
            return "require"  # even among reasons for exclusion: "washouts not respected: anti-TNF: 12 weeks"
        if own == "require" and piece.section == "exclusion" and NOT_STOPPED.search(text, 0, limit.quantity.start):
            return own  # "contraceptives that have not been stopped at least 2 weeks before"
        if not events and _dates_a_test(text, limit):
            return "describe"
        if events and events[0] != own and "permit" not in events:
            return events[0]
        if events and limit.rule == "washout":
            return "require" if events[0] == "permit" else events[0]
    return own
