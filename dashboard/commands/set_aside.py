"""What ``vigie batch --guard`` does before it counts: rows set aside, written down and told of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from dashboard.commands.counted import counted
from dashboard.commands.ending import say

if TYPE_CHECKING:
    from qod.guard import HeldCounts
    from qod.source import Data


@contextmanager
def set_aside(
    file: str,
    guard: Path | None,
    held: Path | None,
    *,
    model: str,
    version: str,
    date_column: str | None,
    day: date,
) -> Iterator[tuple[Data, HeldCounts | None]]:
    """The rows to deliver and what was held back of them; without a guard the file itself.

    The rows held back are written to ``held`` before anything is delivered. InputError where none is left.
    """
    if guard is None:
        if held is not None:
            raise typer.BadParameter("--held goes with --guard.")
        yield file, None
        return
    import qod
    from qod.batch import rows_of_day
    from qod.guard_counts import check_version
    from qod.source import is_table

    rules = qod.guard.read_guard(guard)
    check_version(rules, model, version)
    if is_table(file):
        qod.guard.split(file, rules)  # refused: its rows stay where they are
    with qod.open_source(file) as whole:
        whole.require(date_column)
        rows = whole if date_column is None else rows_of_day(whole, date_column, day)[0]
        split = qod.guard.split(rows, rules)
        if held is not None:
            split.write_held(held)
        say(f"Note: {_told(split.counts, held)}")
        if not split.counts.kept:
            raise qod.InputError(
                f"the guard holds back {'the only row' if split.counts.rows == 1 else 'all rows'}: nothing is left to "
                "deliver.",
                file=whole.label,
                hint="what is wrong with every row is mended upstream.",
            )
        yield replace(split.kept, label=whole.label), split.counts


def _told(counts: HeldCounts, held: Path | None) -> str:
    """What was held back, in a sentence."""
    if not counts.held:
        return "the guard holds back no row."
    why = dict[tuple[str, str], int]()
    for one in counts.counts:
        why[one.variable, one.reason] = why.get((one.variable, one.reason), 0) + one.rows
    reasons = ", ".join(f"{variable} {reason} {rows:,}" for (variable, reason), rows in why.items())
    where = f"written to {held}" if held is not None else "--held FILE writes them down"
    return f"{counts.held:,} of {counted(counts.rows, 'row')} held back ({reasons}); {where}."
