"""The card of one batch against training: which batch, its distribution, and what moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.policy import Policy
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.batch_choice import batch_choice, batch_words
from dashboard.web.components.batch_figure import batch_figure
from dashboard.web.components.moved_table import moved_table
from dashboard.web.components.variable_over_time import OverTime
from dashboard.web.figures.bin_names import bin_names
from dashboard.web.page import Request
from dashboard.web.views.variable import folded_counts, moved, shares

_POOLED: Final = Text(
    "{rows} rows are too few by themselves: the newest {n} batches are judged together.",
    "{rows} lignes, c\u2019est trop peu\u00a0: les {n} derniers lots sont jugés ensemble.",
)
_WINDOW: Final = Text(
    "Judged in windows of {days} days: {n} batches together.",
    "Jugé par fenêtres de {days} jours\u00a0: {n} lots ensemble.",
)
_WEEKDAY: Final = Text(
    "Its colour compares it with the training rows of the same weekday, the figure with all of them.",
    "Sa couleur le compare aux lignes d\u2019apprentissage du même jour de semaine, la figure à toutes.",
)


def names_of_bins(request: Request, reference: Mapping[str, Any]) -> list[str]:
    """What the variable's bins are called, in the order of its counts; ``reference`` is a row of reference_variable."""
    return bin_names(
        kind=reference["kind"], edges=reference["edges"], levels=reference["levels"], language=request.language
    )


def batch_against(request: Request, shown: OverTime, policy: Policy) -> Sequence[html.Node]:
    """The chooser, the figure, and the bins by their part of the PSI; small batches as they are judged, together."""
    history, place, against = shown.history, shown.chosen, shown.against
    counts, together = history.judged(place, policy)
    second = history.counts[against] if against is not None else None
    day = batch_words(request, history.batches[place])
    other = batch_words(request, history.batches[against]) if against is not None else None
    own = int(history.counts[place].sum())
    note = request.t(_WINDOW if policy.drift_window_days else _POOLED).format(
        rows=form.count(own, request.language),
        n=form.count(together, request.language),
        days=form.count(policy.drift_window_days, request.language),
    )
    return [
        batch_choice(request, history.batches, place, against),
        html.p(note, class_="calm") if together > 1 else None,
        html.p(request.t(_WEEKDAY), class_="calm") if policy.drift_reference == "weekday" else None,
        batch_figure(
            request,
            shown.labels,
            shares(folded_counts(history.training, shown.rows)).tolist(),
            shares(folded_counts(counts, shown.rows)).tolist(),
            shares(folded_counts(second, shown.rows)).tolist() if second is not None else None,
            numeric=history.reference["kind"] == "numeric",
            days=(day, other),
        ),
        moved_table(
            request,
            moved(history.training, counts, second),
            names_of_bins(request, history.reference),
            batch=day,
            second=other,
        ),
    ]
