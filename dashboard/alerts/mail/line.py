"""A line to the mail server: encrypted and logged in as the settings say, and what the server answers to one mail."""

from __future__ import annotations

import base64
import ipaddress
import re
import smtplib
import socket
import ssl
from contextlib import suppress
from typing import Final

from dashboard.alerts.mail.address import domain_of, is_international, spelt
from dashboard.alerts.mail.headers import one_line
from dashboard.network_line import connect, resolve
from dashboard.settings import Settings
from dashboard.time_limit import TimeLimit
from qod.errors import SettingError

_LONGEST_QUOTE: Final = 160
_GOODBYE: Final = 2.0  # seconds
_BREAK: Final = re.compile(rb"\r\n|\r|\n")
_DOT: Final = re.compile(rb"(?m)^\.")


class MailError(Exception):
    """A mail was not taken, or nobody can tell. ``reason`` is one sentence without a secret.

    ``known`` False: the mail was handed over whole, and no answer came. ``reached`` False: nothing that is about this
    mail, the server cannot be used at all.
    """

    def __init__(self, reason: str, *, known: bool = True, reached: bool = True) -> None:
        self.reason = reason
        self.known = known
        self.reached = reached
        super().__init__(reason)


def trusted(settings: Settings) -> ssl.SSLContext:
    """How the server's certificate is verified; SettingError where smtp_ca cannot be read."""
    try:
        return ssl.create_default_context(cafile=settings.smtp_ca or None)
    except OSError as error:
        raise SettingError(
            f"smtp_ca should be a file with certificates (PEM); {settings.smtp_ca!r} cannot be read as one.",
            hint="name the file that your mail server's certificate is verified against, or leave smtp_ca out.",
        ) from error


