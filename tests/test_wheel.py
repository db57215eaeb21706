"""The wheel carries everything that `extract` needs, and works outside the checkout."""

import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

from trialcriteria import nlp, tables

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "pipeline" / "trialcriteria"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean environment with the wheel in it; for speed, its dependencies are those installed here."""
    folder = tmp_path_factory.mktemp("elsewhere") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    site = next(folder.glob("lib/python*/site-packages"))
    # A .pth file adds the folder alone: .pth files inside it, such as the checkout's editable install, do not count.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--no-deps"]
    subprocess.run([*install, "--ignore-installed", "--no-index", "--quiet", str(wheel)], check=True)
    return folder


def run(environment: Path, *command: str) -> str:
    """What a command of the environment prints, run outside the checkout."""
    done = subprocess.run(
        [str(environment / "bin" / command[0]), *command[1:]],
        cwd=environment.parent,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("trialcriteria/")}
    there = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == there


def test_the_package_comes_from_the_wheel(environment: Path) -> None:
    code = "import trialcriteria, trialcriteria.lexicon as l; print(trialcriteria.__file__); print(l.__file__)"
    places = run(environment, "python", "-c", code).splitlines()
    assert [Path(place).is_relative_to(environment) for place in places] == [True, True]


def test_extract_runs_from_the_wheel_and_gives_the_rows_of_the_checkout(environment: Path, tmp_path: Path) -> None:
    sample = ROOT / "samples" / "registry.json"
    run(environment, "trialcriteria", "extract", str(sample), "-o", "out", "--quiet")
    from trialcriteria.batch import Job, Output
    from trialcriteria.batch import run as run_here

    run_here(Job((str(sample),)), Output(tmp_path))
    for table in ("constraints", "mentions", "numerals"):
        rows = list(tables.read(environment.parent / "out" / f"{table}.parquet"))
        assert rows == list(tables.read(tmp_path / f"{table}.parquet"))
        assert rows


def test_any_spacy_pipeline_finds_our_components_by_name(environment: Path) -> None:
    code = (
        "import spacy, sys\n"
        "nlp = spacy.blank('en')\n"
        "for name in sys.argv[1:]: nlp.add_pipe(name)\n"
        "print(*nlp.pipe_names)"
    )
    names = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["spacy_factories"]
    assert run(environment, "python", "-c", code, *names).split() == list(names) == list(nlp.STEPS)
