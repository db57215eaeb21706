"""Mentions beside a window that it does not date: what only says why, when or for whom, and what lies ahead.

And the other way round: what a time after the trial is of, though words about the trial stand between them.
"""

import re
from collections.abc import Sequence

from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.telling import Sought
from trialcriteria.components.windows.siblings import AHEAD, DONE

IF = Sought("if", r"\bif\s+(?:(?:a|an|the|otherwise|patient|subject|participant|is|are|healthy)\s+){0,5}$", re.I)
WHY = re.compile(
    r"\b(?:to\s+treat|risk\s+(?:for|of)|(?:treatments?|therap(?:y|ies)|medications?|drugs?|agents?|prophylaxis|prevention|management)"
    r"(?:\s*\([^()]*\))?\s+(?:for|of|against)(?:\s+either)?|(?:used|indicated|given|taken|prescribed)\s+for)\s+"
    r"(?:(?:the|an?|any|his|her|their|current|chronic|acute)\s+)*$",
    re.I,
)
A_RISK = re.compile(r"(?:\w+\s+){0,2}risk\s+(?:of|for)\b", re.I)
TREATED_FOR = re.compile(  # no treatment is named but this, and what it is for is the event
    r"(?<!\bfor )(?<!\bfor the )(?<!prevention or )(?<!-)\b(?:treatments?|treated|therap(?:y|ies))\s+(?:for|of)\s+"
    r"(?:(?:the|an?|any|his|her|their|current|chronic|acute)\s+)*$",
    re.I,
)
CHANGED = re.compile(r"\b(?:changes?|adjustments?|modifications?)\s+(?:in|of|to)\b[^.;,]*$", re.I)
CLASSED = re.compile(r"\s*\(?\s*[^,;.()]{0,20}\b(?:NYHA|New\s+York\s+Heart)\b", re.I)
NYHA = re.compile(r"\b(?:NYHA|New\s+York\s+Heart)\b", re.I)
HEART_FAILURE = re.compile(r"failure|\bCHF\b|\bHF\b|insufficiency", re.I)
ELSE = re.compile(r"\b(?:or|and|other|any)\b", re.I)
WHEN = re.compile(r"\b(?:during|throughout)\s+(?:(?:the|an?|their|this|any|current|previous|prior)\s+)*$", re.I)
COMMA = re.compile(r"\s*(?:\([^()]*\)\s*)?,\s*(?:(?!(?:and|or)\b)[\w-]+\s+){0,3}")
ADJECTIVE = re.compile(r"(?:al|ic|ar|ous|ive)$")
FURTHER = re.compile(
    r"\)?(?:,\s*(?:(?:and|or)\s+)?|\s+or\s+)(?!(?:except|exclu|unless|other\s+than|which|whichever|with|without|but|prior|"
    r"before|if|as|including|such|who|that|not|are|is|must|will|may|provided)\b)\w",
    re.I,
)
ANOTHER = re.compile(  # what leads from one window to an event of its own
    r"[,;\s]*\b(?:and|or|nor)\s+(?:(?:no|any|prior|previous|other|the|a|an|received|use\s+of|use)\s+)*"
    r"(?!(?:at|less|more|not|within|in|for|up|during|only|again|over|then|last|the\s+last|must|should|was|were|has|have|is|"
    r"are|if|when|expected|planned|anticipated|stable|unchanged|discontinued|stopped)\b)[A-Za-z][\w-]+",
    re.I,
)
KEPT = re.compile(  # what is asked of patients until some time after the trial
    r"contracept|birth\s+control|condom|barrier|abstain|abstinen|refrain|donat|breast|nurs|lactat|pregnan|conce(?:iv|ption)|"
    r"vaccin|father",
    re.I,
)
ENDS = {  # "contraception for 4 weeks after study treatment" is so long after its end
    None: "last_dose",
    "first_dose": "last_dose",
    "treatment_start": "last_dose",
    "prior_therapy": "last_dose",
    "study_start": "study_end",
    "enrolment": "study_end",
}
BEGINS = re.compile(r"first|start|begin|initiat|enter|entry|enrol|random", re.I)
AFTER_THE_TRIAL = frozenset({"last_dose", "study_end", "treatment_end"})
FARTHEST = 250  # characters between contraception and how long it is asked for


def says_for_whom(text: str, mention: Said) -> bool:
    """Whether a mention says only for whom: "if diabetic, any major illness in the past 3 months"."""
    return IF.search(text, max(0, mention.start - 30), mention.start) is not None and text[mention.end :][:1] == ","


BEFORE = re.compile(r"\b(?:prior|before|preceding)\b", re.I)
WILL_NEED = re.compile(
    r"\bwill\s+(?:likely\s+|probably\s+)?(?:need|require|undergo|receive)\b[^.;,]{0,40}$|\blikely\s+to\s+(?:need|require|undergo)\b[^.;,]{0,40}$",
    re.I,
)


def lies_ahead(text: str, limit: Limit, mention: Said) -> bool:
    """Whether a mention lies ahead and a window behind: "planning to conceive, or abortion in the past two months"."""
    future = limit.kind == "time_window" and limit.rule == "window-within" and limit.direction == "before"
    said = text[limit.quantity.end : limit.anchor_span[0]] if limit.anchor_span else ""
    if future and not BEFORE.search(said) and WILL_NEED.search(text, max(0, mention.start - 60), mention.start):
        limit.direction = "after"  # "will likely need paracentesis within 3 months of the start of treatment"
    return limit.rule in ("window-past", "window-ago") and AHEAD.match(text, mention.start) is not None


