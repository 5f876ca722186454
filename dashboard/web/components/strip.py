"""The status strip: one bar a batch, oldest at the left, its colour and its height the batch's state."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.stoplight import WORDS, WORST_FIRST, known
from dashboard.web.components.svg import TONES, picture

PLACES: Final = 60
"""Batches that a strip shows."""

STEP: Final = 3
HEIGHT: Final = 18
_BAR: Final = "2.3 .7"
_TALL: Final = {"green": 8, "amber": 13, "red": 18, "grey": 4}

_NONE = Text("No batch yet", "Pas encore de lot")
_LAST = Text("Last {n} batches: {parts}", "{n} derniers lots\u00a0: {parts}")
_ONE = Text("One batch: {parts}", "Un lot\u00a0: {parts}")
_NOW = Text("; the last {n} {word}", "\u202f; les {n} derniers\u00a0: {word}")


def strip(colours: Sequence[str | None], language: Language, *, places: int = PLACES) -> html.Node:
    """The strip of the last ``places`` of ``colours``, oldest first; fewer leave room at the left.

    One path a colour: a run of bars is one dashed stroke.
    """
    states = [known(colour) for colour in colours[-places:]]
    runs: dict[str, list[str]] = {}
    place = places - len(states)
    for state, group in groupby(states):
        length = len(list(group))
        runs.setdefault(state, []).append(f"M{place * STEP} {HEIGHT - _TALL[state] / 2:g}h{length * STEP}")
        place += length
    paths = "".join(
        f"<path d='{''.join(runs[state])}' stroke='{TONES[state]}' stroke-width='{_TALL[state]}' "
        f"stroke-dasharray='{_BAR}'/>"
        for state in sorted(runs)
    )
    return picture(
        paths, width=places * STEP, height=HEIGHT, alt=described(states, language), class_="strip", stretch=True
    )


def described(states: Sequence[str], language: Language) -> str:
    """The strip in words: how many batches had which state, and for how many the present one has lasted."""
    if not states:
        return _NONE[language]
    parts = ", ".join(
        f"{states.count(state)} {WORDS[state][language].lower()}" for state in WORST_FIRST if state in states
    )
    words = (_ONE if len(states) == 1 else _LAST)[language].format(n=len(states), parts=parts)
    run = len(list(next(groupby(reversed(states)))[1]))
    if 1 < run < len(states):
        words += _NOW[language].format(n=run, word=WORDS[states[-1]][language].lower())
    return words
