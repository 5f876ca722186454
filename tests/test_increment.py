"""Evaluating what is new gives, row for row, what evaluating from nothing gives; and reads no more than it must."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pytest

from dashboard.evaluation import evaluate as evaluation
from dashboard.evaluation.evaluate import evaluate
from dashboard.evaluation.increment import load_increments
from qod.contract import DELIVERY_COLUMNS, arrow_schema
from qod.warehouse import EMPTY, Scope, Warehouse
from qod.warehouse.lake import LakeWarehouse
from qod.warehouse.news import News
from tests.longer import slow
from tests.worlds import DAY, START, World

WRITTEN: Final = ("health", "measures", "findings", "cohorts", "standing")


class Afresh:
    """A warehouse with the deliveries of another one and nothing evaluated; what is written is kept here."""

    def __init__(self, lake: Warehouse) -> None:
        self.lake = lake
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in WRITTEN}

    def query(self, name: str, /, **params: Any) -> pa.Table:
        found = self.lake.query(name, **params)
        kept = ("evaluation_state", "last_run", "evaluated_health", "evaluated_cohorts", "evaluated_places")
        return found.slice(0, 0) if name in kept else found

    def news(self, marks: Mapping[str, str], *, since: str = "") -> News:
        return self.lake.news({})

    def deliver(
        self,
        tables: Mapping[str, pa.Table],
        *,
        kind: str,
        emptied: Mapping[str, Iterable[Scope]] = EMPTY,
        days: Collection[date] | None = None,
    ) -> str:
        for name in WRITTEN:
            if name in tables:
                self.rows[name] += tables[name].to_pylist()
        return ""

    def tidy(self) -> None:
        pass


def shown(row: Mapping[str, Any]) -> str:
    """A row without what tells when it was written, and by which run."""
    kept = {name: value for name, value in row.items() if name not in (*DELIVERY_COLUMNS, "as_of", "mark")}
    if "mark" in row:
        mark = json.loads(row["mark"])
        kept["mark"] = {name: value for name, value in mark.items() if name not in ("seen", "run")}
    return str(kept)


def differences(lake: Warehouse, today: Any) -> list[str]:
    """The rows that stand in one of the two alone: the lake, and an evaluation of its deliveries from nothing."""
    afresh = Afresh(lake)
    evaluate(afresh, as_of=today)  # type: ignore[arg-type]
    found = []
    for name in WRITTEN:
        columns = [c for c in arrow_schema(name).names if c not in DELIVERY_COLUMNS]
        held = {shown({c: row[c] for c in columns}) for row in lake.table(name).to_pylist()}
        wanted = {shown({c: row[c] for c in columns}) for row in afresh.rows[name]}
        found += [f"{name} holds {row}" for row in sorted(held - wanted)]
        found += [f"{name} lacks {row}" for row in sorted(wanted - held)]
    return found


@pytest.fixture
def increments(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Filled in by evaluations: of every model that had news, whether they were all that was read of it."""
    found: list[bool] = []

    def counted(*given: Any) -> Any:
        parts = load_increments(*given)
        found.extend(part is not None for part in parts.values())
        return parts

    monkeypatch.setattr(evaluation, "load_increments", counted)
    return found


@pytest.mark.parametrize("seed", [0, *slow(1, 2, 3, 4)])
def test_what_is_new_comes_out_as_everything_would(seed: int, tmp_path: Path, increments: list[bool]) -> None:
    """Late, repeated, moved and corrected deliveries, other policies and references, and days that come back."""
    lake = LakeWarehouse(tmp_path / "lake")
    world = World(lake, seed)
    steps = []
    for _ in range(18):
        steps += [world.step() for _ in range(int(world.random.choice([1, 1, 2, 4])))]
        evaluate(lake, as_of=world.today, tidy=bool(world.random.random() < 0.3))
        assert not differences(lake, world.today), (seed, steps)
    assert sum(increments) >= 3, "too few of them were increments to show anything"


@pytest.mark.parametrize("seed", slow(100, 101))
def test_so_it_does_after_a_long_calm(seed: int, tmp_path: Path, increments: list[bool]) -> None:
    """Histories longer than any judgement looks back."""
    lake = LakeWarehouse(tmp_path / "lake")
    world = World(lake, seed, calm=12)
    steps = []
    for place in range(50):
        steps += [world.step() for _ in range(2)]
        evaluate(lake, as_of=world.today, tidy=place % 7 == 0)
        if place % 10 == 9:
            assert not differences(lake, world.today), (seed, steps)
    assert sum(increments) >= 30
    found = {row["rule"] for row in lake.table("findings").to_pylist()}
    assert found >= {"gap", "missing", "out_of_range", "row_count", "type_changed", "unseen"}


@pytest.mark.parametrize("seed", slow(300, 301))
def test_so_it_does_where_batches_are_judged_together(seed: int, tmp_path: Path, increments: list[bool]) -> None:
    """Windows of several small batches vote, and look back, further than large ones."""
    lake = LakeWarehouse(tmp_path / "lake")
    world = World(lake, seed, calm=40, small=True)
    steps = []
    for place in range(36):
        steps += [world.step() for _ in range(2)]
        evaluate(lake, as_of=world.today, tidy=False)
        if place % 6 == 5:
            assert not differences(lake, world.today), (seed, steps)
    assert sum(increments) >= 20


