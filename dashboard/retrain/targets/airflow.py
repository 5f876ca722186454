"""The target Airflow: a run of a DAG, asked for over the REST API of Airflow 3 (v2) or 2 (v1)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from dashboard.foreign import json_object
from dashboard.outbound import Answer
from dashboard.retrain.over_http import asked, reply_to
from dashboard.retrain.request import Request
from dashboard.retrain.target import Reply, Target, TargetKey
from dashboard.settings import Settings
from dashboard.text import Text

_NAME: Final = Text("Airflow", "Airflow")
_JSON: Final = {"Content-Type": "application/json", "Accept": "application/json"}
_ABSENT: Final = (404, 405)
"""How a server answers where it has no such interface; an unknown DAG is 404 too."""

_NO_DAG: Final = Text(
    "it knows no such DAG, or its API is not at that address: check retrain.dag, VIGIE_AIRFLOW_URL and "
    "VIGIE_AIRFLOW_API",
    "il ne connaît pas ce DAG, ou son API n\u2019est pas à cette adresse\u00a0: vérifiez retrain.dag, "
    "VIGIE_AIRFLOW_URL et VIGIE_AIRFLOW_API",
)
_WHY: Final = {
    400: Text(
        "it cannot run the DAG so: see that it has no import errors and takes this conf",
        "il ne peut pas lancer le DAG ainsi\u00a0: vérifiez qu\u2019il se charge sans erreur et accepte cette conf",
    ),
    401: Text(
        "it does not accept the login: check VIGIE_AIRFLOW_USER and VIGIE_AIRFLOW_PASSWORD, or VIGIE_AIRFLOW_TOKEN",
        "il refuse l\u2019identifiant\u00a0: vérifiez VIGIE_AIRFLOW_USER et VIGIE_AIRFLOW_PASSWORD, ou "
        "VIGIE_AIRFLOW_TOKEN",
    ),
    403: Text(
        "this login may not run the DAG: let it create DAG runs",
        "cet identifiant n\u2019a pas le droit de lancer le DAG\u00a0: autorisez-le à créer des exécutions",
    ),
    404: _NO_DAG,
    405: _NO_DAG,
    422: Text(
        "it does not take the request: check VIGIE_AIRFLOW_API",
        "il n\u2019accepte pas la demande\u00a0: vérifiez VIGIE_AIRFLOW_API",
    ),
}


def ask(request: Request, settings: Settings, deadline: float) -> Reply:
    """Ask Airflow for the run of the DAG whose identifier is that of the request; one it has already is asked."""
    answer: Answer | Reply | None = None
    for api in ("v2", "v1") if settings.airflow_api == "auto" else (settings.airflow_api,):
        answer = _ask_v2(request, settings, deadline) if api == "v2" else _ask_v1(request, settings, deadline)
        if isinstance(answer, Reply):
            return answer
        if answer.status in (200, 201, 409):
            # 409 says that there is a run of this identifier: an earlier request arrived.
            return Reply("asked", facts=_facts(request, settings, api))
        if answer.status not in _ABSENT:
            break
    assert isinstance(answer, Answer)
    return reply_to(answer, _NAME, _WHY)


def _ask_v2(request: Request, settings: Settings, deadline: float) -> Answer | Reply:
    token = settings.airflow_token
    if not token and settings.airflow_user:
        login = {"username": settings.airflow_user, "password": settings.airflow_password}
        answer = _post("/auth/token", login, {}, settings, deadline)
        if isinstance(answer, Reply):
            return _surely_not(answer)
        if answer.status not in (200, 201):
            return answer if answer.status in _ABSENT else _surely_not(reply_to(answer, _NAME, _WHY))
        token = str(json_object(answer.body).get("access_token") or "")
        if not token.isascii() or not token.isprintable() or not token:
            # Something else answers there; the API of the other version may.
            return Answer(404, b"", {})
    run = {"dag_run_id": request.request_id, "logical_date": None, "conf": _conf(request)}
    return _post(_path("v2", request), run, _bearer(token), settings, deadline)


def _ask_v1(request: Request, settings: Settings, deadline: float) -> Answer | Reply:
    login = f"{settings.airflow_user}:{settings.airflow_password}"
    basic = {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"} if settings.airflow_user else {}
    headers = _bearer(settings.airflow_token) if settings.airflow_token else basic
    run = {"dag_run_id": request.request_id, "conf": _conf(request)}
    return _post(_path("v1", request), run, headers, settings, deadline)


def _surely_not(reply: Reply) -> Reply:
    """The reply to a login, with which nothing was asked for yet."""
    return Reply("refused", reply.reason, down=reply.down)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _conf(request: Request) -> dict[str, object]:
    return {**request.entry.conf, **request.facts}


def _path(api: str, request: Request) -> str:
    return f"/api/{api}/dags/{quote(request.entry.values['dag'], safe='')}/dagRuns"


def _post(
    path: str, body: Mapping[str, object], headers: Mapping[str, str], settings: Settings, deadline: float
) -> Answer | Reply:
    url = settings.airflow_url.rstrip("/") + path
    return asked(url, json.dumps(body).encode(), {**_JSON, **headers}, settings, deadline, name=_NAME)


def _facts(request: Request, settings: Settings, api: str) -> dict[str, str]:
    """The run's identifier, and where Airflow shows it."""
    dag, run = quote(request.entry.values["dag"], safe=""), request.request_id
    page = f"/dags/{dag}/runs/{run}" if api == "v2" else f"/dags/{dag}/grid?dag_run_id={run}"
    found = {"dag_run_id": run}
    if "@" not in urlsplit(settings.airflow_url).netloc:  # no login goes into a link
        found["link"] = settings.airflow_url.rstrip("/") + page
    return found


TARGET: Final = Target(
    key="airflow",
    name=_NAME,
    meaning=Text(
        "Asks Airflow 2 or 3 for a run of a DAG, whose conf holds that of the entry and model_id, model_version, "
        "since, request_id, reason and url.",
        "Demande à Airflow 2 ou 3 une exécution d\u2019un DAG, dont la conf contient celle de l\u2019entrée et "
        "model_id, model_version, since, request_id, reason et url.",
    ),
    needs=("airflow_url",),
    keys=(TargetKey("dag", r"(?!\.+$)[\w.-]{1,250}", "the DAG's identifier: letters, digits, dots, dashes and _"),),
    repeatable=True,
    repeats=Text(
        "The run\u2019s identifier is that of the request: Airflow refuses a second one (409), which counts as asked.",
        "L\u2019identifiant de l\u2019exécution est celui de la demande\u00a0: Airflow refuse la seconde (409), ce qui "
        "vaut demande faite.",
    ),
    ask=ask,
)
