"""A reference and a batch of 1,000,000 rows x 50 columns, from Parquet to PSI, beside a plain read of both files.

    python -m benchmarks.producers [--rows N] [--rounds N]

Counting may take at most 4 times the faster of two plain reads with pyarrow, and 700 MB. All read the same files, which
are in the page cache; each figure is the median of its rounds, and the memory is that of a process of its own.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import qod
from dashboard.metrics.psi import psi
from qod.frozen import reference_of

ROOT: Final = Path(__file__).resolve().parents[1]
NUMERIC: Final = 40
CATEGORICAL: Final = 10
MISSING: Final = 0.02
MOST_TIMES: Final = 4.0
MOST_MEGABYTES: Final = 700.0


def write_file(path: Path, rows: int, *, seed: int, shift: float) -> None:
    """Write ``rows`` x 50 columns with 2 % missing: normals and log-normals, whole numbers, and levels."""
    random = np.random.default_rng(seed)
    columns: dict[str, pa.Array] = {}
    for place in range(NUMERIC):
        values = random.normal(shift if place % 10 == 0 else 0.0, 1.0, rows)
        if place % 4 == 1:
            values = np.exp(values)
        elif place % 4 == 2:
            values = np.round(values * 20)
        columns[f"number_{place}"] = pa.array(values, mask=random.random(rows) < MISSING)
    for place in range(CATEGORICAL):
        held = 3 + 5 * place
        codes = np.minimum(random.geometric(2 / held, rows) - 1, held - 1).astype(np.int32)
        names = pa.array([f"level {level}" for level in range(held)])
        columns[f"category_{place}"] = names.take(pa.array(codes, mask=random.random(rows) < MISSING))
    pq.write_table(pa.table(columns), path)


def read_columns(*paths: Path) -> int:
    """A plain read: every column of the files, one at a time, on all cores, and nothing done with it."""
    held = 0
    for path in paths:
        with pq.ParquetFile(path) as file:
            for name in file.schema_arrow.names:
                held += file.read(columns=[name], use_threads=True).num_rows
    return held


def read_whole(*paths: Path) -> int:
    """Another plain read: each file as one table, columns side by side on all cores."""
    held = 0
    for path in paths:
        with pq.ParquetFile(path) as file:
            held += file.read(use_threads=True).num_rows
    return held


def count_and_compare(training: Path, scored: Path) -> dict[str, float]:
    """The reference, the batch and the PSI of every variable."""
    reference = qod.build_reference("model", "1", training, task="binary")
    batch = qod.build_batch("model", "1", date(2026, 1, 1), scored, reference=reference_of(reference), task="binary")
    of_training = dict(zip(*_columns(reference.tables["reference_variables"]), strict=True))
    of_batch = zip(*_columns(batch.tables["batch_variables"]), strict=True)
    return {name: float(psi(np.array(of_training[name]), np.array([counts]))[0]) for name, counts in of_batch}


def _columns(table: pa.Table) -> tuple[list[str], list[list[int]]]:
    return table.column("variable").to_pylist(), table.column("counts").to_pylist()


def _seconds(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def _most_megabytes() -> float:
    """The most memory this process ever held. On Linux, getrusage would count what its parent held at the fork."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def main() -> int:
    """Print the table; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--once", nargs=2, type=Path, metavar="FILE", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        count_and_compare(*given.once)
        print(_most_megabytes())
        return 0
    with tempfile.TemporaryDirectory() as folder:
        training, scored = Path(folder) / "training.parquet", Path(folder) / "batch.parquet"
        write_file(training, given.rows, seed=1, shift=0.0)
        write_file(scored, given.rows, seed=2, shift=0.5)
        sizes = count_and_compare(training, scored)
        read_columns(training, scored)
        by_column, whole, counted = [], [], []
        # In turns, so that both meet the same machine.
        for _ in range(given.rounds):
            by_column.append(_seconds(lambda: read_columns(training, scored)))
            whole.append(_seconds(lambda: read_whole(training, scored)))
            counted.append(_seconds(lambda: count_and_compare(training, scored)))
        own = [sys.executable, "-m", "benchmarks.producers", "--once", str(training), str(scored)]
        megabytes = float(subprocess.run(own, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
    column_seconds, whole_seconds = statistics.median(by_column), statistics.median(whole)
    count_seconds = statistics.median(counted)
    times = count_seconds / min(column_seconds, whole_seconds)
    print(f"{given.rows:,} rows x {NUMERIC + CATEGORICAL} columns, two files; median of {given.rounds}")
    print(f"  pyarrow reads the columns    {column_seconds:6.3f} s")
    print(f"  pyarrow reads whole tables   {whole_seconds:6.3f} s")
    print(f"  reference, batch and PSI     {count_seconds:6.3f} s   {times:4.1f} times (bar {MOST_TIMES:.0f})")
    print(f"  most memory, own process     {megabytes:6.0f} MB             (bar {MOST_MEGABYTES:.0f})")
    print(
        f"  PSI of a mean moved by half a standard deviation: {sizes['number_0']:.3f}; unmoved: {sizes['number_3']:.5f}"
    )
    return 0 if times <= MOST_TIMES and megabytes < MOST_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
