"""The cohorts of a model as its page shows them: each with what it is held to, and where its colours would begin."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

from dashboard.history import Baseline
from dashboard.judging.auc_level import FEWEST_CHUNKS, band
from dashboard.judging.comparison import Z_AMBER, Z_RED
from dashboard.metric import Estimate
from dashboard.performance.by_task import KEYS
from dashboard.performance.cohort_views import CohortView
from dashboard.policy import Policy
from dashboard.told import baselines_of

_NORMAL_95: Final = 1.959963984540054

MAIN: Final = {"binary": "auc", "multiclass": "accuracy", "regression": "rmse"}
"""The measure that colours a cohort, by task."""
BESIDE: Final = {"binary": "positives", "regression": "mae"}
"""What the table shows beside it."""


class Period(Protocol):
    """What a cohort is of, whatever else is known of it."""

    @property
    def cohort_id(self) -> str:
        """``month:2026-10``, ``week:2026-W41``, ``batch:<batch>``."""

    @property
    def first_day(self) -> date:
        """The first day of its period."""

    @property
    def last_day(self) -> date:
        """The last day of its period."""


@dataclass(frozen=True, slots=True)
class CohortRow:
    """One cohort of one version beside the ``baselines`` of that version, by metric key.

    ``main`` is the key of the measure that colours it. ``overdue`` says that its truth should be complete and is not.
    ``amber`` and ``red`` are the values of the main measure that would colour it, None where there is no saying.
    """

    view: CohortView
    main: str
    baselines: Mapping[str, Baseline]
    overdue: bool
    amber: float | None
    red: float | None

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others: its identifier, and its version."""
        return self.cohort_id, self.model_version

    @property
    def cohort_id(self) -> str:
        """Its identifier: ``month:2026-10``, ``week:2026-W41``, ``batch:<batch>``."""
        return self.view.cohort_id

    @property
    def model_version(self) -> str:
        """The version that predicted."""
        return self.view.model_version

    @property
    def first_day(self) -> date:
        """The first day of its period."""
        return self.view.first_day

    @property
    def last_day(self) -> date:
        """The last day of its period."""
        return self.view.last_day

    @property
    def mature(self) -> bool:
        """Whether it counts: its window has passed and enough outcomes are known."""
        return self.view.mature

    @property
    def value(self) -> float | None:
        """The main measure."""
        return self._main.value if self._main else None

    @property
    def low(self) -> float | None:
        """The lower end of the main measure's 95 % interval."""
        return self._main.low if self._main else None

    @property
    def high(self) -> float | None:
        """The upper end of the main measure's 95 % interval."""
        return self._main.high if self._main else None

    @property
    def baseline(self) -> Baseline | None:
        """The main measure at training."""
        return self.baselines.get(self.main)

    @property
    def _main(self) -> Estimate | None:
        return self.realised(self.main)

    def realised(self, metric: str) -> Estimate | None:
        """The measure, once it has a value."""
        return _valued(self.view.realised.get(metric))

    def estimated(self, metric: str) -> Estimate | None:
        """What was estimated of the measure, where it was."""
        return _valued(self.view.estimated.get(metric))

    def measures(self, task: str) -> list[str]:
        """The keys of the measures that have a value or an estimate, in the order in which they are shown."""
        return [key for key in KEYS.get(task, ()) if self.realised(key) or self.estimated(key)]


def cohort_rows(
    views: Iterable[CohortView],
    baselines: Mapping[str, Mapping[str, Baseline]],
    *,
    task: str,
    policy: Policy,
    today: date,
) -> list[CohortRow]:
    """The cohorts, oldest first; ``baselines`` are by version, the newest version first."""
    main = MAIN.get(task, "auc")
    place = {version: -number for number, version in enumerate(baselines)}
    found = []
    for view in views:
        held_to = baselines.get(view.model_version, {})
        amber, red = thresholds(held_to.get(main), _valued(view.realised.get(main)), task=task, policy=policy)
        found.append(CohortRow(view, main, held_to, view.final_on <= today and not view.mature, amber, red))
    return sorted(
        found,
        key=lambda row: (
            row.first_day,
            row.last_day,
            place.get(row.model_version, 0),
            row.cohort_id,
        ),
    )


def _valued(estimate: Estimate | None) -> Estimate | None:
    return None if estimate is None or estimate.value is None else estimate


def last_cohorts(rows: Iterable[CohortRow], window: int) -> list[CohortRow]:
    """Those of the last ``window`` periods (0: all), in the order given; one period may have several versions."""
    held = list(rows)
    days = sorted({row.first_day for row in held})[-window:]
    return [row for row in held if days and row.first_day >= days[0]]


def periods(rows: Iterable[Period], *, cadence_days: float) -> list[tuple[date, date]]:
    """What each cohort covers on the time axis; one of a single batch lasts until the next is due."""
    return [
        (row.first_day, max(row.last_day, row.first_day + timedelta(days=round(cadence_days) - 1)))
        if row.first_day == row.last_day
        else (row.first_day, row.last_day)
        for row in rows
    ]


def baseline(text: str | None, metric: str) -> Baseline | None:
    """The baseline of ``metric`` in a version's JSON; None when there is none."""
    return baselines_of(text).get(metric)


def thresholds(
    level: Baseline | None, measured: Estimate | None, *, task: str, policy: Policy
) -> tuple[float | None, float | None]:
    """The values from which a cohort of this size would be amber and red; None without a baseline or an interval.

    As dashboard.judging.comparison judges: the change must be large enough, and worth enough standard errors of both
    sides. The cohort's own is read off its 95 % interval. Where the policy compares with a floor or a band, as
    dashboard.judging.auc_level does.
    """
    low, high = (None, None) if measured is None else (measured.low, measured.high)
    if task == "binary" and policy.auc_rule != "baseline":
        lowest, value = _lowest(level, policy), None if measured is None else measured.value
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
