"""The statements that write a delivery: one transaction, and the repair of what two at once have doubled.

What stands in them without being a parameter, names of tables and columns, comes from declarations alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qod.contract import DELIVERY_COLUMNS, TABLES, Table
from qod.warehouse.bigquery.log import LOG, STAGED, entry_column, own_scopes
from qod.warehouse.bigquery.replaced import REPLACED
from qod.warehouse.bigquery.staging import staging_name

_SAME_SCOPE: Final = " AND ".join(f"d.`{column}` = s.`{column}`" for column in STAGED.scope)
_SCOPE: Final = ", ".join(f"d.`{column}`" for column in STAGED.scope)
_OWN: Final = ", ".join(f"'{name}'" for name in TABLES if own_scopes(name))


def look(token: str) -> str:
    """What the log holds, from @since on, of the scopes of the delivery ``token``: one row for each of @tables.

    ``now`` is the time of the server and ``newest`` the newest delivery to the table of any of @models. Of the same
    scopes alone: ``held``, the rows that they hold; ``days``, the first and last days of each entry, as
    2026-11-19/2026-11-19 with commas between; ``recent``, the deliveries logged within @slack seconds.
    """
    return f"""
WITH logged AS (
  SELECT
    d.table_name, d.delivery_id, d.logged_at, d.first_day, d.last_day, d.`rows` AS held,
    s.table_name IS NOT NULL AS same,
    ROW_NUMBER() OVER (PARTITION BY {_SCOPE} ORDER BY d.delivery_id DESC) AS place
  FROM `{LOG.name}` AS d
  LEFT JOIN `{staging_name(STAGED.name, token)}` AS s ON {_SAME_SCOPE}
  WHERE d.logged_at >= @since AND d.model_id IN UNNEST(@models) AND d.table_name IN UNNEST(@tables)
)
SELECT
  CURRENT_TIMESTAMP() AS now, name AS table_name, MAX(l.delivery_id) AS newest,
  COALESCE(SUM(IF(l.same AND l.place = 1, l.held, 0)), 0) AS held,
  STRING_AGG(DISTINCT IF(l.same, CONCAT(CAST(l.first_day AS STRING), '/', CAST(l.last_day AS STRING)), NULL)) AS days,
  STRING_AGG(DISTINCT IF(
    l.same AND l.logged_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL @slack SECOND), l.delivery_id, NULL
  )) AS recent
FROM UNNEST(@tables) AS name
LEFT JOIN logged AS l ON l.table_name = name
GROUP BY name
ORDER BY name
"""


def deliver(names: Sequence[str], loaded: Sequence[str], replacing: Sequence[str], token: str) -> str:
    """The script of one delivery to the tables ``names``.

    The ``loaded`` ones have a staging table; the ``replacing`` ones hold rows that this delivery replaces, on the days
    @days_<table>. The other parameters are @delivery_id, @delivered_at, @kind, @models, @tables, @known (deliveries
    that the look has seen) and @recent (the moment from which others may have come that it has not).
    """
    staged = staging_name(STAGED.name, token)
    changes = []
    for name in replacing:
        changes += _replace(name, staged, f"IN UNNEST(@days_{name})", by="@delivery_id")
    changes += [_insert(name, staging_name(name, token)) for name in loaded]
    body = ";\n".join([*changes, _log(staged)])
    return f"""
BEGIN TRANSACTION;
{body};
COMMIT TRANSACTION;
IF (
  SELECT COUNT(*) FROM `{LOG.name}` AS d JOIN `{staged}` AS s ON {_SAME_SCOPE}
  WHERE d.logged_at >= @recent AND d.model_id IN UNNEST(@models)
    AND d.delivery_id != @delivery_id AND d.delivery_id NOT IN UNNEST(@known)
) > 0 THEN
BEGIN
{repair(names)}
EXCEPTION WHEN ERROR THEN
  SELECT @@error.message AS unrepaired;
END;
END IF;
"""


def near() -> str:
    """Tables and models of which two deliveries were logged within @slack seconds of each other, since @recent."""
    return f"""
