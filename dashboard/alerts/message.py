"""A message: what one owner is told in one go, before it is written for a channel."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.alerts.change import Change
from dashboard.incidents import Incident
from dashboard.text import Language


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one model, or of several of the owner's models with one cause.

    ``incident`` is that cause, where it goes on and is of several models: it names all of them, also those of others
    (``incident.models``), of which the owner is told but whose changes are not his. ``incident_id`` is its identifier,
    and, of models that recovered together, of the incident by which they were told; '' where there is none.
    """

    incident: Incident | None
    changes: tuple[Change, ...]
    incident_id: str = ""

    @property
    def models(self) -> tuple[str, ...]:
        """The identifiers of the models whose changes these are, in their order."""
        return tuple(change.model.model_id for change in self.changes)


@dataclass(frozen=True, slots=True)
class Message:
    """``owner`` is a mail address, '' where nobody is known; ``folded`` says that it holds several groups.

    ``letter_id`` (32 hexadecimal digits) is made from channel, owner and the keys of the changes: the same for the same
    content, whoever plans it. All changes are of the owner's own models.
    """

    letter_id: str
    owner: str
    language: Language
    groups: tuple[Group, ...]
    folded: bool

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes, in the order of the groups."""
        return tuple(change for group in self.groups for change in group.changes)
