"""A message written: subject, HTML, plain text, picture and payload, in its owner's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from dashboard.alerts.advising.advice import Advice
from dashboard.alerts.letter import Letter
from dashboard.alerts.message import Message
from dashboard.alerts.writing.addresses import Addresses
from dashboard.alerts.writing.closing import footer
from dashboard.alerts.writing.course import Reading
from dashboard.alerts.writing.html import html
from dashboard.alerts.writing.one_model import one_model
from dashboard.alerts.writing.payload import payload
from dashboard.alerts.writing.plain import plain
from dashboard.alerts.writing.several_models import several_models
from dashboard.alerts.writing.subject import subject
from dashboard.file_name import file_name
from dashboard.settings import Settings
from dashboard.world import World

_MOST_FILES: Final = 10
_LONGEST_FILE: Final = 20_000
"""Bytes."""


def compose(
    message: Message,
    world: World,
    settings: Settings,
    *,
    reading: Reading | None = None,
    advice: Mapping[str, Advice] | None = None,
) -> Letter:
    """The letter. ``reading`` is what its figure is drawn from, none without it; ``advice`` is by model.

    The same message in the same world is the same letter.
    """
    to, advice = Addresses(settings.public_url), advice or {}
    changes = message.changes
    content = (
        one_model(message, world, to, reading, advice)
        if len(changes) == 1
        else several_models(message, world, to, reading, advice)
    )
    content = replace(content, footer=footer(message, settings))
    title, text = subject(message, world), plain(content)
    url = content.action.href if content.action else ""
    return Letter(
        letter_id=message.letter_id,
        to=message.owner,
        language=message.language,
        subject=title,
        plain=text,
        html=html(content),
        written_at=world.now,
        threads=_threads(message),
        pictures=content.pictures,
        files=_guards(message, advice),
        payload=payload(message, world, to, advice, subject=title, text=text, url=url),
    )


def _guards(message: Message, advice: Mapping[str, Advice]) -> dict[str, bytes]:
    """What ``qod.guard`` applies, a file a model; of a storm, the first models'."""
    found: dict[str, bytes] = {}
    for change in message.changes:
        own = advice.get(change.model.model_id)
        if own is None or not own.guard or len(found) == _MOST_FILES:
            continue
        written = (json.dumps(own.guard, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
        name = file_name("guard", change.model.model_id)
        # Two identifiers may differ in letters only that no file name takes.
        name = f"{name}.json" if f"{name}.json" not in found else f"{name}-{len(found)}.json"
        if len(written) <= _LONGEST_FILE:
            found[name] = written
    return found


def _threads(message: Message) -> tuple[str, ...]:
    """The one model or the incident that it is about; what is folded belongs to none."""
    if len(message.groups) > 1:
        return ()
    group = message.groups[0]
    models = [f"model:{change.model.model_id}" for change in group.changes]
    incidents = [f"incident:{group.incident_id}"] if group.incident_id else []
    return (*models, *incidents) if len(models) == 1 else tuple(incidents)
