"""The command that tells managers how their models fared: digest."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.arguments import read_settings
from dashboard.commands.ending import FAILED, printable, say
from dashboard.tables import tables_of

if TYPE_CHECKING:
    from dashboard.alerts.digests.window import Window


def digest(
    team: Annotated[
        str | None, typer.Option("--team", metavar="TEAM", help="Of the models of this team; else of every team.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DATE",
            help="From this day to yesterday; or so many days up to yesterday, as 7d; or month: from the first of this "
            "month. Else 7d.",
        ),
    ] = None,
    every: Annotated[
        str | None, typer.Option("--every", metavar="week|month", help="The last week or month that is over.")
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="ADDRESS", help="Send it to this mail address; may be repeated. Else it prints."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print it, and say to whom it would go; send and write nothing.")
    ] = False,
) -> None:
    """Tell how the models fared in some days: how many have which colour and how that changed, what turned red, what
    stays red, what recovered, and what has no data.

    Days are whole ones, UTC, and over. It goes out by the channels set (VIGIE_CHANNELS), once to each address for the
    same team and days, however often it is run; the exit code is 1 where it could not be sent.

    Example: vigie digest --team "Base care" --every week --to head-of-care@example.org
    """
    from dashboard.alerts.chosen import check_ready, chosen_channels
    from dashboard.alerts.digests.letter import digest_content
    from dashboard.alerts.digests.read import read_digest
    from dashboard.alerts.digests.send import send_digest
    from dashboard.alerts.digests.words import EMPTY
    from dashboard.alerts.writing.addresses import Addresses
    from dashboard.alerts.writing.plain import plain

    settings, window = read_settings(), _window(since, every, datetime.now(UTC).date())
    addresses, channels = [_address(one) for one in to or ()], chosen_channels(settings)
    if addresses and not dry_run:
        check_ready(settings, channels)
    warehouse = tables_of(settings)
    found = read_digest(warehouse, window, settings, team)
    if not found.teams:
        say(EMPTY[settings.language])
        return
    if dry_run or not addresses:
        for line in plain(digest_content(found, Addresses(settings.public_url), settings.language)).splitlines():
            print(printable(line))
        for address in dict.fromkeys(addresses):
            by = ", ".join(channel.key for channel in channels) or "no channel: set VIGIE_CHANNELS"
            say(f"Would go to {printable(address)} ({by}).")
        return
    failed = False
    for one in send_digest(warehouse, found, settings, channels, addresses, say):
        told = f"{printable(one.to)} ({one.channel})"
        if one.outcome is None:
            print(f"Sent before: {told}.", flush=True)
        elif one.outcome.state == "sent":
            print(f"Sent: {told}.", flush=True)
        else:
            failed = True
            say(f"Not sent: {told}. {printable(one.outcome.reason)}")
    if failed:
        raise typer.Exit(FAILED)


def _window(since: str | None, every: str | None, today: date) -> Window:
    from dashboard.alerts.digests.window import last_full, read_window

    if since is not None and every is not None:
        raise typer.BadParameter("it says the same as --since, another way: give one of them.", param_hint="'--every'")
    if every is not None:
        if every not in ("week", "month"):
            raise typer.BadParameter(f"{every!r} is neither week nor month.", param_hint="'--every'")
        return last_full("week" if every == "week" else "month", today)
    return read_window(since or "7d", today)


def _address(text: str) -> str:
    from dashboard.alerts.mail.address import spelt

    text = text.strip()
    if not spelt(text):
        raise typer.BadParameter(
            f"{printable(text)} is no mail address; write it as head@example.org.", param_hint="'--to'"
        )
    return text
