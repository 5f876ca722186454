"""What a message about several models says: what they share, and each of them in a line, the worst first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from dashboard.alerts.advising.advice import Advice
from dashboard.alerts.change import Change
from dashboard.alerts.message import Message
from dashboard.alerts.record import event_ids, spot
from dashboard.alerts.writing import subject
from dashboard.alerts.writing.addresses import Addresses
from dashboard.alerts.writing.advice_said import advice_section
from dashboard.alerts.writing.cause import shared_cause
from dashboard.alerts.writing.closing import care_section
from dashboard.alerts.writing.concerned import also_concerned
from dashboard.alerts.writing.content import Block, Content, Item, Items, Link, Paragraph, Section
from dashboard.alerts.writing.course import Reading
from dashboard.alerts.writing.numbers import numbers
from dashboard.alerts.writing.picture import picture
from dashboard.alerts.writing.retraining_said import retraining_section
from dashboard.alerts.writing.said import in_brief
from dashboard.finding import Finding
from dashboard.format import name as named
from dashboard.incidents import Incident, sentence
from dashboard.say import say
from dashboard.text import Language, Text
from dashboard.world import World

MOST: Final = 25
"""Models that are listed; of more it is said how many."""
_FEW: Final = 6
"""So many models still have room for their numbers."""
_SHARED: Final = 5

_MODELS: Final = Text("The models", "Les modèles")
_CAUSES: Final = Text("Shared causes", "Causes communes")
_MORE: Final = Text("And {more:count} more.", "Et {more:count} de plus.")
_ALL: Final = Text("See them all", "Les voir tous")
_SEE_INCIDENT: Final = Text("See the incident", "Voir l’incident")
_SEE_FLEET: Final = Text("See the models", "Voir les modèles")
_UNTIL_NOW: Final = Text("{words} It was {before} until now.", "{words} Jusqu'ici : {before}.")
_GREEN_AGAIN: Final = Text("Green again.", "De nouveau au vert.")
_RANK: Final = {"red": 0, "amber": 1, "late": 2, "grey": 3, "green": 4}
_BEFORE: Final = {"red": Text("red", "rouge"), "amber": Text("amber", "orange"), "late": Text("late", "en retard")}


def several_models(
    message: Message, world: World, to: Addresses, reading: Reading | None, advice: Mapping[str, Advice]
) -> Content:
    """The content, without its footer, of an incident or of several things folded into one message."""
    language, today = message.language, world.today
    incidents = [group.incident for group in message.groups if group.incident is not None]
    shared = incidents[0] if len(message.groups) == 1 and incidents else None
    names = {model.model_id: model.name for model in world.models.values()}
    changes = sorted(message.changes, key=_worst_first)
    ill = [change for change in changes if change.now != "green"]
    first: list[Block] = []
    if shared is not None:
        told = _telling(changes[0], shared)
        drawn = picture(reading, told, language, model=changes[0].model.name) if told else None
        first += [drawn] if drawn else []
    elif incidents:
        first.append(_causes(incidents, names, to, language))
    sections: list[Section | None] = [
        Section(tuple(first), _CAUSES[language] if incidents and shared is None else "") if first else None,
        Section((*_models(message, changes, shared, to), *_also(shared, message, world)), _MODELS[language]),
        advice_section(ill, advice, language),
        retraining_section(changes, to, language),
        care_section(to, language, trouble=shared.id if shared else "", owner=message.owner) if ill else None,
    ]
    title = sentence(shared, names)[language] if shared else subject.told(message, world)[language]
    lead = ", ".join(named(change.model.name) for change in changes[:3])
    action = (
        Link(_SEE_INCIDENT[language], to.incidents(shared.id))
        if shared
        else Link(_SEE_FLEET[language], to.fleet(owner=message.owner))
    )
    return Content(
        language,
        title,
        tuple(section for section in sections if section is not None),
        preheader=lead if len(changes) <= 3 else f"{lead}, \u2026",
        state=changes[0].now,
        about=say(_COUNT, {"n": len({c.model.model_id for c in changes})}, near=today)[language],
        action=action,
    )


_COUNT: Final = Text("{n:count} models", "{n:count} modèles")


def _worst_first(change: Change) -> tuple[int, str, str]:
    since = change.model.since
    return _RANK[change.now], str(since or ""), change.model.name


def _telling(change: Change, incident: Incident | None) -> Finding | None:
    """The finding that a change is told by: that of the incident, else its worst."""
    variables = set(incident.variables) if incident else set()
    return next((one for one in change.findings if one.subject in variables), next(iter(change.findings), None))


def _causes(incidents: Iterable[Incident], names: Mapping[str, str], to: Addresses, language: Language) -> Items:
    made = [
        Item(
            sentence(one, names)[language],
            state=one.colour,
            name=Link(shared_cause(one)[language], to.incidents(one.id)),
        )
        for one in list(incidents)[:_SHARED]
    ]
    return Items(tuple(made))


def _models(message: Message, changes: list[Change], shared: Incident | None, to: Addresses) -> tuple[Block, ...]:
    language, ids = message.language, event_ids(message)
    numbered = len(changes) <= _FEW
    made = []
    for change in changes[:MOST]:
        told = _telling(change, shared)
        href = to.finding(told, ids.get(spot(told))) if told else to.model(change.model.model_id)
        made.append(
            Item(
                _line(change, told, language),
                state=change.now,
                name=Link(named(change.model.name), href),
                details=tuple(line[language] for line in numbers(told)) if told is not None and numbered else (),
            )
        )
    blocks: list[Block] = [Items(tuple(made), dense=True)]
    more = len(changes) - MOST
    if more > 0:
        colours = {change.now for change in changes} & {"red", "amber", "green"}
        colour = changes[0].now if len({change.now for change in changes}) == 1 and colours else ""
        link = Link(_ALL[language], to.fleet(owner=message.owner, colour=colour))
        near = changes[0].model.batch_date
        words = say(_MORE, {"more": more}, near=near)[language] if near else f"+{more}"
        blocks.append(Paragraph(words, (link,)))
    return tuple(blocks)


def _also(shared: Incident | None, message: Message, world: World) -> tuple[Block, ...]:
    also = also_concerned(shared, message, world.models) if shared else None
    return (Paragraph(also[message.language], quiet=True),) if also else ()


def _line(change: Change, told: Finding | None, language: Language) -> str:
    if change.now == "green":
        return _GREEN_AGAIN[language]
    if told is None:
        return change.model.headline[language] if change.model.headline else ""
    words = in_brief(told, more=len(change.findings) - 1)
    if change.kind not in ("worse", "better") or change.before not in _BEFORE:
        return words[language]
    return say(_UNTIL_NOW, {"words": words, "before": _BEFORE[change.before]}, near=told.batch_date)[language]
