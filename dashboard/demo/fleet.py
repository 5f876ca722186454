"""Which models a demo of a given size holds: the scripted ones first, then the others, then regional variants."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from itertools import count
from typing import Any, Final

from dashboard.demo.model import DemoModel
from dashboard.demo.models import customers, operations, risk
from dashboard.demo.scripts import SCRIPTS
from dashboard.demo.variables import REGIONS
from qod.errors import UnknownNameError

_RETRAIN: Final[dict[str, dict[str, Any]]] = {
    "upsell-fibre": {"target": "airflow", "dag": "train_upsell_fibre", "conf": {"months": 12}},
    "churn-postpaid": {"target": "airflow", "dag": "train_churn_postpaid"},
    "win-back": {"target": "gitlab", "project": "retention/win-back", "ref": "main"},
    "upsell-mobile-data": {"target": "webhook"},
}
"""Who is asked to train a model anew; nobody, of the others. Nobody is there to take it either: nothing is set."""

_ALL: Final = {model.model_id: model for model in (*customers.MODELS, *operations.MODELS, *risk.MODELS)}


def fleet(models: int) -> tuple[DemoModel, ...]:
    """``models`` models, each with its own id: those of the scripts in the scripts' order, then the quiet ones.

    Beyond the 24 that are written down come variants of them by region, quiet and smaller.
    """
    scripted = [model_id for script in SCRIPTS for model_id in script.models]
    quiet = [model_id for model_id in _ALL if model_id not in scripted]
    named = [_ALL[model_id] for model_id in (*scripted, *quiet)]
    chosen = named[:models]
    for round_number in count():
        for region in REGIONS:
            for model in named:
                if len(chosen) >= models:
                    return tuple(chosen)
                chosen.append(_variant(model, region, round_number))
    raise AssertionError("unreachable: the rounds never end")


def model_called(model_id: str) -> DemoModel:
    """The written-down model ``model_id``; UnknownNameError when there is none."""
    if model_id not in _ALL:
        raise UnknownNameError("demo model", model_id, _ALL)
    return _ALL[model_id]


def registry_row(model: DemoModel) -> dict[str, Any]:
    """The model's row of the table ``models``, without its time of registration."""
    home = f"https://intranet.example.com/models/{model.model_id}"
    return {
        "model_id": model.model_id,
        "name": model.name,
        "description": model.description,
        "team": model.team,
        "owner_email": f"{model.owner}@example.com",
        "task": model.task,
        "cadence": model.cadence,
        "cohort": model.cohort,
        "outcome_window_days": model.outcome_window_days,
        "links": json.dumps(
            {
                "repository": f"https://git.example.com/{model.team.lower().replace(' ', '-')}/{model.model_id}",
                "runbook": f"{home}/runbook",
                "dag": f"https://airflow.example.com/dags/score_{model.model_id.replace('-', '_')}",
            }
        ),
        "retrain": json.dumps(_RETRAIN[model.model_id]) if model.model_id in _RETRAIN else None,
    }


def _variant(model: DemoModel, region: str, round_number: int) -> DemoModel:
    """The same model for the customers of one region: fewer rows, no second version, nothing scripted."""
    letters = unicodedata.normalize("NFKD", region.lower()).encode("ascii", "ignore").decode()
    place = "".join(letter if letter.isalnum() else "-" for letter in letters)
    suffix = f" {round_number + 1}" if round_number else ""
    return replace(
        model,
        model_id=f"{model.model_id}-{place}{suffix.replace(' ', '-')}",
        name=f"{model.name}, {region}{suffix}",
        variables=" ".join(name for name in model.variables.split() if name != "region"),
        rows=max(300, min(model.rows, 2000) // 2),
        retrained=None,
        youngest=None,
    )
