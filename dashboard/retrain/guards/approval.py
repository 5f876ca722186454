"""The guard on approval: a person's yes where the policy wants one, and nobody's no."""

from __future__ import annotations

from typing import Final

from dashboard.events import APPROVALS, Event
from dashboard.retrain.case import Case
from dashboard.retrain.guard import Guard
from dashboard.say import say
from dashboard.text import Text

KEY: Final = "approval"

_AWAITED = Text(
    "Somebody has to approve it: on the model's page, or with 'vigie retrain approve'.",
    "Quelqu'un doit l'approuver : sur la page du modèle, ou avec « vigie retrain approve ».",
)
_DECLINED = Text(
    "{author:name} declined it on {day:date}{why}; it is not asked for as long as the model stays red.",
    "{author:name} l'a refusé le {day:date}{why} ; rien n'est demandé tant que le modèle reste rouge.",
)
_WHY = Text(" ({text:name})", " ({text:name})")
_NOW = Text("approval is needed: {needed}; answer: {answer}", "approbation nécessaire : {needed} ; réponse : {answer}")
_BY = Text("{author:name}, {day:date}: {word}", "{author:name}, {day:date} : {word}")
_NONE: Final = Text("none", "aucune")
_YES: Final = Text("yes", "oui")
_NO: Final = Text("no", "non")
_WORDS: Final = {
    "retraining_approved": Text("approved", "approuvé"),
    "retraining_declined": Text("declined", "refusé"),
}


def answer_of(case: Case) -> Event | None:
    """The last answer that a person gave about this red run."""
    given = [
        event
        for event in case.events
        if event.kind in APPROVALS and event.facts.get("since") == case.since.isoformat() and event.author
    ]
    return max(given, key=lambda event: event.order, default=None)


def is_declined(case: Case) -> bool:
    """Whether the last answer is no."""
    answer = answer_of(case)
    return answer is not None and answer.kind == "retraining_declined"


def _refuse(case: Case) -> Text | None:
    answer = answer_of(case)
    if answer is not None and answer.kind == "retraining_declined":
        said = answer.said("text")
        why = say(_WHY, {"text": said}, near=case.today) if said else ""
        return say(_DECLINED, {"author": answer.author, "day": answer.day, "why": why}, near=case.today)
    if case.policy.retrain_approval == "no" or answer is not None:
        return None
    return say(_AWAITED, {}, near=case.today)


def _now(case: Case) -> Text:
    answer = answer_of(case)
    told: Text = _NONE
    if answer is not None:
        values = {"author": answer.author, "day": answer.day, "word": _WORDS[answer.kind]}
        told = say(_BY, values, near=case.today)
    needed = _NO if case.policy.retrain_approval == "no" else _YES
    return say(_NOW, {"needed": needed, "answer": told}, near=case.today)


GUARD: Final = Guard(
    key=KEY,
    place=7,
    name=Text("Approval", "Approbation"),
    question=Text(
        "Where retrain.approval is yes: has a person approved this red run\u2019s retraining? And, whatever the policy "
        "says, has nobody declined it since?",
        "Quand retrain.approval vaut yes\u00a0: quelqu\u2019un a-t-il approuvé le réentraînement pour cette période "
        "rouge\u00a0? Et, quelle que soit la politique, personne ne l\u2019a-t-il refusé depuis\u00a0?",
    ),
    needs=Text("answers of people", "réponses des personnes"),
    refuse=_refuse,
    now=_now,
)
