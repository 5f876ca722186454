"""Names in a sentence: a, b and c; or the first of them and how many more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard.text import Text

ALL: Final = 3
"""So many are named, of more the first two."""


def enumerated(items: Sequence[Text], number: int | None = None, *, at_least: bool = False) -> Text:
    """``items`` in words: all of up to three; of ``number``, if there are more, the first two and how many more.

    ``at_least`` says that the number is a lower bound. An en dash where there is none.
    """
    many = len(items) if number is None else number
    shown = items if many <= ALL else items[:2]
    en, fr = [item.en for item in shown], [item.fr for item in shown]
    if many > ALL:
        en.append(f"{'at least ' * at_least}{many - 2} more")
        fr.append(f"{'au moins ' * at_least}{many - 2} autres")
    if len(en) < 2:
        return Text(en[0], fr[0]) if en else Text("\u2013", "\u2013")
    return Text(f"{', '.join(en[:-1])} and {en[-1]}", f"{', '.join(fr[:-1])} et {fr[-1]}")
