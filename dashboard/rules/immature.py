"""The rule on immature truth: no cohort of this version can be judged yet, or truth has stopped coming."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from dashboard.colour import GREY, NOTE
from dashboard.finding import Finding
from dashboard.history import Cohort, ModelEntry
from dashboard.performance.cohorts import Timeline, completeness, matures_on
from dashboard.plural import plural
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.text import Text

RULE: Final = Rule(
    key="immature",
    family="performance",
    name=Text("Provisional truth", "Vérité provisoire"),
    meaning=Text(
        "No cohort of this version has passed its outcome window with 95 % of outcomes known: its performance is grey, "
        "since young cohorts look better than they are. A note when an older cohort is judged but a newer one is past "
        "its window and lacks its outcomes; grey again, even after green, when that has lasted half the window and a "
        "week at least: truth has stopped coming.",
        "Aucune cohorte de cette version n'a passé sa fenêtre d'observation avec 95 % des résultats connus : sa "
        "performance est grise, car une cohorte jeune paraît meilleure qu'elle n'est. Une note quand une cohorte plus "
        "ancienne est jugée mais qu'une plus récente, fenêtre passée, manque de résultats ; gris de nouveau, même "
        "après du vert, quand cela dure depuis une demi-fenêtre et au moins une semaine : la vérité n'arrive plus.",
    ),
    colours=("grey", "note"),
    condition=Text(
        "no cohort with last day + outcome window <= today and outcomes known >= 95 % of predictions; or the first "
        "newer one without has last day + window + max(window / 2, 7 days) <= today",
        "aucune cohorte avec dernier jour + fenêtre d'observation <= aujourd'hui et résultats connus >= 95 % des "
        "prédictions ; ou la première plus récente sans cela a dernier jour + fenêtre + max(fenêtre / 2, 7 jours) <= "
        "aujourd'hui",
    ),
    source=Text(
        "simulation: AUC .859 at day 15 of a cohort whose truth is .794",
        "simulation : AUC de 0,859 au 15e jour d'une cohorte dont la vérité est 0,794",
    ),
    example=Text(
        "October with 61 % of outcomes known and a window of 65 days is final on 4 January.",
        "Octobre avec 61 % de résultats connus et une fenêtre de 65 jours est définitif le 4 janvier.",
    ),
)


def judge(truth: Timeline, model: ModelEntry, days: Sequence[date], *, is_newest: bool) -> Verdicts:
    """One verdict a batch, as seen on each of ``days`` (T,); when ``is_newest`` the last of them is today.

    What is known of a cohort is stated for today only: what was known on an earlier day is not kept.
    """
    codes = np.zeros((len(days), 1), np.int8)
    told: list[dict[str, Any]] = []
    for t, day in enumerate(days):
        today = is_newest and t == len(days) - 1
        judged, late, stopped = truth.newest_matured(day), truth.overdue(day), truth.stopped(day)
        if judged is None:
            codes[t] = GREY
            told.append(_facts(late or _first(truth, day), model, day, known=today))
        elif stopped is not None:
            codes[t] = GREY
            last = {"last_cohort": judged.cohort_id, "last_first_day": judged.first_day.isoformat()}
            patience = {"patience_days": truth.patience_days}
            told.append({**_facts(stopped, model, day, known=today), "case": "stopped", **last, **patience})
        elif late is not None and late.first_day > judged.first_day:
            codes[t] = NOTE
            told.append(_facts(late, model, day, known=today))
        else:
            told.append({})

    def words(t: int, _: int) -> Mapping[str, Any]:
        return told[t]

    return Verdicts(RULE, ("model",), codes, words=words)


def _first(truth: Timeline, day: date) -> Cohort | None:
    return next((cohort for cohort in truth.cohorts if cohort.first_day <= day), None)


def _facts(cohort: Cohort | None, model: ModelEntry, day: date, *, known: bool) -> dict[str, Any]:
    if cohort is None:
        return {"case": "no_predictions"}
    final = matures_on(cohort, model)
    facts: dict[str, Any] = {
        "case": "overdue" if final <= day else "provisional",
        "cohort": cohort.cohort_id,
        "first_day": cohort.first_day.isoformat(),
        "last_day": cohort.last_day.isoformat(),
        "matures_on": final.isoformat(),
        "window_days": model.outcome_window_days,
        "needed": model.policy.completeness,
    }
    if known:
        facts |= {"completeness": completeness(cohort), "known": cohort.known, "predicted": cohort.predicted}
        if facts["case"] == "provisional" and cohort.known == 0:
            facts["case"] = "awaited"
    return facts


def sentence(finding: Finding) -> Text:
    """``October is provisional: 61 % of outcomes known, final on 4 January.``"""
    facts = finding.facts
    if facts["case"] == "no_predictions":
        return _NO_PREDICTIONS
    case, share = facts["case"], facts.get("completeness")
    if case == "overdue" and share == 0:
        case = "overdue_nothing"
    elif case != "awaited" and share is None:
        # An earlier day, of which it is not kept what was known; or a cohort without predictions.
        case = f"{case}_then"
    values = {**facts, "period": (facts["cohort"], facts["first_day"])}
    if case.startswith("stopped"):
        values["last"] = (facts["last_cohort"], facts["last_first_day"])
    # In French a week is feminine; a month and a batch are masculine.
    values |= _FEMININE if facts["cohort"].startswith("week:") else _MASCULINE
    return say(_CASES[case], values, near=finding.batch_date)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the days and outcomes of the cohort to the colour."""
    facts, near = finding.facts, finding.batch_date
    if facts["case"] == "no_predictions":
        return (_NO_PREDICTIONS, _NOTHING_TO_JUDGE)
    values = {**facts, "days": plural(facts["window_days"], _DAY, _DAYS), "last": date.fromisoformat(facts["last_day"])}
    steps = [_WINDOW]
    if facts.get("completeness") is not None:
        steps.append(_KNOWN)
    if facts["case"] == "stopped":
        values["before"] = (facts["last_cohort"], facts["last_first_day"])
        values["stops_on"] = date.fromisoformat(facts["matures_on"]) + timedelta(days=facts["patience_days"])
        steps += [_BEFORE, _STOPS]
    elif finding.colour == "note":
        steps.append(_NEWER)
    else:
        steps.append(_OVER if facts["case"] == "overdue" else _OPEN)
    return tuple(say(step, values, near=near) for step in steps)


