"""Who else an incident concerns: the owners of its other models, who get a message of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard.alerts.message import Message
from dashboard.format import name as named
from dashboard.incidents import Incident
from dashboard.judging.enumeration import enumerated
from dashboard.say import say
from dashboard.text import Text
from dashboard.world import Model

_ALSO: Final = Text("It also concerns {others}.", "Également concernés : {others}.")
_OF: Final = Text("{owner:name} ({models})", "{owner:name} ({models})")


def also_concerned(incident: Incident, message: Message, models: Mapping[str, Model]) -> Text | None:
    """The other owners, each with their models; None where there is none."""
    own = {change.model.model_id for change in message.changes}
    others: dict[str, list[str]] = {}
    for model_id in incident.models:
        model = models.get(model_id)
        if model is not None and model_id not in own and model.owner not in ("", message.owner):
            others.setdefault(model.owner, []).append(named(model.name))
    if not others:
        return None
    told = [
        say(_OF, {"owner": owner, "models": enumerated([Text(name, name) for name in names])}, near=incident.last)
        for owner, names in sorted(others.items())
    ]
    return say(_ALSO, {"others": enumerated(told)}, near=incident.last)
