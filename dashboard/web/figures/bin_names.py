"""What a bin is called: a range in the fewest digits that tell it from its neighbours, a level, or a guard bin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from dashboard.text import Language, Text

MISSING: Final = Text(en="(missing)", fr="(manquant)")
OTHER: Final = Text(en="(rare levels)", fr="(modalités rares)")
UNSEEN: Final = Text(en="(unseen levels)", fr="(mod. inconnues)")
FOLDED: Final = Text(en="({n} more levels)", fr="({n} autres modalités)")
EMPTY: Final = Text(en="(empty text)", fr="(texte vide)")
_ALL: Final = Text(en="any value", fr="toute valeur")
_TO: Final = Text(en="{low} to {high}", fr="{low} à {high}")


def bin_names(*, kind: str, edges: Sequence[float], levels: Sequence[str], language: Language) -> list[str]:
    """The names of a variable's bins in the order of its counts, the guard bins last."""
    if kind == "numeric":
        return [*range_names(edges, language=language), MISSING[language]]
    names = [level if level.strip() else EMPTY[language] for level in levels]
    return [*names, OTHER[language], UNSEEN[language], MISSING[language]]


def range_names(edges: Sequence[float], *, language: Language) -> list[str]:
    """The k + 1 ranges between ascending ``edges``, closed right; edges at halves are read as whole numbers."""
    if not edges:
        return [_ALL[language]]
    if all(edge * 2 % 2 == 1 and abs(edge) < 1e6 for edge in edges):
        uppers = [_number(math.floor(edge), 0, language) for edge in edges]
        lowers = [_number(math.ceil(edge), 0, language) for edge in edges]
        last = f"≥ {lowers[-1]}"
    else:
        uppers = lowers = [_number(edge, _digits(edges, place), language) for place, edge in enumerate(edges)]
        last = f"> {lowers[-1]}"
    signed = any(edge < 0 for edge in edges)
    names = [f"≤ {uppers[0]}"]
    for low, high in zip(lowers, uppers[1:], strict=False):
        if low == high:
            names.append(low)
        elif signed:
            names.append(_TO[language].format(low=low, high=high))
        else:
            names.append(f"{low}–{high}")
    return [*names, last]


def _digits(edges: Sequence[float], place: int) -> int:
    """Decimals that hold an edge's rounding below a tenth of the narrower bin beside it."""
    widths = [abs(edges[place] - edges[other]) for other in (place - 1, place + 1) if 0 <= other < len(edges)] or [
        abs(edges[place])
    ]
    narrow = min((width for width in widths if width > 0), default=0.0) or abs(edges[place]) or 1.0
    digits = math.ceil(-math.log10(0.2 * narrow))
    size = abs(edges[place])
    return max(digits, 1 - math.floor(math.log10(size))) if size >= 1 else digits


def _number(value: float, digits: int, language: Language) -> str:
    """A number with ``digits`` decimals (negative: rounded to tens, hundreds, ...), short when it is huge or tiny."""
    unit, suffix = next(((u, s) for u, s in ((1e12, "T"), (1e9, "G"), (1e6, "M")) if abs(value) >= u), (1.0, ""))
    if abs(value) >= 1e15 or digits > 6:
        text = f"{value:.3g}"
    else:
        digits += round(math.log10(unit))
        text = f"{round(value / unit, digits):,.{max(0, digits)}f}"
        text = (text.rstrip("0").rstrip(".") if "." in text else text) + suffix
    if language == "fr":
        text = text.replace(",", " ").replace(".", ",")
    return "−" + text[1:] if text.startswith("-") else text
