"""A number and what it counts, as the commands write it."""

from __future__ import annotations


def counted(number: int, noun: str, several: str = "") -> str:
    """``1 row``, ``2,000 rows``; of a noun whose plural is no -s, ``several`` is that."""
    return f"{number:,} {noun if number == 1 else several or noun + 's'}"
