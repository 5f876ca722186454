"""Reading what a digest is made of: seven questions for the whole fleet, however many models it has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from dashboard import events
from dashboard.alerts.digests.digest import Digest, Entry, Known, digest
from dashboard.alerts.digests.window import Window
from dashboard.incidents import from_rows, incidents
from dashboard.policy import Policy
from dashboard.settings import Settings
from dashboard.stated import fleet_policy, parse_stated, policy_from
from qod.cadence import Cadence, parse_cadence
from qod.errors import UnknownNameError, VigieError

if TYPE_CHECKING:
    from qod.warehouse import Warehouse


def read_digest(warehouse: Warehouse, window: Window, settings: Settings, team: str | None = None) -> Digest:
    """The digest of one team, or of all. Raises UnknownNameError for a team that has no model."""
    fleet = fleet_policy(warehouse.query("policies").to_pylist())
    entries = [_entry(row, fleet, settings) for row in warehouse.query("registry").to_pylist()]
    teams = {entry.team for entry in entries if entry.team}
    if team is not None and team not in teams:
        raise UnknownNameError("team", team, teams)
    moved = from_rows(
        row for row in warehouse.query("past_findings", since=window.since).to_pylist() if row["since"] <= window.until
    )
    first = datetime.combine(window.since, time(), UTC)
    known = Known(
        entries,
        warehouse.query("health_until", until=window.before).to_pylist(),
        warehouse.query("health_until", until=window.until).to_pylist(),
        warehouse.query("fleet_health", since=window.since).to_pylist(),
        [one for one in incidents(moved) if one.since <= window.until],
        [events.from_row(row) for row in warehouse.query("events", since=first).to_pylist()],
    )
    return digest(known, window, team)


def _entry(row: Mapping[str, Any], fleet: str | None, settings: Settings) -> Entry:
    return Entry(
        row["model_id"],
        row["name"] or row["model_id"],
        row["team"] or "",
        settings.owner_of(row["owner_email"]),
        _cadence(row["cadence"]),
        _policy(row["policy"], fleet),
    )


def _cadence(text: str) -> Cadence | None:
    try:
        return parse_cadence(text)
    except VigieError:
        return None


def _policy(own: str | None, fleet: str | None) -> Policy:
    """The policy in force; the defaults where it cannot be read, which 'vigie check' tells of."""
    try:
        return policy_from(parse_stated(fleet), parse_stated(own))
    except VigieError:
        return Policy()
