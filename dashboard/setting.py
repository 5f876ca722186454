"""What a setting declares about itself, and the settings of the warehouse and of the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.text import LANGUAGES

PREFIX: Final = "VIGIE_"

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
        return variable_of(self.name)

    @property
    def expected(self) -> str:
        """What a value must be, in words."""
        if isinstance(self.default, bool):
            return "true or false"
        if isinstance(self.default, int):
            return f"a whole number from {self.least} to {self.most}"
        return f"one of {', '.join(self.choices)}" if self.choices else self.form


def variable_of(name: str) -> str:
    """What the setting of this name is called in the environment."""
    return PREFIX + name.upper()


OF_PAGES: Final[tuple[Setting, ...]] = (
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
"""Where the tables are, and how pages are served."""
