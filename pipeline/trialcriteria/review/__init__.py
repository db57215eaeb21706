"""A run's rows beside its texts, and beside the gold where there is some, as one page to look at in a browser.

The page holds everything and fetches nothing: `page.html`, its style and its script stand beside this file.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from trialcriteria import evaluation
from trialcriteria.batch import MANIFEST
from trialcriteria.review.judging import Judge, runs
from trialcriteria.review.packing import Packer


class Reviewed(NamedTuple):
    """What a page holds, for the person who asked for it."""

    trials: int
    rows: int
    annotated: int
    sealed: int
    left_out: int
    not_in_run: tuple[str, ...]


def write(folder: Path, page: Path, gold: Path | None = None, limit: int | None = None) -> Reviewed:
    """Write the page of a run, or of its first `limit` trials; raises `CallError` where gold and run do not fit."""
    judge = Judge(evaluation.read_gold(gold)) if gold else None
    run = runs(folder)
    shown = list(islice(run, limit))
    left_out = sum(1 for _ in run)
    packer = Packer(judge)
    trials = [packer.trial(read) for read in shown]
    here = {read.trial.trial_id for read in shown}
    known, sealed = (judge.open.keys(), judge.sealed) if judge else (set[str](), set[str]())
    missing = () if left_out else tuple(sorted(known - here))
    counts = Reviewed(len(trials), packer.rows, len(known & here), len(sealed & here), left_out, missing)
    packed = {"gold": bool(gold), "names": packer.names(), "trials": trials}
    html = render(f"Review of {folder.resolve().name}", " · ".join(_facts(folder, gold, counts)), packed)
    page.write_text(html, encoding="utf-8", errors="replace", newline="\n")
    return counts


def _facts(folder: Path, gold: Path | None, counts: Reviewed) -> Iterator[str]:
    """What the page shows; what it leaves out is said too."""
    yield f"{counts.trials:,} trials, {counts.rows:,} rows"
    manifest = folder / MANIFEST
    if manifest.exists():
        made = json.loads(manifest.read_text(encoding="utf-8"))
        yield f"trialcriteria {made['versions']['trialcriteria']}, {made['started'][:10]}"
    if gold:
        yield f"{counts.annotated:,} of them annotated in {gold.name}"
    if counts.sealed:
        yield f"{counts.sealed:,} of a sealed part of the gold"
    if counts.not_in_run:
        yield f"{len(counts.not_in_run):,} annotated trials are not in this run"
    if counts.left_out:
        yield f"{counts.left_out:,} more trials left out"


def render(title: str, facts: str, data: Mapping[str, Any]) -> str:
    """The page: `data` and everything else in one file."""
    from jinja2 import Environment, StrictUndefined
    from jinja2.utils import htmlsafe_json_dumps
    from markupsafe import Markup

    folder = files("trialcriteria.review")
    page, style, script = (
        (folder / f"page.{kind}").read_text(encoding="utf-8").replace("\r\n", "\n") for kind in ("html", "css", "js")
    )
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(page).render(
        title=title,
        facts=facts,
        stop="error" if data["gold"] else "doubt",
        style=Markup(style),
        style_hash=_hash(style),
        script=Markup(script),
        script_hash=_hash(script),
        data=htmlsafe_json_dumps(data, ensure_ascii=False, separators=(",", ":")),
    )


def _hash(source: str) -> str:
    """What a content security policy names an inline block by."""
    return base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
