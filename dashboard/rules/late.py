"""The rule on freshness: has the next batch not come when it should have?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from dashboard.cadence_words import cadence_words
from dashboard.colour import GREY
from dashboard.finding import Finding
from dashboard.plural import plural
from dashboard.policy import Policy
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.text import Text
from qod.cadence import Cadence, parse_cadence

RULE: Final = Rule(
    key="late",
    family="freshness",
    name=Text("Late batch", "Lot en retard"),
    meaning=Text(
        "The newest batch is older than the model's cadence and a grace of a quarter of it (at least one day): grey, "
        "as nothing is known of today.",
        "Le dernier lot est plus ancien que la cadence du modèle et une marge d'un quart de celle-ci (au moins un "
        "jour) : gris, car on ne sait rien d'aujourd'hui.",
    ),
    colours=("grey",),
    condition=Text(
        "today > batch date + cadence + grace, grace = 25 % of the cadence rounded up to whole days, at least 1",
        "aujourd'hui > date du lot + cadence + marge, marge = 25 % de la cadence, arrondie au jour supérieur, au "
        "moins 1",
    ),
    source=Text("the registry's cadence", "la cadence du registre"),
    example=Text(
        "Daily batches, the last of 15 November: due on the 16th, late from the 18th on.",
        "Lots quotidiens, le dernier du 15 novembre : attendu le 16, en retard à partir du 18.",
    ),
)


def late_from(newest: date, cadence: Cadence, policy: Policy) -> date:
    """The first day on which a model whose newest batch is of ``newest`` counts as late."""
    grace = max(math.ceil(policy.grace_share * cadence.approximate_days), 1)
    return cadence.after(newest) + timedelta(days=grace + 1)


def judge(dates: tuple[date, ...], *, cadence: str, as_of: date, policy: Policy, is_newest: bool) -> Verdicts:
    """One verdict a batch of ``dates`` (T,): only the last can be late, and only when the model has no newer one.

    Raises InputError for a cadence that is no ISO 8601 duration.
    """
    every = parse_cadence(cadence)
    codes = np.zeros((len(dates), 1), np.int8)
    from_day = late_from(dates[-1], every, policy)
    if is_newest and as_of >= from_day:
        codes[-1] = GREY

    def words(t: int, _: int) -> Mapping[str, Any]:
        return {
            "last": dates[t].isoformat(),
            "due": every.after(dates[t]).isoformat(),
            "late_from": from_day.isoformat(),
            "cadence": cadence,
            "year": as_of.year,
        }

    return Verdicts(RULE, ("batch",), codes, words=words, since=every.after(dates[-1]))


def sentence(finding: Finding) -> Text:
    """``No batch since 15 November; one is due every day.``"""
    values = {**finding.facts, "every": cadence_words(parse_cadence(finding.facts["cadence"]))}
    return say(_LATE, values, near=date(finding.facts["year"], 1, 1))


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the newest batch's day to the colour."""
    facts = finding.facts
    grace = (date.fromisoformat(facts["late_from"]) - date.fromisoformat(facts["due"])).days - 1
    days = plural(grace, _DAY, _DAYS)
    values = {**facts, "grace": grace, "days": days, "every": cadence_words(parse_cadence(facts["cadence"]))}
    near = date(facts["year"], 1, 1)
    return tuple(say(step, values, near=near) for step in (_NEWEST, _GRACE, _GREY))


_DAY, _DAYS = Text("day", "jour"), Text("days", "jours")
_NEWEST = Text(
    "The model's newest batch is of {last:date}; one is due {every}, so the next on {due:date}.",
    "Le dernier lot du modèle est du {last:date} ; il en est attendu un {every}, donc le suivant le {due:date}.",
)
_GRACE = Text(
    "With a grace of {grace:count} {days}, it is late from {late_from:date} on.",
    "Avec une marge de {grace:count} {days}, il est en retard à partir du {late_from:date}.",
)
_GREY = Text(
    "That day has come and no batch has: grey, as nothing is known of today.",
    "Ce jour est venu et aucun lot avec lui : gris, car on ne sait rien d'aujourd'hui.",
)
_LATE = Text(
    "No batch since {last:date}; one is due {every}.",
    "Aucun lot depuis le {last:date} ; il en est attendu un {every}.",
)
