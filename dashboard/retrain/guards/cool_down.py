"""The guard on the pause: a new version is given time to show what it does before the next is asked for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from dashboard.format import duration
from dashboard.retrain.case import Case
from dashboard.retrain.course import days_of_requests
from dashboard.retrain.guard import Guard
from dashboard.say import say
from dashboard.text import Text

_ASKED = Text(
    "Retraining was asked for on {day:date}: the next request may follow from {free:date} on.",
    "Un réentraînement a été demandé le {day:date} : le suivant peut l'être à partir du {free:date}.",
)
_YOUNG = Text(
    "Version {version:name} is of {day:date}: the next request may follow from {free:date} on.",
    "La version {version:name} date du {day:date} : une demande peut suivre à partir du {free:date}.",
)
_UNKNOWN: Final = Text(
    "It is not known how old the newest version is.", "On ignore l\u2019âge de la version la plus récente."
)
_NOW = Text(
    "last request: {asked}; newest version: {made}; pause: {days}",
    "dernière demande : {asked} ; version la plus récente : {made} ; pause : {days}",
)
_NONE: Final = Text("none", "aucune")


def _last(case: Case) -> date | None:
    return max(days_of_requests(case.events, case.request_id), default=None)


def _refuse(case: Case) -> Text | None:
    days = case.policy.retrain_cool_down_days
    if days == 0:
        return None
    asked, made = _last(case), case.numbers.newest_on
    if asked is not None and (case.today - asked).days < days:
        return say(_ASKED, {"day": asked, "free": _after(asked, days)}, near=case.today)
    if made is None:
        return _UNKNOWN
    if (case.today - made).days < days:
        values = {"version": case.numbers.newest or "", "day": made, "free": _after(made, days)}
        return say(_YOUNG, values, near=case.today)
    return None


def _now(case: Case) -> Text:
    days = case.policy.retrain_cool_down_days
    values = {
        "asked": _day(case, _last(case)),
        "made": _day(case, case.numbers.newest_on),
        "days": Text(duration(days, "en"), duration(days, "fr")),
    }
    return say(_NOW, values, near=case.today)


def _after(day: date, days: int) -> date:
    """The day so many days later; the last there is, where a foreign row states one near the end of time."""
    return min(day, date.max - timedelta(days=days)) + timedelta(days=days)


def _day(case: Case, day: date | None) -> Text:
    return _NONE if day is None else say(Text("{day:date}", "{day:date}"), {"day": day}, near=case.today)


GUARD: Final = Guard(
    key="cool_down",
    place=3,
    name=Text("Pause", "Pause"),
    question=Text(
        "Are the last request about another red run and the newest version at least retrain.cool_down_days old? A "
        "request that may have been sent counts.",
        "La dernière demande d\u2019une autre période rouge et la version la plus récente datent-elles d\u2019au moins "
        "retrain.cool_down_days jours\u00a0? Une demande peut-être envoyée compte.",
    ),
    needs=Text("earlier requests, days of the versions", "demandes précédentes, dates des versions"),
    refuse=_refuse,
    now=_now,
)
