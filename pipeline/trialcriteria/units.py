"""Units: what trials write after a number, as UCUM codes.

    >>> read_unit("ANC of 1.5 x 10^9/L or more", 10)
    (19, '10*9/L')

What a unit may look like stands in `lexicon/units.toml`. At import its prefixes and atoms become a few dictionaries;
reading is then one token, one look-up, and the same again for everything under a fraction stroke (2 µs). What the
codes are worth, and so `convert`, stands in `ucum.py`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from trialcriteria.ucum import ATOMS, DATA, PREFIXES, convert, dimension, is_time

__all__ = ["convert", "dimension", "is_time", "read_unit"]

_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LETTERS = "A-Za-z\u00b5\u03bc°º˚⁰℃℉ℓ\u3371-\u33df"
_TOKEN = re.compile(rf"[{_LETTERS}]+|[%％﹪℅]")
_EDGE = r"(?![A-Za-z\u00b5\u03bcÀ-ɏ0-9])"
_INSIDE = re.compile(r"[A-Za-z\u00b5\u03bcÀ-ɏ0-9]")
_LEAD = re.compile(r"\s{1,3}|[-‐‑–]\s?|")
_EXPONENT = re.compile(rf"(?:\^|\*\*)?(?:\(([23])\)|([23²³]))(?:{_EDGE}|(?=or\b|and\b))")  # "25 kg/m2or less" occurs
_SPACED_EXPONENT = re.compile(rf" (([23])){_EDGE}")
_GLOSS = re.compile(  # "milligrams (mg)/deciliter", "IU RNA per mL"
    rf"(?:\s?[(\[][{_LETTERS}]{{1,6}}[)\]]|\s(?:{'|'.join(DATA['substances'])}))(?=\s?/|\sper\s)", re.I
)
_GLOSSED = re.compile(rf"\s?[(\[]([{_LETTERS}]{{1,6}})[)\]](?=\^?[23²³])")  # "kg/meter (m)^2"
_STROKE = re.compile(r"\s{0,2}[/∕／]{1,2}\s{0,2}|\s{1,2}per\s{1,2}(?:each\s)?|\s(?:an?|each|every)\s(?=[dwmyh])")
_ADVERB = re.compile(rf"\s({'|'.join(DATA['adverbs'])}){_EDGE}", re.I)
_INVERSE = re.compile(rf"\s?[·⋅∙•.*×]?\s?(1[.,·]73\s?)?([{_LETTERS}]+)\^?[-−–⁻]([123¹²³]){_EDGE}")
_SPECIAL = re.compile(  # what stands under a stroke with a number of its own
    r"(?P<area>1[.,·]73\s?(?:m|sq|meter|metre|\u33a1)?)"
    r"|(?P<day>24[\s-]?(?:[hH]ours?|[hH]rs?|[hH])\b)"
    r"|(?P<dL>100\s?(?=m[lL]|cc))"
    r"|1\s(?=[hd])"
)
_EVERY_SO_OFTEN = re.compile(
    r"(?:[/∕／]|\s(?:per|every|each)\s)\s?(\d{1,2})[\s-]?(?=[dwmhDWMH])"
)  # "/28 days", "every 3 weeks", "/50 HPF"
_AREA = re.compile(
    rf"1[.,·]73(?:\s?(?:m\s?\*\s?m|m(?:\^|\*\*)?\s?(?:[2²]|\(2\))|\u33a1|sqm|sq\.?\s?m(?:eters?)?|square\s?met(?:er|re)s?"
    rf"|met(?:er|re)s?\s?squared?|met(?:er|re)s?\^?[2²])){_EDGE}|1[.,·]73(?!\d)",
    re.I,
)
_MARK = f"[{re.escape(DATA['powers']['marks'])}]"
_POWER = re.compile(
    rf"\s{{0,2}}(?P<mark>{_MARK})?\s?(?:"
    r"10\s?(?:\^|\*\*|\*|[eE]\+?|')\s?(?:(?P<a>\d{1,2})(?:th\b)?|[(\[{](?P<h>\d{1,2})[)\]}])(?!\d)"
    r"|10(?P<b>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
    r"|[eE]\+?(?P<c>\d{1,2})(?=\s?(?:/|per\s))"
    r"|(?P<spaced>10(?:\s?[(\[{](?P<d>\d{1,2})[)\]}]|\s?(?P<e>1[0-2]|[3-9])|x(?P<f>\d{1,2}))(?!\d)"
    r"|1[, ]?(?P<g>000(?:[, ]?000)?)(?=\s?(?:/|cells|per\s))))"
)
_BARE_POWER = re.compile(r"\s(?:106|109|1012)\s?/\s?[lL]\b")  # "1.5 109/L" lost its sign too
_POWER_STARTS = frozenset(DATA["powers"]["marks"] + "1eE")
_TIMES = re.compile(r"\s?(?:[x×X*]|times)\s?(?:the\s|its\s)?")
_NUMBER_BEFORE = re.compile(r"(\d+(?:[.,]\d+)?)\s*$")
_RATES = {  # what "daily" turns into a rate: doses, volumes, hours
    *((base,) for base in (("g", 1), ("mol", 1), ("m", 3), ("IU", 1), ("U", 1))),
    *((("g", 1), ("m", -2)), ()),
}


class _Phrase(NamedTuple):
    pattern: re.Pattern[str]
    code: str


class _Spellings(NamedTuple):
    """Every way to write a unit that has no fraction stroke, by what a look-up needs to know."""

    exact: dict[str, str]
    words: dict[str, str]
    loose: dict[str, str]
    phrases: dict[str, list[_Phrase]]
    modifiers: dict[str, set[str]]


def _pattern(text: str, exact: bool = False) -> re.Pattern[str]:
    """Blanks of a phrase are blanks, hyphens or nothing; digits may be raised; "·" is any sign of a product."""
    source = ""
    for char in text:
        if char == " ":
            source += r"[\s\-‐‑–]{0,2}"
        elif char == "·":
            source += r"\s?[·⋅∙•.*x×\s-]\s?"
        elif char.isdecimal():
            source += rf"\^?[{char}{'⁰¹²³⁴⁵⁶⁷⁸⁹'[int(char)]}{'₀₁₂₃₄₅₆₇₈₉'[int(char)]}]"
        else:
            source += "[-−–⁻]" if char == "-" else re.escape(char)
    return re.compile(source + ("" if text.endswith("%") else _EDGE), re.NOFLAG if exact else re.I)


def _spelled(code: str, atom: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(kind, spelling, UCUM code) of an atom alone and with each of its prefixes."""
    for kind in ("words", "signs", "phrases"):
        for text in atom.get(kind, ()):
            yield kind, text, code
            for prefix in atom.get("prefixes", ()):
                for before in PREFIXES[prefix]["signs" if kind == "signs" else "words"]:
                    yield kind, before + (" " if kind == "phrases" else "") + text, prefix + code


