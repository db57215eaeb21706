"""The command: what it prints, how it ends, and what it says when something is wrong."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import fakes
import trialcriteria
from trialcriteria import cli, registries, tables, workers
from trialcriteria.records import ALL_TABLES, TABLES

TEXT = "Inclusion Criteria:\n* Age 18 years or older\n\nExclusion Criteria:\n* Platelets < 75,000/µL\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command in a folder of its own; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            cli.main(arguments)
        printed = capfd.readouterr()
        return int(end.value.code or 0), printed.out, printed.err

    return run


@pytest.fixture
def fake_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "reader", lambda settings: fakes.read)


def write_csv(*texts: str) -> None:
    lines = ["nct_id,criteria", *(f"T{n},{text}" for n, text in enumerate(texts, 1))]
    Path("in.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_extract_writes_the_tables_and_says_what_it_did(run: Run) -> None:
    Path("trial.txt").write_text(TEXT, encoding="utf-8")
    code, out, err = run("extract", "trial.txt", "-o", "out", "--head", "5")
    assert (code, err) == (0, "")
    assert out.startswith("1 records in = 1 trials + 0 quarantined + 0 skipped")
    assert "\nwritten to out\n" in out
    lines = [line.split()[:6] for line in out.splitlines()[-2:]]
    assert lines == [
        ["trial", "I1c1", "age", ">=", "18", "a"],
        ["trial", "E1c1", "platelets", "<", "75", "10*9/L"],
    ]
    names = {*(f"{table}.parquet" for table in TABLES), "quarantine.jsonl", "manifest.json"}
    assert {path.name for path in Path("out").iterdir()} == names


def test_an_input_format_that_is_none_is_a_wrong_call(run: Run) -> None:
    write_csv("fine")
    code, out, err = run("extract", "in.csv", "-o", "out", "--input-format", "csv")
    assert (code, out) == (2, "")
    assert "csv is no format of inputs" in err
    assert not Path("out").exists()


def test_help_names_every_input_format(run: Run) -> None:
    code, out, _ = run("extract", "--help")
    assert code == 0
    assert [name for name in registries.FORMATS if name not in "".join(out.split())] == []


def test_quiet_says_nothing_where_all_is_read(run: Run, fake_reading: None) -> None:
    write_csv("fine")
    assert run("extract", "in.csv", "-o", "out", "--quiet") == (0, "", "")


def test_quiet_still_says_what_was_not_read(run: Run, fake_reading: None) -> None:
    Path("dump").mkdir()
    Path("dump/notes.md").write_bytes(b"\x00\x01")
    write_csv("fine", "")
    code, out, err = run("extract", "in.csv", "dump", "-o", "out", "--quiet")
    assert (code, out) == (3, "")
    skipped, quarantined = err.splitlines()
    assert skipped == "skipped: dump/notes.md: not a format that is read here"
    assert quarantined.startswith("quarantined: in.csv:3 (T2): ")


def test_quiet_leaves_a_log_nothing_but_lines_of_json(run: Run, fake_reading: None) -> None:
    Path("dump").mkdir()
    Path("dump/notes.md").write_bytes(b"\x00\x01")
    write_csv("fine", "")
    _, out, err = run("extract", "in.csv", "dump", "-o", "out", "--quiet", "--log-json")
    assert out == ""
    assert [json.loads(line)["event"] for line in err.splitlines()] == ["start", "quarantined", "skipped", "end"]


@pytest.mark.parametrize("format", tables.FORMATS)
def test_every_format_holds_the_same_rows(run: Run, fake_reading: None, format: str) -> None:
    write_csv("fine", "fine too")
    assert run("extract", "in.csv", "-o", "out", "--format", format, "-q")[0] == 0
    assert [row.trial_id for row in tables.read(Path(f"out/constraints.{format}"))] == ["T1", "T2"]


def test_no_text_leaves_the_text_out(run: Run) -> None:
    Path("trial.txt").write_text(TEXT, encoding="utf-8")
    assert run("extract", "trial.txt", "-o", "out", "--no-text", "-q")[0] == 0
    (row,) = tables.read(Path("out/trials.parquet"))
    assert (row.eligibility_text, row.n_constraints) == (None, 2)


def test_only_constraints_leaves_mentions_out(run: Run) -> None:
    Path("trial.txt").write_text("Exclusion Criteria:\n* Pregnancy\n* Age < 18 years\n", encoding="utf-8")
    assert run("extract", "trial.txt", "-o", "out", "--only", "constraints", "-q")[0] == 0
    assert list(tables.read(Path("out/mentions.parquet"))) == []
    assert [str(row) for row in tables.read(Path("out/constraints.parquet"))] == ["age < 18 a"]


def test_limit_and_ids_choose_trials(run: Run, fake_reading: None) -> None:
    write_csv("one", "two", "three")
    Path("ids.txt").write_text("T2\nT3\nT4\n")
    code, out, _ = run("extract", "in.csv", "-o", "out", "--ids", "ids.txt", "--limit", "1")
    assert code == 0
    assert [row.trial_id for row in tables.read(Path("out/trials.parquet"))] == ["T2"]
    assert out.startswith("2 records in = 1 trials + 0 quarantined + 1 skipped")


def test_files_of_no_kind_that_is_read_are_named(run: Run, fake_reading: None) -> None:
    Path("dump").mkdir()
    for n in range(7):
        Path(f"dump/{n}.md").write_bytes(b"\x00\x01")
    write_csv("one")
    code, out, _ = run("extract", "in.csv", "dump", "-o", "out")
    assert code == 0
    assert out.startswith("8 records in = 1 trials + 0 quarantined + 7 skipped")
    assert [line for line in out.splitlines() if line.startswith("skipped: ")] == [
        f"skipped: dump/{n}.md: not a format that is read here" for n in range(5)
    ]
    assert "and 2 more, all in the manifest" in out


def test_columns_of_ones_own_are_read(run: Run, fake_reading: None) -> None:
    Path("in.csv").write_text("study,who\nA-1,fine\n")
    code, _, err = run("extract", "in.csv", "-o", "out", "--id-column", "study", "--criteria-column", "who", "-q")
    assert (code, err) == (0, "")
    assert [row.trial_id for row in tables.read(Path("out/trials.parquet"))] == ["A-1"]


def test_an_own_lexicon_is_read_and_stands_in_the_manifest(run: Run) -> None:
    lexicon = '[labs.unobtainium]\naliases = ["serum unobtainium"]\nunits = ["mg/dL"]\n'
    Path("my.toml").write_text(lexicon)
    Path("trial.txt").write_text("Inclusion Criteria:\n* Serum unobtainium > 3 mg/dL\n")
    assert run("extract", "trial.txt", "-o", "out", "--lexicon", "my.toml", "-q")[0] == 0
    assert [row.attribute for row in tables.read(Path("out/constraints.parquet"))] == ["unobtainium"]
    (own,) = json.loads(Path("out/manifest.json").read_text())["lexicon"]["own_files"]
    assert (own["path"], own["bytes"]) == ("my.toml", len(lexicon))


@pytest.mark.parametrize(
    ("texts", "options", "code"),
    [
        (("fine",), (), 0),
        (("fine", "fail"), (), 3),
        (("fine", "fail"), ("--allow-quarantined", "1"), 0),
        (("fine", "fail", "fail"), ("--allow-quarantined", "1"), 3),
        (("fail",), ("--allow-quarantined", "9"), 2),
    ],
)
def test_the_exit_code_counts_quarantined_records(
    run: Run, fake_reading: None, texts: tuple[str, ...], options: tuple[str, ...], code: int
) -> None:
    write_csv(*texts)
    assert run("extract", "in.csv", "-o", "out", *options)[0] == code


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("extract", "none.json", "-o", "out"), "none.json: no such file or folder; name an existing one"),
        (("extract", "in.csv"), "Missing option"),
        (("extract", "in.csv", "-o", "in.csv"), "in.csv: is a file; the output is a folder of tables"),
        (("extract", "in.csv", "-o", "."), "the folder is not empty; name another one, or add --overwrite"),
        (("extract", "in.csv", "-o", "out", "--ids", "none.txt"), "none.txt: the list of ids cannot be read"),
        (("extract", "in.csv", "-o", "out", "--lexicon", "none.toml"), "none.toml: no such lexicon file"),
        (("extract", "in.csv", "-o", "out", "--format", "excel"), "excel"),
        (("explain", "none.json"), "none.json: no such file or folder"),
        (("explain", "in.csv", "--trial", "T9"), "in.csv: holds no trial T9"),
        (("schema", "--table", "rows"), "rows: no such table; the tables are trials, criteria"),
        (("lexicon", "show", "platelet"), "platelet: no such entry; near it: platelets"),
        (("lexicon", "list", "lab"), "lab: no such kind of entry"),
        (("lexicon", "check", "in.csv"), "in.csv: not readable as TOML"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_call_ends_with_2_and_says_what_is_wrong(run: Run, arguments: tuple[str, ...], message: str) -> None:
    write_csv("fine")
    code, _, err = run(*arguments)
    assert code == 2
    assert message in err
    assert "Traceback" not in err


def test_a_fault_of_ours_is_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError("surprise")

    monkeypatch.setattr(tables, "Folder", fail)
    write_csv("fine")
    code, _, err = run("extract", "in.csv", "-o", "out")
    assert code == 2
    assert err.startswith("trialcriteria: ZeroDivisionError: surprise. This is a fault of ours")


def test_explain_shows_text_as_read(run: Run) -> None:
    code, out, _ = run("explain", "Exclusion Criteria: Platelets < 75,000/µL")
    assert code == 0
    (line,) = [" ".join(line.split()) for line in out.splitlines() if line.startswith("    E1c1")]
    assert line.startswith("E1c1 platelets < 75 10*9/L forbid eligible >= 75 10*9/L ")


def test_explain_finds_a_trial_in_a_file(run: Run) -> None:
    Path("in.csv").write_text("nct_id,criteria\nT1,Age > 17 years\nT2,Age > 65 years\n")
    code, out, _ = run("explain", "in.csv", "--trial", "T2")
    assert (code, out.splitlines()[0]) == (0, "T2")
    assert "age > 65 a" in out
    assert "17" not in out


def test_the_schema_as_json_holds_every_table(run: Run) -> None:
    code, out, _ = run("schema", "--format", "json")
    assert (code, list(json.loads(out)["tables"])) == (0, list(ALL_TABLES))


def test_doctor_finds_this_installation_in_order(run: Run) -> None:
    code, out, _ = run("doctor")
    assert (code, "broken" in out) == (0, False)
    assert out.splitlines()[1].split()[0] == "python"


def test_version_is_the_packages(run: Run) -> None:
    assert run("--version") == (0, trialcriteria.__version__ + "\n", "")


def test_standard_input_is_read(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "trialcriteria", "extract", "-", "-o", "out", "--quiet"]
    done = subprocess.run(command, cwd=tmp_path, input=TEXT.encode(), capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    rows = tables.read(tmp_path / "out" / "constraints.parquet")
    assert [str(row) for row in rows] == ["age >= 18 a", "platelets < 75 10*9/L"]
    (source,) = json.loads((tmp_path / "out" / "manifest.json").read_text())["inputs"]
    content = TEXT.encode()
    assert source == {"path": "-", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_bytes_do_not_depend_on_workers_hash_seed_locale_or_time_zone(tmp_path: Path) -> None:
    rows = "\n".join(
        f'T{n},"Age > {n} years; no prior chemotherapy within {n} weeks; ALT ≤ {n} × ULN"' for n in range(20, 60)
    )
    (tmp_path / "in.csv").write_text(f"nct_id,criteria\n{rows}\n", encoding="utf-8")
    outputs = []
    for number, seed, locale, zone in (("1", "1", "C.UTF-8", "UTC"), ("2", "2", "C", "Asia/Tokyo"), ("4", "3", "", "")):
        arguments = ["extract", "in.csv", "-o", number, "--workers", number, "-q"]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone}
        environment |= {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"} if locale == "C" else {}
        command = [sys.executable, "-m", "trialcriteria", *arguments]
        subprocess.run(command, cwd=tmp_path, check=True, env=environment)
        outputs.append(json.loads((tmp_path / number / "manifest.json").read_text(encoding="utf-8"))["outputs"])
    assert outputs[0] == outputs[1] == outputs[2]


def test_ctrl_c_leaves_no_half_written_tables(tmp_path: Path) -> None:
    code = (
        "import signal, time\nfrom trialcriteria import cli, workers\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # which a shell's background jobs ignore
        "def read(trial):\n    print('reading', flush=True)\n    time.sleep(60)\n"
        "workers.reader = lambda settings: read\n"
        "cli.main(['extract', 'in.csv', '-o', 'out'])\n"
    )
    (tmp_path / "in.csv").write_text("nct_id,criteria\nT1,fine\n")
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (130, "Stopped. out is as it was; the same command starts again.\n")
    assert list((tmp_path / "out").iterdir()) == []
