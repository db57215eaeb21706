"""What a limit is about when the lexicon does not list it: the noun phrase in front of it or behind it."""

import re
from bisect import bisect_right
from functools import lru_cache

WORD = re.compile(r"[^\W_][\w'’/%+.&-]*|[,;:()\[\]\"!?]|[-–—*•]")
BREAK = re.compile(r"[;:!?.\n•* ](?:(?<=[;:!?\n•*])|(?<=\.)(?=\s|$)|(?<= )[-–—] )")  # the search leaps to its first

FILLERS = frozenset(
    (
        "of is was are be been being were must should shall will would can may level levels value values "
        "concentration concentrations score scores count counts result results the a an at as to with has "
        "have had having remain remains remaining and or than total measured by from in range ranging "
        "between equal equals only if currently recent any current last for approximately about not within "
        "also either both up based baseline screening using on greater less more who that which documented "
        "defined recorded showing shows showed such since this during over prior due it they do does did = , : ( "
        "- – — • * [ when where per reported least estimated cut-off cutoff repeatedly consistently "
        "persistently e.g. i.e. eg ie"
    ).split()
) | {'"'}
STOPS = frozenset(
    (
        "patients patient subjects subject participants participant individuals persons people women men males "
        "females adults children volunteers who whom whose that which with without and or but if when while unless "
        "have has had having is are was were be been being must should shall will would can could may might not no "
        "nor do does did the a an any all each every this these those their his her its other another such in on "
        "at by for from to into onto during after before since until within between through throughout over under "
        "above below against via per as than then there because due defined including includes include excluding "
        "except documented confirmed known history evidence received receiving receive undergone undergoing "
        "underwent taking taken take treated requiring requires require required agree agrees willing able unable "
        "use used using following least most more less only also both either neither so e.g i.e eg ie least ≥ ≤ > "
        "< = consisting having showing show shows meet meets meeting reported eligible presence who's where what "
        "despite exhibiting demonstrating"
    ).split()
)
PREPOSITIONS = frozenset(["of"])
UNIT_LIKE = re.compile(r"^(?:mg|kg|g|ml|l|dl|mmol|iu|u|mm|cm|years?|months?|weeks?|days?|hours?)(?:/\w+)?$", re.I)
PRIOR_TO = re.compile(r"prior\s+to\b", re.I)
TIMES = re.compile(r"[x×]\s*\d")  # "3 x 30 min"
MOST_LOOKED_AT = 40  # words in front of a limit


def words_before(text: str, at: int, floor: int = 0, most: int = 6) -> tuple[int, int] | None:
    """Span of the noun phrase that ends before `at`, fillers skipped; not further left than `floor`.

    >>> t = "Patients with a diastolic septal thickness of > 15 mm"
    >>> t[slice(*words_before(t, t.index(">")))]
    'diastolic septal thickness'
    """
    words = text[floor:at].rsplit(None, MOST_LOOKED_AT)
    begin = floor + len(words[0]) if len(words) > MOST_LOOKED_AT else floor
    tokens = list(WORD.finditer(text, begin, at))[-MOST_LOOKED_AT:]
    index = len(tokens) - 1
    while index >= 0:
        word = tokens[index][0]
        if word in ")]":
            opening = _opening(tokens, index)
            if opening is None:
                return None
            index = opening - 1
        elif word.lower() in FILLERS:
            index -= 1
        elif word.lower() in ("day", "night", "week") and index and tokens[index - 1][0].lower() in ("every", "each"):
            index -= 2  # "an emollient every day for at least 2 weeks"
        else:
            break
    last = index
    while index >= 0 and last - index < most:
        word = tokens[index][0]
        lower = word.lower().rstrip(".")
        if (
            not (word[0].isalpha() or word[0].isdigit())
            or (lower in STOPS and lower not in PREPOSITIONS)
            or (word.endswith(".") and len(word) > 4 and index < last)
        ):
            break
        if lower == "of" and (index == last or index == 0):
            break
        index -= 1
    first = index + 1
    while first <= last and (lower := tokens[first][0].lower()) in FILLERS and not (lower == "total" and first < last):
        first += 1
    if first <= last and last + 1 < len(tokens) and tokens[last + 1][0].lower() in ("score", "scores"):
        last += 1  # "total symptom score of ≥ 7"
    if first > last or (tokens[first][0][0].isdigit() and first < last and UNIT_LIKE.match(tokens[first + 1][0])):
        return None
    return tokens[first].start(), tokens[last].start() + len(tokens[last][0].rstrip(".,"))


