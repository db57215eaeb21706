"""`evaluate` and `annotate`: readings against annotated trials, and batches for annotation tools."""

from pathlib import Path
from typing import Annotated

import typer

from trialcriteria.cli.options import InputFormat, Lexicons, Split, Tool
from trialcriteria.cli.terminal import fail, show, trouble


def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Annotated trials: a file, a folder, a brat corpus.")],
    run: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Score this folder of tables; else the texts are read now.")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Show what changed since this run, which `-o` kept.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT", help="Write scores, errors and the run there.")
    ] = None,
    split: Annotated[Split | None, typer.Option(help="Only one part of the gold.")] = None,
    errors: Annotated[int, typer.Option(min=0, help="Show the first so many errors.")] = 0,
    unseal: Annotated[bool, typer.Option("--unseal", help="Open errors that are sealed; it is logged.")] = False,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of the bootstrap over trials.")] = 1_000,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 0,
    lexicon: Lexicons = None,
) -> None:
    """Score readings against annotated trials: by field, kind and layout, with intervals and an error list."""
    from itertools import chain, islice

    from trialcriteria import evaluation, screen

    with trouble():
        whole = evaluation.read_gold(gold)
        chosen = whole.only(split.value) if split else whole
        read, before = (
            evaluation.read_run(folder, chosen.trials, whole.trials) if folder else None for folder in (run, compare)
        )
        if read is None:
            read = evaluation.read_here(chosen.trials, lexicon or ())
        results = evaluation.evaluate(chosen, read, before, rounds, seed)
        sealed = any(result.sealed for result in results)
        if unseal and sealed:
            typer.echo(f"logged in {evaluation.log_unsealing(gold)}", err=True)
        opened = [result for result in results if unseal or not result.sealed]
        if errors and not opened:
            fail("the errors of this part are sealed, so that rules are not fitted to them; --unseal logs a look")
        for remark in chosen.remarks:
            typer.echo(remark, err=True)
        for result in results:
            show(*screen.scores(result))
        if errors:
            listed = chain.from_iterable(result.errors() for result in opened)
            show("", *(screen.error_lines(error) for error in islice(listed, errors)))
        if out:
            evaluation.write(results, read, out, unseal)
            typer.echo(f"written to {out}", err=True)


def annotate(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT", help="Registry files; with --gold, corrected batches.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT", help="Write a batch there, pre-annotated.")
    ] = None,
    gold: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Take a corrected batch, or a brat corpus, back as this gold.")
    ] = None,
    tool: Annotated[Tool, typer.Option(help="Annotation tool that the batch is for.")] = Tool.label_studio,
    annotator: Annotated[str | None, typer.Option(metavar="NAME", help="Who corrected the batch.")] = None,
    input_format: InputFormat = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after so many trials.")] = None,
    lexicon: Lexicons = None,
) -> None:
    """Make a pre-annotated batch for an annotation tool, or take the corrected one back as gold."""
    from trialcriteria import annotations, batch, screen
    from trialcriteria.annotations import batches, exchange
    from trialcriteria.manifest import versions
    from trialcriteria.workers import Settings

    with trouble():
        if (out is None) == (gold is None):
            fail("say either -o OUT, to make a batch, or --gold FILE, to take one back")
        if out:
            job = batch.Job(tuple(inputs), input_format, limit=limit, settings=Settings(tuple(lexicon or ())))
            batch.prepare(batch.Output(out))
            found = batches.propose(job)
            for fault in found.faults:
                typer.echo(f"not in the batch: {screen.fault_line(fault)}", err=True)
            if not found.trials:
                fail("nothing could be read")
            paths = exchange.write(found.trials, out, tool.value, versions()["trialcriteria"])
            typer.echo(f"{len(found.trials):,} trials, pre-annotated: {', '.join(map(str, paths))}")
        elif gold:
            if gold.exists():
                fail(f"{gold}: is there already, and gold is not overwritten; name a new file")
            taken = exchange.take([Path(source) for source in inputs], annotator)
            for remark in taken.remarks:
                typer.echo(remark, err=True)
            annotations.write(taken.trials, gold)
            rows = sum(len(trial.constraints) + len(trial.mentions) for trial in taken.trials)
            typer.echo(f"{gold}: {len(taken.trials):,} trials, {rows:,} rows")
