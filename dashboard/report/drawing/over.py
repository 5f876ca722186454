"""Shapes and annotations of a drawn figure, placed by axes, by their domains or by the whole plot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard.report.drawing.axis import Axis
from dashboard.report.drawing.ink import SOFT, colour, label, number, stroke
from dashboard.report.drawing.known import one_of

_ANCHORS: Final = {"left": "start", "center": "middle", "right": "end"}
_RISES: Final = {"bottom": "bottom", "middle": "middle", "top": "top"}


def shapes(layout: Mapping[str, Any], axes: Mapping[str, Axis], *, width: float, height: float, below: bool) -> str:
    """The lines and rectangles that lie below the data, or above."""
    across_all, up_all = _whole(layout, width, height)
    drawn = ""
    for shape in layout.get("shapes") or ():
        if (shape.get("layer", "above") == "above") == below:
            continue
        kind = one_of("type of shape", shape.get("type"), ("line", "rect"))
        across, up = shape.get("xref", "x"), shape.get("yref", "y")
        ends = [_place(across, shape[key], axes, across_all) for key in ("x0", "x1")]
        ends += [_place(up, shape[key], axes, up_all) for key in ("y0", "y1")]
        if any(end is None for end in ends):
            continue
        x0, x1, y0, y1 = (
            _within(end or 0.0, ref, axes) for end, ref in zip(ends, (across,) * 2 + (up,) * 2, strict=True)
        )
        how = stroke(shape.get("line") or {})
        clear = f' opacity="{shape["opacity"]:.2g}"' if shape.get("opacity", 1) != 1 else ""
        if kind == "line":
            drawn += f'<path d="M{number(x0)} {number(y0)}L{number(x1)} {number(y1)}" {how}{clear}/>' if how else ""
        else:
            fill = colour(shape.get("fillcolor") or "none")
            box = f"M{number(x0)} {number(y0)}H{number(x1)}V{number(y1)}H{number(x0)}z"
            drawn += f'<path d="{box}" fill="{fill}" {how}{clear}/>'
    return drawn


def remarks(layout: Mapping[str, Any], axes: Mapping[str, Axis], *, width: float, height: float) -> str:
    """The words that stand anywhere on a figure."""
    across_all, up_all = _whole(layout, width, height)
    drawn = ""
    for said in layout.get("annotations") or ():
        x = _place(said.get("xref", "x"), said["x"], axes, across_all)
        y = _place(said.get("yref", "y"), said["y"], axes, up_all)
        if x is None or y is None:
            continue
        font = said.get("font") or {}
        across = said.get("xanchor", "auto")
        up = said.get("yanchor", "auto")
        drawn += label(
            str(said.get("text", "")),
            x + float(said.get("xshift", 0)),
            y - float(said.get("yshift", 0)),
            anchor=_ANCHORS[one_of("anchor", across if across != "auto" else "center", _ANCHORS)],
            size=float(font.get("size", 12)),
            fill=colour(font.get("color", SOFT)),
            rise=_RISES[one_of("anchor", up if up != "auto" else "middle", _RISES)],
            turn=float(said.get("textangle", 0)),
        )
    return drawn


def _whole(layout: Mapping[str, Any], width: float, height: float) -> tuple[Axis, Axis]:
    """The plot across and up, from 0 to 1, as ``paper`` means it."""
    margin = {"l": 80, "r": 80, "t": 100, "b": 80, **(layout.get("margin") or {})}
    across = Axis("x", "linear", 0, 1, margin["l"], width - margin["r"])
    return across, Axis("y", "linear", 0, 1, height - margin["b"], margin["t"])


def _place(ref: str, raw: Any, axes: Mapping[str, Axis], whole: Axis) -> float | None:
    """The pixel of ``raw`` as ``ref`` says: ``x2`` an axis, ``x2 domain`` a share of it, ``paper`` of ``whole``."""
    name, _, domain = ref.partition(" ")
    if name == "paper":
        return whole.at(float(raw))
    one_of("axis", name, axes)
    return axes[name].share(float(raw)) if domain else axes[name].pixel(raw)


def _within(pixel: float, ref: str, axes: Mapping[str, Axis]) -> float:
    """A place on an axis is cut off at its end; one on the paper stays."""
    axis = axes.get(ref)
    return pixel if axis is None else min(max(pixel, min(axis.start, axis.end)), max(axis.start, axis.end))
