"""The notation of the rows files: one line a row, quotes instead of offsets. GUIDELINE.md and HOWTO.md explain it."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from trialcriteria.annotations import BOUNDS

HERE = Path(__file__).resolve().parent
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
REFERENCE = re.compile(r"\[(ULN|LLN|normal|baseline|predicted)\]")
HEADER = re.compile(r"(layout|domain|annotator|guideline|new|note):\s*(.*)")
NAMED = re.compile(r"(unit|anchor|if|cue|concept|children|cohort):\s+(.+)", re.DOTALL)
LABELS = ("condition", "treatment", "procedure", "biomarker", "state")
FLAGS = ("negated", "historical", "hypothetical", "family", "uncertain")
REQUIREMENTS = ("require", "forbid", "permit", "describe")
_LABEL = r"[(（]?(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z]|[ivx]{1,4})\\?[.)）、．]?"
MARKER = re.compile(rf"(?:^|(?<=[\s~>；;]))(?:[*•⁃·\-–]|{_LABEL}|[①-⑳])[ \t　]*$")
_WORD = r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|past|last|previous|preceding)\b"
_TAIL = re.compile(
    r"\s+(?:before|prior|after|since|or|and|from|of|earlier|ago)\b.*$|\s*\((?:incl|both).*$", re.IGNORECASE | re.DOTALL
)


class Fault(ValueError):
    """One thing wrong with one line; the caller adds file and line."""


class Vocabulary(NamedTuple):
    """The agreed ids, by what they are ids of; a rows file may add its own."""

    ids: dict[str, set[str]]

    def known(self, family: str, name: str) -> str:
        """`name`, if it is an agreed id of the family."""
        ids = self.ids.get(family)
        if ids is None:
            raise Fault(f"no kind '{family}'")
        if name not in ids:
            near = get_close_matches(name, ids, 1)
            hint = f"did you mean '{near[0]}'? else " if near else ""
            raise Fault(f"'{name}' is no agreed {family} id; {hint}declare it: new: {family}:{name}")
        return name


class Span(NamedTuple):
    """A stretch of the raw text."""

    start: int
    end: int


class Line(NamedTuple):
    """A line of a rows file: the notation before the first bar, the quotes and the named fields after it."""

    number: int
    head: str
    quotes: tuple[str, ...]
    named: dict[str, str]


def vocabulary(path: Path = HERE / "vocabulary.toml") -> Vocabulary:
    """The agreed ids."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    lists = {"anchor": table["anchors"], "condition": table["conditions"], "unit": table["units"], **table["kinds"]}
    return Vocabulary({family: set(ids) for family, ids in lists.items()})


def lines(source: str) -> Iterator[Line]:
    """The lines of a rows file, without comments and blanks."""
    for number, raw in enumerate(source.splitlines(), 1):
        if raw.strip() and not raw.lstrip().startswith("# "):
            head, *rest = re.split(r"\s+\|(?:\s+|$)", raw.strip())
            named = {m[1]: m[2].strip() for part in rest if (m := NAMED.fullmatch(part))}
            yield Line(number, head, tuple(part for part in rest if part and not NAMED.fullmatch(part)), named)


def find(text: str, quote: str, scopes: Sequence[Span]) -> Span:
    """Where the quote stands in the first scope that has it. Whitespace in the quote matches any whitespace.

    `AST, {ALT}` means the ALT after "AST, "; `ALT~2` the second one.

    >>> find("AST and ALT; ALT again", "AST and {ALT}", [Span(0, 22)])
    Span(start=8, end=11)
    >>> find("AST and ALT; ALT again", "ALT~2", [Span(0, 22)])
    Span(start=13, end=16)
    """
    wanted, nth = (m[1], int(m[2])) if (m := re.fullmatch(r"(.+?)\s*~(\d+)", quote, re.DOTALL)) else (quote, 0)
    marked = re.fullmatch(r"(.*?)\{(.+)\}(.*)", wanted, re.DOTALL)
    parts = marked.groups() if marked else ("", wanted, "")
    middle = "".join(f"({pattern(part)})" for part in parts)
    expression = re.compile(_edge(wanted.strip("{")[:1], True) + middle + _edge(wanted.strip("}")[-1:], False))
    for scope in scopes:
        found = [Span(*m.span(2)) for m in expression.finditer(text, scope.start, scope.end)]
        if nth and len(found) >= nth:
            return found[nth - 1]
        if not nth and len(found) == 1:
            return found[0]
        if found:
            raise Fault(f"'{quote}' stands there {len(found)} times: write ~n after it, or {{}} around it in context")
    raise Fault(f"'{quote}' does not stand in the criterion or above it")


