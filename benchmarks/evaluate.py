"""A fleet of 300 models x 50 variables x 365 days: evaluated from nothing, and then a day's increment of 300 batches.

    python -m benchmarks.evaluate [--models N] [--variables N] [--days N] [--folder DIR]

From nothing may take 60 s and 4 GB, a day's increment 3 s. Beside each stands where the time went, the time of merely
reading the same counts, and that of PSI and its noise alone from arrays of them. Reading ahead and delivering happen
beside the assessment, so that stages add up to more than the whole. The lake is made first, in the folder or a
temporary one; each part runs in a process of its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import numpy as np
import pyarrow as pa

from dashboard.evaluation import evaluate as evaluation
from dashboard.evaluation.cube import by_version, version_history
from dashboard.evaluation.deliverable import deliverable
from dashboard.metrics.psi import bins_in_use, psi, sampling
from dashboard.metrics.psi_noise import ALPHA, critical, noise
from qod.contract import table_from_columns
from qod.warehouse import Warehouse, open_warehouse

P = ParamSpec("P")
T = TypeVar("T")

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
    return {table: table_from_columns(table, columns) for table, columns in tables.items()}


def name_of(model: int) -> str:
    """The identifier of a model."""
    return f"model_{model:03}"


class Stages:
    """Where the time goes: the seconds of each stage, and those in which its thread was at work."""

    def __init__(self) -> None:
        self.seconds: dict[str, tuple[float, float]] = {}

    def timed(self, stage: str, task: Callable[P, T]) -> Callable[P, T]:
        """The same task, its time counted."""

        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            start, busy = time.perf_counter(), time.thread_time()
            try:
                return task(*args, **kwargs)
            finally:
                before = self.seconds.get(stage, (0.0, 0.0))
                spent = time.perf_counter() - start, time.thread_time() - busy
                self.seconds[stage] = before[0] + spent[0], before[1] + spent[1]

        return run


class Timed:
    """A warehouse that says where the time went."""

    def __init__(self, warehouse: Warehouse, stages: Stages) -> None:
        self.warehouse = warehouse
        self.stages = stages
        self.rows = 0
        self.news = stages.timed("news", warehouse.news)
        self.deliver = stages.timed("deliver", warehouse.deliver)
        self.tidy = stages.timed("tidy", warehouse.tidy)

    def query(self, name: str, /, **params: Any) -> pa.Table:
        found = self.stages.timed(f"query {name}", self.warehouse.query)(name, **params)
        self.rows += found.num_rows
        return found


def measured(folder: Path, as_of: date, most: float) -> None:
    """Evaluate, and print the time of each stage."""
    stages = Stages()
    lake = Timed(open_warehouse(folder), stages)
    lake.query("registry")
    stages.seconds.clear()  # the first question starts the engine
    vars(evaluation)["deliverable"] = stages.timed("assess and make rows", deliverable)
    start, busy = time.perf_counter(), time.process_time()
    report = evaluation.evaluate(lake, as_of=as_of)  # type: ignore[arg-type]
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {report.evaluated} models, {report.batches:,} batches written, {lake.rows:,} rows read")
    held = "held" if seconds < most and peak < MOST_MEGABYTES else "MISSED"
    print(f"  {seconds:.2f} s ({busy:.2f} s of processor), {peak:,.0f} MB: bar {held}")
    for stage, (spent, own) in sorted(stages.seconds.items(), key=lambda item: -item[1][0]):
        if spent >= 0.01:
            print(f"    {spent:7.2f} s  ({own:6.2f} s of its thread)  {stage}")


def merely_read(folder: Path, models: int, since: date, until: date) -> None:
    """The time of reading the same counts and nothing else, and that of PSI and its noise alone from arrays of them."""
    lake = open_warehouse(folder)
    names = [name_of(m) for m in range(models)]
    versions = {row["model_id"]: row for row in lake.query("evaluated_versions", models=names).to_pylist()}
    references = by_version(lake.query("evaluated_references", models=names, versions=["1"]))
    rows = bins = 0
    reading = judging = 0.0
    for m in range(0, models, 50):
        some = names[m : m + 50]
        start = time.perf_counter()
        counts = lake.query("evaluated_counts", models=some, since=since, until=until)
        reading, rows = reading + time.perf_counter() - start, rows + counts.num_rows
        batches = by_version(lake.query("evaluated_batches", models=some, since=since, until=until))
        for key, of_model in by_version(counts).items():
            history = version_history(
                versions[key[0]], reference=references[key], batches=batches[key], counts=of_model
            )
            training = np.stack([variable.counts for variable in history.variables])
            bins += history.counts.size
            start = time.perf_counter()
            scale, used = sampling(training, history.counts), bins_in_use(training, history.counts)
            psi(training, history.counts), noise(scale, used), critical(scale, used, ALPHA)
            judging += time.perf_counter() - start
    print(f"  merely reading {rows:,} rows of counts: {reading:.2f} s")
    print(f"  PSI and its noise alone, from arrays of {bins:,} counts: {judging:.2f} s")


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
        measured(given.folder, last + timedelta(days=given.part == "day"), MOST_SECONDS[given.part])
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
