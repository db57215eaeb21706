"""Gold files: JSONL, one trial a line, with its text, its SHA-256, its annotator and its rows.

A row holds the stated columns only (absent is null and left out); what is derived from them is computed by whoever
compares, so the gold never repeats the program's arithmetic. A file is refused with every fault in it, each as
`file: trial: row: fault`, so that nothing that is scored is in doubt.
"""

import json
from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from trialcriteria.annotations.faults import check
from trialcriteria.annotations.model import SECTIONS, GoldCriterion, GoldError, GoldTrial
from trialcriteria.records import Constraint, Field, Mention, Numeral

# Columns that nobody annotates: derived ones, and those that only a program fills.
UNSTATED: dict[str, tuple[str, ...]] = {
    "constraints": (
        "trial_id",
        "section",
        "loinc",
        "canonical_low",
        "canonical_high",
        "canonical_unit",
        "eligible_operator",
        "eligible_low",
        "eligible_high",
        "eligible_low_inclusive",
        "eligible_high_inclusive",
        "eligible_levels",
        "plausible",
        "rule",
        "confidence",
    ),
    "mentions": ("trial_id", "narrowed", "rule"),
    "numerals": ("trial_id",),
    "criteria": (),
    "fields": (),
}

ROWS: dict[str, type] = {
    "fields": Field,
    "criteria": GoldCriterion,
    "constraints": Constraint,
    "mentions": Mention,
    "numerals": Numeral,
}
_STRICT = ConfigDict(strict=True)
_ROW: dict[str, TypeAdapter[Any]] = {table: TypeAdapter(row, config=_STRICT) for table, row in ROWS.items()}
_TRIAL = TypeAdapter(GoldTrial, config=_STRICT)


def read(path: Path) -> list[GoldTrial]:
    """The trials of a gold file, or of every `*.jsonl` in a directory; raises GoldError with all faults."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    trials, faults = [], [] if files else [f"{path}: no *.jsonl there"]
    for file in files:
        for number, line in enumerate(_text(file).split("\n"), 1):
            if not line.strip():
                continue
            try:
                trial = parse(_object(json.loads(line), f"line {number}"))
            except json.JSONDecodeError as fault:
                faults.append(f"{file}: line {number}: not JSON: {fault}")
            except GoldError as error:
                faults += [f"{file}: {fault}" for fault in error.faults]
            else:
                trials.append(trial)
    repeated = [name for name, n in Counter(trial.trial_id for trial in trials).items() if n > 1]
    faults += [f"{path}: {name}: annotated more than once" for name in repeated]
    if faults:
        raise GoldError(faults)
    return trials


def write(trials: Iterable[GoldTrial], path: Path) -> None:
    """Write a gold file, one trial a line, absent columns left out."""
    lines = [json.dumps(stated(trial), ensure_ascii=False) for trial in trials]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def stated(trial: GoldTrial) -> dict[str, Any]:
    """A trial as its JSON object, with the stated columns that hold something."""
    record = trial._asdict()
    for table, names in UNSTATED.items():
        record[table] = [
            {key: value for key, value in row._asdict().items() if key not in names and not _absent(key, value)}
            for row in record[table]
        ]
    return record


def parse(record: dict[str, Any]) -> GoldTrial:
    """A trial from its JSON object; raises GoldError with every fault found."""
    name = str(record.get("trial_id", "?"))
    faults = _unknown(record, GoldTrial._fields, name)
    values: dict[str, Any] = {key: value for key, value in record.items() if key in GoldTrial._fields}
    for table, row_type in ROWS.items():
        rows = []
        listed = record.get(table, ())
        if not isinstance(listed, list | tuple):
            raise GoldError([f"{name}: {table}: is {json.dumps(listed)[:40]}, not a list of rows"])
        for position, each in enumerate(listed, 1):
            row = _object(each, f"{name}: {table} {position}")
            where = f"{name}: {_row_name(row) or f'{table} {position}'}"
            known = [key for key in row_type._fields if key not in UNSTATED[table]]  # type: ignore[attr-defined]
            faults += _unknown(row, known, where)
            try:
                rows.append(_ROW[table].validate_python(_filled(table, row, name)))
            except ValidationError as error:
                faults += [f"{where}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        values[table] = tuple(rows)
    if not faults:
        try:
            trial: GoldTrial = _TRIAL.validate_python(values)
        except ValidationError as error:
            faults = [f"{name}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        else:
            faults = list(check(trial))
    if faults:
        raise GoldError(faults)
    return trial


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise GoldError([f"{file}: not UTF-8: {error.reason} at byte {error.start}"]) from error


def _object(value: Any, where: str) -> dict[str, Any]:
    """A trial's or a row's JSON object; raises GoldError for anything else that stands in its place."""
    if not isinstance(value, dict):
        raise GoldError([f"{where}: is {json.dumps(value)[:40]}, not an object of slots"])
    return value


def _absent(key: str, value: object) -> bool:
    """Null, empty, or a flag that is not set; an exclusive bound is said, and so is the number 0."""
    return value is None or value == () or (value is False and not key.endswith("_inclusive"))


def _row_name(row: dict[str, Any]) -> str | None:
    return next((row[key] for key in ("constraint_id", "mention_id", "criterion_id") if key in row), None)


def _unknown(row: dict[str, Any], known: Iterable[str], where: str) -> list[str]:
    known = list(known)
    faults = []
    for key in row:
        if key not in known:
            near = get_close_matches(key, known, 1)
            faults.append(f"{where}: unknown slot '{key}'" + (f"; did you mean '{near[0]}'?" if near else ""))
    return faults


def _filled(table: str, row: dict[str, Any], trial_id: str) -> dict[str, Any]:
    """A row with the unstated columns in place, so that it has the tables' own type."""
    filled: dict[str, Any] = {}
    if table in ("constraints", "mentions"):
        empty = {"negated": False, "historical": False, "hypothetical": False, "family": False, "uncertain": False}
        filled = {key: empty.get(key) for key in ROWS[table]._fields}  # type: ignore[attr-defined]
        filled |= {"targets": (), "rule": "gold", "confidence": 1.0, "narrowed": ()}
        filled["section"] = SECTIONS.get(str(row.get("criterion_id", ""))[:1])
    filled |= row | {"trial_id": trial_id}
    columns = ROWS[table]._fields  # type: ignore[attr-defined]
    return {key: tuple(v) if isinstance(v, list) else v for key, v in filled.items() if key in columns}
