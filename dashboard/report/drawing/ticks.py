"""The ticks of an axis: where they stand and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from dashboard.format import SHORT_MONTHS, decimal
from dashboard.report.drawing.axis import Axis
from dashboard.text import Language
from dashboard.web.figures.frame import round_values

_LABEL_PIXELS: Final = 92
"""Pixels that the label of a day takes of a time axis."""

_DAY: Final = 86_400_000
_HOURS: Final = (1, 2, 3, 6, 12)
_DAYS: Final = (1, 2, 7, 14)
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 36, 60, 120)
_MONTH_MILLISECONDS: Final = 30.44 * _DAY


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick at a number of the axis; its words stand at ``middle``."""

    at: float
    text: str
    middle: float


def ticks(axis: Axis, language: Language) -> list[Tick]:
    """The ticks within the axis, in its order."""
    spec = axis.spec
    low, high = min(axis.low, axis.high), max(axis.low, axis.high)
    if spec.get("tickvals") is not None:
        words = spec.get("ticktext") or [str(value) for value in spec["tickvals"]]
        found = [(axis.value(raw), str(text)) for raw, text in zip(spec["tickvals"], words, strict=False)]
        made = [Tick(at, text, at) for at, text in found if at is not None]
    elif axis.kind == "category":
        made = [Tick(place, text, place) for text, place in axis.places.items()]
    elif axis.kind == "date":
        made = list(_dates(axis, low, high, language))
    else:
        values = round_values(low, high, most=int(spec.get("nticks") or 6))
        digits = max((len(f"{value:.8f}".rstrip("0").partition(".")[2]) for value in values), default=0)
        made = [Tick(value, decimal(value, language, digits=digits), value) for value in values]
    slack = 1e-9 * (high - low)
    return [tick for tick in made if low - slack <= tick.at <= high + slack]


def _dates(axis: Axis, low: float, high: float, language: Language) -> Iterator[Tick]:
    """Ticks at round days, weeks, months or years, as many as have room; the year stands where it changes."""
    most = max(2.0, abs(axis.end - axis.start) / _LABEL_PIXELS)
    rough = (high - low) / most
    step, moments = _steps(low, high, rough)
    template = _template(axis.spec.get("tickformatstops") or (), step)
    period = axis.spec.get("ticklabelmode") == "period"
    before = ""
    for moment in moments:
        first, _, second = template.partition("\n")
        above, below = _written(moment, first, language), _written(moment, second, language)
        text = f"{above}<br>{below}" if below and below != before else above
        before = below
        at = moment.timestamp() * 1000
        # Words name the day, month or year that begins there: they stand in its middle, however long the step is.
        length = _MONTH_MILLISECONDS * (1 if "%b" in first else 12) if "%-d" not in first else _DAY
        yield Tick(at, text, (at + min(at + length, high)) / 2 if period else at)


def _steps(low: float, high: float, rough: float) -> tuple[float, list[datetime]]:
    """The step in milliseconds, and the moments within the axis."""
    first, last = (datetime.fromtimestamp(end / 1000, UTC) for end in (low, high))
    if rough <= 14 * _DAY:
        hours = next((n for n in _HOURS if n * _DAY / 24 >= rough), 0)
        days = next(n for n in _DAYS if n * _DAY >= rough) if not hours else 0
        length = timedelta(hours=hours) if hours else timedelta(days=days)
        # Weeks begin on a Monday, as did 5 January 1970.
        origin = datetime(1970, 1, 5, tzinfo=UTC)
        moment = origin + length * -((origin - first) // length)
        found = [moment]
        while found[-1] + length <= last:
            found.append(found[-1] + length)
        return length / timedelta(milliseconds=1), found
    months = next((n for n in _MONTHS if n * _MONTH_MILLISECONDS >= rough), _MONTHS[-1])
    place = first.year * 12 + first.month - 1
    place -= place % months
    found = []
    while (moment := datetime(place // 12, place % 12 + 1, 1, tzinfo=UTC)) <= last:
        place += months
        if moment >= first:
            found.append(moment)
    return months * _MONTH_MILLISECONDS, found


def _template(stops: Sequence[Mapping[str, Any]], step: float) -> str:
    for stop in stops:
        low, high = (_milliseconds(bound) for bound in stop["dtickrange"])
        if (low is None or step >= low * 0.9) and (high is None or step <= high * 1.1):
            return str(stop["value"])
    if step < _DAY:
        return "%H:%M\n%-d %b %Y"
    return "%-d %b\n%Y" if step < 28 * _DAY else "%b\n%Y" if step < 11 * _MONTH_MILLISECONDS else "%Y"


def _milliseconds(bound: Any) -> float | None:
    if isinstance(bound, str):
        return float(bound.removeprefix("M")) * _MONTH_MILLISECONDS
    return None if bound is None else float(bound)


def _written(moment: datetime, template: str, language: Language) -> str:
    values = {
        "%-d": str(moment.day),
        "%b": SHORT_MONTHS[language][moment.month - 1],
        "%Y": str(moment.year),
        "%H": f"{moment.hour:02d}",
        "%M": f"{moment.minute:02d}",
    }
    for key, value in values.items():
        template = template.replace(key, value)
    return template
