"""Mentions: the conditions, treatments, procedures, biomarkers and patient states that a criterion turns on.

Literal phrases of the lexicon come first, widened to the sensible span ("symptomatic congestive heart failure").
What is measured, or only anchors a time window, is no mention.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from spacy.language import Language

from trialcriteria.components.asides import Aside, read_asides, without_asides
from trialcriteria.components.bystanders import Cues, read_cues, without_bystanders
from trialcriteria.components.coordinations import before, letters_behind, with_letter
from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.openings import NEVER_INSIDE, TOKEN, UNTOLD, Found, Frames
from trialcriteria.components.rates import add_period
from trialcriteria.components.step import Step
from trialcriteria.components.subjects import clause_bounds
from trialcriteria.components.tails import Tails
from trialcriteria.components.terms import Term
from trialcriteria.lexicon import load

LASTING_STATES = (
    ("stable_dose", re.compile(r"\bstable\b(?!.{0,20}disease)|unchanged|\bdose\b", re.I)),
    (
        "remission",
        re.compile(
            r"remission|(?:disease|cancer|tumou?r|recurrence)[- ]free|"
            r"free of (?:disease|cancer|recurrence|malignan\w+)|"
            r"(?:no|without)(?: evidence of)? (?:recurren\w+|disease)",
            re.I,
        ),
    ),
    ("seizure_freedom", re.compile(r"seizure[- ]free|free of seizures", re.I)),
    ("abstinence", re.compile(r"abstin|abstain|sober|quit|stopped smoking", re.I)),
    ("symptom_duration", re.compile(r"\bsymptoms?\b|\bpain\b|\bsigns?\b|\bache|cough|fever|\bitch|pruritus", re.I)),
    ("disease_duration", re.compile(r"diagnos|disease duration|duration of (?:the )?disease|history of", re.I)),
)
FORWARD = re.compile(
    r"(?:\s+(?:disease|disorders?|syndrome|therapy|therapies|treatments?|surgery|infections?|tests?|regimens?|"
    r"agents?|drugs?|stay|injections?|use|abuse|intake|supplements?|medications?)\b)+"
)
SIBLING = re.compile(
    r"(?:\s|[,/&]|\b(?:and|or|and/or|as well as|nor|including|other|any|any other|prior|previous|the|a|an|of|"
    r"use of|systemic|local|hepatic|arterial|pump)\b|\([^()]*\))*$",
    re.I,
)
COUNTED_MENTIONS = frozenset({"drugs", "contraceptive_methods"})
OR_AFTER_A_VERB = re.compile(  # "major surgery or experienced a fracture", "A, an unlisted B, or C"
    r"[\s,]*(?:\([^()]*\)\s*)?(?:,\s*[\w-]+(?:\s+[\w-]+){0,2}\s*)?,?\s*(?:and/or|and\s+or|or)\s+"
    r"(?:(?:who|has|have|been|experienced|received|receiving|undergone|underwent|used|using|taken|taking|suffered|"
    r"treated|treatment|participated|in|with|from|of|a|an|any|the|prior|previous)\s+)*$",
    re.I,
)
EXAMPLES_BEHIND = re.compile(r"[\s,]*\(?\s*(?:such as|e\.?g\b|for (?:example|instance)|including)", re.I)
DOSE = re.compile(r"(?:[mknup]?g|ug|\[?IU\]?|U|mmol|mL|Gy|cGy|\{[a-z]+\})(?:$|[/.])")
LISTED = re.compile(r"\s*[:：]\s*(?:for\s+|a\s+)?$", re.I)
TO_WINDOW = re.compile(r"[;:]|[.](?=\s)")


@dataclass(slots=True)
class Said:
    """One mention, in text positions of its criterion."""

    start: int
    end: int
    label: str
    concept: str | None
    rule: str
    core: tuple[int, int] = (0, 0)  # the words that name it, which cues govern; without "previous", "known" …
    narrowed: list[int] = field(default_factory=list)
    condition: tuple[int, int] | None = None
    condition_id: str | None = None
    exception_to: int | None = None
    group: str | None = None


def find_mentions(
    text: str,
    terms: Sequence[Term],
    labels: dict[str, str],
    frames: Frames,
    limits: Sequence[Limit],
    cues: Sequence[Cues],
    tails: Tails,
) -> list[Said]:
    """The mentions of a criterion, without those that are measured, that anchor a window, or that are bystanders."""
    diseases = {(t.start, t.end) for t in terms if t.group == "mention" and labels[t.id] == "condition"}
    away = [
        limit.span
        for limit in limits
        if limit.span
        and not (limit.is_time or _may_be_dose(limit) or limit.attribute in COUNTED_MENTIONS)
        and not _names_a_disease(limit, diseases)
    ]
    away += [limit.anchor_span for limit in limits if limit.anchor_span]
    away += [(limit.quantity.start, limit.quantity.end) for limit in limits]
    longer = [(t.start, t.end) for t in terms if t.group == "measure"]
    found = [
        Found(t.start, t.end, labels[t.id], t.id, "lexicon")
        for t in terms
        if t.group == "mention"
        and not any(
            a <= t.start and t.end <= b and b - a > t.end - t.start for a, b in longer
        )  # "stroke" of "stroke volume"
        and not any(a < t.end and t.start < b for a, b in away)
    ]
    found += frames.find(text, terms, [(f.start, f.end) for f in found], away)
    out: list[Said] = []
    every = _without_modifiers(text, _without_overlaps(found), frames)
    joined = _all_widened(text, tails.join(text, every, limits, away), frames, away)
    for widened, reach, label, concept, rule, head in without_bystanders(text, joined, limits, cues):
        start = head[0] if head else widened
        if out and text[out[-1].end : start] == " (" and text[reach : reach + 1] == ")" and text[start:reach].isupper():
            continue  # "ventricular tachycardia (VT)" is one mention
        if widened >= reach:  # the mention before already reaches over it
            continue
        floor = max([out[-1].end if out else 0] + [b for _, b in away if b <= widened])
        if label in ("condition", "treatment", "procedure"):
            for a, b in reversed(list(before(text, widened, floor, frames.modifiers))):
                out.append(Said(a, b, label, None, "shares-head", (a, b)))
        out.append(Said(widened, reach, label, concept, rule, head or (widened, reach)))
        for a, b in letters_behind(text, widened, reach):
            kind = FORWARD.match(text, b)  # "infection" of "hepatitis B or C infection"
            out.append(Said(a, kind.end() if kind else b, label, None, "shares-head", (a, b)))
    _hold_for_the_fertile(text, every, out)
    return out


def _hold_for_the_fertile(text: str, every: Sequence[Found], out: Sequence[Said]) -> None:
    """ "Women of childbearing potential must use contraception": whom a demand is for is its condition."""
    for whom in every:
        if whom.concept != "childbearing_potential" or any(said.start == whom.start for said in out):
            continue
        for said in out:
            if said.start > whom.end and not HARD_BREAK.search(text, whom.end, said.start):
                said.condition, said.condition_id = (whom.start, whom.end), "childbearing"


def _without_overlaps(found: list[Found]) -> list[Found]:
    """Of overlapping mentions the longest; a lexicon concept inside an open phrase names it."""
    kept: list[Found] = []
    for candidate in sorted(found, key=lambda f: (f.start - f.end, f.frame != "lexicon", f.start)):
        inside = next(
            (i for i, other in enumerate(kept) if other.start < candidate.end and candidate.start < other.end), None
        )
        if inside is None:
            kept.append(candidate)
        elif candidate.frame == "lexicon" and kept[inside].frame != "lexicon":
            same_head = candidate.end == kept[inside].end
            if same_head or kept[inside].concept is None:
                kept[inside] = kept[inside]._replace(
                    concept=candidate.concept, label=candidate.label if same_head else kept[inside].label
                )
    return sorted(kept, key=lambda f: f.start)


def _names_a_disease(limit: Limit, diseases: Collection[tuple[int, int]]) -> bool:
    """Whether a limit is told of a disease that its measure defines: "hypertension > 150/90 mmHg", "fever > 38 °C"."""
    return limit.kind in ("lab", "vital") and limit.span in diseases


def link_diseases(limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """A limit that is told of a disease narrows it: "hyperkalaemia > 5.5 mmol/L" is a hyperkalaemia of that height."""
    for number, limit in enumerate(limits):
        if limit.kind not in ("lab", "vital") or limit.events:
            continue
        own = next((i for i, mention in enumerate(mentions) if mention.core == limit.span), None)
        if own is not None and mentions[own].label == "condition":
            limit.events = [own]
            mentions[own].narrowed.append(number)


def _without_modifiers(text: str, found: Sequence[Found], frames: Frames) -> list[Found]:
    """Without words that only say of what kind the mention right behind them is: "refractory hypertension"."""
    return [
        one
        for one, behind in zip_longest(found, found[1:])
        if behind is None
        or text[one.end : behind.start] != " "
        or text[one.start : one.end].lower() not in frames.modifiers
        or (one.label, behind.label) not in (("condition", "condition"), ("treatment", "treatment"))
    ]


def _all_widened(text: str, found: Sequence[Found], frames: Frames, away: Sequence[tuple[int, int]]) -> list[Found]:
    """Each mention in its sensible span, none reaching into the one before; its head is what it was."""
    out: list[Found] = []
    for one in found:
        start, end = _widened(text, one.start, one.end, frames, away)
        if out and start < out[-1].end:
            start = max(one.start, out[-1].end)
            start += len(text[start:end]) - len(text[start:end].lstrip())
        if start < end:  # else the mention before already reaches over it
            out.append(one._replace(start=start, end=end, head=one.head or (one.start, one.end)))
    return out


def _widened(text: str, start: int, end: int, frames: Frames, away: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The sensible span: severity and kind in front, "disease", "therapy" … behind."""
    tail = FORWARD.match(text, end)
    if tail and not any(a < tail.end() and end < b for a, b in away):
        end = tail.end()
    end = with_letter(text, start, end)
    front = text[max(0, start - 60) : start].rstrip(" -")
    word = front.rpartition(" ")[2]
    if not front or (word.isalpha() and word.lower() not in frames.last_of_modifiers):
        return start, end  # by far the most
    tokens = list(TOKEN.finditer(text, max(0, start - 60), start))
    while tokens:
        token = tokens.pop()
        word, gap = token[0].lower(), text[token.end() : start]
        two = f"{tokens[-1][0].lower()} {word}" if tokens else ""
        if two in frames.modifiers and text[tokens[-1].end() : token.start()] == " ":  # "wide field radiation"
            token, word = tokens.pop(), two
        if (
            gap.strip(" -")
            or word in UNTOLD
            or word in NEVER_INSIDE
            or word not in frames.modifiers
            or any(a <= token.start() < b for a, b in away)
        ):
            break
        start = token.start()
    return start, end


