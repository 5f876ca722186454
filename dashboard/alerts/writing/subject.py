"""The subject of a message: which model, which colour, and why, in so few words that a phone shows them."""

from __future__ import annotations

from collections import Counter
from typing import Final

from dashboard.alerts.change import Change
from dashboard.alerts.message import Group, Message
from dashboard.alerts.world import World
from dashboard.alerts.writing.cause import cause, shared_cause
from dashboard.alerts.writing.neutral import neutral
from dashboard.alerts.writing.past import past
from dashboard.format import duration
from dashboard.format import name as named
from dashboard.incidents import Incident
from dashboard.say import say
from dashboard.text import Text

LONGEST: Final = 120
_CUTS: Final = (48, 32, 24, 16, 10)

IN_SENTENCE: Final = {
    "red": Text("red", "au rouge"),
    "amber": Text("amber", "à l’orange"),
    "late": Text("late", "en retard"),
    "green": Text("green again", "de nouveau au vert"),
    "grey": Text("without data", "sans donnée"),
}
"""How a model stands, after its name and a verb."""

_BEGAN: Final = Text("{model} is {now}: {cause}", "{model} passe {now} : {cause}")
_TURNED: Final = Text(
    "{model} is {now}, {before} until now: {cause}", "{model} passe {now}, {before} jusqu'ici : {cause}"
)
_LATE: Final = Text("{model}: {cause}", "{model} : {cause}")
_STILL: Final = Text("{model} is still {now}: {cause}", "{model} est toujours {now} : {cause}")
_REMINDER: Final = Text("Reminder: {model} is still {now}: {cause}", "Rappel : {model} est toujours {now} : {cause}")
_RECOVERED: Final = Text("{model} is green again", "{model} est de nouveau au vert")
_RECOVERED_AFTER: Final = Text("{model} is green again after {days}", "{model} est de nouveau au vert après {days}")
_CAME: Final = Text("{model} is green again: a batch has come", "{model} est de nouveau au vert : un lot est arrivé")
_PASSED: Final = Text(
    "{model} was {before} for a while and is green again", "{model} a été {before} un temps et est de nouveau au vert"
)
_TOGETHER: Final = Text(
    "{models:count} models are green again: {names}", "{models:count} modèles sont de nouveau au vert : {names}"
)
_YOURS: Final = Text(
    "{models:count} models of yours changed: {states}", "{models:count} de vos modèles ont changé : {states}"
)
_ANY: Final = Text("{models:count} models changed: {states}", "{models:count} modèles ont changé : {states}")
_REMIND: Final = Text("Reminder: {cause}", "Rappel : {cause}")
_COUNT: Final = Text("{n:count} {state}", "{n:count} {state}")


def subject(message: Message, world: World) -> str:
    """At most ``LONGEST`` characters on one line; longer names are cut in their middle."""
    words = ""
    for longest in _CUTS:
        words = told(message, world, longest)[message.language]
        if len(text := neutral(words)) <= LONGEST:
            return text
    # The marks around right-to-left words count too, and must not lose their ends.
    ends = (neutral(f"{words[:kept]}\u2026") for kept in range(LONGEST - 1, 0, -5))
    return next((text for text in ends if len(text) <= LONGEST), "\u2026")


def told(message: Message, world: World, longest: int = 48) -> Text:
    """What the message is about in one line; names of models and variables are cut at ``longest``."""
    if len(message.groups) > 1:
        return _folded(message, world)
    group = message.groups[0]
    if len(group.changes) == 1:
        return one_model(group.changes[0], world, longest, incident=group.incident)
    return together(group, world, longest)


def one_model(change: Change, world: World, longest: int = 48, *, incident: Incident | None = None) -> Text:
    """The same of one change, which has its cause in common with other models where there is an ``incident``."""
    near, model_of = world.today, change.model
    model = named(model_of.name, longest=longest)
    values = {"model": model, "now": IN_SENTENCE[change.now], "before": IN_SENTENCE[change.before]}
    if change.kind == "passed":
        worst = "red" if any(colour == "red" for _, colour in change.passed) else "amber"
        return say(_PASSED, {**values, "before": IN_SENTENCE[worst]}, near=near)
    if change.now == "green":
        if change.before == "late":
            return say(_CAME, values, near=near)
        lasted = past(change, world).days
        days = Text(duration(lasted, "en"), duration(lasted, "fr")) if lasted else None
        return say(_RECOVERED_AFTER if days else _RECOVERED, {**values, "days": days}, near=near)
    if incident is not None:
        values["cause"] = shared_cause(incident, longest=longest, alone=False)
    elif findings := change.findings or model_of.findings:
        values["cause"] = cause(findings[0], more=len(findings) - 1, longest=longest)
    else:
        values["cause"] = change.model.headline or IN_SENTENCE[change.now]
    return say(_TEMPLATES.get(change.kind, _BEGAN), values, near=near)


_TEMPLATES: Final = {
    "worse": _TURNED,
    "better": _TURNED,
    "late": _LATE,
    "again": _STILL,
    "reminder": _REMINDER,
}


def together(group: Group, world: World, longest: int = 48) -> Text:
    """The same of several models with one cause, or that recovered from one."""
    if group.incident is not None:
        cause_of_all = shared_cause(group.incident, longest=longest)
        reminded = all(change.kind == "reminder" for change in group.changes)
        return say(_REMIND, {"cause": cause_of_all}, near=world.today) if reminded else cause_of_all
    if any(change.now != "green" for change in group.changes):
        return _counted(_ANY, group.changes, world)
    names = ", ".join(named(change.model.name, longest=longest) for change in group.changes[:3])
    names += ", \u2026" if len(group.changes) > 3 else ""
    return say(_TOGETHER, {"models": len(group.changes), "names": names}, near=world.today)


def _folded(message: Message, world: World) -> Text:
    own = all(change.model.owner == message.owner for change in message.changes)
    return _counted(_YOURS if message.owner and own else _ANY, message.changes, world)


def _counted(template: Text, changes: tuple[Change, ...], world: World) -> Text:
    counts = Counter[str](change.now for change in changes)
    parts = [
        say(_COUNT, {"n": counts[state], "state": words}, near=world.today)
        for state, words in IN_SENTENCE.items()
        if counts[state]
    ]
    states = Text(", ".join(part.en for part in parts), ", ".join(part.fr for part in parts))
    return say(template, {"models": len({c.model.model_id for c in changes}), "states": states}, near=world.today)
