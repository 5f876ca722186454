"""The whole fleet by day: which days a page shows, and the colour of every model on each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dashboard.web.fleet_days import DAYS, Histories, histories_of_batches
from dashboard.web.page import Request

REACH: Final = 1100
"""Days back that are read: three years. What a model was before stands in the tables."""
SPANS: Final = (30, 90, 365)
"""Days that a link leads to; beside them all there are."""
LEAST: Final = 7
"""Days that are shown at least: fewer are no timeline."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days from ``first`` to ``last``, both included, out of those from ``oldest`` to ``newest``."""

    first: date
    last: date
    oldest: date
    newest: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def all_days(self) -> int:
        """How many days there are."""
        return (self.newest - self.oldest).days + 1

    def of_last(self, days: int) -> Span:
        """The newest ``days`` days, or all where there are fewer."""
        return Span(max(self.oldest, _back(self.newest, days - 1)), self.newest, self.oldest, self.newest)

    def moved(self, days: int) -> Span | None:
        """As many days, earlier (negative) or later, as far as there are some; None where it is at the end."""
        if (days < 0 and self.first <= self.oldest) or (days > 0 and self.last >= self.newest):
            return None
        last = min(self.newest, max(_back(self.last, -days), _back(self.oldest, 1 - self.days)))
        return Span(_back(last, self.days - 1), last, self.oldest, self.newest)


def span(asked_from: date | None, asked_to: date | None, *, oldest: date, newest: date) -> Span:
    """The days that an address asks for, within what there is; the last DAYS where it does not say."""
    if asked_from and asked_to and asked_from > asked_to:
        asked_from, asked_to = asked_to, asked_from
    last = min(max(asked_to or newest, oldest), newest)
    first = max(min(asked_from or _back(last, DAYS - 1), last), oldest)
    if (last - first).days + 1 < LEAST:
        first = max(oldest, min(first, _back(newest, LEAST - 1)))
        last = min(newest, max(last, _back(first, 1 - LEAST)))
    return Span(first, last, oldest, newest)


def fleet_batches(request: Request, today: date) -> Histories:
    """Every batch of the last REACH days."""
    return request.reading.keep(
        ("fleet_batches",),
        lambda: histories_of_batches(request.reading.once("fleet_health", since=_back(today, REACH))),
    )


def _back(day: date, days: int) -> date:
    return day - timedelta(days=days)
