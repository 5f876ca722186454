"""The format pubsub: the letter's JSON in the envelope of a push subscription of Google Cloud Pub/Sub."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from dashboard.alerts.letter import Letter
from dashboard.alerts.webhook_format import WebhookFormat
from dashboard.text import Text


def body(letter: Letter) -> Mapping[str, Any]:
    """What a push endpoint is sent: ``message.data`` is the JSON in base64, ``message.messageId`` the letter's id."""
    data = json.dumps(letter.payload, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    return {
        "message": {
            "data": base64.b64encode(data).decode("ascii"),
            "attributes": {"letter_id": letter.letter_id, "language": letter.language},
            "messageId": letter.letter_id,
            "publishTime": letter.written_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        },
        "subscription": "projects/vigie/subscriptions/alerts",
    }


FORMAT = WebhookFormat(
    key="pubsub",
    name=Text("Pub/Sub push", "envoi Pub/Sub"),
    meaning=Text(
        "the same JSON as a push subscription of Pub/Sub would deliver it, for a service that takes those already",
        "le même JSON tel que le livrerait un abonnement Pub/Sub en mode push, pour un service qui en reçoit déjà",
    ),
    body=body,
)
