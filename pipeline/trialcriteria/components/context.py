"""What turns a statement: negation, history, hypothesis, family, doubt, exception, permission, prohibition.

medspaCy's ConText does the work with our own literal cues, clause by clause. FACTS that shaped this: default rules
negate across ", and effective contraception should be used" and read "not more than" as a negation; literal cues
cost a tenth of token patterns; terminators must be named on every rule.
"""

import re
import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from trialcriteria.components.constraints import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.reach import denied_before, ends_before, of_no_and_allowed
from trialcriteria.components.step import Step
from trialcriteria.components.subjects import clause_bounds
from trialcriteria.components.telling import telling_words, words_of
from trialcriteria.lexicon import load

GROUP = "trialcriteria"
SILENT = frozenset({"terminate", "stop", "pseudo"})  # directions of cues that turn nothing by themselves
STOP = "STOP"  # the category of "stop" cues
TURNING = frozenset({"EXCEPTION", "PERMIT", "PROHIBIT"})  # what these say goes on over "who are", "due to", "prior to"
DIRECTIONS = {"both": "BIDIRECTIONAL", "stop": "FORWARD"}  # where ConText has another word


class Turn(NamedTuple):
    """A cue that governs a target."""

    category: str
    start: int
    end: int
    words: str


class Context(Step):
    """Runs ConText over mentions and limits; leaves `doc.user_data["turns"]`: per target the cues that govern it.

    Targets are the mentions in their order, then the limits.
    """

    def __init__(self, nlp: Language, entries: dict[str, dict[str, Any]]) -> None:
        self.nlp = nlp
        with warnings.catch_warnings():  # importing medspaCy silences all warnings of the process
            from medspacy.context import ConText, ConTextRule

            self.context = ConText(
                nlp,
                rules=None,
                span_attrs=None,
                input_span_type="group",
                span_group_name=GROUP,
                prune_on_target_overlap=False,
            )
        turning = [cue for e in entries.values() if e["direction"] not in SILENT for cue in e["cues"]]
        rules = []
        for entry in entries.values():
            stopped = entry["direction"] == "forward" and entry["category"] not in TURNING
            ends = {*entry.get("ends", ()), *([STOP] if stopped else [])}
            for cue in entry["cues"]:
                rules.append(
                    ConTextRule(
                        literal=cue,
                        category=entry["category"],
                        direction=DIRECTIONS.get(entry["direction"], entry["direction"].upper()),
                        max_scope=1 if entry["direction"] == "stop" else entry.get("scope"),
                        terminated_by=ends,
                    )
                )
        self.context.add(rules)
        self.telling = telling_words(turning)

    def may_turn(self, text: str) -> bool:
        """Whether a word stands in `text` without which no cue does: a cheap look before the costly one."""
        return not self.telling.isdisjoint(words_of(text))

    def read(self, text: str, data: dict[str, Any]) -> None:
        """The cues of every mention and limit, clause by clause: no cue reaches out of its own."""
        targets = [_named(text, mention) for mention in data.get("mentions", ())]
        targets += [_target(limit) for limit in data.get("limits", ())]
        turns: list[list[Turn]] = [[] for _ in targets]
        data["turns"] = turns
        if not targets or not self.may_turn(text):
            return
        bounds = [0, *clause_bounds(text), len(text)]
        for start, end in pairwise(bounds):
            here = [i for i, target in enumerate(targets) if start <= target[0] < end]
            if not here or not self.may_turn(text[start:end]):
                continue
            own = [(targets[i][0] - start, min(targets[i][1], end) - start) for i in here]
            found = find_turns(self.nlp.make_doc(text[start:end]), own, self.context)
            for i, those in zip(here, found, strict=True):
                turns[i] = [Turn(t.category, t.start + start, t.end + start, t.words) for t in those]
        _hand_back(text, data.get("mentions", ()), turns)
        _hand_over(text, data.get("mentions", ()), turns)
        _deny_recovery(text, data.get("mentions", ()), turns)
        _hand_on(text, targets, turns)


JOINED = re.compile(r"(?:\s|[,/&]|\b(?:and|or|and/or)\b)+")


