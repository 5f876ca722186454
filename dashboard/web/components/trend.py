"""The trend: how many models were amber and red on each of the last days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from dashboard import format as form
from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.svg import TONES, picture

STEP: Final = 6
HEIGHT: Final = 64
_BAR: Final = 5

_ALT = Text(
    "Models in amber and red on {n} days: {first} at first, {last} now, {most} at most (on {when}).",
    "Modèles orange et rouges sur {n} jours\u00a0: {first} au début, {last} maintenant, {most} au plus (le {when}).",
)


def trend(days: Sequence[date], amber: Sequence[int], red: Sequence[int], language: Language) -> html.Node:
    """Stacked bars, red at the bottom; one day each. ``days`` has at least one entry."""
    total = [a + r for a, r in zip(amber, red, strict=True)]
    most = max(total)
    unit = HEIGHT / max(most, 4)
    shapes = {
        "red": [(place, 0, r) for place, r in enumerate(red) if r],
        "amber": [(place, red[place], a) for place, a in enumerate(amber) if a],
    }
    paths = "".join(
        f"<path fill='{TONES[state]}' d='"
        + "".join(
            f"M{place * STEP} {HEIGHT - start * unit:.4g}h{_BAR}v-{n * unit:.4g}h-{_BAR}z" for place, start, n in bars
        )
        + "'/>"
        for state, bars in shapes.items()
        if bars
    )
    when = days[total.index(most)]
    alt = _ALT[language].format(
        n=len(days), first=total[0], last=total[-1], most=most, when=form.short_day(when, language, near=days[-1])
    )
    drawing = picture(paths, width=len(days) * STEP, height=HEIGHT, alt=alt, class_="trend", stretch=True)
    return html.div(
        html.div(
            html.span(form.count(max(most, 4), language)), html.span("0"), class_="trend-scale", aria_hidden="true"
        ),
        drawing,
        html.div(
            html.span(form.short_day(days[0], language, near=days[-1])),
            html.span(form.short_day(days[-1], language, near=days[-1])),
            class_="trend-days",
        ),
        class_="trend-frame",
    )