WITH logged AS (
  SELECT
    d.table_name, d.model_id, d.logged_at,
    LAG(d.logged_at) OVER (PARTITION BY {_SCOPE} ORDER BY d.logged_at, d.delivery_id) AS before
  FROM `{LOG.name}` AS d
  WHERE d.logged_at >= @recent
)
SELECT DISTINCT l.table_name, l.model_id
FROM logged AS l
WHERE l.logged_at <= TIMESTAMP_ADD(l.before, INTERVAL @slack SECOND)
ORDER BY l.table_name, l.model_id
"""


def repair(names: Sequence[str]) -> str:
    """Statements that leave each scope the rows of its newest delivery alone, where two came at the same time.

    They look at what was logged of @tables and @models since @recent.
    """
    steps = [
        "DECLARE repaired_from DATE",
        "DECLARE repaired_to DATE",
        f"CREATE TEMP TABLE doubled AS\n"
        f"SELECT {_SCOPE}, MAX(d.delivery_id) AS newest, MIN(d.first_day) AS first_day, MAX(d.last_day) AS last_day\n"
        f"FROM `{LOG.name}` AS d\n"
        f"WHERE d.logged_at >= @recent AND d.model_id IN UNNEST(@models) AND d.table_name IN UNNEST(@tables)\n"
        f"GROUP BY {_SCOPE}\n"
        f"HAVING COUNT(DISTINCT d.delivery_id) > 1",
    ]
    days = "BETWEEN repaired_from AND repaired_to"
    for name in names:
        for end, day in (("repaired_from", "MIN(s.first_day)"), ("repaired_to", "MAX(s.last_day)")):
            steps.append(f"SET {end} = (SELECT {day} FROM doubled AS s WHERE s.table_name = '{name}')")
        steps += [
            f"IF (SELECT COUNT(*) {_old(name, 'doubled', days, by='s.newest')}) > 0 THEN\n  BEGIN TRANSACTION",
            *_replace(name, "doubled", days, by="s.newest"),
            "COMMIT TRANSACTION",
            "END IF",
        ]
    return ";\n".join(steps) + ";"


def _replace(name: str, scopes: str, days: str, *, by: str) -> list[str]:
    """Delete rows that a delivery replaces; those of delivered tables are kept aside."""
    table, steps = TABLES[name], []
    if name in REPLACED:
        aside = REPLACED[name]
        columns = ", ".join(f"t.`{column}`" for column in table.names)
        steps.append(
            f"INSERT INTO `{aside.name}` ({_listed(aside.names)})\n"
            f"SELECT {columns}, {by}, CURRENT_TIMESTAMP() {_old(name, scopes, days, by=by)}"
        )
    steps.append(
        f"DELETE FROM `{name}` AS t\n"
        f"WHERE {_within(table, days)}EXISTS (SELECT 1 FROM `{scopes}` AS s WHERE {_match(table, by)})"
    )
    return steps


def _old(name: str, scopes: str, days: str, *, by: str) -> str:
    """FROM and WHERE of the rows ``t`` whose scope is among ``scopes`` and which are older than ``by``."""
    table = TABLES[name]
    return f"FROM `{name}` AS t\nJOIN `{scopes}` AS s ON {_match(table, by)}\nWHERE {_within(table, days)}TRUE"


def _match(table: Table, by: str) -> str:
    same = " AND ".join(f"t.`{column}` = s.`{entry_column(column)}`" for column in table.scope)
    return f"s.table_name = '{table.name}' AND {same} AND t.delivery_id < {by}"


def _within(table: Table, days: str) -> str:
    """The conditions that spare BigQuery the rest of the table: days, and models."""
    found = ""
    if table.partition:
        found = f"t.`{table.partition}` {days}"
        if table.column(table.partition).nullable:
            found = f"({found} OR t.`{table.partition}` IS NULL)"
        found += " AND "
    return found + ("t.model_id IN UNNEST(@models) AND " if "model_id" in table.scope else "")


def _insert(name: str, source: str) -> str:
    columns = [column for column in TABLES[name].names if column not in DELIVERY_COLUMNS]
    return (
        f"INSERT INTO `{name}` ({_listed([*columns, *DELIVERY_COLUMNS])})\n"
        f"SELECT {', '.join(f's.`{column}`' for column in columns)}, @delivery_id, @delivered_at FROM `{source}` AS s"
    )


def _log(staged: str) -> str:
    values = {column: f"s.`{column}`" for column in STAGED.names}
    values |= {name: f"@{name}" for name in ("delivery_id", "delivered_at", "kind")}
    values["logged_at"] = "CURRENT_TIMESTAMP()"
    values["scope_id"] = f"IF(s.scope_id = '' AND s.table_name IN ({_OWN}), @delivery_id, s.scope_id)"
    return (
        f"INSERT INTO `{LOG.name}` ({_listed(LOG.names)})\n"
        f"SELECT {', '.join(values[column] for column in LOG.names)} FROM `{staged}` AS s"
    )


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f"`{column}`" for column in columns)
