"""One trial's gold beside what was read from it: bounds and mentions matched one to one, best agreement first."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from trialcriteria.annotations import GoldTrial
from trialcriteria.lexicon import Lexicon
from trialcriteria.records import Constraint, Mention, TrialTables
from trialcriteria.scoring.agreement import (
    Field,
    Mistake,
    View,
    agreed,
    is_harmful,
    mistakes,
    same_condition,
)
from trialcriteria.scoring.bounds import Bound, Span, bounds, places, with_canonical
from trialcriteria.scoring.classes import as_numbers
from trialcriteria.scoring.links import same_links

Row = Constraint | Mention
Item = TypeVar("Item")
IDENTITY: frozenset[Field] = frozenset({"operator", "value", "attribute"})


class Pair(NamedTuple):
    """A gold bound with the read bound that it was matched to, or either of them alone."""

    gold: Bound | None
    read: Bound | None
    agreed: frozenset[Field]
    mistakes: tuple[Mistake, ...]
    harmful: bool

    @property
    def kind(self) -> str:
        """The kind of the gold row; of the read row where nothing in the gold matches it."""
        bound = self.gold or self.read
        assert bound is not None
        return bound.row.kind


class MentionPair(NamedTuple):
    """A gold mention with the read mention that it was matched to, or either of them alone."""

    gold: Mention | None
    read: Mention | None
    condition_agrees: bool


class ScoredTrial(NamedTuple):
    """One trial, compared: what scores, error lists and review pages are made from."""

    trial_id: str
    layout: str
    split: str
    bounds: tuple[Pair, ...]
    mentions: tuple[MentionPair, ...]


def score_trial(gold: GoldTrial, read: TrialTables, knowledge: Lexicon, by: View) -> ScoredTrial:
    """Gold and read rows of one trial, matched and compared."""
    own = {row.constraint_id: with_canonical(row, knowledge) for row in gold.constraints}
    gold_rows: dict[str, Row] = {**own, **{row.mention_id: row for row in gold.mentions}}
    read_rows: dict[str, Row] = {row.constraint_id: row for row in read.constraints}
    read_rows |= {row.mention_id: row for row in read.mentions}
    mentions = _mention_pairs(gold.mentions, read.mentions, by)
    ours = _all_bounds(list(own.values()), gold_rows)
    theirs = [as_numbers(row, ours) for row in read.constraints] if by.imported else read.constraints
    pairs = _bound_pairs(ours, _all_bounds(theirs, read_rows), by)
    if "links" in by.fields:
        pairs = _with_links(pairs, mentions, gold_rows, read_rows, by)
    return ScoredTrial(gold.trial_id, gold.layout, gold.split, tuple(pairs), tuple(mentions))


def best_first(
    gold: Sequence[Item],
    read: Sequence[Item],
    span: Callable[[Item], Span],
    rank: Callable[[int, int], tuple[float, ...]],
) -> list[tuple[int, int]]:
    """Pairs of overlapping items, each item in one pair at most: the highest `rank` first, then text order.

    >>> best_first([(0, 4), (5, 9)], [(3, 7)], lambda item: item, lambda g, r: (g,))
    [(1, 0)]
    """
    spans = [span(other) for other in read]
    near = []
    for g, (start, end) in enumerate(map(span, gold)):
        near += [(g, r) for r, (begin, stop) in enumerate(spans) if start < stop and begin < end]
    taken_gold, taken_read, out = set[int](), set[int](), []
    for g, r in sorted(near, key=lambda pair: rank(*pair), reverse=True):
        if g not in taken_gold and r not in taken_read:
            taken_gold.add(g)
            taken_read.add(r)
            out.append((g, r))
    return sorted(out)


def shared(one: Span, other: Span) -> float:
    """How much of the stretch that two spans cover together both of them cover.

    >>> shared((0, 4), (2, 6))
    0.3333333333333333
    """
    both = min(one[1], other[1]) - max(one[0], other[0])
    return both / (max(one[1], other[1]) - min(one[0], other[0]))


def _all_bounds(table: Sequence[Constraint], rows: Mapping[str, Row]) -> list[Bound]:
    return [bound for row in table for bound in bounds(row, places(row, rows))]


def _bound_span(bound: Bound) -> Span:
    return bound.row.start, bound.row.end


def _bound_pairs(gold: Sequence[Bound], read: Sequence[Bound], by: View) -> list[Pair]:
    agreements: dict[tuple[int, int], frozenset[Field]] = {}

    def rank(g: int, r: int) -> tuple[int, int, float]:
        right = agreements[g, r] = agreed(gold[g], read[r], by)
        return len(right & IDENTITY), len(right), shared(_bound_span(gold[g]), _bound_span(read[r]))

    matched = best_first(gold, read, _bound_span, rank)
    pairs = [_matched(gold[g], read[r], agreements[g, r], by) for g, r in matched]
    left = set(range(len(gold))) - {g for g, _ in matched}
    pairs += [Pair(gold[g], None, frozenset(), ("missed",), False) for g in sorted(left)]
    left = set(range(len(read))) - {r for _, r in matched}
    return pairs + [_spurious(read[r]) for r in sorted(left)]


def _matched(gold: Bound, read: Bound, right: frozenset[Field], by: View) -> Pair:
    wrong = tuple(mistakes(gold, read, right | {"links"}, by))
    return Pair(gold, read, right, wrong, is_harmful(gold, read, frozenset(wrong)))


def _spurious(read: Bound) -> Pair:
    return Pair(None, read, frozenset(), ("spurious",), read.row.requirement in ("require", "forbid"))


def _mention_pairs(gold: Sequence[Mention], read: Sequence[Mention], by: View) -> list[MentionPair]:
    def span(row: Mention) -> Span:
        return row.start, row.end

    def rank(g: int, r: int) -> tuple[float, bool]:
        return shared(span(gold[g]), span(read[r])), gold[g].label == read[r].label

    matched = best_first(gold, read, span, rank)
    pairs = [MentionPair(gold[g], read[r], same_condition(gold[g], read[r], by)) for g, r in matched]
    left = set(range(len(gold))) - {g for g, _ in matched}
    pairs += [MentionPair(gold[g], None, False) for g in sorted(left)]
    left = set(range(len(read))) - {r for _, r in matched}
    return pairs + [MentionPair(None, read[r], False) for r in sorted(left)]


def _with_links(
    pairs: list[Pair],
    mentions: list[MentionPair],
    gold_rows: Mapping[str, Row],
    read_rows: Mapping[str, Row],
    by: View,
) -> list[Pair]:
    """The pairs with the agreement of their links: these depend on which rows all others were matched to."""
    partners: dict[str, set[str]] = {}
    for pair in pairs:
        if pair.gold and pair.read:
            partners.setdefault(pair.gold.row.constraint_id, set()).add(pair.read.row.constraint_id)
    for said in mentions:
        if said.gold and said.read:
            partners.setdefault(said.gold.mention_id, set()).add(said.read.mention_id)
    out = []
    for pair in pairs:
        if pair.gold and pair.read:
            if same_links(pair.gold.row, pair.read.row, partners, gold_rows, read_rows):
                pair = pair._replace(agreed=pair.agreed | {"links"})
            else:
                pair = pair._replace(mistakes=(*pair.mistakes, "wrong links"))
        out.append(pair)
    return out
