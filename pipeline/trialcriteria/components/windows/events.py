"""Which events a window dates, and which states a duration is of: the mentions that it narrows.

A window is of all events that stand coordinated in front of it: "surgery, radiotherapy or chemotherapy within 4 weeks".
Where it is in doubt what it dates, it has no target, and binds nobody.
"""

import re
from collections.abc import Sequence

from trialcriteria.components import staged
from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.mentions import COUNTED_MENTIONS, Said
from trialcriteria.components.windows.leading import end_of, events_behind
from trialcriteria.components.windows.narrowed import habits_of
from trialcriteria.components.windows.others import (
    goes_on,
    is_of_another,
    kept_until,
    lasts_until,
    led_to,
    lies_ahead,
    says_for_whom,
    without_lasting,
    without_those_for_whom,
)
from trialcriteria.components.windows.siblings import with_those_behind, with_those_in_front

EXAMPLES = r"(?:such\s+as|e\.?g\b\.?|for\s+(?:example|instance)|including(?:\s+but\s+not\s+limited\s+to)?)"
EXAMPLES_BEHIND = re.compile(rf"[\s,]*\(?\s*{EXAMPLES}", re.I)
EXAMPLES_LAST = re.compile(rf"[\s,]*\(?\s*{EXAMPLES}[\s,:]*(?:(?:an?|the|any|prior|recent)\s+)*$", re.I)
FARTHEST = 160  # characters between the one event of a statement and the window of it
OTHER_STATEMENT = re.compile(
    r";|\.\s|\b(?:except\w*|unless|excluding|other\s+than|obtained|performed|laborator\w+|tests?|counts?|recent|"
    r"enrolled)\b",
    re.I,
)
SAYS_NOTHING = re.compile(  # words in front of a window that name no event of their own
    r"(?:present|stable|observed|occurr(?:ing|ed)|happen(?:ing|ed)|documented|confirmed|diagnosed|completed|stopped|started|given|administered|ongoing|"
    r"continuous|lasting|last|(?:stable\s+)?doses?|total\s+daily\s+dose|last\s+dose|label|(?:the\s+)?study|"
    r"study\s+period|(?:disease\s+)?duration|duration\s+of\s+study\s+participation|participation|anytime|chronic|use|"
    r"course|again|repeated|(?:same\s+)?time|(?:treatment|prevention|prophylaxis|management)\s+of\b.*)",
    re.I,
)
STATEMENT_ENDS = re.compile(r"[;:]|\.\s+[A-Z]")
LISTED = re.compile(r"\s*[:：]\s*(?:for\s+|a\s+)?$", re.I)
TO_WINDOW = re.compile(r"[;:]|[.](?=\s)")
GRADED = re.compile(r"\([^()]*\)")
SETS_ASIDE = re.compile(  # a bracket that holds no further events of the window
    r"\b(?:excep\w+|exclu\w+|other\s+than|unless|not|without|no|with|grades?|weeks?|months?|days?|years?)\b", re.I
)
BEHIND_A_BRACKET = re.compile(r"\([^()]*\)[\s,]*$")
OR = re.compile(r"\s+(?:and|or|and/or)\s+")
JUST_OR = re.compile(r"\s*(?:\([^()]*\)\s*)?,?\s*(?:(?:and|or|and/or)\s+)?(?:again\s+|then\s+)?")
COMPLEMENT = re.compile(
    r"\s+(?:for|due\s+to|because\s+of)\s(?:(?!\b(?:except|unless|other\s+than)\b)[^.;:()]){0,140}", re.I
)
WHAT_STATE_IS = re.compile(  # "postmenopausal: no menses for at least 12 months"
    r"\s*[:,(]?\s*(?:\(?\s*(?:i\.?e\.?,?|that\s+is|defined\s+(?:as|by)|with|meaning|has\s+had|have\s+had)\s+){0,2}"
    r"(?:no|without|absence\s+of|cessation\s+of|last|amenorrh\w+)(?:\s+(?!and\b|or\b)[\w-]+){0,4}\s*$",
    re.I,
)
SUBORDINATE = re.compile(  # "immunosuppressants for GVHD", "surgery under general anaesthesia", "cancer except NSCLC"
    r"(?:\s*\([^()]*\))?\)?(?:\s+(?:(?:(?:prescribed|indicated|used|taken|given)\s+)?for|under|"
    r"due\s+to|because\s+of|secondary\s+to|caused\s+by|"
    r"to\s+(?:treat|prevent|relieve|control|manage|reduce|lose|improve)|"
    r"from(?=\s+(?:an?|any|the|their)\s+$)|(?:on|at)\s+the\s+sites?\s+of|with\s+(?:the|a)\s+need\s+for|involving(?:\s+the\s+use\s+of)?|"
    r"(?:(?:that|which)\s+)?(?:(?:is|are)\s+)?known\s+to\s+(?:[\w-]+\s+){1,7}?"
    r"(?:with|for|of|affect|cause|influence|alter))|"
    r",?\s*\(?(?:except(?:ing|\s+for)?|excluding|other\s+than|with\s+the\s+exception\s+of))\s+"
    r"(?:(?:the|an?|any|his|her|their|current|active|advanced|recurrent|underlying|this|indication\s+of|treatment\s+of|prevention\s+of|prophylaxis\s+of|management\s+of)\s+)*$",
    re.I,
)
THEN = re.compile(r"\s+(?:following|after)\s+(?:(?:any|prior|previous)\s+)*", re.I)
OR_WITHIN = re.compile(r"\s+or\s+within\b", re.I)  # "ablation following systemic therapy or within 28 days"
PURPOSE = re.compile(r"(?:reliev|treat|prevent|control|manag|reduc|los|improv)(?:e|ing)?\b", re.I)
WITH = re.compile(r"\s+(?:with|by)\s+(?:(?:the|an?|any)\s+)?", re.I)
TO = re.compile(r"\s+to\s+")
WITHOUT = re.compile(r"\s+without\s+(?:(?:the\s+)?(?:use|help|aid)\s+of\s+|an?\s+|any\s+)?", re.I)
ATTRIBUTIVE = re.compile(  # what a mention is or does: "substances that are known to affect plasticity within"
    r"(?:\s*\([^()]*\))?(?:\s+(?:or|and)\s+[\w-]+)?,?\s+(?:(?:that|which)\s+"
    r"(?:is|are|may|might|can|could|has|have|had|was|were|would|will|in|the)|known\s+to|likely\s+to|according\s+to|"
    r"in\s+accordance\s+with|as\s+(?:defined|assessed|determined)\s+by|for\s+(?:the\s+)?(?:treatment|prevention|management|indication)\s+of|"
    r"by\s+(?:DSM|Diagnostic)|based\s+on|(?:prescribed|indicated|approved|used|intended)\s+(?:for|to)|taken|delivered|consistent\s+with|regardless|with(?!\s+the\s+exception)|to\s+(?:more|less)|"
    r"other\s+than\s+(?:(?:those|that|the\s+ones?|as)\s+)?(?:stated|specified|listed|described|mentioned|defined|allowed|permitted|"
    r"required|provided))\b(?:(?!\b(?:and|or)\s+(?:$|(?:any|an?|other|prior|recent|past|use|history|receiv\w+|receipt|planned|"
    r"participa\w+|treatments?|who|if|has|have|is|are|in|within|during)\b))(?!\b(?:except\w*|excluding|must|will|should|"
    r"enrolled|obtained|performed|evaluations?|tests?|scans?|counts?)\b)(?:[^;:()]|\([^()]*\)|\($))*$",
    re.I,
)
ANOTHER_EVENT = re.compile(  # one that is no mention: "ideation, or past attempt within a year"
    r"\b(?:or|and)\s+(?:an?\s+|any\s+)?(?:past|prior|previous|recent)\s+[\w-]+(?:\s+[\w-]+)?\s*$", re.I
)
TESTED = re.compile(  # by which something was found: "endometriosis, determined at laparoscopy done within 3 years"
    r"\b(?:determined|confirmed|documented|established|assessed|verified|proven)\s+(?:at|by|on|via|with|through|during)\s+"
    r"(?:[\w-]+\s+){1,4}(?:performed|done|obtained|taken|conducted|completed)\s*$",
    re.I,
)
OWN_SUBJECT = re.compile(  # "vaccinated, and the observation start date is at least 6 months prior"
    r"(?:\band|,|;)\s+(?:the|an?|their|his|her)\s+(?:[\w-]+\s+){0,3}"
    r"(?!(?:intervals?|durations?|wash-?out|periods?|time|doses?|last|treatment|therapy|it|this)\b)[\w-]+\s+"
    r"(?:is|was|are|were|must\s+be|should\s+be)\s+$",
    re.I,
)
AMENORRHEIC = re.compile(
    r"\b(?P<words>amenorrh\w+)(?:\s+for)?\s+(?:(?:at\s+least|more\s+than|a\s+minimum\s+of|over|the\s+last|≥|>)\s*)*$",
    re.I,
)
LASTING = re.compile(r"\s+(?:lasting|lasted|persisting)\b", re.I)


