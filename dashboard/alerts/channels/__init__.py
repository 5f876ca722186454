"""The channels: one file each, found from this folder."""

from __future__ import annotations

from functools import cache

from dashboard.alerts.channel import Channel
from dashboard.declared import declarations


@cache
def load() -> dict[str, Channel]:
    """Every channel by its key; ValueError when a file declares none, or under another key than its name."""
    return declarations(__name__, "CHANNEL", Channel)
