"""The rule on immature truth: no cohort of this version can be judged yet, or truth has stopped coming."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from dashboard.cohorts import Timeline, completeness, matures_on
from dashboard.colour import GREY, NOTE
from dashboard.finding import Finding
from dashboard.history import Cohort, ModelEntry
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
        "its window and lacks its outcomes.",
        "Aucune cohorte de cette version n'a passé sa fenêtre d'observation avec 95 % des résultats connus : sa "
        "performance est grise, car une cohorte jeune paraît meilleure qu'elle n'est. Une note quand une cohorte plus "
        "ancienne est jugée mais qu'une plus récente, fenêtre passée, manque de résultats.",
    ),
    colours=("grey", "note"),
    condition=Text(
        "no cohort with last day + outcome window <= today and outcomes known >= 95 % of predictions",
        "aucune cohorte avec dernier jour + fenêtre d'observation <= aujourd'hui et résultats connus >= 95 % des "
        "prédictions",
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
        judged, late = truth.newest_matured(day), truth.overdue(day)
        if judged is None:
            codes[t] = GREY
            told.append(_facts(late or _first(truth, day), model, day, known=today))
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
        "matures_on": final.isoformat(),
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
    # In French a week is feminine; a month and a batch are masculine.
    values |= _FEMININE if facts["cohort"].startswith("week:") else _MASCULINE
    return say(_CASES[case], values, near=finding.batch_date)


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
    "overdue_then": Text(
        "{period:Period} was {due} on {matures_on:date}, but its outcomes have not all come.",
        "{period:Period} : {due} le {matures_on:date}, mais tous ses résultats ne sont pas arrivés.",
    ),
}
