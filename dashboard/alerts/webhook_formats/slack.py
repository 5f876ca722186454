"""The format slack: the letter as a text in Slack's markup, for an incoming webhook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard.alerts.letter import Letter
from dashboard.alerts.webhook_format import WebhookFormat, link_of, shortened
from dashboard.text import Text

_LONGEST: Final = 3500  # Slack advises 4,000 characters, and escaped ones count more
_LONGEST_SUBJECT: Final = 300
_OPEN: Final = Text("Open in Vigie", "Ouvrir dans Vigie")


def body(letter: Letter) -> Mapping[str, Any]:
    """One text: the subject, what the letter says, and a link where it leads anywhere."""
    subject = _escaped(shortened(" ".join(letter.subject.split()), _LONGEST_SUBJECT))
    # An asterisk inside would end the bold type early.
    lines = [f"*{subject.replace('*', '∗')}*", _escaped(shortened(letter.plain.strip(), _LONGEST))]
    if link := link_of(letter):
        address = _escaped(link).replace("|", "%7C")
        lines.append(f"<{address}|{_OPEN[letter.language]}>")
    return {"text": "\n".join(lines)}


def _escaped(text: str) -> str:
    """The three characters that Slack reads as markup of links and mentions, in the form it shows them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


FORMAT = WebhookFormat(
    key="slack",
    name=Text("Slack", "Slack"),
    meaning=Text("a text for an incoming webhook of Slack", "un texte pour un webhook entrant de Slack"),
    body=body,
)
