"""How the colour of a variable's drift follows from its numbers, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from dashboard.colour import AMBER, RED
from dashboard.finding import Finding
from dashboard.format import index
from dashboard.judging.course import course_step
from dashboard.judging.drift_words import GREY_WORDS
from dashboard.judging.latch import FALL
from dashboard.say import say
from dashboard.text import LANGUAGES, Text

_EXACT: Final = (
    *("psi", "noise", "critical", "critical_at_once", "debiased", "upper"),
    *("amber", "red", "amber_set", "red_set", "floor"),
)
"""Facts that are written with the digits it takes to compare them."""


def drift_steps(finding: Finding) -> tuple[Text, ...]:
    """The steps from the counts to the colour, or to why there is none."""
    facts, near = finding.facts, finding.batch_date
    values = {**facts, "subject": finding.subject, "left": FALL - (facts.get("below") or 0)}
    values |= {name: _exact(facts.get(name)) for name in _EXACT}
    values |= {name: _exact(number) for name, number in (facts.get("slices") or {}).items() if name != "n"}
    values["slices"] = (facts.get("slices") or {}).get("n")
    if finding.colour == "grey":
        why = say(GREY_WORDS[facts["reason"]], {**facts, "subject": finding.subject}, near=near)
        hidden = facts["reason"].startswith("not_monitorable")
        return (say(_slices(facts), values, near=near), say(_HIDDEN, values, near=near), why) if hidden else (why,)
    level = RED if finding.colour == "red" else AMBER
    values["shown"] = _COLOURS[finding.colour]
    values["own"] = _COLOURS[_NAMES[facts["soft"]]]
    values["threshold"] = values[finding.colour]
    steps = [
        _TOGETHER if facts["batches"] > 1 else _ALONE,
        _WEEKDAYS if facts.get("reference") == "weekday" else _TRAINING,
        _CHANCE,
        _SIZE,
        *([_slices(facts)] if facts.get("slices") else []),
        _LIFTED if facts.get("floor") is not None else _SET,
        _CLAUSES[facts["clause"]],
    ]
    said = [say(step, values, near=near) for step in steps]
    votes = facts.get("votes", ())
    for vote in votes:
        said.append(say(_VOTE, {"date": vote["date"], "colour": _COLOURS[vote["colour"]]}, near=near))
    seconded = any(_CODES[vote["colour"]] >= level for vote in votes)
    if facts["soft"] < level:
        last = _HELD
    elif facts["clause"] == "at_once" and level == RED:
        last = _AT_ONCE
    else:
        last = _RISEN if seconded else _STANDS
    said.append(say(last, values, near=near))
    return (*said, *course_step(_arrived(finding)))


def _exact(number: float | None) -> Text:
    return Text(*(index(number, language, digits=4) for language in LANGUAGES))


def _slices(facts: Mapping[str, Any]) -> Text:
    return _WINDOW_FLOOR if facts.get("window_days") or facts.get("reference") == "weekday" else _FLOOR


def _arrived(finding: Finding) -> Finding:
    """The finding with the day its change arrived under the name that courses give it."""
    return replace(finding, facts={**finding.facts, "arrived": finding.facts.get("onset")})


_NAMES: Final = {-1: "grey", 0: "green", 1: "amber", 2: "red"}
_CODES: Final = {name: code for code, name in _NAMES.items()}
_COLOURS: Final = {
    "grey": Text("grey", "gris"),
    "green": Text("green", "vert"),
    "amber": Text("amber", "orange"),
    "red": Text("red", "rouge"),
}
_ALONE = Text(
    "The batch has {n:count} rows of {subject:name}, in {bins:count} bins that hold rows of it or of training.",
    "Le lot a {n:count} lignes de {subject:name}, dans {bins:count} classes occupées par lui ou par l'apprentissage.",
)
_TOGETHER = Text(
    "The batch is judged together with those before it, {batches:count} batches in all: {n:count} rows of "
    "{subject:name}, in {bins:count} bins that hold rows of them or of training.",
    "Le lot est jugé avec les précédents, {batches:count} lots en tout : {n:count} lignes de {subject:name}, dans "
    "{bins:count} classes occupées par eux ou par l'apprentissage.",
)
_TRAINING = Text(
    "Against the {training_n:count} training rows its PSI is {psi}.",
    "Face aux {training_n:count} lignes d'apprentissage, son PSI est de {psi}.",
)
_WEEKDAYS = Text(
    "Against the training rows of the same weekdays, worth {training_n:count}, its PSI is {psi}.",
    "Face aux lignes d'apprentissage des mêmes jours de semaine, qui en valent {training_n:count}, son PSI est de "
    "{psi}.",
)
_CHANCE = Text(
    "Without any drift chance alone gives {noise} on average at these numbers of rows and bins, more than {critical} "
    "once in 200 batches, and more than {critical_at_once} once in a million.",
    "Sans dérive, le seul hasard donne {noise} en moyenne avec ces nombres de lignes et de classes, plus de {critical} "
    "une fois sur 200 lots et plus de {critical_at_once} une fois sur un million.",
)
_SIZE = Text(
    "With the noise taken off the change is D = {debiased}, and may be as large as U = {upper}.",
    "Bruit déduit, le changement est D = {debiased}, et peut aller jusqu'à U = {upper}.",
)
_FLOOR = Text(
    "{slices:count} slices of the training rows differ from all of them by D = {mean} on average, with a standard "
    "deviation of {sd}: the floor is t = mean + 3 sd = {floor}.",
    "{slices:count} tranches des lignes d'apprentissage diffèrent de l'ensemble de D = {mean} en moyenne, avec un "
    "écart type de {sd} : le plancher est t = moyenne + 3 écarts types = {floor}.",
)
_WINDOW_FLOOR = Text(
    "{slices:count} slices of the training rows differ from all of them by D = {mean} on average, with a standard "
    "deviation of {sd}; for this window and what it is compared with, the floor is t = {floor}.",
    "{slices:count} tranches des lignes d'apprentissage diffèrent de l'ensemble de D = {mean} en moyenne, avec un "
    "écart type de {sd} ; pour cette fenêtre et ce à quoi elle est comparée, le plancher est t = {floor}.",
)
_LIFTED = Text(
    "So amber begins at {amber}, the larger of {amber_set} and t, and red at {red}, the larger of {red_set} and 2.5 t.",
    "Donc l'orange commence à {amber}, le plus grand de {amber_set} et t, et le rouge à {red}, le plus grand de "
    "{red_set} et 2,5 t.",
)
_SET = Text(
    "Amber begins at {amber}, red at {red}, as the policy says.",
    "L'orange commence à {amber}, le rouge à {red}, comme le dit la politique.",
)
_CLAUSES: Final = {
    "at_once": Text(
        "The PSI is beyond what chance gives once in a million, and D reaches red: red by itself, and at once.",
        "Le PSI dépasse ce que donne le hasard une fois sur un million, et D atteint le rouge : rouge, et aussitôt.",
    ),
    "red": Text(
        "The PSI is beyond what chance gives once in 200 batches, and D reaches red: red by itself.",
        "Le PSI dépasse ce que donne le hasard une fois sur 200 lots, et D atteint le rouge : rouge à lui seul.",
    ),
    "amber": Text(
        "The PSI is beyond what chance gives once in 200 batches, and D reaches amber: amber by itself.",
        "Le PSI dépasse ce que donne le hasard une fois sur 200 lots, et D atteint l'orange : orange à lui seul.",
    ),
    "upper": Text(
        "The PSI is beyond what chance gives once in 200 batches; D is below amber, but U reaches red, which cannot be "
        "excluded: amber by itself.",
        "Le PSI dépasse ce que donne le hasard une fois sur 200 lots ; D est sous l'orange, mais U atteint le rouge, "
        "qui ne peut être exclu : orange à lui seul.",
    ),
    "": Text(
        "That is within what chance gives, or below amber: green by itself.",
        "C'est dans ce que donne le hasard, ou sous l'orange : vert à lui seul.",
    ),
}
_VOTE = Text(
    "What ended on {date:date}, and shares no batch with it, was {colour} by itself.",
    "Ce qui finissait le {date:date}, sans lot commun avec lui, était {colour} à lui seul.",
)
_AT_ONCE = Text("An overwhelming red waits for no second batch: red.", "Un rouge écrasant n'attend pas : rouge.")
_RISEN = Text(
    "At least 2 of the last 3 reach {shown}: {shown}.",
    "Au moins 2 des 3 derniers atteignent ce niveau : {shown}.",
)
_STANDS = Text(
    "It rose to {shown} before and has not been below it for 3 batches in a row: {shown}.",
    "Sa couleur était déjà {shown}, et il n'est pas resté en dessous 3 lots de suite : {shown}.",
)
_HELD = Text(
    "It rose to {shown} before and falls after 3 batches in a row below {threshold}; {below:count} so far: {shown}.",
    "Sa couleur était déjà {shown} et redescend après 3 lots de suite sous {threshold} ; {below:count} à ce jour : "
    "{shown}.",
)
_HIDDEN = Text(
    "That is above .25, and above red ({red_set}): a change that matters cannot be told from it.",
    "C'est au-dessus de 0,25 et du rouge ({red_set}) : un changement qui compte ne s'en distingue pas.",
)
