"""How results look on a terminal: lines and rich tables, made here and printed by `cli` alone."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from trialcriteria import tables
from trialcriteria.batch import FIRST_FAULTS, Report
from trialcriteria.contradictions import MEANINGS
from trialcriteria.manifest import Counts
from trialcriteria.query import Answer
from trialcriteria.records import Constraint, Fault

if TYPE_CHECKING:  # what scores is imported with spaCy behind it, which a run of `extract` has no need of here
    from trialcriteria.doctor import Finding
    from trialcriteria.evaluation import Result
    from trialcriteria.scoring.errors import Disagreement


def grid(*headings: str) -> Table:
    """A table without lines, which can be copied from a terminal as it stands."""
    table = Table(box=None, pad_edge=False, show_header=bool(headings))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def summary(report: Report) -> Iterator[RenderableType]:
    """What a run did: records in and out, rows by table, and what could not be read."""
    counts = report.counts
    yield Text(
        f"{counts.records:,} records in = {counts.trials:,} trials + {counts.quarantined:,} quarantined"
        f" + {counts.skipped:,} skipped, in {report.seconds:.1f} s"
    )
    table = grid()
    for name, n in counts.rows.items():
        table.add_row(name, f"{n:,}", _remark(name, counts))
    yield table
    if kinds := [f"{what} ({n:,})" for kind, what in MEANINGS.items() if (n := report.notes.by_kind[kind])]:
        yield Text(f"noted in the manifest: {'; '.join(kinds)}")
    if report.resumed:
        yield Text(f"{report.resumed:,} of the trials had been read before this run was gone on with")
    if report.compared:
        changed = ", ".join(f"{n:,} {what}" for what, n in sorted(counts.changes.items()) if n) or "nothing changed"
        yield Text(f"{counts.kept:,} trials kept their rows; {changed}")
    if counts.repeated_ids:
        yield Text(f"{counts.repeated_ids:,} repeated ids were told apart as id#2, id#3 …")
    if report.ids_not_found:
        first = ", ".join(report.ids_not_found[:5])
        yield Text(f"{len(report.ids_not_found):,} ids asked for were not found: {first}")
    yield from set_aside(report)
    yield Text(f"written to {report.folder}")


def set_aside(report: Report) -> Iterator[Text]:
    """What could not be read, and why: the first files and records of each sort, and how many more there are."""
    for item in report.skipped[:FIRST_FAULTS]:
        yield Text(f"skipped: {item.source}: {item.reason}")
    if len(report.skipped) > FIRST_FAULTS:
        yield Text(f"and {len(report.skipped) - FIRST_FAULTS:,} more, all in the manifest")
    for fault in report.quarantined:
        yield Text(f"quarantined: {fault_line(fault)}")
    if report.counts.quarantined > len(report.quarantined):
        yield Text(f"and {report.counts.quarantined - len(report.quarantined):,} more, all in the quarantine file")


def _remark(table: str, counts: Counts) -> str:
    if table == "criteria":
        return ", ".join(f"{n:,} {status}" for status, n in sorted(counts.statuses.items()))
    return f"{counts.unread_numerals:,} unread" if table == "numerals" else ""


def fault_line(fault: Fault) -> str:
    """File, record, fault and way out in one line.

    >>> fault_line(Fault("a.csv", "NCT1", "no_criteria", "the field is empty", "Look at the record."))
    'a.csv (NCT1): the field is empty (no_criteria). Look at the record.'
    """
    record = f" ({fault.record})" if fault.record else ""
    return f"{fault.source}{record}: {fault.detail} ({fault.reason}). {fault.way_out}"


def progress(counts: Counts, trials_a_second: float, seconds_left: float | None) -> str:
    """How far a run is, in one line.

    >>> progress(Counts(trials=1200, quarantined=1), 61.6, 3725)
    '1,200 trials (62/s), 0 rows, 1 quarantined, about 1:02:05 left'
    """
    rows = sum(counts.rows.values())
    left = "" if seconds_left is None else f", about {timedelta(seconds=round(seconds_left))} left"
    return (
        f"{counts.trials:,} trials ({trials_a_second:,.0f}/s), {rows:,} rows, {counts.quarantined:,} quarantined{left}"
    )


def log_line(event: str, **facts: object) -> str:
    """A line of the log as JSON: ids, places and counts, never a word of a text.

    >>> log_line("quarantined", record="NCT1", reason="no_eligibility_text")[38:]
    '"event": "quarantined", "record": "NCT1", "reason": "no_eligibility_text"}'
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"time": now, "event": event, **facts}, ensure_ascii=False)


