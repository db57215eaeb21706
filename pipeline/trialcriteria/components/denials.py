"""Denials that no scope of a cue reaches: behind brackets, of a whole list, of what should have gone."""

import re
from collections.abc import Sequence
from itertools import pairwise

from trialcriteria.components.examples import examples_behind
from trialcriteria.components.limits import CLAUSE_ENDS, Limit
from trialcriteria.components.mentions import OF_TREATMENT, Said
from trialcriteria.components.normals import denial
from trialcriteria.components.reach import ABILITY
from trialcriteria.components.recoveries import not_gone_to, not_kept
from trialcriteria.components.telling import Sought, holds_any
from trialcriteria.components.turns import Turn

JOINED = re.compile(r"(?:\s|[,/&]|\b(?:and|or|and/or)\b)+")
JOINED_BEHIND_SHORT = re.compile(rf"(?:\s*\([A-Z][A-Za-z0-9]{{1,6}}\))?{JOINED.pattern}")  # "estrogen receptor (ER)/…"


NEGATIVE_ITSELF = re.compile(r"\bnegative$", re.I)


def hand_back(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "HIV, hepatitis B and C negative": a negation behind the last of a list is about all of it."""
    for i in range(len(mentions) - 2, -1, -1):
        one, following = mentions[i], mentions[i + 1]
        behind = [turn for turn in turns[i + 1] if turn.category == "NEGATED" and turn.start >= following.core[1]]
        behind = [turn for turn in behind if turn.words[0] != "("]  # "HBsAg(+), anti-HCV(-)": each has its own sign
        if " and " in text[one.end : following.start]:  # "on stable steroids and seizure free"
            behind = [turn for turn in behind if not turn.words.lower().strip("- ").startswith("free")]
        if following.concept == f"{one.concept}_negative":  # "ER (…) and progesterone receptor negative"
            itself = NEGATIVE_ITSELF.search(text, following.start, following.end)
            behind = [Turn("NEGATED", *itself.span(), itself[0])] if itself else behind
        if behind and JOINED_BEHIND_SHORT.fullmatch(text, one.end, following.start):
            turns[i] += [turn for turn in behind if turn not in turns[i]]


PLAINLY = ("no", "without", "never", "free", "absence", "off")
LIST_ENDS = re.compile(  # a window stands in the middle of a list of examples: "a stroke within 6 months, arrhythmia"
    r"[.;:)](?=\s|$)|\b(?:but|unless|except|excluding|other\s+than|who|must|should|are|is|may|patients|subjects|participants|with)\b|$",
    re.I,
)


def hand_to_examples(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "No uncontrolled illness including infection, angina or a stroke within 6 months": none of it."""
    for i, (whole, own) in enumerate(zip(mentions, turns, strict=False)):
        denial = next((turn for turn in own if turn.category == "NEGATED" and turn.end <= whole.core[0]), None)
        if denial and not denial.words.lower().startswith(PLAINLY):
            continue  # "unfit for cisplatin, e.g. hearing loss"
        place = examples_behind(text, whole.end) if denial else None
        if denial is None or place is None:
            continue
        stop = LIST_ENDS.search(text, place[1]) if place[1] < len(text) and text[place[1]] not in ").;" else None
        end = stop.start() if stop else place[1]
        for j in range(i + 1, len(mentions)):
            inside = place[0] <= mentions[j].start < end
            if inside and not any(turn.category == "NEGATED" for turn in turns[j]):
                turns[j].insert(0, denial)


NEGATIVE = re.compile(
    r"\s*\([^()]{1,30}\)[\s:-]*(?P<cue>(?:(?:must|should|is|are|be|tests?)\s+){0,3}"
    r"(?:(?:sero)?negative|undetectable|non-?reactive|na[iï]ve))\b(?!\s+for\b)",
    re.I,
)


def deny_behind_brackets(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "HTLV (HTLV-I) negative": a result behind the brackets of a name is that of the name."""
    for mention, own in zip(mentions, turns, strict=False):
        if text[mention.end : mention.end + 2].strip() != "(":
            continue
        found = NEGATIVE.match(text, mention.end)
        naive = found is not None and found["cue"].lower().startswith("na")
        if (
            found
            and (naive if mention.label in ("treatment", "procedure") else mention.label != "state")
            and not any(turn.category == "NEGATED" for turn in own)
        ):
            own.append(Turn("NEGATED", *found.span("cue"), found["cue"]))


ITEM_OF_ITS_OWN = re.compile(r",|\w\s+(?:[\w-]+\s+)*?(?:and/or|or|and)\s", re.I)


def unable_to_suffer(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "Inability to swallow tablets or malabsorption": what one is unable to do is no disease of a list."""
    for mention, own in zip(mentions, turns, strict=False):
        if mention.label == "condition" and any(turn.category == "NEGATED" for turn in own):
            own[:] = [
                turn
                for turn in own
                if turn.category != "NEGATED"
                or ABILITY.match(turn.words) is None
                or ITEM_OF_ITS_OWN.search(text, turn.end, mention.start) is None
                or text.startswith(" have", turn.end)
            ]


OR_IN_A_RESPONSE = Sought(
    "remission response cr pr",
    r"\b(?:disease|progression|relapse|recurrence)\b[^.;:]{0,20}?\bor\s+(?:(?:be|are|is|who\s+are)\s+)?in\s+(?:an?\s+)?"
    r"(?P<response>(?:\w+\s+)?(?:response|remission|CR|PR))\b",
    re.I,
)


def end_before_a_response(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "No evidence of disease or in complete remission": the denial ends where patients are in something else."""
    for found in OR_IN_A_RESPONSE.finditer(text):
        for mention, own in zip(mentions, turns, strict=False):
            if mention.start >= found.start("response"):
                own[:] = [turn for turn in own if turn.category != "NEGATED" or turn.start > found.start()]


STOPPED = Sought(
    "stop stops stopping cease ceases discontinue discontinues discontinuing suspend interrupt quit",
    r"\b(?:stop|ceas|discontinu|suspend|interrupt|quit)(?:e|s|es|ing)?\s+(?:the\s+)?$",
    re.I,
)
UNWILLING = re.compile(
    r"\b(?:un(?:able|willing)|not\s+(?:able|willing)|refus\w+|can\s?not|decline\w*)\b[^.;]{0,40}$", re.I
)


def deny_what_is_stopped(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "Must agree to stop breastfeeding": what is asked is that it is over."""
    for mention, own in zip(mentions if STOPPED.may_stand_in(text) else (), turns, strict=False):
        nursing = mention.concept == "breastfeeding"
        found = nursing and STOPPED.search(text, max(0, mention.start - 20), mention.start)
        if found and not UNWILLING.search(text, max(0, found.start() - 60), found.start()):
            own.append(Turn("NEGATED", *found.span(), found[0].strip()))


IS_STOPPED = re.compile(
    r"\s+(?:should|must|has\s+to|have\s+to|will|needs\s+to)\s+(?:be\s+)?(?:discontinued|stopped|ceased|interrupted)\b",
    re.I,
)
IMPAIRED = re.compile(r"\b(?:impair|hinder|limit|compromis|prevent|preclud)(?:s|es|e|ing)?\s+(?:[\w']+\s+){0,3}$", re.I)


NONE_THAT = re.compile(r"\b(?:no|not|without|absence\s+of)\b[^.;]*$", re.I)


def deny_the_impaired(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "Impairs the patient's ability to swallow": the ability is lacking."""
    for mention, own in zip(mentions, turns, strict=False):
        if not text.startswith("ability", mention.start) or _is_denied(own):
            continue
        found = IMPAIRED.search(text, max(0, mention.start - 50), mention.start)
        if found and NONE_THAT.search(text, 0, found.start()) is None:
            own.append(Turn("NEGATED", *found.span(), found[0].strip()))


def prohibit_what_is_stopped(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "Breastfeeding should be discontinued": it is not allowed."""
    for mention, own in zip(mentions, turns, strict=False):
        if mention.concept != "breastfeeding" or _is_denied(own):
            continue
        if found := IS_STOPPED.match(text, mention.end):
            own.append(Turn("PROHIBIT", *found.span(), found[0].strip()))


def _is_denied(turns: Sequence[Turn]) -> bool:
    return any(turn.category in ("NEGATED", "PROHIBIT") for turn in turns)


OF_ITS_LABEL = re.compile(  # "Myelosuppressive chemotherapy: Must not have received within 3 weeks of entry"
    r"\s*(?:\([^()]*\)\s*)?:\s*(?:(?:the\s+)?(?:patients?|subjects?|participants?)\s+)?"
    r"(?P<cue>(?:must|should|may|can)\s?not)\s+(?:have\s+)?(?:been\s+)?(?:received?|had|taken|given|used)\s+(?=within|in\s+the|for|during)",
    re.I,
)


def deny_label(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """What a label names and the sentence behind it denies without naming it again."""
    if mentions and not turns[0] and (found := OF_ITS_LABEL.match(text, mentions[0].end)):
        turns[0].append(Turn("NEGATED", *found.span("cue"), found["cue"]))


LASTS = re.compile(
    r"[^.;,()]{0,60}?\b(?P<cue>not (?:yet )?(?:been )?(?:fully )?(?:recovered|resolved|returned|improved|subsided))\b",
    re.I,
)


NEGATIVE_TEST = re.compile(
    r"\bnegative\s+(?:for\s+)?[^.;:()]{3,80}?\b(?:testing|tests?|serolog(?:y|ies)|screening)\b", re.I
)
TESTED_FOR = frozenset({"hepatitis_b", "hepatitis_c", "hepatitis", "hiv", "tuberculosis", "syphilis", "covid19"})


def deny_tested(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "Negative hepatitis B, hepatitis C and HIV testing": none of them is there."""
    if "egative" not in text:
        return
    for found in NEGATIVE_TEST.finditer(text):
        for mention, own in zip(mentions, turns, strict=False):
            inside = found.start() < mention.start and mention.end < found.end()
            if inside and mention.concept in TESTED_FOR and not any(turn.category == "NEGATED" for turn in own):
                own.append(Turn("NEGATED", found.start(), found.start() + 8, text[found.start() : found.start() + 8]))


def deny_recovery(text: str, mentions: Sequence[Said], turns: list[list[Turn]]) -> None:
    """ "Toxicity that has not resolved" says what "not recovered from toxicity" says: it must have gone."""
    for mention, own in zip(mentions, turns, strict=False):
        found = LASTS.match(text, mention.core[1]) if mention.concept in OF_TREATMENT and not own else None
        if found:
            own.append(Turn("NEGATED", *found.span("cue"), found["cue"]))


def deny_return(text: str, limits: Sequence[Limit], turns: list[list[Turn]]) -> None:
    """ "Toxicity that has not resolved to grade ≤ 1": the grade must have been come to; and what is not kept."""
    for limit, own in zip(limits, turns, strict=True):
        cue = (not_gone_to if limit.levels else not_kept)(text, limit) if "ot " in text else None
        if cue and not limit.levels:
            own[:] = [turn for turn in own if turn.category != "NEGATED" or turn.end <= cue[0]]
        if cue and not any(turn.category == "NEGATED" for turn in own):
            own.append(Turn("NEGATED", *cue, text[slice(*cue)]))


NOT_AT_A_DOSE = re.compile(  # "metformin not at a stable dose of at least 1 g"
    r"\s*(?P<cue>(?:is\s+|are\s+)?\bnot\s+(?:on|at|given\s+at))\s+(?:an?\s+)?(?:stable\s+|constant\s+|daily\s+)*(?:dose|dosage)\s*(?:of\s*)?",
    re.I,
)


def deny_doses(text: str, limits: Sequence[Limit], turns: Sequence[list[Turn]]) -> None:
    """ "Metformin not at a stable dose of at least 1 g": the dose is denied, between the drug and its amount."""
    for limit, own in zip(limits, turns, strict=True):
        if limit.kind != "dose" or limit.span is None or limit.span[1] >= limit.quantity.start:
            continue
        found = NOT_AT_A_DOSE.fullmatch(text, limit.span[1], limit.quantity.start)
        if found and not any(turn.category == "NEGATED" for turn in own):
            own.append(Turn("NEGATED", *found.span("cue"), found["cue"]))


OF_IT = 60  # characters between an amount and what it is of
OR_SO_MUCH = re.compile(r"[^.;:]*\bor\s+(?:an?\s+|only\s+)?", re.I)


def allow_so_much(text: str, mentions: Sequence[Said], limits: Sequence[Limit], turns: list[list[Turn]]) -> None:
    """ "Never received a retinoid or at most 30 days of one": so much is allowed, and not denied.

    `turns` holds those of the mentions, then of the limits.
    """
    n = len(mentions)
    for i, limit in enumerate(limits):
        cue = next((turn for turn in turns[n + i] if turn.category == "NEGATED" and turn.end <= limit.first), None)
        if cue is None or limit.kind == "time_window" or not limit.quantity.is_maximum:
            continue
        if any(cue.end <= other.quantity.start < limit.quantity.start for other in limits) or not OR_SO_MUCH.fullmatch(
            text, cue.end, limit.quantity.start
        ):
            continue
        if not any(cue.end <= mention.start and mention.end <= limit.quantity.start for mention in mentions):
            continue
        turns[n + i].remove(cue)
        allowed = Turn("PERMIT", limit.quantity.start, limit.quantity.end, "or")
        for mention, own in zip(mentions, turns, strict=False):
            if 0 <= mention.start - limit.quantity.end < OF_IT and cue in own:
                own[:] = [allowed if turn == cue else turn for turn in own]


BEST = {"child_pugh": "A", "fibrosis_stage": "F0"}  # the level of each that nobody is denied


def is_good_class(limit: Limit) -> bool:
    """Whether classes of the liver hold the best one, which nobody is denied: "no encephalopathy (Child-Pugh A)"."""
    best = BEST.get(limit.attribute or "") in (limit.levels or ())
    return best or (limit.attribute == "child_pugh_points" and limit.quantity.is_maximum)


def keep_whole_scales(text: str, limits: Sequence[Limit], turns: list[list[Turn]]) -> None:
    """ "No ascites or encephalopathy (Child-Pugh A)": the class in brackets is the patient's, and not denied."""
    for limit, own in zip(limits, turns, strict=True):
        if is_good_class(limit) and any(turn.category == "NEGATED" for turn in own):
            bracket = text.rfind("(", 0, limit.quantity.start)
            open_ = bracket > text.rfind(")", 0, limit.quantity.start)
            own[:] = [t for t in own if t.category != "NEGATED" or not (open_ and t.end <= bracket)]


RELATED = (  # measures of which one may stand for another in an exception
    re.compile("bilirubin"),
    re.compile("creatinine|clearance|egfr"),
    re.compile("transamin|^a[ls]t$"),
    re.compile("protein"),
)


def end_exceptions(text: str, mentions: Sequence[Said], limits: Sequence[Limit], turns: list[list[Turn]]) -> None:
    """ "Bilirubin > 2 x ULN unless due to Gilbert's disease, eGFR ≤ 50": the next measure of a list is not excepted.

    `turns` holds those of the limits.
    """
    for limit, own in zip(limits, turns, strict=True):
        cue = next((turn for turn in own if turn.category == "EXCEPTION" and turn.end <= limit.first), None)
        if cue is None or limit.attribute is None or limit.is_time or limit.inherited:
            continue
        named = [m for m in mentions if cue.end <= m.start and m.end < limit.first]
        before = [x for x in limits if x.quantity.end <= cue.start and x.attribute]
        listed = named and before and text[named[-1].end : limit.first].strip() == ","
        if listed and not any(_are_related(x.attribute, limit.attribute) for x in before):
            own.remove(cue)


def _are_related(one: str | None, other: str | None) -> bool:
    return one == other or any(kin.search(one or "") and kin.search(other or "") for kin in RELATED)


NO_INTERVAL = re.compile(r"\bno\s+(?=seizure[- ]free)", re.I)


def _no_freedom(text: str, limit: Limit) -> tuple[int, int] | None:
    """ "No seizure-free interval longer than 21 days"."""
    if limit.attribute != "seizure_freedom":
        return None
    said = NO_INTERVAL.search(text, max(0, limit.quantity.start - 50), limit.quantity.start)
    return said.span() if said else None


NONE_SO = Sought(
    "none",
    r"\bnone\s+(?:of\s+(?:which|them|these|the\s+\w+)\s+)?(?:(?:is|are|was|were|may|can|must|be|being|measuring|measures|with|having)\s+)*$",
    re.I,
)


def _none_so(text: str, limit: Limit) -> tuple[int, int] | None:
    """ "Up to 4 metastases, none > 3 cm": no one of them is to be so large."""
    start = limit.quantity.start
    said = NONE_SO.search(text, max(0, start - 50), start) if limit.quantity.stated and not limit.is_time else None
    return (said.start(), said.start() + 4) if said else None


def deny_normal(text: str, limits: Sequence[Limit], turns: list[list[Turn]]) -> None:
    """ "TSH outside the normal range", "not within normal limits": what is denied of a measure behind its name."""
    for limit, own in zip(limits, turns, strict=True):
        place = denial(text, limit.quantity) or _no_freedom(text, limit) or _none_so(text, limit)
        if place and not any(turn.category == "NEGATED" for turn in own):
            own.append(Turn("NEGATED", *place, text[place[0] :].split(None, 1)[0]))


FURTHER_BAN = Sought(
    "must should shall may can cannot mustnot maynot",
    r"(?<!\bwho )(?<!\bthat )\b(?P<cue>(?:must|should|shall|may|can)\s?not)\s+"
    r"(?:be|have|require|receive|use|take|plan|need|undergo)\b"
    r"(?:(?!\b(?:must|should|shall|may|but|unless|except)\b|[.;]\s).)*"
    r"\bor\s+(?:be|have|require|receive|use|take|plan|need|undergo)\s+(?:[\w-]+\s+){0,3}$",
    re.I | re.S,
)


def deny_further(text: str, targets: Sequence[tuple[int, int]], turns: list[list[Turn]]) -> None:
    """ "Must not have had surgery within 28 days prior to enrolment or be scheduled for surgery": both are denied."""
    if "not " not in text or not holds_any(text, {"or"}):
        return
    for (start, _), own in zip(targets, turns, strict=True):
        if any(turn.category in ("NEGATED", "EXCEPTION", "PERMIT", "PROHIBIT") for turn in own):
            continue
        found = FURTHER_BAN.search(text, max(0, start - 250), start)
        if found:
            own.insert(0, Turn("NEGATED", *found.span("cue"), found["cue"]))


OR_AT_LAST = re.compile(r";\s*n?or\s", re.I)
ITEM = re.compile(  # an item of a list that is denied as one: no verb, no denial and no patients of its own
    r"(?:(?!\b(?:must|should|shall|will|may|can|is|are|was|were|has|have|had|not|no|without|except|unless|if|allowed|permitted|"
    r"required|at\s+least|patients|subjects|participants|those|adequate|normal|able|willing|us(?:ing|es?)|practi[cs]ing)\b)[^;:]){2,120}",
    re.I,
)
AND_MUST = re.compile(
    r"(?:(?!,\s*(?:or|but)\b)[^;.:()]){0,200}?\band\s+(?:must|should|shall|need|ha(?:ve|s)\s+to)\b", re.I
)
MUST_NOT = re.compile(r"(?:must|should|shall|may|can)\s*not\b|\bno\b", re.I)
IN_THE_LIST = re.compile(r"\s*(?!(?:and|or|but)\b)[^;.:()]*", re.I)
LEADS_ON = re.compile(r"\s*(?:any\s+|history\s+of\s+)?", re.I)
LONGEST_LIST = 300


EXCLUDE = re.compile(r"\W*(?P<cue>exclude)\s", re.I)  # "Exclude pregnant women"
LEAVES_OUT = re.compile(
    r"exclu|(?:with (?:the |an )?)?except|other than|apart|aside|exempt|barring|save|not (?:includ|count)", re.I
)
NOT_OF_A_KIND = re.compile(  # of what should be over, have failed or be measured, an exception lifts or describes
    r"toxicit|adverse|side.effect|complication|\breco?ver|resol|remission|contracepti|birth.control|\bfail|intoleran|contra-?indicat|"
    r"progress|measur|evaluable|lesion|target|method|\btest|assay|therap|criteri\w+ \(",
    re.I,
)
MORE_OF_THEM = re.compile(r"\b(?:all|any|every|each|no|not|without|at\s+least|second|other|another)\b", re.I)
LEFT_OUT = re.compile(
    r"[\s(]*(?:(?:an?|the|any|those|patients?|subjects?|participants?|diagnosis|form|forms|type|types|of|with|in|for|who|have|has|had|prior|previous|known|active|history|concurrent|current)\s+)*",
    re.I,
)
LEFT_OUT_TOO = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:,|/|,?\s*\b(?:and/or|and|or)\b)" + LEFT_OUT.pattern, re.I)
FROM_AFAR = 90  # characters between a kind and what is left out of it


def deny_what_is_left_out(text: str, mentions: Sequence[Said], turns: Sequence[list[Turn]]) -> None:
    """Among reasons for inclusion "leukaemia (excluding APL)" takes no APL, "Excluding pregnant women" none of those.

    What is excepted from a denial, from a limit or from what should be over is lifted instead.
    """
    if exclude := EXCLUDE.match(text):
        ends = CLAUSE_ENDS.search(text)
        for mention, own in zip(mentions, turns, strict=False):
            if not own and (ends is None or mention.start < ends.start()):
                own.append(Turn("NEGATED", *exclude.span("cue"), exclude["cue"]))
    last: Turn | None = None  # the cue that left out the mention in front
    for i, mention in enumerate(mentions):
        turn = next((turn for turn in turns[i] if turn.category == "EXCEPTION" and turn.end <= mention.start), None)
        if turn is None or not LEAVES_OUT.match(turn.words):
            last = None
        elif last == turn:
            turns[i].remove(turn)  # behind what is left out: of it only if it is joined to it
            if LEFT_OUT_TOO.fullmatch(text, mentions[i - 1].end, mention.start):
                turns[i].append(turn._replace(category="NEGATED"))
            else:
                last = None
        elif _leaves_out(text, turn, mentions[:i], turns, mention):
            turns[i][turns[i].index(turn)] = turn._replace(category="NEGATED")
            last = turn


def _leaves_out(text: str, turn: Turn, front: Sequence[Said], turns: Sequence[list[Turn]], mention: Said) -> bool:
    """Whether a cue takes a mention out of the kind in front of it, or out of all where nothing is in front."""
    if LEFT_OUT.fullmatch(text, turn.end, mention.start) is None:
        return False
    if not any(map(str.isalpha, text[: turn.start])):
        return turn.words.lower().startswith("exclud")
    k = next((k for k in range(len(front) - 1, -1, -1) if front[k].end <= turn.start), None)
    if k is None or not front[k].label == mention.label == "condition" or turns[k] or front[k].narrowed:
        return False
    whole = front[k]
    near = turn.start - whole.end < FROM_AFAR and not CLAUSE_ENDS.search(text, whole.start, turn.start)
    led = text[max(0, whole.start - 30) : whole.start]
    return (
        near and not MORE_OF_THEM.search(led) and not NOT_OF_A_KIND.search(text, max(0, whole.start - 60), turn.start)
    )


def deny_whole_lists(text: str, targets: Sequence[tuple[int, int]], turns: list[list[Turn]]) -> None:
    """Lists that are denied as one: "no doxorubicin; epirubicin; or idarubicin", "must not have A, B, and must …".

    Of reasons for inclusion: a list of others goes on after "no health insurance;".
    """
    if ";" in text and OR_AT_LAST.search(text):
        _deny_over_semicolons(text, targets, turns)
    if not any(said in text for said in ("and must", "and should", "and shall", "and need", "and ha")):
        return
    for (start, stop), own in zip(targets, turns, strict=True):
        if own or AND_MUST.match(text, stop) is None:
            continue
        for (_, end), others in zip(targets, turns, strict=True):
            denial = next((turn for turn in others if turn.category == "NEGATED" and turn.end <= end), None)
            near = denial is not None and 0 < start - end < LONGEST_LIST and MUST_NOT.search(denial.words)
            if denial and near and _only_commas(text[end:start]):
                own.append(denial)
                break


def _only_commas(between: str) -> bool:
    """Whether what stands between two places is a list that only commas join."""
    first, *inner, last = between.split(",") if "," in between else ("x", "x")
    return not first.strip() and all(map(IN_THE_LIST.fullmatch, inner)) and LEADS_ON.fullmatch(last) is not None


def _deny_over_semicolons(text: str, targets: Sequence[tuple[int, int]], turns: list[list[Turn]]) -> None:
    last = max(found.end() for found in OR_AT_LAST.finditer(text))
    end = text.find(";", last)
    end = len(text) if end < 0 else end
    starts = [0, *(m.end() for m in re.finditer(r";|(?<=\w)\.\s", text[:last]))]
    items = list(pairwise([*starts, end]))
    first = len(items) - 1  # of the list: as far back as its items are bare nouns
    while first > 0 and ITEM.fullmatch(text[slice(*items[first])].rstrip(" ;.")) and text[items[first][0] - 1] == ";":
        first -= 1
    if first > len(items) - 3:
        return  # "not pregnant; or using contraception": two things are no list
    begin, stop = items[first]
    denial: Turn | None = None
    for (start, _), own in zip(targets, turns, strict=True):
        if begin <= start < stop:
            denial = next((turn for turn in own if turn.category == "NEGATED" and begin <= turn.start < start), None)
    if denial is None:
        return
    for (start, _), own in zip(targets, turns, strict=True):
        if stop <= start < end and not own:
            own.append(denial)


NOT_ACHIEVED = Sought(
    "fail failed failure fails failing never",
    r"\b(?P<cue>fail(?:ed|ure|s|ing)?\s+to\s+(?:achieve|attain|reach|enter|go\s+into)|never\s+(?:achieved|attained|reached))\s+"
    r"(?:an?\s+|the\s+)?(?:(?!and\b|or\b)[\w-]+\s+){0,2}$",
    re.I,
)
AFTER_SO_MUCH = re.compile(
    r"\b(?:after|following|despite)\s+(?:(?:an?|the|at\s+least|more\s+than|up\s+to|[≥>]=?|minimum|of)\s+)*$", re.I
)


def deny_what_was_not_achieved(
    text: str, mentions: Sequence[Said], limits: Sequence[Limit], turns: list[list[Turn]]
) -> None:
    """ "Failure to achieve remission after 2 cycles": the remission is denied, the cycles are not."""
    for mention, own in zip(mentions, turns, strict=False):
        if mention.label in ("treatment", "procedure") or any(turn.category == "NEGATED" for turn in own):
            continue
        if said := NOT_ACHIEVED.search(text, max(0, mention.start - 60), mention.start):
            own.append(Turn("NEGATED", *said.span("cue"), said["cue"]))
    for limit, own in zip(limits, turns[len(mentions) :], strict=True):
        if limit.kind != "count":
            continue
        start = limit.quantity.start
        after = AFTER_SO_MUCH.search(text, max(0, start - 40), start)
        if after:
            own[:] = [turn for turn in own if turn.category != "NEGATED" or turn.end > after.start()]
