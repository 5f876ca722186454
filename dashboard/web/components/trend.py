"""The trend: how many models had which colour on each of some days, as one stacked area."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from dashboard import format as form
from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.day_axis import day_axis, grid
from dashboard.web.components.stoplight import WORDS, WORST_FIRST
from dashboard.web.components.svg import TONES, picture
from dashboard.web.data import Data
from dashboard.web.fleet_days import DayCounts

STEP: Final = 6
HEIGHT: Final = 64
_PALE: Final = " fill-opacity='.3'"
"""Green is what needs no look: what lies under it must stand out."""

_ALT = Text(
    "Models in amber and red on {n} days: {first} at first, {last} now, {most} at most (on {when}). {words} at the "
    "end: {counts}.",
    "Modèles orange et rouges sur {n} jours\u00a0: {first} au début, {last} maintenant, {most} au plus (le {when}). "
    "{words} à la fin\u00a0: {counts}.",
)
_ALL: Final = Text("All {n} models", "Les {n} modèles")
_ONE: Final = Text("The one model", "Le seul modèle")
_DAY: Final = Text("Day", "Jour")


def trend(counts: DayCounts, language: Language) -> html.Node:
    """Red at the bottom, amber and no data on it, green as the rest; ``counts`` have one day at least."""
    days = counts.days
    total = max(int(counts.seen[:, -1].sum()), 1)
    unit = HEIGHT / total
    # Painted from the tallest: each colour reaches from the ground to the top of what lies under it.
    layers, top = [], [0] * len(days)
    for colour in WORST_FIRST:
        own = counts.of(colour)
        top = [under + n for under, n in zip(top, own, strict=True)]
        if any(own):
            layers.append((colour, list(top)))
    paths = "".join(
        f"<path fill='{TONES[colour]}'{_PALE if colour == 'green' else ''} d='{_area(tops, unit)}'/>"
        for colour, tops in reversed(layers)
    )
    drawing = picture(
        paths + grid(days, step=STEP, height=HEIGHT),
        width=len(days) * STEP,
        height=HEIGHT,
        alt=described(counts, language),
        class_="trend",
        stretch=True,
    )
    return html.div(
        html.div(html.span(form.count(total, language)), html.span("0"), class_="trend-scale", aria_hidden="true"),
        drawing,
        day_axis(days, language),
        class_="trend-frame",
    )


def _area(tops: Sequence[int], unit: float) -> str:
    """The outline of columns of these heights; equal neighbours are one column."""
    place, parts = 0, []
    for top, same in groupby(tops):
        place += len(list(same))
        parts.append(f"V{HEIGHT - top * unit:.4g}H{place * STEP}")
    return f"M0 {HEIGHT}{''.join(parts)}V{HEIGHT}z"


def described(counts: DayCounts, language: Language) -> str:
    """The trend in words."""
    trouble, days = counts.trouble(), counts.days
    most, total = max(trouble), int(counts.seen[:, -1].sum())
    at_end = counts.at(-1)
    return _ALT[language].format(
        n=len(days),
        first=trouble[0],
        last=trouble[-1],
        most=most,
        when=form.short_day(days[trouble.index(most)], language, near=days[-1]),
        words=(_ONE if total == 1 else _ALL)[language].format(n=form.count(total, language)),
        counts=", ".join(
            f"{at_end[colour]} {WORDS[colour][language].lower()}" for colour in WORST_FIRST if at_end[colour]
        ),
    )


def counts_data(counts: DayCounts, language: Language) -> Data:
    """The counts as a table: one row a day, one column a colour."""
    columns = [_DAY[language], *(WORDS[colour][language] for colour in WORST_FIRST)]
    by_colour = [counts.of(colour) for colour in WORST_FIRST]
    return Data(columns, [[day.isoformat(), *values] for day, *values in zip(counts.days, *by_colour, strict=True)])
