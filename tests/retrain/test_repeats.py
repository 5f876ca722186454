"""A request that is lost, killed or made twice: at most one training, and where a target lets us, exactly one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dashboard.retrain.ask import retrain
from dashboard.settings import Settings
from qod.warehouse import Warehouse
from tests.alerts.closed_port import closed_port
from tests.alerts.http_server import http_server
from tests.retrain.runs import DAY, GITLAB, TARGETS, run, trained
from tests.retrain.trainers import QUICK, GitLab, to_gitlab, to_webhook
from tests.retrain.worlds import NOW, REQUEST, event, fill, finding, kinds, red_model, world, written
from tests.sending import send_events


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def lake(tmp_path: Path) -> Warehouse:
    return fill(tmp_path / "lake")


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_that_is_down_is_asked_again_by_the_next_run(target: str, lake: Warehouse) -> None:
    entry, settings, make = TARGETS[target]
    state = make()
    with http_server(answer=state) as server:
        port, server.port = server.port, closed_port()
        (failed,) = run(lake, settings(server), entry=entry)
        assert failed.outcome == "failed"
        assert written(lake)[-1].facts["doubt"] is False
        server.port = port
        (asked,) = run(lake, settings(server), entry=entry, now=NOW + DAY)
    assert asked.outcome == "asked"
    assert asked.request_id == failed.request_id
    assert trained(state) == 1
    assert sorted(set(kinds(lake))) == ["asked", "failed", "planned"]


@pytest.mark.parametrize("target", ["airflow", "webhook"])
def test_a_request_whose_answer_was_lost_is_asked_again_and_trains_once(target: str, lake: Warehouse) -> None:
    entry, settings, make = TARGETS[target]
    state, lost = make(), [True]

    def answer(request: Any) -> Any:
        found = state(request)
        if lost[0] and trained(state):
            raise ConnectionError("the line is cut after the request was taken")
        return found

    with http_server(answer=answer) as server:
        (first,) = run(lake, settings(server), entry=entry)
        planned = written(lake)[0]
        lost[0] = False
        (second,) = run(lake, settings(server), entry=entry, now=NOW + DAY)
    assert (first.outcome, second.outcome) == ("failed", "asked")
    assert trained(state) == 1
    assert written(lake)[0] == planned, "the day of the plan is that of the request that was taken"


def test_gitlab_is_not_asked_again_where_nobody_knows_until_somebody_looked(lake: Warehouse) -> None:
    state = GitLab()
    with http_server(fault="cut") as broken:
        (failed,) = run(lake, to_gitlab(broken), entry=GITLAB)
    assert failed.outcome == "failed"
    with http_server(answer=state) as server:
        settings = to_gitlab(server)
        for days in (1, 2):
            (doubt,) = run(lake, settings, entry=GITLAB, now=NOW + days * DAY)
            assert doubt.outcome == "failed"
            assert REQUEST in doubt.reasons[0].en
            assert "vigie retrain approve" in doubt.reasons[0].fr
        assert kinds(lake) == ["planned", "failed"], "told once"
        send_events(lake, event("retraining_approved", NOW - DAY, "early", author="Ada"))
        run(lake, settings, entry=GITLAB, now=NOW + 3 * DAY)
        assert not server.requests, "an approval of before the doubt settles nothing"
        send_events(lake, event("retraining_approved", NOW + 3 * DAY, "late", author="Ada"))
        (asked,) = run(lake, settings, entry=GITLAB, now=NOW + 4 * DAY)
        assert asked.outcome == "asked"
        assert len(state.pipelines) == 1


@contextmanager
def killed_at(warehouse: Warehouse, number: int, *, after: bool) -> Iterator[None]:
    """The process ends at its delivery of this number (from 0), before it is made or after."""
    deliver, count = warehouse.deliver, [0]

    def delivering(*arguments: Any, **values: Any) -> Any:
        count[0] += 1
        if count[0] - 1 != number:
            return deliver(*arguments, **values)
        if after:
            deliver(*arguments, **values)
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warehouse, "deliver", delivering)
        with pytest.raises(Killed):
            yield


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("number", "after"), [(0, False), (0, True), (1, False), (1, True)])
def test_killed_at_any_write_it_trains_at_most_once_and_where_it_can_exactly_once(
    target: str, number: int, after: bool, lake: Warehouse
) -> None:
    entry, settings, make = TARGETS[target]
    state = make()
    with http_server(answer=state) as server:
        with killed_at(lake, number, after=after):
            run(lake, settings(server), entry=entry)
        decisions = [run(lake, settings(server), entry=entry, now=NOW + days * DAY)[0] for days in (1, 2)]
    lost = target == "gitlab" and (number, after) in ((0, True), (1, False))
    assert [one.outcome for one in decisions] == (["failed"] * 2 if lost else ["asked"] * 2)
    # Killed before GitLab was asked nothing was; killed before its answer was kept one was: nobody knows which.
    assert trained(state) == (0 if lost and number == 0 else 1)


def test_broken_data_after_a_lost_answer_stops_the_repeat_and_says_where_to_look(lake: Warehouse) -> None:
    with http_server(fault="cut") as server:
        run(lake, to_webhook(server))
        (decision,) = run(lake, to_webhook(server), now=NOW + DAY, of_inputs=[finding("missing", "quality")])
        assert len(server.requests) == 1
    assert decision.outcome == "refused"
    assert REQUEST in decision.reasons[-1].en


@pytest.mark.parametrize("place", ["before its plan", "after its plan"])
def test_two_gitlab_runs_at_once_never_both_ask(place: str, lake: Warehouse) -> None:
    """A second run does all of its work between two steps of the first, which has decided to ask."""
    state = GitLab()
    with http_server(answer=state) as server:
        settings = to_gitlab(server)
        seen = world(red_model(retrain=GITLAB))
        name = "query" if place == "before its plan" else "deliver"
        step, alone = getattr(lake, name), [True]

        def stepping(*arguments: Any, **values: Any) -> Any:
            found = step(*arguments, **values)
            if alone[0] and arguments[0] not in ("version_days", "labelled_rows"):
                alone[0] = False
                retrain(lake, seen, settings, deadline=QUICK)
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lake, name, stepping)
            retrain(lake, seen, settings, deadline=QUICK)
        assert not alone[0]
        assert len(state.pipelines) == 1
        run(lake, settings, entry=GITLAB, now=NOW + DAY)
        assert len(state.pipelines) == 1


def test_a_request_that_may_have_arrived_stays_in_doubt_when_a_later_try_surely_does_not(lake: Warehouse) -> None:
    with http_server(fault="cut") as server:
        run(lake, to_webhook(server))
        server.port = closed_port()
        run(lake, to_webhook(server), now=NOW + DAY)
    assert written(lake)[-1].facts["doubt"] is True
    (decision,) = run(lake, Settings(), now=NOW + 2 * DAY, of_inputs=[finding("missing", "quality")])
    assert REQUEST in decision.reasons[-1].en
