"""Measures opening a lake, and one page's questions to it, for a fleet of 300 models over a year.

Run it as ``python -m benchmarks.lake``. It counts listings, objects and bytes read, and processor time, each in a fresh
process; ``--reading`` compares ways for DuckDB to read a bucket, behind a server that answers after 30 ms.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from qod.contract import arrow_schema, table_from_columns
from qod.warehouse import log, seal
from qod.warehouse.folder import FolderStore
from qod.warehouse.lake import LakeWarehouse
from qod.warehouse.log import Commit, DataFile

START = date(2026, 1, 1)
VARIABLES, PREDICTIONS = 10, 50
METRICS = ("psi", "psi_noise", "psi_debiased", "drift", "missing_share", "unseen_share", "out_of_range_share")
TABLES = ("batches", "batch_variables", "predictions", "health", "measures", "findings")
PIECE_DAYS = 15


class Counting(FolderStore):
    """A folder that counts what is asked of it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.listings = self.objects = self.bytes = 0

    def names(self, folder: str) -> frozenset[str]:
        """Count one listing for each thousand names, as a bucket does."""
        found = super().names(folder)
        self.listings += len(found) // 1000 + 1
        return found

    def read(self, paths: Sequence[str]) -> list[bytes]:
        """Count the objects."""
        found = super().read(paths)
        self.objects += len(found)
        self.bytes += sum(map(len, found))
        return found

    def local(self, paths: Sequence[str], *, afresh: bool = False) -> list[str]:
        """Count the objects, as if none had been fetched before."""
        found = super().local(paths, afresh=afresh)
        self.objects += len(found)
        self.bytes += sum(Path(path).stat().st_size for path in found)
        return found


