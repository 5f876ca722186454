"""What each query is asked in the proof: small tables, parameters, and the edges that matter to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from qod.warehouse import query
from tests.sql.fleet import FLEET
from tests.sql.rows import Row, day, moment, row, text
from tests.sql.truth import BINARY, CHANCES, CLASSES, CROWD, NUMBERS, SEGMENTS

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
_SECOND: Final = {**_FIRST, "batch_id": "b2", "batch_date": day(3, 9)}
_NEWEST: Final = {**_CHURN, "model_version": "4", "batch_id": "b2", "batch_date": day(3, 16)}
_ALWAYS: Final = {"since": day(1, 1), "until": day(12, 31)}
_NOBODY: Final = {"model_id": "nobody"}
_OF_RULE: Final = {"rule": "drift", "subject": "age"}


_FLEET: Final = {"models": ["churn", "fraud", "other"]}
_TRUTH: Final = {**_FLEET, "since": date(2025, 1, 1), "until": day(12, 31), "known_before": moment(12, 31)}
_KNOWN: Final = {**_FLEET, "since": date.min, "until": date.max, "known_from": moment(3, 20)}
_SEGMENTS: Final = {
    **_FIRST,
    **{
        "batch_id": "",
        "since": day(3, 1),
        "until": day(3, 31),
        "scored_since": date.min,
        "known_before": moment(12, 31),
    },
}
_UNDATED: Final = row("outcomes", model_id="other", entity_id="e1", batch_date=None, observed_at=moment(5, 1))
_EVENTS: Final = (
    row("events"),
    row("events", event_id="v0", kind="snoozed", subject=None, author=None, facts=None),
    row("events", event_id="v2", happened_at=moment(3, 2), model_version=None, batch_id=None),
    row("events", event_id="v3", model_id=None),
)
_COHORTS: Final = (
    row("cohorts"),
    row("cohorts", batch_id="week:2026-W10", batch_date=day(3, 2), last_day=day(3, 8), predicted=0, known=0),
    row("cohorts", model_version="10", batch_id="batch:b1", batch_date=day(3, 2), last_day=day(3, 2)),
    row("cohorts", model_id="fraud", batch_id="batch:b1", batch_date=day(3, 2), last_day=day(3, 2)).bare(),
)
_HELD: Final = (
    row("held"),
    row("held", level="Another"),
    row("held", level=None, rows=4),
    row("held", variable="age", reason="out_of_range", level=None, rows=4),
    row("held", variable="age", reason="missing", level=None, rows=4),
    row("held", batch_id="b2", batch_date=day(3, 9)),
    row("held", 2, batch_id="b2", batch_date=day(3, 9), rows=7),
    row("held", model_version="10", batch_id="b2", batch_date=day(3, 9)),
    row("held", model_id="fraud"),
)


def _registered(rows: Rows, task: str, cohort: str) -> Rows:
    """The rows, and the entry of their model."""
    return (*rows, row("models", task=task, cohort=cohort), row("models", model_id="other", task=task, cohort="batch"))


_VERSIONS: Final = (
    *(row("versions", model_version=name) for name in ("1", "2", "10")),
    *(row("versions", model_id="fraud", model_version=name) for name in ("1", "2")),
    row("versions", model_id="single"),
)

_WRITTEN: Final = (
    Case("cohort_truth", "binary by month", _TRUTH, _registered(BINARY, "binary", "month")),
    Case("cohort_truth", "binary by week, over the turn of a year", _TRUTH, _registered(BINARY, "binary", "week")),
    Case("cohort_truth", "binary by batch", _TRUTH, _registered(BINARY, "binary", "batch")),
    Case(
        *("cohort_truth", "truth of one day on"),
        {**_TRUTH, "known_before": moment(3, 20)},
        _registered(BINARY, "binary", "batch"),
    ),
    Case(
        *("cohort_truth", "predictions of a span of days"),
        {**_TRUTH, "since": day(1, 1), "until": day(3, 2)},
        _registered(BINARY, "binary", "batch"),
    ),
    Case("cohort_truth", "classes by week", _TRUTH, _registered(CLASSES, "multiclass", "week")),
    Case("cohort_truth", "classes by batch", _TRUTH, _registered(CLASSES, "multiclass", "batch")),
    Case("cohort_truth", "probabilities by month", _TRUTH, _registered(CHANCES, "multiclass", "month")),
    Case("cohort_truth", "probabilities by batch", _TRUTH, _registered(CHANCES, "multiclass", "batch")),
    Case("cohort_truth", "probabilities nobody asks for", _TRUTH, _registered(CHANCES, "binary", "month")),
    Case("cohort_truth", "numbers by month", _TRUTH, _registered(NUMBERS, "regression", "month")),
    Case("cohort_truth", "numbers by batch", _TRUTH, _registered(NUMBERS, "regression", "batch")),
    Case("cohort_truth", "many scores", _TRUTH, _registered(CROWD, "binary", "month")),
    Case("cohort_truth", "an unknown model", {**_TRUTH, "models": ["nobody"]}, _registered(BINARY, "binary", "month")),
    Case("cohort_truth", "no model", {**_TRUTH, "models": []}, _registered(BINARY, "binary", "month")),
    Case("batch_counts", "numbers and levels", {**_SECOND, "batch_id": "b1", "batch_date": day(3, 2)}),
    Case("batch_counts", "delivered twice", _SECOND),
    Case("batch_counts", "none on another day", {**_SECOND, "batch_date": day(3, 2)}),
    Case("batches", "two versions", _CHURN),
    Case("batches", "none", _NOBODY),
    Case("delivered", "models with and without"),
    Case("evaluation_state", "ties within a day"),
    Case("fleet", "models with and without health"),
    Case("fleet_health", "ties within a day", {"since": date.min}),
    Case("fleet_health", "from a day on", {"since": day(3, 15)}),
    Case("fleet_health", "from after the last", {"since": day(12, 31)}),
    Case("fleet_findings", "a day", {"days": [day(3, 16)]}),
    Case("fleet_findings", "days with and without batches", {"days": [day(3, 9), day(3, 2), day(12, 31)]}),
    Case("fleet_findings", "no days", {"days": []}),
    Case("open_findings", "days with and without latest batches", {"days": [day(3, 16), day(3, 9), day(12, 31)]}),
    Case("open_findings", "no days", {"days": []}),
    Case("past_findings", "from a day on", {"since": day(3, 2)}),
    Case("past_findings", "from after the last", {"since": day(12, 31)}),
    Case("evaluated_batches", "two versions", {**_FLEET, **_ALWAYS}),
    Case("evaluated_batches", "of one day", {**_FLEET, "since": day(3, 9), "until": day(3, 9)}),
    Case("evaluated_batches", "no model", {**_ALWAYS, "models": []}),
    Case("evaluated_cohorts", "two versions", {**_FLEET, **_ALWAYS}, _COHORTS),
    Case("evaluated_cohorts", "from a day on", {**_FLEET, "since": day(3, 2), "until": day(12, 31)}, _COHORTS),
    Case("evaluated_counts", "two versions", {**_FLEET, **_ALWAYS}),
    Case("evaluated_counts", "of one day", {**_FLEET, "since": day(3, 9), "until": day(3, 9)}),
    Case("evaluated_health", "two versions", {**_FLEET, "since": day(1, 1)}),
    Case("evaluated_health", "from a day on", {**_FLEET, "since": day(3, 15)}),
    Case("evaluated_places", "names that two versions have", {**_FLEET, "batches": ["b2", "b10", "none"]}),
    Case("evaluated_places", "no names", {**_FLEET, "batches": []}),
    Case("evaluated_references", "positions that tie", {**_FLEET, "versions": ["1", "2"]}),
    Case("evaluated_references", "an unknown version", {**_FLEET, "versions": ["9"]}),
    Case("evaluated_versions", "deployed or not", _FLEET),
    Case("finding_course", "from its first day on", {**_CHURN, **_OF_RULE, "since": day(1, 1)}),
    Case("finding_course", "of one day on", {**_CHURN, **_OF_RULE, "since": day(3, 9)}),
    Case("finding_course", "of nothing", {**_CHURN, **_OF_RULE, "rule": "absent", "since": day(1, 1)}),
    Case(
        *("guard_references", "positions that tie"),
        {**_FLEET, "versions": ["1", "2"], "variables": ["age", "plan", "none"]},
    ),
    Case("guard_references", "no variable", {**_FLEET, "versions": ["1"], "variables": []}),
    Case("held_rows", "levels and others, ties", {**_CHURN, "since": day(1, 1)}, _HELD),
    Case("held_rows", "from a day on", {**_CHURN, "since": day(3, 9)}, _HELD),
    Case("held_rows", "none", {**_NOBODY, "since": day(1, 1)}, _HELD),
    Case("gates", "open, failed and passed"),
    Case("health_until", "the last day", {"until": day(12, 31)}),
    Case("health_until", "a day between two batches", {"until": day(3, 12)}),
    Case("health_until", "before all", {"until": date(2025, 1, 1)}),
    Case("inputs_findings", "a batch and a rule before it", {**_NEWEST, "rule": "drift", "since": day(3, 2)}),
    Case("inputs_findings", "a rule that found nothing", {**_NEWEST, "rule": "absent", "since": day(1, 1)}),
    Case("inputs_findings", "a batch alone", {**_SECOND, "rule": "drift", "since": day(3, 9)}),
    Case("inputs_measures", "from a day on", {**_CHURN, "since": day(3, 9), "until": day(12, 31)}),
    Case("inputs_measures", "until a day", {**_CHURN, "since": day(1, 1), "until": day(3, 9)}),
    Case("inputs_measures", "from after the last", {**_CHURN, "since": day(12, 1), "until": day(12, 31)}),
    Case("labelled_rows", "late, repeated and undated truth", {**_FLEET, **_ALWAYS}, (*BINARY, _UNDATED)),
    Case("labelled_rows", "of one day", {**_FLEET, "since": day(3, 9), "until": day(3, 9)}, (*BINARY, _UNDATED)),
    Case("labelled_rows", "no model", {**_ALWAYS, "models": []}, BINARY),
    Case("measures", "cohorts too", {**_CHURN, **_ALWAYS}),
    Case("measures", "of one day", {**_CHURN, "since": day(3, 9), "until": day(3, 9)}),
    Case("events", "from a moment on", {"since": moment(3, 3, 7)}, _EVENTS),
    Case("events", "from after the last", {"since": moment(12, 31)}, _EVENTS),
    Case("model", "with everything", _CHURN),
    Case("model_events", "of one moment", _CHURN, _EVENTS),
    Case("model_events", "none", _NOBODY, _EVENTS),
    Case("model", "with nothing", {"model_id": "fraud"}),
    Case("model", "a name that is no name", {"model_id": "Ärger 'x' \U0001f525"}),
    Case("model", "an unknown model", _NOBODY),
    Case("model_findings", "of every family", _SECOND),
    Case("model_findings", "on another day", {**_SECOND, "batch_date": day(3, 2)}),
    Case("model_findings", "none", {**_FIRST, "batch_id": "b3", "batch_date": day(3, 2)}),
    Case("model_health", "ties within a day", {**_CHURN, "since": day(1, 1)}),
    Case("model_health", "from a day on", {**_CHURN, "since": day(3, 15)}),
    Case("model_versions", "deployed or not", _CHURN),
    Case("next_batch", "the next", {**_FLEET, "since": day(3, 2)}),
    Case("next_batch", "none after", {**_FLEET, "since": day(12, 31)}),
    Case("next_truth", "from the moment itself", _KNOWN, BINARY),
    Case("next_truth", "from a microsecond later", {**_KNOWN, "known_from": moment(3, 20, 0, 0, 0, 1)}, BINARY),
    Case("next_truth", "of some days, and of none", {**_KNOWN, "since": day(3, 2), "until": day(3, 2)}, BINARY),
    Case("next_truth", "none after", {**_KNOWN, "known_from": moment(12, 31)}, BINARY),
    Case("performance_measures", "by cohort", {**_CHURN, "days": [day(3, 1), day(3, 2)]}),
    Case("performance_measures", "of one day", {**_CHURN, "days": [day(3, 2)]}),
    Case("prediction_dates", "the same day twice", {**_CHURN, "since": day(1, 1), "until": day(12, 31)}, BINARY),
    Case("prediction_dates", "of one day", {**_CHURN, "since": day(3, 2), "until": day(3, 2)}, BINARY),
    Case("reference", "positions that tie", _FIRST),
    Case("reference", "an unknown version", {**_CHURN, "model_version": "9"}),
    Case("registry", "with everything and with nothing"),
    Case("policies", "delivered twice", {}, (row("policies"), row("policies", 2, policy=text({})))),
    Case("policies", "of two fleets", {}, (row("policies"), row("policies", policy_id="a fleet"))),
    Case("runs", "newest first"),
    Case("last_run", "of two"),
    Case("trained_versions", "with and without batches", _FLEET),
    Case("undated_truth", "met and not", {**_FLEET, **_ALWAYS}, (*BINARY, _UNDATED)),
    Case("undated_truth", "in one day", {**_FLEET, "since": day(3, 9), "until": day(3, 9)}, (*BINARY, _UNDATED)),
    Case("several_versions", "of two models, and one of a third", {}, _VERSIONS),
    Case("segment_truth", "a span of days", _SEGMENTS, SEGMENTS),
    Case("segment_truth", "truth of one day on", {**_SEGMENTS, "known_before": moment(3, 20)}, SEGMENTS),
    Case("segment_truth", "of one batch", {**_SEGMENTS, "batch_id": "b2"}, SEGMENTS),
    Case("segment_truth", "an undated truth about an older day", {**_SEGMENTS, "since": day(3, 9)}, SEGMENTS),
    Case("segment_truth", "an unknown version", {**_SEGMENTS, "model_version": "9"}, SEGMENTS),
    Case("segment_truth", "classes", _SEGMENTS, CLASSES),
    Case("segment_truth", "numbers", _SEGMENTS, NUMBERS),
    Case("variable_counts", "a number", {**_FIRST, **_ALWAYS, "variable": "age"}),
    Case("variable_counts", "levels", {**_FIRST, **_ALWAYS, "variable": "plan"}),
    Case("variable_counts", "of some days", {**_FIRST, "variable": "age", "since": day(3, 3), "until": day(3, 9)}),
    Case("variable_measures", "a number", {**_FIRST, **_ALWAYS, "variable": "age"}),
    Case("variable_measures", "levels", {**_FIRST, **_ALWAYS, "variable": "plan"}),
    Case("variable_measures", "a calm one", {**_FIRST, **_ALWAYS, "variable": "calm"}),
    Case("variable_measures", "without rows", {**_FIRST, **_ALWAYS, "variable": "gone"}),
    Case("variable_measures", "not judged", {**_FIRST, **_ALWAYS, "variable": "grey"}),
    Case("variable_measures", "of some days", {**_FIRST, "variable": "age", "since": day(3, 3), "until": day(3, 9)}),
    Case("variables", "positions that tie", _CHURN),
    Case("version_days", "trained, deployed or neither", _FLEET),
    Case("version_days", "no model", {"models": []}),
    Case("versions", "with everything and with nothing", _CHURN),
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
