"""The labels of marks on a time axis: above the plot, never over each other on the narrowest screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

AXIS_PIXELS: Final = 175
"""The axis of the narrowest figure, a heat map with long names on a phone: what does not touch there never does."""
_CHARACTER: Final = 6.3
"""Pixels of an average character of a label."""
_APART: Final = 6
"""Pixels between two labels."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a label would say at ``place`` (0..1 along the axis): ``long`` where there is room, else ``short``.

    Of two that touch, the one with the smaller ``rank`` stays; of the same rank, the later one.
    """

    place: float
    long: str
    short: str
    rank: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A label as it is written; it ends at its place when ``right``, else it begins there."""

    text: str
    right: bool


def placed(wanted: Sequence[Wanted]) -> list[Placed | None]:
    """What is written for each; None where it is left out.

    All short labels that find room stand before the first is made longer, so that a word never costs another label.
    """
    order = sorted(range(len(wanted)), key=lambda number: (wanted[number].rank, -wanted[number].place))
    found: list[Placed | None] = [None] * len(wanted)
    taken: dict[int, tuple[float, float]] = {}
    for longer in (False, True):
        for number in order:
            one = wanted[number]
            if longer and found[number] is None:
                continue
            text = one.long if longer else one.short
            others = [span for other, span in taken.items() if other != number]
            for right in (False, True):
                span = _span(one.place, text, right=right)
                if span[0] >= 0 and span[1] <= 1 and all(span[1] <= a or b <= span[0] for a, b in others):
                    found[number], taken[number] = Placed(text, right), span
                    break
    return found


def _span(place: float, text: str, *, right: bool) -> tuple[float, float]:
    width = (_CHARACTER * len(text) + _APART) / AXIS_PIXELS
    return (place - width, place) if right else (place, place + width)
