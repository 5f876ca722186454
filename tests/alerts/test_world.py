"""The world as a run reads it from a warehouse: states, owners, policies, findings and who has taken care of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard import events
from dashboard.alerts.read import read_world
from dashboard.events import Statement
from dashboard.incidents import incidents
from dashboard.settings import Settings
from dashboard.text import Text
from dashboard.world import World
from qod.contract import table_from_columns
from qod.warehouse import Warehouse, open_warehouse
from tests.alerts.between import Between
from tests.web.lake import HOSTILE_MODEL, TODAY, Columns, small_fleet

NOW = datetime(2026, 11, 19, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Of tests.web.lake.small_fleet."""
    return read_world(small_fleet(tmp_path_factory.mktemp("fleet")), NOW, Settings())


def made(folder: Path, colours: Sequence[str], **entry: Any) -> Warehouse:
    """A model 'one' of so many batches; ``entry`` changes what is registered of it."""
    warehouse, columns = open_warehouse(folder), Columns()
    columns.model("one", "One", "Risk", list(colours), findings=["tenure"])
    for name, value in entry.items():
        columns.tables["models"][name] = [value]
    columns.deliver(warehouse)
    return warehouse


def finding(subject: str, rule: str, family: str, colour: str, weight: float | None = None) -> dict[str, list[Any]]:
    """A row of findings on the model's batch of TODAY."""
    row = {"model_id": "one", "model_version": "1", "batch_id": TODAY.isoformat(), "batch_date": TODAY}
    row |= {"subject": subject, "rule": rule, "family": family, "colour": colour, "since": TODAY, "weight": weight}
    return {name: [value] for name, value in row.items()} | {"facts": ["{}"]}


def test_every_registered_model_has_the_state_of_its_newest_batch(fleet: World) -> None:
    states = {name: model.state for name, model in fleet.models.items()}
    assert states == {
        "churn-postpaid": "red",
        "churn-fixed": "red",
        "fraud": "amber",
        HOSTILE_MODEL: "green",
        "late": "grey",
        "new": "grey",
    }
    assert fleet.models["new"].batch_id is None
    red = fleet.models["churn-postpaid"]
    assert (red.model_version, red.batch_id, red.batch_date, red.since) == ("1", TODAY.isoformat(), TODAY, TODAY)
    assert red.headline == Text("All 12 variables are red.", "Les 12 variables sont red.")
    assert red.owner == "ada@example.org"
    assert red.history[-2:] == ((TODAY - timedelta(days=1), "green"), (TODAY, "red"))
    assert fleet.today == date(2026, 11, 19)


def test_findings_are_those_of_the_newest_batch_and_make_incidents(fleet: World) -> None:
    red = fleet.models["churn-postpaid"]
    assert [(one.subject, one.rule, one.colour) for one in red.findings] == [("tenure_months", "missing", "red")]
    assert [one.kind for one in red.standings] == ["open"]
    (incident,) = incidents(fleet.of_inputs)
    assert incident.models == ("churn-fixed", "churn-postpaid")


def test_grey_is_late_only_where_no_batch_came(tmp_path: Path) -> None:
    warehouse = made(tmp_path, ["green", "grey"])
    assert read_world(warehouse, NOW, Settings()).models["one"].state == "grey"
    late = table_from_columns("findings", finding("batch", "late", "freshness", "grey"))
    warehouse.deliver({"findings": late}, kind="evaluation")
    assert read_world(warehouse, NOW, Settings()).models["one"].state == "late"


def test_what_people_wrote_stands_until_its_last_day(tmp_path: Path) -> None:
    warehouse = made(tmp_path, ["green", "red"])
    (found,) = read_world(warehouse, NOW, Settings()).models["one"].findings
    said = Statement("k", "snoozed", "Ada", "Known.", TODAY + timedelta(days=2))
    warehouse.deliver({"events": events.to_table(events.about(said, [found], NOW))}, kind="events")
    stands = [
        read_world(warehouse, NOW + timedelta(days=days), Settings()).models["one"].standings[0].kind for days in (2, 3)
    ]
    assert stands == ["snoozed", "open"]
    assert read_world(warehouse, NOW, Settings()).models["one"].open_findings == ()


