"""The subject of a message: which model, which colour, and why, in so few words that a phone shows them."""

from __future__ import annotations

from collections import Counter
from typing import Final

from dashboard.alerts.change import Change
from dashboard.alerts.message import Group, Message
from dashboard.alerts.writing.cause import cause, shared_cause
from dashboard.alerts.writing.neutral import neutral
from dashboard.alerts.writing.past import past
from dashboard.format import NARROW, duration
from dashboard.format import name as named
from dashboard.incidents import Incident
from dashboard.judging.enumeration import enumerated
from dashboard.plural import plural
from dashboard.say import say
from dashboard.text import Text
from dashboard.world import World

LONGEST: Final = 120
_CUTS: Final = ((48, True), (32, True), (24, True), (48, False), (32, False), (24, False), (16, False), (10, False))
"""How long names are, and whether other findings are counted: it is rather they that are left out than half a name."""
_NAMED: Final = 3
"""So many models are named, each by no less of its name than ``_LEAST`` characters."""
_LEAST: Final = 24

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
_ONE: Final = Text("{names} is {state}", "{names} est {state}")
_MANY: Final = Text("{names} are {state}", "{names} sont {state}")
_STILL_ONE: Final = Text("{names} is still {state}", "{names} est toujours {state}")
_STILL_MANY: Final = Text("{names} are still {state}", "{names} sont toujours {state}")


def subject(message: Message, world: World) -> str:
    """At most ``LONGEST`` characters on one line; longer names are cut in their middle."""
    words = ""
    for longest, counted in _CUTS:
        words = told(message, world, longest, counted=counted)[message.language]
        if len(text := neutral(words)) <= LONGEST:
            return text
    # The marks around right-to-left words count too, and must not lose their ends.
    ends = (neutral(f"{words[:kept]}\u2026") for kept in range(LONGEST - 1, 0, -5))
    return next((text for text in ends if len(text) <= LONGEST), "\u2026")


def told(message: Message, world: World, longest: int = 48, *, counted: bool = True) -> Text:
    """What the message is about in one line; names of models and variables are cut at ``longest``.

    ``counted`` says whether there is room for how many other findings a model has.
    """
    if len(message.groups) > 1:
        return _folded(message, world, longest)
    group = message.groups[0]
    if len(group.changes) == 1:
        return one_model(group.changes[0], world, longest, incident=group.incident, counted=counted)
    return together(group, world, longest)


def one_model(
    change: Change, world: World, longest: int = 48, *, incident: Incident | None = None, counted: bool = True
) -> Text:
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
        values["cause"] = cause(findings[0], more=len(findings) - 1 if counted else 0, longest=longest)
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
    if any(change.now != "green" for change in group.changes) or len(group.changes) <= _NAMED:
        return _named(group.changes, world, longest) or _counted(_ANY, group.changes, world)
    own = [named(change.model.name, longest=longest) for change in group.changes]
    names = enumerated([Text(name, name) for name in own])
    return say(_TOGETHER, {"models": len(group.changes), "names": names}, near=world.today)


def _folded(message: Message, world: World, longest: int) -> Text:
    if (names := _named(message.changes, world, longest)) is not None:
        return names
    own = all(change.model.owner == message.owner for change in message.changes)
    return _counted(_YOURS if message.owner and own else _ANY, message.changes, world)


def _named(changes: tuple[Change, ...], world: World, longest: int) -> Text | None:
    """``A and B are red; C is late``; None of more than a few, or where no name may be that long."""
    if len({change.model.model_id for change in changes}) > _NAMED or longest < _LEAST:
        return None
    reminded = all(change.kind == "reminder" for change in changes)
    parts = []
    for state, words in IN_SENTENCE.items():
        own = dict.fromkeys(named(one.model.name, longest=longest) for one in changes if one.now == state)
        if own:
            still = all(one.kind in _TOLD_BEFORE for one in changes if one.now == state)
            template = plural(len(own), *((_STILL_ONE, _STILL_MANY) if still else (_ONE, _MANY)))
            names = enumerated([Text(name, name) for name in own])
            parts.append(say(template, {"names": names, "state": words}, near=world.today))
    text = Text("; ".join(part.en for part in parts), f"{NARROW}; ".join(part.fr for part in parts))
    return say(_REMIND, {"cause": text}, near=world.today) if reminded else text


_TOLD_BEFORE: Final = ("again", "reminder")


def _counted(template: Text, changes: tuple[Change, ...], world: World) -> Text:
    counts = Counter[str](change.now for change in changes)
    parts = [
        say(_COUNT, {"n": counts[state], "state": words}, near=world.today)
        for state, words in IN_SENTENCE.items()
        if counts[state]
    ]
    states = Text(", ".join(part.en for part in parts), ", ".join(part.fr for part in parts))
    return say(template, {"models": len({c.model.model_id for c in changes}), "states": states}, near=world.today)
