"""The command that makes the tables of a dataset: init."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.commands.arguments import read_settings


def init(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the statements, and change nothing.")] = False,
    location: Annotated[
        str | None,
        typer.Option("--location", metavar="PLACE", help="Where to create the dataset, as EU or europe-west1 [EU]."),
    ] = None,
) -> None:
    """Create the dataset and tables that BigQuery lacks, and add the columns that a later release brought.

    Nothing is ever removed or changed, so it may be run again at any time. Folders and buckets need none of it.

    Example: vigie init --location europe-west1 --dry-run
    """
    from qod.warehouse.bigquery.connect import SCHEME

    address = read_settings().warehouse
    if not address.startswith(SCHEME):
        print(f"There is nothing to create: {address} is filled as deliveries come.")
        return
    from qod.warehouse.bigquery.create import carry_out, plan
    from qod.warehouse.bigquery.warehouse import open_bigquery

    connection = open_bigquery(address).connection
    planned = plan(connection, location)
    if dry_run:
        print(";\n\n".join((*planned.statements, "")).rstrip() or f"-- Nothing is missing in {connection.place}.")
        return
    carry_out(connection, planned)
    if planned.location is not None:
        print(f"Created the dataset {connection.place} in {planned.location}.")
    if planned.tables:
        print(f"Created {len(planned.tables)} tables in {connection.place}: {', '.join(planned.tables)}.")
    for table, column in planned.columns:
        print(f"Added the column {column} to {table}.")
    if not planned.statements:
        print(f"Nothing is missing in {connection.place}.")