def test_the_worst_finding_comes_first_and_a_red_of_no_weight_counts_amber(tmp_path: Path) -> None:
    warehouse = made(tmp_path, ["green", "red"])
    rows = [
        finding("postcode", "missing", "quality", "red", 0.001),
        finding("age", "drift", "drift", "amber", 0.3),
        finding("tenure", "missing", "quality", "red", 0.12),
    ]
    columns = {name: [row[name][0] for row in rows] for name in rows[0]}
    warehouse.deliver({"findings": table_from_columns("findings", columns)}, kind="evaluation")
    model = read_world(warehouse, NOW, Settings()).models["one"]
    assert model.light == 0.01
    assert [one.subject for one in model.findings] == ["tenure", "postcode", "age"]


def test_the_registry_says_who_is_written_to_how_and_what_retrains(tmp_path: Path) -> None:
    policy = {"alerts": {"from": "red", "language": "fr", "reminder_days": 3}, "importance": {"light": 0.2}}
    warehouse = made(
        tmp_path,
        ["green"],
        owner_email=None,
        policy=json.dumps(policy),
        links=json.dumps({"runbook": "https://example.org", "number": 3}),
        retrain=json.dumps({"target": "airflow", "dag": "train"}),
    )
    model = read_world(warehouse, NOW, Settings(default_owner="desk@example.org")).models["one"]
    assert (model.owner, model.language, model.light) == ("desk@example.org", "fr", 0.2)
    assert (model.policy.alert_from, model.policy.reminder_days) == ("red", 3)
    assert model.links == {"runbook": "https://example.org"}
    assert model.retrain == {"target": "airflow", "dag": "train"}
    assert read_world(warehouse, NOW, Settings()).models["one"].owner == ""


def test_the_fleets_policy_holds_where_the_models_own_says_nothing(tmp_path: Path) -> None:
    warehouse = made(tmp_path, ["green"], policy=json.dumps({"alerts": {"late": "no"}}))
    fleet = {"policy_id": ["fleet"], "policy": [json.dumps({"alerts": {"from": "red", "late": "yes"}})]}
    warehouse.deliver({"policies": table_from_columns("policies", fleet | {"registered_at": [NOW]})}, kind="policy")
    policy = read_world(warehouse, NOW, Settings(language="fr")).models["one"].policy
    assert (policy.alert_from, policy.alert_late) == ("red", "no")
    assert read_world(warehouse, NOW, Settings(language="fr")).models["one"].language == "fr"


@pytest.mark.parametrize("broken", ["{", "[]", '{"alerts": {"from": "blue"}}', '{"drift": {"amber": 0.9, "red": 0.1}}'])
def test_a_policy_that_cannot_be_read_keeps_no_other_model_from_being_told(tmp_path: Path, broken: str) -> None:
    warehouse = made(tmp_path, ["green", "red"], policy=broken, links="[1", retrain="no table")
    model = read_world(warehouse, NOW, Settings()).models["one"]
    assert (model.state, model.policy.alert_from, model.retrain, model.links) == ("red", "amber", {}, {})


def test_an_evaluation_that_ends_in_between_is_seen_whole(tmp_path: Path) -> None:
    warehouse = made(tmp_path, ["green", "red"])
    newer, answers = Columns(), []
    newer.model("one", "One", "Risk", ["green", "red", "red"], findings=["age"], ends=TODAY + timedelta(days=1))

    def evaluated() -> None:
        answers.append(1)
        if len(answers) == 3:  # the registry, the policies, and then the fleet
            newer.deliver(warehouse)

    model = read_world(Between(warehouse, answered=evaluated), NOW, Settings()).models["one"]  # type: ignore[arg-type]
    assert model.batch_date == TODAY + timedelta(days=1)
    assert [one.subject for one in model.findings] == ["age"]
