"""From the files of a run, or the rows of a frame, to records: pairs of a place and what stands there."""

import pickle
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialcriteria import batch, registries
from trialcriteria.batch import Job
from trialcriteria.manifest import NOT_SELECTED
from trialcriteria.records import Fault, Skipped, Trial
from trialcriteria.registries import Part
from trialcriteria.spark.sessions import RESULTS_AT_ONCE
from trialcriteria.workers import Item, Settings

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

Batches = Iterator["pa.RecordBatch"]
Place = tuple[int, int]
"""Which file of the inputs, and which record of it: the order of the records."""

TASKS_A_CORE, LEAST_BYTES, MOST_BYTES = 4, 50_000, 1_000_000
"""How many tasks read: a few for each core, so that none waits long for another, of 10 to 200 trials or so; what a
killed worker had read is read again, so they are no larger."""

FILE_TASKS = 1_000
"""How many tasks open files, at most."""


def records(spark: "SparkSession", job: Job, inputs: dict[str, dict[str, object]]) -> "DataFrame":
    """The records of the inputs, each file read by one task and dealt out for reading: place, and record pickled."""
    parts = [part for source in job.inputs for part in registries.parts(source)]
    cores = spark.sparkContext.defaultParallelism
    size = sum(int(str(fact["bytes"])) for fact in inputs.values())
    tasks = size // min(max(size // (TASKS_A_CORE * cores), LEAST_BYTES), MOST_BYTES) + 1
    listed = [(number, pickle.dumps(part)) for number, part in enumerate(parts)]
    slices = min(len(listed), max(TASKS_A_CORE * cores, FILE_TASKS)) or 1
    files = spark.createDataFrame(spark.sparkContext.parallelize(listed, slices), "file int, part binary")
    read = _reading(replace(job, settings=Settings()), Path.cwd())
    records = files.mapInArrow(read, "file int, at bigint, item binary")
    return records.repartition(tasks, "file", "at")


def _reading(job: Job, home: Path) -> Callable[[Batches], Batches]:
    """What runs in a task that reads files; `home` is where names of files begin that do not begin at the root."""

    def read(batches: Batches) -> Batches:
        import pyarrow as pa

        schema = pa.schema({"file": pa.int32(), "at": pa.int64(), "item": pa.binary()})
        for row in rows_of(batches):
            items = enumerate(_part_items(pickle.loads(row["part"]), job, home))
            while some := list(islice(items, RESULTS_AT_ONCE)):
                rows = [{"file": row["file"], "at": at, "item": pickle.dumps(item)} for at, item in some]
                yield pa.RecordBatch.from_pylist(rows, schema)

    return read


def _part_items(part: Part | Fault | Skipped, job: Job, home: Path) -> Iterator[Item]:
    """What a file holds, reduced to the ids asked for; sources are called as the user called them."""
    if not isinstance(part, Part):
        yield part
        return
    prefix = "" if part.path.is_absolute() else f"{home / '_'}"[:-1]
    try:
        for read in registries.read(Part(home / part.path, part.named), format=job.input_format, **vars(job.columns)):
            item = read._replace(source=read.source.removeprefix(prefix))
            name = batch.record_name(item)
            chosen = job.ids is None or name is None or name in job.ids
            yield item if chosen else Skipped(item.source, NOT_SELECTED)
    except Exception as error:  # A reader that fails on one file must not take the other files with it.
        yield batch.unreadable(str(part.path), error)


def file_items(batches: Batches) -> Iterator[tuple[Place, Item]]:
    for row in rows_of(batches):
        yield (row["file"], row["at"]), pickle.loads(row["item"])


def frame_items(batches: Batches) -> Iterator[tuple[Place, Item]]:
    for row in rows_of(batches):
        at = row.pop("at")
        item: Item = registries.row(row, "frame")
        if isinstance(item, Trial) and not item.trial_id:
            detail, way_out = "the row has no trial id", "Give each row an id; rows of a Spark frame have no number."
            item = Fault("frame", None, "no_id", detail, way_out)
        yield (0, at), item


def rows_of(batches: Batches) -> Iterator[dict[str, Any]]:
    for found in batches:
        yield from found.to_pylist()
