"""The days that a digest is about: whole ones, UTC, none of which goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from dashboard import format as form
from dashboard.text import Text
from qod.errors import InputError

Every = Literal["week", "month"]

LONGEST: Final = 366
"""Days of a window."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From the first day to the last; ``before`` is the day that it is compared with."""

    since: date
    until: date

    @property
    def before(self) -> date:
        """The day before the first."""
        return self.since - _DAY

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    def holds(self, day: date) -> bool:
        """Whether the day is one of these."""
        return self.since <= day <= self.until

    @property
    def name(self) -> Text:
        """``week 47``, ``November 2026``, ``12 November to 18 November 2026``, after a comma."""
        monday, month = self.since.isoweekday() == 1, self.since.replace(day=1)
        if monday and self.days == 7:
            week = self.since.isocalendar().week
            return Text(f"week {week}", f"semaine {week}")
        if self.since == month and self.until == _last_of_month(month):
            return Text(form.period("month:", month, "en"), form.period("month:", month, "fr"))
        return self.span

    @property
    def span(self) -> Text:
        """``12 November to 18 November 2026``, whatever else it is called."""
        if self.days == 1:
            return Text(form.day(self.since, "en"), form.day(self.since, "fr"))
        return Text(
            f"{form.day(self.since, 'en', near=self.until)} to {form.day(self.until, 'en')}",
            f"du {form.day(self.since, 'fr', near=self.until)} au {form.day(self.until, 'fr')}",
        )


def last_full(every: Every, today: date) -> Window:
    """The last week (Monday to Sunday) or month that is over."""
    if every == "week":
        monday = today - _DAY * (today.isoweekday() - 1)
        return Window(monday - 7 * _DAY, monday - _DAY)
    last = today.replace(day=1) - _DAY
    return Window(last.replace(day=1), last)


def read_window(text: str, today: date) -> Window:
    """The days up to yesterday from ``text`` on: a day, so many days (``7d``), or ``month``, the first of this month.

    On the first of a month that is the month before. Raises InputError.
    """
    yesterday = today - _DAY
    if text == "month":
        return Window(yesterday.replace(day=1), yesterday)
    if text.endswith("d") and text[:-1].isascii() and text[:-1].isdigit() and 1 <= int(text[:-1]) <= LONGEST:
        return Window(today - int(text[:-1]) * _DAY, yesterday)
    try:
        since = date.fromisoformat(text) if len(text) == len("2026-11-19") else None
    except ValueError:
        since = None
    if since is None:
        raise InputError(
            f"{text!r} is no beginning of a digest.",
            hint=f"write a day as 2026-11-19, a number of days up to {LONGEST} as 7d, or month.",
        )
    if since > yesterday:
        raise InputError(
            f"a digest is of whole days: one from {since.isoformat()} on has none yet.",
            hint=f"the newest day is {yesterday.isoformat()} (UTC).",
        )
    if (yesterday - since).days >= LONGEST:
        raise InputError(f"a digest is of {LONGEST} days at most.", hint="name a later day.")
    return Window(since, yesterday)


def _last_of_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - _DAY
