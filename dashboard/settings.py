"""The settings: declared once, read from the environment, then from vigie.toml, then from their defaults."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from dashboard.text import LANGUAGES, Language
from qod.errors import SettingError, UnknownNameError

PREFIX: Final = "VIGIE_"
FILE: Final = "vigie.toml"

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""What a machine calls itself."""

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: ``VIGIE_<NAME>`` in the environment, ``<name>`` in vigie.toml.

    The default's type (str, int or bool) is the setting's type. ``choices`` are the only values it takes; a text
    matches ``pattern``, which ``form`` says in words; a number lies between ``least`` and ``most``. The value of a
    ``secret`` is never shown.
    """

    name: str
    default: Value
    meaning: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 2**31 - 1
    secret: bool = False
    pattern: str = ""
    form: str = "text"

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.name.upper()

    @property
    def expected(self) -> str:
        """What a value must be, in words."""
        if isinstance(self.default, bool):
            return "true or false"
        if isinstance(self.default, int):
            return f"a whole number from {self.least} to {self.most}"
        return f"one of {', '.join(self.choices)}" if self.choices else self.form


SETTINGS: Final[tuple[Setting, ...]] = (
    Setting(
        "warehouse",
        "warehouse",
        "where the tables are: a folder (a relative one starts in the working directory), bigquery://PROJECT/DATASET "
        "or gs://BUCKET/PREFIX",
    ),
    Setting(
        "environment",
        "local",
        "where this runs; pages say so, that nobody takes a trial for the real thing",
        choices=("local", "lab", "run"),
    ),
    Setting("host", "127.0.0.1", "the address 'vigie serve' listens on; 0.0.0.0 lets other machines in"),
    Setting(
        "hosts",
        "",
        "names that this server goes by besides localhost and host; where people sign with a name they type, a page "
        "whose address has another name can be read, but writes nothing",
        pattern=r"[A-Za-z0-9._-]+(\s*,\s*[A-Za-z0-9._-]+)*",
        form="names without a port, separated by commas, such as vigie.example.org",
    ),
    Setting("port", 8050, "the port 'vigie serve' listens on", least=1, most=65535),
    Setting(
        "base_path",
        "/",
        "the path the pages stand below, such as /vigie/, where a proxy sends only that path here",
        pattern=r"/([A-Za-z0-9._~-]*[A-Za-z0-9_~-]/)*",
        form="a path that begins and ends with a slash",
    ),
    Setting(
        "workers",
        0,
        "processes that serve pages; 0 makes one for each core where the warehouse is a folder, and else one, so that "
        "a question is asked once for all readers",
        most=64,
    ),
    Setting("threads", 16, "requests that one process answers at a time", least=1, most=128),
    Setting(
        "language", "en", "the language of pages and headlines where the reader did not choose one", choices=LANGUAGES
    ),
    Setting(
        "log_level",
        "info",
        "how much 'vigie serve' logs",
        choices=("debug", "info", "warning", "error"),
    ),
    Setting("cache_entries", 2000, "answers of the warehouse that each process keeps in memory", least=1),
    Setting(
        "refresh_seconds",
        -1,
        "how long pages ask the warehouse nothing after they have made sure that they show the newest; -1 is 0 where "
        "the warehouse is a folder, and else 60",
        least=-1,
        most=86400,
    ),
    Setting(
        "max_bytes_billed",
        20 * 2**30,
        "bytes that BigQuery may bill for one query; it refuses a larger one, which then costs nothing",
        least=10 * 2**20,
        most=2**53,
    ),
    Setting(
        "iap_audience",
        "",
        "the audience of Identity-Aware Proxy in front of the pages, on Cloud Run "
        "/projects/NUMBER/locations/REGION/services/SERVICE: whoever writes an acknowledgement, a snooze or a note is "
        "then the person it has verified; without it people type a name where the environment is local, and nobody "
        "writes elsewhere",
    ),
    Setting("debug", False, "show the traceback of an error; for whoever mends Vigie itself"),
)
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
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False, repr=False)

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