def link_windows(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """Give each window and duration the mentions that it narrows; none where that is in doubt."""
    for number, limit in enumerate(limits):
        if not limit.is_time:
            continue
        if limit.narrows and limits[limit.narrows[0]].kind == "duration" and limit.rule != "spacing":
            named = _events(text, limit, limits, mentions)  # the period of what lasts: it bears the event's words alone
            limit.span = _own_words(text, limit, [mentions[i] for i in named]) if named else limit.span
            continue
        found = _of_narrowed(text, limit, limits, mentions) if limit.narrows else _events(text, limit, limits, mentions)
        if limit.narrows and not found:
            continue
        if not _is_of_a_donation(limit, limits):
            limit.narrows = []
        before = limits[number - 1] if number else None
        if not found and before and before.is_time and before.kind == limit.kind and _only_joined(text, before, limit):
            found, limit.span = list(before.events), before.span
        if before and before.is_time and limit.span and text[slice(*limit.span)].lower() == "none":
            limit.span = before.span  # "one relapse in the past year, but none within the last 4 weeks"
        if not found and limit.kind == "time_window" and limit.direction == "before":
            limit.narrows = habits_of(text, limit, limits)
        limit.events = [i for i in found if mentions[i].rule != staged.RULE] or found
        lasts_until(text, limit, mentions)
        if found:
            limit.span = _own_words(text, limit, [mentions[i] for i in found])
        if without := AMENORRHEIC.search(text, max(0, limit.quantity.start - 50), limit.quantity.start):
            limit.span = without.span("words")  # "postmenopausal, that is amenorrheic for 12 months"
        for index in limit.events:
            mentions[index].narrowed.append(number)


def _only_joined(text: str, before: Limit, limit: Limit) -> bool:
    """Whether nothing but "or" stands between two windows: "5 half-lives (if known) or 16 weeks"."""
    return JUST_OR.fullmatch(text, before.quantity.end, limit.quantity.start) is not None


def _meet(mention: Said, span: tuple[int, int]) -> bool:
    return mention.start < span[1] and span[0] < mention.end


RELATIVE = re.compile(r"\s*,?\s\b(?:that|which|who|requiring|needing|resulting|causing|known)\b", re.I)


def _own_words(text: str, limit: Limit, events: Sequence[Said]) -> tuple[int, int]:
    """The words of an event, not those beside the window: "treatment for depression", where "treatment" was taken.

    What an event requires or is known to do is left out.
    """
    said = limit.span
    beside = next((event for event in events if said and _meet(event, said)), None)
    if said is not None and BY_ROUTE.fullmatch(text, events[0].end, said[1]):
        return said  # each route has a time of its own
    if said is None or beside is None:
        return events[0].core
    if limit.kind == "time_window" and beside.start <= said[0] and said[1] <= beside.end:
        known = RELATIVE.search(text, beside.start, beside.end)
        return beside.start, known.start() if known else beside.end
    own = beside.core[0] < said[1] and said[0] < beside.core[1]
    return said if own or limit.kind != "time_window" else beside.core


OR_SINCE_BIRTH = re.compile(r"\bor\s*$", re.I)
RECENTLY = re.compile(r"\brecent\s*\($", re.I)
HISTORY_OF = re.compile(r"\s*(?:(?:history|use|diagnosis|episodes?|onset)\s+of\s+)?(?:(?:an?|the|any)\s+)?", re.I)
BESIDE_IT = re.compile(
    r"\s*(?:,|\bor\b|,\s*or\b)\s*(?:(?:has|have|had)\s+)?", re.I
)  # "major surgery, donated 1 unit of blood"


def _is_of_a_donation(window: Limit, limits: Sequence[Limit]) -> bool:
    return bool(window.narrows) and all(limits[i].attribute == "blood_donation" for i in window.narrows)


def _is_counted_in_its_bracket(text: str, window: Limit, narrowed: Sequence[Limit]) -> bool:
    """ "Seizure clusters (3 or more seizures in 24 hours)": the window is of the count, not of the clusters."""
    first = narrowed[0].first
    opened = text[:first].rstrip().endswith(("(", "["))
    return (
        opened and all(limit.kind == "count" for limit in narrowed) and ")" not in text[first : window.quantity.start]
    )


def _of_narrowed(text: str, window: Limit, limits: Sequence[Limit], mentions: Sequence[Said]) -> list[int]:
    """The mentions that the narrowed limits are of, where the window is rather of these.

    So it is of a drug with its dose ("prednisone > 10 mg/day for 2 weeks") and of what a bracket grades ("suicidal
    ideation (C-SSRS 4 or 5) in the past year"), not of what is counted ("at least 2 relapses in the past year").
    """
    narrowed = [limits[i] for i in window.narrows]
    if _is_of_a_donation(window, limits):
        front = [i for i, m in enumerate(mentions) if BESIDE_IT.fullmatch(text, m.end, narrowed[0].first)]
        return with_those_in_front(text, front[-1], mentions, limits) if front else []
    if narrowed and _is_counted_in_its_bracket(text, window, narrowed):
        return []
    if narrowed and all(
        x.kind == "count" and HOW_OFTEN.search(text, x.quantity.start, window.quantity.start) for x in narrowed
    ):
        return []  # "ascites that needed paracentesis more than once in 2 weeks"
    if narrowed and all(x.attribute == "temperature" for x in narrowed):
        fever = [i for i, m in enumerate(mentions) if m.label == "condition" and m.core == narrowed[0].span]
        return with_those_in_front(text, fever[0], mentions, limits) if fever else []
    if all(limit.kind == "dose" or _is_given(limit) for limit in narrowed):
        return sorted({i for limit in narrowed for i in limit.events})
    bracket = GRADED.match(text, narrowed[0].first - 1)
    if bracket is None or bracket.end() > window.quantity.start or narrowed[-1].quantity.end >= bracket.end():
        return []
    graded = [i for i, m in enumerate(mentions) if 0 <= bracket.start() - m.end <= 1]
    return with_those_in_front(text, graded[-1], mentions, limits) if graded else []


HOW_OFTEN = re.compile(r"\b(?:once|twice|thrice|\d+\s+(?:or\s+more\s+)?times)\s*$", re.I)
WASHOUT_OF = re.compile(  # "7 days of washout period from previous erlotinib"
    r"\s*(?:of\s+)?(?:an?\s+)?wash-?\s?out(?:\s+(?:period|time|interval|phase))?\s+(?:of|from|for|after|since)\s+"
    r"(?:(?:the|any|all|prior|previous|last|other|their)\s+)*",
    re.I,
)
COUNTED_THERE = frozenset(
    {"limit-then-measure", "limit-then-words"}
)  # "more than 1 hypoglycemic episode within a year"


REPEATED = frozenset({"cycles", "courses", "doses"})  # "three or more courses of antibiotics within 3 months"


def _is_given(limit: Limit) -> bool:
    """Whether a count says how often something is given or happens, or how many methods are used."""
    if limit.kind != "count" or not limit.events or (limit.attribute == "episodes" and limit.rule in COUNTED_THERE):
        return False
    several = limit.quantity.is_minimum and (limit.quantity.value or 0) > 1
    if several and limit.attribute in REPEATED and limit.rule in COUNTED_THERE:
        return False
    return limit.attribute == "contraceptive_methods" or limit.attribute not in COUNTED_MENTIONS


def _events(text: str, limit: Limit, limits: Sequence[Limit], mentions: Sequence[Said]) -> list[int]:
    """The events of a window: those that its own words name, else those in front of it, else those behind it."""
    start = limit.quantity.start
    aside = BEHIND_A_BRACKET.search(text, 0, start)
    if aside and limit.span and aside.start() <= limit.span[0] < start:
        limit.span = None
    if (
        OR_SINCE_BIRTH.search(text, max(0, start - 4), start)
        and limit.anchor == "delivery"
        and limit.direction == "after"
    ):
        return []  # "pregnant or within 2 weeks post-partum"
    if RECENTLY.search(text, max(0, start - 10), start):
        closed = text.find(")", limit.quantity.end)
        behind = next((i for i, m in enumerate(mentions) if 0 <= closed <= m.start), None)
        if behind is not None and HISTORY_OF.fullmatch(text, closed + 1, mentions[behind].start):
            return with_those_behind(text, behind, mentions, limits)
    inside = [i for i, m in enumerate(mentions) if limit.span and _meet(m, limit.span)]
    if limit.rule == "duration-of" and limit.span and not inside:
        inside = [i for i, m in enumerate(mentions) if WITH.fullmatch(text, limit.span[1], m.start)]
    if inside and limit.span and limit.span[0] >= limit.quantity.end:
        alone = (
            limit.kind == "duration" and mentions[inside[0]].label == "state"
        )  # "2 years post-menopausal or sterile"
        return inside[:1] if alone else with_those_behind(text, inside[0], mentions, limits)
    if limit.rule == "time-since":
        if inside:
            return with_those_in_front(text, inside[-1], mentions, limits)
        said = limit.span if limit.quantity.operator else None
        joined = [i for i, m in enumerate(mentions) if said and OR.fullmatch(text, said[1], m.start)]
        near = limit.span is None and [i for i, m in enumerate(mentions) if 0 <= m.start - limit.quantity.end < 30]
        return joined or (near[:1] if near else events_behind(text, limit, limits, mentions))
    if limit.rule == "washout" and (left := WASHOUT_OF.match(text, limit.quantity.end)):
        behind = next((i for i, m in enumerate(mentions) if m.start <= left.end() + 1 < m.end), None)
        if behind is not None:
            return with_those_behind(text, behind, mentions, limits)
    if not inside and _is_beside_another(text, limit, limits):
        return []
    if (birth := _since_birth(limit, mentions)) is not None:
        return [birth]
    last = inside[-1] if inside else _in_front(text, limit, aside.start() if aside else start, limits, mentions)
    if (
        last is None and aside and EXAMPLES_BEHIND.match(aside[0])
    ):  # "exposure to the sun (e.g. tanning) within 2 weeks"
        last = next((i for i in range(len(mentions) - 1, -1, -1) if _lies_in(mentions[i], aside.span())), None)
    if last is None and OWN_SUBJECT.search(text, 0, start):
        return []
    if last is None:
        kept = kept_until(text, limit, mentions)
        return (
            events_behind(text, limit, limits, mentions)
            if kept is None
            else with_those_in_front(text, kept, mentions, limits)
        )
    if lies_ahead(text, limit, mentions[last]) or says_for_whom(text, mentions[last]):
        return []
    if limit.direction == "after" and STUDY_TREATMENT.search(
        text, max(0, mentions[last].start - 40), mentions[last].start
    ):
        if last == 0:
            return []
        last -= 1  # "contraception for the duration of study treatment with nivolumab and 5 months after it"
    if mentions[last].label != "treatment" and ACTS_ON.search(
        text, max(0, mentions[last].start - 70), mentions[last].start
    ):
        if last == 0 or mentions[last - 1].label != "treatment" or mentions[last].start - mentions[last - 1].end > 70:
            return []  # "any agent with documented activity against HIV-1 within 28 days"
        last -= 1  # "an antibiotic active against tuberculosis in the last 14 days"
    if last > 0 and (whole := _excepted_from(text, mentions[last - 1], mentions[last], limits)) is not None:
        limit.exception_to = whole
        return [last]
    while last > 0 and _is_subordinate(text, limit, mentions[last - 1], mentions[last]):
        last -= 1
    last = led_to(text, last, mentions)
    if last is None:
        return []
    line = [i for i in with_those_in_front(text, last, mentions, limits) if not lies_ahead(text, limit, mentions[i])]
    line = without_those_for_whom(text, line, mentions)
    if goes_on(text, limit, line, mentions):
        line = [last]
    line = without_lasting(text, line, mentions)
    if aside and mentions[last].end <= aside.start() and not SETS_ASIDE.search(aside[0]):
        line += [i for i in range(last + 1, len(mentions)) if _lies_in(mentions[i], aside.span())]
    return _with_examples(text, limit, line, limits, mentions)


NEXT_BEHIND = re.compile(r"\)\s*[,;]?\s*(?:(?:and/or|or|and)\s+)?", re.I)


def _is_beside_another(text: str, limit: Limit, limits: Sequence[Limit]) -> bool:
    """ "Radiotherapy (2 weeks) or antibodies (12 weeks)": what is dated here, known or not, stands behind the other."""
    start, said = limit.quantity.start, limit.span
    return (
        said is not None
        and said[1] <= start
        and text.startswith("(", start - 1)
        and any(x.is_time and NEXT_BEHIND.fullmatch(text, x.quantity.end, said[0]) for x in limits)
    )


def _since_birth(limit: Limit, mentions: Sequence[Said]) -> int | None:
    """ "Breastfeeding or within 6 weeks postpartum": the time is told by the word behind it."""
    if not limit.quantity.is_maximum:
        return None
    behind = (i for i, m in enumerate(mentions) if 0 < m.start - limit.quantity.end <= 2)
    return next((i for i in behind if mentions[i].concept == "postpartum"), None)


STUDY_TREATMENT = re.compile(r"\b(?:study|protocol)\s+(?:treatment|therapy|drugs?)\s+with\s+(?:[\w-]+\s+){0,2}$", re.I)
ACTS_ON = re.compile(
    r"\b(?:(?:active|activity|directed|effective)\s+against|(?:agents?|drugs?|medications?|substances?)\s+(?:\w+ly\s+(?:or\s+\w+ly\s+)?)?"
    r"associated\s+(?:with|to)|effects?\s+on)\s+(?:[\w.-]+\s+){0,4}$",
    re.I,
)
EXCEPT = re.compile(
    r"[\s,;(]+(?:with\s+the\s+exception\s+of|except(?:ing)?(?:\s+for)?|apart\s+from)\s+(?:[\w-]+\s+)?$", re.I
)


def _excepted_from(text: str, whole: Said, one: Said, limits: Sequence[Limit]) -> int | None:
    """The window that one of its own replaces: "chemotherapy within 4 weeks, except paclitaxel within 2 weeks"."""
    for number, other in enumerate(limits):
        near = other.kind == "time_window" and whole.end <= other.quantity.start < one.start
        if near and EXCEPT.fullmatch(text, other.quantity.end, one.start):
            return number
    return None


def _is_subordinate(text: str, limit: Limit, one: Said, other: Said) -> bool:
    """Whether a mention only says what the one in front of it is for, or what comes of it."""
    if LASTING.match(text, other.end, limit.quantity.start):
        return False  # "anaesthesia for operations lasting an hour"
    if SUBORDINATE.fullmatch(text, one.end, other.start):
        return True
    if one.label == "state" and limit.kind == "duration" and WITHOUT.fullmatch(text, one.end, other.start):
        return True  # "walk without assistive devices for 20 minutes"
    if THEN.fullmatch(text, one.end, other.start) and OR_WITHIN.match(text, other.end):
        return True
    return TO.fullmatch(text, one.end, other.start) is not None and PURPOSE.match(text, other.start) is not None


def _lies_in(mention: Said, span: tuple[int, int]) -> bool:
    return span[0] <= mention.start and mention.end <= span[1]


def _with_examples(
    text: str, limit: Limit, line: list[int], limits: Sequence[Limit], mentions: Sequence[Said]
) -> list[int]:
    """The events with what they are examples of, and with their examples, which the window dates as well."""
    if len(line) > 1 and _is_head(text, mentions[line[0]], mentions[line[1]]):
        line = line[1:]
    first, last = line[0], line[-1]
    start = limit.quantity.start
    front, one = mentions[first - 1], mentions[first]
    if first > 0 and EXAMPLES_LAST.fullmatch(text, front.end, one.start) and not _is_head(text, front, one):
        line = [*with_those_in_front(text, first - 1, mentions, limits), *line]
    elif mentions[last].end < start and EXAMPLES_BEHIND.match(text, mentions[last].end, start):
        line += [i for i in range(last + 1, len(mentions)) if mentions[i].end <= start]
    end = end_of(limit)
    behind = next((i for i in range(last + 1, len(mentions)) if mentions[i].start >= end), None)
    if behind is not None and EXAMPLES_LAST.fullmatch(text, end, mentions[behind].start):
        line += with_those_behind(text, behind, mentions, limits)
    return line


ROUTE = r"(?:systemic|oral|inhaled|topical|intravenous|iv|parenteral|inject(?:ed|able)|intra-?\s?\w+|nasal|depot)"
BY_ROUTE = re.compile(  # "Corticosteroids: systemic within 4 weeks, inhaled within 2 weeks"
    rf"\s*(?:\([^()]*\)\s*)?[:–-]\s*(?:[^.;:()]{{1,80}}[,;]\s*(?:(?:and|or)\s+)?)?"
    rf"{ROUTE}(?:\s*(?:,|/|or|and)\s*{ROUTE})*\s*(?:use\s*)?\(?",
    re.I,
)
OF_A_LABEL = re.compile(r"\s*(?:\([^()]*\)\s*)?:\s*(?:within\s*)?", re.I)


def _is_head(text: str, whole: Said, one: Said) -> bool:
    """ "Heart disease including a stroke within 6 months": it is the stroke that is dated."""
    cue = EXAMPLES_LAST.fullmatch(text, whole.end, one.start) if one.label == whole.label == "condition" else None
    return cue is not None and "ncluding" in cue[0]


def _in_front(text: str, limit: Limit, end: int, limits: Sequence[Limit], mentions: Sequence[Said]) -> int | None:
    """The nearest mention that ends before `end`, if it is the window's."""
    last = next((i for i in range(len(mentions) - 1, -1, -1) if mentions[i].end <= end), None)
    if last is None:
        return None
    gap = text[mentions[last].end : end]
    if ANOTHER_EVENT.search(gap) or TESTED.search(gap) or OWN_SUBJECT.search(gap):
        return None
    if mentions[last].label == "treatment" and BY_ROUTE.fullmatch(gap):
        return last
    if OF_A_LABEL.fullmatch(gap) and text[: mentions[last].start].rstrip(" *•-–")[-1:] in ("(", ";"):
        return last  # "(rituximab: within 6 months)"
    if LISTED.match(gap):
        first = mentions[with_those_in_front(text, last, mentions, limits)[0]]
        if not text[: first.start].strip(" *•-–"):
            return last  # "Etanercept: at least 4 weeks prior to day 1"
    if len(gap) < 240 and EXAMPLES_BEHIND.match(gap) and not STATEMENT_ENDS.search(gap):
        return last  # "thrombosis, such as a stroke, within 6 months"
    if mentions[last].label == "state" and WHAT_STATE_IS.fullmatch(gap):
        return last
    if is_of_another(text, limit, mentions[last].end, limits):
        return None
    marrow = any(
        x.attribute == "bone_marrow_irradiated" and mentions[last].end <= x.quantity.start < end for x in limits
    )
    near = len(GRADED.sub("", gap)) < (120 if marrow else 60)
    if near and not TO_WINDOW.search(gap) and not HARD_BREAK.search(gap):
        return last
    ahead = limit.kind == "time_window" and limit.direction == "after"
    if not ahead and len(gap) < FARTHEST and ATTRIBUTIVE.match(gap) and not STATEMENT_ENDS.search(gap):
        return last  # "substances that are known to affect plasticity within 2 months"
    if limit.kind == "time_window" and mentions[last].label == "procedure" and COMPLEMENT.fullmatch(gap):
        return last
    said = text[slice(*limit.span)] if limit.span else ""
    if len(gap) > FARTHEST or OTHER_STATEMENT.search(gap) or (said and not SAYS_NOTHING.fullmatch(said)):
        return None
    # "a foot ulcer below the ankle, of Wagner grade 1 or 2, present for 4 weeks"
    return last if with_those_in_front(text, last, mentions, limits)[0] == 0 else None