def led_to(text: str, last: int, mentions: Sequence[Said]) -> int | None:
    """The mention that one in front of a window leads back to; itself unless it says why or when.

    "Taken to treat anaemia within 4 weeks" is not about the anaemia, "rituximab during pregnancy, last given within
    7 days" not about the pregnancy, but "treatment for angina within a year" is about the angina. None where nothing
    else is near.
    """
    mention = mentions[last]
    front = max(0, mention.start - 60)
    why = mention.label == "condition" and (
        WHY.search(text, front, mention.start) or A_RISK.match(text, mention.start, mention.end)
    )
    if not why and not WHEN.search(text, front, mention.start):
        return last
    itself = last if why and TREATED_FOR.search(text, front, mention.start) else None
    if itself is not None and CHANGED.search(text, front, mention.start):
        return None
    other = mentions[last - 1] if last else None
    if other is None:
        return itself
    if why and ELSE.search(text, other.end, why.start()):
        return None if other.label in DONE else itself  # "thiazolidinediones, or any other drugs for hyperglycaemia"
    near = mention.start - other.end < 80 and HARD_BREAK.search(text, other.end, mention.start) is None
    return last - 1 if near and (other.label in DONE or not why) else itself


def goes_on(text: str, limit: Limit, line: Sequence[int], mentions: Sequence[Said]) -> bool:
    """Whether a list only goes through its window: "hepatitis, malignancy within the past five years, or HIV"."""
    if len(line) < 2 or ADJECTIVE.search(text, mentions[line[-2]].start, mentions[line[-2]].end):
        return False  # "bacterial, viral, fungal infection within 2 weeks"
    end, start = limit.quantity.end, limit.quantity.start
    if limit.anchor_span and limit.anchor_span[0] >= end:
        end = limit.anchor_span[1]
    further = FURTHER.match(text, end) is not None
    inside = text.find("(", mentions[line[-1]].end, start) if limit.kind == "time_window" else -1
    if further and inside >= 0 and text.find(")", inside, start) < 0 and text[end : end + 1] == ")":
        return True  # "angina at rest or new angina (begun within the last 3 months), or infarction"
    if not COMMA.fullmatch(text, mentions[line[-2]].end, mentions[line[-1]].start):
        return False
    return further or text[:start].endswith("(")  # "asthma, stroke (within 6 months)"


def without_those_for_whom(text: str, line: list[int], mentions: Sequence[Said]) -> list[int]:
    """A list without what only says for whom: "if a healthy smoker, any illness or injury in the past 3 months"."""
    whom = [place for place, i in enumerate(line) if says_for_whom(text, mentions[i])]
    return line[whom[-1] + 1 :] if whom and whom[-1] + 1 < len(line) else line


def without_lasting(text: str, line: list[int], mentions: Sequence[Said]) -> list[int]:
    """A list without what has a class and lasts: "heart failure (NYHA III), stroke or infarction within 6 months"."""
    if len(line) < 2:
        return line
    last = line[-1]
    dated = [i for i in line if i == last or CLASSED.match(text, mentions[i].end) is None]
    first = dated[0]
    if len(dated) > 1 and HEART_FAILURE.search(text, mentions[first].start, mentions[first].end):
        front = text[max(0, mentions[first].start - 40) : mentions[first].end]
        if NYHA.search(front):
            del dated[0]
    return dated


def is_of_another(text: str, limit: Limit, start: int, limits: Sequence[Limit]) -> bool:
    """Whether a window in front took the mention: "no radiation within 30 days and no [unlisted] within 90 days"."""
    end = limit.quantity.start
    ends = [
        x.anchor_span[1] if x.anchor_span and x.anchor_span[1] <= end else x.quantity.end
        for x in limits
        if x.kind == limit.kind == "time_window" and x.quantity.start >= start and x.quantity.end < end
    ]
    return bool(ends) and ANOTHER.match(text, max(ends), end) is not None


def kept_until(text: str, limit: Limit, mentions: Sequence[Said]) -> int | None:
    """What is asked for until some time after the trial: "contraception throughout the study and 8 weeks after it"."""
    q = limit.quantity
    after = limit.direction == "after" and (limit.anchor in AFTER_THE_TRIAL or limit.anchor in ENDS)
    before = limit.direction == "before" and q.is_minimum  # "begin contraception at least 28 days before"
    if limit.kind != "time_window" or not (after or before):
        return None
    for index in range(len(mentions) - 1, -1, -1):
        mention = mentions[index]
        if mention.end > q.start or not KEPT.search(text, mention.start, mention.end):
            continue
        near = q.start - mention.end < FARTHEST and HARD_BREAK.search(text, mention.end, q.start) is None
        return index if near else None
    return None


def lasts_until(text: str, limit: Limit, mentions: Sequence[Said]) -> None:
    """Contraception "until 6 months after [an unlisted drug]" or "after stopping" is counted from the last dose."""
    if limit.kind != "time_window" or limit.direction != "after" or limit.anchor not in ENDS:
        return
    if limit.anchor_span and BEGINS.search(text, *limit.anchor_span):
        return
    if any(KEPT.search(text, mentions[i].start, mentions[i].end) for i in limit.events):
        limit.anchor = ENDS[limit.anchor]
