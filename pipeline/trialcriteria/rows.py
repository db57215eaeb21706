"""From a trial to its rows: criterion by criterion, through the components, to what each of them asks of a patient."""

import re
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeVar, cast

from spacy.language import Language

from trialcriteria import certainty, inheritance
from trialcriteria.components.abbreviations import may_define
from trialcriteria.components.condition_names import conditions_of
from trialcriteria.components.constraints import Constraints
from trialcriteria.components.context import statement
from trialcriteria.components.limits import Hit, Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.quantities import Quantities
from trialcriteria.components.step import Step
from trialcriteria.components.turns import Turn
from trialcriteria.components.windows.together import parent_anchor, parent_comparator
from trialcriteria.contract import (
    DIGITS,
    Ids,
    Place,
    constraint_row,
    criterion_row,
    mention_row,
    numeral_rows,
    trial_row,
)
from trialcriteria.criteria import segment
from trialcriteria.datings import date_tests
from trialcriteria.decisions import Found, decide
from trialcriteria.nlp import AFTER_LIMITS, STEPS
from trialcriteria.records import Constraint, Criterion, Mention, Numeral, Segment, Status, Trial, TrialTables
from trialcriteria.requirements import scopes

Only = Literal["all", "constraints"]
PLAIN_SIGNS = str.maketrans(  # full-width signs read as plain ones; one for one, so that offsets stay
    "（）［］：，；、．。～＜＞＝≧≦％＋－／　“”’‘０１２３４５６７８９"
    "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ\xa0\u2009\u202f",
    "()[]:,;,..~<>=≥≤%+-/ \"\"''0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ   ",
)
PLAIN_SIGNS |= str.maketrans("İıſ\u212a", "IisK")  # letters that match plain ones in any case, and fold to others
LOST_SIGN = re.compile(r"(?<!\w)(Â?)³(?=\s?\d)")  # a "≥" of the font Symbol, as old files hold it
MOST_CHARACTERS = 20_000  # of one criterion: a longer one is no criterion but a document without structure
MOST_NUMBERS = 500  # of one criterion: what holds more is a table of data; 38 is the most that 2,500 real trials hold


class _Parsed(NamedTuple):
    """What the components found in one criterion: `text` is as long as the segment's, with plain signs."""

    segment: Segment
    text: str
    data: dict[str, Any]


Row = TypeVar("Row", Constraint, Mention)


class _Rows(NamedTuple):
    """The rows of some criteria."""

    constraints: list[Constraint]
    mentions: list[Mention]
    numerals: list[Numeral]
    aimed: set[str]  # ids of limits that narrow a mention, be it kept or not

    def add(self, further: "_Rows") -> None:
        """Put the rows of a further criterion behind these."""
        self.constraints.extend(further.constraints)
        self.mentions.extend(further.mentions)
        self.numerals.extend(further.numerals)
        self.aimed.update(further.aimed)


def read_trial(nlp: Language, trial: Trial, only: Only = "all") -> TrialTables:
    """Everything that `trial` says, as rows of the five tables.

    `only="constraints"` leaves the mentions out, and with them what they target.
    """
    reader = _Reader(nlp, trial, only)
    for piece in reader.pieces:
        reader.read(piece)
    return reader.tables()


