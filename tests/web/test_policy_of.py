"""The policy that pages draw: the fleet's, the model's and the variable's, in one question that is asked once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dashboard.policy import Policy
from dashboard.web.page import Request
from dashboard.web.views.policy import policy_of
from qod.contract import table_from_columns
from qod.errors import UnavailableError
from tests.web.asking import Asker
from tests.web.moving import moving

CHANGED = "The policy has changed since this was judged: run 'vigie evaluate'."
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def request(fleet: str | None) -> Request:
    rows = [] if fleet is None else [{"policy_id": "fleet", "policy": fleet}]
    return cast("Request", SimpleNamespace(rows=lambda query: rows))


def test_a_model_changes_what_the_fleet_says() -> None:
    own = '{"drift": {"amber": 0.2}}'
    assert policy_of(request(None), {"policy": None}) == Policy()
    found = policy_of(request('{"drift": {"amber": 0.15, "red": 0.4}}'), {"policy": own})
    assert (found.drift_amber, found.drift_red) == (0.2, 0.4)


@pytest.mark.parametrize(
    ("fleet", "own"), [("{", None), (None, "{"), ('{"drfit": {}}', None), ('{"drift": {"amber": 0.3}}', None)]
)
def test_the_defaults_are_drawn_where_a_policy_has_no_sense(fleet: str | None, own: str | None) -> None:
    assert policy_of(request(fleet), {"policy": own}) == Policy()


def test_a_warehouse_that_does_not_answer_is_not_taken_for_the_defaults() -> None:
    def fails(query: str) -> Any:
        raise UnavailableError("It does not answer.", trouble="hang")

    with pytest.raises(UnavailableError):
        policy_of(cast("Request", SimpleNamespace(rows=fails)), {"policy": None})


def test_a_page_asks_for_the_fleets_policy_once_and_draws_it(tmp_path: Path) -> None:
    warehouse = moving(tmp_path)
    assert CHANGED not in Asker(warehouse).words("/models/moving/inputs/tenure")
    policy = '{"drift": {"amber": 0.17, "red": 0.87}, "variables": {"wait": {"drift": {"amber": 0.33}}}}'
    columns = {"policy_id": ["fleet"], "policy": [policy], "registered_at": [NOW]}
    warehouse.deliver({"policies": table_from_columns("policies", columns)}, kind="registration")
    pages = Asker(warehouse)
    for variable, amber in (("amount", ".17"), ("wait", ".33")):
        words = str(pages.ask(f"/models/moving/inputs/{variable}"))
        assert amber in words
        assert ".87" in words
    assert CHANGED in pages.words("/models/moving/inputs/tenure"), "its finding was judged by the defaults"
    assert CHANGED not in pages.words("/models/moving/inputs/amount"), "nothing was found"
    pages.ask("/models/moving/performance")
    assert pages.queries.count("policies") == 1
