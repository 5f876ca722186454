"""The guards of retraining: one file each, found from this folder."""

from __future__ import annotations

from functools import cache

from dashboard.declared import declarations
from dashboard.retrain.guard import Guard


@cache
def load() -> dict[str, Guard]:
    """Every guard by its key, in the order in which they are told."""
    found = declarations(__name__, "GUARD", Guard)
    return dict(sorted(found.items(), key=lambda item: (item[1].place, item[0])))
