"""How often trials use the constructs that readers of criteria get wrong: in our gold, and in any registry file.

`python annotations/constructs.py [FILE.json]` prints, for each construct, the share of trials that use it at least
once and the uses per trial, in the gold texts and (if given) in a file of registry records. The expressions are rough
on purpose: the same rough expression counts on both sides, and only the two numbers beside each other mean anything.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent


def constructs(path: Path = HERE / "constructs.toml") -> dict[str, str]:
    """construct -> expression, with the parts put in."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    expressions: dict[str, str] = table["constructs"]
    for part in ("RANGE", "TIME", "SIGN", "NUMBER"):
        expressions = {name: e.replace(f"{{{part}}}", table["parts"][part]) for name, e in expressions.items()}
    return expressions


def shares(texts: Iterable[str]) -> dict[str, tuple[float, float]]:
    """construct -> (share of texts that use it, uses per text).

    >>> shares(["ALT <= 3 x ULN", "adults"])["ULN multiple"]
    (0.5, 0.5)
    """
    texts = list(texts)
    counts = {name: [len(re.findall(pattern, text)) for text in texts] for name, pattern in constructs().items()}
    return {name: (sum(map(bool, n)) / len(n), sum(n) / len(n)) for name, n in counts.items()}


def registry_texts(path: Path) -> list[str]:
    """The eligibility texts of an API v2 array."""
    modules = (
        record["protocolSection"]["eligibilityModule"] for record in json.loads(path.read_text(encoding="utf-8"))
    )
    return [module["eligibilityCriteria"] for module in modules if module.get("eligibilityCriteria")]


def gold_texts(folder: Path = HERE / "source") -> list[str]:
    """The texts of our gold."""
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]


def main() -> None:
    """Print the table."""
    columns = [shares(gold_texts()), *(shares(registry_texts(Path(name))) for name in sys.argv[1:])]
    for name in columns[0]:
        cells = (f"{100 * column[name][0]:.0f} % | {column[name][1]:.1f}" for column in columns)
        sys.stdout.write(f"| {name} | {' | '.join(cells)} |\n")


if __name__ == "__main__":
    main()
