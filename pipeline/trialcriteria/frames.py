"""The tables of a few trials as pandas frames, for a notebook or a script."""

from collections.abc import Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trialcriteria import batch, tables, workers
from trialcriteria.records import TABLES, Fault, Skipped, Trial, TrialTables
from trialcriteria.workers import Result, Settings

if TYPE_CHECKING:
    import pandas as pd


class Frames(NamedTuple):
    """A frame for each table, and what could not be read or was no record with the reason."""

    trials: "pd.DataFrame"
    criteria: "pd.DataFrame"
    constraints: "pd.DataFrame"
    mentions: "pd.DataFrame"
    numerals: "pd.DataFrame"
    quarantine: "pd.DataFrame"
    skipped: "pd.DataFrame"


def extract(
    inputs: Sequence[str],
    *,
    text: str | None = None,
    ids: Sequence[str] | None = None,
    limit: int | None = None,
    min_confidence: float = 0.0,
    lexicon: Sequence[str | PathLike[str]] = (),
    workers: int = 1,
) -> Frames:
    """The frames of `inputs`, or of one eligibility `text`; raises `batch.CallError` where an input is missing."""
    settings = Settings(tuple(Path(path) for path in lexicon), min_confidence=min_confidence)
    selected = None if ids is None else frozenset(ids)
    job = batch.Job(tuple(inputs), ids=selected, limit=limit, settings=settings, workers=workers)
    batch.check(job)
    if text is None:
        return gather(batch.results(job))
    return gather([*batch.results(job), *_of_text(text, settings)])


def gather(results: Iterable[Result]) -> Frames:
    """Frames of what `batch.results` gives."""
    import pandas as pd

    rows: dict[str, list[tables.Row]] = {table: [] for table in TABLES}
    faults: list[Fault] = []
    skipped: list[Skipped] = []
    for result in results:
        if isinstance(result, TrialTables):
            for table, found in tables.by_table(result).items():
                rows[table].extend(found)
        elif isinstance(result, Fault):
            faults.append(result)
        else:
            skipped.append(result)
    return Frames(
        **{table: tables.frame(table, found) for table, found in rows.items()},
        quarantine=pd.DataFrame(faults, columns=list(Fault._fields)),
        skipped=pd.DataFrame(skipped, columns=list(Skipped._fields)),
    )


def _of_text(text: str, settings: Settings) -> Iterable[Result]:
    return workers.results([Trial("text", "text", "text", text)], settings)
