"""A variable over time: its distribution, its PSI and its guard rows, over one shared axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.text import Language
from dashboard.web.figures.frame import Panel, margin_for, stack
from dashboard.web.figures.time_axis import Mark, TimeAxis, mark_lines, outline, x_axis


def variable_history(
    panels: Sequence[Panel],
    *,
    axis: TimeAxis,
    chosen: int | None,
    against: int | None,
    marks: Sequence[Mark] = (),
    language: Language,
) -> dict[str, Any]:
    """The panels over one time axis, the chosen batch framed (the one it is compared with: dotted)."""
    lines, labels = mark_lines(axis, marks, language=language)
    frames = [outline(axis, chosen)] if chosen is not None else []
    if against is not None and against != chosen:
        frames.append(outline(axis, against, dash="dot"))
    ticks = [str(tick) for panel in panels for tick in panel.axis.get("ticktext", ())]
    return stack(
        panels,
        x=x_axis(axis),
        left=max(52, margin_for(ticks)),
        right=14,
        language=language,
        shapes=[*lines, *frames],
        annotations=labels,
    )
