"""What was predicted against what came: the confusion matrix of a cohort as a table of counts and shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from dashboard import format as form
from dashboard.performance.truth_counts import ClassCounts, Confusion, Whole
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.calibration_card import NO_TRUTH
from dashboard.web.components.table import Column, table
from dashboard.web.data import Data
from dashboard.web.page import Request

MOST: Final = 12
"""Classes of a matrix that is read: the most frequent ones, all others are one."""

NO_THRESHOLD: Final = Text(
    "This version was delivered without a threshold, so that nothing says from which score on a row is predicted "
    "positive.",
    "Cette version a été livrée sans seuil\u00a0: rien ne dit à partir de quel score une ligne est prédite positive.",
)
_POSITIVE, _NEGATIVE = Text("positive", "positif"), Text("negative", "négatif")
_PREDICTED: Final = Text("Predicted {name}", "Prédit {name}")
_CAME, _ALL = Text("What came", "Ce qui est venu"), Text("All", "Total")
_OTHER: Final = Text("({n} other classes)", "({n} autres classes)")
_CAPTION: Final = Text("Confusion matrix", "Matrice de confusion")
_NOTE: Final = Text(
    "Rows with a known outcome; beneath each count its share of its line, so that the diagonal is what was "
    "recognised of each class.",
    "Lignes au résultat connu\u202f; sous chaque effectif, sa part de sa ligne\u00a0: la diagonale est ce qui a été "
    "reconnu de chaque classe.",
)
_AT: Final = Text("Predicted positive from a score of {threshold} on.", "Prédit positif à partir du score {threshold}.")


@dataclass(frozen=True, slots=True)
class Matrix:
    """``counts`` (C, C): rows of the class that came (first axis) and the class predicted, with the names of both."""

    names: tuple[str, ...]
    counts: Whole


def matrix_of(request: Request, truth: Confusion | ClassCounts) -> Matrix:
    """The matrix: of two classes, positive first, or of the most frequent ones."""
    if isinstance(truth, Confusion):
        names = (request.t(_POSITIVE), request.t(_NEGATIVE))
        return Matrix(names, np.array([[truth.tp, truth.fn], [truth.fp, truth.tn]], np.int64))
    size = len(truth.labels)
    counts = np.zeros((size, size), np.int64)
    np.add.at(counts, (truth.true, truth.predicted), truth.rows)
    order = np.argsort(-(counts.sum(axis=1) + counts.sum(axis=0)), kind="stable")
    kept, rest = order[:MOST], order[MOST:]
    if not len(rest):
        return Matrix(tuple(truth.labels[at] for at in kept), counts[np.ix_(kept, kept)])
    place = np.full(size, len(kept))
    place[kept] = np.arange(len(kept))
    pooled = np.zeros((len(kept) + 1, len(kept) + 1), np.int64)
    np.add.at(pooled, (place[:, None], place[None, :]), counts)
    other = request.t(_OTHER).format(n=form.count(len(rest), request.language))
    return Matrix((*(truth.labels[at] for at in kept), other), pooled)


def confusion_card(request: Request, matrix: Matrix, *, threshold: float | None) -> html.Node:
    """The table: a line for each class that came, a column for each that was predicted."""
    t, language = request.t, request.language
    if not matrix.counts.sum():
        return html.p(t(NO_TRUTH), class_="calm")
    predicted = [t(_PREDICTED).format(name=form.name(name, longest=24)) for name in matrix.names]
    columns = [Column(t(_CAME)), *(Column(name, "number") for name in predicted), Column(t(_ALL), "number")]
    cells = [
        [
            form.capital(form.name(name, longest=40)),
            *(_cell(request, int(n), of, diagonal=place == at) for at, n in enumerate(matrix.counts[place])),
            form.count(of, language),
        ]
        for place, (name, of) in enumerate(zip(matrix.names, matrix.counts.sum(axis=1).tolist(), strict=True))
    ]
    columns_all = matrix.counts.sum(axis=0).tolist()
    total = sum(columns_all)
    cells.append([t(_ALL), *(_cell(request, n, total) for n in columns_all), form.count(total, language)])
    at = [t(_AT).format(threshold=form.threshold(threshold, language))] if threshold is not None else []
    return [
        html.p(" ".join([*at, t(_NOTE)]), class_="reading"),
        table(columns, cells, caption=t(_CAPTION), row_heading=0, class_="confusion"),
    ]


def confusion_data(request: Request, matrix: Matrix) -> Data:
    """The counts, one row a class that came."""
    rows: list[Sequence[str | int]] = [
        [name, *counts] for name, counts in zip(matrix.names, matrix.counts.tolist(), strict=True)
    ]
    return Data([request.t(_CAME), *(request.t(_PREDICTED).format(name=name) for name in matrix.names)], rows)


def _cell(request: Request, n: int, of: int, *, diagonal: bool = False) -> html.Node:
    share = form.share(n / of, request.language) if of else "\u2013"
    return html.span(form.count(n, request.language), html.small(share), class_="right" if diagonal else None)