class _Reader:
    """Reads the criteria of one trial in their order: a line knows what stood above it."""

    def __init__(self, nlp: Language, trial: Trial, only: Only) -> None:
        self.nlp, self.trial, self.only = nlp, trial, only
        self.pieces = segment(trial.eligibility_text, trial.fields)
        self.parents = {piece.parent_id for piece in self.pieces}
        self.attributes = cast(Constraints, nlp.get_pipe("trialcriteria_constraints")).attributes
        self.quantities = cast(Quantities, nlp.get_pipe("trialcriteria_quantities"))
        steps = {name: cast(Step, nlp.get_pipe(name)) for name in STEPS}
        self.limiting = [step for name, step in steps.items() if name not in AFTER_LIMITS]
        self.further = [step for name, step in steps.items() if name in AFTER_LIMITS]
        self.before: dict[str, _Parsed] = {}  # by criterion
        self.handed_down: dict[str, list[Turn]] = {}  # by criterion: the cues that govern what stands below it
        self.excepted_from: dict[str, str | None] = {}  # by criterion: the row that exceptions below it are made from
        self.of_heading: dict[str | None, list[Hit]] = {}  # many criteria stand below one
        self.defined: dict[str, tuple[str, str]] = {}  # short forms
        self.criteria: list[Criterion] = []
        self.rows = _Rows([], [], [], set())

    def read(self, piece: Segment) -> None:
        """Read one criterion, whose lines above have been read."""
        if piece.language != "en" or _is_over_budget(piece.text):
            self._leave(piece, "unread" if piece.language == "en" else "unsupported_language")
            return
        text = piece.text if piece.text.isascii() else _plain(piece.text)
        if not self._is_needed(piece, text):
            self.criteria.append(criterion_row(self.trial.trial_id, piece, "unread"))
            return
        parsed = self.before[piece.criterion_id] = self._parse(piece, text)
        found = self._found(parsed)
        rows = self._lifting_what_stands_above(piece, found, self._rows_of(found, parsed))
        self.rows.add(rows)
        self.criteria.append(criterion_row(self.trial.trial_id, piece, _status(rows)))

    def tables(self) -> TrialTables:
        """The rows of all criteria that have been read."""
        raw, criteria = self.trial.eligibility_text, self.criteria
        dated = date_tests(self.rows.constraints, criteria, raw, self.rows.aimed)
        constraints = certainty.rate(dated, criteria, raw, self.attributes)
        row = trial_row(self.trial, len(criteria), len(constraints))
        return TrialTables(row, criteria, constraints, self.rows.mentions, self.rows.numerals)

    def _leave(self, piece: Segment, status: Status) -> None:
        """A criterion that is not read keeps its words, and its digits are told."""
        self.criteria.append(criterion_row(self.trial.trial_id, piece, status))
        self.rows.numerals.extend(numeral_rows(self._place(piece), [], []))

    def _is_needed(self, piece: Segment, text: str) -> bool:
        """Whether a criterion has rows to give, or something that another one needs."""
        return (
            self.only == "all"
            or piece.criterion_id in self.parents
            or self.quantities.may_find(text)
            or may_define(text)
        )

    def _parse(self, piece: Segment, text: str) -> _Parsed:
        """Let the components read a criterion, in the light of the line above it."""
        parent = self.before.get(piece.parent_id or "")
        above = inheritance.measures_above(parent.data if parent else None, self.attributes)
        data: dict[str, Any] = {
            "defined": self.defined,
            "subject": above or self._measure_of_heading(piece.heading),
            "leading": parent_comparator(parent.text) if parent is not None else None,
            "leading_anchor": parent_anchor(parent.text, parent.data) if parent is not None else None,
            "population": piece.section == "inclusion" and piece.parent_id is None,
        }
        for step in self.limiting:
            step.read(text, data)
        if self.only == "all" or data["limits"]:  # else no row would come of what the further steps find
            for step in self.further:
                step.read(text, data)
        return _Parsed(piece, text, data)

    def _measure_of_heading(self, heading: str | None) -> list[Hit]:
        if heading not in self.of_heading:
            self.of_heading[heading] = inheritance.measure_of_heading(self.nlp, heading, self.attributes)
        return self.of_heading[heading]

    def _found(self, parsed: _Parsed) -> Found:
        """What a criterion holds, and the cues that govern each of it: its own and those of the lines above."""
        piece, text, data = parsed
        mentions, limits, turns = statement(data)
        above = self.handed_down.get(piece.parent_id or "", [])
        if piece.criterion_id in self.parents:
            self.handed_down[piece.criterion_id] = above + inheritance.leading_turns(self.nlp, text, piece)
        governing = [mine + above for mine in _reaching(text, mentions, limits, turns)]
        known = conditions_of(text, data["terms"]) if mentions or limits else []
        return Found(piece, text, mentions, limits, governing, known)

    def _rows_of(self, found: Found, parsed: _Parsed) -> _Rows:
        """The rows of one criterion: its limits in the order of the text, its mentions, and the digits left over."""
        place, loose = self._place(found.segment), parsed.data["loose"]
        if not found.mentions and not found.limits:
            return _Rows([], [], numeral_rows(place, [], [], loose), set())
        decided = decide(found)
        order = _order(found.limits)
        ids = _ids(found, order, with_mentions=self.only == "all")
        n = found.first_limit
        constraints = [
            constraint_row(
                place,
                found.limits,
                i,
                found.turns[n + i],
                decided.of_limits[i],
                decided.lifted[i],
                ids,
                self.attributes,
            )
            for i in order
        ]
        mentions = [
            mention_row(place, found.mentions, i, found.turns[i], decided.of_mentions[i], ids)
            for i in range(n)
            if self.only == "all"
        ]
        aimed = {ids.of_limits[i] for i, limit in enumerate(found.limits) if limit.events}
        return _Rows(constraints, mentions, numeral_rows(place, constraints, mentions, loose), aimed)

    def _lifting_what_stands_above(self, piece: Segment, found: Found, rows: _Rows) -> _Rows:
        """Exceptions that stand below a line ("Cancer, except:") are made from what that line asks."""
        whole = self.excepted_from.get(piece.parent_id or "")
        above = self.handed_down.get(piece.parent_id or "", ())
        if piece.criterion_id in self.parents:
            unknown = bool(found.mentions) and self.only != "all"  # a mention may be meant that has no row
            self.excepted_from[piece.criterion_id] = None if unknown else _asked_first(rows) or whole
        if whole is None or not any(turn.category == "EXCEPTION" for turn in above):
            return rows
        if found.mentions:  # limits beside them narrow them
            return rows._replace(mentions=[_made_from(whole, row) for row in rows.mentions])
        return rows._replace(constraints=[_made_from(whole, row) for row in rows.constraints])

    def _place(self, piece: Segment) -> Place:
        parent = self.before.get(piece.parent_id or "")
        return Place(self.trial.trial_id, piece, parent.segment if parent else None, self.trial.eligibility_text)


