"""The words of a digest: for somebody who answers for many models and knows none of their measures."""

from __future__ import annotations

from typing import Final

from dashboard.text import Text

Words = tuple[Text, Text]
"""Of one, and of several."""

COUNTS: Final[dict[str, Words]] = {
    "red": (Text("{n:count} red", "{n:count} rouge"), Text("{n:count} red", "{n:count} rouges")),
    "amber": (Text("{n:count} amber", "{n:count} orange"), Text("{n:count} amber", "{n:count} orange")),
    "green": (Text("{n:count} green", "{n:count} vert"), Text("{n:count} green", "{n:count} verts")),
    "grey": (
        Text("{n:count} without data", "{n:count} sans donnée"),
        Text("{n:count} without data", "{n:count} sans donnée"),
    ),
}
TEAM: Final = Text("Team {team:name}", "Équipe {team:name}")
NO_TEAM: Final = Text("Models without a team", "Modèles sans équipe")
ALL: Final = Text("All teams", "Toutes les équipes")
SUBJECT: Final = Text("{whose}, {window}: {counts}", "{whose}, {window} : {counts}")

HEADS: Final = {
    "team": Text("Team", "Équipe"),
    "state": Text("State", "État"),
    "now": Text("Models", "Modèles"),
    "before": Text("Before", "Avant"),
    "change": Text("Change", "Évolution"),
    "red": Text("Red", "Rouges"),
    "amber": Text("Amber", "Orange"),
    "green": Text("Green", "Verts"),
    "grey": Text("No data", "Sans donnée"),
}
TITLES: Final = {
    "new_reds": Text("Newly red", "Passés au rouge"),
    "lasting_reds": Text("Still red", "Toujours au rouge"),
    "recoveries": Text("Green again", "De nouveau au vert"),
    "without": Text("Without data", "Sans donnée"),
    "incidents": Text("Common causes", "Causes communes"),
    "retrainings": Text("Retraining", "Réentraînement"),
}
OF_TEAM: Final = Text("{team}: {title}", "{team} : {title}")

RED: Final = Text("Red since {since:date} ({days}). {owner}", "Rouge depuis le {since:date} ({days}). {owner}")
OWNER: Final = Text("Owner: {owner:name}.", "Responsable : {owner:name}.")
NO_OWNER: Final = Text("It has no owner.", "Sans responsable.")
RECOVERED: Final = {
    "red": Text("Green since {since:date}, red before.", "Vert depuis le {since:date}, rouge auparavant."),
    "amber": Text("Green since {since:date}, amber before.", "Vert depuis le {since:date}, orange auparavant."),
}
LATE: Final = Text(
    "No batch since {last:date}; the next was due on {since:date}. {owner}",
    "Aucun lot depuis le {last:date} ; le suivant était attendu le {since:date}. {owner}",
)
NEVER: Final = Text("No batch yet. {owner}", "Encore aucun lot. {owner}")
GREY: Final = Text(
    "Its batch of {last:date} could not be judged. {owner}", "Son lot du {last:date} n'a pu être jugé. {owner}"
)
RETRAINED: Final = {
    "retraining_asked": Text(
        "Training it anew was asked for on {day:date}.", "Son réentraînement a été demandé le {day:date}."
    ),
    "retraining_refused": Text(
        "Training it anew was not asked for ({day:date}).", "Son réentraînement n'a pas été demandé ({day:date})."
    ),
    "retraining_awaiting": Text(
        "Training it anew waits for somebody's approval since {day:date}.",
        "Son réentraînement attend une approbation depuis le {day:date}.",
    ),
    "retraining_failed": Text(
        "Training it anew could not be asked for on {day:date}.",
        "Son réentraînement n'a pu être demandé le {day:date}.",
    ),
    "champion_open": Text(
        "Version {version:name} is on trial since {day:date}.", "La version {version:name} est à l'essai depuis le "
        "{day:date}.",
    ),
    "champion_passed": Text(
        "Version {version:name} was accepted on {day:date}.", "La version {version:name} a été acceptée le {day:date}."
    ),
    "champion_failed": Text(
        "Version {version:name} was not accepted ({day:date}): it is worse than the one before.",
        "La version {version:name} n'a pas été acceptée ({day:date}) : elle est moins bonne que la précédente.",
    ),
}  # fmt: skip
MORE: Final[Words] = (Text("And one more.", "Et un autre."), Text("And {n:count} more.", "Et {n:count} autres."))
SENT: Final[Words] = (
    Text("One message went out about {whose}.", "Un message est parti au sujet de {whose}."),
    Text(
        "{n:count} messages went out about {whose}, to {people}.",
        "{n:count} messages sont partis au sujet de {whose}, vers {people}.",
    ),
)
THESE: Final = Text("these models", "ces modèles")
PEOPLE: Final[Words] = (
    Text("{n:count} person", "{n:count} personne"),
    Text("{n:count} people", "{n:count} personnes"),
)
NOTHING_SENT: Final = Text("No message went out.", "Aucun message n'est parti.")
CALM: Final = Text(
    "Nothing turned red, nothing is red, and every model has data.",
    "Rien n'est passé au rouge, rien n'y est, et chaque modèle a des données.",
)
OPEN: Final = Text("Open the fleet", "Ouvrir la flotte")
CAUSE: Final = Text("The incident", "L’incident")
WINDOW: Final = Text(
    "It covers {span} (UTC, whole days), compared with the end of {before:date}.",
    "Période : {span} (jours entiers, UTC), comparée à la fin du {before:date}.",
)
WHY: Final = Text(
    "You get this because somebody has it sent to your address: 'vigie digest' with its option --to.",
    "Vous le recevez parce que quelqu'un le fait envoyer à votre adresse : 'vigie digest' et son option --to.",
)
EMPTY: Final = Text("No model is registered yet.", "Aucun modèle n'est encore enregistré.")
