"""The map in `pipeline/README.md` names every module, one line each."""

import re
from pathlib import Path

PIPELINE = Path(__file__).resolve().parents[1] / "pipeline"


def test_the_map_names_every_file_and_no_other() -> None:
    named = re.findall(r"^- `([^`]+)`: ", (PIPELINE / "README.md").read_text(encoding="utf-8"), re.M)
    there = {
        path.relative_to(PIPELINE / "trialcriteria").as_posix()
        for path in (PIPELINE / "trialcriteria").rglob("*")
        if path.suffix in (".py", ".toml") or path.name == "py.typed"
    }
    assert sorted(named) == sorted(there)
