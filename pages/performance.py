"""Performance once the truth is known: by cohort, with what chance leaves open and how much truth there is."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from dashboard import format as form
from dashboard import metrics, rules
from dashboard.finding import Finding
from dashboard.policy import Policy, parse_policy
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.awaiting import awaiting
from dashboard.web.components.card import card
from dashboard.web.components.chart import Data, graph
from dashboard.web.components.cohort_table import cohort_name, cohort_table, state_words, writer
from dashboard.web.components.empty import empty
from dashboard.web.components.also import also
from dashboard.web.components.model_head import model_entry, model_head
from dashboard.web.components.stoplight import WORDS
from dashboard.web.components.term import term
from dashboard.web.components.timeline_tools import version_menu, window_param, window_switch
from dashboard.web.figures.performance_by_cohort import BaselineSpan, CohortPoint, performance_by_cohort
from dashboard.web.figures.time_axis import period_axis
from dashboard.web.findings import from_row, worst_first
from dashboard.web.page import Page, Request
from dashboard.web.param import words
from dashboard.web.views.performance import MAIN, CohortRow, cohort_rows, periods
from dashboard.web.views.timeline import Timeline, cadence_days, timeline_of
from qod.errors import VigieError

WINDOWS: Final = (12, 26, 52)

PAGE: Final = Page(
    "performance",
    "/models/<model_id>/performance",
    lambda request: f"{request.t(_PERFORMANCE)} \u00b7 {form.name(model_entry(request)['name'])}",
    params=(window_param(WINDOWS, default=26), words("version")),
)

_PERFORMANCE: Final = Text("Performance", "Performance")
_BY_COHORT: Final = Text("{metric} by cohort", "{metric} par cohorte")
_COHORTS: Final = Text("Cohorts", "Cohortes")
_LAST: Final = Text("Last cohorts", "Dernières cohortes")
_NOTE: Final = {
    "batch": Text("a cohort is one batch", "une cohorte est un lot"),
    "week": Text("a cohort is the predictions of one week", "une cohorte : les prédictions d\u2019une semaine"),
    "month": Text("a cohort is the predictions of one month", "une cohorte : les prédictions d\u2019un mois"),
}
_KEY: Final = (
    ("whisker", Text("value, with what chance leaves open", "valeur, avec ce que le hasard laisse ouvert")),
    ("hollow", Text("provisional: its truth is not complete, so it has no colour",
                    "provisoire : sa vérité n\u2019est pas complète, donc sans couleur")),
    ("line", Text("at training", "à l\u2019apprentissage")),
    ("noise", Text("its error", "son erreur")),
    ("dashes", Text("from here amber, then red; few rows move it away", "seuils orange, puis rouge ; peu de lignes les éloignent")),
)  # fmt: skip
_ALT: Final = Text(
    "{metric} of {n} cohorts, from {first} to {last}. {sentence}",
    "{metric} de {n} cohortes, de {first} à {last}. {sentence}",
)
_NO_PREDICTION: Final = Text("No prediction can be met with its truth.", "Aucune prédiction ne peut rencontrer sa vérité.")
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
    "passés depuis son dernier jour et {share} de ses résultats connus ; avant cela, elle paraîtrait meilleure qu\u2019elle "
    "n\u2019est. Livrez les résultats au fil de l\u2019eau, en retard ou deux fois : chacun retrouve sa prédiction.",
)
_NEXT: Final = Text("{cohort} is the first to be final, on {day}.", "{cohort} sera la première définitive, le {day}.")
_UNKNOWN: Final = Text("Nothing can be said about performance yet.", "On ne peut encore rien dire de la performance.")
_STEADY: Final = Text(
    "As good as at training: {metric} {period} is {value} ({baseline} on the test set).",
    "Aussi bon qu\u2019à l\u2019apprentissage : {metric} {period} de {value} ({baseline} sur le jeu de test).",
)
_HOVER: Final = Text("{metric} {value} ({low} to {high})", "{metric} {value} ({low} à {high})")
_HOVER_KNOWN: Final = Text("{share} of {n} outcomes known", "{share} de {n} résultats connus")
_FINAL: Final = Text("{state}, final on {day}", "{state}, définitif le {day}")
_LOW, _HIGH, _BASELINE = Text("Low", "Bas"), Text("High", "Haut"), Text("At training", "À l\u2019apprentissage")
_COHORT, _KNOWN = Text("Cohort", "Cohorte"), Text("Outcomes known", "Résultats connus")
_STATE, _VERSION = Text("State", "État"), Text("Version", "Version")


def layout(request: Request) -> list[html.Node]:
    """The sentence, the figure with its key, and the table; or what is missing and how to bring it."""
    entry = model_entry(request)
    model_id = entry["model_id"]
    known = timeline_of(request, model_id)
    versions = request.rows("versions", model_id=model_id)
    policy = _policy(request, model_id)
    version = request.params["version"] if request.params["version"] in known.names else ""
    every = _cohorts(request, entry, versions, policy, known)
    shown = [row for row in every if version in ("", row.model_version)]
    window = int(request.params["last"])
    shown = shown[-window:] if window else shown
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
            lambda: _figure(request, entry, known, shown, policy, sentence),
            note=request.t(_NOTE[entry["cohort"]]) if entry["cohort"] in _NOTE else None,
            tools=html.div(
                window_switch(request, WINDOWS, label=_LAST), version_menu(request, known, version), class_="tools"
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
    ]


def _policy(request: Request, model_id: str) -> Policy:
    rows = request.rows("model", model_id=model_id)
    try:
        return parse_policy(rows[0]["policy"] if rows else None)
    except VigieError:
        return Policy()


def _cohorts(
    request: Request, entry: Mapping[str, Any], versions: Sequence[Mapping[str, Any]], policy: Policy, known: Timeline
) -> list[CohortRow]:
    def compute() -> list[CohortRow]:
        return cohort_rows(
            request.rows("performance_measures", model_id=entry["model_id"]),
            versions,
            task=entry["task"],
            window_days=entry["outcome_window_days"],
            cadence_days=cadence_days(entry["cadence"], [batch.day for batch in known.batches]),
            policy=policy,
            today=request.today or date.max,
        )

    return request.reading.keep(("cohorts", entry["model_id"]), compute)


def _findings(request: Request, entry: Mapping[str, Any]) -> list[Finding]:
    if entry["batch_id"] is None:
        return []
    rows = request.rows(
        "model_findings", model_id=entry["model_id"], model_version=entry["model_version"], batch_id=entry["batch_id"]
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


def _no_truth(
    request: Request, entry: Mapping[str, Any], policy: Policy, every: Sequence[CohortRow]
) -> html.Node:
    language = request.language
    meaning = Text(
        *(
            text.format(
                days=form.duration(entry["outcome_window_days"], key), share=form.share(policy.completeness, key)
            )
            for text, key in ((_NO_TRUTH_MEANING.en, "en"), (_NO_TRUTH_MEANING.fr, "fr"))
        )  # type: ignore[arg-type]
    )
    command = f"vigie outcomes {shlex.quote(entry['model_id'])} outcomes.parquet --id customer_id --outcome outcome"
    first = min(every, key=lambda row: row.final_on)
    coming = request.t(_NEXT).format(
        cohort=cohort_name(request, first), day=form.day(first.final_on, language, near=request.today)
    )
    ahead = request.today is not None and first.final_on > request.today
    return html.div(empty(request, _NO_TRUTH, meaning, command=command), html.p(coming) if ahead else None)


def _figure(
    request: Request,
    entry: Mapping[str, Any],
    known: Timeline,
    rows: Sequence[CohortRow],
    policy: Policy,
    sentence: str,
) -> html.Node:
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
        write=partial(_written, task=task, language=language),
        deployments=known.deployments,
        language=language,
    )
    alt = request.t(_ALT).format(
        metric=metric.name[language],
        n=form.count(len(rows), language),
        first=cohort_name(request, rows[0]),
        last=cohort_name(request, rows[-1]),
        sentence=sentence,
    )
    key = html.p(
        [html.span(html.span(class_=f"sign {sign}"), request.t(words)) for sign, words in _KEY], class_="key"
    )
    return [key, graph(request, figure, key="performance", alt=alt, data=_data(request, rows, metric.name[language]))]


def _written(value: float, *, task: str, language: Any) -> str:
    return writer(task)(value, language)


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
                *(_four(value) for value in (row.value, row.low, row.high, row.baseline and row.baseline.value)),
                _four(row.completeness),
            ]
            for row in rows
        ],
    )


def _four(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
