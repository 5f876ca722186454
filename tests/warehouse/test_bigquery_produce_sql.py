"""The SQL that counts and freezes a table, on Google's reference engine: what a file's rows give."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import qod
from qod.bins import Kind
from qod.contract import TABLES, arrow_type
from qod.counting import NumericCounts
from qod.derived import Derivation, Threshold, derive, with_derived
from qod.freeze import Frozen, freeze
from qod.projection import Projection
from qod.scored import measure, read_scored
from qod.tally import count_column, level_part, numeric_part, one_batch
from qod.warehouse.bigquery import baseline, count, counted
from qod.warehouse.bigquery import derived as computing
from qod.warehouse.bigquery import freeze as freezing
from qod.warehouse.bigquery.ask import Param
from qod.warehouse.bigquery.derived import derive_in_table
from qod.warehouse.bigquery.table import SourceTable
from tests.sql import zeta

ASKED: dict[str, Kind | None] = {
    "value": None,
    "subject": None,
    "metric": "numeric",
    "low": "categorical",
    "high": None,
    "n": None,
    "batch_date": "categorical",
    "delivered_at": "categorical",
}
N = 60


def rows() -> pa.Table:
    """Rows of a table of the contract, since those are what the engine can hold; with NaN, infinities, -0.0."""
    value = [None if i % 7 == 0 else float(x) for i, x in enumerate(np.random.default_rng(0).normal(size=N))]
    value[1:5] = [float("nan"), float("inf"), float("-inf"), -0.0]
    columns: dict[str, list[Any]] = {
        "batch_date": [date(2026, 1, 1 + i % 9) for i in range(N)],
        "subject": [["a", "b`'\\", "", "1.5", "x"][i % 5] for i in range(N)],
        "metric": [["1", ".5", "-3e2", " 7 ", "NA", "nan", "+inf"][i % 7] for i in range(N)],
        "value": value,
        "low": [[0.5, 1.0, -0.0, 1e20, None][i % 5] for i in range(N)],
        "high": [0.0 if i % 10 else float(i) for i in range(N)],
        "n": [i * 7 % 13 for i in range(N)],
        "delivered_at": [datetime(2026, 1, 1, 9, i % 3, 0, i % 2, tzinfo=UTC) for i in range(N)],
    }
    return pa.table(
        {c.name: pa.array(columns.get(c.name, ["m"] * N), arrow_type(c.type)) for c in TABLES["measures"].columns}
    )


Engine = Callable[[pa.Table], SourceTable]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Puts rows in the reference engine, which takes APPROX_QUANTILES but cannot run it: extremes stand in for it."""
    monkeypatch.setattr(counted, "POINTS", 1)

    def put(given: pa.Table) -> SourceTable:
        catalog = zeta.register({"measures": given})

        def ask(_: Any, sql: str, params: Mapping[str, Param], **__: Any) -> Any:
            sql = re.sub(r"APPROX_QUANTILES\(c\.finite, \d+\)", "[MIN(c.finite), MAX(c.finite)]", sql)
            types, values = ({name: param[i] for name, param in params.items()} for i in (0, 1))
            return SimpleNamespace(table=zeta.evaluate(sql, types, values, catalog))

        for module in (baseline, count, freezing, computing):
            monkeypatch.setattr(module, "ask", ask)
        nowhere: Any = None
        return SourceTable(nowhere, "there", "there", "measures", {c.name: c.type for c in TABLES["measures"].columns})

    return put


def bare(found: Frozen | str) -> tuple[Any, Any]:
    assert isinstance(found, Frozen)
    return replace(found, mean=None, sd=None), pytest.approx((found.mean, found.sd), rel=1e-9, abs=1e-12)


def test_bins_are_frozen_as_in_a_file(engine: Engine) -> None:
    total, found = freezing.freeze_table(engine(rows()), ASKED)
    assert total == N
    with qod.open_source(rows()) as source:
        for name, ours in zip(ASKED, found, strict=True):
            theirs = freeze(source, name, ASKED[name])
            assert isinstance(theirs, Frozen)
            same, near = bare(ours)
            assert same == replace(theirs, mean=None, sd=None)
            assert (theirs.mean, theirs.sd) == near if theirs.mean is not None else same.mean is None


