"""Models whose every name is chosen by the test, delivered and evaluated as any other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

import qod
from dashboard.evaluation.evaluate import evaluate
from qod.contract import table_from_columns
from qod.warehouse import Warehouse, open_warehouse

TODAY: Final = date(2026, 11, 19)
DAYS: Final = 16
ROWS: Final = 120


@dataclass(frozen=True, slots=True)
class Names:
    """What a model and its parts are called; the days of its batches end on ``last``."""

    model: str
    name: str
    team: str
    owner: str
    versions: tuple[str, str]
    number: str
    category: str
    levels: tuple[str, str, str]
    unseen: str
    batch: str
    note: str
    author: str
    last: date = TODAY

    def batch_id(self, day: date) -> str:
        """The identifier of the batch of a day."""
        return f"{self.batch}{day:%j}"

    @property
    def all(self) -> tuple[str, ...]:
        """Every name, that of one batch among them."""
        return (
            *(self.model, self.name, self.team, self.owner, *self.versions, self.number, self.category),
            *(*self.levels, self.unseen, self.batch_id(self.last), self.note, self.author),
        )


def flowers(word: str, *, last: date = TODAY) -> Names:
    """Names that all hold ``word``: wherever it stands, something of this model is shown."""
    return Names(
        model=word,
        name=f"The {word} model",
        team=f"{word} team",
        owner=f"ann@{word}.example",
        versions=(f"{word}-1", f"{word}-2"),
        number=f"{word}_wait",
        category=f"{word}_brand",
        levels=(f"{word}-a", f"{word}-b", f"{word}-c"),
        unseen=f"{word}-new",
        batch=f"{word}-",
        note=f"a note on {word}",
        author=f"bob@{word}.example",
        last=last,
    )


def fleet_of(folder: Path, *models: Names) -> Warehouse:
    """The warehouse of these models: drift and an unseen level in the last batches, truth but for the last five."""
    warehouse = open_warehouse(folder)
    warehouse.deliver({"models": table_from_columns("models", _registered(models))}, kind="register")
    for place, names in enumerate(models):
        _deliver(warehouse, names, np.random.default_rng(place))
    warehouse.deliver({"events": table_from_columns("events", _events(models))}, kind="event")
    evaluate(warehouse, as_of=TODAY)
    return warehouse


def _registered(models: tuple[Names, ...]) -> dict[str, object]:
    return {
        "model_id": [names.model for names in models],
        "name": [names.name for names in models],
        "description": [f"{names.name}: what it is for" for names in models],
        "team": [names.team for names in models],
        "owner_email": [names.owner for names in models],
        "task": ["binary" for _ in models],
        "cadence": ["P1D" for _ in models],
        "cohort": ["week" for _ in models],
        "outcome_window_days": [5 for _ in models],
        "links": [json.dumps({names.team: f"https://example.org/{place}"}) for place, names in enumerate(models)],
        "registered_at": [datetime(2026, 9, 1, tzinfo=UTC) for _ in models],
    }


def _events(models: tuple[Names, ...]) -> dict[str, object]:
    return {
        "event_id": [f"note-{place}" for place, _ in enumerate(models)],
        "happened_at": [datetime(2026, 11, 18, 9, place, tzinfo=UTC) for place, _ in enumerate(models)],
        "kind": ["note" for _ in models],
        "model_id": [names.model for names in models],
        "model_version": [names.versions[1] for names in models],
        "batch_id": [names.batch_id(names.last) for names in models],
        "subject": [names.number for names in models],
        "author": [names.author for names in models],
        "facts": [json.dumps({"text": names.note}) for names in models],
    }


def _deliver(warehouse: Warehouse, names: Names, chance: np.random.Generator) -> None:
    first = names.last - timedelta(days=DAYS - 1)
    for version, deployed in zip(names.versions, (first, first + timedelta(days=8)), strict=True):
        qod.deliver_reference(
            names.model,
            version,
            _rows(chance, names, 1500),
            warehouse=warehouse,
            score="score",
            outcome="outcome",
            importance={names.number: 0.6, names.category: 0.4},
            deployed_at=deployed,
            segment="segment",
        )
    for number in range(DAYS):
        day = first + timedelta(days=number)
        rows = _rows(chance, names, ROWS, moved=number > DAYS - 5)
        rows = rows.append_column("id", pa.array([f"{day}-{place}" for place in range(ROWS)]))
        qod.deliver_batch(
            names.model,
            names.versions[number >= 8],
            day,
            rows.drop_columns(["outcome"]),
            warehouse=warehouse,
            batch_id=names.batch_id(day),
            id="id",
            score="score",
            segment="segment",
        )
        if day <= TODAY - timedelta(days=5):
            told = rows.select(["id", "outcome"]).append_column("day", pa.array([day] * ROWS))
            qod.deliver_outcomes(names.model, told, warehouse=warehouse, id="id", outcome="outcome", date="day")


def _rows(chance: np.random.Generator, names: Names, rows: int, *, moved: bool = False) -> pa.Table:
    wait = chance.normal(1.5 if moved else 0.0, 1.0, rows)
    levels = np.array(names.levels, dtype=object)[chance.integers(0, 3, rows)]
    if moved:
        levels[: rows // 10] = names.unseen
    score = 1 / (1 + np.exp(-wait))
    return pa.table(
        {
            names.number: wait,
            names.category: pa.array(levels.tolist()),
            "score": score,
            "outcome": (chance.random(rows) < score).astype(int),
            "segment": pa.array([names.levels[place % 2] for place in range(rows)]),
        }
    )
