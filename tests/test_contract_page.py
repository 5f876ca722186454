"""docs/contract.md says what the contract declares."""

from __future__ import annotations

from pathlib import Path

from qod.contract import TABLES
from qod.contract_page import contract_page

PAGE = Path(__file__).resolve().parents[1] / "docs" / "contract.md"


def test_the_page_is_what_the_declaration_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == contract_page(), "stale: run `make docs`"


def test_every_table_and_column_stands_on_the_page_with_its_meaning() -> None:
    page = contract_page()
    for table in TABLES.values():
        section = page.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        for column in table.columns:
            lines = [
                line for line in section.splitlines() if line.startswith((f"| {column.name} ", f"| **{column.name}** "))
            ]
            assert len(lines) == 1, column.name
            assert column.meaning[:20].replace("<", "&lt;") in lines[0]
            assert (" yes " in lines[0]) is not column.nullable
        for name in table.key:
            assert f"| **{name}** " in section