def test_rows_are_counted_as_in_a_file(engine: Engine) -> None:
    with qod.open_source(rows().slice(0, 25)) as few, qod.open_source(rows()) as source:
        bins = {
            name: found.bins for name in ASKED if isinstance(found := freeze(few, name, ASKED[name] or None), Frozen)
        }
        assert len(bins) == len(ASKED)
        ours = count.count(engine(rows()), bins, id="n")
        assert (ours.rows, ours.duplicates) == (N, N - 13)
        for name in bins:
            theirs = count_column(source, name, bins[name], one_batch("b", date(2026, 1, 1), N))
            found = ours.variables[name]
            part = numeric_part(found) if isinstance(found, NumericCounts) else level_part(found)
            for fact in ("counts", "below", "above", "unseen", "low", "high", "distinct_values"):
                assert part[fact].to_pylist() == theirs[fact].to_pylist(), (name, fact)
            for fact in ("mean", "sd"):
                for one, other in zip(part[fact].to_pylist(), theirs[fact].to_pylist(), strict=True):
                    assert one == (other if other is None else pytest.approx(other, rel=1e-9, abs=1e-12)), (name, fact)


def test_what_is_computed_from_columns_is_counted_as_in_a_file(engine: Engine) -> None:
    weights = np.linalg.qr(np.random.default_rng(1).normal(size=(4, 4)))[0][:2]
    derived: dict[str, Derivation] = {
        # The deviation of "high" is so small that most of its values are cut off.
        "error": Projection(
            ("value", "metric", "n", "high"), (0.1, 0.2, 6.0, 0.5), (1.0, 90.0, 3.5, 1e-3), tuple(map(tuple, weights))
        ),
        "class": Threshold("value", -0.0),
    }
    with qod.open_source(rows()) as plain:
        source = with_derived(plain, derived)
        assert len(set(source.column("error").to_pylist())) > 50
        bins = {name: found.bins for name in derived if isinstance(found := freeze(source, name, None), Frozen)}
        ours = count.count(engine(rows()), bins, derived=derived)
        for name, found in ours.variables.items():
            theirs = count_column(source, name, bins[name], one_batch("b", date(2026, 1, 1), N))
            part = numeric_part(found) if isinstance(found, NumericCounts) else level_part(found)
            for fact in ("counts", "below", "above", "low", "high", "distinct_values"):
                assert part[fact].to_pylist() == theirs[fact].to_pylist(), (name, fact)
        features = [found for name in ("value", "n") if isinstance(found := freeze(plain, name, "numeric"), Frozen)]
        of = {"task": "binary", "score": "value", "threshold": -0.0, "features": features}
        assert derive_in_table(engine(rows()), **of)[:2] == derive(plain, **of)[:2]


@pytest.mark.parametrize(
    ("task", "score", "outcome"),
    [("binary", "value", "metric"), ("regression", "value", "n"), ("multiclass", "subject", "metric")],
)
def test_a_baseline_is_measured_as_in_a_file(engine: Engine, task: str, score: str, outcome: str) -> None:
    given = rows()
    finite = pa.array([x is not None and not np.isinf(x) for x in given["value"].to_pylist()])
    truth = pa.array([["1", "0", "b`'\\", None][i % (4 if task == "multiclass" else 2)] for i in range(N)])
    given = given.set_column(given.column_names.index("metric"), "metric", truth).filter(finite)
    ours = baseline.baselines(engine(given), task, score, outcome, 0.25)
    with qod.open_source(given) as source:
        scored = read_scored(source, task, score, outcome, {})
        assert scored is not None
        theirs = measure(scored, 0.25)
    assert ours
    assert ours.keys() == theirs.keys()
    for metric, one in theirs.items():
        assert (ours[metric].value, ours[metric].se, ours[metric].n) == pytest.approx((one.value, one.se, one.n))


def test_an_infinite_score_is_refused(engine: Engine) -> None:
    for task, outcome in (("binary", "high"), ("regression", "n")):
        with pytest.raises(qod.InputError, match="the score is infinite"):
            baseline.baselines(engine(rows()), task, "value", outcome, None)
