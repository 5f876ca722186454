"""Servers on this machine that misbehave as told, a port where none is, and certificates for them."""

from __future__ import annotations

from socket import socket

from tests.alerts.certificates import Certificates, make_certificates
from tests.alerts.http_server import HttpServer, Reply, Request, http_server
from tests.alerts.mail_server import MailServer, mail_server

__all__ = [
    "Certificates",
    "HttpServer",
    "MailServer",
    "Reply",
    "Request",
    "closed_port",
    "http_server",
    "mail_server",
    "make_certificates",
]


def closed_port() -> int:
    """A port of this machine where nobody listens."""
    with socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
    return port
