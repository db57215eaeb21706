"""Whether this installation works: versions, optional parts, what is missing and how to get it."""

import importlib
import platform
import re
import shutil
import sys
import time
import warnings
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Literal, NamedTuple

from packaging.requirements import Requirement

State = Literal["ok", "broken", "absent"]

EXTRAS = {
    "notebooks": "the notebooks",
    "query": "SQL over the tables",
    "spark": "Spark, on one machine or a cluster",
}


class Finding(NamedTuple):
    """One part of the installation; `absent` is said of optional parts only."""

    part: str
    found: str
    state: State
    way_out: str = ""


def findings() -> Iterator[Finding]:
    """Everything that is looked at, required parts first."""
    yield _python()
    needed = [Requirement(line) for line in requires("trialcriteria") or ()]
    for requirement in needed:
        if "extra" not in str(requirement.marker or ""):
            yield _package(requirement)
    yield _pipeline()
    for extra, purpose in EXTRAS.items():
        yield _extra(extra, purpose, [one for one in needed if f'extra == "{extra}"' in str(one.marker or "")])
    yield _java()


def _python() -> Finding:
    right = sys.version_info[:2] in ((3, 11), (3, 12))
    way_out = "" if right else "use Python 3.11 or 3.12"
    return Finding("python", platform.python_version(), "ok" if right else "broken", way_out)


def _package(requirement: Requirement) -> Finding:
    """A required package: there, in a version we work with, and importable."""
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return Finding(requirement.name, "", "broken", f"pip install '{_plain(requirement)}'")
    if found not in requirement.specifier:
        return Finding(requirement.name, found, "broken", f"pip install '{_plain(requirement)}'")
    fault = _import_fault(requirement.name)
    return Finding(requirement.name, found, "broken" if fault else "ok", fault)


def _import_fault(name: str) -> str:
    """What goes wrong at import, in a line; medspaCy changes the process's warning filters, which are put back."""
    with warnings.catch_warnings():
        try:
            importlib.import_module(re.sub("-", "_", name))
        except Exception as error:  # A broken installation may fail in any way; that is what is looked for.
            return f"its import fails: {error}".splitlines()[0]
    return ""


def _pipeline() -> Finding:
    """The pipeline itself: whether it builds, and how long that takes."""
    began = time.perf_counter()
    try:
        from trialcriteria import lexicon, nlp

        steps = len(nlp.load().pipe_names)
        entries = sum(len(table) for table in lexicon.load().entries.values())
    except Exception as error:  # As above: any failure is the finding.
        return Finding("pipeline", "", "broken", f"{type(error).__name__}: {error}".splitlines()[0])
    seconds = time.perf_counter() - began
    return Finding("pipeline", f"{steps} components, {entries:,} lexicon entries, {seconds:.1f} s to build", "ok")


def _extra(extra: str, purpose: str, requirements: list[Requirement]) -> Finding:
    """An optional part: all of its packages, or how to get them."""
    found, missing = [], []
    for requirement in requirements:
        try:
            found.append(f"{requirement.name} {version(requirement.name)}")
        except PackageNotFoundError:
            missing.append(requirement.name)
    if missing:
        return Finding(extra, ", ".join(found), "absent", f"for {purpose}: pip install 'trialcriteria[{extra}]'")
    return Finding(extra, ", ".join(found), "ok")


def _java() -> Finding:
    path = shutil.which("java")
    return Finding(
        "java",
        path or "",
        "ok" if path else "absent",
        "" if path else "for Spark: install Java 17 (openjdk-17-jre-headless)",
    )


def _plain(requirement: Requirement) -> str:
    return f"{requirement.name}{requirement.specifier}"
