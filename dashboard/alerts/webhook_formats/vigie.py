"""The format vigie: the letter's own JSON, as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.alerts.letter import Letter
from dashboard.alerts.webhook_format import WebhookFormat
from dashboard.text import Text


def body(letter: Letter) -> Mapping[str, Any]:
    """The letter's JSON."""
    return letter.payload


FORMAT = WebhookFormat(
    key="vigie",
    name=Text("Vigie’s own JSON", "le JSON de Vigie"),
    meaning=Text(
        "everything the letter holds, as data, for a program of your own",
        "tout ce que contient la lettre, en données, pour un programme à vous",
    ),
    body=body,
)
