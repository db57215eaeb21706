"""Wholes: what an exception is made from, and what a permission lifts.

That is the row in front of its words. Of several that are listed there it is the one that is of the same kind as what
is excepted ("CNS metastases or meningitis; treated brain metastases are allowed" lifts the metastases), and the first
where all of the list are of one kind ("congenital or acquired coagulation disorders other than haemophilia").
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from trialcriteria.components.limits import CLAUSE_ENDS, Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.turns import Turn
from trialcriteria.records import Requirement, Segment
from trialcriteria.requirements.kinship import kinship, stems

FURTHEST = 8  # rows of a list that are looked at
CLOSE = 3  # the kinship of what words in common name
NEAR = 60  # characters between a limit and whom a permission lifts it for
APART = re.compile(r"[(;,]|[.](?=\s)|\bnot\s+apply\b")
LISTED = re.compile(r"[\s,/()]*(?:and/or|and|or)?\s*(?:[\w-]+\s+){0,4}", re.I)
IN_ONE_CLAUSE = (
    r"(?:(?!\b(?:unless|except\w*|but|with|without|including|defined|requir\w+|need\w*|caus\w+|due)\b)[^;:.]|\.(?=\d))"
)
COORDINATED = re.compile(  # "prednisone > 10 mg/d or other immunosuppressants within 7 days (topical allowed)"
    rf"{IN_ONE_CLAUSE}{{0,80}}?(?:,|/|\b(?:and/or|and|or)\b){IN_ONE_CLAUSE}{{0,60}}", re.I
)
AND_OR = re.compile(r"\b(?:and/or|and|or)\b", re.I)
SET_OFF = re.compile(r",\s*(?:and/or|and|or)\b", re.I)
COMMA = re.compile(r"[^;:.,]{0,60},\s*(?!(?:and|or)\b)[^;:.,]{0,60}", re.I)
UNLESS = re.compile(r"unless\b", re.I)
OTHER = re.compile(r"\bother\s+$", re.I)
OTHER_THAN = re.compile(r"\s*(?:other\s+than|besides|apart\s+from)\b", re.I)
GOES_ON = re.compile(r"\s*,\s*(?!(?:which|who|within|during|unless)\b)[a-z]", re.I)


class Whole(NamedTuple):
    """A row that an exception can be made from; `row` counts the mentions, then the limits."""

    end: int
    start: int
    row: int


class Wholes:
    """What the exceptions and permissions of one criterion are made from.

    `demands` are those of the mentions, then of the limits, and may still change.
    """

    def __init__(
        self,
        piece: Segment,
        text: str,
        mentions: Sequence[Said],
        limits: Sequence[Limit],
        demands: Sequence[Requirement],
    ) -> None:
        self._piece, self._text, self._demands = piece, text, demands
        self._mentions, self._limits = mentions, limits
        self.let_in: set[int] = set()  # mentions that a permission lifts a limit for

    def describes(self, row: int) -> bool:
        """Whether a row only describes, and so lifts nothing."""
        return self._demands[row] == "describe"

    def of_mention(self, i: int, turns: Sequence[Turn]) -> int | None:
        """What a mention lifts: by an exception, or by a permission among reasons for exclusion."""
        if self.describes(i):
            return None
        mention = self._mentions[i]
        cue = _exception(turns, mention.start)
        if cue is not None:
            before = self._in_front(cue.start, i, of_all=UNLESS.match(cue.words) is not None)
            return before if before is not None else self._behind(cue, i)
        said = {turn.category for turn in turns}
        if "EXCEPTION" in said:  # "(skin cancer and CIS are excepted)"
            return self._in_front(mention.start, i)
        if self._demands[i] != "permit" or "PERMIT" not in said:
            return None
        excluding = self._piece.section == "exclusion"
        whole = self._in_front(mention.start, i, mentions_only=True) if excluding else self._akin_ban(i)
        if whole is not None or mention.label != "condition":
            return whole
        limit = self._in_front(mention.start, i)
        if not self._stands_apart(limit, mention.start):
            return None
        self.let_in.add(i)
        return limit

    def _akin_ban(self, own: int) -> int | None:
        """Among reasons for inclusion: "no prior chemotherapy; adjuvant chemotherapy is allowed"."""
        for k in range(own - 1, -1, -1):
            if self._demands[k] == "forbid" and self._kinship(k, own)[0] == CLOSE:
                return k
        return None

    def of_limit(self, i: int, turns: Sequence[Turn]) -> int | None:
        """What a limit lifts that replaces nothing: "HBs antigen positive (HBV DNA < 10 IU/mL is permitted)"."""
        limit, own = self._limits[i], len(self._mentions) + i
        cue = _exception(turns, limit.quantity.start)
        if cue is not None:
            whole = self._in_front(cue.start, own, of_all=UNLESS.match(cue.words) is not None)
            near = self._in_front(cue.start, own)
            return near if near in limit.events and whole not in limit.events else whole
        if any(turn.category == "EXCEPTION" for turn in turns):
            return None
        if self._piece.section != "exclusion" or self._demands[own] != "permit" or limit.is_time:
            return None
        return self._in_front(limit.first, own, mentions_only=True)

    def _stands_apart(self, whole: int | None, start: int) -> bool:
        """Whether a permission adds something to a limit: "bilirubin < 1.5 mg/dL (Gilbert's disease is allowed)"."""
        if whole is None or whole < len(self._mentions):
            return False
        limit = self._limits[whole - len(self._mentions)]
        end = limit.quantity.end
        return (
            limit.kind in ("lab", "vital") and start - end < NEAR and APART.search(self._text, end, start) is not None
        )

    @cached_property
    def _standing(self) -> list[Whole]:
        """The rows that stand for themselves by their ends: windows, and what else narrows a mention, go with that.

        But of toxicity that need not be there the grade is what binds.
        """
        n = len(self._mentions)
        rows = [Whole(mention.end, mention.start, i) for i, mention in enumerate(self._mentions)]
        rows += [
            Whole(limit.quantity.end, limit.first, n + i)
            for i, limit in enumerate(self._limits)
            if not limit.narrows and not limit.is_time and self._binds_alone(limit)
        ]
        return sorted(rows, key=lambda whole: (whole.end, -whole.row))

    def _binds_alone(self, limit: Limit) -> bool:
        if not limit.events or limit.attribute != "ctcae":
            return not limit.events
        return all(self._demands[i] == "permit" for i in limit.events)

    def _in_front(self, place: int, own: int, *, mentions_only: bool = False, of_all: bool = False) -> int | None:
        """The row in front of a place that the row `own` is excepted from.

        `of_all`: of all that is listed there, where it is akin to none. So is a permission, which only mentions have.
        """
        binding = ("forbid",) if mentions_only else ("forbid", "require")
        listed: list[Whole] = []  # the nearest first, as far as its sentence reaches
        for k in range(bisect_right(self._standing, place, key=lambda whole: whole.end) - 1, -1, -1):
            whole = self._standing[k]
            if whole.row == own or self._demands[whole.row] not in binding:
                continue
            if mentions_only and whole.row >= len(self._mentions):
                continue
            if listed and (len(listed) == FURTHEST or CLAUSE_ENDS.search(self._text, whole.end, listed[-1].start)):
                break
            listed.append(whole)
        return self._chosen(listed, own, permitted=mentions_only, of_all=of_all) if listed else None

    def _chosen(self, listed: Sequence[Whole], own: int, *, permitted: bool, of_all: bool) -> int:
        """Which of several rows, the nearest first, is the whole."""
        akin = [self._kinship(whole.row, own) for whole in listed]
        chosen = akin.index(max(akin))
        if self._is_of_the_last(listed[chosen], own, permitted=permitted):
            return listed[chosen].row
        untold = (permitted or of_all) and max(akin)[0] < CLOSE and not max(akin)[1]
        while chosen + 1 < len(listed) and (
            self._are_kin(listed[chosen + 1], listed[chosen])
            or (untold and akin[chosen + 1] == akin[chosen] and self._are_coordinated(listed, chosen))
        ):
            chosen += 1
        return listed[chosen].row

    def _are_coordinated(self, listed: Sequence[Whole], i: int) -> bool:
        """Whether a row is of one list with the one in front: what is akin to none lifts all of it.

        "A or B" and "A, B, or C" are lists; in "A, or B" the second is set off, and alone has the exception.
        """
        behind, before = listed[i], listed[i + 1]
        if self._demands[before.row] != self._demands[behind.row]:
            return False
        said = COORDINATED.fullmatch(self._text, before.end, behind.start)
        if said is None or (i == 0 and AND_OR.search(said[0]) is None):
            return False
        if i > 0 or SET_OFF.search(said[0]) is None:
            return True
        third = listed[2] if len(listed) > 2 else None
        return third is not None and COMMA.fullmatch(self._text, third.end, before.start) is not None

    def _kinship(self, row: int, own: int) -> tuple[int, bool]:
        """How akin what is excepted is to a row; where the words tell no more, a name in common does."""
        n = len(self._mentions)
        if own >= n:
            return 0, False
        one, other = self._mentions[own], self._mentions[row] if row < n else self._limits[row - n]
        same = isinstance(other, Said) and one.concept is not None and one.concept == other.concept
        return kinship(self._text, one, other), same

    def _is_of_the_last(self, last: Whole, own: int, *, permitted: bool) -> bool:
        """Whether an exception is one to the last of a list: "other antibiotics (except penicillin)", "A other than B".

        What a permission lets in is not: "prednisone or other immunosuppressants (topical ones are allowed)".

        So is one in brackets behind which the list goes on: "surgery (except biopsies), radiation".
        """
        start = (
            self._mentions[own].start if own < len(self._mentions) else self._limits[own - len(self._mentions)].first
        )
        between = self._text[last.end : start]
        if not permitted and OTHER.search(self._text, max(0, last.start - 8), last.start):
            return True
        if OTHER_THAN.match(between):
            return not self._follows_a_shared_head(last)
        close = self._text.find(")", start) if "(" in between else -1
        return close >= 0 and GOES_ON.match(self._text, close + 1) is not None

    def _follows_a_shared_head(self, last: Whole) -> bool:
        """Whether the mention in front shares the head of this one: "congenital or acquired disorders"."""
        return 0 < last.row < len(self._mentions) and self._mentions[last.row - 1].rule == "shares-head"

    def _are_kin(self, before: Whole, behind: Whole) -> bool:
        """Whether two rows of a list are of one kind, so that an exception is made from both."""
        n = len(self._mentions)
        if before.row >= n or behind.row >= n or self._demands[before.row] != self._demands[behind.row]:
            return False
        if LISTED.fullmatch(self._text, before.end, behind.start) is None:
            return False
        one, other = self._mentions[before.row], self._mentions[behind.row]
        same = one.concept is not None and one.concept == other.concept
        return same or one.rule == "shares-head" or bool(self._stems(before.row) & self._stems(behind.row))

    def _stems(self, row: int) -> set[str]:
        mention = self._mentions[row]
        return stems(self._text[mention.start : mention.end])

    def _behind(self, cue: Turn, own: int) -> int | None:
        """ "Except for alopecia, all toxicities must have resolved": the first row of the main clause behind."""
        if self._text[: cue.start].strip(" *•-–\t\n"):
            return None
        start = self._mentions[own].end
        comma = self._text.find(",", start)
        found = [w for w in self._standing if w.start > comma >= 0 and self._demands[w.row] in ("forbid", "require")]
        return min(found, key=lambda whole: whole.start).row if found else None


def _exception(turns: Sequence[Turn], start: int) -> Turn | None:
    """The exception in front of a row that holds it."""
    cue = next((turn for turn in turns if turn.category == "EXCEPTION"), None) if turns else None
    return cue if cue is not None and cue.start <= start else None
