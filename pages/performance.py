"""Performance once the truth is known: by cohort, with what chance leaves open and how much truth there is."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from dashboard import format as form
from dashboard import metrics, rules
from dashboard.finding import Finding, from_row
from dashboard.policy import Policy
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.also import also
from dashboard.web.components.awaiting import awaiting
from dashboard.web.components.card import card
from dashboard.web.components.cohort_table import cohort_name, cohort_table, writer
from dashboard.web.components.empty import empty
from dashboard.web.components.measure_table import measure_table
from dashboard.web.components.model_head import model_entry, model_head
from dashboard.web.components.performance_figure import performance_figure
from dashboard.web.components.term import term
from dashboard.web.components.timeline_tools import version_menu, window_param, window_switch
from dashboard.web.findings import worst_first
from dashboard.web.page import Page, Request
from dashboard.web.param import words
from dashboard.web.views.performance import MAIN, CohortRow, cohort_days, cohort_rows
from dashboard.web.views.policy import policy_of
from dashboard.web.views.timeline import Batch, Timeline, cadence_days, timeline_of
from dashboard.web.views.versions import versions_of

TITLE: Final = Text("Performance", "Performance")
WINDOWS: Final = (12, 26, 52)
"""Cohorts that the page may be limited to."""
FINAL: Final = 12
"""Cohorts whose truth should be there that are read, in the window or before it: what the sentence rests on."""

PAGE: Final = Page(
    "performance",
    "/models/<model_id>/performance",
    lambda request: f"{request.t(TITLE)} \u00b7 {form.name(model_entry(request)['name'])}",
    params=(window_param(WINDOWS, default=26), words("version")),
)

_BY_COHORT: Final = Text("{metric} by cohort", "{metric} par cohorte")
_COHORTS: Final = Text("Cohorts", "Cohortes")
_ALL: Final = Text("all", "toutes")
_LAST: Final = Text("Last cohorts", "Dernières cohortes")
_NOTE: Final = {
    "batch": Text("a cohort is one batch", "une cohorte est un lot"),
    "week": Text("a cohort is the predictions of one week", "une cohorte\u00a0: les prédictions d\u2019une semaine"),
    "month": Text("a cohort is the predictions of one month", "une cohorte\u00a0: les prédictions d\u2019un mois"),
}
_MEASURES: Final = Text("All measures {period}", "Toutes les mesures {period}")
_PROVISIONAL: Final = Text("provisional: its truth is not complete", "provisoires\u00a0: vérité incomplète")
_NO_PREDICTION: Final = Text(
    "No prediction can be met with its truth.", "Aucune prédiction ne peut rencontrer sa vérité."
)
_NO_PREDICTION_MEANING: Final = Text(
    "Performance needs to know which prediction an outcome belongs to. Deliver the batches with the column that "
    "identifies what was scored, and the score.",
    "La performance demande de savoir à quelle prédiction appartient un résultat. Livrez les lots avec la colonne qui "
    "identifie ce qui a été noté, et le score.",
)
_NO_TRUTH: Final = Text("No truth yet.", "Pas encore de vérité.")
_NO_TRUTH_MEANING: Final = Text(
    "The truth is what really happened to those the model scored. A cohort is judged once {days} have passed since its "
    "last day and {share} of its outcomes are known; before that it would look better than it is. Deliver outcomes as "
    "they become known, late or twice: each finds its own prediction.",
    "La vérité est ce qui est réellement arrivé à ceux que le modèle a notés. Une cohorte est jugée une fois {days} "
    "passés depuis son dernier jour et {share} de ses résultats connus\u202f; avant cela, elle paraîtrait meilleure "
    "qu\u2019elle n\u2019est. Livrez les résultats au fil de l\u2019eau, en retard ou deux fois\u00a0: "
    "chacun retrouve sa prédiction.",
)
_NEXT: Final = Text("{cohort} is the first to be final, on {day}.", "{cohort} sera la première définitive, le {day}.")
_UNKNOWN: Final = Text("Nothing can be said about performance yet.", "On ne peut encore rien dire de la performance.")
_STEADY: Final = Text(
    "As good as at training: {metric} {period} is {value} ({baseline} on the test set).",
    "Aussi bon qu\u2019à l\u2019apprentissage\u00a0: {metric} {period} à {value} ({baseline} sur le jeu de test).",
)


def layout(request: Request) -> list[html.Node]:
    """The sentence, the figure with its key, and the table; or what is missing and how to bring it."""
    entry = model_entry(request)
    model_id = entry["model_id"]
    known = timeline_of(request, model_id)
    versions = versions_of(request, model_id)
    policy = policy_of(request, entry)
    version = request.params["version"] if request.params["version"] in known.names else ""
    window = int(request.params["last"])
    looked_at = known.of(version) if version else known.batches
    span = _days(request, entry, looked_at)[-window:]
    every = _cohorts(request, entry, versions, policy, known, span)
    shown = [row for row in every if version in ("", row.model_version) and row.first_day in span][-window:]
    if not every:
        return [*model_head(request, entry), _nothing(request, entry, versions)]
    findings = _findings(request, entry)
    sentence = _sentence(request, entry, findings, every)
    rest = [finding for finding in findings if request.t(rules.sentence(finding)) != sentence]
    metric = metrics.load()[MAIN.get(entry["task"], "auc")]
    return [
        *model_head(request, entry, lead=sentence),
        also(request, rest),
        _no_truth(request, entry, policy, every) if not any(row.known for row in every) else None,
        card(
            request,
            request.t(_BY_COHORT).format(metric=metric.name[request.language]),
            lambda: performance_figure(request, entry, known, shown, policy, sentence),
            note=request.t(_NOTE[entry["cohort"]]) if entry["cohort"] in _NOTE else None,
            tools=html.div(
                window_switch(request, WINDOWS, label=_LAST),
                version_menu(request, known, version, none=_ALL),
                class_="tools",
            ),
            id="cohorts",
        ),
        card(
            request,
            request.t(_COHORTS),
            lambda: cohort_table(request, shown[::-1], task=entry["task"]),
            note=term(request, metric.name[request.language], metric.key),
            id="table",
        ),
        _measures(request, shown),
    ]


def _measures(request: Request, shown: Sequence[CohortRow]) -> html.Node:
    """Every measure of the newest cohort that counts; of the newest that has any, where none does."""
    measured = [row for row in shown if row.measures]
    row = next(iter([row for row in measured if row.mature][-1:] or measured[-1:]), None)
    if row is None:
        return None
    period = form.period(row.cohort_id, row.first_day, request.language, near=request.today)
    return card(
        request,
        request.t(_MEASURES).format(period=form.of(period, request.language)),
        lambda: measure_table(request, row),
        note=None if row.mature else request.t(_PROVISIONAL),
        id="measures",
    )


def _days(request: Request, entry: Mapping[str, Any], batches: Iterable[Batch]) -> list[date]:
    """The first days of the cohorts of ``batches``, oldest first."""
    today = request.today or date.max
    return cohort_days(entry["cohort"], (batch.day for batch in batches if batch.day <= today))


def _cohorts(
    request: Request,
    entry: Mapping[str, Any],
    versions: Sequence[Mapping[str, Any]],
    policy: Policy,
    known: Timeline,
    span: Sequence[date],
) -> list[CohortRow]:
    """The cohorts that begin on the days of ``span``, and what the sentences need: the newest final ones, the first."""
    every = _days(request, entry, known.batches)
    due = (request.today or date.max) - timedelta(days=entry["outcome_window_days"])
    final = [day for day in every if day <= due]
    days = sorted({*every[:1], *final[-FINAL:], *span})

    def compute() -> list[CohortRow]:
        return cohort_rows(
            request.rows("performance_measures", model_id=entry["model_id"], days=days) if days else [],
            versions,
            task=entry["task"],
            window_days=entry["outcome_window_days"],
            cadence_days=cadence_days(entry["cadence"], [batch.day for batch in known.batches]),
            policy=policy,
            today=request.today or date.max,
        )

    return request.reading.keep(("cohorts", entry["model_id"], *(day.isoformat() for day in days)), compute)


def _findings(request: Request, entry: Mapping[str, Any]) -> list[Finding]:
    if entry["batch_id"] is None:
        return []
    rows = request.rows(
        "model_findings",
        model_id=entry["model_id"],
        model_version=entry["model_version"],
        batch_id=entry["batch_id"],
        batch_date=entry["batch_date"],
    )
    return worst_first(from_row(row) for row in rows if row["family"] == "performance")


def _sentence(
    request: Request, entry: Mapping[str, Any], findings: Sequence[Finding], every: Sequence[CohortRow]
) -> str:
    """The gravest finding; without one, how the newest cohort that counts compares with training."""
    coloured = [finding for finding in findings if finding.colour in ("red", "amber", "grey")]
    if coloured:
        return request.t(rules.sentence(coloured[0]))
    judged = [row for row in every if row.mature and row.colour == "green" and row.baseline is not None]
    if not judged:
        return request.t(rules.sentence(findings[0])) if findings else request.t(_UNKNOWN)
    row, language, write = judged[-1], request.language, writer(entry["task"])
    period = form.period(row.cohort_id, row.first_day, language, near=request.today)
    return request.t(_STEADY).format(
        metric=metrics.load()[MAIN.get(entry["task"], "auc")].name[language],
        period=form.of(period, language),
        value=write(row.value, language),
        baseline=write(row.baseline.value if row.baseline else None, language),
    )


def _nothing(request: Request, entry: Mapping[str, Any], versions: Sequence[Mapping[str, Any]]) -> html.Node:
    if not versions or not any(row["batches"] for row in versions) or entry["batch_id"] is None:
        return awaiting(request, entry["model_id"], versions)
    command = (
        f"vigie batch {shlex.quote(entry['model_id'])} {shlex.quote(versions[0]['model_version'])} DATE batch.parquet "
        "--id customer_id --score score"
    )
    return empty(request, _NO_PREDICTION, _NO_PREDICTION_MEANING, command=command)


def _no_truth(request: Request, entry: Mapping[str, Any], policy: Policy, every: Sequence[CohortRow]) -> html.Node:
    language = request.language
    window, needed = entry["outcome_window_days"], policy.completeness
    meaning = Text(
        _NO_TRUTH_MEANING.en.format(days=form.duration(window, "en"), share=form.share(needed, "en")),
        _NO_TRUTH_MEANING.fr.format(days=form.duration(window, "fr"), share=form.share(needed, "fr")),
    )
    command = f"vigie outcomes {shlex.quote(entry['model_id'])} outcomes.parquet --id customer_id --outcome outcome"
    first = min(every, key=lambda row: row.final_on)
    coming = request.t(_NEXT).format(
        cohort=cohort_name(request, first), day=form.day(first.final_on, language, near=request.today)
    )
    ahead = request.today is not None and first.final_on > request.today
    return html.div(empty(request, _NO_TRUTH, meaning, command=command), html.p(coming) if ahead else None)
