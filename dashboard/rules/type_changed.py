"""The rule on types: a variable's values are of another kind than training's, as text where there were numbers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from dashboard.colour import AMBER
from dashboard.finding import Finding
from dashboard.history import VALUE_TYPES
from dashboard.policy import Policy
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.tally import Tally
from dashboard.text import Text

RULE: Final = Rule(
    key="type_changed",
    family="quality",
    name=Text("Type changed", "Type changé"),
    meaning=Text(
        "The variable comes as another type than in training, such as text where there were numbers: amber. Where the "
        "delivery does not say what its values are, nobody can tell and the rule is silent.",
        "La variable arrive sous un autre type qu'à l'apprentissage, par exemple du texte au lieu de nombres : orange. "
        "Quand la livraison ne dit pas ce que sont ses valeurs, personne ne peut le savoir et la règle se tait.",
    ),
    colours=("amber",),
    condition=Text(
        "type of the batch's values <> type of training's, both known: number, boolean, text, time",
        "type des valeurs du lot <> type de celles de l'apprentissage, tous deux connus : nombre, booléen, texte, date",
    ),
    source=Text("the contract", "le contrat"),
    example=Text(
        "Training had tenure_months as numbers, the batch of 19 November has it as text: amber.",
        "L'apprentissage avait tenure_months en nombres, le lot du 19 novembre l'a en texte : orange.",
    ),
)


def judge(tally: Tally, policy: Policy) -> Verdicts:
    """The verdicts on every variable; green where either type is not known."""
    names = tally.names
    judged = policy.judges(RULE.key, names) & ~tally.derived
    trained = np.array([_PLACE.get(variable.type, 0) for variable in tally.variables], np.int8)
    changed = (tally.types > 0) & (trained > 0) & (tally.types != trained) & judged
    codes = np.where(changed, np.int8(AMBER), np.int8(0))

    def words(t: int, v: int) -> dict[str, Any]:
        return {"value": VALUE_TYPES[tally.types[t, v]], "training": VALUE_TYPES[trained[v]]}

    numbers = {"n": tally.n, "training_n": tally.training_n}
    return Verdicts(RULE, names, codes, numbers, words, size=np.full(codes.shape, 10.0), weights=tally.weights)


_PLACE: Final = {name: place for place, name in enumerate(VALUE_TYPES)}


def sentence(finding: Finding) -> Text:
    """``tenure_months comes as text since 19 November, training had numbers: check the schema of its source.``"""
    return say(_CHANGED, _values(finding), near=finding.batch_date)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the two types to the colour."""
    return tuple(say(step, _values(finding), near=finding.batch_date) for step in (_TRAINED, _NOW, _AMBER))


def _values(finding: Finding) -> dict[str, Any]:
    facts = finding.facts
    return {
        **facts,
        "subject": finding.subject,
        "since": finding.since,
        "now": _WORDS[facts["value"]],
        "then": _WORDS[facts["training"]],
    }


_WORDS: Final = {
    "number": Text("numbers", "nombres"),
    "boolean": Text("true or false", "vrai ou faux"),
    "text": Text("text", "texte"),
    "time": Text("dates or times", "dates ou heures"),
}
_CHANGED = Text(
    "{subject:name} has come as {now} since {since:date}, training had {then}: check the schema of its source.",
    "{subject:name} arrive en {now} depuis le {since:date}, l'apprentissage avait : {then} ; vérifier le schéma de la "
    "source.",
)
_TRAINED = Text(
    "In training the values of {subject:name} were {then}, in {training_n:count} rows.",
    "À l'apprentissage, {subject:name} contenait : {then}, dans {training_n:count} lignes.",
)
_NOW = Text("In the batch of {n:count} rows they are {now}.", "Dans le lot de {n:count} lignes, elle contient : {now}.")
_AMBER = Text(
    "A type is of a whole column, chance does not change it: amber, since {since:date}.",
    "Un type vaut pour toute une colonne, le hasard ne le change pas : orange, depuis le {since:date}.",
)
