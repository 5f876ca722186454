"""What people write, checked before it is kept: the words, the last day of a snooze, the name they sign with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from dashboard.events import KINDS, Statement
from dashboard.say import say
from dashboard.text import Text

LONGEST_TEXT: Final = 2000
"""Characters of a text."""
LONGEST_NAME: Final = 100
"""Characters of the name that somebody signs with."""
LONGEST_SNOOZE: Final = 366
"""Days from today on that a snooze may last."""

_KEY: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_KIND = Text("There is no such action: {value:quoted}.", "Cette action n'existe pas : {value:quoted}.")
_NO_TEXT: Final = {
    "note": Text("Write the note first: it is empty.", "Écrivez d'abord la note : elle est vide."),
    "snoozed": Text("Say why it is snoozed.", "Dites pourquoi la mise en pause."),
    "retraining_declined": Text("Say why it is declined.", "Dites pourquoi c'est refusé."),
}
NEEDED: Final = frozenset(_NO_TEXT)
"""Kinds that are nothing without words."""

_LONG = Text(
    "The text has {n:count} characters; {most:count} are the most.",
    "Le texte a {n:count} caractères ; {most:count} au plus.",
)
_CONTROL = Text(
    "The text holds control characters; take them out.", "Le texte contient des caractères de contrôle ; ôtez-les."
)
_NO_DAY = Text(
    "Say until which day it is snoozed, such as {day:date}.",
    "Dites jusqu'à quel jour dure la pause, par exemple le {day:date}.",
)
_PAST_DAY = Text(
    "The last day of a snooze is today ({day:date}) or later.",
    "Le dernier jour d'une pause est aujourd'hui ({day:date}) ou plus tard.",
)
_FAR_DAY = Text(
    "A snooze lasts a year at most, until {day:date}.", "Une pause dure un an au plus, jusqu'au {day:date}."
)
_NO_NAME = Text(
    "Say who you are: a name of up to {most:count} characters.",
    "Dites qui vous êtes : un nom d'au plus {most:count} caractères.",
)
_KEY_WRONG = Text(
    "The request carries no usable key; load the page again.",
    "La demande ne porte pas de clé utilisable ; rechargez la page.",
)


class WrongInputError(ValueError):
    """What was written cannot be kept; ``said`` says why, to whoever wrote it."""

    def __init__(self, said: Text) -> None:
        self.said = said
        super().__init__(said.en)


def statement(body: Mapping[str, Any], author: str | None, today: date) -> Statement:
    """What ``body`` (JSON that anybody may have sent) says; its own ``author`` signs where ``author`` is None.

    Raises WrongInputError.
    """
    kind, key = body.get("kind"), body.get("key")
    if not isinstance(kind, str) or kind not in KINDS:
        raise _wrong(_KIND, today, value=str(kind))
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise _wrong(_KEY_WRONG, today)
    text = _text(body.get("text"), today)
    if not text and kind in _NO_TEXT:
        raise _wrong(_NO_TEXT[kind], today)
    until = _until(body.get("until"), today) if kind == "snoozed" else None
    return Statement(key, kind, author or name(body.get("author"), today), text, until)


def name(value: object, today: date) -> str:
    """A name that somebody typed, without spaces around it. Raises WrongInputError."""
    found = value.strip() if isinstance(value, str) else ""
    if not found or len(found) > LONGEST_NAME or not found.isprintable():
        raise _wrong(_NO_NAME, today, most=LONGEST_NAME)
    return found


def _text(value: object, today: date) -> str:
    """The words, without spaces around them; lines end as on Unix."""
    words = value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""
    if len(words) > LONGEST_TEXT:
        raise _wrong(_LONG, today, n=len(words), most=LONGEST_TEXT)
    # Half a surrogate pair is no character either, and could not be stored.
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in words):
        raise _wrong(_CONTROL, today)
    return words


def _until(value: object, today: date) -> date:
    try:
        found = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        found = None
    if found is None:
        raise _wrong(_NO_DAY, today, day=today + timedelta(days=14))
    if found < today:
        raise _wrong(_PAST_DAY, today, day=today)
    if found > (last := today + timedelta(days=LONGEST_SNOOZE)):
        raise _wrong(_FAR_DAY, today, day=last)
    return found


def _wrong(template: Text, today: date, **values: object) -> WrongInputError:
    return WrongInputError(say(template, values, near=today))
