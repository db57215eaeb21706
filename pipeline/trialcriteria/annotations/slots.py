"""Which slots a region has, by its label: the stated columns of its table, with their types and closed sets."""

from functools import cache
from typing import NamedTuple

from trialcriteria import tables
from trialcriteria.annotations.files import ROWS, UNSTATED
from trialcriteria.annotations.regions import PLACED, TABLE


class Slot(NamedTuple):
    """A column that an annotator fills."""

    name: str
    type: str  # str, int, float, bool, list
    nullable: bool
    values: tuple[str | bool, ...]  # of a closed set
    meaning: str


@cache
def slots_of(label: str) -> tuple[Slot, ...]:
    """The slots of a region with this label; none of the words of an attribute, nor of an unknown label.

    >>> [slot.name for slot in slots_of("numeral")]
    ['criterion_id', 'reason']
    """
    table = TABLE.get(label)
    if table is None:
        return ()
    stated = [name for name in ROWS[table]._fields if name not in UNSTATED[table]]  # type: ignore[attr-defined]
    return tuple(
        Slot(column.name, column.type, column.nullable, _values(column), column.meaning)
        for column in tables.layout(table)
        if column.name in stated and column.name not in PLACED
    )


def _values(column: tables.Column) -> tuple[str | bool, ...]:
    return (True, False) if column.type == "bool" else column.values
