"""The guard on trials: while a new version is compared with the old, a third one is not asked for."""

from __future__ import annotations

from typing import Final

from dashboard.events import Event
from dashboard.retrain.case import Case
from dashboard.retrain.guard import Guard
from dashboard.say import say
from dashboard.text import Text

_REFUSED = Text(
    "Version {version:name} is still on trial since {day:date}: wait for its verdict.",
    "La version {version:name} est encore à l'essai depuis le {day:date} : attendez son verdict.",
)
_UNKNOWN: Final = Text(
    "It is not known which version is the newest, so nor whether one is on trial.",
    "On ignore quelle version est la plus récente, donc si une version est à l\u2019essai.",
)
_NOW = Text(
    "newest version: {version:name}; on trial: {answer}",
    "version la plus récente : {version:name} ; à l'essai : {answer}",
)
_VERDICTS: Final = ("champion_open", "champion_passed", "champion_failed")


def _last(case: Case) -> Event | None:
    """The newest verdict on the newest version, if it was tried."""
    of_version = [
        event
        for event in case.events
        if event.kind in _VERDICTS and event.model_version == case.numbers.newest and event.model_version is not None
    ]
    return max(of_version, key=lambda event: event.order, default=None)


def _refuse(case: Case) -> Text | None:
    if case.numbers.newest is None:
        return _UNKNOWN
    last = _last(case)
    if last is None or last.kind != "champion_open":
        return None
    return say(_REFUSED, {"version": case.numbers.newest, "day": last.day}, near=case.today)


def _now(case: Case) -> Text:
    last = _last(case)
    values = {
        "version": case.numbers.newest or "",
        "answer": Text("yes", "oui") if last is not None and last.kind == "champion_open" else Text("no", "non"),
    }
    return say(_NOW, values, near=case.today)


GUARD: Final = Guard(
    key="trial",
    place=6,
    name=Text("No trial", "Aucun essai"),
    question=Text(
        "Is no new version still on trial against the one before?",
        "Aucune nouvelle version n\u2019est-elle encore à l\u2019essai contre la précédente\u00a0?",
    ),
    needs=Text("the newest version and the verdicts on it", "la version la plus récente et ses verdicts"),
    refuse=_refuse,
    now=_now,
)
