"""The course of what a finding is about: a measure over the last batches with its thresholds, or their colours."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from dashboard.finding import Finding
from dashboard.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

POINTS: Final = 60
_DAYS: Final = 400
"""Batches are looked for in so many days: 60 of those that come daily or weekly, some of those that come monthly."""

Unit = Literal["share", "index", "quantity"]


class Reading(Protocol):
    """The part of a warehouse that messages use."""

    def query(self, name: str, /, **params: Any) -> pa.Table:
        """The answer of ``queries/<name>.sql``."""
        ...


@dataclass(frozen=True, slots=True)
class Course:
    """By day, oldest first, a measure (None where there is none) and the model's colour; the last is the finding's.

    ``amber`` and ``red`` are values of the measure from which there is a colour, if it has such; ``what`` is its name.
    Without any measure only the colours are told.
    """

    days: tuple[date, ...]
    colours: tuple[str, ...]
    what: Text
    values: tuple[float | None, ...] = ()
    amber: float | None = None
    red: float | None = None
    unit: Unit = "share"


_COLOURS: Final = Text("The model's colour, batch by batch", "La couleur du modèle, lot par lot")
_MEASURES: Final[dict[str, tuple[Text, Unit, Callable[[dict[str, Any]], float | None]]]] = {
    "missing": (
        Text("Share of rows without a value", "Part des lignes sans valeur"),
        "share",
        lambda row: row["missing_share"],
    ),
    "unseen": (
        Text("Share of rows with a new level", "Part des lignes à modalité inconnue"),
        "share",
        lambda row: row["unseen_share"],
    ),
    "out_of_range": (
        Text("Share of rows outside the range of training", "Part des lignes hors de la plage d’apprentissage"),
        "share",
        lambda row: row["out_of_range_share"],
    ),
    "drift": (
        Text("Distance from training (PSI, noise taken off)", "Écart à l’apprentissage (PSI, bruit déduit)"),
        "index",
        lambda row: None if row["psi"] is None or row["noise"] is None else max(row["psi"] - row["noise"], 0.0),
    ),
}
"""What is drawn for a rule on a variable: its name, its unit, and its value in a row of ``variable_measures``."""

_PERFORMANCE: Final[dict[str, tuple[Text, Unit, int]]] = {
    "auc": (Text("AUC, cohort by cohort", "AUC, cohorte par cohorte"), "index", -1),
    "accuracy": (Text("Accuracy, cohort by cohort", "Exactitude, cohorte par cohorte"), "share", -1),
    "rmse": (Text("RMSE, cohort by cohort", "RMSE, cohorte par cohorte"), "quantity", 1),
}
"""The same of a rule on performance, and on which side of its baseline it is bad."""


def course_of(reading: Reading, finding: Finding) -> Course | None:
    """The course up to the batch of ``finding``; None where nothing was evaluated, or only one batch."""
    since = finding.batch_date - timedelta(days=_DAYS)
    rows = reading.query("model_health", model_id=finding.model_id, since=since).to_pylist()
    before = [row for row in rows if row["batch_date"] <= finding.batch_date]
    # A measure is of one version: another has other bins and another training set.
    measured = _MEASURES.get(finding.rule)
    if measured is not None:
        own = [row for row in before if row["model_version"] == finding.model_version]
        found = _of_variable(reading, finding, own[POINTS - 1 :: -1] if len(own) >= POINTS else own[::-1], measured)
    else:
        found = _of_cohorts(reading, finding) if finding.rule in _PERFORMANCE else None
    return found or _of_colours(before[:POINTS][::-1])


def _of_colours(rows: list[dict[str, Any]]) -> Course | None:
    if len(rows) < 2:
        return None
    return Course(tuple(row["batch_date"] for row in rows), tuple(row["colour"] for row in rows), _COLOURS)


def _of_variable(
    reading: Reading, finding: Finding, rows: list[dict[str, Any]], measured: tuple[Text, Unit, Callable[..., Any]]
) -> Course | None:
    if len(rows) < 2:
        return None
    what, unit, value_of = measured
    answer = reading.query(
        "variable_measures",
        model_id=finding.model_id,
        model_version=finding.model_version,
        variable=finding.subject,
        since=rows[0]["batch_date"],
        until=rows[-1]["batch_date"],
    ).to_pylist()
    by_batch = {row["batch_id"]: _finite(value_of(row)) for row in answer}
    usual = 0.0 if finding.rule == "drift" else _finite(finding.facts.get("training")) or 0.0
    days, colours = tuple(row["batch_date"] for row in rows), tuple(row["colour"] for row in rows)
    values = tuple(by_batch.get(row["batch_id"]) for row in rows)
    return _whole(Course(days, colours, what, values, *_thresholds(finding, lambda size: usual + size), unit))


def _of_cohorts(reading: Reading, finding: Finding) -> Course | None:
    what, unit, bad = _PERFORMANCE[finding.rule]
    facts = finding.facts
    newest = date.fromisoformat(facts["first_day"])
    since = newest - timedelta(days=2 * _DAYS)
    answer = reading.query("evaluated_cohorts", models=[finding.model_id], since=since, until=newest).to_pylist()
    rows = [row for row in answer if row["model_version"] == finding.model_version][-POINTS:]
    values = tuple(_estimate(row["verdict"], finding.rule) for row in rows)
    baseline = _finite(facts.get("baseline")) if facts.get("rule") == "baseline" else None
    amber = red = None
    if baseline is not None:
        scale = baseline if facts.get("relative") else 1.0
        amber, red = _thresholds(finding, lambda size: baseline + bad * size * scale)
    days = tuple(row["batch_date"] for row in rows)
    return _whole(Course(days, ("",) * len(days), what, values, amber, red, unit))


def _whole(course: Course) -> Course | None:
    """The course, if there is enough of it to be one."""
    return course if sum(value is not None for value in course.values) > 1 else None


def _thresholds(finding: Finding, at: Callable[[float], float]) -> tuple[float | None, float | None]:
    sizes = [_finite(finding.facts.get(level)) for level in ("amber", "red")]
    amber, red = (None if size is None else at(size) for size in sizes)
    return amber, red


def _estimate(verdict: str | None, metric: str) -> float | None:
    try:
        return _finite(json.loads(verdict or "{}")["estimates"][metric][0])
    except (ValueError, KeyError, IndexError, TypeError):
        return None


def _finite(value: Any) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if number else None
