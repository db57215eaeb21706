"""Mentions: the conditions, treatments, procedures, biomarkers and patient states that a criterion turns on.

Literal phrases of the lexicon come first, widened to the sensible span ("symptomatic congestive heart failure").
What is measured, or only anchors a time window, is no mention.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.language import Language
from spacy.tokens import Doc

from trialcriteria.components.constraints import HARD_BREAK, Limit
from trialcriteria.components.terms import Term
from trialcriteria.lexicon import load

WIDEN = re.compile(
    r"(?:(?:\b(?:symptomatic|asymptomatic|severe|moderate|mild|active|uncontrolled|controlled|chronic|acute|recurrent|clinically significant|significant|serious|major|minor|malignant|metastatic|advanced|locally advanced|unstable|stable|"
    r"poorly controlled|systemic|congenital|acquired|primary|secondary|untreated|treated|previous|prior|concurrent|concomitant|other|invasive|non-invasive|cured|local|effective|adequate|progressive|persistent|ongoing|known|"
    r"extra-?hepatic|antitumou?ral|anti-?tumou?r|anti-?cancer|investigational|experimental|oral|intravenous|topical|inhaled|high-dose|low-dose|adjuvant|neoadjuvant|palliative|radical|curative|clinically relevant|relevant|psychiatric|"
    r"evidence of|congestive|central nervous system|cardiac|renal|hepatic|pulmonary|liver|kidney|brain|bone|lung|severe uncontrolled|long-term|short-term|chronic active|unresectable|resectable)[\s,-]+)+)$",
    re.I,
)
FORWARD = re.compile(r"(?:\s+(?:disease|disorders?|syndrome|therapy|therapies|treatments?|surgery|infections?|tests?|regimens?|agents?|drugs?|stay|injections?|use|abuse|intake|supplements?|medications?)\b)+")
SIBLING = re.compile(r"(?:\s|[,/&]|\b(?:and|or|and/or|as well as|nor|including|other|any|any other|prior|previous|the|a|an|of|use of|systemic|local|hepatic|arterial|pump)\b|\([^()]*\))*$", re.I)
DOSE = re.compile(r"(?:[mknup]?g|ug|\[?IU\]?|U|mmol|mL|Gy|cGy|\{[a-z]+\})(?:$|[/.])")
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


def find_mentions(text: str, terms: Sequence[Term], labels: dict[str, str], limits: Sequence[Limit]) -> list[Said]:
    """The mentions of a criterion, without those that are measured or that anchor a window."""
    away = [limit.span for limit in limits if limit.span and limit.kind not in ("time_window", "duration") and not _may_be_dose(limit)]
    away += [limit.anchor_span for limit in limits if limit.anchor_span]
    away += [(limit.quantity.start, limit.quantity.end) for limit in limits]
    longer = [(t.start, t.end) for t in terms if t.group == "measure"]
    out: list[Said] = []
    for term in terms:
        if any(a <= term.start and term.end <= b and b - a > term.end - term.start for a, b in longer):
            continue  # "stroke" of "stroke volume"
        if term.group != "mention" or any(a < term.end and term.start < b for a, b in away):
            continue
        start, end = term.start, term.end
        wider = WIDEN.search(text, max(0, start - 80), start)
        if wider and not any(a < start and wider.start() < b for a, b in away):
            begin = wider.start() + len(wider[0]) - len(wider[0].lstrip())
            if text[wider.start() : start].strip():
                start = begin
        tail = FORWARD.match(text, end)
        if tail:
            end = tail.end()
        if out and start < out[-1].end:
            if end <= out[-1].end:
                continue
            start = out[-1].end if term.start >= out[-1].end else start
            if term.start < out[-1].end:
                out[-1] = Said(out[-1].start, end, labels[term.id], term.id, "words-joined", (out[-1].core[0], term.end))
                continue
        while start < end and text[start] in " ,-":
            start += 1
        out.append(Said(start, end, labels[term.id], term.id, "lexicon", (term.start, term.end)))
    return out


def _may_be_dose(limit: Limit) -> bool:
    q = limit.quantity
    return limit.attribute is None and q.unit is not None and q.reference is None and DOSE.match(q.unit) is not None


def link_doses(limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """An amount of a named treatment is its dose: "aspirin > 325 mg/day"."""
    for number, limit in enumerate(limits):
        if limit.span is None or not _may_be_dose(limit):
            continue
        for index, mention in enumerate(mentions):
            if mention.label == "treatment" and mention.start < limit.span[1] and limit.span[0] < mention.end:
                limit.kind, limit.attribute, limit.span, limit.events = "dose", mention.concept, mention.core, [index]
                mention.narrowed.append(number)
                break


def link_windows(text: str, limits: Sequence[Limit], mentions: Sequence[Said]) -> None:
    """Give each window and duration the mentions that it narrows; none where that is in doubt."""
    for number, limit in enumerate(limits):
        if limit.kind not in ("time_window", "duration") or limit.narrows:
            continue
        found = _event(text, limit, mentions)
        limit.events = found
        for index in found:
            mentions[index].narrowed.append(number)


def _event(text: str, limit: Limit, mentions: Sequence[Said]) -> list[int]:
    q = limit.quantity
    if limit.span:
        a, b = limit.span
        inside = [i for i, m in enumerate(mentions) if m.start < b and a < m.end]
        if inside:
            if a >= q.end:
                return _with_siblings_after(text, inside[-1], mentions)
            return _with_siblings(text, inside[-1], mentions)
    before = [i for i, m in enumerate(mentions) if m.end <= q.start]
    if before and limit.rule != "time-since":
        last = before[-1]
        gap = text[mentions[last].end : q.start]
        if len(gap) < 60 and not TO_WINDOW.search(gap) and not HARD_BREAK.search(gap):
            return _with_siblings(text, last, mentions)
    if limit.rule == "time-since" and limit.span is None:
        after = [i for i, m in enumerate(mentions) if 0 <= m.start - q.end < 30]
        return after[:1]
    return []


def _with_siblings(text: str, last: int, mentions: Sequence[Said]) -> list[int]:
    out = [last]
    while out[0] > 0 and SIBLING.match(text[mentions[out[0] - 1].end : mentions[out[0]].start]):
        out.insert(0, out[0] - 1)
    return out


def _with_siblings_after(text: str, first: int, mentions: Sequence[Said]) -> list[int]:
    out = [first]
    while out[-1] + 1 < len(mentions) and SIBLING.match(text[mentions[out[-1]].end : mentions[out[-1] + 1].start]):
        out.append(out[-1] + 1)
    return out


class Mentions:
    """Leaves the mentions in `doc.user_data["mentions"]` and links the windows to them."""

    def __init__(self, labels: dict[str, str]) -> None:
        self.labels = labels

    def __call__(self, doc: Doc) -> Doc:
        data = doc.user_data
        limits = data.get("limits", [])
        data["mentions"] = find_mentions(doc.text, data.get("terms", ()), self.labels, limits)
        link_doses(limits, data["mentions"])
        link_windows(doc.text, limits, data["mentions"])
        return doc


@Language.factory(
    "trialcriteria_mentions", assigns=["doc.user_data"], requires=["doc.user_data"], default_config={"lexicon_files": []}
)
def make_mentions(nlp: Language, name: str, lexicon_files: list[str]) -> Mentions:
    """Component `trialcriteria_mentions`."""
    from pathlib import Path

    return Mentions(load([Path(path) for path in lexicon_files]).labels)
