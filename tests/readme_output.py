"""Write the output of the README's commands into it: `.venv/bin/python tests/readme_output.py`. Read it afterwards."""

import contextlib
import doctest
import io
import os
import re
import shutil
import tempfile
import warnings
from pathlib import Path

import test_readme
from conftest import PARTS

VARYING = ((r"in \d+\.\d s\b", "in ... s"), (r"python( +)\d+\.\d+\.\d+\b", r"python\1..."))


def main() -> None:
    """Run the README's commands, then its Python, in order in one folder and put what they print under them."""
    text = test_readme.README
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(test_readme.ROOT / "samples", folder / "samples")
        at = 0
        for command, shown in test_readme.steps():
            absent = [reason for is_there, reason in map(PARTS.get, test_readme.needs(command)) if not is_there()]
            if absent:
                warnings.warn(f"left as it was, so perhaps untrue now: {command} ({'; '.join(absent)})", stacklevel=1)
            printed = shown if absent else test_readme.output(command, folder)
            for pattern, instead in VARYING:
                printed = re.sub(pattern, instead, printed)
            at = text.index(f"$ {command}\n{shown}", at)
            text = text[:at] + f"$ {command}\n{printed}" + text[at + len(f"$ {command}\n{shown}") :]
            at += len(command)
        os.chdir(folder)
        text = re.sub(r"(?<=```python\n)(.*?)(?=```)", lambda block: values(block[0]), text, flags=re.S)
    (test_readme.ROOT / "README.md").write_text(text, encoding="utf-8")


def values(block: str) -> str:
    """A block of Python with the values that its lines give."""
    names: dict[str, object] = {}
    lines = []
    for example in doctest.DocTestParser().get_examples(block):
        source = example.source.rstrip("\n").split("\n")
        lines += [f">>> {source[0]}", *(f"... {line}" for line in source[1:])]
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(example.source, "README.md", "single"), names)
        lines += printed.getvalue().splitlines()
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
