"""The levels of a batch that training did not have: their names and rows, and the batch that first had each."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.web.views.timeline import Batch
from dashboard.web.views.variable import VariableHistory


@dataclass(frozen=True, slots=True)
class UnseenLevel:
    """A level that training did not have: its rows in the batch, and the first batch that had it.

    ``earlier`` says that batches before that one were not looked at, so that the level may be older.
    """

    level: str
    rows: int
    first: Batch
    earlier: bool = False


def unseen_levels(history: VariableHistory, place: int) -> list[UnseenLevel]:
    """The named unseen levels of a batch, most frequent first."""
    summary = history.summaries[place]
    if summary is None:
        return []
    first: dict[str, Batch] = {}
    for batch, other in zip(history.batches[: place + 1], history.summaries[: place + 1], strict=True):
        for entry in (other or {}).get("unseen") or ():
            first.setdefault(entry["level"], batch)
    oldest = history.batches[history.begin] if history.begin else None
    found = [
        UnseenLevel(entry["level"], entry["rows"], seen := first[entry["level"]], earlier=seen is oldest)
        for entry in summary["unseen"] or ()
    ]
    return sorted(found, key=lambda level: (-level.rows, level.level))


def unnamed_rows(history: VariableHistory, place: int) -> int:
    """The rows of a batch in unseen levels that are not named: of many such levels only the most frequent are."""
    if history.reference["kind"] == "numeric":
        return 0
    named = sum(level.rows for level in unseen_levels(history, place))
    return max(0, int(history.counts[place, -2]) - named)