def _spellings() -> _Spellings:
    out = _Spellings({}, {}, {}, {}, {})
    clashes: set[str] = set()
    listed = [(kind, text, code) for key, atom in ATOMS.items() for kind, text, code in _spelled(key, atom)]
    listed += [("signs", text, code) for code, texts in DATA["spellings"].items() for text in texts]
    for kind, text, code in listed:
        token = _TOKEN.match(text)
        assert token, text
        if kind == "phrases" or not (token.end() == len(text) or re.fullmatch(r"[a-z]+[23]", text)):
            first = re.match(r"[A-Za-z]+(?= )", text) or token
            out.phrases.setdefault(first[0].lower(), []).append(_Phrase(_pattern(text, kind == "signs"), code))
        elif kind == "words":
            out.words[text.lower()] = code
        else:
            out.exact.setdefault(text, code)
            if out.loose.setdefault(text.lower(), code) != code:
                clashes.add(text.lower())
    for text in clashes:
        del out.loose[text]
    for found in out.phrases.values():
        found.sort(key=lambda phrase: -len(phrase.pattern.pattern))
    for code, atom in ATOMS.items():
        for word in atom.get("modifiers", ()):
            out.modifiers.setdefault(word.lower(), set()).add(code)
    return out


_EXACT, _WORDS, _LOOSE, _PHRASES, _MODIFIERS = _spellings()
_MULTIPLES = {text: (code, entry["over"]) for code, entry in DATA["multiples"].items() for text in entry["spellings"]}
_REWRITES: dict[str, str] = DATA["rewrites"]
_GUARDED = {code: atom for code, atom in ATOMS.items() if atom.keys() & {"hyphen", "near", "not_before", "names"}}
_COMPOUND = {code for code, atom in ATOMS.items() if atom.get("compound")}
_BELOW = {
    prefix + code for code, atom in ATOMS.items() if atom.get("below") for prefix in ("", *(atom.get("prefixes", ())))
}
_AFTER_POWER = {"{cells}", "{copies}", "[CFU]", "[IU]", "U", "{unit}"}


