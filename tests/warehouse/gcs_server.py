"""Cloud Storage for tests: an emulator in a process of its own, and a server before it that fails on demand."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

BUCKET = "lakes"

_PROMPT = """
import socketserver
socketserver.TCPServer.request_queue_size = 128  # else a seventh request at once waits a second
from gcp_storage_emulator.__main__ import main
main()
"""


@contextmanager
def emulator() -> Iterator[str]:
    """The address of an emulator that holds its objects in memory, with one empty bucket; ended with the context."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _PROMPT, "start", "-q", "-M", "-H", "127.0.0.1"]
    command += ["--port", str(port), "--default-bucket", BUCKET]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None, "the emulator ended"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@dataclass(frozen=True)
class Asked:
    """One request: its method, the object's name (or the prefix of a listing), and whether it is a listing."""

    method: str
    name: str
    listing: bool


Fault = Callable[[Asked], str | None]
"""What becomes of a request: None, or 'hang', 'torn', '503', '429', '403', '401', 'after' (done, but 503 is said)."""


@dataclass
class Front:
    """A server before the emulator: it counts requests, delays them and makes them fail."""

    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    fault: Fault = lambda asked: None
    delay_seconds: float = 0.0
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def listings(self) -> int:
        """How many listings were asked for."""
        return sum(asked.listing for asked in self.asked)


@contextmanager
def front(behind: str) -> Iterator[Front]:
    """A server before ``behind``, until the context ends."""
    held = Front()
    target = urlsplit(behind)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = _asked(self.command, self.path, body)
            held.asked.append(asked)
            time.sleep(held.delay_seconds)
            fault = held.fault(asked)
            if fault == "hang":
                held.released.wait(30)
                self.close_connection = True
                return
            if fault is not None and fault.isdigit():
                message = _MESSAGES.get(fault, "try again")
                self._reply(int(fault), f'{{"error": {{"code": {fault}, "message": "{message}"}}}}'.encode())
                return
            status, data = self._behind(body)
            if fault == "after":
                self._reply(503, b"{}")
            elif fault == "torn":
                self.send_response(status)
                self.send_header("Content-Length", str(len(data) + 10))
                self.end_headers()
                self.wfile.write(data[: len(data) // 2])
                self.close_connection = True
            else:
                self._reply(status, data)

        def _behind(self, body: bytes) -> tuple[int, bytes]:
            connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=30)
            headers = {k: v for k, v in self.headers.items() if k.lower() not in ("connection", "host")}
            connection.request(self.command, self.path, body, headers)
            reply = connection.getresponse()
            data = reply.read()
            connection.close()
            return reply.status, data

        def _reply(self, status: int, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(data)

        do_GET = do_POST = do_DELETE = do_PUT = _forward  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that gave up is no error of the server's."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    held.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield held
    finally:
        held.released.set()
        server.shutdown()
        server.server_close()


_MESSAGES = {
    "403": "x@y.iam.gserviceaccount.com does not have storage.objects.%s access to the Google Cloud Storage object. "
    "Permission 'storage.objects.list' denied on resource (or it may not exist).".replace("%s", "list"),
    "401": "Invalid Credentials",
}


def _asked(method: str, path: str, body: bytes) -> Asked:
    from urllib.parse import unquote

    parts = urlsplit(path)
    query = parse_qs(parts.query)
    if method == "POST":
        name = body.split(b'"name": "', 1)[-1].split(b'"', 1)[0].decode("utf-8", "replace")
        return Asked(method, name, False)
    _, _, name = parts.path.partition("/o/")
    if method == "GET" and parts.path.endswith("/o"):
        return Asked(method, query.get("prefix", [""])[0], True)
    return Asked(method, unquote(name), False)
