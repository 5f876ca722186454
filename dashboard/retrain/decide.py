"""Deciding whether a red model may be trained anew: a pure function of what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dashboard.events import Event
from dashboard.finding import Finding
from dashboard.incidents import Incident, incidents
from dashboard.reasons import reasons_of
from dashboard.retrain import guards, targets
from dashboard.retrain.case import Case, Numbers
from dashboard.retrain.course import course_of, run_of
from dashboard.retrain.decision import Decision, Outcome
from dashboard.retrain.guards.approval import KEY as APPROVAL
from dashboard.retrain.guards.approval import answer_of, is_declined
from dashboard.retrain.guards.rows import KEY as ROWS
from dashboard.retrain.request import Entry, read_entry, request_id
from dashboard.say import say
from dashboard.text import Text
from dashboard.world import Model, World
from qod.errors import VigieError

ENTRY: Final = "entry"
"""Stands among the guards that refuse where the model's entry cannot be read."""

_WRONG_ENTRY = Text(
    "The model's entry [retrain] cannot be used: {why}",
    "L'entrée [retrain] du modèle est inutilisable ; détail technique : « {why} »",
)
_MAYBE_ASKED = Text(
    "A request of {day:date} may have reached {target}: look there for {request}.",
    "Une demande du {day:date} est peut-être parvenue à {target} : cherchez-y {request}.",
)
_DOUBT = Text(
    "Nobody knows whether the request of {day:date} reached {target}, and a second one would train twice. Look there "
    "for {request}; if there is none, 'vigie retrain approve' has it asked again.",
    "On ignore si la demande du {day:date} est parvenue à {target}, et une seconde entraînerait deux fois. Cherchez-y "
    "{request} ; s'il n'y est pas, « vigie retrain approve » la fait redemander.",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``step`` says what is to be done: 'count' the rows, then decide again; 'ask' the target; 'stop' as ``decision``
    says; 'done': it was asked before.

    ``guards`` are the keys of those that do not hold; ``entry`` is what the model's says, None where it is wrong.
    ``doubts`` are the plans that nobody knows the end of and nobody was told of.
    """

    step: Literal["count", "ask", "stop", "done"]
    decision: Decision
    guards: tuple[str, ...] = ()
    entry: Entry | None = None
    doubts: tuple[Event, ...] = ()


def red_models(world: World) -> list[Model]:
    """The models of which something is to be decided: red now, and with an entry [retrain]."""
    return [
        model
        for _, model in sorted(world.models.items())
        if model.state == "red" and model.retrain and model.since and model.model_version and model.batch_id
    ]


def events_of(events: Iterable[Event]) -> dict[str, list[Event]]:
    """The events that guards look at, by model, in the same order."""
    found: dict[str, list[Event]] = {}
    for event in events:
        if event.model_id is not None and event.kind.startswith(("retraining_", "champion_")):
            found.setdefault(event.model_id, []).append(event)
    return found


def cases(world: World, models: Iterable[Model], numbers: Mapping[str, Numbers]) -> list[Case]:
    """A case for each of the models, which are red; one whose numbers were not read has none that is known."""
    breaks = [one for one in incidents(world.of_inputs) if one.kind == "break"]
    broken: dict[str, list[Finding]] = {}
    for finding in world.of_inputs:
        if finding.family == "quality" and finding.colour in ("amber", "red"):
            broken.setdefault(finding.model_id, []).append(finding)
    written = events_of(world.events)
    return [
        _case(
            model,
            model.since or world.today,
            world.today,
            numbers.get(model.model_id, Numbers()),
            broken.get(model.model_id, []),
            breaks,
            written.get(model.model_id, []),
        )
        for model in models
    ]


def _case(
    model: Model,
    since: date,
    today: date,
    numbers: Numbers,
    broken: Iterable[Finding],
    breaks: Iterable[Incident],
    events: Iterable[Event],
) -> Case:
    whole = [
        finding
        for finding in model.findings
        if finding.family == "quality" and finding.subject == "batch" and finding.colour in ("amber", "red")
    ]
    request = request_id(model.model_id, since)
    own = tuple(events)
    return Case(
        model=model,
        since=since,
        today=today,
        request_id=request,
        numbers=numbers,
        broken=(*broken, *whole),
        breaks=tuple(one for one in breaks if model.model_id in one.models),
        events=own,
        course=course_of(own, request),
    )


def answers(case: Case) -> dict[str, Text | None]:
    """Every guard's key with the reason why it does not hold, None where it does, in the order they are told."""
    return {key: guard.refuse(case) for key, guard in guards.load().items()}


def decide(case: Case) -> Verdict:
    """What is to be done of the case, and why. Asked once, it is never asked again for the same red run.

    Rows that were not counted yet refuse nothing: they are to be counted where no other guard refuses.
    """
    target = case.model.retrain.get("target")
    name = target if isinstance(target, str) else ""
    if case.course.asked is not None:
        return Verdict("done", _decision(case, name, "asked", reasons_of(case.course.asked)))
    refusals = {key: reason for key, reason in answers(case).items() if reason is not None}
    try:
        entry = read_entry(case.model.retrain)
    except VigieError as error:
        refusals = {ENTRY: say(_WRONG_ENTRY, {"why": str(error)}, near=case.today)} | refusals
        return Verdict("stop", _decision(case, name, "refused", refusals.values()), tuple(refusals))
    if not case.numbers.are_counted:
        refusals.pop(ROWS, None)
        if set(refusals) <= {APPROVAL} and not is_declined(case):
            return Verdict("count", _decision(case, name, "refused", refusals.values()), tuple(refusals), entry)
    if refusals:
        waits = tuple(refusals) == (APPROVAL,) and not is_declined(case)
        reasons = [*refusals.values(), *(_about(_MAYBE_ASKED, case, plan) for plan in case.course.open[-1:])]
        decision = _decision(case, name, "awaiting" if waits else "refused", reasons)
        return Verdict("stop", decision, tuple(refusals), entry)
    plans = case.course.open
    untold = tuple(plan for plan in plans if run_of(plan) not in case.course.told)
    if plans and not targets.load()[entry.target].repeatable and (untold or not _is_looked_at(case)):
        return Verdict("stop", _decision(case, name, "failed", [_about(_DOUBT, case, plans[-1])]), (), entry, untold)
    return Verdict("ask", _decision(case, name, "asked", ()), (), entry)


def _is_looked_at(case: Case) -> bool:
    """Whether somebody approved it after they were told that nobody knows whether the request arrived."""
    answer, told_at = answer_of(case), case.course.told_at
    return answer is not None and told_at is not None and answer.happened_at > told_at and not is_declined(case)


def _about(template: Text, case: Case, plan: Event) -> Text:
    key = case.model.retrain.get("target")
    target = targets.load().get(str(key))
    values = {"day": plan.day, "target": target.name if target else str(key), "request": case.request_id}
    return say(template, values, near=case.today)


def _decision(case: Case, target: str, outcome: Outcome, reasons: Iterable[Text]) -> Decision:
    model = case.model
    return Decision(
        model_id=model.model_id,
        model_version=model.model_version or "",
        batch_id=model.batch_id or "",
        since=case.since,
        outcome=outcome,
        target=target,
        request_id=case.request_id,
        reasons=tuple(reasons),
    )