def words_after(text: str, at: int, ceiling: int | None = None, most: int = 4) -> tuple[int, int] | None:
    """Span of the noun phrase that begins behind `at` ("of" and articles skipped); none across a break.

    >>> t = "at least 2 prior myocardial infarctions within a year"
    >>> t[slice(*words_after(t, 10))]
    'prior myocardial infarctions'
    """
    ceiling = len(text) if ceiling is None else ceiling
    start = end = None
    for match in WORD.finditer(text, at, min(ceiling, at + 120)):
        word = match[0]
        lower = word.lower().rstrip(".")
        if start is None:
            if lower in (
                "of",
                "the",
                "a",
                "an",
                "in",
                "for",
                "on",
                "consecutive",
                "different",
                "separate",
                "documented",
                "confirmed",
                "more",
                "previous",
            ):
                continue
            if (
                not word[0].isalpha()
                or (lower in STOPS and word != "WHO")
                or TIMES.match(text, match.start())
                or PRIOR_TO.match(text, match.start())
            ):
                return None
            start, end = match.start(), match.start() + len(word.rstrip(".,"))
            count = 1
            if word.endswith("."):
                break
            continue
        if not (word[0].isalpha() or word[0].isdigit()) or (lower in STOPS) or count >= most:
            break
        if word[0].isdigit():
            break
        end, count = match.start() + len(word.rstrip(".,")), count + 1
        if word.endswith("."):
            break
    if start is None or end is None:
        return None
    phrase = text[start:end]
    if phrase.lower().endswith(" of"):
        end -= 3
    return start, end


ONLY_HOW = re.compile(  # what only says how something is, of which the brackets behind say how much
    r"(?:.*\s)?(?:frequent|recurrent|repeated|multiple|excessive|heavy|chronic|prolonged|persistent|large|bulky|small|"
    r"severe|significant|marked|massive|high|low|long|short|optimal|suboptimal|deep|extensive|minimal|mild|moderate|gross)",
    re.I | re.S,
)


def behind_brackets(text: str, before: tuple[int, int], start: int, end: int) -> tuple[int, int] | None:
    """The noun behind brackets that say how much its adjective means: "frequent (> 2/year) infections"."""
    if not text[:start].rstrip().endswith("(") or text[end : end + 1] != ")":
        return None
    if ONLY_HOW.fullmatch(text, *before) is None:
        return None
    noun = words_after(text, end + 1)
    return noun if noun and not text[end + 1 : noun[0]].strip() else None


NO_LIST = re.compile(  # of subjects
    r"\b(?:or|no|not|without|patients|subjects|participants|individuals|persons|those|women|men)\b", re.I
)
CLAUSE = re.compile(  # it begins with one character, so that the search leaps to it
    r"[;.,](?:(?<=;)|(?<=\.)(?=\s+[A-Z(])|(?<=[a-z]{3}\.)(?=[A-Z][a-z]+[:\s])|"
    r"(?<=,)\s+(?=(?:and|but|however|although)\b))"
)
CLAUSE_OR_NOTE = re.compile(CLAUSE.pattern + r"|(?=\bN(?:OTE\b|ote:))")
AND_ONE_OF_WHICH = re.compile(
    r"(?<!,)\s(?=and\s+(?:meets?\s+)?at\s+least\s+(?:one|two|three)\s+of\s+the\s+following\b)", re.I
)
MODAL = re.compile(r"\b(?:should|must|will|shall|may|can|are|is|have|has|agree|agrees|were|was)\b", re.I)


