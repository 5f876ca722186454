"""The performance of a version's cohorts: measures of each, and the colour that counts on the day of each batch."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from dashboard.cohorts import Timeline, completeness, matures_on
from dashboard.colour import GREY
from dashboard.history import Baseline, ClassCounts, Cohort, Judged, ModelEntry, Residuals, ScoreCounts
from dashboard.metric import Estimate
from dashboard.metrics.accuracy import accuracy as accuracy_of
from dashboard.metrics.auc import auc as auc_of
from dashboard.metrics.mae import mae as mae_of
from dashboard.metrics.rmse import rmse as rmse_of
from dashboard.rule import Rule, Verdicts
from dashboard.rules import accuracy, auc, rmse

RULES: Final[dict[str, Rule]] = {"binary": auc.RULE, "multiclass": accuracy.RULE, "regression": rmse.RULE}
"""The rule that colours each task."""


def judge_cohort(cohort: Cohort, baselines: Mapping[str, Baseline], model: ModelEntry) -> Judged:
    """The measures of ``cohort`` and its verdict against the version's baselines, whether it counts yet or not.

    Without truth it has no value; truth of another kind than the task's (a multiclass cohort of a binary model) has
    none either. A cohort that was judged before is not judged again. All numbers are plain: what is read back from the
    tables is the same.
    """
    if cohort.judged is not None:
        return cohort.judged
    data, task, policy = cohort.data, model.task, model.policy
    estimates: dict[str, Estimate]
    if task == "binary":
        counts = data if isinstance(data, ScoreCounts) else ScoreCounts(np.empty(0), _NO_ROWS, _NO_ROWS)
        estimates = {"auc": auc_of(counts)}
        verdict = auc.judge(estimates["auc"], baselines.get("auc"), counts, policy)
        if isinstance(data, ScoreCounts):
            estimates["positives"] = Estimate(float(data.positives.sum()), None, None, None, cohort.known)
    elif task == "regression":
        errors = data if isinstance(data, Residuals) else Residuals(0, 0.0, 0.0, 0.0, 0.0)
        estimates = {"rmse": rmse_of(errors), "mae": mae_of(errors)}
        verdict = rmse.judge(estimates["rmse"], baselines.get("rmse"), errors, policy)
    else:
        classes = data if isinstance(data, ClassCounts) else ClassCounts(0, 0)
        estimates = {"accuracy": accuracy_of(classes)}
        verdict = accuracy.judge(estimates["accuracy"], baselines.get("accuracy"), classes, policy)
    return parse_judged(judged_text(Judged(estimates, verdict.code, verdict.facts), shown=None))


_NO_ROWS: Final = np.empty(0, np.int64)


def judged_text(judged: Judged, *, shown: float | None) -> str:
    """Estimates, verdict and the colour that is ``shown`` as JSON; a number that is not finite is none."""
    numbers = {key: [*map(_plain, (e.value, e.se, e.low, e.high)), int(e.n)] for key, e in judged.estimates.items()}
    facts = {key: _plain(value) for key, value in judged.facts.items()}
    return json.dumps(
        {"estimates": numbers, "code": judged.code, "facts": facts, "shown": shown},
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
        allow_nan=False,
    )


def parse_judged(text: str) -> Judged:
    """What ``judged_text`` wrote."""
    said = json.loads(text)
    return Judged({key: Estimate(*numbers) for key, numbers in said["estimates"].items()}, said["code"], said["facts"])


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value


def over_batches(verdicts: Mapping[str, Judged], truth: Timeline, model: ModelEntry, days: Sequence[date]) -> Verdicts:
    """The verdict that counts on each of ``days`` (T,): that of the newest cohort matured then.

    Days without one are grey and leave no finding here: the rule immature tells why.
    """
    codes = np.full((len(days), 1), GREY, np.int8)
    counted = [truth.newest_matured(day) for day in days]
    for t, cohort in enumerate(counted):
        if cohort is not None:
            codes[t] = verdicts[cohort.cohort_id].code

    def words(t: int, _: int) -> Mapping[str, Any]:
        cohort = counted[t]
        if cohort is None:
            return {}
        return {
            **verdicts[cohort.cohort_id].facts,
            "cohort": cohort.cohort_id,
            "first_day": cohort.first_day.isoformat(),
            "last_day": cohort.last_day.isoformat(),
            "matured_on": matures_on(cohort, model).isoformat(),
            "completeness": completeness(cohort),
        }

    silent = np.array([[cohort is None] for cohort in counted], bool).reshape(len(days), 1)
    return Verdicts(RULES[model.task], ("model",), codes, words=words, silent=silent)
