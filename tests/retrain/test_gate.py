"""The champion gate by itself: numbers by hand and by scipy, at the boundaries, and everything that leaves it open."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from dashboard.events import Event
from dashboard.metric import Estimate
from dashboard.performance.interval import share_of_rows
from dashboard.retrain.gate import Scale, Shared, Side, judge
from dashboard.retrain.gate_row import Gate
from dashboard.retrain.gate_words import gate_words
from dashboard.retrain.trials import Asked, Trained, Trial, requests, trials

HIGH, RMSE = Scale("high"), Scale("low", relative=True)
DAY = date(2026, 10, 1)


def side(value: float | None, half: float = 0.01, *, n: int = 4000, **other: Any) -> Side:
    """A side whose interval is ``half`` to both sides of its value."""
    estimate = Estimate(value, half / 1.96, None if value is None else value - half, value and value + half, n)
    given = {"fewest": 500, "mature": True, "days": frozenset({DAY})}
    return Side(estimate, **{**given, **other})


def shared(old: Side, new: Side, *, cohort: str = "month:2026-10", first: date = DAY) -> Shared:
    return Shared(cohort, first, first + timedelta(days=61), old, new)


def test_shares_have_the_interval_that_newcombe_published() -> None:
    """Newcombe, Statistics in Medicine 17:873, 1998, table II, method 10: 56/70 and 48/80, from .0524 to .3339."""
    old, new = (Side(share_of_rows(*rows), 48, True, frozenset({DAY})) for rows in ((48, 80), (56, 70)))
    found = judge([shared(old, new)], HIGH, margin=0.005)
    assert [found.low, found.high] == pytest.approx([0.0524, 0.3339], abs=5e-5)
    assert [found.old, found.new, found.difference] == pytest.approx([0.6, 0.8, 0.2])
    assert found.state == "passed"
    back = judge([shared(new, old)], HIGH, margin=0.005)
    assert [back.low, back.high] == pytest.approx([-0.3339, -0.0524], abs=5e-5)
    assert back.state == "failed"


def test_several_cohorts_are_one_difference_by_hand() -> None:
    """Weights 4000*4000/8000 = 2000 and 1000*3000/4000 = 750, thus 8/11 and 3/11."""
    found = judge(
        [
            shared(side(0.70, 0.01, n=1000), side(0.76, 0.04, n=3000), cohort="month:2026-11", first=date(2026, 11, 1)),
            shared(side(0.75, 0.02), side(0.77, 0.03)),
        ],
        HIGH,
        margin=0.005,
    )
    assert found.old == pytest.approx((8 * 0.75 + 3 * 0.70) / 11)
    assert found.new == pytest.approx((8 * 0.77 + 3 * 0.76) / 11)
    half = math.sqrt((8 / 11) ** 2 * (0.02**2 + 0.03**2) + (3 / 11) ** 2 * (0.01**2 + 0.04**2))
    middle = (8 * 0.02 + 3 * 0.06) / 11
    assert [found.low, found.high] == pytest.approx([middle - half, middle + half])
    assert (found.cohorts, found.newest and found.newest.cohort_id) == (2, "month:2026-11")


@pytest.mark.parametrize(
    ("change", "state"), [(0.0091422, "passed"), (0.0091421, "open"), (-0.0191421, "open"), (-0.0191423, "failed")]
)
def test_the_whole_interval_has_to_lie_on_one_side_of_the_margin(change: float, state: str) -> None:
    """Halves of .01 make one of .0141421: passed above .0141421 - .005, failed below -.0141421 - .005."""
    assert judge([shared(side(0.75), side(0.75 + change))], HIGH, margin=0.005).state == state


def test_an_end_exactly_at_the_margin_is_open() -> None:
    half = math.hypot(0.03, 0.04)
    assert judge([shared(side(0.5, 0.03), side(0.5, 0.04))], HIGH, margin=half).state == "open"
    assert judge([shared(side(0.5, 0.03), side(0.5, 0.04))], HIGH, margin=half + 1e-6).state == "passed"


def test_of_an_rmse_more_is_worse_and_the_margin_is_a_share() -> None:
    """10 and 12 with halves of .1: 20 % more, and by the delta method about 1.5 % to both sides."""
    worse = judge([shared(side(10.0, 0.1), side(12.0, 0.1))], RMSE, margin=0.005)
    assert worse.state == "failed"
    assert worse.difference == pytest.approx(0.2)
    se = math.hypot(0.1 / 10, 0.1 / 12)
    assert worse.low == pytest.approx(1.2 * math.exp(-se) - 1, abs=3e-4)
    assert worse.high == pytest.approx(1.2 * math.exp(se) - 1, abs=3e-4)
    assert judge([shared(side(12.0, 0.1), side(10.0, 0.1))], RMSE, margin=0.005).state == "passed"
    assert judge([shared(side(10.0, 0.1), side(12.0, 0.1))], RMSE, margin=0.25).state == "passed"


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (side(None), "unmeasured"),
        (side(math.nan), "unmeasured"),
        (side(math.inf), "unmeasured"),
        (side(0.9, fewest=29), "unmeasured"),
        (replace(side(0.9), estimate=Estimate(1.0, 0.0, None, None, 4000)), "unmeasured"),
        (side(0.9, mature=False), "immature"),
        (side(0.9, days=frozenset({DAY, DAY + timedelta(days=1)})), "other_days"),
    ],
)
def test_what_cannot_be_compared_is_open_and_never_passed(new: Side, reason: str) -> None:
    for pair in (shared(side(0.5), new), shared(new, side(0.9))):
        found = judge([pair], HIGH, margin=1.0)
        assert (found.state, found.reason, found.difference, found.cohorts) == ("open", reason, None, 0)


def test_without_any_shared_cohort_it_is_open() -> None:
    found = judge([], HIGH, margin=0.005)
    assert (found.state, found.reason) == ("open", "nothing_shared")


def test_an_rmse_whose_interval_reaches_zero_is_open() -> None:
    assert judge([shared(side(1.0, 1.0), side(0.5, 0.1))], RMSE, margin=0.5).reason == "unmeasured"


def test_a_version_that_is_worse_by_the_margin_seldom_passes() -> None:
    """At most one time in 40 by its claim; on the same rows, whose errors go together, much more seldom still."""
    chance = np.random.default_rng(0)
    passed = 0
    for _ in range(400):
        right = chance.multinomial(2000, [0.70, 0.06, 0.05, 0.19])  # both, old alone, new alone, neither
        old, new = (share_of_rows(int(hits), 2000) for hits in (right[0] + right[1], right[0] + right[2]))
        sides = (Side(estimate, 300, True, frozenset({DAY})) for estimate in (old, new))
        passed += judge([shared(*sides)], HIGH, margin=0.01).state == "passed"
    assert stats.binomtest(passed, 400, 0.025, alternative="greater").pvalue > 0.05


# -- which versions are on trial ---------------------------------------------------------------------------


def at(day: int) -> datetime:
    return datetime(2026, 10, day, 12, tzinfo=UTC)


def version(name: str, day: int | None, first: int | None = None) -> Trained:
    return Trained(name, at(day) if day else None, date(2026, 10, first) if first else None)


def gate(name: str, against: str, state: Any = "open", **other: Any) -> Gate:
    return Gate("m", name, against, state, 0.005, at(20), **other)


OLD, NEW = version("1", 1), version("2", 12)


@pytest.mark.parametrize(
    ("versions", "asked", "expected"),
    [
        ([OLD, NEW], [], []),
        ([OLD, NEW], [Asked(at(10), "1")], [Trial("2", "1")]),
        ([OLD, NEW], [Asked(at(10), None)], [Trial("2", "1")]),
        ([OLD, NEW], [Asked(at(13), "1")], []),
        ([OLD, NEW], [Asked(at(10), "2")], []),
        ([OLD, NEW, version("3", 14)], [Asked(at(10), "1")], [Trial("2", "1"), Trial("3", "1")]),
        ([OLD, version("2", None, 11)], [Asked(at(10), "1")], [Trial("2", "1")]),
        ([OLD, version("2", None, 10)], [Asked(at(10), "1")], [Trial("2", "1")]),
        ([OLD, version("2", None, 9)], [Asked(at(10), "1")], []),
        ([OLD, version("2", None)], [Asked(at(10), "1")], []),
    ],
)
def test_a_version_is_on_trial_that_was_trained_after_a_request(
    versions: list[Trained], asked: list[Asked], expected: list[Trial]
) -> None:
    assert trials(versions, asked, {}) == expected


def test_a_request_that_was_answered_puts_no_later_version_on_trial() -> None:
    later = [OLD, NEW, version("3", 14)]
    passed = {"2": gate("2", "1", "passed")}
    assert trials(later, [Asked(at(10), "1")], passed) == []
    assert trials(later, [Asked(at(10), "1"), Asked(at(13), "2")], passed) == [Trial("3", "2")]
    failed = {"2": gate("2", "1", "failed")}
    # What was never accepted is no champion: the third is against the first, whose baselines count.
    assert trials(later, [Asked(at(10), "1"), Asked(at(13), "2")], failed) == [Trial("2", "1"), Trial("3", "1")]


def test_a_gate_that_is_open_stays_and_follows_the_champion() -> None:
    later = [OLD, NEW, version("3", 14)]
    gates = {"2": gate("2", "1", "passed"), "3": gate("3", "1")}
    assert trials(later, [], gates) == [Trial("3", "2")]
    assert trials(later, [], {"3": gate("3", "2"), "2": gate("2", "3")}) != []  # a circle somebody wrote ends


def test_a_request_counts_from_when_it_was_first_made() -> None:
    def event(kind: str, day: int, request: str) -> Event:
        return Event(f"{request}.{kind}.{day}", at(day), kind, "m", "1", facts={"request_id": request})

    told = [
        event("retraining_asked", 15, "a"),
        event("retraining_planned", 10, "a"),
        event("retraining_planned", 16, "b"),
        event("retraining_refused", 17, "c"),
    ]
    assert requests(told) == {"m": [Asked(at(10), "1")]}


# -- words -------------------------------------------------------------------------------------------------


def test_what_is_said_has_the_numbers_and_what_to_do() -> None:
    numbers = {"cohort": "month:2026-10", "first_day": DAY, "cohorts": 1, "metric": "auc", "old": 0.75, "new": 0.7612}
    told = gate("v<2>\n", "v1", **numbers, low=-0.013, high=0.0354)
    words = gate_words(told)
    assert words[0].en == (
        "Over October, AUC is .761 with version v<2> and .750 with version v1: a difference of \u2212.013 to "
        ".035 (95 %)."
    )
    assert "vigie retrain accept m v<2>" in words[-1].en
    assert "0,761 pour la version v<2>" in words[0].fr
    accepted = gate_words(replace(told, state="passed", accepted_by="Ada"))
    assert [one.en for one in accepted][1:] == ["Ada accepted it all the same: its own baseline counts."]


@pytest.mark.parametrize("reason", ["nothing_shared", "other_days", "immature", "unmeasured", "undecided"])
def test_every_open_gate_says_why_in_both_languages(reason: Any) -> None:
    for words in gate_words(gate("2", "1"), reason, waits_until=DAY):
        assert words.en
        assert words.fr not in ("", words.en)
