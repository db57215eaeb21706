"""Words for the terminal: what is shown, and what goes wrong as a message and an exit code."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

NOTHING_READ = 2
TOO_MANY_QUARANTINED = 3
STOPPED = 130
UNWRAPPED = 10_000


@contextmanager
def trouble() -> Iterator[None]:
    """Turn what goes wrong into a message and an exit code; a traceback only where TRIALCRITERIA_DEBUG is set."""
    from trialcriteria.annotations import GoldError
    from trialcriteria.batch import CallError
    from trialcriteria.lexicon import LexiconError
    from trialcriteria.workers import WorkersError

    try:
        yield
    except (CallError, GoldError, LexiconError, WorkersError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or 'a file'}: {error.strerror or error}")
    except Exception as error:
        if "TRIALCRITERIA_DEBUG" in os.environ or isinstance(error, typer.Exit | typer.Abort):
            raise
        fail(f"{type(error).__name__}: {error}. This is a fault of ours; TRIALCRITERIA_DEBUG=1 shows where.")


def fail(message: str) -> NoReturn:
    """End the command with a message on standard error."""
    typer.echo(f"trialcriteria: {message}", err=True)
    raise typer.Exit(NOTHING_READ)


def console(stderr: bool = False) -> "Console":
    """The terminal as rich sees it; nothing in our words is markup."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False)


def show(*what: "RenderableType") -> None:
    """Print to standard output: a terminal gets lines that fit it, a pipe or a file gets them whole."""
    terminal = console()
    if terminal.is_terminal:
        terminal.print(*what, sep="\n")
        return
    terminal.width = UNWRAPPED
    with terminal.capture() as capture:
        terminal.print(*what, sep="\n")
    typer.echo("\n".join(line.rstrip() for line in capture.get().splitlines()).rstrip("\n"))
