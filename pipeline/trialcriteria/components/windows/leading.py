"""Windows that lead: their event stands behind them: "current or recent (within 10 days) use of aspirin".

Nothing but what leads to an event stands in front of such a window, and nothing of another statement behind it.
"""

import re
from collections.abc import Sequence

from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.subjects import clause_start
from trialcriteria.components.windows.siblings import with_those_behind

APART = re.compile(  # what shows that a window that leads is of nothing that stands behind these words
    r"[;]|[.](?=\s)|\b(?:must|should|will|would|unless|except\w*|other\s+than|excluding|if|but|whose|notes?|NB|even|"
    r"known\s+to|likely\s+to|which|measured|results?|show\w*|while|until|start\w*|because|due\s+to|as\s+part|to\s+exclude|"
    r"cannot|not\s+yet|half-li\w+|demonstrat\w+|available)\b",
    re.I,
)
HAVE_ELAPSED = re.compile(r"\s*(?:(?:must|should|have|has|shall)\s+)+(?:elapsed|passed)\s+(?=since|from|after)", re.I)
ANNOUNCED = re.compile(r"\b(?:following|these|any\s+of)\b[^.;]*:\s*(?:an?\s+|the\s+|any\s+)*$", re.I)
LIST_ENDS = re.compile(
    r"\.\s+[A-Z]|\n|\b(?:except\w*|unless|without|excluding|other\s+than|are\s+(?:allowed|permitted|eligible))\b", re.I
)
ANOTHER_ONE = re.compile(r",\s*(?:and|or)\b")
FARTHEST_BEHIND = 100  # characters between a window that leads and its event
RECENT = re.compile(  # what stands in front of a window that leads
    r"(?:[\W\d]|\b(?:current|currently|recent|recently|or|and|new|prior|previous|previously|any|an?|the|use|of|has|have|had|"
    r"patients?|subjects?|participants?|individuals?|those|persons?|who|with|taken|taking|using|used|is|history|"
    r"synchronous|metachronous|concurrent|active|known|diagnosis|diagnosed|newly|episode|evidence|presence|occurrence|"
    r"treatment|treated|therapy|exposure|exposed|administration|administered|intake|participation|participated|participating|"
    r"enrolled|enrolment|enrollment|in|completed|discontinued|are|undergoing|undergone|receipt|for|now|"
    r"continuously|ongoing|suspected|met|that|one|more|chronic|regular|significant|clinically|i\.e|e\.g|"
    r"you|person|they|radiographic|during|within|following|these|listed|drugs?|medications?|agents?|treatments|"
    r"conditions?|events?|diseases?|disorders?|cardiac|past|no|not|been|received|receiving|did|must|should|be|is|are|on|either)\b)*",
    re.I,
)


def events_behind(text: str, limit: Limit, limits: Sequence[Limit], mentions: Sequence[Said]) -> list[int]:
    """The events behind a window that leads: "current or recent (within 10 days) use of aspirin"."""
    start, end = limit.quantity.start, end_of(limit)
    if limit.kind != "time_window" or limit.direction != "before":
        return []
    first = next((i for i, m in enumerate(mentions) if m.start >= end), None)
    if first is None or mentions[first].start - end > FARTHEST_BEHIND:
        return []
    behind = mentions[first].start
    if any(end <= other.quantity.start < behind for other in limits):
        return []
    elapsed = HAVE_ELAPSED.match(text, end)
    if APART.search(text, elapsed.end() if elapsed else end, behind):
        return []
    if limit.rule == "time-since" and (limit.quantity.operator is None or ANOTHER_ONE.search(text, end, behind)):
        return []
    if not RECENT.fullmatch(text, clause_start(text, start), start):
        return []
    if ANNOUNCED.search(text, clause_start(text, start), behind):
        return _announced(text, first, limits, mentions)
    return with_those_behind(text, first, mentions, limits)


def _announced(text: str, first: int, limits: Sequence[Limit], mentions: Sequence[Said]) -> list[int]:
    """All that a colon announces: "any of the following in the past year: pain that requires care, a stroke"."""
    times = [x.quantity.start for x in limits if x.is_time and x.quantity.start > mentions[first].start]
    end = LIST_ENDS.search(text, mentions[first].start)
    last = min([end.start() if end else len(text), *times])
    line = [i for i in range(first, len(mentions)) if mentions[i].end <= last]
    if times and last == min(times):  # what stands right in front of another window is of that
        line = with_those_behind(text, first, mentions, limits)
    return line


def end_of(limit: Limit) -> int:
    """Where a window ends, with the anchor behind it."""
    end = limit.quantity.end
    return limit.anchor_span[1] if limit.anchor_span and limit.anchor_span[0] >= end else end