@lru_cache(maxsize=256)  # whether a unit follows is asked more than once of a number
def read_unit(text: str, at: int) -> tuple[int, str] | None:
    """The longest unit written in `text` at `at`: where it ends and its UCUM code.

    A blank, a hyphen, or a multiplication sign before a power of ten may come first.

    >>> read_unit("hemoglobin 9.0 g/dL within", 14), read_unit("for 6-month periods", 5)
    ((19, 'g/dL'), (11, 'mo'))
    >>> read_unit("5 metastases", 1) is None
    True
    """
    start = _end(_LEAD, text, at)
    if start >= len(text):
        return None
    if text[start] in _POWER_STARTS and (power := _read_power(text, at)):
        return power
    if text[start] in "/∕／pae" and (below := _read_below(text, at, "")):
        return below
    return _read_amount(text, at, start) or (_read_half_lives(text, at) if text[start] in "xX×*t" else None)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _read_power(text: str, at: int) -> tuple[int, str] | None:
    """A printed power of ten with what it counts: "x 10^9/L", "× 109 cells/L", "10e6 CFU"."""
    found = _POWER.match(text, at)
    if not found:
        return None
    digits = found["a"] or found["h"] or found["b"] or found["c"] or found["d"] or found["e"] or found["f"]
    exponent = int(digits.translate(_DIGITS)) if digits else len(found["g"].replace(",", "").replace(" ", "")) // 3 * 3
    if not 2 <= exponent <= 15:
        return None
    if found["spaced"] and not found["mark"] and not _BARE_POWER.match(text, at):
        return None
    code, end = f"10*{exponent}", found.end()
    if head := _read_head(text, _end(_LEAD, text, end)):
        if head[1] in _AFTER_POWER:
            end, code = head[0], _counted(code, head[1])
        elif found["spaced"]:
            return None  # "2 x 106 mg" is a dose
    if below := _read_below(text, end, code):
        return below
    glued = found["spaced"] in ("106", "109", "1012")  # lost its superscript; "x 10 9" says too little
    return None if found["spaced"] and not (glued or found["d"]) else (end, code)


def _counted(power: str, what: str) -> str:
    return power if what == "{cells}" else f"{power}.{'[IU]' if what == '{unit}' else what}"


def _read_amount(text: str, at: int, start: int) -> tuple[int, str] | None:
    """An atom or phrase and everything under it."""
    token = _TOKEN.match(text, start)
    if not token:
        return None
    if token[0] in _MULTIPLES and (multiple := _read_multiple(text, token)):
        return multiple
    if head := _read_head(text, start, token):
        end, code = head
        if code in _GUARDED and _is_guarded(text, at, start, end, code):
            return None
        if token[0] == "s" and start == at and text[at - 1 : at] == "0":
            return None  # "the 1990s", "in their 60s"
        below = _read_below(text, end, code)
        return below or (None if code in _COMPOUND else (end, code.partition("#")[0]))
    code = _LOOSE.get(token[0].lower(), "")
    return _read_below(text, token.end(), code) if code else None


def _read_multiple(text: str, token: re.Match[str]) -> tuple[int, str] | None:
    """ "K/uL", "thousand/µL", "million cells/kg", "million IU"."""
    power, over = _MULTIPLES[token[0]]
    code, end = power, token.end()
    if (head := _read_head(text, _end(_LEAD, text, end))) and head[1] in _AFTER_POWER:
        end, code = head[0], _counted(power, head[1])
    below = _read_below(text, end, code)
    if below and (code != power or below[1].partition("/")[2] in over):
        return below
    return (end, code) if code != power else None


def _read_head(text: str, start: int, token: re.Match[str] | None = None) -> tuple[int, str] | None:
    """One unit without a fraction stroke: (end, code)."""
    token = token or _TOKEN.match(text, start)
    if not token:
        return None
    word, end = token[0], token.end()
    low = word.lower()
    for phrase in _PHRASES.get(low, ()):
        if found := phrase.pattern.match(text, start):
            return found.end(), phrase.code
    if low in _MODIFIERS and (head := _read_head(text, _end(_LEAD, text, end))) and head[1] in _MODIFIERS[low]:
        return head
    if power := _EXPONENT.match(text, end):
        code = _EXACT.get(word + (power[1] or power[2]).translate(_DIGITS))
        return (power.end(), code) if code else None
    code = _EXACT.get(word) or _WORDS.get(low)
    if code is None or (code != "%" and _INSIDE.match(text, end)):
        return None
    return end, code