ONE_OF_WHICH = re.compile(  # "not lactating, and at least one of the following conditions applies: …"
    r"(?:and|but)\s+(?:meets?\s+)?(?:at\s+least\s+)?(?:one|two|three|any|either|all)\s+(?:or\s+more\s+)?of\s+the\s+following\b",
    re.I,
)
SAME_SUBJECT = re.compile(r"and\s+(?:has|have|is|are|was|were)\b", re.I)
OF_WHOM = re.compile(  # "patients on warfarin, digoxin, and lithium are not excluded": the list waits for its verb
    r"\W*(?:patients|subjects|participants|those|individuals|women|men)\s+(?:with|on|taking|receiving|using)\s+"
    r"(?:(?!\b(?:should|must|will|shall|may|can|are|is|agree|were|was)\b)[^.;:])*",
    re.I,
)


def _sentence_start(text: str, at: int) -> int:
    return max(text.rfind(sign, 0, at) + 1 for sign in (". ", ";", ":", "("))


@lru_cache(maxsize=256)
def clause_bounds(text: str) -> list[int]:
    """Where clauses begin behind the first: at ";" and full stops, and at ", and" before a verb of its own.

    >>> t = "Not pregnant or breastfeeding, and effective contraception should be used"
    >>> [t[i:i + 9] for i in clause_bounds(t)]
    ['and effec']
    >>> clause_bounds("No anaemia, HIV, or hepatitis")
    []
    """
    out: list[int] = []
    numbered = EXCEPT_ONE.search(text)
    for match in (CLAUSE_OR_NOTE if "NOTE" in text or "Note:" in text else CLAUSE).finditer(text):
        if match[0].startswith(","):
            rest = text[match.end() : match.end() + 120]
            upto = re.split(r"[,;.]", rest, maxsplit=1)[0]
            if not (MODAL.search(upto) or ONE_OF_WHICH.match(rest)) or (
                SAME_SUBJECT.match(rest) and text.startswith("and", match.end())
            ):
                continue
            if _ends_a_list(text[out[-1] if out else 0 : match.start()], rest):
                continue
            if OF_WHOM.fullmatch(text, _sentence_start(text, match.start()), match.start()):
                continue
        if match[0].startswith(";") and IN_A_GLOSS.search(text, max(0, match.start() - 60), match.start()):
            continue  # "low-dose aspirin (for example; 81 mg) is allowed"
        if match[0] == ";" and numbered and numbered.end() < match.start() and NEXT_NUMBER.match(text, match.end()):
            continue  # "cancer, except 1) skin cancers; 2) cancer treated more than 10 years ago"
        out.append(match.end())
    if "of the following" in text:
        out = sorted({*out, *(match.end() for match in AND_ONE_OF_WHICH.finditer(text))})
    return out


IN_A_GLOSS = re.compile(
    r"\((?:for\s+example|for\s+instance|that\s+is|e\.?g\.?|i\.?e\.?)\s*$|,\s*except(?:ing|\s+for)?\s*$", re.I
)
EXCEPT_ONE = re.compile(r"\bexcept(?:\s+for)?:?\s+\(?(?:1|a|i)\)", re.I)
NEXT_NUMBER = re.compile(r"\s*(?:(?:and|or),?\s+)?\(?(?:[2-9]|[b-h]|ii|iii|iv)\)", re.I)


def _ends_a_list(front: str, rest: str) -> bool:
    """Whether ", and" joins the last of several subjects: "insulin, statins, and diets should be unchanged"."""
    return rest.startswith("and") and "," in front and not MODAL.search(front) and not NO_LIST.search(front)


def clause_start(text: str, at: int) -> int:
    """Where the clause that holds `at` begins: behind the last break."""
    if text[max(0, at - 1) : at] == ".":
        return at
    ends = _breaks(text)
    return ends[bisect_right(ends, at) - 1]


@lru_cache(maxsize=256)
def _breaks(text: str) -> list[int]:
    """Where a text and what follows its breaks begin."""
    return [0, *(match.end() for match in BREAK.finditer(text))]


def _opening(tokens: list[re.Match[str]], index: int) -> int | None:
    depth = 0
    for place in range(index, -1, -1):
        if tokens[place][0] in ")]":
            depth += 1
        elif tokens[place][0] in "([":
            depth -= 1
            if depth == 0:
                return place
    return None
