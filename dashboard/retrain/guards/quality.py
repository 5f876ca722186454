"""The guard on data quality: a model trained on broken data is worse than none."""

from __future__ import annotations

from typing import Final

from dashboard.format import name as named
from dashboard.judging.enumeration import enumerated
from dashboard.retrain.case import Case
from dashboard.retrain.guard import Guard
from dashboard.say import say
from dashboard.text import Text

_BROKEN = Text(
    "The data of the newest batch is broken ({what}): mend it first, a model trained on it would learn the break.",
    "Les données du dernier lot sont défectueuses ({what}) : à réparer d'abord, un modèle entraîné dessus apprendrait "
    "le défaut.",
)
_INCIDENT = Text(
    "The model is part of an incident of broken data since {since:date} ({what}): mend that first.",
    "Le modèle est pris dans un incident de données défectueuses depuis le {since:date} ({what}) : à réparer d'abord.",
)
_NOW = Text("findings of data quality: {n:count}; incidents of broken data: {m:count}",
            "constats de qualité des données : {n:count} ; incidents de données défectueuses : {m:count}")  # fmt: skip
_BATCH: Final = Text("the batch as a whole", "le lot dans son ensemble")


def _refuse(case: Case) -> Text | None:
    if case.model.batch_date is None:
        return _UNKNOWN
    if case.broken:
        subjects = dict.fromkeys(finding.subject for finding in case.broken)
        what = enumerated([_BATCH if subject == "batch" else _same(subject) for subject in subjects])
        return say(_BROKEN, {"what": what}, near=case.today)
    if case.breaks:
        first = min(case.breaks, key=lambda incident: (incident.since, incident.id))
        what = enumerated([_same(variable) for variable in first.variables])
        return say(_INCIDENT, {"what": what, "since": first.since}, near=case.today)
    # A red without any finding was read while an evaluation ended: what is wrong with its data is not known either.
    return None if case.model.findings else _UNKNOWN


def _same(variable: str) -> Text:
    return Text(named(variable), named(variable))


def _now(case: Case) -> Text:
    return say(_NOW, {"n": len(case.broken), "m": len(case.breaks)}, near=case.today)


_UNKNOWN: Final = Text(
    "It is not known what was found in the newest batch, so nothing vouches for the data.",
    "On ignore ce qui a été constaté dans le dernier lot\u00a0: rien ne garantit les données.",
)

GUARD: Final = Guard(
    key="quality",
    place=1,
    name=Text("Sound data", "Données saines"),
    question=Text(
        "Is the newest batch free of amber and red findings of data quality, on its inputs and as a whole, and is the "
        "model in no incident of broken data? Taken care of or not: acknowledged data is still broken.",
        "Le dernier lot est-il sans constat orange ou rouge de qualité des données, sur ses entrées comme dans son "
        "ensemble, et le modèle hors de tout incident de données défectueuses\u00a0? Pris en charge ou non\u00a0: des "
        "données défectueuses le restent.",
    ),
    needs=Text("findings and incidents of the newest batch", "constats et incidents du dernier lot"),
    refuse=_refuse,
    now=_now,
)
