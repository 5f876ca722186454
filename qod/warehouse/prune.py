"""What the parameters of a query say about the files it needs: of which models, and of which days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Bounds:
    """The models and days (ISO) that a question is about; None where it may be about all."""

    models: frozenset[str] | None = None
    since: str | None = None
    until: str | None = None


EVERYTHING: Final = Bounds()
"""Of all models and days."""


def bounds(params: Mapping[str, Any]) -> Bounds:
    """The bounds that a query's parameters set.

    By their names, which mean the same in every query: ``model_id`` and ``models`` bound the models, and ``since``,
    ``until``, ``batch_date`` and ``days`` the days, of every table that has such a column. Rows without a day belong to
    all days.
    """
    models: frozenset[str] | None = None
    if "model_id" in params:
        models = frozenset((params["model_id"],))
    elif "models" in params:
        models = frozenset(params["models"])
    days = [*params.get("days", ()), *(params[name] for name in ("batch_date",) if name in params)]
    firsts = [day for day in (*days, params.get("since")) if isinstance(day, date)]
    lasts = [day for day in (*days, params.get("until")) if isinstance(day, date)]
    return Bounds(models, min(firsts).isoformat() if firsts else None, max(lasts).isoformat() if lasts else None)
