"""A letter: one message to one person, written, in every form that a channel may need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dashboard.text import Language


@dataclass(frozen=True, slots=True)
class Letter:
    """``letter_id`` (32 hexadecimal digits) is the same for the same content to the same person, and of no other.

    ``to`` is a mail address, '' where nobody is known. ``threads`` are what the mail belongs to, the narrowest first,
    as words that no other has (model:<id>, incident:<id>); ``pictures`` are PNG files by the name that the HTML uses
    (cid:), ``files`` are JSON to keep, by file name. ``payload`` is the JSON of docs/alerts.md.
    """

    letter_id: str
    to: str
    language: Language
    subject: str
    plain: str
    html: str
    written_at: datetime
    threads: tuple[str, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    payload: Mapping[str, Any] = field(default_factory=dict)
