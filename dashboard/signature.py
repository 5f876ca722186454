"""The signature on what is posted: HMAC-SHA-256 over the moment and the body, so that nobody else can have sent it."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Final

TIMESTAMP: Final = "X-Vigie-Timestamp"
"""The header with the moment, in whole seconds since 1970: what is old is refused, so that nobody replays it."""

SIGNATURE: Final = "X-Vigie-Signature"
"""The header with ``v1=`` and the signature in hexadecimal digits."""


def signed(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    """The headers that sign ``body`` at the moment ``at``; none without a secret.

    The signature is of the timestamp as the header has it, a dot, and the body as it is sent.
    """
    if not secret:
        return {}
    moment = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {TIMESTAMP: moment, SIGNATURE: f"v1={digest}"}