class Unsynced(FolderStore):
    """A folder that is filled quickly."""

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write without waiting for the disk."""
        for path, data in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_bytes(data)


# -- the fleet ---------------------------------------------------------------------------------------------


def build(root: Path, *, models: int, days: int) -> None:
    """A lake as it stands after so many days of a delivery and an evaluation of each model, folded, log unsealed."""
    lake = LakeWarehouse(Unsynced(root))
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    commits: list[Commit] = []
    for start in range(0, days, PIECE_DAYS):
        some = range(start, min(start + PIECE_DAYS, days))
        for model in range(models):
            for day in some:
                for table in ("batches", "health"):
                    names = ("batches", "batch_variables", "predictions") if table == "batches" else TABLES[3:]
                    files = tuple(DataFile(n, None, 1, None, f"m{model:03d}", None, None, {}) for n in names)
                    commits.append(Commit(_id(table, model, day), now, "batch", files))
        label = f"{START + timedelta(days=some[-1] + 1):%Y%m%d}T120000.000000Z-{start:08x}"
        files = lake.write_files([(name, rows_of(name, models, some)) for name in TABLES], label)
        commits.append(Commit(label, now, "fold", tuple(files)))
    commits.sort(key=lambda commit: commit.delivery_id)
    lake.store.write({f"{log.FOLDER}/{commits[-1].delivery_id}.log{log.SUFFIX}": log.encode(commits)})
    registry = {
        "model_id": [f"m{m:03d}" for m in range(models)],
        "name": [f"Model {m}" for m in range(models)],
        "task": ["binary"] * models,
        "cadence": ["P1D"] * models,
        "cohort": ["month"] * models,
        "outcome_window_days": [60] * models,
        "registered_at": [datetime.now(UTC)] * models,
    }
    lake.deliver({"models": table_from_columns("models", registry)}, kind="registration")


def _id(table: str, model: int, day: int) -> str:
    chance = np.random.default_rng([model, day, table == "health"])
    moment = START + timedelta(days=day)
    return f"{moment:%Y%m%d}T{6 + 2 * (table == 'health'):02d}{model % 60:02d}00.{chance.integers(10**6):06d}Z-" + (
        chance.bytes(4).hex()
    )


def rows_of(name: str, models: int, days: range) -> pa.Table:
    """The rows of a table for some days of all models, in the contract's types, with their deliveries."""
    per = {"batch_variables": VARIABLES, "measures": len(METRICS) * VARIABLES, "predictions": PREDICTIONS}.get(name, 1)
    weekly = {"predictions": 7, "findings": 5}.get(name, 1)
    keys = [(m, d) for m in range(models) for d in days if d % weekly == 0]
    model = np.repeat([m for m, _ in keys], per)
    day = np.repeat([d for _, d in keys], per)
    place = np.tile(np.arange(per), len(keys))
    moments = (np.datetime64(START, "D") + day).astype("datetime64[D]")
    kind = "batches" if name in TABLES[:3] else "health"
    ids = np.repeat([_id(kind, m, d) for m, d in keys], per)
    given: dict[str, Any] = {
        "model_id": pa.array([f"m{m:03d}" for m in model]),
        "model_version": pa.array(["1"] * len(model)),
        "batch_id": pa.array(np.datetime_as_string(moments).tolist()),
        "batch_date": pa.array(moments),
        "delivery_id": pa.array(ids.tolist()),
        "variable": pa.array([f"variable_{p % VARIABLES}" for p in place]),
        "subject": pa.array([f"variable_{p % VARIABLES}" for p in place]),
        "metric": pa.array([METRICS[p // VARIABLES % len(METRICS)] for p in place]),
        "entity_id": pa.array([f"{m}-{d}-{p}" for m, d, p in zip(model, day, place, strict=True)]),
        "counts": pa.array([[1000 + int(p)] * 12 for p in place]),
        "value": pa.array(np.random.default_rng(1).random(len(model))),
    }
    arrays = []
    for field in arrow_schema(name):
        if field.name in given:
            arrays.append(given[field.name].cast(field.type))
        elif field.nullable:
            arrays.append(pa.nulls(len(model), field.type))
        else:
            arrays.append(pa.array([_filler(field.type)] * len(model), field.type))
    return pa.Table.from_arrays(arrays, schema=arrow_schema(name))


def _filler(type: pa.DataType) -> Any:
    if pa.types.is_list(type):
        return []
    if pa.types.is_timestamp(type):
        return datetime(2026, 1, 1, tzinfo=UTC)
    if pa.types.is_date(type):
        return START
    return "All 10 variables are stable." if pa.types.is_string(type) else 1


# -- measuring ---------------------------------------------------------------------------------------------

ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "opening (stamp)": ("", {}),
    "query fleet": ("fleet", {}),
    "query model_health, 60 days": ("model_health", {"model_id": "m007", "since": START + timedelta(days=305)}),
    "query measures of a model, a year": (
        "inputs_measures",
        {"model_id": "m007", "since": START, "until": START + timedelta(days=400)},
    ),
    "news of every model": ("news", {}),
}


def measure(root: Path, asked: str) -> dict[str, float]:
    """What one question costs a process that has asked nothing before: the libraries are loaded, the lake is not."""
    warm = LakeWarehouse(root / "none")
    warm.query("registry")
    store = Counting(root)
    lake = LakeWarehouse(store)
    name, params = ASKED[asked]
    start, cpu = time.perf_counter(), time.process_time()
    if name == "news":
        lake.news({})
    elif name:
        lake.query(name, **params)
    else:
        lake.stamp()
    return {
        "listings": store.listings,
        "objects": store.objects,
        "kB": store.bytes / 1000,
        "CPU s": time.process_time() - cpu,
        "s": time.perf_counter() - start,
    }


def loose(lake: LakeWarehouse, count: int) -> None:
    """Deliveries since the checkpoint: as many as there are models before anything seals the log."""
    for number in range(count):
        rows = rows_of("batches", 1, range(400 + number, 401 + number)).drop_columns(["delivery_id", "delivered_at"])
        lake.deliver({"batches": rows}, kind="batch")


def table_of(root: Path, title: str) -> None:
    """Print what each question costs, in a fresh process each."""
    print(f"\n{title}\n{'':<34}{'listings':>10}{'objects':>9}{'kB':>10}{'CPU s':>8}{'s':>8}")
    for asked in ASKED:
        command = [sys.executable, "-m", "benchmarks.lake", "--measure", asked, "--at", str(root)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(
            f"{asked:<34}{found['listings']:>10.0f}{found['objects']:>9.0f}{found['kB']:>10,.0f}"
            f"{found['CPU s']:>8.3f}{found['s']:>8.3f}"
        )


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=int, default=300)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--at", type=Path, help="a folder to fill or to measure, instead of a temporary one")
    parser.add_argument("--measure", choices=ASKED, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.at, arguments.measure)))
        return
    for root in _folder(arguments.at):
        start = time.perf_counter()
        build(root, models=arguments.models, days=arguments.days)
        print(f"{arguments.models} models, {arguments.days} days: built in {time.perf_counter() - start:.0f} s")
        table_of(root, "the log as an earlier release leaves it")
        lake, start = LakeWarehouse(root), time.perf_counter()
        seal.seal(lake.journal, least=1)
        print(f"\nits first checkpoint: {time.perf_counter() - start:.1f} s")
        table_of(root, "after a checkpoint")
        loose(lake, 63)
        table_of(root, "and 63 deliveries later")
        start = time.perf_counter()
        seal.seal(LakeWarehouse(root).journal)
        print(f"\nthe next checkpoint: {time.perf_counter() - start:.2f} s")


def _folder(given: Path | None) -> Iterator[Path]:
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
