"""The figure of a model's performance by cohort, with its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard import metrics
from dashboard.policy import Policy
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.chart import graph
from dashboard.web.components.cohort_table import cohort_name, state_words, writer
from dashboard.web.components.stoplight import WORDS
from dashboard.web.data import Data
from dashboard.web.figures.performance_by_cohort import BaselineSpan, CohortPoint, performance_by_cohort
from dashboard.web.figures.time_axis import period_axis
from dashboard.web.page import Request
from dashboard.web.views.performance import MAIN, CohortRow, periods
from dashboard.web.views.timeline import Timeline, cadence_days

_UNKNOWN: Final = Text("Nothing can be said about performance yet.", "On ne peut encore rien dire de la performance.")
_KEY: Final = (
    ("whisker", Text("value, with what chance leaves open", "valeur, avec ce que le hasard laisse ouvert")),
    ("hollow", Text("provisional: its truth is not complete, so it has no colour",
                    "provisoire\u00a0: sa vérité n\u2019est pas complète, donc sans couleur")),
    ("line", Text("at training", "à l\u2019apprentissage")),
    ("noise", Text("its error", "son erreur")),
    ("dashes", Text("from here amber, then red; few rows move it away",
                    "seuils orange, puis rouge\u202f; peu de lignes les éloignent")),
)  # fmt: skip
_ALT: Final = Text(
    "{metric} of {n} cohorts, from {first} to {last}. {sentence}",
    "{metric} de {n} cohortes, de {first} à {last}. {sentence}",
)
_HOVER: Final = Text("{metric} {value} ({low} to {high})", "{metric} {value} ({low} à {high})")
_HOVER_KNOWN: Final = Text("{share} of {n} outcomes known", "{share} de {n} résultats connus")
_FINAL: Final = Text("{state}, final on {day}", "{state}, définitif le {day}")
_LOW, _HIGH, _BASELINE = Text("Low", "Bas"), Text("High", "Haut"), Text("At training", "À l\u2019apprentissage")
_COHORT, _KNOWN = Text("Cohort", "Cohorte"), Text("Outcomes known", "Résultats connus")
_STATE, _VERSION = Text("State", "État"), Text("Version", "Version")


def performance_figure(
    request: Request,
    entry: Mapping[str, Any],
    known: Timeline,
    rows: Sequence[CohortRow],
    policy: Policy,
    sentence: str,
) -> html.Node:
    """The figure of ``rows`` (oldest first); ``sentence`` is the page's, for its text alternative."""
    if not rows:
        return html.p(request.t(_UNKNOWN), class_="calm")
    language, task = request.language, entry["task"]
    metric = metrics.load()[MAIN.get(task, "auc")]
    days = [batch.day for batch in known.batches]
    spans = periods(rows, cadence_days=cadence_days(entry["cadence"], days))
    figure = performance_by_cohort(
        [_point(request, row, task) for row in rows],
        axis=period_axis(spans),
        baselines=_baselines(rows),
        completeness_needed=policy.completeness,
        title=metric.name[language],
        unit=metric.unit,
        marks=known.marks,
        language=language,
    )
    alt = request.t(_ALT).format(
        metric=metric.name[language],
        n=form.count(len(rows), language),
        first=cohort_name(request, rows[0]),
        last=cohort_name(request, rows[-1]),
        sentence=sentence,
    )
    key = html.p([html.span(html.span(class_=f"sign {sign}"), request.t(words)) for sign, words in _KEY], class_="key")
    return [key, graph(request, figure, key="performance", alt=alt, data=_data(request, rows, metric.name[language]))]


def _point(request: Request, row: CohortRow, task: str) -> CohortPoint:
    language, write = request.language, writer(task)
    name = cohort_name(request, row)
    metric = metrics.load()[MAIN.get(task, "auc")]
    if row.mature:
        state = WORDS[row.colour or "grey"][language]
    else:
        final = form.day(row.final_on, language, near=request.today)
        state = request.t(_FINAL).format(state=state_words(request, row), day=final)
    hover = [
        request.t(_HOVER).format(
            metric=metric.name[language],
            value=write(row.value, language),
            low=write(row.low, language),
            high=write(row.high, language),
        ),
        request.t(_HOVER_KNOWN).format(
            share=form.share(row.completeness, language), n=form.count(row.predicted, language)
        ),
        state,
    ]
    return CohortPoint(
        version=row.model_version,
        value=row.value,
        low=row.low,
        high=row.high,
        colour=row.colour,
        mature=row.mature,
        completeness=row.completeness,
        words=[f"{name} \u00b7 {row.model_version}", *hover],
        amber=row.amber if row.mature else None,
        red=row.red if row.mature else None,
    )


def _baselines(rows: Sequence[CohortRow]) -> list[BaselineSpan]:
    """One span for each stretch of cohorts of the same version."""
    spans: list[BaselineSpan] = []
    begin = 0
    for place, row in enumerate(rows):
        ends = place + 1 == len(rows) or rows[place + 1].model_version != row.model_version
        if ends:
            if row.baseline is not None:
                spans.append(BaselineSpan(begin, place, row.baseline.value, row.baseline.se))
            begin = place + 1
    return spans


def _data(request: Request, rows: Sequence[CohortRow], metric: str) -> Data:
    t, language = request.t, request.language
    columns = [t(_COHORT), t(_VERSION), t(_STATE), metric, t(_LOW), t(_HIGH), t(_BASELINE), t(_KNOWN)]
    return Data(
        columns,
        [
            [
                cohort_name(request, row),
                row.model_version,
                WORDS[row.colour or "grey"][language] if row.mature else state_words(request, row),
                *(
                    _four(value)
                    for value in (row.value, row.low, row.high, row.baseline.value if row.baseline else None)
                ),
                _four(row.completeness),
            ]
            for row in rows
        ],
    )


def _four(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
