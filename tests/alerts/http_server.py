"""An HTTP server on this machine: with TLS, and with faults on purpose."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.alerts.certificates import Certificates

HOST = "127.0.0.1"
HUGE = 4 * 2**20


@dataclass(frozen=True)
class Request:
    """What was asked; names of headers are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class HttpServer:
    """A running server. ``answer`` says what it answers, unless ``fault`` (see ``http_server``) is set."""

    port: int = 0
    scheme: str = "http"
    fault: str = ""
    answer: Callable[[Request], Reply] = lambda request: Reply()
    requests: list[Request] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"{self.scheme}://{HOST}:{self.port}"


@contextmanager
def http_server(
    *,
    fault: str = "",
    answer: Callable[[Request], Reply] | None = None,
    certificates: Certificates | None = None,
) -> Iterator[HttpServer]:
    """A server on a free port while the context lasts, with TLS where it has certificates.

    Its ``fault``: a number (answered as that status; 302 leads to /elsewhere), cut (the line, after the request was
    taken), hang (no answer), drip (an answer whose headers never end), drip_body (one whose body never ends), huge (a
    body of HUGE bytes), nonsense (what is no HTTP).
    """
    state = HttpServer(fault=fault, scheme="https" if certificates else "http")
    if answer is not None:
        state.answer = answer

    class Handler(_Handler):
        pass

    Handler.state = state
    server = _Server((HOST, 0), Handler)
    state.port = server.server_port
    if certificates:
        server.socket = certificates.context().wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.ended.set()
        server.shutdown()
        thread.join(20)
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    state: HttpServer

    def do_POST(self) -> None:
        self._take("POST")

    def do_GET(self) -> None:
        self._take("GET")

    def do_PATCH(self) -> None:
        self._take("PATCH")

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: tests look at what was asked."""

    def _take(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(method, self.path, headers, body)
        self.state.requests.append(request)
        self.close_connection = True
        fault = self.state.fault
        with suppress(OSError):  # whoever asked may be gone
            if fault == "hang":
                self.state.ended.wait(60)
            elif fault == "nonsense":
                self.wfile.write(b"SSH-2.0-OpenSSH_9.9\r\n")
            elif fault in ("drip", "drip_body"):
                whole = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n" + (b"\r\n" if fault == "drip_body" else b"X-")
                self.wfile.write(whole)
                self._drip()
            elif fault == "huge":
                self._send(Reply(200, b"x" * HUGE))
            elif fault.isdigit():
                away = {"Location": "/elsewhere"} if fault.startswith("3") else {}
                self._send(Reply(int(fault), b"{}", away))
            elif fault != "cut":
                self._send(self.state.answer(request))

    def _drip(self) -> None:
        while not self.state.ended.wait(0.02):
            self.wfile.write(b"x")
            self.wfile.flush()

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)
