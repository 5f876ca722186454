"""Two distributions over the same bins as one small drawing: the left side's bars stand, the right side's hang."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.svg import picture
from dashboard.web.figures.palette import SECOND, SERIES

HEIGHT: Final = 26
STEP: Final = 7
_ALT: Final = Text(
    "Shares by bin, A above and B below; they differ most in {bin}: {left} against {right}",
    "Parts par classe, A au-dessus et B au-dessous\u202f; plus grand écart, {bin}\u00a0: {left} contre {right}",
)


def share_pair(left: Sequence[float], right: Sequence[float], labels: Sequence[str], language: Language) -> html.Node:
    """The drawing of shares 0..1 in as many bins as there are ``labels``, on one scale."""
    most = max([0.01, *left, *right])
    half = HEIGHT / 2
    bars = []
    for colour, shares, sign in ((SERIES, left, -1), (SECOND, right, 1)):
        steps = "".join(
            f"M{place * STEP + STEP / 2:g} {half + sign * 0.5:g}v{sign * share / most * (half - 1):.1f}"
            for place, share in enumerate(shares)
        )
        bars.append(f"<path d='{steps}' stroke='{colour}' stroke-width='{STEP - 2}'/>")
    top = max(range(len(labels)), key=lambda place: abs(left[place] - right[place]))
    alt = _ALT[language].format(
        bin=labels[top], left=form.share(left[top], language), right=form.share(right[top], language)
    )
    return picture("".join(bars), width=len(labels) * STEP, height=HEIGHT, alt=alt, class_="share-pair")
