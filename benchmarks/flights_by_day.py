"""Measures the drift rule on real days: a year of flights, judged day by day against January to March.

Days are no independent draws: weather and weekday are one for all flights of a day. Run it as
``python -m benchmarks.flights_by_day``; docs/statistics.md quotes what it prints.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dashboard.colour import AMBER, GREY, Codes
from dashboard.evaluation.cube import version_history
from dashboard.history import VersionHistory
from dashboard.judging.floor import RED_FACTOR, floor
from dashboard.policy import Policy
from dashboard.rules import constant, drift
from dashboard.tally import tally
from qod.contract import table_from_columns
from qod.history import deliver_history
from qod.reference import deliver_reference
from qod.warehouse.lake import LakeWarehouse

FLIGHTS: Final = Path(__file__).parents[1] / "tests" / "data" / "flights" / "flights_2013.parquet"
TRAINED_UNTIL: Final = date(2013, 4, 1)


def flights() -> VersionHistory:
    """The version trained on January to March, with a batch for every day of the year."""
    year = pq.read_table(FLIGHTS)
    with TemporaryDirectory() as folder:
        lake = LakeWarehouse(Path(folder) / "lake")
        entry = {"model_id": "flights", "name": "Flights", "task": "binary", "cadence": "P1D", "cohort": "batch"}
        entry |= {"outcome_window_days": 1, "registered_at": datetime(2013, 1, 1, tzinfo=UTC)}
        row = {name: [value] for name, value in entry.items()}
        lake.deliver({"models": table_from_columns("models", row)}, kind="register")
        training = Path(folder) / "training.parquet"
        pq.write_table(year.filter(pc.less(year.column("date"), pa.scalar(TRAINED_UNTIL))), training)
        deliver_reference("flights", "v1", training, warehouse=lake, date="date", score="p", outcome="y")
        deliver_history("flights", "v1", FLIGHTS, warehouse=lake, date="date", every="day", score="p")
        (version,) = lake.query("evaluated_versions", models=["flights"]).to_pylist()
        days = {"models": ["flights"], "since": date.min, "until": date.max}
        return version_history(
            version,
            reference=lake.query("evaluated_references", models=["flights"], versions=["v1"]),
            batches=lake.query("evaluated_batches", **days),
            counts=lake.query("evaluated_counts", **days),
        )


def inputs(version: VersionHistory) -> VersionHistory:
    """Without the score and what is computed from other variables."""
    kept = [v for v, one in enumerate(version.variables) if not one.derived and one.name != "p"]
    return replace(
        version,
        variables=tuple(version.variables[v] for v in kept),
        counts=version.counts[:, kept],
        present=version.present[:, kept],
        below=version.below[:, kept],
        above=version.above[:, kept],
        unseen={},
        distinct=None,
        types=None,
    )


def judged(version: VersionHistory, policy: Policy) -> tuple[Codes, Codes]:
    """The colours of each day by itself, and those shown, (days, variables), after the training months."""
    counted = tally(version)
    found = drift.judge(counted, policy, frozen=constant.is_frozen(counted))
    after = np.array([day >= TRAINED_UNTIL for day in counted.dates])
    return found.soft[after], found.shown[after]


def report() -> str:
    """What was measured, as Markdown."""
    version = inputs(flights())
    plain = replace(version, variables=tuple(replace(one, noise=None) for one in version.variables))
    known = {one.name: floor(one.noise) for one in version.variables if np.isfinite(floor(one.noise))}
    lifted = {
        name: {"drift_amber": max(Policy().drift_amber, t), "drift_red": max(Policy().drift_red, RED_FACTOR * t)}
        for name, t in known.items()
    }
    cases = (
        ("each day alone, without the floor", plain, Policy()),
        ("with thresholds lifted to the floor", plain, Policy(variables=lifted)),
        ("this rule: lifted, and grey above a floor of .25", version, Policy()),
        ("this rule, in windows of 7 days", version, Policy(drift_window_days=7)),
        ("this rule, against the same weekday", version, Policy(drift_reference="weekday")),
    )
    lines = [
        f"{len(version.variables)} variables, {len(judged(plain, Policy())[0])} days after training. A day by itself "
        "can be coloured; what is shown has waited for a second one.",
        "",
        "| judged | variable-days coloured by themselves | shown | grey | variables with a colour shown |",
        "|---|---|---|---|---|",
    ]
    names = sorted(one.name for one in version.variables)
    for name, of, policy in cases:
        soft, shown = judged(of, policy)
        days = (shown >= AMBER).sum(axis=0)
        told = ", ".join(f"{names[v]} {days[v]}" for v in np.flatnonzero(days)) or "none"
        lines.append(f"| {name} | {(soft >= AMBER).sum():,} | {days.sum():,} | {(shown == GREY).sum():,} | {told} |")
    return "\n".join(lines)


def main() -> None:
    """Count, judge and print the table."""
    print(report())


if __name__ == "__main__":
    main()
