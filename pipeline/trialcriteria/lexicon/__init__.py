"""What trials say, as data: TOML files of entries, each with the examples that prove it.

`load()` reads the package's files and, after them, a user's own (`--lexicon my.toml`), whose top-level tables are
named like our files:

    [labs.xylitol]
    aliases = ["serum xylitol"]
    units = ["mg/dL"]

Every entry is checked where it is read; `LexiconError` names file, entry, fault and the nearest right word.
"""

import difflib
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent

MEASURES = {  # file -> kind of its attributes, unless an entry says its own
    "labs": "lab",
    "vitals": "vital",
    "scales": "scale",
    "lesions": "lesion",
    "demographics": "age",
    "habits": "dose",
    "counts": "count",
    "durations": "duration",
    "others": "other",
}
MENTIONS = {  # file -> label
    "conditions": "condition",
    "treatments": "treatment",
    "procedures": "procedure",
    "biomarkers": "biomarker",
    "states": "state",
}
PHRASES = ("anchors", "limit_conditions", "references", "frames", "standards")

MOST_FAULTS = 10  # of one file, to be read by a person

_COMMON = {"aliases", "abbreviations", "examples", "kind", "source", "name"}
_MEASURE = _COMMON | {
    "loinc",
    "units",
    "assumed",
    "plausible",
    "molar_mass",
    "valence",
    "levels",
    "written",
    "worse",
    "closed",
    "range",
    "step",
    "standalone",
    "items",
    "sister",
    "graded",
    "stated",
    "of",
    "predicted",
    "beside",
}
_KEYS = {
    **dict.fromkeys(MEASURES, _MEASURE),
    **{name: _COMMON | {"label"} for name in MENTIONS},
    "anchors": _COMMON,
    "limit_conditions": _COMMON,
    "standards": _COMMON,
    "references": _COMMON | {"reference", "value"},
    "names": {"reason", "before", "after", "examples"},
    "comparators": {"before", "after", "around", "examples"},
    "windows": {"before", "after", "operator", "direction", "role", "examples"},
    "frames": {
        "kind",
        "label",
        "concept",
        "aliases",
        "endings",
        "prefixes",
        "stop",
        "least",
        "alone",
        "side",
        "degree",
        "content",
        "content_of",
        "inclusive",
        "examples",
    },
    "asides": {"opens", "holds", "both", "rest", "but_not", "concepts", "examples"},
    "bystanders": {"front", "behind", "only", "after", "far", "tight", "last", "labels", "examples"},
    "tails": {"words", "of", "concepts", "ends", "takes", "open", "clause", "lists", "timed", "examples"},
    "context": {"cues", "category", "direction", "scope", "ends", "examples", "pseudo"},
}


class LexiconError(ValueError):
    """A lexicon file that cannot be used as it is."""


class Attribute(NamedTuple):
    """One measurable thing: its words, units, code and legal values."""

    id: str
    kind: str
    aliases: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    loinc: str | None = None
    units: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    plausible: tuple[float, float] | None = None
    molar_mass: float | None = None
    valence: int = 1
    levels: tuple[str, ...] = ()
    written: tuple[tuple[str, str], ...] = ()
    worse: str = "high"
    closed: bool = True
    range: tuple[float, float] | None = None
    standalone: bool = False
    items: bool = False  # a level is asked by an item or question of the same number: "item 4 or 5 of the C-SSRS"
    of: tuple[str, ...] = ()  # "grade encephalopathy": a grade of that, where only "grade" is said
    stated: bool = False  # a count only with a comparator: a bare number of biopsies is how the study goes
    sister: str | None = None  # the same scale in points (of classes) or in classes (of points)
    predicted: float | None = None  # from this percentage on it is one of the predicted value, said or not
    beside: tuple[str, ...] = ()  # beginnings of words of which one must stand in the text for the words to mean this
    graded: str | None = None  # the scale whose levels may stand behind the words of this lab ("proteinuria ≥ 2+")

    def can_be(self, *values: float | Decimal | None) -> bool:
        """Whether such a measure has all these values, in the first of its units; so too where nothing is known."""
        if self.plausible is None:
            return True
        low, high = self.plausible
        return all(value is None or low <= value <= high for value in values)

    def may_stand_in(self, text: str) -> bool:
        """Whether a text holds one of the words without which these words mean something else."""
        if not self.beside:
            return True
        lowered = text.lower()
        return any(word in lowered for word in self.beside)


