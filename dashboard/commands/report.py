"""The command that writes pages as one file, for archives and mails: report."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.arguments import known_model, open_tables, read_settings
from dashboard.commands.ending import say
from dashboard.commands.progress import progress_bar
from dashboard.file_name import file_name
from qod.errors import InputError, VigieError


class ReportFormat(StrEnum):
    """What a report is written as."""

    html = "html"


class ReportLanguage(StrEnum):
    """The language of a report."""

    en = "en"
    fr = "fr"


def report(
    model: Annotated[str | None, typer.Argument(metavar="MODEL", help="The model's identifier, as registered.")] = None,
    fleet: Annotated[
        bool, typer.Option("--fleet", help="The fleet instead of one model: every model, one row.")
    ] = False,
    format: Annotated[ReportFormat, typer.Option("--format", help="What is written.")] = ReportFormat.html,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            metavar="FILE",
            help="Where to: a file, - for stdout; else vigie-MODEL-DAY.html in the working directory.",
        ),
    ] = None,
    language: Annotated[
        ReportLanguage | None, typer.Option("--language", help="The report's language; that of the settings else.")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url", metavar="URL", help="Where the pages are served: the links of the report then lead there."
        ),
    ] = None,
) -> None:
    """Write the pages of a model, or of the fleet, as one file that needs no server: for archives and mails.

    It holds what the pages show now, with its figures, and loads nothing. A part that cannot be drawn is a sentence in
    its place, and the command ends with 1.

    Example: vigie report churn --output churn.html --base-url https://vigie.example.org
    """
    from dashboard.report.make import report as make

    if (model is None) != fleet:
        raise typer.BadParameter("name a model, or say --fleet.", param_hint="'MODEL'")
    settings, where = read_settings(), _address(base_url or "")
    warehouse = known_model(model) if model is not None else open_tables()
    file = None if output in (None, "-") else _file(str(output))
    with _told(), progress_bar("Drawing") as progress:
        made = make(
            lambda: warehouse,
            model,
            language=language.value if language else settings.language,
            environment=settings.environment,
            base_url=where,
            progress=progress,
        )
    if output == "-":
        sys.stdout.write(made.text)
    else:
        file = file or _file(_name(model, made.as_of))
        _write(file, made.text)
        say(f"Wrote {file} ({len(made.text.encode()) / 1000:,.0f} kB).")
    if made.failures:
        raise VigieError(f"parts of the report could not be drawn: {', '.join(made.failures)}.")


def _address(text: str) -> str:
    from dashboard.web.components.outside_link import is_web

    if text and (not is_web(text) or "?" in text or "#" in text):
        raise typer.BadParameter(
            f"{text!r} is no address of pages; write it as https://vigie.example.org.", param_hint="'--base-url'"
        )
    return text


def _file(text: str) -> Path:
    """The path, once it is sure that a file can stand there; InputError when not."""
    path = Path(text)
    if path.is_dir():
        raise InputError(f"{text} is a folder.", hint="name a file in it, as report.html.")
    if not path.parent.is_dir():
        raise InputError(f"{text} cannot be written: there is no folder {path.parent}.", hint="make the folder first.")
    return path


def _name(model: str | None, as_of: date | None) -> str:
    return file_name(model or "fleet", as_of.isoformat() if as_of else "") + ".html"


def _write(path: Path, text: str) -> None:
    """The text in the file, whole or not at all: what was there stays until the new one is complete."""
    handle, draft = tempfile.mkstemp(prefix=f".{path.name[:60]}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        # mkstemp keeps others out; a report is readable like any new file.
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(draft, 0o666 & ~mask)
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(draft)
        raise


class _Teller(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """One line for a person; where in the program it was is for VIGIE_DEBUG."""
        say(record.getMessage())


@contextmanager
def _told() -> Iterator[None]:
    """What could not be drawn is told in one line each while the block runs, with its traceback under VIGIE_DEBUG."""
    log = logging.getLogger("vigie.web")
    debug = os.environ.get("VIGIE_DEBUG", "").lower() in ("1", "true")
    handler = logging.StreamHandler() if debug else _Teller()
    log.addHandler(handler)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.propagate = True
