"""The thresholds on a variable's page are those that its drift was held to."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from dashboard.history import Spread
from dashboard.policy import Policy
from dashboard.rules import drift
from dashboard.web.views.drift_thresholds import with_floor
from dashboard.web.views.timeline import Batch
from dashboard.web.views.variable import VariableHistory, together_from
from tests.histories import START, counted, numeric

WEEK = np.array([[50 + 10 * day + bin for bin in range(10)] + [0] for day in range(7)], np.int64)


def row(noise: str | None, weekdays: list[int]) -> dict[str, Any]:
    found = numeric("wait", WEEK.sum(axis=0).tolist())
    given = {name: getattr(found, name) for name in ("kind", "importance", "edges", "levels")}
    return {**given, "variable": "wait", "counts": found.counts.tolist(), "noise": noise, "weekdays": weekdays}


@pytest.mark.parametrize("days", [0, 3, 7, 14])
@pytest.mark.parametrize("reference", ["training", "weekday"])
def test_they_are_those_of_a_batch_whose_window_lacks_no_day(days: int, reference: str) -> None:
    policy = Policy(drift_window_days=days, drift_reference=reference, drift_amber=0.12)
    noise = Spread(40, 0.05, 0.06)
    variable = replace(numeric("wait", WEEK.sum(axis=0).tolist()), noise=noise, weekdays=WEEK)
    batches = [{"wait": [100] * 10 + [0]}] * 30
    found = drift.judge(counted([variable], batches), policy, frozen=np.zeros((30, 1), bool)).verdicts.numbers
    said = json.dumps({"batches": noise.n, "mean": noise.mean, "sd": noise.sd})
    shown = with_floor(policy, row(said, WEEK.ravel().tolist()))
    used = [float(np.broadcast_to(found[name], (30, 1))[-1, 0]) for name in ("amber", "red")]
    assert [shown.drift_amber, shown.drift_red] == pytest.approx(used)
    assert shown.drift_amber > 0.12 or days >= 7


def test_without_slices_they_are_the_policys() -> None:
    assert with_floor(Policy(drift_amber=0.12), row(None, [])) == Policy(drift_amber=0.12)


def test_a_window_of_days_is_shown_as_it_is_judged() -> None:
    batches = tuple(Batch("1", str(day), START + timedelta(days=day), 10) for day in (0, 1, 4, 5))
    policy = Policy(drift_window_days=3)
    assert [together_from(batches, place, policy) for place in range(4)] == [0, 0, 2, 2]
    counts = np.array([[10, 0], [20, 0], [30, 0], [40, 0]])
    shown = VariableHistory(row(None, []), batches, counts, (None,) * 4, {}, (True,) * 4)
    assert [(rows.tolist(), together) for rows, together in (shown.judged(1, policy), shown.judged(3, policy))] == [
        ([30, 0], 2),
        ([70, 0], 2),
    ]
