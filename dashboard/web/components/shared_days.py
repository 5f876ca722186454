"""Two versions that scored the same days, one of them beside the one in use: both on each of these days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dashboard import format as form
from dashboard import metrics
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.measure_words import writer
from dashboard.web.components.sides import LETTERS, badge
from dashboard.web.components.stoplight import WORDS, known, stoplight
from dashboard.web.components.table import Column, table
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.cohorts import MainCohort
from dashboard.web.views.performance import MAIN
from dashboard.web.views.sides import Pair, Side

SHOWN: Final = 10
"""Days in the table; the file has all of them."""

_CAPTION: Final = Text("Days that both versions scored, newest first", "Jours notés par les deux versions")
_DAY, _ROWS, _STATE = Text("Day", "Jour"), Text("Rows", "Lignes"), Text("State", "État")
_SENTENCE: Final = Text(
    "Both scored the same {n} days, {first} to {last}: {a} was red on {left} of them, {b} on {right}.",
    "Les deux ont noté les mêmes {n} jours, du {first} au {last}\u00a0: {a} a été rouge {left} fois, {b} {right} fois.",
)
_ONE: Final = Text("Both scored the {first}.", "Les deux ont noté le {first}.")
_COLD: Final = Text(
    "On the {n} cohorts that both have and whose truth is known, the mean {metric} is {left} against {right}.",
    "Sur les {n} cohortes communes dont la vérité est connue, la moyenne de {metric} est de {left} contre {right}.",
)


def shared_days_table(
    request: Request, pair: Pair, days: Sequence[date], cohorts: tuple[Sequence[MainCohort], Sequence[MainCohort]]
) -> html.Node:
    """The sentence, and the newest of ``days`` (not empty) with the state and the rows of both."""
    columns = [
        Column(request.t(_DAY), "nowrap"),
        *(Column([badge(place), " ", request.t(_STATE)]) for place in (0, 1)),
        *(Column([badge(place), " ", request.t(_ROWS)], "number") for place in (0, 1)),
    ]
    states, counts = [_states(side) for side in pair.sides], [_counts(side) for side in pair.sides]
    language = request.language
    rows = [
        [
            form.short_day(day, language, near=request.today),
            *(stoplight(state.get(day), language) for state in states),
            *(form.count(count.get(day), language) for count in counts),
        ]
        for day in reversed(days[-SHOWN:])
    ]
    return [
        html.p(_sentence(request, pair, days, states), " ", _cold(request, pair, cohorts)),
        table(columns, rows, caption=request.t(_CAPTION), row_heading=0, class_="pair"),
    ]


def shared_days_data(request: Request, pair: Pair, days: Sequence[date]) -> Data:
    """Every day, oldest first."""
    states, counts = [_states(side) for side in pair.sides], [_counts(side) for side in pair.sides]
    columns = [request.t(_DAY), *(f"{request.t(words)} {letter}" for words in (_STATE, _ROWS) for letter in LETTERS)]
    language = request.language
    return Data(
        columns,
        [
            [
                day.isoformat(),
                *(WORDS[known(state.get(day))][language] for state in states),
                *(count.get(day) for count in counts),
            ]
            for day in days
        ],
    )


def _states(side: Side) -> Mapping[date, Any]:
    return {row["batch_date"]: row["colour"] for row in side.health}


def _counts(side: Side) -> Mapping[date, int]:
    counts: dict[date, int] = {}
    for batch in side.batches:
        counts[batch.day] = counts.get(batch.day, 0) + batch.rows
    return counts


def _sentence(request: Request, pair: Pair, days: Sequence[date], states: Sequence[Mapping[date, Any]]) -> str:
    language, names = request.language, pair.names()
    left, right = (sum(state.get(day) == "red" for day in days) for state in states)
    return request.t(_ONE if len(days) == 1 else _SENTENCE).format(
        n=form.count(len(days), language),
        first=form.day(days[0], language, near=days[-1]),
        last=form.day(days[-1], language, near=request.today),
        a=names[0],
        b=names[1],
        left=form.count(left, language),
        right=form.count(right, language),
    )


def _cold(request: Request, pair: Pair, cohorts: tuple[Sequence[MainCohort], Sequence[MainCohort]]) -> str | None:
    ours, theirs = (
        {row.cohort_id: row.value for row in own if row.mature and row.value is not None} for own in cohorts
    )
    both = ours.keys() & theirs.keys()
    if not both or pair.task is None:
        return None
    write, language = writer(pair.task), request.language
    return request.t(_COLD).format(
        n=form.count(len(both), language),
        metric=metrics.load()[MAIN.get(pair.task, "auc")].name[language],
        left=write(sum(ours[key] or 0.0 for key in both) / len(both), language),
        right=write(sum(theirs[key] or 0.0 for key in both) / len(both), language),
    )
