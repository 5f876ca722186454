"""The command that tells people what changed: notify."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from dashboard.commands.arguments import read_settings
from dashboard.commands.ending import FAILED, printable, say
from dashboard.tables import tables_of


def notify(
    channels: Annotated[
        list[str] | None,
        typer.Option("--channel", metavar="NAME", help="Only this channel: smtp, webhook or file; may be repeated."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent and asked, and why not; send and write nothing.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="An object, for programs, with sentences in both languages.")
    ] = False,
) -> None:
    """Write to the owners of models whose colour changed, once each, and ask for the retraining that is due.

    It follows 'vigie evaluate'. It may be stopped at any moment and run again, and twice at once. What could not be
    sent or asked for is tried again by the next run; the exit code is 1 then.

    Example: vigie notify --dry-run
    """
    from dashboard.alerts.chosen import check_ready, chosen_channels
    from dashboard.alerts.notify import notify as run_once
    from dashboard.commands.notify_told import faults, lines, plain

    settings = read_settings()
    chosen = chosen_channels(settings, channels or ())
    if not dry_run:
        check_ready(settings, chosen)
    run = run_once(tables_of(settings), settings, chosen, say, dry_run=dry_run)
    if as_json:
        print(json.dumps(plain(run), ensure_ascii=False, indent=2))
    else:
        for line in lines(run):
            print(printable(line), flush=True)
    if dry_run and not chosen:
        say("No channel is set: this is what one that nothing was ever sent by would send. Set VIGIE_CHANNELS.")
    for fault in faults(run):
        say(fault)
    if run.went_wrong:
        raise typer.Exit(FAILED)
