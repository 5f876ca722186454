"""Asking for retraining: every red model decided, each request written down before and after the target is asked."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from dashboard.events import Event, from_row, to_table
from dashboard.links import finding_link
from dashboard.reasons import kept_reasons
from dashboard.retrain import targets
from dashboard.retrain.case import Case
from dashboard.retrain.course import ASKED, AWAITING, FAILED, PLANNED, REFUSED, run_of
from dashboard.retrain.decide import Verdict, cases, decide, red_models
from dashboard.retrain.decision import Decision
from dashboard.retrain.numbers import count_rows, read_days
from dashboard.retrain.request import LONGEST_REASON, Entry, Request
from dashboard.retrain.target import DEADLINE, Reply, Target
from dashboard.say import say
from dashboard.setting import variable_of
from dashboard.settings import Settings
from dashboard.text import Text
from dashboard.world import AUTHOR, Model, World

if TYPE_CHECKING:
    from qod.warehouse import Warehouse

_ASKED = Text("{target} was asked on {day:date} to train the model anew.",
              "{target} a reçu le {day:date} la demande de réentraîner le modèle.")  # fmt: skip
_WOULD = Text("All guards hold: {target} would be asked to train the model anew.",
              "Toutes les conditions sont remplies : {target} recevrait la demande de réentraînement.")  # fmt: skip
_NO_SETTING = Text("{target} cannot be asked: {names} is not set.",
                   "{target} ne peut rien recevoir : {names} n'est pas défini.")  # fmt: skip
_DOWN = Text("{target} does not answer in this run; the next run asks it again.",
             "{target} ne répond pas cette fois-ci ; la prochaine exécution redemandera.")  # fmt: skip
_BOTH = Text("Another run is about to ask {target}, so this one does not.",
             "Une autre exécution est en train de demander à {target}, celle-ci s'abstient.")  # fmt: skip


@dataclass(slots=True)
class _Run:
    """One run: what it writes to, what it may ask, and the targets that it found down."""

    warehouse: Warehouse
    world: World
    settings: Settings
    deadline: float
    began: float
    down: set[str]

    def now(self) -> datetime:
        """The world's moment and what has passed since, so that what comes after is later."""
        return self.world.now + timedelta(seconds=monotonic() - self.began)

    def write(self, events: Sequence[Event]) -> None:
        """Keep the events; nothing where there are none."""
        if events:
            self.warehouse.deliver({"events": to_table(events)}, kind="events")


def retrain(
    warehouse: Warehouse, world: World, settings: Settings, *, dry_run: bool = False, deadline: float = DEADLINE
) -> tuple[Decision, ...]:
    """What is decided of every red model with an entry [retrain], in the order of their identifiers.

    Refusals are written down when their guards change, requests before and after the target is asked, which
    ``deadline`` seconds bound; a target that does not answer is not asked again in the same run. ``dry_run`` writes
    nothing and asks nobody.
    """
    models = red_models(world)
    run = _Run(warehouse, world, settings, deadline, monotonic(), set())
    every = cases(world, models, read_days(warehouse, models))
    uncounted = {case.model.model_id: case.numbers for case in every if decide(case).step == "count"}
    counted = count_rows(warehouse, uncounted, world.today)
    decided: dict[str, Decision] = {}
    stops: list[Event] = []
    due: list[Case] = []
    for case in every:
        case = replace(case, numbers=counted.get(case.model.model_id, case.numbers))
        verdict = decide(case)
        decided[case.model.model_id] = verdict.decision
        if verdict.step == "ask" and dry_run:
            would = say(_WOULD, _named(verdict), near=case.today)
            decided[case.model.model_id] = _with(verdict.decision, "asked", would)
        elif verdict.step == "ask":
            due.append(case)
        elif verdict.step == "stop" and not dry_run:
            stops += _stopped(run, case, verdict)
    run.write(stops)
    for case in due:
        # What another run wrote in the meantime, and the trials that this run began, count too.
        decided[case.model.model_id] = _asked(run, _again(run, case))
    return tuple(decided[model.model_id] for model in models)


def _again(run: _Run, case: Case) -> Case:
    """The case with the events that are written by now."""
    rows = run.warehouse.query("model_events", model_id=case.model.model_id).to_pylist()
    world = replace(run.world, events=tuple(from_row(row) for row in rows))
    return cases(world, [case.model], {case.model.model_id: case.numbers})[0]


