"""The command line: ``vigie``."""

from __future__ import annotations

import sys
from typing import Annotated, Final

import typer

from dashboard.commands import (
    check,
    deliver,
    digest,
    explain,
    guard,
    incidents,
    init,
    look,
    notify,
    performance,
    policy,
    report,
    retrain,
    run,
)
from dashboard.commands.ending import Ending
from qod.warehouse.purpose import purpose

MAP: Final = """\
Vigie watches batch machine-learning models: which are green, amber, red or grey, and why.

The way of a batch:

  once    vigie register churn.toml                        who owns the model, how often it runs
          vigie reference churn v3 train.parquet           bins frozen from the training rows
  daily   vigie batch churn v3 2026-11-19 scored.parquet   the batch counted in those bins
  later   vigie outcomes churn truth.csv --id ID --outcome COL
  then    vigie evaluate                                   measures, findings and colours
          vigie notify                                     the owners told what changed
          vigie status, vigie serve                        the answer, here or as pages

To see it first: vigie demo.  Every command explains itself: vigie COMMAND --help."""

app: Final = typer.Typer(
    cls=Ending,
    name="vigie",
    add_completion=False,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.callback()
def vigie(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version of Vigie.")] = False,
) -> None:
    """Watch batch machine-learning models: drift, data quality and performance, as colours with reasons.

    Run vigie alone for the way of a batch.
    """
    if context.invoked_subcommand is not None:
        context.with_resource(purpose("command", context.invoked_subcommand))
    if version:
        print(f"vigie {_version()}")
    elif context.invoked_subcommand is None:
        print(MAP)


_GROUPS: Final = {
    "Bring in": (deliver.register, deliver.reference, deliver.batch, deliver.history, deliver.outcomes),
    "Evaluate": (run.evaluate,),
    "Tell": (notify.notify, digest.digest),
    "Look": (
        look.status,
        incidents.incidents,
        explain.explain,
        guard.guard,
        performance.performance,
        look.measures,
        look.deliveries,
        report.report,
        run.serve,
    ),
    "Keep in order": (init.init, check.check, look.settings),
    "Try out": (run.demo,),
}

for _panel, _commands in _GROUPS.items():
    for _command in _commands:
        app.command(rich_help_panel=_panel)(_command)

app.add_typer(policy.app, rich_help_panel="Look")
app.add_typer(retrain.app, rich_help_panel="Tell")


def main() -> None:
    """The console script. Text that the terminal has no letters for is escaped, never an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    app()


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("vigie")
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    main()
