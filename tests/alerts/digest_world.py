"""A small fleet of two teams whose days are written down, so that every count of a digest can be made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from qod.warehouse import Warehouse
from qod.warehouse.lake import LakeWarehouse
from tests.sending import send_rows

EVIL: Final = '<b>Evil</b> & "co"\n\u202eX'

DAYS: Final = {
    # Of November; the window is the 9th to the 15th. Each letter is a day from the 6th on; a dot has no batch.
    "turned": ("Care", "gggggrrrrr"),
    "lasting": ("Care", "rrrrrrrrrr"),
    "healed": ("Care", "rrrrgggggg"),
    "between": ("Care", "gggarggggg"),
    "amber": ("Care", "ggggaaaaaa"),
    "late": ("Care", "ggggg....."),
    "late_since": ("Care", "gg........"),
    "waiting": ("Growth", ".........."),
    "later": ("Growth", "ggggggggggrrr"),
    "worse": ("Growth", "aaaaaarrrr"),
    "poor": ("Growth", "ggggggxxxx"),
    "alone": (None, "gggggggggg"),
}
"""By model: its team, and the colour of each batch: green, amber, red, or x, one that could not be judged.

Of ``later`` nothing counts that came after the window.
"""
_COLOURS: Final = {"g": "green", "a": "amber", "r": "red", "x": "grey"}


def digest_world(folder: Path, days: Mapping[str, tuple[str | None, str]] = DAYS) -> Warehouse:
    """The fleet as evaluations leave it: daily models, each with an owner but ``poor``."""
    lake = LakeWarehouse(folder)
    entries = [
        {
            "model_id": name,
            "name": EVIL if name == "turned" else name.capitalize(),
            "team": team,
            "owner_email": None if name == "poor" else f"{name}@example.org",
            "task": "binary",
            "cadence": "P1D",
            "cohort": "month",
            "outcome_window_days": 30,
            "registered_at": datetime(2026, 1, 1, tzinfo=UTC),
        }
        for name, (team, _) in days.items()
    ]
    send_rows(lake, "evaluation", models=entries)
    send_rows(lake, "evaluation", health=[row for name, (_, letters) in days.items() for row in _health(name, letters)])
    return lake


def broken(lake: Warehouse, day: date, *models: str) -> None:
    """A variable that went missing in several models on a day, as the findings of that day tell."""
    rows = [
        {
            "model_id": model,
            "model_version": "1",
            "batch_id": day.isoformat(),
            "batch_date": day,
            "subject": "tenure",
            "rule": "missing",
            "family": "quality",
            "colour": "red",
            "since": day,
            "facts": "{}",
        }
        for model in models
    ]
    send_rows(lake, "evaluation", findings=rows)


def _health(name: str, letters: str) -> Iterable[dict[str, Any]]:
    runs: list[tuple[str, date]] = []
    given = [(date(2026, 11, 6 + place), letter) for place, letter in enumerate(letters) if letter != "."]
    for day, letter in given:
        colour = _COLOURS[letter]
        since = runs[-1][1] if runs and runs[-1][0] == colour else day
        runs.append((colour, since))
        # The newest batch of one that is late was judged again since: it is grey because of that.
        late = "." in letters and day == given[-1][0]
        yield {
            "model_id": name,
            "model_version": "1",
            "batch_id": day.isoformat(),
            "batch_date": day,
            "colour": "grey" if late else colour,
            "drift": colour,
            "quality": "green",
            "performance": "grey",
            "freshness": "grey" if late else "green",
            "since": day if late else since,
            "headline_en": f"{name} is {colour}.",
            "headline_fr": f"{name} : {colour}.",
            "as_of": day,
            "inputs": "a",
        }
