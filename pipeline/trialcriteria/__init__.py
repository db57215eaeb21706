"""Reads the eligibility criteria of clinical trials into tables.

The whole public surface: `load()` gives the spaCy pipeline, `extract()` pandas frames. Both import what they need when
they are called, so that `import trialcriteria` and `trialcriteria --help` are instant.
"""

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

    from trialcriteria.frames import Frames

    __version__: str

__all__ = ["__version__", "extract", "load"]


def load(lexicon: Sequence[str | PathLike[str]] = ()) -> "Language":
    """The spaCy pipeline that reads one criterion a Doc; `lexicon` names TOML files that extend the package's own."""
    from pathlib import Path

    from trialcriteria import nlp

    return nlp.load([Path(path) for path in lexicon])


def extract(
    *inputs: str | PathLike[str],
    text: str | None = None,
    ids: Sequence[str] | None = None,
    limit: int | None = None,
    min_confidence: float = 0.0,
    lexicon: Sequence[str | PathLike[str]] = (),
    workers: int = 1,
) -> "Frames":
    """The tables of registry files, folders or one `text` as pandas frames; what could not be read stands beside them.

    >>> frames = extract(text="Inclusion Criteria: Platelets at least 100,000/µL")
    >>> frames.constraints[["attribute", "operator", "canonical_low", "canonical_unit"]].values.tolist()
    [['platelets', '>=', 100.0, '10*9/L']]
    """
    from trialcriteria import frames

    return frames.extract(
        [str(source) for source in inputs],
        text=text,
        ids=ids,
        limit=limit,
        min_confidence=min_confidence,
        lexicon=lexicon,
        workers=workers,
    )


if not TYPE_CHECKING:

    def __getattr__(name: str) -> str:
        if name == "__version__":
            from importlib.metadata import version

            return version("trialcriteria")
        raise AttributeError(f"module 'trialcriteria' has no attribute {name!r}")
