"""Deciding and asking, on a lake and against servers: each red model once, and every word of it written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from dashboard.retrain.ask import retrain
from dashboard.settings import Settings
from qod.warehouse import Warehouse
from tests.alerts.http_server import http_server
from tests.retrain.runs import AIRFLOW, DAY, TARGETS, run
from tests.retrain.trainers import QUICK, SECRETS, Receiver, to_webhook
from tests.retrain.worlds import HOSTILE, NOW, REQUEST, event, fill, finding, kinds, red_model, world, written
from tests.sending import send_events


@pytest.fixture
def lake(tmp_path: Path) -> Warehouse:
    return fill(tmp_path / "lake")


def test_a_red_model_is_asked_for_once_and_that_is_written_before_and_after(lake: Warehouse) -> None:
    state = Receiver()
    with http_server(answer=state) as server:
        first = run(lake, to_webhook(server))
        again = [run(lake, to_webhook(server), now=NOW + days * DAY) for days in (0, 1, 40)]
        assert len(server.requests) == 1
    assert [one.outcome for one in first] == ["asked"]
    assert all(one == first for one in again), "told alike on every later day"
    assert kinds(lake) == ["planned", "asked"]
    plan, asked = written(lake)
    assert plan.event_id == f"{REQUEST}.planned"
    assert asked.event_id == f"{REQUEST}.asked"
    assert asked.facts["reasons"] == [{"en": first[0].reasons[0].en, "fr": first[0].reasons[0].fr}]
    assert asked.facts["target"] == "webhook"
    assert asked.happened_at > plan.happened_at
    (request,) = state.trained.values()
    assert request.json["reason"] == "Drift of age since 18 November."
    assert request.json["url"].startswith("https://vigie.example.org/v/models/churn/inputs/age?")


def test_models_that_are_not_red_or_have_no_entry_are_left_alone(lake: Warehouse) -> None:
    models = [red_model("a", state="amber"), red_model("b", retrain={}), red_model("c", state="late")]
    with http_server() as server:
        assert run(lake, to_webhook(server), *models) == ()
        assert not server.requests


def test_a_dry_run_writes_nothing_and_asks_nobody(lake: Warehouse) -> None:
    refused = red_model(policy=replace(red_model().policy, retrain_reds=9))
    with http_server() as server:
        (would,) = run(lake, to_webhook(server), dry_run=True)
        (not_yet,) = run(lake, to_webhook(server), refused, dry_run=True)
        assert not server.requests
    assert (would.outcome, not_yet.outcome) == ("asked", "refused")
    assert "would be asked" in would.reasons[0].en
    assert written(lake) == []


def test_labelled_rows_are_those_of_days_after_the_training(tmp_path: Path) -> None:
    few = fill(tmp_path / "few", rows=999)
    with http_server() as server:
        (decision,) = run(few, to_webhook(server))
    assert decision.outcome == "refused"
    assert "999 rows" in decision.reasons[0].en


def test_rows_are_counted_only_where_no_other_guard_refuses(tmp_path: Path) -> None:
    few = fill(tmp_path / "few", rows=1)
    asked: list[str] = []
    query = few.query

    def noting(name: str, **values: Any) -> Any:
        asked.append(name)
        return query(name, **values)

    with http_server() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(few, "query", noting)
        (decision,) = run(few, to_webhook(server), of_inputs=[finding("missing", "quality")])
        assert "labelled_rows" not in asked
        assert len(decision.reasons) == 1
        run(few, to_webhook(server))
        assert "labelled_rows" in asked


def test_a_refusal_is_written_when_its_guards_change_and_not_every_day(lake: Warehouse) -> None:
    once = red_model(policy=replace(red_model().policy, retrain_reds=9))
    broken = [finding("missing", "quality")]
    with http_server(answer=Receiver()) as server:
        settings = to_webhook(server)
        for days in range(3):
            run(lake, settings, once, now=NOW + days * DAY)
        assert kinds(lake) == ["refused"]
        run(lake, settings, once, now=NOW + 3 * DAY, of_inputs=broken)
        run(lake, settings, once, now=NOW + 4 * DAY, of_inputs=broken)
        run(lake, settings, once, now=NOW + 5 * DAY)
        assert kinds(lake) == ["refused"] * 3
        assert [one.facts["guards"] for one in written(lake)] == [["evidence"], ["quality", "evidence"], ["evidence"]]
        assert not server.requests
        run(lake, settings, now=NOW + 6 * DAY)
    assert kinds(lake)[3:] == ["planned", "asked"]


def test_where_only_an_approval_is_missing_it_waits_for_one(lake: Warehouse) -> None:
    model = red_model(policy=replace(red_model().policy, retrain_approval="yes"))
    with http_server(answer=Receiver()) as server:
        settings = to_webhook(server)
        (waits,) = run(lake, settings, model)
        (still,) = run(lake, settings, model, now=NOW + DAY)
        assert (waits.outcome, still.outcome) == ("awaiting", "awaiting")
        assert "vigie retrain approve" in waits.reasons[0].fr
        assert kinds(lake) == ["awaiting"]
        (both,) = run(lake, settings, model, now=NOW + DAY, of_inputs=[finding("missing", "quality")])
        assert both.outcome == "refused", "an approval alone would not do"
        send_events(lake, event("retraining_approved", NOW + DAY, author="Ada"))
        (asked,) = run(lake, settings, model, now=NOW + 2 * DAY)
        assert asked.outcome == "asked"
        assert len(server.requests) == 1


def test_a_new_trial_that_this_run_began_is_seen_before_anybody_is_asked(lake: Warehouse) -> None:
    with http_server() as server:
        seen = world(red_model())
        send_events(lake, event("champion_open", NOW, model_version="v1"))
        (decision,) = retrain(lake, seen, to_webhook(server), deadline=QUICK)
        assert not server.requests
    assert decision.outcome == "refused"
    assert kinds(lake)[-1] == "refused"


def test_an_entry_that_cannot_be_used_is_a_refusal_with_its_reason(lake: Warehouse) -> None:
    for entry in ({"target": "airflow"}, {"target": 7}, {"dag": "x"}, {"target": "gitlab", "project": HOSTILE}):
        (decision,) = run(lake, Settings(), entry=entry)
        assert decision.outcome == "refused"
        assert "[retrain]" in decision.reasons[0].en


def test_a_target_without_its_settings_fails_in_words_and_is_not_planned(lake: Warehouse) -> None:
    (decision,) = run(lake, Settings(), entry=AIRFLOW)
    assert decision.outcome == "failed"
    assert "VIGIE_AIRFLOW_URL" in decision.reasons[0].en
    run(lake, Settings(), entry=AIRFLOW, now=NOW + DAY)
    assert kinds(lake) == ["failed"]


def test_of_many_models_a_target_that_hangs_is_waited_for_once(tmp_path: Path) -> None:
    names = [f"m{n}" for n in range(4)]
    lake = fill(tmp_path / "lake", names)
    with http_server(fault="hang") as server:
        decisions = run(lake, to_webhook(server), *map(red_model, names))
        assert len(server.requests) == 1
    assert [one.outcome for one in decisions] == ["failed"] * 4
    assert [one.model_id for one in decisions] == names
    state = Receiver()
    with http_server(answer=state) as server:
        decisions = run(lake, to_webhook(server), *map(red_model, names), now=NOW + DAY)
    assert [one.outcome for one in decisions] == ["asked"] * 4
    assert len(state.trained) == 4


def test_no_secret_is_written_down_or_told(lake: Warehouse) -> None:
    with http_server(fault="401") as server:
        told = [run(lake, settings(server), entry=entry) for entry, settings, _ in TARGETS.values()]
    assert [one.outcome for decisions in told for one in decisions] == ["failed"] * 3
    everything = repr(told) + repr(written(lake))
    assert not any(secret in everything for secret in SECRETS)


def test_the_moment_of_what_is_written_is_in_utc_and_not_before_the_world(lake: Warehouse) -> None:
    with http_server(answer=Receiver()) as server:
        run(lake, to_webhook(server))
    assert all(NOW <= one.happened_at.astimezone(UTC) < NOW + DAY for one in written(lake))
