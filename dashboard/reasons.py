"""The reasons that an event gives: whole sentences in both languages, as its facts keep them."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.events import Event
from dashboard.foreign import objects_in
from dashboard.text import Text


def kept_reasons(reasons: Iterable[Text]) -> list[dict[str, str]]:
    """The sentences as the fact ``reasons`` of an event."""
    return [{"en": reason.en, "fr": reason.fr} for reason in reasons]


def reasons_of(event: Event) -> list[Text]:
    """The sentences that ``event`` gives, without what a foreign row got wrong."""
    pairs = [(one.get("en"), one.get("fr")) for one in objects_in(event.facts.get("reasons"))]
    return [Text(en, fr) for en, fr in pairs if isinstance(en, str) and isinstance(fr, str) and en and fr]
