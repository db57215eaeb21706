"""What a statement does to a patient for whom its words hold: the design's table, from the section and the cues.

The table's first rows: asserted, negated ("no prior …"), prohibited ("are excluded"), permitted and excepted.
"""

import re
from collections.abc import Sequence

from trialcriteria.components.turns import Turn
from trialcriteria.records import Requirement, Segment

OF_SECTION: dict[str, Requirement] = {"inclusion": "require", "exclusion": "forbid", "other": "describe"}
BEGINS_WITH_NO = re.compile(r"\W*no\b", re.I)
WANTED = re.compile(  # what a trial needs of a patient: "No measurable disease" among reasons for exclusion
    r"\s+(?:[\w-]+\s+){0,3}?(?:care-?\s?givers?|insurance|(?:study\s+)?partner|informant|guardian|telephone|phone|"
    r"consent|venous access|vascular access|access to|measurable|evaluable|assessable|contracepti\w+|birth control|"
    r"willingness|ability|capacity|(?:histolog|cytolog|patholog)\w*|tissue|indication|social support|"
    r"permanent address)\b",
    re.I,
)


def effective(piece: Segment, text: str, turns: Sequence[Turn]) -> Requirement:
    """Require, forbid, permit or describe: from the section and the cues that govern a statement."""
    base = OF_SECTION[piece.section]
    if base == "describe" or not turns:
        return base
    categories = [turn.category for turn in turns]
    if "EXCEPTION" in categories or any(_permits(piece, text, turn) for turn in turns):
        return "permit"
    if "PROHIBIT" in categories:
        return "require" if _keeps_out_who_lacks_it(text, turns) else "forbid"
    if negations(turns) % 2 == 0:
        return base
    return "forbid" if base == "require" or forbids_all_the_same(text, turns) else "require"


ONLY = re.compile(
    r"(?:^|[.;(]\s*)\W*only\s+(?:\w+\s+)?(?:patients|subjects|participants|those|individuals|women|men)\b[^.;()]*$",
    re.I,
)
INCLUDED = re.compile(r"(?:will be|are|were) (?:included|entered)", re.I)
ALSO = re.compile(r"\b(?:also|still|even|if|provided|as long as|regardless|irrespective|too)\b", re.I)


def _permits(piece: Segment, text: str, turn: Turn) -> bool:
    """Whether a cue permits: among reasons for inclusion "men with asthma will be included" says who is meant."""
    if turn.category != "PERMIT" or piece.section != "inclusion":
        return turn.category == "PERMIT"
    if ONLY.search(text, max(0, turn.start - FAR), turn.start):
        return False  # "only patients who have not received any chemotherapy are eligible"
    return INCLUDED.fullmatch(turn.words) is None or ALSO.search(text) is not None


def forbids_all_the_same(text: str, turns: Sequence[Turn]) -> bool:
    """Whether a denial among reasons for exclusion forbids what it denies, as it would among those for inclusion.

    READING's rule 14 for "No known HIV"; "patients must not have had a stroke"; and "inhaled steroids are permitted in
    the absence of asthma".
    """
    if not turns:
        return False
    begins = turns[0].start <= 3 and BEGINS_WITH_NO.match(text) is not None and WANTED.match(text, turns[0].end) is None
    if begins or any(_is_ban(text, turn) or _opens_a_sentence(text, turn) for turn in turns):
        return True
    if turns[0].words == "no" and text[: turns[0].start].endswith("(") and UNMET.search(text, 0, turns[0].start):
        return True
    return PERMITTED.search(text, 0, turns[-1].start) is not None


UNMET = re.compile(r"\bnot\s+(?:meet|fulfil|satisf|reach)", re.I)


def _opens_a_sentence(text: str, turn: Turn) -> bool:
    """ "Pelvic irradiation in the past. No dementia": as at the beginning of an item."""
    return turn.words == "No" and text[: turn.start].rstrip()[-1:] in (".", ";")


def negations(turns: Sequence[Turn]) -> int:
    """How many negations govern a statement: an even number leaves it as it is."""
    return 0 if not turns else sum(turn.category == "NEGATED" for turn in turns)


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
    r"enrolled|included|enroll|participate|continue)\b[^.;]*$|\ballow(?:s|ing)?\s+[^.;]*$",
    re.I,
)
BAN = re.compile(
    r"(?<!\bwho )(?<!\bthat )\b(?:(?:must|should|shall|(?:are|were)\s+to)\s+(?:agree\s+(?:to\s+)?)?"
    r"(?:be\s+(?:(?:confirmed|documented|tested|shown|found)\s+(?:to\s+be\s+|as\s+)?)?|have\s+)?"
    r"(?:not?|free|without|negative|undetectable|absent|non|abstain(?:ed)?|refrain(?:ed)?|avoid(?:ed)?)\b|"
    r"may not\b(?! be able)|can ?not have\b|can ?not use any\b|"
    r"(?:patients?|subjects?|participants?|women|females?)\s+can ?not\s+be\s+(?!\w+ed\b))",
    re.I,
)
NONE_MAY_BE_GIVEN = re.compile(  # "no commercial agents other than study drugs may be administered"
    r"no\s+(?:other\s+)?[^.;:]{2,120}?\b(?:may|can|will|should|must|are\s+to)\s+be\s+(?:administered|given|used|taken|applied)\b",
    re.I,
)
CONFIRMED = re.compile(  # "confirmation that the subject is not pregnant", "to be confirmed as not pregnant"
    r"\bconfirm(?:ation|ed)?\s+(?:that|as|to\s+be)\s+(?:[\w-]+\s+){0,4}?$", re.I
)
LONGEST_BAN = 40
IN_A_LIST_OF_DUTIES = re.compile(  # "must have recovered from all toxicities, not require steroids, and not have …"
    r"(?<!\bwho )(?<!\bthat )\b(?:must|should|shall)\b(?!\s+(?:be\s+)?(?:excluded|discontinue))"
    r"[^.;:()]*,\s*(?:and\s+)?$",
    re.I,
)
FAR = 220


def _is_ban(text: str, turn: Turn) -> bool:
    """Whether a negation says what a patient must not be, also among reasons for exclusion: "must not have had"."""
    if turn.category != "NEGATED":
        return False
    if turn.words.lower() == "no" and NONE_MAY_BE_GIVEN.match(text, turn.start):
        return True
    ban = BAN.search(text, max(0, turn.start - 20), turn.end + LONGEST_BAN)
    if ban is not None and ban.start() < turn.end:
        return True
    if CONFIRMED.search(text, max(0, turn.start - FAR), turn.start):
        return True
    if turn.words.lower() == "nor" and BAN.search(text, max(0, turn.start - FAR), turn.start):
        return True
    return IN_A_LIST_OF_DUTIES.search(text, max(0, turn.start - FAR), turn.start) is not None
