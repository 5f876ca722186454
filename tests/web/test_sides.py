"""The state of a version by day: what a window shows is what the whole history shows of the same days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard.web.views.sides import Side
from dashboard.web.views.timeline import Timeline

START = date(2026, 1, 1)


def day(number: int) -> date:
    return START + timedelta(days=number)


def side(days: list[int], cadence: str) -> Side:
    health = tuple({"batch_date": day(number), "colour": f"{place}"} for place, number in enumerate(days))
    return Side({"cadence": cadence}, {}, Timeline((), (), ()), (), (), health, None, None)


def test_a_state_lasts_until_the_next_batch_is_due() -> None:
    shown = side([0, 7, 30], "P7D").by_day([day(number) for number in range(40)], "colour")
    assert shown == ["0"] * 7 + ["1"] * 7 + [None] * 16 + ["2"] * 7 + [None] * 3


@pytest.mark.parametrize("cadence", ["P1D", "P7D"])
def test_a_window_shows_what_the_whole_does(cadence: str) -> None:
    known = side([0, 3, 3, 8, 15, 24, 60, 61], cadence)
    days = [day(number) for number in range(80)]
    whole = known.by_day(days, "colour")
    for first in range(80):
        assert known.by_day(days[first:], "colour") == whole[first:]
    assert known.by_day([], "colour") == []
