"""The colours of figures: mid-tones that read on a light ground and on a dark one.

Text, grid lines and the ink of reference lines are not here: assets/figures.css sets them on the SVG, so that a
figure need not know the theme.
"""

from __future__ import annotations

from typing import Final

STATE: Final = {"green": "#2f9e73", "amber": "#d08c0a", "red": "#d5463c", "grey": "#8a949e"}
"""The colour of a state; never alone, always with its symbol."""

SYMBOL: Final = {"green": "circle", "amber": "triangle-up", "red": "square", "grey": "circle-open"}
"""Plotly's marker for a state, the same shapes as the glyphs of the page."""

GLYPH: Final = {"green": "●", "amber": "▲", "red": "■", "grey": "○"}
"""A state's glyph in text."""

SERIES: Final = "#4a7fb5"
"""What was measured: lines, bars and the heat map of shares."""
SECOND: Final = "#c06c3e"
"""The second thing compared with the first."""
SECOND_BAND: Final = "rgba(192,108,62,0.17)"
"""The band around it."""
QUIET: Final = "#8a949e"
"""Marks that must be there and not be looked at: baselines, deployments, frames."""
NOISE: Final = "rgba(138,148,158,0.25)"
"""The band of what chance alone gives."""

_RGB: Final = {"green": "47,158,115", "amber": "221,147,15", "red": "209,62,51"}
_ALPHA: Final = {"green": (0.13, 0.62), "amber": (0.55, 1.0), "red": (0.70, 1.0)}


def shades(colour: str, steps: int) -> list[str]:
    """``steps`` shades of a state's colour, faint to full: in print and without colours, worse is darker."""
    faint, full = _ALPHA[colour]
    alphas = [faint + (full - faint) * step / max(1, steps - 1) for step in range(steps)]
    return [f"rgba({_RGB[colour]},{alpha:.2f})" for alpha in alphas]


def stepped(colours: list[str]) -> list[list[object]]:
    """A colour scale of flat steps: whole numbers 0..n-1, with zmin -.5 and zmax n-.5, get one colour each."""
    n = len(colours)
    return [[round(edge / n, 6), colour] for i, colour in enumerate(colours) for edge in (i, i + 1)]
