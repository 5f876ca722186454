"""Serving the pages: gunicorn, set up for a container that loses its processor between requests."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from dashboard.settings import SETTINGS, Settings, load_settings

WARMING: Final = "_models.json"
"""The address below the base path that a new worker asks itself for: it reads the fleet."""


def options(settings: Settings, *, host: str, port: int, cores: int) -> dict[str, Any]:
    """The settings of gunicorn by name.

    Threads, since pages wait for the warehouse; on a folder one process a core unless told otherwise. Where questions
    cost money and may hang there is one process, so that eight readers cause one question and one wait: what is known,
    being asked or failing is known to a process alone. No time limit: a thread worker that waits is alive. The
    application is loaded before the fork where there is one, which halves the memory.
    """
    workers = settings.workers or (1 if settings.remote else cores)
    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "worker_class": "gthread",
        "workers": workers,
        "threads": settings.threads,
        "preload_app": workers > 1,
        "timeout": 0,
        "graceful_timeout": 8,
        "keepalive": 75,
        # A model's name and a variable's may each be 300 characters of four bytes, percent-encoded.
        "limit_request_line": 8190,
        "control_socket_disable": True,
        "post_worker_init": partial(warm, base=settings.base_path),
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,
        "loglevel": settings.log_level,
        "accesslog": "-" if settings.log_level == "debug" else None,
    }


def cores() -> int:
    """The processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def warm(worker: Any, *, base: str = "/") -> None:
    """Have a new worker read the fleet once, so that its first reader does not wait for imports and the warehouse."""

    def read() -> None:
        worker.wsgi.test_client().get(base + WARMING)
        settle()

    threading.Thread(target=read, daemon=True, name="warming").start()


def settle() -> None:
    """Have the garbage collector leave alone what is there for good, which is a million objects of libraries.

    Looking through them takes .1 s, in the middle of some page.
    """
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # at the very end DuckDB complains of what nobody has collected


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with settings from here instead of a command line."""

    def __init__(self, load: Callable[[], Flask], chosen: Mapping[str, Any]) -> None:
        self._load = load
        self._chosen = chosen
        super().__init__()

    def load_config(self) -> None:
        """Hand the settings over; gunicorn checks them."""
        for name, value in self._chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The WSGI application."""
        return self._load()


def serve(settings: Settings) -> NoReturn:
    """Serve the pages on the settings' host and port until the process is told to stop.

    It goes on as a new process of the same number: workers are forks, and what has asked the warehouse has threads,
    which no fork survives.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, [sys.executable, "-m", "dashboard.web.serve"], {**os.environ, **environment(settings)})


def environment(settings: Settings) -> dict[str, str]:
    """The settings as variables of the environment, which make the same settings."""
    values = ((setting.variable, getattr(settings, setting.name)) for setting in SETTINGS)
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in values}


def run(settings: Settings) -> None:
    """Serve in this very process, which must not have asked the warehouse anything."""

    def load() -> Flask:
        from dashboard.web.app import create_app

        return create_app(settings).server

    Server(load, options(settings, host=settings.host, port=settings.port, cores=cores())).run()


if __name__ == "__main__":
    run(load_settings(os.environ, Path.cwd()))
