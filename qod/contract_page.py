"""docs/contract.md, rendered from the declaration: ``python -m qod.contract_page > docs/contract.md``."""

from __future__ import annotations

import sys
from typing import Final

from qod.contract import COLOURS, DELIVERY_COLUMNS, QUANTILES, TABLES, Column, Table

INTRODUCTION: Final = """\
# The tables

Everything that Vigie knows stands in these tables. Training and scoring jobs write the first of them, `vigie evaluate`
the last; the pages only read. They are plain tables: whatever can write Parquet or CSV can deliver them, and
counts alone are enough for drift and data quality.

This page is made from `qod/contract.py` by `make docs`; a test fails when it is stale.

- **Key** columns (in bold) identify a row.
- **Scope** is what one delivery replaces as a whole: a later delivery of the same scope takes the place of the earlier
  one, which stays findable.
- Types are BigQuery's. A column is *required* when it may not be NULL; arrays are empty rather than NULL.
- Shares lie in 0..1, times are UTC, and there is no NaN: a number that does not exist is NULL.
"""


def contract_page() -> str:
    """The whole page in Markdown."""
    contents = "\n".join(f"| [{t.name}](#{t.name}) | {t.written_by} | {_cell(t.meaning)} |" for t in TABLES.values())
    parts = [
        INTRODUCTION,
        f"| table | written by | holds |\n|---|---|---|\n{contents}\n",
        *(_section(table) for table in TABLES.values()),
        _closing(),
    ]
    return "\n".join(parts)


def _section(table: Table) -> str:
    facts = [f"Scope: {_names(table.scope)}."]
    if table.partition:
        facts.append(f"Partitioned by `{table.partition}`.")
    if table.large:
        facts.append("Large: a query on it names the model or bounds the date.")
    rows = "\n".join(_row(table, column) for column in table.columns)
    return (
        f"## {table.name}\n\n{_sentence(table.meaning)} {' '.join(facts)}\n\n"
        f"| column | type | required | meaning |\n|---|---|---|---|\n{rows}\n"
    )


def _row(table: Table, column: Column) -> str:
    name = f"**{column.name}**" if column.name in table.key else column.name
    return f"| {name} | `{column.type}` | {'' if column.nullable else 'yes'} | {_cell(column.meaning)} |"


def _closing() -> str:
    colours = ", ".join(COLOURS)
    quantiles = ", ".join(f"{q:g}" for q in QUANTILES)
    return (
        "## Everywhere\n\n"
        f"- {_names(DELIVERY_COLUMNS)} are filled in by the warehouse; a producer does not send them.\n"
        f"- Colours, from calm to urgent: {colours}. A roll-up takes the most urgent.\n"
        f"- Quantiles kept of a numeric variable: {quantiles}.\n"
    )


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _cell(text: str) -> str:
    """Text as it may stand in a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(contract_page())