class Phrase(NamedTuple):
    """A literal phrase of the lexicon and what it stands for."""

    text: str
    group: str
    id: str
    exact: bool


class Example(NamedTuple):
    """One sentence of an entry: what must be read from it (`nothing`: no row of this entry)."""

    file: str
    entry: str
    expected: str
    text: str


class Lexicon(NamedTuple):
    """Everything the readers know of the world, read once."""

    attributes: dict[str, Attribute]
    labels: dict[str, str]
    phrases: tuple[Phrase, ...]
    entries: dict[str, dict[str, dict[str, Any]]]
    examples: tuple[Example, ...]
    sha256: str


def files(extra: Sequence[str | Path] = ()) -> list[Path]:
    """The package's lexicon files in a fixed order, then the user's."""
    return sorted(HERE.glob("*.toml")) + [Path(path) for path in extra]


def load(extra: Sequence[str | Path] = ()) -> Lexicon:
    """Read, check and join all lexicon files.

    Raises LexiconError for a file that is no TOML, an unknown key, a wrong type or an alias that two entries claim.
    """
    return _load(tuple(str(path) for path in extra))


@lru_cache(maxsize=4)
def _load(extra: tuple[str, ...]) -> Lexicon:
    entries: dict[str, dict[str, dict[str, Any]]] = {}
    for path in files(extra):
        for stem, table in _tables(path, path.parent == HERE):
            entries.setdefault(stem, {}).update(table)
    attributes = {a.id: a for stem in MEASURES for a in _attributes(stem, entries.get(stem, {}))}
    labels = {
        id: entry.get("label", label) for stem, label in MENTIONS.items() for id, entry in entries.get(stem, {}).items()
    }
    phrases = tuple(_phrases(entries))
    return Lexicon(attributes, labels, phrases, entries, tuple(_examples(entries)), _digest(extra))


def fingerprint(extra: Sequence[str | Path] = ()) -> str:
    """The SHA-256 of all lexicon files. Only a user's are read for it: a run that others read for saves half a second.

    Raises LexiconError as `load` does.

    >>> fingerprint() == load().sha256
    True
    """
    return load(extra).sha256 if extra else _digest()


def _digest(extra: Sequence[str | Path] = ()) -> str:
    digest = hashlib.sha256()
    for path in files(extra):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def check(path: str | Path) -> list[str]:
    """The faults of one user lexicon, empty when there is none.

    >>> check(HERE / "labs.toml")
    []
    """
    try:
        for _ in _tables(Path(path), Path(path).parent == HERE):
            pass
        if Path(path).parent != HERE:
            load([Path(path)])
    except LexiconError as fault:
        return str(fault).split("\n")
    return []


