"""Each target asked over HTTP: what it is told, and what is made of its answers."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from dashboard.retrain.request import PASSED_ON, Entry, Request, request_id
from dashboard.retrain.target import Reply
from dashboard.retrain.targets import load
from dashboard.settings import Settings
from tests.alerts.closed_port import closed_port
from tests.alerts.http_server import HttpServer, http_server
from tests.alerts.http_server import Reply as Answered
from tests.retrain.trainers import QUICK, SECRETS, Airflow, GitLab, Receiver, to_airflow, to_gitlab, to_webhook
from tests.retrain.worlds import HOSTILE, REQUEST, SINCE

URL = "https://vigie.example.org/v/models/churn"
DAG = Entry("airflow", {"dag": "churn_training"}, {"depth": 3})
PIPELINE = Entry("gitlab", {"project": "group/churn", "ref": "main"}, {"DEPTH": 3, "FULL": True})
TO: dict[str, tuple[Entry, Callable[..., Settings]]] = {
    "airflow": (DAG, to_airflow),
    "gitlab": (PIPELINE, to_gitlab),
    "webhook": (Entry("webhook", {}, {"depth": 3}), to_webhook),
}


def request_of(entry: Entry, **values: Any) -> Request:
    base = {
        "request_id": REQUEST,
        "model_id": "churn",
        "model_version": "v1",
        "since": SINCE,
        "reason": "r",
        "url": URL,
    }
    return Request(**{**base, "entry": entry, **values})


def ask(target: str, server: HttpServer, **values: Any) -> Reply:
    entry, settings = TO[target]
    return load()[target].ask(request_of(values.pop("entry", entry)), settings(server, **values), QUICK)


@contextmanager
def airflow(api: str) -> Iterator[tuple[Airflow, HttpServer]]:
    state = Airflow(api)
    with http_server(answer=state) as server:
        yield state, server


@pytest.mark.parametrize(
    ("api", "setting", "paths"),
    [
        ("v2", "auto", ["/auth/token", "/api/v2/dags/churn_training/dagRuns"]),
        ("v2", "v2", ["/auth/token", "/api/v2/dags/churn_training/dagRuns"]),
        ("v1", "v1", ["/api/v1/dags/churn_training/dagRuns"]),
        ("v1", "auto", ["/auth/token", "/api/v1/dags/churn_training/dagRuns"]),
    ],
)
def test_airflow_of_either_version_runs_the_dag_once(api: str, setting: str, paths: list[str]) -> None:
    with airflow(api) as (state, server):
        first, second = (ask("airflow", server, airflow_api=setting) for _ in range(2))
        assert [one.path for one in server.requests] == paths * 2
    assert first.state == second.state == "asked", "409 says that it was taken before"
    assert list(state.runs) == [REQUEST]
    conf = state.runs[REQUEST]
    assert conf == {"depth": 3, "request_id": REQUEST, "model_id": "churn", "model_version": "v1", "reason": "r"} | {
        "since": SINCE.isoformat(),
        "url": URL,
    }
    assert first.facts["dag_run_id"] == REQUEST
    assert first.facts["link"].startswith(f"{server.url}/dags/churn_training/")


@pytest.mark.parametrize("api", ["v1", "v2"])
def test_a_bearer_token_takes_the_place_of_the_login(api: str) -> None:
    with airflow(api) as (state, server):
        said = ask("airflow", server, airflow_user="", airflow_password="", airflow_token="token-5ecret")
        assert all(one.path != "/auth/token" for one in server.requests)
    assert said.state == "asked"
    assert list(state.runs) == [REQUEST]


@pytest.mark.parametrize(
    ("values", "status", "word"),
    [
        ({"airflow_password": "wrong"}, "401", "VIGIE_AIRFLOW_PASSWORD"),
        ({"entry": Entry("airflow", {"dag": "other"})}, "404", "retrain.dag"),
    ],
)
@pytest.mark.parametrize("api", ["v1", "v2"])
def test_airflow_that_refuses_is_told_of_in_words_without_a_secret(
    api: str, values: dict[str, Any], status: str, word: str
) -> None:
    with airflow(api) as (state, server):
        said = ask("airflow", server, **values)
    assert said.state == "refused"
    assert said.reason is not None
    assert status in said.reason.en
    assert word in said.reason.en
    assert word in said.reason.fr
    assert not state.runs
    assert not any(secret in repr(said) for secret in SECRETS)


def test_gitlab_starts_a_pipeline_with_variables() -> None:
    state = GitLab()
    with http_server(answer=state) as server:
        said = ask("gitlab", server)
        assert "trigger-5ecret" not in server.requests[0].path
    assert said.state == "asked"
    assert said.facts == {"pipeline": "7", "link": f"{server.url}/group/churn/-/pipelines/7"}
    (form,) = state.pipelines
    variables = {name: value for name, value in form.items() if name.startswith("variables")}
    assert variables["variables[VIGIE_REQUEST_ID]"] == REQUEST
    assert variables["variables[VIGIE_MODEL_ID]"] == "churn"
    assert (variables["variables[DEPTH]"], variables["variables[FULL]"]) == ("3", "true")
    assert len(variables) == len(PASSED_ON) + 2


@pytest.mark.parametrize(
    ("entry", "status", "word"),
    [
        (Entry("gitlab", {"project": "group/churn", "ref": "gone"}), "400", "retrain.ref"),
        (Entry("gitlab", {"project": "group/other", "ref": "main"}), "404", "retrain.project"),
    ],
)
def test_gitlab_that_refuses_says_what_to_check(entry: Entry, status: str, word: str) -> None:
    with http_server(answer=GitLab()) as server:
        said = ask("gitlab", server, entry=entry)
    assert said.state == "refused"
    assert said.reason is not None
    assert status in said.reason.en
    assert word in said.reason.fr


def test_a_link_elsewhere_is_not_kept() -> None:
    bad = b'{"id": 7, "web_url": "https://evil.example.com/x"}'
    with http_server(answer=lambda request: Answered(201, bad)) as server:
        assert ask("gitlab", server).facts == {"pipeline": "7"}


def test_a_link_that_repeats_the_token_is_not_kept() -> None:
    with http_server() as server:
        server.answer = lambda request: Answered(201, f'{{"web_url": "{server.url}/trigger-5ecret/1"}}'.encode())
        assert ask("gitlab", server).facts == {}


@pytest.mark.parametrize("target", TO)
def test_half_a_character_in_conf_keeps_nobody_from_being_asked(target: str) -> None:
    receivers: dict[str, Any] = {"airflow": Airflow(), "gitlab": GitLab(), "webhook": Receiver()}
    entry = replace(TO[target][0], conf={"REGION": "a\ud800"})  # of a registry that another hand filled
    with http_server(answer=receivers[target]) as server:
        assert ask(target, server, entry=entry).state == "asked"


def test_the_webhook_is_signed_and_carries_the_request() -> None:
    state = Receiver()
    with http_server(answer=state) as server:
        assert ask("webhook", server).state == ask("webhook", server).state == "asked"
    (got,) = state.trained.values()
    signed = got.headers["x-vigie-timestamp"].encode() + b"." + got.body
    assert got.headers["x-vigie-signature"] == "v1=" + hmac.new(b"sign-5ecret", signed, hashlib.sha256).hexdigest()
    assert got.json["version"] == 1
    assert got.json["conf"] == {"depth": 3}
    assert got.json["request_id"] == REQUEST


def test_a_conflict_about_something_else_is_no_yes() -> None:
    with http_server(fault="409") as server:
        assert ask("webhook", server).state == "refused"


@pytest.mark.parametrize("target", TO)
@pytest.mark.parametrize(
    ("fault", "state"),
    [("hang", "unknown"), ("cut", "unknown"), ("500", "unknown"), ("503", "refused"), ("302", "refused")],
)
def test_a_target_that_misbehaves_is_told_of_as_what_is_known(target: str, fault: str, state: str) -> None:
    values = {"airflow_token": "token-5ecret"} if target == "airflow" else {}
    with http_server(fault=fault) as server:
        said = ask(target, server, **values)
        assert len(server.requests) == 1, "nothing is repeated, and no redirect is followed"
    assert said.state == state
    assert said.reason is not None
    assert said.down == (fault in ("hang", "cut"))
    assert not any(secret in repr(said) for secret in SECRETS)


@pytest.mark.parametrize("target", TO)
def test_a_target_where_nobody_listens_has_surely_not_been_asked(target: str) -> None:
    with http_server() as server:
        server.port = closed_port()
        said = ask(target, server)
    assert (said.state, said.down) == ("refused", True)


def test_a_login_that_gets_no_answer_has_asked_for_nothing() -> None:
    with http_server(fault="hang") as server:
        assert ask("airflow", server).state == "refused"


@pytest.mark.parametrize("target", TO)
def test_hostile_names_stay_values(target: str) -> None:
    receivers: dict[str, Any] = {"airflow": Airflow(), "gitlab": GitLab(), "webhook": Receiver()}
    state = receivers[target]
    entry, settings = TO[target]
    request = request_of(entry, model_id=HOSTILE, request_id=request_id(HOSTILE, SINCE), model_version=HOSTILE)
    with http_server(answer=state) as server:
        assert load()[target].ask(request, settings(server), QUICK).state == "asked"
    told = {
        "airflow": lambda: state.runs[request.request_id]["model_id"],
        "gitlab": lambda: state.pipelines[0]["variables[VIGIE_MODEL_ID]"],
        "webhook": lambda: state.trained[request.request_id].json["model_id"],
    }[target]()
    assert told.split() == HOSTILE.split()