def _is_over_budget(text: str) -> bool:
    """Whether a criterion is left unread for its size, so that no text can hold up a run."""
    return len(text) > MOST_CHARACTERS or (len(text) > MOST_NUMBERS and len(DIGITS.findall(text)) > MOST_NUMBERS)


def _plain(text: str) -> str:
    """A text with plain signs in place of full-width and lost ones, as long as it was.

    >>> _plain("BMI ³ 30（kg/m³）")
    'BMI ≥ 30(kg/m³)'
    """
    return LOST_SIGN.sub(lambda sign: " " * len(sign[1]) + "≥", text.translate(PLAIN_SIGNS))


def _reaching(
    text: str, mentions: Sequence[Said], limits: Sequence[Limit], turns: Sequence[Sequence[Turn]]
) -> list[list[Turn]]:
    """The cues of a criterion that do reach each of its mentions, then of its limits."""
    n = len(mentions)
    of_mentions = [
        [turn for turn in turns[i] if not scopes.goes_beyond(text, turn, mention.start, limits)]
        for i, mention in enumerate(mentions)
    ]
    of_limits = [
        [
            turn
            for turn in turns[n + i]
            if scopes.reaches(text, turn, limit, limits)
            and not scopes.goes_beyond(text, turn, limit.quantity.start, limits)
        ]
        for i, limit in enumerate(limits)
    ]
    return of_mentions + of_limits


def _order(limits: Sequence[Limit]) -> list[int]:
    """The limits in the order of the text."""
    return sorted(range(len(limits)), key=lambda i: (limits[i].quantity.start, limits[i].span or (0, 0)))


def _ids(found: Found, order: Sequence[int], *, with_mentions: bool) -> Ids:
    """Mentions and limits are called by their places in the criterion."""
    id = found.segment.criterion_id
    place_of = {i: place for place, i in enumerate(order, 1)}
    return Ids(
        [f"{id}m{i}" if with_mentions else None for i in range(1, found.first_limit + 1)],
        [f"{id}c{place_of[i]}" for i in range(len(order))],
    )


def _asked_first(rows: _Rows) -> str | None:
    """The first mention that is required or forbidden, else the first limit, by its id."""
    asked = [row.mention_id for row in rows.mentions if row.requirement in ("require", "forbid")]
    asked += [row.constraint_id for row in rows.constraints if row.requirement in ("require", "forbid")]
    return asked[0] if asked else None


def _made_from(whole: str, row: Row) -> Row:
    free = row.requirement == "permit" and row.exception_to is None
    return row._replace(exception_to=whole) if free else row


def _status(rows: _Rows) -> Status:
    """How much of a criterion was read: all of it, none, or not all of its numbers."""
    if not rows.constraints and not rows.mentions:
        return "unread"
    return "partial" if any(left.reason == "unread" for left in rows.numerals) else "read"
