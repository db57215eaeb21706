"""Mentions: the conditions, treatments, procedures, biomarkers and patient states that a criterion turns on.

Literal phrases of the lexicon come first, widened to the sensible span ("symptomatic congestive heart failure").
What is measured, or only anchors a time window, is no mention.
"""

import re
from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, NamedTuple

from spacy.language import Language

from trialcriteria.components.asides import Aside, read_asides, without_asides
from trialcriteria.components.bystanders import Cues, read_cues, without_bystanders
from trialcriteria.components.coordinations import (
    COMMON,
    Shared,
    acts_behind,
    letters_behind,
    of_a_substance,
    sharing,
    with_letter,
)
from trialcriteria.components.dated import dated
from trialcriteria.components.endings import with_ends
from trialcriteria.components.limits import HARD_BREAK, Limit
from trialcriteria.components.listed import RULE as LISTED
from trialcriteria.components.listed import Item, listed
from trialcriteria.components.openings import LONG_FORM, NEVER_INSIDE, TOKEN, UNTOLD, Found, Frames
from trialcriteria.components.reach import closes
from trialcriteria.components.routes import routes
from trialcriteria.components.staged import STAGES, staged, with_all_stages
from trialcriteria.components.step import Phase, Step
from trialcriteria.components.tails import Tails
from trialcriteria.components.telling import Sought, Told, holds_any
from trialcriteria.components.terms import Term
from trialcriteria.lexicon import load

FORWARD = re.compile(  # "hepatitis C virus (HCV) infection" too
    r"(?:\s*[(\[][A-Z][\w -]{1,12}[)\]](?=\s+(?:disease|disorders?|syndrome|infections?|therapy|treatments?)\b))?"
    r"(?:\s+(?:disease|disorders?|syndrome|therapy|therapies|treatments?|surgery|(?:co-?)?infections?|tests?|regimens?|virus(?:es)?|"
    r"flares?|flare-ups?|exacerbations?|attacks?|agents?|drugs?|stay|injections?|placement|implantation|insertion|healing|use|abuse|intake|supplements?|medications?)\b)+"
)
OF_TREATMENT = frozenset({"toxicity", "adverse_event", "complication", "treatment_effect"})  # what a treatment leaves
COUNTED_MENTIONS = frozenset({"drugs", "contraceptive_methods"})
ADVERB = re.compile(r"(?<![\w-])([A-Za-z]+ly) $")
HOW = frozenset(
    "clinically medically surgically hemodynamically haemodynamically severely mildly moderately rapidly slowly "
    "locally actively chronically acutely mentally physically cognitively psychologically significantly completely "
    "partially potentially poorly inadequately adequately markedly seriously highly extremely minimally fully "
    "functionally neurologically immunologically genetically symptomatically biochemically maximally heavily".split()
)
ADJECTIVE = re.compile(r"(?!consent)[a-z-]+(?:able|ible|ed|ive|ic|ent|ant|al|ous|ory)")
ACTING = re.compile(
    r"\b(?:inhibitors?|inducers?|substrates?)\s*(?:,|/|and/or|or|and)\s*(?:(?:strong|potent|moderate)\s+)?$", re.I
)
ACTS = Sought(
    "inhibitor inhibitors inducer inducers substrate substrates",
    r"(?:[a-z]+\s+)?(?:inhibitors?|inducers?|substrates?)\s+of\b",
    re.I,
)
STATE_OF_IT = re.compile(
    r"(?:other\s+)?(?:(?:[a-z]+ly|well|non)[\s-]+)*"
    r"(?:cured|curable|resolved|treated|resected|excised|removed|controlled|recovered)",
    re.I,
)
AFTER_A_WORD = frozenset({" ", "(", "["})
NON = re.compile(r"(?<![\w-])(?:non[\s-]|not-)$", re.I)
OF_NO_KIND = re.compile(  # a kind that the thing is not of
    r"(?<![\w-])non-(?!(?:smok|pregnan|lactat|complian|adheren|childbearing|responder)\w*)[A-Za-z][\w-]*\s+(?:[A-E]\s+)?$",
    re.I,
)
OTHER = re.compile(r"(?<![\w-])(?:an)?other $", re.I)  # than the one that the trial is about: "other malignancy"
STAGE_OF_DISEASE = re.compile(
    r"(?:(?:locally[\s-]+)?(?:advanced|metastatic|recurrent|relapsed|refractory|unresectable|resectable)[\s/,-]+(?:(?:or|and)\s+)?)+",
    re.I,
)
GOING_ON = frozenset({"ongoing", "concurrent", "current", "documented", "confirmed"})
DEGREE_TO = re.compile(r"(?<![\w-])(?:mild|moderate)(?:ly)?[\s-]+to[\s-]+(?:very[\s-]+)?$", re.I)
AIMED_AT = re.compile(r"(?<![\w-])[A-Z][A-Z\d/]{1,9}-$")  # "ALK-TKI", "MEK-inhibitor"
BRACKETS = {" (": ")", "(": ")", " [": "]", "[": "]"}
SIGNS = frozenset("+-–")
SHORT_FORM = re.compile(r"(?=.*[A-Z].*[A-Z])[\w/.+ -]{2,10}")
DOSE = re.compile(r"(?:[mknup]?g|ug|\[?IU\]?|U|mmol|mL|Gy|cGy|\{[a-z]+\})(?:$|[/.])")


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


