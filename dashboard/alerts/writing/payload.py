"""A message for programs: one JSON object of docs/alert-payload.schema.json."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from dashboard.alerts.advising.advice import Advice
from dashboard.alerts.change import Change
from dashboard.alerts.message import Message
from dashboard.alerts.record import Spot, event_ids, spot
from dashboard.alerts.writing.addresses import Addresses
from dashboard.alerts.writing.neutral import neutral
from dashboard.alerts.writing.said import said
from dashboard.incidents import Incident, sentence
from dashboard.retrain.decision import Decision
from dashboard.text import Language
from dashboard.world import World

VERSION: Final = 1
"""Raised when something that was there is no longer, or means something else."""

_MANY: Final = 25
_FINDINGS, _FINDINGS_OF_MANY = 10, 1
"""Findings of one model, and where there are more than ``_MANY`` models."""


def payload(
    message: Message, world: World, to: Addresses, advice: Mapping[str, Advice], *, subject: str, text: str, url: str
) -> dict[str, Any]:
    """Plain JSON values. Identifiers are as they were registered; what is for reading is on one line, and harmless."""
    language = message.language
    most = _FINDINGS if len(message.changes) <= _MANY else _FINDINGS_OF_MANY
    names = {model.model_id: model.name for model in world.models.values()}
    groups, ids = message.groups, event_ids(message)
    return {
        "version": VERSION,
        "id": message.letter_id,
        "kind": "folded" if len(groups) > 1 else "incident" if groups[0].incident and len(groups[0].changes) > 1
        else "model" if len(groups[0].changes) == 1 else "recovery",
        "language": language,
        "written_at": _moment(world.now),
        "to": message.owner,
        "subject": subject,
        "text": text,
        "url": url,
        "changes": [_change(message, one, to, ids, advice.get(one.model.model_id), most) for one in message.changes],
        "incidents": [
            _incident(group.incident, names, to, language) for group in groups if group.incident is not None
        ],
    }  # fmt: skip


def _change(
    message: Message, change: Change, to: Addresses, ids: Mapping[Spot, str], advice: Advice | None, most: int
) -> dict[str, Any]:
    model, language = change.model, message.language
    return {
        "key": change.key,
        "kind": change.kind,
        "model_id": model.model_id,
        "name": neutral(model.name),
        "team": neutral(model.team),
        "owner": neutral(model.owner),
        "before": change.before,
        "now": change.now,
        "version": model.model_version,
        "batch": model.batch_id,
        "batch_date": _day(model.batch_date),
        "since": _day(model.since),
        "url": to.model(model.model_id),
        "passed": [{"day": day.isoformat(), "colour": colour} for day, colour in change.passed],
        "findings_in_all": len(change.findings),
        "findings": [
            {
                "subject": one.subject,
                "rule": one.rule,
                "colour": one.colour,
                "since": one.since.isoformat(),
                "sentence": neutral(said(one)[language]),
                "url": to.finding(one, ids.get(spot(one))),
                "facts": finite(one.facts),
            }
            for one in change.findings[:most]
        ],
        "retraining": _retraining(change.retraining, language) if change.retraining else None,
        "advice": _advice(advice, language) if advice else None,
    }


def _incident(incident: Incident, names: dict[str, str], to: Addresses, language: Language) -> dict[str, Any]:
    return {
        "id": incident.id,
        "kind": incident.kind,
        "colour": incident.colour,
        "since": incident.since.isoformat(),
        "sentence": neutral(sentence(incident, names)[language]),
        "models": list(incident.models),
        "variables": list(incident.variables),
        "rules": list(incident.rules),
        "url": to.incidents(incident.id),
    }


def _retraining(decision: Decision, language: Language) -> dict[str, Any]:
    return {
        "outcome": decision.outcome,
        "target": decision.target,
        "request_id": decision.request_id,
        "reasons": [neutral(reason[language]) for reason in decision.reasons],
    }


def _advice(advice: Advice, language: Language) -> dict[str, Any]:
    return {
        "band_aid": neutral(advice.band_aid[language]),
        "cure": neutral(advice.cure[language]),
        "sql": advice.sql,
        "guard": finite(dict(advice.guard)),
        "rows": advice.rows,
        "share": finite(advice.share),
    }


def finite(value: Any) -> Any:
    """``value`` as plain JSON holds it: no number that is none, whatever deep inside; what is no JSON as text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inner) for inner in value]
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
