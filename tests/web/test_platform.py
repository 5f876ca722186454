"""The page of costs and freshness: what it counts, at which price, and that it is never an old drawing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pages import platform
from qod.contract import TABLES, table_from_columns
from qod.warehouse import TableState, Warehouse, open_warehouse
from qod.warehouse.ledger import Entry, Ledger
from tests.web.asking import Asker, main, of_class, of_kind, text
from tests.web.failing import FailingTables

NOW = datetime.now(UTC)


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A ledger of the test's own."""
    own = Ledger()
    monkeypatch.setattr(platform, "LEDGER", own)
    return own


def book(ledger: Ledger, name: str, *, billed: int, cached: bool = False, kind: Any = "page") -> None:
    ledger.book(Entry(NOW, kind, name, "q", billed, billed, cached, 0.5, 1))


def rows_of(asker: Asker, card: str, **headers: str) -> dict[str, list[str]]:
    """The cells of a card's table, by what heads each row; no-break spaces as plain ones."""
    nodes, _ = asker.ask("/platform", **headers)
    (section,) = (node for node in of_kind(nodes, "Section") if node["props"].get("id") == card)
    made = {}
    for row in of_kind(of_kind(section, "Tbody"), "Tr"):
        head, *cells = (plain(text(cell)) for cell in [*of_kind(row, "Th"), *of_kind(row, "Td")])
        made[head] = cells
    return made


def plain(words: str) -> str:
    return words.replace("\u00a0", " ").replace("\u202f", " ")


def test_every_table_stands_with_its_age(small: Warehouse) -> None:
    class Known(FailingTables):
        def states(self) -> list[TableState]:
            return [
                TableState("models", 1_234, 2_000_000, NOW - timedelta(hours=3, minutes=5)),
                TableState("outcomes", 0, None, None),
            ]

    found = rows_of(Asker(Known(small)), "tables")
    assert found["models"][:3] == ["3 hours", "1,234", "2.0 MB"]
    assert found["models"][3].endswith("UTC")
    assert found["outcomes"] == ["–", "0", "–", "empty"]


def test_the_tables_of_a_lake(asker: Asker, small: Warehouse) -> None:
    found = rows_of(asker, "tables")
    assert set(found) == set(TABLES)
    assert found["models"][1] == "6"
    assert found["models"][0] != "–"
    assert (found["outcomes"][0], found["outcomes"][3]) == ("–", "empty")


def test_a_page_costs_what_its_questions_were_billed(ledger: Ledger, small: Warehouse) -> None:
    from dashboard.web.visits import VISITS

    asker = Asker(small)
    asker.ask("/glossary")
    views = VISITS.of("glossary")
    book(ledger, "glossary", billed=2**30)
    book(ledger, "glossary", billed=0, cached=True)
    book(ledger, "evaluate", billed=2**40, kind="command")
    found = rows_of(asker, "pages")
    (key,) = (head for head in found if head.startswith("glossary"))
    each = 6.25 / 1024 / views * 1000
    from dashboard.web.amounts import dollars

    assert found[key] == [str(views), "2", "50 %", "1.1 GB", "1.1 GB", "1.0 s", dollars(each, "en")]
    assert not [head for head in found if head.startswith("evaluate")], "jobs are no pages"


def test_it_shows_what_has_happened_since_it_was_last_drawn(ledger: Ledger, small: Warehouse) -> None:
    asker = Asker(small)
    book(ledger, "fleet", billed=10 * 2**20)
    (before,) = (cells for head, cells in rows_of(asker, "pages").items() if head.startswith("fleet"))
    book(ledger, "fleet", billed=10 * 2**20)
    (after,) = (cells for head, cells in rows_of(asker, "pages").items() if head.startswith("fleet"))
    assert (before[1], after[1]) == ("1", "2")


def test_the_newest_thirty_runs(tmp_path: Path) -> None:
    warehouse = open_warehouse(tmp_path / "warehouse")
    columns: dict[str, list[Any]] = {
        "run_id": [f"2026111{n // 10}T{n % 10:02d}" for n in range(32)],
        "started_at": [NOW] * 32,
        "finished_at": [NOW + timedelta(seconds=90)] * 32,
        "as_of": [date(2026, 11, 19)] * 32,
        "mark": ["m"] * 32,
        "models": [300] * 32,
        "evaluated": list(range(32)),
        "batches": [5] * 32,
        "bytes_processed": [2**40] * 32,
        "bytes_billed": [2**40] * 31 + [None],
    }
    warehouse.deliver({"runs": table_from_columns("runs", columns)}, kind="evaluation")
    nodes, _ = Asker(warehouse).ask("/platform", Accept_Language="fr")
    (section,) = (node for node in of_kind(nodes, "Section") if node["props"].get("id") == "runs")
    rows = of_kind(of_kind(section, "Tbody"), "Tr")
    assert len(rows) == 30
    newest, second = ([plain(text(cell)) for cell in of_kind(row, "Td")] for row in rows[:2])
    assert newest[1:] == ["31 / 300", "5", "90 s", "1,1 To", "–", "–"]
    assert second[-1] == "6,25 $"
    assert "181,25 $" in plain(text(section)), "29 runs were billed"


def test_the_footer_of_every_page_leads_there(asker: Asker) -> None:
    for address in ("/", "/glossary", "/nope"):
        nodes, _ = asker.ask(address)
        assert [link["props"]["href"] for link in of_kind(of_kind(nodes, "Footer"), "A")] == ["/platform"]


def test_it_lives_through_a_failing_warehouse(small: Warehouse) -> None:
    tables = FailingTables(small)
    asker = Asker(tables)
    before = rows_of(asker, "tables")
    tables.fail("states", "runs", "stamp", trouble="unreachable")
    nodes, _ = asker.ask("/platform")
    assert text(of_class(nodes, "outage")).startswith("The warehouse cannot be reached.")
    assert not of_class(main(nodes), "failure")
    assert list(rows_of(asker, "tables")) == list(before)
