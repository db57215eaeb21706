"""Every way in which a gold trial's rows can contradict its text, each other or the table contract."""

import re
from collections import Counter
from collections.abc import Iterator

from trialcriteria.annotations.model import BOUNDS, SECTIONS, GoldTrial, sha256, split_of
from trialcriteria.records import Constraint, Mention

CRITERION_ID = re.compile(r"[IEO][1-9]\d*(?:\.[1-9]\d*)*")
GROUP = re.compile(r"(?:any\d+|all\d+|at_least\d+_\d+)(?:/(?:any\d+|all\d+|at_least\d+_\d+))*")


def check(trial: GoldTrial) -> Iterator[str]:
    """Every way in which a trial's rows contradict its text, each other or the contract, as `trial: row: fault`."""
    for fault in (
        *_trial_faults(trial),
        *_criterion_faults(trial),
        *_row_faults(trial),
        *_link_faults(trial),
        *_duplicate_faults(trial),
        *_numeral_faults(trial),
    ):
        yield f"{trial.trial_id}: {fault}"


def _trial_faults(trial: GoldTrial) -> Iterator[str]:
    if trial.text_sha256 != sha256(trial.text):
        yield "text_sha256 is not that of the text"
    if trial.split != split_of(trial.trial_id):
        yield f"split is {split_of(trial.trial_id)} by the id, not {trial.split}"


def _criterion_faults(trial: GoldTrial) -> Iterator[str]:
    previous, counts, seen = 0, Counter[str](), set()
    for row in trial.criteria:
        parent, _, _ = row.criterion_id.rpartition(".")
        counter = parent or row.criterion_id[:1]
        counts[counter] += 1
        expected = f"{parent}.{counts[counter]}" if parent else f"{row.criterion_id[:1]}{counts[counter]}"
        if not CRITERION_ID.fullmatch(row.criterion_id) or row.criterion_id != expected:
            yield f"{row.criterion_id}: ids count in text order, expected {expected}"
        if (row.parent_id or "") != parent or (parent and parent not in seen):
            yield f"{row.criterion_id}: parent {row.parent_id} is not the bullet above"
        if row.section != SECTIONS.get(row.criterion_id[:1]):
            yield f"{row.criterion_id}: stands in section {row.section}"
        if not previous <= row.start < row.end <= len(trial.text):
            yield f"{row.criterion_id}: {row.start}-{row.end} is out of order or outside the text"
        previous = row.end
        seen.add(row.criterion_id)


def _row_faults(trial: GoldTrial) -> Iterator[str]:
    spans = {row.criterion_id: row for row in trial.criteria}
    letter = {"constraints": "c", "mentions": "m"}
    for table, row in _all_rows(trial):
        name = row.constraint_id if isinstance(row, Constraint) else row.mention_id
        said = row.quote if isinstance(row, Constraint) else row.text
        if not re.fullmatch(re.escape(row.criterion_id) + letter[table] + r"[1-9]\d*", name):
            yield f"{name}: not an id of criterion {row.criterion_id}"
        if not said or trial.text[row.start : row.end] != said:
            yield f"{name}: text at {row.start}-{row.end} is {trial.text[row.start : row.end]!r}, not {said!r}"
        criterion = spans.get(row.criterion_id)
        if trial.criteria and criterion is None:
            yield f"{name}: criterion {row.criterion_id} is not there"
        elif criterion and not criterion.start <= row.start < row.end <= criterion.end:
            yield f"{name}: stands outside its criterion"
        if row.condition_id and not row.condition:
            yield f"{name}: condition_id without the condition's words"
        if row.group and not GROUP.fullmatch(row.group):
            yield f"{name}: group '{row.group}' is no path of any1, all1, at_least2_1"
        if isinstance(row, Constraint):
            yield from (f"{name}: {fault}" for fault in _limit_faults(row, trial.text))
    members = Counter((row.criterion_id, part) for _, row in _all_rows(trial) for part in _prefixes(row.group))
    yield from (f"{where}: group {path} has one member" for (where, path), n in members.items() if n == 1)


def _prefixes(group: str | None) -> list[str]:
    parts = group.split("/") if group else []
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


