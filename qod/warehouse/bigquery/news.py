"""What the log of deliveries tells: what is new since a mark, and the history of a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from qod.contract import SOURCES, TABLES
from qod.warehouse import Delivery
from qod.warehouse.bigquery.ask import Param, ask
from qod.warehouse.bigquery.connect import Connection
from qod.warehouse.bigquery.log import LOG, SLACK
from qod.warehouse.news import Changed, ModelNews, News

_NEWS: Final = f"""
SELECT
  CURRENT_TIMESTAMP() AS now, m.model_id, d.delivery_id, d.logged_at, d.table_name, d.model_version, d.batch_id,
  d.first_day, d.last_day, d.undated
FROM models AS m
LEFT JOIN (
  SELECT
    l.model_id, l.delivery_id, l.logged_at, l.table_name, l.model_version, l.batch_id, l.first_day, l.last_day,
    l.undated
  FROM `{LOG.name}` AS l
  WHERE l.logged_at >= LEAST(@since, TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL @slack SECOND))
    AND l.table_name IN UNNEST(@sources)
) AS d ON d.model_id = m.model_id
ORDER BY m.model_id, d.delivery_id, d.table_name, d.model_version, d.batch_id
"""

_HISTORY: Final = f"""
SELECT
  d.delivery_id, d.table_name, d.model_version, d.batch_id, d.scope_id, d.delivered_at, d.kind, d.`rows` AS held
FROM `{LOG.name}` AS d
WHERE d.model_id = @model_id
ORDER BY d.delivery_id, d.table_name, d.model_version, d.batch_id, d.scope_id
"""

_LAST: Final = datetime.max.replace(microsecond=0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A moment of the server's, and the deliveries that were seen of the SLACK before it.

    What was logged earlier was all to be seen; of what was logged later, or within the SLACK, those named here were.
    """

    at: datetime
    seen: frozenset[str]

    def __str__(self) -> str:
        return " ".join((self.at.isoformat(timespec="microseconds"), *sorted(self.seen)))

    def knows(self, delivery_id: str, logged_at: datetime) -> bool:
        """Whether a delivery was to be seen then."""
        return logged_at < self.at - SLACK or _tail(delivery_id) in self.seen


def _tail(delivery_id: str) -> str:
    """The part of an identifier that chance made."""
    return delivery_id.rpartition("-")[2]


def _read(mark: str) -> _Mark | None:
    """The mark in a text; None where it is none of this warehouse's."""
    at, _, seen = mark.partition(" ")
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return None
    return None if found.tzinfo is None else _Mark(found, frozenset(seen.split()))


def news(connection: Connection, marks: Mapping[str, str], *, since: str = "") -> News:
    """What was delivered since the marks; see ``Warehouse.news``.

    Of the log only what is younger than ``since``, or than the oldest mark where there is none, is read.
    """
    read = {model_id: _read(mark) for model_id, mark in marks.items()}
    whole = _read(since)
    begins = [whole.at] if whole else [mark.at for mark in read.values() if mark is not None]
    params = {
        "since": Param("TIMESTAMP", min(begins) - SLACK if begins else _LAST),
        "slack": Param("INT64", int(SLACK.total_seconds())),
        "sources": Param("ARRAY<STRING>", SOURCES),
    }
    logged: dict[str, list[dict[str, Any]]] = {}
    now = None
    for row in ask(connection, _NEWS, params, query="news").table.to_pylist():
        now = row["now"].astimezone(UTC)
        entries = logged.setdefault(row["model_id"], [])
        if row["delivery_id"] is not None:
            entries.append(row)
    if now is None:
        return News("", {})
    return News(
        str(_Mark(now, frozenset())),
        {model_id: _of_model(marks.get(model_id, ""), entries, now) for model_id, entries in logged.items()},
    )


def _of_model(mark: str, entries: list[dict[str, Any]], now: datetime) -> ModelNews:
    before = _read(mark)
    after = str(_Mark(now, frozenset(_tail(e["delivery_id"]) for e in entries if e["logged_at"] >= now - SLACK)))
    if before is None:
        return ModelNews(after, None)
    changes = tuple(_changed(e) for e in entries if not before.knows(e["delivery_id"], e["logged_at"]))
    return ModelNews(after if changes else mark, changes)


def _changed(entry: dict[str, Any]) -> Changed:
    dated = not entry["undated"]
    return Changed(
        entry["delivery_id"],
        entry["table_name"],
        entry["model_version"] or None,
        entry["batch_id"] or None,
        entry["first_day"] if dated else None,
        entry["last_day"] if dated else None,
    )


def deliveries(connection: Connection, model_id: str) -> list[Delivery]:
    """Every delivery about a model, oldest first, superseded ones included."""
    rows = ask(connection, _HISTORY, {"model_id": Param("STRING", model_id)}, query="deliveries").table.to_pylist()
    scope = ("table_name", "model_version", "batch_id", "scope_id")
    newest = {tuple(row[name] for name in scope): row["delivery_id"] for row in rows}
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["delivery_id"], row["table_name"]), []).append(row)
    return [
        Delivery(
            delivery_id,
            entries[0]["delivered_at"].astimezone(UTC).isoformat(timespec="microseconds"),
            entries[0]["kind"],
            table,
            entries[0]["model_version"] or None,
            tuple(row["batch_id"] for row in entries) if "batch_id" in TABLES[table].scope else (),
            sum(row["held"] for row in entries),
            any(newest[tuple(row[name] for name in scope)] == delivery_id for row in entries),
        )
        for (delivery_id, table), entries in found.items()
        if table in TABLES
    ]
