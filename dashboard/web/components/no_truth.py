"""What a model's performance lacks, and how to bring it: predictions that can be met, or their truth."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.awaiting import awaiting
from dashboard.web.components.cohort_words import cohort_name
from dashboard.web.components.empty import empty
from dashboard.web.page import Request
from dashboard.web.views.judged_cohorts import Cohorts

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


def no_predictions(request: Request, entry: Mapping[str, Any], versions: Sequence[Mapping[str, Any]]) -> html.Node:
    """For a model without cohorts: what comes first, or predictions with identifiers and scores."""
    if not versions or not any(row["batches"] for row in versions) or entry["batch_id"] is None:
        return awaiting(request, entry["model_id"], versions)
    command = (
        f"vigie batch {shlex.quote(entry['model_id'])} {shlex.quote(versions[0]['model_version'])} DATE batch.parquet "
        "--id customer_id --score score"
    )
    return empty(request, _NO_PREDICTION, _NO_PREDICTION_MEANING, command=command)


def no_truth(request: Request, cohorts: Cohorts) -> html.Node:
    """For a model whose cohorts have no truth: what that is, how to bring it, and when the first could be final."""
    language = request.language
    window, needed = cohorts.model.outcome_window_days, cohorts.model.policy.completeness
    meaning = Text(
        _NO_TRUTH_MEANING.en.format(days=form.duration(window, "en"), share=form.share(needed, "en")),
        _NO_TRUTH_MEANING.fr.format(days=form.duration(window, "fr"), share=form.share(needed, "fr")),
    )
    command = (
        f"vigie outcomes {shlex.quote(cohorts.model.model_id)} outcomes.parquet --id customer_id --outcome outcome"
    )
    first = min(cohorts.rows, key=lambda row: row.view.final_on)
    coming = request.t(_NEXT).format(
        cohort=cohort_name(request, first), day=form.day(first.view.final_on, language, near=request.today)
    )
    ahead = first.view.final_on > cohorts.today
    return html.div(empty(request, _NO_TRUTH, meaning, command=command), html.p(coming) if ahead else None)
