"""Which language a reader gets: the address says, else the cookie, else the browser, else the setting."""

from __future__ import annotations

from typing import Final

from werkzeug.datastructures import LanguageAccept

from dashboard.text import LANGUAGES, Language

COOKIE: Final = "vigie_language"
COOKIE_SECONDS: Final = 365 * 86400


def known(value: str | None) -> Language | None:
    """``value`` when it is one of the languages, else None."""
    for language in LANGUAGES:
        if value == language:
            return language
    return None


def choose(stated: str | None, cookie: str | None, accepted: LanguageAccept, default: Language) -> Language:
    """The reader's language. ``stated`` stands in the address, ``accepted`` is the browser's Accept-Language."""
    return known(stated) or known(cookie) or _accepted(accepted) or default


def _accepted(accepted: LanguageAccept) -> Language | None:
    """The first accepted language that there is, en-GB taken for en; they come in the order of their weight."""
    for tag, weight in accepted:
        language = known(tag.partition("-")[0].lower())
        if language and weight > 0:
            return language
    return None
