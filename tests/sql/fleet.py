"""A fleet of few rows that holds what queries trip over: ties, NULLs, empty arrays, replaced rows, odd names."""

from __future__ import annotations

from typing import Final

from tests.sql.rows import Row, day, moment, row, text

_ODD: Final = "Ärger 'x' \U0001f525"

_MODELS: Final = (
    row("models"),
    row("models", 2, name="Churn, mobile postpaid", team=None),
    row("models", model_id="fraud", name="Fraud", task="multiclass", cadence="P1D", cohort="batch").bare(),
    row("models", model_id=_ODD, name="", description="", links=text({}), outcome_window_days=0),
    row("models", model_id="Zoo", name="Zoo", registered_at=moment(12, 31, 23, 59, 59, 999999)),
)

_VERSIONS: Final = (
    row("versions"),
    row("versions", model_version="2", deployed_at=moment(3, 10), trained_at=moment(3, 1), score_variable=None),
    row("versions", model_version="4", deployed_at=moment(3, 10), trained_at=moment(3, 1, 5), rows=0),
    row("versions", model_version="10", deployed_at=None, trained_at=moment(3, 15), baselines=None),
    row("versions", model_version="11").bare(),
    row("versions", model_id="fraud").bare(),
    row("versions", model_id="unregistered"),
)

_GATES: Final = (
    row("gates"),
    row("gates", 2, cohorts=2),
    row("gates", model_version="4", against="2", state="failed").bare(),
    row("gates", model_version="10", against="1", state="passed"),
    row("gates", model_version="11", against="gone"),
    row("gates", model_id="unregistered", model_version="1", against="1", state="passed").bare(),
)

_REFERENCES: Final = (
    row("reference_variables"),
    row("reference_variables", variable="score", position=1, importance=None, edges=[0.1, 0.25, 1e-9], tail=[]),
    row(
        "reference_variables",
        variable="plan",
        position=1,
        kind="categorical",
        edges=[],
        levels=["basic", "", "préférence", _ODD],
        low=None,
        high=None,
        counts=[500, 300, 150, 50, 0, 0, 0],
        mean=None,
        sd=None,
    ),
    row("reference_variables", model_version="2", counts=[], edges=[], levels=[], tail=[], low=-1e300, high=1e300),
    row("reference_variables", model_id="fraud", variable="amount").bare(),
)

_PLAN: Final = {"variable": "plan", "below": None, "above": None, "mean": None, "sd": None, "low": None, "high": None}
_B2: Final = {"batch_id": "b2", "batch_date": day(3, 9)}
_B10: Final = {"batch_id": "b10", "batch_date": day(3, 9)}
_SECOND: Final = {"model_version": "2", "batch_id": "b2", "batch_date": day(3, 16)}
_FOURTH: Final = {"model_version": "4", "batch_id": "b2", "batch_date": day(3, 16)}  # of the second's name and day
_FRAUD: Final = {"model_id": "fraud", "batch_id": "2026-03-02"}

_BATCHES: Final = (
    row("batches"),
    row("batches", **_B2, rows=101),
    row("batches", 2, **_B2, rows=99, duplicate_ids=4, run_url=None),
    row("batches", **_B10, rows=0, bins=None),
    row("batches", **_SECOND, rows=2**53 + 1),
    row("batches", **_FOURTH),
    row("batches", **_FRAUD).bare(),
    row("batches", model_id="unregistered"),
    row("batch_variables"),
    row("batch_variables", **_PLAN, counts=[60, 30, 10, 0, 0, 3, 0], quantiles=[]),
    row("batch_variables", **_B2, counts=[1, 2, 3, 4]),
    row("batch_variables", **_B2, **_PLAN),  # the second delivery of the batch no longer has it
    row("batch_variables", 2, **_B2, counts=[30, 30, 39, 0], unseen=[], below=0, above=0, mean=-0.0, sd=5e-324),
    row("batch_variables", **_B10, counts=[0, 0, 0, 0], unseen=[], quantiles=[], distinct_values=0).bare(),
    row("batch_variables", **_B10, **_PLAN, counts=[], unseen=[{"level": "", "rows": 0}, {"level": _ODD, "rows": 2}]),
    row("batch_variables", **_SECOND),
    row("batch_variables", **_FRAUD, variable="amount", quantiles=[], unseen=[], counts=[]).bare(),
)

_MARCH: Final = {"batch_id": "month:2026-03", "batch_date": day(3, 1), "subject": "model"}
_WEEK: Final = {"batch_id": "week:2026-W10", "batch_date": day(3, 2), "subject": "model"}
_NONE: Final = {"value": None, "low": None, "high": None}

