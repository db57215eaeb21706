"""Recoveries: which toxicity is to have gone back to which grade: "toxicity of prior therapy resolved to grade ≤ 1"."""

import re
from collections.abc import Sequence

from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.reach import closes

VERB = r"(?:recover|resol[vu]|return|improv|subsid|abat|reduc|alleviat|decreas|revert|diminish)\w*"
RECOVERS = re.compile(rf"\b{VERB}", re.I)
NOT_RECOVERED = re.compile(rf"\bnot\s+(?:\w+ly\s+|yet\s+|been\s+){{0,3}}{VERB}", re.I)
TO_A_GRADE = re.compile(  # "recovered from toxicity due to therapy to baseline or grade ≤ 1"
    r"(?<!due )(?<!related )(?<!secondary )(?<!attributed )(?<!attributable )"
    r"\b(?:to|until)\s+(?:(?!except|unless|other|but\b|with\b)[\w.,/()<>=≤-]+\s+){0,9}?[\w(/-]*$",
    re.I,
)
THAT_IS = re.compile(  # "not recovered (i.e., ≤ grade 1)"
    r"\s*\(\s*(?:(?:i\.?e|that is)\b[.,\s]*)?(?:baseline\s+or\s+)?", re.I
)
TOXIC = re.compile(r"toxic|adverse|\beffects?\b|\bAEs?\b", re.I)
SENTENCE_ENDS = re.compile(r";|[.]\s+[A-Z]")
BELONGS_TO = re.compile(  # "toxicity (except alopecia) from any prior therapy of grade ≥ 2"
    r"\s*(?:\([^()]*\)\s*)?(?:from|of|due\s+to|related\s+to|caused\s+by|attribut\w+\s+to|secondary\s+to|derived\s+from|"
    r"resulting\s+from|associated\s+with)\s+(?:\w+\s+){0,3}$",
    re.I,
)
FARTHEST = 220


def not_gone_to(text: str, limit: Limit) -> tuple[int, int] | None:
    """The words that deny a recovery to a grade: "not recovered from toxicity to grade ≤ 1", not "from grade 2"."""
    denied = list(NOT_RECOVERED.finditer(text, max(0, limit.first - FARTHEST), limit.first))
    if not denied:
        return None
    end = denied[-1].end()
    gone_to = TO_A_GRADE.search(text, end, limit.first) or THAT_IS.fullmatch(text, end, limit.first)
    return denied[-1].span() if gone_to and not SENTENCE_ENDS.search(text, end, limit.first) else None


NOT_LOWERED = re.compile(
    r"\b(?:can\s?not|not)\s+(?:be\s+)?(?:(?:\w+ly|well)\s+)?(?:controll\w+|lowered|reduced|managed|brought|maintained|kept)\b"
    r"(?:[^.;,()<>≤≥]{0,40}|\s*\([^().;<>≤≥]*)[<>≤≥=]*\s*$",  # "not well controlled (SBP of 150 mmHg or less)"
    re.I,
)
NOT_RAISED = re.compile(
    r"\b(?:can\s?not|not)\s+(?:be\s+)?(?:\w+ly\s+)?(?:maintain\w*|kept|corrected|raised|achieved?)\b[^.;,()<>≤≥]{0,40}[<>≤≥=]*\s*$",
    re.I,
)


def not_kept(text: str, limit: Limit) -> tuple[int, int] | None:
    """The words that deny that a measure is kept on the right side: "pressure not controlled to < 140/90 mmHg"."""
    if limit.kind not in ("lab", "vital"):
        return None
    operator, start = limit.quantity.operator, limit.quantity.start
    rule = {"<": NOT_LOWERED, "<=": NOT_LOWERED, ">": NOT_RAISED, ">=": NOT_RAISED}.get(operator or "")
    found = rule.search(text, max(0, start - 200), start) if rule else None
    return (found.start(), found.end()) if found else None


def toxicity_of(text: str, limit: Limit, mentions: Sequence[Said]) -> int | None:
    """The toxicity that a grade is of, where more than a few words or the treatment behind it stand between them."""
    toxic = [i for i, mention in enumerate(mentions) if TOXIC.search(text, mention.start, mention.end)]
    before = [i for i in toxic if mentions[i].end <= limit.first and closes(text, mentions[i].end, limit.first) is None]
    if before and _is_of(text, mentions[before[-1]], limit, mentions):
        return before[-1]
    behind = [i for i in toxic if mentions[i].start >= limit.quantity.end]
    led = RECOVERS.search(text, max(0, limit.first - 40), limit.first)
    between = text[limit.quantity.end : mentions[behind[0]].start] if behind else ";"
    return behind[0] if led and len(between) < 40 and re.search(r"[;.:,]", between) is None else None


def _is_of(text: str, toxic: Said, limit: Limit, mentions: Sequence[Said]) -> bool:
    if limit.first - toxic.end > FARTHEST or SENTENCE_ENDS.search(text, toxic.end, limit.first):
        return False
    if RECOVERS.search(text, max(0, toxic.start - 30), limit.first) and TO_A_GRADE.search(text, toxic.end, limit.first):
        return True
    last = max((m for m in mentions if m.end <= limit.first), key=lambda m: m.start)
    return last.label == "treatment" and BELONGS_TO.fullmatch(text, toxic.end, last.start) is not None
