"""What has changed for each model's owner since the last message, and why of the others nothing is said.

A change lies between two states of one model: the one that was told last to its owner over a channel (green before the
first message), and the one that holds now. Nothing else is remembered: a run that was missed, doubled, killed, or whose
channel was down, leaves told what was told, and the next run finds the same change, or the one that is true by then.
Being silent is not being told: a colour of which somebody has taken care is compared again in every run, and told when
the care ends.

Its key is a digest of the model, its owner, the kind, the two states, the first day of the present state's run, and the
key of the message before, so that the keys of what one person was told of one model form a chain:

- The same change has one key, whoever looks, however often, and whichever batch shows it by then. The batch is not in
  the key, but the day on which the state began: a state that lasts while a channel is down keeps its key through all
  batches, its letter is written anew each time, with what is true then, and it goes out once.
- The same batch, delivered again as red, green and red, rings twice where the green was told, since the second red
  follows another message. Without a message in between nothing was told but the red, and nothing has changed.
- No key comes twice in a chain. What was planned under a key that never comes again, as the state moved on while nobody
  knew whether the letter had arrived, is in doubt: the run asks the channel for it before it looks for changes
  (dashboard.alerts.record). Found there, it counts as told, and what follows is told against it; not found, it counts
  as never said, and the state that holds now is told, or that something passed. Neither loses a change, and only where
  the channel cannot tell may a reader hear of one twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from dashboard.alerts.change import Change, Kind
from dashboard.alerts.deciding.care import Care, care_of, ended_at, was_taken
from dashboard.alerts.deciding.known import MOST_CAUSES, Known, Told, cause_of
from dashboard.alerts.deciding.passed import passed_batches
from dashboard.finding import Finding
from dashboard.retrain.decision import Decision
from dashboard.text import Text
from dashboard.world import Model, State, World

_RANK: Final[dict[State, int]] = {"green": 0, "late": 1, "amber": 2, "red": 3}
"""How much a state that is told asks of its owner."""


@dataclass(frozen=True, slots=True)
class _News:
    """What is to be told: ``since`` is the day that the change is known by."""

    kind: Kind
    now: State
    findings: tuple[Finding, ...] = ()
    since: date | None = None
    passed: tuple[tuple[date, State], ...] = field(default=())


def changes_of(world: World, known: Known, decisions: Iterable[Decision] = ()) -> tuple[Change, ...]:
    """What is to be told over the channel that ``known`` is of: one change a model at most, in the models' order."""
    care, decided = care_of(world.events), {one.model_id: one for one in decisions}
    found = []
    for model in world.models.values():
        news = _news(world, model, known, care)
        if isinstance(news, _News):
            found.append(_change(model, known.of(model.model_id, model.owner), news, decided.get(model.model_id)))
    return tuple(found)


def silences_of(world: World, known: Known) -> tuple[tuple[Model, Text], ...]:
    """Of each model that is not green and of which nothing is told now: why not."""
    care, found = care_of(world.events), []
    for model in world.models.values():
        news = _news(world, model, known, care)
        if isinstance(news, Text) and model.state != "green":
            found.append((model, news))
    return tuple(found)


def _news(world: World, model: Model, known: Known, care: Care) -> _News | Text:
    """What is new of a model, or why nothing is told."""
    told = known.of(model.model_id, model.owner)
    before: State = told.state if told else "green"
    state = model.state
    if state == "grey":
        return _CANNOT_JUDGE
    if state == "late" and model.policy.alert_late == "no":
        return _LATE_OFF
    if state == "green":
        return _well(world, model, known, told, care)
    if before == "red" and state == "amber":
        return _News("better", "amber", model.open_findings, model.since)
    audible = _audible(model)
    if audible is None:
        return _TAKEN_CARE_OF
    level, findings = audible
    if level == "amber" and model.policy.alert_from == "red" and before != "late":
        return _BELOW
    if state == "late" != before:
        return _News("late", "late", findings, model.since)
    if _RANK[level] > _RANK[before]:
        kind: Kind = "late" if level == "late" else "worse" if before == "amber" else "began"
        return _News(kind, level, findings, model.since)
    return _lasting(world, model, told, level, findings, care) if told else _TOLD


