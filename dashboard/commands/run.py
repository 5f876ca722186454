"""The commands that work: evaluate, serve, demo."""

from __future__ import annotations

import shlex
import socket
from contextlib import suppress
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.arguments import day, known_model, read_settings
from dashboard.commands.counted import counted
from dashboard.commands.ending import printable, say
from dashboard.commands.progress import progress_bar
from dashboard.settings import Settings
from dashboard.tables import tables_of
from qod.errors import UnavailableError, VigieError

DEMO_FOLDER = "vigie-demo"


def evaluate(
    models: Annotated[
        list[str] | None,
        typer.Argument(metavar="[MODEL]...", help="The models to evaluate; all when none is named."),
    ] = None,
    as_of: Annotated[
        date | None, typer.Option("--as-of", metavar="DATE", parser=day, help="The day taken for today, as 2026-11-19.")
    ] = None,
) -> None:
    """Turn what was delivered into measures, findings and colours.

    Only what is new or changed is computed. It may be stopped at any moment and run again, and twice at once.

    Example: vigie evaluate churn --as-of 2026-11-19
    """
    _evaluate(read_settings(), tuple(models or ()), as_of)


def serve(
    host: Annotated[str | None, typer.Option("--host", help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = None,
) -> None:
    """Serve the pages until stopped (Ctrl-C).

    Example: vigie serve --port 8080
    """
    _serve(_listening(read_settings(), host, port))


def demo(
    models: Annotated[int, typer.Option("--models", min=1, metavar="N", help="How many models.")] = 24,
    days: Annotated[int, typer.Option("--days", min=1, metavar="N", help="How many days of history.")] = 400,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Prepare and evaluate only.")] = False,
) -> None:
    """Simulate a fleet with scripted incidents, evaluate it and serve its pages.

    The folder is VIGIE_WAREHOUSE where that is set, else ./vigie-demo; what is there already is used again.

    Example: vigie demo --models 12 --port 8080
    """
    from dashboard.demo.prepare import prepare_demo

    settings = _demo_settings(read_settings())
    with progress_bar("Simulating") as progress:
        report = prepare_demo(settings.warehouse, models=models, days=days, progress=progress)
    fleet = f"{report.parameters.models:,} models over {report.parameters.days:,} days"
    if report.prepared:
        print(f"Simulated {fleet} in {settings.warehouse}: {report.rows:,} rows scored and evaluated.")
    else:
        print(f"Used the demo that {settings.warehouse} holds: {fleet}.")
    folder = shlex.quote(settings.warehouse)
    print(f"Next: VIGIE_WAREHOUSE={folder} vigie status, or any other command.", flush=True)
    if not no_serve:
        _serve(_listening(settings, None, port))


def _evaluate(settings: Settings, models: tuple[str, ...], as_of: date | None) -> None:
    from dashboard.evaluation import evaluate as evaluation

    warehouse = known_model(*models)
    with progress_bar("Evaluating") as progress:
        report = evaluation.evaluate(warehouse, models, as_of=as_of, progress=progress)
    if not report.models:
        say("No model is registered: run 'vigie register MODEL.toml', or 'vigie demo'.")
    for change in report.changes:
        headline = change.headline_fr if settings.language == "fr" else change.headline_en
        print(printable(f"{change.model_id}: {change.before or 'new'} -> {change.after}. {headline}"))
    print(
        f"Evaluated {report.evaluated:,} of {counted(report.models, 'model')}: "
        f"{counted(report.batches, 'batch', 'batches')} new or changed, "
        f"{counted(len(report.changes), 'colour')} changed.",
        flush=True,
    )


def _listening(settings: Settings, host: str | None, port: int | None) -> Settings:
    from dataclasses import replace

    return replace(settings, host=host or settings.host, port=port or settings.port)


def _serve(settings: Settings) -> None:
    from qod.warehouse.purpose import purpose

    try:
        with purpose("page", "start"):  # a page's few seconds: a server that starts while the warehouse hangs listens
            registered = tables_of(settings).query("registry").num_rows
    except UnavailableError as error:
        say(f"{error} The pages say so until it answers.")
    else:
        if not registered:
            raise VigieError(
                f"There is nothing to show: no model is registered in {settings.warehouse!r}.",
                hint="run 'vigie register MODEL.toml', set VIGIE_WAREHOUSE, or try 'vigie demo'.",
            )
    _check_free(settings.host, settings.port)
    from dashboard.web.serve import serve as serve_pages

    address = f"http://{_shown_host(settings.host)}:{settings.port}{settings.base_path}"
    say(f"Serving {settings.warehouse} on {address} (Ctrl-C stops)")
    if settings.writing == "typed" and not _only_here(settings.host):
        say(
            f"Warning: whoever reaches {settings.host} may write under any name, since nobody verifies names where the "
            "environment is local. Set VIGIE_IAP_AUDIENCE, or VIGIE_ENVIRONMENT to lab or run, or listen on 127.0.0.1."
        )
    serve_pages(settings)


def _check_free(host: str, port: int) -> None:
    """Refuse with a sentence what gunicorn would refuse with a page of log."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise VigieError(
            f"{host!r} is no address of this machine.", hint="--host 127.0.0.1 listens to this machine alone."
        ) from error
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
        except OSError as error:
            raise VigieError(
                f"Port {port} of {host} cannot be used: {error.strerror}.", hint=f"try --port {port % 65535 + 1}."
            ) from error


def _only_here(host: str) -> bool:
    """Whether only this machine reaches what listens on ``host``."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host.lower() == "localhost"


def _shown_host(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _demo_settings(settings: Settings) -> Settings:
    from dataclasses import replace

    return (
        settings if settings.sources["warehouse"] != "default" else replace(settings, warehouse=str(Path(DEMO_FOLDER)))
    )
