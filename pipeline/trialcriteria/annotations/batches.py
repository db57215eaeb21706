"""Pre-annotated batches: what the program reads from registry files, as a proposal to be corrected by hand."""

from typing import NamedTuple

from trialcriteria import batch, workers
from trialcriteria.annotations.model import GoldTrial
from trialcriteria.annotations.proposals import proposal
from trialcriteria.records import Fault, Trial, TrialTables


class Proposed(NamedTuple):
    """Proposals, and the records that could not be read."""

    trials: list[GoldTrial]
    faults: list[Fault]


def propose(job: batch.Job) -> Proposed:
    """A proposal for each trial of a job's inputs; raises `batch.CallError` where an input is missing."""
    batch.check(job)
    items = [item for item in batch.items(job) if isinstance(item, Trial | Fault)]
    found = Proposed([], [])
    for item, result in zip(items, workers.results(items, job.settings, job.workers), strict=True):
        if isinstance(item, Trial) and isinstance(result, TrialTables):
            found.trials.append(proposal(item, result))
        elif isinstance(result, Fault):
            found.faults.append(result)
    return found
