"""The numbers that guards rest on, as they are read from the tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.retrain.case import Numbers
from dashboard.retrain.numbers import read_numbers
from dashboard.world import Model
from qod.contract import table_from_columns
from qod.warehouse import Warehouse, open_warehouse
from tests.retrain.worlds import TODAY, red_model

TRAINED = datetime(2026, 11, 1, 15, tzinfo=UTC)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return open_warehouse(tmp_path / "lake")


def version(warehouse: Warehouse, name: str, model_id: str = "churn", **values: Any) -> None:
    columns: dict[str, object] = {"model_id": [model_id], "model_version": [name], "rows": [9]}
    columns |= {key: [value] for key, value in values.items()}
    warehouse.deliver({"versions": table_from_columns("versions", columns)}, kind="reference")


def scored(warehouse: Warehouse, day: date, *ids: str, batch: str = "b", name: str = "v1") -> None:
    many = len(ids)
    columns: dict[str, object] = {
        "model_id": ["churn"] * many,
        "model_version": [name] * many,
        "batch_id": [f"{batch}{day}"] * many,
    }
    columns |= {"entity_id": list(ids), "batch_date": [day] * many}
    warehouse.deliver({"predictions": table_from_columns("predictions", columns)}, kind="batch")


def known(warehouse: Warehouse, day: date | None, outcome: str | None, *ids: str, at: datetime | None = None) -> None:
    many = len(ids)
    columns: dict[str, object] = {"model_id": ["churn"] * many, "entity_id": list(ids), "batch_date": [day] * many}
    columns |= {"outcome": [outcome] * many, "observed_at": [at] * many}
    warehouse.deliver({"outcomes": table_from_columns("outcomes", columns)}, kind="outcomes")


def numbers(warehouse: Warehouse, model: Model | None = None) -> Numbers:
    model = model or red_model()
    return read_numbers(warehouse, [model], TODAY)[model.model_id]


def test_rows_count_once_a_day_with_the_last_truth_that_came(warehouse: Warehouse) -> None:
    version(warehouse, "v1", trained_at=TRAINED)
    first, second = date(2026, 11, 2), date(2026, 11, 3)
    scored(warehouse, date(2026, 11, 1), "a", "b")
    known(warehouse, date(2026, 11, 1), "1", "a", "b")  # of the day of the training
    scored(warehouse, first, "a", "b", "c", "d")
    scored(warehouse, first, "a", batch="again", name="v0")
    scored(warehouse, second, "a")
    known(warehouse, first, "1", "a", "b", "c", "nobody")
    known(warehouse, first, None, "c")  # taken back
    known(warehouse, first, "0", "b")  # corrected
    known(warehouse, second, "1", "a")
    assert numbers(warehouse).rows == 3


def test_each_model_counts_from_its_own_training(warehouse: Warehouse) -> None:
    version(warehouse, "v1", trained_at=TRAINED)
    version(warehouse, "v1", "early", trained_at=datetime(2026, 3, 1, tzinfo=UTC))
    day = date(2026, 10, 15)
    scored(warehouse, day, "a")
    known(warehouse, day, "1", "a")
    found = read_numbers(warehouse, [red_model(), red_model("early")], TODAY)
    assert {name: one.rows for name, one in found.items()} == {"churn": 0, "early": 0}
    scored(warehouse, TODAY, "a")
    known(warehouse, TODAY, "1", "a")
    assert read_numbers(warehouse, [red_model(), red_model("early")], TODAY)["churn"].rows == 1


def test_truth_without_a_day_is_new_where_it_became_known_after_the_training(warehouse: Warehouse) -> None:
    version(warehouse, "v1", trained_at=TRAINED)
    scored(warehouse, date(2026, 11, 2), "old", "new", "dated")
    known(warehouse, None, "1", "old", at=datetime(2026, 10, 20, tzinfo=UTC))
    known(warehouse, None, "1", "new", "unscored", "dated", at=datetime(2026, 11, 5, tzinfo=UTC))
    known(warehouse, date(2026, 11, 2), "1", "dated")
    assert numbers(warehouse).rows == 2


def test_the_training_of_the_version_in_use_and_the_age_of_the_newest(warehouse: Warehouse) -> None:
    assert numbers(warehouse) == Numbers(reds=3)
    version(warehouse, "v1", trained_at=TRAINED, deployed_at=datetime(2026, 11, 4, tzinfo=UTC))
    version(warehouse, "v0", deployed_at=datetime(2026, 5, 1, tzinfo=UTC))
    version(warehouse, "v1", "other", trained_at=TRAINED)
    found = numbers(warehouse)
    assert (found.trained, found.newest, found.newest_on) == (date(2026, 11, 1), "v1", date(2026, 11, 4))
    old = numbers(warehouse, red_model(model_version="v0"))
    assert (old.trained, old.newest) == (date(2026, 5, 1), "v1")
    version(warehouse, "v2")
    silent = numbers(warehouse, red_model(model_version="v2"))
    assert (silent.trained, silent.rows) == (None, None), "nobody knows which rows are new to it"
    assert silent.newest == "v2"
    assert silent.newest_on == datetime.now(UTC).date(), "as young as its registration"


def test_red_batches_are_counted_from_the_newest_back(warehouse: Warehouse) -> None:
    def reds(*colours: Any) -> int | None:
        return numbers(warehouse, red_model(history=tuple((TODAY, colour) for colour in colours))).reds

    assert reds("red", "green", "red", "red") == 2
    assert reds("red", "grey", "red") == 1
    assert reds("red", "red") == 2
    assert reds() is None
