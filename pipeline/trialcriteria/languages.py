"""In which language a criterion is written: by script, else by its function words.

English is the rule, so one cheap look at the whole trial comes first. Lines without function words ("ALT <= 2.5 ULN")
count as English, unless the rest of the trial speaks another language and they hold words of it.
"""

import re
from collections import Counter

from trialcriteria.headings import WORDS
from trialcriteria.records import Segment

_SPEAKERS: dict[str, list[str]] = {}  # function word -> languages that use it
for _code in WORDS["languages"].keys() - {"examples"}:
    for _word in WORDS["languages"][_code]:
        _SPEAKERS.setdefault(_word, []).append(_code)
_HINTS = (
    " de ",
    " di ",
    " und ",
    " der ",
    " en ",
    " la ",
    " och ",
    " og ",
    " het ",
    " w ",
    " ve ",
    " na ",
    " az ",
    " dan ",
    " mit ",
)
_ENGLISH = (" the ", " with ", " and ")
_SCRIPTS = {
    "ja": "[\u3040-\u30ff]",
    "zh": "[\u3400-\u9fff]",
    "ko": "[\uac00-\ud7af]",
    "ru": "[\u0400-\u04ff]",
    "ar": "[\u0600-\u06ff]",
    "th": "[\u0e00-\u0e7f]",
    "he": "[\u0590-\u05ff]",
    "el": "[\u0370-\u03ff]",
}
_FOREIGN = re.compile("[\u0400-\u07ff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[\u0370-\u03ff]{3}")
_ACCENTED = re.compile("[à-åç-öø-ÿĀ-ɏ\u0400-\u07ff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_GREEK = re.compile("[\u0370-\u03ff]{3}")
_WORDS = re.compile(r"[^\W\d_]+")
_ENOUGH = 4000  # characters looked at in one criterion


def marked(segments: list[Segment], text: str) -> list[Segment]:
    """`segments` of a trial with their language filled in."""
    english = " of " in text and (" the " in text or " with " in text)
    accented = not text.isascii() and bool(_ACCENTED.search(text) or (not english and _GREEK.search(text)))
    if not accented and (english or not any(map(text.__contains__, _HINTS))):
        return segments
    if english and all(segment.text.isascii() or language(segment.text) in ("en", None) for segment in segments):
        return segments  # a name such as Sjögren
    spoken = [language(segment.text) for segment in segments]
    common = Counter(found for found in spoken if found).most_common(1)
    main = common[0][0] if common else "en"
    return [
        segment._replace(language=found or (main if _has_words(segment.text) else "en"))
        for segment, found in zip(segments, spoken, strict=True)
    ]


def language(text: str) -> str | None:
    """Language code of one criterion; None if its words do not tell.

    >>> language("Pacientes mayores de 18 años con asma"), language("年龄18-75岁"), language("ALT <= 2.5 ULN")
    ('es', 'zh', None)
    """
    text = text[:_ENOUGH]
    if text.isascii() and any(map(text.__contains__, _ENGLISH)):
        return "en"
    words = _WORDS.findall(text.lower())
    if not text.isascii() and (script := _script(text, words)):
        return script
    scores = Counter(code for word in set(words) for code in _SPEAKERS.get(word, ()))
    english = scores.pop("en", 0)
    best, score = max(scores.items(), key=lambda item: item[1], default=("en", 0))
    if score >= 2 and score > english + 1:
        return best
    return "en" if english else None


def _script(text: str, words: list[str]) -> str | None:
    if not _FOREIGN.search(text):
        return None
    latin = sum(len(word) for word in words if word.isascii())
    counts = {code: len(re.findall(letters, text)) for code, letters in _SCRIPTS.items()}
    foreign = sum(counts.values())
    if 3 * foreign < latin:
        return None
    if counts["ja"]:
        return "ja"
    return max(counts, key=lambda code: counts[code])


def _has_words(text: str) -> bool:
    """Whether a line without function words has words at all, and no number that could be read anyway."""
    return any(len(word) > 4 and not word.isupper() for word in _WORDS.findall(text)) and not re.search(r"\d", text)
