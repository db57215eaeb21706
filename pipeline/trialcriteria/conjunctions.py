"""Conjunctions: what keeps a patient out, or lets one in again, only together: "HBsAg positive and HBV DNA > 500".

Reasons for exclusion that a criterion lists keep a patient out one by one, even where it says "and"; so two of them are
a group `all` only where one is a measured limit or a viral load beside its virus, and nothing else is listed with them.
"Unless treated and stable" lifts an exclusion only as a whole.
"""

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from trialcriteria.components.limits import CLAUSE_ENDS as SENTENCE_ENDS
from trialcriteria.components.limits import Limit
from trialcriteria.components.mentions import Said
from trialcriteria.groups import Member, Names

FILLERS = (
    r"(?:(?:an?|the|has|have|having|with|is|are|known|positive|detectable|abnormal|elevated|serum|plasma|concurrent|"
    r"concomitant|simultaneous|rapid|their|who)\s+)*"
)
TOGETHER = (
    r"(?:plus|\+|(?:combined|together|along|in\s+combination|concomitant(?:ly)?|concurrent(?:ly)?|associated)\s+with|"
    r"accompanied\s+by|simultaneously\s+with)"
)
BOTH = re.compile(
    rf"\s*(?:positive\s+|infection\s+)?(?:\([^()]*\)\s*)?(?:(?P<strong>{TOGETHER}|with)|,?\s*(?P<and>and|&))\s+{FILLERS}",
    re.I,
)
AT_ONCE = re.compile(rf"\s*(?:\([^()]*\)\s*)?,?\s*{TOGETHER}\s+{FILLERS}", re.I)  # "bundle branch block + hemiblock"
UNDER = re.compile(  # "brain metastases receiving steroids", "hepatitis B on lamivudine"
    r"\s*(?:\([^()]*\)\s*)?,?\s*(?:(?:who|that|which)\s+(?:is|are)\s+)?(?:(?:currently|already|still)\s+)?"
    r"(?:receiving|on|taking|under|treated\s+with|managed\s+with|maintained\s+on|"
    r"(?:that|which|who)\s+(?:currently\s+)?(?:requires?|needs?|receives?)(?:\s+treatment\s+with)?)\s+"
    r"(?:(?:an?|any|the|chronic|ongoing|current|concurrent|concomitant|stable|active|oral|systemic|doses?|of)\s+)*",
    re.I,
)
AND = re.compile(r"\s*(?:and|&|plus|\+)\s+(?:an?\s+)?", re.I)
IN_COMBINATION = re.compile(
    r"\s*(?:(?:used|given|taken|administered)\s+)?(?:in\s+combination|together|concurrently|concomitantly|simultaneously|"
    r"at\s+the\s+same\s+time)\b(?!\s+with\b)",
    re.I,
)
LISTS = re.compile(r",|\b(?:and|or)\b", re.I)
OPENED = re.compile(r"\(\s*$")
CLOSED = re.compile(r"\s*\)")
CLAUSE_ENDS = re.compile(r"[;:(]|[.](?=\s)")
GOES_ON = re.compile(r"[^.;()]{0,25}?(?:,|\b(?:and|or)\b)", re.I)
VIRUSES = frozenset({"hepatitis_b", "hepatitis_c", "hiv", "hbsag", "hbeag", "anti_hbc", "anti_hcv"})
VIRAL_LOADS = frozenset({"hbv_dna", "hcv_rna", "hiv_rna"})


def group_forbidden(text: str, found: Sequence[Member], names: Names) -> None:
    """Name the groups of what is forbidden only together with something else; `found` are an exclusion's members."""
    for i, (a, b) in enumerate(pairwise(found)):
        if not (_is_free(a) and _is_free(b)):
            continue
        both = _belong_together(text, a, b) and BOTH.fullmatch(text, a.end, b.start) is not None
        if not (both or _at_once(text, a, b)) or _is_listed(text, found, i):
            continue
        name = a.row.group = names.new("all")
        sharing = _sharing(b, found)
        for member in sharing:
            member.row.group = f"{name}/any1" if len(sharing) > 1 else name


