"""One cohort looked into: its measures, and what is read only when it is asked for: curves, matrix, segments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dashboard.performance.truth_counts import ClassCounts, ScoreCounts
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.components.calibration_card import NO_TRUTH, calibration_card
from dashboard.web.components.card import card
from dashboard.web.components.cohort_words import final_words, known_words, of_cohort, state
from dashboard.web.components.confusion_card import NO_THRESHOLD, Matrix, confusion_card, confusion_data, matrix_of
from dashboard.web.components.download import download
from dashboard.web.components.gain_card import gain_card
from dashboard.web.components.measure_table import measure_data, measure_table
from dashboard.web.components.segment_card import segment_card, segment_data
from dashboard.web.components.split_card import against_menu, split_card, split_data
from dashboard.web.components.value_card import value_card
from dashboard.web.data import Data
from dashboard.web.page import Request
from dashboard.web.views.cohort_truth import (
    against,
    earlier,
    known_truth,
    known_values,
    segments_report,
    training_of_version,
)
from dashboard.web.views.judged_cohorts import Cohorts
from dashboard.web.views.performance import MAIN, CohortRow

MEASURES: Final = "measures"
DETAILS: Final = (MEASURES, "calibration", "gain", "confusion", "segments")
"""What the parameter ``detail`` may be; all but the measures read predictions and outcomes."""

_OF_TASK: Final = {
    "binary": DETAILS,
    "multiclass": (MEASURES, "confusion", "segments"),
    "regression": (MEASURES, "calibration", "segments"),
}
_TABS: Final = {
    MEASURES: Text("Measures", "Mesures"),
    "calibration": Text("Calibration", "Calibration"),
    "gain": Text("Gain", "Gain"),
    "confusion": Text("Confusion", "Confusion"),
    "segments": Text("Segments", "Segments"),
}
_TITLES: Final = {
    MEASURES: Text("All measures {period}", "Toutes les mesures {period}"),
    "calibration": Text("Calibration {period}", "Calibration {period}"),
    "gain": Text("Gain and lift {period}", "Gain et lift {period}"),
    "confusion": Text("Confusion matrix {period}", "Matrice de confusion {period}"),
    "segments": Text("Segments {period}", "Segments {period}"),
}
_VALUES: Final = Text("Predicted and true", "Prédit et vrai")
_VALUES_TITLE: Final = Text("Predicted and true values {period}", "Valeurs prédites et vraies {period}")
_SPLIT: Final = Text("The change by segment", "Le changement par segment")
_DETAIL: Final = Text("What is shown of the cohort", "Ce qui est montré de la cohorte")


def cohort_cards(request: Request, cohorts: Cohorts, row: CohortRow) -> html.Node:
    """The cohort with the tabs of its task; ``detail`` says which is open."""
    task = cohorts.model.task
    tabs = _OF_TASK.get(task, (MEASURES,))
    tab = request.params["detail"] if request.params["detail"] in tabs else MEASURES
    draw, saved = _DRAWN[tab]
    of_values = task == "regression" and tab == "calibration"
    title = request.t(_VALUES_TITLE if of_values else _TITLES[tab]).format(period=of_cohort(request, row))
    words = known_words(request, row)
    if not row.mature:
        words = f"{words}, {final_words(request, row)}"
    first = card(
        request,
        title,
        lambda: draw(request, cohorts, row),
        note=html.span(state(request, row), html.span(words), class_="cohort-note"),
        tools=html.div(
            _tabs(request, tabs, tab, task),
            download(request, tab, lambda: saved(request, cohorts, row)) if saved else None,
            class_="tools",
        ),
        id=tab,
    )
    return html.div(first, _change(request, cohorts, row) if tab == "segments" else None, id="cohort")


def _tabs(request: Request, tabs: tuple[str, ...], chosen: str, task: str) -> html.Node:
    names = {**_TABS, "calibration": _VALUES} if task == "regression" else _TABS
    links = {tab: request.link(detail=None if tab == MEASURES else tab) for tab in tabs}
    choices = [chips.Choice(request.t(names[tab]), link, tab == chosen) for tab, link in links.items()]
    return chips.switch(request.t(_DETAIL), choices)


def _measures(request: Request, cohorts: Cohorts, row: CohortRow) -> html.Node:
    tests = cohorts.tests.get(row.model_version, {})
    return measure_table(request, row, row.measures(cohorts.model.task), tests)


def _measure_data(request: Request, cohorts: Cohorts, row: CohortRow) -> Data:
    return measure_data(request, row, row.measures(cohorts.model.task))


def _calibration(request: Request, cohorts: Cohorts, row: CohortRow) -> html.Node:
    if cohorts.model.task == "regression":
        return value_card(request, *known_values(request, cohorts, row.view))
    truth = known_truth(request, cohorts, row.view)
    if not isinstance(truth, ScoreCounts):
        return html.p(request.t(NO_TRUTH), class_="calm")
    training = training_of_version(request, cohorts.model.model_id, row.model_version)
    return calibration_card(request, truth, training)


def _gain(request: Request, cohorts: Cohorts, row: CohortRow) -> html.Node:
    truth = known_truth(request, cohorts, row.view)
    return gain_card(request, truth) if isinstance(truth, ScoreCounts) else html.p(request.t(NO_TRUTH), class_="calm")


def _matrix(request: Request, cohorts: Cohorts, row: CohortRow) -> tuple[Matrix | None, float | None]:
    """The confusion matrix and the threshold it is at; no matrix of a binary version without one."""
    truth = known_truth(request, cohorts, row.view)
    if isinstance(truth, ClassCounts):
        return matrix_of(request, truth), None
    threshold = training_of_version(request, cohorts.model.model_id, row.model_version).threshold
    if not isinstance(truth, ScoreCounts) or threshold is None:
        return None, None
    return matrix_of(request, truth.confusion(threshold)), threshold


def _confusion(request: Request, cohorts: Cohorts, row: CohortRow) -> html.Node:
    matrix, threshold = _matrix(request, cohorts, row)
    if matrix is None:
        return html.p(request.t(NO_THRESHOLD), class_="calm")
    return confusion_card(request, matrix, threshold=threshold)


def _confusion_data(request: Request, cohorts: Cohorts, row: CohortRow) -> Data:
    matrix, _ = _matrix(request, cohorts, row)
    return Data([], []) if matrix is None else confusion_data(request, matrix)


def _segments(request: Request, cohorts: Cohorts, row: CohortRow) -> html.Node:
    report, _ = segments_report(request, cohorts, row, against(request, cohorts, row))
    return segment_card(request, report, cohorts.model.task, MAIN[cohorts.model.task])


def _segment_data(request: Request, cohorts: Cohorts, row: CohortRow) -> Data:
    report, _ = segments_report(request, cohorts, row, against(request, cohorts, row))
    return segment_data(request, report, MAIN[cohorts.model.task])


def _change(request: Request, cohorts: Cohorts, row: CohortRow) -> html.Node:
    since = against(request, cohorts, row)

    def draw() -> html.Node:
        report, trained = segments_report(request, cohorts, row, since)
        return split_card(request, report, trained=trained, chosen=since)

    def saved() -> Data:
        return split_data(request, segments_report(request, cohorts, row, since)[0])

    tools = html.div(
        against_menu(request, earlier(cohorts, row), since), download(request, "split", saved), class_="tools"
    )
    return card(request, request.t(_SPLIT), draw, tools=tools, id="split")


Draw = Callable[[Request, Cohorts, CohortRow], html.Node]
_DRAWN: Final[dict[str, tuple[Draw, Callable[[Request, Cohorts, CohortRow], Data] | None]]] = {
    MEASURES: (_measures, _measure_data),
    "calibration": (_calibration, None),
    "gain": (_gain, None),
    "confusion": (_confusion, _confusion_data),
    "segments": (_segments, _segment_data),
}
"""What each tab draws, and what of it is saved: a figure brings its own file."""
