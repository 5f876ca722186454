"""The sentence a model's performance begins with: the gravest finding, or how the newest final cohort compares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import metrics, rules
from dashboard.finding import Finding, from_row
from dashboard.text import Text
from dashboard.web.components.cohort_words import of_cohort
from dashboard.web.components.measure_words import written
from dashboard.web.findings import worst_first
from dashboard.web.page import Request
from dashboard.web.views.judged_cohorts import Cohorts
from dashboard.web.views.performance import MAIN

UNKNOWN: Final = Text("Nothing can be said about performance yet.", "On ne peut encore rien dire de la performance.")
_STEADY: Final = Text(
    "As good as at training: {metric} {period} is {value} ({baseline} on the test set).",
    "Aussi bon qu\u2019à l\u2019apprentissage\u00a0: {metric} {period} à {value} ({baseline} sur le jeu de test).",
)


def performance_findings(request: Request, entry: Mapping[str, Any]) -> list[Finding]:
    """The findings on performance of the model's newest batch, the gravest first."""
    if entry["batch_id"] is None:
        return []
    named = {name: entry[name] for name in ("model_id", "model_version", "batch_id", "batch_date")}
    rows = request.rows("model_findings", **named)
    return worst_first(from_row(row) for row in rows if row["family"] == "performance")


def performance_lead(request: Request, findings: Sequence[Finding], cohorts: Cohorts) -> str:
    """The gravest finding; without one, how the newest cohort that counts compares with training."""
    coloured = [finding for finding in findings if finding.colour in ("red", "amber", "grey")]
    if coloured:
        return request.t(rules.sentence(coloured[0]))
    main, language = MAIN.get(cohorts.model.task, "auc"), request.language
    judged = [row for row in cohorts.rows if row.mature and row.view.colour == "green" and main in row.baselines]
    if not judged:
        return request.t(rules.sentence(findings[0])) if findings else request.t(UNKNOWN)
    row = judged[-1]
    value = row.realised(main)
    return request.t(_STEADY).format(
        metric=metrics.load()[main].name[language],
        period=of_cohort(request, row),
        value=written(main, value.value if value else None, language, digits=2),
        baseline=written(main, row.baselines[main].value, language, digits=2),
    )
