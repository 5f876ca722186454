"""The metrics: one file each, found from this folder."""

from __future__ import annotations

from functools import cache

from dashboard.declared import declarations
from dashboard.metric import Metric


@cache
def load() -> dict[str, Metric]:
    """Every metric by its key; ValueError when a file declares none, or under another key than its name."""
    return declarations(__name__, "METRIC", Metric)
