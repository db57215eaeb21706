"""What turns a statement: negation, history, hypothesis, family, doubt, exception, permission, prohibition.

medspaCy's ConText does the work with our own literal cues, clause by clause: its rules, modifiers and graph apply the
scopes, and of overlapping cues keep the longest. The cues are found among the tokens that known words are found among,
as a Doc for each clause took eight times as long as all the rest. FACTS that shaped this: default rules negate across
", and effective contraception should be used" and read "not more than" as a negation; terminators must be named on
every rule.
"""

import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain, pairwise, product
from typing import Any

from spacy.language import Language

from trialcriteria.components.clauses import Clause, Places, Target
from trialcriteria.components.denials import (
    JOINED,
    allow_so_much,
    deny_behind_brackets,
    deny_doses,
    deny_further,
    deny_label,
    deny_normal,
    deny_recovery,
    deny_return,
    deny_tested,
    deny_the_impaired,
    deny_what_is_left_out,
    deny_what_is_stopped,
    deny_what_was_not_achieved,
    deny_whole_lists,
    end_before_a_response,
    end_exceptions,
    hand_back,
    hand_to_examples,
    keep_whole_scales,
    prohibit_what_is_stopped,
    unable_to_suffer,
)
from trialcriteria.components.later import put_off
from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.components.reach import closes, denied_before, ends_before, of_no_and_allowed
from trialcriteria.components.step import Step
from trialcriteria.components.subjects import clause_bounds
from trialcriteria.components.telling import Sought
from trialcriteria.components.terms import end_of, phrases_in, tokenized, tree
from trialcriteria.components.turns import (
    Turn,
    announce,
    deny_list,
    except_further_tumours,
    hand_on,
    is_excepted,
    keep_out,
    permit_what_is_listed,
    say_again,
    take_out_what_is_not_meant,
)
from trialcriteria.components.undenied import lift_cues
from trialcriteria.lexicon import Phrase, load

with warnings.catch_warnings(), put_off("nltk"):  # importing medspaCy silences all warnings of the process
    from medspacy.common.util import prune_overlapping_matches
    from medspacy.context import ConTextGraph, ConTextModifier, ConTextRule

SILENT = frozenset({"terminate", "stop", "pseudo"})  # directions of cues that turn nothing by themselves
STOP = "STOP"  # the category of "stop" cues
TURNING = frozenset({"EXCEPTION", "PERMIT", "PROHIBIT"})  # what these say goes on over "who are", "due to", "prior to"
DROPPED = frozenset({"NEGATED", "EXCEPTION", "PROHIBIT"})  # their shorter cues serve where one reaches into a target
DIRECTIONS = {"both": "BIDIRECTIONAL", "stop": "FORWARD"}  # where ConText has another word


Cue = tuple[int, int, int]  # number of the rule, first token, token behind the last


MOST_CUES, NEXT_CUES = 40, 10
"""Cues of a clause that are held against each other, and the next ones behind, at a time: it takes the square of their
number."""


