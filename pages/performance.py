"""Performance once the truth is known: by cohort, beside what was estimated before, and each cohort looked into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard import metrics, rules
from dashboard.performance.by_task import KEYS
from dashboard.performance.cohort_views import newest_known
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.components.also import also
from dashboard.web.components.card import card
from dashboard.web.components.cohort_card import DETAILS, MEASURES, cohort_cards
from dashboard.web.components.cohort_table import cohort_data, cohort_table
from dashboard.web.components.download import download
from dashboard.web.components.landing import landing, landing_params
from dashboard.web.components.model_head import model_entry, model_head
from dashboard.web.components.no_truth import no_predictions, no_truth
from dashboard.web.components.performance_figure import performance_figure
from dashboard.web.components.performance_lead import performance_findings, performance_lead
from dashboard.web.components.term import term
from dashboard.web.components.timeline_tools import version_menu, window_param, window_switch
from dashboard.web.page import Page, Request
from dashboard.web.param import choice, whole, words
from dashboard.web.views.judged_cohorts import Cohorts, cohorts_of
from dashboard.web.views.performance import MAIN, CohortRow, last_cohorts
from dashboard.web.views.timeline import Timeline, timeline_of
from dashboard.web.views.versions import versions_of

TITLE: Final = Text("Performance", "Performance")
WINDOWS: Final = (12, 26, 52)
"""Cohorts that the page may be limited to."""

PAGE: Final = Page(
    "performance",
    "/models/<model_id>/performance",
    lambda request: f"{request.t(TITLE)} \u00b7 {form.name(model_entry(request)['name'])}",
    params=(
        window_param(WINDOWS, default=26),
        words("version"),
        choice("metric", sorted({key for keys in KEYS.values() for key in keys})),
        words("cohort"),
        words("of"),
        choice("detail", DETAILS, default=MEASURES),
        words("against"),
        whole("page", default=0, with_=("last", "version")),
        *landing_params("batch"),
    ),
)

_BY_COHORT: Final = Text("{metric} by cohort", "{metric} par cohorte")
_COHORTS, _MEASURE = Text("Cohorts", "Cohortes"), Text("Measure", "Mesure")
_ALL, _LAST = Text("all", "toutes"), Text("Last cohorts", "Dernières cohortes")
_NOTE: Final = {
    "batch": Text("a cohort is one batch", "une cohorte est un lot"),
    "week": Text("a cohort is the predictions of one week", "une cohorte\u00a0: les prédictions d\u2019une semaine"),
    "month": Text("a cohort is the predictions of one month", "une cohorte\u00a0: les prédictions d\u2019un mois"),
}
_GONE: Final = Text(
    "The cohort of this address is no longer there; the newest final one is shown.",
    "La cohorte de cette adresse n\u2019existe plus\u202f; voici la dernière définitive.",
)


def layout(request: Request) -> list[html.Node]:
    """The sentence, the figure with its key, one cohort, and the table; or what is missing and how to bring it."""
    entry = model_entry(request)
    known = timeline_of(request, entry["model_id"])
    versions = versions_of(request, entry["model_id"])
    cohorts = cohorts_of(request, entry, versions, known)
    if not cohorts.rows:
        return [*model_head(request, entry), no_predictions(request, entry, versions)]
    version = request.params["version"] if request.params["version"] in known.names else ""
    of_version = [row for row in cohorts.rows if version in ("", row.model_version)]
    shown = last_cohorts(of_version, int(request.params["last"]))
    findings = performance_findings(request, entry)
    sentence = performance_lead(request, findings, cohorts)
    rest = [finding for finding in findings if request.t(rules.sentence(finding)) != sentence]
    metric = _metric(request, cohorts)
    chosen = _chosen(request, of_version)
    named = request.params["cohort"] and (chosen is None or chosen.cohort_id != request.params["cohort"])
    return [
        *model_head(request, entry, lead=sentence),
        landing(request, entry),
        also(request, rest),
        html.p(request.t(_GONE), class_="notice") if named else None,
        no_truth(request, cohorts) if not any(row.view.known for row in cohorts.rows) else None,
        card(
            request,
            request.t(_BY_COHORT).format(metric=metrics.load()[metric].name[request.language]),
            lambda: performance_figure(request, cohorts, known, shown, metric, chosen=chosen, sentence=sentence),
            note=request.t(_NOTE[entry["cohort"]]) if entry["cohort"] in _NOTE else None,
            tools=_tools(request, cohorts, known, metric, version),
            id="cohorts",
        ),
        cohort_cards(request, cohorts, chosen) if chosen is not None else None,
        card(
            request,
            request.t(_COHORTS),
            lambda: cohort_table(request, cohorts, shown[::-1], metric, chosen),
            note=term(request, metrics.load()[metric].name[request.language], metric),
            tools=html.div(
                download(request, "cohorts", lambda: cohort_data(request, shown[::-1], metric)), class_="tools"
            ),
            id="table",
        ),
    ]


def _metric(request: Request, cohorts: Cohorts) -> str:
    """The measure that the address asks for, where the task has it; else the one that is judged."""
    wanted, task = request.params["metric"], cohorts.model.task
    return wanted if wanted in KEYS.get(task, ()) else MAIN.get(task, "auc")


def _chosen(request: Request, rows: Sequence[CohortRow]) -> CohortRow | None:
    """The cohort of the address; else, as the command takes it, the newest that is final, or has a truth."""
    wanted, version = request.params["cohort"], request.params["of"]
    named = [row for row in rows if row.cohort_id == wanted]
    if named:
        return next((row for row in named if row.model_version == version), named[-1])
    newest = newest_known(row.view for row in rows)
    return next((row for row in rows if row.view is newest), None)


def _tools(request: Request, cohorts: Cohorts, known: Timeline, metric: str, version: str) -> html.Node:
    """What the figure shows: the measure, how many cohorts, and of which version."""
    main = MAIN.get(cohorts.model.task, "auc")
    measured = {key for row in cohorts.rows for key in row.measures(cohorts.model.task)} | {main, metric}
    choices = [
        chips.Choice(
            metrics.load()[key].name[request.language],
            request.link(metric=None if key == main else key),
            key == metric,
        )
        for key in KEYS.get(cohorts.model.task, (main,))
        if key in measured
    ]
    return html.div(
        chips.menu(request.t(_MEASURE), choices) if len(choices) > 1 else None,
        window_switch(request, WINDOWS, label=_LAST, everything=_ALL),
        version_menu(request, known, version, none=_ALL),
        class_="tools",
    )
