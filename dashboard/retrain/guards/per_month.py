"""The guard on the number of requests: a model that keeps turning red needs a person, not a loop."""

from __future__ import annotations

from typing import Final

from dashboard.plural import plural
from dashboard.retrain.case import Case
from dashboard.retrain.course import days_of_requests
from dashboard.retrain.guard import Guard
from dashboard.say import say
from dashboard.text import Text

DAYS: Final = 30
"""The month that is looked back on: today and the days before it."""

_REQUESTS: Final = (Text("request was", "demande a été faite"), Text("requests were", "demandes ont été faites"))
_REFUSED = Text(
    "{n:count} {requests} made within 30 days, and {most:count} are the most: see why the model keeps turning red.",
    "{n:count} {requests} en 30 jours, {most:count} au plus : voyez pourquoi le modèle revient au rouge.",
)
_NOW = Text(
    "requests within 30 days: {n:count}, {most:count} at most", "demandes en 30 jours : {n:count}, {most:count} au plus"
)


def _count(case: Case) -> int:
    return sum((case.today - day).days < DAYS for day in days_of_requests(case.events, case.request_id))


def _refuse(case: Case) -> Text | None:
    count, most = _count(case), case.policy.retrain_per_month
    if count < most:
        return None
    return say(_REFUSED, {"n": count, "requests": plural(count, *_REQUESTS), "most": most}, near=case.today)


def _now(case: Case) -> Text:
    return say(_NOW, {"n": _count(case), "most": case.policy.retrain_per_month}, near=case.today)


GUARD: Final = Guard(
    key="per_month",
    place=4,
    name=Text("Requests a month", "Demandes par mois"),
    question=Text(
        "Were fewer than retrain.per_month requests made within 30 days?",
        "Moins de retrain.per_month demandes ont-elles été faites en 30 jours\u00a0?",
    ),
    needs=Text("earlier requests", "demandes précédentes"),
    refuse=_refuse,
    now=_now,
)