class Context(Step):
    """Runs ConText over mentions and limits; leaves `doc.user_data["turns"]`: per target the cues that govern it.

    Targets are the mentions in their order, then the limits.
    """

    def __init__(self, entries: dict[str, dict[str, Any]]) -> None:
        self.rules: list[ConTextRule] = []
        self.turning: list[bool] = []  # by rule, whether it turns anything by itself
        for entry in entries.values():
            stopped = entry["direction"] == "forward" and entry["category"] not in TURNING
            ends = {*entry.get("ends", ()), *([STOP] if stopped else [])}
            for cue in dict.fromkeys(chain.from_iterable(map(_spelled, entry["cues"]))):
                self.turning.append(entry["direction"] not in SILENT)
                self.rules.append(
                    ConTextRule(
                        literal=cue,
                        category=entry["category"],
                        direction=DIRECTIONS.get(entry["direction"], entry["direction"].upper()),
                        max_scope=1 if entry["direction"] == "stop" else entry.get("scope"),
                        terminated_by=ends,
                    )
                )
        self.tree = tree(Phrase(rule.literal, "context", str(n), False) for n, rule in enumerate(self.rules))

    def cues(self, text: str) -> list[Cue]:
        """Every cue that stands in a text; none where no cue turns anything."""
        found = [
            (int(meaning.id), first, last + 1)
            for first, last, place in phrases_in(text, self.tree)
            for meaning in place.meanings
        ]
        return found if any(self.turning[n] for n, *_ in found) else []

    def read(self, text: str, data: dict[str, Any]) -> None:
        """The cues of every mention and limit, clause by clause: no cue reaches out of its own."""
        mentions, limits = data.get("mentions", ()), data.get("limits", ())
        turns: list[list[Turn]] = [[] for _ in range(len(mentions) + len(limits))]
        data["turns"] = turns
        cues = self.cues(text) if turns else []
        cues = self._without_kinds(text, mentions, cues)
        self.take_in_denials(text, mentions, cues)
        targets = [_named(text, mention) for mention in mentions] + [_target(text, limit) for limit in limits]
        if not cues:
            keep_out(text, targets, turns)
            deny_the_impaired(text, mentions, turns)
            prohibit_what_is_stopped(text, mentions, turns)
            deny_normal(text, limits, turns[len(mentions) :])
            if data.get("included"):
                deny_what_is_left_out(text, mentions, turns)
            return
        bounds = [0, *clause_bounds(text), len(text)]
        for start, end in pairwise(bounds):
            here = [i for i, target in enumerate(targets) if start <= target[0] < end]
            if here:
                found = self.govern(text, start, end, [targets[i] for i in here], cues)
                for i, those in zip(here, found, strict=True):
                    turns[i] = those
        allow_so_much(text, mentions, limits, turns)
        lift_cues(text, mentions, limits, turns)
        _without_their_own_words(text, mentions, turns)
        _not_of_measures(limits, turns[len(mentions) :])
        unable_to_suffer(text, mentions, turns)
        end_before_a_response(text, mentions, turns)
        deny_behind_brackets(text, mentions, turns)
        hand_back(text, mentions, turns)
        hand_to_examples(text, mentions, turns)
        deny_label(text, mentions, turns)
        _hand_over(text, mentions, turns)
        _permit_as(text, mentions, turns)
        deny_tested(text, mentions, turns)
        deny_what_is_stopped(text, mentions, turns)
        deny_the_impaired(text, mentions, turns)
        prohibit_what_is_stopped(text, mentions, turns)
        deny_recovery(text, mentions, turns)
        deny_what_was_not_achieved(text, mentions, limits, turns)
        deny_return(text, limits, turns[len(mentions) :])
        deny_doses(text, limits, turns[len(mentions) :])
        deny_normal(text, limits, turns[len(mentions) :])
        keep_whole_scales(text, limits, turns[len(mentions) :])
        verdicts = list(self.verdicts(text, cues))
        announce(text, targets, turns, verdicts)
        permit_what_is_listed(text, targets, turns)
        keep_out(text, targets, turns)
        say_again(text, targets, turns)
        deny_list(text, targets, turns)
        hand_on(text, targets, turns)
        end_exceptions(text, mentions, limits, turns[len(mentions) :])
        except_further_tumours(text, targets[: len(mentions)], turns)
        _let_in_or_keep_out(text, targets, turns, verdicts)
        deny_further(text, targets, turns)
        if data.get("included"):
            deny_whole_lists(text, targets, turns)
            deny_what_is_left_out(text, mentions, turns)
        else:
            take_out_what_is_not_meant(text, targets, turns)
        for mention, own in zip(mentions, turns, strict=False):
            if mention.concept == "healthy" or NAIVE.match(text, mention.start, mention.end):  # "healthy, HCV negative"
                own[:] = [turn for turn in own if turn.category != "NEGATED" or turn.end <= mention.start]

    def _without_kinds(self, text: str, mentions: Sequence[Said], cues: list[Cue]) -> list[Cue]:
        """The cues but for each "non" inside a mention, where it says of which kind it is: "non-hormonal methods"."""
        if not any(self.rules[n].literal.lower() == "non" for n, *_ in cues):
            return cues
        _, starts = tokenized(text)
        return [
            cue
            for cue in cues
            if self.rules[cue[0]].literal.lower() != "non"
            or not any(mention.start <= starts[cue[1]] < mention.core[1] for mention in mentions)
        ]

    def take_in_denials(self, text: str, mentions: Sequence[Said], cues: Sequence[Cue]) -> None:
        """ "Not well controlled" is what the patient is: a state of its own, and no denial of another."""
        near = [mention for mention in mentions if text[max(0, mention.start - 4) : mention.start].lower() == "not "]
        if not near:
            return
        tokens, starts = tokenized(text)
        ends = {starts[first]: end_of(last - 1, tokens, starts) for n, first, last in cues if self.is_pseudo(n)}
        for mention in near:
            if ends.get(mention.start - 4, 0) > mention.start == mention.core[0]:
                mention.start -= 4
                mention.core = (mention.start, mention.core[1])

    def verdicts(self, text: str, cues: Sequence[Cue]) -> Iterator[Turn]:
        """The cues that say of patients in front of them whether they are let in."""
        tokens, starts = tokenized(text)
        within = _within_others({(first, last) for _, first, last in cues})
        for n, first, last in cues:
            category = self.rules[n].category
            behind = self.rules[n].direction == "BACKWARD" and category in ("PERMIT", "PROHIBIT")
            if behind and (first, last) not in within:
                start, end = starts[first], end_of(last - 1, tokens, starts)
                yield Turn(category, start, end, text[start:end])

    def is_pseudo(self, rule: int) -> bool:
        """Whether a rule is of a cue that looks like one and is none."""
        return bool(self.rules[rule].category == "PSEUDO_NEGATED")

    def govern(
        self, text: str, start: int, end: int, targets: Sequence[tuple[int, int]], cues: Sequence[Cue]
    ) -> list[list[Turn]]:
        """Per target the cues that govern it, in the clause of `text` from `start` to `end`."""
        tokens, starts = tokenized(text)
        clause = Clause(bisect_left(starts, start), bisect_left(starts, end))
        own = [cue for cue in cues if clause.start <= cue[1] and cue[2] <= clause.end]
        if not any(self.turning[n] for n, *_ in own):
            return [[] for _ in targets]
        places = [_tokens_of(a, min(b, end), tokens, starts) for a, b in targets]
        by_start = Places(places)
        own = [
            cue
            for cue in own
            if self.rules[cue[0]].category not in DROPPED or not by_start.begin_inside(cue[1], cue[2])
        ]
        modifiers = [
            ConTextModifier(self.rules[n], first, last, clause)
            for n, first, last in prune_overlapping_matches(own)
            if not by_start.hold(first, last)  # no cue inside a target governs or ends another
        ]
        for at in range(0, len(modifiers), MOST_CUES):
            ConTextGraph(modifiers=modifiers[at : at + MOST_CUES + NEXT_CUES]).update_scopes()
        said = text[start:end]
        excepting = [starts[first] - start for n, first, _ in own if self.rules[n].category == "EXCEPTION"]
        by_place: dict[Target, list[Turn]] = {place: [] for place in places}
        for target, modifier in _governed(by_start, modifiers):
            first, last = modifier.modifier_span
            begin, stop, at = (
                starts[first] - start,
                end_of(last - 1, tokens, starts) - start,
                starts[target.start] - start,
            )
            turn = Turn(modifier.category, begin, stop, said[begin:stop])
            if _looks_out_of_brackets(said, turn, at):
                continue
            if begin > at and turn.category in TURNING and ANOTHER_ITEM.search(said, at, begin):
                continue
            if begin > at and turn.category == "PERMIT" and OF_OTHERS.search(said, at, begin):
                continue
            if begin > at and turn.category == "PERMIT" and _of_what_no_list_knows(said, at, begin, start, targets):
                continue
            if begin > at and turn.category == "PERMIT" and BEHIND_A_DASH.match(said, at, begin):
                continue
            if begin < at and turn.category == "PERMIT" and WHO_MAY.search(said, 0, stop):
                continue
            if begin > at and turn.category == "NEGATED" and OF_ANOTHER.search(said, at, begin):
                continue
            if stop <= at and turn.category == "NEGATED" and GOES_ON_OTHERWISE.search(said, stop, at):
                continue
            if turn.category == "PERMIT" and _of_the_excepted(said, at, begin, excepting):
                continue
            if stop <= at and ends_before(said, turn.category, turn.words, stop, at):
                continue
            by_place[target].append(turn)
            denial = denied_before(said, begin) if turn.category == "NEGATED" else None
            if denial:
                by_place[target].append(Turn("NEGATED", *denial, said[slice(*denial)].split(" ")[0]))
        for place, turns in by_place.items():
            turns.sort(key=lambda turn: turn.start)
            turns = [turn for turn in turns if not _said_already(turn, turns)]
            by_place[place] = [
                Turn(turn.category, turn.start + start, turn.end + start, turn.words)
                for turn in _with_bans(said, starts[place.start] - start, turns)
            ]
        return [list(by_place[place]) for place in places]


