"""The states of two sides by day: each batch as a whole and by family, over one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.chart import graph
from dashboard.web.components.families import FAMILIES
from dashboard.web.components.mark_list import mark_list, marks_told
from dashboard.web.components.sides import LETTERS, key
from dashboard.web.components.stoplight import WORDS, known
from dashboard.web.data import Data
from dashboard.web.figures.states_over_time import States, states_over_time
from dashboard.web.figures.time_axis import Mark, TimeAxis, time_axis
from dashboard.web.page import Request
from dashboard.web.views.sides import STATES, Pair

_WHOLE: Final = Text("as a whole", "ensemble")
_ALT: Final = Text(
    "States of {a} and {b} by day, from {first} to {last}. {a}: {left}. {b}: {right}.",
    "États de {a} et {b} par jour, du {first} au {last}. {a}\u00a0: {left}. {b}\u00a0: {right}.",
)
_BATCHES: Final = Text("{n} {state}", "{n} {state}")
_NOTHING: Final = Text("no batch", "aucun lot")
_NONE: Final = Text("No batch of these days has been evaluated.", "Aucun lot de ces jours n\u2019a été évalué.")
_DAY: Final = Text("Day", "Jour")


def pair_states(request: Request, pair: Pair, *, window: int) -> html.Node:
    """The figure over the last ``window`` days (0: all), and the marks of both sides in words."""
    days = _days(request, pair, window)
    if not days:
        return html.p(request.t(_NONE), class_="calm")
    language = request.language
    axis = time_axis(days, cadence_days=1)
    rows: list[States] = []
    for letter, side in zip(LETTERS, pair.sides, strict=True):
        for state in STATES:
            name = request.t(FAMILIES.get(state, _WHOLE))
            rows.append(States(f"{letter} {name}" if state == STATES[0] else name, side.by_day(days, state)))
    rows.insert(len(STATES), States("", [None] * len(days)))
    figure = states_over_time(
        rows,
        axis=axis,
        words={colour: words[language] for colour, words in WORDS.items()},
        marks=lettered(pair),
        language=language,
    )
    names = pair.names()
    alt = request.t(_ALT).format(
        a=names[0],
        b=names[1],
        first=form.day(days[0], language),
        last=form.day(days[-1], language),
        left=_told(request, pair, 0, days),
        right=_told(request, pair, 1, days),
    ) + marks_told(request, lettered(pair), axis)  # fmt: skip
    columns = [f"{letter} {request.t(FAMILIES.get(state, _WHOLE))}" for letter in LETTERS for state in STATES]
    shown = [row.colours for row in rows if row.name]
    data = Data([request.t(_DAY), *columns],
                [[day.isoformat(), *colours] for day, *colours in zip(days, *shown, strict=True)])  # fmt: skip
    return [key(request, pair), graph(request, figure, key="states", alt=alt, data=data), marks_of(request, pair, axis)]


def lettered(pair: Pair) -> tuple[Mark, ...]:
    """The marks of both sides; of two models, each named by its side."""
    if pair.one_model:
        return pair.left.known.marks
    return tuple(
        replace(mark, name=f"{letter} {mark.name}")
        for letter, side in zip(LETTERS, pair.sides, strict=True)
        for mark in side.known.marks
    )


def marks_of(request: Request, pair: Pair, axis: TimeAxis, *, snap: bool = True, key: str = "marks") -> html.Node:
    """The marks of the axis in words, a list for each model."""
    if pair.one_model:
        return mark_list(request, pair.left.model_id, pair.left.known.marks, axis, snap=snap, key=key)
    return [
        mark_list(request, side.model_id, side.known.marks, axis, snap=snap, key=f"{key}-{letter.lower()}", side=letter)
        for letter, side in zip(LETTERS, pair.sides, strict=True)
    ]


def _days(request: Request, pair: Pair, window: int) -> list[date]:
    """Every day from the first batch of either side to the last, ``window`` at most."""
    found = [row["batch_date"] for side in pair.sides for row in (*side.health[:1], *side.health[-1:])]
    if not found:
        return []
    last = max(found)
    first = max(min(found), last - timedelta(days=window - 1)) if window else min(found)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _told(request: Request, pair: Pair, place: int, days: Sequence[date]) -> str:
    language = request.language
    states = [known(row["colour"]) for row in pair.sides[place].health if row["batch_date"] >= days[0]]
    parts = [
        request.t(_BATCHES).format(n=form.count(states.count(state), language), state=WORDS[state][language].lower())
        for state in ("red", "amber", "grey", "green")
        if state in states
    ]
    return ", ".join(parts) or request.t(_NOTHING)
