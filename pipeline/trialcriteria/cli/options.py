"""What several commands are asked in the same words: choices, and options that they share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """Formats of the output tables."""

    parquet = "parquet"
    csv = "csv"
    jsonl = "jsonl"


class Only(StrEnum):
    """What is read."""

    all = "all"
    constraints = "constraints"


class Engine(StrEnum):
    """What runs an extraction."""

    local = "local"
    spark = "spark"


class Split(StrEnum):
    """Parts of the gold."""

    dev = "dev"
    test = "test"


class Tool(StrEnum):
    """Annotation tools."""

    label_studio = "label-studio"
    brat = "brat"
    prodigy = "prodigy"
    doccano = "doccano"


class AnswerFormat(StrEnum):
    """Formats of what a query gives."""

    table = "table"
    csv = "csv"
    json = "json"


class SchemaFormat(StrEnum):
    """Formats of the schema page."""

    md = "md"
    json = "json"


Lexicons = Annotated[
    list[Path] | None,
    typer.Option("--lexicon", metavar="FILE", help="Extend the lexicon with a TOML file of your own; repeatable."),
]


def _known(name: str | None) -> str | None:
    """The format of the inputs; what is none is a wrong call, and not the fault of a file."""
    if name is None:
        return None
    from trialcriteria.registries import FORMATS

    if name not in FORMATS:
        raise typer.BadParameter(f"{name} is no format of inputs; there are: {', '.join(FORMATS)}")
    return name


InputFormat = Annotated[
    str | None,
    typer.Option(
        metavar="FORMAT",
        callback=_known,
        help="Format of the inputs, where they are not to be recognised by content: ctgov-json, ctgov-xml, ictrp, "
        "aact, delimited (CSV, TSV), parquet, page or text.",
    ),
]