def name_durations(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """What lasts: a stable dose, a treatment, symptoms, a remission; the spacing of events."""
    for limit in limits:
        if limit.kind != "duration" or limit.attribute:
            continue
        q = limit.quantity
        behind = NEXT_STATE.split(text[q.end : q.end + 25], maxsplit=1)[0]
        around = text[max(0, (limit.span or (q.start, 0))[0] - 25) : q.end] + behind
        if limit.rule == "spacing":
            limit.attribute = "spacing"
            continue
        named = next((id for id, words in LASTING_STATES if words.search(around)), None)
        label = mentions[limit.events[0]].label if limit.events else None
        if label is None and _of_a_dose(text, limit, limits):
            label = "treatment"
        limit.attribute = named or {"treatment": "treatment_duration", "condition": "disease_duration"}.get(label or "")


NEXT_STATE = re.compile(r"[,;()]|\band\b")


def _of_a_dose(text: str, limit: Limit, limits: Sequence[Limit]) -> bool:
    """ "> 10 mg/day of prednisone for 2 weeks or longer": how long the dose was taken."""
    start = limit.quantity.start
    doses = [other.quantity.end for other in limits if other.kind == "dose" and other.quantity.end <= start]
    return bool(doses) and start - max(doses) < 40 and not HARD_BREAK.search(text, max(doses), start)


def _may_be_dose(limit: Limit) -> bool:
    q = limit.quantity
    if limit.attribute or limit.kind == "count":
        return False
    return q.unit is not None and q.reference is None and DOSE.match(q.unit) is not None


NO_DRUG = re.compile(
    r"(?:(?:a|the|total|daily|maximum|maximal|cumulative|lifetime|stable|average|mean)\s+)*"
    r"(?:dose|doses|dosage|dosages|dosing|equivalents?)",
    re.I,
)
DOSE_OF_A_CLASS = re.compile(
    r"[\s,]*(?:of\s+)?(?:oral\s+)?(?:methylpredniso|predniso|dexametha|hydrocortiso|cortiso|morphine)\w*", re.I
)


def link_doses(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """An amount of a named treatment is its dose: "aspirin > 325 mg/day".

    Where only "dose" or the drug stands beside it that a class is counted in ("corticosteroids, > 10 mg/day of
    prednisone"), the treatment in front is meant.
    """
    for number, limit in enumerate(limits):
        if limit.span is None or not _may_be_dose(limit):
            continue
        index = next((i for i, m in enumerate(mentions) if m.label == "treatment" and _touch(m, limit.span)), None)
        if index is None and (NO_DRUG.fullmatch(text, *limit.span) or DOSE_OF_A_CLASS.match(text, limit.quantity.end)):
            index = _treatment_in_front(text, limit, mentions)
        if index is not None:
            mention = mentions[index]
            limit.kind, limit.attribute, limit.span, limit.events = "dose", mention.concept, mention.core, [index]
            add_period(text, limit.quantity, "dose", limit.span)
            mention.narrowed.append(number)


def link_counts(limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """What is counted and is a mention itself, is narrowed by the count: "at least two NSAIDs"."""
    for number, limit in enumerate(limits):
        if limit.attribute in COUNTED_MENTIONS and limit.span and not limit.events:
            limit.events = [i for i, m in enumerate(mentions) if _touch(m, limit.span)][:1]
            for index in limit.events:
                mentions[index].narrowed.append(number)


def _touch(mention: Said, span: tuple[int, int]) -> bool:
    return mention.start < span[1] and span[0] < mention.end


def _treatment_in_front(text: str, limit: Limit, mentions: Sequence[Said]) -> int | None:
    start = limit.quantity.start
    before = [i for i, mention in enumerate(mentions) if mention.end <= start]
    if not before or mentions[before[-1]].label != "treatment":
        return None
    end = mentions[before[-1]].end
    return before[-1] if start - end < 60 and not HARD_BREAK.search(text, end, start) else None


def link_windows(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """Give each window and duration the mentions that it narrows; none where that is in doubt."""
    for number, limit in enumerate(limits):
        if not limit.is_time or limit.narrows:
            continue
        found = _event(text, limit, mentions)
        limit.events = found
        if found and not any(
            limit.span and m.start < limit.span[1] and limit.span[0] < m.end for m in (mentions[i] for i in found)
        ):
            limit.span = mentions[found[0]].core  # the event's words, not those beside the window
        for index in found:
            mentions[index].narrowed.append(number)


BEHIND_A_BRACKET = re.compile(r"\([^()]*\)[\s,]*$")


def _event(text: str, limit: Limit, mentions: Sequence[Said]) -> list[int]:
    q = limit.quantity
    aside = BEHIND_A_BRACKET.search(text, 0, q.start)
    if aside and limit.span and aside.start() <= limit.span[0] < q.start:
        limit.span = None
    elif limit.span:
        a, b = limit.span
        inside = [i for i, m in enumerate(mentions) if m.start < b and a < m.end]
        if inside:
            if a >= q.end:
                return _with_siblings_after(text, inside[-1], mentions)
            return _with_siblings(text, inside[-1], mentions)
    end = aside.start() if aside else q.start  # "surgery (e.g. nephrectomy) within 4 weeks" is about the surgery
    before = [i for i, m in enumerate(mentions) if m.end <= end]
    if before and limit.rule != "time-since":
        last = before[-1]
        gap = text[mentions[last].end : end]
        if LISTED.match(gap) and not text[: mentions[_with_siblings(text, last, mentions)[0]].start].strip(" *•-–"):
            return _with_siblings(text, last, mentions)  # "Etanercept: at least 4 weeks prior to day 1"
        if len(gap) < 240 and EXAMPLES_BEHIND.match(gap) and not re.search(r"[;:]|\.\s+[A-Z]", gap):
            return _with_siblings(text, last, mentions)  # "thrombosis, such as a stroke, within 6 months"
        if len(gap) < 60 and not TO_WINDOW.search(gap) and not HARD_BREAK.search(gap):
            return _with_siblings(text, last, mentions)
    if limit.rule == "time-since" and limit.span is None:
        after = [i for i, m in enumerate(mentions) if 0 <= m.start - q.end < 30]
        return after[:1]
    return []


def _with_siblings(text: str, last: int, mentions: Sequence[Said]) -> list[int]:
    out = [last]
    bounds = clause_bounds(text)
    while out[0] > 0:
        before, after = mentions[out[0] - 1].end, mentions[out[0]].start
        joined = SIBLING.match(text[before:after]) or (
            OR_AFTER_A_VERB.match(text[before:after])
            and _alike(text[before:after], mentions[out[0] - 1], mentions[out[0]])
        )
        if not joined or any(before < bound <= after for bound in bounds):
            break
        out.insert(0, out[0] - 1)
    return out


ENDURED = re.compile(r"\b(?:experienced|suffered)\b", re.I)


def _alike(between: str, one: Said, other: Said) -> bool:
    """Whether both are things done to a patient, or things that happen: "HIV or received steroids" are not."""
    done = ("treatment", "procedure")
    return one.label == other.label or (one.label in done and other.label in done) or bool(ENDURED.search(between))


def _with_siblings_after(text: str, first: int, mentions: Sequence[Said]) -> list[int]:
    out = [first]
    while out[-1] + 1 < len(mentions) and SIBLING.match(text[mentions[out[-1]].end : mentions[out[-1] + 1].start]):
        out.append(out[-1] + 1)
    return out


class Mentions(Step):
    """Leaves the mentions in `doc.user_data["mentions"]` and links the windows to them."""

    def __init__(
        self, labels: dict[str, str], frames: Frames, cues: Sequence[Cues], tails: Tails, asides: Sequence[Aside]
    ) -> None:
        self.labels = labels
        self.frames = frames
        self.cues = cues
        self.asides = asides
        self.tails = tails

    def read(self, text: str, data: dict[str, Any]) -> None:
        """Mentions, and which of them the limits narrow."""
        limits = data.get("limits", [])
        terms = data.get("terms", ())
        found = find_mentions(text, terms, self.labels, self.frames, limits, self.cues, self.tails)
        data["mentions"] = without_asides(text, found, self.asides)
        link_doses(text, limits, data["mentions"])
        link_counts(limits, data["mentions"])
        link_windows(text, limits, data["mentions"])
        link_diseases(limits, data["mentions"])
        name_durations(text, limits, data["mentions"])


@Language.factory(
    "trialcriteria_mentions",
    assigns=["doc.user_data"],
    requires=["doc.user_data"],
    default_config={"lexicon_files": []},
)
def make_mentions(nlp: Language, name: str, lexicon_files: list[str]) -> Mentions:
    """Component `trialcriteria_mentions`."""
    knowledge = load(lexicon_files)
    entries = knowledge.entries
    return Mentions(
        knowledge.labels,
        Frames(entries["frames"]),
        read_cues(entries["bystanders"]),
        Tails(entries["tails"], entries["frames"]),
        read_asides(entries["asides"]),
    )
