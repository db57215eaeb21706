"""Scoring: gold rows against read rows, to precision, recall and F1 by field, and to what went wrong.

`score_trial` compares one trial, `score` makes figures of compared trials, `compare` sets two runs beside each other.
Values in, values out: no files here.
"""

from trialcriteria.scoring.agreement import FIELDS, MISTAKES, Field, Mistake, View, view
from trialcriteria.scoring.bounds import Bound
from trialcriteria.scoring.figures import Difference, Figure, Mean, Rate
from trialcriteria.scoring.matching import MentionPair, Pair, ScoredTrial, score_trial
from trialcriteria.scoring.negation import Negation
from trialcriteria.scoring.scores import MEASURES, Scores, compare, score

__all__ = [
    "FIELDS",
    "MEASURES",
    "MISTAKES",
    "Bound",
    "Difference",
    "Field",
    "Figure",
    "Mean",
    "MentionPair",
    "Mistake",
    "Negation",
    "Pair",
    "Rate",
    "ScoredTrial",
    "Scores",
    "View",
    "compare",
    "score",
    "score_trial",
    "view",
]