def _well(world: World, model: Model, known: Known, told: Told | None, care: Care) -> _News | Text:
    if told is not None and told.state != "green":
        return _News("recovered", "green", (), model.since)
    passed = passed_batches(model, known, world.today, care.get(model.model_id, {}))
    return _News("passed", "green", (), passed[-1][0], passed) if passed else _GREEN


def _audible(model: Model) -> tuple[State, tuple[Finding, ...]] | None:
    """The worst state that has a finding of which nobody has taken care, and the open findings of it and below.

    None where all are taken care of. A colour that no finding carries is nobody's to take care of.
    """
    if not any(_level(model, one) == model.state for one in model.findings):
        return model.state, model.open_findings
    levels = [_level(model, one) for one in model.open_findings]
    if model.policy.alert_late == "no":
        levels = [level for level in levels if level != "late"]
    return (max(levels, key=lambda level: _RANK[level]), model.open_findings) if levels else None


def _level(model: Model, finding: Finding) -> State:
    """The state that a finding gives its model: a red on a variable of little weight counts amber."""
    if finding.colour == "red":
        return "amber" if finding.weight is not None and finding.weight < model.light else "red"
    return "amber" if finding.colour == "amber" else "late"


def _lasting(
    world: World, model: Model, told: Told, level: State, findings: tuple[Finding, ...], care: Care
) -> _News | Text:
    """What is new while what was told goes on: another cause after somebody took care of it, or time alone.

    While a finding that was told stays open, its owner knows that there is something to do.
    """
    of_model = care.get(model.model_id, {})
    carrying = [one for one in findings if _level(model, one) == level]
    ended = {cause_of(one) for one in carrying if (end := ended_at(of_model, one)) is not None and end > told.at}
    heard = {cause_of(one) for one in carrying} & told.causes
    cared = any(was_taken(of_model, cause) for cause in told.causes) or any(
        stands.kind != "open" and _level(model, one) == told.state
        for one, stands in zip(model.findings, model.standings, strict=True)
    )
    if ended or (cared and not heard and any(_is_new(one, told) for one in carrying)):
        return _News("again", told.state, findings)
    days = model.policy.reminder_days
    if days and level == told.state and (world.today - told.at.date()).days >= days:
        return _News("reminder", told.state, findings)
    return _TOLD


def _is_new(finding: Finding, told: Told) -> bool:
    """Whether a finding was not among those of the last message, which may have had more than it names."""
    if len(told.causes) < MOST_CAUSES:
        return cause_of(finding) not in told.causes
    return finding.since.isoformat() > max(since for _, _, since in told.causes)


def _change(model: Model, told: Told | None, news: _News, decision: Decision | None) -> Change:
    before: State = told.state if told else "green"
    parts = [
        *(model.model_id, model.owner, news.kind, before, news.now),
        news.since.isoformat() if news.since else "",
        told.key if told else "",
    ]
    key = hashlib.blake2s(json.dumps(parts).encode(), digest_size=16).hexdigest()
    return Change(key, news.kind, model, before, news.now, news.findings, decision, news.passed)


_GREEN = Text("It is green, and its owner knows nothing else.", "Il est vert, et son responsable ne sait rien d’autre.")
_CANNOT_JUDGE = Text(
    "It cannot be judged now, which changes nothing of what was told.",
    "Il ne peut être jugé pour l’instant, ce qui ne change rien à ce qui a été dit.",
)
_LATE_OFF = Text(
    "Its batch is late, and its policy (alerts.late) says not to write about that.",
    "Son lot est en retard, et sa politique (alerts.late) demande de ne pas écrire à ce sujet.",
)
_BELOW = Text(
    "It is amber, and its policy (alerts.from) says to write from red on.",
    "Il est orange, et sa politique (alerts.from) demande de n’écrire qu’à partir du rouge.",
)
_TAKEN_CARE_OF = Text(
    "Everything that is wrong with it is acknowledged or snoozed.",
    "Tout ce qui ne va pas est pris en charge ou en pause.",
)
_TOLD = Text("Its owner has been told, and nothing is new.", "Son responsable en a été averti, et rien n’est nouveau.")