class Draft(NamedTuple):
    """The mentions of a criterion on their way: as they are named, and where none may reach."""

    found: list[Found]
    away: list[tuple[int, int]]


def draft(
    text: str,
    terms: Sequence[Term],
    labels: dict[str, str],
    frames: Frames,
    limits: Sequence[Limit],
    again: Sequence[tuple[int, int]] = (),
    *,
    included: bool = False,
) -> Draft:
    """What a criterion names, without what is measured or said `again` of it or of the study, or anchors a window."""
    named = [t for t in terms if t.group == "mention"]
    diseases = {(t.start, t.end): t.id for t in named if labels[t.id] == "condition"} if limits else {}
    treatments = {(t.start, t.end) for t in named if labels[t.id] in ("treatment", "procedure")}
    away = [
        _behind_a_disease(text, limit, _without_contents(text, limit, limit.span), diseases)
        for limit in limits
        if limit.span
        and not (limit.is_time or may_be_dose(limit) or limit.attribute in (*COUNTED_MENTIONS, "episodes"))
        and not _names_a_disease(text, limit, diseases)
        and not _sizes_a_disease(limit, diseases)
        and limit.attribute not in NAMED_BY_THEIR_SCALE
        and not _is_given(limit, treatments)
        and not _counts_a_treatment(limit, treatments)
        and not _says_how_often(text, limit, diseases)
    ]
    away += [limit.anchor_span for limit in limits if limit.anchor_span]
    away += [(limit.quantity.start, limit.quantity.end) for limit in limits]
    away += again
    longer = [(t.start, t.end) for t in terms if t.group == "measure" and t.id not in NAMED_BY_THEIR_SCALE]
    found = [
        Found(t.start, t.end, labels[t.id], t.id, "lexicon")
        for t in named
        if not any(
            a <= t.start and t.end <= b and b - a > t.end - t.start for a, b in longer
        )  # "stroke" of "stroke volume"
        and not any(a < t.end and t.start < b for a, b in away)
    ]
    found = list(_with_substances(text, found))
    found += frames.find(text, terms, [(f.start, f.end) for f in found], away)
    found += dated(text, limits, found, away, included=included)
    found += list(staged(text, found))
    found += list(routes(text, found))
    return Draft(_without_modifiers(text, _without_overlaps(found), frames), away)


