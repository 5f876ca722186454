"""How often a batch is due, in words."""

from __future__ import annotations

from dashboard.text import Text
from qod.cadence import Cadence


def cadence_words(cadence: Cadence) -> Text:
    """``every day``, ``every week``, ``every 3 months``, ...; in French ``chaque jour``, ``tous les 3 mois``."""
    if not cadence.months:
        if cadence.days % 7 == 0:
            return _every(cadence.days // 7, Text("week", "semaine"), "toutes les")
        return _every(cadence.days, Text("day", "jour"), "tous les")
    if cadence.days:
        month, rest = cadence_words(Cadence(cadence.months, 0)), f"{cadence.days}"
        return Text(
            f"{month.en} and {rest} day{'s' if cadence.days > 1 else ''}",
            f"{month.fr} et {rest} jour{'s' if cadence.days > 1 else ''}",
        )
    if cadence.months % 12 == 0:
        return _every(cadence.months // 12, Text("year", "an"), "tous les")
    return _every(cadence.months, Text("month", "mois"), "tous les")


def _every(number: int, unit: Text, all_the: str) -> Text:
    if number == 1:
        return Text(f"every {unit.en}", f"chaque {'année' if unit.fr == 'an' else unit.fr}")
    plural = unit.fr if unit.fr.endswith("s") else f"{unit.fr}s"
    return Text(f"every {number} {unit.en}s", f"{all_the} {number} {plural}")
