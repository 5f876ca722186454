"""A fleet made by hand, for tests and measurements of the pages: tables as an evaluation would leave them."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from dashboard.evaluation.results import STRIP
from qod.contract import table_from_columns
from qod.warehouse import Warehouse, open_warehouse

TODAY = date(2026, 11, 19)

HOSTILE_MODEL = '../a/b "quoted" <script>alert(1)</script> \U0001f525 ' + "x" * 250
"""A model's identifier and name that holds everything an address or a page may trip over."""

MISSING_FACTS = {
    "value": 0.38,
    "rows": 3800,
    "n": 10_000,
    "training": 0.002,
    "training_rows": 20,
    "training_n": 10_000,
    "p_value": 0.0,
    "amber": 0.01,
    "red": 0.05,
    "threshold": 0.05,
    "all_missing": False,
    "size": 37.8,
    "arrival": "sudden",
    "arrived": TODAY.isoformat(),
}
"""Facts of a finding of the rule on missing values."""


def small_fleet(folder: Path) -> Warehouse:
    """Six models: two red by one shared cause since today, one amber for four days, a green, a late and a new one."""
    warehouse = open_warehouse(folder)
    columns = Columns()
    red = ["green"] * 29 + ["red"]
    columns.model("churn-postpaid", "Churn, mobile postpaid", "Base care", red, findings=["tenure_months"])
    columns.model("churn-fixed", "Churn, fixed line", "Base care", red, findings=["tenure_months"])
    columns.model("fraud", "Fraud, new lines", "Risk", ["green"] * 26 + ["amber"] * 4, task="multiclass")
    columns.model(HOSTILE_MODEL, HOSTILE_MODEL, '<b>"Team" & Co</b>', ["green"] * 30)
    columns.model("late", "Network fault, north", "Network", ["green"] * 20 + ["grey"], ends=TODAY - timedelta(days=4))
    columns.model("new", "Registered only", "Growth", [])
    columns.deliver(warehouse)
    return warehouse


def long_history(folder: Path) -> Warehouse:
    """A green model of 200 batches, a late one of 20, and two that share a finding on the day it stopped, not since."""
    warehouse = open_warehouse(folder)
    columns, stopped = Columns(), TODAY - timedelta(days=9)
    columns.model("long", "Long", "Base care", ["green"] * 199 + ["amber"])
    columns.model("late", "Late", "Network", ["green"] * 20, ends=stopped)
    for name in ("one", "two"):
        columns.model(name, name, "Risk", ["green"] * 30, findings=["tenure_months"], found=stopped)
    columns.deliver(warehouse)
    return warehouse


def large_fleet(folder: Path, *, models: int = 300, batches: int = 60, seed: int = 4) -> Warehouse:
    """``models`` models of ``batches`` daily batches with colours and sentences like real ones."""
    warehouse = open_warehouse(folder)
    chance = random.Random(seed)
    columns = Columns()
    subjects = ["churn", "upsell", "fraud", "fault", "load", "default", "roaming", "offer", "win-back", "arrears"]
    for number in range(models):
        name = f"{chance.choice(subjects)}-{chance.choice(['postpaid', 'fixed', 'fibre', 'north', 'b2b'])}-{number:03d}"
        last = chance.choices(["green", "amber", "red", "grey"], [80, 10, 7, 3])[0]
        run = chance.randint(1, 9)
        colours = ["amber" if chance.random() < 0.04 else "green" for _ in range(batches - run)] + [last] * run
        columns.model(
            name,
            name.replace("-", " ").capitalize(),
            chance.choice(["Base care", "Growth", "Risk", "Network", "Care", "Billing"]),
            colours,
            findings=[f"{chance.choice(['tenure', 'usage', 'wait', 'calls'])}_{chance.randint(1, 40)}"],
            says=f"wait_seconds_{chance.randint(1, 40)} moved: PSI .{chance.randint(11, 40)} (noise .01, amber "
            f"from .10), drifting since {chance.randint(1, 19)} November; most of it is 84 to 96, "
            f"{chance.randint(3, 9)} % in training, {chance.randint(10, 30)} % now.",
        )
    columns.deliver(warehouse)
    return warehouse


class Columns:
    """Collects the rows of several tables, then delivers them at once."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))

    def add(self, table: str, **values: Any) -> None:
        for key, value in values.items():
            self.tables[table][key].append(value)

    def model(
        self,
        model_id: str,
        name: str,
        team: str,
        colours: list[str],
        *,
        task: str = "binary",
        ends: date = TODAY,
        findings: list[str] | None = None,
        says: str | None = None,
        found: date | None = None,
    ) -> None:
        """A model with one batch a day for each colour, the last on ``ends``.

        Findings stand in its batch of the day ``found``, or in its last one where that is red.
        """
        start = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
        self.add(
            "models",
            model_id=model_id,
            name=name,
            description="Who leaves within three months.",
            team=team,
            owner_email="ada@example.org",
            task=task,
            cadence="P1D",
            cohort="month",
            outcome_window_days=60,
            links=json.dumps({"repository": "https://git.example.org/churn", "script": "javascript:alert(1)"}),
            registered_at=start,
        )
        if not colours:
            return
        self.add(
            "versions",
            model_id=model_id,
            model_version="1",
            trained_at=start,
            deployed_at=start,
            rows=50_000,
            framework="scikit-learn 1.9",
            score_variable="score",
            baselines=json.dumps({"auc": {"value": 0.773, "se": 0.006, "n": 9000}}),
        )
        days = [ends - timedelta(days=len(colours) - 1 - place) for place in range(len(colours))]
        since = days[0]
        for place, (day, colour) in enumerate(zip(days, colours, strict=True)):
            if place and colour != colours[place - 1]:
                since = day
            batch = {"model_id": model_id, "model_version": "1", "batch_id": day.isoformat(), "batch_date": day}
            self.add("batches", **batch, rows=10_000 + place, duplicate_ids=0)
            words = says if says and colour in ("amber", "red") else f"All 12 variables are {colour}."
            health = {
                "colour": colour,
                "drift": "green" if colour == "red" else colour,
                "quality": "red" if colour == "red" else "green",
                "performance": "grey",
                "freshness": "grey" if colour == "grey" else "green",
                "since": since,
                "headline_en": words,
                "headline_fr": words.replace("All 12 variables are", "Les 12 variables sont"),
                "as_of": TODAY,
            }
            self.add("health", **batch, **health, inputs="0")
        strip = [{"batch_date": day, "colour": colour} for day, colour in zip(days, colours, strict=True)]
        self.add("standing", **batch, **health, strip=strip[-STRIP:], mark="0")
        if colours[-1] != "red" and found is None:
            return
        day = found or days[-1]
        for subject in findings or []:
            self.add(
                "findings",
                model_id=model_id,
                model_version="1",
                batch_id=day.isoformat(),
                batch_date=day,
                subject=subject,
                rule="missing",
                family="quality",
                colour="red",
                since=found or since,
                weight=0.12,
                facts=json.dumps(MISSING_FACTS),
            )

    def deliver(self, warehouse: Warehouse) -> None:
        """Everything that was added, as a registration, a reference, batches and an evaluation would deliver it."""
        for kind, names in (
            ("register", ["models"]),
            ("reference", ["versions"]),
            ("batch", ["batches"]),
            ("evaluation", ["health", "standing", "findings"]),
        ):
            tables = {name: table_from_columns(name, dict(self.tables[name])) for name in names if name in self.tables}
            if tables:
                warehouse.deliver(tables, kind=kind)
