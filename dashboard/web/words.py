"""Numbers as words."""

from __future__ import annotations

from typing import Final

from dashboard import format as form
from dashboard.text import Language

_NUMBERS: Final[dict[Language, tuple[str, ...]]] = {
    "en": (
        "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ),
    "fr": (
        "aucun", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    ),
}  # fmt: skip


def number(value: int, language: Language) -> str:
    """A count in a sentence: a word up to twelve, digits from there."""
    names = _NUMBERS[language]
    return names[value] if 0 <= value < len(names) else form.count(value, language)
