"""The status strip: one bar a batch, or a day, oldest at the left; its colour and its height are the state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

import numpy as np

from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.stoplight import WORDS, WORST_FIRST, known
from dashboard.web.components.svg import TONES, picture
from dashboard.web.fleet_days import COLOURS, NOT_YET, Codes

PLACES: Final = 60
"""Batches that a strip shows."""

STEP: Final = 3
HEIGHT: Final = 18
_BAR: Final = " stroke-dasharray='2.3 .7'"
_PALE: Final = " stroke-opacity='.55'"
"""Of the green of whole days: one beneath the other they would drown what is not green."""
_TALL: Final = {"green": 8, "amber": 13, "red": 18, "grey": 4}

_NONE = Text("No batch yet", "Pas encore de lot")
_LAST = Text("Last {n} batches: {parts}", "{n} derniers lots\u00a0: {parts}")
_ONE = Text("One batch: {parts}", "Un lot\u00a0: {parts}")
_NOW = Text("; the last {n} {word}", "\u202f; les {n} derniers\u00a0: {word}")
_DAYS = Text("{n} days: {parts}", "{n} jours\u00a0: {parts}")
_DAY = Text("One day: {parts}", "Un jour\u00a0: {parts}")

Run = tuple[str, int, int]
"""A colour, the place where it begins, and for how many places it lasts."""


def strip(colours: Sequence[str | None], language: Language, *, places: int = PLACES) -> html.Node:
    """The strip of the last ``places`` of ``colours``, oldest first; fewer leave room at the left."""
    states = [known(colour) for colour in colours[-places:]]
    runs: list[Run] = []
    place = places - len(states)
    for state, group in groupby(states):
        length = len(list(group))
        runs.append((state, place, length))
        place += length
    return _picture(_paths(runs, dashes=_BAR), places, described(states, language))


def day_strips(codes: Codes, language: Language) -> list[html.Node]:
    """The strip of each model of ``codes`` (models, days), see ``fleet_days``; bare before its first batch."""
    models, days = codes.shape
    begins = np.ones(codes.shape, bool)
    begins[:, 1:] = codes[:, 1:] != codes[:, :-1]
    rows, places = np.nonzero(begins)
    found = codes[rows, places].tolist()
    ends = np.append(places[1:], days)
    ends[ends == 0] = days  # the next run is another model's first
    runs: list[list[Run]] = [[] for _ in range(models)]
    for row, place, end, code in zip(rows.tolist(), places.tolist(), ends.tolist(), found, strict=True):
        if code != NOT_YET:
            runs[row].append((COLOURS[code], place, end - place))
    return [_picture(_paths(own, pale=_PALE), days, _days_described(own, language)) for own in runs]


def _paths(runs: Iterable[Run], *, dashes: str = "", pale: str = "") -> str:
    """One path a colour: a run of bars is one stroke."""
    moves: dict[str, list[str]] = {}
    for state, place, length in runs:
        moves.setdefault(state, []).append(f"M{place * STEP} {HEIGHT - _TALL[state] / 2:g}h{length * STEP}")
    return "".join(
        f"<path d='{''.join(moves[state])}' stroke='{TONES[state]}' stroke-width='{_TALL[state]}'{dashes}"
        f"{pale if state == 'green' else ''}/>"
        for state in sorted(moves)
    )


def _picture(paths: str, places: int, alt: str) -> html.Node:
    return picture(paths, width=places * STEP, height=HEIGHT, alt=alt, class_="strip", stretch=True)


def described(states: Sequence[str], language: Language) -> str:
    """The strip in words: how many batches had which state, and for how many the present one has lasted."""
    if not states:
        return _NONE[language]
    counts = {state: states.count(state) for state in WORST_FIRST}
    words = (_ONE if len(states) == 1 else _LAST)[language].format(n=len(states), parts=_parts(counts, language))
    run = len(list(next(groupby(reversed(states)))[1]))
    return words + _lasting(run, len(states), states[-1], language)


def _days_described(runs: Sequence[Run], language: Language) -> str:
    if not runs:
        return _NONE[language]
    counts = dict.fromkeys(WORST_FIRST, 0)
    for state, _, length in runs:
        counts[state] += length
    n = sum(counts.values())
    words = (_DAY if n == 1 else _DAYS)[language].format(n=n, parts=_parts(counts, language))
    return words + _lasting(runs[-1][2], n, runs[-1][0], language)


def _parts(counts: dict[str, int], language: Language) -> str:
    return ", ".join(f"{n} {WORDS[state][language].lower()}" for state, n in counts.items() if n)


def _lasting(run: int, n: int, state: str, language: Language) -> str:
    return _NOW[language].format(n=run, word=WORDS[state][language].lower()) if 1 < run < n else ""
