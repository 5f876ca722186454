"""What would be decided of a model now, in one sentence."""

from __future__ import annotations

from typing import Final

from dashboard.retrain import targets
from dashboard.retrain.case import Case
from dashboard.retrain.decide import decide
from dashboard.say import say
from dashboard.text import Text

_NOT_RED: Final = Text(
    "The model is not red: there is nothing to decide.", "Le modèle n\u2019est pas rouge\u00a0: rien à décider."
)
_NO_ENTRY: Final = Text(
    "The model is red, and has no entry [retrain] in its file: nobody is asked to train it anew.",
    "Le modèle est rouge et son fichier n\u2019a pas d\u2019entrée [retrain]\u00a0: personne ne reçoit de demande.",
)
_ASKS = Text(
    "All guards hold: the next run of 'vigie notify' asks {target}.",
    "Toutes les conditions sont remplies : la prochaine exécution de « vigie notify » demande à {target}.",
)
_WAITS: Final = Text(
    "Only somebody\u2019s approval is missing.", "Il ne manque que l\u2019approbation de quelqu\u2019un."
)
_ASKED: Final = Text("It was asked for already.", "C\u2019est déjà demandé.")
_STOPS: Final = Text("Nothing is asked.", "Rien n\u2019est demandé.")


def outlook(case: Case) -> Text:
    """What the next run of 'vigie notify' does of the case, if nothing changes."""
    if case.model.state != "red":
        return _NOT_RED
    if not case.model.retrain:
        return _NO_ENTRY
    verdict = decide(case)
    if verdict.step == "ask" and verdict.entry is not None:
        return say(_ASKS, {"target": targets.load()[verdict.entry.target].name}, near=case.today)
    lead = [_WAITS] if verdict.decision.outcome == "awaiting" else [_STOPS] if verdict.step == "stop" else []
    told = [*lead, *verdict.decision.reasons] or [_ASKED]  # a foreign row may say so without a reason
    return Text(" ".join(one.en for one in told), " ".join(one.fr for one in told))