PEOPLE = r"(?:patients?|subjects?|participants?|individuals?|women|men|(?:fe)?males?|children|adults|those|people)"
WITH = re.compile(  # "Patients with | brain metastases": only they are meant by what follows
    rf"\b{PEOPLE}\s+(?:(?:currently|already)\s+)?(?:with|having|suffering\s+from|diagnosed\s+with)\s+"
    r"(?:(?:an?|the|any|known|active|prior|previous|current|history\s+of|diagnosis\s+of)\s+)*$",
    re.I,
)
WHO = re.compile(
    r"\s*(?:\([^()]*\)\s*)?,?\s*who\s+(?:also\s+|currently\s+)?(?:have|has|had|are|were|present|take|receive|received|need|"
    r"require|smoke|use)\b(?!\s+(?:not|never|no|be|been\s+(?:treated|stable|cured))\b)[^.;:,()]{0,40}",
    re.I,
)
ON_WHAT = re.compile(  # "HIV-positive patients on antiretroviral therapy", "NSAIDs in patients with ulcers"
    rf"\s*(?:\([^()]*\)\s*)?(?:-?\s?positive\s+)?(?:{PEOPLE}\s+(?:who\s+are\s+)?(?:currently\s+)?"
    rf"(?:on|receiving|taking|using|treated\s+with|with(?:\s+evidence\s+of)?)|"
    rf"(?:in|for|among)\s+{PEOPLE}\s+(?:with|who\s+have|having))\s+"
    r"(?:(?:an?|any|the|concurrent|concomitant|ongoing|chronic|oral|known|active)\s+)*",
    re.I,
)
OF_WHOM = re.compile(
    r"\s*(?:\([^()]*\)\s*)?,?\s*(?:(?:and/)?or|and)\s+(?:(?:an?|the|any|other|known|active)\s+)*", re.I
)
SAID_OR = re.compile(r"\bor\b|/", re.I)
TIMED = re.compile(r"\b(?:before|prior\s+to|after|since|during)\b", re.I)
OTHERS = re.compile(r"\b(?:or|and)\s+(?:those\s+)?(?:who|with|in\s+whom)\b|\bpartners?\b|[;:]|[.](?=\s)", re.I)


def group_of_whom(text: str, found: Sequence[Member], names: Names) -> None:
    """ "Patients with brain metastases who have leptomeningeal disease": only both together keep out."""
    for i, (a, b) in enumerate(pairwise(found)):
        on_what = _are_of_some(text, a, b)
        if not on_what and WHO.fullmatch(text, a.end, b.start) is None:
            continue
        ends = SENTENCE_ENDS.search(text, b.end) if on_what else None
        end = ends.start() if ends else len(text)
        if OTHERS.search(text, a.start, end):
            continue
        first = i
        while first and OF_WHOM.fullmatch(text, found[first - 1].end, found[first].start):
            if on_what and not _are_of_a_kind(found[first - 1], found[first]):
                break
            first -= 1
        whom = found[first : i + 1]
        end = next((m.start() for m in TIMED.finditer(text, b.end, end)), end)
        what = [member for member in found[i + 1 :] if member.start < end]
        narrowed = any(isinstance(m.row, Limit) and m.row.events for m in what)
        if narrowed or not all(map(_is_free, (*whom, *what))) or not all(isinstance(m.row, Said) for m in whom):
            continue
        several = any(SAID_OR.search(text, x.end, y.start) for x, y in pairwise(what))
        if several and not all(OF_WHOM.fullmatch(text, x.end, y.start) for x, y in pairwise(what)):
            continue
        if not on_what and (first or WITH.search(text, max(0, whom[0].start - 80), whom[0].start) is None):
            continue
        name = names.new("all")
        for members, alike in ((whom, "any1"), (what, "any1" if len(whom) == 1 else "any2")):
            one_of = SAID_OR.search(text, members[0].end, members[-1].start) is not None
            for member in members:
                member.row.group = f"{name}/{alike}" if one_of else name


def _are_of_some(text: str, a: Member, b: Member) -> bool:
    """Whether people of one kind are meant with another mention: "diabetic patients on insulin"."""
    if not isinstance(a.row, Said) or not isinstance(b.row, Said) or ON_WHAT.fullmatch(text, a.end, b.start) is None:
        return False
    return a.row.concept is None or a.row.concept != b.row.concept


def _are_of_a_kind(one: Member, other: Member) -> bool:
    return isinstance(one.row, Said) and isinstance(other.row, Said) and one.row.label == other.row.label == "biomarker"


WITH_PAIN = re.compile(
    r"\s*(?:(?:peripheral|sensory|motor|or|and)\s+)*(?:neuropath(?:y|ies)\s+)?(?:with|and)\s+"
    r"(?:(?:any|associated|significant|concurrent|accompanying)\s+)*",
    re.I,
)
PAIN = re.compile(r"\bpain$", re.I)


def group_painful(text: str, found: Sequence[Member], names: Names) -> None:
    """Name the groups of grades that keep out only with pain: "neuropathy of grade 3-4, or grade 2 with pain"."""
    for a, b in pairwise(found):
        graded = isinstance(a.row, Limit) and a.row.attribute == "ctcae" and isinstance(b.row, Said)
        painful = PAIN.search(text, b.start, b.end) and WITH_PAIN.fullmatch(text, a.end, b.start)
        if graded and painful and _is_free(a) and _is_free(b):
            a.row.group = b.row.group = names.new("all")


