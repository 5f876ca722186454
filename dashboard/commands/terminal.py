"""Tables for people, on stdout, as wide as their terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from dashboard.commands.ending import printable

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

GLYPHS: Final = {"green": "●", "amber": "▲", "red": "■", "grey": "○"}
STYLES: Final = {"green": "green", "amber": "yellow", "red": "bold red", "grey": "bright_black"}


def colour_word(name: str, word: str) -> Text:
    """``word`` in the colour's style, behind its glyph."""
    from rich.text import Text

    return Text(f"{GLYPHS.get(name, '?')} {word}", style=STYLES.get(name, ""))


def plain_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """A table of ``rows`` as text; None is empty."""
    from rich.text import Text

    table = empty_table(columns)
    for row in rows:
        table.add_row(*(Text(printable("" if value is None else str(value))) for value in row))
    return table


def empty_table(columns: Sequence[str]) -> Table:
    """A table with heads and no rows yet."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def width() -> int:
    """As wide as the terminal; wide enough for a line a model where there is none."""
    from rich.console import Console

    return Console().width if sys.stdout.isatty() else 200


def print_table(table: Table) -> None:
    """The table on stdout."""
    from rich.console import Console

    Console(file=sys.stdout, width=width(), highlight=False).print(table)
