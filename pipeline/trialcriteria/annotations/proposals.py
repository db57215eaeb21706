"""What was read from a trial as a proposal: the shape of gold, to be corrected by hand before it is gold."""

from collections.abc import Iterator, Sequence

from trialcriteria.annotations.model import GoldCriterion, GoldTrial, sha256, split_of
from trialcriteria.records import Numeral, Trial, TrialTables

GUIDELINE = 1
PROGRAM = "trialcriteria"
"""The annotator of what nobody has corrected yet."""


def proposal(trial: Trial, read: TrialTables) -> GoldTrial:
    """The rows of `read` as if they were annotated."""
    return GoldTrial(
        trial.trial_id,
        layout=trial.registry,
        domain=", ".join(trial.conditions) or "not stated",
        text=trial.eligibility_text,
        text_sha256=sha256(trial.eligibility_text),
        annotator=PROGRAM,
        guideline_version=GUIDELINE,
        split=split_of(trial.trial_id),
        fields=trial.fields,
        criteria=tuple(
            GoldCriterion(
                row.criterion_id,
                row.section,
                row.section_source,
                row.start,
                row.end,
                row.parent_id,
                row.heading,
                row.cohort,
                row.children,
            )
            for row in read.criteria
        ),
        constraints=tuple(read.constraints),
        mentions=tuple(read.mentions),
        numerals=tuple(_joined(read.numerals, trial.eligibility_text)),
    )


def _joined(numerals: Sequence[Numeral], text: str) -> Iterator[Numeral]:
    """Numerals as annotators write them: 1.1 is one, where the tables list its runs of digits."""
    last: Numeral | None = None
    for numeral in sorted(numerals, key=lambda row: row.start):
        if last and text[last.end : numeral.start] in (".", ",") and last.reason == numeral.reason:
            last = last._replace(text=text[last.start : numeral.end], end=numeral.end)
            continue
        if last:
            yield last
        last = numeral
    if last:
        yield last
