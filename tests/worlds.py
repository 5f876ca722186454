"""Small random worlds for evaluation: models whose deliveries come late, twice, out of order, corrected or moved."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np

from qod.warehouse import Warehouse
from tests.sending import send_rows

START: Final = date(2026, 1, 1)
LEVELS: Final = ("a", "b")
DAY: Final = timedelta(days=1)
_CHANGED: Final = ("again", "again", "bare", "insert", "move", "ahead", "undated")
_RARE: Final = ("policy", "reference", "version", "back")
_TRAINING: Final = {"x": [1000] * 10 + [20], "c": [5500, 4000, 500, 0, 0, 0], "k": [0, 5000, 0, 0]}

_CALIBRATED: Final = {"scores": [0.1, 0.9], "shares": [0.2, 0.7]}
_LOSSES: Final = {
    kind: {
        "mean": 0.1,
        "effects": {name: [0.01 * place for place in range(len(counts))] for name, counts in _TRAINING.items()},
    }
    for kind in ("squared", "absolute")
}

_WEEK: Final = (20, 10, 10, 10, 10, 9, 1)
"""In seventieths, the training rows of each weekday: of a Sunday there are too few to compare with."""
_NOISE: Final = {
    "x": {"batches": 30, "mean": 0.02, "sd": 0.05},
    "c": {"batches": 30, "mean": 0.1, "sd": 0.1},
}


class World:
    """One model in a warehouse, and a clock; each step delivers something, or lets time pass."""

    def __init__(
        self,
        warehouse: Warehouse,
        seed: int,
        *,
        calm: int = 1,
        model_id: str = "m",
        small: bool = False,
        drift: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.warehouse, self.random, self.calm = warehouse, np.random.default_rng(seed), calm
        self.model_id, self.today = model_id, START
        self.versions: list[str] = []
        self.batches: dict[tuple[str, str], date] = {}
        self.scored: dict[date, list[str]] = {}
        self.tilt, self.outside, self.rare, self.type = 1.0, 0.0, 0.05, "number"
        self.size = int(self.random.choice([40, 90, 400, 1000]))
        self.sizes = [60, 90] if small else [self.size, self.size, self.size, self.size, 60, 150, 0, 1000]
        self.task = str(self.random.choice(["binary", "binary", "regression", "multiclass"]))
        self.entry = {
            "cohort": str(self.random.choice(["batch", "week", "month"])),
            "outcome_window_days": int(self.random.choice([0, 3, 10])),
            "policy": {
                "drift": {"pool_batches": 4 if small else int(self.random.choice([1, 2, 3])), "rows": 200},
                "row_count": {"batches": 8, "season": str(self.random.choice(["none", "weekday", "weekday", "month"]))},
            },
        }
        self.drift = drift
        if drift:
            self.entry["policy"]["drift"] = dict(drift[0])  # type: ignore[index]
        self.register()
        self.reference("1")

    # -- what can happen -----------------------------------------------------------------------------------

    def step(self) -> str:
        """Do one thing, mostly what happens every day, and the more often so the calmer the world; its name."""
        daily = ["batch"] * 12 + ["truth"] * 5 + ["wait"] * 2
        rare = [*_CHANGED, *_RARE]
        what = str(self.random.choice([*daily * self.calm, *rare]))
        getattr(self, f"_{what}")()
        return what

    def _batch(self) -> None:
        self.today += DAY * int(self.random.choice([1, 1, 1, 2]))
        self.deliver(self.today)

    def _wait(self) -> None:
        self.today += DAY * int(self.random.choice([1, 3, 9]))

    def _back(self) -> None:
        self.today -= DAY * int(self.random.choice([1, 4]))

    def _again(self) -> None:
        if self.batches:
            version, batch = self._some_batch()
            self.deliver(self.batches[version, batch], version=version, batch=batch)

    def _bare(self) -> None:
        if self.batches:
            version, batch = self._some_batch()
            self.deliver(self.batches[version, batch], version=version, batch=batch, identified=False)

    def _insert(self) -> None:
        self.deliver(self.today - DAY * int(self.random.integers(1, 12)), batch=f"late {self.random.integers(1000)}")

    def _move(self) -> None:
        named = [key for key in self.batches if key[1].startswith("late")]
        if named:
            version, batch = named[int(self.random.integers(len(named)))]
            days = int(self.random.integers(-6, 7))
            self.deliver(self.batches[version, batch] + DAY * days, version=version, batch=batch)

    def _ahead(self) -> None:
        self.deliver(self.today + DAY * int(self.random.integers(1, 4)))

    def _policy(self) -> None:
        self.entry["policy"] = {"drift": {"pool_batches": int(self.random.choice([1, 3])), "amber": 0.12, "rows": 150}}
        if self.drift:
            self.entry["policy"] = {"drift": dict(self.drift[int(self.random.integers(len(self.drift)))])}
        self.entry["cohort"] = str(self.random.choice(["batch", "week", "month"]))
        self.register()

    def _reference(self) -> None:
        self.reference(self.versions[-1], other=bool(self.random.random() < 0.5))

    def _version(self) -> None:
        if len(self.versions) < 3:
            self.reference(str([2, 10][len(self.versions) - 1]))

    def _truth(self) -> None:
        days = sorted(self.scored)
        if not days:
            return
        recent = days[-8:] if self.random.random() < 0.8 else days
        chosen = self.random.choice(len(recent), min(len(recent), int(self.random.integers(1, 5))), replace=False)
        share = self.random.choice([0.5, 1.0, 1.0])
        rows = [(e, recent[i]) for i in sorted(chosen) for e in self.scored[recent[i]] if self.random.random() < share]
        late = self.random.random() < 0.05
        self.outcomes(rows, observed=self.today + DAY * 2 if late else self.today)

    def _undated(self) -> None:
        strangers = [(f"stranger {self.random.integers(1000)}", None)]
        known: list[tuple[str, date | None]] = []
        if self.scored and self.random.random() < 0.4:
            day = sorted(self.scored)[int(self.random.integers(len(self.scored)))]
            known = [(entity, None) for entity in self.scored[day][:5]]
        self.outcomes([*strangers, *known], observed=self.today)

    def _some_batch(self) -> tuple[str, str]:
        keys = sorted(self.batches, key=lambda key: (self.batches[key], key))
        near = keys[-6:] if self.random.random() < 0.7 else keys
        return near[int(self.random.integers(len(near)))]

    # -- deliveries ----------------------------------------------------------------------------------------

    def register(self) -> None:
        """Register the model as its entry says."""
        row = {
            **self.entry,
            "model_id": self.model_id,
            "name": "M",
            "task": self.task,
            "cadence": "P1D",
            "policy": json.dumps(self.entry["policy"]),
            "registered_at": datetime(2026, 1, 1, tzinfo=UTC),
        }
        self._send("register", models=[row])

    def reference(self, version: str, *, other: bool = False) -> None:
        """Deliver the training of a version; ``other`` with other edges than before."""
        if version not in self.versions:
            self.versions.append(version)
        baselines = {key: {"value": 0.6, "se": 0.02, "n": 500} for key in ("auc", "rmse", "accuracy")}
        rows = [
            {
                "model_id": self.model_id,
                "model_version": version,
                "variable": name,
                "position": place,
                "kind": "categorical" if name == "c" else "numeric",
                "importance": None if name == "x" else 0.005,
                "edges": [] if name == "c" else [float(edge + 0.5 * other) for edge in range(1, len(counts) - 1)],
                "levels": ["a", "b", "rare"] if name == "c" else [],
                "tail": [],
                "counts": counts,
                "type": "text" if name == "c" else "number",
                "weekdays": [(count * share) // 70 for share in _WEEK for count in counts],
                "noise": json.dumps(_NOISE[name]) if self.drift and name in _NOISE else None,
            }
            for place, (name, counts) in enumerate(_TRAINING.items())
        ]
        head = {"model_id": self.model_id, "model_version": version, "rows": 10_020, "baselines": json.dumps(baselines)}
        head |= {"threshold": 0.4, "classes": list(LEVELS) if self.task == "multiclass" else []}
        head |= {"calibration": json.dumps(dict.fromkeys(("1", *LEVELS), _CALIBRATED)), "losses": json.dumps(_LOSSES)}
        self._send("reference", versions=[head], reference_variables=rows)

    def deliver(
        self, day: date, *, version: str | None = None, batch: str | None = None, identified: bool = True
    ) -> None:
        """Deliver a batch of a day: mostly calm, sometimes moved, small, empty, missing or without a variable."""
        random = self.random
        version = version or self.versions[-2 if len(self.versions) > 1 and random.random() < 0.15 else -1]
        batch = batch or day.isoformat()
        if random.random() < 0.25:
            self.tilt = float(random.choice([1.0, 1.0, 1.6, 4.0]))
            self.outside = float(random.choice([0, 0, 0.02, 0.2]))
            self.rare = float(random.choice([0.05, 0.05, 0.01, 0]))
            self.type = random.choice(["number", "number", "text", None])
        n = int(random.choice(self.sizes))
        shares = np.array([1.0] * 5 + [self.tilt] * 5 + [random.choice([0, 0, 0, 0.5, 3.0])])
        unseen = random.choice([0, 0, 0.02, 0.1])
        counts = {
            "x": random.multinomial(n, shares / shares.sum()).tolist(),
            "c": random.multinomial(n, [0.6 - unseen, 0.4 - self.rare, self.rare, 0, unseen, 0]).tolist(),
            "k": random.multinomial(n, random.choice([[0, 1, 0, 0], [0.03, 0.97, 0, 0]])).tolist(),
        }
        if random.random() < 0.1:
            del counts[str(random.choice(["x", "k"]))]
        of = {"model_id": self.model_id, "model_version": version, "batch_id": batch, "batch_date": day}
        names = [f"new {random.integers(4)}"]
        variables = [
            {
                **of,
                "variable": name,
                "counts": row,
                "below": int(row[0] > 90),
                "above": int(self.outside * sum(row)) if name == "x" else 0,
                "type": self.type if name == "x" else None,
                "unseen": [{"level": names[0], "rows": row[4]}] if name == "c" and row[4] else [],
                "distinct_values": None if name == "c" else int(random.choice([1, 40])),
                "quantiles": [],
            }
            for name, row in counts.items()
        ]
        head = {**of, "rows": n, "duplicate_ids": int(random.choice([0, 0, 3]))}
        scores = [
            {
                **of,
                "entity_id": entity,
                "score": int(random.integers(20)) / 20,
                "prediction": str(random.choice(LEVELS)),
                "probabilities": _chances(entity) if self.task == "multiclass" else [],
            }
            for entity in (self.entities(day) if identified else ())
        ]
        self.batches[version, batch] = day
        if identified:
            self.scored[day] = [score["entity_id"] for score in scores]
        self._send("batch", batches=[head], batch_variables=variables, predictions=scores)

    def entities(self, day: date) -> list[str]:
        """Who is scored: mostly those of the day, some of them were before."""
        names = [f"{day} {i}" if self.random.random() < 0.9 else f"returning {i}" for i in range(12)]
        return sorted(set(names))

    def outcomes(self, rows: list[tuple[str, Any]], *, observed: date) -> None:
        """Deliver the truth about entities, of a day or of none."""
        if not rows:
            return
        kinds = {"binary": ("0", "1"), "multiclass": LEVELS, "regression": ("0.2", "0.9", "0.5")}[self.task]
        moment = datetime.combine(observed, datetime.min.time(), UTC)
        of = [
            {
                "model_id": self.model_id,
                "entity_id": entity,
                "batch_date": day,
                "outcome": str(self.random.choice(kinds)),
                "observed_at": moment if self.random.random() < 0.7 else None,
            }
            for entity, day in dict.fromkeys(rows)
        ]
        self._send("outcomes", outcomes=of)

    def _send(self, kind: str, **tables: list[dict[str, Any]]) -> None:
        send_rows(self.warehouse, kind, **tables)


def _chances(entity: str) -> list[float]:
    """The probabilities of an entity, that of some of them none."""
    first = (len(entity) + ord(entity[-1])) % 10 / 10
    return [] if first == 0.1 else [first, *[(1 - first) / (len(LEVELS) - 1)] * (len(LEVELS) - 1)]
