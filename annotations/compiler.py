"""From a rows file and its text to a gold trial: finds the quotes, fills what the rules imply, refuses the rest."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from notation import (
    FLAGS,
    HEADER,
    LABELS,
    MARKER,
    REQUIREMENTS,
    Fault,
    Line,
    Span,
    Vocabulary,
    find,
    limit_slots,
    lines,
    link_slot,
    pattern,
    unit_words,
    vocabulary,
)

from trialcriteria.annotations import SECTIONS, GoldError, GoldTrial, parse, sha256, split_of


class Compiler:
    """One rows file and its text, line by line."""

    def __init__(self, trial_id: str, text: str, words: Vocabulary) -> None:
        self.trial_id, self.text = trial_id, text
        self.words = Vocabulary({family: set(ids) for family, ids in words.ids.items()})
        self.header: dict[str, str] = {}
        self.criteria: list[dict[str, Any]] = []
        self.parts: list[tuple[Line, dict[str, Any]]] = []
        self.section, self.source, self.heading = "inclusion", "assumed", Span(0, 0)
        self.cursor = 0
        self.starts: list[int] = []
        self.fields: list[dict[str, Any]] = []
        self.faults: list[str] = []
        self.names: set[tuple[str, str]] = set()
        self.rows: dict[str, list[dict[str, Any]]] = {"constraints": [], "mentions": [], "numerals": []}

    def run(self, source: str) -> GoldTrial:
        """The trial; raises GoldError with all faults, each with its line."""
        found = list(lines(source))
        for line in found:
            self._try(line, self._structure)
        self._extents()
        self._fields_end()
        for line, criterion in self.parts:
            self._try(line, partial(self._row, criterion=criterion))
        self._requirements()
        if missing := {"layout", "domain", "annotator", "guideline"} - self.header.keys():
            self.faults.append(f"header without {', '.join(sorted(missing))}")
        if self.faults:
            raise GoldError(self.faults)
        return parse(self._record())

    def _try(self, line: Line, step: Callable[[Line], None]) -> None:
        try:
            step(line)
        except Fault as fault:
            self.faults.append(f"line {line.number}: {line.head.split()[0]}: {fault}")

    def _structure(self, line: Line) -> None:
        first = line.head.split()[0]
        if first == "=":
            self._heading(line)
        elif re.fullmatch(r"[IEO]\d[\d.]*", first):
            self._criterion(line, first)
        elif re.fullmatch(r"[cm]\d+|n", first):
            if not self.criteria:
                raise Fault("a row before the first criterion")
            self.parts.append((line, self.criteria[-1]))
        elif m := HEADER.fullmatch(line.head):
            self._header(m[1], m[2].strip())
        else:
            raise Fault("no criterion, row, heading or header line")

    def _header(self, key: str, value: str) -> None:
        self.header[key] = value
        if key == "new":
            for item in value.split(","):
                family, _, name = item.strip().partition(":")
                if not name or family not in self.words.ids:
                    raise Fault(f"'{item.strip()}' is not kind:id (kinds: {', '.join(sorted(self.words.ids))})")
                self.words.ids[family].add(name)

    def _heading(self, line: Line) -> None:
        words = line.head.split()[1:]
        for word in words:
            if word in SECTIONS.values():
                self.section, self.source = word, "heading" if line.quotes else "assumed"
            elif word in ("field", "assumed"):
                self.source = word
            else:
                raise Fault(f"'{word}' is no section")
        if line.quotes:
            self.heading = self._next(line.quotes[0])
            self.starts.append(self.heading.start)
        else:
            self.heading = Span(self.cursor, self.cursor)
        if "field" in words:
            self.fields.append({"section": self.section, "first": len(self.criteria)})

    def _criterion(self, line: Line, name: str) -> None:
        if not line.quotes:
            raise Fault("a criterion line quotes its first words")
        start = self._next(line.quotes[0]).start
        self.starts.append(start)
        heading = self.text[self.heading.start : self.heading.end]
        self.criteria.append(
            {
                "criterion_id": name,
                "section": SECTIONS[name[0]],
                "section_source": self.source,
                "start": start,
                "parent_id": name.rpartition(".")[0] or None,
                "heading": " ".join(heading.split()) or None,
                "cohort": line.named.get("cohort"),
                "children": line.named.get("children"),
                "_heading": self.heading,
            }
        )
        if self.section != SECTIONS[name[0]]:
            raise Fault(f"{name} in section {self.section}")

    def _next(self, words: str) -> Span:
        """The next place where these first words stand."""
        m = re.compile(pattern(words)).search(self.text, self.cursor)
        if not m:
            raise Fault(f"'{words}' does not stand after the criterion before it")
        self.cursor = m.end()
        return Span(*m.span())

    def _extents(self) -> None:
        """A criterion ends where the next criterion, heading or its list marker begins."""
        bounds = [*sorted(self.starts), len(self.text)]
        for criterion in self.criteria:
            stop = next(start for start in bounds if start > criterion["start"])
            own = self.text[criterion["start"] : stop]
            if stop < len(self.text):
                own = MARKER.sub("", own)
            criterion["end"] = criterion["start"] + len(re.sub(r"(?:[\s~]|<br>|&#x0D;)+$", "", own))

    def _fields_end(self) -> None:
        """A registry field runs from the end of the one before it to its last criterion."""
        firsts = [field.pop("first") for field in self.fields]
        end = 0
        for field, first, following in zip(self.fields, firsts, [*firsts, len(self.criteria)][1:], strict=True):
            blanks = len(self.text[end:]) - len(self.text[end:].lstrip())
            start, end = end + blanks, self.criteria[following - 1]["end"] if following > first else end
            field |= {"start": start, "end": end}

    def _scopes(self, criterion: dict[str, Any]) -> list[Span]:
        """The criterion, the bullets above it, and its heading."""
        ids = {c["criterion_id"]: c for c in self.criteria}
        scopes, name = [], criterion["criterion_id"]
        while name in ids:
            scopes.append(Span(ids[name]["start"], ids[name]["end"]))
            name = name.rpartition(".")[0]
        return [*scopes, criterion["_heading"]]

    def _row(self, line: Line, criterion: dict[str, Any]) -> None:
        name, *tokens = line.head.split()
        if name == "n":
            self._numerals(line, tokens, criterion)
            return
        row: dict[str, Any] = {"criterion_id": criterion["criterion_id"]}
        if (criterion["criterion_id"], name) in self.names:
            raise Fault("the id is used twice in the criterion")
        self.names.add((criterion["criterion_id"], name))
        if name[0] == "c":
            row |= self._constraint(line, tokens, criterion)
            row["constraint_id"] = criterion["criterion_id"] + name
        else:
            row |= self._mention(line, tokens, criterion)
            row["mention_id"] = criterion["criterion_id"] + name
        local = re.compile(r"[cm]\d+")
        for slot in ("targets", "exception_to"):
            if slot in row:
                many = row[slot] if slot == "targets" else [row[slot]]
                full = [criterion["criterion_id"] + x if local.fullmatch(x) else x for x in many]
                row[slot] = full if slot == "targets" else full[0]
        if "if" in line.named:
            row["condition"] = self._said(line.named["if"], criterion)
        row |= {"_line": line.number, "_named": name}
        self.rows["constraints" if name[0] == "c" else "mentions"].append(row)

    def _numerals(self, line: Line, tokens: list[str], criterion: dict[str, Any]) -> None:
        for quote in line.quotes:
            span = find(self.text, quote, self._scopes(criterion)[:1])
            row = {"criterion_id": criterion["criterion_id"], "text": self.text[span.start : span.end]}
            self.rows["numerals"].append({**row, **span._asdict(), "reason": tokens[0] if tokens else ""})

    def _constraint(self, line: Line, tokens: list[str], criterion: dict[str, Any]) -> dict[str, Any]:
        if len(line.quotes) != 2:
            raise Fault("a constraint is `notation | attribute's words or - | limit`")
        kind, _, attribute = (tokens[0] if tokens else "").partition(":")
        attribute = attribute or (kind if kind in ("age", "life_expectancy") else "")
        row: dict[str, Any] = {"kind": kind, "attribute": self.words.known(kind, attribute) if attribute else None}
        if kind not in self.words.ids:
            raise Fault(f"no kind '{kind}'")
        row |= limit_slots(tokens[1:], self.words)
        if kind == "time_window" and "anchor" not in row:
            row |= {"window_direction": "before", "anchor": "now"}
        scopes = self._scopes(criterion)
        span = find(self.text, line.quotes[1], scopes[:1])
        row |= {"quote": self.text[span.start : span.end], **span._asdict()}
        if line.quotes[0] != "-":
            a, b = find(self.text, line.quotes[0], scopes)
            row |= {"attribute_text": self.text[a:b], "attribute_start": a, "attribute_end": b}
        said = line.named.get("unit")
        row["unit_text"] = self._said(said, criterion) if said else unit_words(row["quote"], row.get("unit"))
        if "anchor" in line.named:
            row["anchor_text"] = self._said(line.named["anchor"], criterion)
        if "cue" in line.named:
            row["negation_cue"] = self._said(line.named["cue"], criterion)
        return row

    def _mention(self, line: Line, tokens: list[str], criterion: dict[str, Any]) -> dict[str, Any]:
        if len(line.quotes) != 1:
            raise Fault("a mention is `notation | words`")
        if not tokens or tokens[0] not in LABELS:
            raise Fault(f"a mention is one of {', '.join(LABELS)}")
        row: dict[str, Any] = {"label": tokens[0]}
        rest = iter(tokens[1:])
        for token in rest:
            if token in FLAGS:
                row[token] = True
            elif token[0] in "?!#":
                row |= link_slot(token, self.words)
            elif token in ("->", "→"):
                row["requirement"] = next(rest, "")
            else:
                raise Fault(f"'{token}' is not understood")
        span = find(self.text, line.quotes[0], self._scopes(criterion)[:1])
        row |= {"text": self.text[span.start : span.end], **span._asdict()}
        if "cue" in line.named:
            row["cue"] = self._said(line.named["cue"], criterion)
        return row | ({"concept": line.named["concept"]} if "concept" in line.named else {})

    def _said(self, words: str, criterion: dict[str, Any]) -> str:
        """Words of a condition, cue, anchor or unit: they must stand there; which occurrence does not matter."""
        for scope in self._scopes(criterion):
            if m := re.compile(pattern(words)).search(self.text, scope.start, scope.end):
                return " ".join(m[0].split())
        raise Fault(f"'{words}' does not stand in the criterion or above it")

    def _requirements(self) -> None:
        """Fill each requirement that a line leaves out, as the table in DESIGN says; an exception must say its own."""
        rows = {r.get("constraint_id") or r["mention_id"]: r for r in self.rows["constraints"] + self.rows["mentions"]}
        for row in rows.values():
            try:
                row["requirement"] = self._requirement(row, rows, ())
            except Fault as fault:
                self.faults.append(f"line {row['_line']}: {row['_named']}: {fault}")

    def _requirement(self, row: dict[str, Any], rows: dict[str, dict[str, Any]], path: tuple[str, ...]) -> str:
        if stated := row.get("requirement"):
            if stated not in REQUIREMENTS:
                raise Fault(f"'{stated}' is no requirement")
            return str(stated)
        name = row.get("constraint_id") or row["mention_id"]
        if name in path:
            raise Fault("its links lead back to itself")
        targets = [rows[t] for t in row.get("targets", ()) if t in rows]
        for target in sorted(targets, key=lambda t: "mention_id" in t)[:1]:
            inherited = self._requirement(target, rows, (*path, name))
            if "constraint_id" in target or inherited != "permit":
                return inherited
            raise Fault("narrows something permitted: say -> require, permit or describe")
        if row.get("exception_to"):
            raise Fault("an exception says its requirement: -> permit lifts, -> require or forbid replaces")
        section = row["criterion_id"][0]
        if section == "O":
            return "describe"
        return "require" if (section == "I") != bool(row.get("negated")) else "forbid"

    def _record(self) -> dict[str, Any]:
        visible = {
            table: [{k: v for k, v in row.items() if k[0] != "_"} for row in rows] for table, rows in self.rows.items()
        }
        criteria = [{k: v for k, v in row.items() if k[0] != "_"} for row in self.criteria]
        markers = [row for row in self._list_markers() if row not in visible["numerals"]]
        return {
            "trial_id": self.trial_id,
            "layout": self.header["layout"],
            "domain": self.header["domain"],
            "text": self.text,
            "text_sha256": sha256(self.text),
            "annotator": self.header["annotator"],
            "guideline_version": int(self.header["guideline"]),
            "split": split_of(self.trial_id),
            "fields": self.fields,
            "criteria": criteria,
            **visible,
            "numerals": sorted(visible["numerals"] + markers, key=lambda row: row["start"]),
        }

    def _list_markers(self) -> Iterator[dict[str, Any]]:
        """The printed number before a criterion, which no annotator needs to write."""
        for criterion in self.criteria:
            before = self.text[max(criterion["start"] - 12, 0) : criterion["start"]]
            marker = MARKER.search(before)
            for digits in re.finditer(r"\d+|[①-⑳]", marker[0] if marker else ""):
                start = criterion["start"] - len(before) + (marker.start() if marker else 0) + digits.start()
                yield {
                    "criterion_id": criterion["criterion_id"],
                    "text": digits.group(),
                    "start": start,
                    "end": start + len(digits.group()),
                    "reason": "list_marker",
                }


def raw_text(path: Path) -> str:
    """The text exactly as stored, CRLF kept, without the one final newline that editors add."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read().removesuffix("\n")


def compile_trial(rows: Path, text: Path, words: Vocabulary) -> GoldTrial:
    """One trial from its two files; raises GoldError whose faults name the rows file."""
    try:
        return Compiler(rows.stem, raw_text(text), words).run(rows.read_text(encoding="utf-8"))
    except (GoldError, OSError) as error:
        faults = error.faults if isinstance(error, GoldError) else [f"{text.name} cannot be read"]
        raise GoldError([f"{rows.name}: {fault}" for fault in faults]) from error


def compile_all(files: Sequence[Path], texts: Path) -> list[GoldTrial]:
    """All trials; raises GoldError with the faults of all."""
    words, trials, faults = vocabulary(), [], []
    for rows in files:
        try:
            trials.append(compile_trial(rows, texts / f"{rows.stem}.txt", words))
        except GoldError as error:
            faults += error.faults
    if faults:
        raise GoldError(faults)
    return trials
