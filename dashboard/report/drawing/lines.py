"""Scatter traces: lines, the areas under them, points with their whiskers, and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from dashboard.report.drawing.axis import Axis
from dashboard.report.drawing.ink import SOFT, colour, label, number, stroke
from dashboard.report.drawing.known import one_of

Point = tuple[float, float]

_MODES: Final = ("lines", "markers", "text", "none")
_FILLS: Final = ("none", "tozeroy", "tozerox", "tonexty", "toself")
_SHAPES: Final = ("linear", "hv", "vh", "hvh", "vhv")
_ALIGNED: Final = {"left": "end", "center": "middle", "right": "start"}


def scatter(trace: Mapping[str, Any], x: Axis, y: Axis, *, below: Sequence[Point] = ()) -> tuple[str, list[Point]]:
    """The trace as SVG, and its points for the next one, which may be filled down to it."""
    modes = [one_of("mode of a scatter", part, _MODES) for part in str(trace.get("mode", "lines")).split("+")]
    fill = one_of("fill of a scatter", trace.get("fill", "none"), _FILLS)
    places = [_point(raw_x, raw_y, x, y) for raw_x, raw_y in zip(trace["x"], trace["y"], strict=False)]
    pieces = _pieces(places, joined=bool(trace.get("connectgaps", False)))
    shape = one_of("shape of a line", (trace.get("line") or {}).get("shape", "linear"), _SHAPES)
    strokes = [_stepped(piece, shape) for piece in pieces]
    drawn = [_area(stroked, trace, x, y, below) for stroked in strokes] if fill != "none" else []
    if "lines" in modes:
        drawn.append(_line(strokes, trace.get("line") or {}))
    drawn += [whiskers(trace, places, x, y), _markers(trace, places) if "markers" in modes else ""]
    if "text" in modes:
        drawn.append(_texts(trace, places))
    return "".join(drawn), [point for piece in strokes for point in piece]


def _point(raw_x: Any, raw_y: Any, x: Axis, y: Axis) -> Point | None:
    across, up = x.pixel(raw_x), y.pixel(raw_y)
    return None if across is None or up is None else (across, up)


def _pieces(places: Sequence[Point | None], *, joined: bool) -> list[list[Point]]:
    pieces: list[list[Point]] = [[]]
    for place in places:
        if place is not None:
            pieces[-1].append(place)
        elif not joined and pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _stepped(piece: list[Point], shape: str) -> list[Point]:
    if shape == "linear":
        return piece
    made = piece[:1]
    for (left, before), (right, after) in pairwise(piece):
        middle = (left + right) / 2
        half = (before + after) / 2
        corners = {
            "hv": [(right, before)],
            "vh": [(left, after)],
            "hvh": [(middle, before), (middle, after)],
            "vhv": [(left, half), (right, half)],
        }
        made += [*corners[shape], (right, after)]
    return made


def path(points: Sequence[Point]) -> str:
    """The points as the data of a path."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def _line(strokes: Sequence[Sequence[Point]], line: Mapping[str, Any]) -> str:
    how = stroke(dict(line))
    data = "".join(path(piece) for piece in strokes if len(piece) > 1)
    return f'<path d="{data}" fill="none" {how} stroke-linejoin="round"/>' if how and data else ""


def _area(piece: Sequence[Point], trace: Mapping[str, Any], x: Axis, y: Axis, below: Sequence[Point]) -> str:
    fill = trace["fill"]
    closing: list[Point] = []
    if fill == "tozeroy":
        zero = y.at(0)
        closing = [(piece[-1][0], zero), (piece[0][0], zero)]
    elif fill == "tozerox":
        zero = x.at(0)
        closing = [(zero, piece[-1][1]), (zero, piece[0][1])]
    elif fill == "tonexty":
        closing = [point for point in reversed(below) if piece[0][0] - 0.5 <= point[0] <= piece[-1][0] + 0.5]
    shade = colour(trace.get("fillcolor") or (trace.get("line") or {}).get("color", SOFT))
    return f'<path d="{path([*piece, *closing])}Z" fill="{shade}"/>'


def whiskers(trace: Mapping[str, Any], places: Sequence[Point | None], x: Axis, y: Axis) -> str:
    """The error bars of a trace, of either direction."""
    return _whiskers(trace, places, y, upright=True) + _whiskers(trace, places, x, upright=False)


