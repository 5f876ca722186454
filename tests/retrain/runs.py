"""One run that decides and asks, and the trainers that it may ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from dashboard.retrain.ask import retrain
from dashboard.retrain.decision import Decision
from dashboard.settings import Settings
from dashboard.world import Model
from qod.warehouse import Warehouse
from tests.alerts.http_server import HttpServer
from tests.retrain.trainers import QUICK, Airflow, GitLab, Receiver, to_airflow, to_gitlab, to_webhook
from tests.retrain.worlds import NOW, red_model, world, written

AIRFLOW = {"target": "airflow", "dag": "churn_training"}
GITLAB = {"target": "gitlab", "project": "group/churn", "ref": "main"}
WEBHOOK = {"target": "webhook"}
DAY = timedelta(days=1)


def run(
    warehouse: Warehouse, settings: Settings, *models: Model, now: datetime = NOW, dry_run: bool = False, **values: Any
) -> tuple[Decision, ...]:
    """One run over the models (churn, where none is given), which sees all that was written."""
    models = models or (red_model(retrain=values.pop("entry", WEBHOOK)),)
    events = [one for model in models for one in written(warehouse, model.model_id)]
    seen = world(*models, events=events, now=now, **values)
    return retrain(warehouse, seen, settings, dry_run=dry_run, deadline=QUICK)


TARGETS: dict[str, tuple[dict[str, str], Callable[[HttpServer], Settings], Callable[[], Any]]] = {
    "airflow": (AIRFLOW, to_airflow, Airflow),
    "webhook": (WEBHOOK, to_webhook, Receiver),
    "gitlab": (GITLAB, to_gitlab, GitLab),
}


def trained(state: Airflow | GitLab | Receiver) -> int:
    """How many trainings were started."""
    if isinstance(state, Airflow):
        return len(state.runs)
    return len(state.pipelines if isinstance(state, GitLab) else state.trained)
