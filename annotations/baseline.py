"""A baseline of thirty lines: every number is a limit on the nearest word that the lexicon lists.

Gold on which this does well would be too easy to measure anything: its F1 on the test half must stay under .60.
"""

import re
from collections.abc import Callable
from typing import Any

from trialcriteria.lexicon import Lexicon
from trialcriteria.records import Constraint, Trial, TrialRow, TrialTables
from trialcriteria.scoring.bounds import with_canonical
from trialcriteria.units import read_unit

NUMBER = re.compile(r"(?P<sign>[<>≤≥]\s?=?)?\s?(?P<number>\d+(?:[.,]\d+)?)")


def reader(knowledge: Lexicon) -> Callable[[Trial], TrialTables]:
    """What reads a trial as the baseline does: sign in front of a number, unit behind it, nearest known word."""
    ids = {phrase.text.lower(): phrase.id for phrase in knowledge.phrases if phrase.group == "measure"}
    longest = sorted(map(re.escape, ids), key=len, reverse=True)
    known = re.compile(rf"\b(?:{'|'.join(longest)})\b", re.I)
    return lambda trial: _read(trial.eligibility_text, known, ids, knowledge)


def _read(text: str, known: re.Pattern[str], ids: dict[str, str], knowledge: Lexicon) -> TrialTables:
    words, rows = list(known.finditer(text)), []
    for number, found in enumerate(NUMBER.finditer(text), 1):
        row: dict[str, Any] = dict.fromkeys(Constraint._fields)
        sign = (found["sign"] or ">=").replace("≤", "<=").replace("≥", ">=").replace(" ", "")
        side = "low" if sign[0] == ">" else "high"
        value = re.sub(r",(?=\d{3})", "", found["number"]).replace(",", ".")
        end, unit = read_unit(text, found.end()) or (found.end(), None)
        excluded = "exclusion" in text[: found.start()].lower()
        row |= {"constraint_id": f"c{number}", "operator": sign, side: float(value), f"{side}_inclusive": "=" in sign}
        row |= {"unit": unit, "start": found.start(), "end": end, "quote": text[found.start() : end], "targets": ()}
        row |= {"kind": "other", "requirement": "forbid" if excluded else "require", "rule": "baseline"}
        if words:
            near = min(words, key=lambda word: abs(word.start() - found.start()))
            attribute = knowledge.attributes[ids[near[0].lower()]]
            row |= {"kind": attribute.kind, "attribute": attribute.id}
            row |= {"attribute_start": near.start(), "attribute_end": near.end()}
        rows.append(with_canonical(Constraint(**row), knowledge))
    return TrialTables(TrialRow(*(None,) * len(TrialRow._fields)), [], rows, [], [])  # type: ignore[arg-type]
