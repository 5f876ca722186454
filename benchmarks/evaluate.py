"""A fleet of 300 models x 50 variables x 365 days: evaluated from nothing, and then a day's increment of 300 batches.

    python -m benchmarks.evaluate [--models N] [--variables N] [--days N] [--folder DIR]

From nothing may take 60 s and 4 GB, a day's increment 3 s. Beside each stands where the time went, and the time of
merely reading the same counts. The lake is made first, in the folder or a temporary one; each part runs in a process
of its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from dashboard.evaluate import evaluate
from qod.contract import table_from_columns
from qod.warehouse import EMPTY, Scope, Warehouse, open_warehouse
from qod.warehouse.news import News

ROOT: Final = Path(__file__).resolve().parents[1]
START: Final = date(2025, 1, 1)
BINS: Final = 12
ROWS: Final = 2_000
MOST_SECONDS: Final = {"nothing": 60.0, "day": 3.0}
MOST_MEGABYTES: Final = 4_096


def register(lake: Warehouse, models: int, variables: int) -> None:
    """Deliver the registry and the reference of every model."""
    names = [name_of(m) for m in range(models)]
    entry = {
        "model_id": names,
        "name": names,
        "task": ["binary"] * models,
        "cadence": ["P1D"] * models,
        "cohort": ["month"] * models,
        "outcome_window_days": [30] * models,
        "registered_at": [datetime(2025, 1, 1, tzinfo=UTC)] * models,
    }
    lake.deliver({"models": table_from_columns("models", entry)}, kind="register")
    versions = {"model_id": names, "model_version": ["1"] * models, "rows": [120_000] * models}
    size = models * variables
    reference = {
        "model_id": [name for name in names for _ in range(variables)],
        "model_version": ["1"] * size,
        "variable": [f"v{v:02}" for _ in names for v in range(variables)],
        "position": list(range(variables)) * models,
        "kind": ["numeric"] * size,
        "edges": [[float(edge) for edge in range(1, BINS - 1)]] * size,
        "levels": [[]] * size,
        "counts": [[*[120_000 // (BINS - 1)] * (BINS - 1), 600]] * size,
    }
    tables = {"versions": versions, "reference_variables": reference}
    lake.deliver({name: table_from_columns(name, columns) for name, columns in tables.items()}, kind="reference")


def batches(name: str, days: list[date], variables: int, seed: int) -> dict[str, pa.Table]:
    """The batches of a model on some days: calm, but for one variable in ten models that moves for a month."""
    chance = np.random.default_rng(seed)
    shares = np.full((len(days), variables, BINS), 1.0 / (BINS - 1))
    shares[..., -1] = 0.005
    if seed % 10 == 0:
        moved = np.array([(day - START).days % 100 > 70 for day in days])
        shares[moved, 0, : BINS // 2] *= 3
    counts = chance.multinomial(ROWS, shares / shares.sum(axis=-1, keepdims=True))
    ids = [day.isoformat() for day in days]
    head = {
        "model_id": [name] * len(days),
        "model_version": ["1"] * len(days),
        "batch_id": ids,
        "batch_date": days,
        "rows": [ROWS] * len(days),
    }
    size = len(days) * variables
    offsets = pa.array(np.arange(0, size * BINS + 1, BINS, dtype=np.int32))
    of_variable = {
        "model_id": pa.array([name] * size),
        "model_version": pa.array(["1"] * size),
        "batch_id": pa.array(np.repeat(ids, variables)),
        "batch_date": pa.array(np.repeat(np.array(days, "datetime64[D]"), variables)),
        "variable": pa.array([f"v{v:02}" for v in range(variables)] * len(days)),
        "counts": pa.ListArray.from_arrays(offsets, pa.array(counts.ravel())),
        "below": pa.array(np.zeros(size, np.int64)),
        "above": pa.array(np.zeros(size, np.int64)),
        "distinct_values": pa.array(np.full(size, 900)),
    }
    tables = {"batches": head, "batch_variables": of_variable}
    return {table: table_from_columns(table, columns) for table, columns in tables.items()}  # type: ignore[arg-type]


def name_of(model: int) -> str:
    """The identifier of a model."""
    return f"model_{model:03}"


class Timed:
    """A warehouse that says where the time went."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.seconds: dict[str, float] = {}
        self.rows = 0

    def query(self, name: str, /, **params: Any) -> pa.Table:
        start = time.perf_counter()
        found = self.warehouse.query(name, **params)
        self._add(f"query {name}", start)
        self.rows += found.num_rows
        return found

    def news(self, marks: Mapping[str, str], *, since: str = "") -> News:
        start = time.perf_counter()
        found = self.warehouse.news(marks, since=since)
        self._add("news", start)
        return found

    def deliver(
        self, tables: Mapping[str, pa.Table], *, kind: str, emptied: Mapping[str, Iterable[Scope]] = EMPTY
    ) -> str:
        start = time.perf_counter()
        found = self.warehouse.deliver(tables, kind=kind, emptied=emptied)
        self._add("deliver", start)
        return found

    def tidy(self) -> None:
        start = time.perf_counter()
        self.warehouse.tidy()
        self._add("tidy", start)

    def _add(self, stage: str, start: float) -> None:
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start


