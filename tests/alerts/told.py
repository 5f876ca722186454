"""Messages made by hand: models, findings, changes and worlds as a run of notify would hand them over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from typing import Any, Final

from dashboard.alert_policy import AlertPolicy
from dashboard.alerts.change import Change
from dashboard.alerts.message import Group, Message
from dashboard.alerts.writing.compose import compose
from dashboard.events import OPEN, Event
from dashboard.finding import Finding
from dashboard.incidents import incidents
from dashboard.settings import Settings
from dashboard.text import Language, Text
from dashboard.world import Model, World

NOW: Final = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
DAY: Final = date(2026, 11, 21)
SINCE: Final = date(2026, 11, 19)
OWNER: Final = "lea.martin@example.com"
LETTER: Final = "0123456789abcdef0123456789abcdef"
SETTINGS: Final = Settings(public_url="https://vigie.example.org/app/")

_MISSING: Final = {
    "value": 0.38, "rows": 760, "n": 2000, "training": 0.002, "training_rows": 20, "training_n": 10_000, "p_value": 0.0,
    "amber": 0.01, "red": 0.05, "threshold": 0.05, "all_missing": False, "size": 37.8, "arrival": "sudden",
    "arrived": "2026-11-19", "course": "steady", "onset": "2026-11-19", "value_then": 0.38,
}  # fmt: skip


def missing(model_id: str = "churn", subject: str = "tenure_months", **changes: Any) -> Finding:
    """38 % of a variable went missing on 19 November: red."""
    fields = {"colour": "red", "since": SINCE, "weight": 0.2, "facts": dict(_MISSING)} | changes
    return Finding(model_id, "v3", "2026-11-21", DAY, subject, "missing", "quality", **fields)


def late(model_id: str = "churn") -> Finding:
    """No batch since 12 November."""
    day = date(2026, 11, 12)
    facts = {
        "last": day.isoformat(), "due": "2026-11-13", "late_from": "2026-11-15", "cadence": "P1D", "year": 2026
    }  # fmt: skip
    since = date(2026, 11, 13)
    return Finding(model_id, "v3", "2026-11-12", day, "batch", "late", "freshness", "grey", since, None, facts)


def model(model_id: str = "churn", findings: Iterable[Finding] = (), **changes: Any) -> Model:
    """A model of OWNER, as its ``findings`` leave it."""
    found = tuple(findings)
    state = found[0].colour if found else "green"
    fields: dict[str, Any] = {
        "name": model_id.title(), "team": "Base care", "owner": OWNER, "language": "en", "policy": AlertPolicy(),
        "links": {"runbook": "https://wiki.example.org/churn", "dag": "https://airflow.example.org/churn"},
        "retrain": {}, "state": "late" if state == "grey" else state, "model_version": "v3",
        "batch_id": "2026-11-21", "batch_date": DAY, "since": SINCE, "findings": found,
        "standings": (OPEN,) * len(found),
        "headline": None if found else Text("All 13 variables are stable.", "Les 13 variables sont stables."),
    } | changes  # fmt: skip
    return Model(model_id, **fields)


def changed(of: Model, kind: str = "began", before: str = "green", **more: Any) -> Change:
    """What its owner is to be told of a model."""
    now = "green" if kind in ("recovered", "passed") else of.state
    findings = () if now == "green" else of.findings
    fields: dict[str, Any] = {"kind": kind, "before": before, "now": now, "findings": findings} | more
    return Change(f"key-{of.model_id}", model=of, **fields)


def world(changes: Iterable[Change], events: Iterable[Event] = ()) -> World:
    """The world in which these changed, and nothing else is."""
    models = {change.model.model_id: change.model for change in changes}
    return World(NOW, models, tuple(f for one in models.values() for f in one.findings), tuple(events))


def message(*groups: Group, language: Language = "en") -> Message:
    """The groups in one message to the owner of the first model."""
    return Message(LETTER, groups[0].changes[0].model.owner, language, groups, len(groups) > 1)


def alone(change: Change) -> Group:
    """A model by itself."""
    return Group(None, (change,))


def shared(changes: Iterable[Change]) -> Group:
    """Models with one cause, which their findings tell."""
    own = tuple(changes)
    (incident,) = incidents(finding for change in own for finding in change.findings)
    return Group(incident, own, incident.id)


def with_names(change: Change, name: str) -> Change:
    """The change of a model where everything that somebody else may name is called ``name``."""
    of = change.model
    # No table holds half a surrogate pair.
    key = name.encode(errors="replace").decode()
    findings = tuple(replace(one, subject=key, batch_id=key, model_version=key) for one in change.findings)
    links = {name: "https://wiki.example.org/", "runbook": f"javascript:{name}"}
    named = replace(
        of, name=name, team=name, links=links, batch_id=key, model_version=key, findings=findings, headline=None
    )
    return replace(change, model=named, findings=findings)


def words(html: str) -> str:
    """What a reader sees of the HTML, as one line."""
    body = re.sub(r"<style.*?</style>|<title.*?</title>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", body)))


def one(change: Any, language: Language = "en", **given: Any) -> Any:
    """The letter of one change, in a world of ``events``."""
    seen = world([change], given.pop("events", ()))
    return compose(message(alone(change), language=language), seen, SETTINGS, **given)


def spaced(text: str) -> str:
    """``text`` with plain spaces, whatever its language puts there, on one line."""
    return re.sub(r"\s+", " ", text)


def both(letter: Any) -> tuple[str, str]:
    """The two bodies as a reader has them, each on one line."""
    return words(letter.html), spaced(letter.plain)


class Nothing:
    """A warehouse that cannot be asked."""

    def query(self, name: str, /, **params: Any) -> Any:
        """Nothing: it is down."""
        raise OSError(f"{name} {params}")


class Answers:
    """A warehouse with these answers, by query."""

    def __init__(self, answers: Mapping[str, list[dict[str, Any]]]) -> None:
        self.answers = answers

    def query(self, name: str, /, **params: Any) -> Any:
        """The rows, as the warehouse gives them."""
        import pyarrow as pa

        return pa.Table.from_pylist(self.answers[name])
