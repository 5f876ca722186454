"""The cohorts of a model: what was measured of each, how much of its truth is known, and when it will be final."""

from __future__ import annotations

import calendar
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from dashboard.history import Spread
from dashboard.judging.auc_level import FEWEST_CHUNKS, band
from dashboard.judging.comparison import Z_AMBER, Z_RED
from dashboard.performance.by_task import KEYS
from dashboard.policy import Policy

_COLOURS: Final = {0.0: "green", 1.0: "amber", 2.0: "red"}
_NORMAL_95: Final = 1.959963984540054

MAIN: Final = {"binary": "auc", "multiclass": "accuracy", "regression": "rmse"}
"""The measure that colours a cohort, by task."""
BESIDE: Final = {"binary": ("positives",), "multiclass": (), "regression": ("mae",)}
"""What the table shows beside it."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A measure on held-out rows at training, and between slices of them."""

    value: float
    se: float | None
    chunks: Spread | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of a cohort: its value, what chance leaves open, and what it was at training."""

    value: float
    low: float | None
    high: float | None
    baseline: Baseline | None


@dataclass(frozen=True, slots=True)
class CohortRow:
    """One cohort of one version; shares 0..1, None where there is no number.

    ``mature`` says whether it counts: its window has passed and enough outcomes are known. ``colour`` is None while
    it does not, grey where it could not be judged. ``amber`` and ``red`` are the values that would colour it.
    ``measures`` are all that have a value, by metric key.
    """

    model_version: str
    cohort_id: str
    first_day: date
    last_day: date
    final_on: date
    predicted: int
    known: int
    completeness: float | None
    value: float | None
    low: float | None
    high: float | None
    beside: Mapping[str, float | None]
    baseline: Baseline | None
    colour: str | None
    mature: bool
    overdue: bool
    amber: float | None
    red: float | None
    measures: Mapping[str, Measured]


def cohort_rows(
    measures: Iterable[Mapping[str, Any]],
    versions: Iterable[Mapping[str, Any]],
    *,
    task: str,
    window_days: int,
    cadence_days: float,
    policy: Policy,
    today: date,
) -> list[CohortRow]:
    """The cohorts, oldest first, from rows of ``performance_measures`` and of ``versions_of`` (newest first)."""
    main = MAIN.get(task, "auc")
    known = list(versions)
    place = {row["model_version"]: -number for number, row in enumerate(known)}
    baselines = {
        row["model_version"]: {key: baseline(row["baselines"], key) for key in KEYS.get(task, ())} for row in known
    }
    grouped: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
    for row in measures:
        grouped.setdefault((row["model_version"], row["batch_id"]), {})[row["metric"]] = row
    found = []
    for (version, cohort_id), by_metric in grouped.items():
        complete = by_metric.get("completeness")
        if complete is None:
            continue
        first = complete["batch_date"]
        last = last_day(cohort_id, first)
        final = last + timedelta(days=window_days)
        share = complete["value"]
        enough = share is not None and share >= policy.completeness and share > 0
        mature = enough and final <= today
        value = by_metric.get(main, {})
        code = by_metric.get("performance", {}).get("value")
        levels = baselines.get(version, {})
        level = levels.get(main)
        amber, red = thresholds(level, value, task=task, policy=policy)
        predicted = complete["n"] or 0
        found.append(
            CohortRow(
                model_version=version,
                cohort_id=cohort_id,
                first_day=first,
                last_day=last,
                final_on=final,
                predicted=predicted,
                known=round(predicted * share) if share is not None else 0,
                completeness=share,
                value=value.get("value"),
                low=value.get("low"),
                high=value.get("high"),
                beside={key: by_metric.get(key, {}).get("value") for key in BESIDE.get(task, ())},
                baseline=level,
                colour=(_COLOURS.get(code, "grey") if code is not None else "grey") if mature else None,
                mature=mature,
                overdue=final <= today and not enough,
                amber=amber,
                red=red,
                measures={
                    key: Measured(told["value"], told["low"], told["high"], levels.get(key))
                    for key in KEYS.get(task, ())
                    if (told := by_metric.get(key)) is not None and told["value"] is not None
                },
            )
        )
    found.sort(key=lambda row: (row.first_day, row.last_day, place.get(row.model_version, 0), row.cohort_id))
    return found


def cohort_days(cohort: str, days: Iterable[date]) -> list[date]:
    """The first days of the cohorts (by batch, week or month) that hold the batches of ``days``, oldest first."""
    if cohort == "month":
        return sorted({day.replace(day=1) for day in days})
    return sorted({day - timedelta(days=day.weekday()) if cohort == "week" else day for day in days})


def last_day(cohort_id: str, first: date) -> date:
    """The last day of a cohort that begins on ``first``."""
    if cohort_id.startswith("month:"):
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return first + timedelta(days=6) if cohort_id.startswith("week:") else first


def periods(rows: Iterable[CohortRow], *, cadence_days: float) -> list[tuple[date, date]]:
    """What each cohort covers on the time axis; one of a single batch lasts until the next is due."""
    return [
        (row.first_day, max(row.last_day, row.first_day + timedelta(days=round(cadence_days) - 1)))
        if row.first_day == row.last_day
        else (row.first_day, row.last_day)
        for row in rows
    ]


def baseline(text: str | None, metric: str) -> Baseline | None:
    """The baseline of ``metric`` in a version's JSON; None when there is none."""
    try:
        entry = (json.loads(text) if text else {}).get(metric) or {}
    except (ValueError, AttributeError):
        return None
    value, se = entry.get("value"), entry.get("se")
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    margin = float(se) if isinstance(se, int | float) and math.isfinite(se) else None
    chunks = entry.get("chunks")
    return Baseline(float(value), margin, Spread(chunks["n"], chunks["mean"], chunks["sd"]) if chunks else None)


def thresholds(
    level: Baseline | None, measured: Mapping[str, Any], *, task: str, policy: Policy
) -> tuple[float | None, float | None]:
    """The values from which a cohort of this size would be amber and red; None without a baseline or an interval.

    As dashboard.judging.comparison judges: the change must be large enough, and worth enough standard errors of both
    sides. The cohort's own is read off its 95 % interval. Where the policy compares with a floor or a band, as
    dashboard.judging.auc_level does.
    """
    low, high = measured.get("low"), measured.get("high")
    if task == "binary" and policy.auc_rule != "baseline":
        lowest, value = _lowest(level, policy), measured.get("value")
        return lowest, None if lowest is None or value is None or high is None else lowest - (high - value)
    if level is None or level.se is None or low is None or high is None:
        return None, None
    error = math.hypot(level.se, (high - low) / (2 * _NORMAL_95))
    if task == "regression":
        sizes = (policy.rmse_amber * abs(level.value), policy.rmse_red * abs(level.value))
        sign = 1
    else:
        sizes = (policy.auc_amber, policy.auc_red) if task == "binary" else (policy.accuracy_amber, policy.accuracy_red)
        sign = -1
    amber, red = (max(size, z * error) for size, z in zip(sizes, (Z_AMBER, Z_RED), strict=True))
    return level.value + sign * amber, level.value + sign * red


def _lowest(level: Baseline | None, policy: Policy) -> float | None:
    """The floor, or the lower end of the band; None where training delivered too few slices for one."""
    if policy.auc_rule == "floor":
        return policy.auc_floor
    chunks = None if level is None else level.chunks
    return None if chunks is None or chunks.n < FEWEST_CHUNKS else band(chunks)[0]
