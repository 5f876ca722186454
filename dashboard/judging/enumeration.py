"""Names in a sentence: a, b and c; or the first of them and how many more; a; b, b; and c where one has a comma."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard.format import NARROW
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
    if len(en) > 2 and any(", " in words for words in (*en, *fr)):
        return Text(f"{'; '.join(en[:-1])}; and {en[-1]}", f"{f'{NARROW}; '.join(fr[:-1])}{NARROW}; et {fr[-1]}")
    return Text(f"{', '.join(en[:-1])} and {en[-1]}", f"{', '.join(fr[:-1])} et {fr[-1]}")
