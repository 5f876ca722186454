"""What is said of a champion gate: what was compared, what came of it, and what to do while it is open."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from dashboard import format as form
from dashboard import metrics
from dashboard.retrain.gate import Reason
from dashboard.retrain.gate_row import Gate
from dashboard.say import say
from dashboard.text import Text

RELATIVE: Final = ("rmse",)
"""Measures without a unit of their own, whose differences are shares of the old value."""


def gate_words(gate: Gate, reason: Reason | None = None, *, waits_until: date | None = None) -> tuple[Text, ...]:
    """Whole sentences, the numbers first.

    ``reason`` says more of an open gate than its row does; ``waits_until`` is the day on which a truth should be final.
    """
    day = gate.decided_at.date()
    values: dict[str, Any] = {"version": gate.model_version, "against": gate.against, "by": gate.accepted_by}
    values |= {"model": gate.model_id, "cohorts": gate.cohorts, "due": waits_until}
    values["margin"] = _amount(gate, gate.margin)
    told = []
    if gate.cohort is not None and gate.first_day is not None and gate.metric is not None:
        metric = metrics.load().get(gate.metric)
        values |= {"low": _amount(gate, gate.low), "high": _amount(gate, gate.high)}
        values |= {"old": _measure(gate, gate.old), "new": _measure(gate, gate.new)}
        values |= {"metric": metric.name if metric else Text(gate.metric, gate.metric)}
        values |= {"period": (gate.cohort, gate.first_day)}
        told.append(say(_COMPARED if gate.cohorts == 1 else _COMPARED_OVER, values, near=day))
    if gate.accepted_by:
        return (*told, say(_ACCEPTED, values, near=day))
    if gate.state != "open":
        return (*told, say(_PASSED if gate.state == "passed" else _FAILED, values, near=day))
    open_for = _OPEN["undecided" if told else reason or "nothing_shared"]
    return (*told, say(open_for, values, near=day), say(_UNTIL, values, near=day))


def _amount(gate: Gate, number: float | None) -> Text:
    """A difference: a share where the measure is compared in shares, else to the third decimal, as margins are."""
    if gate.metric in RELATIVE:
        return Text(form.share(number, "en"), form.share(number, "fr"))
    return Text(form.index(number, "en", digits=3), form.index(number, "fr", digits=3))


def _measure(gate: Gate, number: float | None) -> Text:
    if gate.metric in RELATIVE:
        return Text(form.exact(number, "en"), form.exact(number, "fr"))
    return _amount(gate, number)


_COMPARED: Final = Text(
    "Over {period:period}, {metric} is {new} with version {version:name} and {old} with version "
    "{against:name}: a difference of {low} to {high} (95 %).",
    "Sur {period:period}, {metric} : {new} pour la version {version:name}, {old} pour la version "
    "{against:name}, soit un écart de {low} à {high} (95 %).",
)
_COMPARED_OVER: Final = Text(
    "Over {cohorts:count} cohorts, the last of them {period:period}, {metric} is {new} with version "
    "{version:name} and {old} with version {against:name}: a difference of {low} to {high} (95 %).",
    "Sur {cohorts:count} cohortes, dont la dernière est {period:period}, {metric} : {new} pour la version "
    "{version:name}, {old} pour la version {against:name}, soit un écart de {low} à {high} (95 %).",
)
_PASSED: Final = Text(
    "So it is not worse by as much as {margin}: its own baseline counts.",
    "Elle n'est donc pas moins bonne de {margin} : sa propre référence compte.",
)
_FAILED: Final = Text(
    "So it is worse by more than {margin}: the baseline of version {against:name} still counts.",
    "Elle est donc moins bonne de plus de {margin} : la référence de la version {against:name} compte toujours.",
)
_ACCEPTED: Final = Text(
    "{by:name} accepted it all the same: its own baseline counts.",
    "{by:name} l'a acceptée : sa propre référence compte.",
)
_OPEN: Final[dict[str, Text]] = {
    "undecided": Text(
        "Chance leaves open whether it is worse by {margin} or more: score further cohorts with both versions, or "
        "accept it.",
        "Le hasard ne permet pas de dire si elle est moins bonne de {margin} ou plus : noter d'autres cohortes avec "
        "les deux versions, ou l'accepter.",
    ),
    "nothing_shared": Text(
        "No cohort can be compared yet that versions {version:name} and {against:name} both scored: score one with "
        "both, or accept it.",
        "Aucune cohorte notée par les deux versions, {version:name} et {against:name}, ne peut encore être comparée : "
        "en noter une avec les deux, ou l'accepter.",
    ),
    "other_days": Text(
        "Versions {version:name} and {against:name} scored different days of their cohorts, which compares the days "
        "and not the versions: score a whole cohort with both, or accept it.",
        "Les versions {version:name} et {against:name} ont noté des jours différents de leurs cohortes, ce qui compare "
        "les jours et non les versions : noter une cohorte entière avec les deux, ou l'accepter.",
    ),
    "immature": Text(
        "Versions {version:name} and {against:name} both scored a cohort; its truth is due on {due:date}, and not "
        "complete yet.",
        "Les versions {version:name} et {against:name} ont noté une même cohorte ; sa vérité, attendue le {due:date}, "
        "n'est pas encore complète.",
    ),
    "unmeasured": Text(
        "What versions {version:name} and {against:name} both scored has too little truth for a comparison: score "
        "further cohorts with both, or accept it.",
        "Ce que les versions {version:name} et {against:name} ont noté toutes deux compte trop peu de vérité pour une "
        "comparaison : noter d'autres cohortes avec les deux, ou l'accepter.",
    ),
}
_UNTIL: Final = Text(
    "Until then the baseline of version {against:name} counts. To accept it: vigie retrain accept {model:name} "
    "{version:name}.",
    "D'ici là, la référence de la version {against:name} compte. Pour l'accepter : vigie retrain accept {model:name} "
    "{version:name}.",
)
