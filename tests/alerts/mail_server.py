"""A mail server on this machine: with TLS, with a login, and with faults on purpose."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.alerts.certificates import Certificates

HOST = "127.0.0.1"


@dataclass
class MailServer:
    """A running mail server. ``fault`` is what goes wrong from now on, '' for nothing; see ``mail_server``.

    ``words`` are what it answers to each recipient, where they are not ''.
    """

    port: int = 0
    fault: str = ""
    words: str = ""
    envelopes: list[Envelope] = field(default_factory=list)
    connections: int = 0
    login: bool = False
    logins: list[str] = field(default_factory=list)
    lines: list[asyncio.Transport] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop | None = None

    @property
    def mails(self) -> list[EmailMessage]:
        """What was accepted, oldest first."""
        return [cast(EmailMessage, message_from_bytes(raw, policy=policy.default)) for raw in self.raw]

    @property
    def raw(self) -> list[bytes]:
        """The same as it came over the line, without the dots that make lines transparent."""
        return [each.original_content or b"" for each in self.envelopes]

    def close_lines(self) -> None:
        """Close every open line, as a server does with those that have been idle for too long."""
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result(10)

    async def _close(self) -> None:
        for line in self.lines:
            line.abort()
        self.lines.clear()
        await asyncio.sleep(0.01)


@contextmanager
def mail_server(
    *,
    security: str = "none",
    certificates: Certificates | None = None,
    login: tuple[str, str] | None = None,
    fault: str = "",
    smtputf8: bool = True,
) -> Iterator[MailServer]:
    """A mail server on a free port while the context lasts; ``security`` is none, starttls or tls.

    Its ``fault``: 421 (no connection now), 454 (no TLS now), 550 (the recipient), 554 (no mail wanted), 451 (after the
    mail), early (the line breaks before the mail was taken), cut (it breaks after the mail was taken, and before that
    was said), hang (nothing is ever said), mute (nothing after the mail was taken), drip (an answer that never ends).
    """
    state = MailServer(fault=fault, login=login is not None)
    tls = certificates.context() if certificates and security != "none" else None

    def protocol() -> asyncio.Protocol:
        state.connections += 1
        if state.fault in ("421", "hang"):
            return _Greeting(b"421 4.3.2 too many connections\r\n" if state.fault == "421" else b"")
        server = _Server(state, smtputf8=smtputf8, login=login, tls=tls if security == "starttls" else None)
        return cast(asyncio.Protocol, server)

    async def serve(ready: threading.Event) -> None:
        state.loop = asyncio.get_running_loop()
        made = await state.loop.create_server(protocol, HOST, 0, ssl=tls if security == "tls" else None)
        state.port = made.sockets[0].getsockname()[1]
        ready.set()
        await asyncio.get_running_loop().run_in_executor(None, ended.wait)
        made.close()
        await state._close()

    ready, ended = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(serve(ready)), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield state
    finally:
        ended.set()
        thread.join(20)


class _Greeting(asyncio.Protocol):
    """Says one thing and closes the line, or says nothing at all."""

    def __init__(self, words: bytes) -> None:
        self.words = words

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self.words:
            cast(asyncio.Transport, transport).write(self.words)
            transport.close()


class _Server(SMTP):
    def __init__(self, state: MailServer, *, smtputf8: bool, login: tuple[str, str] | None, tls: Any) -> None:
        self.state = state
        self.right = login
        super().__init__(
            _Handler(state),
            hostname="mail.example.org",
            enable_SMTPUTF8=smtputf8,
            tls_context=tls,
            authenticator=self.authenticate if login else None,
            auth_required=login is not None,
        )
        # The line may be encrypted from its first byte, or not at all, on this machine.
        self._auth_require_tls = tls is not None

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: LoginPassword
    ) -> AuthResult:
        self.state.logins.append(given.login.decode())
        return AuthResult(success=(given.login.decode(), given.password.decode()) == self.right, handled=False)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.state.lines.append(cast(asyncio.Transport, transport))
        super().connection_made(transport)

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        if self.state.fault == "454":
            await self.push("454 4.7.0 TLS not available due to temporary reason")
        else:
            await super().smtp_STARTTLS(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if self.state.fault == "554":
            await self.push("554 5.7.1 no mail is wanted here")
        elif self.state.fault == "early":
            await _broken(self)
        else:
            await super().smtp_DATA(arg)


class _Handler:
    """What the server does of recipients and mails, by the fault that is set."""

    def __init__(self, state: MailServer) -> None:
        self.state = state

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [answer for answer in answers if self.state.login or "AUTH" not in answer]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.state.fault == "550":
            return f"550 5.1.1 <{address}> no such user here"
        if self.state.words:
            return self.state.words
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.state.fault == "451":
            return "451 4.3.0 try again later"
        self.state.envelopes.append(envelope)
        if self.state.fault == "cut":
            await _broken(server)
        if self.state.fault == "mute":
            await asyncio.Event().wait()
        if self.state.fault == "drip":
            cast(asyncio.Transport, server.transport).write(b"250-")
        while self.state.fault == "drip":
            cast(asyncio.Transport, server.transport).write(b"x")
            await asyncio.sleep(0.02)
        return "250 OK"


async def _broken(server: SMTP) -> None:
    """The line breaks here; what would have followed never does."""
    cast(asyncio.Transport, server.transport).abort()
    await asyncio.Event().wait()