def _read_below(text: str, at: int, code: str) -> tuple[int, str] | None:
    """What stands under `code`, one stroke after another; None where there is none."""
    end, below = at, ""
    while part := _read_denominator(text, _end(_GLOSS, text, end)) or _read_period(text, end, code):
        if is_time(part[1]) and any(is_time(unit) for unit in below.split("/")):
            break  # "mL/min per 24-hour urine": how it is measured
        end, below = part[0], f"{below}/{part[1]}"
    if code and (adverb := _ADVERB.match(text, end)) and _makes_rate(code + below):
        end, below = adverb.end(), f"{below}/{DATA['adverbs'][adverb[1].lower()]}"
    if not below:
        return None
    code = "" if code == "{cells}" else code.partition("#")[0]
    return end, _REWRITES.get(code + below, code + below)


def _makes_rate(code: str) -> bool:
    return dimension(code) in _RATES or (code.startswith("{") and "/" not in code)


def _read_period(text: str, at: int, code: str) -> tuple[int, str] | None:
    """Several days, weeks, months or fields under the stroke: "500 ug every 3 weeks"; a time has none."""
    several = _EVERY_SO_OFTEN.match(text, at)
    head = several and not is_time(code) and _read_head(text, several.end())
    if not several or not head or not (is_time(head[1]) or head[1] == "[HPF]") or head[1] not in _BELOW:
        return None
    return head[0], f"({several[1]}.{head[1]})"


def _read_denominator(text: str, at: int) -> tuple[int, str] | None:
    stroke = _STROKE.match(text, at)
    if not stroke:
        return _read_inverse(text, at)
    start = stroke.end()
    if special := _SPECIAL.match(text, start):
        if special["area"]:
            return _end(_AREA, text, start), "{1.73_m2}"
        if special["day"]:
            return special.end(), "d"
        start = special.end()
    token = _TOKEN.match(text, start)
    if token and token[0] in DATA["misprints"]:
        return token.end(), DATA["misprints"][token[0]]
    head = _read_head(text, start, token) if token else None
    if token and (not head or head[1] not in _BELOW):
        head = _read_loosely(text, token)
    if not head or head[1] not in _BELOW:
        return None
    return (head[0], "dL") if special and special["dL"] else head


def _read_loosely(text: str, token: re.Match[str]) -> tuple[int, str] | None:
    """Under a stroke any case will do ("G/DL"), and an exponent may stand apart ("kg/m 2", "kg/meter (m)^2")."""
    gloss = _GLOSSED.match(text, token.end())
    word, end = (gloss[1], gloss.end()) if gloss else (token[0], token.end())
    power = _EXPONENT.match(text, end) or _SPACED_EXPONENT.match(text, end)
    end = power.end() if power else end
    code = _LOOSE.get(word.lower() + ((power[1] or power[2]).translate(_DIGITS) if power else ""))
    return (end, code) if code and not _INSIDE.match(text, end) else None


def _read_inverse(text: str, at: int) -> tuple[int, str] | None:
    """ "g·L-1", "mL min⁻¹ 1.73 m⁻²"."""
    found = _INVERSE.match(text, at)
    if not found:
        return None
    power = found[3].translate(_DIGITS)
    code = _EXACT.get(found[2] + (power if power != "1" else "")) or _WORDS.get(found[2].lower(), "")
    if found[1]:
        return (found.end(), "{1.73_m2}") if code == "m2" else None
    return (found.end(), code) if code in _BELOW else None


def _is_guarded(text: str, at: int, start: int, end: int, code: str) -> bool:
    """Whether a unit that is also something else ("3-D", "2 d echo", "stage 3 C") is that something else here."""
    guard = _GUARDED[code]
    if not guard.get("hyphen", True) and start > at and not text[at:start].isspace():
        return True
    found = _NUMBER_BEFORE.search(text, max(0, at - 8), at)
    number = found[1].replace(",", ".") if found else "nan"
    if start == at and number in guard.get("names", ()):
        return True
    low, high = guard.get("near", (0, float("inf")))
    if "near" in guard and not low <= float(number) <= high:
        return True
    after = text[end : end + 16].lstrip(" -").lower()
    return after.startswith(tuple(guard.get("not_before", ())))


def _read_half_lives(text: str, at: int) -> tuple[int, str] | None:
    """ "5 x half-life"."""
    times = _TIMES.match(text, _end(_LEAD, text, at))
    head = times and _read_head(text, times.end())
    return head if head and head[1] == "{half_life}" else None
