"""From a trial to its rows: criterion by criterion, through the components, to what each of them asks of a patient."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple, TypeVar, cast

from spacy.language import Language

from trialcriteria import certainty, inheritance
from trialcriteria.announced import date_events
from trialcriteria.components.abbreviations import may_define
from trialcriteria.components.condition_names import conditions_of
from trialcriteria.components.constraints import Constraints
from trialcriteria.components.context import statement
from trialcriteria.components.limits import Hit, Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.quantities import Quantities
from trialcriteria.components.step import Phase, Step
from trialcriteria.components.turns import Turn
from trialcriteria.components.windows.listed import parent_anchor, parent_comparator
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
from trialcriteria.decisions import Decided, Found, decide
from trialcriteria.headings.choices import lets_in
from trialcriteria.nlp import AFTER_LIMITS, BEFORE_LIMITS, STEPS
from trialcriteria.records import Constraint, Criterion, Mention, Numeral, Segment, Status, Trial, TrialTables
from trialcriteria.requirements import scopes

Only = Literal["all", "constraints"]
PLAIN_SIGNS = str.maketrans(  # full-width signs read as plain ones; one for one, so that offsets stay
    "（）［］：，；、．。～＜＞＝≧≦％＋－／　“”’‘０１２３４５６７８９"
    "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ\xa0\u2009\u202f",
    "()[]:,;,..~<>=≥≤%+-/ \"\"''0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ   ",
)
PLAIN_SIGNS |= str.maketrans("İıſ\u212a", "IisK")  # letters that match plain ones in any case, and fold to others
LOST_SIGN = re.compile(  # a "≥" of the font Symbol, as old files hold it
    r"(?<!\w)(Â?)³(?=\s?(?:\d|(?:NCI|CTC(?:AE)?|grade)\b))", re.I
)
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
    return _Reader(nlp, trial, only).tables()


class _Reader:
    """Reads the criteria of one trial, in their order: a line knows what stood above it.

    Each step goes through all of them before the next one begins: its code and expressions stay at hand then, and a
    trial takes a tenth less time than criterion by criterion.
    """

    def __init__(self, nlp: Language, trial: Trial, only: Only) -> None:
        self.nlp, self.trial, self.only = nlp, trial, only
        self.pieces = segment(trial.eligibility_text, trial.fields)
        self.parents = {piece.parent_id for piece in self.pieces}
        self.attributes = cast(Constraints, nlp.get_pipe("trialcriteria_constraints")).attributes
        self.quantities = cast(Quantities, nlp.get_pipe("trialcriteria_quantities"))
        steps = {name: cast(Step, nlp.get_pipe(name)) for name in STEPS}
        self.naming = _phases(step for name, step in steps.items() if name in BEFORE_LIMITS)
        self.limiting = _phases(step for name, step in steps.items() if name not in BEFORE_LIMITS | AFTER_LIMITS)
        self.further = _phases(step for name, step in steps.items() if name in AFTER_LIMITS)
        self.before: dict[str, _Parsed] = {}  # by criterion
        self.handed_down: dict[str, list[Turn]] = {}  # by criterion: the cues that govern what stands below it
        self.holding: dict[str, inheritance.Holding] = {}  # by criterion: the condition of all that stands below it
        self.excepted_from: dict[str, str | None] = {}  # by criterion: the row that exceptions below it are made from
        self.letting_in: set[str | None] = set()  # criteria below which all is asked of whom an exclusion lets in
        self.of_heading: dict[str | None, list[Hit]] = {}  # many criteria stand below one
        self.defined: dict[str, tuple[str, str]] = {}  # short forms
        self.criteria: list[Criterion] = []
        self.rows = _Rows([], [], [], set())

    def tables(self) -> TrialTables:
        """The rows of all criteria."""
        self._parse()
        every = {id: self._found(parsed) for id, parsed in self.before.items()}
        full = {id: found for id, found in every.items() if found.mentions or found.limits}
        decided = dict(zip(full, decide(self._as_asked(found) for found in full.values()), strict=True))
        for piece in self.pieces:
            if not _is_read(piece):
                self._leave(piece, "unread" if piece.language == "en" else "unsupported_language")
            elif found := every.get(piece.criterion_id):
                self._add(found, decided.get(piece.criterion_id))
            else:
                self.criteria.append(criterion_row(self.trial.trial_id, piece, "unread"))
        raw, criteria = self.trial.eligibility_text, self.criteria
        dated = date_tests(self.rows.constraints, criteria, raw, self.rows.aimed)
        dated, mentions = date_events(dated, self.rows.mentions, criteria, self.rows.aimed)
        constraints = certainty.rate(dated, criteria, raw, self.attributes)
        row = trial_row(self.trial, len(criteria), len(constraints))
        return TrialTables(row, criteria, constraints, mentions, self.rows.numerals)

    def _add(self, found: Found, decided: Decided | None) -> None:
        """Add the rows of one criterion."""
        rows = self._lifting_what_stands_above(found, self._rows_of(found, decided))
        self.rows.add(self._under_the_condition_above(found, rows))
        self.criteria.append(criterion_row(self.trial.trial_id, found.segment, _status(rows)))

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

    def _parse(self) -> None:
        """Let the components read all criteria, first those that others stand below and are read in the light of."""
        for piece in self.pieces:
            text = piece.text if piece.text.isascii() else _plain(piece.text)
            if _is_read(piece) and self._is_needed(piece, text):
                self.before[piece.criterion_id] = _Parsed(piece, text, {"defined": self.defined})
        every = list(self.before.values())
        for read in self.naming:
            for _, text, data in every:
                read(text, data)
        for parsed in every:
            if parsed.segment.criterion_id in self.parents:
                self._look_above(parsed)
                for read in self.limiting:
                    read(parsed.text, parsed.data)
        below = [parsed for parsed in every if parsed.segment.criterion_id not in self.parents]
        for parsed in below:
            self._look_above(parsed)
        for read in self.limiting:
            for _, text, data in below:
                read(text, data)
        for piece, _, data in every:
            if parent := self.before.get(piece.parent_id or ""):
                inheritance.turn_outside(parent.text, data["limits"])
        limited = [parsed for parsed in every if self.only == "all" or parsed.data["limits"] or self._is_dated(parsed)]
        for read in self.further:  # no row would come of what they find elsewhere
            for _, text, data in limited:
                read(text, data)

    def _is_dated(self, parsed: _Parsed) -> bool:
        """Whether the line above holds a time, which may be of what stands here."""
        parent = self.before.get(parsed.segment.parent_id or "")
        return parent is not None and any(limit.is_time for limit in parent.data["limits"])

    def _look_above(self, parsed: _Parsed) -> None:
        """What a criterion takes from the line above it."""
        piece, text, data = parsed
        parent = self.before.get(piece.parent_id or "")
        above = inheritance.measures_above(parent.text, parent.data, self.attributes) if parent else []
        data["subject"] = above or self._measure_of_heading(piece.heading)
        data["leading"] = parent_comparator(parent.text) if parent is not None else None
        data["leading_anchor"] = parent_anchor(parent.text, parent.data) if parent is not None else None
        let_in = piece.parent_id in self.letting_in
        if piece.criterion_id in self.parents and (let_in or (piece.section == "exclusion" and lets_in(text))):
            self.letting_in.add(piece.criterion_id)
        data["included"] = piece.section == "inclusion" or let_in
        data["population"] = data["included"] and piece.parent_id is None

    def _as_asked(self, found: Found) -> Found:
        """A criterion as it is decided about: what is asked of whom an exclusion lets in is read like an inclusion."""
        let_in = found.segment.parent_id in self.letting_in
        return found._replace(segment=found.segment._replace(section="inclusion")) if let_in else found

    def _measure_of_heading(self, heading: str | None) -> list[Hit]:
        if heading not in self.of_heading:
            self.of_heading[heading] = inheritance.measure_of_heading(self.nlp, heading, self.attributes)
        return self.of_heading[heading]

    def _found(self, parsed: _Parsed) -> Found:
        """What a criterion holds, and the cues that govern each of it: its own and those of the lines above."""
        piece, text, data = parsed
        mentions, limits, turns = statement(data)
        above = self.handed_down.get(piece.parent_id or "", [])
        further = [turn for turn in above if not inheritance.names_the_permitted(turn)]
        leads = piece.criterion_id in self.parents
        if leads:
            self.handed_down[piece.criterion_id] = further + inheritance.leading_turns(self.nlp, text, piece)
        treated = [mention.label in ("treatment", "procedure") for mention in mentions] + [False] * len(limits)
        governing = [
            mine + scopes.without_said_twice(text, mine, above if given else further)
            for mine, given in zip(_reaching(text, mentions, limits, turns), treated, strict=True)
        ]
        known = conditions_of(text, data["terms"]) if mentions or limits or leads else []
        return Found(piece, text, mentions, limits, governing, known)

    def _rows_of(self, found: Found, decided: Decided | None) -> _Rows:
        """The rows of one criterion: its limits in the order of the text, its mentions, and the digits left over."""
        place, loose = self._place(found.segment), self.before[found.segment.criterion_id].data["loose"]
        if decided is None:
            return _Rows([], [], numeral_rows(place, [], [], loose), set())
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

    def _lifting_what_stands_above(self, found: Found, rows: _Rows) -> _Rows:
        """Exceptions that stand below a line ("Cancer, except:") are made from what that line asks."""
        piece = found.segment
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

    def _under_the_condition_above(self, found: Found, rows: _Rows) -> _Rows:
        """What stands below "If on anticoagulants, the following must be met:" is asked of those alone."""
        piece = found.segment
        above = self.holding.get(piece.parent_id or "")
        if piece.criterion_id in self.parents:
            own = inheritance.condition_below(found.text, piece, found.conditions)
            if holding := own or above:
                self.holding[piece.criterion_id] = holding
        if above is None:
            return rows
        return rows._replace(
            constraints=[_held(row, above) for row in rows.constraints],
            mentions=[_held(row, above) for row in rows.mentions],
        )

    def _place(self, piece: Segment) -> Place:
        parent = self.before.get(piece.parent_id or "")
        return Place(self.trial.trial_id, piece, parent.segment if parent else None, self.trial.eligibility_text)


def _phases(steps: Iterable[Step]) -> list[Phase]:
    return [phase for step in steps for phase in step.phases]


def _is_read(piece: Segment) -> bool:
    """Whether a criterion is in a language that is read, and no longer than what is."""
    return piece.language == "en" and not _is_over_budget(piece.text)


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
        [
            turn
            for turn in turns[i]
            if not scopes.goes_beyond(text, turn, mention.start, limits)
            and not scopes.is_result_of_another(text, turn, i, mentions)
        ]
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


def _held(row: Row, holding: inheritance.Holding) -> Row:
    """A row under the condition of the line above, where it has none of its own and asks something."""
    free = row.condition is None and row.requirement != "describe"
    return row._replace(condition=holding.words, condition_id=holding.id) if free else row


def _status(rows: _Rows) -> Status:
    """How much of a criterion was read: all of it, none, or not all of its numbers."""
    if not rows.constraints and not rows.mentions:
        return "unread"
    return "partial" if any(left.reason == "unread" for left in rows.numerals) else "read"
