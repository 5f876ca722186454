"""Heat maps as one small picture each: a cell of thousands would be a rectangle of fifty bytes."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.report.drawing.axis import Axis
from dashboard.report.drawing.ink import number
from qod.errors import VigieError

SHADES: Final = 255
"""Colours of a picture, apart from the ground."""
_FINE: Final = 2
"""Points of the picture a pixel of the figure, where its cells are not all as large."""

_NUMBERS: Final = re.compile(r"[0-9.]+")


def heatmap(trace: Mapping[str, Any], x: Axis, y: Axis) -> str:
    """The trace as SVG: a PNG in a data address, and the gaps between its cells as lines in the colour of the ground.

    Cells without a value are bare. VigieError where the colour scale cannot be read.
    """
    z = np.array([[np.nan if cell is None else cell for cell in row] for row in trace["z"]], dtype=float)
    if not z.size:
        return ""
    across, up = _edges(trace["x"], x, z.shape[1]), _edges(trace["y"], y, z.shape[0])
    low, high = float(trace.get("zmin", np.nanmin(z))), float(trace.get("zmax", np.nanmax(z)))
    part = np.clip((np.nan_to_num(z) - low) / ((high - low) or 1.0), 0, 1)
    # A shade a step of the scale: half a step never falls on the bound of a stepped one.
    places = np.where(np.isnan(z), 0, 1 + np.minimum((part * SHADES).astype(int), SHADES - 1)).astype(np.uint8)
    colours = [(255, 255, 255), *(_shade(trace["colorscale"], (place + 0.5) / SHADES) for place in range(SHADES))]
    left, right, top, bottom = min(across), max(across), min(up), max(up)
    picture = places[_sampled(up, top, bottom)][:, _sampled(across, left, right)]
    address = "data:image/png;base64," + base64.b64encode(_png(picture, colours)).decode()
    image = (
        f'<image x="{number(left)}" y="{number(top)}" width="{number(right - left)}" height="{number(bottom - top)}" '
        f'preserveAspectRatio="none" style="image-rendering:pixelated" href="{address}"/>'
    )
    lines = "".join(f"M{number(edge)} {number(top)}V{number(bottom)}" for edge in across[1:-1])
    rows = "".join(f"M{number(left)} {number(edge)}H{number(right)}" for edge in up[1:-1])
    return image + _gaps(lines, trace.get("xgap", 0)) + _gaps(rows, trace.get("ygap", 0))


def _gaps(data: str, width: float) -> str:
    return f'<path d="{data}" stroke="#fff" stroke-width="{number(width)}"/>' if data and width else ""


def _edges(raw: Sequence[Any], axis: Axis, cells: int) -> list[float]:
    """The pixels between the cells, as plotly puts them: midway between centres, unless the edges themselves are given.

    In the order of the cells; one more than these.
    """
    given = [axis.pixel(value) for value in raw]
    at = [place for place in given if place is not None]
    if len(at) != len(given) or len(at) not in (cells, cells + 1):
        raise VigieError(f"a heat map of {cells} cells has {len(given)} places.")
    if len(at) == cells + 1:
        return at
    if cells == 1:
        half = abs(axis.at(1) - axis.at(0)) / 2 if axis.kind == "category" else abs(axis.end - axis.start) / 2
        return [at[0] - half, at[0] + half]
    between = [(a + b) / 2 for a, b in pairwise(at)]
    return [2 * at[0] - between[0], *between, 2 * at[-1] - between[-1]]


def _sampled(edges: Sequence[float], low: float, high: float) -> npt.NDArray[np.intp]:
    """The cell at each point of the picture from ``low`` to ``high``: a point a cell where all are as large."""
    cells = len(edges) - 1
    order = np.array(edges if edges[0] <= edges[-1] else list(reversed(edges)))
    sizes = np.diff(order)
    if sizes.max() - sizes.min() < 0.01:
        found = np.arange(cells)
    else:
        points = max(1, round((high - low) * _FINE))
        centres = low + (np.arange(points) + 0.5) * (high - low) / points
        found = np.clip(np.searchsorted(order, centres, side="right") - 1, 0, cells - 1)
    return found if edges[0] <= edges[-1] else cells - 1 - found


def _shade(scale: Sequence[Sequence[Any]], part: float) -> tuple[int, int, int]:
    """The colour of a share of a scale on white, as red, green and blue."""
    before = after = scale[0]
    for stop in scale:
        after = stop
        if stop[0] >= part:
            break
        before = stop
    span = float(after[0]) - float(before[0])
    share = 0.0 if span <= 0 else min(max((part - float(before[0])) / span, 0.0), 1.0)
    mixed = [a + (b - a) * share for a, b in zip(_rgba(before[1]), _rgba(after[1]), strict=True)]
    red, green, blue = (round(255 + (channel - 255) * mixed[3]) for channel in mixed[:3])
    return red, green, blue


def _rgba(text: str) -> tuple[float, float, float, float]:
    if text.startswith("#") and len(text) == 7:
        return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16), 1.0
    found = [float(part) for part in _NUMBERS.findall(text)] if text.startswith("rgb") else []
    if len(found) not in (3, 4):
        raise VigieError(f"a colour of a scale cannot be read: {text!r}")
    return found[0], found[1], found[2], found[3] if len(found) == 4 else 1.0


def _png(places: npt.NDArray[np.uint8], colours: Sequence[tuple[int, int, int]]) -> bytes:
    """A PNG of one byte a point, the place of its colour."""
    height, width = places.shape
    rows = np.zeros((height, width + 1), dtype=np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = places
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(channel for shade in colours for channel in shade)),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    made = b"\x89PNG\r\n\x1a\n"
    for kind, body in parts:
        made += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return made
