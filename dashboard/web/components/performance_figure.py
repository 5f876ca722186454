"""The figure of a measure by cohort, with its key, and the test of its estimates in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dashboard import format as form
from dashboard import metrics
from dashboard.performance import backtest
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.chart import Targets, graph
from dashboard.web.components.cohort_table import cohort_data
from dashboard.web.components.cohort_words import cohort_name, final_words, known_words, state_words
from dashboard.web.components.mark_list import mark_list, marks_told
from dashboard.web.components.measure_words import interval, with_margin, written
from dashboard.web.components.performance_lead import UNKNOWN
from dashboard.web.data import Data
from dashboard.web.figures.label import short_rows
from dashboard.web.figures.performance_by_cohort import BaselineSpan, CohortPoint, performance_by_cohort
from dashboard.web.figures.time_axis import period_axis
from dashboard.web.page import Request
from dashboard.web.views.judged_cohorts import Cohorts
from dashboard.web.views.performance import MAIN, CohortRow, periods
from dashboard.web.views.timeline import Timeline, cadence_days

_VALUE: Final = Text("value, with what chance leaves open", "valeur, avec ce que le hasard laisse ouvert")
_KEY: Final = {
    "hollow": Text(
        "provisional: its truth is not complete, so it has no colour",
        "provisoire\u00a0: sa vérité n\u2019est pas complète, donc sans couleur",
    ),
    "line": Text("at training", "à l\u2019apprentissage"),
    "noise": Text("its error", "son erreur"),
    "dashes": Text(
        "from here amber, then red; few rows move it away",
        "seuils orange, puis rouge\u202f; peu de lignes les éloignent",
    ),
    "estimate": Text("estimate before the truth is known", "estimation avant que la vérité soit connue"),
    "estimate-band": Text("how far past estimates were off", "écart des estimations passées"),
}
_ALT: Final = Text(
    "{metric} of {n} cohorts, from {first} to {last}. {sentence}",
    "{metric} de {n} cohortes, de {first} à {last}. {sentence}",
)
_HOVER: Final = Text("{metric} {value} ({interval})", "{metric} {value} ({interval})")
_ESTIMATED: Final = Text("estimated before: {value}", "estimée avant\u00a0: {value}")
_OF_VERSION: Final = Text("Version {version}: {sentence}", "Version {version}\u00a0: {sentence}")


def performance_figure(
    request: Request,
    cohorts: Cohorts,
    known: Timeline,
    rows: Sequence[CohortRow],
    metric: str,
    *,
    chosen: CohortRow | None,
    sentence: str,
) -> html.Node:
    """The figure of ``metric`` over ``rows`` (oldest first); ``sentence`` is the page's, for its text alternative."""
    if not rows:
        return html.p(request.t(UNKNOWN), class_="calm")
    language, model = request.language, cohorts.model
    declared = metrics.load()[metric]
    judged = metric == MAIN.get(model.task)
    spans = periods(rows, cadence_days=cadence_days(model.cadence, [batch.day for batch in known.batches]))
    axis = period_axis(spans)
    points = [_point(request, row, metric, cohorts.tests, judged=judged) for row in rows]
    baselines = _baselines(rows, metric)
    figure = performance_by_cohort(
        points,
        axis=axis,
        baselines=baselines,
        completeness_needed=model.policy.completeness,
        title=declared.name[language],
        unit=declared.unit,
        marks=known.marks,
        chosen=rows.index(chosen) if chosen in rows else None,
        language=language,
    )
    alt = request.t(_ALT).format(
        metric=declared.name[language],
        n=form.count(len(rows), language),
        first=cohort_name(request, rows[0]),
        last=cohort_name(request, rows[-1]),
        sentence=sentence,
    ) + marks_told(request, known.marks, axis, snap=False)
    targets = Targets([request.link(cohort=None, of=None)], ["cohort", "of"], [row.key for row in rows])
    return [
        _key(request, points, baselines, judged=judged),
        graph(request, figure, key="performance", alt=alt, data=_data(request, rows, metric), targets=targets),
        mark_list(request, model.model_id, known.marks, axis, snap=False),
        *(html.p(words, class_="reading") for words in _tests(request, cohorts, rows, metric)),
    ]


