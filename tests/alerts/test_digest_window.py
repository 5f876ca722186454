"""The days of a digest are whole ones, and over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard.alerts.digests.window import Window, last_full, read_window
from qod.errors import InputError


@pytest.mark.parametrize(
    ("text", "today", "since", "until"),
    [
        ("7d", "2026-11-16", "2026-11-09", "2026-11-15"),
        ("1d", "2026-03-01", "2026-02-28", "2026-02-28"),
        ("2026-11-02", "2026-11-16", "2026-11-02", "2026-11-15"),
        ("month", "2026-11-16", "2026-11-01", "2026-11-15"),
        ("month", "2026-11-01", "2026-10-01", "2026-10-31"),
    ],
)
def test_a_window_ends_yesterday(text: str, today: str, since: str, until: str) -> None:
    days = (date.fromisoformat(since), date.fromisoformat(until))
    assert read_window(text, date.fromisoformat(today)) == Window(*days)


@pytest.mark.parametrize(
    "text", ["", "0d", "-1d", "400d", "d", "2026-13-01", "20261102", "week", "2026-11-16", "2020-01-01"]
)
def test_no_other_window_is_taken(text: str) -> None:
    with pytest.raises(InputError):
        read_window(text, date(2026, 11, 16))


@pytest.mark.parametrize("offset", range(8))
def test_the_last_week_and_month_are_those_that_are_over(offset: int) -> None:
    today = date(2026, 11, 30) + timedelta(days=offset)
    week, month = last_full("week", today), last_full("month", today)
    assert (week.since.isoweekday(), week.days) == (1, 7)
    assert 1 <= (today - week.until).days <= 7
    assert month == (
        Window(date(2026, 10, 1), date(2026, 10, 31)) if offset == 0 else Window(date(2026, 11, 1), date(2026, 11, 30))
    )
    assert month.name.fr == ("octobre 2026" if offset == 0 else "novembre 2026")
