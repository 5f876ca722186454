"""The axis of days under what is drawn by day: where months (or weeks) begin, and the last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from dashboard import format as form
from dashboard.text import Language
from dashboard.web import html

MOST: Final = 7
"""Labels beside that of the last day: as many as a phone has room for."""
_CHARACTER: Final = 0.017
"""The share of the axis that a character takes on a phone: a label that would touch another one is left out."""
_STEPS: Final = (1, 2, 3, 6, 12)


def ticks(days: Sequence[date]) -> list[int]:
    """The places of the days that are labelled: first days of months, or Mondays when there are few days."""
    if len(days) <= 7 * MOST:
        return [place for place, day in enumerate(days) if day.weekday() == 0]
    months = [place for place, day in enumerate(days) if day.day == 1]
    step = next((step for step in _STEPS if len(months) <= MOST * step), _STEPS[-1])
    return [place for place in months if (days[place].month - 1) % step == 0]


def grid(days: Sequence[date], *, step: int, height: int) -> str:
    """Thin lines where the labelled days begin, for a drawing in which a day is ``step`` wide."""
    lines = "".join(f"M{place * step} 0V{height}" for place in ticks(days) if place)
    if not lines:
        return ""
    return f"<path d='{lines}' stroke='#8a949e' stroke-opacity='.45' vector-effect='non-scaling-stroke'/>"


def day_axis(days: Sequence[date], language: Language) -> html.Node:
    """The labels, each at its share of the width."""
    last = form.short_day(days[-1], language)
    free, end = 0.0, 1 - (len(last) + 1) * _CHARACTER
    labels = []
    for place in ticks(days):
        at, words = place / len(days), _label(days[place], days, language)
        until = at + (len(words) + 1) * _CHARACTER
        if free <= at and until <= end:
            labels.append(html.span(words, style={"left": f"{100 * at:.2f}%"}))
            free = until
    return html.div(labels, html.span(last, class_="last"), class_="trend-days", aria_hidden="true")


def _label(day: date, days: Sequence[date], language: Language) -> str:
    if len(days) <= 7 * MOST:
        return form.short_day(day, language)
    month = form.SHORT_MONTHS[language][day.month - 1]
    return f"{month}{form.WIDE}{day.year}" if day.month == 1 else month
