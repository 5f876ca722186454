"""The card of the rows that a guard held back: what waits, why, and where each number leads."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from qod.contract import table_from_columns
from qod.warehouse import Warehouse
from tests.web.asking import Asker, main, of_class, of_kind, text
from tests.web.lake import HOSTILE_MODEL, TODAY, small_fleet

EVIL = '<img src=x onerror="alert(1)">\u202e' + "y" * 300


def held(warehouse: Warehouse, model: str, *rows: tuple[int, str, str, str | None, int], total: int = 36) -> None:
    """Deliver what was held back so many days ago: variable, reason, level, rows."""
    days = [TODAY - timedelta(days=row[0]) for row in rows]
    columns: dict[str, Any] = {
        **{"model_id": [model] * len(rows), "model_version": ["1"] * len(rows)},
        **{"batch_id": [day.isoformat() for day in days], "batch_date": days},
        **{name: [row[place] for row in rows] for place, name in enumerate(("variable", "reason", "level", "rows"), 1)},
        **{"held_rows": [total] * len(rows), "all_rows": [2000] * len(rows)},
    }
    warehouse.deliver({"held": table_from_columns("held", columns)}, kind="batch")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    warehouse = small_fleet(tmp_path_factory.mktemp("guarded"))
    held(
        warehouse,
        "fraud",
        (0, "device_brand", "unseen", "Nothing", 30),
        (0, "device_brand", "unseen", None, 2),
        (0, "data_gb", "out_of_range", None, 10),
        (3, "tenure_months", "missing", None, 36),
        (40, "device_brand", "unseen", "Old", 36),
    )
    held(warehouse, HOSTILE_MODEL, (1, EVIL, "unseen", EVIL, 36))
    held(warehouse, "churn-fixed", (35, "device_brand", "unseen", "Old", 36))
    held(warehouse, "late", *((4, "zip", "unseen", f"z{n:02}", 90 - n) for n in range(80)))
    return Asker(warehouse, cookies=False)


def card_of(asker: Asker, address: str, language: str = "en") -> dict[str, Any] | None:
    page = main(asker.ask(address, Accept_Language=language)[0])
    assert not of_class(page, "failure")
    return next((one for one in of_kind(page, "Section") if one["props"].get("id") == "held"), None)


def lines(card: Any) -> list[list[str]]:
    return [[text(cell) for cell in of_kind(row, "Td")] for row in of_kind(of_kind(card, "Tbody"), "Tr")]


def test_the_card_tells_what_waits_by_batch_variable_reason_and_level(guarded: Asker) -> None:
    card = card_of(guarded, "/models/fraud")
    assert "Of the batch of 19\u00a0November, 36 rows in 2,000 (1.8\u00a0%) waited" in text(card)
    assert lines(card) == [
        ["19\u00a0Nov", "in all", "", "36", "1.8\u00a0%"],
        ["", "device_brand", "new level “Nothing”", "30", "1.5\u00a0%"],
        ["", "data_gb", "out of range", "10", "0.5\u00a0%"],
        ["", "device_brand", "other new levels", "2", "0.1\u00a0%"],
        ["16\u00a0Nov", "tenure_months", "no value", "36", "1.8\u00a0%"],
    ]
    links = {text(link): link["props"]["href"] for link in of_kind(of_kind(card, "Tbody"), "A")}
    assert links["16\u00a0Nov"] == "/models/fraud?batch=2026-11-16&version=1"
    assert links["data_gb"] == "/models/fraud/inputs/data_gb?version=1&batch=2026-11-19"


def test_the_card_speaks_french(guarded: Asker) -> None:
    card = card_of(guarded, "/models/fraud", "fr")
    assert "Du lot du 19\u00a0novembre, 36 lignes sur 2\u202f000 (1,8\u202f%) attendent\u202f;" in text(card)
    assert [line[2] for line in lines(card)[1:3]] == ["modalité inconnue «\u00a0Nothing\u00a0»", "hors plage"]


@pytest.mark.parametrize("model", ["churn-postpaid", "churn-fixed", "new"])
def test_there_is_no_card_where_nothing_was_held_back_lately(guarded: Asker, model: str) -> None:
    assert card_of(guarded, f"/models/{model}") is None


def test_names_and_levels_are_only_ever_text(guarded: Asker) -> None:
    from dashboard.address import encode_part

    (line,) = lines(card_of(guarded, f"/models/{encode_part(HOSTILE_MODEL)}"))
    assert line[1].startswith("<img src=x")
    assert "<img src=x" in line[2]
    assert all("\u202e" not in cell and len(cell) < 60 for cell in line)


def test_long_tables_end_and_the_file_has_every_row(guarded: Asker) -> None:
    card = card_of(guarded, "/models/late")
    assert len(lines(card)) == 60
    assert "Further lines are in the CSV file." in text(card)
    for model, rows in (("late", 80), ("fraud", 5)):
        (link,) = of_class(card_of(guarded, f"/models/{model}"), "download")
        words = guarded.client.get(link["props"]["href"]).get_data(as_text=True).removeprefix("\ufeff")
        found = list(csv.DictReader(io.StringIO(words)))
        assert len(found) == rows
    assert found[-1] == {
        **{"batch_date": "2026-10-10", "batch_id": "2026-10-10", "model_version": "1", "variable": "device_brand"},
        **{"reason": "unseen", "level": "Old", "rows": "36", "held_rows": "36", "all_rows": "2000"},
    }


def test_a_failure_stays_in_its_place(folder: Path) -> None:
    warehouse = small_fleet(folder)

    class Failing:
        def query(self, name: str, /, **params: Any) -> Any:
            if name == "held_rows":
                raise ValueError("no such table")
            return warehouse.query(name, **params)

        def __getattr__(self, name: str) -> Any:
            return getattr(warehouse, name)

    page = main(Asker(Failing()).ask("/models/fraud")[0])
    assert len(of_class(page, "failure")) == 1
    assert any(one["props"].get("id") == "batches" for one in of_kind(page, "Section"))
