"""The performance of a version's cohorts: measures of each, and the colour that counts on the day of each batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from dashboard.cohorts import Timeline, completeness, matures_on
from dashboard.colour import GREY
from dashboard.comparison import Comparison
from dashboard.history import ClassCounts, Cohort, ModelEntry, Residuals, ScoreCounts, VersionHistory
from dashboard.metric import Estimate
from dashboard.metrics.accuracy import accuracy as accuracy_of
from dashboard.metrics.auc import auc as auc_of
from dashboard.metrics.mae import mae as mae_of
from dashboard.metrics.rmse import rmse as rmse_of
from dashboard.rule import Rule, Verdicts
from dashboard.rules import accuracy, auc, rmse

RULES: Final[dict[str, Rule]] = {"binary": auc.RULE, "multiclass": accuracy.RULE, "regression": rmse.RULE}
"""The rule that colours each task."""

_NOTHING: Final = Estimate(None, None, None, None, 0)


@dataclass(frozen=True, slots=True)
class CohortVerdict:
    """A cohort's estimates by metric key, and the verdict on it, whether it counts yet or not."""

    cohort: Cohort
    estimates: dict[str, Estimate]
    verdict: Comparison


def judge_cohort(cohort: Cohort, version: VersionHistory, model: ModelEntry) -> CohortVerdict:
    """The measures of ``cohort`` and its verdict against the version's baseline; without a value when it has no truth.

    Truth of another kind than the task's (a multiclass cohort of a binary model) has no value either.
    """
    data, task, policy, baselines = cohort.data, model.task, model.policy, version.baselines
    if task == "binary":
        counts = data if isinstance(data, ScoreCounts) else ScoreCounts(np.empty(0), _NO_ROWS, _NO_ROWS)
        value = auc_of(counts)
        return CohortVerdict(cohort, {"auc": value}, auc.judge(value, baselines.get("auc"), counts, policy))
    if task == "regression":
        errors = data if isinstance(data, Residuals) else Residuals(0, 0.0, 0.0, 0.0, 0.0)
        value = rmse_of(errors)
        verdict = rmse.judge(value, baselines.get("rmse"), errors, policy)
        return CohortVerdict(cohort, {"rmse": value, "mae": mae_of(errors)}, verdict)
    classes = data if isinstance(data, ClassCounts) else ClassCounts(0, 0)
    value = accuracy_of(classes)
    verdict = accuracy.judge(value, baselines.get("accuracy"), classes, policy)
    return CohortVerdict(cohort, {"accuracy": value}, verdict)


_NO_ROWS: Final = np.empty(0, np.int64)


def over_batches(
    verdicts: Mapping[str, CohortVerdict], truth: Timeline, model: ModelEntry, days: Sequence[date]
) -> Verdicts:
    """The verdict that counts on each of ``days`` (T,): that of the newest cohort matured then.

    Days without one are grey and leave no finding here: the rule immature tells why.
    """
    codes = np.full((len(days), 1), GREY, np.int8)
    counted = [truth.newest_matured(day) for day in days]
    for t, cohort in enumerate(counted):
        if cohort is not None:
            codes[t] = verdicts[cohort.cohort_id].verdict.code

    def words(t: int, _: int) -> Mapping[str, Any]:
        cohort = counted[t]
        if cohort is None:
            return {}
        return {
            **verdicts[cohort.cohort_id].verdict.facts,
            "cohort": cohort.cohort_id,
            "first_day": cohort.first_day.isoformat(),
            "last_day": cohort.last_day.isoformat(),
            "matured_on": matures_on(cohort, model).isoformat(),
            "completeness": completeness(cohort),
        }

    silent = np.array([[cohort is None] for cohort in counted], bool).reshape(len(days), 1)
    return Verdicts(RULES[model.task], ("model",), codes, words=words, silent=silent)
