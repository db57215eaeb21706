"""`lexicon list`, `show` and `check`: the lexicon, and files that extend it."""

from pathlib import Path
from typing import Annotated

import typer

from trialcriteria.cli.options import Lexicons
from trialcriteria.cli.terminal import fail, trouble


def lexicon_list(
    file: Annotated[str | None, typer.Argument(metavar="[KIND]", help="Only this kind, such as labs.")] = None,
    lexicon: Lexicons = None,
) -> None:
    """List the entries of the lexicon, a line for each kind."""
    from trialcriteria import lexicon as lexicons

    with trouble():
        entries = lexicons.load(lexicon or ()).entries
        if file is not None and file not in entries:
            fail(f"{file}: no such kind of entry; the kinds are {', '.join(entries)}")
        for name in [file] if file else entries:
            typer.echo(f"{name} ({len(entries[name])}): {', '.join(entries[name])}")


def lexicon_show(
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="An id, such as platelets.")],
    lexicon: Lexicons = None,
) -> None:
    """Show an entry as it stands in the lexicon, with its examples."""
    import difflib
    import json

    from trialcriteria import lexicon as lexicons

    with trouble():
        entries = lexicons.load(lexicon or ()).entries
        found = [(kind, table[entry]) for kind, table in entries.items() if entry in table]
        if not found:
            near = difflib.get_close_matches(entry, [name for table in entries.values() for name in table], 3)
            fail(f"{entry}: no such entry; " + (f"near it: {', '.join(near)}" if near else "see `lexicon list`"))
        for kind, content in found:
            typer.echo(f"[{kind}.{entry}]")
            for key, value in content.items():
                typer.echo(f"{key} = {json.dumps(value, ensure_ascii=False)}")


def lexicon_check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Lexicon files of yours.")],
) -> None:
    """Check lexicon files: entry, fault and the nearest right word."""
    from trialcriteria import lexicon as lexicons

    with trouble():
        faults = [fault for path in files for fault in lexicons.check(path)]
        if faults:
            fail("\n".join(faults))
        typer.echo(f"{', '.join(map(str, files))}: no fault found")
