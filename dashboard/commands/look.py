"""The commands that show something: status, measures, deliveries, settings. They change nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from dashboard.commands.arguments import Model, known_model, read_settings
from dashboard.commands.drift import COLUMNS as DRIFT_COLUMNS
from dashboard.commands.drift import Against, drift_of_batch
from dashboard.commands.ending import printable, say
from dashboard.commands.output import DataFormat, TableFormat, write_csv, write_json
from dashboard.commands.terminal import colour_word, empty_table, plain_table, print_table, width
from dashboard.commands.words import COLOURS, HEADS, heads
from dashboard.tables import tables_of

if TYPE_CHECKING:
    from rich.table import Table

    from dashboard.text import Language
    from qod.warehouse import Delivery

FAMILIES: Final = ("drift", "quality", "performance", "freshness")
_WIDE: Final = 140


def status(
    format: Annotated[
        TableFormat, typer.Option("--format", help="A table for people; json (a list of objects) or csv for programs.")
    ] = TableFormat.table,
    language: Annotated[
        str | None, typer.Option("--language", metavar="en|fr", help="The language of the table and its headlines.")
    ] = None,
) -> None:
    """Show the colour of every model, and why.

    A model that was never evaluated is grey, and its headline says what is missing.

    Example: vigie status --format json
    """
    from dashboard.status import COLUMNS, fleet_status, outdated
    from dashboard.text import LANGUAGES

    settings = read_settings()
    speech = next((known for known in LANGUAGES if known == language), None)
    if language is not None and speech is None:
        raise typer.BadParameter(f"{language!r} is no language of Vigie; there are {' and '.join(LANGUAGES)}.")
    warehouse = tables_of(settings)
    speech = speech or settings.language
    rows = fleet_status(warehouse, speech)
    values = [[row[name] for name in COLUMNS] for row in rows]
    if format == TableFormat.csv:
        write_csv(COLUMNS, values)
    elif format == TableFormat.json:
        write_json(COLUMNS, values)
    elif rows:
        print_table(_status_table(rows, width(), speech))
        if (note := outdated(warehouse)) is not None:
            say(f"Note: {note}")
    if not rows and format == TableFormat.table:
        say(f"No model is registered in {settings.warehouse!r}: run 'vigie register MODEL.toml', or 'vigie demo'.")


def measures(
    model: Model,
    batch: Annotated[str | None, typer.Option("--batch", metavar="ID", help="Of this batch or cohort only.")] = None,
    version: Annotated[
        str | None, typer.Option("--version", metavar="VERSION", help="Of this version of the model only.")
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="Every drift measure of the batch, from its counts: also those that are not stored."
        ),
    ] = False,
    against: Annotated[
        Against | None, typer.Option("--against", help="With --all: what to compare the batch with; else training.")
    ] = None,
    format: Annotated[DataFormat, typer.Option("--format", help="csv, or json (a list of objects).")] = DataFormat.csv,
) -> None:
    """Print the measures of a model that evaluation stored, or every drift measure of one batch, with every digit.

    Where a cohort spans several batches, batch_date is its first day. No value is empty in csv and null in json. With
    --all come also: against, what the batch is compared with; bin and bin_holds, for what a bin adds to the PSI, with
    the batch's rows in it as n; and reason, why there is no value.

    Example: vigie measures churn --format csv > churn.csv

    Example: vigie measures churn --batch 2026-11-19 --all --against previous
    """
    if everything and batch is None:
        raise typer.BadParameter("--all is about one batch: name it with --batch.")
    if against is not None and not everything:
        raise typer.BadParameter("--against goes with --all.")
    from dashboard.all_measures import COLUMNS, all_measures

    warehouse = known_model(model)
    write = write_json if format == DataFormat.json else write_csv
    if everything and batch is not None:
        write(DRIFT_COLUMNS, drift_of_batch(warehouse, model, batch, version=version, against=against))
        return
    table = warehouse.query("measures", model_id=model, since=date.min, until=date.max)
    found = all_measures(table, warehouse.query("variables", model_id=model).to_pylist())
    rows = [row for row in found if version in (None, row[0]) and batch in (None, row[1])]
    write(COLUMNS, rows)
    if not found:
        say(f"No measure of {model} yet: run 'vigie evaluate'.")
    elif not rows:
        say(f"No measure of {model} is of that batch and version.")


def deliveries(
    model: Model,
    format: Annotated[
        TableFormat, typer.Option("--format", help="A table for people; json (a list of objects) or csv for programs.")
    ] = TableFormat.table,
) -> None:
    """List every delivery about a model, oldest first, with those that later ones replaced.

    Example: vigie deliveries churn
    """
    found = known_model(model).deliveries(model)
    if format == TableFormat.table:
        print_table(
            plain_table(("delivered", "what", "version", "batches", "rows", "holds", "delivery"), _by_delivery(found))
        )
        return
    columns = ("delivery_id", "delivered_at", "kind", "table", "model_version", "batches", "rows", "current")
    rows = [[getattr(entry, name) for name in columns] for entry in found]
    if format == TableFormat.json:
        write_json(columns, rows)
    else:
        write_csv(
            columns, [[json.dumps(v, ensure_ascii=False) if isinstance(v, tuple) else v for v in r] for r in rows]
        )


def settings() -> None:
    """List every setting: its value, where it comes from and what it means.

    A variable of the environment wins over vigie.toml in the working directory, and that over the default.

    Example: vigie settings
    """
    from dashboard.settings import SETTINGS, shown

    inforce = read_settings()
    rows = [(s.variable, shown(s, inforce), inforce.sources[s.name], s.meaning) for s in SETTINGS]
    print_table(plain_table(("setting", "value", "from", "meaning"), rows))


def _by_delivery(found: Sequence[Delivery]) -> list[tuple[str, ...]]:
    """One line a delivery, its tables together; it holds until later ones replaced all of it."""
    rows: list[tuple[str, ...]] = []
    for _, group in groupby(found, key=lambda entry: entry.delivery_id):
        entries = list(group)
        first = entries[0]
        states = {entry.current for entry in entries}
        rows.append(
            (
                first.delivered_at[:19].replace("T", " "),
                first.kind,
                next((entry.model_version for entry in entries if entry.model_version), ""),
                _span(max((entry.batches for entry in entries), key=len)),
                ", ".join(f"{entry.table} {entry.rows:,}" for entry in entries if entry.rows),
                "yes" if states == {True} else "no, replaced" if states == {False} else "in part",
                first.delivery_id,
            )
        )
    return rows


def _span(batches: Sequence[str]) -> str:
    if len(batches) < 3:
        return ", ".join(batches)
    return f"{batches[0]} ... {batches[-1]} ({len(batches):,})"


def _status_table(rows: list[dict[str, Any]], columns: int, language: Language) -> Table:
    """One line a model where there is room for it, else a small block a model."""
    from rich.text import Text

    wide = columns >= _WIDE
    named = ("model", "version", "batch", "headline") if wide else ("model", "headline")
    table = empty_table(heads(("colour", *named, *(FAMILIES if wide else ("by family",))), language))
    for row in rows:
        names = [printable(row[name] or "") for name in ("model_id", "model_version", "batch_id")]
        cells = names if wide else ["\n".join(names).strip()]
        families = [
            colour_word(row[family], COLOURS[row[family]][language] if wide else HEADS[family][language])
            for family in FAMILIES
        ]
        table.add_row(
            colour_word(row["colour"], COLOURS[row["colour"]][language]),
            *(Text(cell) for cell in (*cells, printable(row["headline"]))),
            *(families if wide else (Text("\n").join(families),)),
        )
    return table