def _with_substances(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """ "Alcohol or drug abuse" is an abuse of alcohol, not its use."""
    for i, one in enumerate(found):
        behind = found[i + 1] if i + 1 < len(found) else None
        abused = behind and of_a_substance(text, Shared(one.start, one.end), Shared(behind.start, behind.end))
        yield one._replace(label="condition", concept=abused) if abused else one


def lay_out(
    text: str, found: Sequence[Found], away: Sequence[tuple[int, int]], frames: Frames, known: Collection[str] = ()
) -> list[Said]:
    """One mention for each part of a coordination, none for a short form behind its long one.

    `known`: the concepts there are, of which a further letter may name another one ("hepatitis B or C").
    """
    out: list[Said] = []
    for widened, reach, label, concept, rule, head in found:
        start = head[0] if head else widened
        if out and _is_short_form(text, out[-1], start, reach, concept):
            continue  # "ventricular tachycardia (VT)" is one mention
        if widened >= reach or (out and reach <= out[-1].end):  # the mention before already reaches over it
            continue
        floor = max([_end_in_front(text, out, widened)] + [b for _, b in away if b <= widened])
        shared, widened = sharing(text, Shared(widened, reach), label, floor, frames.kinds)
        for a, b in shared:
            abused = of_a_substance(text, Shared(a, b), Shared(widened, reach))
            out.append(Said(a, b, label, abused, "shares-head", (a, b)))
        out.append(Said(widened, reach, label, concept, rule, head or (widened, reach)))
        if label == "treatment":
            out += [Said(a, b, label, concept, "shares-head", (a, b)) for a, b in acts_behind(text, widened, reach)]
        for a, b in letters_behind(text, widened, reach):
            kind = FORWARD.match(text, b)  # "infection" of "hepatitis B or C infection"
            virus = HEPATITIS.search(text, widened, reach)  # "infection with hepatitis B or C"
            other = f"hepatitis_{text[a]}".lower() if virus else f"{concept[:-1]}{text[a]}".lower() if concept else None
            other = other if other in known else None
            out.append(Said(a, kind.end() if kind else b, label, other, "shares-head", (a, b)))
    out.sort(key=lambda said: (said.start, said.end))  # what shares a head may stand in front of a bracket
    if holds_any(text, STAGES):
        for one, behind in zip_longest(out, out[1:]):
            end = with_all_stages(text, one.start, one.end)
            one.end = end if behind is None or end <= behind.start else one.end
    return _with_states(text, out)


def _end_in_front(text: str, said: Sequence[Said], start: int) -> int:
    """Where the last mention in front of `start` ends, past those in a bracket that is closed by then."""
    for one in reversed(said):
        opened = text.rfind("(", 0, one.start) > text.rfind(")", 0, one.start)
        if not opened or text.find(")", one.end, start) < 0:
            return one.end
    return 0


def _with_states(text: str, found: Sequence[Said]) -> list[Said]:
    """ "Adequately treated basal cell carcinoma" is one mention: what became of a disease belongs to it."""
    out: list[Said] = []
    for one in found:
        state = out[-1] if out else None
        if (
            state
            and one.label == "condition"
            and not text[state.end : one.start].strip(" -")
            and STATE_OF_IT.fullmatch(text, state.start, state.end)
        ):
            out.pop()
            one.start = state.start
        out.append(one)
    return out


def _is_short_form(text: str, long: Said, start: int, end: int, concept: str | None) -> bool:
    """Whether what stands right behind a mention in brackets, all alone, says it again in short."""
    close = BRACKETS.get(text[long.end : start]) if start - long.end < 3 else None
    if close is None or text[end : end + 1] != close:
        return False
    return SHORT_FORM.fullmatch(text, start, end) is not None or (concept is not None and concept == long.concept)


def _named_terms(data: dict[str, Any]) -> list[Term]:
    """What the lexicon names besides mentions: measures, anchors, units, standards."""
    return [term for term in data.get("terms", ()) if term.group != "frames"]


def _with_listed(text: str, said: list[Said], taken: Sequence[tuple[int, int]]) -> list[Said]:
    """The mentions, and what stands in a list with them and has no name that we know."""
    items = [Item(one.start, one.end, one.label, one.concept) for one in said]
    further = [Said(a, b, label, concept, LISTED, (a, b)) for a, b, label, concept in listed(text, items, taken)]
    return sorted([*said, *further], key=lambda one: (one.start, one.end)) if further else said


HEPATITIS = re.compile(r"\bhep(?:atitis)?\s[A-E]$", re.I)
CONTRACEPTION = frozenset({"contraception", "contraceptive_drug"})
LISTED_ON = re.compile(r",\s*(?:or|and)\b", re.I)
NOT_OF = re.compile(r"\b(?:not(?:\s+of)?|non-?)\s*$", re.I)


def _hold_for_the_fertile(text: str, every: Sequence[Found], out: Sequence[Said]) -> None:
    """ "Women of childbearing potential must use contraception": whom a demand is for is its condition."""
    for said in out:
        fertile = IF_FERTILE.match(text, said.end) if said.concept in CONTRACEPTION else None
        if fertile:
            said.condition, said.condition_id = fertile.span("whom"), "childbearing"
    for whom in every:
        if whom.concept != "childbearing_potential" or any(said.start == whom.start for said in out):
            continue
        if NOT_OF.search(text, max(0, whom.start - 12), whom.start):
            continue  # "who are not of reproductive potential (surgically sterile)"
        if text[: whom.start].rstrip().endswith(",") and LISTED_ON.match(text, whom.end):
            continue  # "pregnant, of childbearing potential, or lactating"
        alone = text[whom.end : whom.end + 1] == ")" and text[: whom.start].endswith(("(", "(of "))
        end = whom.end + alone  # "partners (of childbearing potential) must use …"
        for said in out:
            apart = HARD_BREAK.search(text, end, said.start) or closes(text, end, said.start)
            if said.start > whom.end and not apart:
                said.condition, said.condition_id = (whom.start, whom.end), "childbearing"


IF_FERTILE = re.compile(  # "a barrier method of contraception, if potentially fertile"
    r",?\s+(?P<whom>if\s+(?:(?:she|he|they|the\s+patient)\s+(?:is|are)\s+)?(?:potentially\s+)?(?:fertile|of\s+child-?\s?bearing\s+potential))\b",
    re.I,
)


def _without_overlaps(found: list[Found]) -> list[Found]:
    """Of overlapping mentions the longest; a lexicon concept inside an open phrase names it."""
    kept: list[Found] = []  # the longest first
    places: list[tuple[int, int]] = []  # their starts in text order, with their place in `kept`
    for candidate in sorted(found, key=lambda f: (f.start - f.end, f.frame != "lexicon", f.start)):
        at = bisect_left(places, (candidate.start, 0))
        near = places[max(0, at - 1) : bisect_left(places, (candidate.end, 0))]
        inside = min((i for _, i in near if kept[i].end > candidate.start), default=None)
        if inside is None:
            insort(places, (candidate.start, len(kept)))
            kept.append(candidate)
        elif candidate.frame == "lexicon" and kept[inside].frame not in ("lexicon", "finding_whole"):
            same_head = candidate.end == kept[inside].end
            if same_head or kept[inside].concept is None:
                kept[inside] = kept[inside]._replace(
                    concept=candidate.concept, label=candidate.label if same_head else kept[inside].label
                )
    return sorted(kept, key=lambda f: f.start)


LACKING = re.compile(
    r"penia|hypo|ana?emi|deficien|brady|desaturat|low\b|failure|insufficien|impair|dysfunction|disease|disorder", re.I
)


def _names_a_disease(text: str, limit: Limit, diseases: Collection[tuple[int, int]]) -> bool:
    """Whether a limit is told of a disease that its measure defines: "hypertension > 150/90 mmHg", "fever > 38 °C".

    Of "proteinuria ≤ 500 mg/day" nobody has the disease.
    """
    if limit.kind not in ("lab", "vital", "other") or limit.span not in diseases or limit.span is None:
        return False
    most = limit.attribute is not None and limit.quantity.is_maximum
    return not most or LACKING.search(text, *limit.span) is not None


# Scales of one disease alone, which their words name with it: "grade II-IV acute GVHD", "suicidal ideation of type 4".
NAMED_BY_THEIR_SCALE = frozenset({"gvhd_grade", "c_ssrs"})
ANY_LESION = frozenset({"lesion", "malignancy", "solid_tumor", "measurable_disease", "disease_progression"})


def _sizes_a_disease(limit: Limit, diseases: Mapping[tuple[int, int], str]) -> bool:
    """Whether a limit is on the size of a disease, or the number of its foci: "ovarian cyst > 5 cm", "3 fibroids"."""
    if limit.span is None or not (limit.kind == "lesion" or (limit.kind == "count" and limit.attribute is None)):
        return False
    start, end = limit.span
    return any(a <= start and end == b and not _is_any_lesion(concept) for (a, b), concept in diseases.items())


def _is_any_lesion(concept: str) -> bool:
    """Whether a concept names lesions of any kind, of which a size or a number tells all that is meant."""
    return concept in ANY_LESION or concept.endswith(("metastases", "metastasis"))


def _behind_a_disease(
    text: str, limit: Limit, span: tuple[int, int], diseases: Collection[tuple[int, int]]
) -> tuple[int, int]:
    """The words of a measure, without the disease that it defines in brackets: "neutropenia (ANC < 1000/µL)"."""
    opened = text.find("(", *span) if limit.kind in ("lab", "vital", "other") else -1
    end = len(text[:opened].rstrip()) if opened > 0 else -1
    return (opened, span[1]) if (span[0], end) in diseases else span


def _counts_a_treatment(limit: Limit, treatments: Collection[tuple[int, int]]) -> bool:
    """Whether what is counted, which the lexicon does not list, names a treatment: "two antidepressant trials"."""
    if limit.kind != "count" or limit.attribute is not None or limit.span is None:
        return False
    return any(limit.span[0] <= a and b <= limit.span[1] for a, b in treatments)


def _says_how_often(text: str, limit: Limit, diseases: Collection[tuple[int, int]]) -> bool:
    """Whether a limit says how often a disease was had: "herpes zoster more than once"."""
    return limit.kind == "count" and limit.span in diseases and OFTEN.search(text, 0, limit.quantity.end) is not None


OFTEN = re.compile(r"\b(?:once|twice|thrice)$", re.I)


def _without_contents(text: str, limit: Limit, span: tuple[int, int]) -> tuple[int, int]:
    """What is counted, without what it is of: "two periods of oral corticosteroids" name these as well."""
    of = text.find(" of ", *span) if limit.kind == "count" and limit.attribute is None else -1
    return (span[0], of) if of > 0 else span


def _is_given(limit: Limit, treatments: Collection[tuple[int, int]]) -> bool:
    """Whether a limit is on how much of a treatment is given: "oxygen therapy > 4 L/min", "radiotherapy to > 25 %"."""
    how_often = limit.kind == "count" and limit.attribute != "doses"
    if limit.attribute == "doses" and limit.rule == "words-then-limit" and limit.span is not None:
        return any(limit.span[0] <= a and b == limit.span[1] for a, b in treatments)  # "rescue opioids > once a week"
    return limit.attribute in (None, "bone_marrow_irradiated", "doses") and not how_often and limit.span in treatments


def _without_modifiers(text: str, found: Sequence[Found], frames: Frames) -> list[Found]:
    """Without words that only say of what kind the mention right behind them is: "refractory hypertension"."""
    return [
        one
        for one, behind in zip_longest(found, found[1:])
        if behind is None
        or not _is_of_modifiers(text[one.end : behind.start].lower(), frames)
        or text[one.start : one.end].lower() not in frames.modifiers
        or (one.label, behind.label) not in (("condition", "condition"), ("treatment", "treatment"))
    ]


def _is_of_modifiers(between: str, frames: Frames) -> bool:
    """Whether only a blank or further modifiers stand between two mentions: "unresectable locally advanced NSCLC"."""
    inside = between.strip()
    if between != (f" {inside} " if inside else " ") or " or " in inside:
        return False  # "unresectable locally advanced or metastatic NSCLC" names two
    return not inside or inside in frames.modifiers or frames.modifiers.issuperset(inside.split("/"))


_ITS_DRUGS = r"(?:drugs?|agents?|medications?|components?|ingredients?|treatments?|constituents?|excipients?)"
TO_ITS_DRUGS = (
    re.compile(  # "hypersensitivity to | any of the drugs or components", "allergy to | either of the study drugs"
        r"(?<=\s(?:to|of))\s+(?:any\s+(?:of\s+)?|either\s+(?:of\s+)?|all\s+(?:of\s+)?|the\s+)(?:the\s+|its\s+)?"
        rf"(?:[\w/-]+\s+){{0,5}}?{_ITS_DRUGS}(?:\s+(?:or\s+|and\s+)?(?:the\s+)?{_ITS_DRUGS})*\b"
        r"(?:\s+of\s+(?:the\s+)?[\w-]+(?:\s+[\w-]+)?(?=\s*(?:[.;,)]|$)))?",
        re.I,
    )
)
FAB = re.compile(r"\b(?:FAB\s+)?(?:non-)?M[0-7][a-c]?\s+$")
A_DEGREE = r"(?:1st|2nd|3rd|first|second|third|high|higher)"
DEGREES = re.compile(  # "Mobitz II second degree", "2nd or 3rd degree", "second degree or third degree"
    r"(?:\bMobitz\s+(?:type\s+)?(?:II?|[12])[\s,]+)?"
    rf"\b{A_DEGREE}(?:(?:[\s-]+degree)?[\s-]*(?:or|and|to|/|,|[-–])\s*{A_DEGREE})*[\s-]+(?:degree|grade)[\s-]+"
    r"(?:sino-?atrial\s+|A-?V\s+)?$",
    re.I,
)


def _all_widened(text: str, found: Sequence[Found], frames: Frames, away: Sequence[tuple[int, int]]) -> list[Found]:
    """Each mention in its sensible span, none reaching into the one before; its head is what it was."""
    out: list[Found] = []
    for one in found:
        start, end = _widened(text, one.start, one.end, frames, away)
        own = _adjective_before(text, start, frames) if one.label == "condition" else start
        if text[start - 2 : start] == ") " and (long := LONG_FORM.search(text, max(0, start - 64), start)):
            own = long.start()
        reached = out[-1].end if out else 0
        if reached <= own < start and not any(a < start and own < b for a, b in away):
            start, end = _widened(text, own, end, frames, away)
        right = frames.right.match(text, end) if frames.right and one.label == "condition" else None
        if right and not any(a < right.end() and end < b for a, b in away):
            end = right.end()
        if text.endswith("other ", 0, start) and (other := OTHER.search(text, max(0, start - 9), start)):
            start = other.start()
        if one.label != "state" and (kind := OF_NO_KIND.search(text, max(0, start - 30), start)):
            start = kind.start()  # "non-SSRI antidepressants", "non-sedating antihistamines"
        elif one.label != "state" and (non := NON.search(text, max(0, start - 5), start)):
            start = non.start()  # "non-melanomatous skin cancer", "non neurologic disease"
            if text.startswith(("not", "Not"), start):
                one = one._replace(head=(start, one.end))  # "not-implant devices": a kind, and no denial
        if (
            one.concept == "allergy"
            and (whole := TO_ITS_DRUGS.match(text, end))
            and not any(a < whole.end() and end < b for a, b in away)
        ):
            end = whole.end()
        if one.concept == "heart_block" and (degree := DEGREES.search(text, max(0, start - 40), start)):
            start = degree.start()  # "3rd degree AV block"
        if one.concept == "aml" and (subtype := FAB.search(text, max(0, start - 10), start)):
            start = subtype.start()  # "M3 AML"
        if one.label == "biomarker" and start < one.start and (stage := STAGE_OF_DISEASE.match(text, start, one.start)):
            start = stage.end()  # "metastatic ALK-positive NSCLC": the disease is metastatic
        if out and start < out[-1].end:
            start = max(one.start, out[-1].end)
            start += len(text[start:end]) - len(text[start:end].lstrip())
        if start < end:  # else the mention before already reaches over it
            head = one.head or (one.start, one.end)
            out.append(Found(start, end, one.label, one.concept, one.frame, head))  # `_replace` is slow
    return out


OF_A_KIND = re.compile(  # an adjective in front of a condition, of which the lexicon need not know the kind
    r"(?<![\w-])(?P<word>[a-z]{2,}(?:ic|al|ous|ary|ar|iac|ive|oid)|dominant|mixed|tense|[a-z]+-(?:threatening|dependent|"
    r"induced|related|associated|resistant|refractory|causing|mediated|onset|predominant|prone|provoked|acquired|remitting|stage|"
    r"type)) $",
    re.I,
)
HOW_SHOWN = frozenset(  # what says how a disease was found, or whose it is, is no kind of it
    "radiologic radiological radiographic histologic histological histopathologic histopathological pathologic "
    "pathological cytologic cytological serologic serological biochemical physical usual original principal suggestive "
    "indicative presumptive definitive unequivocal paternal parental exclusionary exclusive american european".split()
)


def _adjective_before(text: str, start: int, frames: Frames) -> int:
    """Where a condition begins with the adjective in front of it: "infiltrative HCC", "tense ascites"."""
    said = OF_A_KIND.search(text, max(0, start - 30), start)
    if said is None:
        return start
    word = said["word"].lower()
    none = (COMMON, UNTOLD, NEVER_INSIDE, HOW_SHOWN, frames.before_heads, frames.nothing, frames.kinds.degrees)
    return start if any(word in words for words in none) else said.start("word")


def _with_kinds(text: str, found: Sequence[Found], away: Sequence[tuple[int, int]]) -> list[Found]:
    """Each mention with what says of which kind it is, so that its tail may follow: "IBD flare requiring surgery"."""
    out = []
    for one, behind in zip_longest(found, found[1:]):
        kind = FORWARD.match(text, one.end) if text[one.end : one.end + 1] in AFTER_A_WORD else None
        end = kind.end() if kind and not text.endswith(" to", 0, one.end) else one.end
        if end == one.end or (behind and behind.start < end) or any(a < end and one.end < b for a, b in away):
            out.append(one)
        else:
            out.append(one._replace(end=end, head=one.head or (one.start, one.end)))
    return out


def _with_adverb(text: str, start: int, frames: Frames) -> int:
    """Where a mention begins with the adverb that its first word takes: "clinically relevant", "mentally disabled"."""
    if not text.endswith("ly ", 0, start):
        return start
    adverb, first = ADVERB.search(text, max(0, start - 16), start), TOKEN.match(text, start)
    if adverb is None or first is None:
        return start
    how, word = adverb[1].lower(), first[0].lower()
    belongs = f"{how} {word}" in frames.modifiers or (how in HOW and ADJECTIVE.fullmatch(word))
    return adverb.start(1) if belongs else start


def _widened(text: str, start: int, end: int, frames: Frames, away: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The sensible span: severity and kind in front, "disease", "therapy" … behind."""
    tail = FORWARD.match(text, end) if text[end : end + 1] in AFTER_A_WORD else None
    if tail and not any(a < tail.end() and end < b for a, b in away):
        end = tail.end()
    end = with_letter(text, start, end)
    if text[end - 1 : end] in SIGNS and text.startswith("ve", end) and not text[end + 2 : end + 3].isalpha():
        end += 2  # "HER2-ve"
    if text[start - 1 : start] == "-" and (aimed := AIMED_AT.search(text, max(0, start - 12), start)):
        start = aimed.start()
    if ACTS.match(text, start, end) and (acting := ACTING.search(text, max(0, start - 40), start)):
        start = acting.start()  # "inhibitors or strong inducers of CYP3A4"
    start = _with_adverb(text, start, frames)
    front = text[max(0, start - 60) : start].rstrip(" -")
    word = front.rpartition(" ")[2]
    if not front or (word.isalpha() and word.lower() not in frames.last_of_modifiers):
        return start, end  # by far the most
    tokens = list(TOKEN.finditer(text, max(0, start - 60), start))
    while tokens:
        token = tokens.pop()
        word, gap = token[0].lower(), text[token.end() : start]
        two = f"{tokens[-1][0].lower()} {word}" if tokens else ""
        if (two in frames.modifiers or two.partition("/")[0] in frames.modifiers) and text[
            tokens[-1].end() : token.start()
        ] == " ":  # "wide field radiation"
            token, word = tokens.pop(), two
        elif (
            word in GOING_ON and tokens and tokens[-1][0].lower() in frames.kinds.degrees
        ):  # "active ongoing infection"
            token, word = tokens.pop(), two.partition(" ")[0]
        if (
            gap.strip(" -")
            or word in UNTOLD
            or word in NEVER_INSIDE
            or not frames.modifiers.issuperset([word] if word in frames.modifiers else word.split("/"))
            or any(a <= token.start() < b for a, b in away)
        ):
            break
        start = token.start()
    if (span := DEGREE_TO.search(text, max(0, start - 20), start)) and text.startswith(("severe", "moderate"), start):
        start = span.start()
    return _with_adverb(text, start, frames), end


def may_be_dose(limit: Limit) -> bool:
    """Whether an amount is one that a treatment is given in: "> 325 mg/day"."""
    q = limit.quantity
    if limit.attribute or limit.kind == "count":
        return False
    return q.unit is not None and q.reference is None and DOSE.match(q.unit) is not None


class Mentions(Step):
    """Leaves the mentions in `doc.user_data["mentions"]`."""

    def __init__(
        self, labels: dict[str, str], frames: Frames, cues: Told[Cues], tails: Tails, asides: Told[Aside]
    ) -> None:
        self.labels = labels
        self.frames = frames
        self.cues = cues
        self.asides = asides
        self.tails = tails

    def read(self, text: str, data: dict[str, Any]) -> None:
        """The mentions, without bystanders and those of asides."""
        for phase in self.phases:
            phase(text, data)

    @property
    def phases(self) -> Sequence[Phase]:
        """What is named, how far it reaches, which of it is meant, and the mentions that this makes."""
        return self._name, self._widen, self._choose, self._say

    def _name(self, text: str, data: dict[str, Any]) -> None:
        again = [(said.start, said.end) for said in data.get("loose", ()) if said.reason in ("restated", "protocol")]
        limits, included = data.get("limits", ()), data.get("included", False)
        data["draft"] = draft(text, data.get("terms", ()), self.labels, self.frames, limits, again, included=included)

    def _widen(self, text: str, data: dict[str, Any]) -> None:
        found, away = data["draft"]
        joined = self.tails.join(text, _with_kinds(text, found, away), data.get("limits", ()), away)
        data["reaching"] = _all_widened(text, joined, self.frames, away)

    def _choose(self, text: str, data: dict[str, Any]) -> None:
        limits = data.get("limits", ())
        data["reaching"] = with_ends(text, without_bystanders(text, data["reaching"], limits, self.cues), limits)

    def _say(self, text: str, data: dict[str, Any]) -> None:
        every, away = data.pop("draft")
        out = lay_out(text, data.pop("reaching"), away, self.frames, self.labels)
        _hold_for_the_fertile(text, every, out)
        out = _with_listed(text, out, [*away, *((one.start, one.end) for one in (*every, *_named_terms(data)))])
        data["mentions"] = without_asides(text, out, self.asides)


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
