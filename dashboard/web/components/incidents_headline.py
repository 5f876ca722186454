"""The sentence that answers first: how many incidents and single troubles are open, and how many are looked after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dashboard import format as form
from dashboard.text import Language
from dashboard.troubles import Trouble
from dashboard.web.words import number


def headline(troubles: Sequence[Trouble], language: Language) -> str:
    """The sentence about the troubles of now."""
    opened = Counter(trouble.incident is not None for trouble in troubles if trouble.state == "open")
    others = Counter(trouble.state for trouble in troubles if trouble.state != "open")
    incidents, singles = opened[True], opened[False]
    return (_french if language == "fr" else _english)(incidents, singles, others["acknowledged"], others["snoozed"])


def _english(incidents: int, singles: int, acknowledged: int, snoozed: int) -> str:
    def counted(count: int, one: str) -> str:
        return f"{number(count, 'en')} {one}{'s' if count > 1 else ''}"

    named = [counted(incidents, "incident")] * bool(incidents) + [counted(singles, "single trouble")] * bool(singles)
    verb = "is" if incidents + singles == 1 else "are"
    words = f"{' and '.join(named)} {verb} open" if named else "nothing is open"
    cared = [f"{number(acknowledged, 'en')} {'is' if acknowledged == 1 else 'are'} acknowledged"] * bool(acknowledged)
    if snoozed:
        cared.append(f"{number(snoozed, 'en')} {'' if acknowledged else 'is ' if snoozed == 1 else 'are '}snoozed")
    return form.capital("; ".join([words, *([" and ".join(cared)] if cared else [])])) + "."


def _french(incidents: int, singles: int, acknowledged: int, snoozed: int) -> str:
    def counted(count: int, one: str, several: str) -> str:
        return f"{number(count, 'fr')} {one if count == 1 else several}"

    named = [counted(incidents, "incident", "incidents")] * bool(incidents)
    named += [counted(singles, "problème isolé", "problèmes isolés")] * bool(singles)
    several = incidents + singles > 1
    words = f"{' et '.join(named)} {'sont ouverts' if several else 'est ouvert'}" if named else "rien n'est ouvert"
    verb = "est" if acknowledged == 1 else "sont"
    cared = [f"{number(acknowledged, 'fr')} {verb} pris en charge"] * bool(acknowledged)
    if snoozed:
        verb = "" if acknowledged else "est " if snoozed == 1 else "sont "
        cared.append(f"{number(snoozed, 'fr')} {verb}en pause")
    return form.capital(form.french(" ; ".join([words, *([" et ".join(cared)] if cared else [])]))) + "."