def pattern(words: str) -> str:
    """The expression that finds words across line breaks."""
    return r"\s+".join(re.escape(part) for part in re.split(r"\s+", words))


def _edge(character: str, before: bool) -> str:
    """Words and numbers are quoted whole: AST is not found in BLAST, 5 not in 1.5."""
    if character.isalpha():
        return "(?<![A-Za-z])" if before else "(?![A-Za-z])"
    if character.isdigit():
        return r"(?<!\d)(?<!\d[.,])" if before else r"(?![.,]?\d)"
    return ""


def limit_slots(tokens: list[str], words: Vocabulary) -> dict[str, Any]:
    """The slots that the notation after `kind:attribute` states.

    >>> limit_slots("> 30 < 90 % [predicted]".split(), vocabulary())["operator"]
    'between'
    """
    slots: dict[str, Any] = {}
    bounds: list[tuple[str, float]] = []
    rest = iter(tokens)
    for token in rest:
        if token in ("<", "<=", "=", ">=", ">", "?"):
            number = next(rest, "")
            if not NUMBER.fullmatch(number):
                raise Fault(f"'{token}' without a number after it")
            bounds.append((token, float(number)))
        elif token == "in":
            levels = next(rest, "")
            slots["operator"] = "in"
            slots |= {"reference": "normal"} if levels == "[normal]" else {"levels": levels.split(",")}
        elif m := REFERENCE.fullmatch(token):
            slots["reference"] = m[1]
        elif token in ("before", "after", "around"):
            slots |= {"window_direction": token, "anchor": words.known("anchor", next(rest, ""))}
        elif token[0] == "@":
            slots["targets"] = token[1:].split(",")
        elif token[0] in "!?#":
            slots |= link_slot(token, words)
        elif token == "negated":
            slots["negated"] = True
        elif token in ("->", "→"):
            slots["requirement"] = next(rest, "")
        elif "unit" not in slots:
            slots["unit"] = words.known("unit", token)
        else:
            raise Fault(f"'{token}' is not understood")
    return slots | _bounds(bounds)


def link_slot(token: str, words: Vocabulary) -> dict[str, str]:
    """The slot of ?condition, !exception_to or #group."""
    if token[0] == "?":
        return {"condition_id": words.known("condition", token[1:])}
    return {"exception_to" if token[0] == "!" else "group": token[1:]}


def _bounds(bounds: list[tuple[str, float]]) -> dict[str, Any]:
    """Operator, bounds and inclusive flags of one or two signed numbers."""
    if not bounds:
        return {}
    if len(bounds) == 2:
        (first, a), (second, b) = bounds
        operator = "between" if first[0] == ">" and second[0] == "<" else "outside"
        if operator == "outside" and not (first[0] == "<" and second[0] == ">"):
            raise Fault(f"'{first} {a} {second} {b}': two bounds are written > < (between) or < > (outside)")
        return {
            "operator": operator,
            "low": a,
            "high": b,
            "low_inclusive": "=" in first,
            "high_inclusive": "=" in second,
        }
    sign, value = bounds[0]
    low, high, low_flags, high_flags = BOUNDS[None if sign == "?" else sign]
    return {
        "operator": None if sign == "?" else sign,
        "low": value if low else None,
        "high": value if high else None,
        "low_inclusive": low_flags[0],
        "high_inclusive": high_flags[0],
    }


def unit_words(quote: str, unit: str | None) -> str | None:
    """The unit as written after the number, where a row does not say it.

    >>> unit_words("≥ 1.5 x 10^9/L", "10*9/L"), unit_words("18-75 years", "a"), unit_words("≤ 3 x ULN", None)
    ('10^9/L', 'years', None)
    """
    if unit is None:
        return None
    if unit.startswith("10*"):
        power = re.search(r"10(?:\\?[\^*]|\*\*|e|E|)?\s?(?:9|6|12|3|[⁰¹²³⁴-⁹]+)\s*/.*|(?<=[\d\s])[KG]/.*", quote)
        return power[0] if power else None
    amount = r"(?<![A-Za-z/^²])\d[\d.,  ]*" if re.search(r"\d", quote) else _WORD
    after = re.sub(r"^[\s\-–]+", "", re.split(amount, quote)[-1])
    return " ".join(_TAIL.sub("", after).split()) or None
