"""Serving the pages: gunicorn, set up for a container that loses its processor between requests."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from dashboard.settings import Settings

WARMING: Final = "/_models.json"
"""The address a new worker asks itself for: it reads the fleet."""


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
        "post_worker_init": warm,
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,
        "loglevel": settings.log_level,
        "accesslog": "-" if settings.log_level == "debug" else None,
    }


def cores() -> int:
    """The processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def warm(worker: Any) -> None:
    """Have a new worker read the fleet once, so that its first reader does not wait for imports and the warehouse."""

    def read() -> None:
        worker.wsgi.test_client().get(WARMING)

    threading.Thread(target=read, daemon=True, name="warming").start()


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


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve the pages on ``host``:``port`` until the process is told to stop."""

    def load() -> Flask:
        from dashboard.web.app import create_app

        return create_app(settings).server

    Server(load, options(settings, host=host, port=port, cores=cores())).run()
