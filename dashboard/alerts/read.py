"""Reading the world of one run: five questions for the whole fleet, however many models it has."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from dashboard import events, finding
from dashboard.alert_policy import AlertPolicy
from dashboard.evaluation.health import rank
from dashboard.events import OPEN, Event, Standing, standing
from dashboard.finding import Finding
from dashboard.foreign import json_object
from dashboard.policy import Policy
from dashboard.settings import Settings
from dashboard.stated import Stated, alert_policy_from, fleet_policy, parse_stated, policy_from
from dashboard.text import LANGUAGES, Language, Text
from dashboard.world import Model, State, World
from qod.errors import VigieError

if TYPE_CHECKING:
    from qod.warehouse import Warehouse

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TRIES: Final = 3
_COLOURS: Final[dict[str | None, State]] = {"green": "green", "amber": "amber", "red": "red"}


def read_world(warehouse: Warehouse, now: datetime, settings: Settings) -> World:
    """Every registered model as its newest evaluated batch leaves it, and everything that was written down.

    All events are read, not those of late alone: what was told long ago is known for as long as it lasts.
    """
    entries = {row["model_id"]: row for row in warehouse.query("registry").to_pylist()}
    fleet = _stated(fleet_policy(warehouse.query("policies").to_pylist()))
    rows, found = _standing_now(warehouse)
    written = tuple(events.from_row(row) for row in warehouse.query("events", since=_BEGINNING).to_pylist())
    taken = _about_findings(written)
    of_model: dict[str, list[Finding]] = defaultdict(list)
    for one, _ in found:
        of_model[one.model_id].append(one)
    models = {}
    for model_id, row in rows.items():
        model = _registered(row | entries.get(model_id, {}), fleet, settings)
        models[model_id] = _judged(model, row, of_model[model_id], taken, now.date())
    of_inputs = tuple(one for one, of_input in found if of_input)
    return World(now, models, of_inputs, written)


_Found = list[tuple[Finding, bool]]


def _standing_now(warehouse: Warehouse) -> tuple[dict[str, dict[str, Any]], _Found]:
    """The rows of ``fleet`` by model, and the findings of the same batches, each with whether it is of an input.

    An evaluation may end between the two questions; then they are asked again.
    """
    for left in reversed(range(_TRIES)):
        rows = {row["model_id"]: row for row in warehouse.query("fleet").to_pylist()}
        days = sorted({row["batch_date"] for row in rows.values() if row["batch_date"] is not None})
        found = [(_finding(row), row["of_input"]) for row in warehouse.query("open_findings", days=days).to_pylist()]
        fitting = [(one, of_input) for one, of_input in found if _is_of(one, rows.get(one.model_id))]
        carried = {one.model_id for one, _ in fitting}
        whole = all(name in carried for name, row in rows.items() if row["colour"] in ("amber", "red"))
        if (whole and len(fitting) == len(found)) or not left:
            return rows, fitting
    raise AssertionError("unreachable: the last try returns")


def _is_of(one: Finding, row: Mapping[str, Any] | None) -> bool:
    return row is not None and (one.model_version, one.batch_id) == (row["model_version"], row["batch_id"])


def _finding(row: Mapping[str, Any]) -> Finding:
    found = finding.from_row(row)
    return replace(found, facts=found.facts | {"onset": row["onset"].isoformat()}) if row["onset"] else found


_Taken = Mapping[tuple[str | None, str | None], Sequence[Event]]


def _about_findings(written: Iterable[Event]) -> _Taken:
    """What people wrote about findings, by model and subject."""
    found: dict[tuple[str | None, str | None], list[Event]] = defaultdict(list)
    for event in written:
        if event.kind in ("acknowledged", "snoozed", "reopened"):
            found[event.model_id, event.subject].append(event)
    return found


def _registered(entry: Mapping[str, Any], fleet: Stated, settings: Settings) -> Model:
    """What the registry says of a model. A policy that cannot be read changes nothing: 'vigie check' tells of it."""
    own = _stated(entry["policy"])
    try:
        told, colours = alert_policy_from(fleet, own), policy_from(fleet, own)
    except (VigieError, ValueError):
        told, colours = AlertPolicy(), Policy()
    return Model(
        model_id=entry["model_id"],
        name=entry["name"] or entry["model_id"],
        team=entry["team"] or "",
        owner=settings.owner_of(entry["owner_email"]),
        language=_language(told, settings),
        links={name: value for name, value in json_object(entry["links"]).items() if isinstance(value, str)},
        policy=told,
        retrain=json_object(entry.get("retrain")),
        light=colours.importance_light,
    )


def _judged(model: Model, row: Mapping[str, Any], own: Sequence[Finding], taken: _Taken, today: date) -> Model:
    """The model with what its newest batch shows; as it is where none was evaluated yet."""
    if row["colour"] is None:
        return model
    ordered = tuple(sorted(own, key=lambda one: rank(one, light=model.light)))
    late = any(one.family == "freshness" for one in ordered)
    state: State = _COLOURS.get(row["colour"], "late" if late else "grey")
    english, french = row["headline_en"], row["headline_fr"]
    return replace(
        model,
        state=state,
        model_version=row["model_version"],
        batch_id=row["batch_id"],
        batch_date=row["batch_date"],
        since=row["since"],
        headline=Text(english, french) if english and french else None,
        findings=ordered,
        standings=tuple(_stands(one, taken, today) for one in ordered),
        history=tuple(
            (date.fromisoformat(one["batch_date"]), _COLOURS.get(one["colour"], "grey"))
            for one in json.loads(row["strip"])
        ),
    )


def _stands(one: Finding, taken: _Taken, today: date) -> Standing:
    written = taken.get((one.model_id, one.subject))
    return standing(one, written, today) if written else OPEN


def _language(policy: AlertPolicy, settings: Settings) -> Language:
    return next((known for known in LANGUAGES if known == policy.alert_language), settings.language)


def _stated(text: str | None) -> Stated:
    try:
        return parse_stated(text)
    except VigieError:
        return {}
