"""What `vigie performance` says of a cohort by segment, and of its curves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from dashboard import format as form
from dashboard import metrics
from dashboard.commands.performance_told import Told, index, number, title
from dashboard.commands.terminal import plain_table
from dashboard.history import ModelEntry
from dashboard.performance import segment_report, weakest
from dashboard.performance.cohort_views import CohortView, main_measure
from dashboard.performance.curves import calibration_curve, gain_curve, value_curve
from dashboard.performance.truth import pairs_of_values, truth_of
from dashboard.performance.truth_counts import ScoreCounts
from dashboard.text import Language, Text

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.table import Table


def segments(
    model: ModelEntry, view: CohortView, report: segment_report.SegmentReport, against: str | None, today: date
) -> Told:
    """A cohort by segment: the measure of each, the weakest, and the split of the change since ``against``."""
    found = report.weakest
    plain = {
        **_of_cohort(model, view),
        "against": against,
        "segments": [
            {
                "segment": one.name,
                "predicted": one.predicted,
                "known": one.known,
                "completeness": one.completeness,
                "measures": {key: estimate._asdict() for key, estimate in one.measures.items()},
            }
            for one in report.segments
        ],
        "weakest": {"tried": [_tried(one) for one in found.tried], "too_few": list(found.too_few)},
        "splits": {key: asdict(split) for key, split in report.splits.items()},
    }

    def lines(language: Language) -> Iterator[str | Table]:
        words = {key: text[language] for key, text in _WORDS.items()}
        yield title(view, today)[language]
        if not report.named:
            yield words["no_segment"]
            return
        main = main_measure(model)
        rows = [
            (
                one.name,
                form.count(one.predicted, language),
                form.share(one.completeness, language),
                number(main, one.measures.get(main), language),
            )
            for one in report.segments
        ]
        heads = [words[head] for head in ("segment", "predictions", "known")]
        yield plain_table([*heads, metrics.load()[main].name[language]], rows)
        yield weakest.sentence(found, model.task)[language]
        if found.tried and found.too_few:
            yield f"{words['too_few']}{', '.join(map(form.name, found.too_few))}."
        told = (s for key, split in report.splits.items() for s in segment_report.split_sentences(key, split))
        # The segments that came and went are the same of every measure.
        yield from dict.fromkeys(sentence[language] for sentence in told)
        if against is not None and not report.splits:
            yield words["no_split"]

    return Told(plain, lines)


def curve(model: ModelEntry, view: CohortView, rows: pa.Table, kind: str, today: date) -> Told:
    """The points of a curve of a cohort; none where there is nothing to draw."""
    points = _points(model, rows, kind)
    plain = {**_of_cohort(model, view), "curve": kind, "points": points}

    def lines(language: Language) -> Iterator[str | Table]:
        if not points:
            yield (_NO_POINTS if model.task in _TASKS[kind] else _NO_CURVE[kind])[language]
            return
        yield title(view, today)[language]
        write = form.quantity if model.task == "regression" else index
        yield plain_table(
            [_COLUMNS[name][language] for name in points[0]],
            [[(form.count if name == "n" else write)(x, language) for name, x in point.items()] for point in points],
        )

    return Told(plain, lines)


def _points(model: ModelEntry, rows: pa.Table, kind: str) -> list[dict[str, Any]]:
    columns: Mapping[str, Any]
    if model.task == "regression" and kind == "calibration":
        of_values = value_curve(*pairs_of_values(rows))
        columns = {"predicted": of_values.predicted, "true": of_values.true, "n": of_values.n}
    else:
        _, _, truth = truth_of(rows, model.task)
        if not isinstance(truth, ScoreCounts):
            return []
        if kind == "calibration":
            found = calibration_curve(truth)
            columns = {"score": found.scores, "share": found.shares, "low": found.low, "high": found.high, "n": found.n}
        else:
            gain = gain_curve(truth)
            columns = {} if gain is None else {"rows": gain.rows, "found": gain.found, "lift": gain.lift}
    values = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [
        {name: None if math.isnan(value) else value for name, value in zip(columns, row, strict=True)} for row in values
    ]


def _of_cohort(model: ModelEntry, view: CohortView) -> dict[str, Any]:
    return {"model_id": model.model_id, "model_version": view.model_version, "cohort_id": view.cohort_id}


def _tried(one: weakest.Tried) -> dict[str, Any]:
    finite = one.z if math.isfinite(one.z) else None
    return {**asdict(one), "z": finite, "significant": one.significant}


_WORDS: Final = {
    "predictions": Text("predictions", "prédictions"),
    "known": Text("outcomes known", "résultats connus"),
    "segment": Text("segment", "segment"),
    "no_segment": Text(
        "No prediction of this cohort has a segment: deliver its batches with --segment.",
        "Aucune prédiction de cette cohorte n\u2019a de segment\u00a0: livrer ses lots avec --segment.",
    ),
    "too_few": Text("Not tried, with too few rows: ", "Non éprouvés, faute de lignes\u00a0: "),
    "no_split": Text(
        "The change cannot be split: one of the two sides has no truth to measure.",
        "Le changement ne se décompose pas\u00a0: l\u2019un des deux côtés n\u2019a pas de vérité à mesurer.",
    ),
}
_TASKS: Final = {"calibration": ("binary", "regression"), "gain": ("binary",)}
"""The tasks that have each curve."""
_NO_CURVE: Final = {
    "calibration": Text(
        "A calibration curve is of binary and regression models, this model is of several classes.",
        "Une courbe de calibration est celle d\u2019un modèle binaire ou de régression, ce modèle a plusieurs classes.",
    ),
    "gain": Text(
        "A gain curve is of binary models: it takes a score and positives.",
        "Une courbe de gain est celle d\u2019un modèle binaire\u00a0: il y faut un score et des positifs.",
    ),
}
_NO_POINTS: Final = Text(
    "There is no such curve of this cohort: it takes known outcomes, and of a gain curve some positives.",
    "Pas de telle courbe pour cette cohorte\u00a0: il y faut des résultats connus et, pour une courbe de gain, des "
    "positifs.",
)
_COLUMNS: Final = {
    "score": Text("mean score", "score moyen"),
    "share": Text("positives", "positifs"),
    "low": Text("from", "de"),
    "high": Text("to", "à"),
    "n": Text("rows", "lignes"),
    "rows": Text("rows, highest scores first", "lignes, scores décroissants"),
    "found": Text("positives found", "positifs trouvés"),
    "lift": Text("lift", "lift"),
    "predicted": Text("predicted, mean", "prédit, moyenne"),
    "true": Text("true, mean", "vrai, moyenne"),
}
