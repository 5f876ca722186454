"""Glyphs over a heat map of states: no reader depends on colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from dashboard.web.figures.palette import GLYPH
from dashboard.web.figures.time_axis import TimeAxis

_LEAST_SHARE: Final = 0.011
"""The share of the axis that a glyph is wide, on a screen of usual width; on a phone the style sheet hides them."""


def state_runs(names: Sequence[str], colours: Sequence[Sequence[str | None]], axis: TimeAxis) -> list[dict[str, Any]]:
    """A glyph in the first cell of each run of amber or red; ``colours`` has one row for each of ``names``.

    A run too short to hold its glyph goes without: it would cover its neighbours.
    """
    where: dict[str, tuple[list[str], list[str]]] = {"amber": ([], []), "red": ([], [])}
    centres = [axis.x[i] for i, column in enumerate(axis.columns) if column is not None]
    least = _LEAST_SHARE * len(axis.columns)
    for name, row in zip(names, colours, strict=True):
        batch = 0
        for colour, run in groupby(row):
            length = len(list(run))
            if colour in where and length >= least:
                where[colour][0].append(centres[batch + int(least / 2)])
                where[colour][1].append(name)
            batch += length
    return [
        {
            "type": "scatter",
            "mode": "text",
            "x": x,
            "y": y,
            "text": [GLYPH[colour]] * len(x),
            "textfont": {"size": 10, "color": "#ffffff" if colour == "red" else "#1b2430"},
            "hoverinfo": "skip",
        }
        for colour, (x, y) in where.items()
        if x
    ]
