"""The targets of retraining: one file each, found from this folder."""

from __future__ import annotations

from functools import cache

from dashboard.declared import declarations
from dashboard.retrain.target import Target


@cache
def load() -> dict[str, Target]:
    """Every target by its key."""
    return declarations(__name__, "TARGET", Target)
