"""Filling a folder with the demo: simulate, deliver as any job would, evaluate; or find it ready from last time."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Final

import qod
from dashboard.demo import marker
from dashboard.demo.fleet import fleet, registry_row
from dashboard.demo.marker import Parameters
from dashboard.demo.model import DemoModel
from dashboard.demo.rows import importances
from dashboard.demo.simulate import Simulation, simulate
from dashboard.evaluate import evaluate
from qod.contract import table_from_columns
from qod.errors import InputError
from qod.warehouse import Warehouse, open_warehouse

SEED: Final = 20_240_229
MOST_DAYS, MOST_MODELS = 2_000, 5_000
FRAMEWORKS: Final = {
    "Base care": "scikit-learn 1.8",
    "Growth": "lightgbm 4.6",
    "Risk": "xgboost 3.1",
    "Network": "R 4.5, ranger 0.17",
    "Field": "R 4.5, ranger 0.17",
    "Care": "scikit-learn 1.8",
}
EVERY: Final = {"P1D": "day", "P7D": "week", "P1M": "month"}

Progress = Callable[[int, int, str], None]
"""Called with (models done, models in all, the model just done)."""


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What there is now: ``prepared`` is False when the folder was ready from last time.

    ``rows`` scored in all, ``seconds`` on the clock, and of all processes together by stage.
    """

    folder: Path
    parameters: Parameters
    prepared: bool
    rows: int = 0
    seconds: float = 0.0
    stage_seconds: Mapping[str, float] | None = None


def prepare_demo(
    folder: Path | str,
    *,
    models: int = 24,
    days: int = 400,
    seed: int = SEED,
    today: date | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> DemoReport:
    """Make ``folder`` a warehouse with the demo's fleet of ``models`` models over ``days`` days up to ``today``.

    ``today`` is the day (UTC) the demo takes for today; the same parameters give the same tables. A folder that holds
    them already is left as it is; one that holds another demo, or half of one, is prepared anew. ``workers`` processes
    share the work (one a core, four at most). Raises InputError for a number that makes no demo, and WarehouseError for
    a folder that is neither empty nor a demo's.
    """
    _check("models", models, 1, MOST_MODELS)
    _check("days", days, 1, MOST_DAYS)
    _check("seed", seed, 0, 2**63 - 1)
    folder = Path(folder)
    parameters = Parameters(models, days, seed, today or datetime.now(UTC).date())
    start = perf_counter()
    with marker.held(folder):
        if marker.is_ready(folder, parameters):
            return DemoReport(folder, parameters, prepared=False)
        marker.start_over(folder, parameters)
        chosen = fleet(models)
        warehouse = open_warehouse(folder)
        _register(warehouse, chosen, parameters)
        rows = 0
        stages: dict[str, float] = {}
        filled = _each(warehouse, folder, parameters, chosen, _workers(workers, parameters))
        for done, (model_id, model_rows, seconds) in enumerate(filled, 1):
            rows += model_rows
            stages = {name: stages.get(name, 0.0) + spent for name, spent in seconds.items()}
            if progress is not None:
                progress(done, models, model_id)
        before = perf_counter()
        warehouse.tidy()
        stages["tidy"] = perf_counter() - before
        marker.finish(folder, parameters)
    return DemoReport(folder, parameters, True, rows, perf_counter() - start, stages)


Filled = tuple[str, int, dict[str, float]]


def deliver(warehouse: Warehouse, simulation: Simulation) -> None:
    """Hand a simulated model to the warehouse in the ways a training job, a scoring job and the truth would."""
    model = simulation.model
    for version in simulation.versions:
        deployed = version.history["date"][0].as_py()
        qod.deliver_reference(
            model.model_id,
            version.name,
            version.training,
            warehouse=warehouse,
            score=simulation.score,
            outcome="outcome",
            exclude=("date",),
            importance=importances(model),
            trained_at=datetime.combine(deployed - timedelta(days=1), datetime.min.time(), UTC),
            deployed_at=deployed,
            framework=FRAMEWORKS[model.team],
        )
        qod.deliver_history(
            model.model_id,
            version.name,
            version.history,
            warehouse=warehouse,
            date="date",
            every=EVERY[model.cadence],
            id="id",
            score=simulation.score,
            segment="segment",
        )
    if simulation.outcomes.num_rows:  # a young model's first truth may not be due yet
        qod.deliver_outcomes(
            model.model_id,
            simulation.outcomes,
            warehouse=warehouse,
            id="id",
            outcome="outcome",
            observed="observed",
            date="date",
        )


def _fill(warehouse: Warehouse, parameters: Parameters, model: DemoModel) -> Filled:
    """Simulate, deliver and evaluate one model."""
    marks = [perf_counter()]
    simulation = simulate(model, today=parameters.today, days=parameters.days, seed=parameters.seed)
    marks.append(perf_counter())
    deliver(warehouse, simulation)
    marks.append(perf_counter())
    evaluate(warehouse, [model.model_id], as_of=parameters.today, tidy=False)
    marks.append(perf_counter())
    rows = sum(version.history.num_rows for version in simulation.versions)
    seconds = {name: marks[k + 1] - marks[k] for k, name in enumerate(("simulate", "deliver", "evaluate"))}
    return model.model_id, rows, seconds


def _each(
    warehouse: Warehouse, folder: Path, parameters: Parameters, models: tuple[DemoModel, ...], workers: int
) -> Iterator[Filled]:
    """The models filled in, as each is done, by so many processes (by this one when it is one)."""
    if workers == 1:
        yield from (_fill(warehouse, parameters, model) for model in models)
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
    return _fill(_HERE[0], parameters, model)


def _register(warehouse: Warehouse, models: tuple[DemoModel, ...], parameters: Parameters) -> None:
    rows = [registry_row(model) for model in models]
    columns: dict[str, object] = {name: [row[name] for row in rows] for name in rows[0]}
    registered = datetime.combine(parameters.today, datetime.min.time(), UTC)
    warehouse.deliver(
        {"models": table_from_columns("models", {**columns, "registered_at": [registered] * len(rows)})}, kind="models"
    )


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
