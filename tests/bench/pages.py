"""BENCH.md, which two programs write: each replaces its own part and leaves the other's as it is."""

import platform
import sys
from pathlib import Path

import psutil
import spacy

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "BENCH.md"
SAMPLE = ROOT / "samples" / "registry.json"
LARGE = ROOT.parent / "shared" / "registry" / "criteria.csv"
PARTS = ("# Speed and memory\n", "# Soak\n")
"""The heading of each part, in order."""

SAID: list[str] = []


def machine() -> str:
    """The machine that the figures are of."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{psutil.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, spaCy {spacy.__version__}"
    )


def say(line: str) -> None:
    """Print at once, since a measurement takes a while, and keep it for the page."""
    SAID.append(line if not line or line.startswith("#") else f"- {line}")
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def write(heading: str, text: str, page: Path = PAGE) -> None:
    """Put `text` below `heading` in the page, in place of what stood there.

    >>> import tempfile
    >>> page = Path(tempfile.mkdtemp()) / "BENCH.md"
    >>> write("# Soak\\n", "held", page)
    >>> write("# Speed and memory\\n", "fast", page)
    >>> write("# Soak\\n", "held again", page)
    >>> page.read_text()
    '# Speed and memory\\nfast\\n\\n# Soak\\nheld again\\n'
    """
    held = page.read_text(encoding="utf-8") if page.exists() else ""
    starts = sorted((held.index(part), part) for part in PARTS if part in held)
    ends = [start for start, _ in starts[1:]] + [len(held)]
    parts = {part: held[start + len(part) : end] for (start, part), end in zip(starts, ends, strict=False)}
    parts[heading] = text
    shown = [part + parts[part].rstrip() for part in PARTS if part in parts]
    page.write_text("\n\n".join(shown) + "\n", encoding="utf-8")