def log_counts(counts: Counts) -> dict[str, int]:
    """How far a run is, for a line of the log."""
    rows = sum(counts.rows.values())
    return {"trials": counts.trials, "rows": rows, "quarantined": counts.quarantined, "skipped": counts.skipped}


def first_rows(rows: Iterable[Constraint]) -> Table:
    """Constraints as canonical lines."""
    table = grid("trial", "constraint", "reading", "requirement", "quote")
    for row in rows:
        cells = (row.trial_id, row.constraint_id, str(row), row.requirement, row.quote)
        table.add_row(*(Text(cell) for cell in cells))
    return table


def findings(found: "Iterable[Finding]") -> Table:
    """What `doctor` found."""
    table = grid("part", "found", "state", "what to do")
    for finding in found:
        table.add_row(*(Text(cell) for cell in finding))
    return table


def scores(result: "Result") -> Iterator[RenderableType]:
    """The scores on one part of the gold."""
    from trialcriteria.evaluation import TITLES
    from trialcriteria.scoring.report import FEW_NOTE

    yield Text(f"Scores on {TITLES.get(result.part, result.part)}", style="bold")
    for found in result.tables():
        yield Text(f"\n{found.title}", style="bold")
        table = grid(*found.headings)
        for row in found.rows:
            table.add_row(*(Text(cell) for cell in row))
        yield table
    yield Text(f"\n{FEW_NOTE}\n")


def error_lines(error: "Disagreement") -> Text:
    """One error: what is wrong, both readings, and the words."""
    where = f"{error.trial_id} {error.gold_id or error.read_id}"
    harmful = ", harmful" if error.harmful else ""
    rule = f"  [{error.rule}]" if error.rule else ""
    return Text(
        f"{where}: {', '.join(error.mistakes)}{harmful}\n  text  {error.text}\n"
        f"  gold  {error.gold or '-'}\n  read  {error.read or '-'}{rule}"
    )


ROWS_SHOWN = 100
"""Rows of an answer that are shown as a table; there may be millions."""


def answer(found: Answer) -> Iterator[RenderableType]:
    """The first rows of what a query gave, and whether there are more."""
    table = grid(*found.columns)
    for row in islice(found.rows, ROWS_SHOWN):
        table.add_row(*(Text(str(cell)) for cell in map(_cell, row)))
    yield table
    if next(found.rows, None) is not None:
        yield Text(
            f"… these are the first {ROWS_SHOWN:,} rows; LIMIT and ORDER BY choose others, --format csv gives all"
        )


def csv_lines(found: Answer) -> Iterator[str]:
    """What a query gave as CSV, in the form of the tables: absent is empty, lists are JSON text.

    >>> list(csv_lines(Answer(["trial", "levels"], iter([("T1", ["I", "II"]), ("T2", None)]))))
    ['trial,levels', 'T1,"[""I"", ""II""]"', 'T2,']
    """
    for row in chain([found.columns], found.rows):
        line = io.StringIO(newline="")
        csv.writer(line, lineterminator="").writerow(map(_cell, row))
        yield line.getvalue()


def json_lines(found: Answer) -> Iterator[str]:
    """What a query gave as a JSON array, one object a line.

    >>> print("\\n".join(json_lines(Answer(["trial", "low"], iter([("T1", 1.5), ("T2", None)])))))
    [{"trial": "T1", "low": 1.5},
     {"trial": "T2", "low": null}]
    """
    ahead = next(found.rows, None)
    if ahead is None:
        yield "[]"
    opening = "["
    while ahead is not None:
        row, ahead = ahead, next(found.rows, None)
        yield opening + _json(dict(zip(found.columns, row, strict=True))) + ("," if ahead else "]")
        opening = " "


def _cell(value: object) -> object:
    return _json(value) if isinstance(value, list | dict) else tables.cell(value)


def _json(value: object) -> str:
    def plain(value: object) -> float | str:
        return float(value) if isinstance(value, Decimal) else str(value)

    return json.dumps(value, ensure_ascii=False, default=plain)
