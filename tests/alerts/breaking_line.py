"""A line to a mail server that kills whoever speaks over it, at an answer of the server that a test names."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HOST = "127.0.0.1"


@dataclass
class Line:
    """``kill_at`` is the number of the answer before which the process dies, counted from 1 over all connections.

    0 lets it live. ``answers`` are those that came, ``victim`` is the process.
    """

    port: int = 0
    kill_at: int = 0
    answers: list[bytes] = field(default_factory=list)
    victim: subprocess.Popen[str] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, answer: bytes) -> bool:
        """Whether the answer reaches the process: not if that is dead by now."""
        with self.lock:
            self.answers.append(answer)
            if len(self.answers) == self.kill_at and self.victim is not None:
                self.victim.send_signal(signal.SIGKILL)
                self.victim.wait()
            return self.victim is None or self.victim.poll() is None


@contextmanager
def breaking_line(server_port: int) -> Iterator[Line]:
    """A port that leads to the mail server at ``server_port`` while the context lasts."""
    with socket.create_server((HOST, 0)) as listening:
        line = Line(listening.getsockname()[1])

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    server = socket.create_connection((HOST, server_port))
                    threading.Thread(target=_commands, args=(client, server), daemon=True).start()
                    threading.Thread(target=_answers, args=(line, server, client), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield line
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def _commands(client: socket.socket, server: socket.socket) -> None:
    with suppress(OSError):
        while said := client.recv(65536):
            server.sendall(said)
        server.shutdown(socket.SHUT_WR)


def _answers(line: Line, server: socket.socket, client: socket.socket) -> None:
    with suppress(OSError), client, server, server.makefile("rb") as answers:
        for answer in answers:
            # The lines before the last of an answer have a hyphen after the number.
            if (answer[3:4] == b" " and not line.hear(answer)) or not answer:
                return
            client.sendall(answer)
