"""The settings: declared once, read from the environment, then from vigie.toml, then from their defaults."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from dashboard.alert_settings import OF_ALERTS
from dashboard.setting import OF_PAGES, PREFIX, Setting, Value
from dashboard.text import Language
from qod.errors import SettingError, UnknownNameError

FILE: Final = "vigie.toml"

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""What a machine calls itself."""

SETTINGS: Final = (*OF_PAGES, *OF_ALERTS)
"""Every setting there is; docs/settings.md is made from this."""

_BY_NAME: Final = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. ``sources`` says of each name where its value came from."""

    warehouse: str = "warehouse"
    environment: str = "local"
    host: str = "127.0.0.1"
    hosts: str = ""
    port: int = 8050
    base_path: str = "/"
    workers: int = 0
    threads: int = 16
    language: Language = "en"
    log_level: str = "info"
    cache_entries: int = 2000
    refresh_seconds: int = -1
    max_bytes_billed: int = 20 * 2**30
    iap_audience: str = ""
    debug: bool = False
    public_url: str = ""
    channels: str = ""
    alert_minutes: int = 60
    default_owner: str = ""
    outbox: str = "outbox"
    mail_from: str = ""
    unsubscribe: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_ca: str = ""
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    webhook_url: str = field(default="", repr=False)
    webhook_format: str = "vigie"
    webhook_secret: str = field(default="", repr=False)
    private_hosts: str = ""
    airflow_url: str = ""
    airflow_api: str = "auto"
    airflow_user: str = ""
    airflow_password: str = field(default="", repr=False)
    airflow_token: str = field(default="", repr=False)
    gitlab_url: str = "https://gitlab.com"
    gitlab_token: str = field(default="", repr=False)
    retrain_url: str = field(default="", repr=False)
    retrain_secret: str = field(default="", repr=False)
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False, repr=False)

    def lacking(self, names: Iterable[str]) -> list[str]:
        """Those of the settings of these names that are empty."""
        return [name for name in names if not getattr(self, name)]

    @property
    def remote(self) -> bool:
        """Whether the warehouse is a service, not a folder: asking costs a round trip, and it may fail."""
        return "://" in self.warehouse

    @property
    def writing(self) -> Literal["verified", "typed", "refused"]:
        """How whoever writes is known: by Identity-Aware Proxy, by the name they type (local only), or not at all."""
        return "verified" if self.iap_audience else "typed" if self.environment == "local" else "refused"

    @property
    def own_hosts(self) -> frozenset[str]:
        """The names that this server goes by, in small letters."""
        listed = (name.strip() for name in self.hosts.split(","))
        return LOOPBACK | {name.lower() for name in (self.host, *listed) if name}

    def owner_of(self, address: str | None) -> str:
        """Who answers for a model whose registration names ``address``; '' where nobody is known."""
        return (address or "").strip() or self.default_owner

    @property
    def freshness_seconds(self) -> int:
        """``refresh_seconds``, chosen by the warehouse where it is not set."""
        return self.refresh_seconds if self.refresh_seconds >= 0 else 60 if self.remote else 0


def load_settings(environ: Mapping[str, str], folder: Path) -> Settings:
    """The settings that ``environ`` and ``folder``/vigie.toml make together; the environment wins.

    Raises SettingError (or UnknownNameError) for a name that does not exist and for a value that cannot be used.
    """
    values: dict[str, Value] = {setting.name: setting.default for setting in SETTINGS}
    sources = dict.fromkeys(values, "default")
    for key, raw in _read_file(folder / FILE).items():
        if _BY_NAME[key].secret:
            # A file is committed and copied; what is in the environment is not.
            raise SettingError(
                f"{FILE} holds the secret {key}, which is read from the environment alone.",
                hint=f"take it out of the file, and set {_BY_NAME[key].variable} (on Cloud Run: from Secret Manager).",
            )
        values[key] = _checked(_BY_NAME[key], raw, where=f"{FILE}, {key}")
        sources[key] = FILE
    for variable, text in environ.items():
        if not variable.startswith(PREFIX):
            continue
        known = {setting.variable: setting for setting in SETTINGS}
        if variable not in known:
            raise UnknownNameError("setting", variable, known, hint=_near(variable, PREFIX))
        setting = known[variable]
        if text == "":  # an empty variable is how a shell or a deployment says "not set"
            continue
        values[setting.name] = _checked(setting, _from_text(setting, text), where=variable)
        sources[setting.name] = "environment"
    return Settings(**values, sources=MappingProxyType(sources))  # type: ignore[arg-type]


def shown(setting: Setting, settings: Settings) -> str:
    """The setting's value as it may be printed: a secret is only said to be set."""
    value = getattr(settings, setting.name)
    if setting.secret:
        return "(set, not shown)" if value else "(not set)"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read_file(path: Path) -> dict[str, object]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(
            f"{path.name} cannot be read: {str(error).rstrip('.')}.", hint="keys are written as port = 8050."
        ) from error
    for key in found:
        if key not in _BY_NAME:
            raise UnknownNameError(f"{path.name}: setting", key, _BY_NAME, hint=_near(key, ""))
    return found


def _near(name: str, prefix: str) -> str:
    """A hint with the settings that are spelt nearly as ``name``, each behind ``prefix``; else where all are listed."""
    word = name.lower().removeprefix(PREFIX.lower())
    close = get_close_matches(word, _BY_NAME, n=3, cutoff=0.6)
    if close:
        return f"did you mean {' or '.join(repr(prefix + (c.upper() if prefix else c)) for c in close)}?"
    return "take it out; docs/settings.md lists the settings there are."


def _from_text(setting: Setting, text: str) -> object:
    """The value of an environment variable in the setting's own type; the text itself where it does not fit."""
    if isinstance(setting.default, bool):
        return {"1": True, "true": True, "0": False, "false": False}.get(text.strip().lower(), text)
    if isinstance(setting.default, int):
        try:
            return int(text)
        except ValueError:
            return text
    return text


def _checked(setting: Setting, value: object, *, where: str) -> Value:
    fits = type(value) is type(setting.default) and value != ""
    if fits and isinstance(value, int) and not isinstance(value, bool):
        fits = setting.least <= value <= setting.most
    if fits and setting.choices:
        fits = value in setting.choices
    if fits and isinstance(value, str) and setting.pattern:
        fits = re.fullmatch(setting.pattern, value) is not None
    if fits and isinstance(value, str):
        fits = value.isprintable() or not any("\ud800" <= char <= "\udfff" for char in value)  # bytes that are no text
    if not fits or not isinstance(value, str | int | bool):
        found = "it is something else" if setting.secret else f"it is {value!r}"
        raise SettingError(f"{where} should be {setting.expected}; {found}.", hint=_way_out(setting, where))
    return value


def _way_out(setting: Setting, where: str) -> str:
    """How to write the setting, where it was written wrongly."""
    default = setting.default
    if default == "":
        written = f"set {where} to" if where == setting.variable else f"write {setting.name} ="
        return f"{written} {setting.expected} ({setting.meaning}), or leave it out."
    example = str(default).lower() if isinstance(default, bool) else str(default)
    if where == setting.variable:
        kind = "a number such as " if isinstance(default, int) and not isinstance(default, bool) else ""
        return f"set {where} to {kind}{example} ({setting.meaning}), or unset it."
    quoted = f'"{example}"' if isinstance(default, str) else example
    return f"write {setting.name} = {quoted}, for example ({setting.meaning})."
