"""Red models as a run sees them, and the tables that their numbers are read from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from dashboard.alert_policy import AlertPolicy
from dashboard.events import Event, from_row
from dashboard.finding import Finding
from dashboard.retrain.case import Case, Numbers
from dashboard.retrain.decide import cases
from dashboard.retrain.request import request_id
from dashboard.text import Text
from dashboard.world import Model, World
from qod.contract import table_from_columns
from qod.warehouse import Warehouse, open_warehouse

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
SINCE = date(2026, 11, 18)
REQUEST = request_id("churn", SINCE)
HOSTILE = 'a/../b"><b>\n\r\u202e' + "x" * 300


def finding(rule: str = "drift", family: str = "drift", colour: str = "red", **values: Any) -> Finding:
    """A finding of the newest batch of the model churn."""
    place = {"model_id": "churn", "model_version": "v1", "batch_id": "b", "batch_date": TODAY, "subject": "age"}
    return Finding(**{**place, "rule": rule, "family": family, "colour": colour, "since": SINCE, **values})


def red_model(model_id: str = "churn", **values: Any) -> Model:
    """A model that has been red for three batches, under the default policy; it asks the webhook."""
    base = Model(
        model_id=model_id,
        name="Churn",
        team="Retention",
        owner="ada@example.org",
        language="en",
        links={},
        policy=AlertPolicy(),
        retrain={"target": "webhook"},
        state="red",
        model_version="v1",
        batch_id="b",
        batch_date=TODAY,
        since=SINCE,
        headline=Text("Drift of age\nsince 18 November.", "Dérive de age depuis le 18 novembre."),
        findings=(finding(model_id=model_id),),
        history=tuple((TODAY - timedelta(days=days), "red" if days < 3 else "green") for days in range(9, -1, -1)),
    )
    return replace(base, **values)


def world(
    *models: Model, of_inputs: Sequence[Finding] = (), events: Sequence[Event] = (), now: datetime = NOW
) -> World:
    """The world of those models."""
    return World(now, {model.model_id: model for model in models}, tuple(of_inputs), tuple(events))


NUMBERS = Numbers(reds=3, trained=date(2026, 10, 1), rows=1000, newest="v1", newest_on=date(2026, 10, 2))


def case_of(
    model: Model | None = None,
    *,
    numbers: Numbers = NUMBERS,
    of_inputs: Sequence[Finding] = (),
    events: Sequence[Event] = (),
    **policy: Any,
) -> Case:
    """A case that every guard lets pass, but for what is said."""
    model = model or red_model()
    model = replace(model, policy=replace(model.policy, **policy))
    seen = world(model, of_inputs=of_inputs, events=events)
    return cases(seen, [model], {model.model_id: numbers})[0]


def event(kind: str, at: date | datetime, event_id: str = "", **values: Any) -> Event:
    """An event about the model churn and its red run; what is no column of events is a fact."""
    columns = {name: values.pop(name) for name in ("model_id", "model_version", "author") if name in values}
    moment = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, 7, tzinfo=UTC)
    facts = {"since": SINCE.isoformat(), "request_id": REQUEST, **values}
    return Event(
        event_id or f"{kind}.{moment.isoformat()}", moment, kind, **{"model_id": "churn", **columns}, facts=facts
    )


def fill(folder: Path, models: Iterable[str] = ("churn",), *, rows: int = 1200) -> Warehouse:
    """A warehouse in which each of the models has a version of October and rows with known truth since."""
    warehouse = open_warehouse(folder)
    names = list(models)
    day = date(2026, 11, 1)
    ids = [f"{n}" for n in range(rows)]
    for name in names:
        same = {"model_id": [name] * rows, "entity_id": ids, "batch_date": [day] * rows}
        warehouse.deliver(
            {
                "versions": _table("versions", model_id=[name], model_version=["v1"], rows=[9], trained_at=[_OCTOBER]),
                "predictions": _table(
                    "predictions", **same, model_version=["v1"] * rows, batch_id=["b"] * rows, score=[0.5] * rows
                ),
            },
            kind="batch",
        )
        warehouse.deliver({"outcomes": _table("outcomes", **same, outcome=["1"] * rows)}, kind="outcomes")
    return warehouse


_OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)


def _table(name: str, **columns: Any) -> Any:
    return table_from_columns(name, columns)


def written(warehouse: Warehouse, model_id: str = "churn") -> list[Event]:
    """The model's events, oldest first."""
    return [from_row(row) for row in warehouse.query("model_events", model_id=model_id).to_pylist()]


def kinds(warehouse: Warehouse, model_id: str = "churn") -> list[str]:
    """What was written of retraining the model, oldest first."""
    return [one.kind.removeprefix("retraining_") for one in written(warehouse, model_id)]
