"""The sentences that head the fleet: how many need attention, is it getting better, and what has been red longest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Language, Text
from dashboard.web import html
from dashboard.web.components.stoplight import known
from dashboard.web.fleet_days import COLOURS, DayCounts, Histories, fresh_trouble
from dashboard.web.page import Request
from dashboard.web.words import number

BACK: Final = 30
"""Days to look back for whether it is getting better."""

_YOUNG: Final = Text(
    "The colours are known from {day} on: too early to say whether it is getting better.",
    "Les couleurs sont connues depuis le {day} : trop tôt pour dire si la situation s\u2019améliore.",
)
_NOBODY: Final = Text("None did {n} days ago either.", "Aucun il y a {n} jours non plus.")
_MORE: Final = Text(
    "{many} more than {n} days ago: getting worse.", "{many} de plus qu\u2019il y a {n} jours : cela se dégrade."
)
_FEWER: Final = Text(
    "{many} fewer than {n} days ago: getting better.",
    "{many} de moins qu\u2019il y a {n} jours : cela s\u2019améliore.",
)
_FEWER_LOST: Final = Text(
    "{many} fewer than {n} days ago, but {lost} more without data: not known to be better.",
    "{many} de moins qu\u2019il y a {n} jours, mais {lost} de plus sans donnée : rien ne dit que cela s\u2019améliore.",
)
_SAME: Final = Text("As many as {n} days ago.", "Autant qu\u2019il y a {n} jours.")
_REDDER: Final = Text(
    "As many as {n} days ago, but {many} more of them red: getting worse.",
    "Autant qu\u2019il y a {n} jours, mais {many} de plus en rouge : cela se dégrade.",
)
_LESS_RED: Final = Text(
    "As many as {n} days ago, but {many} fewer of them red: getting better.",
    "Autant qu\u2019il y a {n} jours, mais {many} de moins en rouge : cela s\u2019améliore.",
)
_ONE_RED: Final = Text("Red for {days}: ", "Rouge depuis {days} : ")
_LONGEST: Final = Text("Red for longest, {days}: ", "Rouge depuis le plus longtemps, {days} : ")


def headline(language: Language, rows: Sequence[Mapping[str, Any]], by_model: Histories, today: date | None) -> str:
    """How many models need attention, and how many of them are new since the day before."""
    total = len(rows)
    counts = Counter(known(row["colour"]) for row in rows)
    troubled = counts["red"] + counts["amber"]
    fresh = fresh_trouble(rows, by_model, today - timedelta(days=1)) if today else 0
    if language == "fr":
        return _headline_fr(troubled, fresh, counts["grey"], total)
    of_total = f"{number(total, language)} model{'s' if total > 1 else ''}"
    if not troubled:
        if total == counts["grey"] == 1:
            return "The one model has no data to judge yet."
        words = f"None of {of_total} needs attention" if total > 1 else "The one model needs no attention"
        if counts["grey"]:
            words += f"; {number(counts['grey'], language)} {'has' if counts['grey'] == 1 else 'have'} no data to judge"
        return words + "."
    words = form.capital(f"{number(troubled, language)} of {of_total} {'needs' if troubled == 1 else 'need'} attention")
    if fresh:
        which = (
            "since yesterday"
            if fresh == troubled == 1
            else (
                "all of them since yesterday"
                if fresh == troubled
                else f"{number(fresh, language)} of them since yesterday"
            )
        )
        words += f", {which}"
    return words + "."


def _headline_fr(troubled: int, fresh: int, grey: int, total: int) -> str:
    models = f"{number(total, 'fr')}\u00a0modèle{'s' if total > 1 else ''}"
    if not troubled:
        if total == grey == 1:
            return "Le seul modèle n\u2019a pas encore de données pour en juger."
        words = f"Aucun des {models} ne demande d\u2019attention" if total > 1 else "Le seul modèle ne demande rien"
        if grey:
            words += f"\u202f; {number(grey, 'fr')} {'est' if grey == 1 else 'sont'} sans données pour en juger"
        return words + "."
    words = form.capital(f"{number(troubled, 'fr')} modèle{'s' if troubled > 1 else ''} sur {number(total, 'fr')}")
    words += f" demande{'nt' if troubled > 1 else ''} attention"
    if fresh:
        which = (
            "depuis hier"
            if fresh == troubled == 1
            else ("tous depuis hier" if fresh == troubled else f"dont {number(fresh, 'fr')} depuis hier")
        )
        words += f", {which}"
    return words + "."


def direction(request: Request, rows: Sequence[Mapping[str, Any]], by_model: Histories, counts: DayCounts) -> str:
    """Whether it is getting better: how many need attention now, against BACK days before the last of ``counts``.

    Fewer in trouble is no good news where models fell silent instead.
    """
    days = counts.days
    if len(days) <= BACK:
        return request.t(_YOUNG).format(day=form.day(days[0], request.language, near=days[-1]))
    then, now = counts.at(-1 - BACK), Counter(known(row["colour"]) for row in rows)
    before = then["red"] + then["amber"]
    more = now["red"] + now["amber"] - before
    redder = now["red"] - then["red"]
    if more < 0:
        codes = by_model.by_day([row["model_id"] for row in rows], days[-1 - BACK], days[-1])
        silent = (codes == COLOURS.index("grey")).sum(axis=0)
        lost = int(silent[-1] - silent[0])
        return _compared(request, _FEWER_LOST if lost > 0 else _FEWER, -more, lost)
    if more:
        return _compared(request, _MORE, more)
    if redder:
        return _compared(request, _REDDER if redder > 0 else _LESS_RED, abs(redder))
    return _compared(request, _SAME if before else _NOBODY, 0)


def _compared(request: Request, text: Text, many: int, lost: int = 0) -> str:
    language = request.language
    return form.capital(request.t(text).format(many=number(many, language), n=BACK, lost=number(lost, language)))


def longest_red(request: Request, rows: Sequence[Mapping[str, Any]], today: date) -> html.Node:
    """The model that has been red for longest, and its team; nothing where none is red."""
    red = [row for row in rows if row["colour"] == "red" and row["since"]]
    if not red:
        return None
    row = min(red, key=lambda row: (row["since"], row["name"].casefold()))
    days = form.lasting(row["since"], today, request.language)
    return html.span(
        request.t(_LONGEST if len(red) > 1 else _ONE_RED).format(days=days),
        html.a(form.name(row["name"], longest=44), href=request.to("model", model_id=row["model_id"])),
        f" ({form.name(row['team'], longest=24)})." if row["team"] else ".",
    )
