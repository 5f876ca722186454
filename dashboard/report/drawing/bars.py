"""Bar traces: side by side, stacked or over each other, upright or lying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from dashboard.report.drawing.axis import Axis
from dashboard.report.drawing.ink import SOFT, colour, label, number, stroke
from dashboard.report.drawing.known import one_of
from dashboard.report.drawing.lines import each, whiskers

_MODES: Final = ("group", "stack", "relative", "overlay")
_HATCHES: Final = ("", "/", "\\", "x", "-", "|", "+", ".")


class Piles:
    """How far the bars at each place of an axis reach already, above zero and below."""

    def __init__(self) -> None:
        self._reach: dict[tuple[str, float, bool], float] = {}

    def put(self, axis: str, place: float, value: float) -> float:
        """Where a bar of ``value`` begins; the next one begins at its end."""
        key = (axis, place, value >= 0)
        begin = self._reach.get(key, 0.0)
        self._reach[key] = begin + value
        return begin


def bar(
    trace: Mapping[str, Any], x: Axis, y: Axis, *, mode: str, turn: tuple[int, int], piles: Piles, gap: float, key: str
) -> str:
    """The trace as SVG. ``turn`` is its place among how many traces that share their places; ``key`` names its hatch.

    ``gap`` is the share of a step that bars without a width leave free.
    """
    one_of("mode of bars", mode, _MODES)
    lying = one_of("orientation of bars", trace.get("orientation", "v"), ("v", "h")) == "h"
    along, across = (y, x) if lying else (x, y)
    places = [along.value(raw) for raw in trace["y" if lying else "x"]]
    values = [across.value(raw) for raw in trace["x" if lying else "y"]]
    n = len(places)
    bases = each(trace.get("base"), n, None)
    widths = each(trace.get("width"), n, (1 - gap) * _step(places))
    marker = trace.get("marker") or {}
    looks = _looks(marker, n, trace.get("opacity"), key)
    groups: dict[str, str] = {}
    ends: list[tuple[float, float] | None] = []
    for at, value, base, width, look in zip(places, values, bases, widths, looks, strict=False):
        if at is None or value is None:
            ends.append(None)
            continue
        begin = across.value(base) or 0.0
        if mode in ("stack", "relative") and base is None:
            begin = piles.put(f"{along.name}{across.name}", at, value)
        wide = width if mode != "group" or trace.get("width") is not None else width / turn[1]
        middle = at + (wide * (turn[0] - (turn[1] - 1) / 2) if mode == "group" and trace.get("width") is None else 0)
        sides = along.at(middle - wide / 2), along.at(middle + wide / 2)
        reach = across.at(begin), across.at(begin + value)
        box = (reach, sides) if lying else (sides, reach)
        for how in look:
            groups[how] = groups.get(how, "") + _rectangle(*box)
        point = (sum(sides) / 2, reach[1])
        ends.append((point[1], point[0]) if lying else point)
    drawn = "".join(f'<path d="{data}" {how}/>' for how, data in groups.items())
    return _hatch(marker, n, key) + drawn + whiskers(trace, ends, x, y) + _texts(trace, ends, lying=lying)


def _step(places: Sequence[float | None]) -> float:
    known = sorted({place for place in places if place is not None})
    return min((b - a for a, b in pairwise(known)), default=1.0)


def _rectangle(across: tuple[float, float], up: tuple[float, float]) -> str:
    left, right = sorted(across)
    top, bottom = sorted(up)
    return f"M{left:.2f} {top:.2f}H{right:.2f}V{bottom:.2f}H{left:.2f}z"


def _looks(marker: Mapping[str, Any], n: int, opacity: Any, key: str) -> list[list[str]]:
    """The attributes of each bar; a hatched one is drawn twice, faint and with its strokes."""
    line = marker.get("line") or {}
    made = []
    shapes = each((marker.get("pattern") or {}).get("shape"), n, "")
    for shade, clear, shape in zip(
        each(marker.get("color"), n, SOFT), each(marker.get("opacity", opacity), n, 1), shapes, strict=False
    ):
        one_of("pattern of bars", shape, _HATCHES)
        edge = stroke(line, width=0) if line else ""
        how = f'fill="{colour(shade)}"' + (f' fill-opacity="{clear:.2g}"' if clear != 1 else "")
        made.append([f'fill="url(#{key})"', f"{how} {edge}".rstrip()] if shape else [f"{how} {edge}".rstrip()])
        if shape:  # the strokes alone, on a faint ground
            made[-1] = [f'fill="{colour(shade)}" fill-opacity="0.18"', f'fill="url(#{key})"']
    return made


def _hatch(marker: Mapping[str, Any], n: int, key: str) -> str:
    pattern = marker.get("pattern") or {}
    if not any(each(pattern.get("shape"), n, "")):
        return ""
    shade = colour(each(marker.get("color"), n, SOFT)[0])
    size = number(float(pattern.get("size", 8)))
    return (
        f'<pattern id="{key}" width="{size}" height="{size}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V{size}" stroke="{shade}" stroke-width="3"/></pattern>'
    )


def _texts(trace: Mapping[str, Any], ends: Sequence[tuple[float, float] | None], *, lying: bool) -> str:
    position = one_of(
        "position of the words of bars", trace.get("textposition", "none"), ("none", "outside", "inside", "auto")
    )
    if position == "none":
        return ""
    outside = position in ("outside", "auto")
    font = trace.get("textfont") or {}
    drawn = ""
    for end, text in zip(ends, each(trace.get("text"), len(ends), ""), strict=False):
        if end is not None and text:
            where = (end[0] + (4 if outside else -4), end[1]) if lying else (end[0], end[1] + (-2 if outside else 2))
            anchor = ("start" if outside else "end") if lying else "middle"
            rise = "middle" if lying else ("bottom" if outside else "top")
            shade = colour(font.get("color", SOFT if outside else "#ffffff"))
            drawn += label(str(text), *where, anchor=anchor, size=float(font.get("size", 11)), fill=shade, rise=rise)
    return drawn
