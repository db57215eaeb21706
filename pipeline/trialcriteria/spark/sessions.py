"""The Spark session of a run: what it needs, how it starts, and what it says when it gives up."""

import os
import re
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trialcriteria.batch import CallError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

INSTALL = "Spark is not installed: pip install 'trialcriteria[spark]'"
INSTALL_JAVA = (
    "Spark needs Java 17, and none is found: apt-get install openjdk-17-jre-headless, or brew install openjdk@17; "
    "where it is elsewhere, set JAVA_HOME"
)
LOCAL = "local[*]"
ATTEMPTS = 4
"""How often a part is tried on a local master; on the second attempt the record that killed the first is found."""

RESULTS_AT_ONCE = 100
LONGEST_REASON = 600


def need() -> None:
    """Raise `CallError` where Spark is missing."""
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise CallError(INSTALL) from error


def need_java() -> None:
    """Raise `CallError` where Spark would have to run here and there is no Java for it."""
    from pyspark.sql import SparkSession

    if SparkSession.getActiveSession() is None and not shutil.which("java") and "JAVA_HOME" not in os.environ:
        raise CallError(INSTALL_JAVA)


@contextmanager
def session(master: str | None) -> Iterator["SparkSession"]:
    """The session that is running, or one of our own, which ends with the run."""
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    if running := SparkSession.getActiveSession():
        yield running
        return
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("trialcriteria")
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", str(RESULTS_AT_ONCE))
    builder = builder.config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
    master = master or (None if "PYSPARK_GATEWAY_PORT" in os.environ else LOCAL)  # spark-submit has its own
    if master:
        builder = builder.master(patient(master))
    if master and master.startswith("local"):
        for name, value in {
            "ui.enabled": "false",
            "driver.bindAddress": "127.0.0.1",
            "driver.host": "127.0.0.1",
        }.items():
            builder = builder.config(f"spark.{name}", value)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")  # of pandas, which we do not use
        try:
            spark = builder.getOrCreate()
        except PySparkRuntimeError as error:
            raise CallError(f"Spark does not start ({error}); {INSTALL_JAVA}") from error
        if master and master.startswith("local"):
            spark.sparkContext.setLogLevel("ERROR")
        try:
            yield spark
        finally:
            spark.stop()


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a job that Spark gave up into `CallError`, with what Spark says of it in a line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise CallError(f"Spark gave up: {' '.join(str(error).split())[:LONGEST_REASON]}") from error


def patient(master: str) -> str:
    """A local master that tries a failed task again, as clusters do.

    >>> [patient(master) for master in ("local", "local[2]", "local[*]", "local[2,1]", "spark://host:7077")]
    ['local[1,4]', 'local[2,4]', 'local[*,4]', 'local[2,1]', 'spark://host:7077']
    """
    if master == "local":
        return f"local[1,{ATTEMPTS}]"
    return re.sub(r"^local\[([\d*]+)\]$", rf"local[\1,{ATTEMPTS}]", master)
