"""What a rule found, in the few words of a subject: ``tenure_months went missing on 19 November``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard import rules
from dashboard.finding import Finding
from dashboard.format import name as named
from dashboard.incidents import BREAKS, Incident, began
from dashboard.plural import plural
from dashboard.say import say
from dashboard.text import Text

CAUSES: Final = {
    "absent": Text(
        "{what} has been absent{where} since {since:date}", "{what} est absente{where} depuis le {since:date}"
    ),
    "accuracy": Text(
        "accuracy has been too low since {since:date}", "l'exactitude est trop basse depuis le {since:date}"
    ),
    "auc": Text("AUC has been too low since {since:date}", "l'AUC est trop basse depuis le {since:date}"),
    "constant": Text(
        "{what} has had one single value{where} since {since:date}",
        "{what} n'a qu'une seule valeur{where} depuis le {since:date}",
    ),
    "drift": Text("{what} has been drifting{where} since {since:date}", "{what} dérive{where} depuis le {since:date}"),
    "duplicate_ids": Text(
        "identifiers have been repeated since {since:date}", "des identifiants se répètent depuis le {since:date}"
    ),
    "gap": Text("batches before that of {since:date} are missing", "il manque des lots avant celui du {since:date}"),
    "immature": Text(
        "its truth has been provisional since {since:date}", "sa vérité est provisoire depuis le {since:date}"
    ),
    "late": Text("no batch since {last:date}", "aucun lot depuis le {last:date}"),
    "missing": Text("{what} went missing{where} on {since:date}", "{what} manque{where} depuis le {since:date}"),
    "no_reference": Text("no training set was delivered", "aucun jeu d'apprentissage n'a été livré"),
    "other_bins": Text(
        "batches have been counted in the bins of an earlier training set since {since:date}",
        "les lots sont comptés dans les classes d'un ancien jeu d'apprentissage depuis le {since:date}",
    ),
    "out_of_range": Text(
        "{what} left the range of training{where} on {since:date}",
        "{what} sort de la plage d'apprentissage{where} depuis le {since:date}",
    ),
    "rmse": Text("RMSE has been too high since {since:date}", "la RMSE est trop élevée depuis le {since:date}"),
    "row_count": Text(
        "the number of rows has been unusual since {since:date}",
        "le nombre de lignes est inhabituel depuis le {since:date}",
    ),
    "too_few_rows": Text(
        "batches have had too few rows since {since:date}", "les lots ont trop peu de lignes depuis le {since:date}"
    ),
    "type_changed": Text(
        "{what} changed its type{where} on {since:date}", "{what} a changé de type{where} le {since:date}"
    ),
    "unseen": Text(
        "{what} has had new levels{where} since {since:date}",
        "{what} a de nouvelles modalités{where} depuis le {since:date}",
    ),
    "vanished": Text(
        "{what} lost levels{where} on {since:date}", "{what} a perdu des modalités{where} le {since:date}"
    ),
}
"""By rule; ``where`` is empty, or says of an incident how many models have it."""

_OTHER: Final = Text("{what}: {rule}, since {since:date}", "{what} : {rule}, depuis le {since:date}")
_AND_MORE: Final = Text("{cause}, and {more:count} more {word}", "{cause}, et {more:count} {word}")
_FINDING: Final = Text("finding", "autre constat")
_FINDINGS: Final = Text("findings", "autres constats")
_COLUMN: Final = Text("The column {name}", "La colonne {name}")
_IN_MODELS: Final = Text(" in {models:count} models", " dans {models:count} modèles")
_BROKE: Final = Text(
    "{name} and {more:count} more {word} broke{where} on {since:date}",
    "{name} et {more:count} {word} : rupture{where} le {since:date}",
)
_DRIFTED: Final = Text(
    "{name} and {more:count} more {word} have been drifting{where} since {since:date}",
    "{name} et {more:count} {word} dérivent{where} depuis le {since:date}",
)
_ONE_BROKE: Final = Text(
    "The column {name} broke{where} on {since:date}", "La colonne {name} : rupture{where} le {since:date}"
)
_BROKE_IN: Final = Text("{name} broke{where} on {since:date}", "{name} : rupture{where} le {since:date}")
_WORDS: Final = (Text("column", "autre colonne"), Text("columns", "autres colonnes"))


def cause(finding: Finding, *, more: int = 0, longest: int = 48) -> Text:
    """What ``finding`` says in a few words, and how many ``more`` findings there are; names are cut at ``longest``."""
    values = {"what": named(finding.subject, longest=longest), "where": "", "since": began(finding)}
    text = _told(finding.rule, values, finding)
    if not more:
        return text
    return say(
        _AND_MORE, {"cause": text, "more": more, "word": plural(more, _FINDING, _FINDINGS)}, near=finding.batch_date
    )


def shared_cause(incident: Incident, *, longest: int = 48, alone: bool = True) -> Text:
    """What an incident is in a few words: ``The column tenure_months went missing in 3 models on 19 November``.

    Not ``alone`` it stands after a model's name, and is shorter.
    """
    models, variables = len(incident.models), incident.variables
    near = incident.last
    where = say(_IN_MODELS, {"models": models}, near=near) if models > 1 else ""
    values = {"name": named(variables[0], longest=longest), "where": where, "since": incident.since}
    if len(variables) > 1:
        more = len(variables) - 1
        template = _DRIFTED if incident.kind == "drift" else _BROKE
        return say(template, {**values, "more": more, "word": plural(more, *_WORDS)}, near=near)
    ruled = [rule for rule in incident.rules if rule in BREAKS] or list(incident.rules)
    if len(ruled) > 1:
        return say(_ONE_BROKE if alone else _BROKE_IN, values, near=near)
    told = {**values, "what": say(_COLUMN, values, near=near) if alone else values["name"]}
    return _told(ruled[0], told, incident.findings[0])


def _told(rule: str, values: Mapping[str, object], finding: Finding) -> Text:
    """A rule that has no words of its own yet is called by its name."""
    known = rules.load().get(rule)
    called = known.name if known else Text(rule, rule)
    every = {**values, "rule": called, "last": finding.facts.get("last") or finding.batch_date}
    return say(CAUSES.get(rule, _OTHER), every, near=finding.batch_date)
