"""The cohorts that a version on trial shares with the one it is against, from the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dashboard.evaluation.due import model_of
from dashboard.history import ModelEntry
from dashboard.performance.cohort_verdicts import parse_judged
from dashboard.performance.cohort_views import CohortView, cohort_views, main_measure
from dashboard.performance.interval import nothing
from dashboard.retrain.gate import Shared, Side
from dashboard.retrain.trials import Trial
from dashboard.stated import fleet_policy
from qod.errors import VigieError

if TYPE_CHECKING:
    from qod.warehouse import Warehouse

Days = Mapping[tuple[str, str], Mapping[str, date]]
"""By model and version: the days of batches by their names."""


@dataclass(frozen=True, slots=True)
class Known:
    """A model with its cohorts as a reader sees them, and by version and cohort the rows that each rests on."""

    model: ModelEntry
    views: Mapping[tuple[str, str], CohortView]
    fewest: Mapping[tuple[str, str], int]

    def pairs(self, trial: Trial) -> list[tuple[CohortView, CohortView]]:
        """The cohorts of both versions, the old one's and the new one's."""
        return [
            (old, new)
            for (version, cohort), new in self.views.items()
            if version == trial.model_version and (old := self.views.get((trial.against, cohort)))
        ]

    def side(self, view: CohortView, days: Days) -> Side:
        """What the gate reads of a cohort."""
        held = days.get((self.model.model_id, view.model_version), {})
        within = {
            day
            for batch, day in held.items()
            if view.first_day <= day <= view.last_day
            and (not view.cohort_id.startswith("batch:") or view.cohort_id == f"batch:{batch}")
        }
        estimate = view.realised.get(main_measure(self.model), nothing(0))
        return Side(estimate, self.fewest[view.model_version, view.cohort_id], view.mature, frozenset(within))


def shared_cohorts(
    warehouse: Warehouse, on_trial: Mapping[str, Sequence[Trial]], today: date
) -> dict[str, tuple[ModelEntry, dict[Trial, list[Shared]]]]:
    """By model: its entry, and by version on trial the cohorts that both versions predicted.

    A model whose policy cannot be read is left out: 'vigie check' tells of it.
    """
    known = _known(warehouse, sorted(on_trial), today)
    pairs = {(name, trial): one.pairs(trial) for name, one in known.items() for trial in on_trial[name]}
    days = _days(warehouse, sorted(on_trial), [view for both in pairs.values() for pair in both for view in pair])
    return {
        name: (
            one.model,
            {
                trial: [
                    Shared(
                        new.cohort_id,
                        new.first_day,
                        max(old.final_on, new.final_on),
                        one.side(old, days),
                        one.side(new, days),
                    )
                    for old, new in pairs[name, trial]
                ]
                for trial in on_trial[name]
            },
        )
        for name, one in known.items()
    }


def _known(warehouse: Warehouse, names: Sequence[str], today: date) -> dict[str, Known]:
    fleet = fleet_policy(warehouse.query("policies").to_pylist())
    registry = {row["model_id"]: row for row in warehouse.query("registry").to_pylist()}
    stored: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in warehouse.query("evaluated_cohorts", models=names, since=date.min, until=date.max).to_pylist():
        stored[row["model_id"]].append(row)
    found = {}
    for name in names:
        try:
            model, rows = model_of(registry[name], fleet), stored[name]
        except VigieError:
            continue
        found[name] = Known(
            model,
            {(view.model_version, view.cohort_id): view for view in cohort_views(rows, model, today=today)},
            {
                (row["model_version"], row["batch_id"]): parse_judged(row["verdict"]).facts.get("fewest") or 0
                for row in rows
            },
        )
    return found


def _days(warehouse: Warehouse, names: Sequence[str], views: Sequence[CohortView]) -> Days:
    """The batches on the days of the cohorts."""
    found: dict[tuple[str, str], dict[str, date]] = defaultdict(dict)
    if views:
        since, until = min(view.first_day for view in views), max(view.last_day for view in views)
        for row in warehouse.query("evaluated_batches", models=names, since=since, until=until).to_pylist():
            found[row["model_id"], row["model_version"]][row["batch_id"]] = row["batch_date"]
    return found
