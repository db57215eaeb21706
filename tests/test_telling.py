"""Telling words: where none of them stands, the expression stands nowhere."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import trialcriteria
from trialcriteria import lexicon
from trialcriteria.components.telling import Sought

TEXTS = [
    text
    for entries in lexicon.load().entries.values()
    for entry in entries.values()
    for texts in entry.get("examples", {}).values()
    for text in texts
]


def expressions() -> Iterator[tuple[str, Sought]]:
    """Every expression of the package that is looked for by its telling words."""
    for module in pkgutil.walk_packages(trialcriteria.__path__, "trialcriteria."):
        if ".spark" not in module.name and ".__main__" not in module.name:
            for name, value in vars(importlib.import_module(module.name)).items():
                for place, one in enumerate(value if isinstance(value, tuple) else (value,)):
                    if isinstance(one, Sought):
                        yield f"{module.name}.{name}.{place}", one


@pytest.mark.parametrize(("name", "expression"), list(expressions()))
def test_an_expression_stands_nowhere_without_its_telling_words(name: str, expression: Sought) -> None:
    """What is not searched for in any example of the lexicon is not there either, but for what begins in a word."""
    unsearched = [text for text in TEXTS if not expression.may_stand_in(text)]
    found = [match for text in unsearched for match in expression.plain.finditer(text)]
    assert [match for match in found if not match.string[: match.start()][-1:].isalpha()] == [], name
