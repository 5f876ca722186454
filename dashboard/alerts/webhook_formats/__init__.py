"""The formats of the channel webhook: one file each, found from this folder."""

from __future__ import annotations

from functools import cache

from dashboard.alerts.webhook_format import WebhookFormat
from dashboard.declared import declarations


@cache
def load() -> dict[str, WebhookFormat]:
    """Every format by its key; ValueError when a file declares none, or under another key than its name."""
    return declarations(__name__, "FORMAT", WebhookFormat)
