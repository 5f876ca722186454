"""The word after a number: one row, two rows; and in French one is any number below two."""

from __future__ import annotations

from typing import Final

from dashboard.text import Text


def plural(number: float, one: Text, several: Text) -> Text:
    """``one`` or ``several``, as each language counts ``number``: English 0 rows and 1 row, French 0 ligne."""
    return Text(one.en if number == 1 else several.en, one.fr if abs(number) < 2 else several.fr)


def rows_word(number: float) -> Text:
    """``row`` or ``rows``."""
    return plural(number, _ROW, _ROWS)


_ROW: Final = Text("row", "ligne")
_ROWS: Final = Text("rows", "lignes")
