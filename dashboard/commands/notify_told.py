"""What `vigie notify` says of a run: for programs as plain values, for people as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from dashboard.alerts.change import Change
from dashboard.alerts.deciding.plan import Held
from dashboard.alerts.notify import Run, Told
from dashboard.alerts.send import Attempt
from dashboard.commands.counted import counted
from dashboard.events import Event, Standing
from dashboard.reasons import reasons_of
from dashboard.retrain.decision import Decision
from dashboard.text import Text
from dashboard.world import Model

_WOULD: Final = {
    "asked": "would be asked for",
    "refused": "would not be asked for",
    "awaiting": "would wait for an approval",
    "failed": "would fail",
}

MOST: Final = 8
"""Models that a line names; the rest is counted."""


def plain(run: Run) -> dict[str, Any]:
    """The run as JSON can hold it, sentences in both languages."""
    return {
        "dry_run": run.dry,
        "at": run.world.now.isoformat(),
        "channels": [_channel(told, run.dry) for told in run.channels],
        "retraining": [_decision(one) for one in run.decisions],
        "versions": [_verdict(one) for one in run.verdicts],
        "faults": list(run.faults),
    }


def lines(run: Run) -> Iterator[str]:
    """The run for a person, but for what went wrong, which ``faults`` has."""
    if not run.world.models:
        yield "No model is registered yet: run 'vigie register MODEL.toml', or set VIGIE_WAREHOUSE to where they are."
    for told in run.channels:
        yield from _of_channel(told, run.dry)
    for verdict in run.verdicts:
        word = verdict.kind.removeprefix("champion_")
        why = " ".join(one.en for one in reasons_of(verdict))
        yield f"Version {verdict.model_version} of {verdict.model_id}: {word}. {why}"
    for decision in run.decisions:
        word = _WOULD[decision.outcome] if run.dry else decision.outcome
        yield f"Retraining {decision.model_id}: {word}. {' '.join(one.en for one in decision.reasons)}"
    yield _sum(run)


def faults(run: Run) -> Iterator[str]:
    """A sentence for each message that was not sent, one for all that were not tried, and what failed beside."""
    yield from run.faults
    for told in run.channels:
        for one in told.attempts:
            if one.outcome is not None and one.outcome.state != "sent":
                doubt = "perhaps not sent" if one.outcome.state == "unknown" else "not sent"
                whom = one.message.owner or "nobody"
                yield f"{told.channel}: {doubt} to {whom} ({_changes(one.message.changes)}): {one.outcome.reason}"
        left = _count(told.attempts, None)
        if left:
            waiting = counted(left, "message")
            yield f"{told.channel}: {waiting} left for the next run, since the channel could not be reached."


def _of_channel(told: Told, dry: bool) -> Iterator[str]:
    name = f"{told.channel}: " if told.channel else ""
    if told.found:
        yield f"{name}{counted(told.found, 'message')} of an earlier run had arrived."
    outcomes = {one.message.letter_id: one for one in told.attempts}
    for message in told.plan.messages:
        attempt = outcomes.get(message.letter_id)
        if not message.owner:
            continue
        if dry:
            yield f"{name}would tell {message.owner}: {_changes(message.changes)}."
        elif attempt is not None and attempt.outcome is not None and attempt.outcome.state == "sent":
            yield f"{name}told {message.owner}: {_changes(message.changes)}."
    for held in told.plan.held:
        yield f"{name}held for {held.owner or 'nobody'} until {_moment(held.until)}: {_changes(held.changes)}."
    if told.plan.nobody:
        yield (
            f"{name}no person is told of {_changes(told.plan.nobody)}: no owner_email is registered, and "
            "VIGIE_DEFAULT_OWNER is not set."
        )
    reasons: dict[str, list[Model]] = {}
    for model, reason in told.silences:
        reasons.setdefault(reason.en, []).append(model)
    for sentence, models in reasons.items():
        named = [f"{model.model_id} ({_state(model)})" for model in models]
        yield f"{name}silent about {_listed(named if dry else named[:MOST], len(named))}. {sentence}"


def _state(model: Model) -> str:
    """The model's state, and who has taken care of what is wrong."""
    cares = dict.fromkeys(_care(one) for one in model.standings if one.kind != "open")
    return ", ".join((model.state, *cares))