def _whiskers(trace: Mapping[str, Any], places: Sequence[Point | None], axis: Axis, *, upright: bool) -> str:
    error = trace.get("error_y" if upright else "error_x")
    if not error or error.get("visible") is False:
        return ""
    one_of("type of error bars", error.get("type", "data"), ("data",))
    values = [axis.value(raw) for raw in trace["y" if upright else "x"]]
    more = error["array"]
    less = error.get("arrayminus", more) if error.get("symmetric", "arrayminus" not in error) is False else more
    half = float(error.get("width", 4))
    data = ""
    for place, value, up, down in zip(places, values, more, less, strict=False):
        if place is None or value is None or (up is None and down is None):
            continue
        first, last = axis.at(value - (down or 0)), axis.at(value + (up or 0))
        if upright:
            data += f"M{number(place[0])} {number(first)}V{number(last)}"
            data += "".join(f"M{number(place[0] - half)} {number(end)}h{number(2 * half)}" for end in (first, last))
        else:
            data += f"M{number(first)} {number(place[1])}H{number(last)}"
            data += "".join(f"M{number(end)} {number(place[1] - half)}v{number(2 * half)}" for end in (first, last))
    how = stroke({"color": error.get("color", SOFT), "width": error.get("thickness", 2)})
    return f'<path d="{data}" fill="none" {how}/>' if data else ""


def each(value: Any, length: int, fallback: Any) -> list[Any]:
    """One entry a point, of a property that may be one value for all."""
    if isinstance(value, list | tuple):
        return [*value, *[fallback] * (length - len(value))]
    return [fallback if value is None else value] * length


def _markers(trace: Mapping[str, Any], places: Sequence[Point | None]) -> str:
    marker = trace.get("marker") or {}
    line = marker.get("line") or {}
    n = len(places)
    colours = each(marker.get("color"), n, (trace.get("line") or {}).get("color", SOFT))
    columns = zip(
        places,
        colours,
        each(marker.get("size"), n, 6),
        each(marker.get("symbol"), n, "circle"),
        each(marker.get("opacity", trace.get("opacity")), n, 1),
        each(line.get("width"), n, 0),
        each(line.get("color"), n, None),
        strict=False,
    )
    groups: dict[str, str] = {}
    for place, shade, size, symbol, opacity, width, edge in columns:
        if place is None:
            continue
        hollow = str(symbol).endswith("-open")
        outline = colour((shade if hollow else edge) or shade)
        thick = max(float(width or 0), 1.5) if hollow else float(width or 0)
        how = f'fill="{"#fff" if hollow else colour(shade)}"'
        how += f' stroke="{outline}" stroke-width="{number(thick)}"' if thick else ""
        how += f' opacity="{opacity:.2g}"' if opacity != 1 else ""
        groups[how] = groups.get(how, "") + _symbol(
            str(symbol).removesuffix("-open"), place[0], place[1], float(size) / 2
        )
    return "".join(f'<path d="{data}" {how}/>' for how, data in groups.items())


def _symbol(kind: str, x: float, y: float, r: float) -> str:
    """The outline of a marker, as large as plotly's."""
    one_of("symbol", kind, ("circle", "square", "triangle-up", "triangle-down", "diamond", "x", "cross", "line-ns"))
    if kind == "circle":
        return f"M{number(x - r)} {number(y)}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0z"
    corners: dict[str, list[Point]] = {
        "square": [(-1, -1), (1, -1), (1, 1), (-1, 1)],
        "triangle-up": [(0, -1.15), (1.15, 0.58), (-1.15, 0.58)],
        "triangle-down": [(0, 1.15), (1.15, -0.58), (-1.15, -0.58)],
        "diamond": [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)],
        "cross": [
            (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4),
            (0.4, 1.2), (-0.4, 1.2), (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4),
        ],
        "x": [
            (-1.2, -0.7), (-0.7, -1.2), (0, -0.5), (0.7, -1.2), (1.2, -0.7), (0.5, 0),
            (1.2, 0.7), (0.7, 1.2), (0, 0.5), (-0.7, 1.2), (-1.2, 0.7), (-0.5, 0),
        ],
        "line-ns": [(-0.1, -1.4), (0.1, -1.4), (0.1, 1.4), (-0.1, 1.4)],
    }  # fmt: skip
    return path([(x + r * across, y + r * up) for across, up in corners[kind]]) + "z"


def _texts(trace: Mapping[str, Any], places: Sequence[Point | None]) -> str:
    font = trace.get("textfont") or {}
    n = len(places)
    rows = zip(
        places, each(trace.get("text"), n, ""), each(trace.get("textposition"), n, "middle center"),
        each(font.get("color"), n, SOFT), strict=False,
    )  # fmt: skip
    drawn = ""
    for place, text, position, shade in rows:
        if place is None or not text:
            continue
        up, across = str(position).split()
        rise = {"top": "bottom", "bottom": "top"}.get(up, "middle")
        shift = {"left": -5, "right": 5}.get(across, 0)
        drawn += label(
            str(text), place[0] + shift, place[1], anchor=_ALIGNED[across], size=float(font.get("size", 12)),
            fill=colour(shade), rise=rise,
        )  # fmt: skip
    return drawn
