"""A letter as a mail (RFC 5322): plain text, HTML with its pictures, and headers that mail programs sort it by."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Final, cast

from dashboard.alerts.letter import Letter
from dashboard.alerts.mail.address import domain_of, is_international, spelt
from dashboard.alerts.mail.headers import in_brackets, policy, subject_line, whole
from dashboard.settings import Settings

NOBODY: Final = "undisclosed-recipients:;"
"""What To holds where a letter has no address, or none that can be used."""

_NO_SENDER: Final = "vigie@vigie.invalid"  # a name that RFC 2606 keeps free: nothing is ever sent from it
_MOST_THREADS: Final = 40
_BREAK: Final = re.compile(r"\r\n|\r")


def mail_of(letter: Letter, settings: Settings) -> EmailMessage:
    """``letter`` as a mail from ``settings.mail_from``; ``bytes(mail)`` is what is sent, the same each time.

    Message-ID and the threads' identifiers are made from the letter alone, so a mail that is sent twice says so.
    """
    sender = spelt(settings.mail_from) or _NO_SENDER
    to = spelt(letter.to)
    mail = EmailMessage(policy=policy(utf8=is_international(sender + to)))
    for name, value in _headers(letter, settings, sender, to):
        mail[name] = value
    mail["Date"] = letter.written_at
    _fill(mail, letter)
    mail["Content-Language"] = letter.language
    return mail


def message_id(letter: Letter, settings: Settings) -> str:
    """The Message-ID, in its brackets."""
    return f"<{letter.letter_id}@{domain_of(spelt(settings.mail_from) or _NO_SENDER)}>"


def _headers(letter: Letter, settings: Settings, sender: str, to: str) -> Iterator[tuple[str, str]]:
    domain = domain_of(sender)
    yield "From", f"Vigie <{sender}>"
    yield "To", to or NOBODY
    yield "Subject", subject_line(letter.subject)
    yield "Message-ID", message_id(letter, settings)
    threads = [_thread_id(thread, domain) for thread in letter.threads[:_MOST_THREADS]]
    if threads:
        yield "In-Reply-To", threads[0]
        yield "References", " ".join(reversed(threads))  # the eldest first, what is answered last (RFC 5322, 3.6.4)
    yield "List-Id", f"Vigie <vigie.{domain}>"
    way_out = in_brackets(settings.unsubscribe or f"mailto:{sender}?subject=unsubscribe")
    if way_out and (settings.unsubscribe or settings.mail_from):
        # No List-Unsubscribe-Post: that promises that a POST alone ends the mails, which nobody knows of that address.
        yield "List-Unsubscribe", way_out
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "All"


def _thread_id(thread: str, domain: str) -> str:
    digest = hashlib.sha256(thread.encode("utf-8", "surrogatepass")).hexdigest()
    return f"<thread.{digest[:32]}@{domain}>"


def _fill(mail: EmailMessage, letter: Letter) -> None:
    """The body: multipart/alternative of text/plain, and multipart/related of text/html and pictures; then files."""
    mail.set_content(_lines(letter.plain), charset="utf-8", cte="quoted-printable")
    mail.add_alternative(_lines(letter.html), subtype="html", charset="utf-8", cte="quoted-printable")
    related = cast(list[EmailMessage], mail.get_payload())[1]
    for name, picture in letter.pictures.items():
        related.add_related(picture, "image", "png", cid=f"<{name}>", filename=name, disposition="inline")
    # No line of quoted-printable or base64 holds '=_', so none is taken for a boundary.
    mail.set_boundary(f"=_{letter.letter_id}_1")
    if letter.pictures:
        related.set_boundary(f"=_{letter.letter_id}_2")
    for name, file in letter.files.items():
        mail.add_attachment(file, "application", "json", filename=name)
    if letter.files:
        mail.set_boundary(f"=_{letter.letter_id}_0")


def _lines(text: str) -> str:
    return _BREAK.sub("\n", whole(text))
