"""Which row stands on the words that a corpus names.

A row may have other bounds than the corpus gives the thing; the row that shares most of its words stands on it.
"""

from collections.abc import Sequence

from trialcriteria.annotations.offsets import Fragments
from trialcriteria.records import Constraint, Mention, TrialTables
from trialcriteria.scoring.bounds import Span

Row = Constraint | Mention
Placed = tuple[Span, Row]
LASTING = ("time_window", "duration")


def placed(read: TrialTables) -> list[Placed]:
    """The rows of a trial with their places, in text order; windows and durations are left out."""
    rows: list[Row] = [*read.mentions, *read.constraints]
    places = [(place, row) for row in rows if (place := place_of(row))]
    return sorted(places, key=lambda found: found[0])


def place_of(row: Row) -> Span | None:
    """The words that say what a row is about; of a window that is its event, which has a row of its own."""
    if isinstance(row, Mention):
        return row.start, row.end
    if row.kind in LASTING or row.attribute_start is None or row.attribute_end is None:
        return None
    return row.attribute_start, row.attribute_end


def windows(read: TrialTables) -> list[Placed]:
    """The windows and durations of a trial, each where its limit stands."""
    return [((row.start, row.end), row) for row in read.constraints if row.kind in LASTING]


def row_on(pieces: Fragments, rows: Sequence[Placed]) -> Row | None:
    """The row on most of the words of something."""
    place, row = max(rows, key=lambda found: overlap(pieces, found[0]), default=((0, 0), None))
    return row if overlap(pieces, place) else None


def overlap(pieces: Fragments, place: Span) -> int:
    """How many characters two places share, of which one may be in pieces."""
    return sum(max(0, min(end, place[1]) - max(start, place[0])) for start, end in pieces)
