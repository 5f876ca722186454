"""One request to another machine, at a public address or one that is allowed by name, within a time."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import parse_url

from dashboard.network_line import Resolved, connect, resolve
from dashboard.public_address import is_disguised, is_public
from dashboard.time_limit import TimeLimit

LONGEST_BODY: Final = 64 * 1024
"""Bytes of an answer that are read; the rest is left."""

_CONFLICT: Final = 409
_HEADER: Final = re.compile(r"[\x20-\x7e]*")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``body`` is its first LONGEST_BODY bytes, or as much as came. Names of headers are lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def takes(self, key: str) -> bool:
        """Whether the request of this Idempotency-Key is taken: now (200 to 299), or was before (a 409 that names it).

        A gateway may answer 409 for other reasons.
        """
        named = key == self.headers.get("idempotency-key") or key.encode() in self.body
        return 200 <= self.status < 300 or (self.status == _CONFLICT and named)


class OutboundError(Exception):
    """There is no answer. ``reason`` is one sentence, with no more of the address than its host.

    ``sent`` False: the request did surely not arrive as a whole. True: it may have.
    """

    def __init__(self, reason: str, *, sent: bool) -> None:
        self.reason = reason
        self.sent = sent
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class _Place:
    scheme: str
    host: str
    port: int
    target: str


def hosts_of(private_hosts: str) -> frozenset[str]:
    """The names in the setting ``private_hosts``."""
    return frozenset(name.strip().lower() for name in private_hosts.split(",") if name.strip())


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    private_hosts: frozenset[str] = frozenset(),
    deadline: float = 20.0,
    verify: str = "",
) -> Answer:
    """What ``url`` answers to ``body``; any status is an answer, also 302 and 500: none is followed, none repeated.

    A host whose addresses are not all public, and an unencrypted line, need its name in ``private_hosts``. ``deadline``
    are the seconds that everything takes together. ``verify`` is a file of certificates (PEM) to trust in place of the
    system's. Raises OutboundError where there is no answer.
    """
    place = _place(url)
    named = place.host in private_hosts
    if place.scheme == "http" and not named:
        raise OutboundError(
            f"Nothing was sent to {place.host}: the line would not be encrypted. Write https://, or name the host in "
            f"private_hosts.",
            sent=False,
        )
    for name, value in headers.items():
        if not _HEADER.fullmatch(value):
            raise OutboundError(f"The header {name} holds characters that no header takes.", sent=False)
    with TimeLimit(deadline) as limit:
        addresses = _addresses(place, named, limit)
        line = _connect(place, addresses, limit)
        connection = _connection(place, line, limit, verify)
        try:
            return _exchange(connection, place, body, headers, limit)
        finally:
            connection.close()
            line.close()


def _place(url: str) -> _Place:
    try:
        parts = parse_url(url)
    except LocationParseError as error:
        raise OutboundError("The address that should be asked is no address.", sent=False) from error
    host = (parts.host or "").strip("[]").lower().rstrip(".")
    if parts.scheme not in ("http", "https") or not host or "%" in host:
        raise OutboundError("The address that should be asked does not begin with https:// and a host.", sent=False)
    if parts.auth is not None:
        raise OutboundError(
            f"The address at {host} holds a login before its host: such addresses are not asked.", sent=False
        )
    if is_disguised(host):
        raise OutboundError(
            f"The host {host} is a number in place of a name or an address: such addresses are not asked.", sent=False
        )
    port = parts.port if parts.port is not None else (443 if parts.scheme == "https" else 80)
    return _Place(parts.scheme, host, port, parts.request_uri)


def _addresses(place: _Place, named: bool, limit: TimeLimit) -> list[Resolved]:
    """The addresses to try; looked up once, so that what was looked at is what is asked."""
    try:
        found = resolve(place.host, place.port, limit)
    except TimeoutError as error:
        raise OutboundError(f"Nobody said within {_seconds(limit)} where {place.host} is.", sent=False) from error
    except OSError as error:
        raise OutboundError(f"No address is known for the host {place.host}.", sent=False) from error
    if not named and not all(is_public(each.address) for each in found):
        raise OutboundError(
            f"The host {place.host} is at an address that is not public: it is asked where private_hosts names it.",
            sent=False,
        )
    return found


def _connect(place: _Place, addresses: list[Resolved], limit: TimeLimit) -> socket.socket:
    try:
        return connect(addresses, limit)
    except OSError as error:
        late = isinstance(error, TimeoutError)
        what = f"did not answer within {_seconds(limit)}" if late else f"takes no connection at port {place.port}"
        raise OutboundError(f"The host {place.host} {what}.", sent=False) from error


def _connection(place: _Place, line: socket.socket, limit: TimeLimit, verify: str) -> HTTPConnection:
    """An open connection over ``line``; with TLS the certificate is that of the name, whichever address was tried."""
    host = f"[{place.host}]" if ":" in place.host else place.host
    if place.scheme == "http":
        plain = _Plain(host, place.port, timeout=limit.seconds)
        plain.line = line
        plain.connect()
        return plain
    try:
        context = ssl.create_default_context(cafile=verify or None)
    except OSError as error:
        line.close()
        raise OutboundError("The file of certificates to trust cannot be read.", sent=False) from error
    encrypted = _Encrypted(host, place.port, timeout=limit.seconds, ssl_context=context)
    encrypted.line = line
    try:
        encrypted.connect()
    except (OSError, HTTPError) as error:
        encrypted.close()
        line.close()
        raise OutboundError(_of_tls(place, error, limit), sent=False) from error
    return encrypted


def _of_tls(place: _Place, error: Exception, limit: TimeLimit) -> str:
    if limit.over:
        return f"The host {place.host} did not answer within {_seconds(limit)}."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {place.host} is not trusted: {error.verify_message.rstrip('.')}."
    return f"No encrypted line to {place.host} could be made."


def _exchange(
    connection: HTTPConnection, place: _Place, body: bytes, headers: Mapping[str, str], limit: TimeLimit
) -> Answer:
    written = False
    try:
        with suppress(BrokenPipeError):  # it may have answered before it had read everything
            connection.request(
                "POST", place.target, body=body, headers=headers, preload_content=False, decode_content=False
            )
            written = True
        # Not urllib3's own: it logs the whole address, which may be a secret, with headers that it cannot read.
        response = http.client.HTTPConnection.getresponse(connection)
    except (OSError, HTTPError, http.client.HTTPException) as error:
        what = f"did not answer within {_seconds(limit)}" if limit.over else "broke off the line without an answer"
        raise OutboundError(f"The host {place.host} {what}.", sent=written) from error
    read = bytearray()
    # The status has come: what breaks from here on makes the body shorter, the answer is known.
    with closing(response), suppress(OSError, HTTPError, http.client.HTTPException):
        while len(read) < LONGEST_BODY and (chunk := response.read1(LONGEST_BODY - len(read))):
            read += chunk
    found = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, bytes(read[:LONGEST_BODY]), found)


def _seconds(limit: TimeLimit) -> str:
    return f"{limit.seconds:g} s"


class _Plain(HTTPConnection):
    """A connection over a line that is there already."""

    line: socket.socket

    def _new_conn(self) -> socket.socket:
        return self.line


class _Encrypted(HTTPSConnection):
    """The same, with TLS upon it."""

    line: socket.socket

    def _new_conn(self) -> socket.socket:
        return self.line
