"""The rule on gaps: batches that never came, noticed with the first batch after them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from dashboard.cadence_words import cadence_words
from dashboard.colour import AMBER
from dashboard.finding import Finding
from dashboard.plural import plural
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.text import Text
from qod.cadence import parse_cadence

RULE: Final = Rule(
    key="gap",
    family="quality",
    name=Text("Batches missing before", "Lots manquants avant"),
    meaning=Text(
        "By the model's cadence, batches are missing between this one and the model's batch before it, of whichever "
        "version: amber for this one batch. Once they are delivered it is green.",
        "D'après la cadence du modèle, des lots manquent entre celui-ci et le lot précédent du modèle, quelle que soit "
        "sa version : orange pour ce seul lot. Une fois livrés, il est vert.",
    ),
    colours=("amber",),
    condition=Text(
        "batches missing = round(days since the batch before / cadence in days) - 1 >= 1",
        "lots manquants = arrondi(jours depuis le lot précédent / cadence en jours) - 1 >= 1",
    ),
    source=Text("the registry's cadence", "la cadence du registre"),
    example=Text(
        "Daily batches, one of 15 and the next of 18 November: two are missing, that of the 18th is amber.",
        "Lots quotidiens, un du 15 et le suivant du 18 novembre : il en manque deux, celui du 18 est orange.",
    ),
)


def judge(dates: Sequence[date], *, days: Sequence[date], cadence: str) -> Verdicts:
    """One verdict a batch of ``dates`` (T,); ``days`` are those of all batches of the model, in any order.

    A model's first batch has no gap before it. A batch that comes half a cadence late is not taken for two. Raises
    InputError for a cadence that is no ISO 8601 duration.
    """
    every = parse_cadence(cadence)
    known = np.unique(np.array([day.toordinal() for day in days], np.int64))
    own = np.array([day.toordinal() for day in dates], np.int64)
    place = np.searchsorted(known, own)
    before = np.where(place > 0, known[place - 1], own)
    missing = np.maximum(np.floor((own - before) / every.approximate_days + 0.5).astype(np.int64) - 1, 0)
    codes = np.where(missing > 0, np.int8(AMBER), np.int8(0))[:, None]

    def words(t: int, _: int) -> Mapping[str, Any]:
        return {"before": date.fromordinal(int(before[t])).isoformat(), "cadence": cadence}

    numbers = {"value": missing[:, None], "days": (own - before)[:, None], "threshold": 1}
    return Verdicts(RULE, ("batch",), codes, numbers, words, size=missing[:, None].astype(np.float64))


def sentence(finding: Finding) -> Text:
    """``2 batches are missing between 15 November and the batch of 18 November: deliver them, or see why none ran.``"""
    return say(plural(finding.facts["value"], _ONE, _SEVERAL), _values(finding), near=finding.batch_date)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the two days to the colour."""
    return tuple(say(step, _values(finding), near=finding.batch_date) for step in (_DAYS, _DUE, _AMBER))


def _values(finding: Finding) -> dict[str, Any]:
    facts = finding.facts
    return {**facts, "day": finding.batch_date, "every": cadence_words(parse_cadence(facts["cadence"]))}


_ONE = Text(
    "One batch is missing between {before:date} and {day:date}: deliver it, or see why the job did not run.",
    "Un lot manque entre le {before:date} et le {day:date} : le livrer, ou voir pourquoi le traitement n'a pas tourné.",
)
_SEVERAL = Text(
    "{value:count} batches are missing between {before:date} and {day:date}: deliver them, or see why the job did not "
    "run.",
    "{value:count} lots manquent entre le {before:date} et le {day:date} : les livrer, ou voir pourquoi le traitement "
    "n'a pas tourné.",
)
_DAYS = Text(
    "The model's batch before that of {day:date} is of {before:date}, {days:count} days earlier.",
    "Le lot du modèle qui précède celui du {day:date} est du {before:date}, {days:count} jours plus tôt.",
)
_DUE = Text(
    "One is due {every}, so {value:count} should lie between them; from {threshold:count} on, something is missing.",
    "Il en est attendu un {every}, donc {value:count} devraient se trouver entre eux ; à partir de {threshold:count}, "
    "il manque quelque chose.",
)
_AMBER = Text(
    "Amber for this batch alone: the next one is counted from it.",
    "Orange pour ce seul lot : le suivant se compte à partir de lui.",
)
