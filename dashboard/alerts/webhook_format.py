"""What a webhook's format declares about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.alerts.letter import Letter
from dashboard.text import Text


@dataclass(frozen=True, slots=True)
class WebhookFormat:
    """A format by the value of the setting webhook_format; ``body`` gives the JSON that is posted of a letter."""

    key: str
    name: Text
    meaning: Text
    body: Callable[[Letter], Mapping[str, Any]]


def link_of(letter: Letter) -> str:
    """Where the letter leads first: an address on the web, '' where it leads nowhere."""
    link = letter.payload.get("url")
    return link if isinstance(link, str) and link.startswith(("https://", "http://")) else ""


def shortened(text: str, most: int) -> str:
    """``text``, ended by an ellipsis where it has more than ``most`` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
