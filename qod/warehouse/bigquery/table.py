"""A table of BigQuery whose rows are counted where they are: its columns, and which of its rows are meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from qod.errors import InputError, UnknownNameError
from qod.keys import utc_note
from qod.warehouse.bigquery.ask import Limits, Param
from qod.warehouse.bigquery.connect import SCHEME, Connection
from qod.warehouse.bigquery.deadline import Deadline, bounded, retrying
from qod.warehouse.bigquery.fields import type_of
from qod.warehouse.bigquery.warehouse import open_bigquery

_ADDRESS: Final = re.compile(
    re.escape(SCHEME) + r"(?P<project>[a-z][a-z0-9.:-]*[a-z0-9])/(?P<dataset>\w{1,1024})/(?P<table>[\w -]{1,1024})"
)
LIMITS: Final = Limits(seconds=1800, attempts=3)
"""Of a query that counts a table: half an hour."""
MOST_CELLS: Final = 400
"""Columns that one query looks at, far from the 1 MB that its SQL may have; others are left to a further query."""
_LOOK_SECONDS: Final = 30
_LOADED: Final = "_PARTITIONTIME"
"""The column, of no schema, by which a table is cut that is cut by the time of loading."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table, and the rows of it that are meant: all, or those ``where`` holds for.

    ``label`` names it in messages; ``columns`` are the types of its columns, as SQL calls them; ``demanded`` is the
    column without a condition on which BigQuery refuses to read it.
    """

    connection: Connection
    address: str
    label: str
    sql_name: str
    columns: Mapping[str, str]
    demanded: str | None = None
    where: str = "TRUE"
    params: Mapping[str, Param] = field(default_factory=dict)

    def require(self, *names: str | None) -> None:
        """UnknownNameError for the first of ``names`` that is no column; None is skipped."""
        for name in names:
            if name is not None and name not in self.columns:
                raise UnknownNameError(f"{self.label}: column", name, self.columns)

    def day_note(self, column: str) -> tuple[str, ...]:
        """A note where ``column`` holds moments, whose days in UTC may not be the local ones."""
        return utc_note(column) if self.columns.get(column) == "TIMESTAMP" else ()

    def of_day(self, column: str, day: date) -> SourceTable:
        """The rows of one day: those whose ``column``, a DATE, DATETIME or TIMESTAMP (in UTC), says so."""
        if column != self.demanded:
            self.require(column)
        kind, name = self.columns.get(column, "TIMESTAMP"), quoted(column, self.label)
        params: dict[str, Any]
        if kind == "DATE":
            where, params = f"t.{name} = @day", {"day": Param("DATE", day)}
        elif kind in ("DATETIME", "TIMESTAMP"):
            start = datetime(day.year, day.month, day.day, tzinfo=UTC if kind == "TIMESTAMP" else None)
            where = f"t.{name} >= @day AND t.{name} < @next_day"
            params = {"day": Param(kind, start), "next_day": Param(kind, start + timedelta(days=1))}
        else:
            raise InputError(
                f"days were expected, found {kind}.",
                file=self.label,
                column=column,
                hint="name a column of type DATE, DATETIME or TIMESTAMP.",
            )
        return replace(self, label=f"{self.label} (rows of {day})", where=where, params=params).checked(column)

    def whole(self) -> SourceTable:
        """All rows, also where the table demands a condition: one that every row meets."""
        if self.demanded is None:
            return self
        name = quoted(self.demanded, self.label)
        return replace(self, where=f"(t.{name} IS NOT NULL OR t.{name} IS NULL)", demanded=None)

    def checked(self, given: str | None = None) -> SourceTable:
        """The table itself; InputError where it demands a condition on a column other than ``given``."""
        if self.demanded is not None and self.demanded != given:
            raise InputError(
                f"the table may only be read with a condition on its column {self.demanded!r}.",
                file=self.label,
                hint=f"--date {self.demanded} counts the rows of the batch's day alone.",
            )
        return self


def open_table(address: str) -> SourceTable:
    """The table at ``bigquery://PROJECT/DATASET/TABLE``.

    InputError when the address is none, or there is no such table; WarehouseError when BigQuery does not answer.
    """
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise InputError("this is no address of a table.", file=address, hint="write bigquery://PROJECT/DATASET/TABLE.")
    connection = open_bigquery(f"{SCHEME}{found['project']}/{found['dataset']}").connection
    name = f"{found['project']}.{found['dataset']}.{found['table']}"

    def look(deadline: Deadline) -> Any:
        from google.api_core.exceptions import NotFound

        try:
            return connection.client.get_table(name, retry=retrying(deadline, 3), timeout=deadline.left())
        except NotFound as error:
            raise InputError(
                "there is no such table.", file=address, hint="check the project, the dataset and the table's name."
            ) from error

    table = bounded(look, seconds=_LOOK_SECONDS, doing=f"a look at the table {name}", connection=connection)
    columns = {one.name: type_of(one) for one in table.schema}
    return SourceTable(connection, address, address, f"`{name}`", columns, _demanded(table))


def quoted(column: str, label: str) -> str:
    """A column's name for SQL; InputError for one that no quotes make safe."""
    if re.search(r"[`\\\x00-\x1f]", column):
        raise InputError(
            f"the column name {column!r} cannot be written in SQL.",
            file=label,
            hint="rename the column, or count a view of the table that does.",
        )
    return f"`{column}`"


def _demanded(table: Any) -> str | None:
    """The column that a condition must be on; that of a table cut by the time of loading has no name of its own."""
    days, numbers = table.time_partitioning, table.range_partitioning
    if not (table.require_partition_filter or (days is not None and days.require_partition_filter)):
        return None
    return str(numbers.field if days is None else days.field or _LOADED)