LACKS = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:without|(?:and\s+|who\s+are\s+|that\s+(?:is|are)\s+)?not\s+(?:using|on|receiving|treated\s+with))\s+"
    r"(?:(?:an?|any|the|adequate|appropriate|functioning|permanent|prior|previous|concurrent|ongoing)\s+)*",
    re.I,
)


def group_lacking(text: str, found: Sequence[Member], names: Names) -> None:
    """Name the groups of what is forbidden only where something else lacks: "AV block without a pacemaker"."""
    for a, b in pairwise(found):
        pair = (a.asks, b.asks) == ("forbid", "require") and isinstance(a.row, Said) and isinstance(b.row, Said)
        free = not any(m.row.group or m.row.condition or m.row.exception_to is not None for m in (a, b))
        if pair and free and LACKS.fullmatch(text, a.end, b.start):
            a.row.group = b.row.group = names.new("all")


def _sharing(one: Member, found: Sequence[Member]) -> list[Member]:
    """A limit and those that share its amount: of "with elevated ALT or AST > 3 x ULN" either is enough."""
    if isinstance(one.row, Said):
        return [one]
    amount = one.row.quantity.start
    return [member for member in found if isinstance(member.row, Limit) and member.row.quantity.start == amount]


def _is_free(member: Member) -> bool:
    row = member.row
    return member.asks == "forbid" and row.group is None and row.exception_to is None and row.condition is None


def _belong_together(text: str, a: Member, b: Member) -> bool:
    """Whether two reasons are one: a finding with a limit, a virus with its load, or both of what brackets hold.

    A limit that narrows the finding says so already.
    """
    if isinstance(b.row, Limit):
        return isinstance(a.row, Said) and b.row.kind in ("lab", "vital") and a.place not in b.row.events
    if isinstance(a.row, Limit):
        return OPENED.search(text, 0, a.start) is not None and CLOSED.match(text, b.end) is not None
    return a.row.concept in VIRUSES and b.row.concept in VIRAL_LOADS


def _at_once(text: str, a: Member, b: Member) -> bool:
    """Whether two things are forbidden together: one with the other, a disease under a treatment."""
    if not (isinstance(a.row, Said) and isinstance(b.row, Said)):
        return False
    if AT_ONCE.fullmatch(text, a.end, b.start):
        return True
    if a.row.label == "condition" and b.row.label in ("treatment", "procedure"):
        return UNDER.fullmatch(text, a.end, b.start) is not None
    alike = a.row.label == b.row.label and AND.fullmatch(text, a.end, b.start) is not None
    return alike and IN_COMBINATION.match(text, b.end) is not None


def _is_listed(text: str, found: Sequence[Member], i: int) -> bool:
    """Whether two reasons, at `i` and behind it, stand in a longer list of reasons."""
    if i and CLAUSE_ENDS.search(text, found[i - 1].end, found[i].start) is None:
        return LISTS.search(text, found[i - 1].end, found[i].start) is not None
    behind = found[i + 2].start if i + 2 < len(found) else None
    if behind is None or CLAUSE_ENDS.search(text, found[i + 1].end, behind):
        return False
    return GOES_ON.match(text, found[i + 1].end, behind) is not None


UNLESS = re.compile(r"\b(?:unless|if|provided|as\s+long\s+as|when)\b", re.I)
LAST_AND = re.compile(r"[^;.]*(?:\band\b|&)[^;.]*", re.I)
SEPARATE = re.compile(r"\bor\b|[;]|[.](?=\s)", re.I)


def group_lifting(text: str, found: Sequence[Member], lifted: Sequence[int | None], names: Names) -> None:
    """ "Brain metastases unless treated, stable and off steroids" lets in only whom all of it is true of.

    `lifted`: by the place of a member, what it lifts.
    """
    permitted = [(lifted[member.place], member) for member in found if member.asks == "permit"]
    for whole, several in groupby(permitted, key=lambda one: one[0]):
        together = [member for _, member in several]
        if whole is None or len(together) < 2 or any(member.row.group for member in together):
            continue
        joints = [text[a.end : b.start] for a, b in pairwise(together)]
        if any(SEPARATE.search(joint) for joint in joints) or LAST_AND.fullmatch(joints[-1]) is None:
            continue
        if _says_under_what(text, together):
            name = names.new("all")
            for member in together:
                member.row.group = name


def _says_under_what(text: str, together: Sequence[Member]) -> bool:
    """Whether an exception says in which state somebody is let in, and does not list diseases that are."""
    cue = UNLESS.search(text, max(0, together[0].start - 60), together[0].start)
    states = [m for m in together if isinstance(m.row, Limit) or m.row.label in ("state", "treatment", "biomarker")]
    if any(isinstance(m.row, Limit) and m.row.events for m in together):
        return False  # it narrows one of the others
    return cue is not None and len(states) > 0