def _spelled(cue: str) -> Iterator[str]:
    """Every cue that "[may not|cannot] join" stands for; "can not join" is one of them, and so "can't join"."""
    parts = [part.split("|") for part in re.split(r"[\[\]]", cue)]
    for spelled in map("".join, product(*parts)):
        yield spelled
        if spelled.startswith("cannot"):
            yield spelled.replace("cannot", "can not", 1)


def _within_others(spans: Set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The spans that lie within another one of them."""
    farthest, found = -1, set()
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end <= farthest:
            found.add((start, end))
        farthest = max(farthest, end)
    return found


def _said_already(turn: Turn, turns: Sequence[Turn]) -> bool:
    """ "Inability to abstain from drugs": what denies the abstaining is a cue of its own too."""
    return any(
        other is not turn and other.category == turn.category and other.start <= turn.start and turn.end < other.end
        for other in turns
    )


def _governed(places: Places, modifiers: Iterable[ConTextModifier]) -> Iterator[tuple[Target, ConTextModifier]]:
    """Each target with the cues that govern it, cue by cue; none that only stops others."""
    for modifier in modifiers:
        if modifier.category != STOP:
            for target in places.near(*modifier.scope_span):
                if modifier.modifies(target):
                    yield target, modifier


OF_ANOTHER = re.compile(
    r"\b(?:defined|with|has|have|having)\b|[;:]|\bas\s+an?\b", re.I
)  # "cancer defined as a negative test"
GOES_ON_OTHERWISE = re.compile(  # "without psychotic features, with a current episode", "does not …, then it may …"
    r",\s*with\s+(?:an?|the|current)\s|,\s*(?:or\s+)?(?:ha(?:ve|s)\s+(?:used|been|had|received)|received)\s|"
    r",\s*and\s+(?:using|practi[cs]ing|agree\w*|willing)\b|"
    r"\bthen\s+(?:the|it|they|this|a)\b|"
    r"^\s*changes?\b[^.;,]*\bdoses?\b[^.;,]*\sof\s*$",
    re.I,
)
OF_OTHERS = re.compile(  # "tumours (stable) Patients with metastases can be included", ", but who had … could enter"
    r"\)\s+(?-i:Patients|Subjects|Participants|Those|Individuals)\s+(?:with|who|that|on)\b|"
    r",\s*but\s+(?:who|those|patients|subjects|participants)\b",
    re.I,
)
BEHIND_A_DASH = re.compile(r"[^–—]*?\s(?:--|-|–|—)\s+\w[^.;:()–—-]*(?:-\w[^.;:()–—-]*)*$")  # "stroke - TIA is allowed"
WHO_MAY = re.compile(  # "who may develop symptoms and may use medicines": what may come to be is no permission
    r"\bwho\s+(?:(?:may|might|can|could)\s[^.;,]{0,80}?\band\s+)?(?:may|can)\s+(?:use|take|receive|undergo|start|begin)$",
    re.I,
)
ANOTHER_ITEM = re.compile(r"[,.;]\s+(?:and\s+|or\s+)?\(?(?:[1-9]|[a-h])\)\s")  # "1) statins, 2) aspirin is allowed"
WHO = re.compile(r"\b(?:who|which|these|those|they)\s+(?:[\w-]+\s+)?$", re.I)


def _of_the_excepted(said: str, target: int, cue: int, excepting: Sequence[int]) -> bool:
    """Whether a permission is that of an exception only: "hepatitis C, except for cured patients, who can enter"."""
    return any(target < place < cue for place in excepting) and WHO.search(said, 0, cue) is not None


ANOTHER_SUBJECT = re.compile(
    r",\s+(?!(?:if|unless|when|who|which|that|provided|with|without|not|after|but|and|or|including|such|as|in|on|for|at|by|due|where|"
    r"once|while|these|those|they|this|it|only|even|otherwise|also|still|then|therefore|likewise|subjects|patients|participants|women|men|stable|controlled|treated|adequately|well)\b)"
    r"[a-z]+\s+$"
)


def _of_what_no_list_knows(said: str, at: int, cue: int, start: int, targets: Sequence[tuple[int, int]]) -> bool:
    """ "Vitamin D deficiency, repletion will be allowed": something else is allowed, which is no mention."""
    subject = ANOTHER_SUBJECT.search(said, at, cue)
    return subject is not None and not any(subject.start() <= a - start < cue for a, _ in targets)


ALSO = re.compile(r"[;,.]\s*(?:and\s+)?(?:also|as well as|as (?:is|are)|so (?:is|are))\b[^;.]{0,20}$", re.I)


THESE_INCLUDE = re.compile(r"[;,.]\s*(?:these|those|they|this|which)\s+(?:may\s+|can\s+)?includes?\s*:?\s*$", re.I)


NAIVE = re.compile(r"(?:treatment|chemotherapy|therapy|drug)[\s-]+na[iï]ve\b", re.I)
LAST_WORD = 9  # characters behind a cue at the end of a tail: "that is not fit | for surgery" goes on


RELATIVE = re.compile(r"\b(?:(?:for|in|on|to)\s+wh(?:ich|om)|that|which|who|whose|where)\b", re.I)


def _without_their_own_words(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "Diabetes that does not require treatment, and eczema": what is denied in the tail of a mention ends with it.

    Nor does it deny the mention: "a tumour for which standard therapy is not available". A limit behind the tail goes
    on with it: "malignancy that is not in remission for 5 years".
    """
    tails = [(mention.core[1], mention.end) for mention in mentions if mention.core[1] < mention.end]
    for mention, own in zip(mentions, turns, strict=False):
        behind = [(a, b) for a, b in tails if b <= mention.start]
        own[:] = [
            turn
            for turn in own
            if turn.category != "NEGATED"
            or not (
                any(a <= turn.start and turn.end + LAST_WORD <= b for a, b in behind)
                or (turn.end <= mention.end and RELATIVE.search(text, mention.core[1], turn.start))
            )
        ]


AS_WHAT = re.compile(r"\s+as\s+(?:[\w-]+\s+){0,2}")
OR_AS = re.compile(r"\s*(?:,|/|,?\s*\b(?:or|and)\b)\s*(?:as\s+)?(?:[\w-]+\s+){0,2}")


def _permit_as(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "Steroids are permitted as replacement therapy or as supportive care": both are what is permitted."""
    last: Turn | None = None
    end = 0
    for mention, own in zip(mentions, turns, strict=False):
        if last and (AS_WHAT if end == last.end else OR_AS).fullmatch(text, end, mention.start):
            own[:] = [last]
            end = mention.end
            continue
        last = next((turn for turn in own if turn.category == "PERMIT" and turn.start >= mention.end), None)
        last = last if last and last.words.lower().endswith(("allowed", "permitted")) else None
        end = last.end if last else 0


MAY_USE = re.compile(r"(?:may|can)\s+(?:be\s+(?:on|taking|receiving)|receive|take|use|start|begin|undergo)|allow", re.I)
MEASURES = frozenset({"scale", "lab", "vital", "age", "life_expectancy"})


def _not_of_measures(limits: Sequence[Limit], turns: Sequence[list[Turn]]) -> None:
    """ "May be on aspirin ECOG 0-2": what may be used is no measure behind it."""
    for limit, own in zip(limits, turns, strict=True):
        if limit.kind in MEASURES:
            own[:] = [
                turn
                for turn in own
                if turn.category != "PERMIT" or turn.start > limit.first or not MAY_USE.match(turn.words)
            ]


FURTHER = re.compile(r"\s*;\s*(?:(?:and|or)\s+)?")  # "may continue antiandrogens; bisphosphonates and steroids"


def _hand_over(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "Skin cancer is permitted; also cervical cancer": what was said of the one in front holds for the next."""
    if not any(turn.category in ("PERMIT", "PROHIBIT") for those in turns for turn in those):
        return
    listed = handed = False
    for i in range(1, len(mentions)):
        between = text[mentions[i - 1].end : mentions[i].start]
        listed = THESE_INCLUDE.search(between) is not None or (listed and JOINED.fullmatch(between) is not None)
        said = [turn for turn in turns[i - 1] if turn.category in ("PERMIT", "PROHIBIT")]
        if not said or any(turn.category in TURNING for turn in turns[i]):
            handed = False
            continue
        given = mentions[i - 1].label == mentions[i].label == "treatment"
        ahead = given and all(turn.category == "PERMIT" and turn.end <= mentions[i - 1].start for turn in said)
        handed = ahead and (
            FURTHER.fullmatch(between) is not None or (handed and JOINED.fullmatch(between) is not None)
        )
        if listed or handed or ALSO.search(between):
            turns[i] += said


OF_WHOM = re.compile(  # "individuals who have HCV antibody but no HCV RNA are eligible"
    r"(?:^|(?<=[.;:(\[])|(?<=[.;:]\s))\W*(?:[A-Za-z]+\s+)?(?:patients|subjects|participants|individuals|those|women|men)\s+"
    r"(?:with|who\s+(?:have|had)|on|taking|receiving)\s"
    r"(?:(?!\b(?:must|should|shall|may|can|will|is|are|was|were|agree|if|unless|except|but\s+who)\b)[^.;:()\[\]]){0,200}",
    re.I,
)


NO_LIST = (
    r"must|should|is|are|was|were|has|have|had|will|may|can|not|no|except|unless|but|who|which|that|within|history|"
    r"if|when"
)
IN_A_LIST = rf"(?:(?!\b(?:{NO_LIST})\b)[^.;:()\[\]]|\([^()]*\)|\.(?=\d))"
A_LIST = re.compile(
    rf"{IN_A_LIST}+?,?\s+and\s+{IN_A_LIST}+", re.I
)  # "Aspirin ≤ 325 mg, and flushes of heparin (low dose)"
LONGEST_SUBJECT = 300
SENTENCE_BEGINS = re.compile(r"(?<!\be\.g)(?<!\bi\.e)[.;]\s+(?=[A-Z])")


def _let_in_or_keep_out(
    text: str, targets: Sequence[tuple[int, int]], turns: list[list[Turn]], verdicts: Sequence[Turn]
) -> None:
    """What is said of patients of a kind holds for all that says of which kind: "but no HCV RNA are eligible".

    So does what is said of a list that is a sentence's subject: "…. Aspirin, and flushes of heparin are allowed".
    """
    for turn in verdicts:
        begin = 1 + max(text.rfind(sign, 0, turn.start) for sign in ".;:([")
        whom = OF_WHOM.fullmatch(text, begin, turn.start)
        if whom is None and turn.category == "PERMIT" and turn.words.lower().startswith("are "):
            floor = max(0, turn.start - LONGEST_SUBJECT)
            begin = max((opening.end() for opening in SENTENCE_BEGINS.finditer(text, floor, turn.start)), default=0)
            whom = A_LIST.fullmatch(text, begin, turn.start) if begin else None
        for (start, _), own in zip(targets, turns, strict=True):
            if whom and whom.start() <= start < turn.start and turn not in own and not is_excepted(own):
                own.append(turn)


ABLE = Sought("able unable", r"able to\s+", re.I)
NOT = re.compile(r"\bnot\s+$", re.I)


def _named(text: str, mention: Said) -> tuple[int, int]:
    """The words that cues govern: "walk" of "able to walk" where "not able to" stands there."""
    start, end = mention.core
    able = ABLE.match(text, start, end)
    if able and able.end() < end and NOT.search(text, max(0, start - 5), start):
        start = able.end()
    return start, end


OF_THE_REST = re.compile(r"\b(?:except|unless)\b", re.I)  # "steroids, except if the dose is ≤ 10 mg"


def _target(text: str, limit: Limit) -> tuple[int, int]:
    listed = limit.attribute is not None and not limit.is_time  # other words may hold a cue: "exception of steroids"
    if listed and limit.span and not limit.inherited and limit.span[1] <= limit.quantity.start:
        between = text[limit.span[1] : limit.quantity.start]  # "ECOG 0-2 (3 is allowed if …)"
        if between.count("(") <= between.count(")") and ";" not in between and not OF_THE_REST.search(between):
            return limit.span
    return limit.quantity.start, limit.quantity.end


def _tokens_of(start: int, end: int, tokens: Sequence[str], starts: Sequence[int]) -> Target:
    """The tokens that a target holds, be it in part; the blank behind a token is none of it."""
    first = bisect_right(starts, start) - 1
    if start == end_of(first, tokens, starts):
        first += 1
    return Target(first, bisect_right(starts, end - 1))


OPENS = re.compile(r"(?:^|[.:;*•–-]|\b(?:and|but|or|note))\s*$", re.I)
NO = re.compile(r"(?:no|neither|nor|none)\b", re.I)


def _with_bans(text: str, target: int, turns: list[Turn]) -> list[Turn]:
    """ "No prior therapy is allowed" prohibits; so does "except alopecia (excluded if grade 3)" what comes behind."""
    ban = max((turn.start for turn in turns if turn.category == "PROHIBIT" and turn.end <= target), default=-1)
    turns = [turn for turn in turns if turn.category not in ("EXCEPTION", "PERMIT") or turn.start > ban]
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
        return closes(text, turn.end, target) is not None
    if text.find("(", target, turn.start) < 0 and text.find("[", target, turn.start) < 0:
        return False
    open_at_cue = 0  # brackets that open behind the target and are not yet closed at the cue
    for sign in text[target : turn.start]:
        open_at_cue = open_at_cue + 1 if sign in "([" else max(0, open_at_cue - 1) if sign in ")]" else open_at_cue
    return open_at_cue > 0


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
    return Context(load(lexicon_files).entries["context"])