_MEASURES: Final = (
    row("measures"),
    row("measures", subject="calm"),
    row("measures", subject="gone", metric="psi", **_NONE, n=0),
    row("measures", subject="grey"),
    row("measures", subject="grey", metric="drift", **_NONE),
    row("measures", metric="drift", value=1.0, low=2.0, high=None, n=None),
    row("measures", metric="missing_share", value=0.0),
    row("measures", metric="out_of_range_share", value=1 / 3),
    row("measures", metric="distinct_values", value=88.0),
    row("measures", subject="plan", metric="unseen_share", value=0.03),
    row("measures", subject="plan", metric="psi", **_NONE),
    row("measures", subject="batch", metric="rows", value=100.0),
    row("measures", **_B2, value=0.5),
    row("measures", **_B2, subject="plan", metric="missing_share", value=0.5),
    row("measures", 2, **_B2, value=0.25, low=-0.0, high=0.0),
    row("measures", 2, **_B2, metric="drift", value=2.0),
    row("measures", 2, **_B2, subject="plan", metric="psi", **_NONE),
    row("measures", **_B10, metric="missing_share", value=1e-17),
    row("measures", **_SECOND),
    row("measures", **_MARCH, metric="auc", value=0.75, low=0.7, high=0.8),
    row("measures", **_MARCH, metric="completeness", value=1.0, low=None, high=None),
    row("measures", **_WEEK, metric="auc", **_NONE, n=0),
    row("measures", **{**_WEEK, "subject": "age"}, metric="psi", value=0.2),
    row("measures", batch_id="monthly", batch_date=day(3, 1), subject="model", metric="auc"),
    row("measures", **_FRAUD, subject="amount").bare(),
    row("measures", **_FRAUD, subject="model", metric="accuracy", value=0.9),
)

_FINDINGS: Final = (
    row("findings", colour="red"),
    row("findings", **_B2, rule="old", colour="red"),
    row("findings", 2, **_B2, colour="red", since=day(3, 9)),
    row("findings", 2, **_B2, rule="missing", family="quality", weight=None),
    row("findings", 2, **_B2, subject="batch", rule="row_count", family="quality", weight=None),
    row("findings", 2, **_B2, subject="model", rule="auc", family="performance", facts=text([1, 2.5, None, "é"])),
    row("findings", 2, **_B2, subject="plan", rule="unseen", family="quality", colour="note"),
    row("findings", **_B10, subject="plan"),
    row("findings", **_SECOND),
    row("findings", **_FOURTH, since=day(3, 9)),
    row("findings", **_FOURTH, rule="constant", family="quality", since=day(3, 9)),
    row("findings", **_FOURTH, subject="plan", colour="red"),
    row("findings", **_FOURTH, subject="score"),  # the score of this version, which is no input
    row("findings", **_FOURTH, subject="batch", rule="duplicate_ids", family="quality"),
    row("findings", **_FOURTH, subject="plan", rule="too_few_rows", colour="grey"),
    row("findings", **_FRAUD, subject="amount").bare(),
    row("findings", **{**_FRAUD, "batch_id": "2026-03-02b"}, subject="score", weight=0.0),
)

_HEALTH: Final = (
    row("health", inputs="c3"),
    row("health", **_B2, colour="amber", drift="amber"),
    row("health", 2, **_B2, colour="red", drift="red", since=day(3, 9), inputs="d4", valid_until=None),
    row("health", **_B10, colour="grey", drift="grey", headline_en="", headline_fr=""),
    row("health", **_SECOND, colour="green", inputs="e5", version_order=2),
    row("health", **_FOURTH, colour="amber", as_of=day(3, 17), version_order=10),
    row("health", **{**_FOURTH, "batch_id": "without a batch", "batch_date": day(3, 15)}, colour="red"),
    row("health", **_FRAUD).bare(),
    row("health", **{**_FRAUD, "batch_id": "2026-03-02b"}, colour="red", since=day(2, 28)),
    row("health", model_id="unregistered", batch_date=day(1, 1), since=day(1, 1), as_of=day(1, 1)),
)

_STANDING: Final = (
    row("standing"),
    row("standing", 2, **_FOURTH, colour="amber", as_of=day(3, 17), mark="e5"),
    row("standing", **_FRAUD, strip=[]).bare(),
    row("standing", model_id="unregistered", headline_en="", headline_fr=_ODD),
)

FLEET: Final[tuple[Row, ...]] = (
    *(*_MODELS, *_VERSIONS, *_GATES, *_REFERENCES, *_BATCHES),
    *(*_MEASURES, *_FINDINGS, *_HEALTH, *_STANDING),
    *(row("runs"), row("runs", run_id="20260304T090000.000000Z-00000002", finished_at=moment(3, 4, 9)).bare()),
    *(row("predictions"), row("outcomes"), row("events")),
)
"""A few models, versions and batches, some of them delivered twice."""
