"""The command `trialcriteria`; the only place that prints.

Everything slow is imported inside the commands, so that `--help` is instant. Exit codes: 0 clean, 2 the call is wrong
or nothing could be read, 3 more records were quarantined than allowed, 130 stopped from the keyboard
or by a request to end.
"""

from collections.abc import Sequence
from typing import Annotated

import typer

from trialcriteria.cli.extracting import extract
from trialcriteria.cli.lexicons import lexicon_check, lexicon_list, lexicon_show
from trialcriteria.cli.looking import doctor, explain, query, review, schema
from trialcriteria.cli.measuring import annotate, evaluate

app = typer.Typer(
    help="Reads the eligibility criteria of clinical trials into tables.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
lexicon_app = typer.Typer(help="What trials say, as data: list, show and check lexicon entries.", no_args_is_help=True)
app.add_typer(lexicon_app, name="lexicon")

app.command(epilog="Example: trialcriteria extract studies.json -o tables --workers 2")(extract)
app.command(epilog='Example: trialcriteria explain "ANC ≥ 1.5 x 10^9/L"')(explain)
app.command(epilog="Example: trialcriteria review tables -o review.html")(review)
app.command(epilog="Example: trialcriteria evaluate annotations/gold --split dev --errors 20")(evaluate)
app.command(epilog="Example: trialcriteria annotate studies.json -o batch --tool brat")(annotate)
app.command(
    epilog="Example: trialcriteria query tables "
    "\"select trial_id, operator, low, unit from eligible_limits where attribute = 'platelets'\""
)(query)
app.command(epilog="Example: trialcriteria schema --table constraints")(schema)
app.command()(doctor)
lexicon_app.command("list")(lexicon_list)
lexicon_app.command("show")(lexicon_show)
lexicon_app.command("check")(lexicon_check)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        import trialcriteria

        typer.echo(trialcriteria.__version__)
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command with `arguments` (those of the process if none are given)."""
    app(args=arguments, prog_name="trialcriteria")
