"""A port of this machine where nobody listens."""

from __future__ import annotations

from socket import socket


def closed_port() -> int:
    """Such a port, free a moment ago."""
    with socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
    return port
