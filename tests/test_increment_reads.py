"""What an evaluation of what is new reads, and what it keeps of having looked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import pyarrow as pa

from benchmarks import evaluate as fleet
from dashboard.evaluation.evaluate import evaluate
from qod.contract import DELIVERY_COLUMNS, table_from_columns
from qod.warehouse import Warehouse
from qod.warehouse.lake import LakeWarehouse
from qod.warehouse.ledger import LEDGER
from qod.warehouse.news import News
from tests.test_increment import Afresh

AnyWarehouse = TypeVar("AnyWarehouse", bound=Warehouse)

LAST: Final = date(2026, 6, 20)
RECENT: Final = 80
"""Days that are delivered, and evaluated, after those before them: more than a day's increment looks back."""


def grown(lake: AnyWarehouse, days: int) -> AnyWarehouse:
    """The warehouse with three models and a history of so many days up to the last, evaluated; and the day after it."""
    fleet.register(lake, 3, 4)
    spans = [(days, RECENT), (RECENT, 0)] if days > RECENT else [(days, 0)]
    for oldest, newest in spans:
        part = [LAST - timedelta(days=back) for back in range(oldest - 1, newest - 1, -1)]
        for m in range(3):
            lake.deliver(fleet.batches(fleet.name_of(m), part, 4, m), kind="batch")
            lake.deliver(truths(fleet.name_of(m), part), kind="outcomes")
        evaluate(lake, as_of=part[-1], tidy=False)
    for m in range(3):
        lake.deliver(fleet.batches(fleet.name_of(m), [LAST + timedelta(days=1)], 4, m), kind="batch")
        lake.deliver(truths(fleet.name_of(m), [LAST + timedelta(days=1)]), kind="outcomes")
    return lake


def truths(model_id: str, days: list[date]) -> dict[str, pa.Table]:
    """Twenty predictions of each day, and their truth."""
    rows = [(f"{day} {i}", day, i) for day in days for i in range(20)]
    scored = {
        "model_id": [model_id] * len(rows),
        "model_version": ["1"] * len(rows),
        "batch_id": [day.isoformat() for _, day, _ in rows],
        "entity_id": [entity for entity, _, _ in rows],
        "batch_date": [day for _, day, _ in rows],
        "score": [i / 20 for _, _, i in rows],
    }
    known = {name: scored[name] for name in ("model_id", "entity_id", "batch_date")}
    known |= {"outcome": [str(i % 2) for _, _, i in rows]}
    return {
        "predictions": table_from_columns("predictions", scored),
        "outcomes": table_from_columns("outcomes", known),
    }


def read_by(lake: LakeWarehouse, as_of: date) -> dict[str, tuple[int, int]]:
    """By query: the rows that an evaluation was given, and the bytes it read for them."""
    before = LEDGER.entries()  # the ledger forgets the oldest: places in it do not last
    assert evaluate(lake, as_of=as_of, tidy=False).evaluated == 3
    found: dict[str, tuple[int, int]] = {}
    for entry in LEDGER.entries():
        if any(entry is one for one in before):
            continue
        assert (entry.kind, entry.name) == ("command", "evaluate")
        rows, size = found.get(entry.query, (0, 0))
        found[entry.query] = rows + entry.rows, size + entry.bytes_processed
    return found


def test_a_days_increment_reads_as_much_after_a_year_as_after_three_months(tmp_path: Path) -> None:
    tomorrow = LAST + timedelta(days=1)
    young, old = (read_by(grown(LakeWarehouse(tmp_path / str(days)), days), tomorrow) for days in (RECENT, 300))
    assert young["evaluated_counts"][0] == 3 * 4 * 8, "the two newest batches, and six to look back at"
    assert {query: rows for query, (rows, _) in old.items()} == {query: rows for query, (rows, _) in young.items()}
    sizes = [sum(size for _, size in found.values()) for found in (young, old)]
    assert sizes[1] < 1.1 * sizes[0], (young, old)


def test_a_run_is_kept_with_what_it_read(tmp_path: Path) -> None:
    lake = grown(LakeWarehouse(tmp_path / "lake"), 20)
    tomorrow = LAST + timedelta(days=1)
    assert [row["batches"] for row in lake.table("runs").to_pylist()] == [60]
    evaluate(lake, ["model_000"], as_of=tomorrow)
    assert lake.table("runs").num_rows == 1, "a run that looks at some models is none"
    evaluate(lake, as_of=tomorrow)
    newest = max(lake.table("runs").to_pylist(), key=lambda row: str(row["run_id"]))
    assert (newest["models"], newest["evaluated"], newest["batches"], newest["as_of"]) == (3, 2, 4, tomorrow)
    assert newest["bytes_processed"] > 0
    assert newest["bytes_billed"] == 0
    assert newest["started_at"] < newest["finished_at"]
    evaluate(lake, as_of=tomorrow)
    assert lake.table("runs").num_rows == 2, "nothing was new, nothing is kept"


def test_the_mark_of_the_newest_run_is_not_trusted_over_a_slower_one(tmp_path: Path) -> None:
    """A run that began before the newest one may end after it, and write what it had seen then."""
    lake = grown(LakeWarehouse(tmp_path / "lake"), 20)

    class Asked(Afresh):
        def query(self, name: str, /, **params: Any) -> pa.Table:
            return lake.query(name, **params)

        def news(self, marks: Mapping[str, str], *, since: str = "") -> News:
            told.append(since)
            return lake.news(marks, since=since)

    def asked() -> str:
        evaluate(Asked(lake), as_of=LAST)  # type: ignore[arg-type]
        return told[-1]

    told: list[str] = []
    (run,) = lake.table("runs").to_pylist()
    assert asked() == run["mark"]
    standing = lake.table("standing").drop_columns(list(DELIVERY_COLUMNS)).slice(0, 1)
    mark = json.loads(standing.column("mark")[0].as_py()) | {"run": "another"}
    late = standing.set_column(
        standing.schema.get_field_index("mark"), standing.schema.field("mark"), [[json.dumps(mark)]]
    )
    lake.deliver({"standing": late}, kind="evaluation")
    assert asked() == ""
