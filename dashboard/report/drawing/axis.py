"""An axis of a drawn figure: where a value stands, in pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from dashboard.report.drawing.known import check_axis, one_of

Kind = Literal["linear", "date", "category"]


@dataclass(frozen=True, slots=True)
class Axis:
    """From ``low`` at pixel ``start`` to ``high`` at pixel ``end``; dates in milliseconds, categories by place.

    ``spec`` is plotly's description of it, ``name`` is ``x``, ``y``, ``x2``, ...
    """

    name: str
    kind: Kind
    low: float
    high: float
    start: float
    end: float
    spec: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)

    def value(self, raw: Any) -> float | None:
        """The number behind a value of the data; None where there is none."""
        return number_of(raw, self.kind, self.places)

    def pixel(self, raw: Any) -> float | None:
        """Where a value of the data stands."""
        value = self.value(raw)
        return None if value is None else self.at(value)

    def at(self, value: float) -> float:
        """Where a number stands."""
        span = self.high - self.low
        return self.start if not span else self.start + (value - self.low) / span * (self.end - self.start)

    def share(self, part: float) -> float:
        """The pixel at a share of the axis's length, 0 at its beginning."""
        return self.start + part * (self.end - self.start)


def number_of(raw: Any, kind: Kind, places: Mapping[str, int]) -> float | None:
    """A value of the data as a number; None where it is none."""
    if raw is None:
        return None
    if kind == "category" and isinstance(raw, str):
        return float(places[raw]) if raw in places else None
    if kind == "date" and isinstance(raw, str | date):
        return milliseconds(raw)
    try:
        value = float(raw)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def milliseconds(raw: str | date) -> float | None:
    """A day or a moment, taken as UTC, in milliseconds; None where it is none."""
    try:
        moment = datetime.fromisoformat(raw if isinstance(raw, str) else raw.isoformat())
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000


def axes_of(
    layout: Mapping[str, Any], data: Sequence[Mapping[str, Any]], *, width: float, height: float
) -> dict[str, Axis]:
    """Every axis by its name, those that traces use without saying so too; UnknownNameError for a property of one."""
    margin = {"l": 80, "r": 80, "t": 100, "b": 80, **(layout.get("margin") or {})}
    inner = (width - margin["l"] - margin["r"], height - margin["t"] - margin["b"])
    specs = {key.replace("axis", ""): value for key, value in layout.items() if key[1:5] == "axis" and key[0] in "xy"}
    for trace in data:
        for letter in "xy":
            specs.setdefault(trace.get(f"{letter}axis", letter), {})
    made = {}
    for name, spec in {"x": {}, "y": {}, **specs}.items():
        check_axis(spec)
        letter = name[0]
        values = list(_values(data, name))
        kind = _kind(spec, values)
        texts = [raw for raw in [*values, *(spec.get("tickvals") or ())] if isinstance(raw, str)]
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))} if kind == "category" else {}
        low, high = _range(spec, kind, values, places, zero=any(trace.get("type") == "bar" for trace in data))
        first, last = spec.get("domain") or (0, 1)
        if letter == "x":
            start, end = margin["l"] + first * inner[0], margin["l"] + last * inner[0]
        else:
            start, end = margin["t"] + (1 - first) * inner[1], margin["t"] + (1 - last) * inner[1]
        made[name] = Axis(name, kind, low, high, start, end, spec, places)
    return made


def _values(data: Sequence[Mapping[str, Any]], name: str) -> Iterable[Any]:
    for trace in data:
        if trace.get(f"{name[0]}axis", name[0]) == name:
            yield from trace.get(name[0]) or ()


def _kind(spec: Mapping[str, Any], values: Sequence[Any]) -> Kind:
    said = spec.get("type", "-")
    if said != "-":
        one_of("type of axis", said, ("linear", "date", "category"))
        return said  # type: ignore[no-any-return]
    texts = [value for value in values if isinstance(value, str)]
    if not texts:
        return "linear"
    return "date" if all(milliseconds(text) is not None for text in texts) else "category"


def _range(
    spec: Mapping[str, Any], kind: Kind, values: Sequence[Any], places: Mapping[str, int], *, zero: bool
) -> tuple[float, float]:
    said = spec.get("range")
    if said is not None:
        low, high = (number_of(end, kind, places) for end in said)
        if low is not None and high is not None:
            return low, high
    if kind == "category":
        return -0.5, max(len(places), 1) - 0.5
    numbers = [value for raw in values if (value := number_of(raw, kind, places)) is not None]
    if not numbers:
        return 0.0, 1.0
    low, high = min(numbers), max(numbers)
    if zero and kind == "linear":
        low, high = min(low, 0.0), max(high, 0.0)
    pad = 0.05 * (high - low) or 0.5
    return (low if low == 0 and zero else low - pad), high + pad