def _asked(run: _Run, case: Case) -> Decision:
    """Ask for one, unless the newest events are against it."""
    verdict = decide(case)
    if verdict.step != "ask" or verdict.entry is None:
        run.write(_stopped(run, case, verdict) if verdict.step == "stop" else [])
        return verdict.decision
    entry, named = verdict.entry, _named(verdict)
    target = targets.load()[entry.target]
    before = case.course.open[-1:] if target.repeatable else ()
    # A plan that may have arrived is asked again under its own name, so that its day stays the first one.
    token = run_of(before[0]) if before else secrets.token_hex(8)
    kept = _kept_from(run, target, case.today)
    reply = kept or _planned_and_asked(run, case, verdict.decision, entry, token)
    if reply.down:
        run.down.add(target.key)
    if reply.state == "asked":
        decision = _with(verdict.decision, "asked", say(_ASKED, {**named, "day": run.now().date()}, near=case.today))
        run.write([_event(run, case, decision, ASKED, "asked", {**reply.facts, "run": token})])
        return decision
    reasons = (reply.reason,) if reply.reason else ()
    decision = _with(verdict.decision, "failed", *reasons)
    extra = {"run": token, "doubt": reply.state == "unknown" or bool(before)}
    run.write([_event(run, case, decision, FAILED, "failed" if kept else _word("failed", target, token), extra)])
    return decision


def _kept_from(run: _Run, target: Target, today: date) -> Reply | None:
    """Why the target is not even asked; None where it can be."""
    lacking = ", ".join(variable_of(name) for name in run.settings.lacking(target.needs))
    if lacking:
        return Reply("refused", say(_NO_SETTING, {"target": target.name, "names": lacking}, near=today))
    return Reply("refused", say(_DOWN, {"target": target.name}, near=today)) if target.key in run.down else None


def _planned_and_asked(run: _Run, case: Case, decision: Decision, entry: Entry, token: str) -> Reply:
    """The target's reply, asked once it is written down that it will be."""
    target = targets.load()[entry.target]
    if token not in map(run_of, case.course.open):
        run.write([_event(run, case, decision, PLANNED, _word("planned", target, token), {"run": token})])
    if not target.repeatable:
        # Of two runs that plan at once each sees the other's plan, or one of them sees both: never do both ask.
        known = {run_of(event) for event in case.course.open}
        if any(run_of(event) not in {*known, token} for event in _again(run, case).course.open):
            return Reply("refused", say(_BOTH, {"target": target.name}, near=case.today))
    return target.ask(_request(case, entry, run.settings), run.settings, run.deadline)


def _word(word: str, target: Target, token: str) -> str:
    """The end of an event's identifier: of a target that takes repeats, a later attempt replaces the earlier."""
    return word if target.repeatable else f"{word}.{token}"


def _request(case: Case, entry: Entry, settings: Settings) -> Request:
    model = case.model
    headline = " ".join(model.headline.en.split()) if model.headline else f"red since {case.since.isoformat()}"
    red = [finding for finding in model.findings if finding.colour == "red"] or list(model.findings)
    url = finding_link(settings.public_url, red[0]) if red and settings.public_url else ""
    version = model.model_version or ""
    return Request(case.request_id, model.model_id, version, case.since, entry, headline[:LONGEST_REASON], url)


def _stopped(run: _Run, case: Case, verdict: Verdict) -> list[Event]:
    """What is to be written of a case that is not asked: nothing where it was written before."""
    decision = verdict.decision
    if decision.outcome == "failed":
        return [
            _event(run, case, decision, FAILED, f"failed.{run_of(plan)}", {"run": run_of(plan), "doubt": True})
            for plan in verdict.doubts
        ]
    kind = AWAITING if decision.outcome == "awaiting" else REFUSED
    last = case.course.last
    if last is not None and last.kind == kind and last.facts.get("guards") == list(verdict.guards):
        return []
    word = f"{decision.outcome}.{case.course.written + 1}"
    return [_event(run, case, decision, kind, word, {"guards": list(verdict.guards)})]


def _event(run: _Run, case: Case, decision: Decision, kind: str, word: str, extra: Mapping[str, Any]) -> Event:
    facts = {
        "since": decision.since.isoformat(),
        "target": decision.target,
        "request_id": decision.request_id,
        **({"reasons": kept_reasons(decision.reasons)} if decision.reasons else {}),
        **extra,
    }
    model: Model = case.model
    place = (model.model_id, model.model_version, model.batch_id, "model")
    return Event(f"{decision.request_id}.{word}", run.now(), kind, *place, AUTHOR, facts)


def _named(verdict: Verdict) -> dict[str, object]:
    """The target's name, to stand in a sentence."""
    target = targets.load().get(verdict.entry.target if verdict.entry else "")
    return {"target": target.name if target else verdict.decision.target}


def _with(decision: Decision, outcome: Any, *reasons: Text) -> Decision:
    return replace(decision, outcome=outcome, reasons=reasons)