def _tables(path: Path, own: bool) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """(file stem, entries) of a file: ours holds one kind, a user's one table a kind."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise LexiconError(f"{path}: not readable as TOML: {fault}") from fault
    except OSError as fault:
        raise LexiconError(f"{path}: cannot be opened: {fault.strerror}") from fault
    if own:
        if path.stem in _KEYS:
            yield path.stem, _checked(path, path.stem, content)
        return
    for stem, table in content.items():
        if stem not in _KEYS:
            raise LexiconError(f"{path}: [{stem}.…] is no kind of entry{_nearest(stem, _KEYS)}")
        if not isinstance(table, dict):
            raise LexiconError(f"{path}: {stem} must be a table of entries, such as [{stem}.my_entry]")
        yield stem, _checked(path, stem, table)


def _checked(path: Path, stem: str, content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    faults = []
    out = {}
    for name, entry in content.items():
        if name in ("terms", "tests") and stem in MENTIONS:
            out.update({id: _plain(words, name == "tests") for id, words in entry.items()})
            continue
        if name == "endings" and stem == "frames":
            out.update({id: _ending(line) for id, line in entry.items()})
            continue
        if not isinstance(entry, dict):
            faults.append(f"{path}: [{name}] must be a table")
            continue
        for key, value in entry.items():
            if key not in _KEYS[stem]:
                faults.append(f"{path}: [{name}] has the unknown key {key!r}{_nearest(key, _KEYS[stem])}")
            elif key in ("aliases", "abbreviations", "units", "levels") and not _is_words(value):
                faults.append(f"{path}: [{name}] {key} must be a list of strings, not {value!r}")
        out[name] = entry
    if faults:
        more = [f"… and {len(faults) - MOST_FAULTS} more"] if len(faults) > MOST_FAULTS else []
        raise LexiconError("\n".join(faults[:MOST_FAULTS] + more))
    return out


def _plain(forms: list[str], test: bool) -> dict[str, Any]:
    """A line of the plain listing: forms with a capital letter are matched in exactly this case."""
    exact = [form for form in forms if form != form.lower()]
    return {"aliases": [form for form in forms if form == form.lower()], "abbreviations": exact, "test": test}


def _ending(line: dict[str, Any]) -> dict[str, Any]:
    """A line of the families of single words: the longest fitting ending (or beginning) wins."""
    examples = {f"{line['label']}: {word}": [word.capitalize()] for word in line.get("words", ())}
    return {
        "kind": "ending",
        "label": line["label"],
        "concept": line.get("concept"),
        "endings": line.get("ends", []),
        "prefixes": line.get("starts", []),
        "stop": line.get("stop", []),
        "least": 2,
        "examples": examples,
    }


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)


def _nearest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(known))}"


def _attributes(stem: str, table: dict[str, dict[str, Any]]) -> Iterator[Attribute]:
    for id, entry in table.items():
        units = tuple(entry.get("units", ()))
        scored = "range" in entry and not units
        yield Attribute(
            id=id,
            kind=entry.get("kind", MEASURES[stem]),
            aliases=tuple(entry.get("aliases", ())),
            abbreviations=tuple(entry.get("abbreviations", ())),
            loinc=entry.get("loinc"),
            units=("{score}",) if scored else units,
            assumed=tuple(entry.get("assumed", ("{score}",) if scored else units)),
            plausible=tuple(entry["plausible"]) if "plausible" in entry else None,
            molar_mass=entry.get("molar_mass"),
            valence=entry.get("valence", 1),
            levels=tuple(entry.get("levels", ())),
            written=tuple(entry.get("written", {}).items()),
            worse=entry.get("worse", "high"),
            closed=entry.get("closed", True),
            range=tuple(entry["range"]) if "range" in entry else None,
            standalone=entry.get("standalone", False),
            items=entry.get("items", False),
            of=tuple(entry.get("of", ())),
            stated=entry.get("stated", False),
            sister=entry.get("sister"),
            predicted=entry.get("predicted"),
            beside=tuple(entry.get("beside", ())),
            graded=entry.get("graded"),
        )


def _phrases(entries: dict[str, dict[str, dict[str, Any]]]) -> Iterator[Phrase]:
    for stem in (*MEASURES, *MENTIONS, *PHRASES):
        group = "measure" if stem in MEASURES else "mention" if stem in MENTIONS else stem
        for id, entry in entries.get(stem, {}).items():
            if stem == "frames" and entry["kind"] not in ("lead", "head"):
                continue  # modifiers, sites and bounds are looked up word by word
            group = "tests" if entry.get("test") else group
            for alias in entry.get("aliases", ()):
                yield from (Phrase(text, group, id, False) for text in _variants(alias))
            for short in entry.get("abbreviations", ()):
                yield Phrase(short, group, id, True)
            group = "mention" if stem in MENTIONS else group
    for sign, entry in entries.get("comparators", {}).items():
        for place in ("before", "after", "around"):
            yield from (Phrase(words, "comparators", f"{sign} {place}", False) for words in entry.get(place, ()))
    for id, entry in entries.get("windows", {}).items():
        for place in ("before", "after"):
            yield from (Phrase(words, "windows", f"{id} {place}", False) for words in entry.get(place, ()))


def _variants(alias: str) -> tuple[str, ...]:
    """Hyphens are written or not, apostrophes straight or curly.

    >>> _variants("Child-Pugh")
    ('Child-Pugh', 'Child Pugh')
    >>> _variants("er-")
    ('er-',)
    """
    forms = [alias, alias[:-1].replace("-", " ") + alias[-1:]]
    forms += [form.replace("'", "\u2019") for form in forms]
    return tuple(dict.fromkeys(forms))


def _examples(entries: dict[str, dict[str, dict[str, Any]]]) -> Iterator[Example]:
    for stem, table in entries.items():
        for id, entry in table.items():
            for expected, texts in entry.get("examples", {}).items():
                for text in [texts] if isinstance(texts, str) else texts:
                    yield Example(stem, id, expected, text)