def _data(request: Request, rows: Sequence[CohortRow], metric: str) -> Data:
    """The table's values as a figure shows them: cohorts by their names, four significant digits."""
    found = cohort_data(request, rows, metric)
    named = ([cohort_name(request, row), *cells[1:]] for row, cells in zip(rows, found.rows, strict=True))
    return Data(found.columns, short_rows(named))


def _key(
    request: Request, points: Sequence[CohortPoint], baselines: Sequence[BaselineSpan], *, judged: bool
) -> html.Node:
    """What the signs mean, of those that are drawn."""
    drawn = {
        "hollow": any(not point.mature and point.value is not None for point in points),
        "line": bool(baselines),
        "noise": any(span.se for span in baselines),
        "dashes": any(point.amber is not None for point in points),
        "estimate": any(point.estimate is not None for point in points),
        "estimate-band": any(point.estimate is not None and point.off is not None for point in points),
    }
    signs = [("whisker" if judged else "whisker unjudged", _VALUE)]
    signs += [(sign, words) for sign, words in _KEY.items() if drawn[sign]]
    return html.p(
        [html.span(html.span(class_=f"sign {sign}"), request.t(words)) for sign, words in signs], class_="key"
    )


def _tests(request: Request, cohorts: Cohorts, rows: Sequence[CohortRow], metric: str) -> list[str]:
    """What the tests of the estimates say, of each version that is shown; of several with its name."""
    versions = dict.fromkeys(row.model_version for row in rows)
    found = {
        version: request.t(backtest.sentence(test))
        for version in versions
        if (test := cohorts.tests.get(version, {}).get(metric)) is not None
    }
    if not found:
        judged = metric == MAIN.get(cohorts.model.task)
        return [request.t(backtest.UNESTIMATED)] if judged and not any(cohorts.tests.values()) else []
    if len(found) == 1:
        return list(found.values())
    told = request.t(_OF_VERSION)
    return [told.format(version=form.name(name), sentence=sentence) for name, sentence in found.items()]


def _point(
    request: Request,
    row: CohortRow,
    metric: str,
    tests: Mapping[str, Mapping[str, backtest.BackTest]],
    *,
    judged: bool,
) -> CohortPoint:
    """The cohort as it is drawn; an estimate of a kind that failed its test is not."""
    view, language, value, said = row.view, request.language, row.realised(metric), row.estimated(metric)
    test = tests.get(view.model_version, {}).get(metric)
    usable = said is not None and test is not None and test.verdict != "failed"
    off = test.rms if usable and test is not None else None
    name = metrics.load()[metric].name[language]
    lines = [f"{cohort_name(request, row)} \u00b7 {view.model_version}"]
    if value is not None:
        words = written(metric, value.value, language)
        lines.append(
            request.t(_HOVER).format(metric=name, value=words, interval=interval(request, metric, value))
            if value.high is not None
            else f"{name} {words}"
        )
    if usable and said is not None:
        words = with_margin(metric, said.value or 0.0, off, language)
        lines.append(request.t(_ESTIMATED).format(value=words))
    state = state_words(request, row)
    if not row.mature:
        state = f"{state}, {final_words(request, row)}"
    return CohortPoint(
        version=view.model_version,
        value=None if value is None else value.value,
        low=None if value is None else value.low,
        # The level that chance stays below is no end of an interval.
        high=None if value is None or value.low is None else value.high,
        colour=(view.colour or "grey") if judged and view.mature else None,
        mature=view.mature,
        completeness=view.completeness,
        words=[*lines, known_words(request, row), state],
        amber=row.amber if judged and view.mature else None,
        red=row.red if judged and view.mature else None,
        estimate=said.value if usable and said is not None else None,
        off=off,
    )


def _baselines(rows: Sequence[CohortRow], metric: str) -> list[BaselineSpan]:
    """One span for each stretch of cohorts of the same version."""
    spans: list[BaselineSpan] = []
    begin = 0
    for place, row in enumerate(rows):
        ends = place + 1 == len(rows) or rows[place + 1].view.model_version != row.model_version
        if ends:
            level = row.baselines.get(metric)
            if level is not None:
                spans.append(BaselineSpan(begin, place, level.value, level.se))
            begin = place + 1
    return spans
