"""The performance of a version's cohorts: measures of each, and the colour that counts on the day of each batch."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from dashboard.colour import GREEN, GREY, NOTE
from dashboard.history import Baseline, Cohort, Judged, ModelEntry, Training
from dashboard.judging.comparison import Comparison
from dashboard.metric import Estimate
from dashboard.performance.by_task import NO_CLASSES, NO_RESIDUALS, NO_SCORES, performance
from dashboard.performance.cohorts import Timeline, completeness, matures_on
from dashboard.performance.estimates import estimates as estimates_of
from dashboard.performance.truth_counts import ClassCounts, Residuals, ScoreCounts
from dashboard.rule import Rule, Verdicts
from dashboard.rules import accuracy, auc, rmse

RULES: Final[dict[str, Rule]] = {"binary": auc.RULE, "multiclass": accuracy.RULE, "regression": rmse.RULE}
"""The rule that colours each task."""


def judge_cohort(cohort: Cohort, baselines: Mapping[str, Baseline], training: Training, model: ModelEntry) -> Judged:
    """The measures of ``cohort`` and its verdict against the version's baselines, whether it counts yet or not.

    Without truth it has no value; truth of another kind than the task's (a multiclass cohort of a binary model) has
    none either. A measure without a value is left out, save the one that gives the colour. A cohort that was judged
    before is not judged again. All numbers are plain: what is read back from the tables is the same.
    """
    if cohort.judged is not None:
        return cohort.judged
    data, policy = cohort.data, model.policy
    verdict: Comparison
    if model.task == "binary":
        scores = data if isinstance(data, ScoreCounts) else NO_SCORES
        estimates = performance(scores, training)
        verdict = auc.judge(estimates["auc"], baselines.get("auc"), scores, policy)
    elif model.task == "regression":
        errors = data if isinstance(data, Residuals) else NO_RESIDUALS
        estimates = performance(errors, training)
        verdict = rmse.judge(estimates["rmse"], baselines.get("rmse"), errors, policy)
    else:
        classes = data if isinstance(data, ClassCounts) else NO_CLASSES
        estimates = performance(classes, training)
        verdict = accuracy.judge(estimates["accuracy"], baselines.get("accuracy"), classes, policy)
    estimates |= estimates_of(cohort.predicted_scores, training)
    main = RULES[model.task].key
    told = {key: estimate for key, estimate in estimates.items() if estimate.value is not None or key == main}
    return parse_judged(judged_text(Judged(told, verdict.code, verdict.facts), shown=None))


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

    Days without one are grey and leave no finding here: the rule immature tells why. So are days on which truth has
    stopped coming, save that an amber or red stands until a newer cohort shows better.
    """
    codes = np.full((len(days), 1), GREY, np.int8)
    counted = [truth.newest_matured(day) for day in days]
    silent = np.zeros(codes.shape, bool)
    for t, (day, cohort) in enumerate(zip(days, counted, strict=True)):
        code = GREY if cohort is None else verdicts[cohort.cohort_id].code
        silent[t] = cohort is None or (code in (GREEN, NOTE) and truth.stopped(day) is not None)
        codes[t] = GREY if silent[t] else code

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

    return Verdicts(RULES[model.task], ("model",), codes, words=words, silent=silent)