def _limit_faults(row: Constraint, text: str) -> Iterator[str]:
    low, high, low_flags, high_flags = BOUNDS[row.operator]
    if (row.low is not None, row.high is not None) != (low, high):
        yield f"operator {row.operator} with low {row.low} and high {row.high}"
    elif low and high and row.low is not None and row.high is not None:
        equal = row.operator in ("=", None)
        if (row.low == row.high) != equal or row.low > row.high:
            yield f"operator {row.operator} with bounds {row.low} and {row.high}"
    if row.low_inclusive not in low_flags or row.high_inclusive not in high_flags:
        yield f"operator {row.operator} with inclusive flags {row.low_inclusive}, {row.high_inclusive}"
    if (row.operator == "in") != bool(row.levels or (row.operator == "in" and row.reference == "normal")):
        yield "levels and operator `in` go together"
    if (row.kind == "time_window") != (row.window_direction is not None and row.anchor is not None):
        yield "a time window, and nothing else, has a direction and an anchor"
    words = (row.attribute_text, row.attribute_start, row.attribute_end)
    if words != (None, None, None):
        a, b = row.attribute_start, row.attribute_end
        if a is None or b is None or not row.attribute_text or text[a:b] != row.attribute_text:
            yield f"attribute text at {a}-{b} is not {row.attribute_text!r}"
        elif a <= row.start and row.end <= b:
            yield "the attribute's words cover the limit"
    if row.negation_cue and not row.negated:
        yield "a negation cue without negation"


def _all_rows(trial: GoldTrial) -> Iterator[tuple[str, Constraint | Mention]]:
    yield from (("constraints", row) for row in trial.constraints)
    yield from (("mentions", row) for row in trial.mentions)


def _link_faults(trial: GoldTrial) -> Iterator[str]:
    links: dict[str, list[str]] = {}
    for _, row in _all_rows(trial):
        name = row.constraint_id if isinstance(row, Constraint) else row.mention_id
        if name in links:
            yield f"{name}: the id is used twice"
        targets = row.targets if isinstance(row, Constraint) else ()
        links[name] = [*targets, *([row.exception_to] if row.exception_to else [])]
    for name, others in links.items():
        yield from (f"{name}: points at {other}, which is not there" for other in others if other not in links)
        if _reaches(links, name, name):
            yield f"{name}: its links lead back to itself"


def _reaches(links: dict[str, list[str]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    ahead = list(links.get(start, ()))
    while ahead:
        name = ahead.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            ahead += links.get(name, ())
    return False


def _duplicate_faults(trial: GoldTrial) -> Iterator[str]:
    for n, one in enumerate(trial.constraints):
        for two in trial.constraints[n + 1 :]:
            same = (one.kind, one.attribute, one.attribute_start) == (two.kind, two.attribute, two.attribute_start)
            if same and one.start < two.end and two.start < one.end:
                yield f"{two.constraint_id}: the same limit on the same attribute as {one.constraint_id}"
    for n, first in enumerate(trial.mentions):
        for second in trial.mentions[n + 1 :]:
            if first.start < second.end and second.start < first.end:
                yield f"{second.mention_id}: overlaps {first.mention_id}"


def _numeral_faults(trial: GoldTrial) -> Iterator[str]:
    claimed = [(row.start, row.end) for _, row in _all_rows(trial)]
    claimed += [(r.attribute_start, r.attribute_end) for r in trial.constraints if r.attribute_start is not None]  # type: ignore[misc]
    for row in trial.numerals:
        where = f"{row.criterion_id}: numeral {row.text!r}"
        if trial.text[row.start : row.end] != row.text or not re.search(r"\d|[①-⑳]", row.text):
            yield f"{where} is not what stands at {row.start}-{row.end}"
        if any(a < row.end and row.start < b for a, b in claimed):
            yield f"{where} at {row.start} is claimed by a row as well"
    claimed += [(row.start, row.end) for row in trial.numerals]
    for criterion in trial.criteria:
        for digits in re.finditer(r"\d+(?:[.,]\d+)*", trial.text[criterion.start : criterion.end]):
            a, b = criterion.start + digits.start(), criterion.start + digits.end()
            if not any(start <= a and b <= end for start, end in claimed):
                around = " ".join(trial.text[max(a - 20, 0) : b + 15].split())
                yield f"{criterion.criterion_id}: digits {digits.group()!r} belong to no row (… {around} …)"
