"""Listed: what stands in a list beside mentions, and neither a list, a frame nor a head names: "head lice or scabies".

A criterion that turns on one item of a list turns on the others: one that is not read would be lost without a word. An
item counts where it is nothing but a noun phrase, and the item beside it is a mention from its first word on.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trialcriteria.components.coordinations import ADJECTIVE
from trialcriteria.components.dated import EMPTY, LEADS, NO_EVENT
from trialcriteria.components.openings import NEVER_INSIDE

RULE = "listed"
ALLERGIES = frozenset({"allergy", "drug_allergy", "drug_reaction"})
LABELS = frozenset({"condition", "treatment", "procedure"})
JOINT = re.compile(
    r"\s*(?:\([^()]{1,80}\)\s*)?(?:,\s*(?:(?:and/or|or|and|nor)\b)?|\b(?:and/or|or|nor|and)\b|/)\s*(?:(?:an?|any|the|either)\s+)?",
    re.I,
)
JOINT_IN_FRONT = re.compile(JOINT.pattern + "$", re.I)
BREAK = re.compile(r"[.;:()\[\]{}\n\"“”?!=<>≥≤±+%*]|\s[-–—]\s|,|/|(?<![\w-])\d+(?![\w-])")
STOP = frozenset(
    "within during before after prior since until while when if unless except excluding including such like as by "
    "with without from for at on over under per than via due because despite following requiring that which who "
    "whom whose where whether whereas thus hence whichever whatever is are was were be been being has have had "
    "having may might can could will would shall should must do does did not no nor also but however although "
    "though then both either neither e.g i.e eg ie etc namely".split()
)
INNER = frozenset("of in to the a an".split())
LEADING = INNER | frozenset(
    "its their his her our your my such one two three same certain specific various another".split()
)
VERBS = frozenset(
    "require requires receive receives received take takes taken taking use uses used using need needs needed "
    "undergo undergoes undergone experience experiences experienced agree agrees provide provides sign understand "
    "comply complete completed participate participates participated plan plans planned want wish show shows shown "
    "demonstrate achieve tolerate swallow discontinue discontinued stop stopped start started initiate initiated "
    "become becomes remain remains get gets give given undergoing receiving know known consider considered expected "
    "likely able unable willing unwilling suspected diagnosed treated confirmed documented defined judged deemed "
    "determined performed obtained increase decrease increased decreased reduced interfere interferes affect "
    "affects make makes made limit limits prevent prevents preclude precludes compromise compromises cause causes "
    "result results lead leads put place places follow follows visit visits return attend read write speak live "
    "lives reside travel work drive exceed exceeds alter alters abstain refrain refuse refuses done deny denies report "
    "reports containing affecting influencing induce induces block blocks".split()
)
NO_ITEM = frozenset(  # what people, places, times and papers are; what says which and how much; what is no name
    "patient patients subject subjects participant participants individual individuals man men woman women male "
    "males female females adult adults child children infant infants person persons people volunteer volunteers "
    "investigator physician sponsor doctor staff family parent parents guardian spouse partner partners caregiver "
    "member members others another other same similar equivalent more less least most many few several some all any "
    "each every none one two three four five six both half left right either following above below listed therein "
    "thereof etc anything something everything other's use need history evidence presence absence sign signs "
    "symptom symptoms feature features finding findings factor factors reason reasons cause condition conditions "
    "disease diseases disorder disorders illness illnesses abnormality abnormalities problem problems complication "
    "complications event events episode episodes treatment treatments therapy therapies medication medications drug "
    "drugs agent agents procedure procedures product products device devices component components ingredient "
    "ingredients excipient excipients metabolite metabolites derivative derivatives formulation formulations "
    "analogue analogues analog analogs class classes type types form forms kind kinds part parts site sites area "
    "areas side sides organ organs location locations hospital clinic home center centre country language english "
    "compliance cooperation safety efficacy ability capacity risk risks benefit benefits outcome outcomes result "
    "indication indications data information questionnaire diary requirements requirement schedule availability "
    "duration frequency "
    "intensity severity degree amount dose doses amounts quantity quality size stage status function functions "
    "activity activities level range change changes increase decrease improvement oral intravenous topical systemic "
    "inhaled local regional general specific relevant significant clinically medically weekly daily monthly yearly "
    "now currently previously recently afterwards thereafter before ever never male/female and/or year month week "
    "day hour ct mri pet ecg ekg eeg us uk eu usa fda ema who icf irb ec nyha ecog aha initiation start end "
    "completion antagonist antagonists agonist agonists inhibitor inhibitors inducer inducers blocker blockers "
    "modulator modulators hormone hormones antibody antibodies sensitivity distribution metabolism excretion "
    "absorption elimination she he it they its their her his our your immediate otherwise death single even "
    "furthermore moreover adequate acute chronic solid hematology haematology biochemistry chemistry endocrinology "
    "immunology food foods exercise exercises sleep lifestyle prescription non-prescription method methods pathway "
    "pathways mode modes worse better new old onset recurrence again too well twice once only alone together apart "
    "instead warnings precautions meals meal water diet program programme group groups arm cohort protocol trial "
    "trials study studies research consent opinion discretion judgment judgement motivation attitude behavior "
    "behaviour candidate candidates inability refusal restriction restrictions category categories origin bid tid "
    "qd example region combination evaluability infirmity issue issues matter concern concerns question questions "
    "support counselling education acc asco recist ctcae dsm icd tnm ajcc figo iii ii iv vi".split()
)
WORD = re.compile(r"(?<![\w-])(?:\d{1,2}-?)?[A-Za-z][\w'’]*(?:-[\w'’]+)*")
VERBAL = re.compile(r"(?:ing|ed|ly)$", re.I)
CODE_NUMBER = re.compile(r"(?<=[A-Z]{3})[ -]\d{2,6}(?![\w-])")  # "BIBF 1120"
MOST_WORDS, LONGEST = 5, 90


class Item(NamedTuple):
    """A mention of a list: its place, its label, and of an allergen that it is one."""

    start: int
    end: int
    label: str
    concept: str | None = None


def listed(text: str, mentions: Sequence[Item], taken: Sequence[tuple[int, int]]) -> Iterator[Item]:
    """The items of lists that are none of the `mentions`; nothing that touches a `taken` place.

    >>> text = "Has head lice, scabies or ringworm"
    >>> sorted(text[a:b] for a, b, *_ in listed(text, [Item(15, 22, "condition")], []))
    ['head lice', 'ringworm']
    """
    closed = bytearray(len(text))  # by character, whether it belongs to something
    for start, end in (*taken, *((one.start, one.end) for one in mentions)):
        closed[start:end] = b"\1" * (end - start)
    for one in mentions:
        if one.label not in LABELS:
            continue
        for step in (_behind, _in_front):
            beside: Item | None = one
            while beside and (found := step(text, beside)):
                beside_of, beside = beside, None
                start, end = found
                free = start < end and not any(closed[start:end])
                if free and not _is_one(text, beside_of, found) and _is_name(text, start, end, one):
                    beside = Item(start, end, one.label, one.concept if one.concept in ALLERGIES else None)
                    closed[start:end] = b"\1" * (end - start)
                    yield beside


def _is_one(text: str, one: Item, found: tuple[int, int]) -> bool:
    """Whether a stroke joins short forms: "FTC/TDF" is one thing."""
    start, end = found
    between = text[min(one.end, end) : max(one.start, start)].strip()
    return between == "/" and text[start:end].isupper() and text[one.start : one.end].isupper()


def _behind(text: str, one: Item) -> tuple[int, int] | None:
    """The next item of the list, as far as the words go on that may be its name."""
    joint = JOINT.match(text, one.end)
    if joint is None:
        return None
    end = joint.end()
    until = min(len(text), end + LONGEST)
    stop = BREAK.search(text, end, until)
    for word in WORD.finditer(text, end, stop.start() if stop else until):
        low = word[0].lower()
        if low in STOP or low in ("and", "or") or text[end : word.start()].strip():
            break
        end = word.end()
    number = CODE_NUMBER.match(text, end) if end > joint.end() else None
    return joint.end(), number.end() if number else end


def _in_front(text: str, one: Item) -> tuple[int, int] | None:
    """The item in front, from the last joint or break, without the words that lead to it."""
    joint = JOINT_IN_FRONT.search(text, max(0, one.start - 30), one.start)
    if joint is None:
        return None
    begin = max(0, joint.start() - LONGEST)
    for sign in BREAK.finditer(text, begin, joint.start()):
        begin = sign.end()
    for word in WORD.finditer(text, begin, joint.start()):
        if word[0].lower() in ("and", "or"):
            begin = word.end()
    led = LEADS.match(text, begin, joint.start())
    return (led.end() if led else begin), joint.start()


def _is_name(text: str, start: int, end: int, beside: Item) -> bool:
    """Whether the words are but the name of something; of one word its form, or that of the item beside it, says so."""
    number = CODE_NUMBER.search(text, start, end)
    end = number.start() if number else end
    words = WORD.findall(text, start, end)
    low = [word.lower() for word in words]
    if not 0 < len(words) <= MOST_WORDS or text[start:end].split() != words:
        return False
    if any(w in STOP or w in VERBS or (w in NEVER_INSIDE and w not in INNER) for w in low):
        return False
    if low[0] in LEADING or low[-1] in INNER or all(w in NO_ITEM or w in INNER or len(w) < 3 for w in low):
        return False
    if len(words) > 1 and low[0].endswith("ing") and low[0] in VERBS:
        return False
    if len(words) == 1 and " " in text[beside.start : beside.end] and not TELLING.match(words[0]):
        return False
    if low[-1] in NO_ITEM or VERBAL.search(words[-1]) or NO_EVENT.search(text, start, end):
        return False
    return not (EMPTY.fullmatch(text, start, end) or ADJECTIVE.search(words[-1]))


TELLING = re.compile(  # a name by its form: a short form, a code, a word of Greek or Latin, a drug's ending
    r"(?:[a-z]*[A-Z][\w-]*[A-Z][\w-]*|[A-Za-z]+-?\d[\w-]*|\w{3,}(?:itis|osis|oses|oma|omas|emia|aemia|uria|pathy|pathies|algia|plegia|"
    r"paresis|lysis|trophy|plasia|ectasia|penia|philia|megaly|rrhea|rrhoea|rrhagia|sclerosis|stenosis|syndrome|ism|ia|"
    r"ine|ide|ate|ole|one|olol|pril|sartan|statin|mab|nib|cept|vir|cillin|mycin|azole|amine|idine|in|ol|am|il|um))$"
)
