"""The format teams: the letter as an Adaptive Card in a message, for a workflow's webhook of Microsoft Teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard.alerts.letter import Letter
from dashboard.alerts.webhook_format import WebhookFormat, link_of, shortened
from dashboard.text import Text

_LONGEST: Final = 5000  # Teams takes messages of 28 kB, and a character may be four bytes
_LONGEST_SUBJECT: Final = 300
_OPEN: Final = Text("Open in Vigie", "Ouvrir dans Vigie")


def body(letter: Letter) -> Mapping[str, Any]:
    """A message with one card: the subject, the letter line by line, and a button where it leads anywhere."""
    subject = shortened(" ".join(letter.subject.split()), _LONGEST_SUBJECT)
    lines = [line.strip() for line in shortened(letter.plain.strip(), _LONGEST).splitlines()]
    blocks = [_block({"text": subject, "weight": "Bolder", "size": "Large"})]
    blocks += [_block({"text": line}) for line in lines if line]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "lang": letter.language,
        "msteams": {"width": "Full"},
        "body": blocks,
    }
    if link := link_of(letter):
        card["actions"] = [{"type": "Action.OpenUrl", "title": _OPEN[letter.language], "url": link}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _block(run: Mapping[str, str]) -> dict[str, Any]:
    """A line of text that is taken as it is: a TextBlock would read Markdown, and so links, in a model's name."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run}]}


FORMAT = WebhookFormat(
    key="teams",
    name=Text("Teams", "Teams"),
    meaning=Text(
        "a card for a workflow of Teams (“post to a channel when a webhook request is received”)",
        "une carte pour un flux de travail Teams (« publier dans un canal lorsqu’une requête webhook est reçue »)",
    ),
    body=body,
)
