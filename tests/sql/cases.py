"""What each query is asked in the proof: small tables, parameters, and the edges that matter to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from qod.warehouse import query
from tests.sql.fleet import FLEET
from tests.sql.rows import Row, day, moment
from tests.sql.truth import BINARY, CLASSES, CROWD, NUMBERS

Rows = tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One question: a query with its parameters, on these rows."""

    query: str
    label: str
    params: Mapping[str, Any] = field(default_factory=dict)
    rows: Rows = FLEET

    def __str__(self) -> str:
        return f"{self.query}: {self.label}"


_CHURN: Final = {"model_id": "churn"}
_FIRST: Final = {**_CHURN, "model_version": "1"}
_NOBODY: Final = {"model_id": "nobody"}


def _truth(task: str, cohort: str, **more: Any) -> dict[str, Any]:
    known = {"until": day(12, 31), "known_before": moment(12, 31)}
    return {**_CHURN, "task": task, "cohort": cohort, **known, **more}


_WRITTEN: Final = (
    Case("cohort_measures", "months and weeks", _CHURN),
    Case("cohort_truth", "binary by month", _truth("binary", "month"), BINARY),
    Case("cohort_truth", "binary by week, over the turn of a year", _truth("binary", "week"), BINARY),
    Case("cohort_truth", "binary by batch", _truth("binary", "batch"), BINARY),
    Case("cohort_truth", "truth of one day on", _truth("binary", "batch", known_before=moment(3, 20)), BINARY),
    Case("cohort_truth", "predictions of one day on", _truth("binary", "batch", until=day(3, 2)), BINARY),
    Case("cohort_truth", "classes by week", _truth("multiclass", "week"), CLASSES),
    Case("cohort_truth", "classes by batch", _truth("multiclass", "batch"), CLASSES),
    Case("cohort_truth", "numbers by month", _truth("regression", "month"), NUMBERS),
    Case("cohort_truth", "numbers by batch", _truth("regression", "batch"), NUMBERS),
    Case("cohort_truth", "many scores", _truth("binary", "month"), CROWD),
    Case("cohort_truth", "an unknown model", {**_truth("binary", "month"), **_NOBODY}, BINARY),
    Case("delivered", "models with and without"),
    Case("evaluation_state", "ties within a day"),
    Case("fleet", "models with and without health"),
    Case("fleet_findings", "the latest batch alone"),
    Case("health_digests", "two versions", _CHURN),
    Case("inputs_measures", "from a day on", {**_CHURN, "since": day(3, 9)}),
    Case("inputs_measures", "from before the first", {**_CHURN, "since": day(1, 1)}),
    Case("inputs_measures", "from after the last", {**_CHURN, "since": day(12, 1)}),
    Case("measures", "cohorts too", _CHURN),
    Case("model", "with everything", _CHURN),
    Case("model", "with nothing", {"model_id": "fraud"}),
    Case("model", "a name that is no name", {"model_id": "Ärger 'x' \U0001f525"}),
    Case("model", "an unknown model", _NOBODY),
    Case("model_batches", "up to a day", {**_CHURN, "until": day(3, 9)}),
    Case("model_batches", "all", {**_CHURN, "until": day(12, 31)}),
    Case("model_batches", "none yet", {**_CHURN, "until": day(1, 1)}),
    Case("model_counts", "up to a day", {**_CHURN, "until": day(3, 9)}),
    Case("model_counts", "with nothing", {"model_id": "fraud", "until": day(12, 31)}),
    Case("model_findings", "of every family", {**_FIRST, "batch_id": "b2"}),
    Case("model_findings", "none", {**_FIRST, "batch_id": "b1"}),
    Case("model_health", "with and without a batch", _CHURN),
    Case("model_references", "positions that tie", _CHURN),
    Case("model_versions", "deployed or not", _CHURN),
    Case("next_batch", "the next", {**_CHURN, "after": day(3, 2)}),
    Case("next_batch", "none after", {**_CHURN, "after": day(12, 31)}),
    Case("next_truth", "from the moment itself", {**_CHURN, "known_before": moment(3, 20)}, BINARY),
    Case("next_truth", "from a microsecond later", {**_CHURN, "known_before": moment(3, 20, 0, 0, 0, 1)}, BINARY),
    Case("next_truth", "none after", {**_CHURN, "known_before": moment(12, 31)}, BINARY),
    Case("performance_measures", "by cohort", _CHURN),
    Case("prediction_dates", "the same day twice", _CHURN, BINARY),
    Case("recent_health", "the last two", {"batches": 2}),
    Case("recent_health", "the last hundred", {"batches": 100}),
    Case("recent_health", "none", {"batches": 0}),
    Case("reference", "positions that tie", _FIRST),
    Case("reference", "an unknown version", {**_CHURN, "model_version": "9"}),
    Case("reference_variable", "a number", {**_FIRST, "variable": "age"}),
    Case("reference_variable", "levels", {**_FIRST, "variable": "plan"}),
    Case("registry", "with everything and with nothing"),
    Case("rule_findings", "from a day on", {**_CHURN, "rule": "drift", "since": day(3, 9)}),
    Case("rule_findings", "another rule", {**_CHURN, "rule": "missing", "since": day(1, 1)}),
    Case("variable_counts", "a number", {**_FIRST, "variable": "age"}),
    Case("variable_counts", "levels", {**_FIRST, "variable": "plan"}),
    Case("variable_measures", "a number", {**_FIRST, "variable": "age"}),
    Case("variable_measures", "levels", {**_FIRST, "variable": "plan"}),
    Case("versions", "ties and versions never used", _CHURN),
)


def written(name: str) -> tuple[Case, ...]:
    """The cases written for a query."""
    return tuple(case for case in _WRITTEN if case.query == name)


def cases() -> tuple[Case, ...]:
    """Every written case, and for each query the edges that every query has."""
    return (*_WRITTEN, *(edge for case in _first_written() for edge in (_nulls(case), *_lacks(case))))


def tied() -> tuple[Case, ...]:
    """The cases with rows enough to tie: the written ones, and those with NULL wherever it may be."""
    return (*_WRITTEN, *map(_nulls, _first_written()))


def queries() -> set[str]:
    """The queries that some case is written for."""
    return {case.query for case in _WRITTEN}


def _first_written() -> list[Case]:
    return [case for name in query.names() for case in written(name)[:1]]


def _nulls(case: Case) -> Case:
    return replace(case, label="NULLs", rows=tuple(row.bare() for row in case.rows))


def _lacks(case: Case) -> list[Case]:
    """A case without rows, with one row a table, and without those of each table it asks, one at a time."""
    first = {row.table: row for row in reversed(case.rows)}
    edges = [replace(case, label="no rows", rows=()), replace(case, label="one row", rows=tuple(first.values()))]
    asked = query.load(case.query).tables
    for table in asked if len(asked) > 1 else ():
        rows = tuple(row for row in case.rows if row.table != table)
        edges.append(replace(case, label=f"no {table}", rows=rows))
    return edges