def _hand_back(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "HIV, hepatitis B and C negative": a negation behind the last of a list is about all of it."""
    for i in range(len(mentions) - 2, -1, -1):
        one, following = mentions[i], mentions[i + 1]
        if JOINED.fullmatch(text, one.end, following.start) is None:
            continue
        behind = [turn for turn in turns[i + 1] if turn.category == "NEGATED" and turn.start >= following.core[1]]
        turns[i] += [turn for turn in behind if turn not in turns[i]]


ALSO = re.compile(r"[;,.]\s*(?:and\s+)?(?:also|as (?:is|are)|so (?:is|are))\b[^;.]{0,20}$", re.I)


def _hand_over(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "Skin cancer is permitted; also cervical cancer": what was said of the one in front holds for the next."""
    for i in range(1, len(mentions)):
        before = mentions[i - 1].end
        if turns[i] or not ALSO.search(text, before, mentions[i].start):
            continue
        turns[i] += [turn for turn in turns[i - 1] if turn.category in ("PERMIT", "PROHIBIT")]


OF_TREATMENT = frozenset({"toxicity", "adverse_event", "complication", "treatment_effect"})
LASTS = re.compile(
    r"[^.;,()]{0,60}?\b(?P<cue>not (?:yet )?(?:been )?(?:fully )?(?:recovered|resolved|returned|improved|subsided))\b",
    re.I,
)


def _deny_recovery(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "Toxicity that has not resolved" says what "not recovered from toxicity" says: it must have gone."""
    for mention, own in zip(mentions, turns, strict=False):
        found = LASTS.match(text, mention.core[1]) if mention.concept in OF_TREATMENT and not own else None
        if found:
            own.append(Turn("NEGATED", *found.span("cue"), found["cue"]))


ANNOUNCES = re.compile(r"(?:exceptions?|following\b.*|\bare|\binclude)\s*:?$", re.I)
ENDS = re.compile(r"[.](?=\s)|\n|\b(?:however|but|must|should)\b", re.I)


def _hand_on(text: str, targets: Sequence[tuple[int, int]], turns: list[list[Turn]]) -> None:
    """ "Exceptions: vitiligo; type 1 diabetes; eczema": an announced list goes on over its semicolons."""
    for category in ("EXCEPTION", "PERMIT"):
        order = sorted(range(len(targets)), key=lambda i: targets[i])
        lead: Turn | None = None
        for i in order:
            here = next((turn for turn in turns[i] if turn.category == category and turn.end <= targets[i][0]), None)
            if here is not None:
                announced = ANNOUNCES.search(here.words) and (
                    here.words.endswith((":", "are", "include")) or text[here.end :].lstrip().startswith(":")
                )
                lead = here if announced else None
            elif lead is not None:
                if ENDS.search(text, lead.end, targets[i][0]):
                    lead = None
                elif not any(turn.category in ("NEGATED", "PROHIBIT") for turn in turns[i]):
                    turns[i].append(lead)


ABLE = re.compile(r"able to\s+", re.I)
NOT = re.compile(r"\bnot\s+$", re.I)


def _named(text: str, mention: Said) -> tuple[int, int]:
    """The words that cues govern: "walk" of "able to walk" where "not able to" stands there."""
    start, end = mention.core
    able = ABLE.match(text, start, end)
    if able and able.end() < end and NOT.search(text, max(0, start - 5), start):
        start = able.end()
    return start, end


def _target(limit: Limit) -> tuple[int, int]:
    listed = limit.attribute is not None and not limit.is_time  # other words may hold a cue: "exception of steroids"
    if listed and limit.span and not limit.inherited and limit.span[1] <= limit.quantity.start:
        return limit.span
    return limit.quantity.start, limit.quantity.end


def find_turns(doc: Doc, targets: Sequence[tuple[int, int]], context: Any) -> list[list[Turn]]:
    """Per target the cues that govern it, in a Doc of one clause."""
    if len(doc) > 1:  # one token that is known to begin no sentence is enough for spaCy to see the bounds as set
        doc[1].is_sent_start = False
    spans = [doc.char_span(start, end, label="TARGET", alignment_mode="expand") for start, end in targets]
    group = SpanGroup(doc, name=GROUP, spans=[span for span in spans if span is not None])
    doc.spans[GROUP] = group
    with warnings.catch_warnings():  # medspaCy's matcher warns that it has no token patterns: literal cues need none
        warnings.simplefilter("ignore")
        context(doc)
    out: list[list[Turn]] = []
    by_place: dict[tuple[int, int], list[Turn]] = {}
    for target, modifier in _edges(doc, doc._.context_graph, [span for span in spans if span is not None]):
        if modifier.category == STOP:
            continue
        first, last = modifier.modifier_span
        cue = doc[first:last]
        turn = Turn(modifier.category, cue.start_char, cue.end_char, cue.text)
        at = doc[target.start : target.end].start_char
        if _looks_out_of_brackets(doc.text, turn, at):
            continue
        if any(a <= turn.start and turn.end <= b for a, b in targets):  # "never" of "never-smokers"
            continue
        if turn.end <= at and ends_before(doc.text, turn.category, turn.words, turn.end, at):
            continue
        turns = by_place.setdefault((target.start, target.end), [])
        if turn not in turns:
            turns.append(turn)
            denial = denied_before(doc.text, turn.start) if turn.category == "NEGATED" else None
            if denial:
                turns.append(Turn("NEGATED", *denial, doc.text[slice(*denial)].split(" ")[0]))
    doc._.context_graph = None
    for span in spans:
        found = sorted(by_place.get(_place(span), []), key=lambda turn: turn.start)
        out.append(_with_bans(doc.text, span.start_char if span else 0, found))
    return out


def _edges(doc: Doc, graph: Any, targets: Sequence[Span]) -> list[Any]:
    """What governs what, where no cue inside a target ends the scope of another: "no non-small cell lung cancer"."""
    kept = [
        modifier
        for modifier in graph.modifiers
        if not any(
            target.start <= modifier.modifier_span[0] and modifier.modifier_span[1] <= target.end for target in targets
        )
    ]
    if len(kept) < len(graph.modifiers):
        from medspacy.context import ConTextModifier

        graph.modifiers = [ConTextModifier(m.rule, *m.modifier_span, doc, max_scope=m.max_scope) for m in kept]
        graph.update_scopes()
        graph.apply_modifiers()
    edges: list[Any] = graph.edges
    return edges


OPENS = re.compile(r"(?:^|[.:;*•–-]|\b(?:and|but|or|note))\s*$", re.I)
NO = re.compile(r"(?:no|neither|nor|none)\b", re.I)


def _with_bans(text: str, target: int, turns: list[Turn]) -> list[Turn]:
    """ "No prior therapy is allowed" prohibits."""
    no = next((turn for turn in turns if turn.category == "NEGATED" and NO.match(turn.words)), None)
    allowed = next((turn for turn in turns if turn.category == "PERMIT" and turn.start > target), None)
    if no is None or allowed is None or no.end > target:
        return turns
    if no.words.islower() and no.words != "nor" and OPENS.search(text, 0, no.start) is None:
        return turns
    said = of_no_and_allowed(text, no.end, target, allowed.start)
    if said == "both":
        return [turn._replace(category="PROHIBIT") if turn is allowed else turn for turn in turns]
    return [turn for turn in turns if turn is not (allowed if said == "denied" else no)]


def _looks_out_of_brackets(text: str, turn: Turn, target: int) -> bool:
    """Whether a cue inside brackets would govern what stands in front of them: "one lesion (radiation is excluded)"."""
    if turn.start < target:  # "(except alopecia) of grade > 1": an exception in brackets ends with them
        inside = text.rfind("(", 0, turn.start) > text.rfind(")", 0, turn.start)
        return inside and text.find(")", turn.end, target) >= 0
    open_at_cue = 0  # brackets that open behind the target and are not yet closed at the cue
    for sign in text[target : turn.start]:
        open_at_cue = open_at_cue + 1 if sign == "(" else max(0, open_at_cue - 1) if sign == ")" else open_at_cue
    return open_at_cue > 0


def _place(span: Span | None) -> tuple[int, int]:
    return (span.start, span.end) if span is not None else (-1, -1)


def statement(data: dict[str, Any]) -> tuple[list[Said], list[Limit], list[list[Turn]]]:
    """What the components left: mentions, limits, and the cues of each in that order."""
    return data.get("mentions", []), data.get("limits", []), data.get("turns", [])


@Language.factory(
    "trialcriteria_context",
    assigns=["doc.user_data"],
    requires=["doc.user_data"],
    default_config={"lexicon_files": []},
)
def make_context(nlp: Language, name: str, lexicon_files: list[str]) -> Context:
    """Component `trialcriteria_context`."""
    return Context(nlp, load(lexicon_files).entries["context"])
