"""The command that shows what several models, or several variables of one, have in common: incidents."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from dashboard.commands.arguments import day, open_tables, read_settings
from dashboard.commands.ending import printable, say
from dashboard.commands.terminal import colour_word, empty_table, print_table

if TYPE_CHECKING:
    from rich.table import Table

    from dashboard.incidents import Incident
    from dashboard.text import Language
    from qod.warehouse import Warehouse

DAYS: Final = 30
"""Days before the fleet's newest batch that are looked at when no day is named."""


def incidents(
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="Of batches from this day on; else of the last 30 days."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="A list of objects, for programs, in both languages.")
    ] = False,
) -> None:
    """List the incidents of the fleet, newest first: one variable that broke or moved in several models on the same
    day, or several variables of one model that broke the same way together.

    It tells what the last evaluation found. Last is the newest batch that shows it.

    Example: vigie incidents --since 2026-11-01
    """
    from dashboard import incidents as fleet

    settings, warehouse = read_settings(), open_tables()
    models = warehouse.query("fleet").to_pylist()
    names = {row["model_id"]: row["name"] for row in models}
    newest = max((row["batch_date"] for row in models if row["batch_date"] is not None), default=None)
    first = day(since) if since else newest and newest - timedelta(days=DAYS)
    found = fleet.incidents(_findings(warehouse, first, newest)) if first and newest else []
    if as_json:
        print(json.dumps([_plain(one, names) for one in found], ensure_ascii=False, indent=2))
    elif found:
        print_table(_table(found, names, settings.language))
    else:
        say("No incident." if newest else "Nothing is evaluated yet: run 'vigie evaluate'.")


def _findings(warehouse: Warehouse, first: date, last: date) -> list[Any]:
    from dashboard.incidents import from_rows

    days = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    return from_rows(warehouse.query("fleet_findings", days=days).to_pylist())


def _plain(incident: Incident, names: dict[str, str]) -> dict[str, Any]:
    from dashboard.incidents import sentence

    text = sentence(incident, names)
    return {
        "id": incident.id,
        "kind": incident.kind,
        "colour": incident.colour,
        "since": incident.since.isoformat(),
        "last": incident.last.isoformat(),
        "models": list(incident.models),
        "variables": list(incident.variables),
        "rules": list(incident.rules),
        "sentence_en": text.en,
        "sentence_fr": text.fr,
    }


def _table(found: list[Incident], names: dict[str, str], language: Language) -> Table:
    from rich.text import Text

    from dashboard.incidents import sentence

    table = empty_table(("colour", "since", "last", "models", "variables", "what"))
    for one in found:
        numbers = (f"{len(one.models):,}", f"{len(one.variables):,}")
        cells = (one.since.isoformat(), one.last.isoformat(), *numbers, printable(sentence(one, names)[language]))
        table.add_row(colour_word(one.colour, one.colour), *(Text(cell) for cell in cells))
    return table
