"""The channel webhook: letters as JSON, posted and signed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from dashboard.alerts import webhook_formats
from dashboard.alerts.channel import SENT, Channel, Outcome, Sender
from dashboard.alerts.letter import Letter
from dashboard.alerts.webhook_format import WebhookFormat
from dashboard.outbound import Answer, OutboundError, hosts_of, post
from dashboard.settings import Settings
from dashboard.signature import signed
from dashboard.text import Text

SECONDS: Final = 20.0
"""The time that one letter may take, from the name's look-up to the answer."""

_TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class _Hook:
    """Posts each letter once; never follows, never repeats."""

    settings: Settings
    form: WebhookFormat
    deadline: float

    def has(self, letter_id: str) -> bool | None:
        """None: a webhook is not asked anything. A receiver that looks at the letter's id takes it once."""
        return None

    def send(self, letter: Letter) -> Outcome:
        """Post the letter."""
        said = json.dumps(self.form.body(letter), ensure_ascii=False, allow_nan=False)
        body = said.encode("utf-8", "replace")  # half a character, which no encoding takes, becomes a question mark
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Vigie",
            "Idempotency-Key": letter.letter_id,
            "X-Vigie-Event-Id": letter.letter_id,
            **signed(body, self.settings.webhook_secret, datetime.now(UTC)),
        }
        allowed = hosts_of(self.settings.private_hosts)
        try:
            answer = post(self.settings.webhook_url, body, headers, private_hosts=allowed, deadline=self.deadline)
        except OutboundError as error:
            return Outcome("unknown" if error.sent else "refused", error.reason, reached=error.sent)
        return _outcome(answer, letter.letter_id)


def _outcome(answer: Answer, letter_id: str) -> Outcome:
    """What the answer means. What it says in words is not repeated: it may hold anything."""
    status = answer.status
    if answer.takes(letter_id):
        return SENT
    if 300 <= status < 400:
        return Outcome(
            "refused",
            f"The webhook answered {status}, which leads elsewhere, and is not followed: set webhook_url to where it "
            "leads.",
        )
    busy = status == _TOO_MANY or status >= 500
    return Outcome("refused", f"The webhook answered {status}.", reached=not busy)


@contextmanager
def open_webhook(settings: Settings, *, deadline: float = SECONDS) -> Iterator[Sender]:
    """A sender that posts; ``deadline`` are the seconds that one letter may take."""
    yield _Hook(settings, webhook_formats.load()[settings.webhook_format], deadline)


CHANNEL = Channel(
    key="webhook",
    name=Text("webhook", "webhook"),
    meaning=Text(
        "Each letter is posted as JSON, signed, to a service of yours, Slack, Teams or a Pub/Sub push endpoint.",
        "Chaque lettre est envoyée en JSON, signée, à un service à vous, à Slack, à Teams ou à un point d’entrée "
        "Pub/Sub.",
    ),
    needs=("webhook_url",),
    repeats=Text(
        "A letter that was sent twice has the same Idempotency-Key: a receiver that keeps it takes the letter once. "
        "Slack and Teams show it twice.",
        "Une lettre envoyée deux fois porte la même Idempotency-Key\u00a0: un destinataire qui la retient ne la prend "
        "qu’une fois. Slack et Teams l’affichent deux fois.",
    ),
    open=open_webhook,
)
