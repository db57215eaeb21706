"""Turns: a cue that governs a target, and announced lists, whose items share the cue that announces them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from trialcriteria.components.reach import denied_before
from trialcriteria.components.telling import BEGINNING, Sought, beginnings_in, holds_any
from trialcriteria.headings import announcements, statements
from trialcriteria.headings.announcements import ACTS
from trialcriteria.headings.words import WORDS


class Turn(NamedTuple):
    """A cue that governs a target."""

    category: str
    start: int
    end: int
    words: str


def is_excepted(turns: Sequence[Turn]) -> bool:
    """Whether a cue takes a target out of what else is said."""
    return any(turn.category == "EXCEPTION" for turn in turns)


FOLLOWING = re.compile(
    r"(?:^|[.;:,(]|\b(?:but|and|although))\s*(?P<but>(?:but|however|although|nevertheless|and)\W+)?(?:[\w-]+\s+){0,3}?"
    r"(?:the\s+|of\s+these\s+)?following\s+(?:[\w-]+\s+){0,4}$",
    re.I,
)
TO_THE_LIST = re.compile(r"[^.:;\n()]{0,60}:")
LETS_IN = re.compile(r"eligib|enrol|includ|participat|enter", re.I)


def announce(text: str, targets: Sequence[tuple[int, int]], turns: list[list[Turn]], verdicts: Sequence[Turn]) -> None:
    """ "However, the following patients are allowed to enrol: vitiligo, …": what is said of a list holds for its items.

    Who is "eligible" among reasons for inclusion is only named, unless it is said against something.
    """
    for turn in verdicts if "following" in text or "Following" in text else ():
        front = FOLLOWING.search(text, max(0, turn.start - 90), turn.start)
        behind = TO_THE_LIST.match(text, turn.end)
        if front is None or behind is None or (LETS_IN.search(turn.words) and not front["but"]):
            continue
        ends = ENDS.search(text, behind.end())
        for (start, end), own in zip(targets, turns, strict=True):
            listed = behind.end() <= start and (ends is None or start < ends.start())
            if listed and turn not in own and not any(_speaks_for_itself(other, (start, end)) for other in own):
                own.append(turn)


NOT = frozenset({"not"})
NAMED_AT_ONCE = re.compile(r"\s+(?:(?:the|an?|any|in|for|those|patients|subjects|with|of)\s+)*", re.I)
BUT = re.compile(r"\b(?:but|though|although|however),?\s+$", re.I)


def take_out_what_is_not_meant(text: str, targets: Sequence[tuple[int, int]], turns: Sequence[list[Turn]]) -> None:
    """Among reasons for exclusion "malignancy, but not basal cell carcinoma" takes out of the first what it names."""
    starts = sorted(start for start, _ in targets) if holds_any(text, NOT) else []
    for own in turns if starts else ():
        for i, turn in enumerate(own):
            but = turn.words.lower() == "not" and BUT.search(text, 0, turn.start)
            named = next((start for start in starts if start >= turn.end), turn.end)
            if but and starts[0] < but.start() and NAMED_AT_ONCE.fullmatch(text, turn.end, named):
                own[i] = turn._replace(category="EXCEPTION")


PERMITTED_LIST = Sought(  # named and listed; "acceptable methods of contraception" are asked for
    "permitted allowed allowable acceptable permissible following",
    r"(?:^|(?<=[.;:]\s))\W*(?P<cue>permitted|allowed|allowable|acceptable|permissible)\s+(?!(?:methods?|forms?|means)\b)"
    r"(?:(?!(?:if|for|in|to|as|only|with|are|is)\b)[\w/-]+\s+){1,4}?(?:includes?|are|consists?\s+of)(?=:|\s+(?!not\b|only\b|[\w-]+ed\b))|"
    r"\bfollowing\s+(?:[\w-]+\s+){0,3}?(?P<apart>(?:are|is|will)\s+not\s+(?:be\s+)?(?:considered|regarded|counted|classified))\b"
    r"[^.;:]{0,60}:",
    re.I,
)


def permit_what_is_listed(text: str, targets: Sequence[tuple[int, int]], turns: list[list[Turn]]) -> None:
    """ "Permitted antihypertensive drugs include: amlodipine, …": all that the sentence names.

    So is what is told apart from the forbidden: "the following are not considered major procedures: biopsy, …".
    """
    for found in PERMITTED_LIST.finditer(text):
        ends = ENDS.search(text, found.end())
        cue = found.span("cue" if found["cue"] else "apart")
        turn = Turn("PERMIT", *cue, found[0].strip())
        for (start, _), own in zip(targets, turns, strict=True):
            listed = (cue[1] if found["cue"] else found.end()) <= start and (ends is None or start < ends.start())
            if listed and found["apart"]:
                own[:] = [other for other in own if not found.start() <= other.start < found.end()]
            if listed and not any(other.category in ("PERMIT", "PROHIBIT") for other in own):
                own.append(turn)


KEEPS_OUT = frozenset(  # an announcement that keeps anyone out holds one: elsewhere two long searches are saved
    re.findall("[a-z]+", written.replace("-?", ""))[0][:BEGINNING]
    for kind in ("keeps_out", "obstacles", "denies")
    for written in WORDS["announcements"][kind]
)


def keep_out(text: str, targets: Sequence[tuple[int, int]], turns: list[list[Turn]]) -> None:
    """ "Lung cancer. Not eligible: carcinoid, sarcoma": who is announced as kept out is, to the end of the sentence."""
    if beginnings_in(text).isdisjoint(KEEPS_OUT) or not holds_any(text, ACTS):
        return
    for start, end, section in [*announcements(text), *statements(text)]:
        if section != "exclusion":
            continue
        bracket = text.find(")", end) if text[start - 1 : start] in ("(", "[") else -1
        ends = ENDS.search(text, end)
        last = bracket if bracket >= 0 else ends.start() if ends else len(text)
        for (at, _), own in zip(targets, turns, strict=True):
            if end <= at < last and not any(turn.category in ("EXCEPTION", "PERMIT") for turn in own):
                own[:] = [turn for turn in own if not start <= turn.start < end]
                own.append(Turn("PROHIBIT", start, end, text[start:end]))


AGAIN_WORDS = re.compile(r"\b(?:likewise|similarly|the same|as well|too)\b", re.I)
AGAIN = re.compile(
    r"(?:^|[.;]\s+)(?:(?:likewise|similarly|the same (?:holds|applies|goes|is true) (?:for|of|to))\b[^.;]*|"
    r"[^;:]*?(?<!,)\s(?:likewise|as well|too)(?=\s*(?:[.;]|$)))",
    re.I,
)


def say_again(text: str, targets: Sequence[tuple[int, int]], turns: list[list[Turn]]) -> None:
    """ "Asthma is excluded. Dialysis, BMI > 40 likewise": what was said in front is said once more."""
    for found in AGAIN.finditer(text) if AGAIN_WORDS.search(text) else ():
        before = [i for i, (start, _) in enumerate(targets) if start < found.start() + 1]
        said = turns[max(before, key=lambda i: targets[i])] if before else []
        verdict = [turn for turn in said if turn.category in ("PERMIT", "PROHIBIT")]
        for (start, _), own in zip(targets, turns, strict=True):
            if found.start() < start < found.end() and not own:
                own += verdict


ANNOUNCES = re.compile(
    r"(?:exceptions?|excluded|exclusionary|allowed|permitted|acceptable|following\b.*|\bare|\binclude)\s*:?$", re.I
)
ENDS = re.compile(r"(?<![\s:;,.(][a-z0-9])[.](?=\s)|\n|\b(?:however|but|must|should)\b", re.I)


TUMOUR = re.compile(
    r"cancer|malignan|neoplas|carcino|tumou?r|melanoma|lymphoma|leuk[ae]?emia|sarcoma|in situ|basal|squamous|"
    r"\b(?:CIS|DCIS|NMSC|BCC|SCC)\b",
    re.I,
)
FURTHER_ITEM = re.compile(r"\s*(?:[^.;:]{0,40};\s*(?:(?:or|and)\s+)?(?:[\w-]+\s+){0,6}|[^.;:]{0,60})")


def except_further_tumours(text: str, targets: Sequence[tuple[int, int]], turns: list[list[Turn]]) -> None:
    """ "Malignancy, except carcinoma in situ of the cervix; basal cell cancer": tumours go on over semicolons."""
    if ";" not in text or not any(is_excepted(own) for own in turns):
        return
    lead: tuple[int, Turn] | None = None
    for i in sorted(range(len(targets)), key=lambda i: targets[i]):
        start, end = targets[i]
        tumour = TUMOUR.search(text, start, end) is not None
        own = next((turn for turn in turns[i] if turn.category == "EXCEPTION" and turn.end <= start), None)
        if own is not None:
            lead = (end, own) if tumour else None
        elif lead is not None and tumour and not turns[i] and FURTHER_ITEM.fullmatch(text, lead[0], start):
            turns[i].append(lead[1])
            lead = (end, lead[1])
        else:
            lead = None


def hand_on(text: str, targets: Sequence[tuple[int, int]], turns: list[list[Turn]]) -> None:
    """ "Exceptions: vitiligo; type 1 diabetes; eczema": an announced list goes on over its semicolons."""
    said = {turn.category for those in turns for turn in those}
    for category in ("EXCEPTION", "PERMIT"):
        if category not in said:
            continue
        order = sorted(range(len(targets)), key=lambda i: targets[i])
        lead: Turn | None = None
        for i in order:
            here = next((turn for turn in turns[i] if turn.category == category and turn.end <= targets[i][0]), None)
            if here is not None:
                colon = text[here.end :].lstrip().startswith(":")
                announced = (colon and category == "EXCEPTION") or (
                    ANNOUNCES.search(here.words) and (colon or here.words.endswith((":", "are", "include")))
                )
                lead = here if announced else None
            elif lead is not None:
                if ENDS.search(text, lead.end, targets[i][0]):
                    lead = None
                elif not any(_speaks_for_itself(turn, targets[i]) for turn in turns[i]):
                    turns[i].append(lead)


NONE_OF = re.compile(
    r"\b(?P<cue>none\s+of|(?:avoid|abstain\s+from|refrain\s+from|no|without|free\s+(?:of|from)|not\s+ha(?:ve|d))\b"
    r"(?:\s+[\w-]+){0,3}?)\s+(?:the\s+)?following\b[^.;:]{0,120}:",
    re.I,
)


CLOSES = re.compile(r"\)")
NO_KIND_OF = re.compile(
    r"(?P<cue>no)\s+(?!(?:more|less|later|longer|other)\s+than\b)[^.;:()\d]{3,60}(?::|\(\s*(?:e\.g\.|i\.e\.|such\s+as|including))",
    re.I,
)


def deny_list(text: str, targets: Sequence[tuple[int, int]], turns: list[list[Turn]]) -> None:
    """ "None of the following diseases that may cause emboli: mitral stenosis, endocarditis": all are denied."""
    lists = [*NONE_OF.finditer(text)] if "following" in text else []
    if text.startswith(("No ", "no ")) and (opening := NO_KIND_OF.match(text)):
        lists.append(opening)
    for found in lists:
        ends = (CLOSES if "(" in found[0] else ENDS).search(text, found.end())
        if denied_before(text, found.start()):
            continue  # "unable to avoid the following: …"
        for (start, _), own in zip(targets, turns, strict=True):
            listed = found.end() <= start and (ends is None or start < ends.start())
            if listed and not any(turn.category in ("NEGATED", "EXCEPTION", "PERMIT", "PROHIBIT") for turn in own):
                own.insert(0, Turn("NEGATED", *found.span("cue"), found["cue"]))


def _speaks_for_itself(turn: Turn, target: tuple[int, int]) -> bool:
    """Whether a cue takes one item out of an announced list; a result behind does not: "HCV RNA undetectable"."""
    return turn.category == "PROHIBIT" or (turn.category == "NEGATED" and turn.start < target[0])
