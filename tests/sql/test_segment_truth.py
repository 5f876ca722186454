"""The truth by segment keeps the rules of the truth by cohort: both count the same predictions and outcomes."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from qod.warehouse import query
from tests.sql.lake import LakeEngine
from tests.sql.rows import day, delivered, moment, row
from tests.sql.truth import SEGMENTS

TABLES = (*SEGMENTS, row("models", cohort="week"))


def counted(rows: pa.Table, **of: Any) -> Counter[tuple[float | None, str | None]]:
    """Predictions by score and outcome, of the rows that have the values ``of`` columns."""
    found: Counter[tuple[float | None, str | None]] = Counter()
    for one in rows.to_pylist():
        if all(one[name] == value for name, value in of.items()):
            found[one["score"], one["outcome"]] += one["n"]
    return found


@pytest.mark.parametrize("known", [moment(3, 20), moment(3, 21), moment(12, 31)])
@pytest.mark.parametrize("week", [day(3, 2), day(3, 9)])
def test_a_week_by_segment_is_that_week(week: date, known: Any, tmp_path: Path) -> None:
    lake, tables = LakeEngine(tmp_path), delivered(TABLES)
    every = {"models": ["churn"], "since": date(2025, 1, 1), "until": day(12, 31), "known_before": known}
    cohort = counted(lake.run(query.load("cohort_truth"), every, tables), model_version="1", first_day=week)
    of_week = {
        "model_id": "churn",
        "model_version": "1",
        "batch_id": "",
        "since": week,
        "until": date.fromordinal(week.toordinal() + 6),
        "scored_since": date.min,
        "known_before": known,
    }
    by_segment = lake.run(query.load("segment_truth"), of_week, tables)
    assert counted(by_segment) == cohort
    assert cohort.total() > 1
    if week == day(3, 9) and known > moment(3, 20):
        # A truth without a day is about an earlier prediction, which must be looked at to be known.
        assert cohort[0.75, None] == 1
        narrow = lake.run(query.load("segment_truth"), {**of_week, "scored_since": week}, tables)
        assert counted(narrow)[0.75, "1"] == 1
