"""What stands around the data of a drawn figure: grid lines, axis lines, ticks, their words and titles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard.report.drawing.axis import Axis
from dashboard.report.drawing.ink import GRID, LINE, SOFT, colour, label, number
from dashboard.report.drawing.known import one_of
from dashboard.report.drawing.ticks import ticks
from dashboard.text import Language

_SPACE: Final = 4
"""Pixels between an axis and the words of its ticks."""


def grid(axes: Mapping[str, Axis]) -> str:
    """The grid and zero lines of every axis, which lie beneath everything."""
    data = ""
    for axis in axes.values():
        across = axes[_anchor(axis, axes)]
        if axis.spec.get("visible", True) is False:
            continue
        if axis.spec.get("showgrid", True):
            data += "".join(_line(axis, across, axis.at(tick.at)) for tick in ticks(axis, "en"))
        if axis.spec.get("zeroline", False) and min(axis.low, axis.high) <= 0 <= max(axis.low, axis.high):
            data += _line(axis, across, axis.at(0))
    return f'<path d="{data}" stroke="{GRID}"/>' if data else ""


def _line(axis: Axis, across: Axis, at: float) -> str:
    if axis.name[0] == "x":
        return f"M{number(at)} {number(across.start)}V{number(across.end)}"
    return f"M{number(across.start)} {number(at)}H{number(across.end)}"


def _anchor(axis: Axis, axes: Mapping[str, Axis]) -> str:
    other = "y" if axis.name[0] == "x" else "x"
    said = str(axis.spec.get("anchor", other))
    return said if said in axes else other


def frame(axes: Mapping[str, Axis], language: Language) -> str:
    """Lines, ticks, words and titles of every axis."""
    return "".join(
        _framed(axis, axes[_anchor(axis, axes)], language)
        for axis in axes.values()
        if axis.spec.get("visible", True) is not False
    )


def _framed(axis: Axis, across: Axis, language: Language) -> str:
    spec, upright = axis.spec, axis.name[0] == "y"
    side = one_of("side of an axis", spec.get("side", "left" if upright else "bottom"), _SIDES[upright])
    far = side in ("right", "top")
    edge = across.end if far else across.start
    out = 1 if side in ("right", "bottom") else -1
    length = float(spec.get("ticklen", 5)) if spec.get("ticks", "") == "outside" else 0.0
    marks, drawn = "", ""
    font = spec.get("tickfont") or {}
    for tick in ticks(axis, language):
        at, middle = axis.at(tick.at), axis.at(tick.middle)
        reach = edge + out * length
        if length:
            marks += (
                f"M{number(edge)} {number(at)}H{number(reach)}"
                if upright
                else f"M{number(at)} {number(edge)}V{number(reach)}"
            )
        if spec.get("showticklabels", True):
            place = (reach + out * _SPACE, middle) if upright else (middle, reach + out * 2)
            anchor = ("end" if out < 0 else "start") if upright else "middle"
            rise = "middle" if upright else ("top" if out > 0 else "bottom")
            shade = colour(font.get("color", SOFT))
            drawn += label(tick.text, *place, anchor=anchor, size=float(font.get("size", 12)), fill=shade, rise=rise)
    if spec.get("showline"):
        low, high = number(axis.start), number(axis.end)
        marks += f"M{number(edge)} {low}V{high}" if upright else f"M{low} {number(edge)}H{high}"
    lines = f'<path d="{marks}" stroke="{LINE}"/>' if marks else ""
    return lines + drawn + _title(spec.get("title"), axis, edge, out, upright=upright)


_SIDES: Final = {True: ("left", "right"), False: ("bottom", "top")}


def _title(said: Any, axis: Axis, edge: float, out: int, *, upright: bool) -> str:
    title: Mapping[str, Any] = said if isinstance(said, Mapping) else {"text": said or ""}
    text = str(title.get("text") or "")
    if not text:
        return ""
    size = float((title.get("font") or {}).get("size", 12))
    away = float(title.get("standoff", 30)) + size
    if upright:
        return label(
            text, edge + out * (away + 14), axis.share(0.5), anchor="middle", size=size, turn=-90, rise="middle"
        )
    return label(text, axis.share(0.5), edge + out * away, anchor="middle", size=size, rise="middle")
