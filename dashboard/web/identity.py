"""Who writes: the person that Identity-Aware Proxy has verified; on one's own machine, whoever they say they are."""

from __future__ import annotations

import json
import logging
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from dashboard.settings import Settings
from dashboard.text import Text

LOG: Final = logging.getLogger("vigie.web")

HEADER: Final = "X-Goog-IAP-JWT-Assertion"
"""The header in which the proxy signs who is asking. Others name people too, and anybody can send those."""
ISSUER: Final = "https://cloud.google.com/iap"
KEYS_ADDRESS: Final = "https://www.gstatic.com/iap/verify/public_key"

KEEP_SECONDS: Final = 3600.0
RETRY_SECONDS: Final = 10.0
"""The least time between two fetches, so that made-up key names cannot make this server ask without end."""
TIMEOUT_SECONDS: Final = 3.0
SKEW_SECONDS: Final = 30
_LONGEST: Final = 16_384
_MOST_BYTES: Final = 1_000_000

_NO_SETTING = Text(
    "Nobody can write here yet: Vigie does not know who writes. Set iap_audience (VIGIE_IAP_AUDIENCE) to the audience "
    "of Identity-Aware Proxy.",
    "Personne ne peut encore écrire ici : Vigie ne sait pas qui écrit. Donnez à iap_audience (VIGIE_IAP_AUDIENCE) "
    "l'audience d'Identity-Aware Proxy.",
)
_FOREIGN_HOST = Text(
    "This server does not go by the name in the address of this page, so nothing was written: list the name in hosts "
    "(VIGIE_HOSTS), or use another address.",
    "Ce serveur ne porte pas le nom que donne l'adresse de cette page ; rien n'a été écrit. Ajoutez ce nom à hosts "
    "(VIGIE_HOSTS), ou passez par une autre adresse.",
)
_NOT_SIGNED = Text(
    "The proxy has not said who you are, so nothing was written. Load the page again, through its usual address.",
    "Le proxy n'a pas dit qui vous êtes ; rien n'a été écrit. Rechargez la page, à son adresse habituelle.",
)
_NOT_VALID = Text(
    "What the proxy says of you could not be verified, so nothing was written. Load the page again.",
    "Ce que le proxy dit de vous n'a pas pu être vérifié ; rien n'a été écrit. Rechargez la page.",
)
_NO_KEYS = Text(
    "The keys that verify who you are cannot be fetched now, so nothing was written. Try again in a minute.",
    "Les clés qui vérifient qui vous êtes sont inaccessibles ; rien n'a été écrit. Réessayez dans une minute.",
)


class RefusedError(Exception):
    """Whoever asks may not write: ``said`` says why, ``status`` is the HTTP status of the answer."""

    def __init__(self, status: int, said: Text) -> None:
        self.status = status
        self.said = said
        super().__init__(said.en)


class Keys:
    """The proxy's public keys by name: fetched when first needed, again after an hour and for a name not among them."""

    def __init__(self, address: str = KEYS_ADDRESS, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._address = address
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: Mapping[str, str] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None

    def holding(self, name: str) -> Mapping[str, str]:
        """The keys, fetched anew where they are old or lack ``name``; those of before where that fails.

        Raises RefusedError where there are none at all.
        """
        with self._lock:
            now = self._clock()
            old = self._fetched_at is None or now - self._fetched_at >= KEEP_SECONDS
            if (old or name not in self._keys) and (self._tried_at is None or now - self._tried_at >= RETRY_SECONDS):
                self._tried_at = now
                self._fetch(now)
            if not self._keys:
                raise RefusedError(503, _NO_KEYS)
            return self._keys

    def _fetch(self, now: float) -> None:
        try:
            with urllib.request.urlopen(self._address, timeout=TIMEOUT_SECONDS) as answer:
                found = json.loads(answer.read(_MOST_BYTES))
            if not isinstance(found, dict) or not found or not all(isinstance(key, str) for key in found.values()):
                raise ValueError("these are no keys")
        except (OSError, ValueError) as error:
            LOG.warning("the keys of Identity-Aware Proxy could not be fetched: %s", error)
            return
        self._keys, self._fetched_at = found, now


class Headers(Protocol):
    """The headers of a request."""

    def get(self, name: str, default: str) -> str:
        """The value of a header; ``default`` where it is not there."""
        ...


class Identity:
    """Says who sends a request, as the settings want it known."""

    def __init__(self, settings: Settings, keys: Keys | None = None) -> None:
        self._writing = settings.writing
        self._hosts = settings.own_hosts
        self._audience = settings.iap_audience
        self._keys = keys or Keys()

    def author(self, headers: Headers) -> str | None:
        """The verified e-mail address of whoever sends ``headers``; None where people sign with a name they type.

        Nobody verifies such a name, so it counts only under a name that this server goes by: a site that has its own
        name lead to this machine cannot have a reader's browser write here. Raises RefusedError.
        """
        if self._writing == "typed":
            if _name_of(headers.get("Host", "")) not in self._hosts:
                raise RefusedError(403, _FOREIGN_HOST)
            return None
        if self._writing == "refused":
            raise RefusedError(403, _NO_SETTING)
        return self._verified(headers.get(HEADER, ""))

    def _verified(self, token: str) -> str:
        from google.auth import exceptions, jwt

        if not token:
            raise RefusedError(401, _NOT_SIGNED)
        try:
            if len(token) > _LONGEST:
                raise ValueError("it is too long")
            head = jwt.decode_header(token)
            name = head.get("kid") if isinstance(head, dict) else None
            if not isinstance(name, str) or head.get("alg") != "ES256":
                raise ValueError("it names no key for ES256")
            claims = jwt.decode(
                token,
                certs=self._keys.holding(name),
                audience=self._audience,
                clock_skew_in_seconds=SKEW_SECONDS,
            )
            return _email(claims)
        except (exceptions.GoogleAuthError, ValueError, TypeError, AttributeError) as error:
            LOG.warning("an assertion of Identity-Aware Proxy was refused: %s", error)
            raise RefusedError(401, _NOT_VALID) from None


def _name_of(host: str) -> str | None:
    """The name in a Host header, in small letters and without its port; None where there is none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:  # half an IPv6 address
        return None


def _email(claims: Mapping[str, Any]) -> str:
    """The address in the claims of a verified assertion; ValueError where another proxy made it, or it has none."""
    if claims.get("iss") != ISSUER:
        raise ValueError("it is of another issuer")
    found = claims.get("email")
    if not isinstance(found, str) or not found or len(found) > 320 or not found.isprintable():
        raise ValueError("it names nobody")
    return found.removeprefix("accounts.google.com:")
