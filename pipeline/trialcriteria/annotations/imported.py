"""Rows of another scheme on their way to a gold trial: ids, sections, and what found no place."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from trialcriteria.annotations.files import parse
from trialcriteria.annotations.model import BOUNDS, GoldTrial, sha256, split_of
from trialcriteria.annotations.offsets import Fragments
from trialcriteria.annotations.standoff import Standoff
from trialcriteria.annotations.ties import Tie
from trialcriteria.records import Section

LETTERS: dict[Section, str] = {"inclusion": "I", "exclusion": "E", "other": "O"}
TURNED = {"require": "forbid", "forbid": "require"}
GUIDELINE = 0
"""No version of our guideline: another one was followed."""


class Named(NamedTuple):
    """Something that a corpus names, in one piece or more, and whether it negates it."""

    pieces: Fragments
    negated: bool
    listed: bool = False
    """Whether it is joined to something negated, as a further part or an example of one denied list."""


class Imported(NamedTuple):
    """One trial taken over, with counts of the labels that have no slot and of rows that our gold cannot hold."""

    trial: GoldTrial
    unmapped: Counter[str]
    left_out: Counter[str]
    named: tuple[Named, ...] = ()
    """What a negation could be about, whether or not a row could be made of it."""
    ties: tuple[Tie, ...] = ()
    """How these hang together."""


class Rows:
    """Collects the rows of one text."""

    def __init__(self, name: str, text: str, scheme: str, section: Callable[[int], Section]) -> None:
        self.name, self.text, self.scheme, self.section = name, text, scheme, section
        self.constraints: list[dict[str, Any]] = []
        self.mentions: list[dict[str, Any]] = []
        self.left_out: Counter[str] = Counter()
        self.used: set[str] = set()  # ids of annotations that a row stands for

    def mention(self, key: str, label: str, start: int, end: int, **flags: Any) -> None:
        """A mention, under the corpus's own id; of two on the same words the first stays."""
        if any(row["start"] < end and start < row["end"] for row in self.mentions):
            self.left_out["mentions that overlap another"] += 1
            return
        self.mentions.append({"key": key, "label": label, "start": start, "end": end, **flags})

    def limit(self, key: str, kind: str, span: tuple[int, int], bounds: Mapping[str, Any], **slots: Any) -> None:
        """A limit, under the corpus's own id; `slots` may hold `words`, the span of its attribute."""
        words: tuple[int, int] | None = slots.pop("words", None)
        if words and words[0] <= span[0] and span[1] <= words[1]:
            words = None  # the attribute's words hold the limit too: they do not say what is limited
        row = {"key": key, "kind": kind, "start": span[0], "end": span[1], **bounds, **slots}
        if words:
            place = {"attribute_start": words[0], "attribute_end": words[1]}
            row |= {**place, "attribute_text": self.text[slice(*words)]}
        if kind == "time_window":
            row |= {"window_direction": "before", "anchor": "now"}
        if any(self._same(row, other) for other in self.constraints):
            self.left_out["the same limit on the same attribute"] += 1
            return
        self.constraints.append(row)

    @staticmethod
    def _same(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
        slots = ("kind", "attribute", "attribute_start")
        alike = [one.get(slot) for slot in slots] == [two.get(slot) for slot in slots]
        return alike and one["start"] < two["end"] and two["start"] < one["end"]

    def trial(self, found: Standoff, mapped: frozenset[str]) -> Imported:
        """The gold trial; `mapped` are the labels of events and relations that rows were made from."""
        names: dict[str, str] = {}
        record: dict[str, list[dict[str, Any]]] = {"constraints": [], "mentions": []}
        for table, letter, said in (("constraints", "c", "quote"), ("mentions", "m", "text")):
            counts: Counter[str] = Counter()
            for row in sorted(getattr(self, table), key=lambda row: (row["start"], row["end"])):
                criterion = f"{LETTERS[self.section(row['start'])]}1"
                counts[criterion] += 1
                names[row["key"]] = name = f"{criterion}{letter}{counts[criterion]}"
                id = "constraint_id" if letter == "c" else "mention_id"
                words = self.text[row["start"] : row["end"]]
                record[table].append({**row, "criterion_id": criterion, id: name, said: words})
        for row in (*record["constraints"], *record["mentions"]):
            self._finish(row, names)
        whole = {"trial_id": self.name, "text": self.text, "text_sha256": sha256(self.text)}
        facts = {
            "layout": self.scheme,
            "domain": "not stated",
            "annotator": self.scheme,
            "guideline_version": GUIDELINE,
        }
        trial = parse({**whole, **facts, "split": split_of(self.name), **record})
        return Imported(trial, self._unmapped(found, mapped), self.left_out)

    def _finish(self, row: dict[str, Any], names: Mapping[str, str]) -> None:
        """Links by our ids, and the requirement that follows from section and negation."""
        del row["key"]
        if "targets" in row:
            row["targets"] = [names[key] for key in row["targets"] if key in names]
        lifted = names.get(row.pop("exception_to", ""))
        base = "require" if row["criterion_id"][0] == "I" else "forbid"
        row["requirement"] = TURNED[base] if row.get("negated") else base
        if lifted:
            row |= {"exception_to": lifted, "requirement": "permit"}

    def _unmapped(self, found: Standoff, mapped: frozenset[str]) -> Counter[str]:
        counts = Counter(event.label for event in found.events.values() if event.label not in mapped)
        counts.update(relation.label for relation in found.relations if relation.label not in mapped)
        counts.update(group[0] for group in found.alike if group[0] not in mapped)
        triggers = {event.trigger for event in found.events.values()}
        for name, entity in found.entities.items():
            if name not in self.used and name not in triggers and entity.label not in mapped:
                counts[entity.label] += 1
        return counts


def bounds(operator: str | None, values: list[float]) -> dict[str, Any]:
    """The slots of one number or of two, as the contract fills them.

    >>> bounds(">=", [18.0]), bounds("between", [18.0, 65.0])["high_inclusive"]
    ({'operator': '>=', 'low': 18.0, 'low_inclusive': True}, True)
    """
    low, high, low_flags, high_flags = BOUNDS[operator]
    first, last = float(values[0]), float(values[-1])
    slots = {"operator": operator, "low": first if low else None, "high": last if high else None}
    slots |= {"low_inclusive": low_flags[0], "high_inclusive": high_flags[0]}
    return {key: value for key, value in slots.items() if value is not None}
