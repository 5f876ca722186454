"""How a message ends: where to take care of it, the registry's links, of which day it is, and why it came."""

from __future__ import annotations

from datetime import date
from typing import Final

from dashboard.alerts.message import Message
from dashboard.alerts.writing.addresses import Addresses
from dashboard.alerts.writing.content import Block, Link, Paragraph, Section
from dashboard.format import name as named
from dashboard.format import quoted
from dashboard.judging.enumeration import enumerated
from dashboard.say import say
from dashboard.settings import Settings
from dashboard.text import Language, Text
from dashboard.world import Model

_TITLE: Final = Text("Take care of it", "S’en occuper")
_CARE: Final = Text(
    "Acknowledge it, and no more messages come until it changes; snooze it, and none come until the day you choose.",
    "Prenez-le en charge, et vous ne recevrez plus de message tant que rien ne change ; mettez-le en pause, et vous "
    "n'en recevrez pas avant le jour que vous choisissez.",
)
_WHERE: Final = Text("Acknowledge or snooze", "Prendre en charge ou mettre en pause")
_LINKS: Final = Text("Links of the model:", "Liens du modèle\u00a0:")
_MODEL_PAGE: Final = Text("The model’s page", "La page du modèle")
_REGISTERED: Final = {
    "runbook": Text("Runbook", "Procédure"),
    "dag": Text("DAG", "DAG"),
    "repository": Text("Repository", "Dépôt"),
}
_OWNER: Final = Text(
    "You get this because the registry names you as the owner of {models}.",
    "Vous recevez ce message parce que le registre vous désigne comme responsable de {models}.",
)
_DEFAULT: Final = Text(
    "You get this because alerts of models without another owner come to you.",
    "Vous recevez ce message parce que les alertes des modèles sans autre responsable vous sont adressées.",
)
_NOBODY: Final = Text(
    "The registry names no owner for {models}.", "Le registre ne désigne aucun responsable pour {models}."
)
_DATA: Final = Text(
    "It is about the batch {batch:name} of {day:date}, scored by version {version:name}.",
    "Il porte sur le lot {batch:name} du {day:date}, noté par la version {version:name}.",
)
_DATA_OF_DAY: Final = Text(
    "It is about the batch of {day:date}, scored by version {version:name}.",
    "Il porte sur le lot du {day:date}, noté par la version {version:name}.",
)
_DATA_OF: Final = Text("It is about batches up to {day:date}.", "Il porte sur des lots jusqu’au {day:date}.")


def care_section(to: Addresses, language: Language, *, trouble: str, owner: str = "") -> Section:
    """How to say that somebody takes care of it, at the card of ``trouble`` or among all of ``owner``."""
    link = Link(_WHERE[language], to.incidents(trouble) if trouble else to.incidents(owner=owner))
    return Section((Paragraph(say(_CARE, {}, near=date.min)[language], (link,)),), _TITLE[language])


def model_links(model: Model, to: Addresses, language: Language) -> Block | None:
    """The links that the registry has of the model, and its page; None where there are none."""
    order = {name: place for place, name in enumerate(_REGISTERED)}
    ordered = sorted(model.links.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
    links = [Link(_REGISTERED[name][language] if name in _REGISTERED else named(name), href) for name, href in ordered]
    links = [link for link in (Link(_MODEL_PAGE[language], to.model(model.model_id)), *links) if link.leads]
    return Paragraph(_LINKS[language], tuple(links)) if links else None


def footer(message: Message, settings: Settings) -> tuple[Paragraph, ...]:
    """Why this person gets it, and which data it is about."""
    return Paragraph(_why(message, settings), quiet=True), Paragraph(_data(message), quiet=True)


def _why(message: Message, settings: Settings) -> str:
    names = {change.model.model_id: named(change.model.name) for change in message.changes}
    words = enumerated([Text(name, quoted(name, "fr")) for name in names.values()])
    if not message.owner:
        text = _NOBODY
    elif message.owner == settings.default_owner:
        text = _DEFAULT
    else:
        text = _OWNER
    return say(text, {"models": words}, near=date.min)[message.language]


def _data(message: Message) -> str:
    models = [change.model for change in message.changes]
    days = [model.batch_date for model in models if model.batch_date is not None]
    if not days:
        return ""
    model = models[0]
    values = {"day": max(days), "batch": model.batch_id or "", "version": model.model_version or ""}
    if len({one.model_id for one in models}) > 1:
        text = _DATA_OF
    else:
        text = _DATA_OF_DAY if model.batch_id == max(days).isoformat() else _DATA
    return say(text, values, near=date.min)[message.language]
