"""What a dataset lacks of the tables and columns that this release needs, and its creation."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final

from qod.contract import Table
from qod.errors import WarehouseError
from qod.warehouse.bigquery.ask import Limits, run
from qod.warehouse.bigquery.connect import Connection
from qod.warehouse.bigquery.ddl import STORED, add_columns, create
from qod.warehouse.bigquery.deadline import Deadline, bounded, retrying
from qod.warehouse.bigquery.fields import kept_as, type_of

LOCATION: Final = "EU"
"""Where a dataset is made when nobody says where."""

_LIMITS: Final = Limits(seconds=300.0, attempts=8)
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """What is missing; ``location`` is None where the dataset exists."""

    location: str | None
    tables: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    statements: tuple[str, ...]


def plan(connection: Connection, location: str | None) -> Plan:
    """What the dataset lacks. ``location`` is where it is to be if it does not exist, or must be if it does.

    Raises WarehouseError where the dataset is elsewhere, or a table has a column that deliveries cannot be put into.
    """
    found = bounded(
        lambda deadline: _tables(connection, deadline),
        seconds=120.0,
        doing="the look at the tables",
        connection=connection,
    )
    place = connection.place
    if found is None:
        where = location or LOCATION
        schema = f"CREATE SCHEMA IF NOT EXISTS `{place}` OPTIONS (location = '{where}')"
        return Plan(where, tuple(STORED), (), (schema, *(create(stored, place) for stored in STORED.values())))
    there, held = found
    if location is not None and location.lower() != there.lower():
        raise WarehouseError(
            f"The dataset {place} is in {there}, not in {location}, and a dataset cannot be moved.",
            hint="leave --location out, or name another dataset.",
        )
    columns: list[tuple[str, str]] = []
    statements = []
    for name, stored in STORED.items():
        if name not in held:
            statements.append(create(stored, place))
            continue
        missing = _missing(stored.table, held[name], connection)
        if missing:
            columns += [(name, column) for column in missing]
            statements.append(add_columns(stored.table, [stored.table.column(column) for column in missing], place))
    return Plan(None, tuple(name for name in STORED if name not in held), tuple(columns), tuple(statements))


def carry_out(connection: Connection, planned: Plan) -> None:
    """Create what is missing; safe to repeat, also when it was broken off, and beside another."""
    statements = planned.statements
    if planned.location is not None:
        bounded(
            lambda deadline: _create_dataset(connection, str(planned.location), deadline),
            seconds=60.0,
            doing="the creation of the dataset",
            connection=connection,
        )
        statements = statements[1:]
    if statements:
        job_id = f"vigie_init_{secrets.token_hex(8)}"
        run(connection, ";\n".join(statements), {}, query="init", limits=_LIMITS, job_id=job_id)


def _tables(connection: Connection, deadline: Deadline) -> tuple[str, dict[str, Any]] | None:
    """Where the dataset is, and the tables of this release that it has, by name; None where there is no dataset."""
    from google.api_core.exceptions import NotFound

    client, place = connection.client, str(connection.place)
    retry = retrying(deadline, _ATTEMPTS)
    try:
        dataset = client.get_dataset(place, retry=retry, timeout=deadline.left())
    except NotFound:
        return None
    listed = {one.table_id for one in client.list_tables(place, retry=retry, timeout=deadline.left())}
    held = {
        name: client.get_table(connection.table_ref(name), retry=retry, timeout=deadline.left())
        for name in STORED
        if name in listed
    }
    return str(dataset.location), held


def _create_dataset(connection: Connection, location: str, deadline: Deadline) -> None:
    from google.cloud.bigquery import Dataset

    dataset = Dataset(str(connection.place))
    dataset.location = location
    connection.client.create_dataset(
        dataset, exists_ok=True, retry=retrying(deadline, _ATTEMPTS), timeout=deadline.left()
    )


def _missing(table: Table, held: Any, connection: Connection) -> list[str]:
    """The columns that a table lacks; WarehouseError where one of another type is in the way."""
    fields = {field.name.lower(): field for field in held.schema}
    where = f"The table {table.name} of {connection.place}"
    for column in table.columns:
        found = fields.pop(column.name, None)
        if found is not None and type_of(found).lower() != (expected := kept_as(column.type)).lower():
            raise WarehouseError(
                f"{where}: its column {column.name!r} is {type_of(found)}, but has to be {expected}.",
                hint="nothing was changed: rename that column, or use another dataset; 'vigie init' only adds.",
            )
    for name, field in fields.items():
        if field.mode == "REQUIRED":
            raise WarehouseError(
                f"{where} has a column {name!r} that may not be NULL, and deliveries do not bring it.",
                hint=f"ALTER TABLE `{connection.place}.{table.name}` ALTER COLUMN `{name}` DROP NOT NULL.",
            )
    have = {field.name.lower() for field in held.schema}
    return [column.name for column in table.columns if column.name not in have]
