"""Letters to send in tests, and the names that try to break them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dashboard.alerts.letter import Letter

EVIL = (
    "a\r\nBcc: thief@example.com\r\n\r\nbody",
    "a\nb",
    "a\rb",
    "colon: comma, semicolon; <angle@example.com> (round)",
    "quote \" backslash \\ 'single' `tick`",
    "modèle de résiliation — « été »",
    "مدل \u202eexe.gpj\u202c \u200f",
    "x" * 300,
    "é" * 300,
    "mot " * 75,
    "=?utf-8?q?a=0D=0ABcc:_thief@example.com?=",
    "tab\tand\x00null\x1b[31m\x85next\u2028line",
    "half \ud83d a pair",
    ".",
    "",
    " ",
    "<script>alert(1)</script>&amp;",
)
"""Names as they may come from a delivery."""


def letter(**changes: Any) -> Letter:
    """A letter with all that one may have; ``changes`` are its fields."""
    fields: dict[str, Any] = {
        "letter_id": "0123456789abcdef0123456789abcdef",
        "to": "ada@example.org",
        "language": "fr",
        "subject": "Rouge : résiliation",
        "plain": "Le modèle « résiliation » est rouge.\n.\nFrom ici, a=b\n",
        "html": '<p lang="fr">Le modèle est rouge.</p><img src="cid:drift.png" alt="PSI 0,31">',
        "written_at": datetime(2026, 11, 21, 7, 30, tzinfo=UTC),
        "threads": ("model:résiliation", "incident:tenure"),
        "pictures": {"drift.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256))},
        "payload": {
            "letter_id": "0123456789abcdef0123456789abcdef",
            "url": "https://vigie.example.org/models/r?a=1&b=2",
        },
    }
    return Letter(**(fields | changes))
