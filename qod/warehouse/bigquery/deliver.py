"""A delivery to BigQuery: loaded beside the tables, then put into all of them in one transaction.

What is guaranteed. A reader sees all rows of a delivery in all its tables, or none. A process that is killed, at any
moment, has delivered everything or nothing; so has one whose connection breaks. Sending a delivery again replaces it by
itself. Two deliveries of one scope that come at the same time are both accepted; the one with the later identifier
holds, and the other's rows go as soon as the later transaction has ended: until then, a second or so, a reader may see
both. Should even that be cut off, the next ``tidy`` does it.
"""

from __future__ import annotations

import random
import re
import secrets
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from qod.contract import DELIVERY_COLUMNS, TABLES, Table
from qod.errors import UnavailableError, WarehouseError
from qod.warehouse import EMPTY, Scope, cut
from qod.warehouse.bigquery import script
from qod.warehouse.bigquery.ask import Limits, Param, ask, run
from qod.warehouse.bigquery.connect import Connection
from qod.warehouse.bigquery.log import LOG, SLACK, STAGED, Held, entries, held
from qod.warehouse.bigquery.staging import drop, orphans, stage, staging_name
from qod.warehouse.log import new_id

if TYPE_CHECKING:
    import pyarrow as pa

_LIMITS: Final = Limits(seconds=480.0, attempts=8, max_bytes=1 << 40)
"""Less time than SLACK: an entry of the log must not become visible later than that."""
_LOOK_UP: Final = Limits(seconds=60.0, attempts=5)
_REPAIRED: Final = timedelta(days=2)
_TRIES: Final = 8
_PAUSE_SECONDS: Final = 0.5  # before the second try; doubled for each further one
_LONGEST_SECONDS: Final = 30.0
_TURNED_AWAY: Final = re.compile(
    r"due to concurrent update|too many DML statements outstanding|exceeded rate limits: too many (table|concurrent)",
    re.IGNORECASE,
)
"""What BigQuery says of a script that others kept from being carried out: it has changed nothing.

Source: https://cloud.google.com/bigquery/docs/troubleshoot-queries, "Transaction aborted due to concurrent update" and
"Too many DML statements"; https://cloud.google.com/bigquery/docs/troubleshoot-quotas.
"""


@dataclass(frozen=True, slots=True)
class _Load:
    """A delivery that is loaded: its tables, those with rows, the models it is about, and the days it clears."""

    token: str
    kind: str
    tables: tuple[str, ...]
    loaded: tuple[str, ...]
    models: tuple[str, ...]
    days: frozenset[date] | None

    @property
    def staging(self) -> list[str]:
        return [staging_name(name, self.token) for name in (*self.loaded, STAGED.name)]


def deliver(
    connection: Connection,
    tables: Mapping[str, pa.Table],
    *,
    kind: str,
    emptied: Mapping[str, Iterable[Scope]] = EMPTY,
    days: Collection[date] | None = None,
) -> str:
    """Write one delivery and return its identifier; see ``Warehouse.deliver`` and the guarantees above.

    Without ``days`` the whole log is looked through for earlier rows of the same scopes, and inserts alone are written
    where there are none. With them only what was logged lately is read, and every table is cleared on these days.

    Raises UnavailableError where a later try may succeed, WarehouseError where it will not.
    """
    if not tables:
        return new_id("", datetime.now(UTC))
    load = _stage(connection, tables, kind, emptied, days)
    try:
        for attempt in range(_TRIES):
            delivery_id = _write(connection, load, f"vigie_delivery_{load.token}_{attempt}")
            if delivery_id is not None:
                return delivery_id
            time.sleep(min(_PAUSE_SECONDS * 2**attempt, _LONGEST_SECONDS) * random.uniform(0.5, 1.5))
        raise UnavailableError(
            f"Other deliveries to {connection.place} kept changing the same tables: {_TRIES} tries were in vain.",
            trouble="busy",
            hint="nothing was changed: deliver it again later, or fewer at the same time.",
        )
    finally:
        drop(connection, load.staging)


def _stage(
    connection: Connection,
    tables: Mapping[str, pa.Table],
    kind: str,
    emptied: Mapping[str, Iterable[Scope]],
    days: Collection[date] | None,
) -> _Load:
    token = secrets.token_hex(8)
    bare: dict[str, pa.Table] = {}
    brought: dict[str, dict[Scope, Held]] = {}
    replaced: dict[tuple[str, ...], dict[Scope, None]] = {}
    for name, rows in tables.items():
        bare[name] = cut.stamped(name, rows, "", datetime.now(UTC)).drop_columns(list(DELIVERY_COLUMNS))
        brought[name] = held(name, bare[name])
        named = (*brought[name], *(tuple(scope) for scope in emptied.get(name, ())))
        replaced.setdefault(TABLES[name].scope, {}).update(dict.fromkeys(named))
    staged = entries(
        {
            name: {scope: found.get(scope, Held()) for scope in replaced[TABLES[name].scope]}
            for name, found in brought.items()
        }
    )
    filled = [(TABLES[name], rows) for name, rows in bare.items() if rows.num_rows]
    load = _Load(
        token,
        kind,
        tuple(bare),
        tuple(table.name for table, _ in filled),
        tuple(sorted(set(staged.column("model_id").to_pylist()))),
        None if days is None else frozenset(days).union(*(_days_of(table, rows) for table, rows in filled)),
    )
    try:
        stage(connection, [*filled, (STAGED, staged)], token)
    except BaseException:
        drop(connection, load.staging)
        raise
    return load


