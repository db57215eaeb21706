"""What UCUM codes are worth: amounts from one unit into another.

    >>> convert(1500, "/uL", "10*9/L")
    1.5

Prefixes and atoms come from `lexicon/units.toml`. Factors are exact fractions until a pair of units is first used;
after that a conversion is one look-up. (pint would cost 100 µs and takes K/uL for kelvin; it is the oracle in tests.)
"""

import re
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

DATA: dict[str, Any] = tomllib.loads((Path(__file__).parent / "lexicon" / "units.toml").read_text(encoding="utf-8"))
ATOMS: dict[str, dict[str, Any]] = DATA["atoms"]
PREFIXES: dict[str, dict[str, Any]] = DATA["prefixes"]

_FACTOR = re.compile(r"([./]?)(10\*\d+|(?:\{[^}]*\}|\[[^\]]*\]|[A-Za-z%])+|\d+)([+-]?\d+)?")
_SEVERAL = re.compile(r"/\((\d+)\.([\w\[\]]+)\)")
_TEMPERATURES = {
    "Cel": (Fraction(1), Fraction("273.15")),
    "[degF]": (Fraction(5, 9), Fraction("459.67")),
    "K": (Fraction(1), Fraction(0)),
}
_PLAIN = {code for code, atom in ATOMS.items() if atom.get("plain")}


class _Measure(NamedTuple):
    """A parsed code: its factor, its base units with their powers, and what is counted."""

    factor: Fraction
    dimension: tuple[tuple[str, int], ...]
    counted: str


_MEASURES: dict[str, _Measure | None] = {}
_RATIOS: dict[tuple[str, str, float | None, int], tuple[float, float] | None] = {}


def convert(value: float, unit: str, to: str, *, molar_mass: float | None = None, valence: int = 1) -> float | None:
    """`value` in another unit, or None where the dimensions do not meet.

    A molar mass (g/mol) joins mass and amount of substance, the valence amount and equivalents.

    >>> convert(2, "mg/dL", "umol/L", molar_mass=113.12), convert(101.3, "[degF]", "Cel"), convert(9, "g/dL", "mmol/L")
    (176.803394625, 38.5, None)
    """
    if unit == to:
        return value
    key = (unit, to, molar_mass, valence)
    if key not in _RATIOS:
        _RATIOS[key] = _ratio(unit, to, molar_mass, valence)
    ratio = _RATIOS[key]
    if ratio is None:
        return None
    return float(f"{value * ratio[0] + ratio[1]:.12g}")  # 0.07 g/L is 7 mg/dL, not 7.000000000000001


def dimension(unit: str) -> tuple[tuple[str, int], ...] | None:
    """The base units of a code with their powers, equal for codes that convert into each other; None if unknown.

    >>> dimension("mL/min") == dimension("L/d"), dimension("mm[Hg]"), dimension("%"), dimension("furlong")
    (True, (('g', 1), ('m', -1), ('s', -2)), (), None)
    """
    if unit in _TEMPERATURES:
        return (("K", 1),)
    measure = _measure(unit)
    return measure.dimension if measure else None


def is_time(unit: str | None) -> bool:
    """Whether a code measures time: days and years do, half-lives (which depend on the drug) do not.

    >>> is_time("wk"), is_time("{half_life}"), is_time("mg/d"), is_time(None)
    (True, False, False, False)
    """
    return unit is not None and dimension(unit) == (("s", 1),)


def _ratio(unit: str, to: str, molar_mass: float | None, valence: int) -> tuple[float, float] | None:
    """(factor, offset) from one unit to the other."""
    if unit in _TEMPERATURES and to in _TEMPERATURES:
        (here, zero), (there, other) = _TEMPERATURES[unit], _TEMPERATURES[to]
        return float(here / there), float(zero * here / there - other)
    source, target = _measure(unit), _measure(to)
    if not source or not target or (source.counted and target.counted and source.counted != target.counted):
        return None
    bridge = _bridge(dict(source.dimension), dict(target.dimension), molar_mass, valence)
    return None if bridge is None else (float(source.factor / target.factor * bridge), 0.0)


def _bridge(source: dict[str, int], target: dict[str, int], molar_mass: float | None, valence: int) -> Fraction | None:
    """The factor between mass, moles and equivalents; 1 where all dimensions agree, None where they cannot meet."""
    substances = {"mol": Fraction(1), "eq": Fraction(1, valence)}  # one of each, in mol
    if molar_mass:
        substances["g"] = 1 / Fraction(str(molar_mass))
    moved = {name: source.get(name, 0) - target.get(name, 0) for name in source.keys() | target.keys()}
    moved = {name: power for name, power in moved.items() if power}
    if moved.keys() - substances.keys() or sum(moved.values()):
        return None
    factor = Fraction(1)
    for name, power in moved.items():
        factor *= substances[name] ** power
    return factor


def _measure(unit: str) -> _Measure | None:
    if unit not in _MEASURES:
        _MEASURES[unit] = _parse(unit)
    return _MEASURES[unit]


def _parse(unit: str) -> _Measure | None:
    """A whole UCUM code, read left to right."""
    factor, powers, counted, at = Fraction(1), dict[str, int](), "", 0
    unit = _SEVERAL.sub(r"/\1/\2", unit)  # mg/(3.wk)
    while at < len(unit):
        found = _FACTOR.match(unit, at)
        if not found or ((at > 0) != bool(found[1]) and found[1] != "/"):
            return None
        atom = _atom(found[2])
        if atom is None:
            return None
        power = int(found[3] or 1) * (-1 if found[1] == "/" else 1)
        factor *= atom.factor**power
        counted += atom.counted
        for name, exponent in atom.dimension:
            powers[name] = powers.get(name, 0) + exponent * power
        at = found.end()
    dimension = {name: power for name, power in powers.items() if power}
    if dimension == {"IU": 1, "m": -3}:
        dimension = {"U": 1, "m": -3}  # laboratories print enzyme activity in either
    if unit.count("mol") > 1:
        dimension = {"mol/mol": 1}  # HbA1c in mmol/mol is no percentage in disguise: 53 mmol/mol is 7 %, not 5.3 %
    return _Measure(factor, tuple(sorted(dimension.items())), counted)


def _atom(code: str) -> _Measure | None:
    if code.startswith("10*"):
        return _Measure(Fraction(10) ** int(code[3:]), (), "")
    if code.isdigit():
        return _Measure(Fraction(code), (), "")
    if code in _PLAIN:
        return _Measure(Fraction(1), (), code)
    entry = ATOMS.get(code)
    if entry and "worth" in entry:
        return _Measure(Fraction(entry["worth"]), tuple(entry["dimension"].items()), "")
    if entry or (code[0] == "{" and code[-1] == "}"):
        return None if code in _TEMPERATURES else _Measure(Fraction(1), ((code, 1),), "")
    stem = ATOMS.get(code[1:])
    if stem and "worth" in stem and code[0] in stem.get("prefixes", ()):
        factor = Fraction(PREFIXES[code[0]]["worth"]) * Fraction(stem["worth"])
        return _Measure(factor, tuple(stem["dimension"].items()), "")
    return None
