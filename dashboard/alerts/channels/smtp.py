"""The channel smtp: letters as mails, handed to a mail server."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dashboard.alerts.channel import SENT, Channel, Outcome, Sender
from dashboard.alerts.letter import Letter
from dashboard.alerts.mail.address import spelt
from dashboard.alerts.mail.line import MailError, MailLine, end, hand_over, open_line, trusted
from dashboard.alerts.mail.mail import mail_of
from dashboard.settings import Settings
from dashboard.text import Text
from dashboard.time_limit import TimeLimit
from qod.errors import SettingError

SECONDS: Final = 30.0
"""The time that one letter may take, all waits together."""


class _Mails:
    """One line to the mail server for many letters; a new one where the server has closed it meanwhile."""

    def __init__(self, settings: Settings, deadline: float) -> None:
        self._settings = settings
        self._deadline = deadline
        self._context = trusted(settings)
        self._line: MailLine | None = None

    def has(self, letter_id: str) -> bool | None:
        """None: a mail server does not say what it has."""
        return None

    def send(self, letter: Letter) -> Outcome:
        """Hand the letter to the mail server."""
        to = spelt(letter.to)
        if not to:
            return Outcome("refused", "The letter has no mail address, or none of the form name@example.org.")
        with TimeLimit(self._deadline) as limit:
            mail = bytes(mail_of(letter, self._settings))
            try:
                hand_over(self._ready(limit), self._settings, to, mail, limit)
            except MailError as error:
                return Outcome("refused" if error.known else "unknown", error.reason, reached=error.reached)
        return SENT

    def close(self) -> None:
        """End the line."""
        if self._line is not None:
            end(self._line)

    def _ready(self, limit: TimeLimit) -> MailLine:
        """The line of the letter before, where it still works, else a new one."""
        if self._line is not None and self._still_works(self._line, limit):
            return self._line
        self._line = None
        self._line = open_line(self._settings, self._context, limit)
        return self._line

    @staticmethod
    def _still_works(line: MailLine, limit: TimeLimit) -> bool:
        try:
            if line.sock is None:
                return False
            limit.watch(line.sock)
            if line.rset()[0] == 250:  # also ends what a refused letter has begun
                return True
        except (OSError, smtplib.SMTPException):
            pass
        line.close()
        return False


@contextmanager
def open_smtp(settings: Settings, *, deadline: float = SECONDS) -> Iterator[Sender]:
    """A sender of mails; ``deadline`` are the seconds that one letter may take. It connects with its first letter.

    Raises SettingError where mail_from or smtp_ca cannot be used.
    """
    if not spelt(settings.mail_from):
        raise SettingError(
            f"mail_from should be a mail address; it is {settings.mail_from!r}.",
            hint="set it to the address that mails come from, such as vigie@example.org.",
        )
    mails = _Mails(settings, deadline)
    try:
        yield mails
    finally:
        mails.close()


CHANNEL = Channel(
    key="smtp",
    name=Text("mail", "courriel"),
    meaning=Text(
        "Each letter is a mail to its owner, handed to your mail server.",
        "Chaque lettre est un courriel à son destinataire, remis à votre serveur de messagerie.",
    ),
    needs=("smtp_host", "mail_from"),
    repeats=Text(
        "A mail that was sent twice has the same Message-ID: some mailboxes show it once, most twice.",
        "Un courriel envoyé deux fois porte le même Message-ID\u00a0: certaines messageries l’affichent une fois, la "
        "plupart deux.",
    ),
    open=open_smtp,
    addressed=True,
)
