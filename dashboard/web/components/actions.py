"""The buttons by which people take care of something; assets/act.js opens a small form for each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.page import Request
from dashboard.written import LONGEST_NAME, LONGEST_SNOOZE, LONGEST_TEXT, NEEDED

ROUTE: Final = "_act"

SNOOZE_DAYS: Final = 14
"""Days of a snooze that the form suggests."""

_BUTTONS: Final = {
    "acknowledged": Text("Acknowledge", "Prendre en charge"),
    "snoozed": Text("Snooze", "Mettre en pause"),
    "reopened": Text("Reopen", "Rouvrir"),
    "note": Text("Add a note", "Ajouter une note"),
    "retraining_approved": Text("Approve retraining", "Approuver le réentraînement"),
    "retraining_declined": Text("Decline", "Refuser"),
}
_MEANINGS: Final = {
    "acknowledged": Text(
        "Says that you take care of it. Alerts are silent until it changes.",
        "Dit que vous vous en occupez. Les alertes se taisent jusqu'à ce que cela change.",
    ),
    "snoozed": Text(
        "Says why nobody needs to look at it until a day. Alerts are silent until then, or until it gets worse.",
        "Dit pourquoi personne n'a à s'en occuper jusqu'à un jour donné. Les alertes se taisent jusque-là, ou jusqu'à "
        "une aggravation.",
    ),
    "reopened": Text("Says that somebody needs to look at it again.", "Dit qu'il faut de nouveau s'en occuper."),
    "note": Text("Stays with it, for whoever looks at it next.", "Reste attachée, pour la prochaine personne."),
    "retraining_approved": Text(
        "The next run of 'vigie notify' asks for retraining, if all other guards hold.",
        "Le prochain 'vigie notify' demandera le réentraînement, si toutes les autres conditions sont remplies.",
    ),
    "retraining_declined": Text(
        "No retraining is asked for as long as the model stays red without a pause.",
        "Aucun réentraînement ne sera demandé tant que le modèle reste rouge sans interruption.",
    ),
}
_TEXTS: Final = {
    "acknowledged": Text("What is known, what is done (optional)", "Ce qu'on sait, ce qu'on fait (facultatif)"),
    "snoozed": Text("Reason", "Raison"),
    "reopened": Text("Why (optional)", "Pourquoi (facultatif)"),
    "note": Text("Note", "Note"),
    "retraining_approved": Text("Why (optional)", "Pourquoi (facultatif)"),
    "retraining_declined": Text("Reason", "Raison"),
}
_WORDS: Final = {
    "until": Text("Until, that day included", "Jusqu'au, ce jour compris"),
    "author": Text("Your name", "Votre nom"),
    "cancel": Text("Cancel", "Annuler"),
    "failed": Text(
        "The server did not answer. Nothing is lost: try again.",
        "Le serveur n'a pas répondu. Rien n'est perdu : réessayez.",
    ),
    "needed": Text("This is needed.", "Ceci est nécessaire."),
}
_LABEL: Final = Text("Take care of {name}", "S'occuper de {name}")
REFUSED: Final = Text(
    "Nobody can write here yet: set iap_audience, so that Vigie knows who writes.",
    "Personne ne peut encore écrire ici : renseignez iap_audience, pour que Vigie sache qui écrit.",
)


@dataclass(frozen=True, slots=True)
class Target:
    """What the buttons are about, called ``name``; ``kinds`` are the buttons, in order (keys of ``events.KINDS``).

    An incident by its identifier; or a model; with ``subject`` and ``rule`` one of its findings; with ``subject``
    alone a variable, with ``batch_id`` a batch (those two take notes only). Of a model as a whole all but a note are
    about everything that is wrong with it and part of no incident; with ``since`` (ISO day), about the request to train
    it anew.
    """

    name: str
    kinds: tuple[str, ...] = ("acknowledged", "snoozed", "note")
    incident: str | None = None
    model_id: str | None = None
    model_version: str | None = None
    batch_id: str | None = None
    subject: str | None = None
    rule: str | None = None
    since: str | None = None


def actions(request: Request, target: Target) -> html.Node:
    """The buttons; where nobody may write, the sentence that says why."""
    t, site = request.t, request.site
    if site.writing == "refused":
        return html.p(t(REFUSED), class_="actions-refused calm")
    label = t(_LABEL).format(name=form.name(target.name, longest=90))
    return html.div(
        [
            html.button(
                t(_BUTTONS[kind]),
                type="button",
                class_="action",
                data_act=kind,
                aria_haspopup="dialog",
            )
            for kind in target.kinds
        ],
        class_="actions",
        role="group",
        aria_label=label,
        data_actions=json.dumps(_form(request, target, label), ensure_ascii=False, separators=(",", ":")),
    )


def _form(request: Request, target: Target, label: str) -> dict[str, Any]:
    """What assets/act.js needs: where to send it, what it is about, and the words of the form."""
    t, today = request.t, request.today
    about = {key: value for key, value in asdict(target).items() if value is not None and key not in ("name", "kinds")}
    return {
        "to": request.site.base + ROUTE,
        "lang": request.language,
        "signed": request.site.writing == "verified",
        "about": about,
        "name": form.name(target.name, longest=90),
        "label": label,
        "most": {"text": LONGEST_TEXT, "author": LONGEST_NAME},
        "days": [(today + timedelta(days=days)).isoformat() for days in (0, SNOOZE_DAYS, LONGEST_SNOOZE)]
        if today
        else [],
        "kinds": {
            kind: [t(_BUTTONS[kind]), t(_MEANINGS[kind]), t(_TEXTS[kind]), kind in NEEDED] for kind in target.kinds
        },
        "words": {key: t(words) for key, words in _WORDS.items()},
    }
