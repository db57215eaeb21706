"""The README's commands give the output it shows."""

import doctest
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COVERED_BY_CI = ("make demo", "make test")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def steps() -> list[tuple[str, str]]:
    """The commands of the README's `console` blocks in order, each with the output shown under it."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", README, re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, shown = part.partition("\n")
            while command.endswith("\\"):
                more, _, shown = shown.partition("\n")
                command = command.removesuffix("\\") + more.strip()
            if command not in COVERED_BY_CI:
                found.append((command, shown))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples, as a reader of the README has it."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "samples", folder / "samples")
    return folder


def output(command: str, folder: Path) -> str:
    """What `command` prints, as a terminal would show it."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout


def test_the_readme_begins_with_the_two_commands() -> None:
    commands = re.findall(r"^\$ (.*)$", README, re.M)
    assert commands[:2] == ["make demo", "make test"]


def needs(command: str) -> tuple[str, ...]:
    """The optional parts that a command cannot do without."""
    return ("java", "spark") if "--engine spark" in command else ()


CASES = [pytest.param(*step, id=step[0], marks=pytest.mark.needs(*needs(step[0]))) for step in steps()]


@pytest.mark.parametrize(("command", "shown"), CASES)
def test_a_command_of_the_readme_gives_the_output_it_shows(command: str, shown: str, folder: Path) -> None:
    printed = output(command, folder)
    assert doctest.OutputChecker().check_output(shown, printed, FLAGS), f"it now prints:\n{printed}"


def test_the_python_of_the_readme_gives_the_values_it_shows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    lines = "\n".join(re.findall(r"```python\n(.*?)```", README, re.S))
    test = doctest.DocTestParser().get_doctest(lines, {}, "README.md", "README.md", 0)
    assert test.examples
    failures: list[str] = []
    doctest.DocTestRunner(optionflags=FLAGS).run(test, out=failures.append)
    assert not failures, "".join(failures)
