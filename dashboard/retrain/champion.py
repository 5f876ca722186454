"""Whether a version that was trained because another was red may take its place: compared on the same cohorts."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from dashboard import metrics
from dashboard.events import Event
from dashboard.events import to_table as events_table
from dashboard.history import ModelEntry
from dashboard.performance.cohort_views import main_measure
from dashboard.reasons import kept_reasons
from dashboard.retrain import gate_row
from dashboard.retrain.gate import Scale, Shared, judge
from dashboard.retrain.gate_row import Gate
from dashboard.retrain.gate_words import RELATIVE, gate_words
from dashboard.retrain.shared_cohorts import shared_cohorts
from dashboard.retrain.trials import Asked, Trained, Trial, requests, trials
from dashboard.text import Text
from dashboard.world import AUTHOR
from qod.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from dashboard.world import World
    from qod.warehouse import Warehouse

REFRESHED: Final = timedelta(days=7)
"""How often the numbers of a gate are brought up to date that stays as it is: each time its model is judged anew."""


def judge_champions(warehouse: Warehouse, world: World, *, dry_run: bool = False) -> tuple[Event, ...]:
    """Open the gate of every version that answers a request to train anew, and judge those that are not passed.

    Returns an event for each gate whose state is new. Gates and events are one delivery; a dry run delivers nothing.
    The next evaluation judges the models of new gates from nothing, by the baselines that count now.
    """
    standing: dict[str, dict[str, Gate]] = defaultdict(dict)
    for row in warehouse.query("gates").to_pylist():
        standing[row["model_id"]][row["model_version"]] = gate_row.from_row(row)
    asked = requests(world.events)
    undecided = {model for model, gates in standing.items() if not all(gate.counts for gate in gates.values())}
    on_trial = _on_trial(warehouse, sorted((asked.keys() | undecided) & world.models.keys()), asked, standing)
    gates, events = [], []
    if on_trial:
        for model_id, (model, by_trial) in shared_cohorts(warehouse, on_trial, world.today).items():
            margin = world.models[model_id].policy.retrain_margin
            for trial, cohorts in by_trial.items():
                gate, event = _judged(model, trial, cohorts, margin, world.now)
                before = standing[model_id].get(trial.model_version)
                if _is_news(gate, before):
                    gates.append(gate)
                    if before is None or (before.state, before.against) != (gate.state, gate.against):
                        events.append(event)
    if gates and not dry_run:
        _deliver(warehouse, gates, events)
    return tuple(events)


def accept(
    warehouse: Warehouse, model_id: str, model_version: str, *, by: str, reason: str, now: datetime
) -> Event | None:
    """Let the version's own baselines count from now on, since somebody (``by``) says so, and why.

    Returns what was written; None where it is accepted already. Raises UnknownNameError for a model or a version that
    does not exist, and InputError for a version without a gate.
    """
    if model_id not in (known := warehouse.query("registry").column("model_id").to_pylist()):
        raise UnknownNameError("model", model_id, known)
    versions = warehouse.query("model_versions", model_id=model_id).column("model_version").to_pylist()
    if model_version not in versions:
        raise UnknownNameError("version", model_version, versions)
    rows = warehouse.query("gates").to_pylist()
    key = (model_id, model_version)
    gate = next((gate_row.from_row(row) for row in rows if (row["model_id"], row["model_version"]) == key), None)
    if gate is None:
        raise InputError(
            f"version {model_version!r} of {model_id!r} is not on trial: its own baseline counts already.",
            hint="a version is on trial once 'vigie notify' finds that it was trained after a request to retrain.",
        )
    if gate.counts:
        return None
    passed = replace(gate, state="passed", accepted_by=by, decided_at=now)
    event = _event(passed, gate_words(passed), author=by, text=reason)
    _deliver(warehouse, [passed], [event])
    return event


def _on_trial(
    warehouse: Warehouse,
    models: Sequence[str],
    asked: Mapping[str, Sequence[Asked]],
    standing: Mapping[str, Mapping[str, Gate]],
) -> dict[str, list[Trial]]:
    """By model: the versions on trial; models without any are left out."""
    if not models:
        return {}
    versions: dict[str, list[Trained]] = defaultdict(list)
    for row in warehouse.query("trained_versions", models=models).to_pylist():
        versions[row["model_id"]].append(Trained(row["model_version"], row["trained_at"], row["first_day"]))
    found = {name: trials(versions[name], asked.get(name, ()), standing.get(name, {})) for name in models}
    return {name: of_model for name, of_model in found.items() if of_model}


def _judged(
    model: ModelEntry, trial: Trial, cohorts: Sequence[Shared], margin: float, now: datetime
) -> tuple[Gate, Event]:
    """The gate of a version on trial as it is now, and the event that tells of it."""
    metric = main_measure(model)
    better = metrics.load()[metric].better
    verdict = judge(cohorts, Scale(better or "high", metric in RELATIVE), margin=margin)
    newest = verdict.newest
    gate = Gate(
        model.model_id,
        trial.model_version,
        trial.against,
        verdict.state,
        margin,
        now,
        cohort=newest.cohort_id if newest else None,
        first_day=newest.first_day if newest else None,
        cohorts=verdict.cohorts,
        metric=metric,
        old=verdict.old,
        new=verdict.new,
        difference=verdict.difference,
        low=verdict.low,
        high=verdict.high,
    )
    return gate, _event(gate, gate_words(gate, verdict.reason, waits_until=verdict.waits_until), author=AUTHOR)


def _event(gate: Gate, words: Iterable[Text], *, author: str, text: str | None = None) -> Event:
    """The same for the same state for the same reasons, whoever finds it."""
    rests_on = (
        gate.model_id,
        gate.model_version,
        gate.against,
        gate.state,
        gate.cohort,
        gate.cohorts,
        gate.accepted_by,
    )
    numbers = ("against", "cohort", "cohorts", "metric", "old", "new", "difference", "low", "high", "margin")
    return Event(
        event_id=f"{hashlib.blake2s(repr(rests_on).encode(), digest_size=16).hexdigest()}.champion",
        happened_at=gate.decided_at,
        kind=f"champion_{gate.state}",
        model_id=gate.model_id,
        model_version=gate.model_version,
        subject="model",
        author=author,
        facts={
            **{name: getattr(gate, name) for name in numbers},
            "reasons": kept_reasons(words),
            **({"text": text} if text else {}),
        },
    )


def _is_news(gate: Gate, before: Gate | None) -> bool:
    """Whether the gate is to be delivered: it, or what it rests on, is another; mere numbers once in a while."""
    if before is None or (before.state, before.against) != (gate.state, gate.against):
        return True
    if (before.cohort is None) != (gate.cohort is None):
        return True
    same = replace(gate, decided_at=before.decided_at) == before
    return not same and gate.decided_at - before.decided_at >= REFRESHED


def _deliver(warehouse: Warehouse, gates: Sequence[Gate], events: Sequence[Event]) -> None:
    tables = {"gates": gate_row.to_table(gates)} | ({"events": events_table(events)} if events else {})
    warehouse.deliver(tables, kind="gate")
