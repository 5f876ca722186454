"""Airflow, GitLab and a webhook's receiver on this machine, as strict as real ones, and settings that lead there."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from dashboard.settings import Settings
from tests.alerts.http_server import HttpServer, Reply, Request

SECRETS = ("pass-5ecret", "token-5ecret", "trigger-5ecret", "sign-5ecret", "path-5ecret")
QUICK = 0.5
"""Seconds that a target may take where it never answers."""


def to_airflow(server: HttpServer, **values: Any) -> Settings:
    """Settings with a login at an Airflow there."""
    login = {"airflow_user": "vigie", "airflow_password": "pass-5ecret"}
    return Settings(**{**_HERE, **login, "airflow_url": server.url, **values})


def to_gitlab(server: HttpServer) -> Settings:
    """Settings with a trigger token of a GitLab there."""
    return Settings(**_HERE, gitlab_url=server.url, gitlab_token="trigger-5ecret")


def to_webhook(server: HttpServer) -> Settings:
    """Settings with a webhook there."""
    return Settings(**_HERE, retrain_url=f"{server.url}/path-5ecret", retrain_secret="sign-5ecret")


_HERE: dict[str, Any] = {"private_hosts": "127.0.0.1", "public_url": "https://vigie.example.org/v"}


@dataclass
class Airflow:
    """Runs of DAGs by identifier, over v2 (Airflow 3) or v1 (Airflow 2)."""

    api: str = "v2"
    dags: tuple[str, ...] = ("churn_training",)
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, request: Request) -> Reply:
        if self.api == "v2" and request.path == "/auth/token":
            known = request.json == {"username": "vigie", "password": "pass-5ecret"}
            return _json(201, {"access_token": "token-5ecret"}) if known else _json(401, {"detail": "Invalid"})
        parts = request.path.split("/")
        if parts[1:4] != ["api", self.api, "dags"] or parts[5:] != ["dagRuns"]:
            return Reply(404, b"<html>not found</html>")
        basic = "Basic " + base64.b64encode(b"vigie:pass-5ecret").decode()
        accepted = ("Bearer token-5ecret",) if self.api == "v2" else (basic, "Bearer token-5ecret")
        if request.headers.get("authorization") not in accepted:
            return _json(401, {"detail": f"Invalid {request.headers.get('authorization')}"})
        if unquote(parts[4]) not in self.dags:
            return _json(404, {"detail": "no such DAG"})
        body = request.json
        if set(body) != ({"dag_run_id", "logical_date", "conf"} if self.api == "v2" else {"dag_run_id", "conf"}):
            return _json(422, {"detail": "unknown fields"})
        if body["dag_run_id"] in self.runs:
            return _json(409, {"detail": "already exists"})
        self.runs[body["dag_run_id"]] = body["conf"]
        return _json(200, {"dag_run_id": body["dag_run_id"], "state": "queued"})


@dataclass
class GitLab:
    """Pipelines of the project group/churn; each request with the token starts one."""

    pipelines: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        form = {name: values[0] for name, values in parse_qs(request.body.decode(), strict_parsing=True).items()}
        where = "/api/v4/projects/group%2Fchurn/trigger/pipeline"
        if request.path != where or form["token"] != "trigger-5ecret":
            return _json(404, {"message": "404 Not Found"})
        if form["ref"] != "main":
            return _json(400, {"message": {"base": ["Reference not found"]}})
        self.pipelines.append(form)
        page = f"http://{request.headers['host']}/group/churn/-/pipelines/7"
        return _json(201, {"id": 7, "web_url": page})


@dataclass
class Receiver:
    """A webhook's receiver that trains once for each Idempotency-Key."""

    trained: dict[str, Request] = field(default_factory=dict)

    def __call__(self, request: Request) -> Reply:
        key = request.headers["idempotency-key"]
        if key in self.trained:
            return _json(409, {"taken": key})
        self.trained[key] = request
        return _json(202, {})


def _json(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json"})
