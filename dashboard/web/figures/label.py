"""Words inside a figure: short enough for its margins, and shown as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from dashboard.format import name
from dashboard.web.data import Value

_LONGEST: Final = 90


def plain(text: str) -> str:
    """``text`` on one line, so that plotly, which reads a little HTML in its labels, shows it as it is."""
    return name(text, longest=_LONGEST).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shorten(text: str, most: int) -> str:
    """``text`` in at most ``most`` characters, cut with an ellipsis; on one line."""
    line = name(text, longest=_LONGEST)
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}\u2026"


def distinct(labels: Sequence[str]) -> list[str]:
    """The labels ``plain``, each different from the others: those that look the same differ by spaces of no width."""
    seen: dict[str, int] = {}
    made = []
    for label in map(plain, labels):
        made.append(label + "\u200b" * seen.get(label, 0))
        seen[label] = seen.get(label, 0) + 1
    return made


def four_digits(value: float) -> float:
    """``value`` to four significant digits: what a pixel can show."""
    return float(f"{value:.4g}")


def short_rows(rows: Iterable[Sequence[Value]]) -> list[list[Value]]:
    """Rows of a figure's data with numbers to four significant digits."""
    return [[four_digits(cell) if isinstance(cell, float) else cell for cell in row] for row in rows]
