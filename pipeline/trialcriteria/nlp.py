"""The steps in order: one small Doc a criterion, the components one after another.

>>> nlp = load()
>>> [str(limit.attribute) for limit in nlp("Age ≥ 18 years").user_data["limits"]]
['age']
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from spacy.language import Language

from trialcriteria.components import (
    abbreviations,
    conditions,
    constraints,
    context,
    linking,
    mentions,
    quantities,
    targets,
    terms,
    windows,
)

STEPS = {
    "trialcriteria_terms": terms.make_terms,
    "trialcriteria_abbreviations": abbreviations.make_abbreviations,
    "trialcriteria_quantities": quantities.make_quantities,
    "trialcriteria_constraints": constraints.make_constraints,
    "trialcriteria_windows": windows.make_windows,
    "trialcriteria_limit_linking": linking.make_limit_linking,
    "trialcriteria_conditions": conditions.make_conditions,
    "trialcriteria_mentions": mentions.make_mentions,
    "trialcriteria_mention_linking": linking.make_mention_linking,
    "trialcriteria_targets": targets.make_targets,
    "trialcriteria_context": context.make_context,
}

WITHOUT_LEXICON = frozenset({"trialcriteria_abbreviations", "trialcriteria_conditions", "trialcriteria_targets"})
"""Steps that go by the document or by what earlier steps left on the Doc."""

BEFORE_LIMITS = frozenset({"trialcriteria_terms", "trialcriteria_abbreviations"})
"""Steps that find words, be they of limits or of what else."""

AFTER_LIMITS = frozenset(
    {"trialcriteria_mentions", "trialcriteria_mention_linking", "trialcriteria_targets", "trialcriteria_context"}
)
"""Steps that find nothing more that is a limit: they say what the limits narrow, and what turns them."""


def load(lexicon: Sequence[str | Path] = ()) -> Language:
    """The pipeline that reads one criterion a Doc; `lexicon` names the user's own files.

    Raises lexicon.LexiconError for a lexicon file that cannot be used.
    """
    import spacy

    with _uncollected():
        nlp = spacy.blank("en")
        nlp.tokenizer = terms.tokenizer(nlp.vocab)
        for step in STEPS:
            config = {} if step in WITHOUT_LEXICON else {"lexicon_files": [str(path) for path in lexicon]}
            nlp.add_pipe(step, config=config)
    return nlp


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's collector: what is built here is kept, and looking it through takes as long as building it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
