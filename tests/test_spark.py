"""Spark reads the tables as the schema says."""

from pathlib import Path

import pytest

from fakes import trial_tables
from trialcriteria import tables

TYPES = {"str": "string", "int": "bigint", "float": "double", "bool": "boolean", "list": "array<string>"}


@pytest.mark.needs("java", "spark")
def test_spark_reads_every_table_with_the_types_and_rows_it_was_written_with(tmp_path: Path) -> None:
    from pyspark.sql import SparkSession

    written = tables.Folder(tmp_path, "parquet")
    written.add(trial_tables())
    written.publish()
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        for table, rows in tables.by_table(trial_tables()).items():
            frame = spark.read.parquet(str(tmp_path / f"{table}.parquet"))
            assert frame.dtypes == [(column.name, TYPES[column.type]) for column in tables.layout(table)]
            read = [tuple(tuple(x) if isinstance(x, list) else x for x in row) for row in frame.collect()]
            assert read == [tuple(row) for row in rows]
    finally:
        spark.stop()
