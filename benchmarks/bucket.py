"""Compares ways for DuckDB to read a bucket: a model's year of measures, behind a server that answers after 30 ms.

Run it as ``python -m benchmarks.bucket``. The server is the emulator of the tests; the delay is added before it, so
that requests at once wait together, as they do in the cloud.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta

import duckdb
import pyarrow as pa

from benchmarks.lake import START, rows_of
from qod.warehouse import open_warehouse, seal
from qod.warehouse.lake import LakeWarehouse
from tests.warehouse.gcs_server import BUCKET, Front, emulator, front

SQL = "SELECT batch_id, subject, max(value) FROM {} WHERE metric = 'psi' GROUP BY ALL"
TIMES = 3


def fill(address: str) -> LakeWarehouse:
    """A lake with 36 files of measures of one model: 10 days each, over a year."""
    lake = open_warehouse(address)
    assert isinstance(lake, LakeWarehouse)
    for start in range(0, 360, 10):
        rows = rows_of("measures", 1, range(start, start + 10)).drop_columns(["delivery_id", "delivered_at"])
        lake.deliver({"measures": rows}, kind="evaluation")
    seal.seal(lake.journal, least=1)
    return lake


def gcsfs_files(names: list[str]) -> Callable[[], pa.Table]:
    """DuckDB reads ranges of the objects through gcsfs."""
    import gcsfs

    files = gcsfs.GCSFileSystem(token="anon", use_listings_cache=False, skip_instance_cache=True)
    paths = [f"gs://{name}" for name in names]

    def read() -> pa.Table:
        connection = duckdb.connect()
        connection.register_filesystem(files)
        return connection.sql(SQL.format("read_parquet($paths)"), params={"paths": paths}).to_arrow_table()

    return read


def copied(address: str) -> Callable[[], pa.Table]:
    """The product: objects are copied to this machine, once."""

    def read() -> pa.Table:
        lake = open_warehouse(address)
        span = {"since": START, "until": START + timedelta(days=400)}
        return lake.query("inputs_measures", model_id="m000", **span)

    return read


def measure(title: str, read: Callable[[], pa.Table], server: Front, before: Callable[[], None]) -> None:
    """Print the median of some tries, and the requests of one."""
    times, processor, requests = [], [], 0
    for _ in range(TIMES):
        before()
        server.asked.clear()
        start, cpu = time.perf_counter(), time.process_time()
        assert read().num_rows > 0
        times.append(time.perf_counter() - start)
        processor.append(time.process_time() - cpu)
        requests = len(server.asked)
    print(f"{title:<44}{statistics.median(times):>8.2f}{statistics.median(processor):>8.2f}{requests:>10}")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--delay", type=float, default=0.03, help="seconds before each answer")
    arguments = parser.parse_args()
    os.environ["GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT"] = "false"
    with emulator() as behind, front(behind) as server:
        os.environ["STORAGE_EMULATOR_HOST"] = server.address
        address = f"gs://{BUCKET}/bench"
        lake = fill(address)
        names = [f"{BUCKET}/bench/{live.file.path}" for live in lake.live_files("measures")["measures"]]
        server.delay_seconds = arguments.delay
        print(f"{len(names)} objects, {arguments.delay * 1000:.0f} ms an answer")
        print(f"{'':<44}{'s':>8}{'CPU s':>8}{'requests':>10}")
        measure("DuckDB, ranges through gcsfs", gcsfs_files(names), server, lambda: None)

        def elsewhere() -> None:
            tempfile.tempdir = tempfile.mkdtemp()

        measure("copies, none there yet; opening included", copied(address), server, elsewhere)
        measure("copies, all there; opening included", copied(address), server, lambda: None)


if __name__ == "__main__":
    main()
