"""Batches travel to annotation tools and back: a round trip loses nothing, and what is wrong is refused by name."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from test_annotations import compiled
from trialcriteria import annotations
from trialcriteria.annotations import BOUNDS, GoldError, GoldTrial, brat, exchange, label_studio, regions, sha256, spans
from trialcriteria.annotations.exchange import TOOLS, Tool
from trialcriteria.annotations.files import ROWS
from trialcriteria.annotations.proposals import PROGRAM, proposal
from trialcriteria.records import Constraint, Mention, Numeral, Trial, TrialRow, TrialTables

GOLD = Path(__file__).resolve().parents[1] / "annotations" / "gold"
TEXT = "Inclusion:\n* ANC ≥ 1.5 x 10^9/L and\r\nno prior stroke\n* Platelets > 75"
ROWS_OF_TEXT = (
    "= inclusion | Inclusion:\nI1 | ANC\nc1 lab:neutrophils >= 1.5 10*9/L | ANC | ≥ 1.5 x 10^9/L\n"
    "m1 condition negated historical | stroke | cue: no prior\nI2 | Platelets\nc1 lab:platelets > 75 | Platelets | > 75"
)


def trial() -> GoldTrial:
    return compiled(TEXT, ROWS_OF_TEXT)


def sent(trials: list[GoldTrial], folder: Path, tool: Tool) -> Path:
    """A batch as it comes back from a tool in which nobody changed anything."""
    paths = exchange.write(trials, folder, tool, "1.0")
    if tool == "label-studio":
        tasks = json.loads(paths[0].read_text(encoding="utf-8"))
        for task in tasks:
            task["annotations"] = [{"result": task["predictions"][0]["result"], "updated_at": "2026-01-01"}]
        paths[0].write_text(json.dumps(tasks), encoding="utf-8")
    return paths[0]


def edited(path: Path, change: Callable[[Any], object]) -> Path:
    """A JSON file, or the first line of a JSON Lines file, with a change made to it."""
    text = path.read_text(encoding="utf-8")
    lines = [text] if path.suffix == ".json" else text.split("\n")
    record = json.loads(lines[0])
    change(record)
    path.write_text("\n".join([json.dumps(record, ensure_ascii=False), *lines[1:]]), encoding="utf-8")
    return path


def faults(path: Path, annotator: str | None = None) -> list[str]:
    with pytest.raises(GoldError) as raised:
        exchange.take([path], annotator)
    return [fault.replace(f"{path}: ", "").replace(str(path), path.name) for fault in raised.value.faults]


@cache
def gold() -> list[GoldTrial]:
    return annotations.read(GOLD)


@pytest.mark.parametrize("tool", TOOLS)
def test_all_our_gold_comes_back_as_it_was(tool: Tool, tmp_path: Path) -> None:
    assert exchange.take([sent(gold(), tmp_path, tool)]) == (gold(), ())


WORDS = st.text("abzé≥µ～😀①β°", min_size=1, max_size=6)
GAPS = st.sampled_from([" ", "  ", "\n", "\r\n", "\n\n", "\t", " \u2028"])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
SAID = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@st.composite
def annotated(draw: st.DrawFn) -> GoldTrial:
    """A trial with rows of every sort on any text: words in all planes, CRLF, blanks, digits."""
    parts = [draw(WORDS) for _ in range(draw(st.integers(6, 9)))] + ["17"]
    text, places = "", []
    for part in parts:
        text += draw(GAPS)
        places.append((len(text), len(text) + len(part)))
        text += part
    words = draw(st.permutations(range(len(parts) - 1)))
    mention = draw(mentions(text, places[words[0]]))
    limits = [draw(limits_of(text, places[words[n]], places[words[n + 2]], f"I1c{n}")) for n in (1, 2)]
    limits[0] = limits[0]._replace(targets=draw(st.sampled_from([(), ("I1m1",), ("I1c2", "I1m1")])))
    group = draw(st.sampled_from([None, "any1", "any1/at_least2_1"]))
    numeral = Numeral("TEST0001", "I1", "17", *places[-1], "unread")
    return GoldTrial(
        "TEST0001",
        draw(SAID),
        draw(SAID),
        text,
        sha256(text),
        "A",
        1,
        "dev",
        constraints=tuple(row._replace(group=group) for row in limits),
        mentions=(mention,),
        numerals=(numeral,),
    )


@st.composite
def mentions(draw: st.DrawFn, text: str, place: tuple[int, int]) -> Mention:
    flags = {name: draw(st.booleans()) for name in ("negated", "historical", "hypothetical", "family", "uncertain")}
    empty = Mention(*(None,) * len(Mention._fields))  # type: ignore[arg-type]
    return empty._replace(
        trial_id="TEST0001",
        criterion_id="I1",
        mention_id="I1m1",
        label=draw(st.sampled_from(regions.MENTIONS)),
        text=text[slice(*place)],
        start=place[0],
        end=place[1],
        concept=draw(st.none() | SAID),
        cue=draw(st.none() | SAID),
        condition=draw(st.none() | SAID),
        exception_to=draw(st.sampled_from([None, "I1c2"])),
        narrowed=(),
        requirement=draw(st.sampled_from(["require", "forbid", "permit", "describe"])),
        rule="gold",
        **flags,
    )


@st.composite
def limits_of(draw: st.DrawFn, text: str, place: tuple[int, int], words: tuple[int, int], name: str) -> Constraint:
    operator = draw(st.sampled_from(list(BOUNDS)))
    has_low, has_high, low_flags, high_flags = BOUNDS[operator]
    low, high = sorted([draw(NUMBERS), draw(NUMBERS)])
    if low == high:
        high = low + 1 + abs(low)
    if operator in ("=", None):
        high = low
    window = draw(st.booleans())
    said = draw(st.booleans())
    empty = Constraint(*(None,) * len(Constraint._fields))  # type: ignore[arg-type]
    return empty._replace(
        trial_id="TEST0001",
        criterion_id="I1",
        constraint_id=name,
        section="inclusion",
        kind="time_window" if window else draw(st.sampled_from(["lab", "age", "other"])),
        attribute=draw(st.none() | SAID),
        attribute_text=text[slice(*words)] if said else None,
        attribute_start=words[0] if said else None,
        attribute_end=words[1] if said else None,
        operator=operator,
        low=low if has_low else None,
        high=high if has_high else None,
        low_inclusive=draw(st.sampled_from(low_flags)),
        high_inclusive=draw(st.sampled_from(high_flags)),
        levels=("I", "II") if operator == "in" else None,
        unit=draw(st.none() | SAID),
        window_direction="before" if window else None,
        anchor="now" if window else None,
        targets=(),
        negated=draw(st.booleans()),
        requirement=draw(st.sampled_from(["require", "forbid", "permit", "describe"])),
        quote=text[slice(*place)],
        start=place[0],
        end=place[1],
        rule="gold",
        confidence=1.0,
    )


@settings(max_examples=60)
@given(found=annotated(), tool=st.sampled_from(TOOLS))
def test_a_round_trip_loses_nothing(found: GoldTrial, tool: Tool, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert list(annotations.check(found)) == []
    assert exchange.take([sent([found], tmp_path_factory.mktemp("batch"), tool)]).trials == [found]


@pytest.mark.parametrize("tool", TOOLS)
def test_a_proposal_is_no_gold_until_someone_has_corrected_it(tool: Tool, tmp_path: Path) -> None:
    path = sent([trial()._replace(annotator=PROGRAM)], tmp_path, tool)
    assert faults(path) == ["TEST0001: nobody is named who corrected them; name the annotator"]
    assert exchange.take([path], "K").trials == [trial()._replace(annotator="K")]


def test_a_task_without_an_annotation_is_left_out_and_said(tmp_path: Path) -> None:
    path = sent([trial(), trial()._replace(trial_id="TEST0003", split="dev")], tmp_path, "label-studio")
    edited(path, lambda tasks: tasks[1].update(annotations=[{"was_cancelled": True, "result": []}]))
    taken = exchange.take([path])
    assert [found.trial_id for found in taken.trials] == ["TEST0001"]
    assert taken.remarks == (f"{path}: left out, because nobody has annotated them: TEST0003",)


def test_of_several_annotations_of_a_task_the_newest_counts(tmp_path: Path) -> None:
    path = sent([trial()], tmp_path, "label-studio")
    edited(path, lambda tasks: tasks[0]["annotations"].insert(0, {"result": [], "updated_at": "2026-02-02"}))
    assert exchange.take([path]).trials[0].constraints == ()


def test_offsets_of_a_browser_are_put_right(tmp_path: Path) -> None:
    text = "😀 Asthma\r\nand stroke"
    found = compiled(text, "= inclusion assumed\nI1 | 😀\nm1 condition | Asthma\nm2 condition | stroke")

    def as_a_browser_counts(tasks: Any) -> None:
        for result in tasks[0]["annotations"][0]["result"]:
            if "value" in result:
                for end in ("start", "end"):
                    before = text[: result["value"][end]].replace("\r\n", "\n")
                    result["value"][end] = len(before.encode("utf-16-le")) // 2

    path = edited(sent([found], tmp_path, "label-studio"), as_a_browser_counts)
    assert exchange.take([path]).trials == [found]


def test_what_an_annotator_changes_and_adds_comes_back(tmp_path: Path) -> None:
    def correct(tasks: Any) -> None:
        results = tasks[0]["annotations"][0]["result"]
        for result in results:
            if (result.get("id"), result.get("from_name")) == ("I2c1", "operator"):
                result["value"]["choices"] = [">="]
            if (result.get("id"), result.get("from_name")) == ("I2c1", "low_inclusive"):
                result["value"]["choices"] = ["true"]
        start = TEXT.index("prior")
        value = {"start": start, "end": start + 5, "text": "prior", "labels": ["state"]}
        results.append({"id": "x7", "from_name": "label", "to_name": "text", "type": "labels", "value": value})
        choice = {**value, "choices": ["forbid"]}
        results.append({"id": "x7", "from_name": "requirement", "to_name": "text", "type": "choices", "value": choice})

    back = exchange.take([edited(sent([trial()], tmp_path, "label-studio"), correct)]).trials[0]
    assert [str(row) for row in back.constraints] == ["neutrophils >= 1.5 10*9/L", "platelets >= 75"]
    assert [(row.mention_id, row.text, row.label) for row in back.mentions] == [
        ("I1m1", "stroke", "condition"),
        ("I1m2", "prior", "state"),
    ]


def test_the_interface_has_a_control_for_every_slot() -> None:
    page = ElementTree.fromstring(label_studio.interface())
    controls = {tag.get("name") for kind in ("Choices", "Number", "TextArea") for tag in page.iter(kind)}
    columns = {name for row in (Constraint, Mention, ROWS["criteria"]) for name in row._fields}
    assert {"operator", "low", "levels", "requirement", "historical", "children", "reason"} <= controls
    assert controls <= columns | {"reason"}
    choices = next(tag for tag in page.iter("Choices") if tag.get("name") == "window_direction")
    assert [tag.get("value") for tag in choices] == ["before", "after", "around"]


def test_brat_gets_a_limit_over_two_lines_as_two_pieces(tmp_path: Path) -> None:
    found = compiled(
        "Hb below\r\n  9 g/dL", "= inclusion assumed\nI1 | Hb\nc1 lab:hemoglobin < 9 g/dL | Hb | below 9 g/dL"
    )
    folder = sent([found], tmp_path, "brat")
    assert "T2\tlab 3 8;10 18\tbelow   9 g/dL" in (folder / "TEST0001.ann").read_text(encoding="utf-8")
    assert "operator\tArg:" in (folder / brat.CONFIGURATION).read_text(encoding="utf-8")


def test_brat_offsets_that_take_crlf_for_one_character_are_put_right(tmp_path: Path) -> None:
    folder = sent([trial()], tmp_path, "brat")
    path = folder / "TEST0001.ann"

    def moved(line: re.Match[str]) -> str:
        return re.sub(r"\d+", lambda digits: str(int(digits[0]) - (int(digits[0]) > TEXT.index("\r\n"))), line[0])

    lines = re.sub(r"(?m)(?<=^T\d\t)\w+ [\d ;]+(?=\t)", moved, path.read_text(encoding="utf-8"))
    assert f"condition {TEXT.index('stroke') - 1} " in lines
    path.write_text(lines, encoding="utf-8")
    assert exchange.take([folder]).trials == [trial()]


def test_ids_that_are_no_file_names_are_told_apart(tmp_path: Path) -> None:
    trials = [compiled(TEXT, ROWS_OF_TEXT, name) for name in ("a/b", "a_b")]
    assert exchange.take([sent(trials, tmp_path, "brat")]).trials == trials


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("T3\tlab", "T3\tlabs", "T3: no label 'labs'; they are age, lab"),
        ("lab 17 31", "lab 18 32", "TEST0001.ann: T3: '≥ 1.5 x 10^9/L' does not stand at 18-32 of the text"),
        ("Arg2:T7", "Arg2:T70", "TEST0001.ann: R2: points at T70, which is not there"),
        ("\tattribute Arg1", "\tattributes Arg1", "T3: attributes: no such link; they are attribute, targets"),
        ("AnnotatorNotes T4\t{", "AnnotatorNotes T4\tsee {", "T4: the note is no JSON object of slots"),
        ("requirement T3 require", "requirement T3 demand", "I1c1: requirement: Input should be 'require'"),
        ('"unit": ', '"units": ', "I1c1: unknown slot 'units'; did you mean 'unit'?"),
        ("T3\tlab 17 31", "T3\tlab 17-31", "TEST0001.ann: line"),
    ],
)
def test_a_spoilt_brat_file_is_refused_with_record_and_fault(old: str, new: str, fault: str, tmp_path: Path) -> None:
    folder = sent([trial()], tmp_path, "brat")
    path = folder / "TEST0001.ann"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = faults(folder)
    assert any(fault in line for line in found), found


def _label(result: dict[str, Any]) -> bool:
    return result.get("from_name") == "label"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda tasks: tasks[0].pop("data"), "task 1: not in the shape of a task: KeyError: 'data'"),
        (
            lambda tasks: next(filter(_label, tasks[0]["annotations"][0]["result"]))["value"].update(text="other"),
            "TEST0001: I1: 'other' does not stand at 13-52 of the text",
        ),
        (
            lambda tasks: tasks[0]["annotations"][0]["result"][-1].update(labels=[]),
            "TEST0001: the relation from I2c1 to words2 is labelled [None], not one of",
        ),
        (
            lambda tasks: tasks[0]["annotations"][0]["result"][-1].update(to_id="gone"),
            "TEST0001: I2c1: attribute: gone is not there",
        ),
    ],
)
def test_a_spoilt_export_of_label_studio_is_refused(
    change: Callable[[Any], object], fault: str, tmp_path: Path
) -> None:
    found = faults(edited(sent([trial()], tmp_path, "label-studio"), change))
    assert len(found) == 1 and fault in found[0], found


@pytest.mark.parametrize(
    ("tool", "change", "fault"),
    [
        ("prodigy", lambda line: line.update(answer="reject"), "line 1: TEST0001: its answer is reject"),
        ("prodigy", lambda line: line.pop("meta"), "line 1: no trial_id"),
        ("prodigy", lambda line: line["spans"][0].pop("label"), "line 1: not in shape: KeyError: 'label'"),
        ("prodigy", lambda line: line["spans"][0].update(end=999), "line 1: TEST0001: spans lie outside the text"),
        ("doccano", lambda line: line["entities"][0].update(label="x"), "TEST0001: 1: no label 'x'"),
        ("doccano", lambda line: line["relations"][0].update(to_id=99), "TEST0001: 3: attribute: 99 is not there"),
    ],
)
def test_a_spoilt_line_is_refused(tool: Tool, change: Callable[[Any], object], fault: str, tmp_path: Path) -> None:
    found = faults(edited(sent([trial()], tmp_path, tool), change))
    assert len(found) == 1 and fault in found[0], found


def test_prodigy_relations_may_tell_places_only(tmp_path: Path) -> None:
    def forget(line: Any) -> None:
        for relation in line["relations"]:
            relation["head_span"].pop("id")
            relation["child_span"].pop("id")

    assert exchange.take([edited(sent([trial()], tmp_path, "prodigy"), forget)]).trials == [trial()]


def test_a_place_that_two_spans_share_does_not_tell_where_a_relation_ends() -> None:
    line = spans.prodigy(regions.document(compiled("AST/ALT ≤ 3 x ULN", SHARED_LIMIT)))
    line["relations"][0]["head_span"].pop("id")
    with pytest.raises(GoldError, match="a relation ends at lab 8-17, where 2 spans are"):
        spans.document(line)


SHARED_LIMIT = (
    "= inclusion assumed\nI1 | AST\nc1 lab:ast <= 3 [ULN] | AST | ≤ 3 x ULN\nc2 lab:alt <= 3 [ULN] | ALT | ≤ 3 x ULN"
)


@pytest.mark.parametrize(("name", "content"), [("x.json", "[]"), ("x.jsonl", "\n")])
def test_an_empty_batch_is_refused(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GoldError, match=f"{name}: no annotated trial there"):
        exchange.take([path])


def test_a_trial_in_two_batches_is_refused(tmp_path: Path) -> None:
    paths = [sent([trial()], tmp_path / name, "doccano") for name in ("a", "b")]
    with pytest.raises(GoldError, match="TEST0001: stands in the batch more than once"):
        exchange.take(paths)


def test_a_proposal_joins_the_digits_of_one_number() -> None:
    text = "RECIST 1.1 on day 3, 4"
    digits = [(7, "version"), (9, "version"), (18, "visit"), (21, "visit")]
    numerals = [Numeral("T", "I1", text[start], start, start + 1, reason) for start, reason in digits]  # type: ignore[arg-type]
    row = TrialRow(*(None,) * len(TrialRow._fields))  # type: ignore[arg-type]
    found = proposal(Trial("T", "ctgov", "a.json", text), TrialTables(row, [], [], [], numerals))
    assert [(row.text, row.start, row.end) for row in found.numerals] == [("1.1", 7, 10), ("3", 18, 19), ("4", 21, 22)]
