"""The main measure of two sides by cohort, on one figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from dashboard import format as form
from dashboard import metrics
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.chart import graph
from dashboard.web.components.cohort_words import cohort_name, waiting_words
from dashboard.web.components.mark_list import marks_told
from dashboard.web.components.measure_words import writer
from dashboard.web.components.pair_states import lettered, marks_of
from dashboard.web.components.sides import LETTERS, badge
from dashboard.web.data import Data
from dashboard.web.figures.performance_pair import PairPoint, performance_pair
from dashboard.web.figures.time_axis import period_axis
from dashboard.web.page import Request
from dashboard.web.views.cohorts import MainCohort
from dashboard.web.views.performance import MAIN, baseline, periods
from dashboard.web.views.sides import Pair
from dashboard.web.views.timeline import cadence_days

MOST: Final = 60
"""Cohorts of each side that are drawn, the newest."""

_TASKS: Final = Text(
    "Their tasks differ, so no measure can hold one against the other.",
    "Leurs tâches diffèrent\u00a0: aucune mesure ne peut les comparer.",
)
_NONE: Final = Text(
    "No cohort of either has a truth yet that could be measured.",
    "Aucune cohorte, d\u2019un côté ni de l\u2019autre, n\u2019a encore de vérité mesurable.",
)
_OTHERS: Final = Text(
    "They score different rows: a difference may come from who was scored, not from the model.",
    "Ils ne notent pas les mêmes lignes\u00a0: un écart peut venir des lignes notées, et non du modèle.",
)
_SIGNS: Final = (
    Text("{name}: circles, solid line", "{name}\u00a0: cercles, trait plein"),
    Text("{name}: diamonds, dashed line", "{name}\u00a0: losanges, tirets"),
)
_HOLLOW: Final = Text("hollow: provisional", "évidé\u00a0: provisoire")
_DOTTED: Final = Text("dotted: at training", "pointillé\u00a0: à l\u2019apprentissage")
_ALT: Final = Text("{metric} by cohort. {left} {right}", "{metric} par cohorte. {left} {right}")
_SIDE: Final = Text(
    "{name}: {n} cohorts, {first} {then} at first and {last} {now} at last.",
    "{name}\u00a0: {n} cohortes, d\u2019abord {then} ({first}), enfin {now} ({last}).",
)
_ONE: Final = Text("{name}: one cohort, {first} {then}.", "{name}\u00a0: une cohorte, {then} ({first}).")
_EMPTY: Final = Text("{name}: no cohort yet.", "{name}\u00a0: aucune cohorte.")
_COHORT, _SIDES, _VERSION = Text("Cohort", "Cohorte"), Text("Side", "Côté"), Text("Version", "Version")
_LOW, _HIGH, _FINAL = Text("Low", "Bas"), Text("High", "Haut"), Text("Final", "Définitif")
_YES, _FIRST = Text("yes", "oui"), Text("First day", "Premier jour")
_BETWEEN: Final = Text("{low} to {high}", "{low} à {high}")

Cohorts = tuple[Sequence[MainCohort], Sequence[MainCohort]]


def pair_performance(request: Request, pair: Pair, cohorts: Cohorts) -> html.Node:
    """The figure of the ``cohorts`` of both sides (oldest first), or why there is none."""
    if pair.task is None:
        return html.p(request.t(_TASKS), class_="calm")
    drawn = [[row for row in own if row.value is not None][-MOST:] for own in cohorts]
    spanned = sorted(
        ((_span(pair, row, side), side, row) for side, own in enumerate(drawn) for row in own),
        key=lambda one: (one[0], one[1], one[2].cohort_id),
    )
    placed = [(row, side) for _, side, row in spanned]
    if not placed:
        return html.p(request.t(_NONE), class_="calm")
    language = request.language
    metric = metrics.load()[MAIN.get(pair.task, "auc")]
    axis = period_axis([span for span, _, _ in spanned])
    points = [_point(request, pair, row, side, place) for place, (row, side) in enumerate(placed)]
    levels = (_level(pair, 0, metric.key) if drawn[0] else None, _level(pair, 1, metric.key) if drawn[1] else None)
    figure = performance_pair(
        points,
        axis=axis,
        baselines=levels,
        unit=metric.unit,
        marks=lettered(pair),
        language=language,
    )
    left, right = (_told(request, pair, place, own) for place, own in enumerate(drawn))
    alt = request.t(_ALT).format(metric=metric.name[language], left=left, right=right)
    alt += marks_told(request, lettered(pair), axis, snap=False)
    signs = [
        html.span(badge(place), request.t(words).format(name=name))
        for place, (words, name) in enumerate(zip(_SIGNS, pair.names(), strict=True))
    ]
    return [
        html.p(signs, html.span(request.t(_HOLLOW)), html.span(request.t(_DOTTED)), class_="key"),
        graph(request, figure, key="performance", alt=alt, data=_data(request, pair, placed, metric.name[language])),
        marks_of(request, pair, axis, snap=False, key="performance-marks"),
        None if pair.one_model else html.p(request.t(_OTHERS), class_="reading"),
    ]


def _level(pair: Pair, place: int, metric: str) -> float | None:
    """What one side measured at training."""
    level = baseline(pair.sides[place].row["baselines"], metric)
    return level.value if level else None


def _span(pair: Pair, row: MainCohort, place: int) -> tuple[date, date]:
    """What a cohort of one side covers on the axis."""
    side = pair.sides[place]
    usual = cadence_days(side.entry["cadence"], [batch.day for batch in side.batches])
    return periods([row], cadence_days=usual)[0]


def _point(request: Request, pair: Pair, row: MainCohort, side: int, place: int) -> PairPoint:
    language, write = request.language, writer(str(pair.task))
    between = request.t(_BETWEEN).format(low=write(row.low, language), high=write(row.high, language))
    words = [f"{LETTERS[side]} \u00b7 {cohort_name(request, row)} \u00b7 {write(row.value, language)} ({between})"]
    if not row.mature:
        words.append(waiting_words(request, overdue=row.overdue))
    value = row.value if row.value is not None else 0.0
    return PairPoint(side, place, value, row.low, row.high, row.mature, " \u00b7 ".join(words))


def _told(request: Request, pair: Pair, place: int, rows: Sequence[MainCohort]) -> str:
    name, language, write = pair.names()[place], request.language, writer(str(pair.task))
    final = [row for row in rows if row.mature]
    if not final:
        return request.t(_EMPTY).format(name=name)
    return request.t(_ONE if len(final) == 1 else _SIDE).format(
        name=name,
        n=form.count(len(final), language),
        first=cohort_name(request, final[0]),
        then=write(final[0].value, language),
        last=cohort_name(request, final[-1]),
        now=write(final[-1].value, language),
    )


def _data(request: Request, pair: Pair, placed: Sequence[tuple[MainCohort, int]], metric: str) -> Data:
    t = request.t
    return Data(
        [t(_FIRST), t(_COHORT), t(_SIDES), t(_VERSION), metric, t(_LOW), t(_HIGH), t(_FINAL)],
        [
            [
                row.first_day.isoformat(), cohort_name(request, row), LETTERS[side], pair.sides[side].version,
                row.value,
                row.low, row.high, t(_YES) if row.mature else waiting_words(request, overdue=row.overdue),
            ]
            for row, side in placed
        ],
    )  # fmt: skip
