"""What a line hands down to the items below it: the measure of their bare limits, cues for them all, a condition."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from spacy.language import Language

from trialcriteria.components.condition_front import of_people
from trialcriteria.components.condition_heads import heads
from trialcriteria.components.condition_names import id_of
from trialcriteria.components.context import Context
from trialcriteria.components.limits import Hit, Limit
from trialcriteria.components.ranges import OUTSIDE_LISTED
from trialcriteria.components.step import Step
from trialcriteria.components.subjects import clause_bounds
from trialcriteria.components.terms import Term
from trialcriteria.components.turns import Turn
from trialcriteria.headings.announcements import announced
from trialcriteria.lexicon import Attribute
from trialcriteria.records import Segment
from trialcriteria.requirements.descriptions import DEFINES, WOMEN_WHO, described
from trialcriteria.requirements.statements import forbids_all_the_same

LONGEST_LABEL = 40
MOST_MEASURES = 4
BELOW = "items"  # what stands below is what the cues of a line that leads would govern next
BY_WHOM = re.compile(  # what stands below are its values, by whom they are for
    r"[^.;<>≤≥]{0,30}?\b(?:based\s+on|by|according\s+to|for|per|dependent\s+on|adjusted\s+for|defined\s+by)\s+"
    r"(?:the\s+)?(?:patient'?s?\s+)?(?:age|gender|sex)\b[^.;<>≤≥]{0,40}?\s*:?\s*",
    re.I,
)
LEADS = re.compile(r"\b(?:following|any of|one of|these|criteria|conditions)\b", re.I)
OWN_OBJECT = re.compile(  # "not pregnant, and at least one of the following applies", "not amenable to surgery of …"
    r"\b(?:and|plus|but)\s+(?:at least|one|any|meets?|has|have|with|the)\b|\bto achieve\b|\bfollowing at least\b|"
    r"\b(?:amenable|suitable|eligible)\s+(?:to|for)\s+(?!(?:any|one|either|the following)\b)",
    re.I,
)
METHODS_TO_USE = re.compile(  # among reasons for exclusion, the items below are choices and no reasons
    r"\b(?:must|should|shall|needs?\s+to|ha(?:s|ve)\s+to|agree\w*\s+to|required\s+to)\s+(?!not\b)(?:[\w-]+\s+){0,4}?"
    r"(?:use|using|practi[cs]e|employ)\b[^.;]*\b(?:methods?|contracepti\w+|birth\s+control)\b[^.;]*$",
    re.I,
)
NO_DUTY = r"(?:(?!\b(?:must|should|shall|agree\w*|us(?:e|ing)|provided|eligible|participate|meets)\b)[^.;])"
FERTILE_IF = re.compile(  # "or evidence of non-childbearing potential by fulfilling one of the following criteria"
    rf"(?:child-?\s?bearing|reproductive)\s+potential\b{NO_DUTY}{{0,60}}\b(?:by|as|considered|for|criteria)\b{NO_DUTY}{{0,60}}$",
    re.I,
)
UNWILLING = re.compile(r"\b(?:not|un(?:willing|able)|refus\w+|fail\w*|without|disagree\w*)\b", re.I)
FOR_THE_TRIAL = re.compile(
    r"(?:\s+(?:for|from|in|to|this|the|study|trial|protocol|participat\w+|enrol\w+|inclusion|entry))*", re.I
)
ALLOWS = re.compile(r"allowed|permitted|acceptable|not exclu|exempt|not apply", re.I)


def measures_above(line: str, parent: Mapping[str, Any], attributes: Mapping[str, Attribute]) -> list[Hit]:
    """The measures that bare limits are about: those that the line above, as read, names without a limit of its own."""
    limits = parent.get("limits", ())
    if limits and {limit.attribute for limit in limits} == {"lesion_count"} and "lesion_size" in attributes:
        return [("lesion_size", limits[-1].span)]  # "At least 1 measurable lesion", below it "≥ 20 mm by X-ray"
    own: list[Hit] = [
        (t.id, (t.start, t.end)) for t in parent["terms"] if t.group == "measure" and not attributes[t.id].levels
    ]
    if limits:  # "clearance ≥ 70 mL/min or a serum creatinine based on age as follows:"
        done = max(limit.quantity.end for limit in limits)
        return [hit for hit in own if hit[1] and hit[1][0] > done and BY_WHOM.fullmatch(line, hit[1][1])][-1:]
    by_whom = [hit for hit in own if hit[1] and BY_WHOM.fullmatch(line, hit[1][1])][-1:]
    return by_whom or own[-MOST_MEASURES:] or list(parent.get("subject", []))


def turn_outside(line: str, limits: Iterable[Limit]) -> None:
    """The ranges below "Vital signs outside of the following ranges:" are those that a patient lies outside of."""
    if line.rstrip().endswith(":") and OUTSIDE_LISTED.search(line):
        for limit in limits:
            q = limit.quantity
            if q.operator == "between" and not limit.is_time:
                q.operator, q.low_inclusive, q.high_inclusive = "outside", False, False


def measure_of_heading(nlp: Language, heading: str | None, attributes: Mapping[str, Attribute]) -> list[Hit]:
    """The measure that a label names for the bare limits below it ("Life expectancy:", then "More than 6 months")."""
    if heading is None or len(heading) > LONGEST_LABEL:
        return []
    data: dict[str, Any] = {}
    cast(Step, nlp.get_pipe("trialcriteria_terms")).read(heading, data)
    ids = dict.fromkeys(t.id for t in data["terms"] if t.group == "measure")
    named: list[Hit] = [(id, None) for id in ids if not attributes[id].levels]
    return named[:1]


THOSE_BELOW = (
    r"(?:except(?:ing)?(?:\s+for)?|excluding|other\s+than|apart\s+from|with\s+the\s+exceptions?\s+of)\s+(?:[\w-]+\s+){1,4}?"
    r"(?:(?:as|is|are)\s+)?below"
)
EXCEPTS = re.compile(  # "Any prior radiotherapy (the following exceptions are permitted):"
    r"\b(?:the\s+)?following\s+exceptions?(?:\s+(?:is|are|were|apply|will\s+be)\b[^.;()]{0,40})?\s*\)?$|"
    rf"(?<=\(){THOSE_BELOW}(?=\s*\))|\b{THOSE_BELOW}$",  # "(excluding malignant tumours below), unless cured"
    re.I,
)
PERMITTED_ARE = re.compile(  # "Allowed treatment drugs are:"
    r"\W*(?:the\s+)?(?:following\s+)?(?:allowed|permitted|permissible|acceptable|authori[sz]ed)\s+(?:[\w-]+\s+){0,4}?"
    r"(?:drugs?|medications?|medicines?|treatments?|therap(?:y|ies)|agents?|regimens?|vaccines?|supplements?)\b"
    r"[^.;:]{0,40}?(?:\s+(?:are|is|includes?|including))?(?:\s+(?:the\s+)?(?:following|as\s+follows))?",
    re.I,
)
ALLOWED_ARE = re.compile(  # "Systemic steroids. Allowed:"
    r"(?:^|(?<=[.;])\s+)\W*(?:also\s+)?(?:allowed|permitted|acceptable|not\s+excluded|exempt)(?:\s+(?:are|is))?"
    r"(?:\s+(?:the\s+following|as\s+follows))?$",
    re.I,
)
NONE_INCLUDING = re.compile(  # "No other serious illness including, but not limited to, any of the following"
    r"\W*(?P<no>no)\s(?!more\b|less\b|later\b)[^.:]*?\b(?:including|such\s+as)\b[\s,]*(?:(?:but|without\s+being)\s+not\s+(?:be\s+)?limited\s+to\b[\s,]*)?"
    r"(?:(?:any|one\s+or\s+more|either|all)(?:\s+of)?\s+)?(?:(?:the\s+)?following\b(?:\s+[\w-]+){0,3})?",
    re.I,
)


def leading_turns(nlp: Language, text: str, piece: Segment) -> list[Turn]:
    """The cues of a line that govern what stands below it ("do not meet any of the following:")."""
    if piece.children is None and not text.rstrip().endswith(":"):
        return []
    line = text.rstrip(" :")
    if not line:
        return []
    if any(end >= len(line) for _, end in described(text, [])) or FERTILE_IF.search(line):
        return [Turn(DEFINES, 0, len(line), line)]
    if announced(line) == "exclusion":  # in its own section it only says so again: "To participate a subject must not"
        return [Turn("PROHIBIT", 0, len(line), line)] if piece.section == "inclusion" else []
    if piece.section == "exclusion" and METHODS_TO_USE.search(line) and not UNWILLING.search(line):
        return [Turn(DEFINES, 0, len(line), line)]
    if allowed := ALLOWED_ARE.search(line):
        return [Turn("EXCEPTION" if line[: allowed.start()].strip() else "PERMIT", *allowed.span(), allowed[0])]
    if PERMITTED_ARE.fullmatch(line):
        return [Turn("PERMIT", 0, len(line), line)]  # see `names_the_permitted`
    if excepts := EXCEPTS.search(line):
        return [Turn("EXCEPTION", *excepts.span(), excepts[0])]
    if piece.section == "inclusion" and (denied := NONE_INCLUDING.fullmatch(line)):
        return [Turn("NEGATED", *denied.span("no"), denied["no"])]
    context = cast(Context, nlp.get_pipe("trialcriteria_context"))
    last = line[max([0, *clause_bounds(line)]) :]
    said = f"{last} {BELOW}"
    cues = context.cues(said)
    if not cues:
        return []
    turns = context.govern(said, 0, len(said), [(len(last) + 1, len(said))], cues)[0]
    leading = [turn for turn in turns if _leads_on(last, turn)]
    if piece.section == "exclusion" and forbids_all_the_same(last, leading):
        leading = [turn for turn in leading if turn.category != "NEGATED"]
    if piece.section == "inclusion":
        leading += [turn for turn in context.verdicts(last, context.cues(last)) if _keeps_out(last, turn)]
    return leading


LEFT_OPEN = re.compile(r":\s*$|\b(?:following|either)\b(?:\s+[\w-]+){0,3}\s*$", re.I)
LET_IN_IF = re.compile(  # "Participants who have had brain metastases will be eligible if all of these are true"
    r"\W*(?P<whom>(?:patients|subjects|participants|individuals|persons|those)\s+(?:with|who|having|on|receiving|taking)\s[^.;:]{3,120}?)\s+"
    r"(?:(?:is|are|may|can|will|would|still|also|only|be|not)\s+)*"
    r"(?:eligible|ineligible|excluded|allowed|permitted|acceptable|accepted|participate|enrolled|included|enter|join)\b[^.;:]{0,60}?\b"
    r"(?:if|when|provided|as\s+long\s+as|after)\b[^.;:]*:?\s*",
    re.I,
)


class Holding(NamedTuple):
    """A condition under which all holds that stands below a line."""

    words: str
    id: str | None


def condition_below(text: str, piece: Segment, known: Sequence[Term]) -> Holding | None:
    """The condition of a line that leads ("If on anticoagulants, the following must be met:"): it holds below it."""
    if piece.children is None or LEFT_OPEN.search(text) is None:
        return None
    line = text.rstrip(" :")
    let_in = LET_IN_IF.fullmatch(text) or WOMEN_WHO.fullmatch(text)
    led = _led(f"{line} {BELOW}", known) or _led(f"{line}: {BELOW}", known)
    whom = let_in.span("whom") if let_in else led or of_people(line, 0, len(line), known)
    return Holding(text[slice(*whom)], id_of(text, whom, known, further=False)) if whom else None


def _led(said: str, known: Sequence[Term]) -> tuple[int, int] | None:
    return next(((head.start, head.end) for head in heads(said, known) if head.until == len(said)), None)


def names_the_permitted(turn: Turn) -> bool:
    """Whether a cue of a line above is the whole line, which only names the treatments right below it as allowed."""
    return turn.category == "PERMIT" and PERMITTED_ARE.fullmatch(turn.words) is not None


def _keeps_out(line: str, turn: Turn) -> bool:
    """ "Patients with any of the following are not eligible for the study": what stands below keeps them out."""
    said = turn.category == "PROHIBIT" and FOR_THE_TRIAL.fullmatch(line, turn.end) is not None
    return said and LEADS.search(line, 0, turn.start) is not None


def _leads_on(line: str, turn: Turn) -> bool:
    """Whether a cue governs what stands below its line, not only words of the line itself."""
    if LEADS.search(line, turn.end) is None and line[turn.end :].strip():
        return False
    if turn.category == "NEGATED":
        return OWN_OBJECT.search(line, turn.end) is None
    if turn.category == "PERMIT":
        return ALLOWS.search(turn.words) is not None
    return turn.category in ("EXCEPTION", "FAMILY")
