"""Numbers as words, and lists as people write them."""

from __future__ import annotations

from collections.abc import Sequence
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


def listed(items: Sequence[str], language: Language) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {'et' if language == 'fr' else 'and'} {items[-1]}"
