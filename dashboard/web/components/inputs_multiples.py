"""Small charts, one a variable: its size in each batch as a bar in the colour of its state, all to one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard import format as form
from dashboard.policy import Policy
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.inputs_shown import SHOWN
from dashboard.web.components.stoplight import WORDS, glyph
from dashboard.web.components.svg import TONES, picture
from dashboard.web.figures.inputs_heatmap import STATES, Cells
from dashboard.web.page import Request
from dashboard.web.views.timeline import Batch

PLACES: Final = 90
"""Bars at most: of more batches each stands for several, by the largest size and the worst state of them."""
STEP: Final = 3
HEIGHT: Final = 44
_BAR: Final = 2.3
_TOP_SHARE: Final = 0.2
"""The share of rows at the top of a chart."""

_ALT: Final = Text(
    "{name}, {shown}: {now} in the batch of {day}, {most} at most (on {when}). {states}",
    "{name}, {shown} : {now} dans le lot du {day}, {most} au plus (le {when}). {states}",
)
_NEVER: Final = Text("{name}, {shown}: not measured.", "{name}, {shown} : pas de mesure.")
_OF: Final = Text("{states} of {n} batches.", "{states} sur {n} lots.")
_SCALE: Final = Text(
    "Bars reach the top at {top} and more; the same scale for all, {n} batches from {first} to {last}.",
    "Les barres atteignent le haut à {top} et plus ; même échelle pour toutes, {n} lots du {first} au {last}.",
)
_STATE: Final = Text("State", "État")


def inputs_multiples(
    request: Request,
    batches: Sequence[Batch],
    cells: Cells,
    *,
    policy: Policy,
    link: Mapping[str, Any],
) -> html.Node:
    """The charts in the order of ``cells``, each with its state and size now; ``link`` is the rest of its address."""
    language, drift = request.language, request.params["show"] == "drift"
    shown = SHOWN[request.params["show"]]
    top = 2 * policy.drift_red if drift else _TOP_SHARE
    levels = (policy.drift_amber, policy.drift_red) if drift else ()
    bars = _bars(cells, top)
    days = [batch.day for batch in batches]
    scale = request.t(_SCALE).format(
        top=f"PSI {shown.write(top, language)}" if drift else shown.write(top, language),
        n=form.count(len(batches), language),
        first=form.day(days[0], language, near=request.today),
        last=form.day(days[-1], language, near=request.today),
    )
    tiles = []
    for place, name in enumerate(cells.variables):
        alt = _described(request, name, cells, place, batches)
        drawing = picture(
            _levels(levels, top) + bars[place],
            width=STEP * min(PLACES, len(batches)),
            height=HEIGHT,
            alt=alt,
            class_="multiple-chart",
            stretch=True,
        )
        now = cells.values[place, -1]
        tiles.append(
            html.li(
                html.a(
                    html.span(
                        glyph(STATES[cells.states[place, -1]], request.t(_STATE), language),
                        html.span(form.name(name, longest=40), class_="multiple-name", title=name),
                        html.span(shown.write(None if np.isnan(now) else float(now), language), class_="multiple-now"),
                        class_="multiple-head",
                    ),
                    drawing,
                    href=request.to("variable", variable=name, **link),
                )
            )
        )
    return [html.ul(tiles, class_="multiples"), html.p(scale, class_="reading")]


def _described(request: Request, name: str, cells: Cells, place: int, batches: Sequence[Batch]) -> str:
    """The chart in words: its size now and at most, and in how many batches it was amber or red."""
    language, shown = request.language, SHOWN[request.params["show"]]
    values, words = cells.values[place], form.name(name, longest=40)
    if np.isnan(values).all():
        return request.t(_NEVER).format(name=words, shown=request.t(shown.name))
    most = int(np.nanargmax(values))
    counted = [(state, int(np.count_nonzero(cells.states[place] == STATES.index(state)))) for state in ("red", "amber")]
    states = ", ".join(f"{n} {WORDS[state][language].lower()}" for state, n in counted if n)
    now = float(values[-1])
    return (
        request.t(_ALT)
        .format(
            name=words,
            shown=request.t(shown.name),
            now=shown.write(None if np.isnan(now) else now, language),
            day=form.day(batches[-1].day, language, near=request.today),
            most=shown.write(float(values[most]), language),
            when=form.day(batches[most].day, language, near=request.today),
            states=request.t(_OF).format(states=states, n=form.count(len(batches), language)) if states else "",
        )
        .strip()
    )


def _bars(cells: Cells, top: float) -> list[str]:
    """The bars of each variable: one path a state."""
    states, values = _gathered(cells)
    heights = np.clip(np.nan_to_num(values) / top * HEIGHT, 1.0, HEIGHT).round(1)
    heights[np.isnan(values)] = 3.0
    return [_paths(*pair) for pair in zip(states.tolist(), heights.tolist(), strict=True)]


def _paths(states: list[int], heights: list[float]) -> str:
    drawn: dict[int, list[str]] = {}
    for place, (state, height) in enumerate(zip(states, heights, strict=True)):
        if state:
            drawn.setdefault(state, []).append(f"M{place * STEP} {HEIGHT}v-{height:g}h{_BAR}v{height:g}z")
    return "".join(
        f"<path fill='{TONES[str(STATES[state])]}' d='{''.join(bars)}'/>" for state, bars in sorted(drawn.items())
    )


def _gathered(cells: Cells) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float64]]:
    """States and sizes (V, at most PLACES): of batches drawn as one bar the worst state and the largest size."""
    count = cells.states.shape[1]
    if count <= PLACES:
        return cells.states, cells.values
    begins = np.arange(PLACES) * count // PLACES
    sizes = np.maximum.reduceat(np.where(np.isnan(cells.values), -np.inf, cells.values), begins, axis=1)
    return np.maximum.reduceat(cells.states, begins, axis=1), np.where(np.isinf(sizes), np.nan, sizes)


def _levels(levels: Sequence[float], top: float) -> str:
    """The thresholds of amber and red, from edge to edge."""
    tones = (TONES["amber"], TONES["red"])
    return "".join(
        f"<path stroke='{tone}' stroke-width='.7' stroke-dasharray='4 3' d='M0 {HEIGHT * (1 - level / top):.1f}h999'/>"
        for level, tone in zip(levels, tones, strict=False)
        if level < top
    )