def _care(standing: Standing) -> str:
    until = f" until {standing.until.isoformat()}" if standing.until else ""
    return f"{standing.kind}{until} by {standing.author or 'somebody'}"


def _changes(changes: Iterable[Change]) -> str:
    said = [f"{change.model.model_id} {change.before} -> {change.now} ({change.kind})" for change in changes]
    return _listed(said[:MOST], len(said))


def _listed(named: list[str], count: int) -> str:
    return ", ".join(named) + (f" and {count - len(named):,} more" if count > len(named) else "")


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _sum(run: Run) -> str:
    held = sum(len(told.plan.held) for told in run.channels)
    waiting = f" {held:,} held." if held else ""
    if run.dry:
        would = sum(bool(message.owner) for told in run.channels for message in told.plan.messages)
        return f"Would send {counted(would, 'message')}.{waiting} Nothing was sent or written."
    attempts = [one for told in run.channels for one in told.attempts]
    sent = _count(attempts, "sent")
    failed = _count(attempts, "refused") + _count(attempts, "unknown")
    return (
        f"Sent {counted(sent, 'message')}."
        + (f" {failed:,} failed." if failed else "")
        + (f" {left:,} left for the next run." if (left := _count(attempts, None)) else "")
        + waiting
    )


def _count(attempts: Iterable[Attempt], state: str | None) -> int:
    return sum((one.outcome.state if one.outcome else None) == state for one in attempts)


def _channel(told: Told, dry: bool) -> dict[str, Any]:
    outcomes = {one.message.letter_id: one for one in told.attempts}
    messages = []
    for message in told.plan.messages:
        attempt = outcomes.get(message.letter_id)
        outcome = attempt.outcome if attempt else None
        # What no attempt was made of had no address that this channel could write to, or is of a dry run.
        state = outcome.state if outcome else "left" if attempt else "planned" if dry else "untold"
        said = {"letter_id": message.letter_id, "to": message.owner, "language": message.language, "state": state}
        reason = {"reason": outcome.reason} if outcome and outcome.reason else {}
        messages.append(said | reason | {"changes": [_change(one) for one in message.changes]})
    return {
        "channel": told.channel,
        "arrived_before": told.found,
        "messages": messages,
        "held": [_held(one) for one in told.plan.held],
        "silent": [_silence(model, reason) for model, reason in told.silences],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "model_id": change.model.model_id,
        "kind": change.kind,
        "before": change.before,
        "now": change.now,
        "key": change.key,
        "findings": [
            {"subject": one.subject, "rule": one.rule, "colour": one.colour, "since": one.since.isoformat()}
            for one in change.findings
        ],
    }


def _held(held: Held) -> dict[str, Any]:
    return {
        "to": held.owner,
        "until": held.until.isoformat(),
        "changes": [_change(one) for one in held.changes],
    }


def _silence(model: Model, reason: Text) -> dict[str, Any]:
    cared = [
        {
            "subject": finding.subject,
            "rule": finding.rule,
            "kind": one.kind,
            "author": one.author,
            "until": one.until.isoformat() if one.until else None,
        }
        for finding, one in zip(model.findings, model.standings, strict=True)
        if one.kind != "open"
    ]
    said = {"model_id": model.model_id, "state": model.state, "reason_en": reason.en, "reason_fr": reason.fr}
    return said | {"taken_care_of": cared}


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "model_id": decision.model_id,
        "model_version": decision.model_version,
        "since": decision.since.isoformat(),
        "outcome": decision.outcome,
        "target": decision.target,
        "request_id": decision.request_id,
        "reasons_en": [one.en for one in decision.reasons],
        "reasons_fr": [one.fr for one in decision.reasons],
    }


def _verdict(verdict: Event) -> dict[str, Any]:
    said = {"model_id": verdict.model_id, "model_version": verdict.model_version}
    return said | {"state": verdict.kind.removeprefix("champion_"), **verdict.facts}