_DAY, _DAYS = Text("day", "jour"), Text("days", "jours")
_NOTHING_TO_JUDGE = Text("There is no cohort to judge: grey.", "Il n'y a pas de cohorte à juger\u00a0: gris.")
_WINDOW = Text(
    "The cohort ended on {last:date}; with an outcome window of {window_days:count} {days} its outcomes are due on "
    "{matures_on:date}.",
    "La cohorte s'est achevée le {last:date} ; avec une fenêtre d'observation de {window_days:count} {days}, ses "
    "résultats sont attendus le {matures_on:date}.",
)
_KNOWN = Text(
    "{known:count} of {predicted:count} outcomes are known, {completeness:share}; it takes {needed:share}.",
    "{known:count} résultats sur {predicted:count} sont connus, {completeness:share} ; il en faut {needed:share}.",
)
_OPEN = Text(
    "That day has not come, and no earlier cohort of this version counts: grey.",
    "Ce jour n'est pas venu, et aucune cohorte plus ancienne de cette version ne compte : gris.",
)
_OVER = Text(
    "That day has passed without enough of them, and no other cohort of this version counts: grey.",
    "Ce jour est passé sans qu'il y en ait assez, et aucune autre cohorte de cette version ne compte : gris.",
)
_NEWER = Text(
    "That day has passed without enough of them; an older cohort counts in its place: a note.",
    "Ce jour est passé sans qu'il y en ait assez ; une cohorte plus ancienne compte à sa place : une note.",
)
_BEFORE = Text(
    "The newest cohort that counts is {before:period}, and this is the first after it.",
    "La dernière cohorte qui compte : {before:period} ; celle-ci est la première après elle.",
)
_STOPS = Text(
    "Truth that is still lacking {patience_days:count} days later, on {stops_on:date}, half the window and a week at "
    "least, has stopped coming: grey.",
    "Une vérité qui manque encore {patience_days:count} jours plus tard, le {stops_on:date}, une demi-fenêtre et au "
    "moins une semaine, n'arrive plus : gris.",
)

_NO_PREDICTIONS = Text(
    "No predictions with identifiers were delivered: performance cannot be measured.",
    "Aucune prédiction avec identifiant n’a été livrée\u00a0: la performance ne peut être mesurée.",
)
_FEMININE = {"due": Text("due", "attendue"), "final": Text("final", "définitive")}
_MASCULINE = {"due": Text("due", "attendu"), "final": Text("final", "définitif")}
_CASES = {
    "provisional": Text(
        "{period:Period} is provisional: {completeness:share} of outcomes known, {final} on {matures_on:date}.",
        "{period:Period} : encore provisoire, {completeness:share} des résultats connus, {final} le {matures_on:date}.",
    ),
    "provisional_then": Text(
        "{period:Period} was provisional: its outcomes are final on {matures_on:date}.",
        "{period:Period} : encore provisoire, résultats définitifs le {matures_on:date}.",
    ),
    "awaited": Text(
        "No outcome is known yet; those {period:of_period} are final on {matures_on:date}.",
        "Aucun résultat n'est encore connu ; ceux {period:of_period} sont définitifs le {matures_on:date}.",
    ),
    "overdue": Text(
        "{period:Period} was {due} on {matures_on:date}, but only {completeness:share} of its outcomes are known: "
        "deliver the rest ({needed:share} needed).",
        "{period:Period} : {due} le {matures_on:date}, mais {completeness:share} seulement des résultats sont connus : "
        "livrer le reste ({needed:share} requis).",
    ),
    "overdue_nothing": Text(
        "{period:Period} was {due} on {matures_on:date}, but none of its outcomes is known: deliver them "
        "({needed:share} needed).",
        "{period:Period} : {due} le {matures_on:date}, mais aucun résultat n'est connu : les livrer "
        "({needed:share} requis).",
    ),
    "stopped": Text(
        "Truth has stopped coming since {last:period}: {period:period} was {due} on {matures_on:date}, and "
        "{completeness:share} of its outcomes are known ({needed:share} needed). Find out why.",
        "La vérité n'arrive plus depuis {last:period} : {period:period} était {due} le {matures_on:date}, et "
        "{completeness:share} des résultats sont connus ({needed:share} requis). En chercher la cause.",
    ),
    "stopped_then": Text(
        "Truth had stopped coming since {last:period}: {period:period} was {due} on {matures_on:date}, and its "
        "outcomes have not all come.",
        "La vérité n'arrivait plus depuis {last:period} : {period:period} était {due} le {matures_on:date}, et tous "
        "ses résultats ne sont pas arrivés.",
    ),
    "overdue_then": Text(
        "{period:Period} was {due} on {matures_on:date}, but its outcomes have not all come.",
        "{period:Period} : {due} le {matures_on:date}, mais tous ses résultats ne sont pas arrivés.",
    ),
}