def _write(connection: Connection, load: _Load, job_id: str) -> str | None:
    """The identifier under which the loaded rows are now in the tables; None when another transaction was faster."""
    shared = {"models": Param("ARRAY<STRING>", load.models), "tables": Param("ARRAY<STRING>", load.tables)}
    slack = {"slack": Param("INT64", int(SLACK.total_seconds()))}
    since = datetime.now(UTC) - _REPAIRED if load.days is not None else datetime(1, 1, 1, tzinfo=UTC)
    about = shared | slack | {"since": Param("TIMESTAMP", since)}
    found = ask(connection, script.look(load.token), about, query="look", limits=_LIMITS).table.to_pylist()
    now: datetime = found[0]["now"]
    delivery_id = new_id(max(row["newest"] or "" for row in found), now)
    replacing = [row["table_name"] for row in found if row["held"] or load.days is not None]
    params = shared | {
        "delivery_id": Param("STRING", delivery_id),
        "delivered_at": Param("TIMESTAMP", now),
        "kind": Param("STRING", load.kind),
        "recent": Param("TIMESTAMP", now - SLACK),
        "known": Param("ARRAY<STRING>", sorted({one for row in found for one in _parts(row["recent"])})),
    }
    for row in found:
        if row["table_name"] in replacing and TABLES[row["table_name"]].partition:
            days = sorted({*_days(row["days"]), *(load.days or ())})
            params[f"days_{row['table_name']}"] = Param("ARRAY<DATE>", days)
    sql = script.deliver(load.tables, load.loaded, replacing, load.token)
    try:
        run(connection, sql, params, query="deliver", limits=_LIMITS, job_id=job_id)
    except WarehouseError as error:
        said = str(error.__cause__ or error)
        if _TURNED_AWAY.search(said):
            return None
        if _landed(connection, delivery_id, now):
            return delivery_id
        if re.search(r"is not present in|Unrecognized name|Name .* not found inside", said):
            raise WarehouseError(
                f"A table of {connection.place} lacks a column that this release delivers: {error.message}",
                hint="nothing was changed: run 'vigie init', which adds it, and deliver again.",
            ) from error
        raise
    return delivery_id


def _landed(connection: Connection, delivery_id: str, since: datetime) -> bool:
    """Whether a delivery whose fate was not told is in the log; False too where that cannot be known now."""
    where = "d.logged_at >= @since AND d.delivery_id = @delivery_id"
    sql = f"SELECT COUNT(*) AS entries FROM `{LOG.name}` AS d WHERE {where}"
    params = {"since": Param("TIMESTAMP", since - SLACK), "delivery_id": Param("STRING", delivery_id)}
    try:
        return bool(ask(connection, sql, params, query="landed", limits=_LOOK_UP).table.column("entries")[0].as_py())
    except WarehouseError:
        return False


def tidy(connection: Connection) -> None:
    """Repair what deliveries at the same time may have doubled lately, and drop staging tables that were left over."""
    recent = {"recent": Param("TIMESTAMP", datetime.now(UTC) - _REPAIRED)}
    slack = {"slack": Param("INT64", int(SLACK.total_seconds()))}
    found = ask(connection, script.near(), recent | slack, query="near", limits=_LIMITS).table.to_pydict()
    names = [name for name in TABLES if name in found["table_name"]]
    if names:
        about = {
            "tables": Param("ARRAY<STRING>", names),
            "models": Param("ARRAY<STRING>", sorted(set(found["model_id"]))),
        }
        run(connection, script.repair(names), recent | about, query="repair", limits=_LIMITS)
    drop(connection, orphans(connection))


def _days_of(table: Table, rows: pa.Table) -> list[date]:
    """The distinct days of the rows; none for a table that has no days."""
    return rows.column(table.partition).unique().drop_null().to_pylist() if table.partition else []


def _parts(text: str | None) -> list[str]:
    return text.split(",") if text else []


def _days(text: str | None) -> list[date]:
    """Every day of the ranges in ``text``, as 2026-11-19/2026-11-20."""
    days: set[date] = set()
    for part in _parts(text):
        first, last = (date.fromisoformat(end) for end in part.split("/"))
        days.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return sorted(days)
