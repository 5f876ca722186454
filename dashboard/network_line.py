"""A line to another machine: its addresses looked up once, and the first that answers connected to, within a time."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from typing import Any, Final

from dashboard.time_limit import TimeLimit

_MOST_ADDRESSES: Final = 4


@dataclass(frozen=True, slots=True)
class Resolved:
    """One address of a name: what a socket is made of and connected to, and the address as text."""

    family: socket.AddressFamily
    sockaddr: Any
    address: str


def resolve(host: str, port: int, limit: TimeLimit) -> list[Resolved]:
    """The addresses of ``host``, in the order in which they should be tried.

    Raises OSError where there is none, TimeoutError where nobody says so in time.
    """
    found: list[Resolved] = []
    wrong: list[Exception] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
            found.extend(Resolved(family, sockaddr, str(sockaddr[0])) for family, _, _, _, sockaddr in answers)
        except (OSError, ValueError) as error:  # ValueError: what cannot be a name
            wrong.append(error)

    # The system's resolver takes no time limit; a thread that is left behind ends with the process.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(max(limit.left, 0))
    if thread.is_alive():
        raise TimeoutError("nobody says which address the name has")
    if wrong or not found:
        raise OSError("the name has no address")
    return found


def connect(addresses: list[Resolved], limit: TimeLimit) -> socket.socket:
    """A connected socket, which ``limit`` watches; each address gets its share of the time.

    Raises TimeoutError where the time passed, the last address's OSError where none takes a connection.
    """
    last: OSError = TimeoutError("no time is left")
    tried = addresses[:_MOST_ADDRESSES]
    for place, each in enumerate(tried):
        if limit.over:
            break
        line = socket.socket(each.family, socket.SOCK_STREAM)
        try:
            line.settimeout(limit.left / (len(tried) - place))
            line.connect(each.sockaddr)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line.settimeout(limit.seconds)
            limit.watch(line)
        except OSError as error:
            line.close()
            last = error
            continue
        return line
    raise last
