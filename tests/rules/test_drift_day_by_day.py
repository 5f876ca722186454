"""Drift judged in one go, day by day, or from a later day on with what lies within reach: always the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.evaluation.assess import assess
from dashboard.evaluation.memory import far, oldest, parse_memory
from dashboard.history import Spread, VersionHistory
from dashboard.policy import Policy
from tests.histories import START, categorical, history, numeric, version

POLICIES = (
    {},
    {"pool_batches": 3},
    {"drift_window_days": 7},
    {"drift_window_days": 3, "drift_reference": "weekday"},
    {"drift_reference": "weekday"},
    {"drift_window_days": 9, "drift_reference": "weekday", "drift_amber": 0.05},
)


def eventful(seed: int, batches: int = 70) -> VersionHistory:
    """Batches of one day or many days apart, small and large, calm and moved, with a variable that comes and goes."""
    rng = np.random.default_rng(seed)
    week = rng.multinomial(3000, [0.1] * 10 + [0], size=7)
    x = replace(numeric(counts=week.sum(axis=0).tolist()), weekdays=week, noise=Spread(30, 0.02, 0.04))
    c = replace(categorical(), noise=Spread(30, 0.1, 0.1))
    given, moved = [], False
    for _ in range(batches):
        moved = moved ^ bool(rng.random() < 0.12)
        n = int(rng.choice([60, 150, 400, 1000]))
        shares = np.array([1.0] * 5 + [2.5 if moved else 1.0] * 5 + [rng.choice([0, 0, 3.0])])
        batch = {"x": rng.multinomial(n, shares / shares.sum()).tolist()}
        if rng.random() < 0.9:
            batch["c"] = rng.multinomial(n, [0.3, 0.7, 0, 0, 0] if moved else [0.6, 0.4, 0, 0, 0]).tolist()
        given.append(batch)
    days = np.cumsum(rng.choice([0, 1, 1, 1, 2, 5, 40], size=batches, p=[0.25, 0.25, 0.2, 0.1, 0.1, 0.08, 0.02]))
    whole = version([x, c], given)
    dated = tuple(
        replace(batch, batch_id=f"{place:03}", batch_date=START + timedelta(days=int(day)))
        for place, (batch, day) in enumerate(zip(whole.batches, days, strict=True))
    )
    return replace(whole, batches=dated)


def cut_out(whole: VersionHistory, begin: int, end: int, **more: Any) -> VersionHistory:
    return replace(
        whole,
        batches=whole.batches[begin:end],
        counts=whole.counts[begin:end],
        present=whole.present[begin:end],
        below=whole.below[begin:end],
        above=whole.above[begin:end],
        **more,
    )


def ends_of_days(whole: VersionHistory) -> list[int]:
    """How many batches there are by the end of each day that has any."""
    days = [batch.batch_date for batch in whole.batches]
    return [*(t for t, (a, b) in enumerate(pairwise(days), 1) if a != b), len(days)]


@given(st.integers(0, 2**32 - 1), st.sampled_from(POLICIES))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_all_at_once_equals_day_by_day(seed: int, given: dict[str, Any]) -> None:
    whole, policy = eventful(seed, batches=30), Policy(**given)
    at_once = assess(history(whole, policy=policy)).findings
    found = []
    begin = 0
    for end in ends_of_days(whole):
        today = {batch.batch_id for batch in whole.batches[begin:end]}
        found += [f for f in assess(history(cut_out(whole, 0, end), policy=policy)).findings if f.batch_id in today]
        begin = end
    assert [f for f in found if f.family == "drift"] == [f for f in at_once if f.family == "drift"]


@given(st.integers(0, 2**32 - 1), st.sampled_from(POLICIES), st.floats(0, 1))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_lies_within_reach_is_enough(seed: int, given: dict[str, Any], part: float) -> None:
    """An evaluation that begins later, and reads no further back than it must, finds the same."""
    whole, policy = eventful(seed), Policy(**given)
    ends = ends_of_days(whole)[:-1]
    cut = ends[int(part * (len(ends) - 1))]
    from_nothing = assess(history(whole, policy=policy))
    memory = parse_memory((from_nothing.health[cut].memory or pytest.fail("no memory")).text())
    assert memory is not None
    known = sorted(day.toordinal() for day in memory.days())
    back = date.fromordinal(known[oldest(known, len(known), far(policy))])
    begin = sum(batch.batch_date < back for batch in whole.batches)
    later = cut_out(whole, begin, len(whole.batches), since=whole.batches[cut].batch_date, before=memory)
    resumed = assess(history(later, policy=policy))
    assert resumed.health == from_nothing.health[cut:]
    days = {row.batch_id for row in resumed.health}
    assert resumed.findings == [finding for finding in from_nothing.findings if finding.batch_id in days]
