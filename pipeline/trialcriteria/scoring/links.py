"""Whether two matched rows hang together with others in the same way: targets, exceptions and groups."""

import re
from collections.abc import Mapping

from trialcriteria.records import Constraint, Mention

Row = Constraint | Mention
Partners = Mapping[str, set[str]]  # id of a gold row -> ids of the read rows it was matched to


def same_links(
    gold: Constraint, read: Constraint, partners: Partners, gold_rows: Mapping[str, Row], read_rows: Mapping[str, Row]
) -> bool:
    """Every link of the gold row leads to the partner of where it leads in the gold, and there is no other."""
    return (
        _same_rows(set(gold.targets), set(read.targets), partners)
        and _same_rows(_one(gold.exception_to), _one(read.exception_to), partners)
        and _same_groups(gold, read, partners, gold_rows, read_rows)
    )


def _one(name: str | None) -> set[str]:
    return {name} if name else set()


def _same_rows(gold: set[str], read: set[str], partners: Partners) -> bool:
    """Each gold row has a partner among the read rows, and each of these is the partner of one of the gold rows."""
    matched = [partners.get(name, set()) & read for name in gold]
    return all(matched) and set().union(*matched) == read


def _same_groups(
    gold: Row, read: Row, partners: Partners, gold_rows: Mapping[str, Row], read_rows: Mapping[str, Row]
) -> bool:
    """Group by group from the outermost: the same word (any, all, at least n) over the same rows."""
    ours, theirs = _groups(gold, gold_rows), _groups(read, read_rows)
    return len(ours) == len(theirs) and all(
        word == other and _same_rows(members, others, partners)
        for (word, members), (other, others) in zip(ours, theirs, strict=True)
    )


def _groups(row: Row, rows: Mapping[str, Row]) -> list[tuple[str, set[str]]]:
    """(word, ids of the rows in it) of each group that a row is in.

    >>> said = Mention(*(None,) * len(Mention._fields))._replace(criterion_id="I1", group="any1/at_least2_1")
    >>> _groups(said, {"I1m1": said})
    [('any', {'I1m1'}), ('at_least2', {'I1m1'})]
    """
    parts = row.group.split("/") if row.group else []
    out = []
    for depth, part in enumerate(parts):
        path = "/".join(parts[: depth + 1])
        members = {
            name
            for name, other in rows.items()
            if other.criterion_id == row.criterion_id and f"{other.group or ''}/".startswith(f"{path}/")
        }
        word, _, _ = (
            part.rpartition("_") if "_" in part.removeprefix("at_least") else (re.sub(r"\d+$", "", part), "", "")
        )
        out.append((word, members))
    return out
