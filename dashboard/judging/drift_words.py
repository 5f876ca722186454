"""What a finding on drift says: how far a variable moved, since when, where; or why it cannot be judged."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from dashboard.colour import AMBER, RED
from dashboard.finding import Finding
from dashboard.format import index
from dashboard.judging.bin_label import bin_words
from dashboard.judging.latch import FALL
from dashboard.say import say
from dashboard.text import LANGUAGES, Text


def drift_sentence(finding: Finding) -> Text:
    """``wait_seconds moved: PSI .17 (noise .01, amber from .10), drifting since 3 November, ...``"""
    facts = finding.facts
    near, subject = finding.batch_date, {"subject": finding.subject}
    if finding.colour == "grey":
        return say(GREY_WORDS[facts["reason"]], {**facts, **subject}, near=near)
    level = RED if finding.colour == "red" else AMBER
    values = {
        **facts,
        "near": near,
        "subject": finding.subject,
        "what": say(_WHAT.get(finding.subject if facts.get("derived") else "", _VARIABLE), subject, near=near),
        "colour": _COLOUR[finding.colour],
        "threshold": facts[finding.colour],
        "left": FALL - facts["below"],
        "top": bin_words(facts["top"], near=near),
        "before": facts["top"]["training"],
        "now": facts["top"]["value"],
        "base": say(_WEEKDAY if facts.get("reference") == "weekday" else _TRAINING, {}, near=near),
        "mostly": _MOSTLY if facts["top"]["part"] >= 0.5 else _NOTABLY,
    }
    if facts["soft"] < level:
        return say(_RETURNING_NEXT if values["left"] == 1 else _RETURNING, values | _calmer(facts, values), near=near)
    # Findings written before thresholds could be lifted do not know what they were set to.
    lifted = facts[finding.colour] > facts.get(f"{finding.colour}_set", math.inf)
    values["limit"] = say(_LIFTED if lifted else _LIMIT, values, near=near)
    values["extent"] = say(_POOLED if facts["batches"] > 1 else _ALONE, values, near=near)
    values["when"] = say(_WHEN[facts["arrival"]], values, near=near)
    return say(_OPEN if facts["clause"] == "upper" else _MOVED, values, near=near)


def _calmer(facts: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Text]:
    """Why the shown colour is no longer reached, in numbers that say so as they are written."""
    near = values["near"]
    judged = _THIS_BATCH if facts["batches"] <= 1 else say(_THESE_BATCHES, facts, near=near)
    size, threshold = facts["debiased"], values["threshold"]
    # A size that would be written as the threshold itself gets a third digit, cut off, not rounded up to it.
    close = round(size, 2) >= threshold
    shown = Text(*(index(math.floor(size * 1000) / 1000 if close else size, language, digits=3 if close else 2)
                   for language in LANGUAGES))  # fmt: skip
    template = _BELOW if round(facts["psi"], 2) < threshold else _SMALLER if size < threshold else _CHANCE
    return {"calmer": say(template, {**values, "judged": judged, "size": shown}, near=near)}


_COLOUR = {"amber": Text("amber", "orange"), "red": Text("red", "rouge")}
_MOSTLY, _NOTABLY = Text("mostly", "surtout"), Text("notably", "notamment")
_ALONE = Text("PSI {psi:index}", "PSI de {psi:index}")
_POOLED = Text(
    "PSI {psi:index} over {batches:count} batches ({n:count} rows)",
    "PSI de {psi:index} sur {batches:count} lots ({n:count} lignes)",
)
_VARIABLE = Text("{subject:name} moved", "{subject:name} a bougé")
_WHAT: Final = {
    "reconstruction_error": Text(
        "The variables no longer go together as in training ({subject:name} moved)",
        "Les variables ne vont plus ensemble comme à l'apprentissage ({subject:name} a bougé)",
    ),
    "prediction": Text(
        "The share of predicted positives moved ({subject:name})",
        "La part des positifs prédits a bougé ({subject:name})",
    ),
}
"""What a derived variable that moved means, in the words of a reader who did not make it."""
_LIMIT = Text("{colour} from {threshold:index}", "{colour} dès {threshold:index}")
_LIFTED = Text(
    "{colour} from {threshold:index}, so much do slices of training differ themselves",
    "{colour} dès {threshold:index}, tant des tranches de l'apprentissage diffèrent elles-mêmes",
)
_TRAINING = Text("in training", "à l'apprentissage")
_WEEKDAY = Text("in training on such weekdays", "à l'apprentissage les mêmes jours de semaine")
_MOVED = Text(
    "{what}: {extent} (noise {noise:index}, {limit}), {when}; {mostly} {top} ({before:share} {base}, {now:share} now).",
    "{what} : {extent} (bruit {noise:index}, {limit}), {when} ; {mostly} {top} "
    "({before:share} {base}, {now:share} maintenant).",
)
_OPEN = Text(
    "{what}: {extent} (noise {noise:index}); with {n:count} rows red (from {red:index}) cannot be excluded, {when}.",
    "{what} : {extent} (bruit {noise:index}) ; avec {n:count} lignes, le rouge (dès {red:index}) ne "
    "peut être exclu, {when}.",
)
_WHEN = {
    "sudden": Text("at once on {onset:date}", "d'un coup le {onset:date}"),
    "gradual": Text("drifting since {onset:date}", "en dérive depuis le {onset:date}"),
    "first": Text("since this version's first batch", "dès le premier lot de cette version"),
}
_THIS_BATCH = Text("in this batch", "dans ce lot")
_THESE_BATCHES = Text("over {batches:count} batches ({n:count} rows)", "sur {batches:count} lots ({n:count} lignes)")
_BELOW = Text(
    "PSI {psi:index} {judged}, below {colour} ({threshold:index})",
    "PSI de {psi:index} {judged}, sous le seuil {colour} ({threshold:index})",
)
_SMALLER = Text(
    "PSI {psi:index} {judged}, {size} with the noise taken off, below {colour} ({threshold:index})",
    "PSI de {psi:index} {judged}, soit {size} bruit déduit, sous le seuil {colour} ({threshold:index})",
)
_CHANCE = Text(
    "PSI {psi:index} {judged}, no more than chance alone can give ({critical:index})",
    "PSI de {psi:index} {judged}, pas plus que ne peut donner le hasard ({critical:index})",
)
_RETURNING = Text(
    "{subject:name} is coming back: {calmer}; {left:count} more batches like it confirm.",
    "{subject:name} se rétablit : {calmer} ; encore {left:count} lots semblables pour le confirmer.",
)
_RETURNING_NEXT = Text(
    "{subject:name} is coming back: {calmer}; one more like it confirms.",
    "{subject:name} se rétablit : {calmer} ; encore un lot semblable pour le confirmer.",
)
GREY_WORDS: Final = {
    "training_empty": Text(
        "{subject:name} has no training rows to compare with: deliver the training set again.",
        "{subject:name} n'a aucune ligne d'apprentissage à comparer : livrer à nouveau le jeu d'apprentissage.",
    ),
    "training_missing": Text(
        "{subject:name} had no value in training: its drift cannot be judged.",
        "{subject:name} n'avait aucune valeur à l'apprentissage : sa dérive ne peut être jugée.",
    ),
    "training_constant": Text(
        "{subject:name} was constant in training: its drift cannot be judged.",
        "{subject:name} était constante à l'apprentissage : sa dérive ne peut être jugée.",
    ),
    "no_weekdays": Text(
        "{subject:name} is to be compared with training rows of the same weekday, which were not delivered: deliver "
        "the training set again with the column of its dates.",
        "{subject:name} est à comparer aux lignes d'apprentissage du même jour de semaine, qui n'ont pas été livrées : "
        "livrer à nouveau le jeu d'apprentissage avec sa colonne de dates.",
    ),
    "few_of_weekday": Text(
        "{subject:name} has too few training rows of this weekday to be compared with: deliver a training set of more "
        "weeks, or compare with all of it.",
        "{subject:name} a trop peu de lignes d'apprentissage de ce jour de semaine : livrer un apprentissage de plus "
        "de semaines, ou comparer à son ensemble.",
    ),
    "constant_of_weekday": Text(
        "{subject:name} has one and the same value in training on this weekday and in the batch: there is no "
        "distribution to compare.",
        "{subject:name} n'a qu'une valeur, la même à l'apprentissage ce jour de semaine et dans le lot : aucune "
        "distribution à comparer.",
    ),
    "not_monitorable": Text(
        "{subject:name} is not monitorable at this batch length, as slices of training itself differ by {floor:index}: "
        "use a 7-day window (drift.window_days = 7 in its policy).",
        "{subject:name} n'est pas surveillable avec des lots de cette durée, des tranches de l'apprentissage "
        "différant elles-mêmes de {floor:index} : utiliser une fenêtre de 7 jours (drift.window_days = 7 dans sa "
        "politique).",
    ),
    "not_monitorable_in_window": Text(
        "{subject:name} is not monitorable, as {window_days:count} days of training itself would differ by "
        "{floor:index}: use a longer window (drift.window_days), or set its thresholds above that.",
        "{subject:name} n'est pas surveillable, {window_days:count} jours d'apprentissage différant eux-mêmes de "
        "{floor:index} : utiliser une fenêtre plus longue (drift.window_days), ou fixer ses seuils au-dessus.",
    ),
}