class MailLine(smtplib.SMTP):
    """An SMTP client whose every wait ends with a TimeLimit. Use ``open_line`` to make one."""

    def __init__(self, settings: Settings, context: ssl.SSLContext | None, limit: TimeLimit) -> None:
        self._first_limit = limit
        self._context = context
        # The client says which domain it writes for: the machine's own name would have to be asked for, without limit.
        name = domain_of(spelt(settings.mail_from)) or "localhost"
        super().__init__(settings.smtp_host, settings.smtp_port, local_hostname=name, timeout=limit.seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        line = connect(resolve(host, port, self._first_limit), self._first_limit)
        if self._context is None:
            return line
        return self._context.wrap_socket(line, server_hostname=host)  # closes the line where it fails

    @property
    def on_this_machine(self) -> bool:
        """Whether nothing leaves this machine over the line."""
        if self.sock is None:
            return False
        address: str = self.sock.getpeername()[0]
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def open_line(settings: Settings, context: ssl.SSLContext, limit: TimeLimit) -> MailLine:
    """A line that is ready for mails; MailError, not ``reached``, where there is none."""
    line: MailLine | None = None
    try:
        line = MailLine(settings, context if settings.smtp_security == "tls" else None, limit)
        _expect(line, settings, line.ehlo(), 250)
        if settings.smtp_security == "starttls":
            _encrypt(line, settings, context)
        if settings.smtp_user:
            _log_in(line, settings)
    except (OSError, ValueError, MailError) as error:  # ValueError: a host that is no name
        if line is not None:
            line.close()
        reason = error.reason if isinstance(error, MailError) else _why(error, settings, limit)
        raise MailError(reason, reached=False) from None
    return line


def hand_over(line: MailLine, settings: Settings, to: str, mail: bytes, limit: TimeLimit) -> None:
    """Give one mail to the server, which says that it has it; else MailError."""
    sender = spelt(settings.mail_from)
    with_dots = _DOT.sub(b"..", _BREAK.sub(b"\r\n", mail))
    end = b".\r\n" if with_dots.endswith(b"\r\n") else b"\r\n.\r\n"
    options = [f"size={len(with_dots)}"] if line.has_extn("size") else []
    if is_international(sender + to):
        if not line.has_extn("smtputf8"):
            raise MailError(f"The mail server {settings.smtp_host} takes ASCII addresses only (it has no SMTPUTF8).")
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    try:
        _expect(line, settings, line.mail(sender, options), 250)
        _expect(line, settings, line.rcpt(to), 250, 251)
        _expect(line, settings, line.docmd("DATA"), 354)
        # It ends with the dot: where not all of it could be written, the server cannot have taken it.
        line.send(with_dots + end)
    except (OSError, smtplib.SMTPException) as error:
        line.close()
        raise MailError(_why(error, settings, limit)) from error
    _final_answer(line, settings, limit)


def _final_answer(line: MailLine, settings: Settings, limit: TimeLimit) -> None:
    """What the server says to a mail that it was given whole; where the line breaks here, nobody can tell."""
    try:
        code, text = line.getreply()
    except (OSError, smtplib.SMTPException) as error:
        line.close()
        how = f"did not answer within {limit.seconds:g} s" if limit.over else "broke off the line"
        raise MailError(
            f"The mail server {settings.smtp_host} was given the mail and {how}, so nobody can tell whether it has it.",
            known=False,
        ) from error
    if 200 <= code < 300:
        return
    if not 400 <= code < 600:
        line.close()
        raise MailError(
            f"The mail server {settings.smtp_host} was given the mail and answered what is no answer, so nobody can "
            "tell whether it has it.",
            known=False,
        )
    _expect(line, settings, (code, text), 250)


def _encrypt(line: MailLine, settings: Settings, context: ssl.SSLContext) -> None:
    if not line.has_extn("starttls"):
        raise MailError(
            f"The mail server {settings.smtp_host} offers no STARTTLS, and nothing is sent over a line that is not "
            f"encrypted: set smtp_security to tls where port {settings.smtp_port} is encrypted from the first byte."
        )
    line.starttls(context=context)
    _expect(line, settings, line.ehlo(), 250)


def _log_in(line: MailLine, settings: Settings) -> None:
    server = f"The mail server {settings.smtp_host}"
    if settings.smtp_security == "none" and not line.on_this_machine:
        raise MailError(
            f"The line to the mail server {settings.smtp_host} is not encrypted, so the password is not sent over it: "
            "set smtp_security to starttls or tls, or leave smtp_user out."
        )
    try:
        line.login(settings.smtp_user, settings.smtp_password)
    except smtplib.SMTPAuthenticationError as error:
        # What the server says here is left out: it may repeat what it was sent.
        raise MailError(f"{server} refused the login of smtp_user with {error.smtp_code}.") from None
    except smtplib.SMTPNotSupportedError:
        raise MailError(
            f"{server} takes no login over this line: is smtp_security right, is smtp_user needed?"
        ) from None
    except UnicodeError:
        raise MailError("smtp_user and smtp_password can hold ASCII letters, digits and signs only.") from None


def _expect(line: MailLine, settings: Settings, answer: tuple[int, bytes], *codes: int) -> None:
    code, text = answer
    if code in codes:
        return
    if code < 0:  # nobody knows which command the next answer would be to
        line.close()
    raise MailError(f"The mail server {settings.smtp_host} answered {_quoted(code, text, settings)}.")


def _why(error: Exception, settings: Settings, limit: TimeLimit) -> str:
    server = f"The mail server {settings.smtp_host}"
    if limit.over or isinstance(error, TimeoutError):
        return f"{server} did not answer within {limit.seconds:g} s."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of the mail server {settings.smtp_host} is not trusted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return (
            f"{server} makes no encrypted line at port {settings.smtp_port}: is it {settings.smtp_security} "
            "(smtp_security) that it speaks there?"
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{server} answered {_quoted(error.smtp_code, error.smtp_error, settings)}."
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return f"{server} broke off the line before it had taken the mail."
    return f"{server} takes no connection at port {settings.smtp_port}."


def _quoted(code: int, text: bytes | str, settings: Settings) -> str:
    """What the server said, on one line, not too long, and without the password."""
    words = one_line(text.decode("utf-8", "replace") if isinstance(text, bytes) else text)
    if _tells(words, settings):
        words = "***"
    words = words if len(words) <= _LONGEST_QUOTE else words[: _LONGEST_QUOTE - 1] + "…"
    said = str(code) if code >= 0 else "what is no answer"
    return f"{said}: {words.rstrip('.')}" if words else said


def _tells(words: str, settings: Settings) -> bool:
    """Whether ``words`` repeat the password: as it is, or as it was said at the login (RFC 4616), however spaced."""
    password = settings.smtp_password
    said = (password, f"\0{settings.smtp_user}\0{password}")
    forms = [password, *(base64.b64encode(one.encode(errors="replace")).decode() for one in said)]
    squeezed = "".join(words.split())
    return bool(password) and any("".join(form.split()) in squeezed for form in forms)


def end(line: MailLine) -> None:
    """Take leave of the server, shortly."""
    if line.sock is not None:
        with suppress(OSError, smtplib.SMTPException), TimeLimit(_GOODBYE) as limit:
            limit.watch(line.sock)
            line.quit()
    line.close()
