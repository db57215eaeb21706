"""The map in `pipeline/README.md` is the first line of every file, in the order in which they build on each other.

`.venv/bin/python tests/test_map.py` writes it.
"""

import ast
from pathlib import Path

from test_imports import LAYERS, PACKAGE

MAP = PACKAGE.parent / "README.md"
HEAD = """# The map
One line a file, each from the file itself; a file builds on those above it. Trials flow from `registries` to `tables`:
file -> `Trial` -> `Segment` -> `Doc` -> rows -> table. Files are read and written at both ends and nothing is printed
but by `cli`.
"""


def written() -> str:
    """The map as the files have it."""
    lines = [HEAD, f"- `__init__.py`: {_first_line(PACKAGE / '__init__.py')}"]
    for name in (name for names in LAYERS for name in names):
        for path in _files(name):
            lines.append(f"- `{path.relative_to(PACKAGE).as_posix()}`: {_first_line(path)}")
    return "\n".join(lines) + "\n"


def _files(name: str) -> list[Path]:
    """A module's file, or all files of a folder, its `__init__.py` first."""
    single = PACKAGE / f"{name}.py"
    if single.exists():
        return [single]
    files = [path for path in (PACKAGE / name).rglob("*") if path.suffix in (".py", ".toml", ".sql")]
    return sorted(files, key=lambda path: (path.name != "__init__.py", path.suffix, path.name))


def _first_line(path: Path) -> str:
    if mark := {".toml": "#", ".sql": "--"}.get(path.suffix):
        comment = path.read_text(encoding="utf-8").split("\n\n")[0].replace(f"\n{mark}", "").removeprefix(mark)
        return " ".join(comment.split()).split(". ")[0].rstrip(".") + "."
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0].replace("\n", " ")


def test_the_map_is_what_the_files_say() -> None:
    assert MAP.read_text(encoding="utf-8") == written()


def test_every_file_says_what_it_is() -> None:
    entries = [line for line in written().splitlines() if line.startswith("- ")]
    assert [line for line in entries if len(line.partition(": ")[2]) < 10] == []


if __name__ == "__main__":
    MAP.write_text(written(), encoding="utf-8")