def measured(folder: Path, as_of: date) -> None:
    """Evaluate, and print the time of each stage."""
    lake = Timed(open_warehouse(folder))
    lake.query("registry")
    lake.seconds.clear()  # the first question starts the engine
    start = time.perf_counter()
    report = evaluate(lake, as_of=as_of)  # type: ignore[arg-type]
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {report.evaluated} models, {report.batches:,} batches written, {lake.rows:,} rows read")
    print(f"  {seconds:.2f} s, {peak:,.0f} MB")
    lake.seconds["assess and write tables"] = seconds - sum(lake.seconds.values())
    for stage, spent in sorted(lake.seconds.items(), key=lambda item: -item[1]):
        if spent >= 0.01:
            print(f"    {spent:7.2f} s  {stage}")


def merely_read(folder: Path, models: int, since: date, until: date) -> None:
    """The time of reading the same counts, and nothing else."""
    lake = open_warehouse(folder)
    lake.query("registry")
    start, rows = time.perf_counter(), 0
    for m in range(0, models, 50):
        names = [name_of(k) for k in range(m, min(m + 50, models))]
        rows += lake.query("evaluated_counts", models=names, since=since, until=until).num_rows
    print(f"  merely reading {rows:,} rows of counts: {time.perf_counter() - start:.2f} s")


def main() -> None:
    """Make the lake, and run both parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("models", 300), ("variables", 50), ("days", 365)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--part", choices=["nothing", "day", "read", "read-day"])
    given = parser.parse_args()
    last = START + timedelta(days=given.days - 1)
    if given.part in ("nothing", "day"):
        measured(given.folder, last + timedelta(days=given.part == "day"))
        return
    if given.part is not None:
        since = START if given.part == "read" else last - timedelta(days=5)
        merely_read(given.folder, given.models, since, last)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary) / "lake"
        lake = open_warehouse(folder)
        sizes = ["--models", str(given.models), "--variables", str(given.variables), "--days", str(given.days)]

        def part(name: str) -> None:
            command = [sys.executable, "-m", "benchmarks.evaluate", "--folder", str(folder), "--part", name, *sizes]
            subprocess.run(command, cwd=ROOT, check=True)

        if not lake.query("registry").num_rows:
            register(lake, given.models, given.variables)
            days = [START + timedelta(days=t) for t in range(given.days)]
            for m in range(given.models):
                lake.deliver(batches(name_of(m), days, given.variables, m), kind="batch")
        print(f"From nothing (bar {MOST_SECONDS['nothing']:.0f} s, {MOST_MEGABYTES:,} MB):", flush=True)
        part("nothing")
        part("read")
        for m in range(given.models):
            lake.deliver(batches(name_of(m), [last + timedelta(days=1)], given.variables, 1000 + m), kind="batch")
        print(f"A day's increment (bar {MOST_SECONDS['day']:.0f} s):", flush=True)
        part("day")
        part("read-day")


if __name__ == "__main__":
    main()
