"""The channels that messages go out by: those that are named, else those of the settings."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.alerts import channels
from dashboard.alerts.channel import Channel
from dashboard.setting import variable_of
from dashboard.settings import Settings
from qod.errors import SettingError, UnknownNameError


def chosen_channels(settings: Settings, named: Sequence[str] = ()) -> tuple[Channel, ...]:
    """The channels, each once; none where none is named or set. Raises UnknownNameError for one that does not exist."""
    known = channels.load()
    keys = list(dict.fromkeys(named or (key.strip() for key in settings.channels.split(",") if key.strip())))
    for key in keys:
        if key not in known:
            raise UnknownNameError("channel", key, known)
    return tuple(known[key] for key in keys)


def check_ready(settings: Settings, chosen: Sequence[Channel]) -> None:
    """Raises SettingError where nothing could be sent: no channel, one without what it needs, no address for links."""
    if not chosen:
        raise SettingError(
            "No channel is set: nobody could be told.",
            hint=f"set VIGIE_CHANNELS to some of {', '.join(channels.load())}, separated by commas.",
        )
    for channel in chosen:
        lacking = settings.lacking(channel.needs)
        if lacking:
            variables = " and ".join(map(variable_of, lacking))
            raise SettingError(f"The channel {channel.key} lacks {' and '.join(lacking)}.", hint=f"set {variables}.")
    if not settings.public_url:
        raise SettingError(
            "The setting public_url is not set: the links in messages would lead nowhere.",
            hint="set VIGIE_PUBLIC_URL to where readers reach the pages, as https://vigie.example.org/.",
        )
