"""Filling a folder with the demo: simulate, deliver as any job would, evaluate; or find it ready from last time."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Final

from dashboard.demo import marker, people, remote
from dashboard.demo.fill import Filled, fill, register
from dashboard.demo.fleet import fleet
from dashboard.demo.marker import Parameters
from dashboard.demo.model import DemoModel
from qod.errors import InputError
from qod.warehouse import Warehouse, open_warehouse

SEED: Final = 20_240_229
MOST_DAYS, MOST_MODELS = 2_000, 5_000

Progress = Callable[[int, int, str], None]
"""Called with (models done, models in all, the model just done)."""


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What there is now: ``prepared`` is False when the warehouse was ready from last time.

    ``rows`` scored in all, ``seconds`` on the clock, and of all processes together by stage.
    """

    parameters: Parameters
    prepared: bool
    rows: int = 0
    seconds: float = 0.0
    stage_seconds: Mapping[str, float] | None = None


def prepare_demo(
    place: Path | str,
    *,
    models: int = 24,
    days: int = 400,
    seed: int = SEED,
    today: date | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> DemoReport:
    """Fill the warehouse at ``place`` with the demo's fleet of ``models`` models over ``days`` days up to ``today``.

    ``today`` is the day (UTC) the demo takes for today; the same parameters give the same tables. A folder that holds
    them already is left as it is; one that holds another demo, or half of one, is prepared anew. ``workers`` processes
    share the work (one a core, four at most). A dataset or bucket is filled by this process alone, and nothing in it
    is ever removed. Raises InputError for a number that makes no demo, and WarehouseError for a place that is neither
    empty nor this demo's.
    """
    _check("models", models, 1, MOST_MODELS)
    _check("days", days, 1, MOST_DAYS)
    _check("seed", seed, 0, 2**63 - 1)
    parameters = Parameters(models, days, seed, today or datetime.now(UTC).date())
    start = perf_counter()
    if "://" in str(place):
        filled = remote.fill_warehouse(str(place), parameters)
    else:
        filled = _fill_folder(Path(place), parameters, _workers(workers, parameters))
    rows, done = 0, 0
    stages: dict[str, float] = {}
    for model_id, model_rows, seconds in filled:
        stages = {name: stages.get(name, 0.0) + seconds.get(name, 0.0) for name in {**stages, **seconds}}
        rows += model_rows
        if model_id is None:  # a stage of the whole fleet
            continue
        done += 1
        if progress is not None:
            progress(done, models, model_id)
    return DemoReport(parameters, done > 0, rows, perf_counter() - start, stages)


def _fill_folder(folder: Path, parameters: Parameters, workers: int) -> Iterator[Filled]:
    """Fill the folder, model by model; nothing when it is ready."""
    with marker.held(folder):
        if marker.is_ready(folder, parameters):
            return
        marker.start_over(folder, parameters)
        chosen = fleet(parameters.models)
        warehouse = open_warehouse(folder)
        register(warehouse, chosen, parameters)
        yield from _each(warehouse, folder, parameters, chosen, workers)
        people.write(warehouse, parameters)
        before = perf_counter()
        warehouse.tidy()
        yield None, 0, {"tidy": perf_counter() - before}
        marker.finish(folder, parameters)


def _each(
    warehouse: Warehouse, folder: Path, parameters: Parameters, models: tuple[DemoModel, ...], workers: int
) -> Iterator[Filled]:
    """The models filled in, as each is done, by so many processes (by this one when it is one)."""
    if workers == 1:
        yield from (fill(warehouse, parameters, model) for model in models)
        return
    # Spawned, not forked: this process may hold the threads of Arrow or DuckDB.
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_open_here, initargs=(folder,)) as pool:
        # The largest first, so that none is left to run alone at the end.
        order = sorted(models, key=lambda model: (model.cadence != "P1D", -model.rows))
        futures: list[Future[Filled]] = [pool.submit(_fill_here, parameters, model) for model in order]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            for future in futures:
                future.cancel()


_HERE: Final[list[Warehouse]] = []
"""In a process of the pool: its warehouse, opened once, since opening reads the whole log of deliveries."""


def _open_here(folder: Path) -> None:
    _HERE.append(open_warehouse(folder))
    # A preparation that is killed must not go on writing into a folder that the next one has begun anew.
    done = Event()
    watch = Thread(target=_end_with_parent, args=(done,), daemon=True)
    watch.start()
    # A thread that outlives the interpreter makes DuckDB's binding complain on stderr: end it first.
    atexit.register(watch.join)
    atexit.register(done.set)  # what was registered last is called first


def _end_with_parent(done: Event) -> None:
    parent = parent_process()
    while parent is not None and not done.wait(0.2):
        if not parent.is_alive():
            os._exit(1)


def _fill_here(parameters: Parameters, model: DemoModel) -> Filled:
    return fill(_HERE[0], parameters, model)


def _workers(asked: int | None, parameters: Parameters) -> int:
    """As many processes as asked for; else one a core, four at most, and no second one for a small demo."""
    if asked is not None:
        return max(1, min(asked, parameters.models))
    if parameters.models * parameters.days < 600:
        return 1
    return max(1, min(os.cpu_count() or 1, 4, parameters.models))


def _check(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InputError(f"a demo of {value:,} {name} cannot be made.", hint=f"{name}: {least:,} to {most:,}.")