@pytest.mark.parametrize("seed", slow(400, 401))
def test_so_it_does_where_windows_roll_and_weekdays_are_compared(
    seed: int, tmp_path: Path, increments: list[bool]
) -> None:
    """Windows of days hold as many batches as come, look back over gaps, and are compared with their weekdays."""
    policies = (
        {"window_days": 7, "rows": 150},
        {"window_days": 3, "reference": "weekday"},
        {"reference": "weekday", "pool_batches": 3},
        {"window_days": 10, "reference": "weekday", "amber": 0.05},
    )
    lake = LakeWarehouse(tmp_path / "lake")
    world = World(lake, seed, calm=8, drift=policies[seed % 4 :] + policies[: seed % 4])
    steps = []
    for place in range(20):
        steps += [world.step() for _ in range(4)]
        evaluate(lake, as_of=world.today, tidy=False)
        if place % 5 == 4:
            assert not differences(lake, world.today), (seed, steps)
    assert sum(increments) >= 8


@pytest.mark.parametrize("seed", [0, *slow(1)])
def test_so_it_does_one_delivery_at_a_time_in_groups(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several models, whose results are delivered two at a time."""
    monkeypatch.setattr("dashboard.evaluation.group.MODELS", 2)
    monkeypatch.setattr(evaluation, "TOGETHER", 3)
    monkeypatch.setattr(evaluation, "WHOLE_TOGETHER", 2)
    lake = LakeWarehouse(tmp_path / "lake")
    worlds = [World(lake, 10 * seed + m, model_id=f"m{m}") for m in range(5)]
    for _ in range(5):
        for world in worlds:
            for _ in range(4):
                world.step()
        today = max(world.today for world in worlds)
        evaluate(lake, as_of=today, tidy=False)
        assert not differences(lake, today)


# -- one thing at a time -----------------------------------------------------------------------------------


def daily(folder: Path, days: int, *, cohort: str = "batch", window: int = 0) -> World:
    """A world with a batch a day of one version, evaluated; the days are START and those after it."""
    world = World(LakeWarehouse(folder), 4)
    world.entry |= {"cohort": cohort, "outcome_window_days": window}
    world.register()
    for place in range(days):
        world.today = START + DAY * place
        world.deliver(world.today)
    evaluate(world.warehouse, as_of=world.today)
    return world


@pytest.mark.parametrize(("place", "days"), [(4, 5), (9, -5), (4, 20)])
def test_a_batch_that_moves_to_another_day_leaves_its_own(
    place: int, days: int, tmp_path: Path, increments: list[bool]
) -> None:
    world = daily(tmp_path / "lake", 14)
    world.deliver(START + DAY * place, batch="named")
    evaluate(world.warehouse, as_of=world.today)
    increments.clear()
    world.deliver(START + DAY * (place + days), batch="named")
    evaluate(world.warehouse, as_of=world.today)
    assert increments == [True]
    assert not differences(world.warehouse, world.today)


def test_a_batch_of_another_version_fills_a_gap_though_it_is_not_read_again(
    tmp_path: Path, increments: list[bool]
) -> None:
    world = daily(tmp_path / "lake", 8)
    world.reference("2")
    for place, version in ((8, "2"), (9, "1"), (10, "2"), (11, "2"), (13, "2"), (14, "2")):
        world.today = START + DAY * place
        world.deliver(world.today, version=version)
        evaluate(world.warehouse, as_of=world.today, tidy=False)
        assert not differences(world.warehouse, world.today)
    assert increments[-3:] == [True] * 3
    gaps = [row["batch_date"] for row in world.warehouse.table("findings").to_pylist() if row["rule"] == "gap"]
    assert gaps == [START + DAY * 13]


def test_a_truth_of_no_day_stays_with_the_first_prediction_of_its_entity(tmp_path: Path) -> None:
    """And goes over to an earlier one that comes later: of a model with such truths, everything is read."""
    world = World(LakeWarehouse(tmp_path / "lake"), 4)
    world.entry |= {"cohort": "batch", "outcome_window_days": 0}
    world.register()
    world.entities = lambda day: [f"entity {i}" for i in range(12)]  # type: ignore[method-assign]
    world.outcomes([(f"entity {i}", None) for i in range(12)], observed=START)
    for place in (3, 4, 5, 1, 6):
        world.today = max(world.today, START + DAY * place)
        world.deliver(START + DAY * place)
        evaluate(world.warehouse, as_of=world.today)
        assert not differences(world.warehouse, world.today)
    known = {row["batch_id"]: row["known"] for row in world.warehouse.table("cohorts").to_pylist()}
    assert {name for name, rows in known.items() if rows} == {"batch:2026-01-02"}


def test_a_cohort_counts_as_long_as_none_comes_after_it(tmp_path: Path, increments: list[bool]) -> None:
    """Its truth came once, months ago, and none since: what was made of it is read back, not what is near."""
    world = daily(tmp_path / "lake", 2)
    world.outcomes([(entity, START) for entity in world.scored[START]], observed=START)
    world.entry |= {"policy": {}}
    for place in range(2, 90):
        world.today = START + DAY * place
        world.deliver(world.today)
        if place in (2, 80, 84, 89):
            evaluate(world.warehouse, as_of=world.today, tidy=False)
    assert increments[-3:] == [True] * 3
    assert not differences(world.warehouse, world.today)
