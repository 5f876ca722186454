"""The figure of one batch against training, with its key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.chart import graph
from dashboard.web.data import Data
from dashboard.web.figures.batch_against_training import batch_against_training
from dashboard.web.page import Request

_TRAINING: Final = Text("training", "apprentissage")
_BIN: Final = Text("Bin", "Classe")
_ALT: Final = Text(
    "Share of rows by bin, {day} (bars) against training (line). Largest difference: {bin}, {now} against {before}.",
    "Part des lignes par classe, {day} (barres) face à l\u2019apprentissage (ligne). Plus grand écart\u00a0: {bin}, "
    "{now} "
    "contre {before}.",
)
_NO_ROWS: Final = Text("This batch has no rows of the variable.", "Ce lot n\u2019a pas de lignes de cette variable.")


def batch_figure(
    request: Request,
    labels: Sequence[str],
    training: Sequence[float],
    batch: Sequence[float],
    second: Sequence[float] | None,
    *,
    numeric: bool,
    days: tuple[str, str | None],
) -> html.Node:
    """Shares by row of the figures; ``days`` name the batch and the one beside it."""
    language = request.language
    if not sum(batch):
        return html.p(request.t(_NO_ROWS), class_="calm")
    figure = batch_against_training(
        labels,
        training,
        batch,
        second=second,
        joined=len(labels) - 1 if numeric else 0,
        names=(request.t(_TRAINING), days[0], days[1] or ""),
        language=language,
    )
    top = max(range(len(labels)), key=lambda place: abs(batch[place] - training[place]))
    alt = request.t(_ALT).format(
        day=days[0],
        bin=form.name(labels[top]),
        now=form.share(batch[top], language),
        before=form.share(training[top], language),
    )
    columns = [request.t(_BIN), request.t(_TRAINING), days[0], *([days[1]] if days[1] and second is not None else [])]
    rows: list[list[str | float | None]] = [
        [
            label,
            round(training[place], 4),
            round(batch[place], 4),
            *([round(second[place], 4)] if second is not None else []),
        ]
        for place, label in enumerate(labels)
    ]
    key = html.p(
        html.span(html.span(class_="sign bar"), days[0]),
        html.span(html.span(class_="sign line"), request.t(_TRAINING)),
        html.span(html.span(class_="sign frame"), days[1]) if second is not None else None,
        class_="key",
    )
    return [key, graph(request, figure, key="batch", alt=alt, data=Data(columns, rows))]
